//! Renumbers a module canonically: equal strings, structural types, constants and files become one, unused ones go.

use super::{Broken, Numbering, Visit, broken, for_each_component, is_named, register_counts, traverse};
use crate::decode::DecodeRule;
use crate::format::{CANONICAL_NAN_F32, CANONICAL_NAN_F64};
use crate::limits;
use crate::module::{Constant, FunctionDebug, Module};
use crate::types::{Type, TypeDefinition};
use std::collections::HashMap;
use std::hash::Hash;

/// Brings a module into the form that [`encode`](crate::encode()) accepts: strings, structural types, constants and source files are
/// numbered by first use, each once, and the named types stand before the structural ones. NaN constants become the canonical NaN.
/// Line entries that repeat the one before them go. Everything else keeps its order and meaning.
///
/// # Errors
/// If a reference is beyond its table, operands do not have the shape of their instruction, or structural types nest too deep (or
/// contain themselves). The module is then unusable.
///
/// ```
/// use limosa_spec::{Module, canonicalize};
///
/// let mut module = Module { strings: vec!["unused".into(), "hello".into()], ..Module::default() };
/// module.manifest.name = 1;
/// canonicalize(&mut module)?;
/// assert_eq!((module.manifest.name, module.strings.len()), (0, 1));
/// # Ok::<(), limosa_spec::canonical::Broken>(())
/// ```
pub fn canonicalize(module: &mut Module) -> Result<(), Broken> {
    renumber(module).map_err(|broken| *broken)
}

fn renumber(module: &mut Module) -> Visit {
    let registers = register_counts(module);
    for function in &mut module.functions {
        function.body.constants.iter_mut().for_each(canonical_nan);
    }
    module.globals.iter_mut().for_each(|global| canonical_nan(&mut global.initial));
    let (types, mut named) = Types::new(std::mem::take(&mut module.types));
    let (names, files) = match &mut module.debug {
        Some(debug) => {
            debug.functions.resize(module.functions.len(), FunctionDebug::default());
            (std::mem::take(&mut debug.strings), std::mem::take(&mut debug.files))
        }
        None => Default::default(),
    };
    let mut renumber = Renumber {
        strings: Table::new(std::mem::take(&mut module.strings), "string", DecodeRule::StringIndex),
        types,
        constants: Table::new(Vec::new(), "constant", DecodeRule::ConstantIndex),
        names: Table::new(names, "debug string", DecodeRule::StringIndex),
        files,
        file_count: 0,
    };
    traverse(module, &mut named, &registers, &mut renumber)?;

    module.strings = renumber.strings.entries;
    named.append(&mut renumber.types.structural);
    module.types = named;
    if let Some(debug) = &mut module.debug {
        debug.files = (0..renumber.file_count).collect();
        debug.strings = renumber.names.entries;
        debug.functions.iter_mut().for_each(|function| function.lines.dedup_by_key(|entry| (entry.file, entry.line)));
    }
    Ok(())
}

fn canonical_nan(constant: &mut Constant) {
    match constant {
        Constant::F32(value) if value.is_nan() => *value = f32::from_bits(CANONICAL_NAN_F32),
        Constant::F64(value) if value.is_nan() => *value = f64::from_bits(CANONICAL_NAN_F64),
        _ => {}
    }
}

/// A table being renumbered.
struct Table<T> {
    old: Vec<T>,
    /// The new number of each old entry, [`UNSEEN`] before its first use.
    numbers: Vec<u32>,
    entries: Vec<T>,
    seen: HashMap<T, u32>,
    noun: &'static str,
    rule: DecodeRule,
}

const UNSEEN: u32 = u32::MAX;

impl<T: Clone + Eq + Hash> Table<T> {
    fn new(old: Vec<T>, noun: &'static str, rule: DecodeRule) -> Table<T> {
        Table { numbers: vec![UNSEEN; old.len()], old, entries: Vec::new(), seen: HashMap::new(), noun, rule }
    }

    /// Starts again with another table.
    fn restart(&mut self, old: &[T]) {
        self.old = old.to_vec();
        self.numbers.clear();
        self.numbers.resize(old.len(), UNSEEN);
        self.entries.clear();
        self.seen.clear();
    }

    fn visit(&mut self, index: &mut u32) -> Visit {
        let Some(number) = self.numbers.get_mut(*index as usize) else {
            return Err(broken(self.rule, format!("{} {index} of {}", self.noun, self.old.len())));
        };
        if *number == UNSEEN {
            let entry = &self.old[*index as usize];
            *number = *self.seen.entry(entry.clone()).or_insert_with(|| {
                self.entries.push(entry.clone());
                self.entries.len() as u32 - 1
            });
        }
        *index = *number;
        Ok(())
    }
}

/// The type table being renumbered.
struct Types {
    /// The definitions under their old numbers; placeholders for the named ones.
    old: Vec<TypeDefinition>,
    /// The new number of each old definition, [`UNSEEN`] before its first use.
    numbers: Vec<u32>,
    named: u32,
    structural: Vec<TypeDefinition>,
    seen: HashMap<TypeDefinition, u32>,
}

impl Types {
    /// Takes the named types out of the table, wherever they stand, and numbers them in their order.
    fn new(mut old: Vec<TypeDefinition>) -> (Types, Vec<TypeDefinition>) {
        let mut numbers = vec![UNSEEN; old.len()];
        let mut named = Vec::new();
        for (definition, number) in old.iter_mut().zip(&mut numbers) {
            if is_named(definition) {
                *number = named.len() as u32;
                named.push(std::mem::replace(definition, TypeDefinition::Array(Type::I32)));
            }
        }
        (Types { old, numbers, named: named.len() as u32, structural: Vec::new(), seen: HashMap::new() }, named)
    }

    /// Visits a type at a depth of structural types around it.
    fn visit(&mut self, ty: &mut Type, depth: u32) -> Visit {
        let Some(index) = ty.defined_index() else {
            return Ok(());
        };
        let Some(&number) = self.numbers.get(index as usize) else {
            return Err(broken(DecodeRule::TypeIndex, format!("type {index} of {}", self.numbers.len())));
        };
        let number = if number == UNSEEN { self.first_visit(index as usize, depth + 1)? } else { number };
        *ty = Type::defined(number);
        Ok(())
    }

    fn first_visit(&mut self, index: usize, depth: u32) -> Result<u32, Box<Broken>> {
        if depth > limits::TYPE_NESTING {
            return Err(broken(DecodeRule::LimitTypeNesting, format!("types nest deeper than {}, or without end", limits::TYPE_NESTING)));
        }
        let mut definition = self.old[index].clone();
        for_each_component(&mut definition, |component| self.visit(component, depth))?;
        let fresh = self.named + self.structural.len() as u32;
        let number = *self.seen.entry(definition.clone()).or_insert(fresh);
        if number == fresh {
            self.structural.push(definition);
        }
        self.numbers[index] = number;
        Ok(number)
    }
}

struct Renumber {
    strings: Table<Box<str>>,
    types: Types,
    constants: Table<Constant>,
    names: Table<Box<str>>,
    /// The old file table.
    files: Vec<u32>,
    /// The number of files met: they are the first debug strings.
    file_count: u32,
}

impl Numbering for Renumber {
    fn string(&mut self, index: &mut u32) -> Visit {
        self.strings.visit(index)
    }

    fn ty(&mut self, ty: &mut Type) -> Visit {
        self.types.visit(ty, 0)
    }

    fn known_types(&self) -> u32 {
        Type::FIRST_DEFINED
    }

    fn enter(&mut self, constants: &[Constant]) -> Visit {
        self.constants.restart(constants);
        Ok(())
    }

    fn constant(&mut self, index: &mut u32) -> Visit {
        self.constants.visit(index)
    }

    fn leave(&mut self, constants: &mut Vec<Constant>) -> Visit {
        constants.clone_from(&self.constants.entries);
        Ok(())
    }

    fn file(&mut self, index: &mut u32) -> Visit {
        let Some(&name) = self.files.get(*index as usize) else {
            return Err(broken(DecodeRule::DebugFile, format!("file {index} of {}", self.files.len())));
        };
        *index = name;
        self.names.visit(index)?;
        self.file_count = self.names.entries.len() as u32;
        Ok(())
    }

    fn register_name(&mut self, index: &mut u32) -> Visit {
        self.names.visit(index)
    }
}
