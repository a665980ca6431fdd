//! Published reference values and worked examples.
#![expect(clippy::expect_used, reason = "a test that cannot build its input should fail")]

use evidence::{
    Cell, Confidence, Counts, EvidenceError, GapRule, Interval, Population, benjamini_hochberg, efron_morris,
    gaps, newcombe_difference, precision, tail_at_or_below, tail_at_or_below_mid,
};

fn counts(shown: u64, applicable: u64) -> Counts {
    Counts::new(shown, applicable).expect("test counts are valid")
}

#[track_caller]
fn near(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected} ± {tolerance}");
}

#[track_caller]
fn check_interval(actual: Interval, low: f64, high: f64) {
    near(actual.low, low, 1e-6);
    near(actual.high, high, 1e-6);
}

#[test]
fn intervals_of_18_of_20_agree_with_statsmodels_0_15() {
    let c = counts(18, 20);
    check_interval(c.wilson(Confidence::P95), 0.698_966, 0.972_134);
    check_interval(c.jeffreys(Confidence::P95), 0.716_147, 0.978_628);
    check_interval(c.clopper_pearson(Confidence::P95), 0.683_017, 0.987_651);
}

#[test]
fn wilson_of_0_of_12_agrees_with_statsmodels_0_15() {
    check_interval(counts(0, 12).wilson(Confidence::P95), 0.0, 0.242_494);
}

#[test]
fn wilson_agrees_with_newcombe_1998_single_proportion_table_1() {
    // Newcombe (1998), Two-sided confidence intervals for the single proportion, Stat. Med. 17, 857–872: method 3.
    for (shown, n, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let interval = counts(shown, n).wilson(Confidence::P95);
        near(interval.low, low, 5e-5);
        near(interval.high, high, 5e-5);
    }
}

#[test]
fn difference_agrees_with_newcombe_1998_table_2_method_10() {
    check_interval(
        newcombe_difference(counts(56, 70), counts(48, 80), Confidence::P95),
        0.052_431,
        0.333_873,
    );
    for (a, m, b, n, low, high) in [
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (10, 10, 0, 20, 0.6791, 1.0),
    ] {
        let interval = newcombe_difference(counts(a, m), counts(b, n), Confidence::P95);
        near(interval.low, low, 5e-5);
        near(interval.high, high, 5e-5);
    }
}

#[test]
fn nothing_observed_says_nothing() {
    let none = counts(0, 0);
    assert_eq!(none.rate(), None);
    for interval in
        [none.wilson(Confidence::P95), none.jeffreys(Confidence::P95), none.clopper_pearson(Confidence::P95)]
    {
        assert_eq!(interval, Interval::UNKNOWN);
    }
    assert_eq!(newcombe_difference(none, counts(1, 2), Confidence::P95), Interval { low: -1.0, high: 1.0 });
    near(tail_at_or_below(none, 0.85).expect("valid"), 1.0, 0.0);
}

#[test]
fn inputs_out_of_range_are_refused_with_their_value() {
    assert_eq!(Counts::new(3, 2), Err(EvidenceError::ShownExceedsApplicable { shown: 3, applicable: 2 }));
    assert!(matches!(Confidence::new(95.0), Err(EvidenceError::Confidence(_))));
    assert!(matches!(Confidence::new(f64::NAN), Err(EvidenceError::Confidence(_))));
    assert!(matches!(tail_at_or_below(counts(1, 2), 85.0), Err(EvidenceError::Probability(_))));
    assert!(matches!(benjamini_hochberg(&[0.1, f64::NAN], 0.05), Err(EvidenceError::Probability(_))));
    assert!(Confidence::new(95.0).expect_err("refused").to_string().contains("95"));
}

#[test]
fn confidence_carries_the_textbook_quantiles() {
    for (level, z) in [(0.90, 1.644_853_626_951), (0.95, 1.959_963_984_540), (0.99, 2.575_829_303_549)] {
        near(Confidence::new(level).expect("valid").z(), z, 1e-9);
    }
}

#[test]
fn binomial_tail_agrees_with_direct_summation() {
    for (k, n, p) in [(0_u64, 5_u64, 0.85), (3, 10, 0.5), (44, 60, 0.85), (60, 60, 0.85), (170, 250, 0.85)] {
        let mut term = (1.0_f64 - p).powi(i32::try_from(n).expect("small"));
        let mut sum = 0.0;
        let mut last = 0.0;
        for i in 0..=k {
            sum += term;
            last = term;
            term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
        }
        near(tail_at_or_below(counts(k, n), p).expect("valid"), sum, 1e-10);
        near(tail_at_or_below_mid(counts(k, n), p).expect("valid"), sum - last / 2.0, 1e-10);
    }
}

#[test]
fn discoveries_agree_with_the_worked_example_of_benjamini_and_hochberg_1995() {
    // Section 3.2, the 15 hypotheses on thrombolysis: four are found at 5 %.
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ];
    let found = benjamini_hochberg(&p, 0.05).expect("valid");
    assert_eq!(found.iter().filter(|d| d.found).count(), 4);
    near(found[0].q, 0.0015, 1e-9);
    near(found[3].q, 0.0095 * 15.0 / 4.0, 1e-9);
    near(found[14].q, 1.0, 1e-12);
}

#[test]
fn efron_morris_1977_baseball() {
    // The batting averages as the article prints them, to three places.
    let rates = [
        0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244, 0.244, 0.222, 0.222, 0.222, 0.222,
        0.222, 0.200, 0.178, 0.156,
    ];
    let (factor, estimates) = efron_morris(&rates, 45).expect("valid");
    near(factor, 0.2124, 1e-4);
    near(estimates[0], 0.2940, 1e-4);
    near(estimates[17], 0.2422, 1e-4);
}

#[test]
fn people_who_do_not_differ_are_pooled_but_no_surer_than_the_pool() {
    let groups = vec![counts(8, 10); 20];
    let population = Population::by_moments(&groups);
    near(population.strength(), 200.0, 1e-9);
    let shrunk = population.shrink(counts(0, 3), Confidence::P95);
    near(shrunk.estimate, 0.8 * 200.0 / 203.0, 0.01);
    assert!(shrunk.borrowed > 0.98);
}

#[test]
fn people_who_differ_keep_their_own_figure() {
    let groups: Vec<Counts> = (0..20).map(|i| counts(if i % 2 == 0 { 10 } else { 90 }, 100)).collect();
    for population in [Population::by_moments(&groups), Population::by_likelihood(&groups)] {
        assert!(population.strength() < 4.0, "{population:?}");
        near(population.estimate(counts(10, 100)), 0.1, 0.02);
    }
}

#[test]
fn few_groups_borrow_nothing_and_no_group_divides_by_zero() {
    assert_eq!(Population::by_moments(&[]), Population::JEFFREYS);
    assert_eq!(Population::by_moments(&[counts(3, 4), counts(0, 0), counts(1, 9)]), Population::JEFFREYS);
    assert_eq!(Population::by_likelihood(&[counts(3, 4)]), Population::JEFFREYS);
    let all = Population::by_moments(&[counts(4, 4), counts(2, 2), counts(9, 9)]);
    assert!(all.mean() > 0.9 && all.mean() < 1.0);
    let single_calls = Population::by_moments(&[counts(1, 1), counts(0, 1), counts(1, 1), counts(1, 1)]);
    assert!(single_calls.mean().is_finite() && single_calls.strength() >= 1.0);
}

#[test]
fn likelihood_and_moments_agree_on_a_spread_population() {
    // Rates spread evenly over 0.70 to 0.99 with n between 20 and 79.
    let groups: Vec<Counts> = (0..60_u64)
        .map(|i| {
            let n = 20 + (i * 7) % 60;
            counts(n * (70 + i / 2) / 100, n)
        })
        .collect();
    let (moments, likelihood) = (Population::by_moments(&groups), Population::by_likelihood(&groups));
    near(moments.mean(), likelihood.mean(), 0.01);
    near(moments.strength().ln(), likelihood.strength().ln(), 0.7);
}

#[test]
fn a_gap_is_found_ranked_by_impact_and_a_small_cell_never_is() {
    let cell =
        |key: &'static str, shown, n| Cell { key, population: "b", counts: counts(shown, n), target: 0.85 };
    let mut cells = vec![cell("weak", 60, 100), cell("weak and busy", 240, 400), cell("few", 0, 10)];
    cells.extend((0..17).map(|_| cell("fine", 88, 100)));
    let found = gaps(&cells, GapRule::default()).expect("valid");
    assert_eq!(found.iter().map(|gap| gap.key).collect::<Vec<_>>(), ["weak and busy", "weak"]);
    let gap = &found[0];
    near(gap.uptake, 0.6, 1e-12);
    near(gap.impact, (0.85 - gap.estimate) * 100.0, 1e-9);
    assert!(gap.estimate > 0.6 && gap.estimate < 0.85 && gap.q <= 0.05 && gap.p <= gap.q);
    assert!(gaps(&cells, GapRule { window_weeks: 0.0, ..GapRule::default() }).is_err());
}

#[test]
fn precision_of_a_rule_has_its_interval() {
    let (share, interval) = precision(18, 20, Confidence::P95).expect("valid");
    near(share.expect("reviewed"), 0.9, 1e-12);
    check_interval(interval, 0.698_966, 0.972_134);
    assert_eq!(precision(0, 0, Confidence::P95).expect("valid"), (None, Interval::UNKNOWN));
    assert!(precision(2, 1, Confidence::P95).is_err());
}

/// Independently computed with statsmodels 0.15, all digits.
#[test]
fn intervals_agree_with_statsmodels_to_nine_places() {
    let close = |interval: Interval, low: f64, high: f64| {
        near(interval.low, low, 1e-9);
        near(interval.high, high, 1e-9);
    };
    let p95 = Confidence::P95;
    close(counts(18, 20).wilson(p95), 0.698_966_354_771_512_7, 0.972_133_518_786_231_8);
    close(counts(18, 20).jeffreys(p95), 0.716_146_742_697_747_7, 0.978_627_511_977_525_2);
    close(counts(18, 20).clopper_pearson(p95), 0.683_017_285_980_917_7, 0.987_651_472_829_705_2);
    close(counts(0, 12).wilson(p95), 0.0, 0.242_494_006_655_240_96);
    close(counts(81, 263).wilson(p95), 0.255_288_519_878_274_2, 0.366_209_576_982_800_04);
    close(counts(81, 263).jeffreys(p95), 0.254_521_934_991_023_6, 0.365_647_499_174_082_46);
    for (first, second, low, high) in [
        ((56, 70), (48, 80), 0.052_431_472_402_364_98, 0.333_872_654_036_906_14),
        ((9, 10), (3, 10), 0.170_522_723_934_502_9, 0.809_017_973_535_488),
        ((312, 400), (260, 400), 0.067_570_156_238_818_16, 0.191_088_028_159_919_93),
    ] {
        let (first, second) = (counts(first.0, first.1), counts(second.0, second.1));
        close(newcombe_difference(first, second, p95), low, high);
    }
}

/// Kleinman's moments by their definition with NumPy 2.4.6, quantiles of the posterior by SciPy 1.17.1.
#[test]
fn empirical_bayes_agrees_with_its_definition_to_nine_places() {
    let groups = [(3, 4), (8, 12), (12, 13), (20, 25), (5, 9), (17, 18)].map(|(shown, n)| counts(shown, n));
    let population = Population::by_moments(&groups);
    let (alpha, beta) = population.shape();
    near(alpha, 13.073_650_954_563_93, 1e-8);
    near(beta, 3.293_362_454_203_127, 1e-8);
    let first = population.shrink(counts(3, 4), Confidence::P95);
    near(first.estimate, 0.789_200_195_039_149_3, 1e-9);
    near(first.interval.low, 0.592_846_133_743_528, 1e-9);
    near(first.interval.high, 0.932_180_651_561_355_1, 1e-9);
}
