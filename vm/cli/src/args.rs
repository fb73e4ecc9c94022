//! The command line: commands, options and their help.

use crate::size;
use clap::{Args, Parser, Subcommand};
use limosa::{Dispatch, Stress};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  vm run hello.vasm                 assemble a program and run it
  vm asm hello.vasm -o hello.bc     assemble it into a module
  vm run hello.bc                   run the module
  vm dis hello.bc                   show it as text again

Exit codes:
  the program's own, or 0; 1 uncaught exception; 2 wrong usage; 3 input refused;
  4 a limit reached; 70 internal error

`vm COMMAND --help` tells more of a command.";

/// Limosa, an application virtual machine.
#[derive(Debug, Parser)]
#[command(name = "vm", version, after_help = EXAMPLES, disable_help_subcommand = true, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a program
    Run(Box<RunArguments>),
    /// Assemble text into a module
    Asm(AsmArguments),
    /// Show a module as text
    Dis(DisArguments),
    /// Check that a module keeps all rules
    Verify(VerifyArguments),
    /// Show what a module consists of
    Inspect(InspectArguments),
}

const RUN_EXAMPLES: &str = "\
Examples:
  vm run hello.bc
  vm run words.vasm < book.txt                     text is assembled first
  vm run pretty.bc --indent 4                      what follows the file goes to the program
  vm run --allow-read=data life.bc data/glider     a program may only read what is allowed
  vm run --link shapes.bc main.bc                  with another module it imports from
  vm run --fuel=1000000 --heap=16M --deadline=500 untrusted.bc

A program may always use its arguments and the standard streams. Everything else is denied unless
an --allow option names it. Sizes take K, M and G.

Exit codes: the program's own, or 0; 1 uncaught exception (with a trace); 2 wrong usage;
3 not found, not assembled, not verified or not linked; 4 out of fuel or time, or the heap or stack
is too small to start.";

/// `vm run`
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES, override_usage = "vm run [OPTIONS] FILE [ARGS]...")]
pub struct RunArguments {
    /// A module (.bc) or assembly text (.vasm), and the program's arguments
    #[arg(value_names = ["FILE", "ARGS"], num_args = 1.., required = true, trailing_var_arg = true)]
    program: Vec<OsString>,

    /// Also link this module or text; may be given several times
    #[arg(long, value_name = "FILE")]
    pub link: Vec<PathBuf>,

    /// Let the program read a file, or a directory and all in it
    #[arg(long, value_name = "PATH", help_heading = "Capabilities")]
    pub allow_read: Vec<PathBuf>,
    /// Let the program change a file, or a directory and all in it
    #[arg(long, value_name = "PATH", help_heading = "Capabilities")]
    pub allow_write: Vec<PathBuf>,
    /// Let the program read environment variables
    #[arg(long, help_heading = "Capabilities")]
    pub allow_env: bool,
    /// Let the program read the clock
    #[arg(long, help_heading = "Capabilities")]
    pub allow_clock: bool,
    /// Let the program draw random numbers
    #[arg(long, help_heading = "Capabilities")]
    pub allow_random: bool,

    /// Stop after this much work: about one unit for each instruction
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub fuel: Option<u64>,
    /// Memory for objects and stacks
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "256M", help_heading = "Limits")]
    pub heap: usize,
    /// Slots of 8 bytes for the calls of each fiber
    #[arg(long, value_name = "SLOTS", value_parser = size::parse, default_value = "1M", help_heading = "Limits")]
    pub stack: usize,
    /// Stop after this many milliseconds
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    pub deadline: Option<u64>,

    /// Write counters to a file when the program ends
    #[arg(long, value_name = "json:FILE", value_parser = stats_file, help_heading = "Looking inside")]
    pub stats: Option<PathBuf>,
    /// Tell of each garbage collection on the error stream
    #[arg(long, help_heading = "Looking inside")]
    pub gc_log: bool,
    /// Collect garbage more often than needed: always, alloc:N or barrier
    #[arg(long, value_name = "MODE", help_heading = "Looking inside", default_value = "none", hide_default_value = true)]
    pub gc_stress: Stress,
    /// Check the whole heap before and after each collection
    #[arg(long, help_heading = "Looking inside")]
    pub verify_heap: bool,
    /// How instructions follow one another: direct or trampoline
    #[arg(long, value_name = "HOW", value_parser = dispatch, help_heading = "Looking inside")]
    pub dispatch: Option<Dispatch>,
    /// Native code: off is all there is in this version
    #[arg(long, value_name = "MODE", value_parser = ["off"], default_value = "off", hide_possible_values = true, help_heading = "Looking inside")]
    jit: String,
}

impl RunArguments {
    /// The program's file.
    pub fn file(&self) -> PathBuf {
        self.program.first().map(PathBuf::from).unwrap_or_default()
    }

    /// The program's arguments.
    pub fn args(&self) -> &[OsString] {
        self.program.get(1..).unwrap_or_default()
    }
}

fn stats_file(text: &str) -> Result<PathBuf, String> {
    match text.strip_prefix("json:") {
        Some(file) if !file.is_empty() => Ok(file.into()),
        _ => Err("expected json:FILE".to_owned()),
    }
}

fn dispatch(text: &str) -> Result<Dispatch, String> {
    match text {
        "direct" => Ok(Dispatch::Direct),
        "trampoline" => Ok(Dispatch::Trampoline),
        _ => Err("expected direct or trampoline".to_owned()),
    }
}

const ASM_EXAMPLES: &str = "\
Examples:
  vm asm hello.vasm -o hello.bc
  vm dis hello.bc | vm asm - -o again.bc
  vm asm hello.vasm -o hello.bc --json     errors for other programs, one JSON object a line:
      {\"file\":..,\"line\":..,\"col\":..,\"code\":..,\"severity\":..,\"message\":..,\"suggestion\":..}

The module is written if the text can be assembled. Whether it would be refused when it is run is
told as a warning.

Exit codes: 0, or 3 if there were errors.";

/// `vm asm`
#[derive(Debug, Args)]
#[command(after_help = ASM_EXAMPLES)]
pub struct AsmArguments {
    /// The text; - for the standard input
    #[arg(value_name = "FILE.vasm")]
    pub file: PathBuf,
    /// Where the module is written; - for the standard output
    #[arg(short, long, value_name = "OUT.bc")]
    pub output: PathBuf,
    /// Tell of errors as JSON on the standard output
    #[arg(long)]
    pub json: bool,
}

const DIS_EXAMPLES: &str = "\
Examples:
  vm dis hello.bc
  vm dis --no-debug hello.bc
  vm dis hello.bc | vm asm - -o again.bc   gives the same bytes

Exit codes: 0, or 3 if the file is no module.";

/// `vm dis`
#[derive(Debug, Args)]
#[command(after_help = DIS_EXAMPLES)]
pub struct DisArguments {
    /// The module; - for the standard input
    #[arg(value_name = "FILE.bc")]
    pub file: PathBuf,
    /// Leave out source lines and the names of registers
    #[arg(long)]
    pub no_debug: bool,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  vm verify hello.bc
  vm verify --json hello.bc                one JSON object:
      {\"ok\":..,\"rule\":..,\"section\":..,\"function\":..,\"offset\":..,\"operand\":..,\"message\":..}

What does not apply is null. The offset is that of a byte: in the function's code if the rule is one
of the verifier, in the file if it is one of the format.

Exit codes: 0, or 3 if the module is refused.";

/// `vm verify`
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct VerifyArguments {
    /// The module
    #[arg(value_name = "FILE.bc")]
    pub file: PathBuf,
    /// Tell the result as JSON
    #[arg(long)]
    pub json: bool,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  vm inspect hello.bc
  vm inspect --json hello.bc | jq .hash

Exit codes: 0, or 3 if the file is no module.";

/// `vm inspect`
#[derive(Debug, Args)]
#[command(after_help = INSPECT_EXAMPLES)]
pub struct InspectArguments {
    /// The module
    #[arg(value_name = "FILE.bc")]
    pub file: PathBuf,
    /// Show it as JSON
    #[arg(long)]
    pub json: bool,
}
