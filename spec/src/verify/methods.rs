//! Methods across classes: overriding, implementing, and bodies.
//!
//! Classes are visited from the roots down with a scoped table of the methods in force, so that each method is looked up once.

use super::common::is_imported;
use super::error::{Check, Section, fault};
use super::hierarchy::Hierarchy;
use super::names::{name, signature_name, type_name};
use super::rule::Rule;
use crate::limits;
use crate::module::{FunctionIndex, Module, StringIndex};
use crate::types::{ClassDefinition, MethodDefinition, Type, TypeDefinition};
use std::collections::HashMap;

/// Checks the methods of all classes and interfaces. Signatures of functions must have been checked.
pub(super) fn check(module: &Module, hierarchy: &Hierarchy) -> Check {
    let mut subclasses: HashMap<Type, Vec<u32>> = HashMap::new();
    let mut roots = Vec::new();
    for (index, definition) in module.types.iter().enumerate() {
        match definition {
            TypeDefinition::Class(class) => match class.superclass.filter(|superclass| superclass.defined_index().is_some()) {
                None => roots.push(index as u32),
                Some(superclass) => subclasses.entry(superclass).or_default().push(index as u32),
            },
            TypeDefinition::Interface(interface) => check_interface(module, interface.name, &interface.methods)?,
            TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => {}
        }
    }
    let mut methods = Methods { module, hierarchy, subclasses, in_force: HashMap::new(), unimplemented: 0, pairs: 0 };
    roots.into_iter().try_for_each(|root| methods.visit(root))
}

fn check_interface(module: &Module, own: StringIndex, methods: &[MethodDefinition]) -> Check {
    for method in methods {
        let full_name = || format!("`{}.{}`", name(module, own), name(module, method.name));
        if method.body.is_some() {
            let message = format!("interface method {} has a body; leave the body to the classes that implement it", full_name());
            return fault(Rule::UnexpectedBody, Section::Types, message);
        }
        if method.is_final {
            let message = format!("interface method {} is final, so no class could implement it", full_name());
            return fault(Rule::FinalAbstract, Section::Types, message);
        }
    }
    Ok(())
}

/// The method a name stands for in the class being visited.
#[derive(Clone, Copy)]
struct InForce {
    class: u32,
    signature: Type,
    is_final: bool,
    is_implemented: bool,
}

struct Methods<'m> {
    module: &'m Module,
    hierarchy: &'m Hierarchy,
    /// The classes that extend a class of the table.
    subclasses: HashMap<Type, Vec<u32>>,
    in_force: HashMap<StringIndex, InForce>,
    /// How many methods in force are abstract.
    unimplemented: u32,
    /// What counts towards [`limits::METHOD_PAIRS`].
    pairs: usize,
}

impl Methods<'_> {
    /// Checks a class and those that extend it; recursion goes as deep as superclasses may.
    fn visit(&mut self, index: u32) -> Check {
        let module = self.module;
        let TypeDefinition::Class(class) = &module.types[index as usize] else { return Ok(()) };
        let unimplemented = self.unimplemented;
        let mut shadowed = Vec::with_capacity(class.methods.len());
        for method in &class.methods {
            shadowed.push(self.declare(index, class, method)?);
        }
        self.count_pairs(self.in_force.len())?;
        self.check_interfaces(index, class)?;
        if class.import.is_none() && !class.is_abstract && self.unimplemented > 0 {
            return self.unimplemented_fault(index, class);
        }
        for subclass in self.subclasses.remove(&Type::defined(index)).unwrap_or_default() {
            self.visit(subclass)?;
        }
        for (method, before) in class.methods.iter().zip(shadowed) {
            match before {
                Some(before) => self.in_force.insert(method.name, before),
                None => self.in_force.remove(&method.name),
            };
        }
        self.unimplemented = unimplemented;
        Ok(())
    }

    /// Puts a method in force; gives back the one it overrides.
    fn declare(&mut self, index: u32, class: &ClassDefinition, method: &MethodDefinition) -> Check<Option<InForce>> {
        let is_implemented = method.body.is_some() || class.import.is_some();
        if let Some(body) = method.body {
            self.check_body(index, class, method, body)?;
        } else if method.is_final && !is_implemented {
            let message = format!("method {} is both final and abstract; give it a body", self.full_name(class, method));
            return fault(Rule::FinalAbstract, Section::Types, message);
        }
        let (signature, is_final) = (method.signature, method.is_final);
        let before = self.in_force.insert(method.name, InForce { class: index, signature, is_final, is_implemented });
        if let Some(before) = before {
            self.check_override(class, method, before)?;
            self.unimplemented -= u32::from(!before.is_implemented);
        }
        self.unimplemented += u32::from(!is_implemented);
        Ok(before)
    }

    fn check_override(&self, class: &ClassDefinition, method: &MethodDefinition, before: InForce) -> Check {
        let module = self.module;
        let above = type_name(module, Type::defined(before.class));
        if before.is_final {
            let message = format!("method {} overrides that of `{above}`, which is final; rename it", self.full_name(class, method));
            return fault(Rule::OverrideFinal, Section::Types, message);
        }
        if before.signature != method.signature {
            let (wanted, found) = (type_name(module, before.signature), type_name(module, method.signature));
            let message = format!(
                "method {} is a `{found}`, but overrides that of `{above}`, a `{wanted}`; make the signatures equal",
                self.full_name(class, method)
            );
            return fault(Rule::OverrideSignature, Section::Types, message);
        }
        Ok(())
    }

    fn check_body(&self, index: u32, class: &ClassDefinition, method: &MethodDefinition, body: FunctionIndex) -> Check {
        let module = self.module;
        if class.import.is_some() {
            let message =
                format!("method {} of an imported class has a body; only its own module can give it one", self.full_name(class, method));
            return fault(Rule::UnexpectedBody, Section::Types, message);
        }
        super::common::function_index(module, Section::Types, body, || format!("the body of method {}", self.full_name(class, method)))?;
        let wanted = module.function_type(method.signature);
        let (Some(wanted), Some(found)) = (wanted, module.signature(body)) else { return Ok(()) };
        let fits = body as usize >= module.imports.len()
            && found.results == wanted.results
            && found.parameters.split_first().is_some_and(|(receiver, others)| {
                *others == wanted.parameters[..] && self.hierarchy.is_assignable(Type::defined(index), receiver.ty)
            });
        if fits {
            return Ok(());
        }
        let own = type_name(module, Type::defined(index));
        let message = format!(
            "the body of method {} is function {body}, `fn{}`; a function of the module is needed that takes a `{own}` and then what `fn{}` does",
            self.full_name(class, method),
            signature_name(module, found),
            signature_name(module, wanted),
        );
        fault(Rule::MethodBody, Section::Types, message)
    }

    /// Checks that a class that can be instantiated has all methods its interfaces declare, as far as its superclass does not vouch for
    /// them: the linker proves what an imported class states.
    fn check_interfaces(&mut self, index: u32, class: &ClassDefinition) -> Check {
        let (module, hierarchy) = (self.module, self.hierarchy);
        let own = Type::defined(index);
        let vouches = |&above: &Type| is_imported(module, above) || !is_abstract(module, above);
        let vouched = hierarchy.chain(own).skip(1).find(vouches).map_or(&[][..], |above| hierarchy.interfaces(above));
        for &interface in hierarchy.interfaces(own) {
            let TypeDefinition::Interface(definition) = &module.types[interface as usize] else { continue };
            self.count_pairs(definition.methods.len())?;
            if class.is_abstract || class.import.is_some() || vouched.binary_search(&interface).is_ok() {
                continue;
            }
            for method in &definition.methods {
                self.check_implemented(class, interface, method)?;
            }
        }
        Ok(())
    }

    fn check_implemented(&self, class: &ClassDefinition, interface: u32, method: &MethodDefinition) -> Check {
        let module = self.module;
        let found = self.in_force.get(&method.name);
        if found.is_some_and(|found| found.signature == method.signature) {
            return Ok(());
        }
        let (own, wanted) = (name(module, class.name), type_name(module, method.signature));
        let demand = format!("`{}.{}`, a `{wanted}`", type_name(module, Type::defined(interface)), name(module, method.name));
        let message = match found {
            None => format!("class `{own}` does not implement {demand}; add the method or make the class abstract"),
            Some(found) => format!(
                "class `{own}` does not implement {demand}: its method of this name is a `{}`; make the signatures equal",
                type_name(module, found.signature)
            ),
        };
        fault(Rule::Unimplemented, Section::Types, message)
    }

    fn count_pairs(&mut self, more: usize) -> Check {
        self.pairs += more;
        if self.pairs <= limits::METHOD_PAIRS as usize {
            return Ok(());
        }
        let message = format!(
            "the methods of all classes, inherited ones and those of interfaces counted for each, are more than {}",
            limits::METHOD_PAIRS
        );
        fault(Rule::Limit, Section::Types, message)
    }

    #[cold]
    fn unimplemented_fault(&self, index: u32, class: &ClassDefinition) -> Check {
        let abstract_one = |above: Type| match self.module.definition(above) {
            Some(TypeDefinition::Class(above)) => {
                above.methods.iter().find(|method| self.in_force.get(&method.name).is_some_and(|found| !found.is_implemented))
            }
            _ => None,
        };
        let method = self.hierarchy.chain(Type::defined(index)).find_map(abstract_one);
        let method = method.map_or_else(String::new, |method| name(self.module, method.name));
        let own = name(self.module, class.name);
        let message = format!("class `{own}` leaves method `{method}` without a body; give it one or make the class abstract");
        fault(Rule::Unimplemented, Section::Types, message)
    }

    fn full_name(&self, class: &ClassDefinition, method: &MethodDefinition) -> String {
        format!("`{}.{}`", name(self.module, class.name), name(self.module, method.name))
    }
}

fn is_abstract(module: &Module, class: Type) -> bool {
    matches!(module.definition(class), Some(TypeDefinition::Class(class)) if class.is_abstract)
}
