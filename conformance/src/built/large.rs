//! Limits whose modules have millions of entries. They are made in the canonical order, since numbering them anew would take longer than
//! all the rest.

use limosa_spec::limits;
use limosa_spec::module::{Export, ExportItem, Function};
use limosa_spec::types::{ClassDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Code, Module, Opcode, Type, TypeDefinition};

use crate::built::limits::{add_names, bare, limit, of_named, plain, plain_interface, with_most};
use crate::built::{Case, File};

fn as_it_is(name: &'static str, rule: &'static str, change: fn(&mut Module, u64)) -> Case {
    with_most(name, rule, move |base, count| {
        let mut module = base.clone();
        change(&mut module, count);
        File::unnumbered(&module)
    })
}

pub fn cases() -> Vec<Case> {
    vec![
        as_it_is("STRINGS", "limit-strings", |m, count| {
            bare(m);
            m.debug = None;
            // Each is the constant of an instruction.
            let first = add_names(m, count - 2);
            let body = &mut m.functions[0].body;
            body.locals = vec![Type::STR];
            body.code = Code::default();
            (first..count as u32).for_each(|index| body.code.push(Opcode::ConstStr, &[0, index]));
            body.code.push(Opcode::Ret, &[0]);
        }),
        as_it_is("TYPES", "limit-types", |m, count| {
            bare(m);
            let numbers = [Type::I32, Type::I64, Type::F32, Type::F64, Type::STR, Type::ANY];
            for index in 0..count as usize - 1 {
                let digits = (0..8).map(|digit| numbers[index / 6_usize.pow(digit) % 6]);
                let parameters = digits.map(|ty| Parameter { ty, non_null: false }).collect();
                m.types.push(TypeDefinition::Fiber(Signature { parameters, results: vec![] }));
            }
            use_in_functions(m, count);
        }),
        as_it_is("FUNCTIONS", "limit-functions", |m, count| {
            bare(m);
            let first = add_names(m, count - 1);
            let main = m.functions[0].clone();
            m.functions.extend((first..).take(count as usize - 1).map(|name| Function { name, ..main.clone() }));
        }),
        as_it_is("EXPORTS", "limit-exports", |m, count| {
            bare(m);
            let first = add_names(m, count);
            m.exports = (first..).take(count as usize).map(|name| Export { name, item: ExportItem::Function(0) }).collect();
        }),
        as_it_is("LOCALS", "limit-locals", |m, count| {
            bare(m);
            let functions = count.div_ceil(u64::from(limits::REGISTERS));
            let first = add_names(m, functions);
            let mut left = count;
            for name in (first..).take(functions as usize) {
                let mut function = Function { name, ..m.functions[0].clone() };
                function.body.locals = vec![Type::I32; left.min(u64::from(limits::REGISTERS)) as usize];
                left -= function.body.locals.len() as u64;
                m.functions.push(function);
            }
        }),
        as_it_is("INSTRUCTIONS", "limit-instructions", |m, count| {
            bare(m);
            let code = &mut m.functions[0].body.code;
            *code = Code::default();
            (0..count).for_each(|_| code.push(Opcode::Ret, &[0]));
        }),
        limit("INTERFACE_PAIRS", "limit", interface_pairs),
        limit("METHOD_PAIRS", "limit", method_pairs),
        as_it_is("SOURCE_FILES", "limit-source-files", source_files),
    ]
}

/// Registers of all structural types but the first, in as few functions as can have them.
fn use_in_functions(module: &mut Module, types: u64) {
    let per_function = limits::REGISTERS as usize;
    let all: Vec<Type> = (1..types as u32).map(Type::defined).collect();
    let first = add_names(module, all.len().div_ceil(per_function) as u64);
    for (name, locals) in (first..).zip(all.chunks(per_function)) {
        let mut function = Function { name, ..module.functions[0].clone() };
        function.body.locals = locals.to_vec();
        module.functions.push(function);
    }
}

/// Interfaces that each extend the one before, then classes that have the last one or one in the middle.
fn interface_pairs(module: &mut Module, count: u64) {
    let deep = u64::from(limits::INTERFACES);
    let in_chain = deep * (deep + 1) / 2;
    let (classes, rest) = ((count - in_chain) / deep, (count - in_chain) % deep);
    of_named(module, deep + 1 + classes + 1, |index, name| {
        let at = u64::from(index);
        if at <= deep {
            return plain_interface(name, index.checked_sub(1).map(Type::defined).into_iter().collect());
        }
        let last = if at <= deep + classes { deep } else { rest };
        // The interface `n` extends `n` others, and counts itself.
        let interfaces = last.checked_sub(1).map(|last| Type::defined(last as u32)).into_iter().collect();
        TypeDefinition::Class(ClassDefinition { interfaces, ..plain(name) })
    });
}

/// A class with as many methods as can be, and classes below it that inherit them all; at the end one with the rest.
fn method_pairs(module: &mut Module, count: u64) {
    let many = u64::from(limits::METHODS);
    let (full, rest) = (count / many, count % many);
    let signature = Type::defined(full as u32 + 1);
    let methods = |count: u64, first: u32| -> Vec<MethodDefinition> {
        (first..).take(count as usize).map(|name| MethodDefinition { name, signature, body: None, is_final: false }).collect()
    };
    of_named(module, full + 1, |index, name| {
        let superclass = (1..full).contains(&u64::from(index)).then(|| Type::defined(0));
        TypeDefinition::Class(ClassDefinition { superclass, is_abstract: true, ..plain(name) })
    });
    let first = add_names(module, many);
    for (index, count) in [(0, many), (full as usize, rest)] {
        if let TypeDefinition::Class(class) = &mut module.types[index] {
            class.methods = methods(count, first);
        }
    }
}

/// Functions with a line in a file of its own for each of their instructions.
fn source_files(module: &mut Module, count: u64) {
    use limosa_spec::module::{Debug, FunctionDebug, LineEntry};
    bare(module);
    let code = &mut module.functions[0].body.code;
    *code = Code::default();
    (0..count).for_each(|_| code.push(Opcode::Ret, &[0]));
    let lines = (0..count as u32).map(|index| LineEntry { start: index, file: index, line: 1 }).collect();
    module.debug = Some(Debug {
        strings: (0..count).map(|index| format!("f{index}").into_boxed_str()).collect(),
        files: (0..count as u32).collect(),
        functions: vec![FunctionDebug { lines, registers: vec![] }],
    });
}
