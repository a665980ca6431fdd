//! A centre of one's own: what its file means, what is told of its mistakes, and what is written for people.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use proptest::prelude::*;
use roster::formats::team::{Explained, Origin, Team, explain, read, read_roster, refused, table, write};
use roster::model::{Choice, Error, FORBIDDEN, OFF};
use roster::search::Instance;
use roster::{Roster, Spot, solve};

/// Two weeks and three days from a Thursday; two people, a shift of the day and one of the night.
const FILE: &str = r#"first_day = "2026-11-26"
days = 17
skills = ["phone", "mail"]
holidays = ["2026-12-01", "2027-01-01"]

[[required]]
days = "workdays"
skill = "mail"
from = "08:00"
agents = [1, 2]

[[required]]
days = ["2026-11-27", "sat"]
skill = "mail"
from = "08:30"
agents = [5]

[[shifts]]
name = "day"
time = "08:00-16:30"
paid_minutes = 480
unpleasant = true
breaks = [{ minutes = 30, between = "10:00-11:00" }, { minutes = 60, between = "10:30-13:00" }]

[[shifts]]
name = "night"
time = "22:00-06:00"
breaks = [{ minutes = 30, between = "01:00-02:00" }]

[[contracts]]
name = "full time"
hours_per_week = [37.5, 40]
days_per_week = 5
weekends = 1
nights_in_a_row = 3
fair = 2

[[contracts]]
name = "days only"
shifts = ["day"]

[[people]]
name = "Li Na"
skills = ["phone", "mail"]
contract = "full time"
leave = ["2026-11-28", { from = "2026-11-20", to = "2026-11-26" }]
before = { shift = "night", days = 2 }
wishes = [{ days = "fri", shift = "off" }, { days = "2026-11-27", shift = "!night", weight = 7 }]

[[people]]
name = "王伟"
skills = ["mail"]
contract = "days only"
under_age = true
available = [{ days = "mon", time = "09:00-17:00" }]
fixed = [{ day = "2026-11-29", shift = "off" }]
"#;

const DAY: Choice = 1;
const NIGHT: Choice = 2;

fn never() -> bool {
    false
}

fn team(text: &str) -> Team {
    read(text, None).unwrap()
}

/// What is told of the file after a change.
fn told(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    read(&FILE.replacen(from, to, 1), None).unwrap_err().to_string()
}

/// The line of the file on which something stands first.
fn line_of(text: &str) -> usize {
    FILE[..FILE.find(text).unwrap()].matches('\n').count() + 1
}

#[test]
fn the_requirement_is_that_of_the_last_entry_for_each_interval() {
    let team = team(FILE);
    let required = |day: usize, interval: usize| {
        let at = (day * 48 + interval) * 2;
        team.problem.required[at..at + 2].to_vec()
    };
    assert_eq!([required(0, 16), required(0, 17), required(0, 18)], [[0, 1], [0, 2], [0, 0]], "a Thursday");
    assert_eq!([required(1, 16), required(1, 17)], [[0, 1], [0, 5]], "the Friday is named itself");
    assert_eq!([required(2, 16), required(2, 17)], [[0, 0], [0, 5]], "a Saturday");
    assert_eq!(required(3, 17), [0, 0], "a Sunday");
    assert_eq!(team.problem.required.iter().sum::<u32>(), 12 * 3 + 3 + 3 * 5);
    assert_eq!((team.problem.under[0], team.problem.over[0]), (10, 1), "where the file is silent");
}

#[test]
fn breaks_are_placed_in_their_order_without_touching_each_other() {
    let team = team(FILE);
    let placed = |choice: Choice| {
        let patterns = team.problem.shifts[usize::from(choice) - 1].patterns.len();
        (0..u32::try_from(patterns).unwrap())
            .map(|pattern| team.breaks(Spot { choice, pattern }))
            .collect::<Vec<String>>()
    };
    let day = placed(DAY);
    // From 10:00 the second may begin at 11:00, 11:30 or 12:00; from 10:30 at 11:30 or 12:00.
    assert_eq!(day.len(), 5, "{day:?}");
    assert_eq!((day[0].as_str(), day[4].as_str()), ("10:00-10:30, 11:00-12:00", "10:30-11:00, 12:00-13:00"));
    assert_eq!(placed(NIGHT), ["01:00-01:30", "01:30-02:00"]);
    let [by_day, night] = &team.problem.shifts[..] else { panic!("two shifts") };
    assert_eq!((by_day.minutes, by_day.night, night.minutes, night.night), (480, false, 480, true));
}

#[test]
fn a_week_asks_for_less_when_it_is_cut_short_or_somebody_is_on_leave() {
    let team = team(FILE);
    let rules = |person: usize| &team.problem.rules[team.problem.people[person].rules as usize];
    let least: Vec<u32> = rules(0).spans.iter().map(|span| span.min_minutes).collect();
    // 37.5 hours less a fifth (a day of leave at a weekend takes nothing off), 37.5 hours, three sevenths of them.
    assert_eq!(least, [2_250 * 4 / 5, 2_250, 2_250 * 3 / 7]);
    let days: Vec<u16> = rules(0).spans.iter().map(|span| span.max_days).collect();
    assert_eq!(days, [4, 5, 5]);
    assert_eq!(rules(0).before.run, 2);
    let fair = rules(0).unpleasant.clone().unwrap();
    assert_eq!((fair.days, fair.shifts, &fair.costs[..2]), (vec![2, 3, 5, 9, 10, 16], vec![0], &[2, 4][..]));
    let usual = rules(1);
    assert_eq!((usual.max_run, usual.rest_minutes, usual.min_off), (6, 660, 1));
    assert_eq!(team.problem.weekends, [vec![2, 3], vec![9, 10], vec![16]], "the last Sunday is not planned");
}

#[test]
fn what_somebody_may_not_do_and_would_rather_not_do_is_priced() {
    let team = team(FILE);
    let tolls = |person: usize, day: usize| team.problem.people[person].tolls[day * 3..day * 3 + 3].to_vec();
    assert_eq!(tolls(0, 0), [0, FORBIDDEN, FORBIDDEN], "on leave");
    assert_eq!(tolls(0, 1), [0, 5, 12], "both wishes of that Friday add up");
    assert_eq!(tolls(0, 8), [0, 5, 5], "the next Friday");
    assert_eq!(tolls(1, 0), [0, 0, FORBIDDEN], "no night work in the contract");
    assert_eq!(tolls(1, 3), [0, FORBIDDEN, FORBIDDEN], "a day off that is fixed");
    assert_eq!(tolls(1, 4), [0, FORBIDDEN, FORBIDDEN], "on Mondays only from 09:00 on");
    let shift = team.problem.people.iter().map(|person| team.problem.groups[usize::from(person.group)]);
    assert_eq!(shift.collect::<Vec<u32>>(), [3, 2]);
}

#[test]
fn every_mistake_is_told_with_its_line_and_what_to_do() {
    let cases = [
        ("first_day = \"2026-11-26\"", "first_day = \"soon\"", "first_day is \"soon\": write \"2026-11-23\""),
        ("days = 17", "days = 367", "days is 367: give 1 to 366"),
        ("days = 17", "days = 17\ninterval_minutes = 7", "interval_minutes is 7: give 5, 10"),
        ("days = 17", "days = 17\nshort = -1", "short is -1: give 0 to 100000"),
        ("skills = [\"phone\", \"mail\"]", "skills = []", "skills has 0 names"),
        ("\"phone\", \"mail\"]", "\"mail\", \"mail\"]", "“mail” stands twice"),
        ("days = \"workdays\"", "days = \"monday\"", "“monday” is no day: write 2026-11-23, mon to sun"),
        (
            "days = [\"2026-11-27\", \"sat\"]",
            "days = [\"2026-12-13\"]",
            "2026-12-13 is not planned: give a day from 2026-11-26 to 2026-12-12",
        ),
        ("skill = \"mail\"", "skill = \"fax\"", "there is no skill named “fax”; there are: phone, mail"),
        ("from = \"08:00\"", "from = \"25:00\"", "“25:00” is no time: write 08:00"),
        ("from = \"08:00\"", "from = \"08:10\"", "“08:10” does not begin an interval of 30 minutes"),
        ("from = \"08:00\"\nagents", "from = \"23:30\"\nagents", "2 numbers from 23:30 go past midnight"),
        ("agents = [1, 2]", "agents = [1, -2]", "agents has -2: give 0 to 10000"),
        ("agents = [1, 2]", "agents = [1, 2.5]", "floating point"),
        ("name = \"day\"", "name = \"off\"", "a shift cannot be named “off”"),
        ("name = \"day\"", "name = \"!day\"", "a shift cannot be named “!day”"),
        ("name = \"night\"", "name = \"day\"", "“day” stands twice"),
        ("name = \"night\"", "name = \" \"", "a shift without a name"),
        ("\"08:00-16:30\"", "\"8 to 16\"", "“8 to 16” is no stretch of time: write 08:00-16:30"),
        ("paid_minutes = 480", "paid_minutes = 1441", "paid_minutes is 1441: give 0 to 1440"),
        ("paid_minutes = 480", "payed_minutes = 480", "unknown field `payed_minutes`"),
        ("minutes = 30, between = \"10", "minutes = 20, between = \"10", "20 minutes are no whole number"),
        ("minutes = 60", "minutes = 600", "10:30-13:00 is shorter than the break"),
        ("\"10:30-13:00\"", "\"10:30-17:00\"", "10:30-17:00 reaches beyond the shift"),
        ("\"01:00-02:00\"", "\"07:00-08:00\"", "07:00-08:00 reaches beyond the shift"),
        ("[37.5, 40]", "[40]", "hours_per_week has 1 numbers: give [least, most]"),
        ("[37.5, 40]", "[40, 37.5]", "hours_per_week is [40, 37.5]"),
        ("[37.5, 40]", "[37.51, 40]", "whole minutes"),
        ("days_per_week = 5", "days_per_week = -5", "days_per_week is -5"),
        ("days_per_week = 5", "rest_hours = nan", "rest_hours is NaN: give 0 to 168 hours"),
        ("days_per_week = 5", "days_in_a_row = 0", "days_in_a_row is 0: give 1 to 366"),
        ("fair = 2", "fair = 1001", "fair is 1001: give 0 to 1000"),
        (
            "shifts = [\"day\"]",
            "shifts = [\"late\"]",
            "there is no shift named “late”; there are: day, night",
        ),
        ("skills = [\"mail\"]", "skills = []", "“王伟” has no skill: give one of phone, mail"),
        ("contract = \"days only\"", "contract = \"half\"", "there is no contract named “half”"),
        ("from = \"2026-11-20\"", "from = \"2026-12-20\"", "ends before it begins: exchange them"),
        ("from = \"2026-11-20\", ", "", "is no range of days: write { from ="),
        ("shift = \"night\", days = 2", "shift = \"night\", days = 0", "days is 0: give 1 to 366"),
        ("shift = \"night\", days = 2", "shift = \"off\", days = 2", "days is 2: give 0"),
        ("shift = \"!night\"", "shift = \"!late\"", "there is no shift named “late”"),
        ("weight = 7", "weight = 1001", "weight is 1001: give 1 to 1000"),
        (
            "days = \"mon\", time = \"09:00-17:00\" }",
            "days = \"mon\", time = \"09:00-17:00\" }, { days = \"all\", time = \"08:00-20:00\" }",
            "2026-11-30 stands in another entry of available too",
        ),
        (
            "day = \"2026-11-29\", shift = \"off\" }",
            "day = \"2026-11-29\", shift = \"off\" }, { day = \"sun\", shift = \"day\" }",
            "2026-11-29 stands in another entry of fixed too",
        ),
        ("name = \"王伟\"", "name = \"Li Na\"", "“Li Na” stands twice"),
    ];
    for (from, to, wanted) in cases {
        let said = told(from, to);
        assert!(said.contains(wanted), "{from} → {to}: {said}");
        let line = line_of(from);
        // What is put in may stand on a line of its own.
        let lines = [line, line + to.matches('\n').count()].map(|line| format!("line {line}: "));
        assert!(lines.iter().any(|line| said.contains(line)), "{from} → {to}: {lines:?}: {said}");
    }
}

#[test]
fn many_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let bad = FILE.replace("\"phone\", \"mail\"]\ncontract", "\"fax\"]\ncontract").replace("08:30", "8.30");
    let Error::Mistakes(mistakes) = read(&bad, None).unwrap_err() else { panic!("several") };
    let lines: Vec<usize> = mistakes.lines.iter().map(|&(line, _)| line).collect();
    assert_eq!(lines, [line_of("from = \"08:30\""), line_of("skills = [\"phone\", \"mail\"]\ncontract")]);
    let many =
        FILE.to_owned() + &"[[people]]\nname = \"Li Na\"\nskills = []\ncontract = \"none\"\n".repeat(50);
    let said = read(&many, None).unwrap_err().to_string();
    assert!(said.ends_with("and 130 more"), "{said}");
    assert!(read("", None).unwrap_err().to_string().contains("missing field `first_day`"));
}

#[test]
fn what_would_not_fit_into_memory_is_refused() {
    let long =
        FILE.replace("minutes = 60, between = \"10:30-13:00\"", "minutes = 5, between = \"08:30-16:00\"");
    let long = long.replace("between = \"10:00-11:00\"", "between = \"08:00-16:00\"");
    let said = read(&long.replace("days = 17", "days = 17\ninterval_minutes = 5"), None).unwrap_err();
    assert!(said.to_string().contains("more than 2000 ways of placing the breaks: narrow between"), "{said}");
    let one = "[[people]]\nname = \"x\"\nskills = [\"mail\"]\ncontract = \"full time\"\n";
    let shift = |at: u32| format!("[[shifts]]\nname = \"s{at}\"\ntime = \"08:00-12:00\"\n");
    let shifts = (0..1_500).map(shift).collect::<Vec<String>>().concat();
    let people: String = (0..100).map(|at| one.replace("\"x\"", &format!("\"p{at}\""))).collect();
    let year = FILE.replace("days = 17", "days = 366") + &shifts + &people;
    let said = read(&year, None).unwrap_err().to_string();
    assert!(said.starts_with("line 2: people × days × shifts are "), "{said}");
}

#[test]
fn a_date_may_stand_without_quotation_marks() {
    let plain = FILE.replace("\"2026-11-26\"", "2026-11-26").replace("\"2026-11-28\"", "2026-11-28");
    assert_eq!(team(&plain).problem, team(FILE).problem);
}

#[test]
fn a_table_takes_the_place_of_the_requirement() {
    let table = "interval_start,queue,agents\n\
        2026-11-25T08:00:00,mail,9\n2026-11-26T08:00:00,mail,1.2\n2026-11-26 08:30,phone,3\n";
    let team = read(FILE, Some(table)).unwrap();
    assert_eq!(team.problem.required[32..36], [0, 2, 3, 0], "rounded up");
    assert_eq!(team.problem.required.iter().sum::<u32>(), 5, "what the file requires is left aside");
    let marked = format!("\u{feff}{}", table.replace(',', ";").replace("queue", "SKILL"));
    assert_eq!(read(FILE, Some(&marked)).unwrap().problem, team.problem);
    for (from, to, wanted) in [
        ("agents", "people", "line 1: there is no column agents; there are: interval_start, queue, people"),
        (
            "queue",
            "site",
            "line 1: there is no column skill or queue; there are: interval_start, site, agents; with several",
        ),
        ("1.2", "many", "line 3: agents is “many”: must be a number, 0 to 10000"),
        ("1.2", "-1", "line 3: agents is “-1”"),
        ("26T08:00", "26T08:10", "line 3: 2026-11-26T08:10:00 does not begin an interval of 30 minutes"),
        ("2026-11-26T08:00:00", "noon", "line 3: interval_start “noon” is no time"),
        (",mail,1.2", ",fax,1.2", "line 3: there is no skill named “fax”"),
        (" 08:30,phone", " 08:00,mail", "line 4: 2026-11-26T08:00:00 stands on line 3 already"),
        ("phone,3", "phone,3,4", "line 4: "),
    ] {
        let said = read(FILE, Some(&table.replacen(from, to, 1))).unwrap_err().to_string();
        assert!(said.contains(wanted), "{from} → {to}: {said}");
    }
    let alone = friday(&person("A", "c", "")).replace(", \"mail\"]", "]");
    let other = read(&alone, Some("interval_start,queue,agents\n2026-11-27T08:00:00,hotline,4\n")).unwrap();
    assert_eq!(other.problem.required.iter().sum::<u32>(), 4, "one skill needs no column");
    let empty = read(FILE, Some("interval_start,queue,agents\n")).unwrap_err().to_string();
    assert!(empty.contains("no row lies within 2026-11-26 to 2026-12-12"), "{empty}");
    let row = |hour: u32| format!("2026-11-26T{hour:02}:00:00,mail,1\n");
    let hourly = (0..9).map(row).collect::<Vec<String>>().concat();
    let said = read(FILE, Some(&format!("interval_start,skill,agents\n{hourly}"))).unwrap_err().to_string();
    assert!(said.contains("the rows are 60 minutes apart, but interval_minutes is 30"), "{said}");
}

/// One night shift on a single day, and whoever works it.
fn one_night(people: &str, contract: &str) -> String {
    format!(
        "first_day = \"2026-11-29\"\ndays = 2\nskills = [\"phone\"]\n\
        [[required]]\ndays = \"all\"\nskill = \"phone\"\nfrom = \"22:00\"\nagents = [1, 1, 1, 1]\n\
        [[shifts]]\nname = \"night\"\ntime = \"22:00-06:00\"\n\
        [[contracts]]\nname = \"c\"\n{contract}\n[[people]]\nname = \"Li Na\"\nskills = [\"phone\"]\ncontract = \"c\"\n{people}"
    )
}

fn solved(text: &str) -> (Team, Roster, i64) {
    let team = team(text);
    let solved = solve(&team.problem, None, None, 200, &never).unwrap();
    (team, solved.roster, solved.cost)
}

#[test]
fn hours_past_the_last_midnight_cost_nothing() {
    let (_, roster, cost) = solved(&one_night("", "rest_hours = 0"));
    assert!((0..2).all(|day| roster.spot(0, day).choice == DAY), "both nights are worked");
    // Nobody is required from midnight to 06:00: that is idle after the first night alone.
    assert_eq!(cost, 12);
}

#[test]
fn what_was_before_the_horizon_counts() {
    let works = |people: &str, contract: &str| {
        let (_, roster, _) = solved(&one_night(people, contract));
        [roster.spot(0, 0).choice != OFF, roster.spot(0, 1).choice != OFF]
    };
    let wish = "wishes = [{ days = \"2026-11-29\", shift = \"night\", weight = 100 }]";
    let night = &format!("before = {{ shift = \"night\", days = 5 }}\n{wish}");
    assert_eq!(works(night, "days_in_a_row = 5"), [false, true], "a day off comes first");
    assert_eq!(
        works(night, "days_in_a_row = 6"),
        [true, false].map(|first| first),
        "one day more is allowed"
    );
    assert_eq!(works(night, "nights_in_a_row = 1"), [false, true], "the night before counts as one");
    assert_eq!(works("before = { shift = \"off\" }", "days_in_a_row = 2"), [true, true]);
}

#[test]
fn a_roster_is_written_with_names_and_read_again() {
    let (team, roster, _) = solved(FILE);
    let text = write(&team, &roster, &[], &Explained::default());
    assert_eq!(read_roster(&team, &text).unwrap().roster, roster);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let first = &json["assignments"][0];
    assert_eq!(first["person"], "Li Na");
    assert!(first["day"].as_str().unwrap().starts_with("2026-1"), "{first}");
    let one = |person: &str, day: &str, shift: &str, pattern: &str| {
        let one = serde_json::json!({ "person": person, "day": day, "shift": shift, "pattern": pattern });
        serde_json::json!({ "assignments": [one.clone(), one] }).to_string()
    };
    let breaks = "10:00-10:30, 11:00-12:00";
    for (bad, wanted) in [
        (one("Wang", "2026-11-27", "day", breaks), "nobody in the file has this name"),
        (one("王伟", "2026-11-25", "day", breaks), "the file plans 2026-11-26 to 2026-12-12"),
        (one("王伟", "2026-11-27", "late", breaks), "no shift named “late”"),
        (one("王伟", "2026-11-27", "day", "10:00-10:30"), "“day” has no breaks “10:00-10:30”"),
        (one("王伟", "2026-11-27", "day", breaks), "the shift of “王伟” on 2026-11-27: a second shift"),
        ("[]".to_owned(), "line 1: it is no roster of this format"),
    ] {
        let said = read_roster(&team, &bad).unwrap_err().to_string();
        assert!(said.contains(wanted), "{bad}: {said}");
    }
}

#[test]
fn the_table_has_a_row_each_and_no_formulas() {
    let text = FILE.replace("name = \"Li Na\"", "name = \"=1+1, \\\"Li\\\"\"");
    let team = team(&text);
    let mut roster = Roster::empty(&team.problem);
    roster.set(1, 1, Spot { choice: DAY, pattern: 0 });
    let table = table(&team, &roster, Origin::Search);
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("person,2026-11-26 Thu,2026-11-27 Fri,"), "{table}");
    assert!(lines.next().unwrap().starts_with("\"'=1+1, \"\"Li\"\"\",leave,off,leave,off,"), "{table}");
    let of_wang = "王伟,off,\"day 08:00-16:30 (breaks 10:00-10:30, 11:00-12:00)\",off,";
    assert!(lines.next().unwrap().starts_with(of_wang), "{table}");
    assert_eq!(lines.next(), None);
}

/// Three people on one Friday, of whom two are required from 08:00 to 12:00.
fn friday(people: &str) -> String {
    format!(
        "first_day = \"2026-11-27\"\ndays = 1\nskills = [\"phone\", \"mail\"]\n\
        [[required]]\ndays = \"fri\"\nskill = \"phone\"\nfrom = \"08:00\"\nagents = [2, 2, 2, 2, 2, 2, 2, 2]\n\
        [[shifts]]\nname = \"morning\"\ntime = \"08:00-12:00\"\n\
        [[shifts]]\nname = \"night\"\ntime = \"22:00-06:00\"\n\
        [[contracts]]\nname = \"c\"\n[[contracts]]\nname = \"morning\"\nshifts = [\"morning\"]\n\
        [[contracts]]\nname = \"none\"\ndays_per_week = 0\n{people}"
    )
}

fn person(name: &str, contract: &str, more: &str) -> String {
    format!("[[people]]\nname = \"{name}\"\nskills = [\"phone\"]\ncontract = \"{contract}\"\n{more}\n")
}

fn explained(people: &str) -> Explained {
    let (team, roster, _) = solved(&friday(people));
    let instance = Instance::new(&team.problem).unwrap();
    explain(&team, &instance, &roster, Origin::Search, &never)
}

#[test]
fn every_unmet_wish_comes_with_its_reason() {
    let two = person("B", "c", "") + &person("C", "c", "");
    for (contract, more, wanted) in [
        ("c", "leave = \"fri\"\nwishes = [{ days = \"all\", shift = \"morning\" }]", "A is on leave"),
        (
            "c",
            "under_age = true\nwishes = [{ days = \"all\", shift = \"night\" }]",
            "it is night work, and A is under age",
        ),
        (
            "morning",
            "wishes = [{ days = \"all\", shift = \"night\" }]",
            "the contract “morning” is without this shift",
        ),
        (
            "c",
            "available = [{ days = \"fri\", time = \"10:00-18:00\" }]\nwishes = [{ days = \"all\", shift = \"morning\" }]",
            "it lies outside of the hours in which A is available",
        ),
        (
            "c",
            "fixed = [{ day = \"fri\", shift = \"morning\" }]\nwishes = [{ days = \"all\", shift = \"off\" }]",
            "the file fixes what A does on that day",
        ),
        (
            "none",
            "wishes = [{ days = \"all\", shift = \"!off\" }]",
            "the rules of A leave no room for it: most days of work",
        ),
    ] {
        let found = explained(&(person("A", contract, more) + &two));
        let [one] = &found.unmet_wishes[..] else { panic!("{more}: {found:?}") };
        assert_eq!((one.person.as_str(), one.day.as_str(), one.weight), ("A", "2026-11-27", 5));
        assert_eq!(one.why, wanted, "{more}");
        assert!(found.short.is_empty(), "{found:?}");
    }
    let wish = "wishes = [{ days = \"fri\", shift = \"off\" }]";
    let found = explained(&(person("A", "c", wish) + &person("B", "c", "")));
    let wanted = "meeting it would cost 80 (80 for agents short or idle), and its weight is 5";
    assert_eq!(found.unmet_wishes[0].why, wanted);
}

#[test]
fn contradicting_wishes_count_one_by_one() {
    let wishes =
        "wishes = [{ days = \"fri\", shift = \"off\" }, { days = \"fri\", shift = \"morning\", weight = 9 }]";
    let (team, roster, cost) = solved(&friday(&(person("A", "c", wishes) + &person("B", "c", ""))));
    let instance = Instance::new(&team.problem).unwrap();
    let found = explain(&team, &instance, &roster, Origin::Search, &never);
    let told: Vec<(&str, u32)> =
        found.unmet_wishes.iter().map(|one| (one.wish.as_str(), one.weight)).collect();
    assert_eq!((told, cost), (vec![("off", 5)], 5));
}

#[test]
fn every_shortage_comes_with_its_reason() {
    let other = "[[people]]\nname = \"D\"\nskills = [\"mail\"]\ncontract = \"c\"\n";
    for (people, wanted) in [
        (person("A", "c", ""), "everybody with the skill is at work"),
        (person("A", "c", "") + other, "everybody with the skill is at work"),
        (person("A", "c", "") + &person("B", "c", "leave = \"fri\""), "no shift that B may work covers it"),
        (
            person("A", "c", "") + &person("B", "none", ""),
            "one shift more would break the contract or the rest of B",
        ),
        (
            person("A", "c", "")
                + &person("B", "c", "wishes = [{ days = \"fri\", shift = \"off\", weight = 100 }]"),
            "would cost 20 more elsewhere: B could",
        ),
    ] {
        let found = explained(&people);
        let [one] = &found.short[..] else { panic!("{people}: {found:?}") };
        assert_eq!((one.day.as_str(), one.time.as_str(), one.agents), ("2026-11-27", "08:00-12:00", 1));
        assert_eq!(one.why, wanted);
    }
}

#[test]
fn rules_that_contradict_each_other_are_told_by_person_and_line() {
    for (from, to, wanted) in [
        (
            "under_age = true",
            "leave = \"2026-12-01\"\nfixed = [{ day = \"tue\", shift = \"day\" }]",
            "王伟 (contract “days only”): no shifts keep all of these rules together: leave, fixed shifts; loosen",
        ),
        (
            "[37.5, 40]",
            "[48, 60]",
            "Li Na (contract “full time”): no shifts keep all of these rules together: ",
        ),
        (
            "fixed = [{ day = \"2026-11-29\", shift = \"off\" }]",
            "fixed = [{ day = \"sun\", shift = \"night\" }]",
            "no night work under age",
        ),
    ] {
        let text = FILE.replacen(from, to, 1).replace("\"off\" }]\nfixed", "\"off\" }]\n# fixed");
        let text = if to.starts_with("leave") {
            text.replace("fixed = [{ day = \"2026-11-29\", shift = \"off\" }]", "")
        } else {
            text
        };
        let text = if to.contains("night") { text.replace("shifts = [\"day\"]", "") } else { text };
        let team = team(&text);
        let error = solve(&team.problem, None, None, 10, &never).unwrap_err();
        let said = refused(&team, &team.problem, error).to_string();
        assert!(said.starts_with("line ") && said.contains(wanted), "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", table in "\\PC{0,200}") {
        let _ = read(&text, Some(&table));
        let _ = read(FILE, Some(&table));
        let _ = read_roster(&team(FILE), &text);
    }

    /// A file with a piece replaced by another piece of it, by a number or by nothing is read or refused.
    #[test]
    fn no_mutation_makes_it_panic(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..12_usize, any::<prop::sample::Index>()), 1..4),
        word in prop::sample::select(vec!["", "0", "-1", "9999999999", "\"off\"", "\"all\"", "1e300", "nan", "[]", "2026-11-26"]),
    ) {
        let mut text: Vec<char> = FILE.chars().collect();
        for (at, length, from) in &cuts {
            let at = at.index(text.len());
            let from = from.index(text.len());
            let piece: Vec<char> = if word.is_empty() {
                text[from..(from + length).min(text.len())].to_vec()
            } else {
                word.chars().collect()
            };
            let end = (at + length).min(text.len());
            text.splice(at..end, piece);
        }
        let text: String = text.into_iter().collect();
        if let Ok(team) = read(&text, None)
            && let Ok(solved) = solve(&team.problem, None, None, 4, &never)
        {
            let written = write(&team, &solved.roster, &[], &Explained::default());
            prop_assert_eq!(read_roster(&team, &written).unwrap().roster, solved.roster);
        }
    }
}
