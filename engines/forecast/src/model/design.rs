//! What a day total is explained by: the columns of the regression.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Past;
use super::penalised::{Row, Variance};
use crate::calendar::{DayKind, SpecialDay};
use crate::history::weekday;

/// What makes a day busier or quieter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Base,
    Weekday(usize),
    /// Around this day of the month.
    MonthDay(u16),
    /// So many days before the month ends.
    MonthEnd(u16),
    /// A harmonic of the year: number, and whether it is the cosine.
    Year(u16, bool),
    /// Any day of this kind.
    Kind(DayKind),
    /// This day of this holiday, its eve, its day after, its make-up workdays.
    Named(DayKind, String, u16),
    /// The first open day after days that are usually open.
    AfterClosing,
    Event(String),
    /// From this day on the level is another.
    Shift(Date),
    /// Drift of the level up to this knot.
    Level(usize),
    /// The trend changes its slope at this knot.
    Slope(usize),
}

/// Groups of columns that share a variance.
#[derive(Clone, Copy)]
enum Group {
    Base,
    Weekday,
    Month,
    Year,
    Special,
    Closing,
    Event,
    Drift,
}

// Variances are in units of the noise's: 1 means an effect as large as what is left unexplained.
const GROUPS: usize = 8;
const MONTH: &[f64] = &[0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
const YEAR: &[f64] = &[0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
const SPECIAL: &[f64] = &[0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
/// Variance that the level gains a day.
const LEVEL: &[f64] = &[1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];
/// Variance of a change of slope, in changes per year.
const SLOPE: &[f64] = &[0.03, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3];

/// Width of the bump around a day of the month, days: neighbours share what they learn.
const MONTH_WIDTH: f64 = 2.0;
/// Days before the end of the month that have their own effect.
const MONTH_END_DAYS: i8 = 3;
/// Harmonics of the year: the sixth has a period of two months; what is shorter belongs to the month or to holidays.
const YEAR_HARMONICS: u16 = 6;
/// Days of history from which on a year's shape can be told from a trend.
pub(super) const YEAR_DAYS_MIN: i32 = 400;
/// Most knots of the level.
const LEVEL_KNOTS_MAX: i32 = 120;
/// Days between changes of slope.
const SLOPE_DAYS: i32 = 14;
/// Most changes of slope.
const SLOPE_KNOTS_MAX: i32 = 60;
/// The slope that a trend keeps after each day of the future: a trend does not go on for ever (Gardner and McKenzie 1985).
const DAMPING: f64 = 0.97;

/// How the level moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drift {
    /// A random walk; its last value is what comes.
    Level,
    /// A trend that changes its slope; its last slope goes on, damped.
    Trend,
}

/// The columns of a regression.
pub(super) struct Design<'a> {
    past: &'a Past<'a>,
    drift: Drift,
    first: Date,
    last: Date,
    has_year: bool,
    shifts: &'a [Date],
    columns: BTreeMap<Key, usize>,
    groups: Vec<usize>,
}

impl<'a> Design<'a> {
    pub fn new(past: &'a Past<'a>, drift: Drift, first: Date, last: Date, shifts: &'a [Date]) -> Self {
        let has_year = days_between(first, last) >= YEAR_DAYS_MIN;
        Self { past, drift, first, last, has_year, shifts, columns: BTreeMap::new(), groups: Vec::new() }
    }

    /// The variances to start from.
    pub fn variances() -> [Variance; GROUPS] {
        let ladder = |steps: &'static [f64], at| Variance::Ladder { steps, at };
        let mut variances = [Variance::Fixed(1e6); GROUPS];
        variances[Group::Weekday as usize] = Variance::Fixed(1e4);
        variances[Group::Month as usize] = ladder(MONTH, 3);
        variances[Group::Year as usize] = ladder(YEAR, 3);
        variances[Group::Special as usize] = ladder(SPECIAL, 4);
        variances[Group::Closing as usize] = ladder(SPECIAL, 3);
        variances[Group::Event as usize] = Variance::Fixed(400.0);
        variances
    }

    /// The variances of the drift.
    pub fn drift_variance(drift: Drift) -> Variance {
        match drift {
            Drift::Level => Variance::Ladder { steps: LEVEL, at: 4 },
            Drift::Trend => Variance::Ladder { steps: SLOPE, at: 3 },
        }
    }

    /// Where the drift's variance stands.
    pub const DRIFT: usize = Group::Drift as usize;

    pub fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// Columns of the drifting level.
    pub fn is_drift(&self, column: usize) -> bool {
        self.groups.get(column) == Some(&Self::DRIFT)
    }

    /// Columns of level shifts.
    pub fn is_shift(&self, column: usize) -> bool {
        self.columns.iter().any(|(key, held)| *held == column && matches!(key, Key::Shift(_)))
    }

    /// The row of a past day; new effects get a column.
    pub fn learn(&mut self, date: Date, closed_before: u16) -> Row {
        let effects = self.effects(date, closed_before);
        effects.into_iter().map(|(key, value)| (self.column(key), value)).collect()
    }

    /// The row of a day ahead; what was never seen has no effect.
    pub fn apply(&self, date: Date, closed_before: u16) -> Row {
        let effects = self.effects(date, closed_before);
        effects.into_iter().filter_map(|(key, value)| Some((*self.columns.get(&key)?, value))).collect()
    }

    /// What is known about a day beforehand, on the log scale: factors that the planner gave.
    pub fn offset(&self, date: Date) -> f64 {
        self.past.given(date).ln()
    }

    fn column(&mut self, key: Key) -> usize {
        let next = self.columns.len();
        let group = match key {
            Key::Base => Group::Base,
            Key::Weekday(_) => Group::Weekday,
            Key::MonthDay(_) | Key::MonthEnd(_) => Group::Month,
            Key::Year(..) => Group::Year,
            Key::Kind(_) | Key::Named(..) => Group::Special,
            Key::AfterClosing => Group::Closing,
            Key::Event(_) | Key::Shift(_) => Group::Event,
            Key::Level(_) | Key::Slope(_) => Group::Drift,
        };
        let column = *self.columns.entry(key).or_insert(next);
        if column == next {
            self.groups.push(group as usize);
        }
        column
    }

    fn effects(&self, date: Date, closed_before: u16) -> Vec<(Key, f64)> {
        let mut effects = vec![(Key::Base, 1.0)];
        let special = self.past.calendar.on(date);
        match special.map(|special| special.kind) {
            // Holidays and make-up workdays are measured against an ordinary workday, so that a holiday by the moon
            // learns from earlier years, whatever weekday it fell on.
            Some(DayKind::Holiday | DayKind::MakeUpWorkday) => {
                effects.extend((0..5).map(|workday| (Key::Weekday(workday), 0.2)));
            }
            _ => effects.push((Key::Weekday(weekday(date)), 1.0)),
        }
        if let Some(SpecialDay { kind, name, number }) = special {
            effects.push((Key::Kind(*kind), 1.0));
            effects.push((Key::Named(*kind, name.clone(), *number), 1.0));
        }
        if closed_before > 0 {
            effects.push((Key::AfterClosing, 1.0));
        }
        for event in self.past.events.iter().filter(|event| event.factor.is_none() && event.is_on(date)) {
            effects.push((Key::Event(event.name.clone()), 1.0));
        }
        for shift in self.shifts.iter().filter(|shift| date >= **shift) {
            effects.push((Key::Shift(*shift), 1.0));
        }
        month(date, &mut effects);
        if self.has_year {
            year(date, &mut effects);
        }
        self.drift(date, &mut effects);
        effects
    }

    fn drift(&self, date: Date, effects: &mut Vec<(Key, f64)>) {
        let span = days_between(self.first, self.last).max(1);
        let t = days_between(self.first, date);
        match self.drift {
            Drift::Level => {
                let step = (span / LEVEL_KNOTS_MAX).max(1);
                for (index, knot) in (0..span).step_by(usize::try_from(step).unwrap_or(1)).enumerate() {
                    if t <= knot {
                        break;
                    }
                    let part = f64::from(t - knot) / f64::from(step);
                    // A step of several days gains the variance of so many days.
                    effects.push((Key::Level(index), part.min(1.0) * f64::from(step).sqrt()));
                }
            }
            Drift::Trend => {
                let ahead = f64::from((t - span).max(0));
                let damped = DAMPING * (1.0 - DAMPING.powf(ahead)) / (1.0 - DAMPING);
                let t = f64::from(t.min(span)) + damped;
                let step = (span / SLOPE_KNOTS_MAX).max(SLOPE_DAYS);
                let knots = (0..span).step_by(usize::try_from(step).unwrap_or(1)).map(f64::from);
                for (index, knot) in knots.enumerate().take_while(|(_, knot)| *knot < t) {
                    effects.push((Key::Slope(index), (t - knot) / 365.25));
                }
            }
        }
    }
}

fn month(date: Date, effects: &mut Vec<(Key, f64)>) {
    for day in 1_u16..=31 {
        let distance = (f64::from(date.day()) - f64::from(day)) / MONTH_WIDTH;
        if distance.abs() < 3.0 {
            effects.push((Key::MonthDay(day), (-0.5 * distance * distance).exp()));
        }
    }
    let left = date.days_in_month() - date.day();
    if left < MONTH_END_DAYS {
        effects.push((Key::MonthEnd(left.unsigned_abs().into()), 1.0));
    }
}

fn year(date: Date, effects: &mut Vec<(Key, f64)>) {
    let angle = std::f64::consts::TAU * f64::from(date.day_of_year()) / f64::from(date.days_in_year());
    for harmonic in 1..=YEAR_HARMONICS {
        let (sine, cosine) = (f64::from(harmonic) * angle).sin_cos();
        // Faster waves are smaller in nature; their prior is too.
        let size = 1.0 / f64::from(harmonic);
        effects.push((Key::Year(harmonic, false), sine * size));
        effects.push((Key::Year(harmonic, true), cosine * size));
    }
}

/// Days from `first` to `date`.
pub(super) fn days_between(first: Date, date: Date) -> i32 {
    first.until(date).map_or(0, |span| span.get_days())
}
