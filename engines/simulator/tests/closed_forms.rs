//! The simulator beside the formulas where there are formulas, and beside a published simulation where there are none.

#![expect(clippy::unwrap_used, reason = "helpers fail as the tests do that call them")]

use simulator::{
    Agent, Busyness, CallType, Definition, Distribution, Estimate, Group, Of, Run, Scenario, ServiceLevel,
    agents_from_levels, simulate,
};

const NEVER: fn() -> bool = || false;

/// M/M/n, or M/M/n+M where there is patience: intervals of half an hour, the first six a warm-up.
fn queue(calls: f64, aht_s: f64, patience_s: Option<f64>, agents: usize, intervals: usize) -> Scenario {
    let mut calls =
        CallType::new("calls", vec![calls; intervals], Distribution::Exponential { mean_s: aht_s });
    calls.patience = patience_s.map(|mean_s| Distribution::Exponential { mean_s });
    let mut scenario = Scenario::one_queue(1_800.0, calls, &vec![agents; intervals]);
    scenario.measured = 6..intervals;
    scenario
}

fn run(seed: u64, replications: u64, confidence: f64) -> Run {
    Run { seed, replications_min: replications, replications_max: replications, confidence, ..Run::default() }
}

/// Seeds whose interval misses the truth, of those tried.
fn misses(scenario: &Scenario, seeds: u64, truth: &[(&str, f64)]) -> Vec<(String, u64)> {
    let mut misses: Vec<(String, u64)> = truth.iter().map(|(name, _)| ((*name).to_owned(), 0)).collect();
    for seed in 0..seeds {
        let report = simulate(scenario, &run(seed, 40, 0.99), &NEVER).unwrap();
        let figures = report.total(Of::Centre).unwrap();
        for ((name, truth), (_, missed)) in truth.iter().zip(&mut misses) {
            let found = match *name {
                "service level" => figures.service_level,
                "abandonment" => figures.abandonment,
                "asa" => figures.asa_s,
                "mean wait" => figures.mean_wait_s,
                "waiting" => figures.waiting,
                "occupancy" => figures.occupancy,
                other => panic!("{other}"),
            };
            let Estimate { value, half_width } = found.unwrap();
            *missed += u64::from((value - truth).abs() > half_width);
        }
    }
    misses
}

/// A 99 % interval misses one time in a hundred. Of 200 seeds, eight or more misses would happen once in 1 000 trials.
const SEEDS: u64 = 200;
const MISSES_MAX: u64 = 7;

#[test]
fn erlang_c_lies_in_the_simulated_intervals() {
    let truth =
        [("service level", 0.888_350), ("waiting", 0.174_132), ("asa", 7.835_9), ("occupancy", 0.714_286)];
    for (name, missed) in misses(&queue(100.0, 180.0, None, 14, 36), SEEDS, &truth) {
        assert!(missed <= MISSES_MAX, "{name}: {missed} of {SEEDS} intervals miss the closed form");
    }
}

#[test]
fn erlang_a_lies_in_the_simulated_intervals() {
    let truth =
        [("service level", 0.825_583), ("abandonment", 0.061_597), ("asa", 6.334_8), ("mean wait", 7.391_7)];
    for (name, missed) in misses(&queue(100.0, 180.0, Some(120.0), 12, 36), SEEDS, &truth) {
        assert!(missed <= MISSES_MAX, "{name}: {missed} of {SEEDS} intervals miss the closed form");
    }
}

/// The published three-type example of the ContactCenters library: two groups, three periods of two hours, a gamma
/// busyness factor, rates, staffing, service and patience that change with the period.
fn simple_msk() -> Scenario {
    let rates = [[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]];
    let staffing = [[12, 18, 9], [15, 20, 11]];
    let (service, patience) = ([0.5, 0.6, 0.4], [0.3, 0.4, 0.2]);
    let routing: [&[usize]; 3] = [&[0], &[0, 1], &[1]];
    let call_types = rates.iter().zip(routing).map(|(rates, groups)| CallType {
        patience: Some(Distribution::Exponential { mean_s: 60.0 }),
        handling_factor: service.iter().map(|rate| 1.0 / rate).collect(),
        patience_factor: patience.iter().map(|rate| 1.0 / rate).collect(),
        service_level: ServiceLevel {
            within_s: 20.0,
            target: 0.8,
            definition: Definition::ShortAbandonsExcluded,
        },
        ..CallType::new(
            "type",
            rates.iter().map(|rate| rate * 120.0).collect(),
            Distribution::Exponential { mean_s: 60.0 },
        )
        .routed(groups)
    });
    let agents = |(g, levels): (usize, &[usize; 3])| agents_from_levels(g, levels, 7_200.0, 7_200.0);
    Scenario {
        interval_s: 7_200.0,
        intervals: 3,
        measured: 0..3,
        busyness: Some(Busyness { shape: 28.7 }),
        call_types: call_types.collect(),
        groups: vec![Group::new("first", &[1, 0]), Group::new("second", &[2, 1])],
        agents: staffing.iter().enumerate().flat_map(agents).collect::<Vec<Agent>>(),
    }
}

#[test]
fn a_published_multi_skill_simulation_is_reproduced() {
    let report = simulate(&simple_msk(), &run(1, 1_000, 0.95), &NEVER).unwrap();
    let figures = report.total(Of::Centre).unwrap();
    let published = [
        ("served", figures.answered, 4_297.305, 27.155),
        ("abandoned", figures.abandoned, 910.335, 34.202),
        ("service level", figures.service_level.unwrap(), 0.501, 0.008),
    ];
    for (name, ours, theirs, half_width) in published {
        // Two independent estimates: at 99 % of their difference, 2.58 / 1.96 of the joint half-width.
        let tolerance = 1.32 * f64::hypot(ours.half_width, half_width);
        assert!((ours.value - theirs).abs() < tolerance, "{name}: {ours:?} beside {theirs} ± {half_width}");
    }
}
