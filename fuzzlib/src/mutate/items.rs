//! Changes to the other tables: manifest, strings, imports, globals, data, exports, debug information.

use super::code::constant;
use super::{number, pick, rearrange, ty};
use crate::choices::Choices;
use limosa_spec::Module;
use limosa_spec::module::{Debug, Export, ExportItem, FunctionDebug, Global, LineEntry, RegisterName};

/// Changes one of the tables.
pub fn change(choices: &mut Choices<'_>, module: &mut Module) {
    let string = number(choices, module.strings.len());
    let function = number(choices, module.imports.len() + module.functions.len());
    let ty = ty(choices, module);
    match choices.below(20) {
        0 => module.manifest.name = string,
        1 | 2 => module.manifest.entry = Some(function),
        3 => {
            module.manifest.capabilities.push(string);
            rearrange(choices, &mut module.manifest.capabilities);
        }
        4 => change_string(choices, module),
        5 => rearrange(choices, &mut module.imports),
        6 => {
            if let Some(import) = pick(choices, &mut module.imports) {
                match choices.below(3) {
                    0 => import.module = string,
                    1 => import.name = string,
                    _ => import.signature = ty,
                }
            }
        }
        7 => rearrange(choices, &mut module.functions),
        8 => {
            if let Some(function) = pick(choices, &mut module.functions) {
                function.name = string;
            }
        }
        9 | 10 => change_global(choices, module, string, ty),
        11 => rearrange(choices, &mut module.data),
        12 => {
            if let Some(data) = pick(choices, &mut module.data) {
                match choices.below(3) {
                    0 => data.name = string,
                    1 => drop(data.bytes.pop()),
                    _ => data.bytes.push(7),
                }
            }
        }
        13 | 14 => {
            let item = if choices.chance(1, 2) { ExportItem::Function(function) } else { ExportItem::Type(ty) };
            match choices.below(3) {
                0 => module.exports.push(Export { name: string, item }),
                1 => rearrange(choices, &mut module.exports),
                _ => {
                    if let Some(export) = pick(choices, &mut module.exports) {
                        export.item = item;
                    }
                }
            }
        }
        _ => change_debug(choices, module),
    }
}

fn change_string(choices: &mut Choices<'_>, module: &mut Module) {
    let donor = choices.below(module.strings.len());
    let donor = module.strings.get(donor).cloned().unwrap_or_default();
    let wrong = ["", "a b", "1", "a..b", ".", "\u{e9}", "std.io", "x"];
    // The first string of a canonical module is its name.
    let index = if choices.chance(1, 2) { 0 } else { choices.below(module.strings.len()) };
    if let Some(string) = module.strings.get_mut(index) {
        *string = if choices.chance(1, 2) { donor } else { choices.pick(&wrong).unwrap_or("").into() };
    }
}

fn change_global(choices: &mut Choices<'_>, module: &mut Module, string: u32, ty: limosa_spec::Type) {
    match choices.below(5) {
        0 => module.globals.push(Global { name: string, ty, initial: constant(choices) }),
        1 => rearrange(choices, &mut module.globals),
        place => {
            let initial = constant(choices);
            if let Some(global) = pick(choices, &mut module.globals) {
                match place {
                    2 => global.name = string,
                    3 => global.ty = ty,
                    _ => global.initial = initial,
                }
            }
        }
    }
}

fn change_debug(choices: &mut Choices<'_>, module: &mut Module) {
    let functions = module.functions.len();
    let debug = module.debug.get_or_insert_with(|| Debug {
        strings: vec!["a.vasm".into()],
        files: vec![0],
        functions: vec![FunctionDebug::default(); functions],
    });
    let (strings, files) = (debug.strings.len(), debug.files.len());
    match choices.below(8) {
        0 => rearrange(choices, &mut debug.functions),
        1 => rearrange(choices, &mut debug.strings),
        2 => rearrange(choices, &mut debug.files),
        kind => {
            let Some(function) = pick(choices, &mut debug.functions) else { return };
            if kind < 6 {
                let entry = LineEntry { start: number(choices, 20), file: number(choices, files), line: number(choices, 40) };
                match choices.below(3) {
                    0 => function.lines.push(entry),
                    1 => rearrange(choices, &mut function.lines),
                    _ => {
                        if let Some(line) = pick(choices, &mut function.lines) {
                            *line = entry;
                        }
                    }
                }
            } else {
                let entry = RegisterName { register: number(choices, 12), name: number(choices, strings) };
                match pick(choices, &mut function.registers) {
                    Some(name) if kind == 6 => *name = entry,
                    _ => function.registers.push(entry),
                }
            }
        }
    }
}
