//! What other packages answer to the same cases.

use std::hint::black_box;

use anyhow::{Context, Result};
use benches::workforce::peer;
use staffing::{Load, ServiceLevelDefinition, Target, evaluate, required_agents};

use super::{TIMES_FASTER_MIN, below, microseconds};

const PACKAGES: [&str; 5] = ["pyworkforce", "turbotab", "callcenterdim", "call_center_tools", "wfmplan"];

/// A case without patience: calls, interval and handling time in seconds, service level wanted.
struct Case {
    calls: f64,
    aht_s: f64,
    share: f64,
    threshold_s: f64,
}

const CASES: [Case; 8] = [
    Case { calls: 100.0, aht_s: 180.0, share: 0.8, threshold_s: 20.0 },
    Case { calls: 1.0, aht_s: 180.0, share: 0.8, threshold_s: 20.0 },
    Case { calls: 97.0, aht_s: 180.0, share: 0.1, threshold_s: 300.0 },
    Case { calls: 16.0, aht_s: 180.0, share: 0.3, threshold_s: 600.0 },
    Case { calls: 2_000.0, aht_s: 360.0, share: 0.8, threshold_s: 20.0 },
    Case { calls: 10_000.0, aht_s: 360.0, share: 0.8, threshold_s: 20.0 },
    Case { calls: 50_000.0, aht_s: 360.0, share: 0.8, threshold_s: 20.0 },
    Case { calls: 100_000.0, aht_s: 360.0, share: 0.8, threshold_s: 20.0 },
];
/// The case whose time is compared: 10 000 erlangs.
const COMPARED: usize = 6;

/// Cases with patience: calls, handling time, patience.
const IMPATIENT: [(f64, f64, f64); 3] =
    [(100.0, 180.0, 120.0), (500.0, 300.0, 180.0), (2_000.0, 360.0, 240.0)];

const INTERVAL_S: f64 = 1800.0;

impl Case {
    fn load(&self) -> Result<Load> {
        Ok(Load::new(self.calls, INTERVAL_S, self.aht_s)?)
    }

    fn targets(&self) -> [Target; 1] {
        [Target::service_level(self.share, self.threshold_s)]
    }

    fn name(&self) -> String {
        format!("{}/{INTERVAL_S}/{}/{}/{}", self.calls, self.aht_s, self.share, self.threshold_s)
    }
}

/// What a package said.
struct Answer {
    package: String,
    case: String,
    /// Number of agents, or the name of an error.
    agents: String,
    /// Microseconds, or a service level.
    second: f64,
    abandonment: f64,
}

pub(crate) fn compare(missed: &mut Vec<String>) -> Result<()> {
    println!("\nagents required, with the time of an answer; a wrong one is marked ✘");
    let answers = match ask() {
        Ok(answers) => answers,
        Err(reason) => {
            println!("the other packages were not measured: {reason:#}");
            missed.push("a comparison in the same run".to_owned());
            return Ok(());
        }
    };
    print!("{:<28} {:>22}", "case", "lianbing");
    println!("{}", PACKAGES.map(|package| format!(" {package:>24}")).concat());
    for (place, case) in CASES.iter().enumerate() {
        let (load, targets) = (case.load()?, case.targets());
        let exact = required_agents(&load, &targets)?;
        let took = microseconds(|| required_agents(black_box(&load), black_box(&targets)));
        let wanted = format!("{:.4} erl, {} % in {} s", load.erlangs(), case.share * 100.0, case.threshold_s);
        print!("{wanted:<28} {exact:>10} {took:>8.2} µs");
        let mut fastest: Option<&Answer> = None;
        for package in PACKAGES {
            let name = case.name();
            let Some(answer) = answers.iter().find(|a| a.package == package && a.case == name) else {
                print!(" {:>24}", "no answer");
                continue;
            };
            let correct = answer.agents.parse() == Ok(exact);
            if !answer.second.is_finite() {
                print!(" {:>24}", format!("✘ {}", answer.agents));
                continue;
            }
            let mark = if correct { "" } else { "✘ " };
            print!(" {:>24}", format!("{mark}{} {:>9.1} µs", answer.agents, answer.second));
            if correct && fastest.is_none_or(|best| answer.second < best.second) {
                fastest = Some(answer);
            }
        }
        println!();
        if place == COMPARED {
            let best = fastest.context("no package answered 10 000 erlangs")?;
            let times = best.second / took;
            let met = times >= TIMES_FASTER_MIN;
            let mark = if met { "ok" } else { "MISSED" };
            println!("   {times:.0} times as fast as {}, target ≥ {TIMES_FASTER_MIN} {mark}", best.package);
            if !met {
                missed.push("times faster than the fastest correct package".to_owned());
            }
        }
    }
    impatient(missed, &answers)
}

/// With patience only turbotab has an answer.
fn impatient(missed: &mut Vec<String>, answers: &[Answer]) -> Result<()> {
    println!(
        "\nwith patience (Erlang A), 80 % of offered calls in 20 s: agents, then service level and abandonment with so many"
    );
    let mut found = 0.0;
    for (calls, aht_s, patience_s) in IMPATIENT {
        let (load, agents) = patient_case(calls, aht_s, patience_s)?;
        let exact = evaluate(&load, agents, 20.0)?;
        let level = exact.service_level_by(ServiceLevelDefinition::OfOffered);
        print!(
            "{calls} calls of {aht_s} s, patience {patience_s} s: {agents}, {:.2} %, {:.2} %",
            level * 100.0,
            exact.abandonment * 100.0
        );
        let case = impatient_name(calls, aht_s, patience_s, agents);
        if let Some(answer) = answers.iter().find(|answer| answer.case == case) {
            found += 1.0;
            println!(
                "; turbotab: {}, {:.2} %, {:.2} %",
                answer.agents,
                answer.second * 100.0,
                answer.abandonment * 100.0
            );
        } else {
            println!();
        }
    }
    below(missed, "cases with patience left without a comparison", IMPATIENT.len() as f64 - found, 0.0, "");
    Ok(())
}

fn patient_case(calls: f64, aht_s: f64, patience_s: f64) -> Result<(Load, f64)> {
    let load = Load::new(calls, INTERVAL_S, aht_s)?.with_patience(patience_s)?;
    let agents = required_agents(&load, &[Target::service_level(0.8, 20.0)])?;
    Ok((load, agents as f64))
}

fn impatient_name(calls: f64, aht_s: f64, patience_s: f64, agents: f64) -> String {
    format!("{calls}/{INTERVAL_S}/{aht_s}/0.8/20/{patience_s}/{agents}")
}

fn ask() -> Result<Vec<Answer>> {
    let mut cases: Vec<String> = CASES.iter().map(Case::name).collect();
    for (calls, aht_s, patience_s) in IMPATIENT {
        let (_, agents) = patient_case(calls, aht_s, patience_s)?;
        cases.push(impatient_name(calls, aht_s, patience_s, agents));
    }
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    let told = peer("staffing", "agents.py", &cases)?;
    let answers = told.lines().filter_map(|line| {
        let mut cells = line.split(',');
        let (package, case, agents) = (cells.next()?, cells.next()?, cells.next()?);
        let mut number = || cells.next().and_then(|cell| cell.parse().ok()).unwrap_or(f64::NAN);
        let (second, abandonment) = (number(), number());
        let [package, case, agents] = [package, case, agents].map(str::to_owned);
        Some(Answer { package, case, agents, second, abandonment })
    });
    Ok(answers.collect())
}
