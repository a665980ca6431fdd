//! States from which the same rest of a line is allowed become one.

use std::collections::HashMap;
use std::hash::Hash;

use super::automaton::DEAD;

/// A way from a state to one of the next day.
pub(super) trait Way: Clone + Eq + Hash {
    /// The state it leads to.
    fn next(&mut self) -> &mut u32;
}

/// Merges states with the same continuations and drops those without any, from the last day backwards.
pub(super) fn merge<W: Way>(layers: Vec<Vec<Vec<W>>>) -> Vec<Vec<Vec<W>>> {
    let mut result: Vec<Vec<Vec<W>>> = Vec::with_capacity(layers.len());
    // What each state of the layer behind became.
    let mut became: Vec<u32> = Vec::new();
    for (back, layer) in layers.into_iter().rev().enumerate() {
        if back == 0 {
            became = vec![0; layer.len()];
            result.push(vec![Vec::new()]);
            continue;
        }
        let mut index: HashMap<Vec<W>, u32> = HashMap::new();
        let mut kept: Vec<Vec<W>> = Vec::new();
        let mut now = Vec::with_capacity(layer.len());
        for mut ways in layer {
            ways.retain_mut(|way| {
                let next = way.next();
                *next = became[*next as usize];
                *next != DEAD
            });
            if ways.is_empty() {
                now.push(DEAD);
                continue;
            }
            let fresh = u32::try_from(kept.len()).unwrap_or(DEAD);
            now.push(*index.entry(ways).or_insert_with_key(|key| {
                kept.push(key.clone());
                fresh
            }));
        }
        became = now;
        result.push(kept);
    }
    result.reverse();
    result
}
