//! Reclaiming objects that cannot be reached any more (chapter *Execution*, *Memory*): mark what can be, then drop the rest.
//!
//! Roots are the frames of the running fiber and of those that wait for it, globals, string constants, an exception on its way, and what
//! the machine itself holds. The frames of another fiber are reached through its object.

use crate::failure::{Failure, Stop, Thrown};
use crate::fiber::Fiber;
use crate::heap::{Contents, LEAST_GROWTH, ObjectId, object_bytes};
use crate::machine::Machine;
use crate::program::TypeId;
use crate::value::Value;
use limosa_spec::WellKnown;

impl Machine<'_> {
    /// Sees to it that so many bytes more can be counted, by collecting if need be.
    pub(crate) fn make_room(&mut self, bytes: u64) -> Result<(), Stop> {
        if self.heap.used().saturating_add(bytes) > self.heap.collect_at {
            self.collect()?;
        }
        if self.heap.used().saturating_add(bytes) <= self.heap.limit {
            return Ok(());
        }
        Err(match self.out_of_memory {
            Some(exception) => Stop::Throw(Thrown::Object(exception)),
            None => Stop::throw(WellKnown::OutOfMemory),
        })
    }

    /// Makes an object, if there is room. The bytes are those of its contents; see [`heap`](crate::heap).
    pub(crate) fn allocate(&mut self, ty: TypeId, bytes: u64, contents: impl FnOnce() -> Contents) -> Result<ObjectId, Stop> {
        self.make_room(object_bytes(bytes))?;
        Ok(self.heap.add(ty, contents(), bytes)?)
    }

    fn collect(&mut self) -> Result<(), Failure> {
        let mut found = self.roots();
        while let Some(object) = found.pop() {
            let object = self.heap.get_mut(object)?;
            if std::mem::replace(&mut object.is_marked, true) {
                continue;
            }
            found.extend(object.contents.references());
            if let Contents::Fiber(number) = object.contents {
                self.fiber(number)?.references(&mut found);
            }
        }
        for number in self.heap.sweep() {
            self.drop_fiber(number)?;
        }
        let live = self.heap.used();
        self.heap.collect_at = (live + live.max(LEAST_GROWTH)).min(self.heap.limit);
        Ok(())
    }

    fn roots(&self) -> Vec<ObjectId> {
        let mut roots: Vec<ObjectId> = self.globals.iter().filter_map(reference).collect();
        roots.extend(self.string_constants.values());
        roots.extend(self.temporaries.iter());
        roots.extend(self.pending);
        roots.extend(self.out_of_memory);
        let mut running = Some(self.running);
        while let Some(fiber) = running.and_then(|number| self.fibers.get(number)?.as_ref()) {
            roots.extend(fiber.object);
            fiber.references(&mut roots);
            running = fiber.resumer;
        }
        roots
    }
}

impl Fiber<'_> {
    /// The objects that its frames, and what it is to run, refer to.
    fn references(&self, found: &mut Vec<ObjectId>) {
        found.extend(self.closure);
        found.extend(self.frames.iter().flat_map(|frame| frame.registers.iter().filter_map(reference)));
    }
}

fn reference(value: &Value) -> Option<ObjectId> {
    match value {
        Value::Reference(object) => *object,
        _ => None,
    }
}
