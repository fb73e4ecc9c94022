//! Why a set of modules cannot be linked. Names and types in an error are bounded in length, whatever the modules say.

use std::fmt;

/// Why a program could not be linked.
///
/// Modules are verified one by one before they are linked, so what is left to go wrong is between them: something imported is
/// missing, or is not what the importer was compiled against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// No modules were given.
    #[error("there are no modules to link")]
    NoModules,
    /// Two modules have the same name.
    #[error("there are two modules named `{module}`")]
    DuplicateModule {
        /// The name.
        module: String,
    },
    /// A class or interface is imported that no module given exports.
    #[error("module `{importer}` needs the type `{name}`, which {reason}{}", DidYouMean(.suggestion))]
    MissingType {
        /// The module that imports it.
        importer: String,
        /// The module and name it is looked for under.
        name: String,
        /// What was found instead.
        reason: &'static str,
        /// The most similar name there is.
        suggestion: Option<String>,
    },
    /// A function is imported that neither a module nor the host offers.
    #[error("module `{importer}` needs the function `{name}{signature}`, which {reason}{}", DidYouMean(.suggestion))]
    MissingFunction {
        /// The module that imports it.
        importer: String,
        /// The module and name it is looked for under.
        name: String,
        /// The signature asked for, such as `(i64) -> str`.
        signature: String,
        /// What was found instead.
        reason: &'static str,
        /// The most similar name there is.
        suggestion: Option<String>,
    },
    /// A function of the name is there, with another signature.
    #[error("module `{importer}` needs the function `{name}{expected}`, but the {provider} offers `{name}{found}`")]
    FunctionSignature {
        /// The module that imports it.
        importer: String,
        /// Its module and name.
        name: String,
        /// `module` or `host`.
        provider: &'static str,
        /// The signature asked for.
        expected: String,
        /// The signature it has.
        found: String,
    },
    /// An imported class or interface is not what the importer relies on.
    #[error("module `{importer}` relies on {part} of `{name}` being {expected}, but it is {found}")]
    TypeShape {
        /// The module that imports the type.
        importer: String,
        /// The type.
        name: String,
        /// The part that differs: ``the field `x` ``.
        part: String,
        /// What the importer states.
        expected: String,
        /// What the definition says.
        found: String,
    },
    /// A class extends itself, or an interface does, by way of other modules.
    #[error("the type `{name}` extends itself")]
    Cycle {
        /// One of the types in the cycle.
        name: String,
    },
    /// A class overrides a method that its superclass declares final.
    #[error("the class `{class}` overrides `{method}`, which is final in a superclass")]
    FinalMethod {
        /// The overriding class.
        class: String,
        /// The method.
        method: String,
    },
    /// A method has another signature than the method of the same name in a superclass or interface.
    #[error("the method `{method}` of the class `{class}` is `{found}`, but `{declared_in}` declares it as `{expected}`")]
    MethodSignature {
        /// The class.
        class: String,
        /// The method.
        method: String,
        /// The superclass or interface.
        declared_in: String,
        /// The signature declared there.
        expected: String,
        /// The class's.
        found: String,
    },
    /// A class that is not abstract lacks a method.
    #[error("the class `{class}` does not implement the method `{method}` of `{declared_in}`")]
    MissingMethod {
        /// The class.
        class: String,
        /// The method.
        method: String,
        /// The superclass or interface that declares it.
        declared_in: String,
    },
    /// The modules together are larger than a program may be.
    #[error("the program has too many {what}: at most {limit} are supported")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much of it there may be.
        limit: u64,
    },
}

/// Appends the suggestion, if there is one.
struct DidYouMean<'a>(&'a Option<String>);

impl fmt::Display for DidYouMean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// Bytes of a name that an error repeats.
const NAME_BYTES: usize = 200;

/// A name for an error, cut if it is long.
pub(crate) fn clip(name: &str) -> String {
    if name.len() <= NAME_BYTES {
        return name.to_owned();
    }
    let mut end = NAME_BYTES;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &name[..end])
}

/// `module.name` for an error.
pub(super) fn qualified(module: &str, name: &str) -> String {
    format!("{}.{}", clip(module), clip(name))
}

/// The candidate most similar to a name, if one is similar at all. Long names are not compared.
pub(crate) fn similar<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    const COMPARED_BYTES: usize = 64;
    const COMPARED: usize = 10_000;
    if name.len() > COMPARED_BYTES {
        return None;
    }
    candidates
        .filter(|candidate| candidate.len() <= COMPARED_BYTES)
        .take(COMPARED)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= (name.len() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}
