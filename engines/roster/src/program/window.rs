//! One day anew: everybody's shift and breaks on it, with the rest of the horizon fixed.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use highs::{Col, HighsSolutionStatus, Sense};

use super::cover::Builder;
use crate::model::{Choice, FORBIDDEN, OFF};
use crate::roster::{Roster, Spot};
use crate::search::{Instance, Plan};

/// People of a group who may do the same on the day at the same cost; `(choice, cost)` each.
type Alike = BTreeMap<(usize, Vec<(Choice, i64)>), Vec<usize>>;

/// Solves the day for at most `seconds`. Returns a better roster, or nothing when none was found.
pub fn day_window(
    instance: &Instance,
    roster: &Roster,
    day: usize,
    seconds: f64,
    threads: NonZeroU32,
) -> Option<Roster> {
    let problem = instance.problem;
    let before = Plan::of(instance, roster).ok()?.cost();
    let alike = alike(instance, roster, day);
    let mut builder = Builder::new(problem, true);
    let mut columns: Vec<Vec<Col>> = Vec::new();
    let mut by_shift: BTreeMap<(usize, Choice), Vec<Col>> = BTreeMap::new();
    for ((group, choices), people) in &alike {
        let size = people.len() as f64;
        let mut own = Vec::new();
        for &(choice, cost) in choices {
            let now = people.iter().filter(|&&person| roster.spot(person, day).choice == choice).count();
            let col = builder.share(cost as f64, size, now as f64);
            own.push(col);
            if choice != OFF {
                by_shift.entry((*group, choice)).or_default().push(col);
            }
        }
        builder.rows.add_row(size..=size, own.iter().map(|&col| (col, 1.0)).collect::<Vec<_>>());
        columns.push(own);
    }
    let mut counts: BTreeMap<(usize, Spot), f64> = BTreeMap::new();
    for (person, one) in problem.people.iter().enumerate() {
        *counts.entry((usize::from(one.group), roster.spot(person, day))).or_default() += 1.0;
    }
    for ((group, choice), who) in &by_shift {
        builder.shift(*group, day, *choice, who, |pattern| {
            let spot = Spot { choice: *choice, pattern: u32::try_from(pattern).unwrap_or(u32::MAX) };
            counts.get(&(*group, spot)).copied().unwrap_or(0.0)
        });
    }
    builder.cover(&elsewhere(instance, roster, day));
    let values = solve(&mut builder, seconds, threads)?;
    let next = decode(roster, day, &builder, &values, &alike, &columns)?;
    // Whatever the solver says: only a plan that keeps every rule and costs less is taken.
    let after = Plan::of(instance, &next).ok()?.cost();
    (after < before).then_some(next)
}

/// Who may do what on the day while the rest of their line stays.
fn alike(instance: &Instance, roster: &Roster, day: usize) -> Alike {
    let problem = instance.problem;
    let mut alike = Alike::new();
    for (person, one) in problem.people.iter().enumerate() {
        let automaton = instance.automaton(one);
        let mut line: Vec<Choice> = roster.line(person).iter().map(|spot| spot.choice).collect();
        let mut choices = Vec::new();
        for &choice in &instance.open[person * problem.days + day] {
            line[day] = choice;
            let toll = one.toll(day, choice, problem.choices());
            if let Some(fairness) = automaton.walk(&line).filter(|_| toll != FORBIDDEN) {
                choices.push((choice, fairness + i64::from(toll)));
            }
        }
        alike.entry((usize::from(one.group), choices)).or_default().push(person);
    }
    alike
}

/// Who works in each cell because of other days, `[group × cells + cell]`.
fn elsewhere(instance: &Instance, roster: &Roster, day: usize) -> Vec<f64> {
    let problem = instance.problem;
    let cells = problem.cells();
    let mut working = vec![0.0; problem.groups.len() * cells];
    for (person, one) in problem.people.iter().enumerate() {
        for (at, spot) in roster.line(person).iter().enumerate().filter(|&(at, _)| at != day) {
            let Some(pattern) = instance.pattern(*spot) else { continue };
            let base = at * problem.intervals;
            for cell in pattern.intervals().map(|at| base + usize::from(at)).filter(|&cell| cell < cells) {
                working[usize::from(one.group) * cells + cell] += 1.0;
            }
        }
    }
    working
}

fn solve(builder: &mut Builder, seconds: f64, threads: NonZeroU32) -> Option<Vec<f64>> {
    let start = std::mem::take(&mut builder.start);
    let mut model = std::mem::take(&mut builder.rows).try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.try_set_option("time_limit", seconds).ok()?;
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    model.try_set_option("mip_abs_gap", 0.9).ok()?;
    model.set_threads(threads);
    model.try_set_solution(Some(&start), None, None, None).ok()?;
    let solved = model.try_solve().ok()?;
    if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
        return None;
    }
    Some(solved.get_solution().columns().to_vec())
}

/// The roster that a solution stands for; nothing where its numbers are not whole.
fn decode(
    roster: &Roster,
    day: usize,
    builder: &Builder,
    values: &[f64],
    alike: &Alike,
    columns: &[Vec<Col>],
) -> Option<Roster> {
    let mut patterns: BTreeMap<(usize, Choice), Vec<u32>> = BTreeMap::new();
    for placed in &builder.patterns {
        let pattern = u32::try_from(placed.pattern).ok()?;
        let list = patterns.entry((placed.group, placed.choice)).or_default();
        list.extend(std::iter::repeat_n(pattern, whole(values[placed.col.index()])?));
    }
    let mut next = roster.clone();
    for (((group, choices), people), columns) in alike.iter().zip(columns) {
        let mut left = people.clone();
        for (&(choice, _), col) in choices.iter().zip(columns) {
            let count = whole(values[col.index()])?;
            // Who has that shift already keeps it.
            left.sort_by_key(|&person| roster.spot(person, day).choice != choice);
            if count > left.len() {
                return None;
            }
            for person in left.drain(..count) {
                let pattern = if choice == OFF { 0 } else { patterns.get_mut(&(*group, choice))?.pop()? };
                next.set(person, day, Spot { choice, pattern });
            }
        }
        if !left.is_empty() {
            return None;
        }
    }
    Some(next)
}

/// A count of people.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be near a count")]
fn whole(value: f64) -> Option<usize> {
    let round = value.round();
    ((value - round).abs() < 0.01 && (0.0..1e6).contains(&round)).then_some(round as usize)
}
