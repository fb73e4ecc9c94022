//! The classes every module knows without importing them: the exceptions the VM throws and the boxes of the numbers.
//!
//! Their numbers are part of the format; a new one is added at the end.

use crate::types::Type;

/// A field of a well-known class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WellKnownField {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub ty: Type,
}

const ERROR_FIELDS: &[WellKnownField] = &[
    WellKnownField { name: "message", ty: Type::STR },
    WellKnownField { name: "cause", ty: Type::well_known(WellKnown::Error) },
    WellKnownField { name: "trace", ty: Type::ANY },
];

macro_rules! well_known_classes {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal, $superclass:expr, $fields:expr;)*) => {
        /// A class every module knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum WellKnown {
            $($(#[doc = $doc])* $name = $number,)*
        }

        impl WellKnown {
            /// All of them in the order of their numbers.
            pub const ALL: &'static [WellKnown] = &[$(WellKnown::$name,)*];

            /// The name in the text form.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(WellKnown::$name => stringify!($name),)* }
            }

            /// The class it extends.
            #[must_use]
            pub fn superclass(self) -> Option<WellKnown> {
                match self { $(WellKnown::$name => $superclass,)* }
            }

            /// The fields it adds to its superclass's.
            #[must_use]
            pub fn fields(self) -> &'static [WellKnownField] {
                match self { $(WellKnown::$name => $fields,)* }
            }

            /// What it is for, in Markdown.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(WellKnown::$name => concat!($($doc,)*),)* }
            }
        }
    };
}

well_known_classes! {
    /// The root of all that can be thrown. `trace` is filled in by the VM when an object is first thrown and belongs to it.
    Error = 0, None, ERROR_FIELDS;
    /// A null was used where an object is needed.
    NullError = 1, Some(WellKnown::Error), &[];
    /// An index or range beyond an array or string.
    IndexError = 2, Some(WellKnown::Error), &[];
    /// An integer division by zero.
    DivisionError = 3, Some(WellKnown::Error), &[];
    /// A checked operation whose result does not fit.
    OverflowError = 4, Some(WellKnown::Error), &[];
    /// An object that is not of the type asked for.
    CastError = 5, Some(WellKnown::Error), &[];
    /// A negative array size.
    NegativeSizeError = 6, Some(WellKnown::Error), &[];
    /// Bytes that are not UTF-8, or a cut inside a character.
    EncodingError = 7, Some(WellKnown::Error), &[];
    /// A fiber resumed while it runs or after it ended, or a yield that no resume waits for.
    FiberError = 8, Some(WellKnown::Error), &[];
    /// The guest stack is exhausted.
    StackOverflow = 9, Some(WellKnown::Error), &[];
    /// The heap is exhausted.
    OutOfMemory = 10, Some(WellKnown::Error), &[];
    /// An `unreachable` instruction was reached.
    UnreachableError = 11, Some(WellKnown::Error), &[];
    /// A host function failed.
    HostError = 12, Some(WellKnown::Error), &[];
    /// A host function was refused for want of a capability.
    CapabilityError = 13, Some(WellKnown::HostError), &[];
    /// An `i32` as an object.
    Int32 = 14, None, &[WellKnownField { name: "value", ty: Type::I32 }];
    /// An `i64` as an object.
    Int64 = 15, None, &[WellKnownField { name: "value", ty: Type::I64 }];
    /// An `f32` as an object.
    Float32 = 16, None, &[WellKnownField { name: "value", ty: Type::F32 }];
    /// An `f64` as an object.
    Float64 = 17, None, &[WellKnownField { name: "value", ty: Type::F64 }];
}

impl WellKnown {
    /// The class with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u32) -> Option<WellKnown> {
        WellKnown::ALL.get(number as usize).copied()
    }

    /// The class with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<WellKnown> {
        WellKnown::ALL.iter().copied().find(|class| class.name() == name)
    }

    /// Whether no class may extend it: the boxes are final.
    #[must_use]
    pub fn is_final(self) -> bool {
        self >= WellKnown::Int32
    }

    /// Whether it is `other` or extends it.
    #[must_use]
    pub fn is_subclass_of(self, other: WellKnown) -> bool {
        self == other || self.superclass().is_some_and(|superclass| superclass.is_subclass_of(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_fit_below_the_defined_types() {
        for (index, &class) in WellKnown::ALL.iter().enumerate() {
            assert_eq!(class as usize, index);
            assert!(Type::well_known(class).code() < Type::FIRST_DEFINED);
        }
    }
}
