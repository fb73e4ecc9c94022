//! How the named types of a module relate: superclasses, interfaces, and with them which type is assignable to which.
//!
//! Built once per module from a type table whose entries are checked; the function pass then asks in constant or logarithmic time.

use super::common::is_imported;
use super::error::{Check, Section, fault};
use super::names::{name, type_name};
use super::rule::Rule;
use crate::limits;
use crate::module::Module;
use crate::types::{ClassDefinition, InterfaceDefinition, Type, TypeDefinition, TypeKind};
use crate::well_known::WellKnown;

/// Superclasses and interfaces of a module's named types, as far as the module states them.
#[derive(Debug, Clone, Default)]
pub(super) struct Hierarchy {
    entries: Vec<Entry>,
    /// The interfaces of all entries, ascending within each.
    interfaces: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    superclass: Option<Type>,
    /// Classes above it.
    depth: u32,
    /// Fields of its instances, inherited ones included.
    fields: u32,
    /// Its part of `Hierarchy::interfaces`.
    interfaces: (u32, u32),
    /// The entry whose interfaces this one was last found among, while they are collected.
    last_user: u32,
}

const BLANK: Entry = Entry { kind: Kind::Structural, superclass: None, depth: 0, fields: 0, interfaces: (0, 0), last_user: u32::MAX };

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Class,
    Interface,
    Structural,
}

impl Hierarchy {
    /// Relates the named types of a module.
    pub(super) fn new(module: &Module) -> Check<Hierarchy> {
        let mut hierarchy = Hierarchy { entries: vec![BLANK; module.types.len()], interfaces: Vec::new() };
        for (index, definition) in module.types.iter().enumerate() {
            if let TypeDefinition::Interface(interface) = definition {
                hierarchy.add_interface(module, index, interface)?;
            }
        }
        for (index, definition) in module.types.iter().enumerate() {
            if let TypeDefinition::Class(class) = definition {
                hierarchy.add_class(module, index, class)?;
            }
        }
        Ok(hierarchy)
    }

    fn add_interface(&mut self, module: &Module, index: usize, interface: &InterfaceDefinition) -> Check {
        for &extended in &interface.extends {
            if extended.defined_index().is_some_and(|extended| extended as usize >= index) {
                let (own, found) = (name(module, interface.name), type_name(module, extended));
                let message = format!("interface `{own}` extends `{found}`, which does not stand before it in the type table; move it up");
                return fault(Rule::Interface, Section::Types, message);
            }
        }
        self.entries[index].kind = Kind::Interface;
        self.set_interfaces(module, index, None, &interface.extends)
    }

    fn add_class(&mut self, module: &Module, index: usize, class: &ClassDefinition) -> Check {
        let own_fields = class.fields.len() as u32;
        let (depth, fields) = match class.superclass {
            None => (0, own_fields),
            Some(superclass) => {
                check_superclass(module, index, class, superclass)?;
                (self.depth(superclass) + 1, self.fields(superclass).saturating_add(own_fields))
            }
        };
        let over = |what: &str, count: u32, limit: u32| {
            let message = format!("class `{}` has {count} {what}; the limit is {limit}", name(module, class.name));
            fault(Rule::Limit, Section::Types, message)
        };
        if depth > limits::SUPERCLASS_DEPTH {
            return over("classes above it", depth, limits::SUPERCLASS_DEPTH);
        }
        if fields > limits::FIELDS {
            return over("fields, inherited ones included", fields, limits::FIELDS);
        }
        self.entries[index] = Entry { kind: Kind::Class, superclass: class.superclass, depth, fields, ..BLANK };
        self.set_interfaces(module, index, class.superclass, &class.interfaces)
    }

    /// Gives an entry the interfaces it names, those they extend and those of its superclass.
    fn set_interfaces(&mut self, module: &Module, index: usize, superclass: Option<Type>, named: &[Type]) -> Check {
        let start = self.interfaces.len();
        for &above in superclass.iter().chain(named) {
            self.add_interfaces(index, above);
            if self.interfaces.len() - start > limits::INTERFACES as usize {
                let own = type_name(module, Type::defined(index as u32));
                let message = format!("`{own}` has more than {} interfaces, inherited ones included", limits::INTERFACES);
                return fault(Rule::Limit, Section::Types, message);
            }
        }
        if self.interfaces.len() > limits::INTERFACE_PAIRS as usize {
            let message =
                format!("the interfaces of all types, inherited ones counted for each, are more than {}", limits::INTERFACE_PAIRS);
            return fault(Rule::Limit, Section::Types, message);
        }
        self.interfaces[start..].sort_unstable();
        self.entries[index].interfaces = (start as u32, self.interfaces.len() as u32);
        Ok(())
    }

    /// Appends those of `above` and its interfaces that are interfaces and have not been appended for `index` yet.
    fn add_interfaces(&mut self, index: usize, above: Type) {
        if let Some(interface) = above.defined_index().filter(|_| self.is_interface(above)) {
            self.add_interface_once(index, interface);
        }
        let (start, end) = self.entry(above).map_or((0, 0), |entry| entry.interfaces);
        for position in start..end {
            self.add_interface_once(index, self.interfaces[position as usize]);
        }
    }

    fn add_interface_once(&mut self, index: usize, interface: u32) {
        let last_user = &mut self.entries[interface as usize].last_user;
        if *last_user != index as u32 {
            *last_user = index as u32;
            self.interfaces.push(interface);
        }
    }

    fn entry(&self, ty: Type) -> Option<&Entry> {
        ty.defined_index().and_then(|index| self.entries.get(index as usize))
    }

    fn depth(&self, class: Type) -> u32 {
        match class.kind() {
            TypeKind::WellKnown(class) => well_known_chain(class).count() as u32 - 1,
            _ => self.entry(class).map_or(0, |entry| entry.depth),
        }
    }

    fn fields(&self, class: Type) -> u32 {
        match class.kind() {
            TypeKind::WellKnown(class) => well_known_chain(class).map(|class| class.fields().len() as u32).sum(),
            _ => self.entry(class).map_or(0, |entry| entry.fields),
        }
    }

    /// The interfaces of a class or interface, extended and inherited ones included, ascending.
    pub(super) fn interfaces(&self, ty: Type) -> &[u32] {
        self.entry(ty).map_or(&[], |entry| &self.interfaces[entry.interfaces.0 as usize..entry.interfaces.1 as usize])
    }

    /// The class a class extends.
    pub(super) fn superclass(&self, class: Type) -> Option<Type> {
        match class.kind() {
            TypeKind::WellKnown(class) => class.superclass().map(Type::well_known),
            _ => self.entry(class)?.superclass,
        }
    }

    /// The class and those above it.
    pub(super) fn chain(&self, class: Type) -> impl Iterator<Item = Type> {
        std::iter::successors(Some(class), |&class| self.superclass(class))
    }

    /// Whether it is a class, well-known ones included.
    pub(super) fn is_class(&self, ty: Type) -> bool {
        matches!(ty.kind(), TypeKind::WellKnown(_)) || self.entry(ty).is_some_and(|entry| entry.kind == Kind::Class)
    }

    /// Whether it is an interface.
    pub(super) fn is_interface(&self, ty: Type) -> bool {
        self.entry(ty).is_some_and(|entry| entry.kind == Kind::Interface)
    }

    /// Whether a value of type `from` may stand where one of type `to` is asked for.
    #[inline]
    pub(super) fn is_assignable(&self, from: Type, to: Type) -> bool {
        from == to || (from.is_reference() && to.is_reference() && self.is_reference_assignable(from, to))
    }

    fn is_reference_assignable(&self, from: Type, to: Type) -> bool {
        if from == Type::NULL || to == Type::ANY {
            return true;
        }
        match to.defined_index() {
            Some(index) if self.is_interface(to) => self.interfaces(from).binary_search(&index).is_ok(),
            _ => self.is_class(to) && self.chain(from).any(|class| class == to),
        }
    }
}

fn well_known_chain(class: WellKnown) -> impl Iterator<Item = WellKnown> {
    std::iter::successors(Some(class), |class| class.superclass())
}

fn check_superclass(module: &Module, index: usize, class: &ClassDefinition, superclass: Type) -> Check {
    let is_final = match superclass.kind() {
        TypeKind::WellKnown(known) => Some(known.is_final()),
        TypeKind::Defined(above) if (above as usize) < index => match &module.types[above as usize] {
            TypeDefinition::Class(above) => Some(above.is_final),
            _ => None,
        },
        _ => None,
    };
    let (own, found) = (name(module, class.name), type_name(module, superclass));
    match is_final {
        Some(false) => Ok(()),
        Some(true) => {
            let owner = if is_imported(module, superclass) { "imported as final" } else { "final" };
            fault(Rule::FinalClass, Section::Types, format!("class `{own}` extends `{found}`, which is {owner}"))
        }
        None => {
            let message =
                format!("class `{own}` extends `{found}`; a superclass is a well-known class or a class before it in the type table");
            fault(Rule::Superclass, Section::Types, message)
        }
    }
}
