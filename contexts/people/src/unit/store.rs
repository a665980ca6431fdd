//! The table `unit`.

use kernel::UnitId;
use store::{Ask, Result, Row, Tx, sql};

use crate::service::stamp;
use crate::unit::{Unit, UnitKind};

fn map(row: &Row<'_>) -> Result<Unit> {
    Ok(Unit {
        id: row.id("id")?,
        parent: row.maybe_id("parent")?,
        kind: row.word("kind", UnitKind::parse)?,
        code: row.get("code")?,
        name: row.get("name")?,
        zone: row.get("zone")?,
        closed_from: row.maybe_day("closed_from")?,
        version: row.get("version")?,
    })
}

pub(crate) async fn all(ask: &impl Ask) -> Result<Vec<Unit>> {
    ask.all(
        sql!("SELECT id, parent, kind, code, name, zone, closed_from, version FROM unit ORDER BY name, id"),
        map,
    )
    .await
}

pub(crate) async fn find(ask: &impl Ask, id: UnitId) -> Result<Option<Unit>> {
    ask.first(
        sql!("SELECT id, parent, kind, code, name, zone, closed_from, version FROM unit WHERE id = {}", id),
        map,
    )
    .await
}

/// Adds a unit unless its code is taken; whether it was added.
pub(crate) async fn insert(tx: &Tx, unit: &Unit) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "INSERT INTO unit (id, parent, kind, code, name, zone, closed_from, version, changed_at, changed_by) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (code) DO NOTHING",
            unit.id, unit.parent, unit.kind.name(), &unit.code, &unit.name, unit.zone.clone(), unit.closed_from, unit.version, stamp(tx)
        ))
        .await?;
    Ok(n == 1)
}

/// Stores a unit if its version is still the one before; whether it was.
pub(crate) async fn update(tx: &Tx, unit: &Unit, version: i64) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "UPDATE unit SET parent = {}, code = {}, name = {}, zone = {}, closed_from = {}, version = version + 1, (changed_at, changed_by) = ({}) WHERE id = {} AND version = {}",
            unit.parent, &unit.code, &unit.name, unit.zone.clone(), unit.closed_from, stamp(tx), unit.id, version
        ))
        .await?;
    Ok(n == 1)
}
