//! Random operations, in every mode: the heap and the model of the graph stay the same.

use crate::classes::Class;
use crate::toy::{ROOTS, STACK_BYTES, Toy};
use limosa_gc::{HeapOptions, Reason, Stress};
use proptest::prelude::*;

/// One step of the toy mutator.
#[derive(Debug, Clone)]
pub enum Step {
    Make { class: Class, length: u32, root: usize },
    Store { root: usize, slot: usize, from: Option<usize> },
    Load { root: usize, slot: usize, to: usize },
    Copy { from: Option<usize>, to: usize },
    CopyArray { from: usize, to: usize, count: usize },
    Push { fiber: usize, from: usize },
    Pop { fiber: usize, to: usize },
    Collect,
    Charge(usize),
    Release,
}

pub fn step() -> impl Strategy<Value = Step> {
    let root = || 0..ROOTS;
    let maybe = || prop::option::weighted(0.9, 0..ROOTS);
    let length = prop_oneof![8 => 0..40u32, 2 => 200..600u32, 1 => if cfg!(miri) { 300..600u32 } else { 2000..9000u32 }];
    prop_oneof![
        8 => (prop::sample::select(&Class::ALL[..]), length, root())
            .prop_map(|(class, length, root)| Step::Make { class, length, root }),
        10 => (root(), 0..3000usize, maybe()).prop_map(|(root, slot, from)| Step::Store { root, slot, from }),
        4 => (root(), 0..3000usize, root()).prop_map(|(root, slot, to)| Step::Load { root, slot, to }),
        2 => (maybe(), root()).prop_map(|(from, to)| Step::Copy { from, to }),
        1 => (root(), root(), 0..600usize).prop_map(|(from, to, count)| Step::CopyArray { from, to, count }),
        3 => (root(), root()).prop_map(|(fiber, from)| Step::Push { fiber, from }),
        2 => (root(), root()).prop_map(|(fiber, to)| Step::Pop { fiber, to }),
        1 => Just(Step::Collect),
        1 => (1..20_000usize).prop_map(Step::Charge),
        1 => Just(Step::Release),
    ]
}

/// Takes a step. When memory is short, half of the roots are given up.
pub fn take(toy: &mut Toy, step: &Step) {
    match *step {
        Step::Make { class, length, root } => {
            if !toy.make(class, length, root) {
                (0..ROOTS / 2).for_each(|root| toy.clear(root));
            }
        }
        Step::Store { root, slot, from } => toy.store(root, slot, from),
        Step::Load { root, slot, to } => toy.load(root, slot, to),
        Step::Copy { from, to } => toy.copy(from, to),
        Step::CopyArray { from, to, count } => toy.copy_array(from, to, count),
        Step::Push { fiber, from } => toy.push(fiber, from),
        Step::Pop { fiber, to } => toy.pop(fiber, to),
        Step::Collect => toy.collect(Reason::Allocation),
        // SAFETY: all references are in roots.
        Step::Charge(bytes) => match unsafe { toy.heap.charge(bytes, &mut toy.roots) } {
            Ok(()) => toy.charged += bytes,
            Err(_) => (0..ROOTS / 2).for_each(|root| toy.clear(root)),
        },
        Step::Release => {
            toy.heap.release(toy.charged);
            toy.charged = 0;
        }
    }
}

/// Takes steps and compares; at the end what the heap holds must be exactly what is reachable.
fn run(options: HeapOptions, steps: &[Step]) {
    let mut toy = Toy::new(options);
    for (index, step) in steps.iter().enumerate() {
        take(&mut toy, step);
        let statistics = toy.heap.statistics();
        assert!(statistics.used_bytes + statistics.external_bytes <= options.limit);
        if index % 16 == 0 {
            toy.check();
        }
    }
    assert_eq!(toy.heap.violation(), None);
    toy.collect(Reason::Forced);
    let (bytes, fibers) = toy.check();
    let statistics = toy.heap.statistics();
    assert_eq!(toy.heap.violation(), None);
    assert_eq!(statistics.used_bytes, bytes);
    assert_eq!(toy.roots.stacks.len(), fibers);
    assert_eq!(statistics.external_bytes, fibers * STACK_BYTES + toy.charged);
    assert_eq!(statistics.collections, toy.roots.collections);
}

pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases: if cfg!(miri) { 1 } else { cases }, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), if cfg!(miri) { 1..30 } else { 1..400 })
}

/// Limits are drawn from below this, so that many runs reach theirs.
const BOUND: usize = if cfg!(miri) { 50_000 } else { 500_000 };

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn plain(steps in steps(), limit in 20_000..4 * BOUND) {
        run(HeapOptions::new(limit), &steps);
    }

    #[test]
    fn verified(steps in steps(), limit in 20_000..BOUND) {
        run(HeapOptions { verify: true, ..HeapOptions::new(limit) }, &steps);
    }

    #[test]
    fn stressed(steps in steps(), interval in 1..20u32, limit in 20_000..BOUND) {
        run(HeapOptions { stress: Stress::Alloc(interval), verify: true, ..HeapOptions::new(limit) }, &steps);
    }

    #[test]
    fn barriers(steps in steps(), limit in 20_000..BOUND) {
        run(HeapOptions { stress: Stress::Barrier, verify: true, ..HeapOptions::new(limit) }, &steps);
    }
}
