//! The limit: exact, refused without harm, and reached together by objects and external bytes.

use crate::classes::Class;
use crate::toy::{STACK_BYTES, Toy};
use limosa_gc::{Heap, HeapError, HeapOptions, MAX_LIMIT, Reason, Stress};
use std::ptr;

const PAIR: usize = 32;

/// Makes a list in root 0 until memory is out; tells its length.
fn fill(toy: &mut Toy) -> usize {
    let mut count = 0;
    while toy.make(Class::Pair, 0, 1) {
        toy.store(1, 0, Some(0));
        toy.copy(Some(1), 0);
        toy.clear(1);
        count += 1;
    }
    count
}

#[test]
fn the_limit_is_exact_and_memory_can_be_freed_and_used_again() {
    for stress in [Stress::None, Stress::Alloc(37), Stress::Barrier] {
        let count = if cfg!(miri) { 40 } else { 4000 };
        let mut toy = Toy::new(HeapOptions { stress, verify: true, ..HeapOptions::new(PAIR * count + 24) });
        for _ in 0..3 {
            assert_eq!(fill(&mut toy), count);
            assert!(toy.make(Class::Bytes, 16, 2), "24 bytes are left");
            assert!(!toy.make(Class::Empty, 0, 3), "no byte is left");
            toy.check();
            toy.clear(2);
            assert!(!toy.make(Class::Pair, 0, 3) && toy.make(Class::Empty, 0, 3));
            (0..4).for_each(|root| toy.clear(root));
        }
        assert_eq!(toy.heap.violation(), None);
        assert_eq!(toy.heap.statistics().peak_bytes, PAIR * count + 24);
    }
}

#[test]
fn a_large_object_may_take_all_and_no_byte_more() {
    let limit = if cfg!(miri) { 9000 } else { 5_000_000 };
    let mut toy = Toy::new(HeapOptions::new(limit));
    for _ in 0..3 {
        assert!(!toy.make(Class::Bytes, limit as u32 - 7, 0));
        assert!(toy.make(Class::Bytes, limit as u32 - 8, 0));
        assert!(!toy.make(Class::Empty, 0, 1));
        toy.check();
        toy.clear(0);
    }
}

#[test]
fn external_bytes_count_and_collect_before_they_are_refused() {
    const TENTH: usize = if cfg!(miri) { 400 } else { 10_000 };
    let mut toy = Toy::new(HeapOptions::new(10 * TENTH));
    assert!(toy.make(Class::Bytes, 4 * TENTH as u32 - 8, 0));
    toy.clear(0);
    toy.heap.charge_in_place(6 * TENTH - 5).unwrap();
    assert!(toy.make(Class::Empty, 0, 0), "only by collecting: the buffer must not be used beyond the limit");
    assert_eq!(toy.heap.last_collection().map(|last| last.reason), Some(Reason::Limit));
    toy.heap.release(6 * TENTH - 5);
    toy.clear(0);
    toy.collect(Reason::Forced);
    assert!(toy.make(Class::Bytes, 4 * TENTH as u32 - 8, 0));
    toy.clear(0);
    // SAFETY: all references are in roots.
    let charge = |toy: &mut Toy, bytes| unsafe { toy.heap.charge(bytes, &mut toy.roots) };
    assert!(toy.heap.charge_in_place(6 * TENTH + 1).is_err(), "in place nothing is collected");
    assert_eq!(charge(&mut toy, 6 * TENTH + 1), Ok(()), "the dead array makes room");
    assert_eq!(toy.heap.statistics().used_bytes, 0);
    let refused = charge(&mut toy, 4 * TENTH).unwrap_err();
    assert_eq!((refused.requested, refused.limit), (4 * TENTH, 10 * TENTH));
    assert_eq!(charge(&mut toy, 4 * TENTH - 1), Ok(()));
    assert!(!toy.make(Class::Empty, 0, 0));
    assert!(charge(&mut toy, 1).is_err() && charge(&mut toy, usize::MAX).is_err() && toy.heap.charge_in_place(usize::MAX).is_err());
    toy.heap.release(10 * TENTH);
    assert!(toy.make(Class::Bytes, 10 * TENTH as u32 - 8, 0));
    assert!(charge(&mut toy, 1).is_err());
    toy.check();
}

#[test]
fn what_dead_fibers_held_outside_is_collected_in_time() {
    let mut toy = Toy::new(HeapOptions { verify: true, ..HeapOptions::new(100 * STACK_BYTES) });
    for _ in 0..if cfg!(miri) { 110 } else { 5000 } {
        assert!(toy.make(Class::Fiber, 0, 0), "earlier fibers are dead");
        toy.push(0, 0);
    }
    toy.collect(Reason::Forced);
    assert_eq!(toy.roots.stacks.len(), 1);
    assert_eq!(toy.heap.statistics().external_bytes, STACK_BYTES);
    toy.check();
}

#[test]
#[cfg(not(miri))]
fn the_pressure_of_external_bytes_alone_collects() {
    let mut toy = Toy::new(HeapOptions::new(1 << 30));
    for _ in 0..3000 {
        assert!(toy.make(Class::Fiber, 0, 0));
    }
    assert!(toy.heap.statistics().peak_bytes < 4 << 20);
    assert!(toy.heap.statistics().collections > 1);
}

#[test]
fn sizes_that_overflow_are_refused() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert!(toy.make(Class::Pair, 0, 0));
    for bytes in [usize::MAX, usize::MAX - 6, usize::MAX - 7, usize::MAX / 2, 1 << 35, (1 << 35) + 8, 1 << 20] {
        // SAFETY: nothing is made, so that the header does not matter; all references are in roots.
        assert_eq!(unsafe { toy.heap.allocate(bytes, 0, 0, &mut toy.roots) }, None);
    }
    let collections = toy.heap.statistics().collections;
    assert_eq!(collections, 1, "only the last could have fitted");
    toy.check();
}

#[test]
fn limits_at_the_edges() {
    assert!(matches!(
        Heap::new(HeapOptions::new(MAX_LIMIT + 1), ptr::null(), 0),
        Err(HeapError::LimitTooLarge { limit }) if limit == MAX_LIMIT + 1
    ));
    let mut toy = Toy::new(HeapOptions::new(0));
    assert!(!toy.make(Class::Empty, 0, 0) && toy.heap.charge_in_place(1).is_err());
    toy.collect(Reason::Forced);
    let mut toy = Toy::new(HeapOptions::new(8));
    assert!(toy.make(Class::Empty, 0, 0) && !toy.make(Class::Empty, 0, 1));
}

#[test]
#[cfg(not(miri))]
fn the_largest_heap_can_be_used() {
    let mut toy = Toy::new(HeapOptions::new(MAX_LIMIT));
    for root in 0..4 {
        assert!(toy.make(Class::Pair, 0, root));
    }
    toy.collect(Reason::Forced);
    toy.collect(Reason::Forced);
    toy.check();
}
