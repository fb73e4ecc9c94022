//! Cases about everything but code that the assembler would refuse.

use limosa_spec::layout::reseal;
use limosa_spec::module::{Constant, ExportItem};
use limosa_spec::types::{ClassDefinition, InterfaceDefinition, Parameter};
use limosa_spec::verify::Rule;
use limosa_spec::{Module, Opcode, Type, TypeDefinition, WellKnown};

use crate::built::probe::{F64, REGISTERS, body, function, named};
use crate::built::{Case, File};

pub fn cases() -> Vec<Case> {
    [names(), types(), members(), others(), debug()].into_iter().flatten().collect()
}

/// A change after which nothing is numbered anew.
fn raw(rule: Rule, what: &str, change: fn(&mut Module)) -> Case {
    let make = move |base: &Module, good: bool| {
        let mut module = base.clone();
        if !good {
            change(&mut module);
        }
        File::unnumbered(&module)
    };
    Case::of_rule(rule, what, Box::new(make))
}

fn class<'a>(module: &'a mut Module, name: &str) -> &'a mut ClassDefinition {
    let index = named(module, name).defined_index().unwrap_or(u32::MAX) as usize;
    match &mut module.types[index] {
        TypeDefinition::Class(class) => class,
        other => panic!("{name} is {other:?}"),
    }
}

fn interface<'a>(module: &'a mut Module, name: &str) -> &'a mut InterfaceDefinition {
    let index = named(module, name).defined_index().unwrap_or(u32::MAX) as usize;
    match &mut module.types[index] {
        TypeDefinition::Interface(interface) => interface,
        other => panic!("{name} is {other:?}"),
    }
}

/// The signature of `probe`.
fn signature(module: &mut Module) -> &mut limosa_spec::types::Signature {
    let index = module.functions[module.functions.len() - 1].signature.defined_index().unwrap_or(u32::MAX) as usize;
    match &mut module.types[index] {
        TypeDefinition::Function(signature) => signature,
        other => panic!("the signature of a function is {other:?}"),
    }
}

/// Appends a structural type and a register of `probe` that has it.
fn use_type(module: &mut Module, definition: TypeDefinition) {
    let ty = Type::defined(module.types.len() as u32);
    module.types.push(definition);
    body(module).locals.push(ty);
}

fn names() -> Vec<Case> {
    let wrong = [("empty", ""), ("blank", "a b"), ("digit", "1a"), ("dots", "a..b"), ("dot", "a."), ("letter", "\u{e9}")];
    let of_modules = wrong.into_iter().map(|(what, name)| {
        Case::rule(Rule::ModuleName, what, move |m| {
            let index = m.manifest.name as usize;
            m.strings[index] = name.into();
        })
    });
    let others = [
        raw(Rule::StringDuplicate, "names", |m| m.strings[1] = m.strings[0].clone()),
        raw(Rule::StringIndex, "name", |m| m.globals[0].name = m.strings.len() as u32),
        Case::rule(Rule::DuplicateName, "global", |m| m.globals[1].name = m.globals[0].name),
        Case::rule(Rule::DuplicateName, "function", |m| m.functions[1].name = m.functions[0].name),
        Case::rule(Rule::DuplicateName, "export", |m| m.exports.push(m.exports[0])),
        Case::rule(Rule::DuplicateName, "capability", |m| m.manifest.capabilities.push(m.manifest.capabilities[0])),
        Case::rule(Rule::DuplicateName, "data", |m| m.data.push(m.data[0].clone())),
        Case::rule(Rule::DuplicateName, "field", |m| {
            let fields = &mut class(m, "Base").fields;
            fields[1].name = fields[0].name;
        }),
        Case::rule(Rule::DuplicateName, "method", |m| {
            let methods = &mut class(m, "Base").methods;
            methods.push(methods[0]);
        }),
        Case::rule(Rule::DuplicateName, "type", |m| class(m, "Base").name = interface(m, "Named").name),
    ];
    of_modules.chain(others).collect()
}

fn types() -> Vec<Case> {
    vec![
        raw(Rule::TypeIndex, "local", |m| body(m).locals.push(Type::from_code(5000))),
        raw(Rule::TypeNamedFirst, "class", |m| {
            let named = class(m, "Base").clone();
            let name = m.functions[0].name;
            m.types.push(TypeDefinition::Class(ClassDefinition { name, ..named }));
        }),
        raw(Rule::TypeDuplicate, "array", |m| use_type(m, TypeDefinition::Array(Type::U8))),
        raw(Rule::TypeCycle, "array", |m| use_type(m, TypeDefinition::Array(Type::defined(m.types.len() as u32)))),
        Case::rule(Rule::RegisterType, "local", |m| body(m).locals.push(Type::U8)),
        Case::rule(Rule::RegisterType, "null", |m| body(m).locals.push(Type::NULL)),
        Case::rule(Rule::RegisterType, "parameter", |m| signature(m).parameters.push(Parameter { ty: Type::I16, non_null: false })),
        Case::rule(Rule::RegisterType, "result", |m| {
            use_type(
                m,
                TypeDefinition::Fiber(limosa_spec::types::Signature {
                    parameters: vec![],
                    results: vec![Parameter { ty: Type::U16, non_null: false }],
                }),
            );
        }),
        Case::rule(Rule::RegisterType, "global", |m| m.globals[0].ty = Type::I8),
        Case::rule(Rule::ElementType, "array", |m| use_type(m, TypeDefinition::Array(Type::NULL))),
        Case::rule(Rule::ElementType, "field", |m| class(m, "Base").fields[1].ty = Type::NULL),
        Case::rule(Rule::NonNull, "parameter", |m| signature(m).parameters[0].non_null = true),
        Case::rule(Rule::Signature, "import", |m| m.imports[0].signature = named(m, "Base")),
        Case::rule(Rule::Signature, "method", |m| interface(m, "Named").methods[0].signature = named(m, "Base")),
    ]
}

fn members() -> Vec<Case> {
    vec![
        Case::rule(Rule::Superclass, "interface", |m| class(m, "Derived").superclass = Some(named(m, "Named"))),
        Case::rule(Rule::Superclass, "later", |m| class(m, "Base").superclass = Some(named(m, "Derived"))),
        Case::rule(Rule::Superclass, "itself", |m| class(m, "Base").superclass = Some(named(m, "Base"))),
        Case::rule(Rule::Superclass, "string", |m| class(m, "Base").superclass = Some(Type::STR)),
        Case::rule(Rule::Interface, "class", |m| class(m, "Derived").interfaces = vec![named(m, "Base")]),
        Case::rule(Rule::Interface, "later", |m| interface(m, "Named").extends = vec![named(m, "Titled")]),
        Case::rule(Rule::Interface, "itself", |m| interface(m, "Named").extends = vec![named(m, "Named")]),
        Case::rule(Rule::UnexpectedBody, "interface", |m| interface(m, "Named").methods[0].body = Some(function(m, "Derived.name"))),
        Case::rule(Rule::UnexpectedBody, "import", |m| class(m, "Shape").methods[0].body = Some(function(m, "Derived.name"))),
        Case::rule(Rule::FinalAbstract, "interface", |m| interface(m, "Named").methods[0].is_final = true),
        Case::rule(Rule::MethodBody, "import", |m| class(m, "Base").methods[0].body = Some(0)),
        Case::rule(Rule::FunctionIndex, "body", |m| class(m, "Base").methods[0].body = Some(99)),
        Case::rule(Rule::FunctionIndex, "entry", |m| m.manifest.entry = Some(99)),
        Case::rule(Rule::EntryPoint, "import", |m| m.manifest.entry = Some(0)),
    ]
}

fn others() -> Vec<Case> {
    vec![
        Case::rule(Rule::GlobalInitial, "number", |m| m.globals[0].initial = Constant::I32(5)),
        Case::rule(Rule::GlobalInitial, "null", |m| m.globals[0].initial = Constant::Null),
        Case::rule(Rule::GlobalInitial, "string", |m| m.globals[0].initial = Constant::Str(0)),
        Case::rule(Rule::ExportItem, "import", |m| m.exports[0].item = ExportItem::Function(0)),
        Case::rule(Rule::ExportItem, "well-known", |m| m.exports[1].item = ExportItem::Type(Type::well_known(WellKnown::Error))),
        Case::rule(Rule::ExportItem, "imported", |m| m.exports[1].item = ExportItem::Type(named(m, "Shape"))),
        raw(Rule::Constant, "nan", |m| {
            let body = body(m);
            body.constants.push(Constant::F64(f64::from_bits(0x7ff8_0000_0000_0001)));
            body.code = limosa_spec::Code::default();
            body.code.push(Opcode::MovF64, &[F64, REGISTERS]);
            body.code.push(Opcode::Ret, &[0]);
        }),
        Case::of_rule(Rule::OperandShape, "end", Box::new(cut_short)),
    ]
}

/// The last instruction, `ret`, announces an operand that is not there.
fn cut_short(base: &Module, good: bool) -> Result<File, String> {
    let mut module = base.clone();
    module.debug = None;
    let mut file = File::of(module)?;
    if let (false, Some(count)) = (good, file.bytes.last_mut()) {
        *count = 1;
        reseal(&mut file.bytes).map_err(|error| error.to_string())?;
    }
    Ok(file)
}

fn debug() -> Vec<Case> {
    let section = |m: &mut Module, change: fn(&mut limosa_spec::module::Debug)| {
        if let Some(debug) = &mut m.debug {
            change(debug);
        }
    };
    vec![
        raw(Rule::DebugFunctions, "fewer", |m| {
            if let Some(debug) = &mut m.debug {
                debug.functions.pop();
            }
        }),
        Case::rule(Rule::DebugLine, "zero", move |m| section(m, |debug| debug.functions[0].lines[0].line = 0)),
        Case::rule(Rule::DebugLine, "instruction", move |m| section(m, |debug| debug.functions[0].lines[0].start = 99)),
        Case::rule(Rule::DebugRegister, "register", move |m| section(m, |debug| debug.functions[0].registers[1].register = 99)),
        raw(Rule::DebugString, "name", |m| {
            if let Some(debug) = &mut m.debug {
                debug.functions[0].registers[0].name = 9999;
            }
        }),
    ]
}
