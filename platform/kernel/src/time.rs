//! Time: stored in UTC microseconds, decided in the centre's own zone.

use std::fmt;

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Both databases keep it as a 64-bit integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Time(pub i64);

impl Time {
    /// Microseconds in a second.
    pub const SECOND: i64 = 1_000_000;

    /// The moment as the time library knows it; the epoch for a value outside its range (years −9999 to 9999).
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Reads RFC 3339, for example `2026-03-02T09:15:00+08:00`; `None` when it is anything else.
    pub fn parse(text: &str) -> Option<Time> {
        text.trim().parse::<jiff::Timestamp>().ok().map(Time::from)
    }

    /// This moment moved by whole seconds, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }

    /// Seconds from `earlier` to this moment; negative when it is the later one.
    pub const fn seconds_since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0) / Self::SECOND
    }
}

impl From<jiff::Timestamp> for Time {
    fn from(at: jiff::Timestamp) -> Time {
        Time(at.as_microsecond())
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("“{text}” is not a time; write it as 2026-03-02T09:15:00+08:00"))
        })
    }
}

/// A calendar day without a zone: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date.
    pub fn of(date: Date) -> Day {
        let seconds = date.to_zoned(TimeZone::UTC).map_or(0, |at| at.timestamp().as_second());
        Day(i32::try_from(seconds.div_euclid(86_400)).unwrap_or_default())
    }

    /// The civil date; 1970-01-01 for a value outside the calendar (years −9999 to 9999).
    pub fn date(self) -> Date {
        jiff::Timestamp::from_second(i64::from(self.0) * 86_400)
            .map_or(jiff::civil::date(1970, 1, 1), |at| at.to_zoned(TimeZone::UTC).date())
    }

    /// Reads `2026-03-02`.
    pub fn parse(text: &str) -> Option<Day> {
        text.trim().parse::<Date>().ok().map(Day::of)
    }

    /// The Monday of this day's week (ISO 8601).
    #[must_use]
    pub const fn week(self) -> Day {
        // 1970-01-01 was a Thursday, three days after its Monday.
        Day(self.0 - (self.0 + 3).rem_euclid(7))
    }

    /// This day moved by whole days.
    #[must_use]
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

/// ISO 8601, `2026-03-02`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Day::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("“{text}” is not a day; write it as 2026-03-02")))
    }
}

/// Decides to which day of a site a moment belongs.
#[derive(Debug, Clone)]
pub struct BusinessDay {
    zone: TimeZone,
}

impl BusinessDay {
    /// The zone used where a site names none or an unknown one: the centres this product is for.
    pub const DEFAULT_ZONE: &'static str = "Asia/Shanghai";

    /// The calendar of a site by the name of its time zone (IANA, `Asia/Shanghai`); `None` for an unknown name.
    pub fn in_zone(name: &str) -> Option<BusinessDay> {
        TimeZone::get(name).ok().map(|zone| BusinessDay { zone })
    }

    /// The day on which a moment falls at the site.
    pub fn of(&self, at: Time) -> Day {
        Day::of(at.timestamp().to_zoned(self.zone.clone()).date())
    }

    /// The hour of the site's clock, 0–23.
    pub fn hour(&self, at: Time) -> u8 {
        u8::try_from(at.timestamp().to_zoned(self.zone.clone()).hour()).unwrap_or_default()
    }

    /// The first moment of a day at the site.
    pub fn start(&self, day: Day) -> Time {
        day.date()
            .to_zoned(self.zone.clone())
            .map_or(Time(i64::from(day.0) * 86_400 * Time::SECOND), |at| at.timestamp().into())
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Default for BusinessDay {
    fn default() -> BusinessDay {
        BusinessDay::in_zone(Self::DEFAULT_ZONE).unwrap_or(BusinessDay { zone: TimeZone::UTC })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_zones() {
        let day = Day::parse("2026-03-04").unwrap();
        assert_eq!(day.to_string(), "2026-03-04");
        assert_eq!(day.week().to_string(), "2026-03-02");
        assert_eq!(Day::parse("1969-12-31").unwrap().week().to_string(), "1969-12-29");
        let shanghai = BusinessDay::default();
        let late = Time::parse("2026-03-03T16:30:00Z").unwrap();
        assert_eq!(shanghai.of(late), day);
        assert_eq!(shanghai.hour(late), 0);
        assert_eq!(shanghai.start(day).to_string(), "2026-03-03T16:00:00Z");
        assert_eq!(Time::parse("yesterday"), None);
    }
}
