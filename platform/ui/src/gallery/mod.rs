//! Every component with little and with much in it: to look at, to test, to copy from.

use maud::{Markup, html};
use messages::Text;

use crate::{
    Cx, Empty, Href, Icon, JobState, Kpi, Page, Progress, Tab, TimelineEntry, Toast, Tone, Value, Weight,
    badge, bare, chart::Interval, dialog, dialog_button, drawer, empty_state, facts, grid, kpi, kpi::Good,
    line, link_button, meter, notice, post_button, progress, section, shell, split, stack, tabs, timeline,
    toast, today_list, transcript, uptake_map,
};

mod charts;
mod forms;
mod lists;
mod sample;

/// The page with every component.
pub fn gallery(cx: &Cx) -> Markup {
    let parts = [
        titled(cx, &Text::fixed("今日", "Today"), &today_list(cx, &sample::today(cx.now))),
        titled(cx, &Text::fixed("今日：没有事", "Today: nothing"), &today_list(cx, &[])),
        titled(cx, &Text::fixed("指标卡", "Figures"), &figures(cx)),
        titled(cx, &Text::fixed("筛选与表格", "Filters and a table"), &lists::little(cx)),
        titled(cx, &Text::fixed("空表与无结果", "An empty table, and no match"), &lists::nothing(cx)),
        titled(cx, &Text::fixed("标签、按钮、提示", "Tags, buttons, notices"), &small(cx)),
        titled(cx, &Text::fixed("表单", "A form"), &forms::plain(cx)),
        titled(cx, &Text::fixed("表单：需要修改", "A form to put right"), &forms::failed(cx)),
        titled(cx, &Text::fixed("表单：两人同时编辑", "A form two people edited"), &forms::conflict(cx)),
        titled(cx, &Text::fixed("进度", "Progress"), &jobs(cx)),
        titled(cx, &Text::fixed("对话内容", "Transcript"), &transcript(cx, &sample::turns())),
        titled(cx, &Text::fixed("使用率地图", "Uptake map"), &uptake_map(cx, &sample::map(6))),
        titled(cx, &Text::fixed("时间线与事实", "Timeline and facts"), &history(cx)),
        titled(cx, &Text::fixed("图表", "Charts"), &charts::all(cx)),
        titled(cx, &Text::fixed("图标", "Icons"), &icons()),
    ];
    let actions = html! {
        (link_button(cx, Weight::Plain, &Text::fixed("导出", "Export"), &Href::new("/gallery"), Some(Icon::Export)))
        (link_button(cx, Weight::Primary, &Text::fixed("新建规则", "New rule"), &Href::new("/gallery"), Some(Icon::Plus)))
    };
    let page = Page::new(Text::fixed("组件一览", "Every component"), stack(&parts))
        .crumb(Text::fixed("系统", "System"), Href::new("/system"))
        .lead(Text::fixed(
            "每个组件各有少量与大量数据两种样子",
            "Each component with little and with much in it",
        ))
        .actions(actions);
    shell(cx, &page)
}

/// Whole pages as they will look, by name: what the example writes beside the gallery.
pub fn sample_pages(cx: &Cx) -> Vec<(&'static str, Markup)> {
    let page = |title: Text, path: &'static str, body: &dyn Fn(&Cx) -> Markup| {
        let cx = Cx {
            here: Href::of_request(path, cx.here.query().is_empty().then_some("team=2&from=2026-02-01")),
            ..cx.clone()
        };
        shell(&cx, &Page::new(title, body(&cx)))
    };
    let plain = Cx { here: Href::new("/login"), ..cx.clone() };
    vec![
        ("gallery", gallery(cx)),
        ("list", page(Text::fixed("会话", "Conversations"), "/conversations", &lists::much)),
        (
            "conversation",
            page(
                Text::fixed("会话 2026030200417", "Conversation 2026030200417"),
                "/conversations/417",
                &conversation,
            ),
        ),
        (
            "map",
            page(Text::fixed("使用率地图", "Uptake map"), "/uptake", &|cx| {
                uptake_map(cx, &sample::map(40))
            }),
        ),
        ("today", page(Text::fixed("今日", "Today"), "/", &home)),
        ("login", bare(&plain, &Page::new(Text::fixed("登录", "Log in"), forms::log_in(cx)))),
    ]
}

fn titled(cx: &Cx, title: &Text, body: &Markup) -> Markup {
    html! { section { h2 { (cx.tr(title)) } (body) } }
}

fn home(cx: &Cx) -> Markup {
    stack(&[figures(cx), today_list(cx, &sample::today(cx.now)), charts::pair(cx)])
}

fn conversation(cx: &Cx) -> Markup {
    let items = [
        (Text::fixed("客服", "Agent"), html! { a href=(Href::new("/people/7")) { "林晓燕" } }),
        (Text::fixed("班组", "Team"), html! { "宽带故障一组" }),
        (Text::fixed("开始", "Start"), html! { (cx.time(cx.now)) }),
        (Text::fixed("时长", "Length"), html! { (cx.duration(274)) }),
        (Text::fixed("结果", "Outcome"), badge(Tone::Good, "已解决")),
    ];
    let side = stack(&[
        section(cx, &Text::fixed("概要", "Facts"), None, &facts(cx, &items)),
        section(cx, &Text::fixed("经过", "History"), None, &timeline(cx, &sample::history(cx))),
    ]);
    split(&transcript(cx, &sample::turns()), &side)
}

fn figures(cx: &Cx) -> Markup {
    let week = || Text::fixed("近 4 周", "last 4 weeks");
    let trend = [0.61, 0.63, 0.6, 0.66, 0.69, 0.7, 0.74].map(Some).to_vec();
    let target = |value, low, high| Interval { value, low, high, target: Some(0.85) };
    grid(&[
        kpi(
            cx,
            &Kpi::new(
                Text::fixed("确认理解 使用率", "Checking understanding"),
                Value::Percent(0.743, 1),
                week(),
                Text::fixed("做到的会话 ÷ 适用的会话", "Conversations where shown ÷ where applicable"),
            )
            .change(0.041, Good::Up)
            .n(1283)
            .interval(target(0.743, 0.718, 0.766))
            .trend(trend)
            .href(Href::new("/conversations"))
            .tone(Tone::Warn),
        ),
        kpi(
            cx,
            &Kpi::new(
                Text::fixed("有效会话", "Valid conversations"),
                Value::Count(61_408),
                week(),
                Text::fixed(
                    "满足所属业务线有效规则的会话",
                    "Conversations that satisfy their line's validity rule",
                ),
            )
            .unit(Text::fixed("通", "calls"))
            .trend((0..12).map(|week| (week != 5).then_some(f64::from((week * 7) % 11))).collect()),
        ),
        kpi(
            cx,
            &Kpi::new(
                Text::fixed("承诺未兑现", "Promises missed"),
                Value::Count(17),
                Text::fixed("本周", "this week"),
                Text::fixed("到期而未回电的承诺", "Callback promises past their time"),
            )
            .change(0.012, Good::Down)
            .n(412)
            .tone(Tone::Bad)
            .href(Href::new("/promises")),
        ),
        kpi(
            cx,
            &Kpi::new(
                Text::fixed("首次解决率", "First contact resolution"),
                Value::Percent(f64::NAN, 1),
                week(),
                Text::fixed(
                    "7 天内同因不再来电的会话占比",
                    "Contacts not followed by a repeat within 7 days",
                ),
            )
            .n(0),
        ),
    ])
}

fn small(cx: &Cx) -> Markup {
    let words = ["一般", "达标", "临期", "处理", "参考", "停用"];
    let text = |zh, en| Text::fixed(zh, en);
    let here = Href::new("/gallery");
    let body = text("它在整个页面之上。", "It stands over the page.");
    stack(&[
        line(&Tone::ALL.into_iter().zip(words).map(|(tone, word)| badge(tone, word)).collect::<Vec<_>>()),
        line(&[
            link_button(cx, Weight::Primary, &text("开始听", "Listen"), &here, Some(Icon::Play)),
            link_button(cx, Weight::Plain, &text("编辑", "Edit"), &here, Some(Icon::Edit)),
            link_button(cx, Weight::Quiet, &text("查看全部", "See all"), &here, None),
            post_button(cx, Weight::Danger, &text("停用", "Disable"), &here, &[("id", "7".to_owned())], Some(Icon::Trash)),
            dialog_button(cx, Weight::Plain, &text("打开对话框", "Open a dialog"), "sample-dialog", &here),
            dialog_button(cx, Weight::Plain, &text("打开抽屉", "Open a drawer"), "sample-drawer", &here),
        ]),
        html! {
            (dialog(cx, "sample-dialog", &text("对话框", "Dialog"), &html! { p { (cx.tr(&body)) } }))
            (drawer(cx, "sample-drawer", &text("抽屉", "Drawer"), &html! { p { (cx.tr(&body)) } }))
        },
        tabs(
            cx,
            &text("视图", "Views"),
            &[
                Tab { text: text("进行中", "Open"), href: here.clone(), count: Some(12), current: true },
                Tab { text: text("已验证", "Verified"), href: here.clone(), count: Some(25_000), current: false },
                Tab { text: text("已关闭", "Closed"), href: here.clone(), count: None, current: false },
            ],
        ),
        notice(Tone::Info, &html! { (cx.t(text("日期缺失的会话不计入周指标。", "Conversations without a date are left out of weekly figures."))) }),
        notice(Tone::Warn, &html! { (cx.t(text("3 行没有导入，可下载查看原因。", "3 rows were not imported; download them with the reasons."))) }),
        toast(cx, &Toast { tone: Tone::Good, text: text("已保存为第 4 版", "Saved as version 4"), action: Some((text("查看", "See"), here.clone())) }),
        toast(cx, &Toast { tone: Tone::Bad, text: text("没有发布：2 个示例未通过", "Not published: 2 examples fail"), action: None }),
        empty_state(
            cx,
            &Empty::new(
                Icon::Rule,
                text("还没有行为规则", "No rules yet"),
                text("规则说明什么话算“做到”。先启用内置的 12 条，再按你们的标准修改。", "A rule says which words count as “shown”. Begin with the 12 built in, then make them yours."),
            )
            .action(text("启用内置规则", "Use the built-in rules"), here),
        ),
    ])
}

fn jobs(cx: &Cx) -> Markup {
    let job = |id: &str, state, done, total, left_seconds| Progress {
        id: id.to_owned(),
        title: Text::fixed("用新版规则重跑近 12 周会话", "Running the new rules over 12 weeks"),
        state,
        done,
        total,
        unit: None,
        left_seconds,
        detail: None,
        poll: Href::new("/jobs").segment(id),
        cancel: Some(Href::new("/jobs").segment(id).segment("cancel")),
    };
    stack(&[
        progress(cx, &job("running", JobState::Running, 41_250, Some(61_408), Some(94))),
        progress(cx, &job("waiting", JobState::Waiting, 0, None, None)),
        progress(cx, &job("done", JobState::Done, 61_408, Some(61_408), None)),
        progress(
            cx,
            &Progress {
                detail: Some(Text::fixed(
                    "第 7 行不是 UTF-8。已导入的 6 行是安全的。",
                    "Line 7 is not UTF-8. The 6 lines before it are safe.",
                )),
                ..job("failed", JobState::Failed, 6, Some(900), None)
            },
        ),
        meter(cx, &Text::fixed("客户情绪", "Mood"), 44, 100, Tone::Warn, &Text::fixed("着急", "tense")),
    ])
}

fn history(cx: &Cx) -> Markup {
    let entries: Vec<TimelineEntry> = sample::history(cx);
    let items = [
        (Text::fixed("负责人", "Owner"), html! { "林晓燕" }),
        (Text::fixed("监督人", "Supervisor"), html! { "周国强" }),
        (Text::fixed("期限", "Due"), html! { (cx.time(cx.now)) }),
        (Text::fixed("结论", "Verdict"), badge(Tone::Muted, "样本不足")),
    ];
    split(
        &section(cx, &Text::fixed("经过", "History"), None, &timeline(cx, &entries)),
        &section(cx, &Text::fixed("事实", "Facts"), None, &facts(cx, &items)),
    )
}

fn icons() -> Markup {
    html! { p { @for sign in Icon::ALL { (crate::icon(*sign)) " " } } }
}
