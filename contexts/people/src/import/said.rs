//! What to tell people about a file, its columns and its cells.

use intake::person::table::{BYTES_MAX, CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX};
use intake::person::{CellFault, Column, Fault, Mapping, MappingFault, TableError};
use messages::Text;

use crate::error::Invalid;
use crate::{texts, words};

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// The column.
    pub column: Column,
    /// What is wrong and what to do.
    pub reason: Text,
}

impl From<CellFault> for CellError {
    fn from(CellFault { column, fault }: CellFault) -> CellError {
        CellError { column, reason: reason(&fault) }
    }
}

/// What is wrong with a cell, and what to do.
fn reason(fault: &Fault) -> Text {
    match fault {
        Fault::Words(fault) => words::said(*fault),
        Fault::NotADay(typed) => texts::not_a_day(typed),
        Fault::NotARole(typed) => texts::not_a_role(typed),
        Fault::LeaderOfWhat => texts::leader_of_what(),
        Fault::EndsBeforeItBegins(to, from) => {
            texts::ends_before_it_begins(&to.to_string(), &from.to_string())
        }
        Fault::Misquoted => texts::misquoted(),
    }
}

/// The label of a column.
pub const fn label(column: Column) -> Text {
    match column {
        Column::Number => texts::number(),
        Column::Name => texts::name(),
        Column::Site => texts::site(),
        Column::Team => texts::team(),
        Column::Role => texts::team_role(),
        Column::Since => texts::since(),
        Column::EmployedFrom => texts::employed_from(),
        Column::EmployedTo => texts::employed_to(),
        Column::LeavingReason => texts::leaving_reason(),
    }
}

/// Checks that number and name are there and nothing is there twice.
///
/// # Errors
/// What is missing or doubled.
pub fn check(mapping: &Mapping) -> Result<(), Invalid> {
    let mut wrong = Invalid::default();
    for fault in mapping.faults() {
        let (column, say): (Column, fn(&str, &str) -> Text) = match fault {
            MappingFault::Missing(column) => (column, texts::column_missing),
            MappingFault::Twice(column) => (column, texts::column_twice),
        };
        let label = label(column);
        wrong.add("mapping", say(&label.zh, &label.en));
    }
    wrong.or(())
}

/// Why a file is no table.
pub fn table(error: &TableError) -> Text {
    match error {
        TableError::Empty => texts::file_empty(),
        TableError::TooLarge { bytes } => texts::file_too_large(bytes / 1024, BYTES_MAX / 1024),
        TableError::TooManyRows => texts::file_too_many_rows(ROWS_MAX),
        TableError::TooManyColumns { line, columns } => {
            texts::file_too_many_columns(*line, *columns, COLUMNS_MAX)
        }
        TableError::CellTooLong { line } => texts::file_cell_too_long(*line, CELL_CHARS_MAX),
        TableError::MisquotedHeading { line } => texts::file_heading_misquoted(*line),
        TableError::NotText => texts::file_not_text(),
    }
}
