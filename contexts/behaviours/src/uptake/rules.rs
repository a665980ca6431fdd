//! From counts to what a reader may conclude. Pure.

use std::collections::BTreeMap;

use evidence::{Confidence, Counts, Interval, Population};
use kernel::{Day, PersonId, UnitId};
use people::api::QueueId;
use serde::Serialize;
use uuid::Uuid;

use super::Sum;
use crate::behaviour::BehaviourId;

/// Below so many applicable conversations a figure is greyed and not ranked: its 95 % interval is then wider
/// than 30 points even at an uptake of 85 %.
pub const SMALL_N: u64 = evidence::MINIMUM_APPLICABLE;

/// Whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Window {
    /// The `weeks` full weeks (Monday to Sunday) before the week of `today`.
    pub fn trailing_weeks(today: Day, weeks: u16) -> Window {
        let this_week = today.week();
        Window { from: this_week.plus(-7 * i32::from(weeks)), to: this_week.plus(-1) }
    }

    /// The Mondays of its weeks, the first one first.
    pub fn mondays(self) -> Vec<Day> {
        (self.from.week().0..=self.to.0).step_by(7).map(Day).collect()
    }

    /// How many weeks it spans.
    pub fn weeks(self) -> f64 {
        f64::from(self.to.0 - self.from.0 + 1) / 7.0
    }

    /// The window of the same length just before.
    #[must_use]
    pub fn before(self) -> Window {
        let days = self.to.0 - self.from.0 + 1;
        Window { from: self.from.plus(-days), to: self.to.plus(-days) }
    }
}

/// What the rows of an answer are about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// One row a person.
    #[default]
    Person,
    /// One row a team.
    Team,
    /// One row a queue.
    Queue,
    /// One row for everything in scope.
    Centre,
}

impl By {
    /// All of them, in the order in which pages offer them.
    pub const ALL: [By; 4] = [By::Person, By::Team, By::Queue, By::Centre];

    /// The stable name in addresses and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            By::Person => "person",
            By::Team => "team",
            By::Queue => "queue",
            By::Centre => "centre",
        }
    }

    /// The one of a stable name.
    pub fn parse(name: &str) -> Option<By> {
        By::ALL.into_iter().find(|by| by.name() == name)
    }

    pub(crate) fn subject(self, id: Uuid) -> Subject {
        match self {
            _ if id.is_nil() => Subject::Centre,
            By::Person => Subject::Person(PersonId(id)),
            By::Team => Subject::Team(UnitId(id)),
            By::Queue => Subject::Queue(QueueId(id)),
            By::Centre => Subject::Centre,
        }
    }
}

/// Whom or what a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// A team.
    Team(UnitId),
    /// A queue.
    Queue(QueueId),
    /// Everything in scope; in a list of people or teams, what belongs to nobody known.
    Centre,
}

/// One figure of the map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MapCell {
    /// Conversations where shown.
    pub shown: u64,
    /// Conversations where applicable.
    pub applicable: u64,
    /// Shown ÷ applicable.
    pub uptake: f64,
    /// 95 % interval (Wilson).
    pub low: f64,
    /// 95 % interval (Wilson).
    pub high: f64,
    /// What is believed of it given everybody's figures (empirical Bayes); close to `uptake` where there are many calls.
    pub estimate: f64,
    /// Change of the uptake from the week before to the last week of the window; `None` where either has too few calls.
    pub change: Option<f64>,
    /// Too few calls to rank.
    pub small: bool,
}

impl MapCell {
    fn of(counts: Counts, population: Population, change: Option<f64>) -> Option<MapCell> {
        let uptake = counts.rate()?;
        let Interval { low, high } = counts.wilson(Confidence::P95);
        Some(MapCell {
            shown: counts.shown(),
            applicable: counts.applicable(),
            uptake,
            low,
            high,
            estimate: population.estimate(counts),
            change,
            small: counts.applicable() < SMALL_N,
        })
    }
}

/// One row of the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UptakeRow {
    /// Whom it is about.
    pub subject: Subject,
    /// By place among the behaviours; `None` where it was never applicable.
    pub cells: Vec<Option<MapCell>>,
}

/// People (or teams, queues) × behaviours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UptakeMap {
    /// The columns.
    pub behaviours: Vec<BehaviourId>,
    /// The rows, in the order of their subjects.
    pub rows: Vec<UptakeRow>,
    /// Everything in scope, by place among the behaviours.
    pub total: Vec<Option<MapCell>>,
}

/// Makes the map from weekly sums.
///
/// The estimate borrows strength within one behaviour from all rows (beta-binomial, see `evidence`).
pub fn map(behaviours: &[BehaviourId], by: By, sums: &[Sum], window: Window) -> UptakeMap {
    let last = window.to.week();
    let mut cells: BTreeMap<(Subject, usize), CellSums> = BTreeMap::new();
    let mut totals: Vec<CellSums> = vec![CellSums::default(); behaviours.len()];
    for sum in sums {
        let Some(column) = behaviours.iter().position(|behaviour| *behaviour == sum.behaviour) else {
            continue;
        };
        cells.entry((by.subject(sum.subject), column)).or_default().add(sum, last);
        if let Some(total) = totals.get_mut(column) {
            total.add(sum, last);
        }
    }
    let populations: Vec<Population> = (0..behaviours.len())
        .map(|column| {
            let groups: Vec<Counts> =
                cells.iter().filter(|((_, c), _)| *c == column).filter_map(|(_, sums)| sums.all()).collect();
            Population::by_moments(&groups)
        })
        .collect();
    let mut rows: Vec<UptakeRow> = Vec::new();
    for ((subject, column), sums) in &cells {
        if rows.last().is_none_or(|row| row.subject != *subject) {
            rows.push(UptakeRow { subject: *subject, cells: vec![None; behaviours.len()] });
        }
        let cell = populations.get(*column).and_then(|population| sums.cell(*population));
        if let Some(place) = rows.last_mut().and_then(|row| row.cells.get_mut(*column)) {
            *place = cell;
        }
    }
    let total = totals.iter().zip(&populations).map(|(sums, population)| sums.cell(*population)).collect();
    UptakeMap { behaviours: behaviours.to_vec(), rows, total }
}

/// Sums of one cell: over the window, and over its last two weeks.
#[derive(Debug, Clone, Copy, Default)]
struct CellSums {
    all: (u64, u64),
    last: (u64, u64),
    before: (u64, u64),
}

impl CellSums {
    fn add(&mut self, sum: &Sum, last_week: Day) {
        let add = |to: &mut (u64, u64)| {
            to.0 += sum.shown;
            to.1 += sum.applicable;
        };
        add(&mut self.all);
        if sum.week == Some(last_week) {
            add(&mut self.last);
        } else if sum.week == Some(last_week.plus(-7)) {
            add(&mut self.before);
        }
    }

    fn all(&self) -> Option<Counts> {
        Counts::new(self.all.0, self.all.1).ok()
    }

    fn cell(&self, population: Population) -> Option<MapCell> {
        MapCell::of(self.all()?, population, self.change())
    }

    fn change(&self) -> Option<f64> {
        let rate = |(shown, applicable): (u64, u64)| {
            Counts::new(shown, applicable)
                .ok()
                .filter(|counts| counts.applicable() >= SMALL_N)
                .and_then(Counts::rate)
        };
        Some(rate(self.last)? - rate(self.before)?)
    }
}
