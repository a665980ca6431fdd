//! The parser of conversations as CSV, in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conversations::fuzzing::csv(data));
