//! `lianbing staff`: how many people an interval needs, for a table of intervals or for one.

#[path = "staff/said.rs"]
mod said;
#[path = "staff/table.rs"]
mod table;

use std::{fmt::Write, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use staffing::{
    Load, Outcome, ServiceLevelDefinition, StaffingError, Target, evaluate, required_agents,
    required_agents_fractional, scheduled,
};

use super::{WRONG_USE, print};
use said::{seconds, service_level_goal, share, value};

/// Why an abandonment target alone cannot be answered.
const NO_PATIENCE: &str = "an abandonment target needs the patience of callers; without it nobody gives up";

/// Half an hour, as most centres plan.
const INTERVAL_S: f64 = 1_800.0;
/// Rows shown on either side of the answer.
const ROWS_AROUND: u64 = 4;

#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "\
Examples:
  lianbing staff --calls 100 --interval 30m --aht 180 --sl 80/20 --patience 120 --shrinkage 30%
  lianbing staff --calls 100 --interval 30m --aht 180 --agents 12 --sl 80/20
  lianbing staff intervals.csv --out staffed.csv
  lianbing staff forecast.csv --interval 30m --aht 180 --sl 80/20 --patience 120 --out required.csv
  cat intervals.csv | lianbing staff - > staffed.csv

The table: a CSV file with a header, in UTF-8, UTF-16 or GBK, separated by commas, semicolons, tabs or bars. Columns read, in \
any order: calls (or mean, as a forecast has it), interval_s, aht_s (or aht_mean); model (C or A; empty: \
A when patience_s is given), patience_s, kind (dimension or evaluate; empty: dimension when target_type is given), \
target_type (sl, sl_of_answered, sl_incl_short_abandons, sl_excl_short_abandons, asa, abandon, p_wait), target_value, target_seconds (the threshold \
of every service level), max_occupancy, shrinkage, agents (for evaluate), retrial_share, retrial_after_s, at_once, slowdown. The flags stand in for columns that are \
missing and for empty cells; a row's own target goes before those of the flags. \
Columns filled, added where they are missing: offered_erlangs, agents (for dimension), agents_scheduled, p_wait, \
service_level (of offered), sl_of_answered, sl_incl_short_abandons, asa_s, mean_wait_all_s, occupancy, abandonment. All \
others are carried through. Shares are 0.8 or 80%, times are seconds.

Rows that cannot be computed are listed with their line and left out. The columns -short ab. and +short ab. leave out \
calls given up within the threshold, or count them as served.

Exit codes: 0 it worked · 1 it failed · 2 wrong use, or a file that is no such table · 3 some rows were left out."
)]
pub(crate) struct Staff {
    /// A table of intervals, CSV; “-” is standard input
    #[arg(value_name = "FILE.csv", required_unless_present = "calls", conflicts_with = "calls")]
    file: Option<PathBuf>,
    /// Where the table goes; “-” is standard output
    #[arg(long, value_name = "OUT.csv", default_value = "-", conflicts_with = "calls")]
    out: PathBuf,
    #[command(flatten)]
    one: Question,
}

// One interval, or what a table does not say, by flags. (A doc comment here would become the text of the whole command.)
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "One interval, or what a table does not say")]
struct Question {
    /// Calls (or chats) expected in the interval
    #[arg(long, value_name = "N", value_parser = value, requires = "aht")]
    calls: Option<f64>,
    /// Length of the interval: seconds, or 30m, 1h [default: 30m for one interval; a table must say it, and rows with
    /// interval_start must be that far apart]
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    interval: Option<f64>,
    /// Mean handling time with after-call work: seconds, or 3m
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    aht: Option<f64>,
    /// Mean patience before a caller gives up (Erlang A); without it nobody gives up (Erlang C)
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    patience: Option<f64>,
    /// Service level wanted: 80/20 is 80 % within 20 s; give several for several thresholds
    #[arg(long, value_name = "SHARE/SECONDS", value_parser = service_level_goal)]
    sl: Vec<(f64, f64)>,
    /// Which calls the service level counts
    #[arg(long, value_name = "DEFINITION", value_enum, default_value_t = Counted::OfOffered)]
    sl_definition: Counted,
    /// Largest average speed of answer
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    asa: Option<f64>,
    /// Largest share of calls abandoned, such as 3%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    abandonment: Option<f64>,
    /// Largest share of calls not answered at once, such as 20%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    waiting: Option<f64>,
    /// Largest occupancy of agents, such as 85%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_occupancy: Option<f64>,
    /// Paid time away from contacts (breaks, training, absence), such as 30%
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0")]
    shrinkage: f64,
    /// Share of those who gave up who call again, such as 40%
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0")]
    retrials: f64,
    /// How long after giving up they call again, on average
    #[arg(long, value_name = "TIME", value_parser = seconds, default_value = "10m")]
    again_after: f64,
    /// Conversations one agent holds at once (chat)
    #[arg(long, value_name = "N", default_value_t = 1)]
    at_once: u32,
    /// How much longer a chat takes for each other one beside it: 0.2 is 20 % longer
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0")]
    slowdown: f64,
    /// Says what this number of agents brings about instead of looking for one
    #[arg(long, value_name = "N", value_parser = value)]
    agents: Option<f64>,
}

/// The definitions of the service level, as flags; the names that stand in files are understood too.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Counted {
    /// Answered within the threshold ÷ offered
    #[default]
    #[value(alias = "of_offered")]
    OfOffered,
    /// Answered within the threshold ÷ answered
    #[value(alias = "of_answered")]
    OfAnswered,
    /// (Answered or abandoned within the threshold) ÷ offered
    #[value(alias = "short_abandons_good")]
    ShortAbandonsGood,
    /// Answered within the threshold ÷ (offered − abandoned within the threshold)
    #[value(alias = "short_abandons_excluded")]
    ShortAbandonsExcluded,
}

impl Counted {
    fn definition(self) -> ServiceLevelDefinition {
        match self {
            Self::OfOffered => ServiceLevelDefinition::OfOffered,
            Self::OfAnswered => ServiceLevelDefinition::OfAnswered,
            Self::ShortAbandonsGood => ServiceLevelDefinition::ShortAbandonsGood,
            Self::ShortAbandonsExcluded => ServiceLevelDefinition::ShortAbandonsExcluded,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::OfOffered => "of offered calls answered",
            Self::OfAnswered => "of answered calls answered",
            Self::ShortAbandonsGood => "of offered calls answered or given up",
            Self::ShortAbandonsExcluded => "of calls not given up in that time answered",
        }
    }
}

/// What to think twice about in an answer, such as targets that are met because nearly everybody gives up.
fn doubt(load: &Load, agents: f64, outcome: &Outcome) -> Option<String> {
    if agents == 0.0 && load.calls() > 0.0 {
        Some(
            "nobody is there and calls are offered; is a target missing, such as a service level?".to_owned(),
        )
    } else if outcome.abandonment > 0.5 {
        Some(format!(
            "{} of the callers give up; add a target, such as abandonment up to 5 %",
            percent((outcome.abandonment * 1e3).round() / 1e3)
        ))
    } else {
        None
    }
}

pub(crate) fn run(args: &Staff) -> anyhow::Result<ExitCode> {
    if let Some(file) = &args.file {
        return table::fill(file, &args.out, &args.one);
    }
    let one = &args.one;
    let targets = one.targets();
    if one.retrials > 0.0 && one.patience.is_none() {
        eprintln!(
            "lianbing: --retrials needs the patience of callers: give --patience, such as --patience 120"
        );
        return Ok(ExitCode::from(WRONG_USE));
    }
    if targets.is_empty() && one.agents.is_none() {
        eprintln!(
            "lianbing: say what is wanted, such as --sl 80/20, --asa 10 or --abandonment 3%, or give --agents"
        );
        return Ok(ExitCode::from(WRONG_USE));
    }
    if one.abandonment.is_some() && one.patience.is_none_or(f64::is_infinite) {
        eprintln!("lianbing: {NO_PATIENCE}: give --patience, such as --patience 120");
        return Ok(ExitCode::from(WRONG_USE));
    }
    match one.answer(&targets) {
        Ok((text, doubt)) => {
            print(&text)?;
            if let Some(doubt) = doubt {
                eprintln!("lianbing: warning: {doubt}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("lianbing: {error}");
            Ok(ExitCode::from(WRONG_USE))
        }
    }
}

impl Question {
    fn load(&self) -> Result<Load, StaffingError> {
        let (calls, aht_s) = (self.calls.unwrap_or_default(), self.aht.unwrap_or_default());
        Load::new(calls, self.interval.unwrap_or(INTERVAL_S), aht_s)?
            .with_patience(self.patience.unwrap_or(f64::INFINITY))?
            .with_retrials(self.retrials, self.again_after)?
            .with_conversations_at_once(self.at_once, self.slowdown)
    }

    fn targets(&self) -> Vec<Target> {
        let definition = self.sl_definition.definition();
        let levels = self.sl.iter().map(|&(share, threshold_s)| Target::ServiceLevel {
            share,
            threshold_s,
            definition,
        });
        let mut targets: Vec<Target> = levels.collect();
        targets.extend(self.asa.map(Target::Asa));
        targets.extend(self.abandonment.map(Target::Abandonment));
        targets.extend(self.waiting.map(Target::ProbabilityOfWaiting));
        targets.extend(self.max_occupancy.map(Target::Occupancy));
        targets
    }

    /// The threshold of the service levels that are shown, seconds.
    fn threshold_s(&self) -> f64 {
        self.sl.first().map_or(20.0, |&(_, threshold_s)| threshold_s)
    }

    fn answer(&self, targets: &[Target]) -> Result<(String, Option<String>), StaffingError> {
        let load = self.load()?;
        let mut text = self.words(&load);
        if let Some(agents) = self.agents {
            text += &heading(self.threshold_s());
            let outcome = evaluate(&load, agents, self.threshold_s())?;
            text += &line("", agents, &outcome);
            text += &self.again(&outcome);
            text += &self.people(agents)?;
            return Ok((text, doubt(&load, agents, &outcome)));
        }
        let agents = required_agents(&load, targets)?;
        text += &heading(self.threshold_s());
        for count in agents.saturating_sub(ROWS_AROUND)..=agents + ROWS_AROUND {
            let mark = if count == agents { "→" } else { "" };
            text += &line(mark, count as f64, &evaluate(&load, count as f64, self.threshold_s())?);
        }
        let exactly = if load.conversations_at_once() == 1 && agents > 0 {
            format!(" (exactly {:.2})", required_agents_fractional(&load, targets)?)
        } else {
            String::new()
        };
        let _ = write!(
            text,
            "\n{agents} agents meet {}{exactly}.",
            if targets.len() == 1 { "it" } else { "all of it" }
        );
        let outcome = evaluate(&load, agents as f64, self.threshold_s())?;
        text += &self.again(&outcome);
        text += &self.people(agents as f64)?;
        Ok((text, doubt(&load, agents as f64, &outcome)))
    }

    /// What was asked, in words.
    fn words(&self, load: &Load) -> String {
        let mut text = format!(
            "{} calls in {} min, {} s each: {:.2} erlangs; ",
            load.calls(),
            load.interval_s() / 60.0,
            load.aht_s(),
            load.erlangs()
        );
        let _ = match load.patience_s() {
            Some(patience_s) => {
                write!(text, "callers wait {patience_s} s on average, then give up (Erlang A)")
            }
            None => write!(text, "nobody gives up (Erlang C)"),
        };
        if self.retrials > 0.0 {
            let _ = write!(text, "; {} of them call again", percent(self.retrials));
        }
        if self.at_once > 1 {
            let _ =
                write!(text, "; {} at once, {} longer for each other", self.at_once, percent(self.slowdown));
        }
        let mut wanted: Vec<String> = Vec::new();
        for &(share, threshold_s) in &self.sl {
            wanted.push(format!("{} {} within {threshold_s} s", percent(share), self.sl_definition.words()));
        }
        wanted.extend(self.asa.map(|seconds| format!("average speed of answer up to {seconds} s")));
        wanted.extend(self.abandonment.map(|share| format!("abandonment up to {}", percent(share))));
        wanted.extend(self.waiting.map(|share| format!("up to {} waiting at all", percent(share))));
        wanted.extend(self.max_occupancy.map(|share| format!("occupancy up to {}", percent(share))));
        if !wanted.is_empty() && self.agents.is_none() {
            let _ = write!(text, "\nWanted: {}", wanted.join("; "));
        }
        text + "\n\n"
    }

    /// What callers who try again add.
    fn again(&self, outcome: &Outcome) -> String {
        if self.retrials <= 0.0 {
            return String::new();
        }
        let (calls, between) = (outcome.offered_calls, outcome.between_tries);
        format!(
            "\nWith those who call again {calls:.1} calls are offered; {between:.1} callers are between two tries."
        )
    }

    fn people(&self, agents: f64) -> Result<String, StaffingError> {
        if self.shrinkage <= 0.0 {
            return Ok("\n".to_owned());
        }
        let people = scheduled(agents, self.shrinkage)?;
        Ok(format!(
            "\nSchedule {people}, of whom {} are away from contacts (shrinkage 损耗率).\n",
            percent(self.shrinkage)
        ))
    }
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}

fn heading(threshold_s: f64) -> String {
    format!(
        "Service level 服务水平 within {threshold_s} s, by four definitions; ASA 平均应答速度; occupancy 占用率\n\
         {:>9} {:>11} {:>12} {:>12} {:>12} {:>9} {:>9} {:>10} {:>10}\n",
        "agents",
        "of offered",
        "of answered",
        "+short ab.",
        "-short ab.",
        "ASA s",
        "waiting",
        "occupancy",
        "abandoned"
    )
}

fn line(mark: &str, agents: f64, outcome: &Outcome) -> String {
    let cell = |share: f64| format!("{:.1} %", share * 100.0);
    let asa = if outcome.asa_s.is_finite() { format!("{:.1}", outcome.asa_s) } else { "∞".to_owned() };
    format!(
        "{mark:>1}{agents:>8} {:>11} {:>12} {:>12} {:>12} {asa:>9} {:>9} {:>10} {:>10}\n",
        cell(outcome.service_level),
        cell(outcome.service_level_of_answered),
        cell(outcome.service_level_short_abandons_good),
        cell(outcome.service_level_by(ServiceLevelDefinition::ShortAbandonsExcluded)),
        cell(outcome.p_wait),
        cell(outcome.occupancy),
        cell(outcome.abandonment),
    )
}
