//! What a number of agents brings about.

use serde::Serialize;

use crate::StaffingError;
use crate::below::below;
use crate::limits::{MOST_AGENTS, MOST_SECONDS};
use crate::load::Load;
use crate::quadrature::Quadrature;
use crate::waiting::{Queue, Waiting};

/// Steps of the search for the load that retrials lead to; it halves at worst, and usually needs six.
const RETRIAL_STEPS: u32 = 80;

/// Fewer agents are nobody and less load is none: the quotient of the two could not be held by an `f64`.
const LEAST: f64 = 1e-100;

/// Which calls a service level counts. The three differ by up to 43 points when callers give up in numbers, so a
/// figure without its definition says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevelDefinition {
    /// Answered within the threshold ÷ offered. The strictest: a caller who gives up counts against it at once.
    #[default]
    OfOffered,
    /// Answered within the threshold ÷ answered. Callers who give up do not count at all.
    OfAnswered,
    /// (Answered or abandoned within the threshold) ÷ offered: short abandons count as good.
    ShortAbandonsGood,
    /// Answered within the threshold ÷ (offered − abandoned within the threshold): short abandons do not count.
    ShortAbandonsExcluded,
}

/// What a number of agents brings about in steady state. Shares are 0..=1, times are seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Outcome {
    /// Share of offered calls that are not answered at once.
    pub p_wait: f64,
    /// Answered within the threshold ÷ offered ([`ServiceLevelDefinition::OfOffered`]).
    pub service_level: f64,
    /// Answered within the threshold ÷ answered; 0 when nobody is answered.
    pub service_level_of_answered: f64,
    /// (Answered or abandoned within the threshold) ÷ offered.
    pub service_level_short_abandons_good: f64,
    /// Average speed of answer: mean wait of those who are answered. Infinite when nobody ever is.
    pub asa_s: f64,
    /// Mean wait of all, abandoned included.
    pub mean_wait_s: f64,
    /// Handling time ÷ (handling time + available time). Where agents hold several conversations: the share of what
    /// they could finish at most that they do finish.
    pub occupancy: f64,
    /// Abandoned ÷ offered.
    pub abandonment: f64,
    /// Answered ÷ offered. Not always what abandonment leaves: with more load than agents and no patience limit nobody
    /// is answered, and nobody gives up.
    pub answered: f64,
    /// Calls offered in the interval, with those who try again.
    pub offered_calls: f64,
    /// Callers who are between two tries at any moment, on average.
    pub between_tries: f64,
}

impl Outcome {
    /// The service level by a named definition.
    pub fn service_level_by(&self, definition: ServiceLevelDefinition) -> f64 {
        let (answered, with_abandoned) = (self.service_level, self.service_level_short_abandons_good);
        match definition {
            ServiceLevelDefinition::OfOffered => answered,
            ServiceLevelDefinition::OfAnswered => self.service_level_of_answered,
            ServiceLevelDefinition::ShortAbandonsGood => with_abandoned,
            ServiceLevelDefinition::ShortAbandonsExcluded => short_excluded(answered, with_abandoned),
        }
    }
}

/// What `agents` (also a part of one) bring about under `load`, with service levels at `threshold_s` seconds.
///
/// More load than agents and no patience limit has no steady state: then nobody is answered, and waits are infinite.
///
/// # Errors
/// When agents or threshold are negative, not a number or beyond [`limits`](crate::limits), or a part of an agent is
/// to hold several conversations.
pub fn evaluate(load: &Load, agents: f64, threshold_s: f64) -> Result<Outcome, StaffingError> {
    let threshold_s = threshold(threshold_s)?;
    Ok(Steady::new(load, checked(load, agents)?).outcome(threshold_s))
}

/// The service level alone, by a named definition, as [`evaluate`] gives it. It takes as long: nearly all of the time goes
/// into the states, which every figure needs.
///
/// # Errors
/// As [`evaluate`].
pub fn service_level(
    load: &Load,
    agents: f64,
    threshold_s: f64,
    definition: ServiceLevelDefinition,
) -> Result<f64, StaffingError> {
    let threshold_s = threshold(threshold_s)?;
    Ok(Steady::new(load, checked(load, agents)?).service_level(threshold_s, definition))
}

/// Probability that all of `agents` are busy when calls that find them so are lost (Erlang B), for a load in erlangs.
///
/// ```
/// let lost = staffing::erlang_b(2.0, 1.0)?; // (1²/2!) ÷ (1 + 1 + 1²/2!)
/// assert!((lost - 0.2).abs() < 1e-15);
/// # Ok::<(), staffing::StaffingError>(())
/// ```
///
/// # Errors
/// When agents or load are negative, not a number or beyond [`limits`](crate::limits).
pub fn erlang_b(agents: f64, erlangs: f64) -> Result<f64, StaffingError> {
    let load =
        Load::new(erlangs, 1.0, 1.0).map_err(|_| StaffingError::Erlangs(erlangs))?.with_patience(0.0)?;
    Ok(Steady::new(&load, checked(&load, agents)?).p_wait())
}

/// `agents` where they can be evaluated.
fn checked(load: &Load, agents: f64) -> Result<f64, StaffingError> {
    if !(0.0..=MOST_AGENTS).contains(&agents) {
        return Err(StaffingError::Agents(agents));
    }
    if load.conversations_at_once() > 1 && agents.fract() > 0.0 {
        return Err(StaffingError::PartOfAgent(agents));
    }
    Ok(agents)
}

/// `threshold_s` where it can be kept.
pub(crate) fn threshold(threshold_s: f64) -> Result<f64, StaffingError> {
    if (0.0..=MOST_SECONDS).contains(&threshold_s) {
        Ok(threshold_s)
    } else {
        Err(StaffingError::Threshold(threshold_s))
    }
}

/// a / b, and 0 for nothing of nothing; never above 1 by rounding.
fn ratio(a: f64, b: f64) -> f64 {
    if b > 0.0 { (a / b).min(1.0) } else { 0.0 }
}

/// Answered within the threshold ÷ (offered − abandoned within it).
fn short_excluded(answered: f64, with_abandoned: f64) -> f64 {
    // Not 1 − abandoned: where nearly everybody gives up, nothing exact would be left of it.
    ratio(answered, answered + (1.0 - with_abandoned))
}

/// The steady state of a load and a number of agents: everything but what depends on a threshold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steady {
    load: Load,
    /// Erlangs offered, with those who try again.
    offered: f64,
    kind: Kind,
    /// Shares of offered calls: answered at once, not at once, at all.
    at_once: f64,
    p_wait: f64,
    answered: f64,
    abandonment: f64,
    /// Mean wait of those who are answered and of all, in handling times.
    asa: f64,
    mean_wait: f64,
    occupancy: f64,
}

/// How waits are spread.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Nobody is offered a wait, or everybody who is gives up at once.
    NoWait,
    /// Nobody is ever answered; those with patience give up at this rate.
    Never { impatience: f64 },
    /// Erlang C: exponential, ending at this rate.
    Patient { surplus: f64 },
    /// Erlang A: the density of [`Quadrature`], times this.
    Impatient { quadrature: Quadrature, impatience: f64, density: f64 },
}

impl Steady {
    /// `agents` are checked.
    pub fn new(load: &Load, agents: f64) -> Self {
        let retrials = load.retrials();
        let first = Self::without_retrials(load, agents);
        if retrials.share <= 0.0 || first.abandonment <= 0.0 {
            return first;
        }
        // The load λ(1 − share · abandonment(λ)) that comes of its own accord rises with λ, so there is one fixed
        // point. It lies below what comes when everybody gives up.
        let own = load.erlangs();
        let excess = |steady: &Self| steady.offered * (1.0 - retrials.share * steady.abandonment) - own;
        let (mut low, mut low_excess) = (own, excess(&first));
        let mut high = own / (1.0 - retrials.share);
        let mut steady = Self::without_retrials(&load.with_erlangs(high), agents);
        let mut high_excess = excess(&steady);
        let mut side = 0;
        for _ in 0..RETRIAL_STEPS {
            if high - low <= 4.0 * f64::EPSILON * high || high_excess <= low_excess {
                break;
            }
            // Regula falsi; an end that stays twice is given half its weight (the Illinois variant).
            let next = (low * high_excess - high * low_excess) / (high_excess - low_excess);
            let next = if next > low && next < high { next } else { f64::midpoint(low, high) };
            steady = Self::without_retrials(&load.with_erlangs(next), agents);
            let found = excess(&steady);
            if found.abs() <= f64::EPSILON * own {
                break;
            }
            if found < 0.0 {
                (low, low_excess) = (next, found);
                high_excess *= if side < 0 { 0.5 } else { 1.0 };
                side = -1;
            } else {
                (high, high_excess) = (next, found);
                low_excess *= if side > 0 { 0.5 } else { 1.0 };
                side = 1;
            }
        }
        Self { load: *load, ..steady }
    }

    fn without_retrials(load: &Load, agents: f64) -> Self {
        let offered = load.erlangs();
        let chat = load.chat();
        let agents = if agents < LEAST { 0.0 } else { agents };
        let capacity = agents * chat.speed(chat.at_once);
        let impatience = load.patience_s().map(|patience_s| load.aht_s() / patience_s);
        let none = Self {
            load: *load,
            offered,
            kind: Kind::NoWait,
            at_once: 1.0,
            p_wait: 0.0,
            answered: 1.0,
            abandonment: 0.0,
            asa: 0.0,
            mean_wait: 0.0,
            occupancy: 0.0,
        };
        if offered < LEAST {
            return none;
        }
        match impatience {
            None if offered >= capacity => none.never(0.0),
            Some(impatience) if capacity <= 0.0 => none.never(impatience),
            _ => {
                let below = below(agents, chat, offered);
                let none = Self { occupancy: offered / capacity, ..none };
                if below.is_infinite() {
                    return none;
                }
                match impatience {
                    None => none.patient(below, capacity),
                    Some(f64::INFINITY) => none.lost(below, capacity),
                    Some(impatience) => none.impatient(below, Queue { offered, capacity, impatience }),
                }
            }
        }
    }

    /// Nobody is answered: no agents, or more load than they can ever work off.
    fn never(self, impatience: f64) -> Self {
        let abandonment = if impatience > 0.0 { 1.0 } else { 0.0 };
        Self {
            kind: Kind::Never { impatience },
            at_once: 0.0,
            p_wait: 1.0,
            answered: 0.0,
            abandonment,
            asa: f64::INFINITY,
            mean_wait: 1.0 / impatience,
            occupancy: 1.0,
            ..self
        }
    }

    /// Erlang B: whoever cannot be answered at once is gone.
    fn lost(self, below: f64, capacity: f64) -> Self {
        let at_once = below / (1.0 + below);
        let p_wait = 1.0 / (1.0 + below);
        Self {
            at_once,
            p_wait,
            answered: at_once,
            abandonment: p_wait,
            occupancy: self.offered * at_once / capacity,
            ..self
        }
    }

    /// Erlang C: everybody waits until answered.
    fn patient(self, below: f64, capacity: f64) -> Self {
        let surplus = capacity - self.offered;
        let waiting = capacity / surplus;
        let at_once = below / (below + waiting);
        let p_wait = waiting / (below + waiting);
        let mean_wait = p_wait / surplus;
        Self { kind: Kind::Patient { surplus }, at_once, p_wait, asa: mean_wait, mean_wait, ..self }
    }

    /// Erlang A: exponential patience.
    fn impatient(self, below: f64, queue: Queue) -> Self {
        let Queue { capacity, impatience, .. } = queue;
        let quadrature = Quadrature::of(&queue);
        let Waiting { scale, all, answered, abandoned, answered_wait } = queue.waiting(&quadrature);
        let below = below * (-scale).exp();
        let total = below + all;
        let at_once = below / total;
        let answered = at_once + answered / total;
        let abandonment = (abandoned / total).min(1.0);
        let density = capacity / total * (quadrature.peak_exponent() - scale).exp();
        Self {
            kind: Kind::Impatient { quadrature, impatience, density },
            at_once,
            p_wait: all / total,
            answered: answered.min(1.0),
            abandonment,
            asa: answered_wait / total / answered,
            mean_wait: abandonment / impatience,
            occupancy: (self.offered * answered / capacity).min(1.0),
            ..self
        }
    }

    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    pub fn abandonment(&self) -> f64 {
        self.abandonment
    }

    pub fn occupancy(&self) -> f64 {
        self.occupancy
    }

    /// Mean wait of those who are answered, seconds.
    pub fn asa_s(&self) -> f64 {
        self.asa * self.load.aht_s()
    }

    /// Shares of offered calls answered within the threshold, and answered or abandoned within it.
    fn within(&self, threshold_s: f64) -> (f64, f64) {
        let time = threshold_s / self.load.aht_s();
        match self.kind {
            Kind::NoWait => (self.at_once, 1.0),
            Kind::Never { impatience } if impatience.is_infinite() => (0.0, 1.0),
            Kind::Never { impatience } => (0.0, -(-impatience * time).exp_m1()),
            Kind::Patient { surplus } => {
                let within = if self.p_wait > 0.5 {
                    self.at_once - self.p_wait * (-surplus * time).exp_m1()
                } else {
                    1.0 - self.p_wait * (-surplus * time).exp()
                };
                let within = within.min(1.0);
                (within, within)
            }
            Kind::Impatient { quadrature, impatience, density } => {
                let area = quadrature.area(time);
                let answered = self.at_once + density * area.answered;
                let longer = (self.p_wait - density * area.all).max(0.0);
                let gave_up = density * area.abandoned - longer * (-impatience * time).exp_m1();
                (answered.min(self.answered), (answered + gave_up).min(1.0))
            }
        }
    }

    /// The service level at a threshold in seconds, by a named definition.
    pub fn service_level(&self, threshold_s: f64, definition: ServiceLevelDefinition) -> f64 {
        let (answered, with_abandoned) = self.within(threshold_s);
        match definition {
            ServiceLevelDefinition::OfOffered => answered,
            ServiceLevelDefinition::OfAnswered => ratio(answered, self.answered),
            ServiceLevelDefinition::ShortAbandonsGood => with_abandoned,
            ServiceLevelDefinition::ShortAbandonsExcluded => short_excluded(answered, with_abandoned),
        }
    }

    pub fn outcome(&self, threshold_s: f64) -> Outcome {
        let load = &self.load;
        let (answered, with_abandoned) = self.within(threshold_s);
        let again = if self.offered > 0.0 { self.offered / load.erlangs() } else { 1.0 };
        let offered_calls = load.calls() * again;
        let retrials = load.retrials();
        let again_a_second = offered_calls / load.interval_s() * retrials.share * self.abandonment;
        Outcome {
            p_wait: self.p_wait,
            service_level: answered,
            service_level_of_answered: ratio(answered, self.answered),
            service_level_short_abandons_good: with_abandoned,
            asa_s: self.asa_s(),
            mean_wait_s: self.mean_wait * load.aht_s(),
            occupancy: self.occupancy,
            abandonment: self.abandonment,
            answered: self.answered,
            offered_calls,
            between_tries: again_a_second * retrials.after_s,
        }
    }
}
