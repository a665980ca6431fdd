//! What other contexts may use of this one.

pub use crate::{
    behaviour::{Behaviour, BehaviourId, Live, Version, VersionState},
    check::BehavioursCheck,
    gap::{Gap, GapAction, TARGET_DEFAULT, Targets, WEEKS as GAP_WEEKS},
    inspect::jobs::{InspectConversations, Reinspect},
    measure::{Frozen, FrozenSource, Measured, MeasuredBy, PersonWeek},
    observation::{Evidence, EvidenceKind, Seen, SeenOf, Who},
    pack::{Example, Expected, shipped_rules},
    permission::BehavioursPermission,
    problem::RuleError,
    service::Behaviours,
    texts::inspecting_new,
    uptake::{By, Slice, Subject, UptakeMap, Window},
};
