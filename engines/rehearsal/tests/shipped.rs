//! What ships: the scenarios of `content/scenarios` and the example of `docs/scenarios.md`.

mod common;

use std::sync::Arc;

use common::{rules, scenarios};
use rehearsal::{Scenario, prove};

#[test]
fn the_shipped_scenarios_are_right() {
    for (name, text) in scenarios() {
        let said: Vec<String> =
            rehearsal::check(&name, &text, rules()).iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "{}", said.join("\n"));
    }
}

#[test]
fn the_shipped_scenarios_hold_their_tests_and_withstand_the_attacks() {
    let mut said = Vec::new();
    for (name, text) in scenarios() {
        let scenario = Arc::new(Scenario::compile(&name, &text, rules()).unwrap());
        for result in prove(&scenario, rules()).iter().filter(|result| !result.held()) {
            said.push(format!(
                "{name}:{}: {} (seed {}) {:?}: {:?}",
                result.line, result.name, result.seed, result.scores, result.misses
            ));
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}
