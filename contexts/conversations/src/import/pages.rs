//! The pages of importing: choose a file, look at it, watch it go in, see what did not.

use axum::extract::{Multipart, State};
use intake::conversation::COLUMNS;
use maud::{Markup, html};
use messages::{Problem, ProblemKind, Text};
use tokio::io::AsyncWriteExt;
use ui::{
    Cell, Choice, Column, Cx, Empty, Field, FieldErrors, Href, Icon, JobState, Page, Progress, Table,
    TableState, Tone, Value, Values, Weight,
};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{
    batch::{Batch, BatchState, ImportOptions, REJECTED_KEPT_MAX, RejectedRow, Whose},
    error::ImportError,
    prepare::Prepared,
    rules::Defaults,
    source::Format,
    upload::{Look, UPLOAD_BYTES_MAX, state_text},
};
use crate::{
    ConversationsPermission as May,
    conversation::{filter::ConversationFilter, rules::moment},
    ids::BatchId,
    service::Conversations,
    texts,
    view::download,
};

/// Imports on one page of the list.
const ROWS: usize = 50;
/// Rejected rows that the page of an import shows; the download has them all.
const REJECTED_SHOWN: usize = 200;
/// Rejected rows read at once for the download.
const REJECTED_AT_ONCE: usize = 5_000;
/// Bytes of the download: what 64 KB rows could add up to must not fill the memory.
const DOWNLOAD_BYTES_MAX: usize = 256 * 1024 * 1024;

pub(crate) fn routes() -> Routes<Conversations> {
    Routes::new()
        .get("/conversations/import", May::Import, choose_page)
        .upload("/conversations/import", May::Import, UPLOAD_BYTES_MAX, upload)
        .get("/conversations/imports", May::Import, list_page)
        .get("/conversations/imports/{id}", May::Import, batch_page)
        .post("/conversations/imports/{id}", May::Import, decide)
        .get("/conversations/imports/{id}/progress", May::Import, progress_part)
        .post("/conversations/imports/{id}/stop", May::Import, stop)
        .get("/conversations/imports/{id}/rejected", May::Import, rejected_file)
}

fn batch_href(id: BatchId) -> Href {
    Href::new("/conversations/imports").segment(id)
}

fn choose_view(reader: &Reader, errors: &FieldErrors) -> Page {
    let cx = &reader.cx;
    let values = Values::default();
    let fields = [Field::file("file", texts::file(), ".jsonl,.ndjson,.json,.csv,.tsv,.txt")
        .required()
        .hint(texts::file_hint())];
    let form = ui::Form::new(Href::new("/conversations/import"), &values, errors, texts::upload_and_look())
        .multipart()
        .cancel(Href::new("/conversations"));
    let headings = COLUMNS.iter().map(|(names, _)| {
        (Text::verbatim(names.first().copied().unwrap_or_default()), html! { (names.join(" · ")) })
    });
    let headings: Vec<(Text, Markup)> = headings.collect();
    let body = html! {
        (ui::section(cx, &texts::choose_file(), None, &ui::form(cx, &form, &fields)))
        (ui::section(cx, &texts::format_jsonl(), None, &html! { p { (cx.t(texts::format_jsonl_hint())) } }))
        (ui::section(cx, &texts::format_csv(), None, &html! { p { (cx.t(texts::format_csv_hint())) } (ui::facts(cx, &headings)) }))
    };
    Page::new(texts::import_conversations(), body)
        .lead(texts::import_lead())
        .crumb(texts::conversations(), Href::new("/conversations"))
}

async fn choose_page(reader: Reader) -> Answer {
    Ok(reader.page(&choose_view(&reader, &FieldErrors::new())))
}

async fn upload(State(service): State<Conversations>, reader: Reader, mut form: Multipart) -> Answer {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        let is_too_large = error.status() == http::StatusCode::PAYLOAD_TOO_LARGE;
        let (kind, text) = if is_too_large {
            (ProblemKind::TooLarge, texts::upload_too_large(UPLOAD_BYTES_MAX / 1024 / 1024 / 1024))
        } else {
            (ProblemKind::Invalid, texts::upload_broken(&error.body_text()))
        };
        Fail::from(Problem::new(kind, "conversations.upload", text))
    };
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut batch = service.new_upload(&reader.by(), &name);
        let path = service.upload_path(batch.id);
        let mut bytes = 0;
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| disk(&error))?;
        }
        let mut file = tokio::fs::File::create(&path).await.map_err(|error| disk(&error))?;
        while let Some(part) = field.chunk().await.map_err(unreadable)? {
            bytes += part.len() as u64;
            file.write_all(&part).await.map_err(|error| disk(&error))?;
        }
        // The job may run after a restart: the file must be there then.
        file.sync_all().await.map_err(|error| disk(&error))?;
        batch.bytes_total = Some(bytes);
        service.keep_upload(&reader.by(), &batch).await?;
        return Ok(Reader::redirect(&batch_href(batch.id)));
    }
    let mut errors = FieldErrors::new();
    errors.add("file", texts::choose_a_file());
    Ok(reader.invalid(&choose_view(&reader, &errors)))
}

fn disk(error: &std::io::Error) -> Fail {
    tracing::error!(%error, "conversations.upload_not_kept");
    Problem::new(ProblemKind::Unavailable, "conversations.upload_not_kept", texts::upload_not_kept()).into()
}

/// The import, if the reader sees it.
pub(super) async fn find(service: &Conversations, reader: &Reader, id: BatchId) -> Result<Batch, Fail> {
    service.batch_of(whose(reader)?, id).await?.ok_or_else(|| Problem::not_found().into())
}

/// Whose imports the reader sees.
pub(super) fn whose(reader: &Reader) -> Result<Whose, Problem> {
    Ok(Whose::within(&reader.scope, reader.actor()?.account))
}

async fn batch_page(State(service): State<Conversations>, reader: Reader, Path(id): Path<BatchId>) -> Answer {
    let batch = find(&service, &reader, id).await?;
    if batch.state == BatchState::Prepared {
        return look_page(&service, &reader, &batch, &values_of(&batch.options), &FieldErrors::new()).await;
    }
    let rows = service.rejected_rows(id, 0, REJECTED_SHOWN).await?;
    let page = Page::new(texts::import_of(&batch.name), result_view(&reader.cx, &batch, &rows))
        .crumb(texts::conversations(), Href::new("/conversations"))
        .crumb(texts::imports(), Href::new("/conversations/imports"));
    let page = if batch.state == BatchState::Running { page.reload_seconds(3) } else { page };
    Ok(reader.page(&page))
}

fn values_of(options: &ImportOptions) -> Values {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let defaults = &options.defaults;
    Values::default()
        .with("source", text(&defaults.source))
        .with("date", defaults.date.map(|day| day.to_string()).unwrap_or_default())
        .with("site", text(&defaults.site))
        .with("queue", text(&defaults.queue))
        .with("line_of_business", text(&defaults.line_of_business))
        .with("channel", text(&defaults.channel))
        .with("format", options.format.map_or("", Format::name))
        .with("create_unknown", if options.create_unknown { "1" } else { "" })
}

fn option_fields() -> Vec<Field> {
    let formats = vec![
        Choice::new("", texts::recognised()),
        Choice::new("jsonl", texts::format_jsonl()),
        Choice::new("csv", texts::format_csv()),
    ];
    vec![
        Field::select("format", texts::format(), formats),
        Field::text("source", texts::default_source()).hint(texts::default_hint()).max_length(200),
        Field::day("date", texts::default_date()).hint(texts::default_date_hint()),
        Field::text("site", texts::default_site()).max_length(200),
        Field::text("queue", texts::default_queue()).max_length(200),
        Field::text("line_of_business", texts::default_line()).max_length(200),
        Field::text("channel", texts::default_channel()).max_length(200),
        Field::check("create_unknown", texts::create_unknown()).hint(texts::create_unknown_hint()),
    ]
}

/// Reads the options as typed.
pub(crate) fn parse_options(values: &Values) -> Result<ImportOptions, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut word = |field: &'static str| match intake::conversation::name(field, values.get(field)) {
        Ok(word) => word,
        Err(reason) => {
            errors.add(field, super::reason::text(&reason));
            None
        }
    };
    let defaults = Defaults {
        source: word("source"),
        date: None,
        site: word("site"),
        queue: word("queue"),
        line_of_business: word("line_of_business"),
        channel: word("channel"),
    };
    let date = values.filled("date").map(|text| kernel::Day::parse(text).ok_or(text));
    let date = match date {
        Some(Err(text)) => {
            errors.add("date", texts::bad_day(text));
            None
        }
        Some(Ok(day)) => Some(day),
        None => None,
    };
    errors.or(ImportOptions {
        defaults: Defaults { date, ..defaults },
        create_unknown: values.has("create_unknown", "1") || values.has("create_unknown", "on"),
        format: Format::parse(values.get("format")),
    })
}

async fn look_page(
    service: &Conversations,
    reader: &Reader,
    batch: &Batch,
    values: &Values,
    errors: &FieldErrors,
) -> Answer {
    let cx = &reader.cx;
    let options = parse_options(values).unwrap_or_else(|_| batch.options.clone());
    let look = match service.look(batch.id, &options).await {
        Ok(look) => Ok(look),
        Err(ImportError::Source(error)) => Err(error.text()),
        Err(error) => return Err(Fail(error.into())),
    };
    let fields = option_fields();
    let form = ui::Form::new(batch_href(batch.id), values, errors, texts::start_import());
    let again = html! {
        button.btn type="submit" name="then" value="look" { (cx.t(texts::look_again())) }
    };
    let body = html! {
        @match &look {
            Ok(look) => (look_view(cx, look)),
            Err(text) => (ui::notice(Tone::Bad, &html! { (cx.tr(text)) })),
        }
        (ui::section(cx, &texts::import_options(), None, &ui::form_around(cx, &form, &fields, &html! {
            @for field in &fields { (ui::field(cx, &form, field)) }
            (again)
        })))
        (ui::post_button(cx, Weight::Quiet, &texts::discard_file(), &batch_href(batch.id).segment("stop"), &[], Some(Icon::Trash)))
    };
    let page = Page::new(texts::import_of(&batch.name), body)
        .lead(texts::look_lead())
        .crumb(texts::conversations(), Href::new("/conversations"))
        .crumb(texts::imports(), Href::new("/conversations/imports"));
    Ok(if errors.is_empty() { reader.page(&page) } else { reader.invalid(&page) })
}

fn look_view(cx: &Cx, look: &Look) -> Markup {
    let mut facts =
        vec![(texts::format(), html! { (look.format) }), (texts::encoding(), html! { (look.encoding) })];
    if let Some((known, other)) = &look.columns {
        facts.push((texts::columns_understood(), html! { (known.join(", ")) }));
        if !other.is_empty() {
            facts.push((texts::columns_kept(), html! { (other.join(", ")) }));
        }
    }
    let columns = vec![
        Column::figures("line", texts::file_line(), |_, p: &Prepared| Cell::count(p.unit.line())),
        Column::new("id", texts::external_id(), |_, p: &Prepared| {
            Cell::words(crate::mask::mask(&p.facts.external_id).into_owned())
        }),
        Column::new("source", texts::source(), |_, p: &Prepared| Cell::words(p.facts.source.clone())),
        Column::new("agent", texts::agent(), |_, p: &Prepared| {
            Cell::words(p.agents.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "))
        }),
        Column::figures("turns", texts::turns(), |_, p: &Prepared| Cell::count(p.turn_count)),
        Column::new("began", texts::began(), |_, p: &Prepared| match p.facts.began {
            Some(began) => Cell::time(moment(began, &kernel::BusinessDay::default())),
            None => Cell::text(texts::undated()).badge(Tone::Warn),
        }),
    ];
    let table = Table::new("look", texts::first_conversations(), columns, &look.good);
    html! {
        (ui::section(cx, &texts::recognised(), None, &ui::facts(cx, &facts)))
        @if !look.good.is_empty() { (ui::section(cx, &texts::first_conversations(), None, &ui::table(cx, &table))) }
        @if !look.rejected.is_empty() {
            @let rows: Vec<RejectedRow> = look.rejected.iter().map(|r| RejectedRow { line: r.line, code: r.reason.code().to_owned(), reason: super::reason::text(&r.reason), raw: r.raw.clone() }).collect();
            (ui::section(cx, &texts::first_rejected(), None, &rejected_table(cx, &rows)))
        }
    }
}

async fn decide(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<BatchId>,
    Form(values): Form,
) -> Answer {
    let batch = find(&service, &reader, id).await?;
    if batch.state != BatchState::Prepared {
        return Ok(Reader::redirect(&batch_href(id)));
    }
    let options = match parse_options(&values) {
        Ok(options) => options,
        Err(errors) => return look_page(&service, &reader, &batch, &values, &errors).await,
    };
    if values.get("then") == "look" {
        return look_page(&service, &reader, &batch, &values, &FieldErrors::new()).await;
    }
    service.start_upload(&reader.by(), id, &options).await.map_err(|error| Fail(error.into()))?;
    Ok(Reader::redirect(&batch_href(id)))
}

async fn stop(State(service): State<Conversations>, reader: Reader, Path(id): Path<BatchId>) -> Answer {
    find(&service, &reader, id).await?;
    service.stop_import(&reader.by(), id).await.map_err(|error| Fail(error.into()))?;
    Ok(reader.done(&batch_href(id), &texts::stopping()))
}

async fn progress_part(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<BatchId>,
) -> Answer {
    let batch = find(&service, &reader, id).await?;
    let rows = if batch.state == BatchState::Running {
        Vec::new()
    } else {
        service.rejected_rows(id, 0, REJECTED_SHOWN).await?
    };
    Ok(reader.fragment(progress(&reader.cx, &batch, &rows)))
}

/// The progress while it runs, and in its place the result.
fn progress(cx: &Cx, batch: &Batch, rows: &[RejectedRow]) -> Markup {
    let counts = &batch.counts;
    let in_all = counts.added + counts.updated + counts.unchanged;
    let running = Progress {
        id: "import-progress".to_owned(),
        title: texts::importing(&batch.name),
        state: match batch.state {
            BatchState::Prepared => JobState::Waiting,
            BatchState::Running => JobState::Running,
            BatchState::Done => JobState::Done,
            BatchState::Failed => JobState::Failed,
            BatchState::Cancelled => JobState::Cancelled,
        },
        done: batch.bytes_done / 1024,
        total: batch.bytes_total.map(|bytes| bytes / 1024),
        unit: Some(texts::kilobytes()),
        left_seconds: None,
        detail: Some(texts::counted(&cx.count(in_all), &cx.count(counts.rejected))),
        poll: batch_href(batch.id).segment("progress"),
        cancel: Some(batch_href(batch.id).segment("stop")),
    };
    html! {
        (ui::progress(cx, &running))
        @if batch.state != BatchState::Running { (outcome(cx, batch, rows)) }
    }
}

fn outcome(cx: &Cx, batch: &Batch, rows: &[RejectedRow]) -> Markup {
    let counts = &batch.counts;
    let list = ConversationFilter { batch: Some(batch.id), ..ConversationFilter::default() };
    let undated = ConversationFilter { dated: Some(false), ..list.clone() };
    let link = |n: u64, href: Href| html! { @if n > 0 { a href=(href) { (cx.count(n)) } } @else { "0" } };
    let facts = [
        (texts::added(), link(counts.added, list.href())),
        (texts::updated(), html! { (cx.count(counts.updated)) }),
        (texts::unchanged(), html! { (cx.count(counts.unchanged)) }),
        (texts::rejected(), html! { (cx.count(counts.rejected)) }),
        (texts::undated(), link(counts.undated, undated.href())),
        (texts::people_created(), html! { (cx.count(counts.people_created)) }),
        (texts::format(), html! { (batch.format) " " (batch.encoding) }),
        (texts::lines(), html! { (cx.count(batch.lines_done)) }),
    ];
    let all_rows = html! {
        a.btn.btn-plain href=(batch_href(batch.id).segment("rejected")) download { (ui::icon(Icon::Export)) (cx.t(texts::download_rejected())) }
    };
    html! {
        @if let Some(error) = &batch.error { (ui::notice(Tone::Bad, &html! { (cx.tr(error)) })) }
        @if counts.undated > 0 { (ui::notice(Tone::Warn, &html! { (cx.t(texts::undated_some(&cx.count(counts.undated)))) })) }
        (ui::section(cx, &texts::result(), None, &ui::facts(cx, &facts)))
        @if !rows.is_empty() {
            (ui::section(cx, &texts::rejected_rows(), Some(&all_rows), &html! {
                @if counts.rejected > REJECTED_SHOWN as u64 {
                    p { (cx.t(texts::rejected_shown(&cx.count(REJECTED_SHOWN as u64), &cx.count(counts.rejected.min(REJECTED_KEPT_MAX))))) }
                }
                (rejected_table(cx, rows))
            }))
        }
    }
}

fn result_view(cx: &Cx, batch: &Batch, rows: &[RejectedRow]) -> Markup {
    progress(cx, batch, rows)
}

fn rejected_table(cx: &Cx, rows: &[RejectedRow]) -> Markup {
    /// Characters of a rejected row on the page; the download has more.
    const RAW_SHOWN: usize = 120;
    let columns = vec![
        Column::figures("line", texts::file_line(), |_, r: &RejectedRow| Cell::count(r.line)),
        Column::new("reason", texts::reason(), |_, r: &RejectedRow| Cell::text(r.reason.clone())).wraps(),
        Column::new("raw", texts::raw_row(), |_, r: &RejectedRow| {
            let shown: String = r.raw.chars().take(RAW_SHOWN).collect();
            Cell::words(crate::mask::mask(&shown).into_owned())
        })
        .wraps(),
    ];
    ui::table(cx, &Table::new("rejected", texts::rejected_rows(), columns, rows))
}

async fn rejected_file(
    State(service): State<Conversations>,
    reader: Reader,
    Path(id): Path<BatchId>,
) -> Answer {
    let batch = find(&service, &reader, id).await?;
    let sees = reader.scope_of(May::SeePersonalData).is_everything();
    let (mut after, mut rows, mut bytes) = (0, Vec::new(), 0);
    loop {
        let some = service.rejected_rows(id, after, REJECTED_AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = last.line;
        bytes += some.iter().map(|row| row.raw.len()).sum::<usize>();
        rows.extend(some);
        if bytes > DOWNLOAD_BYTES_MAX {
            break;
        }
    }
    let sheet = ui::Sheet {
        name: batch.name.clone(),
        headers: [texts::file_line(), texts::reason(), texts::raw_row()]
            .map(|text| reader.cx.t(text).into_owned())
            .to_vec(),
        rows: rows
            .into_iter()
            .map(|row| {
                let raw = if sees { row.raw } else { crate::mask::mask(&row.raw).into_owned() };
                vec![
                    Value::Count(i64::try_from(row.line).unwrap_or(i64::MAX)),
                    Value::Text(row.reason),
                    Value::Words(raw),
                ]
            })
            .collect(),
    };
    let csv = sheet.csv(&reader.cx, true).map_err(|error| {
        tracing::error!(%error, "conversations.export_failed");
        Problem::internal()
    })?;
    Ok(download(&format!("rejected-{id}.csv"), "text/csv; charset=utf-8", csv))
}

async fn list_page(State(service): State<Conversations>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let whose = whose(&reader)?;
    let after = match state.after.as_deref().and_then(|id| id.parse::<BatchId>().ok()) {
        Some(id) => service.batch_of(whose, id).await?,
        None => None,
    };
    let mut batches = service.batches(whose, after.as_ref(), ROWS + 1).await?;
    let next = store::cut_page(&mut batches, ROWS, |batch| batch.id.to_string());
    let columns = vec![
        Column::new("name", texts::file(), |_, b: &Batch| Cell::words(b.name.clone())),
        Column::new("state", texts::state(), |_, b: &Batch| {
            let tone = match b.state {
                BatchState::Done => Tone::Good,
                BatchState::Failed => Tone::Bad,
                BatchState::Cancelled => Tone::Warn,
                BatchState::Prepared | BatchState::Running => Tone::Info,
            };
            Cell::text(state_text(b.state)).badge(tone)
        }),
        Column::new("started_at", texts::began(), |_, b: &Batch| Cell::time(Some(b.started_at))),
        Column::figures("added", texts::added(), |_, b: &Batch| Cell::count(b.counts.added)),
        Column::figures("updated", texts::updated(), |_, b: &Batch| Cell::count(b.counts.updated)),
        Column::figures("unchanged", texts::unchanged(), |_, b: &Batch| Cell::count(b.counts.unchanged)),
        Column::figures("rejected", texts::rejected(), |_, b: &Batch| Cell::count(b.counts.rejected)),
        Column::figures("undated", texts::undated(), |_, b: &Batch| Cell::count(b.counts.undated)),
    ];
    let empty = Empty::new(Icon::Import, texts::no_imports(), texts::no_imports_hint())
        .action(texts::import_conversations(), Href::new("/conversations/import"));
    let table = Table::new("imports", texts::imports(), columns, &batches)
        .state(state)
        .next(next)
        .row_href(|batch: &Batch| batch_href(batch.id))
        .empty(empty);
    let new = ui::link_button(
        cx,
        Weight::Primary,
        &texts::import_conversations(),
        &Href::new("/conversations/import"),
        Some(Icon::Import),
    );
    let page = Page::new(texts::imports(), ui::table(cx, &table))
        .crumb(texts::conversations(), Href::new("/conversations"))
        .actions(new);
    Ok(reader.page(&page))
}
