//! The board by state, and the list.

use std::collections::BTreeMap;

use axum::extract::State as Service;
use kernel::{Day, PersonId};
use maud::{Markup, html};
use people::api::Lookup;
use ui::{
    Cell, Choice, Column, Cx, Empty, FilterBar, Href, Icon, Page, Tab, Table, TableState, Tone, Weight,
};
use web::{Answer, Reader, Routes};

use super::{Improvement, ImprovementId, State};
use crate::{
    Improvements,
    permission::ImprovementsPermission as May,
    texts,
    verdict::{Kept, Outcome, WATCH},
    view::{behaviour_choices, effect_words, href, outcome_tone, person_name, state_tone, title_of, titles},
};

/// Rows on one page of the list.
const ROWS: usize = 100;
/// Cards in one column of the board; the list has all.
const CARDS: usize = 12;
const SORTABLE: [&str; 4] = ["title", "due", "state", "effect"];

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new().get("/improvements", May::View, page)
}

/// An improvement with what its row shows.
struct Line {
    improvement: Improvement,
    title: messages::Text,
    owner: String,
    supervisor: String,
    is_overdue: bool,
    outcome: Option<(Outcome, bool)>,
    effect: Option<String>,
    effect_figure: Option<f64>,
}

async fn page(Service(service): Service<Improvements>, reader: Reader) -> Answer {
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let titles = titles(&service).await?;
    let all = service.list(&reader.scope).await?;
    let is_empty = all.is_empty();
    let mut kept: Vec<Improvement> =
        all.into_iter().filter(|one| is_asked_for(&reader, &lookup, one, today)).collect();
    kept.sort_by_key(|one| (!one.is_overdue(today), !one.state.is_open(), one.due, one.id));
    let ids: Vec<ImprovementId> = kept.iter().map(|one| one.id).collect();
    let mut readings = crate::verdict::store::of(service.db(), &ids).await?;
    let lines: Vec<Line> = kept
        .into_iter()
        .map(|one| {
            let readings = readings.remove(&one.id).unwrap_or_default();
            line(&reader.cx, &lookup, title_of(&titles, &one), one, &readings, today)
        })
        .collect();
    let is_own = !reader.can(May::Edit);
    if reader.cx.here.value("view") == Some("list") || TableState::read(&reader.cx.here, &[]).format.is_some()
    {
        return list(&reader, &behaviour_choices(&titles), lines, is_own);
    }
    let cx = &reader.cx;
    let body = html! {
        (tabs(cx, false))
        @if is_empty {
            (ui::empty_state(cx, &none_yet(&reader)))
        } @else {
            (ui::filter_bar(cx, &filters(&behaviour_choices(&titles), false)))
            (ui::grid(&columns(cx, &lines)))
        }
    };
    Ok(reader.page(&heading(&reader, body, is_own)))
}

fn heading(reader: &Reader, body: Markup, is_own: bool) -> Page {
    let cx = &reader.cx;
    let (title, lead) = if is_own {
        (texts::what_i_practise(), texts::what_i_practise_lead())
    } else {
        (texts::improvements(), texts::improvements_lead())
    };
    let page = Page::new(title, body).lead(lead);
    if reader.can(May::Edit) {
        let new = Href::new("/improvements").segment("new");
        let button = ui::link_button(cx, Weight::Primary, &texts::new_improvement(), &new, Some(Icon::Plus));
        return page.actions(button);
    }
    page
}

fn tabs(cx: &Cx, is_list: bool) -> Markup {
    let here = cx.here.clone().without(ui::table_keys::AFTER).without(ui::table_keys::FORMAT);
    let tab = |text, href, current| Tab { text, href, count: None, current };
    ui::tabs(
        cx,
        &texts::improvements(),
        &[
            tab(texts::board(), here.clone().without("view"), !is_list),
            tab(texts::list(), here.with("view", "list"), is_list),
        ],
    )
}

fn none_yet(reader: &Reader) -> Empty {
    let empty = Empty::new(Icon::Target, texts::none_yet(), texts::none_yet_hint());
    if reader.can(May::Edit) { empty.action(texts::see_gaps(), Href::new("/gaps")) } else { empty }
}

fn is_asked_for(reader: &Reader, lookup: &Lookup, one: &Improvement, today: Day) -> bool {
    let here = &reader.cx.here;
    let me = reader.signed_in().and_then(|actor| actor.person);
    let is_mine = |me: PersonId| [one.owner, one.supervisor, one.partner].contains(&me);
    let search = here.value("q").unwrap_or_default().trim().to_lowercase();
    let is_named = || {
        [&one.title, &one.problem, &person_name(lookup, one.owner), &person_name(lookup, one.supervisor)]
            .iter()
            .any(|words| words.to_lowercase().contains(&search))
    };
    here.value("behaviour").is_none_or(|name| one.measure.rule.name == name)
        && here.value("state").and_then(State::parse).is_none_or(|state| one.state == state)
        && (here.value("overdue").is_none() || one.is_overdue(today))
        && (here.value("mine").is_none() || me.is_some_and(is_mine))
        && (search.is_empty() || is_named())
}

fn filters(behaviours: &[Choice], with_state: bool) -> FilterBar {
    let bar = FilterBar::new().search("q", texts::search_words()).select(
        "behaviour",
        texts::behaviour(),
        behaviours.to_vec(),
    );
    let states = State::ALL.iter().map(|state| Choice::new(state.name(), texts::state(*state))).collect();
    let bar = if with_state { bar.select("state", texts::state_label(), states) } else { bar };
    bar.toggle("mine", texts::mine_only()).toggle("overdue", texts::overdue_only())
}

fn line(
    cx: &Cx,
    lookup: &Lookup,
    title: messages::Text,
    improvement: Improvement,
    readings: &[Kept],
    today: Day,
) -> Line {
    let agreed = improvement.measure.after_weeks;
    let own = || readings.iter().filter(|kept| kept.round == improvement.round && kept.look != WATCH);
    // The agreed look where it is in, else the latest that says anything.
    let shown = own()
        .find(|kept| kept.look == agreed && kept.reading.complete)
        .or_else(|| own().rev().find(|kept| kept.reading.effect.is_some() && kept.look <= agreed));
    Line {
        title,
        owner: person_name(lookup, improvement.owner),
        supervisor: person_name(lookup, improvement.supervisor),
        is_overdue: improvement.is_overdue(today),
        outcome: shown.map(|kept| (kept.reading.outcome, kept.look == agreed && kept.reading.complete)),
        effect: shown.and_then(|kept| effect_words(cx, &kept.reading)),
        effect_figure: shown.and_then(|kept| kept.reading.effect),
        improvement,
    }
}

fn columns(cx: &Cx, lines: &[Line]) -> Vec<Markup> {
    let mut by_state: BTreeMap<State, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_state.entry(line.improvement.state).or_default().push(line);
    }
    let column = |state: &State| {
        let held = by_state.get(state).map(Vec::as_slice).unwrap_or_default();
        let all = cx.here.clone().with("view", "list").with("state", state.name());
        let title = texts::state(*state);
        let heading = messages::Text::made(
            format!("{} {}", title.zh, held.len()),
            format!("{} {}", title.en, held.len()),
        );
        let mut cards: Vec<Markup> = held.iter().take(CARDS).map(|line| card(cx, line)).collect();
        if held.is_empty() {
            cards.push(html! { p.note { (cx.t(texts::none_in_column())) } });
        }
        if held.len() > CARDS {
            let more = cx.t(texts::more_in_list(held.len() - CARDS)).into_owned();
            cards.push(html! { p.note { a href=(all) { (more) } } });
        }
        ui::section(cx, &heading, None, &ui::stack(&cards))
    };
    let shown = |state: &&State| **state != State::Withdrawn || by_state.contains_key(state);
    State::ALL.iter().filter(shown).map(column).collect()
}

/// Overdue and escalated, where it is.
pub(crate) fn lateness(cx: &Cx, improvement: &Improvement, is_overdue: bool) -> Markup {
    html! {
        @if is_overdue { (ui::badge(Tone::Bad, &cx.t(texts::overdue()))) }
        @match improvement.escalation {
            0 => {}
            1 => { (ui::badge(Tone::Warn, &cx.t(texts::escalated()))) }
            _ => { (ui::badge(Tone::Bad, &cx.t(texts::escalated_twice()))) }
        }
    }
}

/// An outcome as a badge, with “so far” where it is not the agreed one.
pub(crate) fn outcome_badge(cx: &Cx, outcome: Outcome, is_agreed: bool) -> Markup {
    let words = cx.t(texts::outcome(outcome)).into_owned();
    let words = if is_agreed {
        words
    } else {
        format!("{}{}{words}", cx.t(texts::so_far()), if cx.lang == messages::Lang::Zh { "：" } else { ": " })
    };
    ui::badge(if is_agreed { outcome_tone(outcome) } else { Tone::Muted }, &words)
}

fn card(cx: &Cx, line: &Line) -> Markup {
    let one = &line.improvement;
    html! {
        div {
            div { a href=(href(one.id)) { strong { (one.title) } } }
            div { small.note { (cx.tr(&line.title)) " · " (cx.t(texts::people_count(one.members.len()))) } }
            div { small.note { (line.owner) " → " (line.supervisor) " · " (cx.day_short(one.due)) } }
            (ui::line(&[
                lateness(cx, one, line.is_overdue),
                html! { @if let Some((outcome, is_agreed)) = line.outcome { (outcome_badge(cx, outcome, is_agreed)) } },
            ]))
            @if let Some(effect) = &line.effect { div { small.note { (effect) " " (cx.t(texts::points_unit())) } } }
        }
    }
}

fn list(reader: &Reader, behaviours: &[Choice], mut lines: Vec<Line>, is_own: bool) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &SORTABLE);
    sort(&mut lines, &state);
    let total = lines.len();
    let begin = state.after.as_deref().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let all = state.format.is_some();
    let shown: Vec<Line> = if all { lines } else { lines.into_iter().skip(begin).take(ROWS).collect() };
    let next = (!all && begin + shown.len() < total).then(|| (begin + ROWS).to_string());
    let table = table(&shown, &state, total as u64, next).empty(none_yet(reader));
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let body = html! {
        (tabs(cx, true))
        (ui::filter_bar(cx, &filters(behaviours, true)))
        (ui::table(cx, &table))
    };
    Ok(reader.page(&heading(reader, body, is_own)))
}

fn sort(lines: &mut [Line], state: &TableState) {
    // They come overdue first, then by due day.
    let Some(sort) = &state.sort else { return };
    lines.sort_by(|a, b| {
        let order = match sort.key.as_str() {
            "title" => a.improvement.title.cmp(&b.improvement.title),
            "state" => a.improvement.state.cmp(&b.improvement.state),
            "effect" => {
                let figure = |line: &Line| line.effect_figure.unwrap_or(f64::NEG_INFINITY);
                figure(a).total_cmp(&figure(b))
            }
            _ => a.improvement.due.cmp(&b.improvement.due),
        };
        if sort.descending { order.reverse() } else { order }
    });
}

fn table<'r>(lines: &'r [Line], state: &TableState, total: u64, next: Option<String>) -> Table<'r, Line> {
    let columns = vec![
        Column::new("title", texts::title(), |_, line: &Line| Cell::words(&line.improvement.title))
            .sortable()
            .wraps(),
        Column::new("state", texts::state_label(), |_, line: &Line| {
            Cell::text(texts::state(line.improvement.state)).badge(state_tone(line.improvement.state))
        })
        .sortable(),
        Column::new("due", texts::due(), |cx, line: &Line| {
            let cell = Cell::day(Some(line.improvement.due));
            if line.is_overdue { cell.note(cx.t(texts::overdue())) } else { cell }
        })
        .sortable(),
        Column::new("verdict", texts::verdict(), |cx, line: &Line| match line.outcome {
            Some((outcome, true)) => Cell::text(texts::outcome(outcome)).badge(outcome_tone(outcome)),
            Some((outcome, false)) => {
                Cell::text(texts::outcome(outcome)).note(cx.t(texts::so_far())).greyed(true)
            }
            None => Cell::empty(),
        }),
        Column::new("effect", texts::effect_points(), |_, line: &Line| {
            line.effect.clone().map_or_else(Cell::empty, Cell::words)
        })
        .hint(texts::effect_hint())
        .sortable(),
        Column::new("behaviour", texts::behaviour(), |_, line: &Line| Cell::text(line.title.clone())),
        Column::figures("people", texts::people(), |_, line: &Line| {
            Cell::count(line.improvement.members.len())
        }),
        Column::new("owner", texts::owner(), |_, line: &Line| Cell::words(&line.owner)),
        Column::new("supervisor", texts::supervisor(), |_, line: &Line| Cell::words(&line.supervisor)),
        Column::new("cause", texts::cause(), |_, line: &Line| {
            Cell::text(texts::cause_text(line.improvement.cause))
        })
        .hidden(),
    ];
    Table::new("improvements", texts::improvements(), columns, lines)
        .state(state.clone())
        .total(total)
        .next(next)
        .row_href(|line: &Line| href(line.improvement.id))
        .exports()
}
