//! Where objects start: found by walking the half of the heap in use, on from where the last walk ended.
#![allow(unsafe_code, reason = "reads headers")]

use super::broken;
use crate::runtime::Vm;
use limosa_abi::object::{Flags, MAX_LENGTH, REFERENCE_SHIFT, object_size};
use limosa_abi::{ClassInfo, Context, ObjectKind, Reference};

/// The places at which objects start.
#[derive(Default)]
pub(super) struct Objects {
    /// The collection after which the walk began.
    collections: u64,
    start: u32,
    /// Where the walk is to go on.
    end: u32,
    /// A bit for each place.
    starts: Vec<u64>,
}

impl Objects {
    /// Takes in the objects made since the last time, or all after a collection.
    ///
    /// # Safety
    /// The VM runs; no object is being made.
    pub unsafe fn update(&mut self, vm: &Vm) {
        let statistics = vm.heap.statistics();
        let cx = vm.context();
        // SAFETY: the context is the VM's.
        let next = unsafe { (*cx).allocation_next };
        let start = next - (statistics.used_bytes >> REFERENCE_SHIFT) as u32;
        if (start, statistics.collections) != (self.start, self.collections) {
            *self = Objects { collections: statistics.collections, start, end: start, starts: Vec::new() };
        }
        self.starts.resize(((next - start) as usize).div_ceil(64), 0);
        while self.end < next {
            let place = (self.end - start) as usize;
            self.starts[place / 64] |= 1 << (place % 64);
            // SAFETY: memory of the heap, at the start of an object, as all before were in order.
            self.end += unsafe { units(cx, Reference(self.end), next) };
        }
    }

    /// Whether an object starts there.
    pub fn is_object(&self, reference: u32) -> bool {
        (self.start..self.end).contains(&reference) && {
            let place = (reference - self.start) as usize;
            self.starts[place / 64] >> (place % 64) & 1 != 0
        }
    }

    /// Collections so far.
    pub fn collections(&self) -> u64 {
        self.collections
    }

    /// Where the next object will be.
    pub fn end(&self) -> u32 {
        self.end
    }
}

/// The size of an object whose header is checked, in units of references.
unsafe fn units(cx: *mut Context, object: Reference, next: u32) -> u32 {
    // SAFETY: memory of the heap (caller).
    let (word0, word1) = unsafe { (object.word0(cx), object.word1(cx)) };
    let fail = |what: &str| -> ! { broken(&format_args!("object {:#x} with header {word0:#010x} {word1:#010x}", object.0), &what) };
    // SAFETY: as above.
    let Some(class) = (unsafe { class_record(cx, object) }) else { fail("its class does not exist") };
    let flags = Flags::from_bits_retain(word0 & 0xff);
    if !(Flags::UNLOGGED | Flags::HASHED | Flags::SPECIAL).contains(flags) {
        fail("it has flags that no live object has");
    }
    if flags.contains(Flags::SPECIAL) != (class.kind == ObjectKind::Fiber) {
        fail("it and its class do not agree whether it is a fiber");
    }
    let counted = matches!(class.kind, ObjectKind::NumberArray | ObjectKind::ReferenceArray | ObjectKind::String);
    if counted && u64::from(word1) > MAX_LENGTH {
        fail("it is too long");
    }
    let units = object_size(class, word1) >> REFERENCE_SHIFT;
    if units == 0 || units > (next - object.0) as usize {
        fail("it reaches beyond the memory handed out");
    }
    units as u32
}

/// The record of an object's class, if its header names one.
///
/// # Safety
/// Memory of the heap.
pub(super) unsafe fn class_record<'a>(cx: *mut Context, object: Reference) -> Option<&'a ClassInfo> {
    // SAFETY: caller; the records live as long as the program.
    unsafe {
        let id = object.class_id(cx);
        if id >= (*cx).class_count {
            return None;
        }
        let record = object.class(cx);
        (record.id == id).then_some(record)
    }
}
