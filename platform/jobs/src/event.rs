//! Events: written with the change they tell of, delivered to each subscriber once and in order.

use std::panic::AssertUnwindSafe;

use futures::future::{BoxFuture, FutureExt};
use kernel::Time;
use serde::{Serialize, de::DeserializeOwned};
use store::{Ask, Db, Row, Sql, StoreError, Tx, sql};

use crate::wake;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its position among all events, from 1; events follow the order of commits.
    pub seq: i64,
    /// What happened, `context.noun_verbed`.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: i64,
    /// When.
    pub at: Time,
    payload: String,
}

impl Event {
    /// What it tells, in the type that the emitting context publishes for this kind and version.
    pub fn payload<T: DeserializeOwned>(&self) -> store::Result<T> {
        serde_json::from_str(&self.payload).map_err(|error| StoreError::Corrupt {
            column: "outbox_event.payload".to_owned(),
            found: format!("event {} of kind {}: {error}", self.seq, self.kind),
        })
    }
}

/// Tells of something in the transaction that does it, in version 1 of its shape. Emit late in a
/// transaction: on PostgreSQL others who emit wait for its end.
pub async fn emit(tx: &Tx, kind: &'static str, payload: &impl Serialize) -> store::Result<()> {
    emit_version(tx, kind, 1, payload).await
}

/// The same in a later version of the payload's shape.
pub async fn emit_version(
    tx: &Tx,
    kind: &'static str,
    version: i64,
    payload: &impl Serialize,
) -> store::Result<()> {
    let payload = serde_json::to_string(payload).map_err(|error| StoreError::Corrupt {
        column: "outbox_event.payload".to_owned(),
        found: format!("a {kind} that cannot be written as JSON: {error}"),
    })?;
    tx.exec(sql!("UPDATE outbox_head SET seq = seq + 1 WHERE id = 1")).await?;
    tx.exec(sql!(
        "INSERT INTO outbox_event (seq, kind, version, payload, at) SELECT seq, {}, {}, {}, {} FROM outbox_head WHERE id = 1",
        kind,
        version,
        payload,
        tx.env().now()
    ))
    .await?;
    wake::all();
    Ok(())
}

/// What a subscriber does with an event, inside the transaction that records the delivery.
pub(crate) type Handler =
    Box<dyn for<'a> Fn(Event, &'a Tx) -> BoxFuture<'a, store::Result<()>> + Send + Sync>;

/// Somebody who listens to one kind of event.
pub(crate) struct Subscription {
    pub subscriber: String,
    pub kind: &'static str,
    pub handler: Handler,
}

impl Subscription {
    /// Delivers the next event if there is one; whether there was.
    pub(crate) async fn deliver_next(&self, db: &Db) -> store::Result<bool> {
        if self.next(db).await?.is_none() {
            return Ok(false);
        }
        let tx = db.bookkeeping().await?;
        // The row is locked from here on: another runner of the same subscriber waits, then sees less.
        self.register(&tx).await?;
        let Some(event) = self.next(&tx).await? else { return Ok(false) };
        let seq = event.seq;
        // A handler that panics fails like any other: the task that delivers must go on for the others.
        AssertUnwindSafe((self.handler)(event, &tx)).catch_unwind().await.unwrap_or_else(|_| {
            Err(StoreError::Corrupt {
                column: "outbox_event.payload".to_owned(),
                found: format!("event {seq} of kind {}, at which “{}” broke off", self.kind, self.subscriber),
            })
        })?;
        tx.exec(sql!(
            "UPDATE outbox_cursor SET seq = {}, delivered_at = {} WHERE subscriber = {} AND kind = {}",
            seq,
            tx.env().now(),
            &self.subscriber,
            self.kind
        ))
        .await?;
        tx.commit().await?;
        metrics::counter!("jobs_events_delivered_total", "kind" => self.kind).increment(1);
        Ok(true)
    }

    /// Makes sure that the subscriber's position has a row, and locks it.
    pub(crate) async fn register(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql!(
            "INSERT INTO outbox_cursor (subscriber, kind, seq, delivered_at) VALUES ({}, {}, 0, {}) ON CONFLICT (subscriber, kind) DO UPDATE SET seq = outbox_cursor.seq",
            &self.subscriber,
            self.kind,
            tx.env().now()
        ))
        .await?;
        Ok(())
    }

    async fn next(&self, ask: &impl Ask) -> store::Result<Option<Event>> {
        ask.first(
            sql!(
                "SELECT seq, kind, version, at, payload FROM outbox_event WHERE kind = {} AND seq > COALESCE((SELECT c.seq FROM outbox_cursor c WHERE c.subscriber = {} AND c.kind = {}), 0) ORDER BY seq LIMIT 1",
                self.kind, &self.subscriber, self.kind
            ),
            read,
        )
        .await
    }
}

fn read(row: &Row<'_>) -> store::Result<Event> {
    Ok(Event {
        seq: row.get("seq")?,
        kind: row.get("kind")?,
        version: row.get("version")?,
        at: row.time("at")?,
        payload: row.get("payload")?,
    })
}

/// Events older than `before` that every subscriber of their kind has had.
pub(crate) fn outdated(before: Time) -> Sql {
    sql!(
        "DELETE FROM outbox_event WHERE at < {} AND NOT EXISTS (SELECT 1 FROM outbox_cursor c WHERE c.kind = outbox_event.kind AND c.seq < outbox_event.seq)",
        before
    )
}
