//! The first plan: the piece that would regret waiting most goes first (Potvin & Rousseau 1993, European Journal of
//! Operational Research 66), to where it costs least.

use super::Stop;
use super::state::State;
use super::survey::Ask;

/// The best start of each day.
#[derive(Debug, Clone, Default)]
struct ByDay {
    per_day: usize,
    best: Vec<Option<(usize, f64)>>,
}

impl Ask for ByDay {
    fn below(&mut self, start: usize) -> f64 {
        let best = self.best.get(start / self.per_day.max(1)).copied().flatten();
        best.map_or(f64::INFINITY, |(_, cost)| cost)
    }

    fn told(&mut self, start: usize, cost: f64) {
        if let Some(slot) = self.best.get_mut(start / self.per_day.max(1))
            && slot.is_none_or(|(_, best)| cost < best)
        {
            *slot = Some((start, cost));
        }
    }
}

/// What a day without any place is worth in regret, points: few places left is the strongest reason to go first.
const NO_PLACE: f64 = 1.0;

impl ByDay {
    fn best(&self) -> Option<(usize, f64)> {
        self.best.iter().flatten().copied().min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
    }

    /// How much worse the other days are than the best, summed.
    fn regret(&self) -> f64 {
        let Some((_, least)) = self.best() else { return 0.0 };
        self.best.iter().map(|day| day.map_or(NO_PLACE, |(_, cost)| (cost - least).min(NO_PLACE))).sum()
    }
}

/// Places all that is not placed yet, in the order of regret; stops early when asked to.
pub(crate) fn by_regret(state: &mut State<'_>, stop: &mut Stop<'_>) {
    let problem = state.problem;
    let days = problem.centre.grid.days;
    let mut waiting: Vec<usize> = (0..problem.pieces.len())
        .filter(|piece| state.places.get(*piece).is_some_and(Option::is_none))
        .collect();
    let mut costs: Vec<ByDay> = Vec::new();
    for piece in &waiting {
        if stop() {
            return;
        }
        costs.push(survey(state, *piece, days));
    }
    while !waiting.is_empty() && !stop() {
        let urgency = |at: usize| {
            let priority = waiting
                .get(at)
                .and_then(|piece| problem.pieces.get(*piece))
                .map_or(0, |piece| piece.priority);
            (priority, costs.get(at).map_or(0.0, ByDay::regret))
        };
        // The first among equals, so that the order of sessions decides and nothing else does.
        let Some(at) = (0..waiting.len()).max_by(|a, b| {
            let ((low, less), (high, more)) = (urgency(*a), urgency(*b));
            low.cmp(&high).then(less.total_cmp(&more)).then(b.cmp(a))
        }) else {
            return;
        };
        let piece = waiting.swap_remove(at);
        let cost = costs.swap_remove(at);
        let Some(place) = cost.best().and_then(|(start, _)| state.arranged(piece, start)) else { continue };
        let (start, length) = (place.start, problem.pieces.get(piece).map_or(0, |piece| piece.length));
        state.put(piece, place);
        state.forget();
        for (other, cost) in waiting.iter().zip(&mut costs) {
            let longer = problem.pieces.get(*other).map_or(0, |piece| piece.length);
            let touched =
                cost.best.iter().flatten().any(|(best, _)| *best < start + length && start < *best + longer);
            if touched || related(state, piece, *other) {
                *cost = survey(state, *other, days);
            }
        }
    }
}

fn survey(state: &mut State<'_>, piece: usize, days: usize) -> ByDay {
    let mut by_day = ByDay { per_day: state.problem.centre.grid.per_day(), best: vec![None; days] };
    state.survey(piece, &mut by_day);
    by_day
}

/// Whether placing `placed` may change where `other` can be: they share people, a room or a topic.
fn related(state: &State<'_>, placed: usize, other: usize) -> bool {
    let problem = state.problem;
    let (Some(a), Some(b)) = (problem.pieces.get(placed), problem.pieces.get(other)) else { return false };
    let Some(Some(place)) = state.places.get(placed) else { return false };
    let named =
        |person: &u32| b.people.contains(person) || b.from.contains(person) || b.trainers.contains(person);
    a.room.is_some() && a.room == b.room
        || a.topic.is_some() && a.topic == b.topic
        || place.people.iter().chain(&place.trainers).any(named)
}
