//! How exactly and how fast agents are counted: the reference vectors, then cases beside what other packages answer.
//!
//! `cargo xtask bench staffing`: the packages of benches/peers/staffing/requirements.txt answer the same cases in the same
//! run; each answer stands beside the exact one. Times are the least of several rounds.

#[path = "staffing/peers.rs"]
mod peers;
#[path = "staffing/vectors.rs"]
mod vectors;

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use staffing::{
    Load, ServiceLevelDefinition, Target, evaluate, required_agents, required_agents_fractional,
    service_level,
};

/// Dimensioning 10 000 erlangs, microseconds.
const DIMENSION_US_MAX: f64 = 50.0;
/// Dimensioning 1 000 000 erlangs, microseconds.
const DIMENSION_MILLION_US_MAX: f64 = 1_000.0;
/// How many times faster than the fastest correct package at 10 000 erlangs.
const TIMES_FASTER_MIN: f64 = 100.0;
/// Rounds of which the fastest counts; the machine may be busy with other work.
const ROUNDS: u32 = 100;
/// Seconds of a round, shorter than what a busy machine gives a process at a time.
const ROUND_S: f64 = 0.001;

fn main() -> Result<()> {
    let mut missed = Vec::new();
    vectors::check(&mut missed)?;
    speed(&mut missed)?;
    peers::compare(&mut missed)?;
    anyhow::ensure!(missed.is_empty(), "missed: {}", missed.join("; "));
    println!("\nevery target met");
    Ok(())
}

/// Prints a figure beside its limit and remembers a miss.
fn below(missed: &mut Vec<String>, figure: &str, value: f64, limit: f64, unit: &str) {
    let mark = if value <= limit { "ok" } else { "MISSED" };
    println!("{figure:<64} {value:>10.3} {unit:<6} target ≤ {limit:.0} {mark}");
    if value > limit {
        missed.push(figure.to_owned());
    }
}

/// Microseconds of one answer, in the fastest round.
fn microseconds<T>(mut ask: impl FnMut() -> T) -> f64 {
    let started = Instant::now();
    black_box(ask());
    let once = started.elapsed().as_secs_f64().max(1e-8);
    let times = (ROUND_S / once).clamp(1.0, 1e6).ceil();
    let round = |ask: &mut dyn FnMut() -> T| {
        let started = Instant::now();
        let mut done = 0.0;
        while done < times {
            black_box(ask());
            done += 1.0;
        }
        started.elapsed().as_secs_f64() / times
    };
    (0..ROUNDS).map(|_| round(&mut ask)).fold(f64::INFINITY, f64::min) * 1e6
}

/// A load of so many erlangs with a handling time of 360 s.
fn load(erlangs: f64) -> Result<Load> {
    Ok(Load::new(erlangs * 5.0, 1800.0, 360.0)?)
}

fn speed(missed: &mut Vec<String>) -> Result<()> {
    println!("\nspeed, Erlang C and Erlang A (patience 240 s), service level within 20 s");
    let level = [Target::service_level(0.8, 20.0)];
    for (erlangs, limit) in [(10_000.0, DIMENSION_US_MAX), (1_000_000.0, DIMENSION_MILLION_US_MAX)] {
        for (model, load) in [("C", load(erlangs)?), ("A", load(erlangs)?.with_patience(240.0)?)] {
            let agents = required_agents(&load, &level)?;
            let took = microseconds(|| required_agents(black_box(&load), black_box(&level)));
            let figure = format!("dimension {erlangs} erlangs for 80/20, Erlang {model} ({agents} agents)");
            below(missed, &figure, took, limit, "µs");
        }
    }
    let mixed = [
        Target::service_level(0.8, 20.0),
        Target::Abandonment(0.03),
        Target::Asa(10.0),
        Target::Occupancy(0.9),
    ];
    println!(
        "\n{:>9} {:>8} {:>11} {:>11} {:>11} {:>11} {:>12} {:>12} {:>12} {:>12}",
        "erlangs",
        "agents",
        "evaluate C",
        "evaluate A",
        "A 20 % over",
        "A SL alone",
        "dimension C",
        "dimension A",
        "4 targets A",
        "fraction A"
    );
    for erlangs in [1.0, 10.0, 100.0, 500.0, 2_000.0, 10_000.0, 100_000.0, 1_000_000.0] {
        let patient = load(erlangs)?;
        let impatient = patient.with_patience(240.0)?;
        let agents = required_agents(&patient, &level)? as f64;
        let few = (erlangs * 0.8_f64).ceil();
        let offered = ServiceLevelDefinition::OfOffered;
        println!(
            "{erlangs:>9} {agents:>8} {:>8.2} µs {:>8.2} µs {:>8.2} µs {:>8.2} µs {:>9.2} µs {:>9.2} µs {:>9.2} µs {:>9.2} µs",
            microseconds(|| evaluate(black_box(&patient), black_box(agents), 20.0)),
            microseconds(|| evaluate(black_box(&impatient), black_box(agents), 20.0)),
            microseconds(|| evaluate(black_box(&impatient), black_box(few), 20.0)),
            microseconds(|| service_level(black_box(&impatient), black_box(agents), 20.0, offered)),
            microseconds(|| required_agents(black_box(&patient), black_box(&level))),
            microseconds(|| required_agents(black_box(&impatient), black_box(&level))),
            microseconds(|| required_agents(black_box(&impatient), black_box(&mixed))),
            microseconds(|| required_agents_fractional(black_box(&impatient), black_box(&level))),
        );
    }
    let again = load(100.0)?.with_patience(240.0)?.with_retrials(0.5, 600.0)?;
    let chat = load(100.0)?.with_patience(240.0)?.with_conversations_at_once(3, 0.2)?;
    println!(
        "\n100 erlangs with retrials, 95 agents: {:.2} µs",
        microseconds(|| evaluate(black_box(&again), 95.0, 20.0))
    );
    println!(
        "100 erlangs of chat, three at once, 50 agents: {:.2} µs",
        microseconds(|| evaluate(black_box(&chat), 50.0, 20.0))
    );
    Ok(())
}
