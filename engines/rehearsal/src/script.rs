//! What a scenario file says, as plain data: the result of reading, before its meaning is checked.

use inspection::ast::At;
use serde::{Deserialize, Serialize};

/// The language that a scenario is played in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// For whom a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// A newcomer before the first live call.
    Easy,
    /// Everybody.
    Ordinary,
    /// Experienced people.
    Hard,
}

/// How the customer feels: what they say depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// Mood below `tense_from`.
    Angry,
    /// Mood from `tense_from` and below `calm_from`.
    Tense,
    /// Mood from `calm_from`.
    Calm,
}

/// One thing that the customer says, in at least three phrasings for each band.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// When calm.
    pub calm: Vec<String>,
    /// When tense.
    pub tense: Vec<String>,
    /// When angry.
    pub angry: Vec<String>,
}

impl Lines {
    /// The phrasings for a band.
    pub fn of(&self, band: Band) -> &[String] {
        match band {
            Band::Calm => &self.calm,
            Band::Tense => &self.tense,
            Band::Angry => &self.angry,
        }
    }
}

/// Who the simulated customer is.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// Who they are; the trainee sees it.
    pub who: String,
    /// How they behave; the trainee sees it.
    pub manner: String,
    /// What they really need, in the author's words; the trainee finds out.
    pub need: String,
    /// How they speak; for trainers and authors.
    pub speech: String,
    /// Mood at the start, 0 (furious) to 100 (content).
    pub mood: i64,
    /// From which mood on they are calm.
    pub calm_from: i64,
    /// From which mood on they are tense rather than angry.
    pub tense_from: i64,
    /// How much they bear before they hang up, in points.
    pub patience: i64,
    /// What costs how many points of it.
    pub costs: Costs,
}

impl Portrait {
    /// The band of a mood.
    pub fn band(&self, mood: i64) -> Band {
        if mood >= self.calm_from {
            Band::Calm
        } else if mood >= self.tense_from {
            Band::Tense
        } else {
            Band::Angry
        }
    }
}

/// Points of patience that a turn costs.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    /// Silence.
    pub silence: i64,
    /// Something that has nothing to do with the matter.
    pub unknown: i64,
    /// What the person said before, or the customer.
    pub repeated: i64,
    /// Too much at once.
    pub too_much: i64,
}

/// What the customer says on occasions that every conversation has.
#[derive(Clone, Debug)]
pub struct Says {
    /// They have no idea what the person means.
    pub unknown: Lines,
    /// They are not sure what the person means, and ask; the likeliest meanings are shown beside it.
    pub again: Lines,
    /// The person says nothing.
    pub silence: Lines,
    /// They heard that before.
    pub repeated: Lines,
    /// They interrupt somebody who says too much at once.
    pub interrupts: Lines,
    /// They understood, and wait for what comes.
    pub waiting: Lines,
    /// They do not yet want to say what they are asked for.
    pub withholds: Lines,
}

/// Something the customer knows and says only when a move asks for it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub name: At<String>,
    /// The customer's words.
    pub lines: Lines,
    /// Any of these moves brings it out.
    pub revealed_by: Vec<At<String>>,
    /// Not below this mood.
    pub mood_at_least: i64,
}

/// Something a person can do in words.
#[derive(Clone, Debug)]
pub struct Move {
    /// Its name.
    pub name: At<String>,
    /// What people read, such as a meaning to tap.
    pub title: String,
    /// Sentences that do it.
    pub examples: Vec<At<String>>,
    /// A sentence with one of these does not do it.
    pub except: Vec<String>,
    /// A behaviour whose evidence in the turn does it as well.
    pub behaviour: Option<At<String>>,
    /// What it does to the mood the first time, −25 to 25; half of it each time after.
    pub mood: i64,
    /// In which beats it counts; in all when empty.
    pub beats: Vec<At<String>>,
    /// Moves that must have been credited before it counts.
    pub after: Vec<At<String>>,
    /// What the customer says to it; nothing of its own when absent.
    pub reply: Option<Lines>,
}

/// A doubt the customer raises until it is resolved.
#[derive(Clone, Debug)]
pub struct Objection {
    /// Its name.
    pub name: At<String>,
    /// The customer's words.
    pub lines: Lines,
    /// In which beats it is raised; at least one.
    pub beats: Vec<At<String>>,
    /// Raised only when all of these moves were credited.
    pub after: Vec<At<String>>,
    /// Raised only below this mood.
    pub mood_below: i64,
    /// Any of these moves resolves it.
    pub resolved_by: Vec<At<String>>,
    /// How often it is raised at most.
    pub raises: i64,
    /// What raising it again does to the mood, 0 or less.
    pub mood: i64,
}

/// When a beat is left. All conditions that are given must hold.
#[derive(Clone, Debug)]
pub struct Exit {
    /// Where it stands in the file.
    pub at: inspection::lex::Pos,
    /// To which beat or to which ending.
    pub to: Target,
    /// All of these moves were credited so far.
    pub moves: Vec<At<String>>,
    /// At least one of these was.
    pub any_move: Vec<At<String>>,
    /// All of these facts were said.
    pub facts: Vec<At<String>>,
    /// All of these objections were resolved, or never raised.
    pub resolved: Vec<At<String>>,
    /// The person has had this many turns in the beat.
    pub turns: Option<i64>,
    /// The mood is at least this.
    pub mood_at_least: Option<i64>,
    /// The mood is below this.
    pub mood_below: Option<i64>,
}

/// Where an exit leads.
#[derive(Clone, Debug)]
pub enum Target {
    /// To a beat.
    Beat(At<String>),
    /// To an ending.
    Ending(EndingKind, inspection::lex::Pos),
}

/// One state of the conversation.
#[derive(Clone, Debug)]
pub struct Beat {
    /// Its name.
    pub name: At<String>,
    /// What people read in the path of a rehearsal.
    pub title: String,
    /// What the customer says on entering it.
    pub lines: Lines,
    /// What the customer says while nothing changes in it; the scenario's own `waiting` when absent.
    pub waiting: Option<Lines>,
    /// How it is left, tried in order.
    pub exits: Vec<Exit>,
}

/// How a rehearsal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// The need is met.
    Solved,
    /// Both give way.
    Compromise,
    /// Somebody will call back, by when is said.
    PromisedCallback,
    /// It went to somebody else.
    Escalated,
    /// The customer has had enough.
    HangUp,
}

/// The endings by the names they have in files.
pub const ENDING_NAMES: &[(&str, EndingKind)] = &[
    ("solved", EndingKind::Solved),
    ("compromise", EndingKind::Compromise),
    ("promised_callback", EndingKind::PromisedCallback),
    ("escalated", EndingKind::Escalated),
    ("hang_up", EndingKind::HangUp),
];

impl EndingKind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        ENDING_NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// An ending and what it is worth.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Which.
    pub kind: EndingKind,
    /// Where it stands in the file.
    pub at: inspection::lex::Pos,
    /// What was reached, 0 to 100.
    pub outcome: i64,
    /// The customer's last words.
    pub lines: Lines,
}

/// Which of the three numbers an item counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// Whether the right things were done.
    Process,
    /// Whether the customer was treated as a person.
    Feeling,
}

/// What is judged.
#[derive(Clone, Debug)]
pub enum Criterion {
    /// A behaviour is shown, by the rules of live calls.
    Behaviour(At<String>),
    /// A behaviour that is a prohibition is kept, by the rules of live calls.
    Prohibition(At<String>),
    /// A move is made in its place.
    Move(At<String>),
    /// A move is never made.
    NeverMove(At<String>),
    /// One move is made before another.
    Order(At<String>, At<String>),
}

/// One line of what a rehearsal is judged by.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name.
    pub name: At<String>,
    /// What people read.
    pub title: String,
    /// What is judged.
    pub criterion: Criterion,
    /// For which number it counts.
    pub area: Area,
    /// How much it counts, 1 to 100; only the proportions matter.
    pub weight: i64,
    /// The beats of which one must have been reached for it to count; the first beat when empty.
    pub beats: Vec<At<String>>,
    /// For a move: within so many of the person's turns from there.
    pub within: Option<i64>,
    /// Failing it means that the rehearsal is not passed.
    pub fatal: bool,
    /// Phrases that would have done it, shown afterwards.
    pub better: Vec<String>,
}

/// What a conversation test plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// A good person.
    Good,
    /// One who does some of it.
    Average,
    /// One who makes it worse.
    Bad,
    /// One who says all key phrases at once.
    Stuffed,
    /// One who says nothing.
    Silent,
    /// One who talks of something else.
    OffTopic,
}

/// The kinds of tests by the names they have in files. A scenario needs one of each.
pub const TEST_NAMES: &[(&str, TestKind)] = &[
    ("good", TestKind::Good),
    ("average", TestKind::Average),
    ("bad", TestKind::Bad),
    ("stuffed", TestKind::Stuffed),
    ("silent", TestKind::Silent),
    ("off_topic", TestKind::OffTopic),
];

impl TestKind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        TEST_NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// An expected score, both ends included.
pub type ScoreBand = (i64, i64);

/// A conversation that the scenario is held to.
#[derive(Clone, Debug)]
pub struct Test {
    /// Where it stands in the file.
    pub at: inspection::lex::Pos,
    /// What it plays.
    pub kind: TestKind,
    /// The person's turns; an empty one is silence.
    pub says: Vec<String>,
    /// Expected process.
    pub process: ScoreBand,
    /// Expected feeling.
    pub feeling: ScoreBand,
    /// Expected outcome.
    pub outcome: ScoreBand,
    /// Expected total.
    pub total: ScoreBand,
    /// Whether it is expected to pass.
    pub passes: bool,
}

/// What must be reached to pass, 0 to 100 each.
#[derive(Clone, Copy, Debug)]
pub struct PassMarks {
    /// Process.
    pub process: i64,
    /// Feeling.
    pub feeling: i64,
    /// Outcome.
    pub outcome: i64,
}

/// A whole scenario file.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its name, the same in all languages.
    pub name: At<String>,
    /// In which language it is played.
    pub language: Language,
    /// What people read in the list.
    pub title: String,
    /// The line of business it belongs to, if to one.
    pub line_of_business: Option<String>,
    /// What the trainee is told.
    pub situation: String,
    /// For whom it is.
    pub difficulty: Difficulty,
    /// After so many turns of the person the customer has no more time.
    pub turns: i64,
    /// What passes.
    pub pass: PassMarks,
    /// Who the customer is.
    pub portrait: Portrait,
    /// What they say on common occasions.
    pub says: Says,
    /// What they know.
    pub facts: Vec<Fact>,
    /// What the person can do.
    pub moves: Vec<Move>,
    /// What they doubt.
    pub objections: Vec<Objection>,
    /// The states; the first is the start.
    pub beats: Vec<Beat>,
    /// The endings.
    pub endings: Vec<Ending>,
    /// What is judged.
    pub items: Vec<Item>,
    /// What it is held to.
    pub tests: Vec<Test>,
}
