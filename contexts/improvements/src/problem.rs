//! What can go wrong here, as pages and the API tell it.

use behaviours::api::RuleError;
use drills::api::DrillError;
use messages::{Problem, ProblemKind, Text};
use people::api::{Invalid, PeopleError};
use store::StoreError;

use crate::{improvement::Improvement, texts};

/// Why something about improvements could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ImprovementError {
    /// It does not exist, or the reader may not see it.
    #[error("there is no such improvement")]
    NotFound,
    /// Fields that are wrong, each with what to do.
    #[error("refused: {}", .0.0.iter().map(|(field, text)| format!("{field}: {}", text.en)).collect::<Vec<_>>().join("; "))]
    Invalid(Invalid),
    /// Somebody else changed it in between.
    #[error("somebody else changed this improvement in between; it is now version {}", .0.version)]
    Conflict(Box<Improvement>),
    /// The act cannot be taken where it stands now, or not on the verdict there is.
    #[error("this cannot be done to an improvement that is {}", .0.state.name())]
    NotNow(Box<Improvement>),
    /// The act is for somebody else: its supervisor, or its partner in operations.
    #[error("this is for the supervisor or the partner in operations to do")]
    NotYours,
    /// The statistics refused their input.
    #[error(transparent)]
    Evidence(#[from] evidence::EvidenceError),
    /// The behaviours context failed.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The drills context failed.
    #[error(transparent)]
    Drill(#[from] DrillError),
    /// The people context failed.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Invalid> for ImprovementError {
    fn from(wrong: Invalid) -> ImprovementError {
        ImprovementError::Invalid(wrong)
    }
}

impl From<ImprovementError> for Problem {
    fn from(error: ImprovementError) -> Problem {
        match error {
            ImprovementError::NotFound => Problem::not_found(),
            ImprovementError::Invalid(Invalid(fields)) => {
                Problem::new(ProblemKind::Invalid, "improvements.invalid", texts::invalid())
                    .with_fields(fields)
            }
            ImprovementError::Conflict(stored) => {
                let version = Text::verbatim(stored.version.to_string());
                Problem::new(
                    ProblemKind::Conflict,
                    "improvements.changed_in_between",
                    texts::changed_in_between(),
                )
                .with_fields(vec![("version".to_owned(), version)])
            }
            ImprovementError::NotNow(stored) => {
                let state = texts::state(stored.state);
                let text = texts::not_now(&state.zh, &state.en);
                Problem::new(ProblemKind::Conflict, "improvements.not_now", text)
            }
            ImprovementError::NotYours => {
                Problem::new(ProblemKind::Conflict, "improvements.not_yours", texts::not_yours())
            }
            ImprovementError::Rule(error) => error.into(),
            ImprovementError::Drill(error) => error.into(),
            ImprovementError::People(error) => error.into(),
            error @ (ImprovementError::Store(_) | ImprovementError::Evidence(_)) => {
                tracing::error!(%error, "improvements.failed");
                Problem::internal()
            }
        }
    }
}

impl From<ImprovementError> for web::Fail {
    fn from(error: ImprovementError) -> web::Fail {
        Problem::from(error).into()
    }
}

/// The result of asking or changing what belongs to improvements.
pub type Result<T, E = ImprovementError> = std::result::Result<T, E>;
