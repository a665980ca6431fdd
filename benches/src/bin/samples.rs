//! How well the rules of `content/samples` agree with the labels of the sample conversations.
//!
//! The rules see only what was said. Labels are the truth they are held against. The folder with the data is
//! `LIANBING_SAMPLES`, or `../shared/data/conversations` beside the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use inspection::{Conversation, Role, RuleSet, Scratch, Source, Turn};
use serde_json::Value;

/// What one behaviour is held against.
struct Handbook {
    /// Its name in `content/samples`.
    behaviour: &'static str,
    /// The data set it is about.
    file: &'static str,
    /// The truth in one record; `None` when the record says nothing about it.
    truth: fn(&Value) -> Option<bool>,
    /// Precision and recall it must reach, each.
    target: f64,
}

const STAR: &str = "star_dev.jsonl";
const CROSSWOZ: &str = "crosswoz_val.jsonl";

const HANDBOOKS: [Handbook; 6] = [
    Handbook {
        behaviour: "star_identity_before_disclosure",
        file: STAR,
        truth: |record| record["labels"]["derived_auth_asked_before_disclosure"].as_bool(),
        target: 0.95,
    },
    // The label knows only the picked reply; offers typed freely are right and yet count as wrong here.
    Handbook {
        behaviour: "star_offered_more_help",
        file: STAR,
        truth: |record| record["labels"]["derived_offered_more_help"].as_bool(),
        target: 0.90,
    },
    Handbook {
        behaviour: "crosswoz_customer_greets",
        file: CROSSWOZ,
        truth: |record| Some(has_act(record, "customer", |act| act[0] == "General" && act[1] == "greet")),
        target: 0.95,
    },
    Handbook {
        behaviour: "crosswoz_customer_thanks",
        file: CROSSWOZ,
        truth: |record| Some(has_act(record, "customer", |act| act[0] == "General" && act[1] == "thank")),
        target: 0.95,
    },
    Handbook {
        behaviour: "crosswoz_customer_bye",
        file: CROSSWOZ,
        truth: |record| Some(has_act(record, "customer", |act| act[0] == "General" && act[1] == "bye")),
        target: 0.95,
    },
    // Annotators did not agree among themselves on what has “no offer”.
    Handbook {
        behaviour: "crosswoz_agent_no_offer",
        file: CROSSWOZ,
        truth: |record| Some(has_act(record, "agent", |act| act[0] == "NoOffer")),
        target: 0.80,
    },
];

/// Whether some turn of this role carries such a dialogue act.
fn has_act(record: &Value, role: &str, wanted: fn(&Value) -> bool) -> bool {
    let turns = record["turns"].as_array().map_or(&[][..], Vec::as_slice);
    let of_role = turns.iter().filter(|turn| turn["role"] == role);
    of_role.filter_map(|turn| turn["acts"].as_array()).flatten().any(wanted)
}

/// Agreement counted.
#[derive(Clone, Copy, Default)]
struct Tally {
    both: u32,
    only_rule: u32,
    only_label: u32,
    neither: u32,
}

impl Tally {
    fn add(&mut self, shown: bool, truth: bool) {
        let cell = match (shown, truth) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.only_rule,
            (false, true) => &mut self.only_label,
            (false, false) => &mut self.neither,
        };
        *cell += 1;
    }

    fn plus(self, other: Self) -> Self {
        Self {
            both: self.both + other.both,
            only_rule: self.only_rule + other.only_rule,
            only_label: self.only_label + other.only_label,
            neither: self.neither + other.neither,
        }
    }

    fn n(self) -> u32 {
        self.both + self.only_rule + self.only_label + self.neither
    }

    fn precision(self) -> f64 {
        f64::from(self.both) / f64::from((self.both + self.only_rule).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.both) / f64::from((self.both + self.only_label).max(1))
    }
}

fn main() -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("benches/ has no parent folder")?;
    let beside = || root.join("../shared/data/conversations");
    let data = std::env::var_os("LIANBING_SAMPLES").map_or_else(beside, PathBuf::from);
    if !data.is_dir() {
        println!("The sample conversations are not here ({}); there is nothing to measure.", data.display());
        println!("Set LIANBING_SAMPLES to the folder that holds {STAR} and {CROSSWOZ}.");
        return Ok(ExitCode::SUCCESS);
    }
    let rules = rules(&root.join("content/samples"))?;
    println!("{:<32} {:>5} {:>9} {:>9} {:>7}", "behaviour", "n", "precision", "recall", "target");
    let mut all_reached = true;
    for handbook in &HANDBOOKS {
        all_reached &= report(handbook, &rules, &data)?;
    }
    Ok(if all_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the figures of one behaviour; whether it reached its target on all lines.
fn report(handbook: &Handbook, rules: &RuleSet, data: &Path) -> Result<bool> {
    let [odd, even] = tallies(handbook, rules, data)?;
    let all = odd.plus(even);
    let reached = all.precision() >= handbook.target && all.recall() >= handbook.target;
    let row = |label: &str, tally: Tally| {
        format!("{label:<32} {:>5} {:>9.3} {:>9.3}", tally.n(), tally.precision(), tally.recall())
    };
    let verdict = if reached { "PASS" } else { "MISS" };
    println!("{} {:>7.2} {verdict}", row(handbook.behaviour, all), handbook.target);
    // Even lines were looked at while the rules were written; odd lines were not.
    println!("{}", row("  even lines", even));
    println!("{}", row("  odd lines, held out", odd));
    Ok(reached)
}

fn rules(folder: &Path) -> Result<RuleSet> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rules") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.push((path.display().to_string(), text));
        }
    }
    texts.sort();
    let sources: Vec<_> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    RuleSet::compile(&sources).map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        anyhow!("the rules do not compile:\n{}", lines.join("\n"))
    })
}

/// Agreement on the odd lines and on the even lines of the file; the first line is 1.
fn tallies(handbook: &Handbook, rules: &RuleSet, data: &Path) -> Result<[Tally; 2]> {
    let path = data.join(handbook.file);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let behaviour = rules
        .index_of(handbook.behaviour)
        .with_context(|| format!("content/samples has no behaviour `{}`", handbook.behaviour))?;
    let mut scratch = Scratch::default();
    let (mut odd, mut even) = (Tally::default(), Tally::default());
    for (index, line) in text.lines().enumerate() {
        let place = || format!("{}, line {}", path.display(), index + 1);
        let record: Value = serde_json::from_str(line).with_context(place)?;
        let Some(truth) = (handbook.truth)(&record) else { continue };
        let turns: Vec<_> = record["turns"].as_array().into_iter().flatten().map(turn).collect();
        let conversation = Conversation { turns: &turns, fields: &[] };
        let found = rules.inspect(&conversation, &mut scratch).observation(behaviour);
        let found = found.with_context(|| format!("{}: undecided", place()))?;
        let tally = if index % 2 == 0 { &mut odd } else { &mut even };
        tally.add(found.shown, truth);
    }
    Ok([odd, even])
}

/// What was said, and by whom; nothing of the labels.
fn turn(value: &Value) -> Turn<'_> {
    let role = match value["role"].as_str() {
        Some("agent") => Role::Agent,
        Some("customer") => Role::Customer,
        _ => Role::System,
    };
    let text = value["text"].as_str().unwrap_or_default();
    Turn { role, participant: None, start_ms: None, end_ms: None, text }
}
