//! Rosters keep every rule, cost what they are said to cost, and never less than the bound.

mod common;
mod small;

use std::sync::atomic::{AtomicU64, Ordering};

use common::week;
use proptest::prelude::*;
use roster::formats::centre::{read, write};
use roster::model::{Error, FORBIDDEN, Problem};
use roster::search::{Cooling, Instance, Plan, Settings};
use roster::{Roster, solve};
use rostercheck::{Format, check};
use small::centre;

fn never() -> bool {
    false
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn settings(problem: &Problem, seed: u64, threads: usize) -> Settings {
    Settings { seed, threads, ..Settings::of(&Instance::new(problem).unwrap()) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_roster_keeps_every_rule_and_costs_what_it_says(text in centre(), seed in 0..1_000_u64, steps in 0..300_u64) {
        let problem = read(&text).unwrap();
        let solved = solve(&problem, Some(settings(&problem, seed, 1)), None, steps, &never).unwrap();
        let report = check(Format::Centre, &text, &write(&solved.roster)).unwrap();
        prop_assert!(report.feasible(), "{:?}", report.broken);
        prop_assert!((report.objective - solved.cost as f64).abs() < 1e-9, "{} {}", report.objective, solved.cost);
        prop_assert!(solved.bound <= solved.cost as f64);
    }

    #[test]
    fn more_steps_are_never_worse(text in centre(), seed in 0..1_000_u64) {
        let problem = read(&text).unwrap();
        let few = solve(&problem, Some(settings(&problem, seed, 1)), None, 0, &never).unwrap();
        let more = solve(&problem, Some(settings(&problem, seed, 1)), Some(&few.roster), 100, &never).unwrap();
        prop_assert!(more.cost <= few.cost);
    }

    #[test]
    fn threads_change_nothing(text in centre(), seed in 0..1_000_u64) {
        let problem = read(&text).unwrap();
        let with = |threads| {
            let settings = Settings { chains: 4, ..settings(&problem, seed, threads) };
            solve(&problem, Some(settings), None, 400, &never).unwrap()
        };
        prop_assert_eq!(with(1), with(4));
    }

    #[test]
    fn wishes_are_part_of_the_cost(text in centre(), wishes in prop::collection::vec(0..7_i32, 28)) {
        let mut parts = read(&text).unwrap().into_parts();
        for (toll, wish) in parts.people[0].tolls.iter_mut().zip(&wishes) {
            if *toll != FORBIDDEN {
                *toll = *wish;
            }
        }
        let problem = Problem::new(parts).unwrap();
        let solved = solve(&problem, Some(settings(&problem, 1, 1)), None, 50, &never).unwrap();
        let cover = check(Format::Centre, &text, &write(&solved.roster)).unwrap().objective;
        let paid = solved.roster.line(0).iter().enumerate();
        let paid: i32 = paid.map(|(day, spot)| problem.people[0].toll(day, spot.choice, problem.choices())).sum();
        prop_assert!((cover + f64::from(paid) - solved.cost as f64).abs() < 1e-9);
        prop_assert!(solved.bound <= solved.cost as f64);
    }
}

#[test]
fn a_week_of_fifty_people_comes_near_its_bound() {
    let text = week("roster_50.txt");
    let problem = read(&text).unwrap();
    let first = solve(&problem, None, None, 0, &never).unwrap();
    let solved = solve(&problem, None, None, 20_000, &never).unwrap();
    let report = check(Format::Centre, &text, &write(&solved.roster)).unwrap();
    assert!(report.feasible(), "{:?}", report.broken);
    assert!(solved.cost < first.cost / 4, "{} of {}", solved.cost, first.cost);
    let gap = problem.gap(solved.cost, solved.bound);
    assert!(gap < 0.045, "cost {} bound {} gap {gap}", solved.cost, solved.bound);
}

#[test]
fn three_hundred_people_get_a_valid_roster_at_once() {
    let text = week("roster_300.txt");
    let problem = read(&text).unwrap();
    let solved = solve(&problem, None, None, 0, &never).unwrap();
    assert!(check(Format::Centre, &text, &write(&solved.roster)).unwrap().feasible());
    assert_eq!(solved.steps, 0);
}

#[test]
fn stopping_keeps_the_best_so_far() {
    let problem = read(&week("roster_50.txt")).unwrap();
    let looks = AtomicU64::new(0);
    let stop = || looks.fetch_add(1, Ordering::Relaxed) > 20;
    let solved = solve(&problem, None, None, u64::MAX, &stop).unwrap();
    let instance = Instance::new(&problem).unwrap();
    assert_eq!(Plan::of(&instance, &solved.roster).unwrap().cost(), solved.cost);
}

#[test]
fn whoever_has_no_line_is_named_with_the_rules_that_contradict_each_other() {
    let mut parts = read(&week("roster_50.txt")).unwrap().into_parts();
    let person =
        parts.people.iter().position(|one| parts.rules[one.rules as usize].spans[0].min_minutes > 0).unwrap();
    let choices = parts.shifts.len() + 1;
    for day in 1..7 {
        parts.people[person].tolls[day * choices + 1..(day + 1) * choices].fill(FORBIDDEN);
    }
    let refused = solve(&Problem::new(parts).unwrap(), None, None, 10, &never).unwrap_err();
    let Error::NoLine { person: named, names, .. } = refused else { panic!("{refused}") };
    assert_eq!(named, person);
    assert_eq!(names, "fewest hours, availability, leave and fixed shifts");
}

#[test]
fn settings_out_of_range_are_refused() {
    let problem = read(&week("roster_50.txt")).unwrap();
    let good = settings(&problem, 1, 1);
    for (bad, said) in [
        (Settings { chains: 0, ..good.clone() }, "chains is 0: must be 1 to 64"),
        (Settings { threads: 0, ..good.clone() }, "threads is 0: must be 1"),
        (Settings { cooling: Cooling { hot: f64::NAN, cold: 1.0 }, ..good.clone() }, "cooling from NaN to 1"),
    ] {
        let refused = solve(&problem, Some(bad), None, 10, &never).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn a_roster_of_another_problem_is_refused() {
    let problem = read(&week("roster_50.txt")).unwrap();
    for (bad, said) in [
        ([(50, 0, 0, 0)], "there are 50 people"),
        ([(0, 7, 0, 0)], "7 days"),
        ([(0, 0, 99, 0)], "shift 99"),
        ([(0, 0, 0, 99)], "pattern 99"),
    ] {
        let refused = Roster::from_assignments(&problem, bad).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn bad_files_name_line_and_value() {
    let good = week("roster_50.txt");
    for (bad, said) in [
        (String::new(), "line 1: the file ends where the number of agents should stand"),
        (good.replacen("50 ", "0 ", 1), "line 1: number of agents is “0”"),
        (good.replacen("50 ", "NaN ", 1), "line 1: number of agents is “NaN”"),
        (good.replacen("50 ", "-1 ", 1), "line 1: number of agents is “-1”"),
        (format!("{good} 7"), "“7” stands behind the last requirement"),
    ] {
        let refused = read(&bad).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn a_horizon_of_no_days_is_refused() {
    for (bad, said) in [
        ("SECTION_HORIZON\n0\n\nSECTION_COVER\n0,E,1,1,1\n", "line 2: the horizon is 0 days"),
        ("SECTION_COVER\n0,E,1,1,1\n", "there is no SECTION_HORIZON"),
    ] {
        let refused = roster::formats::shift_scheduling::read(bad).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn the_bound_knows_what_no_roster_avoids() {
    // Found by linear programmes over the whole week: 55 and 12.45.
    for (name, least, most) in [("roster_300.txt", 54.9, 55.01), ("roster_50.txt", 10.9, 12.46)] {
        let problem = read(&week(name)).unwrap();
        let instance = Instance::new(&problem).unwrap();
        let bound = roster::bound::Bound::new(&instance).value();
        assert!((least..=most).contains(&bound), "{name}: {bound}");
    }
}
