//! From a file to what is simulated.

use std::ops::Range;

use super::clock::{Clock, Span};
use super::{Agents, Busyness, CallType, Definition, Document, Group, Order, Staffing};
use crate::error::Error;
use crate::limits::{AGENTS_MAX, INTERVALS_MAX, STRETCH_S_MAX};
use crate::run::scope::Scope;
use crate::run::{Goal, Run};
use crate::scenario::{self, Agent, Scenario, Skill, Stretch, agents_from_levels};

/// Speeds of the levels 1 to 5 where the file names none: a beginner takes 43 % longer, an expert 17 % less.
const SPEEDS: [f64; 5] = [0.7, 0.85, 1.0, 1.1, 1.2];

/// Half-width of the answer where the file names none: half a point.
const HALF_WIDTH: f64 = 0.005;

/// Replications where the file names no limit.
const REPLICATIONS_MAX: u64 = 20_000;

/// What a file asks.
#[derive(Debug, Clone)]
pub struct Study {
    /// What it is about.
    pub title: String,
    /// Its clock.
    pub clock: Clock,
    /// The plan.
    pub scenario: Scenario,
    /// Other plans over the same calls.
    pub variants: Vec<Variant>,
    /// Until the answers are exact enough.
    pub run: Run,
}

/// Another plan over the same calls.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What happens.
    pub name: String,
    /// The plan with it.
    pub scenario: Scenario,
    /// Over which intervals its answer is told.
    pub watch: Scope,
}

impl Document {
    /// What the file asks, with all names and times looked up.
    ///
    /// # Errors
    /// The first value that cannot be, with its path.
    pub fn study(&self) -> Result<Study, Error> {
        let clock = Clock::new("start", &self.start)?;
        let scenario = self.scenario(clock)?;
        scenario.check()?;
        let variants = self.variants(clock, &scenario)?;
        let goals = variants.iter().map(|one| one.watch.clone());
        let mut scopes: Vec<Scope> = goals.collect();
        if scopes.is_empty() {
            scopes.push(Scope::centre(scenario.measured.clone()));
        }
        let half_width = self.run.half_width_points.map_or(HALF_WIDTH, |points| points / 100.0);
        let run = Run {
            seed: self.run.seed.unwrap_or(1),
            replications_max: self.run.replications_max.unwrap_or(REPLICATIONS_MAX),
            replications_min: self.run.replications_max.unwrap_or(REPLICATIONS_MAX).clamp(2, 30),
            confidence: self.run.confidence.unwrap_or(0.95),
            until: scopes.into_iter().map(|scope| Goal { scope, half_width }).collect(),
            ..Run::default()
        };
        Ok(Study { title: self.title.clone(), clock, scenario, variants, run })
    }

    fn scenario(&self, clock: Clock) -> Result<Scenario, Error> {
        let interval_s = self.interval_minutes * 60.0;
        if !(1.0..=STRETCH_S_MAX).contains(&interval_s) {
            return Err(Error::value("interval_minutes", self.interval_minutes, "write minutes, such as 30"));
        }
        let intervals = self.call_types.first().map_or(0, |one| one.calls.len());
        if intervals == 0 || intervals > INTERVALS_MAX {
            let advice = format!("give one to {INTERVALS_MAX} intervals, each with its expected calls");
            return Err(Error::value("call_types[0].calls", format!("a list of {intervals}"), advice));
        }
        let measured = match &self.measured {
            None => 0..intervals,
            Some(text) => touched(clock.span("measured", text)?, interval_s, intervals),
        };
        let mut scenario = Scenario {
            interval_s,
            intervals,
            measured,
            busyness: busyness("busyness", self.busyness.as_ref())?,
            call_types: Vec::new(),
            groups: Vec::new(),
            agents: Vec::new(),
        };
        for (g, one) in self.groups.iter().enumerate() {
            scenario.groups.push(self.group(one).map_err(|e| e.within(&format!("groups[{g}]")))?);
        }
        for (k, one) in self.call_types.iter().enumerate() {
            let built = self.call_type(k, one, &scenario.groups);
            scenario.call_types.push(built.map_err(|e| e.within(&format!("call_types[{k}]")))?);
        }
        for (a, one) in self.agents.iter().enumerate() {
            let built = self.people(one, clock).map_err(|e| e.within(&format!("agents[{a}]")))?;
            scenario.agents.extend(built);
            few(scenario.agents.len(), "agents")?;
        }
        for (s, one) in self.staffing.iter().enumerate() {
            let built = self.levels(one, &scenario).map_err(|e| e.within(&format!("staffing[{s}]")))?;
            scenario.agents.extend(built);
            few(scenario.agents.len(), "staffing")?;
        }
        Ok(scenario)
    }

    fn group(&self, one: &Group) -> Result<scenario::Group, Error> {
        let mut skills = Vec::new();
        for (s, skill) in one.skills.iter().enumerate() {
            let names = self.call_types.iter().map(|t| t.name.as_str());
            let call_type = named(&format!("skills[{s}].call_type"), &skill.call_type, names)?;
            let speed = match skill.level {
                None => 1.0,
                Some(level) => self.speed(level).ok_or_else(|| {
                    Error::value(
                        format!("skills[{s}].level"),
                        level,
                        "write a level that [levels] lists, or 1 to 5",
                    )
                })?,
            };
            skills.push(Skill { call_type, speed });
        }
        let order = match one.order {
            Order::LongestWait => scenario::Order::LongestWait,
            Order::Preference => scenario::Order::Preference,
        };
        Ok(scenario::Group { name: one.name.clone(), skills, order, absence: one.absence })
    }

    fn speed(&self, level: u32) -> Option<f64> {
        if self.levels.is_empty() {
            let at = usize::try_from(level).ok()?.checked_sub(1)?;
            return SPEEDS.get(at).copied();
        }
        self.levels.get(&level.to_string()).copied()
    }

    fn call_type(
        &self,
        k: usize,
        one: &CallType,
        groups: &[scenario::Group],
    ) -> Result<scenario::CallType, Error> {
        let mut routing = Vec::new();
        for (t, tier) in one.routing.iter().enumerate() {
            let path = format!("routing[{t}].groups");
            let found: Result<Vec<usize>, Error> =
                tier.groups.iter().map(|name| self.group_named(&path, name)).collect();
            routing.push(scenario::Tier { after_s: tier.after_s, groups: found? });
        }
        if routing.is_empty() {
            let knows = |g: &scenario::Group| g.skills.iter().any(|s| s.call_type == k);
            let able = groups.iter().enumerate().filter(|(_, g)| knows(g)).map(|(g, _)| g);
            routing.push(scenario::Tier { after_s: 0.0, groups: able.collect() });
        }
        let promise = one.service_level;
        Ok(scenario::CallType {
            name: one.name.clone(),
            calls: one.calls.clone(),
            busyness: busyness("busyness", one.busyness.as_ref())?,
            talk: one.talk.0.clone(),
            after_call: one.after_call.as_ref().map(|d| d.0.clone()),
            handling_factor: one.handling_factor.clone(),
            patience: one.patience.as_ref().map(|d| d.0.clone()),
            patience_factor: one.patience_factor.clone(),
            balking: one.balking,
            priority: one.priority,
            routing,
            callback: one.callback.as_ref().map(|c| scenario::Callback {
                after_s: c.after_s,
                accept: c.accept,
                priority: c.priority,
            }),
            redial: one
                .redial
                .as_ref()
                .map(|r| scenario::Redial { share: r.share, delay: r.delay.0.clone() }),
            service_level: scenario::ServiceLevel {
                within_s: promise.within_s,
                target: promise.target,
                definition: match promise.definition {
                    Definition::OfOffered => scenario::Definition::OfOffered,
                    Definition::OfAnswered => scenario::Definition::OfAnswered,
                    Definition::ShortAbandonsGood => scenario::Definition::ShortAbandonsGood,
                    Definition::ShortAbandonsExcluded => scenario::Definition::ShortAbandonsExcluded,
                },
            },
        })
    }

    pub(super) fn group_named(&self, path: &str, name: &str) -> Result<usize, Error> {
        named(path, name, self.groups.iter().map(|g| g.name.as_str()))
    }

    /// The people of one entry, each with the stretches between the breaks.
    pub(super) fn people(&self, one: &Agents, clock: Clock) -> Result<Vec<Agent>, Error> {
        let group = self.group_named("group", &one.group)?;
        let shift = clock.span("shift", &one.shift)?;
        let count = match (&one.name, one.count) {
            (_, None) => 1,
            (None, Some(count)) => count,
            (Some(_), Some(count)) => {
                return Err(Error::value(
                    "count",
                    count,
                    "write a name for one person, or a count for several",
                ));
            }
        };
        few(count, "count")?;
        let mut agent = Agent {
            name: one.name.clone().unwrap_or_default(),
            group,
            speed: one.speed,
            seat: one.name.is_none(),
            stretches: vec![Stretch { from_s: shift.from_s, to_s: shift.to_s }],
        };
        for (b, text) in one.breaks.iter().enumerate() {
            let path = format!("breaks[{b}]");
            let pause = clock.span(&path, text)?;
            if pause.from_s < shift.from_s || pause.to_s > shift.to_s {
                let advice = format!("put it within the shift, {}", one.shift);
                return Err(Error::value(path, format!("{text:?}"), advice));
            }
            agent.away(pause.from_s, pause.to_s);
        }
        Ok(vec![agent; count])
    }

    fn levels(&self, one: &Staffing, scenario: &Scenario) -> Result<Vec<Agent>, Error> {
        let group = self.group_named("group", &one.group)?;
        if one.people.len() != scenario.intervals {
            let advice = format!("give the people of each of the {} intervals", scenario.intervals);
            return Err(Error::value("people", format!("a list of {}", one.people.len()), advice));
        }
        few(one.people.iter().copied().max().unwrap_or(0), "people")?;
        Ok(agents_from_levels(group, &one.people, scenario.interval_s, 0.0))
    }
}

fn few(count: usize, path: &str) -> Result<(), Error> {
    if count <= AGENTS_MAX {
        return Ok(());
    }
    Err(Error::value(path, count, format!("have at most {AGENTS_MAX} people")))
}

/// The place of a name in a list.
pub(super) fn named<'n>(
    path: &str,
    name: &str,
    names: impl Iterator<Item = &'n str>,
) -> Result<usize, Error> {
    let names: Vec<&str> = names.collect();
    names.iter().position(|one| *one == name).ok_or_else(|| {
        let known = names.iter().take(10).map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", ");
        Error::value(path, format!("{name:?}"), format!("write one of the names in this file: {known}"))
    })
}

/// The intervals that a span touches.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
pub(super) fn touched(span: Span, interval_s: f64, intervals: usize) -> Range<usize> {
    let from = ((span.from_s / interval_s).floor() as usize).min(intervals.saturating_sub(1));
    let to = ((span.to_s / interval_s).ceil() as usize).clamp(from + 1, intervals);
    from..to
}

fn busyness(path: &str, one: Option<&Busyness>) -> Result<Option<scenario::Busyness>, Error> {
    let Some(one) = one else { return Ok(None) };
    match (one.shape, one.variance_to_mean, one.mean_calls) {
        (Some(shape), None, None) => Ok(Some(scenario::Busyness { shape })),
        (None, Some(ratio), Some(mean)) => Ok(scenario::Busyness::from_dispersion(ratio, mean)),
        _ => Err(Error::value(path, "incomplete", "write shape alone, or variance_to_mean and mean_calls")),
    }
}
