//! A second evaluator, for tests and benchmarks only: it walks the tree as it was written and searches every text for every
//! word. It shares the meaning of folding, readings, likeness and token forms with the first, and none of its methods: no
//! automaton, no gates, no shared leaves, no memory from one condition to the next.

mod text;

use std::collections::BTreeMap;

use regex::Regex;

use crate::ast::{
    Amount, Anchor, At, Behaviour, Condition, Group, Item, Mode, Nth, Phrase, Qualifier, Side, Unit, Who,
};
use crate::ast::{Comparison, Value};
use crate::compile::reason;
use crate::conversation::{Conversation, FieldValue, Role, Turn};
use crate::fold::{fold, is_spoken};
use crate::limits::REPEATS_MIN_CHARS;
use crate::outcome::EvidenceKind;
use crate::pack::{Kind, Pack, Source};
use crate::{patterns, syllables};

use text::{alike, at_word_edges, is_readable, misspelt, occurrences, pairs};

/// The evaluator.
#[derive(Debug)]
pub struct Naive {
    pack: Pack,
    patterns: BTreeMap<String, Regex>,
}

/// What it found of one behaviour, in the terms of [`crate::Observation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaiveObservation {
    /// Whether there was an occasion.
    pub applicable: bool,
    /// Whether it was shown as the behaviour demands.
    pub shown: bool,
    /// For each occasion: turn, turn of the agent who answers, shown.
    pub occasions: Vec<(Option<usize>, Option<usize>, bool)>,
    /// Kind, turn, start, end, reason; sorted, one for each place.
    pub evidence: Vec<(EvidenceKind, usize, usize, usize, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    turn: usize,
    start: usize,
    end: usize,
    reason: String,
}

type Scope<'a> = (Option<&'a Hit>, Option<&'a Hit>);

fn tidy(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort();
    hits.dedup_by(|later, first| {
        (later.turn, later.start, later.end) == (first.turn, first.start, first.end)
    });
    hits
}

fn turns(hits: &[Hit]) -> Vec<usize> {
    let mut turns: Vec<usize> = hits.iter().map(|hit| hit.turn).collect();
    turns.dedup();
    turns
}

impl Naive {
    /// Reads rules that compile; what is wrong with them is the business of [`crate::check`](fn@crate::check).
    pub fn new(sources: &[Source<'_>]) -> Self {
        let (pack, _) = Pack::read(sources);
        Self { pack, patterns: BTreeMap::new() }.with_patterns(sources)
    }

    /// Compiles all texts between slashes once; anything else would make the comparison endless.
    fn with_patterns(mut self, sources: &[Source<'_>]) -> Self {
        for source in sources {
            let (tokens, _) = crate::lex::lex(source.text);
            for token in tokens {
                if let crate::lex::TokenKind::Regex(pattern) = token.kind
                    && let Ok(prepared) = patterns::prepare(&pattern)
                {
                    self.patterns.insert(pattern, prepared.regex);
                }
            }
        }
        for (class, keyword) in crate::ast::TokenClass::ALL {
            if let Ok(prepared) = patterns::prepare(patterns::token_pattern(class)) {
                self.patterns.insert(format!("token {keyword}"), prepared.regex);
            }
        }
        self
    }

    /// Inspects one conversation: an observation for each behaviour, in order.
    pub fn inspect(&self, conversation: &Conversation<'_>) -> Vec<NaiveObservation> {
        let view = View {
            naive: self,
            conversation,
            texts: conversation.turns.iter().map(|turn| fold(turn.text).chars().collect()).collect(),
        };
        self.pack.behaviours.iter().map(|behaviour| view.behaviour(&behaviour.item)).collect()
    }
}

struct View<'v> {
    naive: &'v Naive,
    conversation: &'v Conversation<'v>,
    /// Folded characters of each turn.
    texts: Vec<Vec<char>>,
}

fn matches_role(who: Who, role: Role) -> bool {
    match who {
        Who::Agent => role == Role::Agent,
        Who::Customer => role == Role::Customer,
        Who::Anyone => role != Role::System,
        Who::System => role == Role::System,
    }
}

fn after(hit: &Hit, other: &Hit) -> bool {
    hit.turn > other.turn || (hit.turn == other.turn && hit.start >= other.end)
}

impl View<'_> {
    fn turn(&self, index: usize) -> &Turn<'_> {
        &self.conversation.turns[index]
    }

    fn spoken(&self, turn: usize) -> bool {
        self.texts[turn].iter().any(|c| is_spoken(*c))
    }

    fn whole(&self, turn: usize, reason: &str) -> Hit {
        Hit { turn, start: 0, end: self.texts[turn].len(), reason: reason.to_owned() }
    }

    fn participant(&self, turn: usize) -> Option<&str> {
        self.turn(turn).participant
    }

    fn behaviour(&self, behaviour: &Behaviour) -> NaiveObservation {
        let agents: Vec<usize> = (0..self.texts.len())
            .filter(|turn| self.turn(*turn).role == Role::Agent && self.spoken(*turn))
            .collect();
        let mut evidence = Vec::new();
        let mut note = |kind: EvidenceKind, hits: Vec<Hit>| {
            evidence.extend(hits.into_iter().map(|hit| (kind, hit.turn, hit.start, hit.end, hit.reason)));
        };
        let prohibited = behaviour.mode == Mode::Prohibited;
        let kind = if prohibited { EvidenceKind::Breach } else { EvidenceKind::Shown };
        let mut occasions = Vec::new();
        let starts: Vec<Option<Hit>> = match &behaviour.applies {
            None if prohibited => {
                let mut firsts: Vec<usize> = Vec::new();
                for turn in agents {
                    if firsts.iter().all(|first| self.participant(*first) != self.participant(turn)) {
                        firsts.push(turn);
                    }
                }
                firsts.into_iter().map(|turn| Some(self.whole(turn, ""))).collect()
            }
            None => agents.first().map(|turn| Some(self.whole(*turn, ""))).into_iter().collect(),
            Some(applies) => {
                let (holds, hits) = self.condition(applies, (None, None));
                let points = holds && !hits.is_empty() && self.naive.pack.kind(applies) == Kind::Match;
                let mut firsts: Vec<Option<Hit>> = Vec::new();
                for hit in &hits {
                    if firsts.last().is_none_or(|last| last.as_ref().is_none_or(|last| last.turn != hit.turn))
                    {
                        firsts.push(Some(hit.clone()));
                    }
                }
                note(EvidenceKind::Applies, hits);
                if points { firsts } else { vec![None; usize::from(holds)] }
            }
        };
        for it in starts {
            let (mut holds, mut hits) = self.show(&behaviour.shown, (it.as_ref(), None));
            let answering = self.conversation.answering_turn(it.as_ref().map_or(0, |it| it.turn));
            if Pack::is_for_each_agent(behaviour) && holds && !hits.is_empty() {
                let own = self.participant(answering.unwrap_or(0));
                hits.retain(|hit| {
                    self.conversation
                        .answering_turn(hit.turn)
                        .is_some_and(|turn| self.participant(turn) == own)
                });
                holds = !hits.is_empty();
            }
            note(kind, if holds { hits } else { Vec::new() });
            occasions.push((it.map(|it| it.turn), answering, holds != prohibited));
        }
        evidence.sort();
        evidence.dedup_by_key(|evidence| (evidence.0, evidence.1, evidence.2, evidence.3));
        let shown = match behaviour.mode {
            Mode::Each | Mode::Prohibited => {
                !occasions.is_empty() && occasions.iter().all(|occasion| occasion.2)
            }
            Mode::Any => occasions.iter().any(|occasion| occasion.2),
            Mode::First => occasions.first().is_some_and(|occasion| occasion.2),
        };
        if occasions.is_empty() {
            evidence.clear();
        }
        NaiveObservation { applicable: !occasions.is_empty(), shown, occasions, evidence }
    }

    /// Whether it holds, and everything said for it.
    fn show(&self, condition: &Condition, scope: Scope<'_>) -> (bool, Vec<Hit>) {
        let (needed, parts): (usize, Vec<&Condition>) = match condition {
            Condition::And(parts) => (parts.len(), parts.iter().collect()),
            Condition::Or(parts) => (1, parts.iter().collect()),
            Condition::AtLeastOf(least, parts) => (*least as usize, parts.iter().collect()),
            Condition::Rule(name) => {
                return self.show(&self.naive.pack.rules[&name.value].item.condition, (None, None));
            }
            _ => return self.condition(condition, scope),
        };
        let shown: Vec<_> = parts.into_iter().map(|part| self.show(part, scope)).collect();
        let holding = shown.iter().filter(|(holds, _)| *holds).count();
        if holding < needed {
            return (false, Vec::new());
        }
        (true, shown.into_iter().filter(|(holds, _)| *holds).flat_map(|(_, hits)| hits).collect())
    }

    /// Whether it holds, and what it points at.
    fn condition(&self, condition: &Condition, scope: Scope<'_>) -> (bool, Vec<Hit>) {
        let hits = match condition {
            Condition::And(parts) => {
                let all: Vec<_> = parts.iter().map(|part| self.condition(part, scope)).collect();
                if !all.iter().all(|(holds, _)| *holds) {
                    return (false, Vec::new());
                }
                return (
                    true,
                    all.into_iter().map(|(_, hits)| hits).find(|hits| !hits.is_empty()).unwrap_or_default(),
                );
            }
            Condition::Or(parts) => return self.several(1, parts, scope),
            Condition::AtLeastOf(least, parts) => return self.several(*least as usize, parts, scope),
            Condition::Not(inner) => return (!self.condition(inner, scope).0, Vec::new()),
            Condition::Then { first, within, second } => {
                let anchors = self.condition(first, scope).1;
                let near = |hit: &Hit| {
                    anchors.iter().any(|anchor| {
                        after(hit, anchor) && within.is_none_or(|amount| self.is_within(hit, anchor, amount))
                    })
                };
                self.condition(second, scope).1.into_iter().filter(near).collect()
            }
            Condition::Qualified(inner, qualifiers) => {
                return self.qualified(self.condition(inner, scope).1, qualifiers, scope);
            }
            Condition::Never(who, phrase, qualifiers) => {
                let (holds, _) = self.qualified(self.says(*who, phrase), qualifiers, scope);
                return (!holds, Vec::new());
            }
            Condition::Always(who, phrase, qualifiers) => {
                let candidates = self.qualified(self.says(*who, &Phrase::Anything), qualifiers, scope).1;
                let said = self.says(*who, phrase);
                let in_turn = |turn: usize| said.iter().any(|hit| hit.turn == turn);
                if candidates.is_empty() || !candidates.iter().all(|candidate| in_turn(candidate.turn)) {
                    return (false, Vec::new());
                }
                said.into_iter()
                    .filter(|hit| candidates.iter().any(|candidate| candidate.turn == hit.turn))
                    .collect()
            }
            Condition::NthTime(nth, inner) => {
                let hits = self.condition(inner, scope).1;
                let turns = turns(&hits);
                let wanted = match nth {
                    Nth::Is(n) => turns.get(*n as usize - 1).copied(),
                    Nth::Last => turns.last().copied(),
                };
                hits.into_iter().filter(|hit| Some(hit.turn) == wanted).collect()
            }
            Condition::Rule(name) => {
                return self.condition(&self.naive.pack.rules[&name.value].item.condition, (None, None));
            }
            Condition::Says(who, phrase) => self.says(*who, phrase),
            Condition::Repeats { who, percent, back, except } => {
                self.repeats(*who, *percent, *back as usize, except.as_ref())
            }
            Condition::Echoes { who, phrase, by } => {
                let theirs = self.says(*by, phrase);
                let said = |hit: &Hit| self.texts[hit.turn][hit.start..hit.end].to_vec();
                let echoes =
                    |hit: &Hit| theirs.iter().any(|other| other.turn < hit.turn && said(other) == said(hit));
                self.says(*who, phrase).into_iter().filter(echoes).collect()
            }
            Condition::Replies { who, more, seconds } => self.replies(*who, *more, *seconds),
            Condition::Speaks { who, more, amount, characters } => {
                self.speaks(*who, *more, *amount, *characters)
            }
            Condition::Compare(left, how, right) => return (self.compare(left, *how, right), Vec::new()),
            Condition::OneOf(left, choices) => {
                return (
                    choices.iter().any(|choice| self.compare(left, Comparison::Equal, choice)),
                    Vec::new(),
                );
            }
            Condition::Known(name) => return (self.conversation.field(name).is_some(), Vec::new()),
        };
        (!hits.is_empty(), hits)
    }

    fn several(&self, least: usize, parts: &[Condition], scope: Scope<'_>) -> (bool, Vec<Hit>) {
        let holding: Vec<_> =
            parts.iter().map(|part| self.condition(part, scope)).filter(|(holds, _)| *holds).collect();
        if holding.len() < least {
            return (false, Vec::new());
        }
        (true, tidy(holding.into_iter().flat_map(|(_, hits)| hits).collect()))
    }

    fn qualified(
        &self,
        mut hits: Vec<Hit>,
        qualifiers: &[At<Qualifier>],
        scope: Scope<'_>,
    ) -> (bool, Vec<Hit>) {
        for qualifier in qualifiers {
            match &qualifier.value {
                Qualifier::Count { least, most } => {
                    let holds = (*least as usize..=*most as usize).contains(&turns(&hits).len());
                    return (holds, if holds { hits } else { Vec::new() });
                }
                Qualifier::Position { from_end, amount } => {
                    hits.retain(|hit| self.is_at(hit, *from_end, *amount));
                }
                Qualifier::Where(inner) => hits.retain(|hit| self.condition(inner, (scope.0, Some(hit))).0),
                Qualifier::Order(side, anchor) => {
                    let anchors = self.anchors(anchor, scope);
                    hits.retain(|hit| anchors.iter().any(|anchor| on(*side, hit, anchor)));
                }
                Qualifier::Distance { amount, more, side, anchor } => {
                    let anchors = self.anchors(anchor, scope);
                    hits.retain(|hit| {
                        anchors.iter().any(|anchor| {
                            let distance = self.distance(hit, anchor, amount.unit);
                            let far = |distance: f64| (distance > amount.value) == *more;
                            on(*side, hit, anchor) && distance.is_some_and(far)
                        })
                    });
                }
            }
        }
        (!hits.is_empty(), hits)
    }

    fn anchors(&self, anchor: &Anchor, scope: Scope<'_>) -> Vec<Hit> {
        match anchor {
            Anchor::It(_) => scope.0.into_iter().cloned().collect(),
            Anchor::That(_) => scope.1.into_iter().cloned().collect(),
            Anchor::Match(inner) => self.condition(inner, scope).1,
        }
    }

    fn is_within(&self, hit: &Hit, anchor: &Hit, amount: Amount) -> bool {
        self.distance(hit, anchor, amount.unit).is_some_and(|distance| distance <= amount.value)
    }

    /// Turns from the anchor's (left out) to the hit's (counted), or seconds between the two.
    fn distance(&self, hit: &Hit, anchor: &Hit, unit: Unit) -> Option<f64> {
        if hit.turn == anchor.turn {
            return Some(0.0);
        }
        match unit {
            Unit::Turns(who) => {
                let between = if hit.turn > anchor.turn {
                    anchor.turn + 1..hit.turn + 1
                } else {
                    hit.turn..anchor.turn
                };
                Some(between.filter(|turn| matches_role(who, self.turn(*turn).role)).count() as f64)
            }
            Unit::Seconds => {
                let (first, last) = (hit.turn.min(anchor.turn), hit.turn.max(anchor.turn));
                let end = self.turn(first).end_ms.or(self.turn(first).start_ms)?;
                Some((self.turn(last).start_ms? - end).max(0) as f64 / 1000.0)
            }
        }
    }

    fn is_at(&self, hit: &Hit, from_end: bool, amount: Amount) -> bool {
        match amount.unit {
            Unit::Turns(who) => {
                let mut own: Vec<usize> =
                    (0..self.texts.len()).filter(|turn| matches_role(who, self.turn(*turn).role)).collect();
                if from_end {
                    own.reverse();
                }
                own.iter().position(|turn| *turn == hit.turn).is_some_and(|rank| (rank as f64) < amount.value)
            }
            Unit::Seconds => {
                let Some(start) = self.turn(hit.turn).start_ms else { return false };
                let starts = self.conversation.turns.iter().filter_map(|turn| turn.start_ms);
                let ends = self.conversation.turns.iter().filter_map(|turn| turn.end_ms.or(turn.start_ms));
                let (first, last) = (starts.min().unwrap_or(start), ends.max().unwrap_or(start));
                let away = if from_end { last.max(first) - start } else { start - first };
                away as f64 / 1000.0 <= amount.value
            }
        }
    }

    fn says(&self, who: Who, phrase: &Phrase) -> Vec<Hit> {
        let own = (0..self.texts.len()).filter(|turn| matches_role(who, self.turn(*turn).role));
        tidy(own.flat_map(|turn| self.phrase(turn, phrase)).collect())
    }

    fn phrase(&self, turn: usize, phrase: &Phrase) -> Vec<Hit> {
        match phrase {
            Phrase::Anything => {
                if self.spoken(turn) {
                    vec![self.whole(turn, "anything")]
                } else {
                    Vec::new()
                }
            }
            Phrase::Item(item) => tidy(self.item(turn, None, &item.value)),
            Phrase::Of { least, group, .. } => {
                let (list, items) = match group {
                    Group::Items(items) => (None, items),
                    Group::Name(name) => {
                        (Some(name.value.as_str()), &self.naive.pack.lists[&name.value].item.items)
                    }
                };
                let found: Vec<Vec<Hit>> =
                    items.iter().map(|item| self.item(turn, list, &item.value)).collect();
                let least = if *least == 0 { items.len() } else { *least as usize };
                let heard = found.iter().filter(|hits| !hits.is_empty()).count();
                if heard < least { Vec::new() } else { tidy(found.into_iter().flatten().collect()) }
            }
            Phrase::Near { a, b, characters, ordered } => {
                let others = self.phrase(turn, b);
                let mut joined = Vec::new();
                for first in self.phrase(turn, a) {
                    let mut best: Option<(usize, usize, usize)> = None;
                    for other in &others {
                        let gap = if other.start >= first.end {
                            other.start - first.end
                        } else if !ordered && other.end <= first.start {
                            first.start - other.end
                        } else {
                            continue;
                        };
                        let candidate = (gap, other.start, other.end);
                        if gap <= *characters as usize && best.is_none_or(|best| candidate < best) {
                            best = Some(candidate);
                        }
                    }
                    if let Some((_, start, end)) = best {
                        joined.push(Hit { start: first.start.min(start), end: first.end.max(end), ..first });
                    }
                }
                tidy(joined)
            }
            Phrase::Except { a, b } => {
                let others = self.phrase(turn, b);
                let touches =
                    |hit: &Hit| others.iter().any(|other| other.start < hit.end && hit.start < other.end);
                self.phrase(turn, a).into_iter().filter(|hit| !touches(hit)).collect()
            }
        }
    }

    fn item(&self, turn: usize, list: Option<&str>, item: &Item) -> Vec<Hit> {
        let text = &self.texts[turn];
        let folded = |word: &str| -> Vec<char> { fold(word).chars().collect() };
        let places: Vec<(usize, usize)> = match item {
            Item::Name(name) => {
                let items = &self.naive.pack.lists[name].item.items;
                return items.iter().flat_map(|item| self.item(turn, Some(name), &item.value)).collect();
            }
            Item::Word(word) => {
                let word = folded(word);
                occurrences(text, &word)
                    .into_iter()
                    .filter(|place| at_word_edges(text, &word, *place))
                    .collect()
            }
            Item::Part(word) => occurrences(text, &folded(word)),
            Item::Exactly(word) => {
                let trim = |chars: &[char]| -> Vec<char> {
                    let kept: String = chars.iter().collect();
                    kept.trim_matches(|c| !is_spoken(c)).chars().collect()
                };
                let start = text.iter().position(|c| is_spoken(*c)).unwrap_or(0);
                let own = trim(text);
                if own == trim(&folded(word)) { vec![(start, start + own.len())] } else { Vec::new() }
            }
            Item::Regex(pattern) => self.pattern(text, pattern),
            Item::Token(class) => self.pattern(text, &format!("token {}", class.keyword())),
            Item::Sounds { text: word, roughly } => {
                let wanted = syllables::readings(word, *roughly).unwrap_or_default();
                let read = |c: &char| {
                    let reading = if is_readable(*c) { syllables::reading(*c) } else { None };
                    reading.map(|reading| if *roughly { syllables::rough(&reading) } else { reading })
                };
                let heard: Vec<Option<String>> = text.iter().map(read).collect();
                let same = |start: &usize| {
                    heard[*start..*start + wanted.len()]
                        .iter()
                        .zip(&wanted)
                        .all(|(a, b)| a.as_ref() == Some(b))
                };
                let starts = 0..(heard.len() + 1).saturating_sub(wanted.len());
                starts.filter(same).map(|start| (start, start + wanted.len())).collect()
            }
            Item::Spelled { text: word, edits } => misspelt(text, &folded(word), *edits as usize),
            Item::Like { text: sentence, percent } => {
                let alike = alike(&pairs(text), &pairs(&folded(sentence)), *percent as usize);
                if alike { vec![(0, text.len())] } else { Vec::new() }
            }
        };
        let reason = reason(list, item);
        places.into_iter().map(|(start, end)| Hit { turn, start, end, reason: reason.clone() }).collect()
    }

    fn pattern(&self, text: &[char], pattern: &str) -> Vec<(usize, usize)> {
        let text: String = text.iter().collect();
        let Some(regex) = self.naive.patterns.get(pattern) else { return Vec::new() };
        let chars = |byte: usize| text[..byte].chars().count();
        regex.find_iter(&text).map(|found| (chars(found.start()), chars(found.end()))).collect()
    }

    fn repeats(&self, who: Who, percent: u32, back: usize, except: Option<&Phrase>) -> Vec<Hit> {
        let counts = |turn: &usize| {
            let excluded = except.is_some_and(|phrase| !self.phrase(*turn, phrase).is_empty());
            let spoken = self.texts[*turn].iter().filter(|c| is_spoken(**c)).count();
            matches_role(who, self.turn(*turn).role) && !excluded && spoken >= REPEATS_MIN_CHARS
        };
        let own: Vec<usize> = (0..self.texts.len()).filter(counts).collect();
        let repeated = |turn: &usize| {
            let earlier = own
                .iter()
                .rev()
                .filter(|other| *other < turn && self.turn(**other).role == self.turn(*turn).role);
            earlier
                .take(back)
                .any(|other| alike(&pairs(&self.texts[*turn]), &pairs(&self.texts[*other]), percent as usize))
        };
        own.iter().copied().filter(repeated).map(|turn| self.whole(turn, "repeats")).collect()
    }

    fn replies(&self, who: Who, more: bool, seconds: f64) -> Vec<Hit> {
        let people: Vec<usize> =
            (0..self.texts.len()).filter(|turn| self.turn(*turn).role != Role::System).collect();
        let late = |two: &[usize]| {
            let (before, own) = (self.turn(two[0]), self.turn(two[1]));
            let gap = own.start_ms? - before.end_ms.or(before.start_ms)?;
            let gap = gap.max(0) as f64 / 1000.0;
            let wanted = if more { gap > seconds } else { gap < seconds };
            (wanted && before.role != own.role && matches_role(who, own.role))
                .then(|| self.whole(two[1], "replies"))
        };
        people.windows(2).filter_map(late).collect()
    }

    fn speaks(&self, who: Who, more: bool, amount: f64, characters: bool) -> Vec<Hit> {
        let long = |turn: &usize| {
            let own = self.turn(*turn);
            let length = if characters {
                Some(self.texts[*turn].len() as f64)
            } else {
                own.end_ms.zip(own.start_ms).map(|(end, start)| (end - start).max(0) as f64 / 1000.0)
            };
            let wanted = length.is_some_and(|length| if more { length > amount } else { length < amount });
            matches_role(who, own.role) && self.spoken(*turn) && wanted
        };
        (0..self.texts.len()).filter(long).map(|turn| self.whole(turn, "speaks")).collect()
    }

    fn compare(&self, left: &Value, how: Comparison, right: &Value) -> bool {
        let (Some(left), Some(right)) = (self.value(left), self.value(right)) else { return false };
        let text = |value: &FieldValue<'_>| match value {
            FieldValue::Text(text) => Some(fold(text.trim())),
            _ => None,
        };
        if let (Some(a), Some(b)) = (text(&left), text(&right)) {
            return match how {
                Comparison::Equal => a == b,
                Comparison::NotEqual => a != b,
                Comparison::Contains => match (left, right) {
                    (FieldValue::Text(a), FieldValue::Text(b)) => fold(a).contains(&fold(b)),
                    _ => false,
                },
                _ => false,
            };
        }
        if let (FieldValue::Bool(a), FieldValue::Bool(b)) = (left, right) {
            return (how == Comparison::Equal && a == b) || (how == Comparison::NotEqual && a != b);
        }
        let (Some(a), Some(b)) = (number(left), number(right)) else { return false };
        let equal = (a - b).abs() <= f64::EPSILON * a.abs().max(b.abs());
        match how {
            Comparison::Equal => equal,
            Comparison::NotEqual => !equal,
            Comparison::Less => a < b,
            Comparison::AtMost => a <= b,
            Comparison::More => a > b,
            Comparison::AtLeast => a >= b,
            Comparison::Contains => false,
        }
    }

    fn value<'b>(&'b self, value: &'b Value) -> Option<FieldValue<'b>> {
        use crate::ast::Arithmetic::{Add, Divide, Multiply, Subtract};
        Some(match value {
            Value::Number(number) => FieldValue::Number(*number),
            Value::Text(text) => FieldValue::Text(text),
            Value::Bool(truth) => FieldValue::Bool(*truth),
            Value::Field(name) => self.conversation.field(name)?,
            Value::Apply(left, operator, right) => {
                let (left, right) = (number(self.value(left)?)?, number(self.value(right)?)?);
                let result = match operator {
                    Add => left + right,
                    Subtract => left - right,
                    Multiply => left * right,
                    Divide => left / right,
                };
                FieldValue::Number(Some(result).filter(|result| result.is_finite())?)
            }
        })
    }
}

fn number(value: FieldValue<'_>) -> Option<f64> {
    match value {
        FieldValue::Number(number) => Some(number),
        FieldValue::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        FieldValue::Bool(_) => None,
    }
}

fn on(side: Side, hit: &Hit, anchor: &Hit) -> bool {
    match side {
        Side::After => after(hit, anchor),
        Side::Before => after(anchor, hit),
        Side::Of => true,
    }
}
