//! All verdicts of a centre with 1 000 agents and 200 open improvements, recomputed by the engine on one thread.
//!
//! Sixteen weeks of drawn counts; every improvement has twelve people drilled over three weeks, and everybody else
//! to compare with. One pass is what a new week of conversations asks for; the drill board, which shows each cycle
//! at 1, 2, 4 and 8 weeks, asks for four.

use std::time::Instant;

use anyhow::{Result, bail};
use evidence::{Conclusion, Counts, Group, Trace, VerdictPlan, verdict};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const AGENTS: usize = 1_000;
const IMPROVEMENTS: usize = 200;
const BEHAVIOURS: usize = 20;
const WEEKS: i64 = 16;
/// People of an improvement, of whom the first are drilled.
const MEMBERS: usize = 16;
const DRILLED: usize = 12;
/// Seconds all verdicts may take.
const TARGET: f64 = 2.0;
/// Passes measured; the middle one counts.
const PASSES: usize = 5;

fn main() -> Result<()> {
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let weeks: Vec<Vec<Vec<(i64, Counts)>>> = (0..BEHAVIOURS)
        .map(|_| (0..AGENTS).map(|_| person(&mut dice)).collect::<Result<_>>())
        .collect::<Result<_>>()?;
    println!("{AGENTS} agents, {IMPROVEMENTS} improvements, {WEEKS} weeks, one thread");
    let mut seconds = Vec::with_capacity(PASSES);
    let mut concluded = 0;
    for _ in 0..PASSES {
        let started = Instant::now();
        concluded = pass(&weeks, 4)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let middle = seconds.get(PASSES / 2).copied().unwrap_or(f64::INFINITY);
    let started = Instant::now();
    for after in [1, 2, 4, 8] {
        pass(&weeks, after)?;
    }
    println!("all verdicts, traces made anew, median of {PASSES}: {middle:.3} s, target under {TARGET} s");
    println!("  with {concluded} conclusions of {IMPROVEMENTS}");
    println!("the drill board, at 1, 2, 4 and 8 weeks: {:.3} s", started.elapsed().as_secs_f64());
    if middle >= TARGET {
        bail!("all verdicts took {middle:.3} s");
    }
    Ok(())
}

/// Every verdict once, with `after` weeks; how many concluded anything.
fn pass(weeks: &[Vec<Vec<(i64, Counts)>>], after: u16) -> Result<usize> {
    let plan = VerdictPlan { after_weeks: after, ..VerdictPlan::new(4..=7, WEEKS - 1) };
    let mut concluded = 0;
    for improvement in 0..IMPROVEMENTS {
        let Some(people) = weeks.get(improvement % BEHAVIOURS) else { continue };
        let traces: Vec<Trace<usize>> = people
            .iter()
            .enumerate()
            .map(|(agent, weeks)| Trace {
                key: agent,
                group: group(improvement, agent),
                weeks: weeks.clone(),
            })
            .collect();
        let verdict = verdict(&traces, &plan)?;
        concluded += usize::from(!matches!(verdict.conclusion, Conclusion::NotEnough { .. }));
    }
    Ok(concluded)
}

/// The members of an improvement stand in a row, those of the next begin five further.
fn group(improvement: usize, agent: usize) -> Group {
    let place = (agent + AGENTS - improvement * 5 % AGENTS) % AGENTS;
    let drilled = (place < DRILLED).then(|| [8, 9, 11][place % 3]);
    if place < MEMBERS { Group::Member { drilled } } else { Group::Other { drilled: None } }
}

fn person(dice: &mut ChaCha8Rng) -> Result<Vec<(i64, Counts)>> {
    let share = 0.6 + 0.38 * dice.random::<f64>();
    (0..WEEKS)
        .map(|week| {
            let n = dice.random_range(5..40_u64);
            let shown = (0..n).filter(|_| dice.random::<f64>() < share).count();
            Ok((week, Counts::new(shown as u64, n)?))
        })
        .collect()
}
