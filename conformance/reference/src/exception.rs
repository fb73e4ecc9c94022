//! Exceptions (chapter *Execution*, *Exceptions*): making them, and taking them to their handlers.

use crate::failure::{Failure, Stop, Thrown};
use crate::heap::{Contents, Elements, ObjectId};
use crate::machine::{Flow, Machine, Progress};
use crate::operands::Instruction;
use crate::program::Kind;
use crate::value::Value;
use limosa_spec::{Type, WellKnown};
use std::rc::Rc;

/// The fields of `Error`, which come first in every exception.
const MESSAGE: usize = 0;
const CAUSE: usize = 1;
const TRACE: usize = 2;

impl<'p> Machine<'p> {
    /// `throw`
    pub(crate) fn throw_object(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let exception = self.object(i.at(0)?)?;
        if !self.is_instance(exception, Self::well_known(WellKnown::Error).0)? {
            return Err(Failure::new("what is thrown is no `Error`").into());
        }
        Err(Stop::Throw(Thrown::Object(exception)))
    }

    /// Begins the way of an exception: makes it if it is new, fills in its trace if it has none, and lets it wait for [`Machine::unwind`].
    pub(crate) fn throw(&mut self, thrown: Thrown) -> Result<(), Failure> {
        let exception = match thrown {
            Thrown::Object(exception) => exception,
            Thrown::New(class, message) => match self.new_exception(class, &message) {
                Ok(exception) => exception,
                Err(Stop::Throw(Thrown::Object(exhausted))) => exhausted,
                Err(Stop::Fail(failure)) => return Err(failure),
                Err(other) => return Err(Failure::new(format!("an exception cannot be made: {other:?}"))),
            },
        };
        self.pending = Some(exception);
        self.fill_trace(exception)
    }

    fn new_exception(&mut self, class: WellKnown, message: &str) -> Result<ObjectId, Stop> {
        let text: Rc<str> = Rc::from(message);
        let text = self.allocate(Type::STR.code(), 4 + text.len() as u64, || Contents::Text(text))?;
        self.temporaries.push(text);
        let exception = self.new_instance(Self::well_known(class).0);
        self.temporaries.pop();
        let exception = exception?;
        *self.field_mut(exception, MESSAGE)? = Value::Reference(Some(text));
        Ok(exception)
    }

    /// The exception that is thrown when memory is exhausted: always the same object, made before anything runs.
    pub(crate) fn exhausted(&mut self) -> Result<ObjectId, Stop> {
        match Stop::throw(WellKnown::OutOfMemory) {
            Stop::Throw(Thrown::New(class, message)) => self.new_exception(class, &message),
            other => Err(other),
        }
    }

    /// The frames of this moment, if the exception has no trace yet. The one for exhausted memory, which is thrown again and again, gets a
    /// new one each time. Where memory is short, there is none.
    fn fill_trace(&mut self, exception: ObjectId) -> Result<(), Failure> {
        let has_trace = *self.field_mut(exception, TRACE)? != Value::Reference(None);
        if has_trace && self.out_of_memory != Some(exception) {
            return Ok(());
        }
        let numbers: Vec<i32> = self.positions().into_iter().flat_map(|(function, pc)| [function as i32, pc as i32]).collect();
        let array = Kind::Array(Type::I32.code());
        let trace = match self.program.types.find(&array) {
            Some(ty) => self.allocate(ty, 4 * numbers.len() as u64, || Contents::Array(Elements::I32(numbers))),
            None => return Err(Failure::new("the program has no type `[i32]`")),
        };
        let trace = match trace {
            Ok(trace) => Some(trace),
            Err(Stop::Fail(failure)) => return Err(failure),
            Err(_) => None,
        };
        *self.field_mut(exception, TRACE)? = Value::Reference(trace);
        Ok(())
    }

    /// Takes the pending exception to the handler that fits, or out of the call that the host made. First the handler is looked for and
    /// charged for, with all frames in place; then the frames above it are dropped.
    pub(crate) fn unwind(&mut self, exception: ObjectId) -> Result<Progress, Stop> {
        let mut number = self.running;
        loop {
            let fiber = self.fiber(number)?;
            for depth in (0..fiber.frames.len()).rev() {
                if let Some(handler) = self.handler(number, depth, exception)? {
                    self.go_to_handler(number, depth, handler, exception)?;
                    return Ok(Progress::On);
                }
            }
            match fiber.resumer {
                Some(resumer) => number = resumer,
                None => break,
            }
        }
        while let Some(resumer) = self.running()?.resumer {
            self.end_fiber(resumer)?;
        }
        self.pending = None;
        Ok(Progress::Threw(exception))
    }

    /// The first entry of a frame's handler table that covers its position and takes the exception: its target and register.
    fn handler(&self, fiber: usize, depth: usize, exception: ObjectId) -> Result<Option<(usize, u32)>, Failure> {
        let frame = self.fiber(fiber)?.frames.get(depth).ok_or_else(|| Failure::new("there is no such frame"))?;
        let Some((module, body)) = frame.code.filter(|_| frame.is_entered) else { return Ok(None) };
        for handler in &body.handlers {
            let covers = (handler.start as usize..handler.end as usize).contains(&frame.pc);
            if covers && self.is_instance(exception, self.program.resolve(module, handler.class))? {
                return Ok(Some((handler.target as usize, handler.register)));
            }
        }
        Ok(None)
    }

    fn go_to_handler(&mut self, fiber: usize, depth: usize, handler: (usize, u32), exception: ObjectId) -> Result<(), Stop> {
        let (target, register) = handler;
        let pc = self.fiber(fiber)?.frames.get(depth).map_or(0, |frame| frame.pc);
        if target <= pc {
            self.fuel.charge((pc - target) as u64 + 1)?;
        }
        while self.running != fiber {
            let resumer = self.running()?.resumer.ok_or_else(|| Failure::new("a fiber that nobody waits for"))?;
            self.end_fiber(resumer)?;
        }
        while self.running()?.frames.len() > depth + 1 {
            self.drop_frame()?;
        }
        self.pending = None;
        self.write(register, Value::Reference(Some(exception)))?;
        self.frame_mut()?.pc = target;
        Ok(())
    }

    /// The message and the cause of an exception.
    pub(crate) fn error_fields(&self, exception: ObjectId) -> Result<(Option<Rc<str>>, Option<ObjectId>), Failure> {
        let Contents::Instance(_, fields) = &self.heap.get(exception)?.contents else { return Ok((None, None)) };
        let message = match fields.get(MESSAGE) {
            Some(Value::Reference(Some(text))) => Some(self.text_of(*text)?),
            _ => None,
        };
        let cause = match fields.get(CAUSE) {
            Some(Value::Reference(cause)) => *cause,
            _ => None,
        };
        Ok((message, cause))
    }

    /// The positions in the trace of an exception.
    pub(crate) fn trace_of(&self, exception: ObjectId) -> Result<Vec<(usize, usize)>, Failure> {
        let Contents::Instance(_, fields) = &self.heap.get(exception)?.contents else { return Ok(Vec::new()) };
        let Some(Value::Reference(Some(trace))) = fields.get(TRACE) else { return Ok(Vec::new()) };
        match &self.heap.get(*trace)?.contents {
            Contents::Array(Elements::I32(numbers)) => {
                Ok(numbers.chunks_exact(2).map(|pair| (pair[0] as usize, pair[1] as usize)).collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
