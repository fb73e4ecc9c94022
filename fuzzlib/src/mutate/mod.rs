//! Mutated modules: good ones with changed fields, encoded anew with a true hash, so that it is the verifier that has to notice.

mod code;
mod grow;
mod items;
mod types;

use crate::choices::Choices;
use limosa_spec::{Module, Type, canonicalize, decode, encode_unchecked, verify};

/// Makes a file; `files` are the good ones to start from.
#[must_use]
pub fn generate(choices: &mut Choices<'_>, files: &[Vec<u8>]) -> Vec<u8> {
    let index = choices.below(files.len());
    let Some(Ok(module)) = files.get(index).map(|file| decode(file)) else { return Vec::new() };
    mutate(choices, module)
}

/// Changes a module in a few places and encodes it.
#[must_use]
pub fn mutate(choices: &mut Choices<'_>, mut module: Module) -> Vec<u8> {
    for _ in 0..=choices.below(3) {
        change(choices, &mut module);
    }
    // Modules made in memory come to the verifier without the decoder's checks.
    let _ = verify(module.clone());
    // Numbering makes NaNs canonical; this comes after it would.
    let is_raw = choices.chance(1, 32) && code::strange_nan(&mut module) || choices.chance(1, 4);
    let mut numbered = module.clone();
    if !is_raw && canonicalize(&mut numbered).is_ok() {
        module = numbered;
    }
    encode_unchecked(&module).unwrap_or_default()
}

fn change(choices: &mut Choices<'_>, module: &mut Module) {
    match choices.below(64) {
        0..=25 => code::change_code(choices, module),
        26..=35 => code::change_body(choices, module),
        36..=49 => types::change(choices, module),
        50..=62 => items::change(choices, module),
        _ => grow::change(choices, module),
    }
}

/// A number that is often near something: small, near the end of a table, or huge.
fn number(choices: &mut Choices<'_>, end: usize) -> u32 {
    match choices.below(16) {
        0..=9 => choices.below(end.max(1)) as u32,
        10 => end as u32,
        11 => (end as u32).wrapping_sub(1),
        12..=13 => choices.below(12) as u32,
        14 => choices.u32(),
        _ => u32::MAX,
    }
}

/// A type, mostly one the module has.
fn ty(choices: &mut Choices<'_>, module: &Module) -> Type {
    match choices.below(8) {
        0 => Type::from_code(choices.below(12) as u32),
        1 => Type::from_code(Type::FIRST_WELL_KNOWN + choices.below(20) as u32),
        2 => Type::from_code(number(choices, 100)),
        _ => Type::from_code(number(choices, module.types.len()).wrapping_add(Type::FIRST_DEFINED)),
    }
}

/// One of the items, to be changed.
fn pick<'a, T>(choices: &mut Choices<'_>, items: &'a mut [T]) -> Option<&'a mut T> {
    let index = choices.below(items.len());
    items.get_mut(index)
}

/// Takes out, doubles or moves an item.
fn rearrange<T: Clone>(choices: &mut Choices<'_>, items: &mut Vec<T>) {
    if items.is_empty() {
        return;
    }
    let (one, other) = (choices.below(items.len()), choices.below(items.len()));
    match choices.below(3) {
        0 => drop(items.remove(one)),
        1 => items.insert(other, items[one].clone()),
        _ => items.swap(one, other),
    }
}
