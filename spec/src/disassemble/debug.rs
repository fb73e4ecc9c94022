//! What the debug section adds to the text: directives for lines, and the names of registers.

use std::collections::HashMap;

use super::Printer;
use crate::module::{FunctionDebug, LineEntry};

/// Register names longer than this stand only where the register is declared.
const LONGEST_NAME: usize = 64;

/// What a register is called in the text.
pub(super) enum RegisterText<'m> {
    /// By its own name.
    Own(&'m str),
    /// By its number, with its name where it is declared.
    Numbered(&'m str),
    /// By its number.
    Nameless,
}

impl<'m> Printer<'m> {
    /// Writes the directive that says where lines come from: always one, so that the text does not depend on its own lines.
    pub fn debug_directive(&mut self) {
        match self.module.debug.as_ref().filter(|_| self.debug) {
            None => self.out.push(".nodebug"),
            Some(debug) => match debug.files.first() {
                None => self.out.push(".nolines"),
                Some(&file) => {
                    self.out.push(".file ");
                    self.debug_string(file);
                }
            },
        }
        self.out.line();
    }

    fn debug_text(&self, index: u32) -> Option<&'m str> {
        self.module.debug.as_ref()?.strings.get(index as usize).map(|text| &**text)
    }

    fn debug_string(&mut self, index: u32) {
        match self.debug_text(index) {
            Some(text) => self.out.string(text),
            None => self.out.push(&format!("<debug string {index}>")),
        }
    }

    /// What is known of the function that is `index`th of those defined.
    pub fn function_debug(&self, index: usize) -> Option<&'m FunctionDebug> {
        self.module.debug.as_ref().filter(|_| self.debug)?.functions.get(index)
    }

    /// What the registers of a function are called.
    pub fn register_texts(&self, debug: Option<&'m FunctionDebug>, count: usize) -> Vec<RegisterText<'m>> {
        let mut texts: Vec<RegisterText<'m>> = (0..count).map(|_| RegisterText::Nameless).collect();
        let names = debug.map_or(&[][..], |debug| &debug.registers);
        let mut uses: HashMap<&str, u32> = HashMap::new();
        for entry in names {
            if let Some(text) = self.debug_text(entry.name) {
                *uses.entry(text).or_default() += 1;
            }
        }
        for entry in names {
            let (Some(slot), Some(text)) = (texts.get_mut(entry.register as usize), self.debug_text(entry.name)) else { continue };
            let own = uses.get(text) == Some(&1) && !is_number_name(text) && text.len() <= LONGEST_NAME;
            *slot = if own { RegisterText::Own(text) } else { RegisterText::Numbered(text) };
        }
        texts
    }

    /// Writes the directive of a line entry. `file` is the file of the entry before it.
    pub fn line_directive(&mut self, entry: LineEntry, file: &mut u32) {
        self.out.push(".line ");
        if entry.file != *file {
            *file = entry.file;
            match self.module.debug.as_ref().and_then(|debug| debug.files.get(entry.file as usize)) {
                Some(&name) => self.debug_string(name),
                None => self.out.push(&format!("<file {}>", entry.file)),
            }
            self.out.push(" ");
        }
        self.out.push(&entry.line.to_string());
    }
}

/// Whether a name is `r` and digits, as the names of registers without a name are.
fn is_number_name(name: &str) -> bool {
    name.strip_prefix('r').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
