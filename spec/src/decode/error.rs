//! Why bytes are not a module: the rules of the format and the error that names one.

use crate::format::Section;

macro_rules! rules {
    ($($variant:ident = $id:literal, $meaning:literal;)*) => {
        /// The rules of the module format, each with a stable name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DecodeRule {
            $(#[doc = $meaning] $variant,)*
        }

        impl DecodeRule {
            /// All rules in the order of the specification.
            pub const ALL: &'static [DecodeRule] = &[$(DecodeRule::$variant,)*];

            /// The stable name, such as `leb-minimal`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(DecodeRule::$variant => $id,)* }
            }

            /// What it demands, in one line of Markdown.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(DecodeRule::$variant => $meaning,)* }
            }
        }
    };
}

rules! {
    // The frame of the file.
    Magic = "magic", "The file begins with the bytes `00 6c 69 6d`.";
    VersionMajor = "version-major", "The major version is 1.";
    FileLength = "file-length", "The length in the header is the length of the file.";
    LimitModuleBytes = "limit-module-bytes", "A module is at most 1 GiB.";
    LimitSections = "limit-sections", "A module has at most 64 sections.";
    SectionOrder = "section-order", "Section ids are above 0 and ascend strictly.";
    SectionFlags = "section-flags", "A section has the flags the format gives it; an unknown section has no unknown flags.";
    SectionBounds = "section-bounds", "The sections follow the index without gaps or overlap and end with the file.";
    SectionUnknown = "section-unknown", "A section marked required is known to the reader.";
    SectionMissing = "section-missing", "The sections manifest and strings are present, and code is present exactly if functions is.";
    SectionEmpty = "section-empty", "A section without entries is left out.";
    SectionTrailing = "section-trailing", "A section ends where its last entry ends.";
    Hash = "hash", "The hash in the header is the content hash.";
    // Numbers, text and tags.
    Truncated = "truncated", "What a count or length announces is there.";
    LebMinimal = "leb-minimal", "LEB128 numbers use as few bytes as possible.";
    LebOverflow = "leb-overflow", "LEB128 numbers fit the width their place asks for.";
    Utf8 = "utf8", "Strings are valid UTF-8.";
    Tag = "tag", "A tag names one of its alternatives.";
    Flags = "flags", "Flag bytes have no unknown bits set.";
    // Strings and types.
    LimitStrings = "limit-strings", "A string table has at most 2^22 entries.";
    LimitStringBytes = "limit-string-bytes", "A string is at most 2^24 bytes.";
    StringIndex = "string-index", "A string reference is below the length of the table.";
    StringDuplicate = "string-duplicate", "No string stands in a table twice.";
    StringOrder = "string-order", "Strings are numbered by first use.";
    StringUnused = "string-unused", "Every string of a table is used.";
    LimitTypes = "limit-types", "The type table has at most 2^20 entries.";
    LimitInterfaces = "limit-interfaces", "A class or interface names at most 2^10 interfaces.";
    LimitFields = "limit-fields", "An object has at most 2^12 fields, inherited ones included.";
    LimitMethods = "limit-methods", "A class or interface declares at most 2^14 methods.";
    LimitSuperclassDepth = "limit-superclass-depth", "A class has at most 64 classes above it.";
    LimitParameters = "limit-parameters", "A signature has at most 255 parameters and at most 255 results.";
    LimitTypeNesting = "limit-type-nesting", "Structural types nest at most 64 deep.";
    TypeIndex = "type-index", "A type reference is below the end of the type table.";
    TypeNamedFirst = "type-named-first", "Classes and interfaces stand before the structural types.";
    TypeDuplicate = "type-duplicate", "No structural type stands in the table twice.";
    TypeOrder = "type-order", "Structural types are numbered by first use, each after those it is made of.";
    TypeUnused = "type-unused", "Every structural type is used.";
    // The other tables.
    LimitCapabilities = "limit-capabilities", "A manifest asks for at most 64 capabilities.";
    LimitFunctions = "limit-functions", "A module has at most 2^20 functions, imported ones included.";
    LimitGlobals = "limit-globals", "A module has at most 2^16 globals.";
    LimitDataSegments = "limit-data-segments", "A module has at most 2^16 data segments.";
    LimitExports = "limit-exports", "A module has at most 2^20 exports.";
    FunctionSignature = "function-signature", "The signature of a function defined is a function type of the table.";
    // Bodies.
    BodySize = "body-size", "A body ends where its size says, and the bodies fill the code section.";
    LimitRegisters = "limit-registers", "A function has at most 2^14 registers, parameters included.";
    LimitLocals = "limit-locals", "The functions of a module have at most 2^24 locals together.";
    LocalsRuns = "locals-runs", "Runs of locals are not empty, and neighbouring runs differ in type.";
    LimitConstants = "limit-constants", "A function has at most 2^16 constants.";
    ConstantNan = "constant-nan", "The only NaN constants are `0x7fc00000` and `0x7ff8000000000000`.";
    ConstantIndex = "constant-index", "An operand beyond the registers names a constant of the pool.";
    ConstantDuplicate = "constant-duplicate", "No constant stands in a pool twice.";
    ConstantOrder = "constant-order", "Constants are numbered by first use.";
    ConstantUnused = "constant-unused", "Every constant of a pool is used.";
    LimitHandlers = "limit-handlers", "A function has at most 2^16 handlers.";
    LimitInstructions = "limit-instructions", "A function has at most 2^22 instructions.";
    Opcode = "opcode", "An opcode names an instruction.";
    LabelRange = "label-range", "A branch distance leads to an instruction index from 0 to 2^32 - 1.";
    LimitSwitchLabels = "limit-switch-labels", "A `switch` lists at most 2^16 labels.";
    // Debug.
    LimitSourceFiles = "limit-source-files", "The debug section names at most 2^16 files.";
    DebugFile = "debug-file", "Source files are numbered by first use, each used, none named twice.";
    DebugLine = "debug-line", "A line entry starts at an instruction of its function, has a line from 1 to 2^32 - 1, and differs from the entry before it.";
    DebugRegister = "debug-register", "A register name belongs to a register of its function.";
}

impl std::fmt::Display for DecodeRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

/// Why bytes are not a module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DecodeError {
    /// The rule broken.
    pub rule: DecodeRule,
    /// The section it was broken in; none for the header and the section index.
    pub section: Option<Section>,
    /// The name of the function it was broken in, or `#` and its index if it has no readable name.
    pub function: Option<Box<str>>,
    /// The byte of the file at which it was noticed.
    pub offset: usize,
    /// What is wrong, in words.
    pub message: String,
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.section {
            Some(section) => write!(f, "{section} section")?,
            None => f.write_str("header")?,
        }
        if let Some(function) = &self.function {
            write!(f, ", function {function}")?;
        }
        write!(f, ", offset {:#x}: {} [{}]", self.offset, self.message, self.rule)
    }
}

/// The error while it travels: small, so that reading a number stays cheap.
pub(crate) type Fault = Box<DecodeError>;

impl DecodeError {
    /// An error in a section, or in the header.
    #[cold]
    pub(crate) fn new(rule: DecodeRule, section: Option<Section>, offset: usize, message: impl Into<String>) -> Fault {
        Box::new(DecodeError { rule, section, function: None, offset, message: message.into() })
    }
}
