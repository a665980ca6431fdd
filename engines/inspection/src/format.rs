//! Rule text in its one canonical layout. Works on tokens, so that no comment and no choice of words is lost:
//! only blanks, line breaks and full-width punctuation change.

use crate::diagnose::Diagnostic;
use crate::lex::{Token, TokenKind, lex};
use crate::parse::parse_with_lines;

/// Lines are broken before this column, measured with Chinese characters as two columns.
const WIDTH: usize = 100;

/// Lays out rule text. Formatting twice gives the same as formatting once, and the meaning stays the same.
///
/// # Errors
/// Text that cannot be parsed is not laid out; the diagnostics say why.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (_, diagnostics, line_starts) = parse_with_lines(text);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let (tokens, _) = lex(text);
    let mut layout = Layout { tokens, line_starts, ..Layout::default() };
    for index in 0..layout.tokens.len() {
        layout.place(index);
    }
    if !layout.out.is_empty() {
        layout.out.push('\n');
    }
    Ok(layout.out)
}

#[derive(Default)]
struct Layout {
    tokens: Vec<Token>,
    line_starts: Vec<u32>,
    out: String,
    column: usize,
    in_behaviour: bool,
    /// A comment runs to the end of its line, so whatever follows needs a new one.
    line_is_closed: bool,
}

impl Layout {
    fn place(&mut self, index: usize) {
        let Some(token) = self.tokens.get(index).cloned() else { return };
        let text = spell(&token);
        let opens = self.opens_line(index);
        match token.kind {
            TokenKind::End => return,
            TokenKind::Comment(_) => return self.place_comment(index, &token, &text),
            TokenKind::Symbol("}") if opens => self.in_behaviour = false,
            _ => {}
        }
        if opens {
            self.new_line(if self.in_behaviour { 2 } else { 0 }, self.wants_blank(index, &token));
        } else if self.line_is_closed || self.must_break(index) {
            self.new_line(self.continuation(), false);
        } else if space_between(self.previous(index), &token) {
            self.write(" ");
        }
        self.write(&text);
        if token.kind == TokenKind::Symbol("{") {
            self.in_behaviour = true;
        }
    }

    fn place_comment(&mut self, index: usize, token: &Token, text: &str) {
        if token.first_of_line {
            let opened = (index + 1..self.tokens.len())
                .find(|next| !matches!(self.tokens[*next].kind, TokenKind::Comment(_)))
                .is_none_or(|next| self.opens_line(next));
            let indent = match (opened, self.in_behaviour) {
                (false, _) => self.continuation(),
                (true, true) => 2,
                (true, false) => 0,
            };
            self.new_line(indent, token.blank_before && index > 0);
        } else {
            self.write("  ");
        }
        self.write(text);
        self.line_is_closed = true;
    }

    fn continuation(&self) -> usize {
        if self.in_behaviour { 6 } else { 2 }
    }

    fn previous(&self, index: usize) -> Option<&Token> {
        index.checked_sub(1).and_then(|index| self.tokens.get(index))
    }

    fn opens_line(&self, index: usize) -> bool {
        self.tokens.get(index).is_none_or(|token| {
            token.kind == TokenKind::End || self.line_starts.binary_search(&token.at.offset).is_ok()
        })
    }

    /// Declarations stand apart, except from a comment right above; elsewhere an empty line is kept.
    fn wants_blank(&self, index: usize, token: &Token) -> bool {
        let previous = self.previous(index).map(|token| &token.kind);
        let after_comment = matches!(previous, Some(TokenKind::Comment(_)));
        match (&token.kind, previous) {
            (_, None | Some(TokenKind::Symbol("{"))) | (TokenKind::Symbol("}"), _) => false,
            _ if self.in_behaviour => token.blank_before,
            _ => token.blank_before || !after_comment,
        }
    }

    /// Whether the line is full: what stands from here to the next possible break would not fit.
    fn must_break(&self, index: usize) -> bool {
        if !self.may_break(index) {
            return false;
        }
        let mut column = self.column + 1;
        for (next, token) in self.tokens.iter().enumerate().skip(index) {
            let ends = next > index && (self.may_break(next) || self.opens_line(next));
            if ends || matches!(token.kind, TokenKind::Comment(_)) {
                break;
            }
            column +=
                width(&spell(token)) + usize::from(next > index && space_between(self.previous(next), token));
        }
        column > WIDTH
    }

    /// Lines break before the words that join parts of a sentence, and between the items of a list.
    fn may_break(&self, index: usize) -> bool {
        const JOINTS: [&str; 12] = [
            "and", "or", "then", "where", "within", "before", "after", "in", "except", "followed", "near",
            "more",
        ];
        let Some(token) = self.tokens.get(index) else { return false };
        let previous = self.previous(index).map(|token| &token.kind);
        match &token.kind {
            TokenKind::Text(_) | TokenKind::Regex(_) => {
                matches!(previous, Some(TokenKind::Symbol(",") | TokenKind::Text(_) | TokenKind::Regex(_)))
            }
            TokenKind::Word(word) => {
                matches!(previous, Some(TokenKind::Symbol(","))) || JOINTS.contains(&word.as_str())
            }
            _ => false,
        }
    }

    fn new_line(&mut self, indent: usize, blank: bool) {
        if !self.out.is_empty() {
            self.out.push_str(if blank { "\n\n" } else { "\n" });
        }
        self.out.push_str(&" ".repeat(indent));
        self.column = indent;
        self.line_is_closed = false;
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += width(text);
    }
}

fn space_between(previous: Option<&Token>, token: &Token) -> bool {
    let tight = matches!(token.kind, TokenKind::Symbol(")" | "," | "%"));
    let after_open = matches!(previous.map(|token| &token.kind), None | Some(TokenKind::Symbol("(")));
    !tight && !after_open
}

/// The token as it is written in the canonical layout.
fn spell(token: &Token) -> String {
    match &token.kind {
        TokenKind::Word(word) => word.clone(),
        TokenKind::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        TokenKind::Regex(pattern) => format!("/{}/", pattern.replace('/', "\\/")),
        TokenKind::Number(_) | TokenKind::Ordinal(_) => token.spelling.clone(),
        TokenKind::Symbol(symbol) => (*symbol).to_owned(),
        TokenKind::Comment(text) if text.is_empty() => "#".to_owned(),
        TokenKind::Comment(text) => format!("# {text}"),
        TokenKind::End => String::new(),
    }
}

/// Columns on screen: characters from the CJK blocks and full-width forms take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xffdc) { 2 } else { 1 }).sum()
}
