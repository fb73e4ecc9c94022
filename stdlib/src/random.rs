//! Random bytes from the system, fetched a few hundred at a time.

/// Bytes fetched at once.
const BATCH: usize = 512;

/// Random bytes that nobody can predict.
#[derive(Default)]
pub(crate) struct RandomBytes {
    batch: Box<[u8]>,
    used: usize,
}

impl std::fmt::Debug for RandomBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The bytes to come are a secret.
        f.debug_struct("RandomBytes").finish_non_exhaustive()
    }
}

impl RandomBytes {
    /// The next eight bytes.
    pub fn next_u64(&mut self) -> Result<u64, getrandom::Error> {
        if self.used + 8 > self.batch.len() {
            if self.batch.is_empty() {
                self.batch = vec![0; BATCH].into();
            }
            getrandom::fill(&mut self.batch)?;
            self.used = 0;
        }
        let mut word = [0; 8];
        let taken = &mut self.batch[self.used..self.used + 8];
        word.copy_from_slice(taken);
        taken.fill(0);
        self.used += 8;
        Ok(u64::from_le_bytes(word))
    }

    /// A number in `0..1`, one of 2^53 equally likely ones.
    pub fn next_f64(&mut self) -> Result<f64, getrandom::Error> {
        Ok(unit(self.next_u64()?))
    }
}

/// 53 bits as a number in `0..1`.
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_below_one() {
        assert_eq!(unit(0), 0.0);
        assert!(unit(u64::MAX) < 1.0);
        assert_eq!(unit(1 << 63), 0.5);
    }

    #[test]
    fn batches_do_not_repeat() {
        let mut random = RandomBytes::default();
        let mut seen: Vec<u64> = (0..1000).map(|_| random.next_u64().unwrap()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1000);
    }
}
