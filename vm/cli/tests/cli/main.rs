//! The `vm` program as people and scripts use it: each command, exit code and JSON shape, and input of every bad kind.

mod asm;
mod capabilities;
mod damage;
mod help;
mod inspect;
mod programs;
mod run;
mod streams;
mod support;
mod verify;
