//! Depth is a matter of the program's limits, never of the native stack.

use crate::support::{class, outcome};
use limosa_reference::{Ending, Options, Outcome};

/// Runs a text on a small native stack.
fn on_small_stack(text: &'static str, options: Options) -> Outcome {
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(move || outcome(text, options)).expect("a thread");
    thread.join().expect("it does not overflow")
}

#[test]
fn a_million_frames_fit() {
    let text = "module m\nentry main\nfunc down(n: i32) -> i32 {\n    br.le.i32 n, 0, bottom\n    sub.i32 n, n, 1\n    call n, down(n)\n    \
                add.i32 n, n, 1\nbottom:\n    ret n\n}\nfunc main() -> i32 {\n    var n: i32\n    call n, down(1_000_000)\n    ret n\n}\n";
    let outcome = on_small_stack(text, Options { stack: 4 << 20, ..Options::default() });
    assert_eq!(outcome.ending, Ending::Exit(1_000_000));
}

#[test]
fn the_stack_is_counted_to_the_slot() {
    // 3 slots under `main`, 3 for `main`, 3 for each `down`.
    let text = "module m\nentry main\nglobal depth: i32\nfunc down(n: i32) {\n    global.set depth, n\n    add.i32 n, n, 1\n    call down(n)\n    ret\n}\n\
                func main() -> i32 {\n    var e: StackOverflow\n    catch StackOverflow e from begin to end goto caught\nbegin:\n    call down(1)\nend:\n    \
                ret 0\ncaught:\n    var n: i32\n    global.get n, depth\n    ret n\n}\n";
    for stack in 600..606 {
        let outcome = outcome(text, Options { stack, ..Options::default() });
        assert_eq!(outcome.ending, Ending::Exit((stack as i32 - 3 - 4) / 3), "{stack}");
    }
    let least = outcome(text, Options { stack: 1, ..Options::default() });
    assert_eq!(least.ending, outcome(text, Options { stack: 512, ..Options::default() }).ending);
}

#[test]
fn long_chains_of_objects_are_reclaimed() {
    let text = "module m\nentry main\nclass Link { next: Link }\nfunc main() {\n    var i: i32, j: i32, link: Link, last: Link\nagain:\n    \
                mov.i32 i, 0\n    mov.ref last, null\nfurther:\n    new link, Link\n    set link, Link.next, last\n    mov.ref last, link\n    \
                add.i32 i, i, 1\n    br.lt.i32 i, 50_000, further\n    add.i32 j, j, 1\n    br.lt.i32 j, 3, again\n    ret\n}\n";
    // A chain takes 800 000 bytes: there is room for one, and some of the next.
    let outcome = on_small_stack(text, Options { heap: 1_000_000, ..Options::default() });
    assert_eq!(outcome.ending, Ending::Exit(0));
}

#[test]
fn chains_of_fibers_do_not_recurse() {
    let text = "module m\nentry main\ntype Task = fiber(i32) -> i32\nfunc step(n: i32) -> i32 {\n    var f: Task, b: fn(i32) -> i32\n    \
                br.le.i32 n, 0, bottom\n    closure b, step()\n    fiber.new f, Task, b\n    sub.i32 n, n, 1\n    fiber.resume n, f(n)\n    \
                add.i32 n, n, 1\nbottom:\n    ret n\n}\nfunc main() -> i32 {\n    var n: i32\n    call n, step(100_000)\n    ret n\n}\n";
    assert_eq!(on_small_stack(text, Options::default()).ending, Ending::Exit(100_000));
}

#[test]
fn memory_is_limited_and_reclaimed() {
    let text = "module m\nentry main\nfunc main() {\n    var a: [i64], i: i32\nagain:\n    array.new a, [i64], 1000\n    add.i32 i, i, 1\n    \
                br.lt.i32 i, 1000, again\n    array.new a, [i64], 10_000\n    ret\n}\n";
    let heap = |heap| outcome(text, Options { heap, ..Options::default() }).ending;
    assert_eq!(heap(100 << 10), Ending::Exit(0), "the last array takes the place of the one before it");
    assert_eq!(class(&heap(60 << 10)), "OutOfMemory");
}
