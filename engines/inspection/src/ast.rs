//! What a rule file says, as a tree. Places are kept where a message may have to point.

use crate::lex::Pos;

/// A value with its place in the text.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub at: Pos,
}

/// A whole rule file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Named lists, in order.
    pub lists: Vec<List>,
    /// Named reusable conditions, in order.
    pub rules: Vec<Rule>,
    /// Behaviours, in order.
    pub behaviours: Vec<Behaviour>,
}

/// `list NAME = item, item …`
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: At<String>,
    /// What it holds.
    pub items: Vec<At<Item>>,
}

/// `rule NAME = condition`
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: At<String>,
    /// What it says.
    pub condition: Condition,
}

/// A text in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// On which of its occasions a behaviour must be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// On every occasion (the default).
    #[default]
    Each,
    /// On at least one.
    Any,
    /// On the first.
    First,
    /// Never: shown means that the offence did not happen.
    Prohibited,
}

/// `behaviour NAME { … }`
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Its name.
    pub name: At<String>,
    /// What people read.
    pub title: Bilingual,
    /// A longer explanation.
    pub note: Bilingual,
    /// On which occasions it must be shown.
    pub mode: Mode,
    /// `applies when`; absent: whenever an agent speaks.
    pub applies: Option<Condition>,
    /// `shown when`, or `offence when` of a prohibition.
    pub shown: Condition,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// The centre's person.
    Agent,
    /// The customer.
    Customer,
    /// Agent or customer.
    Anyone,
    /// Announcements and machines.
    System,
}

/// What one can hear in one turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A word: Latin letters at its edges must stand at the edge of a word.
    Word(String),
    /// A word or a piece of one.
    Part(String),
    /// The whole turn, punctuation aside.
    Exactly(String),
    /// A regular expression.
    Regex(String),
    /// Another list.
    Name(String),
    /// Same syllables without tone; `roughly` also merges z/zh, c/ch, s/sh, n/l, an/ang, en/eng, in/ing.
    Sounds {
        /// The word in characters.
        text: String,
        /// Whether the merged syllables count as equal.
        roughly: bool,
    },
    /// At most `edits` letters away.
    Spelled {
        /// The word.
        text: String,
        /// Letters it may be off by.
        edits: u32,
    },
    /// The whole turn is lexically alike.
    Like {
        /// The sentence.
        text: String,
        /// Least likeness in per cent.
        percent: u32,
    },
    /// A number, date, … by its form.
    Token(TokenClass),
}

/// Things recognised by their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenClass {
    /// A number in digits or in Chinese numerals of two or more characters.
    Number,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An amount of money.
    Money,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A Chinese identity number.
    IdNumber,
    /// A payment card number.
    CardNumber,
}

impl TokenClass {
    /// Every class with its keyword.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Number, "number"),
        (Self::Date, "date"),
        (Self::Time, "clock_time"),
        (Self::Money, "money"),
        (Self::Phone, "phone"),
        (Self::Email, "email"),
        (Self::IdNumber, "id_number"),
        (Self::CardNumber, "card_number"),
    ];

    /// Its keyword.
    pub fn keyword(self) -> &'static str {
        Self::ALL.iter().find(|(class, _)| *class == self).map_or("number", |(_, word)| word)
    }
}

/// What is looked for within one turn.
#[derive(Clone, Debug)]
pub enum Phrase {
    /// One item; a name stands for any item of the list.
    Item(At<Item>),
    /// `anything`: any turn with a letter or digit.
    Anything,
    /// `any of`, `all of` (`least` = all), `at least n of`.
    Of {
        /// How many different items must be heard in the turn; 0 stands for all of them.
        least: u32,
        /// The choice.
        group: Group,
        /// Where it stands.
        at: Pos,
    },
    /// `a followed by b within n characters`, or `a near b within n characters`.
    Near {
        /// The first.
        a: Box<Phrase>,
        /// The second.
        b: Box<Phrase>,
        /// Most characters between the two.
        characters: u32,
        /// Whether `b` must come after `a`.
        ordered: bool,
    },
    /// `a except b`: matches of `a` that do not touch one of `b`.
    Except {
        /// What counts.
        a: Box<Phrase>,
        /// What does not.
        b: Box<Phrase>,
    },
}

/// A choice of items.
#[derive(Clone, Debug)]
pub enum Group {
    /// The items of a list.
    Name(At<String>),
    /// Items written in place.
    Items(Vec<At<Item>>),
}

/// A unit of distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Turns of these roles (`Anyone`: all but the system's).
    Turns(Who),
    /// Seconds.
    Seconds,
}

/// A distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// How many; turns are whole numbers.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
}

/// On which side of the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
    /// Either.
    Of,
}

/// What a distance is measured from.
#[derive(Clone, Debug)]
pub enum Anchor {
    /// The occasion.
    It(Pos),
    /// The match that a `where` examines.
    That(Pos),
    /// Any match of a condition.
    Match(Box<Condition>),
}

/// A restriction on matches.
#[derive(Clone, Debug)]
pub enum Qualifier {
    /// `before`, `after`.
    Order(Side, Anchor),
    /// `within n turns after …` (`more` = false), `more than n seconds after …` (`more` = true).
    Distance {
        /// How far.
        amount: Amount,
        /// Whether farther rather than nearer.
        more: bool,
        /// On which side.
        side: Side,
        /// From what.
        anchor: Anchor,
    },
    /// `in the first n turns`, `in the last n seconds`.
    Position {
        /// Whether counted from the end.
        from_end: bool,
        /// How far.
        amount: Amount,
    },
    /// `at least n times`, `at most n times`, `exactly n times`.
    Count {
        /// Fewest.
        least: u32,
        /// Most.
        most: u32,
    },
    /// `where condition`.
    Where(Box<Condition>),
}

/// Which match of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nth {
    /// Counted from the start, from 1.
    Is(u32),
    /// The last.
    Last,
}

/// An operator between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`, `is`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `contains`
    Contains,
}

/// A value of a comparison.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// `yes` or `no`.
    Bool(bool),
    /// `field NAME`.
    Field(String),
    /// Two values and an operator.
    Apply(Box<Value>, Arithmetic, Box<Value>),
}

/// What a conversation is asked. Some conditions point at words ("matches"), others only hold or not.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// At least one holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// At least n hold.
    AtLeastOf(u32, Vec<Condition>),
    /// `a then [within n] b`: matches of `b` after a match of `a`.
    Then {
        /// The earlier.
        first: Box<Condition>,
        /// How far apart at most.
        within: Option<Amount>,
        /// The later.
        second: Box<Condition>,
    },
    /// A match with restrictions, applied from left to right.
    Qualified(Box<Condition>, Vec<At<Qualifier>>),
    /// `the 2nd time …`
    NthTime(Nth, Box<Condition>),
    /// `rule NAME`
    Rule(At<String>),
    /// `agent says …`
    Says(Who, Phrase),
    /// `agent never says …` with its restrictions.
    Never(Who, Phrase, Vec<At<Qualifier>>),
    /// `agent always says …` with its restrictions: there is such a turn, and all of them say it.
    Always(Who, Phrase, Vec<At<Qualifier>>),
    /// `customer repeats …`
    Repeats {
        /// Who.
        who: Who,
        /// Least likeness in per cent.
        percent: u32,
        /// How many earlier turns of the same person's role to compare with.
        back: u32,
        /// Turns in which this is heard are left out.
        except: Option<Phrase>,
    },
    /// `agent echoes … said by customer`: the same words that the other said earlier.
    Echoes {
        /// Who repeats.
        who: Who,
        /// What.
        phrase: Phrase,
        /// Who said it first.
        by: Who,
    },
    /// `agent replies after more than n seconds`: turns by their distance from the turn of the other role before.
    Replies {
        /// Who.
        who: Who,
        /// Slower rather than faster.
        more: bool,
        /// Seconds.
        seconds: f64,
    },
    /// `agent speaks for more than n seconds` or `characters`: turns by their length.
    Speaks {
        /// Who.
        who: Who,
        /// Longer rather than shorter.
        more: bool,
        /// How long.
        amount: f64,
        /// In characters rather than seconds.
        characters: bool,
    },
    /// A comparison of values.
    Compare(Value, Comparison, Value),
    /// `value is one of (…)`
    OneOf(Value, Vec<Value>),
    /// `field NAME is known`
    Known(String),
}
