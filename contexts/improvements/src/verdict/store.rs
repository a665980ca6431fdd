//! Readings in the database.

use std::collections::{BTreeMap, BTreeSet};

use store::{Ask, Result, StoreError, Tx, sql};

use super::{Kept, Reading, RowOf};
use crate::improvement::ImprovementId;

/// Ids asked for at once: each is a value of one statement.
const IDS_AT_ONCE: usize = 500;

/// The readings of some, by round and look.
pub(crate) async fn of(ask: &impl Ask, ids: &[ImprovementId]) -> Result<BTreeMap<ImprovementId, Vec<Kept>>> {
    let mut found: BTreeMap<ImprovementId, Vec<Kept>> = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let query = sql!(
            "SELECT improvement, round, look, body, at FROM improvement_verdict WHERE improvement IN {} ORDER BY improvement, round, look",
            some.to_vec()
        );
        let rows = ask.all(query, |row| {
            let body: String = row.get("body")?;
            let reading: Reading = serde_json::from_str(&body)
                .map_err(|error| unreadable("improvement_verdict.body", &error))?;
            let look = u16::try_from(row.get::<i64>("look")?).unwrap_or_default();
            Ok((
                row.id("improvement")?,
                Kept { round: row.get("round")?, look, reading, at: row.time("at")? },
            ))
        });
        for (id, kept) in rows.await? {
            found.entry(id).or_default().push(kept);
        }
    }
    Ok(found)
}

/// Which looks of some are complete, by round.
pub(crate) async fn complete(
    ask: &impl Ask,
    ids: &[ImprovementId],
) -> Result<BTreeSet<(ImprovementId, i64, u16)>> {
    let mut found = BTreeSet::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let query = sql!(
            "SELECT improvement, round, look FROM improvement_verdict WHERE complete AND improvement IN {}",
            some.to_vec()
        );
        let rows = ask.all(query, |row| {
            let look = u16::try_from(row.get::<i64>("look")?).unwrap_or_default();
            Ok((row.id("improvement")?, row.get("round")?, look))
        });
        found.extend(rows.await?);
    }
    Ok(found)
}

/// A reading as it comes back from being kept, without its people.
pub(crate) fn as_kept(reading: &Reading) -> Result<Reading> {
    let told = serde_json::to_string(reading).and_then(|body| serde_json::from_str(&body));
    told.map_err(|error| unreadable("improvement_verdict.body", &error))
}

/// Everybody with their weight behind a kept reading; `None` where they were not kept.
pub(crate) async fn people(
    ask: &impl Ask,
    id: ImprovementId,
    round: i64,
    look: u16,
) -> Result<Option<Vec<RowOf>>> {
    let query = sql!(
        "SELECT people FROM improvement_verdict WHERE improvement = {} AND round = {} AND look = {}",
        id,
        round,
        i64::from(look)
    );
    let kept = ask.first(query, |row| row.get::<Option<String>>("people")).await?.flatten();
    kept.map(|kept| {
        serde_json::from_str(&kept).map_err(|error| unreadable("improvement_verdict.people", &error))
    })
    .transpose()
}

fn unreadable(column: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { column: column.to_owned(), found: error.to_string() }
}

/// Keeps a reading in the place of an earlier one of the same look, with its people or without.
pub(crate) async fn keep(
    tx: &Tx,
    id: ImprovementId,
    round: i64,
    look: u16,
    reading: &Reading,
    with_people: bool,
) -> Result<()> {
    let body = serde_json::to_string(reading).map_err(|error| unreadable("body", &error))?;
    let people = with_people.then(|| serde_json::to_string(&reading.rows)).transpose();
    let people = people.map_err(|error| unreadable("people", &error))?;
    tx.exec(sql!(
        "INSERT INTO improvement_verdict (improvement, round, look, conclusion, complete, body, people, at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (improvement, round, look) DO UPDATE SET conclusion = excluded.conclusion, complete = excluded.complete, body = excluded.body, people = excluded.people, at = excluded.at",
        id, round, i64::from(look), reading.outcome.name(), reading.complete, body, people, tx.env().now()
    ))
    .await?;
    Ok(())
}
