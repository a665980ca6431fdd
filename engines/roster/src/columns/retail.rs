//! Lines of the `retail` format: the best shift of each start and length first, then the best week of shifts.
//!
//! Within a day the best composition of tasks for each start and length is a shortest path over the quarters of an
//! hour. Over the days the state is the time worked so far and the earliest start that the rest after the last
//! shift allows; days in a row are counted only where the best line has too many.

use super::{Cell, Column, Offer, Pricer};
use crate::formats::retail::{DAY, FIRST, Retail};

/// Least and most quarters of a shift, of a stretch on a task, and of rest.
const SHIFT: (usize, usize) = (24, 40);
const STRETCH: usize = 4;
const REST: usize = 56;
const DAYS_IN_A_ROW: usize = 5;
/// What work in a required cell is worth: more than all prices of a line together.
const MUST: f64 = 1e9;
const NEVER: f64 = f64::INFINITY;

/// Prices lines of an instance.
#[derive(Debug)]
pub struct RetailLines<'i> {
    instance: &'i Retail,
    /// The quarters after midnight at which a shift may start.
    starts: Vec<usize>,
}

/// A shift of a line: day, quarter of the day at which it starts, length.
type Day = (usize, usize, usize);

/// The best composition of each shift of a day.
struct Shifts {
    /// By start (position) and length beyond the least.
    cost: Vec<f64>,
}

const LENGTHS: usize = SHIFT.1 - SHIFT.0 + 1;

impl<'i> RetailLines<'i> {
    /// Makes ready to price.
    pub fn new(instance: &'i Retail) -> RetailLines<'i> {
        let may = |quarter: &usize| {
            *quarter == 0 || (24..=40).contains(quarter) || (56..=72).contains(quarter) || *quarter >= 80
        };
        RetailLines { instance, starts: (0..DAY).filter(may).collect() }
    }

    /// First interval of a shift that starts at a quarter of a day; nothing outside of the horizon.
    fn interval(&self, day: usize, quarter: usize) -> Option<usize> {
        let interval = (day * DAY + quarter).checked_sub(FIRST)?;
        (interval + SHIFT.0 <= self.instance.days * DAY).then_some(interval)
    }

    /// The cheapest composition of every shift that starts on a day.
    fn shifts(&self, day: usize, worth: &[f64]) -> Shifts {
        let mut cost = vec![NEVER; self.starts.len() * LENGTHS];
        for (at, &quarter) in self.starts.iter().enumerate() {
            let Some(from) = self.interval(day, quarter) else { continue };
            let best = self.compose(from, SHIFT.1, worth);
            let lengths = best.chunks_exact(self.instance.tasks).skip(SHIFT.0);
            for (cost, ends) in cost[at * LENGTHS..].iter_mut().zip(lengths) {
                *cost = ends.iter().copied().fold(NEVER, f64::min);
            }
        }
        Shifts { cost }
    }

    /// The least cost of the first quarters of a shift by the task that ends them: `[quarters × tasks + task]`.
    fn compose(&self, from: usize, longest: usize, worth: &[f64]) -> Vec<f64> {
        let tasks = self.instance.tasks;
        let last = longest.min(self.instance.days * DAY - from);
        let at = |quarter: usize, task: usize| -worth[(from + quarter) * tasks + task];
        let hour =
            |end: usize, task: usize| (end - STRETCH..end).map(|quarter| at(quarter, task)).sum::<f64>();
        let mut best = vec![NEVER; (last + 1) * tasks];
        for end in STRETCH..=last {
            for task in 0..tasks {
                let fresh = if end == STRETCH {
                    0.0
                } else {
                    let before = &best[(end - STRETCH) * tasks..(end - STRETCH + 1) * tasks];
                    let others = before.iter().enumerate().filter(|(other, _)| *other != task);
                    others.map(|(_, cost)| *cost).fold(NEVER, f64::min)
                };
                let longer = best[(end - 1) * tasks + task] + at(end - 1, task);
                best[end * tasks + task] = longer.min(fresh + hour(end, task));
            }
        }
        best
    }

    /// The stretches of the best composition.
    fn stretches(&self, from: usize, length: usize, worth: &[f64]) -> Option<Vec<[usize; 3]>> {
        let tasks = self.instance.tasks;
        let best = self.compose(from, length, worth);
        let at = |quarter: usize, task: usize| -worth[(from + quarter) * tasks + task];
        let mut task =
            (0..tasks).min_by(|a, b| best[length * tasks + a].total_cmp(&best[length * tasks + b]))?;
        let (mut end, mut close) = (length, length);
        let mut stretches = Vec::new();
        while end > 0 {
            let longer = best[(end - 1) * tasks + task] + at(end - 1, task);
            if longer <= best[end * tasks + task] {
                end -= 1;
                continue;
            }
            let start = end.checked_sub(STRETCH)?;
            stretches.push([from + start, from + close, task]);
            (end, close) = (start, start);
            if start > 0 {
                let others = (0..tasks).filter(|other| *other != task);
                task = others.min_by(|a, b| best[start * tasks + a].total_cmp(&best[start * tasks + b]))?;
            }
        }
        stretches.reverse();
        Some(stretches)
    }

    /// The best line as (day, start, length); `runs` counts days in a row.
    fn line(&self, person: usize, shifts: &[Shifts], runs: bool) -> Option<(f64, Vec<Day>)> {
        let contract = &self.instance.people[person];
        let table = Days::fill(contract.least, contract.most, &self.starts, shifts, runs);
        let value = table.value(0, 0, 0, 0);
        if value == NEVER {
            return None;
        }
        Some((value, table.trace(&self.starts, shifts)))
    }
}

/// Values to go by day, days in a row, position of the earliest start allowed, and quarters worked.
struct Days {
    rows: usize,
    times: usize,
    starts: usize,
    values: Vec<f64>,
}

impl Days {
    fn fill(least: usize, most: usize, starts: &[usize], shifts: &[Shifts], runs: bool) -> Days {
        let rows = if runs { DAYS_IN_A_ROW + 1 } else { 1 };
        let (days, times, count) = (shifts.len(), most + 1, starts.len() + 1);
        let mut table =
            Days { rows, times, starts: count, values: vec![NEVER; (days + 1) * rows * times * count] };
        for row in 0..rows {
            for earliest in 0..count {
                let from = table.at(days, row, earliest, 0);
                table.values[from + least.min(most)..=from + most].fill(0.0);
            }
        }
        let after = positions(starts);
        for day in (0..days).rev() {
            for row in 0..rows {
                table.fill_row(day, row, &after, &shifts[day]);
            }
        }
        table
    }

    /// Working back from the latest start, the best so far is the value for that earliest start; for every number of
    /// quarters worked at once.
    fn fill_row(&mut self, day: usize, row: usize, after: &[usize], shifts: &Shifts) {
        let (times, next_row) = (self.times, self.next_row(row));
        let (now, later) = self.values.split_at_mut((day + 1) * self.rows * self.times * self.starts);
        let block = |row: usize, earliest: usize| (row * self.starts + earliest) * times;
        let mut best = later[..times].to_vec();
        let today = day * self.rows * self.times * self.starts;
        for earliest in (0..self.starts).rev() {
            if let (Some(next_row), true) = (next_row, earliest + 1 < self.starts) {
                let today = shifts.cost.iter().zip(after).skip(earliest * LENGTHS).take(LENGTHS);
                for (length, (cost, after)) in (SHIFT.0..).zip(today) {
                    if *cost == NEVER || length >= times {
                        continue;
                    }
                    let from = block(next_row, *after);
                    for (best, then) in best.iter_mut().zip(&later[from + length..from + times]) {
                        let value = cost + then;
                        // Unlike `min` this needs no care for what is no number.
                        if value < *best {
                            *best = value;
                        }
                    }
                }
            }
            let from = today + block(row, earliest);
            now[from..from + times].copy_from_slice(&best);
        }
    }

    /// The row after one more day of work; nothing when that would be too many in a row.
    fn next_row(&self, row: usize) -> Option<usize> {
        if self.rows == 1 { Some(0) } else { Some(row + 1).filter(|row| *row < self.rows) }
    }

    fn at(&self, day: usize, row: usize, earliest: usize, worked: usize) -> usize {
        ((day * self.rows + row) * self.starts + earliest) * self.times + worked
    }

    fn value(&self, day: usize, row: usize, earliest: usize, worked: usize) -> f64 {
        self.values[self.at(day, row, earliest, worked)]
    }

    fn trace(&self, starts: &[usize], shifts: &[Shifts]) -> Vec<Day> {
        let after = positions(starts);
        let mut line = Vec::new();
        let (mut row, mut worked, mut earliest) = (0, 0, 0);
        for (day, shifts) in shifts.iter().enumerate() {
            let mut best = (self.value(day + 1, 0, 0, worked), None);
            if let Some(next_row) = self.next_row(row) {
                let open = shifts.cost.iter().zip(&after).enumerate().skip(earliest * LENGTHS);
                for (at, (cost, after)) in open {
                    let length = at % LENGTHS + SHIFT.0;
                    if worked + length < self.times {
                        let value = cost + self.value(day + 1, next_row, *after, worked + length);
                        if value < best.0 {
                            best = (value, Some((at, next_row)));
                        }
                    }
                }
            }
            match best.1 {
                None => (row, earliest) = (0, 0),
                Some((at, next_row)) => {
                    let length = at % LENGTHS + SHIFT.0;
                    line.push((day, starts[at / LENGTHS], length));
                    (row, earliest) = (next_row, after[at]);
                    worked += length;
                }
            }
        }
        line
    }
}

/// For each start and length the position of the first start that the rest allows on the next day.
fn positions(starts: &[usize]) -> Vec<usize> {
    let after = starts.iter().flat_map(|start| {
        (SHIFT.0..=SHIFT.1).map(|length| {
            let earliest = (*start + length + REST).saturating_sub(DAY);
            starts.partition_point(|start| *start < earliest)
        })
    });
    after.collect()
}

/// Whether a line starts on too many days in a row.
fn too_long_a_run(line: &[Day]) -> bool {
    line.windows(DAYS_IN_A_ROW + 1).any(|days| {
        days.first().zip(days.last()).is_some_and(|(first, last)| last.0 - first.0 == DAYS_IN_A_ROW)
    })
}

impl Pricer for RetailLines<'_> {
    fn people(&self) -> usize {
        self.instance.people.len()
    }

    fn cells(&self) -> &[Cell] {
        &self.instance.cover
    }

    fn best(&mut self, person: usize, prices: &[f64], required: &[u32]) -> Option<Offer> {
        let tasks = self.instance.tasks;
        let mut worth = prices.to_vec();
        for cell in required {
            worth[*cell as usize] += MUST;
        }
        // The last calendar day ends at 06:00 and can hold one shift from midnight.
        let shifts: Vec<Shifts> = (0..=self.instance.days).map(|day| self.shifts(day, &worth)).collect();
        let (mut value, mut line) = self.line(person, &shifts, false)?;
        if too_long_a_run(&line) {
            (value, line) = self.line(person, &shifts, true)?;
        }
        let mut column = Column { cost: 0, cells: Vec::new(), line: Vec::new() };
        for (day, start, length) in line {
            for [from, to, task] in self.stretches(self.interval(day, start)?, length, &worth)? {
                column.cells.extend((from..to).filter_map(|at| u32::try_from(at * tasks + task).ok()));
                column.line.extend([from, to, task].into_iter().filter_map(|part| u32::try_from(part).ok()));
            }
        }
        if required.iter().any(|cell| column.cells.binary_search(cell).is_err()) {
            return None;
        }
        Some(Offer { bound: value + MUST * required.len() as f64, column: Some(column) })
    }
}
