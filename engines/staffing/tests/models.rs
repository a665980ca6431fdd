//! The models against chains solved without any of the engine's formulas, and against each other where they must agree.
#![expect(clippy::float_cmp, reason = "exactly nobody, everybody and never")]

use staffing::{
    Load, Outcome, ServiceLevelDefinition, StaffingError, Target, erlang_b, evaluate, required_agents,
    requirements, scheduled, service_level_of_day,
};

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} ± {tolerance}");
}

/// Probabilities of the states of a birth–death chain with these rates up (out of 0, 1, …) and down (out of 1, 2, …).
fn chain(up: impl Fn(usize) -> f64, down: impl Fn(usize) -> f64, states: usize) -> Vec<f64> {
    let mut weights = vec![1.0];
    for state in 1..states {
        weights.push(weights[state - 1] * up(state - 1) / down(state));
    }
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

#[test]
fn several_conversations_at_once_follow_their_chain() {
    for (agents, at_once, slowdown, erlangs, patience_s) in [
        (4_usize, 3_usize, 0.2, 6.0, 120.0),
        (7, 2, 0.0, 20.0, 600.0),
        (3, 5, 0.5, 9.0, 45.0),
        (6, 1, 0.3, 5.0, 200.0),
    ] {
        let (aht_s, lambda) = (300.0, erlangs / 300.0);
        let places = agents * at_once;
        let one = |held: usize| held as f64 / (1.0 + slowdown * (held.max(1) - 1) as f64) / aht_s;
        let down = |state: usize| {
            let served = state.min(places);
            let (each, more) = (served / agents, served % agents);
            (agents - more) as f64 * one(each)
                + more as f64 * one(each + 1)
                + (state - served) as f64 / patience_s
        };
        let p = chain(|_| lambda, down, places + 2_000);
        let waits: f64 = p[places..].iter().sum();
        let queue: f64 = p[places..].iter().enumerate().map(|(length, p)| length as f64 * p).sum();

        let load = Load::new(lambda * 1800.0, 1800.0, aht_s).unwrap().with_patience(patience_s).unwrap();
        let load = load.with_conversations_at_once(u32::try_from(at_once).unwrap(), slowdown).unwrap();
        let found = evaluate(&load, agents as f64, 30.0).unwrap();
        near(found.p_wait, waits, 1e-12);
        near(found.abandonment, queue / patience_s / lambda, 1e-12);
        near(found.mean_wait_s, queue / lambda, 1e-9);
    }
}

/// Callers who try again, as they are: a chain of those in the centre and those between two tries.
fn with_orbit(agents: usize, lambda: f64, patience: f64, share: f64, after: f64) -> (f64, f64) {
    const CENTRE: usize = 25;
    const ORBIT: usize = 60;
    let mut p = vec![vec![1.0 / (CENTRE * ORBIT) as f64; ORBIT]; CENTRE];
    let served = |centre: usize| centre.min(agents) as f64;
    let giving_up = |centre: usize| centre.saturating_sub(agents) as f64 / patience;
    for _ in 0..4_000 {
        for centre in 0..CENTRE {
            for orbit in 0..ORBIT {
                let leaves = if centre + 1 < CENTRE { lambda + orbit as f64 / after } else { 0.0 }
                    + served(centre)
                    + giving_up(centre) * if orbit + 1 < ORBIT { 1.0 } else { 1.0 - share };
                let mut comes = 0.0;
                if centre > 0 {
                    comes += p[centre - 1][orbit] * lambda;
                    comes += p[centre - 1].get(orbit + 1).map_or(0.0, |p| p * (orbit + 1) as f64 / after);
                }
                if centre + 1 < CENTRE {
                    comes +=
                        p[centre + 1][orbit] * (served(centre + 1) + giving_up(centre + 1) * (1.0 - share));
                    comes += if orbit > 0 {
                        p[centre + 1][orbit - 1] * giving_up(centre + 1) * share
                    } else {
                        0.0
                    };
                }
                p[centre][orbit] = comes / leaves;
            }
        }
        let sum: f64 = p.iter().flatten().sum();
        p.iter_mut().flatten().for_each(|p| *p /= sum);
    }
    let mean = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
        p.iter().enumerate().flat_map(|(c, row)| row.iter().enumerate().map(move |(o, p)| p * of(c, o))).sum()
    };
    let offered = lambda + mean(&|_, orbit| orbit as f64) / after;
    (mean(&|centre, _| giving_up(centre)) / offered, mean(&|_, orbit| orbit as f64))
}

#[test]
fn retrials_are_near_the_chain_that_remembers_who_tries_again() {
    // Times in handling times: five agents, patience of a half, 60 % try again much later.
    let (abandonment, between) = with_orbit(5, 4.0, 0.5, 0.6, 20.0);
    let load = Load::new(4.0, 180.0, 180.0).unwrap().with_patience(90.0).unwrap();
    let found = evaluate(&load.with_retrials(0.6, 3600.0).unwrap(), 5.0, 20.0).unwrap();
    let without = evaluate(&load, 5.0, 20.0).unwrap().abandonment;
    near(found.abandonment, abandonment, 0.004);
    assert!(abandonment - without > 0.02, "{abandonment} {without}");
    near(found.between_tries, between, 0.15);
}

#[test]
fn definitions_lie_far_apart_under_overload() {
    let load = Load::new(20.0, 1800.0, 300.0).unwrap().with_patience(90.0).unwrap();
    let found = evaluate(&load, 1.0, 30.0).unwrap();
    let by = |definition| found.service_level_by(definition);
    near(by(ServiceLevelDefinition::OfOffered), 0.155, 0.001);
    near(by(ServiceLevelDefinition::OfAnswered), 0.587, 0.001);
    near(by(ServiceLevelDefinition::ShortAbandonsGood), 0.400, 0.001);
    near(
        by(ServiceLevelDefinition::ShortAbandonsExcluded),
        0.155_336_66 / (1.0 - 0.399_586_75 + 0.155_336_66),
        1e-6,
    );
}

#[test]
fn nobody_and_nothing_have_answers() {
    let load = Load::new(100.0, 1800.0, 180.0).unwrap();
    let Outcome { service_level, p_wait, asa_s, occupancy, answered, .. } =
        evaluate(&load, 0.0, 20.0).unwrap();
    assert_eq!([service_level, p_wait, asa_s, occupancy, answered], [0.0, 1.0, f64::INFINITY, 1.0, 0.0]);
    let gone = evaluate(&load.with_patience(60.0).unwrap(), 0.0, 20.0).unwrap();
    near(gone.abandonment, 1.0, 0.0);
    near(gone.mean_wait_s, 60.0, 1e-12);
    near(gone.service_level_short_abandons_good, 1.0 - (-20.0_f64 / 60.0).exp(), 1e-12);

    let night = Load::new(0.0, 1800.0, 0.0).unwrap();
    let quiet = evaluate(&night, 0.0, 20.0).unwrap();
    assert_eq!([quiet.service_level, quiet.p_wait, quiet.asa_s, quiet.abandonment], [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(required_agents(&night, &[Target::service_level(0.8, 20.0)]), Ok(0));
    near(erlang_b(0.0, 5.0).unwrap(), 1.0, 0.0);
}

#[test]
fn every_target_of_a_mix_holds() {
    let load = Load::new(500.0, 1800.0, 300.0).unwrap().with_patience(180.0).unwrap();
    let agents = |targets: &[Target]| required_agents(&load, targets).unwrap();
    let level = Target::service_level(0.8, 20.0);
    assert_eq!(agents(&[level]), 84);
    assert_eq!(agents(&[level, Target::Occupancy(0.85)]), 98);
    let abandonment = agents(&[Target::Abandonment(0.02)]);
    assert_eq!(agents(&[level, Target::Abandonment(0.02), Target::Asa(30.0)]), abandonment.max(84));
}

#[test]
fn a_day_counts_calls_not_intervals() {
    let loads =
        [10.0, 190.0].map(|calls| Load::new(calls, 1800.0, 180.0).unwrap().with_patience(60.0).unwrap());
    let outcomes = loads.map(|load| evaluate(&load, 10.0, 20.0).unwrap());
    let day = service_level_of_day(&outcomes, ServiceLevelDefinition::OfOffered);
    near(day, outcomes[0].service_level.mul_add(0.05, outcomes[1].service_level * 0.95), 1e-12);
    let day = service_level_of_day(&outcomes, ServiceLevelDefinition::OfAnswered);
    let answered = outcomes.map(|outcome| outcome.offered_calls * outcome.answered);
    let good = outcomes.map(|outcome| outcome.offered_calls * outcome.service_level);
    near(day, good.iter().sum::<f64>() / answered.iter().sum::<f64>(), 1e-12);
    near(service_level_of_day(&[], ServiceLevelDefinition::OfOffered), 1.0, 0.0);

    let needed = requirements(&loads, &[Target::service_level(0.8, 20.0)], 0.3).unwrap();
    for (requirement, load) in needed.iter().zip(&loads) {
        assert!(requirement.outcome.service_level >= 0.8);
        assert_eq!(requirement.agents, required_agents(load, &[Target::service_level(0.8, 20.0)]).unwrap());
        assert_eq!(requirement.scheduled, scheduled(requirement.agents as f64, 0.3).unwrap());
    }
}

#[test]
fn mistakes_are_told_with_their_value() {
    let load = Load::new(100.0, 1800.0, 180.0).unwrap();
    let said = |error: StaffingError| error.to_string();
    for (error, value) in [
        (said(Load::new(-3.0, 1800.0, 180.0).unwrap_err()), "-3 calls"),
        (said(Load::new(f64::NAN, 1800.0, 180.0).unwrap_err()), "NaN calls"),
        (said(Load::new(3.0, 0.0, 180.0).unwrap_err()), "interval of 0 s"),
        (said(Load::new(3.0, 1800.0, 0.0).unwrap_err()), "handling time of 0 s"),
        (said(Load::new(1e9, 60.0, 1e6).unwrap_err()), "erlangs is more"),
        (said(load.with_patience(-1.0).unwrap_err()), "patience of -1 s"),
        (said(load.with_conversations_at_once(0, 0.1).unwrap_err()), "0 conversations"),
        (said(load.with_retrials(1.0, 60.0).unwrap_err()), "from 0 to 0.99"),
        (said(evaluate(&load, -1.0, 20.0).unwrap_err()), "-1 agents"),
        (said(evaluate(&load, 1.0, -20.0).unwrap_err()), "threshold of -20 s"),
        (said(required_agents(&load, &[]).unwrap_err()), "0 targets"),
        (
            said(required_agents(&load, &[Target::service_level(80.0, 20.0)]).unwrap_err()),
            "service level of 80",
        ),
        (said(required_agents(&load, &[Target::Occupancy(1e-12)]).unwrap_err()), "no number of agents"),
        (said(scheduled(10.0, 1.0).unwrap_err()), "shrinkage of 1"),
    ] {
        assert!(error.contains(value), "{error}");
    }
}
