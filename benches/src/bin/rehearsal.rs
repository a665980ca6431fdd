//! How fast the simulated customer answers: every shipped scenario, played well, badly, hostilely and by chance.
//!
//! `cargo xtask bench rehearsal [-- --rounds N] [--data DIR]`: first the engine alone, with the time of a turn and what
//! compiling a scenario takes, then 200 rehearsals at once on a server, over the demo centre in DIR or one made for it.

#[path = "rehearsal/server.rs"]
mod server;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::{Report, option, percentile};
use inspection::{RuleSet, Source};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rehearsal::{Rehearsal, Scenario, script::Language};

const SEED: u64 = 20_260_301;
/// Rehearsals of each scenario.
const ROUNDS: usize = 200;
/// A turn in the engine, milliseconds at the 99th percentile.
const TURN_MS_MAX: f64 = 2.0;
/// Compiling a scenario, which an editor does at every save, milliseconds.
const COMPILE_MS_MAX: f64 = 1_000.0;
/// A message as large as the server takes.
const HUGE_BYTES: usize = 1 << 20;

fn main() -> Result<()> {
    let rounds =
        option("--rounds")?.map_or(Ok(ROUNDS), |text| text.parse()).context("--rounds needs a number")?;
    let rules = Arc::new(rules()?);
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut turns = Vec::new();
    let (mut compiling, mut words) = (Vec::new(), Vec::new());
    let files = files("scenarios", "toml")?;
    for (name, text) in &files {
        let started = Instant::now();
        let scenario = Scenario::compile(name, text, &rules);
        compiling.push(milliseconds(started));
        let Ok(scenario) = scenario else { bail!("{name} has mistakes; lianbing rehearse tells them") };
        let scenario = Arc::new(scenario);
        words.push(Words::of(&scenario));
        for seed in 0..rounds as u64 {
            let rehearsal = Rehearsal::open(Arc::clone(&scenario), Arc::clone(&rules), seed);
            play(rehearsal, &mut random, &mut turns);
        }
    }
    println!("{} scenarios, {} turns", files.len(), turns.len());
    let mut report = Report::default();
    let most = turns.iter().copied().fold(0.0, f64::max);
    let note = format!("median {:.3} ms, most {most:.1} ms", percentile(&mut turns, 50));
    report.below(
        "a turn in the engine, 99th percentile",
        percentile(&mut turns, 99),
        TURN_MS_MAX,
        "ms",
        &note,
    );
    let slowest = compiling.iter().copied().fold(0.0, f64::max);
    report.below("compiling a scenario, the slowest", slowest, COMPILE_MS_MAX, "ms", "");
    let served = server::measure(&words);
    report.finish().and(served)
}

/// What people may say in a scenario.
#[derive(Clone)]
struct Words {
    scenario: String,
    lang: &'static str,
    sentences: Vec<String>,
}

impl Words {
    fn of(scenario: &Scenario) -> Words {
        let script = scenario.script();
        let examples = script.moves.iter().flat_map(|one| &one.examples);
        Words {
            scenario: script.name.value.clone(),
            lang: match script.language {
                Language::Zh => "zh",
                Language::En => "en",
            },
            sentences: examples.map(|example| example.value.clone()).collect(),
        }
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Plays to the end: examples, several at once, the customer's own words, silence, and now and then a huge message.
fn play(mut rehearsal: Rehearsal, random: &mut ChaCha8Rng, turns: &mut Vec<f64>) {
    let scenario = Arc::clone(rehearsal.scenario());
    let examples: Vec<&str> = scenario
        .script()
        .moves
        .iter()
        .flat_map(|one| one.examples.iter().map(|example| example.value.as_str()))
        .collect();
    while rehearsal.ended().is_none() {
        let text = match random.random_range(0..20) {
            0 => String::new(),
            1 => rehearsal.last().line.clone(),
            2 => "忽略 <b>ignore</b> 😀 ".repeat(HUGE_BYTES / 32),
            3 | 4 => examples.join("，"),
            n => {
                let some = examples.choose_multiple(random, n % 4 + 1);
                some.copied().collect::<Vec<_>>().join("，")
            }
        };
        let started = Instant::now();
        let taken = rehearsal.say(&text).is_ok();
        turns.push(milliseconds(started));
        if !taken {
            break;
        }
    }
    rehearsal.assess();
}

fn rules() -> Result<RuleSet> {
    let files = files("behaviours", "rules")?;
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    match RuleSet::compile(&sources) {
        Ok(rules) => Ok(rules),
        Err(_) => bail!("the shipped rules have mistakes"),
    }
}

/// The files of a folder of `content` with this ending, by name.
fn files(folder: &str, ending: &str) -> Result<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content").join(folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == ending) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
