//! Judging a rehearsal: three numbers, and for each item what was shown where.
//!
//! Scores are computed in whole numbers, rounded half up.

use inspection::EvidenceKind;
use serde::Serialize;

use crate::limits::{SUBSTANCE_MIN, UNFINISHED_TOTAL_MAX};
use crate::play::Credit;
use crate::rehearsal::{Credited, Rehearsal};
use crate::script::{Area, Criterion, EndingKind, Item, Language};

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was done; of a prohibition, it was kept.
    Shown,
    /// It was not.
    Missed,
    /// There was no occasion for it.
    DidNotArise,
    /// It rests on a meaning that was tapped, and neither adds nor subtracts.
    ToBeConfirmed,
}

/// Why an item has its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The marked words show it.
    Shown,
    /// It did not happen, as it should not.
    Kept,
    /// No words show it.
    NotShown,
    /// The marked words offend against it.
    Offence,
    /// It came, but later than the given number of turns.
    Late {
        /// How many of the person's turns there were for it.
        within: i64,
    },
    /// The one that comes second was done without the first.
    WrongOrder,
    /// The conversation never got that far.
    NotReached,
    /// By the rule there was no occasion.
    NoOccasion,
    /// The person took too little part for it to mean anything.
    TookLittlePart,
    /// It was tapped, not said.
    Tapped,
    /// The behaviour is not among the rules any more, or could not be decided.
    Undecided,
}

impl Reason {
    /// The reason as a sentence.
    pub fn text(self, language: Language) -> String {
        let zh = language == Language::Zh;
        let pick = |chinese: &str, english: &str| if zh { chinese.to_owned() } else { english.to_owned() };
        match self {
            Self::Shown => pick("标出的话做到了。", "The marked words show it."),
            Self::Kept => pick("没有出现，很好。", "It did not happen, as it should not."),
            Self::NotShown => pick("没有做到。", "No words show it."),
            Self::Offence => pick("标出的话违反了这一条。", "The marked words offend against it."),
            Self::Late { within } if zh => format!("做了，但晚了：应在{within}句之内。"),
            Self::Late { within } => format!("It came, but late: it was due within {within} turns."),
            Self::WrongOrder => {
                pick("顺序不对：后一步做了，前一步还没有做。", "The second step came without the first.")
            }
            Self::NotReached => pick("对话没有走到这一步。", "The conversation never got that far."),
            Self::NoOccasion => pick("没有出现需要这样做的时机。", "There was no occasion for it."),
            Self::TookLittlePart => pick("说得太少，无法判断。", "Too little was said to judge it."),
            Self::Tapped => {
                pick("是点选的，不是自己说的，待确认。", "It was tapped, not said: to be confirmed.")
            }
            Self::Undecided => pick("无法判断，待确认。", "It could not be decided: to be confirmed."),
        }
    }
}

/// Words that prove something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// What they prove: the occasion, that it was shown, or the offence.
    pub kind: EvidenceKind,
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// First character, in Unicode scalar values.
    pub start: u32,
    /// End, exclusive.
    pub end: u32,
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemResult {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The behaviour that was judged, when one was.
    pub behaviour: Option<String>,
    /// For which number it counts.
    pub area: Area,
    /// How much it counts.
    pub weight: i64,
    /// Whether failing it means not to pass.
    pub fatal: bool,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// The words that prove it.
    pub marks: Vec<Mark>,
    /// Phrases that would have done it.
    pub better: Vec<String>,
}

/// A beat of the way through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Index of the customer's turn with which it began.
    pub turn: u32,
    /// The name of the beat.
    pub beat: String,
    /// Its title.
    pub title: String,
}

/// The result of a rehearsal, finished or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Whether the right things were done, 0 to 100.
    pub process: i64,
    /// Whether the customer was treated as a person, 0 to 100.
    pub feeling: i64,
    /// What was reached, 0 to 100.
    pub outcome: i64,
    /// 40 % process, 30 % feeling, 30 % outcome.
    pub total: i64,
    /// Whether all three reach their marks and nothing fatal happened.
    pub passed: bool,
    /// How it ended; nothing when it was left before its end.
    pub ended: Option<EndingKind>,
    /// What became of each item.
    pub items: Vec<ItemResult>,
    /// The way through the beats.
    pub path: Vec<Step>,
    /// The mood at the start and after each turn of the person.
    pub moods: Vec<i64>,
    /// How many turns the person had.
    pub turns: u32,
}

/// Weight that was earned, that counted, and that there is.
#[derive(Clone, Copy, Default)]
struct Sum {
    earned: i64,
    counted: i64,
    whole: i64,
}

impl Sum {
    /// Per cent of what counted; at least half of the whole stays below the line, so that nobody passes on the one
    /// thing that arose.
    fn percent(self) -> Option<i64> {
        let below = self.counted.max((self.whole + 1) / 2);
        (self.whole > 0).then(|| rounded(100 * self.earned, below))
    }
}

fn rounded(value: i64, by: i64) -> i64 {
    (2 * value + by) / (2 * by.max(1))
}

/// What an item came to: its status, why, and where.
struct Finding {
    status: Status,
    reason: Reason,
    marks: Vec<Mark>,
}

impl Finding {
    fn of(status: Status, reason: Reason) -> Self {
        Self { status, reason, marks: Vec::new() }
    }

    fn at(status: Status, reason: Reason, kind: EvidenceKind, credited: &Credited) -> Self {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let mark = Mark {
            kind,
            turn: number(credited.turn),
            start: number(credited.span.start),
            end: number(credited.span.end),
        };
        Self { status, reason, marks: vec![mark] }
    }

    /// Whether it counts below the line although nothing was earned.
    fn counts(&self) -> bool {
        match self.status {
            Status::Shown | Status::Missed => true,
            Status::ToBeConfirmed => false,
            Status::DidNotArise => matches!(self.reason, Reason::NotReached | Reason::TookLittlePart),
        }
    }
}

impl Rehearsal {
    /// Judges what was said so far. A rehearsal that has not ended has no outcome and is not passed.
    pub fn assess(&mut self) -> Assessment {
        self.inspect();
        let scenario = std::sync::Arc::clone(&self.scenario);
        let script = scenario.script();
        let (mut process, mut feeling) = (Sum::default(), Sum::default());
        let mut failed = false;
        let mut items = Vec::new();
        for item in &script.items {
            let finding = self.judge(item);
            let sum = if item.area == Area::Process { &mut process } else { &mut feeling };
            sum.whole += item.weight;
            sum.counted += if finding.counts() { item.weight } else { 0 };
            sum.earned += if finding.status == Status::Shown { item.weight } else { 0 };
            failed |= item.fatal && finding.status == Status::Missed;
            items.push(described(item, finding));
        }
        let process = process.percent().unwrap_or(0);
        let feeling = feeling.percent().map_or(self.mood, |items| rounded(items + self.mood, 2));
        let outcome = self.ended.and_then(|kind| scenario.ending(kind)).map_or(0, |(outcome, _)| outcome);
        let proper = self.ended.is_some_and(|kind| kind != EndingKind::HangUp);
        let total = rounded(40 * process + 30 * feeling + 30 * outcome, 100);
        let pass = script.pass;
        Assessment {
            process,
            feeling,
            outcome,
            total: if proper { total } else { total.min(UNFINISHED_TOTAL_MAX) },
            passed: proper
                && !failed
                && process >= pass.process
                && feeling >= pass.feeling
                && outcome >= pass.outcome,
            ended: self.ended,
            items,
            path: self.steps(),
            moods: self.moods(),
            turns: self.own_turns,
        }
    }

    fn steps(&self) -> Vec<Step> {
        let beat = |beat: usize| self.scenario.beat(beat);
        let step = |(turn, place): &(u32, usize)| {
            let beat = beat(*place)?;
            Some(Step { turn: *turn, beat: beat.name.value.clone(), title: beat.title.clone() })
        };
        self.path.iter().filter_map(step).collect()
    }

    fn moods(&self) -> Vec<i64> {
        let first = self.scenario.script().portrait.mood;
        let own = self.turns.iter().filter(|spoken| spoken.speaker == crate::play::Speaker::Person);
        std::iter::once(first).chain(own.map(|spoken| spoken.mood)).collect()
    }

    fn judge(&self, item: &Item) -> Finding {
        let Some(since) = self.reached_since(item) else {
            return Finding::of(Status::DidNotArise, Reason::NotReached);
        };
        match &item.criterion {
            Criterion::Behaviour(name) => self.judge_behaviour(&name.value),
            Criterion::Prohibition(name) => self.judge_prohibition(&name.value),
            Criterion::Move(name) => self.judge_move(&name.value, since, item.within),
            Criterion::NeverMove(name) => self.judge_never(&name.value),
            Criterion::Order(first, then) => self.judge_order(&first.value, &then.value),
        }
    }

    /// The person's turns when the first of the item's beats was entered.
    fn reached_since(&self, item: &Item) -> Option<u32> {
        if item.beats.is_empty() {
            return Some(0);
        }
        let since =
            |name: &str| self.scenario.beat_named(name).and_then(|beat| self.reached.get(beat).copied()?);
        item.beats.iter().filter_map(|beat| since(&beat.value)).min()
    }

    fn judge_behaviour(&self, name: &str) -> Finding {
        let seen = self.rules.index_of(name).and_then(|index| self.inspection.observation(index));
        let Some(seen) = seen else {
            return Finding::of(Status::ToBeConfirmed, Reason::Undecided);
        };
        if !seen.applicable {
            return Finding::of(Status::DidNotArise, Reason::NoOccasion);
        }
        let marks = self.marks(&seen);
        if seen.shown {
            Finding { status: Status::Shown, reason: Reason::Shown, marks }
        } else {
            Finding { status: Status::Missed, reason: Reason::NotShown, marks }
        }
    }

    fn judge_prohibition(&self, name: &str) -> Finding {
        let seen = self.rules.index_of(name).and_then(|index| self.inspection.observation(index));
        let Some(seen) = seen else {
            return Finding::of(Status::ToBeConfirmed, Reason::Undecided);
        };
        if seen.applicable && !seen.shown {
            return Finding { status: Status::Missed, reason: Reason::Offence, marks: self.marks(&seen) };
        }
        self.kept()
    }

    fn kept(&self) -> Finding {
        if self.to_the_point < SUBSTANCE_MIN {
            return Finding::of(Status::DidNotArise, Reason::TookLittlePart);
        }
        Finding::of(Status::Shown, Reason::Kept)
    }

    fn marks(&self, seen: &inspection::Observation) -> Vec<Mark> {
        let marks = self.inspection.evidence(seen).iter().map(|evidence| Mark {
            kind: evidence.kind,
            turn: evidence.turn,
            start: evidence.start,
            end: evidence.end,
        });
        marks.collect()
    }

    fn made(&self, name: &str) -> Option<&Credited> {
        let one = self.scenario.move_named(name)?;
        // What was said counts before what was tapped.
        let all = || self.credited.iter().chain(&self.harmful).filter(|credited| credited.one_move == one);
        all().find(|credited| !credited.tapped).or_else(|| all().next())
    }

    fn judge_move(&self, name: &str, since: u32, within: Option<i64>) -> Finding {
        let Some(made) = self.made(name) else {
            return Finding::of(Status::Missed, Reason::NotShown);
        };
        if made.tapped {
            return Finding::at(Status::ToBeConfirmed, Reason::Tapped, EvidenceKind::Shown, made);
        }
        match within {
            Some(within) if i64::from(made.own_turns) - i64::from(since) > within => {
                Finding::at(Status::Missed, Reason::Late { within }, EvidenceKind::Applies, made)
            }
            _ => Finding::at(Status::Shown, Reason::Shown, EvidenceKind::Shown, made),
        }
    }

    fn judge_never(&self, name: &str) -> Finding {
        match self.made(name) {
            Some(made) => Finding::at(Status::Missed, Reason::Offence, EvidenceKind::Breach, made),
            None => self.kept(),
        }
    }

    /// The second may have been tried before it was open; that shows in what was understood, not in what counted.
    fn judge_order(&self, first: &str, then: &str) -> Finding {
        let Some(second) = self.made(then) else {
            return Finding::of(Status::DidNotArise, Reason::NotReached);
        };
        match self.made(first) {
            Some(earlier) if earlier.tapped || second.tapped => {
                Finding::at(Status::ToBeConfirmed, Reason::Tapped, EvidenceKind::Shown, second)
            }
            Some(earlier) if (earlier.turn, earlier.span.start) < (second.turn, second.span.start) => {
                Finding::at(Status::Shown, Reason::Shown, EvidenceKind::Shown, earlier)
            }
            _ => Finding::at(Status::Missed, Reason::WrongOrder, EvidenceKind::Breach, second),
        }
    }
}

fn described(item: &Item, finding: Finding) -> ItemResult {
    let behaviour = match &item.criterion {
        Criterion::Behaviour(name) | Criterion::Prohibition(name) => Some(name.value.clone()),
        _ => None,
    };
    ItemResult {
        name: item.name.value.clone(),
        title: item.title.clone(),
        behaviour,
        area: item.area,
        weight: item.weight,
        fatal: item.fatal,
        status: finding.status,
        reason: finding.reason,
        marks: finding.marks,
        better: item.better.clone(),
    }
}

/// Whether a credit moves the conversation on; for readers of [`crate::Reply::understood`].
impl Credit {
    /// Whether it counts for something.
    pub fn counts(self) -> bool {
        matches!(self, Self::Credited | Self::Tapped)
    }
}
