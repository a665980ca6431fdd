//! Made-up data for the gallery.

use kernel::Time;
use maud::html;
use messages::Text;

use crate::{
    Actor, Cx, Empty, Href, Icon, Mark, MarkKind, NavEntry, NavGroup, TimelineEntry, TodayItem, Tone, Turn,
    TurnRole, UptakeCell, UptakeColumn, UptakeMap, UptakeRow, Urgency, chart::Interval,
};

impl Cx {
    /// A context with a reader, a navigation and a fixed moment, for galleries and tests.
    pub fn sample(lang: messages::Lang) -> Cx {
        // 2026-03-02 16:20 in Shanghai.
        let now = Time(1_772_439_600_000_000);
        Cx {
            actor: Some(Actor {
                name: "周国强".to_owned(),
                roles: vec![Text::fixed("运营经理", "Operations manager")],
            }),
            is_demo: true,
            nav: navigation(),
            ..Cx::new(lang, Href::new("/system/gallery"), now)
        }
    }
}

fn navigation() -> Vec<NavEntry> {
    let entry = |group, order, text, href: &'static str, icon| NavEntry {
        group,
        text,
        href: Href::new(href),
        icon,
        permission: None,
        order,
    };
    vec![
        entry(NavGroup::Today, 1, Text::fixed("今日", "Today"), "/", Icon::Today),
        entry(
            NavGroup::Listen,
            1,
            Text::fixed("会话", "Conversations"),
            "/conversations",
            Icon::Conversations,
        ),
        entry(NavGroup::Listen, 2, Text::fixed("使用率地图", "Uptake map"), "/uptake", Icon::Map),
        entry(NavGroup::Improve, 1, Text::fixed("短板", "Gaps"), "/gaps", Icon::Gap),
        entry(NavGroup::Improve, 2, Text::fixed("练兵看板", "Drill board"), "/drills", Icon::Drill),
        entry(NavGroup::Manage, 1, Text::fixed("行为与规则", "Behaviours"), "/behaviours", Icon::Rule),
        entry(NavGroup::Manage, 2, Text::fixed("人员", "People"), "/people", Icon::People),
        entry(NavGroup::Manage, 3, Text::fixed("组织", "Units"), "/units", Icon::Units),
        entry(NavGroup::Manage, 4, Text::fixed("导入", "Import"), "/imports", Icon::Import),
        entry(NavGroup::Manage, 9, Text::fixed("系统", "System"), "/system", Icon::System),
    ]
}

pub(super) fn today(now: Time) -> Vec<TodayItem> {
    let item = |urgency, text, detail, hours: Option<i64>, action| TodayItem {
        urgency,
        text,
        detail,
        deadline: hours.map(|hours| now.plus_seconds(hours * 3600)),
        href: Href::new("/gaps/3"),
        action,
    };
    vec![
        item(
            Urgency::Week,
            Text::fixed("2 条规则的示例未通过", "Examples of 2 rules fail"),
            Some(Text::fixed("确认理解 · 结束语", "Checking understanding · Closing question")),
            None,
            Text::fixed("修改", "Edit"),
        ),
        item(
            Urgency::Now,
            Text::fixed(
                "宽带故障一组“安抚情绪”低于目标 23 个百分点",
                "Faults 1 is 23 pp below target on “acknowledging feeling”",
            ),
            Some(Text::fixed(
                "近 4 周 412 通适用，预计每周影响 96 通",
                "412 calls in 4 weeks, about 96 a week affected",
            )),
            Some(-26),
            Text::fixed("看短板", "See the gap"),
        ),
        item(
            Urgency::Today,
            Text::fixed("导入有 3 行需要处理", "3 imported rows need a decision"),
            None,
            Some(2),
            Text::fixed("处理", "Decide"),
        ),
    ]
}

pub(super) fn history(cx: &Cx) -> Vec<TimelineEntry> {
    let entry = |hours: i64, tone, title: &'static str, detail: Option<&'static str>| TimelineEntry {
        at: cx.now.plus_seconds(-hours * 3600),
        tone,
        title: html! { (title) },
        detail: detail.map(|detail| html! { (detail) }),
    };
    vec![
        entry(1, Tone::Good, "周国强 确认了匹配", Some("规则：确认理解，第 3 版")),
        entry(30, Tone::Info, "规则第 3 版重跑", None),
        entry(54, Tone::Plain, "导入自 2026-03-01.jsonl", Some("第 417 行")),
    ]
}

pub(super) fn turns() -> Vec<Turn> {
    use MarkKind::{Applies, Breach, Search, Shown};
    type Said = (
        TurnRole,
        Option<&'static str>,
        i64,
        &'static str,
        &'static [(&'static str, MarkKind, &'static str, &'static str)],
    );
    let said: [Said; 6] = [
        (TurnRole::System, None, 0, "来电接入：宽带故障队列", &[]),
        (
            TurnRole::Agent,
            Some("林晓燕"),
            2_100,
            "您好，客服林晓燕为您服务，请问有什么可以帮您？",
            &[
                ("您好", Shown, "报姓名问候", "开头 1 轮内：您好"),
                ("客服林晓燕为您服务", Shown, "报姓名问候", "报姓名：客服…为您服务"),
            ],
        ),
        (
            TurnRole::Customer,
            None,
            9_400,
            "我家宽带都断了三天了，打了两次电话都没人来，你们到底管不管？我真的很着急，孩子要上网课。",
            &[
                ("打了两次电话都没人来", Applies, "先安抚再解释", "客户表达不满：没人来"),
                ("没人来，你们到底管不管", Applies, "先安抚再解释", "客户表达不满：到底管不管"),
                ("很着急", Search, "搜索", ""),
            ],
        ),
        (
            TurnRole::Agent,
            Some("林晓燕"),
            22_800,
            "这个不是我们部门的问题，您要找装维。",
            &[("不是我们部门的问题", Breach, "不推诿", "不是我们…的问题")],
        ),
        (
            TurnRole::Agent,
            Some("林晓燕"),
            31_000,
            "断了三天确实耽误事，换我也着急。我现在就帮您催单，今天下午三点前给您回电，您看可以吗？\n您的号码还是 138****5521，对吗？",
            &[
                ("确实耽误事，换我也着急", Shown, "先安抚再解释", "承认感受：确实耽误事、换我也着急"),
                ("今天下午三点前给您回电", Shown, "确认回电时间", "时间 + 回电"),
            ],
        ),
        (TurnRole::Customer, None, 48_000, "行，那我等你电话。", &[]),
    ];
    said.into_iter()
        .enumerate()
        .map(|(index, (role, speaker, at_ms, text, marks))| Turn {
            index,
            role,
            speaker: speaker.map(str::to_owned),
            at_ms: Some(at_ms),
            text: text.to_owned(),
            marks: marks
                .iter()
                .map(|(words, kind, label, reason)| mark(text, words, *kind, label, reason))
                .collect(),
        })
        .collect()
}

fn mark(text: &str, words: &str, kind: MarkKind, label: &str, reason: &str) -> Mark {
    let start = text.split(words).next().unwrap_or_default().chars().count();
    Mark {
        start,
        end: start + words.chars().count(),
        kind,
        label: label.to_owned(),
        reason: reason.to_owned(),
    }
}

pub(super) fn map(people: usize) -> UptakeMap {
    let names =
        ["林晓燕", "王志强", "陈思雨", "刘洋", "赵敏", "孙立军", "周婷婷", "吴昊", "郑爽爽", "欧阳文静"];
    let behaviours = [
        ("报姓名问候", "Greeting with name"),
        ("先安抚再解释", "Acknowledging feeling"),
        ("确认理解", "Checking understanding"),
        ("确认回电时间", "Confirming callback"),
        ("核身后披露", "Verify before disclosing"),
        ("不推诿", "No blame"),
        ("明确下一步", "A clear next step"),
        ("结束前询问", "Closing question"),
    ];
    let cell = |row: usize, column: usize| {
        // A fixed scramble: the same picture every time.
        let seed = (row * 7919 + column * 104_729 + row * column * 31) % 1000;
        let n = (seed * 37 % 180) as u64;
        let value = 0.45 + (seed % 55) as f64 / 100.0;
        let half = 1.96 * (value * (1.0 - value) / (n.max(1) as f64)).sqrt();
        let interval = Interval {
            value,
            low: (value - half).max(0.0),
            high: (value + half).min(1.0),
            target: Some(0.85),
        };
        UptakeCell {
            interval: (n > 0 && !seed.is_multiple_of(29)).then_some(interval),
            n,
            change: (!seed.is_multiple_of(3)).then_some((seed % 17) as f64 / 100.0 - 0.08),
            small: n < 30,
            href: Some(Href::new("/conversations").with("agent", row).with("behaviour", column)),
        }
    };
    UptakeMap {
        caption: Text::fixed("近 4 周各人各行为点的使用率", "Uptake per person and behaviour, last 4 weeks"),
        columns: behaviours
            .iter()
            .map(|(zh, en)| UptakeColumn {
                label: Text::fixed(zh, en),
                definition: Some(Text::fixed(
                    "做到的会话 ÷ 适用的会话",
                    "Conversations where shown ÷ where applicable",
                )),
                href: Some(Href::new("/behaviours/1")),
                target: Some(0.85),
            })
            .collect(),
        rows: names
            .iter()
            .cycle()
            .take(people)
            .enumerate()
            .map(|(row, name)| UptakeRow {
                label: (*name).to_owned(),
                href: Some(Href::new("/people").segment(row)),
                note: Some(format!("{} 组", row / 10 + 1)),
                cells: (0..behaviours.len()).map(|column| cell(row, column)).collect(),
            })
            .collect(),
        least_n: 30,
        empty: Empty::new(
            Icon::Map,
            Text::fixed("还没有数据", "No data yet"),
            Text::fixed(
                "导入会话并启用规则后，这里显示每个人每个行为点的使用率。",
                "Import conversations and use some rules; then this shows who does what.",
            ),
        ),
    }
}
