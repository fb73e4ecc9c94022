//! Manifest, imports, function headers, globals, data and exports.

use super::error::{DecodeRule, Fault};
use super::reader::Reader;
use crate::format::{CANONICAL_NAN_F32, CANONICAL_NAN_F64, tag};
use crate::limits;
use crate::module::{Body, Constant, Data, Export, ExportItem, Function, FunctionImport, Global, Manifest};
use crate::types::Type;

pub(super) fn manifest(reader: &mut Reader<'_>) -> Result<Manifest, Fault> {
    let name = reader.u32()?;
    let version = [reader.u32()?, reader.u32()?, reader.u32()?];
    let entry = reader.u32()?.checked_sub(1);
    let count = reader.count(limits::CAPABILITIES, DecodeRule::LimitCapabilities, "capabilities", 1)?;
    let capabilities = (0..count).map(|_| reader.u32()).collect::<Result<_, _>>()?;
    Ok(Manifest { name, version, entry, capabilities })
}

pub(super) fn imports(reader: &mut Reader<'_>) -> Result<Vec<FunctionImport>, Fault> {
    let count = reader.count(limits::FUNCTIONS, DecodeRule::LimitFunctions, "functions", 3)?;
    let mut imports = Vec::with_capacity(count);
    for _ in 0..count {
        imports.push(FunctionImport { module: reader.u32()?, name: reader.u32()?, signature: Type::from_code(reader.u32()?) });
    }
    Ok(imports)
}

/// Reads the functions without their bodies, and the sizes of those.
pub(super) fn functions(reader: &mut Reader<'_>, imported: u32) -> Result<Vec<(Function, usize)>, Fault> {
    let count = reader.count(limits::FUNCTIONS - imported, DecodeRule::LimitFunctions, "functions", 3)?;
    let mut functions = Vec::with_capacity(count);
    for _ in 0..count {
        let function = Function { name: reader.u32()?, signature: Type::from_code(reader.u32()?), body: Body::default() };
        functions.push((function, reader.u32()? as usize));
    }
    Ok(functions)
}

pub(super) fn globals(reader: &mut Reader<'_>) -> Result<Vec<Global>, Fault> {
    let count = reader.count(limits::GLOBALS, DecodeRule::LimitGlobals, "globals", 3)?;
    let mut globals = Vec::with_capacity(count);
    for _ in 0..count {
        let (name, ty) = (reader.u32()?, Type::from_code(reader.u32()?));
        let initial = match constant(reader)? {
            Some(constant) => constant,
            None => Constant::Str(reader.u32()?),
        };
        globals.push(Global { name, ty, initial });
    }
    Ok(globals)
}

/// Reads a constant, but of a string only its tag: it gives none then.
#[inline]
pub(super) fn constant(reader: &mut Reader<'_>) -> Result<Option<Constant>, Fault> {
    let before = reader.clone();
    let constant = match reader.byte()? {
        tag::CONSTANT_I32 => Constant::I32(reader.i32()?),
        tag::CONSTANT_I64 => Constant::I64(reader.i64()?),
        tag::CONSTANT_F32 => Constant::F32(f32::from_le_bytes(reader.array()?)),
        tag::CONSTANT_F64 => Constant::F64(f64::from_le_bytes(reader.array()?)),
        tag::CONSTANT_NULL => Constant::Null,
        tag::CONSTANT_STR => return Ok(None),
        other => return Err(before.fail(DecodeRule::Tag, format!("{other} is not the tag of a constant"))),
    };
    let odd_nan = match constant {
        Constant::F32(value) => value.is_nan() && value.to_bits() != CANONICAL_NAN_F32,
        Constant::F64(value) => value.is_nan() && value.to_bits() != CANONICAL_NAN_F64,
        _ => false,
    };
    if odd_nan {
        return Err(before.fail(DecodeRule::ConstantNan, format!("a NaN with the bits {:#x}", constant.bits())));
    }
    Ok(Some(constant))
}

pub(super) fn data(reader: &mut Reader<'_>) -> Result<Vec<Data>, Fault> {
    let count = reader.count(limits::DATA_SEGMENTS, DecodeRule::LimitDataSegments, "data segments", 2)?;
    let mut data = Vec::with_capacity(count);
    for _ in 0..count {
        let name = reader.u32()?;
        let length = reader.u32()? as usize;
        data.push(Data { name, bytes: reader.bytes(length)?.to_vec() });
    }
    Ok(data)
}

pub(super) fn exports(reader: &mut Reader<'_>) -> Result<Vec<Export>, Fault> {
    let count = reader.count(limits::EXPORTS, DecodeRule::LimitExports, "exports", 3)?;
    let mut exports = Vec::with_capacity(count);
    for _ in 0..count {
        let name = reader.u32()?;
        let before = reader.clone();
        let item = match reader.byte()? {
            tag::EXPORT_FUNCTION => ExportItem::Function(reader.u32()?),
            tag::EXPORT_TYPE => ExportItem::Type(Type::from_code(reader.u32()?)),
            other => return Err(before.fail(DecodeRule::Tag, format!("{other} is not the tag of an export"))),
        };
        exports.push(Export { name, item });
    }
    Ok(exports)
}
