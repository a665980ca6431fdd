//! Reasons in sentences that name people: why wishes are not met, why intervals are short, whose rules contradict
//! each other.

use serde::Serialize;

use super::Team;
use super::calendar::{DAY, written};
use super::people::{Ban, Wish};
use crate::explain::{Bans, Granting, Reason, Shortage, Why, contradiction_among, shortages};
use crate::model::{Choice, Error, FORBIDDEN, Mistakes, OFF, Problem, Source};
use crate::roster::Roster;
use crate::search::Instance;

/// Most unmet wishes, and most intervals with too few agents, whose reason is looked for.
pub const EXPLAINED_MAX: usize = 200;
/// Most shifts of a person that are tried for all short intervals together: some seconds of work. Each interval may
/// need everybody's.
const TRIED_MAX: usize = 100_000;
/// How many others may move over when it is found out what a wish would cost.
const OTHERS: usize = 10;
/// Most people whom a sentence names.
const NAMED_MAX: usize = 3;
/// The wish itself, among what contradicts it.
const WISH: &str = "the wish";
/// What is said of what was not looked into.
const NOT_EXAMINED: &str = "not looked into: too many others come before it";

/// What a roster leaves to be desired.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Every wish that is not met.
    pub unmet_wishes: Vec<UnmetWish>,
    /// Every stretch of time with too few agents.
    pub short: Vec<Short>,
}

/// A wish that is not met, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnmetWish {
    /// Whose it is.
    pub person: String,
    /// The day, such as `2026-11-23`.
    pub day: String,
    /// The wish as it stands in the file.
    pub wish: String,
    /// Its weight.
    pub weight: u32,
    /// The shift they work instead, or `off`.
    pub does: String,
    /// Why.
    pub why: String,
}

/// A stretch of time with too few agents, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Short {
    /// The day, such as `2026-11-23`.
    pub day: String,
    /// When, such as `09:00-09:30`.
    pub time: String,
    /// How many agents are missing.
    pub agents: i64,
    /// Why.
    pub why: String,
}

/// What a roster came from.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a> {
    /// A search among all rosters.
    Search,
    /// A repair, which keeps published shifts: with the absent, `(person, day)`.
    Repair(&'a [(usize, usize)]),
}

impl<'a> Origin<'a> {
    /// Who does not come: `(person, day)`.
    pub fn absent(self) -> &'a [(usize, usize)] {
        match self {
            Origin::Search => &[],
            Origin::Repair(absent) => absent,
        }
    }
}

/// Why a roster is as it is. `instance` is the team's problem or what became of it. Ends early when `stop` says so, with
/// reasons only for the first.
pub fn explain(
    team: &Team,
    instance: &Instance,
    roster: &Roster,
    origin: Origin<'_>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Explained {
    let unmet_wishes = unmet(team, instance, roster, origin.absent(), stop);
    let most = (TRIED_MAX / team.problem.people.len().max(1)).clamp(1, EXPLAINED_MAX);
    let found = shortages(instance, roster, most, stop);
    Explained { unmet_wishes, short: short(team, roster, &found, origin) }
}

/// The roster with every wish granted that makes it better: what a longer search would have found. Ends early when `stop`
/// says so.
pub fn improved(
    team: &Team,
    instance: &Instance,
    roster: &Roster,
    stop: &(dyn Fn() -> bool + Sync),
) -> Roster {
    let Ok(mut granting) = Granting::new(instance, roster, OTHERS) else { return roster.clone() };
    let mut tried = 0;
    loop {
        let mut is_better = false;
        for (person, member) in team.members.iter().enumerate() {
            for wish in &member.wishes {
                let is_met = wish.is_met(granting.roster().spot(person, wish.day).choice);
                if is_met || banned(team, person, wish).is_some() {
                    continue;
                }
                if tried >= EXPLAINED_MAX || stop() {
                    return granting.roster().clone();
                }
                tried += 1;
                let granted = |choice: Choice| wish.is_met(choice);
                is_better |= matches!(granting.grant(person, wish.day, granted), Why::NotFound { .. });
            }
        }
        if !is_better {
            return granting.roster().clone();
        }
    }
}

fn unmet(
    team: &Team,
    instance: &Instance,
    roster: &Roster,
    absent: &[(usize, usize)],
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<UnmetWish> {
    let Ok(mut granting) = Granting::new(instance, roster, OTHERS) else { return Vec::new() };
    let mut unmet = Vec::new();
    for (person, member) in team.members.iter().enumerate() {
        let wishes = member.wishes.iter();
        for wish in wishes.filter(|wish| !wish.is_met(roster.spot(person, wish.day).choice)) {
            let why = if absent.contains(&(person, wish.day)) {
                format!("{} is absent", team.name(person))
            } else if let Some(why) = banned(team, person, wish) {
                why
            } else if unmet.len() >= EXPLAINED_MAX || stop() {
                NOT_EXAMINED.to_owned()
            } else {
                let granted = |choice: Choice| wish.is_met(choice);
                reason(team, instance.problem, person, wish, &granting.why(person, wish.day, granted))
            };
            unmet.push(UnmetWish {
                person: team.name(person).to_owned(),
                day: team.date(wish.day),
                wish: team.wish(wish),
                weight: wish.weight,
                does: team.choice(roster.spot(person, wish.day).choice).to_owned(),
                why,
            });
        }
    }
    unmet
}

/// What rules a wish out whatever else happens.
fn banned(team: &Team, person: usize, wish: &Wish) -> Option<String> {
    let member = &team.members[person];
    let shifts = &team.problem.shifts;
    let ban_of = |choice: Choice| {
        let shift = usize::from(choice).checked_sub(1).and_then(|at| shifts.get(at));
        Ban::ALL.into_iter().find(|&ban| member.is_banned(ban, wish.day, choice, shift))
    };
    let choices = (OFF..).take(shifts.len() + 1);
    let mut first = None;
    for choice in choices.filter(|&choice| wish.is_met(choice)) {
        let ban = ban_of(choice)?;
        first = first.or(Some(ban));
    }
    let name = team.name(person);
    Some(match first? {
        Ban::Leave => format!("{name} is on leave"),
        Ban::Availability => format!("it lies outside of the hours in which {name} is available"),
        Ban::Age => format!("it is night work, and {name} is under age"),
        Ban::Shifts => format!("the contract “{}” is without this shift", member.contract),
        Ban::Fixed => format!("the file fixes what {name} does on that day"),
    })
}

fn reason(team: &Team, problem: &Problem, person: usize, wish: &Wish, why: &Why) -> String {
    let name = team.name(person);
    match *why {
        Why::Rules => {
            let mut bans = bans(team, problem, person);
            let choices = problem.choices();
            let forbids = (0..problem.days * choices).map(|index| {
                let (day, choice) = place(index, choices);
                day == wish.day && !wish.is_met(choice)
            });
            bans.push(Bans { name: WISH, forbids: forbids.collect() });
            let mut names = contradiction_among(problem, person, bans);
            names.retain(|name| *name != WISH);
            format!("the rules of {name} leave no room for it: {}", names.join(", "))
        }
        Why::AsGood => format!("meeting it would cost as much elsewhere as its weight of {}", wish.weight),
        Why::NotFound { gain } => format!("a longer search would meet it, and cost {gain} less"),
        Why::Costs { cover, own, others } => {
            // What it is worth stands in `own` already.
            let own = own + i64::from(wish.weight);
            let parts = [
                (cover, "for agents short or idle".to_owned()),
                (own, format!("for other wishes and fairness of {name}")),
                (others, "for wishes and fairness of others".to_owned()),
            ];
            let told: Vec<String> = parts
                .iter()
                .filter(|(cost, _)| *cost != 0)
                .map(|(cost, what)| format!("{cost} {what}"))
                .collect();
            format!(
                "meeting it would cost {} ({}), and its weight is {}",
                cover + own + others,
                told.join(", "),
                wish.weight
            )
        }
    }
}

/// Neighbouring intervals of a day with the same shortage and reason become one stretch.
fn short(team: &Team, roster: &Roster, found: &[Shortage], origin: Origin<'_>) -> Vec<Short> {
    let mut merged: Vec<(usize, usize, usize, i64, String)> = Vec::new();
    for one in found {
        let why = sentence(team, roster, one, origin);
        match merged.last_mut() {
            Some((day, _, to, agents, known))
                if (*day, *to, *agents) == (one.day, one.interval, one.agents) && *known == why =>
            {
                *to += 1;
            }
            _ => merged.push((one.day, one.interval, one.interval + 1, one.agents, why)),
        }
    }
    let minutes = |interval: usize| u32::try_from(interval).unwrap_or(0) * team.problem.interval_minutes;
    merged
        .into_iter()
        .map(|(day, from, to, agents, why)| Short {
            day: team.date(day),
            time: written(minutes(from), minutes(to)),
            agents,
            why,
        })
        .collect()
}

fn sentence(team: &Team, roster: &Roster, shortage: &Shortage, origin: Origin<'_>) -> String {
    match shortage.why {
        Reason::CheaperElsewhere { person, more } if is_on_break(team, roster, shortage, person) => {
            format!("a break of {}; at another time it would cost {more} more elsewhere", team.name(person))
        }
        Reason::CheaperElsewhere { person, more } if matches!(origin, Origin::Repair(_)) => {
            let name = team.name(person);
            format!("{name} could, but their published shifts were kept ({more} more elsewhere)")
        }
        Reason::AllAtWork => "everybody with the skill is at work".to_owned(),
        Reason::NotExamined => NOT_EXAMINED.to_owned(),
        Reason::NobodyAllowed => {
            format!("no shift that {} may work covers it", named(team, &shortage.free, "or"))
        }
        Reason::RulesForbid => {
            let people = named(team, &shortage.free, "and");
            format!("one shift more would break the contract or the rest of {people}")
        }
        Reason::CheaperElsewhere { person, more: 0 } => {
            format!("would cost the same elsewhere: {} could", team.name(person))
        }
        Reason::CheaperElsewhere { person, more } => {
            format!("would cost {more} more elsewhere: {} could", team.name(person))
        }
    }
}

/// Whether a person has a break where agents are missing.
fn is_on_break(team: &Team, roster: &Roster, shortage: &Shortage, person: usize) -> bool {
    let minutes = team.problem.interval_minutes;
    let at = u32::try_from(shortage.interval).unwrap_or(0) * minutes;
    let yesterday = shortage.day.checked_sub(1).map(|day| (day, at + DAY));
    [Some((shortage.day, at)), yesterday].into_iter().flatten().any(|(day, at)| {
        let shift = usize::from(roster.spot(person, day).choice).checked_sub(1);
        let shift = shift.and_then(|shift| team.problem.shifts.get(shift));
        shift.is_some_and(|shift| (shift.start..shift.end).contains(&at))
    })
}

/// Some people by name, the others by number.
fn named(team: &Team, people: &[usize], word: &str) -> String {
    let mut names: Vec<String> =
        people.iter().take(NAMED_MAX).map(|&person| team.name(person).to_owned()).collect();
    let more = people.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        names.push(format!("{more} other{}", if more == 1 { "" } else { "s" }));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
        None => "anybody".to_owned(),
    }
}

/// What the engine refuses, in the words of the file: whoever has no line is named, with the rules that contradict each
/// other. `problem` is the team's or what became of it.
pub fn refused(team: &Team, problem: &Problem, error: Error) -> Error {
    let Error::NoLine { person, .. } = error else { return error };
    let Some(member) = team.members.get(person) else { return error };
    let names = contradiction_among(problem, person, bans(team, problem, person));
    let why = format!(
        "{} (contract “{}”): no shifts keep all of these rules together: {}; loosen one of them",
        team.name(person),
        member.contract,
        names.join(", ")
    );
    Error::Mistakes(Mistakes { source: Source::File, lines: vec![(member.line, why)], more: 0 })
}

/// What forbids a person single choices, each under its name.
fn bans(team: &Team, problem: &Problem, person: usize) -> Vec<Bans> {
    let (Some(member), Some(one)) = (team.members.get(person), problem.people.get(person)) else {
        return Vec::new();
    };
    let choices = problem.choices();
    let mut bans: Vec<Bans> = Ban::ALL
        .into_iter()
        .map(|ban| {
            let forbids = |index: usize| {
                let (day, choice) = place(index, choices);
                let shift = usize::from(choice).checked_sub(1).and_then(|at| problem.shifts.get(at));
                member.is_banned(ban, day, choice, shift)
            };
            Bans { name: ban.name(), forbids: (0..problem.days * choices).map(forbids).collect() }
        })
        .collect();
    // What changed since the roster was published forbids more.
    let rest = (one.tolls.iter().enumerate()).map(|(index, &toll)| {
        toll == FORBIDDEN && !bans.iter().any(|ban| ban.forbids.get(index).is_some_and(|&forbids| forbids))
    });
    let rest = Bans { name: "absences and what is past", forbids: rest.collect() };
    bans.push(rest);
    bans
}

/// Day and choice of a place in a list of all choices.
fn place(index: usize, choices: usize) -> (usize, Choice) {
    (index / choices, Choice::try_from(index % choices).unwrap_or(OFF))
}

impl Team {
    /// The name of a person.
    pub fn name(&self, person: usize) -> &str {
        self.problem.people.get(person).map_or("", |person| &person.name)
    }
}
