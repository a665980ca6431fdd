//! Inspecting what is stored, and keeping what was seen.

use std::sync::Arc;

use audit::By;
use conversations::api::{ConversationId, StoredConversation};
use inspection::{Inspection, Scratch};
use people::api::Lookup;

use super::{inspect, jobs::scope};
use crate::{
    Behaviours,
    observation::{self, store::Inspected},
    problem::RuleError,
    rule_set::LiveSet,
};

impl Behaviours {
    /// Inspects conversations and keeps what was seen, in one transaction.
    ///
    /// # Errors
    /// The store's. A transcript that cannot be read is logged and left out.
    pub async fn inspect_batch(&self, by: &By, ids: &[ConversationId]) -> Result<(), RuleError> {
        let set = self.live().await?;
        let lookup = self.people().lookup().await?;
        let stored = self.conversations().read_stored(&scope(), ids).await?;
        let inspected = inspect_all(set.clone(), lookup, stored).await;
        let mut tx = self.db().write(by, "behaviours.conversations_inspected").await?;
        tx.object("rule_set", set.n);
        observation::store::replace(&tx, set.n, &set.members, &inspected).await?;
        Ok(tx.commit().await?)
    }
}

/// Inspects a batch on as many threads as there are cores, away from those that answer requests.
pub(crate) async fn inspect_all(
    set: Arc<LiveSet>,
    lookup: Arc<Lookup>,
    stored: Vec<StoredConversation>,
) -> Vec<Inspected> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8);
    let share = stored.len().div_ceil(threads).max(1);
    let mut rest = stored;
    let mut tasks = Vec::new();
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(share));
        let part = std::mem::replace(&mut rest, tail);
        let (set, lookup) = (set.clone(), lookup.clone());
        tasks.push(tokio::task::spawn_blocking(move || {
            let (mut scratch, mut answer) = (Scratch::default(), Inspection::default());
            part.into_iter()
                .filter_map(|stored| inspect_one(&set, &lookup, stored, &mut scratch, &mut answer))
                .collect::<Vec<_>>()
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        // A panic in the engine is a bug of ours: these conversations stay uninspected and are told of.
        match task.await {
            Ok(part) => all.extend(part),
            Err(error) => tracing::error!(%error, "behaviours.inspection_panicked"),
        }
    }
    all
}

fn inspect_one(
    set: &LiveSet,
    lookup: &Lookup,
    stored: StoredConversation,
    scratch: &mut Scratch,
    answer: &mut Inspection,
) -> Option<Inspected> {
    let id = stored.row.id;
    match stored.decode() {
        Ok(conversation) => Some(inspect(&set.rules, &set.members, &conversation, lookup, scratch, answer)),
        Err(error) => {
            tracing::error!(%id, %error, "behaviours.transcript_unreadable");
            None
        }
    }
}
