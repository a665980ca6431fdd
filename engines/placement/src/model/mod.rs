//! What is planned for: time, demand, people and sessions. Times are interval numbers from the first midnight.

mod check;
mod session;

pub(crate) use check::check;
pub use session::{Attendance, Kind, Session, Trainers, Window};

use serde::Serialize;
use staffing::ServiceLevelDefinition;

/// The time of a plan: whole days, cut into intervals of one length. Interval 0 begins at the first midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// How many days, 1 to 31.
    pub days: usize,
    /// Minutes of an interval: 5, 10, 15, 20, 30 or 60.
    pub interval_minutes: usize,
}

impl Grid {
    /// Intervals of a day.
    pub fn per_day(self) -> usize {
        1440 / self.interval_minutes.max(1)
    }

    /// Intervals of the whole plan.
    pub fn intervals(self) -> usize {
        self.days.saturating_mul(self.per_day())
    }
}

/// From the interval `start` up to and without the interval `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The first interval.
    pub start: usize,
    /// The interval after the last.
    pub end: usize,
}

impl Span {
    /// Whether both have an interval in common.
    pub fn meets(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Conversations of one kind, and what was promised for them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// The target, a share such as 0.8.
    pub target: f64,
    /// Answered within so many seconds counts.
    pub threshold_seconds: f64,
    /// Which calls the service level counts; usually those offered.
    pub definition: ServiceLevelDefinition,
    /// Mean patience in seconds (Erlang A); without one nobody gives up (Erlang C).
    pub patience_seconds: Option<f64>,
    /// Calls offered in each interval of the plan.
    pub offered: Vec<f64>,
    /// Mean handling time in each interval, seconds.
    pub aht_seconds: Vec<f64>,
}

/// A stretch of work, with its breaks already placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// From when to when.
    pub work: Span,
    /// Breaks and meals within it.
    pub breaks: Vec<Span>,
}

/// How much of something one person may have, in intervals. A day is that on which the shift starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Limit {
    /// On one day; without one as much as there is time for.
    pub per_day: Option<usize>,
    /// In seven days, counted from the first of the plan.
    pub per_week: Option<usize>,
}

/// Somebody in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// A name or number that only this person has.
    pub name: String,
    /// The queues whose calls this person takes; none for somebody who never is on the phones.
    pub queues: Vec<usize>,
    /// The shifts, in order.
    pub shifts: Vec<Shift>,
    /// Activities that stand already and are not moved: neither on the phones nor free.
    pub fixed: Vec<Span>,
    /// Limits of training received.
    pub attending: Limit,
    /// Limits of training given.
    pub leading: Limit,
}

/// A place where only so many sessions fit at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// How many sessions at once.
    pub parallel: usize,
}

/// What an interval is worth that is below its floor before anything is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BelowFloor {
    /// It loses no more than as many points again ([`Rules::floor_points`]).
    #[default]
    Points,
    /// People may be taken out of it, at the price of a drowned interval, which is the highest there is.
    Price,
    /// Nobody is taken from its phones.
    Spare,
}

/// What holds for all sessions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rules {
    /// No queue is pushed further below its target than so many points in any interval; where it was further below
    /// before, see [`BelowFloor`].
    pub floor_points: f64,
    /// What of intervals that are below the floor already.
    pub below_floor: BelowFloor,
    /// Share of those rostered who will not be there (sickness, lateness): 0.05 counts 20 people as 19.
    pub shrinkage: f64,
    /// What each day begun after its due date costs a session, in points of the service level.
    pub late_points_per_day: f64,
    /// What it costs to move a session that people were told of.
    pub move_points: f64,
    /// What a day of waiting costs a session: small, so that it only decides between equals.
    pub early_points_per_day: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            floor_points: 5.0,
            below_floor: BelowFloor::Points,
            shrinkage: 0.0,
            late_points_per_day: 0.01,
            move_points: 0.01,
            early_points_per_day: 0.000_01,
        }
    }
}

/// A session, or a piece of one, with its time and its people. Numbers are indices of [`Centre`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Placement {
    /// Which session.
    pub session: usize,
    /// Which part of it, from 0; always 0 when the session is not split.
    pub part: usize,
    /// When.
    pub span: Span,
    /// Who attends, by number.
    pub people: Vec<usize>,
    /// Who leads.
    pub trainers: Vec<usize>,
}

/// A placement from before this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Earlier {
    /// What was placed, where and with whom.
    pub placement: Placement,
    /// It stays exactly so: it is past, or running, or promised. Otherwise it may move, at
    /// [`Rules::move_points`]. What is held is not measured against windows and limits again.
    pub held: bool,
}

/// Everything that a plan is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Centre {
    /// The time.
    pub grid: Grid,
    /// The demand.
    pub queues: Vec<Queue>,
    /// The roster.
    pub people: Vec<Person>,
    /// The rooms that sessions name.
    pub rooms: Vec<Room>,
    /// What is to be placed.
    pub sessions: Vec<Session>,
    /// What was placed before, if this is not the first plan.
    pub earlier: Vec<Earlier>,
    /// The rules.
    pub rules: Rules,
}
