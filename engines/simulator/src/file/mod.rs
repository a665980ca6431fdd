//! The scenario file: names and clock times instead of indexes and seconds. `docs/simulate.md` teaches it.
//!
//! Reading the text is left to the caller: [`Document`] is what `serde` makes of TOML (or JSON).

mod clock;
mod duration;
mod study;
mod variant;

use serde::Deserialize;

pub use clock::{Clock, Span};
pub use duration::Duration;
pub use study::{Study, Variant};

/// Most bytes of a scenario file: a month of quarter hours for hundred call types is a twentieth of it.
pub const FILE_MAX_BYTES: usize = 16 << 20;

/// A scenario file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What the file is about.
    #[serde(default)]
    pub title: String,
    /// When the first interval begins, `HH:MM`.
    pub start: String,
    /// Length of an interval, minutes.
    pub interval_minutes: f64,
    /// What totals are made of, `HH:MM-HH:MM`; without it everything.
    pub measured: Option<String>,
    /// Over-dispersion of whole days.
    pub busyness: Option<Busyness>,
    /// Speed by level of skill; without it levels 1 to 5 are 0.7, 0.85, 1.0, 1.1 and 1.2.
    #[serde(default)]
    pub levels: std::collections::BTreeMap<String, f64>,
    /// The calls.
    pub call_types: Vec<CallType>,
    /// Who may take what.
    pub groups: Vec<Group>,
    /// People with shifts.
    #[serde(default)]
    pub agents: Vec<Agents>,
    /// People by number, for each interval.
    #[serde(default)]
    pub staffing: Vec<Staffing>,
    /// Other plans over the same calls.
    #[serde(default)]
    pub compare: Vec<Compare>,
    /// How exactly.
    #[serde(default)]
    pub run: RunTable,
}

/// `[busyness]`: the shape itself, or what a planner can measure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Busyness {
    /// Shape of the gamma factor.
    pub shape: Option<f64>,
    /// Variance ÷ mean of the calls of an interval over days, with the next.
    pub variance_to_mean: Option<f64>,
    /// Mean calls of such an interval.
    pub mean_calls: Option<f64>,
}

/// `[[call_types]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallType {
    /// Its name.
    pub name: String,
    /// Expected calls of each interval.
    pub calls: Vec<f64>,
    /// Over-dispersion of this type alone.
    pub busyness: Option<Busyness>,
    /// Talk and hold.
    pub talk: Duration,
    /// After-call work.
    pub after_call: Option<Duration>,
    /// By interval, what handling times are multiplied by.
    #[serde(default)]
    pub handling_factor: Vec<f64>,
    /// Until a customer hangs up.
    pub patience: Option<Duration>,
    /// By interval, what patience is multiplied by.
    #[serde(default)]
    pub patience_factor: Vec<f64>,
    /// Share that hangs up at once instead of waiting.
    #[serde(default)]
    pub balking: f64,
    /// Higher goes first.
    #[serde(default)]
    pub priority: i32,
    /// Groups in order of preference; without it all who have the skill, whoever has been idle longest.
    #[serde(default)]
    pub routing: Vec<Tier>,
    /// Offer of a callback.
    pub callback: Option<Callback>,
    /// Those who hung up and try again.
    pub redial: Option<Redial>,
    /// The promise.
    #[serde(default)]
    pub service_level: ServiceLevel,
}

/// An entry of `routing`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Names of groups.
    pub groups: Vec<String>,
    /// From what wait on, seconds.
    #[serde(default)]
    pub after_s: f64,
}

/// `callback`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// When it is offered, seconds of waiting.
    pub after_s: f64,
    /// Share that accepts.
    pub accept: f64,
    /// Beside the priorities of call types.
    #[serde(default)]
    pub priority: i32,
}

/// `redial`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redial {
    /// Share that tries again, each time.
    pub share: f64,
    /// After how long.
    pub delay: Duration,
}

/// `service_level`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevel {
    /// Threshold, seconds.
    pub within_s: f64,
    /// What is aimed at, 0 to 1.
    pub target: f64,
    /// What is divided by what.
    #[serde(default)]
    pub definition: Definition,
}

impl Default for ServiceLevel {
    fn default() -> ServiceLevel {
        ServiceLevel { within_s: 20.0, target: 0.8, definition: Definition::default() }
    }
}

/// `definition`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Definition {
    /// Answered in time ÷ offered.
    #[default]
    OfOffered,
    /// Answered in time ÷ answered.
    OfAnswered,
    /// Answered or abandoned in time ÷ offered.
    ShortAbandonsGood,
    /// Answered in time ÷ (offered − abandoned in time).
    ShortAbandonsExcluded,
}

/// `[[groups]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it can take.
    pub skills: Vec<Skill>,
    /// Which waiting call first.
    #[serde(default)]
    pub order: Order,
    /// Share of people who are absent unplanned.
    #[serde(default)]
    pub absence: f64,
}

/// An entry of `skills`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Name of a call type.
    pub call_type: String,
    /// A key of `[levels]`; without it the usual speed.
    pub level: Option<u32>,
}

/// `order`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Whoever has waited longest.
    #[default]
    LongestWait,
    /// By the order of `skills`.
    Preference,
}

/// `[[agents]]`: one person by name, or several by number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agents {
    /// Of one person.
    pub name: Option<String>,
    /// Of several who are known by number alone.
    pub count: Option<usize>,
    /// Name of their group.
    pub group: String,
    /// `HH:MM-HH:MM`.
    pub shift: String,
    /// `HH:MM-HH:MM` each.
    #[serde(default)]
    pub breaks: Vec<String>,
    /// Their own speed.
    #[serde(default = "one")]
    pub speed: f64,
}

fn one() -> f64 {
    1.0
}

/// `[[staffing]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staffing {
    /// Name of a group.
    pub group: String,
    /// People at the phone in each interval.
    pub people: Vec<usize>,
}

/// `[[compare]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// What happens.
    pub name: String,
    /// Who is not at the phone, and when.
    #[serde(default)]
    pub away: Vec<Away>,
    /// Who is there besides.
    #[serde(default)]
    pub extra: Vec<Agents>,
    /// Over what stretch the answer is told, `HH:MM-HH:MM`; without it, all intervals that are touched.
    pub watch: Option<String>,
}

/// An entry of `away`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// By name.
    #[serde(default)]
    pub agents: Vec<String>,
    /// Or by number: so many of a group, the first in the file who are at the phone then.
    pub group: Option<String>,
    /// How many of `group`.
    pub count: Option<usize>,
    /// `HH:MM`; without it from the start.
    pub from: Option<String>,
    /// `HH:MM`; without it to the end.
    pub to: Option<String>,
}

/// `[run]`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunTable {
    /// Another seed is another history.
    pub seed: Option<u64>,
    /// How narrow, points of the service level.
    pub half_width_points: Option<f64>,
    /// Of all intervals.
    pub confidence: Option<f64>,
    /// At most so many days.
    pub replications_max: Option<u64>,
}
