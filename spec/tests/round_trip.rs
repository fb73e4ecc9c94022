//! Whatever the encoder writes, the decoder gives back, and the other way round.

mod common;

use common::sample::sample;
use limosa_spec::{Module, canonicalize, decode, encode, hash_of};

#[test]
fn the_sample_survives_the_round_trip() {
    let module = sample();
    let bytes = encode(&module).expect("the sample encodes");
    assert_eq!(decode(&bytes).expect("the sample decodes"), module);
    assert_eq!(encode(&decode(&bytes).expect("the sample decodes")).as_deref(), Ok(&bytes[..]));
}

#[test]
fn canonicalizing_twice_changes_nothing() {
    let module = sample();
    let mut again = module.clone();
    canonicalize(&mut again).expect("the sample is well-formed");
    assert_eq!(again, module);
}

#[test]
fn debug_information_does_not_change_the_hash() {
    let module = sample();
    let stripped = Module { debug: None, ..module.clone() };
    assert_ne!(encode(&module).map(|bytes| bytes.len()), encode(&stripped).map(|bytes| bytes.len()));
    assert_eq!(hash_of(&module), hash_of(&stripped));
    let mut other = module.clone();
    other.manifest.version[0] += 1;
    assert_ne!(hash_of(&module), hash_of(&other));
}
