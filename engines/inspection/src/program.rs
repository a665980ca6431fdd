//! What rules become: tables that an evaluator walks without knowing names or text.

use daachorse::CharwiseDoubleArrayAhoCorasick;
use regex::Regex;

use crate::ast::{Amount, Comparison, Mode, Nth, Side, Value, Who};
use crate::conversation::Role;
use crate::syllables::SyllableIndex;

/// Index of a [`Leaf`].
pub(crate) type LeafId = u32;
/// Index of a reason text.
pub(crate) type ReasonId = u32;

/// A set of roles as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Roles(pub u8);

impl Roles {
    pub const AGENT: Self = Self(1);
    pub const SYSTEM: Self = Self(4);

    pub fn of(who: Who) -> Self {
        match who {
            Who::Agent => Self::AGENT,
            Who::Customer => Self(2),
            Who::Anyone => Self(3),
            Who::System => Self::SYSTEM,
        }
    }

    pub fn of_role(role: Role) -> Self {
        match role {
            Role::Agent => Self::AGENT,
            Role::Customer => Self(2),
            Role::System => Self::SYSTEM,
        }
    }

    /// The number of the table with what counts in turns of one role.
    pub fn table(self) -> usize {
        (self.0.trailing_zeros() as usize).min(ROLE_TABLES - 1)
    }

    #[inline]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Where a found literal is noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posting {
    pub leaf: LeafId,
    pub reason: ReasonId,
    /// Whose turns count.
    pub roles: Roles,
    /// Whether a word must begin at its first character.
    pub word_start: bool,
    /// Whether a word must end at its last character.
    pub word_end: bool,
    /// Whether nothing else is said in the turn.
    pub whole_turn: bool,
}

impl Posting {
    /// Whether what stands around the literal matters.
    #[inline]
    pub fn has_edges(&self) -> bool {
        self.word_start | self.word_end | self.whole_turn
    }
}

/// A literal of the automaton: its length in characters, and where its postings stand in the table of each role
/// ([`Roles::table`]) as first and count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Literal {
    pub chars: u32,
    pub postings: [(u32, u32); ROLE_TABLES],
}

/// Agent, customer, system.
pub(crate) const ROLE_TABLES: usize = 3;

/// An item that cannot be answered by literals alone.
#[derive(Debug)]
pub(crate) enum Extra {
    /// Run a regular expression on turns in which all gates have a hit, one after the other or the other way round; without
    /// gates on all turns.
    Pattern { regex: Regex, gates: Vec<LeafId>, reversed: bool, reason: ReasonId },
    /// What a regular expression that matches only a few texts would find, from their places; their reasons are the order
    /// of preference.
    Texts { texts: LeafId, reason: ReasonId },
    /// `A.{least,most}B` from the places of A and B; their reasons are the order of preference.
    Shape { a: LeafId, b: LeafId, least: u32, most: u32, greedy: bool, regex: Regex, reason: ReasonId },
    /// A word a few letters off, in turns where one of its pieces stands.
    Spelled { word: Vec<char>, edits: u32, gate: LeafId, reason: ReasonId },
    /// A sentence alike.
    Like { pairs: Vec<u64>, percent: u32, reason: ReasonId },
}

/// What is looked for in each turn of some roles; equal ones are shared by all rules.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub roles: Roles,
    pub kind: LeafKind,
    /// Behaviours that may apply once something was noted here.
    pub triggers: Vec<u32>,
}

/// How a leaf finds its hits.
#[derive(Debug)]
pub(crate) enum LeafKind {
    /// Any of many items: the literals were noted during the scan, the extras are run on demand.
    Union(Vec<Extra>),
    /// Turns in which at least so many of the parts have a hit.
    AtLeast(u32, Vec<LeafId>),
    /// Two leaves close together.
    Near { a: LeafId, b: LeafId, characters: u32, ordered: bool },
    /// Hits of `a` that touch none of `b`.
    Except { a: LeafId, b: LeafId },
    /// Every turn with words.
    Anything(ReasonId),
}

/// What a restriction is measured from.
#[derive(Debug)]
pub(crate) enum Origin {
    It,
    That,
    Node(Box<Node>),
}

/// A restriction.
#[derive(Debug)]
pub(crate) enum Filter {
    Order(Side, Origin),
    Distance { amount: Amount, more: bool, side: Side, origin: Origin },
    Position { from_end: bool, amount: Amount },
    Count { least: u32, most: u32 },
    Where(Box<Node>),
}

/// A condition.
#[derive(Debug)]
pub(crate) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    AtLeastOf(u32, Vec<Node>),
    Leaf(LeafId),
    Filter(Box<Node>, Filter),
    Nth(Nth, Box<Node>),
    Rule(u32),
    /// All candidate turns (at least one) have a hit of the leaf.
    Always(Box<Node>, LeafId),
    Repeats {
        roles: Roles,
        percent: u32,
        back: u32,
        except: Option<LeafId>,
        reason: ReasonId,
    },
    Echoes {
        leaf: LeafId,
        by: LeafId,
    },
    Replies {
        roles: Roles,
        more: bool,
        seconds: f64,
        reason: ReasonId,
    },
    Speaks {
        roles: Roles,
        more: bool,
        amount: f64,
        characters: bool,
        reason: ReasonId,
    },
    Compare(Value, Comparison, Value),
    OneOf(Value, Vec<Value>),
    Known(String),
}

/// Where the occasions of a behaviour come from.
#[derive(Debug)]
pub(crate) enum Applies {
    /// The first turn of an agent.
    FirstAgentTurn,
    /// One for each agent who speaks (a prohibition without `applies when`).
    EachAgent,
    /// Turns with a match.
    Turns(Node),
    /// The whole conversation, when it holds.
    Whole(Node),
}

/// A behaviour.
#[derive(Debug)]
pub(crate) struct Plan {
    pub mode: Mode,
    pub applies: Applies,
    pub shown: Node,
    /// Leaves of which one must have a hit for `shown` to hold; `None` when it may hold without.
    pub shown_needs: Option<Vec<LeafId>>,
}

/// Everything compiled. Immutable, shared by threads.
pub(crate) struct Program {
    pub automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    pub literals: Vec<Literal>,
    /// Postings by role, so that a turn meets only those that count in it.
    pub postings: [Vec<Posting>; ROLE_TABLES],
    pub syllables: Option<SyllableIndex>,
    /// Postings by number of the pattern in the syllable index.
    pub sounds: Vec<Posting>,
    /// In whose turns any of them counts.
    pub sounding: Roles,
    pub leaves: Vec<Leaf>,
    pub rules: Vec<Node>,
    pub plans: Vec<Plan>,
    /// Behaviours to look at whatever was heard.
    pub always: Vec<u32>,
    pub reasons: Vec<String>,
}
