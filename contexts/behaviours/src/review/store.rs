//! Reviews in the database.

use std::collections::BTreeMap;

use conversations::api::ConversationId;
use kernel::AccountId;
use store::{Ask, Result, Tx, sql};
use uuid::Uuid;

use super::Tally;
use crate::behaviour::{BehaviourId, Live};

/// The reviews of each behaviour's versions.
pub(crate) async fn tallies(ask: &impl Ask) -> Result<BTreeMap<(BehaviourId, i64), Tally>> {
    let query = sql!(
        "SELECT behaviour, version_n, CAST(SUM(CASE WHEN right_found THEN 1 ELSE 0 END) AS BIGINT) AS right_n, COUNT(*) AS n FROM behaviour_review GROUP BY behaviour, version_n"
    );
    let rows = ask.all(query, |row| {
        let count = |column: &str| row.get::<i64>(column).map(|n| u64::try_from(n).unwrap_or_default());
        Ok((
            (row.id("behaviour")?, row.get("version_n")?),
            Tally { right: count("right_n")?, reviewed: count("n")? },
        ))
    });
    Ok(rows.await?.into_iter().collect())
}

/// What one reviewer said of a conversation: by behaviour and version, whether right.
pub(crate) async fn own(
    ask: &impl Ask,
    conversation: ConversationId,
    reviewer: AccountId,
) -> Result<BTreeMap<(BehaviourId, i64), bool>> {
    let query = sql!(
        "SELECT behaviour, version_n, right_found FROM behaviour_review WHERE conversation = {} AND reviewer = {}",
        conversation,
        reviewer
    );
    let rows =
        ask.all(query, |row| Ok(((row.id("behaviour")?, row.get("version_n")?), row.get("right_found")?)));
    Ok(rows.await?.into_iter().collect())
}

/// What a reviewer says of a finding.
pub(crate) struct Word<'w> {
    /// The behaviour and its version.
    pub live: &'w Live,
    /// The conversation.
    pub conversation: ConversationId,
    /// Whether the rule said that the behaviour applied.
    pub applicable: bool,
    /// Whether the rule said that it was shown.
    pub shown: bool,
    /// Whether the rule was right.
    pub right: bool,
    /// Who says so.
    pub reviewer: AccountId,
}

/// Keeps a reviewer's word in the place of an earlier one on the same finding.
pub(crate) async fn keep(tx: &Tx, word: &Word<'_>) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO behaviour_review (id, behaviour, version_n, conversation, applicable, shown, right_found, note, reviewer, at) VALUES ({}, {}, {}, {}, {}, {}, {}, '', {}, {}) ON CONFLICT (behaviour, version_n, conversation, reviewer) DO UPDATE SET applicable = excluded.applicable, shown = excluded.shown, right_found = excluded.right_found, at = excluded.at",
        tx.env().id::<Uuid>(), word.live.id, word.live.n, word.conversation, word.applicable, word.shown, word.right, word.reviewer, tx.env().now()
    ))
    .await?;
    Ok(())
}
