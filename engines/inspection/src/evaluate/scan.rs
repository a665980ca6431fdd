//! One walk over the text: fold each character, step the automaton, look up syllables, note what is found.

use super::{Bounded, Exhausted, Hit, Run, TurnFacts, role_counts};
use crate::conversation::Turn;
use crate::fold::{fold_char, is_spoken, is_word_char};
use crate::limits::HITS_MAX;
use crate::program::{Posting, Roles};

/// Where something was found.
#[derive(Clone, Copy)]
struct Place {
    turn: u32,
    start: u32,
    end: u32,
    /// Byte after its last character in the original text.
    end_byte: usize,
}

impl Run<'_> {
    pub(super) fn scan(&mut self) -> Bounded<()> {
        let mut counts = [0; 4];
        for (index, turn) in (0_u32..).zip(self.conversation.turns) {
            counts = role_counts(turn.role, counts);
            let facts = TurnFacts {
                roles: Roles::of_role(turn.role),
                chars: 0,
                spoken: false,
                line_feed: false,
                counts,
            };
            let facts = self.scan_turn(index, turn, facts);
            if facts.roles.meets(self.program.sounding) {
                self.listen(index, turn);
            }
            self.s.turns.push(facts);
            if self.s.hits > HITS_MAX {
                return Err(Exhausted);
            }
        }
        Ok(())
    }

    fn scan_turn(&mut self, index: u32, turn: &Turn<'_>, mut facts: TurnFacts) -> TurnFacts {
        let program = self.program;
        let Some(automaton) = &program.automaton else {
            return scan_without_words(turn, facts);
        };
        let table = facts.roles.table();
        let postings: &[Posting] = program.postings.get(table).map_or(&[], Vec::as_slice);
        let mut stepper = automaton.find_overlapping_stepper();
        for (byte, c) in turn.text.char_indices() {
            let folded = fold_char(c);
            facts.chars += 1;
            facts.spoken = facts.spoken || is_spoken(folded);
            facts.line_feed |= c == '\n';
            stepper.consume(folded);
            for found in stepper.matches() {
                let Some(literal) = program.literals.get(found.value() as usize) else { continue };
                let (first, count) = literal.postings.get(table).copied().unwrap_or((0, 0));
                let own = postings.get(first as usize..(first + count) as usize).unwrap_or_default();
                let start = facts.chars - literal.chars;
                let place = Place { turn: index, start, end: facts.chars, end_byte: byte + c.len_utf8() };
                for posting in own {
                    self.note(posting, place, turn.text);
                }
            }
        }
        facts
    }

    /// Notes the words by sound of a turn.
    fn listen(&mut self, turn: u32, own: &Turn<'_>) {
        let program = self.program;
        let Some(syllables) = &program.syllables else { return };
        syllables.find(own.text, |found| {
            // Words by sound have no edges, so that the byte after does not matter.
            let place = Place { turn, start: found.start, end: found.end, end_byte: 0 };
            let posting = program.sounds.get(found.pattern as usize);
            if let Some(posting) = posting.filter(|posting| posting.roles.meets(Roles::of_role(own.role))) {
                self.note(posting, place, own.text);
            }
        });
    }

    #[inline]
    fn note(&mut self, posting: &Posting, place: Place, text: &str) {
        if posting.has_edges() && !stands_right(posting, place, text) {
            return;
        }
        let stamp = self.s.stamp;
        let Some(found) = self.s.leaves.get_mut(posting.leaf as usize) else { return };
        if found.noted != stamp {
            found.noted = stamp;
            found.hits.clear();
            self.s.mark_triggers(self.program, posting.leaf);
        }
        let Some(found) = self.s.leaves.get_mut(posting.leaf as usize) else { return };
        found.hits.push(Hit { turn: place.turn, start: place.start, end: place.end, reason: posting.reason });
        self.s.hits += 1;
    }
}

/// The facts of a turn when no rule looks for a word.
fn scan_without_words(turn: &Turn<'_>, mut facts: TurnFacts) -> TurnFacts {
    for c in turn.text.chars() {
        facts.chars += 1;
        facts.spoken = facts.spoken || is_spoken(fold_char(c));
        facts.line_feed |= c == '\n';
    }
    facts
}

/// Whether what stands around a literal is as its posting demands.
fn stands_right(posting: &Posting, place: Place, text: &str) -> bool {
    let (upto, after) = text.split_at_checked(place.end_byte).unwrap_or((text, ""));
    let chars = (place.end - place.start) as usize;
    if posting.word_end && after.chars().next().is_some_and(|c| is_word_char(fold_char(c))) {
        return false;
    }
    let mut before = upto.chars().rev().skip(chars).map(fold_char);
    if posting.whole_turn {
        return !before.any(is_spoken) && !after.chars().map(fold_char).any(is_spoken);
    }
    !(posting.word_start && before.next().is_some_and(is_word_char))
}
