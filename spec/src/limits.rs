//! The limits of the format. They are part of the specification: a module at a limit is accepted, one past it is refused.

/// Bytes of a module file.
pub const MODULE_BYTES: usize = 1 << 30;
/// Sections of a module, unknown ones included.
pub const SECTIONS: u32 = 64;
/// Entries of the string table.
pub const STRINGS: u32 = 1 << 22;
/// Bytes of one string constant.
pub const STRING_BYTES: u32 = 1 << 24;
/// Entries of the type table.
pub const TYPES: u32 = 1 << 20;
/// Classes above a class.
pub const SUPERCLASS_DEPTH: u32 = 64;
/// Interfaces of a class or interface, extended and inherited ones included.
pub const INTERFACES: u32 = 1 << 10;
/// Interfaces of all classes and interfaces of a module, extended and inherited ones counted for each.
pub const INTERFACE_PAIRS: u32 = 1 << 20;
/// Fields of an object, those of the superclasses included.
pub const FIELDS: u32 = 1 << 12;
/// Methods that a class or interface declares itself.
pub const METHODS: u32 = 1 << 14;
/// Methods of all classes of a module: for each class those it has, inherited ones included, and those its interfaces declare.
pub const METHOD_PAIRS: u32 = 1 << 22;
/// Parameters, and results, of a signature.
pub const PARAMETERS: u32 = 255;
/// Functions of a module, imported ones included.
pub const FUNCTIONS: u32 = 1 << 20;
/// Registers of a function, parameters included.
pub const REGISTERS: u32 = 1 << 14;
/// Locals of all functions of a module: registers less parameters.
pub const LOCALS: u32 = 1 << 24;
/// Constants of a function.
pub const CONSTANTS: u32 = 1 << 16;
/// Handlers of a function.
pub const HANDLERS: u32 = 1 << 16;
/// Instructions of a function.
pub const INSTRUCTIONS: u32 = 1 << 22;
/// Labels of one `switch`.
pub const SWITCH_LABELS: u32 = 1 << 16;
/// Globals of a module.
pub const GLOBALS: u32 = 1 << 16;
/// Data segments of a module.
pub const DATA_SEGMENTS: u32 = 1 << 16;
/// Exports of a module.
pub const EXPORTS: u32 = 1 << 20;
/// Capabilities a manifest asks for.
pub const CAPABILITIES: u32 = 64;
/// How deep structural types may nest, such as arrays of arrays.
pub const TYPE_NESTING: u32 = 64;
/// Source files in the debug section.
pub const SOURCE_FILES: u32 = 1 << 16;
