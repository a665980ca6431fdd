//! What can be said of an effect, and what would have to be added where nothing can.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::Effect;
use super::windows::Windows;
use super::{Conclusion, MINIMUM_PEOPLE, Note, Part, Plain, Row, Side, Verdict};
use crate::{Confidence, Counts, Estimate, Interval, quantile};

/// The chance of finding a worthwhile effect that “enough conversations” promises.
const POWER: f64 = 0.8;

/// More than so many times the conversations there are is nothing to wait for: four weeks would be a year.
const MOST_TIMES: f64 = 13.0;

pub(super) fn verdict<K: Clone + Ord>(
    windows: &Windows<'_, K>,
    effect: Option<&Effect>,
    mut notes: Vec<Note>,
    plain: Plain,
) -> Verdict<K> {
    let rows = effect.map_or_else(Vec::new, |effect| rows(windows, effect));
    let people = rows.iter().filter(|row| row.part == Part::Drilled).count();
    let measured = windows.samples.iter().filter(|sample| sample.part == Part::Drilled).count();
    if measured + windows.waiting < MINIMUM_PEOPLE && !notes.contains(&Note::NobodyDrilled) {
        notes.push(Note::FewPeople { people: measured, needed: MINIMUM_PEOPLE });
    }
    let interval = effect.map_or(UNKNOWN, |effect| {
        let wide = effect.estimate().interval(Confidence::P95);
        Interval { low: wide.low.max(-1.0), high: wide.high.min(1.0) }
    });
    let conclusion = match effect {
        Some(effect) if people >= MINIMUM_PEOPLE && windows.waiting == 0 => {
            conclude(windows, effect, interval, &mut notes)
        }
        _ => Conclusion::NotEnough { more: 0 },
    };
    Verdict {
        conclusion,
        effect: effect.map(|effect| effect.value),
        interval,
        standard_error: effect.map_or(0.0, |effect| effect.standard_error),
        degrees_of_freedom: effect.map_or(0.0, |effect| effect.degrees_of_freedom),
        drilled: side(&rows, Part::Drilled),
        compared: side(&rows, Part::Compared),
        plain,
        notes,
        rows,
    }
}

/// What is known of a difference of which nothing was observed.
const UNKNOWN: Interval = Interval { low: -1.0, high: 1.0 };

impl Effect {
    fn estimate(&self) -> Estimate {
        Estimate {
            value: self.value,
            standard_error: self.standard_error,
            degrees_of_freedom: self.degrees_of_freedom,
        }
    }
}

fn conclude<K>(
    windows: &Windows<'_, K>,
    effect: &Effect,
    interval: Interval,
    notes: &mut Vec<Note>,
) -> Conclusion {
    if interval.low > 0.0 {
        Conclusion::Worked
    } else if interval.high < 0.0 {
        Conclusion::Worse
    } else if interval.high < windows.plan.worthwhile {
        Conclusion::NoChange
    } else {
        Conclusion::NotEnough { more: more(windows, effect, notes) }
    }
}

/// Conversations still needed. The variance of the effect is that of the after rates, which falls with the number of
/// conversations (of the drilled people and of the others alike, who go on through the same weeks), and a rest,
/// which does not.
fn more<K>(windows: &Windows<'_, K>, effect: &Effect, notes: &mut Vec<Note>) -> u64 {
    let (mut seen, mut drilled) = (0, 0.0);
    // Somebody compared with several stacks has some of the same weeks after in each: their weights add up first.
    let weeks = windows.plan.after_weeks;
    let mut counted: BTreeMap<(usize, i64), (f64, f64)> = BTreeMap::new();
    for (index, weight) in &effect.weights {
        let Some(sample) = windows.samples.get(*index) else { continue };
        for week in 1..=weeks {
            let week = sample.drill.saturating_add(i64::from(week));
            let (total, variance) = counted.entry((sample.person, week)).or_default();
            *total += weight / f64::from(weeks);
            *variance = f64::max(*variance, sample.after_variance * f64::from(weeks));
        }
        if sample.part == Part::Drilled {
            seen = u64::saturating_add(seen, sample.after.applicable());
            drilled += 1.0;
        }
    }
    let after: f64 = counted.values().map(|(weight, variance)| weight * weight * variance).sum();
    let variance = effect.standard_error.powi(2);
    let wanted = wanted_error(windows.plan.worthwhile, effect).powi(2);
    let rest = (variance - after).max(0.0);
    let times = after.min(variance) / (wanted - rest);
    if wanted > rest && times <= MOST_TIMES {
        return whole(((times - 1.0) * seen as f64).ceil()).max(1);
    }
    notes.push(Note::MorePeople { people: whole((drilled * variance / wanted).ceil() - drilled).max(1) });
    0
}

/// The standard error at which a worthwhile effect is found four times of five; where that is reached and the
/// interval still holds both, the one that would decide it if the effect stays where it is.
fn wanted_error(worthwhile: f64, effect: &Effect) -> f64 {
    let freedom = effect.degrees_of_freedom;
    let half = quantile::student(1.0 - Confidence::P95.tail(), freedom);
    let for_power = worthwhile / (half + quantile::student(POWER, freedom));
    if effect.standard_error > for_power {
        return for_power;
    }
    f64::max(effect.value, worthwhile - effect.value) / half
}

/// A whole number of conversations or people; never negative, and a year of a continent at most.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited to 0..=1e12")]
fn whole(number: f64) -> u64 {
    number.clamp(0.0, 1e12) as u64
}

fn rows<K: Clone>(windows: &Windows<'_, K>, effect: &Effect) -> Vec<Row<K>> {
    effect
        .weights
        .iter()
        .filter_map(|(index, weight)| {
            let sample = windows.samples.get(*index)?;
            Some(Row {
                key: sample.trace.key.clone(),
                part: sample.part,
                drill: sample.drill,
                before: sample.before,
                after: sample.after,
                baseline: sample.baseline,
                modelled: sample.modelled,
                estimate: sample.estimate,
                weight: *weight,
            })
        })
        .collect()
}

fn side<K: Ord>(rows: &[Row<K>], part: Part) -> Option<Side> {
    let mine: Vec<&Row<K>> = rows.iter().filter(|row| row.part == part).collect();
    let people: BTreeSet<&K> = mine.iter().map(|row| &row.key).collect();
    let total: f64 = mine.iter().map(|row| row.weight).sum();
    let mean =
        |value: fn(&Row<K>) -> f64| mine.iter().map(|row| row.weight * value(row)).sum::<f64>() / total;
    if mine.is_empty() || total == 0.0 {
        return None;
    }
    Some(Side {
        people: people.len(),
        before: counted(&mine, |row| row.before),
        after: counted(&mine, |row| row.after),
        baseline: mean(|row| row.baseline),
        change: mean(|row| row.after.rate().unwrap_or(row.baseline) - row.baseline),
    })
}

fn counted<K>(rows: &[&Row<K>], of: fn(&Row<K>) -> Counts) -> Counts {
    rows.iter().fold(Counts::NONE, |sum, row| sum.plus(of(row)))
}
