//! Uptake and gaps of the demo centre held against its truth: 200 centres as observations, 3 with their full text.
//!
//! `cargo xtask bench truth` prints every figure beside its target and fails where one is missed.
//!
//! * **Coverage**: how often the true propensity of an agent in a behaviour lies in the 95 % Wilson interval of the
//!   observed uptake. The truth of an interval is the average of the agent's weekly propensities, each weighted by
//!   the applicable conversations of that week: what the counted conversations were drawn from.
//! * **Planted gaps**: cells (agent or team × behaviour) whose propensity was set 20 points below target and that
//!   have at least 60 applicable conversations in the trailing 4 weeks; how many of them are reported.
//! * **False gaps**: reported gaps whose true propensity over the same conversations is at or above target.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use evidence::{Cell, Confidence, Counts, GapRule, MINIMUM_APPLICABLE, gaps};
use inspection::{Conversation, FieldValue, Inspection, Mode, Observation, RuleSet, Scratch, Source};
use jiff::civil::{Date, date};
use lianbing::demo::{
    AGENTS, Behaviour, Centre, Count, Made, Outcome, Plan, Propensities, Record, Speaker, TARGET, TEAM_SIZE,
    TEAMS, Tally,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seeds simulated as observations.
const SEEDS: Range<u64> = 1..201;
/// Seeds of the centres with full text.
const TEXT_SEEDS: Range<u64> = 1..4;
/// Threads that generate and inspect.
const THREADS: u32 = 2;
/// The rules that ship, beside this package.
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../content/behaviours");
/// Last day of every centre.
const END: Date = date(2026, 9, 27);
/// All weeks, and the trailing ones of a gap.
const ALL_WEEKS: Range<usize> = 0..12;
const GAP_WEEKS: Range<usize> = 8..12;
/// From so many conversations on, a planted gap must be found.
const ENOUGH: u64 = 60;

/// An argument N prints up to N conversations a behaviour in which rules and truth disagree.
fn main() -> Result<()> {
    let examples =
        std::env::args().nth(1).map_or(Ok(0), |text| text.parse()).context("give a number of examples")?;
    let mut verdict = Verdict::default();
    println!(
        "{} centres as observations, {AGENTS} agents × {} behaviours",
        SEEDS.count(),
        Behaviour::ALL.len()
    );
    observe()?.print(&mut verdict);
    at_target_exactly(&mut verdict)?;
    with_text(&mut verdict, examples)?;
    verdict.finish()
}

/// Prints figures beside their targets and remembers the misses.
#[derive(Default)]
struct Verdict {
    missed: Vec<String>,
}

impl Verdict {
    fn line(&mut self, figure: &str, share: Share, (low, high): (f64, f64)) {
        let met = (low..=high).contains(&share.value());
        let target = match (low > 0.0, high < 1.0) {
            (true, true) => format!("{:.0}–{:.0} %", low * 100.0, high * 100.0),
            (true, false) => format!("≥ {:.0} %", low * 100.0),
            _ => format!("≤ {:.0} %", high * 100.0),
        };
        let mark = if met { "ok" } else { "MISSED" };
        println!(
            "{figure:<60} {:>7.2} %  target {target:<8}  {mark:<6}  n = {}",
            share.value() * 100.0,
            share.n
        );
        if !met {
            self.missed.push(figure.to_owned());
        }
    }

    fn finish(self) -> Result<()> {
        if self.missed.is_empty() {
            return Ok(());
        }
        bail!("missed: {}", self.missed.join("; "))
    }
}

/// Hits among trials.
#[derive(Default, Clone, Copy)]
struct Share {
    hits: u64,
    n: u64,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.n += 1;
    }

    fn value(self) -> f64 {
        if self.n == 0 { 0.0 } else { self.hits as f64 / self.n as f64 }
    }

    fn and(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, n: self.n + other.n }
    }

    /// A figure without a target.
    fn note(self, figure: &str) {
        println!("  {figure:<58} {:>7.2} %  {:24}  n = {}", self.value() * 100.0, "", self.n);
    }
}

/// What was counted over many centres.
#[derive(Default)]
struct Observed {
    all_weeks: Share,
    window: Share,
    single_weeks: Share,
    worst_centre: Option<Share>,
    found: Share,
    found_few: Share,
    found_many: Share,
    false_gaps: Share,
    not_planted: Share,
}

impl Observed {
    /// Adds one centre with the counts that were observed of it.
    fn add(&mut self, propensities: &Propensities, truth: &Tally, observed: &Tally) -> Result<()> {
        let all = coverage(propensities, truth, observed, ALL_WEEKS)?;
        self.all_weeks = self.all_weeks.and(all);
        self.window = self.window.and(coverage(propensities, truth, observed, GAP_WEEKS)?);
        for week in GAP_WEEKS {
            self.single_weeks =
                self.single_weeks.and(coverage(propensities, truth, observed, week..week + 1)?);
        }
        if self.worst_centre.is_none_or(|worst| all.value() < worst.value()) {
            self.worst_centre = Some(all);
        }
        self.add_gaps(propensities, truth, observed)
    }

    fn add_gaps(&mut self, propensities: &Propensities, truth: &Tally, observed: &Tally) -> Result<()> {
        let cells = cells(observed)?;
        let found = gaps(&cells, GapRule::default())?;
        for gap in &found {
            let propensity = gap.key.propensity(propensities, truth).unwrap_or(0.0);
            self.false_gaps.add(propensity >= TARGET);
            self.not_planted.add(propensity < TARGET && !gap.key.is_planted(propensities));
        }
        for cell in cells.iter().filter(|cell| cell.key.is_planted(propensities)) {
            let n = cell.counts.applicable();
            if n >= ENOUGH {
                let hit = found.iter().any(|gap| gap.key == cell.key);
                self.found.add(hit);
                if n < 80 { self.found_few.add(hit) } else { self.found_many.add(hit) }
            }
        }
        Ok(())
    }

    fn print(&self, verdict: &mut Verdict) {
        let range = (0.93, 0.97);
        verdict.line("truth inside the 95 % interval, 12 weeks", self.all_weeks, range);
        verdict.line("truth inside the 95 % interval, trailing 4 weeks", self.window, range);
        self.single_weeks.note("single weeks");
        if let Some(worst) = self.worst_centre {
            worst.note("the worst centre, 12 weeks");
        }
        verdict.line("planted gaps of 20 points found, n ≥ 60", self.found, (0.95, 1.0));
        self.found_few.note("of those with n from 60 to 79");
        self.found_many.note("of those with n from 80");
        verdict.line("reported gaps that are none", self.false_gaps, (0.0, 0.05));
        self.not_planted.note("reported gaps that are smaller than the planted ones");
    }
}

/// The centres of all seeds, as observations.
fn observe() -> Result<Observed> {
    let mut observed = Observed::default();
    for seed in SEEDS {
        let centre = Centre::new(Plan::new(seed, END));
        let tally = centre.tally();
        observed.add(centre.propensities(), &tally, &tally)?;
    }
    Ok(observed)
}

fn counts(count: Count) -> Result<Counts> {
    Ok(Counts::new(count.shown.into(), count.applicable.into())?)
}

/// How often the interval of what was observed holds the true propensity.
fn coverage(
    propensities: &Propensities,
    truth: &Tally,
    observed: &Tally,
    weeks: Range<usize>,
) -> Result<Share> {
    let mut covered = Share::default();
    for agent in 0..AGENTS {
        for behaviour in Behaviour::ALL {
            let seen = counts(observed.over(agent, behaviour, weeks.clone()))?;
            let propensity = propensities.over(truth, agent, behaviour, weeks.clone());
            if let (Some(propensity), Some(_)) = (propensity, seen.rate()) {
                covered.add(seen.wilson(Confidence::P95).contains(propensity));
            }
        }
    }
    Ok(covered)
}

/// An agent or a team, in one behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Agent(usize, Behaviour),
    Team(usize, Behaviour),
}

impl Key {
    fn agents(self) -> Range<usize> {
        match self {
            Self::Agent(agent, _) => agent..agent + 1,
            Self::Team(team, _) => team * TEAM_SIZE..(team + 1) * TEAM_SIZE,
        }
    }

    fn behaviour(self) -> Behaviour {
        match self {
            Self::Agent(_, behaviour) | Self::Team(_, behaviour) => behaviour,
        }
    }

    /// Whether everyone in it was given the planted propensity.
    fn is_planted(self, propensities: &Propensities) -> bool {
        self.agents().all(|agent| {
            propensities.planted.iter().any(|gap| {
                gap.behaviour == self.behaviour()
                    && (gap.agent == Some(agent) || gap.team == Some(agent / TEAM_SIZE))
            })
        })
    }

    /// Average propensity over the applicable conversations of the window.
    fn propensity(self, propensities: &Propensities, truth: &Tally) -> Option<f64> {
        let (mut weighted, mut applicable) = (0.0, 0.0);
        for agent in self.agents() {
            let n = f64::from(truth.over(agent, self.behaviour(), GAP_WEEKS).applicable);
            weighted += n * propensities.over(truth, agent, self.behaviour(), GAP_WEEKS).unwrap_or(0.0);
            applicable += n;
        }
        (applicable > 0.0).then(|| weighted / applicable)
    }

    fn counts(self, tally: &Tally) -> Result<Counts> {
        let total = self.agents().fold(Count::default(), |total, agent| {
            let count = tally.over(agent, self.behaviour(), GAP_WEEKS);
            Count { applicable: total.applicable + count.applicable, shown: total.shown + count.shown }
        });
        counts(total)
    }

    /// Peers: all agents, or all teams, in the same behaviour.
    fn population(self) -> (bool, Behaviour) {
        (matches!(self, Self::Team(..)), self.behaviour())
    }
}

/// The cells of the gap list, as the product forms them.
fn cells(observed: &Tally) -> Result<Vec<Cell<Key, (bool, Behaviour)>>> {
    let mut keys = Vec::with_capacity((AGENTS + TEAMS) * Behaviour::ALL.len());
    for behaviour in Behaviour::ALL {
        keys.extend((0..AGENTS).map(|agent| Key::Agent(agent, behaviour)));
        keys.extend((0..TEAMS).map(|team| Key::Team(team, behaviour)));
    }
    keys.into_iter()
        .map(|key| {
            Ok(Cell { key, population: key.population(), counts: key.counts(observed)?, target: TARGET })
        })
        .collect()
}

/// The hardest case for false gaps: everyone exactly at target, with the volumes of a real centre. A centre in which
/// any gap is reported then reports nothing but false ones.
fn at_target_exactly(verdict: &mut Verdict) -> Result<()> {
    let tally = Centre::new(Plan::new(1, END)).tally();
    let mut alarms = Share::default();
    for seed in SEEDS {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut cells = Vec::new();
        for agent in 0..AGENTS {
            for behaviour in Behaviour::ALL {
                let n = tally.over(agent, behaviour, GAP_WEEKS).applicable;
                let shown = (0..n).filter(|_| dice.random::<f64>() < TARGET).count() as u64;
                let counts = Counts::new(shown, n.into())?;
                cells.push(Cell { key: (agent, behaviour), population: behaviour, counts, target: TARGET });
            }
        }
        alarms.add(!gaps(&cells, GapRule::default())?.is_empty());
    }
    let figure = format!("centres all at target with any gap (n ≥ {MINIMUM_APPLICABLE} a cell)");
    verdict.line(&figure, alarms, (0.0, 0.05));
    Ok(())
}

/// Centres with their full text, through the rules that ship.
fn with_text(verdict: &mut Verdict, examples: usize) -> Result<()> {
    let rules = Rules::read()?;
    println!();
    println!("{} centres in full text, through the rules of content/behaviours", TEXT_SEEDS.count());
    let mut observed = Observed::default();
    let mut agreement = Agreement::new(examples);
    for seed in TEXT_SEEDS {
        let centre = Centre::new(Plan::new(seed, END));
        let inspected = inspect(&centre, &rules, examples)?;
        observed.add(centre.propensities(), &centre.tally(), &inspected.tally)?;
        agreement.merge(inspected.agreement);
    }
    agreement.print();
    observed.print(verdict);
    Ok(())
}

/// The compiled rules, and which of them is which behaviour.
struct Rules {
    set: RuleSet,
    behaviours: Vec<Option<Behaviour>>,
}

impl Rules {
    fn read() -> Result<Self> {
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
struct Inspected {
    tally: Tally,
    agreement: Agreement,
}

fn inspect(centre: &Centre, rules: &Rules, examples: usize) -> Result<Inspected> {
    let part = |offset: u32| {
        let mut inspected =
            Inspected { tally: Tally::new(ALL_WEEKS.end), agreement: Agreement::new(examples) };
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
struct Agreement {
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
    fn new(examples: usize) -> Self {
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

    fn merge(&mut self, other: Self) {
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

    fn print(&self) {
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
