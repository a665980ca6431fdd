//! After changes little changes, and what is not possible is explained.

mod common;

use common::week;
use roster::explain::{Reason, Why, shortages, unmet_wishes};
use roster::formats::centre::read;
use roster::model::{FORBIDDEN, OFF, Problem};
use roster::repair::{Changes, Limits, changed, repair};
use roster::search::{Instance, Plan};
use roster::{Roster, solve};

fn never() -> bool {
    false
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn published() -> (Problem, Roster) {
    let problem = read(&week("roster_50.txt")).unwrap();
    let roster = solve(&problem, None, None, 8_000, &never).unwrap().roster;
    (problem, roster)
}

/// The first people who work on a day.
fn absent(roster: &Roster, problem: &Problem, day: usize, count: usize) -> Vec<(usize, usize)> {
    let working = (0..problem.people.len()).filter(|&person| roster.spot(person, day).choice != OFF);
    working.take(count).map(|person| (person, day)).collect()
}

#[test]
fn absences_are_made_up_for_with_few_changes_and_the_past_stays() {
    let (problem, roster) = published();
    let changes = Changes { absences: absent(&roster, &problem, 3, 3), past_days: 3, ..Changes::default() };
    let limits = Limits::of(&problem, 6);
    let repaired = repair(&problem, &roster, &changes, &limits, None, &never).unwrap();
    assert!(repaired.changed <= 6, "{}", repaired.changed);
    for &(person, day) in &changes.absences {
        assert_eq!(repaired.roster.spot(person, day).choice, OFF);
    }
    for person in 0..problem.people.len() {
        for day in 0..3 {
            assert_eq!(
                repaired.roster.spot(person, day).choice,
                roster.spot(person, day).choice,
                "the past stays"
            );
        }
    }
    // The repaired roster is valid for the changed problem, and better than leaving the holes.
    let now = changed(&problem, &roster, &changes).unwrap();
    let instance = Instance::new(&now).unwrap();
    assert_eq!(Plan::of(&instance, &repaired.roster).unwrap().cost(), repaired.cost);
    let mut holes = roster.clone();
    for &(person, day) in &changes.absences {
        holes.set(person, day, roster::Spot::default());
    }
    assert!(repaired.cost < Plan::of(&instance, &holes).unwrap().cost());
}

#[test]
fn breaks_of_the_past_stay_and_no_change_is_made_that_is_not_allowed() {
    let (problem, roster) = published();
    // Somebody moves a break of the first day by hand before it is published: that stays when the day is past.
    let mut by_hand = roster.clone();
    for person in 0..problem.people.len() {
        let mut spot = by_hand.spot(person, 0);
        if spot.choice != OFF {
            let patterns = problem.shifts[usize::from(spot.choice) - 1].patterns.len();
            spot.pattern = u32::try_from(patterns - 1).unwrap_or(0);
            by_hand.set(person, 0, spot);
        }
    }
    let changes = Changes { absences: absent(&by_hand, &problem, 3, 6), past_days: 1, ..Changes::default() };
    for most in [0, 1, 2] {
        let limits = Limits::of(&problem, most);
        let repaired = repair(&problem, &by_hand, &changes, &limits, None, &never).unwrap();
        assert!(repaired.changed <= most, "{} of {most}", repaired.changed);
        for person in 0..problem.people.len() {
            assert_eq!(
                repaired.roster.spot(person, 0),
                by_hand.spot(person, 0),
                "the past stays, with its breaks"
            );
        }
    }
}

#[test]
fn an_absence_of_nobody_is_refused() {
    let (problem, roster) = published();
    let changes = Changes { absences: vec![(50, 0)], ..Changes::default() };
    let refused = repair(&problem, &roster, &changes, &Limits::of(&problem, 6), None, &never).unwrap_err();
    assert_eq!(refused.to_string(), "assignment of person 50 on day 0: there is no such person or day");
}

#[test]
fn an_unmet_wish_is_explained() {
    let (problem, roster) = published();
    let mut parts = problem.into_parts();
    let choices = parts.shifts.len() + 1;
    // One who must work five days wishes them all off: the rules forbid that; one who works wishes one day off.
    let strict =
        parts.people.iter().position(|one| parts.rules[one.rules as usize].spans[0].min_minutes > 0).unwrap();
    let day = (0..7).find(|&day| roster.spot(strict, day).choice != OFF).unwrap();
    for at in 0..7 {
        for choice in 1..choices {
            let toll = &mut parts.people[strict].tolls[at * choices + choice];
            if *toll != FORBIDDEN {
                *toll = 3;
            }
        }
        if at != day {
            // Every other day is ruled out, so that the day cannot be spared.
            parts.people[strict].tolls[at * choices + 1..(at + 1) * choices].iter_mut().for_each(|toll| {
                if roster.spot(strict, at).choice == OFF {
                    *toll = FORBIDDEN;
                }
            });
        }
    }
    let problem = Problem::new(parts).unwrap();
    let instance = Instance::new(&problem).unwrap();
    let unmet = unmet_wishes(&instance, &roster, 5);
    assert!(!unmet.is_empty());
    assert!(unmet.iter().all(|one| one.person == strict && one.weight == 3));
    assert!(unmet.iter().any(|one| matches!(one.why, Why::Rules | Why::Costs { .. })), "{unmet:?}");
}

#[test]
fn shortages_are_explained() {
    let (problem, roster) = published();
    // Twice the requirement cannot be met by anybody.
    let mut parts = problem.into_parts();
    parts.required.iter_mut().for_each(|required| *required *= 2);
    let problem = Problem::new(parts).unwrap();
    let instance = Instance::new(&problem).unwrap();
    let found = shortages(&instance, &roster, 40, &never);
    assert!(found.len() > 40 && found.iter().all(|one| one.agents > 0), "every one is there");
    let examined = found.iter().filter(|one| one.why != Reason::NotExamined).count();
    assert_eq!(examined, 40, "and the first 40 with a reason");
    assert!(found.iter().any(|one| matches!(one.why, Reason::CheaperElsewhere { .. } | Reason::RulesForbid)));
}
