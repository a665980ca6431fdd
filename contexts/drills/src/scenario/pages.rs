//! The list of scenarios, and the page of one: the trainee reads the situation, trainers read all of it.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use messages::{Lang, Text};
use ui::{
    Cell, Choice, Column, Cx, Empty, FilterBar, Href, Icon, Page, Tab, Table, TableState, TimelineEntry,
    Tone, Weight,
};
use web::{Answer, Fail, Reader, Routes, api::Path};

use super::{Difficulty, Head, Scenario, Version, VersionState, href};
use crate::{
    Drills,
    engine::TestLine,
    permission::DrillsPermission as May,
    problem::DrillError,
    texts,
    topic::pages::{Titles, titles},
};

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new().get("/scenarios", May::Rehearse, list_page).get(
        "/scenarios/{name}",
        May::Rehearse,
        scenario_page,
    )
}

pub(crate) fn lang_text(lang: Lang) -> Text {
    match lang {
        Lang::Zh => texts::chinese(),
        Lang::En => texts::english(),
    }
}

/// A scenario in the language that suits the reader, with all its languages.
struct Line {
    scenario: Scenario,
    languages: Vec<Lang>,
    behaviours: Text,
    version: Text,
}

/// One line for each name, in the reader's language where there is one.
fn lines(all: Vec<Scenario>, lang: Lang, titles: &Titles, edits: bool) -> Vec<Line> {
    let mut by_name: BTreeMap<String, Vec<Scenario>> = BTreeMap::new();
    for scenario in all.into_iter().filter(|scenario| edits || scenario.live.is_some()) {
        by_name.entry(scenario.name.clone()).or_default().push(scenario);
    }
    let line = |mut same: Vec<Scenario>| {
        let languages = same.iter().map(|scenario| scenario.language).collect();
        same.sort_by_key(|scenario| scenario.language != lang);
        let scenario = same.into_iter().next()?;
        let behaviours = about(&scenario.behaviours, titles);
        let version = match (scenario.live, scenario.draft) {
            (Some(n), None) => texts::live_version(n),
            (Some(n), Some(_)) => texts::live_with_draft(n),
            (None, _) => texts::draft(),
        };
        Some(Line { scenario, languages, behaviours, version })
    };
    let mut lines: Vec<Line> = by_name.into_values().filter_map(line).collect();
    lines.sort_by_key(|line| (line.scenario.difficulty, line.scenario.name.clone()));
    lines
}

fn about(names: &[String], titles: &Titles) -> Text {
    let known = |name: &String| titles.values().find(|(known, _)| known == name).map(|(_, title)| title);
    let all: Vec<&Text> = names.iter().filter_map(known).collect();
    let join = |language: fn(&Text) -> &str, between: &str| {
        all.iter().map(|title| language(title)).collect::<Vec<_>>().join(between)
    };
    Text::made(join(|text| &text.zh, "、"), join(|text| &text.en, ", "))
}

async fn list_page(State(service): State<Drills>, reader: Reader) -> Answer {
    let (here, edits) = (&reader.cx.here, reader.can(May::EditScenarios));
    let titles = titles(&service).await?;
    let search = here.value("q").unwrap_or_default().trim().to_lowercase();
    let difficulty = here.value("difficulty").and_then(Difficulty::parse);
    let behaviour = here.value("behaviour").map(str::to_owned);
    let mut lines = lines(service.scenarios().await?, reader.lang(), &titles, edits);
    lines.retain(|line| {
        let words = format!("{} {}", line.scenario.name, line.scenario.title).to_lowercase();
        words.contains(&search)
            && difficulty.is_none_or(|wanted| wanted == line.scenario.difficulty)
            && behaviour.as_ref().is_none_or(|wanted| line.scenario.behaviours.contains(wanted))
    });
    let state = TableState::read(here, &[]);
    let mut columns = vec![
        Column::new("title", texts::scenario(), |_, line: &Line| Cell::words(line.scenario.title.clone()))
            .wraps(),
        Column::new("difficulty", texts::difficulty(), |_, line: &Line| {
            Cell::text(line.scenario.difficulty.text())
        }),
        Column::new("line", texts::line_of_business(), |_, line: &Line| {
            line.scenario.line_of_business.clone().map_or_else(Cell::empty, Cell::words)
        }),
        Column::new("behaviours", texts::behaviours(), |_, line: &Line| Cell::text(line.behaviours.clone()))
            .wraps(),
        Column::new("languages", texts::language(), |cx, line: &Line| {
            let all: Vec<_> = line.languages.iter().map(|lang| cx.t(lang_text(*lang))).collect();
            Cell::words(all.join(" · "))
        }),
    ];
    if edits {
        columns.push(Column::new("version", texts::version(), |_, line: &Line| {
            Cell::text(line.version.clone())
        }));
    }
    let mut empty = Empty::new(Icon::Book, texts::no_scenarios(), texts::no_scenarios_hint());
    if edits {
        empty = empty.action(texts::new_scenario(), Href::new("/scenarios/new"));
    }
    let table = Table::new("scenarios", texts::scenarios(), columns, &lines)
        .state(state.clone())
        .total(lines.len() as u64)
        .row_href(|line: &Line| href(&line.scenario.name))
        .empty(empty)
        .exports();
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let cx = &reader.cx;
    let body = html! { (ui::filter_bar(cx, &filters(&titles))) (ui::table(cx, &table)) };
    let new = html! {
        @if edits {
            (ui::link_button(cx, Weight::Plain, &texts::new_scenario(), &Href::new("/scenarios/new"), Some(Icon::Plus)))
        }
    };
    Ok(reader.page(&Page::new(texts::scenarios(), body).lead(texts::scenarios_lead()).actions(new)))
}

fn filters(titles: &Titles) -> FilterBar {
    let difficulties = Difficulty::ALL.into_iter().map(|one| Choice::new(one.name(), one.text())).collect();
    let mut behaviours: Vec<Choice> =
        titles.values().map(|(name, title)| Choice::new(name.clone(), title.clone())).collect();
    behaviours.sort_by(|a, b| a.value.cmp(&b.value));
    FilterBar::new()
        .search("q", texts::title_or_name())
        .select("difficulty", texts::difficulty(), difficulties)
        .select("behaviour", texts::behaviour(), behaviours)
}

async fn scenario_page(State(service): State<Drills>, reader: Reader, Path(name): Path<String>) -> Answer {
    let edits = reader.can(May::EditScenarios);
    let mut all = service.scenario(&name).await?;
    all.retain(|scenario| edits || scenario.live.is_some());
    let asked = reader.cx.here.value("lang").and_then(Lang::parse).unwrap_or(reader.lang());
    let chosen = all.iter().find(|one| one.language == asked).or(all.first()).ok_or(DrillError::NotFound)?;
    let (scenario, versions) = service.scenario_in(&name, chosen.language).await?;
    let shown = versions.iter().find(|version| version.state == VersionState::Live).or(versions.first());
    let head = shown.and_then(|version| Head::read(&version.script)).ok_or(DrillError::NotFound)?;
    let cx = &reader.cx;
    let main = html! {
        (ui::section(cx, &texts::situation(), None, &html! { p { (head.situation()) } }))
        @if edits {
            (ui::section(cx, &texts::judged(), None, &html! { ul { @for item in head.items() { li { (item) } } } }))
            @if let Some(version) = shown { (tests(&service, cx, version).await?) }
        }
    };
    let side = html! {
        (ui::section(cx, &texts::facts(), None, &facts(&service, cx, &scenario, &head, edits).await?))
        @if edits { (ui::section(cx, &texts::versions(), None, &version_list(cx, &versions))) }
    };
    let tab = |one: &Scenario| Tab {
        text: lang_text(one.language),
        href: href(&name).with("lang", one.language.code()),
        count: None,
        current: one.language == scenario.language,
    };
    let tabs: Vec<Tab> = all.iter().map(tab).collect();
    let body = html! {
        @if tabs.len() > 1 { (ui::tabs(cx, &texts::language(), &tabs)) }
        (ui::split(&main, &side))
    };
    let page =
        Page::new(Text::verbatim(&scenario.title), body).crumb(texts::scenarios(), Href::new("/scenarios"));
    Ok(reader.page(&page.actions(actions(cx, &scenario, edits))))
}

fn actions(cx: &Cx, scenario: &Scenario, edits: bool) -> Markup {
    let lang = scenario.language.code();
    let edit = href(&scenario.name).segment(lang).segment("edit");
    let rehearse = href(&scenario.name).segment("rehearse");
    html! {
        @if edits { (ui::link_button(cx, Weight::Plain, &texts::edit(), &edit, Some(Icon::Edit))) }
        @if scenario.live.is_some() {
            (ui::post_button(cx, Weight::Primary, &texts::rehearse(), &rehearse, &[("lang", lang.to_owned())], Some(Icon::Play)))
        }
    }
}

async fn facts(
    service: &Drills,
    cx: &Cx,
    scenario: &Scenario,
    head: &Head,
    edits: bool,
) -> Result<Markup, Fail> {
    let mut items = vec![
        (texts::customer(), html! { (head.portrait.who) }),
        (texts::manner(), html! { (head.portrait.manner) }),
    ];
    if edits {
        items.push((texts::need(), html! { (head.portrait.need) }));
        items.push((texts::speech(), html! { (head.portrait.speech) }));
    }
    items.push((texts::difficulty(), html! { (cx.t(scenario.difficulty.text())) }));
    if let Some(line) = &scenario.line_of_business {
        items.push((texts::line_of_business(), html! { (line) }));
    }
    let titles = titles(service).await?;
    let known = |name: &String| titles.values().find(|(known, _)| known == name);
    let behaviours = html! {
        @for (at, (name, title)) in scenario.behaviours.iter().filter_map(known).enumerate() {
            @if at > 0 { br; }
            a href=(Href::new("/behaviours").segment(name)) { (cx.tr(title)) }
        }
    };
    items.push((texts::behaviours(), behaviours));
    Ok(ui::facts(cx, &items))
}

/// The conversation tests of a version, played by the rules of today.
async fn tests(service: &Drills, cx: &Cx, version: &Version) -> Result<Markup, Fail> {
    let (said, tests) = service.check_script(&version.script).await?;
    Ok(html! {
        (super::editor::diagnostics(cx, &said))
        @if !tests.is_empty() { (ui::section(cx, &texts::tests(), None, &tests_table(cx, &tests))) }
    })
}

/// Conversation tests with what came of each.
pub(super) fn tests_table(cx: &Cx, tests: &[TestLine]) -> Markup {
    let figure = |key: &'static str, header: Text, at: usize| {
        Column::figures(key, header, move |_, test: &TestLine| {
            let Some(((low, high), (least, most))) = test.figures.get(at) else { return Cell::empty() };
            let found = if least == most { least.to_string() } else { format!("{least}–{most}") };
            Cell::words(found).note(format!("[{low}–{high}]"))
        })
    };
    let columns = vec![
        Column::new("holds", texts::as_expected(), |_, test: &TestLine| {
            if test.holds {
                Cell::words("✔").badge(Tone::Good)
            } else {
                Cell::words("✘").badge(Tone::Bad)
            }
        }),
        Column::new("kind", texts::test_kind(), |_, test: &TestLine| Cell::text(test.kind_text())),
        figure("process", texts::process(), 0),
        figure("feeling", texts::feeling(), 1),
        figure("outcome", texts::outcome(), 2),
        figure("total", texts::total(), 3),
    ];
    ui::table(cx, &Table::new("tests", texts::tests(), columns, tests).total(tests.len() as u64))
}

fn version_list(cx: &Cx, versions: &[Version]) -> Markup {
    let entry = |version: &Version| {
        let (tone, state) = match version.state {
            VersionState::Draft => (Tone::Info, texts::draft()),
            VersionState::Live => (Tone::Good, texts::live()),
            VersionState::Past => (Tone::Muted, texts::past()),
        };
        TimelineEntry {
            at: version.published_at.unwrap_or(version.at),
            tone,
            title: html! { (cx.t(texts::version_is(version.n, &state.zh, &state.en))) },
            detail: (!version.note.is_empty()).then(|| html! { (version.note) }),
        }
    };
    ui::timeline(cx, &versions.iter().map(entry).collect::<Vec<_>>())
}
