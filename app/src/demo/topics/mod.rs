//! What customers call about: four lines of business, with the words of each topic.
//!
//! Words that reveal a behaviour are kept out of here (see [`super::phrases`]), except where the topic is its
//! situation: `opens` of a problem, and `discloses`.

mod faults_billing;
mod marketing_complaints;

use super::org::Line;

/// How a topic can end, with the share of each in percent.
#[derive(Clone, Copy)]
pub struct Endings {
    /// Settled in the conversation, by steps or by an explanation.
    pub settled: u32,
    /// A work order or an escalation.
    pub order: u32,
    /// A promise to call back.
    pub callback: u32,
    /// The customer's wish is declined.
    pub declined: u32,
    /// A package is offered.
    pub sale: u32,
}

/// One reason to call.
pub struct Topic {
    /// Code in `fields.topic`.
    pub code: &'static str,
    /// Its line of business.
    pub line: Line,
    /// Index of the queue within the line of business.
    pub queue: usize,
    /// How much more often than others of its line, as a weight.
    pub weight: u32,
    /// The customer's first words. Where `sums` is not empty they describe a problem.
    pub opens: &'static [&'static str],
    /// The problem of each of `opens` said back, to fill `{sum}`; empty where the customer only asks for something.
    pub sums: &'static [&'static str],
    /// Questions of the agent with an answer.
    pub questions: &'static [(&'static str, &'static str)],
    /// Steps or explanations of the agent that settle it, with the customer's reaction.
    pub settles: &'static [(&'static str, &'static str)],
    /// Account data told to the customer; empty where there is none to tell.
    pub discloses: &'static [&'static str],
    /// What the customer wishes and is declined.
    pub wishes: &'static [&'static str],
    /// Share of each ending.
    pub endings: Endings,
}

/// All topics; each line of business has at least four.
pub fn topics() -> impl Iterator<Item = &'static Topic> + Clone {
    faults_billing::TOPICS.iter().chain(marketing_complaints::TOPICS)
}
