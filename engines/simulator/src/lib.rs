//! A centre's day, call by call 逐通呼叫仿真: what happens, how sure that is, and what a change of plan costs.
//!
//! Formulas such as Erlang's answer for one queue, one kind of agent and one interval alone. A real day has people with
//! several skills 多技能, breaks, calls that go on over the end of a shift, a queue that one half hour leaves to the next,
//! customers who hang up, try again or ask to be called back. This engine plays the day: every call comes, waits, is
//! taken by whoever may take it, and is counted. It plays many such days, since none is like another, and says of every
//! figure how far chance may have moved it: *value ± half-width*, at 95 % unless asked otherwise.
//!
//! # A question and its answer
//!
//! Helen is 20 minutes late 迟到. Her hotline has 14 people, 100 calls come per half hour, a call takes 180 seconds (AHT
//! 平均处理时长), customers wait 120 seconds on average before they hang up, and 80 % are to be answered in 20 seconds
//! (service level 服务水平). What does it cost?
//!
//! ```
//! use simulator::{CallType, Distribution, Goal, Run, Scenario, Scope, compare};
//!
//! let mut calls = CallType::new("calls", vec![100.0; 4], Distribution::Exponential { mean_s: 180.0 });
//! calls.patience = Some(Distribution::Exponential { mean_s: 120.0 });
//! let plan = Scenario::one_queue(1_800.0, calls, &[14; 4]);
//!
//! // The same two hours, one seat empty for the first 20 minutes of the third half hour.
//! let mut late = plan.clone();
//! late.agents[13].away(3_600.0, 4_800.0);
//!
//! // Days are played until the answer for that half hour is known to ± 0.2 points.
//! let half_hour = Scope::centre(2..3);
//! let goal = Goal { scope: half_hour.clone(), half_width: 0.002 };
//! let run = Run { until: vec![goal], replications_max: 20_000, ..Run::default() };
//! let found = compare(&plan, &[("late".to_owned(), late)], &run, &|| false)?;
//!
//! let cost = found.difference(0, &half_hour).and_then(|d| d.service_level).expect("calls came");
//! println!("{:.1} points ± {:.1}", cost.value * 100.0, cost.half_width * 100.0);   // -2.8 points ± 0.2
//! assert!((cost.value + 0.029).abs() < 0.004 && cost.half_width <= 0.002);
//! # Ok::<(), simulator::Error>(())
//! ```
//!
//! Some thousand days of two hours answer it in a tenth of a second: both plans meet the very same calls, so that only
//! Helen makes the difference (common random numbers 公共随机数). With a hundred times the days it is −2.90 ± 0.03 points:
//! from 93.3 % to 90.4 %. The other three half hours hardly notice. `lianbing simulate docs/examples/helen-late.toml`
//! asks the same without a line of code; `docs/simulate.md` teaches the file.
//!
//! # What can be described
//!
//! - **Calls** ([`CallType`]): expected calls of each interval; days that are busier than others ([`Busyness`] 日间波动:
//!   real volumes vary some ten times more than chance); talk and after-call work 话后处理 and patience by seven kinds of
//!   [`Distribution`]; customers who hang up at once, redial 重拨 or accept a callback 回电; priorities.
//! - **Routing**: for each type, groups in order of preference, some only after a wait (overflow 溢出, [`Tier`]); for each
//!   group, the longest wait first or its own preference ([`Order`]); skills with levels as speeds ([`Skill`]).
//! - **People** ([`Agent`]): each with their stretches at the phone; breaks, drills and meetings are the gaps. A call
//!   under way when a stretch ends is finished first, and the pay for it counts. *Seats* are people known by number
//!   alone, for plans that say only how many; random absence 计划外缺勤 strikes whole shifts.
//!
//! # What comes out
//!
//! [`simulate`] gives a [`Report`]: for the centre, each call type and each group, over the day and by interval, service
//! level by its named definition ([`Definition`]: the usual ones differ by tens of points under overload), abandonment,
//! ASA, occupancy 占用率, queue length and more. [`compare`] adds, for other plans over the same calls, the paired
//! difference of each figure. [`required`] turns the question round: how many people does each group need in each
//! interval, first by Erlang A, then corrected by playing the whole day, and what would one more person bring.
//!
//! # What it relies on
//!
//! Results depend on the scenario, the seed and the number of replications, never on the number of threads, the machine
//! or the time: a limit of time, given as `stop`, only decides how many replications are made. One core plays some ten
//! million calls a second with skills, breaks and abandonment (`benches/README.md`), so that a question about a day of
//! thousands of calls is answered while one waits. Time is whole microseconds. The closed forms of M/M/n and M/M/n+M lie
//! in its intervals as often as they should, and the published SimpleMSK example of the ContactCenters library is
//! reproduced; both are tests.
//!
//! The way through the crate: [`scenario`](Scenario) → `day` (one replication: `plan` makes a scenario ready, `arrivals`,
//! `queue`, `desk` and `timers` are its parts) → `run` (many of them, their statistics, when to stop) → `requirement`;
//! [`file`](mod@file) reads names and clock times.

mod day;
mod distribution;
mod error;
pub mod file;
pub mod limits;
mod random;
mod requirement;
mod run;
mod scenario;

pub use distribution::Distribution;
pub use error::Error;
pub use requirement::{Correction, Requirement, required};
pub use run::moments::Estimate;
pub use run::report::{Comparison, Difference, Ended, Figures, Report};
pub use run::scope::{Of, Scope};
pub use run::{Goal, Run, compare, simulate};
pub use scenario::{
    Agent, Busyness, CallType, Callback, Definition, Group, Order, Redial, Scenario, ServiceLevel, Skill,
    Stretch, Tier, agents_from_levels,
};
