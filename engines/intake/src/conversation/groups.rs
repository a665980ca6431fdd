//! Rows of CSV gathered into conversations.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{Column, CsvRow, Header, Reason, Rejection};

/// How far apart, in rows, the turns of one conversation may stand: two days of a busy centre's interleaved chats.
pub const WINDOW_ROWS: u64 = 10_000;
/// Rows of open conversations held at once; the oldest conversation is closed when there are more.
const OPEN_ROWS_MAX: usize = 40_000;
/// Bytes of rows of open conversations held at once.
const OPEN_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The rows of one conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Its rows, in the order of the file.
    pub rows: Vec<CsvRow>,
}

/// Gathers rows into conversations.
pub struct Grouper {
    header: Arc<Header>,
    open: HashMap<String, Open>,
    /// Ids in the order in which their conversations were opened.
    order: VecDeque<String>,
    rows_seen: u64,
    rows_open: usize,
    bytes_open: usize,
}

#[derive(Default)]
struct Open {
    group: Group,
    last_row: u64,
    bytes: usize,
}

impl Grouper {
    /// A grouper under a header.
    pub fn new(header: Arc<Header>) -> Grouper {
        Grouper {
            header,
            open: HashMap::new(),
            order: VecDeque::new(),
            rows_seen: 0,
            rows_open: 0,
            bytes_open: 0,
        }
    }

    /// Takes a row; conversations that are complete now go to `done`, a row without an id to `rejected`.
    pub fn push(&mut self, row: CsvRow, done: &mut Vec<Group>, rejected: &mut Vec<Rejection>) {
        let id = self.cell(&row, &Column::Id).trim().to_owned();
        if id.is_empty() {
            rejected.push(Rejection::new(row.line, Reason::Missing("id"), &row.raw));
            return;
        }
        let key = format!("{}\u{1}{id}", self.cell(&row, &Column::Source).trim());
        self.rows_seen += 1;
        let bytes = row.raw.len() * 2;
        self.rows_open += 1;
        self.bytes_open += bytes;
        let open = self.open.entry(key.clone()).or_insert_with(|| {
            self.order.push_back(key);
            Open::default()
        });
        open.last_row = self.rows_seen;
        open.bytes += bytes;
        open.group.rows.push(row);
        self.close(done);
    }

    fn close(&mut self, done: &mut Vec<Group>) {
        while let Some(first) = self.order.front() {
            let is_full = self.rows_open > OPEN_ROWS_MAX || self.bytes_open > OPEN_BYTES_MAX;
            let is_old = self.open.get(first).is_none_or(|open| open.last_row + WINDOW_ROWS < self.rows_seen);
            if !is_full && !is_old {
                // One long conversation at the front may hide older ones behind it; the two limits above bound them.
                return;
            }
            self.close_first(done);
        }
    }

    fn close_first(&mut self, done: &mut Vec<Group>) {
        if let Some(open) = self.order.pop_front().and_then(|id| self.open.remove(&id)) {
            self.rows_open -= open.group.rows.len();
            self.bytes_open -= open.bytes;
            done.push(open.group);
        }
    }

    /// All conversations that are still open, at the end of the file.
    pub fn finish(&mut self) -> Vec<Group> {
        let mut done = Vec::new();
        while !self.order.is_empty() {
            self.close_first(&mut done);
        }
        done
    }

    fn cell<'r>(&self, row: &'r CsvRow, column: &Column) -> &'r str {
        let at = self.header.columns.iter().position(|c| c == column);
        at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }
}
