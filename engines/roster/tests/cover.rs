//! The cover costs what the best assignment of agents to skills leaves over.

use proptest::prelude::*;
use roster::cover::Cover;
use roster::model::{Parts, Pattern, Person, Problem, Rules, Shift};

const UNDER: u32 = 10;

/// One interval, any groups; everybody may work it.
#[expect(clippy::expect_used, reason = "a test")]
fn problem(groups: Vec<u32>, skills: usize, required: Vec<u32>) -> Problem {
    let people = (0..groups.len()).map(|group| Person { group: tiny(group), ..Person::default() });
    Problem::new(Parts {
        days: 1,
        intervals: 1,
        interval_minutes: 1_440,
        people: people.collect(),
        groups,
        skills,
        shifts: vec![Shift { end: 480, minutes: 480, patterns: vec![pattern()], ..Shift::default() }],
        rules: vec![Rules::default()],
        required,
        under: vec![UNDER],
        over: vec![1],
        weekends: Vec::new(),
    })
    .expect("the parts fit together")
}

fn tiny(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn pattern() -> Pattern {
    Pattern { work: vec![(0, 1)] }
}

/// Fewest agents short when each of these agents serves one of their skills, by trying everything.
fn short(agents: &[u32], open: &mut [u32]) -> u32 {
    let Some((mask, rest)) = agents.split_first() else { return open.iter().sum() };
    let mut least = short(rest, open);
    for skill in 0..open.len() {
        if mask >> skill & 1 == 1 && open[skill] > 0 {
            open[skill] -= 1;
            least = least.min(short(rest, open));
            open[skill] += 1;
        }
    }
    least
}

fn expected(agents: &[u32], required: &[u32]) -> i64 {
    let short = i64::from(short(agents, &mut required.to_vec()));
    let total: i64 = required.iter().map(|&one| i64::from(one)).sum();
    i64::from(UNDER) * short + i64::from(tiny(agents.len())) - (total - short)
}

fn check(groups: &[u32], skills: usize, required: &[u32], agents: &[usize]) {
    let problem = problem(groups.to_vec(), skills, required.to_vec());
    let mut cover = Cover::new(&problem);
    let mut there: Vec<u32> = Vec::new();
    for &agent in agents {
        let group = agent % groups.len();
        let announced = cover.cost() + cover.adds(group)[0];
        cover.put(group, 0, &pattern());
        there.push(groups[group]);
        assert_eq!(cover.cost(), expected(&there, required), "groups {groups:?} at work {there:?}");
        assert_eq!(cover.cost(), announced, "what one more costs is known before");
    }
    for &agent in agents {
        let group = agent % groups.len();
        let announced = cover.cost() + cover.takes(group)[0];
        cover.take(group, 0, &pattern());
        assert_eq!(cover.cost(), announced, "what one less costs is known before");
    }
    assert_eq!(cover.cost(), expected(&[], required));
}

proptest! {
    #[test]
    fn few_skills(
        groups in prop::collection::vec(1..8_u32, 1..5),
        required in prop::collection::vec(0..4_u32, 3),
        agents in prop::collection::vec(0..5_usize, 0..6),
    ) {
        check(&groups, 3, &required, &agents);
    }

    #[test]
    fn many_skills(
        groups in prop::collection::vec(1..512_u32, 1..4),
        required in prop::collection::vec(0..2_u32, 9),
        agents in prop::collection::vec(0..5_usize, 0..5),
    ) {
        // Each skill also has a group of its own: more sets than are enumerated, so that flow is used.
        let mut all = groups.clone();
        all.extend((0..9).map(|skill| 1 << skill));
        check(&all, 9, &required, &agents);
    }
}
