//! A table of intervals: columns in, columns filled, bad rows told.

use std::{
    collections::HashMap,
    io::{BufWriter, Write, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use csv::WriterBuilder;
use staffing::limits::MOST_AT_ONCE;
use staffing::{Load, ServiceLevelDefinition, Target, evaluate, required_agents, scheduled};

use super::super::{
    IN_PART, WRONG_USE, counted,
    files::{Out, named},
    tables::{Bad, Row, Table, check_columns, civil},
};
use super::said::{share, value};
use super::{NO_PATIENCE, Question, doubt};

/// Most rows whose reason is told one by one; the others are counted.
const MOST_TOLD: u64 = 100;
/// Rows that are read before the first is written, to see how far apart they are: a fortnight of half-hours and more.
const ROWS_AHEAD: usize = 1_000;
/// Bytes of cells at which looking ahead ends, whatever the rows.
const BYTES_AHEAD: usize = 4 << 20;

/// What is filled in, in the order in which missing columns are added.
const FILLED: [&str; 11] = [
    "offered_erlangs",
    "agents",
    "agents_scheduled",
    "p_wait",
    "service_level",
    "sl_of_answered",
    "sl_incl_short_abandons",
    "asa_s",
    "mean_wait_all_s",
    "occupancy",
    "abandonment",
];

/// Columns that say what is wanted, or how many people there are.
const TARGETS: [&str; 3] = ["target_type", "max_occupancy", "agents"];
const NO_TARGET: &str = "say what is wanted, such as --sl 80/20, --asa 10 or --abandonment 3%, or give --agents; the table \
                         can say it too, in a column target_type, max_occupancy or agents";

/// Fills the table in `file` and writes it to `out`; `usual` stands in for what it does not say.
pub(crate) fn fill(file: &Path, out: &Path, usual: &Question) -> anyhow::Result<ExitCode> {
    let opened = Out::new(out, &[file]).and_then(|out| {
        let mut table = Table::open(file)?;
        let refused = |reason: String| anyhow::anyhow!("{}: {reason}", named(file));
        let columns = Columns::of(&table, usual).map_err(refused)?;
        let ahead = columns.look_ahead(&mut table)?;
        columns.check_distance(&ahead).map_err(refused)?;
        Ok((out, table, columns, ahead))
    });
    let (out, mut table, columns, ahead) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            eprintln!("lianbing: {error:#}");
            return Ok(ExitCode::from(WRONG_USE));
        }
    };
    let rejected = if out.is_standard() {
        pass(&mut table, ahead, &columns, stdout().lock())?
    } else {
        let mut filled = Vec::new();
        let rejected = pass(&mut table, ahead, &columns, &mut filled)?;
        out.write(&filled)?;
        rejected
    };
    Ok(if rejected > 0 { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS })
}

/// A row of the table, or why a line is none.
type Read = Result<Row, Bad>;

/// Reads, fills and writes row by row, first those read `ahead`; how many rows were rejected.
fn pass(
    table: &mut Table,
    ahead: Vec<Read>,
    columns: &Columns<'_>,
    output: impl Write,
) -> anyhow::Result<u64> {
    let mut output = BufWriter::new(output);
    if table.wants_mark() {
        output.write_all("\u{feff}".as_bytes())?;
    }
    let separator = u8::try_from(table.separator()).unwrap_or(b',');
    let mut writer = WriterBuilder::new().delimiter(separator).from_writer(output);
    writer.write_record(&columns.header)?;
    let (mut filled, mut rejected, mut doubted) = (0, 0, 0);
    let mut ahead = ahead.into_iter();
    loop {
        let row = match ahead.next() {
            Some(row) => Some(row),
            None => table.next_row().context("cannot read on")?,
        };
        let Some(row) = row else { break };
        let (line, done) = match row {
            Ok(row) => (row.line, columns.filled(row)),
            Err(bad) => (bad.line, Err(bad.reason)),
        };
        match done {
            Ok((record, doubt)) => {
                writer.write_record(&record)?;
                filled += 1;
                if let Some(doubt) = doubt {
                    doubted += 1;
                    if doubted <= MOST_TOLD {
                        eprintln!("line {line}: warning: {doubt}");
                    }
                }
            }
            Err(reason) => {
                rejected += 1;
                if rejected <= MOST_TOLD {
                    eprintln!("line {line}: {reason}");
                }
            }
        }
    }
    writer.flush()?;
    if doubted > MOST_TOLD {
        eprintln!("and {} more with a warning", counted(doubted - MOST_TOLD, "row"));
    }
    if rejected > MOST_TOLD {
        eprintln!("and {} more rejected", counted(rejected - MOST_TOLD, "row"));
    }
    eprintln!("{} filled, {rejected} rejected", counted(filled, "row"));
    Ok(rejected)
}

/// The cells of [`FILLED`].
type Results = [Option<String>; FILLED.len()];

/// Where in a row what is.
struct Columns<'u> {
    /// What stands in for columns that are missing and cells that are empty.
    usual: &'u Question,
    names: Vec<String>,
    /// The header of the filled table.
    header: Vec<String>,
    /// Place of each of [`FILLED`] in it.
    filled: [usize; FILLED.len()],
}

impl<'u> Columns<'u> {
    fn of(table: &Table, usual: &'u Question) -> Result<Self, String> {
        let own = table.names();
        let mut names = own.clone();
        let mut needed = vec!["calls"];
        needed.extend(usual.interval.is_none().then_some("interval_s"));
        needed.extend(usual.aht.is_none().then_some("aht_s"));
        // A forecast is a table of calls, too.
        for (name, forecast) in [("calls", "mean"), ("aht_s", "aht_mean")] {
            if !own.iter().any(|n| n == name)
                && let Some(other) = names.iter_mut().find(|n| *n == forecast)
            {
                name.clone_into(other);
                needed.retain(|wanted| *wanted != name);
            }
        }
        // What is quoted are the names as the file has them.
        check_columns(&own, &needed).map_err(|reason| {
            let flags = [("interval_s", "--interval 30m"), ("aht_s", "--aht 180")];
            let missing =
                flags.iter().filter(|(name, _)| needed.contains(name) && !names.iter().any(|n| n == name));
            let flags: Vec<&str> = missing.map(|(_, flag)| *flag).collect();
            if flags.is_empty() {
                reason
            } else {
                format!("{reason}; a flag can say it: {}", flags.join(" "))
            }
        })?;
        let says = |name: &&str| names.iter().any(|n| n == name);
        if usual.targets().is_empty() && usual.agents.is_none() && !TARGETS.iter().any(says) {
            return Err(NO_TARGET.to_owned());
        }
        let mut header = table.header().to_vec();
        let mut filled = [0; FILLED.len()];
        for (place, name) in filled.iter_mut().zip(FILLED) {
            *place = names.iter().position(|n| n == name).unwrap_or(header.len());
            if *place == header.len() {
                header.push(name.to_owned());
            }
        }
        Ok(Self { usual, names, header, filled })
    }

    /// Reads rows ahead where they can be compared with the length of the interval that a flag gives; none elsewhere.
    fn look_ahead(&self, table: &mut Table) -> anyhow::Result<Vec<Read>> {
        let (mut ahead, mut bytes) = (Vec::new(), 0);
        if self.usual.interval.is_none() || !self.names.iter().any(|name| name == "interval_start") {
            return Ok(ahead);
        }
        while ahead.len() < ROWS_AHEAD
            && bytes < BYTES_AHEAD
            && let Some(row) = table.next_row().context("cannot read on")?
        {
            bytes += row.as_ref().map_or(0, |row| row.cells.iter().map(String::len).sum());
            ahead.push(row);
        }
        Ok(ahead)
    }

    /// Refuses a flag for the length of the interval that is another than the rows are apart: the load of every row
    /// would be wrong by the same factor, which nobody sees in the result.
    fn check_distance(&self, ahead: &[Read]) -> Result<(), String> {
        let Some(interval_s) = self.usual.interval else { return Ok(()) };
        let mut least: Option<u64> = None;
        let mut before = HashMap::new();
        for row in ahead.iter().flatten().filter(|row| self.text(row, "interval_s").is_none()) {
            let Some(start) = self.text(row, "interval_start").and_then(civil) else { continue };
            let Some(other) = before.insert(self.text(row, "queue"), start) else { continue };
            let apart = start.duration_since(other).as_secs().unsigned_abs();
            // A night or a closed day lies between some rows; the least distance is the interval's.
            least = least.into_iter().chain((apart > 0).then_some(apart)).min();
        }
        match least {
            Some(apart) if (apart as f64 - interval_s).abs() > 0.5 => {
                let (apart, given) = (length(apart as f64), length(interval_s));
                Err(format!(
                    "by interval_start the rows are {apart} apart, and --interval says {given}: give --interval {apart}, \
                     or a column interval_s where rows do not follow each other"
                ))
            }
            _ => Ok(()),
        }
    }

    /// The text of a cell; nothing where the column is missing or the cell empty.
    fn text<'r>(&self, row: &'r Row, name: &str) -> Option<&'r str> {
        let cell = self.names.iter().position(|n| n == name).and_then(|place| row.cells.get(place));
        cell.map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn number(&self, row: &Row, name: &str) -> Result<Option<f64>, String> {
        self.text(row, name).map(value).transpose().map_err(|reason| format!("{name}: {reason}"))
    }

    fn share(&self, row: &Row, name: &str) -> Result<Option<f64>, String> {
        self.text(row, name).map(share).transpose().map_err(|reason| format!("{name}: {reason}"))
    }

    fn needed(&self, row: &Row, name: &str, usual: Option<f64>) -> Result<f64, String> {
        self.number(row, name)?.or(usual).ok_or_else(|| format!("{name} is empty: give a number"))
    }

    /// The row with its results, and what to think twice about.
    fn filled(&self, row: Row) -> Result<(Vec<String>, Option<String>), String> {
        let (results, doubt) = self.results(&row)?;
        let mut cells = row.cells;
        cells.resize(self.header.len(), String::new());
        for (place, result) in self.filled.iter().zip(results) {
            if let (Some(cell), Some(result)) = (cells.get_mut(*place), result) {
                *cell = result;
            }
        }
        Ok((cells, doubt))
    }

    /// The cells of [`FILLED`], nothing where a cell stays as it is, and what to think twice about.
    fn results(&self, row: &Row) -> Result<(Results, Option<String>), String> {
        let load = self.load(row)?;
        let (targets, threshold_s) = self.targets(row)?;
        let kind = match self.text(row, "kind").map(str::to_lowercase).as_deref() {
            Some("dimension") => Kind::Dimension,
            Some("evaluate") => Kind::Evaluate,
            Some(other) => return Err(format!("kind {other} is not known: write dimension or evaluate")),
            None if targets.is_empty() || self.usual.agents.is_some() => Kind::Evaluate,
            None => Kind::Dimension,
        };
        if load.patience_s().is_none()
            && targets.iter().any(|target| matches!(target, Target::Abandonment(_)))
        {
            return Err(format!("{NO_PATIENCE}: give patience_s, and no model C"));
        }
        let agents = match kind {
            Kind::Evaluate => self.needed(row, "agents", self.usual.agents)?,
            Kind::Dimension => required_agents(&load, &targets).map_err(|error| error.to_string())? as f64,
        };
        let shrinkage = self.share(row, "shrinkage")?.unwrap_or(self.usual.shrinkage);
        let people = scheduled(agents, shrinkage).map_err(|error| error.to_string())?;
        let outcome =
            evaluate(&load, agents, threshold_s.unwrap_or(0.0)).map_err(|error| error.to_string())?;
        // Without a threshold there is no service level to tell; an old figure must not stay behind.
        let level = |definition| {
            Some(threshold_s.map_or_else(String::new, |_| number(outcome.service_level_by(definition))))
        };
        let results = [
            Some(number(load.erlangs())),
            (matches!(kind, Kind::Dimension) || self.text(row, "agents").is_none()).then(|| number(agents)),
            Some(people.to_string()),
            Some(number(outcome.p_wait)),
            level(ServiceLevelDefinition::OfOffered),
            level(ServiceLevelDefinition::OfAnswered),
            level(ServiceLevelDefinition::ShortAbandonsGood),
            Some(number(outcome.asa_s)),
            Some(number(outcome.mean_wait_s)),
            Some(number(outcome.occupancy)),
            Some(number(outcome.abandonment)),
        ];
        Ok((results, doubt(&load, agents, &outcome)))
    }

    fn load(&self, row: &Row) -> Result<Load, String> {
        let patience_s = self.number(row, "patience_s")?.or(self.usual.patience);
        let patience_s = match (self.text(row, "model").map(str::to_lowercase).as_deref(), patience_s) {
            (Some("c"), _) => f64::INFINITY,
            (Some("a"), None) => {
                return Err("model A needs patience_s: give the mean patience in seconds".to_owned());
            }
            (Some("a") | None, patience_s) => patience_s.unwrap_or(f64::INFINITY),
            (Some(other), _) => return Err(format!("model {other} is not known: write C or A")),
        };
        let usual = self.usual;
        let again = self.share(row, "retrial_share")?.unwrap_or(usual.retrials);
        let after_s = self.number(row, "retrial_after_s")?.unwrap_or(usual.again_after);
        let at_once = self.at_once(row)?;
        let slowdown = self.share(row, "slowdown")?.unwrap_or(usual.slowdown);
        let calls = self.needed(row, "calls", None)?;
        let interval_s = self.needed(row, "interval_s", usual.interval)?;
        Load::new(calls, interval_s, self.needed(row, "aht_s", usual.aht)?)
            .and_then(|load| load.with_patience(patience_s))
            .and_then(|load| load.with_retrials(again, after_s))
            .and_then(|load| load.with_conversations_at_once(at_once, slowdown))
            .map_err(|error| error.to_string())
    }

    fn at_once(&self, row: &Row) -> Result<u32, String> {
        let Some(text) = self.text(row, "at_once") else { return Ok(self.usual.at_once.max(1)) };
        // A spreadsheet may write 3 as 3.0.
        let whole = text.strip_suffix(".0").unwrap_or(text);
        whole
            .parse()
            .map_err(|_| format!("at_once: “{text}” is not a whole number; give 1 to {MOST_AT_ONCE}"))
    }

    /// What is wanted, with the threshold of the service levels, seconds.
    fn targets(&self, row: &Row) -> Result<(Vec<Target>, Option<f64>), String> {
        let threshold_s = self.number(row, "target_seconds")?;
        let mut targets = Vec::new();
        if let Some(kind) = self.text(row, "target_type").map(str::to_lowercase) {
            let wanted =
                self.share(row, "target_value")?.ok_or("target_value is empty: give what is wanted")?;
            let level = |definition| {
                let threshold_s =
                    threshold_s.ok_or("target_seconds is empty: give the threshold, for example 20")?;
                Ok::<_, String>(Target::ServiceLevel { share: wanted, threshold_s, definition })
            };
            targets.push(match kind.as_str() {
                "sl" => level(ServiceLevelDefinition::OfOffered)?,
                "sl_of_answered" => level(ServiceLevelDefinition::OfAnswered)?,
                "sl_incl_short_abandons" => level(ServiceLevelDefinition::ShortAbandonsGood)?,
                "sl_excl_short_abandons" => level(ServiceLevelDefinition::ShortAbandonsExcluded)?,
                "asa" => Target::Asa(wanted),
                "abandon" => Target::Abandonment(wanted),
                "p_wait" => Target::ProbabilityOfWaiting(wanted),
                other => {
                    return Err(format!(
                        "target_type {other} is not known: write sl, sl_of_answered, sl_incl_short_abandons, \
                         sl_excl_short_abandons, asa, abandon or p_wait"
                    ));
                }
            });
        }
        targets.extend(self.share(row, "max_occupancy")?.map(Target::Occupancy));
        if targets.is_empty() {
            targets = self.usual.targets();
        }
        let usual_s = self.usual.sl.first().map(|(_, threshold_s)| *threshold_s);
        Ok((targets, threshold_s.or(usual_s)))
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Dimension,
    Evaluate,
}

/// A length of time as a flag takes it.
fn length(seconds: f64) -> String {
    if seconds % 60.0 == 0.0 { format!("{}m", seconds / 60.0) } else { format!("{seconds}s") }
}

/// A number that reads back as the same number, without a row of zeros.
fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::{Columns, Question, Table, pass};

    fn filled(table: &str) -> Result<(u64, String), String> {
        filled_with(table, &Question::default())
    }

    fn filled_with(table: &str, usual: &Question) -> Result<(u64, String), String> {
        let bytes = std::io::Cursor::new(table.as_bytes().to_vec());
        let mut table = Table::read(Box::new(bytes)).map_err(|error| error.to_string())?;
        let columns = Columns::of(&table, usual)?;
        let ahead = columns.look_ahead(&mut table).unwrap();
        columns.check_distance(&ahead)?;
        let mut out = Vec::new();
        let rejected = pass(&mut table, ahead, &columns, &mut out).unwrap();
        Ok((rejected, String::from_utf8(out).unwrap()))
    }

    #[test]
    fn a_table_is_filled_and_what_else_it_holds_carried_through() {
        let (rejected, out) = filled(
            "queue,calls,interval_s,aht_s,target_type,target_value,target_seconds,shrinkage,agents,note\n\
             宽带,100,1800,180,sl,80%,20,30%,,\"a, b\"\n",
        )
        .unwrap();
        assert_eq!(rejected, 0);
        let mut lines = out.lines();
        assert!(lines.next().unwrap().ends_with("agents,note,offered_erlangs,agents_scheduled,p_wait,service_level,sl_of_answered,sl_incl_short_abandons,asa_s,mean_wait_all_s,occupancy,abandonment"));
        assert!(
            lines
                .next()
                .unwrap()
                .starts_with("宽带,100,1800,180,sl,80%,20,30%,14,\"a, b\",10,20,0.174131933595")
        );
    }

    #[test]
    fn a_bad_row_does_not_stop_the_good_ones() {
        let (rejected, out) = filled(
            "calls,interval_s,aht_s,agents\n10,1800,180,3\n-1,1800,180,3\n10,1800,NaN,3\nten,1800,180,3\n10,1800\n10,1800,180,2\n",
        )
        .unwrap();
        assert_eq!(rejected, 4);
        assert_eq!(out.lines().count(), 3);
    }

    #[test]
    fn a_table_without_what_is_needed_is_refused() {
        let said = filled("calls,aht\n1,2\n").unwrap_err();
        assert!(said.contains("no columns interval_s, aht_s;"), "only what is missing: {said}");
        assert!(filled("").is_err());
        assert!(filled("calls,calls,interval_s,aht_s\n1,1,1800,2\n").is_err());
    }

    #[test]
    fn abandonment_without_patience_is_no_question() {
        let header = "calls,interval_s,aht_s,target_type,target_value,patience_s,model\n";
        let (rejected, out) =
            filled(&format!("{header}100,1800,180,abandon,3%,,\n100,1800,180,abandon,3%,90,C\n")).unwrap();
        assert_eq!((rejected, out.lines().count()), (2, 1));
        let (rejected, _) = filled(&format!("{header}100,1800,180,abandon,3%,90,\n")).unwrap();
        assert_eq!(rejected, 0);
    }

    #[test]
    fn flags_say_what_a_forecast_does_not() {
        let forecast = "interval_start,mean,lo80\n2026-11-23T09:00:00,100,90\n2026-11-23T09:30:00,0,0\n";
        let said = filled(forecast).unwrap_err();
        assert!(said.contains("--interval") && said.contains("--aht"), "{said}");
        let usual = Question {
            interval: Some(1_800.0),
            aht: Some(180.0),
            sl: vec![(0.8, 20.0)],
            shrinkage: 0.3,
            ..Question::default()
        };
        let (rejected, out) = filled_with(forecast, &usual).unwrap();
        assert_eq!(rejected, 0);
        let header = "interval_start,mean,lo80,offered_erlangs,agents,agents_scheduled,";
        assert!(out.starts_with(header), "the table's own names stay: {out}");
        assert!(out.contains("\n2026-11-23T09:00:00,100,90,10,14,20,0.1741"), "{out}");
        // A row's own words go before the flags.
        let own = "calls,aht_s,target_type,target_value,target_seconds\n100,90,,,\n100,,asa,60,\n";
        let (rejected, out) = filled_with(own, &usual).unwrap();
        assert_eq!(rejected, 0);
        let agents: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split(',').nth(6)).collect();
        assert_eq!(agents, ["8", "12"], "{out}");
        let (_, out) = filled_with(forecast, &Question { agents: Some(12.0), ..usual }).unwrap();
        assert!(out.contains(",10,12,18,"), "agents given are not looked for: {out}");
    }

    #[test]
    fn a_table_keeps_its_separator_and_its_mark() {
        let (_, out) = filled("\u{feff}calls;interval_s;aht_s;agents\n10;1800;180;3\n").unwrap();
        assert!(out.starts_with("\u{feff}calls;interval_s;aht_s;agents;offered_erlangs;"), "{out}");
    }

    #[test]
    fn a_table_without_a_target_is_refused_once() {
        let said = filled("calls,interval_s,aht_s\n10,1800,180\n20,1800,180\n").unwrap_err();
        assert!(said.contains("--sl 80/20") && said.contains("target_type"), "{said}");
        let agents = Question { agents: Some(3.0), ..Question::default() };
        assert_eq!(filled_with("calls,interval_s,aht_s\n10,1800,180\n", &agents).unwrap().0, 0);
        assert_eq!(filled("calls,interval_s,aht_s,max_occupancy\n10,1800,180,85%\n").unwrap().0, 0);
    }

    #[test]
    fn what_a_table_lacks_is_told_in_its_own_names() {
        let said = filled("interval_start,mean,aht_mean\n2026-11-23T09:00:00,100,180\n").unwrap_err();
        assert!(said.contains("no column interval_s;"), "{said}");
        assert!(said.contains("names: interval_start, mean, aht_mean"), "{said}");
    }

    #[test]
    fn a_length_that_the_rows_do_not_have_is_refused() {
        let half_hours = |interval_s| Question {
            interval: Some(interval_s),
            aht: Some(180.0),
            sl: vec![(0.8, 20.0)],
            ..Question::default()
        };
        let hourly = "interval_start,calls\n2026/11/23 9:00,100\n2026/11/23 10:00,90\n2026/11/24 9:00,80\n";
        let said = filled_with(hourly, &half_hours(1_800.0)).unwrap_err();
        assert!(said.contains("the rows are 60m apart") && said.contains("--interval says 30m"), "{said}");
        assert_eq!(filled_with(hourly, &half_hours(3_600.0)).unwrap().0, 0);
        assert!(filled_with(hourly, &half_hours(7_200.0)).is_err());
        // Each queue by itself: two that begin at other minutes are no quarters of an hour.
        let queues = "queue,interval_start,calls\na,2026-11-23T09:00:00,10\nb,2026-11-23T09:15:00,10\n\
                      a,2026-11-23T09:30:00,10\nb,2026-11-23T09:45:00,10\n";
        assert_eq!(filled_with(queues, &half_hours(1_800.0)).unwrap().0, 0);
        // A row's own length goes before the flag.
        let own =
            "interval_start,calls,interval_s\n2026-11-23T09:00:00,10,3600\n2026-11-23T10:00:00,9,3600\n";
        assert_eq!(filled_with(own, &half_hours(1_800.0)).unwrap().0, 0);
        // What is read ahead is filled once and in order.
        let row =
            |n: usize| format!("2026-11-{:02}T{:02}:{:02}:00,{n}\n", 1 + n / 48, n / 2 % 24, n % 2 * 30);
        let rows: Vec<String> = (0..super::ROWS_AHEAD + 10).map(row).collect();
        let long = format!("interval_start,calls\n{}", rows.concat());
        let (rejected, out) = filled_with(&long, &half_hours(1_800.0)).unwrap();
        assert_eq!((rejected, out.lines().count()), (0, super::ROWS_AHEAD + 11));
        assert!(out.lines().last().unwrap().contains(&format!(",{},", super::ROWS_AHEAD + 9)), "{out}");
    }
}
