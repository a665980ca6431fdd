//! What the forms of this context share: reading fields, and answering with everything typed.

use std::str::FromStr;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Day;
use maud::{Markup, html};
use messages::Text;
use ui::{Difference, EditConflict, Exported, FieldErrors, Form, Href, Page, Values};
use web::{Answer, Reader};

use crate::error::{Conflict, Invalid, PeopleError};
use crate::texts;

/// A day, or nothing where the field is blank.
pub(crate) fn day(values: &Values, field: &str, wrong: &mut Invalid) -> Option<Day> {
    let typed = values.filled(field)?;
    let day = Day::parse(typed);
    if day.is_none() {
        wrong.add(field, texts::not_a_day(&typed.chars().take(40).collect::<String>()));
    }
    day
}

/// A day that must be there.
pub(crate) fn required_day(values: &Values, field: &str, wrong: &mut Invalid) -> Day {
    if values.filled(field).is_none() {
        wrong.add(field, texts::must_be_filled());
    }
    day(values, field, wrong).unwrap_or(Day(0))
}

/// An id or another choice, or nothing where none was chosen.
pub(crate) fn choice<T: FromStr>(values: &Values, field: &str, wrong: &mut Invalid) -> Option<T> {
    let typed = values.filled(field)?;
    let read = typed.parse().ok();
    if read.is_none() {
        wrong.add(field, texts::must_be_chosen());
    }
    read
}

/// A choice that must be made.
pub(crate) fn required_choice<T: FromStr>(values: &Values, field: &str, wrong: &mut Invalid) -> Option<T> {
    if values.filled(field).is_none() {
        wrong.add(field, texts::must_be_chosen());
    }
    choice(values, field, wrong)
}

/// One form on a page of its own: what does not change between showing it and showing it again.
pub(crate) struct FormPage {
    /// The page's heading.
    pub title: Text,
    /// What the form is for, in a sentence.
    pub lead: Option<Text>,
    /// The steps above the page.
    pub crumbs: Vec<(Text, Href)>,
    /// Where the form goes.
    pub action: Href,
    /// Where one returns to without saving; also the page with what is stored.
    pub back: Href,
    /// The button.
    pub submit: Text,
    /// Whether the button does what cannot be undone.
    pub danger: bool,
    /// The fields.
    pub fields: Vec<ui::Field>,
    /// The fields' labels by name, for showing what somebody else stored.
    pub labels: Vec<(&'static str, Text)>,
    /// The draft's key in the browser.
    pub draft: Option<String>,
}

impl FormPage {
    /// The page.
    pub(crate) fn view(
        &self,
        reader: &Reader,
        values: &Values,
        errors: &FieldErrors,
        version: Option<i64>,
        above: Option<&Markup>,
    ) -> Page {
        let mut form =
            Form::new(self.action.clone(), values, errors, self.submit.clone()).cancel(self.back.clone());
        if let Some(version) = version {
            form = form.version(version);
        }
        if let Some(draft) = &self.draft {
            form = form.draft(draft.clone());
        }
        if self.danger {
            form = form.danger();
        }
        let body = html! {
            @if let Some(above) = above { (above) }
            section.card { div.card-body { (ui::form(&reader.cx, &form, &self.fields)) } }
        };
        let page = self.crumbs.iter().fold(Page::new(self.title.clone(), body), |page, (text, href)| {
            page.crumb(text.clone(), href.clone())
        });
        match &self.lead {
            Some(lead) => page.lead(lead.clone()),
            None => page,
        }
    }

    /// The page as it is first shown.
    pub(crate) fn show(&self, reader: &Reader, values: &Values, version: Option<i64>) -> Response {
        reader.page(&self.view(reader, values, &FieldErrors::new(), version, None))
    }

    /// The page again after a refusal, with everything typed: 422 with messages at the fields, or 409 with
    /// what somebody else stored beside what was typed and the newer version in the form. Any other error
    /// is passed on. `shown` spells a stored or typed value (an id becomes a name).
    pub(crate) async fn refuse(
        &self,
        reader: &Reader,
        values: &Values,
        error: PeopleError,
        shown: impl Fn(&str, &str) -> String,
    ) -> Answer {
        match error {
            PeopleError::Invalid(wrong) => {
                let mut errors = FieldErrors::new();
                wrong.0.into_iter().for_each(|(field, text)| errors.add(field, text));
                Ok(reader.invalid(&self.view(reader, values, &errors, values.version(), None)))
            }
            PeopleError::Conflict(conflict) => {
                let banner = self.banner(reader, values, &conflict, shown).await?;
                let version = Some(conflict.stored.version());
                let page = self.view(reader, values, &FieldErrors::new(), version, Some(&banner));
                Ok((StatusCode::CONFLICT, reader.page(&page)).into_response())
            }
            other => Err(other.into()),
        }
    }

    async fn banner(
        &self,
        reader: &Reader,
        values: &Values,
        conflict: &Conflict,
        shown: impl Fn(&str, &str) -> String,
    ) -> Result<Markup, web::Fail> {
        let who = match conflict.by {
            Some(account) => reader.platform().identity().account(account).await?.map(|account| account.name),
            None => None,
        };
        let who = who.unwrap_or_else(|| reader.cx.t(texts::the_system()).into_owned());
        let differs = |(field, theirs): (&'static str, String)| {
            let (_, label) = self.labels.iter().find(|(name, _)| *name == field)?;
            let yours = values.get(field).trim();
            (yours != theirs).then(|| Difference {
                label: label.clone(),
                theirs: shown(field, &theirs),
                yours: shown(field, yours),
            })
        };
        let differences = conflict.stored.fields().into_iter().filter_map(differs).collect();
        Ok(ui::edit_conflict(
            &reader.cx,
            &EditConflict { who, at: conflict.at, differences, latest: self.back.clone() },
        ))
    }
}

/// Values as they are, for forms without ids in them.
pub(crate) fn as_is(_: &str, value: &str) -> String {
    value.to_owned()
}

/// Why a file could not be written, for the reader.
pub(crate) fn export_problem(error: &ui::ExportError, reader: &Reader) -> web::Fail {
    use messages::{Problem, ProblemKind};
    let Some(text) = error.text(&reader.cx) else {
        tracing::error!(error = %error, "people.export_failed");
        return Problem::internal().into();
    };
    Problem::new(ProblemKind::TooLarge, "people.export_too_large", text).into()
}

/// A file to keep.
pub(crate) fn download(exported: Exported) -> Response {
    let mut response = exported.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(exported.content_type));
    let name = format!("attachment; filename=\"{}\"", exported.file_name);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// The version a form was begun at; one without it is answered as a conflict would be.
pub(crate) fn version(values: &Values) -> i64 {
    values.version().unwrap_or(-1)
}
