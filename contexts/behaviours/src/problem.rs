//! What can go wrong here, as pages and the API tell it.

use messages::{Problem, ProblemKind, Text};

use crate::{service::RuleError, texts};

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
            RuleError::Conflict(_) => {
                Problem::new(ProblemKind::Conflict, "behaviours.changed_in_between", texts::changed_in_between())
            }
            RuleError::NoDraft => Problem::new(ProblemKind::Invalid, "behaviours.no_draft", texts::no_draft()),
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
