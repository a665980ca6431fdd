//! People by group and interval.

use crate::scenario::{Scenario, agents_from_levels};

/// How long the last interval's people stay to finish, seconds.
const OVERTIME_S: f64 = 3_600.0;

#[derive(Debug, Clone)]
pub(super) struct Levels {
    /// By group, then interval.
    pub(super) people: Vec<Vec<usize>>,
    /// By call type: the groups that may take it.
    groups_of: Vec<Vec<usize>>,
}

impl Levels {
    pub(super) fn none(scenario: &Scenario) -> Levels {
        let groups =
            |one: &crate::scenario::CallType| one.routing.iter().flat_map(|t| &t.groups).copied().collect();
        Levels {
            people: vec![vec![0; scenario.intervals]; scenario.groups.len()],
            groups_of: scenario.call_types.iter().map(groups).collect(),
        }
    }

    /// The groups that may take a call type, the preferred first.
    pub(super) fn groups_of(&self, call_type: usize) -> &[usize] {
        self.groups_of.get(call_type).map_or(&[], Vec::as_slice)
    }

    pub(super) fn at(&self, group: usize, interval: usize) -> usize {
        self.people.get(group).and_then(|row| row.get(interval)).copied().unwrap_or(0)
    }

    pub(super) fn change(&mut self, group: usize, interval: usize, by: isize) {
        if let Some(level) = self.people.get_mut(group).and_then(|row| row.get_mut(interval)) {
            *level = level.saturating_add_signed(by);
        }
    }

    /// The scenario with these people as seats.
    pub(super) fn staffed(&self, scenario: &Scenario) -> Scenario {
        let rows = self.people.iter().enumerate();
        let agents = rows.flat_map(|(g, row)| agents_from_levels(g, row, scenario.interval_s, OVERTIME_S));
        Scenario { agents: agents.collect(), ..scenario.clone() }
    }
}
