//! The audit log's chain: what an entry says, and how each entry seals all before it.
//!
//! An entry holds ids and hashes, never content, so that personal data can be erased without breaking the
//! chain. The store appends entries in the transaction of the change itself; nothing here does I/O.
//! The chain is SHA-256 over the previous hash and every field with its length, so that no two different
//! entries can be spelled the same.

use kernel::{AccountId, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Through which door a change came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A page.
    Page,
    /// The JSON API.
    Api,
    /// The command line.
    Command,
    /// A background job.
    Job,
    /// The system itself: start, migration, demo centre.
    System,
}

impl Via {
    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Via::Page => "page",
            Via::Api => "api",
            Via::Command => "command",
            Via::Job => "job",
            Via::System => "system",
        }
    }
}

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The account; `None` for the system itself.
    pub account: Option<AccountId>,
    /// The door.
    pub via: Via,
}

impl By {
    /// The system itself.
    pub const SYSTEM: By = By { account: None, via: Via::System };
    /// A background job acting for nobody in particular.
    pub const JOB: By = By { account: None, via: Via::Job };
    /// Somebody at the terminal of the machine.
    pub const COMMAND: By = By { account: None, via: Via::Command };
}

/// One entry before it is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// Who, as text: an account id, or empty for the system.
    pub account: String,
    /// Through which door, see [`Via::name`].
    pub via: String,
    /// What was done, `context.noun_verbed`.
    pub action: String,
    /// What it was done to: `kind:id`, separated by spaces.
    pub objects: String,
    /// SHA-256 over the content after the change; all zero when there is none.
    pub digest: Hash,
}

/// The hash that seals an entry onto the chain.
pub fn seal(previous: &Hash, entry: &Entry) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(entry.seq.to_be_bytes());
    hasher.update(entry.at.0.to_be_bytes());
    for part in [&entry.account, &entry.via, &entry.action, &entry.objects] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(entry.digest);
    hasher.finalize().into()
}

/// The hash of some content, for [`Entry::digest`].
pub fn digest(content: &[u8]) -> Hash {
    Sha256::digest(content).into()
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// An entry is missing: the one after `seq` has another number than the next.
    Gap {
        /// The last entry that holds.
        seq: i64,
    },
    /// The entry does not match its seal: it, or one before it, was changed.
    Changed {
        /// The entry.
        seq: i64,
    },
}

/// Follows a chain entry by entry.
#[derive(Debug, Clone)]
pub struct Verifier {
    seq: i64,
    head: Hash,
}

impl Verifier {
    /// Before the first entry.
    pub fn new() -> Verifier {
        Verifier { seq: 0, head: [0; 32] }
    }

    /// Takes the next entry with the seal stored beside it.
    pub fn take(&mut self, entry: &Entry, sealed: &Hash) -> Result<(), Broken> {
        if entry.seq != self.seq + 1 {
            return Err(Broken::Gap { seq: self.seq });
        }
        let expected = seal(&self.head, entry);
        if expected != *sealed {
            return Err(Broken::Changed { seq: entry.seq });
        }
        self.seq = entry.seq;
        self.head = expected;
        Ok(())
    }

    /// How many entries were taken, and the seal of the last. Compare it with a head that was published
    /// elsewhere: a cut tail looks intact from inside.
    pub fn head(&self) -> (i64, Hash) {
        (self.seq, self.head)
    }
}

impl Default for Verifier {
    fn default() -> Verifier {
        Verifier::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(n: i64) -> Vec<(Entry, Hash)> {
        let mut head = [0; 32];
        (1..=n)
            .map(|seq| {
                let entry = Entry {
                    seq,
                    at: Time(seq * 7),
                    account: String::new(),
                    via: "system".into(),
                    action: "test.thing_done".into(),
                    objects: format!("thing:{seq}"),
                    digest: digest(&seq.to_be_bytes()),
                };
                head = seal(&head, &entry);
                (entry, head)
            })
            .collect()
    }

    fn verify(chain: &[(Entry, Hash)]) -> Result<(i64, Hash), Broken> {
        let mut verifier = Verifier::new();
        chain.iter().try_for_each(|(entry, seal)| verifier.take(entry, seal))?;
        Ok(verifier.head())
    }

    #[test]
    fn every_kind_of_tampering_shows() {
        let whole = chain(20);
        assert_eq!(verify(&whole).unwrap().0, 20);

        let mut edited = whole.clone();
        edited[4].0.objects = "thing:999".into();
        assert_eq!(verify(&edited), Err(Broken::Changed { seq: 5 }));

        let mut dropped = whole.clone();
        dropped.remove(9);
        assert_eq!(verify(&dropped), Err(Broken::Gap { seq: 9 }));

        let mut swapped = whole.clone();
        swapped.swap(2, 3);
        assert!(verify(&swapped).is_err());

        let cut = &whole[..15];
        assert_ne!(
            verify(cut).unwrap(),
            verify(&whole).unwrap(),
            "a cut tail differs from the published head"
        );
    }
}
