//! A plan in words and as JSON.

use std::fmt::Write;

use placement::{
    Call, Change, Need, Placement, PlacementError, Plan, Reason, Recall, Shortage, Spared, Unplaced,
};
use serde_json::{Value, json};

use super::file::Read;
use crate::commands::counted;

/// Most sessions without a place that the summary lists; the JSON has all.
const LISTED_MAX: usize = 20;

pub(super) struct Told<'a> {
    pub(super) read: &'a Read,
    pub(super) plan: &'a Plan,
    pub(super) recalled: Option<&'a (Recall, Plan)>,
}

impl Told<'_> {
    fn person(&self, number: usize) -> &str {
        self.read.centre.people.get(number).map_or("", |person| person.name.as_str())
    }

    fn queue(&self, number: usize) -> &str {
        self.read.centre.queues.get(number).map_or("", |queue| queue.name.as_str())
    }

    fn session(&self, number: usize) -> &str {
        self.read.centre.sessions.get(number).map_or("", |session| session.name.as_str())
    }

    fn people(&self, numbers: &[usize]) -> Vec<&str> {
        numbers.iter().map(|number| self.person(*number)).collect()
    }

    fn time(&self, interval: usize) -> String {
        self.read.clock.time(interval)
    }

    /// What is printed.
    pub(super) fn summary(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out);
        out
    }

    /// Each session of the plan with its time and people, the earliest first.
    pub(super) fn sessions(&self) -> String {
        let mut placements: Vec<&Placement> = self.plan.placements.iter().collect();
        placements.sort_by_key(|placement| (placement.span.start, placement.session, placement.part));
        let mut out = String::new();
        for Placement { session, part, span, people, trainers, .. } in placements {
            let end = self.time(span.end);
            // An end on the same day is told by its time alone.
            let end = end.split_once(' ').map_or(end.as_str(), |(_, time)| time);
            let part = if *part > 0 { format!(", part {}", part + 1) } else { String::new() };
            let _ = write!(out, "{}–{end}  {}{part}: ", self.time(span.start), self.session(*session));
            out.push_str(&self.people(people).join(" "));
            if !trainers.is_empty() {
                let _ = write!(out, "; trained by {}", self.people(trainers).join(" "));
            }
            out.push('\n');
        }
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let plan = self.plan;
        let (placed, unplaced) = (plan.placements.len(), plan.unplaced.len());
        writeln!(out, "{placed} of {} sessions and parts placed", placed + unplaced)?;
        let percent = |change: &Change| (100.0 * change.before, 100.0 * change.after);
        let (before, after) = percent(&plan.service_level);
        writeln!(
            out,
            "projected service level {before:.2} % → {after:.2} %: {:.3} points of harm",
            plan.harm_points
        )?;
        writeln!(
            out,
            "priced {:.3} points; no plan of the same sessions below {:.3}",
            plan.priced_points, plan.bound_points
        )?;
        if plan.moved + plan.late > 0 {
            writeln!(out, "{} moved, {} after they are due", plan.moved, plan.late)?;
        }
        for (number, change) in plan.queues.iter().enumerate() {
            let (before, after) = percent(change);
            writeln!(out, "  {:<20} {before:6.2} % → {after:6.2} %", self.queue(number))?;
        }
        for unplaced in plan.unplaced.iter().take(LISTED_MAX) {
            writeln!(out, "no place for {}", self.unplaced(unplaced))?;
        }
        if plan.unplaced.len() > LISTED_MAX {
            writeln!(out, "… and {} more; --out lists all", plan.unplaced.len() - LISTED_MAX)?;
        }
        if let Some((order, after)) = self.recalled {
            self.recall(out, order, after)?;
        }
        Ok(())
    }

    fn recall(&self, out: &mut String, order: &Recall, after: &Plan) -> std::fmt::Result {
        writeln!(out, "to be called back, in this order:")?;
        for (place, call) in order.calls.iter().enumerate() {
            let Call { placement, released, relief, .. } = call;
            let everybody: Vec<usize> = placement.people.iter().chain(&placement.trainers).copied().collect();
            writeln!(
                out,
                "  {}. {}: {} from {} to {}, {} of use",
                place + 1,
                self.session(placement.session),
                self.people(&everybody).join(" "),
                self.time(released.start),
                self.time(released.end),
                counted(*relief as u64, "interval"),
            )?;
        }
        for Need { interval, queue, people } in &order.missing {
            let who = if *people == 1 { "person" } else { "people" };
            writeln!(
                out,
                "  still missing at {}: {people} {who} on {}",
                self.time(*interval),
                self.queue(*queue)
            )?;
        }
        for call in &order.calls {
            let Placement { session, part, people, .. } = &call.placement;
            let again = after.placements.iter().find(|placement| {
                (placement.session, placement.part) == (*session, *part)
                    && (placement.people.len() > 1 || placement.people == *people)
            });
            match again {
                Some(again) => {
                    writeln!(out, "  {} again at {}", self.session(*session), self.time(again.span.start))?;
                }
                None => writeln!(out, "  {} has no other place", self.session(*session))?,
            }
        }
        Ok(())
    }

    fn unplaced(&self, unplaced: &Unplaced) -> String {
        let mut name = self.session(unplaced.session).to_owned();
        if unplaced.part > 0 {
            let _ = write!(name, ", part {}", unplaced.part + 1);
        }
        if let Some(person) = unplaced.person {
            let _ = write!(name, ", {}", self.person(person));
        }
        format!("{name}: {}", self.reason(&unplaced.reason))
    }

    /// Why something has no place.
    fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::Window => {
                "its window holds no time as long as it is; widen the window or shorten the session"
                    .to_owned()
            }
            Reason::Roster(short) => {
                format!("by the roster its people are never there together; {}", self.short(short))
            }
            Reason::Taken(short) => {
                format!("other sessions, gaps and limits leave no time; {}", self.short(short))
            }
            Reason::Room { start } => {
                format!("whenever its people can, the room is full, as at {}", self.time(*start))
            }
            Reason::Harm { start, points } => {
                format!("alone it would cost at least {points:.3} points, at {}", self.time(*start))
            }
            Reason::Floor { interval, queue, short } => {
                let floor = self.queue(*queue);
                format!(
                    "{floor} would go below its floor; nearest at {}, {short} short",
                    self.time(*interval)
                )
            }
            Reason::Stopped => "there was no time left to look; give more --seconds".to_owned(),
        }
    }

    fn short(&self, short: &Shortage) -> String {
        let mut parts = Vec::new();
        if !short.people.is_empty() {
            parts.push(self.people(&short.people).join(" "));
        }
        if short.group > 0 {
            parts.push(format!("{} of the group", short.group));
        }
        if short.trainers > 0 {
            parts.push(counted(short.trainers as u64, "trainer"));
        }
        format!(
            "nearest at {}, where {} short: {}",
            self.time(short.start),
            are(short.short),
            parts.join(", ")
        )
    }

    /// What is written to the file.
    pub(super) fn json(&self) -> Value {
        let mut all = self.plan_json(self.plan);
        if let (Some(all), Some((order, after))) = (all.as_object_mut(), self.recalled) {
            let calls = order.calls.iter().map(|call| {
                json!({
                    "session": self.placement(&call.placement),
                    "from": self.time(call.released.start),
                    "to": self.time(call.released.end),
                    "relief_intervals": call.relief,
                    "repeated_intervals": call.repeated,
                    "time_left_to_repeat": call.again,
                })
            });
            let missing = order.missing.iter().map(|need| {
                json!({ "time": self.time(need.interval), "queue": self.queue(need.queue), "people": need.people })
            });
            let spared = order.spared.iter().map(|(placement, why): &(Placement, Spared)| {
                json!({ "session": self.placement(placement), "why": why })
            });
            all.insert(
                "recall".to_owned(),
                json!({
                    "calls": calls.collect::<Vec<_>>(),
                    "missing": missing.collect::<Vec<_>>(),
                    "spared": spared.collect::<Vec<_>>(),
                    "plan": self.plan_json(after),
                }),
            );
        }
        all
    }

    fn plan_json(&self, plan: &Plan) -> Value {
        let sessions = plan.placements.iter().zip(&plan.costs_points).map(|(placement, cost)| {
            let mut one = self.placement(placement);
            if let Some(one) = one.as_object_mut() {
                one.insert("cost_points".to_owned(), json!(cost));
            }
            one
        });
        let unplaced = plan.unplaced.iter().map(|unplaced| {
            json!({
                "session": self.session(unplaced.session),
                "part": unplaced.part,
                "person": unplaced.person.map(|person| self.person(person)),
                "reason": unplaced.reason,
                "text": self.reason(&unplaced.reason),
            })
        });
        let queues = self.read.centre.queues.iter().zip(&plan.queues).map(|(queue, change)| {
            json!({
                "queue": queue.name,
                "target": queue.target,
                "threshold_seconds": queue.threshold_seconds,
                "definition": queue.definition,
                "before": change.before,
                "after": change.after,
            })
        });
        let intervals = plan.projected.iter().map(|row| {
            json!({
                "start": self.time(row.interval),
                "queue": self.queue(row.queue),
                "people_before": row.people_before,
                "people_after": row.people_after,
                "before": row.before,
                "after": row.after,
            })
        });
        json!({
            "service_level": plan.service_level,
            "harm_points": plan.harm_points,
            "priced_points": plan.priced_points,
            "bound_points": plan.bound_points,
            "moved": plan.moved,
            "late": plan.late,
            "steps": plan.steps,
            "sessions": sessions.collect::<Vec<_>>(),
            "unplaced": unplaced.collect::<Vec<_>>(),
            "rejected": self.read.rejected,
            "queues": queues.collect::<Vec<_>>(),
            "intervals": intervals.collect::<Vec<_>>(),
        })
    }

    fn placement(&self, placement: &Placement) -> Value {
        json!({
            "session": self.session(placement.session),
            "part": placement.part,
            "start": self.time(placement.span.start),
            "end": self.time(placement.span.end),
            "people": self.people(&placement.people),
            "trainers": self.people(&placement.trainers),
        })
    }
}

/// What the engine refuses, with times in place of the numbers of intervals.
pub(super) fn mistake(read: &Read, error: &PlacementError) -> String {
    match error {
        PlacementError::Staffing { queue, interval, why } => {
            format!(
                "the service level of “{queue}” at {} cannot be computed: {why}",
                read.clock.time(*interval)
            )
        }
        PlacementError::Span { what, start, end, horizon } => format!(
            "{what} is from {} to {}: it must be longer than 0 and end by {}",
            read.clock.time(*start),
            read.clock.time(*end),
            read.clock.time(*horizon)
        ),
        other => other.to_string(),
    }
}

fn are(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}
