//! A table out of bytes that some other system or a spreadsheet wrote: encoding, delimiter, rows.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use messages::Text;

use crate::texts;

/// Bytes of one file: fifty thousand people with every column filled are below.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of one file: more people than any centre has.
pub const ROWS_MAX: usize = 50_000;
/// Columns: exports of personnel systems have dozens; beyond this the delimiter was misread.
pub const COLUMNS_MAX: usize = 200;
/// Characters in one cell: beyond this a quotation mark was left open.
pub const CELL_CHARS_MAX: usize = 2_000;
/// Bytes that decide the encoding and the delimiter.
const SAMPLE_BYTES: usize = 64 * 1024;

/// How files begin that people take for tables: workbooks (new and old), PDF, PNG.
const MAGIC: [&[u8]; 4] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"%PDF", b"\x89PNG"];

/// How the bytes spell characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GBK, read as its superset GB 18030: what Chinese spreadsheets write by default.
    Gbk,
}

impl Charset {
    /// The name shown to people.
    pub const fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16Le => "UTF-16 LE",
            Charset::Utf16Be => "UTF-16 BE",
            Charset::Gbk => "GBK",
        }
    }

    /// Recognises the encoding: a byte order mark decides; then zero bytes at every other place mean UTF-16;
    /// then what is UTF-8 throughout is UTF-8; anything else is GBK.
    pub fn recognise(bytes: &[u8]) -> Charset {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => return Charset::Utf8,
            [0xFF, 0xFE, ..] => return Charset::Utf16Le,
            [0xFE, 0xFF, ..] => return Charset::Utf16Be,
            _ => {}
        }
        let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
        let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        // A comma or a digit has one zero byte, a Chinese character none; a stray zero alone means nothing.
        let enough = (sample.len() / 20).max(2);
        match (zeros(0), zeros(1)) {
            (0, odd) if odd >= enough => Charset::Utf16Le,
            (even, 0) if even >= enough => Charset::Utf16Be,
            _ if std::str::from_utf8(bytes).is_ok() => Charset::Utf8,
            _ => Charset::Gbk,
        }
    }

    /// The characters, and whether every byte meant one.
    fn decode(self, bytes: &[u8]) -> (String, bool) {
        let encoding = match self {
            Charset::Utf8 => UTF_8,
            Charset::Utf16Le => UTF_16LE,
            Charset::Utf16Be => UTF_16BE,
            Charset::Gbk => GB18030,
        };
        let (text, failed) = encoding.decode_with_bom_removal(bytes);
        (text.into_owned(), !failed)
    }
}

/// One row below the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its cells as written.
    pub cells: Vec<String>,
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
    /// A workbook, a picture, or a text whose encoding nobody can tell.
    #[error("this is not a text file; save the sheet as CSV")]
    NotText,
}

impl TableError {
    /// What to tell the reader.
    pub fn text(&self) -> Text {
        match self {
            TableError::Empty => texts::file_empty(),
            TableError::TooLarge { bytes } => texts::file_too_large(bytes / 1024, BYTES_MAX / 1024),
            TableError::TooManyRows => texts::file_too_many_rows(ROWS_MAX),
            TableError::TooManyColumns { line, columns } => {
                texts::file_too_many_columns(*line, *columns, COLUMNS_MAX)
            }
            TableError::CellTooLong { line } => texts::file_cell_too_long(*line, CELL_CHARS_MAX),
            TableError::NotText => texts::file_not_text(),
        }
    }
}

impl Table {
    /// Reads a table. Cells are words: a formula stays what was written.
    ///
    /// # Errors
    /// [`TableError`]; reading stops at the first limit, so that memory stays within a few times [`BYTES_MAX`].
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
        let delimiter = delimiter(&text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .from_reader(text.as_bytes());
        let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
        let mut header = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            // The text is valid UTF-8 and ragged rows are allowed: there is nothing left to fail.
            let Ok(record) = record else { return Err(TableError::NotText) };
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            let cells = cells(&record, line)?;
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match &header {
                None => header = Some(cells),
                Some(_) if rows.len() == ROWS_MAX => return Err(TableError::TooManyRows),
                Some(_) => rows.push(Row { line, cells }),
            }
        }
        let header = header.filter(|_| !rows.is_empty()).ok_or(TableError::Empty)?;
        Ok(Table { charset, delimiter, header, rows })
    }
}

/// Counts lines along a text. The reader's own count is taken before it has passed blank lines and the second
/// half of a line end.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte from `byte` on that ends no line; asked from front to back.
    fn of(&mut self, byte: u64) -> u64 {
        let target = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.at) {
            let ends = match byte {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ if self.at >= target => break,
                _ => false,
            };
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

fn cells(record: &csv::StringRecord, line: u64) -> Result<Vec<String>, TableError> {
    if record.len() > COLUMNS_MAX {
        return Err(TableError::TooManyColumns { line, columns: record.len() });
    }
    if record.iter().any(|cell| cell.len() > CELL_CHARS_MAX && cell.chars().count() > CELL_CHARS_MAX) {
        return Err(TableError::CellTooLong { line });
    }
    Ok(record.iter().map(|cell| unguarded(cell).to_owned()).collect())
}

/// A leading apostrophe before a formula was put there by an export, so that spreadsheets take the cell for
/// words; it is not part of them.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) => rest,
        _ => cell,
    }
}

/// The separator that the first line holds most of, outside quotation marks; a comma when it holds none.
fn delimiter(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside = |wanted: char| {
        first
            .chars()
            .scan(false, |quoted, c| {
                *quoted ^= c == '"';
                Some((*quoted, c))
            })
            .filter(|(quoted, c)| !quoted && *c == wanted)
            .count()
    };
    // The last of equals wins, and a comma is the most likely.
    ['|', ';', '\t', ','].into_iter().max_by_key(|c| outside(*c)).unwrap_or(',')
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
        check(&gbk, Charset::Gbk);
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
}
