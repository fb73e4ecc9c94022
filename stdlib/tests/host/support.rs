//! A program that does nothing but pass its arguments on to the library's functions, so that tests can call them one by one.

use limosa::{Arguments, Engine, Host, Isolate, Limits, Program, Results, Trap, TrapKind};
use limosa_stdlib::{Capabilities, Std, Streams};
use std::io;
use std::sync::{Arc, Mutex};

/// All functions with their signatures. Programs rely on them.
pub const FUNCTIONS: &[(&str, &str, &[&str], &[&str])] = &[
    ("std.io", "print", &["str!"], &[]),
    ("std.io", "println", &["str!"], &[]),
    ("std.io", "eprint", &["str!"], &[]),
    ("std.io", "eprintln", &["str!"], &[]),
    ("std.io", "read_line", &[], &["str"]),
    ("std.io", "read_all", &[], &["str!"]),
    ("std.io", "read_bytes", &["i64"], &["[u8]!"]),
    ("std.io", "write_bytes", &["[u8]!", "i64", "i64"], &[]),
    ("std.io", "flush", &[], &[]),
    ("std.env", "args", &[], &["[str]!"]),
    ("std.env", "var", &["str!"], &["str"]),
    ("std.process", "exit", &["i32"], &[]),
    ("std.fs", "read", &["str!"], &["[u8]!"]),
    ("std.fs", "read_text", &["str!"], &["str!"]),
    ("std.fs", "write", &["str!", "[u8]!"], &[]),
    ("std.fs", "write_text", &["str!", "str!"], &[]),
    ("std.fs", "append", &["str!", "[u8]!"], &[]),
    ("std.fs", "exists", &["str!"], &["i32"]),
    ("std.fs", "size", &["str!"], &["i64"]),
    ("std.fs", "list", &["str!"], &["[str]!"]),
    ("std.fs", "remove", &["str!"], &[]),
    ("std.fs", "create_dir", &["str!"], &[]),
    ("std.time", "now", &[], &["i64"]),
    ("std.time", "monotonic", &[], &["i64"]),
    ("std.random", "i64", &[], &["i64"]),
    ("std.random", "f64", &[], &["f64"]),
    ("std.random", "bytes", &["i64"], &["[u8]!"]),
    ("std.fmt", "i32", &["i32"], &["str!"]),
    ("std.fmt", "i64", &["i64"], &["str!"]),
    ("std.fmt", "u64", &["i64"], &["str!"]),
    ("std.fmt", "f32", &["f32"], &["str!"]),
    ("std.fmt", "f64", &["f64"], &["str!"]),
    ("std.fmt", "f64_fixed", &["f64", "i32"], &["str!"]),
    ("std.fmt", "hex", &["i64"], &["str!"]),
    ("std.fmt", "char", &["i32"], &["str!"]),
    ("std.fmt", "parse_i64", &["str!"], &["i32", "i64"]),
    ("std.fmt", "parse_f64", &["str!"], &["i32", "f64"]),
    ("std.math", "sin", &["f64"], &["f64"]),
    ("std.math", "cos", &["f64"], &["f64"]),
    ("std.math", "tan", &["f64"], &["f64"]),
    ("std.math", "asin", &["f64"], &["f64"]),
    ("std.math", "acos", &["f64"], &["f64"]),
    ("std.math", "atan", &["f64"], &["f64"]),
    ("std.math", "sinh", &["f64"], &["f64"]),
    ("std.math", "cosh", &["f64"], &["f64"]),
    ("std.math", "tanh", &["f64"], &["f64"]),
    ("std.math", "exp", &["f64"], &["f64"]),
    ("std.math", "exp2", &["f64"], &["f64"]),
    ("std.math", "ln", &["f64"], &["f64"]),
    ("std.math", "log2", &["f64"], &["f64"]),
    ("std.math", "log10", &["f64"], &["f64"]),
    ("std.math", "cbrt", &["f64"], &["f64"]),
    ("std.math", "atan2", &["f64", "f64"], &["f64"]),
    ("std.math", "pow", &["f64", "f64"], &["f64"]),
    ("std.math", "hypot", &["f64", "f64"], &["f64"]),
    ("std.str", "find", &["str!", "str!", "i64"], &["i64"]),
    ("std.str", "replace", &["str!", "str!", "str!"], &["str!"]),
    ("std.str", "trim", &["str!"], &["str!"]),
    ("std.str", "to_upper", &["str!"], &["str!"]),
    ("std.str", "to_lower", &["str!"], &["str!"]),
    ("std.str", "split", &["str!", "str!"], &["[str]!"]),
    ("std.str", "join", &["[str]!", "str!"], &["str!"]),
    ("std.str", "repeat", &["str!", "i64"], &["str!"]),
    ("std.str", "char_at", &["str!", "i64"], &["i32"]),
    ("std.str", "char_len", &["str!", "i64"], &["i64"]),
    ("std.str", "count_chars", &["str!"], &["i64"]),
    ("std.reflect", "type_name", &["any"], &["str!"]),
];

/// What a program wrote, while and after it runs.
#[derive(Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The program that passes on.
pub struct Tester {
    program: Program<Std>,
    pub isolate: Isolate<Std>,
    pub output: Written,
    pub errors: Written,
}

impl Tester {
    /// With nothing allowed and nothing to read.
    pub fn new() -> Tester {
        Tester::with(Capabilities::none(), b"")
    }

    pub fn with(capabilities: Capabilities, input: &'static [u8]) -> Tester {
        Tester::limited(capabilities, input, Limits::new())
    }

    pub fn limited(capabilities: Capabilities, input: &'static [u8], limits: Limits) -> Tester {
        let (output, errors) = (Written::default(), Written::default());
        let streams = Streams::new(input, output.clone(), errors.clone());
        let std = Std::new(capabilities, streams).with_args(["one", "zwei ü", ""]).with_longest(1 << 20);
        Tester::of(std, limits, output, errors)
    }

    pub fn of(std: Std, limits: Limits, output: Written, errors: Written) -> Tester {
        let program = link(&wrappers());
        let isolate = program.isolate(std, limits).unwrap();
        Tester { program, isolate, output, errors }
    }

    /// Calls a function.
    pub fn call<A: Arguments, R: Results>(&mut self, name: &str, arguments: A::At<'_>) -> Result<R, Trap> {
        let function = self.program.func::<A, R>(&name["std.".len()..]).unwrap();
        self.isolate.call(&function, arguments)
    }

    /// Calls a function that is to throw; gives class and message.
    pub fn thrown<A: Arguments, R: Results>(&mut self, name: &str, arguments: A::At<'_>) -> (String, String) {
        match self.call::<A, R>(name, arguments) {
            Ok(_) => panic!("{name} returned"),
            Err(trap) => match trap.kind() {
                TrapKind::Exception { class } => (class.clone(), trap.message().to_owned()),
                other => panic!("{other:?}"),
            },
        }
    }

    /// The class of what is thrown.
    pub fn class<A: Arguments, R: Results>(&mut self, name: &str, arguments: A::At<'_>) -> String {
        self.thrown::<A, R>(name, arguments).0
    }
}

pub fn link(source: &str) -> Program<Std> {
    let module = limosa_assembler::assemble("test.vasm", source).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let bytes = limosa::spec::encode(&module).unwrap();
    let engine = Engine::new().unwrap();
    let module = engine.module(&bytes).unwrap();
    let mut host = Host::<Std>::new();
    limosa_stdlib::install(&mut host).unwrap();
    host.link(&module).unwrap()
}

fn wrappers() -> String {
    let mut source = String::from("module wrappers\n");
    for (module, name, parameters, results) in FUNCTIONS {
        let list = |types: &[&str], prefix: &str| -> String {
            let named = types
                .iter()
                .enumerate()
                .map(|(index, ty)| if prefix.is_empty() { (*ty).to_owned() } else { format!("{prefix}{index}: {ty}") });
            named.collect::<Vec<_>>().join(", ")
        };
        let names = |count: usize, prefix: &str| (0..count).map(|index| format!("{prefix}{index}")).collect::<Vec<_>>();
        let arrow = if results.is_empty() { String::new() } else { format!(" -> ({})", list(results, "")) };
        let nullable: Vec<&str> = results.iter().map(|ty| ty.trim_end_matches('!')).collect();
        let locals = if results.is_empty() { String::new() } else { format!("    var {}\n", list(&nullable, "r")) };
        let call = [names(results.len(), "r"), vec![format!("{module}.{name}({})", names(parameters.len(), "p").join(", "))]].concat();
        let wrapper = format!("{}.{name}", &module["std.".len()..]);
        source += &format!(
            "import func {module}.{name}({}){arrow}\nexport func {wrapper}\nfunc {wrapper}({}){arrow} {{\n{locals}    call {}\n    ret {}\n}}\n",
            list(parameters, ""),
            list(parameters, "p"),
            call.join(", "),
            names(results.len(), "r").join(", "),
        );
    }
    source
}
