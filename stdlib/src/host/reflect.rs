//! `std.reflect`: what objects are.
//!
//! | function | what it does |
//! |---|---|
//! | `type_name(any) -> str!` | the type of an object as the text form spells it, classes with their module: `geo.Point`, `[u8]`; `null` for null |

use super::Installed;
use crate::state::HasStd;
use limosa::{FullCx, Host, Object};

pub(crate) fn install<T: HasStd + Send + 'static>(host: &mut Host<T>) -> Installed {
    host.func("std.reflect", "type_name", |cx: &mut FullCx<T>, object: Option<Object>| -> String {
        object.map_or("null", |object| object.type_name(cx)).to_owned()
    })?;
    Ok(())
}
