//! Fuel in bounded slices. The running slice is in a register; at its end the VM looks at cancellation and deadline and cuts the next.
#![allow(unsafe_code, reason = "reads the published fuel in the context")]

use crate::runtime::{Raise, Reason, Vm};
use limosa_abi::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Bytes that a built-in operation touches for a unit of fuel.
const BYTES_PER_UNIT: u64 = 16;

/// What a built-in operation is charged for the bytes it touches.
#[inline(always)]
pub(crate) const fn charge_of_bytes(bytes: u64) -> i64 {
    (bytes / BYTES_PER_UNIT) as i64
}

/// Instructions between two looks at the outside world.
const SLICE: u64 = 1 << 17;

/// What is left beyond the running slice.
pub(crate) struct Fuel {
    /// Fuel not yet handed to a slice; so much that it never ends where there is no limit.
    reserve: u64,
    /// All that was ever granted.
    granted: u64,
    /// When to suspend.
    pub deadline: Option<Instant>,
    /// Somebody asked to suspend.
    pub cancelled: Arc<AtomicBool>,
}

impl Fuel {
    /// Full, or endless where `limit` is None.
    pub fn new(limit: Option<u64>, deadline: Option<Instant>, cancelled: Arc<AtomicBool>) -> Fuel {
        let granted = limit.unwrap_or(u64::MAX);
        Fuel { reserve: granted, granted, deadline, cancelled }
    }
}

/// The fuel and where the running slice is.
pub(crate) struct Meter<'a> {
    fuel: &'a mut Fuel,
    /// An isolate's, with the fuel register published.
    cx: *mut Context,
}

impl Meter<'_> {
    /// The fuel and the context of an isolate.
    ///
    /// # Safety
    /// They are of the same isolate, which does not run while this is used, and whose fuel register is published.
    pub unsafe fn new(fuel: &mut Fuel, cx: *mut Context) -> Meter<'_> {
        Meter { fuel, cx }
    }

    /// Whether somebody asked the isolate to stop.
    pub fn is_cancelled(&self) -> bool {
        self.fuel.cancelled.load(Ordering::Relaxed)
    }

    /// Makes the running slice hold at least `charge`, or suspends. Charges nothing.
    #[cold]
    fn refill(&mut self, charge: i64) -> Result<(), Raise> {
        if self.fuel.cancelled.swap(false, Ordering::Relaxed) {
            return Err(Raise::Suspend(Reason::Cancelled));
        }
        if self.fuel.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Raise::Suspend(Reason::Deadline));
        }
        // SAFETY: as `new` says.
        let left = unsafe { &mut (*self.cx).fuel };
        let missing = u64::try_from(charge - *left).unwrap_or(0);
        let grant = self.fuel.reserve.min(missing.max(SLICE));
        if grant < missing {
            return Err(Raise::Suspend(Reason::Fuel));
        }
        self.fuel.reserve -= grant;
        *left += grant as i64;
        Ok(())
    }

    /// Charges for the bytes that are about to be touched; gives the charge.
    #[inline]
    pub fn charge_bytes(&mut self, bytes: u64) -> Result<i64, Raise> {
        let charge = charge_of_bytes(bytes);
        // SAFETY: as `new` says.
        unsafe {
            if (*self.cx).fuel < charge {
                self.refill(charge)?;
            }
            (*self.cx).fuel -= charge;
        }
        Ok(charge)
    }

    /// Charges for bytes that were touched. What does not fit is owed: whatever is charged next suspends.
    pub fn owe_bytes(&mut self, bytes: u64) {
        let charge = charge_of_bytes(bytes);
        // SAFETY: as `new` says.
        unsafe { (*self.cx).fuel = (*self.cx).fuel.saturating_sub(charge) };
    }
}

impl Vm {
    /// The fuel, with the register published.
    #[inline]
    pub fn meter(&mut self) -> Meter<'_> {
        // SAFETY: the isolate's own, which is borrowed mutably.
        unsafe { Meter::new(&mut self.fuel, self.roots.cx) }
    }

    /// Makes the running slice hold at least `charge`, or suspends. Charges nothing.
    pub fn refill(&mut self, charge: i64) -> Result<(), Raise> {
        self.meter().refill(charge)
    }

    /// Charges a built-in operation for the bytes it is about to touch.
    #[inline]
    pub fn charge_bytes(&mut self, bytes: u64) -> Result<(), Raise> {
        self.meter().charge_bytes(bytes).map(|_| ())
    }

    /// Fuel used since the isolate was made. Exact whenever the isolate does not run.
    pub fn fuel_used(&self) -> u64 {
        self.fuel.granted - self.fuel_left_raw()
    }

    fn fuel_left_raw(&self) -> u64 {
        // SAFETY: the context is ours; the fuel register was published.
        let slice = unsafe { (*self.context()).fuel };
        // What is owed comes off the reserve; beyond that there was nothing to use.
        if slice < 0 { self.fuel.reserve.saturating_sub(slice.unsigned_abs()) } else { self.fuel.reserve + slice.unsigned_abs() }
    }

    /// Fuel left; None where there is no limit.
    pub fn fuel_left(&self) -> Option<u64> {
        (self.fuel.granted != u64::MAX).then(|| self.fuel_left_raw())
    }

    /// Grants more fuel; without effect where there is no limit.
    pub fn add_fuel(&mut self, amount: u64) {
        if self.fuel.granted != u64::MAX {
            let amount = amount.min(u64::MAX - 1 - self.fuel.granted);
            self.fuel.granted += amount;
            self.fuel.reserve += amount;
        }
    }

    /// Keeps what a branch needs to be run again: the values of the slots its accumulators came from.
    pub fn reload_accumulators(&mut self, acc: u64, facc: u64) {
        let cx = self.context();
        // SAFETY: the context is ours.
        unsafe {
            (*cx).acc = acc;
            (*cx).facc = f64::from_bits(facc);
        }
    }
}
