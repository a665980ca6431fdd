//! Words a few letters off, by the approximate string matching of P. Sellers (1980).

/// Places in `text` within `edits` insertions, deletions or substitutions of `word`, as (start, end), not overlapping.
///
/// From left to right: the first end at which the distance is small enough, moved on while it still falls; the start is
/// the latest that gives this distance.
pub(crate) fn find(word: &[char], text: &[char], edits: u32, out: &mut Vec<(usize, usize)>) {
    out.clear();
    let mut from = 0;
    while let Some((start, end)) = first(word, text, edits, from) {
        out.push((start, end));
        from = end;
    }
}

/// A word cut into `n` pieces: with fewer than `n` edits, one of them stays whole.
pub(crate) fn pieces(word: &[char], n: usize) -> Vec<String> {
    (0..n)
        .map(|i| word.get(word.len() * i / n..word.len() * (i + 1) / n).unwrap_or_default().iter().collect())
        .collect()
}

/// One column cell: distance, and the latest start that reaches it.
type Cell = (u32, usize);

fn better(a: Cell, b: Cell) -> Cell {
    if (b.0, std::cmp::Reverse(b.1)) < (a.0, std::cmp::Reverse(a.1)) { b } else { a }
}

fn first(word: &[char], text: &[char], edits: u32, from: usize) -> Option<(usize, usize)> {
    let mut column: Vec<Cell> = (0_u32..).take(word.len() + 1).map(|deleted| (deleted, from)).collect();
    let mut best: Option<(Cell, usize)> = None;
    for (at, c) in text.iter().enumerate().skip(from) {
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for (i, w) in word.iter().enumerate() {
            let substitute = (diagonal.0 + u32::from(w != c), diagonal.1);
            diagonal = column[i + 1];
            let insert = (diagonal.0 + 1, diagonal.1);
            let delete = (column[i].0 + 1, column[i].1);
            column[i + 1] = better(better(substitute, insert), delete);
        }
        let last = column[word.len()];
        match best {
            Some((cell, end)) if last.0 >= cell.0 => return Some((cell.1, end)),
            _ if last.0 <= edits => best = Some((last, at + 1)),
            _ => {}
        }
    }
    best.map(|(cell, end)| (cell.1, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_are_found_where_they_stand() {
        for (word, text, edits, expected) in [
            ("broadband", "my brodband is slow", 1, vec![(3, 11)]),
            ("broadband", "broadband, broadbandd", 1, vec![(0, 9), (11, 20)]),
            ("广东移动", "广州移动的", 1, vec![(0, 4)]),
            ("account", "amount", 1, vec![]),
        ] {
            let (w, t): (Vec<char>, Vec<char>) = (word.chars().collect(), text.chars().collect());
            let mut out = Vec::new();
            find(&w, &t, edits, &mut out);
            assert_eq!(out, expected, "{word} in {text}");
        }
    }
}
