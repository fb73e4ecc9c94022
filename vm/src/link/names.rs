//! How types are spelled in errors, traces and cast messages.

use crate::program::{RuntimeType, RuntimeTypeKind, SlotType, TypeId};

/// Bytes after which a type's name is cut.
const TYPE_NAME_BYTES: usize = 400;

/// A type as the text form spells it, cut if it is long.
pub(crate) fn type_name(types: &[RuntimeType], ty: TypeId) -> String {
    let mut writer = Writer { types, text: String::new() };
    writer.ty(ty);
    writer.finish()
}

/// Parameters and results as the text form spells them after a function's name: `(i64, str!) -> i64`.
pub(crate) fn signature_name(types: &[RuntimeType], parameters: &[SlotType], results: &[SlotType]) -> String {
    let mut writer = Writer { types, text: String::new() };
    writer.signature(parameters, results);
    writer.finish()
}

struct Writer<'a> {
    types: &'a [RuntimeType],
    text: String,
}

impl Writer<'_> {
    fn is_full(&self) -> bool {
        self.text.len() > TYPE_NAME_BYTES
    }

    fn finish(mut self) -> String {
        if self.is_full() {
            let mut end = TYPE_NAME_BYTES;
            while !self.text.is_char_boundary(end) {
                end -= 1;
            }
            self.text.truncate(end);
            self.text.push('…');
        }
        self.text
    }

    /// Every call writes at least one byte before it goes on to others, so the work is bounded by the length.
    fn ty(&mut self, ty: TypeId) {
        let Some(ty) = self.types.get(ty as usize).filter(|_| !self.is_full()) else { return };
        match &ty.kind {
            RuntimeTypeKind::Array { element, .. } => {
                self.text.push('[');
                self.ty(*element);
                self.text.push(']');
            }
            RuntimeTypeKind::Function { parameters, results } => {
                self.text.push_str("fn");
                self.signature(parameters, results);
            }
            RuntimeTypeKind::Fiber { parameters, results, .. } => {
                self.text.push_str("fiber");
                self.signature(parameters, results);
            }
            _ => self.text.push_str(&ty.name),
        }
    }

    fn signature(&mut self, parameters: &[SlotType], results: &[SlotType]) {
        self.list(parameters);
        match results {
            [] => {}
            [result] => {
                self.text.push_str(" -> ");
                self.slot(*result);
            }
            _ => {
                self.text.push_str(" -> ");
                self.list(results);
            }
        }
    }

    fn list(&mut self, slots: &[SlotType]) {
        self.text.push('(');
        for (index, &slot) in slots.iter().enumerate() {
            if self.is_full() {
                return;
            }
            if index > 0 {
                self.text.push_str(", ");
            }
            self.slot(slot);
        }
        self.text.push(')');
    }

    fn slot(&mut self, slot: SlotType) {
        self.ty(slot.ty);
        if slot.non_null {
            self.text.push('!');
        }
    }
}
