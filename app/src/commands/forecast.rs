//! `lianbing forecast`: a file of past intervals in, a file of intervals to come out. No server, no database.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use forecast::{
    Ask, Calendar, CalendarFile, Candidate, Event, Forecast as Forecasted, History, IntervalForecast, Known,
    Observation, by_analogy, forecast, reconcile,
};
use jiff::civil::DateTime;
use serde::Deserialize;

use super::{IN_PART, WRONG_USE, counted, print};

/// The Chinese calendar that ships with the product.
const CN: &str = include_str!("../../../content/holidays/cn.toml");
/// Rejected rows that are told one by one; the rest is counted.
const REJECTED_TOLD_MAX: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "\
FILE.csv has the columns interval_start and calls, and may have aht_s (seconds) and queue. interval_start is local time, \
such as 2026-03-02T09:30:00; any regular interval length will do. Opening hours and closed days are inferred. OUT.csv has \
interval_start,mean,lo80,hi80,lo95,hi95, with handling times aht_mean,aht_lo80,… and queue where the input has them; \
the queues are made to add up to the centre.

A calendar file is like content/holidays/cn.toml; `closed = [\"2026-05-04\"]` at its top closes single days. A file of \
events holds [[event]] with name, first, and optionally last (without it the effect stays) and factor (without it the \
effect is learned from earlier events of that name).

Example: lianbing forecast calls.csv --horizon 480 --out next.csv --holidays cn --report

Exit codes: 0 it worked · 1 it failed · 2 wrong use · 3 some rows or queues were left out; standard error says which.")]
pub(crate) struct Forecast {
    /// Past intervals
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// How many open intervals to forecast, from the end of the history on (of each queue)
    #[arg(long, value_name = "N")]
    horizon: usize,
    /// Where to write the forecast; “-” is standard output
    #[arg(long, value_name = "OUT.csv")]
    out: PathBuf,
    /// Public holidays and make-up workdays: a file, “cn” for those of China, or “none”
    #[arg(long, value_name = "FILE|cn|none", default_value = "none")]
    holidays: String,
    /// Campaigns, price changes and the like, past and to come (TOML)
    #[arg(long, value_name = "FILE.toml")]
    events: Option<PathBuf>,
    /// A queue without history, the queue whose shape it takes, and its share of that queue's calls; can be repeated
    #[arg(long, value_name = "QUEUE=REFERENCE:SHARE")]
    like: Vec<String>,
    /// Prints the models compared, why one was chosen, and what was noticed in the history, to standard error
    #[arg(long)]
    report: bool,
}

/// A file of events.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    #[serde(default, rename = "event")]
    events: Vec<Event>,
}

/// What a file of intervals holds.
struct Input {
    queues: BTreeMap<String, Vec<Observation>>,
    has_queue: bool,
    has_aht: bool,
    rejected: usize,
}

pub(crate) fn run(args: &Forecast) -> anyhow::Result<ExitCode> {
    let wrong = |error: anyhow::Error| {
        eprintln!("lianbing: {error:#}");
        Ok(ExitCode::from(WRONG_USE))
    };
    if args.horizon == 0 {
        return wrong(anyhow::anyhow!("--horizon 0; ask for at least 1 interval"));
    }
    let calendar = match calendar(&args.holidays) {
        Ok(calendar) => calendar,
        Err(error) => return wrong(error),
    };
    let events = match args.events.as_deref().map(events).transpose() {
        Ok(events) => events.unwrap_or_default(),
        Err(error) => return wrong(error),
    };
    let like = match args.like.iter().map(|text| analogy(text)).collect::<anyhow::Result<Vec<_>>>() {
        Ok(like) => like,
        Err(error) => return wrong(error),
    };
    let input = read(&args.file)?;
    let ask = Ask { intervals: args.horizon, calendar: &calendar, events: &events, method: None };
    let (mut names, mut forecasts, mut failed) = (Vec::new(), Vec::new(), 0);
    for (queue, observations) in &input.queues {
        match one(observations, &ask) {
            Ok(forecast) => {
                names.push(queue.clone());
                forecasts.push(forecast);
            }
            Err(error) if input.queues.len() > 1 => {
                failed += 1;
                eprintln!("lianbing: queue \"{queue}\" is left out: {error:#}");
            }
            Err(error) => return Err(error),
        }
    }
    // A queue that is like another is no part of the centre's history, so it is added after the queues agree.
    add_up(&input, &ask, &mut forecasts)?;
    for (queue, reference, share) in &like {
        let at = names.iter().position(|name| name == reference);
        let Some(reference) = at.and_then(|at| forecasts.get(at)) else {
            return wrong(anyhow::anyhow!(
                "--like {queue}={reference}: there is no forecast of \"{reference}\""
            ));
        };
        let known = Known { share: Some(*share), seen: Vec::new() };
        forecasts.push(by_analogy(reference, &known)?);
        names.push(queue.clone());
    }
    if forecasts.is_empty() {
        bail!("no queue could be forecast");
    }
    if args.report {
        for (name, forecast) in names.iter().zip(&forecasts) {
            eprint!("{}", report(name, forecast));
        }
    }
    let table = table(&names, &forecasts, input.has_queue || !like.is_empty(), input.has_aht);
    if args.out == Path::new("-") {
        print(&table)?;
    } else {
        std::fs::write(&args.out, table).with_context(|| format!("cannot write {}", args.out.display()))?;
    }
    Ok(if input.rejected + failed > 0 { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS })
}

fn one(observations: &[Observation], ask: &Ask<'_>) -> anyhow::Result<Forecasted> {
    let history = History::read(observations, ask.calendar)?;
    Ok(forecast(&history, ask)?)
}

/// Makes the queues agree with the centre, where there are several and all cover the same stretch.
fn add_up(input: &Input, ask: &Ask<'_>, forecasts: &mut [Forecasted]) -> anyhow::Result<()> {
    if forecasts.len() < 2 {
        return Ok(());
    }
    let mut sums: BTreeMap<DateTime, f64> = BTreeMap::new();
    for row in input.queues.values().flatten() {
        *sums.entry(row.start).or_default() += row.calls;
    }
    let centre: Vec<Observation> =
        sums.into_iter().map(|(start, calls)| Observation { start, calls, aht_s: None }).collect();
    let history = History::read(&centre, ask.calendar)?;
    let mut centre = forecast(&history, ask)?;
    let starts = |at: fn(&[IntervalForecast]) -> Option<&IntervalForecast>| {
        forecasts.iter().filter_map(move |queue| at(&queue.intervals)).map(|one| one.start)
    };
    // Queues with other hours reach other days with as many intervals; the centre must reach the last of them.
    let mut more = *ask;
    while centre.intervals.last().map(|one| one.start) < starts(<[_]>::last).max()
        && more.intervals < 64 * ask.intervals
    {
        more.intervals *= 2;
        centre = forecast(&history, &more)?;
    }
    // Outside the stretch that all queues cover, the centre's forecast holds calls of queues that say nothing.
    let first = centre.intervals.first().map(|one| one.start);
    let from = starts(<[_]>::first).max().max(first).unwrap_or_default();
    let until = starts(<[_]>::last).min().unwrap_or_default();
    let mut parts: Vec<Forecasted> = forecasts.to_vec();
    for part in parts.iter_mut().chain(std::iter::once(&mut centre)) {
        part.intervals.retain(|one| (from..=until).contains(&one.start));
    }
    if let Err(error) = reconcile(&mut parts, &mut centre) {
        eprintln!("lianbing: the queues were not made to add up: {error}");
        return Ok(());
    }
    for (whole, part) in forecasts.iter_mut().zip(parts) {
        let before = whole.intervals.partition_point(|one| one.start < from);
        for (one, reconciled) in whole.intervals.iter_mut().skip(before).zip(part.intervals) {
            *one = reconciled;
        }
    }
    Ok(())
}

fn calendar(name: &str) -> anyhow::Result<Calendar> {
    let text = match name {
        "none" => return Ok(Calendar::none()),
        "cn" => CN.to_owned(),
        file => std::fs::read_to_string(file)
            .with_context(|| format!("--holidays {file} cannot be read; give a file, cn or none"))?,
    };
    let file: CalendarFile = toml::from_str(&text).with_context(|| format!("--holidays {name}"))?;
    Ok(file.calendar()?)
}

fn events(file: &Path) -> anyhow::Result<Vec<Event>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("--events {} cannot be read", file.display()))?;
    let file: EventFile = toml::from_str(&text).with_context(|| format!("--events {}", file.display()))?;
    forecast::check_events(&file.events)?;
    Ok(file.events)
}

/// `QUEUE=REFERENCE:SHARE`.
fn analogy(text: &str) -> anyhow::Result<(String, String, f64)> {
    let help = || format!("--like {text}: write QUEUE=REFERENCE:SHARE, such as cloud=billing:0.2");
    let (queue, rest) = text.split_once('=').with_context(help)?;
    let (reference, share) = rest.rsplit_once(':').with_context(help)?;
    let share = share.parse().with_context(help)?;
    Ok((queue.to_owned(), reference.to_owned(), share))
}

/// Reads the file; rows that cannot be are told with their line and left out.
fn read(file: &Path) -> anyhow::Result<Input> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let headers = reader.headers().with_context(|| format!("cannot read {}", file.display()))?.clone();
    let column = |name: &str| headers.iter().position(|held| held.trim_start_matches('\u{feff}') == name);
    let needed =
        |name: &str| column(name).with_context(|| format!("{} has no column {name}", file.display()));
    let (start, calls) = (needed("interval_start")?, needed("calls")?);
    let (aht, queue) = (column("aht_s"), column("queue"));
    let mut input =
        Input { queues: BTreeMap::new(), has_queue: queue.is_some(), has_aht: aht.is_some(), rejected: 0 };
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                reject(
                    &mut input.rejected,
                    error.position().map_or(0, csv::Position::line),
                    &error.to_string(),
                );
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default();
        match observation(cell(Some(start)), cell(Some(calls)), cell(aht)) {
            Ok(observation) => input.queues.entry(cell(queue).to_owned()).or_default().push(observation),
            Err(reason) => reject(&mut input.rejected, line, &reason),
        }
    }
    if input.rejected > REJECTED_TOLD_MAX {
        eprintln!("… {} in all were left out", counted(input.rejected as u64, "row"));
    }
    anyhow::ensure!(!input.queues.is_empty(), "{} holds no interval that can be used", file.display());
    Ok(input)
}

fn reject(rejected: &mut usize, line: u64, reason: &str) {
    *rejected += 1;
    if *rejected <= REJECTED_TOLD_MAX {
        eprintln!("line {line}: {reason}; left out");
    }
}

fn observation(start: &str, calls: &str, aht: &str) -> Result<Observation, String> {
    let start = civil(start)
        .ok_or_else(|| format!("interval_start \"{start}\" is no local time such as 2026-03-02T09:30:00"))?;
    let limit = forecast::limits::CALLS_MAX;
    let count: f64 = calls.parse().map_err(|_| format!("calls \"{calls}\" is no number"))?;
    if !(0.0..=limit).contains(&count) {
        return Err(format!("calls {calls} is not from 0 to {limit}"));
    }
    let aht_s = if aht.is_empty() {
        None
    } else {
        let seconds: f64 = aht.parse().map_err(|_| format!("aht_s \"{aht}\" is no number"))?;
        let limit = forecast::limits::AHT_S_MAX;
        if !(0.0..=limit).contains(&seconds) {
            return Err(format!("aht_s {aht} is not from 0 to {limit}"));
        }
        Some(seconds)
    };
    Ok(Observation { start, calls: count, aht_s })
}

/// Local civil time, with or without seconds, with a blank or a T; an offset from UTC is not wanted here and ignored.
fn civil(text: &str) -> Option<DateTime> {
    let text = text.replacen(' ', "T", 1);
    text.parse::<DateTime>().ok().or_else(|| {
        let (head, _) = text.split_at_checked("2026-03-02T09:30".len())?;
        head.parse().ok()
    })
}

fn table(names: &[String], forecasts: &[Forecasted], has_queue: bool, has_aht: bool) -> String {
    let mut text = String::new();
    let queue = if has_queue { ",queue" } else { "" };
    let aht = if has_aht { ",aht_mean,aht_lo80,aht_hi80,aht_lo95,aht_hi95" } else { "" };
    let _ = writeln!(text, "interval_start,mean,lo80,hi80,lo95,hi95{aht}{queue}");
    for (name, forecast) in names.iter().zip(forecasts) {
        for interval in &forecast.intervals {
            row(&mut text, interval, has_aht);
            if has_queue {
                let _ = write!(text, ",{}", quoted(name));
            }
            text.push('\n');
        }
    }
    text
}

fn row(text: &mut String, interval: &IntervalForecast, has_aht: bool) {
    let one = &interval.calls;
    let start = interval.start.strftime("%Y-%m-%dT%H:%M:%S");
    let _ = write!(
        text,
        "{start},{:.3},{:.3},{:.3},{:.3},{:.3}",
        one.mean, one.lo80, one.hi80, one.lo95, one.hi95
    );
    match (&interval.aht_s, has_aht) {
        (Some(one), true) => {
            let _ = write!(
                text,
                ",{:.1},{:.1},{:.1},{:.1},{:.1}",
                one.mean, one.lo80, one.hi80, one.lo95, one.hi95
            );
        }
        (None, true) => text.push_str(",,,,,"),
        (_, false) => {}
    }
}

/// A name as a cell: quoted where it must be, and never a formula to a spreadsheet.
fn quoted(name: &str) -> String {
    let name = if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() };
    if name.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name }
}

fn report(name: &str, forecast: &Forecasted) -> String {
    let mut text = String::new();
    let queue = if name.is_empty() { String::new() } else { format!(" of queue {name}") };
    let mut tell = |title: &str, table: &[Candidate]| {
        if table.is_empty() {
            return;
        }
        let _ = writeln!(text, "{title}{queue}, tried on the history:");
        let _ = writeln!(
            text,
            "  {:<42} {:>8} {:>8}   WAPE at each origin, the latest first",
            "model", "WAPE", "bias"
        );
        for row in table {
            let origins: Vec<String> =
                row.by_origin.iter().map(|wape| format!("{:.1}", 100.0 * wape)).collect();
            let _ = writeln!(
                text,
                "{} {:<42} {:>6.2} % {:>+6.2} %   {}",
                if row.chosen { "*" } else { " " },
                row.method.title(),
                100.0 * row.wape,
                100.0 * row.bias,
                origins.join(" ")
            );
        }
    };
    tell("calls", &forecast.table);
    tell("handling times", &forecast.aht_table);
    let _ = writeln!(text, "chosen: {}", forecast.why);
    for note in &forecast.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}
