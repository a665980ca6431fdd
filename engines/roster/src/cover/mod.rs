//! How many of each skill group work in each interval, what that costs, and what one more or less would change.
//!
//! The understaffing U of an interval is what is left of the requirement when every working agent serves any one of
//! its skills. It equals the largest deficit over sets of skills: what the set requires, less the agents who have
//! any skill of it (Hall's theorem; for contact centres Wallace and Whitt 2005). With few skills the sets are
//! enumerated; with many a maximum flow finds the same number. The cost is
//! under × U + over × idle, idle = agents at work − (required − U).
//!
//! Beside the cost itself the cover keeps, for every interval and group, what one agent more and one less would
//! cost: with prefix sums over them the best place for a shift and its breaks is found in closed form.

mod flow;
mod sets;

use crate::model::{Pattern, Problem};
use flow::Flow;
use sets::Sets;
pub(crate) use sets::{SkillSet, plain_sets, tight_sets};

/// The cover of a plan.
#[derive(Debug, Clone)]
pub struct Cover {
    /// Cells: days × intervals, and two days more for shifts that pass midnight at the end, which cost nothing.
    cells: usize,
    intervals: usize,
    under: Vec<i64>,
    over: Vec<i64>,
    required: Vec<i64>,
    working: Vec<i64>,
    /// Understaffing of each cell.
    short: Vec<i64>,
    method: Method,
    /// `[group × cells + cell]`: the change of cost with one agent more.
    add: Vec<i64>,
    /// `[group × cells + cell]`: the change of cost with one agent less.
    take: Vec<i64>,
    cost: i64,
}

#[derive(Debug, Clone)]
enum Method {
    Sets(Sets),
    Flow(Flow),
}

/// What a method finds for a cell.
struct Found {
    /// Understaffing.
    short: i64,
    /// The groups (bits) of which one agent more would lessen it.
    lessens: u64,
    /// The groups of which one agent less would worsen it.
    worsens: u64,
}

impl Cover {
    /// The cover of nobody.
    pub fn new(problem: &Problem) -> Cover {
        let cells = problem.cells() + 2 * problem.intervals;
        let weights = |list: &[u32]| {
            let mut weights: Vec<i64> = list.iter().map(|&weight| i64::from(weight)).collect();
            weights.resize(cells, 0);
            weights
        };
        let mut required: Vec<i64> = problem
            .required
            .chunks(problem.skills)
            .map(|skills| skills.iter().map(|&required| i64::from(required)).sum())
            .collect();
        required.resize(cells, 0);
        let groups = problem.groups.len();
        let method = match Sets::new(problem, cells) {
            Some(sets) => Method::Sets(sets),
            None => Method::Flow(Flow::new(problem, cells)),
        };
        let mut cover = Cover {
            cells,
            intervals: problem.intervals,
            under: weights(&problem.under),
            over: weights(&problem.over),
            required,
            working: vec![0; cells],
            short: vec![0; cells],
            method,
            add: vec![0; groups * cells],
            take: vec![0; groups * cells],
            cost: 0,
        };
        for cell in 0..cells {
            cover.look(cell);
            cover.cost += cover.cell_cost(cell);
        }
        cover
    }

    /// Total cost of under- and overstaffing.
    pub fn cost(&self) -> i64 {
        self.cost
    }

    /// Cost of a cell (day × intervals + interval).
    pub fn cell_cost(&self, cell: usize) -> i64 {
        let idle = self.working[cell] - self.required[cell] + self.short[cell];
        self.under[cell] * self.short[cell] + self.over[cell] * idle
    }

    /// Understaffing of a cell, in agents.
    pub fn short(&self, cell: usize) -> i64 {
        self.short[cell]
    }

    /// Agents at work in a cell beyond those that its requirement can use.
    pub fn idle(&self, cell: usize) -> i64 {
        self.working[cell] - self.required[cell] + self.short[cell]
    }

    /// Change of cost in each cell with one agent of the group more.
    pub fn adds(&self, group: usize) -> &[i64] {
        &self.add[group * self.cells..(group + 1) * self.cells]
    }

    /// Change of cost in each cell with one agent of the group less.
    pub fn takes(&self, group: usize) -> &[i64] {
        &self.take[group * self.cells..(group + 1) * self.cells]
    }

    /// Number of cells, with those past the horizon.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// Puts an agent of the group to work on a pattern that starts on `day`.
    pub fn put(&mut self, group: usize, day: usize, pattern: &Pattern) {
        self.change(group, day, pattern, 1);
    }

    /// Takes an agent off a pattern that was put.
    pub fn take(&mut self, group: usize, day: usize, pattern: &Pattern) {
        self.change(group, day, pattern, -1);
    }

    fn change(&mut self, group: usize, day: usize, pattern: &Pattern, by: i16) {
        let base = day * self.intervals;
        for &(from, to) in &pattern.work {
            for cell in base + usize::from(from)..base + usize::from(to) {
                self.cost -= self.cell_cost(cell);
                self.working[cell] += i64::from(by);
                match &mut self.method {
                    Method::Sets(sets) => sets.change(cell, group, by),
                    Method::Flow(flow) => flow.change(cell, group, by),
                }
                self.look(cell);
                self.cost += self.cell_cost(cell);
            }
        }
    }

    /// Finds understaffing and marginal costs of a cell anew.
    fn look(&mut self, cell: usize) {
        let found = match &self.method {
            Method::Sets(sets) => sets.find(cell),
            Method::Flow(flow) => flow.find(cell),
        };
        self.short[cell] = found.short;
        let (over, both) = (self.over[cell], self.under[cell] + self.over[cell]);
        let groups = self.add.len() / self.cells;
        for group in 0..groups {
            let at = group * self.cells + cell;
            self.add[at] = if found.lessens >> group & 1 == 1 { over - both } else { over };
            self.take[at] = if found.worsens >> group & 1 == 1 { both - over } else { -over };
        }
    }
}
