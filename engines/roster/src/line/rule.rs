//! The rules one day at a time: what is remembered of a line so far, and what may come next.

use crate::model::{Choice, OFF, Parts, Rules};

/// What has to be remembered of a line so far to know how it may go on. What a set of rules does not ask for is
/// not remembered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    minutes: u32,
    days: u16,
    /// Yesterday's shift as a class of those that forbid the same successors.
    class: u16,
    /// Days of work in a row, or of days off as a negative number.
    run: i32,
    /// Whether that run began at the edge of the horizon.
    edge: bool,
    weekends: u16,
    /// Whether the current weekend counts already.
    weekend: bool,
    nights: u16,
    unpleasant: u16,
    /// Days with each shift that has a limit.
    counts: Vec<u16>,
}

/// A set of rules made ready for a problem: one step takes a few comparisons.
pub(crate) struct Stepper<'p> {
    parts: &'p Parts,
    rules: &'p Rules,
    /// For each shift, the class of shifts with the same forbidden successors; class 0 forbids none.
    class: Vec<u16>,
    /// `[class × shifts + shift]`: whether the shift may follow.
    follows: Vec<bool>,
    /// For each day the span that holds it.
    span: Vec<Option<usize>>,
    /// For each day the weekend that it is part of.
    weekend: Vec<Option<usize>>,
    /// Whether weekends, nights and runs have to be remembered.
    counts_weekends: bool,
    counts_nights: bool,
    longest_run: i32,
    longest_off: i32,
    /// For each shift, where its limit is counted.
    limited: Vec<Option<usize>>,
    /// For each shift and day, whether it is unpleasant.
    unpleasant_shift: Vec<bool>,
    unpleasant_day: Vec<bool>,
}

impl<'p> Stepper<'p> {
    pub(crate) fn new(parts: &'p Parts, rules: &'p Rules) -> Stepper<'p> {
        let shifts = parts.shifts.len();
        let (class, follows) = classes(parts, rules);
        let mut span = vec![None; parts.days];
        for (at, one) in rules.spans.iter().enumerate() {
            let first = usize::from(one.first);
            span[first..first + usize::from(one.days)].fill(Some(at));
        }
        let mut weekend = vec![None; parts.days];
        for (at, days) in parts.weekends.iter().enumerate() {
            for &day in days {
                weekend[day] = Some(at);
            }
        }
        let mut limited = vec![None; shifts];
        let mut next = 0;
        for &(shift, most) in &rules.max_of_shift {
            if usize::from(most) < parts.days && limited[usize::from(shift)].is_none() {
                limited[usize::from(shift)] = Some(next);
                next += 1;
            }
        }
        let mut unpleasant_shift = vec![false; shifts];
        let mut unpleasant_day = vec![false; parts.days];
        if let Some(unpleasant) = &rules.unpleasant {
            unpleasant.shifts.iter().for_each(|&shift| unpleasant_shift[usize::from(shift)] = true);
            for &day in &unpleasant.days {
                if let Some(marked) = unpleasant_day.get_mut(usize::from(day)) {
                    *marked = true;
                }
            }
        }
        let run_max = parts.days + usize::from(rules.before.run);
        let longest = if usize::from(rules.max_run) < run_max { rules.max_run } else { 0 };
        Stepper {
            parts,
            rules,
            class,
            follows,
            span,
            weekend,
            counts_weekends: usize::from(rules.max_weekends) < parts.weekends.len(),
            counts_nights: usize::from(rules.max_nights)
                < parts.days + usize::from(night_before(parts, rules)),
            longest_run: i32::from(longest.max(rules.min_run)),
            longest_off: i32::from(rules.min_off),
            limited,
            unpleasant_shift,
            unpleasant_day,
        }
    }

    /// Before the first day.
    pub(crate) fn start(&self) -> State {
        let before = self.rules.before;
        State {
            minutes: 0,
            days: 0,
            class: before.shift.map_or(0, |shift| self.class[usize::from(shift)]),
            run: i32::from(before.run).min(self.longest_run),
            edge: true,
            weekends: 0,
            weekend: false,
            // How many nights there were before that one is not known.
            nights: u16::from(self.counts_nights && night_before(self.parts, self.rules)),
            unpleasant: 0,
            counts: vec![0; self.limited.iter().flatten().count()],
        }
    }

    /// What is remembered after `choice` on `day`, with what fairness makes it cost; nothing where a rule forbids it.
    pub(crate) fn step(&self, state: &State, day: usize, choice: Choice) -> Option<(State, i32)> {
        let mut next = state.clone();
        if day > 0 && self.span[day] != self.span[day - 1] {
            next.minutes = 0;
            next.days = 0;
        }
        if day == 0 || self.weekend[day] != self.weekend[day - 1] {
            next.weekend = false;
        }
        let mut toll = 0;
        if choice == OFF {
            self.off(&mut next)?;
        } else {
            toll = self.work(&mut next, day, usize::from(choice) - 1)?;
        }
        self.close_span(&mut next, day)?;
        Some((next, toll))
    }

    fn off(&self, next: &mut State) -> Option<()> {
        if next.run > 0 {
            if !next.edge && next.run < i32::from(self.rules.min_run) {
                return None;
            }
            next.run = -1;
            next.edge = false;
        } else {
            next.run = (next.run - 1).max(-self.longest_off);
        }
        if self.longest_off == 1 && next.run < 0 {
            // A single day off is enough: whether there were more is all the same.
            next.edge = false;
        }
        next.class = 0;
        next.nights = 0;
        Some(())
    }

    fn work(&self, next: &mut State, day: usize, shift: usize) -> Option<i32> {
        let rules = self.rules;
        let shifts = self.parts.shifts.len();
        let one = &self.parts.shifts[shift];
        if !self.follows[usize::from(next.class) * shifts + shift] {
            return None;
        }
        if next.run > 0 || (next.run == 0 && day == 0) {
            next.run = (next.run + 1).min(self.longest_run + 1);
        } else {
            if !next.edge && -next.run < i32::from(rules.min_off) {
                return None;
            }
            next.run = 1;
            next.edge = false;
        }
        if next.run > i32::from(rules.max_run) {
            return None;
        }
        // Past the fewest days in a row only a limit above needs the exact number.
        next.run = next.run.min(self.longest_run);
        if i32::from(rules.min_run) <= next.run {
            next.edge = false;
        }
        next.class = self.class[shift];
        if self.counts_nights {
            next.nights = if one.night { next.nights + 1 } else { 0 };
            if next.nights > rules.max_nights {
                return None;
            }
        }
        if let Some(span) = self.span[day].map(|at| &rules.spans[at]) {
            next.minutes = next.minutes.saturating_add(one.minutes);
            next.days += u16::from(span.max_days < span.days);
            if next.minutes > span.max_minutes || next.days > span.max_days {
                return None;
            }
        }
        if self.counts_weekends && self.weekend[day].is_some() && !next.weekend {
            next.weekend = true;
            next.weekends += 1;
            if next.weekends > rules.max_weekends {
                return None;
            }
        }
        self.count(next, day, shift)
    }

    /// Counts shifts that have a limit and those that nobody likes.
    fn count(&self, next: &mut State, day: usize, shift: usize) -> Option<i32> {
        if let Some(at) = self.limited[shift] {
            next.counts[at] += 1;
            let most = self.rules.max_of_shift.iter().find(|&&(of, _)| usize::from(of) == shift);
            if most.is_some_and(|&(_, most)| next.counts[at] > most) {
                return None;
            }
        }
        if !self.unpleasant_shift[shift] && !self.unpleasant_day[day] {
            return Some(0);
        }
        let costs = self.rules.unpleasant.as_ref().map_or(&[][..], |unpleasant| &unpleasant.costs);
        let Some(last) = costs.len().checked_sub(1) else { return Some(0) };
        let cost = costs[usize::from(next.unpleasant).min(last)];
        next.unpleasant = u16::try_from((usize::from(next.unpleasant) + 1).min(last)).unwrap_or(u16::MAX);
        Some(i32::try_from(cost).unwrap_or(i32::MAX))
    }

    /// On the last day of a span its minutes must be reached; from then on they are forgotten.
    fn close_span(&self, next: &mut State, day: usize) -> Option<()> {
        let Some(at) = self.span[day] else { return Some(()) };
        let span = &self.rules.spans[at];
        if day + 1 == usize::from(span.first) + usize::from(span.days) {
            if next.minutes < span.min_minutes {
                return None;
            }
            next.minutes = 0;
            next.days = 0;
        }
        Some(())
    }
}

/// Whether the shift before the first day was night work.
fn night_before(parts: &Parts, rules: &Rules) -> bool {
    rules.before.shift.is_some_and(|shift| parts.shifts[usize::from(shift)].night)
}

/// Shifts by what they forbid on the next day: the class of each, and which shift may follow which class.
fn classes(parts: &Parts, rules: &Rules) -> (Vec<u16>, Vec<bool>) {
    let shifts = parts.shifts.len();
    let mut rows: Vec<Vec<bool>> = vec![vec![true; shifts]];
    let mut class = Vec::with_capacity(shifts);
    for (first, shift) in parts.shifts.iter().enumerate() {
        let row: Vec<bool> = (0..shifts)
            .map(|second| {
                let named =
                    rules.not_after.iter().any(|&(a, b)| usize::from(a) == first && usize::from(b) == second);
                let start = parts.shifts[second].start.saturating_add(1_440);
                !named && start >= shift.end.saturating_add(rules.rest_minutes)
            })
            .collect();
        let at = rows.iter().position(|known| *known == row).unwrap_or_else(|| {
            rows.push(row);
            rows.len() - 1
        });
        class.push(u16::try_from(at).unwrap_or(u16::MAX));
    }
    (class, rows.concat())
}

impl State {
    /// Takes out what only adds up along a line: how many weekends, and how many days of each limited shift.
    /// Minutes and days of a span are forgotten; they follow from the choices.
    pub(super) fn take_counters(&mut self) -> (u16, Vec<u16>) {
        self.minutes = 0;
        self.days = 0;
        let none = vec![0; self.counts.len()];
        (std::mem::take(&mut self.weekends), std::mem::replace(&mut self.counts, none))
    }
}
