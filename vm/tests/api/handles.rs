//! Objects held by the host, and closures.

use crate::{hosted, isolate, module};
use limosa::{FullCx, Handle, Host, HostError, Limits, Object, Stress, TrapKind};

const OBJECTS: &str = "module m
class Point { x: i64 }
class Other { x: i64 }
export func make
export func other
export func read
export func bytes
export func adder
export func name
func make(x: i64) -> Point! {
    var point: Point
    new point, Point
    set point, Point.x, x
    ret point
}
func other() -> Other! {
    var other: Other
    new other, Other
    ret other
}
func read(point: Point!) -> i64 {
    var x: i64
    get x, point, Point.x
    ret x
}
func bytes() -> [u8]! {
    var bytes: [u8]
    array.new bytes, [u8], 4
    ret bytes
}
func name() -> str! {
    var name: str
    const.str name, \"Ada\"
    ret name
}
func add(base: i64, prefix: str, n: i64) -> (i64, str) {
    add.i64 n, base, n
    ret n, prefix
}
func adder(base: i64, prefix: str) -> (fn(i64) -> (i64, str))! {
    var f: fn(i64) -> (i64, str)
    closure f, add(base, prefix)
    ret f
}
";

#[test]
fn a_handle_keeps_its_object_over_collections() {
    let program = Host::<()>::new().link(&module(OBJECTS)).unwrap();
    let limits = Limits::new().gc_stress(Stress::Alloc(1)).verify_heap(true);
    let mut isolate = program.isolate((), limits).unwrap();
    let make = isolate.func::<i64, Handle>("make").unwrap();
    let read = isolate.func::<&Handle, i64>("read").unwrap();
    let handles: Vec<Handle> = (0..20).map(|x| isolate.call(&make, x).unwrap()).collect();
    for (x, handle) in handles.iter().enumerate() {
        assert_eq!(isolate.type_name(handle), Some("m.Point"));
        assert_eq!(isolate.call(&read, handle).unwrap(), x as i64);
    }
}

#[test]
fn dropped_handles_free_their_objects_from_any_thread() {
    let program = Host::<()>::new().link(&module(OBJECTS)).unwrap();
    let mut isolate = program.isolate((), Limits::new().heap(256 << 10)).unwrap();
    let make = isolate.func::<i64, Handle>("make").unwrap();
    for round in 0..20 {
        let handles: Vec<Handle> = (0..2000).map(|x| isolate.call(&make, x).unwrap()).collect();
        if round % 2 == 0 {
            std::thread::spawn(move || drop(handles)).join().unwrap();
        }
    }
}

#[test]
fn a_handle_of_the_wrong_class_or_isolate_is_refused() {
    let (mut first, mut second) = (isolate(OBJECTS), isolate(OBJECTS));
    let other = first.func::<(), Handle>("other").unwrap();
    let read = first.func::<&Handle, i64>("read").unwrap();
    let handle = first.call(&other, ()).unwrap();
    let trap = first.call(&read, &handle).unwrap_err();
    assert_eq!(*trap.kind(), TrapKind::Misuse);
    assert_eq!(trap.to_string(), "value 1 is m.Other; m.Point is asked for");
    assert_eq!(second.type_name(&handle), None);
    assert_eq!(second.text(&handle), None);
    let read = second.func::<&Handle, i64>("read").unwrap();
    assert_eq!(*second.call(&read, &handle).unwrap_err().kind(), TrapKind::Misuse);
}

#[test]
fn texts_and_arrays_are_read_and_written_in_place() {
    let mut isolate = isolate(OBJECTS);
    let (bytes, name) = (isolate.func::<(), Handle>("bytes").unwrap(), isolate.func::<(), Handle>("name").unwrap());
    let bytes = isolate.call(&bytes, ()).unwrap();
    isolate.elements_mut::<u8>(&bytes).unwrap()[1] = 7;
    assert_eq!(isolate.elements::<u8>(&bytes), Some([0, 7, 0, 0].as_slice()));
    assert_eq!(isolate.elements::<i8>(&bytes), None);
    assert_eq!(isolate.text(&bytes), None);
    let name = isolate.call(&name, ()).unwrap();
    assert_eq!(isolate.text(&name), Some("Ada"));
}

#[test]
fn closures_are_called_with_what_they_captured() {
    let mut isolate = isolate(OBJECTS);
    let adder = isolate.func::<(i64, Option<&str>), Handle>("adder").unwrap();
    let handle = isolate.call(&adder, (40, Some("p"))).unwrap();
    assert_eq!(isolate.type_name(&handle), Some("fn(i64) -> (i64, str)"));
    let closure = isolate.closure::<i64, (i64, Option<String>)>(handle).unwrap();
    assert_eq!(isolate.call_closure(&closure, 2).unwrap(), (42, Some("p".to_owned())));
    assert_eq!(isolate.call_closure(&closure, 3).unwrap(), (43, Some("p".to_owned())));
    let handle = isolate.call(&adder, (0, None)).unwrap();
    let error = isolate.closure::<(), i64>(handle).unwrap_err().to_string();
    assert!(error.contains("`closure(i64) -> (i64, str)`"), "{error}");
    let make = isolate.func::<i64, Handle>("make").unwrap();
    let point = isolate.call(&make, 1).unwrap();
    let error = isolate.closure::<(), ()>(point).unwrap_err().to_string();
    assert_eq!(error, "the handle is of m.Point, not of a closure of this isolate");
}

#[test]
fn a_host_keeps_closures_and_calls_them_later() {
    struct App {
        callbacks: Vec<Handle>,
    }
    let text = "module m
import func app.register(any!)
import func app.fire(i64) -> i64
export func run
func add(base: i64, n: i64) -> i64 {
    add.i64 n, n, base
    ret n
}
func run(n: i64) -> i64 {
    var f: fn(i64) -> i64
    closure f, add(100)
    call app.register(f)
    closure f, add(1000)
    call app.register(f)
    call n, app.fire(n)
    ret n
}
";
    let mut host = Host::<App>::new();
    host.func("app", "register", |cx: &mut FullCx<App>, callback: Object| {
        let handle = callback.handle(cx);
        cx.data().callbacks.push(handle);
    })
    .unwrap();
    host.func("app", "fire", |cx: &mut FullCx<App>, mut n: i64| -> Result<i64, HostError> {
        for handle in std::mem::take(&mut cx.data().callbacks) {
            let callback = cx.closure::<i64, i64>(handle)?;
            n = cx.call_closure(&callback, n)?;
        }
        Ok(n)
    })
    .unwrap();
    let mut isolate = hosted(&host, App { callbacks: Vec::new() }, text);
    let run = isolate.func::<i64, i64>("run").unwrap();
    assert_eq!(isolate.call(&run, 1).unwrap(), 1101);
}
