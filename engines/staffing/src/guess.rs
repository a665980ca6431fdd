//! Where a search for agents begins: square-root staffing.
//!
//! With n = a + β√a agents for a large load a, the probability of waiting depends on β alone: Halfin and Whitt 1981
//! ("Heavy-traffic limits for queues with many exponential servers") and Borst, Mandelbaum and Reiman 2004
//! ("Dimensioning large call centers") for callers who stay, Garnett, Mandelbaum and Reiman 2002 ("Designing a call
//! center with impatient customers") for those who do not. Only a guess: what is answered is searched from here with
//! the exact formulas.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::erfc;

use crate::limits::MOST_AGENTS;
use crate::load::Load;
use crate::required::Target;

/// Load from which the limit is worth its price; below it exact answers take less time.
const LEAST_ERLANGS: f64 = 50.0;
/// Largest β looked at. At 12 fewer than one call in 10³⁰ waits.
const MOST_BETA: f64 = 12.0;
/// Halvings that bring any range of agents below one.
const HALVINGS: u32 = 48;
/// Beyond this the hazard of the normal distribution is x + 1/x to four digits.
const FAR: f64 = 10.0;

/// A number of agents near the smallest that meets the targets.
pub(crate) fn guess(load: &Load, targets: &[Target]) -> f64 {
    let chat = load.chat();
    let erlangs = load.erlangs();
    let occupied = targets.iter().fold(1.0_f64, |most, target| match target {
        Target::Occupancy(share) => most.min(*share),
        _ => most,
    });
    let least = (erlangs / chat.speed(chat.at_once) / occupied).ceil().min(MOST_AGENTS);
    if erlangs < LEAST_ERLANGS || chat.at_once > 1 {
        return least;
    }
    let limit = Limit::of(load);
    let mut low = if limit.impatience > 0.0 { -limit.root } else { 0.0 };
    let mut high = MOST_BETA.max((least - erlangs) / limit.root + 1.0);
    for _ in 0..HALVINGS {
        if (high - low) * limit.root < 0.5 {
            break;
        }
        let beta = f64::midpoint(low, high);
        if targets.iter().all(|target| limit.meets(target, beta)) {
            high = beta;
        } else {
            low = beta;
        }
    }
    let agents = (erlangs + high * limit.root).ceil();
    // Those who give up lower the occupancy, so it is a bound only without them.
    if limit.impatience > 0.0 { agents } else { agents.max(least) }
}

/// A load in the limit of many agents, in handling times.
struct Limit {
    /// √a.
    root: f64,
    aht_s: f64,
    /// √(θ/μ), or 0 when nobody gives up.
    impatience: f64,
}

impl Limit {
    fn of(load: &Load) -> Self {
        let rate = load.patience_s().map_or(0.0, |patience_s| load.aht_s() / patience_s);
        // Who gives up at once is as good as who gives up after a thousandth of the service.
        Self { root: load.erlangs().sqrt(), aht_s: load.aht_s(), impatience: rate.min(1e6).sqrt() }
    }

    fn meets(&self, target: &Target, beta: f64) -> bool {
        let Self { root, aht_s, impatience } = *self;
        let waits = if impatience > 0.0 {
            1.0 / (1.0 + impatience * hazard(beta / impatience) / hazard(-beta))
        } else {
            1.0 / (1.0 + beta / hazard(-beta))
        };
        // The wait offered to those who wait: a normal distribution cut at 0, or an exponential one.
        let (unit, start) = self.offered_wait(beta);
        let wait = if impatience > 0.0 { unit * (hazard(start) - start) } else { unit };
        let abandoned = waits * -(-impatience * impatience * wait).exp_m1();
        match *target {
            Target::Asa(seconds) => waits * wait * aht_s <= seconds,
            Target::Abandonment(share) => abandoned <= share,
            Target::ProbabilityOfWaiting(share) => waits <= share,
            Target::Occupancy(share) => root * (1.0 - abandoned) <= share * (root + beta),
            Target::ServiceLevel { share, threshold_s, .. } => {
                let time = threshold_s / aht_s / unit;
                let longer = if impatience > 0.0 {
                    (beyond(start + time) / beyond(start).max(f64::MIN_POSITIVE)).min(1.0)
                } else {
                    (-time).exp()
                };
                1.0 - waits * longer - abandoned * (1.0 - longer) >= share
            }
        }
    }

    /// The unit of the offered wait, in handling times, and where in it the normal distribution is cut. Under overload
    /// its middle is where the patience of those who are left meets the capacity.
    fn offered_wait(&self, beta: f64) -> (f64, f64) {
        let Self { root, impatience, .. } = *self;
        if impatience <= 0.0 {
            return (1.0 / (beta * root), 0.0);
        }
        if beta >= 0.0 {
            return (1.0 / (impatience * root), beta / impatience);
        }
        let served = (1.0 + beta / root).max(f64::EPSILON);
        let unit = 1.0 / (impatience * root * served.sqrt());
        (unit, served.ln() / (impatience * impatience * unit))
    }
}

/// Upper tail of the standard normal distribution.
fn beyond(x: f64) -> f64 {
    0.5 * erfc(x / SQRT_2)
}

/// Density over upper tail of the standard normal distribution.
fn hazard(x: f64) -> f64 {
    if x > FAR { x + 1.0 / x } else { (-0.5 * x * x).exp() / (2.0 * PI).sqrt() / beyond(x) }
}
