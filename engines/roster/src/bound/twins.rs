//! Prices to start from: intervals that every break pattern works together or not at all.
//!
//! When the first half hour of the day requires 46 agents and the second 52, but nobody can start in between nor has
//! a break yet, then six are idle or missing in one of the two, whatever the roster. Such intervals are often all
//! that a good roster cannot avoid: their prices alone can give the bound of the linear programme.

use std::collections::HashMap;

use crate::model::Problem;

/// For each cell the slope at which one agent more would change its cost, chosen so that the slopes of intervals
/// worked together add up to nothing; 0 for the rest.
pub(super) fn slopes(problem: &Problem) -> Vec<f64> {
    let mut slopes = vec![0.0; problem.cells()];
    let twins = twins(problem);
    for day in 0..problem.days {
        for intervals in &twins {
            let mut cells: Vec<Cell> = intervals.iter().map(|at| Cell::of(problem, day, *at)).collect();
            balance(&mut cells);
            for cell in cells {
                slopes[cell.at] = cell.slope;
            }
        }
    }
    slopes
}

struct Cell {
    at: usize,
    required: i64,
    under: f64,
    over: f64,
    slope: f64,
}

impl Cell {
    fn of(problem: &Problem, day: usize, interval: usize) -> Cell {
        let at = day * problem.intervals + interval;
        let required = &problem.required[at * problem.skills..(at + 1) * problem.skills];
        Cell {
            at,
            required: required.iter().map(|&required| i64::from(required)).sum(),
            under: f64::from(problem.under[at]),
            over: f64::from(problem.over[at]),
            slope: 0.0,
        }
    }
}

/// Slopes at the number of agents that costs all of the cells together least.
fn balance(cells: &mut [Cell]) {
    let right = |working: i64, cells: &[Cell]| -> f64 {
        cells.iter().map(|cell| if cell.required <= working { cell.over } else { -cell.under }).sum()
    };
    let mut levels: Vec<i64> = cells.iter().map(|cell| cell.required).collect();
    levels.sort_unstable();
    let Some(&working) = levels.iter().find(|&&level| right(level, cells) >= 0.0) else { return };
    let mut open = 0.0;
    for cell in cells.iter_mut() {
        cell.slope = if cell.required <= working { cell.over } else { -cell.under };
        open += cell.slope;
    }
    // Where exactly as many work as are required the slope is anything down to the cost of one missing.
    for cell in cells.iter_mut().filter(|cell| cell.required == working) {
        let taken = open.min(cell.over + cell.under);
        cell.slope -= taken;
        open -= taken;
    }
}

/// Groups of at least two intervals of a day that the same patterns work, by a hash of those patterns: a collision
/// would only make worse prices, never a wrong bound.
fn twins(problem: &Problem) -> Vec<Vec<usize>> {
    // Worked by a shift of the same day, and by one of the day before.
    let mut worked = vec![[0_u64; 2]; problem.intervals];
    let mut number = 0_u64;
    for pattern in problem.shifts.iter().flat_map(|shift| &shift.patterns) {
        number += 1;
        for at in pattern.intervals().map(usize::from).filter(|&at| at < 2 * problem.intervals) {
            let sum = &mut worked[at % problem.intervals][at / problem.intervals];
            *sum = sum.wrapping_add(mixed(number));
        }
    }
    let mut groups: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
    for (at, sums) in worked.into_iter().enumerate().filter(|(_, sums)| *sums != [0, 0]) {
        groups.entry(sums).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    groups
}

/// Spreads a number over 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
