//! Comparing the Rust types of a typed function with its declaration, and spelling them in errors.

use crate::link::{HostSlot, HostType};
use crate::program::{Linked, RuntimeTypeKind, SlotType};
use limosa_spec::{Type, TypeKind};

/// Which way values go: into a function, where null may be refused, or out of it, where null may come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

/// Whether values of these Rust types can go to, or come from, these slots.
pub(super) fn fits(linked: &Linked, slots: &[SlotType], rust: &[HostSlot], direction: Direction) -> bool {
    slots.len() == rust.len() && slots.iter().zip(rust).all(|(&slot, &rust)| slot_fits(linked, slot, rust, direction))
}

fn slot_fits(linked: &Linked, slot: SlotType, rust: HostSlot, direction: Direction) -> bool {
    let is_reference = !matches!(linked.types[slot.ty as usize].kind, RuntimeTypeKind::Number(_));
    let same_type = match rust.ty {
        HostType::Plain(Type::ANY) => is_reference,
        HostType::Plain(ty) => slot.ty == ty.code(),
        HostType::Array(of) => {
            matches!(linked.types[slot.ty as usize].kind, RuntimeTypeKind::Array { element, .. } if element == of.code())
        }
    };
    let same_null = match direction {
        Direction::In => rust.non_null || !slot.non_null,
        Direction::Out => slot.non_null || !rust.non_null,
    };
    same_type && (same_null || !is_reference)
}

/// Spells Rust types as the declaration they ask for.
pub(super) fn spell(parameters: &[HostSlot], results: &[HostSlot]) -> String {
    let list = |slots: &[HostSlot]| slots.iter().map(|&slot| spell_slot(slot)).collect::<Vec<_>>().join(", ");
    match results {
        [] => format!("({})", list(parameters)),
        [_] => format!("({}) -> {}", list(parameters), list(results)),
        _ => format!("({}) -> ({})", list(parameters), list(results)),
    }
}

fn spell_slot(slot: HostSlot) -> String {
    let name = match slot.ty {
        HostType::Plain(ty) => plain_name(ty).to_owned(),
        HostType::Array(element) => format!("[{}]", plain_name(element)),
    };
    if slot.non_null { name + "!" } else { name }
}

fn plain_name(ty: Type) -> &'static str {
    match ty.kind() {
        TypeKind::I32 => "i32",
        TypeKind::I64 => "i64",
        TypeKind::F32 => "f32",
        TypeKind::F64 => "f64",
        TypeKind::I8 => "i8",
        TypeKind::U8 => "u8",
        TypeKind::I16 => "i16",
        TypeKind::U16 => "u16",
        TypeKind::Str => "str",
        TypeKind::WellKnown(class) => class.name(),
        TypeKind::Any | TypeKind::Null | TypeKind::Defined(_) | TypeKind::Reserved => "any",
    }
}
