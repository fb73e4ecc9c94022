//! What a module declares besides its types: manifest, strings, imports, functions, globals, data and exports.

use super::common::{duplicate, function_index, register_type, string_index, type_index};
use super::error::{Check, Section, fault};
use super::names::{name, shorten, signature_name, type_name};
use super::rule::Rule;
use crate::limits;
use crate::module::{Constant, ExportItem, Module, StringIndex};
use crate::types::{Type, TypeDefinition};
use std::collections::HashSet;

/// Checks the number of entries of each table of the module.
pub(super) fn check_counts(module: &Module) -> Check {
    let locals = module.functions.iter().map(|function| function.body.locals.len()).sum();
    let counts = [
        (Section::Manifest, "capabilities", module.manifest.capabilities.len(), limits::CAPABILITIES),
        (Section::Strings, "strings", module.strings.len(), limits::STRINGS),
        (Section::Types, "types", module.types.len(), limits::TYPES),
        (Section::Functions, "functions, imported ones included", module.imports.len() + module.functions.len(), limits::FUNCTIONS),
        (Section::Functions, "locals in all functions together", locals, limits::LOCALS),
        (Section::Globals, "globals", module.globals.len(), limits::GLOBALS),
        (Section::Data, "data segments", module.data.len(), limits::DATA_SEGMENTS),
        (Section::Exports, "exports", module.exports.len(), limits::EXPORTS),
    ];
    for (section, what, count, limit) in counts {
        if count > limit as usize {
            return fault(Rule::Limit, section, format!("the module has {count} {what}; the limit is {limit}"));
        }
    }
    Ok(())
}

/// Checks that strings keep their limit and are different.
pub(super) fn check_strings(module: &Module) -> Check {
    let mut seen = HashSet::with_capacity(module.strings.len());
    for (index, string) in module.strings.iter().enumerate() {
        if string.len() > limits::STRING_BYTES as usize {
            let message = format!("string {index} has {} bytes; the limit is {}", string.len(), limits::STRING_BYTES);
            return fault(Rule::Limit, Section::Strings, message);
        }
        if !seen.insert(&**string) {
            let message = format!("string {index}, `{}`, stands in the table before; use the first one", shorten(string));
            return fault(Rule::StringDuplicate, Section::Strings, message);
        }
    }
    Ok(())
}

/// Checks name, entry point and capabilities. Signatures of functions must have been checked.
pub(super) fn check_manifest(module: &Module) -> Check {
    let manifest = &module.manifest;
    string_index(module, Section::Manifest, manifest.name, "the module's name")?;
    let own = module.string(manifest.name);
    if !own.split('.').all(is_identifier) {
        let message = format!("the module's name is `{}`; identifiers joined by dots are needed, such as `geo.shapes`", shorten(own));
        return fault(Rule::ModuleName, Section::Manifest, message);
    }
    for &capability in &manifest.capabilities {
        string_index(module, Section::Manifest, capability, "a capability")?;
    }
    unique(module, Section::Manifest, "capability", manifest.capabilities.iter().copied())?;
    let Some(entry) = manifest.entry else { return Ok(()) };
    function_index(module, Section::Manifest, entry, || "the entry point".into())?;
    let Some(signature) = module.signature(entry) else { return Ok(()) };
    let results_fit = match &signature.results[..] {
        [] => true,
        [result] => result.ty == Type::I32,
        _ => false,
    };
    if entry as usize >= module.imports.len() && signature.parameters.is_empty() && results_fit {
        return Ok(());
    }
    let found = signature_name(module, signature);
    let message = format!("the entry point is function {entry}, `fn{found}`; a function of the module is needed, `fn()` or `fn() -> i32`");
    fault(Rule::EntryPoint, Section::Manifest, message)
}

fn is_identifier(text: &str) -> bool {
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$';
    let mut bytes = text.bytes();
    bytes.next().is_some_and(is_start) && bytes.all(|byte| is_start(byte) || byte.is_ascii_digit())
}

/// Refuses a name that occurs twice; the indices must be in range.
fn unique(module: &Module, section: Section, kind: &str, names: impl Iterator<Item = StringIndex> + Clone) -> Check {
    match duplicate(names.clone()) {
        None => Ok(()),
        Some(second) => {
            let found = names.clone().nth(second).map_or_else(String::new, |found| name(module, found));
            fault(
                Rule::DuplicateName,
                section,
                format!("{kind} {second} is named `{found}` like an earlier one; rename it or leave it out"),
            )
        }
    }
}

/// Checks names and signatures of imported and defined functions.
pub(super) fn check_functions(module: &Module) -> Check {
    for import in &module.imports {
        string_index(module, Section::Imports, import.module, "the module a function is imported from")?;
        string_index(module, Section::Imports, import.name, "an imported function's name")?;
        check_signature(module, Section::Imports, import.name, import.signature)?;
    }
    if let Some(second) = duplicate(module.imports.iter().map(|import| (import.module, import.name))) {
        let import = &module.imports[second];
        let (from, found) = (name(module, import.module), name(module, import.name));
        return fault(Rule::DuplicateName, Section::Imports, format!("function `{found}` is imported twice from `{from}`; import it once"));
    }
    for function in &module.functions {
        string_index(module, Section::Functions, function.name, "a function's name")?;
        check_signature(module, Section::Functions, function.name, function.signature)?;
    }
    unique(module, Section::Functions, "function", module.functions.iter().map(|function| function.name))
}

fn check_signature(module: &Module, section: Section, own: StringIndex, signature: Type) -> Check {
    type_index(module, section, signature)?;
    if module.function_type(signature).is_some() {
        return Ok(());
    }
    let found = type_name(module, signature);
    fault(Rule::Signature, section, format!("function `{}` has `{found}` as its signature; a function type is needed", name(module, own)))
}

/// Checks names, types and initial values of globals.
pub(super) fn check_globals(module: &Module) -> Check {
    for global in &module.globals {
        string_index(module, Section::Globals, global.name, "a global's name")?;
        register_type(module, Section::Globals, global.ty, || format!("global `{}`", name(module, global.name)))?;
        if let Constant::Str(index) = global.initial {
            string_index(module, Section::Globals, index, "a global's initial value")?;
        }
        if !is_canonical(global.initial) {
            let message = format!("the initial value of `{}` is a NaN other than the canonical one", name(module, global.name));
            return fault(Rule::Constant, Section::Globals, message);
        }
        let fits = match global.initial {
            Constant::Null => global.ty.is_reference(),
            Constant::Str(_) => global.ty == Type::STR || global.ty == Type::ANY,
            number => number.ty() == global.ty,
        };
        if !fits {
            let (found, wanted) = (type_name(module, global.initial.ty()), type_name(module, global.ty));
            let message = format!("the initial value of `{}` is of type `{found}`; the global is a `{wanted}`", name(module, global.name));
            return fault(Rule::GlobalInitial, Section::Globals, message);
        }
    }
    unique(module, Section::Globals, "global", module.globals.iter().map(|global| global.name))
}

/// Whether a constant is no NaN or the canonical one.
pub(super) fn is_canonical(constant: Constant) -> bool {
    match constant {
        Constant::F32(value) => !value.is_nan() || value.to_bits() == 0x7fc0_0000,
        Constant::F64(value) => !value.is_nan() || value.to_bits() == 0x7ff8_0000_0000_0000,
        Constant::I32(_) | Constant::I64(_) | Constant::Null | Constant::Str(_) => true,
    }
}

/// Checks the names of data segments.
pub(super) fn check_data(module: &Module) -> Check {
    for data in &module.data {
        string_index(module, Section::Data, data.name, "a data segment's name")?;
    }
    unique(module, Section::Data, "data segment", module.data.iter().map(|data| data.name))
}

/// Checks names and items of exports.
pub(super) fn check_exports(module: &Module) -> Check {
    for export in &module.exports {
        string_index(module, Section::Exports, export.name, "an export's name")?;
        let own = || name(module, export.name);
        let is_defined = match export.item {
            ExportItem::Function(index) => {
                function_index(module, Section::Exports, index, || format!("export `{}`", own()))?;
                index as usize >= module.imports.len()
            }
            ExportItem::Type(ty) => {
                type_index(module, Section::Exports, ty)?;
                match module.definition(ty) {
                    Some(TypeDefinition::Class(class)) => class.import.is_none(),
                    Some(TypeDefinition::Interface(interface)) => interface.import.is_none(),
                    _ => false,
                }
            }
        };
        if !is_defined {
            let message = format!("export `{}` names nothing the module defines; name a function, class or interface of the module", own());
            return fault(Rule::ExportItem, Section::Exports, message);
        }
    }
    let of_kind = |functions: bool| {
        let is_function = move |item: ExportItem| matches!(item, ExportItem::Function(_));
        module.exports.iter().filter(move |export| is_function(export.item) == functions).map(|export| export.name)
    };
    unique(module, Section::Exports, "function export", of_kind(true))?;
    unique(module, Section::Exports, "type export", of_kind(false))
}
