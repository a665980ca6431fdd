//! What the placed pieces cost at the very least, however they were placed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::state::State;
use crate::problem::{Bits, Problem};
use crate::projection::BARRIER;

/// The larger of two bounds on the harm of a plan in which the pieces `placed` have a place.
///
/// *Alone*: each piece at its best place with nothing else there. Prices rise with each person taken, so together
/// pieces never cost less than the sum. *Pooled*: as many intervals of people as the pieces take, each taken where
/// they cost least by anybody, within the hours in which any piece can be at all.
pub(crate) fn bound(problem: &Problem, placed: impl Fn(usize) -> bool) -> f64 {
    let mut state = State::empty(problem);
    let mut reached = Bits::none(problem.intervals);
    let (mut alone, mut taken) = (0.0, 0);
    for number in (0..problem.pieces.len()).filter(|number| placed(*number)) {
        let (least, people, length) = piece_alone(&mut state, number, &mut reached);
        state.forget();
        alone += least;
        taken += people * length;
    }
    alone.max(pooled(problem, &reached, taken))
}

/// What a piece costs alone at least, how many people it takes off the phones at least, and its length.
fn piece_alone(state: &mut State<'_>, number: usize, reached: &mut Bits) -> (f64, usize, usize) {
    let problem = state.problem;
    let Some(piece) = problem.pieces.get(number) else { return (0.0, 0, 0) };
    let on_phones =
        |people: &[u32]| people.iter().filter(|person| problem.projection.group(**person).is_some()).count();
    if let Some(earlier) = piece.earlier.as_ref().filter(|_| piece.held) {
        let start = earlier.span.start;
        reached.add(start, start + piece.length);
        let people: Vec<u32> =
            earlier.people.iter().chain(&earlier.trainers).map(|person| *person as u32).collect();
        let mut vector = 0;
        for group in people.iter().filter_map(|person| problem.projection.group(*person)) {
            vector = state.vectors.with(vector, group);
        }
        // Without barriers: what is held may stand below a floor.
        return (state.cost_alone(start, piece.length, vector) % BARRIER, on_phones(&people), piece.length);
    }
    let hands = state.hands(piece);
    let mut least = f64::INFINITY;
    for start in hands.starts.iter() {
        reached.add(start, start + piece.length);
        let trainers = if hands.everybody_leads { 0 } else { piece.leading };
        let mut cost = 0.0;
        for interval in start..start + piece.length {
            cost += state.cost(interval, hands.fixed);
            for (list, size) in [(&hands.trainers, trainers), (&hands.members, piece.size)] {
                let there = state.there(list, start, &[]);
                let mut vector = 0;
                cost += match state.pick(&there, (interval, 1), size, &mut vector, f64::INFINITY) {
                    Some(_) => state.cost(interval, vector),
                    None => f64::INFINITY,
                };
            }
            if cost >= least {
                break;
            }
        }
        least = least.min(cost);
    }
    let must = on_phones(&piece.people) + if hands.everybody_leads { on_phones(&piece.trainers) } else { 0 };
    let of_choice = |list: &[u32], size: usize| size.saturating_sub(list.len() - on_phones(list));
    let leading = if hands.everybody_leads { 0 } else { of_choice(&piece.trainers, piece.leading) };
    let people = must + leading + of_choice(&piece.from, piece.size);
    (if least.is_finite() { least } else { 0.0 }, people, piece.length)
}

/// The cheapest way to take so many intervals of people, whoever they are.
fn pooled(problem: &Problem, reached: &Bits, taken: usize) -> f64 {
    let projection = &problem.projection;
    let queues = problem.centre.queues.len();
    let cheapest = |interval: usize, manned: &[u16]| {
        let there = (0..queues).filter(|queue| manned.get(*queue).is_some_and(|people| *people > 0));
        there
            .map(|queue| {
                let people = manned.get(queue).copied().map_or(0, usize::from);
                (projection.loss(interval, queue, people), queue)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
    };
    // Losses are never negative, so their bits order them.
    let mut heap = BinaryHeap::new();
    let mut manned: Vec<Vec<u16>> = projection.base.iter().map(|cover| cover.manned.clone()).collect();
    for interval in reached.iter() {
        if let Some((loss, queue)) = manned.get(interval).and_then(|manned| cheapest(interval, manned)) {
            heap.push(Reverse((loss.to_bits(), interval, queue)));
        }
    }
    let mut sum = 0.0;
    for _ in 0..taken {
        let Some(Reverse((loss, interval, queue))) = heap.pop() else { break };
        let loss = f64::from_bits(loss);
        if loss >= BARRIER {
            break;
        }
        sum += loss;
        let Some(manned) = manned.get_mut(interval) else { break };
        if let Some(people) = manned.get_mut(queue) {
            *people = people.saturating_sub(1);
        }
        if let Some((loss, queue)) = cheapest(interval, manned) {
            heap.push(Reverse((loss.to_bits(), interval, queue)));
        }
    }
    sum
}
