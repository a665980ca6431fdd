//! The file as it is written: the fields of docs/roster.md, nothing looked up yet.

use serde::Deserialize;
use toml::Spanned;

use super::time::{Clock, Day, Days, Leave, Many, Stretch};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) first_day: Spanned<Day>,
    pub(super) days: Spanned<i64>,
    pub(super) interval_minutes: Option<Spanned<i64>>,
    pub(super) skills: Spanned<Vec<Spanned<String>>>,
    pub(super) short: Option<Spanned<f64>>,
    pub(super) idle: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) holidays: Many<Days>,
    #[serde(default)]
    pub(super) required: Vec<Required>,
    #[serde(default)]
    pub(super) shifts: Vec<Shift>,
    #[serde(default)]
    pub(super) contracts: Vec<Contract>,
    #[serde(default)]
    pub(super) people: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Required {
    pub(super) days: Many<Days>,
    pub(super) skill: Spanned<String>,
    pub(super) from: Spanned<Clock>,
    pub(super) agents: Vec<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shift {
    pub(super) name: Spanned<String>,
    pub(super) time: Spanned<Stretch>,
    pub(super) paid_minutes: Option<Spanned<i64>>,
    pub(super) night: Option<bool>,
    #[serde(default)]
    pub(super) unpleasant: bool,
    #[serde(default)]
    pub(super) breaks: Vec<Spanned<Break>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Break {
    pub(super) minutes: Spanned<i64>,
    pub(super) between: Spanned<Stretch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    pub(super) name: Spanned<String>,
    pub(super) hours_per_week: Option<Spanned<[f64; 2]>>,
    pub(super) days_per_week: Option<Spanned<i64>>,
    pub(super) rest_hours: Option<Spanned<f64>>,
    pub(super) days_in_a_row: Option<Spanned<i64>>,
    pub(super) days_off_in_a_row: Option<Spanned<i64>>,
    pub(super) weekends: Option<Spanned<i64>>,
    pub(super) nights_in_a_row: Option<Spanned<i64>>,
    pub(super) shifts: Option<Vec<Spanned<String>>>,
    pub(super) fair: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: Spanned<String>,
    pub(super) skills: Vec<Spanned<String>>,
    pub(super) contract: Spanned<String>,
    #[serde(default)]
    pub(super) under_age: bool,
    #[serde(default)]
    pub(super) leave: Many<Leave>,
    #[serde(default)]
    pub(super) available: Vec<Available>,
    #[serde(default)]
    pub(super) fixed: Vec<Fixed>,
    #[serde(default)]
    pub(super) wishes: Vec<Wish>,
    pub(super) before: Option<Before>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Available {
    pub(super) days: Many<Days>,
    pub(super) time: Spanned<Stretch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fixed {
    pub(super) day: Many<Days>,
    pub(super) shift: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    pub(super) days: Many<Days>,
    pub(super) shift: Spanned<String>,
    pub(super) weight: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Before {
    pub(super) shift: Spanned<String>,
    pub(super) days: Spanned<i64>,
}
