//! A list is built, collected and read back.

use limosa_abi::object::{header_word, load_reference, store_reference};
use limosa_abi::{ClassInfo, ObjectKind, Reference, try_allocate};
use limosa_gc::{Heap, HeapOptions, Liveness, Reason, Roots, Tracer};
use std::ptr;

struct One(u64);

impl Roots for One {
    fn trace(&mut self, tracer: &mut Tracer) {
        // SAFETY: the slot is ours.
        unsafe { tracer.slot64(&raw mut self.0) }
    }
    fn trace_special(&mut self, _: Reference, _: &mut Tracer) {}
    fn after_trace(&mut self, _: &Liveness) {}
}

#[test]
fn list() {
    let references = [8];
    let class = ClassInfo {
        id: 0,
        type_id: 0,
        size: 16,
        kind: ObjectKind::Instance,
        element_shift: 0,
        depth: 0,
        display: ptr::null(),
        vtable: ptr::null(),
        itable: ptr::null(),
        itable_mask: 0,
        reference_count: 1,
        references: references.as_ptr(),
        function: ptr::null(),
        captures: 0,
        interface_count: 0,
        interfaces: ptr::null(),
    };
    let table = [&raw const class];
    let mut heap = Heap::new(HeapOptions::new(16 << 20), table.as_ptr(), 1).unwrap();
    let context = heap.context();
    let mut root = One(0);
    for index in 0..400_000 {
        // SAFETY: a class of 16 bytes; the root is visited; no reference is kept.
        unsafe {
            let object = match try_allocate(context, 16, header_word(0), index) {
                Some(object) => object,
                None => heap.allocate(16, header_word(0), index, &mut root).unwrap(),
            };
            store_reference(context, object, 8, Reference::from_slot(root.0));
            root.0 = object.to_slot();
        }
    }
    // SAFETY: as above.
    unsafe { heap.collect(Reason::Forced, &mut root) };
    let mut next = Reference::from_slot(root.0);
    for index in (0..400_000).rev() {
        // SAFETY: the list is reachable.
        unsafe {
            assert_eq!(next.word1(context), index);
            next = load_reference(context, next, 8);
        }
    }
    assert!(next.is_null() && heap.statistics().collections > 2);
}
