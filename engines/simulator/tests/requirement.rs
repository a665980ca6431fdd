//! How many people a day needs, corrected by simulation.

use simulator::{CallType, Correction, Distribution, Group, Run, Scenario, required};

const NEVER: fn() -> bool = || false;

fn calls(name: &str, calls: &[f64]) -> CallType {
    let mut one = CallType::new(name, calls.to_vec(), Distribution::Exponential { mean_s: 180.0 });
    one.patience = Some(Distribution::Exponential { mean_s: 120.0 });
    one
}

fn quick() -> Correction {
    let run = Run { replications_min: 60, replications_max: 60, ..Run::default() };
    Correction { run, marginal: false, ..Correction::default() }
}

#[test]
fn a_steady_day_needs_what_the_formula_says() {
    let day = Scenario::one_queue(1_800.0, calls("calls", &[100.0; 6]), &[0; 6]);
    let found = required(&day, &quick(), &NEVER).unwrap();
    assert_eq!(found.first, [[12; 6]]);
    assert_eq!(found.missed, []);
    assert_eq!(found.people[0][2..5], [12; 3], "{:?}", found.people);
}

#[test]
fn a_shared_group_needs_fewer_than_two_formulas() {
    let (a, b) = (calls("a", &[30.0; 6]).routed(&[0]), calls("b", &[30.0; 6]).routed(&[0]));
    let mut day = Scenario::one_queue(1_800.0, a, &[]);
    day.call_types = vec![day.call_types[0].clone(), b];
    day.groups = vec![Group::new("both", &[0, 1])];
    let found = required(&day, &quick(), &NEVER).unwrap();
    let (first, corrected) = (found.first[0].iter().sum::<usize>(), found.people[0].iter().sum::<usize>());
    assert!(corrected < first, "{corrected} of {first}");
    assert_eq!(found.missed, []);
}

#[test]
fn one_more_person_brings_most_where_it_is_scarcest() {
    let day = Scenario::one_queue(1_800.0, calls("calls", &[60.0, 140.0, 60.0]), &[0; 3]);
    let found = required(&day, &Correction { marginal: true, ..quick() }, &NEVER).unwrap();
    let values: Vec<f64> = found.marginal[0].iter().map(|one| one.value).collect();
    assert!(values.iter().all(|value| *value > 0.0) && values[1] > values[2], "{values:?}");
}

#[test]
fn stopping_keeps_what_was_found_and_a_type_without_a_group_is_refused() {
    let day = Scenario::one_queue(1_800.0, calls("calls", &[100.0; 6]), &[0; 6]);
    let found = required(&day, &Correction { steps_max: 0, ..quick() }, &NEVER).unwrap();
    assert_eq!(found.people, found.first);
    let mut nobody = day.clone();
    nobody.call_types[0].routing.clear();
    nobody.groups[0].skills.clear();
    let message = required(&nobody, &quick(), &NEVER).unwrap_err().to_string();
    assert!(message.starts_with("call_types[0].routing is empty"), "{message}");
}

#[test]
fn where_several_groups_could_help_targets_are_met_too() {
    let (mut a, b) = (calls("a", &[50.0; 4]).routed(&[0, 1]), calls("b", &[40.0; 4]).routed(&[1]));
    // The formula knows nothing of days that differ, so people have to be added.
    a.busyness = Some(simulator::Busyness { shape: 8.0 });
    let mut day = Scenario::one_queue(1_800.0, a, &[]);
    day.call_types = vec![day.call_types[0].clone().routed(&[0, 1]), b];
    day.groups = vec![Group::new("a alone", &[0]), Group::new("both", &[1, 0])];
    let found = required(&day, &quick(), &NEVER).unwrap();
    assert_eq!(found.missed, [], "{:?}", found.people);
    let sum = |people: &[Vec<usize>]| people.iter().flatten().sum::<usize>();
    assert!(sum(&found.people) > 20 && sum(&found.first) > 20, "{:?} {:?}", found.first, found.people);
    for k in 0..2 {
        for i in 0..4 {
            let level =
                found.report.of(&simulator::Scope::call_type(k, i..i + 1)).unwrap().service_level.unwrap();
            assert!(level.value >= 0.8, "type {k}, interval {i}: {level:?}");
        }
    }
}
