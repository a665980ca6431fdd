//! Reading what other systems export: text in any usual encoding, JSON lines, CSV with one turn a row, tables of
//! people.
//!
//! Exports are hostile: cut short, in the wrong encoding, fifty megabytes in one line, a quotation mark never
//! closed. Whatever the bytes are, reading ends, stays within limits that have names, and loses nothing in
//! silence: every row becomes a record, or is told with its line and the reason. Nothing here knows who the
//! people and queues are that a file names, nor in which words a reader is told what is wrong.
//!
//! - [`charset`] recognises encodings and turns them into UTF-8; [`lines`] cuts lines; [`cells`] cuts rows of CSV.
//! - [`conversation`] makes records of conversations, as a stream in bounded memory.
//! - [`person`] makes a table of people, which is small enough to be held whole.

pub mod cells;
pub mod charset;
pub mod conversation;
pub mod fuzzing;
pub mod lines;
pub mod person;
