//! What a scenario or a run can be refused for.

use thiserror::Error;

/// Why nothing was simulated. Every message names the place and the value, and says what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that cannot be.
    #[error("{path} is {value}: {advice}")]
    Value {
        /// Where it stands, such as `call_types[1].patience.mean_s`.
        path: String,
        /// As it was given.
        value: String,
        /// What to write instead.
        advice: String,
    },
    /// The variant of a plan does not fit the plan that it is compared with.
    #[error("the variant {variant:?} has other {what} than the plan: only agents may differ")]
    Incomparable {
        /// Its name.
        variant: String,
        /// What differs.
        what: &'static str,
    },
    /// Not one replication came to its end.
    #[error(
        "stopped before one replication was through: allow more steps or time, or simulate a shorter stretch"
    )]
    Stopped,
}

impl Error {
    /// A value that cannot be, at its place.
    pub fn value(path: impl Into<String>, value: impl std::fmt::Display, advice: impl Into<String>) -> Error {
        Error::Value { path: path.into(), value: value.to_string(), advice: advice.into() }
    }

    /// The same error with `prefix` before its path.
    #[must_use]
    pub fn within(self, prefix: &str) -> Error {
        match self {
            Error::Value { path, value, advice } => {
                let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
                Error::Value { path: format!("{prefix}{dot}{path}"), value, advice }
            }
            other => other,
        }
    }
}
