//! Every bound of the engine, in one place, each with its reason.
//!
//! A rule is refused, or a conversation reported as undecided, rather than ever answered wrongly or late.

/// Longest rule file in bytes. A pack of 500 behaviours with 5,000 words is about 150 KB.
pub const RULE_TEXT_MAX_BYTES: usize = 2 * 1024 * 1024;
/// Deepest nesting of parentheses and `not` in one condition: nobody can read more, and it bounds recursion.
pub const CONDITION_MAX_DEPTH: usize = 40;
/// Longest chain of lists that contain lists, and of rules that use rules.
pub const REFERENCE_MAX_DEPTH: usize = 20;
/// Most list items a whole rule set may expand to, counting a shared list once for each place that uses it.
pub const ITEMS_MAX: usize = 500_000;
/// Most regular expressions in a rule set; each costs up to [`REGEX_MAX_BYTES`] of memory.
pub const REGEXES_MAX: usize = 5_000;
/// Largest compiled regular expression in bytes; a larger one is nearly always a counted repetition by mistake.
pub const REGEX_MAX_BYTES: usize = 512 * 1024;
/// Longest word or sentence between quotation marks, in characters.
pub const LITERAL_MAX_CHARS: usize = 200;
/// Most behaviours in a rule set.
pub const BEHAVIOURS_MAX: usize = 5_000;
/// Most errors reported at once: after these the rest is usually a consequence.
pub const DIAGNOSTICS_MAX: usize = 50;
/// Most occasions of one behaviour in one conversation; beyond it the behaviour is reported as undecided.
pub const OCCASIONS_MAX: usize = 2_000;
/// Work units one conversation may cost before what is left is reported as undecided. A unit is about one
/// comparison of two matches, or 16 bytes of text given to a regular expression; an ordinary conversation under 500 rules
/// costs about a thousand.
pub const STEPS_MAX: u64 = 20_000_000;
/// Most matches of all lists in one conversation, for the same reason: it bounds memory.
pub const HITS_MAX: usize = 2_000_000;
/// Widest distance of `near` and `followed by`, in characters: beyond it the two words are not in one thought.
pub const NEAR_MAX_CHARS: u32 = 500;
/// Most letters a word may be off by in `spelled like`.
pub const EDITS_MAX: u32 = 3;
/// Longest word of `spelled like`, in characters; the cost is this times the length of the turn.
pub const SPELLED_MAX_CHARS: usize = 40;
/// How many earlier turns of the speaker `repeats` compares with unless the rule says otherwise.
pub const REPEATS_DEFAULT_TURNS: u32 = 10;
/// Most earlier turns `repeats` may compare with.
pub const REPEATS_MAX_TURNS: u32 = 50;
/// How alike two turns must be for `repeats` unless the rule says otherwise, in per cent.
pub const REPEATS_DEFAULT_PERCENT: u32 = 80;
/// Turns with fewer letters and digits than this are never a repetition: “好的” is said often.
pub const REPEATS_MIN_CHARS: usize = 4;
/// Fewest syllables for `sounds like` without a warning. On clean text words of 2 syllables gave 57 % extra hits,
/// of 3 syllables 11 %, of 4 syllables 0.4 %.
pub const SOUNDS_SAFE_SYLLABLES: usize = 4;
