//! The uptake map.

use axum::extract::State;
use evidence::{Confidence, Counts};
use kernel::Scope;
use maud::{Markup, html};
use people::api::Lookup;
use ui::{Cx, Empty, Format, Good, Href, Icon, Kpi, Page, Sheet, TableState, Value, Weight, chart::Interval};
use web::{Answer, Fail, Reader, Routes};

use super::{
    By, MapCell, Subject, UptakeMap, UptakeRow, Window,
    request::{Asked, filters, keys},
    rules::SMALL_N,
};
use crate::{
    Behaviours,
    gap::Targets,
    permission::BehavioursPermission as May,
    rule_set::LiveSet,
    texts,
    view::{Which, behind, download, interval, period, subject_href, subject_name},
};

/// Rows on one page: as many as load at once on a phone.
const ROWS: usize = 100;

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new().get("/uptake", May::SeeUptake, uptake_page)
}

/// A row with its name.
struct Named {
    name: String,
    note: Option<String>,
    row: UptakeRow,
}

/// Everything the page shows.
struct View {
    asked: Asked,
    map: std::sync::Arc<UptakeMap>,
    set: std::sync::Arc<LiveSet>,
    targets: Targets,
    rows: Vec<Named>,
}

async fn uptake_page(State(service): State<Behaviours>, reader: Reader) -> Answer {
    let lookup = service.people().lookup().await?;
    let today = service.today().await?;
    let asked = Asked::read(&reader.cx.here, &reader.scope, &lookup, today);
    let (map, set) = (service.uptake_map(&asked.slice, asked.by).await?, service.live().await?);
    let targets = service.targets(today).await?;
    let rows = named(&reader, &lookup, &map, &asked);
    let view = View { asked, map, set, targets, rows };
    let state = TableState::read(&reader.cx.here, &[]);
    if let Some(format) = state.format {
        return download(&reader, &sheet(&reader.cx, &view), "uptake", format);
    }
    let begin = state.after.and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let cards = cards(&service, &reader, &reader.scope, view.asked.slice.window, &view.map.total).await?;
    let body = html! {
        (ui::filter_bar(&reader.cx, &filters(&reader.scope, &lookup)))
        (ui::grid(&cards))
        (ui::uptake_map(&reader.cx, &map_view(&reader, &view, begin)))
        (paging(&reader.cx, begin, view.rows.len()))
    };
    let lead = texts::uptake_lead(
        &reader.cx.day(view.asked.slice.window.from),
        &reader.cx.day(view.asked.slice.window.to),
    );
    let page = Page::new(texts::uptake(), body).lead(lead).actions(exports(&reader.cx));
    Ok(reader.page(&page))
}

/// The rows that match the search, in the order asked for; what belongs to nobody known comes last.
fn named(reader: &Reader, lookup: &Lookup, map: &UptakeMap, asked: &Asked) -> Vec<Named> {
    let cx = &reader.cx;
    let mut rows: Vec<Named> = map
        .rows
        .iter()
        .map(|row| {
            let note = match row.subject {
                Subject::Person(id) => {
                    lookup.team_of(id, asked.slice.window.to).map(|team| lookup.unit_label(team))
                }
                _ => None,
            };
            Named { name: cx.tr(&subject_name(lookup, row.subject)).to_owned(), note, row: row.clone() }
        })
        .filter(|row| asked.search.is_empty() || row.name.to_lowercase().contains(&asked.search))
        .collect();
    rows.sort_by(|a, b| {
        (a.row.subject == Subject::Centre, &a.name).cmp(&(b.row.subject == Subject::Centre, &b.name))
    });
    let sign = match cx.here.value(keys::ORDER) {
        Some("low") => 1.0,
        Some("high") => -1.0,
        _ => return rows,
    };
    // Too few calls to compare: behind those that can be ranked, in the order of their names.
    let rank = |row: &Named| {
        overall(&row.row.cells).filter(|counts| counts.applicable() >= SMALL_N).and_then(Counts::rate)
    };
    rows.sort_by(|a, b| match (rank(a), rank(b)) {
        (Some(a), Some(b)) => (a * sign).total_cmp(&(b * sign)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    rows
}

/// All behaviours of a row taken together.
pub(crate) fn overall(cells: &[Option<MapCell>]) -> Option<Counts> {
    let sums =
        cells.iter().flatten().fold((0, 0), |(shown, all), cell| (shown + cell.shown, all + cell.applicable));
    Counts::new(sums.0, sums.1).ok().filter(|counts| counts.applicable() > 0)
}

fn map_view(reader: &Reader, view: &View, begin: usize) -> ui::UptakeMap {
    let columns = view.map.behaviours.iter().map(|id| {
        let live = view.set.behaviours.get(id);
        let note = live.and_then(|live| view.set.note(&live.name));
        ui::UptakeColumn {
            label: live.map_or_else(texts::unknown, |live| live.title.clone()),
            definition: note,
            href: live.map(|live| Href::new("/behaviours").segment(&live.name)),
            target: Some(view.targets.of(*id)),
        }
    });
    let row = |named: &Named| ui::UptakeRow {
        label: named.name.clone(),
        href: subject_href(named.row.subject),
        note: named.note.clone(),
        cells: cells(view, &named.row),
    };
    let total = UptakeRow { subject: Subject::Centre, cells: view.map.total.clone() };
    let total = ui::UptakeRow {
        label: reader.cx.t(texts::everything()).into_owned(),
        href: None,
        note: None,
        cells: cells(view, &total),
    };
    let all = has_total(view) && begin == 0;
    let mut empty = Empty::new(Icon::Map, texts::uptake_empty(), texts::uptake_empty_hint());
    if reader.can(conversations::api::ConversationsPermission::Import) {
        empty = empty.action(texts::import_conversations(), Href::new("/conversations/import"));
    }
    ui::UptakeMap {
        caption: texts::uptake_caption(reader.cx.tr(&period(reader, view.asked.slice.window))),
        columns: columns.collect(),
        rows: all
            .then_some(total)
            .into_iter()
            .chain(view.rows.iter().skip(begin).take(ROWS).map(row))
            .collect(),
        least_n: SMALL_N,
        empty,
    }
}

fn cells(view: &View, row: &UptakeRow) -> Vec<ui::UptakeCell> {
    let places = view.map.behaviours.iter().zip(&row.cells);
    places
        .map(|(id, cell)| {
            let Some(cell) = cell else {
                return ui::UptakeCell { interval: None, n: 0, change: None, small: true, href: None };
            };
            let which = if cell.shown < cell.applicable { Which::Missed } else { Which::Shown };
            let href = view.set.behaviours.get(id).map(|live| {
                behind(&live.name, row.subject, view.asked.slice.window, which, view.asked.rest.clone())
            });
            ui::UptakeCell {
                interval: Some(interval(cell, view.targets.of(*id))),
                n: cell.applicable,
                change: cell.change,
                small: cell.small,
                href,
            }
        })
        .collect()
}

/// The figures above the map: of everything in scope in a window.
pub(crate) async fn cards(
    service: &Behaviours,
    reader: &Reader,
    scope: &Scope,
    window: Window,
    total: &[Option<MapCell>],
) -> Result<Vec<Markup>, Fail> {
    let cx = &reader.cx;
    let mut cards = Vec::new();
    if let Some(counts) = overall(total) {
        let limits = counts.wilson(Confidence::P95);
        let value = counts.rate().unwrap_or_default();
        let range = Interval { value, low: limits.low, high: limits.high, target: None };
        let card = Kpi::new(
            texts::overall(),
            Value::Percent(value, 1),
            period(reader, window),
            texts::overall_hint(),
        )
        .interval(range)
        .n(counts.applicable())
        .href(Href::new("/uptake").with(keys::ORDER, "low"));
        cards.push(match overall_change(total) {
            Some(change) => card.change(change, Good::Up),
            None => card,
        });
    }
    let gaps = service.gaps(scope, service.today().await?).await?;
    let held = i64::try_from(gaps.len()).unwrap_or(i64::MAX);
    cards.push(
        Kpi::new(texts::gaps(), Value::Count(held), texts::last_four_weeks(), texts::gaps_hint())
            .unit(texts::gaps_unit())
            .href(Href::new("/gaps")),
    );
    let impact: f64 =
        gaps.iter().filter(|gap| matches!(gap.subject, Subject::Person(_))).map(|gap| gap.impact).sum();
    cards.push(
        Kpi::new(
            texts::impact_sum(),
            Value::Decimal(impact, 0),
            texts::last_four_weeks(),
            texts::impact_sum_hint(),
        )
        .unit(texts::calls_a_week())
        .href(Href::new("/gaps").with("kind", "person")),
    );
    if scope.is_everything() {
        let inspected = service.inspected_total().await?;
        cards.push(
            Kpi::new(texts::inspected(), Value::Count(inspected), texts::all_time(), texts::inspected_hint())
                .unit(texts::conversations_unit())
                .href(Href::new("/conversations")),
        );
    }
    Ok(cards.iter().map(|card| ui::kpi(cx, card)).collect())
}

/// The change since last week over all behaviours, weighted by their conversations.
fn overall_change(cells: &[Option<MapCell>]) -> Option<f64> {
    let changes = cells.iter().flatten().filter_map(|cell| Some((cell.change?, cell.applicable as f64)));
    let (sum, weight) = changes.fold((0.0, 0.0), |(sum, weight), (change, n)| (sum + change * n, weight + n));
    (weight > 0.0).then(|| sum / weight)
}

/// Whether a row of everything stands above the others.
fn has_total(view: &View) -> bool {
    view.asked.by != By::Centre && view.rows.len() > 1 && view.asked.search.is_empty()
}

/// Exactly what is shown, for all rows.
fn sheet(cx: &Cx, view: &View) -> Sheet {
    let mut headers = vec![cx.t(texts::name()).into_owned(), cx.t(texts::team()).into_owned()];
    for id in &view.map.behaviours {
        let title =
            view.set.behaviours.get(id).map_or_else(String::new, |live| cx.tr(&live.title).to_owned());
        headers.extend([
            title.clone(),
            format!("{title} n"),
            format!("{title} {}", cx.t(texts::low_end())),
            format!("{title} {}", cx.t(texts::high_end())),
        ]);
    }
    let row_of = |name: &str, note: Option<&String>, cells: &[Option<MapCell>]| {
        let mut row = vec![Value::Words(name.to_owned()), note.cloned().map_or(Value::Empty, Value::Words)];
        for cell in cells {
            match cell {
                Some(cell) => row.extend([
                    Value::Percent(cell.uptake, 0),
                    Value::Count(i64::try_from(cell.applicable).unwrap_or(i64::MAX)),
                    Value::Percent(cell.low, 0),
                    Value::Percent(cell.high, 0),
                ]),
                None => row.extend([Value::Empty, Value::Count(0), Value::Empty, Value::Empty]),
            }
        }
        row
    };
    let total = has_total(view).then(|| row_of(&cx.t(texts::everything()), None, &view.map.total));
    let named = view.rows.iter().map(|named| row_of(&named.name, named.note.as_ref(), &named.row.cells));
    let rows = total.into_iter().chain(named).collect();
    Sheet { name: cx.t(texts::uptake()).into_owned(), headers, rows }
}

fn exports(cx: &Cx) -> Markup {
    let href = |format: Format| cx.here.clone().without("after").with("format", format.name());
    ui::line(&[
        ui::link_button(cx, Weight::Plain, &texts::export_xlsx(), &href(Format::Xlsx), Some(Icon::Export)),
        ui::link_button(cx, Weight::Plain, &texts::export_csv(), &href(Format::Csv), Some(Icon::Export)),
    ])
}

fn paging(cx: &Cx, begin: usize, rows: usize) -> Markup {
    let to = |at: usize| cx.here.clone().with("after", at);
    let mut buttons = Vec::new();
    if begin > 0 {
        let before = to(begin.saturating_sub(ROWS));
        buttons.push(ui::link_button(cx, Weight::Plain, &texts::rows_before(), &before, Some(Icon::Left)));
    }
    if begin.saturating_add(ROWS) < rows {
        buttons.push(ui::link_button(
            cx,
            Weight::Plain,
            &texts::rows_after(),
            &to(begin + ROWS),
            Some(Icon::Right),
        ));
    }
    html! { @if !buttons.is_empty() { (ui::line(&buttons)) } }
}
