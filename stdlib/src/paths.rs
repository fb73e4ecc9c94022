//! Which paths are within those allowed. Paths are compared in resolved form: absolute, without symbolic links, `.` and `..`; the part of
//! a path that does not exist may not contain `..`, so nothing is ever resolved by its spelling alone.
//!
//! What is used is the resolved path. A program cannot make symbolic links, so it cannot change where a resolved path leads; somebody else
//! with access to the same directories can, and is not guarded against beyond the last component (see [`files`](crate::files)).

use crate::capabilities::{Denied, PathRefused, Wish};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Files and directories; a directory stands for all in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PathSet {
    resolved: Vec<PathBuf>,
    /// As they were given, made absolute; only to tell a path that is refused from one that leads nowhere.
    spelled: Vec<PathBuf>,
}

impl PathSet {
    /// Adds a path, with symbolic links followed.
    pub fn allow(&mut self, path: &Path) -> io::Result<()> {
        let resolved = resolve(path)?;
        self.spelled.push(std::path::absolute(path)?);
        self.resolved.push(resolved);
        Ok(())
    }

    /// The resolved form of `path` if it is within the set. With `entry` a symbolic link at its end is not followed.
    pub fn check(&self, path: &str, entry: bool, wish: fn(String) -> Wish) -> Result<PathBuf, PathRefused> {
        let denied = || Denied { wish: wish(path.to_owned()) };
        if self.resolved.is_empty() {
            return Err(denied().into());
        }
        let resolved = if entry { resolve_entry(Path::new(path)) } else { resolve(Path::new(path)) };
        match resolved {
            Ok(resolved) if within(&self.resolved, &resolved) => Ok(resolved),
            Err(error) if self.is_spelled_within(path) => Err(error.into()),
            _ => Err(denied().into()),
        }
    }

    /// Whether a path that leads nowhere may be told so: it could otherwise be used to find out what is there outside.
    fn is_spelled_within(&self, path: &str) -> bool {
        let path = Path::new(path);
        let climbs = path.components().any(|component| component == std::path::Component::ParentDir);
        let absolute = std::path::absolute(path);
        path.as_os_str().is_empty() || !climbs && absolute.is_ok_and(|path| within(&self.spelled, &path) || within(&self.resolved, &path))
    }
}

fn within(set: &[PathBuf], path: &Path) -> bool {
    set.iter().any(|allowed| path.starts_with(allowed))
}

/// The path without symbolic links; its last components need not exist.
pub(crate) fn resolve(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path is empty"));
    }
    let mut missing: Vec<OsString> = Vec::new();
    let mut existing = std::path::absolute(path)?;
    loop {
        match existing.canonicalize() {
            Ok(mut resolved) => {
                resolved.extend(missing.iter().rev());
                return Ok(resolved);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if existing.is_symlink() {
                    return Err(io::Error::new(io::ErrorKind::NotFound, "a symbolic link leads nowhere"));
                }
                let Some(name) = existing.file_name() else { return Err(error) };
                missing.push(name.to_owned());
                if !existing.pop() {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// As [`resolve`], without following a symbolic link at the end.
fn resolve_entry(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) if !path.as_os_str().is_empty() => Ok(resolve(parent)?.join(name)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no entry of a directory")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn is_allowed(set: &PathSet, path: &Path) -> Result<PathBuf, String> {
        set.check(path.to_str().unwrap(), false, Wish::Read).map_err(|refused| match refused {
            PathRefused::Denied(_) => "denied".to_owned(),
            PathRefused::Broken(error) => error.to_string(),
        })
    }

    /// `in/` is allowed and has `file`, `sub/deep`; `out/` is not and has `secret`.
    fn tree() -> (Scratch, PathSet) {
        let scratch = Scratch::new();
        for directory in ["in/sub", "out", "inner"] {
            fs::create_dir_all(scratch.path(directory)).unwrap();
        }
        for file in ["in/file", "in/sub/deep", "out/secret", "inner/file"] {
            fs::write(scratch.path(file), file).unwrap();
        }
        let mut set = PathSet::default();
        set.allow(&scratch.path("in")).unwrap();
        (scratch, set)
    }

    #[test]
    fn a_directory_stands_for_all_in_it() {
        let (scratch, set) = tree();
        for path in ["in", "in/", "in/file", "in/sub/deep", "in/./sub/../file", "in/new", "in/new/newer", "out/../in/file"] {
            assert!(is_allowed(&set, &scratch.path(path)).is_ok(), "{path}");
        }
        for path in ["", "out", "out/secret", "in/../out/secret", "in/..", "inner/file", "in/sub/../../out/new", "/", "/etc/passwd"] {
            assert_eq!(is_allowed(&set, &scratch.path(path)), Err("denied".to_owned()), "{path}");
        }
    }

    #[test]
    fn a_file_stands_for_itself() {
        let (scratch, _) = tree();
        let mut set = PathSet::default();
        set.allow(&scratch.path("in/file")).unwrap();
        assert!(is_allowed(&set, &scratch.path("in/file")).is_ok());
        assert!(is_allowed(&set, &scratch.path("in/file2")).is_err());
        assert!(is_allowed(&set, &scratch.path("in/sub/deep")).is_err());
    }

    #[test]
    fn links_count_by_where_they_lead() {
        let (scratch, set) = tree();
        for (target, link) in
            [("out", "in/away"), ("out/secret", "in/leak"), ("in/file", "out/back"), ("in", "out/door"), ("out/new", "in/bait")]
        {
            symlink(scratch.path(target), scratch.path(link)).unwrap();
        }
        for path in ["in/away", "in/away/secret", "in/away/new", "in/leak", "in/away/../in/file/x"] {
            assert!(is_allowed(&set, &scratch.path(path)).is_err(), "{path}");
        }
        assert_eq!(is_allowed(&set, &scratch.path("out/back")), Ok(scratch.path("in/file")));
        assert_eq!(is_allowed(&set, &scratch.path("out/door/new")), Ok(scratch.path("in/new")));
        assert_eq!(is_allowed(&set, &scratch.path("in/bait")), Err("a symbolic link leads nowhere".to_owned()));
    }

    #[test]
    fn what_does_not_exist_is_not_resolved_by_its_spelling() {
        let (scratch, set) = tree();
        assert!(is_allowed(&set, &scratch.path("in/missing/../file")).is_err());
        assert!(is_allowed(&set, &scratch.path("in/missing/../../out/secret")).is_err());
    }

    #[test]
    fn an_entry_is_the_link_and_not_where_it_leads() {
        let (scratch, set) = tree();
        symlink(scratch.path("out/secret"), scratch.path("in/leak")).unwrap();
        symlink(scratch.path("in/file"), scratch.path("out/back")).unwrap();
        let entry = |path: &str| set.check(scratch.path(path).to_str().unwrap(), true, Wish::Write).ok();
        assert_eq!(entry("in/leak"), Some(scratch.path("in/leak")));
        assert_eq!(entry("out/back"), None);
        assert_eq!(entry("in/.."), None);
    }

    #[test]
    fn what_is_outside_cannot_be_probed() {
        let (scratch, set) = tree();
        symlink(scratch.path("loop"), scratch.path("loop")).unwrap();
        for path in ["out/secret/x", "out/nothing/x", "loop", "in/../out/secret/x"] {
            assert_eq!(is_allowed(&set, &scratch.path(path)), Err("denied".to_owned()), "{path}");
        }
        assert!(is_allowed(&set, &scratch.path("in/file/x")).is_err_and(|error| error != "denied"));
    }

    #[test]
    fn relative_paths_count_from_the_working_directory() {
        let mut set = PathSet::default();
        set.allow(Path::new("src")).unwrap();
        assert!(set.check("src/lib.rs", false, Wish::Read).is_ok());
        assert!(set.check("./src/../src/lib.rs", false, Wish::Read).is_ok());
        assert!(set.check("Cargo.toml", false, Wish::Read).is_err());
        assert!(set.check("", false, Wish::Read).is_err());
        assert!(set.check("src/\0", false, Wish::Read).is_err());
    }
}
