//! What a scenario means: every name leads somewhere, every beat can be reached and left, everything is used.

use std::collections::{BTreeMap, BTreeSet};

use inspection::ast::{At, Mode};
use inspection::diagnose::{Diagnostic, did_you_mean};
use inspection::{RuleSet, likeness};

use crate::limits::{ALIKE_PERCENT, CROWDED_MOVES, DIAGNOSTICS_MAX, EXAMPLES_ADVISED, UNEARNED_TOTAL_MAX};
use crate::read::read;
use crate::script::{Area, Criterion, EndingKind, Item, Move, Script, TEST_NAMES, Target, Test, TestKind};

/// Checks the text of a scenario file against the behaviours of a rule set.
///
/// `source` names the file in messages. All that is wrong is told, errors and warnings, by line; at most
/// [`DIAGNOSTICS_MAX`] of them. Empty means that there is nothing to say.
pub fn check(source: &str, text: &str, rules: &RuleSet) -> Vec<Diagnostic> {
    checked(source, text, rules).1
}

/// The script, when it has no errors, and all that is to be said about it.
pub(crate) fn checked(source: &str, text: &str, rules: &RuleSet) -> (Option<Script>, Vec<Diagnostic>) {
    let (script, mut found) = read(text);
    if let Some(script) = &script {
        let mut checker = Checker { script, rules, found: Vec::new() };
        checker.all();
        found.extend(checker.found);
    }
    for diagnostic in &mut found {
        source.clone_into(&mut diagnostic.source);
    }
    found.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    let wrong = found.iter().any(Diagnostic::is_error);
    if found.len() > DIAGNOSTICS_MAX {
        // What stops the scenario is told first.
        found.sort_by_key(|diagnostic| !diagnostic.is_error());
        found.truncate(DIAGNOSTICS_MAX);
    }
    (script.filter(|_| !wrong), found)
}

struct Checker<'s> {
    script: &'s Script,
    rules: &'s RuleSet,
    found: Vec<Diagnostic>,
}

impl<'s> Checker<'s> {
    fn all(&mut self) {
        self.names();
        self.behaviours();
        self.items();
        self.moves();
        self.alike_examples();
        self.facts_and_objections();
        self.beats();
        self.endings();
        self.enough();
        self.tests();
    }

    fn error(&mut self, at: inspection::lex::Pos, message: String, expected: &str) {
        self.found.push(Diagnostic::error(at, message, expected));
    }

    fn warning(&mut self, at: inspection::lex::Pos, message: String, expected: &str) {
        self.found.push(Diagnostic::warning(at, message, expected));
    }

    fn twice(&mut self, what: &str, names: impl Iterator<Item = &'s At<String>>) {
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for name in names.filter(|name| !name.value.is_empty()) {
            if let Some(line) = first.get(name.value.as_str()) {
                let message = format!("the {what} `{}` is already in line {line}", name.value);
                self.error(name.at, message, "another name");
            } else {
                first.insert(&name.value, name.at.line);
            }
        }
    }

    fn known(&mut self, what: &str, used: &[At<String>], known: &BTreeSet<&str>) {
        for name in used.iter().filter(|name| !name.value.is_empty()) {
            if known.contains(name.value.as_str()) {
                continue;
            }
            let meant = did_you_mean(&name.value, known.iter().copied());
            let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            let message = format!("there is no {what} `{}`{hint}", name.value);
            let expected = format!("the name of a {what}");
            let example = known.first().map(|name| format!("\"{name}\"")).unwrap_or_default();
            self.found.push(Diagnostic::error(name.at, message, expected).with_example(example));
        }
    }

    /// Names are unique, and every name that is used exists.
    fn names(&mut self) {
        let script = self.script;
        self.twice("fact", script.facts.iter().map(|fact| &fact.name));
        self.twice("move", script.moves.iter().map(|one| &one.name));
        self.twice("objection", script.objections.iter().map(|objection| &objection.name));
        self.twice("beat", script.beats.iter().map(|beat| &beat.name));
        self.twice("item", script.items.iter().map(|item| &item.name));
        let facts: BTreeSet<&str> = script.facts.iter().map(|fact| fact.name.value.as_str()).collect();
        let moves: BTreeSet<&str> = script.moves.iter().map(|one| one.name.value.as_str()).collect();
        let beats: BTreeSet<&str> = script.beats.iter().map(|beat| beat.name.value.as_str()).collect();
        let objections: BTreeSet<&str> =
            script.objections.iter().map(|objection| objection.name.value.as_str()).collect();
        for fact in &script.facts {
            self.known("move", &fact.revealed_by, &moves);
        }
        for one in &script.moves {
            self.known("beat", &one.beats, &beats);
            self.known("move", &one.after, &moves);
        }
        for objection in &script.objections {
            self.known("beat", &objection.beats, &beats);
            self.known("move", &objection.after, &moves);
            self.known("move", &objection.resolved_by, &moves);
        }
        for exit in script.beats.iter().flat_map(|beat| &beat.exits) {
            self.known("move", &exit.moves, &moves);
            self.known("move", &exit.any_move, &moves);
            self.known("fact", &exit.facts, &facts);
            self.known("objection", &exit.resolved, &objections);
            if let Target::Beat(to) = &exit.to {
                self.known("beat", std::slice::from_ref(to), &beats);
            }
        }
        for item in &script.items {
            self.known("beat", &item.beats, &beats);
            self.known("move", &moves_of(item), &moves);
        }
    }

    /// Behaviours are those of the rule set, and prohibitions stand under `never` alone.
    fn behaviours(&mut self) {
        let of_moves =
            self.script.moves.iter().filter_map(|one| one.behaviour.as_ref()).map(|name| (name, None));
        let of_items = self.script.items.iter().filter_map(|item| match &item.criterion {
            Criterion::Behaviour(name) => Some((name, Some(false))),
            Criterion::Prohibition(name) => Some((name, Some(true))),
            _ => None,
        });
        for (name, prohibition) in of_moves.chain(of_items).collect::<Vec<_>>() {
            let Some(info) = self.rules.behaviours().iter().find(|info| info.name == name.value) else {
                let known: BTreeSet<&str> =
                    self.rules.behaviours().iter().map(|info| info.name.as_str()).collect();
                self.known("behaviour", std::slice::from_ref(name), &known);
                continue;
            };
            match (prohibition, info.mode == Mode::Prohibited) {
                (Some(true), false) => {
                    let message = format!("the behaviour `{}` is to be shown", name.value);
                    self.error(name.at, message, "a prohibition, or kind = \"must\"");
                }
                (Some(false), true) => {
                    let message = format!("the behaviour `{}` is a prohibition", name.value);
                    self.error(name.at, message, "kind = \"never\", or a behaviour that is to be shown");
                }
                _ => {}
            }
        }
    }

    fn items(&mut self) {
        for item in &self.script.items {
            let wants_turns = matches!(item.criterion, Criterion::Move(_));
            if item.within.is_some() && !wants_turns {
                let message = format!("the item `{}` has `within`, and is not about a move", item.name.value);
                self.error(
                    item.name.at,
                    message,
                    "a `must` item with `move`; a behaviour has its own window",
                );
            }
            if let Criterion::Order(first, then) = &item.criterion
                && first.value == then.value
            {
                let message = format!("the move `{}` cannot come before itself", first.value);
                self.error(then.at, message, "two different moves");
            }
        }
    }

    /// Every move serves something, and has examples enough.
    fn moves(&mut self) {
        let used = self.used_moves();
        for one in &self.script.moves {
            let name = &one.name.value;
            if !used.contains(name.as_str()) && one.mood == 0 && one.reply.is_none() {
                let message = format!("nothing uses the move `{name}`");
                self.warning(
                    one.name.at,
                    message,
                    "an exit, a fact, an item or a `mood` that it brings about",
                );
            }
            if !one.examples.is_empty() && one.examples.len() < EXAMPLES_ADVISED {
                let message = format!("the move `{name}` has {} examples", one.examples.len());
                let expected = format!("{EXAMPLES_ADVISED} or more: with fewer it is often not recognised");
                self.warning(one.name.at, message, &expected);
            }
            if one.after.iter().any(|after| after.value == *name) {
                self.error(
                    one.name.at,
                    format!("the move `{name}` waits for itself"),
                    "another move in `after`",
                );
            }
        }
    }

    /// Enough to tell a recital from a conversation, and something to judge.
    fn enough(&mut self) {
        let script = self.script;
        let spoken = script.moves.iter().filter(|one| one.mood >= 0 && !one.examples.is_empty()).count();
        if spoken < CROWDED_MOVES {
            let message = format!("{spoken} moves have examples and do no harm");
            let expected =
                format!("at least {CROWDED_MOVES}: with fewer, saying all of them at once is a conversation");
            self.error(script.name.at, message, &expected);
        }
        if !script.items.iter().any(|item| item.area == Area::Process) {
            self.error(
                script.name.at,
                "no item counts for the process".to_owned(),
                "at least one with this `area`",
            );
        }
    }

    fn used_moves(&self) -> BTreeSet<&'s str> {
        let script = self.script;
        let mut used = BTreeSet::new();
        let mut add = |names: &'s [At<String>]| used.extend(names.iter().map(|name| name.value.as_str()));
        script.facts.iter().for_each(|fact| add(&fact.revealed_by));
        script.moves.iter().for_each(|one| add(&one.after));
        for objection in &script.objections {
            add(&objection.after);
            add(&objection.resolved_by);
        }
        for exit in script.beats.iter().flat_map(|beat| &beat.exits) {
            add(&exit.moves);
            add(&exit.any_move);
        }
        for item in &script.items {
            match &item.criterion {
                Criterion::Move(name) | Criterion::NeverMove(name) => add(std::slice::from_ref(name)),
                Criterion::Order(first, then) => {
                    add(std::slice::from_ref(first));
                    add(std::slice::from_ref(then));
                }
                _ => {}
            }
        }
        used
    }

    /// Sentences of two moves that nobody can tell apart.
    fn alike_examples(&mut self) {
        let of = |one: &'s Move| one.examples.iter().map(move |example| (one, example));
        let examples: Vec<(&Move, &At<String>)> = self.script.moves.iter().flat_map(of).collect();
        let pairs: Vec<Vec<u64>> = examples
            .iter()
            .map(|(_, example)| {
                let mut out = Vec::new();
                likeness::pairs(&example.value, &mut out);
                out
            })
            .collect();
        for (place, ((one, example), mine)) in examples.iter().zip(&pairs).enumerate() {
            let earlier = examples.iter().zip(&pairs).take(place);
            let same = earlier.filter(|((other, _), _)| other.name.value != one.name.value).find(
                |((_, text), theirs)| {
                    text.value == example.value || likeness::alike(mine, theirs, ALIKE_PERCENT)
                },
            );
            if let Some(((other, text), _)) = same {
                let message = format!(
                    "“{}” is nearly “{}” of the move `{}` in line {}",
                    example.value, text.value, other.name.value, text.at.line
                );
                self.error(example.at, message, "a sentence that only one move says");
            }
        }
    }

    fn facts_and_objections(&mut self) {
        for fact in &self.script.facts {
            if fact.revealed_by.is_empty() {
                let message = format!("no move reveals the fact `{}`", fact.name.value);
                self.error(fact.name.at, message, "the moves that ask for it, in `revealed_by`");
            }
        }
        for objection in &self.script.objections {
            let name = &objection.name.value;
            if objection.resolved_by.is_empty() {
                let message = format!("no move resolves the objection `{name}`");
                self.error(objection.name.at, message, "the moves that answer it, in `resolved_by`");
            }
            if objection.beats.is_empty() {
                let message = format!("the objection `{name}` is never raised");
                self.error(objection.name.at, message, "the beats in which it is raised, in `beats`");
            }
        }
    }

    /// Every beat can be reached, left, and ends well somehow.
    fn beats(&mut self) {
        let script = self.script;
        let targets = |name: &str| {
            let beat = script.beats.iter().find(|beat| beat.name.value == name);
            beat.map(|beat| &beat.exits).into_iter().flatten()
        };
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> =
            script.beats.first().map(|beat| beat.name.value.as_str()).into_iter().collect();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(targets(name).filter_map(|exit| match &exit.to {
                    Target::Beat(to) => Some(to.value.as_str()),
                    Target::Ending(..) => None,
                }));
            }
        }
        let mut ends: BTreeSet<&str> = BTreeSet::new();
        loop {
            let before = ends.len();
            for beat in &script.beats {
                let leads = beat.exits.iter().any(|exit| match &exit.to {
                    Target::Beat(to) => ends.contains(to.value.as_str()),
                    Target::Ending(kind, _) => *kind != EndingKind::HangUp,
                });
                if leads {
                    ends.insert(&beat.name.value);
                }
            }
            if ends.len() == before {
                break;
            }
        }
        for beat in &script.beats {
            let name = &beat.name.value;
            if !reached.contains(name.as_str()) {
                self.error(
                    beat.name.at,
                    format!("no exit leads to the beat `{name}`"),
                    "an exit with `to` its name",
                );
            }
            if beat.exits.is_empty() {
                self.error(
                    beat.name.at,
                    format!("the beat `{name}` is a dead end"),
                    "at least one [[beats.exits]]",
                );
            } else if !ends.contains(name.as_str()) {
                let message = format!("from the beat `{name}` the customer can only hang up");
                self.error(beat.name.at, message, "exits on which another ending can be reached");
            }
            for exit in &beat.exits {
                self.exit(name, exit);
            }
        }
    }

    fn exit(&mut self, beat: &str, exit: &crate::script::Exit) {
        let free = exit.moves.is_empty()
            && exit.any_move.is_empty()
            && exit.facts.is_empty()
            && exit.resolved.is_empty()
            && exit.turns.is_none()
            && exit.mood_at_least.is_none()
            && exit.mood_below.is_none();
        if free {
            let message = format!("an exit of the beat `{beat}` has no condition");
            self.error(
                exit.at,
                message,
                "moves, any_move, facts, resolved, turns, mood_at_least or mood_below",
            );
        }
        if let (Some(low), Some(high)) = (exit.mood_at_least, exit.mood_below)
            && low >= high
        {
            let message = format!("no mood is at least {low} and below {high}");
            self.error(exit.at, message, "`mood_at_least` below `mood_below`");
        }
        if let Target::Ending(kind, at) = &exit.to
            && !self.script.endings.iter().any(|ending| ending.kind == *kind)
        {
            let message = format!("there is no ending `{}`", kind.name());
            let expected = format!("[endings.{}] with `outcome` and `lines`", kind.name());
            self.error(*at, message, &expected);
        }
    }

    fn endings(&mut self) {
        let script = self.script;
        if !script.endings.iter().any(|ending| ending.kind == EndingKind::HangUp) {
            let at = script.name.at;
            let expected = "[endings.hang_up] with `outcome` and `lines`: patience can always run out";
            self.error(at, "there is no ending `hang_up`".to_owned(), expected);
        }
        for ending in script.endings.iter().filter(|ending| ending.kind != EndingKind::HangUp) {
            let used = script
                .beats
                .iter()
                .flat_map(|beat| &beat.exits)
                .any(|exit| matches!(exit.to, Target::Ending(kind, _) if kind == ending.kind));
            if !used {
                let message = format!("no exit leads to the ending `{}`", ending.kind.name());
                self.warning(ending.at, message, "an exit with this `ending`");
            }
        }
    }

    fn tests(&mut self) {
        for (name, kind) in TEST_NAMES {
            if !self.script.tests.iter().any(|test| test.kind == *kind) {
                let expected = format!("[[tests]] with kind = \"{name}\"");
                self.error(self.script.name.at, format!("there is no test of kind `{name}`"), &expected);
            }
        }
        for test in &self.script.tests {
            self.test(test);
        }
    }

    fn test(&mut self, test: &Test) {
        let name = test.kind.name();
        let may_pass = matches!(test.kind, TestKind::Good | TestKind::Average);
        if test.kind == TestKind::Good && !test.passes {
            self.error(test.at, "a good conversation does not pass".to_owned(), "passes = true");
        }
        if !may_pass && test.passes {
            self.error(test.at, format!("a conversation of kind `{name}` passes"), "passes = false");
        }
        let unearned = matches!(test.kind, TestKind::Stuffed | TestKind::Silent | TestKind::OffTopic);
        if unearned && test.total.1 > UNEARNED_TOTAL_MAX {
            let message = format!("a conversation of kind `{name}` may reach {} in total", test.total.1);
            self.error(test.at, message, &format!("at most {UNEARNED_TOTAL_MAX}"));
        }
    }
}

/// The moves that an item is about.
fn moves_of(item: &Item) -> Vec<At<String>> {
    match &item.criterion {
        Criterion::Move(name) | Criterion::NeverMove(name) => vec![name.clone()],
        Criterion::Order(first, then) => vec![first.clone(), then.clone()],
        Criterion::Behaviour(_) | Criterion::Prohibition(_) => Vec::new(),
    }
}
