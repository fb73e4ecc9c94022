//! `vm inspect`: what a module consists of. Lists are written while they are gone through, so a module with a million functions takes no
//! more memory than it did when it was read.

use crate::args::InspectArguments;
use crate::exit::{Failure, SUCCESS};
use crate::{input, output};
use limosa::spec::module::ExportItem;
use limosa::spec::verify::{signature_name, type_name};
use limosa::spec::{self, Layout, Module, Type, TypeDefinition};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// Characters of a name that are shown at most.
const NAME: usize = 100;

/// Shows a module.
pub fn run(arguments: &InspectArguments) -> Result<i32, Failure> {
    let refused = |error: &dyn std::fmt::Display| Failure::refused(format!("{}: {error}", input::name(&arguments.file)));
    let bytes = input::read_module(&arguments.file)?;
    let layout = Layout::read(&bytes).map_err(|error| refused(&error))?;
    let module = spec::decode(&bytes).map_err(|error| refused(&error))?;
    let refusal = spec::verify(module.clone()).err().map(|error| error.to_string());
    let shown = Inspection::new(&module, &layout, bytes.len(), refusal.as_deref());
    if arguments.json {
        output::stream(|out| {
            serde_json::to_writer(&mut *out, &shown)?;
            writeln!(out)
        })?;
    } else {
        output::stream(|out| shown.write(out))?;
    }
    Ok(SUCCESS)
}

/// A list that is made while it is written.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

#[derive(Serialize)]
struct Section {
    name: Option<&'static str>,
    id: u32,
    required: bool,
    offset: usize,
    bytes: usize,
}

#[derive(Serialize)]
struct TypeEntry {
    kind: &'static str,
    name: String,
    imported_from: Option<String>,
    superclass: Option<String>,
    fields: usize,
    methods: usize,
}

#[derive(Serialize)]
struct Import {
    module: String,
    name: String,
    signature: String,
}

#[derive(Serialize)]
struct Function {
    index: u32,
    name: String,
    signature: String,
    registers: usize,
    instructions: usize,
    handlers: usize,
}

#[derive(Serialize)]
struct Global {
    name: String,
    #[serde(rename = "type")]
    ty: String,
}

#[derive(Serialize)]
struct Data {
    name: String,
    bytes: usize,
}

#[derive(Serialize)]
struct Export {
    name: String,
    kind: &'static str,
    item: String,
}

struct Inspection<'m> {
    module: &'m Module,
    layout: &'m Layout,
    bytes: usize,
    refusal: Option<&'m str>,
}

impl<'m> Inspection<'m> {
    fn new(module: &'m Module, layout: &'m Layout, bytes: usize, refusal: Option<&'m str>) -> Inspection<'m> {
        Inspection { module, layout, bytes, refusal }
    }

    /// A string of the module, cut to a bearable length.
    fn name(&self, index: u32) -> String {
        let text = self.module.strings.get(index as usize).map_or("", |text| &**text);
        let mut short: String = text.chars().take(NAME).flat_map(char::escape_debug).collect();
        if text.chars().nth(NAME).is_some() {
            short.push('…');
        }
        short
    }

    fn signature(&self, ty: Type) -> String {
        match self.module.function_type(ty) {
            Some(signature) => signature_name(self.module, signature),
            None => type_name(self.module, ty),
        }
    }

    fn function_name(&self, index: u32) -> String {
        match (index as usize).checked_sub(self.module.imports.len()).and_then(|index| self.module.functions.get(index)) {
            Some(function) => self.name(function.name),
            None => format!("function {index}"),
        }
    }

    fn version(&self) -> String {
        self.module.manifest.version.map(|part| part.to_string()).join(".")
    }

    fn entry(&self) -> Option<String> {
        self.module.manifest.entry.map(|index| self.function_name(index))
    }

    fn capabilities(&self) -> impl Iterator<Item = String> {
        self.module.manifest.capabilities.iter().map(|&name| self.name(name))
    }

    fn sections(&self) -> impl Iterator<Item = Section> {
        self.layout.sections.iter().map(|entry| Section {
            name: entry.section().map(spec::format::Section::name),
            id: entry.id,
            required: entry.required,
            offset: entry.offset,
            bytes: entry.length,
        })
    }

    /// The classes and interfaces.
    fn types(&self) -> impl Iterator<Item = TypeEntry> {
        self.module.types.iter().filter_map(|definition| match definition {
            TypeDefinition::Class(class) => Some(TypeEntry {
                kind: "class",
                name: self.name(class.name),
                imported_from: class.import.map(|module| self.name(module)),
                superclass: class.superclass.map(|ty| type_name(self.module, ty)),
                fields: class.fields.len(),
                methods: class.methods.len(),
            }),
            TypeDefinition::Interface(interface) => Some(TypeEntry {
                kind: "interface",
                name: self.name(interface.name),
                imported_from: interface.import.map(|module| self.name(module)),
                superclass: None,
                fields: 0,
                methods: interface.methods.len(),
            }),
            _ => None,
        })
    }

    fn imports(&self) -> impl Iterator<Item = Import> {
        self.module.imports.iter().map(|import| Import {
            module: self.name(import.module),
            name: self.name(import.name),
            signature: self.signature(import.signature),
        })
    }

    fn functions(&self) -> impl Iterator<Item = Function> {
        let first = self.module.imports.len();
        self.module.functions.iter().enumerate().map(move |(index, function)| Function {
            index: (first + index) as u32,
            name: self.name(function.name),
            signature: self.signature(function.signature),
            registers: self.module.function_type(function.signature).map_or(0, |ty| ty.parameters.len()) + function.body.locals.len(),
            instructions: function.body.code.len(),
            handlers: function.body.handlers.len(),
        })
    }

    fn globals(&self) -> impl Iterator<Item = Global> {
        self.module.globals.iter().map(|global| Global { name: self.name(global.name), ty: type_name(self.module, global.ty) })
    }

    fn data(&self) -> impl Iterator<Item = Data> {
        self.module.data.iter().map(|data| Data { name: self.name(data.name), bytes: data.bytes.len() })
    }

    fn exports(&self) -> impl Iterator<Item = Export> {
        self.module.exports.iter().map(|export| {
            let (kind, item) = match export.item {
                ExportItem::Function(index) => ("function", self.function_name(index)),
                ExportItem::Type(ty) => ("type", type_name(self.module, ty)),
            };
            Export { name: self.name(export.name), kind, item }
        })
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "module    {} {}", self.name(self.module.manifest.name), self.version())?;
        writeln!(out, "hash      {}", self.layout.hash)?;
        writeln!(out, "format    {}.{}, {} bytes", self.layout.version.0, self.layout.version.1, self.bytes)?;
        writeln!(out, "entry     {}", self.entry().as_deref().unwrap_or("none"))?;
        let capabilities: Vec<String> = self.capabilities().collect();
        writeln!(out, "asks for  {}", if capabilities.is_empty() { "nothing".to_owned() } else { capabilities.join(", ") })?;
        writeln!(out, "debug     {}", if self.module.debug.is_some() { "yes" } else { "no" })?;
        writeln!(out, "verified  {}", self.refusal.map_or("yes".to_owned(), |refusal| format!("no: {refusal}")))?;
        list(out, "sections", self.sections(), |entry| {
            let name = entry.name.map_or_else(|| format!("section {}", entry.id), str::to_owned);
            format!("{name:<10} {:>8} bytes at {:#x}", entry.bytes, entry.offset)
        })?;
        list(out, "types", self.types(), |entry| {
            let from = entry.imported_from.map_or(String::new(), |module| format!(" from {module}"));
            let superclass = entry.superclass.map_or(String::new(), |superclass| format!(" extends {superclass}"));
            let (fields, methods) = (count(entry.fields, "field"), count(entry.methods, "method"));
            format!("{} {}{superclass}{from}: {fields}, {methods}", entry.kind, entry.name)
        })?;
        list(out, "imports", self.imports(), |import| format!("{}.{}{}", import.module, import.name, import.signature))?;
        list(out, "functions", self.functions(), |function| {
            let Function { index, name, signature, registers, instructions, handlers } = function;
            let size = [count(instructions, "instruction"), count(registers, "register"), count(handlers, "handler")].join(", ");
            format!("{index:>4} {name}{signature}: {size}")
        })?;
        list(out, "globals", self.globals(), |global| format!("{}: {}", global.name, global.ty))?;
        list(out, "data", self.data(), |data| format!("{}: {} bytes", data.name, data.bytes))?;
        list(out, "exports", self.exports(), |export| format!("{} {} as {}", export.kind, export.item, export.name))
    }
}

impl Serialize for Inspection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut object = serializer.serialize_struct("Inspection", 18)?;
        object.serialize_field("module", &self.name(self.module.manifest.name))?;
        object.serialize_field("version", &self.version())?;
        object.serialize_field("hash", &self.layout.hash.to_string())?;
        object.serialize_field("format", &format!("{}.{}", self.layout.version.0, self.layout.version.1))?;
        object.serialize_field("bytes", &self.bytes)?;
        object.serialize_field("entry", &self.entry())?;
        object.serialize_field("capabilities", &Each(|| self.capabilities()))?;
        object.serialize_field("debug", &self.module.debug.is_some())?;
        object.serialize_field("verified", &self.refusal.is_none())?;
        object.serialize_field("refusal", &self.refusal)?;
        object.serialize_field("sections", &Each(|| self.sections()))?;
        object.serialize_field("types", &Each(|| self.types()))?;
        object.serialize_field("imports", &Each(|| self.imports()))?;
        object.serialize_field("functions", &Each(|| self.functions()))?;
        object.serialize_field("globals", &Each(|| self.globals()))?;
        object.serialize_field("data", &Each(|| self.data()))?;
        object.serialize_field("exports", &Each(|| self.exports()))?;
        object.end()
    }
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A title and an indented line for each entry; nothing if there are none.
fn list<T>(out: &mut dyn Write, title: &str, entries: impl Iterator<Item = T>, show: impl Fn(T) -> String) -> io::Result<()> {
    for (index, entry) in entries.enumerate() {
        if index == 0 {
            writeln!(out, "{title}")?;
        }
        writeln!(out, "  {}", show(entry))?;
    }
    Ok(())
}
