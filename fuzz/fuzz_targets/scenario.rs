//! Scenario files as anybody may write them: the checker answers, and what is right is played and played again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| rehearsal::fuzz_scenario(text));
