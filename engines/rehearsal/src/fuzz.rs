//! What a fuzzer drives: any text as a scenario file.

use std::sync::Arc;

use inspection::{RuleSet, Source};

use crate::play::Input;
use crate::rehearsal::Rehearsal;
use crate::scenario::Scenario;

/// Checks any text as a scenario; one that is right is played with its own words and with the text itself.
///
/// # Panics
/// When a score leaves its bounds or a replay differs: that is what the fuzzer looks for.
pub fn fuzz_scenario(text: &str) {
    let rule = "behaviour acknowledge_feeling { shown when agent says \"sorry\" }";
    let Ok(rules) = RuleSet::compile(&[Source { name: "", text: rule }]) else { return };
    let Ok(scenario) = Scenario::compile("", text, &rules) else { return };
    let (scenario, rules) = (Arc::new(scenario), Arc::new(rules));
    let mut inputs: Vec<Input> = Vec::new();
    for one in &scenario.script().moves {
        inputs.extend(one.examples.first().map(|example| Input::Say { text: example.value.clone() }));
        inputs.push(Input::Choose { meaning: one.name.value.clone() });
    }
    inputs.push(Input::Wait);
    inputs.push(Input::Say { text: text.to_owned() });
    let play = || {
        let mut rehearsal = Rehearsal::replay(Arc::clone(&scenario), Arc::clone(&rules), 7, &inputs);
        let result = rehearsal.assess();
        (rehearsal.transcript().to_vec(), result)
    };
    let (said, result) = play();
    for score in [result.process, result.feeling, result.outcome, result.total] {
        assert!((0..=100).contains(&score), "a score of {score}");
    }
    assert_eq!(play(), (said, result), "a replay differs");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Damaged scenario files, so that the body of the fuzz target runs in every test run.
    #[test]
    fn damaged_scenarios_are_survived() {
        let page = include_str!("../../../docs/scenarios.md");
        let example =
            page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
        fuzz_scenario(example);
        let lines: Vec<&str> = example.lines().collect();
        for gone in (0..lines.len()).step_by(3) {
            let kept = lines.iter().enumerate().filter(|(place, _)| *place != gone).map(|(_, line)| *line);
            fuzz_scenario(&kept.collect::<Vec<_>>().join("\n"));
        }
        for cut in (0..example.len()).step_by(211).filter(|cut| example.is_char_boundary(*cut)) {
            fuzz_scenario(&example[..cut]);
            fuzz_scenario(&example[..cut].replace('1', "9").replace("0\n", "[0]\n"));
        }
        fuzz_scenario(&"[".repeat(100_000));
        fuzz_scenario(&format!("a = {}", "{a=".repeat(100_000)));
    }
}
