//! Lists of the gallery.

use kernel::Time;
use maud::{Markup, html};
use messages::Text;

use crate::{
    Cell, Choice, Column, Cx, Empty, FilterBar, Href, Icon, RowAction, Table, TableState, Tone, filter_bar,
    stack, table,
};

struct Row {
    id: u32,
    at: Time,
    agent: &'static str,
    team: &'static str,
    queue: Text,
    seconds: i64,
    uptake: Option<f64>,
    n: u64,
    outcome: (Text, Tone),
}

fn rows(cx: &Cx, many: u32) -> Vec<Row> {
    let agents = ["林晓燕", "王志强", "陈思雨", "刘洋", "欧阳文静"];
    let teams = ["宽带故障一组", "账务二组", "营销外呼组"];
    let queues = [Text::fixed("宽带故障", "Broadband faults"), Text::fixed("账单咨询", "Billing")];
    let outcomes = [
        (Text::fixed("已解决", "Resolved"), Tone::Good),
        (Text::fixed("待回电", "Callback due"), Tone::Warn),
        (Text::fixed("升级投诉", "Escalated"), Tone::Bad),
        (Text::fixed("转办", "Handed over"), Tone::Plain),
    ];
    let pick = |id: u32, length: usize| (id as usize * 7 + id as usize / 3) % length;
    (0..many)
        .map(|id| Row {
            id: 2_026_030_000 + id * 37,
            at: cx.now.plus_seconds(-i64::from(id) * 613),
            agent: agents.get(pick(id, agents.len())).copied().unwrap_or_default(),
            team: teams.get(pick(id, teams.len())).copied().unwrap_or_default(),
            queue: queues.get(pick(id, queues.len())).cloned().unwrap_or_else(|| Text::fixed("", "")),
            seconds: i64::from(id * 97 % 1400 + 34),
            uptake: (id % 9 != 4).then_some(f64::from(id * 13 % 100) / 100.0),
            n: u64::from(id * 5 % 60),
            outcome: outcomes
                .get(pick(id, outcomes.len()))
                .cloned()
                .unwrap_or((Text::fixed("", ""), Tone::Plain)),
        })
        .collect()
}

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("id", Text::fixed("编号", "Id"), |_, row: &Row| Cell::words(row.id.to_string())),
        Column::new("at", Text::fixed("开始", "Start"), |_, row: &Row| Cell::time(Some(row.at))).sortable(),
        Column::new("agent", Text::fixed("客服", "Agent"), |_, row: &Row| {
            Cell::words(row.agent).link(Href::new("/people").segment(row.agent))
        })
        .sortable(),
        Column::new("team", Text::fixed("班组", "Team"), |_, row: &Row| Cell::words(row.team)),
        Column::new("queue", Text::fixed("队列", "Queue"), |_, row: &Row| Cell::text(row.queue.clone())),
        Column::figures("length", Text::fixed("时长", "Length"), |_, row: &Row| {
            Cell::seconds(Some(row.seconds))
        })
        .sortable(),
        Column::figures("uptake", Text::fixed("使用率", "Uptake"), |cx: &Cx, row: &Row| {
            row.uptake.map_or_else(Cell::empty, |ratio| {
                Cell::percent(ratio).note(format!("n={}", cx.count(row.n))).greyed(row.n < 30)
            })
        })
        .sortable()
        .hint(Text::fixed("做到的会话 ÷ 适用的会话", "Conversations where shown ÷ where applicable")),
        Column::new("outcome", Text::fixed("小结", "Outcome"), |_, row: &Row| {
            Cell::text(row.outcome.0.clone()).badge(row.outcome.1)
        }),
        Column::new("note", Text::fixed("摘要", "Summary"), |_, _: &Row| {
            Cell::words("客户宽带中断三天，两次来电未解决；已催单并承诺当天 15:00 前回电。")
        })
        .wraps()
        .hidden(),
    ]
}

fn bar() -> FilterBar {
    let team = |n: u32, zh, en| Choice::new(n.to_string(), Text::fixed(zh, en));
    FilterBar::new()
        .search("q", Text::fixed("内容", "Words"))
        .select(
            "team",
            Text::fixed("班组", "Team"),
            vec![team(1, "宽带故障一组", "Faults 1"), team(2, "账务二组", "Billing 2")],
        )
        .day("from", Text::fixed("从", "From"))
        .day("to", Text::fixed("到", "To"))
        .number("least", Text::fixed("时长不少于", "At least"), Some(Text::fixed("秒", "s")))
        .toggle("gap", Text::fixed("只看有短板的", "Only with gaps"))
}

fn list<'r>(cx: &Cx, id: &'static str, rows: &'r [Row]) -> Table<'r, Row> {
    Table::new(id, Text::fixed("会话", "Conversations"), columns(), rows)
        .state(TableState::read(&cx.here, &["at", "agent", "length", "uptake"]))
        .row_href(|row| Href::new("/conversations").segment(row.id))
        .row_actions(|row| {
            vec![RowAction {
                text: Text::fixed("听", "Listen"),
                href: Href::new("/conversations").segment(row.id).fragment("turn-0"),
                icon: Icon::Play,
            }]
        })
        .empty(
            Empty::new(
                Icon::Conversations,
                Text::fixed("还没有会话", "No conversations yet"),
                Text::fixed(
                    "从 JSONL 或 CSV 导入，几分钟后就能看到每个行为点的使用率。",
                    "Import JSONL or CSV; minutes later you see the uptake of every behaviour.",
                ),
            )
            .action(Text::fixed("导入会话", "Import conversations"), Href::new("/imports/new")),
        )
        .exports()
}

pub(super) fn little(cx: &Cx) -> Markup {
    let cx = Cx {
        here: Href::new("/gallery").with("team", 2).with("gap", 1).with("sort", "-uptake"),
        ..cx.clone()
    };
    let rows = rows(&cx, 5);
    stack(&[filter_bar(&cx, &bar()), table(&cx, &list(&cx, "few", &rows).total(5))])
}

pub(super) fn much(cx: &Cx) -> Markup {
    let rows = rows(cx, 60);
    let list = list(cx, "many", &rows).total(61_408).next(Some("2026030000-60".to_owned()));
    html! { (filter_bar(cx, &bar())) (table(cx, &list)) }
}

pub(super) fn nothing(cx: &Cx) -> Markup {
    let filtered = Cx { here: Href::new("/gallery").with("q", "退订"), ..cx.clone() };
    stack(&[table(cx, &list(cx, "none", &[])), table(&filtered, &list(&filtered, "no-match", &[]))])
}
