//! Why a person has no line at all: the smallest set of rules that contradict each other.

use crate::line::{Automaton, NEVER, Scratch, binding};
use crate::model::{FORBIDDEN, Problem, Rules};

/// Availability, leave, age and fixed shifts: what forbids single choices.
const DAYS_AND_SHIFTS: &str = "availability, leave and fixed shifts";

/// What forbids single choices, under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bans {
    /// What people call it.
    pub name: &'static str,
    /// Whether it forbids a choice on a day: `[day × choices + choice]`.
    pub forbids: Vec<bool>,
}

/// The names of rules that contradict each other, none of which could be left out: found by dropping one after
/// another and keeping those without which a line exists (the deletion filter of Chinneck and Dravnieks 1991).
/// Empty when the person has a line.
pub fn contradiction(problem: &Problem, person: usize) -> String {
    let Some(one) = problem.people.get(person) else { return String::new() };
    let forbids = one.tolls.iter().map(|&toll| toll == FORBIDDEN).collect();
    contradiction_among(problem, person, vec![Bans { name: DAYS_AND_SHIFTS, forbids }]).join(", ")
}

/// Like [`contradiction`], with what forbids single choices taken apart; `bans` take the place of the person's tolls.
pub fn contradiction_among(problem: &Problem, person: usize, mut bans: Vec<Bans>) -> Vec<&'static str> {
    let Some(one) = problem.people.get(person) else { return Vec::new() };
    let mut rules = problem.rules[one.rules as usize].clone();
    if has_line(problem, &rules, &bans) {
        return Vec::new();
    }
    let mut names = binding(&mut rules, |rules| has_line(problem, rules, &bans));
    let mut at = 0;
    while at < bans.len() {
        let one = bans.remove(at);
        if has_line(problem, &rules, &bans) {
            names.push(one.name);
            bans.insert(at, one);
            at += 1;
        }
    }
    names
}

/// Whether some line keeps these rules.
fn has_line(problem: &Problem, rules: &Rules, bans: &[Bans]) -> bool {
    let Ok(automaton) = Automaton::compile(problem, rules) else { return false };
    let forbidden = |at: usize| bans.iter().any(|ban| ban.forbids.get(at).is_some_and(|&forbids| forbids));
    let prices: Vec<i64> =
        (0..problem.days * problem.choices()).map(|at| if forbidden(at) { NEVER } else { 0 }).collect();
    automaton.best(&prices, 1, &mut Vec::new(), &mut Scratch::default()).is_some()
}
