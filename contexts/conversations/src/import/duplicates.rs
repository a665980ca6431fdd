//! The identities that one import has brought so far.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use super::{prepare::PreparedChunk, reason::Reason};

/// Ids remembered to find duplicates within one import, 16 bytes each. Beyond them a repeated id replaces the
/// earlier conversation, as it does between two imports.
const IDS_REMEMBERED_MAX: usize = 16_000_000;

/// The line of every identity seen in an import, by its hash.
#[derive(Default)]
pub(super) struct Seen {
    lines: HashMap<u64, u64, Unhashed>,
    hasher: RandomState,
}

/// The keys are hashes already.
#[derive(Default, Clone)]
struct Unhashed(u64);

impl BuildHasher for Unhashed {
    type Hasher = Unhashed;
    fn build_hasher(&self) -> Unhashed {
        Unhashed(0)
    }
}

impl std::hash::Hasher for Unhashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Seen {
    /// Rejects the conversations of a chunk that came before.
    pub fn drop_duplicates(&mut self, chunk: &mut PreparedChunk) {
        let good = std::mem::take(&mut chunk.good);
        for prepared in good {
            let line = prepared.unit.line();
            let (source, id) = (&prepared.facts.source, &prepared.facts.external_id);
            let hash = self.hasher.hash_one((source, id));
            if let Some(first) = self.lines.get(&hash) {
                let reason = Reason::Duplicate(id.clone(), *first);
                chunk.rejected.extend(prepared.unit.reject(reason));
                continue;
            }
            if self.lines.len() < IDS_REMEMBERED_MAX {
                self.lines.insert(hash, line);
            }
            chunk.good.push(prepared);
        }
    }
}
