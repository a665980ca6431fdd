//! Any bytes as rule text: no panic, no endless work, and formatting settles at once.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| inspection::fuzz_rule_text(data));
