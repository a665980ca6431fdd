//! How alike two sentences are in their letters.

use crate::fold::{fold_char, is_spoken};

/// The pairs of neighbouring letters and digits of a text, punctuation left out, sorted.
pub fn pairs(text: &str, out: &mut Vec<u64>) {
    out.clear();
    let mut previous = None;
    for c in text.chars().map(fold_char).filter(|c| is_spoken(*c)) {
        if let Some(previous) = previous {
            out.push(u64::from(previous) << 32 | u64::from(u32::from(c)));
        }
        previous = Some(u32::from(c));
    }
    out.sort_unstable();
}

/// Whether the Dice coefficient of two sorted sets of pairs (L. R. Dice 1945: twice what they share over what they have)
/// reaches `percent`.
pub fn alike(a: &[u64], b: &[u64], percent: u32) -> bool {
    let (mut i, mut j, mut shared) = (0, 0, 0_u64);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let total = (a.len() + b.len()) as u64;
    total > 0 && 200 * shared >= u64::from(percent) * total
}
