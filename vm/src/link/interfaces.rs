//! Interface dispatch: a program-wide id for each interface method, and for each class a table from ids to functions.
//!
//! A table is open addressing: the entry of method `id` is looked for at `id & mask` and, from there on, in the following entries,
//! wrapping around. Tables are grown until no entry is further than [`ITABLE_PROBES`] from its place, but not beyond eight times the
//! number of methods: the rare table that is still crowded then keeps its entries in probe order, so a search that goes on past
//! [`ITABLE_PROBES`] entries to the first match always finds the method. A few methods are in the class's record as well, where a call
//! looks first.

use super::LinkError;
use super::error::clip;
use super::hierarchy::Hierarchy;
use super::limits::{Budget, INTERFACE_METHODS, at_most};
use super::methods::{MethodLinker, Methods};
use super::named::{ClassSource, Named, NamedType};
use crate::program::{ClassId, FunctionId};
use limosa_abi::class::{ITABLE_PROBES, InterfaceEntry, NEAR_INTERFACE_METHODS, NO_METHOD};
use std::rc::Rc;

/// How many times as many entries as methods a table may have.
const GROWTH: usize = 8;

/// The first method id of each interface; the others follow in the order of declaration.
pub(super) fn number_methods(named: &Named<'_>) -> Result<Vec<u32>, LinkError> {
    let mut next = 0_usize;
    let mut first = Vec::with_capacity(named.interfaces.len());
    for interface in &named.interfaces {
        first.push(next as u32);
        next += interface.definition.methods.len();
        at_most("interface methods", next, INTERFACE_METHODS)?;
    }
    Ok(first)
}

/// A class's interface table.
#[derive(Debug, Clone)]
pub(super) struct Itable {
    /// The entries; a power of two of them.
    pub entries: Rc<[Entry]>,
    /// An interface method that no method implements, as interface position and method index.
    missing: Option<(u32, u32)>,
}

/// An entry: method id and function.
pub(super) type Entry = Option<(u32, FunctionId)>;

/// Makes the interface tables of all classes, by class id.
pub(super) fn tables(
    linker: &MethodLinker<'_>,
    methods: &[Methods],
    first_method: &[u32],
    budget: &mut Budget,
) -> Result<Vec<Itable>, LinkError> {
    let empty = Itable { entries: Rc::from([None]), missing: None };
    let mut tables = vec![empty; methods.len()];
    let hierarchy: &Hierarchy = linker.hierarchy;
    for &class in &hierarchy.order {
        let ClassSource::Module { definition, .. } = linker.named.classes[class as usize].source else { continue };
        let relations = &hierarchy.classes[class as usize];
        let shared = relations.superclass.map(|superclass| superclass as usize).filter(|&superclass| {
            Rc::ptr_eq(&relations.interfaces, &hierarchy.classes[superclass].interfaces)
                && Rc::ptr_eq(&methods[class as usize].vtable, &methods[superclass].vtable)
        });
        let table = match shared {
            Some(superclass) => tables[superclass].clone(),
            None => table(linker, class, &methods[class as usize], first_method, budget)?,
        };
        if let (false, Some((interface, method))) = (definition.is_abstract, table.missing) {
            let interface = &linker.named.interfaces[interface as usize];
            let name = interface.definition.methods[method as usize].name;
            return Err(LinkError::MissingMethod {
                class: linker.named.classes[class as usize].name.to_string(),
                method: clip(linker.symbols.text(linker.symbols.of(interface.module, name))),
                declared_in: interface.name.to_string(),
            });
        }
        tables[class as usize] = table;
    }
    Ok(tables)
}

fn table(
    linker: &MethodLinker<'_>,
    class: ClassId,
    methods: &Methods,
    first_method: &[u32],
    budget: &mut Budget,
) -> Result<Itable, LinkError> {
    let mut list = Vec::new();
    let mut missing = None;
    for &ty in linker.hierarchy.classes[class as usize].interfaces.iter() {
        let Some(NamedType::Interface(position)) = linker.named.kind(ty) else { continue };
        let interface = &linker.named.interfaces[position as usize];
        budget.take::<InterfaceEntry>(interface.definition.methods.len())?;
        for (index, method) in interface.definition.methods.iter().enumerate() {
            let name = linker.symbols.of(interface.module, method.name);
            let Some(found) = methods.by_name.get(&name) else {
                missing = missing.or(Some((position, index as u32)));
                continue;
            };
            let expected = linker.types.of(interface.module, method.signature);
            if found.signature != expected {
                let declared_in = interface.name.to_string();
                return Err(linker.signature_error(class, name, declared_in, expected, found.signature));
            }
            if let Some(function) = methods.vtable[found.slot as usize].function {
                list.push((first_method[position as usize] + index as u32, function));
            }
        }
    }
    let entries = place(&list);
    budget.take::<InterfaceEntry>(entries.len())?;
    Ok(Itable { entries: entries.into(), missing })
}

/// Puts methods into a table in which each is near its place, if one of reasonable size can do that.
fn place(methods: &[(u32, FunctionId)]) -> Vec<Entry> {
    let mut size = (methods.len() + 1).next_power_of_two();
    loop {
        let (table, distance) = place_in(methods, size);
        if distance <= ITABLE_PROBES as usize || size >= methods.len() * GROWTH {
            return table;
        }
        size *= 2;
    }
}

/// Puts methods into a table of this size, which has at least one free entry; also says how many entries the longest search looks at.
fn place_in(methods: &[(u32, FunctionId)], size: usize) -> (Vec<Entry>, usize) {
    let mut table = vec![None; size];
    let mut longest = 0;
    for &method in methods {
        let mut place = method.0 as usize & (size - 1);
        let mut probes = 1;
        while table[place].is_some() {
            place = (place + 1) & (size - 1);
            probes += 1;
        }
        table[place] = Some(method);
        longest = longest.max(probes);
    }
    (table, longest)
}

/// The entries of a table that a class's record has room for, each at its place there.
pub(super) fn near(table: &[Entry]) -> [Entry; NEAR_INTERFACE_METHODS] {
    let mut near = [None; NEAR_INTERFACE_METHODS];
    for &(method, function) in table.iter().flatten() {
        near[method as usize % NEAR_INTERFACE_METHODS].get_or_insert((method, function));
    }
    near
}

/// The entry as machine code reads it.
pub(super) fn entry(entry: Entry) -> InterfaceEntry {
    InterfaceEntry::new(entry.map_or(NO_METHOD, |(method, _)| method))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the interpreter does, its cold part included.
    fn search(table: &[Entry], method: u32) -> Option<FunctionId> {
        let mask = table.len() - 1;
        (0..table.len()).filter_map(|probe| table[(method as usize + probe) & mask]).find(|entry| entry.0 == method).map(|entry| entry.1)
    }

    #[test]
    fn consecutive_ids_are_near_their_places() {
        for count in [0, 1, 2, 3, 7, 8, 100, 1000] {
            let methods: Vec<_> = (0..count).map(|index| (40 + index, index)).collect();
            let table = place(&methods);
            assert!(table.len() <= 2 * methods.len().max(1));
            assert!(methods.iter().all(|&(method, function)| search(&table, method) == Some(function)));
            assert!(place_in(&methods, table.len()).1 <= ITABLE_PROBES as usize);
        }
    }

    #[test]
    fn ids_that_collide_in_every_table_stay_bounded_and_are_found() {
        let methods: Vec<_> = (0..200).map(|index| (index << 16, index)).collect();
        let table = place(&methods);
        assert!(table.len() <= 2 * GROWTH * methods.len());
        assert!(methods.iter().all(|&(method, function)| search(&table, method) == Some(function)));
        assert_eq!(search(&table, 1), None);
    }

    #[test]
    fn near_entries_are_at_the_places_of_their_ids() {
        let methods: Vec<_> = [(5, 1), (9, 2), (6, 3), (8, 4)].to_vec();
        let near = near(&place(&methods));
        assert!(matches!(near, [Some((8, 4)), Some((5, 1) | (9, 2)), Some((6, 3)), None]));
    }
}
