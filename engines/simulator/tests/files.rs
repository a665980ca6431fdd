//! Scenario files: those that ship, and those that have mistakes.

use simulator::file::Document;
use simulator::{Of, Run, Scope, compare, simulate};

const NEVER: fn() -> bool = || false;
const HELEN: &str = include_str!("../../../docs/examples/helen-late.toml");
const DRILL: &str = include_str!("../../../docs/examples/drill-at-two.toml");

fn message(text: &str) -> String {
    match toml::from_str::<Document>(text) {
        Ok(document) => document.study().map_or_else(|error| error.to_string(), |_| "fine".to_owned()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn helen_is_twenty_minutes_late() {
    let study = toml::from_str::<Document>(HELEN).unwrap().study().unwrap();
    let variants: Vec<_> =
        study.variants.iter().map(|one| (one.name.clone(), one.scenario.clone())).collect();
    let found = compare(&study.scenario, &variants, &study.run, &NEVER).unwrap();
    assert_eq!(study.variants[0].watch, Scope::centre(2..3));
    assert_eq!(study.clock.text(2.0 * 1_800.0), "15:00");
    let cost = found.difference(0, &study.variants[0].watch).unwrap().service_level.unwrap();
    assert!(cost.half_width <= 0.002 && (cost.value + 0.029).abs() < 0.004, "{cost:?}");
}

#[test]
fn a_drill_costs_something_and_more_people_bring_something() {
    let study = toml::from_str::<Document>(DRILL).unwrap().study().unwrap();
    let variants: Vec<_> =
        study.variants.iter().map(|one| (one.name.clone(), one.scenario.clone())).collect();
    let run = Run { replications_min: 40, replications_max: 40, ..study.run.clone() };
    let found = compare(&study.scenario, &variants, &run, &NEVER).unwrap();
    let cost = |v: usize| found.difference(v, &study.variants[v].watch).unwrap().service_level.unwrap().value;
    assert!(cost(0) < -0.05 && cost(2) < -0.05 && cost(3) > 0.01, "{} {} {}", cost(0), cost(2), cost(3));
    let total = found.plan.total(Of::Centre).unwrap();
    assert!(total.redials.value > 1.0 && total.callbacks.value > 0.5, "{total:?}");
}

#[test]
fn a_night_goes_over_midnight() {
    let text = HELEN.replace("14:00", "23:00").replace("15:", "00:").replace("16:00", "01:00");
    let study = toml::from_str::<Document>(&text).unwrap().study().unwrap();
    let helen = study.scenario.agents.iter().find(|agent| agent.name == "Helen").unwrap();
    assert_eq!((helen.stretches[0].from_s, helen.stretches[0].to_s), (3_600.0, 7_200.0));
    assert_eq!(study.clock.text(3_600.0), "00:00");
    let run = Run { replications_min: 5, replications_max: 5, ..study.run };
    assert!(simulate(&study.scenario, &run, &NEVER).is_ok());
}

#[test]
fn mistakes_are_told_with_place_value_and_advice() {
    let cases = [
        (
            "talk = 180",
            "talk = -5",
            "call_types[0].talk.mean_s is -5: write a duration in seconds, from 0 to 86400",
        ),
        ("talk = 180", "talk = \"long\"", "mean seconds such as 180"),
        ("[100, 100, 100, 100]", "[100, nan, 100, 100]", "call_types[0].calls[1] is NaN"),
        ("[100, 100, 100, 100]", "[]", "call_types[0].calls is a list of 0"),
        (
            "patience = 120",
            "patience = { kind = \"weibull\", mean_s = 120, shape = 0 }",
            "call_types[0].patience.shape is 0",
        ),
        ("start = \"14:00\"", "start = \"2pm\"", "start is \"2pm\": write a time as 09:00"),
        ("interval_minutes = 30", "interval_minutes = 0", "interval_minutes is 0"),
        ("count = 13", "count = 13\nname = \"A\"", "agents[0].count is 13: write a name for one person"),
        ("call_type = \"calls\"", "call_type = \"sales\"", "groups[0].skills[0].call_type is \"sales\""),
        ("call_type = \"calls\"", "call_type = \"calls\", level = 9", "groups[0].skills[0].level is 9"),
        ("agents = [\"Helen\"]", "agents = [\"Elena\"]", "compare[0].away[0].agents is \"Elena\""),
        ("to = \"15:20\"", "to = \"15:00\"", "compare[0].away[0].to is \"15:00\": end after the beginning"),
        (
            "agents = [\"Helen\"]",
            "group = \"hotline\", count = 30",
            "only 14 of that group are at the phone then",
        ),
        ("shift = \"15:00-16:00\"", "shift = \"15:00\"", "agents[2].shift is \"15:00\": write from and to"),
        ("patience = 120", "pateince = 120", "unknown field `pateince`"),
    ];
    for (right, wrong, expected) in cases {
        assert!(HELEN.contains(right), "{right}");
        let told = message(&HELEN.replacen(right, wrong, 1));
        assert!(told.contains(expected), "{wrong}: {told}");
    }
    assert_eq!(message(HELEN), "fine");
    let variant = "\n[[compare]]\nname = \"x\"\naway = [{ agents = [\"Helen\"] }]\n";
    let told = message(&format!("{HELEN}{}", variant.repeat(1_000)));
    assert!(told.starts_with("compare is a list of 1001: compare at most 1000 variants"), "{told}");
}
