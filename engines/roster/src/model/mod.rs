//! What is asked for: days and intervals, shifts, people with their rules, the requirement and its costs.
//!
//! Everything is plain data in [`Parts`]; [`Problem::new`] looks at all of it once and refuses what cannot be meant.

mod check;
mod error;
mod people;
mod shift;

pub use check::Problem;
pub use error::{Error, Mistakes, Source};
pub use people::{Before, Person, Rules, Span, Unpleasant};
pub use shift::{Pattern, Shift};

/// What a person does on a day: 0 is a day off, `s + 1` is the shift with index `s`.
pub type Choice = u16;

/// A day off.
pub const OFF: Choice = 0;

/// A toll that is never paid: marks what a leave, an availability, an age or a fixed shift rules out.
pub const FORBIDDEN: i32 = i32::MAX;

/// Most people of a problem: the largest centres plan 5 000 at once.
pub const PEOPLE_MAX: usize = 20_000;
/// Most days of a problem: a year.
pub const DAYS_MAX: usize = 366;
/// Most intervals of a day: 5 minutes.
pub const INTERVALS_MAX: usize = 288;
/// Most shifts: the choice of a day must fit the tables of [`crate::line`].
pub const SHIFTS_MAX: usize = 2_000;
/// Most break patterns of all shifts together.
pub const PATTERNS_MAX: usize = 200_000;
/// Most skills: a group's skills are the bits of a `u32`.
pub const SKILLS_MAX: usize = 32;
/// Most skill groups.
pub const GROUPS_MAX: usize = 64;
/// Most agents that an interval may require, and the highest weight of one: their product stays within 32 bits.
pub const REQUIRED_MAX: u32 = 10_000;
/// Highest cost of one agent too few or too many in an interval, and of one wish.
pub const WEIGHT_MAX: u32 = 100_000;

/// A rostering problem as somebody states it. Indices everywhere are positions in these lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Length of the horizon in days.
    pub days: usize,
    /// Intervals of a day. A shift that passes midnight goes on in the intervals of the next day.
    pub intervals: usize,
    /// Minutes of an interval; only messages and rest times need them.
    pub interval_minutes: u32,
    /// The skill groups: which skills (bits) the people of each have.
    pub groups: Vec<u32>,
    /// Number of skills.
    pub skills: usize,
    /// The shifts, each with its break patterns.
    pub shifts: Vec<Shift>,
    /// Sets of hard rules; people share them.
    pub rules: Vec<Rules>,
    /// The people.
    pub people: Vec<Person>,
    /// Agents required: `[(day × intervals + interval) × skills + skill]`.
    pub required: Vec<u32>,
    /// What an agent too few costs, by interval: `[day × intervals + interval]`.
    pub under: Vec<u32>,
    /// What an agent too many costs, by interval, like `under`.
    pub over: Vec<u32>,
    /// The days of each weekend within the horizon.
    pub weekends: Vec<Vec<usize>>,
}

impl Parts {
    /// Days × intervals.
    pub fn cells(&self) -> usize {
        self.days * self.intervals
    }
}
