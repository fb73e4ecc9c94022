//! The verifier finds damage of every sort, and a damaged heap is left alone.

use crate::classes::Class;
use crate::toy::Toy;
use limosa_abi::object::Flags;
use limosa_gc::{Damage, HeapOptions, Phase, Reason, Violation};

/// A toy whose heap holds a pair, an array of references, a string, a closure and a fiber, in roots 0 to 4.
fn toy() -> Toy {
    let mut toy = Toy::new(HeapOptions { verify: true, ..HeapOptions::new(1 << 20) });
    let classes = [Class::Pair, Class::References, Class::String, Class::Closure, Class::Fiber];
    for (root, class) in classes.into_iter().enumerate() {
        assert!(toy.make(class, 6, root));
    }
    toy.store(0, 1, Some(2));
    toy.store(1, 5, Some(0));
    toy
}

/// Writes into the object in a root and lets the verifier look.
fn damage<T>(root: usize, offset: usize, change: impl FnOnce(T) -> T) -> Option<Damage> {
    let mut toy = toy();
    // SAFETY: inside the object; the heap may be damaged, which the verifier finds before anything is moved.
    unsafe {
        let place = toy.roots.get(root).at::<T>(toy.context(), offset);
        place.write(change(place.read()));
    }
    found(&mut toy)
}

fn found(toy: &mut Toy) -> Option<Damage> {
    toy.collect(Reason::Forced);
    toy.heap.violation().map(|violation| match *violation {
        Violation::Damaged { phase: Phase::Before, damage, .. } => damage,
        other => panic!("{other}"),
    })
}

#[test]
fn an_undamaged_heap_is_found_good() {
    assert_eq!(damage::<u32>(0, 0, |word| word), None);
}

#[test]
fn headers() {
    assert!(matches!(damage::<u32>(0, 0, |_| 10 << 8), Some(Damage::Class { word0: 0xa00, .. })));
    assert!(matches!(damage::<u32>(0, 0, |_| u32::MAX), Some(Damage::Class { .. })));
    for flag in [Flags::FORWARDED, Flags::PINNED, Flags::FROZEN, Flags::SPECIAL, Flags::from_bits_retain(0x80)] {
        assert!(matches!(damage::<u32>(0, 0, |word| word | flag.bits()), Some(Damage::Flags { .. })), "{flag:?}");
    }
    assert!(matches!(damage::<u32>(4, 0, |word| word & !Flags::SPECIAL.bits()), Some(Damage::Flags { .. })));
    assert_eq!(damage::<u32>(0, 0, |word| word | Flags::HASHED.bits()), None);
}

#[test]
fn sizes() {
    for length in [1 << 31, u32::MAX, i32::MAX as u32, 1 << 20] {
        assert!(matches!(damage::<u32>(2, 4, |_| length), Some(Damage::Size { word1, .. }) if word1 == length), "{length:#x}");
    }
    assert!(damage::<u32>(2, 4, |_| 60).is_some(), "what follows is no object");
}

#[test]
fn slots() {
    for (root, class, offset) in
        [(0, Class::Pair, 16), (0, Class::Pair, 20), (1, Class::References, 28), (3, Class::Closure, 24), (4, Class::Fiber, 12)]
    {
        for wrong in [1, 511, u32::MAX] {
            let expected = move |damage| matches!(damage, Damage::Slot { class: c, offset: o, value, .. } if c == class.id() && o == offset && value == wrong);
            assert!(damage::<u32>(root, offset, |_| wrong).is_some_and(expected), "{class:?} {offset} {wrong:#x}");
        }
    }
    assert!(damage::<u32>(0, 16, |_| 513).is_some(), "into the middle of an object");
    assert!(damage::<u32>(3, 28, |_| 1).is_some(), "the upper half of a capture is zero");
    assert_eq!(damage::<u64>(0, 8, |_| u64::MAX), None, "numbers may be anything");
    assert_eq!(damage::<u64>(3, 16, |_| u64::MAX), None);
}

#[test]
fn roots() {
    let mut wide = toy();
    wide.roots.set(6, limosa_abi::Reference(wide.roots.get(0).0 + 1));
    assert!(matches!(found(&mut wide), Some(Damage::Root { .. })));
    let mut narrow = toy();
    narrow.roots.set(7, limosa_abi::Reference(u32::MAX));
    assert_eq!(found(&mut narrow), Some(Damage::Root { value: u64::from(u32::MAX) }));
    let mut stack = toy();
    stack.push(4, 0);
    *stack.roots.stacks.get_mut(&1).unwrap().1.last_mut().unwrap() |= 1 << 32;
    assert!(matches!(found(&mut stack), Some(Damage::Root { value }) if value >> 32 == 1));
}

#[test]
fn free_memory() {
    let mut toy = toy();
    // SAFETY: the first word of the free part of the buffer.
    unsafe {
        let context = toy.context();
        *limosa_abi::Reference((*context).allocation_next).at::<u64>(context, 8) = 1;
    }
    assert!(matches!(found(&mut toy), Some(Damage::NotZero { .. })));
    assert!(!toy.make(Class::Bytes, 9000, 6) && !toy.make(Class::Empty, 0, 6), "neither of the paths of allocation is open");
    let message = toy.heap.violation().unwrap().to_string();
    assert!(message.starts_with("damaged heap before collection 1: free memory at 0x"), "{message}");
}
