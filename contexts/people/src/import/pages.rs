//! Bringing a file of people: choose, look, let in, mend what was left out.

use axum::extract::{Multipart, State};
use axum::response::Response;
use intake::person::table::BYTES_MAX;
use intake::person::{Column, Mapping, Table as Sheet};
use kernel::Day;
use maud::{Markup, html};
use messages::{Problem, ProblemKind, Text};
use ui::{
    Cell, Column as TableColumn, Exported, Field, FieldErrors, Form as FormView, Href, Icon, Page, Table,
    Tone, Values, Weight,
};
use web::api::Path;
use web::{Answer, Fail, Form, Reader, Routes};

use crate::error::PeopleError;
use crate::forms;
use crate::import::UploadId;
use crate::import::said::{self, CellError};
use crate::import::service::{Counts, ImportOptions, ImportedRow, RejectedRow, Report, RowChange};
use crate::import::store::Upload;
use crate::membership::TeamRole;
use crate::module::Service;
use crate::permission::PeoplePermission;
use crate::person::pages::role_text;
use crate::texts;

/// Rows shown before letting in: enough to see whether the columns are right.
const ROWS_SHOWN: usize = 20;
/// The form around the file has parts and boundaries of its own.
const UPLOAD_BYTES_MAX: usize = BYTES_MAX + 64 * 1024;

pub(crate) fn routes() -> Routes<Service> {
    Routes::new()
        .get("/people/import", PeoplePermission::Import, choose_page)
        .upload("/people/import", PeoplePermission::Import, UPLOAD_BYTES_MAX, bring)
        .get("/people/import/{id}", PeoplePermission::Import, look_page)
        .post("/people/import/{id}", PeoplePermission::Import, decide)
        .get("/people/import/{id}/rejected", PeoplePermission::Import, rejected)
}

fn start() -> Href {
    Href::new("/people/import")
}

fn choose_view(reader: &Reader, errors: &FieldErrors) -> Page {
    let values = Values::default();
    let file = Field::file("file", texts::csv_file(), ".csv,.tsv,.txt,text/csv")
        .required()
        .hint(texts::csv_file_hint());
    let form =
        FormView::new(start(), &values, errors, texts::look_at_it()).multipart().cancel(Href::new("/people"));
    let columns = Column::ALL.map(|column| reader.cx.t(said::label(column)).into_owned()).join("、");
    let body = html! {
        section.card { div.card-body {
            (ui::form(&reader.cx, &form, &[file]))
            p.hint { (reader.cx.t(texts::columns_known(&columns))) }
        } }
    };
    Page::new(texts::import_people(), body)
        .lead(texts::import_lead())
        .crumb(texts::people(), Href::new("/people"))
}

async fn choose_page(reader: Reader) -> Answer {
    Ok(reader.page(&choose_view(&reader, &FieldErrors::new())))
}

async fn file_of(mut form: Multipart) -> Result<Option<(String, Vec<u8>)>, Fail> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        let too_large = error.status() == http::StatusCode::PAYLOAD_TOO_LARGE;
        let (kind, text) = if too_large {
            (ProblemKind::TooLarge, texts::file_larger_than(BYTES_MAX / 1024))
        } else {
            (ProblemKind::Invalid, texts::file_unreadable(&error.body_text()))
        };
        Fail::from(Problem::new(kind, "people.upload_unreadable", text))
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok(Some((name, field.bytes().await.map_err(unreadable)?.to_vec())));
        }
    }
    Ok(None)
}

async fn bring(State(service): State<Service>, reader: Reader, form: Multipart) -> Answer {
    let (name, bytes) = file_of(form).await?.unwrap_or_default();
    match service.people.keep_upload(&reader.by(), &name, &bytes).await {
        Ok(id) => Ok(Reader::redirect(&start().segment(id))),
        Err(PeopleError::Invalid(wrong)) => {
            let mut errors = FieldErrors::new();
            wrong.0.into_iter().for_each(|(field, text)| errors.add(field, text));
            Ok(reader.invalid(&choose_view(&reader, &errors)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn look_page(State(service): State<Service>, reader: Reader, Path(id): Path<UploadId>) -> Answer {
    let upload = service.people.upload(&reader.by(), id).await?;
    match &upload.outcome {
        Some(outcome) => Ok(reader.page(&outcome_view(&reader, &upload, outcome))),
        None => look(&service, &reader, &upload, None).await,
    }
}

/// What would happen with these columns, or with those the headings suggest.
async fn look(service: &Service, reader: &Reader, upload: &Upload, mapping: Option<Mapping>) -> Answer {
    let sheet = Sheet::read(&upload.content).map_err(|error| {
        Fail::from(Problem::new(ProblemKind::Invalid, "people.upload_unreadable", said::table(&error)))
    })?;
    let mapping = mapping.unwrap_or_else(|| Mapping::guess(&sheet.header));
    let options = ImportOptions { dry_run: true };
    match service.people.import_bytes(&reader.by(), &upload.content, Some(&mapping), &options).await {
        Ok(report) => {
            Ok(reader.page(&look_view(reader, upload, &sheet, &mapping, Some(&report), &FieldErrors::new())))
        }
        Err(PeopleError::Invalid(wrong)) => {
            let mut errors = FieldErrors::new();
            wrong.0.into_iter().for_each(|(_, text)| errors.add("", text));
            Ok(reader.invalid(&look_view(reader, upload, &sheet, &mapping, None, &errors)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn decide(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<UploadId>,
    Form(values): Form,
) -> Answer {
    let upload = service.people.upload(&reader.by(), id).await?;
    if upload.outcome.is_some() {
        return Ok(Reader::redirect(&start().segment(id)));
    }
    let mapping = Mapping::parse(values.all("column"));
    if values.get("then") != "import" {
        return look(&service, &reader, &upload, Some(mapping)).await;
    }
    let options = ImportOptions::default();
    match service.people.import_bytes(&reader.by(), &upload.content, Some(&mapping), &options).await {
        Ok(report) => {
            let rejected =
                if report.rejected.is_empty() { Vec::new() } else { report.rejected_csv(reader.lang()) };
            service.people.settle_upload(id, &report.counts, &rejected).await?;
            Ok(Reader::redirect(&start().segment(id)))
        }
        Err(PeopleError::Invalid(_)) => look(&service, &reader, &upload, Some(mapping)).await,
        Err(error) => Err(error.into()),
    }
}

async fn rejected(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<UploadId>,
) -> Result<Response, Fail> {
    let upload = service.people.upload(&reader.by(), id).await?;
    let bytes = upload.rejected.filter(|bytes| !bytes.is_empty()).ok_or(PeopleError::NotFound)?;
    Ok(forms::download(Exported {
        file_name: "people-rejected.csv".to_owned(),
        content_type: ui::Format::Csv.content_type(),
        bytes,
    }))
}

fn look_view(
    reader: &Reader,
    upload: &Upload,
    sheet: &Sheet,
    mapping: &Mapping,
    report: Option<&Report>,
    errors: &FieldErrors,
) -> Page {
    let cx = &reader.cx;
    let delimiter = match sheet.delimiter {
        '\t' => cx.t(texts::tab_sign()).into_owned(),
        other => other.to_string(),
    };
    let facts = [
        (texts::csv_file(), html! { (upload.file_name) }),
        (texts::charset(), html! { (sheet.charset.label()) }),
        (texts::delimiter(), html! { (delimiter) }),
        (
            texts::rows(),
            html! { (cx.count(i128::try_from(sheet.rows.len() + sheet.misquoted.len()).unwrap_or_default())) },
        ),
    ];
    let body = html! {
        (ui::section(cx, &texts::recognised(), None, &ui::facts(cx, &facts)))
        form method="post" action=(start().segment(upload.id)) {
            (ui::error_summary(cx, errors, &[]))
            (ui::section(cx, &texts::which_column(), None, &columns_view(reader, sheet, mapping)))
            @if let Some(report) = report { (report_view(reader, report)) }
            div.form-buttons {
                @if report.is_some_and(|report| report.counts.added + report.counts.updated > 0) {
                    button.btn.btn-primary type="submit" name="then" value="import" { (cx.t(texts::let_in())) }
                }
                button.btn type="submit" name="then" value="look" { (cx.t(texts::look_again())) }
                a.btn href=(start()) { (cx.t(texts::other_file())) }
            }
        }
    };
    Page::new(texts::import_people(), body)
        .lead(texts::look_lead())
        .crumb(texts::people(), Href::new("/people"))
        .crumb(texts::import_people(), start())
}

/// The first rows, under each heading what the column is taken for.
fn columns_view(reader: &Reader, sheet: &Sheet, mapping: &Mapping) -> Markup {
    let cx = &reader.cx;
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(cx.t(texts::first_rows())) {
            table.data {
                caption.sr { (cx.t(texts::first_rows())) }
                thead {
                    tr {
                        @for (at, heading) in sheet.header.iter().enumerate() {
                            th scope="col" {
                                (heading)
                                select.form-select name="column" aria-label=(cx.t(texts::column_is(heading))) {
                                    option value="" { (cx.t(texts::left_out())) }
                                    @for column in Column::ALL {
                                        option value=(column.key()) selected[mapping.0.get(at) == Some(&Some(column))] { (cx.t(said::label(column))) }
                                    }
                                }
                            }
                        }
                    }
                }
                tbody {
                    @for row in sheet.rows.iter().take(5) {
                        tr { @for at in 0..sheet.header.len() { td { (row.cells.get(at).map_or("", String::as_str)) } } }
                    }
                }
            }
        }
    }
}

fn counts_view(reader: &Reader, counts: &Counts) -> Markup {
    let count = |n: u64| html! { span.figure { (reader.cx.count(i128::from(n))) } };
    ui::facts(
        &reader.cx,
        &[
            (texts::added(), count(counts.added)),
            (texts::updated(), count(counts.updated)),
            (texts::unchanged(), count(counts.unchanged)),
            (texts::rejected(), count(counts.rejected)),
            (texts::units_made(), count(counts.units_made)),
        ],
    )
}

fn report_view(reader: &Reader, report: &Report) -> Markup {
    let cx = &reader.cx;
    let change = |change: RowChange| match change {
        RowChange::Added => Cell::text(texts::added()).badge(Tone::Good),
        RowChange::Updated => Cell::text(texts::updated()).badge(Tone::Info),
        RowChange::Unchanged => Cell::text(texts::unchanged()).badge(Tone::Muted),
    };
    let words = |words: Option<&String>| words.map_or_else(Cell::empty, Cell::words);
    let good = report.rows.get(..ROWS_SHOWN).unwrap_or(&report.rows);
    let columns = vec![
        TableColumn::figures("line", texts::line(), |_, row: &ImportedRow| {
            Cell::count(i64::try_from(row.line).unwrap_or(i64::MAX))
        }),
        TableColumn::new("change", texts::what_happens(), move |_, row: &ImportedRow| change(row.change)),
        TableColumn::new("number", texts::number(), |_, row: &ImportedRow| Cell::words(&row.record.number)),
        TableColumn::new("name", texts::name(), |_, row: &ImportedRow| Cell::words(&row.record.name)),
        TableColumn::new("site", texts::site(), move |_, row: &ImportedRow| words(row.record.site.as_ref())),
        TableColumn::new("team", texts::team(), move |_, row: &ImportedRow| words(row.record.team.as_ref())),
        TableColumn::new("role", texts::team_role(), |_, row: &ImportedRow| {
            Cell::text(role_text(if row.record.leads { TeamRole::Leader } else { TeamRole::Member }))
        }),
        TableColumn::new("employed_from", texts::employed_from(), |_, row: &ImportedRow| {
            Cell::day(row.record.employed_from.map(Day::of))
        }),
    ];
    let table = Table::new("good", texts::good_rows(), columns, good)
        .total(report.counts.added + report.counts.updated + report.counts.unchanged);
    html! {
        (ui::section(cx, &texts::what_would_happen(), None, &counts_view(reader, &report.counts)))
        @if !report.units_made.is_empty() {
            (ui::notice(Tone::Info, &html! { (cx.t(texts::would_make(&report.units_made.join("、")))) }))
        }
        @if !report.rejected.is_empty() { (ui::section(cx, &texts::bad_rows(), None, &rejected_view(reader, report))) }
        @if !good.is_empty() { (ui::section(cx, &texts::good_rows(), None, &ui::table(cx, &table))) }
    }
}

fn rejected_view(reader: &Reader, report: &Report) -> Markup {
    let bad = report.rejected.get(..ROWS_SHOWN).unwrap_or(&report.rejected);
    let reasons = |row: &RejectedRow| {
        let each = |error: &CellError| {
            let column = said::label(error.column);
            texts::cell_error(&column.zh, &column.en, &error.reason.zh, &error.reason.en)
        };
        let all: Vec<Text> = row.errors.iter().map(each).collect();
        let joined = |pick: fn(&Text) -> &str| all.iter().map(pick).collect::<Vec<_>>().join(" ");
        Text::made(joined(|text| &text.zh), joined(|text| &text.en))
    };
    let columns = vec![
        TableColumn::figures("line", texts::line(), |_, row: &RejectedRow| {
            Cell::count(i64::try_from(row.line).unwrap_or(i64::MAX))
        }),
        TableColumn::new("reason", texts::reason(), move |_, row: &RejectedRow| Cell::text(reasons(row)))
            .wraps(),
        TableColumn::new("cells", texts::as_written(), |_, row: &RejectedRow| {
            Cell::words(row.cells.join(" | "))
        })
        .wraps(),
    ];
    let table = Table::new("bad", texts::bad_rows(), columns, bad).total(report.counts.rejected);
    ui::table(&reader.cx, &table)
}

fn outcome_view(reader: &Reader, upload: &Upload, outcome: &str) -> Page {
    let cx = &reader.cx;
    // Written by ourselves a moment ago; an unreadable one shows as nothing done.
    let counts: Counts = serde_json::from_str(outcome).unwrap_or_default();
    let body = html! {
        (ui::notice(Tone::Good, &html! { (cx.t(texts::let_in_done())) }))
        (ui::section(cx, &texts::what_happened(), None, &counts_view(reader, &counts)))
        @if counts.rejected > 0 {
            (ui::notice(Tone::Warn, &html! {
                p { (cx.t(texts::mend_rejected())) }
                (ui::link_button(cx, Weight::Plain, &texts::download_rejected(), &start().segment(upload.id).segment("rejected"), Some(Icon::Export)))
            }))
        }
        div.form-buttons {
            (ui::link_button(cx, Weight::Primary, &texts::people(), &Href::new("/people"), Some(Icon::People)))
            (ui::link_button(cx, Weight::Plain, &texts::other_file(), &start(), Some(Icon::Import)))
        }
    };
    Page::new(texts::import_people(), body)
        .crumb(texts::people(), Href::new("/people"))
        .crumb(texts::import_people(), start())
}
