//! An isolate (chapter *Execution*): its heap, globals and fibers, and the loop that runs one instruction after the other.
//!
//! The loop is the only one there is: calls, fibers and exceptions change which frame is the running one, and nothing here recurses.

use crate::executed::Executed;
use crate::failure::{Failure, Stop};
use crate::fiber::Fiber;
use crate::fuel::Fuel;
use crate::heap::{Contents, Heap, ObjectId};
use crate::host::HostState;
use crate::program::{FunctionId, Kind, Program, Text, TypeId};
use crate::value::{self, Value};
use limosa_spec::module::{Body, Constant};
use limosa_spec::{Type, WellKnown};
use std::collections::HashMap;

/// The least slots of a stack.
const LEAST_SLOTS: u64 = 512;

/// An isolate.
pub struct Machine<'p> {
    /// What it runs.
    pub program: &'p Program,
    pub(crate) heap: Heap,
    pub(crate) globals: Vec<Value>,
    /// The string constants that were used already.
    pub(crate) string_constants: HashMap<Text, ObjectId>,
    /// Fibers by number; the main fiber is 0.
    pub(crate) fibers: Vec<Option<Fiber<'p>>>,
    /// Numbers of fibers that were dropped.
    pub(crate) free_fibers: Vec<usize>,
    /// The running fiber.
    pub(crate) running: usize,
    pub(crate) fuel: Fuel,
    /// Slots that the frames of a fiber may take.
    pub(crate) stack_slots: u64,
    /// The exception on its way to a handler.
    pub(crate) pending: Option<ObjectId>,
    /// The exception that says that memory is exhausted, made before it is.
    pub(crate) out_of_memory: Option<ObjectId>,
    /// Objects that the machine holds while it makes others.
    pub(crate) temporaries: Vec<ObjectId>,
    /// The last identity hash given.
    pub(crate) identity: u32,
    /// What host functions work on.
    pub host: HostState,
    /// The instructions that were executed.
    pub(crate) executed: Executed,
}

/// The frame of a call.
#[derive(Debug)]
pub struct Frame<'p> {
    /// The function.
    pub function: FunctionId,
    /// The module that defines it, and its body; None for a host function.
    pub code: Option<(usize, &'p Body)>,
    /// The instruction that is executed, or waits for the call it made.
    pub pc: usize,
    /// The registers.
    pub registers: Vec<Value>,
    /// Whether entering the function is complete; until then the registers are only the arguments.
    pub is_entered: bool,
}

/// Where control goes after an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// To this one.
    Jump(usize),
    /// To whatever the running frame is now; its position is set.
    Frame,
}

/// What a step of the machine came to.
#[derive(Debug)]
pub enum Progress {
    /// It goes on.
    On,
    /// The call of the host returned these results.
    Returned(Vec<Value>),
    /// The call of the host threw.
    Threw(ObjectId),
}

/// Why the machine does not go on.
#[derive(Debug)]
pub enum Ended {
    /// The entry point returned.
    Returned(Vec<Value>),
    /// An exception was not caught.
    Threw(ObjectId),
    /// The fuel does not suffice for what comes next.
    Suspended,
    /// The limit on steps is reached.
    Steps,
    /// The program asked to exit.
    Exit(i32),
    /// The reference failed.
    Failed(Failure),
}

impl<'p> Machine<'p> {
    /// An isolate of a program, its globals at their initial values.
    pub fn new(program: &'p Program, heap: u64, stack: u64, fuel: Option<u64>, host: HostState) -> Result<Machine<'p>, Stop> {
        let mut machine = Machine {
            program,
            heap: Heap::new(heap),
            globals: Vec::new(),
            string_constants: HashMap::new(),
            fibers: vec![Some(Fiber::main())],
            free_fibers: Vec::new(),
            running: 0,
            fuel: Fuel::new(fuel),
            stack_slots: stack.max(LEAST_SLOTS),
            pending: None,
            out_of_memory: None,
            temporaries: Vec::new(),
            identity: 0,
            host,
            executed: Executed::default(),
        };
        machine.out_of_memory = Some(machine.exhausted()?);
        for global in &program.globals {
            let initial = match global.initial {
                Constant::Str(text) => Value::Reference(Some(machine.string_constant(text)?)),
                constant => constant_value(constant)?,
            };
            machine.globals.push(initial);
        }
        Ok(machine)
    }

    /// Calls a function without parameters from the host, in the main fiber.
    pub fn start(&mut self, function: FunctionId) -> Result<(), Failure> {
        let results = self.function(function)?.signature.results.len() as u64;
        self.take_slots(2 + results.max(1))?;
        self.push_frame(function, Vec::new())
    }

    /// Runs until the call of the host ends, or so many more instructions have been executed.
    pub fn run(&mut self, mut steps: u64) -> Ended {
        loop {
            let step = match self.pending {
                Some(exception) => self.unwind(exception),
                None if steps == 0 => return Ended::Steps,
                None => {
                    steps -= 1;
                    self.step()
                }
            };
            match step {
                Ok(Progress::On) => {}
                Ok(Progress::Returned(results)) => return Ended::Returned(results),
                Ok(Progress::Threw(exception)) => return Ended::Threw(exception),
                Err(Stop::Suspend) => return Ended::Suspended,
                Err(Stop::Exit(code)) => return Ended::Exit(code),
                Err(Stop::Fail(failure)) => return Ended::Failed(self.located(failure)),
                Err(Stop::Throw(thrown)) => {
                    if let Err(failure) = self.throw(thrown) {
                        return Ended::Failed(failure);
                    }
                }
            }
        }
    }

    /// Enters the function whose frame is the running one, or executes its next instruction.
    fn step(&mut self) -> Result<Progress, Stop> {
        let frame = self.frame()?;
        if !frame.is_entered {
            self.enter()?;
            return Ok(Progress::On);
        }
        if frame.code.is_none() {
            return self.run_host_function();
        }
        let instruction = self.instruction()?;
        let opcode = instruction.opcode;
        let flow = self.execute(instruction);
        self.executed.note(opcode, &flow);
        match flow? {
            Flow::Next => self.frame_mut()?.pc += 1,
            Flow::Jump(target) => self.jump(target)?,
            Flow::Frame => return self.returned(),
        }
        Ok(Progress::On)
    }

    /// Where in the program a failure came up.
    fn located(&self, failure: Failure) -> Failure {
        let Some(frame) = self.trace().into_iter().next() else { return failure };
        Failure::new(format!("{} (in {frame})", failure.message))
    }

    /// A function of the program.
    pub(crate) fn function(&self, function: FunctionId) -> Result<&'p crate::program::Function, Failure> {
        self.program.functions.get(function).ok_or_else(|| Failure::new(format!("there is no function {function}")))
    }

    /// The running fiber.
    pub(crate) fn running(&self) -> Result<&Fiber<'p>, Failure> {
        self.fiber(self.running)
    }

    /// The running frame.
    pub(crate) fn frame(&self) -> Result<&Frame<'p>, Failure> {
        self.running()?.frames.last().ok_or_else(|| Failure::new("no frame runs"))
    }

    /// The running frame, to be changed.
    pub(crate) fn frame_mut(&mut self) -> Result<&mut Frame<'p>, Failure> {
        let running = self.running;
        self.fiber_mut(running)?.frames.last_mut().ok_or_else(|| Failure::new("no frame runs"))
    }

    /// The type that a type of the running function's module is in the program.
    pub(crate) fn resolve(&self, ty: u32) -> Result<TypeId, Failure> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function has no code"))?;
        let resolved = self.program.resolve(module, Type::from_code(ty));
        if *self.program.types.kind(resolved) == Kind::Reserved {
            Err(Failure::new(format!("there is no type {ty}")))
        } else {
            Ok(resolved)
        }
    }

    /// The object of a string constant, made at its first use.
    pub(crate) fn string_constant(&mut self, text: Text) -> Result<ObjectId, Stop> {
        if let Some(&object) = self.string_constants.get(&text) {
            return Ok(object);
        }
        let found = self.program.texts.get(text as usize).cloned().ok_or_else(|| Failure::new("there is no such text"))?;
        let object = self.allocate(Type::STR.code(), 4 + found.len() as u64, || Contents::Text(found))?;
        self.string_constants.insert(text, object);
        Ok(object)
    }

    /// Whether an object is an instance of a type.
    pub(crate) fn is_instance(&self, object: ObjectId, ty: TypeId) -> Result<bool, Failure> {
        let found = self.heap.get(object)?;
        Ok(match (self.program.types.kind(ty), &found.contents) {
            (Kind::Any, _) => true,
            (Kind::Class(wanted), Contents::Instance(class, _)) => self.program.extends(*class, *wanted),
            (Kind::Interface(wanted), Contents::Instance(class, _)) => {
                self.program.classes.get(*class).is_some_and(|class| class.interfaces.binary_search(wanted).is_ok())
            }
            (Kind::Str | Kind::Array(_) | Kind::Function(_) | Kind::Fiber(_), _) => found.ty == ty,
            _ => false,
        })
    }

    /// Whether a register, field, element or global of a type can hold a value.
    pub(crate) fn fits(&self, value: Value, ty: TypeId) -> Result<bool, Failure> {
        Ok(match (value, self.program.types.kind(ty)) {
            (Value::I32(_), kind) => *kind == Kind::I32 || kind.is_storage(),
            (Value::I64(_), kind) => *kind == Kind::I64,
            (Value::F32(_), kind) => *kind == Kind::F32,
            (Value::F64(_), kind) => *kind == Kind::F64,
            (Value::Reference(None), kind) => kind.is_reference(),
            (Value::Reference(Some(object)), _) => self.is_instance(object, ty)?,
        })
    }

    /// The class of an object that is an instance of one.
    pub(crate) fn class_of(&self, object: ObjectId) -> Result<usize, Failure> {
        match self.heap.get(object)?.contents {
            Contents::Instance(class, _) => Ok(class),
            _ => Err(Failure::new("an object that is no instance of a class where one is asked for")),
        }
    }

    /// The class of a well-known class: they have the first numbers.
    pub(crate) fn well_known(class: WellKnown) -> (TypeId, usize) {
        (Type::well_known(class).code(), class as usize)
    }

    /// The values that registers of these types start with.
    pub(crate) fn defaults(&self, types: &[TypeId]) -> Vec<Value> {
        types.iter().map(|&ty| value::default(&self.program.types, ty)).collect()
    }
}

/// A constant of a pool, or an initial value, as a value.
pub(crate) fn constant_value(constant: Constant) -> Result<Value, Failure> {
    match constant {
        Constant::I32(number) => Ok(Value::I32(number)),
        Constant::I64(number) => Ok(Value::I64(number)),
        Constant::F32(number) => Ok(Value::F32(number)),
        Constant::F64(number) => Ok(Value::F64(number)),
        Constant::Null => Ok(Value::Reference(None)),
        Constant::Str(_) => Err(Failure::new("a string in a pool of constants")),
    }
}
