//! Files and rosters with mistakes.

use proptest::prelude::*;
use rostercheck::{Error, Format, check, check_team};

use crate::{HEAD, SHIFTS, roster, team};

const EMPTY: &str = r#"{"assignments": []}"#;

/// Every field once.
fn full() -> String {
    let head = "interval_minutes = 30\nshort = 8\nidle = 0.5\nholidays = [2026-12-01]\n".to_owned()
        + HEAD
        + "[[required]]\ndays = [\"workdays\", \"2026-11-28\"]\nskill = \"de\"\nfrom = \"08:00\"\nagents = [1, 2, 3]\n";
    let contract = "hours_per_week = [20, 37.5]\ndays_per_week = 5\nrest_hours = 11\ndays_in_a_row = 6\n\
                    days_off_in_a_row = 2\nweekends = 1\nnights_in_a_row = 3\nshifts = [\"early\", \"late\"]\nfair = 4";
    let person = "under_age = false\nleave = [\"fri\", { from = \"2026-11-25\", to = \"2026-11-29\" }]\n\
                  available = [{ days = \"mon\", time = \"08:00-18:00\" }]\n\
                  fixed = [{ day = \"2026-11-23\", shift = \"early\" }]\n\
                  wishes = [{ days = \"all\", shift = \"!late\", weight = 3 }]\n\
                  before = { shift = \"late\", days = 3 }";
    team(&head, contract, person)
}

/// What is told when the text `old` of the full file is `new`: in the line where `new` begins, or where it holds the
/// mark \u{1}.
fn told(old: &str, new: &str) -> String {
    let file = full();
    assert!(file.contains(old), "{old}");
    let at = file.find(old).expect("there");
    let line = 1
        + file[..at].matches('\n').count()
        + new.find('\u{1}').map_or(0, |mark| new[..mark].matches('\n').count());
    match check(Format::Team, &file.replacen(old, &new.replace('\u{1}', ""), 1), EMPTY) {
        Err(Error::Instance { line: told, message }) => {
            assert_eq!(told, line, "{new}: {message}");
            message
        }
        other => panic!("{new}: {other:?}"),
    }
}

#[test]
fn the_full_file_is_read() {
    let report = check(Format::Team, &full(), EMPTY).expect("a readable file");
    assert!((report.requirement - 66.0).abs() < 1e-12, "{}", report.requirement);
}

#[test]
fn mistakes_in_values_are_told_with_their_line() {
    for (old, new, what) in [
        ("days = 14", "days = 0", "from 1 to 366"),
        ("days = 14", "days = 367", "from 1 to 366"),
        ("days = 14", "days = -1", "from 1 to 366"),
        ("days = 14", "days = \"many\"", "a whole number"),
        ("first_day = 2026-11-23", "first_day = \"2026-11-31\"", "\"2026-11-31\""),
        ("first_day = 2026-11-23", "first_day = 2026-11-23T08:00:00", "2026-11-23T08:00:00"),
        ("first_day = 2026-11-23", "first_day = 9999-12-30", "calendar"),
        ("interval_minutes = 30", "interval_minutes = 25", "[5, 10, 15, 20, 30, 60]"),
        ("skills = [\"de\"]\n[", "skills = []\n[", "at least one"),
        ("short = 8", "short = -1", "from 0"),
        ("short = 8", "short = nan", "from 0"),
        ("idle = 0.5", "idle = inf", "from 0"),
        ("holidays = [2026-12-01]", "holidays = [\"Christmas\"]", "\"Christmas\""),
        ("from = \"08:00\"", "from = \"08:15\"", "08:15"),
        ("from = \"08:00\"", "from = \"24:00\"", "\"24:00\""),
        ("agents = [1, 2, 3]", "agents = [1, -2, 3]", "-2"),
        ("[1, 2, 3]", "[1,\n\u{1}2000000]", "2000000"),
        ("time = \"08:00-16:00\"", "time = \"08:00\"", "\"08:00\""),
        ("time = \"08:00-16:00\"", "time = \"8-16\"", "\"8-16\""),
        ("time = \"08:00-16:00\"", "time = \"08:10-16:10\"", "08:10-16:10"),
        ("minutes = 30, between", "minutes = 45, between", "45"),
        ("minutes = 30, between", "minutes = 0, between", "from 30"),
        ("between = \"11:00-13:00\"", "between = \"17:00-18:00\"", "no room"),
        // Two of them would touch.
        (
            "{ minutes = 30, between = \"11:00-13:00\" }",
            "{ minutes = 30, between = \"11:00-12:00\" }, { minutes = 30, between = \"11:00-12:00\" }",
            "no room",
        ),
        ("hours_per_week = [20, 37.5]", "hours_per_week = [40, 37.5]", "cannot both hold"),
        ("hours_per_week = [20, 37.5]", "hours_per_week = [20]", "array"),
        ("days_per_week = 5", "days_per_week = 8", "from 0 to 7"),
        ("rest_hours = 11", "rest_hours = -11", "-11"),
        ("fair = 4", "fair = 1e9", "1000000"),
        ("to = \"2026-11-29\"", "to = \"2026-11-24\"", "2026-11-24"),
        ("to = \"2026-11-29\"", "till = \"2026-11-29\"", "till"),
        ("\"!late\", weight = 3", "\"!late\", weight = 0", "from 1 to 1000"),
        ("\"!late\", weight = 3", "\"!late\", weight = 1001", "from 1 to 1000"),
        ("days = 3 }", "days = 0 }", "before.days"),
        ("leave = [", "leave = [\n  \"mon\",\n  \u{1}\"monday\",", "\"monday\""),
    ] {
        let message = told(old, new);
        assert!(message.contains(what), "{new}: {message}");
    }
}

#[test]
fn names_are_known_and_stand_once() {
    for (old, new, what) in [
        ("skills = [\"de\"]\n[", "skills = [\"de\", \"de\"]\n[", "twice"),
        ("skills = [\"de\"]\n[", "skills = [\"\"]\n[", "empty"),
        ("skill = \"de\"", "skill = \"fr\"", "\"fr\""),
        ("name = \"late\"", "name = \"early\"", "twice"),
        ("name = \"late\"", "name = \"off\"", "\"off\""),
        ("name = \"late\"", "name = \"!early\"", "\"!early\""),
        ("shifts = [\"early\", \"late\"]", "shifts = [\"early\", \"noon\"]", "\"noon\""),
        ("contract = \"full\"", "contract = \"half\"", "\"half\""),
        ("shift = \"early\" }]", "shift = \"noon\" }]", "\"noon\""),
        ("shift = \"!late\"", "shift = \"!noon\"", "\"noon\""),
        ("before = { shift = \"late\"", "before = { shift = \"off\"", "\"off\""),
    ] {
        let message = told(old, new);
        assert!(message.contains(what), "{new}: {message}");
    }
}

/// As `told`, where the file no longer fits in other places too.
fn loose(old: &str, new: &str) -> String {
    let file = full().replacen(old, new, 1);
    check(Format::Team, &file, EMPTY).expect_err("a file with a mistake").to_string()
}

#[test]
fn unknown_and_missing_fields_are_told() {
    for (old, new, what) in [
        ("fair = 4", "fare = 4", "fare"),
        ("under_age = false", "underage = false", "underage"),
        ("short = 8", "shortage = 8", "shortage"),
        ("from = \"08:00\"", "form = \"08:00\"", "form"),
        ("weight = 3", "wait = 3", "wait"),
    ] {
        let message = told(old, new);
        assert!(message.contains(what), "{new}: {message}");
    }
    let message = loose("days = 14\n", "");
    assert!(message.contains("days"), "{message}");
    let message = loose("contract = \"full\"\n", "");
    assert!(message.contains("contract"), "{message}");
    assert!(!message.starts_with("line 1 "), "{message}");
    let message = told("fair = 4", "fair = ");
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn a_mistake_in_the_file_is_told_although_a_table_replaces_it() {
    let file = full().replace("agents = [1, 2, 3]", "agents = [-1]");
    let table = "interval_start,agents\n";
    assert!(matches!(check_team(&file, Some(table), EMPTY), Err(Error::Instance { .. })));
}

#[test]
fn rosters_name_what_the_team_has() {
    let assignment = |person: &str, day: &str, shift: &str, pattern: &str| {
        let roster = roster(&[crate::assignment(person, day, shift, pattern)]);
        check(Format::Team, &full(), &roster).map_err(|error| error.to_string())
    };
    assert!(assignment("Li Na", "2026-11-23", "early", "11:30-12:00").is_ok());
    for (person, day, shift, pattern, what) in [
        ("Li", "2026-11-23", "early", "", "nobody named \"Li\""),
        ("Li Na", "2026-12-07", "early", "", "day \"2026-12-07\"; give a date from 2026-11-23 to 2026-12-06"),
        ("Li Na", "mon", "early", "", "day \"mon\""),
        ("Li Na", "2026-11-23", "noon", "", "no shift \"noon\""),
        ("Li Na", "2026-11-23", "early", "noon", "pattern \"noon\""),
    ] {
        let told = assignment(person, day, shift, pattern).expect_err(what);
        assert!(told.starts_with("the roster: assignment 0: ") && told.contains(what), "{told}");
    }
}

#[test]
fn the_format_has_its_name() {
    assert_eq!("team".parse::<Format>(), Ok(Format::Team));
    assert_eq!(Format::Team.to_string(), "team");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(file in "\\PC{0,120}", table in "\\PC{0,80}", output in "\\PC{0,80}") {
        let _ = check_team(&file, Some(&table), &output);
        let _ = check_team(&file, None, EMPTY);
        let _ = check_team(&team(HEAD, "", ""), Some(&format!("interval_start,agents\n{table}")), EMPTY);
        let _ = check_team(&team(HEAD, "", &file), None, EMPTY);
    }

    /// A stretch of the file cut out, repeated or replaced, with a roster that works on many days.
    #[test]
    fn a_changed_file_is_an_error_or_a_report(
        at in 0.0..1.0_f64,
        length in 0_usize..40,
        by in "[0-9a-z:\"\\[\\]{}=,. \n!-]{0,12}|99999999999|-1|nan|all|00:00-24:00|\n\\[\\[people\\]\\]\n",
        letters in "[ELN.]{14}",
    ) {
        let file: Vec<char> = full().chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the file")]
        let from = (at * file.len() as f64) as usize;
        let to = (from + length).min(file.len());
        let changed: String = file[..from].iter().chain(&by.chars().collect::<Vec<_>>()).chain(&file[to..]).collect();
        let _ = check_team(&changed, None, &roster(&crate::days("Li Na", &letters)));
    }

    /// A word of the shifts changed: times, breaks and lengths beyond the ordinary.
    #[test]
    fn any_times_of_shifts_and_breaks(times in prop::collection::vec("[0-2][0-9]:[0-5]0-[0-2][0-9]:[0-5]0", 4), pattern in "[0-9:, -]{0,24}") {
        let shifts = SHIFTS.replace("08:00-16:00", &times[0]).replace("11:00-13:00", &times[1]).replace("22:00-06:00", &times[2]);
        let file = team("interval_minutes = 10\n", "", "").replace(SHIFTS, &shifts).replace("interval_minutes", &format!("{HEAD}interval_minutes"));
        for pattern in [&pattern, &times[3]] {
            let assignments = [
                crate::assignment("Li Na", "2026-11-23", "early", pattern),
                crate::assignment("Li Na", "2026-12-06", "night", pattern),
            ];
            let _ = check_team(&file, None, &roster(&assignments));
        }
    }
}
