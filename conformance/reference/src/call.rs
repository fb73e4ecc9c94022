//! Calls (chapter *Execution*, *Frames* and *Calls*): finding the callee, entering it, returning from it.

use crate::failure::{Failure, Stop};
use crate::heap::{Contents, ObjectId};
use crate::machine::{Flow, Frame, Machine, Progress};
use crate::operands::Instruction;
use crate::program::{Function, FunctionCode, FunctionId, Kind, Signature, Slot};
use crate::value::Value;
use limosa_spec::{Type, WellKnown};

/// Slots that a frame takes beside its registers.
const HEADER_SLOTS: u64 = 2;

/// What an instruction that calls names, and where its operands are.
struct Callee {
    function: FunctionId,
    arguments: Vec<Value>,
}

impl<'p> Machine<'p> {
    /// `call`, and `tail` without results; the function stands at `place`.
    pub(crate) fn call_function(&mut self, i: Instruction<'p>, place: usize) -> Result<Flow, Stop> {
        let callee = self.static_callee(i, place)?;
        self.call(callee)
    }

    /// `call.virtual` and `call.interface`; the method stands at `place`.
    pub(crate) fn call_method(&mut self, i: Instruction<'p>, place: usize) -> Result<Flow, Stop> {
        let callee = self.method_callee(i, place)?;
        self.call(callee)
    }

    /// `call.closure`; the closure stands at `place`.
    pub(crate) fn call_closure(&mut self, i: Instruction<'p>, place: usize) -> Result<Flow, Stop> {
        let callee = self.closure_callee(i, place)?;
        self.call(callee)
    }

    /// `tail`
    pub(crate) fn tail_function(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let callee = self.static_callee(i, 0)?;
        self.tail(callee)
    }

    /// `tail.virtual` and `tail.interface`
    pub(crate) fn tail_method(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let callee = self.method_callee(i, 0)?;
        self.tail(callee)
    }

    /// `tail.closure`
    pub(crate) fn tail_closure(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let callee = self.closure_callee(i, 0)?;
        self.tail(callee)
    }

    /// A function that is named.
    fn static_callee(&self, i: Instruction<'p>, place: usize) -> Result<Callee, Stop> {
        let (arguments, _) = i.list(place + 1)?;
        Ok(Callee { function: self.function_named(i.at(place)?)?, arguments: self.read_list(arguments)? })
    }

    /// The body of a method in the class of the receiver, or the nearest class above it that gives it one.
    fn method_callee(&self, i: Instruction<'p>, place: usize) -> Result<Callee, Stop> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function calls a method"))?;
        let name = self.program.method(module, Type::from_code(i.at(place)?), i.at(place + 1)?);
        let name = name.ok_or_else(|| Failure::new("there is no such method"))?;
        let (operands, _) = i.list(place + 2)?;
        let receiver = *operands.first().ok_or_else(|| Failure::new("a method is called without a receiver"))?;
        let receiver = self.object(receiver)?;
        let body = self.program.find_body(self.class_of(receiver)?, name);
        let function = body.ok_or_else(|| Failure::new("the method called has no body"))?;
        Ok(Callee { function, arguments: self.read_list(operands)? })
    }

    /// The function of a closure; its first arguments are the values that the closure holds.
    fn closure_callee(&self, i: Instruction<'p>, place: usize) -> Result<Callee, Stop> {
        let (operands, _) = i.list(place + 1)?;
        let closure = self.object(i.at(place)?)?;
        self.bind(closure, self.read_list(operands)?)
    }

    fn bind(&self, closure: ObjectId, given: Vec<Value>) -> Result<Callee, Stop> {
        match &self.heap.get(closure)?.contents {
            Contents::Closure(function, captured) => {
                let arguments = captured.iter().copied().chain(given).collect();
                Ok(Callee { function: *function, arguments })
            }
            _ => Err(Failure::new("what is called is no closure").into()),
        }
    }

    fn call(&mut self, callee: Callee) -> Result<Flow, Stop> {
        self.push_frame(callee.function, callee.arguments)?;
        Ok(Flow::Frame)
    }

    /// Drops the running frame first: what entering the callee throws is thrown by the instruction that called the dropped frame.
    fn tail(&mut self, callee: Callee) -> Result<Flow, Stop> {
        let running = self.frame()?.function;
        let (own, other) = (&self.function(running)?.signature.results, &self.function(callee.function)?.signature.results);
        if own.len() != other.len() {
            return Err(Failure::new("a tail call of a function with another number of results").into());
        }
        self.drop_frame()?;
        self.call(callee)
    }

    /// The first frame of a fiber calls the fiber's closure.
    pub(crate) fn call_in_new_fiber(&mut self, closure: ObjectId, given: Vec<Value>) -> Result<(), Stop> {
        let callee = self.bind(closure, given)?;
        self.call(callee)?;
        Ok(())
    }

    /// The function with an index in the running function's module.
    pub(crate) fn function_named(&self, index: u32) -> Result<FunctionId, Failure> {
        let (module, _) = self.frame()?.code.ok_or_else(|| Failure::new("a host function names a function"))?;
        let function = self.program.modules.get(module).and_then(|names| names.functions.get(index as usize));
        function.copied().ok_or_else(|| Failure::new(format!("there is no function {index}")))
    }

    /// Puts a frame on the running fiber's stack that is still to be entered.
    pub(crate) fn push_frame(&mut self, function: FunctionId, arguments: Vec<Value>) -> Result<(), Failure> {
        let called = self.function(function)?;
        self.check_slots(&arguments, &called.signature.parameters, "argument")?;
        let code = match called.code {
            FunctionCode::Guest { module, .. } => {
                Some((module, self.program.body(called).ok_or_else(|| Failure::new("a function without a body"))?))
            }
            FunctionCode::Host(_) => None,
        };
        let running = self.running;
        let frame = Frame { function, code, pc: 0, registers: arguments, is_entered: false };
        self.fiber_mut(running)?.frames.push(frame);
        Ok(())
    }

    /// Values must have the types that they are declared with.
    pub(crate) fn check_slots(&self, values: &[Value], slots: &[Slot], what: &str) -> Result<(), Failure> {
        if values.len() != slots.len() {
            return Err(Failure::new(format!("{} values where {} are declared", values.len(), slots.len())));
        }
        for (value, slot) in values.iter().zip(slots) {
            if !self.fits(*value, slot.ty)? {
                return Err(Failure::new(format!("{value:?} does not fit the type of the {what}")));
            }
        }
        Ok(())
    }

    /// Entering the function of the running frame: stack, fuel, then arguments that must not be null. What is thrown is thrown by the
    /// caller. A suspension leaves the frame as it is, to be entered again.
    pub(crate) fn enter(&mut self) -> Result<(), Stop> {
        let function = self.function(self.frame()?.function)?;
        let slots = frame_slots(function);
        if self.running()?.slots + slots > self.stack_slots {
            self.pop_frame()?;
            return Err(Stop::throw(WellKnown::StackOverflow));
        }
        if let Err(exhausted) = self.make_room(8 * slots) {
            self.pop_frame()?;
            return Err(exhausted);
        }
        let charge = self.frame()?.code.map_or(1, |(_, body)| body.code.len() as u64);
        self.fuel.charge(charge)?;
        if has_forbidden_null(&self.frame()?.registers, &function.signature.parameters) {
            self.pop_frame()?;
            return Err(Stop::throw(WellKnown::NullError));
        }
        self.take_slots(slots)?;
        let locals = function.registers.get(function.signature.parameters.len()..).unwrap_or_default();
        let locals = self.defaults(locals);
        let frame = self.frame_mut()?;
        frame.registers.extend(locals);
        frame.is_entered = true;
        Ok(())
    }

    /// `ret`
    pub(crate) fn ret(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let (operands, _) = i.list(0)?;
        let values = self.read_list(operands)?;
        self.return_values(values)?;
        Ok(Flow::Frame)
    }

    /// Returns from the running function.
    pub(crate) fn return_values(&mut self, values: Vec<Value>) -> Result<(), Stop> {
        let declared = &self.function(self.frame()?.function)?.signature.results;
        self.check_slots(&values, declared, "result")?;
        if has_forbidden_null(&values, declared) {
            return Err(Stop::throw(WellKnown::NullError));
        }
        self.drop_frame()?;
        if self.running()?.frames.is_empty() {
            return Ok(self.finish_fiber(values)?);
        }
        Ok(self.deliver(values)?)
    }

    /// Writes values to the results of the instruction that waits in the running frame, which then goes on.
    pub(crate) fn deliver(&mut self, values: Vec<Value>) -> Result<(), Failure> {
        // Results are the first operand of everything that waits: calls, `fiber.resume` and `fiber.yield`.
        let (registers, _) = self.instruction()?.list(0)?;
        if registers.len() != values.len() {
            return Err(Failure::new(format!("{} results where {} are waited for", values.len(), registers.len())));
        }
        for (&register, value) in registers.iter().zip(values) {
            self.write(register, value)?;
        }
        self.frame_mut()?.pc += 1;
        Ok(())
    }

    /// Whether the call of the host has returned.
    pub(crate) fn returned(&mut self) -> Result<Progress, Stop> {
        let running = self.running;
        match self.fiber_mut(running)?.returned.take() {
            Some(results) => Ok(Progress::Returned(results)),
            None => Ok(Progress::On),
        }
    }

    /// Drops the running frame, which was entered.
    pub(crate) fn drop_frame(&mut self) -> Result<(), Failure> {
        let function = self.frame()?.function;
        let slots = frame_slots(self.function(function)?);
        self.pop_frame()?;
        self.give_slots(slots)
    }

    /// Drops the running frame, which was not entered and has no slots yet.
    fn pop_frame(&mut self) -> Result<(), Failure> {
        let running = self.running;
        let dropped = self.fiber_mut(running)?.frames.pop();
        dropped.map(|_| ()).ok_or_else(|| Failure::new("there is no frame to drop"))
    }

    /// Counts slots of the running fiber's stack.
    pub(crate) fn take_slots(&mut self, slots: u64) -> Result<(), Failure> {
        let running = self.running;
        self.fiber_mut(running)?.slots += slots;
        self.heap.stack_bytes += 8 * slots;
        Ok(())
    }

    fn give_slots(&mut self, slots: u64) -> Result<(), Failure> {
        let running = self.running;
        self.fiber_mut(running)?.slots -= slots;
        self.heap.stack_bytes -= 8 * slots;
        Ok(())
    }

    /// Makes the running frame, of a host function, one that is still to be entered.
    pub(crate) fn leave_frame(&mut self) -> Result<(), Failure> {
        let slots = frame_slots(self.function(self.frame()?.function)?);
        self.give_slots(slots)?;
        self.frame_mut()?.is_entered = false;
        Ok(())
    }

    /// `closure`
    pub(crate) fn make_closure(&mut self, i: Instruction<'p>) -> Result<Flow, Stop> {
        let function = self.function_named(i.at(1)?)?;
        let (operands, _) = i.list(2)?;
        let captured = self.read_list(operands)?;
        let signature = &self.function(function)?.signature;
        let bound = signature.parameters.get(..captured.len()).ok_or_else(|| Failure::new("a closure binds too many values"))?;
        self.check_slots(&captured, bound, "bound parameter")?;
        let left = Signature { parameters: signature.parameters[captured.len()..].into(), results: signature.results.clone() };
        let ty = self.program.types.find(&Kind::Function(left)).ok_or_else(|| Failure::new("the closure's type is not in the program"))?;
        let closure = self.allocate(ty, 8 * captured.len() as u64, || Contents::Closure(function, captured))?;
        self.give_object(i, closure)
    }
}

/// The slots of a function's frame: two and its registers; those of a host function are its parameters or results, whichever are more.
fn frame_slots(function: &Function) -> u64 {
    let registers = match function.code {
        FunctionCode::Guest { .. } => function.registers.len(),
        FunctionCode::Host(_) => function.signature.parameters.len().max(function.signature.results.len()),
    };
    HEADER_SLOTS + registers as u64
}

fn has_forbidden_null(values: &[Value], slots: &[Slot]) -> bool {
    values.iter().zip(slots).any(|(value, slot)| slot.non_null && *value == Value::Reference(None))
}
