//! Changing the unit tree.

use ::store::{Ask, Tx, sql};
use audit::By;
use kernel::{Day, UnitId};

use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::service::{People, conflict};
use crate::texts;
use crate::unit::rules::Tree;
use crate::unit::{Unit, UnitDraft, UnitKind, rules, store};

async fn tree(ask: &impl Ask) -> Result<Tree> {
    Ok(store::all(ask).await?.into_iter().map(|unit| (unit.id, unit)).collect())
}

impl People {
    /// Adds a site or a team.
    ///
    /// # Errors
    /// The fields that are wrong, or the store's.
    pub async fn add_unit(&self, by: &By, draft: &UnitDraft) -> Result<UnitId> {
        let mut tx = self.begin(by, "people.unit_added").await?;
        let tidy = rules::check(&tree(&tx).await?, None, draft)?;
        let unit = Unit {
            id: tx.env().id(),
            parent: tidy.parent,
            kind: tidy.kind,
            code: tidy.code,
            name: tidy.name,
            zone: tidy.zone,
            closed_from: None,
            version: 1,
        };
        tx.object("unit", unit.id);
        if !store::insert(&tx, &unit).await? {
            return Err(Invalid::one("code", texts::code_taken(&unit.code)).into());
        }
        self.finish(tx).await?;
        Ok(unit.id)
    }

    /// Edits a unit that was read at `version`; its kind stays what it is.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`] with what is stored now, the fields that are wrong, or the store's.
    pub async fn edit_unit(&self, by: &By, id: UnitId, version: i64, draft: &UnitDraft) -> Result<()> {
        let mut tx = self.begin(by, "people.unit_edited").await?;
        let tree = tree(&tx).await?;
        let held = tree.get(&id).cloned().ok_or(PeopleError::NotFound)?;
        if held.version != version {
            return Err(conflict(&tx, Stored::Unit(held)).await);
        }
        let tidy = rules::check(&tree, Some(id), &UnitDraft { kind: held.kind, ..draft.clone() })?;
        let unit = Unit { parent: tidy.parent, code: tidy.code, name: tidy.name, zone: tidy.zone, ..held };
        self.store_unit(&mut tx, &unit, version).await?;
        self.finish(tx).await
    }

    /// Closes a unit from a day on, or opens it again with `None`.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`]; or somebody still belongs to it, or a unit below it is open, on that day;
    /// or it is the organisation.
    pub async fn close_unit(&self, by: &By, id: UnitId, version: i64, from: Option<Day>) -> Result<()> {
        let mut tx = self
            .begin(by, if from.is_some() { "people.unit_closed" } else { "people.unit_reopened" })
            .await?;
        let tree = tree(&tx).await?;
        let held = tree.get(&id).cloned().ok_or(PeopleError::NotFound)?;
        if held.version != version {
            return Err(conflict(&tx, Stored::Unit(held)).await);
        }
        if let Some(day) = from {
            if held.kind == UnitKind::Organisation {
                return Err(Invalid::one("closed_from", texts::organisation_stays_open()).into());
            }
            if let Some(open) = tree.values().find(|below| below.parent == Some(id) && below.is_open(day)) {
                return Err(Invalid::one("closed_from", texts::unit_below_open(&open.name)).into());
            }
            let members = tx
                .count(sql!(
                    "SELECT COUNT(DISTINCT person) FROM membership WHERE unit = {} AND (to_day IS NULL OR to_day >= {})",
                    id,
                    day
                ))
                .await?;
            if members > 0 {
                return Err(Invalid::one("closed_from", texts::unit_has_members(members)).into());
            }
        }
        self.store_unit(&mut tx, &Unit { closed_from: from, ..held }, version).await?;
        self.finish(tx).await
    }

    async fn store_unit(&self, tx: &mut Tx, unit: &Unit, version: i64) -> Result<()> {
        tx.object("unit", unit.id);
        if store::update(tx, unit, version).await? {
            return Ok(());
        }
        match store::find(tx, unit.id).await? {
            Some(now) => Err(conflict(tx, Stored::Unit(now)).await),
            None => Err(PeopleError::NotFound),
        }
    }
}
