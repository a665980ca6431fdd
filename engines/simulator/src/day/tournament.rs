//! A tree of pending events in which every owner has at most one, found by its smallest key.

/// Bits of a key that name the owner.
pub(crate) const OWNER_BITS: u32 = 20;

/// No event pending.
pub(crate) const NEVER: u64 = u64::MAX;

/// Winner tree over keys `ticks << OWNER_BITS | owner`.
///
/// A change costs one walk from leaf to root without a branch that could be mispredicted: the loads do not depend on
/// each other, and the minimum travels in a register. A heap of the same size costs several mispredictions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tournament {
    /// The root is at 1, the leaves in the upper half.
    nodes: Vec<u64>,
}

impl Tournament {
    pub(crate) fn new(owners: usize) -> Tournament {
        Tournament { nodes: vec![NEVER; 2 * owners.next_power_of_two().max(1)] }
    }

    pub(crate) fn clear(&mut self) {
        self.nodes.fill(NEVER);
    }

    /// The smallest key, or [`NEVER`].
    #[inline]
    pub(crate) fn min(&self) -> u64 {
        self.nodes[1]
    }

    /// Sets an owner's event; `ticks` of [`NEVER`] take it away.
    #[inline]
    pub(crate) fn set(&mut self, owner: usize, ticks: u64) {
        let mut key = if ticks == NEVER { NEVER } else { ticks << OWNER_BITS | owner as u64 };
        let nodes = self.nodes.as_mut_slice();
        let mut at = nodes.len() / 2 + owner;
        nodes[at] = key;
        while at > 1 {
            key = key.min(nodes[at ^ 1]);
            at >>= 1;
            nodes[at] = key;
        }
    }

    /// Ticks and owner of a key.
    #[inline]
    pub(crate) fn parts(key: u64) -> (u64, usize) {
        (key >> OWNER_BITS, (key & ((1 << OWNER_BITS) - 1)) as usize)
    }
}
