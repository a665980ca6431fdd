//! The requirement as a table beside the file.

use rostercheck::{Error, Report, check_team};

use crate::{HEAD, assert_parts, team};

const EMPTY: &str = r#"{"assignments": []}"#;

fn with(team: &str, table: &str) -> Result<Report, Error> {
    check_team(team, Some(table), EMPTY)
}

fn two_skills() -> String {
    team(&HEAD.replace("[\"de\"]", "[\"de\", \"en\"]"), "", "")
}

fn requirement(team: &str, table: &str) -> f64 {
    with(team, table).expect("a readable table").requirement
}

fn error(team: &str, table: &str) -> String {
    with(team, table).expect_err("a table with a mistake").to_string()
}

#[test]
fn it_takes_the_place_of_what_the_file_says() {
    let head =
        HEAD.to_owned() + "[[required]]\ndays = \"all\"\nskill = \"de\"\nfrom = \"08:00\"\nagents = [9]\n";
    let table = "interval_start,agents\n2026-11-23T08:00:00,2\n2026-12-06T23:30:00,0.1\n";
    let report = with(&team(&head, "", ""), table).expect("a readable table");
    assert_parts(&report, [30.0, 0.0, 0.0, 0.0]);
    let found: Vec<_> =
        report.understaffed.iter().map(|short| (short.day, short.at.as_str(), short.missing)).collect();
    assert_eq!(found, [(0, "08:00-08:30", 2), (13, "23:30-00:00", 1)]);
}

#[test]
fn rows_outside_of_the_horizon_are_left_aside_and_parts_of_agents_rounded_up() {
    let table =
        "interval_start,agents\n2026-11-22T23:30:00,7\n2026-11-23T00:00:00,1.01\n2026-12-07T00:00:00,7\n";
    assert!((requirement(&team(HEAD, "", ""), table) - 2.0).abs() < 1e-12);
}

#[test]
fn skills_and_queues_and_any_other_columns() {
    for table in [
        "calls,interval_start,skill,agents\n5,2026-11-23T08:00:00,en,1\n5,2026-11-23T08:00:00,de,2\n",
        "\u{feff}interval_start;agents;queue\r\n2026-11-23T08:00:00;1;en\r\n\"2026-11-23 08:00\";2;de\r\n",
    ] {
        assert!((requirement(&two_skills(), table) - 3.0).abs() < 1e-12, "{table}");
    }
}

#[test]
fn mistakes_are_told_with_their_line() {
    let one = team(HEAD, "", "");
    for (table, line, what) in [
        ("interval_start,calls\n", 1, "no column agents"),
        ("agents\n1\n", 1, "no column interval_start"),
        ("", 1, "no column interval_start"),
        ("interval_start,agents\n2026-11-23T08:00:00,1\nsoon,1\n", 3, "\"soon\""),
        ("interval_start,agents\n2026-11-23T08:10:00,1\n", 2, "30 minutes"),
        ("interval_start,agents\n2026-11-23T08:00:00,\n", 2, "\"\""),
        ("interval_start,agents\n2026-11-23T08:00:00,-1\n", 2, "\"-1\""),
        ("interval_start,agents\n2026-11-23T08:00:00,NaN\n", 2, "\"NaN\""),
        ("interval_start,agents\n2026-11-23T08:00:00,1e9\n", 2, "\"1e9\""),
        ("interval_start,agents\n2026-11-23T08:00:00\n", 2, "1 fields, the head 2"),
        ("interval_start,agents,skill\n2026-11-23T08:00:00,1,fr\n", 2, "\"fr\""),
        ("interval_start,agents\n2026-11-23T08:00:00,1\n\n2026-11-23T08:00:00,2\n", 4, "twice"),
    ] {
        let told = error(&one, table);
        let place = format!("line {line} of the table of required agents: ");
        assert!(told.starts_with(&place) && told.contains(what), "{table}: {told}");
    }
    let told = error(&two_skills(), "interval_start,agents\n2026-11-23T08:00:00,1\n");
    assert!(told.contains("several skills"), "{told}");
}
