//! Drilled people beside those not yet drilled.

use std::collections::{BTreeMap, BTreeSet};

use super::windows::{Sample, Windows};
use super::{Note, Part};
use crate::Regression;

/// Fewer people than these make no comparison: their own luck would be taken for the season.
const MINIMUM_COMPARED: usize = 3;

/// From so many people compared on, the season of a stack may depend on p(1 − p); a line through fewer would be
/// bent by each of them.
const PEOPLE_FOR_SLOPE: usize = 10;

/// Spread of p(1 − p) among the people compared (standard deviation) below which there is no line to draw.
const LEAST_SLOPE_SPREAD: f64 = 0.005;

/// A change because of the drill.
pub(super) struct Effect {
    pub value: f64,
    pub standard_error: f64,
    pub degrees_of_freedom: f64,
    /// Samples that entered, each with what its change counts in the effect.
    pub weights: Vec<(usize, f64)>,
}

/// The effect, or nothing where no stack has anybody to compare with. A stack without is left out.
pub(super) fn effect<K>(windows: &Windows<'_, K>, notes: &mut Vec<Note>) -> Option<Effect> {
    let mut stacks: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for sample in &windows.samples {
        let (drilled, compared) = stacks.entry(sample.drill).or_default();
        match sample.part {
            Part::Drilled => *drilled += 1,
            Part::Compared => *compared += 1,
        }
    }
    let usable = |counts: &(usize, usize)| counts.0 > 0 && counts.1 >= MINIMUM_COMPARED;
    let kept: BTreeSet<i64> =
        stacks.iter().filter(|(_, counts)| usable(counts)).map(|(drill, _)| *drill).collect();
    let left_out: usize =
        stacks.iter().filter(|(drill, _)| !kept.contains(drill)).map(|(_, (drilled, _))| drilled).sum();
    let entering: Vec<(usize, &Sample<'_, K>)> =
        windows.samples.iter().enumerate().filter(|(_, sample)| kept.contains(&sample.drill)).collect();
    if entering.is_empty() {
        return None;
    }
    if left_out > 0 {
        notes.push(Note::NotCompared { people: left_out });
    }
    let design = Design::of(&entering, kept);
    // Season lines that are combinations of each other leave a comparison of means.
    fitted(&entering, &design).or_else(|| fitted(&entering, &design.without_lines()))
}

/// Columns: the effect, each stack's season, and each stack's line in p(1 − p).
struct Design {
    seasons: BTreeMap<i64, usize>,
    lines: BTreeMap<i64, usize>,
    /// The drilled people's mean of p(1 − p).
    centre: f64,
}

impl Design {
    fn of<K>(entering: &[(usize, &Sample<'_, K>)], stacks: BTreeSet<i64>) -> Self {
        let seasons: BTreeMap<i64, usize> = stacks.into_iter().zip(1..).collect();
        let drilled = entering.iter().filter(|(_, sample)| sample.part == Part::Drilled);
        let (sum, count) =
            drilled.fold((0.0, 0.0), |(sum, count), (_, sample)| (sum + sample.leverage(), count + 1.0));
        let mut lines = BTreeMap::new();
        for drill in seasons.keys() {
            let compared = entering
                .iter()
                .filter(|(_, sample)| sample.drill == *drill && sample.part == Part::Compared)
                .map(|(_, sample)| sample.leverage());
            if has_line(&compared.collect::<Vec<f64>>()) {
                lines.insert(*drill, 1 + seasons.len() + lines.len());
            }
        }
        Self { seasons, lines, centre: sum / f64::max(count, 1.0) }
    }

    fn without_lines(&self) -> Self {
        Self { seasons: self.seasons.clone(), lines: BTreeMap::new(), centre: self.centre }
    }

    fn columns(&self) -> usize {
        1 + self.seasons.len() + self.lines.len()
    }

    fn row<K>(&self, sample: &Sample<'_, K>) -> Vec<f64> {
        let mut row = vec![0.0; self.columns()];
        let mut set = |column: usize, value: f64| {
            if let Some(cell) = row.get_mut(column) {
                *cell = value;
            }
        };
        set(0, f64::from(sample.part == Part::Drilled));
        if let Some(column) = self.seasons.get(&sample.drill) {
            set(*column, 1.0);
        }
        if let Some(column) = self.lines.get(&sample.drill) {
            set(*column, sample.leverage() - self.centre);
        }
        row
    }
}

fn has_line(leverages: &[f64]) -> bool {
    let count = leverages.len() as f64;
    let mean = leverages.iter().sum::<f64>() / count;
    let spread = leverages.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    leverages.len() >= PEOPLE_FOR_SLOPE && spread.sqrt() >= LEAST_SLOPE_SPREAD
}

fn fitted<K>(entering: &[(usize, &Sample<'_, K>)], design: &Design) -> Option<Effect> {
    let regression = |extra: f64| {
        let mut regression = Regression::new(design.columns());
        for (_, sample) in entering {
            let variance = sample.after_variance + sample.baseline_variance + extra;
            regression.push(sample.person, variance.recip(), sample.change(), &design.row(sample));
        }
        regression
    };
    let first = regression(0.0);
    let weighted = regression(first.fit()?.extra_variance());
    let fit = weighted.fit()?;
    let estimate = fit.cluster_robust(0);
    Some(Effect {
        value: estimate.value,
        standard_error: estimate.standard_error,
        degrees_of_freedom: estimate.degrees_of_freedom,
        weights: entering.iter().map(|(index, _)| *index).zip(fit.weights(0)).collect(),
    })
}
