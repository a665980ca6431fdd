//! People: what they may not do on which day, and what they wish for.

use std::ops::Range;

use super::calendar::{Calendar, Outside, Stretch};
use super::contracts::{Contract, Shared, before};
use super::faults::Faults;
use super::file::{AvailableRow, FixedRow, PersonRow, WishRow};
use super::{Names, OFF_NAME, number};
use crate::model::{Choice, FORBIDDEN, OFF, Person, Shift, WEIGHT_MAX};

/// Weight of a wish where the file names none.
const WEIGHT: u32 = 5;
/// Highest weight of a wish.
const WISH_MAX: i64 = 1_000;
/// Most that all wishes of a person for one day weigh together.
const WISHES_MAX: u32 = WEIGHT_MAX / 2;

/// Most wishes of all people, each day counted.
const WISHES_TOTAL_MAX: usize = 2_000_000;

/// What keeps somebody from a choice on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ban {
    /// They are on leave.
    Leave,
    /// The shift lies outside of the hours in which they are available.
    Availability,
    /// It is night work, and they are under age.
    Age,
    /// Their contract is without the shift.
    Shifts,
    /// The file says what they do on that day.
    Fixed,
}

impl Ban {
    /// All of them.
    pub const ALL: [Ban; 5] = [Ban::Leave, Ban::Availability, Ban::Age, Ban::Shifts, Ban::Fixed];

    /// What it is called in a list of rules.
    pub fn name(self) -> &'static str {
        match self {
            Ban::Leave => "leave",
            Ban::Availability => "availability",
            Ban::Age => "no night work under age",
            Ban::Shifts => "the shifts of the contract",
            Ban::Fixed => "fixed shifts",
        }
    }
}

/// Something that somebody wishes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The day.
    pub day: usize,
    /// What they would like to do, or not to do.
    pub choice: Choice,
    /// Whether they would rather not.
    pub against: bool,
    /// What it costs when it is not met.
    pub weight: u32,
}

impl Wish {
    /// Whether a choice for the day meets it.
    pub fn is_met(&self, choice: Choice) -> bool {
        (choice == self.choice) != self.against
    }
}

/// What a file says of somebody beside their rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their line in the file, from 1.
    pub line: usize,
    /// The name of their contract.
    pub contract: String,
    /// Their wishes, in the order of the file.
    pub wishes: Vec<Wish>,
    /// Their days of leave, in order.
    leave: Vec<usize>,
    /// When they can work, in minutes, in the order of days; on other days always.
    available: Vec<(usize, Stretch)>,
    under_age: bool,
    /// The only shifts of their contract; nothing where all are allowed.
    shifts: Option<Vec<u16>>,
    /// What they do on certain days, in the order of days.
    fixed: Vec<(usize, Choice)>,
}

impl Member {
    /// Whether the day is one of leave.
    pub fn is_on_leave(&self, day: usize) -> bool {
        self.leave.binary_search(&day).is_ok()
    }

    /// Whether something keeps them from a choice on a day. `shift` is that of the choice, nothing for a day off.
    pub(super) fn is_banned(&self, ban: Ban, day: usize, choice: Choice, shift: Option<&Shift>) -> bool {
        let on = |days: &[(usize, Choice)]| {
            days.binary_search_by_key(&day, |&(day, _)| day).ok().map(|at| days[at].1)
        };
        match (ban, shift) {
            (Ban::Fixed, _) => on(&self.fixed).is_some_and(|fixed| fixed != choice),
            (Ban::Leave, Some(_)) => self.is_on_leave(day),
            (Ban::Age, Some(shift)) => self.under_age && shift.night,
            (Ban::Shifts, Some(_)) => {
                self.shifts.as_ref().is_some_and(|shifts| !shifts.iter().any(|&shift| shift + 1 == choice))
            }
            (Ban::Availability, Some(shift)) => {
                let at = self.available.binary_search_by_key(&day, |&(day, _)| day);
                at.is_ok_and(|at| {
                    let hours = self.available[at].1;
                    shift.start < hours.from || shift.end > hours.to
                })
            }
            (_, None) => false,
        }
    }

    /// What each choice costs on each day; empty when all is free.
    fn tolls(&self, days: usize, shifts: &[Shift]) -> Vec<i32> {
        let bound = !(self.leave.is_empty() && self.available.is_empty() && self.fixed.is_empty());
        if !bound && !self.under_age && self.shifts.is_none() && self.wishes.is_empty() {
            return Vec::new();
        }
        let choices = shifts.len() + 1;
        let mut tolls = vec![0_i32; days * choices];
        for wish in &self.wishes {
            let of_day = &mut tolls[wish.day * choices..(wish.day + 1) * choices];
            for (toll, choice) in of_day.iter_mut().zip(OFF..) {
                if !wish.is_met(choice) {
                    *toll = toll.saturating_add_unsigned(wish.weight);
                }
            }
        }
        for (day, of_day) in tolls.chunks_mut(choices).enumerate() {
            for (toll, choice) in of_day.iter_mut().zip(OFF..) {
                let shift = usize::from(choice).checked_sub(1).and_then(|at| shifts.get(at));
                if Ban::ALL.iter().any(|&ban| self.is_banned(ban, day, choice, shift)) {
                    *toll = FORBIDDEN;
                }
            }
        }
        tolls
    }
}

/// What people are read with.
pub(super) struct Frame<'f> {
    pub calendar: &'f Calendar,
    pub shift_names: &'f Names,
    pub shifts: &'f [Shift],
    pub skills: &'f Names,
    pub contract_names: &'f Names,
    /// Contracts by their place, nothing where one has a mistake.
    pub contracts: &'f [Option<Contract>],
}

/// Rules and skill groups that people share.
#[derive(Default)]
pub(super) struct Common {
    pub rules: Shared,
    pub groups: Vec<u32>,
    /// How many wishes there are so far.
    wishes: usize,
}

impl Frame<'_> {
    /// Reads a person; nothing where there is a mistake.
    pub(super) fn person(
        &self,
        row: &PersonRow,
        common: &mut Common,
        faults: &mut Faults,
    ) -> Option<(Person, Member)> {
        let name = row.name.get_ref();
        let group = self.group(row, faults);
        let leave = self.calendar.meant(&row.leave, Outside::LeftAside, faults);
        let available = self.available(&row.available, faults);
        let fixed = self.fixed(&row.fixed, faults);
        let wishes = self.wishes(&row.wishes, &row.name.span(), faults);
        common.wishes += wishes.as_ref().map_or(0, Vec::len);
        if common.wishes > WISHES_TOTAL_MAX {
            faults.at(
                &row.name.span(),
                format!("there are more than {WISHES_TOTAL_MAX} wishes: leave some out"),
            );
            return None;
        }
        let before = before(row.before.as_ref(), self.shift_names, faults);
        let contract = self.contracts.get(self.contract_names.find(&row.contract, faults)?)?.as_ref()?;
        let (group, before) = (group?, before?);
        let at = common.groups.iter().position(|&known| known == group).unwrap_or_else(|| {
            common.groups.push(group);
            common.groups.len() - 1
        });
        let rules = common.rules.place(contract.rules(self.calendar, &leave, before));
        let member = Member {
            line: faults.line(&row.name.span()),
            contract: row.contract.get_ref().clone(),
            wishes: wishes?,
            leave,
            available: available?,
            under_age: row.under_age,
            shifts: contract.shifts.clone(),
            fixed: fixed?,
        };
        let tolls = member.tolls(self.calendar.days, self.shifts);
        let group = u16::try_from(at).unwrap_or(u16::MAX);
        Some((Person { name: name.clone(), group, rules, tolls }, member))
    }

    /// The skills of a person, as bits.
    fn group(&self, row: &PersonRow, faults: &mut Faults) -> Option<u32> {
        if row.skills.get_ref().is_empty() {
            let why = format!("“{}” has no skill: give one of {}", row.name.get_ref(), self.skills.all());
            faults.at(&row.skills.span(), why);
            return None;
        }
        let mut group = 0;
        for skill in row.skills.get_ref() {
            group |= 1 << self.skills.find(skill, faults)?;
        }
        Some(group)
    }

    fn available(&self, rows: &[AvailableRow], faults: &mut Faults) -> Option<Vec<(usize, Stretch)>> {
        let mut found: Vec<(usize, Stretch)> = Vec::new();
        for row in rows {
            let days = self.calendar.meant(&row.days, Outside::Refused, faults);
            let time = self.calendar.stretch(&row.time, faults)?;
            for day in days {
                if found.iter().any(|&(known, _)| known == day) {
                    let date = self.calendar.date(day);
                    let why = format!("{date} stands in another entry of available too: give it one stretch");
                    faults.at(&row.time.span(), why);
                    return None;
                }
                found.push((day, time));
            }
        }
        found.sort_unstable();
        Some(found)
    }

    fn fixed(&self, rows: &[FixedRow], faults: &mut Faults) -> Option<Vec<(usize, Choice)>> {
        let mut found: Vec<(usize, Choice)> = Vec::new();
        for row in rows {
            let days = self.calendar.meant(&row.day, Outside::Refused, faults);
            let choice = self.choice(&row.shift, row.shift.get_ref(), faults)?;
            for day in days {
                match found.iter().find(|&&(known, _)| known == day) {
                    Some(&(_, known)) if known != choice => {
                        let date = self.calendar.date(day);
                        let why = format!("{date} stands in another entry of fixed too: keep one of them");
                        faults.at(&row.shift.span(), why);
                        return None;
                    }
                    Some(_) => {}
                    None => found.push((day, choice)),
                }
            }
        }
        found.sort_unstable();
        Some(found)
    }

    fn wishes(&self, rows: &[WishRow], person: &Range<usize>, faults: &mut Faults) -> Option<Vec<Wish>> {
        let mut found: Vec<Wish> = Vec::new();
        let mut weights = vec![0_u32; self.calendar.days];
        for row in rows {
            let days = self.calendar.meant(&row.days, Outside::Refused, faults);
            let text = row.shift.get_ref();
            let against = text.starts_with('!');
            let choice = self.choice(&row.shift, text.strip_prefix('!').unwrap_or(text), faults);
            let weight = row
                .weight
                .as_ref()
                .map_or(Some(WEIGHT), |weight| number("weight", weight, 1, WISH_MAX, faults));
            let (choice, weight) = (choice?, weight?);
            for day in days {
                weights[day] += weight;
                if weights[day] > WISHES_MAX {
                    let date = self.calendar.date(day);
                    let why = format!("the wishes for {date} weigh more than {WISHES_MAX} together");
                    faults.at(person, format!("{why}: leave some out"));
                    return None;
                }
                found.push(Wish { day, choice, against, weight });
            }
        }
        Some(found)
    }

    /// A shift or a day off by its name.
    fn choice(&self, row: &toml::Spanned<String>, name: &str, faults: &mut Faults) -> Option<Choice> {
        if name == OFF_NAME {
            return Some(OFF);
        }
        let shift = self.shift_names.find_name(name, &row.span(), faults)?;
        Choice::try_from(shift + 1).ok()
    }
}
