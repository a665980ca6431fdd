//! Lines of whole shifts: cover is counted per interval, and one skill serves all.

use super::{Cell, Chosen, Column, Offer, PRICE_UNIT, Pricer};
use crate::{
    Roster, Spot,
    line::{BLOCKED, Counted},
    model::{Choice, Error, FORBIDDEN, OFF, Problem},
};

/// Prices lines of a problem in which every shift has one pattern and everybody the same skills.
#[derive(Debug)]
pub struct ShiftLines<'p> {
    problem: &'p Problem,
    lines: Vec<Counted>,
    cells: Vec<Cell>,
    /// Values of prices in the tables of lines per unit of cost.
    scale: f64,
    prices: Vec<i32>,
}

impl<'p> ShiftLines<'p> {
    /// Makes ready to price.
    ///
    /// # Errors
    /// [`Error::Senseless`] when shifts have several break patterns or people different skills, for which the
    /// search with exact covers is made; [`Error::TooLarge`] when the rules need too much memory.
    pub fn new(problem: &'p Problem) -> Result<ShiftLines<'p>, Error> {
        if problem.skills != 1 || problem.shifts.iter().any(|shift| shift.patterns.len() != 1) {
            return Err(Error::Senseless {
                what: format!("{} skills", problem.skills),
                why: "column generation takes one skill and one pattern per shift: use the general search"
                    .into(),
            });
        }
        if let Some(rules) = problem.rules.iter().find(|rules| rules.unpleasant.is_some()) {
            return Err(Error::Senseless {
                what: format!("rules “{}”", rules.name),
                why: "column generation does not share out unpleasant shifts: use the general search".into(),
            });
        }
        let lines =
            problem.rules.iter().map(|rules| Counted::new(problem, rules)).collect::<Result<Vec<_>, _>>()?;
        let cells: Vec<Cell> = (0..problem.cells())
            .map(|cell| Cell {
                required: i32::try_from(problem.required[cell]).unwrap_or(i32::MAX),
                under: f64::from(problem.under[cell]),
                over: f64::from(problem.over[cell]),
                spare: 0,
                growing: false,
            })
            .collect();
        let dearest = cells.iter().map(|cell| cell.under.max(cell.over)).fold(1.0, f64::max);
        let longest = problem.shifts.iter().map(|shift| intervals(shift).count()).max().unwrap_or(1) as f64;
        let tolls = problem.people.iter().flat_map(|person| &person.tolls).filter(|toll| **toll != FORBIDDEN);
        let toll = f64::from(tolls.map(|toll| toll.unsigned_abs()).max().unwrap_or(0));
        // A whole line must stay far below the mark of what is forbidden.
        let room = f64::from(BLOCKED) / 4.0 / ((dearest * longest + toll) * problem.days as f64);
        let scale = room.min(PRICE_UNIT);
        Ok(ShiftLines { problem, lines, cells, scale, prices: Vec::new() })
    }

    /// The lines of a search as a roster.
    pub fn roster(&self, chosen: &Chosen) -> Roster {
        let mut roster = Roster::empty(self.problem);
        for (person, column) in chosen.columns.iter().enumerate() {
            for (day, choice) in column.line.iter().enumerate() {
                let choice = Choice::try_from(*choice).unwrap_or(OFF);
                roster.set(person, day, Spot { choice, pattern: 0 });
            }
        }
        roster
    }

    fn column(&self, person: usize, line: &[Choice]) -> Column {
        let problem = self.problem;
        let choices = problem.choices();
        let person = &problem.people[person];
        let mut column = Column { cost: 0, cells: Vec::new(), line: Vec::with_capacity(line.len()) };
        for (day, &choice) in line.iter().enumerate() {
            column.cost += i64::from(person.toll(day, choice, choices));
            column.line.push(u32::from(choice));
            if choice != OFF {
                let shift = &problem.shifts[usize::from(choice) - 1];
                let cells = intervals(shift).map(|interval| day * problem.intervals + interval);
                column.cells.extend(cells.filter_map(|cell| u32::try_from(cell).ok()));
            }
        }
        column.cells.retain(|cell| (*cell as usize) < self.cells.len());
        column
    }
}

fn intervals(shift: &crate::model::Shift) -> impl Iterator<Item = usize> + '_ {
    shift.patterns.iter().take(1).flat_map(|pattern| pattern.intervals().map(usize::from))
}

impl Pricer for ShiftLines<'_> {
    fn people(&self) -> usize {
        self.problem.people.len()
    }

    fn cells(&self) -> &[Cell] {
        &self.cells
    }

    fn best(&mut self, person: usize, prices: &[f64], required: &[u32]) -> Option<Offer> {
        let problem = self.problem;
        let choices = problem.choices();
        let who = &problem.people[person];
        self.prices.clear();
        for day in 0..problem.days {
            let today = day * problem.intervals..(day + 1) * problem.intervals;
            let must: Vec<usize> =
                required.iter().map(|cell| *cell as usize).filter(|cell| today.contains(cell)).collect();
            for choice in 0..choices {
                let toll = who.toll(day, Choice::try_from(choice).ok()?, choices);
                let works = |cell: usize| {
                    choice > 0 && intervals(&problem.shifts[choice - 1]).any(|at| today.start + at == cell)
                };
                if toll == FORBIDDEN || must.iter().any(|cell| !works(*cell)) {
                    self.prices.push(BLOCKED);
                    continue;
                }
                let mut price = f64::from(toll) * self.scale;
                if choice > 0 {
                    let cells = intervals(&problem.shifts[choice - 1]).map(|at| day * problem.intervals + at);
                    price -= cells
                        .filter_map(|cell| prices.get(cell))
                        .map(|price| price * self.scale)
                        .sum::<f64>();
                }
                self.prices.push(rounded_down(price));
            }
        }
        let rules = usize::try_from(who.rules).ok()?;
        let priced = self.lines.get_mut(rules)?.best(problem, &self.prices)?;
        let bound = priced.bound as f64 / self.scale;
        Some(Offer { bound, column: priced.line.map(|line| self.column(person, &line)) })
    }
}

/// Down, so that a coarser scale still gives a bound.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a price of a day is limited by the scale to far below 2^31"
)]
fn rounded_down(price: f64) -> i32 {
    price.floor() as i32
}
