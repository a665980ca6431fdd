//! Adding and editing queues and lines of business.

use audit::By;

use crate::error::{Invalid, PeopleError, Result, Stored};
use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId, store};
use crate::service::{People, conflict};
use crate::texts;
use crate::words;

impl People {
    /// Adds a queue.
    ///
    /// # Errors
    /// The fields that are wrong, or the store's.
    pub async fn add_queue(&self, by: &By, name: &str, line: Option<LineOfBusinessId>) -> Result<QueueId> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.queue_added").await?;
        known_line(&store::lines(&tx).await?, line)?;
        let queue = Queue { id: tx.env().id(), name, line_of_business: line, version: 1 };
        tx.object("queue", queue.id);
        if !store::insert_queue(&tx, &queue).await? {
            return Err(Invalid::one("name", texts::name_taken(&queue.name)).into());
        }
        self.finish(tx).await?;
        Ok(queue.id)
    }

    /// Edits a queue that was read at `version`.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`] with what is stored now, the fields that are wrong, or the store's.
    pub async fn edit_queue(
        &self,
        by: &By,
        id: QueueId,
        version: i64,
        name: &str,
        line: Option<LineOfBusinessId>,
    ) -> Result<()> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.queue_edited").await?;
        known_line(&store::lines(&tx).await?, line)?;
        let queues = store::queues(&tx).await?;
        let held = queues.iter().find(|queue| queue.id == id).ok_or(PeopleError::NotFound)?;
        if held.version != version {
            return Err(conflict(&tx, Stored::Queue(held.clone())).await);
        }
        if queues.iter().any(|other| other.id != id && other.name == name) {
            return Err(Invalid::one("name", texts::name_taken(&name)).into());
        }
        tx.object("queue", id);
        store::update_queue(&tx, id, version, &name, line).await?;
        self.finish(tx).await
    }

    /// Adds a line of business.
    ///
    /// # Errors
    /// The fields that are wrong, or the store's.
    pub async fn add_line_of_business(&self, by: &By, name: &str) -> Result<LineOfBusinessId> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.line_of_business_added").await?;
        let line = LineOfBusiness { id: tx.env().id(), name, version: 1 };
        tx.object("line_of_business", line.id);
        if !store::insert_line(&tx, &line).await? {
            return Err(Invalid::one("name", texts::name_taken(&line.name)).into());
        }
        self.finish(tx).await?;
        Ok(line.id)
    }

    /// Edits a line of business that was read at `version`.
    ///
    /// # Errors
    /// [`PeopleError::Conflict`] with what is stored now, the fields that are wrong, or the store's.
    pub async fn edit_line_of_business(
        &self,
        by: &By,
        id: LineOfBusinessId,
        version: i64,
        name: &str,
    ) -> Result<()> {
        let name = words::name(name).map_err(|text| Invalid::one("name", text))?;
        let mut tx = self.begin(by, "people.line_of_business_edited").await?;
        let lines = store::lines(&tx).await?;
        let held = lines.iter().find(|line| line.id == id).ok_or(PeopleError::NotFound)?;
        if held.version != version {
            return Err(conflict(&tx, Stored::LineOfBusiness(held.clone())).await);
        }
        if lines.iter().any(|other| other.id != id && other.name == name) {
            return Err(Invalid::one("name", texts::name_taken(&name)).into());
        }
        tx.object("line_of_business", id);
        store::update_line(&tx, id, version, &name).await?;
        self.finish(tx).await
    }
}

fn known_line(lines: &[LineOfBusiness], line: Option<LineOfBusinessId>) -> Result<()> {
    match line {
        Some(line) if !lines.iter().any(|known| known.id == line) => {
            Err(Invalid::one("line_of_business", texts::must_be_chosen()).into())
        }
        _ => Ok(()),
    }
}
