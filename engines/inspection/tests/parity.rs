//! The operators of Alibaba Cloud SCA, Amazon Connect and Genesys speech analytics, one row each: a rule that says the same and a
//! conversation in which it is found, or the reason why there is none.

use inspection::{Conversation, FieldValue, Role, RuleSet, Scratch, Source, Turn};

enum Answer {
    /// The condition, and turns as (role, start in s, text); it must hold in them and not in an empty greeting.
    Covered(&'static str, &'static [(char, i64, &'static str)]),
    Missing(&'static str),
}
use Answer::{Covered, Missing};

const NEEDS_RECORDING: &str = "a fact of the sound; the words are reserved until recordings exist";

/// Vendors: A Alibaba Cloud SCA, W Amazon Connect, G Genesys.
#[rustfmt::skip]
const ROWS: &[(&str, &str, Answer)] = &[
    ("any of the keywords", "A G", Covered("agent says any of (\"退款\", \"refund\")", &[('a', 0, "可以退款")])),
    ("all of the keywords in a sentence", "A", Covered("agent says all of (\"姓名\", \"地址\")", &[('a', 0, "报一下姓名和地址")])),
    ("all of the keywords in the call", "A", Covered("agent says \"姓名\" and agent says \"地址\"", &[('a', 0, "姓名"), ('a', 5, "地址")])),
    ("at least n of the keywords", "A", Covered("agent says at least 2 of (\"余额\", \"账单\", \"流量\")", &[('a', 0, "余额和流量")])),
    ("none of the keywords", "A W G", Covered("agent says \"谢谢\" and agent never says \"不知道\"", &[('a', 0, "谢谢")])),
    ("total count of hits", "A G", Covered("customer says \"投诉\" at least 2 times", &[('c', 0, "我要投诉"), ('c', 9, "投诉你们")])),
    ("regular expression", "A", Covered("agent says /工号.{0,4}[0-9]{4}/", &[('a', 0, "我的工号是８８１２")])),
    ("exclusion regular expression", "A", Covered("agent says /保证.{0,4}/ except /不.{0,2}保证/", &[('a', 0, "我们保证到账")])),
    ("exact match", "W", Covered("customer says \"cancel\"", &[('c', 0, "Please CANCEL it")])),
    ("pattern match (word class gaps)", "W", Covered("customer says \"cancel\" followed by \"account\" within 20 characters", &[('c', 0, "cancel my old account")])),
    ("near, unordered, in words", "G", Covered("customer says \"账单\" near \"错\" within 6 characters", &[('c', 0, "错的是这张账单")])),
    ("near, in seconds", "G", Covered("agent says \"抱歉\" within 10 seconds of (customer says \"生气\")", &[('c', 0, "我很生气"), ('a', 6, "抱歉")])),
    ("first n sentences", "A", Covered("agent says \"您好\" in the first 2 turns", &[('a', 0, "您好")])),
    ("last n sentences", "A", Covered("agent says \"再见\" in the last 1 agent turn", &[('c', 0, "好"), ('a', 5, "再见")])),
    ("first n seconds", "A G", Covered("agent says \"您好\" in the first 10 seconds", &[('a', 3, "您好")])),
    ("last n seconds", "A G", Covered("agent says \"再见\" in the last 10 seconds", &[('c', 0, "好"), ('a', 50, "再见")])),
    ("anchor: after the nth hit of another condition", "A", Covered("agent says \"主管\" within 3 turns after the 2nd time customer says \"投诉\"", &[('c', 0, "投诉"), ('c', 4, "我要投诉"), ('a', 9, "我请主管来")])),
    ("anchor: before another hit", "A", Covered("agent says \"核实\" before (agent says \"余额\")", &[('a', 0, "先核实身份"), ('a', 9, "余额是五元")])),
    ("every sentence must satisfy", "A", Covered("agent always says \"您\" in the last 2 agent turns", &[('a', 0, "您请讲"), ('a', 9, "谢谢您")])),
    ("single sentence or joined", "A", Covered("agent says \"明天\" within 1 agent turn of (agent says \"回电\")", &[('a', 0, "给您回电"), ('a', 3, "明天上午")])),
    ("boolean expression over conditions", "A W G", Covered("(agent says \"您好\" or agent says \"早上好\") and not customer says \"打错\"", &[('a', 0, "早上好")])),
    ("role", "A W G", Covered("customer says \"谢谢\" and agent says \"再见\"", &[('c', 0, "谢谢"), ('a', 1, "再见")])),
    ("response gap", "A", Covered("agent replies after more than 10 seconds", &[('c', 0, "喂"), ('a', 20, "您好")])),
    ("non-talk time, silence share", "W G", Missing(NEEDS_RECORDING)),
    ("speech rate", "A", Missing(NEEDS_RECORDING)),
    ("interruption, overtalk", "A W G", Missing(NEEDS_RECORDING)),
    ("loudness, energy step", "A", Missing(NEEDS_RECORDING)),
    ("sentiment score, empathy score", "W G", Missing("the score of a vendor's model; lists of words for feelings take its place")),
    ("hold count, longest hold", "W", Covered("field hold_count > 2 or field longest_hold > 120", &[('a', 0, "您好")])),
    ("repetition by the same role", "A", Covered("customer repeats 80% alike looking back 6 turns", &[('c', 0, "我的宽带为什么断了"), ('a', 5, "稍等"), ('c', 9, "我的宽带为什么断了呢")])),
    ("repetition of what the other role said", "A", Covered("agent echoes phone said by customer", &[('c', 0, "打13812345678"), ('a', 5, "是13812345678对吧")])),
    ("duration between two anchors", "A", Covered("agent says \"方案\" more than 60 seconds after (customer says \"投诉\")", &[('c', 0, "投诉"), ('a', 90, "解决方案")])),
    ("similar sentences, lexical", "A G", Covered("agent says like \"请问还有什么可以帮您\" 60% alike", &[('a', 0, "请问还有什么可以帮助您的吗")])),
    ("similar sentences, by meaning", "A W G", Missing("the judgement of a vendor's model; likeness in letters and lists take its place")),
    ("knowledge-base answer check", "A", Missing("needs the knowledge base beside the conversation")),
    ("call data compared", "A W", Covered("field queue is one of (\"billing\", \"complaints\")", &[('a', 0, "您好")])),
    ("arithmetic between call data", "A", Covered("field called_back_at - field promised_at > 1800", &[('a', 0, "您好")])),
    ("question to a language model", "A W G", Missing("a model never decides a score here")),
    ("test dialogues with the rule", "A G", Missing("kept beside the rule by the product, not an operator of the language")),
    ("real time or after the call", "A W", Missing("a way of running, not an operator: any prefix of a conversation can be inspected")),
    ("homophones", "none of them", Covered("customer says sounds like \"宽带测速\"", &[('c', 0, "我要款待侧素")])),
];

fn holds(rule: &str, turns: &[(char, i64, &str)], fields: &[(&str, FieldValue<'_>)]) -> bool {
    let text = format!("behaviour row {{ applies when anyone says anything shown when {rule} }}");
    let rules = RuleSet::compile(&[Source { name: "row", text: &text }])
        .unwrap_or_else(|errors| panic!("{rule}\n{errors:?}"));
    let turns: Vec<Turn<'_>> = turns
        .iter()
        .map(|(role, start, text)| Turn {
            role: if *role == 'a' { Role::Agent } else { Role::Customer },
            participant: None,
            start_ms: Some(start * 1_000),
            end_ms: Some(start * 1_000 + 2_000),
            text,
        })
        .collect();
    let inspection = rules.inspect(&Conversation { turns: &turns, fields }, &mut Scratch::default());
    inspection.observations().first().is_some_and(|observation| observation.shown)
}

#[test]
fn every_operator_is_covered_or_named_as_missing() {
    let fields = [
        ("queue", FieldValue::Text("Billing")),
        ("hold_count", FieldValue::Number(3.0)),
        ("promised_at", FieldValue::Number(0.0)),
        ("called_back_at", FieldValue::Text("3600")),
    ];
    let mut missing = Vec::new();
    for (operator, vendors, answer) in ROWS {
        match answer {
            Covered(rule, turns) => {
                assert!(holds(rule, turns, &fields), "{operator}: {rule}");
                assert!(!holds(rule, &[('c', 0, "嗯")], &[]), "{operator} holds in nothing: {rule}");
            }
            Missing(reason) => missing.push(format!("  missing: {operator} ({vendors}): {reason}")),
        }
    }
    println!("operators: {} covered, {} missing", ROWS.len() - missing.len(), missing.len());
    println!("{}", missing.join("\n"));
    assert_eq!((ROWS.len() - missing.len(), missing.len()), (31, 10));
}
