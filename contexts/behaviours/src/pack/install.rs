//! The shipped behaviours into the database.

use audit::By;
use messages::Text;
use store::Tx;

use super::{Shipped, shipped_rules};
use crate::{
    Behaviours,
    behaviour::{self, Behaviour, BehaviourId, Version, VersionState},
    problem::RuleError,
    rule_set::{self, Library},
};

/// A shipped file that is not what the installation has, and the behaviour that gets its text as a new version.
struct Changed<'a> {
    file: &'a Shipped,
    behaviour: Option<Behaviour>,
}

impl Behaviours {
    /// Installs the shipped behaviours that are not there yet, brings those that nobody edited to the shipped
    /// text, as a new version, and makes the rule set. Idempotent.
    ///
    /// # Errors
    /// The shipped rules do not compile, or the store's.
    pub async fn install(&self) -> Result<(), RuleError> {
        let shipped = shipped_rules().map_err(RuleError::Shipped)?;
        let changed = self.changed(&shipped).await?;
        if !changed.is_empty() {
            self.install_files(&shipped, &changed).await?;
        }
        self.renew().await
    }

    async fn changed<'a>(&self, shipped: &'a [Shipped]) -> store::Result<Vec<Changed<'a>>> {
        let known = behaviour::store::list(self.db()).await?;
        let libraries = rule_set::store::libraries(self.db()).await?;
        let mut changed = Vec::new();
        for file in shipped {
            let found = known.iter().find(|behaviour| behaviour.name == file.name);
            let is_same = |library: &Library| library.name == file.name && library.text == file.text;
            if file.library {
                if !libraries.iter().any(is_same) {
                    changed.push(Changed { file, behaviour: None });
                }
            } else if let Some(behaviour) = found {
                if self.is_outdated(file, behaviour).await? {
                    changed.push(Changed { file, behaviour: Some(behaviour.clone()) });
                }
            } else {
                changed.push(Changed { file, behaviour: None });
            }
        }
        Ok(changed)
    }

    /// Whether a behaviour has an earlier shipped text that nobody edited. What was shipped has no author.
    async fn is_outdated(&self, file: &Shipped, behaviour: &Behaviour) -> store::Result<bool> {
        if behaviour.retired_at.is_some() || behaviour.draft.is_some() {
            return Ok(false);
        }
        let live = behaviour::store::version_in(self.db(), behaviour.id, VersionState::Live).await?;
        Ok(live.is_some_and(|live| live.author.is_none() && live.rule_text != file.text))
    }

    async fn install_files(&self, shipped: &[Shipped], changed: &[Changed<'_>]) -> Result<(), RuleError> {
        let titles = titles(shipped)?;
        let mut tx = self.db().write(&By::SYSTEM, "behaviours.shipped_installed").await?;
        for Changed { file, behaviour } in changed {
            tx.object("rules", &file.name);
            if file.library {
                rule_set::store::keep_library(&tx, file).await?;
            } else if let Some(title) =
                titles.iter().find(|(name, _)| *name == file.name).map(|(_, title)| title)
            {
                match behaviour {
                    None => install_behaviour(&tx, file, title).await?,
                    Some(behaviour) => bring_up(&tx, file, title, behaviour).await?,
                }
            }
        }
        Ok(tx.commit().await?)
    }
}

/// The titles that the shipped files give their behaviours.
fn titles(shipped: &[Shipped]) -> Result<Vec<(String, Text)>, RuleError> {
    let sources: Vec<_> =
        shipped.iter().map(|file| inspection::Source { name: &file.name, text: &file.text }).collect();
    let rules = inspection::RuleSet::compile(&sources).map_err(RuleError::Wrong)?;
    Ok(rules
        .behaviours()
        .iter()
        .map(|info| (info.name.clone(), Text::made(info.title.zh.clone(), info.title.en.clone())))
        .collect())
}

async fn install_behaviour(tx: &Tx, file: &Shipped, title: &Text) -> store::Result<()> {
    let id: BehaviourId = tx.env().id();
    behaviour::store::insert(tx, id, &file.name, title, Some(&file.digest())).await?;
    insert_version(tx, file, id, 1, VersionState::Live).await
}

/// Makes the shipped text the live version of a behaviour; the earlier one stays among its versions.
async fn bring_up(tx: &Tx, file: &Shipped, title: &Text, behaviour: &Behaviour) -> store::Result<()> {
    // Somebody may have begun to edit it since it was looked at: theirs stays.
    if behaviour::store::bump(tx, behaviour.id, behaviour.version, title).await? {
        let newest =
            behaviour::store::versions(tx, behaviour.id).await?.first().map_or(0, |version| version.n);
        insert_version(tx, file, behaviour.id, newest + 1, VersionState::Draft).await?;
        behaviour::store::publish(tx, behaviour.id).await?;
    }
    Ok(())
}

async fn insert_version(
    tx: &Tx,
    file: &Shipped,
    behaviour: BehaviourId,
    n: i64,
    state: VersionState,
) -> store::Result<()> {
    let at = tx.env().now();
    let version = Version {
        id: tx.env().id(),
        behaviour,
        n,
        state,
        rule_text: file.text.clone(),
        examples: file.examples.clone(),
        note: String::new(),
        author: None,
        at,
        published_at: (state == VersionState::Live).then_some(at),
    };
    behaviour::store::insert_version(tx, &version).await
}
