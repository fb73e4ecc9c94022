//! One pass over all code for what instructions ask of the linker: a class for each kind of closure, and which strings are constants.

use super::LinkError;
use super::functions::Functions;
use super::limits::{STRINGS, at_most};
use super::records::Record;
use super::symbols::{Symbol, Symbols};
use super::types::Types;
use crate::program::{ClassId, FunctionId, GlobalInfo, TypeId};
use limosa_spec::instruction::Code;
use limosa_spec::module::Constant;
use limosa_spec::{Module, Opcode};
use std::collections::HashMap;
use std::sync::Arc;

/// The string constants of a program, each once.
pub(super) struct Strings {
    /// The strings by number.
    pub strings: Vec<Arc<str>>,
    /// Per module and string index; [`u32::MAX`] for strings that are no constants.
    pub tables: Vec<Vec<u32>>,
    by_symbol: Vec<u32>,
}

/// The number of a string that is no constant.
const NONE: u32 = u32::MAX;

impl Strings {
    fn new(modules: &[&Module], symbols: &Symbols<'_>) -> Strings {
        Strings {
            strings: Vec::new(),
            tables: modules.iter().map(|module| vec![NONE; module.strings.len()]).collect(),
            by_symbol: vec![NONE; symbols.len()],
        }
    }

    fn add(&mut self, module: usize, string: u32, symbols: &Symbols<'_>) -> Result<u32, LinkError> {
        let symbol: Symbol = symbols.of(module, string);
        let known = &mut self.by_symbol[symbol as usize];
        if *known == NONE {
            at_most("string constants", self.strings.len() + 1, STRINGS)?;
            *known = self.strings.len() as u32;
            self.strings.push(Arc::from(symbols.text(symbol)));
        }
        self.tables[module][string as usize] = *known;
        Ok(*known)
    }
}

/// The classes of closures: one for each function and number of captures.
#[derive(Default)]
pub(super) struct Closures {
    /// Per module, by function index and number of captures.
    pub tables: Vec<HashMap<(u32, u32), ClassId>>,
    classes: HashMap<(FunctionId, u32), ClassId>,
    rest: HashMap<(TypeId, u32), TypeId>,
}

/// What the code of all modules names.
pub(super) struct Constants {
    /// The string constants.
    pub strings: Strings,
    /// The closures' classes.
    pub closures: Closures,
    /// The globals of all modules in order.
    pub globals: Vec<GlobalInfo>,
    /// Per module the number of its first global.
    pub first_globals: Vec<u32>,
}

/// Reads all code and globals.
pub(super) fn scan(modules: &[&Module], symbols: &Symbols<'_>, functions: &Functions, types: &mut Types) -> Result<Constants, LinkError> {
    let mut constants = Constants {
        strings: Strings::new(modules, symbols),
        closures: Closures::default(),
        globals: Vec::new(),
        first_globals: Vec::new(),
    };
    for (number, module) in modules.iter().enumerate() {
        constants.closures.tables.push(HashMap::new());
        constants.first_globals.push(constants.globals.len() as u32);
        at_most("globals", constants.globals.len() + module.globals.len(), super::limits::GLOBALS)?;
        for global in &module.globals {
            let initial = match global.initial {
                Constant::Str(string) => Constant::Str(constants.strings.add(number, string, symbols)?),
                other => other,
            };
            constants.globals.push(GlobalInfo { is_reference: global.ty.is_reference(), initial });
        }
        for function in &module.functions {
            scan_code(&function.body.code, number, symbols, functions, types, &mut constants)?;
        }
    }
    Ok(constants)
}

fn scan_code(
    code: &Code,
    module: usize,
    symbols: &Symbols<'_>,
    functions: &Functions,
    types: &mut Types,
    constants: &mut Constants,
) -> Result<(), LinkError> {
    for (index, instruction) in code.instructions.iter().enumerate() {
        match (instruction.opcode, code.raw_operands(index)) {
            (Opcode::ConstStr, &[_, string]) => {
                constants.strings.add(module, string, symbols)?;
            }
            (Opcode::Closure, &[_, function, captures, ..]) => {
                constants.closures.add(module, function, captures, functions, types)?;
            }
            _ => {}
        }
    }
    Ok(())
}

impl Closures {
    fn add(&mut self, module: usize, function: u32, captures: u32, functions: &Functions, types: &mut Types) -> Result<(), LinkError> {
        if self.tables[module].contains_key(&(function, captures)) {
            return Ok(());
        }
        let id = functions.tables[module][function as usize];
        let class = match self.classes.get(&(id, captures)) {
            Some(&class) => class,
            None => {
                let ty = self.rest_type(functions.types[id as usize], captures, types)?;
                let class = types.add_record(Record::Closure { ty, function: id, captures })?;
                self.classes.insert((id, captures), class);
                class
            }
        };
        self.tables[module].insert((function, captures), class);
        Ok(())
    }

    /// The type of a function whose first parameters are bound.
    fn rest_type(&mut self, ty: TypeId, captures: u32, types: &mut Types) -> Result<TypeId, LinkError> {
        if captures == 0 {
            return Ok(ty);
        }
        if let Some(&known) = self.rest.get(&(ty, captures)) {
            return Ok(known);
        }
        let (parameters, results) = types.signature(ty);
        let rest = parameters.get(captures as usize..).unwrap_or_default();
        let rest = types.function(Arc::from(rest), results)?;
        self.rest.insert((ty, captures), rest);
        Ok(rest)
    }
}
