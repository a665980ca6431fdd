//! The reference vectors of the engine's tests, and how far off the worst figure is.

use anyhow::{Context, Result};
use benches::workforce::root;
use csv::StringRecord;
use staffing::{Load, ServiceLevelDefinition, Target, evaluate, required_agents, scheduled};

use super::below;

const TOLERANCE: f64 = 1e-9;
/// At 1 000 000 erlangs the vectors themselves are known to 1.4e-8.
const TOLERANCE_MILLION: f64 = 1e-7;
/// Errors are printed in these units.
const UNIT: f64 = 1e-12;

/// Worst errors, as parts of the tolerance of their row.
#[derive(Default)]
struct Worst {
    usual: (f64, String),
    million: (f64, String),
    wrong_agents: u32,
    dimensioned: u32,
    rows: u32,
}

pub(crate) fn check(missed: &mut Vec<String>) -> Result<()> {
    let path = root().join("engines/staffing/tests/data/erlang_vectors.csv");
    let mut reader =
        csv::Reader::from_path(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = reader.headers()?.clone();
    let mut worst = Worst::default();
    for row in reader.records() {
        Row { header: &header, cells: &row? }.check(&mut worst)?;
    }
    println!("{} reference vectors", worst.rows);
    let figure = format!("largest relative error ({})", worst.usual.1);
    below(missed, &figure, worst.usual.0 / UNIT, TOLERANCE / UNIT, "e-12");
    let figure = format!("the same at 1 000 000 erlangs ({})", worst.million.1);
    below(missed, &figure, worst.million.0 / UNIT, TOLERANCE_MILLION / UNIT, "e-12");
    let figure =
        format!("wrong numbers of agents, of {} dimensioned and {} scheduled", worst.dimensioned, worst.rows);
    below(missed, &figure, f64::from(worst.wrong_agents), 0.0, "");
    Ok(())
}

struct Row<'r> {
    header: &'r StringRecord,
    cells: &'r StringRecord,
}

impl Row<'_> {
    fn text(&self, name: &str) -> Result<&str> {
        let place = self.header.iter().position(|n| n == name);
        place.and_then(|place| self.cells.get(place)).with_context(|| format!("the vectors have no {name}"))
    }

    fn number(&self, name: &str) -> Result<f64> {
        let text = self.text(name)?;
        text.parse().with_context(|| format!("{name} “{text}” is not a number"))
    }

    fn targets(&self) -> Result<Vec<Target>> {
        let value = self.number("target_value")?;
        let mut targets = vec![match self.text("target_type")? {
            "sl" => Target::service_level(value, self.number("target_seconds")?),
            "asa" => Target::Asa(value),
            _ => Target::Abandonment(value),
        }];
        if !self.text("max_occupancy")?.is_empty() {
            targets.push(Target::Occupancy(self.number("max_occupancy")?));
        }
        Ok(targets)
    }

    fn check(&self, worst: &mut Worst) -> Result<()> {
        let mut load = Load::new(self.number("calls")?, self.number("interval_s")?, self.number("aht_s")?)?;
        if self.text("model")? == "A" {
            load = load.with_patience(self.number("patience_s")?)?;
        }
        let mut agents = self.number("agents")?;
        worst.rows += 1;
        if self.text("kind")? == "dimension" {
            let found = required_agents(&load, &self.targets()?)? as f64;
            worst.dimensioned += 1;
            worst.wrong_agents += u32::from((found - agents).abs() > 0.5);
            agents = found;
        }
        let people = scheduled(agents, self.number("shrinkage")?)? as f64;
        worst.wrong_agents += u32::from((people - self.number("agents_scheduled")?).abs() > 0.5);
        let found = evaluate(&load, agents, self.number("target_seconds")?)?;
        let side = if load.erlangs() >= 1e6 { &mut worst.million } else { &mut worst.usual };
        for (name, value) in [
            ("offered_erlangs", load.erlangs()),
            ("p_wait", found.p_wait),
            ("service_level", found.service_level_by(ServiceLevelDefinition::OfOffered)),
            ("sl_of_answered", found.service_level_by(ServiceLevelDefinition::OfAnswered)),
            ("sl_incl_short_abandons", found.service_level_by(ServiceLevelDefinition::ShortAbandonsGood)),
            ("asa_s", found.asa_s),
            ("mean_wait_all_s", found.mean_wait_s),
            ("occupancy", found.occupancy),
            ("abandonment", found.abandonment),
        ] {
            let expected = self.number(name)?;
            let error = if value.total_cmp(&expected).is_eq() {
                0.0
            } else {
                (value - expected).abs() / expected.abs()
            };
            // A NaN is the worst of all.
            if error.is_nan() || error > side.0 {
                *side = (
                    if error.is_nan() { f64::INFINITY } else { error },
                    format!("{} {name}", self.text("id")?),
                );
            }
        }
        Ok(())
    }
}
