//! Conversations as CSV with one turn a row, in any encoding.
#![no_main]

use intake::conversation::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| intake::fuzzing::conversations(data, Format::Csv));
