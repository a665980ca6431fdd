//! The list of rehearsals: one's own, and those of the people one trains. It is sorted by time alone: practice is no
//! figure to rank people by.

use axum::extract::State;
use kernel::Time;
use maud::html;
use messages::Text;
use ui::{Cell, Choice, Column, Empty, FilterBar, Href, Icon, Page, Table, TableState, Tone, Value, Weight};
use web::{Answer, Reader, Routes};

use super::{RehearsalState, Rehearsed, href, store as rows};
use crate::{Drills, permission::DrillsPermission as May, texts, topic::pages::name};

/// Rows on one page: two screens of 32 px rows.
const ROWS: usize = 50;

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new().get("/rehearsals", May::SeeRehearsals, list_page)
}

pub(super) fn state_text(state: RehearsalState) -> (Tone, Text) {
    match state {
        RehearsalState::Open => (Tone::Info, texts::running()),
        RehearsalState::Ended => (Tone::Good, texts::ended()),
        RehearsalState::GivenUp => (Tone::Muted, texts::given_up()),
    }
}

/// A rehearsal with the name of who practised.
struct Line {
    one: Rehearsed,
    name: String,
}

async fn list_page(State(service): State<Drills>, reader: Reader) -> Answer {
    let here = &reader.cx.here;
    let own = reader.actor()?.person;
    let sees_others = reader.scope.is_everything() || !reader.scope.unit_ids().is_empty();
    let is_mine = here.value("who") == Some("mine");
    let state = TableState::read(here, &[]);
    let filter = rows::Filter {
        person: here.value("person").and_then(|id| id.parse().ok()).or(own.filter(|_| is_mine)),
        scenario: here.value("scenario").map(str::to_owned),
        topic: here.value("topic").and_then(|id| id.parse().ok()),
        state: here.value("state").and_then(RehearsalState::parse),
        before: state.after.as_deref().and_then(|after| after.parse().ok()).map(Time),
    };
    let wanted = if state.format.is_some() { ui::EXPORT_ROWS_MAX } else { ROWS };
    let mut found = service.rehearsals(&reader.scope, &filter, wanted + 1).await?;
    let next = store::cut_page(&mut found, wanted, |last| last.started_at.0.to_string());
    let lookup = service.people().lookup().await?;
    let lines: Vec<Line> =
        found.into_iter().map(|one| Line { name: name(&lookup, one.person), one }).collect();
    let empty = Empty::new(Icon::Drill, texts::no_rehearsals(), texts::no_rehearsals_hint())
        .action(texts::scenarios(), Href::new("/scenarios"));
    let table = Table::new("rehearsals", texts::rehearsals(), columns(sees_others), &lines)
        .state(state.clone())
        .next(next)
        .row_href(|line: &Line| href(line.one.id))
        .empty(empty)
        .exports();
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let cx = &reader.cx;
    let body = html! { (ui::filter_bar(cx, &filters(sees_others && own.is_some()))) (ui::table(cx, &table)) };
    let begin = ui::link_button(
        cx,
        Weight::Primary,
        &texts::choose_scenario(),
        &Href::new("/scenarios"),
        Some(Icon::Play),
    );
    Ok(reader.page(&Page::new(texts::rehearsals(), body).lead(texts::rehearsals_lead()).actions(begin)))
}

fn columns(sees_others: bool) -> Vec<Column<Line>> {
    let figure = |key: &'static str, header: Text, hint: Text, of: fn(&super::Scores) -> i64| {
        Column::figures(key, header, move |_, line: &Line| {
            line.one.scores.as_ref().map_or_else(Cell::empty, |scores| Cell::count(of(scores)))
        })
        .hint(hint)
    };
    let mut columns = vec![
        Column::new("title", texts::scenario(), |_, line: &Line| Cell::words(line.one.title.clone())).wraps(),
    ];
    if sees_others {
        columns.push(Column::new("person", texts::person(), |_, line: &Line| {
            Cell::words(line.name.clone()).link(Href::new("/people").segment(line.one.person))
        }));
    }
    columns.extend([
        Column::new("began", texts::began(), |_, line: &Line| Cell::time(Some(line.one.started_at))),
        Column::new("state", texts::state(), |_, line: &Line| {
            let (tone, text) = state_text(line.one.state);
            Cell::text(text).badge(tone)
        }),
        Column::new("passed", texts::passed(), |_, line: &Line| {
            line.one.scores.map_or_else(Cell::empty, |scores| Cell::new(Value::Flag(scores.passed)))
        }),
        figure("process", texts::process(), texts::process_hint(), |scores| scores.process),
        figure("feeling", texts::feeling(), texts::feeling_hint(), |scores| scores.feeling),
        figure("outcome", texts::outcome(), texts::outcome_hint(), |scores| scores.outcome),
        Column::figures("turns", texts::turns(), |_, line: &Line| Cell::count(line.one.turns)).hidden(),
    ]);
    columns
}

fn filters(offers_mine: bool) -> FilterBar {
    let states =
        RehearsalState::ALL.into_iter().map(|state| Choice::new(state.name(), state_text(state).1)).collect();
    let bar = FilterBar::new().select("state", texts::state(), states);
    if !offers_mine {
        return bar;
    }
    let who = vec![Choice::new("all", texts::all_i_see()), Choice::new("mine", texts::mine())];
    bar.choose("who", texts::whose(), who, "all")
}
