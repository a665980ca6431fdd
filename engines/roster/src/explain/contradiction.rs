//! Why a person has no line at all: the smallest set of rules that contradict each other.

use crate::line::{Automaton, NEVER, Scratch, binding, price};
use crate::model::{Person, Problem, Rules};

/// Availability, leave, age and fixed shifts: what forbids single choices.
const DAYS_AND_SHIFTS: &str = "availability, leave and fixed shifts";

/// The names of rules that contradict each other, none of which could be left out: found by dropping one after
/// another and keeping those without which a line exists (the deletion filter of Chinneck and Dravnieks 1991).
/// Empty when the person has a line.
pub fn contradiction(problem: &Problem, person: usize) -> String {
    let Some(one) = problem.people.get(person) else { return String::new() };
    let mut rules = problem.rules[one.rules as usize].clone();
    let mut one = one.clone();
    if has_line(problem, &rules, &one) {
        return String::new();
    }
    let mut names = binding(&mut rules, |rules| has_line(problem, rules, &one));
    let free = Person { tolls: Vec::new(), ..one.clone() };
    if has_line(problem, &rules, &free) {
        names.push(DAYS_AND_SHIFTS);
    } else {
        one = free;
    }
    debug_assert!(!has_line(problem, &rules, &one), "what was kept contradicts itself");
    names.join(", ")
}

/// Whether some line keeps these rules.
fn has_line(problem: &Problem, rules: &Rules, person: &Person) -> bool {
    let Ok(automaton) = Automaton::compile(problem, rules) else { return false };
    let choices = problem.choices();
    let prices: Vec<i64> = (0..problem.days * choices)
        .map(|at| if person.tolls.is_empty() { 0 } else { price(person.tolls[at]).clamp(0, NEVER) })
        .collect();
    automaton.best(&prices, 1, &mut Vec::new(), &mut Scratch::default()).is_some()
}
