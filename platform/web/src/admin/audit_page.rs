//! The page of the audit log.

use audit::Broken;
use axum::extract::State;
use kernel::{BusinessDay, Day};
use maud::html;
use messages::Text;
use ui::{
    Cell, Column, EXPORT_ROWS_MAX, Empty, FilterBar, Href, Icon, Page, Table, TableState, Tone, Weight,
};

use super::{
    audit_log::{self, Entry, Filter},
    texts,
};
use crate::{Answer, Platform, PlatformPermission, Reader, Routes};

/// Entries on one page.
const PAGE_ROWS: usize = 100;

pub(super) fn routes() -> Routes<Platform> {
    Routes::new().get("/admin/audit", PlatformPermission::ViewAudit, list).post(
        "/admin/audit/verify",
        PlatformPermission::ViewAudit,
        verify,
    )
}

/// A line of the list.
struct Line {
    entry: Entry,
    who: Text,
}

fn columns() -> Vec<Column<Line>> {
    vec![
        Column::new("seq", texts::audit_seq(), |_, line: &Line| Cell::words(line.entry.seq.to_string())),
        Column::new("at", texts::audit_at(), |_, line: &Line| Cell::time(Some(line.entry.at))),
        Column::new("who", texts::audit_who(), |_, line: &Line| {
            let cell = Cell::text(line.who.clone());
            line.entry.account.map_or_else(
                || Cell::text(line.who.clone()),
                |account| cell.link(Href::new("/admin/accounts").segment(account)),
            )
        }),
        Column::new("via", texts::audit_via(), |_, line: &Line| {
            Cell::text(audit_log::via_text(&line.entry.via))
        }),
        Column::new("action", texts::audit_action(), |_, line: &Line| Cell::words(line.entry.action.clone())),
        Column::new("objects", texts::audit_objects(), |_, line: &Line| {
            Cell::words(line.entry.objects.clone())
        })
        .wraps(),
        Column::new("digest", texts::audit_digest(), |_, line: &Line| Cell::words(line.entry.digest.clone()))
            .hidden(),
    ]
}

/// What the address asks for; `None` when it names an account that does not exist, which did nothing.
async fn filter(platform: &Platform, here: &Href) -> store::Result<Option<Filter>> {
    let zone = BusinessDay::default();
    let account = match here.value("who") {
        None => None,
        Some(name) => match platform.identity().account_named(name).await? {
            Some(account) => Some(account.id),
            None => return Ok(None),
        },
    };
    let day = |key| here.value(key).and_then(Day::parse);
    Ok(Some(Filter {
        action: here.value("action").map(str::to_owned),
        account,
        object: here.value("object").map(str::to_owned),
        from: day("from").map(|day| zone.start(day)),
        // The last day belongs to what was asked for.
        before: day("to").map(|day| zone.start(Day(day.0.saturating_add(1)))),
        after: None,
    }))
}

async fn list(State(platform): State<Platform>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let format = state.format;
    let limit = if format.is_some() { EXPORT_ROWS_MAX } else { PAGE_ROWS };
    let action = if format.is_some() { "platform.audit_exported" } else { "platform.audit_read" };
    audit_log::leave_trace(&platform, &reader, action).await?;
    let mut entries = match filter(&platform, &cx.here).await? {
        None => Vec::new(),
        Some(filter) => {
            let after = state.after.as_deref().and_then(|after| after.parse().ok());
            audit_log::read(&platform, &Filter { after, ..filter }, limit + 1).await?
        }
    };
    let more = entries.len() > limit;
    if format.is_none() {
        entries.truncate(limit);
    }
    let next = entries.last().filter(|_| more).map(|last| last.seq.to_string());
    let lines = lines(&platform, entries).await?;
    let table = Table::new("audit", texts::audit(), columns(), &lines)
        .state(state)
        .next(next)
        .empty(Empty::new(Icon::Log, texts::audit_empty(), texts::audit_empty_hint()))
        .exports();
    if let Some(format) = format {
        return reader.export(&table, format);
    }
    let bar = FilterBar::new()
        .search("action", texts::audit_action())
        .search("who", texts::audit_who())
        .search("object", texts::audit_objects())
        .day("from", texts::from())
        .day("to", texts::to());
    let verify = ui::post_button(
        cx,
        Weight::Primary,
        &texts::verify(),
        &Href::new("/admin/audit/verify"),
        &[],
        Some(Icon::Shield),
    );
    let body = ui::stack(&[ui::filter_bar(cx, &bar), ui::table(cx, &table)]);
    Ok(reader.page(&Page::new(texts::audit(), body).lead(texts::audit_lead()).actions(verify)))
}

async fn lines(platform: &Platform, entries: Vec<Entry>) -> store::Result<Vec<Line>> {
    let accounts = entries.iter().filter_map(|entry| entry.account).collect();
    let names = platform.identity().account_names(&accounts).await?;
    let who = |entry: &Entry| match entry.account {
        None => texts::audit_system(),
        Some(account) => Text::verbatim(names.get(&account).cloned().unwrap_or_else(|| account.to_string())),
    };
    Ok(entries.into_iter().map(|entry| Line { who: who(&entry), entry }).collect())
}

async fn verify(State(platform): State<Platform>, reader: Reader) -> Answer {
    audit_log::leave_trace(&platform, &reader, "platform.audit_verified").await?;
    let found = store::verify_chain(platform.db()).await?;
    let cx = &reader.cx;
    let (tone, title, detail) = match &found.broken {
        None => (Tone::Good, texts::verified(), texts::verified_detail(&cx.count(found.entries))),
        Some(Broken::Gap { seq }) => (Tone::Bad, texts::verify_broken(), texts::verify_gap(*seq)),
        Some(Broken::Changed { seq }) => (Tone::Bad, texts::verify_broken(), texts::verify_changed(*seq)),
    };
    let body = html! {
        (ui::notice(tone, &html! { strong { (cx.tr(&title)) } p { (cx.tr(&detail)) } }))
        (ui::section(cx, &texts::verify(), None, &ui::facts(cx, &[
            (texts::verify_entries(), html! { (cx.count(found.entries)) }),
            (texts::verify_head(), html! { code { (found.head) } }),
        ])))
    };
    Ok(reader.page(&Page::new(texts::verify(), body).crumb(texts::audit(), Href::new("/admin/audit"))))
}
