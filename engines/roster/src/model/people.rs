//! People, and the rules that bind them.

use super::Choice;

/// Hard rules that bind a person's line, shared by everyone with the same contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rules {
    /// What people call this contract.
    pub name: String,
    /// Minutes and days of work within stretches of days; usually one stretch per week, or the whole horizon.
    pub spans: Vec<Span>,
    /// Least minutes from the end of a shift to the start of the next day's.
    pub rest_minutes: u32,
    /// Shifts that may not follow each other on the next day, beside what the rest forbids: `(first, second)`.
    pub not_after: Vec<(u16, u16)>,
    /// Most days of work in a row.
    pub max_run: u16,
    /// Fewest days of work in a row; runs at the edges of the horizon may go on outside of it.
    pub min_run: u16,
    /// Fewest days off in a row; likewise.
    pub min_off: u16,
    /// Most weekends with any work.
    pub max_weekends: u16,
    /// Most night shifts in a row; 0 is no night work.
    pub max_nights: u16,
    /// Most days with a certain shift: `(shift, days)`.
    pub max_of_shift: Vec<(u16, u16)>,
    /// Shifts that nobody likes, shared out fairly.
    pub unpleasant: Option<Unpleasant>,
    /// What was before the horizon.
    pub before: Before,
}

impl Default for Rules {
    /// No rule at all.
    fn default() -> Rules {
        Rules {
            name: String::new(),
            spans: Vec::new(),
            rest_minutes: 0,
            not_after: Vec::new(),
            max_run: u16::MAX,
            min_run: 1,
            min_off: 1,
            max_weekends: u16::MAX,
            max_nights: u16::MAX,
            max_of_shift: Vec::new(),
            unpleasant: None,
            before: Before::default(),
        }
    }
}

/// Limits of work within a stretch of days. Stretches do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First day.
    pub first: u16,
    /// Number of days.
    pub days: u16,
    /// Least minutes of work.
    pub min_minutes: u32,
    /// Most minutes of work.
    pub max_minutes: u32,
    /// Most days of work.
    pub max_days: u16,
}

/// A convex cost of shifts that nobody likes: the first costs `costs[0]`, the second `costs[1]` more, and every one
/// past the end of the list as much as the last. Rising costs share them out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Unpleasant {
    /// The shifts counted on any day.
    pub shifts: Vec<u16>,
    /// The days on which any shift counts, such as weekends and holidays.
    pub days: Vec<u16>,
    /// What each further one costs.
    pub costs: Vec<u32>,
}

/// What was before the first day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Before {
    /// The shift of the day before.
    pub shift: Option<u16>,
    /// Days worked in a row up to that day; 0 when it was off or is not known.
    pub run: u16,
}

/// Somebody to be rostered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// What people call them.
    pub name: String,
    /// Their skill group.
    pub group: u16,
    /// Their rules.
    pub rules: u32,
    /// What each choice costs on each day: `[day × (shifts + 1) + choice]`, [`super::FORBIDDEN`] for what a leave,
    /// an availability, an age or a fixed shift rules out, weights of wishes, 0 for the rest. Empty: all free.
    pub tolls: Vec<i32>,
}

impl Person {
    /// The toll of a choice on a day; `choices` is the number of shifts + 1.
    pub fn toll(&self, day: usize, choice: Choice, choices: usize) -> i32 {
        self.tolls.get(day * choices + usize::from(choice)).copied().unwrap_or(0)
    }
}
