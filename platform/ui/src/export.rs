//! One writer for CSV and Excel. Cells that a spreadsheet would run as a formula are written as words.

use jiff::civil::DateTime;
use messages::Text;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};

use crate::{Cx, Value, texts};

/// The most rows one export holds: what a spreadsheet still opens in seconds on an office computer, and what
/// fits into memory several times over.
pub const EXPORT_ROWS_MAX: usize = 100_000;

/// Excel's own limit on the characters of one cell.
const EXCEL_CELL_CHARS_MAX: usize = 32_767;

/// Excel's own limit on the characters of a sheet's name.
const EXCEL_SHEET_NAME_CHARS_MAX: usize = 31;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180), UTF-8 with a byte order mark, because Excel guesses GBK without one.
    Csv,
    /// An Excel workbook with typed cells.
    Xlsx,
}

impl Format {
    /// Its name in the query string and as a file's ending.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    /// The format of a name; `None` for any other.
    pub fn parse(name: &str) -> Option<Format> {
        [Format::Csv, Format::Xlsx].into_iter().find(|format| format.name() == name)
    }

    /// For the `Content-Type` header.
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A finished file. Serve it with `Content-Disposition: attachment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// ASCII, `people-20260302-1405.csv`.
    pub file_name: String,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// More rows than one export holds.
    #[error("{rows} rows are more than the {EXPORT_ROWS_MAX} that one export holds")]
    TooManyRows {
        /// How many there are.
        rows: usize,
    },
    /// The CSV could not be written.
    #[error("writing CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The workbook could not be written.
    #[error("writing the workbook: {0}")]
    Xlsx(#[from] XlsxError),
}

impl ExportError {
    /// What to tell the reader; `None` when the fault is ours.
    pub fn text(&self, cx: &Cx) -> Option<Text> {
        let limit = cx.count(i128::try_from(EXPORT_ROWS_MAX).unwrap_or_default());
        matches!(self, ExportError::TooManyRows { .. }).then(|| texts::export_too_many_rows(&limit))
    }
}

/// A table without its looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The sheet's name in a workbook.
    pub name: String,
    /// The headings.
    pub headers: Vec<String>,
    /// The rows; each as long as the headings.
    pub rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// The file in one format; `stem` begins its name.
    ///
    /// # Errors
    /// More rows than [`EXPORT_ROWS_MAX`], or the file could not be written.
    pub fn write(&self, cx: &Cx, stem: &str, format: Format) -> Result<Exported, ExportError> {
        if self.rows.len() > EXPORT_ROWS_MAX {
            return Err(ExportError::TooManyRows { rows: self.rows.len() });
        }
        let bytes = match format {
            Format::Csv => self.csv(cx, true)?,
            Format::Xlsx => self.xlsx(cx)?,
        };
        let stamp = cx.now.timestamp().to_zoned(cx.zone.clone()).strftime("%Y%m%d-%H%M");
        Ok(Exported {
            file_name: format!("{stem}-{stamp}.{}", format.name()),
            content_type: format.content_type(),
            bytes,
        })
    }

    /// CSV by RFC 4180 with CRLF line ends; with a byte order mark if `bom`.
    ///
    /// # Errors
    /// Only the writer's own; writing to memory has none known.
    pub fn csv(&self, cx: &Cx, bom: bool) -> Result<Vec<u8>, ExportError> {
        let mut out = if bom { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(&mut out);
        writer.write_record(self.headers.iter().map(|header| without_formula(header)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| csv_field(cx, value)))?;
        }
        writer.flush().map_err(csv::Error::from)?;
        drop(writer);
        Ok(out)
    }

    fn xlsx(&self, cx: &Cx) -> Result<Vec<u8>, ExportError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&self.name))?;
        let bold = CellFormat::new().set_bold();
        for (column, header) in self.headers.iter().enumerate() {
            sheet.write_string_with_format(0, column_number(column), shortened(header), &bold)?;
        }
        for (at, row) in self.rows.iter().enumerate() {
            // EXPORT_ROWS_MAX keeps the number below Excel's limit of 1 048 576.
            let at = u32::try_from(at + 1).unwrap_or(u32::MAX);
            for (column, value) in row.iter().enumerate() {
                write_cell(cx, sheet, at, column_number(column), value)?;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        Ok(book.save_to_buffer()?)
    }
}

fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn write_cell(cx: &Cx, sheet: &mut Worksheet, row: u32, column: u16, value: &Value) -> Result<(), XlsxError> {
    match value {
        // A string cell is never run, so the words stay as they are.
        Value::Words(_) | Value::Text(_) | Value::Flag(_) => {
            sheet.write_string(row, column, shortened(&value.shown(cx)))?;
        }
        Value::Count(n) => {
            sheet.write_number(row, column, *n as f64)?;
        }
        Value::Seconds(seconds) => {
            sheet.write_number(row, column, *seconds as f64)?;
        }
        Value::Decimal(number, _) | Value::Probability(number) if number.is_finite() => {
            sheet.write_number(row, column, *number)?;
        }
        Value::Percent(ratio, decimals) if ratio.is_finite() => {
            let pattern =
                if *decimals == 0 { "0%".to_owned() } else { format!("0.{}%", "0".repeat(*decimals)) };
            sheet.write_number_with_format(
                row,
                column,
                *ratio,
                &CellFormat::new().set_num_format(pattern),
            )?;
        }
        Value::Empty | Value::Decimal(..) | Value::Probability(_) | Value::Percent(..) => {}
        Value::Day(day) => write_date(sheet, row, column, day.date().at(0, 0, 0, 0), "yyyy-mm-dd")?,
        Value::Time(at) => {
            let local = at.timestamp().to_zoned(cx.zone.clone()).datetime();
            write_date(sheet, row, column, local, "yyyy-mm-dd hh:mm:ss")?;
        }
    }
    Ok(())
}

/// Excel knows days from 1900 to 9999 only; any other is written in words.
fn write_date(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    at: DateTime,
    pattern: &str,
) -> Result<(), XlsxError> {
    let date = u16::try_from(at.year()).ok().and_then(|year| {
        let day = ExcelDateTime::from_ymd(year, at.month().unsigned_abs(), at.day().unsigned_abs()).ok()?;
        day.and_hms(u16::from(at.hour().unsigned_abs()), at.minute().unsigned_abs(), f64::from(at.second()))
            .ok()
    });
    match date {
        Some(date) => sheet.write_datetime_with_format(
            row,
            column,
            &date,
            &CellFormat::new().set_num_format(pattern),
        )?,
        None => sheet.write_string(row, column, at.to_string())?,
    };
    Ok(())
}

fn csv_field(cx: &Cx, value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Words(_) | Value::Text(_) | Value::Flag(_) => without_formula(&value.shown(cx)),
        Value::Count(n) | Value::Seconds(n) => n.to_string(),
        Value::Decimal(number, _) | Value::Probability(number) | Value::Percent(number, _)
            if !number.is_finite() =>
        {
            String::new()
        }
        Value::Decimal(number, _) | Value::Probability(number) | Value::Percent(number, _) => {
            number.to_string()
        }
        Value::Day(day) => day.to_string(),
        Value::Time(at) => at.timestamp().to_zoned(cx.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// Words that a spreadsheet would run are led by an apostrophe (OWASP, CSV injection): those that begin with
/// `=`, `+`, `-`, `@`, a tab, a carriage return or a line feed, or with the full-width forms of the first four,
/// which Excel folds.
pub fn without_formula(words: &str) -> String {
    match words.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{words}")
        }
        _ => words.to_owned(),
    }
}

fn shortened(words: &str) -> String {
    // Excel counts UTF-16 units; half as many characters always fit.
    if words.encode_utf16().count() <= EXCEL_CELL_CHARS_MAX {
        return words.to_owned();
    }
    words.chars().take(EXCEL_CELL_CHARS_MAX / 2).collect()
}

fn sheet_name(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control())
        .take(EXCEL_SHEET_NAME_CHARS_MAX / 2)
        .collect();
    if name.trim().is_empty() { "Lianbing".to_owned() } else { name }
}
