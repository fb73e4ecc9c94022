//! What a trap tells.

use crate::{hosted, isolate};
use limosa::{Cx, Engine, Host, HostError, LoadError, TrapKind};

const ORDERS: &str = "module shop
import func app.price(str!) -> i64
class OrderError extends Error { }
export func order
func order(item: str!) -> i64 {
    var price: i64, error: Error, failure: OrderError, text: str
    catch Error error from begin to end goto failed
begin:
    call price, price_of(item)
end:
    ret price
failed:
    new failure, OrderError
    const.str text, \"no order\"
    set failure, Error.message, text
    set failure, Error.cause, error
    throw failure
}
func price_of(item: str!) -> i64 {
    var price: i64
    call price, app.price(item)
    ret price
}
";

#[test]
fn an_exception_tells_class_message_causes_and_trace() {
    let mut host = Host::<()>::new();
    host.func("app", "price", |_: &mut Cx<()>, item: &str| -> Result<i64, HostError> {
        Err(HostError::new(format!("no price for {item}")))
    })
    .unwrap();
    let mut isolate = hosted(&host, (), ORDERS);
    let order = isolate.func::<&str, i64>("order").unwrap();
    let trap = isolate.call(&order, "milk").unwrap_err();
    assert_eq!(*trap.kind(), TrapKind::Exception { class: "shop.OrderError".to_owned() });
    assert_eq!(trap.message(), "no order");
    assert_eq!(trap.causes().collect::<Vec<_>>(), [("HostError", "no price for milk")]);
    assert_eq!(trap.to_string(), "uncaught shop.OrderError: no order\ncaused by HostError: no price for milk");
    assert_eq!(trap.trace().to_string(), "    at shop.order (test.vasm:17)");
    assert_eq!(isolate.type_name(trap.exception().unwrap()), Some("shop.OrderError"));
    assert!(!trap.is_suspended());
}

#[test]
fn a_trace_goes_through_functions_and_host_functions() {
    let mut host = Host::<()>::new();
    host.func("app", "price", |_: &mut Cx<()>, _: &str| Err::<i64, _>(HostError::new("x"))).unwrap();
    let text = ORDERS.replace("    catch Error error from begin to end goto failed\n", "");
    let mut isolate = hosted(&host, (), &text);
    let order = isolate.func::<&str, i64>("order").unwrap();
    let trap = isolate.call(&order, "milk").unwrap_err();
    let expected = "    at app.price (host)\n    at shop.price_of (test.vasm:20)\n    at shop.order (test.vasm:8)";
    assert_eq!(trap.trace().to_string(), expected);
}

#[test]
fn causes_that_form_a_cycle_are_bounded() {
    let text = "module m
export func run
func run() {
    var error: Error
    new error, Error
    set error, Error.cause, error
    throw error
}
";
    let mut isolate = isolate(text);
    let run = isolate.func::<(), ()>("run").unwrap();
    let trap = isolate.call(&run, ()).unwrap_err();
    assert_eq!(trap.causes().count(), 8);
}

#[test]
fn what_is_no_module_is_refused_with_the_reason() {
    let engine = Engine::new().unwrap();
    let error = engine.load("/nonexistent/x.bc").unwrap_err();
    assert!(matches!(error, LoadError::Read { .. }));
    assert!(error.to_string().starts_with("cannot read `/nonexistent/x.bc`: "));
    assert!(matches!(engine.module(b"hello").unwrap_err(), LoadError::Decode(_)));
}

#[test]
fn a_module_tells_what_it_is() {
    let module = crate::module(
        "module geo.shapes 1.2.3
capability read
import func app.log(str!)
class Point { x: f64 }
interface Shape { }
export type Point
export type Shape
export func f as \"run it\"
func f() {
    ret
}
",
    );
    assert_eq!((module.name(), module.version()), ("geo.shapes", [1, 2, 3]));
    assert_eq!(module.capabilities().collect::<Vec<_>>(), ["read"]);
    assert_eq!(module.imports().collect::<Vec<_>>(), [("app", "log")]);
    use limosa::ExportKind::{Class, Function, Interface};
    assert_eq!(module.exports().collect::<Vec<_>>(), [("Point", Class), ("Shape", Interface), ("run it", Function)]);
    assert!(!module.has_entry());
    let bytes = limosa::spec::encode(module.definition()).unwrap();
    assert_eq!(Engine::new().unwrap().module(&bytes).unwrap().hash(), module.hash());
}
