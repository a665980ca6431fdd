//! Drills whose true effects are known: who was chosen on which weeks, who was drilled when, and what it changed.
//!
//! People are chosen as a centre would choose them, by the lowest uptake in the weeks before, or because their whole
//! team lacks it; so they get better afterwards by regression to the mean alone, drill or no drill.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::org::{AGENTS, TEAM_SIZE};
use super::truth::{Behaviour, Propensities, RANGE, Tally};

/// Weeks that the schedules are written for; in a shorter centre they are moved so that the last weeks agree.
const WEEKS: usize = 16;
/// Applicable conversations in the selection weeks without which nobody is chosen by their uptake.
const ENOUGH: u32 = 20;
/// Day of the drill in its week: Wednesday. The effect sets in with the next week.
const DAY_OF_WEEK: usize = 2;
/// People chosen by their uptake.
const CHOSEN: usize = 10;
/// Weeks over which an effect that fades is whole.
const WHOLE_WEEKS: usize = 3;
/// Points by which it then falls each week.
const FADES: f64 = 0.06;

/// Which drills are planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drills {
    /// None.
    None,
    /// Those of the demo centre: seven cycles in every state.
    #[default]
    Demo,
    /// One of every behaviour, their effects 0, 5, 10 and 20 points in turn: to measure verdicts by.
    Every,
}

/// One drill cycle on one behaviour, with its truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantedDrill {
    /// What was drilled.
    pub behaviour: Behaviour,
    /// First and last of the weeks whose conversations selected the people, 0-based.
    pub selection: (usize, usize),
    /// Indices of the agents it is about, the drilled and those never drilled.
    pub members: Vec<usize>,
    /// The drilled among them.
    pub drilled: Vec<DrilledAgent>,
    /// Points added to the propensity from the week after the drill on, as a share.
    pub effect: f64,
    /// Whether the effect is lost again after some weeks.
    pub fades: bool,
}

/// One person's drill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrilledAgent {
    /// Index of the agent.
    pub agent: usize,
    /// Week of the drill, 0-based.
    pub week: usize,
    /// Day of the drill, 0-based from the first day of the centre.
    pub day: usize,
    /// What it changed in the propensity, by week from the first: the effect, less where nobody gets better than
    /// [`RANGE`] allows; 0 up to and in the week of the drill.
    pub lift: Vec<f64>,
}

/// A cycle as planned.
struct Cycle {
    chosen: Chosen,
    selection: RangeInclusive<usize>,
    /// Weeks of drill; people are spread over them in turn.
    weeks: &'static [usize],
    /// Of ten people, so many are drilled.
    of_ten: usize,
    effect: f64,
    fades: bool,
}

/// How people are chosen.
#[derive(Clone, Copy)]
enum Chosen {
    /// The team of this place among the planted.
    Team(usize),
    /// The lowest uptakes in a behaviour not taken by a planted team or another cycle.
    Lowest,
    /// The lowest uptakes in the behaviour of this place.
    LowestIn(usize),
}

/// The cycles of the demo centre: a large effect, a small and a middling one, none (twice, once on people chosen by
/// their uptake: all they gain is regression to the mean), one that fades, one whose weeks are not over.
fn demo() -> Vec<Cycle> {
    let cycle = |chosen, selection, weeks, of_ten, effect| Cycle {
        chosen,
        selection,
        weeks,
        of_ten,
        effect,
        fades: false,
    };
    vec![
        cycle(Chosen::Team(0), 4..=7, &[8, 9], 8, 0.20),
        cycle(Chosen::Team(1), 4..=7, &[8, 9, 10], 9, 0.0),
        cycle(Chosen::Lowest, 4..=7, &[9, 10], 8, 0.10),
        cycle(Chosen::Lowest, 4..=7, &[8, 10], 8, 0.05),
        cycle(Chosen::Lowest, 4..=7, &[9], 10, 0.0),
        Cycle { fades: true, ..cycle(Chosen::Lowest, 2..=5, &[6, 7], 8, 0.18) },
        cycle(Chosen::Lowest, 8..=11, &[13, 14], 8, 0.20),
    ]
}

fn every(seed: u64) -> Vec<Cycle> {
    const EFFECTS: [f64; 4] = [0.0, 0.05, 0.10, 0.20];
    const WEEKS_OF_DRILL: [&[usize]; 3] = [&[8, 9, 10], &[8], &[9, 11]];
    let turn = usize::try_from(seed % 12).unwrap_or(0);
    (0..Behaviour::ALL.len())
        .map(|place| Cycle {
            chosen: Chosen::LowestIn(place),
            selection: 4..=7,
            weeks: WEEKS_OF_DRILL[(place / 4 + turn) % WEEKS_OF_DRILL.len()],
            of_ten: 5 + (place + turn) % 6,
            effect: EFFECTS[(place + turn) % EFFECTS.len()],
            fades: false,
        })
        .collect()
}

/// Draws the cycles and lets them change the propensities of the weeks after them. `tally` is what came of the weeks
/// before; a cycle for which the centre is too short is left out.
pub(super) fn plant(
    dice: &mut Dice,
    (drills, seed): (Drills, u64),
    weeks: usize,
    propensities: &mut Propensities,
    tally: &Tally,
) {
    let cycles = match drills {
        Drills::None => Vec::new(),
        Drills::Demo => demo(),
        Drills::Every => every(seed),
    };
    let mut taken =
        planted_teams(propensities).into_iter().map(|(_, behaviour)| behaviour).collect::<Vec<_>>();
    for cycle in cycles {
        let shifted = |week: usize| (week + weeks).checked_sub(WEEKS).filter(|week| *week < weeks);
        let span = shifted(*cycle.selection.start()).zip(shifted(*cycle.selection.end()));
        let weeks_of_drill: Vec<usize> = cycle.weeks.iter().filter_map(|week| shifted(*week)).collect();
        let (Some(selection), true) = (span, weeks_of_drill.len() == cycle.weeks.len()) else { continue };
        let Some((behaviour, members)) = choose(dice, cycle.chosen, selection, propensities, tally, &taken)
        else {
            continue;
        };
        taken.push(behaviour);
        let count = members.len() * cycle.of_ten / 10;
        let drilled = members.iter().take(count).zip(weeks_of_drill.iter().cycle());
        let drilled = drilled
            .map(|(agent, week)| DrilledAgent {
                agent: *agent,
                week: *week,
                day: week * 7 + DAY_OF_WEEK,
                lift: lift(propensities, (*agent, behaviour), *week, &cycle),
            })
            .collect();
        let (effect, fades) = (cycle.effect, cycle.fades);
        propensities.drill(PlantedDrill { behaviour, selection, members, drilled, effect, fades });
    }
}

fn lift(
    propensities: &Propensities,
    (agent, behaviour): (usize, Behaviour),
    drill: usize,
    cycle: &Cycle,
) -> Vec<f64> {
    let weeks = propensities.weeks();
    (0..weeks)
        .map(|week| {
            let since = week.saturating_sub(drill);
            let lost = if cycle.fades { FADES * since.saturating_sub(WHOLE_WEEKS) as f64 } else { 0.0 };
            let wanted = if since == 0 { 0.0 } else { (cycle.effect - lost).max(0.0) };
            let room = (RANGE.1 - propensities.at(agent, behaviour, week)).max(0.0);
            (wanted.min(room) * 10_000.0).round() / 10_000.0
        })
        .collect()
}

/// A behaviour and its people, in an order that has nothing to do with how they were chosen; nothing where all
/// behaviours are taken.
fn choose(
    dice: &mut Dice,
    chosen: Chosen,
    selection: (usize, usize),
    propensities: &Propensities,
    tally: &Tally,
    taken: &[Behaviour],
) -> Option<(Behaviour, Vec<usize>)> {
    let (behaviour, mut members) = match chosen {
        Chosen::Team(place) => {
            let (team, behaviour) = *planted_teams(propensities).get(place)?;
            (behaviour, (team * TEAM_SIZE..(team + 1) * TEAM_SIZE).collect())
        }
        Chosen::LowestIn(place) => {
            let behaviour = *Behaviour::ALL.get(place)?;
            (behaviour, lowest(behaviour, selection, propensities, tally))
        }
        Chosen::Lowest => {
            let free: Vec<Behaviour> = Behaviour::ALL
                .into_iter()
                .filter(|behaviour| !behaviour.is_prohibition() && !taken.contains(behaviour))
                .collect();
            if free.is_empty() {
                return None;
            }
            let behaviour = dice.one(&free);
            (behaviour, lowest(behaviour, selection, propensities, tally))
        }
    };
    for last in (1..members.len()).rev() {
        members.swap(last, dice.index(last + 1));
    }
    Some((behaviour, members))
}

/// The people with the lowest uptake in the selection weeks, or, in a centre with too few conversations to tell, the
/// lowest propensity.
fn lowest(
    behaviour: Behaviour,
    (first, last): (usize, usize),
    propensities: &Propensities,
    tally: &Tally,
) -> Vec<usize> {
    let counted = (0..AGENTS).filter_map(|agent| {
        let count = tally.over(agent, behaviour, first..last + 1);
        (count.applicable >= ENOUGH).then(|| (agent, f64::from(count.shown) / f64::from(count.applicable)))
    });
    let mut ranked: Vec<(usize, f64)> = counted.collect();
    if ranked.len() < CHOSEN {
        ranked = (0..AGENTS).map(|agent| (agent, propensities.at(agent, behaviour, last))).collect();
    }
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    ranked.into_iter().take(CHOSEN).map(|(agent, _)| agent).collect()
}

fn planted_teams(propensities: &Propensities) -> Vec<(usize, Behaviour)> {
    propensities.planted.iter().filter_map(|gap| Some((gap.team?, gap.behaviour))).collect()
}
