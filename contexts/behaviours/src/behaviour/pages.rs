//! The list of behaviours, and one behaviour with all that is known of it.

use std::collections::BTreeMap;

use axum::extract::State;
use conversations::api::ConversationFilter;
use evidence::{Confidence, Counts};
use jobs::{JobFilter, JobState};
use kernel::Day;
use maud::{Markup, html};
use messages::{Problem, Text};
use ui::{
    Cell, Column, Cx, Empty, Field, FieldErrors, Href, Icon, Page, Progress, Table, TableState, Value,
    Values, Weight,
    chart::{LineChart, LinePoint, Unit},
};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{Behaviour, BehaviourId, Version, VersionState, editor::examples_table};
use crate::{
    Behaviours,
    gap::TargetRow,
    inspect::jobs::Reinspect,
    pack,
    permission::BehavioursPermission as May,
    review::Tally,
    texts,
    uptake::{By, MapCell, Slice, Subject, Sum, Window},
    view::{Which, behind, interval},
};

/// Weeks of the trend: a quarter.
const TREND_WEEKS: u16 = 12;
/// Weeks of the figures in the list.
const LIST_WEEKS: u16 = 4;

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new()
        .get("/behaviours", May::View, list_page)
        .get("/behaviours/reinspection", May::View, reinspection)
        .post("/behaviours/reinspection/cancel", May::Edit, cancel_reinspection)
        .get("/behaviours/{name}", May::View, detail_page)
        .post("/behaviours/{name}/target", May::Edit, set_target)
}

/// The page of a behaviour.
pub(crate) fn href(name: &str) -> Href {
    Href::new("/behaviours").segment(name)
}

struct Line {
    behaviour: Behaviour,
    cell: Option<MapCell>,
    target: f64,
    tally: Tally,
    examples: Option<(usize, usize)>,
}

async fn list_page(State(service): State<Behaviours>, reader: Reader) -> Answer {
    let lines = lines(&service, &reader).await?;
    let state = TableState::read(&reader.cx.here, &[]);
    let search = reader.cx.here.value("q").unwrap_or_default().trim().to_lowercase();
    let lines: Vec<Line> = lines
        .into_iter()
        .filter(|line| {
            let title = &line.behaviour.title;
            let all = format!("{} {} {}", line.behaviour.name, title.zh, title.en).to_lowercase();
            all.contains(&search)
        })
        .collect();
    let table = Table::new("behaviours", texts::behaviours(), columns(), &lines)
        .state(state.clone())
        .total(lines.len() as u64)
        .row_href(|line: &Line| href(&line.behaviour.name))
        .empty(Empty::new(Icon::Rule, texts::no_behaviours(), texts::no_behaviours_hint()))
        .exports();
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let cx = &reader.cx;
    let body = html! {
        (running(&service, &reader).await?)
        (ui::filter_bar(cx, &ui::FilterBar::new().search("q", texts::title_or_name())))
        (ui::table(cx, &table))
    };
    let mut page = Page::new(texts::behaviours(), body).lead(texts::behaviours_lead());
    if reader.can(May::Edit) {
        let new = Href::new("/behaviours/new");
        page = page.actions(ui::link_button(
            cx,
            Weight::Primary,
            &texts::new_behaviour(),
            &new,
            Some(Icon::Plus),
        ));
    }
    Ok(reader.page(&page))
}

async fn lines(service: &Behaviours, reader: &Reader) -> Result<Vec<Line>, Fail> {
    let slice = Slice::new(reader.scope_of(May::SeeUptake), service.trailing(LIST_WEEKS).await?);
    let map = service.uptake_map(&slice, By::Centre).await?;
    let cells: BTreeMap<BehaviourId, MapCell> =
        map.behaviours.iter().zip(&map.total).filter_map(|(id, cell)| Some((*id, (*cell)?))).collect();
    let (tallies, examples) = (service.tallies().await?, service.examples_passing().await?);
    let targets = service.targets(service.today().await?).await?;
    let all = service.list().await?;
    Ok(all
        .into_iter()
        .map(|behaviour| Line {
            cell: cells.get(&behaviour.id).copied(),
            target: targets.of(behaviour.id),
            tally: behaviour.live.and_then(|n| tallies.get(&(behaviour.id, n))).copied().unwrap_or_default(),
            examples: examples.get(&behaviour.id).copied(),
            behaviour,
        })
        .collect())
}

fn columns() -> Vec<Column<Line>> {
    let range = |cx: &Cx, low: f64, high: f64, n: u64| {
        format!("{}–{} n={}", cx.percent(low, 0), cx.percent(high, 0), cx.count(n))
    };
    vec![
        Column::new("title", texts::title(), |_, line: &Line| Cell::text(line.behaviour.title.clone())),
        Column::new("name", texts::rule_name(), |_, line: &Line| Cell::words(line.behaviour.name.clone())),
        Column::new("state", texts::state(), |_, line: &Line| {
            match (line.behaviour.live, line.behaviour.draft) {
                (Some(n), None) => Cell::text(texts::live_version(n)),
                (Some(n), Some(draft)) => Cell::text(texts::live_with_draft(n, draft)),
                (None, Some(draft)) => Cell::text(texts::draft_version(draft)),
                (None, None) => Cell::text(texts::retired()),
            }
        }),
        Column::figures("uptake", texts::uptake_four_weeks(), move |cx, line: &Line| {
            line.cell.map_or_else(Cell::empty, |cell| {
                Cell::percent(cell.uptake)
                    .note(range(cx, cell.low, cell.high, cell.applicable))
                    .greyed(cell.small)
            })
        })
        .hint(texts::interval_hint()),
        Column::figures("target", texts::target(), |_, line: &Line| {
            Cell::new(Value::Percent(line.target, 0))
        })
        .hint(texts::target_hint()),
        Column::figures("precision", texts::precision(), move |cx, line: &Line| {
            line.tally.precision().map_or_else(Cell::empty, |(rate, limits)| {
                Cell::percent(rate)
                    .note(range(cx, limits.low, limits.high, line.tally.reviewed))
                    .greyed(line.tally.reviewed < crate::review::REVIEWS_MIN)
            })
        })
        .hint(texts::precision_hint()),
        Column::figures("examples", texts::examples(), |_, line: &Line| {
            line.examples.map_or_else(Cell::empty, |(passing, all)| Cell::words(format!("{passing}/{all}")))
        })
        .hint(texts::examples_hint()),
    ]
}

async fn detail_page(State(service): State<Behaviours>, reader: Reader, Path(name): Path<String>) -> Answer {
    let page = detail(&service, &reader, &name, &Values::default(), &FieldErrors::new()).await?;
    Ok(reader.page(&page))
}

async fn detail(
    service: &Behaviours,
    reader: &Reader,
    name: &str,
    values: &Values,
    errors: &FieldErrors,
) -> Result<Page, Fail> {
    let (found, versions) = service.behaviour(name).await?;
    let shown = versions.iter().find(|version| version.state == VersionState::Live).or(versions.first());
    let cx = &reader.cx;
    let targets = service.target_history(found.id).await?;
    let target = service.targets(service.today().await?).await?.of(found.id);
    let tally = match found.live {
        Some(n) => service.tallies().await?.get(&(found.id, n)).copied().unwrap_or_default(),
        None => Tally::default(),
    };
    let set_target_form = reader.can(May::Edit).then(|| target_form(cx, name, values, errors));
    let main = html! {
        @if reader.can(May::SeeUptake) { (trend(service, reader, &found, target).await?) }
        @if let Some(version) = shown {
            (ui::section(cx, &texts::rule(), None, &html! { pre.source tabindex="0" { code { (version.rule_text) } } }))
            (ui::section(cx, &texts::examples(), None, &checked_examples(service, cx, name, version).await?))
        }
    };
    let side = html! {
        (ui::section(cx, &texts::facts(), None, &facts(service, reader, &found, tally, target).await?))
        (ui::section(cx, &texts::targets(), None, &html! { (target_list(cx, &targets)) @if let Some(form) = set_target_form { (form) } }))
        (ui::section(cx, &texts::versions(), None, &version_list(cx, &versions)))
    };
    let body = html! { (running(service, reader).await?) (ui::split(&main, &side)) };
    let mut page = Page::new(found.title.clone(), body);
    if let Some(note) = service.live().await?.note(name) {
        page = page.lead(note);
    }
    page = page.crumb(texts::behaviours(), Href::new("/behaviours"));
    if reader.can(May::Edit) {
        let edit = href(name).segment("edit");
        page =
            page.actions(ui::link_button(cx, Weight::Primary, &texts::edit_rule(), &edit, Some(Icon::Edit)));
    }
    Ok(page)
}

async fn checked_examples(
    service: &Behaviours,
    cx: &Cx,
    name: &str,
    version: &Version,
) -> Result<Markup, Fail> {
    if version.state == VersionState::Live {
        // Compiled already, together with all others.
        let set = service.live().await?;
        if let Some(place) = set.rules.index_of(name) {
            return Ok(examples_table(cx, &pack::check_examples(&set.rules, place, &version.examples)));
        }
    }
    Ok(match service.trial(name, &version.rule_text).await {
        Ok(trial) => examples_table(cx, &pack::check_examples(&trial.rules, trial.place, &version.examples)),
        Err(error) => {
            let problem = Problem::from(error);
            ui::notice(ui::Tone::Bad, &html! { (cx.tr(&problem.text)) })
        }
    })
}

async fn facts(
    service: &Behaviours,
    reader: &Reader,
    found: &Behaviour,
    tally: Tally,
    target: f64,
) -> Result<Markup, Fail> {
    let cx = &reader.cx;
    let mut items: Vec<(Text, Markup)> = vec![(texts::rule_name(), html! { (found.name) })];
    let window = service.trailing(LIST_WEEKS).await?;
    let mut slice = Slice::new(reader.scope_of(May::SeeUptake), window);
    slice.behaviour = Some(found.id);
    let map = service.uptake_map(&slice, By::Centre).await?;
    let cell = map
        .behaviours
        .iter()
        .position(|id| *id == found.id)
        .and_then(|at| map.total.get(at))
        .copied()
        .flatten();
    if let Some(cell) = cell {
        let figure = html! {
            (cx.percent(cell.uptake, 1)) " n=" (cx.count(cell.applicable)) (ui::chart::interval_bar(cx, &interval(&cell, target)))
        };
        items.push((texts::uptake_four_weeks(), figure));
        let missed =
            behind(&found.name, Subject::Centre, window, Which::Missed, ConversationFilter::default());
        items.push((texts::missed_calls(), ui::drill_link(cx, &missed)));
        let shown = behind(&found.name, Subject::Centre, window, Which::Shown, ConversationFilter::default());
        items.push((texts::shown_calls(), ui::drill_link(cx, &shown)));
    }
    let precision = tally.precision().map_or_else(
        || {
            let may_review = !reader.scope_of(May::Review).is_nothing();
            let text = if may_review { texts::not_reviewed_by_you() } else { texts::not_reviewed() };
            cx.t(text).into_owned()
        },
        |(rate, limits)| {
            let (low, high) = (cx.percent(limits.low, 0), cx.percent(limits.high, 0));
            format!("{} ({low}–{high}) n={}", cx.percent(rate, 0), cx.count(tally.reviewed))
        },
    );
    items.push((texts::precision(), html! { (precision) " " (ui::help(cx, &texts::precision_hint())) }));
    Ok(ui::facts(cx, &items))
}

async fn trend(
    service: &Behaviours,
    reader: &Reader,
    found: &Behaviour,
    target: f64,
) -> Result<Markup, Fail> {
    let window = service.trailing(TREND_WEEKS).await?;
    let mut slice = Slice::new(reader.scope_of(May::SeeUptake), window);
    slice.behaviour = Some(found.id);
    let sums = service.weekly(&slice, By::Centre).await?;
    let cx = &reader.cx;
    let points = (0..i32::from(TREND_WEEKS)).map(|week| point(cx, window, week, &sums)).collect();
    let chart = LineChart {
        title: texts::trend_title(),
        note: Some(texts::trend_note()),
        unit: Unit::Percent,
        points,
        target: Some(target),
        marks: Vec::new(),
    };
    Ok(ui::chart::line_chart(cx, &chart))
}

fn point(cx: &Cx, window: Window, week: i32, sums: &[Sum]) -> LinePoint {
    let monday = window.from.plus(7 * week);
    let sums = sums.iter().filter(|sum| sum.week == Some(monday));
    let (shown, applicable) =
        sums.fold((0, 0), |(shown, all), sum| (shown + sum.shown, all + sum.applicable));
    let counts = Counts::new(shown, applicable).ok().filter(|counts| counts.applicable() > 0);
    LinePoint {
        label: cx.day_short(monday),
        value: counts.and_then(Counts::rate),
        band: counts.map(|counts| counts.wilson(Confidence::P95)).map(|limits| (limits.low, limits.high)),
        n: Some(applicable),
    }
}

fn version_list(cx: &Cx, versions: &[Version]) -> Markup {
    let columns = vec![
        Column::new("n", texts::version(), |_, version: &Version| Cell::count(version.n)),
        Column::new("state", texts::state(), |_, version: &Version| {
            Cell::text(match version.state {
                VersionState::Draft => texts::draft(),
                VersionState::Live => texts::live(),
                VersionState::Past => texts::past(),
            })
        }),
        Column::new("at", texts::published_at(), |_, version: &Version| {
            Cell::time(version.published_at.or(Some(version.at)))
        }),
        Column::new("note", texts::note(), |_, version: &Version| Cell::words(version.note.clone())).wraps(),
    ];
    ui::table(cx, &Table::new("versions", texts::versions(), columns, versions))
}

fn target_list(cx: &Cx, targets: &[TargetRow]) -> Markup {
    let items: Vec<(Text, Markup)> = targets
        .iter()
        .map(|row| (texts::from_day(&cx.day(row.from_day)), html! { (cx.percent(row.ratio, 0)) }))
        .collect();
    html! { @if items.is_empty() { p { (cx.t(texts::target_default())) } } @else { (ui::facts(cx, &items)) } }
}

fn target_form(cx: &Cx, name: &str, values: &Values, errors: &FieldErrors) -> Markup {
    let fields = [
        Field::number("percent", texts::target())
            .unit(Text::fixed("%", "%"))
            .hint(texts::target_hint())
            .required(),
        Field::day("from_day", texts::valid_from()).hint(texts::valid_from_hint()),
    ];
    let form = ui::Form::new(href(name).segment("target"), values, errors, texts::set_target());
    ui::form(cx, &form, &fields)
}

async fn set_target(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(name): Path<String>,
    Form(values): Form,
) -> Answer {
    let mut errors = FieldErrors::new();
    let typed = values.get("percent").trim().trim_end_matches('%').to_owned();
    let percent = typed.parse::<f64>().ok().filter(|percent| (1.0..=100.0).contains(percent));
    if percent.is_none() {
        errors.add("percent", texts::bad_percent(&typed));
    }
    let from = match values.filled("from_day") {
        None => Some(service.today().await?.week()),
        Some(typed) => Day::parse(typed).or_else(|| {
            errors.add("from_day", texts::bad_day(typed));
            None
        }),
    };
    let (Some(percent), Some(from)) = (percent, from) else {
        return Ok(reader.invalid(&detail(&service, &reader, &name, &values, &errors).await?));
    };
    service.set_target(&reader.by(), &name, percent / 100.0, from).await?;
    Ok(reader.done(&href(&name), &texts::target_set()))
}

/// The newest re-inspection while it runs or waits; nothing once it is over.
async fn running(service: &Behaviours, reader: &Reader) -> Result<Markup, Fail> {
    let status = newest(service).await?.filter(|status| !status.state.is_over());
    Ok(html! { @if let Some(status) = status { (progress(reader, &status)) } })
}

async fn newest(service: &Behaviours) -> Result<Option<jobs::JobStatus>, Fail> {
    let filter =
        JobFilter { kind: Some(<Reinspect as jobs::Job>::KIND.to_owned()), limit: 1, ..JobFilter::default() };
    Ok(jobs::list(service.db(), &filter).await?.pop())
}

fn progress(reader: &Reader, status: &jobs::JobStatus) -> Markup {
    let state = match status.state {
        JobState::Queued => ui::JobState::Waiting,
        JobState::Running => ui::JobState::Running,
        JobState::Done => ui::JobState::Done,
        JobState::Failed => ui::JobState::Failed,
        JobState::Cancelled => ui::JobState::Cancelled,
    };
    let (done, total) = (status.done.max(0), status.total.filter(|total| *total > 0));
    let spent = status.started_at.map(|at| reader.cx.now.seconds_since(at).max(1));
    let left =
        spent.zip(total).filter(|_| done > 0).map(|(spent, total)| spent * (total - done).max(0) / done);
    let view = Progress {
        id: "reinspection".to_owned(),
        title: status.title.clone(),
        state,
        done: done.unsigned_abs(),
        total: total.map(i64::unsigned_abs),
        unit: None,
        left_seconds: left,
        detail: status.last_error.clone().map(Text::verbatim),
        poll: Href::new("/behaviours/reinspection"),
        cancel: reader.can(May::Edit).then(|| Href::new("/behaviours/reinspection/cancel")),
    };
    ui::progress(&reader.cx, &view)
}

async fn reinspection(State(service): State<Behaviours>, reader: Reader) -> Answer {
    let status = newest(&service).await?;
    Ok(reader.fragment(html! { @if let Some(status) = status { (progress(&reader, &status)) } }))
}

async fn cancel_reinspection(State(service): State<Behaviours>, reader: Reader) -> Answer {
    if let Some(status) = newest(&service).await? {
        let mut tx = service.db().write(&reader.by(), "behaviours.reinspection_cancelled").await?;
        tx.object("job", status.id);
        jobs::request_cancel(&tx, status.id).await?;
        tx.commit().await?;
    }
    Ok(reader.done(&Href::new("/behaviours"), &texts::reinspection_cancelled()))
}
