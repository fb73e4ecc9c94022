//! Numbering the functions of a program and finding what each import stands for.

use super::LinkError;
use super::error::{clip, qualified, similar};
use super::host::{HostSignature, HostSignatures, HostSlot, HostType};
use super::limits::{FUNCTIONS, at_most};
use super::named::Exports;
use super::names::signature_name;
use super::symbols::{Symbol, Symbols};
use super::types::Types;
use crate::program::{FunctionId, FunctionInfo, FunctionKind, SlotType, TypeId};
use limosa_spec::Module;
use limosa_spec::module::ExportItem;
use std::collections::HashMap;
use std::sync::Arc;

/// The functions of a program.
pub(super) struct Functions {
    /// All of them: the modules' in order, then those of the host that are imported.
    pub infos: Vec<FunctionInfo>,
    /// Their function types.
    pub types: Vec<TypeId>,
    /// Per module and function index.
    pub tables: Vec<Vec<FunctionId>>,
    /// Host functions by the host's number.
    host: HashMap<u32, FunctionId>,
}

/// What function imports are resolved against.
pub(super) struct Resolver<'a> {
    /// The modules.
    pub modules: &'a [&'a Module],
    /// Their strings.
    pub symbols: &'a Symbols<'a>,
    /// Their exports.
    pub exports: &'a Exports,
    /// The host.
    pub host: &'a dyn HostSignatures,
}

impl Resolver<'_> {
    /// Numbers all functions and resolves all imports.
    pub fn functions(&self, types: &mut Types) -> Result<Functions, LinkError> {
        let mut functions = Functions { infos: Vec::new(), types: Vec::new(), tables: Vec::new(), host: HashMap::new() };
        let defined = self.modules.iter().map(|module| module.functions.len()).sum();
        at_most("functions", defined, FUNCTIONS)?;
        let mut firsts = Vec::with_capacity(self.modules.len());
        for (number, module) in self.modules.iter().enumerate() {
            firsts.push(functions.infos.len() as FunctionId);
            functions.add_defined(number, module, types);
        }
        let mut seen = HashMap::new();
        for (number, module) in self.modules.iter().enumerate() {
            let mut table = Vec::with_capacity(module.imports.len() + module.functions.len());
            for import in &module.imports {
                let names = (self.symbols.of(number, import.module), self.symbols.of(number, import.name));
                let wanted = types.of(number, import.signature);
                let found = match seen.get(&(names, wanted)) {
                    Some(&found) => found,
                    None => self.import(number, names, wanted, &firsts, &mut functions, types)?,
                };
                seen.insert((names, wanted), found);
                table.push(found);
            }
            table.extend((0..module.functions.len() as FunctionId).map(|index| firsts[number] + index));
            functions.tables.push(table);
        }
        Ok(functions)
    }

    fn import(
        &self,
        importer: usize,
        (module, name): (Symbol, Symbol),
        wanted: TypeId,
        firsts: &[FunctionId],
        functions: &mut Functions,
        types: &mut Types,
    ) -> Result<FunctionId, LinkError> {
        let provider = self.exports.module(module);
        let mut other = None;
        if let Some(provider) = provider
            && let Some(index) = self.exports.function(provider, name)
        {
            let own = index as usize - self.modules[provider].imports.len();
            let found = firsts[provider] + own as FunctionId;
            match functions.types[found as usize] {
                ty if ty == wanted => return Ok(found),
                ty => other = Some(("module", ty)),
            }
        }
        if let Some((number, signature)) = self.host.find(self.symbols.text(module), self.symbols.text(name)) {
            let ty = host_function_type(signature, types)?;
            if ty == wanted {
                return functions.add_host(number, ty, self.symbols.text(module), self.symbols.text(name), types);
            }
            other = other.or(Some(("host", ty)));
        }
        let importer = clip(self.modules[importer].string(self.modules[importer].manifest.name));
        let expected = type_signature(types, wanted);
        Err(match other {
            Some((provider, ty)) => LinkError::FunctionSignature {
                importer,
                name: qualified(self.symbols.text(module), self.symbols.text(name)),
                provider,
                expected,
                found: type_signature(types, ty),
            },
            None => self.missing(importer, (module, name), provider, expected),
        })
    }

    fn missing(&self, importer: String, (module, name): (Symbol, Symbol), provider: Option<usize>, signature: String) -> LinkError {
        let (module, name) = (self.symbols.text(module), self.symbols.text(name));
        let exported: Vec<&str> = provider.map_or_else(Vec::new, |provider| {
            let module = self.modules[provider];
            let functions = module.exports.iter().filter(|export| matches!(export.item, ExportItem::Function(_)));
            functions.map(|export| module.string(export.name)).collect()
        });
        let mut offered = self.host.names(module).peekable();
        let known = provider.is_some() || offered.peek().is_some();
        let suggestion = match known {
            true => similar(name, exported.into_iter().chain(offered)).map(|name| qualified(module, &name)),
            false => self.exports.similar_module(self.modules, module),
        };
        let reason = match (known, provider) {
            (true, Some(_)) => "that module does not export",
            (true, None) => "the host does not offer",
            (false, _) => "is in no module given and not offered by the host",
        };
        LinkError::MissingFunction { importer, name: qualified(module, name), signature, reason, suggestion }
    }
}

impl Functions {
    fn add_defined(&mut self, number: usize, module: &Module, types: &Types) {
        let module_name: Arc<str> = Arc::from(clip(module.string(module.manifest.name)));
        for (index, function) in module.functions.iter().enumerate() {
            let ty = types.of(number, function.signature);
            let (parameters, results) = types.signature(ty);
            let parameter_count = parameters.len();
            let in_parameters = parameters.iter().enumerate().filter(|(_, slot)| types.is_reference(slot.ty));
            let locals = function.body.locals.iter().enumerate().filter(|(_, ty)| ty.is_reference());
            let reference_registers = in_parameters
                .map(|(register, _)| register as u16)
                .chain(locals.map(|(local, _)| (parameter_count + local) as u16))
                .collect();
            self.infos.push(FunctionInfo {
                module_name: module_name.clone(),
                name: Arc::from(clip(module.string(function.name))),
                kind: FunctionKind::Guest { module: number as u32, index: index as u32 },
                registers: (parameter_count + function.body.locals.len()) as u32,
                parameters,
                results,
                reference_registers,
            });
            self.types.push(ty);
        }
    }

    fn add_host(&mut self, number: u32, ty: TypeId, module: &str, name: &str, types: &Types) -> Result<FunctionId, LinkError> {
        if let Some(&known) = self.host.get(&number) {
            return Ok(known);
        }
        at_most("functions", self.infos.len() + 1, FUNCTIONS)?;
        let (parameters, results) = types.signature(ty);
        let references = parameters.iter().enumerate().filter(|(_, slot)| types.is_reference(slot.ty));
        let reference_registers = references.map(|(register, _)| register as u16).collect();
        self.infos.push(FunctionInfo {
            module_name: Arc::from(clip(module)),
            name: Arc::from(clip(name)),
            kind: FunctionKind::Host { index: number },
            registers: parameters.len().max(results.len()) as u32,
            parameters,
            results,
            reference_registers,
        });
        self.types.push(ty);
        let id = self.infos.len() as FunctionId - 1;
        self.host.insert(number, id);
        Ok(id)
    }
}

/// The function type of a host function.
fn host_function_type(signature: &HostSignature, types: &mut Types) -> Result<TypeId, LinkError> {
    let mut slots = |list: &[HostSlot]| -> Result<Arc<[SlotType]>, LinkError> {
        let resolve = |slot: &HostSlot| {
            let ty = match slot.ty {
                HostType::Plain(ty) => types.of(0, ty),
                HostType::Array(element) => {
                    let element = types.of(0, element);
                    types.array(element)?
                }
            };
            Ok(SlotType { ty, non_null: slot.non_null })
        };
        list.iter().map(resolve).collect()
    };
    let (parameters, results) = (slots(&signature.parameters)?, slots(&signature.results)?);
    types.function(parameters, results)
}

fn type_signature(types: &Types, ty: TypeId) -> String {
    let (parameters, results) = types.signature(ty);
    signature_name(&types.types, &parameters, &results)
}
