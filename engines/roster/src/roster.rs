//! The result: who works which shift with which breaks on each day.

use crate::model::{Choice, Error, OFF, Problem};

/// What a person does on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// A day off, or a shift.
    pub choice: Choice,
    /// The break pattern of that shift; 0 on a day off.
    pub pattern: u32,
}

/// A plan for everybody: `[person × days + day]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    days: usize,
    spots: Vec<Spot>,
}

impl Roster {
    /// Everybody off on every day.
    pub fn empty(problem: &Problem) -> Roster {
        Roster { days: problem.days, spots: vec![Spot::default(); problem.people.len() * problem.days] }
    }

    /// A roster from (person, day, shift, pattern), as it stands in files; who is not named is off.
    ///
    /// # Errors
    /// [`Error::Assignment`] with the first one that points at nothing or stands twice.
    pub fn from_assignments(
        problem: &Problem,
        assignments: impl IntoIterator<Item = (usize, usize, usize, usize)>,
    ) -> Result<Roster, Error> {
        let mut roster = Roster::empty(problem);
        for (person, day, shift, pattern) in assignments {
            let refuse = |why: String| Error::Assignment { person, day, why };
            if person >= problem.people.len() || day >= problem.days {
                return Err(refuse(format!(
                    "there are {} people and {} days, counted from 0",
                    problem.people.len(),
                    problem.days
                )));
            }
            let Some(known) = problem.shifts.get(shift) else {
                return Err(refuse(format!("shift {shift} is not one of the {}", problem.shifts.len())));
            };
            if pattern >= known.patterns.len() {
                let most = known.patterns.len();
                return Err(refuse(format!("pattern {pattern} is not one of the {most} of shift {shift}")));
            }
            if roster.spot(person, day).choice != OFF {
                return Err(refuse("a second shift on that day".to_owned()));
            }
            let choice = Choice::try_from(shift + 1).unwrap_or(OFF);
            roster.set(person, day, Spot { choice, pattern: u32::try_from(pattern).unwrap_or(0) });
        }
        Ok(roster)
    }

    /// What a person does on a day.
    pub fn spot(&self, person: usize, day: usize) -> Spot {
        self.spots[person * self.days + day]
    }

    /// Sets what a person does on a day.
    pub fn set(&mut self, person: usize, day: usize, spot: Spot) {
        self.spots[person * self.days + day] = spot;
    }

    /// What a person does on each day.
    pub fn line(&self, person: usize) -> &[Spot] {
        &self.spots[person * self.days..(person + 1) * self.days]
    }

    /// Every shift as (person, day, shift, pattern).
    pub fn assignments(&self) -> impl Iterator<Item = (usize, usize, usize, usize)> + '_ {
        self.spots.iter().enumerate().filter(|(_, spot)| spot.choice != OFF).map(|(at, spot)| {
            (at / self.days, at % self.days, usize::from(spot.choice) - 1, spot.pattern as usize)
        })
    }

    /// How many person-days differ in their shift; other breaks within the same shift do not count.
    pub fn changed_shifts(&self, other: &Roster) -> usize {
        self.spots.iter().zip(&other.spots).filter(|(a, b)| a.choice != b.choice).count()
    }
}
