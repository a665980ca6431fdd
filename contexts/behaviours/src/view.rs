//! What the pages of this context share.

use axum::response::{IntoResponse, Response};
use conversations::api::ConversationFilter;
use kernel::PersonId;
use messages::{Problem, ProblemKind, Text};
use people::api::Lookup;
use ui::{Href, Sheet, chart::Interval};
use web::{Fail, Reader};

use crate::{
    texts,
    uptake::{MapCell, Subject, Window},
};

/// A person by name and number, a unit or queue by its name.
pub(crate) fn subject_name(lookup: &Lookup, subject: Subject) -> Text {
    let known = match subject {
        Subject::Person(id) => person_name(lookup, id),
        Subject::Team(id) => lookup.unit(id).map(|_| lookup.unit_label(id)),
        Subject::Queue(id) => lookup.queue(id).map(|queue| queue.name.clone()),
        Subject::Centre => None,
    };
    known.map_or_else(
        || if subject == Subject::Centre { texts::everything() } else { texts::unknown() },
        Text::verbatim,
    )
}

fn person_name(lookup: &Lookup, id: PersonId) -> Option<String> {
    let person = lookup.person(id)?;
    Some(if person.name == person.number {
        person.name.clone()
    } else {
        format!("{} {}", person.name, person.number)
    })
}

/// The page of a person, and the map of a team's people; queues have none.
pub(crate) fn subject_href(subject: Subject) -> Option<Href> {
    match subject {
        Subject::Person(id) => Some(Href::new("/people").segment(id)),
        Subject::Team(id) => Some(Href::new("/uptake").with("team", id)),
        Subject::Queue(_) | Subject::Centre => None,
    }
}

/// Which of the conversations where a behaviour applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Where it was shown.
    Shown,
    /// Where it was not.
    Missed,
    /// All of them.
    Applicable,
}

impl Which {
    /// The stable name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Which::Shown => "shown",
            Which::Missed => "missed",
            Which::Applicable => "applicable",
        }
    }

    /// The kind of a stable name.
    pub fn parse(name: &str) -> Option<Which> {
        [Which::Shown, Which::Missed, Which::Applicable].into_iter().find(|which| which.name() == name)
    }
}

/// The list of the conversations behind a figure, narrowed as the figure was.
pub(crate) fn behind(
    name: &str,
    subject: Subject,
    window: Window,
    which: Which,
    rest: ConversationFilter,
) -> Href {
    let subject = match subject {
        Subject::Person(id) => format!("person:{id}"),
        Subject::Team(id) => format!("team:{id}"),
        Subject::Queue(id) => format!("queue:{id}"),
        Subject::Centre => "centre:all".to_owned(),
    };
    let argument = format!("{name}:{subject}:{}:{}:{}", window.from, window.to, which.name());
    ConversationFilter { selection: Some(("behaviour".to_owned(), argument)), ..rest }.href()
}

pub(crate) fn interval(cell: &MapCell, target: f64) -> Interval {
    Interval { value: cell.uptake, low: cell.low, high: cell.high, target: Some(target) }
}

/// The days of a window, for people.
pub(crate) fn period(reader: &Reader, window: Window) -> Text {
    let cx = &reader.cx;
    Text::verbatim(format!("{} – {}", cx.day(window.from), cx.day(window.to)))
}

/// A sheet as a file to keep.
pub(crate) fn download(
    reader: &Reader,
    sheet: &Sheet,
    stem: &str,
    format: ui::Format,
) -> Result<Response, Fail> {
    let refused = |error: ui::ExportError| {
        if let Some(text) = error.text(&reader.cx) {
            return Problem::new(ProblemKind::Invalid, "behaviours.export", text);
        }
        tracing::error!(%error, "behaviours.export_failed");
        Problem::internal()
    };
    let file = sheet.write(&reader.cx, stem, format).map_err(refused)?;
    let headers = [
        (axum::http::header::CONTENT_TYPE, file.content_type.to_owned()),
        (axum::http::header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.file_name)),
    ];
    Ok((headers, file.bytes).into_response())
}
