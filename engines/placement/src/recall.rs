//! Calling people back when the queue overflows (应急梯队): whom first, for how long, and where what they were in goes.
//!
//! Only sessions that may be interrupted count, and always as a whole, trainers with their group: a drill with half
//! its people, or without its trainer, teaches nobody. First come sessions that have not begun, since nothing done is
//! lost; among them those whose people are needed most fully. Of those that run, the one with the least to repeat.
//! A session that could not be placed again goes last, and whoever was called back lately is left alone.

use std::collections::HashSet;

use serde::Serialize;

use crate::error::PlacementError;
use crate::model::{Centre, Earlier, Placement, Span};
use crate::plan::Plan;
use crate::{Options, Placer};

/// How many more people a queue needs in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Which interval.
    pub interval: usize,
    /// Which queue.
    pub queue: usize,
    /// How many people.
    pub people: usize,
}

/// More work than planned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overload {
    /// The interval from which people can be back on the phones.
    pub now: usize,
    /// What is missing from then on.
    pub needs: Vec<Need>,
    /// Who was called back lately and is spared this time, by number.
    pub lately: Vec<usize>,
}

/// A session that is called off, with all its people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// What is called off.
    pub placement: Placement,
    /// For how long its people are back.
    pub released: Span,
    /// Intervals of people, each on a queue that needs them.
    pub relief: usize,
    /// Intervals of people that were done and must be repeated.
    pub repeated: usize,
    /// Its window leaves time for it after the overload.
    pub again: bool,
}

/// Why a running or coming session is not called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spared {
    /// It may not be interrupted.
    NotInterruptible,
    /// Somebody in it was called back lately.
    Lately,
    /// Nobody in it knows a queue that still needs people.
    NoHelp,
}

/// The order of recall.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recall {
    /// What to call off, the first first; no more than is needed.
    pub calls: Vec<Call>,
    /// What is still missing then.
    pub missing: Vec<Need>,
    /// What was left alone, and why.
    pub spared: Vec<(Placement, Spared)>,
}

/// Whom to call back from a plan, in which order, until nothing is missing or nobody is left.
///
/// # Errors
/// When a need or a person does not exist.
pub fn recall(centre: &Centre, plan: &Plan, overload: &Overload) -> Result<Recall, PlacementError> {
    check(centre, overload)?;
    let mut needs: Vec<Need> = overload
        .needs
        .iter()
        .copied()
        .filter(|need| need.interval >= overload.now && need.people > 0)
        .collect();
    needs.sort_by_key(|need| (need.interval, need.queue));
    let until = needs.iter().map(|need| need.interval + 1).max().unwrap_or(overload.now);
    let lately: HashSet<usize> = overload.lately.iter().copied().collect();
    let (mut open, mut spared) = (Vec::new(), Vec::new());
    for placement in &plan.placements {
        if placement.span.end <= overload.now || placement.span.start >= until {
            continue;
        }
        let interruptible =
            centre.sessions.get(placement.session).is_some_and(|session| session.interruptible);
        let mut everybody = placement.people.iter().chain(&placement.trainers);
        match (interruptible, everybody.any(|person| lately.contains(person))) {
            (false, _) => spared.push((placement.clone(), Spared::NotInterruptible)),
            (true, true) => spared.push((placement.clone(), Spared::Lately)),
            (true, false) => open.push(placement.clone()),
        }
    }
    let mut calls = Vec::new();
    while let Some((at, call)) = next(centre, &open, &needs, overload.now, until) {
        open.remove(at);
        for (interval, queue) in relieved(centre, &call.placement, call.released, &needs) {
            if let Some(need) = needs.iter_mut().find(|need| (need.interval, need.queue) == (interval, queue))
            {
                need.people = need.people.saturating_sub(1);
            }
        }
        calls.push(call);
    }
    needs.retain(|need| need.people > 0);
    spared.extend(open.into_iter().map(|placement| (placement, Spared::NoHelp)));
    Ok(Recall { calls, missing: needs, spared })
}

/// Places again what was called off, after the overload, with everything else held where it is.
///
/// # Errors
/// When the plan does not belong to the centre.
pub fn place_again(
    centre: &Centre,
    plan: &Plan,
    recall: &Recall,
    overload: &Overload,
    options: Options,
    stop: impl FnMut() -> bool,
) -> Result<Plan, PlacementError> {
    let after =
        overload.needs.iter().map(|need| need.interval + 1).max().unwrap_or(overload.now).max(overload.now);
    let mut centre = centre.clone();
    let called = |placement: &Placement| recall.calls.iter().any(|call| call.placement == *placement);
    let stays = plan.placements.iter().filter(|placement| !called(placement)).cloned();
    centre.earlier = stays.map(|placement| Earlier { placement, held: true }).collect();
    for session in &mut centre.sessions {
        let span = &mut session.window.span;
        // A window that is over leaves an interval too short for the session, so that its reason is told.
        span.start = span.start.max(after).min(span.end.saturating_sub(1));
    }
    Ok(Placer::new(&centre)?.place(options, stop))
}

fn check(centre: &Centre, overload: &Overload) -> Result<(), PlacementError> {
    let unknown = |what: &str, index: usize, count: usize| {
        if index < count {
            return Ok(());
        }
        Err(PlacementError::Unknown { what: what.to_owned(), index, count })
    };
    unknown("the present interval", overload.now, centre.grid.intervals())?;
    for need in &overload.needs {
        unknown("a need in an interval", need.interval, centre.grid.intervals())?;
        unknown("a need of a queue", need.queue, centre.queues.len())?;
    }
    overload
        .lately
        .iter()
        .try_for_each(|person| unknown("who was called back lately", *person, centre.people.len()))
}

/// The session to call off next, if any helps.
fn next(
    centre: &Centre,
    open: &[Placement],
    needs: &[Need],
    now: usize,
    until: usize,
) -> Option<(usize, Call)> {
    let mut best: Option<((bool, f64, usize), usize, Call)> = None;
    for (at, placement) in open.iter().enumerate() {
        let Some(session) = centre.sessions.get(placement.session) else { continue };
        let released = Span { start: placement.span.start.max(now), end: placement.span.end };
        let relief = relieved(centre, placement, released, needs).len();
        if relief == 0 {
            continue;
        }
        let people = placement.people.len() + placement.trainers.len();
        let repeated = people * (released.start - placement.span.start);
        let idle = (people * (released.end - released.start)).saturating_sub(relief);
        let again = until.max(session.window.span.start) + (placement.span.end - placement.span.start)
            <= session.window.span.end;
        let loss =
            f64::from(session.priority) * (repeated as f64 + idle as f64 / people as f64) / relief as f64;
        // What can be placed again before what cannot; then the least loss for what it brings; then the largest.
        let key = (!again, loss, usize::MAX - relief);
        let better = best.as_ref().is_none_or(|(least, ..)| {
            key.0.cmp(&least.0).then(key.1.total_cmp(&least.1)).then(key.2.cmp(&least.2)).is_lt()
        });
        if better {
            best = Some((key, at, Call { placement: placement.clone(), released, relief, repeated, again }));
        }
    }
    best.map(|(_, at, call)| (at, call))
}

/// The needs that the people of a session meet, one interval and queue for each of them; who knows fewest of the
/// queues in need is given one first.
fn relieved(centre: &Centre, placement: &Placement, released: Span, needs: &[Need]) -> Vec<(usize, usize)> {
    let mut met = Vec::new();
    for interval in released.start..released.end {
        let mut left: Vec<Need> =
            needs.iter().copied().filter(|need| need.interval == interval && need.people > 0).collect();
        let mut people: Vec<Vec<usize>> = placement
            .people
            .iter()
            .chain(&placement.trainers)
            .filter_map(|person| centre.people.get(*person))
            .map(|person| {
                let knows = |queue: &usize| left.iter().any(|need| need.queue == *queue);
                person.queues.iter().copied().filter(knows).collect()
            })
            .collect();
        people.sort_by_key(Vec::len);
        for knows in people {
            let mut of_theirs = left.iter_mut().filter(|need| need.people > 0 && knows.contains(&need.queue));
            if let Some(need) = of_theirs.next() {
                need.people -= 1;
                met.push((interval, need.queue));
            }
        }
    }
    met
}
