//! Costs counted by hand.

use proptest::prelude::*;

use crate::{HEAD, assert_parts, days, parts, report, team};

/// One day with a requirement of one agent from 14:00 to 16:00 and two from 16:00 to 18:00.
fn required(head: &str) -> String {
    format!(
        "{head}\n[[required]]\ndays = \"2026-11-23\"\nskill = \"de\"\nfrom = \"14:00\"\n\
         agents = [1, 1, 1, 1, 2, 2, 2, 2]\n"
    )
}

#[test]
fn each_agent_missing_and_each_too_many() {
    let team = team(&required(HEAD), "", "");
    let nobody = report(&team, &[]);
    assert_parts(&nobody, [120.0, 0.0, 0.0, 0.0]);
    assert!((nobody.requirement - 12.0).abs() < 1e-12);
    assert_eq!(nobody.understaffed.len(), 8);
    // Late from 14:00 to 22:00: four intervals one short, eight idle.
    let late = report(&team, &days("Li Na", "L"));
    assert_parts(&late, [40.0, 8.0, 0.0, 0.0]);
    assert!((late.objective - 48.0).abs() < 1e-12);
    assert_eq!((late.understaffed[0].day, late.understaffed[0].at.as_str()), (0, "16:00-16:30"));
    // Early from 08:00 with half an hour off: eleven idle before 14:00.
    let early = report(&team, &days("Li Na", "E"));
    assert_parts(&early, [80.0, 11.0, 0.0, 0.0]);
}

#[test]
fn weights_of_the_file() {
    let team = team(&required(&format!("short = 2.5\nidle = 0\n{HEAD}")), "", "");
    assert_parts(&report(&team, &days("Li Na", "L")), [10.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_night_covers_the_next_day_and_nothing_behind_the_last() {
    let night = HEAD.replace("14", "2")
        + "[[required]]\ndays = \"all\"\nskill = \"de\"\nfrom = \"00:00\"\nagents = [1, 1]\n";
    let team = team(&night, "", "");
    // Monday's night: four idle on Monday, two used and ten idle on Tuesday; Monday's two stay short.
    assert_parts(&report(&team, &days("Li Na", "N")), [20.0, 14.0, 0.0, 0.0]);
    // Tuesday's: four idle before the horizon ends.
    assert_parts(&report(&team, &days("Li Na", ".N")), [40.0, 4.0, 0.0, 0.0]);
}

#[test]
fn everybody_serves_the_skill_that_helps_most() {
    let head = HEAD.replace("[\"de\"]", "[\"de\", \"en\"]")
        + "[[required]]\ndays = \"mon\"\nskill = \"en\"\nfrom = \"14:00\"\nagents = [1]\n\
           [[required]]\ndays = \"mon\"\nskill = \"de\"\nfrom = \"14:00\"\nagents = [1]\n";
    let team =
        team(&head, "", "") + "[[people]]\nname = \"Tom\"\nskills = [\"en\", \"de\"]\ncontract = \"full\"\n";
    let both = report(&team, &[days("Li Na", "L"), days("Tom", "L")].concat());
    // Two Mondays: nobody is there on the second.
    assert_parts(&both, [20.0, 30.0, 0.0, 0.0]);
    assert_parts(&report(&team, &days("Li Na", "L")), [30.0, 15.0, 0.0, 0.0]);
}

#[test]
fn later_requirements_replace_the_intervals_they_name() {
    let head = required(HEAD)
        + "[[required]]\ndays = [\"sat\", \"mon\"]\nskill = \"de\"\nfrom = \"14:30\"\nagents = [0, 5]\n";
    let nobody = report(&team(&head, "", ""), &[]);
    // Monday 1 0 5 1 2 2 2 2, and 0 5 on the other Monday and both Saturdays.
    assert!((nobody.requirement - 30.0).abs() < 1e-12, "{}", nobody.requirement);
}

#[test]
fn wishes_cost_their_weight() {
    let of = |wishes: &str, letters: &str| {
        parts(&report(&team(HEAD, "", &format!("wishes = [{wishes}]")), &days("Li Na", letters)))[2]
    };
    let cost = |wishes: &str, letters: &str, cost: f64| {
        assert!((of(wishes, letters) - cost).abs() < 1e-12, "{wishes} {letters}: {}", of(wishes, letters));
    };
    let late = r#"{ days = "mon", shift = "late", weight = 7 }"#;
    cost(late, "L......L......", 0.0);
    cost(late, "L......E......", 7.0);
    cost(late, "", 14.0);
    let off = r#"{ days = [2026-11-24, "wed"], shift = "off" }"#;
    cost(off, "E..EEE", 0.0);
    cost(off, ".EE", 10.0);
    let not_late = r#"{ days = "all", shift = "!late", weight = 1000 }"#;
    cost(not_late, "EEE..E", 0.0);
    cost(not_late, "EL...L", 2000.0);
    cost(r#"{ days = "2026-11-23", shift = "!off", weight = 1 }"#, "", 1.0);
    cost(r#"{ days = "2026-11-23", shift = "!off", weight = 1 }"#, "E", 0.0);
    // Several for a day add up.
    cost(&format!("{off}, {off}"), ".E", 10.0);
}

#[test]
fn fair_rises_with_each_unpleasant_day_of_a_person() {
    let unpleasant = |text: &str| text.replace("\"14:00-22:00\"", "\"14:00-22:00\"\nunpleasant = true");
    let one = unpleasant(&team(&format!("holidays = [\"2026-11-25\"]\n{HEAD}"), "fair = 3", ""));
    let fair = |letters: &str| parts(&report(&one, &days("Li Na", letters)))[3];
    for (letters, cost) in [
        ("EE.EE", 0.0),
        ("L", 3.0),
        ("LL", 9.0),
        // The holiday, a Saturday and a Sunday; a late shift on Saturday counts once.
        ("..E..EE", 18.0),
        ("..E..LE", 18.0),
        // A night that begins on Friday is none.
        ("....N", 0.0),
        ("L......L.....L", 18.0),
    ] {
        assert!((fair(letters) - cost).abs() < 1e-12, "{letters}: {}", fair(letters));
    }
    // Each person begins with the first.
    let two = one + "[[people]]\nname = \"Tom\"\nskills = [\"de\"]\ncontract = \"full\"\n";
    let both = report(&two, &[days("Li Na", "LL"), days("Tom", "L")].concat());
    assert!((parts(&both)[3] - 12.0).abs() < 1e-12);
}

#[test]
fn intervals_of_any_length_that_divides_an_hour() {
    for (minutes, idle) in [(5, 96.0), (10, 48.0), (15, 32.0), (20, 24.0), (30, 16.0), (60, 8.0)] {
        let head = format!("interval_minutes = {minutes}\n{HEAD}");
        let team = team(&head, "", "").replace("minutes = 30, between", "minutes = 60, between");
        let late = report(&team, &days("Li Na", "L"));
        assert!((parts(&late)[1] - idle).abs() < 1e-12, "{minutes}");
    }
}

proptest! {
    /// One skill: short and idle are the two sides of working less required.
    #[test]
    fn one_skill_is_a_difference(required in prop::collection::vec(0_i64..4, 96), letters in prop::collection::vec("[ELN.]{2}", 1..5)) {
        let head = HEAD.replace("14", "2");
        let head = format!("{head}[[required]]\ndays = 2026-11-23\nskill = \"de\"\nfrom = \"00:00\"\nagents = {required:?}\n");
        let mut team = team(&head, "", "");
        let mut assignments = days("Li Na", &letters[0]);
        for (index, letters) in letters.iter().enumerate().skip(1) {
            team = format!("{team}[[people]]\nname = \"{index}\"\nskills = [\"de\"]\ncontract = \"full\"\n");
            assignments.extend(days(&index.to_string(), letters));
        }
        let mut open = required;
        for letters in &letters {
            for (day, letter) in letters.chars().enumerate() {
                let intervals = match letter { 'E' => 16..32, 'L' => 28..44, 'N' => 44..60, _ => 0..0 };
                for interval in intervals.filter(|interval| letter != 'E' || *interval != 23) {
                    if let Some(open) = open.get_mut(day * 48 + interval) {
                        *open -= 1;
                    }
                }
            }
        }
        let short: i64 = open.iter().map(|open| 0.max(*open)).sum();
        let idle: i64 = open.iter().map(|open| 0.max(-*open)).sum();
        assert_parts(&report(&team, &assignments), [10.0 * short as f64, idle as f64, 0.0, 0.0]);
    }
}
