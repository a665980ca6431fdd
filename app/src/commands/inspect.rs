//! `lianbing inspect`: the rules engine at a terminal, without a server and without a database.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use conversations::api::reason_text;
use inspection::{Conversation, FieldValue, Inspection, Role, RuleSet, Scratch, Source, Turn};
use intake::conversation::{Format, Unit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{IN_PART, WRONG_USE, counted};

/// Rejected lines that are told one by one; a file that is something else would fill the terminal.
const REJECTED_SHOWN: u64 = 20;

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A folder of .rules files, or “builtin” for the behaviours that ship with the product
    #[arg(long, value_name = "DIR")]
    rules: PathBuf,
    /// Conversations, one JSON object a line, in UTF-8, UTF-16 or GBK; - is standard input
    #[arg(long, value_name = "FILE")]
    conversations: PathBuf,
    /// Where the findings go, one JSON object a line; - is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

#[derive(Deserialize)]
struct Record {
    id: Value,
    turns: Vec<RecordTurn>,
    #[serde(default)]
    fields: Map<String, Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct RecordTurn {
    participant: Option<String>,
    role: String,
    t: Option<f64>,
    #[serde(default)]
    text: String,
}

#[derive(Serialize)]
struct Line<'r> {
    id: &'r Value,
    behaviours: BTreeMap<&'r str, Found>,
}

#[derive(Serialize)]
struct Found {
    applicable: bool,
    shown: bool,
    occasions: u32,
    shown_occasions: u32,
    evidence: Vec<Place>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    undecided: bool,
}

#[derive(Serialize)]
struct Place {
    kind: inspection::EvidenceKind,
    turn: u32,
    start: u32,
    end: u32,
}

pub(crate) fn run(args: &Inspect) -> anyhow::Result<ExitCode> {
    let Some(rules) = rule_set(&args.rules)? else { return Ok(ExitCode::from(WRONG_USE)) };
    let input: Box<dyn Read> = if args.conversations.as_os_str() == "-" {
        Box::new(stdin())
    } else {
        let file = File::open(&args.conversations);
        Box::new(file.with_context(|| format!("cannot read {}", args.conversations.display()))?)
    };
    let mut out: Box<dyn Write> = if args.out.as_os_str() == "-" {
        Box::new(BufWriter::new(stdout()))
    } else {
        Box::new(BufWriter::with_capacity(
            1 << 20,
            File::create(&args.out).with_context(|| format!("cannot write {}", args.out.display()))?,
        ))
    };
    let (done, rejected) = inspect_lines(&rules, input, &mut out)?;
    out.flush()?;
    if rejected > REJECTED_SHOWN {
        eprintln!("… and {} more", counted(rejected - REJECTED_SHOWN, "line"));
    }
    eprintln!("{} inspected, {} rejected", counted(done, "conversation"), counted(rejected, "line"));
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(IN_PART) })
}

/// The rules of a folder, or the shipped ones; nothing when they have mistakes, which were told then.
pub(crate) fn rule_set(rules: &Path) -> anyhow::Result<Option<RuleSet>> {
    let files = rule_files(rules)?;
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Ok(match RuleSet::compile(&sources) {
        Ok(rules) => Some(rules),
        Err(diagnostics) => {
            for diagnostic in &diagnostics {
                eprintln!("{diagnostic}");
            }
            eprintln!("lianbing: the rules have mistakes; nothing was done");
            None
        }
    })
}

fn rule_files(rules: &Path) -> anyhow::Result<Vec<(String, String)>> {
    if rules.as_os_str() == "builtin" {
        let shipped = behaviours::api::shipped_rules().map_err(anyhow::Error::msg)?;
        return Ok(shipped.into_iter().map(|file| (format!("{}.rules", file.name), file.text)).collect());
    }
    let mut files = Vec::new();
    let entries = fs::read_dir(rules)
        .with_context(|| format!("{} is not a folder of .rules files", rules.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "rules") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push((
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                text,
            ));
        }
    }
    anyhow::ensure!(!files.is_empty(), "{} holds no .rules file", rules.display());
    files.sort();
    Ok(files)
}

/// Inspects what can be read, says what cannot; how many conversations and how many lines that were.
fn inspect_lines(rules: &RuleSet, input: impl Read, out: &mut dyn Write) -> anyhow::Result<(u64, u64)> {
    let mut source = intake::conversation::Source::open(input, Some(Format::Jsonl), "")?;
    let (mut scratch, mut answer) = (Scratch::default(), Inspection::default());
    let (mut done, mut rejected) = (0_u64, 0_u64);
    let mut reject = |line: u64, why: &str| {
        rejected += 1;
        if rejected <= REJECTED_SHOWN {
            eprintln!("line {line}: {why}");
        }
    };
    while let Some(chunk) = source.next_chunk()? {
        for unit in chunk.units {
            match unit {
                Unit::Json { line, text } => match read(&text) {
                    Ok(record) => {
                        write_line(rules, &record, &mut scratch, &mut answer, out)?;
                        done += 1;
                    }
                    Err(why) => reject(line, &why),
                },
                Unit::Rejected(bad) => reject(bad.line, &reason_text(&bad.reason).en),
                // Rows of CSV, which are not asked for here.
                Unit::Group(_) => {}
            }
        }
    }
    Ok((done, rejected))
}

/// Reads a line, or says what is wrong with it and what it must be.
fn read(line: &str) -> Result<Record, String> {
    let record: Record = serde_json::from_str(line).map_err(|error| {
        if error.is_data() {
            let told = error.to_string();
            let what = told.rsplit_once(" at line ").map_or(told.as_str(), |(what, _)| what);
            format!("{what}; write {{\"id\": …, \"turns\": [{{\"role\": …, \"text\": …}}]}}")
        } else {
            format!("not JSON from column {} on; write one object a line", error.column())
        }
    })?;
    match record.turns.iter().enumerate().find(|(_, turn)| role(&turn.role).is_none()) {
        Some((at, turn)) => {
            Err(format!("the role of turn {} is “{}”; write customer, agent or system", at + 1, turn.role))
        }
        None => Ok(record),
    }
}

/// The same spellings as the import takes.
fn role(name: &str) -> Option<Role> {
    conversations::api::Role::parse(name).map(|role| match role {
        conversations::api::Role::Agent => Role::Agent,
        conversations::api::Role::Customer => Role::Customer,
        conversations::api::Role::System => Role::System,
    })
}

fn write_line(
    rules: &RuleSet,
    record: &Record,
    scratch: &mut Scratch,
    answer: &mut Inspection,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let turns: Vec<Turn<'_>> = record.turns.iter().map(turn).collect();
    let own = ["channel", "direction", "disposition", "queue", "line_of_business", "site"]
        .into_iter()
        .filter_map(|name| record.rest.get(name).map(|value| (name, value)));
    let fields: Vec<(&str, FieldValue<'_>)> = own
        .chain(record.fields.iter().map(|(name, value)| (name.as_str(), value)))
        .filter_map(|(name, value)| field(value).map(|value| (name, value)))
        .collect();
    rules.inspect_into(&Conversation { turns: &turns, fields: &fields }, scratch, answer);
    let behaviours = (0_u32..)
        .zip(rules.behaviours())
        .map(|(place, info)| (info.name.as_str(), found(answer, place)))
        .collect();
    serde_json::to_writer(&mut *out, &Line { id: &record.id, behaviours })?;
    out.write_all(b"\n")?;
    Ok(())
}

fn turn(turn: &RecordTurn) -> Turn<'_> {
    let role = role(&turn.role).unwrap_or(Role::System);
    #[expect(clippy::cast_possible_truncation, reason = "seconds in a conversation, saturating")]
    let start_ms = turn.t.map(|seconds| (seconds * 1000.0) as i64);
    Turn { role, participant: turn.participant.as_deref(), start_ms, end_ms: None, text: &turn.text }
}

fn field(value: &Value) -> Option<FieldValue<'_>> {
    match value {
        Value::String(text) => Some(FieldValue::Text(text)),
        Value::Bool(yes) => Some(FieldValue::Bool(*yes)),
        Value::Number(number) => number.as_f64().map(FieldValue::Number),
        _ => None,
    }
}

fn found(answer: &Inspection, place: u32) -> Found {
    let Some(seen) = answer.observation(place) else {
        return Found {
            applicable: false,
            shown: false,
            occasions: 0,
            shown_occasions: 0,
            evidence: Vec::new(),
            undecided: true,
        };
    };
    let evidence = answer
        .evidence(&seen)
        .iter()
        .map(|place| Place { kind: place.kind, turn: place.turn, start: place.start, end: place.end })
        .collect();
    Found {
        applicable: seen.applicable,
        shown: seen.shown,
        occasions: seen.occasions,
        shown_occasions: seen.shown_occasions,
        evidence,
        undecided: false,
    }
}
