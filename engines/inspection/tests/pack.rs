//! The behaviour pack that ships with the product: every example dialogue gets the answer it states.

#![expect(clippy::expect_used, reason = "a test stops where its content cannot be read")]

use std::fs;
use std::path::{Path, PathBuf};

use inspection::{Conversation, FieldValue, Role, RuleSet, Scratch, Source, Turn};
use toml::{Table, Value};

/// Fewest examples of each kind in each language: with fewer, a rule can pass by chance.
const EXAMPLES_MIN: usize = 6;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content").join(name)
}

/// Files of a folder with this ending, as name and text, in order.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("the content folder is part of the repository")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a text file"))
        })
        .collect();
    found.sort();
    found
}

fn compiled(folder_name: &str) -> RuleSet {
    let texts = files(&folder(folder_name), ".rules");
    let sources: Vec<_> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    match RuleSet::compile(&sources) {
        Ok(rules) => rules,
        Err(diagnostics) => {
            let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"));
        }
    }
}

struct Example {
    lang: String,
    name: String,
    expect: String,
    fields: Vec<(String, String)>,
    turns: Vec<(Role, String)>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} should be a text")).to_owned()
}

fn role(name: &str) -> Role {
    match name {
        "agent" => Role::Agent,
        "customer" => Role::Customer,
        "system" => Role::System,
        other => panic!("`{other}` is no role; write agent, customer or system"),
    }
}

fn examples(toml: &str) -> Vec<Example> {
    let file: Table = toml.parse().expect("well-formed TOML");
    let read = |example: &Value| Example {
        lang: text(&example["lang"]),
        name: text(&example["name"]),
        expect: text(&example["expect"]),
        fields: example
            .get("fields")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        turns: example["turns"]
            .as_array()
            .expect("a list of turns")
            .iter()
            .map(|turn| (role(&text(&turn[0])), text(&turn[1])))
            .collect(),
    };
    file["example"].as_array().expect("examples").iter().map(read).collect()
}

fn answer(rules: &RuleSet, behaviour: u32, example: &Example, scratch: &mut Scratch) -> &'static str {
    let turns: Vec<_> = example
        .turns
        .iter()
        .map(|(role, text)| Turn { role: *role, participant: None, start_ms: None, end_ms: None, text })
        .collect();
    let fields: Vec<_> =
        example.fields.iter().map(|(name, value)| (name.as_str(), FieldValue::Text(value))).collect();
    let inspection = rules.inspect(&Conversation { turns: &turns, fields: &fields }, scratch);
    match inspection.observation(behaviour) {
        None => "undecided",
        Some(found) if !found.applicable => "not_applicable",
        Some(found) if found.shown => "shown",
        Some(_) => "not_shown",
    }
}

#[test]
fn every_example_of_the_pack_gets_the_answer_it_states() {
    let rules = compiled("behaviours");
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    let files = files(&folder("behaviours"), ".examples.toml");
    assert_eq!(files.len(), rules.behaviours().len(), "one file of examples for each behaviour");
    for (file, toml) in files {
        let name = file.trim_end_matches(".examples.toml");
        let behaviour = rules.index_of(name).unwrap_or_else(|| panic!("{file}: no behaviour `{name}`"));
        for example in examples(&toml) {
            let found = answer(&rules, behaviour, &example, &mut scratch);
            if found != example.expect {
                let Example { lang, name: title, expect, .. } = &example;
                wrong.push(format!("{name} ({lang}) “{title}”: {found}, should be {expect}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_behaviour_has_enough_examples_for_and_against_in_each_language() {
    for (file, toml) in files(&folder("behaviours"), ".examples.toml") {
        let examples = examples(&toml);
        for lang in ["zh", "en"] {
            let of = |shown: bool| {
                examples.iter().filter(|e| e.lang == lang && (e.expect == "shown") == shown).count()
            };
            assert!(of(true) >= EXAMPLES_MIN, "{file}: {} shown in {lang}", of(true));
            assert!(of(false) >= EXAMPLES_MIN, "{file}: {} not shown in {lang}", of(false));
        }
        let applicable = examples.iter().any(|e| e.expect == "not_shown");
        let absent = examples.iter().any(|e| e.expect == "not_applicable");
        assert!(applicable && absent, "{file}: near misses of both kinds");
        assert!(examples.iter().all(|e| (2..=8).contains(&e.turns.len())), "{file}: 2 to 8 turns each");
    }
}

#[test]
fn the_rules_that_ship_read_without_a_remark_and_say_in_both_languages_what_they_are() {
    for folder_name in ["behaviours", "samples"] {
        let rules = compiled(folder_name);
        let remarks: Vec<String> = rules.warnings().iter().map(ToString::to_string).collect();
        assert!(remarks.is_empty(), "{}", remarks.join("\n"));
        for behaviour in rules.behaviours() {
            let texts = [&behaviour.title.zh, &behaviour.title.en, &behaviour.note.zh, &behaviour.note.en];
            assert!(texts.iter().all(|text| !text.is_empty()), "{} lacks a title or note", behaviour.name);
        }
    }
}

#[test]
fn the_rules_that_ship_have_the_layout_of_the_formatter() {
    for folder_name in ["behaviours", "samples"] {
        for (name, text) in files(&folder(folder_name), ".rules") {
            let laid_out = inspection::format(&text).expect("rules that can be read");
            assert!(laid_out == text, "{folder_name}/{name}: format it");
        }
    }
}
