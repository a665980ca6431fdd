//! How many people an interval needs, and what so many people bring about: Erlang B, C and A.
//!
//! A planner's question: *from 15:00 to 15:30 we expect 100 calls of three minutes; 80 % of them shall be answered within
//! 20 seconds. How many agents must be on the phones, and how many must be in the roster?* 排班前的第一个问题：这个时段需要多少人？
//!
//! ```
//! use staffing::{Load, Target, evaluate, required_agents, scheduled};
//!
//! // 100 calls in 30 minutes, 180 s each (AHT 平均处理时长): 10 erlangs of work.
//! let load = Load::new(100.0, 1800.0, 180.0)?;
//! let goal = [Target::service_level(0.80, 20.0)];
//! assert_eq!(required_agents(&load, &goal)?, 14);
//!
//! // Callers who wait two minutes on average before they hang up leave work undone, so fewer are enough.
//! let load = load.with_patience(120.0)?;
//! let agents = required_agents(&load, &goal)?;
//! assert_eq!(agents, 12);
//!
//! // With 30 % of paid time in breaks, training and absence (shrinkage 损耗率), 18 must be in the roster.
//! assert_eq!(scheduled(12.0, 0.30)?, 18);
//!
//! let then = evaluate(&load, 12.0, 20.0)?;
//! assert_eq!(format!("{:.1} %", then.service_level * 100.0), "82.6 %"); // answered within 20 s ÷ offered
//! assert_eq!(format!("{:.1} %", then.abandonment * 100.0), "6.2 %");    // gave up ÷ offered
//! assert_eq!(format!("{:.1} s", then.asa_s), "6.3 s");                  // ASA 平均应答速度
//! assert_eq!(format!("{:.1} %", then.occupancy * 100.0), "78.2 %");     // 占用率
//! # Ok::<(), staffing::StaffingError>(())
//! ```
//!
//! # Which model
//!
//! | callers … | model | made by |
//! |---|---|---|
//! | wait until they are answered | Erlang C | [`Load::new`] |
//! | give up after a while (exponential patience) | Erlang A | [`Load::with_patience`] |
//! | never wait: whoever finds all busy is gone | Erlang B | `with_patience(0.0)`, [`erlang_b`] |
//! | call again after giving up | fixed point over any of these | [`Load::with_retrials`] |
//! | write, and share an agent with others (chat) | birth–death chain with slower service | [`Load::with_conversations_at_once`] |
//!
//! Erlang C with as much load as agents or more has no steady state: the queue grows as long as the interval lasts. Then
//! nobody is answered, and waits are infinite. With patience every number of agents has an answer, also 0.
//!
//! # Which service level
//!
//! Three definitions are in use, and when callers give up in numbers they lie up to 43 points apart: one agent with 20
//! calls of five minutes in half an hour, from people who wait a minute and a half, answers 16 % of what is offered within
//! 30 s, 59 % of what is answered, and 40 % when short abandons count as good. So every target and every figure names its own
//! ([`ServiceLevelDefinition`]); the shortest form means *answered within the threshold ÷ offered*.
//!
//! # What it is not
//!
//! The formulas take an interval as if it went on for ever: arrivals at random with a constant rate, exponential handling
//! times, everybody can take every call, no queue left over from before. A backlog, shift edges, several skills, priorities
//! and handling times of other shapes are the simulator's. Forecasts that are wrong by chance from day to day are neither's:
//! staff for the day you fear, not for the mean.
//!
//! # How exact, how fast
//!
//! The reference vectors (1e-9 of each figure; from one agent to 1 000 000 erlangs, under overload, with parts of agents) are
//! tests. [`required_agents`] is exact: one agent fewer misses a target. An answer for up to 500 agents takes about a
//! microsecond, [`required_agents`] for 10 000 erlangs below 50; `cargo xtask bench staffing` measures it beside other
//! packages. Nothing here panics: inputs outside [`limits`] are a [`StaffingError`] that says what to give instead.

pub mod limits;

mod below;
mod day;
mod error;
mod guess;
mod load;
mod outcome;
mod quadrature;
mod required;
mod waiting;

pub use day::{Requirement, requirement, requirements, service_level_of_day};
pub use error::StaffingError;
pub use load::Load;
pub use outcome::{Outcome, ServiceLevelDefinition, erlang_b, evaluate, service_level};
pub use required::{Target, required_agents, required_agents_fractional, scheduled};
