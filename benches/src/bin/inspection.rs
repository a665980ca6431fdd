//! How fast the rules engine inspects: 500 rules over 100,000 generated transcripts, one thread.
//!
//! Prints transcripts per second of processor time beside the goal and the floor, for two mixes of words; the cost of matching
//! 500 words by sound; in the same run a plain loop over the regular expressions, a `RegexSet`, and Hyperscan doing the
//! matching alone; and the number of answers in which the engine and the naive evaluator differ.
//!
//! `cargo xtask bench inspection [TRANSCRIPTS [alone]]`; `alone` leaves the comparisons out. Hyperscan is run when
//! `LIANBING_HYPERSCAN_PYTHON` names a Python that has the package `hyperscan`, or there is one in the target folder:
//! `python3 -m venv target/tools/hyperscan && target/tools/hyperscan/bin/pip install hyperscan`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use inspection::naive::Naive;
use inspection::{Conversation, Inspection, Role, RuleSet, Scratch, Source, Turn};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use regex::{Regex, RegexSet};

const SEED: u64 = 20_260_101;
const TRANSCRIPTS: usize = 100_000;
/// Characters of a transcript: about 1.7 KB of UTF-8.
const TRANSCRIPT_CHARS: usize = 600;
const GOAL_PER_S: f64 = 50_000.0;
const FLOOR_PER_S: f64 = 30_000.0;
const SOUNDS_MAX_COST: f64 = 0.15;
/// Transcripts for the slow comparisons.
const COMPARED: usize = 1_000;
/// Transcripts checked against the naive evaluator, for each mix.
const CHECKED: usize = 200;
/// Transcripts after which variants take turns, so that a busy moment of the machine meets both alike.
const TAKE: usize = 500;
/// Names a Python with the package `hyperscan`.
const PYTHON: &str = "LIANBING_HYPERSCAN_PYTHON";

/// Common characters of written Chinese, the most common first; words are made of them.
const CHARACTERS: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运";

/// A generated conversation: its text in one piece, and the turns as ranges of it.
struct Transcript {
    text: String,
    turns: Vec<(Role, usize, usize)>,
}

struct Vocabulary {
    frequent: Vec<String>,
    rare: Vec<String>,
    absent: Vec<String>,
}

/// Which words stand in the regular expressions.
#[derive(Clone, Copy)]
enum Mix {
    /// Telling ones, as in the lists: a fifth of them heard in most calls, half now and then, the rest hardly ever.
    Telling,
    /// As often as they are heard.
    Frequent,
}

/// Rules, and what they are made of.
struct Rules {
    text: String,
    words: Vec<String>,
    patterns: Vec<String>,
}

fn main() -> Result<()> {
    let transcripts = match std::env::args().nth(1) {
        Some(count) => count.parse().with_context(|| format!("the number of transcripts is {count:?}"))?,
        None => TRANSCRIPTS,
    };
    let alone = std::env::args().nth(2).as_deref() == Some("alone");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let vocabulary = vocabulary(&mut random);
    let corpus: Vec<Transcript> = (0..transcripts).map(|_| transcript(&vocabulary, &mut random)).collect();
    let bytes: usize = corpus.iter().map(|transcript| transcript.text.len()).sum();
    println!("{} transcripts of {:.2} KB", corpus.len(), bytes as f64 / corpus.len() as f64 / 1e3);
    for (mix, name) in
        [(Mix::Telling, "telling words in patterns"), (Mix::Frequent, "words by their frequency in patterns")]
    {
        let rules = rules(&vocabulary, mix, &mut random.clone());
        println!("{name}");
        let rate = inspect(&rules, &vocabulary, &corpus)?;
        if alone {
            continue;
        }
        if matches!(mix, Mix::Telling) {
            compare_with_regex(&corpus, &rules.patterns, rate)?;
            match compare_with_hyperscan(&corpus, &rules) {
                Ok(found) => println!("{found}"),
                Err(reason) => println!("  hyperscan                 not run: {reason:#}"),
            }
        }
        let with_sounds = with_sounds(&rules.text, &vocabulary);
        let (differences, answers) = differences(&with_sounds, &compile(&with_sounds)?, &corpus)?;
        println!(
            "  naive evaluator           {differences:>10} differences in {answers} answers on {} transcripts",
            CHECKED.min(corpus.len())
        );
        if differences > 0 {
            bail!("the engine and the naive evaluator differ");
        }
    }
    Ok(())
}

/// Prints how fast the rules are inspected, and what words by sound cost; the transcripts per second.
fn inspect(rules: &Rules, vocabulary: &Vocabulary, corpus: &[Transcript]) -> Result<f64> {
    let started = Instant::now();
    let plain = compile(&rules.text)?;
    println!(
        "  {} behaviours, {} words, {} regular expressions compiled in {:.0} ms",
        plain.behaviours().len(),
        rules.words.len(),
        rules.patterns.len(),
        started.elapsed().as_secs_f64() * 1e3,
    );
    let sounding = compile(&with_sounds(&rules.text, vocabulary))?;
    let (mut total, mut fastest) = (Duration::ZERO, 0_f64);
    let (mut applicable, mut undecided) = (0, 0);
    let mut ratios = Vec::new();
    for (index, take) in corpus.chunks(TAKE).enumerate() {
        let sounds_first = (index % 2 == 1).then(|| measure(|| inspect_all(&sounding, take))).transpose()?;
        let (time, counted) = measure(|| inspect_all(&plain, take))?;
        let (sounds_time, _) = match sounds_first {
            Some(measured) => measured,
            None => measure(|| inspect_all(&sounding, take))?,
        };
        total += time;
        fastest = fastest.max(take.len() as f64 / time.as_secs_f64());
        applicable += counted.0;
        undecided += counted.1;
        ratios.push(sounds_time.as_secs_f64() / time.as_secs_f64());
    }
    let rate = corpus.len() as f64 / total.as_secs_f64();
    let verdict = if rate >= GOAL_PER_S {
        "goal met"
    } else if rate >= FLOOR_PER_S {
        "floor met"
    } else {
        "below the floor"
    };
    println!(
        "  inspection                {rate:>10.0} transcripts/s per core ({verdict}; goal {GOAL_PER_S}, floor {FLOOR_PER_S}; fastest {TAKE} {fastest:.0})"
    );
    println!(
        "                            {:>10.1} behaviours applicable per transcript, {undecided} undecided",
        applicable as f64 / corpus.len() as f64
    );
    ratios.sort_by(f64::total_cmp);
    let cost = ratios.get(ratios.len() / 2).context("no transcripts")? - 1.0;
    let verdict = if cost <= SOUNDS_MAX_COST { "met" } else { "missed" };
    println!(
        "  500 words by sound        {:>9.1} % more time, median of {} pairs (at most {:.0} %: {verdict})",
        cost * 100.0,
        ratios.len(),
        SOUNDS_MAX_COST * 100.0
    );
    Ok(rate)
}

fn compile(text: &str) -> Result<RuleSet> {
    RuleSet::compile(&[Source { name: "generated", text }]).map_err(|errors| {
        anyhow::anyhow!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// Processor time of this thread, where the system tells it; else time on the wall.
fn processor_time() -> Option<Duration> {
    // It is brought up to date when a thread stops running.
    std::thread::sleep(Duration::from_micros(1));
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    schedule.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn measure<T>(work: impl FnOnce() -> T) -> Result<(Duration, T)> {
    let (wall, before) = (Instant::now(), processor_time());
    let result = work();
    let time = match (before, processor_time()) {
        (Some(before), Some(after)) => after.checked_sub(before).context("processor time ran backwards")?,
        _ => wall.elapsed(),
    };
    Ok((time, result))
}

fn turns(transcript: &Transcript) -> Vec<Turn<'_>> {
    let turn = |(role, start, end): &(Role, usize, usize)| Turn {
        role: *role,
        participant: None,
        start_ms: None,
        end_ms: None,
        text: transcript.text.get(*start..*end).unwrap_or_default(),
    };
    transcript.turns.iter().map(turn).collect()
}

/// Behaviours found applicable, and undecided.
fn inspect_all(rules: &RuleSet, corpus: &[Transcript]) -> (usize, usize) {
    let (mut scratch, mut inspection) = (Scratch::default(), Inspection::default());
    let (mut applicable, mut undecided) = (0, 0);
    for transcript in corpus {
        let turns = turns(transcript);
        rules.inspect_into(&Conversation { turns: &turns, fields: &[] }, &mut scratch, &mut inspection);
        applicable += inspection.observations().len();
        undecided += inspection.undecided().len();
    }
    (applicable, undecided)
}

fn compare_with_regex(corpus: &[Transcript], patterns: &[String], rate: f64) -> Result<()> {
    let sample = corpus.get(..COMPARED.min(corpus.len())).unwrap_or(corpus);
    let each: Vec<Regex> = patterns.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>()?;
    let set = RegexSet::new(patterns)?;
    let count = |found: &dyn Fn(&str) -> usize| -> usize {
        sample.iter().flat_map(turns).map(|turn| found(turn.text)).sum()
    };
    let (loop_time, in_loop) =
        measure(|| count(&|text| each.iter().filter(|regex| regex.is_match(text)).count()))?;
    let (set_time, in_set) = measure(|| count(&|text| set.matches(text).iter().count()))?;
    for (name, time) in [("regex loop, no words", loop_time), ("RegexSet, no words", set_time)] {
        let own = sample.len() as f64 / time.as_secs_f64();
        println!(
            "  {name:<24}  {own:>10.0} transcripts/s on {} of them: the engine does all rules {:.0} times as fast",
            sample.len(),
            rate / own
        );
    }
    anyhow::ensure!(in_loop == in_set, "the loop found {in_loop} and the set {in_set}");
    Ok(())
}

/// A Python that may have the package `hyperscan`.
fn python() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(PYTHON) {
        return Ok(PathBuf::from(named));
    }
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).context("the benchmark stands in no target folder")?;
    let python = target.join("tools/hyperscan/bin/python");
    anyhow::ensure!(
        python.exists(),
        "neither does {PYTHON} name a Python with the package hyperscan, nor is there {}",
        python.display()
    );
    Ok(python)
}

/// What Hyperscan did, in words.
fn compare_with_hyperscan(corpus: &[Transcript], rules: &Rules) -> Result<String> {
    let expressions: Vec<&String> = rules.words.iter().chain(&rules.patterns).collect();
    let mut child = Command::new(python()?)
        .args(["-c", include_str!("../../hyperscan.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = std::io::BufWriter::new(child.stdin.take().context("no standard input")?);
    let mut send = || -> std::io::Result<()> {
        writeln!(input, "{}", serde_json::json!(expressions))?;
        for transcript in corpus {
            let turns: Vec<&str> = turns(transcript).iter().map(|turn| turn.text).collect();
            writeln!(input, "{}", turns.join("\t"))?;
        }
        input.flush()
    };
    let sent = send();
    drop(input);
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "it ended with {}", output.status);
    sent?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| answer[name].as_f64().with_context(|| format!("no {name} in {answer}"));
    let per_s = |time: f64| corpus.len() as f64 / time;
    Ok(format!(
        "  hyperscan {}, matching alone, compiled in {:.1} s: {:.0} transcripts/s when nothing is told, {:.0} when it tells Python its {:.1} matches a transcript",
        answer["version"].as_str().unwrap_or_default(),
        number("compile_s")?,
        per_s(number("silent_s")?),
        per_s(number("telling_s")?),
        number("told")? / corpus.len() as f64,
    ))
}

/// Answers of the engine that differ from the naive evaluator's, and how many were compared.
fn differences(text: &str, rules: &RuleSet, corpus: &[Transcript]) -> Result<(usize, usize)> {
    let naive = Naive::new(&[Source { name: "generated", text }]);
    let (mut scratch, mut differences, mut answers) = (Scratch::default(), 0, 0);
    for transcript in corpus.iter().take(CHECKED) {
        let turns = turns(transcript);
        let conversation = Conversation { turns: &turns, fields: &[] };
        let inspection = rules.inspect(&conversation, &mut scratch);
        for (behaviour, expected) in (0_u32..).zip(naive.inspect(&conversation)) {
            let found = inspection.observation(behaviour).context("an undecided behaviour")?;
            let evidence: Vec<_> = inspection
                .evidence(&found)
                .iter()
                .map(|e| {
                    (
                        e.kind,
                        e.turn as usize,
                        e.start as usize,
                        e.end as usize,
                        rules.reason(e.reason).to_owned(),
                    )
                })
                .collect();
            let shown: Vec<bool> =
                inspection.occasions(&found).iter().map(|occasion| occasion.shown).collect();
            let expected_shown: Vec<bool> = expected.occasions.iter().map(|occasion| occasion.2).collect();
            let same = (found.applicable, found.shown) == (expected.applicable, expected.shown)
                && shown == expected_shown
                && evidence == expected.evidence;
            differences += usize::from(!same);
            answers += 1;
        }
    }
    Ok((differences, answers))
}

/// Picks the more often the earlier it stands: the density falls as one over the rank.
fn zipf<'a, T>(items: &'a [T], random: &mut ChaCha8Rng) -> &'a T {
    let rank = (items.len() as f64).powf(random.random::<f64>());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of items"
    )]
    let index = (rank as usize).saturating_sub(1).min(items.len() - 1);
    &items[index]
}

fn vocabulary(random: &mut ChaCha8Rng) -> Vocabulary {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let mut known = std::collections::HashSet::new();
    let mut word = |lengths: &[usize], random: &mut ChaCha8Rng| loop {
        let length = lengths.choose(random).copied().unwrap_or(2);
        let word: String = (0..length).filter_map(|_| characters.choose(random)).collect();
        if known.insert(word.clone()) {
            return word;
        }
    };
    Vocabulary {
        frequent: (0..1_000).map(|_| word(&[2], random)).collect(),
        rare: (0..20_000).map(|_| word(&[2, 3, 3, 4], random)).collect(),
        absent: (0..3_000).map(|_| word(&[2, 3, 4, 4], random)).collect(),
    }
}

fn transcript(vocabulary: &Vocabulary, random: &mut ChaCha8Rng) -> Transcript {
    let mut text = String::with_capacity(TRANSCRIPT_CHARS * 3);
    let mut turns = Vec::new();
    let mut chars = 0;
    while chars < TRANSCRIPT_CHARS {
        let role = if turns.len() % 2 == 0 { Role::Customer } else { Role::Agent };
        let start = text.len();
        let length = random.random_range(4..40);
        let mut own = 0;
        while own < length {
            let piece = match random.random_range(0..100) {
                0..55 => zipf(&vocabulary.frequent, random).as_str(),
                55..80 => zipf(&vocabulary.rare, random).as_str(),
                80..92 => {
                    ["的", "了", "是", "我", "你", "不", "吗", "就"].choose(random).copied().unwrap_or("的")
                }
                92..99 => ["，", "，", "。", "？"].choose(random).copied().unwrap_or("，"),
                _ => ["100元", "13800138000", "VIP", "5月1日", "ＡＰＰ"]
                    .choose(random)
                    .copied()
                    .unwrap_or("APP"),
            };
            text.push_str(piece);
            own += piece.chars().count();
        }
        chars += own;
        turns.push((role, start, text.len()));
    }
    Transcript { text, turns }
}

/// 500 behaviours: 100 sequences, 300 with a regular expression, 100 of words alone.
fn rules(vocabulary: &Vocabulary, mix: Mix, random: &mut ChaCha8Rng) -> Rules {
    // 5,000 words as in practice: some heard in nearly every call, more now and then, most hardly ever.
    let mut words: Vec<&String> = vocabulary.frequent.iter().skip(100).step_by(3).take(300).collect();
    words.extend(vocabulary.rare.iter().skip(300).step_by(11).take(1_700));
    words.extend(&vocabulary.absent);
    for index in (1..words.len()).rev() {
        words.swap(index, random.random_range(0..=index));
    }
    let mut text = String::new();
    for (list, words) in words.chunks(25).enumerate() {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let _ = writeln!(text, "list l{list} = {}", quoted.join(", "));
    }
    let lists = words.len().div_ceil(25);
    for n in 0..100 {
        let (a, b) = (n % lists, (n + 100) % lists);
        let mode = ["each", "any", "first"][n % 3];
        let _ = writeln!(
            text,
            "behaviour sequence{n} {{ must {mode} applies when customer says any of l{a} shown when agent says any of l{b} within 3 agent turns after it }}"
        );
    }
    let mut patterns = Vec::new();
    for n in 0..300 {
        let pattern = pattern(n, vocabulary, mix, random);
        let list = (n * 7) % lists;
        let _ = if n % 2 == 0 {
            writeln!(
                text,
                "behaviour pattern{n} {{ applies when customer says /{pattern}/ shown when agent says any of l{list} after it }}"
            )
        } else {
            writeln!(
                text,
                "behaviour pattern{n} {{ applies when customer says any of l{list} at least 2 times shown when agent says /{pattern}/ }}"
            )
        };
        patterns.push(pattern);
    }
    for n in 0..100 {
        let list = (n * 3 + 1) % lists;
        let _ = match n % 4 {
            0 => writeln!(text, "behaviour words{n} {{ prohibited offence when agent says any of l{list} }}"),
            1 => writeln!(
                text,
                "behaviour words{n} {{ shown when agent says any of l{list} in the first 3 agent turns }}"
            ),
            2 => writeln!(
                text,
                "behaviour words{n} {{ applies when customer says at least 2 of l{list} shown when agent never says any of l{} }}",
                (list + 1) % lists
            ),
            _ => writeln!(
                text,
                "behaviour words{n} {{ applies when agent says any of l{list} in the last 4 turns shown when not customer says any of l{} before it }}",
                (list + 2) % lists
            ),
        };
    }
    Rules { text, words: words.into_iter().cloned().collect(), patterns }
}

/// One of the ten shapes that quality teams write.
fn pattern(n: usize, vocabulary: &Vocabulary, mix: Mix, random: &mut ChaCha8Rng) -> String {
    let mut word = || {
        let words = match (mix, random.random_range(0..10)) {
            (Mix::Frequent, 0..6) => return zipf(&vocabulary.frequent, random).clone(),
            (Mix::Frequent, _) => return zipf(&vocabulary.rare, random).clone(),
            (Mix::Telling, 0..2) => vocabulary.frequent.get(100..).unwrap_or_default(),
            (Mix::Telling, 2..7) => &vocabulary.rare,
            (Mix::Telling, _) => &vocabulary.absent,
        };
        words.choose(random).cloned().unwrap_or_default()
    };
    let (a, b, c, d) = (word(), word(), word(), word());
    match n % 10 {
        0 | 1 => format!("{a}.{{0,{}}}{b}", 2 + n % 9),
        2 => format!("({a}|{b}).{{0,8}}({c}|{d})"),
        3 => format!("不.{{0,3}}{a}"),
        4 => format!("[0-9]+(元|块钱?).{{0,6}}{a}"),
        5 => format!("{a}[^。，]{{0,10}}{b}"),
        6 => format!("({a}|{b})(的|了)?{c}"),
        7 => format!("{a}.*{b}"),
        8 => format!("^.{{0,4}}({a}|{b}|{c})"),
        _ => format!("({a}|{b})(是|吗|{c})"),
    }
}

/// The same rules with 500 more words by sound.
fn with_sounds(text: &str, vocabulary: &Vocabulary) -> String {
    let mut text = text.to_owned();
    let long =
        vocabulary.rare.iter().rev().chain(&vocabulary.absent).filter(|word| word.chars().count() == 4);
    let words: Vec<&String> = long.take(500).collect();
    for (n, words) in words.chunks(25).enumerate() {
        let items: Vec<String> = words.iter().map(|word| format!("sounds like \"{word}\"")).collect();
        let _ = writeln!(
            text,
            "behaviour sound{n} {{ applies when customer says any of ({}) shown when agent says any of l{n} }}",
            items.join(", ")
        );
    }
    text
}
