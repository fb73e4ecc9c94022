//! Choices taken from bytes: the same bytes make the same choices, and fewer bytes make simpler ones, so that finds shrink.
//!
//! Everything that a generator decides comes from here, so a case is a sequence of bytes, whether a seed or a coverage-guided fuzzer
//! made it.

/// A source of choices; when the bytes are used up, every choice is the first.
#[derive(Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    /// Choices from `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices { bytes }
    }

    /// Whether there are no bytes left.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((&first, rest)) => {
                self.bytes = rest;
                first
            }
            None => 0,
        }
    }

    /// A number below `bound`; 0 if it is 0. Bounds above 65536 count as that.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = usize::from(self.byte()) | if bound > 256 { usize::from(self.byte()) << 8 } else { 0 };
        wide.checked_rem(bound.min(1 << 16)).unwrap_or(0)
    }

    /// True in `part` of `whole` cases, never when the bytes are used up.
    pub fn chance(&mut self, part: usize, whole: usize) -> bool {
        self.below(whole) >= whole - part
    }

    /// One of the items.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let index = self.below(items.len());
        items.get(index).copied()
    }

    /// Four bytes.
    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes([(); 4].map(|()| self.byte()))
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> u64 {
        u64::from_le_bytes([(); 8].map(|()| self.byte()))
    }

    /// What is left.
    #[must_use]
    pub fn rest(self) -> &'a [u8] {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_follow_the_bytes_and_end_with_the_first() {
        let mut choices = Choices::new(&[7, 1, 2]);
        assert_eq!(choices.below(5), 2);
        assert_eq!(choices.below(1000), 1 + 2 * 256);
        assert!(choices.is_used_up());
        assert!(!choices.chance(1, 2));
        assert_eq!(choices.pick(&[3, 4]), Some(3));
    }
}
