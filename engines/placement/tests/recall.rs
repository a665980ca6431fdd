//! Who is called back, in which order, and where what was called off goes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot build its input should fail"
)]

mod common;

use common::faults;
use placement::sample::{Size, centre};
use placement::{
    BelowFloor, Centre, Need, Options, Overload, Placer, Plan, Recall, Spared, place_again, recall,
};

fn planned() -> (Centre, Plan) {
    let mut centre = centre(Size { people: 80, sessions: 60, busy: 0.85 }, 11);
    for session in &mut centre.sessions {
        session.topic = None;
    }
    // As full as can be: what is called back is looked at here, not where sessions may go.
    centre.rules.below_floor = BelowFloor::Price;
    let plan = Placer::new(&centre).unwrap().place(Options { steps: 200, seed: 1 }, || false);
    (centre, plan)
}

/// The interval in which most people are in sessions that may be interrupted.
fn fullest(centre: &Centre, plan: &Plan) -> usize {
    let away = |interval: usize| {
        let there = plan.placements.iter().filter(|one| (one.span.start..one.span.end).contains(&interval));
        let may = there.filter(|one| centre.sessions[one.session].interruptible);
        may.map(|one| one.people.len()).sum::<usize>()
    };
    (0..672).max_by_key(|interval| away(*interval)).unwrap()
}

fn needs(from: usize, people: usize) -> Vec<Need> {
    (from..from + 4).flat_map(|interval| (0..3).map(move |queue| Need { interval, queue, people })).collect()
}

#[test]
fn whole_sessions_come_back_and_no_more_than_are_needed() {
    let (centre, plan) = planned();
    let now = fullest(&centre, &plan);
    let small =
        Overload { now, needs: vec![Need { interval: now, queue: 0, people: 1 }], lately: Vec::new() };
    let order = recall(&centre, &plan, &small).unwrap();
    assert_eq!(order.calls.len(), 1, "one person is missing, one session is enough");
    assert!(order.missing.is_empty());
    let all = recall(&centre, &plan, &Overload { now, needs: needs(now, 100), lately: Vec::new() }).unwrap();
    for call in &all.calls {
        assert!(plan.placements.contains(&call.placement), "people and trainers together");
        assert!(centre.sessions[call.placement.session].interruptible);
        assert!(
            call.released.start >= now && call.released.end == call.placement.span.end && call.relief > 0
        );
    }
    assert!(!all.missing.is_empty());
    for (placement, why) in &all.spared {
        let may = centre.sessions[placement.session].interruptible;
        assert_eq!(*why == Spared::NotInterruptible, !may);
    }
}

#[test]
fn what_has_not_begun_goes_before_what_must_be_repeated() {
    let (centre, plan) = planned();
    let now = fullest(&centre, &plan);
    let order =
        recall(&centre, &plan, &Overload { now, needs: needs(now, 100), lately: Vec::new() }).unwrap();
    let worth = |recall: &Recall| {
        recall.calls.iter().map(|call| (call.again, call.repeated, call.relief)).collect::<Vec<_>>()
    };
    let told = worth(&order);
    assert!(told.len() > 2, "{told:?}");
    let nothing_lost: Vec<bool> =
        told.iter().filter(|(again, ..)| *again).map(|(_, lost, _)| *lost == 0).collect();
    assert!(nothing_lost.windows(2).all(|pair| pair[0] || !pair[1]), "{told:?}");
}

#[test]
fn who_was_called_back_lately_is_left_alone() {
    let (centre, plan) = planned();
    let now = fullest(&centre, &plan);
    let mut overload = Overload { now, needs: needs(now, 100), lately: Vec::new() };
    let first = recall(&centre, &plan, &overload).unwrap();
    overload.lately = first.calls.iter().flat_map(|call| call.placement.people.clone()).collect();
    let second = recall(&centre, &plan, &overload).unwrap();
    for call in &second.calls {
        assert!(!first.calls.iter().any(|other| other.placement == call.placement));
    }
    assert!(second.spared.iter().any(|(_, why)| *why == Spared::Lately));
}

#[test]
fn what_was_called_off_is_placed_again_and_the_rest_stays() {
    let (centre, plan) = planned();
    let now = fullest(&centre, &plan);
    let overload = Overload { now, needs: needs(now, 4), lately: Vec::new() };
    let order = recall(&centre, &plan, &overload).unwrap();
    assert!(!order.calls.is_empty());
    let options = Options { steps: 100, seed: 1 };
    let again = place_again(&centre, &plan, &order, &overload, options, || false).unwrap();
    assert_eq!(faults(&centre, &again), Vec::<String>::new());
    for placed in &plan.placements {
        let called = order.calls.iter().any(|call| call.placement == *placed);
        assert_eq!(again.placements.contains(placed), !called, "{placed:?}");
    }
    for placed in again.placements.iter().filter(|placed| !plan.placements.contains(placed)) {
        assert!(placed.span.start >= now + 4, "{placed:?}");
    }
    assert_eq!(again.placements.len() + again.unplaced.len(), plan.placements.len() + plan.unplaced.len());
}

#[test]
fn needs_that_do_not_exist_are_refused() {
    let (centre, plan) = planned();
    for overload in [
        Overload { now: 672, ..Overload::default() },
        Overload { needs: vec![Need { interval: 672, queue: 0, people: 1 }], ..Overload::default() },
        Overload { needs: vec![Need { interval: 0, queue: 3, people: 1 }], ..Overload::default() },
        Overload { lately: vec![usize::MAX], ..Overload::default() },
    ] {
        assert!(recall(&centre, &plan, &overload).is_err(), "{overload:?}");
    }
}
