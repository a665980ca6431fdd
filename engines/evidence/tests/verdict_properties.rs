//! What holds of a verdict on any counts.
#![expect(clippy::expect_used, reason = "a test that cannot build its input should fail")]

use evidence::{Conclusion, Counts, Group, Trace, VerdictPlan, verdict};
use proptest::prelude::*;

const WEEKS: i64 = 16;

fn any_group() -> impl Strategy<Value = Group> {
    let drilled = proptest::option::weighted(0.6, 8_i64..13);
    (any::<bool>(), drilled).prop_map(|(member, drilled)| {
        if member {
            Group::Member { drilled }
        } else {
            Group::Other { drilled: drilled.filter(|week| *week > 11) }
        }
    })
}

/// Counts with room for three more of each week.
fn any_weeks() -> impl Strategy<Value = Vec<(i64, Counts)>> {
    proptest::collection::vec(0_u64..=17, 16..=16)
        .prop_map(|shown| (0..).zip(shown).map(|(week, shown)| (week, counts(shown, 20))).collect())
}

fn counts(shown: u64, applicable: u64) -> Counts {
    Counts::new(shown, applicable).expect("test counts are valid")
}

fn any_centre() -> impl Strategy<Value = Vec<Trace<usize>>> {
    proptest::collection::vec((any_group(), any_weeks()), 1..40).prop_map(|people| {
        people.into_iter().enumerate().map(|(key, (group, weeks))| Trace { key, group, weeks }).collect()
    })
}

fn plan() -> VerdictPlan {
    VerdictPlan::new(4..=7, WEEKS - 1)
}

/// Numbers at the ends of what fits.
fn any_number() -> impl Strategy<Value = i64> {
    prop_oneof![-3_i64..20, Just(i64::MIN), Just(i64::MAX), any::<i64>()]
}

fn wild_counts() -> impl Strategy<Value = Counts> {
    let n = prop_oneof![0_u64..30, Just(u64::MAX), any::<u64>()];
    (n, 1_u64..=100).prop_map(|(n, part)| counts(n / part, n))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_people_and_weeks_is_irrelevant(
        (centre, shuffled) in any_centre().prop_flat_map(|centre| (Just(centre.clone()), Just(centre).prop_shuffle())),
    ) {
        let shuffled: Vec<Trace<usize>> = shuffled
            .into_iter()
            .map(|trace| Trace { weeks: trace.weeks.into_iter().rev().collect(), ..trace })
            .collect();
        prop_assert_eq!(verdict(&centre, &plan()), verdict(&shuffled, &plan()));
    }

    #[test]
    fn what_moves_everybody_alike_moves_nothing(centre in any_centre(), rise in 0_u64..=3) {
        let moved: Vec<Trace<usize>> = centre
            .iter()
            .map(|trace| {
                let up = |(week, count): &(i64, Counts)| {
                    (*week, if *week > 8 { counts(count.shown() + rise, 20) } else { *count })
                };
                Trace { weeks: trace.weeks.iter().map(up).collect(), ..trace.clone() }
            })
            .collect();
        let (before, after) = (verdict(&centre, &plan()).expect("a plan"), verdict(&moved, &plan()).expect("a plan"));
        if before.compared.is_some() {
            let (before, after) = (before.effect.expect("compared"), after.effect.expect("compared"));
            prop_assert!((before - after).abs() < 1e-9, "{before} {after}");
        }
    }

    #[test]
    fn a_verdict_holds_together(centre in any_centre()) {
        let verdict = verdict(&centre, &plan()).expect("a plan");
        prop_assert!(verdict.interval.low >= -1.0 && verdict.interval.high <= 1.0);
        if let Some(effect) = verdict.effect {
            prop_assert!(verdict.interval.contains(effect.clamp(-1.0, 1.0)));
            let sum: f64 = verdict.rows.iter().map(|row| row.weight * (row.after.rate().unwrap_or(0.0) - row.baseline)).sum();
            prop_assert!((sum - effect).abs() < 1e-9, "{sum} {effect}");
        }
        match verdict.conclusion {
            Conclusion::Worked => prop_assert!(verdict.interval.low > 0.0),
            Conclusion::Worse => prop_assert!(verdict.interval.high < 0.0),
            Conclusion::NoChange => prop_assert!(verdict.interval.high < 0.05 && verdict.interval.contains(0.0)),
            Conclusion::NotEnough { .. } => {}
        }
    }

    #[test]
    fn nothing_makes_it_panic(
        people in proptest::collection::vec(
            (any::<bool>(), proptest::option::of(any_number()), proptest::collection::vec((any_number(), wild_counts()), 0..12)),
            0..25,
        ),
        (first, last, now) in (any_number(), any_number(), any_number()),
        (baseline_weeks, after_weeks) in (0_u16..60, 0_u16..60),
        worthwhile in -0.1_f64..1.1,
    ) {
        let traces: Vec<Trace<usize>> = people
            .into_iter()
            .enumerate()
            .map(|(key, (member, drilled, weeks))| Trace {
                key: key / 2,
                group: if member { Group::Member { drilled } } else { Group::Other { drilled } },
                weeks,
            })
            .collect();
        let plan = VerdictPlan { selection: first..=last, baseline_weeks, after_weeks, worthwhile, now };
        if let Ok(verdict) = verdict(&traces, &plan) {
            prop_assert!(!verdict.interval.low.is_nan() && !verdict.interval.high.is_nan());
            prop_assert!(verdict.effect.is_none_or(f64::is_finite), "{:?}", verdict.effect);
        }
    }
}
