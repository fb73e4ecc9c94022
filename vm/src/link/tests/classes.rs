//! Layouts, methods and class records.

use super::build::{Build, link_all, link_error, type_name};
use crate::interp::Word;
use crate::link::LinkError;
use crate::program::{Linked, RuntimeTypeKind};
use limosa_abi::class::NEAR_METHODS;
use limosa_abi::object::header_word;
use limosa_abi::{ClassInfo, EntryCell, ObjectKind};
use limosa_spec::{Type, WellKnown};

/// The record of a type of the first module.
fn record(linked: &Linked, module: usize, ty: Type) -> &ClassInfo {
    let id = linked.modules[module].types[ty.defined_index().unwrap() as usize];
    let class = match linked.types[id as usize].kind {
        RuntimeTypeKind::Class { class, .. } | RuntimeTypeKind::Array { class, .. } | RuntimeTypeKind::Fiber { class, .. } => class,
        ref other => panic!("no class: {other:?}"),
    };
    &linked.classes.records[class as usize]
}

#[test]
fn the_records_lie_in_order() {
    let mut module = Build::new("m");
    module.class("A", None);
    let linked = link_all(vec![module]).unwrap();
    let first = linked.classes.records.as_ptr();
    for (id, record) in linked.classes.records.iter().enumerate() {
        assert_eq!(record.id as usize, id);
        assert_eq!(std::ptr::from_ref(record) as usize, first as usize + header_word(id as u32) as usize);
    }
    assert_eq!(type_name(&linked, record_type(&linked, linked.classes.well_known(WellKnown::HostError))), "HostError");
    assert_eq!(type_name(&linked, record_type(&linked, linked.classes.string)), "str");
    assert_eq!(type_name(&linked, record_type(&linked, linked.classes.bytes)), "[u8]");
    assert_eq!(type_name(&linked, record_type(&linked, linked.classes.strings)), "[str]");
    assert_eq!(type_name(&linked, record_type(&linked, linked.classes.trace)), "[i32]");
}

fn record_type(linked: &Linked, class: u32) -> u32 {
    linked.classes.records[class as usize].type_id
}

#[test]
fn well_known_classes_are_laid_out() {
    let linked = link_all(vec![Build::new("m")]).unwrap();
    let error = &linked.classes.records[linked.classes.well_known(WellKnown::CapabilityError) as usize];
    assert_eq!((error.size, error.depth, error.reference_count), (24, 2, 3));
    assert_eq!(linked.well_known_members[WellKnown::Error as usize].fields[1].0, 12);
    let boxed = &linked.classes.records[linked.classes.well_known(WellKnown::Float64) as usize];
    assert_eq!((boxed.size, boxed.reference_count), (16, 0));
}

#[test]
fn arrays_and_fibers_have_records() {
    let mut module = Build::new("m");
    let point = module.class("Point", None);
    let shorts = module.array(Type::U16);
    let points = module.array(point);
    let nested = module.array(points);
    let fiber = module.fiber(&[Type::I64], &[]);
    module.function("f", &[shorts, points, nested, fiber], &[]);
    let linked = link_all(vec![module]).unwrap();
    let kind = |ty| (record(&linked, 0, ty).kind, record(&linked, 0, ty).element_shift);
    assert_eq!(kind(shorts), (ObjectKind::NumberArray, 1));
    assert_eq!(kind(points), (ObjectKind::ReferenceArray, 2));
    assert_eq!(kind(nested), (ObjectKind::ReferenceArray, 2));
    assert_eq!(kind(fiber), (ObjectKind::Fiber, 0));
    assert_eq!(type_name(&linked, record(&linked, 0, nested).type_id), "[[m.Point]]");
    assert_eq!(type_name(&linked, record(&linked, 0, fiber).type_id), "fiber(i64)");
    assert_eq!(linked.functions[0].reference_registers, [0, 1, 2, 3]);
}

#[test]
fn an_override_takes_the_slot_of_the_method_it_overrides() {
    let mut module = Build::new("m");
    let base = module.class("Base", None);
    let derived = module.class("Derived", Some(base));
    let (_, base_b) = (module.concrete(base, "a", &[]), module.concrete(base, "b", &[]));
    let derived_c = module.concrete(derived, "c", &[Type::I32]);
    let derived_a = module.concrete(derived, "a", &[]);
    let linked = link_all(vec![module]).unwrap();
    assert_eq!(linked.modules[0].members[0].methods, [0, 1]);
    assert_eq!(linked.modules[0].members[1].methods, [2, 0]);
    let found = record(&linked, 0, derived).near_methods.each_ref().map(|cell| runs(&linked, cell));
    assert_eq!(found[..4], [Some(derived_a), Some(base_b), Some(derived_c), None]);
}

#[test]
fn methods_beyond_the_record_are_behind_it() {
    let mut module = Build::new("m");
    let base = module.class("Base", None);
    let derived = module.class("Derived", Some(base));
    let mut expected: Vec<u32> = (0..40).map(|number| module.concrete(base, &format!("m{number}"), &[])).collect();
    expected[3] = module.concrete(derived, "m3", &[]);
    expected[NEAR_METHODS] = module.concrete(derived, &format!("m{NEAR_METHODS}"), &[]);
    expected[39] = module.concrete(derived, "m39", &[]);
    let linked = link_all(vec![module]).unwrap();
    let derived = record(&linked, 0, derived);
    let far = linked.classes.storage.far_methods.iter().find(|methods| methods.as_ptr() == derived.far_methods).unwrap();
    let found: Vec<u32> = derived.near_methods.iter().chain(far).map(|cell| runs(&linked, cell).unwrap()).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_entry_is_set_wherever_it_stands() {
    let mut module = Build::new("m");
    let shape = module.interface("Shape", &[]);
    let base = module.class("Base", None);
    let derived = module.class("Derived", Some(base));
    module.edit(base).interfaces.push(shape);
    let draw = module.signature(&[], &[]);
    for number in 0..20 {
        module.method(shape, &format!("m{number}"), draw, None);
        module.concrete(base, &format!("m{number}"), &[]);
    }
    let linked = link_all(vec![module]).unwrap();
    let word = Word { head: 0, a: 0, b: 0, c: 0, d: 0 };
    linked.entries.set(1, &raw const word);
    let is_set = |cell: &EntryCell| std::ptr::eq(cell.load(), (&raw const word).cast());
    let tables = linked.classes.storage.itables.iter().flatten().map(|entry| &entry.entry);
    let far = linked.classes.storage.far_methods.iter().flatten();
    assert_eq!(tables.clone().chain(far).filter(|cell| is_set(cell)).count(), 1, "the interface table of both");
    for record in [record(&linked, 0, base), record(&linked, 0, derived)] {
        assert!(is_set(&record.near_methods[1]) && is_set(&record.near_interface_methods[1].entry));
        assert_eq!(record.near_methods.iter().filter(|cell| is_set(cell)).count(), 1);
        assert_eq!(record.near_interface_methods.iter().filter(|entry| is_set(&entry.entry)).count(), 1);
    }
    assert!(is_set(linked.entries.cell(1)) && !is_set(linked.entries.cell(2)));
}

/// The function whose entry stands there.
fn runs(linked: &Linked, cell: &EntryCell) -> Option<u32> {
    let holds = |&function: &u32| linked.entries.places(function).any(|place| std::ptr::eq(place, cell));
    (0..linked.functions.len() as u32).find(holds)
}

#[test]
fn a_class_that_adds_nothing_shares_its_superclass_tables() {
    let mut module = Build::new("m");
    let shape = module.interface("Shape", &[]);
    let base = module.class("Base", None);
    let derived = module.class("Derived", Some(base));
    module.edit(base).interfaces.push(shape);
    module.field(base, "next", base);
    module.field(derived, "size", Type::I64);
    let draw = module.signature(&[], &[]);
    module.method(shape, "draw", draw, None);
    module.concrete(base, "draw", &[]);
    for number in 0..NEAR_METHODS {
        module.concrete(base, &format!("m{number}"), &[]);
    }
    let linked = link_all(vec![module]).unwrap();
    let (base, derived) = (record(&linked, 0, base), record(&linked, 0, derived));
    assert!(!base.far_methods.is_null());
    assert_eq!(base.far_methods, derived.far_methods);
    assert_eq!(base.itable, derived.itable);
    assert_eq!(base.interfaces, derived.interfaces);
    assert_eq!(base.references, derived.references);
    assert_eq!((base.interface_count, derived.reference_count), (1, 1));
    assert_eq!((base.size, derived.size), (16, 24));
}

#[test]
fn interfaces_are_inherited_by_classes_and_interfaces() {
    let mut module = Build::new("m");
    let named = module.interface("Named", &[]);
    let shape = module.interface("Shape", &[named]);
    let other = module.interface("Other", &[]);
    let base = module.class("Base", None);
    let derived = module.class("Derived", Some(base));
    module.edit(base).interfaces.push(shape);
    module.edit(derived).interfaces.push(other);
    let plain = module.signature(&[], &[]);
    for (interface, name) in [(named, "name"), (shape, "area"), (other, "more")] {
        module.method(interface, name, plain, None);
    }
    for name in ["area", "name"] {
        module.concrete(base, name, &[]);
    }
    module.concrete(derived, "name", &[]);
    module.concrete(derived, "more", &[]);
    let linked = link_all(vec![module]).unwrap();
    let interfaces: Vec<u32> =
        [named, shape, other].iter().map(|ty| linked.modules[0].types[ty.defined_index().unwrap() as usize]).collect();
    let listed = &linked.classes.storage.numbers;
    let derived = record(&linked, 0, derived);
    assert_eq!(derived.interface_count, 3);
    assert!(listed.iter().any(|list| list.as_ptr() == derived.interfaces && *list == interfaces));
    let table = linked.classes.storage.itables.iter().find(|table| table.as_ptr() == derived.itable).unwrap();
    assert_eq!(table.len() as u32, derived.itable_mask + 1);
    let method = |interface: usize| linked.modules[0].members[interface].methods[0];
    for entries in [table, &derived.near_interface_methods[..]] {
        let implements = |interface: usize| {
            let entry = entries.iter().find(|entry| entry.method == method(interface)).unwrap();
            runs(&linked, &entry.entry).unwrap()
        };
        assert_eq!([implements(0), implements(1), implements(2)], [2, 0, 3]);
    }
}

#[test]
fn a_concrete_class_lacks_no_inherited_abstract_method_of_another_module() {
    let mut library = Build::new("lib");
    let base = library.class("Base", None);
    library.edit(base).is_abstract = true;
    let plain = library.signature(&[], &[]);
    library.method(base, "draw", plain, None);
    library.export_type("Base", base);
    let mut user = Build::new("user");
    let base = user.import_class("lib", "Base", None);
    user.edit(base).is_abstract = true;
    user.class("Mine", Some(base));
    assert_eq!(
        link_error(vec![library, user]),
        LinkError::MissingMethod { class: "user.Mine".into(), method: "draw".into(), declared_in: "lib.Base".into() }
    );
}

#[test]
fn a_concrete_class_implements_what_an_imported_interface_does_not_mention() {
    let mut library = Build::new("lib");
    let shape = library.interface("Shape", &[]);
    let plain = library.signature(&[], &[]);
    library.method(shape, "draw", plain, None);
    library.export_type("Shape", shape);
    let mut user = Build::new("user");
    let shape = user.import_interface("lib", "Shape", &[]);
    let mine = user.class("Mine", None);
    user.edit(mine).interfaces.push(shape);
    assert_eq!(
        link_error(vec![library, user]),
        LinkError::MissingMethod { class: "user.Mine".into(), method: "draw".into(), declared_in: "lib.Shape".into() }
    );
}

#[test]
fn hidden_methods_of_another_module_are_overridden_by_name_or_refused() {
    let attempt = |is_final: bool, parameters: &[Type]| {
        let mut library = Build::new("lib");
        let base = library.class("Base", None);
        library.concrete(base, "run", &[]);
        library.edit(base).methods[0].is_final = is_final;
        library.export_type("Base", base);
        let mut user = Build::new("user");
        let base = user.import_class("lib", "Base", None);
        let mine = user.class("Mine", Some(base));
        user.concrete(mine, "run", parameters);
        link_all(vec![library, user])
    };
    let linked = attempt(false, &[]).unwrap();
    assert_eq!(linked.modules[1].members[1].methods, [0]);
    assert_eq!(attempt(true, &[]).err(), Some(LinkError::FinalMethod { class: "user.Mine".into(), method: "run".into() }));
    let error = attempt(false, &[Type::I32]).err().unwrap();
    assert_eq!(error.to_string(), "the method `run` of the class `user.Mine` is `(i32)`, but `lib.Base` declares it as `()`");
}
