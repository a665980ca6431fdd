//! Best lines over long horizons: what follows from the order of the days is an automaton, what only adds up is
//! counted beside it.
//!
//! Over weeks the automaton of all rules has a state for every number of minutes, weekends and limited shifts and
//! grows past any memory. Here the automaton holds the order of the days alone (successions, runs, whether the
//! weekend is counted already); minutes, days, weekends and limited shifts are counters, and the value of every
//! combination of counters is held in one long row per state. A choice shifts the row by a fixed offset, so that a
//! step is a minimum over rows without a branch. This is the shortest path with resources (Irnich and Desaulniers
//! 2005) with all resources discretised, which for shifts of whole hours loses nothing.
//!
//! Limits on single shifts rarely bind but multiply the rows. They are left out first and counted only where the
//! best line breaks them (state space relaxation, Boland, Dethridge and Dumitrescu 2006).

use std::collections::HashMap;

use super::automaton::DEAD;
use super::merge::{Way, merge};
use super::rule::{State, Stepper};
use crate::model::{Choice, Error, OFF, Parts, Rules};

/// Most values of one table: a quarter of a gigabyte.
const VALUES_MAX: usize = 1 << 26;

/// A price from which on a choice is forbidden; whole lines must stay below half of it.
pub const BLOCKED: i32 = 100_000_000;

/// The lines of a set of rules over a long horizon.
#[derive(Debug)]
pub struct Counted {
    rules: Rules,
    /// The limits on single shifts that can bind.
    limits: Vec<(u16, u16)>,
    /// One table for each set of limits that had to be counted (bits); nothing where it would be too large.
    tables: HashMap<u32, Option<Table>>,
}

/// What pricing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// No line of the rules is cheaper than this.
    pub bound: i64,
    /// The cheapest line; nothing where it could not be found, because counting every limit needs too much memory.
    pub line: Option<Vec<Choice>>,
}

impl Counted {
    /// Makes ready to price lines of a set of rules.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when even the order of days with minutes and weekends needs too much memory or the rules
    /// limit hours within several spans of days; such rules belong into an [`super::Automaton`].
    pub fn new(parts: &Parts, rules: &Rules) -> Result<Counted, Error> {
        let limits = rules
            .max_of_shift
            .iter()
            .copied()
            .filter(|&(_, most)| most > 0 && usize::from(most) < parts.days)
            .take(u32::BITS as usize - 1)
            .collect();
        let mut counted = Counted { rules: rules.clone(), limits, tables: HashMap::new() };
        let plain = Table::new(parts, rules, &[]);
        if plain.is_none() {
            return Err(Error::TooLarge { rules: rules.name.clone(), days: parts.days, most: VALUES_MAX });
        }
        counted.tables.insert(0, plain);
        Ok(counted)
    }

    /// The cheapest line under `prices` (`[day × choices + choice]`, up to [`BLOCKED`]); nothing when the rules and
    /// the forbidden choices leave none.
    pub fn best(&mut self, parts: &Parts, prices: &[i32]) -> Option<Priced> {
        let mut counted = 0_u32;
        let mut bound = None;
        loop {
            let (rules, limits) = (&self.rules, &self.limits);
            let table = self.tables.entry(counted).or_insert_with(|| {
                let kept: Vec<(u16, u16)> = limits
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| counted >> at & 1 == 1)
                    .map(|(_, limit)| *limit)
                    .collect();
                Table::new(parts, rules, &kept)
            });
            let Some(table) = table else { return bound.map(|bound| Priced { bound, line: None }) };
            let (value, line) = table.best(prices)?;
            bound = Some(value);
            let broken = self.limits.iter().enumerate().filter(|(_, (shift, most))| {
                line.iter().filter(|&&choice| choice == shift + 1).count() > usize::from(*most)
            });
            let more = broken.fold(counted, |more, (at, _)| more | 1 << at);
            if more == counted {
                return Some(Priced { bound: value, line: Some(line) });
            }
            counted = more;
        }
    }
}

/// A table of values: states of the order of days, each with a row over all counters.
#[derive(Debug)]
struct Table {
    choices: usize,
    /// Arcs of each state of each day.
    layers: Vec<Vec<Vec<Arc>>>,
    /// Which of the values of a row lie beyond a limit: [`BLOCKED`] there, `i32::MIN` elsewhere.
    beyond: Vec<i32>,
    /// Values of one combination of the faster counters; a row is one of these for every number of minutes.
    inner: usize,
    /// Length of a row with room for steps past its end.
    row: usize,
    /// First and last number of minutes worth looking at, in units, by day.
    window: Vec<(usize, usize)>,
    /// Where each day's values start, and the values of every state.
    first: Vec<usize>,
    values: Vec<i32>,
}

/// Choices that lead to the same state and count the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Arc {
    next: u32,
    toll: i32,
    /// By how much it shifts the row.
    offset: usize,
    choices: Vec<Choice>,
}

impl Way for Arc {
    fn next(&mut self) -> &mut u32 {
        &mut self.next
    }
}

/// The counters of a table: minutes slowest, then days, weekends and shifts with a limit.
struct Counters {
    unit: u32,
    least: usize,
    most: usize,
    largest: usize,
    /// Most of each of the faster ones, with the stride of each.
    faster: Vec<(usize, usize)>,
    inner: usize,
    counts_days: bool,
    counts_weekends: bool,
}

impl Counters {
    fn new(parts: &Parts, rules: &Rules, limits: &[(u16, u16)]) -> Option<Counters> {
        let whole = [crate::model::Span {
            first: 0,
            days: u16::try_from(parts.days).ok()?,
            min_minutes: 0,
            max_minutes: u32::MAX,
            max_days: u16::MAX,
        }];
        let spans = if rules.spans.is_empty() { &whole[..] } else { &rules.spans[..] };
        let [span] = spans else { return None };
        if span.first != 0 || usize::from(span.days) != parts.days {
            return None;
        }
        let unit = parts.shifts.iter().fold(0, |unit, shift| gcd(unit, shift.minutes)).max(1);
        let largest = parts.shifts.iter().map(|shift| (shift.minutes / unit) as usize).max().unwrap_or(0);
        let all = parts.days * largest;
        let most = ((span.max_minutes / unit) as usize).min(all);
        let least = span.min_minutes.div_ceil(unit) as usize;
        let counts_days = usize::from(span.max_days) < parts.days;
        let counts_weekends = usize::from(rules.max_weekends) < parts.weekends.len();
        let mut sizes = Vec::new();
        if counts_days {
            sizes.push(usize::from(span.max_days));
        }
        if counts_weekends {
            sizes.push(usize::from(rules.max_weekends));
        }
        sizes.extend(limits.iter().map(|&(_, most)| usize::from(most)));
        let mut inner = 1_usize;
        let mut faster: Vec<(usize, usize)> = Vec::new();
        for size in sizes.into_iter().rev() {
            faster.push((size, inner));
            inner = inner.checked_mul(size + 2).filter(|inner| *inner <= VALUES_MAX)?;
        }
        faster.reverse();
        Some(Counters { unit, least, most, largest, faster, inner, counts_days, counts_weekends })
    }

    /// By how much a step shifts the row.
    fn offset(&self, minutes: u32, weekends: u16, counts: impl Iterator<Item = u16>) -> usize {
        let mut strides = self.faster.iter().map(|(_, stride)| *stride);
        let mut offset = (minutes / self.unit) as usize * self.inner;
        if self.counts_days {
            offset += usize::from(minutes > 0) * strides.next().unwrap_or(0);
        }
        if self.counts_weekends {
            offset += usize::from(weekends) * strides.next().unwrap_or(0);
        }
        offset + counts.zip(strides).map(|(count, stride)| usize::from(count) * stride).sum::<usize>()
    }

    /// Marks the combinations in which some counter is past its limit.
    fn beyond(&self) -> Vec<i32> {
        (0..self.inner)
            .map(|at| {
                let past = self.faster.iter().any(|&(most, stride)| at / stride % (most + 2) > most);
                if past { BLOCKED } else { i32::MIN }
            })
            .collect()
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Table {
    /// Builds a table; nothing where it would be too large or the rules cannot be counted this way.
    fn new(parts: &Parts, rules: &Rules, limits: &[(u16, u16)]) -> Option<Table> {
        let counters = Counters::new(parts, rules, limits)?;
        let layers = merge(reach(parts, rules, limits, &counters));
        let inner = counters.inner;
        let row = (counters.most + counters.largest + 2) * inner;
        let states: usize = layers.iter().map(Vec::len).sum();
        let size = states.checked_mul(row).filter(|size| *size <= VALUES_MAX)?;
        let mut first = Vec::with_capacity(layers.len());
        let mut at = 0;
        for layer in &layers {
            first.push(at);
            at += layer.len() * row;
        }
        let window = (0..=parts.days)
            .map(|day| {
                let still = (parts.days - day) * counters.largest;
                (counters.least.saturating_sub(still), counters.most.min(day * counters.largest))
            })
            .collect();
        let mut table = Table {
            choices: parts.shifts.len() + 1,
            layers,
            beyond: Vec::new(),
            inner,
            row,
            window,
            first,
            values: vec![BLOCKED; size],
        };
        table.end(&counters);
        Some(table)
    }

    /// A complete line costs nothing more where no counter is past its limit.
    fn end(&mut self, counters: &Counters) {
        let beyond = counters.beyond();
        let (Some(&first), Some(&(low, high))) = (self.first.last(), self.window.last()) else { return };
        let last = self.layers.last().map_or(0, Vec::len);
        for state in 0..last {
            for minutes in low..=high {
                let from = first + state * self.row + minutes * self.inner;
                for (value, beyond) in self.values[from..from + self.inner].iter_mut().zip(&beyond) {
                    *value = (*beyond).max(0);
                }
            }
        }
        self.beyond = beyond;
    }

    fn best(&mut self, prices: &[i32]) -> Option<(i64, Vec<Choice>)> {
        for day in (0..self.layers.len().saturating_sub(1)).rev() {
            self.step_back(day, &prices[day * self.choices..(day + 1) * self.choices]);
        }
        let value = *self.values.first()?;
        if self.layers.first()?.is_empty() || value >= BLOCKED / 2 {
            return None;
        }
        Some((i64::from(value), self.trace(prices)?))
    }

    /// Values of a day from those of the next.
    fn step_back(&mut self, day: usize, prices: &[i32]) {
        let (low, high) = self.window[day];
        if low > high {
            return;
        }
        let (range, row, inner) = (low * self.inner..(high + 1) * self.inner, self.row, self.inner);
        let (now, later) = self.values.split_at_mut(self.first[day + 1]);
        for (state, arcs) in self.layers[day].iter().enumerate() {
            let from = self.first[day] + state * row;
            let values = &mut now[from + range.start..from + range.end];
            values.fill(BLOCKED);
            for arc in arcs {
                let Some((_, price)) = cheapest(arc, prices) else { continue };
                let source = arc.next as usize * row + arc.offset;
                let source = &later[source + range.start..source + range.end];
                for (value, &then) in values.iter_mut().zip(source) {
                    *value = (*value).min(then + price);
                }
            }
            for combination in values.chunks_mut(inner) {
                for (value, &beyond) in combination.iter_mut().zip(&self.beyond) {
                    *value = (*value).max(beyond);
                }
            }
        }
    }

    /// Follows the values forward.
    fn trace(&self, prices: &[i32]) -> Option<Vec<Choice>> {
        let (mut state, mut at) = (0_usize, 0_usize);
        let mut line = Vec::with_capacity(self.layers.len());
        for day in 0..self.layers.len().saturating_sub(1) {
            let prices = &prices[day * self.choices..(day + 1) * self.choices];
            let best = self.layers[day][state].iter().filter_map(|arc| {
                let (choice, price) = cheapest(arc, prices)?;
                let then = self.first[day + 1] + arc.next as usize * self.row + at + arc.offset;
                Some((self.values[then] + price, choice, arc))
            });
            let (_, choice, arc) = best.min_by_key(|(value, ..)| *value)?;
            line.push(choice);
            state = arc.next as usize;
            at += arc.offset;
        }
        Some(line)
    }
}

fn cheapest(arc: &Arc, prices: &[i32]) -> Option<(Choice, i32)> {
    let prices = arc.choices.iter().map(|&choice| (choice, prices[usize::from(choice)]));
    let (choice, price) = prices.min_by_key(|(_, price)| *price)?;
    (price < BLOCKED).then(|| (choice, price.saturating_add(arc.toll).min(BLOCKED)))
}

/// States of the order of days, each with its arcs; the last layer has none.
fn reach(parts: &Parts, rules: &Rules, limits: &[(u16, u16)], counters: &Counters) -> Vec<Vec<Vec<Arc>>> {
    let mut loose = rules.clone();
    loose.spans.iter_mut().for_each(|span| span.min_minutes = 0);
    loose
        .max_of_shift
        .retain(|&(shift, most)| most == 0 || limits.iter().any(|&(limited, _)| limited == shift));
    // The stepper counts the shifts in the order of the rules; those with 0 are forbidden and stay 0.
    let order: Vec<Option<usize>> = loose
        .max_of_shift
        .iter()
        .map(|&(shift, _)| limits.iter().position(|&(limited, _)| limited == shift))
        .collect();
    let stepper = Stepper::new(parts, &loose);
    let mut states = vec![stepper.start()];
    let mut layers = Vec::with_capacity(parts.days + 1);
    for day in 0..parts.days {
        let mut index: HashMap<State, u32> = HashMap::new();
        let mut found = Vec::new();
        let mut layer = Vec::with_capacity(states.len());
        for state in &states {
            let mut arcs: Vec<Arc> = Vec::new();
            for choice in 0..=Choice::try_from(parts.shifts.len()).unwrap_or(Choice::MAX - 1) {
                let Some((mut next, toll)) = stepper.step(state, day, choice) else { continue };
                let (weekends, counts) = next.take_counters();
                let minutes = if choice == OFF { 0 } else { parts.shifts[usize::from(choice) - 1].minutes };
                let mut counted = vec![0; limits.len()];
                for (count, place) in counts.iter().zip(&order) {
                    if let Some(place) = place {
                        counted[*place] = *count;
                    }
                }
                let offset = counters.offset(minutes, weekends, counted.into_iter());
                let fresh = u32::try_from(found.len()).unwrap_or(DEAD);
                let next = *index.entry(next).or_insert_with_key(|key| {
                    found.push(key.clone());
                    fresh
                });
                match arcs.iter_mut().find(|arc| (arc.next, arc.toll, arc.offset) == (next, toll, offset)) {
                    Some(arc) => arc.choices.push(choice),
                    None => arcs.push(Arc { next, toll, offset, choices: vec![choice] }),
                }
            }
            layer.push(arcs);
        }
        layers.push(layer);
        states = found;
    }
    layers.push(vec![Vec::new(); states.len()]);
    layers
}
