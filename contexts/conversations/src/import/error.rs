//! Why an import ends early.

use messages::{Problem, ProblemKind};
use people::api::PeopleError;
use store::StoreError;

use super::{batch::Batch, source::SourceError};
use crate::{conversation::document::DocumentError, ids::BatchId, texts};

/// Why an import ended early. What was counted until then is in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be read at all, or no further.
    #[error("{}", .0.text().en)]
    Source(#[from] SourceError),
    /// The store failed; going on later resumes where it stopped.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// People, sites or queues could not be created.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A document could not be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// There is no such import.
    #[error("there is no import {0}")]
    UnknownBatch(BatchId),
    /// Somebody stopped it.
    #[error("the import was stopped; what was counted is in")]
    Stopped(Box<Batch>),
    /// A thread of the program ended.
    #[error("the program is stopping")]
    Interrupted,
}

impl From<intake::conversation::SourceError> for ImportError {
    fn from(error: intake::conversation::SourceError) -> ImportError {
        ImportError::Source(error.into())
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Problem {
        match error {
            ImportError::Source(error) => {
                Problem::new(ProblemKind::Invalid, "conversations.unreadable_file", error.text())
            }
            ImportError::UnknownBatch(_) => Problem::not_found(),
            ImportError::Stopped(_) => {
                Problem::new(ProblemKind::Conflict, "conversations.import_stopped", texts::import_stopped())
            }
            ImportError::Store(error) => {
                tracing::error!(%error, "conversations.store_failed");
                Problem::internal()
            }
            ImportError::People(error) => error.into(),
            ImportError::Document(error) => {
                tracing::error!(%error, "conversations.document_failed");
                Problem::internal()
            }
            ImportError::Interrupted => {
                Problem::new(ProblemKind::Unavailable, "conversations.stopping", texts::import_stopped())
            }
        }
    }
}
