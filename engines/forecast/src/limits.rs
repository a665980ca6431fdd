//! How much the engine takes at once; every limit with its reason.

/// Most rows of one history: ten years of one-minute intervals at eight hours a day.
pub const OBSERVATIONS_MAX: usize = 2_000_000;
/// Most days between the first and the last row: what is older than ten years says nothing about next month.
pub const HISTORY_DAYS_MAX: usize = 3_660;
/// Most days looked into the future: two years; beyond that, a forecast per interval is a guess with decimals.
pub const HORIZON_DAYS_MAX: usize = 732;
/// Most intervals that can be asked for.
pub const HORIZON_INTERVALS_MAX: usize = 1_000_000;
/// Most events.
pub const EVENTS_MAX: usize = 1_000;
/// Most days of a calendar: a century of holidays.
pub const CALENDAR_DAYS_MAX: usize = 10_000;
/// Most queues that are made to add up.
pub const QUEUES_MAX: usize = 10_000;
/// Most calls in one interval; more is a mistake of the file, and its square would still be exact.
pub const CALLS_MAX: f64 = 1e9;
/// Longest handling time, seconds: one day.
pub const AHT_S_MAX: f64 = 86_400.0;
/// Fewest open days to forecast from: with fewer than a week, no weekday is known.
pub const OPEN_DAYS_MIN: usize = 3;
/// Days of history that the regression learns from: four years hold every holiday several times, and the time to fit
/// grows with the square of what is kept.
pub const REGRESSION_DAYS_MAX: usize = 1_464;
/// Notes of one kind that are told one by one; the rest is counted.
pub const NOTES_PER_KIND_MAX: usize = 12;
