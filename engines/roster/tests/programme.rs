//! Days solved anew keep every rule and never cost more. Only with the feature `highs`.
#![cfg(feature = "highs")]

mod common;

use std::num::NonZeroU32;

use common::week;
use roster::bound::Bound;
use roster::formats::centre::{read, write};
use roster::program::{day_window, prices};
use roster::search::{Instance, Plan};
use roster::solve;
use rostercheck::{Format, check};

#[test]
fn a_day_solved_anew_is_valid_and_no_worse() {
    let text = week("roster_50.txt");
    let problem = read(&text).unwrap();
    let instance = Instance::new(&problem).unwrap();
    let first = solve(&problem, None, None, 0, &|| false).unwrap();
    let better = day_window(&instance, &first.roster, 2, 10.0, NonZeroU32::MIN).unwrap();
    let cost = Plan::of(&instance, &better).unwrap().cost();
    assert!(cost < first.cost, "{cost} of {}", first.cost);
    let report = check(Format::Centre, &text, &write(&better)).unwrap();
    assert!(report.feasible(), "{:?}", report.broken);
    assert!((report.objective - cost as f64).abs() < 1e-9);
}

#[test]
fn prices_of_the_linear_programme_lift_the_bound() {
    let problem = read(&week("roster_50.txt")).unwrap();
    let instance = Instance::new(&problem).unwrap();
    let mut bound = Bound::new(&instance);
    bound.try_prices(prices(&problem, 60.0).unwrap());
    assert!((12.3..=12.46).contains(&bound.value()), "{}", bound.value());
}
