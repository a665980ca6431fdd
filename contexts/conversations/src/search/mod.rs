//! Full-text search: an index beside the database, derived from it.

pub mod index;
pub mod indexing;
pub mod tokens;

use std::sync::LazyLock;

use jieba_rs::Jieba;

use self::tokens::{Clause, clauses};

/// Loaded with the first question that has Chinese in it, and kept.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Cuts what somebody typed into what must be found.
pub fn parse_query(query: &str) -> Vec<Clause> {
    clauses(query, |piece| {
        if piece.is_ascii() {
            return vec![piece.to_owned()];
        }
        JIEBA.cut(piece, true).into_iter().map(|token| token.word.to_owned()).collect()
    })
}
