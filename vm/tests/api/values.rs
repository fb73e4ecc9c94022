//! Every type crosses over unchanged, in both directions.

use crate::{hosted, module};
use limosa::{Cx, Host, Isolate, Limits, Stress};
use std::fmt::Debug;

/// A program whose `echo` gives its argument to the host function `app.echo` and returns what that returns.
fn echo(host: &Host<()>, ty: &str) -> Isolate<()> {
    let text = format!(
        "module m
import func app.echo({ty}) -> {ty}
export func echo
func echo(value: {ty}) -> {ty} {{
    call value, app.echo(value)
    ret value
}}
"
    );
    hosted(host, (), &text)
}

macro_rules! echoes {
    ($rust:ty, $ty:literal, [$($value:expr),*]) => {{
        let mut host = Host::<()>::new();
        host.func("app", "echo", |_: &mut Cx<()>, value: $rust| -> $rust { value }).unwrap();
        let mut isolate = echo(&host, $ty);
        let echo = isolate.func::<$rust, $rust>("echo").unwrap();
        $(same(isolate.call(&echo, $value).unwrap(), $value);)*
    }};
}

fn same<V: Debug>(given: V, expected: V) {
    assert_eq!(format!("{given:?}"), format!("{expected:?}"));
}

#[test]
fn numbers() {
    echoes!(i32, "i32", [0, -1, i32::MIN, i32::MAX]);
    echoes!(u32, "i32", [0, u32::MAX, 1 << 31]);
    echoes!(bool, "i32", [true, false]);
    echoes!(i64, "i64", [0, -1, i64::MIN, i64::MAX]);
    echoes!(u64, "i64", [0, u64::MAX, 1 << 63]);
    echoes!(f32, "f32", [0.0, -0.0, 1.5, f32::INFINITY, f32::NAN]);
    echoes!(f64, "f64", [0.0, -0.0, 1e300, f64::NEG_INFINITY, f64::NAN]);
}

#[test]
fn references() {
    echoes!(String, "str!", [String::new(), "süß 🦆".to_owned()]);
    echoes!(Option<String>, "str", [None, Some("x".to_owned())]);
    echoes!(Vec<u8>, "[u8]!", [vec![], vec![0, 255]]);
    echoes!(Vec<i8>, "[i8]!", [vec![-128, 127]]);
    echoes!(Vec<u16>, "[u16]!", [vec![0, u16::MAX]]);
    echoes!(Vec<i16>, "[i16]!", [vec![i16::MIN]]);
    echoes!(Vec<i32>, "[i32]!", [vec![i32::MIN, 7]]);
    echoes!(Vec<i64>, "[i64]!", [vec![i64::MIN, 7]]);
    echoes!(Vec<f32>, "[f32]!", [vec![0.5, -0.0]]);
    echoes!(Vec<f64>, "[f64]!", [vec![1e-300, f64::INFINITY]]);
    echoes!(Option<Vec<f64>>, "[f64]", [None, Some(vec![0.5])]);
    echoes!(Vec<String>, "[str]!", [vec![], vec![String::new(), "a".to_owned(), "b".to_owned()]]);
}

#[test]
fn a_bool_is_true_for_every_number_but_zero() {
    let mut isolate = crate::isolate("module m\nexport func two\nfunc two() -> i32 {\n ret 2\n}\n");
    let two = isolate.func::<(), bool>("two").unwrap();
    assert!(isolate.call(&two, ()).unwrap());
}

#[test]
fn arguments_survive_the_making_of_later_ones() {
    let text = "module m
export func join
func join(a: str!, b: str!, c: str!, d: [u8]!) -> (str!, [u8]!) {
    str.concat a, a, b
    str.concat a, a, c
    ret a, d
}
";
    let program = Host::<()>::new().link(&module(text)).unwrap();
    let mut isolate = program.isolate((), Limits::new().gc_stress(Stress::Alloc(1)).verify_heap(true)).unwrap();
    let join = isolate.func::<(&str, String, &str, Vec<u8>), (String, Vec<u8>)>("join").unwrap();
    for _ in 0..3 {
        let result = isolate.call(&join, ("a", "b".to_owned(), "c", vec![1])).unwrap();
        assert_eq!(result, ("abc".to_owned(), vec![1]));
    }
}

#[test]
fn eight_arguments_and_eight_results() {
    let text = "module m
export func rotate
func rotate(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64) -> (i64, i64, i64, i64, i64, i64, i64, i64) {
    ret h, a, b, c, d, e, f, g
}
";
    let mut isolate = crate::isolate(text);
    type Eight = (i64, i64, i64, i64, i64, i64, i64, i64);
    let rotate = isolate.func::<Eight, Eight>("rotate").unwrap();
    assert_eq!(isolate.call(&rotate, (1, 2, 3, 4, 5, 6, 7, 8)).unwrap(), (8, 1, 2, 3, 4, 5, 6, 7));
}
