//! Fibers (chapter *Execution*, *Fibers*): their states, and what resuming and yielding do.

use crate::failure::{Failure, Stop};
use crate::heap::{Contents, ObjectId};
use crate::machine::{Flow, Frame, Machine};
use crate::operands::Instruction;
use crate::program::{Kind, TypeId};
use crate::value::{Value, truth};
use limosa_spec::WellKnown;

/// The number of the main fiber, which has no object.
const MAIN: usize = 0;

/// Where a fiber is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not resumed yet.
    New,
    /// It runs, or waits for a fiber it resumed.
    Running,
    /// It waits in a yield.
    Suspended,
    /// Its function returned or threw.
    Done,
}

/// A fiber.
#[derive(Debug)]
pub struct Fiber<'p> {
    /// Where it is in its life.
    pub state: State,
    /// Its type; None for the main fiber.
    ty: Option<TypeId>,
    /// Its object; None for the main fiber.
    pub object: Option<ObjectId>,
    /// What it will run; None once it started.
    pub closure: Option<ObjectId>,
    /// Its stack, the running frame last.
    pub frames: Vec<Frame<'p>>,
    /// Slots that its frames take.
    pub slots: u64,
    /// The fiber that waits for it.
    pub resumer: Option<usize>,
    /// What the call of the host returned; of the main fiber only.
    pub returned: Option<Vec<Value>>,
}

impl Fiber<'_> {
    /// The main fiber.
    #[must_use]
    pub fn main() -> Self {
        let (state, frames) = (State::Running, Vec::new());
        Fiber { state, ty: None, object: None, closure: None, frames, slots: 0, resumer: None, returned: None }
    }
}

impl<'p> Machine<'p> {
    /// A fiber by its number.
    pub(crate) fn fiber(&self, number: usize) -> Result<&Fiber<'p>, Failure> {
        self.fibers.get(number).and_then(Option::as_ref).ok_or_else(|| Failure::new(format!("there is no fiber {number}")))
    }

    /// A fiber by its number, to be changed.
    pub(crate) fn fiber_mut(&mut self, number: usize) -> Result<&mut Fiber<'p>, Failure> {
        self.fibers.get_mut(number).and_then(Option::as_mut).ok_or_else(|| Failure::new(format!("there is no fiber {number}")))
    }

    /// `fiber.new`
    pub(crate) fn new_fiber(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let ty = self.resolve(i.at(1)?)?;
        let closure = self.object(i.at(2)?)?;
        let Kind::Fiber(signature) = self.program.types.kind(ty) else { return Err(Failure::new("the type is no fiber type").into()) };
        if self.program.types.find(&Kind::Function(signature.clone())) != Some(self.heap.get(closure)?.ty) {
            return Err(Failure::new("the closure of a fiber is of another signature").into());
        }
        let number = self.add_fiber(Fiber { state: State::New, ty: Some(ty), closure: Some(closure), ..Fiber::main() })?;
        let object = match self.allocate(ty, 8, || Contents::Fiber(number)) {
            Ok(object) => object,
            Err(stop) => {
                self.drop_fiber(number)?;
                return Err(stop);
            }
        };
        self.fiber_mut(number)?.object = Some(object);
        self.give_object(i, object)
    }

    fn add_fiber(&mut self, fiber: Fiber<'p>) -> Result<usize, Failure> {
        let Some(number) = self.free_fibers.pop() else {
            self.fibers.push(Some(fiber));
            return Ok(self.fibers.len() - 1);
        };
        let place = self.fibers.get_mut(number).filter(|place| place.is_none());
        *place.ok_or_else(|| Failure::new("a fiber's number is not free"))? = Some(fiber);
        Ok(number)
    }

    /// The number of the fiber that an operand refers to.
    fn fiber_operand(&self, operand: u32) -> Result<usize, Stop> {
        match self.heap.get(self.object(operand)?)?.contents {
            Contents::Fiber(number) => Ok(number),
            _ => Err(Failure::new("the object is no fiber").into()),
        }
    }

    /// `fiber.resume`
    pub(crate) fn resume_fiber(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (_, place) = i.list(0)?;
        let number = self.fiber_operand(i.at(place)?)?;
        let (operands, _) = i.list(place + 1)?;
        let values = self.read_list(operands)?;
        let resumer = self.running;
        match self.fiber(number)?.state {
            State::Running => return Err(Stop::throw_with(WellKnown::FiberError, "fiber is already running")),
            State::Done => return Err(Stop::throw_with(WellKnown::FiberError, "fiber has already ended")),
            State::New => {
                self.run_fiber(number, resumer)?;
                self.start_fiber(values)?;
            }
            State::Suspended => {
                self.run_fiber(number, resumer)?;
                self.deliver(values)?;
            }
        }
        Ok(Flow::Frame)
    }

    fn run_fiber(&mut self, number: usize, resumer: usize) -> Result<(), Failure> {
        let fiber = self.fiber_mut(number)?;
        fiber.state = State::Running;
        fiber.resumer = Some(resumer);
        self.running = number;
        Ok(())
    }

    /// Lays out the first frames of the running fiber, which is new.
    fn start_fiber(&mut self, values: Vec<Value>) -> Result<(), Stop> {
        let running = self.running;
        let fiber = self.fiber_mut(running)?;
        let closure = fiber.closure.take().ok_or_else(|| Failure::new("a new fiber without a closure"))?;
        let ty = fiber.ty.ok_or_else(|| Failure::new("the main fiber is resumed"))?;
        let results = self.program.types.signature(ty).map_or(0, |signature| signature.results.len());
        self.take_slots(2 + results as u64)?;
        self.call_in_new_fiber(closure, values)
    }

    /// `fiber.yield`
    pub(crate) fn yield_fiber(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (_, place) = i.list(0)?;
        let ty = self.resolve(i.at(place)?)?;
        let (operands, _) = i.list(place + 1)?;
        let values = self.read_list(operands)?;
        let refuse = |message: &str| Err(Stop::throw_with(WellKnown::FiberError, message));
        if self.running == MAIN {
            return refuse("yield outside a fiber");
        }
        if self.running()?.ty != Some(ty) {
            return refuse("yield of another type than the running fiber's");
        }
        let running = self.running;
        let fiber = self.fiber_mut(running)?;
        fiber.state = State::Suspended;
        let resumer = fiber.resumer.take().ok_or_else(|| Failure::new("nobody waits for the running fiber"))?;
        self.running = resumer;
        self.deliver(values)?;
        Ok(Flow::Frame)
    }

    /// `fiber.done`
    pub(crate) fn is_fiber_done(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let number = self.fiber_operand(i.at(1)?)?;
        let is_done = self.fiber(number)?.state == State::Done;
        self.give(i, truth(is_done))
    }

    /// The function of the running fiber returned these values.
    pub(crate) fn finish_fiber(&mut self, values: Vec<Value>) -> Result<(), Failure> {
        let running = self.running;
        match self.running()?.resumer {
            None => {
                self.fiber_mut(running)?.returned = Some(values);
                Ok(())
            }
            Some(resumer) => {
                self.end_fiber(resumer)?;
                self.deliver(values)
            }
        }
    }

    /// The running fiber is done, with whatever frames it has; the one that waited for it runs.
    pub(crate) fn end_fiber(&mut self, resumer: usize) -> Result<(), Failure> {
        let running = self.running;
        let fiber = self.fiber_mut(running)?;
        fiber.state = State::Done;
        fiber.resumer = None;
        fiber.frames = Vec::new();
        let slots = std::mem::take(&mut fiber.slots);
        self.heap.stack_bytes -= 8 * slots;
        self.running = resumer;
        Ok(())
    }

    /// Forgets a fiber whose object was reclaimed.
    pub(crate) fn drop_fiber(&mut self, number: usize) -> Result<(), Failure> {
        let fiber = self.fibers.get_mut(number).and_then(Option::take);
        let fiber = fiber.ok_or_else(|| Failure::new("a fiber was dropped twice"))?;
        self.heap.stack_bytes -= 8 * fiber.slots;
        self.free_fibers.push(number);
        Ok(())
    }
}
