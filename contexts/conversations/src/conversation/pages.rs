//! The list of conversations, and the page of one.

use std::sync::Arc;

use axum::extract::State;
use kernel::Scope;
use maud::{Markup, html};
use messages::{Problem, ProblemKind, Text};
use people::api::{Lookup, UnitKind};
use ui::{
    Cell, Choice, Column, Cx, Empty, FilterBar, Href, Icon, Mark, MarkKind, Page, Sort, Table, TableState,
    Tone, Weight, table_keys,
};
use web::{Answer, Fail, Reader, Routes, api::Path};

use super::{
    filter::{ConversationFilter, conversation_href, keys},
    read::{Coded, Conversation, ConversationRow, ConversationSort, parse_place, place_text},
    rules::{Direction, Role},
};
use crate::{
    ConversationsPermission as May,
    ids::ConversationId,
    service::{ConversationPage, Conversations, ListRequest},
    slots::Highlight,
    texts,
    view::{
        Sight, bad_filter, channel_text, direction_text, download, person_name, searches_hidden, unit_name,
    },
};

/// Rows on one page of the list: two screens of 32 px rows.
const ROWS: usize = 50;
/// Rows of one reading of an export.
const EXPORT_ROWS_AT_ONCE: usize = 5_000;
/// People that the filter offers; beyond them one searches.
const PEOPLE_OFFERED_MAX: usize = 2_000;

pub(crate) fn routes() -> Routes<Conversations> {
    Routes::new().get("/conversations", May::View, list_page).get(
        "/conversations/{id}",
        May::View,
        conversation_page,
    )
}

/// A row as it is shown: names instead of ids, numbers hidden where they must be.
struct Line {
    row: ConversationRow,
    external_id: String,
    agent: Option<String>,
    team: Option<String>,
    site: Option<String>,
    queue: Option<String>,
    business: Option<String>,
}

fn line(directory: &Lookup, sight: &Sight, row: ConversationRow) -> Line {
    Line {
        external_id: sight.text(&row, &row.external_id),
        agent: person_name(directory, row.person),
        team: unit_name(directory, row.team),
        site: unit_name(directory, row.site),
        queue: row.queue.and_then(|id| directory.queue(id)).map(|queue| queue.name.clone()),
        business: row
            .line_of_business
            .and_then(|id| directory.line_of_business(id))
            .map(|line| line.name.clone()),
        row,
    }
}

fn columns() -> Vec<Column<Line>> {
    fn words(words: Option<&String>) -> Cell {
        words.map_or_else(Cell::empty, |words| Cell::words(words.clone()))
    }
    vec![
        Column::new("time", texts::began(), |_, l: &Line| match l.row.started_at {
            None if l.row.day.is_none() => Cell::text(texts::undated()).badge(Tone::Warn),
            None => Cell::day(l.row.day),
            at => Cell::time(at),
        })
        .sortable(),
        Column::new("agent", texts::agent(), |_, l: &Line| words(l.agent.as_ref())),
        Column::new("team", texts::team(), |_, l: &Line| words(l.team.as_ref())),
        Column::new("site", texts::site(), |_, l: &Line| words(l.site.as_ref())).hidden(),
        Column::new("queue", texts::queue(), |_, l: &Line| words(l.queue.as_ref())),
        Column::new("line_of_business", texts::line_of_business(), |_, l: &Line| words(l.business.as_ref()))
            .hidden(),
        Column::new("channel", texts::channel(), |_, l: &Line| {
            l.row.channel.as_deref().map_or_else(Cell::empty, |code| Cell::text(channel_text(code)))
        }),
        Column::new("direction", texts::direction(), |_, l: &Line| {
            l.row.direction.map_or_else(Cell::empty, |direction| Cell::text(direction_text(direction)))
        }),
        Column::new("disposition", texts::disposition(), |_, l: &Line| words(l.row.disposition.as_ref())),
        Column::figures("duration", texts::duration(), |_, l: &Line| Cell::seconds(l.row.duration_s))
            .sortable(),
        Column::figures("turns", texts::turns(), |_, l: &Line| Cell::count(l.row.turn_count)),
        Column::new("id", texts::external_id(), |_, l: &Line| Cell::words(l.external_id.clone())),
        Column::new("source", texts::source(), |_, l: &Line| Cell::words(l.row.source.clone())).hidden(),
    ]
}

fn sort(state: &TableState) -> ConversationSort {
    match state.sort.as_ref() {
        Some(Sort { key, descending: true }) if key == "duration" => ConversationSort::Longest,
        Some(Sort { key, descending: false }) if key == "duration" => ConversationSort::Shortest,
        Some(Sort { descending: false, .. }) => ConversationSort::Oldest,
        _ => ConversationSort::Newest,
    }
}

/// The page of a conversation as one of a list: its address keeps the filters and the order, so that the page
/// leads to its neighbours and back.
fn of_list(id: ConversationId, list: &Href) -> Href {
    let leave_out = [table_keys::COLUMNS, table_keys::AFTER, table_keys::FORMAT];
    let kept = list
        .query()
        .iter()
        .filter(|(key, value)| !leave_out.contains(&key.as_str()) && !value.trim().is_empty());
    kept.fold(conversation_href(id), |href, (key, value)| href.also(key, value))
}

/// Links to the conversations before and after this one in the list it was opened from.
async fn neighbours(service: &Conversations, reader: &Reader, row: &ConversationRow) -> Markup {
    let cx = &reader.cx;
    let Ok(filter) = ConversationFilter::read(&cx.here) else { return html! {} };
    if searches_hidden(reader, &filter) {
        return html! {};
    }
    let sort = sort(&TableState::read(&cx.here, &["time", "duration"]));
    let beside = async |sort: ConversationSort| {
        let after = Some((sort.value(row), row.id));
        let request = ListRequest { filter: filter.clone(), sort, after, limit: 1, counts: false };
        // A list that cannot be read any more has no neighbours; the conversation itself can.
        let page = service.list(&reader.scope, &request).await.ok();
        page.and_then(|page| page.rows.first().map(|row| of_list(row.id, &cx.here)))
    };
    let (before, after) = futures::future::join(beside(sort.reversed()), beside(sort)).await;
    html! {
        @if let Some(href) = before { (ui::key_link(cx, &texts::previous_one(), &href, "p", Icon::Left)) }
        @if let Some(href) = after { (ui::key_link(cx, &texts::next_one(), &href, "n", Icon::Right)) }
    }
}

async fn list_page(State(service): State<Conversations>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let filter = ConversationFilter::read(&cx.here).map_err(|bad| bad_filter(&bad))?;
    let state = TableState::read(&cx.here, &["time", "duration"]);
    let directory = service.directory().await?;
    let may_export = reader.can(May::Export);
    let request = ListRequest {
        sort: sort(&state),
        after: state.after.as_deref().and_then(parse_place),
        limit: ROWS,
        counts: true,
        filter,
    };
    let is_hidden = searches_hidden(&reader, &request.filter);
    let page = match state.format {
        Some(_) if !may_export => return Err(Problem::not_found().into()),
        _ if is_hidden => ConversationPage::default(),
        Some(_) => whole(&service, &reader, request.clone()).await?,
        None => service.list(&reader.scope, &request).await?,
    };
    let sight = Sight::of(&reader);
    let lines: Vec<Line> = page.rows.into_iter().map(|row| line(&directory, &sight, row)).collect();
    let here = cx.here.clone();
    let mut table = Table::new("conversations", texts::conversations(), columns(), &lines)
        .state(state.clone())
        .total(page.total)
        .next(page.next.map(place_text))
        .row_href(move |line: &Line| of_list(line.row.id, &here))
        .empty(empty(&reader));
    if may_export {
        table = table.exports();
    }
    if let Some(format) = state.format {
        let exported = table.export(cx, format).map_err(|error| export_failed(cx, &error))?;
        return Ok(download(&exported.file_name, exported.content_type, exported.bytes));
    }
    let body = html! {
        (ui::filter_bar(cx, &filters(&service, &reader, &directory).await?))
        (notices(&service, &reader, &request, page.title.as_ref()).await?)
        (ui::table(cx, &table))
    };
    Ok(reader.page(
        &Page::new(texts::conversations(), body).lead(texts::conversations_lead()).actions(actions(&reader)),
    ))
}

/// All rows that one export holds, in the scope of exporting.
async fn whole(
    service: &Conversations,
    reader: &Reader,
    mut request: ListRequest,
) -> Result<ConversationPage, Fail> {
    let scope = reader.scope_of(May::Export);
    request.counts = false;
    request.after = None;
    request.limit = EXPORT_ROWS_AT_ONCE;
    let mut all = ConversationPage::default();
    loop {
        let page = service.list(&scope, &request).await?;
        all.rows.extend(page.rows);
        request.after = page.next;
        // One more row than fits makes the writer say so, rather than leave rows out unsaid.
        if request.after.is_none() || all.rows.len() > ui::EXPORT_ROWS_MAX {
            return Ok(all);
        }
    }
}

fn export_failed(cx: &Cx, error: &ui::ExportError) -> Fail {
    if let Some(text) = error.text(cx) {
        return Problem::new(ProblemKind::TooLarge, "conversations.export_too_large", text).into();
    }
    tracing::error!(%error, "conversations.export_failed");
    Problem::internal().into()
}

fn empty(reader: &Reader) -> Empty {
    let empty = Empty::new(Icon::Conversations, texts::no_conversations(), texts::no_conversations_hint());
    if reader.can(May::Import) {
        empty.action(texts::import_conversations(), Href::new("/conversations/import"))
    } else {
        empty
    }
}

fn actions(reader: &Reader) -> Markup {
    let cx = &reader.cx;
    html! {
        @if reader.can(May::Import) {
            (ui::link_button(cx, Weight::Plain, &texts::imports(), &Href::new("/conversations/imports"), Some(Icon::Log)))
            (ui::link_button(cx, Weight::Primary, &texts::import_conversations(), &Href::new("/conversations/import"), Some(Icon::Import)))
        }
    }
}

async fn notices(
    service: &Conversations,
    reader: &Reader,
    request: &ListRequest,
    title: Option<&Text>,
) -> Result<Markup, Fail> {
    let cx = &reader.cx;
    let is_hidden = searches_hidden(reader, &request.filter);
    let lags = !is_hidden && request.filter.query.is_some() && service.search_waiting().await? > 0;
    Ok(html! {
        @if let Some(title) = title {
            (ui::notice(Tone::Info, &html! {
                (cx.tr(title)) " "
                a href=(cx.here.clone().without(keys::SELECTION).without("after")) { (cx.t(texts::show_all())) }
            }))
        }
        @if is_hidden { (ui::notice(Tone::Warn, &html! { (cx.t(texts::number_search())) })) }
        @if lags { (ui::notice(Tone::Warn, &html! { (cx.t(texts::search_lags())) })) }
        @if request.filter.dated == Some(false) { (ui::notice(Tone::Info, &html! { (cx.t(texts::undated_hint())) })) }
    })
}

async fn filters(service: &Conversations, reader: &Reader, directory: &Lookup) -> Result<FilterBar, Fail> {
    let by_name = |mut named: Vec<(String, String)>| -> Vec<Choice> {
        named.sort();
        named.into_iter().map(|(name, id)| Choice::new(id, Text::verbatim(name))).collect()
    };
    let units = |kind: UnitKind| {
        let is_open = |unit: &&people::api::Unit| {
            unit.kind == kind && (reader.scope.is_everything() || reader.scope.unit_ids().contains(&unit.id))
        };
        by_name(
            directory
                .units()
                .filter(is_open)
                .map(|unit| (directory.unit_label(unit.id), unit.id.to_string()))
                .collect(),
        )
    };
    let codes = |values: Vec<String>| {
        values.into_iter().map(|v| Choice::new(v.clone(), Text::verbatim(v))).collect::<Vec<_>>()
    };
    let channels = service.coded_values(Coded::Channel).await?;
    let channels = channels.into_iter().map(|code| Choice::new(code.clone(), channel_text(&code))).collect();
    let dispositions = codes(service.coded_values(Coded::Disposition).await?);
    let yes_no = vec![Choice::new("1", texts::dated()), Choice::new("0", texts::undated())];
    let directions = Direction::ALL.into_iter().map(|d| Choice::new(d.name(), direction_text(d))).collect();
    let mut bar = FilterBar::new()
        .search(keys::QUERY, texts::search_words())
        .day(keys::FROM, texts::from_day())
        .day(keys::TO, texts::to_day());
    let agents = people_offered(reader, directory);
    let select = |bar: FilterBar, key, label, choices: Vec<Choice>| {
        if choices.is_empty() { bar } else { bar.select(key, label, choices) }
    };
    bar = select(bar, keys::SITE, texts::site(), units(UnitKind::Site));
    bar = select(bar, keys::TEAM, texts::team(), units(UnitKind::Team));
    bar = select(bar, keys::AGENT, texts::agent(), by_name(agents));
    let queues =
        directory.queues().into_iter().map(|q| Choice::new(q.id.to_string(), Text::verbatim(q.name.clone())));
    bar = select(bar, keys::QUEUE, texts::queue(), queues.collect());
    let lines = directory.lines_of_business().into_iter();
    let lines = lines.map(|l| Choice::new(l.id.to_string(), Text::verbatim(l.name.clone())));
    bar = select(bar, keys::LINE, texts::line_of_business(), lines.collect());
    bar = select(bar, keys::CHANNEL, texts::channel(), channels);
    bar = select(bar, keys::DIRECTION, texts::direction(), directions);
    bar = select(bar, keys::DISPOSITION, texts::disposition(), dispositions);
    bar = select(bar, keys::DATED, texts::date(), yes_no);
    Ok(bar.number(keys::MIN, texts::shortest(), Some(texts::seconds())).number(
        keys::MAX,
        texts::longest(),
        Some(texts::seconds()),
    ))
}

/// The people whose conversations the reader may see.
fn people_offered(reader: &Reader, directory: &Lookup) -> Vec<(String, String)> {
    let today = directory.organisation_day().of(reader.cx.now);
    let is_open =
        |person: kernel::PersonId| reader.scope.allows(directory.team_of(person, today), Some(person));
    directory
        .people()
        .filter(|person| is_open(person.id))
        .take(PEOPLE_OFFERED_MAX)
        .map(|person| (person_name(directory, Some(person.id)).unwrap_or_default(), person.id.to_string()))
        .collect()
}

async fn conversation_page(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<ConversationId>,
) -> Answer {
    let directory = service.directory().await?;
    let conversation = visible(&service, &reader.scope, id).await?;
    let (mut highlights, mut panels) = (Vec::new(), Vec::new());
    // What others say refers to the words as they are stored; only then are numbers hidden.
    for slot in service.slots() {
        highlights.extend(slot.highlights(&reader, &conversation).await?);
        panels.extend(slot.panels(&reader, &conversation).await?);
    }
    let sight = Sight::of(&reader);
    let is_masked = !sight.sees(&conversation.row);
    let conversation = sight.conversation(conversation);
    let cx = &reader.cx;
    let turns = turns(&reader, &directory, &conversation, &highlights);
    let side = html! {
        (ui::panels(cx, &panels))
        (ui::section(cx, &texts::facts(), None, &facts(&reader, &directory, &conversation)))
        (fields(cx, &conversation))
    };
    let body = html! {
        @if conversation.row.day.is_none() { (ui::notice(Tone::Warn, &html! { (cx.t(texts::undated_one())) })) }
        @if is_masked { (ui::notice(Tone::Info, &html! { (cx.t(texts::masked_hint())) })) }
        (ui::split(&ui::transcript(cx, &turns), &side))
    };
    let title = texts::conversation_title(&conversation.row.external_id);
    let list =
        cx.here.query().iter().fold(Href::new("/conversations"), |href, (key, value)| href.also(key, value));
    let beside = neighbours(&service, &reader, &conversation.row).await;
    Ok(reader.page(&Page::new(title, body).crumb(texts::conversations(), list).actions(beside)))
}

pub(crate) async fn visible(
    service: &Conversations,
    scope: &Scope,
    id: ConversationId,
) -> Result<Conversation, Fail> {
    service.conversation(scope, id).await?.ok_or_else(|| Problem::not_found().into())
}

fn turns(
    reader: &Reader,
    directory: &Arc<Lookup>,
    conversation: &Conversation,
    highlights: &[Highlight],
) -> Vec<ui::Turn> {
    let cx = &reader.cx;
    let query = cx.here.value(keys::QUERY);
    let turns = conversation.document.turns.iter().enumerate();
    turns
        .map(|(index, turn)| {
            let mut marks: Vec<Mark> = highlights
                .iter()
                .filter(|highlight| highlight.turn == index)
                .map(|highlight| Mark {
                    start: highlight.start,
                    end: highlight.end,
                    kind: highlight.kind,
                    label: cx.tr(&highlight.label).to_owned(),
                    reason: cx.tr(&highlight.reason).to_owned(),
                })
                .collect();
            let found = query.map(|query| crate::search::marks(query, &turn.text)).unwrap_or_default();
            marks.extend(found.into_iter().map(|(start, end)| Mark {
                start,
                end,
                kind: MarkKind::Search,
                label: query.unwrap_or_default().to_owned(),
                reason: cx.t(texts::found_by_search()).into_owned(),
            }));
            ui::Turn {
                index,
                role: match turn.role {
                    Role::Customer => ui::TurnRole::Customer,
                    Role::Agent => ui::TurnRole::Agent,
                    Role::System => ui::TurnRole::System,
                },
                speaker: conversation.agent_of(turn).and_then(|agent| person_name(directory, agent.person)),
                at_ms: turn.start_ms,
                text: turn.text.clone(),
                marks,
            }
        })
        .collect()
}

fn facts(reader: &Reader, directory: &Lookup, conversation: &Conversation) -> Markup {
    let (cx, row) = (&reader.cx, &conversation.row);
    let mut items: Vec<(Text, Markup)> = Vec::new();
    let mut add = |label: Text, value: Option<String>| {
        if let Some(value) = value {
            items.push((label, html! { (value) }));
        }
    };
    add(texts::began(), row.started_at.map(|at| cx.time(at)).or_else(|| row.day.map(|day| cx.day(day))));
    add(texts::duration(), row.duration_s.map(|s| cx.duration(s)));
    for agent in &conversation.agents {
        let name = person_name(directory, agent.person);
        let team = unit_name(directory, agent.team);
        add(texts::agent(), name.map(|name| team.map_or(name.clone(), |team| format!("{name} · {team}"))));
    }
    add(texts::site(), unit_name(directory, row.site));
    add(texts::queue(), row.queue.and_then(|id| directory.queue(id)).map(|queue| queue.name.clone()));
    let line = row.line_of_business.and_then(|id| directory.line_of_business(id));
    add(texts::line_of_business(), line.map(|line| line.name.clone()));
    add(texts::channel(), row.channel.as_deref().map(|code| cx.tr(&channel_text(code)).to_owned()));
    add(texts::direction(), row.direction.map(|direction| cx.t(direction_text(direction)).into_owned()));
    add(texts::disposition(), row.disposition.clone());
    add(texts::turns(), Some(cx.count(row.turn_count)));
    add(texts::source(), Some(row.source.clone()));
    add(texts::external_id(), Some(row.external_id.clone()));
    add(texts::imported_at(), Some(cx.time(row.imported_at)));
    ui::facts(cx, &items)
}

fn fields(cx: &Cx, conversation: &Conversation) -> Markup {
    let document = &conversation.document;
    let items: Vec<(Text, Markup)> = document
        .fields
        .iter()
        .chain(&document.extra)
        .map(|(key, value)| {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (Text::verbatim(key.clone()), html! { (shown) })
        })
        .collect();
    html! { @if !items.is_empty() { (ui::section(cx, &texts::other_fields(), None, &ui::facts(cx, &items))) } }
}
