//! The virtual methods of each class: which slot each has, and which function runs.
//!
//! A method of the same name as one of a superclass overrides it, whether or not the module that declares it knew: it takes the same
//! slot, and must have the same signature. A class that adds nothing shares the tables of its superclass.

use super::LinkError;
use super::error::clip;
use super::hierarchy::Hierarchy;
use super::limits::{Budget, VTABLE_SLOTS, at_most};
use super::named::{ClassSource, Named};
use super::names::signature_name;
use super::symbols::{Symbol, Symbols};
use super::types::Types;
use crate::program::{ClassId, FunctionId, TypeId};
use limosa_spec::types::{ClassDefinition, MethodDefinition};
use std::collections::HashMap;
use std::rc::Rc;

/// The virtual methods of a class.
#[derive(Clone)]
pub(super) struct Methods {
    /// What each slot runs.
    pub vtable: Rc<[Slot]>,
    /// The slots by name, inherited ones too.
    pub by_name: Rc<HashMap<Symbol, MethodSlot>>,
    /// The slots of the methods the class declares itself, by method index.
    pub own: Vec<u32>,
    /// Slots without a function.
    abstract_slots: u32,
}

/// A slot of a vtable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// What runs; none for an abstract method.
    pub function: Option<FunctionId>,
    /// Whether subclasses may not change it.
    pub is_final: bool,
}

/// A method by its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct MethodSlot {
    /// Its slot.
    pub slot: u32,
    /// Its signature, a function type.
    pub signature: TypeId,
    /// The topmost class that declares it.
    pub declared_in: ClassId,
}

/// Works out the methods of all classes, superclasses before their subclasses.
pub(super) struct MethodLinker<'a> {
    /// The strings.
    pub symbols: &'a Symbols<'a>,
    /// The classes.
    pub named: &'a Named<'a>,
    /// How they relate.
    pub hierarchy: &'a Hierarchy,
    /// The types.
    pub types: &'a Types,
    /// Per module and function index: the program's number.
    pub functions: &'a [Vec<FunctionId>],
}

impl MethodLinker<'_> {
    /// The methods of all classes, by class id.
    pub fn link(&self, budget: &mut Budget) -> Result<Vec<Methods>, LinkError> {
        let none = Methods { vtable: Rc::from([]), by_name: Rc::new(HashMap::new()), own: Vec::new(), abstract_slots: 0 };
        let mut all = vec![none.clone(); self.named.classes.len()];
        for &class in &self.hierarchy.order {
            let superclass = self.hierarchy.classes[class as usize].superclass;
            let inherited = superclass.map_or(&none, |superclass| &all[superclass as usize]);
            let methods = match self.named.classes[class as usize].source {
                ClassSource::Module { module, definition, .. } => {
                    let methods = self.class(class, module, definition, inherited, budget)?;
                    if !definition.is_abstract && methods.abstract_slots > 0 {
                        return Err(self.missing(class, &methods));
                    }
                    methods
                }
                ClassSource::WellKnown(_) => Methods { own: Vec::new(), ..inherited.clone() },
            };
            all[class as usize] = methods;
        }
        Ok(all)
    }

    fn class(
        &self,
        class: ClassId,
        module: usize,
        definition: &ClassDefinition,
        inherited: &Methods,
        budget: &mut Budget,
    ) -> Result<Methods, LinkError> {
        let mut methods = Methods { own: Vec::with_capacity(definition.methods.len()), ..inherited.clone() };
        if definition.methods.is_empty() {
            return Ok(methods);
        }
        let is_new = |method: &&MethodDefinition| !inherited.by_name.contains_key(&self.symbols.of(module, method.name));
        let added = definition.methods.iter().filter(is_new).count();
        let slots = inherited.vtable.len() + added;
        at_most("methods in a class", slots, VTABLE_SLOTS)?;
        budget.take::<u64>(slots)?;
        let mut vtable = inherited.vtable.to_vec();
        if added > 0 {
            budget.take::<(Symbol, MethodSlot)>(slots)?;
        }
        let mut names = (added > 0).then(|| HashMap::clone(&inherited.by_name));
        for method in &definition.methods {
            let name = self.symbols.of(module, method.name);
            let signature = self.types.of(module, method.signature);
            let function = method.body.map(|body| self.functions[module][body as usize]);
            let new = Slot { function, is_final: method.is_final };
            let slot = match inherited.by_name.get(&name) {
                Some(&overridden) => {
                    self.check_override(class, name, signature, overridden, vtable[overridden.slot as usize])?;
                    vtable[overridden.slot as usize] = new;
                    overridden.slot
                }
                None => {
                    vtable.push(new);
                    vtable.len() as u32 - 1
                }
            };
            if let Some(names) = &mut names {
                names.entry(name).or_insert(MethodSlot { slot, signature, declared_in: class });
            }
            methods.own.push(slot);
        }
        methods.abstract_slots = vtable.iter().filter(|slot| slot.function.is_none()).count() as u32;
        methods.vtable = vtable.into();
        if let Some(names) = names {
            methods.by_name = Rc::new(names);
        }
        Ok(methods)
    }

    fn check_override(&self, class: ClassId, name: Symbol, signature: TypeId, overridden: MethodSlot, slot: Slot) -> Result<(), LinkError> {
        if slot.is_final {
            let method = clip(self.symbols.text(name));
            return Err(LinkError::FinalMethod { class: self.class_name(class), method });
        }
        if signature != overridden.signature {
            let declared_in = self.class_name(overridden.declared_in);
            return Err(self.signature_error(class, name, declared_in, overridden.signature, signature));
        }
        Ok(())
    }

    /// The error that a class's method has another signature than a superclass or interface declares.
    pub fn signature_error(&self, class: ClassId, name: Symbol, declared_in: String, expected: TypeId, found: TypeId) -> LinkError {
        LinkError::MethodSignature {
            class: self.class_name(class),
            method: clip(self.symbols.text(name)),
            declared_in,
            expected: function_signature(self.types, expected),
            found: function_signature(self.types, found),
        }
    }

    fn missing(&self, class: ClassId, methods: &Methods) -> LinkError {
        let is_abstract = |method: &MethodSlot| methods.vtable[method.slot as usize].function.is_none();
        let mut named: Vec<_> = methods.by_name.iter().filter(|(_, method)| is_abstract(method)).collect();
        named.sort_unstable_by_key(|(_, method)| method.slot);
        let (method, declared_in) = match named.first() {
            Some((name, method)) => (clip(self.symbols.text(**name)), self.class_name(method.declared_in)),
            None => (String::new(), String::new()),
        };
        LinkError::MissingMethod { class: self.class_name(class), method, declared_in }
    }

    fn class_name(&self, class: ClassId) -> String {
        self.named.classes[class as usize].name.to_string()
    }
}

/// A function type's parameters and results for an error.
pub(super) fn function_signature(types: &Types, ty: TypeId) -> String {
    let (parameters, results) = types.signature(ty);
    signature_name(&types.types, &parameters, &results)
}
