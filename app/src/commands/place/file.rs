//! The file of `lianbing place`: docs/place.md describes it.

use std::collections::HashMap;

use anyhow::{Context, bail, ensure};
use jiff::civil::{Date, Time};
use placement::{
    Attendance, BelowFloor, Centre, Earlier, Grid, Kind, Limit, Need, Overload, Person, Placement, Queue,
    Room, Rules, ServiceLevelDefinition, Session, Shift, Span, Trainers, Window,
};
use serde::Deserialize;
use toml::Spanned;

/// Most groups that one session may be repeated for: a centre of ten thousand in groups of five.
const GROUPS_MAX: usize = 2_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    first_day: String,
    days: usize,
    interval_minutes: usize,
    #[serde(default)]
    rules: RulesRow,
    #[serde(default)]
    queues: Vec<QueueRow>,
    #[serde(default)]
    people: Vec<PersonRow>,
    #[serde(default)]
    rooms: Vec<RoomRow>,
    #[serde(default)]
    sessions: Vec<Spanned<SessionRow>>,
    #[serde(default)]
    earlier: Vec<EarlierRow>,
    overload: Option<OverloadRow>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesRow {
    floor_points: Option<f64>,
    below_floor: Option<String>,
    shrinkage: Option<f64>,
    late_points_per_day: Option<f64>,
    move_points: Option<f64>,
    early_points_per_day: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueRow {
    name: String,
    target: String,
    definition: Option<String>,
    patience_seconds: Option<f64>,
    #[serde(default)]
    calls: Vec<CallsRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallsRow {
    from: String,
    offered: Vec<f64>,
    aht_seconds: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(f64),
    Many(Vec<f64>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRow {
    name: String,
    #[serde(default)]
    queues: Vec<String>,
    #[serde(default)]
    shifts: Vec<String>,
    #[serde(default)]
    breaks: Vec<String>,
    #[serde(default)]
    fixed: Vec<String>,
    training_minutes_per_day: Option<usize>,
    training_minutes_per_week: Option<usize>,
    leading_minutes_per_day: Option<usize>,
    leading_minutes_per_week: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoomRow {
    name: String,
    sessions_at_once: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRow {
    name: String,
    kind: Option<String>,
    minutes: usize,
    people: Vec<String>,
    group: Option<usize>,
    groups: Option<usize>,
    #[serde(default)]
    each: bool,
    #[serde(default)]
    trainers: Vec<String>,
    trainers_needed: Option<usize>,
    earliest: Option<String>,
    latest: Option<String>,
    #[serde(default)]
    days: Vec<String>,
    hours: Option<String>,
    room: Option<String>,
    #[serde(default)]
    gap_minutes: usize,
    #[serde(default)]
    edge_minutes: usize,
    #[serde(default)]
    interruptible: bool,
    part_minutes: Option<usize>,
    topic: Option<String>,
    priority: Option<u8>,
    due: Option<String>,
    max_harm_points: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierRow {
    session: String,
    #[serde(default)]
    part: usize,
    start: String,
    end: String,
    people: Vec<String>,
    #[serde(default)]
    trainers: Vec<String>,
    #[serde(default)]
    held: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverloadRow {
    now: String,
    needs: Vec<NeedRow>,
    #[serde(default)]
    recalled_lately: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedRow {
    time: String,
    queue: String,
    people: usize,
}

/// A session that was left out.
#[derive(Debug, serde::Serialize)]
pub(super) struct Rejected {
    pub(super) line: usize,
    pub(super) session: String,
    pub(super) reason: String,
}

/// What a file says.
pub(super) struct Read {
    pub(super) centre: Centre,
    pub(super) overload: Option<Overload>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) clock: Clock,
}

/// Intervals as times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    first: Date,
    grid: Grid,
}

impl Clock {
    /// The time at which an interval begins, such as `2026-11-23 09:15`.
    pub(super) fn time(&self, interval: usize) -> String {
        let (day, rest) = (interval / self.grid.per_day(), interval % self.grid.per_day());
        let minutes = rest * self.grid.interval_minutes;
        let day =
            i64::try_from(day).ok().and_then(|day| self.first.checked_add(jiff::Span::new().days(day)).ok());
        format!("{} {:02}:{:02}", day.unwrap_or(self.first), minutes / 60, minutes % 60)
    }

    fn day(&self, text: &str) -> anyhow::Result<usize> {
        let date: Date =
            text.parse().ok().with_context(|| format!("“{text}” is not a day; write 2026-11-23"))?;
        let days = self.first.until(date).map_or(-1, |span| span.get_days());
        let day = usize::try_from(days).ok().filter(|day| *day < self.grid.days);
        day.with_context(|| format!("{text} is not one of the {} days from {}", self.grid.days, self.first))
    }

    /// Minutes as intervals.
    fn intervals(&self, minutes: usize) -> anyhow::Result<usize> {
        let length = self.grid.interval_minutes;
        ensure!(
            minutes.is_multiple_of(length),
            "{minutes} minutes are no whole number of intervals of {length}"
        );
        Ok(minutes / length)
    }

    /// A time of day as intervals; `24:00` is the end of the day.
    fn hour(&self, text: &str) -> anyhow::Result<usize> {
        if text == "24:00" {
            return Ok(self.grid.per_day());
        }
        let time: Time = text.parse().ok().with_context(|| format!("“{text}” is not a time; write 09:15"))?;
        let minutes = usize::try_from(time.hour())? * 60 + usize::try_from(time.minute())?;
        self.intervals(minutes).with_context(|| format!("“{text}” does not begin an interval"))
    }

    /// `2026-11-23 09:15` as an interval.
    fn at(&self, text: &str) -> anyhow::Result<usize> {
        let (day, hour) = text
            .split_once(' ')
            .with_context(|| format!("“{text}” is not a time; write 2026-11-23 09:15"))?;
        Ok(self.day(day)? * self.grid.per_day() + self.hour(hour)?)
    }

    /// `2026-11-23 09:15-17:45`; an end before the start is on the next day.
    fn span(&self, text: &str) -> anyhow::Result<Span> {
        let bad = || format!("“{text}” is not a stretch of time; write 2026-11-23 09:15-17:45");
        let (day, hours) = text.split_once(' ').with_context(bad)?;
        let hours = self.hours(hours).with_context(bad)?;
        let midnight = self.day(day)? * self.grid.per_day();
        let night = if hours.end <= hours.start { self.grid.per_day() } else { 0 };
        Ok(Span { start: midnight + hours.start, end: midnight + night + hours.end })
    }

    fn hours(&self, text: &str) -> anyhow::Result<Span> {
        let (start, end) =
            text.split_once('-').with_context(|| format!("“{text}” is not like 09:00-17:00"))?;
        Ok(Span { start: self.hour(start.trim())?, end: self.hour(end.trim())? })
    }
}

/// Reads a file. Sessions with mistakes are left out and listed; a mistake anywhere else refuses the file.
pub(super) fn read(text: &str) -> anyhow::Result<Read> {
    let file: File = toml::from_str(text)?;
    let first: Date = file
        .first_day
        .parse()
        .ok()
        .with_context(|| format!("first_day is “{}”; write a day such as 2026-11-23", file.first_day))?;
    let grid = Grid { days: file.days, interval_minutes: file.interval_minutes };
    ensure!(
        (1..=placement::limits::DAYS_MAX).contains(&file.days),
        "days is {}; give 1 to {}",
        file.days,
        placement::limits::DAYS_MAX
    );
    ensure!(
        (5..=60).contains(&file.interval_minutes) && 1440 % file.interval_minutes == 0,
        "interval_minutes is {}; give 5, 10, 15, 20, 30 or 60",
        file.interval_minutes
    );
    let clock = Clock { first, grid };
    let queues: HashMap<String, usize> = numbered(file.queues.iter().map(|queue| &queue.name));
    let people: HashMap<String, usize> = numbered(file.people.iter().map(|person| &person.name));
    let rooms: HashMap<String, usize> = numbered(file.rooms.iter().map(|room| &room.name));
    let names = Names { queues, people, rooms };
    let mut centre = Centre {
        grid,
        queues: file.queues.into_iter().map(|row| queue(row, &clock)).collect::<anyhow::Result<_>>()?,
        people: file
            .people
            .into_iter()
            .map(|row| person(row, &clock, &names))
            .collect::<anyhow::Result<_>>()?,
        rooms: file
            .rooms
            .into_iter()
            .map(|row| Room { name: row.name, parallel: row.sessions_at_once })
            .collect(),
        sessions: Vec::new(),
        earlier: Vec::new(),
        rules: rules(&file.rules)?,
    };
    let mut rejected = Vec::new();
    for row in file.sessions {
        let line = text.get(..row.span().start).map_or(0, |before| before.matches('\n').count()) + 1;
        let row = row.into_inner();
        let name = row.name.clone();
        let made = sessions(row, &clock, &names).and_then(|made| {
            made.iter().try_for_each(|session| session.check(&centre))?;
            let taken = |made: &Session| centre.sessions.iter().any(|session| session.name == made.name);
            ensure!(!made.iter().any(taken), "there is a session of this name already");
            Ok(made)
        });
        match made {
            Ok(made) => centre.sessions.extend(made),
            Err(error) => rejected.push(Rejected { line, session: name, reason: format!("{error:#}") }),
        }
    }
    centre.earlier = file
        .earlier
        .iter()
        .map(|row| earlier(row, &clock, &names, &centre))
        .collect::<anyhow::Result<_>>()?;
    let overload = file.overload.as_ref().map(|row| overload(row, &clock, &names)).transpose()?;
    Ok(Read { centre, overload, rejected, clock })
}

/// Numbers by name.
struct Names {
    queues: HashMap<String, usize>,
    people: HashMap<String, usize>,
    rooms: HashMap<String, usize>,
}

fn numbered<'a>(names: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    names.enumerate().map(|(number, name)| (name.clone(), number)).collect()
}

fn found(what: &str, known: &HashMap<String, usize>, names: &[String]) -> anyhow::Result<Vec<usize>> {
    let number =
        |name: &String| known.get(name).copied().with_context(|| format!("no {what} is named “{name}”"));
    names.iter().map(number).collect()
}

fn rules(row: &RulesRow) -> anyhow::Result<Rules> {
    let usual = Rules::default();
    Ok(Rules {
        floor_points: row.floor_points.unwrap_or(usual.floor_points),
        below_floor: match row.below_floor.as_deref() {
            None | Some("points") => BelowFloor::Points,
            Some("price") => BelowFloor::Price,
            Some("spare") => BelowFloor::Spare,
            Some(other) => bail!("below_floor is “{other}”; write points, price or spare"),
        },
        shrinkage: row.shrinkage.unwrap_or(usual.shrinkage),
        late_points_per_day: row.late_points_per_day.unwrap_or(usual.late_points_per_day),
        move_points: row.move_points.unwrap_or(usual.move_points),
        early_points_per_day: row.early_points_per_day.unwrap_or(usual.early_points_per_day),
    })
}

fn queue(row: QueueRow, clock: &Clock) -> anyhow::Result<Queue> {
    let of = || format!("queue “{}”", row.name);
    let target = row.target.split_once('/').and_then(|(percent, seconds)| {
        Some((percent.trim().parse::<f64>().ok()?, seconds.trim().parse::<f64>().ok()?))
    });
    let (percent, threshold_seconds) =
        target.with_context(|| format!("{}: the target is “{}”; write 80/20", of(), row.target))?;
    let definition = match row.definition.as_deref() {
        None | Some("of_offered") => ServiceLevelDefinition::OfOffered,
        Some("of_answered") => ServiceLevelDefinition::OfAnswered,
        Some("short_abandons_good") => ServiceLevelDefinition::ShortAbandonsGood,
        Some("short_abandons_excluded") => ServiceLevelDefinition::ShortAbandonsExcluded,
        Some(other) => bail!(
            "{}: no service level is named “{other}”; write of_offered, of_answered, short_abandons_good or \
             short_abandons_excluded",
            of()
        ),
    };
    let intervals = clock.grid.intervals();
    // An interval that no row names has no calls; its handling time is never used.
    let (mut offered, mut aht_seconds) = (vec![0.0; intervals], vec![1.0; intervals]);
    let mut named = vec![false; intervals];
    for calls in &row.calls {
        let start = clock.at(&calls.from).with_context(of)?;
        for (index, value) in calls.offered.iter().enumerate() {
            let at = start + index;
            let aht = match &calls.aht_seconds {
                OneOrMany::One(aht) => Some(*aht),
                OneOrMany::Many(many) => many.get(index).copied(),
            };
            let aht =
                aht.with_context(|| format!("{}: fewer aht_seconds than offered from {}", of(), calls.from))?;
            let (Some(one), Some(time), Some(twice)) =
                (offered.get_mut(at), aht_seconds.get_mut(at), named.get_mut(at))
            else {
                bail!("{}: the calls from {} go beyond the last day", of(), calls.from);
            };
            ensure!(!*twice, "{}: {} is there twice", of(), clock.time(at));
            (*one, *time, *twice) = (*value, aht, true);
        }
    }
    Ok(Queue {
        target: percent / 100.0,
        threshold_seconds,
        definition,
        patience_seconds: row.patience_seconds,
        offered,
        aht_seconds,
        name: row.name,
    })
}

fn person(row: PersonRow, clock: &Clock, names: &Names) -> anyhow::Result<Person> {
    let of = || format!("person “{}”", row.name);
    let spans = |texts: &[String]| {
        let mut spans = texts
            .iter()
            .map(|text| clock.span(text))
            .collect::<anyhow::Result<Vec<Span>>>()
            .with_context(of)?;
        spans.sort_unstable();
        anyhow::Ok(spans)
    };
    let mut shifts: Vec<Shift> =
        spans(&row.shifts)?.into_iter().map(|work| Shift { work, breaks: Vec::new() }).collect();
    for pause in spans(&row.breaks)? {
        let inside = |shift: &&mut Shift| shift.work.start <= pause.start && pause.end <= shift.work.end;
        let shift = shifts.iter_mut().find(inside);
        let shift = shift.with_context(|| {
            format!(
                "{}: the break from {} to {} is in no shift",
                of(),
                clock.time(pause.start),
                clock.time(pause.end)
            )
        })?;
        shift.breaks.push(pause);
    }
    let limit = |minutes: Option<usize>| {
        // A limit between two intervals is the lower one.
        minutes.map(|minutes| minutes / clock.grid.interval_minutes)
    };
    Ok(Person {
        queues: found("queue", &names.queues, &row.queues).with_context(of)?,
        shifts,
        fixed: spans(&row.fixed)?,
        attending: Limit {
            per_day: limit(row.training_minutes_per_day),
            per_week: limit(row.training_minutes_per_week),
        },
        leading: Limit {
            per_day: limit(row.leading_minutes_per_day),
            per_week: limit(row.leading_minutes_per_week),
        },
        name: row.name,
    })
}

fn kind(text: Option<&str>) -> anyhow::Result<Kind> {
    Ok(match text {
        None | Some("drill") => Kind::Drill,
        Some("course") => Kind::Course,
        Some("coaching") => Kind::Coaching,
        Some("one_on_one") => Kind::OneOnOne,
        Some("meeting") => Kind::Meeting,
        Some("e_learning") => Kind::ELearning,
        Some(other) => {
            bail!("the kind is “{other}”; write drill, course, coaching, one_on_one, meeting or e_learning")
        }
    })
}

/// A session, once for each of its groups.
fn sessions(row: SessionRow, clock: &Clock, names: &Names) -> anyhow::Result<Vec<Session>> {
    let people = found("person", &names.people, &row.people)?;
    let attendance = match (row.group, row.each) {
        (None, false) => Attendance::All(people),
        (None, true) => Attendance::Each(people),
        (Some(size), false) => Attendance::Group { from: people, size },
        (Some(_), true) => bail!("it has a group and is for each on their own; keep one of them"),
    };
    let groups = row.groups.unwrap_or(1);
    ensure!(row.groups.is_none() || row.group.is_some(), "groups is given without group, the size of each");
    ensure!((1..=GROUPS_MAX).contains(&groups), "groups is {groups}; give 1 to {GROUPS_MAX}");
    let trainers = found("person", &names.people, &row.trainers)?;
    let span = Span {
        start: row.earliest.as_deref().map_or(Ok(0), |text| clock.at(text))?,
        end: row.latest.as_deref().map_or(Ok(clock.grid.intervals()), |text| clock.at(text))?,
    };
    let one = Session {
        name: row.name.clone(),
        kind: kind(row.kind.as_deref())?,
        length: clock.intervals(row.minutes)?,
        attendance,
        trainers: Trainers { count: row.trainers_needed.unwrap_or(trainers.len().min(1)), from: trainers },
        window: Window {
            span,
            days: row.days.iter().map(|day| clock.day(day)).collect::<anyhow::Result<_>>()?,
            hours: row.hours.as_deref().map(|hours| clock.hours(hours)).transpose()?,
        },
        room: match &row.room {
            Some(room) => found("room", &names.rooms, std::slice::from_ref(room))?.first().copied(),
            None => None,
        },
        gap: clock.intervals(row.gap_minutes)?,
        edge: clock.intervals(row.edge_minutes)?,
        interruptible: row.interruptible,
        part: row.part_minutes.map(|minutes| clock.intervals(minutes)).transpose()?,
        topic: row.topic.or_else(|| (groups > 1).then(|| row.name.clone())),
        priority: row.priority.unwrap_or(5),
        due: row.due.as_deref().map(|due| clock.at(due)).transpose()?,
        max_harm_points: row.max_harm_points,
    };
    if groups == 1 {
        return Ok(vec![one]);
    }
    let named = |group: usize| Session { name: format!("{} {group}/{groups}", row.name), ..one.clone() };
    Ok((1..=groups).map(named).collect())
}

fn earlier(row: &EarlierRow, clock: &Clock, names: &Names, centre: &Centre) -> anyhow::Result<Earlier> {
    let of = || format!("the earlier placement of “{}”", row.session);
    let session = centre.sessions.iter().position(|session| session.name == row.session);
    let session = session.with_context(|| format!("{}: there is no such session", of()))?;
    let sorted = |list: &[String]| {
        let mut people = found("person", &names.people, list).with_context(of)?;
        people.sort_unstable();
        anyhow::Ok(people)
    };
    let placement = Placement {
        session,
        part: row.part,
        span: Span {
            start: clock.at(&row.start).with_context(of)?,
            end: clock.at(&row.end).with_context(of)?,
        },
        people: sorted(&row.people)?,
        trainers: sorted(&row.trainers)?,
    };
    Ok(Earlier { placement, held: row.held })
}

fn overload(row: &OverloadRow, clock: &Clock, names: &Names) -> anyhow::Result<Overload> {
    let mut needs = Vec::new();
    for need in &row.needs {
        let queue = found("queue", &names.queues, std::slice::from_ref(&need.queue)).context("overload")?;
        let span = clock.span(&need.time).context("overload")?;
        for interval in span.start..span.end {
            needs.extend(queue.iter().map(|queue| Need { interval, queue: *queue, people: need.people }));
        }
    }
    Ok(Overload {
        now: clock.at(&row.now).context("overload")?,
        needs,
        lately: found("person", &names.people, &row.recalled_lately).context("overload")?,
    })
}
