//! Typed functions.

use crate::{hosted, isolate, module, program};
use limosa::{FullCx, FuncError, Host, Limits, TrapKind};

const MATH: &str = "module math
export func add
export func swap
export func length
export func greet
export func maybe
func add(a: i64, b: i64) -> i64 {
    add.i64 a, a, b
    ret a
}
func swap(a: i32, b: f64) -> (f64, i32) {
    ret b, a
}
func length(text: str!) -> i64 {
    var n: i64
    str.len n, text
    ret n
}
func greet(name: str!) -> str! {
    var hello: str
    const.str hello, \"hello, \"
    str.concat hello, hello, name
    ret hello
}
func maybe(text: str) -> str {
    ret text
}
";

#[test]
fn a_function_is_called_with_a_tuple_or_a_single_value() {
    let mut isolate = isolate(MATH);
    let add = isolate.func::<(i64, i64), i64>("add").unwrap();
    assert_eq!(isolate.call(&add, (40, 2)).unwrap(), 42);
    let swap = isolate.func::<(i32, f64), (f64, i32)>("swap").unwrap();
    assert_eq!(isolate.call(&swap, (-1, 2.5)).unwrap(), (2.5, -1));
    let length = isolate.func::<&str, u64>("math.length").unwrap();
    assert_eq!(isolate.call(&length, "süß").unwrap(), 5);
}

#[test]
fn a_function_with_a_borrowed_parameter_takes_strings_of_any_lifetime() {
    let mut isolate = isolate(MATH);
    let greet = isolate.func::<(&str,), String>("greet").unwrap();
    for name in ["Ada", "Grace"] {
        let local = format!("{name}!");
        assert_eq!(isolate.call(&greet, (&local,)).unwrap(), format!("hello, {name}!"));
    }
    assert_eq!(isolate.call(&greet, ("",)).unwrap(), "hello, ");
}

#[test]
fn null_is_an_option() {
    let mut isolate = isolate(MATH);
    let maybe = isolate.func::<Option<&str>, Option<String>>("maybe").unwrap();
    assert_eq!(isolate.call(&maybe, None).unwrap(), None);
    assert_eq!(isolate.call(&maybe, Some("x")).unwrap(), Some("x".to_owned()));
    let given = isolate.func::<&str, Option<String>>("maybe").unwrap();
    assert_eq!(isolate.call(&given, "y").unwrap(), Some("y".to_owned()));
}

#[test]
fn signatures_are_checked_when_a_function_is_looked_up() {
    let program = program(MATH);
    let message = |error: FuncError| error.to_string();
    assert_eq!(
        message(program.func::<(i64,), i64>("add").unwrap_err()),
        "the Rust types asked for stand for `add(i64) -> i64`, but the program declares `add(i64, i64) -> i64`; \
         a result without `!` may be null and needs an `Option`"
    );
    assert!(program.func::<(i64, i32), i64>("add").is_err());
    assert!(program.func::<(i64, i64), i32>("add").is_err());
    assert!(program.func::<&str, String>("maybe").is_err(), "the result may be null");
    assert!(program.func::<Option<&str>, i64>("length").is_err(), "null is refused");
    assert!(program.func::<&[u8], i64>("length").is_err());
    assert_eq!(message(program.func::<(), ()>("lenght").unwrap_err()), "the program exports no function `lenght`; did you mean `length`?");
}

#[test]
fn a_function_belongs_to_its_program() {
    let mut first = isolate(MATH);
    let other = isolate(MATH);
    let add = other.func::<(i64, i64), i64>("add").unwrap();
    let trap = first.call(&add, (1, 2)).unwrap_err();
    assert_eq!(*trap.kind(), TrapKind::Misuse);
    let program = program(MATH);
    let add = program.func::<(i64, i64), i64>("add").unwrap();
    for _ in 0..2 {
        let mut isolate = program.isolate((), Limits::new()).unwrap();
        assert_eq!(isolate.call(&add, (1, 2)).unwrap(), 3);
    }
}

#[test]
fn modules_are_linked_with_one_another() {
    let main = module(
        "module main
         import func math.add(i64, i64) -> i64
         entry main
         func main() -> i32 {
             var a: i64, b: i32
             call a, math.add(20, 22)
             wrap.i32 b, a
             ret b
         }",
    );
    let math = module(MATH);
    let host = Host::<()>::new();
    let mut isolate = host.link([&main, &math]).unwrap().isolate((), Limits::new()).unwrap();
    assert_eq!(isolate.run().unwrap(), 42);
    let error = host.link(&main).unwrap_err().to_string();
    assert_eq!(
        error,
        "module `main` needs the function `math.add(i64, i64) -> i64`, which is in no module given and not offered by the host"
    );
}

const COUNTER: &str = "module counter
global count: i64 = 10
export func next
func next() -> i64 {
    var n: i64
    global.get n, count
    add.i64 n, n, 1
    global.set count, n
    ret n
}
";

#[test]
fn isolates_share_code_and_nothing_else_on_several_threads() {
    let program = program(COUNTER);
    let next = program.func::<(), i64>("next").unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (program, next) = (program.clone(), next.clone());
            std::thread::spawn(move || {
                let mut isolate = program.isolate((), Limits::new()).unwrap();
                (0..1000).map(|_| isolate.call(&next, ()).unwrap()).last()
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Some(1010));
    }
}

#[test]
fn an_isolate_moves_between_threads() {
    let mut isolate = isolate(COUNTER);
    let next = isolate.func::<(), i64>("next").unwrap();
    isolate.call(&next, ()).unwrap();
    let (mut isolate, next) = std::thread::spawn(move || {
        isolate.call(&next, ()).unwrap();
        (isolate, next)
    })
    .join()
    .unwrap();
    assert_eq!(isolate.call(&next, ()).unwrap(), 13);
}

#[test]
fn host_functions_call_back_to_a_depth_of_200() {
    let text = "module deep
        import func host.down(i64) -> i64
        export func down
        func down(n: i64) -> i64 {
            br.gt.i64 n, 0, more
            ret 0
        more:
            sub.i64 n, n, 1
            call n, host.down(n)
            add.i64 n, n, 1
            ret n
        }";
    let mut host = Host::<()>::new();
    host.func("host", "down", |cx: &mut FullCx<()>, n: i64| {
        let down = cx.func::<i64, i64>("down")?;
        Ok::<i64, limosa::HostError>(cx.call(&down, n)?)
    })
    .unwrap();
    let mut isolate = hosted(&host, (), text);
    let down = isolate.func::<i64, i64>("down").unwrap();
    assert_eq!(isolate.call(&down, 199).unwrap(), 199);
    let trap = isolate.call(&down, 200).unwrap_err();
    assert_eq!(*trap.kind(), TrapKind::Exception { class: "StackOverflow".into() });
    assert_eq!(isolate.call(&down, 100).unwrap(), 100);
}

#[test]
fn host_calls_leave_nothing_on_the_native_stack() {
    let text = "module m
        import func app.next(i64) -> i64
        export func run
        func run(n: i64) -> i64 {
            var i: i64
        again:
            call i, app.next(i)
            br.lt.i64 i, n, again
            ret i
        }";
    let mut host = Host::<()>::new();
    host.func("app", "next", |_: &mut limosa::Cx<()>, i: i64| i + 1).unwrap();
    let program = host.link(&module(text)).unwrap();
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        let mut isolate = program.isolate((), Limits::new()).unwrap();
        let run = isolate.func::<i64, i64>("run").unwrap();
        isolate.call(&run, 50_000).unwrap()
    });
    assert_eq!(thread.unwrap().join().unwrap(), 50_000);
}
