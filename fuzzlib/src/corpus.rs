//! The programs that mutations start from: those of `examples/` and `conformance/`, and files of modules.

use limosa_spec::encode;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the repository that have programs.
const FOLDERS: [&str; 3] = ["examples", "conformance/ops", "conformance/reject"];
/// Longer texts make slow cases and add nothing.
const LONGEST: u64 = 40_000;

/// Texts, and the modules they assemble to.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// Texts, in the order of their paths.
    pub texts: Vec<String>,
    /// Files, those that the verifier refuses included.
    pub files: Vec<Vec<u8>>,
}

impl Corpus {
    /// The programs of the repository this crate was built in; empty where that is gone.
    #[must_use]
    pub fn of_repository() -> Corpus {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut corpus = Corpus::default();
        for folder in FOLDERS {
            let mut paths = Vec::new();
            collect(&root.join(folder), &mut paths);
            paths.sort();
            paths.iter().for_each(|path| corpus.add(path));
        }
        corpus
    }

    fn add(&mut self, path: &Path) {
        if fs::metadata(path).map_or(u64::MAX, |metadata| metadata.len()) > LONGEST {
            return;
        }
        if path.extension().is_some_and(|extension| extension == "bc") {
            self.files.extend(fs::read(path));
            return;
        }
        let Ok(text) = fs::read_to_string(path) else { return };
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let module = limosa_assembler::assemble(&name, &text);
        self.files.extend(module.ok().and_then(|module| encode(&module).ok()));
        self.texts.push(text);
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "vasm" || extension == "bc") {
            paths.push(path);
        }
    }
}
