//! Copying and comparing memory of which there mostly is little, where the call of a function that takes any amount would cost more than
//! the work.
#![allow(unsafe_code, reason = "copies raw memory")]

use std::ptr;

/// So many bytes are copied and compared in place.
pub const MOST_IN_PLACE: usize = 64;

/// Copies bytes from one place to another, many by a call.
///
/// # Safety
/// As for [`ptr::copy_nonoverlapping`].
#[inline(always)]
pub unsafe fn copy_short(source: *const u8, target: *mut u8, bytes: usize) {
    // SAFETY: caller.
    unsafe {
        match bytes {
            0..=MOST_IN_PLACE => copy_in_place(source, target, bytes),
            _ => ptr::copy_nonoverlapping(source, target, bytes),
        }
    }
}

/// Copies bytes from one place to another without a call.
///
/// # Safety
/// As for [`ptr::copy_nonoverlapping`]; they are [`MOST_IN_PLACE`] at most.
#[inline(always)]
pub unsafe fn copy_in_place(source: *const u8, target: *mut u8, bytes: usize) {
    // SAFETY: `ends` gets no more than twice its size and no less than its size; the rest is the caller's.
    unsafe {
        match bytes {
            0 => {}
            1..4 => {
                // First, middle and last byte, which may be the same.
                let (middle, last) = (*source.add(bytes / 2), *source.add(bytes - 1));
                *target = *source;
                *target.add(bytes / 2) = middle;
                *target.add(bytes - 1) = last;
            }
            4..8 => ends::<4>(source, target, bytes),
            8..=16 => ends::<8>(source, target, bytes),
            17..=32 => ends::<16>(source, target, bytes),
            _ => ends::<32>(source, target, bytes),
        }
    }
}

/// Copies the first and the last `N` of so many bytes, which may overlap.
///
/// # Safety
/// `bytes` is `N` to `2 * N`, and as for [`copy_in_place`].
#[inline(always)]
unsafe fn ends<const N: usize>(source: *const u8, target: *mut u8, bytes: usize) {
    // SAFETY: both lie within the bytes to be copied (caller).
    unsafe {
        let last = source.add(bytes - N).cast::<[u8; N]>().read();
        target.cast::<[u8; N]>().write(source.cast::<[u8; N]>().read());
        target.add(bytes - N).cast::<[u8; N]>().write(last);
    }
}

/// Whether as many bytes are the same in two places, without a call.
///
/// # Safety
/// Both can be read.
#[must_use]
#[inline(always)]
pub unsafe fn equal_in_place(first: *const u8, second: *const u8, bytes: usize) -> bool {
    // SAFETY: all offsets are below `bytes` (caller).
    unsafe {
        let narrow = |offset: usize| *first.add(offset) == *second.add(offset);
        let half = |offset: usize| first.add(offset).cast::<u32>().read_unaligned() == second.add(offset).cast::<u32>().read_unaligned();
        let wide = |offset: usize| first.add(offset).cast::<u64>().read_unaligned() == second.add(offset).cast::<u64>().read_unaligned();
        match bytes {
            0 => true,
            1..4 => narrow(0) && narrow(bytes / 2) && narrow(bytes - 1),
            4..8 => half(0) && half(bytes - 4),
            _ => {
                let mut offset = 0;
                while offset < bytes - 8 {
                    if !wide(offset) {
                        return false;
                    }
                    offset += 8;
                }
                wide(bytes - 8)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_seen_and_none_beside_the_bytes() {
        for bytes in 0..=MOST_IN_PLACE {
            let first: Vec<u8> = (0..80).collect();
            for different in 0..80 {
                let mut second = first.clone();
                second[different] ^= 0x80;
                // SAFETY: both are longer than what is compared.
                let equal = unsafe { equal_in_place(first[7..].as_ptr(), second[7..].as_ptr(), bytes) };
                assert_eq!(equal, !(7..7 + bytes).contains(&different), "{bytes} {different}");
            }
        }
    }

    #[test]
    fn every_length_is_copied_and_nothing_beside_it() {
        let source: Vec<u8> = (1..=200).collect();
        for bytes in 0..=150 {
            let mut target = [0; 160];
            // SAFETY: both are longer than what is copied.
            unsafe { copy_short(source[3..].as_ptr(), target[5..].as_mut_ptr(), bytes) };
            assert_eq!(target[5..5 + bytes], source[3..3 + bytes], "{bytes}");
            assert!(target[..5].iter().chain(&target[5 + bytes..]).all(|&byte| byte == 0), "{bytes}");
        }
    }
}
