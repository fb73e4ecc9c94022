//! `std.reflect`: what objects are.

use super::Shape::{AnyOrNull, Text};
use super::{Given, HostFunction};
use crate::names::type_name;

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[HostFunction {
    module: "std.reflect",
    name: "type_name",
    parameters: &[AnyOrNull],
    results: &[Text],
    run: |call| {
        Ok(vec![Given::Text(match call.reference(0)? {
            Some(object) => type_name(call.machine.program, call.machine.heap.get(object)?.ty),
            None => "null".to_owned(),
        })])
    },
}];
