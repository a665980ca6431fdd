//! From history to forecast: candidates are tried, one is chosen, its errors make the bands.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::backtest::{self, Candidate, Fold, Pair, Trial};
use crate::bands::{Bands, Chance, Estimate, Seen};
use crate::calendar::{Calendar, DayKind};
use crate::error::ForecastError;
use crate::event::{Event, check_events};
use crate::handling::{self, Handling};
use crate::history::{Ahead, Day, DayState, History};
use crate::intraday::{Memory, UpdateTest, far_from};
use crate::limits::{HORIZON_DAYS_MAX, HORIZON_INTERVALS_MAX};
use crate::model::{Method, Past, regression::recent};
use crate::note::Note;
use crate::unusual::unusual;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// So many open intervals, from the first after the history on.
    pub intervals: usize,
    /// Special days of the past and of the future.
    pub calendar: &'a Calendar,
    /// What the planner knows beforehand.
    pub events: &'a [Event],
    /// The model to use, whatever the back-test says; nothing to let it choose.
    pub method: Option<Method>,
}

/// The forecast of one interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IntervalForecast {
    /// When it starts, local civil time.
    pub start: DateTime,
    /// Conversations offered.
    pub calls: Estimate,
    /// Mean handling time in seconds; nothing when the history knows none.
    pub aht_s: Option<Estimate>,
    #[serde(skip)]
    pub(crate) slot: usize,
}

/// What will arrive, how sure that is, and how it was found.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// The intervals asked for, in order.
    pub intervals: Vec<IntervalForecast>,
    /// Every model that was tried on the history, the best first; empty when the history is too short.
    pub table: Vec<Candidate>,
    /// The same for handling times.
    pub aht_table: Vec<Candidate>,
    /// The model that made the forecast.
    pub method: Method,
    /// Why that one.
    pub why: String,
    /// What was noticed in the history.
    pub notes: Vec<Note>,
    pub(crate) memory: Memory,
    pub(crate) minutes: u32,
}

/// Forecasts the next open intervals. Where the history ends in the middle of a day, what came on it so far moves the
/// rest of it, as [`Forecast::update`] does.
///
/// # Errors
/// When the horizon is empty, too long or never open, or an event cannot be.
///
/// # Examples
/// See the [crate's first page](crate).
pub fn forecast(history: &History, ask: &Ask<'_>) -> Result<Forecast, ForecastError> {
    forecast_until(history, ask, &mut || false)
}

/// Forecasts like [`forecast`], and stops comparing models as soon as `stop` says so; it is asked before each model.
/// The best model found by then makes the forecast, at the least the mean of the last four same weekdays.
///
/// # Errors
/// As [`forecast`].
pub fn forecast_until(
    history: &History,
    ask: &Ask<'_>,
    stop: &mut dyn FnMut() -> bool,
) -> Result<Forecast, ForecastError> {
    check(ask)?;
    let (known, first_slot) = known_days(history, ask.calendar);
    let past = Past {
        days: history.days.get(..known).unwrap_or_default(),
        slots: history.slots,
        opening: &history.opening,
        calendar: ask.calendar,
        events: ask.events,
    };
    let ahead = days_ahead(history, &past, ask.intervals, first_slot)?;
    let folds = backtest::folds(history, known, ahead.len(), &past);
    let mut notes = history.notes().to_vec();
    notes.extend(calendar_notes(&past, &ahead));
    let tested_days = folds.first().map_or(0, |fold| fold.ahead.len());
    if folds.is_empty() {
        notes.push(Note::NoBackTest { days: known });
    } else if tested_days < ahead.len() {
        notes.push(Note::BeyondBackTest { tested_days, asked_days: ahead.len() });
    }
    let (trials, stopped) = try_all(&past, &folds, stop);
    if stopped {
        notes.push(Note::Stopped);
    }
    let mut table: Vec<Candidate> =
        trials.iter().map(|trial| backtest::score(&past, &folds, trial)).collect();
    let unseen = (0, "the history is too short to compare models".to_owned());
    let (picked, why) = match ask.method {
        Some(method) => {
            let at = table.iter().position(|candidate| candidate.method == method);
            (at.unwrap_or(usize::MAX), format!("{}, as asked for", method.title()))
        }
        None if folds.is_empty() => unseen,
        None => backtest::choose(&table).unwrap_or(unseen),
    };
    let fallback = ask.method.unwrap_or(Method::LastFour);
    let method = table.get(picked).map_or(fallback, |candidate| candidate.method);
    if let Some(candidate) = table.get_mut(picked) {
        candidate.chosen = true;
    }
    let mut tried: Vec<Pair> =
        trials.get(picked).map(|trial| backtest::pairs(&past, &folds, trial).collect()).unwrap_or_default();
    let unlike = backtest::unlike(&tried);
    if !unlike.is_empty() {
        tried.retain(|pair| !unlike.contains(&pair.day));
        let dates = unlike.iter().filter_map(|day| Some(past.days.get(*day)?.date)).collect();
        notes.push(Note::Unlike { dates });
    }
    let memory = Memory::learn(tried.iter().copied());
    let parts = parts(method, &table);
    let calls = final_calls(&past, &parts, &ahead, &mut notes);
    tell_unusual(&past, &parts, &mut notes);
    notes.extend(event_notes(&past, &ahead, &parts));
    let handling = if history.has_aht { handling::forecast(&past, &folds, &ahead) } else { None };
    let bands = Bands::learn(&errors(&tried), backtest::days_tested(&folds), past.slots, Chance::Count);
    let mut intervals = assemble(
        history,
        &ahead,
        &calls,
        &bands,
        handling.as_ref(),
        (ask.intervals, first_slot, tested_days),
    );
    if let (Some(today), Some(first), Some(plan)) = (history.days.get(known), ahead.first(), calls.first()) {
        let today = (today, first_slot);
        notes.extend(update_today(history, today, (&first.open, plan), &memory, &mut intervals));
    }
    table.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
    Ok(Forecast {
        intervals,
        table,
        aht_table: handling.map(|handling| handling.table).unwrap_or_default(),
        method,
        why,
        notes,
        memory,
        minutes: history.minutes,
    })
}

impl Forecast {
    /// What updates with the first `known` slots of a day would have done on the days of the back-test; nothing
    /// when there was none. Slots are counted from the first minute of the day.
    pub fn test_update(&self, known: usize) -> Option<UpdateTest> {
        self.memory.test(known, self.minutes)
    }

    /// The rest of a day, once its first intervals are known: the plan, moved by as much of the deviation so far as
    /// lasted on earlier days.
    ///
    /// `seen` holds what came in the day's intervals so far; only whole intervals. Intervals after the last of them are
    /// returned.
    ///
    /// # Errors
    /// When the forecast has no interval on that day, or a count cannot be.
    pub fn update(
        &self,
        date: Date,
        seen: &[(DateTime, f64)],
    ) -> Result<Vec<IntervalForecast>, ForecastError> {
        let mut today = self.intervals.iter().filter(|interval| interval.start.date() == date).peekable();
        if today.peek().is_none() {
            return Err(ForecastError::UnknownDay(date));
        }
        let (mut planned, mut came, mut known) = (0.0, 0.0, None);
        let today: Vec<&IntervalForecast> = today.collect();
        for (start, calls) in seen.iter().filter(|(start, _)| start.date() == date) {
            if !(0.0..=crate::limits::CALLS_MAX).contains(calls) {
                return Err(ForecastError::Calls { start: *start, calls: *calls });
            }
            if let Some(interval) = today.iter().find(|interval| interval.start == *start) {
                planned += interval.calls.mean;
                came += calls;
                known = known.max(Some(interval.slot + 1));
            }
        }
        let Some(known) = known else { return Ok(today.into_iter().copied().collect()) };
        let [near, far] = self.memory.moved(known, self.minutes, planned, came);
        let near_until = far_from(known, self.minutes);
        let rest = today.into_iter().filter(|interval| interval.slot >= known);
        Ok(rest
            .map(|interval| {
                let moved = if interval.slot < near_until { near } else { far };
                let calls = interval.calls.scaled(moved.factor).widened(moved.narrower);
                IntervalForecast { calls, ..*interval }
            })
            .collect())
    }
}

/// Moves the rest of the day on which the history ends by what came in its slots before `known`; `plan` is that day's by
/// slot. Nothing when none of them was planned and known.
fn update_today(
    history: &History,
    (today, known): (&Day, usize),
    (open, plan): (&[bool], &[f64]),
    memory: &Memory,
    intervals: &mut [IntervalForecast],
) -> Option<Note> {
    let seen = open.iter().zip(plan).zip(&today.calls).take(known);
    let usable = seen.filter(|((open, _), actual)| **open && actual.is_finite());
    let (planned, came) =
        usable.fold((0.0, 0.0), |sums, ((_, plan), actual)| (sums.0 + plan, sums.1 + actual));
    if planned <= 0.0 {
        return None;
    }
    let moved = memory.moved(known, history.minutes, planned, came);
    let near_until = far_from(known, history.minutes);
    for interval in intervals.iter_mut().take_while(|interval| interval.start.date() == today.date) {
        let moved = if interval.slot < near_until { moved[0] } else { moved[1] };
        interval.calls = interval.calls.scaled(moved.factor).widened(moved.narrower);
    }
    let until = history.start_of(today.date, known);
    Some(Note::Updated { until, came: came / planned, factors: moved.map(|moved| moved.factor) })
}

fn check(ask: &Ask<'_>) -> Result<(), ForecastError> {
    if ask.intervals == 0 {
        return Err(ForecastError::NoHorizon);
    }
    if ask.intervals > HORIZON_INTERVALS_MAX {
        let (value, limit) = (ask.intervals, HORIZON_INTERVALS_MAX);
        return Err(ForecastError::TooMuch { what: "intervals asked for", value, limit });
    }
    check_events(ask.events)
}

/// Days that are over, and the slot at which the first day ahead begins: a history may end in the middle of a day.
fn known_days(history: &History, calendar: &Calendar) -> (usize, usize) {
    let Some(last) = history.days.last() else { return (0, 0) };
    let known = history.last_slot();
    let usual = history.opening.on(last.date, calendar);
    match usual.iter().rposition(|open| *open) {
        Some(usual) if known < usual => (history.days.len() - 1, known + 1),
        _ => (history.days.len(), 0),
    }
}

fn days_ahead(
    history: &History,
    past: &Past<'_>,
    intervals: usize,
    first_slot: usize,
) -> Result<Vec<Ahead>, ForecastError> {
    let last = past.days.last();
    let first = match last {
        Some(day) => day.date.tomorrow().unwrap_or(Date::MAX),
        None => history.last.date(),
    };
    let closed = last
        .map_or(0, |day| past.opening.closed_run(day.date, day.closed_before, day.state == DayState::Open));
    let (mut found, mut ahead) = (0, Vec::new());
    for (position, day) in past.opening.ahead(first, closed, past.calendar).take(HORIZON_DAYS_MAX).enumerate()
    {
        let skipped = if position == 0 { first_slot } else { 0 };
        found += day.open.iter().skip(skipped).filter(|open| **open).count();
        ahead.push(day);
        if found >= intervals {
            return Ok(ahead);
        }
    }
    Err(ForecastError::NotOpen { asked: intervals, found, days: HORIZON_DAYS_MAX })
}

fn calendar_notes(past: &Past<'_>, ahead: &[Ahead]) -> Vec<Note> {
    let mut notes = Vec::new();
    if let (Some(year), Some(day)) = (past.calendar.last_year(), ahead.last())
        && day.date.year() > year
    {
        notes.push(Note::CalendarEnds { year, until: day.date });
    }
    let mut told: Vec<&str> = Vec::new();
    for day in ahead {
        let Some(special) = past.calendar.on(day.date).filter(|special| special.kind == DayKind::Holiday)
        else {
            continue;
        };
        let is_alike = |other: &Day| {
            past.calendar
                .on(other.date)
                .is_some_and(|held| held.kind == special.kind && held.name == special.name)
        };
        if !told.contains(&special.name.as_str()) && !past.days.iter().any(is_alike) {
            told.push(&special.name);
            notes.push(Note::UnseenHoliday { date: day.date, name: special.name.clone() });
        }
    }
    notes
}

/// Tries every model, and averages of the best; whether it was stopped before all were.
fn try_all(past: &Past<'_>, folds: &[Fold], stop: &mut dyn FnMut() -> bool) -> (Vec<Trial>, bool) {
    let mut trials: Vec<Trial> = Vec::new();
    if folds.is_empty() {
        return (trials, false);
    }
    let mut stopped = false;
    for method in Method::SINGLE {
        // The plainest is always tried: without it there is nothing to beat.
        if *method != Method::LastFour && stop() {
            stopped = true;
            break;
        }
        trials.extend(backtest::trial(past, *method, folds));
    }
    let mut ranked: Vec<(f64, usize)> =
        trials.iter().enumerate().map(|(i, trial)| (backtest::score(past, folds, trial).cost(), i)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (method, count) in [(Method::BestTwo, 2), (Method::BestThree, 3)] {
        let best: Vec<&Trial> = ranked.iter().take(count).filter_map(|(_, i)| trials.get(*i)).collect();
        if best.len() == count && !stopped {
            let average = backtest::average(method, &best);
            trials.extend(average);
        }
    }
    (trials, stopped)
}

fn errors(pairs: &[Pair]) -> Vec<Seen> {
    let seen = |pair: &Pair| Seen {
        slot: pair.slot,
        forecast: pair.forecast,
        actual: pair.actual,
        calls: pair.forecast,
    };
    pairs.iter().map(seen).collect()
}

/// The models that make the forecast: the one chosen, or those that it averages.
fn parts(method: Method, table: &[Candidate]) -> Vec<Method> {
    let count = match method {
        Method::BestTwo => 2,
        Method::BestThree => 3,
        _ => 1,
    };
    let mut ranked: Vec<&Candidate> =
        table.iter().filter(|one| Method::SINGLE.contains(&one.method)).collect();
    ranked.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
    if count == 1 { vec![method] } else { ranked.iter().take(count).map(|one| one.method).collect() }
}

/// Tells the days unlike their neighbours that no other note tells; for a planner that says more than how far they are
/// from what the model explains.
fn tell_unusual(past: &Past<'_>, parts: &[Method], notes: &mut Vec<Note>) {
    let mut days = unusual(past);
    days.retain(|(date, _)| {
        !notes.iter().any(|note| matches!(note, Note::Unlike { dates } if dates.contains(date)))
    });
    if days.is_empty() {
        return;
    }
    notes.retain(
        |note| !matches!(note, Note::Outlier { date, .. } if days.iter().any(|(unusual, _)| unusual == date)),
    );
    let counts_less = !parts.is_empty() && parts.iter().all(|method| method.is_robust());
    notes.push(Note::Unusual { days, counts_less });
}

/// The events to come without a factor that have no effect, or less than they should.
fn event_notes(past: &Past<'_>, ahead: &[Ahead], parts: &[Method]) -> Vec<Note> {
    let learning = parts.iter().filter(|method| method.learns_events()).count();
    let to_learn = || past.events.iter().filter(|event| event.factor.is_none());
    let is_learned = |name: &str| {
        let mut same = to_learn().filter(|event| event.name == name);
        same.any(|event| recent(past).any(|day| event.is_on(day.date)))
    };
    let mut notes: Vec<Note> = Vec::new();
    let open = |event: &Event| ahead.iter().find(|day| event.is_on(day.date) && day.open.contains(&true));
    for (event, day) in to_learn().filter_map(|event| Some((event, open(event)?))) {
        let (name, date) = (event.name.clone(), day.date);
        // What stays and began before is in the history that every model looks at.
        let is_old = event.last.is_none() && past.days.last().is_some_and(|last| event.is_on(last.date));
        let note = if !is_learned(&name) {
            Note::EventUnlearned { name, date }
        } else if learning < parts.len().max(1) && !is_old {
            Note::EventInPart { name, date, learning, models: parts.len() }
        } else {
            continue;
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// The chosen models on the whole history; the mean of the last four same weekdays when they cannot.
fn final_calls(past: &Past<'_>, parts: &[Method], ahead: &[Ahead], notes: &mut Vec<Note>) -> Vec<Vec<f64>> {
    let mut sum = vec![vec![0.0; past.slots]; ahead.len()];
    let mut n = 0.0;
    for method in parts {
        let Some(said) = past.predict(*method, ahead) else { continue };
        for note in said.notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        n += 1.0;
        for (sum, calls) in sum.iter_mut().flatten().zip(said.calls.into_iter().flatten()) {
            *sum += calls;
        }
    }
    if n == 0.0 {
        return past.predict(Method::LastFour, ahead).map(|said| said.calls).unwrap_or(sum);
    }
    sum.iter_mut().flatten().for_each(|calls| *calls /= n);
    sum
}

fn assemble(
    history: &History,
    ahead: &[Ahead],
    calls: &[Vec<f64>],
    bands: &Bands,
    handling: Option<&Handling>,
    (count, first_slot, tested_days): (usize, usize, usize),
) -> Vec<IntervalForecast> {
    let mut intervals = Vec::with_capacity(count);
    for (position, (day, calls)) in ahead.iter().zip(calls).enumerate() {
        // A walk drifts with the square root of time.
        let wider = (((position + 1) as f64) / (tested_days.max(1) as f64)).max(1.0).sqrt();
        let skipped = if position == 0 { first_slot } else { 0 };
        let open = day.open.iter().zip(calls).enumerate().skip(skipped).filter(|(_, (open, _))| **open);
        for (slot, (_, mean)) in open {
            let aht_s = handling.and_then(|handling| {
                let seconds = *handling.seconds.get(position)?.get(slot)?;
                Some(handling.bands.around(slot, seconds, *mean, wider))
            });
            let start = history.start_of(day.date, slot);
            intervals.push(IntervalForecast {
                start,
                calls: bands.around(slot, *mean, *mean, wider),
                aht_s,
                slot,
            });
        }
    }
    intervals.truncate(count);
    intervals
}
