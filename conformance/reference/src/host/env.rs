//! `std.env`: what the program was started with.

use super::Shape::{Text, TextOrNull, Texts};
use super::{Call, Given, HostFunction, thrown};
use crate::capabilities::Wish;
use crate::failure::Stop;
use limosa_spec::WellKnown;
use std::env::VarError;

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[
    HostFunction {
        module: "std.env",
        name: "args",
        parameters: &[],
        results: &[Texts],
        run: |call| Ok(vec![Given::Texts(call.host().arguments.clone())]),
    },
    HostFunction { module: "std.env", name: "var", parameters: &[Text], results: &[TextOrNull], run: variable },
];

fn variable(call: &mut Call<'_, '_>) -> Result<Vec<Given>, Stop> {
    let name = call.text(0)?;
    call.host().capabilities.check(Wish::Env(name.to_string()))?;
    match std::env::var(&*name) {
        Ok(value) => Ok(vec![Given::Text(value)]),
        Err(VarError::NotPresent) => Ok(vec![Given::Null]),
        Err(VarError::NotUnicode(_)) => {
            thrown(WellKnown::EncodingError, format!("the value of the environment variable `{name}` is not UTF-8"))
        }
    }
}
