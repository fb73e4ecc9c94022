//! What the linker has to know of the host's functions: their names and signatures.

/// The functions a host offers.
pub(crate) trait HostSignatures {
    /// The number and signature of the function `module.name`, if there is one.
    fn find(&self, module: &str, name: &str) -> Option<(u32, &HostSignature)>;

    /// All functions of a module, for suggestions.
    fn names<'a>(&'a self, module: &str) -> Box<dyn Iterator<Item = &'a str> + 'a>;
}

/// Parameters and results of a host function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostSignature {
    /// The parameters in order.
    pub parameters: Vec<HostSlot>,
    /// The results in order.
    pub results: Vec<HostSlot>,
}

/// A parameter or result of a host function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostSlot {
    /// Its type.
    pub ty: HostType,
    /// Whether null is refused.
    pub non_null: bool,
}

/// The types that host functions deal in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostType {
    /// A type every module knows: a number, `any`, `str` or a well-known class.
    Plain(limosa_spec::Type),
    /// An array of such a type, or of a storage type.
    Array(limosa_spec::Type),
}
