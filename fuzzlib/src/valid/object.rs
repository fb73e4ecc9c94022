//! Fields and arrays.

use super::builder::Builder;
use super::subtype::is_assignable;
use limosa_spec::{Opcode, OperandRole, Type, TypeDefinition, TypingRule};

impl Builder<'_, '_, '_> {
    /// Reads or writes a field.
    pub fn field(&mut self, opcode: Opcode) {
        let mut fields = Vec::new();
        for (index, definition) in self.world.module.types.iter().enumerate() {
            if let TypeDefinition::Class(class) = definition {
                let own = class.fields.iter().enumerate();
                fields.extend(own.map(|(number, field)| (Type::defined(index as u32), number as u32, field.ty.register_type())));
            }
        }
        let Some((class, number, ty)) = self.world.choices.pick(&fields) else { return };
        let object = self.reference(class);
        if opcode == Opcode::Get {
            let to = self.target(ty);
            self.emit(opcode, &[to, object, class.code(), number]);
        } else {
            let value = self.value(ty);
            self.emit(opcode, &[object, class.code(), number, value]);
        }
    }

    /// Whether a type is an array type.
    pub fn is_array(&self, ty: Type) -> bool {
        matches!(self.world.module.definition(ty), Some(TypeDefinition::Array(_)))
    }

    /// An instruction on arrays.
    pub fn array(&mut self, opcode: Opcode) {
        let ty = match opcode.typing() {
            TypingRule::ByteLoad | TypingRule::ByteStore => self.world.structural(TypeDefinition::Array(Type::U8)),
            _ => self.world.array_type(),
        };
        let Some(&TypeDefinition::Array(element)) = self.world.module.definition(ty) else { return };
        let held = element.register_type();
        match opcode.typing() {
            TypingRule::ArrayNew => {
                let (length, to) = (self.length(), self.target(ty));
                self.emit(opcode, &[to, ty.code(), length]);
                self.is_ready(to);
            }
            TypingRule::ArrayLen => {
                let (array, to) = (self.exactly(ty), self.target(Type::I64));
                self.emit(opcode, &[to, array]);
            }
            TypingRule::ArrayGet => {
                let (array, index, to) = (self.exactly(ty), self.index(), self.target(held));
                self.emit(opcode, &[to, array, index]);
            }
            TypingRule::ArraySet => {
                let (array, index, value) = (self.exactly(ty), self.index(), self.value(held));
                self.emit(opcode, &[array, index, value]);
            }
            TypingRule::ArrayFill => {
                let (array, from, value, count) = (self.exactly(ty), self.index(), self.value(held), self.index());
                self.emit(opcode, &[array, from, value, count]);
            }
            TypingRule::ArrayCopy => self.copy(ty, element),
            TypingRule::ArrayData => self.array_of_data(ty, element),
            TypingRule::ByteLoad => {
                let Some(OperandRole::Def(kind)) = opcode.roles().first().copied() else { return };
                let (array, index, to) = (self.exactly(ty), self.index(), self.target_of(kind));
                self.emit(opcode, &[to, array, index]);
            }
            _ => {
                let Some(OperandRole::Use(kind)) = opcode.roles().last().copied() else { return };
                let (array, index, value) = (self.exactly(ty), self.index(), self.of_kind(kind));
                self.emit(opcode, &[array, index, value]);
            }
        }
    }

    fn copy(&mut self, ty: Type, element: Type) {
        // Elements may be of a class below, and the arrays the same.
        let module = &self.world.module;
        let fits = |definition: &TypeDefinition| matches!(*definition, TypeDefinition::Array(from) if is_assignable(module, from, element));
        let sources: Vec<Type> =
            (0..module.types.len()).filter(|&index| fits(&module.types[index])).map(|index| Type::defined(index as u32)).collect();
        let source = self.world.choices.pick(&sources).unwrap_or(ty);
        let (to, from) = (self.exactly(ty), self.exactly(source));
        let (at, start, count) = (self.index(), self.index(), self.index());
        self.emit(Opcode::ArrayCopy, &[to, at, from, start, count]);
    }

    fn array_of_data(&mut self, ty: Type, element: Type) {
        let ty = if element.is_reference() { self.world.structural(TypeDefinition::Array(Type::I16)) } else { ty };
        let count = self.world.module.data.len();
        let data = self.world.choices.below(count) as u32;
        let to = self.target(ty);
        self.emit(Opcode::ArrayData, &[to, ty.code(), data]);
        self.is_ready(to);
    }
}
