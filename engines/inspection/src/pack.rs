//! Several rule files read as one: what the checker, the compiler and the naive evaluator start from.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Behaviour, Condition, Item, List, Mode, Qualifier, Rule};
use crate::diagnose::Diagnostic;
use crate::parse::parse;

/// One rule file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its name in messages, such as its path.
    pub name: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// A declaration and the file it comes from.
#[derive(Clone, Debug)]
pub struct Declared<T> {
    /// Index of the file.
    pub source: usize,
    /// The declaration.
    pub item: T,
}

/// The declarations of all files, by name.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Names of the files.
    pub sources: Vec<String>,
    /// Lists.
    pub lists: BTreeMap<String, Declared<List>>,
    /// Rules.
    pub rules: BTreeMap<String, Declared<Rule>>,
    /// Behaviours in the order of the files.
    pub behaviours: Vec<Declared<Behaviour>>,
    /// Rules that point at words; the others only hold.
    pointing_rules: BTreeSet<String>,
}

/// Whether a condition points at words or only holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It points at turns and characters.
    Match,
    /// It holds or does not.
    Fact,
}

impl Pack {
    /// Reads the files; what could not be read is missing from the pack and told in the diagnostics.
    pub fn read(sources: &[Source<'_>]) -> (Self, Vec<Diagnostic>) {
        let mut pack = Self::default();
        let mut diagnostics = Vec::new();
        for (source, Source { name, text }) in sources.iter().enumerate() {
            pack.sources.push((*name).to_owned());
            let (file, found) = parse(text);
            diagnostics.extend(found.into_iter().map(|mut diagnostic| {
                (*name).clone_into(&mut diagnostic.source);
                diagnostic
            }));
            for list in file.lists {
                let at = list.name.at;
                let name = list.name.value.clone();
                if let Some(first) = pack.lists.insert(name.clone(), Declared { source, item: list }) {
                    diagnostics.push(pack.twice(
                        source,
                        at,
                        "list",
                        &name,
                        first.source,
                        first.item.name.at.line,
                    ));
                }
            }
            for rule in file.rules {
                let at = rule.name.at;
                let name = rule.name.value.clone();
                if let Some(first) = pack.rules.insert(name.clone(), Declared { source, item: rule }) {
                    diagnostics.push(pack.twice(
                        source,
                        at,
                        "rule",
                        &name,
                        first.source,
                        first.item.name.at.line,
                    ));
                }
            }
            for behaviour in file.behaviours {
                let known = pack.behaviours.iter().find(|b| b.item.name.value == behaviour.name.value);
                if let Some(first) = known {
                    let (name, at) = (&behaviour.name.value, behaviour.name.at);
                    diagnostics.push(pack.twice(
                        source,
                        at,
                        "behaviour",
                        name,
                        first.source,
                        first.item.name.at.line,
                    ));
                }
                pack.behaviours.push(Declared { source, item: behaviour });
            }
        }
        pack.find_pointing_rules();
        (pack, diagnostics)
    }

    /// A rule may point at words through another rule; so this goes on until nothing is added.
    fn find_pointing_rules(&mut self) {
        loop {
            let before = self.pointing_rules.len();
            let points = |rule: &Declared<Rule>| self.kind(&rule.item.condition) == Kind::Match;
            let found: Vec<String> =
                self.rules.iter().filter(|(_, rule)| points(rule)).map(|(name, _)| name.clone()).collect();
            self.pointing_rules.extend(found);
            if self.pointing_rules.len() == before {
                return;
            }
        }
    }

    fn twice(
        &self,
        source: usize,
        at: crate::lex::Pos,
        what: &str,
        name: &str,
        first_source: usize,
        first_line: u32,
    ) -> Diagnostic {
        let place = self.sources.get(first_source).filter(|name| !name.is_empty() && first_source != source);
        let place =
            place.map_or_else(|| format!("line {first_line}"), |file| format!("{file}, line {first_line}"));
        let message = format!("the {what} `{name}` is already in {place}");
        let mut diagnostic =
            Diagnostic::error(at, message, format!("another name, or one {what} with everything in it"));
        diagnostic.source = self.sources.get(source).cloned().unwrap_or_default();
        diagnostic
    }

    /// Whether a condition points at words.
    pub fn kind(&self, condition: &Condition) -> Kind {
        match condition {
            Condition::And(parts) | Condition::Or(parts) | Condition::AtLeastOf(_, parts) => {
                let any = parts.iter().any(|part| self.kind(part) == Kind::Match);
                if any { Kind::Match } else { Kind::Fact }
            }
            Condition::Qualified(inner, _) | Condition::NthTime(_, inner) => self.kind(inner),
            Condition::Then { second, .. } => self.kind(second),
            Condition::Rule(name) if self.pointing_rules.contains(&name.value) => Kind::Match,
            Condition::Says(..)
            | Condition::Always(..)
            | Condition::Repeats { .. }
            | Condition::Echoes { .. }
            | Condition::Replies { .. }
            | Condition::Speaks { .. } => Kind::Match,
            Condition::Not(_)
            | Condition::Never(..)
            | Condition::Rule(_)
            | Condition::Compare(..)
            | Condition::OneOf(..)
            | Condition::Known(_) => Kind::Fact,
        }
    }

    /// Whether `it` means something in the behaviour's second condition.
    pub fn has_it(&self, behaviour: &Behaviour) -> bool {
        behaviour.applies.as_ref().is_none_or(|applies| self.kind(applies) == Kind::Match)
    }

    /// Whether each agent who speaks has an occasion of their own.
    pub fn is_for_each_agent(behaviour: &Behaviour) -> bool {
        behaviour.mode == Mode::Prohibited && behaviour.applies.is_none()
    }
}

/// The lists an item refers to directly.
pub(crate) fn referred_list(item: &Item) -> Option<&str> {
    match item {
        Item::Name(name) => Some(name),
        _ => None,
    }
}

/// Calls `visit` for every condition directly inside another one.
pub(crate) fn children<'a>(condition: &'a Condition, visit: &mut dyn FnMut(&'a Condition)) {
    let mut qualifiers: &[crate::ast::At<Qualifier>] = &[];
    match condition {
        Condition::And(parts) | Condition::Or(parts) | Condition::AtLeastOf(_, parts) => {
            parts.iter().for_each(&mut *visit);
        }
        Condition::Not(inner) | Condition::NthTime(_, inner) => visit(inner),
        Condition::Then { first, second, .. } => {
            visit(first);
            visit(second);
        }
        Condition::Qualified(inner, restrictions) => {
            visit(inner);
            qualifiers = restrictions;
        }
        Condition::Never(_, _, restrictions) | Condition::Always(_, _, restrictions) => {
            qualifiers = restrictions;
        }
        _ => {}
    }
    for qualifier in qualifiers {
        match &qualifier.value {
            Qualifier::Order(_, anchor) | Qualifier::Distance { anchor, .. } => {
                if let crate::ast::Anchor::Match(inner) = anchor {
                    visit(inner);
                }
            }
            Qualifier::Where(inner) => visit(inner),
            Qualifier::Position { .. } | Qualifier::Count { .. } => {}
        }
    }
}
