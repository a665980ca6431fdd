//! The table `skill`.

use store::{Ask, Result, Tx, sql};

use crate::service::stamp;
use crate::skill::{Skill, SkillId};

pub(crate) async fn all(ask: &impl Ask) -> Result<Vec<Skill>> {
    ask.all(sql!("SELECT id, name, version FROM skill ORDER BY name"), |row| {
        Ok(Skill { id: row.id("id")?, name: row.get("name")?, version: row.get("version")? })
    })
    .await
}

/// How many people have each skill.
pub(crate) async fn holders(ask: &impl Ask) -> Result<Vec<(SkillId, i64)>> {
    ask.all(sql!("SELECT skill, COUNT(*) AS n FROM person_skill GROUP BY skill"), |row| {
        Ok((row.id("skill")?, row.get("n")?))
    })
    .await
}

/// Adds a skill unless its name is taken; whether it was added.
pub(crate) async fn insert(tx: &Tx, skill: &Skill) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "INSERT INTO skill (id, name, version, changed_at, changed_by) VALUES ({}, {}, {}, {}) ON CONFLICT (name) DO NOTHING",
            skill.id,
            &skill.name,
            skill.version, stamp(tx)
        ))
        .await?;
    Ok(n == 1)
}

/// Stores a skill if its version is still the one before; whether it was.
pub(crate) async fn update(tx: &Tx, id: SkillId, version: i64, name: &str) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "UPDATE skill SET name = {}, version = version + 1, (changed_at, changed_by) = ({}) WHERE id = {} AND version = {}",
            name, stamp(tx), id, version
        ))
        .await?;
    Ok(n == 1)
}
