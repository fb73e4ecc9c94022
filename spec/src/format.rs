//! The frame of a module file: magic, version, section index and content hash.
//!
//! ```text
//! 0    magic            4 bytes: 00 6c 69 6d
//! 4    major, minor     u16, u16
//! 8    file length      u32
//! 12   section count    u32
//! 16   content hash     32 bytes
//! 48   section index    16 bytes per section: id, flags, offset, length, each u32
//! ```
//! The sections follow the index without gaps, ascending by id. All that the sections hold is the business of
//! [`decode`](crate::decode) and [`encode`](crate::encode).

/// The first four bytes of a module file: `\0lim`.
pub const MAGIC: [u8; 4] = *b"\0lim";
/// The major version this crate reads and writes; others are refused.
pub const VERSION_MAJOR: u16 = 1;
/// The minor version this crate writes; newer ones are read, as far as this crate knows their sections.
pub const VERSION_MINOR: u16 = 0;
/// Bytes of the fixed header.
pub const HEADER_BYTES: usize = 48;
/// Where the content hash lies in the header.
pub const HASH_OFFSET: usize = 16;
/// Bytes of an entry of the section index.
pub const INDEX_ENTRY_BYTES: usize = 16;
/// The flag of a section without which a module cannot be understood.
pub const FLAG_REQUIRED: u32 = 1;

/// The sections of version 1; their numbers are their ids and their order in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum Section {
    /// Name, version, entry point and capabilities.
    Manifest = 1,
    /// The string table.
    Strings = 2,
    /// The type table.
    Types = 3,
    /// Imported functions.
    Imports = 4,
    /// Names, signatures and body sizes of the functions defined.
    Functions = 5,
    /// Globals with their initial values.
    Globals = 6,
    /// Constant bytes.
    Data = 7,
    /// What others may use.
    Exports = 8,
    /// The bodies of the functions.
    Code = 9,
    /// Source lines and register names; optional, and outside the content hash.
    Debug = 10,
}

impl Section {
    /// All sections in the order of the file.
    pub const ALL: [Section; 10] = [
        Section::Manifest,
        Section::Strings,
        Section::Types,
        Section::Imports,
        Section::Functions,
        Section::Globals,
        Section::Data,
        Section::Exports,
        Section::Code,
        Section::Debug,
    ];

    /// The section with this id, if version 1 has one.
    #[must_use]
    pub fn from_id(id: u32) -> Option<Section> {
        let index = id.checked_sub(1)?;
        Section::ALL.get(index as usize).copied()
    }

    /// The id in the index.
    #[must_use]
    pub const fn id(self) -> u32 {
        self as u32
    }

    /// The name in messages and listings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Section::Manifest => "manifest",
            Section::Strings => "strings",
            Section::Types => "types",
            Section::Imports => "imports",
            Section::Functions => "functions",
            Section::Globals => "globals",
            Section::Data => "data",
            Section::Exports => "exports",
            Section::Code => "code",
            Section::Debug => "debug",
        }
    }

    /// The flags its index entry must have: all but debug are required.
    #[must_use]
    pub const fn flags(self) -> u32 {
        match self {
            Section::Debug => 0,
            _ => FLAG_REQUIRED,
        }
    }
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The numbers that stand in front of the alternatives of an entry.
pub(crate) mod tag {
    pub const CLASS: u8 = 0;
    pub const INTERFACE: u8 = 1;
    pub const ARRAY: u8 = 2;
    pub const FUNCTION: u8 = 3;
    pub const FIBER: u8 = 4;

    pub const CONSTANT_I32: u8 = 0;
    pub const CONSTANT_I64: u8 = 1;
    pub const CONSTANT_F32: u8 = 2;
    pub const CONSTANT_F64: u8 = 3;
    pub const CONSTANT_NULL: u8 = 4;
    pub const CONSTANT_STR: u8 = 5;

    pub const EXPORT_FUNCTION: u8 = 0;
    pub const EXPORT_TYPE: u8 = 1;
}

/// Bits of the flag bytes of classes, interfaces and methods.
pub(crate) mod flag {
    pub const IMPORTED: u8 = 1;
    pub const CLASS_FINAL: u8 = 1 << 1;
    pub const CLASS_ABSTRACT: u8 = 1 << 2;
    pub const CLASS_SUPERCLASS: u8 = 1 << 3;
    pub const CLASS_ALL: u8 = IMPORTED | CLASS_FINAL | CLASS_ABSTRACT | CLASS_SUPERCLASS;

    pub const METHOD_FINAL: u8 = 1;
    pub const METHOD_BODY: u8 = 1 << 1;
    pub const METHOD_ALL: u8 = METHOD_FINAL | METHOD_BODY;
}

/// The bits of the only `f32` NaN that constants may have.
pub const CANONICAL_NAN_F32: u32 = 0x7fc0_0000;
/// The bits of the only `f64` NaN that constants may have.
pub const CANONICAL_NAN_F64: u64 = 0x7ff8_0000_0000_0000;
