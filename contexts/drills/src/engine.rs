//! What this context asks of the rehearsal engine, and the shape in which results are kept: a result that was shown once
//! looks the same whatever a later engine would say.

use std::sync::Arc;

use behaviours::api::FrozenSource;
use inspection::{Diagnostic, EvidenceKind, RuleSet, Source};
use messages::Text;
use rehearsal::{
    Assessment, Credit, Mark, Notice, Reason, Rehearsal, Scenario, Speaker, Status, TEST_SEEDS, TestResult,
    prove,
    script::{Area, Band, EndingKind, Language, ScoreBand, Script, TestKind},
};
use serde::{Deserialize, Serialize};

use crate::{practice::Scores, texts};

/// Which number a line of the result counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Process.
    Process,
    /// Feeling.
    Feeling,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It was missed.
    Missed,
    /// It rests on a meaning that was tapped, and neither adds nor subtracts.
    ToBeConfirmed,
    /// It was shown.
    Shown,
    /// There was no occasion for it.
    DidNotArise,
}

/// What words prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proves {
    /// The occasion.
    Applies,
    /// That it was shown.
    Shown,
    /// That it was offended against.
    Breach,
}

/// Words that prove something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The turn, from 0.
    pub turn: u32,
    /// First character, in Unicode scalar values.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// What they prove.
    pub proves: Proves,
}

/// One line of what a rehearsal was judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// What people read.
    pub title: String,
    /// The behaviour that was judged, when one was.
    pub behaviour: Option<String>,
    /// Which number it counts for.
    pub figure: Figure,
    /// Whether failing it means not to pass.
    pub fatal: bool,
    /// What became of it.
    pub became: Became,
    /// Why, in the language of the scenario.
    pub reason: String,
    /// Where.
    pub proofs: Vec<Proof>,
    /// Phrases that would have done it.
    pub better: Vec<String>,
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Whether the person said it; else the customer.
    pub by_person: bool,
    /// The words; empty for silence.
    pub text: String,
    /// The mood afterwards, 0 to 100.
    pub mood: i64,
}

/// What came of a rehearsal: all that the result page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended; nothing when it stopped before.
    pub ending: Option<String>,
    /// 0 to 100.
    pub process: i64,
    /// 0 to 100.
    pub feeling: i64,
    /// 0 to 100.
    pub outcome: i64,
    /// Whether all that was asked for was reached.
    pub passed: bool,
    /// What was judged.
    pub items: Vec<Judged>,
    /// The way through the conversation.
    pub path: Vec<String>,
    /// What was said.
    pub said: Vec<Said>,
}

impl Outcome {
    /// The three figures.
    pub fn scores(&self) -> Scores {
        Scores { process: self.process, feeling: self.feeling, outcome: self.outcome, passed: self.passed }
    }
}

/// How an ending is called; the name of an ending of a later version stands as it is.
pub(crate) fn ending_text(name: &str) -> Text {
    let known = [
        EndingKind::Solved,
        EndingKind::Compromise,
        EndingKind::PromisedCallback,
        EndingKind::Escalated,
        EndingKind::HangUp,
    ];
    match known.into_iter().find(|kind| kind.name() == name) {
        Some(EndingKind::Solved) => texts::ending_solved(),
        Some(EndingKind::Compromise) => texts::ending_compromise(),
        Some(EndingKind::PromisedCallback) => texts::ending_promised_callback(),
        Some(EndingKind::Escalated) => texts::ending_escalated(),
        Some(EndingKind::HangUp) => texts::ending_hang_up(),
        None => Text::verbatim(name),
    }
}

/// The turns of a rehearsal so far.
pub(crate) fn said(rehearsal: &Rehearsal) -> Vec<Said> {
    let turn = |spoken: &rehearsal::Spoken| Said {
        by_person: spoken.speaker == Speaker::Person,
        text: spoken.text.clone(),
        mood: spoken.mood,
    };
    rehearsal.transcript().iter().map(turn).collect()
}

/// What came of a rehearsal.
pub(crate) fn outcome(rehearsal: &mut Rehearsal) -> Outcome {
    let found = rehearsal.assess();
    let language = rehearsal.scenario().script().language;
    Outcome {
        ending: rehearsal.ended().map(|ending| ending.name().to_owned()),
        process: found.process,
        feeling: found.feeling,
        outcome: found.outcome,
        passed: found.passed,
        items: found.items.iter().map(|item| judged(item, language)).collect(),
        path: path(&found),
        said: said(rehearsal),
    }
}

fn path(found: &Assessment) -> Vec<String> {
    found.path.iter().map(|step| step.title.clone()).collect()
}

fn judged(item: &rehearsal::ItemResult, language: Language) -> Judged {
    Judged {
        title: item.title.clone(),
        behaviour: item.behaviour.clone(),
        figure: match item.area {
            Area::Process => Figure::Process,
            Area::Feeling => Figure::Feeling,
        },
        fatal: item.fatal,
        became: match item.status {
            Status::Shown => Became::Shown,
            Status::Missed => Became::Missed,
            Status::DidNotArise => Became::DidNotArise,
            Status::ToBeConfirmed => Became::ToBeConfirmed,
        },
        reason: Reason::text(item.reason, language),
        proofs: item.marks.iter().map(proof).collect(),
        better: item.better.clone(),
    }
}

fn proof(mark: &Mark) -> Proof {
    let proves = match mark.kind {
        EvidenceKind::Applies => Proves::Applies,
        EvidenceKind::Shown => Proves::Shown,
        EvidenceKind::Breach => Proves::Breach,
    };
    Proof { turn: mark.turn, start: mark.start, end: mark.end, proves }
}

/// Compiles rules from their texts as they were kept.
///
/// # Errors
/// All that is wrong.
pub(crate) fn compile_rules(sources: &str) -> Result<RuleSet, Vec<Diagnostic>> {
    let sources: Vec<FrozenSource> = serde_json::from_str(sources).unwrap_or_default();
    let sources: Vec<Source<'_>> =
        sources.iter().map(|source| Source { name: &source.name, text: &source.text }).collect();
    RuleSet::compile(&sources)
}

/// A conversation test with what came of it over all seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestLine {
    /// What it plays; nothing for the attacks that every scenario must withstand.
    kind: Option<TestKind>,
    /// Its name.
    name: String,
    /// Whether all is as expected.
    pub holds: bool,
    /// Process, feeling, outcome, total: what is expected, and the lowest and highest that came out.
    pub figures: [(ScoreBand, (i64, i64)); 4],
}

impl TestLine {
    /// What it plays, in words.
    pub(crate) fn kind_text(&self) -> Text {
        match self.kind {
            Some(TestKind::Good) => texts::test_good(),
            Some(TestKind::Average) => texts::test_average(),
            Some(TestKind::Bad) => texts::test_bad(),
            Some(TestKind::Stuffed) => texts::test_stuffed(),
            Some(TestKind::Silent) => texts::test_silent(),
            Some(TestKind::OffTopic) => texts::test_off_topic(),
            None => Text::verbatim(self.name.clone()),
        }
    }
}

/// What the checker says of a script, and when nothing stops it, what its conversation tests say.
pub(crate) fn judge(source: &str, script: &str, rules: &Arc<RuleSet>) -> (Vec<Diagnostic>, Vec<TestLine>) {
    match Scenario::compile(source, script, rules).map(Arc::new) {
        Ok(scenario) => {
            let results = prove(&scenario, rules);
            (scenario.warnings().to_vec(), lines(scenario.script(), &results))
        }
        Err(said) => (said, Vec::new()),
    }
}

/// One line for each test of the file, over all seeds, and one for each attack that got through.
fn lines(script: &Script, results: &[TestResult]) -> Vec<TestLine> {
    let of_file = script.tests.iter().map(|test| {
        let expected = [test.process, test.feeling, test.outcome, test.total];
        let same: Vec<&TestResult> =
            results.iter().filter(|result| result.kind.is_some() && result.line == test.at.line).collect();
        line(Some(test.kind), test.kind.name(), expected, &same)
    });
    let attacks = results.chunks(results.len() / TEST_SEEDS.len().max(1)).next().unwrap_or_default();
    let got_through = attacks.iter().filter(|result| result.kind.is_none()).filter_map(|attack| {
        let same: Vec<&TestResult> =
            results.iter().filter(|result| result.kind.is_none() && result.name == attack.name).collect();
        let any = same.iter().any(|result| !result.held());
        let least = (0, 100);
        any.then(|| {
            line(None, &attack.name, [least, least, least, (0, rehearsal::limits::UNEARNED_TOTAL_MAX)], &same)
        })
    });
    of_file.chain(got_through).collect()
}

fn line(kind: Option<TestKind>, name: &str, expected: [ScoreBand; 4], same: &[&TestResult]) -> TestLine {
    let found = |at: usize| {
        let all = || same.iter().filter_map(|result| result.scores.get(at)).copied();
        (all().min().unwrap_or_default(), all().max().unwrap_or_default())
    };
    let [process, feeling, outcome, total] = expected;
    TestLine {
        kind,
        name: name.to_owned(),
        holds: same.iter().all(|result| result.held()),
        figures: [(process, found(0)), (feeling, found(1)), (outcome, found(2)), (total, found(3))],
    }
}

/// Where a rehearsal in progress stands: what its page shows.
#[derive(Debug, Clone)]
pub(crate) struct Now {
    /// What was said so far.
    pub said: Vec<Said>,
    /// The mood, 0 to 100.
    pub mood: i64,
    /// The same in words.
    pub band: Band,
    /// The likeliest meanings: name and title, when the customer asked what was meant.
    pub meanings: Vec<(String, String)>,
    /// What was remarkable about the last turn.
    pub notice: Option<Notice>,
    /// The titles of what was understood last, and whether each does harm.
    pub understood: Vec<(String, bool)>,
    /// Whether the last words were too long to be kept whole.
    pub cut: bool,
}

/// Where a rehearsal stands.
pub(crate) fn now(rehearsal: &Rehearsal) -> Now {
    let last = rehearsal.last();
    let counts = last.understood.iter().filter_map(|one| match one.credit {
        Credit::Credited | Credit::Tapped => Some((one.title.clone(), false)),
        Credit::Harmful => Some((one.title.clone(), true)),
        Credit::OutOfPlace | Credit::OutOfOrder | Credit::TooMany => None,
    });
    let meanings = last.asked_again.iter().flatten().map(|one| (one.name.clone(), one.title.clone()));
    Now {
        said: said(rehearsal),
        mood: last.mood,
        band: last.band,
        meanings: meanings.collect(),
        notice: last.notice,
        understood: counts.collect(),
        cut: last.cut,
    }
}
