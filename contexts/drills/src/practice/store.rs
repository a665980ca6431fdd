//! Rehearsals in the database.

use kernel::{PersonId, Scope, Time};
use messages::Lang;
use rehearsal::Input;
use store::{Ask, Result, Row, Sql, StoreError, Tx, sql, visible};

use super::{RehearsalId, RehearsalState, Rehearsed, Scores};
use crate::{engine::Outcome, topic::TopicId};

fn rehearsed(row: &Row<'_>) -> Result<Rehearsed> {
    let scores = match (row.get("process")?, row.get("feeling")?, row.get("outcome")?, row.get("passed")?) {
        (Some(process), Some(feeling), Some(outcome), Some(passed)) => {
            Some(Scores { process, feeling, outcome, passed })
        }
        _ => None,
    };
    Ok(Rehearsed {
        id: row.id("id")?,
        person: row.id("person")?,
        team: row.maybe_id("team")?,
        topic: row.maybe_id("topic")?,
        scenario: row.get("scenario")?,
        language: row.word("language", Lang::parse)?,
        title: row.get("title")?,
        version_n: row.get("version_n")?,
        script: row.get("script")?,
        rules: row.get("rules")?,
        seed: row.get::<i64>("seed")?.cast_unsigned(),
        state: row.word("state", RehearsalState::parse)?,
        turns: row.get("turns")?,
        started_at: row.time("started_at")?,
        changed_at: row.time("changed_at")?,
        day: row.day("day")?,
        scores,
    })
}

/// What lists read of a rehearsal: all but its result.
const COLUMNS: &str = "id, person, team, topic, scenario, language, title, version_n, script, rules, seed, state, turns, started_at, changed_at, day, process, feeling, outcome, passed";

/// Which rehearsals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    pub person: Option<PersonId>,
    pub scenario: Option<String>,
    pub topic: Option<TopicId>,
    pub state: Option<RehearsalState>,
    /// Begun before this one: the place where a page begins.
    pub before: Option<Time>,
}

/// Rehearsals that the reader may see, the last begun first.
pub(crate) async fn list(
    ask: &impl Ask,
    scope: &Scope,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Rehearsed>> {
    let mut all = vec![visible(scope, "team", Some("person"))];
    all.extend(filter.person.map(|person| sql!("person = {}", person)));
    all.extend(filter.scenario.as_deref().map(|scenario| sql!("scenario = {}", scenario)));
    all.extend(filter.topic.map(|topic| sql!("topic = {}", topic)));
    all.extend(filter.state.map(|state| sql!("state = {}", state.name())));
    all.extend(filter.before.map(|before| sql!("started_at < {}", before)));
    let query = sql!(
        "SELECT {} FROM rehearsal WHERE {} ORDER BY started_at DESC, id DESC LIMIT {}",
        Sql::new(COLUMNS),
        Sql::all_of(all),
        limit
    );
    ask.all(query, rehearsed).await
}

/// One rehearsal.
pub(crate) async fn find(ask: &impl Ask, scope: &Scope, id: RehearsalId) -> Result<Option<Rehearsed>> {
    let query = sql!(
        "SELECT {} FROM rehearsal WHERE id = {} AND {}",
        Sql::new(COLUMNS),
        id,
        visible(scope, "team", Some("person"))
    );
    ask.first(query, rehearsed).await
}

/// What came of a rehearsal, as it was when it ended. The caller has seen that the reader may see it.
pub(crate) async fn outcome(ask: &impl Ask, id: RehearsalId) -> Result<Option<Outcome>> {
    let query = sql!("SELECT result FROM rehearsal WHERE id = {}", id);
    let stored = ask.first(query, |row| row.get::<Option<String>>("result")).await?.flatten();
    stored
        .map(|json| {
            serde_json::from_str(&json).map_err(|error| StoreError::Corrupt {
                column: "result".to_owned(),
                found: error.to_string(),
            })
        })
        .transpose()
}

/// How many rehearsals a person has in progress.
pub(crate) async fn open_count(ask: &impl Ask, person: PersonId) -> Result<i64> {
    ask.count(sql!("SELECT COUNT(*) FROM rehearsal WHERE person = {} AND state = 'open'", person)).await
}

/// What a person did in a rehearsal, in order.
pub(crate) async fn inputs(ask: &impl Ask, id: RehearsalId) -> Result<Vec<Input>> {
    let query = sql!("SELECT input FROM rehearsal_turn WHERE rehearsal = {} ORDER BY n", id);
    ask.all(query, |row| {
        let json: String = row.get("input")?;
        serde_json::from_str(&json)
            .map_err(|error| StoreError::Corrupt { column: "input".to_owned(), found: error.to_string() })
    })
    .await
}

/// A text by its digest.
pub(crate) async fn text(ask: &impl Ask, digest: &str) -> Result<Option<String>> {
    ask.first(sql!("SELECT text FROM rehearsal_text WHERE digest = {}", digest), |row| row.get("text")).await
}

/// Keeps a text under its digest; one that is there already stays.
pub(crate) async fn keep_text(tx: &Tx, digest: &str, text: &str) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO rehearsal_text (digest, text) VALUES ({}, {}) ON CONFLICT (digest) DO NOTHING",
        digest,
        text
    ))
    .await?;
    Ok(())
}

/// Inserts a rehearsal that begins.
pub(crate) async fn insert(tx: &Tx, one: &Rehearsed) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO rehearsal (id, person, team, topic, scenario, language, title, version_n, script, rules, seed, state, turns, started_at, changed_at, day) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, 0, {}, {}, {})",
        one.id, one.person, one.team, one.topic.map(|topic| topic.0), &one.scenario, one.language.code(), &one.title, one.version_n,
        &one.script, &one.rules, one.seed.cast_signed(), one.state.name(), one.started_at, one.changed_at, one.day
    ))
    .await?;
    Ok(())
}

/// Keeps one turn of a rehearsal in progress that has had `n` turns so far; whether it had.
pub(crate) async fn add_turn(tx: &Tx, id: RehearsalId, n: i64, input: &Input) -> Result<bool> {
    let now = tx.env().now();
    let changed = tx
        .exec(sql!(
            "UPDATE rehearsal SET turns = turns + 1, changed_at = {} WHERE id = {} AND turns = {} AND state = 'open'",
            now, id, n
        ))
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    let json = serde_json::to_string(input).unwrap_or_default();
    tx.exec(sql!(
        "INSERT INTO rehearsal_turn (rehearsal, n, input, at) VALUES ({}, {}, {}, {})",
        id,
        n,
        json,
        now
    ))
    .await?;
    Ok(true)
}

/// Keeps what came of a rehearsal.
pub(crate) async fn end(tx: &Tx, id: RehearsalId, outcome: &Outcome) -> Result<()> {
    let json = serde_json::to_string(outcome).unwrap_or_default();
    let Scores { process, feeling, outcome, passed } = outcome.scores();
    tx.exec(sql!(
        "UPDATE rehearsal SET state = 'ended', process = {}, feeling = {}, outcome = {}, passed = {}, result = {} WHERE id = {}",
        process, feeling, outcome, passed, json, id
    ))
    .await?;
    Ok(())
}

/// Stops a rehearsal in progress; whether it was.
pub(crate) async fn give_up(tx: &Tx, id: RehearsalId) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE rehearsal SET state = 'given_up', changed_at = {} WHERE id = {} AND state = 'open'",
            tx.env().now(),
            id
        ))
        .await?;
    Ok(changed == 1)
}
