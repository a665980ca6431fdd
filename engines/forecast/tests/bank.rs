//! A real centre: the bank series (Weinberg, Brown and Stroud 2007), where the sample data are at hand. Only the first
//! 144 days are looked at; the last 20 belong to the benchmark.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use forecast::{Ask, Calendar, History, Method, Observation, forecast};
use jiff::civil::{Date, DateTime};

/// Half-hours of a day.
const SLOTS: usize = 28;

/// Calls per half hour; nothing where the file is not.
fn bank() -> Option<BTreeMap<Date, Vec<f64>>> {
    let samples = std::env::var_os("LIANBING_SAMPLES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let mut reader = csv::Reader::from_path(samples.join("wfm/bank_calls_5min.csv")).ok()?;
    let mut days: BTreeMap<Date, Vec<f64>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.ok()?;
        let start: DateTime = row.get(0)?.parse().ok()?;
        let minute = i32::from(start.hour()) * 60 + i32::from(start.minute()) - 420;
        let day = days.entry(start.date()).or_insert_with(|| vec![0.0; SLOTS]);
        if let Some(sum) = day.get_mut(usize::try_from(minute / 30).ok()?) {
            *sum += row.get(1)?.parse::<f64>().ok()?;
        }
    }
    Some(days)
}

fn rows<'a>(days: impl Iterator<Item = (&'a Date, &'a Vec<f64>)>) -> Vec<Observation> {
    days.flat_map(|(date, calls)| {
        calls.iter().zip(0_i8..).map(|(calls, slot)| Observation {
            start: date.at(7 + slot / 2, slot % 2 * 30, 0, 0),
            calls: *calls,
            aht_s: None,
        })
    })
    .collect()
}

#[test]
fn it_is_more_right_than_the_mean_of_four_weekdays() {
    let Some(days) = bank() else {
        eprintln!("skipped: the bank series is not here; LIANBING_SAMPLES names the folder that holds wfm/");
        return;
    };
    let calendar = Calendar::none();
    let (mut ours, mut plain) = (0.0, 0.0);
    for origin in [84, 104, 124] {
        let history = History::read(&rows(days.iter().take(origin)), &calendar).unwrap();
        let came = rows(days.iter().skip(origin).take(20));
        let wape = |method| {
            let ask = Ask { intervals: 21 * SLOTS, calendar: &calendar, events: &[], method };
            let said: BTreeMap<DateTime, f64> = forecast(&history, &ask)
                .unwrap()
                .intervals
                .into_iter()
                .map(|one| (one.start, one.calls.mean))
                .collect();
            let error: f64 = came.iter().map(|row| (said[&row.start] - row.calls).abs()).sum();
            error / came.iter().map(|row| row.calls).sum::<f64>()
        };
        ours += wape(None) / 3.0;
        plain += wape(Some(Method::LastFour)) / 3.0;
    }
    assert!(ours < 0.9 * plain && ours < 0.06, "{ours} against {plain}");
}
