//! What other contexts may use of this one.

pub use crate::{
    behaviour::{Behaviour, BehaviourId, Live, Version, VersionState},
    check::BehavioursCheck,
    gap::{Gap, TARGET_DEFAULT, Targets, WEEKS as GAP_WEEKS},
    inspect::jobs::{InspectConversations, Reinspect},
    observation::{Evidence, EvidenceKind, Seen, SeenOf, Who},
    pack::{Example, Expected, shipped_rules},
    permission::BehavioursPermission,
    service::Behaviours,
    texts::inspecting_new,
    uptake::{By, Slice, Subject, UptakeMap, Window},
};
