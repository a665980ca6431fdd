//! Names, codes and numbers, tidied and bounded.

/// Characters in a name: the longest names of units and of people are far below.
pub const NAME_CHARS_MAX: usize = 200;
/// Characters in a code or an employee number.
pub const CODE_CHARS_MAX: usize = 100;

/// Why words cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// Nothing is left of them.
    #[error("this must be filled in")]
    Empty,
    /// They are longer than they may be.
    #[error("{chars} characters are more than {chars_max}")]
    TooLong {
        /// Their characters.
        chars: usize,
        /// How many there may be.
        chars_max: usize,
    },
}

/// A name without blanks around it and without control characters.
///
/// # Errors
/// It is empty, or longer than [`NAME_CHARS_MAX`].
pub fn name(typed: &str) -> Result<String, WordsFault> {
    bounded(typed, NAME_CHARS_MAX)
}

/// A code or an employee number, like [`name`] but shorter.
///
/// # Errors
/// It is empty, or longer than [`CODE_CHARS_MAX`].
pub fn code(typed: &str) -> Result<String, WordsFault> {
    bounded(typed, CODE_CHARS_MAX)
}

fn bounded(typed: &str, chars_max: usize) -> Result<String, WordsFault> {
    // Blanks may stand behind control characters, so these go first.
    let plain: String = typed.chars().filter(|c| !c.is_control()).collect();
    let tidy = plain.trim();
    match tidy.chars().count() {
        0 => Err(WordsFault::Empty),
        chars if chars > chars_max => Err(WordsFault::TooLong { chars, chars_max }),
        _ => Ok(tidy.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_tidied_and_bounded() {
        let check = |typed: &str, expected: Result<&str, WordsFault>| {
            assert_eq!(code(typed), expected.map(str::to_owned), "{typed:?}");
        };
        check(" A 1 ", Ok("A 1"));
        check("A\u{1}1\n", Ok("A1"));
        check("\u{1} A1 \u{1}", Ok("A1"));
        check(" \t", Err(WordsFault::Empty));
        check("\u{1}", Err(WordsFault::Empty));
        check(&"长".repeat(100), Ok(&"长".repeat(100)));
        check(&"长".repeat(101), Err(WordsFault::TooLong { chars: 101, chars_max: CODE_CHARS_MAX }));
    }
}
