//! The embedding API: what users of the crate see. It contains no `unsafe`; all it does to an isolate goes through
//! [`runtime::access`](crate::runtime::access).

mod arguments;
mod call;
mod context;
mod engine;
mod error;
mod function;
mod handle;
mod host;
mod isolate;
mod limits;
mod module;
mod program;
mod returns;
mod signature;
mod texts;
mod trap;
mod values;

pub use arguments::{Argument, Arguments, Results};
pub use context::{Cx, FullCx};
pub use engine::{Engine, EngineError, EngineOptions, LoadError};
pub use error::HostError;
pub use function::{FullParameter, HostFunction, Parameter};
pub use handle::{Array, Closure, Handle, Object, Str};
pub use host::{DuplicateFunction, Host};
pub use isolate::{Canceller, Isolate, Statistics};
pub use limits::Limits;
pub use module::{ExportKind, Module};
pub use program::{Func, FuncError, Program};
pub use returns::Return;
pub use texts::Texts;
pub use trap::{Trace, Trap, TrapKind};
pub use values::{FromGuest, ToGuest};
