//! Which phrasing is said: decided by the seed, and never the same twice before the others had their turn.

use std::collections::BTreeMap;

/// Counts how often each line was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dice {
    said: BTreeMap<String, u64>,
}

impl Dice {
    /// The next phrasing of the line `key`. The first is drawn by the seed; the others follow in order.
    pub(crate) fn pick<'a>(&mut self, seed: u64, key: String, phrasings: &'a [String]) -> &'a str {
        let start = mixed(seed, &key);
        let said = self.said.entry(key).or_insert(0);
        let count = phrasings.len().max(1) as u64;
        let place = (start % count + *said) % count;
        *said += 1;
        usize::try_from(place).ok().and_then(|place| phrasings.get(place)).map_or("", String::as_str)
    }
}

/// A number for a seed and a name: FNV-1a over the name, then the finalizer of SplitMix64 (G. Steele, D. Lea,
/// C. Flood 2014). Written out here, because the same seed must give the same conversation in every version.
fn mixed(seed: u64, key: &str) -> u64 {
    let name = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut z = name ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_phrasings_come_before_one_comes_again() {
        let phrasings: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        for seed in 0..20 {
            let mut dice = Dice::default();
            let mut said: Vec<&str> =
                (0..3).map(|_| dice.pick(seed, "beat".to_owned(), &phrasings)).collect();
            said.sort_unstable();
            assert_eq!(said, ["a", "b", "c"]);
        }
        let first = |seed| Dice::default().pick(seed, "beat".to_owned(), &phrasings).to_owned();
        assert!((0..20).any(|seed| first(seed) != first(0)));
        assert_eq!(mixed(7, "beat"), 1_674_509_725_995_578_959, "the numbers are part of what is kept");
    }
}
