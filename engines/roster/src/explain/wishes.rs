//! What every unmet wish would have cost.

use crate::model::Choice;
use crate::roster::{Roster, Spot};
use crate::search::{Finder, Instance, Plan};

/// A wish that the roster does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// Whose it is.
    pub person: usize,
    /// The day.
    pub day: usize,
    /// What they do instead.
    pub choice: Choice,
    /// The weight of the wish.
    pub weight: i32,
    /// Why it is not met.
    pub why: Why,
}

/// Why a wish is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No line that keeps the person's rules meets it.
    Rules,
    /// Meeting it would make the roster cost more, after everybody concerned has moved over.
    Costs {
        /// More under- and overstaffing (may be negative).
        cover: i64,
        /// More unmet wishes and unfairness of this person (may be negative).
        own: i64,
        /// More unmet wishes and unfairness of others (may be negative).
        others: i64,
    },
    /// It could be met at no cost: the search has not found it yet. The roster with it is better or as good.
    NotFound,
}

/// Every unmet wish of a roster with the reason, each found by forcing the wish, the person's best line with it, and
/// a pass over `others` people (the first ones by number) who may move over.
pub fn unmet_wishes(instance: &Instance, roster: &Roster, others: usize) -> Vec<Unmet> {
    let Ok(plan) = Plan::of(instance, roster) else { return Vec::new() };
    let problem = instance.problem;
    let mut finder = Finder::default();
    let mut unmet = Vec::new();
    for (person, one) in problem.people.iter().enumerate() {
        for day in 0..problem.days {
            let choice = roster.spot(person, day).choice;
            let toll = |choice| one.toll(day, choice, problem.choices());
            let open = &instance.open[person * problem.days + day];
            let least = open.iter().map(|&choice| toll(choice)).min().unwrap_or(0);
            let weight = toll(choice) - least;
            if weight <= 0 {
                continue;
            }
            let why = forced(&plan, person, day, least, &mut finder, others);
            unmet.push(Unmet { person, day, choice, weight, why });
        }
    }
    unmet
}

/// What happens when the person may only do on the day what costs them the least.
fn forced(plan: &Plan, person: usize, day: usize, least: i32, finder: &mut Finder, others: usize) -> Why {
    let problem = plan.instance.problem;
    let one = &problem.people[person];
    let mut tried = plan.clone();
    let mut line: Vec<Spot> = Vec::new();
    tried.take(person);
    let granted =
        |at: usize, choice: Choice, _: u32| at != day || one.toll(day, choice, problem.choices()) == least;
    if finder.best_within(&tried, person, &mut line, || 0, 1, granted).is_none() {
        return Why::Rules;
    }
    tried.put(person, &line);
    for other in (0..problem.people.len()).filter(|&other| other != person).take(others) {
        tried.take(other);
        let found = finder.best(&tried, other, &mut line, || 0, 1);
        tried.put(other, if found.is_some() { &line } else { plan.roster.line(other) });
    }
    let own = tried.personal(person) - plan.personal(person);
    let cover = tried.cover.cost() - plan.cover.cost();
    let total = tried.cost() - plan.cost();
    if total <= 0 { Why::NotFound } else { Why::Costs { cover, own, others: total - cover - own } }
}
