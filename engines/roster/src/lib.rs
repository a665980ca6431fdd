//! Who works when: shifts, breaks and skills against the requirement, under every hard rule (排班).
//!
//! # The question
//! A centre knows how many agents of which skill it needs in every half hour (see the engine `staffing`), and who it
//! has: each with skills (技能), a contract (hours and days of the week), availability, leave and wishes. Which shift
//! (班次) does everybody work on each day, and when are their breaks, so that as few intervals as possible are
//! understaffed, as few agents as possible sit idle, and no rule is ever broken?
//!
//! An example: 300 agents, one week of half hours, 3 skills in 6 groups, 20 shifts with 4 to 22 ways of placing the
//! breaks. An agent missing for half an hour costs 10, an idle one 1; 15 713 agent-intervals are required. Everybody's
//! best week in turn costs 7 723; letting everybody move once more until nobody gains, 1 455; after a second of
//! search about 300, after ten about 200, while no roster can cost less than 55. In per cent of the requirement
//! that is a gap of 46, 9, 1.6 and 0.9.
//!
//! # How it is done
//! - **Lines** ([`mod@line`]): what one person may do over the horizon. All rules of a contract are compiled into one
//!   small graph; its paths are exactly the lines allowed, so a rule cannot be broken by accident, and the best line
//!   under any prices is a shortest path that takes some microseconds.
//! - **Cover** ([`cover`]): what every interval costs when each agent serves the skill that helps most, and what one
//!   agent more or less of each group would change. Breaks are placed by sums over that, exactly.
//! - **Search** ([`search`]): take a person out, put their best line back, with noise that falls; several chains.
//! - **Bound** ([`bound`]): what no roster can cost less than, so that one knows when to stop.
//! - **Columns** ([`columns`]): the other way round, for long horizons with few people: mixtures of lines first.
//! - **Repair** ([`repair`]): after absences (缺勤) or a new forecast, with few changes from the published roster.
//! - **Explanations** ([`explain`]): what an unmet wish would have cost, why an interval is short, which rules
//!   contradict each other.
//!
//! Work is counted in steps, never in seconds; the same seed and steps give the same roster for any number of
//! threads. The caller's `stop` ends a search at any time with the best roster so far.
//!
//! # Example
//! Two agents, one day of two half-day intervals; the first can only come in the morning.
//! ```
//! use roster::model::{FORBIDDEN, Parts, Pattern, Person, Problem, Rules, Shift, Span};
//! use roster::solve;
//!
//! let shift = |name: &str, start: u32, at: u16| Shift {
//!     name: name.into(), start, end: start + 240, minutes: 240, night: false,
//!     patterns: vec![Pattern { work: vec![(at, at + 1)] }],
//! };
//! let problem = Problem::new(Parts {
//!     days: 1,
//!     intervals: 2,
//!     interval_minutes: 720,
//!     groups: vec![1],
//!     skills: 1,
//!     shifts: vec![shift("morning", 480, 0), shift("evening", 960, 1)],
//!     // Exactly four hours on the day.
//!     rules: vec![Rules {
//!         spans: vec![Span { first: 0, days: 1, min_minutes: 240, max_minutes: 240, max_days: 1 }],
//!         ..Rules::default()
//!     }],
//!     people: vec![
//!         Person { name: "Li".into(), tolls: vec![0, 0, FORBIDDEN], ..Person::default() },
//!         Person { name: "Wang".into(), ..Person::default() },
//!     ],
//!     required: vec![1, 1],
//!     under: vec![10, 10],
//!     over: vec![1, 1],
//!     weekends: vec![],
//! })?;
//! let solved = solve(&problem, None, None, 100, &|| false)?;
//! assert_eq!(solved.cost, 0);
//! // Li (0) works the morning (shift 0), Wang (1) the evening (shift 1).
//! let shifts: Vec<_> = solved.roster.assignments().map(|(who, _, shift, _)| (who, shift)).collect();
//! assert_eq!(shifts, [(0, 0), (1, 1)]);
//! # Ok::<(), roster::model::Error>(())
//! ```

pub mod bound;
pub mod columns;
pub mod cover;
pub mod explain;
pub mod formats;
pub mod line;
pub mod model;
pub mod program;
pub mod repair;
mod roster;
pub mod search;
mod solve;

pub use roster::{Roster, Spot};
pub use solve::{BOUND_ITERATIONS, FIRST_ROUND, Solved, solve};
