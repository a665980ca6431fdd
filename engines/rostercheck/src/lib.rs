//! Whether a roster keeps its rules, and what it costs.
//!
//! An optimiser that grades its own work proves nothing. This crate reads the instance and the finished roster
//! itself, as text, and shares no code with the `roster` engine: whoever doubts a roster (排班表), ours or
//! another's, can check it here and reads which rule is broken, by whom and on which day.
//!
//! ```
//! use rostercheck::{Format, check};
//!
//! let instance = "SECTION_HORIZON\n2\n\nSECTION_SHIFTS\nD,480,\n\nSECTION_STAFF\nA,D=2,960,480,2,1,1,1\n\n\
//!     SECTION_COVER\n0,D,1,100,1\n1,D,1,100,1\n";
//! let roster = r#"{"assignments": [{"person": "A", "day": 0, "shift": "D"}]}"#;
//! let report = check(Format::ShiftScheduling, instance, roster)?;
//! assert!(report.feasible());
//! assert_eq!(report.objective, 100.0); // nobody on day 1: one person short at weight 100
//! assert_eq!(report.understaffed.len(), 1);
//! # Ok::<(), rostercheck::Error>(())
//! ```
//!
//! # The output it reads
//! `{"assignments": [{"person": …, "day": …, "shift": …, "pattern": …}]}`; other members are ignored. What is not
//! listed is a day off.
//!
//! # The formats
//! **`centre`** (坐席排班): one week in half hours; skill groups, shifts with break patterns, requirements by skill.
//! Person, day, shift and pattern are 0-based indices in the order of the file. Hard: one shift a day, on a day
//! and inside the window on which the person is available; hours of the week between the minimum (0: none) and the
//! maximum; at most so many days; 11 hours between the end of a shift and the next day's start. Cost: in each
//! interval, U is the understaffing that remains when everybody serves the skill that helps most, 10 × U + idle.
//! U is found here by maximum flow, not by the subset formula that the optimiser uses.
//!
//! **`shift-scheduling`** (the “shift scheduling” set of schedulingbenchmarks.org; Curtois and Qu, *Computational
//! results on new staff scheduling benchmark instances*, 2014). Person and shift by identifier, day 0-based. Hard:
//! one shift a day, forbidden successions, shifts of a type, minutes of the horizon, shifts in a row (at most and at
//! least), days off in a row (at least), weekends worked (a Saturday, a Sunday or both; day 0 is a Monday), days
//! off. At the edges of the horizon: what is cut off by an edge is never too short, and nobody has worked before
//! day 0. Cost: wished shifts not given, unwished shifts given, persons under and over the cover.
//!
//! **`retail`** (the multi-activity, multi-day set of the same site). The horizon runs in quarters of an hour from
//! 06:00 on day 1 to 06:00 on the day after the last. The files hold demand and contracts; the rules below are
//! those of the site's description, and, where that could not be read in full, of the reader and column generator
//! for it in `PetterS/monolith` (`minimum/linear`). `shift` is `"HH:MM-HH:MM"`, `day` the day on
//! which it starts (1-based, from midnight to midnight), `pattern` its stretches with their task, such as
//! `"1 06:00-10:00, 2 10:00-14:00"`. Hard: one start a day; a shift is 6 to 10 hours long and starts at 00:00,
//! or from 06:00 to 10:00, 14:00 to 18:00, or 20:00 to 23:45; each stretch on a task at least one hour; 14 hours of
//! rest; at most 5 days with a start in a row; minutes between minimum and maximum; nothing beyond the horizon; at
//! least the minimum of people on each task in each interval. Cost: the square of the people over the maximum,
//! summed over tasks and intervals. A shortage breaks a rule, and so that two rosters with shortages compare,
//! it is also listed with 10 000 for each missing person and interval.
//!
//! **`team`** (`docs/roster.md`; a centre's own file, in TOML). Person and shift by name, `day` a date such as
//! `"2026-11-23"`, `pattern` the breaks, such as `"11:30-12:00, 15:00-15:15"`, left out or empty for none. In the report
//! days count from 0, `first_day` is the date of day 0; what a week breaks shows on the week's first day. Hard: one
//! shift a day; the breaks of the shift, in its order and apart, each in its stretch; by contract the paid minutes and
//! days of each week (less for days of leave and, for the least, in a last week cut short), rest, days, nights and days
//! off in a row, weekends, allowed shifts; no night work under age; leave, availability, fixed shifts. Cost: in each
//! interval `short` × U + `idle` × idle people, with U as in `centre`; the weights of unmet wishes; `fair` for a
//! person's first unpleasant day, twice that for the second, and so on. A shift past midnight covers intervals of the
//! next day; nothing is counted past the last. [`check_team`] takes the requirement as a table beside the file.

mod centre;
mod flow;
mod output;
mod report;
mod retail;
mod shift_scheduling;
mod team;
mod text;

use std::{fmt, str::FromStr};

pub use report::{Broken, Part, Report, Understaffed};

/// The form of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One week of a contact centre with skills and breaks.
    Centre,
    /// The published “shift scheduling” instances.
    ShiftScheduling,
    /// The published multi-activity instances in quarters of an hour.
    Retail,
    /// A contact centre with names, contracts, leave and wishes.
    Team,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Centre => "centre",
            Self::ShiftScheduling => "shift-scheduling",
            Self::Retail => "retail",
            Self::Team => "team",
        })
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "centre" => Ok(Self::Centre),
            "shift-scheduling" => Ok(Self::ShiftScheduling),
            "retail" => Ok(Self::Retail),
            "team" => Ok(Self::Team),
            _ => Err(Error::Format(name.to_owned())),
        }
    }
}

/// Why nothing could be checked. A roster that breaks rules is no error: it is what the report is for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such format.
    #[error("there is no format \"{0}\"; use centre, shift-scheduling, retail or team")]
    Format(String),
    /// The instance cannot be read; lines are counted from 1.
    #[error("line {line} of the instance: {message}")]
    Instance {
        /// Where.
        line: usize,
        /// What stands there, and what should.
        message: String,
    },
    /// The table of required agents cannot be read; lines are counted from 1.
    #[error("line {line} of the table of required agents: {message}")]
    Required {
        /// Where.
        line: usize,
        /// What stands there, and what should.
        message: String,
    },
    /// The roster cannot be read; assignments are counted from 0.
    #[error("the roster: {0}")]
    Output(String),
}

/// Checks a roster against its instance.
///
/// # Errors
/// When the instance or the roster cannot be read, or the roster names a person, day, shift or pattern that the
/// instance does not have; the message names line or assignment, and the value.
pub fn check(format: Format, instance: &str, output: &str) -> Result<Report, Error> {
    let assignments = output::read(output)?;
    match format {
        Format::Centre => centre::check(instance, &assignments),
        Format::ShiftScheduling => shift_scheduling::check(instance, &assignments),
        Format::Retail => retail::check(instance, &assignments),
        Format::Team => team::check(instance, None, &assignments),
    }
}

/// Checks a roster of the format `team`. `required` is the text of a table that takes the place of what the file says
/// about required agents: the columns `interval_start`, `agents` and, with several skills, `skill` or `queue`,
/// separated by commas, semicolons, tabs or bars.
///
/// ```
/// let team = r#"
///     first_day = 2026-11-23
///     days = 7
///     skills = ["de"]
///     shifts = [{ name = "early", time = "08:00-12:00" }]
///     contracts = [{ name = "part", fair = 3 }]
///     people = [{ name = "Li Na", skills = ["de"], contract = "part", leave = "2026-11-27" }]
/// "#;
/// let required = "interval_start,agents\n2026-11-23T08:00:00,1\n2026-11-23T08:30:00,1.5\n";
/// let roster = r#"{"assignments": [{"person": "Li Na", "day": "2026-11-23", "shift": "early"}]}"#;
/// let report = rostercheck::check_team(team, Some(required), roster)?;
/// assert!(report.feasible());
/// assert_eq!(report.objective, 10.0 + 6.0); // one short from 08:30 on, six half hours with nothing to do
/// # Ok::<(), rostercheck::Error>(())
/// ```
///
/// # Errors
/// As [`check`], and when the table cannot be read or names a skill that the team does not have.
pub fn check_team(instance: &str, required: Option<&str>, output: &str) -> Result<Report, Error> {
    team::check(instance, required, &output::read(output)?)
}
