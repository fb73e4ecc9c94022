//! Cases for manifest, strings, imports, functions, globals, data, exports and the debug section.

use super::Case;
use super::sample::*;
use limosa_spec::module::{Constant, ExportItem, FunctionDebug, FunctionImport, LineEntry, RegisterName};
use limosa_spec::verify::Rule;
use limosa_spec::{Opcode, Type};

/// An index that is the last of so many entries, or the first beyond.
fn edge(good: bool, entries: usize) -> u32 {
    if good { entries as u32 - 1 } else { entries as u32 }
}

pub fn cases() -> Vec<Case> {
    [strings_and_names(), manifest(), functions(), globals(), exports(), debug_section()].into_iter().flatten().collect()
}

fn strings_and_names() -> Vec<Case> {
    vec![
        Case::new(Rule::StringIndex, "the module's name", |s, good| {
            s.0.manifest.name = if good { s.string("other") } else { s.0.strings.len() as u32 }
        }),
        Case::new(Rule::StringIndex, "a capability", |s, good| s.0.manifest.capabilities[1] = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "an import's module", |s, good| s.0.imports[0].module = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "an import's name", |s, good| s.0.imports[0].name = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "a function's name", |s, good| s.0.functions[0].name = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "a global's name", |s, good| s.0.globals[0].name = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "a global's value", |s, good| {
            s.0.globals[TITLE as usize].initial = Constant::Str(edge(good, s.0.strings.len()));
        }),
        Case::new(Rule::StringIndex, "a data segment's name", |s, good| s.0.data[1].name = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "an export's name", |s, good| s.0.exports[0].name = edge(good, s.0.strings.len())),
        Case::new(Rule::StringIndex, "a constant of the code", |s, good| {
            let string = edge(good, s.0.strings.len());
            set_operand(&mut s.0.functions[0].body.code, 0, 1, string);
        })
        .at(0, 1),
        Case::new(Rule::StringDuplicate, "a string twice", |s, good| s.0.strings.push(if good { "main2" } else { "main" }.into())),
        Case::new(Rule::DuplicateName, "functions", |s, good| s.0.functions[1].name = s.string(if good { "main2" } else { "main" })),
        Case::new(Rule::DuplicateName, "a function import", |s, good| {
            let import = s.0.imports[0];
            let name = s.string(if good { "flush" } else { "print" });
            // At the end, so that the indices of the functions stay those of the sample; nothing refers to the last one.
            s.0.imports = vec![import, FunctionImport { name, ..import }];
            s.0.functions.clear();
            s.0.exports.clear();
            s.0.manifest.entry = None;
            for class in [BASE, POINT] {
                s.class(class).methods.clear();
                s.class(class).interfaces.clear();
            }
        }),
        Case::new(Rule::DuplicateName, "globals", |s, good| s.0.globals[1].name = s.string(if good { "main" } else { "count" })),
        Case::new(Rule::DuplicateName, "data segments", |s, good| s.0.data[1].name = s.string(if good { "main" } else { "primes" })),
        Case::new(Rule::DuplicateName, "capabilities", |s, good| {
            s.0.manifest.capabilities[1] = s.string(if good { "main" } else { "read" });
        }),
        Case::new(Rule::DuplicateName, "function exports", |s, good| s.0.exports[1].name = s.string(if good { "Point" } else { "main" })),
        Case::new(Rule::DuplicateName, "type exports", |s, good| s.0.exports[3].name = s.string(if good { "main" } else { "Point" })),
    ]
}

fn manifest() -> Vec<Case> {
    let named = |name: &'static str| {
        Case::new(Rule::ModuleName, name, move |s, good| s.0.manifest.name = s.string(if good { "a.b_1.$c" } else { name }))
    };
    vec![
        named(""),
        named("."),
        named("a..b"),
        named("a.1b"),
        named("a b"),
        named("größe"),
        Case::new(Rule::FunctionIndex, "the entry point", |s, good| {
            let last = edge(good, s.0.imports.len() + s.0.functions.len() + usize::from(good));
            if good {
                s.probe(&[], &[value(Type::I32)], &[Constant::I32(0)], &[(Opcode::Ret, &[1, 0])]);
            }
            s.0.manifest.entry = Some(last);
        }),
        Case::new(Rule::EntryPoint, "a parameter", |s, good| {
            s.probe(if good { &[] } else { &[Type::I32] }, &[], &[], &[(Opcode::Ret, &[0])]);
            s.0.manifest.entry = Some(PROBE);
        }),
        Case::new(Rule::EntryPoint, "a result that is no i32", |s, good| {
            let (ty, constant) = if good { (Type::I32, Constant::I32(1)) } else { (Type::I64, Constant::I64(1)) };
            s.probe(&[], &[value(ty)], &[constant], &[(Opcode::Ret, &[1, 0])]);
            s.0.manifest.entry = Some(PROBE);
        }),
        Case::new(Rule::EntryPoint, "two results", |s, good| {
            let results = [value(Type::I32); 2];
            let (results, code): (_, &[u32]) = if good { (&results[..1], &[1, 0]) } else { (&results[..], &[2, 0, 0]) };
            s.probe(&[], results, &[Constant::I32(1)], &[(Opcode::Ret, code)]);
            s.0.manifest.entry = Some(PROBE);
        }),
        Case::new(Rule::EntryPoint, "an imported function", |s, good| {
            s.0.imports[0].signature = s.function_type(&[], &[]);
            set_operand(&mut s.0.functions[0].body.code, 1, 2, 0);
            s.0.functions[0].body = body(&[], &[], &[(Opcode::Ret, &[0])]);
            s.0.manifest.entry = Some(if good { MAIN } else { PRINT });
        }),
    ]
}

fn functions() -> Vec<Case> {
    vec![
        Case::new(Rule::TypeIndex, "a function's signature", |s, good| {
            let unused = s.function_type(&[], &[]);
            s.0.functions[0].signature = if good { unused } else { Type::defined(s.0.types.len() as u32) };
        }),
        Case::new(Rule::Signature, "a function's is an array", |s, good| {
            s.0.functions[0].signature = if good { s.function_type(&[], &[]) } else { s.array(Type::I64) };
        }),
        Case::new(Rule::Signature, "a function's is a fiber", |s, good| {
            s.0.functions[0].signature = if good { s.function_type(&[], &[]) } else { s.fiber_type(&[], &[]) };
        }),
        Case::new(Rule::Signature, "an import's is a class", |s, good| {
            s.0.imports[0].signature = if good { s.function_type(&[value(Type::STR)], &[]) } else { POINT };
        }),
        Case::new(Rule::TypeIndex, "an import's signature", |s, good| {
            s.0.imports[0].signature = if good { s.function_type(&[value(Type::STR)], &[]) } else { Type::from_code(63) };
        }),
    ]
}

fn globals() -> Vec<Case> {
    vec![
        Case::new(Rule::RegisterType, "a byte as a global", |s, good| {
            s.0.globals[0].ty = if good { Type::I32 } else { Type::I8 };
            s.0.globals[0].initial = Constant::I32(1);
        }),
        Case::new(Rule::TypeIndex, "a global's type", |s, good| {
            s.0.globals[0].ty = if good { POINT } else { Type::from_code(15) };
            s.0.globals[0].initial = Constant::Null;
        }),
        Case::new(Rule::GlobalInitial, "a number of another type", |s, good| {
            s.0.globals[0].initial = if good { Constant::I64(-1) } else { Constant::I32(-1) };
        }),
        Case::new(Rule::GlobalInitial, "null for a number", |s, good| {
            s.0.globals[0].ty = if good { Type::ANY } else { Type::I64 };
            s.0.globals[0].initial = Constant::Null;
        }),
        Case::new(Rule::GlobalInitial, "a string for a class", |s, good| s.0.globals[1].ty = if good { Type::ANY } else { POINT }),
        Case::new(Rule::GlobalInitial, "a number for any", |s, good| {
            s.0.globals[0].ty = if good { Type::I64 } else { Type::ANY };
        }),
        Case::new(Rule::Constant, "a global's NaN", |s, good| {
            s.0.globals[0].ty = Type::F64;
            s.0.globals[0].initial = Constant::F64(f64::from_bits(if good { 0x7ff8 << 48 } else { 0x7ff8 << 48 | 1 }));
        }),
        Case::new(Rule::Constant, "a global's short NaN", |s, good| {
            s.0.globals[0].ty = Type::F32;
            s.0.globals[0].initial = Constant::F32(f32::from_bits(if good { 0x7fc0 << 16 } else { 0xffc0 << 16 }));
        }),
    ]
}

fn exports() -> Vec<Case> {
    vec![
        Case::new(Rule::FunctionIndex, "an export", |s, good| {
            s.0.exports[0].item = ExportItem::Function(edge(good, s.0.imports.len() + s.0.functions.len()));
        }),
        Case::new(Rule::ExportItem, "an imported function", |s, good| {
            s.0.exports[0].item = ExportItem::Function(if good { MAIN } else { PRINT });
        }),
        Case::new(Rule::ExportItem, "an imported class", |s, good| s.0.exports[2].item = ExportItem::Type(if good { LEAF } else { FAR })),
        Case::new(Rule::ExportItem, "a well-known class", |s, good| {
            s.0.exports[2].item = ExportItem::Type(if good { FAILURE } else { ERROR });
        }),
        Case::new(Rule::ExportItem, "a structural type", |s, good| {
            s.0.exports[2].item = ExportItem::Type(if good { NAMED } else { Type::defined(NAMED_TYPES) });
        }),
        Case::new(Rule::TypeIndex, "an export", |s, good| {
            s.0.exports[2].item = ExportItem::Type(if good { NAMED } else { Type::from_code(u32::MAX) });
        }),
    ]
}

fn debug_section() -> Vec<Case> {
    let case = |rule, what, change: fn(&mut limosa_spec::module::Debug, bool)| {
        Case::new(rule, what, move |s, good| {
            let mut section = debug(&s.0);
            change(&mut section, good);
            s.0.debug = Some(section);
        })
    };
    let line = |start, file, line| LineEntry { start, file, line };
    vec![
        case(Rule::DebugFunctions, "one too many", |debug, good| {
            debug.functions.extend((!good).then(FunctionDebug::default));
        }),
        case(Rule::DebugFunctions, "one too few", |debug, good| debug.functions.truncate(if good { 6 } else { 5 })),
        case(Rule::DebugString, "a file", |debug, good| debug.files.push(if good { 2 } else { 3 })),
        case(Rule::DebugString, "a register", |debug, good| debug.functions[0].registers[1].name = if good { 2 } else { 3 }),
        case(Rule::DebugLine, "start", move |debug, good| debug.functions[0].lines[1].start = if good { 2 } else { 3 }),
        case(Rule::DebugLine, "order", move |debug, good| debug.functions[0].lines[1].start = u32::from(good)),
        case(Rule::DebugLine, "file", |debug, good| debug.functions[0].lines[1].file = u32::from(!good)),
        case(Rule::DebugLine, "line", |debug, good| debug.functions[0].lines[1].line = u32::from(good)),
        Case::new(Rule::DebugLine, "an empty entry list is fine, an entry beyond is not", move |s, good| {
            let mut section = debug(&s.0);
            section.functions[1].lines.extend((!good).then_some(line(1, 0, 1)));
            s.0.debug = Some(section);
        }),
        case(Rule::DebugRegister, "beyond the registers", |debug, good| {
            debug.functions[0].registers[1].register = if good { 1 } else { 2 }
        }),
        case(Rule::DebugRegister, "twice", |debug, good| debug.functions[0].registers[1].register = u32::from(good)),
        case(Rule::DebugRegister, "of a function with parameters only", |debug, good| {
            debug.functions[4].registers.push(RegisterName { register: if good { 1 } else { 2 }, name: 1 });
        }),
    ]
}
