//! Full-text search: an index beside the database, derived from it.

mod first;
pub mod index;
pub mod indexing;
pub mod tokens;

use std::sync::LazyLock;

use jieba_rs::Jieba;

use self::tokens::{Clause, clauses, pieces};

/// Loaded with the first question that has Chinese in it, and kept.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

fn words(piece: &str) -> Vec<String> {
    if piece.is_ascii() {
        return vec![piece.to_owned()];
    }
    JIEBA.cut(piece, true).into_iter().map(|token| token.word.to_owned()).collect()
}

/// Cuts what somebody typed into what must be found.
pub fn parse_query(query: &str) -> Vec<Clause> {
    clauses(query, words)
}

/// Where a text has what somebody searched for: first character and the one after the last, in characters.
/// At most [`MARKS_MAX`], in the order of the text.
pub fn marks(query: &str, text: &str) -> Vec<(usize, usize)> {
    let fold = |c: char| c.to_lowercase().next().unwrap_or(c);
    let text: Vec<char> = text.chars().map(fold).collect();
    let mut found = Vec::new();
    for piece in pieces(query, words) {
        let piece: Vec<char> = piece.chars().map(fold).collect();
        let places = text.windows(piece.len().max(1)).enumerate().filter(|(_, window)| *window == piece);
        found.extend(places.map(|(at, window)| (at, at + window.len())).take(MARKS_MAX));
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MARKS_MAX);
    found
}

/// Marks in one turn: more would hide the words.
const MARKS_MAX: usize = 50;
