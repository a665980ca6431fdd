//! What people type as names, codes and numbers, tidied and bounded.

use messages::Text;

use crate::texts;

/// Characters in a name: the longest names of units and of people are far below.
pub const NAME_CHARS_MAX: usize = 200;
/// Characters in a code or an employee number.
pub const CODE_CHARS_MAX: usize = 100;

/// A name without blanks around it and without control characters.
///
/// # Errors
/// It is empty, or longer than [`NAME_CHARS_MAX`].
pub fn name(typed: &str) -> Result<String, Text> {
    bounded(typed, NAME_CHARS_MAX)
}

/// A code or an employee number, like [`name`] but shorter.
///
/// # Errors
/// It is empty, or longer than [`CODE_CHARS_MAX`].
pub fn code(typed: &str) -> Result<String, Text> {
    bounded(typed, CODE_CHARS_MAX)
}

fn bounded(typed: &str, chars_max: usize) -> Result<String, Text> {
    let tidy: String = typed.trim().chars().filter(|c| !c.is_control()).collect();
    let n = tidy.chars().count();
    if n == 0 {
        Err(texts::must_be_filled())
    } else if n > chars_max {
        Err(texts::too_long(n, chars_max))
    } else {
        Ok(tidy)
    }
}
