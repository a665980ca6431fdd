//! The demo centre: a believable Chinese contact centre made from a seed, with the truth about it.
//!
//! But for `centre`, nothing here reads a clock, a file or a database: [`Centre::day`] yields the conversations of one day in the
//! import format, and days may be made in parallel and in any order, byte for byte the same. The telephone company,
//! its people, addresses and numbers are invented.
//!
//! | file | what it holds |
//! |---|---|
//! | `org` | units, queues, people |
//! | `truth` | who shows what how often, where gaps are planted, what came of it |
//! | `drills` | who was drilled on what and what it changed |
//! | `sketch` | what happens in a conversation |
//! | `phrases`, `topics` | what people say |
//! | `fill`, `write` | a conversation in words |
//! | `record` | the import format |
//! | `history` | what people did about what they saw |
//! | `centre` | fills a database with it |

mod centre;
mod dice;
mod drills;
mod fill;
mod history;
mod org;
pub mod phrases;
mod record;
mod sketch;
#[cfg(test)]
mod tests;
pub mod topics;
mod truth;
mod write;

use jiff::{ToSpan, civil::Date};

pub use centre::{entries, fill_centre};
pub use drills::{DrilledAgent, Drills, PlantedDrill};
pub use org::{AGENTS, Line, Person, Queue, TEAM_SIZE, TEAMS, Unit, UnitKind};
pub use record::{Fields, Record, Speaker, Turn};
pub use truth::{Behaviour, Count, Outcome, PLANTED, Planted, Propensities, TARGET, Tally, Truth};

use dice::Dice;
use fill::{About, Case};
use sketch::{Contact, Ending, Sketch};

/// Weeks of history, unless asked otherwise.
pub const WEEKS: u32 = 16;
/// Conversations, unless asked otherwise.
pub const CONVERSATIONS: u32 = 80_000;
/// Volume of a weekday against the average, Monday first.
const WEEKDAYS: [f64; 7] = [1.16, 1.08, 1.03, 1.02, 1.04, 0.88, 0.79];
/// `source` of every record.
const SOURCE: &str = "demo";

// Streams of the dice; days take two each from `DAY_STREAMS` on.
const ORG_STREAM: u64 = 0;
const TRUTH_STREAM: u64 = 1;
const VOLUME_STREAM: u64 = 2;
const DRILL_STREAM: u64 = 3;
const DAY_STREAMS: u64 = 1_000;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// Last day, included.
    pub end: Date,
    /// Weeks of history, from a Monday on; the last one ends at `end`, so it may be short. At least 1.
    pub weeks: u32,
    /// Conversations in total.
    pub conversations: u32,
    /// The drills that change something on the way.
    pub drills: Drills,
}

impl Plan {
    /// 16 weeks of 80 000 conversations ending at `end`, with the drills of the demo centre.
    pub fn new(seed: u64, end: Date) -> Self {
        Self { seed, end, weeks: WEEKS, conversations: CONVERSATIONS, drills: Drills::Demo }
    }
}

/// A conversation with what is true of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// In the import format.
    pub record: Record,
    /// Week from the start, 0-based.
    pub week: usize,
    /// Every occasion with its result.
    pub outcomes: Vec<Outcome>,
}

/// A centre, ready to be generated day by day.
pub struct Centre {
    plan: Plan,
    start: Date,
    people: Vec<Person>,
    propensities: Propensities,
    volumes: Vec<u32>,
}

impl Centre {
    /// Draws people, propensities, daily volumes and drills, for which the weeks that select people are played
    /// without their words: some tens of milliseconds. Fewer than one week is taken as one.
    pub fn new(plan: Plan) -> Self {
        let plan = Plan { weeks: plan.weeks.max(1), ..plan };
        let since_monday = i64::from(plan.end.weekday().to_monday_zero_offset());
        let start = plan.end.saturating_sub((i64::from(plan.weeks - 1) * 7 + since_monday).days());
        let people = org::people(&mut Dice::new(plan.seed, ORG_STREAM), start);
        let propensities = Propensities::draw(&mut Dice::new(plan.seed, TRUTH_STREAM), plan.weeks as usize);
        let days = (plan.weeks - 1) * 7 + u32::try_from(since_monday).unwrap_or_default() + 1;
        let volumes = volumes(&mut Dice::new(plan.seed, VOLUME_STREAM), plan, start, days);
        let mut centre = Self { plan, start, people, propensities, volumes };
        if plan.drills != Drills::None {
            // A drill changes nothing of the weeks before it and nothing of other behaviours, so that all see the same.
            let before = centre.tally();
            let mut dice = Dice::new(plan.seed, DRILL_STREAM);
            let weeks = plan.weeks as usize;
            drills::plant(&mut dice, (plan.drills, plan.seed), weeks, &mut centre.propensities, &before);
        }
        centre
    }

    /// What was asked for.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// First day.
    pub fn start(&self) -> Date {
        self.start
    }

    /// Organisation, sites and teams, the ones above first.
    pub fn units(&self) -> Vec<Unit> {
        org::units()
    }

    /// Lines of business, each with its queues.
    pub fn lines(&self) -> [(Line, [Queue; 2]); 4] {
        Line::ALL.map(|line| (line, line.queues()))
    }

    /// Everyone: the [`AGENTS`] first, ten a team in the order of the teams, then the other roles.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// How likely each agent is to show each behaviour.
    pub fn propensities(&self) -> &Propensities {
        &self.propensities
    }

    /// Number of days; [`Centre::day`] takes an index below it.
    pub fn days(&self) -> u32 {
        u32::try_from(self.volumes.len()).unwrap_or_default()
    }

    /// The conversations of day `day` (0-based from the first), in the order of their start; empty beyond the last.
    /// Holds the plans of one day, never its text.
    pub fn day(&self, day: u32) -> impl Iterator<Item = Made> + '_ {
        let mut words = Dice::new(self.plan.seed, DAY_STREAMS + 2 * u64::from(day) + 1);
        self.sketches(day).into_iter().map(move |sketch| Made {
            record: self.record(&mut words, day, &sketch),
            week: (day / 7) as usize,
            outcomes: sketch.outcomes,
        })
    }

    /// What came of it all, without writing a word: the same counts as of all conversations of all days.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::new(self.plan.weeks as usize);
        for day in 0..self.days() {
            for outcome in self.sketches(day).iter().flat_map(|sketch| &sketch.outcomes) {
                tally.add((day / 7) as usize, *outcome);
            }
        }
        tally
    }

    /// The truth file, from the counts of [`Centre::tally`] or of the conversations as they were made.
    pub fn truth(&self, realised: Tally) -> Truth {
        let agents = self.people.iter().take(AGENTS);
        Truth {
            seed: self.plan.seed,
            start: self.start.to_string(),
            end: self.plan.end.to_string(),
            target: TARGET,
            behaviours: Behaviour::ALL.to_vec(),
            agents: agents.clone().map(|agent| agent.employee_no.clone()).collect(),
            teams: agents.map(|agent| agent.team.clone().unwrap_or_default()).collect(),
            propensities: self.propensities.clone(),
            realised,
        }
    }

    fn sketches(&self, day: u32) -> Vec<Sketch> {
        let count = self.volumes.get(day as usize).copied().unwrap_or(0);
        let mut dice = Dice::new(self.plan.seed, DAY_STREAMS + 2 * u64::from(day));
        sketch::day(&mut dice, day, count, &self.propensities)
    }

    fn record(&self, dice: &mut Dice, day: u32, sketch: &Sketch) -> Record {
        let date = self.start.saturating_add(i64::from(day).days());
        let topic = sketch.topic;
        let queue = topic.line.queues()[topic.queue];
        let agent = &self.people[sketch.agent];
        let first = sketch.first.map(|first| &self.people[first]);
        let mut case = Case::new(
            dice,
            &About {
                agent_name: &agent.name,
                agent_no: &agent.employee_no,
                desk: queue.desk,
                line: topic.line,
                hour: sketch.second / 3600,
                date,
            },
        );
        let who = |person: &'_ Person| (person.name.clone(), person.employee_no.clone());
        let handed = first.map(who);
        let written = write::write(
            dice,
            &mut case,
            sketch,
            handed.as_ref().map(|(name, number)| (name.as_str(), number.as_str())),
            (&agent.name, &agent.employee_no),
        );
        let satisfaction = (!sketch.abrupt && dice.chance(0.3)).then(|| satisfaction(dice, sketch));
        let (hour, minute, second) = (sketch.second / 3600, sketch.second / 60 % 60, sketch.second % 60);
        Record {
            id: format!("d{day:03}-{:05}", sketch.serial),
            source: SOURCE,
            started_at: format!("{date}T{hour:02}:{minute:02}:{second:02}+08:00"),
            agent: agent.employee_no.clone(),
            site: org::site_of_team(sketch.agent / TEAM_SIZE),
            queue: queue.code,
            line_of_business: topic.line.code(),
            channel: if sketch.contact == Contact::Chat { "chat" } else { "voice" },
            direction: if sketch.contact == Contact::OurCall { "outbound" } else { "inbound" },
            disposition: disposition(sketch, written.sold),
            fields: Fields {
                topic: topic.code,
                duration_s: written.duration_s,
                hold_s: written.hold_s,
                customer_phone: case.phone,
                satisfaction,
                transferred_from: handed.map(|(_, number)| number),
            },
            turns: written.turns,
        }
    }
}

/// Volumes of the days: the profile of the week, some chance, and exactly the total asked for.
fn volumes(dice: &mut Dice, plan: Plan, start: Date, days: u32) -> Vec<u32> {
    let weights: Vec<f64> = (0..days)
        .map(|day| {
            let weekday = start.saturating_add(i64::from(day).days()).weekday().to_monday_zero_offset();
            let profile = usize::try_from(weekday).ok().and_then(|index| WEEKDAYS.get(index)).copied();
            profile.unwrap_or(1.0) * (1.0 + 0.05 * dice.normal()).clamp(0.7, 1.3)
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut done = 0;
    let mut sum = 0.0;
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            let up_to = share(plan.conversations, sum / total);
            let count = up_to - done;
            done = up_to;
            count
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most `total`, never negative"
)]
fn share(total: u32, part: f64) -> u32 {
    (f64::from(total) * part.clamp(0.0, 1.0)).round() as u32
}

fn disposition(sketch: &Sketch, sold: bool) -> &'static str {
    match sketch.ending {
        _ if sketch.abrupt => "通话中断",
        Ending::Settled => "已解决",
        Ending::Order if sketch.topic.line == Line::Complaints => "升级处理",
        Ending::Order => "已派单",
        Ending::Callback => "约定回电",
        Ending::Declined => "未办理",
        Ending::Sale if sold => "已办理",
        Ending::Sale => "客户考虑",
    }
}

/// Customers who were treated well say so more often.
fn satisfaction(dice: &mut Dice, sketch: &Sketch) -> u32 {
    let missed = sketch.outcomes.iter().filter(|outcome| !outcome.shown).count();
    let good = 0.93_f64.powi(i32::try_from(missed).unwrap_or(0) * 3);
    (0..4).fold(1, |score, _| score + u32::from(dice.chance(0.9 * good)))
}
