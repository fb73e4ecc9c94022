//! Where a handler's operand comes from, as type parameters: each combination that the preparer uses is its own handler.
#![allow(unsafe_code, reason = "slot and immediate reads of the interpreter")]

use crate::interp::Word;
use limosa_abi::Reference;

/// A source of a 64-bit slot value.
pub(crate) trait Source: 'static {
    /// It is the accumulator.
    #[cfg_attr(any(debug_assertions, feature = "checked"), allow(dead_code, reason = "superinstructions ask"))]
    const IS_ACCUMULATOR: bool = false;
    /// Words it takes behind the instruction's first.
    const WORDS: usize = 0;
    /// Reads it.
    ///
    /// # Safety
    /// Frame and types as in [`interp`](crate::interp).
    unsafe fn get(pc: *const Word, fp: *mut u64, acc: u64) -> u64;
}

/// A source of an `f64`.
pub(crate) trait FloatSource: 'static {
    /// Words it takes behind the instruction's first.
    const WORDS: usize = 0;
    /// Reads it.
    ///
    /// # Safety
    /// Frame and types as in [`interp`](crate::interp).
    unsafe fn get(pc: *const Word, fp: *mut u64, facc: f64) -> f64;
}

macro_rules! slot_source {
    ($(#[$doc:meta])* $name:ident, $field:ident) => {
        $(#[$doc])*
        pub(crate) struct $name;
        impl Source for $name {
            #[inline(always)]
            unsafe fn get(pc: *const Word, fp: *mut u64, _acc: u64) -> u64 {
                // SAFETY: the slot is in the frame (preparer, verifier: operand ranges).
                unsafe { *fp.add((*pc).$field as usize) }
            }
        }
        impl FloatSource for $name {
            #[inline(always)]
            unsafe fn get(pc: *const Word, fp: *mut u64, _facc: f64) -> f64 {
                // SAFETY: as above; the slot holds an f64 (verifier: register types).
                unsafe { *fp.add((*pc).$field as usize).cast::<f64>() }
            }
        }
    };
}
slot_source!(
    #[doc = "The slot in field `a`."]
    A,
    a
);
slot_source!(
    #[doc = "The slot in field `b`."]
    B,
    b
);
slot_source!(
    #[doc = "The slot in field `c`."]
    C,
    c
);

macro_rules! plain_slot {
    ($name:ident, $field:ident) => {
        impl $name {
            /// Reads it as a slot value, for handlers that have no other form of the operand.
            ///
            /// # Safety
            /// Frame and types as in [`interp`](crate::interp).
            #[inline(always)]
            pub(crate) unsafe fn get_slot(pc: *const Word, fp: *mut u64) -> u64 {
                // SAFETY: the slot is in the frame (preparer, verifier: operand ranges).
                unsafe { *fp.add((*pc).$field as usize) }
            }
        }
    };
}
plain_slot!(A, a);
plain_slot!(B, b);

/// The accumulator.
pub(crate) struct Acc;
impl Source for Acc {
    const IS_ACCUMULATOR: bool = true;
    #[inline(always)]
    unsafe fn get(_pc: *const Word, _fp: *mut u64, acc: u64) -> u64 {
        acc
    }
}
impl FloatSource for Acc {
    #[inline(always)]
    unsafe fn get(_pc: *const Word, _fp: *mut u64, facc: f64) -> f64 {
        facc
    }
}

/// The sign-extended 32-bit immediate in `c` and `d`.
pub(crate) struct Immediate;
impl Source for Immediate {
    #[inline(always)]
    unsafe fn get(pc: *const Word, _fp: *mut u64, _acc: u64) -> u64 {
        // SAFETY: `pc` is an instruction (preparer).
        i64::from(unsafe { (*pc).immediate() }) as u64
    }
}

/// The sign-extended 16-bit immediate in `b`.
pub(crate) struct ShortImmediate;
impl Source for ShortImmediate {
    #[inline(always)]
    unsafe fn get(pc: *const Word, _fp: *mut u64, _acc: u64) -> u64 {
        // SAFETY: `pc` is an instruction (preparer).
        i64::from(unsafe { (*pc).b } as i16) as u64
    }
}

/// The sign-extended 16-bit immediate in `c`.
pub(crate) struct ThirdImmediate;
impl Source for ThirdImmediate {
    #[inline(always)]
    unsafe fn get(pc: *const Word, _fp: *mut u64, _acc: u64) -> u64 {
        // SAFETY: `pc` is an instruction (preparer).
        i64::from(unsafe { (*pc).c } as i16) as u64
    }
}

/// The 64 bits in the head of the word that follows the first.
pub(crate) struct Wide;
impl Source for Wide {
    const WORDS: usize = 1;
    #[inline(always)]
    unsafe fn get(pc: *const Word, _fp: *mut u64, _acc: u64) -> u64 {
        // SAFETY: the instruction has this second word (preparer).
        unsafe { (*pc.add(1)).head }
    }
}
impl FloatSource for Wide {
    const WORDS: usize = 1;
    #[inline(always)]
    unsafe fn get(pc: *const Word, _fp: *mut u64, _facc: f64) -> f64 {
        // SAFETY: the instruction has this second word (preparer).
        f64::from_bits(unsafe { (*pc.add(1)).head })
    }
}

/// The reference in a slot value.
///
/// # Safety
/// The slot's type is a reference type, so its upper half is zero (abi: frames).
#[inline(always)]
pub(crate) unsafe fn reference(slot: u64) -> Reference {
    // SAFETY: caller. Saying it saves the instruction that would clear the upper half.
    unsafe { std::hint::assert_unchecked(slot >> 32 == 0) };
    Reference::from_slot(slot)
}
