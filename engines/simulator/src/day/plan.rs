//! A scenario made ready to run: indexes instead of names, ticks instead of seconds.

use crate::distribution::{Sampler, TICKS_PER_S};
use crate::error::Error;
use crate::limits::DURATION_S_MAX;
use crate::scenario::{CallType, Order, Scenario};

/// One in the fixed-point numbers that stretch handling times.
pub(crate) const ONE: u64 = 1 << 16;

/// Longest duration, ticks.
pub(crate) const DURATION_MAX: f64 = DURATION_S_MAX * TICKS_PER_S;

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) interval: u64,
    pub(crate) intervals: usize,
    pub(crate) busyness: Option<f64>,
    pub(crate) types: Vec<TypePlan>,
    pub(crate) groups: Vec<GroupPlan>,
    pub(crate) agents: Vec<AgentPlan>,
    /// In the order of time.
    pub(crate) edges: Vec<Edge>,
    /// The queues of all types, then those of their callbacks.
    pub(crate) queues: usize,
    /// By group and type: what handling times are multiplied by.
    pub(crate) factors: Vec<u64>,
}

#[derive(Debug)]
pub(crate) struct TypePlan {
    pub(crate) calls: Vec<f64>,
    pub(crate) busyness: Option<f64>,
    pub(crate) talk: Sampler,
    pub(crate) after_call: Option<Sampler>,
    pub(crate) patience: Option<Sampler>,
    pub(crate) handling_factor: Vec<f64>,
    pub(crate) patience_factor: Vec<f64>,
    pub(crate) balking: f64,
    pub(crate) tiers: Vec<TierPlan>,
    pub(crate) within: u64,
    pub(crate) callback: Option<CallbackPlan>,
    pub(crate) redial: Option<RedialPlan>,
}

#[derive(Debug)]
pub(crate) struct TierPlan {
    pub(crate) after: u64,
    pub(crate) groups: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct CallbackPlan {
    pub(crate) after: u64,
    pub(crate) accept: f64,
    pub(crate) queue: u32,
}

#[derive(Debug)]
pub(crate) struct RedialPlan {
    pub(crate) share: f64,
    pub(crate) delay: Sampler,
}

#[derive(Debug)]
pub(crate) struct GroupPlan {
    /// In the order in which they are looked at; equal ranks are decided by the longest wait.
    pub(crate) serves: Vec<Serve>,
    /// Agents who are seats.
    pub(crate) seats: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Serve {
    pub(crate) queue: u32,
    pub(crate) call_type: u32,
    pub(crate) rank: u32,
    /// How long a call must have waited before this group may take it.
    pub(crate) after: u64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AgentPlan {
    pub(crate) group: u32,
    pub(crate) absence: f64,
    pub(crate) factor: u64,
    pub(crate) seat: bool,
}

/// Somebody comes to the phone, or leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) at: u64,
    pub(crate) comes: bool,
    pub(crate) agent: u32,
}

pub(crate) fn ticks(seconds: f64) -> u64 {
    to_ticks(seconds * TICKS_PER_S)
}

/// A drawn duration, cut to the longest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts from floats saturate: what is negative or no number becomes 0"
)]
#[inline]
pub(crate) fn to_ticks(drawn: f64) -> u64 {
    drawn as u64
}

impl Plan {
    pub(crate) fn new(scenario: &Scenario) -> Result<Plan, Error> {
        scenario.check()?;
        let mut queues = scenario.call_types.len();
        let mut types = Vec::with_capacity(queues);
        for one in &scenario.call_types {
            let callback = one.callback.map(|c| {
                queues += 1;
                CallbackPlan { after: ticks(c.after_s), accept: c.accept, queue: index(queues - 1) }
            });
            types.push(type_plan(one, callback)?);
        }
        let groups = (0..scenario.groups.len()).map(|g| group_plan(scenario, &types, g));
        let mut groups: Vec<GroupPlan> = groups.collect();
        for (a, one) in scenario.agents.iter().enumerate().filter(|(_, one)| one.seat) {
            if let Some(group) = groups.get_mut(one.group) {
                group.seats.push(index(a));
            }
        }
        let mut factors = vec![ONE; scenario.groups.len() * types.len()];
        for (row, group) in factors.chunks_mut(types.len()).zip(&scenario.groups) {
            for skill in &group.skills {
                if let Some(factor) = row.get_mut(skill.call_type) {
                    *factor = slowness(skill.speed);
                }
            }
        }
        let agent = |one: &crate::scenario::Agent| AgentPlan {
            group: index(one.group),
            absence: scenario.groups.get(one.group).map_or(0.0, |g| g.absence),
            factor: slowness(one.speed),
            seat: one.seat,
        };
        Ok(Plan {
            interval: ticks(scenario.interval_s),
            intervals: scenario.intervals,
            busyness: scenario.busyness.map(|b| b.shape),
            types,
            groups,
            agents: scenario.agents.iter().map(agent).collect(),
            edges: edges(scenario),
            queues,
            factors,
        })
    }
}

fn slowness(speed: f64) -> u64 {
    to_ticks((ONE as f64 / speed).round())
}

/// Everything counted here is below the limits, and they are below 2³².
pub(crate) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn type_plan(one: &CallType, callback: Option<CallbackPlan>) -> Result<TypePlan, Error> {
    let sampler = |d: &Option<crate::Distribution>| d.as_ref().map(crate::Distribution::sampler).transpose();
    let redial = match &one.redial {
        Some(r) if r.share > 0.0 => Some(RedialPlan { share: r.share, delay: r.delay.sampler()? }),
        _ => None,
    };
    let tiers = one.routing.iter();
    let tiers = tiers
        .map(|t| TierPlan { after: ticks(t.after_s), groups: t.groups.iter().map(|g| index(*g)).collect() });
    Ok(TypePlan {
        calls: one.calls.clone(),
        busyness: one.busyness.map(|b| b.shape),
        talk: one.talk.sampler()?,
        after_call: sampler(&one.after_call)?,
        patience: sampler(&one.patience)?,
        handling_factor: one.handling_factor.clone(),
        patience_factor: one.patience_factor.clone(),
        balking: one.balking,
        tiers: tiers.collect(),
        within: ticks(one.service_level.within_s),
        callback,
        redial,
    })
}

fn group_plan(scenario: &Scenario, types: &[TypePlan], group: usize) -> GroupPlan {
    let Some(of) = scenario.groups.get(group) else {
        return GroupPlan { serves: Vec::new(), seats: Vec::new() };
    };
    let mut serves = Vec::new();
    for (place, skill) in of.skills.iter().enumerate() {
        let (Some(one), Some(plan)) = (scenario.call_types.get(skill.call_type), types.get(skill.call_type))
        else {
            continue;
        };
        let tier = plan.tiers.iter().find(|t| t.groups.contains(&index(group)));
        let serve = Serve {
            queue: index(skill.call_type),
            call_type: index(skill.call_type),
            rank: 0,
            after: tier.map_or(0, |t| t.after),
        };
        serves.push((one.priority, place, serve));
        if let (Some(callback), Some(offer)) = (plan.callback, one.callback) {
            serves.push((offer.priority, place, Serve { queue: callback.queue, after: 0, ..serve }));
        }
    }
    serves.sort_by_key(|(priority, place, serve)| (std::cmp::Reverse(*priority), *place, serve.queue));
    let mut rank = 0;
    let mut last = None;
    for (priority, place, serve) in &mut serves {
        let step = (*priority, if of.order == Order::Preference { *place } else { 0 });
        if last.is_some_and(|last| last != step) {
            rank += 1;
        }
        last = Some(step);
        serve.rank = rank;
    }
    GroupPlan { serves: serves.into_iter().map(|(.., serve)| serve).collect(), seats: Vec::new() }
}

fn edges(scenario: &Scenario) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (agent, one) in scenario.agents.iter().enumerate() {
        for stretch in &one.stretches {
            edges.push(Edge { at: ticks(stretch.from_s), comes: true, agent: index(agent) });
            edges.push(Edge { at: ticks(stretch.to_s), comes: false, agent: index(agent) });
        }
    }
    // Who leaves does so before anybody comes at the same time.
    edges.sort_unstable();
    edges
}
