//! The parts of the `lianbing` binary that others use: the demo centre.

pub mod demo;
