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

    fn feed(&mut self, line: &Line, has_fault: bool) -> Result<Fed, CellFault> {
        self.bytes += line.bytes.len();
        if has_fault || self.bytes > ROW_BYTES_MAX || self.lines == ROW_LINES_MAX {
            return Err(self.splitter.misquoted());
        }
        self.lines += 1;
        self.splitter.feed(&line.bytes)
    }
}

impl Rows {
    /// Rows under a header.
    pub fn new(header: Arc<Header>) -> Rows {
        Rows { open: Open::new(&header), header, waiting: VecDeque::new(), is_over: false }
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
            if !first.bytes.iter().all(u8::is_ascii_whitespace) {
                break;
            }
            self.waiting.pop_front();
        }
        let mut outcome = Ok(Fed::More);
        // Lines that were fed before are not fed again while more of the row are waited for.
        while outcome == Ok(Fed::More)
            && let Some((line, fault)) = self.waiting.get(self.open.lines)
        {
            outcome = self.open.feed(line, fault.is_some());
        }
        match outcome {
            Ok(Fed::Whole) => self.take(),
            Ok(Fed::More) if !self.is_over => None,
            Ok(Fed::More) => self.reject(Reason::Quote),
            Err(fault) => self.reject(fault.into()),
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
