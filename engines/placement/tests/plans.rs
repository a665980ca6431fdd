//! Plans keep every rule, and their figures are those of a checker of its own.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot build its input should fail"
)]

mod common;

use common::{faults, projection_faults};
use placement::sample::{Size, centre};
use placement::{BelowFloor, Centre, Earlier, Options, Placer, Plan, Reason, Span};
use proptest::prelude::*;

const STEPS: u64 = 150;

fn made(people: usize, sessions: usize, busy: f64, seed: u64) -> Centre {
    centre(Size { people, sessions, busy }, seed)
}

fn placed(centre: &Centre, steps: u64, seed: u64) -> Plan {
    Placer::new(centre).unwrap().place(Options { steps, seed }, || false)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn plans_keep_every_rule(seed in any::<u64>(), people in 20_usize..60, sessions in 5_usize..40, busy in 0.7_f64..1.1) {
        let mut centre = made(people, sessions, busy, seed);
        centre.rules.shrinkage = 0.05;
        for session in centre.sessions.iter_mut().step_by(3) {
            session.window.hours = Some(Span { start: 36, end: 68 });
            session.window.days = vec![1, 2, 4];
            session.max_harm_points = Some(0.2);
        }
        let placer = Placer::new(&centre).unwrap();
        let best = placer.place(Options { steps: STEPS, seed }, || false);
        let greedy = placer.greedy(|| false);
        for plan in [&best, &greedy, &placer.at_random(seed)] {
            prop_assert_eq!(faults(&centre, plan), Vec::<String>::new());
            prop_assert_eq!(projection_faults(&centre, plan), Vec::<String>::new());
            prop_assert!(plan.harm_points >= -1e-9 && plan.harm_points <= plan.priced_points + 1e-9);
            prop_assert!(plan.bound_points <= plan.priced_points && plan.bound_points >= 0.0);
            // Everything is either in the plan or told with its reason.
            let pieces: usize = centre.sessions.iter().map(|session| match &session.attendance {
                placement::Attendance::Each(people) => people.len() * session.part.map_or(1, |part| session.length.div_ceil(part)),
                _ => 1,
            }).sum();
            prop_assert_eq!(plan.placements.len() + plan.unplaced.len(), pieces);
        }
        prop_assert!(best.objective <= greedy.objective + 1e-9);
    }

    #[test]
    fn no_queue_is_pushed_below_its_floor(seed in any::<u64>(), busy in 0.8_f64..1.0, choice in 0..3_usize) {
        let mut centre = made(40, 30, busy, seed);
        centre.rules.below_floor = [BelowFloor::Points, BelowFloor::Price, BelowFloor::Spare][choice];
        let plan = placed(&centre, STEPS, seed);
        for row in &plan.projected {
            let floor = centre.queues[row.queue].target - 0.05;
            if row.before >= floor {
                prop_assert!(row.after >= floor, "{row:?}");
            } else {
                let most = match centre.rules.below_floor {
                    BelowFloor::Points => 0.05,
                    BelowFloor::Price => 1.0,
                    BelowFloor::Spare => 0.0,
                };
                prop_assert!(row.after >= row.before - most - 1e-12, "{row:?}");
            }
            prop_assert!(row.after <= row.before + 1e-12, "{row:?}");
        }
    }

    #[test]
    fn the_order_of_people_changes_nothing(seed in any::<u64>()) {
        let centre = made(30, 20, 0.85, seed);
        let count = centre.people.len();
        let turned = |person: usize| count - 1 - person;
        let mut other = centre.clone();
        other.people.reverse();
        for session in &mut other.sessions {
            let (placement::Attendance::All(people) | placement::Attendance::Each(people)
                | placement::Attendance::Group { from: people, .. }) = &mut session.attendance;
            for person in people.iter_mut() {
                *person = turned(*person);
            }
            for person in &mut session.trainers.from {
                *person = turned(*person);
            }
        }
        let (one, two) = (placed(&centre, STEPS, 7), placed(&other, STEPS, 7));
        prop_assert_eq!(one.objective.to_bits(), two.objective.to_bits());
        let spans = |plan: &Plan| {
            let mut spans: Vec<_> = plan.placements.iter().map(|placed| (placed.session, placed.span, placed.people.len())).collect();
            spans.sort_unstable();
            spans
        };
        prop_assert_eq!(spans(&one), spans(&two));
        for placed in &one.placements {
            let mut people: Vec<usize> = placed.people.iter().map(|person| turned(*person)).collect();
            people.sort_unstable();
            prop_assert!(two.placements.iter().any(|other| other.session == placed.session && other.people == people));
        }
    }

    #[test]
    fn more_steps_are_never_worse(seed in any::<u64>(), busy in 0.8_f64..1.0) {
        let placer = Placer::new(&made(30, 25, busy, seed)).unwrap();
        let mut last = f64::INFINITY;
        for steps in [0, 10, 60, 200] {
            let plan = placer.place(Options { steps, seed }, || false);
            prop_assert!(plan.objective <= last + 1e-9);
            last = plan.objective;
        }
    }

    #[test]
    fn one_more_on_the_phones_never_lowers_the_projection(seed in any::<u64>(), busy in 0.8_f64..1.1, skills in 1_usize..8) {
        let mut centre = made(30, 0, busy, seed);
        let before = placed(&centre, 0, 1);
        let mut more = centre.people[5].clone();
        more.name = "one more".to_owned();
        more.queues = (0..3).filter(|queue| skills >> queue & 1 == 1).collect();
        centre.people.push(more);
        let after = placed(&centre, 0, 1);
        prop_assert!(after.service_level.before >= before.service_level.before - 1e-12);
        for (with, without) in after.projected.iter().zip(&before.projected) {
            prop_assert!(with.before >= without.before - 1e-12, "{with:?} {without:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_seed_another() {
    let centre = made(40, 30, 0.9, 3);
    let one = placed(&centre, STEPS, 5);
    assert_eq!(one, placed(&centre, STEPS, 5));
    let others = (6..12).any(|seed| placed(&centre, STEPS, seed).placements != one.placements);
    assert!(others, "six other seeds led to the same plan");
}

#[test]
fn stopping_keeps_the_best_plan_so_far() {
    let placer = Placer::new(&made(40, 30, 0.9, 3)).unwrap();
    let mut asked = 0;
    let stopped = placer.place(Options { steps: u64::MAX, seed: 5 }, || {
        asked += 1;
        asked > 300
    });
    assert!(stopped.steps > 100, "{} steps", stopped.steps);
    assert!(stopped.objective <= placer.greedy(|| false).objective);
    let at_once = placer.place(Options { steps: 10, seed: 5 }, || true);
    assert_eq!((at_once.placements.len(), at_once.steps), (0, 0));
    assert!(!at_once.unplaced.is_empty());
    assert!(at_once.unplaced.iter().all(|one| one.reason == Reason::Stopped));
}

#[test]
fn what_was_placed_before_moves_only_for_a_gain_and_what_is_held_not_at_all() {
    let mut centre = made(40, 30, 0.85, 9);
    let first = placed(&centre, STEPS, 1);
    let keep = |placement: &placement::Placement, held: bool| Earlier { placement: placement.clone(), held };
    centre.earlier = first.placements.iter().map(|placement| keep(placement, true)).collect();
    let held = placed(&centre, STEPS, 2);
    assert_eq!(held.placements, first.placements);
    assert_eq!(held.moved, 0);
    // Told to people and free to move: moving costs more than any of these sessions gains.
    centre.earlier = first.placements.iter().map(|placement| keep(placement, false)).collect();
    centre.rules.move_points = 5.0;
    let told = placed(&centre, STEPS, 2);
    assert_eq!(told.moved, 0);
    assert!(told.placements.len() >= first.placements.len());
}

#[test]
fn two_sessions_in_one_interval_cost_more_than_twice_one() {
    let mut centre = made(30, 0, 0.9, 4);
    centre.rules.floor_points = 100.0;
    let alone = |centre: &Centre| placed(centre, 0, 1).priced_points;
    let busy = (0..centre.grid.intervals()).max_by(|a, b| {
        let calls = |interval: &usize| centre.queues[0].offered[*interval];
        calls(a).total_cmp(&calls(b))
    });
    let there = |interval: usize| {
        let on = |person: &&usize| {
            let one = &centre.people[**person];
            one.queues == [0]
                && one.shifts.iter().any(|shift| {
                    let within = |span: &Span| span.start <= interval && interval < span.end;
                    within(&shift.work) && !shift.breaks.iter().any(within)
                })
        };
        (0..centre.people.len()).collect::<Vec<_>>().iter().filter(on).copied().collect::<Vec<_>>()
    };
    let interval = busy.unwrap();
    let people = there(interval);
    assert!(people.len() >= 2, "two people who know only this queue");
    let template = made(30, 20, 0.9, 4).sessions[9].clone();
    let session = |name: &str, person: usize| placement::Session {
        name: name.to_owned(),
        length: 1,
        attendance: placement::Attendance::All(vec![person]),
        trainers: placement::Trainers::default(),
        window: placement::Window {
            span: Span { start: interval, end: interval + 1 },
            days: vec![],
            hours: None,
        },
        ..template.clone()
    };
    centre.sessions = vec![session("a", people[0])];
    let one = alone(&centre);
    centre.sessions.push(session("b", people[1]));
    let two = alone(&centre);
    assert!(one > 0.0 && two > 2.0 * one, "{one} and {two}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn what_has_no_place_could_not_be_put_anywhere(seed in any::<u64>()) {
        let mut centre = made(30, 60, 0.95, seed);
        for person in &mut centre.people {
            person.attending.per_week = Some(8);
        }
        let plan = placed(&centre, 60, seed);
        prop_assert!(!plan.unplaced.is_empty());
        // With everything else held, looking again finds no place either.
        centre.earlier = plan.placements.iter().map(|one| Earlier { placement: one.clone(), held: true }).collect();
        let again = placed(&centre, 20, seed);
        prop_assert_eq!(again.placements.len(), plan.placements.len(), "{:?}", plan.unplaced);
    }
}
