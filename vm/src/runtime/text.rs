//! The messages of the exceptions the VM throws.

use limosa_spec::WellKnown;

/// The message of an exception the VM throws without saying more.
pub(crate) fn default_message(class: WellKnown) -> &'static str {
    match class {
        WellKnown::Error => "error",
        WellKnown::NullError => "null where an object is needed",
        WellKnown::IndexError => "index out of range",
        WellKnown::DivisionError => "division by zero",
        WellKnown::OverflowError => "integer overflow",
        WellKnown::CastError => "object is not of the type asked for",
        WellKnown::NegativeSizeError => "negative array size",
        WellKnown::EncodingError => "not valid UTF-8, or cut inside a character",
        WellKnown::FiberError => "fiber cannot do that in its state",
        WellKnown::StackOverflow => "guest stack exhausted",
        WellKnown::OutOfMemory => "heap exhausted",
        WellKnown::UnreachableError => "unreachable instruction reached",
        WellKnown::HostError => "host function failed",
        WellKnown::CapabilityError => "capability not granted",
        WellKnown::Int32 | WellKnown::Int64 | WellKnown::Float32 | WellKnown::Float64 => "boxed number",
    }
}
