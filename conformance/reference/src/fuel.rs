//! Fuel (chapter *Execution*, *Fuel*): how much was used, and whether a charge still fits.

use crate::failure::Stop;
use crate::machine::Machine;

/// Bytes that a built-in operation touches for a unit of fuel.
const BYTES_PER_UNIT: u64 = 16;

/// The fuel of an isolate.
#[derive(Debug)]
pub struct Fuel {
    limit: Option<u64>,
    used: u64,
}

impl Fuel {
    /// All of it; without an end if there is no limit.
    #[must_use]
    pub fn new(limit: Option<u64>) -> Fuel {
        Fuel { limit, used: 0 }
    }

    /// How much was used. What is owed beyond the limit was not there to be used.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.limit.map_or(self.used, |limit| self.used.min(limit))
    }

    /// Grants more.
    pub fn add(&mut self, amount: u64) {
        self.limit = self.limit.map(|limit| limit.saturating_add(amount));
    }

    /// Charges, if it fits.
    pub fn charge(&mut self, units: u64) -> Result<(), Stop> {
        let used = self.used.saturating_add(units);
        if self.limit.is_some_and(|limit| used > limit) {
            return Err(Stop::Suspend);
        }
        self.used = used;
        Ok(())
    }

    /// Charges for the bytes that an operation is about to touch: a sixteenth, rounded down.
    pub fn charge_bytes(&mut self, bytes: u64) -> Result<u64, Stop> {
        let units = bytes / BYTES_PER_UNIT;
        self.charge(units)?;
        Ok(units)
    }

    /// Charges for bytes that a host function has touched already. What does not fit is owed: the next charge, even of nothing, suspends.
    pub fn owe_bytes(&mut self, bytes: u64) {
        self.used = self.used.saturating_add(bytes / BYTES_PER_UNIT);
    }

    /// Gives back what was charged for something that will be done again.
    pub fn give_back(&mut self, units: u64) {
        self.used = self.used.saturating_sub(units);
    }
}

impl Machine<'_> {
    /// Goes on at another instruction of the running function. Going back, or staying, charges the distance and one more, before anything
    /// else happens.
    pub(crate) fn jump(&mut self, target: usize) -> Result<(), Stop> {
        let pc = self.frame()?.pc;
        if target <= pc {
            self.fuel.charge((pc - target) as u64 + 1)?;
        }
        self.frame_mut()?.pc = target;
        Ok(())
    }
}
