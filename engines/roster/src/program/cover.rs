//! The part that both programmes share: break patterns by group, agents at work, understaffing of every skill set.

use std::collections::BTreeMap;

use highs::{Col, RowProblem};

use crate::cover::{SkillSet, plain_sets, tight_sets};
use crate::model::{Choice, Problem};

/// A programme under construction, with a value of every column to start from.
pub(super) struct Builder<'p> {
    problem: &'p Problem,
    pub(super) rows: RowProblem,
    /// A known solution, column by column.
    pub(super) start: Vec<f64>,
    /// Break patterns: what each column stands for.
    pub(super) patterns: Vec<Placed>,
    pub(super) sets: Vec<SkillSet>,
    /// Columns of patterns at work by (group, cell).
    at_work: BTreeMap<(usize, usize), Vec<Col>>,
    /// The row of each (cell, set).
    pub(super) set_rows: Vec<((usize, usize), usize)>,
    whole: bool,
}

/// How many of a group work a pattern on a day.
pub(super) struct Placed {
    pub(super) group: usize,
    pub(super) choice: Choice,
    pub(super) pattern: usize,
    pub(super) col: Col,
}

impl<'p> Builder<'p> {
    /// `whole` asks for whole numbers of people.
    pub(super) fn new(problem: &'p Problem, whole: bool) -> Builder<'p> {
        Builder {
            problem,
            rows: RowProblem::new(),
            start: Vec::new(),
            patterns: Vec::new(),
            sets: tight_sets(problem).unwrap_or_else(|| plain_sets(problem)),
            at_work: BTreeMap::new(),
            set_rows: Vec::new(),
            whole,
        }
    }

    /// A column of people that is whole by itself when the patterns are: who of those alike works which shift is a
    /// transport problem.
    pub(super) fn share(&mut self, cost: f64, most: f64, start: f64) -> Col {
        self.start.push(start);
        self.rows.add_column(cost, 0.0..=most)
    }

    /// A column of people, between 0 and `most`.
    pub(super) fn people(&mut self, cost: f64, most: f64, start: f64) -> Col {
        self.start.push(start);
        if self.whole {
            self.rows.add_integer_column(cost, 0.0..=most)
        } else {
            self.rows.add_column(cost, 0.0..=most)
        }
    }

    /// The patterns of a shift on a day for the people of a group in `who`; `start` says how many work each.
    pub(super) fn shift(
        &mut self,
        group: usize,
        day: usize,
        choice: Choice,
        who: &[Col],
        start: impl Fn(usize) -> f64,
    ) {
        let problem = self.problem;
        let base = day * problem.intervals;
        let mut balance: Vec<(Col, f64)> = who.iter().map(|&col| (col, -1.0)).collect();
        for (at, pattern) in problem.shifts[usize::from(choice) - 1].patterns.iter().enumerate() {
            let cells = || {
                pattern.intervals().map(|at| base + usize::from(at)).filter(|&cell| cell < problem.cells())
            };
            let cost: f64 = cells().map(|cell| f64::from(problem.over[cell])).sum();
            let col = self.people(cost, problem.people.len() as f64, start(at));
            for cell in cells() {
                self.at_work.entry((group, cell)).or_default().push(col);
            }
            balance.push((col, 1.0));
            self.patterns.push(Placed { group, choice, pattern: at, col });
        }
        self.rows.add_row(0.0..=0.0, balance);
    }

    /// Agents at work and understaffing of every cell that the patterns reach; `fixed[group × cells + cell]` work
    /// there whatever the programme decides.
    pub(super) fn cover(&mut self, fixed: &[f64]) {
        let problem = self.problem;
        let (groups, cells) = (problem.groups.len(), problem.cells());
        let reached: Vec<usize> = {
            let mut reached: Vec<usize> = self.at_work.keys().map(|&(_, cell)| cell).collect();
            reached.sort_unstable();
            reached.dedup();
            reached
        };
        for cell in reached {
            let mut working = Vec::new();
            for group in 0..groups {
                let Some(cols) = self.at_work.get(&(group, cell)) else { continue };
                let value: f64 = cols.iter().map(|col| self.start[col.index()]).sum();
                self.start.push(value);
                let col = self.rows.add_column(0.0, 0.0..);
                let terms = cols.iter().map(|&one| (one, -1.0)).chain([(col, 1.0)]);
                self.rows.add_row(0.0..=0.0, terms.collect::<Vec<_>>());
                working.push((group, col, value));
            }
            let weight = f64::from(problem.under[cell]) + f64::from(problem.over[cell]);
            let short = self.rows.add_column(weight, 0.0..);
            let mut most = 0.0_f64;
            for (at, set) in self.sets.iter().enumerate() {
                let skills = &problem.required[cell * problem.skills..(cell + 1) * problem.skills];
                let required: f64 = set.skills.iter().map(|&skill| f64::from(skills[skill])).sum();
                let serves = |group: usize| set.groups >> group & 1 == 1;
                let there: f64 =
                    (0..groups).filter(|&group| serves(group)).map(|group| fixed[group * cells + cell]).sum();
                let needed = required - there;
                let served: f64 = working.iter().filter(|one| serves(one.0)).map(|one| one.2).sum();
                most = most.max(needed - served);
                let terms: Vec<(Col, f64)> = working
                    .iter()
                    .filter(|one| serves(one.0))
                    .map(|one| (one.1, 1.0))
                    .chain([(short, 1.0)])
                    .collect();
                self.set_rows.push(((cell, at), self.rows.num_rows()));
                self.rows.add_row(needed.., terms);
            }
            self.start.push(most);
        }
    }
}
