//! What a run found out.

use std::sync::Arc;

use super::moments::{Column, Estimate, Moments, Pairing, Quantile, Ratio};
use super::scope::{Of, Scope, Scopes};

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Every interval asked for is narrow enough.
    Precise,
    /// All replications allowed are through.
    Replications,
    /// The budget of calls is used up.
    Budget,
    /// Somebody asked to stop; what was through counts.
    Stopped,
}

/// Figures of one scope: means over replications, each with the half-width of its interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Figures {
    /// Calls that came, those who tried again included.
    pub offered: Estimate,
    /// Calls that were answered, callbacks apart.
    pub answered: Estimate,
    /// Calls that hung up.
    pub abandoned: Estimate,
    /// By the definition and threshold of each call type, 0 to 1.
    pub service_level: Option<Estimate>,
    /// Abandoned ÷ offered.
    pub abandonment: Option<Estimate>,
    /// Mean wait of those answered, seconds (ASA).
    pub asa_s: Option<Estimate>,
    /// Mean wait of all, seconds, until answered, hung up, or called off for a callback.
    pub mean_wait_s: Option<Estimate>,
    /// Share of calls that had to wait, without those who hung up at once.
    pub waiting: Option<Estimate>,
    /// Mean number of customers waiting.
    pub queue_length: Estimate,
    /// Handling time ÷ time at the phone, 0 to 1; not of a call type.
    pub occupancy: Option<Estimate>,
    /// Hours at the phone, calls finished after the shift included; not of a call type.
    pub staffed_h: Estimate,
    /// Callbacks that customers accepted.
    pub callbacks: Estimate,
    /// Of these, those that were called.
    pub called_back: Estimate,
    /// From accepting a callback to being called, mean seconds.
    pub callback_wait_s: Option<Estimate>,
    /// Of the calls that came, those who tried again.
    pub redials: Estimate,
    /// Still waiting when the last agent had left.
    pub left_waiting: Estimate,
}

/// What a run found out about one plan.
#[derive(Debug, Clone)]
pub struct Report {
    /// Replications.
    pub replications: u64,
    /// Calls simulated, in all replications of this plan.
    pub calls: u64,
    /// Events simulated likewise.
    pub events: u64,
    /// Of all intervals, such as 0.95.
    pub confidence: f64,
    /// Why it ended.
    pub ended: Ended,
    pub(crate) scopes: Arc<Scopes>,
    pub(crate) figures: Vec<Figures>,
}

impl Report {
    /// The figures of a scope; none for one that was not asked for.
    pub fn of(&self, scope: &Scope) -> Option<&Figures> {
        self.scopes.place(scope).and_then(|at| self.figures.get(at))
    }

    /// The whole measured stretch of the centre, a call type or a group.
    pub fn total(&self, of: Of) -> Option<&Figures> {
        self.scopes.list.iter().position(|one| one.of == of).and_then(|at| self.figures.get(at))
    }

    /// All scopes with their figures: totals first, then by interval, then those asked for besides.
    pub fn all(&self) -> impl Iterator<Item = (&Scope, &Figures)> {
        self.scopes.list.iter().zip(&self.figures)
    }
}

/// By how much a variant differs from the plan, over the same calls: variant − plan.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Difference {
    /// Of the service level; 0.01 is one point.
    pub service_level: Option<Estimate>,
    /// Of the share abandoned.
    pub abandonment: Option<Estimate>,
    /// Of the mean wait of those answered, seconds.
    pub asa_s: Option<Estimate>,
    /// Of the calls that count as good for the service level, in one replication.
    pub good_calls: Estimate,
}

/// A plan and its variants, over the same calls.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The plan itself.
    pub plan: Report,
    /// Each variant with its own figures.
    pub variants: Vec<Report>,
    pub(crate) differences: Vec<Vec<Difference>>,
}

impl Comparison {
    /// Variant minus plan in one scope.
    pub fn difference(&self, variant: usize, scope: &Scope) -> Option<&Difference> {
        let at = self.plan.scopes.place(scope)?;
        self.differences.get(variant)?.get(at)
    }
}

impl Figures {
    pub(crate) fn new(moments: &Moments, quantile: Quantile) -> Figures {
        let mean = |column| moments.average(column, quantile);
        let ratio = |ratio| moments.ratio(ratio, quantile);
        let seconds = mean(Column::Staffed);
        Figures {
            offered: mean(Column::Offered),
            answered: mean(Column::Answered),
            abandoned: mean(Column::Abandoned),
            service_level: ratio(Ratio::ServiceLevel),
            abandonment: ratio(Ratio::Abandonment),
            asa_s: ratio(Ratio::SpeedOfAnswer),
            mean_wait_s: ratio(Ratio::MeanWait),
            waiting: ratio(Ratio::Waiting),
            queue_length: mean(Column::Queue),
            occupancy: ratio(Ratio::Occupancy),
            staffed_h: Estimate { value: seconds.value / 3_600.0, half_width: seconds.half_width / 3_600.0 },
            callbacks: mean(Column::Callbacks),
            called_back: mean(Column::Called),
            callback_wait_s: ratio(Ratio::CallbackWait),
            redials: mean(Column::Redials),
            left_waiting: mean(Column::Left),
        }
    }
}

impl Difference {
    pub(crate) fn new(pairing: &Pairing, plan: &Moments, base: &Moments, quantile: Quantile) -> Difference {
        let of = |ratio| pairing.difference(plan, base, ratio, quantile);
        Difference {
            service_level: of(Ratio::ServiceLevel),
            abandonment: of(Ratio::Abandonment),
            asa_s: of(Ratio::SpeedOfAnswer),
            good_calls: pairing.good_calls(plan, base, quantile),
        }
    }
}
