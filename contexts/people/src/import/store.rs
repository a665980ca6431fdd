//! The table `people_upload`: files between looking at them and letting them in.

use kernel::{AccountId, Time};
use store::{Ask, Db, Result, Tx, sql};

use crate::import::UploadId;

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// What it was called.
    pub file_name: String,
    /// What is in it.
    pub content: Vec<u8>,
    /// What became of it, once it was let in.
    pub outcome: Option<String>,
    /// The rows that were not let in, with their reasons.
    pub rejected: Option<Vec<u8>>,
}

pub(crate) async fn insert(
    tx: &Tx,
    account: Option<AccountId>,
    id: UploadId,
    file_name: &str,
    content: &[u8],
) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO people_upload (id, account, file_name, content, created_at) VALUES ({}, {}, {}, {}, {})",
        id,
        account,
        file_name,
        content,
        tx.env().now()
    ))
    .await?;
    Ok(())
}

pub(crate) async fn remove_older(tx: &Tx, than: Time) -> Result<u64> {
    tx.exec(sql!("DELETE FROM people_upload WHERE created_at < {}", than)).await
}

/// A file, for the account that brought it alone.
pub(crate) async fn find(db: &Db, account: Option<AccountId>, id: UploadId) -> Result<Option<Upload>> {
    db.first(
        sql!("SELECT id, file_name, content, outcome, rejected FROM people_upload WHERE id = {} AND account = {}", id, account),
        |row| {
            Ok(Upload {
                id: row.id("id")?,
                file_name: row.get("file_name")?,
                content: row.get("content")?,
                outcome: row.get("outcome")?,
                rejected: row.get("rejected")?,
            })
        },
    )
    .await
}

pub(crate) async fn settle(tx: &Tx, id: UploadId, outcome: &str, rejected: &[u8]) -> Result<()> {
    // The file itself is not needed any more.
    tx.exec(sql!(
        "UPDATE people_upload SET outcome = {}, rejected = {}, content = {} WHERE id = {}",
        outcome,
        rejected,
        b"".as_slice(),
        id
    ))
    .await?;
    Ok(())
}
