//! The rules a module is refused by. Each has a name for programs and a line for people; the book lists them from here.

use crate::decode::DecodeRule;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal;)*) => {
        /// A rule of the verifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Rule {
            /// All rules in the order of the book.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// The name, such as `operand-type`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Rule::$name => $id,)* }
            }

            /// What it demands, in one line of Markdown.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Rule::$name => concat!($($doc),+),)* }
            }
        }
    };
}

rules! {
    /// Every count keeps the limits of the format.
    Limit = "limit";
    /// Every index of a string names an entry of the string table.
    StringIndex = "string-index";
    /// The string table holds no string twice.
    StringDuplicate = "string-duplicate";
    /// Every type is a type of version 1 or an entry of the type table.
    TypeIndex = "type-index";
    /// Every index of a function names an imported or defined function.
    FunctionIndex = "function-index";
    /// Every index of a global names one.
    GlobalIndex = "global-index";
    /// Every index of a data segment names one.
    DataIndex = "data-index";
    /// The module's name is identifiers joined by dots.
    ModuleName = "module-name";
    /// Names are unique in their kind.
    DuplicateName = "duplicate-name";
    /// The entry point is a function of the module without parameters whose result is nothing or an `i32`.
    EntryPoint = "entry-point";
    /// Classes and interfaces stand in the type table before all structural types.
    TypeNamedFirst = "type-named-first";
    /// The type table holds no structural type twice.
    TypeDuplicate = "type-duplicate";
    /// No structural type is part of itself.
    TypeCycle = "type-cycle";
    /// Registers, parameters, results and globals have a number or reference type.
    RegisterType = "register-type";
    /// Fields and elements have a number, storage or reference type.
    ElementType = "element-type";
    /// Only references are declared non-null.
    NonNull = "non-null";
    /// A function, import or method has a function type of the type table as its signature.
    Signature = "signature";
    /// A superclass is a well-known class or a class that stands earlier in the type table.
    Superclass = "superclass";
    /// No class extends a final class.
    FinalClass = "final-class";
    /// Nothing is both final and abstract.
    FinalAbstract = "final-abstract";
    /// What a class implements is an interface, and what an interface extends is one that stands earlier in the type table.
    Interface = "interface";
    /// No class or interface names an interface twice.
    DuplicateInterface = "duplicate-interface";
    /// Only classes the module defines give bodies to their methods.
    UnexpectedBody = "unexpected-body";
    /// An overriding method has the signature of the method it overrides.
    OverrideSignature = "override-signature";
    /// No method overrides a final one.
    OverrideFinal = "override-final";
    /// A class that is not abstract implements all methods it declares, inherits or takes from its interfaces.
    Unimplemented = "unimplemented";
    /// A method's body is a function of the module whose first parameter takes the class and whose other parameters and results are those of the method.
    MethodBody = "method-body";
    /// A constant is a number or null, and its NaN is the canonical one.
    Constant = "constant";
    /// A global's initial value is of its type.
    GlobalInitial = "global-initial";
    /// An export names a function, class or interface that the module defines.
    ExportItem = "export-item";
    /// The debug section describes every function defined, in their order.
    DebugFunctions = "debug-functions";
    /// Line entries are ascending, start at instructions of the function, and name a file and a line from 1.
    DebugLine = "debug-line";
    /// Register names are ascending and name registers of the function.
    DebugRegister = "debug-register";
    /// Every index of a string in the debug section names one of its strings.
    DebugString = "debug-string";
    /// A function has at least one instruction.
    EmptyFunction = "empty-function";
    /// The last instruction of a function ends a block.
    FallOff = "fall-off";
    /// The operands of an instruction are those the table lists, one after the other.
    OperandShape = "operand-shape";
    /// An operand that is read is a register or constant of the function.
    OperandIndex = "operand-index";
    /// An operand that is written is a register of the function.
    ResultIndex = "result-index";
    /// An operand that is read has the type the instruction asks for.
    OperandType = "operand-type";
    /// An operand that is written has a type that takes what the instruction gives.
    ResultType = "result-type";
    /// A label is an instruction of the function.
    Label = "label";
    /// A handler covers at least one instruction and none beyond the end of the function.
    HandlerRange = "handler-range";
    /// A handler goes on at an instruction of the function.
    HandlerTarget = "handler-target";
    /// A handler catches `Error` or a class that extends it.
    HandlerClass = "handler-class";
    /// A handler's register is one of the function and takes the class it catches.
    HandlerRegister = "handler-register";
    /// The type an instruction names is of the kind the instruction works on.
    TypeOperand = "type-operand";
    /// Only classes that are not abstract are instantiated.
    AbstractNew = "abstract-new";
    /// A field named is declared by the class named.
    Field = "field";
    /// A method named is declared by the class, or for an interface call the interface, named.
    Method = "method";
    /// No instruction sets a field that belongs to the VM.
    ReadOnlyField = "read-only-field";
    /// The contents of a new array are a whole number of elements.
    DataLength = "data-length";
    /// A call gives as many arguments as its callee has parameters, and a closure binds at most that many.
    ArgumentCount = "argument-count";
    /// A call, and a return, has as many results as the signature.
    ResultCount = "result-count";
    /// The results of a call go to different registers.
    DuplicateResult = "duplicate-result";
    /// The results of a tail call are results of the function it stands in.
    TailResults = "tail-results";
}

impl Rule {
    /// The rule of the format that every file that breaks this one breaks before, if there is one: then only modules made in memory get as
    /// far as the verifier.
    #[must_use]
    pub fn anticipated_by(self) -> Option<DecodeRule> {
        match self {
            Rule::TypeCycle => Some(DecodeRule::TypeOrder),
            Rule::Constant => Some(DecodeRule::ConstantNan),
            Rule::OperandIndex => Some(DecodeRule::ConstantIndex),
            Rule::OperandShape | Rule::DebugFunctions => Some(DecodeRule::Truncated),
            Rule::DebugString => Some(DecodeRule::StringIndex),
            _ => None,
        }
    }

    /// The rule with this name, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}
