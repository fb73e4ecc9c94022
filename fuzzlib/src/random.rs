//! Random bytes from a seed: each case of a run has its own seed, so that one case repeats without those before it.

/// A generator of 64-bit numbers (SplitMix64): small, and good enough to pick cases.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// The numbers of a case of a run.
    #[must_use]
    pub fn of_case(seed: u64, case: u64) -> Random {
        let mut of_seed = Random::new(seed);
        Random::new(of_seed.next().wrapping_add(case.wrapping_mul(0x9e37_79b9_7f4a_7c15)).rotate_left(17) ^ case)
    }

    /// The next number.
    #[allow(clippy::should_implement_trait, reason = "the numbers never end")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The bytes of choices of a case: from a few up to `most`, of every order of magnitude.
    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        let bits = u64::from(most.max(16).ilog2()) - 3;
        let longest = 1_u64 << (4 + (self.next() % bits).max(self.next() % bits));
        let length = 1 + (self.next() % longest) as usize;
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_repeats_and_differs_from_others() {
        let bytes = |seed, case| Random::of_case(seed, case).bytes(4096);
        assert_eq!(bytes(1, 5), bytes(1, 5));
        assert_ne!(bytes(1, 5), bytes(1, 6));
        assert_ne!(bytes(1, 5), bytes(2, 5));
        assert!((0..200).all(|case| (1..=4096).contains(&bytes(3, case).len())));
    }
}
