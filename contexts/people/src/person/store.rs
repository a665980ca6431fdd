//! The tables `person` and `person_skill`.

use kernel::{Day, PersonId, Scope};
use store::{Ask, Result, Row, Sql, Tx, sql, visible};

use crate::person::Person;
use crate::service::stamp;
use crate::skill::SkillId;

pub(crate) fn map(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: row.id("id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        employed_from: row.maybe_day("employed_from")?,
        employed_to: row.maybe_day("employed_to")?,
        leaving_reason: row.get("leaving_reason")?,
        version: row.get("version")?,
    })
}

/// `person p` beside `membership m`, the one in which they belong to a unit on `day`.
pub(crate) fn with_unit_on(day: Day) -> Sql {
    sql!(
        "person p LEFT JOIN membership m ON m.person = p.id AND m.role = 'member' AND m.from_day <= {} AND (m.to_day IS NULL OR m.to_day >= {})",
        day,
        day
    )
}

/// The condition under which a reader may see `p` in [`with_unit_on`].
pub(crate) fn seen(scope: &Scope) -> Sql {
    visible(scope, "m.unit", Some("p.id"))
}

pub(crate) async fn find(ask: &impl Ask, id: PersonId) -> Result<Option<Person>> {
    ask.first(
        sql!("SELECT id, number, name, employed_from, employed_to, leaving_reason, version FROM person WHERE id = {}", id),
        map,
    )
    .await
}

pub(crate) async fn find_seen(
    ask: &impl Ask,
    scope: &Scope,
    day: Day,
    id: PersonId,
) -> Result<Option<Person>> {
    ask.first(
        sql!(
            "SELECT p.id, p.number, p.name, p.employed_from, p.employed_to, p.leaving_reason, p.version FROM {} WHERE p.id = {} AND {}",
            with_unit_on(day), id, seen(scope)
        ),
        map,
    )
    .await
}

/// People by their numbers; those that do not exist are left out.
pub(crate) async fn by_numbers(ask: &impl Ask, numbers: Vec<String>) -> Result<Vec<Person>> {
    ask.all(
        sql!("SELECT id, number, name, employed_from, employed_to, leaving_reason, version FROM person WHERE number IN {}", numbers),
        map,
    )
    .await
}

/// Everybody's id, number and name.
pub(crate) async fn names(ask: &impl Ask) -> Result<Vec<(PersonId, String, String)>> {
    ask.all(sql!("SELECT id, number, name FROM person"), |row| {
        Ok((row.id("id")?, row.get("number")?, row.get("name")?))
    })
    .await
}

/// Adds people; one whose number is taken is left out. How many were added.
pub(crate) async fn insert_all(tx: &Tx, people: &[Person]) -> Result<u64> {
    let row = |p: &Person| {
        sql!(
            "({}, {}, {}, {}, {}, {}, {}, {})",
            p.id,
            &p.number,
            &p.name,
            p.employed_from,
            p.employed_to,
            p.leaving_reason.clone(),
            p.version,
            stamp(tx)
        )
    };
    tx.insert_all(
        "INSERT INTO person (id, number, name, employed_from, employed_to, leaving_reason, version, changed_at, changed_by) VALUES ",
        people.iter().map(row).collect::<Vec<_>>(),
        " ON CONFLICT (number) DO NOTHING",
    )
    .await
}

/// Stores a person if the version is still the one before; whether it was.
pub(crate) async fn update(tx: &Tx, person: &Person, version: i64) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "UPDATE person SET number = {}, name = {}, employed_from = {}, employed_to = {}, leaving_reason = {}, version = version + 1, (changed_at, changed_by) = ({}) WHERE id = {} AND version = {}",
            &person.number, &person.name, person.employed_from, person.employed_to, person.leaving_reason.clone(), stamp(tx), person.id, version
        ))
        .await?;
    Ok(n == 1)
}

pub(crate) async fn skills(ask: &impl Ask, person: PersonId) -> Result<Vec<(SkillId, String, u8)>> {
    ask.all(
        sql!("SELECT s.id, s.name, ps.level FROM person_skill ps JOIN skill s ON s.id = ps.skill WHERE ps.person = {} ORDER BY s.name", person),
        |row| Ok((row.id("id")?, row.get("name")?, u8::try_from(row.get::<i64>("level")?).unwrap_or(u8::MAX))),
    )
    .await
}

pub(crate) async fn set_skill(tx: &Tx, person: PersonId, skill: SkillId, level: Option<u8>) -> Result<()> {
    let statement = if let Some(level) = level {
        sql!(
            "INSERT INTO person_skill (person, skill, level) VALUES ({}, {}, {}) ON CONFLICT (person, skill) DO UPDATE SET level = excluded.level",
            person,
            skill,
            level
        )
    } else {
        sql!("DELETE FROM person_skill WHERE person = {} AND skill = {}", person, skill)
    };
    tx.exec(statement).await?;
    Ok(())
}
