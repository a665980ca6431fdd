//! After a turn: its effects, the way on, and the customer's words.

use std::sync::Arc;

use super::{Effects, Rehearsal};
use crate::limits::MOOD_STEP_MAX;
use crate::play::{Credit, Meaning, Notice, Reply, Speaker, Spoken};
use crate::script::{EndingKind, Exit, Language, Lines, Target};

impl Rehearsal {
    /// Applies the effects, moves on, and lets the customer answer.
    pub(super) fn finish_turn(&mut self, mut effects: Effects) -> &Reply {
        let scenario = Arc::clone(&self.scenario);
        let script = scenario.script();
        self.mood = (self.mood + effects.mood.clamp(-MOOD_STEP_MAX, MOOD_STEP_MAX)).clamp(0, 100);
        self.patience -= effects.patience;
        self.to_the_point += u32::from(effects.understood.iter().any(|one| one.credit == Credit::Credited));
        if self.reveal(&mut effects) {
            effects.notice = effects.notice.or(Some(Notice::Withheld));
        }
        let out_of_time = i64::from(self.own_turns) >= script.turns;
        let before = self.beat;
        if self.patience <= 0 || self.mood == 0 {
            self.ended = Some(EndingKind::HangUp);
        } else {
            self.leave();
            if self.ended.is_none() && out_of_time {
                self.ended = Some(EndingKind::HangUp);
            }
        }
        if self.ended == Some(EndingKind::HangUp) {
            // Nobody hangs up in a good mood.
            self.mood = self.mood.min((script.portrait.tense_from - 1).max(0));
        }
        let said = self.turns.len().saturating_sub(1);
        let line = self.answer(&effects, self.beat != before);
        if let Some(spoken) = self.turns.get_mut(said) {
            spoken.mood = self.mood;
        }
        let asked_again = self.asked.as_ref().map(|asked| {
            let moves = asked.meanings.iter().filter_map(|one| script.moves.get(*one));
            moves.map(|one| Meaning { name: one.name.value.clone(), title: one.title.clone() }).collect()
        });
        self.last.understood = effects.understood;
        self.last.notice = effects.notice;
        self.last.cut = effects.cut;
        self.last.asked_again = asked_again.filter(|_| self.ended.is_none());
        self.customer_says(line);
        &self.last
    }

    /// Says the facts that were asked for, where the mood allows it; whether one was withheld.
    fn reveal(&mut self, effects: &mut Effects) -> bool {
        let scenario = Arc::clone(&self.scenario);
        let mood = self.mood;
        let asked = effects.facts.len();
        effects.facts.retain(|place| {
            scenario.script().facts.get(*place).is_some_and(|fact| mood >= fact.mood_at_least)
        });
        for place in &effects.facts {
            if let Some(told) = self.facts.get_mut(*place) {
                *told = true;
            }
        }
        effects.facts.is_empty() && asked > 0
    }

    /// Takes the first exit whose conditions hold.
    fn leave(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        let exits = scenario.beat(self.beat).map(|beat| beat.exits.as_slice()).unwrap_or_default();
        let Some(exit) = exits.iter().find(|exit| self.holds(exit)) else { return };
        match &exit.to {
            Target::Ending(kind, _) => self.ended = Some(*kind),
            Target::Beat(name) => {
                let Some(beat) = scenario.beat_named(&name.value) else { return };
                self.beat = beat;
                self.beat_turns = 0;
                self.path.push((u32::try_from(self.turns.len()).unwrap_or(u32::MAX), beat));
                if let Some(reached) = self.reached.get_mut(beat) {
                    reached.get_or_insert(self.own_turns);
                }
            }
        }
    }

    fn holds(&self, exit: &Exit) -> bool {
        let script = self.scenario.script();
        let told = |name: &str| {
            let place = script.facts.iter().position(|fact| fact.name.value == name);
            place.and_then(|place| self.facts.get(place)).copied().unwrap_or(false)
        };
        let settled = |name: &str| {
            let place = script.objections.iter().position(|objection| objection.name.value == name);
            let doubt = place.and_then(|place| self.doubts.get(place)).copied().unwrap_or_default();
            doubt.resolved || doubt.raised == 0
        };
        exit.moves.iter().all(|name| self.was_made(&name.value))
            && (exit.any_move.is_empty() || exit.any_move.iter().any(|name| self.was_made(&name.value)))
            && exit.facts.iter().all(|name| told(&name.value))
            && exit.resolved.iter().all(|name| settled(&name.value))
            && exit.turns.is_none_or(|turns| self.beat_turns >= turns)
            && exit.mood_at_least.is_none_or(|mood| self.mood >= mood)
            && exit.mood_below.is_none_or(|mood| self.mood < mood)
    }

    /// The customer's words.
    fn answer(&mut self, effects: &Effects, moved: bool) -> String {
        let scenario = Arc::clone(&self.scenario);
        let script = scenario.script();
        if let Some(kind) = self.ended {
            return scenario
                .ending(kind)
                .map(|(_, lines)| self.line("ending", kind.name(), lines))
                .unwrap_or_default();
        }
        let says = &script.says;
        let mut parts = Vec::new();
        if effects.notice == Some(Notice::TooMuch) {
            parts.push(self.line("says", "interrupts", &says.interrupts));
        }
        if let Some(one) = effects.reply_of.and_then(|one| script.moves.get(one))
            && let Some(reply) = &one.reply
        {
            parts.push(self.line("reply", &one.name.value, reply));
        }
        let retold =
            if effects.facts.is_empty() && parts.is_empty() { effects.told_before.as_slice() } else { &[] };
        for fact in effects.facts.iter().chain(retold).filter_map(|place| script.facts.get(*place)) {
            parts.push(self.line("fact", &fact.name.value, &fact.lines));
        }
        if moved {
            let beat = scenario.beat(self.beat).map(|beat| self.line("beat", &beat.name.value, &beat.lines));
            parts.extend(beat);
        } else if let Some(line) = self.object() {
            parts.push(line);
        }
        if parts.is_empty() {
            let (key, lines) = match effects.notice {
                Some(Notice::Silence) => ("silence", &says.silence),
                Some(Notice::Unknown) => ("unknown", &says.unknown),
                Some(Notice::AskedAgain) => ("again", &says.again),
                Some(Notice::Repeated) => ("repeated", &says.repeated),
                Some(Notice::Withheld) => ("withholds", &says.withholds),
                Some(Notice::TooMuch) | None => {
                    let beat = scenario.beat(self.beat);
                    let own = beat.and_then(|beat| Some((beat.name.value.as_str(), beat.waiting.as_ref()?)));
                    let (key, lines) = own.unwrap_or(("", &says.waiting));
                    return self.line("waiting", key, lines);
                }
            };
            return self.line("says", key, lines);
        }
        parts.join(match script.language {
            Language::Zh => "",
            Language::En => " ",
        })
    }

    /// Raises the first objection that is due. Raising it again costs mood.
    fn object(&mut self) -> Option<String> {
        let scenario = Arc::clone(&self.scenario);
        let here = scenario.beat(self.beat)?.name.value.as_str();
        let due = |(place, objection): &(usize, &crate::script::Objection)| {
            let doubt = self.doubts.get(*place).copied().unwrap_or_default();
            !doubt.resolved
                && doubt.raised < objection.raises
                && self.mood < objection.mood_below
                && objection.beats.iter().any(|beat| beat.value == here)
                && objection.after.iter().all(|name| self.was_made(&name.value))
        };
        let (place, objection) = scenario.script().objections.iter().enumerate().find(due)?;
        let doubt = self.doubts.get_mut(place)?;
        let again = doubt.raised > 0;
        doubt.raised += 1;
        if again {
            self.mood = (self.mood + objection.mood).clamp(0, 100);
        }
        Some(self.line("objection", &objection.name.value, &objection.lines))
    }

    pub(super) fn line(&mut self, kind: &str, name: &str, lines: &Lines) -> String {
        let band = self.scenario.band(self.mood);
        self.dice.pick(self.seed, format!("{kind}/{name}/{band:?}"), lines.of(band)).to_owned()
    }

    pub(super) fn customer_says(&mut self, line: String) {
        self.last.turn = u32::try_from(self.turns.len()).unwrap_or(u32::MAX);
        self.last.mood = self.mood;
        self.last.band = self.scenario.band(self.mood);
        self.last.ended = self.ended;
        self.last.line.clone_from(&line);
        let heard = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
        self.turns.push(Spoken {
            speaker: Speaker::Customer,
            text: line,
            heard,
            tapped: false,
            mood: self.mood,
        });
    }
}
