//! The tables `queue` and `line_of_business`.

use store::{Ask, Result, Tx, sql};

use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId};
use crate::service::stamp;

pub(crate) async fn queues(ask: &impl Ask) -> Result<Vec<Queue>> {
    ask.all(sql!("SELECT id, name, line_of_business, version FROM queue ORDER BY name"), |row| {
        Ok(Queue {
            id: row.id("id")?,
            name: row.get("name")?,
            line_of_business: row.maybe_id("line_of_business")?,
            version: row.get("version")?,
        })
    })
    .await
}

pub(crate) async fn lines(ask: &impl Ask) -> Result<Vec<LineOfBusiness>> {
    ask.all(sql!("SELECT id, name, version FROM line_of_business ORDER BY name"), |row| {
        Ok(LineOfBusiness { id: row.id("id")?, name: row.get("name")?, version: row.get("version")? })
    })
    .await
}

/// Adds a queue unless its name is taken; whether it was added.
pub(crate) async fn insert_queue(tx: &Tx, queue: &Queue) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "INSERT INTO queue (id, name, line_of_business, version, changed_at, changed_by) VALUES ({}, {}, {}, {}, {}) ON CONFLICT (name) DO NOTHING",
            queue.id, &queue.name, queue.line_of_business.map(|line| line.0), queue.version, stamp(tx)
        ))
        .await?;
    Ok(n == 1)
}

/// Adds a line of business unless its name is taken; whether it was added.
pub(crate) async fn insert_line(tx: &Tx, line: &LineOfBusiness) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "INSERT INTO line_of_business (id, name, version, changed_at, changed_by) VALUES ({}, {}, {}, {}) ON CONFLICT (name) DO NOTHING",
            line.id, &line.name, line.version, stamp(tx)
        ))
        .await?;
    Ok(n == 1)
}

/// Stores a queue if its version is still the one before; whether it was.
pub(crate) async fn update_queue(
    tx: &Tx,
    id: QueueId,
    version: i64,
    name: &str,
    line: Option<LineOfBusinessId>,
) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "UPDATE queue SET name = {}, line_of_business = {}, version = version + 1, (changed_at, changed_by) = ({}) WHERE id = {} AND version = {}",
            name, line.map(|line| line.0), stamp(tx), id, version
        ))
        .await?;
    Ok(n == 1)
}

/// Stores a line of business if its version is still the one before; whether it was.
pub(crate) async fn update_line(tx: &Tx, id: LineOfBusinessId, version: i64, name: &str) -> Result<bool> {
    let n = tx
        .exec(sql!(
            "UPDATE line_of_business SET name = {}, version = version + 1, (changed_at, changed_by) = ({}) WHERE id = {} AND version = {}",
            name, stamp(tx), id, version
        ))
        .await?;
    Ok(n == 1)
}
