//! Searching a text the plain way.

use crate::fold::{is_spoken, is_word_char};

/// Letters, digits and the ideographs that have syllable numbers.
pub(super) fn is_readable(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(u32::from(c), 0x4e00..=0x9fff)
}

pub(super) fn occurrences(text: &[char], word: &[char]) -> Vec<(usize, usize)> {
    let starts = 0..(text.len() + 1).saturating_sub(word.len());
    starts.filter(|start| text[*start..].starts_with(word)).map(|start| (start, start + word.len())).collect()
}

pub(super) fn at_word_edges(text: &[char], word: &[char], (start, end): (usize, usize)) -> bool {
    let joined = |own: Option<&char>, other: Option<&char>| {
        own.is_some_and(|c| is_word_char(*c)) && other.is_some_and(|c| is_word_char(*c))
    };
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    !joined(word.first(), before) && !joined(word.last(), text.get(end))
}

pub(super) fn levenshtein(a: &[char], b: &[char]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let substitute = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                substitute.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1)
            };
        }
    }
    table[a.len()][b.len()]
}

/// From left to right: the first end at which some piece of text is near enough, moved on while the distance still falls; the
/// latest start that gives it.
pub(super) fn misspelt(text: &[char], word: &[char], edits: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    'next: loop {
        let best_at = |end: usize| {
            let starts =
                (from..=end).map(|start| (levenshtein(word, &text[start..end]), std::cmp::Reverse(start)));
            starts.min().unwrap_or((usize::MAX, std::cmp::Reverse(from)))
        };
        for end in from + 1..=text.len() {
            let (mut distance, mut start) = best_at(end);
            if distance > edits {
                continue;
            }
            let mut end = end;
            while end < text.len() && best_at(end + 1).0 < distance {
                end += 1;
                (distance, start) = best_at(end);
            }
            found.push((start.0, end));
            from = end;
            continue 'next;
        }
        return found;
    }
}

pub(super) fn pairs(text: &[char]) -> Vec<(char, char)> {
    let spoken: Vec<char> = text.iter().copied().filter(|c| is_spoken(*c)).collect();
    spoken.windows(2).map(|two| (two[0], two[1])).collect()
}

pub(super) fn alike(a: &[(char, char)], b: &[(char, char)], percent: usize) -> bool {
    let mut left = b.to_vec();
    let mut shared = 0;
    for pair in a {
        if let Some(at) = left.iter().position(|other| other == pair) {
            left.swap_remove(at);
            shared += 1;
        }
    }
    let total = a.len() + b.len();
    total > 0 && 200 * shared >= percent * total
}
