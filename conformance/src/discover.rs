//! Finding programs: all `.vasm` files below some folders, and `.bc` files that have expectations beside them.

use std::path::{Path, PathBuf};

/// The programs below `paths` whose path from `root` fits the pattern, in order.
pub fn programs(root: &Path, paths: &[PathBuf], only: Option<&str>) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        let path = std::path::absolute(path).map_err(|error| error.to_string())?;
        if path.is_dir() {
            walk(&path, &mut found).map_err(|error| format!("{}: {error}", path.display()))?;
        } else if path.is_file() {
            found.push(path);
        } else {
            return Err(format!("there is no {}", path.display()));
        }
    }
    found.retain(|path| only.is_none_or(|pattern| fits(pattern, &shown(root, path))));
    found.sort();
    found.dedup();
    Ok(found)
}

/// A path as it is shown: from the root, if it is below it.
pub fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            walk(&path, found)?;
        } else if extension == Some("vasm") || extension == Some("bc") && path.with_extension("expect").is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a pattern, in which `*` stands for anything, fits the end of a path that begins after a `/`, or all of it.
pub fn fits(pattern: &str, path: &str) -> bool {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    starts.into_iter().any(|start| fits_all(pattern.as_bytes(), &path.as_bytes()[start..]))
}

fn fits_all(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skipped| fits_all(rest, &text[skipped..])),
        Some((byte, rest)) => text.first() == Some(byte) && fits_all(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_from_any_folder_on() {
        assert!(fits("ops/int/*", "conformance/ops/int/add.vasm"));
        assert!(fits("add.vasm", "conformance/ops/int/add.vasm"));
        assert!(fits("*", "a/b"));
        assert!(fits("*int*add*", "conformance/ops/int/add.vasm"));
        assert!(!fits("dd.vasm", "conformance/ops/int/add.vasm"));
        assert!(!fits("ops", "conformance/ops/int/add.vasm"));
    }
}
