//! What goes into a rehearsal and what comes out of each turn.

use serde::{Deserialize, Serialize};

use crate::script::{Band, EndingKind};

/// One thing that the person does. What is stored of a rehearsal is its scenario, its rules, its seed, and these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Input {
    /// Says something.
    Say {
        /// The words as they were typed.
        text: String,
    },
    /// Taps one of the meanings that the customer asked about.
    Choose {
        /// The name of the move.
        meaning: String,
    },
    /// Says nothing.
    Wait,
}

/// Why an input was not taken. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The rehearsal is over.
    Over,
    /// The customer did not ask about that meaning just now.
    NotAsked,
}

/// Why a move that was understood counts or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// It counts.
    Credited,
    /// It was tapped: the conversation goes on, and it is to be confirmed.
    Tapped,
    /// It does harm.
    Harmful,
    /// Not in this beat.
    OutOfPlace,
    /// Something else has to come before it.
    OutOfOrder,
    /// Two moves of this turn count already.
    TooMany,
}

/// A move that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// The name of the move.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// First character of what says so, in Unicode scalar values of the turn's text.
    pub start: u32,
    /// End, exclusive.
    pub end: u32,
    /// Whether it counts.
    pub credit: Credit,
}

/// A meaning to tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The name of the move: what [`Input::Choose`] wants.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// What was remarkable about a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Nothing was said.
    Silence,
    /// It had nothing to do with the matter.
    Unknown,
    /// It was half understood, and the customer asks.
    AskedAgain,
    /// It was said before.
    Repeated,
    /// It was too much at once; what came after the place where the customer interrupted was not heard.
    TooMuch,
    /// The customer does not want to say it yet.
    Withheld,
}

/// The customer's answer to a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// Index of the customer's turn in the transcript.
    pub turn: u32,
    /// The customer's words.
    pub line: String,
    /// Their mood after the turn, 0 to 100.
    pub mood: i64,
    /// The same in words.
    pub band: Band,
    /// What was understood, in the order in which it was said.
    pub understood: Vec<Understood>,
    /// The likeliest meanings, three at most, when the customer asked what was meant.
    pub asked_again: Option<Vec<Meaning>>,
    /// What was remarkable about the turn.
    pub notice: Option<Notice>,
    /// Whether the words were longer than [`crate::limits::TURN_KEPT_CHARS`], and cut there.
    pub cut: bool,
    /// How it ended, when it did.
    pub ended: Option<EndingKind>,
}

/// Who spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The simulated customer.
    Customer,
    /// The person who practises.
    Person,
}

/// One turn of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spoken {
    /// Who spoke.
    pub speaker: Speaker,
    /// The words; empty for silence, the title of the meaning when one was tapped.
    pub text: String,
    /// How many characters of them the customer heard.
    pub heard: u32,
    /// Whether a meaning was tapped.
    pub tapped: bool,
    /// The mood after the turn.
    pub mood: i64,
}
