//! What one replication counts.

/// Calls of one type that came in one interval.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cell {
    pub(crate) offered: u32,
    pub(crate) answered: u32,
    /// Answered within the threshold.
    pub(crate) within: u32,
    pub(crate) abandoned: u32,
    /// Abandoned within the threshold, those who never waited included.
    pub(crate) short: u32,
    /// Had to wait.
    pub(crate) waited: u32,
    /// Accepted to be called back.
    pub(crate) callbacks: u32,
    /// Were called back.
    pub(crate) called: u32,
    /// Of those offered, those who try again.
    pub(crate) redials: u32,
    /// Still waiting when the last agent had left.
    pub(crate) left: u32,
    /// Ticks that those answered had waited.
    pub(crate) wait_answered: u64,
    /// Ticks that all had waited, answered or not.
    pub(crate) wait_all: u64,
    /// Ticks from accepting a callback to being called.
    pub(crate) wait_called: u64,
    /// Ticks of waiting that fell into this interval: ÷ its length, the mean length of the queue.
    pub(crate) queue: u64,
}

/// Agents of one group in one interval.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Staff {
    /// Ticks at the phone, calls finished after the shift included.
    pub(crate) staffed: u64,
    /// Ticks in calls and after-call work.
    pub(crate) busy: u64,
}

/// All of a replication. Rows are types or groups; the last column holds what happens after the last interval.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) columns: usize,
    pub(crate) cells: Vec<Cell>,
    pub(crate) staff: Vec<Staff>,
    pub(crate) calls: u64,
    pub(crate) events: u64,
}

impl Tally {
    pub(crate) fn new(types: usize, groups: usize, intervals: usize) -> Tally {
        let columns = intervals + 1;
        Tally {
            columns,
            cells: vec![Cell::default(); types * columns],
            staff: vec![Staff::default(); groups * columns],
            calls: 0,
            events: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.cells.fill(Cell::default());
        self.staff.fill(Staff::default());
        self.calls = 0;
        self.events = 0;
    }

    #[inline]
    pub(crate) fn cell(&mut self, call_type: usize, interval: usize) -> &mut Cell {
        &mut self.cells[call_type * self.columns + interval]
    }
}

/// Cuts `from..to` at the interval boundaries, beginning with interval `at`.
#[inline]
pub(crate) fn cut(from: u64, to: u64, at: usize, length: u64, last: usize, mut each: impl FnMut(usize, u64)) {
    let (mut from, mut at) = (from, at);
    while at < last {
        let end = (at as u64 + 1) * length;
        if to <= end {
            break;
        }
        each(at, end - from);
        from = end;
        at += 1;
    }
    each(at.min(last), to - from);
}
