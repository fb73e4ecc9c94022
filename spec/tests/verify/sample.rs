//! A module with something of everything, which the tests change in one place each, and functions to be put into it.

use limosa_spec::module::{
    Body, Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, Handler, LineEntry, Manifest,
    RegisterName,
};
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition, WellKnown};

/// Interface `Shape { area() -> f64 }`.
pub const SHAPE: Type = Type::defined(0);
/// Interface `Named extends Shape { label() -> str }`.
pub const NAMED: Type = Type::defined(1);
/// Abstract class `Base { x: i64; abstract area() -> f64; final id() -> i64 }`.
pub const BASE: Type = Type::defined(2);
/// Class `Point extends Base implements Named { tag: i8, next: Point; area() -> f64; label() -> str }`.
pub const POINT: Type = Type::defined(3);
/// Final class `Leaf {}`.
pub const LEAF: Type = Type::defined(4);
/// Class `Failure extends Error { code: i32 }`.
pub const FAILURE: Type = Type::defined(5);
/// Imported class `geo.Far { z: i32; far() -> f64 }`.
pub const FAR: Type = Type::defined(6);
/// The number of classes and interfaces.
pub const NAMED_TYPES: u32 = 7;
/// `Error`.
pub const ERROR: Type = Type::well_known(WellKnown::Error);

/// Numbers of types, as operands.
pub mod code {
    use super::Type;

    pub const SHAPE: u32 = super::SHAPE.code();
    pub const NAMED: u32 = super::NAMED.code();
    pub const BASE: u32 = super::BASE.code();
    pub const POINT: u32 = super::POINT.code();
    pub const LEAF: u32 = super::LEAF.code();
    pub const FAILURE: u32 = super::FAILURE.code();
    pub const FAR: u32 = super::FAR.code();
    pub const ERROR: u32 = super::ERROR.code();
    pub const STR: u32 = Type::STR.code();
    pub const F64: u32 = Type::F64.code();
    pub const ANY: u32 = Type::ANY.code();
}

/// Indices of the sample's functions.
pub const PRINT: u32 = 0;
pub const MAIN: u32 = 1;
pub const AREA: u32 = 2;
pub const LABEL: u32 = 3;
pub const ID: u32 = 4;
/// `add(i64, i64) -> i64`
pub const ADD: u32 = 5;
/// `divide(i64, i64) -> (i64, i64)`
pub const DIVIDE: u32 = 6;
/// The function that [`Sample::probe`] adds.
pub const PROBE: u32 = 7;

/// Indices of the sample's globals.
pub const COUNT: u32 = 0;
pub const TITLE: u32 = 1;

/// A parameter or result that may be null.
pub fn value(ty: Type) -> Parameter {
    Parameter { ty, non_null: false }
}

/// A parameter or result that may not.
pub fn non_null(ty: Type) -> Parameter {
    Parameter { ty, non_null: true }
}

/// A module being put together.
#[derive(Clone)]
pub struct Sample(pub Module);

impl Sample {
    /// The index of a string, which is added if it is new.
    pub fn string(&mut self, text: &str) -> u32 {
        let strings = &mut self.0.strings;
        strings.iter().position(|string| &**string == text).unwrap_or_else(|| {
            strings.push(text.into());
            strings.len() - 1
        }) as u32
    }

    fn structural(&mut self, definition: TypeDefinition) -> Type {
        let types = &mut self.0.types;
        let index = types.iter().position(|known| *known == definition).unwrap_or_else(|| {
            types.push(definition);
            types.len() - 1
        });
        Type::defined(index as u32)
    }

    /// The array type with these elements.
    pub fn array(&mut self, element: Type) -> Type {
        self.structural(TypeDefinition::Array(element))
    }

    /// A function type.
    pub fn function_type(&mut self, parameters: &[Parameter], results: &[Parameter]) -> Type {
        self.structural(TypeDefinition::Function(Signature { parameters: parameters.to_vec(), results: results.to_vec() }))
    }

    /// A fiber type.
    pub fn fiber_type(&mut self, parameters: &[Parameter], results: &[Parameter]) -> Type {
        self.structural(TypeDefinition::Fiber(Signature { parameters: parameters.to_vec(), results: results.to_vec() }))
    }

    /// Adds a function; gives its index.
    pub fn function(&mut self, name: &str, parameters: &[Parameter], results: &[Parameter], body: Body) -> u32 {
        let name = self.string(name);
        let signature = self.function_type(parameters, results);
        self.0.functions.push(Function { name, signature, body });
        (self.0.imports.len() + self.0.functions.len() - 1) as u32
    }

    /// Adds the function `probe`.
    pub fn probe(&mut self, parameters: &[Type], results: &[Parameter], constants: &[Constant], code: &[(Opcode, &[u32])]) -> &mut Body {
        let parameters: Vec<Parameter> = parameters.iter().copied().map(value).collect();
        let index = self.function("probe", &parameters, results, body(&[], constants, code));
        assert_eq!(index, PROBE);
        &mut self.0.functions[PROBE as usize - 1].body
    }

    /// The class at a type.
    pub fn class(&mut self, ty: Type) -> &mut ClassDefinition {
        match &mut self.0.types[ty.defined_index().expect("a type of the table") as usize] {
            TypeDefinition::Class(class) => class,
            other => panic!("{other:?} is no class"),
        }
    }

    /// The interface at a type.
    pub fn interface(&mut self, ty: Type) -> &mut InterfaceDefinition {
        match &mut self.0.types[ty.defined_index().expect("a type of the table") as usize] {
            TypeDefinition::Interface(interface) => interface,
            other => panic!("{other:?} is no interface"),
        }
    }

    /// Puts classes and interfaces behind those there are; the structural types and all that names them move.
    pub fn add_named(&mut self, definition: impl FnOnce(&mut Sample) -> TypeDefinition) -> Type {
        let definition = definition(self);
        let end = self.0.types.iter().take_while(|ty| matches!(ty, TypeDefinition::Class(_) | TypeDefinition::Interface(_))).count();
        self.0.types.push(definition);
        limosa_spec::canonicalize(&mut self.0).expect("the module is well-formed");
        Type::defined(end as u32)
    }

    /// A class without anything.
    pub fn plain_class(&mut self, name: &str) -> ClassDefinition {
        ClassDefinition {
            name: self.string(name),
            import: None,
            is_final: false,
            is_abstract: false,
            superclass: None,
            interfaces: vec![],
            fields: vec![],
            methods: vec![],
        }
    }
}

/// A body.
pub fn body(locals: &[Type], constants: &[Constant], code: &[(Opcode, &[u32])]) -> Body {
    let mut body = Body { locals: locals.to_vec(), constants: constants.to_vec(), ..Body::default() };
    for (opcode, operands) in code {
        body.code.push(*opcode, operands);
    }
    body
}

/// Changes a raw operand of an instruction.
pub fn set_operand(code: &mut Code, instruction: usize, word: usize, operand: u32) {
    let start = code.instructions[instruction].start as usize;
    code.operands[start + word] = operand;
}

/// The types of the sample; the structural ones its classes use come right after.
fn add_types(sample: &mut Sample) {
    let (area_type, label_type, id_type) = (Type::defined(NAMED_TYPES), Type::defined(NAMED_TYPES + 1), Type::defined(NAMED_TYPES + 2));
    let method = |name, signature, body| MethodDefinition { name, signature, body, is_final: false };
    let (area, label, id) = (sample.string("area"), sample.string("label"), sample.string("id"));
    let field = |name, ty| FieldDefinition { name, ty };
    let (x, tag, next, code, z) =
        (sample.string("x"), sample.string("tag"), sample.string("next"), sample.string("code"), sample.string("z"));
    let interface = |name, extends, methods| InterfaceDefinition { name, import: None, extends, methods };
    let shape = interface(sample.string("Shape"), vec![], vec![method(area, area_type, None)]);
    let named = interface(sample.string("Named"), vec![SHAPE], vec![method(label, label_type, None)]);
    let base = ClassDefinition {
        is_abstract: true,
        fields: vec![field(x, Type::I64)],
        methods: vec![method(area, area_type, None), MethodDefinition { is_final: true, ..method(id, id_type, Some(ID)) }],
        ..sample.plain_class("Base")
    };
    let point = ClassDefinition {
        superclass: Some(BASE),
        interfaces: vec![NAMED],
        fields: vec![field(tag, Type::I8), field(next, POINT)],
        methods: vec![method(area, area_type, Some(AREA)), method(label, label_type, Some(LABEL))],
        ..sample.plain_class("Point")
    };
    let leaf = ClassDefinition { is_final: true, ..sample.plain_class("Leaf") };
    let failure = ClassDefinition { superclass: Some(ERROR), fields: vec![field(code, Type::I32)], ..sample.plain_class("Failure") };
    let far = ClassDefinition {
        import: Some(sample.string("geo")),
        fields: vec![field(z, Type::I32)],
        methods: vec![method(sample.string("far"), area_type, None)],
        ..sample.plain_class("Far")
    };
    sample.0.types.extend([TypeDefinition::Interface(shape), TypeDefinition::Interface(named)]);
    sample.0.types.extend([base, point, leaf, failure, far].map(TypeDefinition::Class));
    assert_eq!(sample.function_type(&[], &[value(Type::F64)]), area_type);
    assert_eq!(sample.function_type(&[], &[value(Type::STR)]), label_type);
    assert_eq!(sample.function_type(&[], &[value(Type::I64)]), id_type);
}

fn add_functions(sample: &mut Sample) {
    let import = FunctionImport {
        module: sample.string("std.io"),
        name: sample.string("print"),
        signature: sample.function_type(&[non_null(Type::STR)], &[]),
    };
    sample.0.imports.push(import);
    let hello = sample.string("hello");
    let mut main = body(&[Type::STR], &[], &[(Opcode::ConstStr, &[0, hello]), (Opcode::Call, &[0, PRINT, 1, 0]), (Opcode::Ret, &[0])]);
    main.handlers.push(Handler { start: 0, end: 2, class: ERROR, target: 2, register: 1 });
    main.locals.push(ERROR);
    assert_eq!(sample.function("main", &[], &[], main), MAIN);
    let area = body(&[], &[Constant::F64(1.0)], &[(Opcode::Ret, &[1, 1])]);
    assert_eq!(sample.function("Point.area", &[non_null(POINT)], &[value(Type::F64)], area), AREA);
    let label = body(&[Type::STR], &[], &[(Opcode::ConstStr, &[1, hello]), (Opcode::Ret, &[1, 1])]);
    assert_eq!(sample.function("Point.label", &[value(NAMED)], &[value(Type::STR)], label), LABEL);
    let id = body(&[Type::I64], &[], &[(Opcode::Get, &[1, 0, BASE.code(), 0]), (Opcode::Ret, &[1, 1])]);
    assert_eq!(sample.function("Base.id", &[value(BASE)], &[value(Type::I64)], id), ID);
    let two = [value(Type::I64), value(Type::I64)];
    let add = body(&[], &[], &[(Opcode::AddI64, &[0, 0, 1]), (Opcode::Ret, &[1, 0])]);
    assert_eq!(sample.function("add", &two, &[value(Type::I64)], add), ADD);
    let divide = body(&[Type::I64], &[], &[(Opcode::DivI64, &[2, 0, 1]), (Opcode::RemI64, &[0, 0, 1]), (Opcode::Ret, &[2, 2, 0])]);
    assert_eq!(sample.function("divide", &two, &two, divide), DIVIDE);
}

/// The sample.
pub fn sample() -> Sample {
    let mut sample = Sample(Module::default());
    sample.0.manifest = Manifest {
        name: sample.string("sample"),
        version: [1, 0, 0],
        entry: Some(MAIN),
        capabilities: vec![sample.string("read"), sample.string("clock")],
    };
    add_types(&mut sample);
    add_functions(&mut sample);
    sample.0.globals = vec![
        Global { name: sample.string("count"), ty: Type::I64, initial: Constant::I64(3) },
        Global { name: sample.string("title"), ty: Type::STR, initial: Constant::Str(sample.string("hello")) },
    ];
    sample.0.data =
        vec![Data { name: sample.string("primes"), bytes: vec![2, 3, 5, 7] }, Data { name: sample.string("none"), bytes: vec![] }];
    sample.0.exports = vec![
        Export { name: sample.string("main"), item: ExportItem::Function(MAIN) },
        Export { name: sample.string("add"), item: ExportItem::Function(ADD) },
        Export { name: sample.string("Point"), item: ExportItem::Type(POINT) },
        Export { name: sample.string("Shape"), item: ExportItem::Type(SHAPE) },
    ];
    sample
}

/// A debug section for the sample's functions, of which the first has entries.
pub fn debug(module: &Module) -> Debug {
    let mut functions = vec![FunctionDebug::default(); module.functions.len()];
    functions[0] = FunctionDebug {
        lines: vec![LineEntry { start: 0, file: 0, line: 3 }, LineEntry { start: 2, file: 0, line: 4 }],
        registers: vec![RegisterName { register: 0, name: 1 }, RegisterName { register: 1, name: 2 }],
    };
    Debug { strings: ["sample.lim", "text", "error"].map(Box::from).to_vec(), files: vec![0], functions }
}
