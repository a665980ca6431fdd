//! Tokens into a tree, by recursive descent. After an error the parser goes on with the next clause or
//! declaration, so that one look shows the author all that is wrong.

mod condition;
mod phrase;

use crate::ast::{Amount, At, Unit, Who};
use crate::ast::{Behaviour, Bilingual, Condition, File, List, Mode, Rule};
use crate::diagnose::{Diagnostic, did_you_mean};
use crate::lex::{Pos, Token, TokenKind, lex};
use crate::limits::{CONDITION_MAX_DEPTH, DIAGNOSTICS_MAX, RULE_TEXT_MAX_BYTES};

/// Every word with a meaning of its own, and what it is for; names must differ from them. An editor completes
/// from this table.
pub const KEYWORDS: &[(&str, &str)] = &[
    ("list", "names a list of words"),
    ("rule", "names a condition for reuse"),
    ("behaviour", "names a behaviour"),
    ("title", "what people read, zh and en"),
    ("note", "an explanation, zh and en"),
    ("zh", "Chinese text follows"),
    ("en", "English text follows"),
    ("must", "on which occasions it must be shown"),
    ("each", "must each: on every occasion"),
    ("first", "must first, or the first time"),
    ("prohibited", "it must never happen"),
    ("applies", "applies when: the occasion"),
    ("shown", "shown when: what makes it shown"),
    ("offence", "offence when: what is prohibited"),
    ("when", "a condition follows"),
    ("agent", "the centre's person"),
    ("customer", "the customer"),
    ("anyone", "agent or customer"),
    ("system", "announcements"),
    ("says", "words follow"),
    ("never", "never says: there is no such turn"),
    ("always", "always says: every turn has it"),
    ("repeats", "says the same thing again"),
    ("echoes", "says back what the other said"),
    ("said", "echoes … said by …"),
    ("by", "said by, off by"),
    ("replies", "replies after more than n seconds"),
    ("speaks", "speaks for more than n seconds"),
    ("for", "speaks for …"),
    ("any", "any of a list"),
    ("all", "all of a list in one turn"),
    ("of", "of a list, or on either side of an anchor"),
    ("anything", "any turn with words"),
    ("part", "also inside a longer word"),
    ("exactly", "the whole turn, or exactly n times"),
    ("sounds", "sounds like: same syllables"),
    ("roughly", "sounds roughly like: merged syllables"),
    ("like", "alike in sound, spelling or letters"),
    ("spelled", "spelled like … off by n"),
    ("off", "off by n letters"),
    ("alike", "likeness in per cent"),
    ("looking", "looking back n turns"),
    ("back", "looking back n turns"),
    ("near", "two phrases close together"),
    ("followed", "followed by: close together in order"),
    ("except", "does not count"),
    ("and", "both hold"),
    ("or", "at least one holds"),
    ("not", "does not hold"),
    ("then", "afterwards"),
    ("within", "at most so far"),
    ("more", "more than"),
    ("less", "less than"),
    ("than", "more than, less than"),
    ("before", "earlier than"),
    ("after", "later than"),
    ("it", "the occasion"),
    ("that", "the match that `where` examines"),
    ("in", "in the first, in the last"),
    ("the", "the 2nd time"),
    ("last", "in the last, the last time"),
    ("at", "at least, at most"),
    ("least", "at least"),
    ("most", "at most"),
    ("time", "the 2nd time"),
    ("times", "at least n times"),
    ("where", "only matches for which this holds"),
    ("turn", "unit"),
    ("turns", "unit"),
    ("second", "unit"),
    ("seconds", "unit"),
    ("minute", "unit"),
    ("minutes", "unit"),
    ("character", "unit"),
    ("characters", "unit"),
    ("field", "a data field of the conversation"),
    ("is", "equals; is one of; is known"),
    ("one", "is one of"),
    ("known", "is known: the field has a value"),
    ("contains", "the text has this in it"),
    ("yes", "true"),
    ("no", "false"),
    ("number", "a number"),
    ("date", "a calendar day"),
    ("clock_time", "a time of day"),
    ("money", "an amount of money"),
    ("phone", "a telephone number"),
    ("email", "an e-mail address"),
    ("id_number", "an identity number"),
    ("card_number", "a card number"),
];

/// Facts of a recording: reserved, because transcripts do not have them.
pub const RECORDING_WORDS: &[&str] =
    &["silence", "overlap", "interrupts", "interruption", "speech_rate", "loudness", "hold", "emotion"];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|(keyword, _)| *keyword == word)
}

/// Parses one rule file. The tree holds everything that could be read, also when there are errors.
pub fn parse(text: &str) -> (File, Vec<Diagnostic>) {
    let (file, diagnostics, _) = parse_with_lines(text);
    (file, diagnostics)
}

/// [`parse`], and the offsets of the tokens that open a line in the canonical layout.
pub(crate) fn parse_with_lines(text: &str) -> (File, Vec<Diagnostic>, Vec<u32>) {
    if text.len() > RULE_TEXT_MAX_BYTES {
        let start = Pos { line: 1, column: 1, length: 1, offset: 0 };
        let message = format!("the rule file has {} bytes", text.len());
        let expected = format!("at most {RULE_TEXT_MAX_BYTES} bytes; split it into several files");
        return (File::default(), vec![Diagnostic::error(start, message, expected)], Vec::new());
    }
    let (tokens, errors) = lex(text);
    let tokens = tokens.into_iter().filter(|t| !matches!(t.kind, TokenKind::Comment(_))).collect();
    let mut parser = Parser { tokens, next: 0, depth: 0, errors, line_starts: Vec::new() };
    let file = parser.file();
    parser.errors.sort_by_key(|error| (error.line, error.column));
    parser.errors.truncate(DIAGNOSTICS_MAX);
    (file, parser.errors, parser.line_starts)
}

/// The error has been recorded; the caller recovers or passes it on.
struct Failed;
type Parsed<T> = Result<T, Failed>;

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    errors: Vec<Diagnostic>,
    line_starts: Vec<u32>,
}

const LIST_EXAMPLE: &str = "list sorry = \"抱歉\", \"对不起\", \"sorry\"";
const BEHAVIOUR_EXAMPLE: &str = "behaviour greets { title zh \"问候\" en \"Greets\" shown when agent says \"您好\" in the first 2 agent turns }";

impl Parser {
    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        // The last token is `End`, and nothing reads past it.
        &self.tokens[(self.next + ahead).min(self.tokens.len() - 1)]
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn word(&self) -> Option<&str> {
        self.word_at(0)
    }

    fn word_at(&self, ahead: usize) -> Option<&str> {
        match &self.peek_at(ahead).kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Notes that the token here opens a line.
    fn line_starts_here(&mut self) {
        self.line_starts.push(self.peek().at.offset);
    }

    fn is_word(&self, expected: &str) -> bool {
        self.word() == Some(expected)
    }

    fn is_symbol(&self, expected: &str) -> bool {
        self.peek().kind == TokenKind::Symbol(symbol(expected))
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    fn accept_symbol(&mut self, expected: &str) -> bool {
        let found = self.is_symbol(expected);
        if found {
            self.advance();
        }
        found
    }

    fn fail<T>(&mut self, message: impl Into<String>, expected: &str, example: &str) -> Parsed<T> {
        let at = self.peek().at;
        self.errors.push(Diagnostic::error(at, message, expected).with_example(example));
        Err(Failed)
    }

    /// Reports that what stands here is not what belongs here, with a correction when it is a misspelled keyword.
    fn unexpected<T>(&mut self, expected: &str, example: &str) -> Parsed<T> {
        let found = self.peek().describe();
        if let Some(word) = self.word() {
            if RECORDING_WORDS.contains(&word) {
                return self.needs_recording();
            }
            let keywords = KEYWORDS.iter().map(|(keyword, _)| *keyword);
            let meant = if is_keyword(word) { None } else { did_you_mean(word, keywords).map(str::to_owned) };
            if let Some(meant) = meant {
                return self.fail(format!("found {found}; did you mean `{meant}`?"), expected, example);
            }
        }
        self.fail(format!("found {found}"), expected, example)
    }

    fn needs_recording<T>(&mut self) -> Parsed<T> {
        let found = self.peek().describe();
        self.fail(
            format!("{found} is a fact of the sound and needs a recording"),
            "something a transcript can tell: words, turns, times of turns, fields",
            "agent replies after more than 10 seconds",
        )
    }

    fn expect(&mut self, word: &str, example: &str) -> Parsed<()> {
        if self.accept(word) { Ok(()) } else { self.unexpected(&format!("`{word}`"), example) }
    }

    fn expect_symbol(&mut self, expected: &str, example: &str) -> Parsed<()> {
        if self.accept_symbol(expected) { Ok(()) } else { self.unexpected(&format!("`{expected}`"), example) }
    }

    fn name(&mut self, what: &str, example: &str) -> Parsed<At<String>> {
        match self.word() {
            Some(word) if is_keyword(word) || RECORDING_WORDS.contains(&word) => {
                let message = format!("`{word}` is a word of the language and cannot be a name");
                self.fail(message, &format!("{what}, such as `{word}_words`"), example)
            }
            Some(word) => {
                let value = word.to_owned();
                let at = self.advance().at;
                Ok(At { value, at })
            }
            None => self.unexpected(what, example),
        }
    }

    fn text(&mut self, example: &str) -> Parsed<At<String>> {
        match &self.peek().kind {
            TokenKind::Text(text) => {
                let value = text.clone();
                let at = self.peek().at;
                if value.trim().is_empty() {
                    return self.fail(
                        "this text is empty",
                        "at least one character between the quotation marks",
                        example,
                    );
                }
                self.advance();
                Ok(At { value, at })
            }
            _ => self.unexpected("a \"text\"", example),
        }
    }

    /// A whole number from `least` to `most`.
    fn integer(&mut self, least: u32, most: u32, example: &str) -> Parsed<u32> {
        let TokenKind::Number(value) = self.peek().kind else {
            return self.unexpected("a whole number", example);
        };
        if value.fract() != 0.0 || value < f64::from(least) || value > f64::from(most) {
            let message = format!("the number is {}", self.peek().spelling);
            return self.fail(message, &format!("a whole number from {least} to {most}"), example);
        }
        self.advance();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and in u32 just above"
        )]
        Ok(value as u32)
    }

    fn role(word: &str) -> Option<Who> {
        match word {
            "agent" => Some(Who::Agent),
            "customer" => Some(Who::Customer),
            "anyone" => Some(Who::Anyone),
            "system" => Some(Who::System),
            _ => None,
        }
    }

    /// A role, if one stands here; `the` before it is allowed.
    fn accept_who(&mut self) -> Option<Who> {
        let article = usize::from(self.is_word("the"));
        let who = self.word_at(article).and_then(Self::role)?;
        for _ in 0..=article {
            self.advance();
        }
        Some(who)
    }

    fn who(&mut self, example: &str) -> Parsed<Who> {
        match self.accept_who() {
            Some(who) => Ok(who),
            None => self.unexpected("`agent`, `customer`, `anyone` or `system`", example),
        }
    }

    /// `3 turns`, `2 agent turns`, `20 seconds`, `1.5 minutes`.
    fn amount(&mut self) -> Parsed<Amount> {
        const EXAMPLE: &str = "within 3 agent turns after it";
        let TokenKind::Number(value) = self.peek().kind else {
            return self.unexpected("a number", EXAMPLE);
        };
        let at = self.peek().at;
        self.advance();
        let who = self.accept_who();
        let unit = match (self.word(), who) {
            (Some("turn" | "turns"), who) => Unit::Turns(who.unwrap_or(Who::Anyone)),
            (Some("second" | "seconds" | "minute" | "minutes"), None) => Unit::Seconds,
            _ => {
                return self
                    .unexpected("`turns`, `agent turns`, `customer turns`, `seconds` or `minutes`", EXAMPLE);
            }
        };
        let sixty = matches!(self.word(), Some("minute" | "minutes"));
        self.advance();
        if matches!(unit, Unit::Turns(_)) && (value.fract() != 0.0 || value > 100_000.0) {
            let message = "turns are counted in whole numbers";
            self.errors
                .push(Diagnostic::error(at, message, "a whole number up to 100000").with_example(EXAMPLE));
            return Err(Failed);
        }
        Ok(Amount { value: if sixty { value * 60.0 } else { value }, unit })
    }

    /// Guards against nesting that would exhaust the stack.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= CONDITION_MAX_DEPTH {
            let message = format!("this is nested more than {CONDITION_MAX_DEPTH} deep");
            return self.fail(
                message,
                "a part of it as a named rule",
                "rule upset = customer says any of angry",
            );
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn file(&mut self) -> File {
        let mut file = File::default();
        while self.peek().kind != TokenKind::End {
            let start = self.next;
            self.line_starts_here();
            let read = match self.word() {
                Some("list") => self.list().map(|list| file.lists.push(list)),
                Some("rule") => self.rule().map(|rule| file.rules.push(rule)),
                Some("behaviour") => self.behaviour().map(|behaviour| file.behaviours.extend(behaviour)),
                _ => self.unexpected("`list`, `rule` or `behaviour`", LIST_EXAMPLE),
            };
            if read.is_err() {
                self.skip_to_declaration(start);
            }
        }
        file
    }

    /// Goes to the next declaration. One that is not at the start of its line is part of what failed.
    fn skip_to_declaration(&mut self, start: usize) {
        if self.next == start {
            self.advance();
        }
        while self.peek().kind != TokenKind::End {
            let declares = matches!(self.word(), Some("list" | "rule" | "behaviour"));
            if declares && self.peek().first_of_line {
                return;
            }
            self.advance();
        }
    }

    fn list(&mut self) -> Parsed<List> {
        self.advance();
        let name = self.name("a name for the list", LIST_EXAMPLE)?;
        self.expect_symbol("=", LIST_EXAMPLE)?;
        let mut items = vec![self.item()?];
        loop {
            let comma = self.accept_symbol(",");
            if self.item_starts() {
                items.push(self.item()?);
            } else if comma && !self.declaration_or_end() {
                return self.unexpected("another item", LIST_EXAMPLE);
            } else {
                break;
            }
        }
        if !self.declaration_or_end() {
            return self.unexpected(
                "another item of the list, or the next `list`, `rule` or `behaviour`",
                LIST_EXAMPLE,
            );
        }
        Ok(List { name, items })
    }

    fn declaration_or_end(&self) -> bool {
        self.peek().kind == TokenKind::End || matches!(self.word(), Some("list" | "rule" | "behaviour"))
    }

    fn rule(&mut self) -> Parsed<Rule> {
        const EXAMPLE: &str = "rule upset = customer says any of angry at least 2 times";
        self.advance();
        let name = self.name("a name for the rule", EXAMPLE)?;
        self.expect_symbol("=", EXAMPLE)?;
        let condition = self.condition()?;
        if !self.declaration_or_end() {
            return self.unexpected(
                "`and`, `or`, a restriction, or the next `list`, `rule` or `behaviour`",
                EXAMPLE,
            );
        }
        Ok(Rule { name, condition })
    }

    /// `None` when it could be read but lacks something; the error has been recorded.
    fn behaviour(&mut self) -> Parsed<Option<Behaviour>> {
        self.advance();
        let name = self.name("a name for the behaviour", BEHAVIOUR_EXAMPLE)?;
        self.expect_symbol("{", BEHAVIOUR_EXAMPLE)?;
        let mut parts = Parts::default();
        let errors_before = self.errors.len();
        loop {
            self.line_starts_here();
            if self.accept_symbol("}") {
                break;
            }
            if self.peek().kind == TokenKind::End || (self.peek().first_of_line && self.declaration_or_end())
            {
                return self.unexpected("`}` at the end of the behaviour", BEHAVIOUR_EXAMPLE);
            }
            let start = self.next;
            if self.clause(&mut parts).is_err() {
                self.skip_to_clause(start);
            }
        }
        let sound = self.errors.len() == errors_before;
        Ok(self.assemble(name, parts, sound))
    }

    fn skip_to_clause(&mut self, start: usize) {
        if self.next == start {
            self.advance();
        }
        while self.peek().kind != TokenKind::End && !self.is_symbol("}") {
            let clause = matches!(
                self.word(),
                Some("title" | "note" | "must" | "prohibited" | "applies" | "shown" | "offence")
            );
            if clause || (self.peek().first_of_line && self.declaration_or_end()) {
                return;
            }
            self.advance();
        }
    }

    fn clause(&mut self, parts: &mut Parts) -> Parsed<()> {
        let at = self.peek().at;
        let keyword = self.word().unwrap_or_default().to_owned();
        match keyword.as_str() {
            "title" | "note" => {
                self.advance();
                let text = self.bilingual()?;
                let slot = if keyword == "title" { &mut parts.title } else { &mut parts.note };
                self.once(&keyword, at, slot, text);
            }
            "must" => {
                const EXAMPLE: &str = "must each";
                self.advance();
                let mode = match self.word() {
                    Some("each") => Mode::Each,
                    Some("any") => Mode::Any,
                    Some("first") => Mode::First,
                    _ => return self.unexpected("`each`, `any` or `first`", EXAMPLE),
                };
                self.advance();
                self.once("must", at, &mut parts.mode, mode);
            }
            "prohibited" => {
                self.advance();
                self.once("must or prohibited", at, &mut parts.mode, Mode::Prohibited);
            }
            "applies" | "shown" | "offence" => {
                self.advance();
                self.expect("when", "applies when customer says any of angry")?;
                let condition = self.condition()?;
                self.clause_ends()?;
                let slot = match keyword.as_str() {
                    "applies" => &mut parts.applies,
                    "shown" => &mut parts.shown,
                    _ => &mut parts.offence,
                };
                self.once(&keyword, at, slot, condition);
            }
            _ => {
                return self.unexpected(
                    "`title`, `note`, `must`, `prohibited`, `applies when`, `shown when`, `offence when` or `}`",
                    BEHAVIOUR_EXAMPLE,
                );
            }
        }
        Ok(())
    }

    /// After a condition comes the next clause; anything else belongs to the condition and was not understood.
    fn clause_ends(&mut self) -> Parsed<()> {
        let next_clause = matches!(
            self.word(),
            Some("title" | "note" | "must" | "prohibited" | "applies" | "shown" | "offence")
        );
        if next_clause || self.is_symbol("}") || self.peek().kind == TokenKind::End {
            return Ok(());
        }
        if self.peek().first_of_line && self.declaration_or_end() {
            return Ok(());
        }
        self.unexpected(
            "`and`, `or`, `then`, a restriction such as `within 3 turns after it`, or the next clause",
            "shown when agent says any of sorry within 3 agent turns after it",
        )
    }

    fn once<T>(&mut self, keyword: &str, at: Pos, slot: &mut Option<T>, value: T) {
        if slot.is_some() {
            let message = format!("`{keyword}` stands twice in this behaviour");
            self.errors.push(Diagnostic::error(
                at,
                message,
                "it once; join two conditions with `and` or `or`",
            ));
        }
        *slot = Some(value);
    }

    fn bilingual(&mut self) -> Parsed<Bilingual> {
        const EXAMPLE: &str = "title zh \"先回应情绪\" en \"Acknowledges the feeling first\"";
        let mut text = Bilingual::default();
        loop {
            if self.accept("zh") {
                text.zh = self.text(EXAMPLE)?.value;
            } else if self.accept("en") {
                text.en = self.text(EXAMPLE)?.value;
            } else if text == Bilingual::default() {
                return self.unexpected("`zh \"…\"` or `en \"…\"`", EXAMPLE);
            } else {
                return Ok(text);
            }
        }
    }

    fn assemble(&mut self, name: At<String>, parts: Parts, sound: bool) -> Option<Behaviour> {
        let mode = parts.mode.unwrap_or_default();
        let (wanted, missing, unwanted) = match mode {
            Mode::Prohibited => (parts.offence, "offence when", parts.shown.map(|_| "shown when")),
            _ => (parts.shown, "shown when", parts.offence.map(|_| "offence when")),
        };
        let mut report = |message: String, expected: &str, example: &str| {
            if sound {
                self.errors.push(Diagnostic::error(name.at, message, expected).with_example(example));
            }
        };
        if let Some(unwanted) = unwanted {
            let message = format!("the behaviour `{}` has `{unwanted}`", name.value);
            let expected =
                "`shown when` in a behaviour to show, `prohibited` with `offence when` in one to avoid";
            report(message, expected, "prohibited\n  offence when agent says any of blame");
        }
        let Some(shown) = wanted else {
            let message = format!("the behaviour `{}` has no `{missing}`", name.value);
            report(message, &format!("`{missing}` and a condition"), BEHAVIOUR_EXAMPLE);
            return None;
        };
        let (title, note) = (parts.title.unwrap_or_default(), parts.note.unwrap_or_default());
        Some(Behaviour { name, title, note, mode, applies: parts.applies, shown })
    }
}

#[derive(Default)]
struct Parts {
    title: Option<Bilingual>,
    note: Option<Bilingual>,
    mode: Option<Mode>,
    applies: Option<Condition>,
    shown: Option<Condition>,
    offence: Option<Condition>,
}

/// The lexer's own copy of a punctuation mark.
fn symbol(text: &str) -> &'static str {
    ["{", "}", "(", ")", ",", "%", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"]
        .into_iter()
        .find(|symbol| *symbol == text)
        .unwrap_or("")
}
