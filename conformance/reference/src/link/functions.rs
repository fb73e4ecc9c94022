//! Functions across modules: those that modules define, and what imports stand for (chapter *Linking*, *Functions*).

use super::{LinkError, Linker};
use crate::host;
use crate::names;
use crate::program::{Function, FunctionCode, FunctionId, Kind, Signature, TypeId};
use limosa_spec::Type;
use std::rc::Rc;

impl Linker {
    /// Numbers the functions that modules define.
    pub(super) fn define_functions(&mut self) {
        for module in 0..self.modules.len() {
            let unit = &self.modules[module];
            let imported = vec![FunctionId::MAX; unit.module.imports.len()];
            let first = self.functions.len();
            let module_name: Rc<str> = Rc::from(unit.name());
            for (index, function) in unit.module.functions.iter().enumerate() {
                let signature = self.signature(unit.resolve(function.signature));
                let parameters = signature.parameters.iter().map(|slot| slot.ty);
                let registers = parameters.chain(function.body.locals.iter().map(|&ty| unit.resolve(ty))).collect();
                self.functions.push(Function {
                    module_name: module_name.clone(),
                    name: Rc::from(names::name(unit.module.string(function.name))),
                    signature,
                    code: FunctionCode::Guest { module, index },
                    registers,
                });
            }
            self.modules[module].functions = imported.into_iter().chain(first..self.functions.len()).collect();
        }
    }

    /// Finds what each imported function is: first among the exports of the module named, then among what the host offers.
    pub(super) fn resolve_functions(&mut self) -> Result<(), LinkError> {
        for module in 0..self.modules.len() {
            for index in 0..self.modules[module].module.imports.len() {
                let function = self.import(module, index)?;
                self.modules[module].functions[index] = function;
            }
        }
        Ok(())
    }

    fn import(&mut self, module: usize, index: usize) -> Result<FunctionId, LinkError> {
        let unit = &self.modules[module];
        let import = unit.module.imports[index];
        let wanted = unit.resolve(import.signature);
        let what = unit.qualified(import.module, import.name);
        let mut is_known = false;
        if let Some(found) = self.exported_function(unit.text(import.module), unit.text(import.name)) {
            if self.functions[found].signature == self.signature(wanted) {
                return Ok(found);
            }
            is_known = true;
        }
        if let Some(offered) = host::find(unit.module.string(import.module), unit.module.string(import.name)) {
            if self.host_type(offered) == wanted {
                return Ok(self.host_function(offered));
            }
            is_known = true;
        }
        let reason = if is_known { "has another signature" } else { "is offered by no module and not by the host" };
        Err(self.import_error(module, what, reason))
    }

    fn exported_function(&self, module: u32, name: u32) -> Option<FunctionId> {
        let exporter = &self.modules[*self.by_name.get(&module)?];
        exporter.functions_exported.get(&name).map(|&index| exporter.functions[index])
    }

    /// A host function as a function of the program, the same for all importers.
    fn host_function(&mut self, offered: &'static host::HostFunction) -> FunctionId {
        let is_it = |function: &Function| matches!(function.code, FunctionCode::Host(known) if std::ptr::eq(known, offered));
        if let Some(known) = self.functions.iter().position(is_it) {
            return known;
        }
        let ty = self.host_type(offered);
        let signature = self.signature(ty);
        self.functions.push(Function {
            module_name: Rc::from(names::name(offered.module)),
            name: Rc::from(names::name(offered.name)),
            registers: signature.parameters.iter().map(|slot| slot.ty).collect(),
            signature,
            code: FunctionCode::Host(offered),
        });
        self.functions.len() - 1
    }

    /// The function type of a host function.
    fn host_type(&mut self, offered: &host::HostFunction) -> TypeId {
        let bytes = self.types.add(Kind::Array(Type::U8.code()));
        let texts = self.types.add(Kind::Array(Type::STR.code()));
        let slots = |list: &[host::Shape]| list.iter().map(|shape| shape.slot(bytes, texts)).collect();
        let signature = Signature { parameters: slots(offered.parameters), results: slots(offered.results) };
        self.types.add(Kind::Function(signature))
    }

    /// The signature that a function type is.
    pub(super) fn signature(&self, ty: TypeId) -> Signature {
        let none = || Signature { parameters: Rc::from([]), results: Rc::from([]) };
        self.types.signature(ty).cloned().unwrap_or_else(none)
    }
}
