//! What happens to calls while they wait: overflow, the offer of a callback, hanging up to try again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::plan::{DURATION_MAX, to_ticks};
use super::queue::Waiting;
use super::tournament::{NEVER, OWNER_BITS};
use super::{Day, REDIALS_MAX};
use crate::random::{Call, Purpose};

/// An event that few calls have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A waiting call may go to further groups from now on.
    Overflow { call_type: usize, place: u64 },
    /// A waiting customer accepts a callback.
    Callback { call_type: usize, place: u64 },
    /// A waiting customer hangs up, and will try again.
    HangUp { call_type: usize, place: u64 },
    /// A customer tries again.
    Redial { call_type: usize, number: u32, attempt: u32, handling: u64 },
}

#[derive(Debug, Default)]
pub(super) struct Timers {
    /// Due time, then the order in which they were set, so that ties do not depend on the heap.
    heap: BinaryHeap<Reverse<(u64, u64, Timer)>>,
    set: u64,
}

impl Timers {
    pub(super) fn clear(&mut self) {
        self.heap.clear();
        self.set = 0;
    }

    fn push(&mut self, at: u64, timer: Timer) {
        self.heap.push(Reverse((at, self.set, timer)));
        self.set += 1;
    }

    #[inline]
    pub(super) fn next_key(&self) -> u64 {
        self.heap.peek().map_or(NEVER, |Reverse((at, ..))| at << OWNER_BITS)
    }

    /// The next timer, when it is due at `now`.
    pub(super) fn due(&mut self, now: u64) -> Option<Timer> {
        self.heap.peek().filter(|Reverse((at, ..))| *at <= now)?;
        self.heap.pop().map(|Reverse((_, _, timer))| timer)
    }
}

impl Day<'_> {
    /// Sets what will happen to a call while it waits. All of it is known beforehand, by the call's own numbers.
    pub(super) fn set_timers(&mut self, call_type: usize, place: u64, waiting: &Waiting) {
        let plan = &self.plan.types[call_type];
        let mut leaves = waiting.patient_until;
        if let Some(callback) = plan.callback {
            let at = waiting.arrived + callback.after;
            let accepts = || self.seed.chance(Purpose::Callback, call_type, waiting.call) < callback.accept;
            if at < leaves && accepts() {
                self.timers.push(at, Timer::Callback { call_type, place });
                leaves = at;
            }
        }
        if leaves == waiting.patient_until && leaves != NEVER && self.tries_again(call_type, waiting.call) {
            self.timers.push(leaves, Timer::HangUp { call_type, place });
        }
        for tier in plan.tiers.iter().filter(|tier| tier.after > 0) {
            let at = waiting.arrived + tier.after;
            if at < leaves {
                self.timers.push(at, Timer::Overflow { call_type, place });
            }
        }
    }

    fn tries_again(&self, call_type: usize, call: Call) -> bool {
        let redial = self.plan.types[call_type].redial.as_ref();
        redial.is_some_and(|r| {
            call.attempt < REDIALS_MAX && self.seed.chance(Purpose::Redial, call_type, call) < r.share
        })
    }

    /// Lets a customer who hung up at `at` try again, if they do.
    pub(super) fn redial(&mut self, call_type: usize, call: Call, handling: u64, at: u64) {
        if !self.tries_again(call_type, call) {
            return;
        }
        let Some(redial) = &self.plan.types[call_type].redial else { return };
        let mut stream = self.seed.call_stream(Purpose::RedialDelay, call_type, call);
        let due = at + to_ticks(redial.delay.draw(&mut stream).min(DURATION_MAX));
        let (number, attempt) = (call.number, call.attempt + 1);
        self.timers.push(due, Timer::Redial { call_type, number, attempt, handling });
    }

    pub(super) fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Overflow { call_type, place } => self.overflow(call_type, place),
            Timer::Callback { call_type, place } => self.call_back(call_type, place),
            Timer::HangUp { call_type, place } => {
                if let Some(waiting) = self.queues[call_type].take(place) {
                    self.abandon(call_type, &waiting);
                    self.redial(call_type, waiting.call, waiting.handling, self.now);
                }
            }
            Timer::Redial { call_type, number, attempt, handling } => {
                let call = Call { number, attempt };
                let interval = self.interval;
                self.tally.cell(call_type, interval).redials += 1;
                let mut stream = self.seed.call_stream(Purpose::RedialPatience, call_type, call);
                let patience = self.plan.types[call_type].patience.as_ref();
                let patience = patience.map_or(f64::INFINITY, |p| p.draw(&mut stream));
                self.offer(call_type, call, handling, patience);
            }
        }
    }

    /// Looks for an idle agent in the groups that have just been opened to a waiting call.
    fn overflow(&mut self, call_type: usize, place: u64) {
        let Some(waiting) = self.queues[call_type].holding(place, self.now) else { return };
        let Some(agent) = self.idle_agent(call_type, self.now - waiting.arrived) else { return };
        self.queues[call_type].take(place);
        self.answer(agent, super::index(call_type), call_type, &waiting);
    }

    /// Moves a customer from the queue to that of the callbacks; somebody may be idle who takes those alone.
    fn call_back(&mut self, call_type: usize, place: u64) {
        let Some(callback) = self.plan.types[call_type].callback else { return };
        let Some(waiting) = self.queues[call_type].take(place) else { return };
        let cell = self.tally.cell(call_type, waiting.interval as usize);
        cell.callbacks += 1;
        cell.wait_all += self.now - waiting.arrived;
        self.queued(call_type, &waiting, self.now);
        let promised = Waiting { arrived: self.now, patient_until: NEVER, ..waiting };
        match self.idle_agent(call_type, NEVER) {
            Some(agent) => self.answer(agent, callback.queue, call_type, &promised),
            None => {
                self.queues[callback.queue as usize].push(promised);
            }
        }
    }
}
