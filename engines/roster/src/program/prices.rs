//! Prices of the cover from the linear programme of the whole horizon, for [`crate::bound::Bound::try_prices`].

use std::collections::BTreeMap;

use highs::{Col, Sense};

use super::cover::Builder;
use crate::model::{Choice, FORBIDDEN, OFF, Problem, Rules};

/// People between whom nothing makes a difference but their names.
type Alike<'p> = BTreeMap<(usize, u32, &'p [i32]), f64>;

/// Prices `[cell × sets + set]`: what one agent required more in a set of skills would cost. The programme knows
/// hours, days and the order of shifts on two days; whatever it leaves out, its prices still give a valid bound.
pub fn prices(problem: &Problem, seconds: f64) -> Option<Vec<f64>> {
    let mut builder = Builder::new(problem, false);
    let mut alike = Alike::new();
    for person in &problem.people {
        *alike.entry((usize::from(person.group), person.rules, &person.tolls)).or_default() += 1.0;
    }
    let mut by_shift: BTreeMap<(usize, usize, Choice), Vec<Col>> = BTreeMap::new();
    for ((group, rules, tolls), &size) in &alike {
        let columns = lines(&mut builder, problem, tolls, size);
        hours(&mut builder, problem, &problem.rules[*rules as usize], &columns, size);
        order(&mut builder, problem, &problem.rules[*rules as usize], &columns, size);
        for (day, columns) in columns.iter().enumerate() {
            for &(choice, col) in columns.iter().filter(|(choice, _)| *choice != OFF) {
                by_shift.entry((*group, day, choice)).or_default().push(col);
            }
        }
    }
    for ((group, day, choice), who) in &by_shift {
        builder.shift(*group, *day, *choice, who, |_| 0.0);
    }
    builder.cover(&vec![0.0; problem.groups.len() * problem.cells()]);
    let mut model = std::mem::take(&mut builder.rows).try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.try_set_option("solver", "ipm").ok()?;
    model.try_set_option("time_limit", seconds).ok()?;
    let solved = model.try_solve().ok()?;
    let solution = solved.get_solution();
    let duals = solution.dual_rows();
    let mut prices = vec![0.0; problem.cells() * builder.sets.len()];
    for ((cell, set), row) in &builder.set_rows {
        prices[cell * builder.sets.len() + set] = duals.get(*row)?.max(0.0);
    }
    Some(prices)
}

/// Columns of what people alike do on each day: one of the open choices.
fn lines(builder: &mut Builder, problem: &Problem, tolls: &[i32], size: f64) -> Vec<Vec<(Choice, Col)>> {
    let choices = problem.choices();
    (0..problem.days)
        .map(|day| {
            let toll = |choice: usize| tolls.get(day * choices + choice).copied().unwrap_or(0);
            let columns: Vec<(Choice, Col)> = (0..choices)
                .filter(|&choice| toll(choice) != FORBIDDEN)
                .filter_map(|choice| Some((Choice::try_from(choice).ok()?, f64::from(toll(choice)))))
                .map(|(choice, toll)| (choice, builder.people(toll, size, 0.0)))
                .collect();
            let sum: Vec<(Col, f64)> = columns.iter().map(|&(_, col)| (col, 1.0)).collect();
            builder.rows.add_row(size..=size, sum);
            columns
        })
        .collect()
}

/// Minutes and days of every span.
fn hours(builder: &mut Builder, problem: &Problem, rules: &Rules, columns: &[Vec<(Choice, Col)>], size: f64) {
    for span in &rules.spans {
        let first = usize::from(span.first);
        let work = columns[first..first + usize::from(span.days)]
            .iter()
            .flatten()
            .filter(|(choice, _)| *choice != OFF);
        let minutes = |choice: Choice| f64::from(problem.shifts[usize::from(choice) - 1].minutes);
        let terms: Vec<(Col, f64)> = work.clone().map(|&(choice, col)| (col, minutes(choice))).collect();
        let (least, most) = (f64::from(span.min_minutes) * size, f64::from(span.max_minutes) * size);
        builder.rows.add_row(least..=most, terms);
        let days: Vec<(Col, f64)> = work.map(|&(_, col)| (col, 1.0)).collect();
        builder.rows.add_row(..=f64::from(span.max_days) * size, days);
    }
}

/// What may not follow on the next day: for each shift, the shifts that forbid at least as much are not followed by
/// what it forbids.
fn order(builder: &mut Builder, problem: &Problem, rules: &Rules, columns: &[Vec<(Choice, Col)>], size: f64) {
    let shifts = problem.shifts.len();
    let forbids: Vec<Vec<bool>> = (0..shifts)
        .map(|first| {
            let end = problem.shifts[first].end.saturating_add(rules.rest_minutes);
            (0..shifts).map(|second| problem.shifts[second].start.saturating_add(1_440) < end).collect()
        })
        .collect();
    let mut kinds: Vec<&Vec<bool>> = forbids.iter().filter(|row| row.contains(&true)).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let at_least = |row: &[bool]| row.iter().zip(kind).all(|(own, asked)| *own || !asked);
        for pair in columns.windows(2) {
            let first = pair[0].iter().filter(|(c, _)| *c != OFF && at_least(&forbids[usize::from(*c) - 1]));
            let second = pair[1].iter().filter(|(c, _)| *c != OFF && kind[usize::from(*c) - 1]);
            let terms: Vec<(Col, f64)> = first.chain(second).map(|&(_, col)| (col, 1.0)).collect();
            builder.rows.add_row(..=size, terms);
        }
    }
}
