//! What to tell people about a row that did not go in: the value, and what to do, in both languages.

use intake::conversation::{
    NAME_CHARS_MAX, OFFSET_SECONDS_MAX, RECORD_BYTES_MAX, ROW_BYTES_MAX, TURN_CHARS_MAX, TURNS_MAX, YEAR_MAX,
    YEAR_MIN,
};
pub use intake::conversation::{Named, RAW_BYTES_MAX, Reason, Rejection};
use messages::Text;

/// What to tell people.
pub fn text(reason: &Reason) -> Text {
    use crate::texts as t;
    match reason {
        Reason::TooLong(bytes) => t::too_long(*bytes, RECORD_BYTES_MAX / 1024 / 1024),
        Reason::LongRow(bytes) => t::row_too_long(*bytes, ROW_BYTES_MAX / 1024 / 1024),
        Reason::Encoding(at, encoding) => t::bad_encoding(*at, encoding),
        Reason::Nul(place) => t::nul(place),
        Reason::Json(why) => t::not_json(why),
        Reason::NotAnObject(what) => t::not_an_object(what),
        Reason::Truncated => t::truncated(),
        Reason::Missing(field) => t::missing(field),
        Reason::Kind(field, found, wanted) => t::wrong_kind(field, found, wanted),
        Reason::Name(field, value) => t::bad_name(field, &shortened(value), NAME_CHARS_MAX),
        Reason::Role(turn, value) => t::bad_role(*turn, &shortened(value)),
        Reason::Direction(value) => t::bad_direction(&shortened(value)),
        Reason::Time(value) => t::bad_time(&shortened(value), YEAR_MIN, YEAR_MAX),
        Reason::Offset(turn, value) => t::bad_offset(*turn, &shortened(value), OFFSET_SECONDS_MAX / 86_400.0),
        Reason::Backwards(turn, at, before) => t::backwards(*turn, *at, *before),
        Reason::NoTurns => t::no_turns(),
        Reason::TooManyTurns(n) => t::too_many_turns(*n, TURNS_MAX),
        Reason::LongText(turn, chars) => t::text_too_long(*turn, *chars, TURN_CHARS_MAX),
        Reason::Duplicate(id, line) => t::duplicate(&shortened(id), *line),
        Reason::Header(columns) => t::bad_header(columns),
        Reason::TooManyColumns(max) => t::too_many_columns(*max),
        Reason::Columns(found, wanted) => t::wrong_columns(*found, *wanted),
        Reason::Quote => t::bad_quote(),
        Reason::Sibling(line) => t::sibling(*line),
        Reason::Scattered(id, rows) => t::scattered(&shortened(id), *rows),
        Reason::Conflict(column, one, other) => t::conflict(column, &shortened(one), &shortened(other)),
        Reason::Unknown(named, name) => {
            let name = shortened(name);
            match named {
                Named::Agent => t::unknown_agent(&name),
                Named::Site => t::unknown_site(&name),
                Named::Queue => t::unknown_queue(&name),
                Named::LineOfBusiness => t::unknown_line(&name),
            }
        }
    }
}

/// A value as a message shows it: at most 60 characters, without control characters.
pub(crate) fn shortened(value: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = value.chars().take(SHOWN).map(|c| if c.is_control() { '␣' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
