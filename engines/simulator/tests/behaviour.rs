//! What happens to calls and people, one rule at a time.

#![expect(clippy::unwrap_used, reason = "helpers fail as the tests do that call them")]

use simulator::{
    Agent, Busyness, CallType, Callback, Definition, Distribution, Figures, Group, Of, Order, Redial, Report,
    Run, Scenario, Scope, Stretch, Tier, agents_from_levels, simulate,
};

const NEVER: fn() -> bool = || false;
const HOUR_S: f64 = 3_600.0;

fn calls(expected: &[f64], patience_s: Option<f64>) -> CallType {
    let mut one = CallType::new("calls", expected.to_vec(), Distribution::Exponential { mean_s: 180.0 });
    one.patience = patience_s.map(|mean_s| Distribution::Exponential { mean_s });
    one
}

fn run(scenario: &Scenario) -> Report {
    let run = Run { replications_min: 60, replications_max: 60, ..Run::default() };
    simulate(scenario, &run, &NEVER).unwrap()
}

fn all(report: &Report) -> Figures {
    *report.total(Of::Centre).unwrap()
}

/// Two call types of the same load, and groups with skills.
fn two_types(groups: Vec<Group>, people: &[usize]) -> Scenario {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[60.0; 6], None), &[]);
    let routed = |k: usize| {
        let able: Vec<usize> =
            (0..groups.len()).filter(|g| groups[*g].skills.iter().any(|s| s.call_type == k)).collect();
        calls(&[60.0; 6], None).routed(&able)
    };
    scenario.call_types = vec![routed(0), routed(1)];
    let seats = people.iter().enumerate();
    scenario.agents = seats.flat_map(|(g, n)| agents_from_levels(g, &[*n; 6], HOUR_S, HOUR_S)).collect();
    scenario.groups = groups;
    scenario
}

fn asa(report: &Report, call_type: usize) -> f64 {
    report.total(Of::CallType(call_type)).unwrap().asa_s.unwrap().value
}

#[test]
fn a_call_at_the_end_of_a_shift_is_finished() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[200.0], Some(60.0)), &[]);
    let person = |name: &str| Agent {
        name: name.to_owned(),
        group: 0,
        speed: 1.0,
        seat: false,
        stretches: vec![Stretch { from_s: 0.0, to_s: HOUR_S / 2.0 }],
    };
    scenario.agents = vec![person("a"), person("b")];
    let figures = all(&run(&scenario));
    // Both are busy all the time; what is left of a call is another mean handling time.
    let over_s = (figures.staffed_h.value - 1.0) * HOUR_S / 2.0;
    assert!((140.0..200.0).contains(&over_s), "{over_s} s after the shift");
    assert!(figures.abandonment.unwrap().value > 0.5, "whoever comes later finds nobody");
}

#[test]
fn nobody_answers_during_a_common_break() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[40.0; 3], None), &[8; 3]);
    for agent in &mut scenario.agents {
        agent.away(HOUR_S, 2.0 * HOUR_S);
    }
    let report = run(&scenario);
    let level = |i: usize| report.of(&Scope::centre(i..i + 1)).unwrap().service_level.unwrap().value;
    assert!(level(0) > 0.99 && level(1) < 0.05, "{} {}", level(0), level(1));
    let queue = report.of(&Scope::centre(1..2)).unwrap().queue_length.value;
    assert!((15.0..25.0).contains(&queue), "half of the hour's 40 calls wait on average: {queue}");
}

#[test]
fn higher_priority_waits_less() {
    let mut scenario = two_types(vec![Group::new("both", &[0, 1])], &[7]);
    scenario.call_types[1].priority = 1;
    let report = run(&scenario);
    assert!(asa(&report, 1) < asa(&report, 0) / 2.0, "{} {}", asa(&report, 1), asa(&report, 0));
}

#[test]
fn a_preference_list_decides_what_is_taken_first() {
    let mut scenario = two_types(vec![Group::new("both", &[1, 0])], &[7]);
    let fair = run(&scenario);
    assert!((asa(&fair, 0) - asa(&fair, 1)).abs() < 0.3 * asa(&fair, 0), "longest wait makes no difference");
    scenario.groups[0].order = Order::Preference;
    let preferring = run(&scenario);
    assert!(asa(&preferring, 1) < asa(&preferring, 0) / 2.0);
}

#[test]
fn overflow_opens_another_group_after_a_wait() {
    let groups = vec![Group::new("first", &[0]), Group::new("second", &[1, 0])];
    let mut scenario = two_types(groups, &[2, 8]);
    scenario.call_types[0].routing =
        vec![Tier { after_s: 0.0, groups: vec![0] }, Tier { after_s: 30.0, groups: vec![1] }];
    let report = run(&scenario);
    let figures = report.total(Of::CallType(0)).unwrap();
    // More than its own two could do, and most who waited did so for half a minute.
    assert!(figures.answered.value > 0.99 * figures.offered.value);
    let waited = figures.asa_s.unwrap().value / figures.waiting.unwrap().value;
    assert!((25.0..40.0).contains(&waited), "{waited} s");
    let hour = report.total(Of::Group(1)).unwrap();
    assert!(hour.occupancy.unwrap().value > 0.4);
}

#[test]
fn whoever_accepts_a_callback_is_called() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[150.0, 20.0, 20.0], Some(400.0)), &[6; 3]);
    scenario.call_types[0].callback = Some(Callback { after_s: 60.0, accept: 0.5, priority: -1 });
    let figures = all(&run(&scenario));
    assert!(figures.callbacks.value > 5.0, "{figures:?}");
    assert!((figures.called_back.value - figures.callbacks.value).abs() < 1.0e-9);
    assert!(figures.callback_wait_s.unwrap().value > 60.0);
    let sum = figures.answered.value + figures.abandoned.value + figures.callbacks.value;
    assert!((sum - figures.offered.value).abs() < 1.0e-9);
}

#[test]
fn who_hangs_up_tries_again() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[150.0; 3], Some(60.0)), &[6; 3]);
    let before = all(&run(&scenario));
    scenario.call_types[0].redial =
        Some(Redial { share: 0.8, delay: Distribution::Uniform { min_s: 60.0, max_s: 300.0 } });
    let after = all(&run(&scenario));
    assert!(after.redials.value > 20.0, "{after:?}");
    assert!(
        (after.offered.value - before.offered.value - after.redials.value).abs() < 1.0e-9,
        "the same first calls"
    );
    assert!(after.abandonment.unwrap().value > before.abandonment.unwrap().value);
}

#[test]
fn balking_customers_do_not_wait() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[150.0; 3], None), &[7; 3]);
    scenario.call_types[0].balking = 1.0;
    let figures = all(&run(&scenario));
    assert!(figures.abandoned.value > 10.0 && figures.asa_s.unwrap().value < 1.0e-9, "{figures:?}");
}

#[test]
fn a_skilled_group_is_faster_and_after_call_work_counts() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[60.0; 4], None), &[8; 4]);
    let usual = all(&run(&scenario)).occupancy.unwrap().value;
    scenario.groups[0].skills[0].speed = 2.0;
    let fast = all(&run(&scenario)).occupancy.unwrap().value;
    assert!((fast / usual - 0.5).abs() < 0.01, "{fast} {usual}");
    scenario.call_types[0].after_call = Some(Distribution::Fixed { value_s: 180.0 });
    let after_call = all(&run(&scenario)).occupancy.unwrap().value;
    assert!((after_call / usual - 1.0).abs() < 0.02, "{after_call} {usual}");
}

#[test]
fn absence_takes_its_share_and_hits_the_same_people_under_every_plan() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[60.0; 4], None), &[50; 4]);
    let full = all(&run(&scenario)).staffed_h.value;
    scenario.groups[0].absence = 0.2;
    let share = all(&run(&scenario)).staffed_h.value / full;
    assert!((share - 0.8).abs() < 0.03, "{share}");
}

#[test]
fn busy_days_spread_what_chance_alone_does_not() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[400.0; 4], Some(60.0)), &[25; 4]);
    let chance = all(&run(&scenario)).offered;
    scenario.busyness = Busyness::from_dispersion(10.0, 400.0);
    let spread = all(&run(&scenario)).offered;
    // Half-widths of 60 days: √1600 against √(1600 + 1600² / 44.4).
    let ratio = spread.half_width / chance.half_width;
    assert!((4.0..9.0).contains(&ratio), "{ratio}");
}

#[test]
fn the_four_service_levels_are_ordered_as_their_definitions_are() {
    let mut scenario = Scenario::one_queue(HOUR_S, calls(&[200.0; 3], Some(60.0)), &[6; 3]);
    let mut of = |definition| {
        scenario.call_types[0].service_level.definition = definition;
        all(&run(&scenario)).service_level.unwrap().value
    };
    let offered = of(Definition::OfOffered);
    let excluded = of(Definition::ShortAbandonsExcluded);
    let answered = of(Definition::OfAnswered);
    let good = of(Definition::ShortAbandonsGood);
    assert!(
        offered + 0.05 < excluded && excluded < answered && excluded < good,
        "{offered} {excluded} {answered} {good}"
    );
}

#[test]
fn patience_and_handling_of_every_kind_keep_their_means() {
    let kinds = [
        Distribution::Exponential { mean_s: 120.0 },
        Distribution::Fixed { value_s: 120.0 },
        Distribution::Uniform { min_s: 60.0, max_s: 180.0 },
        Distribution::Lognormal { mean_s: 120.0, cv: 0.9 },
        Distribution::Gamma { mean_s: 120.0, cv: 0.5 },
        Distribution::Weibull { mean_s: 120.0, shape: 0.7 },
        Distribution::Empirical { values_s: vec![60.0, 120.0, 180.0] },
    ];
    for kind in kinds {
        assert!((kind.mean_s() - 120.0).abs() < 1.0e-9);
        let mut one = calls(&[300.0; 4], None);
        one.talk = kind.clone();
        let figures = all(&run(&Scenario::one_queue(HOUR_S, one, &[40; 4])));
        let handling_s =
            figures.occupancy.unwrap().value * figures.staffed_h.value * HOUR_S / figures.answered.value;
        // The last calls of a day go on in the hour after it, which is not measured.
        assert!((handling_s - 120.0).abs() < 3.0, "{kind:?}: {handling_s}");
    }
}

#[test]
fn figures_of_what_does_not_exist_are_refused() {
    let scenario = Scenario::one_queue(HOUR_S, calls(&[60.0; 2], None), &[5; 2]);
    for (scope, told) in [
        (Scope::call_type(1, 0..1), "scope is CallType(1): name a call type or group that exists"),
        (Scope::centre(1..3), "scope is 1..3: name at least one of the intervals 0..2"),
    ] {
        let run = Run { scopes: vec![scope], ..Run::default() };
        assert_eq!(simulate(&scenario, &run, &NEVER).unwrap_err().to_string(), told);
    }
}

#[test]
fn seats_are_as_many_as_the_plan_says_while_one_of_them_is_idle() {
    let mut quiet = Scenario::one_queue(HOUR_S, calls(&[40.0, 40.0, 40.0], None), &[12, 6, 9]);
    let staffed = |scenario: &Scenario| all(&run(scenario)).staffed_h.value;
    assert!((staffed(&quiet) - 27.0).abs() < 0.01, "{}", staffed(&quiet));
    // When all are in a call, six of them go as soon as they finish it.
    quiet.call_types[0].calls = vec![400.0, 0.0, 0.0];
    quiet.call_types[0].patience = Some(Distribution::Exponential { mean_s: 60.0 });
    let over_h = staffed(&quiet) - 27.0;
    // The first of twelve to finish within 180 s on average, then of eleven …: 180 × (1/12 + … + 1/7) / 2 each.
    assert!((0.01..0.15).contains(&over_h), "{over_h}");
}
