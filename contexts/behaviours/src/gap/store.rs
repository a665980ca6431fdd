//! Targets in the database.

use kernel::Day;
use store::{Ask, Result, Tx, sql};
use uuid::Uuid;

use super::{TargetRow, Targets};
use crate::behaviour::BehaviourId;

/// The centre-wide targets in effect on a day.
pub(crate) async fn targets(ask: &impl Ask, day: Day) -> Result<Targets> {
    let query = sql!(
        "SELECT behaviour, ratio FROM behaviour_target WHERE line_of_business = {} AND from_day <= {} ORDER BY from_day",
        Uuid::nil(),
        day
    );
    let rows = ask.all(query, |row| Ok((row.id("behaviour")?, row.get("ratio")?))).await?;
    Ok(Targets(rows.into_iter().collect()))
}

/// The centre-wide targets of a behaviour, the latest first.
pub(crate) async fn history(ask: &impl Ask, behaviour: BehaviourId) -> Result<Vec<TargetRow>> {
    let query = sql!(
        "SELECT from_day, ratio FROM behaviour_target WHERE behaviour = {} AND line_of_business = {} ORDER BY from_day DESC",
        behaviour,
        Uuid::nil()
    );
    ask.all(query, |row| Ok(TargetRow { from_day: row.day("from_day")?, ratio: row.get("ratio")? })).await
}

/// Sets the centre-wide target of a behaviour; one already set for that day is replaced.
pub(crate) async fn set(tx: &Tx, behaviour: BehaviourId, target: TargetRow) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO behaviour_target (behaviour, line_of_business, from_day, ratio) VALUES ({}, {}, {}, {}) ON CONFLICT (behaviour, line_of_business, from_day) DO UPDATE SET ratio = excluded.ratio",
        behaviour, Uuid::nil(), target.from_day, target.ratio
    ))
    .await?;
    Ok(())
}
