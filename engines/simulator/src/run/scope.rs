//! Of what a figure tells: the centre, a call type or a group, over some intervals.

use std::collections::HashMap;
use std::ops::Range;

use super::moments::{COLUMNS, Column, Row};
use crate::day::tally::{Cell, Tally};
use crate::distribution::TICKS_PER_S;
use crate::error::Error;
use crate::scenario::{Definition, Scenario};

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Of {
    /// All call types together.
    Centre,
    /// One call type, by its index.
    CallType(usize),
    /// One group of agents, by its index.
    Group(usize),
}

/// What a figure is of, and when: calls count in the interval in which they came.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The centre, a call type or a group.
    pub of: Of,
    /// Which intervals.
    pub intervals: Range<usize>,
}

impl Scope {
    /// All call types over some intervals.
    pub fn centre(intervals: Range<usize>) -> Scope {
        Scope { of: Of::Centre, intervals }
    }

    /// One call type over some intervals.
    pub fn call_type(call_type: usize, intervals: Range<usize>) -> Scope {
        Scope { of: Of::CallType(call_type), intervals }
    }

    /// Refuses what a scenario does not have.
    pub(crate) fn check(&self, scenario: &Scenario) -> Result<(), Error> {
        let known = match self.of {
            Of::Centre => true,
            Of::CallType(k) => k < scenario.call_types.len(),
            Of::Group(g) => g < scenario.groups.len(),
        };
        if !known {
            return Err(Error::value(
                "scope",
                format!("{:?}", self.of),
                "name a call type or group that exists",
            ));
        }
        if self.intervals.start >= self.intervals.end || self.intervals.end > scenario.intervals {
            let advice = format!("name at least one of the intervals 0..{}", scenario.intervals);
            return Err(Error::value("scope", format!("{:?}", self.intervals), advice));
        }
        Ok(())
    }
}

/// All scopes of a report, each with its place.
#[derive(Debug)]
pub(crate) struct Scopes {
    pub(crate) list: Vec<Scope>,
    places: HashMap<Scope, usize>,
}

impl Scopes {
    /// The measured stretch and every interval, of the centre, the call types and the groups, then those that were
    /// asked for besides.
    pub(crate) fn new(scenario: &Scenario, besides: Vec<Scope>) -> Scopes {
        let types = (0..scenario.call_types.len()).map(Of::CallType);
        let groups = (0..scenario.groups.len()).map(Of::Group);
        let of: Vec<Of> = std::iter::once(Of::Centre).chain(types).chain(groups).collect();
        let mut scopes = Scopes { list: Vec::new(), places: HashMap::new() };
        let single = (0..scenario.intervals).map(|i| i..i + 1);
        for intervals in std::iter::once(scenario.measured.clone()).chain(single) {
            for of in &of {
                scopes.add(Scope { of: *of, intervals: intervals.clone() });
            }
        }
        for scope in besides {
            scopes.add(scope);
        }
        scopes
    }

    fn add(&mut self, scope: Scope) {
        if !self.places.contains_key(&scope) {
            self.places.insert(scope.clone(), self.list.len());
            self.list.push(scope);
        }
    }

    pub(crate) fn place(&self, scope: &Scope) -> Option<usize> {
        self.places.get(scope).copied()
    }
}

/// Adds up what a replication counted.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    types: usize,
    groups: usize,
    intervals: usize,
    interval_s: f64,
    definitions: Vec<Definition>,
    /// By interval, then centre, types, groups.
    rows: Vec<Row>,
}

impl Summary {
    pub(crate) fn new(scenario: &Scenario) -> Summary {
        let (types, groups) = (scenario.call_types.len(), scenario.groups.len());
        Summary {
            types,
            groups,
            intervals: scenario.intervals,
            interval_s: scenario.interval_s,
            definitions: scenario.call_types.iter().map(|t| t.service_level.definition).collect(),
            rows: vec![[0.0; COLUMNS]; (1 + types + groups) * scenario.intervals],
        }
    }

    /// Takes a replication's counts.
    pub(crate) fn read(&mut self, tally: &Tally) {
        let width = 1 + self.types + self.groups;
        for (i, rows) in self.rows.chunks_mut(width).enumerate() {
            let Some((centre, rest)) = rows.split_first_mut() else { continue };
            *centre = [0.0; COLUMNS];
            let (types, groups) = rest.split_at_mut(self.types);
            for (k, (row, definition)) in types.iter_mut().zip(&self.definitions).enumerate() {
                *row = counted(&tally.cells[k * tally.columns + i], *definition, self.interval_s);
                add(centre, row);
            }
            for (g, row) in groups.iter_mut().enumerate() {
                let staff = tally.staff[g * tally.columns + i];
                *row = [0.0; COLUMNS];
                row[Column::Busy as usize] = staff.busy as f64 / TICKS_PER_S;
                row[Column::Staffed as usize] = staff.staffed as f64 / TICKS_PER_S;
                add(centre, row);
            }
        }
    }

    /// The sums of a scope; the queue's length is a mean over its intervals.
    pub(crate) fn row(&self, scope: &Scope) -> Row {
        let width = 1 + self.types + self.groups;
        let place = match scope.of {
            Of::Centre => 0,
            Of::CallType(k) => 1 + k,
            Of::Group(g) => 1 + self.types + g,
        };
        let mut sum = [0.0; COLUMNS];
        let end = scope.intervals.end.min(self.intervals);
        for i in scope.intervals.start..end {
            add(&mut sum, &self.rows[i * width + place]);
        }
        sum[Column::Queue as usize] /= end.saturating_sub(scope.intervals.start).max(1) as f64;
        sum
    }
}

fn add(sum: &mut Row, row: &Row) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += value;
    }
}

fn counted(cell: &Cell, definition: Definition, interval_s: f64) -> Row {
    let seconds = |ticks: u64| ticks as f64 / TICKS_PER_S;
    let (good, of) = match definition {
        Definition::OfOffered => (cell.within, cell.offered),
        Definition::OfAnswered => (cell.within, cell.answered),
        Definition::ShortAbandonsGood => (cell.within + cell.short, cell.offered),
        Definition::ShortAbandonsExcluded => (cell.within, cell.offered - cell.short),
    };
    let mut row = [0.0; COLUMNS];
    let mut set = |column: Column, value: f64| row[column as usize] = value;
    set(Column::Good, f64::from(good));
    set(Column::Counted, f64::from(of));
    set(Column::Offered, f64::from(cell.offered));
    set(Column::Answered, f64::from(cell.answered));
    set(Column::Abandoned, f64::from(cell.abandoned));
    set(Column::Waited, f64::from(cell.waited));
    set(Column::WaitAnswered, seconds(cell.wait_answered));
    set(Column::WaitAll, seconds(cell.wait_all));
    set(Column::Queue, seconds(cell.queue) / interval_s);
    set(Column::Callbacks, f64::from(cell.callbacks));
    set(Column::Called, f64::from(cell.called));
    set(Column::WaitCalled, seconds(cell.wait_called));
    set(Column::Redials, f64::from(cell.redials));
    set(Column::Left, f64::from(cell.left));
    row
}
