//! Gaps: whose uptake of what is below target, and by how much it matters.

use std::collections::BTreeMap;

use crate::{
    Confidence, Counts, EvidenceError, Interval, Population, benjamini_hochberg, probability,
    tail_at_or_below_mid,
};

/// Weeks a gap looks back over: long enough for some dozens of conversations a person, short enough that it is
/// still about today.
pub const WINDOW_WEEKS: f64 = 4.0;

/// Share of reported gaps that may be no gaps.
pub const FALSE_DISCOVERY: f64 = 0.05;

/// Below this n a cell is shown greyed and never reported as a gap: a shortfall of 20 points cannot be told from
/// chance there, and testing such cells would only cost the others their power.
pub const MINIMUM_APPLICABLE: u64 = 20;

/// One behaviour of one person or team, over the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<K, P> {
    /// What the caller calls this cell: person or team, and behaviour.
    pub key: K,
    /// Whom the estimate borrows from: cells of one population are peers in the same behaviour (all agents, or all
    /// teams; not both, for they hold the same conversations).
    pub population: P,
    /// Applicable and shown in the window.
    pub counts: Counts,
    /// The target that holds for this cell, within 0..=1.
    pub target: f64,
}

/// What makes a cell a gap. [`Default`] is the definition of the glossary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapRule {
    /// Weeks over which the counts were taken; applicable conversations a week are counts ÷ this.
    pub window_weeks: f64,
    /// Rate of false discoveries over all cells considered, within 0..=1.
    pub false_discovery: f64,
    /// Cells with fewer applicable conversations are not considered.
    pub minimum_applicable: u64,
}

impl Default for GapRule {
    fn default() -> Self {
        Self {
            window_weeks: WINDOW_WEEKS,
            false_discovery: FALSE_DISCOVERY,
            minimum_applicable: MINIMUM_APPLICABLE,
        }
    }
}

/// A behaviour that a person or a team does not yet do as often as wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap<K> {
    /// The key of the cell.
    pub key: K,
    /// Applicable and shown in the window.
    pub counts: Counts,
    /// Uptake as counted, within 0..=1.
    pub uptake: f64,
    /// 95 % Wilson interval of the uptake.
    pub interval: Interval,
    /// Empirical-Bayes estimate, within 0..1.
    pub estimate: f64,
    /// The target that was missed.
    pub target: f64,
    /// One-sided mid-p probability of so few shown, were the target met.
    pub p: f64,
    /// The false discovery rate at which this gap would just be reported.
    pub q: f64,
    /// (target − estimate) × applicable conversations a week: conversations a week that would go better.
    pub impact: f64,
}

/// The gaps among `cells`, largest impact first (ties in the order given).
///
/// A cell with at least `minimum_applicable` conversations is considered; it is a gap when the one-sided binomial
/// test against its target is found at `false_discovery` by Benjamini–Hochberg over all cells considered. The test
/// takes the mid-p value: the exact test is conservative for counts this small and would overlook some real gaps.
/// The estimate in the impact borrows from the cell's population, small cells included.
pub fn gaps<K: Clone, P: Ord + Clone>(
    cells: &[Cell<K, P>],
    rule: GapRule,
) -> Result<Vec<Gap<K>>, EvidenceError> {
    if rule.window_weeks.is_nan() || rule.window_weeks <= 0.0 {
        return Err(EvidenceError::Window(rule.window_weeks));
    }
    let considered: Vec<&Cell<K, P>> =
        cells.iter().filter(|cell| cell.counts.applicable() >= rule.minimum_applicable.max(1)).collect();
    let p_values: Vec<f64> = considered
        .iter()
        .map(|cell| tail_at_or_below_mid(cell.counts, probability(cell.target)?))
        .collect::<Result<_, _>>()?;
    let discoveries = benjamini_hochberg(&p_values, rule.false_discovery)?;
    let populations = populations(cells);
    let mut found: Vec<Gap<K>> = considered
        .iter()
        .zip(p_values.iter().zip(&discoveries))
        .filter(|(_, (_, discovery))| discovery.found)
        .filter_map(|(cell, (p, discovery))| {
            let uptake = cell.counts.rate()?;
            let population = populations.get(&cell.population).copied().unwrap_or(Population::JEFFREYS);
            let estimate = population.estimate(cell.counts);
            Some(Gap {
                key: cell.key.clone(),
                counts: cell.counts,
                uptake,
                interval: cell.counts.wilson(Confidence::P95),
                estimate,
                target: cell.target,
                p: *p,
                q: discovery.q,
                impact: (cell.target - estimate) * cell.counts.applicable() as f64 / rule.window_weeks,
            })
        })
        .collect();
    found.sort_by(|a, b| b.impact.total_cmp(&a.impact));
    Ok(found)
}

fn populations<K, P: Ord + Clone>(cells: &[Cell<K, P>]) -> BTreeMap<P, Population> {
    let mut groups: BTreeMap<P, Vec<Counts>> = BTreeMap::new();
    for cell in cells {
        groups.entry(cell.population.clone()).or_default().push(cell.counts);
    }
    groups.into_iter().map(|(key, counts)| (key, Population::by_moments(&counts))).collect()
}
