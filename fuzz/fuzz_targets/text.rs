//! Coverage-guided cases of the target `text` of `fuzzlib`.

#![no_main]

libfuzzer_sys::fuzz_target!(|choices: &[u8]| limosa_fuzz::run(fuzzlib::Target::Text, choices));
