//! The behaviours that ship with the product, and the dialogues they are held to.

mod install;

use inspection::{Role, RuleSet, Scratch, Turn};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rule_set::store::DIGEST_BYTES;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../content/behaviours"]
struct Files;

/// The file of lists and rules that the shipped behaviours share.
const LIBRARY: &str = "common.rules";

/// One shipped rule file.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// Its name without the ending: the behaviour's, or that of the library.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Its dialogues; none for the library.
    pub examples: Vec<Example>,
    /// Whether it only holds what others share.
    pub library: bool,
}

impl Shipped {
    /// Tells a text as shipped from one that people edited.
    pub fn digest(&self) -> String {
        kernel::hex(Sha256::digest(self.text.as_bytes()).get(..DIGEST_BYTES).unwrap_or_default())
    }
}

/// All shipped rule files by name, the library first.
///
/// # Errors
/// A sentence that names the file whose dialogues cannot be read.
pub fn shipped_rules() -> Result<Vec<Shipped>, String> {
    let mut all = Vec::new();
    for path in Files::iter().filter(|path| path.ends_with(".rules")) {
        let name = path.trim_end_matches(".rules").to_owned();
        let text = read(&path)?;
        let library = path == LIBRARY;
        let examples = if library {
            Vec::new()
        } else {
            parse_examples(&read(&format!("{name}.examples.toml"))?)
                .map_err(|error| format!("{name}: {error}"))?
        };
        all.push(Shipped { name, text, examples, library });
    }
    all.sort_by(|a, b| (!a.library, &a.name).cmp(&(!b.library, &b.name)));
    Ok(all)
}

fn read(path: &str) -> Result<String, String> {
    let file = Files::get(path).ok_or_else(|| format!("{path} is missing"))?;
    String::from_utf8(file.data.into_owned()).map_err(|_| format!("{path} is not UTF-8"))
}

/// A short dialogue with the answer that the rule must give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// `zh` or `en`.
    pub lang: String,
    /// What is special about it.
    pub name: String,
    /// The answer.
    pub expect: Expected,
    /// The turns: role, words, and where it matters the second at which it begins.
    pub turns: Vec<ExampleTurn>,
    /// Data fields of the conversation, where the rule asks for one.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub fields: std::collections::BTreeMap<String, String>,
}

/// What a rule must say of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Applicable and shown.
    Shown,
    /// Applicable and not shown.
    NotShown,
    /// Not applicable.
    NotApplicable,
}

/// One turn of an example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ExampleTurn {
    /// Role, words and seconds from the beginning.
    Timed(Role, String, f64),
    /// Role and words.
    Plain(Role, String),
}

/// Reads a file of dialogues: `[[example]]` with `lang`, `name`, `expect`, `turns`.
///
/// # Errors
/// A sentence with line and column.
pub fn parse_examples(text: &str) -> Result<Vec<Example>, String> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        example: Vec<Example>,
    }
    toml::from_str::<File>(text).map(|file| file.example).map_err(|error| error.to_string())
}

/// Writes dialogues as [`parse_examples`] reads them.
pub fn write_examples(examples: &[Example]) -> String {
    #[derive(Serialize)]
    struct File<'e> {
        example: &'e [Example],
    }
    // Strings, numbers and lists of them always have a form in TOML.
    if examples.is_empty() {
        String::new()
    } else {
        toml::to_string(&File { example: examples }).unwrap_or_default()
    }
}

/// What a rule said of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<'e> {
    /// The example.
    pub example: &'e Example,
    /// The answer; `None` when the rule could not decide within its limits.
    pub found: Option<Expected>,
}

impl Checked<'_> {
    /// Whether the rule agrees.
    pub fn passes(&self) -> bool {
        self.found == Some(self.example.expect)
    }
}

/// Runs a behaviour of a rule set over its examples.
pub fn check_examples<'e>(rules: &RuleSet, behaviour: u32, examples: &'e [Example]) -> Vec<Checked<'e>> {
    let mut scratch = Scratch::default();
    examples
        .iter()
        .map(|example| {
            let turns: Vec<Turn<'_>> = example.turns.iter().map(ExampleTurn::as_turn).collect();
            let fields: Vec<_> = example
                .fields
                .iter()
                .map(|(name, value)| (name.as_str(), inspection::FieldValue::Text(value)))
                .collect();
            let conversation = inspection::Conversation { turns: &turns, fields: &fields };
            let found =
                rules.inspect(&conversation, &mut scratch).observation(behaviour).map(|seen| {
                    match (seen.applicable, seen.shown) {
                        (false, _) => Expected::NotApplicable,
                        (true, true) => Expected::Shown,
                        (true, false) => Expected::NotShown,
                    }
                });
            Checked { example, found }
        })
        .collect()
}

impl ExampleTurn {
    /// What was said.
    pub fn words(&self) -> &str {
        match self {
            ExampleTurn::Timed(_, text, _) | ExampleTurn::Plain(_, text) => text,
        }
    }

    fn as_turn(&self) -> Turn<'_> {
        let (role, text, start_ms) = match self {
            #[expect(clippy::cast_possible_truncation, reason = "seconds of an example, saturating")]
            ExampleTurn::Timed(role, text, seconds) => (*role, text, Some((seconds * 1000.0) as i64)),
            ExampleTurn::Plain(role, text) => (*role, text, None),
        };
        Turn { role, participant: None, start_ms, end_ms: None, text }
    }
}
