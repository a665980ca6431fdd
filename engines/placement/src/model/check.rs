//! Whether a centre makes sense, before anything is computed from it.

use std::collections::HashSet;

use super::{Attendance, Centre, Grid, Limit, Person, Queue, Session, Span};
use crate::error::PlacementError as Error;
use crate::limits;

/// Checks everything that the engine relies on.
pub(crate) fn check(centre: &Centre) -> Result<(), Error> {
    let grid = centre.grid;
    count("the number of days", grid.days, 1, limits::DAYS_MAX)?;
    if !(limits::INTERVAL_MINUTES_MIN..=60).contains(&grid.interval_minutes)
        || 1440 % grid.interval_minutes != 0
    {
        return Err(Error::Interval(grid.interval_minutes));
    }
    count("the number of people", centre.people.len(), 0, limits::PEOPLE_MAX)?;
    count("the number of queues", centre.queues.len(), 0, limits::QUEUES_MAX)?;
    count("the number of sessions", centre.sessions.len(), 0, limits::SESSIONS_MAX)?;
    count("the number of rooms", centre.rooms.len(), 0, limits::ROOMS_MAX)?;
    names("the queue", centre.queues.iter().map(|queue| queue.name.as_str()))?;
    names("the person", centre.people.iter().map(|person| person.name.as_str()))?;
    names("the session", centre.sessions.iter().map(|session| session.name.as_str()))?;
    names("the room", centre.rooms.iter().map(|room| room.name.as_str()))?;
    rules(centre)?;
    centre.queues.iter().try_for_each(|queue| queue_holds(queue, grid))?;
    centre.people.iter().try_for_each(|person| person_holds(person, centre))?;
    for room in &centre.rooms {
        count(
            &format!("the sessions at once in room “{}”", room.name),
            room.parallel,
            1,
            limits::SESSIONS_MAX,
        )?;
    }
    centre.sessions.iter().try_for_each(|session| session_holds(session, centre))
}

impl Session {
    /// Checks one session against a centre, so that whoever reads many can leave out the bad ones.
    ///
    /// # Errors
    /// When the session does not make sense there; the message names the value.
    pub fn check(&self, centre: &Centre) -> Result<(), Error> {
        session_holds(self, centre)
    }
}

fn count(what: &str, value: usize, low: usize, high: usize) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::Count { what: what.to_owned(), value, low, high })
}

fn figure(what: impl FnOnce() -> String, value: f64, low: f64, high: f64) -> Result<(), Error> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(Error::Figure { what: what(), value, low, high }) }
}

fn names<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for name in names {
        if name.is_empty() || !seen.insert(name) {
            return Err(Error::Name { what, name: name.to_owned() });
        }
    }
    Ok(())
}

fn rules(centre: &Centre) -> Result<(), Error> {
    let rules = &centre.rules;
    for (what, value) in [
        ("floor_points", rules.floor_points),
        ("late_points_per_day", rules.late_points_per_day),
        ("move_points", rules.move_points),
        ("early_points_per_day", rules.early_points_per_day),
    ] {
        figure(|| what.to_owned(), value, 0.0, limits::POINTS_MAX)?;
    }
    // At 1 nobody would ever be there.
    figure(|| "shrinkage".to_owned(), rules.shrinkage, 0.0, 0.95)
}

fn queue_holds(queue: &Queue, grid: Grid) -> Result<(), Error> {
    let name = &queue.name;
    figure(|| format!("the target of queue “{name}”"), queue.target, 0.0, 1.0)?;
    figure(|| format!("the threshold of queue “{name}”"), queue.threshold_seconds, 0.0, limits::SECONDS_MAX)?;
    if let Some(patience) = queue.patience_seconds {
        figure(|| format!("the patience of queue “{name}”"), patience, 0.001, limits::SECONDS_MAX)?;
    }
    for (what, series, low, high) in [
        ("offered calls", &queue.offered, 0.0, limits::OFFERED_MAX),
        ("handling times", &queue.aht_seconds, 0.001, limits::SECONDS_MAX),
    ] {
        if series.len() != grid.intervals() {
            let what = format!("the series of {what} of queue “{name}”");
            return Err(Error::Series { what, found: series.len(), expected: grid.intervals() });
        }
        for (interval, value) in series.iter().enumerate() {
            figure(|| format!("the {what} of queue “{name}” in interval {interval}"), *value, low, high)?;
        }
    }
    Ok(())
}

fn span(what: impl Fn() -> String, span: Span, horizon: usize) -> Result<(), Error> {
    if span.start < span.end && span.end <= horizon {
        return Ok(());
    }
    Err(Error::Span { what: what(), start: span.start, end: span.end, horizon })
}

fn person_holds(person: &Person, centre: &Centre) -> Result<(), Error> {
    let (name, horizon) = (&person.name, centre.grid.intervals());
    let who = |what: &str| format!("{what} of “{name}”");
    count(&who("the number of shifts"), person.shifts.len(), 0, limits::SHIFTS_MAX)?;
    count(
        &who("the number of fixed activities"),
        person.fixed.len(),
        0,
        limits::BREAKS_MAX * limits::SHIFTS_MAX,
    )?;
    count(&who("the number of queues"), person.queues.len(), 0, limits::QUEUES_MAX)?;
    known(|| who("the list of queues"), &person.queues, centre.queues.len())?;
    let mut free_from = 0;
    for shift in &person.shifts {
        span(|| who("a shift"), shift.work, horizon)?;
        count(&who("the number of breaks in a shift"), shift.breaks.len(), 0, limits::BREAKS_MAX)?;
        if shift.work.start < free_from {
            return Err(Error::Order { what: who("the shifts") });
        }
        free_from = shift.work.end;
        let mut break_from = shift.work.start;
        for pause in &shift.breaks {
            span(|| who("a break"), *pause, horizon)?;
            if pause.start < break_from || pause.end > shift.work.end {
                return Err(Error::Order { what: who("the breaks") });
            }
            break_from = pause.end;
        }
    }
    for fixed in &person.fixed {
        span(|| who("a fixed activity"), *fixed, horizon)?;
    }
    let Limit { per_day, per_week } = person.attending;
    let leading = [person.leading.per_day, person.leading.per_week];
    for limit in [per_day, per_week].into_iter().chain(leading).flatten() {
        count(&who("a limit"), limit, 0, limits::DAYS_MAX * 1440)?;
    }
    Ok(())
}

fn known(what: impl Fn() -> String, indices: &[usize], count: usize) -> Result<(), Error> {
    match indices.iter().find(|index| **index >= count) {
        Some(&index) => Err(Error::Unknown { what: what(), index, count }),
        None => Ok(()),
    }
}

fn session_holds(session: &Session, centre: &Centre) -> Result<(), Error> {
    let (name, horizon) = (&session.name, centre.grid.intervals());
    let of = |what: &str| format!("{what} of session “{name}”");
    count(&of("the length"), session.length, 1, horizon)?;
    for (what, value) in [("the gap", session.gap), ("the edge", session.edge)] {
        count(&of(what), value, 0, horizon)?;
    }
    count(&of("the priority"), usize::from(session.priority), 1, usize::from(limits::PRIORITY_MAX))?;
    span(|| of("the window"), session.window.span, horizon)?;
    known(|| of("the list of days"), &session.window.days, centre.grid.days)?;
    if let Some(hours) = session.window.hours {
        span(|| of("the hours of the day"), hours, centre.grid.per_day())?;
    }
    if let Some(due) = session.due {
        count(&of("the due interval"), due, 0, horizon)?;
    }
    if let Some(points) = session.max_harm_points {
        figure(|| of("the greatest harm"), points, 0.0, limits::POINTS_MAX)?;
    }
    if let Some(room) = session.room {
        known(|| of("the room"), &[room], centre.rooms.len())?;
    }
    for (what, list) in [("the people", session.attendance.named()), ("the trainers", &session.trainers.from)]
    {
        count(&format!("the number in {}", of(what)), list.len(), 0, limits::ATTENDING_MAX)?;
        known(|| of(what), list, centre.people.len())?;
        once(&of(what), list, centre)?;
    }
    count(&of("the number of trainers"), session.trainers.count, 0, session.trainers.from.len())?;
    let leads = |person: &&usize| session.trainers.from.contains(person);
    let everybody_leads = session.trainers.count == session.trainers.from.len();
    if let Attendance::All(people) | Attendance::Each(people) = &session.attendance
        && let Some(person) = people.iter().find(leads).filter(|_| everybody_leads)
    {
        let name = centre.people.get(*person).map(|person| person.name.clone()).unwrap_or_default();
        return Err(Error::Twice { what: of("the people and trainers"), name });
    }
    match &session.attendance {
        Attendance::Group { from, size } => count(&of("the size of the group"), *size, 1, from.len().max(1))?,
        Attendance::All(people) | Attendance::Each(people) => {
            count(&of("the number of people"), people.len(), 1, limits::ATTENDING_MAX)?;
        }
    }
    if let Some(part) = session.part {
        count(&of("the length of a part"), part, 1, session.length)?;
        if !matches!(session.attendance, Attendance::Each(_)) {
            let what = of("the part, which only a session for each on their own may have,");
            return Err(Error::Count { what, value: part, low: session.length, high: session.length });
        }
    }
    Ok(())
}

fn once(what: &str, list: &[usize], centre: &Centre) -> Result<(), Error> {
    let mut seen = HashSet::new();
    match list.iter().find(|index| !seen.insert(**index)) {
        Some(&index) => {
            let name = centre.people.get(index).map(|person| person.name.clone()).unwrap_or_default();
            Err(Error::Twice { what: what.to_owned(), name })
        }
        None => Ok(()),
    }
}
