//! What is simulated: the calls that come, the people who take them, and who may take what.

mod check;
mod staffing_levels;

use std::ops::Range;

pub use staffing::ServiceLevelDefinition as Definition;
pub use staffing_levels::agents_from_levels;

use crate::distribution::Distribution;

/// A stretch of a centre's life, usually a day: calls, groups and agents.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Length of an interval 时段, seconds; usually 900 or 1800.
    pub interval_s: f64,
    /// Number of intervals in which calls come in. Shifts may go on behind the last one.
    pub intervals: usize,
    /// The intervals that totals are made of; those before are a warm-up. All intervals are simulated and reported.
    pub measured: Range<usize>,
    /// How busy the whole day is, for all call types alike: a gamma factor with mean 1. See [`Busyness`].
    pub busyness: Option<Busyness>,
    /// The kinds of calls.
    pub call_types: Vec<CallType>,
    /// Groups of agents with the same skills.
    pub groups: Vec<Group>,
    /// The people, each in one group; a group of one is a person with skills of their own.
    pub agents: Vec<Agent>,
}

/// Over-dispersion: the number of calls of a day varies more than chance alone explains.
///
/// Each replication multiplies the expected calls of the whole stretch by one gamma factor with mean 1 (Whitt 1999,
/// *Dynamic staffing in a telephone call center aiming to immediately answer all calls*; Avramidis, Deslauriers,
/// L'Ecuyer 2004, *Modeling daily arrivals to a telephone call center*, Management Science 50:896–908).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Busyness {
    /// The gamma distribution's shape; the factor's variance is 1 ÷ shape.
    pub shape: f64,
}

impl Busyness {
    /// The factor that makes intervals of `mean_calls` vary by `variance_to_mean` from day to day: such a count's
    /// variance ÷ mean is 1 + mean ÷ shape. Nothing when the ratio is at most 1, where chance alone is enough.
    ///
    /// ```
    /// // 180 calls in 5 minutes that vary ten times more than chance: the day's factor varies by 22 %.
    /// let busyness = simulator::Busyness::from_dispersion(10.0, 180.0).unwrap();
    /// assert_eq!(busyness.shape, 20.0);
    /// ```
    pub fn from_dispersion(variance_to_mean: f64, mean_calls: f64) -> Option<Busyness> {
        let shape = mean_calls / (variance_to_mean - 1.0);
        (shape.is_finite() && shape > 0.0).then_some(Busyness { shape })
    }
}

/// A kind of call 呼叫类型: how many come, how long they take, how long they wait, and who may take them.
#[derive(Debug, Clone, PartialEq)]
pub struct CallType {
    /// For people.
    pub name: String,
    /// Expected calls of each interval.
    pub calls: Vec<f64>,
    /// Busyness of this type alone, on top of the scenario's.
    pub busyness: Option<Busyness>,
    /// Talk and hold, seconds.
    pub talk: Distribution,
    /// After-call work 话后处理, seconds.
    pub after_call: Option<Distribution>,
    /// By how much handling differs in each interval (of arrival), as a factor; empty for no difference.
    pub handling_factor: Vec<f64>,
    /// How long a customer waits before hanging up, seconds; nothing for one who waits for ever.
    pub patience: Option<Distribution>,
    /// By how much patience differs in each interval (of arrival), as a factor; empty for no difference.
    pub patience_factor: Vec<f64>,
    /// Share of customers who hang up at once when they would have to wait.
    pub balking: f64,
    /// Who is freed takes the highest priority first.
    pub priority: i32,
    /// Where the calls of this type may go, in order of preference.
    pub routing: Vec<Tier>,
    /// Customers who have waited long are offered a call back.
    pub callback: Option<Callback>,
    /// Customers who hung up try again.
    pub redial: Option<Redial>,
    /// The promise that is measured.
    pub service_level: ServiceLevel,
}

/// Groups of equal preference for a call type, from some wait on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// How long a call has to wait before it may go here, seconds; 0 for at once, more is overflow 溢出.
    pub after_s: f64,
    /// Indexes of groups. Among them, whoever has been idle longest takes the call.
    pub groups: Vec<usize>,
}

/// An offer to be called back 回电, made once after a wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Callback {
    /// When it is offered, seconds of waiting.
    pub after_s: f64,
    /// Share of customers who accept. They leave the queue, and are called when an agent takes the callback.
    pub accept: f64,
    /// Priority of callbacks beside the calls of all types.
    pub priority: i32,
}

/// Customers who hang up and try again 重拨.
#[derive(Debug, Clone, PartialEq)]
pub struct Redial {
    /// Share of those who hung up that tries again, each time.
    pub share: f64,
    /// After how long, seconds.
    pub delay: Distribution,
}

/// A promise such as 80 % in 20 seconds, with what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServiceLevel {
    /// The threshold, seconds; who waits exactly as long was answered in time.
    pub within_s: f64,
    /// The share that is aimed at, 0 to 1.
    pub target: f64,
    /// What is divided by what.
    pub definition: Definition,
}

impl Default for ServiceLevel {
    /// 80 % of those offered in 20 seconds.
    fn default() -> ServiceLevel {
        ServiceLevel { within_s: 20.0, target: 0.8, definition: Definition::OfOffered }
    }
}

/// Agents with the same skills 技能组.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// For people.
    pub name: String,
    /// What they can take; with [`Order::Preference`], the first is preferred.
    pub skills: Vec<Skill>,
    /// Which of the waiting calls of equal priority somebody of this group takes first.
    pub order: Order,
    /// Share of shifts that fall out unplanned, such as by sickness: for each agent and replication, the whole stretch.
    pub absence: f64,
}

/// One call type that a group can take, and how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skill {
    /// Index of the call type.
    pub call_type: usize,
    /// Handling time is divided by this: 1 for the type's own handling time, 0.8 for a beginner who takes 25 % longer.
    pub speed: f64,
}

/// Which call an agent takes who has just become free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Whoever has waited longest.
    #[default]
    LongestWait,
    /// The first of the group's list of which a call waits.
    Preference,
}

/// One person, or one seat, with the times at the phone.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// For people.
    pub name: String,
    /// Index of the group.
    pub group: usize,
    /// Handling time is divided by this, on top of the group's skill.
    pub speed: f64,
    /// Known by number alone: when its time is up during a call, an idle seat of the same group goes in its stead, or
    /// the seat whose call ends first. So a group of seats has as many people at the phone as the plan says, at once.
    /// A person who is not a seat finishes the call, then goes.
    pub seat: bool,
    /// When they take calls, in order and apart; what lies between are breaks and other activities. A call that is
    /// under way at the end of a stretch is finished first.
    pub stretches: Vec<Stretch>,
}

/// From when to when, seconds from the start of the first interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// First second at the phone.
    pub from_s: f64,
    /// First second away.
    pub to_s: f64,
}

impl Agent {
    /// Takes `from_s..to_s` out of the times at the phone: late, early, in a drill, absent.
    pub fn away(&mut self, from_s: f64, to_s: f64) {
        let before = |s: &Stretch| Stretch { from_s: s.from_s, to_s: s.to_s.min(from_s) };
        let after = |s: &Stretch| Stretch { from_s: s.from_s.max(to_s), to_s: s.to_s };
        let parts = self.stretches.iter().flat_map(|s| [before(s), after(s)]);
        self.stretches = parts.filter(|s| s.from_s < s.to_s).collect();
    }
}

impl CallType {
    /// A type without refinements: customers wait for ever, and no group takes the calls yet.
    pub fn new(name: &str, calls: Vec<f64>, talk: Distribution) -> CallType {
        CallType {
            name: name.to_owned(),
            calls,
            busyness: None,
            talk,
            after_call: None,
            handling_factor: Vec::new(),
            patience: None,
            patience_factor: Vec::new(),
            balking: 0.0,
            priority: 0,
            routing: Vec::new(),
            callback: None,
            redial: None,
            service_level: ServiceLevel::default(),
        }
    }

    /// The same type, its calls offered to these groups in order of preference, at once.
    #[must_use]
    pub fn routed(mut self, groups: &[usize]) -> CallType {
        self.routing = groups.iter().map(|g| Tier { after_s: 0.0, groups: vec![*g] }).collect();
        self
    }

    /// Talk, hold and after-call work, mean seconds (AHT 平均处理时长).
    pub fn handling_s(&self) -> f64 {
        self.talk.mean_s() + self.after_call.as_ref().map_or(0.0, Distribution::mean_s)
    }
}

impl Group {
    /// A group that takes these call types at the usual speed.
    pub fn new(name: &str, call_types: &[usize]) -> Group {
        let skills = call_types.iter().map(|k| Skill { call_type: *k, speed: 1.0 }).collect();
        Group { name: name.to_owned(), skills, order: Order::default(), absence: 0.0 }
    }
}

impl Scenario {
    /// The centre of Erlang's formulas: one kind of call, and in each interval so many people who all can take it. The
    /// last interval's people stay for an hour more, so that nobody is left waiting.
    pub fn one_queue(interval_s: f64, call_type: CallType, levels: &[usize]) -> Scenario {
        let intervals = call_type.calls.len();
        Scenario {
            interval_s,
            intervals,
            measured: 0..intervals,
            busyness: None,
            call_types: vec![call_type.routed(&[0])],
            groups: vec![Group::new("agents", &[0])],
            agents: agents_from_levels(0, levels, interval_s, 3_600.0),
        }
    }

    /// Length of the stretch in which calls come in, seconds.
    pub fn length_s(&self) -> f64 {
        self.interval_s * self.intervals as f64
    }

    /// Calls that one replication is expected to have, without those who try again.
    pub fn expected_calls(&self) -> f64 {
        self.call_types.iter().flat_map(|one| &one.calls).sum()
    }
}
