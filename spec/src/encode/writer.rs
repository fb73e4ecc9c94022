//! Appends numbers and strings to the bytes of a section.

use super::EncodeError;

/// The bytes of a section so far.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A number in minimal ULEB128.
    pub fn u64(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.byte(value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8);
    }

    /// A number in minimal ULEB128.
    pub fn u32(&mut self, value: u32) {
        self.u64(u64::from(value));
    }

    /// A count or length in minimal ULEB128.
    pub fn count(&mut self, count: usize) {
        self.u64(count as u64);
    }

    /// An index, or its absence: one more than the index, or 0.
    pub fn optional(&mut self, index: Option<u32>) {
        self.u64(index.map_or(0, |index| u64::from(index) + 1));
    }

    /// A number in minimal SLEB128.
    pub fn i64(&mut self, mut value: i64) {
        loop {
            let low = value as u8 & 0x7f;
            value >>= 7;
            if value == if low & 0x40 == 0 { 0 } else { -1 } {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }

    /// A string after its length.
    pub fn string(&mut self, string: &str) {
        self.count(string.len());
        self.bytes.extend_from_slice(string.as_bytes());
    }

    /// The distance from the entry after `before`, or from 0.
    pub fn distance(&mut self, value: u32, before: Option<u32>) -> Result<(), EncodeError> {
        let least = before.map_or(0, |before| u64::from(before) + 1);
        self.u64(u64::from(value).checked_sub(least).ok_or(EncodeError::NotCanonical)?);
        Ok(())
    }
}
