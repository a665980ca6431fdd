//! The list of gaps.

use axum::extract::State;
use conversations::api::ConversationFilter;
use kernel::UnitId;
use maud::html;
use messages::Text;
use people::api::{Lookup, UnitKind};
use ui::{Cell, Choice, Column, Empty, FilterBar, Href, Icon, Page, RowAction, Table, TableState, Value};
use uuid::Uuid;
use web::{Answer, Reader, Routes};

use super::{Gap, WEEKS};
use crate::{
    Behaviours,
    permission::BehavioursPermission as May,
    rule_set::LiveSet,
    texts,
    uptake::{
        By, Subject, Window,
        request::{by_text, offered, units_offered},
    },
    view::{Which, behind, subject_href, subject_name},
};

/// Rows on one page.
const ROWS: usize = 100;
const SORTABLE: [&str; 5] = ["impact", "uptake", "n", "q", "target"];

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new().get("/gaps", May::SeeUptake, gaps_page)
}

/// A gap with its names and the conversations behind it.
#[derive(Clone)]
struct Line {
    gap: Gap,
    title: Text,
    name: Text,
    team: Option<String>,
    missed: Href,
    /// What other contexts offer to do about it; the first thing comes first.
    actions: Vec<RowAction>,
}

async fn gaps_page(State(service): State<Behaviours>, reader: Reader) -> Answer {
    let lookup = service.people().lookup().await?;
    let today = service.today().await?;
    let window = Window::trailing_weeks(today, WEEKS);
    let (set, gaps) = (service.live().await?, service.gaps(&reader.scope, today).await?);
    let here = &reader.cx.here;
    let state = TableState::read(here, &SORTABLE);
    let mut lines: Vec<Line> = gaps
        .iter()
        .filter(|gap| is_asked_for(here, &lookup, &set, gap, window))
        .filter_map(|gap| line(&lookup, &set, gap, window))
        .collect();
    let actions = service.gap_actions();
    for line in &mut lines {
        line.actions = actions.iter().filter_map(|action| action.action(&reader, &line.gap)).collect();
    }
    sort(&mut lines, &state);
    let total = lines.len();
    let begin = state.after.as_deref().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let all = state.format.is_some();
    let shown: Vec<Line> = if all { lines } else { lines.into_iter().skip(begin).take(ROWS).collect() };
    let next = (!all && begin + shown.len() < total).then(|| (begin + ROWS).to_string());
    let table = table(&shown, &state, total, next);
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let cx = &reader.cx;
    let body = html! {
        (ui::notice(ui::Tone::Info, &html! { (cx.t(texts::gaps_how_sure())) (ui::help(cx, &texts::gaps_method())) }))
        (ui::filter_bar(cx, &filters(&reader, &lookup, &set)))
        (ui::table(cx, &table))
    };
    let lead = texts::gaps_lead(&cx.day(window.from), &cx.day(window.to));
    Ok(reader.page(&Page::new(texts::gaps(), body).lead(lead)))
}

fn is_asked_for(here: &Href, lookup: &Lookup, set: &LiveSet, gap: &Gap, window: Window) -> bool {
    let kind = match gap.subject {
        Subject::Person(_) => By::Person,
        Subject::Team(_) => By::Team,
        Subject::Queue(_) => By::Queue,
        Subject::Centre => By::Centre,
    };
    let of_team = |unit: UnitId| {
        let below = lookup.units_below(unit);
        match gap.subject {
            Subject::Team(id) => below.contains(&id),
            Subject::Person(id) => lookup.team_of(id, window.to).is_some_and(|team| below.contains(&team)),
            Subject::Queue(_) | Subject::Centre => false,
        }
    };
    let name = set.behaviours.get(&gap.behaviour).map(|live| live.name.as_str());
    let unit = |key: &str| here.value(key).and_then(|value| value.parse::<Uuid>().ok()).map(UnitId);
    let search = here.value("q").unwrap_or_default().trim().to_lowercase();
    let is_named = || subject_name(lookup, gap.subject).zh.to_lowercase().contains(&search);
    here.value("kind").and_then(By::parse).is_none_or(|by| by == kind)
        && here.value("behaviour").is_none_or(|wanted| Some(wanted) == name)
        && unit("team").is_none_or(of_team)
        && unit("site").is_none_or(of_team)
        && (search.is_empty() || is_named())
}

fn line(lookup: &Lookup, set: &LiveSet, gap: &Gap, window: Window) -> Option<Line> {
    let live = set.behaviours.get(&gap.behaviour)?;
    let team = match gap.subject {
        Subject::Person(id) => lookup.team_of(id, window.to).map(|team| lookup.unit_label(team)),
        _ => None,
    };
    Some(Line {
        gap: gap.clone(),
        title: live.title.clone(),
        name: subject_name(lookup, gap.subject),
        team,
        missed: behind(&live.name, gap.subject, window, Which::Missed, ConversationFilter::default()),
        actions: Vec::new(),
    })
}

fn sort(lines: &mut [Line], state: &TableState) {
    // They come by impact, the largest first.
    let Some(sort) = &state.sort else { return };
    let value = |line: &Line| match sort.key.as_str() {
        "uptake" => line.gap.uptake,
        "n" => line.gap.applicable as f64,
        "q" => line.gap.q,
        "target" => line.gap.target,
        _ => line.gap.impact,
    };
    lines.sort_by(|a, b| {
        let order = value(a).total_cmp(&value(b));
        if sort.descending { order.reverse() } else { order }
    });
}

fn table<'r>(lines: &'r [Line], state: &TableState, total: usize, next: Option<String>) -> Table<'r, Line> {
    let columns = vec![
        Column::new("behaviour", texts::behaviour(), |_, line: &Line| Cell::text(line.title.clone())),
        Column::new("subject", texts::who(), |_, line: &Line| {
            let cell = Cell::text(line.name.clone());
            subject_href(line.gap.subject).map_or(cell.clone(), |href| cell.link(href))
        }),
        Column::new("team", texts::team(), |_, line: &Line| {
            line.team.clone().map_or_else(Cell::empty, Cell::words)
        }),
        Column::figures("uptake", texts::uptake(), |cx, line: &Line| {
            Cell::percent(line.gap.uptake).note(format!(
                "{}–{}",
                cx.percent(line.gap.low, 0),
                cx.percent(line.gap.high, 0)
            ))
        })
        .hint(texts::interval_hint())
        .sortable(),
        Column::figures("low", texts::low_end(), |_, line: &Line| Cell::percent(line.gap.low)).hidden(),
        Column::figures("high", texts::high_end(), |_, line: &Line| Cell::percent(line.gap.high)).hidden(),
        Column::figures("n", texts::applicable(), |_, line: &Line| Cell::count(line.gap.applicable))
            .hint(texts::applicable_hint())
            .sortable(),
        Column::figures("target", texts::target(), |_, line: &Line| {
            Cell::new(Value::Percent(line.gap.target, 0))
        })
        .hint(texts::target_hint())
        .sortable(),
        Column::figures("q", texts::q(), |_, line: &Line| Cell::new(Value::Probability(line.gap.q)))
            .hint(texts::q_hint())
            .sortable()
            .hidden(),
        Column::figures("impact", texts::impact(), |_, line: &Line| {
            Cell::new(Value::Decimal(line.gap.impact, 1))
        })
        .hint(texts::impact_hint())
        .sortable(),
    ];
    Table::new("gaps", texts::gaps(), columns, lines)
        .state(state.clone())
        .total(total as u64)
        .next(next)
        .row_href(|line: &Line| line.missed.clone())
        .row_actions(|line: &Line| {
            let missed = RowAction {
                text: texts::missed_calls(),
                href: line.missed.clone(),
                icon: Icon::Conversations,
            };
            let person = subject_href(line.gap.subject).map(|href| RowAction {
                text: texts::open_subject(),
                href,
                icon: Icon::Person,
            });
            line.actions.iter().cloned().chain([missed]).chain(person).collect()
        })
        .empty(
            Empty::new(Icon::Gap, texts::gaps_empty(), texts::gaps_empty_hint())
                .action(texts::uptake(), Href::new("/uptake")),
        )
        .exports()
}

fn filters(reader: &Reader, lookup: &Lookup, set: &LiveSet) -> FilterBar {
    let mut behaviours: Vec<Choice> =
        set.behaviours.values().map(|live| Choice::new(live.name.clone(), live.title.clone())).collect();
    behaviours.sort_by(|a, b| a.value.cmp(&b.value));
    let kinds: Vec<Choice> = [By::Person, By::Team]
        .into_iter()
        .filter(|by| offered(&reader.scope).contains(by))
        .map(|by| Choice::new(by.name(), by_text(by)))
        .collect();
    let selects = [
        ("behaviour", texts::behaviour(), behaviours),
        ("kind", texts::kind(), if kinds.len() > 1 { kinds } else { Vec::new() }),
        ("site", texts::site(), units_offered(&reader.scope, lookup, UnitKind::Site)),
        ("team", texts::team(), units_offered(&reader.scope, lookup, UnitKind::Team)),
    ];
    let bar = FilterBar::new().search("q", texts::name());
    selects
        .into_iter()
        .filter(|(_, _, choices)| !choices.is_empty())
        .fold(bar, |bar, (key, label, choices)| bar.select(key, label, choices))
}
