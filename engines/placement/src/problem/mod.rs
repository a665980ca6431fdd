//! A centre made ready: people in one order whatever order they came in, sessions as pieces, times as bits.

mod bits;
mod pieces;

use crate::error::PlacementError;
use crate::model::{Attendance, Centre, Earlier, Shift, check};
use crate::projection::{Model, Projection};

pub(crate) use bits::Bits;
pub(crate) use pieces::Piece;

/// Everything that placing needs, checked and computed once. All numbers of people within are positions in
/// `order`, never those of the caller: the plan must not depend on the order in which people are listed.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) centre: Centre,
    /// The caller's number of each person, by name.
    pub(crate) order: Vec<usize>,
    pub(crate) projection: Projection,
    pub(crate) pieces: Vec<Piece>,
    /// For each distance from edges that a session asks for, when each person could attend if nothing else
    /// were placed.
    open: Vec<(usize, Vec<Bits>)>,
    pub(crate) intervals: usize,
}

impl Problem {
    pub(crate) fn new(centre: &Centre, model: &Model<'_>) -> Result<Self, PlacementError> {
        check(centre)?;
        let mut order: Vec<usize> = (0..centre.people.len()).collect();
        order.sort_by(|a, b| name(centre, *a).cmp(name(centre, *b)));
        let centre = reordered(centre, &order);
        let intervals = centre.grid.intervals();
        let free: Vec<Bits> = centre.people.iter().map(|person| free(person, 0, intervals)).collect();
        let mut on_phones = vec![Vec::new(); intervals];
        for (person, free) in free.iter().enumerate() {
            for interval in free.iter() {
                if let Some(present) = on_phones.get_mut(interval) {
                    present.push(person as u32);
                }
            }
        }
        let projection = Projection::new(&centre, &on_phones, model)?;
        let mut edges: Vec<usize> = centre.sessions.iter().map(|session| session.edge).collect();
        edges.push(0);
        edges.sort_unstable();
        edges.dedup();
        let open = edges
            .into_iter()
            .map(|edge| (edge, centre.people.iter().map(|one| self::free(one, edge, intervals)).collect()))
            .collect();
        let pieces = pieces::pieces(&centre)?;
        Ok(Self { centre, order, projection, pieces, open, intervals })
    }

    /// When a person could attend or lead a session that keeps `edge` intervals from shift ends and breaks.
    pub(crate) fn open(&self, edge: usize, person: u32) -> Option<&Bits> {
        let (_, people) = self.open.iter().find(|(kept, _)| *kept == edge)?;
        people.get(person as usize)
    }

    /// The shift of a person in which an interval lies.
    pub(crate) fn shift(&self, person: u32, interval: usize) -> Option<&Shift> {
        let shifts = &self.centre.people.get(person as usize)?.shifts;
        shifts.iter().find(|shift| (shift.work.start..shift.work.end).contains(&interval))
    }

    /// The day to which an interval belongs for a person: that on which the shift starts.
    pub(crate) fn day(&self, person: u32, interval: usize) -> usize {
        self.shift(person, interval).map_or(interval, |shift| shift.work.start) / self.centre.grid.per_day()
    }

    /// Numbers of people as the caller knows them.
    pub(crate) fn callers(&self, people: &[u32]) -> Vec<usize> {
        let mut numbers: Vec<usize> =
            people.iter().filter_map(|person| self.order.get(*person as usize).copied()).collect();
        numbers.sort_unstable();
        numbers
    }
}

fn name(centre: &Centre, person: usize) -> &str {
    centre.people.get(person).map_or("", |person| person.name.as_str())
}

/// When a person is in a shift and not in a break, `edge` intervals away from both, and in no fixed activity.
fn free(person: &crate::model::Person, edge: usize, intervals: usize) -> Bits {
    let mut bits = Bits::none(intervals);
    for shift in &person.shifts {
        bits.add(shift.work.start + edge, shift.work.end.saturating_sub(edge).max(shift.work.start + edge));
        for pause in &shift.breaks {
            bits.remove(pause.start.saturating_sub(edge), (pause.end + edge).min(intervals));
        }
    }
    for fixed in &person.fixed {
        bits.remove(fixed.start, fixed.end);
    }
    bits
}

/// The same centre with its people in the given order.
fn reordered(centre: &Centre, order: &[usize]) -> Centre {
    let mut position = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = position.get_mut(*old) {
            *slot = new;
        }
    }
    let renumber = |list: &mut Vec<usize>| {
        for person in list.iter_mut() {
            *person = position.get(*person).copied().unwrap_or(usize::MAX);
        }
        list.sort_unstable();
    };
    let mut centre = Centre {
        people: order.iter().filter_map(|person| centre.people.get(*person).cloned()).collect(),
        ..centre.clone()
    };
    for session in &mut centre.sessions {
        match &mut session.attendance {
            Attendance::All(people) | Attendance::Each(people) | Attendance::Group { from: people, .. } => {
                renumber(people);
            }
        }
        renumber(&mut session.trainers.from);
    }
    for Earlier { placement, .. } in &mut centre.earlier {
        renumber(&mut placement.people);
        renumber(&mut placement.trainers);
    }
    centre
}
