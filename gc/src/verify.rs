//! The heap verifier: walks all objects and checks every header, every reference and every root.
//!
//! Dead objects not yet collected are checked too: what they refer to is as old as they are and lies where it was.
#![allow(unsafe_code, reason = "reads objects that may be damaged")]

use crate::objects::{Met, reference_offsets, walk};
use crate::trace::{Roots, Tracer};
use crate::violation::Damage;
use limosa_abi::context::Context;
use limosa_abi::object::{Flags, MAX_LENGTH, REFERENCE_SHIFT};
use limosa_abi::{ObjectKind, Reference};
use std::ops::Range;

/// The set of places at which objects start, and the first damage found.
pub(crate) struct Checker {
    context: *mut Context,
    extent: Range<u32>,
    /// A bit for each place of `extent` at which an object may start.
    starts: Vec<u64>,
    damage: Option<Damage>,
}

/// Checks the heap whose objects are `extent`, with free memory up to `zero_end` handed out already.
///
/// # Safety
/// The range is memory of the heap at the tracer's context, and the class table is valid. Objects may be damaged.
pub(crate) unsafe fn verify(
    context: *mut Context,
    extent: Range<u32>,
    zero_end: u32,
    roots: &mut dyn Roots,
    tracer: &mut Tracer,
) -> Result<(), Damage> {
    let mut checker = Checker { context, extent: extent.clone(), starts: vec![0; extent.len().div_ceil(u64::BITS as usize)], damage: None };
    // SAFETY: the first pass proves for each object that its header can be believed; the others rely on it.
    unsafe {
        checker.headers()?;
        checker.slots()?;
        checker.zero(extent.end..zero_end)?;
    }
    tracer.checker = Some(checker);
    roots.trace(tracer);
    // SAFETY: the headers were found good.
    unsafe {
        walk(context, extent, |met| {
            if met.object.word0(context) & Flags::SPECIAL.bits() != 0 {
                roots.trace_special(met.object, tracer);
            }
        });
    }
    tracer.checker.take().and_then(|checker| checker.damage).map_or(Ok(()), Err)
}

impl Checker {
    /// Checks a root's value.
    pub(crate) fn root(&mut self, value: u64) {
        let good = value == 0 || u32::try_from(value).is_ok_and(|value| self.is_start(value));
        if !good && self.damage.is_none() {
            self.damage = Some(Damage::Root { value });
        }
    }

    fn is_start(&self, reference: u32) -> bool {
        self.extent.contains(&reference) && {
            let place = reference - self.extent.start;
            self.starts[(place / u64::BITS) as usize] >> (place % u64::BITS) & 1 != 0
        }
    }

    /// Checks all headers and notes where objects start.
    unsafe fn headers(&mut self) -> Result<(), Damage> {
        let mut object = self.extent.start;
        while object < self.extent.end {
            let place = object - self.extent.start;
            self.starts[(place / u64::BITS) as usize] |= 1 << (place % u64::BITS);
            // SAFETY: memory of the heap, at the start of an object if the ones before were good.
            object = unsafe { self.header(Reference(object)) }?;
        }
        Ok(())
    }

    /// Checks a header; gives the place of the next.
    unsafe fn header(&self, object: Reference) -> Result<u32, Damage> {
        // SAFETY: memory of the heap. Class records are only read once the id is known to be in range.
        let (word0, word1, class) = unsafe {
            let (word0, word1) = (object.word0(self.context), object.word1(self.context));
            if word0 >> 8 >= (*self.context).class_count {
                return Err(Damage::Class { object: object.0, word0 });
            }
            (word0, word1, object.class(self.context))
        };
        if class.id != word0 >> 8 {
            return Err(Damage::Class { object: object.0, word0 });
        }
        let flags = Flags::from_bits_retain(word0 & 0xff);
        let allowed = Flags::UNLOGGED | Flags::HASHED | Flags::SPECIAL;
        if !allowed.contains(flags) || flags.contains(Flags::SPECIAL) != (class.kind == ObjectKind::Fiber) {
            return Err(Damage::Flags { object: object.0, word0 });
        }
        let counted = matches!(class.kind, ObjectKind::NumberArray | ObjectKind::ReferenceArray | ObjectKind::String);
        let units = limosa_abi::object::object_size(class, word1) >> REFERENCE_SHIFT;
        if (counted && u64::from(word1) > MAX_LENGTH) || units == 0 || units > (self.extent.end - object.0) as usize {
            return Err(Damage::Size { object: object.0, class: class.id, word1 });
        }
        Ok(object.0 + units as u32)
    }

    /// Checks the references in all objects.
    unsafe fn slots(&self) -> Result<(), Damage> {
        let mut damage = None;
        // SAFETY: headers were found good, so objects lie one after the other and hold what their classes say.
        unsafe {
            walk(self.context, self.extent.clone(), |met| {
                reference_offsets(met.class, met.word1, |offset| {
                    let value = self.slot_value(met, offset);
                    if value != 0 && !u32::try_from(value).is_ok_and(|value| self.is_start(value)) {
                        let value = value as u32;
                        damage = damage.or(Some(Damage::Slot { object: met.object.0, class: met.class.id, offset, value }));
                    }
                });
            });
        }
        damage.map_or(Ok(()), Err)
    }

    /// What a reference slot holds: captures fill eight bytes, of which the upper half must be zero.
    unsafe fn slot_value(&self, met: &Met<'_>, offset: usize) -> u64 {
        // SAFETY: the offset is that of a slot in the object.
        unsafe {
            match met.class.kind {
                ObjectKind::Closure => *met.object.at::<u64>(self.context, offset),
                _ => u64::from(*met.object.at::<u32>(self.context, offset)),
            }
        }
    }

    /// Checks that free memory is zero.
    unsafe fn zero(&self, range: Range<u32>) -> Result<(), Damage> {
        for place in range {
            // SAFETY: memory of the heap.
            if unsafe { *Reference(place).at::<u64>(self.context, 0) } != 0 {
                return Err(Damage::NotZero { offset: (place as usize) << REFERENCE_SHIFT });
            }
        }
        Ok(())
    }
}
