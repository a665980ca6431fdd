//! Small rosters with each rule of `centre` broken once, and its cost against every way to share the work.
#![expect(clippy::expect_used, reason = "a test stops where its roster cannot be read")]

use std::fmt::Write;

use proptest::prelude::*;
use rostercheck::{Format, Report, check};

/// Two agents (both skills; the second skill alone), three shifts, skills 1 and 2, requirements of interval 20 on
/// day 0.
fn instance(required: [usize; 2]) -> String {
    let mut text = String::from("2 3 2 2 14 46\n3\n2\n");
    text += "20 12 1 1 22\n32 14 1 0\n14 12 2 0 1 20\n";
    text += "0 6 13 2 14 46 1 1 1 1 1 0 1\n1 0 40 5 20 46 1 1 1 1 1 1 1\n";
    for skill in required {
        for cell in 0..7 * 48 {
            write!(text, "{} ", if cell == 20 { skill } else { 0 }).expect("a string");
        }
    }
    text
}

fn report(required: [usize; 2], shifts: &[(usize, usize, usize, usize)]) -> Report {
    let assignments: Vec<String> = shifts
        .iter()
        .map(|(person, day, shift, pattern)| {
            format!(r#"{{"person": {person}, "day": {day}, "shift": {shift}, "pattern": {pattern}}}"#)
        })
        .collect();
    let output = format!(r#"{{"assignments": [{}]}}"#, assignments.join(","));
    check(Format::Centre, &instance(required), &output).expect("a readable roster")
}

#[test]
fn the_cost_is_ten_for_each_missing_and_one_for_each_idle() {
    let alone = report([1, 1], &[(0, 0, 0, 0)]);
    assert!(alone.feasible(), "{:?}", alone.broken);
    // Interval 20: two required, one there. Twelve half hours less one break less the one used are idle.
    assert!((alone.objective - (10.0 + 10.0)).abs() < 1e-12, "{alone:?}");
    assert_eq!((alone.understaffed[0].day, alone.understaffed[0].missing), (0, 1));
    // The second agent knows skill 2 alone, so the first must take skill 1.
    let both = report([1, 1], &[(0, 0, 0, 0), (1, 0, 0, 0)]);
    assert!((both.objective - 20.0).abs() < 1e-12);
    assert!((both.requirement - 2.0).abs() < 1e-12);
    // A break counts as absent.
    let on_break = report([1, 0], &[(0, 0, 2, 1)]);
    assert_eq!(on_break.understaffed.len(), 1);
}

#[test]
fn each_rule_is_found_when_broken() {
    let found = |shifts: &[(usize, usize, usize, usize)], rule: &str, day: Option<usize>| {
        let report = report([0, 0], shifts);
        let hit = report.broken.iter().any(|broken| broken.rule == rule && broken.day == day);
        assert!(hit, "{rule}: {:?}", report.broken);
    };
    found(&[], "least hours", None);
    found(&[(0, 0, 0, 0), (0, 0, 1, 0)], "one shift a day", Some(0));
    found(&[(0, 5, 0, 0)], "availability", Some(5));
    found(&[(1, 0, 2, 0)], "window", Some(0));
    found(&[(0, 0, 1, 0), (0, 1, 2, 0)], "rest", Some(1));
    found(&[(0, 0, 0, 0), (0, 2, 0, 0), (0, 4, 0, 0)], "most hours", None);
    found(&[(0, 0, 0, 0), (0, 2, 0, 0), (0, 4, 0, 0)], "most days", None);
}

#[test]
fn errors_name_line_and_value() {
    let told = |instance: &str, output: &str| {
        check(Format::Centre, instance, output).expect_err("cannot be read").to_string()
    };
    let empty = r#"{"assignments": []}"#;
    assert!(told("2 1 1", empty).starts_with("line 1 of the instance: the file ends"));
    let wrong = instance([0, 0]).replace("20 12 1 1 22", "20 12 1 1 x");
    let message = told(&wrong, empty);
    assert_eq!(message, "line 4 of the instance: a break is \"x\"; it must be a whole number from 0 to 47");
    let person = r#"{"assignments": [{"person": 2, "day": 0, "shift": 0, "pattern": 0}]}"#;
    let message = told(&instance([0, 0]), person);
    assert_eq!(message, "the roster: assignment 0 has person 2; give a whole number from 0 to 1");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(instance in "[0-9 \n,:|=A-F_-]{0,200}", output in "[0-9\\[\\]{}\":a-z, ]{0,80}") {
        for format in [Format::Centre, Format::ShiftScheduling, Format::Retail] {
            let _ = check(format, &instance, &output);
            let _ = check(format, &instance, r#"{"assignments": []}"#);
        }
    }

    #[test]
    fn a_word_changed_is_an_error_or_a_report(word in 0_usize..60, by in "[0-9]{1,12}|-1|x|") {
        let text = instance([1, 2]);
        let changed: Vec<&str> =
            text.split_whitespace().enumerate().map(|(i, old)| if i == word { by.as_str() } else { old }).collect();
        let roster = r#"{"assignments": [{"person": 0, "day": 0, "shift": 0, "pattern": 0}]}"#;
        let _ = check(Format::Centre, &changed.join(" "), roster);
    }
}
