//! Objects and the memory they take (chapter *Execution*, *Memory*).
//!
//! Objects stand in one table and refer to each other by their places in it, so that however long a chain they form, nothing recurses.
//! How large objects are is up to the implementation; here it is a header of eight bytes and the contents, rounded up to eight bytes:
//!
//! | object | contents |
//! |---|---|
//! | instance | the sizes of its fields: 1, 2, 4 or 8 bytes, 4 for a reference |
//! | array | the sizes of its elements |
//! | string | 4 bytes and the text |
//! | closure | 8 bytes for each captured value |
//! | fiber | 8 bytes, and 8 for each slot its frames take |
//!
//! The stack of the main fiber counts likewise. [`collect`](crate::collect) frees what cannot be reached any more.

use crate::failure::Failure;
use crate::program::{ClassId, FunctionId, TypeId};
use crate::value::Value;
use std::rc::Rc;

/// An object, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(u32);

/// An object.
#[derive(Debug)]
pub struct Object {
    /// Its type: a class, `str`, or an array, function or fiber type.
    pub ty: TypeId,
    /// Its identity hash; 0 while none was asked for.
    pub identity: u32,
    /// What it consists of.
    pub contents: Contents,
    /// What it counts.
    bytes: u64,
    /// Found by the collection that runs.
    pub(crate) is_marked: bool,
}

/// What an object consists of.
#[derive(Debug)]
pub enum Contents {
    /// An instance of a class: its fields, those of the topmost class first.
    Instance(ClassId, Vec<Value>),
    /// An array.
    Array(Elements),
    /// A string.
    Text(Rc<str>),
    /// A closure: the function and the values of its first parameters.
    Closure(FunctionId, Vec<Value>),
    /// A fiber, by its number.
    Fiber(usize),
}

/// The elements of an array.
#[derive(Debug)]
#[allow(missing_docs, reason = "named as the types of the elements")]
pub enum Elements {
    I8(Vec<i8>),
    U8(Vec<u8>),
    I16(Vec<i16>),
    U16(Vec<u16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    References(Vec<Option<ObjectId>>),
}

impl Contents {
    /// Bytes before rounding, without the header.
    fn bytes(&self, field_bytes: u64) -> u64 {
        match self {
            Contents::Instance(..) => field_bytes,
            Contents::Array(elements) => elements.bytes(),
            Contents::Text(text) => 4 + text.len() as u64,
            Contents::Closure(_, captured) => 8 * captured.len() as u64,
            Contents::Fiber(_) => 8,
        }
    }

    /// The objects it refers to, but for those of a fiber's frames.
    pub(crate) fn references(&self) -> Box<dyn Iterator<Item = ObjectId> + '_> {
        let of_value = |value: &Value| match value {
            Value::Reference(object) => *object,
            _ => None,
        };
        match self {
            Contents::Instance(_, values) | Contents::Closure(_, values) => Box::new(values.iter().filter_map(of_value)),
            Contents::Array(Elements::References(elements)) => Box::new(elements.iter().filter_map(|element| *element)),
            Contents::Array(_) | Contents::Text(_) | Contents::Fiber(_) => Box::new(std::iter::empty()),
        }
    }
}

/// What an object with so many bytes of contents counts.
#[must_use]
pub fn object_bytes(contents: u64) -> u64 {
    (8 + contents).next_multiple_of(8)
}

/// The table of objects.
#[derive(Debug)]
pub struct Heap {
    objects: Vec<Option<Object>>,
    free: Vec<u32>,
    /// Bytes that may be counted together.
    pub limit: u64,
    /// Bytes of all objects in the table.
    pub object_bytes: u64,
    /// Bytes of all stacks.
    pub stack_bytes: u64,
    /// When to collect, so that garbage is never much more than what is live.
    pub collect_at: u64,
}

/// Bytes that are always let grow before a collection.
pub(crate) const LEAST_GROWTH: u64 = 16 << 20;

impl Heap {
    /// An empty heap.
    #[must_use]
    pub fn new(limit: u64) -> Heap {
        Heap { objects: Vec::new(), free: Vec::new(), limit, object_bytes: 0, stack_bytes: 0, collect_at: LEAST_GROWTH.min(limit) }
    }

    /// All that counts.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.object_bytes + self.stack_bytes
    }

    /// Puts an object into the table. Whether there is room was asked before; see [`Machine::make_room`](crate::machine::Machine).
    pub fn add(&mut self, ty: TypeId, contents: Contents, field_bytes: u64) -> Result<ObjectId, Failure> {
        let bytes = object_bytes(contents.bytes(field_bytes));
        self.object_bytes += bytes;
        let object = Object { ty, identity: 0, contents, bytes, is_marked: false };
        if let Some(place) = self.free.pop() {
            *self.place(place)? = Some(object);
            return Ok(ObjectId(place));
        }
        let place = u32::try_from(self.objects.len()).map_err(|_| Failure::new("more than 2^32 objects"))?;
        self.objects.push(Some(object));
        Ok(ObjectId(place))
    }

    fn place(&mut self, place: u32) -> Result<&mut Option<Object>, Failure> {
        self.objects.get_mut(place as usize).ok_or_else(|| Failure::new("a free place outside of the table"))
    }

    /// An object.
    pub fn get(&self, object: ObjectId) -> Result<&Object, Failure> {
        let found = self.objects.get(object.0 as usize).and_then(Option::as_ref);
        found.ok_or_else(|| Failure::new(format!("object {} is not there any more", object.0)))
    }

    /// An object, to be changed.
    pub fn get_mut(&mut self, object: ObjectId) -> Result<&mut Object, Failure> {
        let found = self.objects.get_mut(object.0 as usize).and_then(Option::as_mut);
        found.ok_or_else(|| Failure::new(format!("object {} is not there any more", object.0)))
    }

    /// Drops all objects that are not marked and takes the marks from the others; gives the numbers of the fibers dropped.
    pub(crate) fn sweep(&mut self) -> Vec<usize> {
        let mut fibers = Vec::new();
        for (place, slot) in self.objects.iter_mut().enumerate() {
            let Some(object) = slot else { continue };
            if std::mem::take(&mut object.is_marked) {
                continue;
            }
            self.object_bytes -= object.bytes;
            if let Contents::Fiber(number) = object.contents {
                fibers.push(number);
            }
            *slot = None;
            self.free.push(place as u32);
        }
        fibers
    }
}

impl Elements {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Elements::I8(elements) => elements.len(),
            Elements::U8(elements) => elements.len(),
            Elements::I16(elements) => elements.len(),
            Elements::U16(elements) => elements.len(),
            Elements::I32(elements) => elements.len(),
            Elements::I64(elements) => elements.len(),
            Elements::F32(elements) => elements.len(),
            Elements::F64(elements) => elements.len(),
            Elements::References(elements) => elements.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of one element: a reference counts 4.
    #[must_use]
    pub fn element_bytes(&self) -> u64 {
        match self {
            Elements::I8(_) | Elements::U8(_) => 1,
            Elements::I16(_) | Elements::U16(_) => 2,
            Elements::I32(_) | Elements::F32(_) | Elements::References(_) => 4,
            Elements::I64(_) | Elements::F64(_) => 8,
        }
    }

    fn bytes(&self) -> u64 {
        self.len() as u64 * self.element_bytes()
    }
}
