//! What a call costs: from the host to the program, from the program to the host, and within the program.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use limosa::{Cx, Engine, FullCx, Host, Limits};
use std::error::Error;

/// Calls in each loop of the program.
const CALLS: i64 = 1_000;

const TEXT: &str = "
module calls
import func host.borrowing(i64) -> i64
import func host.full(i64) -> i64
export func identity
export func loop_only
export func within
export func to_borrowing
export func to_full

func identity(x: i64) -> i64 { ret x }

func loop_only(n: i64) -> i64 {
    var i: i64
next:
    add.i64 i, i, 1
    br.lt.i64 i, n, next
    ret i
}

func within(n: i64) -> i64 {
    var i: i64, x: i64
next:
    call x, identity(i)
    add.i64 i, x, 1
    br.lt.i64 i, n, next
    ret i
}

func to_borrowing(n: i64) -> i64 {
    var i: i64, x: i64
next:
    call x, host.borrowing(i)
    add.i64 i, x, 1
    br.lt.i64 i, n, next
    ret i
}

func to_full(n: i64) -> i64 {
    var i: i64, x: i64
next:
    call x, host.full(i)
    add.i64 i, x, 1
    br.lt.i64 i, n, next
    ret i
}
";

fn call(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let engine = Engine::new()?;
    let module = engine.verify(limosa_assembler::assemble("calls.vasm", TEXT)?)?;
    let mut host = Host::<()>::new();
    host.func("host", "borrowing", |_: &mut Cx<()>, x: i64| x)?;
    host.func("host", "full", |_: &mut FullCx<()>, x: i64| x)?;
    let mut isolate = host.link(&module)?.isolate((), Limits::new())?;

    let mut group = criterion.benchmark_group("call");
    let identity = isolate.func::<(i64,), i64>("identity")?;
    group.throughput(Throughput::Elements(1));
    group.bench_function("host to program", |bencher| bencher.iter(|| isolate.call(&identity, (7,))));
    // The loop without a call is what is to be taken off the others.
    let loops = [
        ("nothing", "loop_only"),
        ("program to program", "within"),
        ("program to borrowing host function", "to_borrowing"),
        ("program to full host function", "to_full"),
    ];
    group.throughput(Throughput::Elements(CALLS.unsigned_abs()));
    for (name, function) in loops {
        let function = isolate.func::<(i64,), i64>(function)?;
        group.bench_function(name, |bencher| bencher.iter(|| isolate.call(&function, (CALLS,))));
    }
    group.finish();
    Ok(())
}

fn measured(criterion: &mut Criterion) {
    call(criterion).expect("the module is in order");
}

criterion_group!(benches, measured);
criterion_main!(benches);
