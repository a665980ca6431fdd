//! What training costs the service level: 200 sessions in the week of a centre of 500 people, every plan beside the
//! greedy one, beside what chance comes to, and beside the bound; small mornings beside an exhaustive search.
//!
//! `cargo xtask bench placement`. No package registry offers a peer: placing activities is a feature of commercial
//! suites, none of which can be run here.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use placement::sample::{Size, centre};
use placement::{
    Attendance, Centre, Need, Options, Overload, Placer, Plan, Session, Span, place_again, recall,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[path = "../../../engines/placement/tests/common/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a plan that the checker cannot read ends the benchmark")]
mod checker;

/// The whole run, preparing included, seconds.
const SECONDS_MAX: f64 = 10.0;
/// What the plan may cost the projected service level of the week, points.
const HARM_MAX: f64 = 0.5;
/// Seconds for greedy and improvement: a rest is left for preparing and for the plan's own figures.
const LOOKING: Duration = Duration::from_millis(8_500);
const CENTRE: Size = Size { people: 500, sessions: 200, busy: 0.80 };
const SEEDS: [u64; 3] = [1, 2, 3];
const MORNINGS: u64 = 60;

fn main() -> Result<()> {
    let mut missed = Vec::new();
    for seed in SEEDS {
        one_centre(seed, &mut missed)?;
    }
    by_steps()?;
    by_slack()?;
    mornings(&mut missed)?;
    recalls()?;
    ensure!(missed.is_empty(), "missed: {}", missed.join("; "));
    Ok(())
}

/// Prints a figure beside its target and notes a miss.
fn beside(figure: &str, value: f64, target: f64, unit: &str, missed: &mut Vec<String>) {
    let met = value <= target;
    println!(
        "  {figure:<46} {value:>9.3} {unit:<6} target ≤ {target:.3} {}",
        if met { "ok" } else { "MISSED" }
    );
    if !met {
        missed.push(figure.to_owned());
    }
}

fn figure(figure: &str, plan: &Plan, seconds: f64) {
    println!(
        "  {figure:<46} {:>9.3} points (priced {:.3}, bound {:.3}), {} without a place, {seconds:.2} s",
        plan.harm_points,
        plan.priced_points,
        plan.bound_points,
        plan.unplaced.len()
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let made = work();
    (made, started.elapsed().as_secs_f64())
}

/// How much of the time on the phones the sessions take, percent.
fn share(centre: &Centre, plan: &Plan) -> f64 {
    let taken: usize = plan
        .placements
        .iter()
        .map(|placed| {
            let on = |who: &&usize| centre.people.get(**who).is_some_and(|one| !one.queues.is_empty());
            placed.people.iter().chain(&placed.trainers).filter(on).count()
                * (placed.span.end - placed.span.start)
        })
        .sum();
    let phones: usize = centre
        .people
        .iter()
        .filter(|one| !one.queues.is_empty())
        .flat_map(|one| &one.shifts)
        .map(|shift| {
            let breaks: usize = shift.breaks.iter().map(|pause| pause.end - pause.start).sum();
            shift.work.end - shift.work.start - breaks
        })
        .sum();
    100.0 * taken as f64 / phones.max(1) as f64
}

fn one_centre(seed: u64, missed: &mut Vec<String>) -> Result<()> {
    let centre = centre(CENTRE, seed);
    let whole = Instant::now();
    let (placer, preparing) = timed(|| Placer::new(&centre));
    let placer = placer?;
    let looking = Instant::now();
    let best = placer.place(Options { steps: u64::MAX, seed }, || looking.elapsed() >= LOOKING);
    let seconds = whole.elapsed().as_secs_f64();
    println!(
        "centre {seed}: 500 people, 200 sessions that take {:.1} % of the time on the phones, service level before {:.2} %",
        share(&centre, &best),
        100.0 * best.service_level.before
    );
    println!("  preparing (service levels of every interval, queue and number of people) {preparing:.2} s");
    let (greedy, greedy_seconds) = timed(|| placer.greedy(|| false));
    for dice in 1..=3 {
        let (random, seconds) = timed(|| placer.at_random(dice));
        figure("by chance, every rule kept", &random, seconds);
    }
    figure("greedy by regret", &greedy, greedy_seconds);
    figure(&format!("improved, {} steps", best.steps), &best, seconds);
    beside("all of it", seconds, SECONDS_MAX, "s", missed);
    beside("harm to the projected service level", best.harm_points, HARM_MAX, "points", missed);
    beside("worse than greedy by", (best.objective - greedy.objective).max(0.0), 0.0, "", missed);
    beside("sessions without a place", best.unplaced.len() as f64, 0.0, "", missed);
    for (name, plan) in [("improved", &best), ("greedy", &greedy)] {
        let mut faults = checker::faults(&centre, plan);
        faults.extend(checker::projection_faults(&centre, plan));
        println!("  the checker of its own finds in the plan {name}: {} faults", faults.len());
        ensure!(faults.is_empty(), "{}", faults.join("; "));
    }
    Ok(())
}

/// What more steps bring.
fn by_steps() -> Result<()> {
    let placer = Placer::new(&centre(CENTRE, 1))?;
    println!("centre 1 by steps, seed 1");
    for steps in [0, 1_000, 3_000, 10_000, 30_000, 100_000] {
        let (plan, seconds) = timed(|| placer.place(Options { steps, seed: 1 }, || false));
        figure(&format!("{steps} steps"), &plan, seconds);
    }
    Ok(())
}

/// What slack is worth: the same centre with more and with less work.
fn by_slack() -> Result<()> {
    println!("centre 1 by slack: chance / greedy / 20 000 steps / bound, points");
    for busy in [0.72, 0.76, 0.80, 0.84, 0.88] {
        let placer = Placer::new(&centre(Size { busy, ..CENTRE }, 1))?;
        let random = placer.at_random(1);
        let greedy = placer.greedy(|| false);
        let best = placer.place(Options { steps: 20_000, seed: 1 }, || false);
        println!(
            "  {:.0} % busy, {:.2} % before: {:.3} / {:.3} / {:.3} / {:.3}; without a place {} / {} / {}",
            100.0 * busy,
            100.0 * best.service_level.before,
            random.harm_points,
            greedy.harm_points,
            best.harm_points,
            best.bound_points,
            random.unplaced.len(),
            greedy.unplaced.len(),
            best.unplaced.len()
        );
    }
    Ok(())
}

/// Five sessions in a morning of one queue, beside all ways to place them.
fn mornings(missed: &mut Vec<String>) -> Result<()> {
    let (mut exact, mut greedy_exact) = (0, 0);
    let (mut worst, mut greedy_worst) = (0.0_f64, 0.0_f64);
    let mut bound = 0.0;
    let started = Instant::now();
    for seed in 0..MORNINGS {
        let centre = morning(seed);
        let least = exhaustive(&centre);
        let placer = Placer::new(&centre)?;
        let gap = |plan: &Plan| (plan.harm_points - least) / least.max(1e-9);
        let best = placer.place(Options { steps: 2_000, seed }, || false);
        let greedy = placer.greedy(|| false);
        ensure!(best.harm_points > least - 1e-9, "morning {seed} is better than the best");
        exact += u64::from(gap(&best) < 1e-6);
        greedy_exact += u64::from(gap(&greedy) < 1e-6);
        worst = worst.max(gap(&best));
        greedy_worst = greedy_worst.max(gap(&greedy));
        bound += best.bound_points / least.max(1e-9) / MORNINGS as f64;
    }
    println!("{MORNINGS} small mornings beside exhaustive search, {:.1} s", started.elapsed().as_secs_f64());
    println!("  exact by greedy {greedy_exact}, by 2 000 steps {exact}");
    println!("  worst gap: greedy {:.2} %, improved {:.4} %", 100.0 * greedy_worst, 100.0 * worst);
    println!("  the bound is {:.0} % of the optimum on average", 100.0 * bound);
    beside("mornings not solved exactly", (MORNINGS - exact) as f64, 0.0, "", missed);
    Ok(())
}

/// One queue, four hours, eight to sixteen people who are there all the time, and five sessions.
fn morning(seed: u64) -> Centre {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut centre = centre(Size { people: 1, sessions: 0, busy: 0.8 }, seed);
    let template = centre.people.swap_remove(0);
    let (from, until) = (32, 48);
    let people = random.random_range(10..=16);
    centre.people = (0..people)
        .map(|number| {
            let mut one = template.clone();
            one.name = format!("{number:02}");
            one.queues = vec![0];
            one.shifts.truncate(1);
            for shift in &mut one.shifts {
                shift.work = Span { start: from, end: until };
                shift.breaks.clear();
            }
            one
        })
        .collect();
    centre.queues.truncate(1);
    for queue in &mut centre.queues {
        queue.offered.fill(0.0);
        for calls in queue.offered.iter_mut().skip(from).take(until - from) {
            *calls = (f64::from(people) * random.random_range(1.8..3.0)).round();
        }
    }
    // Prices equal losses only above the steepest point; the search below knows losses alone.
    centre.rules.floor_points = 100.0;
    centre.rules.early_points_per_day = 0.0;
    let mut next = 0;
    for number in 0..5 {
        let size = random.random_range(1..=2);
        let attendance = Attendance::All((next..next + size).collect());
        next += size;
        centre.sessions.push(Session {
            name: format!("{number}"),
            kind: placement::Kind::Drill,
            length: random.random_range(1..=4),
            attendance,
            trainers: placement::Trainers::default(),
            window: placement::Window {
                span: Span { start: from, end: until },
                days: Vec::new(),
                hours: None,
            },
            room: None,
            gap: 0,
            edge: 0,
            interruptible: true,
            part: None,
            topic: None,
            priority: 5,
            due: None,
            max_harm_points: None,
        });
    }
    centre
}

/// The least harm of all ways to place the sessions, by Erlang alone and with prices that rise.
fn exhaustive(centre: &Centre) -> f64 {
    let Some(queue) = centre.queues.first() else { return 0.0 };
    let offered: f64 = queue.offered.iter().sum();
    let people = centre.people.len();
    let most: usize = centre.sessions.iter().map(|session| session.attendance.named().len()).sum();
    let losses: Vec<Vec<f64>> = (32..48)
        .map(|interval| {
            let level = |away: usize| checker::level(centre, queue, interval, people - away);
            let weight = queue.offered.get(interval).copied().unwrap_or(0.0);
            (0..=most).map(|away| 100.0 * weight * (level(0) - level(away)) / offered).collect()
        })
        .collect();
    let sessions: Vec<(usize, usize)> =
        centre.sessions.iter().map(|session| (session.length, session.attendance.named().len())).collect();
    let mut least = f64::INFINITY;
    deeper(&sessions, &losses, &mut [0; 16], &mut least);
    least
}

/// Tries every start of the first session, and all of the rest below it.
fn deeper(sessions: &[(usize, usize)], losses: &[Vec<f64>], away: &mut [usize; 16], least: &mut f64) {
    let now: f64 = losses
        .iter()
        .zip(away.iter())
        .map(|(row, away)| row.get(*away).copied().unwrap_or(f64::INFINITY))
        .sum();
    if now >= *least {
        return;
    }
    let Some(((length, people), rest)) = sessions.split_first() else {
        *least = now;
        return;
    };
    for start in 0..=away.len() - length {
        let take = |away: &mut [usize; 16], more: bool| {
            for slot in away.iter_mut().skip(start).take(*length) {
                *slot = if more { *slot + people } else { *slot - people };
            }
        };
        take(away, true);
        deeper(rest, losses, away, least);
        take(away, false);
    }
}

/// Calling back and placing again, in the large centre.
fn recalls() -> Result<()> {
    let centre = centre(CENTRE, 1);
    let plan = Placer::new(&centre)?.greedy(|| false);
    let away = |interval: usize| {
        let there =
            plan.placements.iter().filter(|one| one.span.start <= interval && interval < one.span.end);
        there.map(|one| one.people.len()).sum::<usize>()
    };
    let now = (0..centre.grid.intervals()).max_by_key(|interval| away(*interval)).unwrap_or(0);
    let needs = (now..now + 4).map(|interval| Need { interval, queue: 0, people: 12 }).collect();
    let overload = Overload { now, needs, lately: Vec::new() };
    let (order, seconds) = timed(|| recall(&centre, &plan, &overload));
    let order = order?;
    let options = Options { steps: 2_000, seed: 1 };
    let (again, again_seconds) = timed(|| place_again(&centre, &plan, &order, &overload, options, || false));
    let again = again?;
    println!(
        "12 more people for an hour: {} sessions called off in {:.1} ms; placed again in {again_seconds:.2} s, {} \
         without a place, {:.3} points of harm instead of {:.3}",
        order.calls.len(),
        1e3 * seconds,
        again.unplaced.len(),
        again.harm_points,
        plan.harm_points
    );
    let missing: usize = order.missing.iter().map(|need| need.people).sum();
    println!("  intervals of people still missing: {missing} of 48");
    Ok(())
}
