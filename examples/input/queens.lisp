; A program for the Lisp of examples/lisp.vasm.

(define not (lambda (x) (if x () t)))
(define list3 (lambda (a b c) (cons a (cons b (cons c ())))))

(define map (lambda (f list)
  (if list
      (cons (f (car list)) (map f (cdr list)))
      ())))

(define fold (lambda (f value list)
  (if list
      (fold f (f value (car list)) (cdr list))
      value)))

(define range (lambda (from to)
  (if (< from to)
      (cons from (range (+ from 1) to))
      ())))

(define reverse (lambda (list)
  (fold (lambda (tail item) (cons item tail)) () list)))

; Numbers.

(define factorial (lambda (n)
  (if (< n 2) 1 (* n (factorial (- n 1))))))
(print "factorials:" (map factorial (range 0 11)))
(print "20! =" (factorial 20))

(define gcd (lambda (a b) (if (= b 0) a (gcd b (rem a b)))))
(print "gcd of 1071 and 462:" (gcd 1071 462))

; A loop of twenty thousand turns: tail calls take no space.

(define sum-to (lambda (n sum)
  (if (= n 0) sum (sum-to (- n 1) (+ sum n)))))
(print "1 + ... + 20000 =" (sum-to 20000 0))

; Functions that make functions.

(define compose (lambda (f g) (lambda (x) (f (g x)))))
(define add (lambda (n) (lambda (x) (+ x n))))
(print "composed:" ((compose (add 40) (lambda (x) (* x 10))) 7))

; Church's numbers: n is what does something n times.

(define church (lambda (n)
  (if (= n 0)
      (lambda (f) (lambda (x) x))
      (lambda (f) (compose f ((church (- n 1)) f))))))
(define count (lambda (n) ((n (add 1)) 0)))
(print "three to the fourth:" (count ((church 4) (church 3))))

; Queens that do not attack each other: one a row; a placement is the list of their columns, the last row first.

(define safe (lambda (column distance others)
  (if others
      (if (= (car others) column) ()
      (if (= (car others) (+ column distance)) ()
      (if (= (car others) (- column distance)) ()
      (safe column (+ distance 1) (cdr others)))))
      t)))

(define place (lambda (size row column others found)
  (if (= row size) (cons others found)
  (if (= column size) found
      (place size row (+ column 1) others
        (if (safe column 1 others)
            (place size (+ row 1) 0 (cons column others) found)
            found))))))

(define queens (lambda (size) (place size 0 0 () ())))
(define length (lambda (list) (fold (lambda (n item) (+ n 1)) 0 list)))

(print "ways to place 1 to 6 queens:" (map (lambda (n) (length (queens n))) (range 1 7)))
(print "six queens, one of them:" (reverse (car (queens 6))))
(print "all of them:" (map reverse (queens 6)))
(print '(a (quoted . list) "with a string" ()))
