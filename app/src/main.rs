//! The `lianbing` binary: configuration, wiring, command line, demo centre.
fn main() {}
