//! Copying memory of which there mostly is little, where the call of a function that copies any amount would cost more than the copy.
#![allow(unsafe_code, reason = "copies raw memory")]

use std::ptr;

/// Copies of so many bytes are made in place, larger ones by a call.
const MOST_IN_PLACE: usize = 64;

/// Copies bytes from one place to another.
///
/// # Safety
/// As for [`ptr::copy_nonoverlapping`].
#[inline(always)]
pub unsafe fn copy_short(source: *const u8, target: *mut u8, bytes: usize) {
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
            33..=MOST_IN_PLACE => ends::<32>(source, target, bytes),
            _ => ptr::copy_nonoverlapping(source, target, bytes),
        }
    }
}

/// Copies the first and the last `N` of so many bytes, which may overlap.
///
/// # Safety
/// `bytes` is `N` to `2 * N`, and as for [`copy_short`].
#[inline(always)]
unsafe fn ends<const N: usize>(source: *const u8, target: *mut u8, bytes: usize) {
    // SAFETY: both lie within the bytes to be copied (caller).
    unsafe {
        let last = source.add(bytes - N).cast::<[u8; N]>().read();
        target.cast::<[u8; N]>().write(source.cast::<[u8; N]>().read());
        target.add(bytes - N).cast::<[u8; N]>().write(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
