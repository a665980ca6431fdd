//! Reading scenarios, checking a text, keeping a draft, publishing it.

use audit::By;
use inspection::Diagnostic;
use messages::Lang;
use store::Tx;

use super::{Head, Scenario, ScenarioId, Version, VersionState, store as rows};
use crate::{
    Drills,
    engine::{self, TestLine},
    problem::{DrillError, Result},
};

/// In the place of a name in addresses: no scenario can have it.
pub(crate) const NEW: &str = "new";

impl Drills {
    /// All scenarios by name, each in its languages.
    ///
    /// # Errors
    /// The store's.
    pub async fn scenarios(&self) -> Result<Vec<Scenario>> {
        Ok(rows::list(self.db()).await?)
    }

    /// The languages of a scenario, Chinese first.
    ///
    /// # Errors
    /// [`DrillError::NotFound`], or the store's.
    pub async fn scenario(&self, name: &str) -> Result<Vec<Scenario>> {
        let all = rows::named(self.db(), name).await?;
        if all.is_empty() { Err(DrillError::NotFound) } else { Ok(all) }
    }

    /// A scenario in one language, with its versions, the newest first.
    ///
    /// # Errors
    /// [`DrillError::NotFound`], or the store's.
    pub async fn scenario_in(&self, name: &str, lang: Lang) -> Result<(Scenario, Vec<Version>)> {
        let all = self.scenario(name).await?;
        let found = all.into_iter().find(|scenario| scenario.language == lang).ok_or(DrillError::NotFound)?;
        let versions = rows::versions(self.db(), found.id).await?;
        Ok((found, versions))
    }

    /// The live version of a scenario, in the language asked for or else in another.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] when none is live; the store's.
    pub(crate) async fn playable(&self, name: &str, lang: Lang) -> Result<(Scenario, Version)> {
        let mut all = self.scenario(name).await?;
        all.retain(|scenario| scenario.live.is_some());
        all.sort_by_key(|scenario| scenario.language != lang);
        let scenario = all.into_iter().next().ok_or(DrillError::NotFound)?;
        let live = rows::version_in(self.db(), scenario.id, VersionState::Live).await?;
        Ok((scenario, live.ok_or(DrillError::NotFound)?))
    }

    /// What the checker says of a text, and when nothing stops it, what its conversation tests say.
    ///
    /// # Errors
    /// The store's, or live rules that do not compile.
    pub async fn check_script(&self, script: &str) -> Result<(Vec<Diagnostic>, Vec<TestLine>)> {
        let rules = self.live_rules().await?;
        let rules = self.rule_set(&rules.digest, &rules.sources).await?;
        let source = Head::read(script).map_or_else(String::new, |head| head.name);
        let script = script.to_owned();
        let judge = tokio::task::spawn_blocking(move || engine::judge(&source, &script, &rules));
        judge.await.map_err(|_| DrillError::Below(messages::Problem::internal()))
    }

    /// Keeps a draft; makes the scenario when there is none of this name in this language. It must say what it is; what
    /// else is wrong with it may wait until it is published.
    ///
    /// # Errors
    /// [`DrillError::Headless`], [`DrillError::OtherName`], [`DrillError::ScenarioConflict`] when the scenario is no
    /// longer at `version`; 0 for a new one.
    pub async fn save_draft(
        &self,
        by: &By,
        (name, lang): (&str, Lang),
        version: i64,
        script: &str,
        note: &str,
    ) -> Result<i64> {
        let head = Head::read(script).ok_or(DrillError::Headless)?;
        if head.name != name || head.lang() != Some(lang) || name == NEW {
            return Err(DrillError::OtherName(format!("{name}.{}", lang.code())));
        }
        let mut tx = self.db().write(by, "drills.scenario_draft_saved").await?;
        let known = rows::named(&tx, name).await?.into_iter().find(|known| known.language == lang);
        let id = match &known {
            Some(known) => {
                if !rows::bump(&tx, known.id, version).await? {
                    let theirs = rows::version_in(&tx, known.id, VersionState::Draft).await?;
                    return Err(DrillError::ScenarioConflict(Box::new(theirs)));
                }
                known.id
            }
            None => {
                let id: ScenarioId = tx.env().id();
                rows::insert(&tx, id, lang, &head).await?;
                id
            }
        };
        tx.object("scenario", id);
        tx.content(script.as_bytes());
        keep_draft(&tx, id, script, note).await?;
        if known.as_ref().is_some_and(|known| known.live.is_none()) {
            rows::keep_head(&tx, id, &head).await?;
        }
        tx.commit().await?;
        Ok(known.map_or(1, |_| version + 1))
    }

    /// Makes the draft live: refused while the checker or one conversation test says that it is wrong.
    ///
    /// # Errors
    /// [`DrillError::NoDraft`], [`DrillError::ScriptWrong`], [`DrillError::TestsFail`],
    /// [`DrillError::ScenarioConflict`].
    pub async fn publish(&self, by: &By, name: &str, lang: Lang, version: i64) -> Result<()> {
        let (found, _) = self.scenario_in(name, lang).await?;
        let draft = rows::version_in(self.db(), found.id, VersionState::Draft).await?;
        let draft = draft.ok_or(DrillError::NoDraft)?;
        let head = Head::read(&draft.script).ok_or(DrillError::Headless)?;
        let (said, tests) = self.check_script(&draft.script).await?;
        if said.iter().any(Diagnostic::is_error) {
            return Err(DrillError::ScriptWrong(said));
        }
        let failing = tests.iter().filter(|test| !test.holds).count();
        if failing > 0 || tests.is_empty() {
            return Err(DrillError::TestsFail(failing));
        }
        let mut tx = self.db().write(by, "drills.scenario_published").await?;
        tx.object("scenario", found.id);
        tx.content(draft.script.as_bytes());
        if !rows::bump(&tx, found.id, version).await? {
            return Err(DrillError::ScenarioConflict(Box::new(Some(draft))));
        }
        rows::publish(&tx, found.id).await?;
        rows::keep_head(&tx, found.id, &head).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes the draft of a scenario, anew or in the place of the one there is.
async fn keep_draft(tx: &Tx, scenario: ScenarioId, script: &str, note: &str) -> Result<()> {
    let held = rows::version_in(tx, scenario, VersionState::Draft).await?;
    let newest = rows::versions(tx, scenario).await?.first().map_or(0, |version| version.n);
    let version = Version {
        id: held.as_ref().map_or_else(|| tx.env().id(), |held| held.id),
        scenario,
        n: held.as_ref().map_or(newest + 1, |held| held.n),
        state: VersionState::Draft,
        script: script.to_owned(),
        note: note.to_owned(),
        author: tx.by().account,
        at: tx.env().now(),
        published_at: None,
    };
    if held.is_some() {
        rows::update_draft(tx, &version).await?;
    } else {
        rows::insert_version(tx, &version).await?;
    }
    Ok(())
}
