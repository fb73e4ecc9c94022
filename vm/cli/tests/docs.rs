//! The paths that the guides name exist.

use std::path::Path;

#[test]
fn the_guides_name_paths_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for guide in ["docs/ARCHITECTURE.md", "docs/TESTING.md", "CONTRIBUTING.md", "README.md"] {
        let text = std::fs::read_to_string(root.join(guide)).expect("the guide is there");
        for path in text.split('`').skip(1).step_by(2).filter(|word| is_path(word)) {
            assert!(root.join(path).exists(), "{guide} names {path}, which does not exist");
        }
    }
}

/// Code spans with a slash and nothing else that paths of the workspace do not have.
fn is_path(word: &str) -> bool {
    word.contains('/') && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
}
