//! Checks that a decoded module is numbered canonically: each new reference is the next number, and at the end none is left over.

use super::{Broken, Numbering, Visit, broken, for_each_component, in_section, is_named, traverse_body, traverse_debug, traverse_tables};
use crate::decode::DecodeRule;
use crate::format::Section;
use crate::limits;
use crate::module::{Body, Constant, Debug, Module};
use crate::types::{Type, TypeDefinition};
use std::collections::HashSet;

/// The numbering of a module being checked: the tables first, then each body while it is still in the processor's cache, then the
/// debug section. What is given is borrowed mutably because the traversal can renumber; it is not changed.
pub(crate) struct Check {
    strings: Counter,
    /// Numbers of the table, the named types included.
    types: Counter,
    constants: Counter,
    files: Counter,
    debug_strings: Counter,
    structure: Structure,
}

impl Check {
    /// Checks the tables of a module; the bodies of its functions need not be there yet.
    pub fn tables(module: &mut Module) -> Result<Check, Box<Broken>> {
        distinct_strings(&module.strings).map_err(in_section(Section::Strings))?;
        let mut types = std::mem::take(&mut module.types);
        let outcome = Check::tables_with(module, &mut types);
        module.types = types;
        outcome
    }

    fn tables_with(module: &mut Module, types: &mut [TypeDefinition]) -> Result<Check, Box<Broken>> {
        let (count, named_count) = (types.len(), types.iter().take_while(|definition| is_named(definition)).count());
        let (named, structural) = types.split_at_mut(named_count);
        let structure = Structure::new(structural, named_count as u32).map_err(in_section(Section::Types))?;
        distinct_types(structural).map_err(in_section(Section::Types))?;
        let mut check = Check {
            strings: Counter::new(module.strings.len(), STRINGS),
            types: Counter::new(count, TYPES),
            constants: Counter::new(0, CONSTANTS),
            files: Counter::new(0, FILES),
            debug_strings: Counter::new(0, STRINGS),
            structure,
        };
        check.types.next = named_count as u32;
        traverse_tables(module, named, &mut check)?;
        Ok(check)
    }

    /// Checks the body of the next function.
    pub fn body(&mut self, body: &mut Body, index: usize, registers: u32) -> Visit {
        traverse_body(body, index, registers, self)
    }

    /// Checks that everything but debug information was used, when all bodies have been checked.
    pub fn finish(&self) -> Visit {
        self.strings.finish().map_err(in_section(Section::Strings))?;
        self.types.finish().map_err(in_section(Section::Types))
    }

    /// Checks debug information.
    pub fn debug(&mut self, debug: &mut Debug) -> Visit {
        distinct_strings(&debug.strings).map_err(in_section(Section::Debug))?;
        self.files = Counter::new(debug.files.len(), FILES);
        self.debug_strings = Counter::new(debug.strings.len(), STRINGS);
        self.debug_strings.next = debug.files.len() as u32;
        traverse_debug(debug, self)?;
        self.files.finish().and_then(|()| self.debug_strings.finish()).map_err(in_section(Section::Debug))
    }

    /// A structural type that was not seen before: what it is made of comes first. That has lower numbers, so this ends, and nests at
    /// most to the limit, so it does not go deep.
    fn new_type(&mut self, index: u32) -> Visit {
        for item in self.structure.components(index) {
            let component = self.structure.items[item];
            if component >= self.types.next {
                self.new_type(component)?;
            }
        }
        self.types.visit(index)
    }
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

impl Numbering for Check {
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

    #[inline]
    fn known_types(&self) -> u32 {
        Type::FIRST_DEFINED + self.types.next
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

/// What each structural type is made of, as far as it is structural itself.
struct Structure {
    named: u32,
    /// Where the components of each type end in `items`.
    ends: Vec<usize>,
    /// Numbers of types.
    items: Vec<u32>,
}

impl Structure {
    /// Checks that structural types stand after what they are made of, that no named type follows them, and that they do not nest too
    /// deep.
    fn new(structural: &mut [TypeDefinition], named: u32) -> Result<Structure, Box<Broken>> {
        let mut structure = Structure { named, ends: Vec::with_capacity(structural.len()), items: Vec::new() };
        let mut depths: Vec<u32> = Vec::with_capacity(structural.len());
        for (definition, number) in structural.iter_mut().zip(named..) {
            if is_named(definition) {
                return Err(broken(DecodeRule::TypeNamedFirst, format!("type {number} is named, but follows structural types")));
            }
            let mut depth = 0;
            for_each_component(definition, |ty| {
                let Some(component) = ty.defined_index().filter(|&index| index >= named) else {
                    return Ok(());
                };
                let Some(&below) = depths.get((component - named) as usize) else {
                    let message = format!("type {number} is made of type {component}, which does not stand before it");
                    return Err(broken(DecodeRule::TypeOrder, message));
                };
                structure.items.push(component);
                depth = depth.max(below);
                Ok(())
            })?;
            if depth == limits::TYPE_NESTING {
                let message = format!("type {number} nests {} deep, at most {} are allowed", depth + 1, limits::TYPE_NESTING);
                return Err(broken(DecodeRule::LimitTypeNesting, message));
            }
            depths.push(depth + 1);
            structure.ends.push(structure.items.len());
        }
        Ok(structure)
    }

    /// Where the components of a type stand in `items`; nowhere for a type that is not structural, or not in the table.
    fn components(&self, index: u32) -> std::ops::Range<usize> {
        let Some(place) = index.checked_sub(self.named).map(|place| place as usize).filter(|&place| place < self.ends.len()) else {
            return 0..0;
        };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[place]
    }
}

fn distinct_types(structural: &[TypeDefinition]) -> Visit {
    let mut seen = HashSet::with_capacity(structural.len());
    match structural.iter().position(|definition| !seen.insert(definition)) {
        Some(place) => Err(broken(DecodeRule::TypeDuplicate, format!("structural type {place} stands in the table twice"))),
        None => Ok(()),
    }
}
