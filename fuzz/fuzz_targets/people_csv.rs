//! A table of people, in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| intake::fuzzing::people(data));
