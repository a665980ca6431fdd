//! Rule sets and libraries in the database.

use sha2::{Digest, Sha256};
use store::{Ask, Result, StoreError, Tx, sql};

use super::{Library, Members};
use crate::{
    behaviour::{BehaviourId, Live},
    pack::Shipped,
};

/// Bytes of a digest that are kept: enough to tell texts apart that nobody makes to collide.
pub(crate) const DIGEST_BYTES: usize = 16;

/// The shared lists and rules, by name.
pub(crate) async fn libraries(ask: &impl Ask) -> Result<Vec<Library>> {
    ask.all(sql!("SELECT name, text FROM rule_library ORDER BY name"), |row| {
        Ok(Library { name: row.get("name")?, text: row.get("text")? })
    })
    .await
}

/// Keeps a shipped library in the place of what stands under its name.
pub(crate) async fn keep_library(tx: &Tx, file: &Shipped) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO rule_library (name, text, shipped_digest, version, at) VALUES ({}, {}, {}, 1, {}) ON CONFLICT (name) DO UPDATE SET text = excluded.text, shipped_digest = excluded.shipped_digest, version = rule_library.version + 1, at = excluded.at",
        &file.name, &file.text, file.digest(), tx.env().now()
    ))
    .await?;
    Ok(())
}

/// The behaviours of a rule set, by place.
pub(crate) async fn members(ask: &impl Ask, n: i64) -> Result<Members> {
    let members = ask
        .first(sql!("SELECT members FROM rule_set WHERE n = {}", n), |row| row.get::<String>("members"))
        .await?
        .unwrap_or_default();
    members
        .split_whitespace()
        .map(|id| {
            id.parse::<BehaviourId>()
                .map_err(|_| StoreError::Corrupt { column: "members".to_owned(), found: id.to_owned() })
        })
        .collect::<Result<Vec<_>>>()
        .map(Into::into)
}

/// The members of rule sets, each read once.
#[derive(Default)]
pub(crate) struct KnownMembers(std::collections::BTreeMap<i64, Members>);

impl KnownMembers {
    /// The behaviours of a rule set, by place.
    pub(crate) async fn of(&mut self, ask: &impl Ask, n: i64) -> Result<Members> {
        if let Some(known) = self.0.get(&n) {
            return Ok(known.clone());
        }
        let read = members(ask, n).await?;
        self.0.insert(n, read.clone());
        Ok(read)
    }
}

/// The number and digest of the newest rule set.
pub(crate) async fn newest(ask: &impl Ask) -> Result<Option<(i64, String)>> {
    ask.first(sql!("SELECT n, digest FROM rule_set ORDER BY n DESC LIMIT 1"), |row| {
        Ok((row.get("n")?, row.get("digest")?))
    })
    .await
}

/// Keeps a new rule set; its number.
pub(crate) async fn insert(tx: &Tx, digest: &str, members: &Members) -> Result<i64> {
    let n = newest(tx).await?.map_or(1, |(n, _)| n + 1);
    let members: Vec<String> = members.iter().map(ToString::to_string).collect();
    tx.exec(sql!(
        "INSERT INTO rule_set (n, digest, members, at) VALUES ({}, {}, {}, {})",
        n,
        digest,
        members.join(" "),
        tx.env().now()
    ))
    .await?;
    Ok(n)
}

/// Tells one set of texts from another.
pub(crate) fn digest(libraries: &[Library], live: &[Live]) -> String {
    let mut hasher = Sha256::new();
    let texts = libraries
        .iter()
        .map(|library| (&library.name, &library.text))
        .chain(live.iter().map(|live| (&live.name, &live.rule_text)));
    for (name, text) in texts {
        for part in [name, text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    kernel::hex(hasher.finalize().get(..DIGEST_BYTES).unwrap_or_default())
}
