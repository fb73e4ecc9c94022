//! Reading and writing whole files, with a bound on memory, and so that a file is never seen half written.
//!
//! Paths come resolved; a symbolic link that took the place of their last component in the meantime is not followed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Attempts to find an unused name for a temporary file.
const ATTEMPTS: u32 = 1000;

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let file = no_follow(OpenOptions::new().read(true)).open(path)?;
    let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    if size > limit {
        return Err(too_large(limit));
    }
    // One byte more than expected, so that the end is found without growing.
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// The error for what does not fit.
pub(crate) fn too_large(limit: usize) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("there are more than the {limit} bytes that fit"))
}

/// Gives a file new contents, or makes one: written to a temporary file beside it, synced, then renamed; so it has either its old contents
/// or all of the new ones. The permissions of an existing file are kept. What is no regular file, such as a device or
/// `/dev/stdout`, is written directly.
///
/// `path` is followed if it is a symbolic link.
///
/// # Errors
/// If any step fails; an existing file is then as it was.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    // `/dev/stdout` may lead to a regular file that others have open: it must not be exchanged for another.
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return OpenOptions::new().append(true).open(path)?.write_all(contents);
    }
    let resolved = match path.canonicalize() {
        Ok(resolved) => resolved,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => path.to_owned(),
        Err(error) => return Err(error),
    };
    replace_resolved(&resolved, contents)
}

/// As [`replace`], for a path that is not followed.
pub(crate) fn replace_resolved(path: &Path, contents: &[u8]) -> io::Result<()> {
    let existing = match fs::symlink_metadata(path) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        return no_follow(OpenOptions::new().write(true)).open(path)?.write_all(contents);
    }
    let (temporary, mut file) = temporary_beside(path)?;
    let filled = fill(&mut file, contents, existing.map(|metadata| metadata.permissions()));
    filled.and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    })
}

fn fill(file: &mut File, contents: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    if let Some(permissions) = permissions {
        if permissions.readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        file.set_permissions(permissions)?;
    }
    file.write_all(contents)?;
    file.sync_all()
}

fn temporary_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let process = std::process::id();
    for attempt in 0..ATTEMPTS {
        let mut temporary = std::ffi::OsString::from(".");
        // A name may be as long as the system allows; the temporary's must not be longer.
        temporary.push(name.to_string_lossy().chars().take(32).collect::<String>());
        temporary.push(format!(".{process}-{attempt}.tmp"));
        let temporary = path.with_file_name(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "no name for a temporary file is left"))
}

/// Adds to the end of a file, which is made if need be.
pub(crate) fn append(path: &Path, contents: &[u8]) -> io::Result<()> {
    no_follow(OpenOptions::new().append(true).create(true)).open(path)?.write_all(contents)
}

#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn reading_is_bounded() {
        let scratch = Scratch::new();
        fs::write(scratch.path("a"), b"12345").unwrap();
        assert_eq!(read(&scratch.path("a"), 5).unwrap(), b"12345");
        assert_eq!(read(&scratch.path("a"), 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(Path::new("/dev/zero"), 1 << 16).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(read(&scratch.path("."), 5).is_err());
    }

    #[test]
    fn replacing_leaves_one_file_with_the_old_permissions() {
        let scratch = Scratch::new();
        let path = scratch.path("a");
        replace(&path, b"old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(scratch.path("")).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_replaced_stays() {
        let scratch = Scratch::new();
        let path = scratch.path("a");
        fs::write(&path, b"old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(replace(&path, b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert!(replace(&scratch.path(""), b"new").is_err());
        assert!(replace(&scratch.path("missing/a"), b"new").is_err());
        assert_eq!(fs::read_dir(scratch.path("")).unwrap().count(), 1);
    }

    #[test]
    fn links_are_followed_only_where_asked() {
        let scratch = Scratch::new();
        fs::write(scratch.path("target"), b"old").unwrap();
        symlink(scratch.path("target"), scratch.path("link")).unwrap();
        assert!(read(&scratch.path("link"), 10).is_err());
        assert!(append(&scratch.path("link"), b"x").is_err());
        assert!(replace_resolved(&scratch.path("link"), b"x").is_err());
        replace(&scratch.path("link"), b"new").unwrap();
        assert!(scratch.path("link").is_symlink());
        assert_eq!(fs::read(scratch.path("target")).unwrap(), b"new");
    }

    #[test]
    fn devices_are_written_directly() {
        replace(Path::new("/dev/null"), b"x").unwrap();
        assert_eq!(replace(Path::new("/dev/full"), b"x").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn long_names_can_be_replaced() {
        let scratch = Scratch::new();
        let path = scratch.path(&"é".repeat(127));
        replace(&path, b"x").unwrap();
        append(&path, b"y").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"xy");
    }
}
