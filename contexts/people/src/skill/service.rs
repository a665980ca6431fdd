//! Adding and editing skills.

use std::collections::HashMap;

use audit::By;

use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::service::{People, conflict};
use crate::skill::{Skill, SkillId, store};
use crate::texts;
use crate::words;

impl People {
    /// Adds a skill.
    ///
    /// # Errors
    /// The fields that are wrong, or the store's.
    pub async fn add_skill(&self, by: &By, name: &str) -> Result<SkillId> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.skill_added").await?;
        let skill = Skill { id: tx.env().id(), name, version: 1 };
        tx.object("skill", skill.id);
        if !store::insert(&tx, &skill).await? {
            return Err(Invalid::one("name", texts::name_taken(&skill.name)).into());
        }
        self.finish(tx).await?;
        Ok(skill.id)
    }

    /// Edits a skill that was read at `version`.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`] with what is stored now, the fields that are wrong, or the store's.
    pub async fn edit_skill(&self, by: &By, id: SkillId, version: i64, name: &str) -> Result<()> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.skill_edited").await?;
        let skills = store::all(&tx).await?;
        let held = skills.iter().find(|skill| skill.id == id).ok_or(PeopleError::NotFound)?;
        if held.version != version {
            return Err(conflict(&tx, Stored::Skill(held.clone())).await);
        }
        if skills.iter().any(|other| other.id != id && other.name == name) {
            return Err(Invalid::one("name", texts::name_taken(&name)).into());
        }
        tx.object("skill", id);
        store::update(&tx, id, version, &name).await?;
        self.finish(tx).await
    }

    /// How many people have each skill.
    ///
    /// # Errors
    /// The store's.
    pub async fn skill_holders(&self) -> Result<HashMap<SkillId, i64>> {
        Ok(store::holders(self.db()).await?.into_iter().collect())
    }
}
