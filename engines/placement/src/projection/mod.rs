//! The projected service level: who is on the phones in each interval, how they divide among the queues, and what
//! that gives by the Erlang model of `staffing`.
//!
//! What it is: each interval by itself in its steady state; people who know several queues divided so that the
//! most calls are answered in time, a drowned queue ever more urgent ([`table`]), whole people on whole queues
//! ([`cover`]). What it is not: no backlog is carried into the next interval, and people who know two queues
//! serve both within an interval only in reality, which is why several queues do a little better in a
//! simulation than here.

mod cover;
mod table;

use std::collections::HashMap;

pub(crate) use cover::Cover;
pub use table::{Model, erlang};
use table::{Table, load, refused};

use crate::error::PlacementError;
use crate::limits::CELLS_MAX;
use crate::model::{BelowFloor, Centre};

/// What taking somebody out of a queue at its floor costs: more than all points there are, so it is never done.
pub(crate) const BARRIER: f64 = 1e6;

/// Everything that is computed once for a centre.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    /// The skill sets that somebody has: the queues they know, as bits.
    pub(crate) groups: Vec<u64>,
    /// The skill set of each person; none for who knows no queue.
    pub(crate) group_of: Vec<Option<u16>>,
    /// The best division with nothing placed, for each interval.
    pub(crate) base: Vec<Cover>,
    tables: Vec<Table>,
    /// The table of each interval and queue.
    table_of: Vec<u32>,
    /// No queue goes below so many people.
    floor: Vec<u16>,
    queues: usize,
    /// Calls of the whole plan.
    pub(crate) offered: f64,
}

impl Projection {
    /// `on_phones` says for each interval who is there, by number.
    pub(crate) fn new(
        centre: &Centre,
        on_phones: &[Vec<u32>],
        model: &Model<'_>,
    ) -> Result<Self, PlacementError> {
        let skills = |queues: &[usize]| queues.iter().fold(0_u64, |mask, queue| mask | 1 << queue);
        let masks: Vec<u64> = centre.people.iter().map(|person| skills(&person.queues)).collect();
        let mut groups: Vec<u64> = masks.iter().copied().filter(|mask| *mask != 0).collect();
        groups.sort_unstable();
        groups.dedup();
        let group_of: Vec<Option<u16>> =
            masks.iter().map(|mask| groups.binary_search(mask).ok().map(|group| group as u16)).collect();
        let (queues, intervals) = (centre.queues.len(), centre.grid.intervals());
        let cells = groups.len().saturating_mul(queues.max(1)).saturating_mul(intervals);
        if cells > CELLS_MAX {
            let what = "the number of intervals × skill sets × queues".to_owned();
            return Err(PlacementError::Count { what, value: cells, low: 0, high: CELLS_MAX });
        }
        let offered = centre.queues.iter().flat_map(|queue| &queue.offered).sum();
        let mut made = Self {
            groups,
            group_of,
            base: Vec::with_capacity(intervals),
            tables: Vec::new(),
            table_of: vec![0; intervals * queues],
            floor: vec![0; intervals * queues],
            queues,
            offered,
        };
        made.tables(centre, on_phones, model)?;
        for (interval, present) in on_phones.iter().enumerate() {
            let mut cover = Cover::empty(made.groups.len(), queues);
            for person in present {
                if let Some(group) = made.group(*person) {
                    cover.join(&made, interval, group);
                }
            }
            made.base.push(cover);
        }
        made.floors(centre);
        Ok(made)
    }

    /// The skill set of a person.
    pub(crate) fn group(&self, person: u32) -> Option<usize> {
        self.group_of.get(person as usize).copied().flatten().map(usize::from)
    }

    /// One table for each queue and load; days that are alike share theirs.
    fn tables(
        &mut self,
        centre: &Centre,
        on_phones: &[Vec<u32>],
        model: &Model<'_>,
    ) -> Result<(), PlacementError> {
        let rules = centre.rules;
        for (number, queue) in centre.queues.iter().enumerate() {
            let knows = |person: &&u32| {
                self.group(**person)
                    .and_then(|group| self.groups.get(group))
                    .is_some_and(|set| set >> number & 1 == 1)
            };
            let most =
                on_phones.iter().map(|present| present.iter().filter(knows).count()).max().unwrap_or(0);
            let mut known: HashMap<(u64, u64), u32> = HashMap::new();
            for (interval, (offered, aht)) in queue.offered.iter().zip(&queue.aht_seconds).enumerate() {
                let key = (offered.to_bits(), if *offered > 0.0 { aht.to_bits() } else { 0 });
                let table = match known.get(&key) {
                    Some(table) => *table,
                    None => {
                        let load = load(queue, interval, centre.grid.interval_minutes)
                            .map_err(|why| refused(&queue.name, interval, why))?;
                        let points = if self.offered > 0.0 { 100.0 * offered / self.offered } else { 0.0 };
                        let table = Table::new(queue, &load, most, 1.0 - rules.shrinkage, points, model)
                            .map_err(|why| refused(&queue.name, interval, why))?;
                        self.tables.push(table);
                        let index = (self.tables.len() - 1) as u32;
                        known.insert(key, index);
                        index
                    }
                };
                if let Some(slot) = self.table_of.get_mut(interval * self.queues + number) {
                    *slot = table;
                }
            }
        }
        Ok(())
    }

    /// The floors: the fewest people who keep the service level within the points that the rules allow. Where
    /// that is not so with nothing placed, [`BelowFloor`] says what holds.
    fn floors(&mut self, centre: &Centre) {
        for interval in 0..self.base.len() {
            for (number, queue) in centre.queues.iter().enumerate() {
                if queue.offered.get(interval).is_none_or(|offered| *offered <= 0.0) {
                    continue;
                }
                let Some(table) = self.table(interval, number) else { continue };
                let points = centre.rules.floor_points / 100.0;
                let needed = table.fewest(queue.target - points);
                let there =
                    self.base.get(interval).and_then(|cover| cover.manned.get(number)).copied().unwrap_or(0);
                let floor = match centre.rules.below_floor {
                    _ if usize::from(there) >= needed => needed as u16,
                    BelowFloor::Points => table.fewest(table.level(usize::from(there)) - points) as u16,
                    BelowFloor::Price => 0,
                    BelowFloor::Spare => there,
                };
                if let Some(slot) = self.floor.get_mut(interval * self.queues + number) {
                    *slot = floor;
                }
            }
        }
    }

    fn table(&self, interval: usize, queue: usize) -> Option<&Table> {
        self.tables.get(*self.table_of.get(interval * self.queues + queue)? as usize)
    }

    /// What the last of `people` on a queue is worth, in points of the plan; more than [`BARRIER`] at the floor.
    pub(crate) fn loss(&self, interval: usize, queue: usize, people: usize) -> f64 {
        let price = self.table(interval, queue).map_or(0.0, |table| table.price(people));
        let floor = self.floor.get(interval * self.queues + queue).copied().unwrap_or(0);
        if people <= usize::from(floor) { price + BARRIER } else { price }
    }

    /// What the division is worth below that with nothing placed, in points of the plan.
    pub(crate) fn harm(&self, interval: usize, cover: &Cover) -> f64 {
        let Some(base) = self.base.get(interval) else { return 0.0 };
        let lost = base.manned.iter().zip(&cover.manned).enumerate().map(|(queue, (before, after))| {
            let value = |people: u16| {
                self.table(interval, queue).map_or(0.0, |table| table.value(usize::from(people)))
            };
            if before == after { 0.0 } else { value(*before) - value(*after) }
        });
        lost.sum::<f64>().max(0.0)
    }

    /// The service level of a queue with so many people.
    pub(crate) fn level(&self, interval: usize, queue: usize, people: u16) -> f64 {
        self.table(interval, queue).map_or(1.0, |table| table.level(usize::from(people)))
    }

    /// The queue that would go below its floor if one of `group` left, if that is so.
    pub(crate) fn at_floor(&self, interval: usize, cover: &Cover, group: usize) -> Option<usize> {
        let mut without = cover.clone();
        if without.leave(self, interval, group) < BARRIER {
            return None;
        }
        (0..self.queues).find(|queue| without.manned.get(*queue) != cover.manned.get(*queue))
    }
}
