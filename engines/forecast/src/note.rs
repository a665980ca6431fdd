//! What the planner should know about the history and what was done about it.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Days of a list that are written out.
const SHOWN_MAX: usize = 8;

/// Something noticed, and what was done about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// Intervals given more than once with the same values, as exports that overlap give them: taken once.
    Copied {
        /// How many.
        intervals: usize,
        /// The first of them.
        first: DateTime,
    },
    /// Intervals given more than once with different values: summed.
    Repeated {
        /// How many.
        intervals: usize,
        /// The first of them.
        first: DateTime,
    },
    /// The hour that the clock repeats in autumn: the mean of both.
    ClockSetBack {
        /// The day.
        date: Date,
    },
    /// Intervals that are not in order: sorted.
    Unordered {
        /// How many stood before an earlier one.
        intervals: usize,
    },
    /// Open intervals without a row: not learned from.
    Missing {
        /// How many.
        intervals: usize,
        /// The first of them.
        first: DateTime,
    },
    /// Open intervals without a row in a queue of few calls: taken as 0 calls.
    MissingAreZero {
        /// How many.
        intervals: usize,
    },
    /// Days usually open that had no calls.
    Closed {
        /// The days.
        dates: Vec<Date>,
    },
    /// A stretch without calls where calls were expected: not learned from.
    Outage {
        /// First interval.
        from: DateTime,
        /// End of the last interval.
        to: DateTime,
    },
    /// Intervals far above everything around: cut to three times the usual.
    Spike {
        /// How many.
        intervals: usize,
        /// The first of them.
        first: DateTime,
    },
    /// The level changed and stayed.
    LevelShift {
        /// First day of the new level.
        date: Date,
        /// By how much, as a factor minus 1.
        change: f64,
    },
    /// A day far from what the model explains; it counts less.
    Outlier {
        /// The day.
        date: Date,
        /// Actual calls divided by explained calls.
        ratio: f64,
    },
    /// Days of the back-test like no other: left out of the intervals, which are about usual days.
    Unlike {
        /// The days.
        dates: Vec<Date>,
    },
    /// Days with far fewer or more calls than the same weekdays around them, which nothing names and no other note tells.
    Unusual {
        /// The days, each with its calls ÷ the median of the nearest same weekdays.
        days: Vec<(Date, f64)>,
        /// Whether every model of the forecast makes such a day count less.
        counts_less: bool,
    },
    /// The first hours of the day on which the history ends moved the rest of it.
    Updated {
        /// End of the last interval known.
        until: DateTime,
        /// What came in them ÷ what the plan had.
        came: f64,
        /// The rest of the day is the plan times so much, for the next two hours and after them.
        factors: [f64; 2],
    },
    /// The calendar ends before the horizon does.
    CalendarEnds {
        /// The last year it knows.
        year: i16,
        /// The last day of the forecast.
        until: Date,
    },
    /// A special day of the horizon whose like is not in the history.
    UnseenHoliday {
        /// The day.
        date: Date,
        /// Its name.
        name: String,
    },
    /// An event to come without a factor, of a name that the history does not hold: it has no effect.
    EventUnlearned {
        /// Its name.
        name: String,
        /// Its first day in the forecast.
        date: Date,
    },
    /// An event to come without a factor, whose effect not every model of the forecast learned: it has less than it should.
    EventInPart {
        /// Its name.
        name: String,
        /// Its first day in the forecast.
        date: Date,
        /// Models that learn what events do, …
        learning: usize,
        /// … of so many that are averaged.
        models: usize,
    },
    /// Too little history to compare models.
    NoBackTest {
        /// Days of history.
        days: usize,
    },
    /// The horizon is longer than what the back-test could try; the intervals are widened.
    BeyondBackTest {
        /// Days tested.
        tested_days: usize,
        /// Days asked for.
        asked_days: usize,
    },
    /// The work was stopped early; the models that were compared by then are in the table.
    Stopped,
    /// Made from another queue's shape.
    Analogy {
        /// The scale.
        share: f64,
    },
}

impl Note {
    /// Whether rows of the history were changed, joined, left out or guessed; the others say what was learned and
    /// how sure it is.
    pub fn is_repair(&self) -> bool {
        matches!(
            self,
            Self::Copied { .. }
                | Self::Repeated { .. }
                | Self::ClockSetBack { .. }
                | Self::Unordered { .. }
                | Self::Missing { .. }
                | Self::MissingAreZero { .. }
                | Self::Closed { .. }
                | Self::Outage { .. }
                | Self::Spike { .. }
        )
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copied { intervals, first } => {
                write!(
                    f,
                    "{intervals} intervals repeated with the same values, the first at {first}: taken once"
                )
            }
            Self::Repeated { intervals, first } => {
                write!(
                    f,
                    "{intervals} intervals repeated with different values, the first at {first}: summed"
                )
            }
            Self::ClockSetBack { date } => {
                write!(
                    f,
                    "{date}: an hour of the night stands twice (the clock was set back): the mean of both"
                )
            }
            Self::Unordered { intervals } => write!(f, "{intervals} intervals out of order: sorted"),
            Self::Missing { intervals, first } => {
                write!(f, "{intervals} open intervals missing, the first at {first}: not learned from")
            }
            Self::MissingAreZero { intervals } => {
                write!(f, "{intervals} intervals without a row in a queue of few calls: taken as 0 calls")
            }
            Self::Closed { dates } => {
                write!(f, "{} days usually open had no calls, taken as closed: {}", dates.len(), shown(dates))
            }
            Self::Outage { from, to } => write!(
                f,
                "{} {}–{} looks like an outage: not learned from",
                from.date(),
                from.time().strftime("%H:%M"),
                to.time().strftime("%H:%M")
            ),
            Self::Spike { intervals, first } => {
                write!(
                    f,
                    "{intervals} intervals far above their like, the first at {first}: cut to three times the usual"
                )
            }
            Self::LevelShift { date, change } => {
                write!(f, "the level changed about {date} by {:+.0} % and stayed", 100.0 * change)
            }
            Self::Outlier { date, ratio } => {
                write!(
                    f,
                    "{date} had {:.0} % of the calls that the model explains: counts less",
                    100.0 * ratio
                )
            }
            Self::Unlike { dates } => write!(
                f,
                "{} like no other in the back-test: left out of the intervals; where such a day comes again, name it in a \
                 calendar or as an event",
                shown(dates)
            ),
            Self::Unusual { days, counts_less } => {
                let first: Vec<String> = days
                    .iter()
                    .take(SHOWN_MAX)
                    .map(|(date, ratio)| format!("{date} had {:.0} %", 100.0 * ratio))
                    .collect();
                let more = if days.len() > SHOWN_MAX { " …" } else { "" };
                let counts = if *counts_less {
                    "what the model does not explain of it counts less"
                } else {
                    "not every model of the forecast makes it count less"
                };
                write!(
                    f,
                    "{}{more} of the calls of the same weekdays around: {counts}; where such a day comes again, name it in \
                     a calendar or as an event",
                    first.join(", ")
                )
            }
            Self::Updated { until, came, factors: [near, far] } => {
                let (date, time) = (until.date(), until.time().strftime("%H:%M"));
                write!(f, "{date} had {:.0} % of the planned calls up to {time}: ", 100.0 * came)?;
                if [near, far].into_iter().all(|factor| (factor - 1.0).abs() < 0.005) {
                    write!(
                        f,
                        "the rest of the day stays as planned, for on earlier days such deviations did not last"
                    )
                } else {
                    write!(
                        f,
                        "the rest of the day is the plan times {near:.2} for two hours, then times {far:.2}"
                    )
                }
            }
            Self::CalendarEnds { year, until } => write!(
                f,
                "the calendar ends with {year}, the forecast on {until}: holidays after that year are not known and \
                 not guessed"
            ),
            Self::UnseenHoliday { date, name } => {
                write!(
                    f,
                    "{date} ({name}): the history holds no such day; taken like the special days it does hold"
                )
            }
            Self::EventUnlearned { name, date } => write!(
                f,
                "event \"{name}\" from {date} has no effect: the history holds no earlier one of this name to learn from; \
                 give its factor"
            ),
            Self::EventInPart { name, date, learning: 0, .. } => write!(
                f,
                "event \"{name}\" from {date} has no effect: the model chosen does not learn from earlier ones; give its factor"
            ),
            Self::EventInPart { name, date, learning, models } => write!(
                f,
                "event \"{name}\" from {date} has only a part of its effect: {learning} of the {models} models averaged \
                 learned it from earlier ones; give its factor"
            ),
            Self::NoBackTest { days } => {
                write!(
                    f,
                    "{days} days of history are too few to compare models; wide intervals by rule of thumb"
                )
            }
            Self::BeyondBackTest { tested_days, asked_days } => write!(
                f,
                "{asked_days} days asked for, {tested_days} could be tried on the history: intervals widen beyond them"
            ),
            Self::Stopped => write!(f, "stopped early: fewer models were compared"),
            Self::Analogy { share } => {
                write!(f, "the shape of the reference queue times {share:.3}; the scale is uncertain")
            }
        }
    }
}

/// The first days of a list.
fn shown(dates: &[Date]) -> String {
    let first: Vec<String> = dates.iter().take(SHOWN_MAX).map(ToString::to_string).collect();
    first.join(", ") + if dates.len() > SHOWN_MAX { " …" } else { "" }
}
