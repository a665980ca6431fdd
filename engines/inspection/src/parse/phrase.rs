//! What is looked for within one turn.

use super::{Parsed, Parser, is_keyword};
use crate::ast::{At, Group, Item, Phrase, TokenClass};
use crate::lex::TokenKind;
use crate::limits::{EDITS_MAX, NEAR_MAX_CHARS};

const EXAMPLE: &str = "agent says any of sorry";

impl Parser {
    /// `near ["except" near]`
    pub(super) fn phrase(&mut self) -> Parsed<Phrase> {
        let a = self.near()?;
        if self.accept("except") {
            let b = self.near()?;
            return Ok(Phrase::Except { a: Box::new(a), b: Box::new(b) });
        }
        Ok(a)
    }

    fn near(&mut self) -> Parsed<Phrase> {
        const EXAMPLE: &str = "agent says \"24小时\" followed by \"回电\" within 10 characters";
        let mut phrase = self.atom()?;
        loop {
            let ordered = match (self.word(), self.word_at(1)) {
                (Some("followed"), _) => true,
                (Some("near"), _) => false,
                _ => return Ok(phrase),
            };
            self.advance();
            if ordered {
                self.expect("by", EXAMPLE)?;
            }
            let b = self.atom()?;
            self.expect("within", EXAMPLE)?;
            let characters = self.integer(0, NEAR_MAX_CHARS, EXAMPLE)?;
            if !self.accept("character") {
                self.expect("characters", EXAMPLE)?;
            }
            phrase = Phrase::Near { a: Box::new(phrase), b: Box::new(b), characters, ordered };
        }
    }

    fn atom(&mut self) -> Parsed<Phrase> {
        let at = self.peek().at;
        match (self.word(), self.word_at(1)) {
            (Some("anything"), _) => {
                self.advance();
                Ok(Phrase::Anything)
            }
            (Some("any"), _) => {
                self.advance();
                Ok(Phrase::Of { least: 1, group: self.of_group()?, at })
            }
            (Some("all"), _) => {
                self.advance();
                Ok(Phrase::Of { least: 0, group: self.of_group()?, at })
            }
            (Some("at"), Some("least")) => {
                self.advance();
                self.advance();
                let least = self.integer(1, 1_000, "at least 2 of (\"余额\", \"账单\", \"流量\")")?;
                Ok(Phrase::Of { least, group: self.of_group()?, at })
            }
            _ if self.is_symbol("(") => {
                self.advance();
                let phrase = self.nested(Self::phrase)?;
                self.expect_symbol(")", "agent says (\"24小时\" near \"回电\" within 10 characters)")?;
                Ok(phrase)
            }
            _ => Ok(Phrase::Item(self.item()?)),
        }
    }

    fn of_group(&mut self) -> Parsed<Group> {
        const EXAMPLE: &str = "any of (\"抱歉\", \"对不起\", \"sorry\")";
        self.expect("of", EXAMPLE)?;
        if !self.accept_symbol("(") {
            return Ok(Group::Name(self.name("the name of a list, or items in parentheses", EXAMPLE)?));
        }
        let mut items = vec![self.item()?];
        loop {
            self.accept_symbol(",");
            if self.accept_symbol(")") {
                return Ok(Group::Items(items));
            }
            items.push(self.item()?);
        }
    }

    /// Whether an item may start here.
    pub(super) fn item_starts(&self) -> bool {
        match &self.peek().kind {
            TokenKind::Text(_) | TokenKind::Regex(_) => true,
            TokenKind::Word(word) => {
                let opens = ["part", "exactly", "sounds", "spelled", "like"].contains(&word.as_str());
                opens || token_class(word).is_some() || !is_keyword(word)
            }
            _ => false,
        }
    }

    pub(super) fn item(&mut self) -> Parsed<At<Item>> {
        let at = self.peek().at;
        let item = match self.peek().kind.clone() {
            TokenKind::Text(_) => Item::Word(self.text(EXAMPLE)?.value),
            TokenKind::Regex(pattern) => {
                self.advance();
                Item::Regex(pattern)
            }
            TokenKind::Word(word) => self.item_of_words(&word)?,
            _ => return self.unexpected("a \"word\", a /regular expression/ or the name of a list", EXAMPLE),
        };
        Ok(At { value: item, at })
    }

    fn item_of_words(&mut self, word: &str) -> Parsed<Item> {
        if let Some(class) = token_class(word) {
            self.advance();
            return Ok(Item::Token(class));
        }
        match word {
            "part" => {
                self.advance();
                Ok(Item::Part(self.text("part \"back\"")?.value))
            }
            "exactly" => {
                self.advance();
                Ok(Item::Exactly(self.text("exactly \"好的\"")?.value))
            }
            "sounds" => {
                const EXAMPLE: &str = "sounds like \"宽带测速\"";
                self.advance();
                let roughly = self.accept("roughly");
                self.expect("like", EXAMPLE)?;
                Ok(Item::Sounds { text: self.text(EXAMPLE)?.value, roughly })
            }
            "spelled" => {
                const EXAMPLE: &str = "spelled like \"broadband\" off by 1";
                self.advance();
                self.expect("like", EXAMPLE)?;
                let text = self.text(EXAMPLE)?.value;
                self.expect("off", EXAMPLE)?;
                self.expect("by", EXAMPLE)?;
                Ok(Item::Spelled { text, edits: self.integer(1, EDITS_MAX, EXAMPLE)? })
            }
            "like" => {
                const EXAMPLE: &str = "like \"请问还有什么可以帮您\" 70% alike";
                self.advance();
                let text = self.text(EXAMPLE)?.value;
                let percent = self.percent_alike(EXAMPLE)?;
                Ok(Item::Like { text, percent })
            }
            _ => Ok(Item::Name(
                self.name("a \"word\", a /regular expression/ or the name of a list", EXAMPLE)?.value,
            )),
        }
    }

    /// `80% alike`
    pub(super) fn percent_alike(&mut self, example: &str) -> Parsed<u32> {
        let percent = self.integer(1, 100, example)?;
        self.expect_symbol("%", example)?;
        self.expect("alike", example)?;
        Ok(percent)
    }
}

fn token_class(word: &str) -> Option<TokenClass> {
    TokenClass::ALL.into_iter().find(|(_, keyword)| *keyword == word).map(|(class, _)| class)
}
