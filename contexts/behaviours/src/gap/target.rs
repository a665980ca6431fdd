//! Setting targets.

use audit::By;
use kernel::{Day, Time};
use store::{Ask, sql};
use uuid::Uuid;

use crate::{Behaviours, behaviour::BehaviourId, service::RuleError};

/// A target from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetRow {
    /// The first day on which it holds.
    pub from_day: Day,
    /// Shown ÷ applicable.
    pub ratio: f64,
}

impl Behaviours {
    /// The centre-wide targets of a behaviour, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn target_history(&self, behaviour: BehaviourId) -> store::Result<Vec<TargetRow>> {
        let query = sql!(
            "SELECT from_day, ratio FROM behaviour_target WHERE behaviour = {} AND line_of_business = {} ORDER BY from_day DESC",
            behaviour,
            Uuid::nil()
        );
        self.db()
            .all(query, |row| Ok(TargetRow { from_day: row.day("from_day")?, ratio: row.get("ratio")? }))
            .await
    }

    /// Sets the target of a behaviour from a day on; one already set for that day is replaced.
    ///
    /// # Errors
    /// [`RuleError::Unknown`], or the store's.
    pub async fn set_target(&self, by: &By, name: &str, ratio: f64, from: Day) -> Result<Time, RuleError> {
        let (behaviour, _) = self.behaviour(name).await?;
        let mut tx = self.db().write(by, "behaviours.target_set").await?;
        tx.object("behaviour", behaviour.id);
        crate::fresh::changed(&tx).await?;
        tx.exec(sql!(
            "INSERT INTO behaviour_target (behaviour, line_of_business, from_day, ratio) VALUES ({}, {}, {}, {}) ON CONFLICT (behaviour, line_of_business, from_day) DO UPDATE SET ratio = excluded.ratio",
            behaviour.id, Uuid::nil(), from, ratio
        ))
        .await?;
        let at = tx.env().now();
        tx.commit().await?;
        Ok(at)
    }
}
