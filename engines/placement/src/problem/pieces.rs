//! Sessions as pieces: what is placed at once. A session for each on their own is a piece for everybody and part.

use std::collections::HashMap;

use super::Bits;
use crate::error::PlacementError as Error;
use crate::limits::PIECES_MAX;
use crate::model::{Attendance, Centre, Placement, Session};

/// What is placed at once.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) session: usize,
    pub(crate) part: usize,
    pub(crate) length: usize,
    /// Who must attend.
    pub(crate) people: Vec<u32>,
    /// Who may be chosen to attend, and how many are.
    pub(crate) from: Vec<u32>,
    pub(crate) size: usize,
    /// Who may lead, and how many do.
    pub(crate) trainers: Vec<u32>,
    pub(crate) leading: usize,
    pub(crate) gap: usize,
    pub(crate) edge: usize,
    pub(crate) room: Option<usize>,
    pub(crate) topic: Option<u32>,
    /// When it may start, by its window alone.
    pub(crate) window: Bits,
    pub(crate) priority: u8,
    /// Where it was before.
    pub(crate) earlier: Option<Placement>,
    /// It stays there.
    pub(crate) held: bool,
}

/// All pieces of a centre.
pub(super) fn pieces(centre: &Centre) -> Result<Vec<Piece>, Error> {
    let mut topics: HashMap<&str, u32> = HashMap::new();
    let mut pieces = Vec::new();
    for (number, session) in centre.sessions.iter().enumerate() {
        let fresh = topics.len() as u32;
        let topic = session.topic.as_deref().map(|topic| *topics.entry(topic).or_insert(fresh));
        of_session(centre, number, session, topic, &mut pieces);
        if pieces.len() > PIECES_MAX {
            let what = "the number of pieces (a session for each on their own is one a person and part)";
            return Err(Error::Count {
                what: what.to_owned(),
                value: pieces.len(),
                low: 0,
                high: PIECES_MAX,
            });
        }
    }
    for earlier in &centre.earlier {
        let placement = &earlier.placement;
        let name = centre.sessions.get(placement.session).map(|session| session.name.clone());
        let refused = |why: &str| Error::Earlier {
            session: name.clone().unwrap_or_else(|| format!("number {}", placement.session)),
            why: why.to_owned(),
        };
        let piece = pieces
            .iter_mut()
            .find(|piece| belongs(piece, placement))
            .ok_or_else(|| refused("no such session and part, or other people"))?;
        if piece.earlier.is_some() {
            return Err(refused("it is placed twice"));
        }
        let horizon = centre.grid.intervals();
        if placement.span.end > horizon
            || placement.span.end.checked_sub(placement.span.start) != Some(piece.length)
        {
            return Err(refused("its time is not as long as the session, or leaves the plan"));
        }
        if placement.people.iter().chain(&placement.trainers).any(|person| *person >= centre.people.len()) {
            return Err(refused("somebody is not in the roster"));
        }
        let whole = placement.people.len() == piece.people.len() + piece.size
            && placement.trainers.len() == piece.leading;
        if earlier.held && !whole {
            return Err(refused("what is held needs all its people and trainers"));
        }
        piece.earlier = Some(placement.clone());
        piece.held = earlier.held;
    }
    Ok(pieces)
}

/// Whether this is the earlier place of the piece: the same session and part, and for each on their own the same
/// person.
fn belongs(piece: &Piece, placement: &Placement) -> bool {
    let alone = piece.size == 0 && piece.people.len() == 1;
    let same = || placement.people.first().copied() == piece.people.first().map(|person| *person as usize);
    piece.session == placement.session && piece.part == placement.part && (!alone || same())
}

fn of_session(centre: &Centre, number: usize, session: &Session, topic: Option<u32>, out: &mut Vec<Piece>) {
    let ids = |people: &[usize]| people.iter().map(|person| *person as u32).collect::<Vec<u32>>();
    let piece = |part: usize, length: usize, people: Vec<u32>, from: Vec<u32>, size: usize| Piece {
        session: number,
        part,
        length,
        people,
        from,
        size,
        trainers: ids(&session.trainers.from),
        leading: session.trainers.count,
        gap: session.gap,
        edge: session.edge,
        room: session.room,
        topic,
        window: window(centre, session, length),
        priority: session.priority,
        earlier: None,
        held: false,
    };
    match &session.attendance {
        Attendance::All(people) => out.push(piece(0, session.length, ids(people), Vec::new(), 0)),
        Attendance::Group { from, size } => {
            out.push(piece(0, session.length, Vec::new(), ids(from), *size));
        }
        Attendance::Each(people) => {
            let part = session.part.unwrap_or(session.length);
            for person in people {
                for (index, start) in (0..session.length).step_by(part.max(1)).enumerate() {
                    if out.len() > PIECES_MAX {
                        return;
                    }
                    let length = part.min(session.length - start);
                    out.push(piece(index, length, vec![*person as u32], Vec::new(), 0));
                }
            }
        }
    }
}

/// When a piece of a session may start by its window.
fn window(centre: &Centre, session: &Session, length: usize) -> Bits {
    let (per_day, intervals) = (centre.grid.per_day(), centre.grid.intervals());
    let mut bits = Bits::none(intervals);
    for day in 0..centre.grid.days {
        if session.window.days.is_empty() || session.window.days.contains(&day) {
            let midnight = day * per_day;
            match session.window.hours {
                Some(hours) => bits.add(midnight + hours.start, midnight + hours.end),
                // Without hours a session of the night may run into the next day.
                None => bits.add(midnight, (midnight + per_day + length - 1).min(intervals)),
            }
        }
    }
    let span = session.window.span;
    bits.remove(0, span.start);
    bits.remove(span.end, intervals);
    bits.keep_starts(length);
    if session.window.hours.is_none() && !session.window.days.is_empty() {
        for day in (0..centre.grid.days).filter(|day| !session.window.days.contains(day)) {
            bits.remove(day * per_day, (day + 1) * per_day);
        }
    }
    bits
}
