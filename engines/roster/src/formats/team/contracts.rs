//! From a contract to the rules of each who has it.

use std::collections::HashMap;

use toml::Spanned;

use super::calendar::Calendar;
use super::faults::Faults;
use super::file::{BeforeRow, ContractRow};
use super::{Names, OFF_NAME, number};
use crate::model::{Before, DAYS_MAX, Rules, Span, Unpleasant, WEIGHT_MAX};

/// Least hours between two shifts where a contract names none.
const REST_HOURS: f64 = 11.0;
/// Most days of work in a row where a contract names none.
const DAYS_IN_A_ROW: u32 = 6;
/// Days of leave that take a week's least hours away.
const WORKDAYS: u32 = 5;
/// Most hours of a week, and of a rest.
const HOURS_MAX: f64 = 168.0;
/// Highest `fair`.
const FAIR_MAX: i64 = 1_000;

/// A contract, before the horizon is cut into weeks for somebody.
pub(super) struct Contract {
    /// Its rules, with the weeks of whoever is never on leave.
    rules: Rules,
    /// The only shifts; nothing where all are allowed.
    pub shifts: Option<Vec<u16>>,
    week: Week,
}

/// Limits of one whole week.
#[derive(Clone, Copy)]
struct Week {
    least_minutes: u32,
    most_minutes: u32,
    most_days: u32,
}

/// What a contract is read with.
pub(super) struct Frame<'f> {
    pub calendar: &'f Calendar,
    pub shifts: &'f Names,
    /// Shifts that nobody likes.
    pub unpleasant: &'f [u16],
    /// Weekends and holidays.
    pub unpleasant_days: &'f [usize],
}

/// Reads a contract; nothing where a limit cannot be meant.
pub(super) fn contract(row: &ContractRow, frame: &Frame, faults: &mut Faults) -> Option<Contract> {
    let most = DAYS_MAX as u64;
    let mut limit = |what: &str, value: &Option<Spanned<i64>>, least: i64, usual: u32| {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        value.as_ref().map_or(Some(usual), |value| number(what, value, least, most, faults))
    };
    let most_days = limit("days_per_week", &row.days_per_week, 0, 7);
    let in_a_row = limit("days_in_a_row", &row.days_in_a_row, 1, DAYS_IN_A_ROW);
    let off_in_a_row = limit("days_off_in_a_row", &row.days_off_in_a_row, 1, 1);
    let weekends = limit("weekends", &row.weekends, 0, u32::from(u16::MAX));
    let nights = limit("nights_in_a_row", &row.nights_in_a_row, 0, u32::from(u16::MAX));
    let hours = hours_per_week(row.hours_per_week.as_ref(), faults);
    let rest = row.rest_hours.as_ref();
    let rest = rest.map_or(minutes(REST_HOURS), |rest| {
        let read = minutes(*rest.get_ref());
        if read.is_none() {
            let why =
                format!("rest_hours is {}: give 0 to {HOURS_MAX} hours of whole minutes", rest.get_ref());
            faults.at(&rest.span(), why);
        }
        read
    });
    let unpleasant = unpleasant(row, frame, faults);
    let shifts = row.shifts.as_ref().map(|names| {
        names.iter().map(|name| frame.shifts.find(name, faults).map(tiny)).collect::<Option<Vec<u16>>>()
    });
    let shifts = match shifts {
        None => None,
        Some(names) => Some(names?),
    };
    let (least_minutes, most_minutes) = hours?;
    let week = Week { least_minutes, most_minutes, most_days: most_days? };
    let rules = Rules {
        name: row.name.get_ref().clone(),
        spans: week.spans(frame.calendar, &[]),
        rest_minutes: rest?,
        max_run: small(in_a_row?),
        min_off: small(off_in_a_row?),
        max_weekends: small(weekends?),
        max_nights: small(nights?),
        unpleasant: unpleasant?,
        ..Rules::default()
    };
    Some(Contract { rules, shifts, week })
}

fn hours_per_week(hours: Option<&Spanned<Vec<f64>>>, faults: &mut Faults) -> Option<(u32, u32)> {
    let Some(hours) = hours else { return Some((0, u32::MAX)) };
    let [least, most] = hours.get_ref()[..] else {
        let why = format!("hours_per_week has {} numbers: give [least, most]", hours.get_ref().len());
        faults.at(&hours.span(), why);
        return None;
    };
    let read = minutes(least).zip(minutes(most)).filter(|(least, most)| least <= most);
    if read.is_none() {
        let why = format!(
            "hours_per_week is [{least}, {most}]: give [least, most], 0 to {HOURS_MAX} hours of whole minutes, the least first"
        );
        faults.at(&hours.span(), why);
    }
    read
}

/// Hours as minutes, when they are whole ones.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at before")]
fn minutes(hours: f64) -> Option<u32> {
    let minutes = hours * 60.0;
    let whole = (minutes - minutes.round()).abs() < 1e-6;
    ((0.0..=HOURS_MAX).contains(&hours) && whole).then(|| minutes.round() as u32)
}

#[expect(clippy::option_option, reason = "a mistake, or nothing that is shared out fairly")]
fn unpleasant(row: &ContractRow, frame: &Frame, faults: &mut Faults) -> Option<Option<Unpleasant>> {
    let Some(fair) = &row.fair else { return Some(None) };
    let cost = number("fair", fair, 0, FAIR_MAX, faults)?;
    // No line has more such days than these.
    let days = if frame.unpleasant.is_empty() { frame.unpleasant_days.len() } else { frame.calendar.days };
    let times = u32::try_from(days).unwrap_or(u32::MAX);
    if cost == 0 || times == 0 {
        return Some(None);
    }
    if cost.saturating_mul(times) > WEIGHT_MAX {
        let most = WEIGHT_MAX / times;
        faults.at(&fair.span(), format!("fair is {cost}: give {most} at most for {days} such days"));
        return None;
    }
    Some(Some(Unpleasant {
        shifts: frame.unpleasant.to_vec(),
        days: frame.unpleasant_days.iter().copied().map(tiny).collect(),
        costs: (1..=times).map(|time| time * cost).collect(),
    }))
}

impl Week {
    /// The limits of each week of the horizon, with less to do for every day of leave from Monday to Friday: who is away
    /// at the weekend too has as many days left to work as before.
    fn spans(self, calendar: &Calendar, leave: &[usize]) -> Vec<Span> {
        let weeks = (0..calendar.days).step_by(7);
        weeks
            .map(|first| {
                let days = (calendar.days - first).min(7);
                let is_counted =
                    |day: usize| (first..first + days).contains(&day) && calendar.weekday(day) < 5;
                let away = leave.iter().filter(|&&day| is_counted(day)).count();
                let away = u32::try_from(away).unwrap_or(7);
                let least = self.least_minutes * u32::try_from(days).unwrap_or(7) / 7;
                Span {
                    first: tiny(first),
                    days: tiny(days),
                    min_minutes: least * WORKDAYS.saturating_sub(away) / WORKDAYS,
                    max_minutes: self.most_minutes,
                    max_days: small(self.most_days.saturating_sub(away)),
                }
            })
            .collect()
    }
}

impl Contract {
    /// The rules of somebody with this contract.
    pub(super) fn rules(&self, calendar: &Calendar, leave: &[usize], before: Before) -> Rules {
        Rules { spans: self.week.spans(calendar, leave), before, ..self.rules.clone() }
    }
}

/// What was before the horizon.
pub(super) fn before(row: Option<&BeforeRow>, shifts: &Names, faults: &mut Faults) -> Option<Before> {
    let Some(row) = row else { return Some(Before::default()) };
    let days = row.days.as_ref();
    let is_off = row.shift.get_ref() == OFF_NAME;
    let usual = u32::from(!is_off);
    let days = days.map_or(Some(usual), |days| {
        let (least, most) = if is_off { (0, 0) } else { (1, 366) };
        number("days", days, least, most, faults)
    });
    let shift = if is_off { None } else { Some(tiny(shifts.find(&row.shift, faults)?)) };
    Some(Before { shift, run: small(days?) })
}

/// Rules of which each stands once.
#[derive(Default)]
pub(super) struct Shared {
    known: HashMap<Rules, u32>,
    pub list: Vec<Rules>,
}

impl Shared {
    /// The place of rules.
    pub(super) fn place(&mut self, rules: Rules) -> u32 {
        if let Some(&at) = self.known.get(&rules) {
            return at;
        }
        let at = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(rules.clone());
        self.known.insert(rules, at);
        at
    }
}

fn tiny(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn small(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
