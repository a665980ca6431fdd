//! So many people of each skill set, as one number, so that what taking them away costs can be remembered.

use std::collections::HashMap;

/// Nothing known yet.
const UNKNOWN: u32 = u32::MAX;

/// All vectors met so far. Number 0 is nobody.
#[derive(Debug, Clone)]
pub(crate) struct Vectors {
    /// The people of each skill set, where there are any.
    counts: Vec<Vec<(u16, u16)>>,
    /// The vector with one person more, by skill set.
    next: Vec<Vec<u32>>,
    index: HashMap<Vec<(u16, u16)>, u32>,
    groups: usize,
}

impl Vectors {
    pub(crate) fn new(groups: usize) -> Self {
        let index = HashMap::from([(Vec::new(), 0)]);
        Self { counts: vec![Vec::new()], next: vec![vec![UNKNOWN; groups]], index, groups }
    }

    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    /// The vector with one person of `group` more.
    pub(crate) fn with(&mut self, vector: u32, group: usize) -> u32 {
        let known = self.next.get(vector as usize).and_then(|row| row.get(group)).copied();
        if let Some(known) = known.filter(|known| *known != UNKNOWN) {
            return known;
        }
        let mut counts = self.counts.get(vector as usize).cloned().unwrap_or_default();
        let id = group as u16;
        match counts.binary_search_by_key(&id, |(group, _)| *group) {
            Ok(at) => {
                if let Some((_, people)) = counts.get_mut(at) {
                    *people += 1;
                }
            }
            Err(at) => counts.insert(at, (id, 1)),
        }
        let fresh = self.counts.len() as u32;
        let found = *self.index.entry(counts.clone()).or_insert(fresh);
        if found == fresh {
            self.counts.push(counts);
            self.next.push(vec![UNKNOWN; self.groups]);
        }
        if let Some(slot) = self.next.get_mut(vector as usize).and_then(|row| row.get_mut(group)) {
            *slot = found;
        }
        found
    }

    /// The skill sets of a vector with their people.
    pub(crate) fn counts(&self, vector: u32) -> impl Iterator<Item = (usize, usize)> {
        let counts = self.counts.get(vector as usize).map_or(&[][..], Vec::as_slice);
        counts.iter().map(|(group, people)| (usize::from(*group), usize::from(*people)))
    }
}
