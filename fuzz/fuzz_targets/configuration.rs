//! A configuration file as anybody may write it: each mistake is told at a line that the file has, and what is
//! taken is within its limits.
#![no_main]
#![allow(dead_code, reason = "one module of a crate, of which this needs a part")]

#[path = "../../app/src/config.rs"]
mod config;

use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    match config::load(Some((Path::new("x"), text)), |_| None, &[]) {
        Ok(config) => {
            assert!((1..=64).contains(&config.workers), "{} workers", config.workers);
            assert!(!config.data.as_os_str().is_empty() && !config.database_address().is_empty());
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason");
            for mistake in mistakes {
                let line = mistake.place.strip_prefix("x line ").and_then(|line| line.parse::<usize>().ok());
                assert!(
                    line.is_some_and(|line| (1..=text.matches('\n').count() + 1).contains(&line)),
                    "{mistake} of {text:?}"
                );
            }
        }
    }
});
