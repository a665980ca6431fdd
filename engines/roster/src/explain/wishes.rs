//! What every unmet wish would have cost.

use crate::model::{Choice, Error};
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
    /// A roster as good would meet it.
    AsGood,
    /// The roster with it is better: the search ended too early to find it.
    NotFound {
        /// How much less it costs.
        gain: i64,
    },
}

/// Every unmet wish of a roster with the reason, each found by forcing the wish, the person's best line with it, and
/// a pass over `others` people who may move over: first those who have what is wished on that day.
pub fn unmet_wishes(instance: &Instance, roster: &Roster, others: usize) -> Vec<Unmet> {
    let Ok(mut granting) = Granting::new(instance, roster, others) else { return Vec::new() };
    let problem = instance.problem;
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
            let why = granting.why(person, day, |choice| toll(choice) == least);
            unmet.push(Unmet { person, day, choice, weight, why });
        }
    }
    unmet
}

/// What it would cost to grant a wish, one after another on the same roster.
#[derive(Debug)]
pub struct Granting<'i, 'p> {
    plan: Plan<'i, 'p>,
    finder: Finder,
    others: usize,
}

impl<'i, 'p> Granting<'i, 'p> {
    /// Looks at a roster; `others` people may move over when somebody's wish is granted: first those who have on that day
    /// what is wished, then by number.
    ///
    /// # Errors
    /// [`Error::NoLine`] for the first person whose line breaks a rule.
    pub fn new(
        instance: &'i Instance<'p>,
        roster: &Roster,
        others: usize,
    ) -> Result<Granting<'i, 'p>, Error> {
        Ok(Granting { plan: Plan::of(instance, roster)?, finder: Finder::default(), others })
    }

    /// The roster with all that was granted.
    pub fn roster(&self) -> &Roster {
        &self.plan.roster
    }

    /// What happens when the person may only make choices on the day for which `granted` holds.
    pub fn why(&mut self, person: usize, day: usize, granted: impl Fn(Choice) -> bool) -> Why {
        self.tried(person, day, granted, false)
    }

    /// Like [`Granting::why`]; what makes the roster better stays granted ([`Why::NotFound`]).
    pub fn grant(&mut self, person: usize, day: usize, granted: impl Fn(Choice) -> bool) -> Why {
        self.tried(person, day, granted, true)
    }

    fn tried(&mut self, person: usize, day: usize, granted: impl Fn(Choice) -> bool, keeps: bool) -> Why {
        let plan = &mut self.plan;
        let people = plan.instance.problem.people.len();
        let before = (plan.cost(), plan.cover.cost(), plan.personal(person));
        let mut kept = vec![(person, plan.roster.line(person).to_vec())];
        let mut line: Vec<Spot> = Vec::new();
        plan.take(person);
        let within = |at: usize, choice: Choice, _: u32| at != day || granted(choice);
        if self.finder.best_within(plan, person, &mut line, || 0, 1, within).is_none() {
            plan.put(person, &kept[0].1);
            return Why::Rules;
        }
        plan.put(person, &line);
        let mut others: Vec<usize> = (0..people).filter(|&other| other != person).collect();
        others.sort_by_key(|&other| !granted(plan.roster.spot(other, day).choice));
        for other in others.into_iter().take(self.others) {
            let old = plan.roster.line(other).to_vec();
            plan.take(other);
            let found = self.finder.best(plan, other, &mut line, || 0, 1);
            plan.put(other, if found.is_some() { &line } else { &old });
            kept.push((other, old));
        }
        let total = plan.cost() - before.0;
        let cover = plan.cover.cost() - before.1;
        let own = plan.personal(person) - before.2;
        if total >= 0 || !keeps {
            for (moved, line) in &kept {
                plan.take(*moved);
                plan.put(*moved, line);
            }
        }
        match total {
            1.. => Why::Costs { cover, own, others: total - cover - own },
            0 => Why::AsGood,
            _ => Why::NotFound { gain: -total },
        }
    }
}
