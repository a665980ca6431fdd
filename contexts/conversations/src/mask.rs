//! Hiding phone, identity-card and bank-card numbers from readers who may not see them. Pure.
//!
//! Every hidden digit becomes one `*`, so that the positions of evidence in the text stay right; the last four
//! characters of a number stay, so that people can still tell numbers apart.

use std::borrow::Cow;

/// Characters of a number that stay readable.
const KEPT: usize = 4;
/// Digits from which any number is hidden: bank cards have 13 to 19 (ISO/IEC 7812), identity cards 18.
const LONG_DIGITS: usize = 13;
/// Digits of a mobile number in China, and of a number spoken or typed digit by digit from which it is hidden.
const MOBILE_DIGITS: usize = 11;

/// The text with its numbers hidden; as many characters as before.
pub fn mask(text: &str) -> Cow<'_, str> {
    // Few turns hold a number at all.
    if text.chars().filter(|c| digit(*c).is_some()).take(10).count() < 10 {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut masked: Option<Vec<char>> = None;
    let mut at = 0;
    while at < chars.len() {
        let run = run_at(&chars, at);
        if run.is_empty() {
            at += 1;
            continue;
        }
        let end = run.last().map_or(at, |group| group.1) + 1;
        for part in parts(&run) {
            hide(&chars, part, &mut masked);
        }
        at = end;
    }
    masked.map_or(Cow::Borrowed(text), |chars| Cow::Owned(chars.into_iter().collect()))
}

/// Digits said or typed one by one from which a query asks for a number: a shorter phrase finds nobody.
const SPELT_DIGITS: usize = 5;

/// Whether a query looks for somebody by their number: it holds one that would be hidden, or the beginning of one
/// digit by digit, which the index would find as a phrase. One that is typed as digits alone is found only
/// whole, so parts of it need no guard.
pub fn asks_for_number(query: &str) -> bool {
    let mut spelt = 0;
    for word in query.split(|c: char| digit(c).is_none()).filter(|word| !word.is_empty()) {
        let is_spelt = word.chars().nth(1).is_none() || word.chars().any(|c| !is_typed(c));
        spelt = if is_spelt { spelt + word.chars().count() } else { 0 };
        if spelt >= SPELT_DIGITS {
            return true;
        }
    }
    mask(query) != query
}

/// The value of a digit: ASCII, full-width, or a Chinese numeral as speech recognition writes them.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        '零' | '〇' => Some(0),
        '一' | '幺' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}

const fn is_typed(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}' | '\u{3000}' | '－' | '–' | '—' | '·')
}

/// Groups of digits (first and last position of each) from `at` on, with one separator between two groups.
fn run_at(chars: &[char], at: usize) -> Vec<(usize, usize)> {
    let is_digit = |at: usize| chars.get(at).is_some_and(|c| digit(*c).is_some());
    let mut groups = Vec::new();
    let mut from = at;
    while is_digit(from) {
        let mut to = from;
        while is_digit(to + 1) {
            to += 1;
        }
        groups.push((from, to));
        let separated = chars.get(to + 1).is_some_and(|c| is_separator(*c)) && is_digit(to + 2);
        if !separated {
            break;
        }
        from = to + 2;
    }
    groups
}

/// Cuts a run where its groups stop looking like one number: dates and prices have groups of two.
fn parts(run: &[(usize, usize)]) -> impl Iterator<Item = &[(usize, usize)]> {
    let kind = |group: &(usize, usize)| match group.1 - group.0 + 1 {
        1 => 1,
        2 => 2,
        _ => 3,
    };
    run.chunk_by(move |a, b| kind(a) == kind(b) && kind(a) != 2)
}

fn hide(chars: &[char], part: &[(usize, usize)], masked: &mut Option<Vec<char>>) {
    let mut places: Vec<usize> = part.iter().flat_map(|(from, to)| *from..=*to).collect();
    let value = |n: usize| places.get(n).and_then(|at| chars.get(*at)).and_then(|c| digit(*c));
    let last = places.last().copied().unwrap_or_default();
    let is_identity = places.len() == 17 && matches!(chars.get(last + 1), Some('X' | 'x' | 'Ｘ' | 'ｘ'));
    let is_mobile = places.len() >= MOBILE_DIGITS && value(0) == Some(1) && value(1).is_some_and(|d| d >= 3);
    let is_landline = (10..=12).contains(&places.len()) && value(0) == Some(0) && value(1) != Some(0);
    let sizes: Vec<usize> = part.iter().map(|(from, to)| to - from + 1).collect();
    let is_grouped = sizes == [3, 3, 4];
    if places.len() < LONG_DIGITS && !is_identity && !is_mobile && !is_landline && !is_grouped {
        return;
    }
    if is_identity {
        places.push(last + 1);
    }
    let masked = masked.get_or_insert_with(|| chars.to_vec());
    for at in places.iter().take(places.len().saturating_sub(KEPT)) {
        if let Some(c) = masked.get_mut(*at) {
            *c = '*';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_hidden_and_nothing_else() {
        let check = |text: &str, expected: &str| assert_eq!(mask(text), expected, "{text}");
        check("我的手机是13812345678，谢谢", "我的手机是*******5678，谢谢");
        check("138 1234 5678", "*** **** 5678");
        check("138-1234-5678。", "***-****-5678。");
        check("+86 13812345678", "+86 *******5678");
        check("＋８６１３８１２３４５６７８", "＋*********５６７８");
        check("身份证110101199001011234", "身份证**************1234");
        check("11010119900101123X对吗", "**************123X对吗");
        check("110101 19900101 1234", "****** ******** 1234");
        check("卡号6222 0210 0111 6245 702", "卡号**** **** **** ***5 702");
        check("6222-0210-0111-6245", "****-****-****-6245");
        check("６２２２０２１００１１１６２４５", "************６２４５");
        check("021-62345678", "***-****5678");
        check("call 555-123-4567 now", "call ***-***-4567 now");
        check("幺三八一二三四五六七八", "*******五六七八");
        check("1 3 8 1 2 3 4 5 6 7 8", "* * * * * * * 5 6 7 8");
        check("订单号20260302", "订单号20260302");
        check("2026-03-02 09:15 到 2026-03-09", "2026-03-02 09:15 到 2026-03-09");
        check("流量100元包30GB，每月2号", "流量100元包30GB，每月2号");
        check("一共二百三十四元五角", "一共二百三十四元五角");
        check("10086", "10086");
        check("1.5 2.5 3.5 4.5 5.5 6.5", "1.5 2.5 3.5 4.5 5.5 6.5");
        check("", "");
    }

    #[test]
    fn a_query_for_a_number_is_told_from_others() {
        let numbers = [
            "13812345678",
            "找 138 1234 5678",
            "６２２２０２１００１１１６２４５",
            "110101199001011234",
            "11010119900101123X",
            "“幺三八幺二”",
            "1 3 8 1 2",
            "021-62345678",
        ];
        let others =
            ["", "宽带", "10086", "订单号20260302", "2026-03-02", "三天", "100元 30GB", "13812345", "a1 b2"];
        for query in numbers {
            assert!(asks_for_number(query), "{query}");
        }
        for query in others {
            assert!(!asks_for_number(query), "{query}");
        }
    }

    proptest! {
        #[test]
        fn positions_stay(text in "[0-9０-９ 一二三八幺Xx\\-a你]{0,60}") {
            let masked = mask(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (before, after) in text.chars().zip(masked.chars()) {
                prop_assert!(before == after || after == '*');
            }
        }
    }
}
