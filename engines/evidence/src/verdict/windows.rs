//! Who enters a comparison, with what before and after.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::{Group, MOST_STACKS, Note, Part, Trace, VerdictPlan};
use crate::{Counts, EvidenceError, Population, WINDOW_WEEKS};

/// Conversations in the clean weeks from which a person's own rate is a baseline; below it their baseline is
/// modelled, and with as few in all weeks before the drill they are left out. A rate of ten is uncertain by 13
/// points, which the weights take into account; below that the rate is hardly about the person.
pub(super) const MINIMUM_BASELINE: u64 = 10;

/// Least p(1 − p) that a weight is made from, that of 98 %: an estimate near 100 % is too uncertain to count as sure.
const LEAST_SPREAD: f64 = 0.02;

/// One person beside one week of drill.
pub(super) struct Sample<'a, K> {
    pub trace: &'a Trace<K>,
    /// Place of the person among the traces.
    pub person: usize,
    pub part: Part,
    pub drill: i64,
    pub selected: Counts,
    pub before: Counts,
    pub after: Counts,
    pub baseline: f64,
    pub modelled: bool,
    pub estimate: f64,
    /// Sampling variance of the after rate and of the baseline.
    pub after_variance: f64,
    pub baseline_variance: f64,
}

impl<K> Sample<'_, K> {
    /// What the regression explains: the after rate less the baseline.
    pub fn change(&self) -> f64 {
        self.after.rate().unwrap_or(self.baseline) - self.baseline
    }

    /// p(1 − p) at selection: how far a common season moves this person.
    pub fn leverage(&self) -> f64 {
        self.estimate * (1.0 - self.estimate)
    }
}

/// The weeks of a plan and everyone in them.
pub(super) struct Windows<'a, K> {
    pub plan: &'a VerdictPlan,
    pub traces: &'a [&'a Trace<K>],
    /// Clean weeks, the first possibly after the last where there are none.
    pub clean: RangeInclusive<i64>,
    pub samples: Vec<Sample<'a, K>>,
    pub notes: Vec<Note>,
    /// Drilled people whose after weeks are not over.
    pub waiting: usize,
}

/// What everybody together says of a single person.
struct Peers {
    /// Propensities as of the selection weeks, and as of all weeks before.
    at_selection: Population,
    before: Population,
    /// How much lower or higher the clean weeks were than the selection weeks, on the logit scale.
    shift: f64,
}

impl<'a, K: Ord> Windows<'a, K> {
    pub fn of(traces: &'a [&'a Trace<K>], plan: &'a VerdictPlan) -> Result<Self, EvidenceError> {
        let member_drills: BTreeSet<i64> = traces
            .iter()
            .filter_map(|trace| match trace.group {
                Group::Member { drilled } => drilled,
                Group::Other { .. } => None,
            })
            .collect();
        if member_drills.len() > MOST_STACKS {
            return Err(EvidenceError::Stacks(member_drills.len()));
        }
        let mut notes = Vec::new();
        let first_drill = member_drills.first().copied();
        if first_drill.is_none() {
            notes.push(Note::NobodyDrilled);
        }
        let before_drill = first_drill.map_or(i64::MAX, |week| week.saturating_sub(1));
        let selection = if plan.selection.is_empty() {
            notes.push(Note::ChosenByHand);
            let last = before_drill.min(plan.now);
            last.saturating_sub(WINDOW - 1)..=last
        } else {
            *plan.selection.start()..=(*plan.selection.end()).min(before_drill)
        };
        let clean_end = selection.start().saturating_sub(1).min(before_drill);
        let clean = clean_end.saturating_sub(i64::from(plan.baseline_weeks) - 1)..=clean_end;
        let history =
            traces.iter().flat_map(|trace| &trace.weeks).filter(|(_, counts)| counts.applicable() > 0);
        let first = history.map(|(week, _)| *week).min().unwrap_or(i64::MAX);
        let there = clean_end.saturating_add(1).saturating_sub(first.max(*clean.start()));
        let there = u16::try_from(there.max(0)).unwrap_or(u16::MAX);
        if there < plan.baseline_weeks {
            notes.push(Note::ShortBaseline { weeks: there });
        }
        let peers = Peers::of(traces, &clean, &selection);
        let mut windows = Self { plan, traces, clean, samples: Vec::new(), notes, waiting: 0 };
        windows.fill(&member_drills, &selection, &peers);
        Ok(windows)
    }

    fn fill(&mut self, drills: &BTreeSet<i64>, selection: &RangeInclusive<i64>, peers: &Peers) {
        let (mut gone, mut new, mut until, mut others) = (0, 0, i64::MIN, BTreeSet::new());
        for &drill in drills {
            let after = drill.saturating_add(1)..=drill.saturating_add(i64::from(self.plan.after_weeks));
            let over = *after.end() <= self.plan.now;
            for (person, trace) in self.traces.iter().copied().enumerate() {
                let part = match trace.group {
                    Group::Member { drilled } if drilled == Some(drill) => Part::Drilled,
                    group if group.drilled().is_none_or(|week| week > *after.end()) => Part::Compared,
                    Group::Other { .. } => {
                        others.insert(person);
                        continue;
                    }
                    Group::Member { .. } => continue,
                };
                if !over {
                    if part == Part::Drilled {
                        self.waiting += 1;
                        until = until.max(*after.end());
                    }
                    continue;
                }
                match sample((person, trace, part, drill), &self.clean, selection, &after, peers) {
                    Ok(sample) => self.samples.push(sample),
                    Err(Missing::After) => gone += usize::from(part == Part::Drilled),
                    Err(Missing::Before) => new += usize::from(part == Part::Drilled),
                }
            }
        }
        let modelled = |sample: &&Sample<'_, K>| sample.part == Part::Drilled && sample.modelled;
        let modelled = self.samples.iter().filter(modelled).count();
        let some = [
            (self.waiting, Note::Waiting { people: self.waiting, until }),
            (gone, Note::Gone { people: gone }),
            (new, Note::NothingBefore { people: new }),
            (modelled, Note::ModelledBaseline { people: modelled }),
            (others.len(), Note::OthersDrilled { people: others.len() }),
        ];
        self.notes.extend(some.into_iter().filter(|(people, _)| *people > 0).map(|(_, note)| note));
    }
}

/// [`WINDOW_WEEKS`], as a number of weeks.
#[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
const WINDOW: i64 = WINDOW_WEEKS as i64;

/// Why somebody cannot be measured.
enum Missing {
    Before,
    After,
}

fn sample<'a, K>(
    (person, trace, part, drill): (usize, &'a Trace<K>, Part, i64),
    clean: &RangeInclusive<i64>,
    selection: &RangeInclusive<i64>,
    after: &RangeInclusive<i64>,
    peers: &Peers,
) -> Result<Sample<'a, K>, Missing> {
    let (before, selected) = (sum(trace, clean), sum(trace, selection));
    let after = sum(trace, after);
    if after.applicable() == 0 {
        return Err(Missing::After);
    }
    let estimate = peers.at_selection.estimate(selected);
    let spread = (estimate * (1.0 - estimate)).max(LEAST_SPREAD);
    let modelled = before.applicable() < MINIMUM_BASELINE;
    let (baseline, baseline_variance) = match before.rate() {
        Some(rate) if !modelled => (rate, spread / before.applicable() as f64),
        _ => peers.model(before, selected).ok_or(Missing::Before)?,
    };
    let after_variance = spread / after.applicable() as f64;
    Ok(Sample {
        trace,
        person,
        part,
        drill,
        selected,
        before,
        after,
        baseline,
        modelled,
        estimate,
        after_variance,
        baseline_variance,
    })
}

impl Peers {
    fn of<K>(traces: &[&Trace<K>], clean: &RangeInclusive<i64>, selection: &RangeInclusive<i64>) -> Self {
        let at_selection: Vec<Counts> = traces.iter().map(|trace| sum(trace, selection)).collect();
        let at_first: Vec<Counts> = traces.iter().map(|trace| sum(trace, clean)).collect();
        let before: Vec<Counts> =
            at_selection.iter().zip(&at_first).map(|(late, early)| late.plus(*early)).collect();
        // The season is read from those seen in both, so that newcomers do not make one.
        let both = at_selection
            .iter()
            .zip(&at_first)
            .filter(|(late, early)| late.applicable().min(early.applicable()) >= MINIMUM_BASELINE);
        let (late, early) = both
            .fold((Counts::NONE, Counts::NONE), |(late, early), (more_late, more_early)| {
                (late.plus(*more_late), early.plus(*more_early))
            });
        let shift = if early.applicable() > 0 { logit(early) - logit(late) } else { 0.0 };
        Self {
            at_selection: Population::by_moments(&at_selection),
            before: Population::by_moments(&before),
            shift,
        }
    }

    /// A baseline, and its variance, from all counts before the drill, brought to the season of the clean weeks;
    /// nothing where they are too few.
    fn model(&self, before: Counts, selected: Counts) -> Option<(f64, f64)> {
        let all = before.plus(selected);
        if all.applicable() < MINIMUM_BASELINE {
            return None;
        }
        let mean = self.before.estimate(all);
        let variance = mean * (1.0 - mean) / (self.before.strength() + all.applicable() as f64 + 1.0);
        let shift = self.shift * selected.applicable() as f64 / all.applicable() as f64;
        let odds = mean / (1.0 - mean) * shift.exp();
        Some((odds / (1.0 + odds), variance))
    }
}

/// Log odds with half a success and half a failure added (Haldane 1956; Anscombe 1956).
fn logit(counts: Counts) -> f64 {
    let shown = counts.shown() as f64;
    ((shown + 0.5) / (counts.applicable() as f64 - shown + 0.5)).ln()
}

/// What a person did over some weeks.
pub(super) fn sum<K>(trace: &Trace<K>, weeks: &RangeInclusive<i64>) -> Counts {
    let within = trace.weeks.iter().filter(|(week, _)| weeks.contains(week));
    within.fold(Counts::NONE, |sum, (_, counts)| sum.plus(*counts))
}
