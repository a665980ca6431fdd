//! What other contexts may use of this one.

pub use crate::{
    permission::DrillsPermission,
    practice::{Begin, RehearsalId, RehearsalState, Rehearsed, Scores, Standing, href as rehearsal_href},
    problem::DrillError,
    scenario::{Difficulty, Scenario, href as scenario_href},
    service::Drills,
    topic::{
        Drilled, How, Origin, PERSON_DRILLED, PersonDrilled, Topic, TopicDraft, TopicFilter, TopicId,
        TopicState, Trainee, href as topic_href,
    },
};
