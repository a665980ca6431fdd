//! Reading behaviours, trying a rule, keeping a draft, publishing it.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use audit::By;
use inspection::Diagnostic;
use kernel::AccountId;
use messages::Text;
use store::Tx;

use super::{Behaviour, BehaviourId, Live, Version, VersionId, VersionState, store as rows};
use crate::{
    Behaviours,
    pack::{self, Example},
    problem::RuleError,
    rule_set::{self, compile},
};

/// Examples that pass, and all of them, by behaviour.
pub type ExamplesPassing = BTreeMap<BehaviourId, (usize, usize)>;

/// A rule set that is tried out: the live one with one behaviour's text in the place of its live text.
pub struct Trial {
    /// The compiled rules.
    pub rules: inspection::RuleSet,
    /// The place of the behaviour that is tried.
    pub place: u32,
}

impl Trial {
    /// The title that the rule gives its behaviour.
    fn title(&self) -> Option<Text> {
        let info = self.rules.behaviours().get(self.place as usize)?;
        Some(Text::made(info.title.zh.clone(), info.title.en.clone()))
    }
}

impl Behaviours {
    /// All behaviours by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> store::Result<Vec<Behaviour>> {
        rows::list(self.db()).await
    }

    /// A behaviour by name, with its versions, the newest first.
    ///
    /// # Errors
    /// [`RuleError::Unknown`], or the store's.
    pub async fn behaviour(&self, name: &str) -> Result<(Behaviour, Vec<Version>), RuleError> {
        let found =
            rows::by_name(self.db(), name).await?.ok_or_else(|| RuleError::Unknown(name.to_owned()))?;
        let versions = rows::versions(self.db(), found.id).await?;
        Ok((found, versions))
    }

    /// Compiles the live rules with one text in the place of a behaviour's own.
    ///
    /// # Errors
    /// [`RuleError::Wrong`] with what the checker says of the text, [`RuleError::OtherName`].
    pub async fn trial(&self, name: &str, rule_text: &str) -> Result<Trial, RuleError> {
        let libraries = rule_set::store::libraries(self.db()).await?;
        let mut live = rows::live(self.db()).await?;
        match live.iter_mut().find(|live| live.name == name) {
            Some(live) => rule_text.clone_into(&mut live.rule_text),
            None => live.push(Live {
                id: BehaviourId(uuid::Uuid::nil()),
                name: name.to_owned(),
                title: Text::verbatim(name),
                n: 0,
                rule_text: rule_text.to_owned(),
            }),
        }
        let (rules, _) = compile(&libraries, &live).map_err(|all| {
            let own: Vec<Diagnostic> =
                all.iter().filter(|diagnostic| diagnostic.source == name).cloned().collect();
            RuleError::Wrong(if own.is_empty() { all } else { own })
        })?;
        let place = rules.index_of(name).ok_or_else(|| RuleError::OtherName(name.to_owned()))?;
        Ok(Trial { rules, place })
    }

    /// Keeps a draft. The rule must compile; its examples may still fail.
    ///
    /// # Errors
    /// See [`RuleError`]; [`RuleError::Conflict`] when the behaviour is no longer at `version`.
    pub async fn save_draft(
        &self,
        by: &By,
        name: &str,
        version: i64,
        rule_text: &str,
        examples: Vec<Example>,
        note: &str,
    ) -> Result<i64, RuleError> {
        let trial = self.trial(name, rule_text).await?;
        let mut tx = self.db().write(by, "behaviours.draft_saved").await?;
        let id = taken_up(&tx, name, version, trial.title()).await?;
        tx.object("behaviour", id);
        tx.content(rule_text.as_bytes());
        let draft = Draft { rule_text, examples, note, author: by.account };
        let n = keep_draft(&tx, id, draft).await?;
        tx.commit().await?;
        Ok(n)
    }

    /// Makes the draft live: refused while one of its examples fails. Everything is then inspected anew.
    ///
    /// # Errors
    /// See [`RuleError`].
    pub async fn publish(&self, by: &By, name: &str, version: i64) -> Result<(), RuleError> {
        let found =
            rows::by_name(self.db(), name).await?.ok_or_else(|| RuleError::Unknown(name.to_owned()))?;
        let draft =
            rows::version_in(self.db(), found.id, VersionState::Draft).await?.ok_or(RuleError::NoDraft)?;
        let trial = self.trial(name, &draft.rule_text).await?;
        let failing = pack::check_examples(&trial.rules, trial.place, &draft.examples)
            .iter()
            .filter(|checked| !checked.passes())
            .count();
        if failing > 0 {
            return Err(RuleError::ExamplesFail(failing));
        }
        let title = trial.title().unwrap_or_else(|| found.title.clone());
        let mut tx = self.db().write(by, "behaviours.version_published").await?;
        tx.object("behaviour", found.id);
        tx.content(draft.rule_text.as_bytes());
        if !rows::bump(&tx, found.id, version, &title).await? {
            return Err(RuleError::Conflict(Box::new(Some(draft))));
        }
        rows::publish(&tx, found.id).await?;
        tx.commit().await?;
        self.renew().await
    }

    /// How many examples of each live behaviour pass. Checked once for each rule set.
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn examples_passing(&self) -> Result<Arc<ExamplesPassing>, RuleError> {
        let set = self.live().await?;
        let held = self.inner.examples.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, passing)) = held.filter(|(n, _)| *n == set.n) {
            return Ok(passing);
        }
        let all = rows::live_examples(self.db()).await?;
        let n = set.n;
        let check = tokio::task::spawn_blocking(move || {
            let one = |(id, examples): (BehaviourId, Vec<Example>)| {
                let checked = pack::check_examples(&set.rules, set.place(id)?, &examples);
                Some((id, (checked.iter().filter(|checked| checked.passes()).count(), checked.len())))
            };
            all.into_iter().filter_map(one).collect::<ExamplesPassing>()
        });
        // A panic in the engine is a bug of ours; the list then shows no examples rather than no page.
        let passing = Arc::new(check.await.unwrap_or_default());
        *self.inner.examples.write().unwrap_or_else(PoisonError::into_inner) = Some((n, passing.clone()));
        Ok(passing)
    }
}

/// The behaviour that a draft is kept under: the one of this name, raised from `version`; a new one where there is
/// none.
async fn taken_up(tx: &Tx, name: &str, version: i64, title: Option<Text>) -> Result<BehaviourId, RuleError> {
    let Some(found) = rows::by_name(tx, name).await? else {
        let id: BehaviourId = tx.env().id();
        rows::insert(tx, id, name, &title.unwrap_or_else(|| Text::verbatim(name)), None).await?;
        return Ok(id);
    };
    if !rows::bump(tx, found.id, version, &found.title).await? {
        let theirs = rows::version_in(tx, found.id, VersionState::Draft).await?;
        return Err(RuleError::Conflict(Box::new(theirs)));
    }
    Ok(found.id)
}

/// What is kept as a draft.
struct Draft<'d> {
    rule_text: &'d str,
    examples: Vec<Example>,
    note: &'d str,
    author: Option<AccountId>,
}

/// Writes the draft of a behaviour, anew or in the place of the one there is; its number.
async fn keep_draft(tx: &Tx, behaviour: BehaviourId, draft: Draft<'_>) -> store::Result<i64> {
    let held = rows::version_in(tx, behaviour, VersionState::Draft).await?;
    let newest = rows::versions(tx, behaviour).await?.first().map_or(0, |version| version.n);
    let version = Version {
        id: held.as_ref().map_or_else(|| tx.env().id::<VersionId>(), |held| held.id),
        behaviour,
        n: held.as_ref().map_or(newest + 1, |held| held.n),
        state: VersionState::Draft,
        rule_text: draft.rule_text.to_owned(),
        examples: draft.examples,
        note: draft.note.to_owned(),
        author: draft.author,
        at: tx.env().now(),
        published_at: None,
    };
    if held.is_some() {
        rows::update_draft(tx, &version).await?;
    } else {
        rows::insert_version(tx, &version).await?;
    }
    Ok(version.n)
}
