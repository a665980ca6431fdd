//! Improvements in the database.

use std::collections::BTreeMap;

use kernel::Scope;
use store::{Ask, Result, Row, StoreError, Tx, sql};

use super::{
    Cause, Closed, Ending, Entry, EntryKind, Improvement, ImprovementId, Member, State, Step, StepKind,
};

/// Improvements that one list holds: years of a large centre. Beyond it the longest closed are left out.
pub(crate) const LIST_MAX: usize = 5_000;
/// Ids asked for at once: each is a value of one statement.
const IDS_AT_ONCE: usize = 500;
/// Entries of one improvement that are shown.
const ENTRIES_MAX: usize = 500;

fn read(row: &Row<'_>) -> Result<Improvement> {
    let measure: String = row.get("measure")?;
    let how: Option<String> = row.get("closed_how")?;
    let closed = match how {
        Some(how) => Some(Closed {
            how: Ending::parse(&how)
                .ok_or_else(|| StoreError::Corrupt { column: "closed_how".to_owned(), found: how })?,
            reason: row.get::<Option<String>>("closed_reason")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Improvement {
        id: row.id("id")?,
        title: row.get("title")?,
        problem: row.get("problem")?,
        solution: row.get("solution")?,
        result: row.get("result")?,
        cause: row.word("cause", Cause::parse)?,
        state: row.word("state", State::parse)?,
        due: row.day("due")?,
        owner: row.id("owner")?,
        supervisor: row.id("supervisor")?,
        partner: row.id("partner")?,
        agreed_by: row.maybe_id("agreed_by")?,
        agreed_at: row.maybe_time("agreed_at")?,
        behaviour: row.id("behaviour")?,
        measure: serde_json::from_str(&measure).map_err(|error| StoreError::Corrupt {
            column: "improvement.measure".to_owned(),
            found: error.to_string(),
        })?,
        members: Vec::new(),
        round: row.get("round")?,
        round_from: row.day("round_from")?,
        opened_by: row.maybe_id("opened_by")?,
        opened_at: row.time("opened_at")?,
        state_since: row.time("state_since")?,
        escalation: u8::try_from(row.get::<i64>("escalation")?).unwrap_or_default(),
        closed,
        watched_to: row.maybe_day("watched_to")?,
        version: row.get("version")?,
    })
}

async fn with_members(ask: &impl Ask, mut found: Vec<Improvement>) -> Result<Vec<Improvement>> {
    let ids: Vec<ImprovementId> = found.iter().map(|one| one.id).collect();
    let mut members: BTreeMap<ImprovementId, Vec<Member>> = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let query = sql!(
            "SELECT improvement, person, team FROM improvement_member WHERE improvement IN {} ORDER BY improvement, person",
            some.to_vec()
        );
        let rows = ask.all(query, |row| {
            Ok((row.id("improvement")?, Member { person: row.id("person")?, team: row.id("team")? }))
        });
        for (id, member) in rows.await? {
            members.entry(id).or_default().push(member);
        }
    }
    for one in &mut found {
        one.members = members.remove(&one.id).unwrap_or_default();
    }
    Ok(found)
}

/// Those that a reader may see, the open ones first, by their due days.
pub(crate) async fn list(ask: &impl Ask, scope: &Scope) -> Result<Vec<Improvement>> {
    let query = sql!(
        "SELECT * FROM improvement ORDER BY CASE WHEN state IN ('closed', 'withdrawn') THEN 1 ELSE 0 END, due, id LIMIT {}",
        LIST_MAX
    );
    let mut all = with_members(ask, ask.all(query, read).await?).await?;
    all.retain(|one| one.is_seen_by(scope));
    Ok(all)
}

/// One, whoever asks: callers look at [`Improvement::is_seen_by`].
pub(crate) async fn find(ask: &impl Ask, id: ImprovementId) -> Result<Option<Improvement>> {
    let found = ask.first(sql!("SELECT * FROM improvement WHERE id = {}", id), read).await?;
    Ok(with_members(ask, found.into_iter().collect()).await?.pop())
}

pub(crate) async fn insert(tx: &Tx, one: &Improvement) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO improvement (id, title, problem, solution, result, cause, state, due, owner, supervisor, partner, behaviour, measure, round, round_from, opened_by, opened_at, state_since, escalation, version) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, 0, {})",
        one.id, &one.title, &one.problem, &one.solution, &one.result, one.cause.name(), one.state.name(), one.due,
        one.owner, one.supervisor, one.partner, one.behaviour, measure(one)?, one.round, one.round_from,
        one.opened_by, one.opened_at, one.state_since, one.version
    ))
    .await?;
    insert_members(tx, one).await
}

async fn insert_members(tx: &Tx, one: &Improvement) -> Result<()> {
    for member in &one.members {
        tx.exec(sql!(
            "INSERT INTO improvement_member (improvement, person, team) VALUES ({}, {}, {})",
            one.id,
            member.person,
            member.team
        ))
        .await?;
    }
    Ok(())
}

fn measure(one: &Improvement) -> Result<String> {
    serde_json::to_string(&one.measure).map_err(|error| StoreError::Corrupt {
        column: "improvement.measure".to_owned(),
        found: error.to_string(),
    })
}

/// Writes everything that changes, if it is still at `version`; whether it was. The version rises by one.
pub(crate) async fn update(tx: &Tx, one: &Improvement, version: i64) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE improvement SET title = {}, problem = {}, solution = {}, result = {}, cause = {}, state = {}, due = {}, owner = {}, supervisor = {}, partner = {}, agreed_by = {}, agreed_at = {}, measure = {}, round = {}, round_from = {}, state_since = {}, escalation = {}, closed_how = {}, closed_reason = {}, watched_to = {}, version = version + 1 WHERE id = {} AND version = {}",
            &one.title, &one.problem, &one.solution, &one.result, one.cause.name(), one.state.name(), one.due,
            one.owner, one.supervisor, one.partner, one.agreed_by, one.agreed_at, measure(one)?, one.round,
            one.round_from, one.state_since, one.escalation, one.closed.as_ref().map(|closed| closed.how.name()),
            one.closed.as_ref().map(|closed| closed.reason.as_str()), one.watched_to, one.id, version
        ))
        .await?;
    Ok(changed > 0)
}

/// The steps of some, the earliest first.
pub(crate) async fn steps(
    ask: &impl Ask,
    ids: &[ImprovementId],
) -> Result<BTreeMap<ImprovementId, Vec<Step>>> {
    let mut found: BTreeMap<ImprovementId, Vec<Step>> = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let query =
            sql!("SELECT * FROM improvement_step WHERE improvement IN {} ORDER BY at, id", some.to_vec());
        let rows = ask.all(query, |row| {
            let step = Step {
                kind: row.word("kind", StepKind::parse)?,
                note: row.get("note")?,
                topic: row.maybe_id("topic")?,
                day: row.maybe_day("day")?,
                by: row.maybe_id("account")?,
                at: row.time("at")?,
            };
            Ok((row.id("improvement")?, step))
        });
        for (id, step) in rows.await? {
            found.entry(id).or_default().push(step);
        }
    }
    Ok(found)
}

pub(crate) async fn insert_step(tx: &Tx, id: ImprovementId, step: &Step) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO improvement_step (id, improvement, kind, note, topic, day, account, at) VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
        tx.env().id::<uuid::Uuid>(), id, step.kind.name(), &step.note, step.topic, step.day, step.by, step.at
    ))
    .await?;
    Ok(())
}

/// What happened and was said, the latest first.
pub(crate) async fn entries(ask: &impl Ask, id: ImprovementId) -> Result<Vec<Entry>> {
    let query = sql!(
        "SELECT * FROM improvement_entry WHERE improvement = {} ORDER BY at DESC, id DESC LIMIT {}",
        id,
        ENTRIES_MAX
    );
    ask.all(query, |row| {
        Ok(Entry {
            kind: row.word("kind", EntryKind::parse)?,
            words: row.get("words")?,
            by: row.maybe_id("account")?,
            at: row.time("at")?,
        })
    })
    .await
}

pub(crate) async fn remember(tx: &Tx, id: ImprovementId, kind: EntryKind, words: &str) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO improvement_entry (id, improvement, kind, words, account, at) VALUES ({}, {}, {}, {}, {}, {})",
        tx.env().id::<uuid::Uuid>(), id, kind.name(), words, tx.by().account, tx.env().now()
    ))
    .await?;
    Ok(())
}
