//! The debug section: lines from the text itself, or from its directives.

use std::collections::HashMap;

use limosa_spec::module::{Debug, FunctionDebug, LineEntry};

use crate::literal;
use crate::syntax::{Item, ItemKind};

/// The debug section while it is made.
pub(crate) struct DebugTables {
    debug: Option<Debug>,
    strings: HashMap<Box<str>, u32>,
    files: HashMap<u32, u32>,
    /// The file of a line that names none, and its number once it has one.
    own_file: (Box<str>, Option<u32>),
    /// Whether instructions get the lines they stand at in the text.
    automatic: bool,
}

impl DebugTables {
    /// What the directives of the module say. The file is the text itself unless one is named.
    pub fn new(file_name: &str, items: &[Item], source: &str) -> DebugTables {
        let has = |wanted: fn(&ItemKind) -> bool| items.iter().any(|item| wanted(&item.kind));
        let named = items.iter().find_map(|item| match item.kind {
            ItemKind::File(span) => literal::string(span.text(source)).ok(),
            _ => None,
        });
        let automatic = named.is_none() && !has(|kind| matches!(kind, ItemKind::NoLines));
        let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        DebugTables {
            debug: (!has(|kind| matches!(kind, ItemKind::NoDebug))).then(Debug::default),
            strings: HashMap::new(),
            files: HashMap::new(),
            own_file: (named.unwrap_or_else(|| base.to_owned()).into(), None),
            automatic,
        }
    }

    /// Whether instructions get the lines they stand at in the text.
    pub fn is_automatic(&self) -> bool {
        self.automatic
    }

    /// The number of a string of the debug section.
    pub fn string(&mut self, text: &str) -> u32 {
        let Some(debug) = &mut self.debug else { return 0 };
        if let Some(&index) = self.strings.get(text) {
            return index;
        }
        let index = debug.strings.len() as u32;
        debug.strings.push(text.into());
        self.strings.insert(text.into(), index);
        index
    }

    /// The number of the file of a line that names none.
    pub fn own_file(&mut self) -> u32 {
        if let Some(number) = self.own_file.1 {
            return number;
        }
        let number = self.file(&self.own_file.0.clone());
        self.own_file.1 = Some(number);
        number
    }

    /// The number of a source file.
    pub fn file(&mut self, name: &str) -> u32 {
        let string = self.string(name);
        let Some(debug) = &mut self.debug else { return 0 };
        *self.files.entry(string).or_insert_with(|| {
            debug.files.push(string);
            debug.files.len() as u32 - 1
        })
    }

    /// Adds what is known of the next function. Entries that repeat the one before them are left out.
    pub fn function(&mut self, mut function: FunctionDebug) {
        if let Some(debug) = &mut self.debug {
            function.lines.dedup_by_key(|entry| (entry.file, entry.line));
            debug.functions.push(function);
        }
    }

    /// The section, if there is to be one.
    pub fn finish(self) -> Option<Debug> {
        self.debug
    }
}

/// Adds a line entry; of two for one instruction the later holds.
pub(super) fn add_line(lines: &mut Vec<LineEntry>, entry: LineEntry) {
    match lines.last_mut() {
        Some(last) if last.start == entry.start => *last = entry,
        Some(last) if (last.file, last.line) == (entry.file, entry.line) => {}
        _ => lines.push(entry),
    }
}
