//! `lianbing rehearse`: a simulated customer at a terminal, without a server and without a database.

use std::{
    fs::File,
    io::{BufRead, IsTerminal, Read, Write, stdin, stdout},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::Args;
use inspection::{EvidenceKind, RuleSet};
use rehearsal::limits::FILE_MAX_BYTES;
use rehearsal::script::{Band, EndingKind, Language};
use rehearsal::{
    Assessment, Credit, Input, ItemResult, Notice, Refused, Rehearsal, Reply, Scenario, Spoken, Status, prove,
};
use serde::Serialize;

use super::{IN_PART, WRONG_USE, counted, inspect::rule_set};

/// Most bytes of a line that are read. The engine hears far less; the rest of the line is skipped.
const LINE_MAX_BYTES: u64 = 64 * 1024;

#[derive(Debug, Args)]
#[command(after_help = "\
Each line of standard input is one turn; an empty line is silence. When the customer asks what was meant, a line \
with 1, 2 or 3 alone picks a meaning. The conversation ends with the input, or when the customer ends it; then \
comes the result. docs/scenarios.md teaches how scenario files are written.")]
pub(crate) struct Rehearse {
    /// The scenario file, such as content/scenarios/billing.zh.toml
    #[arg(value_name = "SCENARIO-FILE")]
    scenario: PathBuf,
    /// Another seed is another customer: the same scenario in other words
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// A folder of .rules files, or “builtin” for the behaviours that ship with the product
    #[arg(long, value_name = "DIR", default_value = "builtin")]
    rules: PathBuf,
    /// Prints the conversation and the result as one JSON object
    #[arg(long)]
    json: bool,
    /// Plays the conversation tests of the file and the general attacks instead; exit code 3 when one does not hold
    #[arg(long)]
    test: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'r> {
    scenario: &'r str,
    language: Language,
    seed: u64,
    transcript: &'r [Spoken],
    result: &'r Assessment,
}

pub(crate) fn run(args: &Rehearse) -> anyhow::Result<ExitCode> {
    let Some(rules) = rule_set(&args.rules)? else { return Ok(ExitCode::from(WRONG_USE)) };
    let Some(scenario) = compiled(args, &rules)? else { return Ok(ExitCode::from(WRONG_USE)) };
    let (scenario, rules) = (Arc::new(scenario), Arc::new(rules));
    if args.test { test(args, &scenario, &rules) } else { rehearse(args, &scenario, &rules) }
}

/// The compiled scenario; nothing when it has mistakes, which were told then.
fn compiled(args: &Rehearse, rules: &RuleSet) -> anyhow::Result<Option<Scenario>> {
    let name = args.scenario.display().to_string();
    let file = File::open(&args.scenario).with_context(|| format!("cannot read {name}"))?;
    // One byte more than allowed is enough for the checker to refuse it.
    let mut bytes = Vec::new();
    file.take(FILE_MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {name}"))?;
    let text = String::from_utf8_lossy(&bytes);
    match Scenario::compile(&name, &text, rules) {
        Ok(scenario) => {
            for warning in scenario.warnings() {
                eprintln!("{warning}");
            }
            Ok(Some(scenario))
        }
        Err(diagnostics) => {
            for diagnostic in &diagnostics {
                eprintln!("{diagnostic}");
            }
            eprintln!("lianbing: the scenario has mistakes; nothing was played");
            Ok(None)
        }
    }
}

fn test(args: &Rehearse, scenario: &Arc<Scenario>, rules: &Arc<RuleSet>) -> anyhow::Result<ExitCode> {
    let results = prove(scenario, rules);
    let mut out = stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &results)?;
        writeln!(out)?;
    } else {
        for result in &results {
            let [process, feeling, outcome, total] = result.scores;
            let mark = if result.held() { '✔' } else { '✘' };
            write!(out, "{mark} {} (seed {})", result.name, result.seed)?;
            writeln!(out, ": process {process}, feeling {feeling}, outcome {outcome}, total {total}")?;
            for miss in &result.misses {
                let place = if result.line > 0 { format!("line {}: ", result.line) } else { String::new() };
                writeln!(
                    out,
                    "    {place}{} is {}, expected {} to {}",
                    miss.what, miss.found, miss.low, miss.high
                )?;
            }
        }
    }
    let failed = results.iter().filter(|result| !result.held()).count() as u64;
    eprintln!("{} played, {} failed", counted(results.len() as u64, "test"), failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(IN_PART) })
}

fn rehearse(args: &Rehearse, scenario: &Arc<Scenario>, rules: &Arc<RuleSet>) -> anyhow::Result<ExitCode> {
    let mut rehearsal = Rehearsal::open(Arc::clone(scenario), Arc::clone(rules), args.seed);
    let mut lines = stdin().lock();
    let typed = stdin().is_terminal();
    let mut out = stdout().lock();
    let words = Words::of(scenario.script().language);
    if !args.json {
        let script = scenario.script();
        writeln!(
            out,
            "{}\n{}\n\n{} {}\n{}\n",
            script.title, script.situation, words.who, script.portrait.who, script.portrait.manner
        )?;
        told(&mut out, &words, rehearsal.last())?;
    }
    while rehearsal.ended().is_none() {
        if typed && !args.json {
            write!(out, "{} ", words.me)?;
            out.flush()?;
        }
        let Some(line) = next_line(&mut lines)? else { break };
        if !typed && !args.json {
            let shown = if line.trim().is_empty() { words.silence } else { line.as_str() };
            writeln!(out, "{} {}", words.me, printable(shown))?;
        }
        let reply = match rehearsal.take(&input(&line, rehearsal.last())) {
            Ok(reply) => reply,
            Err(Refused::Over) => break,
            Err(Refused::NotAsked) => continue,
        };
        if !args.json {
            told(&mut out, &words, reply)?;
        }
    }
    let result = rehearsal.assess();
    if args.json {
        let script = scenario.script();
        let printed = Printed {
            scenario: &script.name.value,
            language: script.language,
            seed: args.seed,
            transcript: rehearsal.transcript(),
            result: &result,
        };
        serde_json::to_writer(&mut out, &printed)?;
        writeln!(out)?;
    } else {
        judged(&mut out, &words, &result, rehearsal.transcript())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The next line without its end; damaged UTF-8 is replaced, what is longer than a line may be is skipped.
fn next_line(lines: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let mut bytes = Vec::new();
    lines.take(LINE_MAX_BYTES).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        lines.skip_until(b'\n')?;
    }
    let line = String::from_utf8_lossy(&bytes);
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// A line as an input: a number alone picks a meaning that was asked about.
fn input(line: &str, last: &Reply) -> Input {
    let picked = line.trim().parse::<usize>().ok().and_then(|number| {
        last.asked_again.as_ref().and_then(|meanings| meanings.get(number.checked_sub(1)?))
    });
    match picked {
        Some(meaning) => Input::Choose { meaning: meaning.name.clone() },
        None if line.trim().is_empty() => Input::Wait,
        None => Input::Say { text: line.to_owned() },
    }
}

/// Control characters would move the cursor of a terminal, or worse.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn told(out: &mut impl Write, words: &Words, reply: &Reply) -> std::io::Result<()> {
    for one in &reply.understood {
        let mark = if one.credit.counts() { '✔' } else { '·' };
        writeln!(out, "    {mark} {}{}", one.title, words.credit(one.credit))?;
    }
    if let Some(notice) = reply.notice.and_then(|notice| words.notice(notice)) {
        writeln!(out, "    · {notice}")?;
    }
    if reply.cut {
        writeln!(out, "    · {}", words.cut)?;
    }
    writeln!(out, "{} [{} {}] {}", words.customer, words.band(reply.band), reply.mood, reply.line)?;
    for (number, meaning) in (1..).zip(reply.asked_again.iter().flatten()) {
        writeln!(out, "    {number}) {}", meaning.title)?;
    }
    Ok(())
}

fn judged(out: &mut impl Write, words: &Words, result: &Assessment, said: &[Spoken]) -> std::io::Result<()> {
    let ending = result.ended.map_or(words.left, |kind| words.ending(kind));
    let passed = if result.passed { words.passed } else { words.not_passed };
    writeln!(out, "\n== {ending} · {passed}")?;
    let Assessment { process, feeling, outcome, total, .. } = result;
    writeln!(
        out,
        "{} {process} · {} {feeling} · {} {outcome} · {} {total}\n",
        words.process, words.feeling, words.outcome, words.total
    )?;
    for item in &result.items {
        one_item(out, words, item, said)?;
    }
    let path: Vec<&str> = result.path.iter().map(|step| step.title.as_str()).collect();
    let moods: Vec<String> = result.moods.iter().map(ToString::to_string).collect();
    writeln!(out, "\n{} {}\n{} {}", words.path, path.join(" → "), words.moods, moods.join(" "))
}

fn one_item(out: &mut impl Write, words: &Words, item: &ItemResult, said: &[Spoken]) -> std::io::Result<()> {
    let mark = match item.status {
        Status::Shown => '✔',
        Status::Missed => '✘',
        Status::DidNotArise => '–',
        Status::ToBeConfirmed => '?',
    };
    writeln!(out, "{mark} {}　{}", item.title, item.reason.text(words.language))?;
    for proof in item.marks.iter().filter(|proof| proof.kind != EvidenceKind::Applies) {
        let text = said.get(proof.turn as usize).map_or("", |spoken| spoken.text.as_str());
        let (start, end) = (proof.start as usize, proof.end as usize);
        let part: String = text.chars().skip(start).take(end.saturating_sub(start)).collect();
        writeln!(out, "    “{}”", printable(&part))?;
    }
    if matches!(item.status, Status::Missed | Status::DidNotArise) {
        for better in &item.better {
            writeln!(out, "    → {better}")?;
        }
    }
    Ok(())
}

/// The words around a rehearsal, in the language of the scenario.
struct Words {
    language: Language,
    customer: &'static str,
    me: &'static str,
    who: &'static str,
    silence: &'static str,
    cut: &'static str,
    left: &'static str,
    passed: &'static str,
    not_passed: &'static str,
    process: &'static str,
    feeling: &'static str,
    outcome: &'static str,
    total: &'static str,
    path: &'static str,
    moods: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Zh => Self {
                language,
                customer: "客户",
                me: "我　",
                who: "客户是：",
                silence: "（沉默）",
                cut: "话太长，后面的没有保留",
                left: "没有谈完",
                passed: "通过",
                not_passed: "未通过",
                process: "过程",
                feeling: "感受",
                outcome: "结果",
                total: "总分",
                path: "走过的阶段：",
                moods: "心情变化：",
            },
            Language::En => Self {
                language,
                customer: "Customer",
                me: "Me      ",
                who: "The customer:",
                silence: "(silence)",
                cut: "too long; the rest was not kept",
                left: "Left before the end",
                passed: "passed",
                not_passed: "not passed",
                process: "Process",
                feeling: "Feeling",
                outcome: "Outcome",
                total: "Total",
                path: "The way through:",
                moods: "Mood:",
            },
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::Zh { zh } else { en }
    }

    fn band(&self, band: Band) -> &'static str {
        match band {
            Band::Calm => self.pick("平静", "calm"),
            Band::Tense => self.pick("紧张", "tense"),
            Band::Angry => self.pick("生气", "angry"),
        }
    }

    fn credit(&self, credit: Credit) -> &'static str {
        match credit {
            Credit::Credited => "",
            Credit::Tapped => self.pick("（点选，待确认）", " (tapped, to be confirmed)"),
            Credit::Harmful => self.pick("（起了反作用）", " (made it worse)"),
            Credit::OutOfPlace => self.pick("（现在还不是时候）", " (not at this point)"),
            Credit::OutOfOrder => self.pick("（前面还缺一步）", " (a step before it is missing)"),
            Credit::TooMany => self.pick("（一次说得太多，没算）", " (too many at once, not counted)"),
        }
    }

    fn notice(&self, notice: Notice) -> Option<&'static str> {
        match notice {
            Notice::Silence => None,
            Notice::Unknown => Some(self.pick("没有听懂", "not understood")),
            Notice::AskedAgain => {
                Some(self.pick("不确定您的意思，可输入序号", "not sure what was meant; a number picks it"))
            }
            Notice::Repeated => Some(self.pick("已经说过", "said before")),
            Notice::TooMuch => Some(self.pick(
                "说得太多，被打断，后面的没听见",
                "too much at once: interrupted, the rest was not heard",
            )),
            Notice::Withheld => Some(self.pick("现在还不愿意说", "does not want to say it yet")),
        }
    }

    fn ending(&self, kind: EndingKind) -> &'static str {
        match kind {
            EndingKind::Solved => self.pick("解决了", "Solved"),
            EndingKind::Compromise => self.pick("各让一步", "A compromise"),
            EndingKind::PromisedCallback => self.pick("约好回电", "A callback is promised"),
            EndingKind::Escalated => self.pick("转给了别人", "Escalated"),
            EndingKind::HangUp => self.pick("客户挂断", "The customer hung up"),
        }
    }
}
