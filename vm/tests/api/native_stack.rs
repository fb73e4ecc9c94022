//! What guest code does leaves nothing on the native stack, however often: with optimised dispatch that is so only while every handler
//! and every slow operation goes on by a jump.

use super::program;
use limosa::{Limits, Program};

/// Does every kind of operation that leaves the fast path, so many times.
const TEXT: &str = r#"
module slow
export func run

interface Shape {
    method area() -> i64
}
class Square implements Shape {
    side: i64
    next: Square
    method area() -> i64 = Square.area
}
func Square.area(self: Square!) -> i64 {
    var side: i64
    get side, self, Square.side
    ret side
}

func captured(a: i64, b: i64, c: i64, x: i64) -> i64 {
    add.i64 a, a, b
    add.i64 a, a, c
    add.i64 a, a, x
    ret a
}

type Echo = fiber(i64) -> i64

func echo(x: i64) -> i64 {
    fiber.yield x, Echo, (x)
    ret x
}

func fails(numbers: [i64], kind: i64) -> i64 {
    var x: i64, error: Error, t: i32
    catch Error error from begin to end goto caught
begin:
    and.i64 kind, kind, 3
    wrap.i32 t, kind
    switch t, [nothing, index, division], thrown
nothing:
    mov.ref numbers, null
    array.get x, numbers, 0
    ret x
index:
    array.get x, numbers, -1
    ret x
division:
    div.i64 x, 1, 0
    ret x
thrown:
    new error, Error
    throw error
end:
caught:
    ret 1
}

func run(n: i64) -> i64 {
    var i: i64, sum: i64, x: i64, y: i32, numbers: [i64], more: [i64], square: Square, other: Square, shape: Shape, object: any
    var closure: fn(i64) -> i64, body: fn(i64) -> i64, f: Echo, text: str, front: str, back: str, box: Int64
    array.new numbers, [i64], 8
    new square, Square
again:
    array.new more, [i64], 5
    array.copy more, 0, numbers, 0, 5
    array.fill more, 0, i, 5
    new other, Square
    set square, Square.next, other
    set other, Square.side, 2
    mov.ref object, other
    is y, object, Shape
    cast shape, object, Shape
    call.interface x, Shape.area(shape)
    add.i64 sum, sum, x
    hash.ref y, other
    closure closure, captured(i, i, i)
    call.closure x, closure(1)
    call x, fails(numbers, i)
    add.i64 sum, sum, x
    closure body, echo()
    fiber.new f, Echo, body
    fiber.resume x, f(i)
    fiber.resume x, f(0)
    fiber.done y, f
    box.i64 box, i
    unbox.i64 x, box
    const.str front, "a rather long beginning of a text, "
    const.str back, "and a rather long end of it"
    str.concat text, front, back
    str.concat text, text, text
    str.slice text, text, 2, 40
    add.i64 i, i, 1
    br.lt.i64 i, n, again
    ret sum
}
"#;

fn on_a_small_native_stack(program: Program<()>, n: i64) -> i64 {
    let run = move || {
        let mut isolate = program.isolate((), Limits::new()).unwrap();
        let run = isolate.func::<i64, i64>("run").unwrap();
        isolate.call(&run, n).unwrap()
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap()
}

#[test]
fn slow_operations_leave_nothing_there() {
    assert_eq!(on_a_small_native_stack(program(TEXT), 100_000), 300_000);
}
