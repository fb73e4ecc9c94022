//! Everything but functions: the module's head, types, imports, globals, data and exports.

use super::Printer;
use crate::module::{Constant, Data, Export, ExportItem, StringIndex};
use crate::types::{ClassDefinition, InterfaceDefinition, MethodDefinition, Type, TypeDefinition};

/// The bytes of data that are written on one line.
const DATA_LINE: usize = 32;

impl<'m> Printer<'m> {
    /// Writes the lines that stand before all others.
    pub fn header(&mut self) {
        let manifest = &self.module.manifest;
        self.out.push("module ");
        self.string_as_name(manifest.name);
        if let [major, minor, patch] = manifest.version
            && manifest.version != [0, 0, 0]
        {
            self.out.push(&format!(" {major}.{minor}.{patch}"));
        }
        self.out.line();
        self.debug_directive();
        for (index, &capability) in manifest.capabilities.iter().enumerate() {
            // Without brackets around them there is no way to break the line but to begin anew.
            if index > 0 && self.out.is_wide() {
                self.out.line();
            }
            self.out.push(if self.out.column() == 0 { "capability " } else { ", " });
            self.string_as_name(capability);
        }
        if !manifest.capabilities.is_empty() {
            self.out.line();
        }
        if let Some(entry) = manifest.entry {
            self.out.push("entry ");
            self.function_name(entry);
            self.out.line();
        }
    }

    /// Writes the names given to long types, in the order of their first use.
    pub fn aliases(&mut self) {
        let mut next = 0;
        while let Some(&index) = self.references.used.get(next) {
            if next == 0 {
                self.out.gap();
            }
            self.out.push("type ");
            self.ty(Type::defined(index));
            self.out.push(" = ");
            self.definition(index);
            self.out.line();
            next += 1;
            if self.out.is_full() {
                return;
            }
        }
    }

    /// Writes types, imported functions, globals, data and exports.
    pub fn declarations(&mut self) {
        for index in 0..self.module.types.len() {
            match &self.module.types[index] {
                TypeDefinition::Class(class) => self.class(index, class),
                TypeDefinition::Interface(interface) => self.interface(index, interface),
                TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => {}
            }
            if self.out.is_full() {
                return;
            }
        }
        self.imports();
        self.globals();
        self.data_segments();
        self.exports();
    }

    fn class(&mut self, index: usize, class: &'m ClassDefinition) {
        self.out.line();
        self.out.push(if class.import.is_some() { "import " } else { "" });
        self.out.push(if class.is_final { "final " } else { "" });
        self.out.push(if class.is_abstract { "abstract " } else { "" });
        self.out.push("class ");
        self.declared_type(index, class.import, class.name);
        if let Some(superclass) = class.superclass {
            self.out.push(" extends ");
            self.ty(superclass);
        }
        self.supertypes(" implements ", &class.interfaces);
        self.out.push(" {");
        for field in &class.fields {
            self.begin_member();
            self.string_as_part(field.name);
            self.out.push(": ");
            self.ty(field.ty);
        }
        self.methods(&class.methods, class.import.is_none());
        self.end_members(class.fields.is_empty() && class.methods.is_empty());
    }

    fn interface(&mut self, index: usize, interface: &'m InterfaceDefinition) {
        self.out.line();
        self.out.push(if interface.import.is_some() { "import " } else { "" });
        self.out.push("interface ");
        self.declared_type(index, interface.import, interface.name);
        self.supertypes(" extends ", &interface.extends);
        self.out.push(" {");
        self.methods(&interface.methods, false);
        self.end_members(interface.methods.is_empty());
    }

    fn declared_type(&mut self, index: usize, import: Option<StringIndex>, name: StringIndex) {
        match import {
            Some(module) => self.import_path(module, name),
            None => return self.ty(Type::defined(index as u32)),
        }
        if self.references.types.get(index).is_some_and(|reference| reference.as_ref().is_some_and(|reference| reference.renamed)) {
            self.out.push(" as ");
            self.ty(Type::defined(index as u32));
        }
    }

    fn supertypes(&mut self, keyword: &str, types: &[Type]) {
        for (index, &ty) in types.iter().enumerate() {
            self.out.push(if index == 0 { keyword } else { ", " });
            self.ty(ty);
        }
    }

    fn begin_member(&mut self) {
        self.out.line();
        self.out.push("    ");
    }

    fn end_members(&mut self, none: bool) {
        if !none {
            self.out.line();
        }
        self.out.push("}");
        self.out.line();
    }

    /// Writes methods; those without a body are marked abstract if that is not the rule.
    fn methods(&mut self, methods: &'m [MethodDefinition], marks_abstract: bool) {
        for method in methods {
            self.begin_member();
            self.out.push(if method.is_final { "final " } else { "" });
            self.out.push(if marks_abstract && method.body.is_none() { "abstract " } else { "" });
            self.out.push("method ");
            self.string_as_name(method.name);
            self.signature_of(method.signature);
            if let Some(body) = method.body {
                self.out.push(" = ");
                self.function_name(body);
            }
            if self.out.is_full() {
                return;
            }
        }
    }

    fn imports(&mut self) {
        for (index, import) in self.module.imports.iter().enumerate() {
            if index == 0 {
                self.out.line();
            }
            self.out.push("import func ");
            self.import_path(import.module, import.name);
            self.signature_of(import.signature);
            if self.references.functions.get(index).is_some_and(|reference| reference.renamed) {
                self.out.push(" as ");
                self.function_name(index as u32);
            }
            self.out.line();
        }
    }

    /// Writes module and name of something imported. The last dot outside backticks parts them.
    fn import_path(&mut self, module: StringIndex, name: StringIndex) {
        match self.text(module) {
            Some(text) if text.split('.').all(super::names::is_plain) => self.out.push(text),
            Some(text) => self.out.quoted_name(text),
            None => self.out.push(&format!("<string {module}>")),
        }
        self.out.push(".");
        self.string_as_part(name);
    }

    fn globals(&mut self) {
        for (index, global) in self.module.globals.iter().enumerate() {
            if index == 0 {
                self.out.line();
            }
            self.out.push("global ");
            self.string_as_name(global.name);
            self.out.push(": ");
            self.ty(global.ty);
            self.out.push(" = ");
            match global.initial {
                Constant::Str(string) => self.string(string),
                constant => self.constant_of(constant, Some(global.ty)),
            }
            self.out.line();
        }
    }

    fn data_segments(&mut self) {
        for (index, data) in self.module.data.iter().enumerate() {
            if index == 0 {
                self.out.line();
            }
            self.out.push("data ");
            self.string_as_name(data.name);
            self.out.push(" =");
            self.data(data);
            self.out.line();
            if self.out.is_full() {
                return;
            }
        }
    }

    /// Writes bytes as text if they are mostly that, else as hexadecimal digits.
    fn data(&mut self, data: &Data) {
        let is_odd = |c: &char| c.is_control() && *c != '\n';
        let text = std::str::from_utf8(&data.bytes).ok().filter(|text| text.chars().filter(is_odd).count() * 8 <= text.len());
        match text {
            Some(text) => {
                let pieces: Vec<&str> = text.split_inclusive('\n').collect();
                let pieces = if pieces.is_empty() { vec![""] } else { pieces };
                for piece in &pieces {
                    self.data_line(pieces.len() == 1);
                    self.out.string(piece);
                }
            }
            None => {
                self.out.push(" hex");
                for line in data.bytes.chunks(DATA_LINE) {
                    self.data_line(data.bytes.len() <= DATA_LINE);
                    let words: Vec<String> = line.chunks(4).map(hexadecimal).collect();
                    self.out.string(&words.join(" "));
                }
            }
        }
    }

    fn data_line(&mut self, only: bool) {
        if only {
            self.out.push(" ");
        } else {
            self.out.line();
            self.out.push("    ");
        }
    }

    fn exports(&mut self) {
        for (index, export) in self.module.exports.iter().enumerate() {
            if index == 0 {
                self.out.line();
            }
            self.export(export);
            self.out.line();
        }
    }

    fn export(&mut self, export: &Export) {
        let own = match export.item {
            ExportItem::Function(function) => {
                self.out.push("export func ");
                self.function_name(function);
                self.references.function(function).map(str::to_owned)
            }
            ExportItem::Type(ty) => {
                self.out.push("export type ");
                self.ty(ty);
                ty.defined_index().and_then(|index| self.references.type_name(index)).map(str::to_owned)
            }
        };
        if own.as_deref() != self.text(export.name) {
            self.out.push(" as ");
            self.string(export.name);
        }
    }

    /// A string of the module.
    pub fn text(&self, index: StringIndex) -> Option<&'m str> {
        self.module.strings.get(index as usize).map(|text| &**text)
    }

    /// Writes a string of the module as a name.
    pub fn string_as_name(&mut self, index: StringIndex) {
        match self.text(index) {
            Some(text) => self.out.name(text),
            None => self.out.push(&format!("<string {index}>")),
        }
    }

    /// Writes a string of the module as the last part of a path.
    pub fn string_as_part(&mut self, index: StringIndex) {
        match self.text(index) {
            Some(text) => self.out.part(text),
            None => self.out.push(&format!("<string {index}>")),
        }
    }

    /// Writes a string of the module as a literal.
    pub fn string(&mut self, index: StringIndex) {
        match self.text(index) {
            Some(text) => self.out.string(text),
            None => self.out.push(&format!("<string {index}>")),
        }
    }

    /// Writes the name of a function.
    pub fn function_name(&mut self, index: u32) {
        match self.references.function(index) {
            Some(name) => self.out.name(name),
            None => self.out.push(&format!("<function {index}>")),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
