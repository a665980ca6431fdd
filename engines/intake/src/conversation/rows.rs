//! Rows of CSV out of lines.

use std::{collections::VecDeque, sync::Arc};

use super::{COLUMNS_MAX, Header, Reason, Rejection};
use crate::{
    cells::{CellFault, Fed, Splitter},
    lines::Line,
};

/// Bytes of one row, line ends inside quotation marks included: what one turn of the largest size needs.
pub const ROW_BYTES_MAX: usize = 1024 * 1024;
/// Lines that one row may go over, for the same reason.
const ROW_LINES_MAX: usize = 1_000;

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CsvRow {
    /// The line on which it begins.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// Its bytes as they stand in the file.
    pub raw: String,
}

/// What reading rows gives.
#[derive(Debug, Clone, PartialEq)]
pub enum RowOrReason {
    /// A row.
    Row(CsvRow),
    /// A line that is none.
    Rejected(Rejection),
}

/// Makes rows of lines. A row that does not end where it should costs its first line only: reading goes on at
/// the line after it.
pub struct Rows {
    header: Arc<Header>,
    /// Lines taken but not yet used up, in order.
    waiting: VecDeque<(Line, Option<Reason>)>,
    open: Open,
    /// Lines that the next row may go over. Halved whenever a row runs into a limit, since what it went over is read
    /// again, and one more with each row: so a file of rows that never end is read in time that grows with its length.
    lines_max: usize,
    is_over: bool,
}

/// The row that begins at the first waiting line, as far as it has been read.
struct Open {
    splitter: Splitter,
    lines: usize,
    bytes: usize,
}

impl Open {
    fn new(header: &Header) -> Open {
        Open { splitter: Splitter::new(header.separator, COLUMNS_MAX), lines: 0, bytes: 0 }
    }

    /// Whether one more line is more than a row may have.
    fn is_full(&self, line: &Line, lines_max: usize) -> bool {
        self.lines == lines_max || self.bytes + line.bytes.len() > ROW_BYTES_MAX
    }

    fn feed(&mut self, line: &Line) -> Result<Fed, CellFault> {
        self.lines += 1;
        self.bytes += line.bytes.len();
        self.splitter.feed(&line.bytes)
    }
}

impl Rows {
    /// Rows under a header.
    pub fn new(header: Arc<Header>) -> Rows {
        Rows {
            open: Open::new(&header),
            header,
            waiting: VecDeque::new(),
            lines_max: ROW_LINES_MAX,
            is_over: false,
        }
    }

    /// Takes the next line, already checked for its encoding: `fault` says what is wrong with it.
    pub fn push(&mut self, line: Line, fault: Option<Reason>) {
        self.waiting.push_back((line, fault));
    }

    /// Says that no more lines will come.
    pub fn end(&mut self) {
        self.is_over = true;
    }

    /// The next row, or `None` when more lines are needed first (or none are left).
    pub fn next_row(&mut self) -> Option<RowOrReason> {
        loop {
            let (first, fault) = self.waiting.front()?;
            if let Some(reason) = fault.clone() {
                return self.reject(reason);
            }
            if first.bytes.iter().all(u8::is_ascii_whitespace) {
                self.waiting.pop_front();
                continue;
            }
            // Alone it is too long, whatever its quotation marks say.
            let bytes = first.bytes.len();
            if bytes > ROW_BYTES_MAX {
                return self.reject(Reason::LongRow(bytes as u64));
            }
            break;
        }
        let mut outcome = Ok(Fed::More);
        // Lines that were fed before are not fed again while more of the row are waited for.
        while outcome == Ok(Fed::More)
            && let Some((line, fault)) = self.waiting.get(self.open.lines)
        {
            let is_full = self.open.is_full(line, self.lines_max);
            outcome = if fault.is_some() || is_full {
                Err(self.open.splitter.misquoted())
            } else {
                self.open.feed(line)
            };
            if self.open.lines > 1 && (is_full || matches!(outcome, Err(CellFault::TooMany { .. }))) {
                self.lines_max = (self.lines_max / 2).max(1);
            }
        }
        let fault = match outcome {
            Ok(Fed::Whole) => None,
            Ok(Fed::More) if !self.is_over => return None,
            Ok(Fed::More) => Some(Reason::Quote),
            Err(fault) => Some(fault.into()),
        };
        self.lines_max = (self.lines_max + 1).min(ROW_LINES_MAX);
        match fault {
            None => self.take(),
            Some(reason) => self.reject(reason),
        }
    }

    fn take(&mut self) -> Option<RowOrReason> {
        let Open { splitter, lines, .. } = std::mem::replace(&mut self.open, Open::new(&self.header));
        let number = self.waiting.front()?.0.number;
        let lines: Vec<Vec<u8>> = self.waiting.drain(..lines).map(|(line, _)| line.bytes).collect();
        let raw = String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
        let mut cells = splitter.into_cells();
        let wanted = self.header.columns.len();
        // Spreadsheets leave out empty cells at the end of a row, and add empty ones.
        while cells.len() > wanted && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        let fault = if cells.len() > wanted {
            Some(Reason::Columns(cells.len(), wanted))
        } else if raw.contains('\0') {
            Some(Reason::Nul("CSV".to_owned()))
        } else {
            None
        };
        if let Some(reason) = fault {
            return Some(RowOrReason::Rejected(Rejection::new(number, reason, &raw)));
        }
        cells.resize(wanted, String::new());
        Some(RowOrReason::Row(CsvRow { line: number, cells, raw }))
    }

    fn reject(&mut self, reason: Reason) -> Option<RowOrReason> {
        self.open = Open::new(&self.header);
        let (line, _) = self.waiting.pop_front()?;
        Some(RowOrReason::Rejected(Rejection::new(
            line.number,
            reason,
            &String::from_utf8_lossy(&line.bytes),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `line:cells`, rejections as `line:code`.
    fn rows(lines: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut rows = Rows::new(Arc::new(Header::parse("id,role,text").unwrap()));
        let mut found = Vec::new();
        let mut take = |rows: &mut Rows| {
            while let Some(next) = rows.next_row() {
                found.push(match next {
                    RowOrReason::Row(row) => format!("{}:{}", row.line, row.cells.join("|")),
                    RowOrReason::Rejected(bad) => format!("{}:{}", bad.line, bad.reason.code()),
                });
            }
        };
        for (number, line) in (1..).zip(lines) {
            let bytes = line.into_bytes();
            rows.push(Line { number, bytes, too_long: None, is_ended: true }, None);
            take(&mut rows);
        }
        rows.end();
        take(&mut rows);
        found
    }

    #[test]
    fn a_row_that_never_ends_costs_its_first_line() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(rows(text.lines().map(str::to_owned)), expected, "{text:?}");
        };
        check("1,agent,\"a\n\nb\"\n2,agent,c", &["1:1|agent|a\n\nb", "4:2|agent|c"]);
        check("1,agent,\"a\n2,agent,b\n3,agent,\"c\"", &["1:quote", "2:2|agent|b", "3:3|agent|c"]);
        check("1,agent,\"a\n\n2,agent,b", &["1:quote", "3:2|agent|b"]);
        check("1,2,3,4,,\n1,2,3,,,", &["1:columns", "2:1|2|3"]);
    }

    #[test]
    fn a_line_longer_than_a_row_costs_itself_alone() {
        let long = |start: &str| format!("{start}{}", "x".repeat(ROW_BYTES_MAX));
        let check = |lines: [String; 3], expected: [&str; 3]| assert_eq!(rows(lines), expected);
        let (before, after) = ("1,agent,a", "3,agent,c");
        let around = |line: String| [before.to_owned(), line, after.to_owned()];
        let expected = ["1:1|agent|a", "2:line_too_long", "3:3|agent|c"];
        check(around(long("2,agent,")), expected);
        check(around(long("2,agent,\"")), expected);
        // A row that is open when it comes ends there: it is that row's quotation mark that is missing.
        let open = ["1,agent,\"a".to_owned(), long("2,agent,"), after.to_owned()];
        check(open, ["1:quote", "2:line_too_long", "3:3|agent|c"]);
    }

    #[test]
    fn rows_may_go_over_many_lines_and_not_over_more() {
        let long = |lines: usize| {
            let first = ["1,agent,\"a".to_owned()];
            let more = std::iter::repeat_n("b".to_owned(), lines - 2);
            first.into_iter().chain(more).chain(["c\"".to_owned(), "2,agent,d".to_owned()])
        };
        assert_eq!(rows(long(ROW_LINES_MAX)).len(), 2);
        let found = rows(long(ROW_LINES_MAX + 1));
        assert_eq!((found.first().unwrap().as_str(), found.len()), ("1:quote", ROW_LINES_MAX + 2));
    }

    #[test]
    fn a_file_of_rows_that_never_end_is_read_to_its_end() {
        // Each line opens a quotation mark where it begins a row, and closes and opens one where it goes on.
        let lines = 200_000;
        let found = rows(std::iter::repeat_n("x\",\"y".to_owned(), lines));
        assert_eq!(found.len(), lines);
        assert!(found.iter().all(|row| row.ends_with("quote") || row.ends_with("too_many_columns")));
    }
}
