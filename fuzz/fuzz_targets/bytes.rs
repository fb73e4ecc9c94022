//! Coverage-guided cases of the target `bytes` of `fuzzlib`.

#![no_main]

libfuzzer_sys::fuzz_target!(|choices: &[u8]| limosa_fuzz::run(fuzzlib::Target::Bytes, choices));
