//! Host functions (chapter *Standard library*): what programs import from modules named `std.…`, one file for each module.
//!
//! A host function is called like any other; it takes its arguments from its frame, may charge for the bytes it works on, and fails by
//! throwing. None of these calls back into the program.

mod env;
mod fmt;
mod fs;
mod io;
mod math;
mod process;
mod random;
mod reflect;
mod str;
mod time;

use crate::capabilities::Capabilities;
use crate::failure::{Failure, Stop};
use crate::heap::{Contents, Elements, ObjectId};
use crate::machine::{Machine, Progress};
use crate::program::{FunctionCode, Kind, Slot, TypeId};
use crate::streams::Streams;
use crate::value::{Number, Value};
use limosa_spec::{Type, WellKnown};
use std::rc::Rc;
use std::time::Instant;

/// A function that the host offers.
#[derive(Debug)]
pub struct HostFunction {
    /// The module it is imported from.
    pub module: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [Shape],
    /// Its results.
    pub results: &'static [Shape],
    run: fn(&mut Call<'_, '_>) -> Result<Vec<Given>, Stop>,
}

/// The types that signatures of host functions are made of. References are non-null where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `str!`
    Text,
    /// `str`
    TextOrNull,
    /// `[u8]!`
    Bytes,
    /// `[str]!`
    Texts,
    /// `any`
    AnyOrNull,
}

impl Shape {
    /// The type in a program in which `[u8]` and `[str]` have these numbers.
    #[must_use]
    pub fn slot(self, bytes: TypeId, texts: TypeId) -> Slot {
        let (ty, non_null) = match self {
            Shape::I32 => (Type::I32.code(), false),
            Shape::I64 => (Type::I64.code(), false),
            Shape::F32 => (Type::F32.code(), false),
            Shape::F64 => (Type::F64.code(), false),
            Shape::Text => (Type::STR.code(), true),
            Shape::TextOrNull => (Type::STR.code(), false),
            Shape::Bytes => (bytes, true),
            Shape::Texts => (texts, true),
            Shape::AnyOrNull => (Type::ANY.code(), false),
        };
        Slot { ty, non_null }
    }
}

/// A result of a host function, before it is an object of the program.
enum Given {
    I32(i32),
    I64(i64),
    F64(f64),
    Text(String),
    Null,
    Bytes(Vec<u8>),
    Texts(Vec<String>),
}

/// The host function of this name, if there is one.
#[must_use]
pub fn find(module: &str, name: &str) -> Option<&'static HostFunction> {
    let all = [
        env::FUNCTIONS,
        fmt::FUNCTIONS,
        fs::FUNCTIONS,
        io::FUNCTIONS,
        math::FUNCTIONS,
        process::FUNCTIONS,
        random::FUNCTIONS,
        reflect::FUNCTIONS,
        str::FUNCTIONS,
        time::FUNCTIONS,
    ];
    all.into_iter().flatten().find(|function| function.module == module && function.name == name)
}

/// What host functions work on.
pub struct HostState {
    /// The program's arguments.
    pub arguments: Vec<String>,
    /// Its standard streams.
    pub streams: Streams,
    /// What it may do.
    pub capabilities: Capabilities,
    /// Bytes of the longest text or array that is read or made.
    pub longest: usize,
    /// When it was started.
    pub started: Instant,
}

/// A call of a host function.
struct Call<'m, 'p> {
    machine: &'m mut Machine<'p>,
    arguments: Vec<Value>,
    /// Fuel that it charged, to be given back if it suspends.
    charged: u64,
}

impl Call<'_, '_> {
    fn argument(&self, index: usize) -> Result<Value, Failure> {
        self.arguments.get(index).copied().ok_or_else(|| Failure::new("a host function lacks an argument"))
    }

    fn number<T: Number>(&self, index: usize) -> Result<T, Failure> {
        T::of(self.argument(index)?).ok_or_else(|| Failure::new("an argument of a host function is of another type"))
    }

    fn reference(&self, index: usize) -> Result<Option<ObjectId>, Failure> {
        match self.argument(index)? {
            Value::Reference(object) => Ok(object),
            _ => Err(Failure::new("an argument of a host function is no reference")),
        }
    }

    fn object(&self, index: usize) -> Result<ObjectId, Failure> {
        self.reference(index)?.ok_or_else(|| Failure::new("an argument of a host function is null"))
    }

    fn text(&self, index: usize) -> Result<Rc<str>, Failure> {
        self.machine.text_of(self.object(index)?)
    }

    fn bytes(&self, index: usize) -> Result<Vec<u8>, Failure> {
        Ok(self.machine.bytes(self.object(index)?)?.to_vec())
    }

    fn texts(&self, index: usize) -> Result<Vec<Option<Rc<str>>>, Failure> {
        match self.machine.elements(self.object(index)?)? {
            Elements::References(elements) => {
                elements.iter().map(|element| element.map(|text| self.machine.text_of(text)).transpose()).collect()
            }
            _ => Err(Failure::new("an argument of a host function is no array of strings")),
        }
    }

    fn host(&mut self) -> &mut HostState {
        &mut self.machine.host
    }

    /// Charges for bytes that will be worked on. If that does not fit, the call is made again later: nothing may have happened before.
    fn charge(&mut self, bytes: usize) -> Result<(), Stop> {
        self.charged += self.machine.fuel.charge_bytes(bytes as u64)?;
        Ok(())
    }

    /// Charges for bytes that were worked on, where nobody could know before how many they are.
    fn charge_done(&mut self, bytes: usize) {
        self.machine.fuel.owe_bytes(bytes as u64);
    }
}

/// An exception with a message, of a class other than `HostError`.
fn thrown<T>(class: WellKnown, message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::throw_with(class, message))
}

/// A `HostError`.
fn failed(message: impl Into<String>) -> Stop {
    Stop::throw_with(WellKnown::HostError, message)
}

/// Bytes as text.
fn utf8(bytes: Vec<u8>, what: &str) -> Result<String, Stop> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Stop::throw_with(WellKnown::EncodingError, format!("{what} is not UTF-8 at byte {at}"))
    })
}

impl Machine<'_> {
    /// Runs the host function whose frame is the running one, and returns from it.
    pub(crate) fn run_host_function(&mut self) -> Result<Progress, Stop> {
        let frame = self.frame()?;
        let arguments = frame.registers.clone();
        let FunctionCode::Host(function) = self.function(frame.function)?.code else {
            return Err(Failure::new("a function of a module without code").into());
        };
        let mut call = Call { machine: self, arguments, charged: 0 };
        let given = match (function.run)(&mut call) {
            Ok(given) => given,
            Err(Stop::Suspend) => {
                let charged = call.charged;
                self.leave_host_function(charged)?;
                return Err(Stop::Suspend);
            }
            Err(stop) => return Err(stop),
        };
        let values = self.values_of(given);
        self.temporaries.clear();
        self.return_values(values?)?;
        self.returned()
    }

    /// The call is made again when the isolate goes on, so entering it is undone.
    fn leave_host_function(&mut self, charged: u64) -> Result<(), Failure> {
        self.fuel.give_back(1 + charged);
        self.leave_frame()
    }

    fn values_of(&mut self, given: Vec<Given>) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::new();
        for result in given {
            let object = match result {
                Given::I32(number) => {
                    values.push(number.value());
                    continue;
                }
                Given::I64(number) => {
                    values.push(number.value());
                    continue;
                }
                Given::F64(number) => {
                    values.push(number.value());
                    continue;
                }
                Given::Null => None,
                Given::Text(text) => Some(self.new_string(&text)?),
                Given::Bytes(bytes) => Some(self.new_bytes(&bytes)?),
                Given::Texts(texts) => Some(self.new_texts(&texts)?),
            };
            self.temporaries.extend(object);
            values.push(Value::Reference(object));
        }
        Ok(values)
    }

    /// A new array of new strings.
    fn new_texts(&mut self, texts: &[String]) -> Result<ObjectId, Stop> {
        let ty = self.program.types.find(&Kind::Array(Type::STR.code())).ok_or_else(|| Failure::new("the program has no type `[str]`"))?;
        self.make_room(4 * texts.len() as u64)?;
        let mut strings = Vec::with_capacity(texts.len());
        for text in texts {
            let string = self.new_string(text)?;
            self.temporaries.push(string);
            strings.push(Some(string));
        }
        self.allocate(ty, 4 * texts.len() as u64, || Contents::Array(Elements::References(strings)))
    }
}
