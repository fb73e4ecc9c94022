//! What all functions of a program share: its tables, and the plan of every function before any has a body.

use super::classes;
use crate::choices::Choices;
use limosa_spec::module::{
    Body, Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, LineEntry, RegisterName,
};
use limosa_spec::types::{Parameter, Signature};
use limosa_spec::{Module, Type, TypeDefinition, WellKnown};
use std::collections::HashMap;

/// A function to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Parameters and results.
    pub signature: Signature,
    /// How many parameters are bound where it is the body of a fiber.
    pub bound: usize,
}

/// A program on its way.
pub struct World<'c, 'a> {
    pub choices: &'c mut Choices<'a>,
    pub module: Module,
    /// The functions defined, in their order; the first is the entry point.
    pub plans: Vec<Plan>,
    strings: HashMap<String, u32>,
    structural: HashMap<TypeDefinition, Type>,
}

/// Functions of the standard library that do the same at every run.
const IMPORTS: [(&str, &str, &[Type], &[Type]); 16] = [
    ("std.io", "println", &[Type::STR], &[]),
    ("std.fmt", "i64", &[Type::I64], &[Type::STR]),
    ("std.fmt", "f64", &[Type::F64], &[Type::STR]),
    ("std.fmt", "f32", &[Type::F32], &[Type::STR]),
    ("std.fmt", "hex", &[Type::I64], &[Type::STR]),
    ("std.fmt", "char", &[Type::I32], &[Type::STR]),
    ("std.fmt", "parse_i64", &[Type::STR], &[Type::I32, Type::I64]),
    ("std.fmt", "parse_f64", &[Type::STR], &[Type::I32, Type::F64]),
    ("std.str", "find", &[Type::STR, Type::STR, Type::I64], &[Type::I64]),
    ("std.str", "replace", &[Type::STR, Type::STR, Type::STR], &[Type::STR]),
    ("std.str", "trim", &[Type::STR], &[Type::STR]),
    ("std.str", "to_upper", &[Type::STR], &[Type::STR]),
    ("std.str", "repeat", &[Type::STR, Type::I64], &[Type::STR]),
    ("std.str", "count_chars", &[Type::STR], &[Type::I64]),
    ("std.math", "pow", &[Type::F64, Type::F64], &[Type::F64]),
    ("std.reflect", "type_name", &[Type::ANY], &[Type::STR]),
];

/// The function that prints a line, and the one that writes a number.
pub const PRINTLN: u32 = 0;
pub const FORMAT: u32 = 1;
/// The global that values are mixed into.
pub const CHECKSUM: u32 = 0;

impl<'c, 'a> World<'c, 'a> {
    /// Makes everything but the bodies.
    pub fn new(choices: &'c mut Choices<'a>) -> World<'c, 'a> {
        let mut world =
            World { choices, module: Module::default(), plans: Vec::new(), strings: HashMap::new(), structural: HashMap::new() };
        world.module.manifest.name = world.string("fuzz");
        world.module.manifest.entry = Some(IMPORTS.len() as u32);
        world.imports();
        world.function("main", Signature { parameters: Vec::new(), results: vec![Parameter { ty: Type::I32, non_null: false }] });
        classes::make(&mut world);
        for index in 0..=world.choices.below(5) {
            let signature = world.signature();
            world.function(&format!("f{index}"), signature);
        }
        world.globals();
        world.data();
        world
    }

    /// The number of a string.
    pub fn string(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.strings.get(text) {
            return index;
        }
        self.module.strings.push(text.into());
        let index = self.module.strings.len() as u32 - 1;
        self.strings.insert(text.to_owned(), index);
        index
    }

    /// The type that is made so. All classes and interfaces have their place by now.
    pub fn structural(&mut self, definition: TypeDefinition) -> Type {
        if let Some(&ty) = self.structural.get(&definition) {
            return ty;
        }
        let ty = Type::defined(self.module.types.len() as u32);
        self.module.types.push(definition.clone());
        self.structural.insert(definition, ty);
        ty
    }

    fn imports(&mut self) {
        // The numbers of types begin behind classes and interfaces, which are not there yet: signatures are put in by `sign_imports`.
        for (module, name, ..) in IMPORTS {
            let (module, name) = (self.string(module), self.string(name));
            self.module.imports.push(FunctionImport { module, name, signature: Type::ANY });
        }
    }

    /// Gives the imported functions and those planned so far their types, once the types with names have their places.
    pub fn sign(&mut self) {
        for (index, (_, _, parameters, results)) in IMPORTS.into_iter().enumerate() {
            // The library's functions take and give no null.
            let all = |types: &[Type]| types.iter().map(|&ty| Parameter { ty, non_null: ty == Type::STR }).collect();
            let signature = Signature { parameters: all(parameters), results: all(results) };
            self.module.imports[index].signature = self.structural(TypeDefinition::Function(signature));
        }
        for index in 0..self.plans.len() {
            let signature = self.plans[index].signature.clone();
            self.module.functions[index].signature = self.structural(TypeDefinition::Function(signature));
        }
    }

    /// Plans a function; gives its number among all.
    pub fn function(&mut self, name: &str, signature: Signature) -> u32 {
        let name = self.string(name);
        let ty = if self.plans.is_empty() { Type::ANY } else { self.structural(TypeDefinition::Function(signature.clone())) };
        let bound = self.choices.below(signature.parameters.len() + 1);
        self.module.functions.push(Function { name, signature: ty, body: Body::default() });
        self.plans.push(Plan { signature, bound });
        (self.module.imports.len() + self.plans.len() - 1) as u32
    }

    /// The signature of a function, imported or planned.
    pub fn signature_of(&self, function: u32) -> Signature {
        self.module.signature(function).cloned().unwrap_or_default()
    }

    /// The number of functions.
    pub fn functions(&self) -> u32 {
        (self.module.imports.len() + self.plans.len()) as u32
    }

    fn parameter(&mut self) -> Parameter {
        let ty = self.register_type();
        Parameter { ty, non_null: ty.is_reference() && self.choices.chance(1, 3) }
    }

    /// Parameters and results of a new function. The results are few kinds, so that tail calls find callees.
    pub fn signature(&mut self) -> Signature {
        let parameters = (0..self.choices.below(5)).map(|_| self.parameter()).collect();
        let one = |ty, non_null| Parameter { ty, non_null };
        let results = match self.choices.below(8) {
            0 => Vec::new(),
            1 | 2 => vec![one(Type::I64, false)],
            3 => vec![one(Type::STR, true)],
            4 => vec![one(Type::I32, false), one(Type::F64, false)],
            5 => vec![one(Type::STR, false), one(Type::F32, false), one(Type::I64, false)],
            6 => vec![one(Type::ANY, false)],
            _ => (0..1 + self.choices.below(4)).map(|_| self.parameter()).collect(),
        };
        Signature { parameters, results }
    }

    /// A number or reference type.
    pub fn register_type(&mut self) -> Type {
        match self.choices.below(16) {
            0..=2 => Type::I64,
            3 | 4 => Type::I32,
            5 => Type::F64,
            6 => Type::F32,
            7 => Type::STR,
            8 => Type::ANY,
            _ => self.reference_type(),
        }
    }

    /// A reference type.
    pub fn reference_type(&mut self) -> Type {
        match self.choices.below(10) {
            0..=3 => self.named_type().unwrap_or(Type::STR),
            4 | 5 => self.array_type(),
            6 => self.function_type().unwrap_or(Type::ANY),
            7 => self.fiber_type().unwrap_or(Type::ANY),
            8 => Type::well_known(self.choices.pick(WellKnown::ALL).unwrap_or(WellKnown::Error)),
            _ => Type::STR,
        }
    }

    /// A class or interface of the module.
    pub fn named_type(&mut self) -> Option<Type> {
        let named =
            self.module.types.iter().take_while(|definition| matches!(definition, TypeDefinition::Class(_) | TypeDefinition::Interface(_)));
        let count = named.count();
        (count > 0).then(|| Type::defined(self.choices.below(count) as u32))
    }

    /// An array type.
    pub fn array_type(&mut self) -> Type {
        const NUMBERS: [Type; 8] = [Type::U8, Type::I8, Type::I16, Type::U16, Type::I32, Type::I64, Type::F32, Type::F64];
        let element = match self.choices.below(12) {
            index @ 0..=7 => NUMBERS[index],
            8 => Type::STR,
            9 => Type::ANY,
            10 => self.named_type().unwrap_or(Type::ANY),
            _ => self.structural(TypeDefinition::Array(Type::I64)),
        };
        self.structural(TypeDefinition::Array(element))
    }

    /// The type of a closure of one of the functions there are.
    pub fn function_type(&mut self) -> Option<Type> {
        let (function, bound) = self.closure_of_any()?;
        Some(self.closure_type(function, bound))
    }

    fn closure_of_any(&mut self) -> Option<(u32, usize)> {
        // The signature of the entry point stands from the start; those of imports are known once types with names are.
        let functions = self.functions();
        let function = self.choices.below(functions as usize) as u32;
        let parameters = self.module.signature(function)?.parameters.len();
        Some((function, self.choices.below(parameters + 1)))
    }

    /// The type of a closure of a function.
    pub fn closure_type(&mut self, function: u32, bound: usize) -> Type {
        let rest = self.rest_of(function, bound);
        self.structural(TypeDefinition::Function(rest))
    }

    /// A signature without its first parameters.
    pub fn rest_of(&self, function: u32, bound: usize) -> Signature {
        let mut signature = self.signature_of(function);
        signature.parameters.drain(..bound.min(signature.parameters.len()));
        signature
    }

    /// The type of a fiber that runs one of the functions planned.
    pub fn fiber_type(&mut self) -> Option<Type> {
        let plan = self.choices.below(self.plans.len());
        let bound = self.plans.get(plan)?.bound;
        let rest = self.rest_of((self.module.imports.len() + plan) as u32, bound);
        Some(self.structural(TypeDefinition::Fiber(rest)))
    }

    fn globals(&mut self) {
        let name = self.string("checksum");
        self.module.globals.push(Global { name, ty: Type::I64, initial: Constant::I64(1) });
        for index in 0..self.choices.below(6) {
            let ty = self.register_type();
            let initial = match ty {
                Type::STR | Type::ANY if self.choices.chance(1, 2) => Constant::Str(self.text()),
                _ => self.constant(ty),
            };
            let name = self.string(&format!("g{index}"));
            self.module.globals.push(Global { name, ty, initial });
        }
    }

    fn data(&mut self) {
        for index in 0..1 + self.choices.below(3) {
            let name = self.string(&format!("d{index}"));
            let length = 8 * self.choices.below(6);
            let bytes = (0..length).map(|_| self.choices.byte()).collect();
            self.module.data.push(Data { name, bytes });
        }
        let main = self.module.imports.len() as u32;
        let name = self.string("main");
        self.module.exports.push(Export { name, item: ExportItem::Function(main) });
    }

    /// A string.
    pub fn text(&mut self) -> u32 {
        const TEXTS: [&str; 10] =
            ["", "a", "abc", "12", "-7.5e3", "\u{17e}lu\u{165}", "\u{1f600}x", "a longer text, of more than sixteen bytes", "\0", "abd"];
        let text = self.choices.pick(&TEXTS).unwrap_or("");
        self.string(text)
    }

    /// A constant of a type: its edges, and any.
    pub fn constant(&mut self, ty: Type) -> Constant {
        match ty {
            Type::I32 => Constant::I32(self.integer() as i32),
            Type::I64 => Constant::I64(self.integer()),
            Type::F32 => Constant::F32(self.float() as f32),
            Type::F64 => Constant::F64(self.float()),
            _ => Constant::Null,
        }
    }

    fn integer(&mut self) -> i64 {
        const EDGES: [i64; 12] = [
            i32::MIN as i64,
            i32::MAX as i64,
            i64::MIN,
            i64::MAX,
            u32::MAX as i64,
            -1,
            0xff,
            0x8000,
            0x7fff_ffff_ffff_fc00,
            1 << 53,
            63,
            -128,
        ];
        match self.choices.below(8) {
            0..=4 => self.choices.below(10) as i64,
            5 => self.choices.below(65536) as i64 - 32768,
            6 => self.choices.pick(&EDGES).unwrap_or(0),
            _ => self.choices.u64() as i64,
        }
    }

    fn float(&mut self) -> f64 {
        const EDGES: [f64; 14] =
            [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 5e-324, 2_147_483_648.0, 9.3e18, -1e20, 0.1, 2.5, -0.5, 1e-40];
        match self.choices.below(4) {
            0 | 1 => self.choices.below(20) as f64 / 2.0 - 2.0,
            2 => self.choices.pick(&EDGES).unwrap_or(0.0),
            _ => f64::from_bits(self.choices.u64()),
        }
    }

    /// Perhaps says where everything came from.
    pub fn debug(&mut self) {
        if self.choices.chance(1, 2) {
            return;
        }
        let mut functions = Vec::new();
        for function in &self.module.functions {
            let mut lines = Vec::new();
            for start in 0..function.body.code.len() as u32 {
                if start % 3 == 0 || self.choices.chance(1, 4) {
                    lines.push(LineEntry { start, file: 0, line: start + 1 });
                }
            }
            let registers = if function.body.locals.is_empty() { Vec::new() } else { vec![RegisterName { register: 0, name: 1 }] };
            functions.push(FunctionDebug { lines, registers });
        }
        self.module.debug = Some(Debug { strings: vec!["fuzz.vasm".into(), "first".into()], files: vec![0], functions });
    }
}
