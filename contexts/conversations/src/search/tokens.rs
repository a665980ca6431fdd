//! How text is cut for the search index. Pure.
//!
//! A Han character is indexed together with the Han character after it, alone at the end of a run; so every
//! Han phrase of two or more characters is found exactly where it stands, without a dictionary deciding what
//! a word is. Latin words and numbers are folded to lower case and half width. A new line (a new turn) leaves a
//! gap, so that no phrase goes over two turns.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::conversation::rules::is_han;

/// Positions between two turns.
const TURN_GAP: usize = 100;
/// Bytes of one Latin word or number; what is longer is cut: it is no word.
const WORD_BYTES_MAX: usize = 60;

/// The name under which the index knows [`Cutter`].
pub const CUTTER: &str = "han_pairs";

/// Cuts text into tokens.
#[derive(Clone, Default)]
pub struct Cutter;

/// The tokens of a text.
pub struct Cut<'a> {
    text: &'a str,
    at: usize,
    next_position: usize,
    token: Token,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut<'a> {
        Cut { text, at: 0, next_position: 0, token: Token::default() }
    }
}

impl TokenStream for Cut<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let mut chars = rest.chars();
            let Some(first) = chars.next() else { return false };
            if is_han(first) {
                self.take_han(first, chars.next());
                return true;
            }
            if first.is_alphanumeric() {
                self.take_word(rest);
                return true;
            }
            if first == '\n' {
                self.next_position += TURN_GAP;
            }
            self.at += first.len_utf8();
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Cut<'_> {
    fn take_han(&mut self, first: char, next: Option<char>) {
        self.token.text.clear();
        self.token.text.push(first);
        self.token.offset_from = self.at;
        self.at += first.len_utf8();
        self.token.offset_to = self.at;
        if let Some(next) = next.filter(|c| is_han(*c)) {
            self.token.text.push(next);
            self.token.offset_to += next.len_utf8();
        }
        self.position();
    }

    fn take_word(&mut self, rest: &str) {
        self.token.text.clear();
        self.token.offset_from = self.at;
        for c in rest.chars().take_while(|c| c.is_alphanumeric() && !is_han(*c)) {
            self.at += c.len_utf8();
            if self.token.text.len() < WORD_BYTES_MAX {
                self.token.text.extend(folded(c).to_lowercase());
            }
        }
        self.token.offset_to = self.at;
        self.position();
    }

    fn position(&mut self) {
        self.token.position = self.next_position;
        self.token.position_length = 1;
        self.next_position += 1;
    }
}

/// Full-width forms as the half-width ones they stand for.
fn folded(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// One thing that must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// These tokens one after the other.
    Tokens(Vec<String>),
    /// The same, the last being the beginning of a token: the text ends with a single Han character.
    Prefix(Vec<String>),
}

/// Characters of a query that are looked at; nobody types more.
pub const QUERY_CHARS_MAX: usize = 200;

/// Cuts what somebody typed into clauses, all of which must be found. Between quotation marks the words must
/// stand together as typed; elsewhere a stretch of Chinese is cut into words by `words`, so that they may
/// stand apart, and single characters between longer words are left out, because they mean little alone.
pub fn clauses(query: &str, words: impl Fn(&str) -> Vec<String>) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = pieces(query, words).iter().filter_map(|piece| clause(piece)).collect();
    clauses.dedup();
    clauses
}

/// The phrases and words that must be found, as typed: what a page marks in the text.
pub fn pieces(query: &str, words: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).map(folded).collect();
    let mut pieces = Vec::new();
    for (at, part) in query.split(['"', '“', '”', '「', '」']).enumerate() {
        if at % 2 == 1 {
            pieces.push(part.trim().to_owned());
            continue;
        }
        for piece in part.split_whitespace() {
            let mut cut: Vec<String> = words(piece);
            let is_word = |word: &String| word.chars().nth(1).is_some() || !word.chars().all(is_han);
            if cut.iter().any(is_word) {
                cut.retain(is_word);
            }
            pieces.extend(cut);
        }
    }
    pieces.retain(|piece| piece.chars().any(char::is_alphanumeric));
    pieces
}

fn clause(phrase: &str) -> Option<Clause> {
    let mut cutter = Cutter;
    let mut stream = cutter.token_stream(phrase);
    let mut tokens = Vec::new();
    while stream.advance() {
        tokens.push(stream.token().text.clone());
    }
    let mut ends = phrase.trim_end().chars().rev().skip_while(|c| !c.is_alphanumeric());
    let ends_with_han = ends.next().is_some_and(is_han);
    let runs_on = ends.next().is_some_and(is_han);
    if ends_with_han && runs_on {
        // The last character is in the pair before it; what follows it in the text is not known.
        tokens.pop();
    }
    if tokens.is_empty() {
        return None;
    }
    Some(if ends_with_han && !runs_on { Clause::Prefix(tokens) } else { Clause::Tokens(tokens) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(String, usize)> {
        let mut cutter = Cutter;
        let mut stream = cutter.token_stream(text);
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().text.clone(), stream.token().position));
        }
        tokens
    }

    #[test]
    fn texts_are_cut() {
        let shown =
            |text: &str| cut(text).into_iter().map(|(t, p)| format!("{t}{p}")).collect::<Vec<_>>().join(" ");
        assert_eq!(shown("我要退款，谢谢"), "我要0 要退1 退款2 款3 谢谢4 谢5");
        assert_eq!(
            shown("５Ｇ套餐 Hello, WORLD 3.5"),
            "5g0 套餐1 餐2 hello3 world4 3.50".replace("3.50", "35 56")
        );
        assert_eq!(shown("好\n好"), "好0 好101");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn queries_are_cut() {
        let check = |query: &str, expected: &[Clause]| {
            let words = |piece: &str| match piece {
                "我想退流量套餐" => ["我", "想", "退", "流量", "套餐"].map(str::to_owned).to_vec(),
                other => vec![other.to_owned()],
            };
            assert_eq!(clauses(query, words), expected, "{query}");
        };
        let tokens = |words: &[&str]| Clause::Tokens(words.iter().map(|w| (*w).to_owned()).collect());
        check("我想退流量套餐", &[tokens(&["流量"]), tokens(&["套餐"])]);
        check("\"退流量\" Refund", &[tokens(&["退流", "流量"]), tokens(&["refund"])]);
        check("“thank you”", &[tokens(&["thank", "you"])]);
        check("退", &[Clause::Prefix(vec!["退".into()])]);
        check("5G套", &[Clause::Prefix(vec!["5g".into(), "套".into()])]);
        check("  ?!  ", &[]);
        check("\"", &[]);
    }
}
