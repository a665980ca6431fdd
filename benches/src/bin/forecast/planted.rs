//! Centres made with known truth: how far the forecast is from the truth, beside the mean of the last four weekdays.

#[path = "../../../../engines/forecast/tests/centre/mod.rs"]
mod centre;

use std::time::Instant;

use anyhow::{Context, Result};
use centre::Centre;
use forecast::{Ask, Calendar, CalendarFile, Forecast, History, Method, Observation, forecast};
use jiff::civil::date;

use super::Report;

/// Half-hours of a day, and days of the horizon.
const SLOTS: usize = 24;
const AHEAD: i32 = 28;

pub fn measure(report: &mut Report) -> Result<()> {
    println!("\n== centres made with known truth, 28 days ahead; WAPE against the truth without chance");
    let china = china()?;
    let base = Centre::default;
    let kinds: [(&str, Centre, i32); 7] = [
        ("plain, half a year", base(), 180),
        ("start of month +25 %", Centre { month_start: 1.25, ..base() }, 180),
        ("level +30 % five weeks ago", Centre { shift: Some((145, 1.3)), ..base() }, 180),
        ("a year's season of ±15 %, two years", Centre { summer: 1.15, ..base() }, 730),
        ("weekdays only, 300 calls a day", Centre { all_week: false, calls_a_day: 300.0, ..base() }, 180),
        ("20 calls a day", Centre { calls_a_day: 20.0, ..base() }, 180),
        (
            "Spring Festival 2025 after two years",
            Centre { first: date(2023, 1, 2), calendar: china, ..base() },
            740,
        ),
    ];
    println!(
        "{:<40} {:>8} {:>10} {:>9} {:>9} {:>8}  model",
        "centre", "ours", "last four", "in 80 %", "in 95 %", "seconds"
    );
    let mut inside = [0.0; 3];
    for (name, kind, days) in kinds {
        let (mut ours, mut plain, mut seconds, mut model) = (0.0, 0.0, 0.0, Method::LastFour);
        let mut here = [0.0; 3];
        for seed in 1..=3 {
            let centre = Centre { seed, ..kind.clone() };
            let all = centre.history(days + AHEAD);
            let cut = all.partition_point(|row| row.start < centre.start(days, 0));
            let (known, to_come) = all.split_at(cut);
            let started = Instant::now();
            let said = run(&centre, known, to_come.len(), None)?;
            seconds += started.elapsed().as_secs_f64() / 3.0;
            ours += 100.0 * centre.wape(&said.intervals) / 3.0;
            model = said.method;
            let four = run(&centre, known, to_come.len(), Some(Method::LastFour))?;
            plain += 100.0 * centre.wape(&four.intervals) / 3.0;
            cover(&said, to_come, &mut here);
        }
        let percent = |which: usize| 100.0 * here[which] / here[2];
        println!(
            "{name:<40} {ours:>6.2} % {plain:>8.2} % {:>7.1} % {:>7.1} % {seconds:>8.2}  {}",
            percent(0),
            percent(1),
            model.title()
        );
        report.line(
            &format!("  {name}: ours / last four"),
            &format!("{ours:.2} / {plain:.2}"),
            "≤ last four",
            ours <= plain * 1.02,
        );
        for (sum, one) in inside.iter_mut().zip(here) {
            *sum += one;
        }
    }
    for (which, nominal) in [(0, 80.0), (1, 95.0)] {
        let covered = 100.0 * inside[which] / inside[2];
        let met = f64::abs(covered - nominal) <= 5.0;
        report.line(
            &format!("planted centres: inside the {nominal} % intervals"),
            &format!("{covered:.1} %"),
            "±5 points",
            met,
        );
    }
    Ok(())
}

fn run(centre: &Centre, known: &[Observation], intervals: usize, method: Option<Method>) -> Result<Forecast> {
    let history = History::read(known, &centre.calendar)?;
    Ok(forecast(
        &history,
        &Ask { intervals: intervals.max(SLOTS), calendar: &centre.calendar, events: &[], method },
    )?)
}

fn cover(said: &Forecast, came: &[Observation], inside: &mut [f64; 3]) {
    let actual: std::collections::BTreeMap<_, _> = came.iter().map(|row| (row.start, row.calls)).collect();
    for one in &said.intervals {
        let Some(calls) = actual.get(&one.start) else { continue };
        inside[0] += f64::from(u8::from(one.calls.lo80 <= *calls && *calls <= one.calls.hi80));
        inside[1] += f64::from(u8::from(one.calls.lo95 <= *calls && *calls <= one.calls.hi95));
        inside[2] += 1.0;
    }
}

/// The calendar that ships with the product.
fn china() -> Result<Calendar> {
    let path = benches::workforce::root().join("content/holidays/cn.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(toml::from_str::<CalendarFile>(&text)?.calendar()?)
}
