//! Types as they stand in a module: a compact number for each, and the definitions the type table holds.
//!
//! Within one module two types are the same exactly if their numbers are: structural types (arrays, functions, fibers) stand in the
//! table once. Every reference type is nullable in registers, fields and elements; parameters and results may be declared non-null.

use crate::module::{FunctionIndex, StringIndex};
use crate::well_known::WellKnown;

/// A type: a number, a storage type of fields and elements, or a reference type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type(u32);

/// What a [`Type`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeKind {
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
    /// An IEEE 754 binary32.
    F32,
    /// An IEEE 754 binary64.
    F64,
    /// A signed byte, in fields and elements only; an `i32` in registers.
    I8,
    /// An unsigned byte, in fields and elements only; an `i32` in registers.
    U8,
    /// A signed 16-bit integer, in fields and elements only; an `i32` in registers.
    I16,
    /// An unsigned 16-bit integer, in fields and elements only; an `i32` in registers.
    U16,
    /// The top of all reference types.
    Any,
    /// An immutable string of valid UTF-8.
    Str,
    /// The type of the constant null; in constant pools only.
    Null,
    /// A class every module knows.
    WellKnown(WellKnown),
    /// An entry of the module's type table.
    Defined(u32),
    /// A number no version 1 module may use.
    Reserved,
}

impl Type {
    /// `i32`
    pub const I32: Type = Type(0);
    /// `i64`
    pub const I64: Type = Type(1);
    /// `f32`
    pub const F32: Type = Type(2);
    /// `f64`
    pub const F64: Type = Type(3);
    /// `i8`
    pub const I8: Type = Type(4);
    /// `u8`
    pub const U8: Type = Type(5);
    /// `i16`
    pub const I16: Type = Type(6);
    /// `u16`
    pub const U16: Type = Type(7);
    /// `any`
    pub const ANY: Type = Type(8);
    /// `str`
    pub const STR: Type = Type(9);
    /// The type of `null`.
    pub const NULL: Type = Type(10);
    /// The first number of the well-known classes.
    pub const FIRST_WELL_KNOWN: u32 = 16;
    /// The first number of the module's own type table.
    pub const FIRST_DEFINED: u32 = 64;

    /// The type with this number; whether the number means anything is for [`Type::kind`] and the verifier to say.
    #[must_use]
    pub const fn from_code(code: u32) -> Type {
        Type(code)
    }

    /// The number in the module format.
    #[must_use]
    pub const fn code(self) -> u32 {
        self.0
    }

    /// The type of an entry of the type table.
    #[must_use]
    pub const fn defined(index: u32) -> Type {
        Type(Type::FIRST_DEFINED + index)
    }

    /// The type of a well-known class.
    #[must_use]
    pub const fn well_known(class: WellKnown) -> Type {
        Type(Type::FIRST_WELL_KNOWN + class as u32)
    }

    /// The index in the type table, if it is an entry of it.
    #[must_use]
    pub const fn defined_index(self) -> Option<u32> {
        self.0.checked_sub(Type::FIRST_DEFINED)
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> TypeKind {
        match self.0 {
            0 => TypeKind::I32,
            1 => TypeKind::I64,
            2 => TypeKind::F32,
            3 => TypeKind::F64,
            4 => TypeKind::I8,
            5 => TypeKind::U8,
            6 => TypeKind::I16,
            7 => TypeKind::U16,
            8 => TypeKind::Any,
            9 => TypeKind::Str,
            10 => TypeKind::Null,
            code if code >= Type::FIRST_DEFINED => TypeKind::Defined(code - Type::FIRST_DEFINED),
            code => {
                code.checked_sub(Type::FIRST_WELL_KNOWN).and_then(WellKnown::from_number).map_or(TypeKind::Reserved, TypeKind::WellKnown)
            }
        }
    }

    /// Whether it is a reference type (`null`'s included).
    #[must_use]
    pub const fn is_reference(self) -> bool {
        self.0 >= Type::ANY.0
    }

    /// Whether it is `i32`, `i64`, `f32` or `f64`.
    #[must_use]
    pub const fn is_number(self) -> bool {
        self.0 <= Type::F64.0
    }

    /// Whether it is `i8`, `u8`, `i16` or `u16`.
    #[must_use]
    pub const fn is_storage(self) -> bool {
        self.0 >= Type::I8.0 && self.0 <= Type::U16.0
    }

    /// The type a register has that holds a value of this type: `i32` for the storage types, itself for the others.
    #[must_use]
    pub const fn register_type(self) -> Type {
        if self.is_storage() { Type::I32 } else { self }
    }

    /// The bytes a value takes in a field or element: references take 4.
    #[must_use]
    pub const fn storage_size(self) -> u32 {
        match self {
            Type::I8 | Type::U8 => 1,
            Type::I16 | Type::U16 => 2,
            Type::I64 | Type::F64 => 8,
            _ => 4,
        }
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.kind())
    }
}

/// The type of a parameter or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// A register type.
    pub ty: Type,
    /// Whether null is refused: checked when the callee is entered, or returns.
    pub non_null: bool,
}

/// Parameters and results of a function, a closure or a fiber.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signature {
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
    /// The results in order.
    pub results: Vec<Parameter>,
}

/// An entry of the type table. Named types come first in the table, structural types follow in the order of first use.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeDefinition {
    /// A class.
    Class(ClassDefinition),
    /// An interface.
    Interface(InterfaceDefinition),
    /// An array of the element type, which may be a storage type.
    Array(Type),
    /// A function type: the type of closures.
    Function(Signature),
    /// A fiber type: parameters go in at each resume, results come out.
    Fiber(Signature),
}

/// A class, defined here or described as far as this module relies on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClassDefinition {
    /// The name, unique among the module's named types of the same origin.
    pub name: StringIndex,
    /// The module it is imported from; the rest is then what this module relies on, which the linker proves.
    pub import: Option<StringIndex>,
    /// No class may extend it.
    pub is_final: bool,
    /// It cannot be instantiated.
    pub is_abstract: bool,
    /// The class it extends, defined earlier in the table or well-known.
    pub superclass: Option<Type>,
    /// The interfaces it implements, besides those of its superclass and what those extend.
    pub interfaces: Vec<Type>,
    /// The fields it adds to its superclass's.
    pub fields: Vec<FieldDefinition>,
    /// The methods it adds or overrides.
    pub methods: Vec<MethodDefinition>,
}

/// A field of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldDefinition {
    /// The name, unique among the class's own fields.
    pub name: StringIndex,
    /// A number, storage or reference type.
    pub ty: Type,
}

/// A method of a class or interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MethodDefinition {
    /// The name, unique among the methods the type declares itself; one of the same name in a superclass is overridden.
    pub name: StringIndex,
    /// A function type of the table: parameters without the receiver, and results.
    pub signature: Type,
    /// The function that is run; its first parameter is the receiver, its other parameters and results are the signature's.
    /// None for an abstract method, a method of an interface, or one of an imported class.
    pub body: Option<FunctionIndex>,
    /// No class may override it.
    pub is_final: bool,
}

/// An interface, defined here or described as far as this module relies on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InterfaceDefinition {
    /// The name, unique among the module's named types of the same origin.
    pub name: StringIndex,
    /// The module it is imported from.
    pub import: Option<StringIndex>,
    /// The interfaces it extends, defined earlier in the table.
    pub extends: Vec<Type>,
    /// The methods it adds; all abstract.
    pub methods: Vec<MethodDefinition>,
}
