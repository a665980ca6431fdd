//! Nobody to compare with: a plain change from the clean baseline, and how far the whole centre may have swung.

use std::collections::BTreeMap;

use super::compare::Effect;
use super::windows::Windows;
use super::{Note, Part, Trace};
use crate::Regression;

/// Clean weeks without which the swings of the centre cannot be told.
const WEEKS_FOR_SWING: usize = 4;

/// Share of the raw differences between weeks that counts as swing whatever their sampling error.
const LEAST_SWING: f64 = 0.25;

pub(super) fn effect<K>(windows: &Windows<'_, K>, notes: &mut Vec<Note>) -> Option<Effect> {
    let drilled: Vec<_> =
        windows.samples.iter().enumerate().filter(|(_, sample)| sample.part == Part::Drilled).collect();
    if drilled.is_empty() {
        return None;
    }
    let last = drilled.iter().map(|(_, sample)| sample.drill).max().unwrap_or(0);
    let middle = last.saturating_add(i64::from(windows.plan.after_weeks / 2));
    let distance = middle.saturating_sub(*windows.clean.end()).saturating_add(2);
    let swing = Swing::of(windows.traces, *windows.clean.end(), distance as f64);
    notes.push(Note::NothingToCompare { swing: swing.as_ref().map(|swing| swing.variance.sqrt()) });
    let mut regression = Regression::new(1);
    for (_, sample) in &drilled {
        let variance = sample.after_variance + sample.baseline_variance;
        regression.push(sample.person, variance.recip(), sample.change(), &[1.0]);
    }
    let fit = regression.fit()?;
    let own = fit.cluster_robust(0);
    let swing = swing?;
    let variance = own.standard_error.powi(2);
    let total = variance + swing.variance;
    // Satterthwaite (1946): the degrees of freedom of a sum of two estimated variances.
    let unsure = variance * variance / own.degrees_of_freedom.max(f64::MIN_POSITIVE)
        + swing.variance * swing.variance / swing.degrees_of_freedom;
    Some(Effect {
        value: own.value,
        standard_error: total.sqrt(),
        degrees_of_freedom: if own.degrees_of_freedom > 0.0 && unsure > 0.0 {
            total * total / unsure
        } else {
            0.0
        },
        weights: drilled.iter().map(|(index, _)| *index).zip(fit.weights(0)).collect(),
    })
}

/// How far everybody together moves between two times, from the weeks before the selection weeks.
struct Swing {
    variance: f64,
    degrees_of_freedom: f64,
}

impl Swing {
    /// The largest mean square of differences between two weeks less their sampling error, over the lags that half
    /// of the weeks allow; taken as a random walk beyond these. A quarter of the raw figure at least: from so few
    /// weeks it is not known that there are no swings.
    fn of<K>(traces: &[&Trace<K>], until: i64, distance: f64) -> Option<Self> {
        let series = common_series(traces, until);
        let longest = series.len() / 2;
        if series.len() < WEEKS_FOR_SWING {
            return None;
        }
        let mut worst = 0.0_f64;
        for lag in 1..=longest {
            let pairs = series.iter().zip(series.iter().skip(lag));
            let (mut squares, mut noise) = (0.0, 0.0);
            for ((early, early_noise), (late, late_noise)) in pairs {
                squares += (late - early).powi(2);
                noise += early_noise + late_noise;
            }
            worst = worst.max((squares - noise).max(squares * LEAST_SWING) / (series.len() - lag) as f64);
        }
        let further = (distance / longest as f64).max(1.0);
        Some(Self { variance: worst * further, degrees_of_freedom: series.len() as f64 - 1.0 })
    }
}

/// Week by week up to `until`, how far people together were from their own means, as a share, and its sampling
/// variance.
fn common_series<K>(traces: &[&Trace<K>], until: i64) -> Vec<(f64, f64)> {
    let mut weeks: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
    for trace in traces {
        let mut own: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        let undrilled = |week: i64| week <= until && trace.group.drilled().is_none_or(|drill| week < drill);
        for (week, counts) in trace.weeks.iter().filter(|(week, _)| undrilled(*week)) {
            let (shown, applicable) = own.entry(*week).or_default();
            *shown += counts.shown() as f64;
            *applicable += counts.applicable() as f64;
        }
        let total: f64 = own.values().map(|(_, applicable)| applicable).sum();
        let mean = own.values().map(|(shown, _)| shown).sum::<f64>() / total.max(1.0);
        for (week, (shown, applicable)) in own.into_iter().filter(|(_, (_, applicable))| *applicable > 0.0) {
            let (above, spread, all) = weeks.entry(week).or_default();
            *above += shown - mean * applicable;
            *spread += mean * (1.0 - mean) * applicable;
            *all += applicable;
        }
    }
    weeks.into_values().map(|(above, spread, all)| (above / all, spread / (all * all))).collect()
}
