//! The automaton allows exactly the lines that the rules allow, and finds the best of them.

use proptest::prelude::*;
use roster::line::{Automaton, Scratch};
use roster::model::{Error, Parts, Pattern, Rules, Shift, Span, Unpleasant};

const DAYS: usize = 5;

fn parts() -> Parts {
    let shift = |name: &str, start: u32, end: u32, night: bool| Shift {
        name: name.to_owned(),
        start,
        end,
        minutes: end - start,
        night,
        patterns: vec![Pattern { work: vec![(0, 1)] }],
    };
    Parts {
        days: DAYS,
        intervals: 1,
        interval_minutes: 1_440,
        groups: vec![1],
        skills: 1,
        shifts: vec![
            shift("early", 360, 840, false),
            shift("late", 840, 1_320, false),
            shift("night", 1_320, 1_800, true),
        ],
        weekends: vec![vec![0], vec![3, 4]],
        ..Parts::default()
    }
}

fn rules() -> impl Strategy<Value = Rules> {
    let span = (0..4_u32, 1..6_u32, 1..6_u16);
    let runs = (1..6_u16, 1..4_u16, 1..4_u16, 0..3_u16, 0..3_u16);
    (span, runs, 0..3_u16, any::<bool>(), any::<bool>()).prop_map(|(span, runs, early, rest, shared)| Rules {
        name: "any".to_owned(),
        spans: vec![Span {
            first: 0,
            days: 5,
            min_minutes: 480 * span.0.min(span.1),
            max_minutes: 480 * span.1,
            max_days: span.2,
        }],
        rest_minutes: if rest { 660 } else { 0 },
        not_after: vec![(1, 0)],
        max_run: runs.0,
        min_run: runs.1,
        min_off: runs.2,
        max_weekends: runs.3,
        max_nights: runs.4,
        max_of_shift: vec![(0, early)],
        unpleasant: shared.then(|| Unpleasant { shifts: vec![2], days: vec![4], costs: vec![1, 5] }),
        ..Rules::default()
    })
}

/// The same rules read off a whole line.
fn allowed(parts: &Parts, rules: &Rules, line: &[u16]) -> bool {
    let worked: Vec<bool> = line.iter().map(|&choice| choice > 0).collect();
    let shift = |day: usize| &parts.shifts[usize::from(line[day]) - 1];
    let minutes: u32 = (0..DAYS).filter(|&day| worked[day]).map(|day| shift(day).minutes).sum();
    let days = worked.iter().filter(|&&day| day).count();
    let span = &rules.spans[0];
    let mut fine =
        (span.min_minutes..=span.max_minutes).contains(&minutes) && days <= usize::from(span.max_days);
    for day in 1..DAYS {
        if worked[day - 1] && worked[day] {
            fine &= shift(day).start + 1_440 >= shift(day - 1).end + rules.rest_minutes;
            fine &= !rules.not_after.contains(&(line[day - 1] - 1, line[day] - 1));
        }
    }
    // Runs that touch an edge may go on outside and are never too short.
    let mut from = 0;
    for to in 1..=DAYS {
        if to < DAYS && worked[to] == worked[from] {
            continue;
        }
        let (length, inside) = (to - from, from > 0 && to < DAYS);
        if worked[from] {
            fine &= length <= usize::from(rules.max_run) && (!inside || length >= usize::from(rules.min_run));
        } else {
            fine &= !inside || length >= usize::from(rules.min_off);
        }
        from = to;
    }
    let weekends = parts.weekends.iter().filter(|days| days.iter().any(|&day| worked[day])).count();
    let longest = line.split(|&choice| choice != 3).map(<[u16]>::len).max().unwrap_or(0);
    let early = line.iter().filter(|&&choice| choice == 1).count();
    fine && weekends <= usize::from(rules.max_weekends)
        && longest <= usize::from(rules.max_nights)
        && early <= usize::from(rules.max_of_shift[0].1)
}

fn fairness(rules: &Rules, line: &[u16]) -> i64 {
    let Some(unpleasant) = &rules.unpleasant else { return 0 };
    let counted =
        line.iter().enumerate().filter(|&(day, &choice)| choice == 3 || (choice > 0 && day == 4)).count();
    (0..counted).map(|at| i64::from(unpleasant.costs[at.min(1)])).sum()
}

fn every_line() -> impl Iterator<Item = Vec<u16>> {
    (0..4_usize.pow(5)).map(|code| (0..5).map(|day| [0, 1, 2, 3][code >> (2 * day) & 3]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_paths_are_the_lines(rules in rules(), prices in prop::collection::vec(-50..50_i64, DAYS * 4)) {
        let parts = parts();
        let lines: Vec<Vec<u16>> = every_line().filter(|line| allowed(&parts, &rules, line)).collect();
        let automaton = match Automaton::compile(&parts, &rules) {
            Ok(automaton) => automaton,
            Err(Error::Contradiction { names, .. }) => {
                prop_assert!(lines.is_empty());
                prop_assert!(!names.is_empty(), "it is said which rules contradict each other");
                return Ok(());
            }
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        };
        for line in every_line() {
            let walked = automaton.walk(&line);
            prop_assert_eq!(walked.is_some(), allowed(&parts, &rules, &line), "{:?}", line);
            if let Some(toll) = walked {
                prop_assert_eq!(toll, fairness(&rules, &line));
            }
        }
        let cost = |line: &Vec<u16>| {
            let own: i64 = line.iter().enumerate().map(|(day, &choice)| prices[day * 4 + usize::from(choice)]).sum();
            own + fairness(&rules, line)
        };
        let mut found = Vec::new();
        let best = automaton.best(&prices, 1, &mut found, &mut Scratch::default());
        prop_assert_eq!(best, lines.iter().map(cost).min());
        prop_assert_eq!(best, Some(cost(&found)));
    }
}

#[test]
fn rules_that_contradict_each_other_are_named_and_no_others() {
    let parts = parts();
    let rules = Rules {
        name: "full time".to_owned(),
        spans: vec![Span { first: 0, days: 5, min_minutes: 2_400, max_minutes: 2_400, max_days: 4 }],
        rest_minutes: 660,
        ..Rules::default()
    };
    let refused = Automaton::compile(&parts, &rules).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the rules “full time” contradict each other: no line keeps them; loosen one of: most days of work, fewest hours"
    );
}
