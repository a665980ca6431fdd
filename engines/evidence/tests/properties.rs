//! What holds for any counts.
#![expect(clippy::expect_used, reason = "a test that cannot build its input should fail")]

use evidence::{
    Cell, Confidence, Counts, GapRule, Population, benjamini_hochberg, gaps, newcombe_difference,
    tail_at_or_below, tail_at_or_below_mid,
};
use proptest::prelude::*;

/// Bisection and continued fractions agree with the closed form to about this.
const ROUNDING: f64 = 1e-9;

fn any_counts() -> impl Strategy<Value = Counts> {
    (0_u64..400)
        .prop_flat_map(|n| (0..=n, Just(n)))
        .prop_map(|(k, n)| Counts::new(k, n).expect("shown is at most applicable"))
}

proptest! {
    #[test]
    fn intervals_are_shares_and_hold_the_point_estimate(c in any_counts(), level in 0.5_f64..0.999) {
        let confidence = Confidence::new(level).expect("within range");
        for interval in [c.wilson(confidence), c.jeffreys(confidence), c.clopper_pearson(confidence)] {
            prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
            if let Some(rate) = c.rate() {
                prop_assert!(interval.low <= rate + ROUNDING && rate <= interval.high + ROUNDING, "{interval:?} {rate}");
            }
        }
    }

    #[test]
    fn more_confidence_is_never_narrower(c in any_counts(), a in 0.5_f64..0.999, b in 0.5_f64..0.999) {
        let less = Confidence::new(a.min(b)).expect("within range");
        let more = Confidence::new(a.max(b)).expect("within range");
        for (narrow, wide) in [
            (c.wilson(less), c.wilson(more)),
            (c.jeffreys(less), c.jeffreys(more)),
            (c.clopper_pearson(less), c.clopper_pearson(more)),
        ] {
            prop_assert!(wide.low <= narrow.low + ROUNDING && narrow.high <= wide.high + ROUNDING);
        }
    }

    #[test]
    fn intervals_mirror_when_success_and_failure_swap(c in any_counts()) {
        let mirror = Counts::new(c.applicable() - c.shown(), c.applicable()).expect("valid");
        let (a, b) = (c.wilson(Confidence::P95), mirror.wilson(Confidence::P95));
        prop_assert!((a.low - (1.0 - b.high)).abs() < ROUNDING && (a.high - (1.0 - b.low)).abs() < ROUNDING);
    }

    #[test]
    fn exact_interval_is_the_widest_of_wilson_free_methods(c in any_counts()) {
        let (exact, jeffreys) = (c.clopper_pearson(Confidence::P95), c.jeffreys(Confidence::P95));
        prop_assert!(exact.low <= jeffreys.low + ROUNDING && jeffreys.high <= exact.high + ROUNDING);
    }

    #[test]
    fn difference_is_antisymmetric_and_holds_its_point(a in any_counts(), b in any_counts()) {
        let (ab, ba) = (newcombe_difference(a, b, Confidence::P95), newcombe_difference(b, a, Confidence::P95));
        prop_assert!((ab.low + ba.high).abs() < ROUNDING && (ab.high + ba.low).abs() < ROUNDING);
        prop_assert!(-1.0 <= ab.low && ab.high <= 1.0);
        if let (Some(pa), Some(pb)) = (a.rate(), b.rate()) {
            prop_assert!(ab.low <= pa - pb + ROUNDING && pa - pb <= ab.high + ROUNDING);
        }
    }

    #[test]
    fn tail_grows_with_shown_and_falls_with_the_target(c in any_counts(), p in 0.0_f64..=1.0, q in 0.0_f64..=1.0) {
        let at = |counts, target| tail_at_or_below(counts, target).expect("valid");
        prop_assert!((0.0..=1.0).contains(&at(c, p)));
        prop_assert!(at(c, p.max(q)) <= at(c, p.min(q)) + ROUNDING);
        if c.shown() < c.applicable() {
            let one_more = Counts::new(c.shown() + 1, c.applicable()).expect("valid");
            prop_assert!(at(c, p) <= at(one_more, p) + ROUNDING);
        }
        let mid = tail_at_or_below_mid(c, p).expect("valid");
        prop_assert!(mid <= at(c, p) + ROUNDING);
    }

    #[test]
    fn discoveries_are_monotone(ps in prop::collection::vec(0.0_f64..=1.0, 0..60), rate in 0.0_f64..=1.0) {
        let found = benjamini_hochberg(&ps, rate).expect("valid");
        prop_assert_eq!(found.len(), ps.len());
        for (i, a) in found.iter().enumerate() {
            prop_assert!(ps[i] <= a.q + ROUNDING && a.q <= 1.0);
            for (j, b) in found.iter().enumerate() {
                if ps[i] <= ps[j] {
                    prop_assert!(a.q <= b.q + ROUNDING);
                    prop_assert!(a.found || !b.found);
                }
            }
        }
        let stricter = benjamini_hochberg(&ps, rate / 2.0).expect("valid");
        prop_assert!(found.iter().zip(&stricter).all(|(loose, strict)| loose.found || !strict.found));
    }

    #[test]
    fn shrinking_moves_towards_the_population_and_not_past_it(
        groups in prop::collection::vec(any_counts(), 0..25),
        own in any_counts(),
    ) {
        for population in [Population::by_moments(&groups), Population::by_likelihood(&groups)] {
            prop_assert!(population.mean() > 0.0 && population.mean() < 1.0);
            let shrunk = population.shrink(own, Confidence::P95);
            let rate = own.rate().unwrap_or(population.mean());
            let (low, high) = (rate.min(population.mean()), rate.max(population.mean()));
            prop_assert!(low - ROUNDING <= shrunk.estimate && shrunk.estimate <= high + ROUNDING);
            prop_assert!(shrunk.interval.low <= shrunk.interval.high);
            prop_assert!((0.0..=1.0).contains(&shrunk.borrowed));
        }
    }

    #[test]
    fn gaps_are_below_target_and_in_order_of_impact(
        all in prop::collection::vec(any_counts(), 0..40),
        target in 0.05_f64..0.95,
    ) {
        let cells: Vec<Cell<usize, u8>> = all
            .iter()
            .enumerate()
            .map(|(key, counts)| Cell { key, population: 0, counts: *counts, target })
            .collect();
        let found = gaps(&cells, GapRule::default()).expect("valid");
        for gap in &found {
            prop_assert!(gap.uptake < target && gap.q <= 0.05 && gap.counts.applicable() >= 20);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].impact >= pair[1].impact));
    }
}
