//! What happens in a conversation, before a word of it is written: who takes it, why the customer calls, which
//! situations arise, and which behaviours the agent shows. Cheap, so that the truth of a whole centre can be had
//! without its text.

use super::dice::Dice;
use super::org::{AGENTS, Line, TEAM_SIZE, line_of_team};
use super::topics::{Topic, topics};
use super::truth::{Behaviour, Outcome, Propensities};

/// Share of conversations of a line of business taken by the teams of that line; the rest helps out.
const OWN_LINE: f64 = 0.85;
/// Volume of the lines in the order of [`Line::ALL`], in percent.
const LINE_SHARES: [u32; 4] = [28, 24, 27, 21];
/// Share of inbound conversations that come by chat.
const CHAT: f64 = 0.20;
/// Share of inbound calls that reach the wrong desk first.
const TRANSFERRED: f64 = 0.04;
/// Share of conversations that break off without farewell.
const ABRUPT: f64 = 0.06;
/// Share of calls with a hold.
const HELD: f64 = 0.40;
/// Share of the topics with account data in which it is told although the ending does not need it.
const DISCLOSED: f64 = 0.7;
/// Share of the conversations without offer in which the customer also wishes what cannot be had.
const WISHED: f64 = 0.24;
/// Conversations an hour from 8 to 22 o'clock, relative.
const HOURS: [u32; 14] = [4, 9, 12, 11, 7, 6, 8, 10, 11, 9, 7, 8, 9, 5];
/// First hour of [`HOURS`].
const OPENS_AT: u32 = 8;

/// By which way the customer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    Call,
    Chat,
    OurCall,
}

/// When a feeling is voiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feeling {
    None,
    AtOnce,
    Later,
}

/// How it ends, before the farewell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Settled,
    Order,
    Callback,
    Declined,
    Sale,
}

/// The plan of one conversation.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one conversation, not a state")]
pub(super) struct Sketch {
    pub serial: u32,
    pub second: u32,
    pub topic: &'static Topic,
    /// Index of the agent who finishes it.
    pub agent: usize,
    /// Index of the agent who took it first and handed it over.
    pub first: Option<usize>,
    pub contact: Contact,
    pub feeling: Feeling,
    pub hold: bool,
    pub disclosed: bool,
    pub ending: Ending,
    /// Whether a wish is declined, in the end or on the way to it.
    pub declined: bool,
    pub abrupt: bool,
    /// Every occasion with its result.
    pub outcomes: Vec<Outcome>,
}

impl Sketch {
    /// Whether the finishing agent shows a behaviour; nothing where there is no occasion.
    pub fn shown(&self, behaviour: Behaviour) -> Option<bool> {
        self.shown_by(self.agent, behaviour)
    }

    /// The same of either agent.
    pub fn shown_by(&self, agent: usize, behaviour: Behaviour) -> Option<bool> {
        self.outcomes
            .iter()
            .find(|outcome| outcome.agent == agent && outcome.behaviour == behaviour)
            .map(|outcome| outcome.shown)
    }

    /// Whether the customer comes with a problem.
    pub fn is_problem(&self) -> bool {
        !self.topic.sums.is_empty()
    }
}

/// The plans of a day, in the order of their start.
pub(super) fn day(dice: &mut Dice, day: u32, count: u32, propensities: &Propensities) -> Vec<Sketch> {
    let mut seconds: Vec<u32> = (0..count).map(|_| second_of_day(dice)).collect();
    seconds.sort_unstable();
    let week = (day / 7) as usize;
    seconds
        .into_iter()
        .zip(0..)
        .map(|(second, serial)| sketch(dice, (day, week), (serial, second), propensities))
        .collect()
}

fn second_of_day(dice: &mut Dice) -> u32 {
    let hour = u32::try_from(dice.weighted(HOURS.iter().copied())).unwrap_or(0);
    (OPENS_AT + hour) * 3600 + dice.below(3600)
}

fn sketch(
    dice: &mut Dice,
    (day, week): (u32, usize),
    (serial, second): (u32, u32),
    propensities: &Propensities,
) -> Sketch {
    let line = Line::ALL[dice.weighted(LINE_SHARES.iter().copied())];
    let topic = topic_of(dice, line);
    let agent = agent_on(dice, day, line);
    let contact = if topic.code == "outbound_offer" {
        Contact::OurCall
    } else if dice.chance(CHAT) {
        Contact::Chat
    } else {
        Contact::Call
    };
    let first = (contact == Contact::Call && dice.chance(TRANSFERRED))
        .then(|| agent_on(dice, day, Line::ALL[(line as usize + 1) % 4]))
        .filter(|first| *first != agent);
    let feeling = feeling(dice, line, contact);
    let ending = ending(dice, topic);
    let mut sketch = Sketch {
        serial,
        second,
        topic,
        agent,
        first,
        contact,
        feeling,
        hold: contact == Contact::Call && dice.chance(HELD),
        disclosed: !topic.discloses.is_empty() && (ending == Ending::Settled || dice.chance(DISCLOSED)),
        ending,
        declined: ending == Ending::Declined || (ending != Ending::Sale && dice.chance(WISHED)),
        abrupt: dice.chance(ABRUPT),
        outcomes: Vec::with_capacity(10),
    };
    sketch.outcomes = outcomes(dice, &sketch, |agent, behaviour| propensities.at(agent, behaviour, week));
    sketch
}

#[expect(clippy::expect_used, reason = "the place was drawn among them")]
fn topic_of(dice: &mut Dice, line: Line) -> &'static Topic {
    let weights = topics().map(|topic| if topic.line == line { topic.weight } else { 0 });
    topics().nth(dice.weighted(weights)).expect("a topic at the place drawn")
}

/// Someone who works that day: two days of seven off, spread over the agents.
fn agent_on(dice: &mut Dice, day: u32, line: Line) -> usize {
    let own = dice.chance(OWN_LINE);
    loop {
        let agent = if own {
            (line as usize) * 2 * TEAM_SIZE + dice.index(2 * TEAM_SIZE)
        } else {
            dice.index(AGENTS)
        };
        let at_work = !matches!((day as usize + agent * 3) % 7, 0 | 1);
        if at_work && (own || line_of_team(agent / TEAM_SIZE) != line) {
            return agent;
        }
    }
}

fn feeling(dice: &mut Dice, line: Line, contact: Contact) -> Feeling {
    let share = match line {
        Line::Faults => 0.34,
        Line::Marketing if contact == Contact::OurCall => 0.22,
        Line::Marketing => 0.08,
        Line::Billing => 0.32,
        Line::Complaints => 0.70,
    };
    match (dice.chance(share), dice.chance(0.55)) {
        (false, _) => Feeling::None,
        (true, true) => Feeling::AtOnce,
        (true, false) => Feeling::Later,
    }
}

fn ending(dice: &mut Dice, topic: &Topic) -> Ending {
    let shares = topic.endings;
    let table = [
        (Ending::Settled, shares.settled),
        (Ending::Order, shares.order),
        (Ending::Callback, shares.callback),
        (Ending::Declined, shares.declined),
        (Ending::Sale, shares.sale),
    ];
    table[dice.weighted(table.iter().map(|(_, share)| *share))].0
}

fn outcomes(dice: &mut Dice, sketch: &Sketch, propensity: impl Fn(usize, Behaviour) -> f64) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(10);
    let mut occasion = |agent: usize, behaviour: Behaviour| {
        let shown = dice.chance(propensity(agent, behaviour));
        outcomes.push(Outcome { agent, behaviour, shown });
    };
    if let Some(first) = sketch.first {
        occasion(first, Behaviour::NoForbiddenPhrases);
        occasion(first, Behaviour::NoBlame);
    }
    if sketch.contact == Contact::Call {
        occasion(sketch.first.unwrap_or(sketch.agent), Behaviour::GreetingWithName);
    }
    let arises = [
        (sketch.feeling != Feeling::None, Behaviour::AcknowledgeFeeling),
        (sketch.is_problem(), Behaviour::CheckUnderstanding),
        (sketch.ending == Ending::Callback, Behaviour::ConfirmCallbackTime),
        (sketch.disclosed, Behaviour::VerifyIdentity),
        (true, Behaviour::NoForbiddenPhrases),
        (true, Behaviour::NoBlame),
        (sketch.ending == Ending::Order, Behaviour::ClearNextStep),
        (!sketch.abrupt, Behaviour::ClosingQuestion),
        (sketch.hold, Behaviour::ExplainHold),
        (sketch.declined, Behaviour::OfferAlternative),
        (sketch.ending == Ending::Sale, Behaviour::PriceBeforeConsent),
    ];
    for (_, behaviour) in arises.into_iter().filter(|(arises, _)| *arises) {
        occasion(sketch.agent, behaviour);
    }
    outcomes
}
