//! How a run ended, told alike for the VM and the reference interpreter, so that it can be compared field by field.

use limosa::TrapKind;
use limosa_reference as reference;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub ending: Ending,
    /// The fuel it used.
    pub fuel_used: u64,
    /// What it wrote to the standard output.
    pub stdout: String,
    /// What it wrote to the error stream.
    pub stderr: String,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code.
    Exit(i32),
    /// With an exception that nothing caught.
    Uncaught {
        /// Its class.
        class: String,
        /// Its message.
        message: String,
        /// Class and message of those that caused it.
        causes: Vec<(String, String)>,
        /// Where it was thrown.
        trace: Vec<String>,
    },
    /// For want of fuel, in these frames.
    Suspended(Vec<String>),
    /// The program did not start, or stopped in a way that is not its own.
    Stopped(String),
    /// A check of the implementation on itself failed.
    Violation(String),
}

/// The outcome of the reference interpreter.
#[must_use]
pub fn of_reference(outcome: &reference::Outcome) -> Ended {
    let ending = match &outcome.ending {
        reference::Ending::Exit(code) => Ending::Exit(*code),
        reference::Ending::Uncaught(exception) => Ending::Uncaught {
            class: exception.class.clone(),
            message: exception.message.clone(),
            causes: exception.causes.clone(),
            trace: exception.trace.iter().map(reference_frame).collect(),
        },
        reference::Ending::Suspended(trace) => Ending::Suspended(trace.iter().map(reference_frame).collect()),
        reference::Ending::StepLimit => Ending::Stopped("steps".to_owned()),
        reference::Ending::HeapTooSmall => Ending::Stopped("heap".to_owned()),
        reference::Ending::Failed(failure) => Ending::Violation(failure.to_string()),
    };
    Ended { ending, fuel_used: outcome.fuel_used, stdout: lossy(&outcome.stdout), stderr: lossy(&outcome.stderr) }
}

/// The end of a run of the VM.
#[must_use]
pub fn of_vm(result: &Result<i32, limosa::Trap>) -> Ending {
    let trap = match result {
        Ok(code) => return Ending::Exit(*code),
        Err(trap) => trap,
    };
    let trace = || trap.trace().frames().iter().map(vm_frame).collect();
    match trap.kind() {
        TrapKind::Exception { class } => Ending::Uncaught {
            class: class.clone(),
            message: trap.message().to_owned(),
            causes: trap.causes().map(|(class, message)| (class.to_owned(), message.to_owned())).collect(),
            trace: trace(),
        },
        TrapKind::Fuel => Ending::Suspended(trace()),
        TrapKind::Exit(code) => Ending::Exit(*code),
        TrapKind::Violation => Ending::Violation(trap.message().to_owned()),
        other => Ending::Stopped(format!("{other:?}: {}", trap.message())),
    }
}

fn reference_frame(frame: &reference::TraceFrame) -> String {
    let (file, line) = frame.line.clone().unzip();
    format!("{}.{} {:?} {file:?} {line:?}", frame.module, frame.function, frame.instruction)
}

fn vm_frame(frame: &limosa::TraceFrame) -> String {
    format!("{}.{} {:?} {:?} {:?}", frame.module, frame.function, frame.instruction, frame.file.as_deref().map(str::to_owned), frame.line)
}

/// Bytes as text, for reports.
#[must_use]
pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Ended {
    /// Whether memory may have run out: then the moment is the implementation's own.
    #[must_use]
    pub fn may_have_exhausted_memory(&self) -> bool {
        let names = |class: &String| class == "OutOfMemory";
        match &self.ending {
            Ending::Uncaught { class, causes, .. } => names(class) || causes.iter().any(|(class, _)| names(class)),
            _ => self.stdout.contains("heap exhausted"),
        }
    }

    /// Where two ends differ, in words.
    #[must_use]
    pub fn difference(&self, other: &Ended) -> Option<String> {
        if self.ending != other.ending {
            return Some(format!("ending {:?}\n  against {:?}", self.ending, other.ending));
        }
        if self.stdout != other.stdout {
            return Some(format!("output\n{}\n  against\n{}", self.stdout, other.stdout));
        }
        if self.stderr != other.stderr {
            return Some(format!("error output\n{}\n  against\n{}", self.stderr, other.stderr));
        }
        (self.fuel_used != other.fuel_used).then(|| format!("fuel used {} against {}", self.fuel_used, other.fuel_used))
    }
}
