//! The programs and their sizes.
//!
//! Each has a folder in `benches/programs/` with its source in every language; all of them take the size as their argument. Without one
//! they take the size to be measured, which is such that the fastest interpreter needs more than a second; a test checks that the sources
//! agree with this table.

use crate::error::Error;
use crate::root;
use std::path::PathBuf;

/// A program that exists for every runtime.
#[derive(Debug)]
pub struct Program {
    /// Its name, that of its folder, and of its files except for Java.
    pub name: &'static str,
    /// The Java class.
    pub class: &'static str,
    /// The size to measure.
    pub size: u64,
    /// A size for tests, done in a moment.
    pub small: u64,
    /// Whether all runtimes do the same work; if not, it is shown, but does not count.
    pub counts: bool,
}

const fn program(name: &'static str, class: &'static str, size: u64, small: u64) -> Program {
    Program { name, class, size, small, counts: true }
}

/// All programs, in the order of the table.
pub const PROGRAMS: &[Program] = &[
    program("fib", "Fib", 39, 20),
    program("xorshift", "Xorshift", 150_000_000, 1_000),
    program("loops", "Loops", 1_300, 60),
    program("sieve", "Sieve", 160, 1),
    program("nbody", "NBody", 3_000_000, 1_000),
    program("mandelbrot", "Mandelbrot", 1_800, 40),
    program("matmul", "Matmul", 600, 30),
    program("spectralnorm", "SpectralNorm", 1_500, 50),
    program("fannkuch", "Fannkuch", 20, 1),
    program("binarytrees", "BinaryTrees", 17, 6),
    program("strings", "Strings", 6_500, 2),
    program("hashmap", "Hashmap", 20_000_000, 20_000),
    // The peers' own maps, beside the map that the program brings along.
    Program { counts: false, ..program("hashmap_builtin", "HashmapBuiltin", 20_000_000, 20_000) },
    program("virtual", "Virtual", 1_500_000, 1_000),
    program("interface", "Interface", 6_000_000, 1_000),
    program("closure", "Closure", 8_000_000, 1_000),
    program("exceptions", "Exceptions", 7_000_000, 1_000),
    program("interpreter", "Interpreter", 5_000_000, 1_000),
    program("quicksort", "Quicksort", 60, 1),
    program("heapsort", "Heapsort", 40, 1),
];

/// The programs named, or all.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Program>, Error> {
    if names.is_empty() {
        return Ok(PROGRAMS.iter().collect());
    }
    names.iter().map(|name| named(name)).collect()
}

fn named(name: &str) -> Result<&'static Program, Error> {
    PROGRAMS.iter().find(|program| program.name == name).ok_or_else(|| {
        let known = PROGRAMS.iter().map(|program| program.name).collect::<Vec<_>>().join(", ");
        Error::Unknown { kind: "program", name: name.to_owned(), known }
    })
}

impl Program {
    /// The folder of the sources.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        root().join("benches/programs").join(self.name)
    }

    /// A file of the folder, if the program has it.
    fn file(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder().join(name)).filter(|path| path.is_file())
    }

    /// The assembly text.
    #[must_use]
    pub fn text(&self) -> PathBuf {
        match self.name {
            "nbody" => root().join("examples/nbody.vasm"),
            "hashmap_builtin" => root().join("benches/programs/hashmap/hashmap.vasm"),
            name => self.folder().join(format!("{name}.vasm")),
        }
    }

    /// The source for Lua.
    #[must_use]
    pub fn lua(&self) -> Option<PathBuf> {
        self.file(&format!("{}.lua", self.name))
    }

    /// The source for LuaJIT: its own where the two differ, else that for Lua.
    #[must_use]
    pub fn luajit(&self) -> Option<PathBuf> {
        self.file(&format!("{}.luajit.lua", self.name)).or_else(|| self.lua())
    }

    /// The source for Java.
    #[must_use]
    pub fn java(&self) -> Option<PathBuf> {
        self.file(&format!("{}.java", self.class))
    }

    /// The source in C.
    #[must_use]
    pub fn c(&self) -> Option<PathBuf> {
        self.file(&format!("{}.c", self.name))
    }

    /// What it prints with the small size.
    #[must_use]
    pub fn expected(&self) -> PathBuf {
        self.folder().join("small.txt")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn the_sources_agree_on_the_size() -> Result<(), Box<dyn Error>> {
        for program in PROGRAMS {
            let plain = program.size.to_string();
            let grouped = grouped(&plain);
            for entry in std::fs::read_dir(program.folder())? {
                let path = entry?.path();
                if path == program.expected() {
                    continue;
                }
                let text = std::fs::read_to_string(&path)?;
                let written = match path.extension().and_then(|extension| extension.to_str()) {
                    Some("vasm") => format!("size({grouped})"),
                    Some("lua") => format!("tonumber(arg[1]) or {plain}"),
                    Some("java") => format!(" : {grouped};"),
                    Some("c") => format!(" : {plain}"),
                    _ => return Err(format!("{}: of what language?", path.display()).into()),
                };
                assert!(text.contains(&written), "{} has another size than {written}", path.display());
            }
        }
        Ok(())
    }

    /// The digits in groups of three: `1_000`.
    fn grouped(digits: &str) -> String {
        let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
        String::from_utf8_lossy(&groups.join(&b'_')).into_owned()
    }
}
