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

impl Behaviours {
    /// Installs the shipped behaviours that are not there yet, brings those that nobody edited to the shipped
    /// text, and makes the rule set. Idempotent.
    ///
    /// # Errors
    /// The shipped rules do not compile, or the store's.
    pub async fn install(&self) -> Result<(), RuleError> {
        let shipped = shipped_rules().map_err(RuleError::Shipped)?;
        let known = behaviour::store::list(self.db()).await?;
        let libraries = rule_set::store::libraries(self.db()).await?;
        let changed: Vec<&Shipped> =
            shipped.iter().filter(|file| !is_installed(file, &known, &libraries)).collect();
        if !changed.is_empty() {
            self.install_files(&shipped, &changed).await?;
        }
        self.renew().await
    }

    async fn install_files(&self, shipped: &[Shipped], changed: &[&Shipped]) -> Result<(), RuleError> {
        let titles = titles(shipped)?;
        let mut tx = self.db().write(&By::SYSTEM, "behaviours.shipped_installed").await?;
        for file in changed {
            tx.object("rules", &file.name);
            if file.library {
                rule_set::store::keep_library(&tx, file).await?;
            } else if let Some(title) =
                titles.iter().find(|(name, _)| *name == file.name).map(|(_, title)| title)
            {
                install_behaviour(&tx, file, title).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

fn is_installed(file: &Shipped, known: &[Behaviour], libraries: &[Library]) -> bool {
    if file.library {
        libraries.iter().any(|library| library.name == file.name && library.text == file.text)
    } else {
        known.iter().any(|behaviour| behaviour.name == file.name)
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
    let at = tx.env().now();
    behaviour::store::insert(tx, id, &file.name, title, Some(&file.digest())).await?;
    let version = Version {
        id: tx.env().id(),
        behaviour: id,
        n: 1,
        state: VersionState::Live,
        rule_text: file.text.clone(),
        examples: file.examples.clone(),
        note: String::new(),
        author: None,
        at,
        published_at: Some(at),
    };
    behaviour::store::insert_version(tx, &version).await
}
