//! What is looked for within turns: completed on demand, once for each conversation.

use std::cmp::Reverse;

use regex::Regex;

use super::{Bounded, Derived, Hit, Run, narrow, normalise};
use crate::fold::fold_char;
use crate::likeness;
use crate::program::{Extra, LeafId, LeafKind, ReasonId, Roles};
use crate::spelled;

/// The shape `A.{least,most}B`.
struct Shape {
    a: LeafId,
    b: LeafId,
    least: u32,
    most: u32,
    greedy: bool,
    reason: ReasonId,
}

/// Places of one turn within places sorted by turn.
fn of_turn(hits: &[Hit], turn: u32) -> &[Hit] {
    let first = hits.partition_point(|hit| hit.turn < turn);
    let end = first + hits.get(first..).unwrap_or_default().partition_point(|hit| hit.turn == turn);
    hits.get(first..end).unwrap_or_default()
}

/// The distinct turns of places sorted by turn.
fn turns_of(hits: &[Hit]) -> impl Iterator<Item = u32> + '_ {
    let mut last = None;
    hits.iter().filter_map(move |hit| (last.replace(hit.turn) != Some(hit.turn)).then_some(hit.turn))
}

impl<'r> Run<'r> {
    /// Completes a leaf, so that [`Self::hits_of`] tells all it found.
    pub(super) fn complete(&mut self, leaf: LeafId) -> Bounded<()> {
        let stamp = self.s.stamp;
        let Some(found) = self.s.leaves.get_mut(leaf as usize) else { return Ok(()) };
        if found.complete == stamp {
            return Ok(());
        }
        let mut hits = std::mem::take(&mut found.hits);
        if found.noted != stamp {
            hits.clear();
        }
        let result = self.complete_with(leaf, &mut hits);
        normalise(&mut hits, 0);
        let spent = self.s.spend(hits.len() + 1);
        if let Some(found) = self.s.leaves.get_mut(leaf as usize) {
            found.hits = hits;
            found.complete = stamp;
        }
        result.and(spent)
    }

    /// What a completed leaf found, in order.
    pub(super) fn hits_of(&self, leaf: LeafId) -> &[Hit] {
        self.s.leaves.get(leaf as usize).map_or(&[], |found| found.hits.as_slice())
    }

    /// What the scan noted at a gate, in the order of turns.
    fn noted_at(&self, gate: LeafId) -> &[Hit] {
        if self.noted(gate) { self.hits_of(gate) } else { &[] }
    }

    fn complete_with(&mut self, leaf: LeafId, hits: &mut Vec<Hit>) -> Bounded<()> {
        let program = self.program;
        let Some(leaf) = program.leaves.get(leaf as usize) else { return Ok(()) };
        match &leaf.kind {
            LeafKind::Union(extras) => {
                extras.iter().try_for_each(|extra| self.extra(leaf.roles, extra, hits))
            }
            LeafKind::Anything(reason) => {
                for (turn, facts) in (0_u32..).zip(&self.s.turns) {
                    if facts.spoken && facts.roles.meets(leaf.roles) {
                        hits.push(Hit { turn, start: 0, end: facts.chars, reason: *reason });
                    }
                }
                Ok(())
            }
            LeafKind::AtLeast(least, parts) => self.at_least(*least, parts, hits),
            LeafKind::Near { a, b, characters, ordered } => {
                self.complete(*a)?;
                self.complete(*b)?;
                let mut work = 0;
                for first in self.hits_of(*a) {
                    let others = of_turn(self.hits_of(*b), first.turn);
                    work += others.len() + 1;
                    hits.extend(nearest(*first, others, *characters, *ordered));
                }
                self.s.spend(work)
            }
            LeafKind::Except { a, b } => {
                self.complete(*a)?;
                self.complete(*b)?;
                let mut work = 0;
                for hit in self.hits_of(*a) {
                    let others = of_turn(self.hits_of(*b), hit.turn);
                    work += others.len() + 1;
                    if !others.iter().any(|other| other.start < hit.end && hit.start < other.end) {
                        hits.push(*hit);
                    }
                }
                self.s.spend(work)
            }
        }
    }

    fn at_least(&mut self, least: u32, parts: &[LeafId], hits: &mut Vec<Hit>) -> Bounded<()> {
        let mut heard = vec![0_u32; self.s.turns.len()];
        for part in parts {
            self.complete(*part)?;
            for turn in turns_of(self.hits_of(*part)) {
                if let Some(count) = heard.get_mut(turn as usize) {
                    *count += 1;
                }
            }
        }
        for part in parts {
            let enough = |hit: &&Hit| heard.get(hit.turn as usize).is_some_and(|count| *count >= least);
            hits.extend(self.hits_of(*part).iter().filter(enough));
        }
        self.s.spend(heard.len() + hits.len())
    }

    fn extra(&mut self, roles: Roles, extra: &'r Extra, hits: &mut Vec<Hit>) -> Bounded<()> {
        match extra {
            Extra::Pattern { regex, gates, reversed, reason } => {
                for turn in self.gated_turns(roles, gates) {
                    if self.in_order(gates, *reversed, turn) {
                        self.run_pattern(regex, turn, *reason, hits)?;
                    }
                }
                Ok(())
            }
            Extra::Texts { texts, reason } => {
                let first = hits.len();
                hits.extend_from_slice(self.noted_at(*texts));
                choose(hits, first, *reason);
                self.s.spend(hits.len() - first)
            }
            Extra::Shape { a, b, least, most, greedy, regex, reason } => {
                let shape =
                    Shape { a: *a, b: *b, least: *least, most: *most, greedy: *greedy, reason: *reason };
                for turn in self.gated_turns(roles, &[*a, *b]) {
                    if self.s.turns.get(turn as usize).is_some_and(|facts| facts.line_feed) {
                        self.run_pattern(regex, turn, *reason, hits)?;
                    } else {
                        self.run_shape(&shape, turn, hits)?;
                    }
                }
                Ok(())
            }
            Extra::Spelled { word, edits, gate, reason } => {
                let mut places = Vec::new();
                for turn in self.gated_turns(roles, &[*gate]) {
                    let text: Vec<char> = self.text_of(turn).chars().map(fold_char).collect();
                    self.s.spend(text.len() * word.len() / 4 + 1)?;
                    spelled::find(word, &text, *edits, &mut places);
                    let hit = |(start, end): &(usize, usize)| Hit {
                        turn,
                        start: narrow(*start),
                        end: narrow(*end),
                        reason: *reason,
                    };
                    hits.extend(places.iter().map(hit));
                }
                Ok(())
            }
            Extra::Like { pairs, percent, reason } => {
                for turn in self.gated_turns(roles, &[]) {
                    self.derive_pairs(turn)?;
                    let own = self.pairs_of(turn);
                    if likeness::alike(own, pairs, *percent) {
                        let end = self.s.turns.get(turn as usize).map_or(0, |facts| facts.chars);
                        hits.push(Hit { turn, start: 0, end, reason: *reason });
                    }
                }
                Ok(())
            }
        }
    }

    /// Turns of these roles in which every gate was noted.
    fn gated_turns(&self, roles: Roles, gates: &[LeafId]) -> Vec<u32> {
        let Some((first, others)) = gates.split_first() else {
            let all = (0_u32..).zip(&self.s.turns);
            return all.filter(|(_, facts)| facts.roles.meets(roles)).map(|(turn, _)| turn).collect();
        };
        let in_all = |turn: &u32| others.iter().all(|gate| !of_turn(self.noted_at(*gate), *turn).is_empty());
        turns_of(self.noted_at(*first)).filter(in_all).collect()
    }

    /// Whether of two gates the one that comes first in the pattern ends somewhere before the other begins.
    fn in_order(&self, gates: &[LeafId], reversed: bool, turn: u32) -> bool {
        let [first, second] = gates else { return true };
        let (first, second) = if reversed { (second, first) } else { (first, second) };
        let end = of_turn(self.noted_at(*first), turn).iter().map(|hit| hit.end).min();
        let start = of_turn(self.noted_at(*second), turn).iter().map(|hit| hit.start).max();
        end <= start
    }

    pub(super) fn text_of(&self, turn: u32) -> &'r str {
        self.conversation.turns.get(turn as usize).map_or("", |turn| turn.text)
    }

    /// Folds the text of a turn once.
    pub(super) fn derive_folded(&mut self, turn: u32) {
        let (stamp, index) = (self.s.stamp, turn as usize);
        if self.s.folded.len() <= index {
            self.s.folded.resize(index + 1, Derived::default());
        }
        let text = self.text_of(turn);
        if let Some(folded) = self.s.folded.get_mut(index).filter(|folded| folded.stamp != stamp) {
            folded.stamp = stamp;
            folded.value.clear();
            folded.value.reserve(text.len());
            for c in text.chars() {
                folded.value.push(fold_char(c));
            }
        }
    }

    /// The folded text of a turn, derived before.
    pub(super) fn folded_of(&self, turn: u32) -> &str {
        self.s.folded.get(turn as usize).map_or("", |folded| folded.value.as_str())
    }

    pub(super) fn derive_pairs(&mut self, turn: u32) -> Bounded<()> {
        let (stamp, index) = (self.s.stamp, turn as usize);
        if self.s.pairs.len() <= index {
            self.s.pairs.resize(index + 1, Derived::default());
        }
        let text = self.text_of(turn);
        if let Some(pairs) = self.s.pairs.get_mut(index).filter(|pairs| pairs.stamp != stamp) {
            pairs.stamp = stamp;
            likeness::pairs(text, &mut pairs.value);
        }
        self.s.spend(self.pairs_of(turn).len() / 4 + 1)
    }

    pub(super) fn pairs_of(&self, turn: u32) -> &[u64] {
        self.s.pairs.get(turn as usize).map_or(&[], |pairs| pairs.value.as_slice())
    }

    fn run_pattern(
        &mut self,
        regex: &Regex,
        turn: u32,
        reason: ReasonId,
        hits: &mut Vec<Hit>,
    ) -> Bounded<()> {
        self.derive_folded(turn);
        let text = self.folded_of(turn);
        let (mut byte, mut chars) = (0, 0);
        let mut place = |upto: usize| {
            chars += text.get(byte..upto).map_or(0, |between| between.chars().count());
            byte = upto;
            narrow(chars)
        };
        for found in regex.find_iter(text) {
            let (start, end) = (place(found.start()), place(found.end()));
            hits.push(Hit { turn, start, end, reason });
        }
        let work = text.len() / 16 + 1;
        self.s.spend(work)
    }

    /// What the regular expression would find, from the places of its two ends: leftmost first, the preferred text of `A`
    /// first, the farthest `B` (or the nearest), the preferred text of `B`; then on from the end.
    fn run_shape(&mut self, shape: &Shape, turn: u32, hits: &mut Vec<Hit>) -> Bounded<()> {
        let mut a = of_turn(self.noted_at(shape.a), turn).to_vec();
        self.s.spend(a.len() * (of_turn(self.noted_at(shape.b), turn).len() + 1))?;
        a.sort_unstable_by_key(|hit| (hit.start, hit.reason));
        let b = of_turn(self.noted_at(shape.b), turn);
        let mut from = 0;
        for first in a {
            if first.start < from {
                continue;
            }
            let reach = shape.least..=shape.most;
            let reached =
                b.iter().filter(|hit| hit.start >= first.end && reach.contains(&(hit.start - first.end)));
            let second = if shape.greedy {
                reached.max_by_key(|hit| (hit.start, Reverse(hit.reason)))
            } else {
                reached.min_by_key(|hit| (hit.start, hit.reason))
            };
            if let Some(second) = second {
                hits.push(Hit { turn, start: first.start, end: second.end, reason: shape.reason });
                from = second.end;
            }
        }
        Ok(())
    }
}

/// Of places from `first` on, whose reasons are the order of preference, those that a regular expression would find: leftmost
/// first, the preferred text first, then on from its end.
fn choose(hits: &mut Vec<Hit>, first: usize, reason: ReasonId) {
    let Some(places) = hits.get_mut(first..) else { return };
    places.sort_unstable_by_key(|hit| (hit.turn, hit.start, hit.reason));
    let (mut kept, mut last): (usize, Option<Hit>) = (first, None);
    for index in first..hits.len() {
        let hit = hits[index];
        if last.is_none_or(|last| hit.turn > last.turn || hit.start >= last.end) {
            hits[kept] = Hit { reason, ..hit };
            kept += 1;
            last = Some(hit);
        }
    }
    hits.truncate(kept);
}

/// The place that joins `first` with the nearest of `others` within `characters`; the later wins a tie only if it ends first.
fn nearest(first: Hit, others: &[Hit], characters: u32, ordered: bool) -> Option<Hit> {
    let gap = |other: &Hit| {
        if other.start >= first.end {
            Some(other.start - first.end)
        } else if !ordered && other.end <= first.start {
            Some(first.start - other.end)
        } else {
            None
        }
    };
    let near = others.iter().filter_map(|other| gap(other).map(|gap| (gap, other.start, other.end)));
    let (_, start, end) = near.filter(|(gap, ..)| *gap <= characters).min()?;
    Some(Hit { start: first.start.min(start), end: first.end.max(end), ..first })
}
