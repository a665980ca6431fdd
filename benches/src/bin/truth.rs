//! Uptake, gaps and verdicts of the demo centre held against its truth: 200 centres as observations, 3 with their full text.
//!
//! `cargo xtask bench truth` prints every figure beside its target and fails where one is missed.
//!
//! * **Coverage**: how often the true propensity of an agent in a behaviour lies in the 95 % Wilson interval of the
//!   observed uptake. The truth of an interval is the average of the agent's weekly propensities, each weighted by
//!   the applicable conversations of that week: what the counted conversations were drawn from.
//! * **Planted gaps**: cells (agent or team × behaviour) whose propensity was set 20 points below target and that
//!   have at least 60 applicable conversations in the trailing 4 weeks, and whom no drill has changed; how many of
//!   them are reported.
//! * **False gaps**: reported gaps whose true propensity over the same conversations is at or above target.
//! * **Verdicts**: see `drills`.

#[path = "truth/drills.rs"]
mod drills;
#[path = "truth/text.rs"]
mod text;

use std::ops::Range;

use anyhow::{Context, Result, bail};
use evidence::{Cell, Confidence, Counts, GapRule, MINIMUM_APPLICABLE, gaps};
use jiff::civil::{Date, date};
use lianbing::demo::{AGENTS, Behaviour, Centre, Count, Plan, Propensities, TARGET, TEAM_SIZE, TEAMS, Tally};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seeds simulated as observations.
const SEEDS: Range<u64> = 1..201;
/// Seeds of the centres in which everybody is exactly at target: more, for what is measured is rare.
const AT_TARGET_SEEDS: Range<u64> = 1..2_001;
/// Seeds of the centres with full text.
const TEXT_SEEDS: Range<u64> = 1..4;
/// Last day of every centre.
const END: Date = date(2026, 9, 27);
/// All weeks, and the trailing ones of a gap.
const ALL_WEEKS: Range<usize> = 0..16;
const GAP_WEEKS: Range<usize> = 12..16;
/// From so many conversations on, a planted gap must be found.
const ENOUGH: u64 = 60;

/// An argument N prints up to N conversations a behaviour in which rules and truth disagree.
fn main() -> Result<()> {
    let examples =
        std::env::args().nth(1).map_or(Ok(0), |text| text.parse()).context("give a number of examples")?;
    let mut report = Report::default();
    println!(
        "{} centres as observations, {AGENTS} agents × {} behaviours",
        SEEDS.count(),
        Behaviour::ALL.len()
    );
    observe()?.print(&mut report);
    at_target_exactly(&mut report)?;
    drills::observe(&mut report)?;
    with_text(&mut report, examples)?;
    report.finish()
}

/// Prints figures beside their targets and remembers the misses.
#[derive(Default)]
struct Report {
    missed: Vec<String>,
}

impl Report {
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

    fn miss(&mut self, what: &str) {
        println!("{what}: MISSED");
        self.missed.push(what.to_owned());
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

    fn print(&self, report: &mut Report) {
        let range = (0.93, 0.97);
        report.line("truth inside the 95 % interval, 16 weeks", self.all_weeks, range);
        report.line("truth inside the 95 % interval, trailing 4 weeks", self.window, range);
        self.single_weeks.note("single weeks");
        if let Some(worst) = self.worst_centre {
            worst.note("the worst centre, 16 weeks");
        }
        report.line("planted gaps of 20 points found, n ≥ 60", self.found, (0.95, 1.0));
        self.found_few.note("of those with n from 60 to 79");
        self.found_many.note("of those with n from 80");
        report.line("reported gaps that are none", self.false_gaps, (0.0, 0.05));
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

    /// Whether everyone in it was given the planted propensity and still has it.
    fn is_planted(self, propensities: &Propensities) -> bool {
        self.agents().all(|agent| {
            !is_drilled(propensities, agent, self.behaviour())
                && propensities.planted.iter().any(|gap| {
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

/// Whether a drill has changed what somebody does in the weeks of a gap.
fn is_drilled(propensities: &Propensities, agent: usize, behaviour: Behaviour) -> bool {
    let drills = propensities.drills.iter().filter(|drill| drill.behaviour == behaviour);
    let lifts = drills.flat_map(|drill| &drill.drilled).filter(|person| person.agent == agent);
    lifts.flat_map(|person| person.lift.get(GAP_WEEKS).unwrap_or(&[])).any(|lift| *lift > 0.0)
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
fn at_target_exactly(report: &mut Report) -> Result<()> {
    let tally = Centre::new(Plan::new(1, END)).tally();
    let mut alarms = Share::default();
    for seed in AT_TARGET_SEEDS {
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
    report.line(&figure, alarms, (0.0, 0.05));
    Ok(())
}

/// Centres with their full text, through the rules that ship.
fn with_text(report: &mut Report, examples: usize) -> Result<()> {
    let rules = text::Rules::read()?;
    println!();
    println!("{} centres in full text, through the rules of content/behaviours", TEXT_SEEDS.count());
    let mut observed = Observed::default();
    let mut same = drills::Same::default();
    let mut agreement = text::Agreement::new(examples);
    for seed in TEXT_SEEDS {
        let centre = Centre::new(Plan::new(seed, END));
        let inspected = text::inspect(&centre, &rules, examples)?;
        let truth = centre.tally();
        observed.add(centre.propensities(), &truth, &inspected.tally)?;
        same.add(centre.propensities(), &truth, &inspected.tally)?;
        agreement.merge(inspected.agreement);
    }
    agreement.print();
    observed.print(report);
    same.print(report);
    Ok(())
}
