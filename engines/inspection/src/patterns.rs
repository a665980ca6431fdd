//! Regular expressions: made to match folded text, and examined for the literals without which they cannot match.
//!
//! A regular expression runs only on turns where its required literals occur in their order, and the most common shapes that
//! people write need no run at all: `A.{0,n}B` is answered from the places of `A` and `B`, and what matches only a few texts
//! from their places.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use crate::ast::TokenClass;
use crate::fold::fold_char;
use crate::limits::REGEX_MAX_BYTES;

/// Most literals that a regular expression may be gated by; more would fire too often to save work.
const GATE_MAX_LITERALS: usize = 96;

/// A regular expression ready for folded text.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What it means on folded text.
    pub hir: Hir,
    /// The same, compiled.
    pub regex: Regex,
}

/// Why a regular expression cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PatternError {
    /// It cannot be read.
    #[error("{0}")]
    Syntax(String),
    /// It finds nothing at all everywhere.
    #[error("it also matches where there is nothing")]
    Empty,
    /// It needs too much memory.
    #[error("it needs more than {REGEX_MAX_BYTES} bytes when compiled")]
    TooLarge,
}

/// Parses, folds and compiles a pattern.
pub(crate) fn prepare(pattern: &str) -> Result<Prepared, PatternError> {
    let parsed = regex_syntax::ParserBuilder::new().nest_limit(50).build().parse(pattern);
    let hir = fold_hir(&parsed.map_err(|error| PatternError::Syntax(last_line(&error.to_string())))?);
    if hir.properties().minimum_len().is_none_or(|least| least == 0) {
        return Err(PatternError::Empty);
    }
    let regex = RegexBuilder::new(&hir.to_string())
        .size_limit(REGEX_MAX_BYTES)
        .build()
        .map_err(|_| PatternError::TooLarge)?;
    Ok(Prepared { hir, regex })
}

/// The last line of a syntax message says what is wrong; the lines before draw the pattern.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// What a pattern means on folded text: every character it names is folded; `\d` means 0 to 9, which is what all
/// digits in use become; `\b` is the edge of a word of ASCII letters and digits, also next to an ideograph.
fn fold_hir(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Look(Look::WordUnicode) => Hir::look(Look::WordAscii),
        HirKind::Look(look) => Hir::look(*look),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Hir::literal(crate::fold::fold(text).into_bytes()),
            Err(_) => hir.clone(),
        },
        HirKind::Class(Class::Unicode(class)) => Hir::class(Class::Unicode(fold_class(class))),
        HirKind::Class(Class::Bytes(_)) => hir.clone(),
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(fold_hir(&repetition.sub)), ..repetition.clone() })
        }
        // Groups have no names that could be asked for; dropping them makes literals visible.
        HirKind::Capture(capture) => fold_hir(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(fold_hir).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(fold_hir).collect()),
    }
}

fn fold_class(class: &ClassUnicode) -> ClassUnicode {
    let is_unicode_digits = class.ranges().len() > 20
        && class.ranges().first().is_some_and(|range| (range.start(), range.end()) == ('0', '9'));
    if is_unicode_digits
        && class.ranges().iter().all(|range| u32::from(range.end()) - u32::from(range.start()) < 60)
    {
        return ClassUnicode::new([ClassUnicodeRange::new('0', '9')]);
    }
    let mut folded = class.clone();
    for range in class.ranges() {
        for (from, to) in
            [('A', 'Z'), ('\u{ff01}', '\u{ff5e}'), ('\u{3000}', '\u{3000}'), ('\u{2018}', '\u{201d}')]
        {
            let (start, end) = (range.start().max(from), range.end().min(to));
            if start <= end {
                for c in start..=end {
                    let c = fold_char(c);
                    folded.push(ClassUnicodeRange::new(c, c));
                }
            }
        }
    }
    folded
}

/// A set of literals of which every match contains at least one.
pub(crate) type Gate = Vec<String>;

/// Up to two gates, the most telling first, each with its rank in the order in which a match has them; none when the
/// pattern has no required literals.
pub(crate) fn gates(hir: &Hir) -> Vec<(usize, Gate)> {
    let mut found = Vec::new();
    collect_gates(hir, &mut found);
    let mut found: Vec<(usize, Gate)> = found.into_iter().enumerate().collect();
    found.sort_by_key(|(_, gate)| std::cmp::Reverse(telling(gate)));
    found.dedup_by(|(_, a), (_, b)| a == b);
    found.truncate(2);
    found
}

/// How rare the least rare literal of a gate is likely to be: an ideograph tells as much as two letters.
fn telling(gate: &Gate) -> (usize, std::cmp::Reverse<usize>) {
    let weight = |literal: &String| literal.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    (gate.iter().map(weight).min().unwrap_or(0), std::cmp::Reverse(gate.len()))
}

fn collect_gates(hir: &Hir, out: &mut Vec<Gate>) {
    if let Some(exact) = finite(hir) {
        if exact.iter().all(|literal| !literal.is_empty()) {
            out.push(exact);
        }
        return;
    }
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => collect_gates(&repetition.sub, out),
        HirKind::Capture(capture) => collect_gates(&capture.sub, out),
        HirKind::Concat(parts) => {
            for run in finite_runs(parts) {
                match run {
                    Ok(literals) if literals.iter().all(|literal| !literal.is_empty()) => out.push(literals),
                    Ok(_) => {}
                    Err(part) => collect_gates(part, out),
                }
            }
        }
        HirKind::Alternation(parts) => {
            let mut union = Vec::new();
            for part in parts {
                let Some((_, best)) = gates(part).into_iter().next() else { return };
                union.extend(best);
            }
            if union.len() <= GATE_MAX_LITERALS {
                out.push(union);
            }
        }
        _ => {}
    }
}

/// Neighbouring parts with finitely many texts joined, the others by themselves.
fn finite_runs(parts: &[Hir]) -> Vec<Result<Vec<String>, &Hir>> {
    let mut runs: Vec<Result<Vec<String>, &Hir>> = Vec::new();
    for part in parts {
        let Some(exact) = finite(part) else {
            runs.push(Err(part));
            continue;
        };
        if let Some(Ok(last)) = runs.last_mut()
            && let Some(joined) = product(last, &exact)
        {
            *last = joined;
            continue;
        }
        runs.push(Ok(exact));
    }
    runs
}

fn product(left: &[String], right: &[String]) -> Option<Vec<String>> {
    if left.len() * right.len() > GATE_MAX_LITERALS {
        return None;
    }
    Some(left.iter().flat_map(|a| right.iter().map(move |b| format!("{a}{b}"))).collect())
}

/// All texts a pattern matches, in the order in which it prefers them, when there are few and it has no conditions on
/// what stands around them.
fn finite(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let mut all = Vec::new();
            for range in class.ranges() {
                for c in range.start()..=range.end() {
                    if all.len() == 32 {
                        return None;
                    }
                    all.push(c.to_string());
                }
            }
            Some(all)
        }
        HirKind::Capture(capture) => finite(&capture.sub),
        HirKind::Repetition(repetition) => {
            let once = finite(&repetition.sub)?;
            match (repetition.min, repetition.max, repetition.greedy) {
                (0, Some(1), true) => Some(once.into_iter().chain([String::new()]).collect()),
                (n, Some(m), _) if n == m && n <= 4 => {
                    (0..n).try_fold(vec![String::new()], |texts, _| product(&texts, &once))
                }
                _ => None,
            }
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![String::new()], |texts, part| product(&texts, &finite(part)?))
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(finite(part)?);
                if all.len() > GATE_MAX_LITERALS {
                    return None;
                }
            }
            Some(all)
        }
        _ => None,
    }
}

/// All texts that a pattern matches, preferred first, when they are a few.
pub(crate) fn texts(hir: &Hir) -> Option<Vec<String>> {
    finite(hir).filter(|texts| texts.iter().all(|text| !text.is_empty()))
}

/// `A.{least,most}B` where `A` and `B` are a few texts each.
#[derive(Debug, PartialEq)]
pub(crate) struct NearShape {
    /// The texts of `A`, preferred first.
    pub a: Vec<String>,
    /// The texts of `B`, preferred first.
    pub b: Vec<String>,
    /// Fewest characters between.
    pub least: u32,
    /// Most characters between.
    pub most: u32,
    /// Whether the farthest `B` is preferred (else the nearest).
    pub greedy: bool,
}

/// Recognises the shape.
pub(crate) fn near_shape(hir: &Hir) -> Option<NearShape> {
    let HirKind::Concat(parts) = hir.kind() else { return None };
    let runs = finite_runs(parts);
    let [Ok(a), Err(gap), Ok(b)] = runs.as_slice() else { return None };
    let HirKind::Repetition(Repetition { min, max: Some(max), greedy, sub }) = gap.kind() else {
        return None;
    };
    let not_empty = a.iter().chain(b).all(|literal| !literal.is_empty());
    (not_empty && is_dot(sub)).then(|| NearShape {
        a: a.clone(),
        b: b.clone(),
        least: *min,
        most: *max,
        greedy: *greedy,
    })
}

/// Whether it is `.`: any character but a line feed.
fn is_dot(hir: &Hir) -> bool {
    *hir == Hir::dot(regex_syntax::hir::Dot::AnyCharExceptLF)
}

/// The form of a token class as a pattern on folded text.
pub(crate) fn token_pattern(class: TokenClass) -> &'static str {
    match class {
        TokenClass::Number => r"[0-9]+(?:[,.][0-9]+)*|[零〇一二三四五六七八九十百千万亿两点]{2,}",
        TokenClass::Date => concat!(
            r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
            r"|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]|[0-9]{1,2}[日号]",
            r"|今天|明天|后天|大后天|昨天|前天|(?:下|上|这|本)?(?:周|星期|礼拜)[一二三四五六日天]",
            r"|\b(?:today|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
            r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december) [0-9]{1,2}\b"
        ),
        TokenClass::Time => concat!(
            r"[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}(?:点|时)(?:[0-9]{1,2}分|半|钟|整)?|[一二三四五六七八九十两]{1,3}点(?:半|钟|整|[一二三四五六七八九十]{1,3}分)?",
            r"|\b[0-9]{1,2} ?(?:am|pm|a\.m\.|p\.m\.|o'clock)"
        ),
        TokenClass::Money => concat!(
            r"[¥￥$€£] ?[0-9]+(?:[,.][0-9]+)*|[0-9]+(?:[,.][0-9]+)* ?(?:万|千|百)?(?:元|块|角|毛|dollars?|euros?|pounds?|yuan|rmb|usd)",
            r"|[零一二三四五六七八九十百千万亿两]+(?:元|块|角|毛)"
        ),
        TokenClass::Phone => {
            r"\b1[3-9][0-9](?:[ -]?[0-9]{4}){2}\b|\b0[0-9]{2,3}[ -]?[0-9]{7,8}\b|\b(?:400|800)[ -]?[0-9]{3}[ -]?[0-9]{4}\b|\+[0-9]{1,3}(?:[ -]?[0-9]{2,4}){2,4}\b|\b[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}\b"
        }
        TokenClass::Email => r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+",
        TokenClass::IdNumber => {
            r"\b[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9x]\b"
        }
        TokenClass::CardNumber => r"\b(?:[0-9]{16,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?)\b",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(pattern: &str) -> Option<NearShape> {
        near_shape(&prepare(pattern).unwrap().hir)
    }

    #[test]
    fn patterns_match_folded_text() {
        for (pattern, text, expected) in [
            ("PIN码?", "ＰＩＮ码", true),
            (r"\d{4}", "１２３４", true),
            ("[Ａ-Ｃ]类", "B类", true),
            (r"\w+@", "Ａb@", true),
            ("[^A-Z]x", "Qx", true),
        ] {
            let found = prepare(pattern).unwrap().regex.is_match(&crate::fold::fold(text));
            assert_eq!(found, expected, "{pattern} on {text}");
        }
        assert!(matches!(prepare("a*"), Err(PatternError::Empty)));
        assert!(matches!(prepare("(a"), Err(PatternError::Syntax(_))));
        assert!(matches!(prepare(r"(\w{100}){100}"), Err(PatternError::TooLarge)));
    }

    #[test]
    fn the_common_shape_is_recognised() {
        let found = shape("(退|返)款?.{0,6}(到账|账户)").unwrap();
        assert_eq!(found.a, ["返款", "返", "退款", "退"]);
        assert_eq!((found.least, found.most, found.greedy, found.b.len()), (0, 6, true, 2));
        assert!(shape("回电.{1,9}?小时").is_some_and(|shape| !shape.greedy && shape.least == 1));
        assert!(shape("^退.{0,6}款").is_none());
        assert!(shape("退.*款").is_none());
    }

    #[test]
    fn required_literals_are_found() {
        for (pattern, expected) in [
            ("(我|咱)的工号是?[0-9]+", vec!["我的工号", "咱的工号"]),
            (r"\d+元\w*违约金", vec!["违约金"]),
            (r"(转接|转给)\d+|人工\s*台", vec!["转接", "转给", "人工"]),
            (r"\w+", vec![]),
        ] {
            let (_, gate) = gates(&prepare(pattern).unwrap().hir).into_iter().next().unwrap_or_default();
            let missing: Vec<_> =
                expected.iter().filter(|literal| !gate.iter().any(|g| g.starts_with(**literal))).collect();
            assert!(missing.is_empty() && gate.is_empty() == expected.is_empty(), "{pattern}: {gate:?}");
        }
    }

    #[test]
    fn tokens_are_recognised_by_their_form() {
        for (class, text, expected) in [
            (TokenClass::Phone, "我的电话13812345678", "13812345678"),
            (TokenClass::Money, "一共是１２．５元钱", "12.5元"),
            (TokenClass::Date, "8月3号之前", "8月3号"),
            (TokenClass::Time, "下午三点半吧", "三点半"),
            (TokenClass::Email, "Mail to A.b@example.com.", "a.b@example.com"),
            (TokenClass::IdNumber, "a11010519900307123X", ""),
            (TokenClass::IdNumber, "证件11010519900307123X", "11010519900307123x"),
            (TokenClass::CardNumber, "card 6222 0200 0000 0000 123", "6222 0200 0000 0000 123"),
            (TokenClass::Number, "有二十三个", "二十三"),
        ] {
            let folded = crate::fold::fold(text);
            let found = prepare(token_pattern(class))
                .unwrap()
                .regex
                .find(&folded)
                .map_or("", |m| m.as_str())
                .to_owned();
            assert_eq!(found, expected, "{class:?} in {text}");
        }
    }
}
