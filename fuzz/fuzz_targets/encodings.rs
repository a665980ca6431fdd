//! Bytes as text: encodings, lines and cells.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| intake::fuzzing::text(data));
