//! Where values stand in the file, and whether they are in their range.

use std::{collections::HashMap, ops::Range};

use toml::Spanned;

use super::time::{Clock, Stretch};
use crate::Error;

/// A name and where it is in its list.
pub(super) type Names<'a> = HashMap<&'a str, usize>;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// Minutes of an interval; every time is a multiple of them.
    pub(super) interval: u32,
}

impl Reader<'_> {
    /// An error at a place of the file.
    pub(super) fn wrong(&self, at: &Range<usize>, message: impl Into<String>) -> Error {
        let before = self.text.as_bytes().iter().take(at.start);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Error::Instance { line, message: message.into() }
    }

    pub(super) fn unreadable(&self, error: &toml::de::Error) -> Error {
        // Types are told in words.
        let message = error.message().replace('\n', ", ");
        let message = message.replace("expected i64", "expected a whole number");
        self.wrong(&error.span().unwrap_or(0..0), message.replace("expected f64", "expected a number"))
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole(
        &self,
        value: &Spanned<i64>,
        what: &str,
        least: u32,
        most: u32,
    ) -> Result<u32, Error> {
        let number = *value.get_ref();
        u32::try_from(number).ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            let message = format!("{what} is {number}; it must be a whole number from {least} to {most}");
            self.wrong(&value.span(), message)
        })
    }

    /// A whole number where one is given.
    pub(super) fn whole_or(
        &self,
        value: Option<&Spanned<i64>>,
        what: &str,
        most: u32,
    ) -> Result<Option<u32>, Error> {
        value.map(|value| self.whole(value, what, 0, most)).transpose()
    }

    /// A number from 0 to `most`, `otherwise` where none is given.
    pub(super) fn number(
        &self,
        value: Option<&Spanned<f64>>,
        what: &str,
        most: f64,
        otherwise: f64,
    ) -> Result<f64, Error> {
        let Some(value) = value else { return Ok(otherwise) };
        let number = *value.get_ref();
        if !(0.0..=most).contains(&number) {
            let message = format!("{what} is {number}; it must be from 0 to {most}");
            return Err(self.wrong(&value.span(), message));
        }
        Ok(number)
    }

    /// Hours in whole minutes.
    pub(super) fn minutes(&self, hours: f64, most: f64, at: &Range<usize>, what: &str) -> Result<u64, Error> {
        if !(0.0..=most).contains(&hours) {
            return Err(
                self.wrong(at, format!("{what}: {hours} hours are not possible; give 0 to {most} hours"))
            );
        }
        // A hair above, so that 7.6 hours are 456 minutes although 7.6 has no exact form.
        Ok(floor(hours * 60.0 + 1e-6))
    }

    /// A stretch that begins and ends with intervals.
    pub(super) fn stretch(&self, value: &Spanned<Stretch>) -> Result<Stretch, Error> {
        let stretch = *value.get_ref();
        if !stretch.from.is_multiple_of(self.interval) || !stretch.to.is_multiple_of(self.interval) {
            return Err(self.off_grid(&value.span(), &stretch.to_string()));
        }
        Ok(stretch)
    }

    /// A time at which an interval begins.
    pub(super) fn clock(&self, value: &Spanned<Clock>) -> Result<u32, Error> {
        let Clock(minutes) = *value.get_ref();
        if !minutes.is_multiple_of(self.interval) {
            let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            return Err(self.off_grid(&value.span(), &time));
        }
        Ok(minutes)
    }

    /// A length of whole intervals.
    pub(super) fn length(&self, value: &Spanned<i64>, what: &str, most: u32) -> Result<u32, Error> {
        let minutes = self.whole(value, what, self.interval, most)?;
        if !minutes.is_multiple_of(self.interval) {
            return Err(self.off_grid(&value.span(), &format!("{what} of {minutes} minutes")));
        }
        Ok(minutes)
    }

    fn off_grid(&self, at: &Range<usize>, what: &str) -> Error {
        self.wrong(at, format!("{what} is not in whole intervals of {} minutes", self.interval))
    }

    /// The names of a list, each once, at most `most`.
    pub(super) fn names<'a>(
        &self,
        names: impl Iterator<Item = &'a Spanned<String>>,
        what: &str,
        most: usize,
    ) -> Result<Names<'a>, Error> {
        let mut known = Names::new();
        for (index, name) in names.enumerate() {
            let text = name.get_ref().as_str();
            if text.is_empty() {
                return Err(self.wrong(&name.span(), format!("a {what} has an empty name; give it one")));
            }
            if index >= most {
                return Err(self
                    .wrong(&name.span(), format!("\"{text}\" is one {what} more than the {most} allowed")));
            }
            if known.insert(text, index).is_some() {
                let message = format!("the {what} \"{text}\" stands there twice; give each its own name");
                return Err(self.wrong(&name.span(), message));
            }
        }
        Ok(known)
    }

    /// The place of a name in its list.
    pub(super) fn find(&self, names: &Names, name: &Spanned<String>, what: &str) -> Result<usize, Error> {
        let text = name.get_ref();
        names
            .get(text.as_str())
            .copied()
            .ok_or_else(|| self.wrong(&name.span(), format!("there is no {what} \"{text}\"")))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a non-negative number far below 2^64; rounding down is meant"
)]
fn floor(number: f64) -> u64 {
    number as u64
}
