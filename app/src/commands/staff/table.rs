//! A table of intervals: columns in, columns filled, bad rows told.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use csv::{ByteRecord, ReaderBuilder, WriterBuilder};
use staffing::limits::MOST_AT_ONCE;
use staffing::{Load, ServiceLevelDefinition, Target, evaluate, required_agents, scheduled};

use super::super::{IN_PART, WRONG_USE, counted};
use super::said::{share, value};

/// Most bytes that are read: ten million rows of a hundred bytes.
const FILE_MAX_BYTES: u64 = 1 << 30;
/// Most rows whose reason is told one by one; the others are counted.
const MOST_TOLD: u64 = 100;

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

/// Fills the table in `file` and writes it to `out`.
pub(crate) fn fill(file: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let is_dash = |path: &Path| path == Path::new("-");
    let input: Box<dyn Read> = if is_dash(file) {
        Box::new(stdin().lock())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let input = BufReader::new(input.take(FILE_MAX_BYTES));
    if is_dash(out) {
        return Ok(pass(input, stdout().lock())?.code());
    }
    // Not into the file itself: it may be the input, and half a table is worse than the old one.
    let part = PathBuf::from(format!("{}.part", out.display()));
    let written = File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
    let passed = pass(input, written);
    let kept = match &passed {
        Ok(Passed::Filled { .. }) => {
            fs::rename(&part, out).with_context(|| format!("cannot write {}", out.display()))
        }
        _ => fs::remove_file(&part).with_context(|| format!("cannot remove {}", part.display())),
    };
    let passed = passed?;
    kept?;
    Ok(passed.code())
}

/// What became of a table.
#[derive(Debug, PartialEq)]
enum Passed {
    /// It has no usable header; the reason was told.
    NoTable,
    Filled {
        rejected: u64,
    },
}

impl Passed {
    fn code(&self) -> ExitCode {
        match self {
            Self::NoTable => ExitCode::from(WRONG_USE),
            Self::Filled { rejected: 0 } => ExitCode::SUCCESS,
            Self::Filled { .. } => ExitCode::from(IN_PART),
        }
    }
}

/// Reads, fills and writes row by row, so that a table may be longer than memory.
fn pass(input: impl Read, output: impl Write) -> anyhow::Result<Passed> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let columns = match Columns::of(reader.byte_headers().context("cannot read the header")?) {
        Ok(columns) => columns,
        Err(reason) => {
            eprintln!("lianbing: {reason}");
            return Ok(Passed::NoTable);
        }
    };
    let mut writer = WriterBuilder::new().from_writer(BufWriter::new(output));
    writer.write_byte_record(&columns.header)?;
    let (mut row, mut filled, mut rejected) = (ByteRecord::new(), 0, 0);
    while reader.read_byte_record(&mut row).context("cannot read on")? {
        match columns.filled(&row) {
            Ok(record) => {
                writer.write_byte_record(&record)?;
                filled += 1;
            }
            Err(reason) => {
                rejected += 1;
                if rejected <= MOST_TOLD {
                    eprintln!("line {}: {reason}", row.position().map_or(0, csv::Position::line));
                }
            }
        }
    }
    writer.flush()?;
    if rejected > MOST_TOLD {
        eprintln!("and {} more rejected", counted(rejected - MOST_TOLD, "row"));
    }
    eprintln!("{} filled, {rejected} rejected", counted(filled, "row"));
    Ok(Passed::Filled { rejected })
}

/// Where in a row what is.
struct Columns {
    names: Vec<String>,
    /// The header of the filled table.
    header: ByteRecord,
    /// Place of each of [`FILLED`] in it.
    filled: [usize; FILLED.len()],
}

impl Columns {
    fn of(header: &ByteRecord) -> Result<Self, String> {
        let plain = |cell: &[u8]| {
            let text = String::from_utf8_lossy(cell);
            text.trim_start_matches('\u{feff}').trim().to_lowercase()
        };
        let names: Vec<String> = header.iter().map(plain).collect();
        let known = ["calls", "interval_s", "aht_s"];
        let missing: Vec<&str> = known.into_iter().filter(|name| !names.iter().any(|n| n == name)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "the table has no column {}; its first line must name them",
                missing.join(", ")
            ));
        }
        if let Some(name) =
            names.iter().find(|name| !name.is_empty() && names.iter().filter(|n| n == name).count() > 1)
        {
            return Err(format!("the table has two columns {name}: rename one"));
        }
        let mut header: ByteRecord = header.iter().collect();
        let mut filled = [0; FILLED.len()];
        for (place, name) in filled.iter_mut().zip(FILLED) {
            *place = names.iter().position(|n| n == name).unwrap_or(header.len());
            if *place == header.len() {
                header.push_field(name.as_bytes());
            }
        }
        Ok(Self { names, header, filled })
    }

    /// The text of a cell; nothing where the column is missing or the cell empty.
    fn text<'r>(&self, row: &'r ByteRecord, name: &str) -> Result<Option<&'r str>, String> {
        let cell = self.names.iter().position(|n| n == name).and_then(|place| row.get(place));
        let text = cell.map(std::str::from_utf8).transpose().map_err(|_| format!("{name} is not UTF-8"))?;
        Ok(text.map(str::trim).filter(|text| !text.is_empty()))
    }

    fn number(&self, row: &ByteRecord, name: &str) -> Result<Option<f64>, String> {
        self.text(row, name)?.map(value).transpose().map_err(|reason| format!("{name}: {reason}"))
    }

    fn share(&self, row: &ByteRecord, name: &str) -> Result<Option<f64>, String> {
        self.text(row, name)?.map(share).transpose().map_err(|reason| format!("{name}: {reason}"))
    }

    fn needed(&self, row: &ByteRecord, name: &str) -> Result<f64, String> {
        self.number(row, name)?.ok_or_else(|| format!("{name} is empty: give a number"))
    }

    /// The row with its results.
    fn filled(&self, row: &ByteRecord) -> Result<ByteRecord, String> {
        if row.len() != self.names.len() {
            return Err(format!("{} cells where the header has {}", row.len(), self.names.len()));
        }
        let results = self.results(row)?;
        let mut cells: Vec<&[u8]> = row.iter().collect();
        cells.resize(self.header.len(), b"");
        for (place, result) in self.filled.iter().zip(&results) {
            if let (Some(cell), Some(result)) = (cells.get_mut(*place), result) {
                *cell = result.as_bytes();
            }
        }
        Ok(ByteRecord::from(cells))
    }

    /// The cells of [`FILLED`]; nothing where a cell stays as it is.
    fn results(&self, row: &ByteRecord) -> Result<[Option<String>; FILLED.len()], String> {
        let load = self.load(row)?;
        let (targets, threshold_s) = self.targets(row)?;
        let kind = match self.text(row, "kind")?.map(str::to_lowercase).as_deref() {
            Some("dimension") => Kind::Dimension,
            Some("evaluate") => Kind::Evaluate,
            Some(other) => return Err(format!("kind {other} is not known: write dimension or evaluate")),
            None if targets.is_empty() => Kind::Evaluate,
            None => Kind::Dimension,
        };
        let agents = match kind {
            Kind::Evaluate => self.needed(row, "agents")?,
            Kind::Dimension => required_agents(&load, &targets).map_err(|error| error.to_string())? as f64,
        };
        let shrinkage = self.share(row, "shrinkage")?.unwrap_or(0.0);
        let people = scheduled(agents, shrinkage).map_err(|error| error.to_string())?;
        let outcome =
            evaluate(&load, agents, threshold_s.unwrap_or(0.0)).map_err(|error| error.to_string())?;
        // Without a threshold there is no service level to tell; an old figure must not stay behind.
        let level = |definition| {
            Some(threshold_s.map_or_else(String::new, |_| number(outcome.service_level_by(definition))))
        };
        Ok([
            Some(number(load.erlangs())),
            matches!(kind, Kind::Dimension).then(|| number(agents)),
            Some(people.to_string()),
            Some(number(outcome.p_wait)),
            level(ServiceLevelDefinition::OfOffered),
            level(ServiceLevelDefinition::OfAnswered),
            level(ServiceLevelDefinition::ShortAbandonsGood),
            Some(number(outcome.asa_s)),
            Some(number(outcome.mean_wait_s)),
            Some(number(outcome.occupancy)),
            Some(number(outcome.abandonment)),
        ])
    }

    fn load(&self, row: &ByteRecord) -> Result<Load, String> {
        let patience_s = self.number(row, "patience_s")?;
        let patience_s = match (self.text(row, "model")?.map(str::to_lowercase).as_deref(), patience_s) {
            (Some("c"), _) => f64::INFINITY,
            (Some("a"), None) => {
                return Err("model A needs patience_s: give the mean patience in seconds".to_owned());
            }
            (Some("a") | None, patience_s) => patience_s.unwrap_or(f64::INFINITY),
            (Some(other), _) => return Err(format!("model {other} is not known: write C or A")),
        };
        let again = self.share(row, "retrial_share")?.unwrap_or(0.0);
        let after_s = self.number(row, "retrial_after_s")?.unwrap_or(0.0);
        let at_once = self.at_once(row)?;
        let slowdown = self.share(row, "slowdown")?.unwrap_or(0.0);
        Load::new(self.needed(row, "calls")?, self.needed(row, "interval_s")?, self.needed(row, "aht_s")?)
            .and_then(|load| load.with_patience(patience_s))
            .and_then(|load| load.with_retrials(again, after_s))
            .and_then(|load| load.with_conversations_at_once(at_once, slowdown))
            .map_err(|error| error.to_string())
    }

    fn at_once(&self, row: &ByteRecord) -> Result<u32, String> {
        let text = self.text(row, "at_once")?.unwrap_or("1");
        // A spreadsheet may write 3 as 3.0.
        let whole = text.strip_suffix(".0").unwrap_or(text);
        whole
            .parse()
            .map_err(|_| format!("at_once: “{text}” is not a whole number; give 1 to {MOST_AT_ONCE}"))
    }

    /// What is wanted, with the threshold of the service levels, seconds.
    fn targets(&self, row: &ByteRecord) -> Result<(Vec<Target>, Option<f64>), String> {
        let threshold_s = self.number(row, "target_seconds")?;
        let mut targets = Vec::new();
        if let Some(kind) = self.text(row, "target_type")?.map(str::to_lowercase) {
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
                "asa" => Target::Asa(wanted),
                "abandon" => Target::Abandonment(wanted),
                "p_wait" => Target::ProbabilityOfWaiting(wanted),
                other => {
                    return Err(format!(
                        "target_type {other} is not known: write sl, asa, abandon or p_wait"
                    ));
                }
            });
        }
        targets.extend(self.share(row, "max_occupancy")?.map(Target::Occupancy));
        Ok((targets, threshold_s))
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Dimension,
    Evaluate,
}

/// A number that reads back as the same number, without a row of zeros.
fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::{Passed, pass};

    fn filled(table: &str) -> (Passed, String) {
        let mut out = Vec::new();
        let passed = pass(table.as_bytes(), &mut out).unwrap();
        (passed, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_table_is_filled_and_what_else_it_holds_carried_through() {
        let (passed, out) = filled(
            "queue,calls,interval_s,aht_s,target_type,target_value,target_seconds,shrinkage,agents,note\n\
             宽带,100,1800,180,sl,80%,20,30%,,\"a, b\"\n",
        );
        assert_eq!(passed, Passed::Filled { rejected: 0 });
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
        let (passed, out) = filled(
            "calls,interval_s,aht_s,agents\n10,1800,180,3\n-1,1800,180,3\n10,1800,NaN,3\nten,1800,180,3\n10,1800\n10,1800,180,2\n",
        );
        assert_eq!(passed, Passed::Filled { rejected: 4 });
        assert_eq!(out.lines().count(), 3);
    }

    #[test]
    fn a_table_without_what_is_needed_is_refused() {
        assert_eq!(filled("calls,aht\n1,2\n").0, Passed::NoTable);
        assert_eq!(filled("").0, Passed::NoTable);
        assert_eq!(filled("calls,calls,interval_s,aht_s\n1,1,1800,2\n").0, Passed::NoTable);
    }
}
