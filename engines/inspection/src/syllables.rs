//! Characters as syllables without tone, for words that speech recognition wrote with other characters.
//!
//! Four of five recognition errors measured on Mandarin were homophones. A text is read as a row of syllable numbers;
//! a pattern is looked up by its first two syllables in a bit set that fits the first-level cache, so that a position where
//! nothing begins costs one load.

use std::collections::BTreeMap;

use ::pinyin::ToPinyin;

/// Number of a syllable; 0 is “not a syllable” and ends a match.
type Syllable = u16;
/// More than the 410 toneless syllables and 36 ASCII letters and digits.
const SYLLABLES_MAX: usize = 512;
const FIRST_IDEOGRAPH: u32 = 0x4e00;
const LAST_IDEOGRAPH: u32 = 0x9fff;

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
    text.chars().map(crate::fold::fold_char).map(read).collect()
}

/// What a found pattern means to the caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// The caller's number of the pattern.
    pub pattern: u32,
    /// How many characters it covers.
    pub chars: u32,
}

#[derive(Debug)]
struct Pattern {
    /// The first two syllables as one number.
    begins: usize,
    id: u32,
    rest: Vec<Syllable>,
}

/// All patterns of one kind (toneless, or roughly equal).
#[derive(Debug)]
struct Kind {
    /// Class of each toneless syllable: itself, or the one it is merged into.
    classes: Vec<Syllable>,
    /// Sorted by their first two syllables.
    patterns: Vec<Pattern>,
}

fn pair(first: Syllable, second: Syllable) -> usize {
    usize::from(first) * SYLLABLES_MAX + usize::from(second)
}

impl Kind {
    fn class(&self, syllable: Syllable) -> Syllable {
        self.classes.get(usize::from(syllable)).copied().unwrap_or(0)
    }

    /// Patterns whose first two syllables are these.
    fn beginning(&self, begins: usize) -> impl Iterator<Item = &Pattern> {
        let first = self.patterns.partition_point(|pattern| pattern.begins < begins);
        let from = self.patterns.get(first..).unwrap_or_default();
        from.iter().take_while(move |pattern| pattern.begins == begins)
    }
}

/// All patterns by sound of a rule set.
#[derive(Debug)]
pub(crate) struct SyllableIndex {
    ideographs: Vec<Syllable>,
    ascii: [Syllable; 128],
    /// One bit for each pair of toneless syllables with which a pattern of any kind may begin.
    begins: Vec<u64>,
    kinds: Vec<Kind>,
}

impl SyllableIndex {
    /// From patterns as (number, folded text, roughly); `None` when there are none.
    pub fn new(patterns: &[(u32, String, bool)]) -> Option<Self> {
        if patterns.is_empty() {
            return None;
        }
        let mut numbers: BTreeMap<String, Syllable> = BTreeMap::new();
        let mut number = |reading: String| {
            let next = Syllable::try_from(numbers.len() + 1).unwrap_or(0);
            let number = *numbers.entry(reading).or_insert(next);
            if usize::from(number) < SYLLABLES_MAX { number } else { 0 }
        };
        let mut ascii = [0; 128];
        for (code, slot) in (0_u8..).zip(&mut ascii) {
            *slot = reading(char::from(code)).map_or(0, &mut number);
        }
        let ideographs: Vec<Syllable> = (FIRST_IDEOGRAPH..=LAST_IDEOGRAPH)
            .map(|code| char::from_u32(code).and_then(reading).map_or(0, &mut number))
            .collect();
        let same: Vec<Syllable> = (0..SYLLABLES_MAX).filter_map(|n| Syllable::try_from(n).ok()).collect();
        let mut merged = same.clone();
        let mut first_with: BTreeMap<String, Syllable> = BTreeMap::new();
        for (reading, number) in &numbers {
            let class = *first_with.entry(rough(reading)).or_insert(*number);
            if let Some(slot) = merged.get_mut(usize::from(*number)) {
                *slot = class;
            }
        }
        let begins = vec![0; SYLLABLES_MAX * SYLLABLES_MAX / 64];
        let mut index = Self { ideographs, ascii, begins, kinds: Vec::new() };
        for (classes, roughly) in [(same, false), (merged, true)] {
            index.add_kind(classes, patterns.iter().filter(|(_, _, rough)| *rough == roughly));
        }
        Some(index)
    }

    fn add_kind<'p>(
        &mut self,
        classes: Vec<Syllable>,
        patterns: impl Iterator<Item = &'p (u32, String, bool)>,
    ) {
        let mut kind = Kind { classes, patterns: Vec::new() };
        for (id, text, _) in patterns {
            let syllables: Vec<Syllable> = text.chars().map(|c| kind.class(self.syllable(c))).collect();
            if let [first, second, rest @ ..] = syllables.as_slice() {
                kind.patterns.push(Pattern { begins: pair(*first, *second), id: *id, rest: rest.to_vec() });
                self.allow(&kind.classes, *first, *second);
            }
        }
        kind.patterns.sort_by_key(|pattern| pattern.begins);
        if !kind.patterns.is_empty() {
            self.kinds.push(kind);
        }
    }

    /// Sets the bit of every pair of toneless syllables in these two classes.
    fn allow(&mut self, classes: &[Syllable], first: Syllable, second: Syllable) {
        let of_class =
            |class: Syllable| (0..).zip(classes).filter(move |(_, own)| **own == class).map(|(n, _)| n);
        for first in of_class(first) {
            for second in of_class(second) {
                let index = pair(first, second);
                if let Some(word) = self.begins.get_mut(index / 64) {
                    *word |= 1 << (index % 64);
                }
            }
        }
    }

    /// The syllable of a folded character; 0 if it has none.
    #[inline]
    pub fn syllable(&self, folded: char) -> Syllable {
        let code = u32::from(folded);
        let slot = match self.ideographs.get(code.wrapping_sub(FIRST_IDEOGRAPH) as usize) {
            None => self.ascii.get(code as usize),
            found => found,
        };
        slot.copied().unwrap_or(0)
    }

    /// Whether a pattern may begin with these two syllables.
    #[inline]
    pub fn may_begin(&self, first: Syllable, second: Syllable) -> bool {
        let index = pair(first, second);
        self.begins.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Patterns that begin with these two syllables and go on in `rest`.
    #[cold]
    pub fn verify(&self, first: Syllable, second: Syllable, rest: &str, mut found: impl FnMut(Found)) {
        for kind in &self.kinds {
            for pattern in kind.beginning(pair(kind.class(first), kind.class(second))) {
                let mut following = rest.chars().map(crate::fold::fold_char);
                let same = |wanted: &Syllable| {
                    following.next().is_some_and(|c| kind.class(self.syllable(c)) == *wanted)
                };
                if pattern.rest.iter().all(same) {
                    let chars = u32::try_from(pattern.rest.len() + 2).unwrap_or(u32::MAX);
                    found(Found { pattern: pattern.id, chars });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, roughly: bool, text: &str) -> Vec<usize> {
        let index = SyllableIndex::new(&[(7, pattern.to_owned(), roughly)]).unwrap();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let mut starts = Vec::new();
        for (i, two) in chars.windows(2).enumerate() {
            let rest = chars.get(i + 2).map_or("", |(at, _)| &text[*at..]);
            let (first, second) = (index.syllable(two[0].1), index.syllable(two[1].1));
            if !index.may_begin(first, second) {
                continue;
            }
            index.verify(first, second, rest, |found| {
                assert_eq!((found.pattern, found.chars as usize), (7, pattern.chars().count()));
                starts.push(i);
            });
        }
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
            ("4g套餐", false, "开4g淘参", vec![1]),
        ] {
            assert_eq!(find(pattern, roughly, text), expected, "{pattern} in {text}");
        }
    }
}
