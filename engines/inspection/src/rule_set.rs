//! Rules compiled once and shared by all threads.

use crate::ast::{Bilingual, Mode};
use crate::check::{check_pack, in_order};
use crate::compile;
use crate::conversation::Conversation;
use crate::diagnose::{Diagnostic, Severity};
use crate::evaluate::{self, Scratch};
use crate::outcome::{EvidenceKind, Inspection};
use crate::pack::{Pack, Source};
use crate::program::Program;

/// What people read about a behaviour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BehaviourInfo {
    /// Its name in the rule files, unique.
    pub name: String,
    /// Its title; a language that the file leaves out is empty.
    pub title: Bilingual,
    /// Its explanation; may be empty.
    pub note: Bilingual,
    /// On which occasions it must be shown.
    pub mode: Mode,
}

/// Compiled rules: immutable, `Send` and `Sync`. Each thread brings its own [`Scratch`].
pub struct RuleSet {
    behaviours: Vec<BehaviourInfo>,
    warnings: Vec<Diagnostic>,
    program: Program,
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleSet").field("behaviours", &self.behaviours).finish_non_exhaustive()
    }
}

/// A place that an editor highlights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Index of the behaviour.
    pub behaviour: u32,
    /// What the place proves.
    pub kind: EvidenceKind,
    /// Index of the turn among all turns.
    pub turn: u32,
    /// First character, in Unicode scalar values.
    pub start: u32,
    /// End, exclusive.
    pub end: u32,
    /// What was found, such as `angry: 投诉`.
    pub reason: String,
}

impl RuleSet {
    /// Reads, checks and compiles rule files that share their names.
    ///
    /// # Errors
    /// All that is wrong, in the order of files and lines, warnings included.
    pub fn compile(sources: &[Source<'_>]) -> Result<Self, Vec<Diagnostic>> {
        let (pack, mut diagnostics) = Pack::read(sources);
        diagnostics.extend(check_pack(&pack));
        let diagnostics = in_order(diagnostics);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(diagnostics);
        }
        let program = compile::compile(&pack).map_err(|message| vec![refused(message)])?;
        let info = |behaviour: &crate::ast::Behaviour| BehaviourInfo {
            name: behaviour.name.value.clone(),
            title: behaviour.title.clone(),
            note: behaviour.note.clone(),
            mode: behaviour.mode,
        };
        let behaviours = pack.behaviours.iter().map(|behaviour| info(&behaviour.item)).collect();
        Ok(Self { behaviours, warnings: diagnostics, program })
    }

    /// The behaviours; their places are the indexes used everywhere.
    pub fn behaviours(&self) -> &[BehaviourInfo] {
        &self.behaviours
    }

    /// The index of a behaviour by name.
    pub fn index_of(&self, name: &str) -> Option<u32> {
        let found = self.behaviours.iter().position(|behaviour| behaviour.name == name)?;
        u32::try_from(found).ok()
    }

    /// What the checker remarked although the rules can be used.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Inspects one conversation.
    pub fn inspect(&self, conversation: &Conversation<'_>, scratch: &mut Scratch) -> Inspection {
        let mut inspection = Inspection::default();
        self.inspect_into(conversation, scratch, &mut inspection);
        inspection
    }

    /// [`Self::inspect`] into an answer that is reused.
    pub fn inspect_into(
        &self,
        conversation: &Conversation<'_>,
        scratch: &mut Scratch,
        inspection: &mut Inspection,
    ) {
        evaluate::inspect(&self.program, conversation, scratch, inspection);
    }

    /// The text of an evidence's reason: the list, if any, and the word or pattern, such as `angry: 投诉` or `/退.{0,4}款/`.
    pub fn reason(&self, reason: u32) -> &str {
        self.program.reasons.get(reason as usize).map_or("", String::as_str)
    }

    /// All evidence of a conversation with its reasons, for an editor that tries rules out. By behaviour, kind and place.
    pub fn highlights(&self, conversation: &Conversation<'_>, scratch: &mut Scratch) -> Vec<Highlight> {
        let inspection = self.inspect(conversation, scratch);
        let of = |observation| {
            inspection.evidence(observation).iter().map(move |evidence| (observation, evidence))
        };
        let all = inspection.observations().iter().flat_map(of);
        all.map(|(observation, evidence)| Highlight {
            behaviour: observation.behaviour,
            kind: evidence.kind,
            turn: evidence.turn,
            start: evidence.start,
            end: evidence.end,
            reason: self.reason(evidence.reason).to_owned(),
        })
        .collect()
    }
}

fn refused(message: String) -> Diagnostic {
    Diagnostic {
        source: String::new(),
        line: 1,
        column: 1,
        length: 1,
        severity: Severity::Error,
        message,
        expected: "fewer or smaller rules".to_owned(),
        example: String::new(),
    }
}
