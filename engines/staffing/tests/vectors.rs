//! The reference vectors, computed by two independent methods (see `data/README.md`).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot read its input should fail")]
#![expect(clippy::float_cmp, reason = "whole numbers, and infinity where the file says so")]

use staffing::{Load, ServiceLevelDefinition, Target, evaluate, required_agents, scheduled};

const VECTORS: &str = include_str!("data/erlang_vectors.csv");

struct Row<'t> {
    names: Vec<&'t str>,
    cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    fn text(&self, name: &str) -> &'t str {
        let place = self.names.iter().position(|n| *n == name).expect("a column of the file");
        self.cells[place]
    }

    fn number(&self, name: &str) -> f64 {
        self.text(name).parse().unwrap_or_else(|_| panic!("{name} of {}", self.text("id")))
    }

    fn load(&self) -> Load {
        let load = Load::new(self.number("calls"), self.number("interval_s"), self.number("aht_s")).unwrap();
        if self.text("model") == "A" { load.with_patience(self.number("patience_s")).unwrap() } else { load }
    }

    fn targets(&self) -> Vec<Target> {
        let value = self.number("target_value");
        let mut targets = vec![match self.text("target_type") {
            "sl" => Target::service_level(value, self.number("target_seconds")),
            "asa" => Target::Asa(value),
            "abandon" => Target::Abandonment(value),
            other => panic!("target {other}"),
        }];
        if !self.text("max_occupancy").is_empty() {
            targets.push(Target::Occupancy(self.number("max_occupancy")));
        }
        targets
    }
}

fn rows() -> Vec<Row<'static>> {
    let mut lines = VECTORS.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| Row { names: names.clone(), cells: line.split(',').collect() }).collect()
}

#[test]
fn every_row_is_met() {
    let rows = rows();
    assert_eq!(rows.len(), 59);
    let mut wrong = Vec::new();
    for row in &rows {
        let load = row.load();
        let agents = row.number("agents");
        let found = evaluate(&load, agents, row.number("target_seconds")).unwrap();
        let tolerance = if load.erlangs() >= 1e6 { 1e-7 } else { 1e-9 };
        let by = |definition| found.service_level_by(definition);
        for (name, value) in [
            ("offered_erlangs", load.erlangs()),
            ("p_wait", found.p_wait),
            ("service_level", by(ServiceLevelDefinition::OfOffered)),
            ("sl_of_answered", by(ServiceLevelDefinition::OfAnswered)),
            ("sl_incl_short_abandons", by(ServiceLevelDefinition::ShortAbandonsGood)),
            ("asa_s", found.asa_s),
            ("mean_wait_all_s", found.mean_wait_s),
            ("occupancy", found.occupancy),
            ("abandonment", found.abandonment),
        ] {
            let expected = row.number(name);
            let close = value == expected || (value - expected).abs() <= tolerance * expected.abs();
            if !close {
                wrong.push(format!("{} {name}: {value} is not {expected}", row.text("id")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_fewest_agents_are_found_and_scheduled() {
    for row in rows() {
        let shrinkage = row.number("shrinkage");
        if row.text("kind") == "dimension" {
            let agents = required_agents(&row.load(), &row.targets()).unwrap();
            assert_eq!(agents as f64, row.number("agents"), "{}", row.text("id"));
        }
        let people = scheduled(row.number("agents"), shrinkage).unwrap();
        assert_eq!(people as f64, row.number("agents_scheduled"), "{}", row.text("id"));
    }
}
