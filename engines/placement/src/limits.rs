//! Every limit, with its reason.

/// Most days that one plan covers: a month is the longest roster that is published at once.
pub const DAYS_MAX: usize = 31;
/// The shortest interval, minutes: rosters are kept to five minutes at the finest.
pub const INTERVAL_MINUTES_MIN: usize = 5;
/// Most people: several times the largest centre on one site, and a count of people still fits in 16 bits.
pub const PEOPLE_MAX: usize = 20_000;
/// Most queues: the skills of a person are the bits of one word.
pub const QUEUES_MAX: usize = 64;
/// Most shifts of one person: two on each day.
pub const SHIFTS_MAX: usize = 2 * DAYS_MAX;
/// Most breaks in one shift, and most fixed activities of one person on average per shift.
pub const BREAKS_MAX: usize = 32;
/// Most sessions in one run: more than a year of drills of a large centre.
pub const SESSIONS_MAX: usize = 5_000;
/// Most pieces (a session of everybody on their own is one piece a person and part): what is held in memory at once.
pub const PIECES_MAX: usize = 20_000;
/// Most people named by one session: a whole centre.
pub const ATTENDING_MAX: usize = PEOPLE_MAX;
/// Most intervals × skill sets × queues: memory of the division of people among queues, 2 bytes each.
pub const CELLS_MAX: usize = 64 << 20;
/// Most calls offered in one interval: far beyond any centre, and sums stay exact enough.
pub const OFFERED_MAX: f64 = 1e6;
/// Longest handling time and patience, seconds: a day.
pub const SECONDS_MAX: f64 = 86_400.0;
/// The highest priority of a session; 1 is the lowest.
pub const PRIORITY_MAX: u8 = 9;
/// Most points that a rule or a weight may name: the whole service level.
pub const POINTS_MAX: f64 = 100.0;
/// Most different removals (so many of each skill set) whose cost is remembered; beyond it the memory starts anew.
pub const VECTORS_MAX: usize = 1 << 14;
/// Most remembered costs: 64 MB.
pub const MEMO_MAX: usize = 8 << 20;
/// Most rooms.
pub const ROOMS_MAX: usize = 1_000;
/// Most work offered to one queue in one interval, erlangs: as many as there may be people.
pub const ERLANGS_MAX: f64 = PEOPLE_MAX as f64;
