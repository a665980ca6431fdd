//! Column generation and the published formats: right lines, right costs, rules kept, bounds valid.
#![expect(clippy::expect_used, reason = "a test stops where its instance cannot be read")]

use std::{fmt::Write, path::PathBuf};

use proptest::prelude::*;
use roster::{
    columns::{Chosen, Effort, Failure, RetailLines, ShiftLines, solve},
    formats::{retail, shift_scheduling},
    line::{Automaton, BLOCKED, Counted, Scratch},
    model::Problem,
};
use rostercheck::{Format, Report};

/// A small instance: a few people with random limits over two weeks of two shifts.
#[derive(Debug, Clone)]
struct Small {
    people: Vec<[u32; 7]>,
    wishes: Vec<(usize, usize, bool, u32)>,
    cover: Vec<u32>,
}

fn small() -> impl Strategy<Value = Small> {
    let person = (2_u32..5, 0_u32..3, 5_u32..8, 2_u32..5, 1_u32..3, 1_u32..3, 1_u32..3).prop_map(
        |(late, least, more, run, min_run, off, weekends)| {
            [late, least * 480, (least + more) * 480, run, min_run, off, weekends]
        },
    );
    let wish = (0_usize..4, 0_usize..14, any::<bool>(), 1_u32..4);
    (
        prop::collection::vec(person, 1..4),
        prop::collection::vec(wish, 0..6),
        prop::collection::vec(0_u32..3, 28),
    )
        .prop_map(|(people, wishes, cover)| Small { people, wishes, cover })
}

impl Small {
    fn text(&self) -> String {
        let mut text =
            String::from("SECTION_HORIZON\n14\n\nSECTION_SHIFTS\nE,480,\nL,480,E\n\nSECTION_STAFF\n");
        for (at, [late, least, most, run, min_run, off, weekends]) in self.people.iter().enumerate() {
            writeln!(text, "P{at},E=14|L={late},{most},{least},{run},{min_run},{off},{weekends}")
                .expect("a string");
        }
        text += "\nSECTION_DAYS_OFF\nP0,3\n";
        for (name, wanted) in [("ON", true), ("OFF", false)] {
            writeln!(text, "\nSECTION_SHIFT_{name}_REQUESTS").expect("a string");
            for (person, day, early, weight) in self.wishes.iter().filter(|wish| (wish.3 > 1) == wanted) {
                let (person, shift) = (person % self.people.len(), if *early { "E" } else { "L" });
                writeln!(text, "P{person},{day},{shift},{weight}").expect("a string");
            }
        }
        text += "\nSECTION_COVER\n";
        for (at, required) in self.cover.iter().enumerate() {
            let shift = if at % 2 == 0 { "E" } else { "L" };
            writeln!(text, "{},{shift},{required},100,1", at / 2).expect("a string");
        }
        text
    }
}

fn search(problem: &Problem, steps: u64, seed: u64) -> Result<(Chosen, String), Failure> {
    let mut lines = ShiftLines::new(problem).expect("rules that fit");
    let chosen = solve(&mut lines, Effort { seed, steps }, &mut |_| false)?;
    let output = shift_scheduling::write(problem, &lines.roster(&chosen));
    Ok((chosen, output))
}

fn checked(format: Format, text: &str, output: &str, chosen: &Chosen) -> Report {
    let report = rostercheck::check(format, text, output).expect("a readable roster");
    assert!(report.feasible(), "{:?}", report.broken);
    assert!((report.objective - chosen.cost as f64).abs() < 1e-6, "{} is {}", chosen.cost, report.objective);
    assert!(chosen.bound <= chosen.cost as f64 + 1e-6, "bound {} of {}", chosen.bound, chosen.cost);
    report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn counters_find_the_lines_of_the_automaton(small in small(), prices in prop::collection::vec(-50_i32..50, 42)) {
        let problem = shift_scheduling::read(&small.text()).expect("a good instance");
        for rules in &problem.rules {
            let mut counted = Counted::new(&problem, rules).expect("rules that fit");
            let found = counted.best(&problem, &prices);
            let Ok(automaton) = Automaton::compile(&problem, rules) else {
                prop_assert_eq!(found, None);
                continue;
            };
            let wide: Vec<i64> = prices.iter().map(|price| i64::from(*price)).collect();
            let value = automaton.best(&wide, 0, &mut Vec::new(), &mut Scratch::default());
            prop_assert_eq!(found.as_ref().map(|priced| priced.bound), value);
            if let Some(line) = found.and_then(|priced| priced.line) {
                prop_assert!(automaton.walk(&line).is_some());
            }
        }
    }

    #[test]
    fn a_roster_keeps_its_rules_and_its_bound(small in small(), steps in 0_u64..400) {
        let text = small.text();
        let problem = shift_scheduling::read(&text).expect("a good instance");
        if let Ok((chosen, output)) = search(&problem, steps, 7) {
            checked(Format::ShiftScheduling, &text, &output, &chosen);
            let (again, _) = search(&problem, steps, 7).expect("a roster as before");
            prop_assert_eq!(&again, &chosen);
            let (more, _) = search(&problem, steps + 300, 7).expect("a roster as before");
            prop_assert!(more.cost <= chosen.cost && more.bound >= chosen.bound);
        }
    }

    #[test]
    fn nothing_that_is_read_makes_it_panic(at in 0_usize..400, by in "[0-9A-Z,|=-]{0,6}") {
        let small = Small { people: vec![[2, 0, 2400, 5, 1, 1, 1]], wishes: vec![], cover: vec![1; 28] };
        let mut text = small.text();
        let at = at.min(text.len() - 1);
        text.replace_range(at..=at, &by);
        if let Ok(problem) = shift_scheduling::read(&text)
            && let Ok(mut lines) = ShiftLines::new(&problem)
        {
            let _ = solve(&mut lines, Effort { seed: 1, steps: 10 }, &mut |_| false);
        }
        let _ = retail::read(&text);
    }
}

/// Every line of one person, by trying all of them.
fn all_lines(problem: &Problem, person: usize) -> Vec<Vec<u16>> {
    let automaton = Automaton::compile(problem, &problem.rules[problem.people[person].rules as usize])
        .expect("possible rules");
    let mut lines = vec![(automaton.start(), Vec::new())];
    for day in 0..problem.days {
        lines = lines
            .into_iter()
            .flat_map(|(state, line): (u32, Vec<u16>)| {
                let automaton = &automaton;
                (0..3_u16).filter_map(move |choice| {
                    let toll = problem.people[person].toll(day, choice, 3);
                    let next = automaton.step(state, choice).filter(|_| toll < BLOCKED)?;
                    Some((next, [&line[..], &[choice]].concat()))
                })
            })
            .collect();
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn two_people_are_rostered_as_well_as_by_trying_everything() {
    let text = "SECTION_HORIZON\n6\n\nSECTION_SHIFTS\nE,480,\nL,480,E\n\nSECTION_STAFF\nA,E=6|L=2,1920,960,3,2,2,1\n\
                B,E=6|L=6,1920,480,2,1,1,1\n\nSECTION_DAYS_OFF\nB,1\n\nSECTION_SHIFT_ON_REQUESTS\nA,0,L,7\n\n\
                SECTION_SHIFT_OFF_REQUESTS\nB,4,E,3\n\nSECTION_COVER\n0,E,1,10,2\n1,L,1,10,2\n2,E,2,10,2\n3,L,1,10,1\n\
                4,E,1,5,1\n5,E,1,5,1\n5,L,1,5,1\n";
    let problem = shift_scheduling::read(text).expect("a good instance");
    let cost = |lines: [&[u16]; 2]| -> i64 {
        let mut cost = 0;
        for day in 0..6 {
            for (person, line) in lines.iter().enumerate() {
                cost += i64::from(problem.people[person].toll(day, line[day], 3));
            }
            for shift in 0..2_usize {
                let there: i64 =
                    lines.iter().map(|line| i64::from(usize::from(line[day]) == shift + 1)).sum();
                let at = day * 2 + shift;
                let missing = i64::from(problem.required[at]) - there;
                cost += missing.max(0) * i64::from(problem.under[at])
                    + (-missing).max(0) * i64::from(problem.over[at]);
            }
        }
        cost
    };
    let (first, second) = (all_lines(&problem, 0), all_lines(&problem, 1));
    let least = first.iter().flat_map(|a| second.iter().map(|b| cost([a, b]))).min();
    let (chosen, output) = search(&problem, 3_000, 1).expect("a roster");
    assert_eq!(Some(chosen.cost), least, "of {} × {} rosters", first.len(), second.len());
    checked(Format::ShiftScheduling, text, &output, &chosen);
}

#[test]
fn a_time_of_nothing_still_gives_a_roster() {
    let small = Small { people: vec![[4, 960, 3360, 5, 2, 2, 1]; 3], wishes: vec![], cover: vec![1; 28] };
    let text = small.text();
    let problem = shift_scheduling::read(&text).expect("a good instance");
    let mut lines = ShiftLines::new(&problem).expect("rules that fit");
    let chosen = solve(&mut lines, Effort { seed: 1, steps: 0 }, &mut |_| true).expect("a roster");
    let output = shift_scheduling::write(&problem, &lines.roster(&chosen));
    checked(Format::ShiftScheduling, &text, &output, &chosen);
}

#[test]
fn the_dearest_wishes_are_no_prohibitions() {
    let mut small = Small { people: vec![[4, 960, 3360, 5, 2, 2, 1]; 3], wishes: vec![], cover: vec![1; 28] };
    small.wishes = (0..14).map(|day| (0, day, true, 100_000)).collect();
    let text = small.text();
    let problem = shift_scheduling::read(&text).expect("a good instance");
    let (chosen, output) = search(&problem, 200, 1).expect("a roster");
    checked(Format::ShiftScheduling, &text, &output, &chosen);
}

#[test]
fn people_without_a_line_are_named() {
    let small = Small {
        people: vec![[4, 960, 3360, 5, 2, 2, 1], [4, 6720, 6720, 2, 1, 2, 1]],
        wishes: vec![],
        cover: vec![1; 28],
    };
    let problem = shift_scheduling::read(&small.text()).expect("a good instance");
    let failure =
        search(&problem, 10, 1).map(|(chosen, _)| chosen.cost).expect_err("fourteen shifts cannot be");
    assert_eq!(failure, Failure::NoLine(1));
}

#[test]
fn a_day_of_tasks_is_rostered_in_whole_stretches() {
    let mut text = String::from(
        "SECTION_HORIZON\n3\n\nSECTION_TASKS\n2\n\nSECTION_STAFF\n1,720,1800\n2,720,1800\n3,360,1200\n\nSECTION_COVER\n",
    );
    for interval in 0..3 * 96 {
        let (clock, hour) = (interval + 24, (interval + 24) / 4 % 24);
        for task in 1..=2 {
            let need = u32::from((8..14).contains(&hour) && (task == 1 || hour < 11));
            let (from, to) = (clock % 96, (clock + 1) % 96);
            let times = [from, to].map(|at| format!("{:02}:{:02}", at / 4, at % 4 * 15)).join("-");
            writeln!(text, "{},{times},{task},{need},{need}", clock / 96 + 1).expect("a string");
        }
    }
    let instance = retail::read(&text).expect("a good instance");
    let run = |steps| {
        let chosen = solve(&mut RetailLines::new(&instance), Effort { seed: 3, steps }, &mut |_| false)
            .expect("a roster");
        let output = retail::write(&instance, &chosen);
        let report = rostercheck::check(Format::Retail, &text, &output).expect("a readable roster");
        let rules: Vec<&str> =
            report.broken.iter().map(|broken| broken.rule).filter(|r| *r != "least people").collect();
        assert!(rules.is_empty(), "{rules:?}");
        assert!((report.objective - chosen.cost as f64).abs() < 1e-6);
        assert!(chosen.bound <= chosen.cost as f64 + 1e-6);
        chosen
    };
    let (few, many) = (run(10), run(60));
    assert!(many.cost <= few.cost);
    assert_eq!(run(60), many);
}

#[test]
fn errors_name_line_and_value() {
    let small = Small { people: vec![[4, 0, 3360, 5, 2, 2, 1]], wishes: vec![], cover: vec![1; 28] };
    for (from, to, told) in [
        ("P0,3\n", "P0,14\n", "line 12: the day (from 0) is “14”: must be a whole number, 0 to 13"),
        ("L,480,E", "L,x,E", "line 6: minutes of a shift is “x”: must be a whole number, 0 to 2880"),
        ("0,E,1,100", "0,M,1,100", "line 19: “M” is not known: it must stand in its section above"),
    ] {
        let error = shift_scheduling::read(&small.text().replace(from, to)).expect_err("a wrong line");
        assert_eq!(error.to_string(), told);
    }
    let error = retail::read("SECTION_HORIZON\n0\n").expect_err("no days");
    assert_eq!(error.to_string(), "line 2: the horizon in days is “0”: must be a whole number, 1 to 62");
}

fn sample(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("LIANBING_SAMPLES").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join("wfm/benchmarks").join(name)).ok();
    if text.is_none() {
        eprintln!("{name} is not there: skipped; LIANBING_SAMPLES names the folder that holds wfm/");
    }
    text
}

#[test]
fn the_first_published_instances_reach_their_best_values() {
    for (name, best) in [("Instance1", 607), ("Instance2", 828), ("Instance4", 1716)] {
        let Some(text) = sample(&format!("shift_scheduling/{name}.txt")) else { return };
        let problem = shift_scheduling::read(&text).expect("a good instance");
        let mut lines = ShiftLines::new(&problem).expect("rules that fit");
        let mut stop = |chosen: &Chosen| chosen.cost <= best;
        let chosen = solve(&mut lines, Effort { seed: 1, steps: 5_000 }, &mut stop).expect("a roster");
        assert_eq!(chosen.cost, best, "{name}");
        let output = shift_scheduling::write(&problem, &lines.roster(&chosen));
        checked(Format::ShiftScheduling, &text, &output, &chosen);
    }
}
