//! The way of a module to the interpreter, stage by stage: assemble, decode, verify, prepare.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use limosa::{Engine, Host, Limits, spec};
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;

/// Functions of the module.
const FUNCTIONS: usize = 500;

/// A module whose functions have the mix of instructions that compiled programs have: arithmetic, branches, fields, elements, calls.
/// Each returns at once unless it is given a number above zero; `all` calls every one, so that each is prepared and hardly one is run.
fn text() -> String {
    let mut text = String::from(
        "module load\nexport func all\n\
         class Node { next: Node  value: i64  weight: f64 }\n",
    );
    for number in 0..FUNCTIONS {
        let other = (number + 1) % FUNCTIONS;
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "func work{number}(node: Node, list: [i64], n: i64) -> i64 {{
                var i: i64, x: i64, sum: i64, weight: f64, share: f64, next: Node, small: i32
                br.le.i64 n, 0, done
                array.len i, list
                jump test
            again:
                array.get x, list, i
                mul.i64 x, x, {number}
                add.i64 sum, sum, x
                get weight, node, Node.weight
                mul.f64 share, weight, 0.5
                add.f64 weight, weight, share
                set node, Node.weight, weight
                get next, node, Node.next
                br.null next, alone
                get x, next, Node.value
                xor.i64 sum, sum, x
                mov.ref node, next
            alone:
                wrap.i32 small, sum
                and.i32 small, small, 15
                br.eq.i32 small, 3, test
                shl.i64 x, sum, 3
                sub.i64 sum, x, sum
                array.set list, i, sum
                call x, work{other}(next, list, 0)
                add.i64 sum, sum, x
            test:
                sub.i64 i, i, 1
                br.ge.i64 i, 0, again
            done:
                ret sum
            }}\n"
        );
    }
    text += "func all() -> i64 {\nvar x: i64, sum: i64\n";
    for number in 0..FUNCTIONS {
        let _ = writeln!(text, "call x, work{number}(null, null, 0)\nadd.i64 sum, sum, x");
    }
    text + "ret sum\n}\n"
}

fn load(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let text = text();
    let module = limosa_assembler::assemble("load.vasm", &text)?;
    let bytes = spec::encode(&module)?;
    let instructions: usize = module.functions.iter().map(|function| function.body.code.len()).sum();
    let engine = Engine::new()?;
    let loaded = engine.module(&bytes)?;
    let host = Host::<()>::new();

    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("assemble", |bencher| bencher.iter(|| limosa_assembler::assemble("load.vasm", black_box(&text))));
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("decode", |bencher| bencher.iter(|| spec::decode(black_box(&bytes))));
    group.bench_function("verify", |bencher| {
        bencher.iter_batched(|| module.clone(), |module| spec::verify(module).is_ok(), BatchSize::LargeInput);
    });
    group.throughput(Throughput::Elements(instructions as u64));
    // A program prepares a function at its first call, so each turn has a program of its own.
    group.bench_function("prepare", |bencher| {
        bencher.iter_batched_ref(
            || -> Result<_, Box<dyn Error>> {
                let isolate = host.link(&loaded)?.isolate((), Limits::new().heap(1 << 20))?;
                let all = isolate.func::<(), i64>("all")?;
                Ok((isolate, all))
            },
            |ready| ready.as_mut().ok().and_then(|(isolate, all)| isolate.call(all, ()).ok()).expect("it runs"),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    Ok(())
}

fn measured(criterion: &mut Criterion) {
    load(criterion).expect("the module is in order");
}

criterion_group!(benches, measured);
criterion_main!(benches);
