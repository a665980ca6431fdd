//! People's word on what the engine found, and the precision that follows from it.

use std::collections::BTreeMap;

use audit::By;
use axum::extract::State;
use conversations::api::{Conversation, ConversationId};
use evidence::{Confidence, Counts, Interval};
use kernel::AccountId;
use messages::Problem;
use store::{Ask, sql};
use ui::Href;
use uuid::Uuid;
use web::{Answer, Form, Reader, Routes, api::Path};

use crate::{Behaviours, behaviour::BehaviourId, permission::BehavioursPermission as May, service::RuleError, texts};

/// Below so many reviews a precision says little.
pub(crate) const REVIEWS_MIN: u64 = 10;

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new().post("/behaviours/{name}/reviews", May::Review, review)
}

/// How many of the reviewed findings were right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Marked right.
    pub right: u64,
    /// Marked at all.
    pub reviewed: u64,
}

impl Tally {
    /// The precision with its 95 % interval (Wilson); `None` before the first review.
    pub fn precision(self) -> Option<(f64, Interval)> {
        let (rate, interval) = evidence::precision(self.right, self.reviewed, Confidence::P95).ok()?;
        Some((rate?, interval))
    }

    /// Whether reviews are enough to say that more than one finding in five is wrong.
    pub fn is_low(self) -> bool {
        const ENOUGH: f64 = 0.8;
        let sure = Counts::new(self.right, self.reviewed).is_ok_and(|counts| counts.wilson(Confidence::P95).high < ENOUGH);
        self.reviewed >= REVIEWS_MIN && sure
    }
}

impl Behaviours {
    /// The reviews of each behaviour's versions.
    ///
    /// # Errors
    /// The store's.
    pub async fn tallies(&self) -> store::Result<BTreeMap<(BehaviourId, i64), Tally>> {
        let query = sql!(
            "SELECT behaviour, version_n, CAST(SUM(CASE WHEN right_found THEN 1 ELSE 0 END) AS BIGINT) AS right_n, COUNT(*) AS n FROM behaviour_review GROUP BY behaviour, version_n"
        );
        let rows = self
            .db()
            .all(query, |row| {
                let count = |column: &str| row.get::<i64>(column).map(|n| u64::try_from(n).unwrap_or_default());
                Ok(((row.id("behaviour")?, row.get("version_n")?), Tally { right: count("right_n")?, reviewed: count("n")? }))
            })
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// What one reviewer said of a conversation: by behaviour and version, whether right.
    pub(crate) async fn own_reviews(
        &self,
        conversation: ConversationId,
        reviewer: AccountId,
    ) -> store::Result<BTreeMap<(BehaviourId, i64), bool>> {
        let query = sql!(
            "SELECT behaviour, version_n, right_found FROM behaviour_review WHERE conversation = {} AND reviewer = {}",
            conversation,
            reviewer
        );
        let rows = self.db().all(query, |row| Ok(((row.id("behaviour")?, row.get("version_n")?), row.get("right_found")?)));
        Ok(rows.await?.into_iter().collect())
    }

    /// Keeps what a reviewer says of a finding; a second word on the same finding replaces the first.
    ///
    /// # Errors
    /// [`RuleError::Unknown`] when the behaviour is not live or the conversation was not inspected, or the store's.
    pub async fn review(
        &self,
        by: &By,
        reviewer: AccountId,
        name: &str,
        conversation: &Conversation,
        right: bool,
    ) -> Result<(), RuleError> {
        let unknown = || RuleError::Unknown(name.to_owned());
        let set = self.live().await?;
        let live = set.behaviours.values().find(|live| live.name == name).ok_or_else(unknown)?;
        let stored = self.observed(vec![conversation.row.id]).await?.pop().ok_or_else(unknown)?.1;
        let place = set.place(live.id);
        let seen = stored.seen.iter().find(|seen| Some(seen.member) == place && stored.rule_set == set.n);
        let mut tx = self.db().write(by, "behaviours.finding_reviewed").await?;
        tx.object("behaviour", live.id);
        tx.object("conversation", conversation.row.id);
        tx.exec(sql!(
            "INSERT INTO behaviour_review (id, behaviour, version_n, conversation, applicable, shown, right_found, note, reviewer, at) VALUES ({}, {}, {}, {}, {}, {}, {}, '', {}, {}) ON CONFLICT (behaviour, version_n, conversation, reviewer) DO UPDATE SET applicable = excluded.applicable, shown = excluded.shown, right_found = excluded.right_found, at = excluded.at",
            tx.env().id::<Uuid>(), live.id, live.n, conversation.row.id, seen.is_some(), seen.is_some_and(|seen| seen.shown), right, reviewer, tx.env().now()
        ))
        .await?;
        Ok(tx.commit().await?)
    }
}

async fn review(State(service): State<Behaviours>, reader: Reader, Path(name): Path<String>, Form(values): Form) -> Answer {
    let id: ConversationId = values.get("conversation").parse().map_err(|_| Problem::not_found())?;
    let right = match values.get("verdict") {
        "right" => true,
        "wrong" => false,
        _ => return Err(Problem::not_found().into()),
    };
    let conversation = service.conversations().conversation(&reader.scope, id).await?.ok_or_else(Problem::not_found)?;
    let reviewer = reader.actor()?.account;
    service.review(&reader.by(), reviewer, &name, &conversation, right).await?;
    let to = Href::new("/conversations").segment(id).fragment("behaviours");
    Ok(reader.done(&to, &if right { texts::marked_right() } else { texts::marked_wrong() }))
}
