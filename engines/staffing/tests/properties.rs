//! What must hold of every load, every number of agents and every target.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should fail")]

use proptest::prelude::*;
use staffing::{
    Load, Outcome, ServiceLevelDefinition, Target, erlang_b, evaluate, required_agents,
    required_agents_fractional, scheduled, service_level,
};

const DEFINITIONS: [ServiceLevelDefinition; 4] = [
    ServiceLevelDefinition::OfOffered,
    ServiceLevelDefinition::OfAnswered,
    ServiceLevelDefinition::ShortAbandonsGood,
    ServiceLevelDefinition::ShortAbandonsExcluded,
];

/// Rounding of sums over many states.
const ROUNDING: f64 = 1e-11;

/// Numbers spread evenly over their sizes.
fn size(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

/// A load of any size with any patience, and agents from far too few to far too many.
fn queues() -> impl Strategy<Value = (Load, f64)> {
    let patience = prop_oneof![Just(f64::INFINITY), Just(0.0), size(1e-3, 1e9), size(10.0, 1000.0)];
    (size(1e-4, 1e5), size(1.0, 1e4), patience, 0.0..2.5_f64, -3.0..5.0_f64, any::<bool>()).prop_map(
        |(erlangs, aht_s, patience_s, ratio, beta, near)| {
            let load = Load::new(erlangs * 1800.0 / aht_s, 1800.0, aht_s).unwrap();
            let agents = if near { erlangs + beta * erlangs.sqrt() } else { erlangs * ratio };
            (load.with_patience(patience_s).unwrap(), agents.max(0.0))
        },
    )
}

/// Anything a machine can hold.
fn anything() -> impl Strategy<Value = f64> {
    let odd = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
    ];
    prop_oneof![any::<u64>().prop_map(f64::from_bits), prop::sample::select(odd.to_vec()), size(1e-6, 1e10)]
}

fn check(outcome: &Outcome) -> Result<(), TestCaseError> {
    let Outcome {
        p_wait, service_level: level, abandonment, answered, occupancy, asa_s, mean_wait_s, ..
    } = *outcome;
    for share in [p_wait, level, abandonment, answered, occupancy]
        .into_iter()
        .chain(DEFINITIONS.map(|definition| outcome.service_level_by(definition)))
    {
        prop_assert!((0.0..=1.0).contains(&share), "{outcome:?}");
    }
    prop_assert!(asa_s >= 0.0 && mean_wait_s >= 0.0, "{outcome:?}");
    prop_assert!(outcome.offered_calls >= 0.0 && outcome.between_tries >= 0.0, "{outcome:?}");
    if answered > 0.0 {
        prop_assert!((answered + abandonment - 1.0).abs() < ROUNDING, "{outcome:?}");
        prop_assert!(level <= answered + ROUNDING && level >= 1.0 - p_wait - ROUNDING, "{outcome:?}");
    }
    prop_assert!(outcome.service_level_short_abandons_good >= level - ROUNDING);
    Ok(())
}

proptest! {
    #[test]
    fn shares_are_shares_and_add_up((load, agents) in queues(), threshold_s in size(1e-3, 1e5)) {
        let outcome = evaluate(&load, agents, threshold_s).unwrap();
        check(&outcome)?;
        for definition in DEFINITIONS {
            let alone = service_level(&load, agents, threshold_s, definition).unwrap();
            prop_assert_eq!(alone.to_bits(), outcome.service_level_by(definition).to_bits());
        }
        if let Some(patience_s) = load.patience_s().filter(|p| *p > 0.0) {
            // Whoever waits gives up at the rate of their patience, and what agents do is what they answer.
            let waits = (outcome.abandonment * patience_s - outcome.mean_wait_s).abs();
            prop_assert!(waits <= ROUNDING * patience_s);
            let worked = (outcome.answered * load.erlangs() - outcome.occupancy * agents).abs();
            prop_assert!(agents <= 0.0 || worked <= ROUNDING * load.erlangs().max(agents), "{}", worked);
        }
    }

    #[test]
    fn more_agents_never_serve_worse((load, agents) in queues(), more in size(1e-3, 1e3), threshold_s in size(1e-3, 1e5)) {
        let (few, many) = (evaluate(&load, agents, threshold_s).unwrap(), evaluate(&load, agents + more, threshold_s).unwrap());
        for definition in DEFINITIONS {
            let (less, level) = (few.service_level_by(definition), many.service_level_by(definition));
            prop_assert!(level >= less - ROUNDING, "{:?}: {} then {}", definition, less, level);
        }
        prop_assert!(many.p_wait <= few.p_wait + ROUNDING);
        prop_assert!(many.abandonment <= few.abandonment + ROUNDING);
        prop_assert!(many.asa_s <= few.asa_s * (1.0 + 1e-9) + ROUNDING);
    }

    #[test]
    fn more_calls_never_serve_better((load, agents) in queues(), times in 1.0..3.0_f64, threshold_s in size(1e-3, 1e5)) {
        let patience_s = load.patience_s().unwrap_or(f64::INFINITY);
        let busier = Load::new(load.calls() * times, load.interval_s(), load.aht_s()).unwrap();
        let busier = busier.with_patience(patience_s).unwrap();
        let (quiet, busy) = (evaluate(&load, agents, threshold_s).unwrap(), evaluate(&busier, agents, threshold_s).unwrap());
        for definition in DEFINITIONS {
            let (less, level) = (busy.service_level_by(definition), quiet.service_level_by(definition));
            prop_assert!(less <= level + ROUNDING, "{:?}: {} then {}", definition, level, less);
        }
        prop_assert!(busy.abandonment >= quiet.abandonment - ROUNDING);
        prop_assert!(busy.p_wait >= quiet.p_wait - ROUNDING);
        prop_assert!(busy.occupancy >= quiet.occupancy - ROUNDING);
    }

    #[test]
    fn patience_leads_from_loss_to_waiting(erlangs in size(0.01, 2000.0), beta in 0.05..4.0_f64, threshold_s in 0.0..120.0_f64) {
        let agents = erlangs + beta * erlangs.sqrt();
        let load = Load::new(erlangs * 10.0, 1800.0, 180.0).unwrap();
        let patient = evaluate(&load, agents, threshold_s).unwrap();
        let nearly = evaluate(&load.with_patience(1e9).unwrap(), agents, threshold_s).unwrap();
        prop_assert!((patient.service_level - nearly.service_level).abs() < 1e-4, "{patient:?} {nearly:?}");
        prop_assert!((patient.p_wait - nearly.p_wait).abs() < 1e-4);
        prop_assert!((patient.asa_s - nearly.asa_s).abs() <= 1e-3 * patient.asa_s);
        let lost = erlang_b(agents, load.erlangs()).unwrap();
        let hasty = evaluate(&load.with_patience(1e-3).unwrap(), agents, threshold_s).unwrap();
        let gone = evaluate(&load.with_patience(0.0).unwrap(), agents, threshold_s).unwrap();
        prop_assert!((gone.abandonment - lost).abs() < 1e-15 && gone.asa_s <= 0.0);
        prop_assert!((hasty.abandonment - lost).abs() <= 0.02 * lost, "{} {}", hasty.abandonment, lost);
    }

    #[test]
    fn required_agents_are_the_fewest(
        (load, _) in queues(), share in 0.01..0.999_f64, seconds in size(0.01, 1000.0), kind in 0..6_usize,
    ) {
        let level = |definition| Target::ServiceLevel { share, threshold_s: seconds, definition };
        let mut targets = vec![match kind {
            0 => level(ServiceLevelDefinition::OfOffered),
            1 => level(ServiceLevelDefinition::OfAnswered),
            2 => level(ServiceLevelDefinition::ShortAbandonsGood),
            3 => Target::Asa(seconds),
            4 => Target::Abandonment(1.0 - share),
            _ => Target::ProbabilityOfWaiting(1.0 - share),
        }];
        targets.push(Target::Occupancy(1.0 - 0.3 * share));
        let agents = required_agents(&load, &targets).unwrap();
        let met = |agents: f64| {
            let outcome = evaluate(&load, agents, seconds).unwrap();
            targets.iter().all(|target| match *target {
                Target::ServiceLevel { share, definition, .. } => outcome.service_level_by(definition) >= share,
                Target::Asa(most) => outcome.asa_s <= most,
                Target::Abandonment(most) => outcome.abandonment <= most,
                Target::ProbabilityOfWaiting(most) => outcome.p_wait <= most,
                Target::Occupancy(most) => outcome.occupancy <= most,
            })
        };
        prop_assert!(met(agents as f64));
        prop_assert!(agents == 0 || !met(agents as f64 - 1.0));
        let exact = required_agents_fractional(&load, &targets).unwrap();
        prop_assert!(met(exact) && exact <= agents as f64 && exact > agents as f64 - 1.0 - 1e-9);
        let less = exact - 3e-9 * exact.max(1.0);
        prop_assert!(less < 0.0 || !met(less));
    }

    #[test]
    fn retrials_bring_calls_and_close_the_circle((load, agents) in queues(), share in 0.0..0.99_f64) {
        let again = load.with_retrials(share, 300.0).unwrap();
        let (once, outcome) = (evaluate(&load, agents, 20.0).unwrap(), evaluate(&again, agents, 20.0).unwrap());
        check(&outcome)?;
        let own = outcome.offered_calls * (1.0 - share * outcome.abandonment);
        prop_assert!((own - load.calls()).abs() <= 1e-9 * load.calls(), "{own} of {}", load.calls());
        prop_assert!(outcome.abandonment >= once.abandonment - ROUNDING);
        prop_assert!(outcome.service_level <= once.service_level + ROUNDING);
        let more = evaluate(&again, agents + 1.0, 20.0).unwrap();
        prop_assert!(more.service_level >= outcome.service_level - 1e-9);
    }

    #[test]
    fn several_conversations_at_once_only_help(
        erlangs in size(0.1, 500.0), agents in 0..300_u32, at_once in 1..8_u32, slowdown in 0.0..=1.0_f64, patience_s in size(10.0, 1e4),
    ) {
        let load = Load::new(erlangs * 3.0, 1800.0, 600.0).unwrap().with_patience(patience_s).unwrap();
        let chat = |at_once| load.with_conversations_at_once(at_once, slowdown).unwrap();
        let agents = f64::from(agents);
        let (one, more) = (evaluate(&chat(at_once), agents, 30.0).unwrap(), evaluate(&chat(at_once + 1), agents, 30.0).unwrap());
        check(&one)?;
        check(&more)?;
        prop_assert!(more.p_wait <= one.p_wait + ROUNDING);
        prop_assert!(more.abandonment <= one.abandonment + ROUNDING);
        let staffed = evaluate(&chat(at_once), agents + 1.0, 30.0).unwrap();
        prop_assert!(staffed.service_level >= one.service_level - ROUNDING);
    }

    #[test]
    fn people_scheduled_are_enough_and_not_one_too_many(agents in 0..100_000_u32, shrinkage in 0.0..=0.99_f64) {
        let people = scheduled(f64::from(agents), shrinkage).unwrap() as f64;
        prop_assert!(people * (1.0 - shrinkage) >= f64::from(agents) * (1.0 - 1e-8));
        prop_assert!(agents == 0 || (people - 1.0) * (1.0 - shrinkage) < f64::from(agents));
    }

    /// Any bits at all: an answer within its range, or an error, and neither NaN nor a panic.
    #[test]
    fn no_input_panics(
        calls in anything(), interval_s in anything(), aht_s in anything(), patience_s in anything(),
        agents in anything(), threshold_s in anything(), share in anything(), at_once in any::<u32>(),
    ) {
        let load = Load::new(calls, interval_s, aht_s)
            .and_then(|load| load.with_patience(patience_s))
            .and_then(|load| if share.to_bits() % 2 == 0 { load.with_retrials(share, threshold_s) } else { Ok(load) })
            .and_then(|load| if at_once % 2 == 0 { load.with_conversations_at_once(at_once % 25, share) } else { Ok(load) });
        let _ = (erlang_b(agents, calls), scheduled(agents, share));
        let Ok(load) = load else { return Ok(()) };
        if let Ok(outcome) = evaluate(&load, agents, threshold_s) {
            check(&outcome)?;
        }
        for target in [
            Target::service_level(share, threshold_s), Target::Asa(threshold_s), Target::Abandonment(share),
            Target::ProbabilityOfWaiting(share), Target::Occupancy(share),
        ] {
            let _ = (required_agents(&load, &[target]), required_agents_fractional(&load, &[target]));
        }
    }
}
