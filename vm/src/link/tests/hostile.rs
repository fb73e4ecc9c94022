//! Modules that verify one by one and together are wrong or far too large.

use super::build::{Build, link_all, link_error, type_name};
use crate::link::{LinkError, limits};
use limosa_spec::{Type, TypeDefinition};

#[test]
fn classes_that_extend_each_other_across_modules_are_refused() {
    let half = |name: &str, other: &str| {
        let mut module = Build::new(name);
        let superclass = module.import_class(other, "C", None);
        let class = module.class("D", Some(superclass));
        module.export_type("C", class);
        module
    };
    assert!(matches!(link_error(vec![half("a", "b"), half("b", "a")]), LinkError::Cycle { .. }));
}

#[test]
fn interfaces_that_extend_each_other_across_modules_are_refused() {
    let half = |name: &str, other: &str| {
        let mut module = Build::new(name);
        let extended = module.import_interface(other, "I", &[]);
        let interface = module.interface("J", &[extended]);
        module.export_type("I", interface);
        module
    };
    assert!(matches!(link_error(vec![half("a", "b"), half("b", "a")]), LinkError::Cycle { .. }));
}

/// Modules `m0`, `m1`, …, each with a class that extends the one of the module before, with these fields each.
fn chain(length: usize, fields: usize) -> Vec<Build> {
    let link = |number: usize| {
        let mut module = Build::new(&format!("m{number}"));
        let superclass = (number > 0).then(|| module.import_class(&format!("m{}", number - 1), "C", None));
        let class = module.class("D", superclass);
        for field in 0..fields {
            module.field(class, &format!("f{field}"), Type::I8);
        }
        module.export_type("C", class);
        module
    };
    (0..length).map(link).collect()
}

#[test]
fn depth_and_fields_are_limited_across_modules() {
    assert!(link_all(chain(65, 0)).is_ok());
    let error = link_error(chain(66, 0));
    assert_eq!(error, LinkError::Limit { what: "classes above a class", limit: 64 });
    assert!(link_all(chain(4, 1024)).is_ok());
    let error = link_error(chain(4, 1025));
    assert_eq!(error, LinkError::Limit { what: "fields in a class", limit: 4096 });
}

#[test]
fn many_classes_that_each_copy_a_large_method_table_are_refused() {
    let mut library = Build::new("lib");
    let base = library.class("Base", None);
    library.export_type("Base", base);
    let body = library.concrete(base, "m0", &[]);
    let signature = library.signature(&[], &[]);
    for number in 1..16_000 {
        library.method(base, &format!("m{number}"), signature, Some(body));
    }
    let mut user = Build::new("user");
    let base = user.import_class("lib", "Base", None);
    let subclasses: Vec<Type> = (0..4_000).map(|number| user.class(&format!("C{number}"), Some(base))).collect();
    let body = user.function("body", &[base], &[]);
    let signature = user.signature(&[], &[]);
    for class in subclasses {
        user.method(class, "m5", signature, Some(body));
    }
    let error = link_error(vec![library, user]);
    assert_eq!(error, LinkError::Limit { what: "bytes in its class tables", limit: limits::TABLE_BYTES as u64 });
}

#[test]
fn a_type_whose_name_would_be_exponential_has_a_short_one() {
    let mut module = Build::new("m");
    let mut ty = Type::STR;
    for _ in 0..60 {
        ty = module.signature(&[ty, ty, ty], &[ty, ty]);
    }
    let linked = link_all(vec![module]).unwrap();
    let last = *linked.modules[0].types.last().unwrap();
    assert!(type_name(&linked, last).len() < 500);
}

#[test]
fn types_nested_beyond_the_limit_end_in_an_error() {
    // Such a module does not verify; the linker does not rely on it for the depth of its own recursion.
    let mut types = vec![TypeDefinition::Array(Type::I64)];
    types.extend((0..100_000).map(|index| TypeDefinition::Array(Type::defined(index))));
    types.reverse();
    let count = types.len() as u32;
    for (index, definition) in types.iter_mut().enumerate().take(count as usize - 1) {
        *definition = TypeDefinition::Array(Type::defined(index as u32 + 1));
    }
    let mut module = Build::new("m");
    module.module.types = types;
    let plain = [&module.module];
    let symbols = crate::link::symbols::Symbols::new(&plain).unwrap();
    let exports = crate::link::named::Exports::new(&plain, &symbols).unwrap();
    let named = crate::link::named::Named::new(&plain, &symbols, &exports).unwrap();
    let error = crate::link::types::Types::new(&plain, &named).err().unwrap();
    assert_eq!(error, LinkError::Limit { what: "levels of nested types", limit: 64 });
}
