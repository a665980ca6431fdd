//! Rosters: how good after how long, how fast a repair, beside general solvers on the whole model.
//!
//! `cargo xtask bench roster [-- --seconds S]`: the weeks of `benchmarks/roster/`, each roster checked by code that
//! shares nothing with the optimiser. With the feature `highs` also single days solved anew.

use std::num::NonZeroU32;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use benches::workforce::{peer, sample};
use roster::bound::Bound;
use roster::formats::centre::{read, write};
use roster::model::{OFF, Problem};
use roster::repair::{Changes, Limits, changed, repair};
use roster::search::{Instance, Plan, Search, Settings};
use roster::{BOUND_ITERATIONS, FIRST_ROUND, Roster, program, solve};
use rostercheck::{Format, check};

const THREADS: usize = 2;
/// Gap in per cent that must be reached after so many seconds.
const TARGETS: [(f64, f64); 3] = [(1.0, 5.0), (10.0, 3.0), (60.0, 2.0)];
/// Seconds until the first valid roster.
const FEASIBLE_SECONDS_MAX: f64 = 0.1;
/// With `highs`: gap in per cent after so many seconds.
const WITH_HIGHS: [(f64, f64); 2] = [(120.0, 1.0), (300.0, 0.1)];
/// Longest time for one day solved anew.
const DAY_SECONDS: f64 = 40.0;
/// Absences that a repair makes up for, most shifts it may change, and most seconds.
const ABSENCES: usize = 10;
const CHANGES_MAX: usize = 20;
const REPAIR_SECONDS_MAX: f64 = 1.0;
/// Most that a repair may be worse than a full search, points of the gap.
const REPAIR_POINTS_MAX: f64 = 1.0;
/// Seconds that each peer gets for the whole model.
const PEER_SECONDS: &str = "100";

fn main() -> Result<()> {
    let mut missed = 0;
    for name in ["roster_50.txt", "roster_300.txt"] {
        let Some(path) = sample(&format!("benchmarks/roster/{name}")) else {
            println!("{name}: not there; LIANBING_SAMPLES names the folder that holds wfm/");
            continue;
        };
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let strict = name == "roster_300.txt";
        println!("\n== {name}");
        let roster = anytime(&text, strict, &mut missed)?;
        if strict {
            same_for_any_number_of_threads(&text)?;
            repairs(&text, &roster, &mut missed)?;
            if program::AVAILABLE {
                days(&text, &roster, &mut missed)?;
            }
            for solver in ["highs", "cpsat"] {
                match peer("roster", "whole.py", &[&path.to_string_lossy(), solver, PEER_SECONDS]) {
                    Ok(told) => println!("the whole model by {solver}: {}", told.trim()),
                    Err(error) => println!("the whole model by {solver}: not measured: {error:#}"),
                }
            }
        }
    }
    println!("\n{missed} targets missed");
    Ok(())
}

/// Says whether a target is met, and counts it when not.
fn target(what: &str, value: f64, most: f64, unit: &str, strict: bool, missed: &mut u32) {
    let met = value <= most;
    if strict && !met {
        *missed += 1;
    }
    let verdict = match (strict, met) {
        (false, _) => "",
        (true, true) => "met",
        (true, false) => "MISSED",
    };
    println!("{what:<52} {value:>10.3} {unit:<7} at most {most:<6} {verdict}");
}

fn checked(text: &str, roster: &Roster, cost: i64) -> Result<()> {
    let report = check(Format::Centre, text, &write(roster))?;
    ensure!(report.feasible(), "broken rules: {:?}", report.broken.first());
    ensure!(
        (report.objective - cost as f64).abs() < 0.5,
        "the checker finds {}, not {cost}",
        report.objective
    );
    Ok(())
}

/// One search of the longest time, looked at on the way.
fn anytime(text: &str, strict: bool, missed: &mut u32) -> Result<Roster> {
    let started = Instant::now();
    let problem = read(text)?;
    let instance = Instance::new(&problem)?;
    let settings = Settings { threads: THREADS, ..Settings::of(&instance) };
    let mut search = Search::new(&instance, settings, None)?;
    let mut bound = Bound::new(&instance);
    let first = started.elapsed().as_secs_f64();
    checked(text, search.best(), search.cost())?;
    target("first valid roster", first, FEASIBLE_SECONDS_MAX, "s", strict, missed);
    let (started, before) = (Instant::now(), processor_seconds());
    let mut round = FIRST_ROUND * problem.people.len() as u64;
    let mut begun = false;
    for (seconds, most) in TARGETS {
        let stop = || started.elapsed().as_secs_f64() + first > seconds;
        if !begun {
            search.settle(&stop);
            begun = true;
        }
        while !stop() {
            search.round(round, &stop);
            bound.advance(BOUND_ITERATIONS, search.cost(), &stop);
            round *= 2;
        }
        // The next round takes up where this one was cut.
        round /= 2;
        checked(text, search.best(), search.cost())?;
        let gap = 100.0 * problem.gap(search.cost(), bound.value());
        let what = format!(
            "gap after {seconds} s (cost {}, bound {:.1}, processor {:.1} s)",
            search.cost(),
            bound.value(),
            processor_seconds() - before
        );
        target(&what, gap, most, "%", strict, missed);
    }
    let steps = search.steps() as f64 / started.elapsed().as_secs_f64();
    let used = processor_seconds() - before;
    println!(
        "best lines computed a second, {THREADS} threads: {steps:.0}; {used:.0} s of processor used in all"
    );
    Ok(search.best().clone())
}

fn same_for_any_number_of_threads(text: &str) -> Result<()> {
    let problem = read(text)?;
    let instance = Instance::new(&problem)?;
    let with = |threads| {
        let settings = Settings { threads, ..Settings::of(&instance) };
        solve(&problem, Some(settings), None, 20_000, &|| false)
    };
    ensure!(with(1)? == with(2)?, "one and two threads find different rosters");
    println!("20 000 steps find the same roster with one and with two threads");
    Ok(())
}

/// Ten people are absent on one day: repair, and beside it a full search of the changed week.
fn repairs(text: &str, roster: &Roster, missed: &mut u32) -> Result<()> {
    let problem = read(text)?;
    let (mut seconds, mut changes, mut points) = (0.0_f64, 0, f64::NEG_INFINITY);
    for day in [1, 3, 5] {
        let working = (0..problem.people.len()).filter(|&person| roster.spot(person, day).choice != OFF);
        let absences = working.step_by(19).take(ABSENCES).map(|person| (person, day)).collect();
        let absent = Changes { absences, past_days: day, ..Changes::default() };
        let limits = Limits::of(&problem, CHANGES_MAX - ABSENCES);
        let (started, before) = (Instant::now(), processor_seconds());
        let repaired = repair(&problem, roster, &absent, &limits, None, &|| false)?;
        let took = started.elapsed().as_secs_f64();
        let used = processor_seconds() - before;
        let full = full(&changed(&problem, roster, &absent)?)?;
        let worse = 100.0 * (repaired.cost - full) as f64 / problem.required_total() as f64;
        println!(
            "day {day}: {took:.2} s ({used:.2} s of processor), {ABSENCES} absences and {} other shifts changed, cost {} against {full} of a full search",
            repaired.changed, repaired.cost
        );
        seconds = seconds.max(took);
        changes = changes.max(repaired.changed + ABSENCES);
        points = points.max(worse);
    }
    target("repair after 10 absences, the slowest", seconds, REPAIR_SECONDS_MAX, "s", true, missed);
    target(
        "shifts changed with the absences, the most",
        changes as f64,
        CHANGES_MAX as f64,
        "shifts",
        true,
        missed,
    );
    target("gap above a full search, the most", points, REPAIR_POINTS_MAX, "points", true, missed);
    Ok(())
}

/// Seconds of processor that this process has used; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    // Fields 14 and 15 of the file, in hundredths of a second.
    behind_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>()
        / 100.0
}

fn full(problem: &Problem) -> Result<i64> {
    let started = Instant::now();
    let instance = Instance::new(problem)?;
    let settings = Settings { threads: THREADS, ..Settings::of(&instance) };
    let solved = solve(problem, Some(settings), None, u64::MAX, &|| started.elapsed().as_secs_f64() > 10.0)?;
    Ok(solved.cost)
}

/// Prices by linear programme, then days solved anew, from the roster of the search.
fn days(text: &str, roster: &Roster, missed: &mut u32) -> Result<()> {
    let problem = read(text)?;
    let instance = Instance::new(&problem)?;
    // The search before took its longest time.
    let already = TARGETS[TARGETS.len() - 1].0;
    let started = Instant::now();
    let mut bound = Bound::new(&instance);
    if let Some(prices) = program::prices(&problem, 60.0) {
        bound.try_prices(prices);
    }
    println!(
        "bound by prices of the linear programme {:.3}, {:.1} s",
        bound.value(),
        started.elapsed().as_secs_f64()
    );
    let mut best = roster.clone();
    let mut cost = Plan::of(&instance, &best)?.cost();
    let threads = NonZeroU32::new(2).context("two threads")?;
    let mut days = (0..problem.days).cycle();
    for (seconds, most) in WITH_HIGHS {
        while already + started.elapsed().as_secs_f64() < seconds {
            let left = seconds - already - started.elapsed().as_secs_f64();
            let Some(day) = days.next() else { break };
            if let Some(better) = program::day_window(&instance, &best, day, left.min(DAY_SECONDS), threads) {
                best = better;
                cost = Plan::of(&instance, &best)?.cost();
            }
        }
        checked(text, &best, cost)?;
        let gap = 100.0 * problem.gap(cost, bound.value());
        target(&format!("with highs: gap after {seconds} s (cost {cost})"), gap, most, "%", true, missed);
    }
    Ok(())
}
