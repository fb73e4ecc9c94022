//! Objects of classes, boxes and globals (chapter *Instructions*, *Objects* and *Globals*).

use crate::failure::{Failure, Stop};
use crate::heap::{Contents, ObjectId};
use crate::machine::{Flow, Machine};
use crate::names::type_name;
use crate::operands::Instruction;
use crate::program::{Kind, TypeId};
use crate::value::{Number, Value, through_storage, truth};
use limosa_spec::{Type, WellKnown};

impl<'p> Machine<'p> {
    /// A new instance of a class, its fields zero or null.
    pub(crate) fn new_instance(&mut self, ty: TypeId) -> Result<ObjectId, Stop> {
        let Kind::Class(class) = *self.program.types.kind(ty) else { return Err(Failure::new("the type is no class").into()) };
        if self.program.classes.get(class).is_none_or(|class| class.is_abstract) {
            return Err(Failure::new("an instance of an abstract class").into());
        }
        let fields = self.program.field_types(class);
        let bytes = fields.iter().map(|&ty| self.program.types.kind(ty).bytes()).sum();
        let fields = self.defaults(&fields);
        self.allocate(ty, bytes, || Contents::Instance(class, fields))
    }

    /// A field of an instance, by its position.
    pub(crate) fn field_mut(&mut self, object: ObjectId, position: usize) -> Result<&mut Value, Failure> {
        match &mut self.heap.get_mut(object)?.contents {
            Contents::Instance(_, fields) => fields.get_mut(position).ok_or_else(|| Failure::new("an instance lacks a field")),
            _ => Err(Failure::new("a field of an object that is no instance")),
        }
    }

    /// `new`
    pub(crate) fn new_object(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(1)?)?;
        let object = self.new_instance(ty)?;
        self.give_object(i, object)
    }

    /// The field that begins at a place, as its position in the object and its type; the object must be an instance of the class named.
    fn field_operand(&self, i: Instruction<'p>, place: usize, object: ObjectId) -> Result<(usize, TypeId), Failure> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function names a field"))?;
        let class = i.at(place)?;
        if !self.is_instance(object, self.resolve(class)?)? {
            return Err(Failure::new("a field of an object of another class"));
        }
        let field = self.program.field(module, Type::from_code(class), i.at(place + 1)?);
        field.ok_or_else(|| Failure::new("there is no such field"))
    }

    /// `get`
    pub(crate) fn get_field(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let object = self.object(i.at(1)?)?;
        let (position, _) = self.field_operand(i, 2, object)?;
        let value = *self.field_mut(object, position)?;
        self.write(i.at(0)?, value)?;
        Ok(Flow::Next)
    }

    /// `set`
    pub(crate) fn set_field(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let object = self.object(i.at(0)?)?;
        let (position, ty) = self.field_operand(i, 1, object)?;
        let value = self.stored(self.read(i.at(3)?)?, ty)?;
        *self.field_mut(object, position)? = value;
        Ok(Flow::Next)
    }

    /// A value as a field, element or global of a type holds it.
    pub(crate) fn stored(&self, value: Value, ty: TypeId) -> Result<Value, Failure> {
        let stored = through_storage(&self.program.types, ty, value);
        match stored {
            Some(stored) if self.fits(value, ty)? => Ok(stored),
            _ => Err(Failure::new(format!("{value:?} is stored where it does not fit"))),
        }
    }

    /// `is`
    pub(crate) fn is_of_type(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(2)?)?;
        let is = match self.reference(i.at(1)?)? {
            Some(object) => self.is_instance(object, ty)?,
            None => false,
        };
        self.give(i, truth(is))
    }

    /// `cast`
    pub(crate) fn cast(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(2)?)?;
        let reference = self.reference(i.at(1)?)?;
        if let Some(object) = reference
            && !self.is_instance(object, ty)?
        {
            return Err(self.wrong_type(object, &type_name(self.program, ty))?);
        }
        self.write(i.at(0)?, Value::Reference(reference))?;
        Ok(Flow::Next)
    }

    fn wrong_type(&self, object: ObjectId, wanted: &str) -> Result<Stop, Failure> {
        let found = type_name(self.program, self.heap.get(object)?.ty);
        Ok(Stop::throw_with(WellKnown::CastError, format!("expected {wanted}, found {found}")))
    }

    /// `hash.ref`
    pub(crate) fn identity_hash(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let object = self.object(i.at(1)?)?;
        self.class_of(object)?;
        if self.heap.get(object)?.identity == 0 {
            self.identity = self.identity.checked_add(1).unwrap_or(1);
            self.heap.get_mut(object)?.identity = self.identity;
        }
        let identity = self.heap.get(object)?.identity;
        self.give(i, identity as i32)
    }

    /// `box`: a new object of the class whose only field is the number.
    pub(crate) fn box_number<T: Number>(&mut self, i: Instruction<'p>, class: WellKnown) -> Result<Flow, Stop> {
        let number: T = self.number(i.at(1)?)?;
        let object = self.new_instance(Self::well_known(class).0)?;
        *self.field_mut(object, 0)? = number.value();
        self.give_object(i, object)
    }

    /// `unbox`
    pub(crate) fn unbox_number<T: Number>(&mut self, i: Instruction<'p>, class: WellKnown) -> Result<Flow, Stop> {
        let object = self.object(i.at(1)?)?;
        if self.heap.get(object)?.ty != Self::well_known(class).0 {
            return Err(self.wrong_type(object, class.name())?);
        }
        let number = T::of(*self.field_mut(object, 0)?).ok_or_else(|| Failure::new("a box of another number"))?;
        self.give(i, number)
    }

    /// `mov`
    pub(crate) fn copy(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let value = self.read(i.at(1)?)?;
        self.write(i.at(0)?, value)?;
        Ok(Flow::Next)
    }

    /// `eq.ref`
    pub(crate) fn same_object(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let is = self.reference(i.at(1)?)? == self.reference(i.at(2)?)?;
        self.give(i, truth(is))
    }

    /// `is_null`
    pub(crate) fn is_null(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let is = self.reference(i.at(1)?)?.is_none();
        self.give(i, truth(is))
    }

    /// The program's number of a global of the running function's module.
    fn global(&self, index: u32) -> Result<usize, Failure> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function names a global"))?;
        let names = self.program.modules.get(module).filter(|names| (index as usize) < names.module.globals.len());
        Ok(names.ok_or_else(|| Failure::new(format!("there is no global {index}")))?.first_global + index as usize)
    }

    /// `global.get`
    pub(crate) fn get_global(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let value = self.globals.get(self.global(i.at(1)?)?).copied();
        self.write(i.at(0)?, value.ok_or_else(|| Failure::new("a global is not there"))?)?;
        Ok(Flow::Next)
    }

    /// `global.set`
    pub(crate) fn set_global(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let number = self.global(i.at(0)?)?;
        let ty = self.program.globals.get(number).map_or(Type::NULL.code(), |global| global.ty);
        let value = self.stored(self.read(i.at(1)?)?, ty)?;
        *self.globals.get_mut(number).ok_or_else(|| Failure::new("a global is not there"))? = value;
        Ok(Flow::Next)
    }
}
