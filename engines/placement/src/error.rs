//! Why a centre cannot be planned for.

/// What is wrong with the input; the message names the value and says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlacementError {
    /// A count outside its limits.
    #[error("{what} is {value}: give {low} to {high}")]
    Count {
        /// Which count.
        what: String,
        /// What was given.
        value: usize,
        /// The least allowed.
        low: usize,
        /// The most allowed.
        high: usize,
    },
    /// A figure outside its limits, or not a number.
    #[error("{what} is {value}: give {low} to {high}")]
    Figure {
        /// Which figure.
        what: String,
        /// What was given.
        value: f64,
        /// The least allowed.
        low: f64,
        /// The most allowed.
        high: f64,
    },
    /// Intervals that do not divide a day.
    #[error("an interval of {0} minutes does not divide a day: give 5, 10, 15, 20, 30 or 60")]
    Interval(usize),
    /// A series with another number of values than there are intervals.
    #[error("{what} has {found} values for {expected} intervals: give one for each interval of each day")]
    Series {
        /// Which series.
        what: String,
        /// Values found.
        found: usize,
        /// Intervals of the horizon.
        expected: usize,
    },
    /// A span of time that is empty or leaves the horizon.
    #[error(
        "{what} is from interval {start} to {end}: it must be longer than 0 and end by interval {horizon}"
    )]
    Span {
        /// Which span.
        what: String,
        /// First interval.
        start: usize,
        /// The interval after the last.
        end: usize,
        /// Intervals of the horizon.
        horizon: usize,
    },
    /// Two spans of a person that overlap or are out of order, or a break outside its shift.
    #[error("{what}: write shifts in order and without overlap, and breaks inside their shift")]
    Order {
        /// Whose, and which.
        what: String,
    },
    /// A person, queue, room or session that does not exist.
    #[error("{what} names number {index}, but there are only {count}")]
    Unknown {
        /// Who names it.
        what: String,
        /// What was named.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// Two with one name, or one without.
    #[error("{what} “{name}” is there twice or has no name: give each its own")]
    Name {
        /// People, queues or sessions.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Somebody named twice in one list.
    #[error("{what} names “{name}” twice: name everybody once")]
    Twice {
        /// Which list.
        what: String,
        /// Who.
        name: String,
    },
    /// An earlier placement that does not belong to any session as it is now.
    #[error("the earlier placement of “{session}” does not fit: {why}; drop it or correct it")]
    Earlier {
        /// The session's name.
        session: String,
        /// What does not fit.
        why: String,
    },
    /// The Erlang model refused its input.
    #[error("the service level of “{queue}” in interval {interval} cannot be computed: {why}")]
    Staffing {
        /// The queue.
        queue: String,
        /// The interval.
        interval: usize,
        /// What the model says.
        why: String,
    },
}
