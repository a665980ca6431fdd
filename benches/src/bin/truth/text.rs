//! Conversations in words, through the rules that ship, held against what is true of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use inspection::{Conversation, FieldValue, Inspection, Mode, Observation, RuleSet, Scratch, Source};
use lianbing::demo::{AGENTS, Behaviour, Centre, Made, Outcome, Record, Speaker, Tally};

use crate::Share;

/// Threads that generate and inspect.
const THREADS: u32 = 2;
/// The rules that ship, beside this package.
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../content/behaviours");

/// The compiled rules, and which of them is which behaviour.
pub struct Rules {
    set: RuleSet,
    behaviours: Vec<Option<Behaviour>>,
}

impl Rules {
    pub fn read() -> Result<Self> {
        let mut files = Vec::new();
        for entry in fs::read_dir(Path::new(RULES)).with_context(|| format!("no rules in {RULES}"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "rules") {
                files.push((path.display().to_string(), fs::read_to_string(&path)?));
            }
        }
        files.sort();
        let sources: Vec<Source> = files.iter().map(|(name, text)| Source { name, text }).collect();
        let set = RuleSet::compile(&sources).map_err(|wrong| {
            anyhow!("the rules do not compile: {:?}", wrong.first().map(|first| &first.message))
        })?;
        let named = |name: &str| Behaviour::ALL.into_iter().find(|behaviour| behaviour.name() == name);
        let behaviours: Vec<_> = set.behaviours().iter().map(|info| named(&info.name)).collect();
        for behaviour in Behaviour::ALL {
            if !behaviours.contains(&Some(behaviour)) {
                bail!("no rule states {}", behaviour.name());
            }
        }
        Ok(Self { set, behaviours })
    }
}

/// What the rules found in one centre.
pub struct Inspected {
    pub tally: Tally,
    pub agreement: Agreement,
}

pub fn inspect(centre: &Centre, rules: &Rules, examples: usize) -> Result<Inspected> {
    let part = |offset: u32| {
        let mut inspected = Inspected {
            tally: Tally::new(centre.plan().weeks as usize),
            agreement: Agreement::new(examples),
        };
        let (mut scratch, mut answer) = (Scratch::default(), Inspection::default());
        let index: BTreeMap<&str, usize> = centre
            .people()
            .iter()
            .take(AGENTS)
            .zip(0..)
            .map(|(agent, index)| (agent.employee_no.as_str(), index))
            .collect();
        for day in (offset..centre.days()).step_by(THREADS as usize) {
            for made in centre.day(day) {
                let found = outcomes(&made.record, rules, &index, &mut scratch, &mut answer);
                for outcome in &found {
                    inspected.tally.add(made.week, *outcome);
                }
                inspected.agreement.add(&made, &found);
            }
        }
        inspected
    };
    let mut parts = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|offset| scope.spawn(move || part(offset))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| anyhow!("a worker panicked")))
            .collect::<Result<Vec<_>>>()
    })?
    .into_iter();
    let mut whole = parts.next().context("no worker")?;
    for part in parts {
        whole.tally.merge(&part.tally);
        whole.agreement.merge(part.agreement);
    }
    Ok(whole)
}

/// What the rules say of one conversation, each occasion with the agent who answers for it.
fn outcomes(
    record: &Record,
    rules: &Rules,
    index: &BTreeMap<&str, usize>,
    scratch: &mut Scratch,
    answer: &mut Inspection,
) -> Vec<Outcome> {
    let turns: Vec<inspection::Turn> = record
        .turns
        .iter()
        .map(|turn| inspection::Turn {
            role: match turn.role {
                Speaker::Customer => inspection::Role::Customer,
                Speaker::Agent => inspection::Role::Agent,
                Speaker::System => inspection::Role::System,
            },
            participant: turn.participant.as_deref(),
            start_ms: Some(milliseconds(turn.t)),
            end_ms: None,
            text: &turn.text,
        })
        .collect();
    let fields = [
        ("queue", FieldValue::Text(record.queue)),
        ("line_of_business", FieldValue::Text(record.line_of_business)),
        ("channel", FieldValue::Text(record.channel)),
        ("direction", FieldValue::Text(record.direction)),
        ("disposition", FieldValue::Text(record.disposition)),
    ];
    let conversation = Conversation { turns: &turns, fields: &fields };
    rules.set.inspect_into(&conversation, scratch, answer);
    let mut found = Vec::new();
    for observation in answer.observations() {
        let number = observation.behaviour as usize;
        let Some(behaviour) = rules.behaviours.get(number).copied().flatten() else { continue };
        let mode = rules.set.behaviours().get(number).map_or(Mode::Each, |info| info.mode);
        for (participant, shown) in by_participant(answer, observation, &conversation, mode) {
            if let Some(agent) = index.get(participant.unwrap_or(&record.agent)) {
                found.push(Outcome { agent: *agent, behaviour, shown });
            }
        }
    }
    found
}

/// Whether each participant showed it, on the occasions that were theirs.
fn by_participant<'a>(
    answer: &Inspection,
    observation: &Observation,
    conversation: &Conversation<'a>,
    mode: Mode,
) -> BTreeMap<Option<&'a str>, bool> {
    let mut shown = BTreeMap::new();
    for occasion in answer.occasions(observation) {
        shown
            .entry(occasion.participant(conversation))
            .and_modify(|shown| match mode {
                Mode::Each | Mode::Prohibited => *shown &= occasion.shown,
                Mode::Any => *shown |= occasion.shown,
                Mode::First => {}
            })
            .or_insert(occasion.shown);
    }
    shown
}

#[expect(clippy::cast_possible_truncation, reason = "some minutes")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1_000.0).round() as i64
}

/// How far rules and truth agree, per behaviour.
pub struct Agreement {
    cells: BTreeMap<Behaviour, Confusion>,
    examples: usize,
}

/// Agent × conversation, by what is true and what was found.
#[derive(Default)]
struct Confusion {
    /// Applicable by truth and rules; of those, shown by both, by the truth alone, by the rules alone, by none.
    both: u64,
    shown_both: u64,
    shown_missed: u64,
    shown_invented: u64,
    /// Applicable by the truth alone, and by the rules alone.
    missed: u64,
    invented: u64,
    examples: Vec<String>,
}

impl Agreement {
    pub fn new(examples: usize) -> Self {
        Self { cells: BTreeMap::new(), examples }
    }

    fn add(&mut self, made: &Made, found: &[Outcome]) {
        for behaviour in Behaviour::ALL {
            let of = |outcomes: &[Outcome]| -> BTreeMap<usize, bool> {
                outcomes.iter().filter(|o| o.behaviour == behaviour).map(|o| (o.agent, o.shown)).collect()
            };
            let (truth, rules) = (of(&made.outcomes), of(found));
            let cell = self.cells.entry(behaviour).or_default();
            for (agent, shown) in &truth {
                match rules.get(agent) {
                    None => cell.missed += 1,
                    Some(said) => {
                        cell.both += 1;
                        cell.shown_both += u64::from(*shown && *said);
                        cell.shown_missed += u64::from(*shown && !said);
                        cell.shown_invented += u64::from(!shown && *said);
                    }
                }
            }
            cell.invented += rules.keys().filter(|agent| !truth.contains_key(agent)).count() as u64;
            if truth != rules && cell.examples.len() < self.examples {
                cell.examples.push(format!("truth {truth:?}, rules {rules:?}\n{}", script(&made.record)));
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (behaviour, more) in other.cells {
            let cell = self.cells.entry(behaviour).or_default();
            cell.both += more.both;
            cell.shown_both += more.shown_both;
            cell.shown_missed += more.shown_missed;
            cell.shown_invented += more.shown_invented;
            cell.missed += more.missed;
            cell.invented += more.invented;
            let room = self.examples.saturating_sub(cell.examples.len());
            cell.examples.extend(more.examples.into_iter().take(room));
        }
    }

    pub fn print(&self) {
        println!(
            "{:<24} {:>10} {:>10} {:>10}   {:>10} {:>10}",
            "rules against truth, %", "applicable", "precision", "recall", "shown prec", "recall"
        );
        for (behaviour, cell) in &self.cells {
            let percent = |hits: u64, misses: u64| 100.0 * Share { hits, n: hits + misses }.value();
            println!(
                "{:<24} {:>10} {:>10.2} {:>10.2}   {:>10.2} {:>10.2}",
                behaviour.name(),
                cell.both + cell.missed,
                percent(cell.both, cell.invented),
                percent(cell.both, cell.missed),
                percent(cell.shown_both, cell.shown_invented),
                percent(cell.shown_both, cell.shown_missed),
            );
            for example in &cell.examples {
                println!("{} — {example}", behaviour.name());
            }
        }
    }
}

fn script(record: &Record) -> String {
    let lines = record.turns.iter().map(|turn| {
        let participant = turn.participant.as_deref().unwrap_or_default();
        format!("    {:?} {participant} {}\n", turn.role, turn.text)
    });
    format!("  {}\n{}", record.id, lines.collect::<Vec<_>>().concat())
}
