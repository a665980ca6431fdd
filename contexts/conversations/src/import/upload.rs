//! Files that are uploaded: kept in the folder of data, looked at, then imported by a job.

use std::{ops::ControlFlow, path::PathBuf};

use audit::By;
use intake::conversation::{Column, SourceError};
use jobs::{Job, JobError, JobRun};
use messages::Text;
use serde::{Deserialize, Serialize};

use super::{
    batch::{self, Batch, BatchKind, BatchState, ImportOptions, Whose},
    error::ImportError,
    prepare::{Prepared, prepare},
    reason::Rejection,
    service::ImportRequest,
    source::Source,
};
use crate::{ids::BatchId, service::Conversations, texts};

/// Bytes of one uploaded file; larger ones go in by the command line, which needs no copy.
pub const UPLOAD_BYTES_MAX: usize = 4 * 1024 * 1024 * 1024;
/// Conversations that a look at a file shows.
const LOOK_ROWS: usize = 20;

/// What the beginning of a file holds.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The format.
    pub format: &'static str,
    /// The encoding.
    pub encoding: &'static str,
    /// For CSV: the headings that mean something, and those that are kept as they are.
    pub columns: Option<(Vec<String>, Vec<String>)>,
    /// The first conversations that read well.
    pub good: Vec<Prepared>,
    /// The first rows that do not.
    pub rejected: Vec<Rejection>,
}

/// Imports an uploaded file. A job that is run again goes on where it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportFile {
    /// The batch the file belongs to.
    pub batch: BatchId,
}

impl Job for ImportFile {
    const KIND: &'static str = "conversations.import_file";
    type Context = Conversations;

    async fn run(self, service: Conversations, run: JobRun) -> Result<(), JobError> {
        service.import_uploaded(&run, self.batch).await
    }
}

impl Conversations {
    /// Where the file of a batch is kept until it is imported.
    pub fn upload_path(&self, id: BatchId) -> PathBuf {
        self.data().join("uploads").join(id.to_string())
    }

    /// A new batch for a file that is about to be kept at [`Conversations::upload_path`].
    pub fn new_upload(&self, by: &By, name: &str) -> Batch {
        let request = ImportRequest {
            kind: BatchKind::Upload,
            name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
            bytes_total: None,
            options: ImportOptions::default(),
            resume: None,
        };
        Batch { state: BatchState::Prepared, ..self.opened(by, &request) }
    }

    /// Keeps a batch whose file is there now.
    ///
    /// # Errors
    /// The store's.
    pub async fn keep_upload(&self, by: &By, batch: &Batch) -> store::Result<()> {
        let mut tx = self.db().write(by, "conversations.file_uploaded").await?;
        tx.object("import_batch", batch.id);
        batch::insert(&tx, batch).await?;
        tx.commit().await
    }

    /// Looks at the beginning of an uploaded file as it would be imported.
    ///
    /// # Errors
    /// It cannot be read at all.
    pub async fn look(&self, id: BatchId, options: &ImportOptions) -> Result<Look, ImportError> {
        let batch = self.batch(id).await?.ok_or(ImportError::UnknownBatch(id))?;
        let (path, options) = (self.upload_path(id), options.clone());
        let look = tokio::task::spawn_blocking(move || look(&path, &batch.name, &options));
        look.await.map_err(|_| ImportError::Interrupted)?
    }

    /// Starts the import of an uploaded file. A second start of the same file does nothing.
    ///
    /// # Errors
    /// The store's, or there is no such upload.
    pub async fn start_upload(
        &self,
        by: &By,
        id: BatchId,
        options: &ImportOptions,
    ) -> Result<(), ImportError> {
        let mut tx = self.db().write(by, "conversations.import_begun").await?;
        let batch = batch::find(&tx, Whose::All, id).await?.ok_or(ImportError::UnknownBatch(id))?;
        if batch.state != BatchState::Prepared {
            return Ok(());
        }
        tx.object("import_batch", id);
        let job = jobs::enqueue(&tx, &ImportFile { batch: id }, &texts::importing(&batch.name)).await?;
        batch::start(&tx, id, options, Some(job)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stops an import, or gives up an upload that was not started; what is counted stays.
    ///
    /// # Errors
    /// The store's, or there is no such import.
    pub async fn stop_import(&self, by: &By, id: BatchId) -> Result<(), ImportError> {
        let mut tx = self.db().write(by, "conversations.import_stopped").await?;
        let batch = batch::find(&tx, Whose::All, id).await?.ok_or(ImportError::UnknownBatch(id))?;
        tx.object("import_batch", id);
        if let Some(job) = batch.job {
            jobs::request_cancel(&tx, job).await?;
        }
        if batch.state == BatchState::Prepared || batch.chunks_done == 0 {
            batch::finish(&tx, id, BatchState::Cancelled, None).await?;
        }
        tx.commit().await?;
        if batch.state == BatchState::Prepared {
            self.forget_upload(id).await;
        }
        Ok(())
    }

    /// Removes uploaded files that nothing will read any more: of an upload or an import that the program did
    /// not live to end. To be called before the server takes requests. How many there were.
    ///
    /// # Errors
    /// The store's, or the folder cannot be read.
    pub async fn forget_stray_uploads(&self) -> Result<usize, ImportError> {
        let mut files = match tokio::fs::read_dir(self.data().join("uploads")).await {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(SourceError::from(error).into()),
        };
        let mut strays = 0;
        while let Some(file) = files.next_entry().await.map_err(SourceError::from)? {
            let Some(id) = file.file_name().to_str().and_then(|name| name.parse::<BatchId>().ok()) else {
                continue;
            };
            if !self.needs_upload(id).await? {
                self.forget_upload(id).await;
                strays += 1;
            }
        }
        Ok(strays)
    }

    async fn needs_upload(&self, id: BatchId) -> store::Result<bool> {
        let Some(batch) = self.batch(id).await? else { return Ok(false) };
        // A job that the program's stop interrupted goes on, whatever its batch says until then.
        let job = match batch.job {
            Some(job) => jobs::status(self.db(), job).await?,
            None => None,
        };
        let is_open = matches!(batch.state, BatchState::Prepared | BatchState::Running);
        Ok(is_open || job.is_some_and(|job| !job.state.is_over()))
    }

    async fn forget_upload(&self, id: BatchId) {
        let path = self.upload_path(id);
        if let Err(error) = tokio::fs::remove_file(&path).await {
            tracing::warn!(batch = %id, %error, "conversations.upload_not_removed");
        }
    }

    async fn import_uploaded(&self, run: &JobRun, id: BatchId) -> Result<(), JobError> {
        let by = run.by();
        let Some(batch) = self.batch(id).await? else { return Ok(()) };
        if batch.state == BatchState::Done {
            // The program ended between the last row and here.
            self.forget_upload(id).await;
            return Ok(());
        }
        let file = match std::fs::File::open(self.upload_path(id)) {
            Ok(file) => file,
            Err(error) => {
                let why = texts::unreadable_file(&error.to_string());
                let tx = self.db().write(&by, "conversations.import_finished").await?;
                batch::finish(&tx, id, BatchState::Failed, Some(&why)).await?;
                tx.commit().await?;
                return Err(JobError::permanent(error));
            }
        };
        let request = ImportRequest {
            kind: BatchKind::Upload,
            name: batch.name.clone(),
            bytes_total: batch.bytes_total,
            options: batch.options.clone(),
            resume: Some(id),
        };
        let progress = |batch: &Batch| {
            let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            // Telling the runner never waits; polling it once completes it.
            let told = run.progress(signed(batch.bytes_done), batch.bytes_total.map(signed), "");
            let _ = futures::FutureExt::now_or_never(told);
            if run.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match self.import_stream(&by, file, request, progress).await {
            Ok(_) => {
                self.forget_upload(id).await;
                Ok(())
            }
            Err(ImportError::Stopped(_)) => {
                // When it is the program that stops, the job goes on in its next life and needs the file.
                let job = jobs::status(self.db(), run.id()).await?;
                if job.is_some_and(|job| job.cancel_requested) {
                    self.forget_upload(id).await;
                }
                Err(JobError::Cancelled)
            }
            Err(error @ (ImportError::Source(_) | ImportError::UnknownBatch(_))) => {
                self.forget_upload(id).await;
                Err(JobError::permanent(error))
            }
            Err(error) => Err(JobError::transient(error)),
        }
    }
}

fn look(path: &std::path::Path, name: &str, options: &ImportOptions) -> Result<Look, ImportError> {
    let file = std::fs::File::open(path).map_err(SourceError::from)?;
    let mut source = Source::open(file, options.format, name)?;
    let columns = source.header().map(|header| {
        let known = |column: &&Column| !matches!(column, Column::Other(_));
        let names = |columns: Vec<&Column>| columns.into_iter().map(Column::label).collect();
        let (known, other) = header.columns.iter().partition(known);
        (names(known), names(other))
    });
    let mut look = Look {
        format: source.format().name(),
        encoding: source.charset().name(),
        columns,
        ..Look::default()
    };
    if let Some(mut chunk) = source.next_chunk()? {
        chunk.units.truncate(LOOK_ROWS);
        let prepared = prepare(chunk, &options.defaults)?;
        look.good = prepared.good;
        look.rejected = prepared.rejected;
        look.rejected.truncate(LOOK_ROWS);
    }
    Ok(look)
}

/// What a batch's state is called.
pub(crate) fn state_text(state: BatchState) -> Text {
    match state {
        BatchState::Prepared => texts::state_prepared(),
        BatchState::Running => texts::state_running(),
        BatchState::Done => texts::state_done(),
        BatchState::Failed => texts::state_failed(),
        BatchState::Cancelled => texts::state_cancelled(),
    }
}
