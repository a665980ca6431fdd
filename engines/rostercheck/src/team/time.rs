//! Times of day, stretches of time, and the days they are meant for.

use std::fmt;

use jiff::civil::{Date, Weekday};
use serde::{
    Deserialize, Deserializer,
    de::{
        self, MapAccess, SeqAccess,
        value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer},
    },
};

/// Minutes in a day.
pub(super) const DAY: u32 = 24 * 60;

/// A time of day in minutes since midnight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(pub(super) u32);

/// A stretch of time in minutes since midnight of the day on which it starts; it may end on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: u32,
    pub(super) to: u32,
}

/// A calendar date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day(pub(super) Date);

/// Days of the horizon.
#[derive(Debug, Clone, Copy)]
pub(super) enum Days {
    Date(Date),
    Weekday(Weekday),
    Workdays,
    Weekends,
    All,
}

/// Days off.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leave {
    Days(Days),
    /// From the first to the last.
    Range(Date, Date),
}

/// One of something, or a list.
#[derive(Debug, Clone)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What a text in the file stands for.
trait Text: Sized {
    const EXPECTED: &str;

    fn read(text: &str) -> Option<Self>;
}

impl Text for Clock {
    const EXPECTED: &str = "a time such as 08:00";

    fn read(text: &str) -> Option<Self> {
        minutes(text).filter(|minutes| *minutes < DAY).map(Self)
    }
}

impl Text for Stretch {
    const EXPECTED: &str = "a stretch of time such as 08:00-16:30";

    fn read(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (Clock(from), to) = (Clock::read(from.trim())?, minutes(to.trim())?);
        Some(Self { from, to: if to > from { to } else { to + DAY } })
    }
}

impl Text for Day {
    const EXPECTED: &str = "a date such as 2026-11-23";

    fn read(text: &str) -> Option<Self> {
        // A date is ten characters long; the parser also takes other ways to write one, and times after it.
        text.parse().ok().filter(|_| text.len() == 10).map(Self)
    }
}

impl Text for Days {
    const EXPECTED: &str = "a date such as 2026-11-23, mon to sun, workdays, weekends or all";

    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "mon" => Self::Weekday(Weekday::Monday),
            "tue" => Self::Weekday(Weekday::Tuesday),
            "wed" => Self::Weekday(Weekday::Wednesday),
            "thu" => Self::Weekday(Weekday::Thursday),
            "fri" => Self::Weekday(Weekday::Friday),
            "sat" => Self::Weekday(Weekday::Saturday),
            "sun" => Self::Weekday(Weekday::Sunday),
            "workdays" => Self::Workdays,
            "weekends" => Self::Weekends,
            "all" => Self::All,
            _ => Self::Date(Day::read(text)?.0),
        })
    }
}

impl Text for Leave {
    const EXPECTED: &str = "days such as 2026-11-23 or mon, or { from = \"2026-11-25\", to = \"2026-11-29\" }, the later day last";

    fn read(text: &str) -> Option<Self> {
        Days::read(text).map(Self::Days)
    }
}

/// `HH:MM`, to 24:00; seconds are read where they are 0.
fn minutes(text: &str) -> Option<u32> {
    let text = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) || hours.len() > 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= DAY).then_some(hours * 60 + minutes)
}

impl Stretch {
    /// The stretch a roster writes, such as a break.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::read(text.trim())
    }

    /// Whether it lies in another by the clock, whichever day the other starts on.
    pub(super) fn lies_in(self, other: Self) -> bool {
        let inside = |from: u32, to: u32| other.from <= from && to <= other.to;
        // The other on the same day, on the day before, and on the day after.
        inside(self.from, self.to)
            || inside(self.from + DAY, self.to + DAY)
            || (self.from >= DAY && inside(self.from - DAY, self.to - DAY))
    }
}

impl Day {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::read(text)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from % DAY, self.to % DAY);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl Days {
    pub(super) fn hold(self, date: Date) -> bool {
        match self {
            Self::Date(own) => own == date,
            Self::Weekday(weekday) => weekday == date.weekday(),
            Self::Workdays => !is_weekend(date),
            Self::Weekends => is_weekend(date),
            Self::All => true,
        }
    }
}

impl Many<Days> {
    pub(super) fn hold(&self, date: Date) -> bool {
        self.0.iter().any(|days| days.hold(date))
    }
}

impl Leave {
    pub(super) fn holds(self, date: Date) -> bool {
        match self {
            Self::Days(days) => days.hold(date),
            Self::Range(from, to) => (from..=to).contains(&date),
        }
    }
}

pub(super) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Reads a text, or a TOML date or time as if it stood in quotation marks. What is wrong is found while the value is
/// visited, so that the error carries its place.
struct Visitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Text> de::Visitor<'de> for Visitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::read(text).ok_or_else(|| E::custom(format!("\"{text}\" is not {}", T::EXPECTED)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let time = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&time.to_string())
    }
}

macro_rules! read_as_text {
    ($($name:ty),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Visitor(std::marker::PhantomData))
            }
        }
    )*};
}

read_as_text!(Clock, Stretch, Day, Days);

impl<'de> Deserialize<'de> for Leave {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LeaveVisitor)
    }
}

struct LeaveVisitor;

impl<'de> de::Visitor<'de> for LeaveVisitor {
    type Value = Leave;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(Leave::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Leave, E> {
        Visitor(std::marker::PhantomData).visit_str(text)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Leave, A::Error> {
        // A TOML date is a table with one secret field to serde.
        let value = toml::Value::deserialize(MapAccessDeserializer::new(map))?;
        let wrong = || de::Error::custom(format!("\"{value}\" is not {}", Leave::EXPECTED));
        let toml::Value::Table(table) = &value else { return self.visit_str(&value.to_string()) };
        let date = |name: &str| match table.get(name)? {
            toml::Value::String(text) => Day::read(text),
            toml::Value::Datetime(date) => Day::read(&date.to_string()),
            _ => None,
        };
        match (date("from"), date("to")) {
            (Some(Day(from)), Some(Day(to))) if table.len() == 2 && from <= to => Ok(Leave::Range(from, to)),
            _ => Err(wrong()),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(std::marker::PhantomData))
    }
}

struct ManyVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("days, or a list of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Many<T>, E> {
        T::deserialize(StrDeserializer::new(text)).map(|one| Many(vec![one]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Many<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Many)
    }
}
