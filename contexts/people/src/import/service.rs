//! Letting a file of people in: everything in one transaction, good rows in, bad rows told.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use ::store::Tx;
use audit::By;
use intake::charset::Charset;
use intake::person::table::{BYTES_MAX, Misquoted, Row};
use intake::person::{CellFault, Column, Fault, Mapping, PersonRecord, Table, parse};
use jiff::civil::Date;
use kernel::{Day, PersonId, UnitId};
use messages::{Lang, Text};
use serde::{Deserialize, Serialize};

use crate::ensure::Work;
use crate::error::{Invalid, PeopleError, Result};
use crate::import::UploadId;
use crate::import::said::{self, CellError};
use crate::import::store::{self, Upload};
use crate::membership::rules::{BEGINNING, end_on, move_to, unit_on};
use crate::membership::{Membership, TeamRole, store as memberships};
use crate::person::{Person, store as people};
use crate::service::People;
use crate::texts;

/// Seconds for which a file is kept between being brought and being let in.
const UPLOAD_KEPT_SECONDS: i64 = 86_400;
/// Rows whose changes a report spells out: what fits a page that somebody reads. All are counted.
pub const SPELLED_OUT_MAX: usize = 200;
/// Numbers asked for in one statement.
const NUMBERS_AT_ONCE: usize = 1_000;

/// How a file is let in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// Only says what would happen.
    pub dry_run: bool,
}

/// What happens to a good row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    /// A new person.
    Added,
    /// A person known by the number, with something different.
    Updated,
    /// Everything in the row is stored already.
    Unchanged,
}

/// A good row and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRow {
    /// The line of the file.
    pub line: u64,
    /// What it says.
    pub record: PersonRecord,
    /// What happens.
    pub change: RowChange,
}

/// A bad row and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// The line of the file.
    pub line: u64,
    /// Its cells as written.
    pub cells: Vec<String>,
    /// What is wrong with which column.
    pub errors: Vec<CellError>,
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// New people.
    pub added: u64,
    /// People with something different.
    pub updated: u64,
    /// Rows that say what is stored already.
    pub unchanged: u64,
    /// Rows that could not be let in.
    pub rejected: u64,
    /// Sites and teams that were made.
    pub units_made: u64,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How its bytes spelled characters.
    pub charset: Charset,
    /// What separated its cells.
    pub delimiter: char,
    /// Its headings.
    pub header: Vec<String>,
    /// What each column was taken for.
    pub mapping: Mapping,
    /// How many rows came to what.
    pub counts: Counts,
    /// The first [`SPELLED_OUT_MAX`] good rows.
    pub rows: Vec<ImportedRow>,
    /// All bad rows.
    pub rejected: Vec<RejectedRow>,
    /// The names of the sites and teams that were made.
    pub units_made: Vec<String>,
}

impl Report {
    /// The bad rows as a file one can mend and bring again: the columns as they were, then line and reason.
    /// UTF-8 with a byte order mark; cells that a spreadsheet would run are led by an apostrophe.
    pub fn rejected_csv(&self, lang: Lang) -> Vec<u8> {
        let say = |text: Text| text.get(lang).to_owned();
        let mut out = "\u{FEFF}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(&mut out);
        let width = self.header.len();
        let guarded = |cell: &String| ui::without_formula(cell);
        let record = |cells: &[String], more: [String; 2]| {
            let padded = cells
                .iter()
                .map(guarded)
                .chain(std::iter::repeat_with(String::new))
                .take(width.max(cells.len()));
            padded.chain(more).collect::<Vec<_>>()
        };
        // Writing to memory cannot fail, and ragged rows are allowed.
        let _ = writer.write_record(record(&self.header, [say(texts::line()), say(texts::reason())]));
        for row in &self.rejected {
            let reasons: Vec<String> = row
                .errors
                .iter()
                .map(|error| {
                    let column = said::label(error.column);
                    say(texts::cell_error(&column.zh, &column.en, &error.reason.zh, &error.reason.en))
                })
                .collect();
            let _ = writer.write_record(record(&row.cells, [row.line.to_string(), reasons.join(" ")]));
        }
        let _ = writer.flush();
        drop(writer);
        out
    }
}

impl People {
    /// Lets people in from CSV. A row is known by its employee number: the same row again changes nothing, a
    /// different one updates, a blank cell leaves what is stored. Sites and teams that nobody knows are made.
    /// Bad rows are told and left out; the good ones go in together, in one transaction.
    ///
    /// Without a mapping the headings are guessed.
    ///
    /// # Errors
    /// The file is no table (field `file`), the mapping lacks a column (field `mapping`), or the store's.
    pub async fn import_people(
        &self,
        by: &By,
        reader: impl Read,
        mapping: Option<&Mapping>,
        options: &ImportOptions,
    ) -> Result<Report> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        reader
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| Invalid::one("file", texts::file_unreadable(&error.to_string())))?;
        self.import_bytes(by, &bytes, mapping, options).await
    }

    /// [`People::import_people`] from bytes that are all there.
    ///
    /// # Errors
    /// As there.
    pub async fn import_bytes(
        &self,
        by: &By,
        bytes: &[u8],
        mapping: Option<&Mapping>,
        options: &ImportOptions,
    ) -> Result<Report> {
        let table = Table::read(bytes).map_err(|error| Invalid::one("file", said::table(&error)))?;
        let mapping = mapping.cloned().unwrap_or_else(|| Mapping::guess(&table.header));
        said::check(&mapping)?;
        let mut report = Report {
            charset: table.charset,
            delimiter: table.delimiter,
            header: table.header,
            mapping,
            counts: Counts::default(),
            rows: Vec::new(),
            rejected: Vec::new(),
            units_made: Vec::new(),
        };
        let good = sort_out(&mut report, table.rows, table.misquoted);
        let today = self.today().await?;
        let tx = self.begin(by, "people.imported").await?;
        let mut import = Import::new(&tx, &good, today).await?;
        for (line, record) in good {
            let change = match import.take(&record).await? {
                Ok(change) => change,
                Err(error) => {
                    report.rejected.push(RejectedRow {
                        line,
                        cells: as_written(&record, &report.mapping),
                        errors: vec![error],
                    });
                    continue;
                }
            };
            match change {
                RowChange::Added => report.counts.added += 1,
                RowChange::Updated => report.counts.updated += 1,
                RowChange::Unchanged => report.counts.unchanged += 1,
            }
            if report.rows.len() < SPELLED_OUT_MAX {
                report.rows.push(ImportedRow { line, record, change });
            }
        }
        report.units_made = import.finish().await?;
        report.rejected.sort_by_key(|row| row.line);
        report.counts.rejected = report.rejected.len() as u64;
        report.counts.units_made = report.units_made.len() as u64;
        if !options.dry_run && report.counts.added + report.counts.updated > 0 {
            self.finish(tx).await?;
        }
        Ok(report)
    }

    /// Keeps a file for looking at it before it is let in; files of yesterday go.
    ///
    /// # Errors
    /// The file is no table, or the store's.
    pub(crate) async fn keep_upload(&self, by: &By, file_name: &str, content: &[u8]) -> Result<UploadId> {
        Table::read(content).map_err(|error| Invalid::one("file", said::table(&error)))?;
        let tx = self.db().bookkeeping().await?;
        store::remove_older(&tx, tx.env().now().plus_seconds(-UPLOAD_KEPT_SECONDS)).await?;
        let id = tx.env().id();
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(120).collect();
        store::insert(&tx, by.account, id, &name, content).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(crate) async fn upload(&self, by: &By, id: UploadId) -> Result<Upload> {
        store::find(self.db(), by.account, id).await?.ok_or(PeopleError::NotFound)
    }

    pub(crate) async fn settle_upload(&self, id: UploadId, counts: &Counts, rejected: &[u8]) -> Result<()> {
        let tx = self.db().bookkeeping().await?;
        store::settle(&tx, id, &serde_json::to_string(counts).unwrap_or_default(), rejected).await?;
        Ok(tx.commit().await?)
    }
}

/// Good rows with their lines; bad ones go to the report. A number that comes twice is good the first time.
fn sort_out(report: &mut Report, rows: Vec<Row>, misquoted: Vec<Misquoted>) -> Vec<(u64, PersonRecord)> {
    for Misquoted { line, cell, text } in misquoted {
        // A cell of a column that is left out spoils its row all the same; the row is told by its number.
        let column = report.mapping.0.get(cell).copied().flatten().unwrap_or(Column::Number);
        let errors = vec![CellFault { column, fault: Fault::Misquoted }.into()];
        report.rejected.push(RejectedRow { line, cells: vec![text], errors });
    }
    let mut good = Vec::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    for Row { line, cells } in rows {
        match parse(&cells, &report.mapping) {
            Err(faults) => {
                let errors = faults.into_iter().map(CellError::from).collect();
                report.rejected.push(RejectedRow { line, cells, errors });
            }
            Ok(record) => {
                if let Some(first) = seen.get(&record.number) {
                    let reason = texts::number_twice(&record.number, *first);
                    let errors = vec![CellError { column: Column::Number, reason }];
                    report.rejected.push(RejectedRow { line, cells, errors });
                } else {
                    seen.insert(record.number.clone(), line);
                    good.push((line, record));
                }
            }
        }
    }
    good
}

/// A record in the columns it came from.
fn as_written(record: &PersonRecord, mapping: &Mapping) -> Vec<String> {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let words = |words: &Option<String>| words.clone().unwrap_or_default();
    let cell = |column: &Option<Column>| match column {
        None => String::new(),
        Some(Column::Number) => record.number.clone(),
        Some(Column::Name) => record.name.clone(),
        Some(Column::Site) => words(&record.site),
        Some(Column::Team) => words(&record.team),
        Some(Column::Role) => if record.leads { "leader" } else { "" }.to_owned(),
        Some(Column::Since) => day(record.since),
        Some(Column::EmployedFrom) => day(record.employed_from),
        Some(Column::EmployedTo) => day(record.employed_to),
        Some(Column::LeavingReason) => words(&record.leaving_reason),
    };
    mapping.0.iter().map(cell).collect()
}

/// A file being let in.
struct Import<'a> {
    tx: &'a Tx,
    today: Day,
    units: Work<'a>,
    units_before: BTreeSet<UnitId>,
    known: HashMap<String, Person>,
    held: HashMap<PersonId, Vec<Membership>>,
    new_people: Vec<Person>,
    new_memberships: Vec<Membership>,
}

impl<'a> Import<'a> {
    async fn new(tx: &'a Tx, good: &[(u64, PersonRecord)], today: Day) -> Result<Import<'a>> {
        let mut known = HashMap::new();
        let numbers: Vec<String> = good.iter().map(|(_, record)| record.number.clone()).collect();
        for some in numbers.chunks(NUMBERS_AT_ONCE) {
            let found = people::by_numbers(tx, some.to_vec()).await?;
            known.extend(found.into_iter().map(|person| (person.number.clone(), person)));
        }
        let mut held: HashMap<PersonId, Vec<Membership>> = HashMap::new();
        if !known.is_empty() {
            for membership in memberships::all(tx).await? {
                held.entry(membership.person).or_default().push(membership);
            }
        }
        let units = Work::new(tx).await?;
        let units_before = units.units().iter().map(|unit| unit.id).collect();
        Ok(Import {
            tx,
            today,
            units,
            units_before,
            known,
            held,
            new_people: Vec::new(),
            new_memberships: Vec::new(),
        })
    }

    async fn take(&mut self, record: &PersonRecord) -> Result<Result<RowChange, CellError>> {
        match self.known.get(&record.number).cloned() {
            None => self.add(record).await,
            Some(person) => self.update(&person, record).await,
        }
    }

    async fn add(&mut self, record: &PersonRecord) -> Result<Result<RowChange, CellError>> {
        let (employed_from, employed_to) =
            (record.employed_from.map(Day::of), record.employed_to.map(Day::of));
        let person = Person {
            id: self.tx.env().id(),
            number: record.number.clone(),
            name: record.name.clone(),
            employed_from,
            employed_to,
            leaving_reason: record.leaving_reason.clone(),
            version: 1,
        };
        if let Some(unit) = self.units.place_named(record.site.as_deref(), record.team.as_deref()).await? {
            let from = record.since.map(Day::of).or(employed_from).unwrap_or(BEGINNING);
            if let Some(error) = self.closed(unit, from) {
                return Ok(Err(error));
            }
            let roles = [Some(TeamRole::Member), record.leads.then_some(TeamRole::Leader)];
            for role in roles.into_iter().flatten() {
                let id = self.tx.env().id();
                let to = employed_to;
                self.new_memberships.push(Membership { id, person: person.id, unit, role, from, to });
            }
        }
        self.new_people.push(person);
        Ok(Ok(RowChange::Added))
    }

    async fn update(
        &mut self,
        person: &Person,
        record: &PersonRecord,
    ) -> Result<Result<RowChange, CellError>> {
        let wanted = Person {
            name: record.name.clone(),
            employed_from: record.employed_from.map(Day::of).or(person.employed_from),
            employed_to: record.employed_to.map(Day::of).or(person.employed_to),
            leaving_reason: record.leaving_reason.clone().or_else(|| person.leaving_reason.clone()),
            ..person.clone()
        };
        if let (Some(from), Some(to)) = (wanted.employed_from, wanted.employed_to)
            && to < from
        {
            let reason = texts::ends_before_it_begins(&to.to_string(), &from.to_string());
            return Ok(Err(CellError { column: Column::EmployedTo, reason }));
        }
        let mut changed = wanted != *person;
        let held = self.held.get(&person.id).cloned().unwrap_or_default();
        let mut after = held.clone();
        if let Some(unit) = self.units.place_named(record.site.as_deref(), record.team.as_deref()).await? {
            let day = match (record.since.map(Day::of), wanted.employed_to) {
                (Some(since), _) => since,
                // Somebody who never belonged anywhere belongs there for as long as they work here.
                (None, _) if !held.iter().any(|m| m.role == TeamRole::Member) => {
                    wanted.employed_from.unwrap_or(BEGINNING)
                }
                (None, Some(last)) => last.min(self.today),
                (None, None) => self.today,
            };
            if unit_on(&held, day) != Some(unit) {
                if let Some(error) = self.closed(unit, day) {
                    return Ok(Err(error));
                }
                memberships::apply(self.tx, person.id, &move_to(&held, unit, day)).await?;
                changed = true;
            }
            let leads = |m: &Membership| m.role == TeamRole::Leader && m.unit == unit && m.holds(day);
            if record.leads && !held.iter().any(leads) {
                let (id, to) = (self.tx.env().id(), wanted.employed_to);
                let begins =
                    Membership { id, person: person.id, unit, role: TeamRole::Leader, from: day, to };
                memberships::insert(self.tx, &begins).await?;
                changed = true;
            }
            after = memberships::of(self.tx, person.id).await?;
        }
        if let Some(last) = wanted.employed_to {
            memberships::apply(self.tx, person.id, &end_on(&after, last)).await?;
        }
        if !changed {
            return Ok(Ok(RowChange::Unchanged));
        }
        people::update(self.tx, &wanted, person.version).await?;
        Ok(Ok(RowChange::Updated))
    }

    fn closed(&self, unit: UnitId, from: Day) -> Option<CellError> {
        let unit = self.units.units().iter().find(|held| held.id == unit)?;
        let reason = texts::unit_closed_then(&unit.name, &from.to_string());
        (!unit.is_open(from)).then_some(CellError { column: Column::Team, reason })
    }

    /// Stores what is new; the names of the units that were made.
    async fn finish(self) -> Result<Vec<String>> {
        people::insert_all(self.tx, &self.new_people).await?;
        memberships::insert_all(self.tx, &self.new_memberships).await?;
        let made = self.units.units().iter().filter(|unit| !self.units_before.contains(&unit.id));
        Ok(made.map(|unit| unit.name.clone()).collect())
    }
}
