//! A module in memory: what a `.bc` file says, decoded but not yet trusted.
//!
//! Everything is public and plain, because a module proves nothing: only [`VerifiedModule`](crate::verify::VerifiedModule) does.
//! Strings, structural types and constants are numbered by first use, so that one module has one encoding (see
//! [`canonical`](crate::canonical)).

use crate::instruction::Code;
use crate::types::{Signature, Type, TypeDefinition};

/// Index into [`Module::strings`].
pub type StringIndex = u32;
/// Index of a function: imported ones first, then those defined.
pub type FunctionIndex = u32;
/// Index into [`Module::globals`].
pub type GlobalIndex = u32;
/// Index into [`Module::data`].
pub type DataIndex = u32;

/// A decoded module.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    /// Who it is and what it asks for.
    pub manifest: Manifest,
    /// All strings the module uses: names, and the constants of the code.
    pub strings: Vec<Box<str>>,
    /// Classes and interfaces, then structural types.
    pub types: Vec<TypeDefinition>,
    /// The functions it needs from other modules or the host.
    pub imports: Vec<FunctionImport>,
    /// The functions it defines.
    pub functions: Vec<Function>,
    /// The globals.
    pub globals: Vec<Global>,
    /// Constant bytes for `array.data`.
    pub data: Vec<Data>,
    /// What other modules and the host may use.
    pub exports: Vec<Export>,
    /// Where the code came from.
    pub debug: Option<Debug>,
}

/// Name, version, entry point and the capabilities asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The module's name: identifiers joined by dots.
    pub name: StringIndex,
    /// Major, minor and patch of the module's own version.
    pub version: [u32; 3],
    /// The function a program starts with: no parameters, and no result or an `i32` exit code.
    pub entry: Option<FunctionIndex>,
    /// Names of capabilities, such as `read` or `clock`; what is granted is the host's decision.
    pub capabilities: Vec<StringIndex>,
}

/// A function of another module or of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionImport {
    /// The module it is looked for in.
    pub module: StringIndex,
    /// Its exported name.
    pub name: StringIndex,
    /// A function type of the table.
    pub signature: Type,
}

/// A function defined in the module.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The name, unique among the module's functions; traces show it.
    pub name: StringIndex,
    /// A function type of the table.
    pub signature: Type,
    /// What it does.
    pub body: Body,
}

/// The body of a function.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The types of the registers that follow the parameters.
    pub locals: Vec<Type>,
    /// The constant pool: operand `r` beyond the registers names constant `r - registers`.
    pub constants: Vec<Constant>,
    /// The handler table; the first entry that fits takes the exception.
    pub handlers: Vec<Handler>,
    /// The instructions.
    pub code: Code,
}

/// A constant of a function's pool, or a global's initial value.
///
/// Equality is by bits: `-0.0` and `0.0` are two constants.
#[derive(Debug, Clone, Copy)]
pub enum Constant {
    /// An `i32`.
    I32(i32),
    /// An `i64`.
    I64(i64),
    /// An `f32`; the only NaN is the canonical one.
    F32(f32),
    /// An `f64`; the only NaN is the canonical one.
    F64(f64),
    /// The null reference.
    Null,
    /// A string; as a global's initial value only.
    Str(StringIndex),
}

impl Constant {
    /// The type it has as an operand.
    #[must_use]
    pub fn ty(self) -> Type {
        match self {
            Constant::I32(_) => Type::I32,
            Constant::I64(_) => Type::I64,
            Constant::F32(_) => Type::F32,
            Constant::F64(_) => Type::F64,
            Constant::Null => Type::NULL,
            Constant::Str(_) => Type::STR,
        }
    }

    /// The value as it stands in a 64-bit slot; a string's index for [`Constant::Str`].
    #[must_use]
    pub fn bits(self) -> u64 {
        match self {
            Constant::I32(value) => u64::from(value as u32),
            Constant::I64(value) => value as u64,
            Constant::F32(value) => u64::from(value.to_bits()),
            Constant::F64(value) => value.to_bits(),
            Constant::Null => 0,
            Constant::Str(index) => u64::from(index),
        }
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Constant) -> bool {
        self.ty() == other.ty() && self.bits() == other.bits()
    }
}

impl Eq for Constant {}

impl std::hash::Hash for Constant {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.ty(), self.bits()).hash(state);
    }
}

/// An entry of a handler table: exceptions of `class` thrown from instructions `start..end` go on at `target` with the exception in
/// `register`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handler {
    /// The first instruction covered.
    pub start: u32,
    /// The first instruction no longer covered.
    pub end: u32,
    /// `Error` or a class that extends it.
    pub class: Type,
    /// The instruction that is gone on with.
    pub target: u32,
    /// The register that receives the exception; of a type `class` is assignable to.
    pub register: u32,
}

/// A variable of the module, one per isolate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Global {
    /// The name, unique among the module's globals.
    pub name: StringIndex,
    /// A register type.
    pub ty: Type,
    /// Its value when an isolate is made.
    pub initial: Constant,
}

/// Constant bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The name, unique among the module's data segments.
    pub name: StringIndex,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// Something other modules and the host may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The name, unique among the exports of the same kind.
    pub name: StringIndex,
    /// What is exported.
    pub item: ExportItem,
}

/// What an export names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportItem {
    /// A function of the module, not an imported one.
    Function(FunctionIndex),
    /// A class or interface of the module, not an imported one.
    Type(Type),
}

/// Where the code came from; not covered by the content hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Debug {
    /// The debug section's own strings, so that the rest of the module does not depend on it.
    pub strings: Vec<Box<str>>,
    /// Base names of source files, as indices into `strings`.
    pub files: Vec<u32>,
    /// One entry per function defined, in their order.
    pub functions: Vec<FunctionDebug>,
}

/// Where one function came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FunctionDebug {
    /// Ascending by `start`; each line holds up to the next entry.
    pub lines: Vec<LineEntry>,
    /// Names of registers, ascending by register; registers without a name are left out.
    pub registers: Vec<RegisterName>,
}

/// The source line of the instructions from `start` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineEntry {
    /// An instruction index.
    pub start: u32,
    /// Index into [`Debug::files`].
    pub file: u32,
    /// The line, from 1.
    pub line: u32,
}

/// The name of a register in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterName {
    /// The register.
    pub register: u32,
    /// Its name, as an index into [`Debug::strings`].
    pub name: u32,
}

impl Module {
    /// The string with this index.
    ///
    /// # Panics
    /// If there is none; the indices of a verified module are all in range.
    #[must_use]
    pub fn string(&self, index: StringIndex) -> &str {
        &self.strings[index as usize]
    }

    /// The definition of a type of the table.
    #[must_use]
    pub fn definition(&self, ty: Type) -> Option<&TypeDefinition> {
        ty.defined_index().and_then(|index| self.types.get(index as usize))
    }

    /// The signature of a function type of the table.
    #[must_use]
    pub fn function_type(&self, ty: Type) -> Option<&Signature> {
        match self.definition(ty)? {
            TypeDefinition::Function(signature) => Some(signature),
            _ => None,
        }
    }

    /// The signature of a function, imported or defined.
    #[must_use]
    pub fn signature(&self, function: FunctionIndex) -> Option<&Signature> {
        let index = function as usize;
        let ty = match self.imports.get(index) {
            Some(import) => import.signature,
            None => self.functions.get(index - self.imports.len())?.signature,
        };
        self.function_type(ty)
    }
}
