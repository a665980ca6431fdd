//! What a well-formed rule may still get wrong: names that do not exist, circles, conditions that point at nothing where
//! something must be pointed at, patterns that cannot work, and sizes beyond the limits.

use std::collections::BTreeMap;

use crate::ast::{Anchor, At, Condition, Group, Item, Phrase, Qualifier};
use crate::diagnose::{Diagnostic, did_you_mean};
use crate::fold::{fold, is_spoken};
use crate::lex::Pos;
use crate::limits::{
    BEHAVIOURS_MAX, DIAGNOSTICS_MAX, ITEMS_MAX, REFERENCE_MAX_DEPTH, REGEXES_MAX, SOUNDS_SAFE_SYLLABLES,
    SPELLED_MAX_CHARS,
};
use crate::pack::{Kind, Pack, Source, children, referred_list};
use crate::{patterns, syllables};

/// Everything there is to say about one rule text.
pub fn check(text: &str) -> Vec<Diagnostic> {
    check_sources(&[Source { name: "", text }])
}

/// Everything there is to say about several rule files that share their names.
pub fn check_sources(sources: &[Source<'_>]) -> Vec<Diagnostic> {
    let (pack, mut diagnostics) = Pack::read(sources);
    diagnostics.extend(check_pack(&pack));
    in_order(diagnostics)
}

/// Sorts by place and keeps the first [`DIAGNOSTICS_MAX`].
pub(crate) fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (&a.source, a.line, a.column).cmp(&(&b.source, b.line, b.column)));
    diagnostics.dedup();
    diagnostics.truncate(DIAGNOSTICS_MAX);
    diagnostics
}

/// Checks the meaning of what could be read.
pub(crate) fn check_pack(pack: &Pack) -> Vec<Diagnostic> {
    let mut checker =
        Checker { pack, source: 0, regexes: 0, items: 0, sizes: BTreeMap::new(), out: Vec::new() };
    checker.references();
    if checker.out.iter().any(Diagnostic::is_error) {
        // What follows walks along references and relies on their ending.
        return checker.out;
    }
    for list in pack.lists.values() {
        checker.source = list.source;
        list.item.items.iter().for_each(|item| checker.item(item));
    }
    for rule in pack.rules.values() {
        checker.source = rule.source;
        checker.condition(&rule.item.condition, Scope { at: rule.item.name.at, it: It::InRule, that: false });
    }
    for behaviour in &pack.behaviours {
        checker.source = behaviour.source;
        let at = behaviour.item.name.at;
        if let Some(applies) = &behaviour.item.applies {
            checker.condition(applies, Scope { at, it: It::InApplies, that: false });
        }
        let it = if pack.has_it(&behaviour.item) { It::Known } else { It::AppliesPointsAtNothing };
        checker.condition(&behaviour.item.shown, Scope { at, it, that: false });
    }
    checker.totals();
    checker.out
}

/// Whether `it` may stand here, and why not.
#[derive(Clone, Copy, PartialEq)]
enum It {
    Known,
    InRule,
    InApplies,
    AppliesPointsAtNothing,
}

#[derive(Clone, Copy)]
struct Scope {
    /// Where to point when the condition has no place of its own.
    at: Pos,
    it: It,
    that: bool,
}

struct Checker<'a> {
    pack: &'a Pack,
    source: usize,
    regexes: usize,
    items: usize,
    /// Items of each list with those of the lists in it.
    sizes: BTreeMap<&'a str, usize>,
    out: Vec<Diagnostic>,
}

const POINTING_EXAMPLE: &str = "within 3 turns after (customer says any of angry)";

impl<'a> Checker<'a> {
    fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.source = self.pack.sources.get(self.source).cloned().unwrap_or_default();
        self.out.push(diagnostic);
    }

    fn error(&mut self, at: Pos, message: impl Into<String>, expected: impl Into<String>, example: &str) {
        self.push(Diagnostic::error(at, message, expected).with_example(example));
    }

    /// Lists within lists and rules within rules must end, and soon.
    fn references(&mut self) {
        let mut lists: Graph<'a> = BTreeMap::new();
        for (name, list) in &self.pack.lists {
            let targets = list.item.items.iter().filter_map(|item| referred_list(&item.value));
            lists.insert(name, targets.collect());
        }
        let mut rules: Graph<'a> = BTreeMap::new();
        for (name, rule) in &self.pack.rules {
            let mut targets = Vec::new();
            referred_rules(&rule.item.condition, &mut targets);
            rules.insert(name, targets);
        }
        let lists_at = self.pack.lists.values().map(|list| (list.source, &list.item.name));
        let rules_at = self.pack.rules.values().map(|rule| (rule.source, &rule.item.name));
        let places: Vec<_> =
            lists_at.map(|p| ("list", &lists, p)).chain(rules_at.map(|p| ("rule", &rules, p))).collect();
        let mut depths = [BTreeMap::new(), BTreeMap::new()];
        for (what, graph, (source, name)) in places {
            self.source = source;
            let depths = &mut depths[usize::from(what == "rule")];
            if let Err(path) = depth(graph, &name.value, &mut Vec::new(), depths) {
                let circle = path.join(" → ");
                let message = format!("the {what} `{}` never ends: {circle}", name.value);
                let expected = format!(
                    "{what}s that use each other at most {REFERENCE_MAX_DEPTH} deep and not in a circle"
                );
                self.error(name.at, message, expected, "list polite = goodbye, \"谢谢\"");
            }
        }
    }

    fn list_size(&mut self, name: &'a str) -> usize {
        if let Some(size) = self.sizes.get(name) {
            return *size;
        }
        let pack = self.pack;
        let mut size = 0_usize;
        for item in pack.lists.get(name).into_iter().flat_map(|list| &list.item.items) {
            let more = referred_list(&item.value).map_or(1, |name| self.list_size(name));
            size = size.saturating_add(more);
        }
        self.sizes.insert(name, size);
        size
    }

    fn list_exists(&mut self, name: &str, at: Pos) {
        if !self.pack.lists.contains_key(name) {
            let hint = match did_you_mean(name, self.pack.lists.keys().map(String::as_str)) {
                Some(known) => format!("; did you mean `{known}`?"),
                None if self.pack.rules.contains_key(name) => format!("; the rule is written `rule {name}`"),
                None => String::new(),
            };
            let example = format!("list {name} = \"…\"");
            self.error(at, format!("there is no list `{name}`{hint}"), "the name of a list", &example);
        }
    }

    fn item(&mut self, item: &'a At<Item>) {
        let at = item.at;
        match &item.value {
            Item::Name(name) => self.list_exists(name, at),
            Item::Word(text) | Item::Part(text) => {
                if fold(text).trim().is_empty() {
                    self.error(at, "this text has only blanks", "at least one visible character", "\"投诉\"");
                }
            }
            Item::Exactly(text) => {
                if !text.chars().any(is_spoken) {
                    self.error(
                        at,
                        "this text has no letter or digit",
                        "what the whole turn says",
                        "exactly \"好的\"",
                    );
                }
            }
            Item::Regex(pattern) => self.regex(pattern, at),
            Item::Sounds { text, roughly } => self.sounds(text, *roughly, at),
            Item::Spelled { text, edits } => {
                let chars = text.chars().count();
                let least = 2 * *edits as usize + 2;
                if chars < least || chars > SPELLED_MAX_CHARS {
                    let message = format!("\"{text}\" has {chars} characters");
                    let expected = format!("{least} to {SPELLED_MAX_CHARS} characters when off by {edits}");
                    self.error(at, message, expected, "spelled like \"broadband\" off by 1");
                }
            }
            Item::Like { text, .. } => {
                if text.chars().filter(|c| is_spoken(*c)).count() < 4 {
                    let expected = "a sentence of at least 4 letters or characters";
                    self.error(
                        at,
                        format!("\"{text}\" is too short to compare"),
                        expected,
                        "like \"请问还有什么可以帮您\" 70% alike",
                    );
                }
            }
            Item::Token(_) => {}
        }
    }

    fn regex(&mut self, pattern: &str, at: Pos) {
        self.regexes += 1;
        if self.regexes > REGEXES_MAX {
            return;
        }
        if let Err(error) = patterns::prepare(pattern) {
            let expected = match error {
                patterns::PatternError::Syntax(_) => {
                    "a regular expression; put `\\` before ( ) [ ] { } . * + ? | ^ $ that stand for themselves"
                }
                patterns::PatternError::Empty => "a pattern with something that must be there",
                patterns::PatternError::TooLarge => {
                    "smaller repetitions, or `followed by … within n characters`"
                }
            };
            self.error(
                at,
                format!("the regular expression /{pattern}/: {error}"),
                expected,
                "/回(电|拨).{0,6}[0-9]+/",
            );
        }
    }

    fn sounds(&mut self, text: &str, roughly: bool, at: Pos) {
        const EXAMPLE: &str = "sounds like \"宽带测速\"";
        match syllables::readings(text, roughly) {
            None => self.error(
                at,
                format!("\"{text}\" has a character without a reading"),
                "Chinese characters, letters and digits only",
                EXAMPLE,
            ),
            Some(readings) if readings.len() < 2 => {
                self.error(
                    at,
                    format!("\"{text}\" has only one syllable and would be found everywhere"),
                    "at least 2 syllables, better 4",
                    EXAMPLE,
                );
            }
            Some(readings) if readings.len() < SOUNDS_SAFE_SYLLABLES => {
                let message = format!(
                    "\"{text}\" has only {} syllables and will also find other words",
                    readings.len()
                );
                let expected =
                    format!("{SOUNDS_SAFE_SYLLABLES} syllables or more, or a look at what it finds");
                self.push(Diagnostic::warning(at, message, expected).with_example(EXAMPLE));
            }
            Some(_) => {}
        }
    }

    fn phrase(&mut self, phrase: &'a Phrase) {
        match phrase {
            Phrase::Anything => {}
            Phrase::Item(item) => {
                self.item(item);
                let size = referred_list(&item.value).map_or(1, |name| self.list_size(name));
                self.items = self.items.saturating_add(size);
            }
            Phrase::Of { least, group, at } => {
                let (choices, size) = match group {
                    Group::Name(name) => {
                        self.list_exists(&name.value, name.at);
                        let choices =
                            self.pack.lists.get(&name.value).map_or(usize::MAX, |list| list.item.items.len());
                        (choices, self.list_size(&name.value))
                    }
                    Group::Items(items) => {
                        for item in items {
                            self.item(item);
                        }
                        let sizes: Vec<_> =
                            items.iter().filter_map(|item| referred_list(&item.value)).collect();
                        let inner = sizes
                            .into_iter()
                            .fold(0, |sum: usize, name| sum.saturating_add(self.list_size(name)));
                        (items.len(), inner.saturating_add(items.len()))
                    }
                };
                self.items = self.items.saturating_add(size);
                if *least as usize > choices {
                    let message = format!("at least {least} of {choices} can never be heard");
                    self.error(*at, message, format!("a number from 1 to {choices}"), "at least 2 of polite");
                }
            }
            Phrase::Near { a, b, .. } | Phrase::Except { a, b } => {
                self.phrase(a);
                self.phrase(b);
            }
        }
    }

    fn condition(&mut self, condition: &'a Condition, scope: Scope) {
        match condition {
            Condition::Says(_, phrase) | Condition::Echoes { phrase, .. } => self.phrase(phrase),
            Condition::Never(_, phrase, qualifiers) => {
                self.phrase(phrase);
                self.qualifiers(qualifiers, scope, true);
            }
            Condition::Always(_, phrase, qualifiers) => {
                self.phrase(phrase);
                self.qualifiers(qualifiers, scope, false);
            }
            Condition::Repeats { except, .. } => except.iter().for_each(|phrase| self.phrase(phrase)),
            Condition::Rule(name) => self.rule_exists(&name.value, name.at),
            Condition::And(parts) | Condition::Or(parts) | Condition::AtLeastOf(_, parts) => {
                for part in parts {
                    self.condition(part, scope);
                }
            }
            Condition::Not(inner) => self.condition(inner, scope),
            Condition::NthTime(_, inner) => {
                self.points(inner, scope.at, "`the … time`");
                self.condition(inner, scope);
            }
            Condition::Then { first, second, .. } => {
                self.points(first, scope.at, "`then`");
                self.points(second, scope.at, "`then`");
                self.condition(first, scope);
                self.condition(second, scope);
            }
            Condition::Qualified(inner, qualifiers) => {
                let at = qualifiers.first().map_or(scope.at, |qualifier| qualifier.at);
                self.points(inner, at, "this restriction");
                self.condition(inner, scope);
                self.qualifiers(qualifiers, scope, true);
            }
            Condition::Replies { .. }
            | Condition::Speaks { .. }
            | Condition::Compare(..)
            | Condition::OneOf(..)
            | Condition::Known(_) => {}
        }
    }

    fn rule_exists(&mut self, name: &str, at: Pos) {
        if !self.pack.rules.contains_key(name) {
            let hint = match did_you_mean(name, self.pack.rules.keys().map(String::as_str)) {
                Some(known) => format!("; did you mean `{known}`?"),
                None if self.pack.lists.contains_key(name) => {
                    format!("; the list is used as `agent says any of {name}`")
                }
                None => String::new(),
            };
            let example = format!("rule {name} = customer says any of angry");
            self.error(at, format!("there is no rule `{name}`{hint}"), "the name of a rule", &example);
        }
    }

    fn points(&mut self, condition: &Condition, at: Pos, what: &str) {
        if self.pack.kind(condition) == Kind::Fact {
            let message =
                format!("{what} needs a condition that points at words, and this one only holds or not");
            self.error(
                at,
                message,
                "`says`, `repeats`, `echoes`, `replies`, `speaks`, or conditions with one of them",
                POINTING_EXAMPLE,
            );
        }
    }

    fn qualifiers(&mut self, qualifiers: &'a [At<Qualifier>], scope: Scope, may_count: bool) {
        for (index, qualifier) in qualifiers.iter().enumerate() {
            let at = qualifier.at;
            match &qualifier.value {
                Qualifier::Order(_, anchor) | Qualifier::Distance { anchor, .. } => {
                    self.anchor(anchor, at, scope);
                }
                Qualifier::Count { .. } if !may_count => {
                    self.error(
                        at,
                        "`always` is already about all turns",
                        "no number of times here",
                        "agent always says any of polite",
                    );
                }
                Qualifier::Count { .. } if index + 1 < qualifiers.len() => {
                    self.error(
                        at,
                        "a number of times stands last",
                        "the other restrictions before it",
                        "customer says any of angry in the first 5 turns at least 2 times",
                    );
                }
                Qualifier::Count { .. } | Qualifier::Position { .. } => {}
                Qualifier::Where(inner) => self.condition(inner, Scope { at, that: true, ..scope }),
            }
        }
    }

    fn anchor(&mut self, anchor: &'a Anchor, at: Pos, scope: Scope) {
        match anchor {
            Anchor::It(at) => {
                let (message, expected) = match scope.it {
                    It::Known => return,
                    It::InRule => (
                        "a rule stands alone and has no occasion `it`",
                        "the restriction in the behaviour that uses the rule",
                    ),
                    It::InApplies => (
                        "`it` is the occasion, which is only being looked for here",
                        "`that` within `where`, or what it is measured from in parentheses",
                    ),
                    It::AppliesPointsAtNothing => (
                        "`applies when` points at nothing here, so there is no `it`",
                        "`applies when` with `says` or the like, or no `it`",
                    ),
                };
                self.error(*at, message, expected, POINTING_EXAMPLE);
            }
            Anchor::That(at) if !scope.that => {
                let expected = "`that` only within `where`; the occasion is `it`";
                self.error(
                    *at,
                    "there is no `where` around this `that`",
                    expected,
                    "where not agent says any of explain before that",
                );
            }
            Anchor::That(_) => {}
            Anchor::Match(inner) => {
                self.points(inner, at, "this restriction");
                self.condition(inner, scope);
            }
        }
    }

    fn totals(&mut self) {
        let at = self.pack.behaviours.first().map(|behaviour| behaviour.item.name.at).unwrap_or_default();
        let too_many = [
            (self.pack.behaviours.len(), BEHAVIOURS_MAX, "behaviours"),
            (self.items, ITEMS_MAX, "list items in use"),
            (self.regexes, REGEXES_MAX, "regular expressions"),
        ];
        for (found, most, what) in too_many {
            if found > most {
                self.error(at, format!("there are {found} {what}"), format!("at most {most}"), "");
            }
        }
    }
}

type Graph<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Length of the longest chain of references from `name`, or the chain that is too long or closes.
fn depth<'a>(
    graph: &Graph<'a>,
    name: &'a str,
    path: &mut Vec<&'a str>,
    known: &mut BTreeMap<&'a str, usize>,
) -> Result<usize, Vec<&'a str>> {
    let closes = path.contains(&name);
    path.push(name);
    if closes || path.len() > REFERENCE_MAX_DEPTH {
        return Err(path.clone());
    }
    if let Some(depth) = known.get(name) {
        if depth + path.len() > REFERENCE_MAX_DEPTH {
            return Err(path.clone());
        }
        path.pop();
        return Ok(*depth);
    }
    let mut deepest = 0;
    for next in graph.get(name).into_iter().flatten() {
        deepest = deepest.max(1 + depth(graph, next, path, known)?);
    }
    known.insert(name, deepest);
    path.pop();
    Ok(deepest)
}

fn referred_rules<'a>(condition: &'a Condition, out: &mut Vec<&'a str>) {
    if let Condition::Rule(name) = condition {
        out.push(&name.value);
    }
    children(condition, &mut |child| referred_rules(child, out));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> String {
        check(text)
            .first()
            .map(|diagnostic| format!("{}:{}: {}", diagnostic.line, diagnostic.column, diagnostic.message))
            .unwrap_or_default()
    }

    #[test]
    fn meaning_is_checked() {
        for (text, expected) in [
            (
                "list angry = \"a\"\nrule r = agent says any of angri",
                "2:28: there is no list `angri`; did you mean `angry`?",
            ),
            ("rule r = agent says r", "there is no list `r`; the rule is written `rule r`"),
            ("list a = b\nlist b = a", "1:6: the list `a` never ends: a → b → a"),
            ("rule a = not rule a", "the rule `a` never ends: a → a"),
            ("rule a = agent says \"x\" after it", "1:31: a rule stands alone"),
            (
                "behaviour b { applies when agent says \"x\" after it shown when agent says \"y\" }",
                "`it` is the occasion",
            ),
            (
                "behaviour b { applies when field queue is \"x\" shown when agent says \"y\" after it }",
                "there is no `it`",
            ),
            ("rule a = agent says \"x\" after that", "there is no `where`"),
            (
                "rule a = agent says \"x\" after (field hour > 3)",
                "this restriction needs a condition that points",
            ),
            ("rule a = (not agent says \"x\") then agent says \"y\"", "`then` needs a condition that points"),
            ("rule a = agent says /x*/", "it also matches where there is nothing"),
            ("rule a = agent says /(x/", "unclosed group"),
            ("rule a = agent says sounds like \"好\"", "only one syllable"),
            ("rule a = agent says sounds like \"投诉\"", "only 2 syllables"),
            ("rule a = agent says sounds like \"好！\"", "without a reading"),
            ("rule a = agent says spelled like \"abc\" off by 1", "has 3 characters"),
            ("rule a = agent says at least 3 of (\"a\", \"b\")", "at least 3 of 2 can never"),
            (
                "rule a = agent says \"x\" at least 2 times after agent says \"y\"",
                "a number of times stands last",
            ),
            ("list a = \"x\"\nlist a = \"y\"", "2:6: the list `a` is already in line 1"),
            (
                "rule a = customer says \"a\" and (field hour > 3 or rule b)\nrule b = agent says /退款.{0,9}到账/ where not agent says \"x\" before that",
                "",
            ),
        ] {
            let found = first(text);
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{text}\n{found}");
        }
    }

    /// Lists that each hold the next one three times.
    fn tripling(depth: usize) -> String {
        let list = |i| format!("list l{i} = l{0}, l{0}, l{0}", i + 1);
        (0..depth).map(list).collect::<Vec<_>>().join("\n") + "\n"
    }

    #[test]
    fn what_grows_without_bound_is_refused() {
        let lists = tripling(30);
        assert!(first(&format!("{lists}list l30 = \"a\"")).contains("never ends"));
        let lists = tripling(19);
        assert!(
            first(&format!("{lists}list l19 = \"a\"\nbehaviour b {{ shown when agent says l0 }}"))
                .contains("list items in use")
        );
    }
}
