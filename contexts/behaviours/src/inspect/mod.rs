//! One conversation through the live rule set. Pure: what the store gives, in; what the store keeps, out.

pub mod jobs;
mod service;

pub(crate) use service::inspect_all;

use conversations::api::{Conversation, Role};
use inspection::{FieldValue, Inspection, Mode, RuleSet, Scratch, Turn};
use people::api::Lookup;
use serde_json::Value;

use crate::{
    behaviour::BehaviourId,
    observation::{Evidence, EvidenceKind, Seen, SeenOf, Who, packed::EVIDENCE_MAX, store::Inspected},
};

/// A conversation as the engine takes it, borrowed from the stored one.
pub struct Prepared<'c> {
    turns: Vec<Turn<'c>>,
    fields: Vec<(&'c str, FieldValue<'c>)>,
}

impl<'c> Prepared<'c> {
    /// Lends a conversation to the engine. `lookup` gives its queue and line of business their names.
    pub fn new(conversation: &'c Conversation, lookup: &'c Lookup) -> Prepared<'c> {
        let turns = conversation
            .document
            .turns
            .iter()
            .map(|turn| Turn {
                role: role(turn.role),
                participant: turn.participant.as_deref(),
                start_ms: turn.start_ms,
                end_ms: None,
                text: &turn.text,
            })
            .collect();
        Prepared { turns, fields: fields(conversation, lookup) }
    }

    /// The engine's view of it.
    pub fn conversation(&self) -> inspection::Conversation<'_> {
        inspection::Conversation { turns: &self.turns, fields: &self.fields }
    }
}

const fn role(role: Role) -> inspection::Role {
    match role {
        Role::Agent => inspection::Role::Agent,
        Role::Customer => inspection::Role::Customer,
        Role::System => inspection::Role::System,
    }
}

/// The fields that rules may ask for: the conversation's own facts first, then what its source sent along.
fn fields<'c>(conversation: &'c Conversation, lookup: &'c Lookup) -> Vec<(&'c str, FieldValue<'c>)> {
    let row = &conversation.row;
    let mut fields: Vec<(&str, FieldValue<'_>)> = Vec::with_capacity(8 + conversation.document.fields.len());
    let mut text = |name: &'static str, value: Option<&'c str>| {
        fields.extend(value.map(|value| (name, FieldValue::Text(value))));
    };
    text("channel", row.channel.as_deref());
    text("direction", row.direction.map(conversations::api::Direction::name));
    text("disposition", row.disposition.as_deref());
    text("queue", row.queue.and_then(|id| lookup.queue(id)).map(|queue| queue.name.as_str()));
    text(
        "line_of_business",
        row.line_of_business.and_then(|id| lookup.line_of_business(id)).map(|line| line.name.as_str()),
    );
    text("site", row.site.and_then(|id| lookup.unit(id)).map(|unit| unit.name.as_str()));
    if let (Some(at), Some(site)) = (row.started_at, row.site) {
        fields.push(("hour", FieldValue::Number(f64::from(lookup.business_day(site).hour(at)))));
    }
    if let Some(seconds) = row.duration_s {
        fields.push(("duration", FieldValue::Number(seconds as f64)));
    }
    for (name, value) in &conversation.document.fields {
        let value = match value {
            Value::String(text) => FieldValue::Text(text),
            Value::Bool(yes) => FieldValue::Bool(*yes),
            Value::Number(number) => match number.as_f64() {
                Some(number) => FieldValue::Number(number),
                None => continue,
            },
            _ => continue,
        };
        if !fields.iter().any(|(known, _)| known == name) {
            fields.push((name, value));
        }
    }
    fields
}

/// Inspects one conversation. `members` are the behaviours by place; places that belong to no stored behaviour
/// are left out.
pub fn inspect(
    rules: &RuleSet,
    members: &[BehaviourId],
    conversation: &Conversation,
    lookup: &Lookup,
    scratch: &mut Scratch,
    answer: &mut Inspection,
) -> Inspected {
    let prepared = Prepared::new(conversation, lookup);
    let engine_view = prepared.conversation();
    rules.inspect_into(&engine_view, scratch, answer);
    let seen = answer
        .observations()
        .iter()
        .filter(|observation| {
            observation.applicable
                && members.get(observation.behaviour as usize).is_some_and(|id| !id.0.is_nil())
        })
        .map(|observation| {
            let mode =
                rules.behaviours().get(observation.behaviour as usize).map_or(Mode::Each, |info| info.mode);
            let evidence = answer.evidence(observation).iter().take(EVIDENCE_MAX).map(evidence).collect();
            let people = by_person(mode, answer.occasions(observation), conversation);
            Seen { member: observation.behaviour, shown: observation.shown, people, evidence }
        })
        .collect();
    Inspected {
        conversation: conversation.row.id,
        day: conversation.row.day,
        queue: conversation.row.queue,
        seen,
    }
}

fn evidence(found: &inspection::Evidence) -> Evidence {
    let kind = match found.kind {
        inspection::EvidenceKind::Applies => EvidenceKind::Applies,
        inspection::EvidenceKind::Shown => EvidenceKind::Shown,
        inspection::EvidenceKind::Breach => EvidenceKind::Breach,
    };
    Evidence { kind, turn: found.turn, start: found.start, end: found.end }
}

/// Whose occasions they were, and whether each person showed it by the behaviour's own mode.
fn by_person(mode: Mode, occasions: &[inspection::Occasion], conversation: &Conversation) -> Vec<SeenOf> {
    let mut people: Vec<SeenOf> = Vec::with_capacity(1);
    for occasion in occasions {
        let turn = occasion.agent_turn.and_then(|turn| conversation.document.turns.get(turn as usize));
        let agent = turn.and_then(|turn| conversation.agent_of(turn)).or(conversation.agents.first());
        let who = agent.map_or(Who::default(), |agent| Who { person: agent.person, team: agent.team });
        match people.iter_mut().find(|of| of.who == who) {
            Some(of) => {
                of.occasions += 1;
                of.shown_occasions += u32::from(occasion.shown);
            }
            // The first occasion decides where only the first counts.
            None => people.push(SeenOf {
                who,
                occasions: 1,
                shown_occasions: u32::from(occasion.shown),
                shown: occasion.shown,
            }),
        }
    }
    for of in &mut people {
        of.shown = match mode {
            Mode::Each | Mode::Prohibited => of.shown_occasions == of.occasions,
            Mode::Any => of.shown_occasions > 0,
            Mode::First => of.shown,
        };
    }
    people
}
