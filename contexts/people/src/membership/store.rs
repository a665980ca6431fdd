//! The table `membership`.

use kernel::PersonId;
use store::{Ask, Result, Row, Tx, sql};
use uuid::Uuid;

use crate::membership::rules::Change;
use crate::membership::{Membership, TeamRole};

pub(crate) fn map(row: &Row<'_>) -> Result<Membership> {
    Ok(Membership {
        id: row.get("id")?,
        person: row.id("person")?,
        unit: row.id("unit")?,
        role: row.word("role", TeamRole::parse)?,
        from: row.day("from_day")?,
        to: row.maybe_day("to_day")?,
    })
}

pub(crate) async fn all(ask: &impl Ask) -> Result<Vec<Membership>> {
    ask.all(
        sql!("SELECT id, person, unit, role, from_day, to_day FROM membership ORDER BY person, from_day, role, id"),
        map,
    )
    .await
}

pub(crate) async fn of(ask: &impl Ask, person: PersonId) -> Result<Vec<Membership>> {
    ask.all(
        sql!("SELECT id, person, unit, role, from_day, to_day FROM membership WHERE person = {} ORDER BY from_day, role, id", person),
        map,
    )
    .await
}

pub(crate) async fn insert(tx: &Tx, m: &Membership) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO membership (id, person, unit, role, from_day, to_day) VALUES ({}, {}, {}, {}, {}, {})",
        m.id,
        m.person,
        m.unit,
        m.role.name(),
        m.from,
        m.to
    ))
    .await?;
    Ok(())
}

pub(crate) async fn insert_all(tx: &Tx, all: &[Membership]) -> Result<u64> {
    let row = |m: &Membership| {
        sql!("({}, {}, {}, {}, {}, {})", m.id, m.person, m.unit, m.role.name(), m.from, m.to)
    };
    tx.insert_all(
        "INSERT INTO membership (id, person, unit, role, from_day, to_day) VALUES ",
        all.iter().map(row).collect::<Vec<_>>(),
        "",
    )
    .await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<()> {
    tx.exec(sql!("DELETE FROM membership WHERE id = {}", id)).await?;
    Ok(())
}

/// Stores what a change does; what begins, begins as a member.
pub(crate) async fn apply(tx: &Tx, person: PersonId, change: &Change) -> Result<()> {
    for gone in &change.gone {
        remove(tx, gone.id).await?;
    }
    for kept in &change.kept {
        tx.exec(sql!("UPDATE membership SET to_day = {} WHERE id = {}", kept.to, kept.id)).await?;
    }
    if let Some((unit, from, to)) = change.begins {
        let begins = Membership { id: tx.env().id(), person, unit, role: TeamRole::Member, from, to };
        insert(tx, &begins).await?;
    }
    Ok(())
}
