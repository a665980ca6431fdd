//! Making texts comparable: full-width to half-width, capitals to small, typographic quotes to plain ones.
//!
//! One character always becomes exactly one character, so that a place in folded text is the same place in the
//! original.

/// The folded form of one character.
#[inline]
pub fn fold_char(c: char) -> char {
    let code = u32::from(c);
    // First what is most frequent in the texts at hand.
    if (0x3400..=0x9fff).contains(&code) {
        return c;
    }
    match code {
        0..=0x7f => c.to_ascii_lowercase(),
        0xff01..=0xff5e => char::from_u32(code - 0xfee0).map_or(c, |narrow| narrow.to_ascii_lowercase()),
        0xa0 | 0x3000 => ' ',
        0x2018 | 0x2019 => '\'',
        0x201c | 0x201d => '"',
        0x80..=0x2fff => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(only), None) => only,
                _ => c,
            }
        }
        _ => c,
    }
}

/// The folded form of a text; as many characters as the text.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Whether a folded character is part of a word written with letters: a word next to it goes on.
pub fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || (matches!(u32::from(c), 0xc0..=0x24f) && c.is_alphabetic())
}

/// Whether a folded character is a letter, a digit or an ideograph rather than punctuation.
#[inline]
pub fn is_spoken(c: char) -> bool {
    match u32::from(c) {
        0..=0x7f => c.is_ascii_alphanumeric(),
        0x4e00..=0x9fff => true,
        _ => c.is_alphanumeric(),
    }
}

/// The part of folded characters from the first to the last spoken one, as a range.
pub fn spoken_span(folded: &[char]) -> Option<(usize, usize)> {
    let start = folded.iter().position(|c| is_spoken(*c))?;
    let end = folded.iter().rposition(|c| is_spoken(*c))?;
    Some((start, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_places_and_settles_at_once() {
        for (text, expected) in
            [("ＰＩＮ码", "pin码"), ("“Ok”，　É", "\"ok\", é"), ("İstanbul", "İstanbul"), ("投诉", "投诉")]
        {
            assert_eq!(fold(text), expected);
            assert_eq!(fold(text).chars().count(), text.chars().count());
        }
        for c in (0..=0x1_0fff).filter_map(char::from_u32) {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c:?}");
        }
    }
}
