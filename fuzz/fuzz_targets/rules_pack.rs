//! A folder of rule files, parted by lines of `===`: what compiles inspects, and means the same after formatting.
#![no_main]

use inspection::{Conversation, FieldValue, Role, RuleSet, Scratch, Source, Turn};
use libfuzzer_sys::fuzz_target;

/// Files of one folder; more teach nothing.
const FILES_MAX: usize = 8;

fuzz_target!(|text: &str| {
    let files: Vec<&str> = text.split("\n===\n").take(FILES_MAX).collect();
    let names: Vec<String> = (0..files.len()).map(|n| format!("{n}.rules")).collect();
    let sources = |texts: &[String]| -> Option<RuleSet> {
        let sources: Vec<Source<'_>> =
            names.iter().zip(texts).map(|(name, text)| Source { name, text }).collect();
        RuleSet::compile(&sources).ok()
    };
    let texts: Vec<String> = files.iter().map(|text| (*text).to_owned()).collect();
    let Some(rules) = sources(&texts) else { return };
    let formatted: Result<Vec<String>, _> = texts.iter().map(|text| inspection::format(text)).collect();
    let Ok(formatted) = formatted else { panic!("what compiles can be formatted") };
    let Some(again) = sources(&formatted) else { panic!("formatted it does not compile: {formatted:?}") };
    let turn = |role, start_ms, text| Turn { role, participant: None, start_ms, end_ms: None, text };
    let turns = [
        turn(Role::Customer, Some(0), "喂，我要投诉，13812345678，没人管！complain"),
        turn(Role::Agent, Some(4_000), "您好，很高兴为您服务，请问有什么可以帮您？"),
        turn(Role::Customer, Some(9_000), files.last().copied().unwrap_or_default()),
        turn(Role::System, None, "正在查询"),
        turn(Role::Agent, Some(30_000), "抱歉给您添麻烦了，我明天上午九点前给您回电话，可以吗？"),
        turn(Role::Customer, Some(31_000), "好的谢谢"),
    ];
    let fields = [("queue", FieldValue::Text("投诉")), ("price", FieldValue::Number(30.0))];
    let conversation = Conversation { turns: &turns, fields: &fields };
    let mut scratch = Scratch::default();
    let (one, other) =
        (rules.inspect(&conversation, &mut scratch), again.inspect(&conversation, &mut scratch));
    assert_eq!(rules.behaviours().len(), again.behaviours().len());
    for place in (0..).take(rules.behaviours().len()) {
        let (one, other) = (one.observation(place), other.observation(place));
        let facts = |seen: Option<inspection::Observation>| {
            seen.map(|seen| (seen.applicable, seen.shown, seen.occasions, seen.shown_occasions))
        };
        assert_eq!(facts(one), facts(other), "behaviour {place} changed with formatting");
    }
});
