//! What the engine answers.

use serde::Serialize;

use crate::conversation::Conversation;

/// What a piece of evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// The occasion.
    Applies,
    /// The behaviour.
    Shown,
    /// The offence against a prohibition.
    Breach,
}

/// Characters that prove something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// What they prove.
    pub kind: EvidenceKind,
    /// Index of the turn among all turns, those of the system included.
    pub turn: u32,
    /// First character, in Unicode scalar values of the original text of the turn.
    pub start: u32,
    /// End, exclusive.
    pub end: u32,
    /// What was found, as a number that [`crate::RuleSet::reason`] turns into text.
    pub reason: u32,
}

/// One occasion of a behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The turn in which `applies when` matched; absent when the whole conversation is the occasion.
    pub turn: Option<u32>,
    /// The turn of the agent who answers for it; absent when no agent speaks at all.
    pub agent_turn: Option<u32>,
    /// Whether the behaviour was shown on it (for a prohibition: the offence did not happen).
    pub shown: bool,
}

impl Occasion {
    /// The participant who answers for it, when known.
    pub fn participant<'a>(&self, conversation: &Conversation<'a>) -> Option<&'a str> {
        conversation.turns.get(self.agent_turn? as usize)?.participant
    }
}

/// What was found of one behaviour in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Index of the behaviour in [`crate::RuleSet::behaviours`].
    pub behaviour: u32,
    /// Whether there was at least one occasion.
    pub applicable: bool,
    /// Whether it was shown on each, any or the first of them, as the behaviour says; false where not applicable.
    pub shown: bool,
    /// How many occasions there were.
    pub occasions: u32,
    /// On how many of them it was shown.
    pub shown_occasions: u32,
    pub(crate) first_evidence: u32,
    pub(crate) first_occasion: u32,
    pub(crate) evidence: u32,
}

impl Observation {
    pub(crate) fn nothing(behaviour: u32) -> Self {
        Self {
            behaviour,
            applicable: false,
            shown: false,
            occasions: 0,
            shown_occasions: 0,
            first_evidence: 0,
            first_occasion: 0,
            evidence: 0,
        }
    }
}

/// The answer for one conversation. Reuse one for many conversations to save allocations.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    pub(crate) observations: Vec<Observation>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) occasions: Vec<Occasion>,
    pub(crate) undecided: Vec<u32>,
}

impl Inspection {
    /// The behaviours that were applicable, by index. What is missing here and among the undecided was not applicable.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// The observation of one behaviour: with `applicable` false when it was not, `None` when it is undecided.
    pub fn observation(&self, behaviour: u32) -> Option<Observation> {
        if self.undecided.binary_search(&behaviour).is_ok() {
            return None;
        }
        let found = self.observations.binary_search_by_key(&behaviour, |observation| observation.behaviour);
        Some(
            found
                .ok()
                .and_then(|at| self.observations.get(at))
                .copied()
                .unwrap_or(Observation::nothing(behaviour)),
        )
    }

    /// Behaviours whose answer would have cost more than the limits allow, by index.
    pub fn undecided(&self) -> &[u32] {
        &self.undecided
    }

    /// The evidence of an observation, by kind and place.
    pub fn evidence(&self, observation: &Observation) -> &[Evidence] {
        let first = observation.first_evidence as usize;
        self.evidence.get(first..first + observation.evidence as usize).unwrap_or_default()
    }

    /// The occasions of an observation in order.
    pub fn occasions(&self, observation: &Observation) -> &[Occasion] {
        let first = observation.first_occasion as usize;
        self.occasions.get(first..first + observation.occasions as usize).unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.observations.clear();
        self.evidence.clear();
        self.occasions.clear();
        self.undecided.clear();
    }
}
