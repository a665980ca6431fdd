//! What is offered: calls, their handling time, and how long callers wait.

use crate::StaffingError;
use crate::error::share;
use crate::limits::{LEAST_SECONDS, MOST_AT_ONCE, MOST_ERLANGS, MOST_SECONDS};

/// Calls offered in an interval with their mean handling time; on demand with patience, retrials and several
/// conversations at once. Checked when it is made, so that every later question has an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    calls: f64,
    interval_s: f64,
    aht_s: f64,
    erlangs: f64,
    patience_s: Option<f64>,
    retrials: Retrials,
    chat: Concurrency,
}

/// Callers who gave up and call again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Retrials {
    pub share: f64,
    pub after_s: f64,
}

/// Conversations one agent holds at once, and what each more costs the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Concurrency {
    pub at_once: u32,
    pub slowdown: f64,
}

impl Concurrency {
    const ONE: Self = Self { at_once: 1, slowdown: 0.0 };

    /// Conversations that an agent with `level` of them finishes in one handling time (that of one alone).
    pub fn speed(self, level: u32) -> f64 {
        let level = f64::from(level);
        if level < 1.0 { 0.0 } else { level / (1.0 + self.slowdown * (level - 1.0)) }
    }
}

impl Load {
    /// `calls` expected in an interval of `interval_s` seconds, each handled in `aht_s` seconds on average (talk, hold
    /// and after-call work). Nobody gives up: Erlang C, until [`Load::with_patience`] says otherwise.
    ///
    /// # Errors
    /// When a value is negative, not finite or beyond [`limits`](crate::limits). Without calls any handling time of 0
    /// or more will do.
    pub fn new(calls: f64, interval_s: f64, aht_s: f64) -> Result<Self, StaffingError> {
        if !(calls >= 0.0 && calls.is_finite()) {
            return Err(StaffingError::Calls(calls));
        }
        if !(interval_s > 0.0 && interval_s <= MOST_SECONDS) {
            return Err(StaffingError::Interval(interval_s));
        }
        let least = if calls > 0.0 { LEAST_SECONDS } else { 0.0 };
        if !(aht_s >= least && aht_s <= MOST_SECONDS) {
            return Err(StaffingError::HandlingTime(aht_s));
        }
        let erlangs = calls * aht_s / interval_s;
        if erlangs.is_nan() || erlangs > MOST_ERLANGS {
            return Err(StaffingError::Erlangs(erlangs));
        }
        let (retrials, chat) = (Retrials { share: 0.0, after_s: 0.0 }, Concurrency::ONE);
        Ok(Self { calls, interval_s, aht_s, erlangs, patience_s: None, retrials, chat })
    }

    /// Callers give up after an exponential time of mean `patience_s` seconds: Erlang A. With 0 nobody waits at all
    /// (Erlang B); infinity is no limit (Erlang C).
    ///
    /// # Errors
    /// When the patience is negative, not a number, or beyond [`limits`](crate::limits) and finite.
    pub fn with_patience(self, patience_s: f64) -> Result<Self, StaffingError> {
        let usual = (LEAST_SECONDS..=MOST_SECONDS).contains(&patience_s);
        let patience_s = match patience_s {
            p if usual => Some(p),
            // Also a negative zero, whose reciprocal would be a negative rate.
            0.0 => Some(0.0),
            f64::INFINITY => None,
            p => return Err(StaffingError::Patience(p)),
        };
        Ok(Self { patience_s, ..self })
    }

    /// A `share` of those who give up calls again, on average `after_s` seconds later, as often as it takes. Without
    /// patience nobody gives up, and this changes nothing.
    ///
    /// The offered load becomes the fixed point of λ = λ₀ + share · abandoned(λ): repeated calls are taken as a
    /// stream of their own that does not remember the queue it left, which holds when `after_s` is longer than a wait
    /// (Hoffman and Harris 1986, "Estimation of the caller retrial rate for a telephone information system", European
    /// Journal of Operational Research 27; Aguir, Karaesmen, Akşin and Chauvet 2004, "The impact of retrials on call
    /// center performance", OR Spectrum 26). The time until the next try then only says how many are between two
    /// tries ([`Outcome::between_tries`](crate::Outcome)).
    ///
    /// # Errors
    /// When the share is not in 0..=0.99 or the time not in 0..=[`MOST_SECONDS`].
    pub fn with_retrials(self, share_again: f64, after_s: f64) -> Result<Self, StaffingError> {
        let inside = (0.0..=0.99).contains(&share_again);
        let share = share("a share of callers who try again", share_again, inside, "from 0 to 0.99")?;
        if !(0.0..=MOST_SECONDS).contains(&after_s) {
            return Err(StaffingError::Threshold(after_s));
        }
        Ok(Self { retrials: Retrials { share, after_s }, ..self })
    }

    /// Each agent holds up to `at_once` conversations (chat). A conversation beside j − 1 others of the same agent
    /// takes `1 + slowdown · (j − 1)` times the handling time of [`Load::new`], which is that of one alone: with a
    /// slowdown of 0 the others cost nothing, with 1 a second conversation gains nothing.
    ///
    /// New conversations go to whoever has fewest, so that with m conversations among n agents everybody has ⌊m/n⌋
    /// or one more, and the centre finishes them at the sum of their speeds; a queue forms when all n · at_once places
    /// are taken. This is the birth–death chain behind Luo and Zhang 2013 ("Staffing and control of instant messaging
    /// contact centers", Operations Research 61) and Tezcan and Zhang 2014 ("Routing and staffing in customer service
    /// chat systems with impatient customers", Operations Research 62). It treats conversations as spread evenly at
    /// all times; what it leaves out is that they pile up unevenly until the next one comes.
    ///
    /// # Errors
    /// When `at_once` is not in 1..=[`MOST_AT_ONCE`] or the slowdown not in 0..=1.
    pub fn with_conversations_at_once(self, at_once: u32, slowdown: f64) -> Result<Self, StaffingError> {
        if !(1..=MOST_AT_ONCE).contains(&at_once) {
            return Err(StaffingError::AtOnce(at_once));
        }
        let inside = (0.0..=1.0).contains(&slowdown);
        let slowdown = share("a slowdown", slowdown, inside, "from 0 to 1")?;
        Ok(Self { chat: Concurrency { at_once, slowdown }, ..self })
    }

    /// Calls expected in the interval, without those who try again.
    pub fn calls(&self) -> f64 {
        self.calls
    }

    /// Length of the interval, seconds.
    pub fn interval_s(&self) -> f64 {
        self.interval_s
    }

    /// Mean handling time, seconds.
    pub fn aht_s(&self) -> f64 {
        self.aht_s
    }

    /// Offered load, erlangs: calls in progress on average if all were answered at once. Without those who try again.
    pub fn erlangs(&self) -> f64 {
        self.erlangs
    }

    /// Mean patience, seconds; nothing when nobody gives up.
    pub fn patience_s(&self) -> Option<f64> {
        self.patience_s
    }

    /// Conversations one agent holds at once; 1 for calls.
    pub fn conversations_at_once(&self) -> u32 {
        self.chat.at_once
    }

    pub(crate) fn retrials(&self) -> Retrials {
        self.retrials
    }

    pub(crate) fn chat(&self) -> Concurrency {
        self.chat
    }

    /// The same load with another number of erlangs, for the fixed point of retrials.
    pub(crate) fn with_erlangs(self, erlangs: f64) -> Self {
        Self { erlangs, ..self }
    }
}
