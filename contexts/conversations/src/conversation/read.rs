//! Reading conversations: lists in any order, documents in bulk.

use std::collections::HashMap;

use kernel::{BusinessDay, Day, PersonId, Scope, Time, UnitId};
use store::{Ask, Db, Result, Row, Sql, sql};
use uuid::Uuid;

use super::{
    document::{Document, DocumentError, Turn},
    filter::{ConversationFilter, Durations, in_scope},
    rules::{Direction, Role},
};
use crate::ids::{BatchId, ConversationId, LineOfBusinessId, QueueId};

/// Rows are counted up to here and one more.
pub const COUNTED_MAX: u64 = ui::Cx::COUNTED_UP_TO + 1;
/// Ids of one statement.
const IDS_AT_ONCE: usize = 500;

/// What lists show of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Its id.
    pub id: ConversationId,
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
    /// The team of its first agent on that day.
    pub team: Option<UnitId>,
    /// Its first agent.
    pub person: Option<PersonId>,
    /// The queue.
    pub queue: Option<QueueId>,
    /// The line of business.
    pub line_of_business: Option<LineOfBusinessId>,
    /// The channel.
    pub channel: Option<String>,
    /// Who began it.
    pub direction: Option<Direction>,
    /// The coded outcome.
    pub disposition: Option<String>,
    /// How long it took, s.
    pub duration_s: Option<i64>,
    /// Turns.
    pub turn_count: i64,
    /// Agents.
    pub agent_count: i64,
    /// `zh` or `en`.
    pub lang: String,
    /// The import that brought its present content.
    pub batch: BatchId,
    /// Raised with every change of content, from 1.
    pub version: i64,
    /// When its present content came.
    pub imported_at: Time,
}

/// An agent of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The key of their turns; empty where turns have none.
    pub key: String,
    /// Who.
    pub person: Option<PersonId>,
    /// The team they were in on that day.
    pub team: Option<UnitId>,
}

/// A conversation with its document as stored: decode it on whatever thread has time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConversation {
    /// Its row.
    pub row: ConversationRow,
    /// Its agents, the first one first.
    pub agents: Vec<Participant>,
    body: Vec<u8>,
}

/// A whole conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Its row.
    pub row: ConversationRow,
    /// Its agents, the first one first.
    pub agents: Vec<Participant>,
    /// Its words and fields.
    pub document: Document,
}

impl StoredConversation {
    /// Reads the document.
    ///
    /// # Errors
    /// It is damaged.
    pub fn decode(self) -> std::result::Result<Conversation, DocumentError> {
        let document = Document::read(&self.body)?;
        Ok(Conversation { row: self.row, agents: self.agents, document })
    }
}

impl Conversation {
    /// Whose a turn is: what an agent did belongs to them also after a hand-over. `None` for turns of
    /// customers and of the system, and where no agent is known.
    pub fn agent_of(&self, turn: &Turn) -> Option<&Participant> {
        if turn.role != Role::Agent {
            return None;
        }
        let keyed =
            || self.agents.iter().find(|agent| Some(agent.key.as_str()) == turn.participant.as_deref());
        if self.agents.len() > 1 { keyed().or(self.agents.first()) } else { self.agents.first() }
    }
}

const COLUMNS: &str = "c.id, c.source, c.external_id, c.started_at, c.sort_at, c.day, c.site, c.team, c.person, c.queue, c.line_of_business, c.channel, c.direction, c.disposition, c.duration_s, c.turn_count, c.agent_count, c.lang, c.batch, c.version, c.imported_at";

fn read(row: &Row<'_>) -> Result<ConversationRow> {
    Ok(ConversationRow {
        id: row.id("id")?,
        source: row.get("source")?,
        external_id: row.get("external_id")?,
        started_at: row.maybe_time("started_at")?,
        sort_at: row.time("sort_at")?,
        day: row.maybe_day("day")?,
        site: row.maybe_id("site")?,
        team: row.maybe_id("team")?,
        person: row.maybe_id("person")?,
        queue: row.maybe_id("queue")?,
        line_of_business: row.maybe_id("line_of_business")?,
        channel: row.get("channel")?,
        direction: row.get::<Option<String>>("direction")?.as_deref().and_then(Direction::parse),
        disposition: row.get("disposition")?,
        duration_s: row.get("duration_s")?,
        turn_count: row.get("turn_count")?,
        agent_count: row.get("agent_count")?,
        lang: row.get("lang")?,
        batch: row.id("batch")?,
        version: row.get("version")?,
        imported_at: row.time("imported_at")?,
    })
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConversationSort {
    /// Newest first; undated ones last.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Longest first; those of unknown length last.
    Longest,
    /// Shortest first.
    Shortest,
}

impl ConversationSort {
    /// The same order from its other end.
    #[must_use]
    pub const fn reversed(self) -> ConversationSort {
        match self {
            ConversationSort::Newest => ConversationSort::Oldest,
            ConversationSort::Oldest => ConversationSort::Newest,
            ConversationSort::Longest => ConversationSort::Shortest,
            ConversationSort::Shortest => ConversationSort::Longest,
        }
    }

    /// The value by which a row stands in this order.
    pub fn value(self, row: &ConversationRow) -> i64 {
        match self {
            ConversationSort::Newest | ConversationSort::Oldest => row.sort_at.0,
            ConversationSort::Longest | ConversationSort::Shortest => row.duration_s.unwrap_or(-1),
        }
    }

    fn order(self) -> Sql {
        Sql::new(match self {
            ConversationSort::Newest => "c.sort_at DESC, c.id DESC",
            ConversationSort::Oldest => "c.sort_at, c.id",
            ConversationSort::Longest => "COALESCE(c.duration_s, -1) DESC, c.id DESC",
            ConversationSort::Shortest => "COALESCE(c.duration_s, -1), c.id",
        })
    }

    /// The same order, spelled so that no index gives it: for few rows that another index finds.
    fn sorted(self) -> Sql {
        Sql::new(match self {
            ConversationSort::Newest => "c.sort_at + 0 DESC, c.id DESC",
            ConversationSort::Oldest => "c.sort_at + 0, c.id",
            ConversationSort::Longest => "COALESCE(c.duration_s, -1) + 0 DESC, c.id DESC",
            ConversationSort::Shortest => "COALESCE(c.duration_s, -1) + 0, c.id",
        })
    }

    const fn is_descending(self) -> bool {
        matches!(self, ConversationSort::Newest | ConversationSort::Longest)
    }

    const fn is_by_time(self) -> bool {
        matches!(self, ConversationSort::Newest | ConversationSort::Oldest)
    }

    fn after(self, (value, id): (i64, ConversationId)) -> Sql {
        match self {
            ConversationSort::Newest => sql!("(c.sort_at, c.id) < ({}, {})", value, id),
            ConversationSort::Oldest => sql!("(c.sort_at, c.id) > ({}, {})", value, id),
            ConversationSort::Longest => sql!("(COALESCE(c.duration_s, -1), c.id) < ({}, {})", value, id),
            ConversationSort::Shortest => sql!("(COALESCE(c.duration_s, -1), c.id) > ({}, {})", value, id),
        }
    }
}

/// A place in a list: the value of its order, and the id.
pub type Place = (i64, ConversationId);

/// A place as the address and the API write it.
pub fn place_text((value, id): Place) -> String {
    format!("{value}.{}", id.0.simple())
}

/// Reads what [`place_text`] wrote.
pub fn parse_place(text: &str) -> Option<Place> {
    let (value, id) = text.split_once('.')?;
    Some((value.parse().ok()?, ConversationId(Uuid::try_parse(id).ok()?)))
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Listing<'a> {
    /// The reader's scope.
    pub scope: &'a Scope,
    /// The filter; its words and its selection are answered elsewhere and come in as `among`.
    pub filter: &'a ConversationFilter,
    /// The centre's calendar, for the days of the filter.
    pub calendar: &'a BusinessDay,
    /// Only these.
    pub among: Option<&'a [ConversationId]>,
    /// The order.
    pub sort: ConversationSort,
}

/// Rows of a span of durations that are sorted rather than looked for in the order of time: both take about as long
/// among a million.
const SORTED_MAX: usize = 6_000;

/// Which conversations a statement is about. Those that changed hands belong to several people and teams, which no
/// index on one column can say; they are few, and asked for apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// By the columns of the row, which hold the first agent and their team.
    First,
    /// Those that changed hands and stand between these places in time, both inclusive.
    HandedOver(Span),
    /// Of all those that changed hands only the ones that the columns of the row do not tell.
    HandedOn,
}

/// The first and the last place in time, µs.
type Span = (Option<i64>, Option<i64>);

fn conditions(what: &Listing<'_>, part: Part, durations: Durations) -> Sql {
    let handed_over = part != Part::First;
    let mut all = what.filter.conditions(what.calendar, handed_over, durations);
    all.push(in_scope(what.scope, handed_over));
    all.extend(what.among.map(|ids| sql!("c.id IN {}", ids.iter().map(|id| id.0).collect::<Vec<_>>())));
    if handed_over {
        let (persons, teams) = concerned(what);
        let (from, to) = if let Part::HandedOver(span) = part { span } else { (None, None) };
        let from = from.map(|at| sql!("p.sort_at >= {}", at));
        let within = Sql::all_of(from.into_iter().chain(to.map(|at| sql!("p.sort_at <= {}", at))));
        all.push(sql!("c.id IN (SELECT p.conversation FROM conversation_participant p WHERE (p.person IN {} OR p.team IN {}) AND ({}))", persons, teams, within));
    }
    if part == Part::HandedOn {
        let whose = ConversationFilter {
            agents: what.filter.agents.clone(),
            teams: what.filter.teams.clone(),
            ..ConversationFilter::default()
        };
        let told = conditions(&Listing { filter: &whose, among: None, ..*what }, Part::First, durations);
        all.push(sql!("({}) IS NOT TRUE", told));
    }
    Sql::all_of(all)
}

/// The persons and teams of filter and scope.
fn concerned(what: &Listing<'_>) -> (Vec<Uuid>, Vec<Uuid>) {
    let mut persons: Vec<Uuid> = what.filter.agents.iter().map(|id| id.0).collect();
    let mut teams: Vec<Uuid> = what.filter.teams.iter().map(|id| id.0).collect();
    if !what.scope.is_everything() {
        persons.extend(what.scope.person().map(|id| id.0));
        teams.extend(what.scope.unit_ids().iter().map(|id| id.0));
    }
    (persons, teams)
}

/// Whether a conversation that changed hands may matter here.
async fn any_hand_over(db: &Db, what: &Listing<'_>) -> Result<bool> {
    let (persons, teams) = concerned(what);
    if persons.is_empty() && teams.is_empty() {
        return Ok(false);
    }
    let by_person = sql!("SELECT 1 FROM conversation_participant WHERE person IN {} LIMIT 1", persons);
    let by_team = sql!("SELECT 1 FROM conversation_participant WHERE team IN {} LIMIT 1", teams);
    Ok(db.first(by_person, |_| Ok(())).await?.is_some() || db.first(by_team, |_| Ok(())).await?.is_some())
}

/// Whether the span of durations, where one is asked for, holds so few that sorting them is quickest.
async fn few_durations(db: &Db, filter: &ConversationFilter) -> Result<bool> {
    let span = Sql::all_of(filter.durations(Durations::Indexed));
    let n = db
        .count(sql!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM conversation c WHERE {} LIMIT {}) counted",
            span,
            SORTED_MAX + 1
        ))
        .await?;
    Ok(usize::try_from(n).is_ok_and(|n| n <= SORTED_MAX))
}

/// One page of a list.
///
/// # Errors
/// The store's.
pub async fn page(
    db: &Db,
    what: &Listing<'_>,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<ConversationRow>> {
    let columns = Columns { names: COLUMNS, read, place: |row, sort| (sort.value(row), row.id) };
    page_of(db, what, after, limit, &columns).await
}

/// The places of one page of a list, without its rows: for going through many.
pub async fn places(db: &Db, what: &Listing<'_>, after: Option<Place>, limit: usize) -> Result<Vec<Place>> {
    let names = match what.sort {
        ConversationSort::Newest | ConversationSort::Oldest => "c.id, c.sort_at AS place",
        ConversationSort::Longest | ConversationSort::Shortest => "c.id, COALESCE(c.duration_s, -1) AS place",
    };
    let read = |row: &Row<'_>| Ok((row.get("place")?, row.id("id")?));
    page_of(db, what, after, limit, &Columns { names, read, place: |place, _| *place }).await
}

/// What is read of each conversation, and where that tells that it stands.
struct Columns<T> {
    names: &'static str,
    read: fn(&Row<'_>) -> Result<T>,
    place: fn(&T, ConversationSort) -> Place,
}

async fn page_of<T: Send>(
    db: &Db,
    what: &Listing<'_>,
    after: Option<Place>,
    limit: usize,
    columns: &Columns<T>,
) -> Result<Vec<T>> {
    let by_duration = what.filter.duration_min_s.is_some() || what.filter.duration_max_s.is_some();
    let sort = what.sort;
    let (durations, order) = if !by_duration || !sort.is_by_time() || what.among.is_some() {
        (Durations::Indexed, sort.order())
    } else if few_durations(db, what.filter).await? {
        (Durations::Indexed, sort.sorted())
    } else {
        (Durations::Compared, sort.order())
    };
    let ordered = |conditions: Sql, order: Sql| {
        let mut all = vec![conditions];
        all.extend(after.map(|place| sort.after(place)));
        Sql::new("SELECT ").push(columns.names).bind(sql!(
            " FROM conversation c WHERE {} ORDER BY {} LIMIT {}",
            Sql::all_of(all),
            order,
            limit
        ))
    };
    let arrange = |found: &mut Vec<T>| {
        found.sort_by_key(|one| (columns.place)(one, sort));
        found.dedup_by_key(|one| (columns.place)(one, sort));
        if sort.is_descending() {
            found.reverse();
        }
        found.truncate(limit);
    };
    let mut found = Vec::new();
    for scope in &what.scope.parts() {
        let first = conditions(&Listing { scope, ..*what }, Part::First, durations);
        found.extend(db.all(ordered(first, order.clone()), columns.read).await?);
    }
    arrange(&mut found);
    if any_hand_over(db, what).await? {
        // Behind the last one of a full page none is looked for.
        let last = found.last().filter(|_| found.len() >= limit).map(|one| (columns.place)(one, sort).0);
        let first = after.map(|(value, _)| value);
        let span = match sort {
            ConversationSort::Newest => (last, first),
            ConversationSort::Oldest => (first, last),
            ConversationSort::Longest | ConversationSort::Shortest => (None, None),
        };
        let handed_over = conditions(what, Part::HandedOver(span), Durations::Compared);
        found.extend(db.all(ordered(handed_over, sort.sorted()), columns.read).await?);
        arrange(&mut found);
    }
    Ok(found)
}

/// How many there are, counted up to [`COUNTED_MAX`].
///
/// # Errors
/// The store's.
pub async fn count(db: &Db, what: &Listing<'_>) -> Result<u64> {
    let counted = async |all: Sql| {
        let limit = usize::try_from(COUNTED_MAX).unwrap_or(usize::MAX);
        let n = db
            .count(sql!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM conversation c WHERE {} LIMIT {}) counted",
                all,
                limit
            ))
            .await?;
        Ok::<u64, store::StoreError>(u64::try_from(n).unwrap_or_default())
    };
    let (mut total, mut before) = (0, Vec::new());
    for scope in what.scope.parts() {
        let mut all = vec![conditions(&Listing { scope: &scope, ..*what }, Part::First, Durations::Indexed)];
        all.extend(before.iter().map(|scope| sql!("({}) IS NOT TRUE", in_scope(scope, false))));
        total += counted(Sql::all_of(all)).await?;
        before.push(scope);
    }
    if total < COUNTED_MAX && any_hand_over(db, what).await? {
        total += counted(conditions(what, Part::HandedOn, Durations::Compared)).await?;
    }
    Ok(total.min(COUNTED_MAX))
}

/// Rows by id, in the order of the ids; those that do not exist or may not be seen are left out.
///
/// # Errors
/// The store's.
pub async fn rows(db: &Db, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    let mut found: HashMap<ConversationId, ConversationRow> = HashMap::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let statement = Sql::new("SELECT ").push(COLUMNS).bind(sql!(
            " FROM conversation c WHERE c.id IN {} AND ({})",
            some.iter().map(|id| id.0).collect::<Vec<_>>(),
            in_scope(scope, true)
        ));
        found.extend(db.all(statement, read).await?.into_iter().map(|row| (row.id, row)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Conversations with their stored documents, in the order of the ids; those that do not exist or may not be
/// seen are left out.
///
/// # Errors
/// The store's.
pub async fn stored(db: &Db, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<StoredConversation>> {
    let rows = rows(db, scope, ids).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut rest = rows.into_iter();
    loop {
        let some: Vec<ConversationRow> = rest.by_ref().take(IDS_AT_ONCE).collect();
        if some.is_empty() {
            return Ok(all);
        }
        let ids: Vec<Uuid> = some.iter().map(|row| row.id.0).collect();
        let mut bodies: HashMap<Uuid, Vec<u8>> = db
            .all(
                sql!("SELECT conversation, body FROM conversation_document WHERE conversation IN {}", ids),
                |row| Ok((row.get("conversation")?, row.get("body")?)),
            )
            .await?
            .into_iter()
            .collect();
        let shared: Vec<Uuid> = some.iter().filter(|row| row.agent_count > 1).map(|row| row.id.0).collect();
        let mut agents = if shared.is_empty() { HashMap::new() } else { participants(db, shared).await? };
        all.extend(some.into_iter().filter_map(|row| {
            let body = bodies.remove(&row.id.0)?;
            let mut agents = agents.remove(&row.id.0).unwrap_or_else(|| {
                let only = Participant { key: String::new(), person: row.person, team: row.team };
                if row.agent_count > 0 { vec![only] } else { Vec::new() }
            });
            agents.sort_by_key(|agent| agent.person != row.person);
            Some(StoredConversation { row, agents, body })
        }));
    }
}

async fn participants(db: &Db, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<Participant>>> {
    let mut found: HashMap<Uuid, Vec<Participant>> = HashMap::new();
    let rows = db
        .all(sql!("SELECT conversation, participant, person, team FROM conversation_participant WHERE conversation IN {}", ids), |row| {
            let agent =
                Participant { key: row.get("participant")?, person: row.maybe_id("person")?, team: row.maybe_id("team")? };
            Ok((row.get::<Uuid>("conversation")?, agent))
        })
        .await?;
    for (id, agent) in rows {
        found.entry(id).or_default().push(agent);
    }
    Ok(found)
}

/// How many conversations there are at all.
///
/// # Errors
/// The store's.
pub async fn total(db: &Db) -> Result<i64> {
    db.count(sql!("SELECT COUNT(*) FROM conversation")).await
}

/// Ids in their own order (that of arrival) after one: for going over everything, a page at a time.
///
/// # Errors
/// The store's.
pub async fn ids_after(db: &Db, after: Option<ConversationId>, limit: usize) -> Result<Vec<ConversationId>> {
    let from = after.map_or(Uuid::nil(), |id| id.0);
    db.all(sql!("SELECT id FROM conversation WHERE id > {} ORDER BY id LIMIT {}", from, limit), |row| {
        row.id("id")
    })
    .await
}

/// The different values of a column, up to a hundred: what a filter offers. Jumps from value to value through
/// the column's index, so that a million rows cost no more than a hundred.
///
/// # Errors
/// The store's.
pub async fn values(db: &Db, column: Coded) -> Result<Vec<String>> {
    const VALUES_MAX: usize = 100;
    let column = match column {
        Coded::Channel => "channel",
        Coded::Disposition => "disposition",
    };
    let jump = Sql::new("WITH RECURSIVE found(v) AS (SELECT MIN(")
        .push(column)
        .push(") FROM conversation UNION ALL SELECT (SELECT MIN(")
        .push(column)
        .push(") FROM conversation WHERE ")
        .push(column)
        .push(" > found.v) FROM found WHERE found.v IS NOT NULL) SELECT v FROM found WHERE v IS NOT NULL AND v <> ''");
    db.all(jump.bind(sql!(" LIMIT {}", VALUES_MAX)), |row| row.get("v")).await
}

/// Columns whose values are codes of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded {
    /// The channel.
    Channel,
    /// The disposition.
    Disposition,
}
