//! Characters as syllables without tone, for words that speech recognition wrote with other characters.
//!
//! Four of five recognition errors measured on Mandarin were homophones. A text is read as a row of syllable numbers, the last
//! four of them kept as one number; a bit set that fits the first-level cache tells whether a pattern may begin with them,
//! so that a character where nothing begins costs two loads.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use ::pinyin::ToPinyin;

use crate::evaluate::narrow;
use crate::fold::fold_char;

/// A syllable as a number: the sound it is merged into, and in the lowest [`MEMBER_BITS`] which of those merged it is.
/// 0 is “not a syllable” and ends a match.
type Syllable = u16;
/// A row of up to [`ROW_MAX`] syllables, the last in the lowest bits.
type Row = u64;
/// At most four syllables are merged into one (“zan”, “zang”, “zhan”, “zhang”).
const MEMBER_BITS: u32 = 2;
/// The part of a syllable that those merged have in common.
const MERGED: Syllable = Syllable::MAX << MEMBER_BITS;
/// Syllables that fit into a row.
const ROW_MAX: usize = (Row::BITS / Syllable::BITS) as usize;
/// Bits of the filter for each pattern: at most one character in 128 is looked at closer for nothing, and the filter of
/// 500 patterns takes 8 KB.
const FILTER_BITS_EACH: usize = 128;

/// Whether a folded character is heard: letters, digits and the common ideographs.
pub fn is_readable(folded: char) -> bool {
    folded.is_ascii_alphanumeric() || matches!(u32::from(folded), 0x4e00..=0x9fff)
}

/// The first reading of a character without tone; letters and digits read as themselves.
pub fn reading(folded: char) -> Option<String> {
    if folded.is_ascii_alphanumeric() {
        return Some(folded.to_string());
    }
    folded.to_pinyin().map(|pinyin| pinyin.plain().replace('ü', "v"))
}

/// A reading with those sounds merged that speakers and recognisers confuse: z=zh, c=ch, s=sh, n=l, an=ang, en=eng, in=ing.
pub fn rough(reading: &str) -> String {
    if reading.len() < 2 {
        return reading.to_owned();
    }
    let initial = match reading {
        r if r.starts_with("zh") || r.starts_with("ch") || r.starts_with("sh") => {
            format!("{}{}", &r[..1], &r[2..])
        }
        r if r.starts_with('n') => format!("l{}", &r[1..]),
        r => r.to_owned(),
    };
    match initial.strip_suffix('g') {
        Some(stem) if stem.ends_with("an") || stem.ends_with("en") || stem.ends_with("in") => stem.to_owned(),
        _ => initial,
    }
}

/// The syllables of a word; `None` if it has a character without a reading.
pub fn readings(text: &str, roughly: bool) -> Option<Vec<String>> {
    let read = |c: char| reading(c).map(|reading| if roughly { rough(&reading) } else { reading });
    text.chars().map(fold_char).map(read).collect()
}

/// The syllable of each character up to U+FFFF, folding included; 0 for those without. The same for all rule sets.
static SYLLABLES: LazyLock<Vec<Syllable>> = LazyLock::new(|| {
    let readings: Vec<Option<String>> = (0..=u32::from(u16::MAX))
        .map(|code| char::from_u32(code).map(fold_char).filter(|c| is_readable(*c)).and_then(reading))
        .collect();
    let mut merged: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for reading in readings.iter().flatten() {
        merged.entry(rough(reading)).or_default().insert(reading);
    }
    let mut numbers: HashMap<&str, Syllable> = HashMap::new();
    for (sound, members) in (1_u16..).zip(merged.into_values()) {
        numbers.extend(members.into_iter().zip(sound << MEMBER_BITS..));
    }
    let number = |reading: &Option<String>| reading.as_deref().and_then(|reading| numbers.get(reading));
    readings.iter().map(|reading| number(reading).copied().unwrap_or(0)).collect()
});

/// The syllable of a character.
#[inline]
fn syllable(all: &[Syllable], c: char) -> Syllable {
    all.get(c as usize).copied().unwrap_or(0)
}

/// A pattern found in a text; places in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The caller's number of the pattern.
    pub pattern: u32,
    /// Its first character.
    pub start: u32,
    /// The character after its last.
    pub end: u32,
}

#[derive(Debug)]
struct Pattern {
    id: u32,
    /// How it begins, and what of that must be equal.
    begins: (Row, Row),
    /// What follows, and what of each syllable must be equal.
    rest: (Vec<Syllable>, Syllable),
}

impl Pattern {
    /// From all its syllables, found by the first so many.
    fn new(id: u32, syllables: &[Syllable], roughly: bool, first: usize) -> Self {
        let mask = if roughly { MERGED } else { Syllable::MAX };
        let syllables: Vec<Syllable> = syllables.iter().map(|syllable| syllable & mask).collect();
        let (begins, rest) = syllables.split_at_checked(first).unwrap_or((&syllables, &[]));
        Self { id, begins: (row(begins), row(&vec![mask; first])), rest: (rest.to_vec(), mask) }
    }
}

/// All patterns by sound of a rule set.
#[derive(Debug)]
pub(crate) struct SyllableIndex {
    /// By how many of their first syllables patterns are found: as many as the shortest has, up to [`ROW_MAX`].
    first: usize,
    /// What of a row these are, merged.
    mask: Row,
    /// One bit for each hash of first syllables.
    filter: Vec<u64>,
    /// How far a hash is shifted down to be the number of a bit.
    shift: u32,
    /// Patterns by their first syllables, merged.
    beginning: HashMap<Row, Vec<Pattern>>,
}

impl SyllableIndex {
    /// From patterns as (number, text, roughly); `None` when none of them can be heard.
    pub fn new(patterns: &[(u32, String, bool)]) -> Option<Self> {
        let read = |text: &str| -> Vec<Syllable> { text.chars().map(|c| syllable(&SYLLABLES, c)).collect() };
        let mut patterns: Vec<(u32, Vec<Syllable>, bool)> =
            patterns.iter().map(|(id, text, roughly)| (*id, read(text), *roughly)).collect();
        patterns.retain(|(_, syllables, _)| !syllables.contains(&0));
        let first = patterns.iter().map(|(_, syllables, _)| syllables.len()).min()?.clamp(1, ROW_MAX);
        let bits = (patterns.len() * FILTER_BITS_EACH).next_power_of_two();
        let mut index = Self {
            first,
            mask: row(&vec![MERGED; first]),
            filter: vec![0; bits / 64],
            shift: Row::BITS - bits.trailing_zeros(),
            beginning: HashMap::new(),
        };
        for (id, syllables, roughly) in patterns {
            let pattern = Pattern::new(id, &syllables, roughly, first);
            let begins = pattern.begins.0 & index.mask;
            let (word, bit) = index.place(begins);
            if let Some(word) = index.filter.get_mut(word) {
                *word |= bit;
            }
            index.beginning.entry(begins).or_default().push(pattern);
        }
        Some(index)
    }

    /// Where the filter tells of first syllables: the word, and the bit in it. Multiplicative hashing by the golden ratio,
    /// after D. Knuth (1973), volume 3, section 6.4.
    #[inline]
    fn place(&self, begins: Row) -> (usize, u64) {
        let hash = begins.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((hash / 64) as usize, 1 << (hash % 64))
    }

    /// Tells every place in a text that sounds like a pattern.
    pub fn find(&self, text: &str, mut found: impl FnMut(Found)) {
        let all = SYLLABLES.as_slice();
        let (mut heard, mut end) = (0, 0);
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            heard = push(heard, syllable(all, c));
            end += 1;
            let (word, bit) = self.place(heard & self.mask);
            if self.filter.get(word).is_some_and(|word| word & bit != 0) {
                self.verify(heard, end, chars.as_str(), &mut found);
            }
        }
    }

    /// Tells the patterns whose first syllables were heard last, up to the character `end`, and which go on in `rest`.
    #[cold]
    fn verify(&self, heard: Row, end: u32, rest: &str, found: &mut impl FnMut(Found)) {
        for pattern in self.beginning.get(&(heard & self.mask)).into_iter().flatten() {
            let ((begins, begins_mask), (wanted, mask)) = (pattern.begins, &pattern.rest);
            let mut rest = rest.chars();
            let mut same =
                |wanted: &Syllable| rest.next().is_some_and(|c| syllable(&SYLLABLES, c) & mask == *wanted);
            if heard & begins_mask == begins && wanted.iter().all(&mut same) {
                let start = end - narrow(self.first);
                found(Found { pattern: pattern.id, start, end: end + narrow(wanted.len()) });
            }
        }
    }
}

/// A row with one more syllable.
#[inline]
fn push(row: Row, syllable: Syllable) -> Row {
    row << Syllable::BITS | Row::from(syllable)
}

fn row(syllables: &[Syllable]) -> Row {
    syllables.iter().fold(0, |row, syllable| push(row, *syllable))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, roughly: bool, text: &str) -> Vec<usize> {
        let mut starts = Vec::new();
        let Some(index) = SyllableIndex::new(&[(7, pattern.to_owned(), roughly)]) else { return starts };
        index.find(text, |found| {
            assert_eq!(found.pattern, 7);
            assert_eq!((found.end - found.start) as usize, pattern.chars().count());
            starts.push(found.start as usize);
        });
        starts
    }

    #[test]
    fn homophones_are_found_and_others_are_not() {
        for (pattern, roughly, text, expected) in [
            ("诗意", false, "我失忆了", vec![1]),
            ("夕阳红了", false, "西洋红了", vec![0]),
            ("南宁路", false, "兰林路", vec![]),
            ("南宁路", true, "兰林路在狼宁陆", vec![0, 4]),
            ("投诉你们", false, "头，诉你们", vec![]),
            ("4g套餐", false, "开４Ｇ淘参", vec![1]),
            ("章站的路", true, "😀张赞得陆在脏詹的路", vec![1, 6]),
            ("章站的路", false, "张站的录，脏詹的路，章站，的路", vec![0]),
            ("好㐀", false, "好，好㐀好", vec![]),
        ] {
            assert_eq!(find(pattern, roughly, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn every_reading_has_a_number_of_its_own_beside_those_it_is_merged_with() {
        let mut known: HashMap<Syllable, String> = HashMap::new();
        for c in ('\0'..='\u{ffff}').map(fold_char).filter(|c| is_readable(*c)) {
            let Some(reading) = reading(c) else { continue };
            let number = syllable(&SYLLABLES, c);
            assert_ne!(number, 0, "{c}");
            assert_eq!(known.entry(number).or_insert_with(|| reading.clone()), &reading);
        }
        for (a, one) in &known {
            for (b, other) in &known {
                assert_eq!(a & MERGED == b & MERGED, rough(one) == rough(other), "{one} {other}");
            }
        }
    }
}
