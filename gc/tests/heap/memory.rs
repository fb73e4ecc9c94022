//! What was freed: zero when handed out again, overwritten when a mode asks for that, given back to the system.

use crate::classes::Class;
use crate::toy::Toy;
use limosa_abi::Reference;
use limosa_gc::{HeapOptions, Reason, Stress};

/// Fills and drops objects; every new one is checked to be zero when it is made.
fn churn(toy: &mut Toy, count: u32) {
    for index in 0..count {
        let length = (index * 7919) % if cfg!(miri) { 700 } else { 3000 };
        assert!(toy.make(Class::Bytes, length, index as usize % 5));
        if index % 50 == 0 {
            assert!(toy.make(Class::Longs, if cfg!(miri) { 1100 } else { 5000 }, 5));
        }
    }
}

#[test]
fn memory_is_zero_however_it_was_used_before() {
    let count = if cfg!(miri) { 12 } else { 4000 };
    for stress in [Stress::None, Stress::Alloc(9), Stress::Barrier] {
        for verify in [false, true] {
            let limit = if cfg!(miri) { 100_000 } else { 16 << 20 };
            let mut toy = Toy::new(HeapOptions { stress, verify, ..HeapOptions::new(limit) });
            churn(&mut toy, count);
            toy.collect(Reason::Forced);
            churn(&mut toy, count);
            assert_eq!(toy.heap.violation(), None);
            toy.check();
        }
    }
}

#[test]
fn the_whole_buffer_is_zero() {
    let mut toy = Toy::new(HeapOptions::new(if cfg!(miri) { 30_000 } else { 400_000 }));
    for _ in 0..if cfg!(miri) { 4 } else { 30 } {
        churn(&mut toy, 40);
        // SAFETY: the context and memory of the heap.
        unsafe {
            let context = toy.context();
            for place in (*context).allocation_next..(*context).allocation_limit {
                assert_eq!(*Reference(place).at::<u64>(context, 0), 0);
            }
        }
    }
    assert!(toy.heap.statistics().collections > 1);
}

#[test]
fn what_was_left_is_overwritten_under_stress() {
    for (options, overwritten) in [
        (HeapOptions { stress: Stress::Alloc(1000), ..HeapOptions::new(1 << 20) }, true),
        (HeapOptions { stress: Stress::Barrier, ..HeapOptions::new(1 << 20) }, true),
        (HeapOptions { verify: true, ..HeapOptions::new(1 << 20) }, true),
        (HeapOptions::new(1 << 20), false),
    ] {
        let mut toy = Toy::new(options);
        assert!(toy.make(Class::Pair, 0, 0));
        let before = toy.roots.get(0);
        toy.collect(Reason::Stress);
        assert_ne!(toy.roots.get(0), before, "every object moves");
        // SAFETY: memory of the heap, whatever it holds.
        let word = unsafe { before.word0(toy.context()) };
        assert_eq!(word == 0xdcdc_dcdc, overwritten);
    }
}

#[test]
fn under_stress_every_allocation_comes_to_the_slow_path() {
    let mut toy = Toy::new(HeapOptions { stress: Stress::Alloc(1), ..HeapOptions::new(1 << 20) });
    for _ in 0..100 {
        assert!(toy.make(Class::Pair, 0, 0));
    }
    assert_eq!(toy.heap.statistics().collections, 100);
}

#[test]
fn every_object_moves_and_old_ones_are_marked() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert!(toy.make(Class::Pair, 0, 0));
    let base = toy.context();
    for _ in 0..4 {
        let before = toy.roots.get(0);
        toy.collect(Reason::Allocation);
        assert_ne!(toy.roots.get(0), before);
    }
    assert_eq!(toy.context(), base, "the base stays");
    toy.check();
}

/// Resident bytes of this process's mappings from `start` on, as far as `bytes` reach.
#[cfg(all(target_os = "linux", not(miri)))]
fn resident(start: usize, bytes: usize) -> usize {
    let pages = |bytes: usize| bytes / 4096;
    let map = std::fs::File::open("/proc/self/pagemap").unwrap();
    let mut entries = vec![0u8; pages(bytes) * 8];
    std::os::unix::fs::FileExt::read_exact_at(&map, &mut entries, pages(start) as u64 * 8).unwrap();
    entries.chunks(8).filter(|entry| entry[7] & 0x80 != 0).count() * 4096
}

#[test]
#[cfg(all(target_os = "linux", not(miri)))]
fn an_empty_heap_touches_little_and_free_memory_is_given_back() {
    const LIMIT: usize = 64 << 20;
    let mut toy = Toy::new(HeapOptions::new(LIMIT));
    let start = toy.context() as usize;
    let held = || resident(start, 2 * LIMIT);
    assert_eq!(held(), 4096, "the context only");
    assert!(toy.make(Class::Pair, 0, 0));
    assert_eq!(held(), 8192);

    assert!(toy.make(Class::Bytes, 60 << 20, 1));
    assert!(held() > 60 << 20);
    toy.clear(1);
    toy.collect(Reason::Allocation);
    assert!(held() < 10 << 20, "some is kept for what comes next");
    toy.collect(Reason::Forced);
    assert!(held() <= 4096 * 2, "nothing but the context and a page");
    toy.check();
}

#[test]
fn thousands_of_heaps() {
    let count = if cfg!(miri) { 10 } else { 5000 };
    for index in 0..count {
        let limit = if cfg!(miri) { 1 << 16 } else { 256 << 20 };
        let mut toy = Toy::new(HeapOptions::new(limit));
        assert!(toy.make(Class::ALL[index % 10], 10, 0));
        toy.collect(Reason::Forced);
        toy.check();
    }
}

#[test]
fn many_heaps_at_once_do_not_notice_each_other() {
    let count = if cfg!(miri) { 4 } else { 500 };
    let mut toys: Vec<Toy> = (0..count).map(|_| Toy::new(HeapOptions::new(if cfg!(miri) { 1 << 16 } else { 64 << 20 }))).collect();
    for _ in 0..3 {
        for toy in &mut toys {
            assert!(toy.make(Class::Pair, 0, 0) && toy.make(Class::String, 30, 1));
            toy.store(0, 0, Some(1));
        }
        for toy in &mut toys {
            toy.collect(Reason::Forced);
        }
    }
    for toy in &toys {
        toy.check();
    }
}

#[test]
fn a_heap_moves_between_threads() {
    let mut toy = Toy::new(HeapOptions::new(1 << 20));
    assert!(toy.make(Class::Pair, 0, 0));
    let base = toy.context() as usize;
    let heap = std::thread::spawn(move || toy.heap).join().unwrap();
    assert_eq!(heap.context() as usize, base);
}
