//! Each rule kept, and broken by the least amount.

use crate::{HEAD, assignment, broken, days, report, rules_of, team};

/// Fourteen days, the first of them a Monday: what is broken, with the day on which it shows.
fn of_contract(contract: &str, letters: &str) -> Vec<(&'static str, Option<usize>)> {
    broken(&team(HEAD, contract, ""), letters)
}

fn of_person(person: &str, letters: &str) -> Vec<(&'static str, Option<usize>)> {
    broken(&team(HEAD, "", person), letters)
}

#[test]
fn nobody_at_work_breaks_nothing() {
    assert_eq!(of_contract("", ""), []);
    assert_eq!(of_contract("", "EEEEE..LLLLL.."), []);
}

#[test]
fn one_shift_a_day() {
    let two = [days("Li Na", "L"), days("Li Na", "E")].concat();
    assert_eq!(rules_of(&report(&team(HEAD, "", ""), &two)), [("one shift a day", Some(0))]);
}

#[test]
fn hours_of_a_week_count_paid_minutes() {
    let contract = "hours_per_week = [16, 24.5]";
    assert_eq!(of_contract(contract, "EE.....EEE...."), []);
    assert_eq!(of_contract(contract, "E......EEEE..."), [("least hours", Some(0)), ("most hours", Some(7))]);
    // An unpaid half hour of the early shift: two of them are 15 hours.
    let unpaid = team(HEAD, "hours_per_week = [16, 40]", "")
        .replace("\"08:00-16:00\"", "\"08:00-16:00\"\npaid_minutes = 450");
    assert_eq!(broken(&unpaid, "EE.....LL"), [("least hours", Some(0))]);
}

#[test]
fn the_least_hours_of_a_week_cut_short_are_its_share() {
    // Three days of the second week: 3⁄7 of 56 hours are 24, the most hours and days stay.
    let cut = team(
        &HEAD.replace("14", "10"),
        "hours_per_week = [56, 56]\ndays_per_week = 7\ndays_in_a_row = 10",
        "",
    );
    assert_eq!(broken(&cut, "EEEEEEEEEE"), []);
    assert_eq!(broken(&cut, "EEEEEEEEE."), [("least hours", Some(7))]);
    let most = team(&HEAD.replace("14", "10"), "hours_per_week = [0, 24]", "");
    assert_eq!(broken(&most, ".......EEE"), []);
}

#[test]
fn leave_lowers_the_least_hours_and_the_most_days() {
    let leave = |days: &str, letters: &str| {
        let contract = "hours_per_week = [40, 40]\ndays_per_week = 5";
        broken(&team(&HEAD.replace("14", "7"), contract, &format!("leave = {days}")), letters)
    };
    assert_eq!(leave("[]", "EEEEE.."), []);
    assert_eq!(leave("[]", "EEEE..."), [("least hours", Some(0))]);
    assert_eq!(leave("\"2026-11-23\"", ".EEEE.."), []);
    assert_eq!(leave("\"2026-11-23\"", ".EEE..."), [("least hours", Some(0))]);
    assert_eq!(leave("\"2026-11-23\"", ".EEEEE."), [("most days", Some(0))]);
    assert_eq!(leave("[\"mon\", 2026-11-24]", "..EEE.."), []);
    assert_eq!(leave("\"all\"", "......."), []);
    assert_eq!(leave("{ from = \"2026-11-20\", to = \"2026-11-26\" }", "....E.."), []);
    assert_eq!(leave("{ from = 2026-11-23, to = 2026-11-26 }", "......."), [("least hours", Some(0))]);
}

#[test]
fn days_of_a_week() {
    assert_eq!(of_contract("days_per_week = 2", "EE.....EE....."), []);
    assert_eq!(of_contract("days_per_week = 2", "EE.....E.EE..."), [("most days", Some(7))]);
}

#[test]
fn rest_between_shifts() {
    // Late ends at 22:00, early begins at 08:00: ten hours.
    assert_eq!(of_contract("rest_hours = 10", "LE"), []);
    assert_eq!(of_contract("", "LE"), [("rest", Some(1))]);
    assert_eq!(of_contract("rest_hours = 10.5", "LE"), [("rest", Some(1))]);
    // Night ends at 06:00 of the next day; late begins eight hours behind it.
    assert_eq!(of_contract("rest_hours = 8", "NL"), []);
    assert_eq!(of_contract("", "NL"), [("rest", Some(1))]);
    // Eleven hours unless the contract says otherwise.
    let evening = |start: &str| team(HEAD, "", "").replace("14:00-22:00", &format!("{start}-21:00"));
    assert_eq!(broken(&evening("17:00"), "NL"), []);
    assert_eq!(broken(&evening("16:30"), "NL"), [("rest", Some(1))]);
    let after_late = "before = { shift = \"late\", days = 1 }";
    assert_eq!(of_person(after_late, "E"), [("rest", Some(0))]);
    assert_eq!(of_person(after_late, "L"), []);
}

#[test]
fn days_in_a_row() {
    assert_eq!(of_contract("", "EEEEEE.EEEEEE."), []);
    assert_eq!(of_contract("", "EEEEEEEE......"), [("most days in a row", Some(6))]);
    assert_eq!(of_contract("days_in_a_row = 2", "EE.EE.EEE"), [("most days in a row", Some(8))]);
    let before = |days: u32| format!("before = {{ shift = \"early\", days = {days} }}");
    assert_eq!(of_person(&before(4), "EE.E"), []);
    assert_eq!(of_person(&before(5), "EE.E"), [("most days in a row", Some(1))]);
    assert_eq!(of_person(&before(9), "EE.E"), [("most days in a row", Some(0))]);
    assert_eq!(of_person(&before(9), ".EEE"), []);
}

#[test]
fn days_off_in_a_row() {
    let two = "days_off_in_a_row = 2";
    assert_eq!(of_contract(two, ".EE..EEEE..EE."), []);
    assert_eq!(of_contract(two, "EEE.EEE..EE..."), [("least days off in a row", Some(3))]);
    // The first day off may have had one before it, unless that day was worked.
    let worked = team(HEAD, two, "before = { shift = \"early\", days = 3 }");
    assert_eq!(broken(&worked, ".EEE.........."), [("least days off in a row", Some(0))]);
    assert_eq!(broken(&worked, "..EE.........."), []);
}

#[test]
fn weekends() {
    assert_eq!(of_contract("weekends = 1", ".....EE...E..."), []);
    assert_eq!(of_contract("weekends = 1", ".....E.......E"), [("most weekends", None)]);
    // A night that begins on Friday is no work at a weekend.
    assert_eq!(of_contract("weekends = 0", "....N.....N..."), []);
    // A horizon that begins on a Sunday begins with a weekend of its own.
    let sunday = team(&HEAD.replace("11-23", "11-22").replace("14", "8"), "weekends = 1", "");
    let on = |day: &str| assignment("Li Na", day, "late", "");
    assert_eq!(rules_of(&report(&sunday, &[on("2026-11-22")])), []);
    assert_eq!(rules_of(&report(&sunday, &[on("2026-11-22"), on("2026-11-28")])), [("most weekends", None)]);
}

#[test]
fn nights_in_a_row() {
    assert_eq!(of_contract("nights_in_a_row = 2", "NN.NN"), []);
    assert_eq!(of_contract("nights_in_a_row = 2", "NN.NNN"), [("most nights in a row", Some(5))]);
    assert_eq!(of_contract("nights_in_a_row = 0", "L"), []);
    assert_eq!(of_contract("nights_in_a_row = 0", "N"), [("most nights in a row", Some(0))]);
    let before = team(HEAD, "nights_in_a_row = 2", "before = { shift = \"night\", days = 4 }");
    assert_eq!(broken(&before, "N"), []);
    assert_eq!(broken(&before, "NN"), [("most nights in a row", Some(1))]);
}

#[test]
fn shifts_of_the_contract() {
    assert_eq!(of_contract("shifts = [\"early\", \"late\"]", "EL"), []);
    assert_eq!(of_contract("shifts = [\"early\"]", "EL"), [("allowed shifts", Some(1))]);
}

#[test]
fn no_night_work_under_age() {
    assert_eq!(of_person("under_age = true", "LL"), []);
    assert_eq!(of_person("under_age = true", "LN"), [("under age", Some(1))]);
    // A shift is at night when any of it is, unless the file says otherwise.
    let young = team(HEAD, "", "under_age = true");
    let quarter = young.replace("14:00-22:00", "14:00-22:30");
    assert_eq!(broken(&quarter, "L"), [("under age", Some(0))]);
    let early = young.replace("14:00-22:00", "05:30-10:00");
    assert_eq!(broken(&early, "L"), [("under age", Some(0))]);
    assert_eq!(broken(&young.replace("14:00-22:00", "06:00-22:00"), "L"), []);
    assert_eq!(broken(&quarter.replace("\"14:00-22:30\"", "\"14:00-22:30\"\nnight = false"), "L"), []);
    assert_eq!(
        broken(&young.replace("\"14:00-22:00\"", "\"14:00-22:00\"\nnight = true"), "L"),
        [("under age", Some(0))]
    );
}

#[test]
fn leave() {
    assert_eq!(of_person("leave = \"2026-11-25\"", "EE.EE"), []);
    assert_eq!(of_person("leave = \"2026-11-25\"", "..E.."), [("leave", Some(2))]);
    let range = "leave = [\"sun\", { from = 2026-11-24, to = \"2026-11-25\" }]";
    assert_eq!(of_person(range, "E..EEE.EEEEEE."), []);
    assert_eq!(
        of_person(range, ".EE...E......."),
        [("leave", Some(1)), ("leave", Some(2)), ("leave", Some(6))]
    );
}

#[test]
fn availability() {
    let mornings = "available = [{ days = \"workdays\", time = \"08:00-16:00\" }]";
    assert_eq!(of_person(mornings, "EE...LL"), []);
    assert_eq!(of_person(mornings, "L"), [("availability", Some(0))]);
    assert_eq!(of_person(&mornings.replace("08:00", "08:30"), "E"), [("availability", Some(0))]);
    assert_eq!(of_person(&mornings.replace("16:00", "15:30"), "E"), [("availability", Some(0))]);
    let nights = "available = [{ days = \"mon\", time = \"20:00-06:00\" }]";
    assert_eq!(of_person(nights, "NN"), []);
    assert_eq!(of_person(&nights.replace("06:00", "05:30"), "N"), [("availability", Some(0))]);
}

#[test]
fn fixed_shifts() {
    let fixed = "fixed = [{ day = 2026-11-24, shift = \"late\" }, { day = \"2026-11-26\", shift = \"off\" }]";
    assert_eq!(of_person(fixed, ".L.."), []);
    assert_eq!(of_person(fixed, "...E"), [("fixed", Some(1)), ("fixed", Some(3))]);
    assert_eq!(of_person(fixed, ".E"), [("fixed", Some(1))]);
}

#[test]
fn breaks_are_those_of_the_shift() {
    let early = |pattern: &str| {
        let one = [assignment("Li Na", "2026-11-23", "early", pattern)];
        rules_of(&report(&team(HEAD, "", ""), &one))
    };
    assert_eq!(early("11:00-11:30"), []);
    assert_eq!(early("12:30-13:00"), []);
    for wrong in ["", "10:30-11:00", "13:00-13:30", "11:00-12:00", "11:15-11:45", "11:00-11:30, 12:00-12:30"]
    {
        assert_eq!(early(wrong), [("breaks", Some(0))], "{wrong}");
    }
    let late = [r#"{"person": "Li Na", "day": "2026-11-23", "shift": "late"}"#.to_owned()];
    assert_eq!(rules_of(&report(&team(HEAD, "", ""), &late)), []);
    let break_without = [assignment("Li Na", "2026-11-23", "late", "15:00-15:30")];
    assert_eq!(rules_of(&report(&team(HEAD, "", ""), &break_without)), [("breaks", Some(0))]);
}

#[test]
fn breaks_lie_in_the_shift_also_where_their_stretch_goes_on() {
    let team = team(HEAD, "", "").replace("11:00-13:00", "15:00-17:00");
    let early =
        |pattern: &str| rules_of(&report(&team, &[assignment("Li Na", "2026-11-23", "early", pattern)]));
    assert_eq!(early("15:30-16:00"), []);
    assert_eq!(early("16:00-16:30"), [("breaks", Some(0))]);
}

#[test]
fn breaks_keep_their_order_and_work_between_them() {
    let night = "\"22:00-06:00\"\nbreaks = [{ minutes = 60, between = \"23:00-02:00\" }, \
                 { minutes = 30, between = \"00:00-05:00\" }]";
    let team = team(HEAD, "", "").replace("\"22:00-06:00\"", night);
    let with =
        |pattern: &str| rules_of(&report(&team, &[assignment("Li Na", "2026-11-23", "night", pattern)]));
    assert_eq!(with("23:00-00:00, 00:30-01:00"), []);
    assert_eq!(with("23:30-00:30,04:30-05:00"), []);
    assert_eq!(with("23:00-00:00, 00:00-00:30"), [("breaks", Some(0))]);
    assert_eq!(with("01:00-02:00, 00:00-00:30"), [("breaks", Some(0))]);
    assert_eq!(with("01:30-02:30, 04:00-04:30"), [("breaks", Some(0))]);
    assert_eq!(with("22:30-23:30, 04:00-04:30"), [("breaks", Some(0))]);
}
