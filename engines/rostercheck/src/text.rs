//! Instances of the published sets: sections of comma-separated lines.

use std::str::FromStr;

use crate::Error;

/// A line of an instance with its number from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: usize,
    pub(crate) text: &'a str,
}

impl<'a> Line<'a> {
    pub(crate) fn wrong(&self, message: impl Into<String>) -> Error {
        Error::Instance { line: self.number, message: message.into() }
    }

    /// Its fields; at least `count` of them.
    pub(crate) fn fields(&self, count: usize) -> Result<Vec<&'a str>, Error> {
        let fields: Vec<&str> = self.text.split(',').map(str::trim).collect();
        if fields.len() < count {
            return Err(self.wrong(format!("\"{}\" has {} of {count} fields", self.text, fields.len())));
        }
        Ok(fields)
    }

    /// A number in it.
    pub(crate) fn number<N: FromStr>(&self, text: &str, what: &str) -> Result<N, Error> {
        text.trim().parse().map_err(|_| self.wrong(format!("{what} \"{text}\" is not a number of its range")))
    }
}

/// The lines of a section, without comments and empty lines; nothing where the instance has no such section.
pub(crate) fn section<'a>(instance: &'a str, name: &str) -> Vec<Line<'a>> {
    let lines =
        instance.lines().enumerate().map(|(index, text)| Line { number: index + 1, text: text.trim() });
    let mut inside = false;
    let mut found = Vec::new();
    for line in lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')) {
        if line.text.starts_with("SECTION_") {
            inside = line.text == name;
        } else if inside {
            found.push(line);
        }
    }
    found
}

/// The single number of a section, from 1 to `most`.
pub(crate) fn single(instance: &str, name: &str, most: usize) -> Result<usize, Error> {
    let lines = section(instance, name);
    let Some(line) = lines.first() else {
        return Err(Error::Instance { line: 1, message: format!("there is no section {name}") });
    };
    let number: usize = line.number(line.text, name)?;
    if !(1..=most).contains(&number) {
        return Err(line.wrong(format!("{name} is {number}; it must be from 1 to {most}")));
    }
    Ok(number)
}
