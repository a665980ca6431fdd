//! The file as it stands, field by field, with where each stands so that a mistake is told with its line.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::{Spanned, Value};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub first_day: Spanned<Value>,
    pub days: Spanned<i64>,
    pub interval_minutes: Option<Spanned<i64>>,
    pub skills: Spanned<Vec<Spanned<String>>>,
    pub short: Option<Spanned<i64>>,
    pub idle: Option<Spanned<i64>>,
    #[serde(default)]
    pub holidays: Days,
    #[serde(default)]
    pub required: Vec<RequiredRow>,
    #[serde(default)]
    pub shifts: Vec<ShiftRow>,
    #[serde(default)]
    pub contracts: Vec<ContractRow>,
    #[serde(default)]
    pub people: Vec<PersonRow>,
}

/// `[[required]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequiredRow {
    pub days: Days,
    pub skill: Spanned<String>,
    pub from: Spanned<String>,
    pub agents: Spanned<Vec<i64>>,
}

/// `[[shifts]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftRow {
    pub name: Spanned<String>,
    pub time: Spanned<String>,
    pub paid_minutes: Option<Spanned<i64>>,
    pub night: Option<bool>,
    #[serde(default)]
    pub unpleasant: bool,
    #[serde(default)]
    pub breaks: Vec<BreakRow>,
}

/// An entry of `breaks`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakRow {
    pub minutes: Spanned<i64>,
    pub between: Spanned<String>,
}

/// `[[contracts]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContractRow {
    pub name: Spanned<String>,
    pub hours_per_week: Option<Spanned<Vec<f64>>>,
    pub days_per_week: Option<Spanned<i64>>,
    pub rest_hours: Option<Spanned<f64>>,
    pub days_in_a_row: Option<Spanned<i64>>,
    pub days_off_in_a_row: Option<Spanned<i64>>,
    pub weekends: Option<Spanned<i64>>,
    pub nights_in_a_row: Option<Spanned<i64>>,
    pub shifts: Option<Vec<Spanned<String>>>,
    pub fair: Option<Spanned<i64>>,
}

/// `[[people]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonRow {
    pub name: Spanned<String>,
    pub skills: Spanned<Vec<Spanned<String>>>,
    pub contract: Spanned<String>,
    #[serde(default)]
    pub under_age: bool,
    #[serde(default)]
    pub leave: Days,
    #[serde(default)]
    pub available: Vec<AvailableRow>,
    #[serde(default)]
    pub fixed: Vec<FixedRow>,
    #[serde(default)]
    pub wishes: Vec<WishRow>,
    pub before: Option<BeforeRow>,
}

/// An entry of `available`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AvailableRow {
    pub days: Days,
    pub time: Spanned<String>,
}

/// An entry of `fixed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixedRow {
    pub day: Days,
    pub shift: Spanned<String>,
}

/// An entry of `wishes`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WishRow {
    pub days: Days,
    pub shift: Spanned<String>,
    pub weight: Option<Spanned<i64>>,
}

/// `before`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BeforeRow {
    pub shift: Spanned<String>,
    pub days: Option<Spanned<i64>>,
}

/// One day or several, as they stand: [`super::calendar`] finds what they mean.
#[derive(Debug, Default)]
pub(super) struct Days(pub Vec<Spanned<Value>>);

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Days, D::Error> {
        let whole = Spanned::<OneOrMany>::deserialize(deserializer)?;
        let span = whole.span();
        Ok(match whole.into_inner() {
            OneOrMany::One(value) => Days(vec![Spanned::new(span, value)]),
            OneOrMany::Many(values) => Days(values),
        })
    }
}

/// A value, or a list of values each with its place.
enum OneOrMany {
    One(Value),
    Many(Vec<Spanned<Value>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMany, D::Error> {
        deserializer.deserialize_any(DaysVisitor)
    }
}

struct DaysVisitor;

impl<'de> Visitor<'de> for DaysVisitor {
    type Value = OneOrMany;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a day such as \"2026-11-23\" or \"mon\", or a list of days")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(Value::String(text.to_owned())))
    }

    // A range of days, or a date without quotation marks.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(OneOrMany::Many(values))
    }
}
