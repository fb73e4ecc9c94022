//! `std.math`: functions of `f64`, computed by one implementation on all machines, so that results never differ.
//!
//! `sin cos tan asin acos atan sinh cosh tanh exp exp2 ln log2 log10 cbrt`: `(f64) -> f64`; `atan2 pow hypot`: `(f64, f64) -> f64`.
//!
//! Outside of what they are defined for they give `nan`. The implementation is version 0.2.16 of the Rust crate `libm`; a test holds its
//! results against a change.

use super::Installed;
use crate::state::HasStd;
use limosa::{Cx, Host};

/// A function of one number, and its name.
type Unary = (&'static str, fn(f64) -> f64);
/// A function of two numbers, and its name.
type Binary = (&'static str, fn(f64, f64) -> f64);

/// The functions of one number.
const UNARY: [Unary; 15] = [
    ("sin", libm::sin),
    ("cos", libm::cos),
    ("tan", libm::tan),
    ("asin", libm::asin),
    ("acos", libm::acos),
    ("atan", libm::atan),
    ("sinh", libm::sinh),
    ("cosh", libm::cosh),
    ("tanh", libm::tanh),
    ("exp", libm::exp),
    ("exp2", libm::exp2),
    ("ln", libm::log),
    ("log2", libm::log2),
    ("log10", libm::log10),
    ("cbrt", libm::cbrt),
];

/// The functions of two numbers.
const BINARY: [Binary; 3] = [("atan2", libm::atan2), ("pow", libm::pow), ("hypot", libm::hypot)];

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    for (name, function) in UNARY {
        host.func("std.math", name, move |_: &mut Cx<T>, x: f64| function(x))?;
    }
    for (name, function) in BINARY {
        host.func("std.math", name, move |_: &mut Cx<T>, x: f64, y: f64| function(x, y))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes and signs, by a generator of our own, so that they never change.
    fn samples() -> impl Iterator<Item = f64> {
        let mut state = 1_u64;
        (0..2000).map(move |index| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let exponent = [1003, 1022, 1023, 1025, 1031, 1060][index % 6];
            let sign = u64::from(index % 4 == 3);
            f64::from_bits(sign << 63 | exponent << 52 | state >> 12)
        })
    }

    fn mix(hash: u64, value: f64) -> u64 {
        let bits = if value.is_nan() { 1 } else { value.to_bits() };
        (hash ^ bits).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23)
    }

    #[test]
    fn results_never_change() {
        let mut hashes = Vec::new();
        for (name, function) in UNARY {
            hashes.push((name, samples().map(function).fold(7, mix)));
        }
        for (name, function) in BINARY {
            hashes.push((name, samples().zip(samples().skip(1)).map(|(x, y)| function(x, y)).fold(7, mix)));
        }
        assert_eq!(hashes, EXPECTED);
    }

    const EXPECTED: [(&str, u64); 18] = [
        ("sin", 0x7ef3_7083_668f_8a90),
        ("cos", 0x5dd1_94bf_f5ff_edb1),
        ("tan", 0xd60d_94dd_2323_42e7),
        ("asin", 0x93c4_40bf_88a2_7fba),
        ("acos", 0x24a5_9f4c_d62f_252a),
        ("atan", 0x60d0_b1ff_003b_c112),
        ("sinh", 0xf86d_11f7_b50a_dba0),
        ("cosh", 0x0e70_ae5b_6baf_e6a4),
        ("tanh", 0x81ec_ff74_2308_cf68),
        ("exp", 0x5cac_212f_9651_39ec),
        ("exp2", 0x14a1_98da_03f0_fc5b),
        ("ln", 0x38a5_c20f_ea30_1723),
        ("log2", 0x26cb_063d_8473_7354),
        ("log10", 0xac8b_2dcc_2ae5_2d7f),
        ("cbrt", 0x77cd_8e50_9802_c786),
        ("atan2", 0xf1af_5ac2_2abb_a8bc),
        ("pow", 0xd755_bc6d_778a_9de7),
        ("hypot", 0x1acb_d8b8_5d31_54ef),
    ];

    #[test]
    fn results_are_close_to_the_systems() {
        let close = |ours: f64, systems: f64| ours == systems || ours.is_nan() && systems.is_nan() || (ours / systems - 1.0).abs() < 1e-13;
        for x in samples().filter(|x| x.abs() < 1e6) {
            for (name, ours, systems) in [
                ("sin", libm::sin(x), x.sin()),
                ("tan", libm::tan(x), x.tan()),
                ("exp", libm::exp(x), x.exp()),
                ("ln", libm::log(x), x.ln()),
                ("cbrt", libm::cbrt(x), x.cbrt()),
                ("tanh", libm::tanh(x), x.tanh()),
            ] {
                assert!(close(ours, systems), "{name}({x:?}) = {ours:?}, not {systems:?}");
            }
        }
    }
}
