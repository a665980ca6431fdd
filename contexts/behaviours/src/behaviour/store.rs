//! Behaviours and versions in the database.

use messages::Text;
use store::{Ask, Result, Row, StoreError, Tx, sql};

use super::{Behaviour, BehaviourId, Live, Version, VersionState};

/// Behaviours of one installation.
const BEHAVIOURS_MAX: usize = 2_000;

fn behaviour(row: &Row<'_>) -> Result<Behaviour> {
    Ok(Behaviour {
        id: row.id("id")?,
        name: row.get("name")?,
        title: Text::made(row.get("title_zh")?, row.get("title_en")?),
        shipped: row.get::<Option<String>>("shipped_digest")?.is_some(),
        retired_at: row.maybe_time("retired_at")?,
        version: row.get("version")?,
        live: row.get("live_n")?,
        draft: row.get("draft_n")?,
    })
}

/// All behaviours by name.
pub(crate) async fn list(ask: &impl Ask) -> Result<Vec<Behaviour>> {
    let query = sql!(
        "SELECT b.*, (SELECT MAX(v.n) FROM behaviour_version v WHERE v.behaviour = b.id AND v.state = 'live') AS live_n, \
         (SELECT MAX(v.n) FROM behaviour_version v WHERE v.behaviour = b.id AND v.state = 'draft') AS draft_n \
         FROM behaviour b ORDER BY b.name LIMIT {}",
        BEHAVIOURS_MAX
    );
    ask.all(query, behaviour).await
}

/// A behaviour by name.
pub(crate) async fn by_name(ask: &impl Ask, name: &str) -> Result<Option<Behaviour>> {
    let query = sql!(
        "SELECT b.*, (SELECT MAX(v.n) FROM behaviour_version v WHERE v.behaviour = b.id AND v.state = 'live') AS live_n, \
         (SELECT MAX(v.n) FROM behaviour_version v WHERE v.behaviour = b.id AND v.state = 'draft') AS draft_n \
         FROM behaviour b WHERE b.name = {}",
        name
    );
    ask.first(query, behaviour).await
}

/// The live versions, by the behaviours' names.
pub(crate) async fn live(ask: &impl Ask) -> Result<Vec<Live>> {
    let query = sql!(
        "SELECT b.id, b.name, b.title_zh, b.title_en, v.n, v.rule_text FROM behaviour b JOIN behaviour_version v ON v.behaviour = b.id \
         WHERE v.state = 'live' AND b.retired_at IS NULL ORDER BY b.name"
    );
    ask.all(query, |row| {
        Ok(Live {
            id: row.id("id")?,
            name: row.get("name")?,
            title: Text::made(row.get("title_zh")?, row.get("title_en")?),
            n: row.get("n")?,
            rule_text: row.get("rule_text")?,
        })
    })
    .await
}

fn version(row: &Row<'_>) -> Result<Version> {
    let examples: String = row.get("examples")?;
    Ok(Version {
        id: row.id("id")?,
        behaviour: row.id("behaviour")?,
        n: row.get("n")?,
        state: row.word("state", VersionState::parse)?,
        rule_text: row.get("rule_text")?,
        examples: serde_json::from_str(&examples).map_err(|error| StoreError::Corrupt {
            column: "examples".to_owned(),
            found: error.to_string(),
        })?,
        note: row.get("note")?,
        author: row.maybe_id("author")?,
        at: row.time("at")?,
        published_at: row.maybe_time("published_at")?,
    })
}

/// The versions of a behaviour, the newest first.
pub(crate) async fn versions(ask: &impl Ask, behaviour: BehaviourId) -> Result<Vec<Version>> {
    ask.all(sql!("SELECT * FROM behaviour_version WHERE behaviour = {} ORDER BY n DESC", behaviour), version)
        .await
}

/// The newest version in a state.
pub(crate) async fn version_in(
    ask: &impl Ask,
    behaviour: BehaviourId,
    state: VersionState,
) -> Result<Option<Version>> {
    let query = sql!(
        "SELECT * FROM behaviour_version WHERE behaviour = {} AND state = {} ORDER BY n DESC LIMIT 1",
        behaviour,
        state.name()
    );
    ask.first(query, version).await
}

/// The examples of all live versions.
pub(crate) async fn live_examples(ask: &impl Ask) -> Result<Vec<(BehaviourId, Vec<crate::pack::Example>)>> {
    let query = sql!("SELECT * FROM behaviour_version WHERE state = {}", VersionState::Live.name());
    let versions = ask.all(query, version).await?;
    Ok(versions.into_iter().map(|version| (version.behaviour, version.examples)).collect())
}

/// Inserts a behaviour.
pub(crate) async fn insert(
    tx: &Tx,
    id: BehaviourId,
    name: &str,
    title: &Text,
    shipped_digest: Option<&str>,
) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO behaviour (id, name, title_zh, title_en, shipped_digest, version, created_at) VALUES ({}, {}, {}, {}, {}, 1, {})",
        id, name, title.zh.as_ref(), title.en.as_ref(), shipped_digest, tx.env().now()
    ))
    .await?;
    Ok(())
}

/// Moves a behaviour's version number if it is still `from`; whether it was.
pub(crate) async fn bump(tx: &Tx, id: BehaviourId, from: i64, title: &Text) -> Result<bool> {
    let changed = tx
        .exec(sql!("UPDATE behaviour SET version = version + 1, title_zh = {}, title_en = {} WHERE id = {} AND version = {}", title.zh.as_ref(), title.en.as_ref(), id, from))
        .await?;
    Ok(changed == 1)
}

/// Inserts a version.
pub(crate) async fn insert_version(tx: &Tx, version: &Version) -> Result<()> {
    let examples = serde_json::to_string(&version.examples).unwrap_or_else(|_| "[]".to_owned());
    tx.exec(sql!(
        "INSERT INTO behaviour_version (id, behaviour, n, state, rule_text, examples, note, author, at, published_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        version.id, version.behaviour, version.n, version.state.name(), &version.rule_text, examples, &version.note, version.author, version.at, version.published_at
    ))
    .await?;
    Ok(())
}

/// Writes a draft anew.
pub(crate) async fn update_draft(tx: &Tx, version: &Version) -> Result<()> {
    let examples = serde_json::to_string(&version.examples).unwrap_or_else(|_| "[]".to_owned());
    tx.exec(sql!(
        "UPDATE behaviour_version SET rule_text = {}, examples = {}, note = {}, author = {}, at = {} WHERE id = {} AND state = 'draft'",
        &version.rule_text, examples, &version.note, version.author, version.at, version.id
    ))
    .await?;
    Ok(())
}

/// Makes the draft of a behaviour live, and the live one past.
pub(crate) async fn publish(tx: &Tx, behaviour: BehaviourId) -> Result<()> {
    tx.exec(sql!(
        "UPDATE behaviour_version SET state = 'past' WHERE behaviour = {} AND state = 'live'",
        behaviour
    ))
    .await?;
    tx.exec(sql!("UPDATE behaviour_version SET state = 'live', published_at = {} WHERE behaviour = {} AND state = 'draft'", tx.env().now(), behaviour)).await?;
    Ok(())
}
