//! The `lianbing` binary: configuration, wiring, command line, demo centre.
//!
//! As a library it serves the binary, the benchmarks and the tests that need the whole product.

pub mod commands;
pub mod config;
pub mod demo;
pub mod wiring;
