//! How the people of an interval divide among its queues, and how that changes when one leaves or comes back.
//!
//! The division is the one worth most: a flow from skill sets to queues whose value is concave in each queue. Taking
//! one person away, or giving one back, changes the best division by one person on one queue, reached by a chain
//! in which others move over (successive shortest paths; Ahuja, Magnanti & Orlin 1993, chapter 9). Leaving
//! people are substitutes, so what two leave together is never worth less than what each leaves alone (Shapley
//! 1962, Naval Research Logistics Quarterly 9; Murota 2003, Discrete Convex Analysis, chapters 6 and 9).

use super::Projection;

/// The division in one interval.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cover {
    /// People of each skill set on each queue, one row a skill set.
    flow: Vec<u16>,
    /// The queues on which anybody of a skill set is.
    serves: Vec<u64>,
    /// People on each queue.
    pub(crate) manned: Vec<u16>,
}

/// The first link of a chain.
const NOBODY: u8 = u8::MAX;

/// How a queue was reached: who moves, and from (or to) which queue.
type Links = [(u16, u8); 64];

impl Cover {
    pub(crate) fn empty(groups: usize, queues: usize) -> Self {
        Self { flow: vec![0; groups * queues], serves: vec![0; groups], manned: vec![0; queues] }
    }

    pub(crate) fn copy_from(&mut self, other: &Cover) {
        self.flow.clone_from(&other.flow);
        self.serves.clone_from(&other.serves);
        self.manned.clone_from(&other.manned);
    }

    fn on(&self, queue: usize) -> usize {
        self.manned.get(queue).copied().map_or(0, usize::from)
    }

    /// Takes one person of the skill set `group` away; returns what is lost, in points.
    pub(crate) fn leave(&mut self, projection: &Projection, interval: usize, group: usize) -> f64 {
        let start = self.serves.get(group).copied().unwrap_or(0);
        let mut links: Links = [(u16::try_from(group).unwrap_or(u16::MAX), NOBODY); 64];
        // Whoever knows a queue that was left may come over from where they are.
        let reached = reach(
            start,
            &mut links,
            |other, queue| {
                let knows = projection.groups.get(other).copied().unwrap_or(0);
                if knows >> queue & 1 == 1 { self.serves.get(other).copied().unwrap_or(0) } else { 0 }
            },
            projection.groups.len(),
        );
        let Some((queue, loss)) = bits(reached)
            .map(|queue| (queue, projection.loss(interval, queue, self.on(queue))))
            .min_by(|a, b| a.1.total_cmp(&b.1))
        else {
            return 0.0;
        };
        if let Some(manned) = self.manned.get_mut(queue) {
            *manned = manned.saturating_sub(1);
        }
        let mut at = queue;
        loop {
            let (who, to) = links.get(at).copied().unwrap_or((0, NOBODY));
            self.shift(usize::from(who), at, false);
            if to == NOBODY {
                return loss;
            }
            self.shift(usize::from(who), usize::from(to), true);
            at = usize::from(to);
        }
    }

    /// Gives one person of the skill set `group` back; returns what is gained.
    pub(crate) fn join(&mut self, projection: &Projection, interval: usize, group: usize) -> f64 {
        let start = projection.groups.get(group).copied().unwrap_or(0);
        let mut links: Links = [(u16::try_from(group).unwrap_or(u16::MAX), NOBODY); 64];
        // Whoever is on a queue that is joined may go over to any other they know.
        let reached = reach(
            start,
            &mut links,
            |other, queue| {
                let serves = self.serves.get(other).copied().unwrap_or(0);
                if serves >> queue & 1 == 1 { projection.groups.get(other).copied().unwrap_or(0) } else { 0 }
            },
            projection.groups.len(),
        );
        let mut best: Option<(usize, f64)> = None;
        for queue in bits(reached) {
            let gain = projection.loss(interval, queue, self.on(queue) + 1);
            if best.is_none_or(|(_, most)| gain > most) {
                best = Some((queue, gain));
            }
        }
        let Some((queue, gain)) = best else { return 0.0 };
        if let Some(manned) = self.manned.get_mut(queue) {
            *manned = manned.saturating_add(1);
        }
        let mut at = queue;
        loop {
            let (who, from) = links.get(at).copied().unwrap_or((0, NOBODY));
            self.shift(usize::from(who), at, true);
            if from == NOBODY {
                return gain;
            }
            self.shift(usize::from(who), usize::from(from), false);
            at = usize::from(from);
        }
    }

    /// One person of a skill set more or fewer on a queue.
    fn shift(&mut self, group: usize, queue: usize, comes: bool) {
        let queues = self.manned.len();
        let (Some(flow), Some(serves)) =
            (self.flow.get_mut(group * queues + queue), self.serves.get_mut(group))
        else {
            return;
        };
        *flow = if comes { flow.saturating_add(1) } else { flow.saturating_sub(1) };
        if *flow > 0 {
            *serves |= 1 << queue;
        } else {
            *serves &= !(1 << queue);
        }
    }
}

/// All queues that chains lead to from `start`; `next` says where a skill set takes a chain on from a queue.
fn reach(start: u64, links: &mut Links, next: impl Fn(usize, usize) -> u64, groups: usize) -> u64 {
    let (mut reached, mut fresh) = (start, start);
    while fresh != 0 {
        let queue = fresh.trailing_zeros() as usize;
        fresh &= fresh - 1;
        for other in 0..groups {
            let new = next(other, queue) & !reached;
            for found in bits(new) {
                if let Some(link) = links.get_mut(found) {
                    *link = (other as u16, queue as u8);
                }
            }
            reached |= new;
            fresh |= new;
        }
    }
    reached
}

/// The numbers of the bits that are set, in order.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}
