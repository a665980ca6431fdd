//! What will arrive, and how sure that is.
//!
//! # For the planner
//!
//! Give this engine what came so far: for each interval its calls (呼入量) and, if known, their mean handling time
//! (平均处理时长). It answers for the next open intervals (时段): the calls to expect, between which bounds they fall
//! eight times of ten and nineteen times of twenty, and how long a call will take.
//!
//! **It shows why it says so.** Eight models forecast stretches of your own history that they have not seen. The table
//! of their errors is yours to read: WAPE is the sum of all differences divided by the sum of all calls, bias the same
//! with its sign. On half a year of a bank's 33,000 calls a day, four weeks ahead, it reads
//!
//! | model | WAPE | bias |
//! |---|---|---|
//! | **regression, drifting level** | **5.5 %** | −1.2 % |
//! | average of the two best | 5.6 % | −1.0 % |
//! | mean of the last four same weekdays | 6.9 % | −1.4 % |
//!
//! and the regression is chosen. The mean of the last four same weekdays is always tried: a model that cannot beat it
//! by more than a hundredth of the error does not make your forecast.
//!
//! **It knows the calendar.** Holidays by the moon learn from the same holiday of earlier years; a make-up workday
//! (调休上班) is a workday, whatever its weekday says; the eve, the day after and the first day after a closing have
//! effects of their own. The calendar is a parameter: `content/holidays/cn.toml` holds what the State Council published.
//! A year that is not in it is not guessed, and a note says so.
//!
//! **It says what is wrong with the history.** “12 March 10:00–14:00 looks like an outage: not learned from”; “the level
//! changed about 3 June by +18 % and stayed”; “3 intervals repeated with different values: summed”. See [`Note`].
//!
//! **It knows how much a morning says.** With the first hours of a day at hand, [`Forecast::update`] moves the rest of
//! the day by as much of the difference as lasted on other days, and not at all where that would not have helped.
//!
//! **A new queue** has no history: [`by_analogy`] takes the shape of another one. **Queues add up**: [`reconcile`] makes
//! them agree with their centre, moving most what is least certain.
//!
//! # Example
//!
//! Ten weeks of a small centre that opens from 09:00 to 12:00, Monday to Friday, with more calls on Mondays:
//!
//! ```
//! use forecast::{Ask, Calendar, History, Observation, forecast};
//! use jiff::{ToSpan, civil::date};
//!
//! let first = date(2026, 3, 2); // a Monday
//! let mut past = Vec::new();
//! for day in (0..70).filter(|day| day % 7 < 5) {
//!     for (hour, calls) in [(9, 30.0), (10, 50.0), (11, 40.0)] {
//!         let calls = if day % 7 == 0 { calls * 1.5 } else { calls };
//!         let start = first.at(hour, 0, 0, 0).saturating_add(day.days());
//!         past.push(Observation { start, calls, aht_s: None });
//!     }
//! }
//! let calendar = Calendar::none();
//! let history = History::read(&past, &calendar)?;
//! let forecast = forecast(&history, &Ask { intervals: 6, calendar: &calendar, events: &[], method: None })?;
//! // The next open day is Monday, 11 May.
//! let monday = &forecast.intervals[1];
//! assert_eq!(monday.start, date(2026, 5, 11).at(10, 0, 0, 0));
//! assert!((monday.calls.mean - 75.0).abs() < 1.0);
//! assert!(monday.calls.lo95 < monday.calls.mean && monday.calls.mean < monday.calls.hi95);
//! println!("{}", forecast.why);
//! # Ok::<(), forecast::ForecastError>(())
//! ```
//!
//! # How
//!
//! The methods are named where they are used, with their sources. In short: day totals by a penalised regression with a
//! log link (level, weekday, day of month, year, holidays, events, shifts; penalties by empirical Bayes), spread over the
//! day by smoothed profiles; plain means and a seasonal decomposition beside it; the choice by rolling origins; bounds
//! from the errors of those origins. There is no randomness: the same history makes the same forecast.
//!
//! Time is local civil time. In spring an hour has no intervals, which is no gap; in autumn an hour comes twice, and its
//! mean is taken.

mod analogy;
mod backtest;
mod bands;
mod calendar;
mod error;
mod event;
mod forecast;
mod handling;
mod history;
mod intraday;
pub mod limits;
mod model;
mod note;
mod numbers;
mod reconcile;
mod unusual;

pub use analogy::{Known, by_analogy};
pub use backtest::Candidate;
pub use bands::Estimate;
pub use calendar::{Calendar, CalendarFile, DayKind, Holiday, SpecialDay, Year};
pub use error::ForecastError;
pub use event::{Event, check_events};
pub use forecast::{Ask, Forecast, IntervalForecast, forecast, forecast_until};
pub use history::{History, Observation};
pub use intraday::UpdateTest;
pub use model::Method;
pub use note::Note;
pub use reconcile::reconcile;
