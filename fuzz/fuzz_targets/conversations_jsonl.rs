//! The parser of conversations as JSON lines, in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conversations::fuzzing::jsonl(data));
