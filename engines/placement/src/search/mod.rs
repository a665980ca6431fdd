//! Looking for a plan: greedy first, then improved for as many steps as there are.

mod anneal;
mod bound;
mod greedy;
mod reason;
mod state;
mod survey;
mod vectors;

use rand::SeedableRng;
use rand::seq::{IteratorRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

pub(crate) use anneal::{improve, total};
pub(crate) use bound::bound;
pub(crate) use reason::why;
pub(crate) use state::{Place, State};
use survey::Ask;

/// Asked now and then whether to stop; the best plan so far is kept then.
pub(crate) type Stop<'s> = dyn FnMut() -> bool + 's;

/// The greedy plan: what was placed before where it still can be, then everything else by regret.
pub(crate) fn greedy(state: &mut State<'_>, stop: &mut Stop<'_>) {
    let problem = state.problem;
    for (number, piece) in problem.pieces.iter().enumerate() {
        if let Some(earlier) = piece.earlier.as_ref().filter(|_| !piece.held)
            && let Some(place) = state.arranged(number, earlier.span.start)
        {
            state.put(number, place);
        }
    }
    greedy::by_regret(state, stop);
}

/// All starts that are possible.
#[derive(Default)]
struct Possible(Vec<usize>);

impl Ask for Possible {
    fn below(&mut self, _: usize) -> f64 {
        f64::INFINITY
    }

    fn told(&mut self, start: usize, _: f64) {
        self.0.push(start);
    }
}

/// Pieces in any order, each at any start where it can be.
pub(crate) fn at_random(state: &mut State<'_>, seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut pieces: Vec<usize> = (0..state.problem.pieces.len()).collect();
    pieces.retain(|piece| state.places.get(*piece).is_some_and(Option::is_none));
    pieces.shuffle(&mut random);
    for piece in pieces {
        let mut possible = Possible::default();
        state.survey(piece, &mut possible);
        let start = possible.0.into_iter().choose(&mut random);
        if let Some(place) = start.and_then(|start| state.arranged(piece, start)) {
            state.put(piece, place);
        }
    }
}
