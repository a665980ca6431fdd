//! Skills that people have to a level.

pub(crate) mod rest;
pub mod service;
pub(crate) mod store;

kernel::id_type! {
    /// A skill.
    pub struct SkillId;
}
::store::bind_ids!(SkillId);

/// A skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Its id.
    pub id: SkillId,
    /// Unique.
    pub name: String,
    /// Raised by each edit.
    pub version: i64,
}
