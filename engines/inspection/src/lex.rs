//! Rule text into tokens. Full-width punctuation reads as its ASCII counterpart, so that a rule can be typed
//! without leaving a Chinese input method.

use crate::diagnose::Diagnostic;
use crate::limits::LITERAL_MAX_CHARS;

/// A place in a rule file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pos {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
    /// Length in Unicode characters.
    pub length: u32,
    /// Offset from the start of the text in Unicode characters, from 0.
    pub offset: u32,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// A keyword or a name: letters (of any script), digits and `_`, not beginning with a digit.
    Word(String),
    /// A quoted text, escapes resolved.
    Text(String),
    /// A regular expression between slashes, `\/` resolved.
    Regex(String),
    /// A number that is not negative.
    Number(f64),
    /// A position such as `2nd`.
    Ordinal(u32),
    /// Punctuation: one of `{ } ( ) , % = != < <= > >= + - * /`.
    Symbol(&'static str),
    /// A comment, without `#` and surrounding blanks.
    Comment(String),
    /// End of the text.
    End,
}

/// A token with its place and what surrounds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub at: Pos,
    /// Whether it is the first token of its line.
    pub first_of_line: bool,
    /// Whether an empty line stands before it.
    pub blank_before: bool,
    /// The number as it was written (numbers only), so that formatting does not rewrite it.
    pub spelling: String,
}

impl Token {
    /// How a message names the token.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Text(text) => format!("the text \"{text}\""),
            TokenKind::Regex(regex) => format!("the regular expression /{regex}/"),
            TokenKind::Number(_) => format!("the number {}", self.spelling),
            TokenKind::Ordinal(_) => format!("`{}`", self.spelling),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::Comment(_) => "a comment".to_owned(),
            TokenKind::End => "the end of the file".to_owned(),
        }
    }
}

/// Splits rule text into tokens, comments included; always ends with [`TokenKind::End`].
///
/// What cannot be read is reported and skipped, so that the rest is still checked.
pub fn lex(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        next: 0,
        line: 1,
        column: 1,
        first_of_line: true,
        line_breaks: 2,
        tokens: Vec::new(),
        errors: Vec::new(),
    };
    while lexer.token() {}
    (lexer.tokens, lexer.errors)
}

struct Lexer {
    chars: Vec<char>,
    next: usize,
    line: u32,
    column: u32,
    first_of_line: bool,
    line_breaks: u32,
    tokens: Vec<Token>,
    errors: Vec<Diagnostic>,
}

/// ASCII counterpart of the punctuation a Chinese keyboard gives.
fn narrow(c: char) -> char {
    match c {
        '，' | '、' | '；' | ';' => ',',
        '（' => '(',
        '）' => ')',
        '｛' => '{',
        '｝' => '}',
        '％' => '%',
        '＝' => '=',
        '＜' => '<',
        '＞' => '>',
        '＋' => '+',
        '－' => '-',
        '＊' => '*',
        '＃' => '#',
        '≥' => '≥',
        '≤' => '≤',
        '≠' => '≠',
        '\u{3000}' | '\u{a0}' | '\u{feff}' => ' ',
        other => other,
    }
}

/// The mark that ends a text opened by `open`.
fn closing_quote(open: char) -> Option<&'static [char]> {
    match open {
        '"' => Some(&['"']),
        '“' | '”' | '＂' => Some(&['”', '“', '＂']),
        '「' => Some(&['」']),
        _ => None,
    }
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.next + ahead).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.next += 1;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
            self.first_of_line = true;
            self.line_breaks += 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn here(&self) -> Pos {
        let offset = u32::try_from(self.next).unwrap_or(u32::MAX);
        Pos { line: self.line, column: self.column, length: 1, offset }
    }

    fn push(&mut self, start: Pos, kind: TokenKind) {
        let end = self.here().offset;
        let spelling = match kind {
            TokenKind::Number(_) | TokenKind::Ordinal(_) => {
                self.chars[start.offset as usize..end as usize].iter().collect()
            }
            _ => String::new(),
        };
        let at = Pos { length: end.saturating_sub(start.offset), ..start };
        let token = Token {
            kind,
            at,
            first_of_line: self.first_of_line,
            blank_before: self.line_breaks > 1,
            spelling,
        };
        self.tokens.push(token);
        self.first_of_line = false;
        self.line_breaks = 0;
    }

    /// Reads one token; false after the end.
    fn token(&mut self) -> bool {
        while self.peek(0).is_some_and(|c| narrow(c).is_whitespace()) {
            self.bump();
        }
        let start = self.here();
        let Some(c) = self.peek(0).map(narrow) else {
            self.push(start, TokenKind::End);
            return false;
        };
        if c == '#' {
            self.comment(start);
        } else if c.is_ascii_digit() {
            self.number(start);
        } else if c == '_' || c.is_alphabetic() {
            let word = self.take_while(|c| c == '_' || c.is_alphanumeric());
            self.push(start, TokenKind::Word(word));
        } else if closing_quote(c).is_some() {
            self.quoted(start);
        } else if c == '/' && self.regex_may_start() {
            self.regex(start);
        } else {
            self.symbol(start, c);
        }
        true
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.peek(0).filter(|c| keep(*c)) {
            taken.push(c);
            self.bump();
        }
        taken
    }

    fn comment(&mut self, start: Pos) {
        let text = self.take_while(|c| c != '\n');
        let text = text.trim_start_matches(['#', '＃']).trim().to_owned();
        self.push(start, TokenKind::Comment(text));
    }

    fn number(&mut self, start: Pos) {
        let mut digits = self.take_while(|c| c.is_ascii_digit());
        if self.peek(0) == Some('.') && self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
            digits.push('.');
            digits.push_str(&self.take_while(|c| c.is_ascii_digit()));
        }
        let suffix: String = (0..2).filter_map(|i| self.peek(i)).collect();
        let ordinal = ["st", "nd", "rd", "th"].contains(&suffix.as_str())
            && !self.peek(2).is_some_and(char::is_alphanumeric);
        if ordinal && let Ok(n) = digits.parse::<u32>() {
            self.bump();
            self.bump();
            self.push(start, TokenKind::Ordinal(n));
            return;
        }
        match digits.parse::<f64>() {
            Ok(value) if value < 1e15 => self.push(start, TokenKind::Number(value)),
            _ => {
                let at = Pos { length: self.here().offset - start.offset, ..start };
                self.errors.push(Diagnostic::error(
                    at,
                    format!("the number {digits} is too large"),
                    "a number below 10^15",
                ));
                self.push(start, TokenKind::Number(1.0));
            }
        }
    }

    fn quoted(&mut self, start: Pos) {
        let Some(closing) = self.bump().and_then(closing_quote) else { return };
        let mut text = String::new();
        loop {
            match self.peek(0) {
                Some('\\') if self.peek(1).is_some_and(|c| c == '\\' || closing.contains(&c) || c == '"') => {
                    self.bump();
                    text.extend(self.bump());
                }
                Some(c) if closing.contains(&c) => {
                    self.bump();
                    break;
                }
                Some(c) if c != '\n' => {
                    text.push(c);
                    self.bump();
                }
                _ => {
                    let example = "list sorry = \"抱歉\", \"sorry\"";
                    self.errors.push(
                        Diagnostic::error(
                            start,
                            "this text is not closed on its line",
                            "a closing quotation mark",
                        )
                        .with_example(example),
                    );
                    break;
                }
            }
        }
        if text.chars().count() > LITERAL_MAX_CHARS {
            let message = format!("this text has {} characters", text.chars().count());
            let expected =
                format!("at most {LITERAL_MAX_CHARS} characters; split a long phrase into its telling words");
            self.errors.push(Diagnostic::error(start, message, expected));
            text = text.chars().take(LITERAL_MAX_CHARS).collect();
        }
        self.push(start, TokenKind::Text(text));
    }

    /// A slash divides after a value and opens a regular expression everywhere else.
    fn regex_may_start(&self) -> bool {
        let mut before = self.tokens.iter().rev().filter(|t| !matches!(t.kind, TokenKind::Comment(_)));
        let (last, last_but_one) = (before.next(), before.next());
        let is_field = |token: Option<&Token>| matches!(token, Some(Token { kind: TokenKind::Word(w), .. }) if w == "field");
        match last.map(|token| &token.kind) {
            Some(TokenKind::Number(_) | TokenKind::Symbol(")")) => false,
            Some(TokenKind::Word(_) | TokenKind::Text(_)) => !is_field(last_but_one),
            _ => true,
        }
    }

    fn regex(&mut self, start: Pos) {
        self.bump();
        let mut pattern = String::new();
        loop {
            match self.peek(0) {
                Some('\\') if self.peek(1) == Some('/') => {
                    self.bump();
                    self.bump();
                    pattern.push('/');
                }
                Some('\\') if self.peek(1).is_some_and(|c| c != '\n') => {
                    pattern.extend(self.bump());
                    pattern.extend(self.bump());
                }
                Some('/') => {
                    self.bump();
                    break;
                }
                Some(c) if c != '\n' => {
                    pattern.push(c);
                    self.bump();
                }
                _ => {
                    self.errors.push(
                        Diagnostic::error(
                            start,
                            "this regular expression is not closed on its line",
                            "a closing `/`",
                        )
                        .with_example("agent says /回(电|拨).{0,6}\\d+/"),
                    );
                    break;
                }
            }
        }
        self.push(start, TokenKind::Regex(pattern));
    }

    fn symbol(&mut self, start: Pos, c: char) {
        self.bump();
        let followed_by_equals = self.peek(0).map(narrow) == Some('=');
        let symbol = match c {
            '{' => "{",
            '}' => "}",
            '(' => "(",
            ')' => ")",
            ',' => ",",
            '%' => "%",
            '=' => "=",
            '+' => "+",
            '-' => "-",
            '*' => "*",
            '/' => "/",
            '≥' => ">=",
            '≤' => "<=",
            '≠' => "!=",
            '!' if followed_by_equals => "!=",
            '<' if followed_by_equals => "<=",
            '>' if followed_by_equals => ">=",
            '<' => "<",
            '>' => ">",
            other => {
                self.errors.push(Diagnostic::error(
                    start,
                    format!("`{other}` means nothing here"),
                    "a word of the language, a name, a \"text\", a /regular expression/ or a number",
                ));
                return;
            }
        };
        if symbol.len() == 2 && followed_by_equals && matches!(c, '!' | '<' | '>') {
            self.bump();
        }
        self.push(start, TokenKind::Symbol(symbol));
    }
}
