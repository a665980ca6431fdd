//! Limits on what is simulated, each with its reason.

/// Call types of a centre. Arrivals are searched through a tree, so this is a matter of memory, not of time.
pub const CALL_TYPES_MAX: usize = 256;

/// Groups of agents, and tiers of a routing list together.
pub const GROUPS_MAX: usize = 4_096;

/// Agents: twenty bits of an event's key name its agent.
pub const AGENTS_MAX: usize = 1_000_000;

/// Intervals of a simulated stretch: 60 days of quarter hours.
pub const INTERVALS_MAX: usize = 5_760;

/// Cells (call types and groups × intervals) of one replication, so that statistics stay below some 100 MB a thread.
pub const CELLS_MAX: usize = 100_000;

/// Longest stretch, seconds: 60 days. Times are whole microseconds in 44 bits (203 days), with room for overtime.
pub const STRETCH_S_MAX: f64 = 60.0 * 86_400.0;

/// Longest handling time and patience, seconds; longer draws are cut to it. A day is far beyond either.
pub const DURATION_S_MAX: f64 = 86_400.0;

/// Most calls that one replication may be expected to have: seconds of work, and 400 MB when none of them is answered.
pub const CALLS_MAX: f64 = 1.0e7;

/// Highest and lowest speed of an agent at a skill, as a factor of the handling time's inverse.
pub const SPEED_MAX: f64 = 10.0;

/// See [`SPEED_MAX`].
pub const SPEED_MIN: f64 = 0.1;

/// Times one call may be tried again by a customer who hung up.
pub const REDIALS_MAX: u32 = 20;

/// Replications of one run; at 400 calls each, some minutes.
pub const REPLICATIONS_MAX: u64 = 10_000_000;

/// Variants of a plan that one comparison may have.
pub const VARIANTS_MAX: usize = 1_000;

/// People in a plan and all its variants together: a gigabyte or two.
pub const PEOPLE_MAX: usize = 10_000_000;

/// Figures of a plan and all its variants together (scopes × plans), some 400 MB a thread.
pub const FIGURES_MAX: usize = 1_000_000;

/// Threads that a run may ask for.
pub const THREADS_MAX: usize = 256;
