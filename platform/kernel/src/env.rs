//! Where time, ids and randomness come from.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngCore, SeedableRng, TryRngCore};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

use crate::Time;

/// The clock and the randomness of a running system. Cheap to clone; all clones share one generator.
#[derive(Clone)]
pub struct Env {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    /// A cryptographic generator: login session secrets come from it too.
    random: Mutex<ChaCha20Rng>,
}

enum Clock {
    System,
    Set(Mutex<Time>),
}

impl Env {
    /// The real clock, and randomness seeded by the operating system.
    ///
    /// # Panics
    /// When the operating system gives no randomness: nothing secure can be done then.
    #[expect(clippy::expect_used, reason = "no request can reach it; without randomness no secret is safe")]
    pub fn system() -> Env {
        let mut seed = [0; 32];
        rand::rngs::OsRng.try_fill_bytes(&mut seed).expect("the operating system gives randomness");
        Env::new(Clock::System, seed)
    }

    /// A clock that stands still at `at` until it is moved, and randomness that follows from `seed`.
    pub fn fixed(at: Time, seed: u64) -> Env {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(seed.to_le_bytes()).for_each(|(to, from)| *to = from);
        Env::new(Clock::Set(Mutex::new(at)), bytes)
    }

    fn new(clock: Clock, seed: [u8; 32]) -> Env {
        Env { inner: Arc::new(Inner { clock, random: Mutex::new(ChaCha20Rng::from_seed(seed)) }) }
    }

    /// Now.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system's clock")]
    pub fn now(&self) -> Time {
        match &self.inner.clock {
            Clock::System => jiff::Timestamp::now().into(),
            Clock::Set(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a clock made by [`Env::fixed`]; the real clock does not move.
    pub fn set_time(&self, to: Time) {
        if let Clock::Set(at) = &self.inner.clock {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// A new id: the time in milliseconds in its first 48 bits (RFC 9562, version 7), the rest random.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        self.fill(&mut random);
        let ms = u64::try_from(self.now().0 / 1000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid().into()
    }

    /// Fills a buffer with unpredictable bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.inner.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_time_and_seed() {
        let env = Env::fixed(Time(1_000_000_000_000), 7);
        let first: Uuid = env.id();
        env.set_time(Time(1_000_001_000_000));
        let second: Uuid = env.id();
        assert!(first < second);
        assert_eq!(Env::fixed(Time(1_000_000_000_000), 7).id::<Uuid>(), first);
        assert_ne!(Env::fixed(Time(1_000_000_000_000), 8).id::<Uuid>(), first);
    }
}
