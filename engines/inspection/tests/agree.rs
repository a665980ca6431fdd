//! The engine against the naive evaluator: random rules over random conversations, equal to the last character.

use inspection::naive::{Naive, NaiveObservation};
use inspection::{Conversation, EvidenceKind, FieldValue, Inspection, Role, RuleSet, Scratch, Source, Turn};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct OwnTurn {
    role: Role,
    participant: Option<&'static str>,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    text: String,
}

fn word() -> impl Strategy<Value = String> {
    // Few letters, so that words meet: ideographs with equal syllables, Latin, full-width, digits.
    prop::collection::vec(
        prop::sample::select(vec!["诗", "失", "意", "忆", "甲", "乙", "a", "b", "Ａ", "1", "是"]),
        1..4,
    )
    .prop_map(|letters| letters.concat())
}

fn turn() -> impl Strategy<Value = OwnTurn> {
    let letters = vec![
        "诗",
        "失",
        "意",
        "忆",
        "甲",
        "乙",
        "a",
        "b",
        "A",
        "Ｂ",
        "1",
        "2",
        " ",
        "，",
        "\n",
        "是",
        "é",
        "13812345678",
        "3月5号",
    ];
    let text =
        prop::collection::vec(prop::sample::select(letters), 0..14).prop_map(|letters| letters.concat());
    let role =
        prop::sample::select(vec![Role::Agent, Role::Customer, Role::Agent, Role::Customer, Role::System]);
    let participant = prop::sample::select(vec![None, Some("x"), Some("y")]);
    let time = prop::option::weighted(0.8, 0_i64..60);
    (role, participant, time.clone(), time, text).prop_map(|(role, participant, start, end, text)| OwnTurn {
        role,
        participant,
        start_ms: start.map(|start| start * 500),
        end_ms: end.map(|end| end * 500),
        text,
    })
}

fn pick(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(choices).prop_map(str::to_owned)
}

fn item() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => word().prop_map(|word| format!("\"{word}\"")),
        1 => word().prop_map(|word| format!("part \"{word}\"")),
        1 => word().prop_map(|word| format!("exactly \"{word}\"")),
        2 => pick(&["l0", "l1", "l2"]),
        1 => pick(&["sounds like \"诗意\"", "sounds roughly like \"失意是\"", "sounds like \"a是\"", "sounds like \"失忆是a甲\""]),
        1 => pick(&["spelled like \"abab\" off by 1", "spelled like \"诗意甲乙ab\" off by 2"]),
        1 => pick(&["like \"甲乙ab是\" 40% alike", "phone", "date", "number"]),
        2 => pick(&[
            "/(甲|甲a)乙?.{0,3}(b|ab)/", "/甲.{1,4}?(a|是)/", "/a.{2,3}a/", "/(是|1)+b/", "/诗[意忆].*甲/", "/^a|b$/",
            "/[甲乙]a{1,2}/", "/(a|ab|甲)(b|是)?/", "/aab|aa|是a|a是(a是)?/", "/甲[^b]{0,3}(乙|b)/", "/b.*1.*甲/", "/(a|ab).*?(b|是)/", "/是.*甲/", "/a[^，是]+?(b|ba)/", "/甲[ab\\s]{1,2}[是1]/", "/\\d\\s*甲/", "/[^甲]乙/", "/\\bab?\\b/", "/a.{0,2}a.{0,2}b/", "/(aa|a)b?.{0,2}(乙|乙甲)/",
        ]),
    ]
}

fn phrase() -> impl Strategy<Value = String> {
    let group = prop_oneof![
        pick(&["l0", "l1", "l2"]),
        prop::collection::vec(item(), 2..5).prop_map(|items| format!("({})", items.join(", ")))
    ];
    let quantifier = pick(&["any of", "all of", "at least 2 of"]);
    let atom = prop_oneof![
        5 => item(),
        3 => (quantifier, group).prop_map(|(quantifier, group)| format!("{quantifier} {group}")),
        1 => Just("anything".to_owned()),
    ];
    atom.prop_recursive(2, 6, 2, |inner| {
        let joint = pick(&["near", "followed by"]);
        prop_oneof![
            (inner.clone(), joint, inner.clone(), 0..4_u32)
                .prop_map(|(a, joint, b, n)| format!("(({a}) {joint} ({b}) within {n} characters)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(({a}) except ({b}))")),
        ]
    })
}

fn who() -> impl Strategy<Value = String> {
    pick(&["agent", "customer", "anyone", "agent", "customer", "system"])
}

fn amount() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..4_u32).prop_map(|n| format!("{n} turns")),
        (0..4_u32, who()).prop_map(|(n, who)| format!("{n} {who} turns")),
        (0..12_u32).prop_map(|n| format!("{n} seconds")),
    ]
}

/// A condition that points at words; `it` and `that` where they are allowed.
fn pointing(it: bool, that: bool, depth: u32) -> BoxedStrategy<String> {
    let simple = prop_oneof![
        6 => (who(), phrase()).prop_map(|(who, phrase)| format!("{who} says {phrase}")),
        1 => (who(), phrase()).prop_map(|(who, phrase)| format!("{who} repeats 60% alike looking back 3 turns except {phrase}")),
        1 => (who(), phrase(), who()).prop_map(|(who, phrase, by)| format!("{who} echoes {phrase} said by {by}")),
        1 => (who(), 0..6_u32).prop_map(|(who, n)| format!("{who} replies after more than {n} seconds")),
        1 => (who(), 1..6_u32).prop_map(|(who, n)| format!("{who} speaks for less than {n} characters")),
        1 => (who(), 0..6_u32).prop_map(|(who, n)| format!("{who} speaks for more than {n} seconds")),
        1 => (who(), phrase(), amount()).prop_map(|(who, phrase, n)| format!("{who} always says {phrase} in the last {n}")),
        1 => Just("rule points".to_owned()),
    ]
    .boxed();
    if depth == 0 {
        return simple;
    }
    let inner = move || pointing(it, that, depth - 1);
    let mut anchors = vec![inner().prop_map(|inner| format!("({inner})")).boxed()];
    if it {
        anchors.push(Just("it".to_owned()).boxed());
        anchors.push(Just("it".to_owned()).boxed());
    }
    if that {
        anchors.push(Just("that".to_owned()).boxed());
        anchors.push(Just("that".to_owned()).boxed());
    }
    let anchor = proptest::strategy::Union::new(anchors).boxed();
    let times =
        (pick(&["at least", "at most", "exactly"]), 1..3_u32).prop_map(|(how, n)| format!("{how} {n} times"));
    let side = || pick(&["after", "before", "of"]);
    let restriction = prop_oneof![
        2 => (pick(&["after", "before"]), anchor.clone()).prop_map(|(side, anchor)| format!("{side} {anchor}")),
        3 => (amount(), side(), anchor.clone()).prop_map(|(n, side, anchor)| format!("within {n} {side} {anchor}")),
        1 => (amount(), side(), anchor).prop_map(|(n, side, anchor)| format!("more than {n} {side} {anchor}")),
        1 => (pick(&["first", "last"]), amount()).prop_map(|(end, n)| format!("in the {end} {n}")),
        1 => any_condition(it, true, depth - 1).prop_map(|condition| format!("where ({condition})")),
        1 => any_condition(it, true, depth - 1).prop_map(|condition| format!("where not ({condition})")),
    ];
    prop_oneof![
        3 => simple,
        3 => (inner(), restriction.clone()).prop_map(|(inner, restriction)| format!("({inner}) {restriction}")),
        1 => (inner(), restriction, times).prop_map(|(inner, restriction, times)| format!("({inner}) {restriction} {times}")),
        1 => (pick(&["first", "2nd", "last"]), inner()).prop_map(|(nth, inner)| format!("the {nth} time ({inner})")),
        1 => (inner(), amount(), inner()).prop_map(|(a, n, b)| format!("({a}) then within {n} ({b})")),
    ]
    .boxed()
}

fn any_condition(it: bool, that: bool, depth: u32) -> BoxedStrategy<String> {
    let points = pointing(it, that, depth);
    if depth == 0 {
        return points;
    }
    let inner = move || any_condition(it, that, depth - 1);
    prop_oneof![
        5 => points,
        1 => inner().prop_map(|inner| format!("not ({inner})")),
        1 => (inner(), inner()).prop_map(|(a, b)| format!("({a}) and ({b})")),
        1 => (inner(), inner()).prop_map(|(a, b)| format!("({a}) or ({b})")),
        1 => (inner(), inner(), inner()).prop_map(|(a, b, c)| format!("at least 2 of ({a}, {b}, {c})")),
        1 => (who(), phrase()).prop_map(|(who, phrase)| format!("{who} never says {phrase}")),
        1 => pick(&[
            "field queue is \"Ａ\"", "field n * 2 + 1 > 4", "field turns >= 3", "field duration < 10", "field gone is known",
            "field queue is one of (\"b\", \"a\")", "field n / 0 > 1", "field vip = yes", "field queue contains \"a\"",
        ]),
        1 => pick(&["rule points", "rule holds"]),
    ]
    .boxed()
}

fn rules() -> impl Strategy<Value = String> {
    let list = || prop::collection::vec(item_without_lists(), 2..5).prop_map(|items| items.join(", "));
    let behaviour = prop_oneof![
        (pick(&["each", "any", "first"]), pointing(false, false, 1), any_condition(true, false, 2)).prop_map(
            |(mode, applies, shown)| format!("must {mode} applies when {applies} shown when {shown}")
        ),
        any_condition(true, false, 2).prop_map(|shown| format!("shown when {shown}")),
        any_condition(true, false, 2).prop_map(|offence| format!("prohibited offence when {offence}")),
        (pointing(false, false, 2), any_condition(true, false, 1)).prop_map(|(applies, offence)| format!(
            "prohibited applies when {applies} offence when {offence}"
        )),
        (any_condition(false, false, 2), any_condition(false, false, 1))
            .prop_map(|(applies, shown)| format!("applies when {applies} shown when {shown}")),
    ];
    (
        list(),
        list(),
        list(),
        pointing(false, false, 1),
        any_condition(false, false, 1),
        prop::collection::vec(behaviour, 1..6),
    )
        .prop_map(|(l0, l1, l2, points, holds, behaviours)| {
            let points = points.replace("rule points", "agent says \"a\"");
            let holds = holds.replace("rule holds", "agent says \"b\"");
            let behaviour = |(index, body): (usize, &String)| format!("behaviour b{index} {{ {body} }}\n");
            let behaviours: Vec<String> = behaviours.iter().enumerate().map(behaviour).collect();
            format!(
                "list l0 = {l0}\nlist l1 = {l1}, l0\nlist l2 = {l2}, l1\nrule points = {points}\nrule holds = {holds}\n{}",
                behaviours.concat()
            )
        })
}

fn item_without_lists() -> impl Strategy<Value = String> {
    item().prop_map(
        |item| if item.starts_with('l') && !item.contains(' ') { "\"甲\"".to_owned() } else { item },
    )
}

/// Letters of words by sound: equal, merged and different sounds; characters with several readings; full and half width.
const HEARD: &[&str] = &[
    "长", "常", "张", "重", "种", "虫", "行", "航", "形", "乐", "了", "兰", "狼", "4", "４", "g", "Ｇ", "G",
];
/// What stands between them in a text: nothing that is heard, or something that no word has.
const BETWEEN: &[&str] = &["，", " ", "😀", "㐀", "é", "\n", "好", "K"];

/// Words by sound, exactly or roughly; the shortest of them decides how all are found.
fn sounds() -> impl Strategy<Value = String> {
    let word = (any::<bool>(), prop::collection::vec(prop::sample::select(HEARD), 2..7));
    let item = word.prop_map(|(roughly, letters)| {
        format!("sounds {}like \"{}\"", if roughly { "roughly " } else { "" }, letters.concat())
    });
    (2..5_usize)
        .prop_flat_map(move |least| {
            let long =
                item.clone().prop_filter("long enough", move |item| letters_between_quotes(item) >= least);
            prop::collection::vec((who(), prop::collection::vec(long, 1..6)), 1..4)
        })
        .prop_map(|behaviours| {
            let behaviour = |(n, (who, items)): (usize, &(String, Vec<String>))| {
                format!("behaviour b{n} {{ shown when {who} says any of ({}) }}\n", items.join(", "))
            };
            behaviours.iter().enumerate().map(behaviour).collect()
        })
}

fn letters_between_quotes(item: &str) -> usize {
    item.split('"').nth(1).map_or(0, |word| word.chars().count())
}

/// The engine's answer in the terms of the naive one.
fn in_naive_terms(rules: &RuleSet, inspection: &Inspection) -> Vec<NaiveObservation> {
    let place = |e: &inspection::Evidence| -> (EvidenceKind, usize, usize, usize, String) {
        (e.kind, e.turn as usize, e.start as usize, e.end as usize, rules.reason(e.reason).to_owned())
    };
    (0_u32..)
        .zip(rules.behaviours())
        .map(|(behaviour, _)| {
            let observation = inspection.observation(behaviour).unwrap_or_else(|| panic!("undecided"));
            let occasions = inspection.occasions(&observation).iter();
            let wide = |turn: Option<u32>| turn.map(|turn| turn as usize);
            let answer = NaiveObservation {
                applicable: observation.applicable,
                shown: observation.shown,
                occasions: occasions.map(|o| (wide(o.turn), wide(o.agent_turn), o.shown)).collect(),
                evidence: inspection.evidence(&observation).iter().map(place).collect(),
            };
            assert_eq!(answer.occasions.len(), observation.occasions as usize);
            assert_eq!(answer.occasions.iter().filter(|o| o.2).count(), observation.shown_occasions as usize);
            answer
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn both_evaluators_agree(
        text in rules(),
        conversations in prop::collection::vec(prop::collection::vec(turn(), 0..9), 1..4),
        n in prop::sample::select(vec![FieldValue::Number(1.0), FieldValue::Number(2.0), FieldValue::Text("2"), FieldValue::Bool(true)]),
    ) {
        let sources = [Source { name: "", text: &text }];
        let fields = [("queue", FieldValue::Text("a")), ("n", n), ("vip", FieldValue::Bool(true))];
        // Rules that the checker refuses (a restriction on something that points at nothing) are not compared.
        if let Ok(rules) = RuleSet::compile(&sources) {
            let naive = Naive::new(&sources);
            let mut scratch = Scratch::default();
            for turns in &conversations {
                let turns: Vec<Turn<'_>> = turns.iter().map(|t| Turn {
                    role: t.role, participant: t.participant, start_ms: t.start_ms, end_ms: t.end_ms, text: &t.text,
                }).collect();
                let conversation = Conversation { turns: &turns, fields: &fields };
                let fast = in_naive_terms(&rules, &rules.inspect(&conversation, &mut scratch));
                prop_assert_eq!(fast, naive.inspect(&conversation), "{}", text);
            }
        } else {
            let errors = inspection::check(&text);
            let known = ["points at words", "no occasion", "no `it`", "can never"];
            prop_assert!(errors.iter().filter(|e| e.is_error()).all(|e| known.iter().any(|k| e.message.contains(k))), "{}\n{:?}", text, errors);
        }
    }

    #[test]
    fn both_evaluators_hear_the_same(
        text in sounds(),
        turns in prop::collection::vec(
            (
                prop::sample::select(vec![Role::Agent, Role::Customer, Role::System]),
                prop::collection::vec(
                    prop_oneof![12 => prop::sample::select(HEARD), 1 => prop::sample::select(BETWEEN)],
                    0..120,
                ),
            ),
            1..6,
        ),
    ) {
        let sources = [Source { name: "", text: &text }];
        let rules = RuleSet::compile(&sources).unwrap();
        let texts: Vec<(Role, String)> = turns.iter().map(|(role, letters)| (*role, letters.concat())).collect();
        let turns: Vec<Turn<'_>> = texts.iter().map(|(role, text)| Turn {
            role: *role, participant: None, start_ms: None, end_ms: None, text,
        }).collect();
        let conversation = Conversation { turns: &turns, fields: &[] };
        let fast = in_naive_terms(&rules, &rules.inspect(&conversation, &mut Scratch::default()));
        prop_assert_eq!(fast, Naive::new(&sources).inspect(&conversation), "{}", text);
    }

    #[test]
    fn formatting_settles_at_once_and_keeps_the_meaning(text in rules()) {
        let once = inspection::format(&text).unwrap();
        prop_assert_eq!(&inspection::format(&once).unwrap(), &once);
        let words = |text: &str| -> Vec<_> { inspection::lex::lex(text).0.into_iter().map(|token| token.kind).collect() };
        prop_assert_eq!(words(&once), words(&text));
    }
}
