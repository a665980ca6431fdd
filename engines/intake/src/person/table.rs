//! A table out of bytes that some other system or a spreadsheet wrote: encoding, delimiter, rows.

use crate::{
    cells::{CellFault, Fed, Splitter, separator},
    charset::Charset,
};

/// Bytes of one file: fifty thousand people with every column filled are below.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of one file: more people than any centre has.
pub const ROWS_MAX: usize = 50_000;
/// Columns: exports of personnel systems have dozens; beyond this the delimiter was misread.
pub const COLUMNS_MAX: usize = 200;
/// Characters in one cell: beyond this a quotation mark was left open.
pub const CELL_CHARS_MAX: usize = 2_000;

/// How files begin that people take for tables: workbooks (new and old), PDF, PNG.
const MAGIC: [&[u8]; 4] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"%PDF", b"\x89PNG"];

/// One row below the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its cells as written.
    pub cells: Vec<String>,
}

/// A line that is no row, because a quotation mark on it is not closed or not doubled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misquoted {
    /// Its number, from 1.
    pub line: u64,
    /// The cell in which the quotation mark stands, from 0.
    pub cell: usize,
    /// The line as written.
    pub text: String,
}

/// A table: its heading and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How the bytes spelled characters.
    pub charset: Charset,
    /// What separates cells.
    pub delimiter: char,
    /// The headings.
    pub header: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<Row>,
    /// The lines that are no rows.
    pub misquoted: Vec<Misquoted>,
}

/// Why bytes are not a table that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Nothing in it but blanks, or a heading alone.
    #[error("there are no rows below a heading")]
    Empty,
    /// Larger than [`BYTES_MAX`].
    #[error("{bytes} bytes are more than {BYTES_MAX}; split the file")]
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// More rows than [`ROWS_MAX`].
    #[error("there are more than {ROWS_MAX} rows; split the file")]
    TooManyRows,
    /// More columns than [`COLUMNS_MAX`].
    #[error("line {line} has {columns} columns, more than {COLUMNS_MAX}")]
    TooManyColumns {
        /// The line.
        line: u64,
        /// Its columns.
        columns: usize,
    },
    /// A cell longer than [`CELL_CHARS_MAX`].
    #[error(
        "line {line} has a cell of more than {CELL_CHARS_MAX} characters; a quotation mark may be left open"
    )]
    CellTooLong {
        /// The line on which its row begins.
        line: u64,
    },
    /// The heading is misquoted: nobody can tell which column is what.
    #[error("line {line}: a quotation mark in the heading is not closed, or not doubled inside a cell")]
    MisquotedHeading {
        /// The line.
        line: u64,
    },
    /// A workbook, a picture, or a text whose encoding nobody can tell.
    #[error("this is not a text file; save the sheet as CSV")]
    NotText,
}

impl Table {
    /// Reads a table. Cells are words: a formula stays what was written.
    ///
    /// # Errors
    /// [`TableError`]; reading stops at the first limit. A table of empty cells is the largest: 24 bytes of memory
    /// for each byte of the file.
    pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
        if bytes.len() > BYTES_MAX {
            return Err(TableError::TooLarge { bytes: bytes.len() });
        }
        if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
            return Err(TableError::NotText);
        }
        let charset = Charset::recognise(bytes);
        let (text, whole) = charset.decode(bytes);
        // Spreadsheets never write a zero character or a byte without a meaning; workbooks and pictures do.
        if text.contains('\0') || !whole {
            return Err(TableError::NotText);
        }
        let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter = separator(heading);
        let (mut header, mut rows, mut misquoted) = (None, Vec::new(), Vec::new());
        let mut lines = Lines { rest: &text, number: 0 };
        while let Some((line, first)) = lines.next() {
            // A row that does not end where it should costs its first line only.
            let mut ahead = lines.clone();
            let read = read_row(delimiter, line, first, &mut ahead)?;
            match (read, &header) {
                (Err(_), None) => return Err(TableError::MisquotedHeading { line }),
                (Err(cell), Some(_)) => misquoted.push(Misquoted { line, cell, text: shortened(first) }),
                (Ok(cells), held) => {
                    lines = ahead;
                    if cells.iter().all(|cell| cell.trim().is_empty()) {
                        continue;
                    }
                    if held.is_some() {
                        rows.push(Row { line, cells });
                    } else {
                        header = Some(cells);
                    }
                }
            }
            if rows.len() + misquoted.len() > ROWS_MAX {
                return Err(TableError::TooManyRows);
            }
        }
        let header = header.filter(|_| rows.len() + misquoted.len() > 0).ok_or(TableError::Empty)?;
        Ok(Table { charset, delimiter, header, rows, misquoted })
    }
}

/// The cells of the row that begins with a line, or the cell that is misquoted; what it goes on over is taken from
/// `ahead`.
fn read_row(
    delimiter: char,
    line: u64,
    first: &str,
    ahead: &mut Lines<'_>,
) -> Result<Result<Vec<String>, usize>, TableError> {
    let mut splitter = Splitter::new(delimiter, COLUMNS_MAX);
    let mut next = Some(first);
    while let Some(part) = next {
        match splitter.feed(part.as_bytes()) {
            Ok(Fed::Whole) => return cells(splitter, line).map(Ok),
            Ok(Fed::More) if is_too_long(splitter.open_cell()) => {
                return Err(TableError::CellTooLong { line });
            }
            Ok(Fed::More) => next = ahead.next().map(|(_, part)| part),
            Err(CellFault::Quote { cell }) => return Ok(Err(cell)),
            Err(CellFault::TooMany { cells: columns }) => {
                return Err(TableError::TooManyColumns { line, columns });
            }
        }
    }
    match splitter.misquoted() {
        CellFault::Quote { cell } => Ok(Err(cell)),
        CellFault::TooMany { cells: columns } => Err(TableError::TooManyColumns { line, columns }),
    }
}

/// Whether the bytes of a cell spell more characters than one may have; each byte that goes on a character is none.
fn is_too_long(cell: &[u8]) -> bool {
    cell.len() > CELL_CHARS_MAX && cell.iter().filter(|byte| **byte & 0xC0 != 0x80).count() > CELL_CHARS_MAX
}

fn cells(splitter: Splitter, line: u64) -> Result<Vec<String>, TableError> {
    let cells = splitter.into_cells();
    if cells.iter().any(|cell| is_too_long(cell.as_bytes())) {
        return Err(TableError::CellTooLong { line });
    }
    Ok(cells.into_iter().map(unguarded).collect())
}

/// A misquoted line, as much of it as one cell may hold.
fn shortened(line: &str) -> String {
    line.chars().take(CELL_CHARS_MAX).collect()
}

/// The lines of a text with their numbers from 1, ended by LF, CRLF, or CR alone.
#[derive(Clone)]
struct Lines<'t> {
    rest: &'t str,
    number: u64,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (u64, &'t str);

    fn next(&mut self) -> Option<(u64, &'t str)> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = memchr::memchr2(b'\n', b'\r', self.rest.as_bytes()).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.strip_prefix("\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        Some((self.number, line))
    }
}

/// A leading apostrophe before a formula was put there by an export, so that spreadsheets take the cell for
/// words; it is not part of them.
fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) => {
            rest.to_owned()
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool, bom: bool) -> Vec<u8> {
        let units = bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn encodings_are_recognised() {
        let text = "工号,姓名\n1001,李明\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let check = |bytes: &[u8], expected: Charset| {
            let table = Table::read(bytes).unwrap();
            assert_eq!(table.charset, expected);
            assert_eq!(
                (table.header.join("/"), table.rows[0].cells.join("/")),
                ("工号/姓名".into(), "1001/李明".into())
            );
            assert_eq!(table.rows[0].line, 2);
        };
        check(text.as_bytes(), Charset::Utf8);
        check(format!("\u{FEFF}{text}").as_bytes(), Charset::Utf8);
        check(&gbk, Charset::Gb18030);
        for bom in [true, false] {
            check(&utf16(text, false, bom), Charset::Utf16Le);
            check(&utf16(text, true, bom), Charset::Utf16Be);
        }
    }

    #[test]
    fn delimiters_are_recognised() {
        let check = |text: &str, expected: char| {
            assert_eq!(Table::read(text.as_bytes()).unwrap().delimiter, expected, "{text:?}");
        };
        check("a,b\n1,2", ',');
        check("a\tb\n1\t2", '\t');
        check("a;b\n1;2", ';');
        check("\"a;b;c\",d\n1,2", ',');
        check("a\n1", ',');
    }

    #[test]
    fn broken_files_get_a_reason() {
        let check = |bytes: &[u8], expected: &TableError| {
            assert_eq!(Table::read(bytes).as_ref().err(), Some(expected), "{:?}", bytes.get(..20));
        };
        check(b"", &TableError::Empty);
        check(b"\n \n\r\n", &TableError::Empty);
        check("工号,姓名\n".as_bytes(), &TableError::Empty);
        check(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe", &TableError::NotText);
        check(b"a,b\n1,\x00\n", &TableError::NotText);
        check(b"a,b\n1,\xff\xff\xff\n", &TableError::NotText);
        check(&vec![b'x'; BYTES_MAX + 1], &TableError::TooLarge { bytes: BYTES_MAX + 1 });
        check(format!("a\n{}", "1\n".repeat(ROWS_MAX + 1)).as_bytes(), &TableError::TooManyRows);
        let wide = ",".repeat(1_000_000);
        check(wide.as_bytes(), &TableError::TooManyColumns { line: 1, columns: 1_000_001 });
        let open = format!("a,b\n1,\"{}", "2\n".repeat(CELL_CHARS_MAX));
        check(open.as_bytes(), &TableError::CellTooLong { line: 2 });
        check(&vec![b'x'; BYTES_MAX], &TableError::CellTooLong { line: 1 });
    }

    #[test]
    fn formulas_and_odd_rows_stay_data() {
        let table = Table::read("a,b\n=1+1,'=2+2\n\n3\n4,5,6\r\n\"x\ny\",7\n8".as_bytes()).unwrap();
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.join("|"))).collect();
        let expected = [(2, "=1+1|=2+2"), (4, "3"), (5, "4|5|6"), (6, "x\ny|7"), (8, "8")];
        assert_eq!(rows, expected.map(|(line, cells)| (line, cells.to_owned())));
    }

    #[test]
    fn a_stray_quotation_mark_costs_its_own_line() {
        let check = |text: &str, rows: &[(u64, &str)], misquoted: &[(u64, usize)]| {
            let table = Table::read(text.as_bytes()).unwrap();
            let found: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.join("|"))).collect();
            let rows: Vec<_> = rows.iter().map(|(line, cells)| (*line, (*cells).to_owned())).collect();
            assert_eq!(found, rows, "{text:?}");
            let found: Vec<_> = table.misquoted.iter().map(|bad| (bad.line, bad.cell)).collect();
            assert_eq!(found, misquoted, "{text:?}");
        };
        check("a,b\n1,\"甲\n2,乙\n3,丙\n", &[(3, "2|乙"), (4, "3|丙")], &[(2, 1)]);
        check("a,b\n1,\"甲\n2,\"乙\"\n", &[(3, "2|乙")], &[(2, 1)]);
        check("a,b\n\"1\"x,甲\n2,乙\n", &[(3, "2|乙")], &[(2, 0)]);
        check("a,b\n1,甲\n2,\"乙", &[(2, "1|甲")], &[(3, 1)]);
        assert_eq!(Table::read("a,\"b\n1,2\n".as_bytes()), Err(TableError::MisquotedHeading { line: 1 }));
    }

    #[test]
    fn line_ends_of_every_system_count() {
        let table = Table::read("a,b\r1,2\r\r\n3,\"4\r5\"\n\r6,7".as_bytes()).unwrap();
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.join("|"))).collect();
        assert_eq!(rows, [(2, "1|2"), (4, "3|4\n5"), (7, "6|7")].map(|(n, cells)| (n, cells.to_owned())));
    }
}
