//! Every bound of the crate, in one place, each with its reason.

/// Longest scenario file in bytes. A rich scenario with all its phrasings is about 40 KB.
pub const FILE_MAX_BYTES: usize = 512 * 1024;
/// Longest single text in characters: a customer who says more in one breath is not one.
pub const TEXT_MAX_CHARS: usize = 400;
/// Longest text of a `situation`, which is read and not said.
pub const SITUATION_MAX_CHARS: usize = 2_000;
/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 60;
/// Most beats, moves, facts, objections, items and tests, each; an author who needs more writes two scenarios.
pub const ENTRIES_MAX: usize = 60;
/// Most texts in one list of phrasings or examples.
pub const TEXTS_MAX: usize = 60;
/// Most lines in one conversation test.
pub const TEST_LINES_MAX: usize = 60;
/// Fewest phrasings of what the customer says: with fewer, practising twice is reading along.
pub const PHRASINGS_MIN: usize = 3;
/// Fewest examples of a move. Among eight moves, five examples find the right one about eight times in ten …
pub const EXAMPLES_MIN: usize = 5;
/// … and from eight examples on nearly nine times in ten, so that fewer are remarked on.
pub const EXAMPLES_ADVISED: usize = 8;
/// Examples of two different moves that share this many per cent of their letter pairs cannot be told apart.
pub const ALIKE_PERCENT: u32 = 80;
/// Most turns of the person in one rehearsal.
pub const TURNS_MAX: i64 = 40;
/// Fewest turns of the person that a scenario must allow.
pub const TURNS_MIN: i64 = 4;
/// Most patience.
pub const PATIENCE_MAX: i64 = 8;
/// Most that a single move, or a single turn, changes the mood in either direction.
pub const MOOD_STEP_MAX: i64 = 25;
/// Most that an ending in which the customer hangs up can be worth.
pub const HANG_UP_OUTCOME_MAX: i64 = 20;
/// Most that a test of somebody who recites, says nothing or talks of something else may expect in total.
pub const UNEARNED_TOTAL_MAX: i64 = 40;
/// Most errors reported at once: after these the rest is usually a consequence.
pub const DIAGNOSTICS_MAX: usize = 50;
/// Most characters of a turn that are kept: a long letter. What is longer is cut there, and that is said.
pub const TURN_KEPT_CHARS: usize = 2_000;
/// Most characters of a Chinese turn that the customer listens to, about half a minute of speech …
pub const TURN_HEARD_CHARS_ZH: usize = 150;
/// … and of an English one.
pub const TURN_HEARD_CHARS_EN: usize = 420;
/// Most moves that are credited in one turn.
pub const CREDITED_MAX: usize = 2;
/// So many different moves in one turn are too much at once.
pub const CROWDED_MOVES: usize = 5;
/// Own turns that were to the point before a prohibition counts as kept.
pub const SUBSTANCE_MIN: u32 = 3;
/// Most that a rehearsal without a proper ending is worth in total.
pub const UNFINISHED_TOTAL_MAX: i64 = 40;
/// What silence does to the mood; likewise something off the matter, repetition, and too much at once.
pub const MOOD_SILENCE: i64 = -6;
/// See [`MOOD_SILENCE`].
pub const MOOD_UNKNOWN: i64 = -5;
/// See [`MOOD_SILENCE`].
pub const MOOD_REPEATED: i64 = -5;
/// See [`MOOD_SILENCE`].
pub const MOOD_TOO_MUCH: i64 = -8;
/// A turn that is so many per cent like an earlier one says nothing new.
pub const REPEATED_PERCENT: u32 = 80;
/// Turns with fewer letter pairs are never a repetition: “please wait” is said often.
pub const REPEATED_MIN_PAIRS: usize = 5;
