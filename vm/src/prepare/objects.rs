//! Objects, arrays, strings, globals and boxes.

use crate::interp::Handler;
use crate::interp::dispatch::Dispatch;
use crate::interp::operand::{Acc, B, C, ShortImmediate, ThirdImmediate};
use crate::interp::ops::object::{BoxNumber, ClassTest, I8, I16, U8, U16, Unbox, W32, W64, Width};
use crate::interp::ops::{array, global, moves, object, string};
use crate::interp::slow::SlowOp;
use crate::prepare::emit::{Emitter, Value};
use crate::program::{ClassId, RuntimeTypeKind};
use limosa_abi::object::{OBJECT_ALIGNMENT, header_word};
use limosa_spec::{Type, TypeDefinition, TypeKind, WellKnown};

/// The handler for each storage type but `f64` and references.
macro_rules! by_width {
    ($ty:expr, |$width:ident| $handler:expr) => {{
        let handler: Handler = match $ty {
            Type::I8 => {
                type $width = I8;
                $handler
            }
            Type::U8 => {
                type $width = U8;
                $handler
            }
            Type::I16 => {
                type $width = I16;
                $handler
            }
            Type::U16 => {
                type $width = U16;
                $handler
            }
            Type::I64 | Type::F64 => {
                type $width = W64;
                $handler
            }
            _ => {
                type $width = W32;
                $handler
            }
        };
        handler
    }};
}

/// A constant as an immediate of 16 bits that is sign-extended, if it has that form.
fn short(value: Value) -> Option<u16> {
    match value {
        Value::Slot(_) => None,
        Value::Constant(bits) => i16::try_from(bits as i64).ok().map(|immediate| immediate as u16),
    }
}

impl<D: Dispatch> Emitter<'_, D> {
    /// `a = op b`, slow.
    pub fn slow_unary<O: SlowOp>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        self.slow::<O>(destination, operand, 0, 0);
    }

    /// `a = op b, c, …`, slow, with up to three operands.
    pub fn slow_any<O: SlowOp>(&mut self) {
        let [a, b, c, d] = self.fields();
        self.slow::<O>(a, b, c, d);
    }

    /// `str.slice`, `str.concat`, `str.eq`, `str.hash`
    pub fn string(&mut self, handler: Handler) {
        let [a, b, c, d] = self.fields();
        self.emit(handler, a, b, c, d);
        self.forget();
        self.acc = Some(a);
    }

    /// The destination and the slots of up to three operands.
    fn fields(&mut self) -> [u16; 4] {
        let mut fields = [self.def(0), 0, 0, 0];
        for (index, field) in fields.iter_mut().enumerate().skip(1) {
            if let Some(&operand) = self.body.code.raw_operands(self.pc).get(index) {
                *field = self.slot(self.value(operand));
            }
        }
        fields
    }

    /// `const.str`
    pub fn const_str(&mut self) {
        let destination = self.def(0);
        let string = self.module.strings[self.operand(1) as usize];
        self.emit_immediate(moves::const_str::<D>, destination, 0, string as i32);
        self.forget();
        self.acc = Some(destination);
    }

    /// `fma`
    pub fn fma(&mut self, handler: Handler, wide: bool) {
        let destination = self.def(0);
        let operands = [self.use_(1), self.use_(2), self.use_(3)];
        let [b, c, d] = operands.map(|operand| if wide { self.float_slot(operand) } else { self.slot(operand) });
        self.emit(handler, destination, b, c, d);
        if wide {
            self.facc = Some(destination);
        } else {
            self.acc = Some(destination);
        }
    }

    fn class(&self, ty: Type) -> Option<ClassId> {
        self.linked.class_of(self.linked.runtime_type(self.module, ty))
    }

    /// `is` and `cast`: to a class inline, to other types by `O`.
    pub fn type_test<O: SlowOp, T: ClassTest>(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let ty = self.linked.runtime_type(self.module, Type::from_code(self.operand(2)));
        let operand = self.slot(operand);
        match self.linked.types[ty as usize].kind {
            RuntimeTypeKind::Class { class, depth } => {
                self.emit_immediate(object::class_test::<D, T>, destination, operand, ty as i32);
                self.data(u64::from(class), depth, 0);
                self.acc = Some(destination);
            }
            _ => self.slow_immediate::<O>(destination, operand, ty),
        }
    }

    /// `new`
    pub fn new_object(&mut self) {
        let destination = self.def(0);
        let Some(class) = self.class(Type::from_code(self.operand(1))) else { return };
        self.emit_immediate(object::new::<D>, destination, 0, self.units(class));
        self.data(u64::from(header_word(class)), 0, 0);
        self.acc = Some(destination);
        self.facc = None;
    }

    /// The size of an instance in units of eight bytes.
    fn units(&self, class: ClassId) -> i32 {
        (self.linked.classes.get(class).size as usize).div_ceil(OBJECT_ALIGNMENT) as i32
    }

    /// `box`
    pub fn box_number<W: Width>(&mut self, class: WellKnown) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        let class = self.linked.classes.well_known(class);
        let units = self.units(class);
        self.slow_immediate::<BoxNumber<W>>(destination, operand, units as u32);
        self.data(u64::from(header_word(class)), 0, 0);
    }

    /// `unbox`
    pub fn unbox<W: Width>(&mut self, class: WellKnown) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        self.slow_immediate::<Unbox<W>>(destination, operand, class as u32);
    }

    /// The offset and declared type of a field operand: a class and the index of a field it declares itself.
    fn field(&self, operand: usize) -> (u32, Type) {
        let (class, field) = (Type::from_code(self.operand(operand)), self.operand(operand + 1) as usize);
        match class.kind() {
            TypeKind::WellKnown(class) => self.linked.well_known_members[class as usize].fields[field],
            _ => self.module.members[class.defined_index().unwrap_or(0) as usize].fields[field],
        }
    }

    /// `get`
    pub fn get(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let (offset, ty) = self.field(2);
        let operand = self.slot(operand);
        let in_acc = self.acc == Some(operand);
        if ty == Type::F64 {
            let handler = if in_acc { object::get_float::<D, Acc> } else { object::get_float::<D, B> as Handler };
            self.emit_immediate(handler, destination, operand, offset as i32);
            self.facc = Some(destination);
            return;
        }
        let handler = by_width!(ty, |W| if in_acc { object::get::<D, W, Acc> } else { object::get::<D, W, B> });
        self.emit_immediate(handler, destination, operand, offset as i32);
        self.acc = Some(destination);
    }

    /// `set`
    pub fn set(&mut self) {
        let (operand, value) = (self.use_(0), self.use_(3));
        let (offset, ty) = self.field(1);
        let operand = self.slot(operand);
        let (handler, value) = if ty == Type::F64 {
            let value = self.float_slot(value);
            if self.facc == Some(value) {
                self.emit_immediate(object::set_float::<D, Acc>, operand, value, offset as i32);
                return;
            }
            (object::set_float::<D, B> as Handler, value)
        } else if let Some(immediate) = short(value).filter(|_| !ty.is_reference()) {
            (by_width!(ty, |W| object::set::<D, W, ShortImmediate>), immediate)
        } else {
            let value = self.slot(value);
            let in_acc = self.acc == Some(value);
            let handler = if ty.is_reference() {
                if in_acc { object::set_reference::<D, Acc> } else { object::set_reference::<D, B> as Handler }
            } else {
                by_width!(ty, |W| if in_acc { object::set::<D, W, Acc> } else { object::set::<D, W, B> })
            };
            (handler, value)
        };
        self.emit_immediate(handler, operand, value, offset as i32);
    }

    /// `array.len` and `str.len`
    pub fn len(&mut self) {
        let (destination, operand) = (self.def(0), self.use_(1));
        let operand = self.slot(operand);
        let handler = if self.acc == Some(operand) { array::len::<D, Acc> } else { array::len::<D, B> as Handler };
        self.emit(handler, destination, operand, 0, 0);
        self.acc = Some(destination);
    }

    /// `array.new`
    pub fn array_new(&mut self) {
        let (destination, length) = (self.def(0), self.use_(2));
        let Some(class) = self.class(Type::from_code(self.operand(1))) else { return };
        let length = self.slot(length);
        self.slow_immediate::<array::NewArray>(destination, length, class);
    }

    /// The element type of an array operand; `any` for the constant null, which is never accessed.
    fn element(&self, operand: u32) -> Type {
        if operand >= self.info.registers {
            return Type::ANY;
        }
        match self.module.module.definition(self.register_type(operand)) {
            Some(&TypeDefinition::Array(element)) => element,
            _ => Type::ANY,
        }
    }

    /// `array.get`
    pub fn array_get(&mut self) {
        let (destination, array, index) = (self.def(0), self.use_(1), self.use_(2));
        let ty = self.element(self.operand(1));
        let array = self.slot(array);
        let index = self.slot(index);
        let in_acc = self.acc == Some(index);
        if ty == Type::F64 {
            let handler = if in_acc { array::get_float::<D, Acc> } else { array::get_float::<D, C> as Handler };
            self.emit(handler, destination, array, index, 0);
            self.facc = Some(destination);
            return;
        }
        let handler = by_width!(ty, |W| if in_acc { array::get::<D, W, Acc> } else { array::get::<D, W, C> });
        self.emit(handler, destination, array, index, 0);
        self.acc = Some(destination);
    }

    /// `array.set`
    pub fn array_set(&mut self) {
        let (array, index, value) = (self.use_(0), self.use_(1), self.use_(2));
        let ty = self.element(self.operand(0));
        let array = self.slot(array);
        if ty == Type::F64 {
            let value = self.float_slot(value);
            let index = self.slot(index);
            let handler = if self.facc == Some(value) { array::set_float::<D, Acc> } else { array::set_float::<D, C> as Handler };
            self.emit(handler, array, index, value, 0);
            return;
        }
        let index = self.slot(index);
        if let Some(immediate) = short(value).filter(|_| !ty.is_reference()) {
            self.emit(by_width!(ty, |W| array::set::<D, W, B, ThirdImmediate>), array, index, immediate, 0);
            return;
        }
        let value = self.slot(value);
        let value_in_acc = self.acc == Some(value);
        let handler = if ty.is_reference() {
            if value_in_acc { array::set_reference::<D, Acc> } else { array::set_reference::<D, C> as Handler }
        } else if value_in_acc {
            by_width!(ty, |W| array::set::<D, W, B, Acc>)
        } else if self.acc == Some(index) {
            by_width!(ty, |W| array::set::<D, W, Acc, C>)
        } else {
            by_width!(ty, |W| array::set::<D, W, B, C>)
        };
        self.emit(handler, array, index, value, 0);
    }

    /// `array.copy`
    pub fn array_copy(&mut self) {
        let operands = [self.use_(0), self.use_(1), self.use_(2), self.use_(3), self.use_(4)];
        let [a, b, c, d, count] = operands.map(|operand| self.slot(operand));
        self.slow::<array::CopyArray>(a, b, c, d);
        self.data(0, count, 0);
    }

    /// `array.fill`
    pub fn array_fill(&mut self) {
        let value = self.operand(2);
        let float = self.is_f64(value);
        let operands = [self.use_(0), self.use_(1), self.use_(3)];
        let [a, b, d] = operands.map(|operand| self.slot(operand));
        let value = self.value(value);
        let c = if float { self.float_slot(value) } else { self.slot(value) };
        self.slow::<array::FillArray>(a, b, c, d);
    }

    /// `array.data`
    pub fn array_data(&mut self) {
        let destination = self.def(0);
        let Some(class) = self.class(Type::from_code(self.operand(1))) else { return };
        let bytes = &self.module.module.data[self.operand(2) as usize].bytes;
        self.slow_immediate::<array::ArrayFromData>(destination, 0, class);
        self.data(bytes.as_ptr() as u64, 0, 0);
        self.data(bytes.len() as u64, 0, 0);
    }

    /// `load`
    pub fn load(&mut self, handler: Handler, float: bool) {
        let (destination, array, index) = (self.def(0), self.use_(1), self.use_(2));
        let array = self.slot(array);
        let index = self.slot(index);
        self.emit(handler, destination, array, index, 0);
        self.forget();
        if float {
            self.facc = Some(destination);
        } else {
            self.acc = Some(destination);
        }
    }

    /// `store`
    pub fn store(&mut self, handler: Handler) {
        let operands = [self.use_(0), self.use_(1), self.use_(2)];
        let [array, index, value] = operands.map(|operand| self.slot(operand));
        self.emit(handler, array, index, value, 0);
    }

    /// `str.byte`
    pub fn str_byte(&mut self) {
        let (destination, string, index) = (self.def(0), self.use_(1), self.use_(2));
        let string = self.slot(string);
        let index = self.slot(index);
        let handler = if self.acc == Some(index) { string::byte::<D, Acc> } else { string::byte::<D, C> as Handler };
        self.emit(handler, destination, string, index, 0);
        self.acc = Some(destination);
    }

    fn global(&self, operand: usize) -> i32 {
        (self.module.first_global + self.operand(operand)) as i32
    }

    /// `global.get`
    pub fn global_get(&mut self) {
        let destination = self.def(0);
        let global = self.global(1);
        if self.register_type(u32::from(destination)) == Type::F64 {
            self.emit_immediate(global::get_float::<D>, destination, 0, global);
            self.facc = Some(destination);
        } else {
            self.emit_immediate(global::get::<D>, destination, 0, global);
            self.acc = Some(destination);
        }
    }

    /// `global.set`
    pub fn global_set(&mut self) {
        let operand = self.operand(1);
        let (float, value) = (self.is_f64(operand), self.value(operand));
        let slot = if float { self.float_slot(value) } else { self.slot(value) };
        let global = self.global(0);
        self.emit_immediate(global::set::<D>, slot, 0, global);
    }
}
