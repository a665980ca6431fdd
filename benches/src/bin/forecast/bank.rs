//! The bank series: its split, five rolling origins, intervals, updates within the day.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Context, Result};
use forecast::{Ask, Calendar, Forecast, History, Method, Observation, forecast};
use jiff::civil::{Date, DateTime};

use super::Report;

/// Days of the split: the first are known, the rest is forecast in one go.
pub const TRAIN_DAYS: usize = 144;
pub const TEST_DAYS: usize = 20;
/// Rolling origins within the known days; the horizon is the test's.
pub const ORIGINS: [usize; 5] = [44, 64, 84, 104, 124];
/// Half-hours of a day.
pub const SLOTS: usize = 28;
/// Intervals asked for: four weeks and a day, so that a closed day does not shorten the stretch that is compared.
const ASKED: usize = 21 * SLOTS;

/// Calls per half hour, 07:00 to 21:00.
pub struct Bank {
    pub days: Vec<(Date, Vec<f64>)>,
}

impl Bank {
    /// Reads the series where it is at hand.
    pub fn load() -> Result<Option<Self>> {
        let Some(path) = benches::workforce::sample("bank_calls_5min.csv") else { return Ok(None) };
        let mut days: BTreeMap<Date, Vec<f64>> = BTreeMap::new();
        for row in csv::Reader::from_path(path)?.records() {
            let row = row?;
            let start: DateTime = row.get(0).context("a start")?.parse()?;
            let calls: f64 = row.get(1).context("calls")?.parse()?;
            let minute = usize::try_from(i32::from(start.hour()) * 60 + i32::from(start.minute()) - 420)?;
            if let Some(sum) =
                days.entry(start.date()).or_insert_with(|| vec![0.0; SLOTS]).get_mut(minute / 30)
            {
                *sum += calls;
            }
        }
        Ok(Some(Self { days: days.into_iter().collect() }))
    }

    /// The intervals of some days.
    pub fn observations(&self, days: std::ops::Range<usize>) -> Vec<Observation> {
        let days = self.days.iter().skip(days.start).take(days.len());
        days.flat_map(|(date, calls)| {
            calls.iter().zip(0_i8..).map(|(calls, slot)| Observation {
                start: date.at(7 + slot / 2, slot % 2 * 30, 0, 0),
                calls: *calls,
                aht_s: None,
            })
        })
        .collect()
    }

    /// The forecast made when only the first days were known.
    pub fn forecast(&self, known: usize) -> Result<Forecast> {
        self.forecast_by(known, None)
    }

    /// The same by one model.
    fn forecast_by(&self, known: usize, method: Option<Method>) -> Result<Forecast> {
        let calendar = Calendar::none();
        let history = History::read(&self.observations(0..known), &calendar)?;
        Ok(forecast(&history, &Ask { intervals: ASKED, calendar: &calendar, events: &[], method })?)
    }
}

/// Errors of one forecast.
#[derive(Default)]
pub struct Errors {
    pub absolute: f64,
    pub sum: f64,
    pub excess: f64,
    pub inside: [usize; 2],
    pub intervals: usize,
}

impl Errors {
    fn of(forecast: &Forecast, actual: &[Observation]) -> Result<Self> {
        let said: BTreeMap<DateTime, _> =
            forecast.intervals.iter().map(|one| (one.start, one.calls)).collect();
        let mut errors = Self::default();
        for row in actual {
            let said = said.get(&row.start).with_context(|| format!("{} was not forecast", row.start))?;
            errors.absolute += (said.mean - row.calls).abs();
            errors.excess += said.mean - row.calls;
            errors.sum += row.calls;
            errors.inside[0] += usize::from(said.lo80 <= row.calls && row.calls <= said.hi80);
            errors.inside[1] += usize::from(said.lo95 <= row.calls && row.calls <= said.hi95);
            errors.intervals += 1;
        }
        Ok(errors)
    }

    fn wape(&self) -> f64 {
        100.0 * self.absolute / self.sum
    }

    fn coverage(&self, which: usize) -> f64 {
        100.0 * self.inside[which] as f64 / self.intervals as f64
    }
}

pub fn measure(bank: &Bank, history_only: bool, report: &mut Report) -> Result<()> {
    println!("== the bank series, 30 minutes");
    each_model(bank)?;
    let mut all = Errors::default();
    let mut wapes = Vec::new();
    for origin in ORIGINS {
        let forecast = bank.forecast(origin)?;
        let errors = Errors::of(&forecast, &bank.observations(origin..origin + TEST_DAYS))?;
        println!(
            "origin {origin:>3}: WAPE {:.2} %, inside 80 %: {:.1} %, inside 95 %: {:.1} %; {}",
            errors.wape(),
            errors.coverage(0),
            errors.coverage(1),
            forecast.why
        );
        wapes.push(errors.wape());
        all.inside[0] += errors.inside[0];
        all.inside[1] += errors.inside[1];
        all.intervals += errors.intervals;
    }
    let mean = wapes.iter().sum::<f64>() / wapes.len() as f64;
    println!("five rolling origins within the first 144 days: WAPE {mean:.2} %");
    for (which, nominal) in [(0, 80.0), (1, 95.0)] {
        let covered = all.coverage(which);
        let met = f64::abs(covered - nominal) <= 5.0;
        report.line(
            &format!("five origins: inside the {nominal} % intervals"),
            &format!("{covered:.1} %"),
            "±5 points",
            met,
        );
    }
    updates(bank, &ORIGINS, "five origins", report)?;
    if !history_only {
        split(bank, report)?;
    }
    Ok(())
}

/// Every model alone at every origin: what the choice had to choose from.
fn each_model(bank: &Bank) -> Result<()> {
    println!("{:<40} WAPE at each of the five origins", "model");
    for method in Method::ALL {
        let mut shown = String::new();
        let mut sum = 0.0;
        for origin in ORIGINS {
            let forecast = bank.forecast_by(origin, Some(*method))?;
            let errors = Errors::of(&forecast, &bank.observations(origin..origin + TEST_DAYS))?;
            let _ = write!(shown, " {:>6.2}", errors.wape());
            sum += errors.wape();
        }
        println!("{:<40}{shown}   mean {:.2} %", method.title(), sum / ORIGINS.len() as f64);
    }
    Ok(())
}

/// Seconds that this thread has computed so far; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn split(bank: &Bank, report: &mut Report) -> Result<()> {
    let (started, busy) = (Instant::now(), cpu_seconds());
    let forecast = bank.forecast(TRAIN_DAYS)?;
    let (passed, seconds) = (started.elapsed().as_secs_f64(), cpu_seconds() - busy);
    println!("\nmodel | WAPE in the back-test of the first {TRAIN_DAYS} days | bias");
    for row in &forecast.table {
        let mark = if row.chosen { "  <- chosen" } else { "" };
        println!("{:<40} {:>6.2} % {:>+6.2} %{mark}", row.method.title(), 100.0 * row.wape, 100.0 * row.bias);
    }
    for note in &forecast.notes {
        println!("note: {note}");
    }
    let errors = Errors::of(&forecast, &bank.observations(TRAIN_DAYS..TRAIN_DAYS + TEST_DAYS))?;
    let wape = errors.wape();
    report.line("last 20 days in one go: WAPE", &format!("{wape:.2} %"), "≤ 6.0 %", wape <= 6.0);
    println!("bias {:+.2} %", 100.0 * errors.excess / errors.sum);
    let taken = if busy > 0.0 { seconds } else { passed };
    report.line("CPU time, all models compared", &format!("{taken:.3} s"), "< 1 s", taken < 1.0);
    println!("({passed:.3} s passed)");
    for (which, nominal) in [(0, 80.0), (1, 95.0)] {
        let covered = errors.coverage(which);
        let met = (covered - nominal).abs() <= 5.0;
        report.line(
            &format!("last 20 days: inside the {nominal} % intervals"),
            &format!("{covered:.1} %"),
            "±5 points",
            met,
        );
    }
    updates(bank, &[TRAIN_DAYS], "last 20 days", report)
}

/// The rest of each day, once the first hours are known, day by day against the forecast made at the origin.
fn updates(bank: &Bank, origins: &[usize], name: &str, report: &mut Report) -> Result<()> {
    for known in [2_usize, 4, 6, 8, 12] {
        let mut sums = [0.0; 4];
        let mut tested = (0.0, 0.0);
        for origin in origins {
            let forecast = bank.forecast(*origin)?;
            if let Some(test) = forecast.test_update(14 + known) {
                tested.0 += test.none;
                tested.1 += test.shrunk;
            }
            for (date, calls) in bank.days.iter().skip(*origin).take(TEST_DAYS) {
                one_day(&forecast, *date, calls, known, &mut sums)?;
            }
        }
        let of = |which: usize| 100.0 * sums[which] / sums[0];
        let shown = format!("{:.2} / {:.2} / {:.2}", of(3), of(1), of(2));
        report.line(
            &format!(
                "{name}: update at {:02}:{:02}: ours / none / plain ratio",
                7 + known / 2,
                known % 2 * 30
            ),
            &shown,
            "≤ none",
            of(3) <= of(1) + 1e-9,
        );
        let back_test = format!(
            "{:.2} / {:.2}",
            100.0 * tested.1 / origins.len() as f64,
            100.0 * tested.0 / origins.len() as f64
        );
        report.line(
            "  in the forecast's own back-test: ours / none",
            &back_test,
            "≤ none",
            tested.1 <= tested.0 + 1e-9,
        );
    }
    Ok(())
}

fn one_day(forecast: &Forecast, date: Date, calls: &[f64], known: usize, sums: &mut [f64; 4]) -> Result<()> {
    let start = |slot: usize| -> Result<DateTime> {
        let minutes = i8::try_from(slot % 2 * 30)?;
        Ok(date.at(i8::try_from(7 + slot / 2)?, minutes, 0, 0))
    };
    let seen = (0..known).map(|slot| Ok((start(slot)?, calls[slot]))).collect::<Result<Vec<_>>>()?;
    let plan: BTreeMap<DateTime, f64> = forecast
        .intervals
        .iter()
        .filter(|one| one.start.date() == date)
        .map(|one| (one.start, one.calls.mean))
        .collect();
    let planned: f64 = seen.iter().filter_map(|(start, _)| plan.get(start)).sum();
    let ratio = seen.iter().map(|(_, calls)| calls).sum::<f64>() / planned;
    for one in forecast.update(date, &seen)? {
        let slot =
            usize::try_from((i32::from(one.start.hour()) * 60 + i32::from(one.start.minute()) - 420) / 30)?;
        let (actual, none) = (calls[slot], plan.get(&one.start).copied().unwrap_or_default());
        sums[0] += actual;
        sums[1] += (none - actual).abs();
        sums[2] += (none * ratio - actual).abs();
        sums[3] += (one.calls.mean - actual).abs();
    }
    Ok(())
}
