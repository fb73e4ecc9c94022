//! Each limit of the format at its edge, where a module is accepted, and one past it, where it is refused.
//!
//! Where a module at the edge would take long to build, a file that announces that many entries must be refused for their absence.

use super::{Case, case, minimal, with};
use crate::common::container::{Container, Part};
use crate::common::sample::{nullable, signature};
use limosa_spec::DecodeRule as Rule;
use limosa_spec::format::Section::{self, Imports, Manifest, Strings, Types};
use limosa_spec::limits;
use limosa_spec::module::{
    Body, Constant, Data, Debug, Export, ExportItem, Function, FunctionDebug, FunctionImport, Global, Handler, LineEntry,
};
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition};
use limosa_spec::well_known::WellKnown;
use limosa_spec::{Code, DecodeError, EncodeError, Module, Opcode, Type, TypeDefinition, canonicalize, decode, encode};

fn uleb(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The minimal module with that many announced entries in a section, and none there.
fn announced(section: Section, count: u32) -> Vec<u8> {
    with(&[(section, &uleb(count))])
}

/// The sizes of the tables whose edge is only announced.
const ANNOUNCED: [(Rule, Section, u32); 3] = [
    (Rule::LimitStrings, Strings, limits::STRINGS),
    (Rule::LimitTypes, Types, limits::TYPES),
    (Rule::LimitFunctions, Imports, limits::FUNCTIONS),
];

fn large(bytes: usize) -> Vec<u8> {
    let mut file = vec![0; bytes];
    let length = u32::try_from(bytes).expect("the limit fits a header");
    file[..4].copy_from_slice(b"\0lim");
    file[4] = 1;
    file[8..12].copy_from_slice(&length.to_le_bytes());
    file
}

fn sections(count: u32) -> Container {
    let mut container = minimal();
    let unknown = (0..count - 2).map(|number| Part { id: 100 + number, flags: 0, contents: Vec::new() });
    container.parts.extend(unknown);
    container
}

/// The cases of limits whose modules the other tests of this file do not make.
pub fn cases() -> Vec<Case> {
    let past = |&(rule, section, limit): &(Rule, Section, u32)| case(rule, section, announced(section, limit + 1));
    let mut cases: Vec<Case> = ANNOUNCED.iter().map(past).collect();
    cases.push(Case { rule: Rule::LimitModuleBytes, section: None, file: large(limits::MODULE_BYTES + 1) });
    cases.push(Case { rule: Rule::LimitSections, section: None, file: sections(limits::SECTIONS + 1).seal() });
    cases.push(case(Rule::LimitCapabilities, Manifest, with(&[(Manifest, &[0, 0, 0, 0, 0, 65])])));
    // The other limits have their modules below; here they have only their announcement, so that each rule has a case.
    let body = |rule, bytes: &[u8]| case(rule, Section::Code, super::bodies::with_body(bytes));
    let tables = [
        (Rule::LimitStringBytes, Strings, [&[1][..], &uleb(limits::STRING_BYTES + 1)].concat()),
        (Rule::LimitInterfaces, Types, [&[1, 0, 0, 0][..], &uleb(limits::INTERFACES + 1)].concat()),
        (Rule::LimitFields, Types, [&[1, 0, 0, 0, 0][..], &uleb(limits::FIELDS + 1)].concat()),
        (Rule::LimitMethods, Types, [&[1, 0, 0, 0, 0, 0][..], &uleb(limits::METHODS + 1)].concat()),
        (Rule::LimitParameters, Types, [&[1, 3][..], &uleb(256)].concat()),
        (Rule::LimitGlobals, Section::Globals, uleb(limits::GLOBALS + 1)),
        (Rule::LimitDataSegments, Section::Data, uleb(limits::DATA_SEGMENTS + 1)),
        (Rule::LimitExports, Section::Exports, uleb(limits::EXPORTS + 1)),
    ];
    cases.extend(tables.into_iter().map(|(rule, section, contents)| case(rule, section, with(&[(section, &contents)]))));
    cases.extend([
        body(Rule::LimitRegisters, &[&[1][..], &uleb(limits::REGISTERS + 1), &[0]].concat()),
        body(Rule::LimitConstants, &[&[0][..], &uleb(limits::CONSTANTS + 1)].concat()),
        body(Rule::LimitHandlers, &[&[0, 0][..], &uleb(limits::HANDLERS + 1)].concat()),
        body(Rule::LimitInstructions, &[&[0, 0, 0][..], &uleb(limits::INSTRUCTIONS + 1)].concat()),
        body(Rule::LimitSwitchLabels, &[&[1, 1, 0, 0, 0, 1, 0x6d, 0][..], &uleb(limits::SWITCH_LABELS + 1)].concat()),
    ]);
    let files = [&[0][..], &uleb(limits::SOURCE_FILES + 1), &[0, 0]].concat();
    cases.push(case(Rule::LimitSourceFiles, Section::Debug, super::bodies::with_debug(&files)));
    cases.push(case(Rule::LimitSuperclassDepth, Types, raw_chain(limits::SUPERCLASS_DEPTH + 1)));
    cases.push(case(Rule::LimitTypeNesting, Types, raw_arrays(limits::TYPE_NESTING + 1)));
    cases.push(case(Rule::LimitLocals, Section::Code, raw_locals()));
    cases
}

/// Classes of which each extends the one before; the last has `above` classes above it.
fn raw_chain(above: u32) -> Vec<u8> {
    let mut types = uleb(above + 1);
    types.extend([0, 0, 0, 0, 0, 0]);
    (0..above).for_each(|index| types.extend([&[0, 8, 0][..], &uleb(64 + index), &[0, 0, 0]].concat()));
    with(&[(Types, &types)])
}

/// Arrays of which each has the one before as element, the last used by an import.
fn raw_arrays(depth: u32) -> Vec<u8> {
    let mut types = uleb(depth);
    (0..depth).for_each(|index| types.extend([&[2][..], &uleb(if index == 0 { 0 } else { 63 + index })].concat()));
    with(&[(Types, &types), (Imports, &[&[1, 0, 0][..], &uleb(63 + depth)].concat())])
}

/// Functions that have more locals than a module may, though each is within its limit.
fn raw_locals() -> Vec<u8> {
    let body = [&[1][..], &uleb(limits::REGISTERS), &[0, 0, 0, 0]].concat();
    let count = limits::LOCALS / limits::REGISTERS + 1;
    let mut functions = uleb(count);
    (0..count).for_each(|_| functions.extend([0, 64, body.len() as u8]));
    with(&[(Types, &[1, 3, 0, 0]), (Section::Functions, &functions), (Section::Code, &body.repeat(count as usize))])
}

fn refused(module: &Module) -> Option<Rule> {
    match encode(module) {
        Ok(_) => None,
        Err(EncodeError::Refused(DecodeError { rule, .. })) => Some(rule),
        Err(other) => panic!("{other}"),
    }
}

/// A module made with a count is accepted at the limit and refused past it.
fn edge(rule: Rule, limit: u32, make: impl Fn(u32) -> Module) {
    for (count, outcome) in [(limit, None), (limit + 1, Some(rule))] {
        let mut module = make(count);
        canonicalize(&mut module).expect("the module is well-formed");
        assert_eq!(refused(&module), outcome, "{rule} with {count}");
    }
}

fn named() -> Module {
    Module { strings: vec!["m".into()], ..Module::default() }
}

fn class() -> ClassDefinition {
    ClassDefinition {
        name: 0,
        import: None,
        is_final: false,
        is_abstract: false,
        superclass: None,
        interfaces: vec![],
        fields: vec![],
        methods: vec![],
    }
}

fn with_types(types: Vec<TypeDefinition>) -> Module {
    Module { types, ..named() }
}

/// A module with one function; its signature is type 0.
fn with_function(parameters: usize, body: Body) -> Module {
    let signature = signature(&vec![nullable(Type::I32); parameters], &[]);
    let function = Function { name: 0, signature: Type::defined(0), body };
    Module { functions: vec![function], ..with_types(vec![TypeDefinition::Function(signature)]) }
}

fn code(opcode: Opcode, operands: &[u32]) -> Code {
    let mut code = Code::default();
    code.push(opcode, operands);
    code
}

#[test]
fn announced_entries_at_the_edge_are_missed_not_refused() {
    for (rule, section, limit) in ANNOUNCED {
        assert_eq!(decode(&announced(section, limit)).map_err(|error| error.rule), Err(Rule::Truncated), "{rule}");
    }
    // Imports and functions defined share one limit.
    let file = |count| with(&[(Types, &[1, 3, 0, 0]), (Imports, &[1, 0, 0, 64]), (Section::Functions, &uleb(count))]);
    assert_eq!(decode(&file(limits::FUNCTIONS - 1)).map_err(|error| error.rule), Err(Rule::Truncated));
    assert_eq!(decode(&file(limits::FUNCTIONS)).map_err(|error| error.rule), Err(Rule::LimitFunctions));
}

#[test]
fn file_and_sections() {
    assert_eq!(decode(&large(limits::MODULE_BYTES)).map_err(|error| error.rule), Err(Rule::SectionBounds));
    assert!(decode(&sections(limits::SECTIONS).seal()).is_ok());
}

#[test]
fn strings_and_capabilities() {
    edge(Rule::LimitStringBytes, limits::STRING_BYTES, |count| Module {
        strings: vec!["x".repeat(count as usize).into()],
        ..Module::default()
    });
    edge(Rule::LimitCapabilities, limits::CAPABILITIES, |count| {
        let mut module = named();
        module.manifest.capabilities = vec![0; count as usize];
        module
    });
}

#[test]
fn classes() {
    let interface = InterfaceDefinition { name: 0, import: None, extends: vec![], methods: vec![] };
    edge(Rule::LimitInterfaces, limits::INTERFACES, |count| {
        let interfaces = vec![Type::defined(0); count as usize];
        let class = TypeDefinition::Class(ClassDefinition { interfaces, ..class() });
        with_types(vec![TypeDefinition::Interface(interface.clone()), class])
    });
    edge(Rule::LimitMethods, limits::METHODS, |count| {
        let method = MethodDefinition { name: 0, signature: Type::I32, body: None, is_final: false };
        with_types(vec![TypeDefinition::Class(ClassDefinition { methods: vec![method; count as usize], ..class() })])
    });
    edge(Rule::LimitSuperclassDepth, limits::SUPERCLASS_DEPTH, |count| {
        let above = |index: u32| index.checked_sub(1).map(Type::defined);
        let chain = (0..=count).map(|index| TypeDefinition::Class(ClassDefinition { superclass: above(index), ..class() }));
        with_types(chain.collect())
    });
    // Two classes stand above `CapabilityError`.
    edge(Rule::LimitSuperclassDepth, limits::SUPERCLASS_DEPTH, |count| {
        let above = |index: u32| index.checked_sub(1).map_or(Type::well_known(WellKnown::CapabilityError), Type::defined);
        let chain = (0..count - 2).map(|index| TypeDefinition::Class(ClassDefinition { superclass: Some(above(index)), ..class() }));
        with_types(chain.collect())
    });
}

#[test]
fn fields_count_with_the_inherited_ones() {
    let with_fields = |count: u32, superclass| {
        let fields = vec![FieldDefinition { name: 0, ty: Type::I32 }; count as usize];
        TypeDefinition::Class(ClassDefinition { fields, superclass, ..class() })
    };
    edge(Rule::LimitFields, limits::FIELDS, |count| with_types(vec![with_fields(count, None)]));
    edge(Rule::LimitFields, limits::FIELDS, |count| with_types(vec![with_fields(count - 7, None), with_fields(7, Some(Type::defined(0)))]));
    let error = Type::well_known(WellKnown::NullError);
    edge(Rule::LimitFields, limits::FIELDS, |count| with_types(vec![with_fields(count - 3, Some(error))]));
}

#[test]
fn signatures_and_nesting() {
    let used = |definition| Module {
        imports: vec![FunctionImport { module: 0, name: 0, signature: Type::defined(0) }],
        ..with_types(vec![definition])
    };
    let many = |count: u32| vec![nullable(Type::I64); count as usize];
    edge(Rule::LimitParameters, limits::PARAMETERS, |count| used(TypeDefinition::Function(signature(&many(count), &[]))));
    edge(Rule::LimitParameters, limits::PARAMETERS, |count| used(TypeDefinition::Fiber(signature(&[], &many(count)))));

    let nested = |depth: u32| {
        let element = |index: u32| index.checked_sub(1).map_or(Type::I32, Type::defined);
        let types = (0..depth).map(|index| TypeDefinition::Array(element(index))).collect();
        let import = FunctionImport { module: 0, name: 0, signature: Type::defined(depth - 1) };
        Module { imports: vec![import], ..with_types(types) }
    };
    assert_eq!(refused(&nested(limits::TYPE_NESTING)), None);
    assert_eq!(refused(&nested(limits::TYPE_NESTING + 1)), Some(Rule::LimitTypeNesting));
    assert_eq!(canonicalize(&mut nested(limits::TYPE_NESTING)), Ok(()));
    for depth in [limits::TYPE_NESTING + 1, 1_000_000] {
        assert_eq!(canonicalize(&mut nested(depth)).map_err(|broken| broken.rule), Err(Rule::LimitTypeNesting));
        assert_eq!(decode(&raw_arrays(depth)).map_err(|error| error.rule), Err(Rule::LimitTypeNesting));
    }
    let mut cyclic = used(TypeDefinition::Array(Type::defined(0)));
    assert_eq!(canonicalize(&mut cyclic).map_err(|broken| broken.rule), Err(Rule::LimitTypeNesting));
}

#[test]
fn registers_and_locals() {
    for parameters in [0, 1, 255] {
        edge(Rule::LimitRegisters, limits::REGISTERS, |count| {
            let body = Body { locals: vec![Type::I64; count as usize - parameters], ..Body::default() };
            with_function(parameters, body)
        });
    }
    let per_function = limits::REGISTERS as usize;
    edge(Rule::LimitLocals, limits::LOCALS, |count| {
        let body =
            |locals| Function { name: 0, signature: Type::defined(0), body: Body { locals: vec![Type::I32; locals], ..Body::default() } };
        let mut module = with_function(0, Body::default());
        module.functions.clear();
        let mut left = count as usize;
        while left > 0 {
            module.functions.push(body(left.min(per_function)));
            left -= left.min(per_function);
        }
        module
    });
}

#[test]
fn bodies() {
    edge(Rule::LimitConstants, limits::CONSTANTS, |count| {
        let operands: Vec<u32> = std::iter::once(count).chain(0..count).collect();
        let constants = (0..count).map(|value| Constant::I32(value as i32)).collect();
        with_function(0, Body { constants, code: code(Opcode::Ret, &operands), ..Body::default() })
    });
    edge(Rule::LimitHandlers, limits::HANDLERS, |count| {
        let handler = Handler { start: 0, end: 1, class: Type::well_known(WellKnown::Error), target: 0, register: 0 };
        with_function(0, Body { handlers: vec![handler; count as usize], ..Body::default() })
    });
    edge(Rule::LimitSwitchLabels, limits::SWITCH_LABELS, |count| {
        let operands: Vec<u32> = [0, count].into_iter().chain((0..count).map(|_| 0)).chain([0]).collect();
        with_function(1, Body { code: code(Opcode::Switch, &operands), ..Body::default() })
    });
}

/// One past the limit is among the announced cases.
#[test]
fn instructions() {
    let count = limits::INSTRUCTIONS;
    let body = [&[0, 0, 0][..], &uleb(count), &[0x8d, 0].repeat(count as usize)].concat();
    let functions = [&[1, 0, 64][..], &uleb(body.len() as u32)].concat();
    let file = with(&[(Types, &[1, 3, 0, 0]), (Section::Functions, &functions), (Section::Code, &body)]);
    let module = decode(&file).expect("a function may have so many instructions");
    assert_eq!(module.functions[0].body.code.len(), count as usize);
}

#[test]
fn globals_data_and_exports() {
    edge(Rule::LimitGlobals, limits::GLOBALS, |count| Module {
        globals: vec![Global { name: 0, ty: Type::I32, initial: Constant::I32(0) }; count as usize],
        ..named()
    });
    edge(Rule::LimitDataSegments, limits::DATA_SEGMENTS, |count| Module {
        data: vec![Data { name: 0, bytes: vec![] }; count as usize],
        ..named()
    });
    edge(Rule::LimitExports, limits::EXPORTS, |count| Module {
        exports: vec![Export { name: 0, item: ExportItem::Function(0) }; count as usize],
        ..named()
    });
}

#[test]
fn source_files() {
    edge(Rule::LimitSourceFiles, limits::SOURCE_FILES, |count| {
        let mut code = Code::default();
        (0..count).for_each(|_| code.push(Opcode::Ret, &[0]));
        let lines = (0..count).map(|index| LineEntry { start: index, file: index, line: 1 }).collect();
        let debug = Debug {
            strings: (0..count).map(|index| index.to_string().into()).collect(),
            files: (0..count).collect(),
            functions: vec![FunctionDebug { lines, registers: vec![] }],
        };
        Module { debug: Some(debug), ..with_function(0, Body { code, ..Body::default() }) }
    });
}
