//! Observations and their roll-up in the database.

use std::collections::{BTreeMap, HashSet};

use conversations::api::ConversationId;
use kernel::Day;
use people::api::QueueId;
use store::{Ask, Tx, sql};
use uuid::Uuid;

use super::{
    Seen, packed,
    rollup::{Cell, Count, Delta},
};
use crate::{behaviour::BehaviourId, rule_set::store::KnownMembers};

/// Rows read at once while recounting.
const PAGE: usize = 5_000;

/// What was seen in one conversation, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its day at the site, when it has one.
    pub day: Option<Day>,
    /// Its queue.
    pub queue: Option<QueueId>,
    /// What was seen, by place in the rule set.
    pub seen: Vec<Seen>,
}

/// Stores what one rule set saw, in the place of what was stored before, and moves the roll-up with it.
pub(crate) async fn replace(
    tx: &Tx,
    rule_set: i64,
    members: &[BehaviourId],
    all: &[Inspected],
) -> store::Result<()> {
    // Two batches with a conversation in common would both take back what it counted for before: they take turns here.
    crate::fresh::changed(tx).await?;
    let ids: Vec<ConversationId> = all.iter().map(|inspected| inspected.conversation).collect();
    let before = read(tx, ids).await?;
    let mut sets = KnownMembers::default();
    let mut delta = Delta::default();
    for (_, old) in &before {
        let members = sets.of(tx, old.rule_set).await?;
        delta.take(-1, old.day, old.queue, &old.seen, &members);
    }
    for inspected in all {
        delta.take(1, inspected.day, inspected.queue, &inspected.seen, members);
    }
    let rows = all.iter().map(|inspected| {
        sql!(
            "({}, {}, {}, {}, {})",
            inspected.conversation,
            rule_set,
            inspected.day,
            inspected.queue.map(|queue| queue.0),
            packed::pack(&inspected.seen).as_slice()
        )
    });
    tx.insert_all(
        "INSERT INTO observation (conversation, rule_set, day, queue, packed) VALUES ",
        rows,
        " ON CONFLICT (conversation) DO UPDATE SET rule_set = excluded.rule_set, day = excluded.day, queue = excluded.queue, packed = excluded.packed",
    )
    .await?;
    apply(tx, &delta).await
}

async fn apply(tx: &Tx, delta: &Delta) -> store::Result<()> {
    let rows = delta.changes().map(|(cell, count)| {
        sql!(
            "({}, {}, {}, {}, {}, {}, {})",
            cell.week,
            cell.behaviour,
            nil(cell.team),
            nil(cell.person),
            nil(cell.queue),
            count.applicable,
            count.shown
        )
    });
    tx.insert_all(
        "INSERT INTO uptake_week (week, behaviour, team, person, queue, applicable, shown) VALUES ",
        rows,
        " ON CONFLICT (week, behaviour, team, person, queue) DO UPDATE SET applicable = uptake_week.applicable + excluded.applicable, shown = uptake_week.shown + excluded.shown",
    )
    .await?;
    Ok(())
}

/// Absent ids are nil in the roll-up: they are part of its key.
fn nil<T: Into<Uuid>>(id: Option<T>) -> Uuid {
    id.map_or(Uuid::nil(), Into::into)
}

/// A stored observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The rule set it was made with.
    pub rule_set: i64,
    /// The day it was counted on.
    pub day: Option<Day>,
    /// The queue it was counted in.
    pub queue: Option<QueueId>,
    /// What was seen.
    pub seen: Vec<Seen>,
}

/// The observations of these conversations; those not inspected yet are left out.
pub(crate) async fn read(
    ask: &impl Ask,
    ids: Vec<ConversationId>,
) -> store::Result<Vec<(ConversationId, Stored)>> {
    ask.all(
        sql!(
            "SELECT conversation, rule_set, day, queue, packed FROM observation WHERE conversation IN {}",
            ids
        ),
        stored,
    )
    .await
}

fn stored(row: &store::Row<'_>) -> store::Result<(ConversationId, Stored)> {
    let packed: Vec<u8> = row.get("packed")?;
    let seen = packed::unpack(&packed).map_err(|_| store::StoreError::Corrupt {
        column: "packed".to_owned(),
        found: format!("{} bytes", packed.len()),
    })?;
    Ok((
        row.id("conversation")?,
        Stored {
            rule_set: row.get("rule_set")?,
            day: row.maybe_day("day")?,
            queue: row.maybe_id("queue")?,
            seen,
        },
    ))
}

/// How many conversations were inspected.
pub(crate) async fn count(ask: &impl Ask) -> store::Result<i64> {
    ask.count(sql!("SELECT COUNT(*) FROM observation")).await
}

/// How many of these conversations were inspected.
pub(crate) async fn count_of(ask: &impl Ask, ids: &[ConversationId]) -> store::Result<i64> {
    ask.count(sql!("SELECT COUNT(*) FROM observation WHERE conversation IN {}", ids.to_vec())).await
}

/// Those of these conversations that were inspected with a rule set.
pub(crate) async fn seen_with(
    ask: &impl Ask,
    ids: &[ConversationId],
    rule_set: i64,
) -> store::Result<HashSet<ConversationId>> {
    let query = sql!(
        "SELECT conversation FROM observation WHERE conversation IN {} AND rule_set = {}",
        ids.to_vec(),
        rule_set
    );
    Ok(ask.all(query, |row| row.id("conversation")).await?.into_iter().collect())
}

/// Counts all observations anew and says where the roll-up differs: cell, what it says, what it should say.
///
/// # Errors
/// The store's, or a row that cannot be unpacked.
pub async fn recount(ask: &impl Ask) -> store::Result<Vec<(Cell, Count, Count)>> {
    let mut delta = Delta::default();
    let mut after = ConversationId(Uuid::nil());
    let mut sets = KnownMembers::default();
    loop {
        let page = ask
            .all(sql!("SELECT conversation, rule_set, day, queue, packed FROM observation WHERE conversation > {} ORDER BY conversation LIMIT {}", after, PAGE), stored)
            .await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, row) in &page {
            let members = sets.of(ask, row.rule_set).await?;
            delta.take(1, row.day, row.queue, &row.seen, &members);
        }
    }
    let mut should: BTreeMap<Cell, Count> = delta.changes().map(|(cell, count)| (*cell, *count)).collect();
    let kept = ask
        .all(sql!("SELECT week, behaviour, team, person, queue, applicable, shown FROM uptake_week WHERE applicable <> 0 OR shown <> 0"), |row| {
            let some = |column: &str| Ok::<_, store::StoreError>(Some(row.get::<Uuid>(column)?).filter(|id| !id.is_nil()));
            let cell = Cell {
                week: row.day("week")?,
                behaviour: row.id("behaviour")?,
                team: some("team")?.map(Into::into),
                person: some("person")?.map(Into::into),
                queue: some("queue")?.map(Into::into),
            };
            Ok((cell, Count { applicable: row.get("applicable")?, shown: row.get("shown")? }))
        })
        .await?;
    let mut wrong = Vec::new();
    for (cell, count) in kept {
        let expected = should.remove(&cell).unwrap_or_default();
        if expected != count {
            wrong.push((cell, count, expected));
        }
    }
    wrong.extend(should.into_iter().map(|(cell, expected)| (cell, Count::default(), expected)));
    Ok(wrong)
}
