//! Measures: a behaviour's rule as it was on one day, and what people did by it in each week. What was agreed to be
//! measured is measured by the same words before and after, whatever happens to the live rule in between.

mod service;

use std::collections::BTreeMap;

use evidence::Counts;
use inspection::{Diagnostic, RuleSet, Source};
use kernel::{Day, PersonId};
use serde::{Deserialize, Serialize};

use crate::{
    behaviour::{BehaviourId, Live},
    observation::rollup::{Cell, Count, Delta},
    rule_set::{Library, LiveSet, store::digest},
    uptake::{Sum, Window},
};

/// A behaviour's rule with everything that it refers to, as it was when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The behaviour.
    pub behaviour: BehaviourId,
    /// Its name in the rule files.
    pub name: String,
    /// The number of the version that was live.
    pub version_n: i64,
    /// Tells these texts from any others.
    pub digest: String,
    /// The texts that it takes to inspect by it.
    pub sources: Vec<FrozenSource>,
}

/// One text of a frozen rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenSource {
    /// Its name in messages.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// What one person did in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PersonWeek {
    /// The person.
    pub person: PersonId,
    /// The Monday of the week.
    pub week: Day,
    /// Conversations where shown, of those where applicable.
    pub counts: Counts,
}

/// By which rule it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasuredBy {
    /// The live rule, which is still the frozen one: the figures of the uptake map.
    LiveRule,
    /// The frozen rule, which is live no more: so many conversations were read again.
    FrozenRule {
        /// How many.
        conversations: u64,
    },
}

/// What everybody did, by person and week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// By person, then week; weeks in which it was never applicable are left out.
    pub counts: Vec<PersonWeek>,
    /// By which rule.
    pub by: MeasuredBy,
}

/// Freezes a live behaviour: its own text and the shared lists, and all texts only where it refers to another
/// behaviour's rules.
pub(crate) fn freeze(libraries: &[Library], live: &[Live], behaviour: &Live) -> Frozen {
    let alone = std::slice::from_ref(behaviour);
    let own = sources(libraries, alone);
    let (chosen, sources) =
        if compiles(&own).is_ok() { (alone, own) } else { (live, sources(libraries, live)) };
    Frozen {
        behaviour: behaviour.id,
        name: behaviour.name.clone(),
        version_n: behaviour.n,
        digest: digest(libraries, chosen),
        sources,
    }
}

/// The texts of libraries and behaviours.
pub(crate) fn sources(libraries: &[Library], live: &[Live]) -> Vec<FrozenSource> {
    let shared = |library: &Library| FrozenSource { name: library.name.clone(), text: library.text.clone() };
    let own = |live: &Live| FrozenSource { name: live.name.clone(), text: live.rule_text.clone() };
    libraries.iter().map(shared).chain(live.iter().map(own)).collect()
}

fn compiles(sources: &[FrozenSource]) -> Result<RuleSet, Vec<Diagnostic>> {
    let sources: Vec<Source<'_>> =
        sources.iter().map(|source| Source { name: &source.name, text: &source.text }).collect();
    RuleSet::compile(&sources)
}

/// A rule set that looks for the frozen behaviour alone.
///
/// # Errors
/// What the rules engine of today refuses in a text of then.
pub(crate) fn rule_set(frozen: &Frozen) -> Result<LiveSet, Vec<Diagnostic>> {
    let rules = compiles(&frozen.sources)?;
    let nil = BehaviourId(uuid::Uuid::nil());
    let members = rules
        .behaviours()
        .iter()
        .map(|info| if info.name == frozen.name { frozen.behaviour } else { nil })
        .collect();
    Ok(LiveSet { n: 0, rules, members, behaviours: BTreeMap::new() })
}

/// By person and week, from the sums of the roll-up.
pub(crate) fn from_sums(sums: &[Sum]) -> Vec<PersonWeek> {
    let known = sums.iter().filter(|sum| !sum.subject.is_nil());
    known
        .filter_map(|sum| {
            let counts = Counts::new(sum.shown, sum.applicable).ok()?;
            Some(PersonWeek { person: PersonId(sum.subject), week: sum.week?, counts })
        })
        .collect()
}

/// By person and week, from what conversations contribute; weeks outside the window are left out.
pub(crate) fn from_delta(delta: &Delta, window: Window) -> Vec<PersonWeek> {
    let weeks = window.mondays();
    let mut sums: BTreeMap<(PersonId, Day), Count> = BTreeMap::new();
    for (Cell { person, week, .. }, count) in delta.changes() {
        if let Some(person) = person.filter(|_| weeks.contains(week)) {
            let sum = sums.entry((person, *week)).or_default();
            sum.applicable += count.applicable;
            sum.shown += count.shown;
        }
    }
    let counts = |count: Count| {
        Counts::new(u64::try_from(count.shown).ok()?, u64::try_from(count.applicable).ok()?).ok()
    };
    sums.into_iter()
        .filter_map(|((person, week), count)| Some(PersonWeek { person, week, counts: counts(count)? }))
        .collect()
}
