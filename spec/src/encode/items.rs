//! Manifest, strings, imports, function headers, globals, data, exports and debug information.

use super::EncodeError;
use super::writer::Writer;
use crate::format::tag;
use crate::module::{Constant, Data, Debug, Export, ExportItem, Function, FunctionImport, Global, Manifest};

pub(super) fn manifest(manifest: &Manifest) -> Writer {
    let mut w = Writer::default();
    w.u32(manifest.name);
    manifest.version.iter().for_each(|&number| w.u32(number));
    w.optional(manifest.entry);
    w.count(manifest.capabilities.len());
    manifest.capabilities.iter().for_each(|&name| w.u32(name));
    w
}

pub(super) fn strings(strings: &[Box<str>]) -> Writer {
    let mut w = Writer::default();
    w.count(strings.len());
    strings.iter().for_each(|string| w.string(string));
    w
}

pub(super) fn imports(imports: &[FunctionImport]) -> Writer {
    let mut w = Writer::default();
    w.count(imports.len());
    for import in imports {
        w.u32(import.module);
        w.u32(import.name);
        w.u32(import.signature.code());
    }
    w
}

pub(super) fn function_headers(functions: &[Function], sizes: &[usize]) -> Writer {
    let mut w = Writer::default();
    w.count(functions.len());
    for (function, &size) in functions.iter().zip(sizes) {
        w.u32(function.name);
        w.u32(function.signature.code());
        w.count(size);
    }
    w
}

pub(super) fn globals(globals: &[Global]) -> Writer {
    let mut w = Writer::default();
    w.count(globals.len());
    for global in globals {
        w.u32(global.name);
        w.u32(global.ty.code());
        constant(&mut w, global.initial);
    }
    w
}

pub(super) fn constant(w: &mut Writer, constant: Constant) {
    match constant {
        Constant::I32(value) => {
            w.byte(tag::CONSTANT_I32);
            w.i64(i64::from(value));
        }
        Constant::I64(value) => {
            w.byte(tag::CONSTANT_I64);
            w.i64(value);
        }
        Constant::F32(value) => {
            w.byte(tag::CONSTANT_F32);
            w.bytes.extend_from_slice(&value.to_le_bytes());
        }
        Constant::F64(value) => {
            w.byte(tag::CONSTANT_F64);
            w.bytes.extend_from_slice(&value.to_le_bytes());
        }
        Constant::Null => w.byte(tag::CONSTANT_NULL),
        Constant::Str(index) => {
            w.byte(tag::CONSTANT_STR);
            w.u32(index);
        }
    }
}

pub(super) fn data(data: &[Data]) -> Writer {
    let mut w = Writer::default();
    w.count(data.len());
    for segment in data {
        w.u32(segment.name);
        w.count(segment.bytes.len());
        w.bytes.extend_from_slice(&segment.bytes);
    }
    w
}

pub(super) fn exports(exports: &[Export]) -> Writer {
    let mut w = Writer::default();
    w.count(exports.len());
    for export in exports {
        w.u32(export.name);
        match export.item {
            ExportItem::Function(function) => {
                w.byte(tag::EXPORT_FUNCTION);
                w.u32(function);
            }
            ExportItem::Type(ty) => {
                w.byte(tag::EXPORT_TYPE);
                w.u32(ty.code());
            }
        }
    }
    w
}

pub(super) fn debug(debug: &Debug) -> Result<Writer, EncodeError> {
    let mut w = strings(&debug.strings);
    w.count(debug.files.len());
    for function in &debug.functions {
        w.count(function.lines.len());
        let mut before = None;
        let mut line = 0;
        for entry in &function.lines {
            w.distance(entry.start, before)?;
            w.u32(entry.file);
            w.i64(i64::from(entry.line) - line);
            (before, line) = (Some(entry.start), i64::from(entry.line));
        }
        w.count(function.registers.len());
        let mut before = None;
        for entry in &function.registers {
            w.distance(entry.register, before)?;
            w.u32(entry.name);
            before = Some(entry.register);
        }
    }
    Ok(w)
}
