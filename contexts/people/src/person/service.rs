//! Adding, editing, moving and leaving.

use std::sync::Arc;

use ::store::Tx;
use audit::By;
use kernel::{Day, PersonId, Scope, UnitId};

use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::lookup::Lookup;
use crate::membership::rules::{self as memberships, BEGINNING};
use crate::membership::{Membership, TeamRole, store as membership_store};
use crate::person::list::{self, PeopleFilter, PeoplePage, PeopleSort};
use crate::person::{Person, PersonCard, PersonDraft, rules, store};
use crate::service::{People, conflict};
use crate::skill::SkillId;
use crate::texts;

/// Rows of one page of the list; an export reads page by page.
pub const PAGE_ROWS_MAX: usize = 500;

impl People {
    /// One page of the list of people, as of today, within what the reader may see.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(
        &self,
        scope: &Scope,
        filter: &PeopleFilter,
        sort: (PeopleSort, bool),
        after: Option<&str>,
        limit: usize,
    ) -> Result<PeoplePage> {
        let day = self.today().await?;
        Ok(list::page(self.db(), scope, day, filter, sort, after, limit.clamp(1, PAGE_ROWS_MAX)).await?)
    }

    /// One person, if the reader may see them: their unit of today is in the scope, or it is the reader.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`], or the store's.
    pub async fn card(&self, scope: &Scope, id: PersonId) -> Result<PersonCard> {
        let day = self.today().await?;
        let person = store::find_seen(self.db(), scope, day, id).await?.ok_or(PeopleError::NotFound)?;
        Ok(PersonCard {
            memberships: membership_store::of(self.db(), id).await?,
            skills: store::skills(self.db(), id).await?,
            person,
        })
    }

    /// Adds a person, and their unit if the draft names one.
    ///
    /// # Errors
    /// The fields that are wrong, or the store's.
    pub async fn add_person(&self, by: &By, draft: &PersonDraft) -> Result<PersonId> {
        let lookup = self.lookup().await?;
        let tidy = rules::check(draft)?;
        let mut tx = self.begin(by, "people.person_added").await?;
        let person = Person {
            id: tx.env().id(),
            number: tidy.number,
            name: tidy.name,
            employed_from: tidy.employed_from,
            employed_to: tidy.employed_to,
            leaving_reason: tidy.leaving_reason,
            version: 1,
        };
        tx.object("person", person.id);
        if store::insert_all(&tx, std::slice::from_ref(&person)).await? == 0 {
            return Err(Invalid::one("number", texts::number_taken(&person.number)).into());
        }
        if let Some(unit) = tidy.unit {
            let from = tidy.since.or(tidy.employed_from).unwrap_or(BEGINNING);
            open_unit(&lookup, unit, from, "unit")?;
            membership_store::apply(&tx, person.id, &memberships::move_to(&[], unit, from)).await?;
            tx.object("unit", unit);
        }
        self.finish(tx).await?;
        Ok(person.id)
    }

    /// Edits a person that was read at `version`. A draft with a unit and a first day in it moves them too (see
    /// [`People::move_person`]); without either they stay where they are. A last day of employment ends all
    /// memberships with it.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`] with what is stored now, the fields that are wrong, or the store's.
    pub async fn edit_person(&self, by: &By, id: PersonId, version: i64, draft: &PersonDraft) -> Result<()> {
        let lookup = self.lookup().await?;
        let mut tx = self.begin(by, "people.person_edited").await?;
        let held = at_version(&tx, id, version).await?;
        let tidy = rules::check(draft)?;
        let taken =
            store::by_numbers(&tx, vec![tidy.number.clone()]).await?.iter().any(|other| other.id != id);
        if taken {
            return Err(Invalid::one("number", texts::number_taken(&tidy.number)).into());
        }
        let person = Person {
            number: tidy.number,
            name: tidy.name,
            employed_from: tidy.employed_from,
            employed_to: tidy.employed_to,
            leaving_reason: tidy.leaving_reason,
            ..held
        };
        if let (Some(unit), Some(from)) = (tidy.unit, tidy.since) {
            open_unit(&lookup, unit, from, "unit")?;
            employed_then(&person, from, "since")?;
            let change = memberships::move_to(&membership_store::of(&tx, id).await?, unit, from);
            membership_store::apply(&tx, id, &change).await?;
            tx.object("unit", unit);
        }
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }

    /// Moves a person to a unit from a day on; the membership before ends the day before. The version rises.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`], [`PeopleError::NotFound`], a closed unit, or the store's.
    pub async fn move_person(
        &self,
        by: &By,
        id: PersonId,
        version: i64,
        unit: UnitId,
        from: Day,
    ) -> Result<()> {
        let lookup = self.lookup().await?;
        open_unit(&lookup, unit, from, "unit")?;
        let mut tx = self.begin(by, "people.person_moved").await?;
        let person = at_version(&tx, id, version).await?;
        employed_then(&person, from, "from")?;
        let change = memberships::move_to(&membership_store::of(&tx, id).await?, unit, from);
        membership_store::apply(&tx, id, &change).await?;
        tx.object("unit", unit);
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }

    /// Makes a person lead a unit from a day on, beside whatever else they lead or belong to.
    ///
    /// # Errors
    /// As [`People::move_person`].
    pub async fn lead(&self, by: &By, id: PersonId, version: i64, unit: UnitId, from: Day) -> Result<()> {
        let lookup = self.lookup().await?;
        open_unit(&lookup, unit, from, "unit")?;
        let mut tx = self.begin(by, "people.leader_named").await?;
        let person = at_version(&tx, id, version).await?;
        let held = membership_store::of(&tx, id).await?;
        if !held.iter().any(|m| m.role == TeamRole::Leader && m.unit == unit && m.holds(from)) {
            let begins =
                Membership { id: tx.env().id(), person: id, unit, role: TeamRole::Leader, from, to: None };
            membership_store::insert(&tx, &begins).await?;
        }
        tx.object("unit", unit);
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }

    /// Ends a person's leading of a unit; `last` is the last day.
    ///
    /// # Errors
    /// As [`People::move_person`].
    pub async fn stop_leading(
        &self,
        by: &By,
        id: PersonId,
        version: i64,
        unit: UnitId,
        last: Day,
    ) -> Result<()> {
        let mut tx = self.begin(by, "people.leader_released").await?;
        let person = at_version(&tx, id, version).await?;
        let led: Vec<_> = membership_store::of(&tx, id)
            .await?
            .into_iter()
            .filter(|m| m.role == TeamRole::Leader && m.unit == unit)
            .collect();
        membership_store::apply(&tx, id, &memberships::end_on(&led, last)).await?;
        tx.object("unit", unit);
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }

    /// A person leaves: `last` is the last day of employment and of every membership.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`], a day before employment began, or the store's.
    pub async fn leave(
        &self,
        by: &By,
        id: PersonId,
        version: i64,
        last: Day,
        reason: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.begin(by, "people.person_left").await?;
        let held = at_version(&tx, id, version).await?;
        let tidy = rules::check(&PersonDraft {
            number: held.number.clone(),
            name: held.name.clone(),
            employed_from: held.employed_from,
            employed_to: Some(last),
            leaving_reason: reason.map(str::to_owned),
            ..PersonDraft::default()
        })?;
        let person = Person { employed_to: Some(last), leaving_reason: tidy.leaving_reason, ..held };
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }

    /// Sets a person's level in a skill, 1–5, or takes the skill away with `None`.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`], an unknown skill, a level outside 1–5, or the store's.
    pub async fn set_skill(
        &self,
        by: &By,
        id: PersonId,
        version: i64,
        skill: SkillId,
        level: Option<u8>,
    ) -> Result<()> {
        let lookup = self.lookup().await?;
        if lookup.skill(skill).is_none() {
            return Err(Invalid::one("skill", texts::must_be_chosen()).into());
        }
        if let Some(level) = level.filter(|level| !rules::LEVELS.contains(level)) {
            return Err(Invalid::one("level", texts::level_range(level)).into());
        }
        let mut tx = self.begin(by, "people.skill_set").await?;
        let person = at_version(&tx, id, version).await?;
        store::set_skill(&tx, id, skill, level).await?;
        tx.object("skill", skill);
        store_person(&mut tx, &person, version).await?;
        self.finish(tx).await
    }
}

fn open_unit(lookup: &Arc<Lookup>, unit: UnitId, from: Day, field: &str) -> Result<()> {
    match lookup.unit(unit) {
        None => Err(Invalid::one(field, texts::must_be_chosen()).into()),
        Some(found) if !found.is_open(from) => {
            Err(Invalid::one(field, texts::unit_closed_then(&found.name, &from.to_string())).into())
        }
        Some(_) => Ok(()),
    }
}

fn employed_then(person: &Person, day: Day, field: &str) -> Result<()> {
    if person.is_employed(day) {
        Ok(())
    } else {
        Err(Invalid::one(field, texts::not_employed_then(&day.to_string())).into())
    }
}

async fn at_version(tx: &Tx, id: PersonId, version: i64) -> Result<Person> {
    let held = store::find(tx, id).await?.ok_or(PeopleError::NotFound)?;
    if held.version == version { Ok(held) } else { Err(conflict(tx, Stored::Person(held)).await) }
}

/// Stores a person that was read at `version` in this very transaction, and ends memberships with employment.
async fn store_person(tx: &mut Tx, person: &Person, version: i64) -> Result<()> {
    tx.object("person", person.id);
    if !store::update(tx, person, version).await? {
        return Err(PeopleError::NotFound);
    }
    if let Some(last) = person.employed_to {
        let ended = memberships::end_on(&membership_store::of(tx, person.id).await?, last);
        membership_store::apply(tx, person.id, &ended).await?;
    }
    Ok(())
}
