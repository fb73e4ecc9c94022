//! Modules out of choices: everything the text form must be able to say, with names as odd as the format allows. They need not be
//! verifiable, but literals stand only where a verifiable module can have them.

use std::collections::HashSet;

use limosa_spec::module::{
    Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, LineEntry, RegisterName,
};
use limosa_spec::types::{
    ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature, Type, TypeDefinition,
};
use limosa_spec::{Module, WellKnown};

use crate::choices::Choices;
use crate::code;

const NAMES: [&str; 32] = [
    "a",
    "b",
    "main",
    "Circle.area",
    "null",
    "fn",
    "inf",
    "a..b",
    "",
    " ",
    "with space",
    "`tick`",
    "\"q\"\n",
    "größe",
    "i64",
    "Error",
    "T3",
    "r0",
    "r5",
    "loop",
    "var",
    "\u{202e}x",
    "x\\y",
    "final",
    "a.b",
    "method",
    "5",
    "\0",
    "std.io.print",
    "😀",
    "r",
    "ratio",
];

/// The state while a module is made.
pub struct Generator<'c, 'a> {
    pub choices: &'c mut Choices<'a>,
    pub module: Module,
    /// The classes and interfaces, which come first.
    named: usize,
}

/// Makes a module; it is not canonical yet.
pub fn module(choices: &mut Choices<'_>) -> Module {
    let mut generator = Generator { choices, module: Module::default(), named: 0 };
    generator.run();
    generator.module
}

/// A set that makes names unique.
#[derive(Default)]
struct Unique(HashSet<(String, String)>);

impl Generator<'_, '_> {
    fn run(&mut self) {
        self.named_types();
        for _ in 0..self.choices.below(8) {
            let definition = self.structural(0);
            self.module.types.push(definition);
        }
        self.functions();
        self.members();
        self.globals();
        self.data();
        self.exports();
        self.manifest();
        for index in 0..self.module.functions.len() {
            code::body(self, index);
        }
        if self.choices.chance(3, 4) {
            self.debug();
        }
    }

    /// A new string of the table.
    pub fn string(&mut self, text: &str) -> u32 {
        self.module.strings.push(text.into());
        self.module.strings.len() as u32 - 1
    }

    pub fn any_name(&mut self) -> String {
        let name = self.choices.pick(&NAMES).unwrap_or("");
        if self.choices.chance(1, 3) { format!("{name}{}", self.choices.below(20)) } else { name.to_owned() }
    }

    /// A name that is new in its kind.
    fn name(&mut self, unique: &mut Unique) -> u32 {
        self.name_in("", unique)
    }

    fn name_in(&mut self, module: &str, unique: &mut Unique) -> u32 {
        let mut name = self.any_name();
        while !unique.0.insert((module.to_owned(), name.clone())) {
            name.push('x');
        }
        self.string(&name)
    }

    fn import_module(&mut self) -> (String, u32) {
        let module = self.any_name();
        let string = self.string(&module);
        (module, string)
    }

    fn named_types(&mut self) {
        self.named = self.choices.below(6);
        let mut unique = Unique::default();
        for index in 0..self.named {
            let (module, import) = match self.choices.chance(1, 3) {
                // Those of the module itself must not meet imported ones.
                true => {
                    let (module, import) = self.import_module();
                    (format!("from {module}"), Some(import))
                }
                false => (String::new(), None),
            };
            let name = self.name_in(&module, &mut unique);
            let definition = match self.choices.chance(1, 3) {
                true => {
                    let extends = self.earlier(index, true).into_iter().collect();
                    TypeDefinition::Interface(InterfaceDefinition { name, import, extends, methods: Vec::new() })
                }
                false => TypeDefinition::Class(ClassDefinition {
                    name,
                    import,
                    is_final: self.choices.chance(1, 4),
                    is_abstract: self.choices.chance(1, 4),
                    superclass: self.earlier(index, false),
                    interfaces: self.earlier(index, true).into_iter().collect(),
                    fields: Vec::new(),
                    methods: Vec::new(),
                }),
            };
            self.module.types.push(definition);
        }
    }

    fn earlier(&mut self, index: usize, interface: bool) -> Option<Type> {
        if self.choices.chance(1, 2) {
            return (!interface && self.choices.chance(1, 2)).then_some(Type::well_known(WellKnown::Error));
        }
        let fits = |&other: &usize| matches!(self.module.types[other], TypeDefinition::Interface(_)) == interface;
        let candidates: Vec<usize> = (0..index).filter(fits).collect();
        self.choices.pick(&candidates).map(|other| Type::defined(other as u32))
    }

    /// A type of fields and elements.
    pub fn field_type(&mut self) -> Type {
        match self.choices.chance(1, 4) {
            true => self.choices.pick(&[Type::I8, Type::U8, Type::I16, Type::U16]).unwrap_or(Type::I8),
            false => self.register_type(),
        }
    }

    /// A type of registers: with few types each is likely to occur.
    pub fn register_type(&mut self) -> Type {
        let plain = [Type::I32, Type::I64, Type::F32, Type::F64, Type::STR, Type::ANY, Type::well_known(WellKnown::Error)];
        let defined = self.module.types.len();
        let index = self.choices.below(plain.len() + defined);
        plain.get(index).copied().unwrap_or_else(|| Type::defined((index - plain.len()) as u32))
    }

    /// A type that stands before `self.module.types.len()`, so that structural types are well-founded.
    fn structural(&mut self, depth: u32) -> TypeDefinition {
        if depth < 3 && self.choices.chance(1, 3) {
            let inner = self.structural(depth + 1);
            self.module.types.push(inner);
            return TypeDefinition::Array(Type::defined(self.module.types.len() as u32 - 1));
        }
        match self.choices.below(3) {
            0 => TypeDefinition::Array(self.field_type()),
            1 => TypeDefinition::Function(self.signature()),
            _ => TypeDefinition::Fiber(self.signature()),
        }
    }

    fn signature(&mut self) -> Signature {
        let long = if self.choices.chance(1, 8) { 40 } else { 4 };
        Signature { parameters: self.parameters(long), results: self.parameters(3) }
    }

    fn parameters(&mut self, bound: usize) -> Vec<Parameter> {
        let count = self.choices.below(bound);
        let parameter = |_| {
            let ty = self.register_type();
            Parameter { ty, non_null: ty.is_reference() && self.choices.chance(1, 3) }
        };
        (0..count).map(parameter).collect()
    }

    fn function_type(&mut self) -> Type {
        let signature = self.signature();
        self.module.types.push(TypeDefinition::Function(signature));
        Type::defined(self.module.types.len() as u32 - 1)
    }

    fn functions(&mut self) {
        let mut unique = Unique::default();
        for _ in 0..self.choices.below(4) {
            let (module, string) = self.import_module();
            let name = self.name_in(&module, &mut unique);
            let signature = self.function_type();
            self.module.imports.push(FunctionImport { module: string, name, signature });
        }
        let mut unique = Unique::default();
        for _ in 0..self.choices.below(5) {
            let name = self.name(&mut unique);
            let signature = self.function_type();
            self.module.functions.push(Function { name, signature, body: Default::default() });
        }
    }

    fn members(&mut self) {
        for index in 0..self.named {
            let (mut names, mut fields) = (Unique::default(), Vec::new());
            for _ in 0..self.choices.below(4) {
                let name = self.name(&mut names);
                fields.push(FieldDefinition { name, ty: self.field_type() });
            }
            let defines = matches!(&self.module.types[index], TypeDefinition::Class(class) if class.import.is_none());
            let (mut names, mut methods) = (Unique::default(), Vec::new());
            for _ in 0..self.choices.below(3) {
                let name = self.name(&mut names);
                let functions = self.module.imports.len() + self.module.functions.len();
                let body = (defines && functions > 0 && self.choices.chance(2, 3)).then(|| self.choices.below(functions) as u32);
                methods.push(MethodDefinition { name, signature: self.function_type(), body, is_final: self.choices.chance(1, 4) });
            }
            match &mut self.module.types[index] {
                TypeDefinition::Class(class) => (class.fields, class.methods) = (fields, methods),
                TypeDefinition::Interface(interface) => interface.methods = methods,
                _ => {}
            }
        }
    }

    /// A constant of a type.
    pub fn constant(&mut self, ty: Type) -> Constant {
        let bits = match self.choices.below(4) {
            0 => self.choices.u64(),
            1 => u64::from(self.choices.byte()),
            2 => self.choices.pick(&[0, 1 << 63, 0x7ff0 << 48, 0xfff0 << 48, 0x7ff8 << 48, 1 << 31, 0x7f80_0000, u64::MAX]).unwrap_or(0),
            _ => (self.choices.byte() as f64 / 8.0).to_bits(),
        };
        match ty {
            Type::I32 => Constant::I32(bits as i32),
            Type::I64 => Constant::I64(bits as i64),
            Type::F32 => Constant::F32(f32::from_bits(bits as u32)),
            Type::F64 => Constant::F64(f64::from_bits(bits)),
            _ => Constant::Null,
        }
    }

    fn globals(&mut self) {
        let mut unique = Unique::default();
        for _ in 0..self.choices.below(5) {
            let name = self.name(&mut unique);
            let ty = self.register_type();
            let initial = match (ty == Type::STR || ty == Type::ANY) && self.choices.chance(1, 2) {
                true => {
                    let text = self.any_name();
                    Constant::Str(self.string(&text))
                }
                false => self.constant(ty),
            };
            self.module.globals.push(Global { name, ty, initial });
        }
    }

    fn data(&mut self) {
        let mut unique = Unique::default();
        for _ in 0..self.choices.below(4) {
            let name = self.name(&mut unique);
            let count = self.choices.below(100);
            let bytes = match self.choices.chance(1, 2) {
                true => (0..count).map(|_| self.choices.byte()).collect(),
                false => (0..count / 8).flat_map(|_| self.any_name().into_bytes()).collect(),
            };
            self.module.data.push(Data { name, bytes });
        }
    }

    fn exports(&mut self) {
        let (mut functions, mut types) = (Unique::default(), Unique::default());
        for _ in 0..self.choices.below(5) {
            let defined = self.module.functions.len();
            let item = match self.choices.chance(1, 2) {
                true if defined > 0 => ExportItem::Function((self.module.imports.len() + self.choices.below(defined)) as u32),
                false if self.named > 0 => ExportItem::Type(Type::defined(self.choices.below(self.named) as u32)),
                _ => continue,
            };
            let name = self.name(if matches!(item, ExportItem::Function(_)) { &mut functions } else { &mut types });
            self.module.exports.push(Export { name, item });
        }
    }

    fn manifest(&mut self) {
        let name = self.any_name();
        self.module.manifest.name = self.string(&name);
        self.module.manifest.version = [(); 3].map(|()| self.choices.below(3) as u32);
        let functions = self.module.imports.len() + self.module.functions.len();
        if functions > 0 && self.choices.chance(1, 2) {
            self.module.manifest.entry = Some(self.choices.below(functions) as u32);
        }
        let mut unique = Unique::default();
        for _ in 0..self.choices.below(4) {
            let capability = self.name(&mut unique);
            self.module.manifest.capabilities.push(capability);
        }
    }

    fn debug(&mut self) {
        let mut debug = Debug::default();
        for _ in 0..self.choices.below(4) {
            debug.strings.push(self.any_name().into());
            debug.files.push(debug.strings.len() as u32 - 1);
        }
        for index in 0..self.module.functions.len() {
            let mut function = FunctionDebug::default();
            for start in 0..self.module.functions[index].body.code.len() as u32 {
                if !debug.files.is_empty() && self.choices.chance(1, 2) {
                    let file = self.choices.below(debug.files.len()) as u32;
                    function.lines.push(LineEntry { start, file, line: 1 + self.choices.below(3) as u32 });
                }
            }
            for register in 0..code::registers(&self.module, index).len() as u32 {
                if self.choices.chance(1, 2) {
                    let name = self.any_name();
                    debug.strings.push(name.into());
                    function.registers.push(RegisterName { register, name: debug.strings.len() as u32 - 1 });
                }
            }
            debug.functions.push(function);
        }
        self.module.debug = Some(debug);
    }
}
