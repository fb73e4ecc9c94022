//! Linking: from verified modules to one program with one number space for everything, proving that what modules state about one another is true.
//!
//! The way: strings and exports are indexed ([`symbols`], [`named`]), types merged ([`types`]), the class hierarchy closed
//! ([`hierarchy`]), functions resolved ([`functions`]), objects laid out ([`layout`]), methods and interface tables filled in
//! ([`methods`], [`interfaces`]), imported shapes proved ([`claims`]), code scanned for constants and closures ([`code`]), and the
//! class records written ([`records`]). The time is linear in the modules but for sorting, and [`limits`] bounds what they may multiply
//! to. Nothing here runs code.

mod claims;
mod code;
mod error;
mod functions;
mod hierarchy;
mod host;
mod interfaces;
mod layout;
pub(crate) mod limits;
mod methods;
mod named;
mod names;
mod records;
mod symbols;
mod types;

#[cfg(test)]
pub(crate) mod tests;

pub use error::LinkError;
pub(crate) use error::{clip, similar};
pub(crate) use host::{HostSignature, HostSignatures, HostSlot, HostType};
pub(crate) use names::signature_name;

use crate::program::{Entries, Linked, LinkedModule};
use limosa_spec::Module;
use limosa_spec::verify::VerifiedModule;
use std::sync::Arc;

/// Links modules with one another and with what the host offers.
///
/// # Errors
/// If an import is missing or not what its importer was compiled against, if a class breaks the rules of its superclass or
/// interfaces in another module, or if the modules together are over a limit.
pub(crate) fn link(modules: &[Arc<VerifiedModule>], host: &dyn HostSignatures) -> Result<Linked, LinkError> {
    let plain: Vec<&Module> = modules.iter().map(|module| -> &Module { module }).collect();
    let plain = plain.as_slice();
    let mut budget = limits::Budget::new();

    let symbols = symbols::Symbols::new(plain)?;
    let exports = named::Exports::new(plain, &symbols)?;
    let named = named::Named::new(plain, &symbols, &exports)?;
    let mut types = types::Types::new(plain, &named)?;
    let built_in = records::BuiltIn::new(&mut types)?;
    let hierarchy = hierarchy::Hierarchy::new(&named, &mut types, &mut budget)?;

    let resolver = functions::Resolver { modules: plain, symbols: &symbols, exports: &exports, host };
    let functions = resolver.functions(&mut types)?;
    let constants = code::scan(plain, &symbols, &functions, &mut types)?;

    let layouts = layout::lay_out(&named, &hierarchy, &mut budget)?;
    let first_method = interfaces::number_methods(&named)?;
    let linker =
        methods::MethodLinker { symbols: &symbols, named: &named, hierarchy: &hierarchy, types: &types, functions: &functions.tables };
    let methods = linker.link(&mut budget)?;
    let itables = interfaces::tables(&linker, &methods, &first_method, &mut budget)?;
    let known = claims::Known {
        modules: plain,
        symbols: &symbols,
        types: &types,
        named: &named,
        hierarchy: &hierarchy,
        layouts: &layouts,
        methods: &methods,
        first_method: &first_method,
    };
    let members = known.members()?;
    let well_known_members = known.well_known();

    types.name_all(&mut budget)?;
    let parts = records::Parts {
        types: &types,
        functions: &functions,
        hierarchy: &hierarchy,
        layouts: &layouts,
        methods: &methods,
        itables: &itables,
    };
    let (classes, places) = records::class_table(&parts, &built_in, &mut budget)?;
    let entries = Entries::new(functions.infos.len(), places);
    let entry = plain.iter().zip(&functions.tables).find_map(|(module, table)| module.manifest.entry.map(|entry| table[entry as usize]));
    let tables = functions.tables.into_iter().zip(types.tables).zip(members);
    let constant_tables = constants.strings.tables.into_iter().zip(constants.closures.tables).zip(constants.first_globals);
    let linked_modules = modules.iter().zip(tables).zip(constant_tables).map(
        |((module, ((functions, types), members)), ((strings, closures), first_global))| LinkedModule {
            module: module.clone(),
            functions,
            types,
            members,
            strings,
            first_global,
            closures,
        },
    );
    Ok(Linked {
        modules: linked_modules.collect(),
        functions: functions.infos,
        entries,
        types: types.types,
        classes,
        strings: constants.strings.strings,
        globals: constants.globals,
        entry,
        well_known_members,
    })
}
