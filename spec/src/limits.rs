//! The limits of the format. They are part of the specification: a module at a limit is accepted, one past it is refused.

/// A limit, for what lists them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The name of the constant.
    pub name: &'static str,
    /// What is limited, in Markdown.
    pub what: &'static str,
    /// The most there can be.
    pub most: u64,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $most:expr;)*) => {
        $($(#[doc = $doc])+ pub const $name: $type = $most;)*

        /// All limits in the order of the book.
        pub const ALL: &[Limit] = &[$(Limit { name: stringify!($name), what: concat!($($doc),+), most: $most },)*];
    };
}

limits! {
    /// Bytes of a module file.
    MODULE_BYTES: usize = 1 << 30;
    /// Sections of a module, unknown ones included.
    SECTIONS: u32 = 64;
    /// Entries of the string table.
    STRINGS: u32 = 1 << 22;
    /// Bytes of one string constant.
    STRING_BYTES: u32 = 1 << 24;
    /// Entries of the type table.
    TYPES: u32 = 1 << 20;
    /// Classes above a class.
    SUPERCLASS_DEPTH: u32 = 64;
    /// Interfaces of a class or interface, extended and inherited ones included.
    INTERFACES: u32 = 1 << 10;
    /// Interfaces of all classes and interfaces of a module, extended and inherited ones counted for each.
    INTERFACE_PAIRS: u32 = 1 << 20;
    /// Fields of an object, those of the superclasses included.
    FIELDS: u32 = 1 << 12;
    /// Methods that a class or interface declares itself.
    METHODS: u32 = 1 << 14;
    /// Methods of all classes of a module: for each class those it has, inherited ones included, and those its interfaces declare.
    METHOD_PAIRS: u32 = 1 << 22;
    /// Parameters, and results, of a signature.
    PARAMETERS: u32 = 255;
    /// Functions of a module, imported ones included.
    FUNCTIONS: u32 = 1 << 20;
    /// Registers of a function, parameters included.
    REGISTERS: u32 = 1 << 14;
    /// Locals of all functions of a module: registers less parameters.
    LOCALS: u32 = 1 << 24;
    /// Constants of a function.
    CONSTANTS: u32 = 1 << 16;
    /// Handlers of a function.
    HANDLERS: u32 = 1 << 16;
    /// Instructions of a function.
    INSTRUCTIONS: u32 = 1 << 22;
    /// Labels of one `switch`.
    SWITCH_LABELS: u32 = 1 << 16;
    /// Globals of a module.
    GLOBALS: u32 = 1 << 16;
    /// Data segments of a module.
    DATA_SEGMENTS: u32 = 1 << 16;
    /// Exports of a module.
    EXPORTS: u32 = 1 << 20;
    /// Capabilities a manifest asks for.
    CAPABILITIES: u32 = 64;
    /// How deep structural types may nest, such as arrays of arrays.
    TYPE_NESTING: u32 = 64;
    /// Source files in the debug section.
    SOURCE_FILES: u32 = 1 << 16;
}
