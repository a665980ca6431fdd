//! A requirement as a table, however a spreadsheet saved it, in the form that the engine and its checker read.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

use super::FILE_MAX_BYTES;
use crate::commands::files::{named, refused};
use crate::commands::tables::{Table, civil};

/// Most broken lines that are told one by one.
const TOLD_MAX: usize = 20;

/// Reads a table in UTF-8, UTF-16 or GBK with any usual separator and way of writing days. Every line keeps its number.
///
/// # Errors
/// With the lines that are no rows.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    let mut table = Table::open(path).map_err(|error| refused(format!("{error:#}")))?;
    let names = table.names();
    let start = names.iter().position(|name| name == "interval_start");
    let mut text = String::new();
    put(&mut text, &names);
    let (mut line, mut bad) = (2, Vec::new());
    while let Some(row) = table.next_row().with_context(|| format!("cannot read {}", named(path)))? {
        if text.len() as u64 > FILE_MAX_BYTES {
            return Err(refused(format!(
                "{} is larger than {FILE_MAX_BYTES} bytes: plan less at once",
                named(path)
            )));
        }
        match row {
            Ok(row) => {
                while line < row.line {
                    text.push('\n');
                    line += 1;
                }
                let mut cells = row.cells;
                if let Some(cell) = start.and_then(|at| cells.get_mut(at))
                    && let Some(time) = civil(cell.trim())
                {
                    *cell = time.to_string();
                }
                put(&mut text, &cells);
                line += 1;
            }
            Err(wrong) => bad.push(format!("line {}: {}", wrong.line, wrong.reason)),
        }
    }
    if bad.is_empty() {
        return Ok(text);
    }
    let more = bad.len().saturating_sub(TOLD_MAX);
    bad.truncate(TOLD_MAX);
    if more > 0 {
        bad.push(format!("and {more} more"));
    }
    Err(refused(format!("{}: {}", named(path), bad.join("\n"))))
}

/// A row; a cell that goes over several lines becomes one.
fn put(text: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        let cell = cell.trim().replace(['\r', '\n'], " ").replace('"', "\"\"");
        let _ = write!(text, "{}\"{cell}\"", if at == 0 { "" } else { "," });
    }
    text.push('\n');
}
