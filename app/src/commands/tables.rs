//! Tables of numbers as other systems export them: any usual encoding and separator, bad rows told one by one.

use std::{
    collections::VecDeque,
    fs::File,
    io::{BufReader, Cursor, Read, stdin},
    path::Path,
};

use anyhow::Context;
use intake::{
    cells::{CellFault, Fed, Splitter, separator},
    charset::{Charset, Transcoder},
    conversation::{COLUMNS_MAX, ROW_BYTES_MAX},
    lines::{Line, Lines},
};
use jiff::civil::{Date, DateTime, Time};

/// Most bytes that are read: ten million rows of a hundred bytes.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Lines that one row may go over: a remark of some paragraphs. A quotation mark that is never closed costs reading so
/// many lines again.
const ROW_LINES_MAX: usize = 100;
/// How a workbook begins, new and old.
const WORKBOOK: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];

/// A row below the header, with as many cells as that has.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    pub cells: Vec<String>,
}

/// A line that is no row of the table.
#[derive(Debug, PartialEq)]
pub(crate) struct Bad {
    pub line: u64,
    pub reason: String,
}

/// A table that is read row by row, so that it may be longer than memory.
pub(crate) struct Table {
    lines: Lines<BufReader<Transcoder<Box<dyn Read>>>>,
    /// Lines read ahead for a row that did not end, in order.
    waiting: VecDeque<Line>,
    separator: char,
    header: Vec<String>,
    has_mark: bool,
}

impl Table {
    /// Opens a file, or standard input for “-”, and reads its header.
    ///
    /// # Errors
    /// When it cannot be read, or is no table; the message names the file.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Table> {
        let name = || format!("cannot read {}", path.display());
        let input: Box<dyn Read> = if path == Path::new("-") {
            Box::new(stdin())
        } else {
            Box::new(File::open(path).with_context(name)?)
        };
        Table::read(input).with_context(name)
    }

    /// Reads the header.
    pub(crate) fn read(mut input: Box<dyn Read>) -> anyhow::Result<Table> {
        let mut head = Vec::new();
        input.by_ref().take(4).read_to_end(&mut head)?;
        anyhow::ensure!(
            !WORKBOOK.iter().any(|start| head.starts_with(start)),
            "this is a workbook; save the sheet as CSV"
        );
        let has_mark =
            [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| head.starts_with(mark));
        let input: Box<dyn Read> = Box::new(Cursor::new(head).chain(input).take(FILE_BYTES_MAX + 1));
        let mut table = Table {
            lines: Lines::new(BufReader::new(Transcoder::new(input, None)?)),
            waiting: VecDeque::new(),
            separator: ',',
            header: Vec::new(),
            has_mark,
        };
        let first = loop {
            let line = table.line()?.context("it is empty; its first line must name the columns")?;
            if !line.bytes.iter().all(u8::is_ascii_whitespace) {
                break line;
            }
        };
        table.separator = separator(&String::from_utf8_lossy(&first.bytes));
        table.header = match table.row_from(&first)? {
            Ok(row) => row.cells,
            Err(bad) => anyhow::bail!("line {}: {}", bad.line, bad.reason),
        };
        Ok(table)
    }

    /// The names of the columns as written.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The names of the columns for finding one: without blanks around them, in small letters.
    pub(crate) fn names(&self) -> Vec<String> {
        self.header.iter().map(|name| name.trim().to_lowercase()).collect()
    }

    /// What stands between two cells.
    pub(crate) fn separator(&self) -> char {
        self.separator
    }

    /// Whether a spreadsheet shows what is written beside it rightly only with a byte order mark.
    pub(crate) fn wants_mark(&self) -> bool {
        self.has_mark || self.lines.inner().get_ref().charset() != Charset::Utf8
    }

    /// The next row, or why the next line is none; blank lines are passed over. `None` at the end.
    pub(crate) fn next_row(&mut self) -> anyhow::Result<Option<Result<Row, Bad>>> {
        while let Some(line) = self.line()? {
            if line.bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let row = self.row_from(&line)?.and_then(|row| self.fitted(row));
            if !row.as_ref().is_ok_and(|row| row.cells.iter().all(|cell| cell.trim().is_empty())) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn line(&mut self) -> anyhow::Result<Option<Line>> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        let line = self.lines.next_line()?;
        let read = self.lines.inner().get_ref().bytes_read();
        anyhow::ensure!(read <= FILE_BYTES_MAX, "more than {FILE_BYTES_MAX} bytes; split the table");
        Ok(line)
    }

    /// The row that begins with a line. A row that does not end where it should costs its first line only.
    fn row_from(&mut self, first: &Line) -> anyhow::Result<Result<Row, Bad>> {
        let number = first.number;
        let bad = |reason: String| Ok(Err(Bad { line: number, reason }));
        if first.too_long.is_some() || first.bytes.len() > ROW_BYTES_MAX {
            return bad(format!("the line is longer than {ROW_BYTES_MAX} bytes"));
        }
        let mut splitter = Splitter::new(self.separator, COLUMNS_MAX);
        let mut fed = splitter.feed(&first.bytes);
        let (mut used, mut bytes) = (0, first.bytes.len());
        while fed == Ok(Fed::More) {
            if used == self.waiting.len() {
                self.waiting.extend(self.lines.next_line()?);
            }
            let next = self.waiting.get(used).filter(|line| {
                bytes += line.bytes.len();
                used < ROW_LINES_MAX && bytes <= ROW_BYTES_MAX
            });
            fed = match next {
                Some(line) => splitter.feed(&line.bytes),
                None => Err(splitter.misquoted()),
            };
            used += 1;
        }
        match fed {
            Err(CellFault::Quote { cell }) => {
                return bad(format!("the quotation mark in cell {} is not closed, or not doubled", cell + 1));
            }
            Err(CellFault::TooMany { cells }) => {
                return bad(format!("{cells} cells are more than {COLUMNS_MAX}"));
            }
            Ok(_) => {}
        }
        let over: Vec<Line> = self.waiting.drain(..used).collect();
        let mut parts = std::iter::once(first).chain(&over);
        let is_text = |line: &Line| {
            std::str::from_utf8(&line.bytes).is_ok_and(|text| !text.contains(['\0', '\u{fffd}']))
        };
        if let Some(broken) = parts.find(|line| !is_text(line)) {
            let charset = self.lines.inner().get_ref().charset().label();
            return Ok(Err(Bad {
                line: broken.number,
                reason: format!("there are bytes that are not {charset}"),
            }));
        }
        Ok(Ok(Row { line: number, cells: splitter.into_cells() }))
    }

    /// A row with as many cells as the header; empty ones that a spreadsheet added at the end are dropped.
    fn fitted(&self, mut row: Row) -> Result<Row, Bad> {
        let wanted = self.header.len();
        while row.cells.len() > wanted && row.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            row.cells.pop();
        }
        if row.cells.len() == wanted {
            return Ok(row);
        }
        let reason = format!("{} cells where the header has {wanted}", row.cells.len());
        Err(Bad { line: row.line, reason })
    }
}

/// Checks that a table has the columns it must have, each once, and says what it has instead.
pub(crate) fn check_columns(names: &[String], needed: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> =
        needed.iter().copied().filter(|wanted| !names.iter().any(|name| name == wanted)).collect();
    if !missing.is_empty() {
        let (found, plural) = (names.join(", "), if missing.len() == 1 { "" } else { "s" });
        let missing = missing.join(", ");
        return Err(format!("the table has no column{plural} {missing}; its first line names: {found}"));
    }
    match names.iter().find(|name| !name.is_empty() && names.iter().filter(|other| other == name).count() > 1)
    {
        Some(name) => Err(format!("the table has two columns {name}: rename one")),
        None => Ok(()),
    }
}

/// Local civil time as systems and spreadsheets write it: 2026-03-02T09:30:00, 2026-03-02 09:30, 2026/3/2 9:30; an
/// offset from UTC is not wanted here and ignored.
pub(crate) fn civil(text: &str) -> Option<DateTime> {
    let standard = text.replacen(' ', "T", 1);
    standard.parse::<DateTime>().ok().or_else(|| written(text)).or_else(|| {
        let (head, _) = standard.split_at_checked("2026-03-02T09:30".len())?;
        head.parse().ok()
    })
}

/// Year, month, day, and a time whose hour may have one digit.
fn written(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:00"));
    let numbers = |text: &str, between: &[char]| -> Option<Vec<i16>> {
        text.trim().split(between).map(|part| part.parse().ok().filter(|number| *number >= 0)).collect()
    };
    let (day, time) = (numbers(day, &['-', '/'])?, numbers(time, &[':'])?);
    let (&[year @ 1_000..=9_999, month, day], &([hour, minute] | [hour, minute, _])) = (&day[..], &time[..])
    else {
        return None;
    };
    let second = time.get(2).copied().unwrap_or(0);
    let small = |number: i16| i8::try_from(number).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    Some(date.to_datetime(Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `line:cells`, others as `line!`.
    fn rows(bytes: &[u8]) -> Vec<String> {
        let mut table = Table::read(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let mut found = vec![table.names().join("|")];
        while let Some(row) = table.next_row().unwrap() {
            found.push(match row {
                Ok(row) => format!("{}:{}", row.line, row.cells.join("|")),
                Err(bad) => format!("{}!", bad.line),
            });
        }
        found
    }

    #[test]
    fn a_bad_row_costs_its_own_line_and_numbers_stay_right() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(rows(text.as_bytes()), expected, "{text:?}");
            assert_eq!(rows(text.replace('\n', "\r\n").as_bytes()), expected, "{text:?}");
        };
        check("A, b\n\n1,2\n1\n1,2,3\n3,4,,\n", &["a|b", "3:1|2", "4!", "5!", "6:3|4"]);
        check("a,b\n1,\"2\n3,4\n5,6\n", &["a|b", "2!", "3:3|4", "4:5|6"]);
        check("a,b\n1,\"2\n\"3\",4\n5,6\n", &["a|b", "2!", "3:3|4", "4:5|6"]);
        check("a,b\n1,\"2\n3\"\n5,6\n", &["a|b", "2:1|2\n3", "4:5|6"]);
        check("a;b\n1;2\n;\n", &["a|b", "2:1|2"]);
        check("a\tb\n1\t2", &["a|b", "2:1|2"]);
    }

    #[test]
    fn a_quotation_mark_never_closed_costs_its_line_in_a_long_table() {
        let text = format!("a,b\n1,\"2\n{}", "3,4\n".repeat(2_000));
        assert_eq!(rows(text.as_bytes()).len(), 2_002);
    }

    #[test]
    fn usual_encodings_are_read_and_broken_bytes_told() {
        let text = "队列,calls\n宽带,1\n";
        let utf16: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let gbk = b"\xB6\xD3\xC1\xD0,calls\n\xBF\xED\xB4\xF8,1\n";
        for bytes in [&format!("\u{feff}{text}").into_bytes()[..], &utf16, gbk, text.as_bytes()] {
            assert_eq!(rows(bytes), ["队列|calls", "2:宽带|1"]);
        }
        let mut broken = "队列,calls\n".repeat(3).into_bytes();
        broken.extend(b"\xFF\xFF,1\n");
        assert_eq!(rows(&broken).last().unwrap(), "4!");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let read = |bytes: &'static [u8]| Table::read(Box::new(bytes)).map(|_| ()).unwrap_err().to_string();
        assert!(read(b"").contains("empty"));
        assert!(read(b"PK\x03\x04 workbook").contains("workbook"));
        let names = ["calls".to_owned(), "aht".to_owned()];
        let said = check_columns(&names, &["calls", "interval_s", "aht_s"]).unwrap_err();
        assert!(said.contains("no columns interval_s, aht_s;") && said.contains("calls, aht"), "{said}");
    }

    #[test]
    fn starts_are_read_as_systems_and_spreadsheets_write_them() {
        let nine = jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0);
        for text in [
            "2026-03-02T09:00:00",
            "2026-03-02T09:00",
            "2026-03-02 09:00:00",
            "2026-3-2 9:00",
            "2026/3/2 9:00",
            "2026/03/02 09:00:00",
            "2026-03-02T09:00:00+08:00",
        ] {
            assert_eq!(civil(text), Some(nine), "{text}");
        }
        for text in ["", "2/3/2026 9:00", "2026/13/2 9:00", "2026/3/2 25:00", "2026/-3/2 9:00", "9:00"] {
            assert_eq!(civil(text), None, "{text}");
        }
    }
}
