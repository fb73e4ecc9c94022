//! The guest stack's frames.
//!
//! A fiber's stack is one array of 64-bit slots. A frame of a function with `n` registers takes [`HEADER_SLOTS`]` + n` slots: the
//! link word, the return word, then the registers. The frame pointer is the address of register 0. A callee's frame follows its
//! caller's directly. An `i32` or `f32` register uses the low half of its slot, a reference likewise with the upper half zero.
//!
//! ```text
//! fp[-2]  link word: function index << 32 | slots from the caller's frame pointer to this one (0: no caller in this stack)
//! fp[-1]  return word: where the caller goes on; its lowest bit tells prepared code (0) from native code (1)
//! fp[0]…  registers
//! ```

/// Slots of a frame's header.
pub const HEADER_SLOTS: usize = 2;
/// The link word's place relative to the frame pointer.
pub const LINK_SLOT: isize = -2;
/// The return word's place relative to the frame pointer.
pub const RETURN_SLOT: isize = -1;
/// Slots beyond a stack's limit that always exist: room for the arguments of a call that will be refused, and for the interpreter's
/// scratch values.
pub const RED_ZONE_SLOTS: usize = 512;

/// The function index in a link word.
#[must_use]
#[inline(always)]
pub const fn link_function(link: u64) -> u32 {
    (link >> 32) as u32
}

/// The distance to the caller's frame pointer in a link word, in slots; 0 for the first frame of a stack or of a host's call.
#[must_use]
#[inline(always)]
pub const fn link_delta(link: u64) -> u32 {
    link as u32
}
