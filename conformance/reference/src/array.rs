//! Arrays, and little-endian access to byte arrays (chapter *Instructions*, *Arrays*).

use crate::failure::{Failure, Stop};
use crate::heap::{Contents, Elements, ObjectId};
use crate::machine::{Flow, Machine};
use crate::operands::Instruction;
use crate::program::{Kind, TypeId};
use crate::value::{Number, Value};
use limosa_spec::WellKnown;
use std::ops::Range;

/// Elements of an array, and bytes of a string, there can be.
pub(crate) const MOST_ELEMENTS: u64 = (1 << 31) - 1;

/// Where `count` elements from `start` on lie among `length`, if they do.
pub(crate) fn part(start: i64, count: i64, length: usize) -> Option<Range<usize>> {
    let (start, count) = (usize::try_from(start).ok()?, usize::try_from(count).ok()?);
    let end = start.checked_add(count)?;
    (end <= length).then_some(start..end)
}

fn index_error() -> Stop {
    Stop::throw(WellKnown::IndexError)
}

impl Elements {
    /// So many elements, zero or null.
    fn new(kind: &Kind, count: usize) -> Result<Elements, Failure> {
        Ok(match kind {
            Kind::I8 => Elements::I8(vec![0; count]),
            Kind::U8 => Elements::U8(vec![0; count]),
            Kind::I16 => Elements::I16(vec![0; count]),
            Kind::U16 => Elements::U16(vec![0; count]),
            Kind::I32 => Elements::I32(vec![0; count]),
            Kind::I64 => Elements::I64(vec![0; count]),
            Kind::F32 => Elements::F32(vec![0.0; count]),
            Kind::F64 => Elements::F64(vec![0.0; count]),
            kind if kind.is_reference() => Elements::References(vec![None; count]),
            _ => return Err(Failure::new("an array of no type")),
        })
    }

    /// An element as it is read to a register.
    fn get(&self, index: usize) -> Option<Value> {
        Some(match self {
            Elements::I8(elements) => Value::I32((*elements.get(index)?).into()),
            Elements::U8(elements) => Value::I32((*elements.get(index)?).into()),
            Elements::I16(elements) => Value::I32((*elements.get(index)?).into()),
            Elements::U16(elements) => Value::I32((*elements.get(index)?).into()),
            Elements::I32(elements) => Value::I32(*elements.get(index)?),
            Elements::I64(elements) => Value::I64(*elements.get(index)?),
            Elements::F32(elements) => Value::F32(*elements.get(index)?),
            Elements::F64(elements) => Value::F64(*elements.get(index)?),
            Elements::References(elements) => Value::Reference(*elements.get(index)?),
        })
    }

    /// Sets some elements to a value, of which storage types keep the low bits. False if it is of another type, or they are not there.
    fn fill(&mut self, part: Range<usize>, value: Value) -> bool {
        fn fill<T: Copy>(elements: &mut [T], part: Range<usize>, value: T) -> bool {
            elements.get_mut(part).map(|part| part.fill(value)).is_some()
        }
        match (self, value) {
            (Elements::I8(elements), Value::I32(value)) => fill(elements, part, value as i8),
            (Elements::U8(elements), Value::I32(value)) => fill(elements, part, value as u8),
            (Elements::I16(elements), Value::I32(value)) => fill(elements, part, value as i16),
            (Elements::U16(elements), Value::I32(value)) => fill(elements, part, value as u16),
            (Elements::I32(elements), Value::I32(value)) => fill(elements, part, value),
            (Elements::I64(elements), Value::I64(value)) => fill(elements, part, value),
            (Elements::F32(elements), Value::F32(value)) => fill(elements, part, value),
            (Elements::F64(elements), Value::F64(value)) => fill(elements, part, value),
            (Elements::References(elements), Value::Reference(value)) => fill(elements, part, value),
            _ => false,
        }
    }
}

impl<'p> Machine<'p> {
    /// The elements of an array.
    pub(crate) fn elements(&self, array: ObjectId) -> Result<&Elements, Failure> {
        match &self.heap.get(array)?.contents {
            Contents::Array(elements) => Ok(elements),
            _ => Err(Failure::new("the object is no array")),
        }
    }

    fn elements_mut(&mut self, array: ObjectId) -> Result<&mut Elements, Failure> {
        match &mut self.heap.get_mut(array)?.contents {
            Contents::Array(elements) => Ok(elements),
            _ => Err(Failure::new("the object is no array")),
        }
    }

    /// The type of an array's elements.
    fn element_type(&self, array: TypeId) -> Result<TypeId, Failure> {
        match self.program.types.kind(array) {
            Kind::Array(element) => Ok(*element),
            _ => Err(Failure::new("the type is no array type")),
        }
    }

    /// `array.new`
    pub(crate) fn new_array(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(1)?)?;
        let kind = self.program.types.kind(self.element_type(ty)?);
        let length: i64 = self.number(i.at(2)?)?;
        if length < 0 {
            return Err(Stop::throw_with(WellKnown::NegativeSizeError, format!("array size {length} is negative")));
        }
        if length as u64 > MOST_ELEMENTS {
            return Err(self.too_long());
        }
        let bytes = length as u64 * kind.bytes();
        self.fuel.charge_bytes(bytes)?;
        self.make_room(bytes)?;
        let elements = Elements::new(kind, length as usize)?;
        let array = self.allocate(ty, bytes, || Contents::Array(elements))?;
        self.give_object(i, array)
    }

    /// What is thrown for an array or string that is longer than there can be.
    pub(crate) fn too_long(&self) -> Stop {
        match self.out_of_memory {
            Some(exception) => Stop::Throw(crate::failure::Thrown::Object(exception)),
            None => Stop::throw(WellKnown::OutOfMemory),
        }
    }

    /// `array.data`
    pub(crate) fn array_from_data(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(1)?)?;
        let kind = self.program.types.kind(self.element_type(ty)?);
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function names data"))?;
        let names = self.program.modules.get(module).ok_or_else(|| Failure::new("there is no such module"))?;
        let data = names.module.data.get(i.at(2)? as usize).ok_or_else(|| Failure::new("there is no such data segment"))?;
        let bytes = data.bytes.as_slice();
        if kind.is_reference() || !(bytes.len() as u64).is_multiple_of(kind.bytes()) {
            return Err(Failure::new("data that is no whole number of numbers").into());
        }
        self.fuel.charge_bytes(bytes.len() as u64)?;
        self.make_room(bytes.len() as u64)?;
        let elements = match kind {
            Kind::I8 => Elements::I8(bytes.iter().map(|&byte| byte as i8).collect()),
            Kind::U8 => Elements::U8(bytes.to_vec()),
            Kind::I16 => Elements::I16(little_endian(bytes, i16::from_le_bytes)),
            Kind::U16 => Elements::U16(little_endian(bytes, u16::from_le_bytes)),
            Kind::I32 => Elements::I32(little_endian(bytes, i32::from_le_bytes)),
            Kind::I64 => Elements::I64(little_endian(bytes, i64::from_le_bytes)),
            Kind::F32 => Elements::F32(little_endian(bytes, f32::from_le_bytes)),
            _ => Elements::F64(little_endian(bytes, f64::from_le_bytes)),
        };
        let array = self.allocate(ty, bytes.len() as u64, || Contents::Array(elements))?;
        self.give_object(i, array)
    }

    /// `array.len`
    pub(crate) fn array_length(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let array = self.object(i.at(1)?)?;
        let length = self.elements(array)?.len() as i64;
        self.give(i, length)
    }

    /// `array.get`
    pub(crate) fn get_element(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let array = self.object(i.at(1)?)?;
        let index: i64 = self.number(i.at(2)?)?;
        let elements = self.elements(array)?;
        let value = usize::try_from(index).ok().and_then(|index| elements.get(index));
        self.write(i.at(0)?, value.ok_or_else(index_error)?)?;
        Ok(Flow::Next)
    }

    /// `array.set`
    pub(crate) fn set_element(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let array = self.object(i.at(0)?)?;
        let index: i64 = self.number(i.at(1)?)?;
        let value = self.read(i.at(2)?)?;
        let place = part(index, 1, self.elements(array)?.len()).ok_or_else(index_error)?;
        self.fill(array, place, value)?;
        Ok(Flow::Next)
    }

    /// Sets elements of an array, whose type must fit the value.
    fn fill(&mut self, array: ObjectId, part: Range<usize>, value: Value) -> Result<(), Failure> {
        let element = self.element_type(self.heap.get(array)?.ty)?;
        if self.fits(value, element)? && self.elements_mut(array)?.fill(part, value) {
            return Ok(());
        }
        Err(Failure::new(format!("{value:?} is stored to an array of other elements")))
    }

    /// `array.fill`
    pub(crate) fn fill_array(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let array = self.object(i.at(0)?)?;
        let (start, count) = (self.number(i.at(1)?)?, self.number(i.at(3)?)?);
        let value = self.read(i.at(2)?)?;
        let elements = self.elements(array)?;
        let part = part(start, count, elements.len()).ok_or_else(index_error)?;
        let bytes = part.len() as u64 * elements.element_bytes();
        self.fuel.charge_bytes(bytes)?;
        self.fill(array, part, value)?;
        Ok(Flow::Next)
    }

    /// `array.copy`: the elements are read before any is written, so overlapping parts do not matter.
    pub(crate) fn copy_array(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (target, source) = (self.object(i.at(0)?)?, self.object(i.at(2)?)?);
        let (to, from, count) = (self.number(i.at(1)?)?, self.number(i.at(3)?)?, self.number(i.at(4)?)?);
        let to = part(to, count, self.elements(target)?.len()).ok_or_else(index_error)?;
        let from = part(from, count, self.elements(source)?.len()).ok_or_else(index_error)?;
        let bytes = from.len() as u64 * self.elements(source)?.element_bytes();
        self.fuel.charge_bytes(bytes)?;
        let elements = self.elements(source)?;
        let values: Option<Vec<Value>> = from.map(|index| elements.get(index)).collect();
        let values = values.ok_or_else(|| Failure::new("an array lost elements"))?;
        for (index, value) in to.zip(values) {
            self.fill(target, index..index + 1, value)?;
        }
        Ok(Flow::Next)
    }

    /// The bytes of a byte array.
    pub(crate) fn bytes(&self, array: ObjectId) -> Result<&[u8], Failure> {
        match self.elements(array)? {
            Elements::U8(bytes) => Ok(bytes),
            _ => Err(Failure::new("the array is no byte array")),
        }
    }

    /// `load`: some bytes of the byte array `b` from index `c` on, as a number.
    pub(crate) fn load<const N: usize, T: Number>(&mut self, i: Instruction<'p>, number: impl FnOnce([u8; N]) -> T) -> Result<Flow, Stop> {
        let array = self.object(i.at(1)?)?;
        let index: i64 = self.number(i.at(2)?)?;
        let bytes = self.bytes(array)?;
        let part = part(index, N as i64, bytes.len()).and_then(|part| bytes.get(part)?.try_into().ok());
        self.give(i, number(part.ok_or_else(index_error)?))
    }

    /// `store`: the number `c` as some bytes of the byte array `a` from index `b` on.
    pub(crate) fn store<const N: usize, T: Number>(&mut self, i: Instruction<'p>, bytes: impl FnOnce(T) -> [u8; N]) -> Result<Flow, Stop> {
        let array = self.object(i.at(0)?)?;
        let index: i64 = self.number(i.at(1)?)?;
        let stored = bytes(self.number(i.at(2)?)?);
        let Elements::U8(bytes) = self.elements_mut(array)? else { return Err(Failure::new("the array is no byte array").into()) };
        let part = part(index, N as i64, bytes.len()).and_then(|part| bytes.get_mut(part));
        part.ok_or_else(index_error)?.copy_from_slice(&stored);
        Ok(Flow::Next)
    }
}

/// Numbers from their bytes.
fn little_endian<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok()).map(number).collect()
}
