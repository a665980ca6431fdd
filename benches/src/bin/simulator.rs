//! How fast the simulator is beside its peers, and whether its figures are right.
//!
//! `cargo xtask bench simulator`: calls per second on one core with simpy and ciw on the same calls, then every figure
//! that has a closed form or a published value, each with its interval.

#[path = "simulator/truth.rs"]
mod truth;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::workforce;
use simulator::{
    Agent, CallType, Correction, Distribution, Goal, Group, Of, Run, Scenario, Scope, Stretch, compare,
    required, simulate,
};

/// Calls per second on one core, with skills, preference lists, abandonment, breaks and statistics.
const SPEED_MIN: f64 = 5.0e6;
/// “20 minutes late” to ± 0.2 points, seconds.
const LATE_S_MAX: f64 = 0.5;
/// What it costs, points, with the half-width of that statement.
const LATE_POINTS: (f64, f64) = (-2.9, 0.2);

pub(crate) const NEVER: fn() -> bool = || false;

fn main() -> Result<()> {
    let mut checks = Checks::default();
    speed(&mut checks)?;
    late(&mut checks)?;
    truth::closed_forms(&mut checks)?;
    truth::vectors(&mut checks)?;
    truth::published(&mut checks)?;
    requirement()?;
    checks.finish()
}

/// What was asked for, and what was missed.
#[derive(Default)]
pub(crate) struct Checks {
    missed: Vec<String>,
}

impl Checks {
    pub(crate) fn check(&mut self, what: &str, found: &str, target: &str, held: bool) {
        println!("{} {what}: {found} (target {target})", if held { "ok  " } else { "MISS" });
        if !held {
            self.missed.push(what.to_owned());
        }
    }

    fn finish(self) -> Result<()> {
        if self.missed.is_empty() {
            println!("every target is met");
            return Ok(());
        }
        bail!("missed: {}", self.missed.join("; "))
    }
}

/// Seconds that this thread has computed; wall time where the system does not tell.
pub(crate) fn computed(started: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| started.elapsed().as_secs_f64(), |n| n / 1.0e9)
}

/// Computing seconds of what is done.
pub(crate) fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let started = Instant::now();
    let before = computed(started);
    let done = work()?;
    Ok((done, computed(started) - before))
}

/// Three call types, 200 agents in six groups, preference lists, patience, breaks: 14 hours.
fn centre(breaks: bool) -> Scenario {
    const INTERVALS: usize = 28;
    const DAY_S: f64 = 50_400.0;
    let types = [(1_300.0, 80.0), (700.0, 180.0), (350.0, 320.0)];
    let routing: [&[usize]; 3] = [&[0, 3, 5], &[1, 3, 4, 5], &[2, 4, 5]];
    let skills: [&[usize]; 6] = [&[0], &[1], &[2], &[1, 0], &[2, 1], &[2, 1, 0]];
    let agents = [50, 50, 45, 20, 20, 15];
    let call_type = |((calls, mean_s), groups): (&(f64, f64), &[usize])| CallType {
        patience: Some(Distribution::Exponential { mean_s: 180.0 }),
        ..CallType::new("calls", vec![*calls; INTERVALS], Distribution::Exponential { mean_s: *mean_s })
            .routed(groups)
    };
    let person = |group: usize, n: u32| {
        let stretches = vec![Stretch { from_s: 0.0, to_s: DAY_S }];
        let mut one = Agent { name: format!("{group}-{n}"), group, speed: 1.0, seat: false, stretches };
        let shifted = f64::from(n % 12) * 600.0;
        for (start, length) in [(7_200.0, 900.0), (18_000.0, 2_700.0), (36_000.0, 900.0)] {
            if breaks {
                one.away(start + shifted, start + shifted + length);
            }
        }
        one
    };
    Scenario {
        interval_s: 1_800.0,
        intervals: INTERVALS,
        measured: 0..INTERVALS,
        busyness: None,
        call_types: types.iter().zip(routing).map(call_type).collect(),
        groups: skills.iter().map(|skills| Group::new("group", skills)).collect(),
        agents: agents.iter().enumerate().flat_map(|(g, n)| (0..*n).map(move |n| person(g, n))).collect(),
    }
}

fn speed(checks: &mut Checks) -> Result<()> {
    println!(
        "speed: 3 call types, 200 agents in 6 groups, preference lists, patience, breaks, statistics by interval"
    );
    let scenario = centre(true);
    let run = Run { replications_min: 60, replications_max: 60, ..Run::default() };
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let (report, seconds) = timed(|| Ok(simulate(&scenario, &run, &NEVER)?))?;
        let figures = report.total(Of::Centre).context("no figures")?;
        let level = figures.service_level.context("no service level")?;
        let occupancy = figures.occupancy.context("no occupancy")?;
        let speed = report.calls as f64 / seconds;
        println!(
            "     {:.2} M calls/s: {} calls, {} events in {seconds:.2} computing s; service level {:.1} %, occupancy {:.1} %",
            speed / 1.0e6,
            report.calls,
            report.events,
            level.value * 100.0,
            occupancy.value * 100.0
        );
        best = best.max(speed);
    }
    checks.check("calls per second on one core", &format!("{:.2} M", best / 1.0e6), "5 M", best >= SPEED_MIN);
    let (report, seconds) = timed(|| Ok(simulate(&centre(false), &run, &NEVER)?))?;
    let level = report.total(Of::Centre).and_then(|f| f.service_level).context("no service level")?;
    let alike = report.calls as f64 / seconds;
    println!(
        "     without breaks, as the peers: {:.2} M calls/s, service level {:.1} %",
        alike / 1.0e6,
        level.value * 100.0
    );
    for (name, script, half_hours) in [("simpy", "simpy_skills.py", "60"), ("ciw", "ciw_queues.py", "12")] {
        match workforce::peer("simulator", script, &[half_hours]) {
            Ok(told) => peer(name, &told, alike)?,
            Err(reason) => println!("     {name} was not measured: {reason:#}"),
        }
    }
    Ok(())
}

fn peer(name: &str, told: &str, ours: f64) -> Result<()> {
    let told: serde_json::Value = serde_json::from_str(told.trim()).context("the peer printed no JSON")?;
    let figure =
        |key: &str| told.get(key).and_then(serde_json::Value::as_f64).context("the peer told too little");
    let speed = figure("calls")? / figure("seconds")?;
    println!(
        "     {name}: {:.3} M calls/s, service level {:.1} %: {:.0} times slower",
        speed / 1.0e6,
        figure("service_level")? * 100.0,
        ours / speed
    );
    Ok(())
}

/// 14 seats, 100 calls per half hour for two hours; one seat is empty for the first 20 minutes of the third half hour.
fn late(checks: &mut Checks) -> Result<()> {
    println!("“20 minutes late”: 14 agents, 100 calls in 30 minutes, AHT 180 s, patience 120 s, 80/20");
    let mut calls = CallType::new("calls", vec![100.0; 4], Distribution::Exponential { mean_s: 180.0 });
    calls.patience = Some(Distribution::Exponential { mean_s: 120.0 });
    let plan = Scenario::one_queue(1_800.0, calls, &[14; 4]);
    let mut late = plan.clone();
    if let Some(one) = late.agents.last_mut() {
        one.away(3_600.0, 4_800.0);
    }
    let variants = [("late".to_owned(), late)];
    let scope = Scope::centre(2..3);
    for (half_width, asked) in [(0.002, true), (0.000_3, false)] {
        let goal = Goal { scope: scope.clone(), half_width };
        let run = Run { until: vec![goal], replications_max: 200_000, ..Run::default() };
        let (found, seconds) = timed(|| Ok(compare(&plan, &variants, &run, &NEVER)?))?;
        let difference =
            found.difference(0, &scope).and_then(|d| d.service_level).context("no difference")?;
        let (points, width) = (difference.value * 100.0, difference.half_width * 100.0);
        println!(
            "     {points:.2} ± {width:.2} points, {} days of each plan, {seconds:.3} s",
            found.plan.replications
        );
        if asked {
            checks.check(
                "answered to ± 0.2 points, s",
                &format!("{seconds:.3}"),
                "0.5",
                seconds < LATE_S_MAX,
            );
        }
        let (expected, tolerance) = LATE_POINTS;
        let held = (points - expected).abs() <= tolerance + width;
        checks.check("points of that half hour", &format!("{points:.2} ± {width:.2}"), "−2.9 ± 0.2", held);
    }
    Ok(())
}

/// No target: what correcting a day's requirement takes.
fn requirement() -> Result<()> {
    println!("requirement of a day corrected by simulation: 28 intervals, 3 call types, 6 groups");
    let mut day = centre(false);
    for one in &mut day.call_types {
        one.calls.iter_mut().for_each(|calls| *calls /= 10.0);
    }
    let ((found, hours), seconds) = timed(|| {
        let found = required(&day, &Correction::default(), &NEVER)?;
        let hours = |people: &[Vec<usize>]| people.iter().flatten().sum::<usize>() as f64 / 2.0;
        let both = (hours(&found.first), hours(&found.people));
        Ok((found, both))
    })?;
    println!(
        "     {:.1} hours by Erlang A for each interval and type, {:.1} by simulation with shared groups; {} targets \
         missed; {seconds:.1} s with the marginal value of one more person in each of {} cells",
        hours.0,
        hours.1,
        found.missed.len(),
        found.marginal.iter().flatten().count()
    );
    Ok(())
}
