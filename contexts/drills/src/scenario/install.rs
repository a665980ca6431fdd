//! The scenarios that ship with the product, into the database.

use audit::By;
use messages::Lang;
use rust_embed::RustEmbed;
use store::Tx;

use super::{Head, Scenario, ScenarioId, Version, VersionState, store as rows};
use crate::{
    Drills,
    problem::{DrillError, Result},
};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../content/scenarios"]
struct Files;

/// A shipped scenario file.
struct Shipped {
    script: String,
    head: Head,
    lang: Lang,
}

/// All of them. One that cannot be read was broken when the program was built.
fn shipped() -> Result<Vec<Shipped>> {
    let broken = |path: &str, what: &str| DrillError::Shipped(format!("{path} {what}"));
    let read = |path: std::borrow::Cow<'static, str>| {
        let file = Files::get(&path).ok_or_else(|| broken(&path, "is missing"))?;
        let script = String::from_utf8(file.data.into_owned()).map_err(|_| broken(&path, "is not UTF-8"))?;
        let head = Head::read(&script).ok_or_else(|| broken(&path, "does not say what it is"))?;
        let lang = head.lang().ok_or_else(|| broken(&path, "is in no known language"))?;
        Ok(Shipped { script, head, lang })
    };
    Files::iter().filter(|path| path.ends_with(".toml")).map(read).collect()
}

impl Drills {
    /// Installs the shipped scenarios that are not there yet, and brings those that nobody edited to the shipped text,
    /// as a new version. Idempotent.
    ///
    /// # Errors
    /// [`DrillError::Shipped`], or the store's.
    pub async fn install(&self) -> Result<()> {
        let shipped = shipped()?;
        let known = rows::list(self.db()).await?;
        let live = rows::live(self.db()).await?;
        let found = |file: &Shipped| {
            known.iter().find(|known| known.name == file.head.name && known.language == file.lang)
        };
        // What was shipped has no author; a draft in progress keeps what it is about.
        let is_current = |scenario: &Scenario, file: &Shipped| {
            let held = live.iter().find(|version| version.scenario == scenario.id);
            scenario.draft.is_some()
                || held.is_none_or(|held| held.author.is_some() || held.script == file.script)
        };
        let changed: Vec<(&Shipped, Option<&Scenario>)> = shipped
            .iter()
            .map(|file| (file, found(file)))
            .filter(|(file, found)| found.is_none_or(|scenario| !is_current(scenario, file)))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().write(&By::SYSTEM, "drills.scenarios_installed").await?;
        for (file, scenario) in changed {
            tx.object("scenario", format_args!("{}.{}", file.head.name, file.lang.code()));
            install_file(&tx, file, scenario).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn install_file(tx: &Tx, file: &Shipped, scenario: Option<&Scenario>) -> Result<()> {
    let Some(scenario) = scenario else {
        let id: ScenarioId = tx.env().id();
        rows::insert(tx, id, file.lang, &file.head).await?;
        return insert_live(tx, id, 1, &file.script).await;
    };
    // Somebody may have begun to edit it since it was looked at: theirs stays.
    if rows::bump(tx, scenario.id, scenario.version).await? {
        let newest = rows::versions(tx, scenario.id).await?.first().map_or(0, |version| version.n);
        rows::publish(tx, scenario.id).await?;
        rows::keep_head(tx, scenario.id, &file.head).await?;
        insert_live(tx, scenario.id, newest + 1, &file.script).await?;
    }
    Ok(())
}

async fn insert_live(tx: &Tx, scenario: ScenarioId, n: i64, script: &str) -> Result<()> {
    let at = tx.env().now();
    let version = Version {
        id: tx.env().id(),
        scenario,
        n,
        state: VersionState::Live,
        script: script.to_owned(),
        note: String::new(),
        author: None,
        at,
        published_at: Some(at),
    };
    Ok(rows::insert_version(tx, &version).await?)
}
