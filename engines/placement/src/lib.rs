//! Where training goes: sessions into the slack of a roster at least harm to the service level.
//!
//! # For planners
//!
//! A drill (练兵) takes people off the phones. *When* decides what that costs. Ten people take 24 calls a quarter of an
//! hour, 240 s each, from callers whose patience is 120 s on average; 80/20 is promised:
//!
//! | people on the phones | answered within 20 s, of all offered | the next one taken costs |
//! |---|---|---|
//! | 10 | 93.2 % | 5.5 points |
//! | 9 | 87.8 % | 8.2 points |
//! | 8 | 79.6 % | 11.0 points |
//! | 7 | 68.6 % | 13.3 points |
//!
//! Two sessions in one interval hurt more than twice (18.6 points for three people, not 3 × 5.5), and half an hour
//! later, with slack (余量), they may cost next to nothing. So all sessions of a week must be placed together, with
//! everybody's shifts, breaks, trainers, rooms and limits in mind. This engine does that, and answers:
//!
//! | question | here |
//! |---|---|
//! | when should 200 sessions be, and with whom? | [`Placer::place`] |
//! | what does the plan do to the service level, before and after, by interval and queue? | [`Plan::projected`], [`Plan::harm_points`] |
//! | how good could any plan be? | [`Plan::bound_points`]; [`Placer::greedy`] and [`Placer::at_random`] to compare |
//! | what would cancelling this one win back? | [`Plan::costs_points`] |
//! | why has this one no place? | [`Plan::unplaced`]: the rule, the interval, who or how many are short |
//! | the queue overflows: who comes back first (应急梯队), and when is their drill repeated? | [`recall`], [`place_again`] |
//!
//! ```
//! use placement::{Options, Placer, sample};
//!
//! // 140 people, thirty sessions, one week; 72 % of the time on the phones is calls.
//! let centre = sample::centre(sample::Size { people: 140, sessions: 30, busy: 0.72 }, 1);
//! let placer = Placer::new(&centre)?;
//! let plan = placer.place(Options { steps: 200, seed: 1 }, || false);
//! assert!(plan.unplaced.is_empty());
//! // By chance, every rule and floor kept, it hurts nearly twice as much.
//! assert!(plan.harm_points * 1.5 < placer.at_random(1).harm_points);
//! assert!(plan.bound_points <= plan.priced_points);
//! # Ok::<(), placement::PlacementError>(())
//! ```
//!
//! # How it is measured
//!
//! The **projected service level** is that of Erlang A (Erlang C without patience) in each interval by itself, by the
//! definition that the queue names, weighted by calls offered; the **harm** is what it loses, in points. People who
//! know several queues are divided among them so that the most is answered in time, whole people on whole queues: no
//! backlog is carried into the next interval, and nobody serves two queues within one. What is minimised is the harm
//! **by price**: below the steepest point of its curve a queue loses little more, because hardly anybody is answered
//! in time anyway; there the price goes on rising instead, so that training does not flee to where things are worst.
//! No queue is pushed more than [`Rules::floor_points`] below its target in any interval; one that was
//! further below already loses no more than as many points again.
//! To this come wishes: due dates, few moves of what people were told, and a little for waiting.
//!
//! # How it is found
//!
//! Greedy by regret first, then ruin and recreate under annealing, each piece put back exactly where it costs least
//! given all others. Prices that rise with each person make the sum of what each piece costs alone a bound. The same
//! seed and number of steps give the same plan on any machine, in whatever order people are listed; more steps are
//! never worse; the engine runs on the thread that calls it.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the limits keep every count far below what its type holds"
)]

pub mod limits;

mod error;
mod model;
mod plan;
mod problem;
mod projection;
mod recall;
pub mod sample;
mod search;

pub use error::PlacementError;
pub use model::*;
pub use plan::{Change, Plan, Projected, Reason, Shortage, Unplaced};
pub use projection::{Model, erlang};
pub use recall::{Call, Need, Overload, Recall, Spared, place_again, recall};
pub use staffing::ServiceLevelDefinition;

use problem::Problem;
use search::State;

/// How long and by which dice to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Steps of improvement after the greedy plan; none for greedy alone.
    pub steps: u64,
    /// The same seed and steps give the same plan.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { steps: 20_000, seed: 1 }
    }
}

/// A centre made ready to be planned for.
#[derive(Debug, Clone)]
pub struct Placer {
    problem: Problem,
}

impl Placer {
    /// Checks a centre and computes its service levels by Erlang A and C.
    ///
    /// # Errors
    /// When the centre does not make sense; the message names the value.
    pub fn new(centre: &Centre) -> Result<Self, PlacementError> {
        Self::with_model(centre, &erlang)
    }

    /// The same with another model of the service level, such as one corrected by simulation. It should not
    /// fall as people are added; where it does, the level with fewer is taken.
    ///
    /// # Errors
    /// When the centre does not make sense, or the model refuses.
    pub fn with_model(centre: &Centre, model: &Model<'_>) -> Result<Self, PlacementError> {
        let placer = Self { problem: Problem::new(centre, model)? };
        placer.state()?;
        Ok(placer)
    }

    fn state(&self) -> Result<State<'_>, PlacementError> {
        State::new(&self.problem).map_err(|number| PlacementError::Earlier {
            session: self.session_of(number),
            why: "it is held where its people are not free".to_owned(),
        })
    }

    fn held(&self) -> State<'_> {
        // Checked when this was made.
        self.state().unwrap_or_else(|_| State::empty(&self.problem))
    }

    fn session_of(&self, piece: usize) -> String {
        let session =
            self.problem.pieces.get(piece).and_then(|piece| self.problem.centre.sessions.get(piece.session));
        session.map_or_else(String::new, |session| session.name.clone())
    }

    /// The plan with the least harm that so many steps find; never a worse one than [`Placer::greedy`].
    ///
    /// `stop` is asked before each step; once it says yes, the best plan so far is returned.
    pub fn place(&self, options: Options, mut stop: impl FnMut() -> bool) -> Plan {
        let mut state = self.held();
        let stopped = Self::first(&mut state, &mut stop);
        let steps = search::improve(&mut state, options.steps, options.seed, &mut stop);
        Plan::of(&state, steps, stopped)
    }

    /// The baseline: each session in its turn where it costs least then.
    pub fn greedy(&self, mut stop: impl FnMut() -> bool) -> Plan {
        let mut state = self.held();
        let stopped = Self::first(&mut state, &mut stop);
        Plan::of(&state, 0, stopped)
    }

    /// Everything anywhere it may be: what placing by hand without figures comes to.
    pub fn at_random(&self, seed: u64) -> Plan {
        let mut state = self.held();
        search::at_random(&mut state, seed);
        Plan::of(&state, 0, false)
    }

    /// The greedy plan; says whether it was stopped before its end.
    fn first(state: &mut State<'_>, stop: &mut dyn FnMut() -> bool) -> bool {
        let mut stopped = false;
        search::greedy(state, &mut || {
            stopped = stopped || stop();
            stopped
        });
        stopped
    }
}
