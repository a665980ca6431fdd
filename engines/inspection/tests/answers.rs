//! What the engine answers, case by case: occasions, modes, prohibitions, attribution, places, limits.

use inspection::{Conversation, Evidence, EvidenceKind, Role, RuleSet, Scratch, Source, Turn, naive::Naive};

type Said<'a> = (&'a str, &'a str);

/// `a` is an agent, `a2` another one, `c` the customer, `s` the system.
fn turns<'a>(said: &[Said<'a>]) -> Vec<Turn<'a>> {
    let role = |who: &str| match who {
        "c" => Role::Customer,
        "s" => Role::System,
        _ => Role::Agent,
    };
    said.iter()
        .map(|(who, text)| Turn {
            role: role(who),
            participant: Some(who),
            start_ms: None,
            end_ms: None,
            text,
        })
        .collect()
}

/// “applicable shown shown_occasions/occasions”, then the evidence as kind turn:start-end reason.
fn answer(rules: &str, said: &[Said<'_>]) -> String {
    let sources = [Source { name: "", text: rules }];
    let rules = RuleSet::compile(&sources).unwrap_or_else(|errors| panic!("{errors:?}"));
    let turns = turns(said);
    let conversation = Conversation { turns: &turns, fields: &[] };
    let inspection = rules.inspect(&conversation, &mut Scratch::default());
    let observation = inspection.observation(0).unwrap_or_else(|| panic!("undecided"));
    let naive = &Naive::new(&sources).inspect(&conversation)[0];
    assert_eq!((naive.applicable, naive.shown), (observation.applicable, observation.shown));
    let summary = format!(
        "{} {} {}/{}",
        if observation.applicable { "applicable" } else { "no" },
        if observation.shown { "shown" } else { "not-shown" },
        observation.shown_occasions,
        observation.occasions
    );
    let place = |evidence: &Evidence| {
        let kind = match evidence.kind {
            EvidenceKind::Applies => "applies",
            EvidenceKind::Shown => "shown",
            EvidenceKind::Breach => "breach",
        };
        let Evidence { turn, start, end, reason, .. } = *evidence;
        format!("; {kind} {turn}:{start}-{end} {}", rules.reason(reason))
    };
    summary + &inspection.evidence(&observation).iter().map(place).collect::<Vec<_>>().concat()
}

const FEELING: &str = "list angry = \"生气\", \"投诉\"\nlist sorry = \"抱歉\", \"sorry\"\nlist explain = \"因为\"\n\
    behaviour b { MODE applies when customer says any of angry\n\
    shown when agent says any of sorry within 2 agent turns after it where not agent says any of explain after it before that }";

#[test]
fn occasions_and_modes() {
    let said = [
        ("c", "我很生气，要投诉"),
        ("s", "录音中"),
        ("a", "非常ＳＯＲＲＹ"),
        ("c", "还是生气"),
        ("a", "因为系统。抱歉"),
    ];
    for (mode, expected) in [
        (
            "must each",
            "applicable not-shown 1/2; applies 0:2-4 angry: 生气; applies 0:6-8 angry: 投诉; applies 3:2-4 angry: 生气; shown 2:2-7 sorry: sorry",
        ),
        (
            "must any",
            "applicable shown 1/2; applies 0:2-4 angry: 生气; applies 0:6-8 angry: 投诉; applies 3:2-4 angry: 生气; shown 2:2-7 sorry: sorry",
        ),
        (
            "must first",
            "applicable shown 1/2; applies 0:2-4 angry: 生气; applies 0:6-8 angry: 投诉; applies 3:2-4 angry: 生气; shown 2:2-7 sorry: sorry",
        ),
    ] {
        assert_eq!(answer(&FEELING.replace("MODE", mode), &said), expected, "{mode}");
    }
    assert_eq!(answer(&FEELING.replace("MODE", ""), &[("c", "你好"), ("a", "抱歉")]), "no not-shown 0/0");
}

#[test]
fn system_turns_do_not_count() {
    let near =
        "behaviour b { applies when customer says \"x\" shown when agent says \"y\" within 1 turn after it }";
    assert_eq!(
        answer(near, &[("c", "x"), ("s", "ding"), ("s", "dong"), ("a", "y")]),
        "applicable shown 1/1; applies 0:0-1 x; shown 3:0-1 y"
    );
    assert_eq!(
        answer(near, &[("c", "x"), ("c", "so"), ("a", "y")]),
        "applicable not-shown 0/1; applies 0:0-1 x"
    );
}

#[test]
fn a_prohibition_is_each_agents_own() {
    let rules = "behaviour b { prohibited offence when agent says \"你自己\" }";
    assert_eq!(
        answer(rules, &[("a", "您好"), ("c", "嗯"), ("a2", "是你自己弄的")]),
        "applicable not-shown 1/2; breach 2:1-4 你自己"
    );
    assert_eq!(answer(rules, &[("a", "您好"), ("c", "是你自己")]), "applicable shown 1/1");
    assert_eq!(answer(rules, &[("c", "喂")]), "no not-shown 0/0");
}

#[test]
fn occasions_belong_to_the_agent_who_answers() {
    let rules = RuleSet::compile(&[Source {
        name: "",
        text: "behaviour b { applies when customer says \"急\" shown when agent says \"马上\" after it }",
    }])
    .unwrap();
    let turns = turns(&[("a", "您好"), ("c", "我急"), ("s", "转接"), ("a2", "马上"), ("c", "很急")]);
    let conversation = Conversation { turns: &turns, fields: &[] };
    let inspection = rules.inspect(&conversation, &mut Scratch::default());
    let occasions = inspection.occasions(&inspection.observations()[0]);
    let owners: Vec<_> =
        occasions.iter().map(|occasion| (occasion.participant(&conversation), occasion.shown)).collect();
    assert_eq!(owners, [(Some("a2"), true), (Some("a2"), false)]);
}

#[test]
fn words_stand_alone_and_parts_need_not() {
    for (item, text, expected) in [
        ("\"pin\"", "my PIN码 opinion", "shown 0:3-6 pin"),
        ("part \"pin\"", "opinion", "shown 0:1-4 part pin"),
        ("exactly \"好的\"", "，好的！", "shown 0:1-3 exactly 好的"),
        ("\"24小时\" followed by \"回电\" within 3 characters", "24小时内给回电", "shown 0:0-8 24小时"),
        ("sounds like \"宽带测速\"", "要款待侧素", "shown 0:1-5 sounds like 宽带测速"),
        ("spelled like \"broadband\" off by 1", "the brodband", "shown 0:4-12 spelled like broadband"),
        ("/退.{0,4}款/", "退一下款", "shown 0:0-4 /退.{0,4}款/"),
    ] {
        let found = answer(&format!("behaviour b {{ shown when agent says {item} }}"), &[("a", text)]);
        assert!(found.ends_with(expected) && found.matches(';').count() == 1, "{item}: {found}");
    }
}

#[test]
fn work_without_bound_is_reported_as_undecided() {
    let rules = "behaviour costly { applies when anyone says \"a\" shown when anyone says \"a\" where (anyone says \"a\" where (anyone says \"a\" before that)) }\n\
        behaviour cheap { prohibited offence when agent says \"z\" }";
    let rules = RuleSet::compile(&[Source { name: "", text: rules }]).unwrap();
    let text = "a ".repeat(400);
    let said: Vec<Said<'_>> = vec![("a", text.as_str()); 4];
    let turns = turns(&said);
    let inspection = rules.inspect(&Conversation { turns: &turns, fields: &[] }, &mut Scratch::default());
    assert_eq!(inspection.undecided(), [0]);
    assert!(inspection.observation(1).is_some_and(|cheap| cheap.shown));
    assert_eq!(inspection.observation(0), None);
}

#[test]
fn one_rule_set_serves_many_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let rules =
        RuleSet::compile(&[Source { name: "", text: "behaviour b { shown when agent says \"您好\" }" }])
            .unwrap();
    shared(&rules);
    let highlights = rules
        .highlights(&Conversation { turns: &turns(&[("a", "您好")]), fields: &[] }, &mut Scratch::default());
    assert_eq!((highlights.len(), highlights[0].reason.as_str()), (1, "您好"));
}
