//! Rosters of the format `team`, made by the engine and judged by `rostercheck`, which reads the same file with code of
//! its own: no hard rule is broken, and both find the same cost.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::fmt::Write as _;

use proptest::prelude::*;
use roster::formats::team;
use roster::model::Error;
use roster::search::{Instance, Plan};
use roster::solve;

/// Draws by a linear congruential generator: the same seed makes the same file.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

const DAYS: [&str; 9] = [
    "\"mon\"",
    "\"tue\"",
    "\"wed\"",
    "\"fri\"",
    "\"sat\"",
    "\"sun\"",
    "\"workdays\"",
    "\"weekends\"",
    "\"all\"",
];
const SHIFTS: [&str; 4] = ["early", "late", "night", "short"];

/// A file of a small centre with a bit of everything.
fn file(seed: u64) -> String {
    let mut draw = Draw(seed);
    let days = 3 + draw.below(14);
    let interval = [30, 60][usize::try_from(draw.below(2)).unwrap()];
    let first = draw.one(&["2026-11-23", "2026-11-26", "2026-11-29"]);
    let mut text = format!(
        "first_day = \"{}\"\ndays = {days}\ninterval_minutes = {interval}\nskills = [\"faults\", \"bills\"]\nshort = {}\nidle = {}\n",
        first,
        5 + draw.below(10),
        draw.below(3),
    );
    if draw.chance(50) {
        text += "holidays = [\"2026-11-27\"]\n";
    }
    for _ in 0..2 + draw.below(4) {
        let (from, hours) = [("08:00", 16), ("00:00", 8), ("13:00", 11), ("21:00", 3)]
            [usize::try_from(draw.below(4)).unwrap()];
        let most = hours * 60 / interval;
        let agents: Vec<String> = (0..=draw.below(most)).map(|_| draw.below(3).to_string()).collect();
        let _ = write!(
            text,
            "\n[[required]]\ndays = [{}, {}]\nskill = \"{}\"\nfrom = \"{}\"\nagents = [{}]\n",
            draw.one(&DAYS),
            draw.one(&DAYS),
            draw.one(&["faults", "bills"]),
            from,
            agents.join(", ")
        );
    }
    text += &shifts(&mut draw, interval);
    for contract in ["full", "part"] {
        text += &self::contract(&mut draw, contract);
    }
    for person in 0..2 + draw.below(4) {
        text += &self::person(&mut draw, person, first);
    }
    text
}

fn shifts(draw: &mut Draw, interval: u64) -> String {
    let mut text = String::new();
    for (name, time) in [
        ("early", "08:00-16:00"),
        ("late", "13:00-21:00"),
        ("night", "22:00-06:00"),
        ("short", "09:00-13:00"),
    ] {
        let _ = write!(text, "\n[[shifts]]\nname = \"{name}\"\ntime = \"{time}\"\n");
        if draw.chance(40) {
            let _ = writeln!(text, "unpleasant = true");
        }
        if draw.chance(30) {
            let _ = writeln!(text, "paid_minutes = {}", 180 + 30 * draw.below(10));
        }
        let breaks = match name {
            "early" => format!("{{ minutes = {interval}, between = \"11:00-14:00\" }}"),
            "late" => format!(
                "{{ minutes = {interval}, between = \"15:00-17:00\" }}, {{ minutes = {interval}, between = \"16:00-20:00\" }}"
            ),
            "night" => format!("{{ minutes = {interval}, between = \"23:00-02:00\" }}"),
            _ => continue,
        };
        let _ = writeln!(text, "breaks = [{breaks}]");
    }
    text
}

fn contract(draw: &mut Draw, name: &str) -> String {
    let mut text = format!("\n[[contracts]]\nname = \"{name}\"\n");
    let mut maybe = |draw: &mut Draw, line: String| {
        if draw.chance(50) {
            let _ = writeln!(text, "{line}");
        }
    };
    let (least, more) = (draw.below(24), draw.below(30));
    maybe(draw, format!("hours_per_week = [{least}, {}]", 16 + least + more));
    let n = 3 + draw.below(4);
    maybe(draw, format!("days_per_week = {n}"));
    let n = 8 + draw.below(10);
    maybe(draw, format!("rest_hours = {n}"));
    let n = 2 + draw.below(4);
    maybe(draw, format!("days_in_a_row = {n}"));
    let n = 1 + draw.below(3);
    maybe(draw, format!("days_off_in_a_row = {n}"));
    let n = draw.below(3);
    maybe(draw, format!("weekends = {n}"));
    let n = draw.below(3);
    maybe(draw, format!("nights_in_a_row = {n}"));
    maybe(draw, "shifts = [\"early\", \"late\", \"night\"]".to_owned());
    let n = draw.below(6);
    maybe(draw, format!("fair = {n}"));
    text
}

fn person(draw: &mut Draw, number: u64, first: &str) -> String {
    let skills = draw.one(&["\"faults\"", "\"bills\"", "\"faults\", \"bills\""]);
    let contract = draw.one(&["full", "part"]);
    let mut text =
        format!("\n[[people]]\nname = \"p{number}\"\nskills = [{skills}]\ncontract = \"{contract}\"\n");
    if draw.chance(15) {
        text += "under_age = true\n";
    }
    if draw.chance(30) {
        let _ = writeln!(
            text,
            "leave = [\"2026-11-2{}\", {{ from = \"2026-12-01\", to = \"2026-12-02\" }}]",
            6 + draw.below(4)
        );
    }
    if draw.chance(30) {
        let _ = writeln!(
            text,
            "available = [{{ days = [{}], time = \"{}\" }}, {{ days = [\"thu\"], time = \"12:00-22:00\" }}]",
            draw.one(&DAYS[..6]),
            draw.one(&["08:00-16:00", "07:00-22:00", "20:00-08:00", "09:00-12:00"])
        );
    }
    if draw.chance(15) {
        let shift = draw.one(&["early", "late", "off"]);
        let _ = writeln!(text, "fixed = [{{ day = \"{first}\", shift = \"{shift}\" }}]");
    }
    let wishes: Vec<String> = (0..draw.below(4))
        .map(|_| {
            let (not, shift) = (draw.one(&["", "!"]), draw.one(&["early", "late", "night", "short", "off"]));
            let weight =
                if draw.chance(50) { format!(", weight = {}", 1 + draw.below(20)) } else { String::new() };
            format!("{{ days = [{}], shift = \"{not}{shift}\"{weight} }}", draw.one(&DAYS))
        })
        .collect();
    let _ = writeln!(text, "wishes = [{}]", wishes.join(", "));
    if draw.chance(40) {
        let _ =
            writeln!(text, "before = {{ shift = \"{}\", days = {} }}", draw.one(&SHIFTS), 1 + draw.below(3));
    }
    text
}

proptest! {
    // Optimised there is time for many more: `cargo test --release -p roster --test judged`.
    #![proptest_config(ProptestConfig {
        cases: if cfg!(debug_assertions) { 40 } else { 3_000 },
        max_global_rejects: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_checker_finds_no_broken_rule_and_the_same_cost(seed: u64) {
        let text = file(seed);
        let team = team::read(&text, None).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let solved = match solve(&team.problem, None, None, 300, &|| false) {
            Ok(solved) => solved,
            // Rules drawn by chance may contradict each other.
            Err(Error::NoLine { .. }) => return Err(TestCaseError::reject("contradiction")),
            Err(error) => return Err(TestCaseError::fail(format!("{error}\n{text}"))),
        };
        let instance = Instance::new(&team.problem).unwrap();
        let roster = team::improved(&team, &instance, &solved.roster, &|| false);
        let cost = Plan::of(&instance, &roster).unwrap().cost();
        prop_assert!(cost <= solved.cost, "improved from {} to {cost}\n{text}", solved.cost);
        let explained = team::explain(&team, &instance, &roster, team::Origin::Search, &|| false);
        let output = team::write(&team, &roster, &[], &explained);
        let report = rostercheck::check(rostercheck::Format::Team, &text, &output)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}\n{output}")))?;
        prop_assert!(report.feasible(), "{:?}\n{text}\n{output}", report.broken);
        prop_assert!((report.objective - cost as f64).abs() < 1e-6, "{:?}\n{}\n{}", report, text, output);
    }
}
