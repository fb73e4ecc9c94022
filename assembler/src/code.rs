//! The codes of diagnostics: one for each kind of thing that can be wrong.

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal,)*) => {
        /// What kind of thing is wrong. The names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name that renderers print and programs compare.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it stands for, in a sentence of Markdown.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc,)*).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The text is larger than an assembler accepts.
    TooLarge = "too-large",
    /// The text is not valid UTF-8.
    InvalidUtf8 = "invalid-utf8",
    /// A character that no token begins with.
    InvalidCharacter = "invalid-character",
    /// A string, character or quoted name that does not end on its line.
    UnterminatedString = "unterminated-string",
    /// A directive that does not exist.
    UnknownDirective = "unknown-directive",
    /// Brackets, types or aliases that nest too deeply.
    NestingTooDeep = "nesting-too-deep",
    /// A brace that closes nothing or is not closed.
    UnmatchedBrace = "unmatched-brace",
    /// A block inside a block.
    NestedBlock = "nested-block",
    /// A token the grammar has no place for here.
    Syntax = "syntax",
    /// An escape in a string or name that does not exist, or a string that is not UTF-8.
    InvalidEscape = "invalid-escape",
    /// Something that looks like a number and is none.
    InvalidNumber = "invalid-number",
    /// A number that does not fit the type its place asks for.
    NumberRange = "number-range",
    /// A literal of another type than its place asks for.
    LiteralType = "literal-type",
    /// A version that is not three numbers joined by dots.
    InvalidVersion = "invalid-version",
    /// Data whose hexadecimal digits are wrong.
    InvalidHex = "invalid-hex",
    /// There is no `module` line.
    MissingModule = "missing-module",
    /// A line that may stand only once stands twice.
    DuplicateItem = "duplicate-item",
    /// A name that is declared twice.
    DuplicateName = "duplicate-name",
    /// A name of a built-in type or well-known class, declared without backticks.
    ReservedName = "reserved-name",
    /// An imported name that does not say which module it is from.
    ImportPath = "import-path",
    /// A type that does not exist.
    UnknownType = "unknown-type",
    /// A shape that is no type.
    NotAType = "not-a-type",
    /// `i8`, `u8`, `i16` or `u16` where a register type is needed.
    StorageType = "storage-type",
    /// `!` on a type that has no null, or where null cannot be ruled out.
    NonNull = "non-null",
    /// A superclass or interface that is declared after the type that names it.
    TypeOrder = "type-order",
    /// A class where an interface is needed, or the other way round.
    TypeCategory = "type-category",
    /// An alias that stands for itself.
    RecursiveAlias = "recursive-alias",
    /// A member or modifier that has no place in this type.
    InvalidMember = "invalid-member",
    /// A method of a class that has neither a body nor `abstract`.
    MissingBody = "missing-body",
    /// A parameter of a function without a name.
    ParameterName = "parameter-name",
    /// A register declared without a type.
    MissingType = "missing-type",
    /// A function that does not exist.
    UnknownFunction = "unknown-function",
    /// A global that does not exist.
    UnknownGlobal = "unknown-global",
    /// A data segment that does not exist.
    UnknownData = "unknown-data",
    /// A field that the class does not have.
    UnknownField = "unknown-field",
    /// A method that the class or interface does not have.
    UnknownMethod = "unknown-method",
    /// A register that is not declared.
    UnknownRegister = "unknown-register",
    /// A label that does not exist.
    UnknownLabel = "unknown-label",
    /// An instruction that does not exist.
    UnknownInstruction = "unknown-instruction",
    /// An instruction with too many or too few operands.
    OperandCount = "operand-count",
    /// An operand of the wrong shape.
    OperandShape = "operand-shape",
    /// A register of the wrong type.
    OperandType = "operand-type",
    /// A call with too many or too few arguments.
    ArgumentCount = "argument-count",
    /// A call or return with too many or too few results.
    ResultCount = "result-count",
    /// More of something than the format allows.
    Limit = "limit",
    /// A `.line` that names no line.
    InvalidLine = "invalid-line",
    /// A register that is never used.
    UnusedRegister = "unused-register",
    /// A label that is never used.
    UnusedLabel = "unused-label",
    /// An import that is never used.
    UnusedImport = "unused-import",
    /// An alias that is never used.
    UnusedAlias = "unused-alias",
    /// The verifier refuses the module that was assembled.
    Verification = "verification",
}
