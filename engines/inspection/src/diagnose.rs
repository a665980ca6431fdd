//! What the checker tells the author of a rule: where, what was expected, and how it would be right.

use std::fmt;

use serde::Serialize;

use crate::lex::Pos;

/// Whether a diagnostic stops the rules from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rules cannot be used until this is put right.
    Error,
    /// The rules can be used; the author should know.
    Warning,
}

/// One message about one place in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Name of the rule file as given to the checker; empty for a single text.
    pub source: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
    /// How many characters from there are meant; at least 1.
    pub length: u32,
    /// Whether it is an error.
    pub severity: Severity,
    /// What is wrong, with the value found.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: String,
    /// A line that would be right; may be empty.
    pub example: String,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(at: Pos, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            source: String::new(),
            line: at.line,
            column: at.column,
            length: at.length.max(1),
            severity: Severity::Error,
            message: message.into(),
            expected: expected.into(),
            example: String::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(at: Pos, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(at, message, expected) }
    }

    /// With a line that would be right.
    #[must_use]
    pub fn with_example(mut self, example: impl Into<String>) -> Self {
        self.example = example.into();
        self
    }

    /// Whether it stops the rules from being used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.source.is_empty() {
            write!(f, "{}:", self.source)?;
        }
        let severity = if self.is_error() { "error" } else { "warning" };
        write!(f, "{}:{}: {severity}: {}", self.line, self.column, self.message)?;
        if !self.expected.is_empty() {
            write!(f, "\n  expected: {}", self.expected)?;
        }
        if !self.example.is_empty() {
            write!(f, "\n  example:  {}", self.example)?;
        }
        Ok(())
    }
}

/// The known name nearest to `name`, when it is near enough to be what was meant.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (edit_distance(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count().max(length)
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters (V. Levenshtein 1966, by the two-row method of Wagner and Fischer 1974).
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
