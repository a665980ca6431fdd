//! Shifts and their break patterns.

/// A shift that somebody may work on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shift {
    /// What people call it.
    pub name: String,
    /// When it starts, in minutes after the start of the day.
    pub start: u32,
    /// When it ends, in minutes after the start of the same day; past midnight it is above 1 440.
    pub end: u32,
    /// How many minutes it counts against the hours of a contract.
    pub minutes: u32,
    /// Whether it is night work, which some may not do and others not often.
    pub night: bool,
    /// The ways of placing its breaks, at least one.
    pub patterns: Vec<Pattern>,
}

/// One way of placing the breaks of a shift: the stretches at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Stretches at work, as half-open ranges of intervals counted from the start of the day on which the shift
    /// starts, in order and without overlap.
    pub work: Vec<(u16, u16)>,
}

impl Pattern {
    /// The pattern of a shift from interval `start` to `end` (not included) with single intervals off work.
    pub fn with_breaks(start: u16, end: u16, breaks: &[u16]) -> Pattern {
        let mut off: Vec<u16> = breaks.iter().copied().filter(|at| (start..end).contains(at)).collect();
        off.sort_unstable();
        off.dedup();
        let mut work = Vec::new();
        let mut from = start;
        for at in off {
            if from < at {
                work.push((from, at));
            }
            from = at + 1;
        }
        if from < end {
            work.push((from, end));
        }
        Pattern { work }
    }

    /// The intervals at work.
    pub fn intervals(&self) -> impl Iterator<Item = u16> + '_ {
        self.work.iter().flat_map(|&(from, to)| from..to)
    }
}
