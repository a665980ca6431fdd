//! Small rosters with each rule of `shift-scheduling` broken once.
#![expect(clippy::expect_used, reason = "a test stops where its roster cannot be read")]

use rostercheck::{Error, Format, Report, check};

const STAFF: &str = "A,D=9|N=2,2400,960,3,2,2,1";

fn instance(staff: &str) -> String {
    format!(
        "# two weeks\nSECTION_HORIZON\n14\n\nSECTION_SHIFTS\nD,480,\nN,480,D\n\nSECTION_STAFF\n{staff}\n\n\
         SECTION_DAYS_OFF\nA,2\n\nSECTION_SHIFT_ON_REQUESTS\nA,0,D,3\n\nSECTION_SHIFT_OFF_REQUESTS\nA,1,D,5\n\n\
         SECTION_COVER\n0,D,1,100,1\n3,D,0,100,2\n"
    )
}

/// The report on days written as `D`, `N` or `.`.
fn report(staff: &str, line: &str) -> Result<Report, Error> {
    let assignments: Vec<String> = line
        .chars()
        .enumerate()
        .filter(|(_, shift)| *shift != '.')
        .map(|(day, shift)| format!(r#"{{"person": "A", "day": {day}, "shift": "{shift}", "pattern": 0}}"#))
        .collect();
    check(
        Format::ShiftScheduling,
        &instance(staff),
        &format!(r#"{{"assignments": [{}]}}"#, assignments.join(",")),
    )
}

fn rules(staff: &str, line: &str) -> Vec<(&'static str, Option<usize>)> {
    let report = report(staff, line).expect("a readable roster");
    report.broken.iter().map(|broken| (broken.rule, broken.day)).collect()
}

#[test]
fn a_good_roster_costs_what_it_costs() {
    let report = report(STAFF, "DD...........D").expect("a readable roster");
    assert!(report.feasible(), "{:?}", report.broken);
    let parts: Vec<f64> = report.parts.iter().map(|part| part.cost).collect();
    assert_eq!(parts, [0.0, 5.0, 0.0, 0.0]);
    assert!((report.objective - 5.0).abs() < 1e-12);
    assert!(report.understaffed.is_empty());
}

#[test]
fn cover_and_wishes_are_priced() {
    let report = report(STAFF, "...DD.........").expect("a readable roster");
    let parts: Vec<f64> = report.parts.iter().map(|part| part.cost).collect();
    assert_eq!(parts, [3.0, 0.0, 100.0, 2.0]);
    assert_eq!((report.understaffed[0].day, report.understaffed[0].missing), (0, 1));
    assert_eq!(report.understaffed[0].at, "D");
}

#[test]
fn each_rule_is_found_when_broken() {
    for (line, rule, day) in [
        ("DDD...........", "day off", Some(2)),
        ("...ND.........", "forbidden succession", Some(4)),
        ("...NNN........", "most shifts of a type", None),
        ("DD...DD...DDDD", "most minutes", None),
        ("D.............", "least minutes", None),
        ("DDDD..........", "most shifts in a row", Some(0)),
        ("DD...D........", "least shifts in a row", Some(5)),
        ("...DD.DD......", "least days off in a row", Some(5)),
        (".....D......DD", "most weekends", None),
    ] {
        let found = rules(STAFF, line);
        assert!(found.contains(&(rule, day)), "{line}: {found:?}");
    }
}

#[test]
fn what_an_edge_cuts_off_is_never_too_short() {
    assert_eq!(rules("A,D=9,2400,960,3,2,2,2", "D............D"), []);
    let staff = "A,D=9,2400,960,3,1,3,2";
    assert_eq!(rules(staff, ".D...D......D."), [], "a single day off at either edge is enough");
    assert_eq!(rules(staff, ".D...D.D....D."), [("least days off in a row", Some(6))]);
}

#[test]
fn two_shifts_a_day_are_one_too_many() {
    let twice = r#"{"assignments": [{"person": "A", "day": 0, "shift": "D"}, {"person": "A", "day": 0, "shift": "N"}]}"#;
    let report = check(Format::ShiftScheduling, &instance(STAFF), twice).expect("a readable roster");
    assert!(report.broken.iter().any(|broken| broken.rule == "one shift a day" && broken.day == Some(0)));
}

#[test]
fn errors_name_line_and_value() {
    let text = |result: Result<Report, Error>| result.expect_err("cannot be read").to_string();
    let shift_x = r#"{"assignments": [{"person": "A", "day": 0, "shift": "X"}]}"#;
    let told = text(check(Format::ShiftScheduling, &instance(STAFF), shift_x));
    assert_eq!(told, "the roster: assignment 0: the instance has no shift \"X\"");
    let told = text(check(Format::ShiftScheduling, &instance("A,D=9,2400"), "{\"assignments\": []}"));
    assert_eq!(told, "line 10 of the instance: \"A,D=9,2400\" has 3 of 8 fields");
    let late = instance(STAFF).replace("A,2\n", "A,14\n");
    let told = text(check(Format::ShiftScheduling, &late, "{\"assignments\": []}"));
    assert_eq!(told, "line 13 of the instance: day 14 is beyond the horizon of 14 days (counted from 0)");
    assert!(text(check(Format::ShiftScheduling, "", "{\"assignments\": []}")).contains("SECTION_HORIZON"));
    assert!(text(check(Format::ShiftScheduling, &instance(STAFF), "[]")).contains("expected"));
    assert!("weeks".parse::<Format>().is_err());
}
