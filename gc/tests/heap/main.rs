//! The heap driven alone: by a toy mutator that keeps a model of the object graph beside the heap.

mod barrier;
mod classes;
mod damage;
mod graph;
mod interface;
mod limit;
mod memory;
mod toy;
