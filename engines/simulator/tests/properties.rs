//! What holds for every centre.

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use simulator::{
    Agent, CallType, Callback, Distribution, Error, Group, Of, Order, Redial, Run, Scenario, Skill, Stretch,
    Tier, compare, simulate,
};

const NEVER: fn() -> bool = || false;

fn few(replications: u64) -> Run {
    Run { replications_min: replications, replications_max: replications, ..Run::default() }
}

fn duration() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (1.0..400.0).prop_map(|mean_s| Distribution::Exponential { mean_s }),
        (0.0..400.0).prop_map(|value_s| Distribution::Fixed { value_s }),
        (1.0..400.0, 0.1..2.0).prop_map(|(mean_s, cv)| Distribution::Lognormal { mean_s, cv }),
        (1.0..400.0, 0.3..3.0).prop_map(|(mean_s, shape)| Distribution::Weibull { mean_s, shape }),
    ]
}

prop_compose! {
    fn call_type()(
        calls in prop::collection::vec(0.0..60.0, 4),
        talk in duration(),
        patience in prop::option::of(duration()),
        balking in prop_oneof![Just(0.0), 0.0..1.0],
        priority in -1..2,
        callback in prop::option::of((0.0..120.0, 0.0..1.0, -1..2)),
        redial in prop::option::of((0.0..0.9, duration())),
    ) -> CallType {
        CallType {
            patience,
            balking,
            priority,
            callback: callback.map(|(after_s, accept, priority)| Callback { after_s, accept, priority }),
            redial: redial.map(|(share, delay)| Redial { share, delay }),
            ..CallType::new("calls", calls, talk)
        }
    }
}

prop_compose! {
    /// Two types, three groups (first, second, both), people with a break.
    fn centre()(
        mut call_types in prop::collection::vec(call_type(), 2),
        after_s in prop::collection::vec(prop_oneof![Just(0.0), 0.0..60.0], 2),
        people in prop::collection::vec((0_usize..3, 0.0..6_000.0, 60.0..5_000.0, 0.0..3_000.0, any::<bool>()), 0..12),
        absence in prop_oneof![Just(0.0), 0.0..0.5],
        preference in any::<bool>(),
        seed in any::<u64>(),
    ) -> (Scenario, u64) {
        for (k, one) in call_types.iter_mut().enumerate() {
            one.routing = vec![Tier { after_s: 0.0, groups: vec![k] }, Tier { after_s: after_s[k], groups: vec![2] }];
        }
        let order = if preference { Order::Preference } else { Order::LongestWait };
        let skills = [vec![0], vec![1], vec![1, 0]];
        let group = |skills: &Vec<usize>| Group { absence, order, ..Group::new("group", skills) };
        let agent = |(group, from_s, length_s, pause_s, seat): (usize, f64, f64, f64, bool)| {
            let stretches = vec![Stretch { from_s, to_s: from_s + length_s }];
            let mut one = Agent { name: String::new(), group, speed: 1.0, seat, stretches };
            one.away(from_s + pause_s, from_s + pause_s + 300.0);
            one
        };
        let scenario = Scenario {
            interval_s: 1_800.0,
            intervals: 4,
            measured: 0..4,
            busyness: None,
            call_types,
            groups: skills.iter().map(group).collect(),
            agents: people.into_iter().map(agent).collect(),
        };
        (scenario, seed)
    }
}

/// Numbers that break programs.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-1.0),
        Just(0.0),
        Just(1.0e-300),
        Just(1.0e300),
        0.0..100.0,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_call_has_one_end_and_nobody_works_more_than_they_are_there((scenario, seed) in centre()) {
        let report = simulate(&scenario, &Run { seed, ..few(3) }, &NEVER).unwrap();
        for (scope, figures) in report.all() {
            let ends = figures.answered.value + figures.abandoned.value + figures.callbacks.value
                + figures.left_waiting.value;
            prop_assert!((ends - figures.offered.value).abs() < 1.0e-9, "{scope:?} {figures:?}");
            prop_assert!(figures.called_back.value <= figures.callbacks.value + 1.0e-9);
            prop_assert!(figures.occupancy.is_none_or(|o| (0.0..=1.0 + 1.0e-9).contains(&o.value)), "{scope:?} {figures:?}");
            prop_assert!(figures.service_level.is_none_or(|s| (0.0..=1.0).contains(&s.value)));
        }
    }

    #[test]
    fn one_more_person_never_lowers_the_service_level(
        calls in prop::collection::vec(1.0..80.0, 3), talk in duration(), people in 1_usize..12, seed in any::<u64>(),
    ) {
        // First come, first served, by one queue: whoever comes waits no longer, path by path (Kiefer, Wolfowitz 1955).
        let plan = |people: usize| Scenario::one_queue(1_800.0, CallType::new("calls", calls.clone(), talk.clone()), &[people; 3]);
        let found = compare(&plan(people), &[("more".to_owned(), plan(people + 1))], &Run { seed, ..few(5) }, &NEVER).unwrap();
        for (scope, _) in found.plan.all() {
            if scope.of == Of::Centre && let Some(level) = found.difference(0, scope).unwrap().service_level {
                prop_assert!(level.value >= -1.0e-12, "{scope:?} {level:?}");
            }
        }
    }

    #[test]
    fn what_is_no_centre_is_refused_without_a_panic(
        (mut scenario, seed) in centre(), value in wild(), which in 0..12_usize, huge in any::<usize>(),
    ) {
        match which {
            0 => scenario.interval_s = value,
            1 => scenario.call_types[0].calls[1] = value,
            2 => scenario.call_types[0].talk = Distribution::Gamma { mean_s: 60.0, cv: value },
            3 => scenario.call_types[1].patience = Some(Distribution::Weibull { mean_s: value, shape: 1.0 }),
            4 => scenario.call_types[1].routing[1].after_s = value,
            5 => scenario.groups[0].skills = vec![Skill { call_type: huge, speed: 1.0 }],
            6 => scenario.groups[1].skills[0].speed = value,
            7 => scenario.groups[2].absence = value,
            8 => scenario.agents.push(Agent {
                name: String::new(), group: 0, speed: value, seat: false, stretches: Vec::new(),
            }),
            9 => scenario.agents.push(Agent {
                name: String::new(), group: huge, speed: 1.0, seat: true,
                stretches: vec![Stretch { from_s: value, to_s: 1.0 }],
            }),
            10 => scenario.measured = 2..huge,
            _ => scenario.busyness = Some(simulator::Busyness { shape: value }),
        }
        match simulate(&scenario, &Run { seed, ..few(2) }, &NEVER) {
            Ok(report) => prop_assert_eq!(report.replications, 2),
            Err(error) => prop_assert!(matches!(error, Error::Value { .. }), "{}", error),
        }
    }

    #[test]
    fn stopping_keeps_what_was_through((scenario, seed) in centre(), asked in 0..60_u32) {
        let count = AtomicU32::new(0);
        let stop = || count.fetch_add(1, Ordering::Relaxed) >= asked;
        match simulate(&scenario, &Run { seed, ..few(40) }, &stop) {
            Ok(report) => prop_assert!((2..=40).contains(&report.replications)),
            Err(error) => prop_assert_eq!(error, Error::Stopped),
        }
    }
}

proptest! {
    // Each case is long enough for several batches.
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn threads_do_not_change_a_figure((scenario, seed) in centre()) {
        let on = |threads| {
            let report = simulate(&scenario, &Run { seed, threads, ..few(205) }, &NEVER).unwrap();
            let figures: Vec<_> = report.all().map(|(_, figures)| format!("{figures:?}")).collect();
            (report.replications, report.calls, report.events, figures)
        };
        prop_assert_eq!(on(1), on(3));
    }
}
