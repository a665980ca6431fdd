//! People: a table held whole, its columns recognised by their headings, a person out of each row.

mod mapping;
mod record;
pub mod table;
mod words;

pub use mapping::{Column, Mapping, MappingFault};
pub use record::{CellFault, Fault, PersonRecord, day, parse};
pub use table::{Table, TableError};
pub use words::{CODE_CHARS_MAX, NAME_CHARS_MAX, WordsFault, code, name};
