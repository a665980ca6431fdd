//! From the pack to the program: names resolved, equal leaves shared, literals interned into one automaton, regular
//! expressions gated, and for each behaviour the leaves without which it need not be looked at.

use std::collections::{BTreeMap, HashMap};

use daachorse::CharwiseDoubleArrayAhoCorasickBuilder;

use crate::ast::{Anchor, At, Condition, Group, Item, Phrase, Qualifier, Side};
use crate::evaluate::narrow;
use crate::fold::{fold, is_word_char};
use crate::likeness;
use crate::pack::{Kind, Pack};
use crate::patterns::{self, Gate, NearShape, Prepared};
use crate::program::{
    Applies, Extra, Filter, Leaf, LeafId, LeafKind, Literal, Node, Origin, Plan, Posting, Program,
    ROLE_TABLES, ReasonId, Roles,
};
use crate::spelled;
use crate::syllables::SyllableIndex;

/// How a literal must stand in its turn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edges {
    Word,
    Free,
    WholeTurn,
}

/// Compiles a pack that has been checked.
pub(crate) fn compile(pack: &Pack) -> Result<Program, String> {
    let reasons = reasons(pack);
    let mut compiler = Compiler {
        pack,
        reason_ids: reasons.iter().zip(0..).map(|(reason, id)| (reason.clone(), id)).collect(),
        rule_ids: pack.rules.keys().zip(0..).map(|(name, id)| (name.as_str(), id)).collect(),
        literals: HashMap::new(),
        sounds: Vec::new(),
        sound_postings: Vec::new(),
        leaves: Vec::new(),
        known: HashMap::new(),
    };
    let rules: Vec<Node> =
        pack.rules.values().map(|rule| compiler.node(&rule.item.condition)).collect::<Result<_, _>>()?;
    let mut plans = Vec::new();
    for behaviour in &pack.behaviours {
        let behaviour = &behaviour.item;
        let applies = match &behaviour.applies {
            None if Pack::is_for_each_agent(behaviour) => Applies::EachAgent,
            None => Applies::FirstAgentTurn,
            Some(applies) => {
                let node = compiler.node(applies)?;
                if pack.kind(applies) == Kind::Match { Applies::Turns(node) } else { Applies::Whole(node) }
            }
        };
        let shown = compiler.node(&behaviour.shown)?;
        plans.push(Plan { mode: behaviour.mode, applies, shown, shown_needs: None });
    }
    compiler.finish(rules, plans, reasons)
}

/// All reason texts, sorted: of two reasons for the same place the first in this order is told.
fn reasons(pack: &Pack) -> Vec<String> {
    let mut reasons: Vec<String> =
        ["anything", "repeats", "replies", "speaks"].into_iter().map(str::to_owned).collect();
    let mut items = |label: Option<&str>, item: &Item| {
        if !matches!(item, Item::Name(_)) {
            reasons.push(reason(label, item));
        }
    };
    for (name, list) in &pack.lists {
        list.item.items.iter().for_each(|item| items(Some(name), &item.value));
    }
    let mut visit = |condition: &Condition| each_inline_item(condition, &mut |item| items(None, item));
    for rule in pack.rules.values() {
        visit(&rule.item.condition);
    }
    for behaviour in &pack.behaviours {
        behaviour.item.applies.iter().for_each(&mut visit);
        visit(&behaviour.item.shown);
    }
    reasons.sort();
    reasons.dedup();
    reasons
}

/// How a found item is told: the list it stands in, and what was looked for.
pub(crate) fn reason(list: Option<&str>, item: &Item) -> String {
    let item = match item {
        Item::Word(text) | Item::Name(text) => text.clone(),
        Item::Part(text) => format!("part {text}"),
        Item::Exactly(text) => format!("exactly {text}"),
        Item::Regex(pattern) => format!("/{pattern}/"),
        Item::Sounds { text, roughly: false } => format!("sounds like {text}"),
        Item::Sounds { text, roughly: true } => format!("sounds roughly like {text}"),
        Item::Spelled { text, .. } => format!("spelled like {text}"),
        Item::Like { text, .. } => format!("like {text}"),
        Item::Token(class) => class.keyword().to_owned(),
    };
    list.map_or_else(|| item.clone(), |list| format!("{list}: {item}"))
}

fn each_inline_item<'a>(condition: &'a Condition, visit: &mut dyn FnMut(&'a Item)) {
    match condition {
        Condition::Says(_, phrase)
        | Condition::Never(_, phrase, _)
        | Condition::Always(_, phrase, _)
        | Condition::Echoes { phrase, .. }
        | Condition::Repeats { except: Some(phrase), .. } => each_item_of_phrase(phrase, visit),
        _ => {}
    }
    crate::pack::children(condition, &mut |child| each_inline_item(child, visit));
}

fn each_item_of_phrase<'a>(phrase: &'a Phrase, visit: &mut dyn FnMut(&'a Item)) {
    match phrase {
        Phrase::Item(item) => visit(&item.value),
        Phrase::Of { group: Group::Items(items), .. } => items.iter().for_each(|item| visit(&item.value)),
        Phrase::Near { a, b, .. } | Phrase::Except { a, b } => {
            each_item_of_phrase(a, visit);
            each_item_of_phrase(b, visit);
        }
        Phrase::Anything | Phrase::Of { .. } => {}
    }
}

/// What makes two leaves the same: roles, and the phrase without its places.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Items(Roles, Vec<(Option<String>, Item)>),
    AtLeast(Roles, u32, Vec<LeafId>),
    Near(Roles, LeafId, LeafId, u32, bool),
    Except(Roles, LeafId, LeafId),
    Anything(Roles),
    /// A set of literals without edges; whether their order is kept as reasons.
    Gate(Roles, Gate, bool),
}

struct Compiler<'a> {
    pack: &'a Pack,
    reason_ids: HashMap<String, ReasonId>,
    rule_ids: BTreeMap<&'a str, u32>,
    literals: HashMap<String, Vec<Posting>>,
    sounds: Vec<(u32, String, bool)>,
    sound_postings: Vec<Posting>,
    leaves: Vec<Leaf>,
    known: HashMap<Key, LeafId>,
}

impl<'a> Compiler<'a> {
    fn reason(&self, text: &str) -> ReasonId {
        self.reason_ids.get(text).copied().unwrap_or(0)
    }

    fn new_leaf(&mut self, roles: Roles, kind: LeafKind) -> LeafId {
        let id = LeafId::try_from(self.leaves.len()).unwrap_or(LeafId::MAX);
        self.leaves.push(Leaf { roles, kind, triggers: Vec::new() });
        id
    }

    fn shared(&mut self, key: Key, kind: impl FnOnce() -> LeafKind) -> LeafId {
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let (Key::Items(roles, _)
        | Key::AtLeast(roles, ..)
        | Key::Near(roles, ..)
        | Key::Except(roles, ..)
        | Key::Anything(roles)
        | Key::Gate(roles, ..)) = key;
        let id = self.new_leaf(roles, kind());
        self.known.insert(key, id);
        id
    }

    fn phrase(&mut self, roles: Roles, phrase: &'a Phrase) -> Result<LeafId, String> {
        match phrase {
            Phrase::Anything => {
                let reason = self.reason("anything");
                Ok(self.shared(Key::Anything(roles), || LeafKind::Anything(reason)))
            }
            Phrase::Item(item) => self.union(roles, vec![(None, &item.value)]),
            Phrase::Of { least, group, .. } => {
                let choices: Vec<(Option<&'a str>, &'a Item)> = match group {
                    Group::Items(items) => items.iter().map(|item| (None, &item.value)).collect(),
                    Group::Name(name) => self.items_of(&name.value),
                };
                if *least == 1 {
                    return self.union(roles, choices);
                }
                let parts: Vec<LeafId> = choices
                    .into_iter()
                    .map(|choice| self.union(roles, vec![choice]))
                    .collect::<Result<_, _>>()?;
                let least = if *least == 0 { u32::try_from(parts.len()).unwrap_or(u32::MAX) } else { *least };
                let key = Key::AtLeast(roles, least, parts.clone());
                Ok(self.shared(key, || LeafKind::AtLeast(least, parts)))
            }
            Phrase::Near { a, b, characters, ordered } => {
                let (a, b) = (self.phrase(roles, a)?, self.phrase(roles, b)?);
                let kind = LeafKind::Near { a, b, characters: *characters, ordered: *ordered };
                Ok(self.shared(Key::Near(roles, a, b, *characters, *ordered), || kind))
            }
            Phrase::Except { a, b } => {
                let (a, b) = (self.phrase(roles, a)?, self.phrase(roles, b)?);
                Ok(self.shared(Key::Except(roles, a, b), || LeafKind::Except { a, b }))
            }
        }
    }

    fn items_of(&self, list: &'a str) -> Vec<(Option<&'a str>, &'a Item)> {
        let items = self.pack.lists.get(list).into_iter().flat_map(|list| &list.item.items);
        items.map(|item| (Some(list), &item.value)).collect()
    }

    /// A leaf for any of these items, lists in them expanded.
    fn union(&mut self, roles: Roles, choices: Vec<(Option<&'a str>, &'a Item)>) -> Result<LeafId, String> {
        let mut flat: Vec<(Option<String>, &'a Item)> = Vec::new();
        let mut open = choices;
        open.reverse();
        while let Some((list, item)) = open.pop() {
            if let Item::Name(name) = item {
                open.extend(self.items_of(name).into_iter().rev());
            } else {
                flat.push((list.map(str::to_owned), item));
            }
        }
        let key =
            Key::Items(roles, flat.iter().map(|(list, item)| (list.clone(), (*item).clone())).collect());
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let id = self.new_leaf(roles, LeafKind::Union(Vec::new()));
        self.known.insert(key, id);
        let mut extras = Vec::new();
        for (list, item) in flat {
            let reason = self.reason(&reason(list.as_deref(), item));
            extras.extend(self.item(id, roles, item, reason)?);
        }
        if let Some(leaf) = self.leaves.get_mut(id as usize) {
            leaf.kind = LeafKind::Union(extras);
        }
        Ok(id)
    }

    /// Notes a literal item at the leaf, or gives what must be run for it.
    fn item(
        &mut self,
        leaf: LeafId,
        roles: Roles,
        item: &Item,
        reason: ReasonId,
    ) -> Result<Option<Extra>, String> {
        Ok(match item {
            Item::Word(text) => self.literal(leaf, roles, text, Edges::Word, reason),
            Item::Part(text) => self.literal(leaf, roles, text, Edges::Free, reason),
            Item::Exactly(text) => {
                let folded: Vec<char> = fold(text).chars().collect();
                let (start, end) = crate::fold::spoken_span(&folded).unwrap_or((0, folded.len()));
                let text: String = folded.get(start..end).unwrap_or_default().iter().collect();
                self.literal(leaf, roles, &text, Edges::WholeTurn, reason)
            }
            Item::Sounds { text, roughly } => {
                let pattern = u32::try_from(self.sounds.len()).unwrap_or(u32::MAX);
                self.sounds.push((pattern, fold(text), *roughly));
                self.sound_postings.push(posting(leaf, roles, Edges::Free, "", reason));
                None
            }
            Item::Spelled { text, edits } => {
                let word: Vec<char> = fold(text).chars().collect();
                let gate = self.gate(roles, spelled::pieces(&word, *edits as usize + 1));
                Some(Extra::Spelled { word, edits: *edits, gate, reason })
            }
            Item::Like { text, percent } => {
                let mut pairs = Vec::new();
                likeness::pairs(text, &mut pairs);
                Some(Extra::Like { pairs, percent: *percent, reason })
            }
            Item::Regex(pattern) => Some(self.pattern(roles, pattern, reason)?),
            Item::Token(class) => Some(self.pattern(roles, patterns::token_pattern(*class), reason)?),
            Item::Name(_) => None,
        })
    }

    fn literal(
        &mut self,
        leaf: LeafId,
        roles: Roles,
        text: &str,
        edges: Edges,
        reason: ReasonId,
    ) -> Option<Extra> {
        let folded = fold(text);
        let posting = posting(leaf, roles, edges, &folded, reason);
        let postings = self.literals.entry(folded).or_default();
        let twin = postings.iter_mut().find(|other| other.leaf == leaf && same_edges(other, &posting));
        match twin {
            Some(other) => other.reason = other.reason.min(reason),
            None => postings.push(posting),
        }
        None
    }

    fn pattern(&mut self, roles: Roles, pattern: &str, reason: ReasonId) -> Result<Extra, String> {
        let Prepared { hir, regex } =
            patterns::prepare(pattern).map_err(|error| format!("/{pattern}/: {error}"))?;
        if let Some(texts) = patterns::texts(&hir) {
            return Ok(Extra::Texts { texts: self.preferences(roles, &texts), reason });
        }
        if let Some(shape) = patterns::near_shape(&hir) {
            let NearShape { a, b, least, most, greedy } = shape;
            let (a, b) = (self.preferences(roles, &a), self.preferences(roles, &b));
            return Ok(Extra::Shape { a, b, least, most, greedy, regex, reason });
        }
        let gates = patterns::gates(&hir);
        let reversed = !gates.is_sorted_by_key(|(rank, _)| *rank);
        let gates = gates.into_iter().map(|(_, gate)| self.gate(roles, gate)).collect();
        Ok(Extra::Pattern { regex, gates, reversed, reason })
    }

    /// A leaf that notes literals only so that something else looks closer.
    fn gate(&mut self, roles: Roles, mut gate: Gate) -> LeafId {
        gate.sort();
        gate.dedup();
        self.literal_set(roles, &gate, false)
    }

    /// A leaf whose reasons are the places of the literals in the list.
    fn preferences(&mut self, roles: Roles, literals: &[String]) -> LeafId {
        self.literal_set(roles, literals, true)
    }

    fn literal_set(&mut self, roles: Roles, literals: &[String], ordered: bool) -> LeafId {
        let key = Key::Gate(roles, literals.to_vec(), ordered);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = self.shared(key, || LeafKind::Union(Vec::new()));
        for (index, literal) in (0_u32..).zip(literals) {
            self.literal(id, roles, literal, Edges::Free, if ordered { index } else { 0 });
        }
        id
    }

    fn node(&mut self, condition: &'a Condition) -> Result<Node, String> {
        Ok(match condition {
            Condition::And(parts) => Node::And(self.nodes(parts)?),
            Condition::Or(parts) => Node::Or(self.nodes(parts)?),
            Condition::AtLeastOf(least, parts) => Node::AtLeastOf(*least, self.nodes(parts)?),
            Condition::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            Condition::NthTime(nth, inner) => Node::Nth(*nth, Box::new(self.node(inner)?)),
            Condition::Rule(name) => {
                Node::Rule(self.rule_ids.get(name.value.as_str()).copied().unwrap_or(u32::MAX))
            }
            Condition::Then { first, within, second } => {
                let origin = Origin::Node(Box::new(self.node(first)?));
                let filter = match within {
                    Some(amount) => {
                        Filter::Distance { amount: *amount, more: false, side: Side::After, origin }
                    }
                    None => Filter::Order(Side::After, origin),
                };
                Node::Filter(Box::new(self.node(second)?), filter)
            }
            Condition::Says(who, phrase) => Node::Leaf(self.phrase(Roles::of(*who), phrase)?),
            Condition::Never(who, phrase, qualifiers) => {
                let says = Node::Leaf(self.phrase(Roles::of(*who), phrase)?);
                Node::Not(Box::new(self.qualified(says, qualifiers)?))
            }
            Condition::Always(who, phrase, qualifiers) => {
                let roles = Roles::of(*who);
                let turns = self.phrase(roles, &Phrase::Anything)?;
                let candidates = self.qualified(Node::Leaf(turns), qualifiers)?;
                Node::Always(Box::new(candidates), self.phrase(roles, phrase)?)
            }
            Condition::Qualified(inner, qualifiers) => {
                let inner = self.node(inner)?;
                self.qualified(inner, qualifiers)?
            }
            Condition::Repeats { who, percent, back, except } => {
                let roles = Roles::of(*who);
                let except = except.as_ref().map(|phrase| self.phrase(roles, phrase)).transpose()?;
                Node::Repeats {
                    roles,
                    percent: *percent,
                    back: *back,
                    except,
                    reason: self.reason("repeats"),
                }
            }
            Condition::Echoes { who, phrase, by } => Node::Echoes {
                leaf: self.phrase(Roles::of(*who), phrase)?,
                by: self.phrase(Roles::of(*by), phrase)?,
            },
            Condition::Replies { who, more, seconds } => {
                let reason = self.reason("replies");
                Node::Replies { roles: Roles::of(*who), more: *more, seconds: *seconds, reason }
            }
            Condition::Speaks { who, more, amount, characters } => {
                let (roles, reason) = (Roles::of(*who), self.reason("speaks"));
                Node::Speaks { roles, more: *more, amount: *amount, characters: *characters, reason }
            }
            Condition::Compare(left, how, right) => Node::Compare(left.clone(), *how, right.clone()),
            Condition::OneOf(left, choices) => Node::OneOf(left.clone(), choices.clone()),
            Condition::Known(name) => Node::Known(name.clone()),
        })
    }

    fn nodes(&mut self, parts: &'a [Condition]) -> Result<Vec<Node>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn qualified(&mut self, mut node: Node, qualifiers: &'a [At<Qualifier>]) -> Result<Node, String> {
        for qualifier in qualifiers {
            let filter = match &qualifier.value {
                Qualifier::Order(side, anchor) => Filter::Order(*side, self.origin(anchor)?),
                Qualifier::Distance { amount, more, side, anchor } => {
                    let origin = self.origin(anchor)?;
                    Filter::Distance { amount: *amount, more: *more, side: *side, origin }
                }
                Qualifier::Position { from_end, amount } => {
                    Filter::Position { from_end: *from_end, amount: *amount }
                }
                Qualifier::Count { least, most } => Filter::Count { least: *least, most: *most },
                Qualifier::Where(inner) => Filter::Where(Box::new(self.node(inner)?)),
            };
            node = Node::Filter(Box::new(node), filter);
        }
        Ok(node)
    }

    fn origin(&mut self, anchor: &'a Anchor) -> Result<Origin, String> {
        Ok(match anchor {
            Anchor::It(_) => Origin::It,
            Anchor::That(_) => Origin::That,
            Anchor::Match(inner) => Origin::Node(Box::new(self.node(inner)?)),
        })
    }

    fn finish(
        mut self,
        rules: Vec<Node>,
        mut plans: Vec<Plan>,
        reasons: Vec<String>,
    ) -> Result<Program, String> {
        let mut always = Vec::new();
        let mut needs = Needs { leaves: &self.leaves, rules: &rules, known: HashMap::new() };
        let mut triggers: Vec<(LeafId, u32)> = Vec::new();
        for (id, plan) in (0_u32..).zip(&mut plans) {
            plan.shown_needs = needs.of(&plan.shown);
            let applies = match &plan.applies {
                Applies::Turns(node) | Applies::Whole(node) => needs.of(node),
                Applies::FirstAgentTurn | Applies::EachAgent => None,
            };
            let Some(applies) = applies else {
                always.push(id);
                continue;
            };
            triggers.extend(applies.into_iter().map(|leaf| (leaf, id)));
        }
        for (leaf, id) in triggers {
            if let Some(leaf) = self.leaves.get_mut(leaf as usize) {
                leaf.triggers.push(id);
            }
        }
        let mut texts: Vec<(String, Vec<Posting>)> = self.literals.into_iter().collect();
        texts.sort_by(|a, b| a.0.cmp(&b.0));
        let (mut literals, mut postings) = (Vec::new(), [const { Vec::new() }; ROLE_TABLES]);
        let mut patterns = Vec::new();
        for (id, (text, own)) in (0_u32..).zip(texts) {
            let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let mut literal = Literal { chars, ..Literal::default() };
            for (table, place) in literal.postings.iter_mut().enumerate() {
                let Some(postings): Option<&mut Vec<Posting>> = postings.get_mut(table) else { continue };
                let first = postings.len();
                postings.extend(own.iter().filter(|posting| posting.roles.meets(Roles(1 << table))));
                *place = (narrow(first), narrow(postings.len() - first));
            }
            literals.push(literal);
            patterns.push((text, id));
        }
        let automaton = if patterns.is_empty() {
            None
        } else {
            let built = CharwiseDoubleArrayAhoCorasickBuilder::new().build_with_values(patterns);
            Some(built.map_err(|error| format!("the words do not fit into one automaton: {error}"))?)
        };
        Ok(Program {
            automaton,
            literals,
            postings,
            syllables: SyllableIndex::new(&self.sounds),
            sounding: Roles(self.sound_postings.iter().fold(0, |all, posting| all | posting.roles.0)),
            sounds: self.sound_postings,
            leaves: self.leaves,
            rules,
            plans,
            always,
            reasons,
        })
    }
}

fn same_edges(a: &Posting, b: &Posting) -> bool {
    (a.word_start, a.word_end, a.whole_turn) == (b.word_start, b.word_end, b.whole_turn)
}

fn posting(leaf: LeafId, roles: Roles, edges: Edges, folded: &str, reason: ReasonId) -> Posting {
    let word = |c: Option<char>| edges == Edges::Word && c.is_some_and(is_word_char);
    Posting {
        leaf,
        reason,
        roles,
        word_start: word(folded.chars().next()),
        word_end: word(folded.chars().next_back()),
        whole_turn: edges == Edges::WholeTurn,
    }
}

/// Finds the leaves of which at least one was noted by the scan whenever a condition holds.
struct Needs<'a> {
    leaves: &'a [Leaf],
    rules: &'a [Node],
    known: HashMap<u32, Option<Vec<LeafId>>>,
}

impl Needs<'_> {
    /// `None` if the condition may hold without any.
    fn of(&mut self, node: &Node) -> Option<Vec<LeafId>> {
        match node {
            Node::And(parts) => parts.iter().filter_map(|part| self.of(part)).min_by_key(Vec::len),
            Node::Or(parts) | Node::AtLeastOf(_, parts) => {
                let mut union = Vec::new();
                for part in parts {
                    union.extend(self.of(part)?);
                }
                union.sort_unstable();
                union.dedup();
                Some(union)
            }
            Node::Leaf(leaf) | Node::Always(_, leaf) | Node::Echoes { leaf, .. } => {
                leaf_needs(*leaf, self.leaves)
            }
            Node::Filter(inner, filter) if !matches!(filter, Filter::Count { least: 0, .. }) => {
                self.of(inner)
            }
            Node::Nth(_, inner) => self.of(inner),
            Node::Rule(rule) => {
                if let Some(known) = self.known.get(rule) {
                    return known.clone();
                }
                let rules = self.rules;
                let found = rules.get(*rule as usize).and_then(|node| self.of(node));
                self.known.insert(*rule, found.clone());
                found
            }
            Node::Filter(..)
            | Node::Not(_)
            | Node::Repeats { .. }
            | Node::Replies { .. }
            | Node::Speaks { .. }
            | Node::Compare(..)
            | Node::OneOf(..)
            | Node::Known(_) => None,
        }
    }
}

fn leaf_needs(leaf: LeafId, leaves: &[Leaf]) -> Option<Vec<LeafId>> {
    match &leaves.get(leaf as usize)?.kind {
        LeafKind::Union(extras) => {
            let mut union = vec![leaf];
            for extra in extras {
                union.push(match extra {
                    Extra::Pattern { gates, .. } => *gates.first()?,
                    Extra::Texts { texts, .. } => *texts,
                    Extra::Shape { a, .. } => *a,
                    Extra::Spelled { gate, .. } => *gate,
                    Extra::Like { .. } => return None,
                });
            }
            union.sort_unstable();
            union.dedup();
            Some(union)
        }
        LeafKind::AtLeast(_, parts) => {
            let mut union = Vec::new();
            for part in parts {
                union.extend(leaf_needs(*part, leaves)?);
            }
            union.sort_unstable();
            union.dedup();
            Some(union)
        }
        LeafKind::Near { a, b, .. } => match (leaf_needs(*a, leaves), leaf_needs(*b, leaves)) {
            (Some(a), Some(b)) => Some(if b.len() < a.len() { b } else { a }),
            (a, b) => a.or(b),
        },
        LeafKind::Except { a, .. } => leaf_needs(*a, leaves),
        LeafKind::Anything(_) => None,
    }
}
