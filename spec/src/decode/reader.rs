//! Reads numbers, lengths and counts from the bytes of one section. Nothing is reserved for a count that the bytes left cannot hold.

use super::error::{DecodeError, DecodeRule, Fault};
use crate::format::Section;

/// A position in the bytes of a section.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    base: usize,
    section: Section,
}

impl<'a> Reader<'a> {
    /// Reads `bytes`, which lie at `base` in the file.
    pub fn new(bytes: &'a [u8], base: usize, section: Section) -> Reader<'a> {
        Reader { bytes, position: 0, base, section }
    }

    /// The number of bytes left.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The position in the file.
    pub fn offset(&self) -> usize {
        self.base + self.position
    }

    /// An error at the position.
    #[cold]
    pub fn fail(&self, rule: DecodeRule, message: impl Into<String>) -> Fault {
        DecodeError::new(rule, Some(self.section), self.offset(), message)
    }

    /// The next byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Fault> {
        match self.bytes.get(self.position) {
            Some(&byte) => {
                self.position += 1;
                Ok(byte)
            }
            None => Err(self.ended(1)),
        }
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        if count > self.remaining() {
            return Err(self.ended(count));
        }
        let start = self.position;
        self.position += count;
        Ok(&self.bytes[start..self.position])
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        match self.bytes[self.position..].first_chunk::<N>() {
            Some(&array) => {
                self.position += N;
                Ok(array)
            }
            None => Err(self.ended(N)),
        }
    }

    /// The last `count` bytes that were read, for messages.
    pub fn read_before(&self, count: usize) -> &'a [u8] {
        &self.bytes[self.position.saturating_sub(count)..self.position]
    }

    /// The next bytes without going past them, if there are that many.
    #[inline(always)]
    pub fn peek<const N: usize>(&self) -> Option<[u8; N]> {
        self.bytes.get(self.position..)?.first_chunk::<N>().copied()
    }

    /// Goes past bytes that [`Reader::peek`] has seen.
    #[inline(always)]
    pub fn skip_peeked(&mut self, count: usize) {
        debug_assert!(count <= self.remaining());
        self.position += count;
    }

    /// An unsigned number of up to 32 bits in minimal ULEB128.
    #[inline(always)]
    pub fn u32(&mut self) -> Result<u32, Fault> {
        match self.bytes.get(self.position) {
            Some(&byte) if byte < 0x80 => {
                self.position += 1;
                Ok(u32::from(byte))
            }
            _ => self.long_u32(),
        }
    }

    #[inline(never)]
    fn long_u32(&mut self) -> Result<u32, Fault> {
        let mut value = 0u64;
        for place in 0..5 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                if byte == 0 && place > 0 {
                    return Err(self.not_minimal());
                }
                return u32::try_from(value).map_err(|_| self.overflow(32));
            }
        }
        Err(self.overflow(32))
    }

    /// A signed number of up to 64 bits in minimal SLEB128.
    #[inline]
    pub fn i64(&mut self) -> Result<i64, Fault> {
        match self.bytes.get(self.position) {
            Some(&byte) if byte < 0x80 => {
                self.position += 1;
                Ok(i64::from((byte << 1) as i8 >> 1))
            }
            _ => self.long_i64(),
        }
    }

    #[inline(never)]
    fn long_i64(&mut self) -> Result<i64, Fault> {
        let mut value = 0i64;
        let mut before = 0u8;
        for place in 0..10 {
            let byte = self.byte()?;
            if place == 9 && byte != 0 && byte != 0x7f {
                return Err(self.overflow(64));
            }
            value |= i64::from(byte & 0x7f).wrapping_shl(7 * place);
            if byte < 0x80 {
                let sign_only = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if place > 0 && sign_only {
                    return Err(self.not_minimal());
                }
                let unused = 64u32.saturating_sub(7 * (place + 1));
                return Ok(value << unused >> unused);
            }
            before = byte;
        }
        Err(self.overflow(64))
    }

    /// A signed number of up to 32 bits in minimal SLEB128.
    pub fn i32(&mut self) -> Result<i32, Fault> {
        let value = self.i64()?;
        i32::try_from(value).map_err(|_| self.overflow(32))
    }

    /// A count of entries of at least `least` bytes each: within its limit, and no more than the bytes left can hold.
    pub fn count(&mut self, limit: u32, rule: DecodeRule, what: &str, least: usize) -> Result<usize, Fault> {
        let count = self.u32()?;
        if count > limit {
            return Err(self.fail(rule, format!("{count} {what}, at most {limit} are allowed")));
        }
        self.fits(count, what, least)
    }

    /// Checks that the bytes left can hold `count` entries of at least `least` bytes each.
    pub fn fits(&self, count: u32, what: &str, least: usize) -> Result<usize, Fault> {
        let count = count as usize;
        if count > self.remaining() / least {
            let left = self.remaining();
            return Err(self.fail(DecodeRule::Truncated, format!("{count} {what} are announced, {left} bytes are left")));
        }
        Ok(count)
    }

    /// A flag byte without bits beyond `known`.
    pub fn flags(&mut self, known: u8) -> Result<u8, Fault> {
        let flags = self.byte()?;
        if flags & !known != 0 {
            return Err(self.fail(DecodeRule::Flags, format!("flags {flags:#04x} have unknown bits; {known:#04x} are known")));
        }
        Ok(flags)
    }

    /// Valid UTF-8 of a length that stands before it.
    pub fn string(&mut self) -> Result<&'a str, Fault> {
        let length = self.u32()?;
        if length > crate::limits::STRING_BYTES {
            let message = format!("a string of {length} bytes, at most {} are allowed", crate::limits::STRING_BYTES);
            return Err(self.fail(DecodeRule::LimitStringBytes, message));
        }
        let start = self.offset();
        let bytes = self.bytes(length as usize)?;
        std::str::from_utf8(bytes).map_err(|error| {
            let offset = start + error.valid_up_to();
            DecodeError::new(DecodeRule::Utf8, Some(self.section), offset, "a string that is not valid UTF-8")
        })
    }

    /// Checks that everything was read.
    pub fn finish(&self, rule: DecodeRule) -> Result<(), Fault> {
        match self.remaining() {
            0 => Ok(()),
            left => Err(self.fail(rule, format!("{left} bytes are left after the last entry"))),
        }
    }

    #[cold]
    fn ended(&self, wanted: usize) -> Fault {
        let left = self.remaining();
        self.fail(DecodeRule::Truncated, format!("{wanted} more bytes are expected, {left} are left"))
    }

    #[cold]
    fn not_minimal(&self) -> Fault {
        self.fail(DecodeRule::LebMinimal, "a number is written with more bytes than it needs")
    }

    #[cold]
    fn overflow(&self, bits: u32) -> Fault {
        self.fail(DecodeRule::LebOverflow, format!("a number does not fit {bits} bits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes: &[u8]) -> Reader<'_> {
        Reader::new(bytes, 0, Section::Manifest)
    }

    #[test]
    fn unsigned_numbers_are_minimal_and_fit() {
        let read = |bytes: &[u8]| reader(bytes).u32().map_err(|fault| fault.rule);
        assert_eq!(read(&[0x7f]), Ok(127));
        assert_eq!(read(&[0x80, 0x01]), Ok(128));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Ok(u32::MAX));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0x1f]), Err(DecodeRule::LebOverflow));
        assert_eq!(read(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x01]), Err(DecodeRule::LebOverflow));
        assert_eq!(read(&[0x80, 0x00]), Err(DecodeRule::LebMinimal));
        assert_eq!(read(&[0x80, 0x80, 0x80, 0x80, 0x00]), Err(DecodeRule::LebMinimal));
        assert_eq!(read(&[0x80]), Err(DecodeRule::Truncated));
        assert_eq!(read(&[]), Err(DecodeRule::Truncated));
    }

    #[test]
    fn signed_numbers_are_minimal_and_fit() {
        let read = |bytes: &[u8]| reader(bytes).i64().map_err(|fault| fault.rule);
        assert_eq!(read(&[0x3f]), Ok(63));
        assert_eq!(read(&[0x40]), Ok(-64));
        assert_eq!(read(&[0xc0, 0x00]), Ok(64));
        assert_eq!(read(&[0xbf, 0x7f]), Ok(-65));
        assert_eq!(read(&[0xbf, 0x00]), Err(DecodeRule::LebMinimal));
        assert_eq!(read(&[0xc0, 0x7f]), Err(DecodeRule::LebMinimal));
        let minimum = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        let maximum = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
        assert_eq!(read(&minimum), Ok(i64::MIN));
        assert_eq!(read(&maximum), Ok(i64::MAX));
        assert_eq!(read(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]), Err(DecodeRule::LebOverflow));
        assert_eq!(read(&[0xff; 11]), Err(DecodeRule::LebOverflow));
        assert_eq!(reader(&[0x80, 0x80, 0x80, 0x80, 0x08]).i32().map_err(|fault| fault.rule), Err(DecodeRule::LebOverflow));
        assert_eq!(reader(&[0x80, 0x80, 0x80, 0x80, 0x78]).i32().ok(), Some(i32::MIN));
    }

    #[test]
    fn a_count_must_fit_the_bytes_left() {
        let mut short = reader(&[0x05, 0, 0, 0, 0]);
        assert_eq!(short.clone().count(9, DecodeRule::LimitGlobals, "entries", 1).map_err(|fault| fault.rule), Err(DecodeRule::Truncated));
        assert_eq!(short.count(4, DecodeRule::LimitGlobals, "entries", 1).map_err(|fault| fault.rule), Err(DecodeRule::LimitGlobals));
        assert_eq!(reader(&[0x02, 0, 0, 0, 0]).count(4, DecodeRule::LimitGlobals, "entries", 2).ok(), Some(2));
    }
}
