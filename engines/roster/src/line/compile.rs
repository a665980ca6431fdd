//! From rules to a layered automaton: every state that can be reached, then merged from the last day backwards.

use std::collections::HashMap;

use super::automaton::{Arc, Automaton, DEAD};
use super::merge::{Way, merge};
use super::rule::{State, Stepper};
use crate::model::{Choice, Error, Parts, Rules};

/// Most states before merging: some hundred megabytes of them.
pub const STATES_MAX: usize = 1 << 20;

/// What may follow a state: the choice, the state it leads to, and what fairness makes it cost.
type Step = (Choice, u32, i32);

impl Automaton {
    /// Compiles a set of rules.
    ///
    /// # Errors
    /// [`Error::Contradiction`] when no line keeps the rules, [`Error::TooLarge`] past [`STATES_MAX`] states.
    pub fn compile(parts: &Parts, rules: &Rules) -> Result<Automaton, Error> {
        let layers = reach(parts, rules)?;
        let merged = merge(layers);
        if merged.first().is_none_or(Vec::is_empty) {
            return Err(Error::Contradiction { rules: rules.name.clone(), names: names(parts, rules) });
        }
        Ok(flatten(parts, &merged))
    }
}

/// The states of every day with their steps; `layers[d][s]` leads into `layers[d + 1]`.
fn reach(parts: &Parts, rules: &Rules) -> Result<Vec<Vec<Vec<Step>>>, Error> {
    let stepper = Stepper::new(parts, rules);
    let choices = choices(parts);
    let mut states = vec![stepper.start()];
    let mut layers = Vec::with_capacity(parts.days + 1);
    let mut total = 0;
    for day in 0..parts.days {
        let mut index: HashMap<State, u32> = HashMap::new();
        let mut next_states = Vec::new();
        let mut layer = Vec::with_capacity(states.len());
        for state in &states {
            let mut steps = Vec::new();
            for choice in 0..choices {
                let Some((next, toll)) = stepper.step(state, day, choice) else { continue };
                let fresh = u32::try_from(next_states.len()).unwrap_or(u32::MAX);
                let at = *index.entry(next).or_insert_with_key(|key| {
                    next_states.push(key.clone());
                    fresh
                });
                steps.push((choice, at, toll));
            }
            layer.push(steps);
        }
        total += next_states.len();
        if total > STATES_MAX {
            return Err(Error::TooLarge { rules: rules.name.clone(), days: parts.days, most: STATES_MAX });
        }
        layers.push(layer);
        states = next_states;
    }
    // Every line that arrives is complete: one end for all of them.
    layers.push(vec![Vec::new(); states.len()]);
    Ok(layers)
}

fn choices(parts: &Parts) -> Choice {
    Choice::try_from(parts.shifts.len() + 1).unwrap_or(Choice::MAX)
}

impl Way for Step {
    fn next(&mut self) -> &mut u32 {
        &mut self.1
    }
}

/// Lays the layers out flat: a table for single steps, and arcs grouped by sets of choices for shortest paths.
fn flatten(parts: &Parts, layers: &[Vec<Vec<Step>>]) -> Automaton {
    let choices = parts.shifts.len() + 1;
    let mut automaton = Automaton { days: parts.days, choices, ..Automaton::default() };
    let mut sets: HashMap<Vec<Choice>, u32> = HashMap::new();
    let mut first = 0_u32;
    for (day, layer) in layers.iter().enumerate() {
        automaton.layers.push(first);
        let behind = first + u32::try_from(layer.len()).unwrap_or(0);
        if day == parts.days {
            automaton.layers.push(behind);
            break;
        }
        let mut used = Vec::new();
        for steps in layer {
            let mut groups: Vec<(u32, i32, Vec<Choice>)> = Vec::new();
            let row = automaton.next.len();
            automaton.next.resize(row + choices, DEAD);
            automaton.tolls.resize(row + choices, 0);
            for &(choice, next, toll) in steps {
                automaton.next[row + usize::from(choice)] = behind + next;
                automaton.tolls[row + usize::from(choice)] = toll;
                match groups.iter_mut().find(|(at, cost, _)| (*at, *cost) == (next, toll)) {
                    Some((_, _, members)) => members.push(choice),
                    None => groups.push((next, toll, vec![choice])),
                }
            }
            automaton.arc_first.push(u32::try_from(automaton.arcs.len()).unwrap_or(u32::MAX));
            for (next, toll, members) in groups {
                let fresh = u32::try_from(sets.len()).unwrap_or(u32::MAX);
                let set = *sets.entry(members).or_insert_with_key(|key| {
                    automaton.set_first.push(u32::try_from(automaton.members.len()).unwrap_or(u32::MAX));
                    automaton.members.extend_from_slice(key);
                    fresh
                });
                used.push(set);
                automaton.arcs.push(Arc { set, next: behind + next, toll });
            }
        }
        used.sort_unstable();
        used.dedup();
        automaton.sets_of_day.push(used);
        first = behind;
    }
    automaton.arc_first.push(u32::try_from(automaton.arcs.len()).unwrap_or(u32::MAX));
    automaton.set_first.push(u32::try_from(automaton.members.len()).unwrap_or(u32::MAX));
    if automaton.tolls.iter().all(|&toll| toll == 0) {
        automaton.tolls = Vec::new();
    }
    automaton
}

/// The rules that bind, named for a message.
fn names(parts: &Parts, rules: &Rules) -> String {
    let possible = |rules: &Rules| {
        reach(parts, rules).is_ok_and(|layers| merge(layers).first().is_some_and(|first| !first.is_empty()))
    };
    binding(&mut rules.clone(), possible).join(", ")
}

/// Drops one rule after another and keeps those without which the rest is `possible`: the smallest set that still
/// contradicts itself, which `rules` is left as (the deletion filter of Chinneck and Dravnieks 1991). Names them.
pub(crate) fn binding(rules: &mut Rules, possible: impl Fn(&Rules) -> bool) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, loosen) in LOOSENED {
        let mut without = rules.clone();
        loosen(&mut without);
        if without == *rules {
            continue;
        }
        if possible(&without) {
            names.push(*name);
        } else {
            *rules = without;
        }
    }
    names
}

/// Does without a rule.
type Loosen = fn(&mut Rules);

/// Every rule with how to do without it, from the one that people would least miss.
const LOOSENED: &[(&str, Loosen)] = &[
    ("what was before the first day", |rules| rules.before = crate::model::Before::default()),
    ("most days of a shift", |rules| rules.max_of_shift.clear()),
    ("shifts that may not follow each other", |rules| rules.not_after.clear()),
    ("rest between shifts", |rules| rules.rest_minutes = 0),
    ("most nights in a row", |rules| rules.max_nights = u16::MAX),
    ("most weekends", |rules| rules.max_weekends = u16::MAX),
    ("fewest days off in a row", |rules| rules.min_off = 1),
    ("fewest days of work in a row", |rules| rules.min_run = 1),
    ("most days of work in a row", |rules| rules.max_run = u16::MAX),
    ("most days of work", |rules| rules.spans.iter_mut().for_each(|span| span.max_days = u16::MAX)),
    ("most hours", |rules| rules.spans.iter_mut().for_each(|span| span.max_minutes = u32::MAX)),
    ("fewest hours", |rules| rules.spans.iter_mut().for_each(|span| span.min_minutes = 0)),
];
