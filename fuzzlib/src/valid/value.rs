//! Values for operands: registers and constants that there are, or objects made on the spot.

use super::builder::Builder;
use super::subtype::is_assignable;
use limosa_spec::module::Constant;
use limosa_spec::{Opcode, Type, TypeDefinition, TypeKind, WellKnown};

/// How deep objects are made of new objects.
const DEPTH: usize = 3;

impl Builder<'_, '_, '_> {
    /// A register that a value of the type can be written to.
    pub fn target(&mut self, ty: Type) -> u32 {
        if self.world.choices.chance(1, 2)
            && let Some(register) = self.pick_register(|found| found == ty)
        {
            return register;
        }
        self.register(ty)
    }

    /// A value of a type: for a reference mostly not null.
    pub fn value(&mut self, ty: Type) -> u32 {
        if ty.is_reference() { self.reference(ty) } else { self.number(ty) }
    }

    /// A register or constant of a number type.
    pub fn number(&mut self, ty: Type) -> u32 {
        if self.world.choices.chance(2, 3) {
            let found: Vec<u32> = (0..self.registers.len() as u32).filter(|&index| self.registers[index as usize] == ty).collect();
            if let Some(register) = self.world.choices.pick(&found) {
                return register;
            }
        }
        let constant = self.world.constant(ty);
        self.constant(constant)
    }

    /// An `i64` that is a good index more often than not.
    pub fn index(&mut self) -> u32 {
        match self.world.choices.below(12) {
            0 => self.number(Type::I64),
            1 => {
                let wrong = self.world.choices.pick(&[-1, 100, i64::MIN, i64::MAX, 1 << 31]).unwrap_or(-1);
                self.constant(Constant::I64(wrong))
            }
            _ => {
                let index = self.world.choices.below(4) as i64;
                self.constant(Constant::I64(index))
            }
        }
    }

    /// A register or constant that may be null but mostly is not.
    pub fn reference(&mut self, ty: Type) -> u32 {
        match self.world.choices.below(16) {
            0 => self.constant(Constant::Null),
            1 => {
                let found: Vec<u32> = (0..self.registers.len() as u32).filter(|&register| self.fits(register, ty)).collect();
                self.world.choices.pick(&found).unwrap_or_else(|| self.constant(Constant::Null))
            }
            2..=10 => {
                let found: Vec<u32> = self.ready.iter().copied().filter(|&register| self.fits(register, ty)).collect();
                self.world.choices.pick(&found).unwrap_or_else(|| self.made(ty))
            }
            _ => self.made(ty),
        }
    }

    /// A register of exactly this type: for operands that null and `any` are not enough for.
    pub fn exactly(&mut self, ty: Type) -> u32 {
        let found: Vec<u32> = self.ready.iter().copied().filter(|&register| self.registers[register as usize] == ty).collect();
        let ready = if self.world.choices.chance(2, 3) { self.world.choices.pick(&found) } else { None };
        ready.unwrap_or_else(|| {
            let register = self.register(ty);
            self.make(ty, register, 0);
            register
        })
    }

    fn fits(&self, register: u32, ty: Type) -> bool {
        is_assignable(&self.world.module, self.registers[register as usize], ty)
    }

    /// A new object; null if there can be none.
    fn made(&mut self, ty: Type) -> u32 {
        let register = self.register(ty);
        self.make(ty, register, 0);
        register
    }

    /// Puts a new object into a register of a type that takes it.
    pub fn make(&mut self, ty: Type, register: u32, depth: usize) {
        let is_made = depth < DEPTH && self.make_object(ty, register, depth);
        if is_made {
            self.is_ready(register);
        } else {
            let null = self.constant(Constant::Null);
            self.emit(Opcode::MovRef, &[register, null]);
        }
    }

    /// Notes that a register is not null.
    pub fn is_ready(&mut self, register: u32) {
        if !self.ready.contains(&register) {
            self.ready.push(register);
        }
    }

    fn make_object(&mut self, ty: Type, register: u32, depth: usize) -> bool {
        match (ty.kind(), self.world.module.definition(ty).cloned()) {
            (TypeKind::Any, _) => self.make_any(register, depth),
            (TypeKind::Str, _) => {
                let text = self.world.text();
                self.emit(Opcode::ConstStr, &[register, text]);
            }
            (TypeKind::WellKnown(class), _) => self.make_well_known(class, register),
            (_, Some(TypeDefinition::Class(_) | TypeDefinition::Interface(_))) => return self.make_instance(ty, register, depth),
            (_, Some(TypeDefinition::Array(_))) => {
                let length = if self.world.choices.chance(1, 12) { self.index() } else { self.length() };
                self.emit(Opcode::ArrayNew, &[register, ty.code(), length]);
            }
            (_, Some(TypeDefinition::Function(_))) => return self.make_closure(ty, register, depth),
            (_, Some(TypeDefinition::Fiber(signature))) => {
                let function = self.world.structural(TypeDefinition::Function(signature));
                let closure = self.register(function);
                if !self.make_closure(function, closure, depth) {
                    return false;
                }
                self.emit(Opcode::FiberNew, &[register, ty.code(), closure]);
            }
            _ => return false,
        }
        true
    }

    /// The length of a new array.
    pub fn length(&mut self) -> u32 {
        let length = self.world.choices.pick(&[4, 5, 8, 9, 16, 33, 0, 1]).unwrap_or(4);
        self.constant(Constant::I64(length))
    }

    fn make_any(&mut self, register: u32, depth: usize) {
        match self.world.choices.below(6) {
            kind @ 0..=3 => {
                let (opcode, ty) =
                    [(Opcode::BoxI64, Type::I64), (Opcode::BoxI32, Type::I32), (Opcode::BoxF64, Type::F64), (Opcode::BoxF32, Type::F32)]
                        [kind];
                let value = self.number(ty);
                self.emit(opcode, &[register, value]);
            }
            4 => {
                let text = self.world.text();
                self.emit(Opcode::ConstStr, &[register, text]);
            }
            _ => {
                let ty = self.world.reference_type();
                let other = self.register(ty);
                if ty != Type::ANY {
                    self.make(ty, other, depth + 1);
                }
                self.emit(Opcode::MovRef, &[register, other]);
            }
        }
    }

    fn make_well_known(&mut self, class: WellKnown, register: u32) {
        self.emit(Opcode::New, &[register, Type::well_known(class).code()]);
        if class.is_subclass_of(WellKnown::Error) && self.world.choices.chance(1, 2) {
            self.set_message(register);
        }
    }

    /// Gives an exception a message.
    pub fn set_message(&mut self, register: u32) {
        let text = self.register(Type::STR);
        let string = self.world.text();
        self.emit(Opcode::ConstStr, &[text, string]);
        self.emit(Opcode::Set, &[register, Type::well_known(WellKnown::Error).code(), 0, text]);
    }

    /// An object of a class that is of the type and can have instances.
    fn make_instance(&mut self, ty: Type, register: u32, depth: usize) -> bool {
        let module = &self.world.module;
        let is_class = |index: &u32| matches!(&module.types[*index as usize], TypeDefinition::Class(class) if !class.is_abstract);
        let classes = (0..module.types.len() as u32).filter(is_class).map(Type::defined);
        let classes: Vec<Type> = classes.filter(|&class| is_assignable(module, class, ty)).collect();
        let Some(class) = self.world.choices.pick(&classes) else { return false };
        self.emit(Opcode::New, &[register, class.code()]);
        let Some(TypeDefinition::Class(definition)) = self.world.module.definition(class).cloned() else { return true };
        // The register may be of a class above, which does not have the fields.
        if is_assignable(&self.world.module, self.registers[register as usize], class) {
            for (index, field) in definition.fields.iter().enumerate() {
                if self.world.choices.chance(1, 2) && depth + 1 < DEPTH {
                    let value = if field.ty.is_reference() {
                        let value = self.register(field.ty);
                        self.make(field.ty, value, depth + 1);
                        value
                    } else {
                        self.number(field.ty.register_type())
                    };
                    self.emit(Opcode::Set, &[register, class.code(), index as u32, value]);
                }
            }
        }
        true
    }

    /// A closure of a function that leaves this signature.
    fn make_closure(&mut self, ty: Type, register: u32, depth: usize) -> bool {
        let Some(wanted) = self.world.module.function_type(ty).cloned() else { return false };
        let mut found = Vec::new();
        for function in 0..self.world.functions() {
            let signature = self.world.signature_of(function);
            let Some(bound) = signature.parameters.len().checked_sub(wanted.parameters.len()) else { continue };
            if signature.parameters[bound..] == wanted.parameters && signature.results == wanted.results {
                found.push((function, bound));
            }
        }
        let Some((function, bound)) = self.world.choices.pick(&found) else { return false };
        let mut operands = vec![register, function, bound as u32];
        for parameter in self.world.signature_of(function).parameters[..bound].to_vec() {
            let value = if parameter.ty.is_reference() {
                let value = self.register(parameter.ty);
                self.make(parameter.ty, value, depth + 1);
                value
            } else {
                self.number(parameter.ty)
            };
            operands.push(value);
        }
        self.emit(Opcode::Closure, &operands);
        true
    }
}
