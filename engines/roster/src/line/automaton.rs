//! The compiled rules: steps by table, and the best line under prices as a shortest path.

use crate::model::{Choice, FORBIDDEN};

/// A price that no line pays: far above every sum of real ones, so that sums of many stay within 64 bits.
pub const NEVER: i64 = 1 << 50;

/// The price of a toll.
pub fn price(toll: i32) -> i64 {
    if toll == FORBIDDEN { NEVER } else { i64::from(toll) }
}

/// No state: the rules forbid what leads here.
pub(crate) const DEAD: u32 = u32::MAX;

/// A layered graph whose paths from the first state to the last layer are the lines that a set of rules allows.
#[derive(Debug, Clone, Default)]
pub struct Automaton {
    pub(super) days: usize,
    pub(super) choices: usize,
    /// First state of each day's layer, then of the end.
    pub(super) layers: Vec<u32>,
    /// `[state × choices + choice]`: where it leads.
    pub(super) next: Vec<u32>,
    /// What fairness makes a step cost, like `next`; empty when it costs nothing anywhere.
    pub(super) tolls: Vec<i32>,
    /// First arc of each state.
    pub(super) arc_first: Vec<u32>,
    pub(super) arcs: Vec<Arc>,
    /// First member of each set of choices.
    pub(super) set_first: Vec<u32>,
    pub(super) members: Vec<Choice>,
    /// The sets that the arcs of each day use.
    pub(super) sets_of_day: Vec<Vec<u32>>,
}

/// All choices of a set lead to the same state at the same toll; only the cheapest matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) set: u32,
    pub(super) next: u32,
    pub(super) toll: i32,
}

/// Room for a shortest path, used again and again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// Cheapest way from each state to the end.
    value: Vec<i64>,
    /// Cheapest choice of each set on the current day.
    set_min: Vec<i64>,
}

impl Automaton {
    /// Number of days.
    pub fn days(&self) -> usize {
        self.days
    }

    /// Number of states over all days.
    pub fn states(&self) -> usize {
        self.layers.last().map_or(0, |&last| last as usize)
    }

    /// Number of arcs over all days.
    pub fn arcs(&self) -> usize {
        self.arcs.len()
    }

    /// The state before the first day.
    pub fn start(&self) -> u32 {
        0
    }

    /// The state after a choice; nothing where the rules forbid it or leave no way to the end.
    pub fn step(&self, state: u32, choice: Choice) -> Option<u32> {
        let next = self.next[state as usize * self.choices + usize::from(choice)];
        (next != DEAD).then_some(next)
    }

    /// What fairness makes a choice cost in a state.
    pub fn toll(&self, state: u32, choice: Choice) -> i32 {
        self.tolls.get(state as usize * self.choices + usize::from(choice)).copied().unwrap_or(0)
    }

    /// Whether fairness makes any line cost anything.
    pub fn has_tolls(&self) -> bool {
        !self.tolls.is_empty()
    }

    /// What fairness makes a line cost; nothing for a line that breaks a rule.
    pub fn walk(&self, line: &[Choice]) -> Option<i64> {
        let mut state = self.start();
        let mut total = 0;
        if line.len() != self.days {
            return None;
        }
        for &choice in line {
            if usize::from(choice) >= self.choices {
                return None;
            }
            total += i64::from(self.toll(state, choice));
            state = self.step(state, choice)?;
        }
        Some(total)
    }

    /// The cheapest line under `prices` (`[day × choices + choice]`), written to `line`; returns its cost.
    /// What fairness costs counts `scale` times. Prices of [`NEVER`] and above are never paid: nothing when no line is left.
    pub fn best(
        &self,
        prices: &[i64],
        scale: i64,
        line: &mut Vec<Choice>,
        scratch: &mut Scratch,
    ) -> Option<i64> {
        self.values(prices, scale, scratch);
        let value = &scratch.value;
        if value[0] >= NEVER / 2 {
            return None;
        }
        line.clear();
        let (mut state, mut total) = (self.start(), 0_i64);
        for day in 0..self.days {
            let prices = &prices[day * self.choices..(day + 1) * self.choices];
            let (choice, next, cost) = self.cheapest(state, prices, scale, value)?;
            line.push(choice);
            total += cost;
            state = next;
        }
        Some(total)
    }

    /// The cheapest step out of a state, given the cheapest ways on from the next day.
    fn cheapest(&self, state: u32, prices: &[i64], scale: i64, value: &[i64]) -> Option<(Choice, u32, i64)> {
        let arcs = self.arc_first[state as usize] as usize..self.arc_first[state as usize + 1] as usize;
        let mut best = None;
        let mut least = NEVER;
        for arc in &self.arcs[arcs] {
            for &choice in self.set(arc.set) {
                let cost = prices[usize::from(choice)] + scale * i64::from(arc.toll);
                let total = cost + value[arc.next as usize];
                if total < least {
                    least = total;
                    best = Some((choice, arc.next, cost));
                }
            }
        }
        best
    }

    fn set(&self, set: u32) -> &[Choice] {
        let set = set as usize;
        &self.members[self.set_first[set] as usize..self.set_first[set + 1] as usize]
    }

    /// Cheapest way from every state to the end.
    fn values(&self, prices: &[i64], scale: i64, scratch: &mut Scratch) {
        scratch.value.clear();
        scratch.value.resize(self.states(), 0);
        scratch.set_min.resize(self.set_first.len(), 0);
        for day in (0..self.days).rev() {
            let prices = &prices[day * self.choices..(day + 1) * self.choices];
            for &set in &self.sets_of_day[day] {
                let least = self.set(set).iter().map(|&choice| prices[usize::from(choice)]).min();
                scratch.set_min[set as usize] = least.unwrap_or(NEVER);
            }
            let (first, behind) = (self.layers[day] as usize, self.layers[day + 1] as usize);
            let (now, later) = scratch.value.split_at_mut(behind);
            for (state, value) in now.iter_mut().enumerate().skip(first) {
                let arcs = self.arc_first[state] as usize..self.arc_first[state + 1] as usize;
                let mut least = NEVER;
                for arc in &self.arcs[arcs] {
                    let step = scratch.set_min[arc.set as usize] + scale * i64::from(arc.toll);
                    least = least.min(step + later[arc.next as usize - behind]);
                }
                *value = least;
            }
        }
    }
}
