//! The verifier: the only way to a [`VerifiedModule`], and with it to code that is run.
//!
//! It trusts nothing of a [`Module`] and proves what `spec/book/src/verification.md` lists: first the declarations, then each function
//! in one linear pass. It never panics on any module, needs memory linear in the module's size, and stops at the first rule broken.

mod code;
mod common;
mod debug;
mod declarations;
mod error;
mod function;
mod hierarchy;
mod methods;
mod names;
mod offset;
mod rule;
mod table;
mod types;
mod typing;
mod verified;

pub use error::{FunctionPlace, VerifyError};
pub use names::{signature_name, type_name};
pub use rule::Rule;
pub use verified::{ClosureShape, DeclaredModule, Registers, VerifiedFunction, VerifiedModule};

use crate::module::Module;
use error::Check;
use hierarchy::Hierarchy;

/// Verifies a module.
///
/// # Errors
/// The first rule the module breaks, and where.
pub fn verify(module: Module) -> Result<VerifiedModule, VerifyError> {
    DeclaredModule::new(module)?.verify()
}

/// All rules but those about code; later checks rely on earlier ones.
fn check_declarations(module: &Module) -> Check<Hierarchy> {
    declarations::check_counts(module)?;
    declarations::check_strings(module)?;
    types::check(module)?;
    let hierarchy = Hierarchy::new(module)?;
    declarations::check_functions(module)?;
    declarations::check_manifest(module)?;
    methods::check(module, &hierarchy)?;
    declarations::check_globals(module)?;
    declarations::check_data(module)?;
    declarations::check_exports(module)?;
    debug::check(module)?;
    Ok(hierarchy)
}

fn in_module(error: VerifyError, module: &Module) -> VerifyError {
    VerifyError { module: names::name(module, module.manifest.name), ..error }
}
