//! Turns the plan of a conversation into its words.

use super::dice::Dice;
use super::fill::Case;
use super::org::Line;
use super::phrases as say;
use super::record::{Speaker, Turn};
use super::sketch::{Contact, Ending, Feeling, Sketch};
use super::truth::Behaviour;

/// Fewest turns; questions are added up to it.
pub(super) const FEWEST_TURNS: usize = 10;
/// Most turns; no question or aside is added that could lead past it.
pub(super) const MOST_TURNS: usize = 24;
/// Seconds a character takes to say: about five characters a second.
const SECONDS_PER_CHAR: f64 = 0.21;
/// Turns kept free for the ending.
const LEFT_FOR_ENDING: usize = 9;
/// Turns after which no question is asked that is not needed.
const ASIDE_TURNS: usize = 11;
/// Beginnings before which nobody puts a filler.
const INTERJECTIONS: [char; 9] = ['嗯', '哦', '好', '哎', '啊', '呃', '喂', '行', '你'];

/// What was written.
pub(super) struct Written {
    pub turns: Vec<Turn>,
    pub hold_s: Option<u32>,
    pub duration_s: u32,
    /// Whether an offered package was taken; false where none was offered.
    pub sold: bool,
}

/// Name and employee number.
pub(super) type Who<'a> = (&'a str, &'a str);

/// Writes one conversation. `first` hands it over where the plan says so, `agent` finishes it.
pub(super) fn write(
    dice: &mut Dice,
    case: &mut Case,
    sketch: &Sketch,
    first: Option<Who>,
    agent: Who,
) -> Written {
    let mut scribe = Scribe {
        dice,
        case,
        sketch,
        turns: Vec::with_capacity(MOST_TURNS),
        participant: None,
        prefix: "",
        hold_at: None,
        order: Vec::new(),
        sold: false,
    };
    scribe.opening(first, agent);
    scribe.need();
    scribe.questions();
    scribe.asides(sketch.agent);
    if sketch.declined && sketch.ending != Ending::Declined {
        scribe.decline();
        scribe.ask(&[]);
    }
    scribe.account();
    scribe.ending();
    scribe.closing();
    scribe.timed()
}

struct Scribe<'a> {
    dice: &'a mut Dice,
    case: &'a mut Case,
    sketch: &'a Sketch,
    turns: Vec<Turn>,
    /// Who speaks for the agents; only said where there are two.
    participant: Option<String>,
    /// What the agent's next turn begins with, after a hold.
    prefix: &'static str,
    /// The turn before which the line was on hold.
    hold_at: Option<usize>,
    /// Questions of the topic not asked yet.
    order: Vec<usize>,
    sold: bool,
}

impl Scribe<'_> {
    fn shown(&self, behaviour: Behaviour) -> bool {
        self.sketch.shown(behaviour).unwrap_or(true)
    }

    fn is_spoken(&self) -> bool {
        self.sketch.contact != Contact::Chat
    }

    fn last_speaker(&self) -> Option<Speaker> {
        self.turns.last().map(|turn| turn.role)
    }

    fn push(&mut self, role: Speaker, text: String) {
        let participant = if role == Speaker::Agent { self.participant.clone() } else { None };
        self.turns.push(Turn { participant, role, t: 0.0, text });
    }

    /// The customer says the phrases; two turns in a row would be one.
    fn customer(&mut self, phrases: &[&str]) {
        let mut text = String::with_capacity(96);
        let follows = self.last_speaker() == Some(Speaker::Customer);
        let takes_filler =
            phrases.first().is_some_and(|phrase| phrase.len() > 18 && !phrase.starts_with(INTERJECTIONS));
        if !follows && takes_filler && self.is_spoken() && self.dice.chance(0.3) {
            text.push_str(self.dice.pick(say::FILLERS));
        }
        for phrase in phrases {
            self.case.fill(self.dice, phrase, &mut text);
        }
        if self.is_spoken() && self.dice.chance(0.03) {
            let (said, heard) = self.dice.one(say::MISHEARD);
            text = text.replacen(said, heard, 1);
        }
        match self.turns.last_mut() {
            Some(last) if follows => last.text.push_str(&text),
            _ => self.push(Speaker::Customer, text),
        }
    }

    /// The agent says the phrases; where the agent spoke last, the customer puts a word in first.
    fn agent(&mut self, phrases: &[&str]) {
        if self.last_speaker() == Some(Speaker::Agent) {
            self.yes();
        }
        let mut text = String::with_capacity(128);
        if self.prefix.is_empty() {
            if self.turns.len() > 2 && self.is_spoken() && self.dice.chance(0.1) {
                text.push_str(self.dice.pick(say::AGENT_FILLERS));
            }
        } else {
            self.hold_at = Some(self.turns.len());
            text.push_str(std::mem::take(&mut self.prefix));
        }
        for phrase in phrases {
            self.case.fill(self.dice, phrase, &mut text);
        }
        self.push(Speaker::Agent, text);
    }

    /// Whether nothing should be added that need not be.
    fn is_long(&self) -> bool {
        self.turns.len() + LEFT_FOR_ENDING > MOST_TURNS
    }

    fn yes(&mut self) {
        let word = self.dice.pick(say::YES);
        self.customer(&[word]);
    }

    /// One of the ways of doing it or of not doing it, as the plan says.
    fn way(&mut self, behaviour: Behaviour, ways: &say::Ways) -> &'static str {
        let shown = self.shown(behaviour);
        self.dice.pick(if shown { ways.shown } else { ways.missed })
    }

    // -- opening

    fn opening(&mut self, first: Option<Who>, agent: Who) {
        match self.sketch.contact {
            Contact::Call => self.answer(first, agent),
            Contact::Chat => {
                let phrase = self.dice.pick(say::CHAT_OPENING);
                self.agent(&[phrase]);
            }
            Contact::OurCall => {
                let (opening, answer) = self.dice.one(say::OUTBOUND_OPENING);
                self.agent(&[opening]);
                self.customer(&[answer]);
                let reason = self.dice.pick(say::OUTBOUND_REASON);
                self.agent(&[reason]);
            }
        }
    }

    fn answer(&mut self, first: Option<Who>, agent: Who) {
        if self.dice.chance(0.3) {
            let hello = self.dice.pick(say::GREETING_WITH_NAME.situations);
            self.push(Speaker::Customer, format!("{hello}。"));
        }
        let greeter = self.sketch.first.unwrap_or(self.sketch.agent);
        let shown = self.sketch.shown_by(greeter, Behaviour::GreetingWithName).unwrap_or(true);
        let ways = &say::GREETING_WITH_NAME;
        let greeting = self.dice.pick(if shown { ways.shown } else { ways.missed });
        if let (Some(first_index), Some((name, number))) = (self.sketch.first, first) {
            self.case.hand_to(name, number);
            self.participant = Some(number.to_owned());
            self.agent(&[greeting]);
            self.hand_over(first_index);
            self.case.hand_to(agent.0, agent.1);
            self.participant = Some(agent.1.to_owned());
            let phrase = self.dice.pick(say::TAKE_OVER);
            self.agent(&[phrase]);
        } else {
            self.agent(&[greeting]);
        }
    }

    fn hand_over(&mut self, first: usize) {
        let (asks, transfers) = self.dice.one(say::TRANSFER);
        self.customer(&[asks]);
        self.asides(first);
        self.agent(&[transfers]);
        self.push(Speaker::System, "通话已转接。".to_owned());
    }

    // -- what the customer wants, and the first reaction

    fn need(&mut self) {
        let topic = self.sketch.topic;
        let index = self.dice.index(topic.opens.len());
        let open = topic.opens[index];
        if self.sketch.feeling == Feeling::AtOnce {
            let feeling = self.feeling();
            self.customer(&[open, feeling]);
        } else {
            self.customer(&[open]);
        }
        let at_once = self.sketch.feeling == Feeling::AtOnce;
        let mut listened = false;
        if at_once && self.shown(Behaviour::AcknowledgeFeeling) && self.dice.chance(0.15) {
            let (listens, goes_on) = self.dice.one(say::LISTEN);
            self.agent(&[listens]);
            self.customer(&[goes_on]);
            listened = true;
        }
        let reaction =
            if at_once { self.way(Behaviour::AcknowledgeFeeling, &say::ACKNOWLEDGE_FEELING) } else { "" };
        if self.sketch.is_problem() {
            let sum = topic.sums.get(index).copied().unwrap_or(open);
            self.react_to_problem(sum, reaction, listened);
        } else {
            let receipt = self.dice.pick(say::RECEIPT);
            self.ask(&[reaction, receipt]);
        }
        if self.sketch.feeling == Feeling::Later {
            let feeling = self.feeling();
            self.customer(&[feeling]);
            let reaction = self.way(Behaviour::AcknowledgeFeeling, &say::ACKNOWLEDGE_FEELING);
            self.ask(&[reaction]);
        }
    }

    fn feeling(&mut self) -> &'static str {
        if self.sketch.contact == Contact::OurCall {
            return self.dice.pick(say::OUTBOUND_FEELING);
        }
        let general = say::ACKNOWLEDGE_FEELING.situations;
        let own = match self.sketch.topic.line {
            Line::Faults => say::FAULT_FEELING,
            Line::Billing => say::MONEY_FEELING,
            Line::Marketing | Line::Complaints => general,
        };
        let among = if self.dice.chance(0.3) { own } else { general };
        self.dice.pick(among)
    }

    fn react_to_problem(&mut self, sum: &str, reaction: &str, listened: bool) {
        let phrase = self.way(Behaviour::CheckUnderstanding, &say::CHECK_UNDERSTANDING);
        if !self.shown(Behaviour::CheckUnderstanding) {
            self.ask(&[reaction, phrase]);
            return;
        }
        let check = phrase.replace("{sum}", sum);
        if !listened && self.dice.chance(0.2) {
            self.ask(&[reaction]);
            self.agent(&[&check]);
        } else {
            self.agent(&[reaction, &check]);
        }
        let right = self.dice.pick(say::RIGHT);
        self.customer(&[right]);
    }

    // -- questions

    /// The agent says the phrases and asks the next question of the topic, which the customer answers. Where all
    /// have been asked, the agent's phrases stand alone.
    fn ask(&mut self, phrases: &[&str]) {
        let questions = self.sketch.topic.questions;
        if self.order.is_empty() {
            self.order = (0..questions.len()).collect();
            for last in (1..self.order.len()).rev() {
                let other = self.dice.index(last + 1);
                self.order.swap(last, other);
            }
        }
        let Some((question, answer)) = self.order.pop().and_then(|index| questions.get(index)) else {
            return;
        };
        let said: Vec<&str> = phrases.iter().copied().chain([*question]).collect();
        self.agent(&said);
        self.customer(&[answer]);
    }

    fn questions(&mut self) {
        let (fewest, most) = self.turns_to_come();
        let room = MOST_TURNS.saturating_sub(self.turns.len() + most) / 2;
        let needed = FEWEST_TURNS.saturating_sub(self.turns.len() + fewest).div_ceil(2);
        let wanted = self.dice.one(&[1_usize, 1, 2, 2, 3]);
        let pairs = wanted.min(room).max(needed);
        let aside = self.is_spoken() && pairs < room && self.dice.chance(0.2);
        for pair in 0..pairs {
            if aside && pair == pairs / 2 {
                let (customer, agent) = self.dice.one(say::SMALL_TALK);
                self.customer(&[customer]);
                self.agent(&[agent]);
            }
            if self.order.is_empty() && pair > 0 {
                break;
            }
            self.ask(&[]);
        }
    }

    /// The fewest and the most turns of everything after the questions.
    fn turns_to_come(&self) -> (usize, usize) {
        let sketch = self.sketch;
        let offences = sketch
            .outcomes
            .iter()
            .filter(|o| o.behaviour.is_prohibition() && o.agent == sketch.agent && !o.shown);
        let asides = 2 * offences.count();
        let wish = if sketch.declined && sketch.ending != Ending::Declined { 5 } else { 0 };
        let account = 4 * usize::from(sketch.disclosed) + 2 * usize::from(sketch.hold);
        let (least, most) = match sketch.ending {
            Ending::Settled | Ending::Order | Ending::Callback => (2, 4),
            Ending::Declined => (2, 5),
            Ending::Sale => (5, 8),
        };
        (asides + account + wish + least + 1, asides + 2 + account + wish + most + 4)
    }

    // -- offences, and the same questions well answered

    fn asides(&mut self, agent: usize) {
        for (behaviour, ways) in [
            (Behaviour::NoForbiddenPhrases, &say::NO_FORBIDDEN_PHRASES),
            (Behaviour::NoBlame, &say::NO_BLAME),
        ] {
            let offends = self.sketch.shown_by(agent, behaviour) == Some(false);
            let room = agent == self.sketch.agent && self.turns.len() < ASIDE_TURNS;
            if offends || (room && self.dice.chance(0.05)) {
                let question = self.dice.pick(ways.situations);
                let answer = self.dice.pick(if offends { ways.missed } else { ways.shown });
                self.customer(&[question]);
                self.agent(&[answer]);
            }
        }
    }

    // -- account data and hold

    fn account(&mut self) {
        if self.sketch.disclosed {
            self.verify();
        }
        if self.sketch.hold {
            self.hold();
        }
        if self.sketch.disclosed {
            let told = self.dice.pick(self.sketch.topic.discloses);
            self.agent(&[told]);
            let reaction = self.dice.pick(say::REACTION);
            self.customer(&[reaction]);
        }
    }

    fn verify(&mut self) {
        let asks = self.way(Behaviour::VerifyIdentity, &say::VERIFY_IDENTITY);
        self.agent(&[asks]);
        let answers = if !self.shown(Behaviour::VerifyIdentity) {
            say::NUMBER
        } else if asks.contains("密码") {
            say::PASSWORD
        } else {
            say::IDENTITY
        };
        let answer = self.dice.pick(answers);
        self.customer(&[answer]);
    }

    fn hold(&mut self) {
        let ways = &say::EXPLAIN_HOLD;
        let (asks, returns) = if self.shown(Behaviour::ExplainHold) {
            (ways.shown, say::HOLD_THANKS)
        } else {
            self.dice.one(&[
                (ways.missed, say::HOLD_RETURN),
                (ways.missed, say::HOLD_RETURN),
                (ways.missed, say::HOLD_THANKS),
                (ways.shown, say::HOLD_RETURN),
            ])
        };
        let asks = self.dice.pick(asks);
        self.agent(&[asks]);
        self.yes();
        self.prefix = self.dice.pick(returns);
        if self.sketch.ending == Ending::Declined && !self.sketch.disclosed {
            let phrase = self.dice.pick(say::AFTER_HOLD);
            self.agent(&[phrase]);
        }
    }

    // -- endings

    fn ending(&mut self) {
        match self.sketch.ending {
            Ending::Settled => self.settle(),
            Ending::Order => self.follow_up(Behaviour::ClearNextStep, &say::CLEAR_NEXT_STEP),
            Ending::Callback => self.follow_up(Behaviour::ConfirmCallbackTime, &say::CONFIRM_CALLBACK_TIME),
            Ending::Declined => self.decline(),
            Ending::Sale => self.sell(),
        }
    }

    fn settle(&mut self) {
        let settles = self.sketch.topic.settles;
        let start = self.dice.index(settles.len());
        let steps = if self.is_long() { 1 } else { 1 + self.dice.index(2) };
        for step in 0..steps {
            let (says, answers) = settles[(start + step) % settles.len()];
            self.agent(&[says]);
            self.customer(&[answers]);
        }
    }

    /// A work order or a promise, and what the agent says of it, at once or when asked.
    fn follow_up(&mut self, behaviour: Behaviour, ways: &say::Ways) {
        let lead = self.dice.pick(ways.situations);
        let says = self.way(behaviour, ways);
        if behaviour == Behaviour::ClearNextStep && !self.is_long() && self.dice.chance(0.3) {
            self.agent(&[lead]);
            let next = self.dice.pick(say::WHAT_NEXT);
            self.customer(&[next]);
            self.agent(&[says]);
        } else {
            self.agent(&[lead, says]);
        }
        if behaviour == Behaviour::ConfirmCallbackTime && self.shown(behaviour) {
            let suits = self.dice.pick(say::TIME_OK);
            self.customer(&[suits]);
        } else {
            self.yes();
        }
    }

    fn decline(&mut self) {
        let wish = self.dice.pick(self.sketch.topic.wishes);
        self.customer(&[wish]);
        let ways = &say::OFFER_ALTERNATIVE;
        let declines = self.dice.pick(ways.situations);
        let says = self.way(Behaviour::OfferAlternative, ways);
        let refused = self.dice.pick(say::REFUSED);
        if !self.shown(Behaviour::OfferAlternative) {
            self.agent(&[declines, says]);
            self.customer(&[refused]);
            let again = self.dice.pick(ways.missed);
            self.agent(&[again]);
        } else if !self.is_long() && self.dice.chance(0.4) {
            self.agent(&[declines]);
            self.customer(&[refused]);
            self.agent(&[says]);
        } else {
            self.agent(&[declines, says]);
        }
        self.yes();
    }

    fn sell(&mut self) {
        let ways = &say::PRICE_BEFORE_CONSENT;
        let shown = self.shown(Behaviour::PriceBeforeConsent);
        let (pitch, price, consent) =
            (self.dice.pick(ways.missed), self.dice.pick(ways.shown), self.dice.pick(ways.situations));
        let more = self.dice.pick(ways.missed);
        match (shown, self.dice.chance(0.6)) {
            (true, true) => {
                self.agent(&[pitch, price]);
                self.yes();
                self.agent(&[consent]);
            }
            (true, false) => {
                self.agent(&[pitch]);
                self.yes();
                self.agent(&[price, consent]);
            }
            (false, _) => {
                self.agent(&[pitch]);
                self.yes();
                self.agent(&[if more == pitch { "" } else { more }, consent]);
            }
        }
        let done = consent.contains("成功");
        self.sold = done || self.dice.chance(0.6);
        if done {
            self.yes();
        } else {
            let (answer, reply) = if self.sold {
                (self.dice.pick(say::CONSENT), self.dice.pick(say::DONE))
            } else {
                (self.dice.pick(say::NO_CONSENT), self.dice.pick(say::RESPECT))
            };
            self.customer(&[answer]);
            self.agent(&[reply]);
        }
        if !shown && self.sold && !self.is_long() && self.dice.chance(0.4) {
            let (asks, answers) = self.dice.one(say::PRICE_TOO_LATE);
            self.customer(&[asks]);
            self.agent(&[answers]);
            self.yes();
        }
    }

    // -- closing

    fn closing(&mut self) {
        if self.sketch.abrupt {
            let leaves = self.dice.pick(if self.is_spoken() { say::ABRUPT } else { say::CHAT_ABRUPT });
            self.customer(&[leaves]);
            self.push(
                Speaker::System,
                if self.is_spoken() { "客户已挂机。" } else { "客户已离开。" }.to_owned(),
            );
            return;
        }
        let farewell = self.farewell();
        let says = self.way(Behaviour::ClosingQuestion, &say::CLOSING_QUESTION);
        if self.shown(Behaviour::ClosingQuestion) {
            self.agent(&[says]);
            let no = self.dice.pick(say::NOTHING_MORE);
            self.customer(&[no]);
            self.agent(&[farewell]);
        } else if self.dice.chance(0.6) {
            self.agent(&[says, farewell]);
        } else {
            self.agent(&[farewell]);
        }
        let fits = self.turns.len() < MOST_TURNS && self.dice.chance(0.6);
        if fits || self.turns.len() < FEWEST_TURNS {
            let bye = self.dice.pick(say::BYE);
            self.customer(&[bye]);
        }
    }

    /// In chat nobody has called.
    fn farewell(&mut self) -> &'static str {
        loop {
            let farewell = self.dice.pick(say::CLOSING_QUESTION.situations);
            if self.sketch.contact == Contact::Call || !farewell.contains("来电") {
                return farewell;
            }
        }
    }

    // -- times

    fn timed(mut self) -> Written {
        let spoken = self.is_spoken();
        let mut clock = if spoken { 0.5 + self.dice.unit() } else { 0.0 };
        let mut hold_s = None;
        for index in 0..self.turns.len() {
            if self.hold_at == Some(index) {
                let held = 15 + self.dice.below(110);
                hold_s = Some(held);
                clock += f64::from(held);
            }
            let turn = &mut self.turns[index];
            turn.t = (clock * 10.0).round() / 10.0;
            let chars = turn.text.chars().count() as f64;
            clock += if spoken {
                chars * SECONDS_PER_CHAR + 0.4 + 1.6 * self.dice.unit()
            } else {
                3.0 + chars * 0.4 + 12.0 * self.dice.unit()
            };
        }
        Written { turns: self.turns, hold_s, duration_s: whole_seconds(clock), sold: self.sold }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred seconds, never negative"
)]
fn whole_seconds(seconds: f64) -> u32 {
    seconds.ceil() as u32
}
