//! What can go wrong here, as pages and the API tell it.

use behaviours::api::RuleError;
use inspection::Diagnostic;
use messages::{Problem, ProblemKind, Text};
use people::api::PeopleError;
use store::StoreError;

use crate::{
    practice::{OPEN_MAX, RehearsalId},
    scenario::Version,
    texts,
    topic::Topic,
};

/// Why something about drills could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// It does not exist, or the reader may not see it.
    #[error("there is no such topic, scenario or rehearsal")]
    NotFound,
    /// Fields of a form or body that are wrong, each with what to do; the empty name stands for the whole.
    #[error("refused: {}", .0.iter().map(|(field, text)| format!("{field}: {}", text.en)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<(String, Text)>),
    /// Somebody else changed the topic in between.
    #[error("somebody else changed this topic in between; it is now version {}", .0.version)]
    Conflict(Box<Topic>),
    /// The topic was finished or called off; it stays as it was.
    #[error("this topic is over; open a new one")]
    Over,
    /// The topic has people beyond the reach of whoever wants to change all of it.
    #[error("this topic has people whom you do not train; ask who opened it")]
    NotWhole,
    /// The text of a scenario does not say which scenario it is.
    #[error("the text does not say its name, language, title and difficulty; begin with these four lines")]
    Headless,
    /// The text of a scenario is of another one than the one it is kept under.
    #[error("the text must stay that of “{0}”; keep its name and language")]
    OtherName(String),
    /// A scenario cannot be played.
    #[error("the scenario has {} mistakes; the first: {}", .0.len(), .0.first().map_or("", |one| one.message.as_str()))]
    ScriptWrong(Vec<Diagnostic>),
    /// Conversation tests fail.
    #[error("{0} conversation tests fail; a scenario goes live when all hold")]
    TestsFail(usize),
    /// There is no draft to publish.
    #[error("there is no draft to publish; save one first")]
    NoDraft,
    /// Somebody else changed the scenario in between.
    #[error("somebody else changed this scenario in between")]
    ScenarioConflict(Box<Option<Version>>),
    /// The person has too many rehearsals in progress.
    #[error("{OPEN_MAX} rehearsals are in progress; finish one or give one up")]
    TooManyOpen,
    /// The rehearsal has had this turn already, or is over.
    #[error("the rehearsal has gone on since; look at where it stands")]
    TurnTaken,
    /// The text a rehearsal began with is gone: the database was changed by hand.
    #[error("the texts of rehearsal {0} are missing")]
    Lost(RehearsalId),
    /// What shipped cannot be read: the program was built from broken content.
    #[error("a shipped scenario cannot be used: {0}")]
    Shipped(String),
    /// A context below failed.
    #[error("{0}")]
    Below(Problem),
    /// The behaviours context failed.
    #[error(transparent)]
    Behaviours(#[from] RuleError),
    /// The people context failed.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DrillError {
    /// One wrong field.
    pub(crate) fn field(field: &str, text: Text) -> DrillError {
        DrillError::Invalid(vec![(field.to_owned(), text)])
    }
}

impl From<DrillError> for Problem {
    fn from(error: DrillError) -> Problem {
        match error {
            DrillError::NotFound => Problem::not_found(),
            DrillError::Invalid(fields) => {
                Problem::new(ProblemKind::Invalid, "drills.invalid", texts::invalid()).with_fields(fields)
            }
            DrillError::Conflict(stored) => {
                let version = Text::verbatim(stored.version.to_string());
                Problem::new(ProblemKind::Conflict, "drills.changed_in_between", texts::changed_in_between())
                    .with_fields(vec![("version".to_owned(), version)])
            }
            DrillError::Over => Problem::new(ProblemKind::Conflict, "drills.topic_over", texts::topic_over()),
            DrillError::NotWhole => {
                Problem::new(ProblemKind::Conflict, "drills.topic_not_whole", texts::topic_not_whole())
            }
            DrillError::Headless => Problem::new(ProblemKind::Invalid, "drills.headless", texts::headless()),
            DrillError::OtherName(name) => {
                Problem::new(ProblemKind::Invalid, "drills.other_name", texts::other_name(&name))
            }
            DrillError::ScriptWrong(all) => {
                let fields = all.iter().map(|found| {
                    let place = format!("{}:{}", found.line, found.column);
                    (place, Text::verbatim(format!("{} — {}", found.message, found.expected)))
                });
                Problem::new(ProblemKind::Invalid, "drills.script_wrong", texts::script_wrong(all.len()))
                    .with_fields(fields.collect())
            }
            DrillError::TestsFail(n) => {
                Problem::new(ProblemKind::Invalid, "drills.tests_fail", texts::tests_fail(n))
            }
            DrillError::NoDraft => Problem::new(ProblemKind::Invalid, "drills.no_draft", texts::no_draft()),
            DrillError::ScenarioConflict(_) => {
                Problem::new(ProblemKind::Conflict, "drills.changed_in_between", texts::changed_in_between())
            }
            DrillError::TooManyOpen => {
                let text = texts::too_many_open(OPEN_MAX);
                Problem::new(ProblemKind::Conflict, "drills.too_many_open", text)
            }
            DrillError::TurnTaken => {
                Problem::new(ProblemKind::Conflict, "drills.turn_taken", texts::turn_taken())
            }
            DrillError::Below(problem) => problem,
            DrillError::Behaviours(error) => error.into(),
            DrillError::People(error) => error.into(),
            error @ (DrillError::Store(_) | DrillError::Shipped(_) | DrillError::Lost(_)) => {
                tracing::error!(%error, "drills.failed");
                Problem::internal()
            }
        }
    }
}

impl From<DrillError> for web::Fail {
    fn from(error: DrillError) -> web::Fail {
        Problem::from(error).into()
    }
}

/// The result of asking or changing what belongs to drills.
pub type Result<T, E = DrillError> = std::result::Result<T, E>;
