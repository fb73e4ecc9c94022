//! The mode that proves barriers finds every one that is missed, and only those.

use crate::classes::Class;
use crate::graph::{config, steps, take};
use crate::toy::Toy;
use limosa_abi::object::Flags;
use limosa_abi::{Reference, needs_log};
use limosa_gc::{HeapOptions, Reason, Stress, Violation};
use proptest::prelude::*;

const OPTIONS: HeapOptions = HeapOptions { stress: Stress::Barrier, ..HeapOptions::new(if cfg!(miri) { 100_000 } else { 4 << 20 }) };

/// The length of an array that is born old and logged in parts.
const LONG: u32 = if cfg!(miri) { 2100 } else { 5000 };

/// A toy with an old object in root 0 and a new one in root 1.
fn old_and_new(class: Class, length: u32) -> Toy {
    let mut toy = Toy::new(OPTIONS);
    assert!(toy.make(class, length, 0));
    toy.collect(Reason::Forced);
    assert!(toy.make(Class::Empty, 0, 1));
    toy
}

fn missed(toy: &mut Toy) -> Option<(u32, usize)> {
    toy.collect(Reason::Forced);
    toy.heap.violation().map(|violation| match *violation {
        Violation::MissedBarrier { class, offset, .. } => (class, offset),
        other => panic!("{other}"),
    })
}

#[test]
fn a_missed_barrier_is_found_in_every_kind_of_holder() {
    for (class, length) in
        [(Class::Pair, 0), (Class::Wide, 0), (Class::Huge, 0), (Class::References, 9), (Class::References, LONG), (Class::Closure, 0)]
    {
        let last = class.references(length).len() - 1;
        for slot in [0, last] {
            let mut toy = old_and_new(class, length);
            let offset = toy.store_without_barrier(0, slot, Some(1)).unwrap();
            assert_eq!(missed(&mut toy), Some((class.id(), offset)), "{class:?} {slot}");

            let mut toy = old_and_new(class, length);
            toy.store(0, slot, Some(1));
            assert_eq!(missed(&mut toy), None, "{class:?} {slot}");
        }
    }
}

#[test]
fn a_null_store_needs_the_barrier() {
    let mut toy = old_and_new(Class::Pair, 0);
    toy.store(0, 1, Some(1));
    assert_eq!(missed(&mut toy), None);
    toy.store_without_barrier(0, 1, None);
    assert_eq!(missed(&mut toy), Some((Class::Pair.id(), 20)));
}

#[test]
fn a_log_lasts_until_the_next_collection_only() {
    for (class, length, offset) in [(Class::Pair, 0, 20), (Class::References, LONG, 12)] {
        let mut toy = old_and_new(class, length);
        toy.store(0, 0, Some(1));
        toy.store_without_barrier(0, 1, Some(1));
        assert_eq!(missed(&mut toy), None);
        if class == Class::References {
            // The other half, so that the array comes to lie where it was when it was logged.
            assert_eq!(missed(&mut toy), None);
        }
        toy.store_without_barrier(0, 1, None);
        assert_eq!(missed(&mut toy), Some((class.id(), offset)));
    }
}

#[test]
fn a_large_array_logs_only_the_part_written_to() {
    let mut toy = old_and_new(Class::References, LONG);
    toy.store(0, 100, Some(1));
    toy.store_without_barrier(0, 101, Some(1));
    assert_eq!(missed(&mut toy), None, "the same part");

    let mut toy = old_and_new(Class::References, LONG);
    toy.store(0, 100, Some(1));
    // SAFETY: a live object.
    assert!(unsafe { needs_log(toy.context(), toy.roots.get(0)) }, "a large array keeps the mark");
    toy.store_without_barrier(0, 2000, Some(1));
    assert_eq!(missed(&mut toy), Some((Class::References.id(), 8008)));
}

#[test]
fn a_young_object_needs_no_barrier_but_a_large_one_is_born_old() {
    let mut toy = Toy::new(OPTIONS);
    assert!(toy.make(Class::Empty, 0, 1) && toy.make(Class::Pair, 0, 0));
    toy.store_without_barrier(0, 0, Some(1));
    assert_eq!(missed(&mut toy), None);

    assert!(toy.make(Class::Huge, 0, 0));
    toy.store_without_barrier(0, 7, Some(1));
    assert_eq!(missed(&mut toy), Some((Class::Huge.id(), 36)));
}

#[test]
fn clearing_the_mark_is_not_logging() {
    let mut toy = old_and_new(Class::Pair, 0);
    // SAFETY: a live object's header.
    unsafe { *toy.roots.get(0).at::<u32>(toy.context(), 0) &= !Flags::UNLOGGED.bits() };
    toy.collect(Reason::Forced);
    assert!(matches!(toy.heap.violation(), Some(Violation::LostMark { class, .. }) if *class == Class::Pair.id()));
}

#[test]
fn a_heap_with_a_violation_stops_and_says_so() {
    let mut toy = old_and_new(Class::Pair, 0);
    toy.store_without_barrier(0, 0, Some(1));
    let made = (0..64).take_while(|_| toy.make(Class::Empty, 0, 2)).count();
    assert!(made < 64, "the collection that is due finds it, and no more objects are made");
    let collections = toy.heap.statistics().collections;
    toy.collect(Reason::Forced);
    assert_eq!(toy.heap.statistics().collections, collections);
    let message = toy.heap.violation().unwrap().to_string();
    assert!(message.contains("missed write barrier") && message.contains("offset 16"), "{message}");
    toy.check();
}

#[test]
fn without_the_mode_a_log_clears_the_mark() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert!(toy.make(Class::Pair, 0, 0));
    let marked = |toy: &Toy| {
        // SAFETY: a live object.
        unsafe { needs_log(toy.context(), toy.roots.get(0)) }
    };
    assert!(!marked(&toy));
    toy.collect(Reason::Forced);
    assert!(marked(&toy));
    toy.store(0, 0, Some(0));
    assert!(!marked(&toy) && toy.heap.statistics().barrier_logs == 1);
    toy.collect(Reason::Forced);
    assert!(marked(&toy));
}

proptest! {
    #![proptest_config(config(128))]

    /// One store among many misses the barrier: found exactly if it needed one and changed anything.
    #[test]
    fn one_missed_store(before in steps(), root in 0..8usize, slot in 0..3000usize, from in 0..8usize) {
        let mut toy = Toy::new(HeapOptions { limit: if cfg!(miri) { 100_000 } else { 500_000 }, ..OPTIONS });
        before.iter().for_each(|step| take(&mut toy, step));
        prop_assert_eq!(toy.heap.violation(), None);
        let holder: Reference = toy.roots.get(root);
        let Some(node) = toy.node(root) else { return Ok(()) };
        let class = node.class.id();
        let carded = node.class == Class::References && node.length > 254;
        // SAFETY: a live object.
        let needed = unsafe { needs_log(toy.context(), holder) };
        let previous = toy.peek(root, slot);
        let Some(offset) = toy.store_without_barrier(root, slot, Some(from)) else { return Ok(()) };
        let changed = previous != toy.peek(root, slot);
        let found = missed(&mut toy);
        if !needed || !changed {
            prop_assert_eq!(found, None);
        } else if !carded {
            prop_assert_eq!(found, Some((class, offset)));
        } else {
            prop_assert!(found.is_none_or(|found| found == (class, offset)), "its part may have been logged for another store");
        }
    }
}
