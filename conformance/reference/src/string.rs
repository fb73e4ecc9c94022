//! Strings (chapter *Instructions*, *Strings*). Positions count bytes.

use crate::array::{MOST_ELEMENTS, part};
use crate::failure::{Failure, Stop};
use crate::heap::{Contents, Elements, ObjectId};
use crate::machine::{Flow, Machine};
use crate::operands::Instruction;
use crate::program::Kind;
use crate::value::truth;
use limosa_spec::{Type, WellKnown};
use std::ops::Range;
use std::rc::Rc;

impl<'p> Machine<'p> {
    /// The text of a string.
    pub(crate) fn text_of(&self, string: ObjectId) -> Result<Rc<str>, Failure> {
        match &self.heap.get(string)?.contents {
            Contents::Text(text) => Ok(text.clone()),
            _ => Err(Failure::new("the object is no string")),
        }
    }

    /// The text of the string that an operand refers to.
    fn text(&self, operand: u32) -> Result<Rc<str>, Stop> {
        Ok(self.text_of(self.object(operand)?)?)
    }

    /// A new string.
    pub(crate) fn new_string(&mut self, text: &str) -> Result<ObjectId, Stop> {
        if text.len() as u64 > MOST_ELEMENTS {
            return Err(self.too_long());
        }
        self.allocate(Type::STR.code(), 4 + text.len() as u64, || Contents::Text(Rc::from(text)))
    }

    /// A new byte array.
    pub(crate) fn new_bytes(&mut self, bytes: &[u8]) -> Result<ObjectId, Stop> {
        if bytes.len() as u64 > MOST_ELEMENTS {
            return Err(self.too_long());
        }
        let ty = self.program.types.find(&Kind::Array(Type::U8.code())).ok_or_else(|| Failure::new("the program has no type `[u8]`"))?;
        self.allocate(ty, bytes.len() as u64, || Contents::Array(Elements::U8(bytes.to_vec())))
    }

    /// `const.str`
    pub(crate) fn constant_string(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function names a string"))?;
        let text = self.program.modules.get(module).and_then(|names| names.texts.get(i.at(1).ok()? as usize));
        let string = self.string_constant(*text.ok_or_else(|| Failure::new("there is no such string"))?)?;
        self.give_object(i, string)
    }

    /// `str.len`
    pub(crate) fn string_length(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let length = self.text(i.at(1)?)?.len() as i64;
        self.give(i, length)
    }

    /// `str.byte`
    pub(crate) fn string_byte(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let text = self.text(i.at(1)?)?;
        let index: i64 = self.number(i.at(2)?)?;
        let byte = usize::try_from(index).ok().and_then(|index| text.as_bytes().get(index));
        self.give(i, i32::from(*byte.ok_or_else(|| Stop::throw(WellKnown::IndexError))?))
    }

    /// The range from operand `c` to operand `d` in something of that length.
    fn range(&self, i: Instruction<'p>, length: usize) -> Result<Range<usize>, Stop> {
        let (start, end): (i64, i64) = (self.number(i.at(2)?)?, self.number(i.at(3)?)?);
        let count = end.checked_sub(start);
        count.and_then(|count| part(start, count, length)).ok_or_else(|| Stop::throw(WellKnown::IndexError))
    }

    /// `str.slice`
    pub(crate) fn slice_string(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let text = self.text(i.at(1)?)?;
        let range = self.range(i, text.len())?;
        let slice = text.get(range).ok_or_else(|| Stop::throw(WellKnown::EncodingError))?;
        self.fuel.charge_bytes(slice.len() as u64)?;
        let string = self.new_string(slice)?;
        self.give_object(i, string)
    }

    /// `str.concat`
    pub(crate) fn concat_strings(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (first, second) = (self.text(i.at(1)?)?, self.text(i.at(2)?)?);
        let length = first.len() as u64 + second.len() as u64;
        self.fuel.charge_bytes(length)?;
        if length > MOST_ELEMENTS {
            return Err(self.too_long());
        }
        self.make_room(length)?;
        let string = self.new_string(&[&*first, &*second].concat())?;
        self.give_object(i, string)
    }

    /// The texts of `b` and `c`, which are compared.
    fn compared(&mut self, i: Instruction<'p>) -> Result<(Rc<str>, Rc<str>), Stop> {
        let (first, second) = (self.text(i.at(1)?)?, self.text(i.at(2)?)?);
        self.fuel.charge_bytes(first.len().min(second.len()) as u64)?;
        Ok((first, second))
    }

    /// `str.eq`
    pub(crate) fn equal_strings(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (first, second) = self.compared(i)?;
        self.give(i, truth(first == second))
    }

    /// `str.cmp`
    pub(crate) fn compare_strings(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (first, second) = self.compared(i)?;
        self.give(i, first.as_bytes().cmp(second.as_bytes()) as i32)
    }

    /// `str.hash`
    pub(crate) fn hash_string(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let text = self.text(i.at(1)?)?;
        self.fuel.charge_bytes(text.len() as u64)?;
        self.give(i, xxh32(text.as_bytes()) as i32)
    }

    /// `str.to_bytes`
    pub(crate) fn string_to_bytes(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let text = self.text(i.at(1)?)?;
        self.fuel.charge_bytes(text.len() as u64)?;
        let array = self.new_bytes(text.as_bytes())?;
        self.give_object(i, array)
    }

    /// `str.from_bytes`: charged before the bytes are looked at.
    pub(crate) fn string_from_bytes(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let array = self.object(i.at(1)?)?;
        let range = self.range(i, self.bytes(array)?.len())?;
        self.fuel.charge_bytes(range.len() as u64)?;
        let bytes = self.bytes(array)?.get(range).unwrap_or_default();
        let text: Rc<str> = Rc::from(std::str::from_utf8(bytes).map_err(|_| Stop::throw(WellKnown::EncodingError))?);
        let string = self.new_string(&text)?;
        self.give_object(i, string)
    }
}

/// XXH32 with seed 0, as its specification defines it.
fn xxh32(bytes: &[u8]) -> u32 {
    const PRIMES: [u32; 5] = [2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393];
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
    let stripes = bytes.chunks_exact(16);
    let rest = stripes.remainder();
    let mut hash = if bytes.len() < 16 {
        PRIMES[4]
    } else {
        let mut lanes = [PRIMES[0].wrapping_add(PRIMES[1]), PRIMES[1], 0, PRIMES[0].wrapping_neg()];
        for stripe in stripes {
            for (lane, input) in lanes.iter_mut().zip(stripe.chunks_exact(4)) {
                *lane = lane.wrapping_add(word(input).wrapping_mul(PRIMES[1])).rotate_left(13).wrapping_mul(PRIMES[0]);
            }
        }
        let [a, b, c, d] = lanes;
        a.rotate_left(1).wrapping_add(b.rotate_left(7)).wrapping_add(c.rotate_left(12)).wrapping_add(d.rotate_left(18))
    };
    hash = hash.wrapping_add(bytes.len() as u32);
    let words = rest.chunks_exact(4);
    let last = words.remainder();
    for input in words {
        hash = hash.wrapping_add(word(input).wrapping_mul(PRIMES[2])).rotate_left(17).wrapping_mul(PRIMES[3]);
    }
    for &byte in last {
        hash = hash.wrapping_add(u32::from(byte).wrapping_mul(PRIMES[4])).rotate_left(11).wrapping_mul(PRIMES[0]);
    }
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(PRIMES[1]);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(PRIMES[2]);
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::xxh32;

    #[test]
    fn hashes_are_those_of_the_specification_of_xxh32() {
        assert_eq!(xxh32(b""), 0x02cc_5d05);
        assert_eq!(xxh32(b"a"), 0x550d_7456);
        assert_eq!(xxh32(b"abc"), 0x32d1_53ff);
        assert_eq!(xxh32(b"Nobody inspects the spammish repetition"), 0xe229_3b2f);
    }
}
