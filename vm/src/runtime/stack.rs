//! Guest stacks: address space reserved once, committed by touch, charged to the heap as it is used, and used again.
#![allow(unsafe_code, reason = "maps memory")]

use limosa_abi::frame::RED_ZONE_SLOTS;
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
use std::io;
use std::ptr::null_mut;

/// Slots that a new stack may use before it has to grow: with the red zone, two pages.
const FIRST_SLOTS: usize = 1024 - RED_ZONE_SLOTS;

/// One fiber's stack.
pub(crate) struct Stack {
    base: *mut u64,
    /// Slots that frames may use now.
    usable: usize,
    /// Slots that frames may ever use.
    maximum: usize,
}

impl Stack {
    /// The first slot.
    pub fn base(&self) -> *mut u64 {
        self.base
    }

    /// The first slot that frames may not use now.
    pub fn limit(&self) -> *mut u64 {
        self.base.wrapping_add(self.usable)
    }

    /// Bytes that count against the heap's limit.
    pub fn charged_bytes(&self) -> usize {
        (self.usable + RED_ZONE_SLOTS) * size_of::<u64>()
    }

    /// How many slots may be used if the stack grows so that frames can reach `top`; None where that is beyond its limit.
    pub fn growth_for(&self, top: *mut u64) -> Option<usize> {
        let needed = (top as usize - self.base as usize) / size_of::<u64>();
        (needed <= self.maximum).then(|| needed.max(self.usable * 2).min(self.maximum))
    }

    /// Sets how many slots may be used.
    pub fn set_usable(&mut self, slots: usize) {
        debug_assert!(slots <= self.maximum);
        self.usable = slots;
    }

    fn bytes(&self) -> usize {
        (self.maximum + RED_ZONE_SLOTS) * size_of::<u64>()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: mapped by `StackPool::take` with this size; nobody uses a stack after its fiber ended.
        let _ = unsafe { munmap(self.base.cast(), self.bytes()) };
    }
}

/// Makes stacks of one size, and keeps a few that are free.
pub(crate) struct StackPool {
    slots: usize,
    free: Vec<Stack>,
}

/// Free stacks that are kept.
const KEPT: usize = 64;

impl StackPool {
    /// A pool of stacks whose frames may use `slots` slots.
    pub fn new(slots: usize) -> StackPool {
        StackPool { slots: slots.max(FIRST_SLOTS), free: Vec::new() }
    }

    /// A stack nobody uses.
    pub fn take(&mut self) -> io::Result<Stack> {
        if let Some(stack) = self.free.pop() {
            return Ok(stack);
        }
        let bytes = (self.slots + RED_ZONE_SLOTS).checked_mul(size_of::<u64>()).ok_or(io::ErrorKind::OutOfMemory)?;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a fresh anonymous mapping anywhere.
        let base = unsafe { mmap_anonymous(null_mut(), bytes, ProtFlags::READ | ProtFlags::WRITE, flags)? };
        Ok(Stack { base: base.cast(), usable: FIRST_SLOTS, maximum: self.slots })
    }

    /// Takes a stack back; its memory beyond the first pages goes back to the system.
    pub fn give_back(&mut self, mut stack: Stack) {
        if self.free.len() >= KEPT {
            return;
        }
        if stack.usable > FIRST_SLOTS {
            let kept = (FIRST_SLOTS + RED_ZONE_SLOTS) * size_of::<u64>();
            let rest = stack.base.wrapping_add(FIRST_SLOTS + RED_ZONE_SLOTS).cast();
            // SAFETY: the range lies in the stack's own mapping, which nobody uses now.
            if unsafe { madvise(rest, stack.bytes() - kept, Advice::LinuxDontNeed) }.is_err() {
                return;
            }
            stack.usable = FIRST_SLOTS;
        }
        self.free.push(stack);
    }
}
