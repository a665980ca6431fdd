//! Which move a stretch of words is: likeness to the examples, learned when a scenario is compiled.
//!
//! Chinese is compared by characters and pairs of them, English by words, pairs of words and the beginnings of words,
//! each weighted by how rare it is in the scenario (the idea of inverse document frequency, K. Spärck Jones 1972; here
//! by roots instead of logarithms, so that every machine computes the same bits). Half of the likeness is the cosine to the
//! nearest examples of the move (nearest neighbours, T. Cover and P. Hart 1967); half is how much of what was said the
//! move's examples together account for, more where no other move does.

use std::collections::BTreeMap;

use inspection::fold::{is_spoken, is_word_char};

use crate::script::{Language, Lines, Script};
use crate::segment::{Span, folded};

/// From this likeness on a sentence is a move …
///
/// Measured over the shipped scenarios, each example taken out in turn and looked for among all moves: see
/// `examples_find_their_own_move`.
const SURE: f64 = 0.38;
/// … when it is ahead of the next move by this much.
const AHEAD: f64 = 0.03;
/// From this likeness on it may be one, and the customer asks.
pub(crate) const UNSURE: f64 = 0.20;
/// How much of a gram speaks for a move although other moves have it too; the rest is shared among them.
const COMMON: f64 = 0.6;
/// Characters at the beginning of an English word that stand for its stem.
const STEM_CHARS: usize = 5;

/// An example, as the grams it is made of.
struct Example {
    one_move: usize,
    length: f64,
}

/// What a gram tells.
#[derive(Default)]
struct Gram {
    weight: f64,
    /// The examples it stands in, with its weight there.
    examples: Vec<(u32, f64)>,
    /// The moves whose examples have it, with how much it speaks for each.
    moves: Vec<(usize, f64)>,
}

/// The examples of a scenario, ready to be compared with.
pub(crate) struct Understanding {
    language: Language,
    grams: BTreeMap<u64, Gram>,
    examples: Vec<Example>,
    /// Weight of a gram that no text of the scenario has.
    unseen: f64,
    except: Vec<Vec<Vec<char>>>,
    moves: usize,
}

/// How likely a move is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Likely {
    pub(crate) one_move: usize,
    pub(crate) likeness: f64,
}

impl Understanding {
    pub(crate) fn learn(script: &Script) -> Self {
        let language = script.language;
        let mut df: BTreeMap<u64, u32> = BTreeMap::new();
        let mut texts = 0_u32;
        let mut count = |grams: &[(u64, f64)]| {
            texts += 1;
            for (gram, _) in grams {
                *df.entry(*gram).or_insert(0) += 1;
            }
        };
        let mut examples: Vec<(usize, Vec<(u64, f64)>)> = Vec::new();
        for (one_move, one) in script.moves.iter().enumerate() {
            for example in &one.examples {
                let grams = grams(language, &folded(&example.value));
                count(&grams);
                examples.push((one_move, grams));
            }
        }
        // What the customer says tells which words are common here, and is nobody's example.
        for text in spoken_texts(script) {
            count(&grams(language, &folded(text)));
        }
        let rarity = |df: u32| (f64::from(texts.max(1)) / f64::from(df.max(1))).sqrt().sqrt().sqrt();
        let gram = |df: u32| Gram { weight: rarity(df), ..Gram::default() };
        let mut known: BTreeMap<u64, Gram> = df.iter().map(|(name, df)| (*name, gram(*df))).collect();
        let mut compared = Vec::new();
        for (place, (one_move, grams)) in (0_u32..).zip(examples) {
            let mut square = 0.0;
            for (name, times) in grams {
                let Some(gram) = known.get_mut(&name) else { continue };
                let weight = times * gram.weight;
                square += weight * weight;
                gram.examples.push((place, weight));
                match gram.moves.last_mut() {
                    Some((last, count)) if *last == one_move => *count += 1.0,
                    _ => gram.moves.push((one_move, 1.0)),
                }
            }
            compared.push(Example { one_move, length: square.sqrt() });
        }
        known.values_mut().for_each(speak_for);
        let except = script.moves.iter().map(|one| one.except.iter().map(|word| folded(word)).collect());
        Self {
            language,
            grams: known,
            examples: compared,
            unseen: rarity(1),
            except: except.collect(),
            moves: script.moves.len(),
        }
    }

    /// The moves by likeness to a stretch of folded words, the likeliest first; those not alike at all are left out.
    pub(crate) fn likely(&self, words: &[char]) -> Vec<Likely> {
        let mut products = vec![0.0_f64; self.examples.len()];
        let mut accounted = vec![0.0_f64; self.moves];
        let (mut square, mut whole) = (0.0, 0.0);
        for (name, times) in grams(self.language, words) {
            let gram = self.grams.get(&name);
            let weight = times * gram.map_or(self.unseen, |gram| gram.weight);
            square += weight * weight;
            whole += weight;
            let Some(gram) = gram else { continue };
            for (place, theirs) in &gram.examples {
                if let Some(product) = products.get_mut(*place as usize) {
                    *product += weight * theirs;
                }
            }
            for (one_move, share) in &gram.moves {
                if let Some(part) = accounted.get_mut(*one_move) {
                    *part += weight * share;
                }
            }
        }
        if square == 0.0 {
            return Vec::new();
        }
        let length = square.sqrt();
        let mut nearest = vec![[0.0_f64; 3]; self.moves];
        for (example, product) in self.examples.iter().zip(&products).filter(|(_, product)| **product > 0.0) {
            let cosine = product / (length * example.length);
            let Some(best) = nearest.get_mut(example.one_move) else { continue };
            if cosine > best[0] {
                *best = [cosine, best[0], best[1]];
            } else if cosine > best[1] {
                *best = [best[0], cosine, best[1]];
            } else if cosine > best[2] {
                best[2] = cosine;
            }
        }
        let mut likely: Vec<Likely> = nearest
            .iter()
            .enumerate()
            .map(|(one_move, best)| {
                let near = best[0] * 0.8 + (best[0] + best[1] + best[2]) / 3.0 * 0.2;
                let part = accounted.get(one_move).copied().unwrap_or(0.0) / whole;
                Likely { one_move, likeness: f64::midpoint(near, part) }
            })
            .filter(|likely| likely.likeness > 0.0 && !self.excepted(likely.one_move, words))
            .collect();
        likely.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.one_move.cmp(&b.one_move)));
        likely
    }

    fn excepted(&self, one_move: usize, words: &[char]) -> bool {
        let except = self.except.get(one_move).map(Vec::as_slice).unwrap_or_default();
        except
            .iter()
            .any(|word| !word.is_empty() && words.windows(word.len()).any(|part| part == word.as_slice()))
    }
}

/// Turns how many examples of each move have a gram into how much it speaks for the move: more the more of them have it
/// (1 for one, towards 2 for many), and less the more it is shared with other moves.
fn speak_for(gram: &mut Gram) {
    let all: f64 = gram.moves.iter().map(|(_, count)| count).sum();
    for (_, count) in &mut gram.moves {
        let share = *count / all.max(1.0);
        let (mut rest, mut left) = (1.0, *count);
        while left > 1.0 {
            rest /= 2.0;
            left -= 1.0;
        }
        *count = (COMMON + (1.0 - COMMON) * share) * (2.0 - rest);
    }
}

fn spoken_texts(script: &Script) -> impl Iterator<Item = &str> {
    let says = &script.says;
    let general =
        [&says.unknown, &says.again, &says.silence, &says.repeated, &says.interrupts, &says.waiting];
    let facts = script.facts.iter().map(|fact| &fact.lines);
    let objections = script.objections.iter().map(|objection| &objection.lines);
    let beats = script.beats.iter().map(|beat| &beat.lines);
    let lines = general.into_iter().chain(facts).chain(objections).chain(beats);
    lines
        .flat_map(|lines: &Lines| lines.calm.iter().chain(&lines.tense).chain(&lines.angry))
        .map(String::as_str)
}

/// The grams of folded words with how often each stands there (by its root, so that stuttering gains nothing), sorted.
fn grams(language: Language, words: &[char]) -> Vec<(u64, f64)> {
    let mut all = Vec::new();
    match language {
        Language::Zh => chinese(words, &mut all),
        Language::En => english(words, &mut all),
    }
    all.sort_unstable();
    let mut counted: Vec<(u64, f64)> = Vec::new();
    for gram in all {
        match counted.last_mut() {
            Some((last, times)) if *last == gram => *times += 1.0,
            _ => counted.push((gram, 1.0)),
        }
    }
    for (_, times) in &mut counted {
        *times = times.sqrt();
    }
    counted
}

fn chinese(words: &[char], out: &mut Vec<u64>) {
    let mut previous = None;
    for c in words.iter().copied().filter(|c| is_spoken(*c)) {
        out.push(hash([1, u64::from(u32::from(c))]));
        if let Some(previous) = previous {
            out.push(hash([2, u64::from(previous) << 32 | u64::from(u32::from(c))]));
        }
        previous = Some(u32::from(c));
    }
}

fn english(words: &[char], out: &mut Vec<u64>) {
    let mut previous = None;
    for word in words.split(|c| !(is_word_char(*c) || is_spoken(*c) || *c == '\'')) {
        if word.is_empty() {
            continue;
        }
        let whole = spelled(word);
        out.push(hash([3, whole]));
        if word.len() > STEM_CHARS {
            out.push(hash([4, spelled(word.get(..STEM_CHARS).unwrap_or_default())]));
        }
        if let Some(previous) = previous {
            out.push(hash([5, previous ^ whole.rotate_left(17)]));
        }
        previous = Some(whole);
    }
}

fn spelled(word: &[char]) -> u64 {
    word.iter().fold(0xcbf2_9ce4_8422_2325, |state, c| hash([state, u64::from(u32::from(*c))]))
}

/// FNV-1a over 64-bit words (G. Fowler, L. C. Noll, K.-P. Vo).
fn hash(parts: [u64; 2]) -> u64 {
    parts.iter().fold(0xcbf2_9ce4_8422_2325_u64, |state, part| {
        part.to_le_bytes()
            .iter()
            .fold(state, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
    })
}

/// The likeliest of them, when it is likely enough and ahead of the next.
pub(crate) fn is_sure(likely: &[Likely]) -> Option<Likely> {
    let best = likely.first()?;
    let next = likely.get(1).map_or(0.0, |next| next.likeness);
    (best.likeness >= SURE && best.likeness - next >= AHEAD).then_some(*best)
}

/// A stretch of a turn and the moves it may be.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) span: Span,
    pub(crate) likely: Vec<Likely>,
}

/// Polite words that say nothing to the point and are never misunderstood.
const POLITE_ZH: &[&str] = &[
    "您好",
    "你好",
    "喂",
    "好的",
    "好",
    "嗯",
    "是的",
    "对",
    "对的",
    "是",
    "谢谢",
    "谢谢您",
    "谢谢你",
    "感谢您",
    "请讲",
    "请说",
    "您请说",
    "不客气",
    "稍等",
    "请稍等",
    "您稍等",
    "没问题",
    "明白",
    "明白了",
    "了解",
    "我明白",
    "可以",
];
const POLITE_EN: &[&str] = &[
    "hello",
    "hi",
    "ok",
    "okay",
    "yes",
    "no",
    "right",
    "sure",
    "thanks",
    "thank you",
    "please",
    "one moment",
    "one moment please",
    "of course",
    "i see",
    "certainly",
    "all right",
    "alright",
    "got it",
    "good morning",
    "good afternoon",
    "good evening",
    "you're welcome",
    "go ahead",
    "sir",
    "madam",
];

/// Whether a clause is nothing but politeness.
pub(crate) fn is_polite(language: Language, clause: &[char]) -> bool {
    let polite = match language {
        Language::Zh => POLITE_ZH,
        Language::En => POLITE_EN,
    };
    let clause: String = clause.iter().collect();
    let clause = clause.trim_end_matches(['啊', '呢', '吧', '的', '呀']);
    polite.iter().any(|word| word.trim_end_matches(['的']) == clause.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Vec<(String, Script)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/scenarios");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), crate::read::read(&text).0.unwrap())
        };
        files.iter().map(read).collect()
    }

    /// How often a sentence that was taken out finds its move again, among all moves of the scenario; in a rehearsal only
    /// those of the beat compete.
    #[test]
    fn examples_find_their_own_move() {
        let (mut all, mut first, mut offered, mut wrong) = (0, 0, 0, 0);
        for (_, script) in shipped() {
            for (place, one) in script.moves.iter().enumerate() {
                for example in 0..one.examples.len() {
                    let mut less = script.clone();
                    let sentence = less.moves[place].examples.remove(example);
                    let likely = Understanding::learn(&less).likely(&folded(&sentence.value));
                    let rank = likely.iter().position(|likely| likely.one_move == place);
                    let sure = is_sure(&likely);
                    all += 1;
                    first += usize::from(rank == Some(0));
                    offered += usize::from(rank.is_some_and(|rank| rank < 3));
                    wrong += usize::from(sure.is_some_and(|sure| sure.one_move != place));
                }
            }
        }
        let percent = |count: usize| 100 * count / all;
        let told = format!(
            "of {all}: first {} %, among three {} %, sure and wrong {} %",
            percent(first),
            percent(offered),
            percent(wrong)
        );
        assert!(percent(first) >= 55 && percent(offered) >= 78 && percent(wrong) <= 12, "{told}");
    }

    /// What customers say in other scenarios is rarely taken for a move of this one.
    #[test]
    fn foreign_sentences_are_seldom_sure() {
        let scripts = shipped();
        let (mut all, mut sure) = (0, 0);
        for (name, script) in &scripts {
            let understanding = Understanding::learn(script);
            let subject = |name: &str| name.split('.').next().map(str::to_owned);
            let foreign = scripts
                .iter()
                .filter(|(other, far)| subject(other) != subject(name) && far.language == script.language);
            for line in foreign.flat_map(|(_, far)| spoken_texts(far)) {
                all += 1;
                sure += usize::from(is_sure(&understanding.likely(&folded(line))).is_some());
            }
        }
        assert!(100 * sure <= 10 * all, "{sure} of {all}");
    }
}
