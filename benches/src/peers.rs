//! The programs, the runtimes, and the table.

use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What to measure and how.
pub struct Options {
    /// The `vm` binary.
    pub vm: String,
    /// The only program to measure.
    pub only: Option<String>,
    /// Rounds.
    pub runs: usize,
    /// Where the figures go.
    pub json: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options { vm: "target/release/vm".to_owned(), only: None, runs: 5, json: None }
    }
}

/// A program that exists for every runtime.
struct Program {
    name: &'static str,
    /// The assembly text, from the workspace's root.
    text: &'static str,
    lua: &'static str,
    /// The class, whose source is in the same folder.
    java: &'static str,
    arguments: &'static [&'static str],
}

const PROGRAMS: &[Program] = &[
    Program { name: "fib", text: "benches/programs/fib/fib.vasm", lua: "fib/fib.lua", java: "Fib", arguments: &[] },
    Program {
        name: "xorshift",
        text: "benches/programs/xorshift/xorshift.vasm",
        lua: "xorshift/xorshift.luajit.lua",
        java: "Xorshift",
        arguments: &[],
    },
    Program { name: "loops", text: "benches/programs/loops/loops.vasm", lua: "loops/loops.lua", java: "Loops", arguments: &[] },
    Program { name: "sieve", text: "benches/programs/sieve/sieve.vasm", lua: "sieve/sieve.lua", java: "Sieve", arguments: &[] },
    Program { name: "nbody", text: "examples/nbody.vasm", lua: "nbody/nbody.lua", java: "NBody", arguments: &["3000000"] },
    Program {
        name: "mandelbrot",
        text: "benches/programs/mandelbrot/mandelbrot.vasm",
        lua: "mandelbrot/mandelbrot.lua",
        java: "Mandelbrot",
        arguments: &[],
    },
    Program { name: "matmul", text: "benches/programs/matmul/matmul.vasm", lua: "matmul/matmul.lua", java: "Matmul", arguments: &[] },
    Program {
        name: "spectralnorm",
        text: "benches/programs/spectralnorm/spectralnorm.vasm",
        lua: "spectralnorm/spectralnorm.lua",
        java: "SpectralNorm",
        arguments: &[],
    },
    Program {
        name: "fannkuch",
        text: "benches/programs/fannkuch/fannkuch.vasm",
        lua: "fannkuch/fannkuch.lua",
        java: "Fannkuch",
        arguments: &[],
    },
    Program {
        name: "binarytrees",
        text: "benches/programs/binarytrees/binarytrees.vasm",
        lua: "binarytrees/binarytrees.lua",
        java: "BinaryTrees",
        arguments: &[],
    },
    Program { name: "strings", text: "benches/programs/strings/strings.vasm", lua: "strings/strings.lua", java: "Strings", arguments: &[] },
    Program {
        name: "hashmap",
        text: "benches/programs/hashmap/hashmap.vasm",
        lua: "hashmap/hashmap.luajit.lua",
        java: "Hashmap",
        arguments: &[],
    },
    Program { name: "virtual", text: "benches/programs/virtual/virtual.vasm", lua: "virtual/virtual.lua", java: "Virtual", arguments: &[] },
    Program {
        name: "interface",
        text: "benches/programs/interface/interface.vasm",
        lua: "interface/interface.lua",
        java: "Interface",
        arguments: &[],
    },
    Program { name: "closure", text: "benches/programs/closure/closure.vasm", lua: "closure/closure.lua", java: "Closure", arguments: &[] },
    Program {
        name: "exceptions",
        text: "benches/programs/exceptions/exceptions.vasm",
        lua: "exceptions/exceptions.lua",
        java: "Exceptions",
        arguments: &[],
    },
    Program {
        name: "interpreter",
        text: "benches/programs/interpreter/interpreter.vasm",
        lua: "interpreter/interpreter.lua",
        java: "Interpreter",
        arguments: &[],
    },
    Program {
        name: "quicksort",
        text: "benches/programs/quicksort/quicksort.vasm",
        lua: "quicksort/quicksort.lua",
        java: "Quicksort",
        arguments: &[],
    },
    Program {
        name: "heapsort",
        text: "benches/programs/heapsort/heapsort.vasm",
        lua: "heapsort/heapsort.lua",
        java: "Heapsort",
        arguments: &[],
    },
];

/// The first is ours.
const RUNTIMES: [&str; 3] = ["limosa", "luajit -joff", "java -Xint"];

/// Measures, prints the table and stores the figures.
pub fn measure(options: &Options) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the benchmarks lie in the workspace")?;
    let built = std::env::temp_dir().join(format!("limosa-benches-{}", std::process::id()));
    std::fs::create_dir_all(&built).map_err(|error| format!("{}: {error}", built.display()))?;
    let result = measure_in(options, root, &built);
    let _ = std::fs::remove_dir_all(&built);
    result
}

fn measure_in(options: &Options, root: &Path, built: &Path) -> Result<(), String> {
    let mut figures = Map::new();
    let mut ratios = vec![Vec::new(); RUNTIMES.len()];
    println!("| program | limosa | luajit -joff | java -Xint | luajit / limosa | java / limosa |\n|---|---|---|---|---|---|");
    for program in PROGRAMS.iter().filter(|program| options.only.as_ref().is_none_or(|only| only == program.name)) {
        let medians = program.medians(options, root, built)?;
        let seconds = |index: usize| medians[index].map_or("–".to_owned(), |time: f64| format!("{time:.3} s"));
        let ratio = |index: usize| medians[index].zip(medians[0]).map(|(theirs, ours)| theirs / ours);
        let shown = |index: usize| ratio(index).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
        println!("| {} | {} | {} | {} | {} | {} |", program.name, seconds(0), seconds(1), seconds(2), shown(1), shown(2));
        for (index, list) in ratios.iter_mut().enumerate() {
            list.extend(ratio(index));
        }
        let times: Map<String, Value> = RUNTIMES.iter().zip(&medians).map(|(name, time)| ((*name).to_owned(), json!(time))).collect();
        figures.insert(program.name.to_owned(), Value::Object(times));
    }
    let mean = |list: &[f64]| (list.iter().map(|ratio| ratio.ln()).sum::<f64>() / list.len() as f64).exp();
    println!("| geometric mean | | | | {:.2} | {:.2} |", mean(&ratios[1]), mean(&ratios[2]));
    if let Some(path) = &options.json {
        let text = format!("{:#}\n", Value::Object(figures));
        std::fs::write(path, text).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

impl Program {
    /// The median wall time on each runtime, in seconds; None where the runtime is missing.
    fn medians(&self, options: &Options, root: &Path, built: &Path) -> Result<Vec<Option<f64>>, String> {
        let commands = self.commands(options, root, built)?;
        let mut times = vec![Vec::new(); commands.len()];
        let mut expected: Option<Vec<u8>> = None;
        for _ in 0..options.runs {
            for (command, times) in commands.iter().zip(&mut times) {
                let Some(command) = command else { continue };
                let start = Instant::now();
                let output = Command::new(&command[0]).args(&command[1..]).stderr(Stdio::inherit()).output();
                times.push(start.elapsed().as_secs_f64());
                let output = output.map_err(|error| format!("{}: {error}", command[0]))?;
                if !output.status.success() {
                    return Err(format!("{} ended with {}", command.join(" "), output.status));
                }
                if *expected.get_or_insert_with(|| output.stdout.clone()) != output.stdout {
                    return Err(format!("{} prints something else than the others", command.join(" ")));
                }
            }
        }
        Ok(times.into_iter().map(median).collect())
    }

    /// The command line for each runtime, after whatever has to be compiled for it was.
    fn commands(&self, options: &Options, root: &Path, built: &Path) -> Result<Vec<Option<Vec<String>>>, String> {
        let sources = root.join("benches/programs");
        let module = built.join(format!("{}.bc", self.name));
        must_succeed(Command::new(&options.vm).arg("asm").arg(root.join(self.text)).arg("-o").arg(&module))?;
        let has_java = installed("java") && installed("javac");
        if has_java {
            must_succeed(Command::new("javac").arg("-d").arg(built).arg(sources.join(self.name).join(format!("{}.java", self.java))))?;
        }
        let line = |parts: &[&str], file: PathBuf| {
            let parts = parts.iter().map(|part| (*part).to_owned());
            let arguments = self.arguments.iter().map(|argument| (*argument).to_owned());
            parts.chain([file.to_string_lossy().into_owned()]).chain(arguments).collect::<Vec<String>>()
        };
        let classes = built.to_string_lossy();
        let java = ["java", "-Xint", "-XX:StackShadowPages=10", "-cp", &classes];
        Ok(vec![
            Some(line(&[&options.vm, "run"], module)),
            installed("luajit").then(|| line(&["luajit", "-joff"], sources.join(self.lua))),
            has_java.then(|| line(&java, PathBuf::from(self.java))),
        ])
    }
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

fn installed(program: &str) -> bool {
    let version = if program == "luajit" { "-v" } else { "-version" };
    Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn must_succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().to_string_lossy()))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}
