//! Layouts, methods and class records.

use super::build::{Build, link_all, link_error, type_name};
use crate::link::LinkError;
use crate::program::{Linked, RuntimeTypeKind};
use limosa_abi::{ClassInfo, ObjectKind};
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
fn the_table_points_to_the_records_in_order() {
    let mut module = Build::new("m");
    module.class("A", None);
    let linked = link_all(vec![module]).unwrap();
    assert_eq!(linked.classes.table.len(), linked.classes.records.len());
    for (id, record) in linked.classes.records.iter().enumerate() {
        assert_eq!(linked.classes.table[id], std::ptr::from_ref(record));
        assert_eq!(record.id as usize, id);
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
    let vtable = linked.classes.storage.vtables.iter().find(|vtable| vtable.len() == 3).unwrap();
    let expected = [derived_a, base_b, derived_c].map(|function| &raw const linked.cells[function as usize]);
    assert_eq!(vtable.as_slice(), expected);
    assert_eq!(record(&linked, 0, derived).vtable, vtable.as_ptr());
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
    let linked = link_all(vec![module]).unwrap();
    let (base, derived) = (record(&linked, 0, base), record(&linked, 0, derived));
    assert_eq!(base.vtable, derived.vtable);
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
    let runs = |method: u32| {
        let entry = table.iter().find(|entry| entry.method == method).unwrap();
        linked.cells.iter().position(|cell| std::ptr::from_ref(cell) == entry.function).unwrap()
    };
    let method = |interface: usize| linked.modules[0].members[interface].methods[0];
    assert_eq!([runs(method(0)), runs(method(1)), runs(method(2))], [2, 0, 3]);
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
