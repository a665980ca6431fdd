//! One conversation against the program: a scan that notes every literal, then only the behaviours for which something was
//! noted.
//!
//! * `scan` walks the text once, folding on the way;
//! * `leaves` answers what is looked for within turns, on demand and once;
//! * `conditions` walks the conditions over the places found;
//! * `values` compares data fields.

mod conditions;
mod leaves;
mod scan;
mod values;

use crate::ast::{Mode, Unit, Who};
use crate::conversation::{Conversation, Role};
use crate::limits::{OCCASIONS_MAX, STEPS_MAX};
use crate::outcome::{Evidence, EvidenceKind, Inspection, Observation, Occasion};
use crate::program::{Applies, LeafId, Node, Plan, Program, Roles};

/// A place where something was found. Ordered by place, then by reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub turn: u32,
    pub start: u32,
    pub end: u32,
    pub reason: u32,
}

impl Hit {
    /// Whether it stands after another one, not touching it.
    pub fn is_after(&self, other: &Hit) -> bool {
        self.turn > other.turn || (self.turn == other.turn && self.start >= other.end)
    }

    fn place(&self) -> (u32, u32, u32) {
        (self.turn, self.start, self.end)
    }
}

/// Sorts places and merges equal ones, keeping the first reason.
pub(crate) fn normalise(hits: &mut Vec<Hit>, from: usize) {
    if hits.len() - from < 2 {
        return;
    }
    let Some(tail) = hits.get_mut(from..) else { return };
    if tail.is_sorted() && tail.windows(2).all(|two| matches!(two, [a, b] if a.place() != b.place())) {
        return;
    }
    tail.sort_unstable();
    let mut kept = from;
    for index in from..hits.len() {
        if index == from || hits[index].place() != hits[kept - 1].place() {
            hits[kept] = hits[index];
            kept += 1;
        }
    }
    hits.truncate(kept);
}

/// The budget is used up.
#[derive(Debug)]
pub(crate) struct Exhausted;
type Bounded<T> = Result<T, Exhausted>;

/// What conditions ask of a turn.
#[derive(Clone, Copy, Debug)]
struct TurnFacts {
    roles: Roles,
    chars: u32,
    /// Whether it has a letter, digit or ideograph.
    spoken: bool,
    /// Whether it has a line feed, which `.` does not match.
    line_feed: bool,
    /// Turns up to and including this one: of agents, of customers, of both, of the system.
    counts: [u32; 4],
}

fn unit_index(who: Who) -> usize {
    match who {
        Who::Agent => 0,
        Who::Customer => 1,
        Who::Anyone => 2,
        Who::System => 3,
    }
}

/// What a leaf or rule found in the conversation at hand; valid while its stamps equal the current one.
#[derive(Clone, Debug, Default)]
struct Found {
    /// Stamp of the conversation in which something was noted.
    noted: u32,
    /// Stamp of the conversation for which it is complete.
    complete: u32,
    /// Whether it holds (rules only).
    holds: bool,
    hits: Vec<Hit>,
}

/// A text or a set derived from a turn on demand.
#[derive(Clone, Debug, Default)]
struct Derived<T> {
    stamp: u32,
    value: T,
}

/// Working memory of one thread, reused from conversation to conversation.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Number of the conversation at hand; everything stamped otherwise is stale.
    stamp: u32,
    steps: u64,
    hits: usize,
    leaves: Vec<Found>,
    rules: Vec<Found>,
    turns: Vec<TurnFacts>,
    /// One bit for each behaviour to look at.
    candidates: Vec<u64>,
    stack: Vec<Hit>,
    folded: Vec<Derived<String>>,
    pairs: Vec<Derived<Vec<u64>>>,
    occasions: Vec<(Hit, bool)>,
    evidence: Vec<Evidence>,
    each_agent: Option<(u32, u32)>,
}

/// What `it` and `that` stand for.
#[derive(Clone, Copy, Debug, Default)]
struct Scope {
    it: Option<Hit>,
    that: Option<Hit>,
}

/// One inspection under way.
struct Run<'r> {
    program: &'r Program,
    conversation: &'r Conversation<'r>,
    s: &'r mut Scratch,
}

/// Inspects a conversation into `out`.
pub(crate) fn inspect(
    program: &Program,
    conversation: &Conversation<'_>,
    scratch: &mut Scratch,
    out: &mut Inspection,
) {
    out.clear();
    scratch.begin(program);
    let mut run = Run { program, conversation, s: scratch };
    if run.scan().is_err() {
        out.undecided.extend((0_u32..).take(program.plans.len()));
        return;
    }
    for word in 0..run.s.candidates.len() {
        let mut bits = run.s.candidates[word];
        while bits != 0 {
            let behaviour = u32::try_from(word * 64).unwrap_or(u32::MAX) + bits.trailing_zeros();
            bits &= bits - 1;
            if let Some(plan) = program.plans.get(behaviour as usize) {
                run.behaviour(behaviour, plan, out);
            }
        }
    }
}

impl Scratch {
    fn begin(&mut self, program: &Program) {
        if self.stamp == u32::MAX
            || self.leaves.len() != program.leaves.len()
            || self.rules.len() != program.rules.len()
        {
            *self = Self::default();
            self.leaves.resize(program.leaves.len(), Found::default());
            self.rules.resize(program.rules.len(), Found::default());
        }
        self.stamp += 1;
        self.steps = 0;
        self.hits = 0;
        self.turns.clear();
        self.stack.clear();
        self.each_agent = None;
        self.candidates.clear();
        self.candidates.resize(program.plans.len().div_ceil(64), 0);
        for behaviour in &program.always {
            self.mark(*behaviour);
        }
    }

    fn mark(&mut self, behaviour: u32) {
        if let Some(word) = self.candidates.get_mut(behaviour as usize / 64) {
            *word |= 1 << (behaviour % 64);
        }
    }

    /// Marks the behaviours that may apply now that something was noted at a leaf.
    #[cold]
    fn mark_triggers(&mut self, program: &Program, leaf: LeafId) {
        for behaviour in program.leaves.get(leaf as usize).into_iter().flat_map(|leaf| &leaf.triggers) {
            self.mark(*behaviour);
        }
    }

    #[inline]
    fn spend(&mut self, steps: usize) -> Bounded<()> {
        self.steps += steps as u64;
        if self.steps > STEPS_MAX { Err(Exhausted) } else { Ok(()) }
    }
}

impl<'r> Run<'r> {
    fn noted(&self, leaf: LeafId) -> bool {
        self.s.leaves.get(leaf as usize).is_some_and(|found| found.noted == self.s.stamp)
    }

    fn may_hold(&self, needs: Option<&Vec<LeafId>>) -> bool {
        needs.is_none_or(|needs| needs.iter().any(|leaf| self.noted(*leaf)))
    }

    fn behaviour(&mut self, behaviour: u32, plan: &'r Plan, out: &mut Inspection) {
        let (occasions, evidence) = (out.occasions.len(), out.evidence.len());
        self.s.evidence.clear();
        match self.observe(behaviour, plan, out) {
            Ok(Some(observation)) => out.observations.push(observation),
            Ok(None) => {}
            Err(Exhausted) => {
                out.occasions.truncate(occasions);
                out.evidence.truncate(evidence);
                out.undecided.push(behaviour);
            }
        }
    }

    fn observe(
        &mut self,
        behaviour: u32,
        plan: &'r Plan,
        out: &mut Inspection,
    ) -> Bounded<Option<Observation>> {
        let may_be_shown = self.may_hold(plan.shown_needs.as_ref());
        if matches!(plan.applies, Applies::EachAgent) {
            let (first, count) = self.agents_who_speak(out);
            if count == 0 {
                return Ok(None);
            }
            if !may_be_shown {
                let observation = Observation::nothing(behaviour);
                return Ok(Some(Observation {
                    applicable: true,
                    shown: true,
                    occasions: count,
                    shown_occasions: count,
                    first_occasion: first,
                    ..observation
                }));
            }
            let from = first as usize;
            let own: Vec<Occasion> =
                out.occasions.get(from..from + count as usize).unwrap_or_default().to_vec();
            return self.observe_each_agent(behaviour, plan, &own, out).map(Some);
        }
        if !self.find_occasions(plan)? {
            return Ok(None);
        }
        let first_occasion = out.occasions.len();
        let occasions = std::mem::take(&mut self.s.occasions);
        let mut result = Ok(());
        for (hit, points) in &occasions {
            let it = points.then_some(*hit);
            let shown = if may_be_shown { self.show_on(plan, it) } else { Ok(false) };
            let Ok(shown) = shown else {
                result = Err(Exhausted);
                break;
            };
            let shown = shown != (plan.mode == Mode::Prohibited);
            let agent_turn = self.conversation.answering_turn(hit.turn as usize);
            let agent_turn = agent_turn.and_then(|turn| u32::try_from(turn).ok());
            out.occasions.push(Occasion { turn: points.then_some(hit.turn), agent_turn, shown });
        }
        self.s.occasions = occasions;
        result?;
        Ok(Some(self.conclude(behaviour, plan.mode, first_occasion, out)))
    }

    fn show_on(&mut self, plan: &'r Plan, it: Option<Hit>) -> Bounded<bool> {
        let kind = if plan.mode == Mode::Prohibited { EvidenceKind::Breach } else { EvidenceKind::Shown };
        self.show(&plan.shown, Scope { it, that: None }, kind)
    }

    /// Finds the occasions as the first hit of each turn, and whether it points at something (into `s.occasions`), with
    /// their evidence. False when there is none.
    fn find_occasions(&mut self, plan: &'r Plan) -> Bounded<bool> {
        self.s.occasions.clear();
        let whole = Hit { turn: 0, start: 0, end: 0, reason: 0 };
        match &plan.applies {
            Applies::EachAgent => {}
            Applies::FirstAgentTurn => {
                let speaks = |facts: &TurnFacts| facts.spoken && facts.roles == Roles::AGENT;
                if let Some((turn, facts)) = (0_u32..).zip(&self.s.turns).find(|(_, facts)| speaks(facts)) {
                    self.s.occasions.push((Hit { turn, start: 0, end: facts.chars, reason: 0 }, true));
                }
            }
            Applies::Whole(node) => {
                let base = self.s.stack.len();
                if self.evaluate(node, Scope::default())? {
                    self.s.occasions.push((whole, false));
                }
                self.s.stack.truncate(base);
            }
            Applies::Turns(node) => self.occasions_of_turns(node)?,
        }
        if self.s.occasions.len() > OCCASIONS_MAX {
            return Err(Exhausted);
        }
        Ok(!self.s.occasions.is_empty())
    }

    fn occasions_of_turns(&mut self, node: &'r Node) -> Bounded<()> {
        let base = self.s.stack.len();
        let holds = self.evaluate(node, Scope::default())?;
        let hits = self.s.stack.get(base..).unwrap_or_default();
        for hit in hits {
            if self.s.occasions.last().is_none_or(|(last, _)| last.turn != hit.turn) {
                self.s.occasions.push((*hit, true));
            }
            let Hit { turn, start, end, reason } = *hit;
            self.s.evidence.push(Evidence { kind: EvidenceKind::Applies, turn, start, end, reason });
        }
        if holds && hits.is_empty() {
            // Such as “at most 1 time” with none: it holds and there is nothing to point at.
            self.s.occasions.push((Hit { turn: 0, start: 0, end: 0, reason: 0 }, false));
        }
        self.s.stack.truncate(base);
        Ok(())
    }

    /// One occasion for each agent who speaks, made once for a conversation and shared by all behaviours that hold; as
    /// (first, count) in `out.occasions`.
    fn agents_who_speak(&mut self, out: &mut Inspection) -> (u32, u32) {
        if let Some(known) = self.s.each_agent {
            return known;
        }
        let first = out.occasions.len();
        for (index, facts) in (0_u32..).zip(&self.s.turns) {
            if facts.roles != Roles::AGENT || !facts.spoken {
                continue;
            }
            let participant = self.participant(index);
            let known = out
                .occasions
                .iter()
                .skip(first)
                .any(|occasion| occasion.turn.is_some_and(|turn| self.participant(turn) == participant));
            if !known && out.occasions.len() - first < OCCASIONS_MAX {
                out.occasions.push(Occasion { turn: Some(index), agent_turn: Some(index), shown: true });
            }
        }
        let range = (narrow(first), narrow(out.occasions.len() - first));
        self.s.each_agent = Some(range);
        range
    }

    fn participant(&self, turn: u32) -> Option<&'r str> {
        self.conversation.turns.get(turn as usize).and_then(|turn| turn.participant)
    }

    /// An offence counts against the agent who answers for the turn in which it stands.
    fn observe_each_agent(
        &mut self,
        behaviour: u32,
        plan: &'r Plan,
        agents: &[Occasion],
        out: &mut Inspection,
    ) -> Bounded<Observation> {
        let first_occasion = out.occasions.len();
        for occasion in agents {
            let turn = occasion.turn.unwrap_or(0);
            let end = self.s.turns.get(turn as usize).map_or(0, |facts| facts.chars);
            let before = self.s.evidence.len();
            let mut offended = self.show_on(plan, Some(Hit { turn, start: 0, end, reason: 0 }))?;
            let participant = self.participant(turn);
            if self.s.evidence.len() > before {
                let mut evidence = self.s.evidence.split_off(before);
                evidence.retain(|evidence| {
                    let answers = self.conversation.answering_turn(evidence.turn as usize);
                    answers.is_some_and(|answers| self.participant(narrow(answers)) == participant)
                });
                offended = !evidence.is_empty();
                self.s.evidence.append(&mut evidence);
            }
            out.occasions.push(Occasion { shown: !offended, ..*occasion });
        }
        Ok(self.conclude(behaviour, plan.mode, first_occasion, out))
    }

    /// Adds up the occasions from `first_occasion` on and hands over the evidence.
    fn conclude(
        &mut self,
        behaviour: u32,
        mode: Mode,
        first_occasion: usize,
        out: &mut Inspection,
    ) -> Observation {
        let occasions = out.occasions.get(first_occasion..).unwrap_or_default();
        let shown_occasions = occasions.iter().filter(|occasion| occasion.shown).count();
        let shown = match mode {
            Mode::Each | Mode::Prohibited => shown_occasions == occasions.len(),
            Mode::Any => shown_occasions > 0,
            Mode::First => occasions.first().is_some_and(|occasion| occasion.shown),
        };
        let place = |evidence: &Evidence| (evidence.kind, evidence.turn, evidence.start, evidence.end);
        self.s.evidence.sort_unstable();
        self.s.evidence.dedup_by_key(|evidence| place(evidence));
        let first_evidence = out.evidence.len();
        out.evidence.append(&mut self.s.evidence);
        Observation {
            behaviour,
            applicable: true,
            shown,
            occasions: narrow(occasions.len()),
            shown_occasions: narrow(shown_occasions),
            first_evidence: narrow(first_evidence),
            first_occasion: narrow(first_occasion),
            evidence: narrow(out.evidence.len() - first_evidence),
        }
    }

    /// How far a hit is from an anchor, counting the hit's turn and not the anchor's; `None` where times are missing.
    fn distance(&self, hit: Hit, anchor: Hit, unit: Unit) -> Option<f64> {
        if hit.turn == anchor.turn {
            return Some(0.0);
        }
        let (first, last) = if hit.turn > anchor.turn { (anchor, hit) } else { (hit, anchor) };
        match unit {
            Unit::Turns(who) => {
                let facts = |turn: u32| self.s.turns.get(turn as usize);
                let (first, last) = (facts(first.turn)?, facts(last.turn)?);
                let (unit, roles) = (unit_index(who), Roles::of(who));
                let mut between = last.counts[unit] - first.counts[unit];
                if hit.turn < anchor.turn {
                    // The hit stands before: count its own turn, not the anchor's.
                    between += u32::from(first.roles.meets(roles));
                    between -= u32::from(last.roles.meets(roles));
                }
                Some(f64::from(between))
            }
            Unit::Seconds => {
                let turn = |index: u32| self.conversation.turns.get(index as usize);
                let end = turn(first.turn).and_then(|turn| turn.end_ms.or(turn.start_ms))?;
                let start = turn(last.turn).and_then(|turn| turn.start_ms)?;
                Some(start.saturating_sub(end).max(0) as f64 / 1000.0)
            }
        }
    }

    /// Whether a turn is one of the first or last so many.
    fn is_at(&self, hit: Hit, from_end: bool, value: f64, unit: Unit) -> bool {
        let Some(facts) = self.s.turns.get(hit.turn as usize) else { return false };
        match unit {
            Unit::Turns(who) => {
                let unit = unit_index(who);
                let total = self.s.turns.last().map_or(0, |last| last.counts[unit]);
                let rank = if from_end { total - facts.counts[unit] + 1 } else { facts.counts[unit] };
                facts.roles.meets(Roles::of(who)) && f64::from(rank) <= value
            }
            Unit::Seconds => {
                let turn = self.conversation.turns.get(hit.turn as usize);
                let (Some(start), Some((first, last))) =
                    (turn.and_then(|turn| turn.start_ms), self.conversation.time_span())
                else {
                    return false;
                };
                let away = if from_end { last.saturating_sub(start) } else { start.saturating_sub(first) };
                away as f64 / 1000.0 <= value
            }
        }
    }
}

fn role_counts(role: Role, before: [u32; 4]) -> [u32; 4] {
    let [agents, customers, both, system] = before;
    match role {
        Role::Agent => [agents + 1, customers, both + 1, system],
        Role::Customer => [agents, customers + 1, both + 1, system],
        Role::System => [agents, customers, both, system + 1],
    }
}

/// Counts within one conversation stay far below 2^32.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
