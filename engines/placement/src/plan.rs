//! A finished plan, with everything that somebody who has to defend it needs.

use serde::Serialize;

use crate::model::Placement;
use crate::problem::Problem;
use crate::search::{Place, State, bound, total, why};

/// Who is short at the start where fewest are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortage {
    /// The interval of that start.
    pub start: usize,
    /// How many people are missing.
    pub short: usize,
    /// Some of those who must come and cannot, by number.
    pub people: Vec<usize>,
    /// How many are missing from the group to be chosen.
    pub group: usize,
    /// How many trainers are missing.
    pub trainers: usize,
}

/// Why a session, or a piece of one, has no place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
pub enum Reason {
    /// Its window holds no time as long as the session.
    Window,
    /// By shifts, breaks and fixed activities alone its people are never there together.
    Roster(Shortage),
    /// Other sessions, gaps between them, or limits of training leave no time.
    Taken(Shortage),
    /// Whenever its people can, its room is full; the first such start.
    Room {
        /// An interval at which only the room is missing.
        start: usize,
    },
    /// Alone it would cost the week more than it may; the least it would cost.
    Harm {
        /// Where it would cost least.
        start: usize,
        /// How many points.
        points: f64,
    },
    /// A queue would go below its floor; where fewest people are short.
    Floor {
        /// The interval.
        interval: usize,
        /// The queue.
        queue: usize,
        /// How many more people on the phones would be needed.
        short: usize,
    },
    /// There was no time left to look for a place.
    Stopped,
}

/// Something that has no place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unplaced {
    /// Which session.
    pub session: usize,
    /// Which part.
    pub part: usize,
    /// Whose, where a session is for each on their own.
    pub person: Option<usize>,
    /// Why.
    pub reason: Reason,
}

/// A queue in an interval that has calls.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Projected {
    /// Which interval.
    pub interval: usize,
    /// Which queue.
    pub queue: usize,
    /// People on its phones with nothing placed.
    pub people_before: usize,
    /// And with the plan.
    pub people_after: usize,
    /// The projected service level with nothing placed, a share.
    pub before: f64,
    /// And with the plan.
    pub after: f64,
}

/// A service level weighted by calls, with nothing placed and with the plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// With nothing placed, a share.
    pub before: f64,
    /// With the plan.
    pub after: f64,
}

/// A finished plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Everything that has a place, by time.
    pub placements: Vec<Placement>,
    /// For each of them, how many points the plan would win back by cancelling it alone, by price.
    pub costs_points: Vec<f64>,
    /// What has none, and why.
    pub unplaced: Vec<Unplaced>,
    /// Every queue and interval that has calls.
    pub projected: Vec<Projected>,
    /// Each queue over the whole plan.
    pub queues: Vec<Change>,
    /// All calls of the whole plan.
    pub service_level: Change,
    /// Points of the projected service level that the plan costs: before − after, in percent.
    pub harm_points: f64,
    /// The same by price, which is what is minimised: higher than the harm only where a queue is pressed below
    /// the steepest point of its curve, so that training does not flee to where nobody is answered anyway.
    pub priced_points: f64,
    /// No plan that places the same pieces has a lower price.
    pub bound_points: f64,
    /// How many pieces were moved from where they were before.
    pub moved: usize,
    /// How many end after they are due.
    pub late: usize,
    /// What was minimised: the price, wishes, and much for each piece without a place.
    pub objective: f64,
    /// Steps of improvement taken.
    pub steps: u64,
}

impl Plan {
    /// From a finished search. `stopped` when greedy did not come to its end.
    pub(crate) fn of(state: &State<'_>, steps: u64, stopped: bool) -> Self {
        let problem = state.problem;
        // From scratch and in one order, so that the figures do not depend on the way that led here.
        let mut state = fresh(problem, &state.places);
        let (projected, queues, service_level) = projected(&state);
        let mut placed: Vec<(Placement, f64)> = Vec::new();
        let mut unplaced = Vec::new();
        let priced_points = state.harm();
        let objective = total(&state);
        for (number, piece) in problem.pieces.iter().enumerate() {
            let place = state.places.get(number).cloned().flatten();
            let alone = piece.size == 0 && piece.people.len() == 1;
            match place {
                Some(place) => {
                    let placement = Placement {
                        session: piece.session,
                        part: piece.part,
                        span: crate::model::Span { start: place.start, end: place.start + piece.length },
                        people: problem.callers(&place.people),
                        trainers: problem.callers(&place.trainers),
                    };
                    let taken = state.take(number);
                    let cost = priced_points - state.harm();
                    if let Some(place) = taken {
                        state.put(number, place);
                    }
                    placed.push((placement, cost.max(0.0)));
                }
                None => {
                    let reason = if stopped { crate::plan::Reason::Stopped } else { why(&mut state, number) };
                    let person = if alone { problem.callers(&piece.people).first().copied() } else { None };
                    unplaced.push(Unplaced { session: piece.session, part: piece.part, person, reason });
                }
            }
        }
        parts_in_order(&mut placed);
        placed.sort_by(|(a, _), (b, _)| {
            (a.span, a.session, &a.people, a.part).cmp(&(b.span, b.session, &b.people, b.part))
        });
        let has_place = |number: usize| state.places.get(number).is_some_and(Option::is_some);
        let pieces = || problem.pieces.iter().zip(&state.places);
        let place = |place: &Option<Place>| place.as_ref().map(|place| place.start);
        let moved = pieces().filter(|(piece, at)| {
            place(at).is_some_and(|start| {
                piece.earlier.as_ref().is_some_and(|earlier| earlier.span.start != start)
            })
        });
        let late = pieces().filter(|(piece, at)| {
            let due = problem.centre.sessions.get(piece.session).and_then(|session| session.due);
            place(at).is_some_and(|start| due.is_some_and(|due| start + piece.length > due))
        });
        let (placements, costs_points) = placed.into_iter().unzip();
        Self {
            placements,
            costs_points,
            unplaced,
            projected,
            queues,
            harm_points: 100.0 * (service_level.before - service_level.after),
            service_level,
            priced_points,
            bound_points: bound(problem, has_place).min(priced_points),
            moved: moved.count(),
            late: late.count(),
            objective,
            steps,
        }
    }
}

/// Parts of one length are alike: the earlier is numbered first.
fn parts_in_order(placed: &mut [(Placement, f64)]) {
    placed.sort_by(|(a, _), (b, _)| {
        let length = |placement: &Placement| placement.span.end - placement.span.start;
        (a.session, &a.people, length(b), a.span).cmp(&(b.session, &b.people, length(a), b.span))
    });
    for run in placed.chunk_by_mut(|(a, _), (b, _)| {
        let alike = a.span.end - a.span.start == b.span.end - b.span.start;
        alike && (a.session, &a.people) == (b.session, &b.people)
    }) {
        let mut parts: Vec<usize> = run.iter().map(|(placement, _)| placement.part).collect();
        parts.sort_unstable();
        for ((placement, _), part) in run.iter_mut().zip(parts) {
            placement.part = part;
        }
    }
}

/// The same places in a state of their own.
fn fresh<'p>(problem: &'p Problem, places: &[Option<Place>]) -> State<'p> {
    let mut state = State::empty(problem);
    for (number, place) in places.iter().enumerate() {
        if let Some(place) = place {
            state.put(number, place.clone());
        }
    }
    state
}

/// The projection of every interval with calls, of each queue and of all.
fn projected(state: &State<'_>) -> (Vec<Projected>, Vec<Change>, Change) {
    let problem = state.problem;
    let projection = &problem.projection;
    let mut rows = Vec::new();
    let mut queues = Vec::new();
    let (mut all_before, mut all_after) = (0.0, 0.0);
    for (number, queue) in problem.centre.queues.iter().enumerate() {
        let (mut offered, mut sum_before, mut sum_after) = (0.0, 0.0, 0.0);
        for (interval, calls) in queue.offered.iter().enumerate().filter(|(_, calls)| **calls > 0.0) {
            let manned = |cover: Option<&crate::projection::Cover>| {
                cover.and_then(|cover| cover.manned.get(number)).copied().unwrap_or(0)
            };
            let people_before = manned(projection.base.get(interval));
            let people_after = manned(state.covers().get(interval));
            let before = projection.level(interval, number, people_before);
            let after = projection.level(interval, number, people_after);
            offered += calls;
            sum_before += calls * before;
            sum_after += calls * after;
            rows.push(Projected {
                interval,
                queue: number,
                people_before: usize::from(people_before),
                people_after: usize::from(people_after),
                before,
                after,
            });
        }
        let share = |sum: f64| if offered > 0.0 { sum / offered } else { 1.0 };
        queues.push(Change { before: share(sum_before), after: share(sum_after) });
        all_before += sum_before;
        all_after += sum_after;
    }
    rows.sort_by_key(|row| (row.interval, row.queue));
    let share = |sum: f64| if projection.offered > 0.0 { sum / projection.offered } else { 1.0 };
    (rows, queues, Change { before: share(all_before), after: share(all_after) })
}
