//! The file as chunks of work, and what to tell people when it cannot be read at all.

pub use intake::conversation::{Chunk, Format, Source, Unit};
use messages::Text;

use super::reason;
use crate::texts;

/// A file in which nothing can be read, or nothing further.
#[derive(Debug, thiserror::Error)]
#[error("{}", said(.0).en)]
pub struct SourceError(#[from] intake::conversation::SourceError);

impl SourceError {
    /// What to tell people.
    pub fn text(&self) -> Text {
        said(&self.0)
    }
}

fn said(error: &intake::conversation::SourceError) -> Text {
    match error {
        intake::conversation::SourceError::Io(error) => texts::unreadable_file(&error.to_string()),
        intake::conversation::SourceError::UnknownFormat => texts::unknown_format(),
        intake::conversation::SourceError::Header(reason) => reason::text(reason),
    }
}
