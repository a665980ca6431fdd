//! A roster with its cover and cost, kept up to date while the search changes it.

use crate::cover::Cover;
use crate::line::{Automaton, NEVER, Scratch, price};
use crate::model::{Choice, Error, FORBIDDEN, OFF, Pattern, Person, Problem, Rules};
use crate::roster::{Roster, Spot};

/// A problem with its rules compiled: what every part of the engine works on.
#[derive(Debug)]
pub struct Instance<'p> {
    /// The problem.
    pub problem: &'p Problem,
    /// For each set of rules its automaton.
    pub automata: Vec<Automaton>,
    /// For each person and day the choices that no toll forbids: `[person × days + day]`.
    pub open: Vec<Vec<Choice>>,
}

impl<'p> Instance<'p> {
    /// Compiles the rules.
    ///
    /// # Errors
    /// When the rules of a contract contradict each other, need too many states, or leave a person without any line.
    pub fn new(problem: &'p Problem) -> Result<Instance<'p>, Error> {
        let compiled = |(at, rules): (usize, &Rules)| {
            Automaton::compile(problem, rules).map_err(|error| whose(problem, at, error))
        };
        let automata: Vec<Automaton> =
            problem.rules.iter().enumerate().map(compiled).collect::<Result<_, _>>()?;
        let choices = problem.choices();
        let all: Vec<Choice> = (0..choices).map_while(|choice| Choice::try_from(choice).ok()).collect();
        let mut open = Vec::with_capacity(problem.people.len() * problem.days);
        for person in &problem.people {
            for day in 0..problem.days {
                let free = |choice: &Choice| person.toll(day, *choice, choices) != FORBIDDEN;
                open.push(all.iter().copied().filter(free).collect());
            }
        }
        Ok(Instance { problem, automata, open })
    }

    /// Why a person has no line: the rules that contradict each other.
    pub(crate) fn no_line(&self, person: usize) -> Error {
        let one = &self.problem.people[person];
        Error::NoLine {
            person,
            name: one.name.clone(),
            names: crate::explain::contradiction(self.problem, person),
        }
    }

    /// The automaton of a person.
    pub fn automaton(&self, person: &Person) -> &Automaton {
        &self.automata[person.rules as usize]
    }

    /// The pattern of a spot; nothing on a day off.
    pub fn pattern(&self, spot: Spot) -> Option<&'p Pattern> {
        let shift = usize::from(spot.choice).checked_sub(1)?;
        self.problem.shifts[shift].patterns.get(spot.pattern as usize)
    }
}

/// Rules that contradict each other with the first person who is bound by them: people know their names, and not
/// always those of contracts.
fn whose(problem: &Problem, rules: usize, error: Error) -> Error {
    let bound = problem.people.iter().position(|person| person.rules as usize == rules);
    match (error, bound) {
        (Error::Contradiction { rules, names }, Some(person)) => {
            let name = problem.people[person].name.clone();
            Error::NoLine { person, name, names: format!("{names} (of the rules “{rules}”)") }
        }
        (error, _) => error,
    }
}

/// A roster with its cover.
#[derive(Debug, Clone)]
pub struct Plan<'i, 'p> {
    /// What it is a plan of.
    pub instance: &'i Instance<'p>,
    /// The roster.
    pub roster: Roster,
    /// Its cover.
    pub cover: Cover,
    /// What wishes, stability and fairness cost, by person.
    personal: Vec<i64>,
    personal_total: i64,
}

impl<'i, 'p> Plan<'i, 'p> {
    /// Everybody off, whether that is allowed or not.
    pub fn empty(instance: &'i Instance<'p>) -> Plan<'i, 'p> {
        let people = instance.problem.people.len();
        Plan {
            instance,
            roster: Roster::empty(instance.problem),
            cover: Cover::new(instance.problem),
            personal: vec![0; people],
            personal_total: 0,
        }
    }

    /// The plan of a roster.
    ///
    /// # Errors
    /// [`Error::NoLine`] for the first person whose line breaks a rule.
    pub fn of(instance: &'i Instance<'p>, roster: &Roster) -> Result<Plan<'i, 'p>, Error> {
        let mut plan = Plan::empty(instance);
        for person in 0..instance.problem.people.len() {
            if plan.personal_of(person, roster.line(person)).is_none() {
                let name = instance.problem.people[person].name.clone();
                return Err(Error::NoLine { person, name, names: "the given line breaks a rule".to_owned() });
            }
            plan.put(person, roster.line(person));
        }
        Ok(plan)
    }

    /// Cost of cover, wishes, stability and fairness.
    pub fn cost(&self) -> i64 {
        self.cover.cost() + self.personal_total
    }

    /// What wishes, stability and fairness cost a person.
    pub fn personal(&self, person: usize) -> i64 {
        self.personal[person]
    }

    /// What a line costs a person in wishes and fairness; nothing where it breaks a rule.
    pub fn personal_of(&self, person: usize, line: &[Spot]) -> Option<i64> {
        let problem = self.instance.problem;
        let one = &problem.people[person];
        let automaton = self.instance.automaton(one);
        let (mut state, mut total) = (automaton.start(), 0);
        for (day, spot) in line.iter().enumerate() {
            let toll = one.toll(day, spot.choice, problem.choices());
            if toll == FORBIDDEN {
                return None;
            }
            total += i64::from(toll) + i64::from(automaton.toll(state, spot.choice));
            state = automaton.step(state, spot.choice)?;
        }
        Some(total)
    }

    /// Takes a person's line out: they are off on every day.
    pub fn take(&mut self, person: usize) {
        let instance = self.instance;
        let group = usize::from(instance.problem.people[person].group);
        for day in 0..instance.problem.days {
            if let Some(pattern) = instance.pattern(self.roster.spot(person, day)) {
                self.cover.take(group, day, pattern);
            }
            self.roster.set(person, day, Spot::default());
        }
        self.personal_total -= std::mem::take(&mut self.personal[person]);
    }

    /// Puts a line in for a person who is off on every day. The line keeps the rules.
    pub fn put(&mut self, person: usize, line: &[Spot]) {
        let instance = self.instance;
        let group = usize::from(instance.problem.people[person].group);
        for (day, &spot) in line.iter().enumerate() {
            if let Some(pattern) = instance.pattern(spot) {
                self.cover.put(group, day, pattern);
            }
            self.roster.set(person, day, spot);
        }
        self.personal[person] = self.personal_of(person, line).unwrap_or(0);
        self.personal_total += self.personal[person];
    }
}

/// Finds the best line of one person while everybody else stays: prices of every choice from the cover, then a
/// shortest path.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    sums: Vec<i64>,
    prices: Vec<i64>,
    patterns: Vec<u32>,
    choices: Vec<Choice>,
    scratch: Scratch,
}

impl Finder {
    /// The best line of a person who is off on every day, written to `line`, with `noise` added to the price of
    /// each choice (and taken into account in the choice of patterns). Nothing when no line keeps the rules.
    pub fn best(
        &mut self,
        plan: &Plan,
        person: usize,
        line: &mut Vec<Spot>,
        noise: impl FnMut() -> i64,
        scale: i64,
    ) -> Option<()> {
        self.best_within(plan, person, line, noise, scale, |_, _, _| true)
    }

    /// Like [`Finder::best`], over the (day, choice, pattern) for which `within` holds; a day off has pattern 0.
    pub fn best_within(
        &mut self,
        plan: &Plan,
        person: usize,
        line: &mut Vec<Spot>,
        noise: impl FnMut() -> i64,
        scale: i64,
        within: impl Fn(usize, Choice, u32) -> bool,
    ) -> Option<()> {
        let group = usize::from(plan.instance.problem.people[person].group);
        prefix(plan.cover.adds(group), &mut self.sums);
        self.shortest(plan.instance, person, line, noise, [scale, scale], within).map(|_| ())
    }

    /// The best line of a person when work costs `values` in each cell (in units of 1 ÷ `scale`), and what it costs.
    pub fn best_under(
        &mut self,
        instance: &Instance,
        person: usize,
        values: &[i64],
        line: &mut Vec<Spot>,
        scale: i64,
    ) -> Option<i64> {
        prefix(values, &mut self.sums);
        self.shortest(instance, person, line, || 0, [1, scale], |_, _, _| true)
    }

    /// `scales` multiply what the sums hold and what wishes and fairness cost.
    fn shortest(
        &mut self,
        instance: &Instance,
        person: usize,
        line: &mut Vec<Spot>,
        mut noise: impl FnMut() -> i64,
        scales: [i64; 2],
        within: impl Fn(usize, Choice, u32) -> bool,
    ) -> Option<i64> {
        let problem = instance.problem;
        let one = &problem.people[person];
        let choices = problem.choices();
        self.prices.clear();
        self.prices.resize(problem.days * choices, NEVER);
        self.patterns.clear();
        self.patterns.resize(problem.days * choices, 0);
        for day in 0..problem.days {
            let base = day * problem.intervals;
            for &choice in &instance.open[person * problem.days + day] {
                let at = day * choices + usize::from(choice);
                let mut cost = 0;
                if choice != OFF {
                    let patterns = &problem.shifts[usize::from(choice) - 1].patterns;
                    let within = |pattern| within(day, choice, pattern);
                    let (pattern, least) =
                        cheapest(patterns, &self.sums[base..], scales[0], &mut noise, within);
                    cost = least;
                    self.patterns[at] = pattern;
                } else if !within(day, OFF, 0) {
                    continue;
                }
                self.prices[at] = cost + noise() + scales[1] * price(one.toll(day, choice, choices));
            }
        }
        let cost =
            instance.automaton(one).best(&self.prices, scales[1], &mut self.choices, &mut self.scratch)?;
        line.clear();
        line.extend(self.choices.iter().enumerate().map(|(day, &choice)| Spot {
            choice,
            pattern: self.patterns[day * choices + usize::from(choice)],
        }));
        Some(cost)
    }
}

/// Sums of all earlier entries.
pub fn prefix(values: &[i64], sums: &mut Vec<i64>) {
    sums.clear();
    let mut sum = 0;
    sums.push(0);
    sums.extend(values.iter().map(|value| {
        sum += value;
        sum
    }));
}

/// The cheapest pattern under the prefix sums of a day, with its price times `scale`.
fn cheapest(
    patterns: &[Pattern],
    sums: &[i64],
    scale: i64,
    noise: &mut impl FnMut() -> i64,
    within: impl Fn(u32) -> bool,
) -> (u32, i64) {
    let mut best = (0, NEVER);
    for (at, pattern) in (0_u32..).zip(patterns) {
        if !within(at) {
            continue;
        }
        let cost: i64 =
            pattern.work.iter().map(|&(from, to)| sums[usize::from(to)] - sums[usize::from(from)]).sum();
        let cost = cost * scale + noise();
        if cost < best.1 {
            best = (at, cost);
        }
    }
    best
}
