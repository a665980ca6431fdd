//! Sums over the roll-up.

use std::collections::BTreeSet;

use kernel::{Day, PersonId, Scope, UnitId};
use people::api::QueueId;
use store::{Ask, Sql, sql, visible};
use uuid::Uuid;

use super::{By, Window};
use crate::behaviour::BehaviourId;

/// Which part of the roll-up.
#[derive(Debug, Clone)]
pub struct Slice {
    /// What the reader may see.
    pub scope: Scope,
    /// The weeks; one that is only in part in the window counts whole.
    pub window: Window,
    /// Only these teams.
    pub teams: Option<BTreeSet<UnitId>>,
    /// Only these queues.
    pub queues: Option<Vec<QueueId>>,
    /// Only this person.
    pub person: Option<PersonId>,
    /// Only this behaviour.
    pub behaviour: Option<BehaviourId>,
}

impl Slice {
    /// Everything in scope within a window.
    pub fn new(scope: Scope, window: Window) -> Slice {
        Slice { scope, window, teams: None, queues: None, person: None, behaviour: None }
    }

    fn condition(&self) -> Sql {
        let mut conditions = vec![
            // Named one by one, so that the key of the table also finds one behaviour within them.
            sql!("week IN {}", self.window.mondays()),
            visible(&self.scope, "team", Some("person")),
        ];
        conditions.extend(
            self.teams.as_ref().map(|teams| sql!("team IN {}", teams.iter().copied().collect::<Vec<_>>())),
        );
        conditions.extend(self.queues.as_ref().map(|queues| sql!("queue IN {}", queues.clone())));
        conditions.extend(self.person.map(|person| sql!("person = {}", person)));
        conditions.extend(self.behaviour.map(|behaviour| sql!("behaviour = {}", behaviour)));
        Sql::all_of(conditions)
    }
}

/// A sum over the roll-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// The person, team or queue; nil where none is known, and for the centre.
    pub subject: Uuid,
    /// The Monday of the week; `None` where the whole window was asked for.
    pub week: Option<Day>,
    /// Conversations where applicable.
    pub applicable: u64,
    /// Of these, where shown.
    pub shown: u64,
}

/// Sums by subject and week.
///
/// # Errors
/// The store's.
pub async fn weekly(ask: &impl Ask, slice: &Slice, by: By) -> store::Result<Vec<Sum>> {
    sums(ask, slice, by, "week").await
}

/// Sums by subject over the whole window.
///
/// # Errors
/// The store's.
pub async fn whole(ask: &impl Ask, slice: &Slice, by: By) -> store::Result<Vec<Sum>> {
    sums(ask, slice, by, "NULL").await
}

async fn sums(ask: &impl Ask, slice: &Slice, by: By, week: &'static str) -> store::Result<Vec<Sum>> {
    let subject = match by {
        By::Person => "person",
        By::Team => "team",
        By::Queue => "queue",
        By::Centre => "behaviour",
    };
    let query = Sql::new("SELECT behaviour, ")
        .push(subject)
        .push(" AS subject, CAST(")
        .push(week)
        .push(" AS BIGINT) AS week, CAST(SUM(applicable) AS BIGINT) AS applicable, CAST(SUM(shown) AS BIGINT) AS shown FROM uptake_week WHERE ")
        .bind(slice.condition())
        .push(" GROUP BY 1, 2, 3 HAVING SUM(applicable) > 0 ORDER BY 1, 2, 3");
    ask.all(query, move |row| {
        let count = |column: &str| row.get::<i64>(column).map(|n| u64::try_from(n).unwrap_or_default());
        let subject: Uuid = row.get("subject")?;
        Ok(Sum {
            behaviour: row.id("behaviour")?,
            subject: if by == By::Centre { Uuid::nil() } else { subject },
            week: row.maybe_day("week")?,
            applicable: count("applicable")?,
            shown: count("shown")?,
        })
    })
    .await
}
