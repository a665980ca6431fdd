//! Why an interval has too few agents.

use crate::model::{Choice, OFF};
use crate::roster::{Roster, Spot};
use crate::search::{Finder, Instance, Plan};

/// An interval with too few agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The day.
    pub day: usize,
    /// The interval of the day.
    pub interval: usize,
    /// How many are missing.
    pub agents: i64,
    /// Why nobody fills it.
    pub why: Reason,
    /// Who has a skill that helps and is not at work then.
    pub free: Vec<usize>,
}

/// Why nobody fills an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Everybody with a skill that helps is there already.
    AllAtWork,
    /// It was not examined: there were others before it.
    NotExamined,
    /// Nobody else with a skill that helps has a shift that covers it on that day: leave, availability, contract.
    NobodyAllowed,
    /// Some would have a shift, but no line with it keeps their rules: hours, days, rest.
    RulesForbid,
    /// Somebody could, but the roster would cost more elsewhere.
    CheaperElsewhere {
        /// Who could at least cost.
        person: usize,
        /// How much more the roster would cost (0: as good).
        more: i64,
    },
}

/// The shortages of a roster in order of time. The first `most` of them come with the reason, as far as `stop` lets it
/// be examined: found by computing the best line of everybody who could help, with that interval at work.
pub fn shortages(
    instance: &Instance,
    roster: &Roster,
    most: usize,
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<Shortage> {
    let Ok(mut plan) = Plan::of(instance, roster) else { return Vec::new() };
    let problem = instance.problem;
    let mut finder = Finder::default();
    let cells: Vec<usize> =
        (0..problem.cells()).filter(|&cell| plan.cover.short(cell) > 0 && problem.under[cell] > 0).collect();
    cells
        .into_iter()
        .enumerate()
        .map(|(at, cell)| {
            let mut free = Vec::new();
            let why = if at < most && !stop() {
                reason(&mut plan, cell, &mut finder, &mut free)
            } else {
                Reason::NotExamined
            };
            Shortage {
                day: cell / problem.intervals,
                interval: cell % problem.intervals,
                agents: plan.cover.short(cell),
                why,
                free,
            }
        })
        .collect()
}

fn reason(plan: &mut Plan, cell: usize, finder: &mut Finder, free: &mut Vec<usize>) -> Reason {
    let instance = plan.instance;
    let problem = instance.problem;
    let before = plan.cost();
    let mut reason = Reason::AllAtWork;
    let mut line: Vec<Spot> = Vec::new();
    let mut bound = Vec::new();
    for (person, one) in problem.people.iter().enumerate() {
        // One agent of the group more would lessen the shortage.
        let helps = plan.cover.adds(usize::from(one.group))[cell] < i64::from(problem.over[cell]);
        if !helps || at_work(plan, person, cell) {
            continue;
        }
        free.push(person);
        // Nothing is better than somebody who could at no cost.
        if matches!(reason, Reason::CheaperElsewhere { more: 0, .. }) {
            continue;
        }
        if reason == Reason::AllAtWork {
            reason = Reason::NobodyAllowed;
        }
        let today = cell / problem.intervals;
        // A shift of the day before may reach past midnight.
        let days = &[today, today.wrapping_sub(1)][..if today == 0 { 1 } else { 2 }];
        let mut allowed = false;
        for &day in days {
            let covers = |choice: Choice, pattern: u32| covers(plan, day, choice, pattern, cell);
            let open = &instance.open[person * problem.days + day];
            let any = open.iter().any(|&choice| {
                choice != OFF
                    && (0..problem.shifts[usize::from(choice) - 1].patterns.len())
                        .any(|pattern| u32::try_from(pattern).is_ok_and(|pattern| covers(choice, pattern)))
            });
            allowed |= any;
            if !any {
                continue;
            }
            let old = plan.roster.line(person).to_vec();
            plan.take(person);
            let within = |at: usize, choice: Choice, pattern: u32| {
                at != day || self::covers(plan, day, choice, pattern, cell)
            };
            let found = finder.best_within(plan, person, &mut line, || 0, 1, within);
            if found.is_some() {
                plan.put(person, &line);
                let more = (plan.cost() - before).max(0);
                plan.take(person);
                let best = match reason {
                    Reason::CheaperElsewhere { more, .. } => more,
                    _ => i64::MAX,
                };
                if more < best {
                    reason = Reason::CheaperElsewhere { person, more };
                }
            }
            plan.put(person, &old);
        }
        if allowed {
            bound.push(person);
            if reason == Reason::NobodyAllowed {
                reason = Reason::RulesForbid;
            }
        }
    }
    if reason == Reason::RulesForbid {
        *free = bound;
    }
    reason
}

/// Whether a person is at work in a cell.
fn at_work(plan: &Plan, person: usize, cell: usize) -> bool {
    let problem = plan.instance.problem;
    let day = cell / problem.intervals;
    [Some(day), day.checked_sub(1)].into_iter().flatten().any(|day| {
        let spot = plan.roster.spot(person, day);
        covers(plan, day, spot.choice, spot.pattern, cell)
    })
}

/// Whether a pattern that starts on `day` is at work in a cell.
fn covers(plan: &Plan, day: usize, choice: Choice, pattern: u32, cell: usize) -> bool {
    let base = day * plan.instance.problem.intervals;
    let pattern = plan.instance.pattern(Spot { choice, pattern });
    pattern.is_some_and(|pattern| {
        pattern
            .work
            .iter()
            .any(|&(from, to)| (base + usize::from(from)..base + usize::from(to)).contains(&cell))
    })
}
