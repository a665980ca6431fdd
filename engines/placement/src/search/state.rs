//! A plan in the making: who is where, what each interval has left, and what that costs.

use super::vectors::Vectors;
use crate::limits::{MEMO_MAX, VECTORS_MAX};
use crate::problem::{Bits, Piece, Problem};
use crate::projection::{BARRIER, Cover};

/// Where a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) people: Vec<u32>,
    pub(crate) trainers: Vec<u32>,
}

/// Something in the diary of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) piece: usize,
    start: usize,
    end: usize,
    gap: usize,
    leading: bool,
}

/// Up to so many people their least cost is known.
const LEAST_MAX: usize = 12;

/// A plan in the making.
#[derive(Debug, Clone)]
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem,
    pub(crate) places: Vec<Option<Place>>,
    pub(crate) diaries: Vec<Vec<Entry>>,
    /// Sessions in each room in each interval.
    rooms: Vec<Vec<u16>>,
    covers: Vec<Cover>,
    harms: Vec<f64>,
    /// What taking 0, 1, 2 … people out of an interval costs at least, whoever they are.
    least: Vec<[f64; LEAST_MAX + 1]>,
    pub(crate) vectors: Vectors,
    /// What taking a vector of people out of an interval costs now; not a number where it was not asked.
    memo: Vec<Vec<f64>>,
    remembered: usize,
    scratch: Cover,
}

impl<'p> State<'p> {
    /// With nothing placed.
    pub(crate) fn empty(problem: &'p Problem) -> Self {
        Self {
            problem,
            places: vec![None; problem.pieces.len()],
            diaries: vec![Vec::new(); problem.centre.people.len()],
            rooms: vec![vec![0; problem.intervals]; problem.centre.rooms.len()],
            covers: problem.projection.base.clone(),
            harms: vec![0.0; problem.intervals],
            least: problem
                .projection
                .base
                .iter()
                .enumerate()
                .map(|(at, cover)| least(problem, at, cover))
                .collect(),
            vectors: Vectors::new(problem.projection.groups.len()),
            memo: vec![Vec::new(); problem.intervals],
            remembered: 0,
            scratch: Cover::default(),
        }
    }

    /// With nothing placed but what is held. The error names the piece that is held where its people cannot be.
    pub(crate) fn new(problem: &'p Problem) -> Result<Self, usize> {
        let mut state = Self::empty(problem);
        for (number, piece) in problem.pieces.iter().enumerate() {
            if let Some(earlier) = piece.earlier.as_ref().filter(|_| piece.held) {
                let ids = |list: &[usize]| list.iter().map(|person| *person as u32).collect::<Vec<u32>>();
                let place = Place {
                    start: earlier.span.start,
                    people: ids(&earlier.people),
                    trainers: ids(&earlier.trainers),
                };
                let mut free = place.people.iter().chain(&place.trainers);
                if !free.all(|person| state.free(*person, place.start, piece.length)) {
                    return Err(number);
                }
                state.put(number, place);
            }
        }
        Ok(state)
    }

    /// Whether a person is on the phones all that time and has nothing in the diary.
    fn free(&self, person: u32, start: usize, length: usize) -> bool {
        let open = self.problem.open(0, person);
        let clear = |entry: &Entry| entry.end <= start || start + length <= entry.start;
        open.is_some_and(|open| (start..start + length).all(|interval| open.has(interval)))
            && self.diaries.get(person as usize).is_some_and(|diary| diary.iter().all(clear))
    }

    /// Points of the plan that all that is placed costs, by the prices of [`crate::projection`].
    pub(crate) fn harm(&self) -> f64 {
        self.harms.iter().sum()
    }

    pub(crate) fn covers(&self) -> &[Cover] {
        &self.covers
    }

    /// What time and change of a piece cost, whatever the phones.
    pub(crate) fn wish(&self, piece: &Piece, start: usize) -> f64 {
        let rules = &self.problem.centre.rules;
        let days = |intervals: usize| intervals as f64 / self.problem.centre.grid.per_day() as f64;
        let Some(session) = self.problem.centre.sessions.get(piece.session) else { return 0.0 };
        let late = session.due.map_or(0, |due| (start + piece.length).saturating_sub(due));
        let moved = piece.earlier.as_ref().is_some_and(|earlier| earlier.span.start != start);
        let waits = start.saturating_sub(session.window.span.start);
        rules.late_points_per_day * late.div_ceil(self.problem.centre.grid.per_day()) as f64
            + rules.early_points_per_day * days(waits)
            + if moved { rules.move_points } else { 0.0 }
    }

    /// Puts a piece somewhere; the caller has made sure that it may be there.
    pub(crate) fn put(&mut self, number: usize, place: Place) {
        let Some(piece) = self.problem.pieces.get(number) else { return };
        let end = place.start + piece.length;
        for (list, leading) in [(&place.people, false), (&place.trainers, true)] {
            for person in list {
                let entry = Entry { piece: number, start: place.start, end, gap: piece.gap, leading };
                if let Some(diary) = self.diaries.get_mut(*person as usize) {
                    diary.push(entry);
                }
            }
        }
        self.change(piece, &place, true);
        if let Some(slot) = self.places.get_mut(number) {
            *slot = Some(place);
        }
    }

    /// Takes a piece out and returns where it was.
    pub(crate) fn take(&mut self, number: usize) -> Option<Place> {
        let place = self.places.get_mut(number)?.take()?;
        for person in place.people.iter().chain(&place.trainers) {
            if let Some(diary) = self.diaries.get_mut(*person as usize) {
                diary.retain(|entry| entry.piece != number);
            }
        }
        if let Some(piece) = self.problem.pieces.get(number) {
            self.change(piece, &place, false);
        }
        Some(place)
    }

    /// Rooms and phones of all intervals of a place.
    fn change(&mut self, piece: &Piece, place: &Place, leaves: bool) {
        let projection = &self.problem.projection;
        for interval in place.start..place.start + piece.length {
            if let Some(used) =
                piece.room.and_then(|room| self.rooms.get_mut(room)).and_then(|room| room.get_mut(interval))
            {
                *used = if leaves { used.saturating_add(1) } else { used.saturating_sub(1) };
            }
            let Some(cover) = self.covers.get_mut(interval) else { continue };
            let everybody = place.people.iter().chain(&place.trainers);
            for group in everybody.filter_map(|person| projection.group(*person)) {
                if leaves {
                    cover.leave(projection, interval, group);
                } else {
                    cover.join(projection, interval, group);
                }
            }
            if let Some(harm) = self.harms.get_mut(interval) {
                *harm = projection.harm(interval, cover);
            }
            if let Some(slot) = self.least.get_mut(interval) {
                *slot = least(self.problem, interval, cover);
            }
            if let Some(row) = self.memo.get_mut(interval) {
                self.remembered -= row.len();
                row.clear();
            }
        }
    }

    /// What taking `vector` out of an interval costs on top of all that is placed; more than [`BARRIER`] where a
    /// queue would go below its floor.
    pub(crate) fn cost(&mut self, interval: usize, vector: u32) -> f64 {
        let at = vector as usize;
        if let Some(known) = self.memo.get(interval).and_then(|row| row.get(at)).filter(|cost| !cost.is_nan())
        {
            return *known;
        }
        let Some(cover) = self.covers.get(interval) else { return f64::INFINITY };
        self.scratch.copy_from(cover);
        let mut cost = 0.0;
        for (group, people) in self.vectors.counts(vector) {
            for _ in 0..people {
                cost += self.scratch.leave(&self.problem.projection, interval, group);
            }
        }
        if let Some(row) = self.memo.get_mut(interval) {
            if row.len() <= at {
                self.remembered += at + 1 - row.len();
                row.resize(at + 1, f64::NAN);
            }
            if let Some(slot) = row.get_mut(at) {
                *slot = cost;
            }
        }
        cost
    }

    /// What taking `vector` out of all intervals of a span costs; infinite as soon as it is `cutoff` or more.
    pub(crate) fn cost_of(&mut self, start: usize, length: usize, vector: u32, cutoff: f64) -> f64 {
        let mut cost = 0.0;
        for interval in start..start + length {
            cost += self.cost(interval, vector);
            if cost >= cutoff || cost >= BARRIER {
                return f64::INFINITY;
            }
        }
        cost
    }

    /// What taking `vector` out costs with nothing else placed.
    pub(crate) fn cost_alone(&mut self, start: usize, length: usize, vector: u32) -> f64 {
        let projection = &self.problem.projection;
        let mut cost = 0.0;
        for interval in start..start + length {
            let Some(base) = projection.base.get(interval) else { return f64::INFINITY };
            self.scratch.copy_from(base);
            for (group, people) in self.vectors.counts(vector) {
                for _ in 0..people {
                    cost += self.scratch.leave(projection, interval, group);
                }
            }
        }
        cost
    }

    /// What taking so many people out of all intervals of a span costs at least, whoever they are.
    pub(crate) fn least(&self, start: usize, length: usize, people: usize) -> f64 {
        let rows = self.least.get(start..start + length).unwrap_or(&[]);
        rows.iter().map(|row| row.get(people.min(LEAST_MAX)).copied().unwrap_or(0.0)).sum()
    }

    /// Forgets what is remembered of costs when it has grown beyond its limit. Vectors from before are void then.
    pub(crate) fn forget(&mut self) {
        if self.vectors.len() > VECTORS_MAX || self.remembered > MEMO_MAX {
            self.vectors = Vectors::new(self.problem.projection.groups.len());
            self.memo.iter_mut().for_each(Vec::clear);
            self.remembered = 0;
        }
    }

    /// When a piece could start as far as its window and its room go.
    pub(crate) fn room_starts(&self, piece: &Piece) -> Bits {
        let mut starts = piece.window.clone();
        let Some((used, room)) =
            piece.room.and_then(|room| Some((self.rooms.get(room)?, self.problem.centre.rooms.get(room)?)))
        else {
            return starts;
        };
        for (interval, sessions) in used.iter().enumerate() {
            if usize::from(*sessions) >= room.parallel {
                starts.remove((interval + 1).saturating_sub(piece.length), interval + 1);
            }
        }
        starts
    }

    /// When a person could start a piece by shift, breaks and fixed activities alone.
    pub(crate) fn roster_starts(&self, piece: &Piece, person: u32, out: &mut Bits) {
        self.by_roster(piece, person, out);
        out.keep_starts(piece.length);
    }

    /// When a person is there and in no fixed activity, at the distances that a piece keeps.
    fn by_roster(&self, piece: &Piece, person: u32, out: &mut Bits) {
        let Some(open) = self.problem.open(piece.edge, person) else { return };
        out.copy_from(open);
        let Some(one) = self.problem.centre.people.get(person as usize).filter(|_| piece.gap > 0) else {
            return;
        };
        for fixed in &one.fixed {
            out.remove(
                fixed.start.saturating_sub(piece.gap),
                (fixed.end + piece.gap).min(self.problem.intervals),
            );
        }
    }

    /// When a person could start a piece, as attendant or trainer, by shift, breaks, other activities and limits.
    pub(crate) fn starts(&self, piece: &Piece, person: u32, leading: bool, out: &mut Bits) {
        self.by_roster(piece, person, out);
        let horizon = self.problem.intervals;
        let Some(one) = self.problem.centre.people.get(person as usize) else { return };
        let diary = self.diaries.get(person as usize).map_or(&[][..], Vec::as_slice);
        for entry in diary {
            let other = self.problem.pieces.get(entry.piece);
            let same = other.is_some_and(|other| other.session == piece.session);
            if other.is_some_and(|other| other.topic.is_some() && other.topic == piece.topic)
                && !(same || leading || entry.leading)
            {
                out.remove(0, horizon);
                return;
            }
            // Parts of one session may follow each other at once.
            let gap = if same { 0 } else { piece.gap.max(entry.gap) };
            out.remove(entry.start.saturating_sub(gap), (entry.end + gap).min(horizon));
        }
        out.keep_starts(piece.length);
        let limit = if leading { one.leading } else { one.attending };
        if limit.per_day.is_none() && limit.per_week.is_none() {
            return;
        }
        for shift in &one.shifts {
            let day = shift.work.start / self.problem.centre.grid.per_day();
            let used = |same: &dyn Fn(usize) -> bool| {
                let of_kind = diary.iter().filter(|entry| entry.leading == leading);
                let there = of_kind.filter(|entry| same(self.problem.day(person, entry.start)));
                there.map(|entry| entry.end - entry.start).sum::<usize>()
            };
            let full =
                |limit: Option<usize>, used: usize| limit.is_some_and(|most| used + piece.length > most);
            if full(limit.per_day, used(&|other| other == day))
                || full(limit.per_week, used(&|other| other / 7 == day / 7))
            {
                out.remove(shift.work.start, shift.work.end);
            }
        }
    }

    /// Intervals that a person attends or leads so far.
    pub(crate) fn load(&self, person: u32, leading: bool) -> usize {
        let diary = self.diaries.get(person as usize).map_or(&[][..], Vec::as_slice);
        diary.iter().filter(|entry| entry.leading == leading).map(|entry| entry.end - entry.start).sum()
    }
}

/// The sums of the lowest losses of an interval: prices rise, so the next lowest is always at the top of a queue.
fn least(problem: &Problem, interval: usize, cover: &Cover) -> [f64; LEAST_MAX + 1] {
    let projection = &problem.projection;
    let loss = |queue: usize, people: u16| match people {
        0 => f64::INFINITY,
        people => projection.loss(interval, queue, usize::from(people)),
    };
    let mut top: Vec<(f64, u16)> =
        cover.manned.iter().enumerate().map(|(queue, people)| (loss(queue, *people), *people)).collect();
    let mut sums = [0.0; LEAST_MAX + 1];
    let mut sum = 0.0;
    for slot in sums.iter_mut().skip(1) {
        let lowest = top.iter_mut().enumerate().min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0));
        if let Some((queue, (cost, people))) = lowest {
            sum += *cost;
            *people = people.saturating_sub(1);
            *cost = loss(queue, *people);
        }
        *slot = sum;
    }
    sums
}
