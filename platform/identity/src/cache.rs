//! Actors remembered for a moment, so that a page and its parts ask the database once.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::Time;

use crate::{Actor, CACHE_SECONDS, SessionId, TokenAccess};

/// Remembered secrets: more than anyone has open at once; past it everything is forgotten.
const ENTRIES_MAX: usize = 20_000;

/// The SHA-256 of a secret, which is all that is stored of it.
pub(crate) type SecretHash = [u8; 32];

/// What a secret opens.
#[derive(Debug, Clone)]
pub(crate) enum Opened {
    Session(SessionId, Arc<Actor>),
    Token(TokenAccess, Arc<Actor>),
}

#[derive(Default)]
pub(crate) struct Cache {
    /// Counts changes: what was read before a change must not be remembered after it.
    generation: AtomicU64,
    entries: Mutex<HashMap<SecretHash, (Time, u64, Opened)>>,
}

impl Cache {
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    pub(crate) fn get(&self, secret: &SecretHash, now: Time) -> Option<Opened> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, generation, opened) = entries.get(secret)?;
        let age = now.0.saturating_sub(at.0);
        let fresh = (0..CACHE_SECONDS * Time::SECOND).contains(&age) && *generation == self.generation();
        fresh.then(|| opened.clone())
    }

    /// Remembers what was read in a generation.
    pub(crate) fn put(&self, secret: SecretHash, now: Time, generation: u64, opened: Opened) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        entries.insert(secret, (now, generation, opened));
    }

    pub(crate) fn clear(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
