//! Cutting a turn into sentences and clauses. All places are in characters of the turn.

use inspection::fold::{fold_char, is_spoken};

/// A stretch of characters, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The folded characters of a text; as many as the text has.
pub(crate) fn folded(text: &str) -> Vec<char> {
    text.chars().map(fold_char).collect()
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n' | '…')
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | ',' | '、' | '：' | ':')
}

/// The clauses of a folded text with the number of the sentence each belongs to; only those in which something is said.
pub(crate) fn clauses(text: &[char]) -> Vec<(usize, Span)> {
    let mut found = Vec::new();
    let (mut start, mut sentence) = (0, 0);
    let mut close = |start: usize, end: usize, sentence: usize| {
        let inside = text.get(start..end).unwrap_or_default();
        let first = inside.iter().position(|c| is_spoken(*c));
        let last = inside.iter().rposition(|c| is_spoken(*c));
        if let (Some(first), Some(last)) = (first, last) {
            found.push((sentence, Span { start: start + first, end: start + last + 1 }));
        }
    };
    for (at, c) in text.iter().enumerate() {
        let next_is_space = text.get(at + 1).is_none_or(|next| next.is_whitespace());
        // A full stop or a comma between digits is part of a number.
        let between_digits = at > 0
            && text.get(at - 1).is_some_and(char::is_ascii_digit)
            && text.get(at + 1).is_some_and(char::is_ascii_digit);
        let full_stop = ends_sentence(*c) || (*c == '.' && next_is_space);
        if full_stop || (ends_clause(*c) && !between_digits) {
            close(start, at, sentence);
            start = at + 1;
            sentence += usize::from(full_stop);
        }
    }
    close(start, text.len(), sentence);
    found
}

/// Most clauses that are looked at together.
const WINDOW_CLAUSES: usize = 3;

/// What may be a unit of meaning: each clause, and neighbouring clauses of one sentence together.
pub(crate) fn windows(clauses: &[(usize, Span)]) -> Vec<Span> {
    let mut windows = Vec::new();
    for (place, (sentence, first)) in clauses.iter().enumerate() {
        for (other, last) in clauses.iter().skip(place).take(WINDOW_CLAUSES) {
            if other == sentence {
                windows.push(Span { start: first.start, end: last.end });
            }
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_punctuation_but_not_inside_numbers() {
        let cut = |text: &str| {
            let chars = folded(text);
            clauses(&chars)
                .into_iter()
                .map(|(sentence, span)| (sentence, chars[span.start..span.end].iter().collect::<String>()))
                .collect::<Vec<_>>()
        };
        let owned = |parts: &[(usize, &str)]| {
            parts.iter().map(|(sentence, text)| (*sentence, (*text).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(cut("抱歉，我马上查。好吗？"), owned(&[(0, "抱歉"), (0, "我马上查"), (1, "好吗")]));
        assert_eq!(cut("It is 1,200.50 in all. OK"), owned(&[(0, "it is 1,200.50 in all"), (1, "ok")]));
        assert_eq!(cut("?!。，"), owned(&[]));
        assert_eq!(cut(""), owned(&[]));
    }
}
