//! Improvement: take out a few pieces that are near each other, put them back one after the other where each
//! costs least given all others, and keep the result by simulated annealing (ruin and recreate: Schrimpf et al.
//! 2000, Journal of Computational Physics 159; Christiaens & Vanden Berghe 2020, Transportation Science 54).
//!
//! The temperature depends on the number of the step alone, never on how many are to come: more steps continue
//! the same walk, and the best plan met can only get better.

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Stop;
use super::state::{Place, State};
use super::survey::Ask;

/// Points that a piece without a place counts, times its priority: more than any plan can lose.
const UNPLACED: f64 = 1e4;
/// Steps of the first cooling; each further one is twice as long.
const CYCLE: u64 = 2_000;
/// How far one cooling goes.
const COOLING: f64 = 1e-3;
/// Most pieces taken out in one step.
const RUIN_MAX: usize = 6;
/// How often the best start is passed over, so that the same pieces do not always go back to the same places.
const PASSED_OVER: f64 = 0.02;
/// Most unplaced pieces that are tried in one step.
const TRIED_MAX: usize = 4;

/// The best start.
struct Best {
    found: Option<usize>,
    cost: f64,
}

impl Default for Best {
    fn default() -> Self {
        Self { found: None, cost: f64::INFINITY }
    }
}

impl Ask for Best {
    fn below(&mut self, _: usize) -> f64 {
        self.cost
    }

    fn told(&mut self, start: usize, cost: f64) {
        if cost < self.cost {
            (self.found, self.cost) = (Some(start), cost);
        }
    }
}

/// The best start, now and then passed over.
struct Blinking<'r> {
    random: &'r mut ChaCha8Rng,
    best: Best,
}

impl Ask for Blinking<'_> {
    fn below(&mut self, start: usize) -> f64 {
        self.best.below(start)
    }

    fn told(&mut self, start: usize, cost: f64) {
        if !self.random.random_bool(PASSED_OVER) {
            self.best.told(start, cost);
        }
    }
}

/// Improves a plan for up to `steps` steps; returns how many were taken. The state holds the best plan then.
pub(crate) fn improve(state: &mut State<'_>, steps: u64, seed: u64, stop: &mut Stop<'_>) -> u64 {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let movable: Vec<usize> =
        state.problem.pieces.iter().enumerate().filter(|(_, piece)| !piece.held).map(|(at, _)| at).collect();
    if movable.is_empty() {
        return 0;
    }
    let mut now = total(state);
    let mut best = (now, state.places.clone());
    let hot = (state.harm() / movable.len() as f64).max(1e-6);
    let (mut cycle, mut in_cycle, mut taken) = (CYCLE, 0, 0);
    while taken < steps && !stop() {
        taken += 1;
        state.forget();
        let temperature = hot * COOLING.powf(in_cycle as f64 / cycle as f64);
        in_cycle += 1;
        if in_cycle == cycle {
            (cycle, in_cycle) = (cycle.saturating_mul(2), 0);
        }
        let mut old = ruin(state, &movable, &mut random);
        recreate(state, &movable, &mut old, &mut random);
        let new = total(state);
        let accepted = new <= now - temperature * random.random::<f64>().max(f64::MIN_POSITIVE).ln();
        if accepted {
            now = new;
            if new < best.0 - 1e-12 {
                if fill(state, &movable) {
                    now = total(state);
                }
                best = (now, state.places.clone());
            }
        } else {
            restore(state, old);
        }
    }
    for piece in &movable {
        state.take(*piece);
    }
    for piece in movable {
        if let Some(Some(place)) = best.1.get_mut(piece).map(Option::take) {
            state.put(piece, place);
        }
    }
    taken
}

/// Gives every piece without a place one if there is any, so that what is told of the rest is true.
fn fill(state: &mut State<'_>, movable: &[usize]) -> bool {
    let mut filled = false;
    for piece in movable {
        if state.places.get(*piece).is_some_and(Option::is_none) {
            let mut ask = Best::default();
            let hands = state.survey(*piece, &mut ask);
            if let Some(place) =
                ask.found.zip(hands).and_then(|(at, hands)| state.settled(*piece, at, &hands))
            {
                state.put(*piece, place);
                filled = true;
            }
        }
    }
    filled
}

/// What is minimised: harm, wishes, and what has no place.
pub(crate) fn total(state: &State<'_>) -> f64 {
    let pieces = state.problem.pieces.iter().zip(&state.places);
    let rest: f64 = pieces
        .map(|(piece, place)| match place {
            Some(place) => state.wish(piece, place.start),
            None => UNPLACED * f64::from(piece.priority),
        })
        .sum();
    state.harm() + rest
}

/// Takes out some pieces near each other, and says where they were.
fn ruin(state: &mut State<'_>, movable: &[usize], random: &mut ChaCha8Rng) -> Vec<(usize, Option<Place>)> {
    let Some(&first) = movable.choose(random) else { return Vec::new() };
    let mut near: Vec<usize> = match random.random_range(0..10) {
        0..4 => Vec::new(),
        4..8 => near_in_time(state, first, movable),
        _ => with_same_people(state, first),
    };
    near.retain(|piece| *piece != first && state.problem.pieces.get(*piece).is_some_and(|piece| !piece.held));
    near.shuffle(random);
    near.truncate(random.random_range(1..RUIN_MAX));
    near.push(first);
    near.into_iter().map(|piece| (piece, state.take(piece))).collect()
}

/// Pieces that are in the same hours as this one.
fn near_in_time(state: &State<'_>, piece: usize, movable: &[usize]) -> Vec<usize> {
    let start = |piece: usize| state.places.get(piece).and_then(Option::as_ref).map(|place| place.start);
    let Some(here) = start(piece) else { return Vec::new() };
    let hours = state.problem.centre.grid.per_day() / 12;
    movable
        .iter()
        .copied()
        .filter(|other| start(*other).is_some_and(|there| there.abs_diff(here) <= hours))
        .collect()
}

/// Pieces in the diaries of those who are or may be in this one.
fn with_same_people(state: &State<'_>, piece: usize) -> Vec<usize> {
    let Some(piece) = state.problem.pieces.get(piece) else { return Vec::new() };
    let named = piece.people.iter().chain(&piece.from).chain(&piece.trainers);
    let mut found: Vec<usize> = named
        .filter_map(|person| state.diaries.get(*person as usize))
        .flat_map(|diary| diary.iter().map(|entry| entry.piece))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Puts pieces back one by one, in an order by chance; some that had no place before are tried too, and join `old`.
fn recreate(
    state: &mut State<'_>,
    movable: &[usize],
    old: &mut Vec<(usize, Option<Place>)>,
    random: &mut ChaCha8Rng,
) {
    let mut order: Vec<usize> = old.iter().map(|(piece, _)| *piece).collect();
    let open = |piece: &usize| state.places.get(*piece).is_some_and(Option::is_none);
    let mut unplaced: Vec<usize> =
        movable.iter().copied().filter(|piece| open(piece) && !order.contains(piece)).collect();
    unplaced.shuffle(random);
    unplaced.truncate(TRIED_MAX);
    old.extend(unplaced.iter().map(|piece| (*piece, None)));
    order.extend(unplaced);
    order.shuffle(random);
    if random.random_bool(0.5) {
        let needs = |piece: &usize| {
            let piece = state.problem.pieces.get(*piece);
            piece.map_or((0, 0), |piece| (piece.priority, piece.length * (piece.people.len() + piece.size)))
        };
        order.sort_by_key(|piece| std::cmp::Reverse(needs(piece)));
    }
    for piece in order {
        let mut ask = Blinking { random, best: Best::default() };
        let hands = state.survey(piece, &mut ask);
        let place = ask.best.found.zip(hands).and_then(|(start, hands)| state.settled(piece, start, &hands));
        if let Some(place) = place {
            state.put(piece, place);
        }
    }
}

/// Puts everything back as it was.
fn restore(state: &mut State<'_>, old: Vec<(usize, Option<Place>)>) {
    for (piece, _) in &old {
        state.take(*piece);
    }
    for (piece, place) in old {
        if let Some(place) = place {
            state.put(piece, place);
        }
    }
}
