//! What can go wrong here, as pages and the API tell it.

use inspection::Diagnostic;
use messages::{Problem, ProblemKind, Text};
use store::StoreError;

use crate::{behaviour::Version, texts};

/// Why a rule was not kept or published.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The rule cannot be compiled.
    #[error("the rule has {} mistakes; the first: {}", .0.len(), .0.first().map_or("", |d| d.message.as_str()))]
    Wrong(Vec<Diagnostic>),
    /// Examples fail.
    #[error("{0} of the examples fail; a rule goes live when all pass")]
    ExamplesFail(usize),
    /// The text declares another behaviour than the one it is kept under.
    #[error("the rule text must declare the behaviour “{0}”; keep its name")]
    OtherName(String),
    /// Somebody else changed it in between.
    #[error("somebody else changed this behaviour in between")]
    Conflict(Box<Option<Version>>),
    /// There is no draft to publish.
    #[error("there is no draft to publish; save one first")]
    NoDraft,
    /// A new rule set is still going over what was inspected with an older one.
    #[error(
        "conversations are still being inspected with a new rule; the figures are complete when that is done"
    )]
    Reinspecting,
    /// More conversations than are read again for one measure.
    #[error(
        "the rule has changed and more than {0} conversations would have to be read again; choose fewer weeks"
    )]
    TooMany(u64),
    /// The conversations context failed.
    #[error("{}", .0.code)]
    Listing(Box<Problem>),
    /// There is no such behaviour.
    #[error("there is no behaviour “{0}”")]
    Unknown(String),
    /// The shipped rules cannot be read: the program was built from broken content.
    #[error("the shipped behaviours cannot be read: {0}")]
    Shipped(String),
    /// The people context failed.
    #[error(transparent)]
    People(#[from] people::api::PeopleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RuleError> for Problem {
    fn from(error: RuleError) -> Problem {
        match error {
            RuleError::Wrong(all) => {
                let fields = all
                    .iter()
                    .map(|found| {
                        let place = format!("{}:{}", found.line, found.column);
                        (place, Text::verbatim(format!("{} — {}", found.message, found.expected)))
                    })
                    .collect();
                Problem::new(ProblemKind::Invalid, "behaviours.rule_wrong", texts::rule_wrong(all.len()))
                    .with_fields(fields)
            }
            RuleError::ExamplesFail(n) => {
                Problem::new(ProblemKind::Invalid, "behaviours.examples_fail", texts::examples_fail(n))
            }
            RuleError::OtherName(name) => {
                Problem::new(ProblemKind::Invalid, "behaviours.other_name", texts::other_name(&name))
            }
            RuleError::Conflict(_) => Problem::new(
                ProblemKind::Conflict,
                "behaviours.changed_in_between",
                texts::changed_in_between(),
            ),
            RuleError::NoDraft => {
                Problem::new(ProblemKind::Invalid, "behaviours.no_draft", texts::no_draft())
            }
            RuleError::Reinspecting => {
                Problem::new(ProblemKind::Conflict, "behaviours.reinspecting", texts::still_reinspecting())
            }
            RuleError::TooMany(limit) => {
                Problem::new(ProblemKind::Invalid, "behaviours.too_many", texts::too_many_to_recount(limit))
            }
            RuleError::Listing(problem) => *problem,
            RuleError::Unknown(_) => Problem::not_found(),
            RuleError::People(error) => error.into(),
            error @ (RuleError::Store(_) | RuleError::Shipped(_)) => {
                tracing::error!(%error, "behaviours.failed");
                Problem::internal()
            }
        }
    }
}

impl From<RuleError> for web::Fail {
    fn from(error: RuleError) -> web::Fail {
        Problem::from(error).into()
    }
}
