//! What other contexts may use of this one.
//!
//! - [`People`] is the service: commands, and [`People::directory`] for the platform.
//! - [`Lookup`] answers from memory: who a number is, which team somebody was in on a day, which site and
//!   calendar a unit has.
//! - [`People::ensure`] makes what an import names and nobody knows yet.

pub use crate::ensure::{Resolved, Wanted, WantedAgent};
pub use crate::error::{Conflict, Invalid, PeopleError, Result, Stored};
pub use crate::import::said::CellError;
pub use crate::import::service::{
    Counts, ImportOptions, ImportedRow, RejectedRow, Report, RowChange, SPELLED_OUT_MAX,
};
pub use crate::lookup::{Lookup, PersonName};
pub use crate::membership::rules::BEGINNING;
pub use crate::membership::{Membership, TeamRole};
pub use crate::permission::PeoplePermission;
pub use crate::person::list::{PeopleFilter, PeoplePage, PeopleSort};
pub use crate::person::{Person, PersonCard, PersonDraft, PersonRow};
pub use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId};
pub use crate::service::People;
pub use crate::skill::{Skill, SkillId};
pub use crate::slots::PersonSlot;
pub use crate::unit::{Unit, UnitDraft, UnitKind};
pub use crate::words::{CODE_CHARS_MAX, NAME_CHARS_MAX};
pub use intake::person::{Column, Mapping, PersonRecord, table};
