//! Scenarios and versions in the database.

use messages::Lang;
use store::{Ask, Result, Row, Tx, sql};

use super::{Difficulty, Head, Scenario, ScenarioId, Version, VersionState};

/// Scenarios of one installation.
const SCENARIOS_MAX: usize = 1_000;

fn scenario(row: &Row<'_>) -> Result<Scenario> {
    let behaviours: String = row.get("behaviours")?;
    Ok(Scenario {
        id: row.id("id")?,
        name: row.get("name")?,
        language: row.word("language", Lang::parse)?,
        title: row.get("title")?,
        line_of_business: row.get("line_of_business")?,
        difficulty: row.word("difficulty", Difficulty::parse)?,
        behaviours: behaviours.split_whitespace().map(str::to_owned).collect(),
        version: row.get("version")?,
        live: row.get("live_n")?,
        draft: row.get("draft_n")?,
    })
}

/// All scenarios by name, each in its languages.
pub(crate) async fn list(ask: &impl Ask) -> Result<Vec<Scenario>> {
    let query = sql!(
        "SELECT s.*, (SELECT MAX(v.n) FROM scenario_version v WHERE v.scenario = s.id AND v.state = 'live') AS live_n, \
         (SELECT MAX(v.n) FROM scenario_version v WHERE v.scenario = s.id AND v.state = 'draft') AS draft_n \
         FROM scenario s ORDER BY s.name, s.language DESC LIMIT {}",
        SCENARIOS_MAX
    );
    ask.all(query, scenario).await
}

/// The languages of one scenario, Chinese first.
pub(crate) async fn named(ask: &impl Ask, name: &str) -> Result<Vec<Scenario>> {
    let query = sql!(
        "SELECT s.*, (SELECT MAX(v.n) FROM scenario_version v WHERE v.scenario = s.id AND v.state = 'live') AS live_n, \
         (SELECT MAX(v.n) FROM scenario_version v WHERE v.scenario = s.id AND v.state = 'draft') AS draft_n \
         FROM scenario s WHERE s.name = {} ORDER BY s.language DESC",
        name
    );
    ask.all(query, scenario).await
}

fn version(row: &Row<'_>) -> Result<Version> {
    Ok(Version {
        id: row.id("id")?,
        scenario: row.id("scenario")?,
        n: row.get("n")?,
        state: row.word("state", VersionState::parse)?,
        script: row.get("script")?,
        note: row.get("note")?,
        author: row.maybe_id("author")?,
        at: row.time("at")?,
        published_at: row.maybe_time("published_at")?,
    })
}

/// The versions of a scenario, the newest first.
pub(crate) async fn versions(ask: &impl Ask, scenario: ScenarioId) -> Result<Vec<Version>> {
    ask.all(sql!("SELECT * FROM scenario_version WHERE scenario = {} ORDER BY n DESC", scenario), version)
        .await
}

/// The newest version in a state.
pub(crate) async fn version_in(
    ask: &impl Ask,
    scenario: ScenarioId,
    state: VersionState,
) -> Result<Option<Version>> {
    let query = sql!(
        "SELECT * FROM scenario_version WHERE scenario = {} AND state = {} ORDER BY n DESC LIMIT 1",
        scenario,
        state.name()
    );
    ask.first(query, version).await
}

/// All live versions.
pub(crate) async fn live(ask: &impl Ask) -> Result<Vec<Version>> {
    ask.all(sql!("SELECT * FROM scenario_version WHERE state = 'live' LIMIT {}", SCENARIOS_MAX), version)
        .await
}

/// Inserts a scenario.
pub(crate) async fn insert(tx: &Tx, id: ScenarioId, lang: Lang, head: &Head) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO scenario (id, name, language, title, line_of_business, difficulty, behaviours, version, created_at) VALUES ({}, {}, {}, {}, {}, {}, {}, 1, {})",
        id, &head.name, lang.code(), &head.title, head.line_of_business.as_deref(), head.difficulty.name(),
        head.behaviours().join(" "), tx.env().now()
    ))
    .await?;
    Ok(())
}

/// Moves a scenario's version number if it is still `from`; whether it was.
pub(crate) async fn bump(tx: &Tx, id: ScenarioId, from: i64) -> Result<bool> {
    let changed = tx
        .exec(sql!("UPDATE scenario SET version = version + 1 WHERE id = {} AND version = {}", id, from))
        .await?;
    Ok(changed == 1)
}

/// Keeps what lists show of a scenario: what its live version says, or its draft while none is live.
pub(crate) async fn keep_head(tx: &Tx, id: ScenarioId, head: &Head) -> Result<()> {
    tx.exec(sql!(
        "UPDATE scenario SET title = {}, line_of_business = {}, difficulty = {}, behaviours = {} WHERE id = {}",
        &head.title, head.line_of_business.as_deref(), head.difficulty.name(), head.behaviours().join(" "), id
    ))
    .await?;
    Ok(())
}

/// Inserts a version.
pub(crate) async fn insert_version(tx: &Tx, version: &Version) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO scenario_version (id, scenario, n, state, script, note, author, at, published_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        version.id, version.scenario, version.n, version.state.name(), &version.script, &version.note,
        version.author, version.at, version.published_at
    ))
    .await?;
    Ok(())
}

/// Writes a draft anew.
pub(crate) async fn update_draft(tx: &Tx, version: &Version) -> Result<()> {
    tx.exec(sql!(
        "UPDATE scenario_version SET script = {}, note = {}, author = {}, at = {} WHERE id = {} AND state = 'draft'",
        &version.script, &version.note, version.author, version.at, version.id
    ))
    .await?;
    Ok(())
}

/// Makes the draft of a scenario live, and the live version past.
pub(crate) async fn publish(tx: &Tx, scenario: ScenarioId) -> Result<()> {
    tx.exec(sql!(
        "UPDATE scenario_version SET state = 'past' WHERE scenario = {} AND state = 'live'",
        scenario
    ))
    .await?;
    tx.exec(sql!(
        "UPDATE scenario_version SET state = 'live', published_at = {} WHERE scenario = {} AND state = 'draft'",
        tx.env().now(),
        scenario
    ))
    .await?;
    Ok(())
}
