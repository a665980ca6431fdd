//! Conditions over the places found.
//!
//! Evaluating a condition says whether it holds and leaves the places it points at on top of one stack, in order and without
//! duplicates; a condition that does not hold leaves none.

use std::ops::Range;

use super::{Bounded, Hit, Run, Scope, narrow, normalise, values};
use crate::ast::{Nth, Side};
use crate::likeness;
use crate::limits::REPEATS_MIN_CHARS;
use crate::outcome::{Evidence, EvidenceKind};
use crate::program::{Filter, LeafId, Node, Origin, ReasonId, Roles};

impl<'r> Run<'r> {
    /// Whether a condition holds; the places it points at are pushed on the stack.
    pub(super) fn evaluate(&mut self, node: &'r Node, scope: Scope) -> Bounded<bool> {
        self.s.spend(1)?;
        let base = self.s.stack.len();
        let holds = match node {
            Node::Leaf(leaf) => {
                self.complete(*leaf)?;
                self.push_leaf(*leaf);
                self.s.stack.len() > base
            }
            Node::And(parts) => self.all(parts, scope)?,
            Node::Or(parts) => self.at_least_of(1, parts, scope)?,
            Node::AtLeastOf(least, parts) => self.at_least_of(*least, parts, scope)?,
            Node::Not(inner) => {
                let holds = self.evaluate(inner, scope)?;
                self.s.stack.truncate(base);
                return Ok(!holds);
            }
            Node::Filter(inner, filter) => {
                self.evaluate(inner, scope)?;
                self.filter(base, filter, scope)?
            }
            Node::Nth(nth, inner) => {
                self.evaluate(inner, scope)?;
                self.select_turn(base, *nth);
                self.s.stack.len() > base
            }
            Node::Rule(rule) => self.rule(*rule)?,
            Node::Always(candidates, leaf) => self.always(candidates, *leaf, scope)?,
            Node::Repeats { roles, percent, back, except, reason } => {
                self.repeats(*roles, *percent, *back, *except, *reason)?;
                self.s.stack.len() > base
            }
            Node::Echoes { leaf, by } => {
                self.echoes(*leaf, *by)?;
                self.s.stack.len() > base
            }
            Node::Replies { roles, more, seconds, reason } => {
                self.replies(*roles, *more, *seconds, *reason);
                self.s.stack.len() > base
            }
            Node::Speaks { roles, more, amount, characters, reason } => {
                self.speaks(*roles, *more, *amount, *characters, *reason);
                self.s.stack.len() > base
            }
            Node::Compare(left, how, right) => values::compare(self.conversation, left, *how, right),
            Node::OneOf(left, choices) => values::one_of(self.conversation, left, choices),
            Node::Known(name) => self.conversation.field(name).is_some(),
        };
        if !holds {
            self.s.stack.truncate(base);
        }
        Ok(holds)
    }

    /// Whether a condition holds; everything said for it is noted as evidence, also in the second and later parts of `and`.
    pub(super) fn show(&mut self, node: &'r Node, scope: Scope, kind: EvidenceKind) -> Bounded<bool> {
        let before = self.s.evidence.len();
        let holds = match node {
            Node::And(parts) => {
                let mut holds = true;
                for part in parts {
                    holds = holds && self.show(part, scope, kind)?;
                }
                holds
            }
            Node::Or(parts) => self.show_at_least(1, parts, scope, kind)?,
            Node::AtLeastOf(least, parts) => self.show_at_least(*least, parts, scope, kind)?,
            Node::Rule(rule) => match self.program.rules.get(*rule as usize) {
                Some(body) => self.show(body, Scope::default(), kind)?,
                None => false,
            },
            _ => {
                let base = self.s.stack.len();
                let holds = self.evaluate(node, scope)?;
                for hit in self.s.stack.get(base..).unwrap_or_default() {
                    let Hit { turn, start, end, reason } = *hit;
                    self.s.evidence.push(Evidence { kind, turn, start, end, reason });
                }
                self.s.stack.truncate(base);
                holds
            }
        };
        if !holds {
            self.s.evidence.truncate(before);
        }
        Ok(holds)
    }

    fn show_at_least(
        &mut self,
        least: u32,
        parts: &'r [Node],
        scope: Scope,
        kind: EvidenceKind,
    ) -> Bounded<bool> {
        let mut holding = 0;
        for part in parts {
            holding += u32::from(self.show(part, scope, kind)?);
        }
        Ok(holding >= least)
    }

    fn push_leaf(&mut self, leaf: LeafId) {
        if let Some(found) = self.s.leaves.get(leaf as usize) {
            self.s.stack.extend_from_slice(&found.hits);
        }
    }

    /// The places of `and` are those of the first part that has any.
    fn all(&mut self, parts: &'r [Node], scope: Scope) -> Bounded<bool> {
        let base = self.s.stack.len();
        for part in parts {
            let start = self.s.stack.len();
            if !self.evaluate(part, scope)? {
                return Ok(false);
            }
            if start > base {
                self.s.stack.truncate(start);
            }
        }
        Ok(true)
    }

    /// The places of all parts that hold, if enough do.
    fn at_least_of(&mut self, least: u32, parts: &'r [Node], scope: Scope) -> Bounded<bool> {
        let base = self.s.stack.len();
        let mut holding = 0;
        for part in parts {
            holding += u32::from(self.evaluate(part, scope)?);
        }
        normalise(&mut self.s.stack, base);
        Ok(holding >= least)
    }

    /// A rule stands alone, so its answer is kept for the conversation.
    fn rule(&mut self, rule: u32) -> Bounded<bool> {
        let (stamp, index) = (self.s.stamp, rule as usize);
        if let Some(found) = self.s.rules.get(index).filter(|found| found.complete == stamp) {
            self.s.stack.extend_from_slice(&found.hits);
            return Ok(found.holds);
        }
        let Some(body) = self.program.rules.get(index) else { return Ok(false) };
        let base = self.s.stack.len();
        let holds = self.evaluate(body, Scope::default())?;
        if let Some(found) = self.s.rules.get_mut(index) {
            found.complete = stamp;
            found.holds = holds;
            found.hits.clear();
            found.hits.extend_from_slice(self.s.stack.get(base..).unwrap_or_default());
        }
        Ok(holds)
    }

    /// Keeps the places from `base` on for which the restriction holds.
    fn filter(&mut self, base: usize, filter: &'r Filter, scope: Scope) -> Bounded<bool> {
        let end = self.s.stack.len();
        match filter {
            Filter::Count { least, most } => {
                let turns = narrow(count_turns(self.s.stack.get(base..).unwrap_or_default()));
                return Ok((*least..=*most).contains(&turns));
            }
            Filter::Position { from_end, amount } => {
                self.keep(base..end, |run, hit| Ok(run.is_at(hit, *from_end, amount.value, amount.unit)))?;
            }
            Filter::Where(condition) => {
                self.keep(base..end, |run, hit| {
                    let top = run.s.stack.len();
                    let holds = run.evaluate(condition, Scope { that: Some(hit), ..scope })?;
                    run.s.stack.truncate(top);
                    Ok(holds)
                })?;
            }
            Filter::Order(side, origin) => {
                let anchors = self.anchors(base, origin, scope)?;
                self.keep_anchored(base..end, anchors, |_, hit, anchor| is_on(*side, hit, anchor))?;
            }
            Filter::Distance { amount, more, side, origin } => {
                let anchors = self.anchors(base, origin, scope)?;
                self.keep_anchored(base..end, anchors, |run, hit, anchor| {
                    let far = |distance: f64| {
                        if *more { distance > amount.value } else { distance <= amount.value }
                    };
                    is_on(*side, hit, anchor) && run.distance(hit, anchor, amount.unit).is_some_and(far)
                })?;
            }
        }
        Ok(self.s.stack.len() > base)
    }

    /// Pushes what a restriction is measured from above the places it restricts.
    fn anchors(&mut self, base: usize, origin: &'r Origin, scope: Scope) -> Bounded<Range<usize>> {
        let start = self.s.stack.len();
        match origin {
            _ if start == base => {}
            Origin::It => self.s.stack.extend(scope.it),
            Origin::That => self.s.stack.extend(scope.that),
            Origin::Node(node) => {
                self.evaluate(node, scope)?;
            }
        }
        Ok(start..self.s.stack.len())
    }

    fn keep_anchored(
        &mut self,
        range: Range<usize>,
        anchors: Range<usize>,
        near: impl Fn(&Self, Hit, Hit) -> bool,
    ) -> Bounded<()> {
        self.s.spend(range.len() * (anchors.len() + 1))?;
        self.keep(range, |run, hit| {
            let anchors = run.s.stack.get(anchors.clone()).unwrap_or_default();
            Ok(anchors.iter().any(|anchor| near(run, hit, *anchor)))
        })
    }

    /// Keeps the places in `range` for which `wanted` holds, and drops all above them.
    fn keep(
        &mut self,
        range: Range<usize>,
        mut wanted: impl FnMut(&mut Self, Hit) -> Bounded<bool>,
    ) -> Bounded<()> {
        let mut kept = range.start;
        for index in range {
            let hit = self.s.stack[index];
            if wanted(self, hit)? {
                self.s.stack[kept] = hit;
                kept += 1;
            }
        }
        self.s.stack.truncate(kept);
        Ok(())
    }

    /// Keeps the places of the nth turn that has any.
    fn select_turn(&mut self, base: usize, nth: Nth) {
        let hits = self.s.stack.get(base..).unwrap_or_default();
        let turn = match nth {
            Nth::Last => hits.last().map(|hit| hit.turn),
            Nth::Is(n) => {
                let mut seen = 0;
                let mut last = None;
                hits.iter().map(|hit| hit.turn).find(|turn| {
                    seen += u32::from(last.replace(*turn) != Some(*turn));
                    seen == n
                })
            }
        };
        let mut kept = base;
        for index in base..self.s.stack.len() {
            if Some(self.s.stack[index].turn) == turn {
                self.s.stack[kept] = self.s.stack[index];
                kept += 1;
            }
        }
        self.s.stack.truncate(kept);
    }

    fn always(&mut self, candidates: &'r Node, leaf: LeafId, scope: Scope) -> Bounded<bool> {
        let base = self.s.stack.len();
        self.evaluate(candidates, scope)?;
        let mut turns: Vec<u32> = self.s.stack.drain(base..).map(|hit| hit.turn).collect();
        turns.dedup();
        self.complete(leaf)?;
        let in_turns = |hit: &&Hit| turns.binary_search(&hit.turn).is_ok();
        let Some(found) = self.s.leaves.get(leaf as usize) else { return Ok(false) };
        self.s.stack.extend(found.hits.iter().filter(in_turns));
        let said = count_turns(self.s.stack.get(base..).unwrap_or_default());
        Ok(!turns.is_empty() && said == turns.len())
    }

    fn repeats(
        &mut self,
        roles: Roles,
        percent: u32,
        back: u32,
        except: Option<LeafId>,
        reason: ReasonId,
    ) -> Bounded<()> {
        if let Some(except) = except {
            self.complete(except)?;
        }
        let mut earlier: Vec<(u32, Roles)> = Vec::new();
        for turn in 0..narrow(self.s.turns.len()) {
            let Some(facts) = self.s.turns.get(turn as usize).copied() else { break };
            let excluded = except.is_some_and(|leaf| self.hits_of(leaf).iter().any(|hit| hit.turn == turn));
            if !facts.roles.meets(roles) || excluded {
                continue;
            }
            self.derive_pairs(turn)?;
            if self.pairs_of(turn).len() + 1 < REPEATS_MIN_CHARS {
                continue;
            }
            let same_role = earlier.iter().rev().filter(|(_, role)| *role == facts.roles).take(back as usize);
            let own = self.pairs_of(turn);
            let mut work = 0;
            let repeated = same_role.clone().any(|(other, _)| {
                work += (own.len() + self.pairs_of(*other).len()) / 4 + 1;
                likeness::alike(own, self.pairs_of(*other), percent)
            });
            self.s.spend(work)?;
            if repeated {
                self.s.stack.push(Hit { turn, start: 0, end: facts.chars, reason });
            }
            earlier.push((turn, facts.roles));
        }
        Ok(())
    }

    fn echoes(&mut self, leaf: LeafId, by: LeafId) -> Bounded<()> {
        self.complete(leaf)?;
        self.complete(by)?;
        let (own, theirs) = (self.hits_of(leaf).to_vec(), self.hits_of(by).to_vec());
        for hit in own.iter().chain(&theirs) {
            self.derive_folded(hit.turn);
        }
        self.s.spend(own.len() * theirs.len() + 1)?;
        for hit in own {
            let earlier = theirs.iter().take_while(|other| other.turn < hit.turn);
            if earlier.clone().any(|other| self.said(other).eq(self.said(&hit))) {
                self.s.stack.push(hit);
            }
        }
        Ok(())
    }

    /// The folded characters of a place whose turn has been folded.
    fn said(&self, hit: &Hit) -> impl Iterator<Item = char> + '_ {
        self.folded_of(hit.turn).chars().skip(hit.start as usize).take((hit.end - hit.start) as usize)
    }

    /// Turns that follow a turn of another role after more, or less, than so many seconds.
    fn replies(&mut self, roles: Roles, more: bool, seconds: f64, reason: ReasonId) {
        let mut previous: Option<u32> = None;
        let turns = self.conversation.turns;
        for (turn, facts) in (0_u32..).zip(&self.s.turns) {
            if facts.roles == Roles::SYSTEM {
                continue;
            }
            let before = previous.replace(turn);
            let Some(before) = before.and_then(|index| turns.get(index as usize)) else { continue };
            let Some(own) = turns.get(turn as usize).filter(|own| own.role != before.role) else { continue };
            let (Some(end), Some(start)) = (before.end_ms.or(before.start_ms), own.start_ms) else {
                continue;
            };
            let gap = start.saturating_sub(end).max(0) as f64 / 1000.0;
            if facts.roles.meets(roles) && (if more { gap > seconds } else { gap < seconds }) {
                self.s.stack.push(Hit { turn, start: 0, end: facts.chars, reason });
            }
        }
    }

    /// Turns longer, or shorter, than so many seconds or characters.
    fn speaks(&mut self, roles: Roles, more: bool, amount: f64, characters: bool, reason: ReasonId) {
        for (turn, facts) in (0_u32..).zip(&self.s.turns) {
            let own = self.conversation.turns.get(turn as usize);
            let length = if characters {
                Some(f64::from(facts.chars))
            } else {
                own.and_then(|own| Some(own.end_ms?.saturating_sub(own.start_ms?).max(0) as f64 / 1000.0))
            };
            let Some(length) = length else { continue };
            if facts.roles.meets(roles)
                && facts.spoken
                && (if more { length > amount } else { length < amount })
            {
                self.s.stack.push(Hit { turn, start: 0, end: facts.chars, reason });
            }
        }
    }
}

fn is_on(side: Side, hit: Hit, anchor: Hit) -> bool {
    match side {
        Side::After => hit.is_after(&anchor),
        Side::Before => anchor.is_after(&hit),
        Side::Of => true,
    }
}

/// Distinct turns of places in order.
fn count_turns(hits: &[Hit]) -> usize {
    let changes = hits.windows(2).filter(|two| matches!(two, [a, b] if a.turn != b.turn)).count();
    changes + usize::from(!hits.is_empty())
}
