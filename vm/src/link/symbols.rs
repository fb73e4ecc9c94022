//! One number for each distinct string of the program's modules, so that every string is hashed once, however long it is and however
//! often it is a name.

use super::LinkError;
use super::limits::{STRINGS, at_most};
use limosa_spec::module::StringIndex;
use limosa_spec::{Module, WellKnown};
use std::collections::HashMap;

/// The number of a string, the same in all modules.
pub(super) type Symbol = u32;

/// The strings of all modules.
pub(super) struct Symbols<'a> {
    by_text: HashMap<&'a str, Symbol>,
    texts: Vec<&'a str>,
    by_module: Vec<Vec<Symbol>>,
}

impl<'a> Symbols<'a> {
    /// Numbers all strings of all modules, and the names the format itself knows.
    pub fn new(modules: &[&'a Module]) -> Result<Symbols<'a>, LinkError> {
        let total = modules.iter().map(|module| module.strings.len()).sum();
        at_most("strings", total, STRINGS)?;
        let mut symbols = Symbols { by_text: HashMap::new(), texts: Vec::new(), by_module: Vec::new() };
        for class in WellKnown::ALL {
            for field in class.fields() {
                symbols.intern(field.name);
            }
        }
        for module in modules {
            let numbers = module.strings.iter().map(|text| symbols.intern(text)).collect();
            symbols.by_module.push(numbers);
        }
        Ok(symbols)
    }

    fn intern(&mut self, text: &'a str) -> Symbol {
        *self.by_text.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() as Symbol - 1
        })
    }

    /// The number of a module's string.
    pub fn of(&self, module: usize, string: StringIndex) -> Symbol {
        self.by_module[module][string as usize]
    }

    /// The number of a text, if any module has it.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.by_text.get(text).copied()
    }

    /// The text of a number.
    pub fn text(&self, symbol: Symbol) -> &'a str {
        self.texts[symbol as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}
