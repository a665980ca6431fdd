//! What other contexts may use of this one.

pub use crate::{
    improvement::{
        Cause, ImprovementId, State, StepKind,
        draft::{ActDraft, Draft, DrillDraft},
        rules::{Act, Hand},
        service::Card,
    },
    permission::ImprovementsPermission,
    problem::ImprovementError,
    service::Improvements,
    verdict::{
        Kept, LOOKS, Outcome, Reading,
        jobs::{CheckImprovements, ReadImprovement, ReadVerdicts, reading_of, reading_soon},
    },
};
