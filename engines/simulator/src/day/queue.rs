//! Who waits.

use std::collections::VecDeque;

use super::tournament::NEVER;
use crate::random::Call;

/// A customer in a queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) arrived: u64,
    /// When they hang up, or never.
    pub(crate) patient_until: u64,
    pub(crate) handling: u64,
    pub(crate) call: Call,
    pub(crate) interval: u32,
    /// Has left already, and was counted.
    pub(crate) gone: bool,
}

/// First in, first out. Those who hang up are found when they come to the head: most never need an event of their own.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Waiting>,
    /// Number of the head, so that an event can name a place that moves.
    head: u64,
}

impl Queue {
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.head = 0;
    }

    /// Puts somebody at the end; their place.
    pub(crate) fn push(&mut self, one: Waiting) -> u64 {
        self.waiting.push_back(one);
        self.head + self.waiting.len() as u64 - 1
    }

    #[inline]
    pub(crate) fn front(&self) -> Option<&Waiting> {
        self.waiting.front()
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Waiting> {
        let one = self.waiting.pop_front();
        self.head += u64::from(one.is_some());
        one
    }

    /// Marks whoever is at a place as gone; nothing when they had left it before.
    pub(crate) fn take(&mut self, place: u64) -> Option<Waiting> {
        let at = usize::try_from(place.checked_sub(self.head)?).ok()?;
        let one = self.waiting.get_mut(at).filter(|one| !one.gone)?;
        let taken = *one;
        one.gone = true;
        Some(taken)
    }

    /// Whoever still waits at a place.
    pub(crate) fn holding(&self, place: u64, now: u64) -> Option<Waiting> {
        let at = usize::try_from(place.checked_sub(self.head)?).ok()?;
        self.waiting.get(at).filter(|one| !one.gone && !one.hung_up(now)).copied()
    }
}

impl Waiting {
    /// Hung up by now. Whoever is answered in the very tick in which patience ends is answered.
    #[inline]
    pub(crate) fn hung_up(&self, now: u64) -> bool {
        self.patient_until < now && self.patient_until != NEVER
    }
}
