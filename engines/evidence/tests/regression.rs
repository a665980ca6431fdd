//! Weighted least squares with cluster-robust errors, held against independently computed and published values.

use evidence::{Confidence, Regression};

#[track_caller]
fn near(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{actual} is not {expected}");
}

/// Cluster, weight, outcome, regressors.
type Row = (usize, f64, f64, [f64; 5]);

/// Sixteen rows of seven clusters of one to four: an effect, three stacks and a covariate.
const ROWS: [Row; 16] = [
    (0, 1.8, -0.09, [1.0, 1.0, 0.0, 0.0, -0.8]),
    (0, 1.6, -0.51, [1.0, 0.0, 1.0, 0.0, -1.32]),
    (0, 1.0, -0.14, [1.0, 0.0, 0.0, 1.0, -0.25]),
    (1, 1.3, 0.04, [1.0, 1.0, 0.0, 0.0, 0.42]),
    (1, 2.5, 0.11, [1.0, 0.0, 1.0, 0.0, 1.14]),
    (2, 1.3, 0.29, [1.0, 1.0, 0.0, 0.0, 0.11]),
    (2, 0.9, -0.03, [1.0, 0.0, 1.0, 0.0, -0.55]),
    (2, 2.2, -0.23, [1.0, 0.0, 0.0, 1.0, -0.78]),
    (2, 1.6, 0.37, [1.0, 0.0, 0.0, 1.0, 0.75]),
    (3, 2.5, 0.57, [0.0, 1.0, 0.0, 0.0, 1.63]),
    (4, 1.1, -0.44, [0.0, 1.0, 0.0, 0.0, 0.27]),
    (4, 1.3, -0.32, [0.0, 0.0, 1.0, 0.0, -1.23]),
    (5, 2.5, -0.49, [0.0, 1.0, 0.0, 0.0, -0.96]),
    (5, 1.8, 0.27, [0.0, 0.0, 1.0, 0.0, 1.6]),
    (5, 1.8, -0.35, [0.0, 0.0, 0.0, 1.0, 0.2]),
    (6, 1.1, -0.34, [0.0, 0.0, 0.0, 1.0, -1.73]),
];

fn regression(rows: &[Row], scale: f64) -> Regression {
    let mut regression = Regression::new(5);
    for (cluster, weight, outcome, regressors) in rows {
        regression.push(*cluster, weight * scale, *outcome, regressors);
    }
    regression
}

/// Computed once with NumPy 2.4.6 by the definition: the whole hat matrix, eigenvalues of (I − H) for each cluster, and
/// the degrees of freedom from the full matrix over clusters. The coefficients agree with statsmodels 0.15 (WLS).
#[test]
fn cr2_and_satterthwaite_agree_with_the_definition() {
    let regression = regression(&ROWS, 1.0);
    let fit = regression.fit().expect("five columns that differ");
    let expected = [
        (0.154_766_619_488_453_05, 0.138_134_412_582_767_46, 3.893_772_202_164_652),
        (-0.098_322_335_267_701_18, 0.129_450_198_501_744_3, 3.043_468_353_197_533_3),
        (-0.208_547_049_806_269_73, 0.090_352_974_957_773_31, 3.195_894_250_572_837),
        (-0.151_751_097_509_496_5, 0.153_044_449_228_093_35, 2.936_345_112_210_487),
        (0.273_883_206_029_212_46, 0.057_823_261_458_841_92, 4.718_640_954_611_93),
    ];
    for (column, (value, error, freedom)) in expected.into_iter().enumerate() {
        let estimate = fit.cluster_robust(column);
        near(estimate.value, value);
        near(estimate.standard_error, error);
        near(estimate.degrees_of_freedom, freedom);
    }
    let weights = fit.weights(0);
    near(weights[0], 0.155_915_899_658_437_08);
    near(weights[15], -0.121_968_283_728_210_7);
    near(weights.iter().zip(ROWS).map(|(weight, row)| weight * row.2).sum(), 0.154_766_619_488_453_05);
}

/// By NumPy as above, with fifty times the weights.
#[test]
fn variance_beyond_the_weights_agrees_with_the_definition() {
    near(regression(&ROWS, 50.0).fit().expect("a fit").extra_variance(), 0.037_028_612_301_094_66);
    near(regression(&ROWS, 1.0).fit().expect("a fit").extra_variance(), 0.0);
}

/// Imbens & Kolesár (2016), *Robust standard errors in small samples: some practical advice*, Review of Economics and
/// Statistics 98, 701–712: for 3 of 30 treated the degrees of freedom of Bell & McCaffrey are 2.5.
#[test]
fn a_difference_of_two_means_is_welchs_with_the_published_freedom() {
    let outcome = |index: usize| f64::from(u32::try_from(index * index % 17).expect("small")) / 10.0;
    let mut regression = Regression::new(2);
    for index in 0..30 {
        regression.push(index, 1.0, outcome(index), &[f64::from(index < 3), 1.0]);
    }
    let estimate = regression.fit().expect("two groups").cluster_robust(0);
    let moments = |range: std::ops::Range<usize>| {
        let n = range.len() as f64;
        let mean = range.clone().map(outcome).sum::<f64>() / n;
        (mean, range.map(|index| (outcome(index) - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
    };
    let ((first, first_variance), (second, second_variance)) = (moments(0..3), moments(3..30));
    near(estimate.value, first - second);
    near(estimate.standard_error, (first_variance + second_variance).sqrt());
    let (n1, n0) = (3.0_f64, 27.0_f64);
    let freedom =
        (1.0 / n1 + 1.0 / n0).powi(2) / (1.0 / (n1 * n1 * (n1 - 1.0)) + 1.0 / (n0 * n0 * (n0 - 1.0)));
    near(estimate.degrees_of_freedom, freedom);
    assert!((freedom - 2.5).abs() < 0.05, "{freedom}");
}

/// Quantiles of t by SciPy 1.17.1, seen through an interval of standard error 1.
#[test]
fn intervals_take_students_t() {
    for (freedom, quantile) in [
        (2.5, 3.574_654_842_003_681_7),
        (1.0, 12.706_204_736_174_694),
        (3000.5, 1.960_754_923_447_015_6),
        (0.7, 36.611_415_031_588_656),
    ] {
        let estimate = evidence::Estimate { value: 0.0, standard_error: 1.0, degrees_of_freedom: freedom };
        near(estimate.interval(Confidence::P95).high, quantile);
    }
}

#[test]
fn rows_of_no_weight_and_columns_that_say_nothing_new_are_no_fit() {
    let mut twice = Regression::new(2);
    for index in 0..6 {
        twice.push(index, 1.0, 1.0, &[1.0, 1.0]);
    }
    assert!(twice.fit().is_none(), "one column is the other");
    let mut nothing = Regression::new(1);
    nothing.push(0, 0.0, 1.0, &[1.0]);
    nothing.push(0, f64::NAN, 1.0, &[1.0]);
    nothing.push(0, 1.0, f64::INFINITY, &[1.0]);
    assert!(nothing.is_empty() && nothing.fit().is_none());
    let mut one = Regression::new(1);
    one.push(0, 1.0, 0.5, &[1.0]);
    let alone = one.fit().expect("a mean of one").cluster_robust(0);
    assert!(alone.interval(Confidence::P95).contains(1e9), "one cluster tells nothing of the spread");
}
