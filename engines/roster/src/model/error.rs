//! What can be wrong with a problem.

/// Why a problem is refused. Every message names the value, and says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is outside what the engine takes.
    #[error("{what} is {value}: must be {least} to {most}")]
    Range {
        /// What the number is.
        what: String,
        /// The number.
        value: u64,
        /// The least that is taken.
        least: u64,
        /// The most that is taken.
        most: u64,
    },
    /// A list has the wrong length.
    #[error("{what} has {found} entries: must have {needed}")]
    Length {
        /// What the list is.
        what: String,
        /// How many it has.
        found: usize,
        /// How many it must have.
        needed: usize,
    },
    /// Something is said that makes no sense.
    #[error("{what}: {why}")]
    Senseless {
        /// What it is said of.
        what: String,
        /// Why it makes no sense, and what to do.
        why: String,
    },
    /// The rules of a contract allow no line at all.
    #[error("the rules “{rules}” contradict each other: no line keeps them; loosen one of: {names}")]
    Contradiction {
        /// The contract.
        rules: String,
        /// The rules that contradict each other.
        names: String,
    },
    /// The rules need more states than fit.
    #[error(
        "the rules “{rules}” over {days} days need more than {most} states: plan fewer days at once, or give minutes that are multiples of 30"
    )]
    TooLarge {
        /// The contract.
        rules: String,
        /// Length of the horizon.
        days: usize,
        /// Most states.
        most: usize,
    },
    /// A person has no line that keeps the rules.
    #[error("person {person} “{name}” has no line that keeps every rule: {names}; loosen one of them")]
    NoLine {
        /// Index of the person.
        person: usize,
        /// Name of the person.
        name: String,
        /// What contradicts each other.
        names: String,
    },
    /// A file cannot be read.
    #[error("line {line}: {why}")]
    Text {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it and what to do.
        why: String,
    },
    /// A file cannot be meant.
    #[error("{0}")]
    Mistakes(Mistakes),
    /// A roster does not fit the problem.
    #[error("assignment of person {person} on day {day}: {why}")]
    Assignment {
        /// Index of the person.
        person: usize,
        /// The day, from 0.
        day: usize,
        /// What is wrong with it and what to do.
        why: String,
    },
}

/// What is wrong with a file, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// Which file it is.
    pub source: Source,
    /// The lines, from 1, in order, each with what is wrong and what to do.
    pub lines: Vec<(usize, String)>,
    /// How many mistakes there are beside these.
    pub more: usize,
}

/// Which of two files is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The file with people and rules.
    File,
    /// The table of the requirement.
    Required,
}

impl std::fmt::Display for Mistakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (line, why)) in self.lines.iter().enumerate() {
            write!(f, "{}line {line}: {why}", if at == 0 { "" } else { "\n" })?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl Error {
    pub(crate) fn senseless(what: impl Into<String>, why: impl Into<String>) -> Error {
        Error::Senseless { what: what.into(), why: why.into() }
    }
}
