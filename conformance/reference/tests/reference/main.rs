//! The library as those use it who compare with it: limits, endings, deep programs, several modules. What instructions do is the business of
//! the conformance suite, of which the reference is a column.

mod depth;
mod endings;
mod linking;
mod support;
