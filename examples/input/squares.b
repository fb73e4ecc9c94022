Squares: prints the squares of the numbers from zero to fifteen

Cells: how many are left; the next odd number; the square; and then room for printing

++++++++++++++++            sixteen squares
>+>                         the first odd number is one and the first square zero
<<[>>

    Print the square
    >>++++++++++<<[->+>-[>+>>]>[+[-<+>]>+>>]<<<<<<]     divide by ten
    >>[-]>>>++++++++++<[->-[>+>>]>[+[-<+>]>+>>]<<<<<]   and again
    >[-]>>[>++++++[-<++++++++>]<.<<+>+>[-]]             hundreds if there are any
    <[<[->-<]++++++[->++++++++<]>.[-]]                  tens likewise
    <<++++++[-<++++++++>]<.[-]                          ones
    <<[-<+>]<                                           the square back to its cell

    >++++++++++.[-]<        end the line
    <[->+>+<<]>>[-<<+>>]<   the next square is more by the odd number
    <++<-                   and the next odd number is more by two
]
