//! Programs that are right by construction: every register, operand and call has the type it must have, so a refusal is a find.
//!
//! The way of a program: `world` makes classes, interfaces and the signatures of all functions; `function` makes each body from
//! statements (`statement`, `flow`); `instruction` puts down one instruction of the table with operands that fit it; `value` finds
//! or makes the values. Values flow into a checksum that is printed, so that a wrong one shows. Loops are short, and calls mostly go to
//! functions further on; what goes on for ever is ended by the fuel.

mod builder;
mod call;
mod classes;
mod fixed;
mod flow;
mod function;
mod instruction;
mod object;
mod string;
mod subtype;
mod value;
mod world;

use crate::choices::Choices;
use limosa_spec::{Module, canonicalize};
use world::World;

/// Makes a program in canonical form.
#[must_use]
pub fn module(choices: &mut Choices<'_>) -> Module {
    let mut world = World::new(choices);
    for index in 0..world.plans.len() {
        function::body(&mut world, index);
    }
    world.debug();
    let mut module = world.module;
    // What this cannot number is refused by the encoder, which is a find.
    let _ = canonicalize(&mut module);
    module
}
