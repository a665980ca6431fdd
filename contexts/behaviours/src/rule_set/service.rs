//! Keeping the live rule set: compiled once, and anew after something was published.

use std::sync::{Arc, PoisonError};

use audit::By;

use super::{LiveSet, compile, store as rows};
use crate::{Behaviours, behaviour, inspect::jobs::Reinspect, problem::RuleError, texts};

impl Behaviours {
    /// Makes a new rule set when the live texts differ from the newest one, and asks for everything to be
    /// inspected anew with it.
    pub(crate) async fn renew(&self) -> Result<(), RuleError> {
        let live = behaviour::store::live(self.db()).await?;
        let libraries = rows::libraries(self.db()).await?;
        let digest = rows::digest(&libraries, &live);
        let (rules, members) = compile(&libraries, &live).map_err(RuleError::Wrong)?;
        let newest = rows::newest(self.db()).await?;
        let n = match newest {
            Some((n, known)) if known == digest => n,
            _ => {
                let mut tx = self.db().write(&By::SYSTEM, "behaviours.rule_set_made").await?;
                let n = rows::insert(&tx, &digest, &members).await?;
                tx.object("rule_set", n);
                if n > 1 {
                    jobs::enqueue(&tx, &Reinspect { rule_set: n }, &texts::reinspecting()).await?;
                }
                tx.commit().await?;
                n
            }
        };
        let set =
            LiveSet { n, rules, members, behaviours: live.into_iter().map(|live| (live.id, live)).collect() };
        *self.inner.live.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(set));
        Ok(())
    }

    /// The live rule set; compiled anew when another process published one.
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn live(&self) -> Result<Arc<LiveSet>, RuleError> {
        let held = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).clone();
        let newest = rows::newest(self.db()).await?;
        match (held, newest) {
            (Some(set), Some((n, _))) if set.n == n => Ok(set),
            _ => {
                self.renew().await?;
                let made = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).clone();
                made.ok_or_else(|| RuleError::Shipped("no rule set could be made".to_owned()))
            }
        }
    }
}
