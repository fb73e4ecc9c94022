//! `std.str`, `std.fmt`, `std.math` and `std.reflect` as programs see them.

use crate::support::Tester;
use limosa::Handle;

#[test]
fn all_functions_have_the_signatures_that_programs_rely_on() {
    // The wrappers are linked against every function of the table.
    let mut tester = Tester::new();
    assert_eq!(tester.call::<f64, f64>("std.math.exp2", 10.0).unwrap(), 1024.0);
    assert_eq!(tester.call::<(f64, f64), f64>("std.math.hypot", (3.0, 4.0)).unwrap(), 5.0);
    assert!(tester.call::<f64, f64>("std.math.ln", -1.0).unwrap().is_nan());
}

#[test]
fn numbers_are_formatted_and_parsed() {
    let mut tester = Tester::new();
    let t = &mut tester;
    assert_eq!(t.call::<i32, String>("std.fmt.i32", i32::MIN).unwrap(), "-2147483648");
    assert_eq!(t.call::<i64, String>("std.fmt.i64", -5).unwrap(), "-5");
    assert_eq!(t.call::<i64, String>("std.fmt.u64", -1).unwrap(), "18446744073709551615");
    assert_eq!(t.call::<i64, String>("std.fmt.hex", -1).unwrap(), "ffffffffffffffff");
    assert_eq!(t.call::<i64, String>("std.fmt.hex", 255).unwrap(), "ff");
    assert_eq!(t.call::<f32, String>("std.fmt.f32", 0.1).unwrap(), "0.1");
    assert_eq!(t.call::<f64, String>("std.fmt.f64", 1.0).unwrap(), "1.0");
    assert_eq!(t.call::<(f64, i32), String>("std.fmt.f64_fixed", (2.5, 0)).unwrap(), "2");
    assert_eq!(t.class::<(f64, i32), String>("std.fmt.f64_fixed", (2.5, -1)), "IndexError");
    assert_eq!(t.call::<i32, String>("std.fmt.char", 0x1f600).unwrap(), "😀");
    for code in [0xd800, 0x11_0000, -1] {
        assert_eq!(t.class::<i32, String>("std.fmt.char", code), "EncodingError");
    }
    assert_eq!(t.call::<&str, (i32, i64)>("std.fmt.parse_i64", "-12").unwrap(), (1, -12));
    assert_eq!(t.call::<&str, (i32, i64)>("std.fmt.parse_i64", "12x").unwrap(), (0, 0));
    assert_eq!(t.call::<&str, (i32, f64)>("std.fmt.parse_f64", "1e3").unwrap(), (1, 1000.0));
    assert_eq!(t.call::<&str, (i32, f64)>("std.fmt.parse_f64", "").unwrap(), (0, 0.0));
}

#[test]
fn texts_are_worked_on() {
    let mut tester = Tester::new();
    let t = &mut tester;
    assert_eq!(t.call::<(&str, &str, i64), i64>("std.str.find", ("abcabc", "ca", 0)).unwrap(), 2);
    assert_eq!(t.call::<(&str, &str, i64), i64>("std.str.find", ("abcabc", "x", 6)).unwrap(), -1);
    assert_eq!(t.call::<(&str, &str, &str), String>("std.str.replace", ("a.b.c", ".", "::")).unwrap(), "a::b::c");
    assert_eq!(t.call::<&str, String>("std.str.trim", " \t\u{3000}a b\n").unwrap(), "a b");
    assert_eq!(t.call::<&str, String>("std.str.to_upper", "straße ŉ").unwrap(), "STRASSE ʼN");
    assert_eq!(t.call::<&str, String>("std.str.to_lower", "ÀΣ").unwrap(), "àς");
    assert_eq!(t.call::<(&str, &str), Vec<String>>("std.str.split", ("a,,b", ",")).unwrap(), ["a", "", "b"]);
    assert_eq!(t.call::<(Vec<String>, &str), String>("std.str.join", (vec!["a".into(), "b".into()], "--")).unwrap(), "a--b");
    assert_eq!(t.call::<(Vec<String>, &str), String>("std.str.join", (vec![], "--")).unwrap(), "");
    assert_eq!(t.call::<(&str, i64), String>("std.str.repeat", ("ab", 3)).unwrap(), "ababab");
    assert_eq!(t.call::<(&str, i64), String>("std.str.repeat", ("", i64::MAX)).unwrap(), "");
    assert_eq!(t.call::<(&str, i64), i32>("std.str.char_at", ("aé", 1)).unwrap(), 0xe9);
    assert_eq!(t.call::<(&str, i64), i64>("std.str.char_len", ("aé", 1)).unwrap(), 2);
    assert_eq!(t.call::<&str, i64>("std.str.count_chars", "aé€").unwrap(), 3);
}

#[test]
fn offsets_and_sizes_are_checked() {
    let mut tester = Tester::new();
    let t = &mut tester;
    assert_eq!(t.class::<(&str, &str, i64), i64>("std.str.find", ("abc", "b", 4)), "IndexError");
    assert_eq!(t.class::<(&str, &str, i64), i64>("std.str.find", ("é", "b", 1)), "EncodingError");
    assert_eq!(t.class::<(&str, i64), i32>("std.str.char_at", ("abc", 3)), "IndexError");
    assert_eq!(t.class::<(&str, i64), i32>("std.str.char_at", ("abc", -1)), "IndexError");
    assert_eq!(t.class::<(&str, i64), i64>("std.str.char_len", ("é", 1)), "EncodingError");
    assert_eq!(t.class::<(&str, i64), String>("std.str.repeat", ("ab", -1)), "NegativeSizeError");
    assert_eq!(t.class::<(&str, i64), String>("std.str.repeat", ("ab", i64::MAX)), "OutOfMemory");
    assert_eq!(t.class::<(&str, i64), String>("std.str.repeat", ("ab", 1 << 40)), "OutOfMemory");
    let long = "a".repeat(100_000);
    assert_eq!(t.class::<(&str, &str), Vec<String>>("std.str.split", (&long, "a")), "OutOfMemory");
    assert_eq!(t.class::<(&str, &str, &str), String>("std.str.replace", (&long, "a", "0123456789abcdef")), "OutOfMemory");
    assert_eq!(t.class::<(Vec<String>, &str), String>("std.str.join", (vec![String::new(); 1000], &long)), "OutOfMemory");
}

#[test]
fn objects_name_their_types() {
    let mut tester = Tester::new();
    let text = tester.call::<&str, Handle>("std.str.trim", "a").unwrap();
    assert_eq!(tester.call::<Option<&Handle>, String>("std.reflect.type_name", Some(&text)).unwrap(), "str");
    let texts = tester.call::<(), Handle>("std.env.args", ()).unwrap();
    assert_eq!(tester.call::<Option<&Handle>, String>("std.reflect.type_name", Some(&texts)).unwrap(), "[str]");
    assert_eq!(tester.call::<Option<&Handle>, String>("std.reflect.type_name", None).unwrap(), "null");
}

#[test]
fn null_among_texts_to_join_is_thrown() {
    let source = "
module nulls
import func std.str.join([str]!, str!) -> str!
export func join
func join() -> str! {
    var texts: [str], text: str
    array.new texts, [str], 3
    const.str text, \"-\"
    call text, std.str.join(texts, text)
    ret text
}";
    let program = crate::support::link(source);
    let std = limosa_stdlib::Std::new(limosa_stdlib::Capabilities::none(), limosa_stdlib::Streams::closed());
    let mut isolate = program.isolate(std, limosa::Limits::new()).unwrap();
    let join = isolate.func::<(), String>("join").unwrap();
    let trap = isolate.call(&join, ()).unwrap_err();
    assert_eq!(trap.kind(), &limosa::TrapKind::Exception { class: "NullError".into() });
    assert!(trap.message().contains("element 0"), "{trap}");
}

#[test]
fn long_work_costs_fuel_and_is_suspended_before_it_is_done() {
    let limits = limosa::Limits::new().fuel(1000);
    let mut tester = Tester::limited(limosa_stdlib::Capabilities::none(), b"", limits);
    assert_eq!(tester.call::<(&str, i64), String>("std.str.repeat", ("ab", 4000)).unwrap().len(), 8000);
    let used = tester.isolate.fuel_used();
    assert!((500..520).contains(&used), "{used}");
    let function = tester.isolate.func::<(&str, i64), String>("str.repeat").unwrap();
    let trap = tester.isolate.call(&function, ("ab", 4000)).unwrap_err();
    assert_eq!(trap.kind(), &limosa::TrapKind::Fuel);
    assert!(trap.is_suspended());
    assert!(tester.isolate.fuel_left().is_some_and(|left| left > 450), "the charge that did not fit is not made");
    tester.isolate.add_fuel(10_000);
    assert_eq!(tester.isolate.resume(&function).unwrap().len(), 8000);
    assert_eq!(tester.isolate.fuel_used(), 2 * used, "going on costs nothing extra");
}
