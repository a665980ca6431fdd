//! Keeping conversations: saving many at once, and the roll-up that goes with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{Day, PersonId, Time, UnitId};
use store::{Ask, Result, Sql, StoreError, Tx, sql};
use uuid::Uuid;

use super::rules::Direction;
use crate::ids::{BatchId, ConversationId, LineOfBusinessId, QueueId};

/// A conversation whose names are resolved, ready to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewConversation {
    /// Where it comes from.
    pub source: String,
    /// The id its source gave it.
    pub external_id: String,
    /// When it began.
    pub started_at: Option<Time>,
    /// Where it stands in lists.
    pub sort_at: Time,
    /// The business day of its site.
    pub day: Option<Day>,
    /// The site.
    pub site: Option<UnitId>,
    /// The queue.
    pub queue: Option<QueueId>,
    /// The line of business.
    pub line_of_business: Option<LineOfBusinessId>,
    /// The channel.
    pub channel: Option<String>,
    /// The direction.
    pub direction: Option<Direction>,
    /// The disposition.
    pub disposition: Option<String>,
    /// The duration, s.
    pub duration_s: Option<i64>,
    /// Turns.
    pub turn_count: usize,
    /// Its agents in the order in which they first speak: participant key, person, team on that day.
    pub agents: Vec<(String, Option<PersonId>, Option<UnitId>)>,
    /// `zh` or `en`.
    pub lang: &'static str,
    /// The hash of everything above and of the words, as imported.
    pub checksum: [u8; 32],
    /// The compressed document.
    pub body: Vec<u8>,
}

/// What became of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Saved {
    /// It is new.
    Added,
    /// It was there with other content, which is replaced.
    Updated,
    /// It was there with this very content.
    Unchanged,
}

/// What a conversation counts for in the roll-up.
#[derive(Debug, Clone, Copy)]
struct Counted {
    key: (Day, Uuid, Uuid),
    seconds: i64,
}

struct Held {
    id: ConversationId,
    version: i64,
    checksum: Vec<u8>,
    counted: Option<Counted>,
}

/// Whether an import brings a day for a conversation whose source says none, and another than is kept: the same
/// file again with a date is how one dates what went in without. The hash is of what the source says alone.
fn is_dated_anew(before: &Held, new: &NewConversation) -> bool {
    new.started_at.is_none() && new.day.is_some() && before.counted.map(|counted| counted.key.0) != new.day
}

/// Keeps conversations, no two of the same identity: what became of each, in their order.
/// The roll-up follows in the same transaction.
///
/// # Errors
/// The store's.
pub async fn save(tx: &Tx, batch: BatchId, all: &[NewConversation]) -> Result<Vec<(ConversationId, Saved)>> {
    let held = held(tx, all).await?;
    let now = tx.env().now();
    let mut outcome = Vec::with_capacity(all.len());
    let mut replaced: Vec<ConversationId> = Vec::new();
    let (mut rows, mut documents, mut participants) = (Vec::new(), Vec::new(), Vec::new());
    let mut days = RollUp::default();
    for new in all {
        let before = held.get(&(new.source.as_str(), new.external_id.as_str()));
        if let Some(before) = before
            && before.checksum == new.checksum
            && !is_dated_anew(before, new)
        {
            outcome.push((before.id, Saved::Unchanged));
            continue;
        }
        let (id, version) = match before {
            Some(before) => {
                replaced.push(before.id);
                days.add(before.counted, -1);
                (before.id, before.version + 1)
            }
            None => (tx.env().id(), 1),
        };
        outcome.push((id, if before.is_some() { Saved::Updated } else { Saved::Added }));
        let first = new.agents.first();
        let (person, team) = first.map_or((None, None), |(_, person, team)| (*person, *team));
        days.add(counted(new.day, new.queue, person, new.duration_s), 1);
        rows.push(row(new, id, version, batch, now, person, team));
        documents.push(sql!("({}, {})", id, new.body.as_slice()));
        if new.agents.len() > 1 {
            participants.extend(new.agents.iter().map(|(key, person, team)| {
                sql!("({}, {}, {}, {}, {})", id, key, *person, *team, new.sort_at)
            }));
        }
    }
    forget(tx, &replaced).await?;
    tx.insert_all("INSERT INTO conversation (id, source, external_id, started_at, sort_at, day, site, team, person, queue, line_of_business, channel, direction, disposition, duration_s, turn_count, agent_count, lang, batch, checksum, version, imported_at) VALUES ", rows, "").await?;
    tx.insert_all("INSERT INTO conversation_document (conversation, body) VALUES ", documents, "").await?;
    tx.insert_all(
        "INSERT INTO conversation_participant (conversation, participant, person, team, sort_at) VALUES ",
        participants,
        "",
    )
    .await?;
    days.keep(tx).await?;
    Ok(outcome)
}

fn row(
    new: &NewConversation,
    id: ConversationId,
    version: i64,
    batch: BatchId,
    now: Time,
    person: Option<PersonId>,
    team: Option<UnitId>,
) -> Sql {
    sql!(
        "({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        id,
        &new.source,
        &new.external_id,
        new.started_at,
        new.sort_at,
        new.day,
        new.site,
        team,
        person,
        new.queue.map(|id| id.0),
        new.line_of_business.map(|id| id.0),
        new.channel.clone(),
        new.direction.map(Direction::name),
        new.disposition.clone(),
        new.duration_s,
        new.turn_count,
        new.agents.len(),
        new.lang,
        batch,
        new.checksum.as_slice(),
        version,
        now
    )
}

async fn forget(tx: &Tx, ids: &[ConversationId]) -> Result<()> {
    for ids in ids.chunks(500) {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        tx.exec(sql!("DELETE FROM conversation_document WHERE conversation IN {}", ids.clone())).await?;
        tx.exec(sql!("DELETE FROM conversation_participant WHERE conversation IN {}", ids.clone())).await?;
        tx.exec(sql!("DELETE FROM conversation WHERE id IN {}", ids)).await?;
    }
    Ok(())
}

async fn held<'a>(tx: &Tx, all: &'a [NewConversation]) -> Result<HashMap<(&'a str, &'a str), Held>> {
    let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for new in all {
        by_source.entry(&new.source).or_default().push(&new.external_id);
    }
    let mut held = HashMap::new();
    for (source, ids) in by_source {
        let known: HashSet<&str> = ids.iter().copied().collect();
        // Padded to few sizes, so that the databases' caches of prepared statements stay small.
        for part in ids.chunks(128) {
            let mut wanted: Vec<&str> = part.to_vec();
            if let Some(last) = part.last() {
                wanted.resize(part.len().next_power_of_two(), last);
            }
            let rows = tx
                .all(
                    sql!("SELECT external_id, id, version, checksum, day, queue, person, duration_s FROM conversation WHERE source = {} AND external_id IN {}", source, wanted),
                    |row| {
                        let held = Held {
                            id: row.id("id")?,
                            version: row.get("version")?,
                            checksum: row.get("checksum")?,
                            counted: counted(
                                row.maybe_day("day")?,
                                row.maybe_id("queue")?,
                                row.maybe_id("person")?,
                                row.get("duration_s")?,
                            ),
                        };
                        Ok((row.get::<String>("external_id")?, held))
                    },
                )
                .await?;
            for (external_id, row) in rows {
                if let Some(id) = known.get(external_id.as_str()) {
                    held.insert((source, *id), row);
                }
            }
        }
    }
    Ok(held)
}

fn counted(
    day: Option<Day>,
    queue: Option<QueueId>,
    person: Option<PersonId>,
    seconds: Option<i64>,
) -> Option<Counted> {
    let key = (day?, queue.map_or(Uuid::nil(), |id| id.0), person.map_or(Uuid::nil(), |id| id.0));
    Some(Counted { key, seconds: seconds.unwrap_or(0) })
}

/// Changes of the roll-up, gathered.
#[derive(Default)]
struct RollUp(BTreeMap<(Day, Uuid, Uuid), (i64, i64)>);

impl RollUp {
    fn add(&mut self, counted: Option<Counted>, sign: i64) {
        if let Some(counted) = counted {
            let cell = self.0.entry(counted.key).or_default();
            cell.0 += sign;
            cell.1 += sign * counted.seconds;
        }
    }

    async fn keep(self, tx: &Tx) -> Result<()> {
        let changed = self.0.into_iter().filter(|(_, change)| *change != (0, 0));
        let rows = changed
            .map(|((day, queue, person), (n, s))| sql!("({}, {}, {}, {}, {})", day, queue, person, n, s));
        tx.insert_all(
            "INSERT INTO conversation_day (day, queue, person, conversations, seconds) VALUES ",
            rows,
            " ON CONFLICT (day, queue, person) DO UPDATE SET conversations = conversation_day.conversations + excluded.conversations, seconds = conversation_day.seconds + excluded.seconds",
        )
        .await?;
        Ok(())
    }
}

/// A cell of the roll-up that differs from a recount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollUpDifference {
    /// The day.
    pub day: Day,
    /// What the roll-up says: conversations and seconds.
    pub kept: (i64, i64),
    /// What counting again says.
    pub counted: (i64, i64),
}

/// Counts all dated conversations again and compares with the roll-up; empty when they agree.
///
/// # Errors
/// The store's.
pub async fn check_roll_up(ask: &impl Ask) -> Result<Vec<RollUpDifference>> {
    type Cells = BTreeMap<(Day, Uuid, Uuid), (i64, i64)>;
    let read = |row: &store::Row<'_>| {
        let id = |column| Ok::<Uuid, StoreError>(row.get::<Option<Uuid>>(column)?.unwrap_or_default());
        Ok(((row.day("day")?, id("queue")?, id("person")?), (row.get::<i64>("n")?, row.get::<i64>("s")?)))
    };
    let kept: Cells = ask
        .all(sql!("SELECT day, queue, person, conversations AS n, seconds AS s FROM conversation_day WHERE conversations <> 0 OR seconds <> 0"), read)
        .await?
        .into_iter()
        .collect();
    let counted: Cells = ask
        .all(sql!("SELECT day, queue, person, COUNT(*) AS n, CAST(COALESCE(SUM(duration_s), 0) AS BIGINT) AS s FROM conversation WHERE day IS NOT NULL GROUP BY day, queue, person"), read)
        .await?
        .into_iter()
        .collect();
    let keys: std::collections::BTreeSet<_> = kept.keys().chain(counted.keys()).collect();
    let cell = |cells: &Cells, key| cells.get(key).copied().unwrap_or_default();
    Ok(keys
        .into_iter()
        .filter(|key| cell(&kept, key) != cell(&counted, key))
        .map(|key| RollUpDifference { day: key.0, kept: cell(&kept, key), counted: cell(&counted, key) })
        .collect())
}
