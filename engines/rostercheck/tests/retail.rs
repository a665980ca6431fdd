//! Small rosters with each rule of `retail` broken once.
#![expect(clippy::expect_used, reason = "a test stops where its roster cannot be read")]

use rostercheck::{Format, Report, check};

/// Two tasks over `days` days; one person is needed on task 1 on day 1 from 08:00 to 08:15, at most one there.
fn instance(days: usize) -> String {
    format!(
        "SECTION_HORIZON\n{days}\n\nSECTION_TASKS\n2\n\nSECTION_STAFF\n1,360,4000\n2,0,4000\n\n\
         SECTION_COVER\n1,08:00-08:15,1,1,1\n"
    )
}

fn report(days: usize, shifts: &[(u32, u32, &str, &str)]) -> Report {
    let assignments: Vec<String> = shifts
        .iter()
        .map(|(person, day, shift, pattern)| {
            format!(r#"{{"person": "{person}", "day": {day}, "shift": "{shift}", "pattern": "{pattern}"}}"#)
        })
        .collect();
    let output = format!(r#"{{"assignments": [{}]}}"#, assignments.join(","));
    check(Format::Retail, &instance(days), &output).expect("a readable roster")
}

const GOOD: (u32, u32, &str, &str) = (1, 1, "07:00-14:00", "1 07:00-10:00, 2 10:00-14:00");

#[test]
fn a_good_roster_costs_the_square_of_the_surplus() {
    let alone = report(2, &[GOOD]);
    assert!(alone.feasible(), "{:?}", alone.broken);
    assert!(alone.objective.abs() < 1e-12);
    let second = (2, 1, "07:00-14:00", "1 07:00-14:00");
    assert!((report(2, &[GOOD, second]).objective - 1.0).abs() < 1e-12);
}

#[test]
fn each_rule_is_found_when_broken() {
    let found = |days, shifts: &[(u32, u32, &str, &str)], rule: &str, day: Option<usize>| {
        let report = report(days, shifts);
        let hit = report.broken.iter().any(|broken| broken.rule == rule && broken.day == day);
        assert!(hit, "{rule}: {:?}", report.broken);
    };
    found(2, &[], "least minutes", None);
    found(2, &[], "least people", Some(1));
    found(2, &[(1, 1, "07:00-12:00", "1 07:00-12:00")], "length of a shift", Some(1));
    found(2, &[(1, 1, "07:00-18:00", "1 07:00-18:00")], "length of a shift", Some(1));
    found(2, &[(1, 1, "12:00-20:00", "1 12:00-20:00")], "start of a shift", Some(1));
    found(2, &[(1, 1, "07:00-14:00", "1 07:00-13:15, 2 13:15-14:00")], "length of a stretch", Some(1));
    found(2, &[(1, 3, "00:00-08:00", "1 00:00-08:00")], "horizon", Some(3));
    found(2, &[GOOD, (1, 1, "20:00-02:00", "2 20:00-02:00")], "one shift a day", Some(1));
    found(
        2,
        &[(1, 1, "20:00-04:00", "1 20:00-04:00"), (1, 2, "14:00-20:00", "1 14:00-20:00")],
        "rest",
        Some(2),
    );
    let six: Vec<_> = (1..=6).map(|day| (1, day, "08:00-14:00", "1 08:00-14:00")).collect();
    found(7, &six, "most days in a row", Some(6));
    let twelve: Vec<_> = (1..=12).map(|day| (1, day, "08:00-14:00", "1 08:00-14:00")).collect();
    found(13, &twelve, "most minutes", None);
}

#[test]
fn a_stretch_split_in_two_on_one_task_is_one() {
    let split = report(2, &[(1, 1, "07:00-14:00", "1 07:00-07:30, 1 07:30-14:00")]);
    assert!(split.feasible(), "{:?}", split.broken);
}

#[test]
fn stretches_that_do_not_fill_the_shift_are_refused() {
    for pattern in ["1 07:00-10:00", "1 07:00-10:00, 2 11:00-14:00", "9 07:00-14:00", "", "1 07:00"] {
        let output = format!(
            r#"{{"assignments": [{{"person": "1", "day": 1, "shift": "07:00-14:00", "pattern": "{pattern}"}}]}}"#
        );
        let error = check(Format::Retail, &instance(2), &output).expect_err("not a shift").to_string();
        assert!(error.starts_with("the roster: assignment 0"), "{error}");
    }
}
