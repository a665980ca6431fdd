//! Figures that have a closed form or a published value.

use anyhow::{Context, Result};
use benches::workforce;
use simulator::{
    Busyness, CallType, Definition, Distribution, Estimate, Figures, Group, Of, Run, Scenario, ServiceLevel,
    agents_from_levels, simulate,
};

use super::{Checks, NEVER, timed};

const SEEDS: u64 = 200;
/// Of 200 intervals at 99 %, more than seven misses would happen once in a thousand times.
const MISSES_MAX: u64 = 7;
/// Intervals of half an hour before figures count, so that the queue has forgotten that it began empty.
const WARM_UP: usize = 8;

struct Queue {
    calls: f64,
    interval_s: f64,
    aht_s: f64,
    patience_s: Option<f64>,
    within_s: f64,
    agents: usize,
}

impl Queue {
    fn scenario(&self, intervals: usize) -> Scenario {
        let handling = Distribution::Exponential { mean_s: self.aht_s };
        let mut calls = CallType::new("calls", vec![self.calls; intervals], handling);
        calls.patience = self.patience_s.map(|mean_s| Distribution::Exponential { mean_s });
        calls.service_level.within_s = self.within_s;
        let mut scenario = Scenario::one_queue(self.interval_s, calls, &vec![self.agents; intervals]);
        scenario.measured = WARM_UP..intervals;
        scenario
    }
}

fn days(seed: u64, days: u64, confidence: f64) -> Run {
    Run { seed, replications_min: days, replications_max: days, confidence, ..Run::default() }
}

fn figure(figures: &Figures, name: &str) -> Option<Estimate> {
    match name {
        "service level" => figures.service_level,
        "abandonment" => figures.abandonment,
        "ASA" => figures.asa_s,
        "mean wait" => figures.mean_wait_s,
        "waiting" => figures.waiting,
        "occupancy" => figures.occupancy,
        _ => None,
    }
}

/// M/M/14 and M/M/12+M at 10 erlangs.
pub(super) fn closed_forms(checks: &mut Checks) -> Result<()> {
    let queue = |agents, patience_s| Queue {
        calls: 100.0,
        interval_s: 1_800.0,
        aht_s: 180.0,
        patience_s,
        within_s: 20.0,
        agents,
    };
    let erlang_c = [("service level", 0.888_350_019), ("waiting", 0.174_131_934), ("ASA", 7.835_937_0)];
    let erlang_a = [("service level", 0.825_582_644), ("abandonment", 0.061_597_377), ("ASA", 6.334_774_2)];
    for (name, queue, truth) in
        [("M/M/14", queue(14, None), erlang_c), ("M/M/12+M", queue(12, Some(120.0)), erlang_a)]
    {
        println!("{name} at 10 erlangs: 99 % intervals of {SEEDS} seeds, 50 days of 16 hours each");
        let scenario = queue.scenario(WARM_UP + 32);
        let mut misses = [0; 3];
        let mut sums = [0.0; 3];
        let (calls, seconds) = timed(|| {
            let mut calls = 0;
            for seed in 0..SEEDS {
                let report = simulate(&scenario, &days(seed, 50, 0.99), &NEVER)?;
                calls += report.calls;
                let figures = report.total(Of::Centre).context("no figures")?;
                for (n, (what, truth)) in truth.iter().enumerate() {
                    let found = figure(figures, what).context("a figure without calls")?;
                    misses[n] += u64::from((found.value - truth).abs() > found.half_width);
                    sums[n] += found.value / SEEDS as f64;
                }
            }
            Ok(calls)
        })?;
        for ((what, truth), (misses, mean)) in truth.iter().zip(misses.iter().zip(sums)) {
            let found = format!("{misses} of {SEEDS} intervals miss; mean {mean:.6}, closed form {truth:.6}");
            checks.check(&format!("{name} {what}"), &found, "about 2, at most 7", *misses <= MISSES_MAX);
        }
        println!("     {calls} calls, {:.2} M calls/s", calls as f64 / seconds / 1.0e6);
    }
    Ok(())
}

/// Rows of the reference vectors that have a steady state within a day.
pub(super) fn vectors(checks: &mut Checks) -> Result<()> {
    let Some(path) = workforce::sample("erlang_vectors.csv") else {
        println!("the reference vectors are not there: set {}", workforce::SAMPLES);
        return Ok(());
    };
    println!("rows of erlang_vectors.csv up to 2 000 agents that settle within some hours: 99 % intervals");
    let mut reader = csv::Reader::from_path(path)?;
    let head = reader.headers()?.clone();
    let (mut tried, mut missed) = (0, Vec::new());
    for row in reader.records() {
        let row = row?;
        let text =
            |name: &str| head.iter().position(|h| h == name).and_then(|at| row.get(at)).unwrap_or_default();
        let value = |name: &str| text(name).parse::<f64>().ok();
        let patience_s = value("patience_s");
        let agents = value("agents").unwrap_or(0.5);
        // A queue without patience and with little slack remembers for days; fractions of agents are no people.
        let settles =
            patience_s.map_or(value("occupancy").unwrap_or(1.0) < 0.93, |patience| patience < 2_000.0);
        if text("kind") != "evaluate" || !settles || agents.fract() != 0.0 || agents > 2_000.0 {
            continue;
        }
        let need = |name: &str| value(name).with_context(|| format!("no {name} in row {}", text("id")));
        let queue = Queue {
            calls: need("calls")?,
            interval_s: need("interval_s")?,
            aht_s: need("aht_s")?,
            patience_s,
            within_s: need("target_seconds")?,
            agents: text("agents").parse()?,
        };
        let scenario = queue.scenario(WARM_UP + 24);
        let report = simulate(&scenario, &days(7, 60, 0.99), &NEVER)?;
        let figures = report.total(Of::Centre).context("no figures")?;
        for (what, column) in [
            ("service level", "service_level"),
            ("ASA", "asa_s"),
            ("waiting", "p_wait"),
            ("abandonment", "abandonment"),
        ] {
            let (Some(found), truth) = (figure(figures, what), need(column)?) else { continue };
            tried += 1;
            if (found.value - truth).abs() > found.half_width + 1.0e-9 {
                missed.push(format!(
                    "{} {what} {:.5} ± {:.5} of {truth:.5}",
                    text("id"),
                    found.value,
                    found.half_width
                ));
            }
        }
    }
    for one in &missed {
        println!("     outside: {one}");
    }
    let found = format!("{} of {tried} figures outside", missed.len());
    checks.check("reference vectors", &found, "about 1 %, at most 5", missed.len() <= 5);
    Ok(())
}

/// SimpleMSK of the ContactCenters library (its documentation, examples).
pub(super) fn published(checks: &mut Checks) -> Result<()> {
    println!("SimpleMSK of the ContactCenters library: 3 types, 2 groups, 3 periods, busyness; 10 000 days");
    let rates = [[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]];
    let routing: [&[usize]; 3] = [&[0], &[0, 1], &[1]];
    let minute = Distribution::Exponential { mean_s: 60.0 };
    let call_type = |(rates, groups): (&[f64; 3], &[usize])| CallType {
        patience: Some(minute.clone()),
        handling_factor: [0.5, 0.6, 0.4].iter().map(|rate| 1.0 / rate).collect(),
        patience_factor: [0.3, 0.4, 0.2].iter().map(|rate| 1.0 / rate).collect(),
        service_level: ServiceLevel {
            within_s: 20.0,
            target: 0.8,
            definition: Definition::ShortAbandonsExcluded,
        },
        ..CallType::new("type", rates.iter().map(|rate| rate * 120.0).collect(), minute.clone())
            .routed(groups)
    };
    let levels = [[12, 18, 9], [15, 20, 11]];
    let scenario = Scenario {
        interval_s: 7_200.0,
        intervals: 3,
        measured: 0..3,
        busyness: Some(Busyness { shape: 28.7 }),
        call_types: rates.iter().zip(routing).map(call_type).collect(),
        groups: vec![Group::new("first", &[1, 0]), Group::new("second", &[2, 1])],
        agents: levels
            .iter()
            .enumerate()
            .flat_map(|(g, row)| agents_from_levels(g, row, 7_200.0, 7_200.0))
            .collect(),
    };
    let (report, seconds) = timed(|| Ok(simulate(&scenario, &days(1, 10_000, 0.95), &NEVER)?))?;
    let figures = report.total(Of::Centre).context("no figures")?;
    let level = figures.service_level.context("no service level")?;
    let published = [
        ("served", figures.answered, 4_297.305, 27.155),
        ("abandoned", figures.abandoned, 910.335, 34.202),
        ("service level", level, 0.501, 0.008),
    ];
    for (what, ours, theirs, half_width) in published {
        // Both are estimates: the difference at 99 %.
        let held = (ours.value - theirs).abs() <= 1.32 * f64::hypot(ours.half_width, half_width);
        let found = format!("{:.3} ± {:.3}", ours.value, ours.half_width);
        checks.check(&format!("SimpleMSK {what}"), &found, &format!("{theirs} ± {half_width}"), held);
    }
    println!("     {} calls, {:.2} M calls/s", report.calls, report.calls as f64 / seconds / 1.0e6);
    Ok(())
}
