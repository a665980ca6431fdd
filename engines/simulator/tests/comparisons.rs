//! What an event costs: plans compared over the same calls.

use simulator::{CallType, Distribution, Ended, Goal, Run, Scenario, Scope, compare};

const NEVER: fn() -> bool = || false;

/// 14 agents, 100 calls an half hour, two hours.
fn two_hours() -> Scenario {
    let mut calls = CallType::new("calls", vec![100.0; 4], Distribution::Exponential { mean_s: 180.0 });
    calls.patience = Some(Distribution::Exponential { mean_s: 120.0 });
    Scenario::one_queue(1_800.0, calls, &[14; 4])
}

fn late() -> (Scenario, Vec<(String, Scenario)>, Scope) {
    let mut plan = two_hours();
    // At the third half hour somebody goes and somebody comes.
    let mut helen = plan.agents[13].clone();
    plan.agents[13].away(3_600.0, f64::INFINITY);
    helen.away(0.0, 3_600.0);
    plan.agents.push(helen);
    let mut late = plan.clone();
    late.agents[14].away(3_600.0, 4_800.0);
    (plan, vec![("late".to_owned(), late)], Scope::centre(2..3))
}

#[test]
fn twenty_minutes_late_costs_three_points_in_that_half_hour() {
    let (plan, variants, scope) = late();
    let goal = Goal { scope: scope.clone(), half_width: 0.002 };
    let run = Run { until: vec![goal], replications_max: 20_000, ..Run::default() };
    let found = compare(&plan, &variants, &run, &NEVER).unwrap();
    assert_eq!(found.plan.ended, Ended::Precise);
    let difference = found.difference(0, &scope).unwrap().service_level.unwrap();
    println!(
        "{} replications, {difference:?}, {:?}",
        found.plan.replications,
        found.plan.of(&scope).unwrap().service_level
    );
    assert!(difference.half_width <= 0.002);
    assert!((difference.value + 0.029).abs() < 0.004, "{difference:?}");
    let untouched = found.difference(0, &Scope::centre(0..1)).unwrap().service_level.unwrap();
    assert!(
        untouched.value.abs() < 1.0e-12 && untouched.half_width < 1.0e-9,
        "the past cannot change: {untouched:?}"
    );
}

#[test]
fn threads_do_not_show_in_the_result() {
    let (plan, variants, scope) = late();
    let goal = Goal { scope, half_width: 0.004 };
    let on = |threads| {
        let run = Run { until: vec![goal.clone()], replications_max: 20_000, threads, ..Run::default() };
        let found = compare(&plan, &variants, &run, &NEVER).unwrap();
        let figures: Vec<_> = found.plan.all().map(|(_, figures)| *figures).collect();
        (found.plan.replications, figures, found.difference(0, &goal.scope).copied())
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
}

#[test]
fn the_interval_of_a_difference_is_as_wide_as_differences_spread() {
    const SEEDS: u64 = 40;
    let (plan, variants, scope) = late();
    let (mut values, mut half_width) = (Vec::new(), 0.0);
    for seed in 0..SEEDS {
        // More than one batch, so that merging is seen too.
        let run = Run { seed, replications_min: 150, replications_max: 150, ..Run::default() };
        let found = compare(&plan, &variants, &run, &NEVER).unwrap();
        let difference = found.difference(0, &scope).unwrap().service_level.unwrap();
        values.push(difference.value);
        half_width += difference.half_width / SEEDS as f64;
    }
    let mean = values.iter().sum::<f64>() / SEEDS as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (SEEDS - 1) as f64;
    let ratio = half_width / (1.976 * variance.sqrt());
    assert!((0.7..1.4).contains(&ratio), "half-width {half_width}, spread {}", variance.sqrt());
}
