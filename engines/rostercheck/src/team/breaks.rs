//! The breaks of a shift: what it allows, and what a roster writes.

use super::time::{DAY, Stretch};

/// A break that a shift holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Break {
    pub(super) minutes: u32,
    /// By the clock; behind midnight it may mean the day after the shift's.
    pub(super) between: Stretch,
}

/// The first break that has no room behind those before it, each taken as early as it can be.
pub(super) fn first_without_room(shift: Stretch, breaks: &[Break], interval: u32) -> Option<usize> {
    let mut free = shift.from;
    breaks.iter().position(|pause| {
        let mut start = free;
        while start + pause.minutes <= shift.to {
            let end = start + pause.minutes;
            if (Stretch { from: start, to: end }).lies_in(pause.between) {
                free = end + interval;
                return false;
            }
            start += interval;
        }
        true
    })
}

/// The breaks of a pattern such as `11:30-12:00, 15:00-15:15`, in minutes since midnight of the shift's day.
pub(super) fn read(pattern: &str, shift: Stretch) -> Option<Vec<Stretch>> {
    if pattern.trim().is_empty() {
        return Some(Vec::new());
    }
    let parts = pattern.split(',').map(|part| {
        let pause = Stretch::parse(part)?;
        let later = if pause.from < shift.from { DAY } else { 0 };
        Some(Stretch { from: pause.from + later, to: pause.to + later })
    });
    parts.collect()
}

/// What is wrong with the breaks taken, if anything.
pub(super) fn mistake(shift: Stretch, breaks: &[Break], taken: &[Stretch], interval: u32) -> Option<String> {
    if taken.len() != breaks.len() {
        return Some(format!("{} breaks, the shift has {}", taken.len(), breaks.len()));
    }
    let mut before: Option<Stretch> = None;
    for (pause, allowed) in taken.iter().zip(breaks) {
        let minutes = pause.to - pause.from;
        if minutes != allowed.minutes {
            return Some(format!("{pause} lasts {minutes} minutes, must be {}", allowed.minutes));
        }
        if !pause.from.is_multiple_of(interval) {
            return Some(format!("{pause} does not begin with an interval of {interval} minutes"));
        }
        if pause.to > shift.to {
            return Some(format!("{pause} does not lie in the shift {shift}"));
        }
        if !pause.lies_in(allowed.between) {
            return Some(format!("{pause} does not lie between {}", allowed.between));
        }
        if before.is_some_and(|before| pause.from <= before.to) {
            return Some(format!("{pause} does not come after the break before it, with work in between"));
        }
        before = Some(*pause);
    }
    None
}
