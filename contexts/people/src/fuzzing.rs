//! What fuzz targets call: parsers of this context on bytes from anywhere.

use crate::import::mapping::Mapping;
use crate::import::rows;
use crate::import::tabular::{COLUMNS_MAX, ROWS_MAX, Table};

/// Reads bytes as a file of people, up to but without the database.
///
/// # Panics
/// When a limit is not held or a good row is not one.
pub fn people_csv(data: &[u8]) {
    let Ok(table) = Table::read(data) else { return };
    assert!(table.rows.len() <= ROWS_MAX && table.header.len() <= COLUMNS_MAX);
    let guessed = Mapping::guess(&table.header);
    let first =
        Mapping::parse(["number", "name", "site", "team", "role", "since", "employed_from", "employed_to"]);
    for mapping in [guessed, first] {
        for row in &table.rows {
            if let Ok(record) = rows::parse(&row.cells, &mapping) {
                assert!(!record.number.is_empty() && !record.name.is_empty());
            }
        }
    }
}
