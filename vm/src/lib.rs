//! Limosa: an application virtual machine to embed.
//!
//! A program is compiled once to bytecode and runs the same everywhere, verified before it runs, in isolates that have a heap, limits
//! and capabilities of their own. This crate runs it: it knows bytecode, not the languages that compile to it.
//!
//! ```
//! use limosa::{Cx, Engine, Host, Limits};
//!
//! let text = "module rules
//!     import func app.log(str!)
//!     export func rank
//!     func rank(name: str!, points: i64) -> f64 {
//!         var result: f64
//!         call app.log(name)
//!         float.f64.i64 result, points
//!         mul.f64 result, result, 0.5
//!         ret result
//!     }";
//! let engine = Engine::new()?;
//! let module = engine.verify(limosa_assembler::assemble("rules.vasm", text)?)?; // or engine.load("rules.bc")?
//!
//! let mut host = Host::<Vec<String>>::new(); // denies everything until told otherwise
//! host.func("app", "log", |cx: &mut Cx<Vec<String>>, line: &str| cx.data().push(line.to_owned()))?;
//! let program = host.link(&module)?; // types of imports checked once; shareable
//!
//! let limits = Limits::new().heap(64 << 20).fuel(50_000_000);
//! let mut isolate = program.isolate(Vec::new(), limits)?; // one thread at a time
//! let rank = isolate.func::<(&str, i64), f64>("rank")?; // types checked here, once
//! match isolate.call(&rank, ("abc", 3)) {
//!     Ok(value) => assert_eq!(value, 1.5),
//!     Err(trap) => eprintln!("{trap}\n{}", trap.trace()), // kind, message, guest stack with lines
//! }
//! assert_eq!(*isolate.data(), ["abc"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The way of a program through this crate: an [`Engine`] loads [`Module`]s; a [`Host`] links them with the functions it offers to a
//! [`Program`]; a program makes [`Isolate`]s; an isolate runs it, or calls [`Func`]s of it, until a value or a [`Trap`] comes back.
//!
//! Host functions come in two kinds, told apart by their first parameter. One with a [`Cx`] may borrow strings and arrays straight
//! from the program's memory, and so can neither make objects nor call back. One with a [`FullCx`] can do both, and gets objects as
//! [`Str`], [`Array`] and [`Object`], which stay valid meanwhile.
//!
//! Nothing that a module or a program does makes this crate panic: every failure is a value, [`LoadError`], [`LinkError`],
//! [`StartError`], [`FuncError`] or [`Trap`].

#![deny(unsafe_code)]

mod api;
#[macro_use]
mod interp;
mod limits;
mod link;
mod prepare;
mod program;
mod runtime;

pub use api::*;
pub use limosa_gc::{Statistics as HeapStatistics, Stress, StressError};
pub use limosa_spec as spec;
pub use link::LinkError;
pub use runtime::access::{Element, ShortText};
pub use runtime::{Dispatch, StartError, TraceFrame};
