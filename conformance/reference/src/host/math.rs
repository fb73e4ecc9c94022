//! `std.math`: functions of `f64`, by the one implementation that the specification names.

use super::Shape::F64;
use super::{Given, HostFunction};

macro_rules! unary {
    ($name:literal, $function:path) => {
        HostFunction {
            module: "std.math",
            name: $name,
            parameters: &[F64],
            results: &[F64],
            run: |call| Ok(vec![Given::F64($function(call.number(0)?))]),
        }
    };
}

macro_rules! binary {
    ($name:literal, $function:path) => {
        HostFunction {
            module: "std.math",
            name: $name,
            parameters: &[F64, F64],
            results: &[F64],
            run: |call| Ok(vec![Given::F64($function(call.number(0)?, call.number(1)?))]),
        }
    };
}

/// The functions of the module.
pub static FUNCTIONS: &[HostFunction] = &[
    unary!("sin", libm::sin),
    unary!("cos", libm::cos),
    unary!("tan", libm::tan),
    unary!("asin", libm::asin),
    unary!("acos", libm::acos),
    unary!("atan", libm::atan),
    unary!("sinh", libm::sinh),
    unary!("cosh", libm::cosh),
    unary!("tanh", libm::tanh),
    unary!("exp", libm::exp),
    unary!("exp2", libm::exp2),
    unary!("ln", libm::log),
    unary!("log2", libm::log2),
    unary!("log10", libm::log10),
    unary!("cbrt", libm::cbrt),
    binary!("atan2", libm::atan2),
    binary!("pow", libm::pow),
    binary!("hypot", libm::hypot),
];
