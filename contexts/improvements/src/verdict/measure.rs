//! From improvements, drills and counts to readings. Pure, but for the engine's arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use behaviours::api::{Measured, MeasuredBy, Window};
use drills::api::Drilled;
use evidence::{Conclusion, Counts, EvidenceError, Group, Part, Trace, VerdictPlan};
use kernel::{Day, PersonId};

use super::{
    N, Note, Outcome, Plain, PlanOf, Reading, RowOf, Side, WeekOf,
    rules::{WATCHED_WEEKS, monday, week_number},
};
use crate::improvement::{Improvement, Step};

/// Weeks before the selection that are looked at: the clean baseline, and enough beside it to see how much the whole
/// centre swings from week to week.
pub(crate) const HISTORY_WEEKS: i64 = 12;
/// Clean weeks that make up a baseline.
pub(crate) const BASELINE_WEEKS: u16 = 4;
/// Weeks before the selection that the chart shows.
const CHART_WEEKS: i64 = 6;

/// What everybody did by one frozen rule.
pub(crate) struct Material {
    counts: BTreeMap<PersonId, Vec<(i64, Counts)>>,
    recounted: Option<u64>,
}

impl Material {
    /// From what the behaviours context measured.
    pub fn new(measured: &Measured) -> Material {
        let mut counts: BTreeMap<PersonId, Vec<(i64, Counts)>> = BTreeMap::new();
        for one in &measured.counts {
            counts.entry(one.person).or_default().push((week_number(one.week), one.counts));
        }
        let recounted = match measured.by {
            MeasuredBy::LiveRule => None,
            MeasuredBy::FrozenRule { conversations } => Some(conversations),
        };
        Material { counts, recounted }
    }

    /// What some did together, by week.
    fn by_week(&self, people: &BTreeSet<PersonId>) -> BTreeMap<i64, N> {
        let mut sums: BTreeMap<i64, N> = BTreeMap::new();
        for (week, counts) in people.iter().filter_map(|person| self.counts.get(person)).flatten() {
            let sum = sums.entry(*week).or_default();
            sum.shown += counts.shown();
            sum.applicable += counts.applicable();
        }
        sums
    }
}

/// The weeks that an improvement needs, up to the last full week.
pub(crate) fn window(improvement: &Improvement, last_full_week: Day) -> Window {
    let first = week_number(improvement.measure.selection_from) - HISTORY_WEEKS;
    Window { from: monday(first), to: last_full_week.week().plus(6) }
}

/// Who was drilled in which week, as far as it counts for one improvement.
pub(crate) struct Drills {
    members: BTreeMap<PersonId, i64>,
    /// Members drilled in an earlier round alone: they are not drilled now, and nobody to compare with either.
    earlier: BTreeMap<PersonId, i64>,
    others: BTreeMap<PersonId, i64>,
    /// The week from which everybody works otherwise.
    everybody: Option<i64>,
}

impl Drills {
    /// For its people, the first drill of this round, or the day on which anything else took effect; for others,
    /// the first drill within the weeks looked at: whoever was drilled long before is steady by now. What is still to
    /// come does not count.
    pub fn of(improvement: &Improvement, steps: &[Step], drilled: &[Drilled], today: Day) -> Drills {
        let people: BTreeSet<PersonId> = improvement.members.iter().map(|member| member.person).collect();
        let from = improvement.round_from;
        let history = monday(week_number(improvement.measure.selection_from) - HISTORY_WEEKS);
        let (mut members, mut others, mut earlier) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let first = |of: &mut BTreeMap<PersonId, i64>, person: PersonId, day: Day| {
            let week = of.entry(person).or_insert(i64::MAX);
            *week = (*week).min(week_number(day));
        };
        for one in drilled.iter().filter(|one| one.behaviour == improvement.behaviour) {
            match people.contains(&one.person) {
                true if one.day >= from => first(&mut members, one.person, one.day),
                true if one.day >= history => first(&mut earlier, one.person, one.day),
                false if one.day >= history => first(&mut others, one.person, one.day),
                _ => {}
            }
        }
        let took_effect = |everybody: bool| {
            let days = steps.iter().filter(|step| !everybody || step.kind.is_for_everybody());
            days.filter_map(|step| step.day).filter(|day| (from..=today).contains(day)).min()
        };
        if let Some(day) = took_effect(false) {
            for person in &people {
                first(&mut members, *person, day);
            }
        }
        earlier.retain(|person, _| !members.contains_key(person));
        Drills { members, earlier, others, everybody: took_effect(true).map(week_number) }
    }

    /// Where somebody stands by the end of the week `now`.
    fn group(&self, person: PersonId, is_member: bool, now: i64) -> Group {
        let earlier = self.earlier.get(&person).copied();
        match (is_member, earlier) {
            (true, None) => {
                Group::Member { drilled: self.members.get(&person).copied().filter(|week| *week <= now) }
            }
            (true, Some(week)) => Group::Other { drilled: Some(week) },
            (false, _) => Group::Other { drilled: self.of_other(person) },
        }
    }

    /// The week of the first drill of its people, once it has come.
    pub fn first_week(&self) -> Option<i64> {
        self.members.values().min().copied()
    }

    fn of_other(&self, person: PersonId) -> Option<i64> {
        let own = self.others.get(&person).copied();
        own.into_iter().chain(self.everybody).min()
    }
}

/// Everybody's weeks as the engine takes them; made once for all looks.
pub(crate) fn traces(
    improvement: &Improvement,
    drills: &Drills,
    material: &Material,
    last_full_week: Day,
) -> Vec<Trace<PersonId>> {
    let now = week_number(last_full_week);
    people_of(improvement, material)
        .into_iter()
        .map(|(key, is_member)| Trace {
            key,
            group: drills.group(key, is_member, now),
            weeks: material.counts.get(&key).cloned().unwrap_or_default(),
        })
        .collect()
}

/// Reads the proof after so many weeks.
///
/// # Errors
/// The engine's, for a plan that is none.
pub(crate) fn read(
    improvement: &Improvement,
    drills: &Drills,
    material: &Material,
    traces: &[Trace<PersonId>],
    last_full_week: Day,
    weeks: u16,
) -> Result<Reading, EvidenceError> {
    let plan = plan(improvement, weeks, week_number(last_full_week));
    let verdict = evidence::verdict(traces, &plan)?;
    Ok(reading(improvement, drills, material, &plan, &verdict))
}

/// Reads the newest four weeks of a closed improvement against the same clean baseline: everybody drilled before them
/// as if in the week before, with what lies between left out.
///
/// # Errors
/// The engine's.
pub(crate) fn read_newest(
    improvement: &Improvement,
    drills: &Drills,
    material: &Material,
    last_full_week: Day,
) -> Result<Reading, EvidenceError> {
    let now = week_number(last_full_week);
    let eve = now - i64::from(WATCHED_WEEKS);
    let keys = people_of(improvement, material);
    let trace = |(key, is_member): (PersonId, bool)| {
        let own = drills.members.get(&key).copied();
        let mut weeks = material.counts.get(&key).cloned().unwrap_or_default();
        let group = match own {
            // Drilled within the newest weeks: neither drilled before them nor to compare with.
            Some(week) if week > eve => return None,
            Some(week) => {
                weeks.retain(|(at, _)| *at < week || *at > eve);
                Group::Member { drilled: Some(eve) }
            }
            None => drills.group(key, is_member, now),
        };
        Some(Trace { key, group, weeks })
    };
    let traces: Vec<Trace<PersonId>> = keys.into_iter().filter_map(trace).collect();
    let plan = plan(improvement, WATCHED_WEEKS, now);
    let verdict = evidence::verdict(&traces, &plan)?;
    Ok(reading(improvement, drills, material, &plan, &verdict))
}

/// Everybody who has counts, and its people in any case.
fn people_of(improvement: &Improvement, material: &Material) -> BTreeMap<PersonId, bool> {
    let mut people: BTreeMap<PersonId, bool> = material.counts.keys().map(|key| (*key, false)).collect();
    people.extend(improvement.members.iter().map(|member| (member.person, true)));
    people
}

fn plan(improvement: &Improvement, after_weeks: u16, now: i64) -> VerdictPlan {
    let measure = &improvement.measure;
    VerdictPlan {
        selection: week_number(measure.selection_from)..=week_number(measure.selection_to),
        baseline_weeks: BASELINE_WEEKS,
        after_weeks,
        worthwhile: measure.worthwhile,
        now,
    }
}

fn n(counts: Counts) -> N {
    N { shown: counts.shown(), applicable: counts.applicable() }
}

fn side(side: &evidence::Side) -> Side {
    Side {
        people: side.people as u64,
        before: n(side.before),
        after: n(side.after),
        baseline: side.baseline,
        change: side.change,
    }
}

fn reading(
    improvement: &Improvement,
    drills: &Drills,
    material: &Material,
    plan: &VerdictPlan,
    verdict: &evidence::Verdict<PersonId>,
) -> Reading {
    let (outcome, more) = match verdict.conclusion {
        Conclusion::Worked => (Outcome::Worked, 0),
        Conclusion::NoChange => (Outcome::NoChange, 0),
        Conclusion::Worse => (Outcome::Worse, 0),
        Conclusion::NotEnough { more } => (Outcome::NotEnough, more),
    };
    let rows: Vec<RowOf> = verdict.rows.iter().map(row).collect();
    let mut notes: Vec<Note> = verdict.notes.iter().map(note).collect();
    notes.extend(material.recounted.map(|conversations| Note::RuleChanged { conversations }));
    if drills.everybody.is_some() {
        notes.push(Note::ForEverybody);
    }
    let waits = notes.iter().any(|note| matches!(note, Note::Waiting { .. } | Note::NobodyDrilled));
    let gone = notes.iter().any(|note| matches!(note, Note::Gone { .. }));
    let after: u64 = rows.iter().filter(|row| row.drilled).map(|row| row.after.applicable).sum();
    if !waits && after == 0 && gone {
        notes.push(Note::NoConversations);
    }
    let weeks = weeks(improvement, drills, material, plan, &rows);
    // From one or two people an effect is computed whose interval is everything: that is no figure to show.
    let is_known = verdict.interval.low > -1.0 || verdict.interval.high < 1.0;
    Reading {
        outcome,
        more,
        effect: verdict.effect.filter(|_| is_known),
        low: verdict.interval.low,
        high: verdict.interval.high,
        standard_error: finite(verdict.standard_error),
        degrees_of_freedom: finite(verdict.degrees_of_freedom),
        complete: !waits,
        drilled: verdict.drilled.as_ref().map(side),
        compared: verdict.compared.as_ref().map(side),
        plain: Plain {
            before: n(verdict.plain.before),
            after: n(verdict.plain.after),
            change: verdict.plain.change,
            low: verdict.plain.interval.low,
            high: verdict.plain.interval.high,
            regression: verdict.plain.regression,
        },
        notes,
        rows,
        weeks,
        plan: PlanOf {
            selection_from: monday(*plan.selection.start()),
            selection_to: monday(*plan.selection.end()),
            baseline_weeks: plan.baseline_weeks,
            after_weeks: plan.after_weeks,
            worthwhile: plan.worthwhile,
            now: monday(plan.now),
        },
    }
}

/// What can be kept as JSON, which knows no infinity: as many degrees of freedom as nobody tells apart from it.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 1e6 }
}

fn row(row: &evidence::Row<PersonId>) -> RowOf {
    RowOf {
        person: row.key,
        drilled: row.part == Part::Drilled,
        drill: monday(row.drill),
        before: n(row.before),
        after: n(row.after),
        baseline: row.baseline,
        modelled: row.modelled,
        estimate: row.estimate,
        weight: row.weight,
    }
}

fn note(note: &evidence::Note) -> Note {
    match *note {
        evidence::Note::NobodyDrilled => Note::NobodyDrilled,
        evidence::Note::Waiting { people, until } => {
            Note::Waiting { people: people as u64, until: monday(until) }
        }
        evidence::Note::Gone { people } => Note::Gone { people: people as u64 },
        evidence::Note::NothingBefore { people } => Note::NothingBefore { people: people as u64 },
        evidence::Note::NotCompared { people } => Note::NotCompared { people: people as u64 },
        evidence::Note::FewPeople { people, needed } => {
            Note::FewPeople { people: people as u64, needed: needed as u64 }
        }
        evidence::Note::ChosenByHand => Note::ChosenByHand,
        evidence::Note::ShortBaseline { weeks } => Note::ShortBaseline { weeks: u64::from(weeks) },
        evidence::Note::ModelledBaseline { people } => Note::ModelledBaseline { people: people as u64 },
        evidence::Note::NothingToCompare { swing } => Note::NothingToCompare { swing },
        evidence::Note::OthersDrilled { people } => Note::OthersDrilled { people: people as u64 },
        evidence::Note::MorePeople { people } => Note::MorePeople { people },
    }
}

/// Both sides week by week: the people drilled, and those who stand beside them in the rows.
fn weeks(
    improvement: &Improvement,
    drills: &Drills,
    material: &Material,
    plan: &VerdictPlan,
    rows: &[RowOf],
) -> Vec<WeekOf> {
    let drilled: BTreeSet<PersonId> = drills.members.keys().copied().collect();
    let compared: BTreeSet<PersonId> = rows
        .iter()
        .filter(|row| !row.drilled && !drilled.contains(&row.person))
        .map(|row| row.person)
        .collect();
    let (drilled, compared) = (material.by_week(&drilled), material.by_week(&compared));
    let first = week_number(improvement.measure.selection_from) - CHART_WEEKS;
    (first..=plan.now)
        .map(|week| WeekOf {
            week: monday(week),
            drilled: drilled.get(&week).copied().unwrap_or_default(),
            compared: compared.get(&week).copied().unwrap_or_default(),
            drills: drills.members.values().filter(|at| **at == week).count() as u64,
        })
        .collect()
}
