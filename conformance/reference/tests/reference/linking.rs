//! Programs of several modules, and what linking refuses.

use crate::support::run_all;
use limosa_reference::{Ending, LinkError, Options, Refused};

/// How a program of these modules ends.
fn run(texts: &[&str]) -> Result<Ending, String> {
    match run_all(texts, Options::default()) {
        Ok(outcome) => Ok(outcome.ending),
        Err(Refused::Link(error)) => Err(error.to_string()),
        Err(error) => panic!("{error}"),
    }
}

const SHAPES: &str = "module shapes\ninterface Shape { method area() -> i32 }\nabstract class Base { id: i32  name: str  abstract method kind() -> i32 }\n\
                      class Square extends Base implements Shape { side: i32  method area() -> i32 = area  method kind() -> i32 = kind }\n\
                      func area(s: Square!) -> i32 {\n    var x: i32\n    get x, s, Square.side\n    mul.i32 x, x, x\n    ret x\n}\n\
                      func kind(b: Base!) -> i32 { ret 4 }\nfunc make(side: i32) -> Square! {\n    var s: Square\n    new s, Square\n    \
                      set s, Square.side, side\n    ret s\n}\nexport func make\nexport type Shape\nexport type Base\nexport type Square\n";

#[test]
fn classes_are_extended_and_called_across_modules() {
    let main = "module main\nentry main\nimport interface shapes.Shape { method area() -> i32 }\n\
                import abstract class shapes.Base { id: i32  method kind() -> i32 }\n\
                import class shapes.Square extends shapes.Base implements shapes.Shape { side: i32  method area() -> i32 }\n\
                import func shapes.make(i32) -> shapes.Square!\n\
                class Double extends shapes.Square { method area() -> i32 = double }\n\
                func double(s: Double!) -> i32 {\n    var x: i32\n    get x, s, shapes.Square.side\n    add.i32 x, x, x\n    ret x\n}\n\
                func main() -> i32 {\n    var s: shapes.Square, d: Double, i: shapes.Shape, x: i32, y: i32, z: i32\n    call s, shapes.make(5)\n    \
                mov.ref i, s\n    call.interface x, shapes.Shape.area(i)\n    new d, Double\n    set d, shapes.Square.side, 7\n    mov.ref i, d\n    \
                call.interface y, shapes.Shape.area(i)\n    call.virtual z, shapes.Base.kind(d)\n    mul.i32 x, x, 1000\n    mul.i32 z, z, 100\n    \
                add.i32 x, x, y\n    add.i32 x, x, z\n    ret x\n}\n";
    assert_eq!(run(&[main, SHAPES]), Ok(Ending::Exit(25_000 + 14 + 400)));
    assert_eq!(run(&[SHAPES, main]), Ok(Ending::Exit(25_000 + 14 + 400)), "the order of the modules does not matter");
}

#[test]
fn structural_types_are_the_same_everywhere() {
    let library = "module library\nfunc make() -> (fn([i64]) -> str!)! {\n    var f: fn([i64]) -> str!\n    closure f, name()\n    ret f\n}\n\
                   func name(a: [i64]) -> str! {\n    var s: str\n    const.str s, \"x\"\n    ret s\n}\nexport func make\n";
    let main = "module main\nentry main\nimport func library.make() -> (fn([i64]) -> str!)!\nfunc main() -> i32 {\n    var o: any, is: i32, not: i32, f: fn([i64]) -> str!\n    \
                call f, library.make()\n    mov.ref o, f\n    is is, o, fn([i64]) -> str!\n    is not, o, fn([i64]) -> str\n    mul.i32 not, not, 2\n    \
                add.i32 is, is, not\n    ret is\n}\n";
    assert_eq!(run(&[main, library]), Ok(Ending::Exit(1)));
}

#[test]
fn each_module_has_its_own_globals_and_texts_are_shared() {
    let library = "module library\nglobal count: i32 = 5\nfunc next() -> (i32, str!) {\n    var n: i32, s: str\n    global.get n, count\n    add.i32 n, n, 1\n    \
                   global.set count, n\n    const.str s, \"same\"\n    ret n, s\n}\nexport func next\n";
    let main = "module main\nentry main\nimport func library.next() -> (i32, str!)\nglobal count: i32 = 100\nfunc main() -> i32 {\n    var n: i32, m: i32, s: str, t: str, same: i32\n    \
                call n, s, library.next()\n    call n, s, library.next()\n    global.get m, count\n    const.str t, \"same\"\n    eq.ref same, s, t\n    add.i32 n, n, m\n    \
                add.i32 n, n, same\n    ret n\n}\n";
    assert_eq!(run(&[main, library]), Ok(Ending::Exit(7 + 100 + 1)));
}

#[test]
fn functions_come_from_modules_before_the_host() {
    let library = "module std.process\nfunc exit(code: i32) { ret }\nexport func exit\n";
    let main =
        "module main\nentry main\nimport func std.process.exit(i32)\nfunc main() -> i32 {\n    call std.process.exit(9)\n    ret 1\n}\n";
    assert_eq!(run(&[main, library]), Ok(Ending::Exit(1)));
    assert_eq!(run(&[main, "module std.process\n"]), Ok(Ending::Exit(9)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let cases: &[(&str, &[&str])] = &[
        ("two modules", &["module a\nentry main\nfunc main() { ret }\n", "module a\n"]),
        ("offered by no module", &["module a\nentry main\nimport func b.f()\nfunc main() { ret }\n"]),
        (
            "another signature",
            &["module a\nentry main\nimport func b.f()\nfunc main() { ret }\n", "module b\nfunc f(x: i32) { ret }\nexport func f\n"],
        ),
        ("another signature", &["module a\nentry main\nimport func std.io.println(str)\nfunc main() { ret }\n"]),
        ("does not export", &["module a\nimport class shapes.Circle {}\n", SHAPES]),
        ("the other of class and interface", &["module a\nimport interface shapes.Square {}\n", SHAPES]),
        ("otherwise final", &["module a\nimport final class shapes.Square {}\n", SHAPES]),
        ("otherwise abstract", &["module a\nimport class shapes.Base {}\n", SHAPES]),
        ("no such field `size`", &["module a\nimport class shapes.Square { size: i32 }\n", SHAPES]),
        ("no such field `side`", &["module a\nimport class shapes.Square { side: i64 }\n", SHAPES]),
        ("no such method `area`", &["module a\nimport class shapes.Square { method area() -> i64 }\n", SHAPES]),
        ("not final", &["module a\nimport class shapes.Square { final method area() -> i32 }\n", SHAPES]),
        ("superclass stated", &["module a\nimport class shapes.Square extends Error {}\n", SHAPES]),
        (
            "has another signature for the method `area`",
            &[
                "module a\nimport class shapes.Square {}\nclass Wrong extends shapes.Square { method area() = f }\nfunc f(s: any) { ret }\n",
                SHAPES,
            ],
        ),
        (
            "does not implement the method `kind`",
            &["module a\nimport abstract class shapes.Base {}\nclass Wrong extends shapes.Base {}\n", SHAPES],
        ),
        (
            "does not implement the method `area`",
            &["module a\nimport interface shapes.Shape {}\nclass Wrong implements shapes.Shape {}\n", SHAPES],
        ),
        (
            "extends itself",
            &[
                "module a\nimport class b.B {}\nclass A extends b.B {}\nexport type A\n",
                "module b\nimport class a.A {}\nclass B extends a.A {}\nexport type B\n",
            ],
        ),
    ];
    for (reason, texts) in cases {
        let result = run(texts);
        assert!(result.as_ref().is_err_and(|error| error.contains(reason)), "{reason}: {result:?}");
    }
}

#[test]
fn inherited_fields_are_limited_together() {
    let fields = |count: usize, letter: char| (0..count).map(|index| format!("{letter}{index}: i8\n")).collect::<String>();
    let base = format!("module base\nclass Base {{ {} }}\nexport type Base\n", fields(4000, 'a'));
    let derived = |count| {
        let class = format!("class Derived extends base.Base {{ {} }}", fields(count, 'b'));
        format!("module derived\nentry main\nimport class base.Base {{}}\n{class}\nfunc main() {{ ret }}\n")
    };
    assert_eq!(run(&[&derived(96), &base]), Ok(Ending::Exit(0)));
    assert_eq!(run(&[&derived(97), &base]), Err(LinkError::TooMany("fields of an object").to_string()));
}
