//! Conversations as JSON lines, in any encoding.
#![no_main]

use intake::conversation::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| intake::fuzzing::conversations(data, Format::Jsonl));
