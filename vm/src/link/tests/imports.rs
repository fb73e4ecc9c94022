//! Imported classes and interfaces: that each stated part is proved.

use super::build::{Build, link_all, link_error};
use crate::link::LinkError;
use limosa_spec::{Type, WellKnown};

/// `lib`: `interface Shape { area() }`, `class Base { id: i32 }`, `class Point extends Base implements Shape { x: f64  tag: u8
/// area() }`, and `final class Last`.
fn library() -> Build {
    let mut library = Build::new("lib");
    let named = library.interface("Named", &[]);
    let shape = library.interface("Shape", &[named]);
    let base = library.class("Base", Some(Type::well_known(WellKnown::Error)));
    let point = library.class("Point", Some(base));
    let last = library.class("Last", None);
    library.edit(last).is_final = true;
    library.edit(point).interfaces.push(shape);
    library.field(base, "id", Type::I32);
    library.field(point, "tag", Type::U8);
    library.field(point, "x", Type::F64);
    let plain = library.signature(&[], &[]);
    library.method(shape, "area", plain, None);
    library.concrete(point, "area", &[]);
    for (name, ty) in [("Named", named), ("Shape", shape), ("Base", base), ("Point", point), ("Last", last)] {
        library.export_type(name, ty);
    }
    library
}

/// Links a module that states what `state` says about what it imports from `lib`.
fn user(state: impl FnOnce(&mut Build)) -> Vec<Build> {
    let mut user = Build::new("user");
    state(&mut user);
    vec![user, library()]
}

fn shape_error(state: impl FnOnce(&mut Build)) -> String {
    match link_error(user(state)) {
        error @ LinkError::TypeShape { .. } => error.to_string(),
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_true_links_and_members_are_where_the_definition_puts_them() {
    let linked = link_all(user(|user| {
        let named = user.import_interface("lib", "Named", &[]);
        let shape = user.import_interface("lib", "Shape", &[named]);
        let point = user.import_class("lib", "Point", Some(Type::well_known(WellKnown::Error)));
        user.edit(point).interfaces.push(shape);
        for (name, ty) in [("x", Type::F64), ("id", Type::I32), ("message", Type::STR), ("tag", Type::U8)] {
            user.field(point, name, ty);
        }
        let plain = user.signature(&[], &[]);
        user.method(shape, "area", plain, None);
        user.method(point, "area", plain, None);
    }))
    .unwrap();
    let (user, library) = (&linked.modules[0], &linked.modules[1]);
    assert_eq!(user.types[..3], [library.types[0], library.types[1], library.types[3]]);
    let fields = &user.members[2].fields;
    assert_eq!(fields[0], (library.members[3].fields[1].0, Type::F64));
    assert_eq!(fields[1], (library.members[2].fields[0].0, Type::I32));
    assert_eq!(fields[2], (8, Type::STR));
    assert_eq!(fields[3], (library.members[3].fields[0].0, Type::U8));
    assert_eq!(user.members[2].methods, library.members[3].methods);
    assert_eq!(user.members[1].methods, library.members[1].methods);
}

#[test]
fn each_stated_part_is_compared() {
    let point = |user: &mut Build| user.import_class("lib", "Point", None);
    assert_eq!(
        shape_error(|user| {
            let point = point(user);
            user.field(point, "x", Type::F32);
        }),
        "module `user` relies on the field `x` of `lib.Point` being f32, but it is f64"
    );
    assert_eq!(
        shape_error(|user| {
            let point = point(user);
            user.field(point, "tag", Type::I8);
        }),
        "module `user` relies on the field `tag` of `lib.Point` being i8, but it is u8"
    );
    assert_eq!(
        shape_error(|user| {
            let point = point(user);
            user.field(point, "z", Type::F32);
        }),
        "module `user` relies on the field `z` of `lib.Point` being there, but it is not"
    );
    assert_eq!(
        shape_error(|user| {
            let point = point(user);
            let signature = user.signature(&[Type::I32], &[]);
            user.method(point, "area", signature, None);
        }),
        "module `user` relies on the method `area` of `lib.Point` being (i32), but it is ()"
    );
    assert_eq!(
        shape_error(|user| {
            let point = point(user);
            let signature = user.signature(&[], &[]);
            user.method(point, "area", signature, None);
            user.edit(point).methods[0].is_final = true;
        }),
        "module `user` relies on the method `area` of `lib.Point` being final, but it is not final"
    );
    assert_eq!(
        shape_error(|user| {
            let shape = user.import_interface("lib", "Shape", &[]);
            let base = user.import_class("lib", "Base", None);
            user.edit(base).interfaces.push(shape);
        }),
        "module `user` relies on one of the interfaces of `lib.Base` being lib.Shape, but it is none"
    );
    assert_eq!(
        shape_error(|user| {
            let shape = user.import_interface("lib", "Shape", &[]);
            user.import_interface("lib", "Named", &[shape]);
        }),
        "module `user` relies on one of the extended interfaces of `lib.Named` being lib.Shape, but it is lib.Named"
    );
    assert_eq!(
        shape_error(|user| {
            let named = user.import_interface("lib", "Named", &[]);
            let signature = user.signature(&[], &[]);
            user.method(named, "area", signature, None);
        }),
        "module `user` relies on the method `area` of `lib.Named` being there, but it is not"
    );
    assert_eq!(
        shape_error(|user| {
            let last = user.import_class("lib", "Point", None);
            user.import_class("lib", "Base", Some(last));
        }),
        "module `user` relies on a superclass of `lib.Base` being lib.Point, but it is Error"
    );
}

#[test]
fn flags_must_be_equal() {
    assert_eq!(
        shape_error(|user| {
            user.import_class("lib", "Last", None);
        }),
        "module `user` relies on the finality of `lib.Last` being not final, but it is final"
    );
    assert_eq!(
        shape_error(|user| {
            let base = user.import_class("lib", "Base", None);
            user.edit(base).is_abstract = true;
        }),
        "module `user` relies on the abstractness of `lib.Base` being abstract, but it is not abstract"
    );
}

#[test]
fn missing_types_are_named_with_a_suggestion() {
    let class = |module: &str, name: &str| {
        let mut user = Build::new("user");
        user.import_class(module, name, None);
        link_error(vec![user, library()]).to_string()
    };
    assert_eq!(class("lib", "Piont"), "module `user` needs the type `lib.Piont`, which that module does not export; did you mean `Point`?");
    assert_eq!(class("libs", "Point"), "module `user` needs the type `libs.Point`, which is in no module given; did you mean `lib`?");
    assert_eq!(class("lib", "Shape"), "module `user` needs the type `lib.Shape`, which is an interface, not a class");
    let mut user = Build::new("user");
    user.import_interface("lib", "Point", &[]);
    assert_eq!(
        link_error(vec![user, library()]).to_string(),
        "module `user` needs the type `lib.Point`, which is a class, not an interface"
    );
}

#[test]
fn two_modules_of_one_name_are_refused() {
    let error = link_error(vec![Build::new("m"), Build::new("m")]);
    assert_eq!(error, LinkError::DuplicateModule { module: "m".into() });
}
