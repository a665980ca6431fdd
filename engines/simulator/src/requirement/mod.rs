//! How many people a day needs, by simulation: what formulas cannot see is corrected.

mod first;
mod levels;

use self::first::first_guess;
use self::levels::Levels;
use crate::error::Error;
use crate::limits::{FIGURES_MAX, PEOPLE_MAX};
use crate::run::moments::Estimate;
use crate::run::report::Report;
use crate::run::scope::{Of, Scope};
use crate::run::{Run, compare, simulate};
use crate::scenario::Scenario;

/// Variants that are simulated beside each other: more would only cost memory.
const VARIANTS_AT_ONCE: usize = 32;

/// How a requirement is corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Seed, replications, threads. Each step simulates `replications_max` days over the same calls; goals are not
    /// looked at.
    pub run: Run,
    /// At most so many steps, each of them one simulation of the day or one for each group.
    pub steps_max: usize,
    /// Whether to find out what one more person in each interval would bring.
    pub marginal: bool,
}

impl Default for Correction {
    /// 100 days a step and 200 steps.
    fn default() -> Correction {
        let run = Run { replications_min: 100, replications_max: 100, ..Run::default() };
        Correction { run, steps_max: 200, marginal: true }
    }
}

/// People needed at the phone, by group and interval.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// By Erlang A for each interval and call type alone; each type's people in the first group of its routing.
    pub first: Vec<Vec<usize>>,
    /// By simulation of the whole day.
    pub people: Vec<Vec<usize>>,
    /// Calls of the day that would be answered in time besides, by one more person of a group in an interval; empty
    /// when not asked for, or stopped before.
    pub marginal: Vec<Vec<Estimate>>,
    /// The day with `people`.
    pub report: Report,
    /// Call types and intervals that miss their target with `people`, when the steps did not suffice.
    pub missed: Vec<(usize, usize)>,
}

/// The people that the service levels of a day need, in each interval and of each group.
///
/// The first guess is Erlang A for each interval and call type. Then the whole day is simulated, with the backlog that
/// one interval leaves to the next, calls that go on over the end of an interval, overflow and skills, and the guess is
/// corrected by marginal values: where a target is missed, one person is added, in the group where that brings most;
/// then people are taken away wherever the targets hold without them. (Simulation-based staffing of this kind:
/// Atlason, Epelman, Henderson 2004, *Call center staffing with simulation and cutting plane methods*, Annals of
/// Operations Research 127:333–358; here with a local search instead of an integer programme.) The agents of `day` are
/// not looked at. The result depends on the seed: it meets the targets on the simulated days.
///
/// # Errors
/// What the day or the run is refused for; a call type with calls that no group takes; [`Error::Stopped`] when not
/// even the first guess could be simulated. Later, the corrections made so far are returned.
pub fn required(
    day: &Scenario,
    by: &Correction,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Requirement, Error> {
    let scenario = Scenario { agents: Vec::new(), measured: 0..day.intervals, ..day.clone() };
    scenario.check()?;
    let first = first_guess(&scenario)?;
    let run = Run { replications_min: by.run.replications_max, until: Vec::new(), ..by.run.clone() };
    let report = simulate(&first.staffed(&scenario), &run, stop)?;
    let mut search =
        Search { scenario: &scenario, run, steps: by.steps_max, levels: first.clone(), report, stop };
    search.add()?;
    search.remove()?;
    let marginal = if by.marginal { search.marginal()? } else { Vec::new() };
    Ok(Requirement {
        missed: search.missed(&search.report),
        first: first.people,
        people: search.levels.people,
        marginal,
        report: search.report,
    })
}

struct Search<'s> {
    scenario: &'s Scenario,
    run: Run,
    steps: usize,
    levels: Levels,
    report: Report,
    stop: &'s (dyn Fn() -> bool + Sync),
}

impl Search<'_> {
    /// How many variants are compared at once, within what a comparison may hold.
    fn at_once(&self) -> usize {
        let figures =
            (1 + self.scenario.call_types.len() + self.scenario.groups.len()) * (self.scenario.intervals + 1);
        let people = self.levels.people.iter().flatten().sum::<usize>().max(1);
        (FIGURES_MAX / figures).min(PEOPLE_MAX / people).saturating_sub(1).clamp(1, VARIANTS_AT_ONCE)
    }

    /// Whether one more simulation may be made.
    fn step(&mut self) -> bool {
        let left = self.steps > 0 && !(self.stop)();
        self.steps = self.steps.saturating_sub(1);
        left
    }

    /// A simulation of other levels; nothing when it was stopped before it was as exact as the others.
    fn simulated(&self, levels: &Levels) -> Result<Option<Report>, Error> {
        match simulate(&levels.staffed(self.scenario), &self.run, self.stop) {
            Ok(report) if report.replications == self.report.replications => Ok(Some(report)),
            Ok(_) | Err(Error::Stopped) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Call types and intervals below their target.
    fn missed(&self, report: &Report) -> Vec<(usize, usize)> {
        let mut missed = Vec::new();
        for i in 0..self.scenario.intervals {
            for (k, one) in self.scenario.call_types.iter().enumerate() {
                let figures = report.of(&Scope::call_type(k, i..i + 1));
                let level = figures.and_then(|f| f.service_level);
                if level.is_some_and(|level| level.value < one.service_level.target) {
                    missed.push((k, i));
                }
            }
        }
        missed
    }

    /// Adds people until no target is missed.
    fn add(&mut self) -> Result<(), Error> {
        loop {
            let missed = self.missed(&self.report);
            if missed.is_empty() || !self.step() {
                return Ok(());
            }
            let added = self.best_addition(&missed)?;
            let Some(report) = self.simulated(&added)? else { return Ok(()) };
            (self.levels, self.report) = (added, report);
        }
    }

    /// One more person in every interval that misses, each in the group where that helps the interval most.
    fn best_addition(&self, missed: &[(usize, usize)]) -> Result<Levels, Error> {
        let mut groups: Vec<usize> =
            missed.iter().flat_map(|(k, _)| self.levels.groups_of(*k)).copied().collect();
        groups.sort_unstable();
        groups.dedup();
        let helps = |g: usize, i: usize| {
            missed.iter().any(|(k, at)| *at == i && self.levels.groups_of(*k).contains(&g))
        };
        let mut intervals: Vec<usize> = missed.iter().map(|(_, i)| *i).collect();
        intervals.sort_unstable();
        intervals.dedup();
        let mut gains = vec![Vec::new(); intervals.len()];
        // Where there is no choice, nothing needs to be simulated to make it.
        for some in groups.chunks(self.at_once()).filter(|_| groups.len() > 1) {
            let variants = some.iter().map(|g| {
                let mut more = self.levels.clone();
                for i in intervals.iter().filter(|i| helps(*g, **i)) {
                    more.change(*g, *i, 1);
                }
                (String::new(), more.staffed(self.scenario))
            });
            let variants: Vec<_> = variants.collect();
            let found = match compare(&self.levels.staffed(self.scenario), &variants, &self.run, self.stop) {
                Ok(found) => found,
                Err(Error::Stopped) => break,
                Err(error) => return Err(error),
            };
            for (gains, i) in gains.iter_mut().zip(&intervals) {
                let scope = Scope::centre(*i..i + 1);
                let gain = |v: usize| found.difference(v, &scope).map_or(0.0, |d| d.good_calls.value);
                gains.extend((0..variants.len()).map(gain));
            }
        }
        let mut best = self.levels.clone();
        for (n, i) in intervals.iter().enumerate() {
            let value = |v: usize| gains.get(n).and_then(|g| g.get(v)).copied().unwrap_or(0.0);
            let fit = groups.iter().enumerate().filter(|(_, g)| helps(**g, *i));
            if let Some((_, g)) = fit.max_by(|(a, _), (b, _)| value(*a).total_cmp(&value(*b)).then(b.cmp(a)))
            {
                best.change(*g, *i, 1);
            }
        }
        Ok(best)
    }

    /// Takes people away wherever no target is missed for it: those with the most skills first, who cost most.
    fn remove(&mut self) -> Result<(), Error> {
        let mut groups: Vec<usize> = (0..self.scenario.groups.len()).collect();
        let skills = |g: usize| self.scenario.groups.get(g).map_or(0, |one| one.skills.len());
        groups.sort_by_key(|g| std::cmp::Reverse(skills(*g)));
        for g in groups {
            // Every third interval at once: what one leaves to the next hardly reaches further.
            for turn in 0..3 {
                let mut open: Vec<usize> = (turn..self.scenario.intervals).step_by(3).collect();
                while !open.is_empty() && self.step() {
                    open.retain(|i| self.levels.at(g, *i) > 0);
                    let Some(kept) = self.removed(g, &open)? else { return Ok(()) };
                    open = kept;
                }
            }
        }
        Ok(())
    }

    /// Takes one person of a group out of each of these intervals where that harms no target; those where it did not.
    fn removed(&mut self, group: usize, open: &[usize]) -> Result<Option<Vec<usize>>, Error> {
        let before = self.missed(&self.report);
        let mut kept = open.to_vec();
        while !kept.is_empty() {
            let mut fewer = self.levels.clone();
            for i in &kept {
                fewer.change(group, *i, -1);
            }
            let Some(report) = self.simulated(&fewer)? else { return Ok(None) };
            let harmed: Vec<usize> =
                self.missed(&report).iter().filter(|one| !before.contains(one)).map(|(_, i)| *i).collect();
            if harmed.is_empty() {
                (self.levels, self.report) = (fewer, report);
                return Ok(Some(kept));
            }
            // Who is missed in an interval left it, or one shortly before: the last change at or before it goes back.
            let all = kept.len();
            for harmed in harmed {
                if let Some(at) = kept.iter().rposition(|i| *i <= harmed) {
                    kept.remove(at);
                }
            }
            // Never without an end, also when a person's absence is felt earlier than it begins, by overflow.
            if kept.len() == all {
                kept.pop();
            }
            if !self.step() {
                return Ok(None);
            }
        }
        Ok(Some(kept))
    }

    /// Calls answered in time besides by one more person, by group and interval.
    fn marginal(&mut self) -> Result<Vec<Vec<Estimate>>, Error> {
        let cells =
            (0..self.scenario.groups.len()).flat_map(|g| (0..self.scenario.intervals).map(move |i| (g, i)));
        let cells: Vec<(usize, usize)> = cells.collect();
        let base = self.levels.staffed(self.scenario);
        let mut marginal = vec![Vec::new(); self.scenario.groups.len()];
        for some in cells.chunks(self.at_once()) {
            let variants = some.iter().map(|(g, i)| {
                let mut more = self.levels.clone();
                more.change(*g, *i, 1);
                (String::new(), more.staffed(self.scenario))
            });
            let variants: Vec<_> = variants.collect();
            let found = match compare(&base, &variants, &self.run, self.stop) {
                Ok(found) if found.plan.replications == self.report.replications => found,
                Ok(_) | Err(Error::Stopped) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
            let total = Scope { of: Of::Centre, intervals: self.scenario.measured.clone() };
            for (v, (g, _)) in some.iter().enumerate() {
                if let (Some(difference), Some(row)) = (found.difference(v, &total), marginal.get_mut(*g)) {
                    row.push(difference.good_calls);
                }
            }
        }
        Ok(marginal)
    }
}
