//! How many tests ran and how they ended, read from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that ran and passed.
    pub passed: u64,
    /// Tests that ran and did not pass, for whatever reason.
    pub failed: u64,
}

impl Tally {
    /// One test, by whether it passed.
    pub fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed) }
    }

    /// Reads nextest's `Summary [ 1.2s] 5 tests run: 4 passed (1 slow), 1 failed, 0 skipped`.
    pub fn from_nextest(output: &str) -> Self {
        output
            .lines()
            .filter(|line| line.trim_start().starts_with("Summary ["))
            .filter_map(|line| line.split_once(" run:"))
            .map(|(_, counts)| Self::read(counts))
            .fold(Self::default(), Self::plus)
    }

    /// Reads the `test result: ok. 3 passed; 0 failed; …` lines of Rust's own test runner.
    pub fn from_libtest(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("test result:"))
            .map(Self::read)
            .fold(Self::default(), Self::plus)
    }

    /// Reads lines of the form `4 passed, 1 failed`, as the journeys print them.
    pub fn from_plain(output: &str) -> Self {
        output
            .lines()
            .filter(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                matches!(words[..], [n, "passed,", m, "failed"] if is_number(n) && is_number(m))
            })
            .map(Self::read)
            .fold(Self::default(), Self::plus)
    }

    /// Counts `N passed`, `N failed`, `N timed out` and `N exec failed`, however they are separated.
    fn read(counts: &str) -> Self {
        let words: Vec<&str> =
            counts.split(|letter: char| letter.is_whitespace() || ",;".contains(letter)).collect();
        let mut tally = Self::default();
        for pair in words.windows(2) {
            let [number, word] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match *word {
                "passed" => tally.passed += number,
                "failed" | "timed" | "exec" => tally.failed += number,
                _ => {}
            }
        }
        tally
    }

    fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = self.plus(other);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn is_number(word: &str) -> bool {
    word.parse::<u64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn reads_nextest() {
        let check = |line: &str, passed, failed| {
            assert_eq!(Tally::from_nextest(line), Tally { passed, failed }, "{line}");
        };
        check("     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped", 5, 0);
        check("     Summary [   0.012s] 1 test run: 1 passed, 3 skipped", 1, 0);
        check("     Summary [  61.012s] 9 tests run: 6 passed (2 slow, 1 flaky), 3 failed, 0 skipped", 6, 3);
        check("     Summary [  61.012s] 4/9 tests run: 2 passed, 1 failed, 1 timed out, 0 skipped", 2, 2);
        check("     Summary [  61.012s] 3 tests run: 2 passed, 1 exec failed, 0 skipped", 2, 1);
        check("the line 5 tests run: 5 passed was printed by a test", 0, 0);
    }

    #[test]
    fn reads_libtest() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Tally::from_libtest(output), Tally { passed: 4, failed: 2 });
    }

    #[test]
    fn reads_plain_lines_only_when_they_stand_alone() {
        let output =
            "zh: 12 steps\n12 passed, 1 failed\nthe log said 3 passed, 0 failed today\n2 passed, 0 failed";
        assert_eq!(Tally::from_plain(output), Tally { passed: 14, failed: 1 });
    }
}
