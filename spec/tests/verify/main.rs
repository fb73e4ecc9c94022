//! The verifier: every rule has a module that breaks it alone, every instruction one accepted and refused use.

mod sample;

use limosa_spec::verify::verify;

#[test]
fn the_sample_is_accepted() {
    let module = sample::module();
    let verified = verify(module.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(*verified.into_module().functions, *module.functions);
}
