//! What all targets do: take the fuzzer's bytes as the choices of a case of `fuzzlib`, and panic at a find.

use fuzzlib::{Fuzzer, Observations, Target};
use std::cell::LazyCell;

thread_local! {
    static FUZZER: LazyCell<Fuzzer> = LazyCell::new(Fuzzer::new);
}

/// Runs one case.
///
/// # Panics
/// If something is found. The artifact is written to `target/fuzz-finds`, for `fuzzlib TARGET --replay=FILE`.
pub fn run(target: Target, choices: &[u8]) {
    FUZZER.with(|fuzzer| {
        let artifact = fuzzer.generate(target, choices);
        if let Err(find) = fuzzer.check(target, &artifact, &mut Observations::default()) {
            let folder = std::path::Path::new("target/fuzz-finds");
            let file = folder.join(format!("{}-{:016x}.{}", target.name(), fuzzlib::oracle::fingerprint(&artifact), target.extension()));
            // The find is told even where it cannot be kept.
            let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, &artifact));
            panic!("{find}\n  repeat: cargo run --release -p fuzzlib -- {} --replay={}", target.name(), file.display());
        }
    });
}
