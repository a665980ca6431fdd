//! What is true of the demo centre, to hold every reported figure against.

use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::drills::PlantedDrill;
use super::org::{AGENTS, Line, TEAM_SIZE, TEAMS, line_of_team};

/// Target of every behaviour.
pub const TARGET: f64 = 0.85;
/// Propensity of a planted gap: 20 points below target.
pub const PLANTED: f64 = 0.65;
/// People with a planted gap of their own.
const PLANTED_PEOPLE: usize = 24;
/// Teams in which everyone lacks one behaviour.
const PLANTED_TEAMS: usize = 3;
/// Where propensities other than planted ones stay: nobody is perfect, and nobody never does it.
pub(super) const RANGE: (f64, f64) = (0.40, 0.995);
/// Standard deviation of a season on the logit scale: 2 points at 90 %.
const SEASON: f64 = 0.22;
/// How much of a week's season the next week keeps.
const SEASON_KEPT: f64 = 0.7;
/// Furthest a season goes on the logit scale: 4 points at 90 %.
const SEASON_LIMIT: f64 = 0.44;
/// Weeks, the last ones, over which a season is nothing on average, so that a planted gap is there what it says.
const SEASON_FREE: usize = 4;
/// Standard deviation of a week's step in what a person finds hard, on the logit scale: a point or two over the weeks.
const DRIFT: f64 = 0.03;

/// The behaviours, in the order of every table here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the table of definitions in `phrases` says what each is")]
pub enum Behaviour {
    GreetingWithName,
    AcknowledgeFeeling,
    CheckUnderstanding,
    ConfirmCallbackTime,
    VerifyIdentity,
    NoForbiddenPhrases,
    NoBlame,
    ClearNextStep,
    ClosingQuestion,
    ExplainHold,
    OfferAlternative,
    PriceBeforeConsent,
}

impl Behaviour {
    /// All twelve.
    pub const ALL: [Self; 12] = [
        Self::GreetingWithName,
        Self::AcknowledgeFeeling,
        Self::CheckUnderstanding,
        Self::ConfirmCallbackTime,
        Self::VerifyIdentity,
        Self::NoForbiddenPhrases,
        Self::NoBlame,
        Self::ClearNextStep,
        Self::ClosingQuestion,
        Self::ExplainHold,
        Self::OfferAlternative,
        Self::PriceBeforeConsent,
    ];

    /// The name that rules use.
    pub fn name(self) -> &'static str {
        match self {
            Self::GreetingWithName => "greeting_with_name",
            Self::AcknowledgeFeeling => "acknowledge_feeling",
            Self::CheckUnderstanding => "check_understanding",
            Self::ConfirmCallbackTime => "confirm_callback_time",
            Self::VerifyIdentity => "verify_identity",
            Self::NoForbiddenPhrases => "no_forbidden_phrases",
            Self::NoBlame => "no_blame",
            Self::ClearNextStep => "clear_next_step",
            Self::ClosingQuestion => "closing_question",
            Self::ExplainHold => "explain_hold",
            Self::OfferAlternative => "offer_alternative",
            Self::PriceBeforeConsent => "price_before_consent",
        }
    }

    /// Whether showing it means that something did not happen.
    pub fn is_prohibition(self) -> bool {
        matches!(self, Self::NoForbiddenPhrases | Self::NoBlame)
    }

    /// Propensity of an average agent: some things are harder than others.
    fn base(self) -> f64 {
        match self {
            Self::GreetingWithName | Self::VerifyIdentity => 0.955,
            Self::AcknowledgeFeeling | Self::ExplainHold => 0.89,
            Self::CheckUnderstanding | Self::OfferAlternative => 0.90,
            Self::ConfirmCallbackTime | Self::ClearNextStep => 0.91,
            Self::NoForbiddenPhrases | Self::NoBlame => 0.985,
            Self::ClosingQuestion | Self::PriceBeforeConsent => 0.94,
        }
    }
}

/// A gap put there on purpose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planted {
    /// The behaviour that is lacking.
    pub behaviour: Behaviour,
    /// Index of the agent; nothing where a whole team lacks it.
    pub agent: Option<usize>,
    /// Index of the team; nothing where one agent lacks it.
    pub team: Option<usize>,
    /// Propensity without season and drills.
    pub propensity: f64,
}

/// One occasion: who could have shown what, and whether they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Index of the agent.
    pub agent: usize,
    /// The behaviour.
    pub behaviour: Behaviour,
    /// Whether it was shown.
    pub shown: bool,
}

/// Applicable and shown conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// Conversations where it was applicable.
    pub applicable: u32,
    /// Conversations where it was shown.
    pub shown: u32,
}

/// Realised counts per agent × behaviour × week. Parts counted apart are merged in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// `[agent][behaviour][week]`
    pub counts: Vec<Vec<Vec<Count>>>,
}

impl Tally {
    /// Nothing counted yet, over `weeks` weeks.
    pub fn new(weeks: usize) -> Self {
        Self { counts: vec![vec![vec![Count::default(); weeks]; Behaviour::ALL.len()]; AGENTS] }
    }

    /// Counts one occasion in `week`; a week beyond the last is ignored.
    pub fn add(&mut self, week: usize, outcome: Outcome) {
        let cell = self
            .counts
            .get_mut(outcome.agent)
            .and_then(|agent| agent.get_mut(outcome.behaviour as usize))
            .and_then(|weeks| weeks.get_mut(week));
        if let Some(cell) = cell {
            cell.applicable += 1;
            cell.shown += u32::from(outcome.shown);
        }
    }

    /// Adds what another part counted.
    pub fn merge(&mut self, other: &Self) {
        let mine = self.counts.iter_mut().flatten().flatten();
        for (cell, more) in mine.zip(other.counts.iter().flatten().flatten()) {
            cell.applicable += more.applicable;
            cell.shown += more.shown;
        }
    }

    /// One agent's counts of a behaviour over some weeks.
    pub fn over(&self, agent: usize, behaviour: Behaviour, weeks: std::ops::Range<usize>) -> Count {
        let cells = self.counts.get(agent).and_then(|behaviours| behaviours.get(behaviour as usize));
        let cells = cells.and_then(|cells| cells.get(weeks)).unwrap_or(&[]);
        cells.iter().fold(Count::default(), |sum, cell| Count {
            applicable: sum.applicable + cell.applicable,
            shown: sum.shown + cell.shown,
        })
    }
}

/// How likely each agent is to show each behaviour in each week, and where gaps were planted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Propensities {
    /// `[agent][behaviour][week]`, within 0..1.
    pub of: Vec<Vec<Vec<f64>>>,
    /// The gaps put there.
    pub planted: Vec<Planted>,
    /// `[behaviour][week]`: the season of everybody, added on the logit scale.
    pub seasons: Vec<Vec<f64>>,
    /// The drills and what they changed; contained in the propensities.
    pub drills: Vec<PlantedDrill>,
}

impl Propensities {
    /// Draws them: ability of the person, difficulty of the behaviour, what this person happens to find hard and its
    /// slow drift, the season of everybody, and better and worse weeks, added on the logit scale; then the planted
    /// gaps, with the season, replace what was drawn.
    pub(super) fn draw(dice: &mut Dice, weeks: usize) -> Self {
        let seasons: Vec<Vec<f64>> = Behaviour::ALL.iter().map(|_| season(dice, weeks)).collect();
        let mut of = Vec::with_capacity(AGENTS);
        for _ in 0..AGENTS {
            let ability = 0.40 * dice.normal();
            let mut behaviours = Vec::with_capacity(Behaviour::ALL.len());
            for (behaviour, season) in Behaviour::ALL.into_iter().zip(&seasons) {
                let mut own = logit(behaviour.base()) + ability + 0.30 * dice.normal();
                let week = |season: &f64| {
                    own += DRIFT * dice.normal();
                    propensity(own + season + 0.12 * dice.normal())
                };
                behaviours.push(season.iter().map(week).collect());
            }
            of.push(behaviours);
        }
        let mut drawn = Self { of, planted: Vec::new(), seasons, drills: Vec::new() };
        drawn.plant(dice);
        drawn
    }

    fn plant(&mut self, dice: &mut Dice) {
        let plantable: Vec<Behaviour> = Behaviour::ALL.into_iter().filter(|b| !b.is_prohibition()).collect();
        let mut teams: Vec<(usize, Behaviour)> = Vec::new();
        while teams.len() < PLANTED_TEAMS {
            let pair = (dice.index(TEAMS), dice.one(&plantable));
            if arises(pair.0, pair.1) && !teams.iter().any(|(team, _)| *team == pair.0) {
                teams.push(pair);
            }
        }
        let mut people: Vec<(usize, Behaviour)> = Vec::new();
        while people.len() < PLANTED_PEOPLE {
            let pair = (dice.index(AGENTS), dice.one(&plantable));
            if arises(pair.0 / TEAM_SIZE, pair.1)
                && !people.contains(&pair)
                && !teams.contains(&(pair.0 / TEAM_SIZE, pair.1))
            {
                people.push(pair);
            }
        }
        for (team, behaviour) in teams {
            for agent in team * TEAM_SIZE..(team + 1) * TEAM_SIZE {
                self.hold_down(agent, behaviour);
            }
            self.planted.push(Planted { behaviour, agent: None, team: Some(team), propensity: PLANTED });
        }
        for (agent, behaviour) in people {
            self.hold_down(agent, behaviour);
            self.planted.push(Planted { behaviour, agent: Some(agent), team: None, propensity: PLANTED });
        }
    }

    /// Sets a planted gap, which moves with the season alone.
    fn hold_down(&mut self, agent: usize, behaviour: Behaviour) {
        let season = &self.seasons[behaviour as usize];
        let weeks = season.iter().map(|season| propensity(logit(PLANTED) + season));
        self.of[agent][behaviour as usize] = weeks.collect();
    }

    /// Lets a drill change what comes after it.
    pub(super) fn drill(&mut self, drill: PlantedDrill) {
        for person in &drill.drilled {
            for (propensity, lift) in
                self.of[person.agent][drill.behaviour as usize].iter_mut().zip(&person.lift)
            {
                *propensity = ((*propensity + lift) * 10_000.0).round() / 10_000.0;
            }
        }
        self.drills.push(drill);
    }

    /// Weeks of the centre.
    pub(super) fn weeks(&self) -> usize {
        self.seasons.first().map_or(0, Vec::len)
    }

    /// The average propensity of one agent over some weeks, weighted by the applicable conversations that there
    /// were: what an observed uptake estimates. Nothing where there were none.
    pub fn over(
        &self,
        tally: &Tally,
        agent: usize,
        behaviour: Behaviour,
        weeks: std::ops::Range<usize>,
    ) -> Option<f64> {
        let (mut weighted, mut applicable) = (0.0, 0.0);
        for week in weeks {
            let count = tally.over(agent, behaviour, week..week + 1);
            weighted += f64::from(count.applicable) * self.at(agent, behaviour, week);
            applicable += f64::from(count.applicable);
        }
        (applicable > 0.0).then(|| weighted / applicable)
    }

    /// The propensity of one agent in one week; 0 outside the centre.
    pub fn at(&self, agent: usize, behaviour: Behaviour, week: usize) -> f64 {
        self.of
            .get(agent)
            .and_then(|behaviours| behaviours.get(behaviour as usize))
            .and_then(|weeks| weeks.get(week))
            .copied()
            .unwrap_or(0.0)
    }
}

/// Whether a behaviour has enough occasions in the line of business of a team for a gap to be worth planting.
fn arises(team: usize, behaviour: Behaviour) -> bool {
    match behaviour {
        Behaviour::PriceBeforeConsent => line_of_team(team) == Line::Marketing,
        Behaviour::VerifyIdentity => line_of_team(team) == Line::Billing,
        Behaviour::AcknowledgeFeeling
        | Behaviour::CheckUnderstanding
        | Behaviour::ConfirmCallbackTime
        | Behaviour::ClearNextStep => line_of_team(team) != Line::Marketing,
        _ => true,
    }
}

/// Weeks that all have in common: each keeps a part of the one before, and the last ones are 0 on average.
fn season(dice: &mut Dice, weeks: usize) -> Vec<f64> {
    let mut at = SEASON * dice.normal();
    let mut season = Vec::with_capacity(weeks);
    for _ in 0..weeks {
        at = SEASON_KEPT * at + (1.0 - SEASON_KEPT * SEASON_KEPT).sqrt() * SEASON * dice.normal();
        season.push(at);
    }
    let free = &season[weeks.saturating_sub(SEASON_FREE)..];
    let mean = free.iter().sum::<f64>() / free.len().max(1) as f64;
    for week in &mut season {
        *week = ((*week - mean).clamp(-SEASON_LIMIT, SEASON_LIMIT) * 10_000.0).round() / 10_000.0;
    }
    season
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// Rounded to four places, so that the truth file says exactly what was drawn from.
fn propensity(logit: f64) -> f64 {
    let share = 1.0 / (1.0 + (-logit).exp());
    (share.clamp(RANGE.0, RANGE.1) * 10_000.0).round() / 10_000.0
}

/// The truth file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The seed of the centre.
    pub seed: u64,
    /// First day, ISO 8601.
    pub start: String,
    /// Last day, ISO 8601.
    pub end: String,
    /// Target of every behaviour.
    pub target: f64,
    /// Names of the behaviours, in the order of the tables.
    pub behaviours: Vec<Behaviour>,
    /// Employee numbers of the agents, in the order of the tables.
    pub agents: Vec<String>,
    /// Team codes of the agents, in the same order.
    pub teams: Vec<String>,
    /// How likely each was to show each.
    pub propensities: Propensities,
    /// What came of it.
    pub realised: Tally,
}
