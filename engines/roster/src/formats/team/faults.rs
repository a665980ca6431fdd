//! The mistakes of a text, each with its line.

use std::ops::Range;

use crate::model::{Error, Mistakes, Source};

/// Most mistakes that are told one by one; the others are counted.
const TOLD_MAX: usize = 20;

/// What was found wrong so far.
pub(super) struct Faults {
    source: Source,
    /// Where each line but the first begins.
    lines: Vec<usize>,
    told: Vec<(usize, String)>,
    more: usize,
}

impl Faults {
    /// Nothing wrong yet.
    pub(super) fn new(source: Source, text: &str) -> Faults {
        let lines = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Faults { source, lines, told: Vec::new(), more: 0 }
    }

    /// The line, from 1, of a place in the text.
    pub(super) fn line(&self, place: &Range<usize>) -> usize {
        self.lines.partition_point(|&begins| begins <= place.start) + 1
    }

    /// Tells a mistake by its place in the text.
    pub(super) fn at(&mut self, place: &Range<usize>, why: impl Into<String>) {
        self.on(self.line(place), why);
    }

    /// Tells a mistake by its line.
    pub(super) fn on(&mut self, line: usize, why: impl Into<String>) {
        if self.told.len() < TOLD_MAX {
            self.told.push((line, why.into()));
        } else {
            self.more += 1;
        }
    }

    /// Whether anything was wrong.
    pub(super) fn none(&self) -> bool {
        self.told.is_empty()
    }

    /// All mistakes in the order of their lines.
    ///
    /// # Errors
    /// When there is any.
    pub(super) fn end(mut self) -> Result<(), Error> {
        if self.told.is_empty() {
            return Ok(());
        }
        self.told.sort_by_key(|&(line, _)| line);
        Err(Error::Mistakes(Mistakes { source: self.source, lines: self.told, more: self.more }))
    }
}
