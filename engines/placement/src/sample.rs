//! A believable centre from a seed: for benchmarks, tests and trying things out.
//!
//! One week of quarters of an hour, open 07:00 to 22:00. Teams of fourteen share days and shifts, more or less; each
//! has a leader who is never on the phones. Three queues, six skill sets. The demand follows the roster with
//! swings by hour and day that no roster follows, so that some intervals have slack and others have none.

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use staffing::ServiceLevelDefinition;

use crate::model::{
    Attendance, Centre, Grid, Kind, Limit, Person, Queue, Room, Rules, Session, Shift, Span, Trainers, Window,
};

/// How large a centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// People in teams, leaders included.
    pub people: usize,
    /// Sessions to place.
    pub sessions: usize,
    /// The share of people's time on the phones that calls take on average; 0.84 leaves some slack.
    pub busy: f64,
}

const GRID: Grid = Grid { days: 7, interval_minutes: 15 };
const PER_DAY: usize = 96;
const TEAM: usize = 14;
/// A shift of eight and a half hours.
const SHIFT: usize = 34;
/// Names, mean handling times and patience in seconds, and shares of the work.
const QUEUES: [(&str, f64, f64, f64); 3] =
    [("billing", 240.0, 150.0, 0.45), ("faults", 360.0, 180.0, 0.35), ("sales", 300.0, 90.0, 0.20)];
/// Skill sets, and how many of a hundred people have them.
const SKILLS: [(&[usize], usize); 6] =
    [(&[0], 30), (&[0, 1], 25), (&[1], 15), (&[0, 2], 10), (&[2], 10), (&[0, 1, 2], 10)];

/// Makes the centre of a seed.
pub fn centre(size: Size, seed: u64) -> Centre {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut people = Vec::new();
    let mut teams: Vec<Team> = Vec::new();
    while people.len() < size.people {
        teams.push(team(teams.len(), size.people - people.len(), &mut people, &mut random));
    }
    let queues = queues(&people, size.busy, &mut random);
    let sessions =
        (0..size.sessions).filter_map(|number| session(number, &teams, &people, &mut random)).collect();
    let rooms = vec![Room { name: "training room".to_owned(), parallel: 3 }];
    Centre { grid: GRID, queues, people, rooms, sessions, earlier: Vec::new(), rules: Rules::default() }
}

/// Its people by number; the leader is the first, the next two are its trainers.
#[derive(Debug)]
struct Team {
    leader: usize,
    trainers: Vec<usize>,
    members: Vec<usize>,
}

fn team(number: usize, most: usize, people: &mut Vec<Person>, random: &mut ChaCha8Rng) -> Team {
    // Starts at 07:00, 09:30 and 13:00; two days off in a row, which differ by team.
    let start = [28, 38, 52].get(number % 3).copied().unwrap_or(28);
    let off = [number % 7, (number + 1) % 7];
    let first = people.len();
    for member in 0..TEAM.min(most) {
        let skills = if member == 0 { Vec::new() } else { skills(random) };
        let late = if member == 0 { 0 } else { 2 * random.random_range(0..3) };
        let mut shifts = Vec::new();
        for day in (0..7).filter(|day| !off.contains(day)) {
            shifts.push(shift(day * PER_DAY + start + late, random));
        }
        people.push(Person {
            name: format!("{:04}", people.len() + 1),
            queues: skills,
            shifts,
            fixed: Vec::new(),
            attending: Limit { per_day: Some(8), per_week: Some(16) },
            leading: Limit { per_day: Some(12), per_week: Some(40) },
        });
    }
    let last = people.len();
    Team {
        leader: first,
        trainers: (first + 1..last).take(2).collect(),
        members: (first + 1..last).collect(),
    }
}

fn skills(random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut dice = random.random_range(0..100);
    for (skills, share) in SKILLS {
        if dice < share {
            return skills.to_vec();
        }
        dice -= share;
    }
    vec![0]
}

/// A meal of an hour about the middle, and a break before and after it.
fn shift(start: usize, random: &mut ChaCha8Rng) -> Shift {
    let pause = |from: usize, length: usize| Span { start: start + from, end: start + from + length };
    let meal = random.random_range(13..=18);
    Shift {
        work: Span { start, end: start + SHIFT },
        breaks: vec![
            pause(random.random_range(6..=9), 1),
            pause(meal, 4),
            pause(random.random_range(meal + 7..=meal + 10), 1),
        ],
    }
}

/// Demand that follows the people who are there, with swings of its own.
fn queues(people: &[Person], busy: f64, random: &mut ChaCha8Rng) -> Vec<Queue> {
    let intervals = GRID.intervals();
    let mut there = vec![0.0; intervals];
    for person in people.iter().filter(|person| !person.queues.is_empty()) {
        for shift in &person.shifts {
            for (interval, there) in there.iter_mut().enumerate() {
                let inside = |span: &Span| span.start <= interval && interval < span.end;
                *there += f64::from(inside(&shift.work) && !shift.breaks.iter().any(inside));
            }
        }
    }
    let days: Vec<f64> = (0..7).map(|_| random.random_range(-0.03..0.03)).collect();
    QUEUES
        .iter()
        .map(|(name, aht, patience, share)| {
            let peak = random.random_range(9.0..11.0);
            let offered = (0..intervals).map(|interval| {
                // Calls do not know of breaks: an hour is looked at together.
                let around =
                    there.get(interval.saturating_sub(2)..(interval + 3).min(intervals)).unwrap_or(&[]);
                let people = around.iter().sum::<f64>() / around.len().max(1) as f64;
                let hour = (interval % PER_DAY) as f64 / 4.0;
                let swing = 0.06 * ((hour - peak) / 24.0 * 4.0 * std::f64::consts::PI).cos();
                let day = days.get(interval / PER_DAY).copied().unwrap_or(0.0);
                let erlangs =
                    people * share * (busy + swing + day + random.random_range(-0.02..0.02)).max(0.0);
                (erlangs * 900.0 / aht).round()
            });
            Queue {
                name: (*name).to_owned(),
                target: 0.8,
                threshold_seconds: 20.0,
                definition: ServiceLevelDefinition::OfOffered,
                patience_seconds: Some(*patience),
                offered: offered.collect(),
                aht_seconds: vec![*aht; intervals],
            }
        })
        .collect()
}

/// One session; nothing when there are no teams.
fn session(number: usize, teams: &[Team], people: &[Person], random: &mut ChaCha8Rng) -> Option<Session> {
    let team = teams.get(number % teams.len().max(1))?;
    let one = *team.members.choose(random)?;
    let (kind, length, attendance, leaders) = match number % 20 {
        0..9 => {
            let size = 4.min(team.members.len());
            (Kind::Drill, 3, Attendance::Group { from: team.members.clone(), size }, team.trainers.clone())
        }
        9..13 => (Kind::Coaching, 2, Attendance::All(vec![one]), vec![team.leader]),
        13..17 => (Kind::OneOnOne, 2, Attendance::All(vec![one]), vec![team.leader]),
        17 => {
            // Those of two teams that work on the same days at the same time of day.
            let mut from = team.members.clone();
            from.extend(teams.get((number + 21) % teams.len()).iter().flat_map(|team| &team.members));
            from.sort_unstable();
            from.dedup();
            let size = 8.min(from.len());
            (Kind::Course, 4, Attendance::Group { from, size }, Vec::new())
        }
        18 => {
            let start = |person: &usize| {
                people.get(*person).and_then(|one| one.shifts.first()).map(|one| one.work.start)
            };
            let mut together = team.members.clone();
            together.retain(|person| start(person) == start(&one));
            (Kind::Meeting, 2, Attendance::All(together), vec![team.leader])
        }
        _ => {
            let mut some = team.members.clone();
            some.shuffle(random);
            some.truncate(4);
            (Kind::ELearning, 4, Attendance::Each(some), Vec::new())
        }
    };
    let due = random.random_range(2..7) * PER_DAY;
    Some(Session {
        name: format!("{number:04}"),
        kind,
        length,
        attendance,
        trainers: Trainers { count: usize::from(!leaders.is_empty()), from: leaders },
        window: Window { span: Span { start: 0, end: GRID.intervals() }, days: Vec::new(), hours: None },
        room: (kind == Kind::Course).then_some(0),
        gap: usize::from(kind == Kind::Drill),
        edge: usize::from(matches!(kind, Kind::Drill | Kind::Course)),
        interruptible: matches!(kind, Kind::Drill | Kind::Coaching | Kind::ELearning),
        part: (kind == Kind::ELearning).then_some(2),
        topic: (kind == Kind::Drill).then(|| {
            // A team of thirteen has three groups of four.
            format!("team {} cycle {}", number % teams.len(), number / teams.len() / 3)
        }),
        priority: 5,
        due: (kind == Kind::Course).then_some(due),
        max_harm_points: None,
    })
}
