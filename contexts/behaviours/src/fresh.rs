//! Figures that are costly to make and asked for often, kept as long as nothing changed, and for a moment
//! while much is changing.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::Time;
use lru::LruCache;
use store::{Ask, Db, StoreError, Tx, sql};

/// While an import or a re-inspection writes all the time, an answer may be this old: a reader cannot tell,
/// and sums over a hundred thousand rows are not made for every request.
const AGE_SECONDS_MAX: i64 = 5;
/// Answers held of each kind, those forgotten first that nobody asked for the longest. Each reader has their own, and
/// several: enough for a hundred who are at work. A map of a thousand people by twelve behaviours is about 1 MB, so
/// that not many more can be held.
const HELD_MAX: NonZeroUsize = NonZeroUsize::new(512).unwrap();

/// Tells the answers that what they are made of changes in this transaction: observations, targets. The transactions
/// that do take turns.
pub(crate) async fn changed(tx: &Tx) -> store::Result<()> {
    tx.exec(sql!("UPDATE figures SET changes = changes + 1 WHERE id = 1")).await?;
    Ok(())
}

/// Answers by question.
pub(crate) struct Fresh<V> {
    held: Mutex<LruCache<String, Held<V>>>,
}

struct Held<V> {
    changes: i64,
    at: Time,
    answer: Arc<V>,
}

impl<V> Default for Fresh<V> {
    fn default() -> Fresh<V> {
        Fresh { held: Mutex::new(LruCache::new(HELD_MAX)) }
    }
}

impl<V> Fresh<V> {
    /// The answer to a question: the held one if nothing was written since, or a few seconds ago; else made anew.
    pub async fn get<E: From<StoreError>>(
        &self,
        db: &Db,
        question: String,
        make: impl Future<Output = Result<V, E>>,
    ) -> Result<Arc<V>, E> {
        let changes = db.count(sql!("SELECT changes FROM figures WHERE id = 1")).await?;
        let now = db.env().now();
        if let Some(held) = self.held().get(&question)
            && (held.changes == changes || (0..AGE_SECONDS_MAX).contains(&now.seconds_since(held.at)))
        {
            return Ok(held.answer.clone());
        }
        let answer = Arc::new(make.await?);
        self.held().put(question, Held { changes, at: now, answer: answer.clone() });
        Ok(answer)
    }

    fn held(&self) -> MutexGuard<'_, LruCache<String, Held<V>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
