//! `std.fs` as programs see it.

use crate::support::Tester;
use limosa_stdlib::Capabilities;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// A directory with an allowed part `in` and one, `out`, that is not.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let path = std::env::temp_dir().canonicalize().unwrap().join(format!("limosa-fs-{}-{name}", std::process::id()));
        fs::create_dir_all(path.join("in")).unwrap();
        fs::create_dir_all(path.join("out")).unwrap();
        fs::write(path.join("out/secret"), "secret").unwrap();
        Place(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn tester(&self) -> Tester {
        let mut allowed = Capabilities::none();
        allowed.allow_read(self.path("in")).unwrap().allow_write(self.path("in")).unwrap();
        Tester::with(allowed, b"")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_are_written_and_read() {
    let place = Place::new("rw");
    let mut tester = place.tester();
    let t = &mut tester;
    let path = place.path("in/file");
    assert_eq!(t.call::<&str, i32>("std.fs.exists", &path).unwrap(), 0);
    t.call::<(&str, &str), ()>("std.fs.write_text", (&path, "grün")).unwrap();
    t.call::<(&str, &[u8]), ()>("std.fs.append", (&path, b"!\xff")).unwrap();
    assert_eq!(t.call::<&str, i32>("std.fs.exists", &path).unwrap(), 1);
    assert_eq!(t.call::<&str, i64>("std.fs.size", &path).unwrap(), 7);
    assert_eq!(t.call::<&str, Vec<u8>>("std.fs.read", &path).unwrap(), b"gr\xc3\xbcn!\xff");
    let (class, message) = t.thrown::<&str, String>("std.fs.read_text", &path);
    assert_eq!(class, "EncodingError");
    assert!(message.contains("byte 6"), "{message}");
    t.call::<(&str, &[u8]), ()>("std.fs.write", (&path, b"")).unwrap();
    assert_eq!(t.call::<&str, String>("std.fs.read_text", &path).unwrap(), "");
}

#[test]
fn directories_are_made_listed_and_removed() {
    let place = Place::new("dirs");
    let mut tester = place.tester();
    let t = &mut tester;
    for name in ["b", "a", "Z", "ä"] {
        t.call::<&str, ()>("std.fs.create_dir", &place.path(&format!("in/{name}"))).unwrap();
    }
    assert_eq!(t.call::<&str, Vec<String>>("std.fs.list", &place.path("in")).unwrap(), ["Z", "a", "b", "ä"]);
    assert_eq!(t.class::<&str, ()>("std.fs.create_dir", &place.path("in/a")), "HostError");
    assert_eq!(t.class::<&str, ()>("std.fs.create_dir", &place.path("in/x/y")), "HostError");
    fs::write(place.path("in/a/file"), "").unwrap();
    assert_eq!(t.class::<&str, ()>("std.fs.remove", &place.path("in/a")), "HostError");
    t.call::<&str, ()>("std.fs.remove", &place.path("in/a/file")).unwrap();
    t.call::<&str, ()>("std.fs.remove", &place.path("in/a")).unwrap();
    assert_eq!(t.call::<&str, Vec<String>>("std.fs.list", &place.path("in")).unwrap(), ["Z", "b", "ä"]);
    assert_eq!(t.class::<&str, Vec<String>>("std.fs.list", &place.path("in/none")), "HostError");
}

#[test]
fn everything_outside_is_refused() {
    let place = Place::new("outside");
    symlink(place.path("out"), place.path("in/door")).unwrap();
    let mut tester = place.tester();
    let t = &mut tester;
    for path in ["out/secret", "in/../out/secret", "in/door/secret", "in/door/new", "out"].map(|path| place.path(path)) {
        let path = path.as_str();
        let (class, message) = t.thrown::<&str, Vec<u8>>("std.fs.read", path);
        assert_eq!(class, "CapabilityError");
        assert!(message.contains(&format!("--allow-read={path}")), "{message}");
        assert_eq!(t.class::<&str, String>("std.fs.read_text", path), "CapabilityError");
        assert_eq!(t.class::<&str, i32>("std.fs.exists", path), "CapabilityError");
        assert_eq!(t.class::<&str, i64>("std.fs.size", path), "CapabilityError");
        assert_eq!(t.class::<&str, Vec<String>>("std.fs.list", path), "CapabilityError");
        let (class, message) = t.thrown::<(&str, &[u8]), ()>("std.fs.write", (path, b""));
        assert_eq!(class, "CapabilityError");
        assert!(message.contains(&format!("--allow-write={path}")), "{message}");
        assert_eq!(t.class::<(&str, &str), ()>("std.fs.write_text", (path, "")), "CapabilityError");
        assert_eq!(t.class::<(&str, &[u8]), ()>("std.fs.append", (path, b"")), "CapabilityError");
        assert_eq!(t.class::<&str, ()>("std.fs.remove", path), "CapabilityError");
        assert_eq!(t.class::<&str, ()>("std.fs.create_dir", path), "CapabilityError");
    }
    assert_eq!(fs::read_to_string(place.path("out/secret")).unwrap(), "secret");
    assert_eq!(fs::read_dir(place.path("out")).unwrap().count(), 1);
}

#[test]
fn reading_and_writing_are_allowed_apart() {
    let place = Place::new("apart");
    fs::write(place.path("in/file"), "x").unwrap();
    let path = place.path("in/file");
    let mut allowed = Capabilities::none();
    allowed.allow_read(&path).unwrap();
    let mut tester = Tester::with(allowed, b"");
    assert_eq!(tester.call::<&str, String>("std.fs.read_text", &path).unwrap(), "x");
    assert_eq!(tester.class::<(&str, &str), ()>("std.fs.write_text", (&path, "")), "CapabilityError");
    assert_eq!(tester.class::<&str, ()>("std.fs.remove", &path), "CapabilityError");
}

#[test]
fn removing_a_link_leaves_what_it_leads_to() {
    let place = Place::new("links");
    symlink(place.path("out/secret"), place.path("in/link")).unwrap();
    let mut tester = place.tester();
    tester.call::<&str, ()>("std.fs.remove", &place.path("in/link")).unwrap();
    assert!(fs::symlink_metadata(place.path("in/link")).is_err());
    assert!(fs::exists(place.path("out/secret")).unwrap());
}

#[test]
fn files_larger_than_what_fits_are_refused() {
    let place = Place::new("large");
    fs::write(place.path("in/large"), vec![b'a'; (1 << 20) + 1]).unwrap();
    let mut tester = place.tester();
    let (class, message) = tester.thrown::<&str, Vec<u8>>("std.fs.read", &place.path("in/large"));
    assert_eq!(class, "HostError");
    assert!(message.contains("1048576"), "{message}");
    let mut allowed = Capabilities::none();
    allowed.allow_read("/dev/zero").unwrap();
    assert_eq!(Tester::with(allowed, b"").class::<&str, Vec<u8>>("std.fs.read", "/dev/zero"), "HostError");
}

#[test]
fn odd_paths_are_errors() {
    let place = Place::new("odd");
    let mut tester = place.tester();
    for path in ["", "\0", "in\0", &"x/".repeat(10_000), &"x".repeat(10_000)] {
        let class = tester.class::<&str, Vec<u8>>("std.fs.read", path);
        assert!(class == "HostError" || class == "CapabilityError", "{path:?}");
        let class = tester.class::<(&str, &str), ()>("std.fs.write_text", (path, ""));
        assert!(class == "HostError" || class == "CapabilityError", "{path:?}");
    }
}
