//! Import: from the bytes of a file to stored conversations.

pub mod batch;
mod duplicates;
pub mod error;
pub mod names;
pub mod pages;
mod pipeline;
pub mod prepare;
pub mod reason;
pub mod rest;
pub mod rules;
pub mod service;
pub mod source;
pub mod upload;

#[cfg(test)]
pub(crate) mod testing {
    use crate::conversation::rules::Record;

    /// The record of a line that must read well.
    pub fn record(line: &str) -> Record<'_> {
        intake::conversation::jsonl::parse(line, &intake::conversation::Defaults::default()).unwrap()
    }
}
