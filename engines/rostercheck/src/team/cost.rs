//! What a roster costs.

use std::collections::BTreeSet;

use super::{
    Given, Line,
    instance::{Instance, Person},
    required::Requirement,
    time::{DAY, Stretch, is_weekend},
};
use crate::{Part, Understaffed, flow::most_served};

pub(super) fn cost(
    instance: &Instance,
    requirement: &Requirement,
    lines: &[Line],
) -> (Vec<Part>, Vec<Understaffed>) {
    let (mut missing, mut idle) = (0, 0);
    let mut understaffed = Vec::new();
    let teams = Teams::of(instance);
    for day in 0..instance.dates.len() {
        for (interval, counts) in teams.at_work(instance, lines, day).iter().enumerate() {
            let required = requirement.at(day * instance.per_day() + interval);
            let required: Vec<usize> = required.iter().map(|agents| *agents as usize).collect();
            let served = most_served(&teams.skills, counts, &required);
            let short = required.iter().sum::<usize>() - served;
            missing += short;
            idle += counts.iter().sum::<usize>() - served;
            if short > 0 {
                let from = u32::try_from(interval).unwrap_or_default() * instance.interval;
                let at = Stretch { from, to: from + instance.interval }.to_string();
                let missing = u32::try_from(short).unwrap_or(u32::MAX);
                understaffed.push(Understaffed { day, at, missing });
            }
        }
    }
    let people = || instance.people.iter().zip(lines);
    let parts = vec![
        Part { name: "understaffing", cost: instance.short * missing as f64 },
        Part { name: "idle", cost: instance.idle * idle as f64 },
        Part { name: "wishes", cost: people().map(|(person, line)| wishes(instance, person, line)).sum() },
        Part { name: "fair", cost: people().map(|(person, line)| fair(instance, person, line)).sum() },
    ];
    (parts, understaffed)
}

/// The people with the same skills count as one team.
struct Teams {
    /// A mask for each team.
    skills: Vec<u64>,
    /// The team of each person.
    of: Vec<usize>,
}

impl Teams {
    fn of(instance: &Instance) -> Self {
        let masks: BTreeSet<u64> = instance.people.iter().map(|person| person.skills).collect();
        let skills: Vec<u64> = masks.into_iter().collect();
        let of = instance.people.iter().filter_map(|person| skills.binary_search(&person.skills).ok());
        Self { of: of.collect(), skills }
    }

    /// How many of each team are at work in each interval of a day, from shifts of this day and the one before.
    fn at_work(&self, instance: &Instance, lines: &[Line], day: usize) -> Vec<Vec<usize>> {
        let mut counts = vec![vec![0; self.skills.len()]; instance.per_day()];
        for (line, team) in lines.iter().zip(&self.of) {
            let today = (0, line[day].as_ref());
            let yesterday = (DAY, day.checked_sub(1).and_then(|before| line[before].as_ref()));
            for (midnight, given) in [today, yesterday] {
                let Some(given) = given else { continue };
                let time = instance.shifts[given.shift].time;
                let mut minute = time.from.max(midnight);
                while minute < time.to.min(midnight + DAY) {
                    if !is_on_break(given, minute, instance.interval) {
                        counts[((minute - midnight) / instance.interval) as usize][*team] += 1;
                    }
                    minute += instance.interval;
                }
            }
        }
        counts
    }
}

fn is_on_break(given: &Given, minute: u32, interval: u32) -> bool {
    given.breaks.iter().any(|pause| pause.from < minute + interval && minute < pause.to)
}

/// The weights of the wishes that are not met.
fn wishes(instance: &Instance, person: &Person, line: &Line) -> f64 {
    let days = instance.dates.iter().zip(line);
    days.map(|(date, given)| {
        let given = given.as_ref().map(|given| given.shift);
        let unmet = person.wishes(*date).filter(|wish| !wish.is_met(given));
        unmet.map(|wish| f64::from(wish.weight)).sum::<f64>()
    })
    .sum()
}

/// What a person's unpleasant days cost: the first once, the second twice, and so on.
fn fair(instance: &Instance, person: &Person, line: &Line) -> f64 {
    let unpleasant = instance.dates.iter().zip(line).filter(|(date, given)| {
        given.as_ref().is_some_and(|given| {
            let special = is_weekend(**date) || instance.holidays.hold(**date);
            instance.shifts[given.shift].unpleasant || special
        })
    });
    let count = unpleasant.count() as f64;
    instance.contracts[person.contract].fair * count * (count + 1.0) / 2.0
}
