//! Checks that a decoded module is numbered canonically: each new reference is the next number, and at the end none is left over.

use super::{Broken, Numbering, Visit, broken, for_each_component, is_named, register_counts, traverse};
use crate::decode::DecodeRule;
use crate::format::Section;
use crate::limits;
use crate::module::{Constant, Module};
use crate::types::{Type, TypeDefinition};
use std::collections::HashSet;

/// Checks the numbering. The module is borrowed mutably because the traversal can renumber; it is not changed.
pub(crate) fn check(module: &mut Module) -> Result<(), Box<Broken>> {
    let at = |section: Section| {
        move |mut broken: Box<Broken>| {
            broken.section = section;
            broken
        }
    };
    distinct_strings(&module.strings).map_err(at(Section::Strings))?;
    let registers = register_counts(module);
    let mut types = std::mem::take(&mut module.types);
    let outcome = check_parts(module, &mut types, &registers);
    module.types = types;
    outcome?;
    match &module.debug {
        Some(debug) => distinct_strings(&debug.strings).map_err(at(Section::Debug)),
        None => Ok(()),
    }
}

fn check_parts(module: &mut Module, types: &mut [TypeDefinition], registers: &[u32]) -> Visit {
    let in_types = |mut broken: Box<Broken>| {
        broken.section = Section::Types;
        broken
    };
    let named_count = types.iter().take_while(|definition| is_named(definition)).count();
    let (named, structural) = types.split_at_mut(named_count);
    well_founded(structural, named_count).map_err(in_types)?;
    distinct_types(structural).map_err(in_types)?;
    let (strings, debug_strings, files) = match &module.debug {
        Some(debug) => (module.strings.len(), debug.strings.len(), debug.files.len()),
        None => (module.strings.len(), 0, 0),
    };
    let mut check = Check {
        strings: Counter::new(strings, STRINGS),
        types: Counter::new(named_count + structural.len(), TYPES),
        constants: Counter::new(0, CONSTANTS),
        files: Counter::new(files, FILES),
        debug_strings: Counter::new(debug_strings, STRINGS),
        named: named_count as u32,
        structural,
    };
    check.types.next = named_count as u32;
    check.debug_strings.next = files as u32;
    traverse(module, named, registers, &mut check)?;
    let used_up = [
        (check.strings.finish(), Section::Strings),
        (check.types.finish(), Section::Types),
        (check.files.finish(), Section::Debug),
        (check.debug_strings.finish(), Section::Debug),
    ];
    for (outcome, section) in used_up {
        outcome.map_err(|mut broken| {
            broken.section = section;
            broken
        })?;
    }
    Ok(())
}

/// The rules of one numbering, and its noun for messages.
struct Rules {
    noun: &'static str,
    index: DecodeRule,
    order: DecodeRule,
    unused: DecodeRule,
}

const STRINGS: &Rules =
    &Rules { noun: "string", index: DecodeRule::StringIndex, order: DecodeRule::StringOrder, unused: DecodeRule::StringUnused };
const TYPES: &Rules = &Rules { noun: "type", index: DecodeRule::TypeIndex, order: DecodeRule::TypeOrder, unused: DecodeRule::TypeUnused };
const CONSTANTS: &Rules =
    &Rules { noun: "constant", index: DecodeRule::ConstantIndex, order: DecodeRule::ConstantOrder, unused: DecodeRule::ConstantUnused };
const FILES: &Rules = &Rules { noun: "file", index: DecodeRule::DebugFile, order: DecodeRule::DebugFile, unused: DecodeRule::DebugFile };

/// A numbering by first use being checked.
struct Counter {
    next: u32,
    length: u32,
    rules: &'static Rules,
}

impl Counter {
    fn new(length: usize, rules: &'static Rules) -> Counter {
        Counter { next: 0, length: length as u32, rules }
    }

    #[inline]
    fn visit(&mut self, index: u32) -> Visit {
        if index < self.next {
            return Ok(());
        }
        if index != self.next || index >= self.length {
            return Err(self.out_of_order(index));
        }
        self.next += 1;
        Ok(())
    }

    #[cold]
    fn out_of_order(&self, index: u32) -> Box<Broken> {
        let noun = self.rules.noun;
        if index >= self.length {
            broken(self.rules.index, format!("{noun} {index} of {}", self.length))
        } else {
            broken(self.rules.order, format!("{noun} {index} is used before {noun} {}", self.next))
        }
    }

    fn finish(&self) -> Visit {
        if self.next == self.length {
            return Ok(());
        }
        let noun = self.rules.noun;
        Err(broken(self.rules.unused, format!("{noun} {} is not used", self.next)))
    }
}

struct Check<'a> {
    strings: Counter,
    /// Numbers of the table, the named types included.
    types: Counter,
    constants: Counter,
    files: Counter,
    debug_strings: Counter,
    named: u32,
    structural: &'a mut [TypeDefinition],
}

impl Check<'_> {
    /// A structural type that was not seen before: what it is made of comes first. The components have lower numbers, so this ends,
    /// and nest at most to the limit, so it does not go deep.
    fn new_type(&mut self, index: u32) -> Visit {
        if index < self.types.length {
            let place = (index - self.named) as usize;
            let mut definition = std::mem::replace(&mut self.structural[place], TypeDefinition::Array(Type::I32));
            let outcome = for_each_component(&mut definition, |ty| self.ty(ty));
            self.structural[place] = definition;
            outcome?;
        }
        self.types.visit(index)
    }
}

impl Numbering for Check<'_> {
    #[inline]
    fn string(&mut self, index: &mut u32) -> Visit {
        self.strings.visit(*index)
    }

    #[inline]
    fn ty(&mut self, ty: &mut Type) -> Visit {
        match ty.defined_index() {
            Some(index) if index >= self.types.next => self.new_type(index),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, constants: &[Constant]) -> Visit {
        self.constants = Counter::new(constants.len(), CONSTANTS);
        Ok(())
    }

    #[inline]
    fn constant(&mut self, index: &mut u32) -> Visit {
        self.constants.visit(*index)
    }

    fn leave(&mut self, _: &mut Vec<Constant>) -> Visit {
        self.constants.finish()
    }

    fn file(&mut self, index: &mut u32) -> Visit {
        self.files.visit(*index)
    }

    fn register_name(&mut self, index: &mut u32) -> Visit {
        self.debug_strings.visit(*index)
    }
}

fn distinct_strings(strings: &[Box<str>]) -> Visit {
    let mut seen = HashSet::with_capacity(strings.len());
    match strings.iter().find(|string| !seen.insert(&***string)) {
        Some(string) => {
            let start: String = string.chars().take(40).collect();
            Err(broken(DecodeRule::StringDuplicate, format!("{start:?} stands in the table twice")))
        }
        None => Ok(()),
    }
}

/// Checks that structural types stand after what they are made of, that no named type follows them, and that they do not nest too deep.
fn well_founded(structural: &mut [TypeDefinition], named: usize) -> Visit {
    let mut depths: Vec<u32> = Vec::with_capacity(structural.len());
    for (place, definition) in structural.iter_mut().enumerate() {
        if is_named(definition) {
            return Err(broken(DecodeRule::TypeNamedFirst, format!("type {} is named, but follows structural types", named + place)));
        }
        let mut depth = 0;
        for_each_component(definition, |ty| {
            let Some(component) = ty.defined_index().and_then(|index| (index as usize).checked_sub(named)) else {
                return Ok(());
            };
            let Some(&below) = depths.get(component) else {
                let message = format!("type {} is made of type {}, which does not stand before it", named + place, named + component);
                return Err(broken(DecodeRule::TypeOrder, message));
            };
            depth = depth.max(below);
            Ok(())
        })?;
        depth += 1;
        if depth > limits::TYPE_NESTING {
            let message = format!("type {} nests {depth} deep, at most {} are allowed", named + place, limits::TYPE_NESTING);
            return Err(broken(DecodeRule::LimitTypeNesting, message));
        }
        depths.push(depth);
    }
    Ok(())
}

fn distinct_types(structural: &[TypeDefinition]) -> Visit {
    let mut seen = HashSet::with_capacity(structural.len());
    match structural.iter().position(|definition| !seen.insert(definition)) {
        Some(place) => Err(broken(DecodeRule::TypeDuplicate, format!("structural type {place} stands in the table twice"))),
        None => Ok(()),
    }
}
