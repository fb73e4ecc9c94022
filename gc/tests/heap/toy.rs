//! The toy mutator: a heap, roots of every kind, and beside them a model of what the graph must be.

use crate::classes::{Class, Classes};
use limosa_abi::context::Context;
use limosa_abi::object::{Flags, header_word, load_reference, store_reference};
use limosa_abi::{Reference, needs_log, try_allocate};
use limosa_gc::{Heap, HeapOptions, Liveness, Reason, Roots, Tracer};
use std::collections::{BTreeMap, BTreeSet};

/// Number of roots a toy has.
pub const ROOTS: usize = 8;
/// External bytes charged for a fiber's stack.
pub const STACK_BYTES: usize = 4096;
/// Bytes of a large reference array that are logged together.
const LOGGED_BYTES: usize = 4;

/// Everything outside the heap that refers into it. Even roots are of 64 bits, odd ones of 32.
#[derive(Debug, Default)]
pub struct ToyRoots {
    wide: [u64; ROOTS / 2],
    narrow: [u32; ROOTS / 2],
    /// Stacks of fibers by number, with the fiber they belong to.
    pub stacks: BTreeMap<u32, (Reference, Vec<u64>)>,
    context: Option<*mut Context>,
    /// Times the end of a collection was announced.
    pub collections: u64,
}

impl Roots for ToyRoots {
    fn trace(&mut self, tracer: &mut Tracer) {
        // SAFETY: the slots are ours and hold references to objects.
        unsafe {
            self.wide.iter_mut().for_each(|slot| tracer.slot64(slot));
            self.narrow.iter_mut().for_each(|slot| tracer.slot32(slot));
        }
    }

    fn trace_special(&mut self, object: Reference, tracer: &mut Tracer) {
        // SAFETY: a fiber, whose first field is the number of its stack; the stack's slots are ours.
        unsafe {
            let number = *object.at::<u32>(self.context.unwrap(), 8);
            if let Some((_, slots)) = self.stacks.get_mut(&number) {
                slots.iter_mut().for_each(|slot| tracer.slot64(slot));
            }
        }
    }

    fn after_trace(&mut self, liveness: &Liveness) {
        self.collections += 1;
        self.stacks.retain(|_, (owner, _)| match liveness.forwarded(*owner) {
            Some(place) => {
                *owner = place;
                true
            }
            None => {
                liveness.release(STACK_BYTES);
                false
            }
        });
    }
}

impl ToyRoots {
    pub fn get(&self, root: usize) -> Reference {
        if root.is_multiple_of(2) { Reference::from_slot(self.wide[root / 2]) } else { Reference(self.narrow[root / 2]) }
    }

    pub fn set(&mut self, root: usize, value: Reference) {
        if root.is_multiple_of(2) { self.wide[root / 2] = value.to_slot() } else { self.narrow[root / 2] = value.0 }
    }
}

/// What an object must be.
#[derive(Debug)]
pub struct Node {
    pub class: Class,
    pub length: u32,
    references: Vec<Option<usize>>,
    /// What its numbers were filled with.
    seed: u8,
    stack: Option<(u32, Vec<Option<usize>>)>,
}

/// A heap, its roots and the model.
pub struct Toy {
    pub heap: Heap,
    pub roots: ToyRoots,
    _classes: Classes,
    pub nodes: Vec<Node>,
    model_roots: [Option<usize>; ROOTS],
    next_stack: u32,
    /// External bytes charged beside stacks.
    pub charged: usize,
}

impl Toy {
    pub fn new(options: HeapOptions) -> Toy {
        let classes = Classes::new();
        let heap = Heap::new(options, classes.table(), classes.count()).unwrap();
        let roots = ToyRoots { context: Some(heap.context()), ..ToyRoots::default() };
        Toy { heap, roots, _classes: classes, nodes: Vec::new(), model_roots: [None; ROOTS], next_stack: 1, charged: 0 }
    }

    pub fn context(&self) -> *mut Context {
        self.heap.context()
    }

    pub fn collect(&mut self, reason: Reason) {
        // SAFETY: all references are in roots.
        unsafe { self.heap.collect(reason, &mut self.roots) }
    }

    /// The model's object in a root.
    pub fn node(&self, root: usize) -> Option<&Node> {
        self.model_roots[root].map(|node| &self.nodes[node])
    }

    /// Makes an object, fills its numbers and puts it into a root. False: out of memory.
    pub fn make(&mut self, class: Class, length: u32, root: usize) -> bool {
        let length = if class.counted() { length } else { 0 };
        let bytes = class.bytes(length);
        let special = if class == Class::Fiber { Flags::SPECIAL.bits() } else { 0 };
        let word0 = header_word(class.id()) | special;
        // SAFETY: the header is of the class, and its objects have this size; all references are in roots.
        let made = unsafe {
            try_allocate(self.context(), bytes, word0, length).or_else(|| self.heap.allocate(bytes, word0, length, &mut self.roots))
        };
        let Some(object) = made else { return false };
        let seed = self.nodes.len() as u8 | 1;
        self.assert_zero(object, bytes);
        for range in class.numbers(length) {
            // SAFETY: the bytes are in the object.
            unsafe { object.at::<u8>(self.context(), range.start).write_bytes(seed, range.len()) };
        }
        let references = vec![None; class.references(length).len()];
        self.nodes.push(Node { class, length, references, seed, stack: None });
        self.roots.set(root, object);
        self.model_roots[root] = Some(self.nodes.len() - 1);
        class != Class::Fiber || self.make_stack(root)
    }

    /// Gives the fiber in a root a stack. False, and the root is cleared: out of memory.
    fn make_stack(&mut self, root: usize) -> bool {
        // SAFETY: all references are in roots.
        if unsafe { self.heap.charge(STACK_BYTES, &mut self.roots) }.is_err() {
            self.clear(root);
            return false;
        }
        let (fiber, number) = (self.roots.get(root), self.next_stack);
        self.next_stack += 1;
        // SAFETY: a fiber's first field.
        unsafe { *fiber.at::<u32>(self.context(), 8) = number };
        self.roots.stacks.insert(number, (fiber, Vec::new()));
        let node = self.model_roots[root].unwrap();
        self.nodes[node].stack = Some((number, Vec::new()));
        true
    }

    fn assert_zero(&self, object: Reference, bytes: usize) {
        for offset in (8..bytes.next_multiple_of(8)).step_by(8) {
            // SAFETY: inside the object.
            assert_eq!(unsafe { *object.at::<u64>(self.context(), offset) }, 0, "offset {offset} of a new object of {bytes} bytes");
        }
    }

    pub fn clear(&mut self, root: usize) {
        self.copy(None, root);
    }

    /// Copies a root, or null, to another.
    pub fn copy(&mut self, from: Option<usize>, to: usize) {
        self.model_roots[to] = from.and_then(|from| self.model_roots[from]);
        self.roots.set(to, from.map_or(Reference::NULL, |from| self.roots.get(from)));
    }

    /// The place of a reference slot of the object in a root: its index and byte offset.
    fn slot(&self, root: usize, slot: usize) -> Option<(usize, usize, usize)> {
        let node = self.model_roots[root]?;
        let offsets = self.nodes[node].class.references(self.nodes[node].length);
        let index = slot.checked_rem(offsets.len())?;
        Some((node, index, offsets[index] as usize))
    }

    /// Writes a root, or null, into a slot of the object in another root, through the barrier.
    pub fn store(&mut self, root: usize, slot: usize, from: Option<usize>) {
        let Some((_, _, offset)) = self.slot(root, slot) else { return };
        let holder = self.roots.get(root);
        // SAFETY: a live object.
        unsafe {
            if needs_log(self.context(), holder) {
                match self.node(root).unwrap().class {
                    Class::References => self.heap.log_range(holder, offset..offset + LOGGED_BYTES),
                    _ => self.heap.log_object(holder),
                }
            }
        }
        self.store_without_barrier(root, slot, from);
    }

    /// Writes a reference without asking whether it must be logged. Tells the byte offset written to.
    pub fn store_without_barrier(&mut self, root: usize, slot: usize, from: Option<usize>) -> Option<usize> {
        let (node, index, offset) = self.slot(root, slot)?;
        self.nodes[node].references[index] = from.and_then(|from| self.model_roots[from]);
        let value = from.map_or(Reference::NULL, |from| self.roots.get(from));
        // SAFETY: a live object with a reference at this offset.
        unsafe { store_reference(self.context(), self.roots.get(root), offset, value) };
        Some(offset)
    }

    /// What a slot of the object in a root holds.
    pub fn peek(&self, root: usize, slot: usize) -> Option<Reference> {
        let (_, _, offset) = self.slot(root, slot)?;
        // SAFETY: a live object with a reference at this offset.
        Some(unsafe { load_reference(self.context(), self.roots.get(root), offset) })
    }

    /// Reads a slot of the object in a root into another root.
    pub fn load(&mut self, root: usize, slot: usize, to: usize) {
        let Some((node, index, offset)) = self.slot(root, slot) else { return };
        // SAFETY: a live object with a reference at this offset.
        let value = unsafe { load_reference(self.context(), self.roots.get(root), offset) };
        self.model_roots[to] = self.nodes[node].references[index];
        self.roots.set(to, value);
    }

    /// Copies references from the array in one root to that in another, logging the range once.
    pub fn copy_array(&mut self, from: usize, to: usize, count: usize) {
        let array = |root: usize| self.model_roots[root].filter(|&node| self.nodes[node].class == Class::References);
        let (Some(source), Some(target)) = (array(from), array(to)) else { return };
        let count = count.min(self.nodes[source].length as usize).min(self.nodes[target].length as usize);
        let skip = self.nodes[target].length as usize - count;
        let (context, holder) = (self.context(), self.roots.get(to));
        let start = 8 + 4 * skip;
        // SAFETY: live arrays of at least this many elements; `copy` allows overlap.
        unsafe {
            if count != 0 && needs_log(context, holder) {
                self.heap.log_range(holder, start..start + 4 * count);
            }
            self.roots.get(from).at::<u32>(context, 8).copy_to(holder.at::<u32>(context, start), count);
        }
        let copied = self.nodes[source].references[..count].to_vec();
        self.nodes[target].references[skip..].copy_from_slice(&copied);
    }

    /// Pushes a root onto the stack of the fiber in another.
    pub fn push(&mut self, fiber: usize, from: usize) {
        let value = self.roots.get(from).to_slot();
        let pushed = self.model_roots[from];
        let Some(node) = self.model_roots[fiber] else { return };
        if let Some((number, stack)) = &mut self.nodes[node].stack {
            stack.push(pushed);
            self.roots.stacks.get_mut(number).unwrap().1.push(value);
        }
    }

    /// Pops the stack of the fiber in a root into another root.
    pub fn pop(&mut self, fiber: usize, to: usize) {
        let Some(node) = self.model_roots[fiber] else { return };
        let Some((number, stack)) = &mut self.nodes[node].stack else { return };
        if let Some(popped) = stack.pop() {
            let value = self.roots.stacks.get_mut(number).unwrap().1.pop().unwrap();
            self.model_roots[to] = popped;
            self.roots.set(to, Reference::from_slot(value));
        }
    }

    /// Compares heap and model. Gives the bytes of all reachable objects and the number of reachable fibers.
    pub fn check(&self) -> (usize, usize) {
        let mut places: BTreeMap<usize, Reference> = BTreeMap::new();
        let mut work: Vec<_> = (0..ROOTS).map(|root| (self.model_roots[root], self.roots.get(root))).collect();
        while let Some((node, object)) = work.pop() {
            let Some(node) = node else {
                assert!(object.is_null());
                continue;
            };
            match places.insert(node, object) {
                Some(known) => assert_eq!(known, object, "one object is in two places"),
                None => self.check_node(&self.nodes[node], object, &mut work),
            }
        }
        let distinct: BTreeSet<_> = places.values().collect();
        assert_eq!(distinct.len(), places.len(), "two objects are in one place");
        let reached = || places.keys().map(|&node| &self.nodes[node]);
        let bytes = reached().map(|node| node.class.bytes(node.length).next_multiple_of(8)).sum();
        (bytes, reached().filter(|node| node.class == Class::Fiber).count())
    }

    /// Compares an object with what it must be, and adds what it refers to to the work.
    fn check_node(&self, node: &Node, object: Reference, work: &mut Vec<(Option<usize>, Reference)>) {
        let context = self.context();
        // SAFETY: a reachable object, read where its class has a header, numbers, and references.
        unsafe {
            assert_eq!(object.class_id(context), node.class.id());
            assert_eq!(object.word1(context), node.length);
            for range in node.class.numbers(node.length) {
                let numbers = std::slice::from_raw_parts(object.at::<u8>(context, range.start), range.len());
                assert!(numbers.iter().all(|&byte| byte == node.seed));
            }
            let offsets = node.class.references(node.length);
            for (&expected, offset) in node.references.iter().zip(offsets) {
                work.push((expected, load_reference(context, object, offset as usize)));
            }
        }
        if let Some((number, expected)) = &node.stack {
            let (owner, slots) = &self.roots.stacks[number];
            assert_eq!(*owner, object);
            assert_eq!(slots.len(), expected.len());
            work.extend(expected.iter().zip(slots).map(|(&node, &slot)| (node, Reference::from_slot(slot))));
        }
    }
}
