//! The small parts of the interface: modes as text, statistics, what a collection tells of itself.

use crate::classes::Class;
use crate::toy::Toy;
use limosa_gc::{HeapOptions, Reason, Stress};

#[test]
fn stress_modes_as_text() {
    for (text, stress) in
        [("none", Stress::None), ("always", Stress::Alloc(1)), ("alloc:25", Stress::Alloc(25)), ("barrier", Stress::Barrier)]
    {
        assert_eq!(text.parse(), Ok(stress));
        assert_eq!(stress.to_string(), text);
    }
    assert_eq!("alloc:1".parse(), Ok(Stress::Alloc(1)));
    for text in ["", "alloc", "alloc:", "alloc:0", "alloc:-1", "alloc:4294967296", "Always", "barrier:1"] {
        let error = text.parse::<Stress>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn statistics() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert_eq!(toy.heap.statistics().peak_bytes, 0);
    assert!(toy.make(Class::Pair, 0, 0) && toy.make(Class::Bytes, 100, 1));
    toy.heap.charge_in_place(1000).unwrap();
    let statistics = toy.heap.statistics();
    assert_eq!((statistics.bytes_allocated, statistics.used_bytes, statistics.external_bytes), (144, 144, 1000));
    toy.heap.release(1000);
    toy.clear(1);
    toy.collect(Reason::Forced);
    assert!(toy.make(Class::Empty, 0, 1));
    let statistics = toy.heap.statistics();
    assert_eq!((statistics.bytes_allocated, statistics.bytes_copied), (152, 32));
    assert_eq!((statistics.live_bytes, statistics.used_bytes, statistics.peak_bytes), (32, 40, 1144));
    assert_eq!((statistics.limit, statistics.collections), (1 << 20, 1));
    assert!(statistics.pause_max <= statistics.pause_total);
}

#[test]
fn what_a_collection_tells() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert!(toy.heap.last_collection().is_none());
    assert!(toy.make(Class::Pair, 0, 0) && toy.make(Class::Pair, 0, 0));
    toy.collect(Reason::Forced);
    let line = toy.heap.last_collection().unwrap().to_string();
    assert!(line.starts_with("gc 1: full, forced, ") && line.ends_with(" us, 64 -> 32 bytes, 0 external"), "{line}");
}

#[test]
fn the_heap_grows_with_what_lives() {
    let mut toy = Toy::new(HeapOptions::new(1 << 30));
    let list = if cfg!(miri) { 0 } else { 100_000 };
    for _ in 0..list {
        assert!(toy.make(Class::Pair, 0, 1));
        toy.store(1, 0, Some(0));
        toy.copy(Some(1), 0);
    }
    let statistics = toy.heap.statistics();
    assert!(statistics.bytes_copied <= 2 * statistics.bytes_allocated, "{statistics:?}");
    toy.clear(0);
    toy.clear(1);
    for _ in 0..10 * list {
        toy.nodes.clear();
        assert!(toy.make(Class::Pair, 0, 1));
    }
    assert!(toy.heap.statistics().peak_bytes < 20 << 20, "garbage alone does not make it grow");
}

#[test]
#[cfg(not(miri))]
fn collections_are_as_rare_as_the_growth_allows() {
    let mut toy = Toy::new(HeapOptions::new(1 << 30));
    for _ in 0..10 << 20 >> 12 {
        assert!(toy.make(Class::Bytes, 4088, 0));
    }
    assert!((8..=10).contains(&toy.heap.statistics().collections), "a mebibyte from one to the next");

    toy.heap.charge_in_place(100 << 20).unwrap();
    let before = toy.heap.statistics().collections;
    for _ in 0..10 << 20 >> 12 {
        assert!(toy.make(Class::Bytes, 4088, 0));
    }
    assert_eq!(toy.heap.statistics().collections, before + 1, "one that finds the bytes alive, then as much growth");
}

#[test]
#[cfg(not(miri))]
fn an_object_beyond_the_goal_raises_it() {
    let mut toy = Toy::new(HeapOptions::new(1 << 30));
    assert!(toy.make(Class::Bytes, 20 << 20, 0));
    for _ in 0..15 << 20 >> 12 {
        assert!(toy.make(Class::Bytes, 4088, 1));
    }
    assert_eq!(toy.heap.statistics().collections, 1, "the one before it was made");
}
