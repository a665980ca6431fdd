//! `lianbing forecast`: a file of past intervals in, a file of intervals to come out. No server, no database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use forecast::{
    Ask, Calendar, CalendarFile, Candidate, Event, Forecast as Forecasted, ForecastError, History,
    IntervalForecast, Known, Note, Observation, by_analogy, forecast, reconcile,
};
use jiff::civil::DateTime;
use serde::Deserialize;

use super::files::{self, Out};
use super::{IN_PART, WRONG_USE, counted, tables};

/// The Chinese calendar that ships with the product.
const CN: &str = include_str!("../../../content/holidays/cn.toml");
/// Most bytes of a calendar or a file of events.
const FILE_MAX_BYTES: u64 = 4 << 20;
/// Rejected rows that are told one by one; the rest is counted.
const REJECTED_TOLD_MAX: usize = 20;
/// Queues that are named where one is not found; the rest is counted.
const QUEUES_TOLD_MAX: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "\
FILE.csv has the columns interval_start and calls, and may have aht_s (seconds) and queue, in UTF-8, UTF-16 or GBK, \
separated by commas, semicolons, tabs or bars. interval_start is local time, such as 2026-03-02T09:30:00 or \
2026/3/2 9:30; any regular interval length will do. An interval that comes again with the same values is taken once, \
one that comes again with others is added up. Opening hours and closed days are inferred. OUT.csv has \
interval_start,mean,lo80,hi80,lo95,hi95, with handling times aht_mean,aht_lo80,… and queue where the input has them; \
the queues are made to add up to the centre. A history that ends in the middle of a day updates the rest of that day, \
as far as such deviations lasted on earlier days. docs/forecast.md says more, and how the forecast becomes a requirement.

A calendar file is like content/holidays/cn.toml; `closed = [\"2026-05-04\"]` at its top closes single days. A file of \
events holds [[event]] with name, first, and optionally last (without it the effect stays) and factor (without it the \
effect is learned from earlier events of that name).

Example: lianbing forecast calls.csv --horizon 480 --out next.csv --holidays cn --report

Exit codes: 0 it worked · 1 it failed · 2 wrong use, or a file that cannot be used · 3 rows or queues were left out, or \
intervals came more than once; standard error says which.")]
pub(crate) struct Forecast {
    /// Past intervals; “-” is standard input
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
    /// A queue without history or with little, the queue whose shape it takes, and its share of that queue's calls; can be repeated
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

/// A queue that is like another: its name, the other's, and its share of the other's calls.
type Like = (String, String, f64);

/// What became of the queues.
#[derive(Default)]
struct Done {
    names: Vec<String>,
    forecasts: Vec<Forecasted>,
    /// Queues left out, and those with intervals that came more than once.
    in_part: usize,
}

pub(crate) fn run(args: &Forecast) -> anyhow::Result<ExitCode> {
    match prepared(args) {
        Ok((table, code, out)) => out.write(table.as_bytes()).map(|()| code),
        Err(error) => {
            eprintln!("lianbing: {error:#}");
            Ok(ExitCode::from(WRONG_USE))
        }
    }
}

/// The forecast as it is written; whatever goes wrong up to here, the command line or a file is the cause.
fn prepared(args: &Forecast) -> anyhow::Result<(String, ExitCode, Out)> {
    let most = forecast::limits::HORIZON_INTERVALS_MAX;
    anyhow::ensure!(
        (1..=most).contains(&args.horizon),
        "--horizon {}; ask for 1 to {most} intervals",
        args.horizon
    );
    let mut inputs = vec![args.file.as_path()];
    inputs.extend(args.events.as_deref());
    if !["cn", "none"].contains(&args.holidays.as_str()) {
        inputs.push(Path::new(&args.holidays));
    }
    let out = Out::new(&args.out, &inputs)?;
    let calendar = calendar(&args.holidays)?;
    let events = args.events.as_deref().map(events).transpose()?.unwrap_or_default();
    let like = args.like.iter().map(|text| analogy(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut input = read(&args.file)?;
    for (queue, ..) in &like {
        if let Some(rows) = input.queues.remove(queue) {
            let rows = counted(rows.len() as u64, "row");
            eprintln!("lianbing: the {rows} of queue \"{queue}\" are left aside: --like makes its forecast");
        }
    }
    let ask = Ask { intervals: args.horizon, calendar: &calendar, events: &events, method: None };
    let mut done = each(&input, &ask)?;
    // A queue that is like another is no part of the centre's history, so it is added after the queues agree.
    input.queues.retain(|queue, _| done.names.contains(queue));
    add_up(&input, &ask, &mut done.forecasts)?;
    for (queue, reference, share) in &like {
        let at = done.names.iter().position(|name| name == reference);
        let reference = at.and_then(|at| done.forecasts.get(at)).with_context(|| {
            format!(
                "--like {queue}={reference}: there is no forecast of \"{reference}\"; {}",
                queues(&done.names)
            )
        })?;
        let known = Known { share: Some(*share), seen: Vec::new() };
        let forecast = by_analogy(reference, &known).with_context(|| format!("--like {queue}"))?;
        done.forecasts.push(forecast);
        done.names.push(queue.clone());
    }
    anyhow::ensure!(!done.forecasts.is_empty(), "no queue could be forecast");
    for (name, forecast) in done.names.iter().zip(&done.forecasts) {
        if args.report {
            eprint!("{}", report(name, forecast));
        } else {
            eprint!("{}", notes(name, forecast));
        }
    }
    let has_queue = input.has_queue || !like.is_empty();
    let table = table(&done.names, &done.forecasts, has_queue, input.has_aht);
    let in_part = input.rejected + done.in_part > 0;
    Ok((table, if in_part { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS }, out))
}

/// Forecasts each queue by itself; of several, one that cannot be is told and left out.
fn each(input: &Input, ask: &Ask<'_>) -> anyhow::Result<Done> {
    let mut done = Done::default();
    for (queue, observations) in &input.queues {
        match History::read(observations, ask.calendar).and_then(|history| forecast(&history, ask)) {
            Ok(forecast) => {
                let came_again = |note: &Note| matches!(note, Note::Copied { .. } | Note::Repeated { .. });
                done.in_part += usize::from(forecast.notes.iter().any(came_again));
                done.names.push(queue.clone());
                done.forecasts.push(forecast);
            }
            Err(error) if input.queues.len() > 1 => {
                done.in_part += 1;
                let remedy = remedy(queue, &error);
                eprintln!("lianbing: queue \"{queue}\" is left out: {error}{remedy}");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}

/// The queues that have a forecast, in words.
fn queues(names: &[String]) -> String {
    let named: Vec<String> =
        names.iter().filter(|name| !name.is_empty()).map(|name| format!("\"{name}\"")).collect();
    let more = named.len().saturating_sub(QUEUES_TOLD_MAX);
    match named.get(..QUEUES_TOLD_MAX).unwrap_or(&named).join(", ") {
        none if none.is_empty() => "no queue of the table has one; name them in a column queue".to_owned(),
        first if more > 0 => format!("there are {first} and {more} more"),
        all => format!("there are {all}"),
    }
}

/// How a queue with too little history is forecast all the same.
fn remedy(queue: &str, error: &ForecastError) -> String {
    let is_short = matches!(
        error,
        ForecastError::NoHistory
            | ForecastError::OnlyZeros(_)
            | ForecastError::TooShort { .. }
            | ForecastError::NoIntervalLength(_)
    );
    if is_short {
        format!(": --like \"{queue}=REFERENCE:SHARE\", the share being a number such as 0.2")
    } else {
        String::new()
    }
}

/// Makes the queues agree with the centre, where there are several and all cover the same stretch.
fn add_up(input: &Input, ask: &Ask<'_>, forecasts: &mut [Forecasted]) -> anyhow::Result<()> {
    if forecasts.len() < 2 {
        return Ok(());
    }
    let mut sums: BTreeMap<DateTime, f64> = BTreeMap::new();
    for rows in input.queues.values() {
        let mut seen = BTreeSet::new();
        for row in rows {
            let aht = row.aht_s.map(f64::to_bits);
            // What overlapping exports give twice is one interval to the centre as it is to the queue.
            if seen.insert((row.start, row.calls.to_bits(), aht)) {
                *sums.entry(row.start).or_default() += row.calls;
            }
        }
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
        file => files::text(Path::new(file), FILE_MAX_BYTES)
            .with_context(|| format!("--holidays {file} cannot be read; give a file, cn or none"))?,
    };
    let file: CalendarFile = toml::from_str(&text).with_context(|| format!("--holidays {name}"))?;
    Ok(file.calendar()?)
}

fn events(file: &Path) -> anyhow::Result<Vec<Event>> {
    let text = files::text(file, FILE_MAX_BYTES)
        .with_context(|| format!("--events {} cannot be read", file.display()))?;
    let file: EventFile = toml::from_str(&text).with_context(|| format!("--events {}", file.display()))?;
    forecast::check_events(&file.events)?;
    Ok(file.events)
}

/// `QUEUE=REFERENCE:SHARE`.
fn analogy(text: &str) -> anyhow::Result<Like> {
    let help = || format!("--like {text}: write QUEUE=REFERENCE:SHARE, such as cloud=billing:0.2");
    let (queue, rest) = text.split_once('=').with_context(help)?;
    let (reference, share) = rest.rsplit_once(':').with_context(help)?;
    let share = share.parse().with_context(help)?;
    Ok((queue.trim().to_owned(), reference.trim().to_owned(), share))
}

/// Reads the file; rows that cannot be are told with their line and left out.
fn read(file: &Path) -> anyhow::Result<Input> {
    let mut table = tables::Table::open(file)?;
    let names = table.names();
    let shown = super::files::named(file);
    tables::check_columns(&names, &["interval_start", "calls"])
        .map_err(|reason| anyhow::anyhow!("{shown}: {reason}"))?;
    let column = |wanted: &str| names.iter().position(|name| name == wanted);
    let (start, calls) = (column("interval_start"), column("calls"));
    let (aht, queue) = (column("aht_s"), column("queue"));
    let mut input =
        Input { queues: BTreeMap::new(), has_queue: queue.is_some(), has_aht: aht.is_some(), rejected: 0 };
    while let Some(row) = table.next_row().with_context(|| format!("cannot read {shown}"))? {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                reject(&mut input.rejected, bad.line, &bad.reason);
                continue;
            }
        };
        let cell = |at: Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim());
        match observation(cell(start), cell(calls), cell(aht)) {
            Ok(observation) => input.queues.entry(cell(queue).to_owned()).or_default().push(observation),
            Err(reason) => reject(&mut input.rejected, row.line, &reason),
        }
    }
    if input.rejected > REJECTED_TOLD_MAX {
        eprintln!("… {} in all were left out", counted(input.rejected as u64, "row"));
    }
    anyhow::ensure!(!input.queues.is_empty(), "{shown} holds no interval that can be used");
    Ok(input)
}

fn reject(rejected: &mut usize, line: u64, reason: &str) {
    *rejected += 1;
    if *rejected <= REJECTED_TOLD_MAX {
        eprintln!("line {line}: {reason}; left out");
    }
}

fn observation(start: &str, calls: &str, aht: &str) -> Result<Observation, String> {
    let start = tables::civil(start).ok_or_else(|| {
        format!("interval_start \"{start}\" is no local time such as 2026-03-02T09:30:00 or 2026/3/2 9:30")
    })?;
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

/// Whether a planner must know it to use the forecast, though nothing in the history had to be repaired.
fn is_needed(note: &Note) -> bool {
    matches!(
        note,
        Note::Unlike { .. }
            | Note::Unusual { .. }
            | Note::Updated { .. }
            | Note::EventUnlearned { .. }
            | Note::EventInPart { .. }
            | Note::CalendarEnds { .. }
            | Note::UnseenHoliday { .. }
            | Note::NoBackTest { .. }
    )
}

/// What was done about the history, and what the forecast does not know, a line each.
fn notes(name: &str, forecast: &Forecasted) -> String {
    let queue = if name.is_empty() { String::new() } else { format!(" (queue {name})") };
    let mut text = String::new();
    for note in forecast.notes.iter().filter(|note| note.is_repair() || is_needed(note)) {
        let _ = writeln!(text, "note{queue}: {note}");
    }
    text
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
