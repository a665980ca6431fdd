//! The format `team`: rosters that keep a rule and rosters that just break it, costs counted by hand, and files
//! with mistakes.
#![expect(clippy::expect_used, reason = "a test stops where its roster cannot be read")]

mod cost;
mod files;
mod readings;
mod rules;
mod table;

use rostercheck::{Report, check_team};

/// Two weeks from a Monday on, or as the head says.
const HEAD: &str = "first_day = 2026-11-23\ndays = 14\nskills = [\"de\"]\n";

const SHIFTS: &str = r#"
[[shifts]]
name = "early"
time = "08:00-16:00"
breaks = [{ minutes = 30, between = "11:00-13:00" }]

[[shifts]]
name = "late"
time = "14:00-22:00"

[[shifts]]
name = "night"
time = "22:00-06:00"
"#;

/// A team of one with the fields of a contract and of a person.
fn team(head: &str, contract: &str, person: &str) -> String {
    format!(
        "{head}{SHIFTS}\n[[contracts]]\nname = \"full\"\n{contract}\n\n\
         [[people]]\nname = \"Li Na\"\nskills = [\"de\"]\ncontract = \"full\"\n{person}\n"
    )
}

/// The assignments of one person, a letter a day: early, late, night or nothing.
fn days(person: &str, letters: &str) -> Vec<String> {
    let mut date: jiff::civil::Date = "2026-11-23".parse().expect("a date");
    let mut assignments = Vec::new();
    for letter in letters.chars() {
        let (shift, pattern) = match letter {
            'E' => ("early", "11:30-12:00"),
            'L' => ("late", ""),
            'N' => ("night", ""),
            _ => ("", ""),
        };
        if !shift.is_empty() {
            assignments.push(assignment(person, &date.to_string(), shift, pattern));
        }
        date = date.tomorrow().expect("a date");
    }
    assignments
}

fn assignment(person: &str, day: &str, shift: &str, pattern: &str) -> String {
    format!(r#"{{"person": "{person}", "day": "{day}", "shift": "{shift}", "pattern": "{pattern}"}}"#)
}

fn roster(assignments: &[String]) -> String {
    format!(r#"{{"assignments": [{}], "unmet_wishes": [], "short": 3}}"#, assignments.join(", "))
}

fn report(team: &str, assignments: &[String]) -> Report {
    check_team(team, None, &roster(assignments)).expect("a readable roster")
}

/// The broken rules of Li Na's days, in order.
fn broken(team: &str, letters: &str) -> Vec<(&'static str, Option<usize>)> {
    rules_of(&report(team, &days("Li Na", letters)))
}

fn rules_of(report: &Report) -> Vec<(&'static str, Option<usize>)> {
    report.broken.iter().map(|broken| (broken.rule, broken.day)).collect()
}

fn parts(report: &Report) -> [f64; 4] {
    let cost =
        |name: &str| report.parts.iter().find(|part| part.name == name).expect("each part is told").cost;
    ["understaffing", "idle", "wishes", "fair"].map(cost)
}

fn assert_parts(report: &Report, expected: [f64; 4]) {
    let found = parts(report);
    let equal = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9);
    assert!(equal, "{found:?}, not {expected:?}");
    assert!((report.objective - expected.iter().sum::<f64>()).abs() < 1e-9);
}
