//! The published instances: read, solved, checked by `rostercheck`, listed beside the best values known.
//!
//! `cargo xtask bench published [-- --seconds S]`: every instance has its own time unless `--seconds` gives all of them
//! the same (600 is the time for which the targets are stated); what is proven best or reaches the best known value
//! stops early. Two instances run at a time, each on one core. Times are
//! those of the processor where the system tells them (by the clock an instance may take half as long again), else
//! those of the clock.

use std::collections::HashMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::workforce;
use roster::columns::{Chosen, Effort, RetailLines, ShiftLines, solve};
use roster::formats::{centre, retail, shift_scheduling};
use roster::search::{Instance, Settings};
use rostercheck::Format;

const SEED: u64 = 1;
/// Instances solved at the same time.
const WORKERS: usize = 2;

/// How much longer by the clock than by the processor an instance may take, so that the whole has an end.
const CLOCK: f64 = 1.5;

/// What an instance is to reach.
#[derive(Clone, Copy)]
enum Target {
    /// At most this much above the best value known, in per cent.
    Within(f64),
    /// No hard rule broken.
    Feasible,
    /// At most this gap to the bound, in per cent of what is required and of the bound, as the rosters of centres
    /// define it.
    Gap(f64),
}

/// An instance with its time and target.
struct Case {
    format: Format,
    name: &'static str,
    seconds: f64,
    target: Target,
}

const fn shifts(name: &'static str, seconds: f64, target: Target) -> Case {
    Case { format: Format::ShiftScheduling, name, seconds, target }
}

const fn tasks(name: &'static str, seconds: f64) -> Case {
    Case { format: Format::Retail, name, seconds, target: Target::Feasible }
}

const fn week(name: &'static str, seconds: f64, target: Target) -> Case {
    Case { format: Format::Centre, name, seconds, target }
}

/// The longest first, so that both cores are busy to the end.
const CASES: &[Case] = &[
    shifts("Instance12", 300.0, Target::Within(1.0)),
    shifts("Instance20", 180.0, Target::Feasible),
    shifts("Instance9", 150.0, Target::Within(1.0)),
    shifts("Instance7", 120.0, Target::Within(0.0)),
    shifts("Instance16", 120.0, Target::Within(2.0)),
    tasks("17_7_40_2", 100.0),
    tasks("12_7_30_2", 100.0),
    tasks("76_14_10_1", 100.0),
    tasks("11_7_30_1", 100.0),
    tasks("6_7_20_1", 100.0),
    tasks("1_7_10_1", 100.0),
    shifts("Instance14", 120.0, Target::Within(2.0)),
    week("roster_300", 60.0, Target::Gap(2.0)),
    week("roster_50", 60.0, Target::Feasible),
    shifts("Instance10", 60.0, Target::Within(1.0)),
    shifts("Instance5", 60.0, Target::Within(0.0)),
    shifts("Instance1", 30.0, Target::Within(0.0)),
    shifts("Instance2", 30.0, Target::Within(0.0)),
    shifts("Instance3", 30.0, Target::Within(0.0)),
    shifts("Instance4", 30.0, Target::Within(0.0)),
    tasks("0", 10.0),
];

/// What came out.
struct Outcome {
    objective: f64,
    bound: f64,
    /// Gap to the bound, in per cent.
    gap: f64,
    seconds: f64,
    broken: Vec<String>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).skip_while(|argument| argument != "--seconds");
    let seconds: Option<f64> = match (arguments.next(), arguments.next()) {
        (Some(_), text) => Some(text.and_then(|text| text.parse().ok()).context("--seconds needs a number")?),
        _ => None,
    };
    let Some(best) = workforce::sample("benchmarks/shift_scheduling/best_known.csv") else {
        bail!("the published instances are not there: name their folder by {}", workforce::SAMPLES);
    };
    let best = best_known(&fs::read_to_string(best)?)?;
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<(usize, Result<Outcome>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((at, case)) = case(&next) {
                    let known = best.get(case.name).copied();
                    let outcome = run(case, seconds.unwrap_or(case.seconds), known);
                    outcomes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    outcomes.sort_by_key(|(at, _)| order(CASES[*at].name));
    println!(
        "| instance | objective | bound | gap to bound | best known | above it | target | seconds | verdict |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut missed = 0;
    for (at, outcome) in outcomes {
        let case = &CASES[at];
        let outcome = outcome.with_context(|| case.name.to_owned())?;
        missed += u32::from(!line(case, &outcome, best.get(case.name).copied()));
    }
    println!("\n{} instances, {missed} targets missed", CASES.len());
    Ok(())
}

fn case(next: &AtomicUsize) -> Option<(usize, &'static Case)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    CASES.get(at).map(|case| (at, case))
}

/// Centres, shift scheduling, retail; then by number.
fn order(name: &str) -> (u32, u32) {
    let number = name.trim_start_matches("Instance").trim_start_matches("roster_");
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    let family = if name.starts_with("roster_") { 0 } else { 1 + u32::from(number == name) };
    (family, digits.parse().unwrap_or(0))
}

/// Best value known by instance; those without one are left out.
fn best_known(text: &str) -> Result<HashMap<String, f64>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut best = HashMap::new();
    for row in reader.records() {
        let row = row?;
        if let (Some(name), Some(Ok(value))) = (row.get(0), row.get(4).map(str::parse)) {
            best.insert(name.to_owned(), value);
        }
    }
    Ok(best)
}

fn run(case: &Case, seconds: f64, best: Option<f64>) -> Result<Outcome> {
    let folder = match case.format {
        Format::Centre => "roster",
        Format::ShiftScheduling => "shift_scheduling",
        Format::Retail => "retail",
        Format::Team => bail!("{}: a team is nobody's published instance", case.name),
    };
    let file = format!("benchmarks/{folder}/{}.txt", case.name);
    let path = workforce::sample(&file).with_context(|| format!("{file} is not there"))?;
    let text = fs::read_to_string(path)?;
    let watch = Watch::start();
    let Solved { cost, bound, gap, output } = match case.format {
        Format::Centre => by_search(&text, &|| watch.over(seconds))?,
        Format::ShiftScheduling | Format::Retail | Format::Team => {
            by_columns(case.format, &text, &mut |chosen: &Chosen| {
                let reached = best.is_some_and(|best| chosen.cost as f64 <= best);
                reached || watch.over(seconds)
            })?
        }
    };
    let seconds = watch.spent();
    let report = rostercheck::check(case.format, &text, &output)?;
    let mut broken: Vec<String> =
        report.broken.iter().map(|broken| format!("{}: {}", broken.person, broken.rule)).collect();
    if (report.objective - cost as f64).abs() > 1e-6 {
        broken.push(format!("the engine says {cost}, the checker {}", report.objective));
    }
    Ok(Outcome { objective: report.objective, bound, gap, seconds, broken })
}

/// A roster as written for the checker.
struct Solved {
    cost: i64,
    bound: f64,
    /// In per cent.
    gap: f64,
    output: String,
}

fn by_search(text: &str, stop: &(dyn Fn() -> bool + Sync)) -> Result<Solved> {
    let problem = centre::read(text)?;
    let settings = Settings { threads: 1, seed: SEED, ..Settings::of(&Instance::new(&problem)?) };
    let solved = roster::solve(&problem, Some(settings), None, u64::MAX, stop)?;
    let gap = 100.0 * problem.gap(solved.cost, solved.bound);
    Ok(Solved { cost: solved.cost, bound: solved.bound, gap, output: centre::write(&solved.roster) })
}

fn by_columns(format: Format, text: &str, stop: &mut dyn FnMut(&Chosen) -> bool) -> Result<Solved> {
    let effort = Effort { seed: SEED, steps: u64::MAX };
    let (chosen, output) = if format == Format::Retail {
        let instance = retail::read(text)?;
        let chosen = solve(&mut RetailLines::new(&instance), effort, stop)?;
        let output = retail::write(&instance, &chosen);
        (chosen, output)
    } else {
        let problem = shift_scheduling::read(text)?;
        let mut lines = ShiftLines::new(&problem)?;
        let chosen = solve(&mut lines, effort, stop)?;
        let output = shift_scheduling::write(&problem, &lines.roster(&chosen));
        (chosen, output)
    };
    let gap = 100.0 * (chosen.cost as f64 - chosen.bound) / (chosen.cost as f64).max(1.0);
    Ok(Solved { cost: chosen.cost, bound: chosen.bound, gap, output })
}

/// The time of one thread.
struct Watch {
    clock: Instant,
    processor: Option<f64>,
}

impl Watch {
    fn start() -> Watch {
        Watch { clock: Instant::now(), processor: processor_seconds() }
    }

    fn spent(&self) -> f64 {
        let clock = self.clock.elapsed().as_secs_f64();
        self.processor.zip(processor_seconds()).map_or(clock, |(before, now)| now - before)
    }

    fn over(&self, seconds: f64) -> bool {
        self.clock.elapsed().as_secs_f64() > CLOCK * seconds || self.spent() > seconds
    }
}

/// Processor time of this thread.
fn processor_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Prints one line; whether its target is met.
fn line(case: &Case, outcome: &Outcome, best: Option<f64>) -> bool {
    let above = best.map(|best| 100.0 * (outcome.objective - best) / best);
    let feasible = outcome.broken.is_empty();
    let (target, met) = match case.target {
        Target::Within(most) => {
            (format!("≤ {most} %"), feasible && above.is_some_and(|above| above <= most + 1e-9))
        }
        Target::Feasible => ("feasible".to_owned(), feasible),
        Target::Gap(most) => (format!("gap ≤ {most} %"), feasible && outcome.gap <= most),
    };
    let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    println!(
        "| {} {} | {} | {:.1} | {:.2} % | {} | {} | {target} | {:.1} | {} |",
        case.format,
        case.name,
        outcome.objective,
        outcome.bound,
        outcome.gap,
        shown(best.map(|best| best.to_string())),
        shown(above.map(|above| format!("{above:.2} %"))),
        outcome.seconds,
        if met { "met".to_owned() } else { format!("MISSED {}", outcome.broken.join("; ")) },
    );
    met
}
