//! The small components.

use kernel::Time;
use maud::{Markup, html};
use messages::Text;

use crate::{Cx, Href, Hx, Icon, Panel, Swap, TodayItem, Urgency, icon, texts};

/// What a colour means. Each also has a shape, so that colour is never the only sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Nothing special: a ring.
    #[default]
    Plain,
    /// As it should be: a disc.
    Good,
    /// Look at it soon: a triangle.
    Warn,
    /// Act: a square on its corner. Not merely “low”.
    Bad,
    /// Worth knowing: a square.
    Info,
    /// Asleep, archived, not counted: a bar.
    Muted,
}

impl Tone {
    /// All of them.
    pub const ALL: [Tone; 6] = [Tone::Plain, Tone::Good, Tone::Warn, Tone::Bad, Tone::Info, Tone::Muted];

    /// The class that the style sheet knows it by.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Info => "info",
            Tone::Muted => "muted",
        }
    }

    const fn shape(self) -> &'static str {
        match self {
            Tone::Plain => {
                "M5 1.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zm0 1.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
            }
            Tone::Good => "M5 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
            Tone::Warn => "M5 1l4.500 8h-9z",
            Tone::Bad => "M5 0l5 5-5 5-5-5z",
            Tone::Info => "M1.500 1.500h7v7h-7z",
            Tone::Muted => "M1 3.800h8v2.400h-8z",
        }
    }

    /// Its shape alone, hidden from screen readers.
    pub fn sign(self) -> Markup {
        html! {
            svg.sign.(self.class()) viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false" {
                path d=(self.shape()) {}
            }
        }
    }
}

/// A word with a coloured shape before it.
pub fn badge(tone: Tone, words: &str) -> Markup {
    html! { span.tag.(tone.class()) { (tone.sign()) (words) } }
}

/// How a button weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weight {
    /// One of several.
    #[default]
    Plain,
    /// The one obvious action; at most one on a page.
    Primary,
    /// Cannot be undone.
    Danger,
    /// Little more than a link.
    Quiet,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Weight::Plain => "btn-plain",
            Weight::Primary => "btn-primary",
            Weight::Danger => "btn-danger",
            Weight::Quiet => "btn-quiet",
        }
    }
}

/// A link that looks like a button.
pub fn link_button(cx: &Cx, weight: Weight, text: &Text, href: &Href, sign: Option<Icon>) -> Markup {
    html! { a.btn.(weight.class()) href=(href) { @if let Some(sign) = sign { (icon(sign)) } (cx.tr(text)) } }
}

/// A form of one button: an action without anything to fill in. Hidden pairs go with it.
pub fn post_button(
    cx: &Cx,
    weight: Weight,
    text: &Text,
    action: &Href,
    hidden: &[(&str, String)],
    sign: Option<Icon>,
) -> Markup {
    html! {
        form.inline-form method="post" action=(action) {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            button.btn.(weight.class()) type="submit" { @if let Some(sign) = sign { (icon(sign)) } (cx.tr(text)) }
        }
    }
}

/// Something that was looked for, what came of it, and what one can answer to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The anchor of its row.
    pub id: String,
    /// What was looked for; marks with this label light up with it.
    pub title: Text,
    /// Where it is explained.
    pub href: Href,
    /// How what came of it looks.
    pub tone: Tone,
    /// What came of it.
    pub outcome: Text,
    /// A smaller word beside it, as how often.
    pub note: Option<Text>,
    /// Whether the reader came for this one.
    pub is_asked_for: bool,
    /// What one can answer.
    pub answers: Vec<CheckAnswer>,
}

/// An answer to a [`Check`]: a form of one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAnswer {
    /// Its words.
    pub text: Text,
    /// The key that gives it where the check is the current row.
    pub key: &'static str,
    /// Whether it is the one given.
    pub is_given: bool,
    /// Where it goes.
    pub action: Href,
    /// What goes with it.
    pub hidden: Vec<(&'static str, String)>,
}

/// Checks under each other; `j` and `k` walk them.
pub fn checks(cx: &Cx, items: &[Check]) -> Markup {
    html! {
        ul.checks {
            @for item in items {
                @let title = cx.tr(&item.title);
                li.asked-for[item.is_asked_for] id=(item.id) data-row data-lights=(title) {
                    a data-row-link href=(item.href) { (title) }
                    (badge(item.tone, cx.tr(&item.outcome)))
                    @if let Some(note) = &item.note { small.note { (cx.tr(note)) } }
                    @if !item.answers.is_empty() {
                        div.answers {
                            @for answer in &item.answers {
                                form.inline-form method="post" action=(answer.action) {
                                    @for (name, value) in &answer.hidden { input type="hidden" name=(name) value=(value); }
                                    button.btn.btn-sm.btn-quiet type="submit" data-key=(answer.key) aria-pressed=(answer.is_given)
                                        aria-label={ (title) (cx.t(texts::colon())) (cx.tr(&answer.text)) } { (cx.tr(&answer.text)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A link to a neighbour of what is shown, which a key follows too.
pub fn key_link(cx: &Cx, text: &Text, href: &Href, key: &'static str, sign: Icon) -> Markup {
    html! { a.btn.btn-plain href=(href) data-key=(key) { (icon(sign)) (cx.tr(text)) } }
}

/// A notice within the page.
pub fn notice(tone: Tone, body: &Markup) -> Markup {
    let sign = match tone {
        Tone::Good => Icon::Check,
        Tone::Warn | Tone::Bad => Icon::Warning,
        Tone::Plain | Tone::Info | Tone::Muted => Icon::Info,
    };
    html! { div.notice.(tone.class()) { (icon(sign)) div { (body) } } }
}

/// A part of a page with its heading.
pub fn section(cx: &Cx, title: &Text, tools: Option<&Markup>, body: &Markup) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { (cx.tr(title)) } @if let Some(tools) = tools { div.card-tools { (tools) } } }
            div.card-body { (body) }
        }
    }
}

/// The panels that other contexts supply for a page, in order.
pub fn panels(cx: &Cx, panels: &[Panel]) -> Markup {
    html! {
        @for panel in panels {
            section.card id=(panel.id) {
                div.card-head { h2 { (cx.tr(&panel.title)) } }
                div.card-body { (panel.body) }
            }
        }
    }
}

/// Things side by side that stand under each other where there is no room: KPI cards, charts.
pub fn grid(items: &[Markup]) -> Markup {
    html! { div.grid { @for item in items { (item) } } }
}

/// The same with room for charts: two beside each other at most of a narrow screen's width.
pub fn wide_grid(items: &[Markup]) -> Markup {
    html! { div.grid.wide { @for item in items { (item) } } }
}

/// A main part and a narrower one at its side; under each other where there is no room.
pub fn split(main: &Markup, side: &Markup) -> Markup {
    html! { div.split { div.split-main { (main) } aside.split-side { (side) } } }
}

/// Small things in a line: buttons, badges. They wrap.
pub fn line(items: &[Markup]) -> Markup {
    html! { div.in-line { @for item in items { (item) } } }
}

/// Parts under each other.
pub fn stack(items: &[Markup]) -> Markup {
    html! { div.stack { @for item in items { (item) } } }
}

/// What an empty page teaches: what this is, and the one thing to do first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Empty {
    icon: Icon,
    title: Text,
    hint: Text,
    action: Option<(Text, Href)>,
}

impl Empty {
    /// With its icon, a title, and a sentence.
    pub fn new(icon: Icon, title: Text, hint: Text) -> Empty {
        Empty { icon, title, hint, action: None }
    }

    /// The one thing to do first.
    pub fn action(mut self, text: Text, href: Href) -> Empty {
        self.action = Some((text, href));
        self
    }
}

/// An empty state.
pub fn empty_state(cx: &Cx, view: &Empty) -> Markup {
    html! {
        div.empty {
            span.empty-icon { (icon(view.icon)) }
            h2 { (cx.tr(&view.title)) }
            p { (cx.tr(&view.hint)) }
            @if let Some((text, href)) = &view.action { a.btn.btn-primary href=(href) { (cx.tr(text)) } }
        }
    }
}

/// A short message after an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Its kind.
    pub tone: Tone,
    /// What happened.
    pub text: Text,
    /// What can be done about it: undo, see.
    pub action: Option<(Text, Href)>,
}

/// One message. It stays until it is closed when it is bad news.
pub fn toast(cx: &Cx, view: &Toast) -> Markup {
    html! {
        div.toast.(view.tone.class()) data-toast=[(view.tone != Tone::Bad).then_some("fades")] {
            (view.tone.sign())
            span.toast-text { (cx.tr(&view.text)) }
            @if let Some((text, href)) = &view.action { a href=(href) { (cx.tr(text)) } }
            button.icon-button type="button" data-close data-needs-script aria-label=(cx.t(texts::close())) { (icon(Icon::Close)) }
        }
    }
}

/// The region in which messages appear; a screen reader reads them out.
pub fn messages_region(cx: &Cx, toasts: &[Toast]) -> Markup {
    html! {
        div.toasts #toasts role="status" aria-live="polite" aria-label=(cx.t(texts::messages_region())) {
            @for item in toasts { (toast(cx, item)) }
        }
    }
}

/// A little question mark that opens an explanation; works without script.
pub fn help(cx: &Cx, body: &Text) -> Markup {
    html! {
        details.help data-menu {
            summary aria-label=(cx.t(texts::what_is_this())) { (icon(Icon::Help)) }
            div.help-body role="note" { (cx.tr(body)) }
        }
    }
}

/// How far something is on a scale from 0 to `most`: a bar, the figure, and what it means in a word.
pub fn meter(cx: &Cx, label: &Text, value: i64, most: i64, tone: Tone, words: &Text) -> Markup {
    let (label, words) = (cx.tr(label), cx.tr(words));
    html! {
        div.meter {
            span { (label) }
            meter min="0" max=(most) value=(value) aria-label=(label) aria-valuetext={ (value) " " (words) } { (value) }
            (badge(tone, &format!("{words} {value}")))
        }
    }
}

/// Labels and values about one thing.
pub fn facts(cx: &Cx, items: &[(Text, Markup)]) -> Markup {
    html! { dl.facts { @for (label, value) in items { div { dt { (cx.tr(label)) } dd { (value) } } } } }
}

/// One view of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its label.
    pub text: Text,
    /// Its address.
    pub href: Href,
    /// How many things are in it.
    pub count: Option<u64>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Tabs are links: each view has an address.
pub fn tabs(cx: &Cx, label: &Text, items: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(cx.tr(label)) {
            @for tab in items {
                a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                    (cx.tr(&tab.text))
                    @if let Some(count) = tab.count { span.tab-count { (cx.count_capped(count)) } }
                }
            }
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    /// When.
    pub at: Time,
    /// Its kind.
    pub tone: Tone,
    /// What.
    pub title: Markup,
    /// Who, or any more.
    pub detail: Option<Markup>,
}

/// What happened, the latest first as given.
pub fn timeline(cx: &Cx, entries: &[TimelineEntry]) -> Markup {
    html! {
        ol.timeline {
            @for entry in entries {
                li {
                    (entry.tone.sign())
                    time datetime=(cx.machine_time(entry.at)) { (cx.time(entry.at)) }
                    div.timeline-body { div { (entry.title) } @if let Some(detail) = &entry.detail { div.note { (detail) } } }
                }
            }
        }
    }
}

/// A window over the page, opened by [`dialog_button`]. Put nothing in it that has no page of its own: without
/// script the button is a link there.
pub fn dialog(cx: &Cx, id: &str, title: &Text, body: &Markup) -> Markup {
    window(cx, id, title, body, "dialog")
}

/// The same at the right edge, full height: details of a row beside the list.
pub fn drawer(cx: &Cx, id: &str, title: &Text, body: &Markup) -> Markup {
    window(cx, id, title, body, "drawer")
}

fn window(cx: &Cx, id: &str, title: &Text, body: &Markup, class: &str) -> Markup {
    html! {
        dialog.(class) id=(id) aria-labelledby={ (id) "-title" } {
            div.dialog-head {
                h2 id={ (id) "-title" } { (cx.tr(title)) }
                form method="dialog" { button.icon-button type="submit" aria-label=(cx.t(texts::close())) { (icon(Icon::Close)) } }
            }
            div.dialog-body { (body) }
        }
    }
}

/// Opens a [`dialog`] or [`drawer`] of the same page; `href` is where it leads without script.
pub fn dialog_button(cx: &Cx, weight: Weight, text: &Text, dialog_id: &str, href: &Href) -> Markup {
    html! { a.btn.(weight.class()) href=(href) role="button" data-dialog=(dialog_id) { (cx.tr(text)) } }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Not begun.
    Waiting,
    /// At work.
    Running,
    /// Finished.
    Done,
    /// Stopped by a fault.
    Failed,
    /// Stopped by somebody.
    Cancelled,
}

/// Long work and how far it is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Unique on the page.
    pub id: String,
    /// What is being done.
    pub title: Text,
    /// Its state.
    pub state: JobState,
    /// How much is done.
    pub done: u64,
    /// How much there is; `None` while it is not known.
    pub total: Option<u64>,
    /// In what that is counted, where it is not the things that the title names.
    pub unit: Option<Text>,
    /// About how many seconds are left.
    pub left_seconds: Option<i64>,
    /// What just happened, or why it stopped.
    pub detail: Option<Text>,
    /// Answers with this very component, for as long as it runs.
    pub poll: Href,
    /// `POST` here to stop it.
    pub cancel: Option<Href>,
}

/// How often a running job is asked for; the eye does not want it faster, and 50 pages open make 25 requests a second.
const POLL_SECONDS: u32 = 2;

/// A job's progress. It keeps itself up to date with script; without, a link reloads the page
/// (see [`crate::Page::reload_seconds`]).
pub fn progress(cx: &Cx, view: &Progress) -> Markup {
    let live = matches!(view.state, JobState::Waiting | JobState::Running);
    let hx = Hx::get(view.poll.clone()).swap(Swap::Outer).every_seconds(POLL_SECONDS);
    let (tone, state) = match view.state {
        JobState::Waiting => (Tone::Muted, texts::progress_waiting()),
        JobState::Running => (Tone::Info, texts::progress_running()),
        JobState::Done => (Tone::Good, texts::progress_done()),
        JobState::Failed => (Tone::Bad, texts::progress_failed()),
        JobState::Cancelled => (Tone::Warn, texts::progress_cancelled()),
    };
    let amount = view.total.map_or_else(
        || cx.count(view.done),
        |total| cx.t(texts::progress_of(&cx.count(view.done), &cx.count(total))).into_owned(),
    );
    html! {
        div.progress-card id=(view.id) hx-get=[hx.href().filter(|_| live)] hx-trigger=[hx.trigger().filter(|_| live)]
            hx-swap=[live.then(|| hx.how())] {
            div.progress-head { strong { (cx.tr(&view.title)) } (badge(tone, &cx.t(state))) }
            @match (live, view.total) {
                (true, None) => { progress.bar aria-label=(cx.tr(&view.title)) {} }
                (_, Some(total)) => { progress.bar.(tone.class()) aria-label=(cx.tr(&view.title)) value=(view.done.min(total)) max=(total.max(1)) {} }
                (false, None) => {}
            }
            div.progress-foot {
                span.figure { (amount) @if let Some(unit) = &view.unit { " " (cx.tr(unit)) } }
                @if let Some(left) = view.left_seconds.filter(|_| live) { span { (cx.t(texts::progress_left(&cx.span(left)))) } }
                @if let Some(detail) = &view.detail { span { (cx.tr(detail)) } }
                @if live {
                    span.note { (cx.t(texts::progress_leave())) }
                    noscript { a href=(cx.here) { (cx.t(texts::progress_reload())) } }
                    @if let Some(cancel) = &view.cancel {
                        form.inline-form method="post" action=(cancel) { button.btn.btn-sm type="submit" { (cx.t(texts::cancel())) } }
                    }
                }
            }
        }
    }
}

/// What waits for the reader, the most urgent first.
pub fn today_list(cx: &Cx, items: &[TodayItem]) -> Markup {
    let mut items: Vec<&TodayItem> = items.iter().collect();
    items.sort_by_key(|item| (item.urgency, item.deadline.is_none(), item.deadline));
    if items.is_empty() {
        return empty_state(
            cx,
            &Empty::new(Icon::Today, texts::today_nothing_title(), texts::today_nothing_hint()),
        );
    }
    html! {
        ol.today {
            @for (at, item) in items.iter().enumerate() {
                @let (tone, word) = urgency(item.urgency);
                li {
                    (badge(tone, &cx.t(word)))
                    div.today-text {
                        a href=(item.href) { (cx.tr(&item.text)) }
                        @if let Some(detail) = &item.detail { small { (cx.tr(detail)) } }
                    }
                    @match item.deadline {
                        None => { span.today-deadline {} }
                        Some(deadline) => { time.today-deadline.late[deadline < cx.now] datetime=(cx.machine_time(deadline)) title=(cx.time(deadline)) { (cx.deadline(deadline)) } }
                    }
                    a.btn.btn-sm.btn-primary[at == 0] href=(item.href) { (cx.tr(&item.action)) }
                }
            }
        }
    }
}

const fn urgency(urgency: Urgency) -> (Tone, Text) {
    match urgency {
        Urgency::Now => (Tone::Bad, texts::urgency_now()),
        Urgency::Today => (Tone::Warn, texts::urgency_today()),
        Urgency::Week => (Tone::Info, texts::urgency_week()),
        Urgency::Later => (Tone::Muted, texts::urgency_later()),
    }
}
