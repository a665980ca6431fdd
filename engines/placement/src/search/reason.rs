//! Why a piece has no place: the first rule, in a fixed order, that leaves none of its starts.

use super::state::State;
use super::survey::Hands;
use crate::plan::{Reason, Shortage};
use crate::problem::{Bits, Piece};
use crate::projection::BARRIER;

/// Most names in one reason; more help nobody.
const NAMES_MAX: usize = 5;

/// Why a piece that is not placed cannot be, with the rest of the plan as it is.
pub(crate) fn why(state: &mut State<'_>, number: usize) -> Reason {
    let problem = state.problem;
    let Some(piece) = problem.pieces.get(number) else { return Reason::Stopped };
    if piece.window.is_empty() {
        return Reason::Window;
    }
    if let Err(short) = someone_short(state, piece, true) {
        return Reason::Roster(short);
    }
    let starts = match someone_short(state, piece, false) {
        Err(short) => return Reason::Taken(short),
        Ok(starts) => starts,
    };
    let mut with_room = state.room_starts(piece);
    with_room.keep(&starts);
    if with_room.is_empty() {
        return Reason::Room { start: starts.iter().next().unwrap_or(0) };
    }
    let most = problem.centre.sessions.get(piece.session).and_then(|session| session.max_harm_points);
    expensive(state, piece, &with_room, most.is_some())
}

/// The starts at which everybody needed can come; or, where there is none, the one at which fewest are short.
/// `by_roster` looks at shifts, breaks and fixed activities alone.
fn someone_short(state: &State<'_>, piece: &Piece, by_roster: bool) -> Result<Bits, Shortage> {
    let problem = state.problem;
    let mut one = Bits::none(problem.intervals);
    let mut starts = |list: &[u32], leading: bool| -> Vec<(u32, Bits)> {
        let each = list.iter().map(|person| {
            if by_roster {
                state.roster_starts(piece, *person, &mut one);
            } else {
                state.starts(piece, *person, leading, &mut one);
            }
            (*person, one.clone())
        });
        each.collect()
    };
    let everybody_leads = piece.leading == piece.trainers.len();
    let mut must = starts(&piece.people, false);
    let trainers = starts(&piece.trainers, true);
    let members = starts(&piece.from, false);
    let mut choice = Vec::new();
    if everybody_leads {
        must.extend(trainers);
    } else {
        choice = trainers;
    }
    let mut found = Bits::none(problem.intervals);
    let mut least: Option<(usize, Shortage)> = None;
    for start in piece.window.iter() {
        let can = |list: &[(u32, Bits)]| list.iter().filter(|(_, bits)| bits.has(start)).count();
        let leads = |person: &u32| must.iter().any(|(other, _)| other == person);
        let free = members.iter().filter(|(person, bits)| bits.has(start) && !leads(person)).count();
        let missing: Vec<u32> =
            must.iter().filter(|(_, bits)| !bits.has(start)).map(|(who, _)| *who).collect();
        let trainers = if everybody_leads { 0 } else { piece.leading.saturating_sub(can(&choice)) };
        let short = missing.len() + trainers + piece.size.saturating_sub(free);
        if short == 0 {
            found.add(start, start + 1);
        } else if least.as_ref().is_none_or(|(least, _)| short < *least) {
            let people = problem.callers(missing.get(..NAMES_MAX.min(missing.len())).unwrap_or(&[]));
            let group = piece.size.saturating_sub(free);
            least = Some((short, Shortage { start, short, people, group, trainers }));
        }
    }
    match least {
        Some((_, short)) if found.is_empty() => Err(short),
        _ => Ok(found),
    }
}

/// Everybody could come, but it would cost too much: more than the session may, or a floor.
fn expensive(state: &mut State<'_>, piece: &Piece, starts: &Bits, limited: bool) -> Reason {
    let hands = state.hands(piece);
    let mut least_points: Option<(f64, usize)> = None;
    let mut least_short: Option<(usize, Reason)> = None;
    for start in starts.iter() {
        let vector = any_vector(state, piece, &hands, start);
        let cost = state.cost_alone(start, piece.length, vector);
        if limited && cost < BARRIER && least_points.is_none_or(|(least, _)| cost < least) {
            least_points = Some((cost, start));
        }
        if let Some((short, reason)) = at_floor(state, piece, start, vector)
            && least_short.as_ref().is_none_or(|(least, _)| short < *least)
        {
            least_short = Some((short, reason));
        }
    }
    match (least_points, least_short) {
        (Some((points, start)), _) => Reason::Harm { start, points },
        (None, Some((_, reason))) => reason,
        // Every choice of people was possible alone, but not trainers and group together.
        (None, None) => Reason::Taken(Shortage {
            start: starts.iter().next().unwrap_or(0),
            short: 1,
            people: Vec::new(),
            group: piece.size.min(1),
            trainers: 0,
        }),
    }
}

/// Who might come at a start, as a vector: the first who can.
fn any_vector(state: &mut State<'_>, piece: &Piece, hands: &Hands, start: usize) -> u32 {
    let mut vector = hands.fixed;
    let leading = if hands.everybody_leads { 0 } else { piece.leading };
    for (list, size) in [(&hands.trainers, leading), (&hands.members, piece.size)] {
        let there = state.there(list, start, &[]);
        let mut left = size;
        // Whoever is never on the phones first.
        for (group, count) in there.iter().enumerate().rev() {
            for _ in 0..(*count).min(left) {
                left -= 1;
                if group < state.problem.projection.groups.len() {
                    vector = state.vectors.with(vector, group);
                }
            }
        }
    }
    vector
}

/// How many leave a queue below its floor at this start, and the interval where it is worst.
fn at_floor(state: &mut State<'_>, piece: &Piece, start: usize, vector: u32) -> Option<(usize, Reason)> {
    let projection = &state.problem.projection;
    let (mut all, mut worst) = (0, None);
    for interval in start..start + piece.length {
        let Some(mut cover) = state.covers().get(interval).cloned() else { continue };
        let (mut short, mut queue) = (0, None);
        for (group, people) in state.vectors.counts(vector) {
            for _ in 0..people {
                let at = projection.at_floor(interval, &cover, group);
                if cover.leave(projection, interval, group) >= BARRIER {
                    short += 1;
                    queue = queue.or(at);
                }
            }
        }
        all += short;
        if let Some(queue) = queue
            && worst.as_ref().is_none_or(|(most, _)| short > *most)
        {
            worst = Some((short, Reason::Floor { interval, queue, short }));
        }
    }
    worst.map(|(_, reason)| (all, reason))
}
