//! Host functions.

use crate::{hosted, module};
use limosa::{Array, Cx, FullCx, Host, HostError, Object, Str, TrapKind};

/// A module whose `run` calls one imported function and hands on what it gets.
fn caller(import: &str, parameters: &str, results: &str, call: &str) -> String {
    format!(
        "module m
import func {import}
export func run
func run({parameters}) -> {results} {{
    {call}
}}
"
    )
}

#[test]
fn a_host_denies_what_it_was_not_told_to_offer() {
    let host = Host::<()>::new();
    let text = caller("app.log(str!)", "text: str!", "i32", "call app.log(text)\n ret 0");
    assert!(host.link(&module(&text)).is_err());
}

#[test]
fn closures_see_the_data_and_borrow_the_arguments() {
    let mut host = Host::<Vec<String>>::new();
    host.func("app", "log", |cx: &mut Cx<Vec<String>>, line: &str| cx.data().push(line.to_owned())).unwrap();
    let text = caller("app.log(str!)", "text: str!", "i32", "call app.log(text)\n call app.log(text)\n ret 0");
    let mut isolate = hosted(&host, vec!["first".to_owned()], &text);
    let run = isolate.func::<&str, i32>("run").unwrap();
    isolate.call(&run, "second").unwrap();
    assert_eq!(*isolate.data(), ["first", "second", "second"]);
    isolate.data_mut().clear();
    isolate.call(&run, "third").unwrap();
    assert_eq!(isolate.data().len(), 2);
}

#[test]
fn several_borrowed_arguments_and_several_results() {
    let mut host = Host::<()>::new();
    host.func("app", "mix", |_: &mut Cx<()>, text: &str, bytes: &[u8], none: Option<&str>| {
        (format!("{text}{}", bytes.len()), none.is_none(), bytes.to_vec())
    })
    .unwrap();
    let text = caller(
        "app.mix(str!, [u8]!, str) -> (str!, i32, [u8]!)",
        "text: str!, bytes: [u8]!",
        "(str!, i32, [u8]!)",
        "var t: str, n: i32, b: [u8]\n call t, n, b, app.mix(text, bytes, null)\n ret t, n, b",
    );
    let mut isolate = hosted(&host, (), &text);
    let run = isolate.func::<(&str, &[u8]), (String, bool, Vec<u8>)>("run").unwrap();
    assert_eq!(isolate.call(&run, ("x", &[1, 2, 3])).unwrap(), ("x3".to_owned(), true, vec![1, 2, 3]));
}

#[test]
fn functions_and_closures_register_under_unique_names() {
    fn double(_: &mut Cx<()>, n: i64) -> i64 {
        n * 2
    }
    let mut host = Host::<()>::new();
    host.func("app", "double", double).unwrap();
    let error = host.func("app", "double", |_: &mut Cx<()>| ()).unwrap_err();
    assert_eq!(error.to_string(), "the host already offers a function `app.double`");
    let text = caller("app.double(i64) -> i64", "n: i64", "i64", "call n, app.double(n)\n ret n");
    let mut isolate = hosted(&host, (), &text);
    let run = isolate.func::<i64, i64>("run").unwrap();
    assert_eq!(isolate.call(&run, 21).unwrap(), 42);
}

#[test]
fn signatures_must_be_equal_null_included() {
    let mut host = Host::<()>::new();
    host.func("app", "log", |_: &mut Cx<()>, _: &str| ()).unwrap();
    let text = caller("app.log(str)", "text: str", "i32", "call app.log(text)\n ret 0");
    let error = host.link(&module(&text)).unwrap_err().to_string();
    assert_eq!(error, "module `m` needs the function `app.log(str)`, but the host offers `app.log(str!)`");
}

const CATCHING: &str = "module m
import func app.fail(i32) -> str!
export func run
export func caught
func run(kind: i32) -> str! {
    var text: str
    call text, app.fail(kind)
    ret text
}
func caught(kind: i32) -> str! {
    var text: str, error: Error
    catch Error error from begin to end goto handler
begin:
    call text, app.fail(kind)
end:
    ret text
handler:
    get text, error, Error.message
    ret text
}
";

/// A host function that fails in every way there is.
fn failing() -> Host<()> {
    let mut host = Host::<()>::new();
    host.func("app", "fail", |_: &mut Cx<()>, kind: i32| -> Result<String, HostError> {
        match kind {
            0 => Ok("fine".to_owned()),
            1 => Err(HostError::new("broken")),
            2 => Err(HostError::capability("not allowed")),
            3 => Err("x".parse::<i64>().unwrap_err().into()),
            4 => panic!("at the {}", "disco"),
            5 => Err(HostError::exit(7)),
            6 => Err(HostError::throw(limosa::spec::WellKnown::IndexError, "too far")),
            _ => Err(HostError::throw(limosa::spec::WellKnown::Int32, "no exception")),
        }
    })
    .unwrap();
    host
}

#[test]
fn errors_and_panics_are_exceptions_that_programs_can_catch() {
    let mut isolate = hosted(&failing(), (), CATCHING);
    let (run, caught) = (isolate.func::<i32, String>("run").unwrap(), isolate.func::<i32, String>("caught").unwrap());
    let expected = [
        (1, "HostError", "broken"),
        (2, "CapabilityError", "not allowed"),
        (3, "HostError", "invalid digit found in string"),
        (4, "HostError", "host function `fail` panicked: at the disco"),
        (6, "IndexError", "too far"),
        (7, "HostError", "no exception"),
    ];
    for (kind, class, message) in expected {
        let trap = isolate.call(&run, kind).unwrap_err();
        assert_eq!(*trap.kind(), TrapKind::Exception { class: class.to_owned() });
        assert_eq!(trap.message(), message);
        assert_eq!(isolate.call(&caught, kind).unwrap(), message);
    }
    assert_eq!(isolate.call(&run, 0).unwrap(), "fine");
}

#[test]
fn an_exit_cannot_be_caught() {
    let mut isolate = hosted(&failing(), (), CATCHING);
    let caught = isolate.func::<i32, String>("caught").unwrap();
    let trap = isolate.call(&caught, 5).unwrap_err();
    assert_eq!((trap.kind(), trap.exit_code()), (&TrapKind::Exit(7), Some(7)));
    assert_eq!(isolate.call(&caught, 0).unwrap(), "fine");
}

#[test]
fn a_full_context_makes_objects_while_it_holds_others() {
    let mut host = Host::<u32>::new();
    host.func("app", "join", |cx: &mut FullCx<u32>, a: Str, b: Option<Str>, bytes: Array<u8>| -> Result<String, HostError> {
        *cx.data() += 1;
        for _ in 0..1000 {
            cx.string("x".repeat(1000))?;
            cx.array(&[1.5_f64; 100])?;
        }
        bytes.get_mut(cx).reverse();
        let made = cx.string("!")?;
        let b = b.map_or("", |b| b.get(cx)).to_owned();
        Ok(format!("{}{b}{}{:?}", a.get(cx), made.get(cx), bytes.get(cx)))
    })
    .unwrap();
    let text = caller(
        "app.join(str!, str, [u8]!) -> str!",
        "a: str!, b: str, bytes: [u8]!",
        "(str!, [u8]!)",
        "var t: str\n call t, app.join(a, b, bytes)\n ret t, bytes",
    );
    for stress in [limosa::Stress::None, limosa::Stress::Alloc(1)] {
        let program = host.link(&module(&text)).unwrap();
        let limits = limosa::Limits::new().heap(4 << 20).gc_stress(stress).verify_heap(true);
        let mut isolate = program.isolate(0, limits).unwrap();
        let run = isolate.func::<(&str, Option<&str>, &[u8]), (String, Vec<u8>)>("run").unwrap();
        assert_eq!(isolate.call(&run, ("a", Some("b"), &[1, 2])).unwrap(), ("ab![2, 1]".to_owned(), vec![2, 1]));
        assert_eq!(isolate.call(&run, ("a", None, &[])).unwrap().0, "a![]");
        assert_eq!(*isolate.data(), 2);
        assert!(isolate.statistics().heap.collections > 0);
    }
}

#[test]
fn an_exhausted_heap_in_a_host_function_is_an_exception() {
    let mut host = Host::<()>::new();
    host.func("app", "fill", |cx: &mut FullCx<()>| -> Result<i32, HostError> {
        loop {
            cx.string("x".repeat(100_000))?;
        }
    })
    .unwrap();
    host.func("app", "large", |_: &mut Cx<()>| "x".repeat(10 << 20)).unwrap();
    let program = |text: &str| host.link(&module(text)).unwrap().isolate((), limosa::Limits::new().heap(1 << 20)).unwrap();
    let class = TrapKind::Exception { class: "OutOfMemory".to_owned() };
    let mut isolate = program(&caller("app.fill() -> i32", "n: i32", "i32", "call n, app.fill()\n ret n"));
    let run = isolate.func::<i32, i32>("run").unwrap();
    assert_eq!(*isolate.call(&run, 1).unwrap_err().kind(), class);
    let mut isolate = program(&caller("app.large() -> str!", "t: str", "str!", "call t, app.large()\n ret t"));
    let run = isolate.func::<&str, String>("run").unwrap();
    assert_eq!(*isolate.call(&run, "").unwrap_err().kind(), class);
    let large = "x".repeat(10 << 20);
    assert_eq!(*isolate.call(&run, &large).unwrap_err().kind(), class);
}

#[test]
fn an_exception_of_a_call_back_goes_on_as_itself() {
    let text = "module m
import func app.back(i32) -> i32
class Mine extends Error { code: i32 }
export func outer
export func inner
func inner(n: i32) -> i32 {
    var mine: Mine
    br.eq.i32 n, 0, divide
    new mine, Mine
    set mine, Mine.code, 42
    throw mine
divide:
    div.i32 n, 1, 0
    ret n
}
func outer(n: i32) -> i32 {
    var mine: Mine, same: i32
    catch Mine mine from begin to end goto handler
begin:
    call n, app.back(n)
end:
    ret n
handler:
    get n, mine, Mine.code
    ret n
}
";
    let mut host = Host::<()>::new();
    host.func("app", "back", |cx: &mut FullCx<()>, n: i32| -> Result<i32, HostError> {
        let inner = cx.func::<i32, i32>("inner")?;
        Ok(cx.call(&inner, n)?)
    })
    .unwrap();
    let mut isolate = hosted(&host, (), text);
    let outer = isolate.func::<i32, i32>("outer").unwrap();
    assert_eq!(isolate.call(&outer, 1).unwrap(), 42);
    let trap = isolate.call(&outer, 0).unwrap_err();
    assert_eq!(*trap.kind(), TrapKind::Exception { class: "DivisionError".to_owned() });
    let functions: Vec<&str> = trap.trace().frames().iter().map(|frame| &*frame.function).collect();
    assert_eq!(functions, ["inner", "back", "outer"]);
}

#[test]
fn an_exit_inside_a_call_back_ends_everything_whatever_the_host_function_does() {
    let text = "module m
import func app.back() -> i32
import func app.exit(i32)
export func outer
export func inner
func inner() -> i32 {
    call app.exit(9)
    ret 1
}
func outer() -> i32 {
    var n: i32
    call n, app.back()
    ret n
}
";
    let mut host = Host::<u32>::new();
    host.func("app", "exit", |cx: &mut Cx<u32>, code: i32| -> Result<(), HostError> {
        *cx.data() += 1;
        Err(HostError::exit(code))
    })
    .unwrap();
    host.func("app", "back", |cx: &mut FullCx<u32>| {
        let inner = cx.func::<(), i32>("inner").unwrap();
        let first = cx.call(&inner, ()).unwrap_err();
        let second = cx.call(&inner, ()).unwrap_err();
        assert_eq!((first.exit_code(), second.exit_code()), (Some(9), Some(9)));
        5
    })
    .unwrap();
    let mut isolate = hosted(&host, 0, text);
    let outer = isolate.func::<(), i32>("outer").unwrap();
    assert_eq!(isolate.call(&outer, ()).unwrap_err().exit_code(), Some(9));
    assert_eq!(*isolate.data(), 1, "nothing runs after the exit");
}

#[test]
fn any_object_can_be_passed_and_looked_at() {
    let text = "module m
import func app.name(any!) -> str!
class Point { x: i32 }
export func run
func run(which: i32) -> str! {
    var point: Point, text: str, bytes: [u8], result: str
    switch which, [zero, one], two
zero:
    new point, Point
    call result, app.name(point)
    ret result
one:
    const.str text, \"s\"
    call result, app.name(text)
    ret result
two:
    array.new bytes, [u8], 3
    call result, app.name(bytes)
    ret result
}
";
    let mut host = Host::<()>::new();
    host.func("app", "name", |cx: &mut FullCx<()>, object: Object| {
        let text = object.to_str(cx).map(|text| text.get(cx).to_owned());
        let count = object.to_array::<u8, _>(cx).map(|array| array.get(cx).len());
        format!("{} {text:?} {count:?}", object.type_name(cx))
    })
    .unwrap();
    let mut isolate = hosted(&host, (), text);
    let run = isolate.func::<i32, String>("run").unwrap();
    assert_eq!(isolate.call(&run, 0).unwrap(), "m.Point None None");
    assert_eq!(isolate.call(&run, 1).unwrap(), "str Some(\"s\") None");
    assert_eq!(isolate.call(&run, 2).unwrap(), "[u8] None Some(3)");
}
