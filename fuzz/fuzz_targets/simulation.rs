//! Simulation files as anybody may write them: names, clock times and amounts are resolved, or refused with a message.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(document) = toml::from_str::<simulator::file::Document>(text) {
        let _ = document.study();
    }
});
