//! Operands (chapter *Execution*, *Instructions*): reading registers and constants, and writing registers, each access checked.

use crate::failure::{Failure, Stop};
use crate::heap::ObjectId;
use crate::machine::{Flow, Machine, constant_value};
use crate::value::{Number, Value};
use limosa_spec::{Opcode, WellKnown};

/// An instruction with its operands as they stand in the code: a list is a count, then its items.
#[derive(Debug, Clone, Copy)]
pub struct Instruction<'p> {
    /// The operation.
    pub opcode: Opcode,
    operands: &'p [u32],
}

impl<'p> Instruction<'p> {
    /// The number at a place.
    pub fn at(&self, place: usize) -> Result<u32, Failure> {
        let found = self.operands.get(place).copied();
        found.ok_or_else(|| Failure::new(format!("`{}` has no operand {place}", self.opcode.mnemonic())))
    }

    /// The list that begins at a place, and the place behind it.
    pub fn list(&self, place: usize) -> Result<(&'p [u32], usize), Failure> {
        let end = place + 1 + self.at(place)? as usize;
        let list = self.operands.get(place + 1..end);
        Ok((list.ok_or_else(|| Failure::new(format!("the list of `{}` is too long", self.opcode.mnemonic())))?, end))
    }
}

impl<'p> Machine<'p> {
    /// The instruction at the position of the running frame.
    pub(crate) fn instruction(&self) -> Result<Instruction<'p>, Failure> {
        let frame = self.frame()?;
        let (_, body) = frame.code.ok_or_else(|| Failure::new("a host function has no instructions"))?;
        match body.code.instructions.get(frame.pc) {
            Some(instruction) => Ok(Instruction { opcode: instruction.opcode, operands: body.code.raw_operands(frame.pc) }),
            None => Err(Failure::new(format!("control left the function: there is no instruction {}", frame.pc))),
        }
    }

    /// The value of a register or constant.
    pub(crate) fn read(&self, operand: u32) -> Result<Value, Failure> {
        let frame = self.frame()?;
        let (operand, registers) = (operand as usize, self.function(frame.function)?.registers.len());
        if operand < registers {
            return frame.registers.get(operand).copied().ok_or_else(|| Failure::new(format!("register {operand} has no value")));
        }
        let constants = frame.code.map_or(&[][..], |(_, body)| &body.constants);
        let constant = constants.get(operand - registers);
        constant_value(*constant.ok_or_else(|| Failure::new(format!("there is neither a register nor a constant {operand}")))?)
    }

    /// The values of registers and constants.
    pub(crate) fn read_list(&self, operands: &[u32]) -> Result<Vec<Value>, Failure> {
        operands.iter().map(|&operand| self.read(operand)).collect()
    }

    /// The number in a register or constant, which must be of the type.
    pub(crate) fn number<T: Number>(&self, operand: u32) -> Result<T, Failure> {
        let value = self.read(operand)?;
        T::of(value).ok_or_else(|| Failure::new(format!("operand {operand} is {value:?} and not of type {}", T::NAME)))
    }

    /// The reference in a register or constant.
    pub(crate) fn reference(&self, operand: u32) -> Result<Option<ObjectId>, Failure> {
        match self.read(operand)? {
            Value::Reference(object) => Ok(object),
            value => Err(Failure::new(format!("operand {operand} is {value:?} and no reference"))),
        }
    }

    /// The object that a register or constant refers to; `NullError` if it is null.
    pub(crate) fn object(&self, operand: u32) -> Result<ObjectId, Stop> {
        self.reference(operand)?.ok_or_else(|| Stop::throw(WellKnown::NullError))
    }

    /// Writes a register of the running frame, which must be of a type that holds the value.
    pub(crate) fn write(&mut self, register: u32, value: Value) -> Result<(), Failure> {
        let frame = self.frame()?;
        let ty = self.function(frame.function)?.registers.get(register as usize);
        let ty = *ty.ok_or_else(|| Failure::new(format!("there is no register {register}")))?;
        if !self.fits(value, ty)? {
            return Err(Failure::new(format!("{value:?} does not fit register {register}")));
        }
        let slot = self.frame_mut()?.registers.get_mut(register as usize);
        *slot.ok_or_else(|| Failure::new(format!("there is no register {register}")))? = value;
        Ok(())
    }

    /// Writes a number to the first operand.
    pub(crate) fn give<T: Number>(&mut self, instruction: Instruction<'_>, number: T) -> Result<Flow, Stop> {
        self.write(instruction.at(0)?, number.value())?;
        Ok(Flow::Next)
    }

    /// Writes a reference to the first operand.
    pub(crate) fn give_object(&mut self, instruction: Instruction<'_>, object: ObjectId) -> Result<Flow, Stop> {
        self.write(instruction.at(0)?, Value::Reference(Some(object)))?;
        Ok(Flow::Next)
    }

    /// `a = f(b)`
    pub(crate) fn unary<T: Number, R: Number>(&mut self, i: Instruction<'_>, f: impl FnOnce(T) -> R) -> Result<Flow, Stop> {
        let b = self.number(i.at(1)?)?;
        self.give(i, f(b))
    }

    /// `a = f(b, c)`
    pub(crate) fn binary<T: Number, R: Number>(&mut self, i: Instruction<'_>, f: impl FnOnce(T, T) -> R) -> Result<Flow, Stop> {
        let (b, c) = (self.number(i.at(1)?)?, self.number(i.at(2)?)?);
        self.give(i, f(b, c))
    }

    /// `a = f(b, c)`, or the exception if that is None.
    pub(crate) fn partial<T: Number>(
        &mut self,
        i: Instruction<'_>,
        exception: WellKnown,
        f: impl FnOnce(T, T) -> Option<T>,
    ) -> Result<Flow, Stop> {
        let (b, c) = (self.number(i.at(1)?)?, self.number(i.at(2)?)?);
        match f(b, c) {
            Some(result) => self.give(i, result),
            None => Err(Stop::throw(exception)),
        }
    }

    /// `a = f(b, c, d)`
    pub(crate) fn ternary<T: Number>(&mut self, i: Instruction<'_>, f: impl FnOnce(T, T, T) -> T) -> Result<Flow, Stop> {
        let (b, c, d) = (self.number(i.at(1)?)?, self.number(i.at(2)?)?, self.number(i.at(3)?)?);
        self.give(i, f(b, c, d))
    }

    /// `a = 1 if f(b, c), else 0`
    pub(crate) fn compare<T: Number>(&mut self, i: Instruction<'_>, f: impl FnOnce(T, T) -> bool) -> Result<Flow, Stop> {
        self.binary(i, |b, c| crate::value::truth(f(b, c)))
    }

    /// Goes to label `c` if `f(a, b)`.
    pub(crate) fn branch<T: Number>(&mut self, i: Instruction<'_>, f: impl FnOnce(T, T) -> bool) -> Result<Flow, Stop> {
        let (a, b) = (self.number(i.at(0)?)?, self.number(i.at(1)?)?);
        branch_if(f(a, b), i.at(2)?)
    }

    /// Goes to label `c` if `f(a, b)`, of references.
    pub(crate) fn branch_references(
        &mut self,
        i: Instruction<'_>,
        f: impl FnOnce(Option<ObjectId>, Option<ObjectId>) -> bool,
    ) -> Result<Flow, Stop> {
        let (a, b) = (self.reference(i.at(0)?)?, self.reference(i.at(1)?)?);
        branch_if(f(a, b), i.at(2)?)
    }

    /// Goes to label `b` if the reference `a` is null, or is not.
    pub(crate) fn branch_null(&mut self, i: Instruction<'_>, wanted: bool) -> Result<Flow, Stop> {
        let is_null = self.reference(i.at(0)?)?.is_none();
        branch_if(is_null == wanted, i.at(1)?)
    }

    /// `switch`: goes to the label whose position in the list is `a`, or to the last.
    pub(crate) fn switch(&mut self, i: Instruction<'_>) -> Result<Flow, Stop> {
        let position: i32 = self.number(i.at(0)?)?;
        let (labels, last) = i.list(1)?;
        let label = labels.get(position as u32 as usize).copied();
        Ok(Flow::Jump(label.map_or_else(|| i.at(last), Ok)? as usize))
    }
}

fn branch_if(is: bool, label: u32) -> Result<Flow, Stop> {
    Ok(if is { Flow::Jump(label as usize) } else { Flow::Next })
}
