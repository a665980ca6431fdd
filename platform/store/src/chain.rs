//! The audit chain in the database.

use audit::{Broken, By, Entry, Hash, Verifier};

use crate::{Ask, Dialect, Result, StoreError, Tx, sql};

/// Entries read at once while verifying.
const PAGE: i64 = 10_000;

/// Appends an entry in the transaction of its change.
pub(crate) async fn append(tx: &Tx, by: &By, action: &str, objects: &str, digest: Hash) -> Result<()> {
    let head = match tx.dialect() {
        Dialect::Sqlite => sql!("SELECT seq, seal FROM audit_head WHERE id = 1"),
        // Writers take turns on the head.
        Dialect::Postgres => sql!("SELECT seq, seal FROM audit_head WHERE id = 1 FOR UPDATE"),
    };
    let (seq, previous) = tx
        .first(head, |row| Ok((row.get::<i64>("seq")?, hash("seal", &row.get::<Vec<u8>>("seal")?)?)))
        .await?
        .unwrap_or((0, [0; 32]));
    let entry = Entry {
        seq: seq + 1,
        at: tx.env().now(),
        account: by.account.map(|id| id.to_string()).unwrap_or_default(),
        via: by.via.name().to_owned(),
        action: action.to_owned(),
        objects: objects.to_owned(),
        digest,
    };
    let seal = audit::seal(&previous, &entry);
    tx.exec(sql!(
        "INSERT INTO audit_entry (seq, at, account, via, action, objects, digest, seal) VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
        entry.seq, entry.at, entry.account, entry.via, entry.action, entry.objects, digest.as_slice(), seal.as_slice()
    ))
    .await?;
    tx.exec(sql!("UPDATE audit_head SET seq = {}, seal = {} WHERE id = 1", entry.seq, seal.as_slice()))
        .await?;
    Ok(())
}

/// What verifying the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainState {
    /// Entries that hold, from the first.
    pub entries: i64,
    /// The seal of the last of them, in hexadecimal. Keep it elsewhere: a cut tail shows only against it.
    pub head: String,
    /// The first place where the chain does not hold.
    pub broken: Option<Broken>,
}

/// Follows the whole chain and compares its end with the stored head.
pub async fn verify_chain(ask: &impl Ask) -> Result<ChainState> {
    let mut verifier = Verifier::new();
    let mut broken = None;
    'pages: loop {
        let after = verifier.head().0;
        let page = ask
            .all(sql!("SELECT seq, at, account, via, action, objects, digest, seal FROM audit_entry WHERE seq > {} ORDER BY seq LIMIT {}", after, PAGE), |row| {
                let entry = Entry {
                    seq: row.get("seq")?,
                    at: row.time("at")?,
                    account: row.get("account")?,
                    via: row.get("via")?,
                    action: row.get("action")?,
                    objects: row.get("objects")?,
                    digest: hash("digest", &row.get::<Vec<u8>>("digest")?)?,
                };
                Ok((entry, hash("seal", &row.get::<Vec<u8>>("seal")?)?))
            })
            .await?;
        if page.is_empty() {
            break;
        }
        for (entry, seal) in &page {
            if let Err(at) = verifier.take(entry, seal) {
                broken = Some(at);
                break 'pages;
            }
        }
    }
    let (entries, head) = verifier.head();
    let stored = ask
        .first(sql!("SELECT seq, seal FROM audit_head WHERE id = 1"), |row| {
            Ok((row.get::<i64>("seq")?, row.get::<Vec<u8>>("seal")?))
        })
        .await?;
    if broken.is_none() && stored != Some((entries, head.to_vec())) {
        broken = Some(Broken::Gap { seq: entries });
    }
    Ok(ChainState { entries, head: kernel::hex(&head), broken })
}

fn hash(column: &str, bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        column: column.to_owned(),
        found: format!("{} bytes", bytes.len()),
    })
}
