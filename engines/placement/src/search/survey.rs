//! What a piece would cost at each start, given all that is placed; and who would come.

use super::state::{Place, State};
use crate::problem::{Bits, Piece};

/// Who asks what a piece costs where.
pub(crate) trait Ask {
    /// Only a cost below this matters at this start.
    fn below(&mut self, start: usize) -> f64;
    /// What it costs there.
    fn told(&mut self, start: usize, cost: f64);
}

/// Somebody who may be chosen.
#[derive(Debug)]
pub(crate) struct Hand {
    pub(crate) person: u32,
    /// The skill set; one beyond the last for who is never on the phones.
    pub(crate) group: usize,
    starts: Bits,
}

impl Hand {
    fn can(&self, start: usize) -> bool {
        self.starts.has(start)
    }
}

/// Who may be chosen for a piece, the first to be asked first.
#[derive(Debug)]
pub(crate) struct Hands {
    pub(crate) trainers: Vec<Hand>,
    pub(crate) members: Vec<Hand>,
    /// There is no choice of trainers.
    pub(crate) everybody_leads: bool,
    /// Who must come, as a vector.
    pub(crate) fixed: u32,
    /// When all who must come can.
    pub(crate) starts: Bits,
}

impl Hands {
    /// How many people a piece takes off the phones at least.
    fn on_phones(&self, state: &State<'_>, piece: &Piece) -> usize {
        let idle = state.problem.projection.groups.len();
        let least = |hands: &[Hand], size: usize| {
            size.saturating_sub(hands.iter().filter(|hand| hand.group == idle).count())
        };
        let fixed: usize = state.vectors.counts(self.fixed).map(|(_, people)| people).sum();
        let leading = if self.everybody_leads { 0 } else { piece.leading };
        fixed + least(&self.trainers, leading) + least(&self.members, piece.size)
    }

    /// The choice that was made before, if this is its time and all of them still can: people were told.
    fn as_before(&self, piece: &Piece, start: usize) -> Option<(Vec<u32>, Vec<u32>)> {
        let earlier = piece.earlier.as_ref().filter(|earlier| earlier.span.start == start)?;
        let chosen = |hands: &[Hand], list: &[usize], size: usize| {
            let of_list = |hand: &&Hand| hand.can(start) && list.contains(&(hand.person as usize));
            let people: Vec<u32> = hands.iter().filter(of_list).map(|hand| hand.person).collect();
            (people.len() == size).then_some(people)
        };
        let leading = if self.everybody_leads { 0 } else { piece.leading };
        let trainers = chosen(&self.trainers, &earlier.trainers, leading)?;
        let people = chosen(&self.members, &earlier.people, piece.size)?;
        people.iter().all(|person| !trainers.contains(person)).then_some((people, trainers))
    }
}

impl State<'_> {
    /// Tells `ask` the cost of a piece at the starts where it may be, as far as they matter; returns who can come.
    ///
    /// Starts that cannot cost little enough by [`State::least`] are passed over, and the most promising one is
    /// looked at first, so that most are.
    pub(crate) fn survey(&mut self, number: usize, ask: &mut dyn Ask) -> Option<Hands> {
        let problem = self.problem;
        let piece = problem.pieces.get(number)?;
        let hands = self.hands(piece);
        let people = hands.on_phones(self, piece);
        let mut promising: Option<(f64, usize)> = None;
        let mut starts = Vec::with_capacity(64);
        for start in hands.starts.iter() {
            let wish = self.wish(piece, start);
            let least = self.least(start, piece.length, people);
            starts.push((start, wish, least));
            if promising.is_none_or(|(cost, _)| wish + least < cost) {
                promising = Some((wish + least, starts.len() - 1));
            }
        }
        if let Some((_, first)) = promising {
            starts.swap(0, first);
        }
        for (start, wish, least) in starts {
            let below = ask.below(start) - wish;
            if below > least
                && let Some(cost) = self.arrange(piece, start, &hands, below, None)
            {
                ask.told(start, cost + wish);
            }
        }
        Some(hands)
    }

    /// Who would come to a piece at `start`; nothing if it may not be there.
    pub(crate) fn arranged(&mut self, number: usize, start: usize) -> Option<Place> {
        let piece = self.problem.pieces.get(number)?;
        let hands = self.hands(piece);
        self.settled(number, start, &hands)
    }

    /// The same, where it is known already who can.
    pub(crate) fn settled(&mut self, number: usize, start: usize, hands: &Hands) -> Option<Place> {
        let piece = self.problem.pieces.get(number)?;
        if !hands.starts.has(start) {
            return None;
        }
        let mut place = Place { start, people: piece.people.clone(), trainers: Vec::new() };
        if hands.everybody_leads {
            place.trainers.clone_from(&piece.trainers);
        }
        self.arrange(piece, start, hands, f64::INFINITY, Some(&mut place))?;
        place.people.sort_unstable();
        place.trainers.sort_unstable();
        Some(place)
    }

    /// Who can come to a piece, and when.
    pub(crate) fn hands(&mut self, piece: &Piece) -> Hands {
        let mut starts = self.room_starts(piece);
        let mut one = Bits::none(self.problem.intervals);
        let mut fixed = 0;
        let everybody_leads = piece.leading == piece.trainers.len();
        let leaders = if everybody_leads { &piece.trainers[..] } else { &[] };
        let must = piece.people.iter().map(|person| (person, false));
        for (person, leading) in must.chain(leaders.iter().map(|person| (person, true))) {
            self.starts(piece, *person, leading, &mut one);
            starts.keep(&one);
            if let Some(group) = self.problem.projection.group(*person) {
                fixed = self.vectors.with(fixed, group);
            }
        }
        let choice = if everybody_leads { &[] } else { &piece.trainers[..] };
        let (mut trainers, mut members) = (Vec::new(), Vec::new());
        if !starts.is_empty() {
            trainers = self.ordered(piece, choice, true);
            members = self.ordered(piece, &piece.from, false);
        }
        Hands { trainers, members, everybody_leads, fixed, starts }
    }

    /// Those of a list who can come at all: who came before first, then who also may be needed for the group,
    /// last, then who has had least.
    fn ordered(&mut self, piece: &Piece, list: &[u32], leading: bool) -> Vec<Hand> {
        let mut hands = Vec::with_capacity(list.len());
        for person in list {
            let must = piece.people.contains(person) || !leading && leads_anyway(piece, *person);
            let mut starts = Bits::none(self.problem.intervals);
            self.starts(piece, *person, leading, &mut starts);
            if must || starts.is_empty() {
                continue;
            }
            let group =
                self.problem.projection.group(*person).unwrap_or(self.problem.projection.groups.len());
            let before = piece.earlier.as_ref().is_some_and(|earlier| {
                let list = if leading { &earlier.trainers } else { &earlier.people };
                list.contains(&(*person as usize))
            });
            let wanted = leading && piece.from.contains(person);
            let key = (!before, wanted, self.load(*person, leading));
            hands.push((key, Hand { person: *person, group, starts }));
        }
        // A stable sort: among equals the order by name stays.
        hands.sort_by_key(|(key, _)| *key);
        hands.into_iter().map(|(_, hand)| hand).collect()
    }

    /// The cost of a piece at a start with those chosen who cost least, if it is `below`. Trainers are chosen
    /// before the group, and each of both one by one.
    fn arrange(
        &mut self,
        piece: &Piece,
        start: usize,
        hands: &Hands,
        below: f64,
        mut place: Option<&mut Place>,
    ) -> Option<f64> {
        let mut vector = hands.fixed;
        if let Some((people, trainers)) = hands.as_before(piece, start) {
            for group in
                people.iter().chain(&trainers).filter_map(|person| self.problem.projection.group(*person))
            {
                vector = self.vectors.with(vector, group);
            }
            if let Some(place) = place {
                place.people.extend(people);
                place.trainers.extend(trainers);
            }
        } else {
            let mut leaders: Vec<u32> = Vec::new();
            let span = (start, piece.length);
            if !hands.everybody_leads {
                let there = self.there(&hands.trainers, start, &[]);
                let chosen = self.pick(&there, span, piece.leading, &mut vector, below)?;
                leaders = chosen_people(&hands.trainers, start, &[], &chosen);
            }
            if piece.size > 0 {
                let there = self.there(&hands.members, start, &leaders);
                let chosen = self.pick(&there, span, piece.size, &mut vector, below)?;
                if let Some(place) = &mut place {
                    place.people.extend(chosen_people(&hands.members, start, &leaders, &chosen));
                }
            }
            if let Some(place) = place {
                place.trainers.extend(leaders);
            }
        }
        let cost = self.cost_of(start, piece.length, vector, below);
        let most = self.problem.centre.sessions.get(piece.session)?.max_harm_points;
        if !cost.is_finite() || most.is_some_and(|most| self.cost_alone(start, piece.length, vector) > most) {
            return None;
        }
        Some(cost)
    }

    /// How many of each skill set can start then, `without` some.
    pub(crate) fn there(&self, hands: &[Hand], start: usize, without: &[u32]) -> Vec<usize> {
        let mut there = vec![0_usize; self.problem.projection.groups.len() + 1];
        for hand in hands.iter().filter(|hand| hand.can(start) && !without.contains(&hand.person)) {
            if let Some(slot) = there.get_mut(hand.group) {
                *slot += 1;
            }
        }
        there
    }

    /// How many of each skill set cost least together, one after the other (Murota 2003, section 6.2: exact for
    /// one interval; for several in a row the marginal sums decide).
    pub(crate) fn pick(
        &mut self,
        there: &[usize],
        (start, length): (usize, usize),
        size: usize,
        vector: &mut u32,
        below: f64,
    ) -> Option<Vec<usize>> {
        let groups = self.problem.projection.groups.len();
        if there.iter().sum::<usize>() < size {
            return None;
        }
        let mut chosen = vec![0_usize; groups + 1];
        let idle = there.get(groups).copied().unwrap_or(0).min(size);
        if let Some(slot) = chosen.get_mut(groups) {
            *slot = idle;
        }
        // What one more of a skill set costs, and for which count of chosen that was computed.
        let mut known: Vec<(f64, usize)> = vec![(0.0, usize::MAX); groups];
        let mut cost = self.cost_of(start, length, *vector, below);
        for round in idle..size {
            let (group, with, total) = loop {
                let usable = |group: &usize| there.get(*group) > chosen.get(*group);
                let marginal = |group: usize| known.get(group).map_or(f64::INFINITY, |(cost, _)| *cost);
                let group =
                    (0..groups).filter(usable).min_by(|a, b| marginal(*a).total_cmp(&marginal(*b)))?;
                let with = self.vectors.with(*vector, group);
                let total = self.cost_of(start, length, with, below);
                if !total.is_finite() && !marginal(group).is_finite() {
                    return None;
                }
                let slot = known.get_mut(group)?;
                if slot.1 == round {
                    break (group, with, total);
                }
                *slot = (total - cost, round);
            };
            if !total.is_finite() {
                return None;
            }
            (*vector, cost) = (with, total);
            *chosen.get_mut(group)? += 1;
        }
        Some(chosen)
    }
}

/// The first of each skill set who can come.
fn chosen_people(hands: &[Hand], start: usize, without: &[u32], counts: &[usize]) -> Vec<u32> {
    let mut counts = counts.to_vec();
    let mut people = Vec::new();
    for hand in hands.iter().filter(|hand| hand.can(start) && !without.contains(&hand.person)) {
        if let Some(left) = counts.get_mut(hand.group).filter(|left| **left > 0) {
            *left -= 1;
            people.push(hand.person);
        }
    }
    people
}

fn leads_anyway(piece: &Piece, person: u32) -> bool {
    piece.leading == piece.trainers.len() && piece.trainers.contains(&person)
}
