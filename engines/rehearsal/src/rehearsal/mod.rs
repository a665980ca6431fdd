//! One rehearsal: a state that is a function of scenario, rules, seed and inputs.

mod answer;

use std::sync::Arc;

use inspection::{Conversation, EvidenceKind, Inspection, Role, RuleSet, Scratch, Turn, likeness};

use crate::dice::Dice;
use crate::limits::{
    CREDITED_MAX, CROWDED_MOVES, MOOD_REPEATED, MOOD_SILENCE, MOOD_TOO_MUCH, MOOD_UNKNOWN,
    REPEATED_MIN_PAIRS, REPEATED_PERCENT, TURN_HEARD_CHARS_EN, TURN_HEARD_CHARS_ZH, TURN_KEPT_CHARS,
};
use crate::play::{Credit, Input, Notice, Refused, Reply, Speaker, Spoken, Understood};
use crate::scenario::Scenario;
use crate::script::{EndingKind, Language, Move};
use crate::segment::{Span, clauses, folded, windows};
use crate::understand::{Heard, UNSURE, is_polite, is_sure};

/// How many meanings are offered when the customer asks again.
const MEANINGS: usize = 3;

/// A move that counted once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credited {
    pub(crate) one_move: usize,
    pub(crate) turn: usize,
    pub(crate) span: Span,
    pub(crate) tapped: bool,
    /// The person's turns until then, this one included.
    pub(crate) own_turns: u32,
}

/// What the customer asked about.
#[derive(Clone, Debug)]
struct Asked {
    turn: usize,
    span: Span,
    meanings: Vec<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Doubt {
    raised: i64,
    resolved: bool,
}

/// A rehearsal in progress.
pub struct Rehearsal {
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) rules: Arc<RuleSet>,
    seed: u64,
    pub(crate) turns: Vec<Spoken>,
    pub(crate) beat: usize,
    /// The person's turns when each beat was first entered.
    pub(crate) reached: Vec<Option<u32>>,
    /// Which beat was entered in which turn of the transcript.
    pub(crate) path: Vec<(u32, usize)>,
    beat_turns: i64,
    pub(crate) mood: i64,
    patience: i64,
    pub(crate) credited: Vec<Credited>,
    pub(crate) harmful: Vec<Credited>,
    facts: Vec<bool>,
    doubts: Vec<Doubt>,
    pub(crate) own_turns: u32,
    pub(crate) to_the_point: u32,
    too_much: u32,
    unsure: u32,
    asked: Option<Asked>,
    pub(crate) ended: Option<EndingKind>,
    last: Reply,
    dice: Dice,
    scratch: Scratch,
    pub(crate) inspection: Inspection,
}

impl std::fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rehearsal")
            .field("scenario", &self.scenario)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// What a turn brings about before the customer answers.
#[derive(Default)]
struct Effects {
    mood: i64,
    patience: i64,
    understood: Vec<Understood>,
    credited: usize,
    reply_of: Option<usize>,
    facts: Vec<usize>,
    told_before: Vec<usize>,
    notice: Option<Notice>,
    cut: bool,
}

impl Rehearsal {
    /// Starts a rehearsal: the customer has said their first words, which [`Self::last`] gives.
    pub fn open(scenario: Arc<Scenario>, rules: Arc<RuleSet>, seed: u64) -> Self {
        let script = scenario.script();
        let mood = script.portrait.mood;
        let mut reached = vec![None; script.beats.len()];
        if let Some(first) = reached.first_mut() {
            *first = Some(0);
        }
        let nothing = Reply {
            turn: 0,
            line: String::new(),
            mood,
            band: scenario.band(mood),
            understood: Vec::new(),
            asked_again: None,
            notice: None,
            cut: false,
            ended: None,
        };
        let mut rehearsal = Self {
            seed,
            turns: Vec::new(),
            beat: 0,
            reached,
            path: vec![(0, 0)],
            beat_turns: 0,
            mood,
            patience: script.portrait.patience,
            credited: Vec::new(),
            harmful: Vec::new(),
            facts: vec![false; script.facts.len()],
            doubts: vec![Doubt::default(); script.objections.len()],
            own_turns: 0,
            to_the_point: 0,
            too_much: 0,
            unsure: 0,
            asked: None,
            ended: None,
            last: nothing,
            dice: Dice::default(),
            scratch: Scratch::default(),
            inspection: Inspection::default(),
            scenario,
            rules,
        };
        let scenario = Arc::clone(&rehearsal.scenario);
        let line = scenario.beat(0).map(|beat| rehearsal.line("beat", &beat.name.value, &beat.lines));
        rehearsal.customer_says(line.unwrap_or_default());
        rehearsal
    }

    /// Starts a rehearsal and does again what was done. Inputs that are refused change nothing, as they did at first.
    pub fn replay(scenario: Arc<Scenario>, rules: Arc<RuleSet>, seed: u64, inputs: &[Input]) -> Self {
        let mut rehearsal = Self::open(scenario, rules, seed);
        for input in inputs {
            let _ = rehearsal.take(input);
        }
        rehearsal
    }

    /// The customer's last words and what came with them.
    pub fn last(&self) -> &Reply {
        &self.last
    }

    /// What was said so far.
    pub fn transcript(&self) -> &[Spoken] {
        &self.turns
    }

    /// The scenario that is played.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The seed that it was opened with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How it ended, when it did.
    pub fn ended(&self) -> Option<EndingKind> {
        self.ended
    }

    /// Takes an input.
    ///
    /// # Errors
    /// When it is over, or a meaning is tapped that the customer did not ask about. Nothing changes then.
    pub fn take(&mut self, input: &Input) -> Result<&Reply, Refused> {
        match input {
            Input::Say { text } => self.say(text),
            Input::Choose { meaning } => self.choose(meaning),
            Input::Wait => self.wait(),
        }
    }

    /// The person says something; nothing but blanks is silence.
    ///
    /// # Errors
    /// When it is over.
    pub fn say(&mut self, text: &str) -> Result<&Reply, Refused> {
        if self.ended.is_some() {
            return Err(Refused::Over);
        }
        if text.chars().take(TURN_KEPT_CHARS).all(|c| c.is_whitespace() || c.is_control()) {
            return self.wait();
        }
        let kept: String = text.chars().take(TURN_KEPT_CHARS).collect();
        let cut = kept.len() < text.len();
        self.asked = None;
        self.begin_turn(kept, false);
        let mut effects = Effects { cut, ..Effects::default() };
        self.understand(&mut effects);
        Ok(self.finish_turn(effects))
    }

    /// The person says nothing.
    ///
    /// # Errors
    /// When it is over.
    pub fn wait(&mut self) -> Result<&Reply, Refused> {
        if self.ended.is_some() {
            return Err(Refused::Over);
        }
        self.asked = None;
        self.begin_turn(String::new(), false);
        let costs = self.scenario.script().portrait.costs;
        let effects = Effects {
            mood: MOOD_SILENCE,
            patience: costs.silence,
            notice: Some(Notice::Silence),
            ..Effects::default()
        };
        Ok(self.finish_turn(effects))
    }

    /// The person taps one of the meanings that the customer asked about. It costs nothing and takes no turn; the move goes
    /// its way, and an item that rests on it is to be confirmed.
    ///
    /// # Errors
    /// When it is over, or that meaning was not asked about.
    pub fn choose(&mut self, meaning: &str) -> Result<&Reply, Refused> {
        if self.ended.is_some() {
            return Err(Refused::Over);
        }
        let one_move = self.scenario.move_named(meaning);
        let offered = |asked: &Asked| one_move.is_some_and(|one| asked.meanings.contains(&one));
        let (Some(asked), Some(one_move)) = (self.asked.take_if(|asked| offered(asked)), one_move) else {
            return Err(Refused::NotAsked);
        };
        let scenario = Arc::clone(&self.scenario);
        let title = scenario.script().moves.get(one_move).map(|one| one.title.clone()).unwrap_or_default();
        let mood = self.mood;
        self.turns.push(Spoken { speaker: Speaker::Person, text: title, heard: 0, tapped: true, mood });
        let mut effects = Effects::default();
        self.make_move(one_move, asked.turn, asked.span, true, &mut effects);
        Ok(self.finish_turn(effects))
    }

    fn begin_turn(&mut self, text: String, tapped: bool) {
        let heard = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        self.turns.push(Spoken { speaker: Speaker::Person, text, heard, tapped, mood: self.mood });
        self.own_turns += 1;
        self.beat_turns += 1;
    }

    /// The moves that the words of the last turn make, and what comes of them.
    fn understand(&mut self, effects: &mut Effects) {
        let scenario = Arc::clone(&self.scenario);
        let script = scenario.script();
        let costs = script.portrait.costs;
        let turn = self.turns.len() - 1;
        let text = self.turns.last().map(|spoken| spoken.text.clone()).unwrap_or_default();
        let all = folded(&text);
        let most = match script.language {
            Language::Zh => TURN_HEARD_CHARS_ZH,
            Language::En => TURN_HEARD_CHARS_EN,
        };
        let mut found = self.found(&all, all.len().min(most));
        let too_long = all.len() > most;
        if too_long || found.sure.len() >= CROWDED_MOVES {
            // The customer interrupts after the second thing; whoever does it again is not heard at all.
            found.sure.truncate(if self.too_much == 0 { CREDITED_MAX } else { 0 });
            let until = found.sure.last().map_or(0, |(_, span)| span.end);
            self.hear_until(turn, until);
            self.too_much += 1;
            effects.mood += MOOD_TOO_MUCH;
            effects.patience += costs.too_much;
            effects.notice = Some(Notice::TooMuch);
        } else if self.said_before(turn, &text, Speaker::Customer)
            || (self.said_before(turn, &text, Speaker::Person) && !self.has_news(&found.sure))
        {
            self.hear_until(turn, 0);
            effects.mood += MOOD_REPEATED;
            effects.patience += costs.repeated;
            effects.notice = Some(Notice::Repeated);
            return;
        }
        let mut moves = found.sure;
        self.add_behaviours(turn, &mut moves);
        moves.sort_by_key(|(one, span)| (span.start, span.end, *one));
        for (one, span) in &moves {
            self.make_move(*one, turn, *span, false, effects);
        }
        if effects.notice.is_some() || !moves.is_empty() {
            self.unsure = 0;
            return;
        }
        if let Some((span, meanings)) = found.unsure {
            self.unsure += 1;
            if self.unsure == 1 {
                // The first time it is the customer who did not understand, and no window gets shorter by it.
                self.own_turns -= 1;
            } else {
                effects.patience += costs.unknown;
            }
            effects.notice = Some(Notice::AskedAgain);
            self.asked = Some(Asked { turn, span, meanings });
        } else if !found.polite {
            effects.mood += MOOD_UNKNOWN;
            effects.patience += costs.unknown;
            effects.notice = Some(Notice::Unknown);
        }
    }

    fn hear_until(&mut self, turn: usize, until: usize) {
        if let Some(spoken) = self.turns.get_mut(turn) {
            spoken.heard = spoken.heard.min(u32::try_from(until).unwrap_or(u32::MAX));
        }
    }

    /// Moves by their examples, in the first `until` characters.
    fn found(&self, all: &[char], until: usize) -> Found {
        let script = self.scenario.script();
        let clauses = clauses(all.get(..until).unwrap_or_default());
        let open: Vec<bool> = script.moves.iter().map(|one| self.is_open(one)).collect();
        let is_open = |one: usize| open.get(one).copied().unwrap_or(false);
        let mut heard: Vec<(usize, f64, Span)> = Vec::new();
        let mut unsure: Option<(f64, Heard)> = None;
        for span in windows(&clauses) {
            let words = all.get(span.start..span.end).unwrap_or_default();
            if is_polite(script.language, words) {
                continue;
            }
            let likely = self.scenario.understanding.likely(words);
            // A move that is open here is meant rather than one that is not.
            let open_ones: Vec<_> =
                likely.iter().copied().filter(|likely| is_open(likely.one_move)).collect();
            let sure = is_sure(&open_ones).or_else(|| is_sure(&likely));
            if let Some(best) = sure {
                heard.push((best.one_move, best.likeness, span));
            } else if let Some(best) = open_ones.first().filter(|best| best.likeness >= UNSURE) {
                let better = unsure.as_ref().is_none_or(|(likeness, _)| best.likeness > *likeness);
                if better {
                    let best = best.likeness;
                    let closed = likely.iter().copied().filter(|likely| !is_open(likely.one_move));
                    let likely = open_ones.iter().copied().chain(closed).collect();
                    unsure = Some((best, Heard { span, likely }));
                }
            }
        }
        // The surest first, each move once, no two from the same words.
        heard.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
        let mut sure: Vec<(usize, Span)> = Vec::new();
        for (one, _, span) in heard {
            if !sure.iter().any(|(other, taken)| *other == one || taken.overlaps(span)) {
                sure.push((one, span));
            }
        }
        sure.sort_by_key(|(_, span)| *span);
        let polite = !clauses.is_empty()
            && clauses.iter().all(|(_, span)| {
                is_polite(script.language, all.get(span.start..span.end).unwrap_or_default())
            });
        let unsure = unsure.map(|(_, heard)| {
            let meanings = heard.likely.iter().take(MEANINGS).map(|likely| likely.one_move).collect();
            (heard.span, meanings)
        });
        Found { sure, unsure, polite }
    }

    /// Adds the moves whose behaviour has its evidence in this turn.
    fn add_behaviours(&mut self, turn: usize, moves: &mut Vec<(usize, Span)>) {
        let scenario = Arc::clone(&self.scenario);
        let script = scenario.script();
        if script.moves.iter().all(|one| one.behaviour.is_none()) {
            return;
        }
        self.inspect();
        for (place, one) in script.moves.iter().enumerate() {
            let Some(index) = one.behaviour.as_ref().and_then(|name| self.rules.index_of(&name.value)) else {
                continue;
            };
            let Some(seen) = self.inspection.observation(index) else { continue };
            let proof = self.inspection.evidence(&seen).iter().find(|evidence| {
                evidence.turn as usize == turn
                    && matches!(evidence.kind, EvidenceKind::Shown | EvidenceKind::Breach)
            });
            if let Some(proof) = proof
                && !moves.iter().any(|(other, _)| *other == place)
            {
                moves.push((place, Span { start: proof.start as usize, end: proof.end as usize }));
            }
        }
    }

    /// Runs the rules of live calls over what was heard so far. What was tapped, and silence, are nobody's words.
    pub(crate) fn inspect(&mut self) {
        // What the customer says last nobody could answer: it is no occasion for anything.
        let answered = self.turns.iter().rposition(|spoken| spoken.speaker == Speaker::Person).unwrap_or(0);
        let turns: Vec<Turn<'_>> = self
            .turns
            .iter()
            .enumerate()
            .map(|(place, spoken)| {
                let heard = spoken
                    .text
                    .char_indices()
                    .nth(spoken.heard as usize)
                    .map_or(spoken.text.len(), |(at, _)| at);
                let role = match spoken.speaker {
                    Speaker::Customer if place > answered => Role::System,
                    Speaker::Customer => Role::Customer,
                    Speaker::Person if spoken.tapped || heard == 0 => Role::System,
                    Speaker::Person => Role::Agent,
                };
                let text = spoken.text.get(..heard).unwrap_or_default();
                Turn { role, participant: None, start_ms: None, end_ms: None, text }
            })
            .collect();
        let conversation = Conversation { turns: &turns, fields: &[] };
        self.rules.inspect_into(&conversation, &mut self.scratch, &mut self.inspection);
    }

    /// Whether that speaker said nearly the same before.
    fn said_before(&self, turn: usize, text: &str, speaker: Speaker) -> bool {
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        likeness::pairs(text, &mut mine);
        let earlier =
            || self.turns.iter().take(turn).filter(|spoken| !spoken.tapped && spoken.speaker == speaker);
        mine.len() >= REPEATED_MIN_PAIRS
            && earlier().any(|spoken| {
                likeness::pairs(&spoken.text, &mut theirs);
                likeness::alike(&mine, &theirs, REPEATED_PERCENT)
            })
    }

    /// Whether one of the moves would count here for the first time.
    fn has_news(&self, moves: &[(usize, Span)]) -> bool {
        moves.iter().any(|(one, _)| {
            let script = self.scenario.script();
            self.times(*one) == 0
                && script.moves.get(*one).is_some_and(|one| self.is_open(one) && self.comes_after(one))
        })
    }

    fn is_open(&self, one: &Move) -> bool {
        let here = self.scenario.beat(self.beat).map_or("", |beat| &beat.name.value);
        one.beats.is_empty() || one.beats.iter().any(|beat| beat.value == here)
    }

    fn comes_after(&self, one: &Move) -> bool {
        one.after.iter().all(|name| self.was_made(&name.value))
    }

    fn was_made(&self, name: &str) -> bool {
        self.scenario.move_named(name).is_some_and(|one| self.times(one) > 0)
    }

    fn times(&self, one: usize) -> usize {
        self.credited.iter().chain(&self.harmful).filter(|credited| credited.one_move == one).count()
    }

    fn make_move(&mut self, one: usize, turn: usize, span: Span, tapped: bool, effects: &mut Effects) {
        let scenario = Arc::clone(&self.scenario);
        let Some(made) = scenario.script().moves.get(one) else { return };
        let credit = if made.mood < 0 {
            Credit::Harmful
        } else if !self.is_open(made) {
            Credit::OutOfPlace
        } else if !self.comes_after(made) {
            Credit::OutOfOrder
        } else if effects.credited >= CREDITED_MAX {
            Credit::TooMany
        } else if tapped {
            Credit::Tapped
        } else {
            Credit::Credited
        };
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        effects.understood.push(Understood {
            name: made.name.value.clone(),
            title: made.title.clone(),
            turn: number(turn),
            start: number(span.start),
            end: number(span.end),
            credit,
        });
        let times = self.times(one);
        let counts = matches!(credit, Credit::Credited | Credit::Tapped);
        if !counts && credit != Credit::Harmful {
            return;
        }
        // Half the effect the second time, a quarter the third, and so on.
        effects.mood += made.mood / (1_i64 << times.min(8));
        let credited = Credited { one_move: one, turn, span, tapped, own_turns: self.own_turns };
        if credit == Credit::Harmful {
            self.harmful.push(credited);
        } else {
            self.credited.push(credited);
            effects.credited += 1;
        }
        if times == 0 && made.reply.is_some() && effects.reply_of.is_none() {
            effects.reply_of = Some(one);
        }
        for (place, objection) in scenario.script().objections.iter().enumerate() {
            if let Some(doubt) = self.doubts.get_mut(place)
                && objection.resolved_by.iter().any(|name| name.value == made.name.value)
            {
                doubt.resolved = true;
            }
        }
        for (place, fact) in scenario.script().facts.iter().enumerate() {
            if fact.revealed_by.iter().any(|name| name.value == made.name.value) {
                if self.facts.get(place).copied().unwrap_or(true) {
                    effects.told_before.push(place);
                } else if !effects.facts.contains(&place) {
                    effects.facts.push(place);
                }
            }
        }
    }
}

/// What the words of a turn were recognised as.
struct Found {
    sure: Vec<(usize, Span)>,
    unsure: Option<(Span, Vec<usize>)>,
    polite: bool,
}
