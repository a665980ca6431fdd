//! Sets of intervals, 64 to a word.

/// A set of intervals of the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn none(intervals: usize) -> Self {
        Self { words: vec![0; intervals.div_ceil(64)] }
    }

    pub(crate) fn has(&self, interval: usize) -> bool {
        self.words.get(interval / 64).is_some_and(|word| word >> (interval % 64) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn copy_from(&mut self, other: &Bits) {
        self.words.copy_from_slice(&other.words);
    }

    /// The bits of `start..end` that lie in the word `index`.
    fn mask(index: usize, start: usize, end: usize) -> u64 {
        let first = start.saturating_sub(index * 64).min(64);
        let last = end.saturating_sub(index * 64).min(64);
        let below = |n: usize| if n >= 64 { u64::MAX } else { (1 << n) - 1 };
        below(last) & !below(first)
    }

    pub(crate) fn add(&mut self, start: usize, end: usize) {
        let words = start / 64..end.div_ceil(64).min(self.words.len());
        for index in words {
            if let Some(word) = self.words.get_mut(index) {
                *word |= Self::mask(index, start, end);
            }
        }
    }

    pub(crate) fn remove(&mut self, start: usize, end: usize) {
        let words = start / 64..end.div_ceil(64).min(self.words.len());
        for index in words {
            if let Some(word) = self.words.get_mut(index) {
                *word &= !Self::mask(index, start, end);
            }
        }
    }

    pub(crate) fn keep(&mut self, other: &Bits) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Keeps each interval with which a run of `length` begins that lies in the set entirely.
    pub(crate) fn keep_starts(&mut self, length: usize) {
        let mut run = 1;
        while run < length {
            let step = run.min(length - run);
            self.keep_shifted(step);
            run += step;
        }
    }

    /// Keeps an interval only if the one `step` later is in the set too.
    fn keep_shifted(&mut self, step: usize) {
        let (whole, part) = (step / 64, step % 64);
        for index in 0..self.words.len() {
            let at = |offset: usize| self.words.get(index + whole + offset).copied().unwrap_or(0);
            let later = if part == 0 { at(0) } else { at(0) >> part | at(1) << (64 - part) };
            if let Some(word) = self.words.get_mut(index) {
                *word &= later;
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (bit < 64).then_some(index * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn starts_are_where_a_run_fits() {
        for length in [1, 2, 3, 5, 63, 64, 65, 130] {
            let mut set = Bits::none(400);
            let inside = |interval: usize| (10..80).contains(&interval) || (90..260).contains(&interval);
            set.add(10, 80);
            set.add(85, 260);
            set.remove(80, 90);
            let expected: Vec<usize> =
                (0..400).filter(|start| (*start..start + length).all(inside)).collect();
            set.keep_starts(length);
            assert_eq!(set.iter().collect::<Vec<_>>(), expected, "length {length}");
        }
    }
}
