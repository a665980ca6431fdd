//! After changes: absences, another requirement, a part of the horizon that is past. The published roster is kept
//! wherever it can be.
//!
//! The same engine does it on a changed problem: what is past is fixed, whoever is absent is off, and every shift
//! that differs from the published one costs a price, so that only changes are made that are worth it. Prices are
//! tried from high to low, and the cheapest roster with few enough changes is kept. Where even the highest price makes
//! too many, those go back to the published shifts that gain least. Breaks move only where that lessens the cost.

use crate::model::{Error, FORBIDDEN, OFF, Parts, Problem, WEIGHT_MAX};
use crate::roster::Roster;
use crate::search::{Cooling, Instance, Plan, Search, Settings};

/// What has changed since the roster was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Who is absent on which day: `(person, day)`.
    pub absences: Vec<(usize, usize)>,
    /// Days from the first that are past: nothing changes on them.
    pub past_days: usize,
    /// The requirement as it is now, like [`Parts::required`]; nothing where it is the same.
    pub required: Option<Vec<u32>>,
}

/// A roster as it was published, after earlier repairs perhaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// With the shifts that the absent would have worked.
    pub roster: Roster,
    /// Who does not come: `(person, day)`.
    pub absent: Vec<(usize, usize)>,
}

/// How far to go.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Most shifts that may change, beside those of the absent on their days of absence.
    pub changed_shifts: usize,
    /// Steps of the search at each price.
    pub steps: u64,
    /// Prices of a changed shift that are tried, in the unit of the costs, from high to low.
    pub prices: Vec<u32>,
}

impl Limits {
    /// At most `changed_shifts`; prices from what sixteen agent-intervals short cost, halved three times.
    pub fn of(problem: &Problem, changed_shifts: usize) -> Limits {
        let dearest = problem.under.iter().copied().max().unwrap_or(1);
        let prices = (0..4).map(|halved| ((16 * dearest) >> halved).clamp(1, WEIGHT_MAX / 2)).collect();
        Limits { changed_shifts, steps: 2 * problem.people.len() as u64, prices }
    }
}

/// A repaired roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Repaired {
    /// The roster.
    pub roster: Roster,
    /// What it costs under the changed problem, without the price of changes.
    pub cost: i64,
    /// Shifts that differ from the published ones, beside those of the absent on their days of absence.
    pub changed: usize,
}

/// The problem as it is now. An absence counts as worked: it does not have to be made up for, neither in hours nor
/// in days, and it ends no run of days.
///
/// # Errors
/// [`Error::Assignment`] when an absence points at nothing; whatever [`Problem::new`] refuses.
pub fn changed(problem: &Problem, published: &Roster, changes: &Changes) -> Result<Problem, Error> {
    let mut parts = problem.clone().into_parts();
    let choices = problem.choices();
    if let Some(required) = &changes.required {
        parts.required.clone_from(required);
    }
    for one in &mut parts.people {
        if one.tolls.is_empty() {
            one.tolls = vec![0; problem.days * choices];
        }
    }
    for &(person, day) in &changes.absences {
        if person >= parts.people.len() || day >= parts.days {
            return Err(Error::Assignment { person, day, why: "there is no such person or day".to_owned() });
        }
        absent(&mut parts, published, person, day);
    }
    for (person, one) in parts.people.iter_mut().enumerate() {
        for day in 0..changes.past_days.min(problem.days) {
            if changes.absences.contains(&(person, day)) {
                continue;
            }
            let kept = usize::from(published.spot(person, day).choice);
            let tolls = one.tolls[day * choices..(day + 1) * choices].iter_mut().enumerate();
            tolls.filter(|(choice, _)| *choice != kept).for_each(|(_, toll)| *toll = FORBIDDEN);
        }
    }
    Problem::new(parts)
}

/// Off on the day, with rules of their own that ask for that much less.
fn absent(parts: &mut Parts, published: &Roster, person: usize, day: usize) {
    let choices = parts.shifts.len() + 1;
    let one = &mut parts.people[person];
    one.tolls[day * choices + 1..(day + 1) * choices].fill(FORBIDDEN);
    one.tolls[day * choices] = 0;
    let lost = published.spot(person, day).choice;
    if lost == OFF {
        return;
    }
    let minutes = parts.shifts[usize::from(lost) - 1].minutes;
    let mut rules = parts.rules[one.rules as usize].clone();
    rules.name = format!("{} (person {person}, absent)", rules.name);
    rules.min_run = 1;
    rules.min_off = 1;
    for span in &mut rules.spans {
        if (usize::from(span.first)..usize::from(span.first) + usize::from(span.days)).contains(&day) {
            span.min_minutes = span.min_minutes.saturating_sub(minutes);
            span.max_minutes = span.max_minutes.saturating_sub(minutes).max(span.min_minutes);
            span.max_days = span.max_days.saturating_sub(1);
        }
    }
    one.rules = u32::try_from(parts.rules.len()).unwrap_or(u32::MAX);
    parts.rules.push(rules);
}

/// Repairs a published roster. The result keeps every hard rule of the changed problem.
///
/// # Errors
/// What [`changed`] refuses, and a person whom the changes leave without any line.
pub fn repair(
    problem: &Problem,
    published: &Roster,
    changes: &Changes,
    limits: &Limits,
    settings: Option<Settings>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Repaired, Error> {
    let now = changed(problem, published, changes)?;
    let plain = Instance::new(&now)?;
    let settings = settings.unwrap_or_else(|| Settings::of(&plain));
    let mut holes = published.clone();
    for &(person, day) in &changes.absences {
        holes.set(person, day, crate::Spot::default());
    }
    let view = View { holes: &holes, past_days: changes.past_days };
    // Leaving the holes is the least change, where the rules allow it.
    let mut best = Plan::of(&plain, &holes).ok().map(|plan| view.repaired(&plan));
    let mut start = holes.clone();
    for &price in &limits.prices {
        let priced = with_price(&now, published, changes, price)?;
        let instance = Instance::new(&priced)?;
        let mut search = Search::new(&instance, settings.clone(), Some(&start))?;
        search.settle(stop);
        let Cooling { hot, cold } = settings.cooling;
        search.round_with(limits.steps, Cooling { hot: 0.5 * hot, cold }, stop);
        let mut plan = Plan::of(&plain, search.best())?;
        let over = view.changed(&plan.roster) > limits.changed_shifts;
        view.go_back(&mut plan, limits.changed_shifts);
        view.keep_breaks(&mut plan);
        let fits = |one: &Repaired| one.changed <= limits.changed_shifts;
        let found = view.repaired(&plan);
        let better = best.as_ref().is_none_or(|best| {
            if fits(best) { fits(&found) && found.cost < best.cost } else { found.changed < best.changed }
        });
        if better {
            start = found.roster.clone();
            best = Some(found);
        }
        // A lower price would only change more.
        if over || stop() {
            break;
        }
    }
    best.ok_or_else(|| Error::senseless("prices of a changed shift", "there is none: give at least one"))
}

/// What a new roster is held against.
struct View<'v> {
    /// The published roster without the absent.
    holes: &'v Roster,
    past_days: usize,
}

impl View<'_> {
    fn repaired(&self, plan: &Plan) -> Repaired {
        Repaired { roster: plan.roster.clone(), cost: plan.cost(), changed: self.changed(&plan.roster) }
    }

    /// Changed shifts; the absent are off here and there.
    fn changed(&self, roster: &Roster) -> usize {
        roster.changed_shifts(self.holes)
    }

    /// Changed shifts of one person.
    fn changed_by(&self, plan: &Plan, person: usize) -> usize {
        let lines = plan.roster.line(person).iter().zip(self.holes.line(person));
        lines.filter(|(now, before)| now.choice != before.choice).count()
    }

    /// Gives people their published lines back until at most so many shifts differ, those first whose changes gain
    /// least. Who may not work the published line any more keeps the new one.
    fn go_back(&self, plan: &mut Plan, most: usize) {
        loop {
            let over = self.changed(&plan.roster).saturating_sub(most);
            let people = 0..plan.instance.problem.people.len();
            let mut gains: Vec<(i64, usize)> = Vec::new();
            for person in people.filter(|_| over > 0) {
                let changed = i64::try_from(self.changed_by(plan, person)).unwrap_or(i64::MAX);
                if changed == 0 || plan.personal_of(person, self.holes.line(person)).is_none() {
                    continue;
                }
                let before = plan.cost();
                let line = plan.roster.line(person).to_vec();
                plan.take(person);
                plan.put(person, self.holes.line(person));
                gains.push(((plan.cost() - before) / changed, person));
                plan.take(person);
                plan.put(person, &line);
            }
            if gains.is_empty() {
                return;
            }
            gains.sort_unstable();
            // What one gains depends on the others: half of the way, then a new look.
            for &(_, person) in gains.iter().take(over.div_ceil(2)) {
                plan.take(person);
                plan.put(person, self.holes.line(person));
            }
        }
    }

    /// Gives unchanged shifts their published breaks back: always on days that are past, on the others where that
    /// costs nothing.
    fn keep_breaks(&self, plan: &mut Plan) {
        for person in 0..plan.instance.problem.people.len() {
            for day in 0..plan.instance.problem.days {
                let (now, before) = (plan.roster.spot(person, day), self.holes.spot(person, day));
                if now.choice != before.choice || now.pattern == before.pattern {
                    continue;
                }
                let cost = plan.cost();
                let line = plan.roster.line(person).to_vec();
                let mut kept = line.clone();
                kept[day] = before;
                plan.take(person);
                plan.put(person, &kept);
                if plan.cost() > cost && day >= self.past_days {
                    plan.take(person);
                    plan.put(person, &line);
                }
            }
        }
    }
}

/// Every shift that differs from the published one costs a price more.
fn with_price(now: &Problem, published: &Roster, changes: &Changes, price: u32) -> Result<Problem, Error> {
    let mut parts = now.clone().into_parts();
    let choices = now.choices();
    let price = i32::try_from(price).unwrap_or(i32::MAX);
    for (person, one) in parts.people.iter_mut().enumerate() {
        for (at, toll) in one.tolls.iter_mut().enumerate() {
            let (day, choice) = (at / choices, at % choices);
            let kept = usize::from(published.spot(person, day).choice) == choice;
            if !kept && *toll != FORBIDDEN && !changes.absences.contains(&(person, day)) {
                *toll = toll.saturating_add(price).min(WEIGHT_MAX.cast_signed());
            }
        }
    }
    Problem::new(parts)
}
