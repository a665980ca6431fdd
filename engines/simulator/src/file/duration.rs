//! Durations of a file: a number is the mean of an exponential distribution, a table says what kind.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor, value::MapAccessDeserializer};

use crate::distribution::Distribution;

/// `180`, or `{ kind = "lognormal", mean_s = 180, cv = 0.9 }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Duration(pub Distribution);

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Table {
    Exponential { mean_s: f64 },
    Fixed { value_s: f64 },
    Uniform { min_s: f64, max_s: f64 },
    Lognormal { mean_s: f64, cv: f64 },
    Gamma { mean_s: f64, cv: f64 },
    Erlang { mean_s: f64, phases: u32 },
    Weibull { mean_s: f64, shape: f64 },
    Empirical { values_s: Vec<f64> },
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        deserializer.deserialize_any(Seconds)
    }
}

struct Seconds;

impl<'de> Visitor<'de> for Seconds {
    type Value = Duration;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "mean seconds such as 180, or a table such as { kind = \"lognormal\", mean_s = 180, cv = 0.9 }",
        )
    }

    fn visit_f64<E: serde::de::Error>(self, mean_s: f64) -> Result<Duration, E> {
        Ok(Duration(Distribution::Exponential { mean_s }))
    }

    fn visit_i64<E: serde::de::Error>(self, mean_s: i64) -> Result<Duration, E> {
        self.visit_f64(mean_s as f64)
    }

    fn visit_u64<E: serde::de::Error>(self, mean_s: u64) -> Result<Duration, E> {
        self.visit_f64(mean_s as f64)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Duration, A::Error> {
        Ok(Duration(match Table::deserialize(MapAccessDeserializer::new(map))? {
            Table::Exponential { mean_s } => Distribution::Exponential { mean_s },
            Table::Fixed { value_s } => Distribution::Fixed { value_s },
            Table::Uniform { min_s, max_s } => Distribution::Uniform { min_s, max_s },
            Table::Lognormal { mean_s, cv } => Distribution::Lognormal { mean_s, cv },
            Table::Gamma { mean_s, cv } => Distribution::Gamma { mean_s, cv },
            Table::Erlang { phases: 0, .. } => {
                return Err(A::Error::custom("an Erlang distribution has at least 1 of phases"));
            }
            Table::Erlang { mean_s, phases } => {
                Distribution::Gamma { mean_s, cv: f64::from(phases).sqrt().recip() }
            }
            Table::Weibull { mean_s, shape } => Distribution::Weibull { mean_s, shape },
            Table::Empirical { values_s } => Distribution::Empirical { values_s },
        }))
    }
}
