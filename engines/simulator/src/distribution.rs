//! How long something takes: handling times and patience.

use rand::Rng;
use rand_distr::{Distribution as _, Exp1, Gamma, LogNormal, Weibull};

use crate::error::Error;
use crate::limits::DURATION_S_MAX;
use crate::random::Stream;

/// Ticks of the simulation's clock in a second. Whole microseconds make every comparison of times exact.
pub(crate) const TICKS_PER_S: f64 = 1.0e6;

/// The distribution of a duration in seconds.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Exponential with its mean, seconds: what Erlang's formulas take for granted.
    Exponential {
        /// Mean, seconds.
        mean_s: f64,
    },
    /// Always the same.
    Fixed {
        /// The duration, seconds.
        value_s: f64,
    },
    /// Uniform between two bounds.
    Uniform {
        /// Shortest, seconds.
        min_s: f64,
        /// Longest, seconds.
        max_s: f64,
    },
    /// Lognormal: what handling times of call centres mostly look like (Brown et al. 2005, *Statistical Analysis of a
    /// Telephone Call Center*, JASA 100:36–50).
    Lognormal {
        /// Mean, seconds.
        mean_s: f64,
        /// Standard deviation ÷ mean.
        cv: f64,
    },
    /// Gamma; with `cv` = 1/√k the Erlang distribution of k phases.
    Gamma {
        /// Mean, seconds.
        mean_s: f64,
        /// Standard deviation ÷ mean.
        cv: f64,
    },
    /// Weibull; a shape below 1 says that who has waited long will wait longer.
    Weibull {
        /// Mean, seconds.
        mean_s: f64,
        /// Shape; 1 is the exponential distribution.
        shape: f64,
    },
    /// Observed durations, each as likely as the other.
    Empirical {
        /// Seconds.
        values_s: Vec<f64>,
    },
}

impl Distribution {
    /// The mean, seconds.
    pub fn mean_s(&self) -> f64 {
        match self {
            Distribution::Exponential { mean_s }
            | Distribution::Lognormal { mean_s, .. }
            | Distribution::Gamma { mean_s, .. }
            | Distribution::Weibull { mean_s, .. } => *mean_s,
            Distribution::Fixed { value_s } => *value_s,
            Distribution::Uniform { min_s, max_s } => f64::midpoint(*min_s, *max_s),
            Distribution::Empirical { values_s } => {
                values_s.iter().sum::<f64>() / values_s.len().max(1) as f64
            }
        }
    }

    /// Refuses what is no duration.
    ///
    /// # Errors
    /// The path of the value within the distribution, and what it should be.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Distribution::Exponential { mean_s } => duration("mean_s", *mean_s),
            Distribution::Fixed { value_s } => duration("value_s", *value_s),
            Distribution::Uniform { min_s, max_s } => {
                duration("min_s", *min_s)?;
                duration("max_s", *max_s)?;
                if min_s > max_s {
                    return Err(Error::value("max_s", max_s, format!("write at least min_s, {min_s}")));
                }
                Ok(())
            }
            Distribution::Lognormal { mean_s, cv } | Distribution::Gamma { mean_s, cv } => {
                duration("mean_s", *mean_s)?;
                within("cv", *cv, 0.01, 10.0, "standard deviation ÷ mean")
            }
            Distribution::Weibull { mean_s, shape } => {
                duration("mean_s", *mean_s)?;
                within("shape", *shape, 0.2, 20.0, "the shape; 1 is exponential")
            }
            Distribution::Empirical { values_s } => {
                if values_s.is_empty() {
                    return Err(Error::value(
                        "values_s",
                        "empty",
                        "list at least one observed duration, in seconds",
                    ));
                }
                let check = |(i, v): (usize, &f64)| duration(&format!("values_s[{i}]"), *v);
                values_s.iter().enumerate().try_for_each(check)
            }
        }
    }

    pub(crate) fn sampler(&self) -> Result<Sampler, Error> {
        self.check()?;
        let refused = || Error::value("", format!("{self:?}"), "use moderate values");
        Ok(match self {
            Distribution::Exponential { mean_s } => Sampler::Exponential(mean_s * TICKS_PER_S),
            Distribution::Fixed { value_s } => Sampler::Fixed(value_s * TICKS_PER_S),
            Distribution::Uniform { min_s, max_s } => {
                Sampler::Uniform(min_s * TICKS_PER_S, (max_s - min_s) * TICKS_PER_S)
            }
            Distribution::Lognormal { mean_s, .. }
            | Distribution::Gamma { mean_s, .. }
            | Distribution::Weibull { mean_s, .. }
                if *mean_s == 0.0 =>
            {
                Sampler::Fixed(0.0)
            }
            Distribution::Lognormal { mean_s, cv } => {
                let variance = (1.0 + cv * cv).ln();
                let mu = (mean_s * TICKS_PER_S).ln() - variance / 2.0;
                Sampler::Lognormal(LogNormal::new(mu, variance.sqrt()).map_err(|_| refused())?)
            }
            Distribution::Gamma { mean_s, cv } => {
                let shape = 1.0 / (cv * cv);
                Sampler::Gamma(Gamma::new(shape, mean_s * TICKS_PER_S / shape).map_err(|_| refused())?)
            }
            Distribution::Weibull { mean_s, shape } => {
                let scale = mean_s * TICKS_PER_S / statrs::function::gamma::gamma(1.0 + 1.0 / shape);
                Sampler::Weibull(Weibull::new(scale, *shape).map_err(|_| refused())?)
            }
            Distribution::Empirical { values_s } => {
                Sampler::Empirical(values_s.iter().map(|v| v * TICKS_PER_S).collect())
            }
        })
    }
}

fn duration(path: &str, value: f64) -> Result<(), Error> {
    within(path, value, 0.0, DURATION_S_MAX, "a duration in seconds")
}

/// Refuses what is not between two bounds, or not a number.
pub(crate) fn within(path: &str, value: f64, min: f64, max: f64, what: &str) -> Result<(), Error> {
    if value >= min && value <= max {
        return Ok(());
    }
    Err(Error::value(path, value, format!("write {what}, from {min} to {max}")))
}

/// A distribution made ready to draw from; results are ticks.
#[derive(Debug, Clone)]
pub(crate) enum Sampler {
    Exponential(f64),
    Fixed(f64),
    Uniform(f64, f64),
    Lognormal(LogNormal<f64>),
    Gamma(Gamma<f64>),
    Weibull(Weibull<f64>),
    Empirical(Vec<f64>),
}

impl Sampler {
    #[inline]
    pub(crate) fn draw(&self, stream: &mut Stream) -> f64 {
        match self {
            Sampler::Exponential(mean) => {
                let unit: f64 = Exp1.sample(stream);
                unit * mean
            }
            other => other.draw_other(stream),
        }
    }

    fn draw_other(&self, stream: &mut Stream) -> f64 {
        match self {
            Sampler::Exponential(mean) => *mean,
            Sampler::Fixed(value) => *value,
            Sampler::Uniform(min, span) => min + span * stream.random::<f64>(),
            Sampler::Lognormal(one) => one.sample(stream),
            Sampler::Gamma(one) => one.sample(stream),
            Sampler::Weibull(one) => one.sample(stream),
            Sampler::Empirical(values) => {
                values.get(stream.random_range(0..values.len().max(1))).copied().unwrap_or(0.0)
            }
        }
    }
}
