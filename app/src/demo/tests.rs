//! The demo centre against its own promises.

use std::collections::BTreeSet;

use jiff::civil::date;
use kernel::Role;

use super::phrases as say;
use super::topics::topics;
use super::write::{FEWEST_TURNS, MOST_TURNS};
use super::{
    AGENTS, Behaviour, Centre, Drills, Line, Made, PLANTED, Plan, Propensities, Speaker, TEAMS, Tally, Truth,
};

const WEEKS: usize = super::WEEKS as usize;

fn centre(seed: u64, conversations: u32) -> Centre {
    Centre::new(Plan { conversations, ..Plan::new(seed, date(2026, 9, 27)) })
}

fn all(centre: &Centre) -> Vec<Made> {
    (0..centre.days()).flat_map(|day| centre.day(day)).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_in_any_order_of_days() {
    let bytes = |days: &[u32]| {
        let centre = centre(7, 1_120);
        let mut lines: Vec<String> = days
            .iter()
            .flat_map(|day| centre.day(*day))
            .map(|made| serde_json::to_string(&made.record).unwrap())
            .collect();
        lines.sort();
        lines
    };
    let forwards: Vec<u32> = (0..112).collect();
    let backwards: Vec<u32> = (0..112).rev().collect();
    assert_eq!(bytes(&forwards), bytes(&backwards));
    let texts = |seed| all(&centre(seed, 112)).into_iter().map(|made| made.record.turns).collect::<Vec<_>>();
    assert_ne!(texts(7), texts(8));
}

#[test]
fn the_organisation_has_its_shape() {
    let centre = centre(1, 0);
    let count = |role| centre.people().iter().filter(|person| person.role == role).count();
    assert_eq!(count(Role::Agent), AGENTS);
    assert_eq!(count(Role::TeamLeader), TEAMS);
    for role in [Role::Planner, Role::Manager, Role::KnowledgeEditor, Role::Administrator, Role::Auditor] {
        assert_eq!(count(role), 1, "{role:?}");
    }
    assert!(count(Role::DrillTrainer) >= 2 && count(Role::QualitySpecialist) >= 2);
    let distinct =
        |of: fn(&super::Person) -> &str| centre.people().iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|person| &person.employee_no), centre.people().len());
    assert_eq!(distinct(|person| &person.name), centre.people().len());
    let codes: BTreeSet<String> = centre.units().into_iter().map(|unit| unit.code).collect();
    for person in centre.people() {
        assert!(person.hired < centre.start(), "{person:?}");
        assert!(person.team.iter().chain(&person.site).all(|code| codes.contains(code)), "{person:?}");
    }
    assert_eq!(codes.len(), 1 + 2 + TEAMS);
}

#[test]
fn volume_is_exact_and_follows_the_week() {
    let centre = centre(3, 6_000);
    let by_day: Vec<usize> = (0..centre.days()).map(|day| centre.day(day).count()).collect();
    assert_eq!(by_day.iter().sum::<usize>(), 6_000);
    let weekday = |offset: usize| by_day.iter().skip(offset).step_by(7).sum::<usize>();
    assert!(weekday(0) > weekday(5) && weekday(5) > weekday(6), "Monday, Saturday, Sunday: {by_day:?}");
    assert_eq!(centre.day(centre.days()).count(), 0);
}

#[test]
fn records_are_whole() {
    let centre = centre(4, 3_000);
    let agents: BTreeSet<&str> =
        centre.people().iter().take(AGENTS).map(|p| p.employee_no.as_str()).collect();
    let queues: BTreeSet<&str> =
        centre.lines().iter().flat_map(|(_, queues)| queues.map(|q| q.code)).collect();
    let mut ids = BTreeSet::new();
    for Made { record, week, outcomes } in all(&centre) {
        assert!(ids.insert(record.id.clone()), "{}", record.id);
        let started: jiff::Timestamp = record.started_at.parse().expect("RFC 3339");
        let local = started.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        assert!(local >= centre.start() && local <= centre.plan().end, "{}", record.started_at);
        assert!(week < WEEKS && agents.contains(record.agent.as_str()) && queues.contains(record.queue));
        assert!(Line::ALL.iter().any(|line| line.code() == record.line_of_business));
        let turns = &record.turns;
        assert!(turns.windows(2).all(|pair| pair[0].t <= pair[1].t), "{turns:?}");
        assert!(turns.windows(2).all(|pair| pair[0].role != pair[1].role), "two turns in a row: {turns:?}");
        assert!(
            turns.iter().all(|turn| !turn.text.is_empty() && !turn.text.contains(['{', '}'])),
            "{turns:?}"
        );
        assert!(turns.last().is_some_and(|turn| turn.t <= f64::from(record.fields.duration_s)));
        let speakers: BTreeSet<_> =
            turns.iter().filter(|t| t.role == Speaker::Agent).map(|t| &t.participant).collect();
        assert_eq!(speakers.len(), if record.fields.transferred_from.is_some() { 2 } else { 1 });
        let pairs: BTreeSet<_> = outcomes.iter().map(|o| (o.agent, o.behaviour)).collect();
        assert_eq!(pairs.len(), outcomes.len(), "an occasion is counted once");
    }
}

#[test]
fn conversations_have_the_length_of_calls_and_do_not_repeat() {
    let made = all(&centre(5, 6_000));
    let lengths: Vec<usize> = made.iter().map(|made| made.record.turns.len()).collect();
    assert!(lengths.iter().all(|length| *length >= FEWEST_TURNS), "{:?}", lengths.iter().min());
    let long = lengths.iter().filter(|length| **length > MOST_TURNS).count();
    assert!(long * 100 <= lengths.len(), "{long} of {} conversations are longer than a call", lengths.len());
    let text = |made: &Made| made.record.turns.iter().map(|turn| turn.text.clone()).collect::<Vec<_>>();
    let distinct: BTreeSet<Vec<String>> = made.iter().map(text).collect();
    assert!(distinct.len() * 100 >= made.len() * 99, "{} of {}", distinct.len(), made.len());
}

#[test]
fn what_came_of_it_adds_up_and_follows_the_propensities() {
    let centre = centre(6, 20_000);
    let mut parts = [Tally::new(WEEKS), Tally::new(WEEKS)];
    for day in 0..centre.days() {
        for made in centre.day(day) {
            for outcome in made.outcomes {
                parts[(day % 2) as usize].add(made.week, outcome);
            }
        }
    }
    let [mut tally, other] = parts;
    tally.merge(&other);
    assert_eq!(tally, centre.tally(), "with and without text");
    for behaviour in Behaviour::ALL {
        let (mut applicable, mut shown, mut expected) = (0, 0, 0.0);
        for agent in 0..AGENTS {
            let count = tally.over(agent, behaviour, 0..WEEKS);
            applicable += count.applicable;
            shown += count.shown;
            let rate = centre.propensities().over(&tally, agent, behaviour, 0..WEEKS).unwrap_or(0.0);
            expected += rate * f64::from(count.applicable);
        }
        assert!(shown <= applicable && applicable > 500, "{}: {applicable}", behaviour.name());
        let spread = f64::from(applicable).sqrt() * 0.5;
        assert!(
            (f64::from(shown) - expected).abs() < 4.5 * spread,
            "{}: {shown} for {expected}",
            behaviour.name()
        );
    }
    assert_eq!(
        tally.over(0, Behaviour::NoBlame, 0..99).applicable,
        0,
        "weeks that are not there hold nothing"
    );
}

#[test]
fn gaps_are_planted_where_the_truth_says() {
    let centre = centre(9, 0);
    let planted = &centre.propensities().planted;
    assert!(planted.iter().any(|gap| gap.team.is_some()) && planted.iter().any(|gap| gap.agent.is_some()));
    for gap in planted {
        let agents = match (gap.team, gap.agent) {
            (Some(team), None) => team * super::TEAM_SIZE..(team + 1) * super::TEAM_SIZE,
            (None, Some(agent)) => agent..agent + 1,
            other => panic!("a gap of {other:?}"),
        };
        assert!(!gap.behaviour.is_prohibition());
        for agent in agents {
            let lift = lift(centre.propensities(), agent, gap.behaviour);
            let plain: Vec<f64> = (0..WEEKS)
                .map(|week| centre.propensities().at(agent, gap.behaviour, week) - lift[week])
                .collect();
            let late = plain[WEEKS - 4..].iter().sum::<f64>() / 4.0;
            assert!((late - PLANTED).abs() < 0.005, "the season of the last four weeks is none: {plain:?}");
            assert!(plain.iter().all(|share| (share - PLANTED).abs() < 0.12), "{plain:?}");
        }
    }
    let truth = centre.truth(centre.tally());
    let text = serde_json::to_string(&truth).unwrap();
    assert_eq!(serde_json::from_str::<Truth>(&text).unwrap(), truth);
    assert!(text.contains("price_before_consent"));
}

/// What drills changed for somebody, by week.
fn lift(propensities: &Propensities, agent: usize, behaviour: Behaviour) -> Vec<f64> {
    let mut sum = vec![0.0; WEEKS];
    for drill in propensities.drills.iter().filter(|drill| drill.behaviour == behaviour) {
        for person in drill.drilled.iter().filter(|person| person.agent == agent) {
            sum.iter_mut().zip(&person.lift).for_each(|(sum, lift)| *sum += lift);
        }
    }
    sum
}

#[test]
fn drills_change_what_the_truth_says_and_nothing_else() {
    let plan = Plan { conversations: 80_000, ..Plan::new(11, date(2026, 9, 27)) };
    let (with, without) = (Centre::new(plan), Centre::new(Plan { drills: Drills::None, ..plan }));
    let (drilled, plain) = (with.propensities(), without.propensities());
    assert_eq!(drilled.drills.len(), 7);
    assert!(plain.drills.is_empty());
    for agent in 0..AGENTS {
        for behaviour in Behaviour::ALL {
            let lift = lift(drilled, agent, behaviour);
            for (week, lift) in lift.into_iter().enumerate() {
                let change = drilled.at(agent, behaviour, week) - plain.at(agent, behaviour, week);
                assert!((change - lift).abs() < 1e-9, "{agent} {behaviour:?} {week}: {change}");
            }
        }
    }
    let (before, after) = (without.tally(), with.tally());
    for drill in &drilled.drills {
        assert!(
            drill.drilled.len() >= 5
                && drill.drilled.iter().all(|person| drill.members.contains(&person.agent))
        );
        for person in &drill.drilled {
            assert_eq!(person.day / 7, person.week);
            assert!(person.week > drill.selection.1, "selected before they were drilled");
            assert!(
                person.lift[..=person.week].iter().all(|lift| *lift == 0.0),
                "no jump in the week of the drill"
            );
            assert!(person.lift.iter().all(|lift| *lift <= drill.effect));
            let until = 0..person.week + 1;
            assert_eq!(
                before.over(person.agent, drill.behaviour, until.clone()),
                after.over(person.agent, drill.behaviour, until)
            );
        }
    }
    let is = |test: fn(&super::PlantedDrill) -> bool| drilled.drills.iter().any(test);
    assert!(is(|drill| drill.effect == 0.0) && is(|drill| drill.effect >= 0.2) && is(|drill| drill.fades));
    assert!(is(|drill| drill.drilled.len() < drill.members.len()), "somebody is never drilled");
    assert!(is(|drill| drill.drilled.iter().any(|person| person.week != drill.drilled[0].week)), "staggered");
    let fading = drilled.drills.iter().find(|drill| drill.fades).expect("a relapse");
    assert!(fading.drilled[0].lift[WEEKS - 1] < fading.drilled[0].lift[fading.drilled[0].week + 1]);
}

#[test]
fn those_chosen_by_their_uptake_had_the_worst_weeks() {
    let plan = Plan { drills: Drills::Every, ..Plan::new(12, date(2026, 9, 27)) };
    let centre = Centre::new(plan);
    let tally = centre.tally();
    assert_eq!(centre.propensities().drills.len(), Behaviour::ALL.len());
    for drill in &centre.propensities().drills {
        let rate = |agent: usize| {
            let count = tally.over(agent, drill.behaviour, drill.selection.0..drill.selection.1 + 1);
            (count.applicable >= 20).then(|| f64::from(count.shown) / f64::from(count.applicable))
        };
        let worst = drill.members.iter().filter_map(|agent| rate(*agent)).fold(0.0, f64::max);
        let others = (0..AGENTS).filter(|agent| !drill.members.contains(agent)).filter_map(rate);
        assert!(others.fold(1.0, f64::min) >= worst, "{:?}", drill.behaviour);
    }
}

#[test]
fn a_season_is_common_and_a_short_centre_has_the_drills_that_fit() {
    let centre = centre(13, 0);
    for seasons in &centre.propensities().seasons {
        assert!(seasons.len() == WEEKS && seasons.iter().all(|season| season.abs() <= 0.44), "{seasons:?}");
    }
    let weeks = |weeks| {
        let plan = Plan { weeks, conversations: 0, ..Plan::new(13, date(2026, 9, 27)) };
        Centre::new(plan).propensities().drills.len()
    };
    assert_eq!([weeks(1), weeks(12), weeks(14), weeks(20)], [0, 6, 7, 7]);
}

#[test]
fn every_behaviour_has_enough_ways() {
    for (name, ways) in tables() {
        let (situations, shown, missed) = (ways.situations.len(), ways.shown.len(), ways.missed.len());
        assert!(shown >= 12 && missed >= 8, "{name}: {shown} shown, {missed} missed");
        assert!(situations >= 8 || situations == 0, "{name}: {situations} situations");
        let all: BTreeSet<_> = ways.shown.iter().chain(ways.missed).collect();
        assert_eq!(all.len(), shown + missed, "{name} repeats itself");
    }
    assert!(topics().filter(|topic| !topic.sums.is_empty()).count() >= 8);
    assert!(topics().filter(|topic| !topic.discloses.is_empty()).count() >= 5);
    for topic in topics() {
        assert!(topic.sums.is_empty() || topic.sums.len() == topic.opens.len(), "{}", topic.code);
        let endings = topic.endings;
        let sum = endings.settled + endings.order + endings.callback + endings.declined + endings.sale;
        assert_eq!(sum, 100, "{}", topic.code);
    }
}

fn tables() -> [(&'static str, &'static say::Ways); 12] {
    [
        ("greeting_with_name", &say::GREETING_WITH_NAME),
        ("acknowledge_feeling", &say::ACKNOWLEDGE_FEELING),
        ("check_understanding", &say::CHECK_UNDERSTANDING),
        ("confirm_callback_time", &say::CONFIRM_CALLBACK_TIME),
        ("verify_identity", &say::VERIFY_IDENTITY),
        ("no_forbidden_phrases", &say::NO_FORBIDDEN_PHRASES),
        ("no_blame", &say::NO_BLAME),
        ("clear_next_step", &say::CLEAR_NEXT_STEP),
        ("closing_question", &say::CLOSING_QUESTION),
        ("explain_hold", &say::EXPLAIN_HOLD),
        ("offer_alternative", &say::OFFER_ALTERNATIVE),
        ("price_before_consent", &say::PRICE_BEFORE_CONSENT),
    ]
}

/// Everything an agent can say, by where it stands.
fn agent_phrases() -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for (name, ways) in tables() {
        all.extend(ways.shown.iter().map(|phrase| (format!("{name}.shown"), *phrase)));
        all.extend(ways.missed.iter().map(|phrase| (format!("{name}.missed"), *phrase)));
    }
    for (name, ways) in tables().into_iter().filter(|(name, _)| AGENT_SITUATIONS.contains(name)) {
        all.extend(ways.situations.iter().map(|phrase| (format!("{name}.situations"), *phrase)));
    }
    for (name, phrases) in [
        ("hold", say::HOLD_THANKS),
        ("hold", say::HOLD_RETURN),
        ("take_over", say::TAKE_OVER),
        ("chat_opening", say::CHAT_OPENING),
        ("outbound_reason", say::OUTBOUND_REASON),
        ("receipt", say::RECEIPT),
        ("after_hold", say::AFTER_HOLD),
        ("done", say::DONE),
        ("respect", say::RESPECT),
        ("fillers", say::AGENT_FILLERS),
    ] {
        all.extend(phrases.iter().map(|phrase| (name.to_owned(), *phrase)));
    }
    let replies = say::SMALL_TALK.iter().chain(say::TRANSFER).map(|(_, agent)| *agent);
    let leads = say::LISTEN.iter().chain(say::OUTBOUND_OPENING).map(|(agent, _)| *agent);
    all.extend(replies.chain(leads).map(|phrase| ("asides".to_owned(), phrase)));
    all.extend(say::PRICE_TOO_LATE.iter().map(|(_, agent)| ("price_too_late".to_owned(), *agent)));
    for topic in topics() {
        all.extend(topic.questions.iter().map(|(agent, _)| (format!("{}.questions", topic.code), *agent)));
        all.extend(topic.settles.iter().map(|(agent, _)| (format!("{}.settles", topic.code), *agent)));
        all.extend(topic.discloses.iter().map(|phrase| ("discloses".to_owned(), *phrase)));
        all.extend(topic.sums.iter().map(|phrase| ("sums".to_owned(), *phrase)));
    }
    all
}

/// Behaviours whose situation is brought about by the agent.
const AGENT_SITUATIONS: [&str; 6] = [
    "confirm_callback_time",
    "clear_next_step",
    "closing_question",
    "explain_hold",
    "offer_alternative",
    "price_before_consent",
];

/// Everything a customer can say.
fn customer_phrases() -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for (name, phrases) in [
        ("greeting", say::GREETING_WITH_NAME.situations),
        ("feelings", say::ACKNOWLEDGE_FEELING.situations),
        ("feelings", say::FAULT_FEELING),
        ("feelings", say::MONEY_FEELING),
        ("feelings", say::OUTBOUND_FEELING),
        ("plain", say::NO_FORBIDDEN_PHRASES.situations),
        ("plain", say::NO_BLAME.situations),
        ("yes", say::YES),
        ("nothing_more", say::NOTHING_MORE),
        ("abrupt", say::ABRUPT),
        ("abrupt", say::CHAT_ABRUPT),
        ("consent", say::CONSENT),
        ("consent", say::NO_CONSENT),
        ("identity", say::IDENTITY),
        ("identity", say::PASSWORD),
        ("identity", say::NUMBER),
        ("right", say::RIGHT),
        ("reaction", say::REACTION),
        ("what_next", say::WHAT_NEXT),
        ("refused", say::REFUSED),
        ("time_ok", say::TIME_OK),
    ] {
        all.extend(phrases.iter().map(|phrase| (name.to_owned(), *phrase)));
    }
    let asides =
        say::SMALL_TALK.iter().chain(say::TRANSFER).chain(say::PRICE_TOO_LATE).map(|(customer, _)| *customer);
    let answers = say::LISTEN.iter().chain(say::OUTBOUND_OPENING).map(|(_, customer)| *customer);
    all.extend(asides.chain(answers).map(|phrase| ("asides".to_owned(), phrase)));
    for topic in topics() {
        let open = if topic.sums.is_empty() { "requests" } else { "problems" };
        all.extend(topic.opens.iter().map(|phrase| (open.to_owned(), *phrase)));
        let answers = topic.questions.iter().chain(topic.settles).map(|(_, customer)| *customer);
        all.extend(answers.chain(topic.wishes.iter().copied()).map(|phrase| (topic.code.to_owned(), phrase)));
    }
    all
}

/// Words that reveal something, and where alone they may stand.
#[track_caller]
fn only_in(phrases: &[(String, &'static str)], homes: &[&str], words: &[&str]) {
    let strays: Vec<String> = phrases
        .iter()
        .filter(|(home, phrase)| {
            !homes.contains(&home.as_str()) && words.iter().any(|word| phrase.contains(word))
        })
        .map(|(home, phrase)| format!("{home}: {phrase}"))
        .collect();
    assert!(strays.is_empty(), "outside {homes:?}, {words:?}: {strays:#?}");
}

#[test]
fn agents_reveal_a_behaviour_only_where_they_show_it() {
    let said = agent_phrases();
    let feeling = &[
        "理解",
        "抱歉",
        "对不起",
        "不好意思",
        "心情",
        "着急",
        "道歉",
        "感受",
        "委屈",
        "操心",
        "受累",
        "上火",
        "体会",
        "担心",
        "生气",
        "情绪",
        "不便",
    ];
    only_in(&said, &["acknowledge_feeling.shown"], feeling);
    let checks = &[
        "对吗",
        "对吧",
        "是这样吗",
        "是这样的吗",
        "没错吧",
        "对不对",
        "您的意思是",
        "您是说",
        "也就是说",
        "总结一下",
        "复述",
        "重复一遍",
        "我跟您确认",
        "是不是这样",
        "没听错",
    ];
    only_in(&said, &["check_understanding.shown"], checks);
    let calls = &[
        "回电",
        "回您电话",
        "回个电话",
        "打给您",
        "打过去",
        "回拨",
        "联系您",
        "回复您",
        "致电您",
        "打电话告诉",
    ];
    only_in(&said, &["confirm_callback_time.shown", "confirm_callback_time.missed"], calls);
    only_in(&said, &["verify_identity.shown"], &["身份证", "服务密码", "证件号", "末四位", "姓名", "贵姓"]);
    let orders = &["工单", "登记一", "派单", "提交上去", "我来提交", "升级", "上报", "派个单子", "反馈给"];
    only_in(&said, &["clear_next_step.situations"], orders);
    only_in(
        &said,
        &["closing_question.shown"],
        &["其他", "别的", "还有什么", "还需要", "还有没有", "除此之外"],
    );
    only_in(&said, &["closing_question.situations"], &["再见", "拜拜", "再会"]);
    let holds = &["稍等", "等一下", "等我", "别挂", "不要挂", "稍候", "在线等"];
    only_in(&said, &["explain_hold.shown", "explain_hold.missed", "explain_hold.situations", "hold"], holds);
    let refusals = &[
        "办不了",
        "不支持",
        "做不到",
        "不可以",
        "通过不了",
        "不能",
        "参加不了",
        "无法操作",
        "这个不行",
        "不提供",
        "没办法",
    ];
    only_in(&said, &["offer_alternative.situations"], refusals);
    only_in(&said, &["price_before_consent.situations"], &["开通", "办理", "办上", "帮您办", "生效"]);
    let homes = ["price_before_consent.shown", "price_too_late", "discloses", "sums"];
    only_in(&said, &homes, &["元", "块钱", "}块", "月租", "月费", "合约"]);
    only_in(&said, &["discloses", "sums"], &["余额", "欠费", "您的账单", "您的订单", "积分，"]);
}

#[test]
fn customers_bring_a_situation_about_only_where_it_is_meant() {
    let said = customer_phrases();
    let feelings = &[
        "投诉",
        "气",
        "急",
        "烦",
        "担心",
        "受不了",
        "失望",
        "无语",
        "过分",
        "忍",
        "恼火",
        "寒心",
        "不像话",
        "害怕",
        "焦虑",
        "不踏实",
    ];
    only_in(&said, &["feelings"], feelings);
    let problems = &[
        "断",
        "连不上",
        "打不开",
        "上不了",
        "掉线",
        "信号",
        "多扣",
        "多收",
        "没到账",
        "没来",
        "没到",
        "没收到",
        "收不到",
        "坏",
        "黑屏",
        "花屏",
        "不对",
        "没兑现",
        "莫名其妙",
        "很慢",
        "卡得",
        "卡住",
        "没声音",
        "没反应",
    ];
    only_in(&said, &["problems"], problems);
    let unsaid: Vec<_> = said
        .iter()
        .filter(|(home, _)| home == "feelings")
        .filter(|(_, p)| !feelings.iter().any(|w| p.contains(w)))
        .collect();
    assert!(unsaid.len() * 4 < said.iter().filter(|(home, _)| home == "feelings").count(), "{unsaid:?}");
    only_in(&said, &["abrupt"], &["先挂", "开会了", "先不说"]);
}

#[test]
fn greeting_with_name_says_who_and_missing_it_does_not() {
    let own = ["{no}", "{nick}", "{full}", "{asur}"];
    let says_who = |phrase: &&str| own.iter().any(|slot| phrase.contains(slot));
    assert!(say::GREETING_WITH_NAME.shown.iter().all(says_who));
    assert!(!say::GREETING_WITH_NAME.missed.iter().any(says_who));
}

#[test]
fn a_promise_kept_names_a_time_and_asks_and_a_clear_step_names_who_and_when() {
    let asks = |phrase: &&str| phrase.contains("{when}") && phrase.contains('？');
    assert!(say::CONFIRM_CALLBACK_TIME.shown.iter().all(asks));
    assert!(!say::CONFIRM_CALLBACK_TIME.missed.iter().any(asks));
    let clear = |phrase: &&str| phrase.contains("{who}") && phrase.contains("{due}");
    assert!(say::CLEAR_NEXT_STEP.shown.iter().all(clear));
    assert!(!say::CLEAR_NEXT_STEP.missed.iter().any(clear));
    let priced = |phrase: &&str| phrase.contains("{fee}");
    assert!(say::PRICE_BEFORE_CONSENT.shown.iter().all(priced));
    assert!(!say::PRICE_BEFORE_CONSENT.missed.iter().any(priced));
    let timed = |phrase: &&str| phrase.contains("{min}");
    assert!(say::EXPLAIN_HOLD.shown.iter().all(timed));
    assert!(!say::EXPLAIN_HOLD.missed.iter().any(timed));
}

#[test]
fn numbers_are_spoken_as_people_speak_them() {
    for (number, words) in [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (38, "三十八"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (119, "一百一十九"),
        (287, "二百八十七"),
    ] {
        assert_eq!(super::fill::in_words(number), words);
    }
}
