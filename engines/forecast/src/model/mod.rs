//! The candidates: ways to forecast calls per interval, from plain means to regression.

pub(crate) mod design;
pub(crate) mod means;
#[cfg(feature = "mstl")]
mod mstl;
pub(crate) mod penalised;
pub(crate) mod profile;
pub(crate) mod regression;

use jiff::civil::Date;
use serde::Serialize;

use crate::calendar::Calendar;
use crate::event::Event;
use crate::history::{Ahead, Day, Opening};
use crate::note::Note;

/// A way to forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// Mean of the last four same weekdays; always tried.
    LastFour,
    /// Median of the last eight same weekdays.
    MedianOfEight,
    /// All same weekdays, each a quarter less than the one after it.
    Exponential,
    /// Day totals by penalised regression on a drifting level, spread over the day by a smoothed profile.
    Regression,
    /// The same on a trend that changes its slope.
    TrendRegression,
    /// Seasonal decomposition by LOESS (Bandara, Hyndman and Bergmeir 2021), its last trend continued.
    Mstl,
    /// The average of the two best of the others.
    BestTwo,
    /// The average of the three best of the others.
    BestThree,
}

impl Method {
    /// What the planner reads.
    pub fn title(self) -> &'static str {
        match self {
            Self::LastFour => "mean of the last four same weekdays",
            Self::MedianOfEight => "median of the last eight same weekdays",
            Self::Exponential => "exponentially weighted same weekdays",
            Self::Regression => "regression, drifting level",
            Self::TrendRegression => "regression, changing trend",
            Self::Mstl => "seasonal decomposition (MSTL)",
            Self::BestTwo => "average of the two best",
            Self::BestThree => "average of the three best",
        }
    }

    /// Whether it is a plain mean, which needs no reason to be chosen; the others must earn it.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::LastFour | Self::MedianOfEight | Self::Exponential)
    }

    /// Whether it learns what events do from earlier ones; the means and the decomposition look at the calls alone.
    pub(crate) fn learns_events(self) -> bool {
        matches!(self, Self::Regression | Self::TrendRegression)
    }

    /// Whether a single day far from the others hardly moves it.
    pub(crate) fn is_robust(self) -> bool {
        matches!(self, Self::MedianOfEight | Self::Regression | Self::TrendRegression)
    }

    /// All of them, the plainest first.
    pub const ALL: &[Self] = &[
        Self::LastFour,
        Self::MedianOfEight,
        Self::Exponential,
        Self::Regression,
        Self::TrendRegression,
        Self::Mstl,
        Self::BestTwo,
        Self::BestThree,
    ];

    /// Those that stand alone, the plainest first.
    pub(crate) const SINGLE: &[Self] = &[
        Self::LastFour,
        Self::MedianOfEight,
        Self::Exponential,
        Self::Regression,
        Self::TrendRegression,
        #[cfg(feature = "mstl")]
        Self::Mstl,
    ];
}

/// What a candidate may look at.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub days: &'a [Day],
    pub slots: usize,
    pub opening: &'a Opening,
    pub calendar: &'a Calendar,
    pub events: &'a [Event],
}

/// What a candidate says: calls per day ahead and slot.
pub(crate) struct Said {
    pub calls: Vec<Vec<f64>>,
    pub notes: Vec<Note>,
}

impl Past<'_> {
    /// By how many times the events whose factor the planner gave change the calls of a day.
    pub fn given(&self, date: Date) -> f64 {
        self.events.iter().filter(|event| event.is_on(date)).filter_map(|event| event.factor).product()
    }

    /// The forecast of one of the single methods; nothing when it cannot say anything.
    pub fn predict(&self, method: Method, ahead: &[Ahead]) -> Option<Said> {
        if method.learns_events() || self.events.iter().all(|event| event.factor.is_none()) {
            return self.said(method, ahead);
        }
        // What looks at the calls alone is shown the days as they would have been without the events, and its forecast is
        // changed by those to come.
        let days: Vec<Day> = self.days.iter().map(|day| day.scaled(1.0 / self.given(day.date))).collect();
        let mut said = Past { days: &days, ..*self }.said(method, ahead)?;
        for (day, calls) in ahead.iter().zip(&mut said.calls) {
            let factor = self.given(day.date);
            for calls in calls.iter_mut() {
                *calls *= factor;
            }
        }
        Some(said)
    }

    fn said(&self, method: Method, ahead: &[Ahead]) -> Option<Said> {
        let plain = |calls| Said { calls, notes: Vec::new() };
        let said = match method {
            Method::LastFour | Method::MedianOfEight | Method::Exponential => {
                Some(plain(means::predict(self, method, ahead)))
            }
            Method::Regression => regression::predict(self, regression::Drift::Level, ahead),
            Method::TrendRegression => regression::predict(self, regression::Drift::Trend, ahead),
            #[cfg(feature = "mstl")]
            Method::Mstl => mstl::predict(self, ahead).map(plain),
            #[cfg(not(feature = "mstl"))]
            Method::Mstl => None,
            Method::BestTwo | Method::BestThree => None,
        };
        said.filter(|said| said.calls.iter().flatten().all(|calls| calls.is_finite() && *calls >= 0.0))
    }
}
