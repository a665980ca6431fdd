//! What people type as names, codes and numbers, tidied and bounded: the same as in files.

pub use intake::person::{CODE_CHARS_MAX, NAME_CHARS_MAX};
use intake::person::{WordsFault, code as code_of, name as name_of};
use messages::Text;

use crate::texts;

/// A name without blanks around it and without control characters.
///
/// # Errors
/// It is empty, or longer than [`NAME_CHARS_MAX`].
pub fn name(typed: &str) -> Result<String, Text> {
    name_of(typed).map_err(said)
}

/// A code or an employee number, like [`name`] but shorter.
///
/// # Errors
/// It is empty, or longer than [`CODE_CHARS_MAX`].
pub fn code(typed: &str) -> Result<String, Text> {
    code_of(typed).map_err(said)
}

/// What to tell people.
pub(crate) fn said(fault: WordsFault) -> Text {
    match fault {
        WordsFault::Empty => texts::must_be_filled(),
        WordsFault::TooLong { chars, chars_max } => texts::too_long(chars, chars_max),
    }
}
