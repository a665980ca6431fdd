//! One rule at a time, on a morning of one queue: what it forbids, what it says when nothing is left, and that the
//! plan found is the best there is.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot build its input should fail"
)]

mod common;

use common::level;
use placement::{
    Attendance, BelowFloor, Centre, Earlier, Grid, Kind, Limit, Options, Person, Placement, PlacementError,
    Placer, Plan, Queue, Reason, Room, Rules, ServiceLevelDefinition, Session, Shift, Span, Trainers, Window,
};

const OPEN: Span = Span { start: 32, end: 48 };

fn person(name: &str, queues: &[usize]) -> Person {
    Person {
        name: name.to_owned(),
        queues: queues.to_vec(),
        shifts: vec![Shift { work: OPEN, breaks: Vec::new() }],
        fixed: Vec::new(),
        attending: Limit::default(),
        leading: Limit::default(),
    }
}

fn session(name: &str, length: usize, attendance: Attendance) -> Session {
    Session {
        name: name.to_owned(),
        kind: Kind::Drill,
        length,
        attendance,
        trainers: Trainers::default(),
        window: Window { span: Span { start: 0, end: 96 }, days: Vec::new(), hours: None },
        room: None,
        gap: 0,
        edge: 0,
        interruptible: true,
        part: None,
        topic: None,
        priority: 5,
        due: None,
        max_harm_points: None,
    }
}

/// Ten people on one queue from 08:00 to 12:00, busiest in the middle.
fn morning() -> Centre {
    let mut offered = vec![0.0; 96];
    for (index, calls) in [12, 14, 18, 22, 25, 26, 25, 24, 22, 20, 19, 18, 16, 15, 14, 13].iter().enumerate()
    {
        offered[OPEN.start + index] = f64::from(*calls);
    }
    Centre {
        grid: Grid { days: 1, interval_minutes: 15 },
        queues: vec![Queue {
            name: "billing".to_owned(),
            target: 0.8,
            threshold_seconds: 20.0,
            definition: ServiceLevelDefinition::OfOffered,
            patience_seconds: Some(120.0),
            offered,
            aht_seconds: vec![240.0; 96],
        }],
        people: (0..10).map(|number| person(&format!("P{number}"), &[0])).collect(),
        rooms: vec![Room { name: "green".to_owned(), parallel: 1 }],
        sessions: Vec::new(),
        earlier: Vec::new(),
        rules: Rules { floor_points: 100.0, ..Rules::default() },
    }
}

fn place(centre: &Centre) -> Plan {
    Placer::new(centre).unwrap().place(Options { steps: 400, seed: 1 }, || false)
}

fn with(sessions: Vec<Session>) -> Centre {
    Centre { sessions, ..morning() }
}

/// The one reason in a plan without any place.
fn reason(centre: &Centre) -> Reason {
    let plan = place(centre);
    assert_eq!((plan.placements.len(), plan.unplaced.len()), (0, 1), "{plan:?}");
    plan.unplaced[0].reason.clone()
}

#[test]
fn three_sessions_are_placed_as_an_exhaustive_search_places_them() {
    let sessions = vec![
        session("a", 2, Attendance::All(vec![0, 1])),
        session("b", 4, Attendance::All(vec![2, 3, 4])),
        session("c", 3, Attendance::Group { from: vec![5, 6, 7, 8], size: 2 }),
    ];
    let mut centre = with(sessions);
    centre.rules.early_points_per_day = 0.0;
    let queue = &centre.queues[0];
    let offered: f64 = queue.offered.iter().sum();
    // The loss of so many people in an interval, by Erlang alone.
    let loss = |interval: usize, people: usize| {
        let lost = level(&centre, queue, interval, 10) - level(&centre, queue, interval, 10 - people);
        100.0 * lost * queue.offered[interval] / offered
    };
    let losses: Vec<Vec<f64>> = (OPEN.start..OPEN.end)
        .map(|interval| (0..=7).map(|people| loss(interval, people)).collect())
        .collect();
    let mut least = f64::INFINITY;
    for a in 0..=14 {
        for b in 0..=12 {
            for c in 0..=13 {
                let away = |at: usize| {
                    2 * usize::from((a..a + 2).contains(&at))
                        + 3 * usize::from((b..b + 4).contains(&at))
                        + 2 * usize::from((c..c + 3).contains(&at))
                };
                least = least.min((0..16).map(|at| losses[at][away(at)]).sum());
            }
        }
    }
    let plan = place(&centre);
    assert!((plan.harm_points - least).abs() < 1e-9, "{} instead of {least}", plan.harm_points);
    assert!(plan.bound_points <= least + 1e-9 && plan.bound_points > 0.2 * least, "{}", plan.bound_points);
}

#[test]
fn the_table_for_planners_is_right() {
    let mut centre = morning();
    centre.queues[0].offered[40] = 24.0;
    for (people, percent) in [(10, 93.2), (9, 87.8), (8, 79.6), (7, 68.6), (6, 55.4)] {
        let own = 100.0 * level(&centre, &centre.queues[0], 40, people);
        assert!((own - percent).abs() < 0.05, "{people} people: {own}");
    }
    // What is projected is the same figure.
    let plan = place(&centre);
    let row = plan.projected.iter().find(|row| row.interval == 40).unwrap();
    assert!((100.0 * row.before - 93.2).abs() < 0.05, "{row:?}");
}

#[test]
fn a_session_goes_where_its_own_queue_has_slack() {
    let mut centre = morning();
    centre.queues.push(Queue { name: "idle".to_owned(), ..centre.queues[0].clone() });
    for calls in &mut centre.queues[1].offered {
        *calls *= 0.2;
    }
    centre.people.extend((0..10).map(|number| person(&format!("Q{number}"), &[1])));
    centre.sessions = vec![session("a", 2, Attendance::Group { from: (0..20).collect(), size: 3 })];
    let plan = place(&centre);
    assert!(plan.placements[0].people.iter().all(|person| *person >= 10), "{:?}", plan.placements);
    assert!(plan.harm_points < 0.01);
}

#[test]
fn people_who_know_both_queues_move_over_when_others_leave() {
    let mut centre = morning();
    centre.queues.push(Queue { name: "second".to_owned(), ..centre.queues[0].clone() });
    centre.people.extend((0..10).map(|number| person(&format!("B{number}"), &[0, 1])));
    // Three who know billing alone leave; those who know both come over to billing.
    centre.sessions = vec![session("a", 1, Attendance::All(vec![0, 1, 2]))];
    let plan = place(&centre);
    let start = plan.placements[0].span.start;
    let rows: Vec<_> = plan.projected.iter().filter(|row| row.interval == start).collect();
    assert_eq!(rows.iter().map(|row| row.people_before).sum::<usize>(), 20);
    assert_eq!(rows.iter().map(|row| row.people_after).sum::<usize>(), 17);
    assert!(rows[0].people_after.abs_diff(rows[1].people_after) <= 1, "{rows:?}");
}

#[test]
fn what_has_no_place_is_told_by_which_rule() {
    let everybody = || Attendance::All(vec![0, 1]);
    let mut centre = with(vec![session("window", 4, everybody())]);
    centre.sessions[0].window.hours = Some(Span { start: 36, end: 38 });
    assert_eq!(reason(&centre), Reason::Window);

    let mut centre = with(vec![session("roster", 4, everybody())]);
    centre.people[1].shifts[0].work = Span { start: 60, end: 80 };
    assert!(matches!(reason(&centre), Reason::Roster(short) if short.short == 1 && short.people.len() == 1));

    let mut centre = with(vec![session("no trainer", 4, everybody())]);
    centre.people.push(Person { shifts: Vec::new(), ..person("T", &[]) });
    centre.sessions[0].trainers = Trainers { from: vec![10], count: 1 };
    assert!(matches!(reason(&centre), Reason::Roster(short) if short.people == [10]));

    let mut centre = with(vec![session("limit", 4, everybody())]);
    centre.people[0].attending.per_day = Some(3);
    assert!(matches!(reason(&centre), Reason::Taken(short) if short.people == [0]));

    let mut centre = with(vec![session("harm", 4, everybody())]);
    centre.sessions[0].max_harm_points = Some(1e-6);
    assert!(matches!(reason(&centre), Reason::Harm { points, .. } if points > 1e-6 && points < 1.0));

    let mut centre = with(vec![session("floor", 16, Attendance::All((0..6).collect()))]);
    centre.rules.floor_points = 5.0;
    assert!(matches!(reason(&centre), Reason::Floor { queue: 0, short, .. } if short > 0));
    centre.rules.floor_points = 100.0;
    assert_eq!(place(&centre).placements.len(), 1);

    let mut centre =
        with(vec![session("long", 16, everybody()), session("room", 1, Attendance::All(vec![5]))]);
    for session in &mut centre.sessions {
        session.room = Some(0);
    }
    centre.sessions[0].priority = 9;
    let plan = place(&centre);
    assert_eq!(plan.placements[0].session, 0);
    assert!(matches!(plan.unplaced[0].reason, Reason::Room { .. }), "{:?}", plan.unplaced);
}

#[test]
fn drowned_intervals_are_not_where_training_flees_to() {
    let mut centre = with(vec![session("a", 2, Attendance::All(vec![0, 1]))]);
    // From 10:00 on far too many calls: the service level is next to nothing with or without two people.
    for calls in &mut centre.queues[0].offered[40..48] {
        *calls = 80.0;
    }
    assert!(place(&centre).placements[0].span.end <= 40);
    // Where there is no other time, the price decides, or nobody is taken at all.
    centre.sessions[0].window.span.start = 40;
    centre.rules.floor_points = 5.0;
    assert_eq!(place(&centre).placements.len(), 1);
    centre.rules.below_floor = BelowFloor::Spare;
    assert!(matches!(reason(&centre), Reason::Floor { .. }));
}

#[test]
fn groups_of_one_topic_reach_everybody_once() {
    let drill = |name: &str| {
        let mut one = session(name, 2, Attendance::Group { from: (0..9).collect(), size: 3 });
        one.topic = Some("angry callers".to_owned());
        one
    };
    let plan = place(&with(vec![drill("1"), drill("2"), drill("3")]));
    let mut reached: Vec<usize> = plan.placements.iter().flat_map(|placed| placed.people.clone()).collect();
    reached.sort_unstable();
    assert_eq!(reached, (0..9).collect::<Vec<_>>());
}

#[test]
fn a_late_session_weighs_its_due_date_against_the_phones() {
    let mut centre = with(vec![session("a", 2, Attendance::All(vec![0, 1]))]);
    let free = place(&centre).placements[0].span;
    centre.sessions[0].due = Some(OPEN.start + 4);
    centre.rules.late_points_per_day = 100.0;
    let due = place(&centre);
    assert!(due.placements[0].span.end <= OPEN.start + 4 && due.late == 0, "{:?} {free:?}", due.placements);
}

#[test]
fn mistakes_are_named_and_nothing_panics() {
    let refused = |change: &dyn Fn(&mut Centre)| {
        let mut centre = with(vec![session("a", 2, Attendance::All(vec![0, 1]))]);
        change(&mut centre);
        Placer::new(&centre).err()
    };
    let message = |change: &dyn Fn(&mut Centre)| refused(change).unwrap().to_string();
    assert_eq!(
        message(&|centre| centre.queues[0].offered[40] = f64::NAN),
        "the offered calls of queue “billing” in interval 40 is NaN: give 0 to 1000000"
    );
    assert_eq!(
        message(&|centre| centre.grid.interval_minutes = 7),
        "an interval of 7 minutes does not divide a day: give 5, 10, 15, 20, 30 or 60"
    );
    assert!(matches!(refused(&|centre| centre.grid.days = 0), Some(PlacementError::Count { .. })));
    assert!(matches!(refused(&|centre| centre.grid.days = usize::MAX), Some(PlacementError::Count { .. })));
    assert!(matches!(refused(&|c| c.sessions[0].length = 0), Some(PlacementError::Count { .. })));
    assert!(matches!(refused(&|c| c.sessions[0].length = usize::MAX), Some(PlacementError::Count { .. })));
    assert!(matches!(
        refused(&|c| c.sessions[0].attendance = Attendance::All(vec![99])),
        Some(PlacementError::Unknown { .. })
    ));
    assert!(matches!(
        refused(&|c| c.sessions[0].attendance = Attendance::All(vec![1, 1])),
        Some(PlacementError::Twice { .. })
    ));
    let leads_and_attends = |c: &mut Centre| c.sessions[0].trainers = Trainers { from: vec![1], count: 1 };
    assert!(matches!(refused(&leads_and_attends), Some(PlacementError::Twice { .. })));
    assert!(matches!(refused(&|c| c.people[3].name = "P4".to_owned()), Some(PlacementError::Name { .. })));
    assert!(matches!(refused(&|c| c.people[3].shifts[0].work.end = 1), Some(PlacementError::Span { .. })));
    assert!(matches!(refused(&|c| c.rules.shrinkage = 1.0), Some(PlacementError::Figure { .. })));
    assert_eq!(refused(&|c| c.queues[0].aht_seconds[40] = 86_400.0), None);
    assert!(matches!(refused(&|c| c.queues[0].offered[40] = 1e6), Some(PlacementError::Staffing { .. })));
    let held = |span: Span| {
        move |centre: &mut Centre| {
            let placement = Placement { session: 0, part: 0, span, people: vec![0, 1], trainers: Vec::new() };
            centre.earlier = vec![Earlier { placement, held: true }];
        }
    };
    assert_eq!(refused(&held(Span { start: 40, end: 42 })), None);
    for (start, end) in [(0, 2), (40, 43), (95, 97), (usize::MAX - 1, 1)] {
        let refused = refused(&held(Span { start, end }));
        assert!(matches!(refused, Some(PlacementError::Earlier { .. })), "{start} {end}");
    }
}

#[test]
fn nothing_to_do_and_nobody_there_are_plans_too() {
    let empty = Centre { people: Vec::new(), queues: Vec::new(), ..morning() };
    let plan = place(&empty);
    assert!(plan.placements.is_empty() && plan.harm_points.abs() < f64::EPSILON);
    let nobody = Centre { people: Vec::new(), ..morning() };
    let plan = place(&nobody);
    assert!(plan.service_level.before.abs() < f64::EPSILON);
    let mut closed = with(vec![session("a", 2, Attendance::Each(vec![0, 1, 2]))]);
    closed.queues[0].offered = vec![0.0; 96];
    let plan = place(&closed);
    assert_eq!((plan.placements.len(), plan.bound_points.to_bits()), (3, 0));
}
