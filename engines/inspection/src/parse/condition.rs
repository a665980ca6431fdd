//! What a conversation is asked.

use super::{Parsed, Parser};
use crate::ast::{
    Amount, Anchor, Arithmetic, At, Comparison, Condition, Nth, Qualifier, Side, Unit, Value, Who,
};
use crate::lex::TokenKind;
use crate::limits::{REPEATS_DEFAULT_PERCENT, REPEATS_DEFAULT_TURNS, REPEATS_MAX_TURNS};

const EXAMPLE: &str = "customer says any of angry";
/// More times than this cannot be meant.
const TIMES_MAX: u32 = 1_000;

impl Parser {
    /// `conjunction {"or" conjunction}`
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        self.nested(|parser| {
            let mut parts = vec![parser.conjunction()?];
            while parser.accept("or") {
                parts.push(parser.conjunction()?);
            }
            Ok(single_or(parts, Condition::Or))
        })
    }

    fn conjunction(&mut self) -> Parsed<Condition> {
        let mut parts = vec![self.negation()?];
        while self.accept("and") {
            parts.push(self.negation()?);
        }
        Ok(single_or(parts, Condition::And))
    }

    fn negation(&mut self) -> Parsed<Condition> {
        if self.accept("not") {
            let inner = self.nested(Self::negation)?;
            return Ok(Condition::Not(Box::new(inner)));
        }
        self.sequence()
    }

    fn sequence(&mut self) -> Parsed<Condition> {
        let mut first = self.qualified()?;
        while self.accept("then") {
            let within = if self.accept("within") { Some(self.amount()?) } else { None };
            let second = self.qualified()?;
            first = Condition::Then { first: Box::new(first), within, second: Box::new(second) };
        }
        Ok(first)
    }

    fn qualified(&mut self) -> Parsed<Condition> {
        let primary = self.primary()?;
        let mut qualifiers = Vec::new();
        while let Some(qualifier) = self.qualifier()? {
            qualifiers.push(qualifier);
        }
        Ok(match primary {
            Condition::Never(who, phrase, _) => Condition::Never(who, phrase, qualifiers),
            Condition::Always(who, phrase, _) => Condition::Always(who, phrase, qualifiers),
            other if qualifiers.is_empty() => other,
            other => Condition::Qualified(Box::new(other), qualifiers),
        })
    }

    /// Without restrictions: what an anchor or `the 2nd time` applies to.
    fn primary(&mut self) -> Parsed<Condition> {
        let (word, next) = (self.word().unwrap_or_default(), self.word_at(1));
        match (word, next) {
            ("at", Some("least")) => self.at_least_of(),
            ("rule", _) => {
                self.advance();
                Ok(Condition::Rule(self.name("the name of a rule", "applies when rule upset")?))
            }
            ("field" | "yes" | "no", _) => self.comparison(),
            ("the", next) if next.and_then(Self::role).is_none() => self.nth_time(),
            _ => {
                if let Some(who) = self.accept_who() {
                    return self.verb(who);
                }
                if self.is_symbol("(") && !self.parentheses_hold_a_value() {
                    self.advance();
                    let inner = self.condition()?;
                    self.expect_symbol(")", "(agent says \"您好\" or agent says \"hello\")")?;
                    return Ok(match inner {
                        // A restriction after the parenthesis is about the whole, not about what is in it.
                        Condition::Never(..) | Condition::Always(..) => Condition::And(vec![inner]),
                        other => other,
                    });
                }
                let value = matches!(self.peek().kind, TokenKind::Number(_) | TokenKind::Text(_));
                if value || self.is_symbol("(") || self.is_symbol("-") {
                    return self.comparison();
                }
                self.unexpected(
                    "a condition: a role and what it says, a field, `rule`, `the 2nd time` or `(`",
                    EXAMPLE,
                )
            }
        }
    }

    fn at_least_of(&mut self) -> Parsed<Condition> {
        const EXAMPLE: &str = "at least 2 of (agent says \"您好\", agent says \"工号\", agent says \"请讲\")";
        self.advance();
        self.advance();
        let least = self.integer(1, TIMES_MAX, EXAMPLE)?;
        self.expect("of", EXAMPLE)?;
        self.expect_symbol("(", EXAMPLE)?;
        let mut parts = vec![self.condition()?];
        while self.accept_symbol(",") {
            parts.push(self.condition()?);
        }
        self.expect_symbol(")", EXAMPLE)?;
        if least as usize > parts.len() {
            let message = format!("at least {least} of {} conditions can never hold", parts.len());
            return self.fail(message, "a number up to the number of conditions", EXAMPLE);
        }
        Ok(Condition::AtLeastOf(least, parts))
    }

    fn nth_time(&mut self) -> Parsed<Condition> {
        const EXAMPLE: &str = "within 3 turns after the 2nd time customer says any of angry";
        self.advance();
        let nth = match self.peek().kind.clone() {
            TokenKind::Ordinal(n) if (1..=TIMES_MAX).contains(&n) => Nth::Is(n),
            TokenKind::Word(word) if word == "first" => Nth::Is(1),
            TokenKind::Word(word) if word == "last" => Nth::Last,
            _ => return self.unexpected("`first`, `last`, or `2nd`, `3rd` …", EXAMPLE),
        };
        self.advance();
        self.expect("time", EXAMPLE)?;
        let inner = self.nested(Self::primary)?;
        Ok(Condition::NthTime(nth, Box::new(inner)))
    }

    fn verb(&mut self, who: Who) -> Parsed<Condition> {
        let verb = self.word().unwrap_or_default().to_owned();
        match verb.as_str() {
            "says" => {
                self.advance();
                Ok(Condition::Says(who, self.phrase()?))
            }
            "never" | "always" => {
                self.advance();
                self.expect("says", "agent never says any of blame")?;
                let phrase = self.phrase()?;
                Ok(if verb == "never" {
                    Condition::Never(who, phrase, Vec::new())
                } else {
                    Condition::Always(who, phrase, Vec::new())
                })
            }
            "repeats" => self.repeats(who),
            "echoes" => {
                const EXAMPLE: &str = "agent echoes phone said by customer";
                self.advance();
                let phrase = self.phrase()?;
                self.expect("said", EXAMPLE)?;
                self.expect("by", EXAMPLE)?;
                Ok(Condition::Echoes { who, phrase, by: self.who(EXAMPLE)? })
            }
            "replies" => {
                const EXAMPLE: &str = "agent replies after more than 10 seconds";
                self.advance();
                self.expect("after", EXAMPLE)?;
                let more = self.more_or_less(EXAMPLE)?;
                let Amount { value: seconds, unit: Unit::Seconds } = self.amount()? else {
                    return self.fail(
                        "the time to reply is not counted in turns",
                        "`seconds` or `minutes`",
                        EXAMPLE,
                    );
                };
                Ok(Condition::Replies { who, more, seconds })
            }
            "speaks" => self.speaks(who),
            _ => self.unexpected(
                "`says`, `never says`, `always says`, `repeats`, `echoes`, `replies` or `speaks`",
                EXAMPLE,
            ),
        }
    }

    fn more_or_less(&mut self, example: &str) -> Parsed<bool> {
        let more = self.accept("more");
        if !more {
            self.expect("less", example)?;
        }
        self.expect("than", example)?;
        Ok(more)
    }

    fn speaks(&mut self, who: Who) -> Parsed<Condition> {
        const EXAMPLE: &str = "agent speaks for more than 60 seconds";
        self.advance();
        self.expect("for", EXAMPLE)?;
        let more = self.more_or_less(EXAMPLE)?;
        if let (TokenKind::Number(amount), Some("character" | "characters")) =
            (&self.peek().kind, self.word_at(1))
        {
            let amount = *amount;
            self.advance();
            self.advance();
            return Ok(Condition::Speaks { who, more, amount, characters: true });
        }
        let Amount { value: amount, unit: Unit::Seconds } = self.amount()? else {
            return self.fail(
                "one turn is not measured in turns",
                "`seconds`, `minutes` or `characters`",
                EXAMPLE,
            );
        };
        Ok(Condition::Speaks { who, more, amount, characters: false })
    }

    /// `repeats [80% alike] [looking back 6 turns] [except phrase]`
    fn repeats(&mut self, who: Who) -> Parsed<Condition> {
        const EXAMPLE: &str = "customer repeats 80% alike looking back 6 turns";
        self.advance();
        let percent = match self.peek().kind {
            TokenKind::Number(_) => self.percent_alike(EXAMPLE)?,
            _ => REPEATS_DEFAULT_PERCENT,
        };
        let mut back = REPEATS_DEFAULT_TURNS;
        if self.accept("looking") {
            self.expect("back", EXAMPLE)?;
            back = self.integer(1, REPEATS_MAX_TURNS, EXAMPLE)?;
            if !self.accept("turn") {
                self.expect("turns", EXAMPLE)?;
            }
        }
        let except = if self.accept("except") { Some(self.phrase()?) } else { None };
        Ok(Condition::Repeats { who, percent, back, except })
    }

    fn qualifier(&mut self) -> Parsed<Option<At<Qualifier>>> {
        let at = self.peek().at;
        let (word, next) = (self.word().unwrap_or_default(), self.word_at(1));
        let qualifier = match (word, next) {
            ("before" | "after", _) => {
                let side = if word == "before" { Side::Before } else { Side::After };
                self.advance();
                Qualifier::Order(side, self.anchor()?)
            }
            ("within", _) => {
                self.advance();
                self.distance(false)?
            }
            ("more", Some("than")) => {
                self.advance();
                self.advance();
                self.distance(true)?
            }
            ("in", _) => self.position()?,
            ("at", Some("least" | "most")) | ("exactly", _) => self.count()?,
            ("where", _) => {
                self.advance();
                Qualifier::Where(Box::new(self.nested(Self::negation)?))
            }
            _ => return Ok(None),
        };
        Ok(Some(At { value: qualifier, at }))
    }

    fn distance(&mut self, more: bool) -> Parsed<Qualifier> {
        const EXAMPLE: &str = "within 3 agent turns after it";
        let amount = self.amount()?;
        let side = match self.word() {
            Some("before") => Side::Before,
            Some("after") => Side::After,
            Some("of") => Side::Of,
            _ => {
                return self.unexpected(
                    "`after`, `before` or `of`, and what the distance is measured from",
                    EXAMPLE,
                );
            }
        };
        self.advance();
        Ok(Qualifier::Distance { amount, more, side, anchor: self.anchor()? })
    }

    fn anchor(&mut self) -> Parsed<Anchor> {
        let at = self.peek().at;
        if self.accept("it") {
            return Ok(Anchor::It(at));
        }
        if self.accept("that") {
            return Ok(Anchor::That(at));
        }
        Ok(Anchor::Match(Box::new(self.nested(Self::primary)?)))
    }

    fn position(&mut self) -> Parsed<Qualifier> {
        const EXAMPLE: &str = "in the first 2 agent turns";
        self.advance();
        self.expect("the", EXAMPLE)?;
        let from_end = match self.word() {
            Some("first") => false,
            Some("last") => true,
            _ => return self.unexpected("`first` or `last`", EXAMPLE),
        };
        self.advance();
        Ok(Qualifier::Position { from_end, amount: self.amount()? })
    }

    fn count(&mut self) -> Parsed<Qualifier> {
        const EXAMPLE: &str = "at least 2 times";
        let exactly = self.accept("exactly");
        let at_least = !exactly && self.word_at(1) == Some("least");
        if !exactly {
            self.advance();
            self.advance();
        }
        let n = self.integer(u32::from(at_least), TIMES_MAX, EXAMPLE)?;
        if !self.accept("time") {
            self.expect("times", EXAMPLE)?;
        }
        let least = if exactly || at_least { n } else { 0 };
        Ok(Qualifier::Count { least, most: if at_least { u32::MAX } else { n } })
    }

    /// Whether the parenthesis here belongs to arithmetic: then an operator follows its end.
    fn parentheses_hold_a_value(&self) -> bool {
        let mut depth = 0_u32;
        for ahead in 0.. {
            match &self.peek_at(ahead).kind {
                TokenKind::Symbol("(") => depth += 1,
                TokenKind::Symbol(")") => depth -= 1,
                TokenKind::End => return false,
                _ => {}
            }
            if depth == 0 {
                let operators = ["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="];
                return match &self.peek_at(ahead + 1).kind {
                    TokenKind::Symbol(symbol) => operators.contains(symbol),
                    TokenKind::Word(word) => word == "is" || word == "contains",
                    _ => false,
                };
            }
        }
        false
    }

    fn comparison(&mut self) -> Parsed<Condition> {
        const EXAMPLE: &str = "field wait_seconds / 60 > 2";
        let left = self.sum()?;
        if self.accept("is") {
            if self.accept("known") {
                let Value::Field(name) = left else {
                    return self.fail(
                        "only a field can be known",
                        "`field NAME is known`",
                        "field queue is known",
                    );
                };
                return Ok(Condition::Known(name));
            }
            if self.accept("one") {
                return self.one_of(left);
            }
            return Ok(Condition::Compare(left, Comparison::Equal, self.sum()?));
        }
        let comparison = match &self.peek().kind {
            TokenKind::Symbol("=") => Comparison::Equal,
            TokenKind::Symbol("!=") => Comparison::NotEqual,
            TokenKind::Symbol("<") => Comparison::Less,
            TokenKind::Symbol("<=") => Comparison::AtMost,
            TokenKind::Symbol(">") => Comparison::More,
            TokenKind::Symbol(">=") => Comparison::AtLeast,
            TokenKind::Word(word) if word == "contains" => Comparison::Contains,
            _ => return self.unexpected("`is`, `=`, `!=`, `<`, `<=`, `>`, `>=` or `contains`", EXAMPLE),
        };
        self.advance();
        Ok(Condition::Compare(left, comparison, self.sum()?))
    }

    fn one_of(&mut self, left: Value) -> Parsed<Condition> {
        const EXAMPLE: &str = "field queue is one of (\"billing\", \"complaints\")";
        self.expect("of", EXAMPLE)?;
        self.expect_symbol("(", EXAMPLE)?;
        let mut values = vec![self.sum()?];
        loop {
            self.accept_symbol(",");
            if self.accept_symbol(")") {
                return Ok(Condition::OneOf(left, values));
            }
            values.push(self.sum()?);
        }
    }

    fn sum(&mut self) -> Parsed<Value> {
        self.nested(|parser| {
            let mut left = parser.product()?;
            loop {
                let operator = match &parser.peek().kind {
                    TokenKind::Symbol("+") => Arithmetic::Add,
                    TokenKind::Symbol("-") => Arithmetic::Subtract,
                    _ => return Ok(left),
                };
                parser.advance();
                left = Value::Apply(Box::new(left), operator, Box::new(parser.product()?));
            }
        })
    }

    fn product(&mut self) -> Parsed<Value> {
        let mut left = self.value()?;
        loop {
            let operator = match &self.peek().kind {
                TokenKind::Symbol("*") => Arithmetic::Multiply,
                TokenKind::Symbol("/") => Arithmetic::Divide,
                _ => return Ok(left),
            };
            self.advance();
            left = Value::Apply(Box::new(left), operator, Box::new(self.value()?));
        }
    }

    fn value(&mut self) -> Parsed<Value> {
        const EXAMPLE: &str = "field hour >= 18";
        match self.peek().kind.clone() {
            TokenKind::Number(number) => {
                self.advance();
                Ok(Value::Number(number))
            }
            TokenKind::Text(_) => Ok(Value::Text(self.text(EXAMPLE)?.value)),
            TokenKind::Symbol("-") => {
                self.advance();
                let value = self.nested(Self::value)?;
                Ok(Value::Apply(Box::new(Value::Number(0.0)), Arithmetic::Subtract, Box::new(value)))
            }
            TokenKind::Symbol("(") => {
                self.advance();
                let value = self.sum()?;
                self.expect_symbol(")", "(field promised - field kept) / 60 > 5")?;
                Ok(value)
            }
            TokenKind::Word(word) if word == "yes" || word == "no" => {
                self.advance();
                Ok(Value::Bool(word == "yes"))
            }
            TokenKind::Word(word) if word == "field" => {
                self.advance();
                match self.peek().kind.clone() {
                    TokenKind::Word(name) | TokenKind::Text(name) => {
                        self.advance();
                        Ok(Value::Field(name))
                    }
                    _ => self.unexpected("the name of a field", EXAMPLE),
                }
            }
            _ => self.unexpected("a number, a \"text\", `yes`, `no` or `field NAME`", EXAMPLE),
        }
    }
}

fn single_or(mut parts: Vec<Condition>, many: impl FnOnce(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}
