//! The threaded interpreter.
//!
//! [`prepare`](crate::prepare) translates verified bytecode into [`Word`]s whose first half is the address of the handler that runs
//! them. A handler takes the whole state of the machine in registers, does its work and ends in a call of the next handler in tail
//! position, which optimised builds compile to a jump ([`dispatch`]). What an instruction means is in [`ops`]; everything that may
//! collect, throw, suspend or call the host is a [`slow`] operation.
//!
//! Two accumulators travel with the state: `acc` holds the integer or reference most recently produced, `facc` the `f64`. Every
//! producer writes its slot *as well*, so frames are complete whenever anybody looks; the preparer picks the accumulator form of a
//! consumer only in straight-line code with no safepoint between. Superinstructions, in which nobody looks, leave out writes that nobody
//! would read.
//!
//! Safety: handlers trust prepared code; prepared code is made only from [`VerifiedModule`](limosa_spec::verify::VerifiedModule)s.
//! What each handler's `unsafe` rests on:
//! - *frame*: `fp` points to a frame of the function whose code `pc` is in; every slot operand is below its register count, or in the
//!   red zone behind it (verifier: operand ranges; `enter`: stack limit).
//! - *types*: a slot has the type its register is declared with (verifier; `enter` zeroes locals).
//! - *references*: a non-null reference is to a live object of the isolate whose static type the verifier proved (collector).
#![allow(unsafe_code, reason = "the interpreter's unchecked accesses, each resting on a verifier rule")]

use limosa_abi::Context;

/// Sixteen bytes of prepared code: an instruction's first word starts with its handler's address; what further words hold is the
/// instruction's affair.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub(crate) struct Word {
    /// The handler's address, or 64 bits of data.
    pub head: u64,
    /// Mostly the destination slot.
    pub a: u16,
    /// Mostly the first source slot.
    pub b: u16,
    /// Mostly the second source slot, or the low half of a 32-bit immediate.
    pub c: u16,
    /// The high half of a 32-bit immediate.
    pub d: u16,
}

impl Word {
    /// A word of data.
    pub const fn data(head: u64, a: u16, b: u16) -> Word {
        Word { head, a, b, c: 0, d: 0 }
    }

    /// The 32-bit immediate in `c` and `d`.
    #[inline(always)]
    pub fn immediate(&self) -> i32 {
        (u32::from(self.c) | u32::from(self.d) << 16) as i32
    }

    /// Sets the 32-bit immediate in `c` and `d`.
    pub fn set_immediate(&mut self, value: i32) {
        self.c = value as u16;
        self.d = (value >> 16) as u16;
    }
}

/// How a run of handlers ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Status {
    /// Trampoline: go on with the state in the context. Slow operations: likewise.
    Continue,
    /// The call that the host made returned.
    Returned,
    /// An exception left the call that the host made; it is in the VM's state.
    Threw,
    /// Fuel ended or somebody interrupted; the state in the context can be gone on with.
    Suspended,
    /// The program asked to exit, or a nested suspension ends everything.
    Aborted,
}

/// Defines handlers: functions of the one signature, in a convention that passes all of it in registers.
macro_rules! handler {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident[$($generics:tt)*]($pc:ident, $fp:ident, $cx:ident, $fuel:ident, $acc:ident, $facc:ident) $body:block) => {
        $(#[$attribute])*
        #[cfg(target_arch = "x86_64")]
        $visibility unsafe extern "sysv64" fn $name<$($generics)*>(
            $pc: *const $crate::interp::Word, $fp: *mut u64, $cx: *mut ::limosa_abi::Context, $fuel: i64, $acc: u64, $facc: f64,
        ) -> $crate::interp::Status $body

        $(#[$attribute])*
        #[cfg(not(target_arch = "x86_64"))]
        $visibility unsafe extern "C" fn $name<$($generics)*>(
            $pc: *const $crate::interp::Word, $fp: *mut u64, $cx: *mut ::limosa_abi::Context, $fuel: i64, $acc: u64, $facc: f64,
        ) -> $crate::interp::Status $body
    };
}

/// The address in a word's head.
#[cfg(target_arch = "x86_64")]
pub(crate) type Handler = unsafe extern "sysv64" fn(*const Word, *mut u64, *mut Context, i64, u64, f64) -> Status;
/// The address in a word's head.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) type Handler = unsafe extern "C" fn(*const Word, *mut u64, *mut Context, i64, u64, f64) -> Status;

pub(crate) mod dispatch;
pub(crate) mod operand;
pub(crate) mod ops;
#[cfg(not(any(debug_assertions, feature = "checked")))]
pub(crate) mod parts;
#[cfg(not(any(debug_assertions, feature = "checked")))]
pub(crate) mod sequence;
pub(crate) mod slow;

#[cfg(all(test, not(debug_assertions), target_arch = "x86_64"))]
mod tests;
