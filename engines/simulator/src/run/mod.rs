//! Many replications: as many as the precision asked for needs, on as many threads as allowed.

pub(crate) mod moments;
pub(crate) mod report;
pub(crate) mod scope;

use std::sync::Arc;
use std::thread;

use self::moments::{Moments, Pairing, Quantile};
use self::report::{Comparison, Difference, Ended, Figures, Report};
use self::scope::{Scope, Scopes, Summary};
use crate::day::Day;
use crate::day::plan::Plan;
use crate::distribution::within;
use crate::error::Error;
use crate::limits::{FIGURES_MAX, PEOPLE_MAX, REPLICATIONS_MAX, THREADS_MAX, VARIANTS_MAX};
use crate::random::Seed;
use crate::scenario::Scenario;

/// Calls that a batch should have: some tens of milliseconds, so that looking at the intervals in between costs little.
const BATCH_CALLS: f64 = 100_000.0;

/// Most replications of a batch.
const BATCH_MAX: u64 = 100;

/// How much is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Another seed is another history of calls.
    pub seed: u64,
    /// At least so many replications, before any interval is believed.
    pub replications_min: u64,
    /// At most so many.
    pub replications_max: u64,
    /// The budget of steps: no further batch begins once so many calls were simulated, in all plans together.
    pub calls_max: u64,
    /// Ends as soon as all of these are narrow enough; with none, all replications are made.
    pub until: Vec<Goal>,
    /// Of all intervals, such as 0.95.
    pub confidence: f64,
    /// Computing threads; results do not depend on them.
    pub threads: usize,
    /// Scopes to report besides the usual ones.
    pub scopes: Vec<Scope>,
}

/// An interval that should be narrow: of the service level, or of its difference where plans are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Where.
    pub scope: Scope,
    /// How narrow; 0.002 is ± 0.2 points.
    pub half_width: f64,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            seed: 1,
            replications_min: 30,
            replications_max: 1_000,
            calls_max: u64::MAX,
            until: Vec::new(),
            confidence: 0.95,
            threads: 1,
            scopes: Vec::new(),
        }
    }
}

impl Run {
    fn check(&self) -> Result<(), Error> {
        let n = self.replications_min;
        if !(2..=REPLICATIONS_MAX).contains(&n) {
            let advice = format!("write 2 to {REPLICATIONS_MAX}: one replication has no interval");
            return Err(Error::value("replications_min", n, advice));
        }
        if self.replications_max < n || self.replications_max > REPLICATIONS_MAX {
            let advice = format!("write {n} (the least) to {REPLICATIONS_MAX}");
            return Err(Error::value("replications_max", self.replications_max, advice));
        }
        within("confidence", self.confidence, 0.5, 0.999_999, "a share such as 0.95")?;
        if self.threads < 1 || self.threads > THREADS_MAX {
            return Err(Error::value("threads", self.threads, format!("write 1 to {THREADS_MAX}")));
        }
        for (i, goal) in self.until.iter().enumerate() {
            within(&format!("until[{i}].half_width"), goal.half_width, 1.0e-9, 1.0, "a share such as 0.002")?;
        }
        Ok(())
    }
}

/// Simulates one plan.
///
/// Replications are made in batches until every goal is met: sequential stopping by the half-width (Chow and Robbins
/// 1965; Law 2015, section 9.4.1, who asks for at least some ten replications first because the interval is believed
/// too early otherwise). The same seed gives the same report for any number of threads; `stop` is asked now and then,
/// and what was through by then is reported.
///
/// # Errors
/// What the scenario or the run is refused for; [`Error::Stopped`] when not two replications were through.
pub fn simulate(scenario: &Scenario, run: &Run, stop: &(dyn Fn() -> bool + Sync)) -> Result<Report, Error> {
    compare(scenario, &[], run, stop).map(|comparison| comparison.plan)
}

/// Simulates a plan and variants of it over the same calls (common random numbers), and reports paired differences.
///
/// # Errors
/// As [`simulate`], and when a variant differs in more than its agents.
pub fn compare(
    plan: &Scenario,
    variants: &[(String, Scenario)],
    run: &Run,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Comparison, Error> {
    run.check()?;
    few_variants("variants", variants.len(), plan)?;
    let mut plans = vec![Plan::new(plan)?];
    for (name, variant) in variants {
        comparable(plan, name, variant)?;
        plans.push(Plan::new(variant).map_err(|e| e.within(&format!("variant {name:?}")))?);
    }
    let mut scopes = run.scopes.clone();
    scopes.extend(run.until.iter().map(|goal| goal.scope.clone()));
    scopes.iter().try_for_each(|scope| scope.check(plan))?;
    let scopes = Arc::new(Scopes::new(plan, scopes));
    let figures = scopes.list.len().saturating_mul(plans.len());
    if figures > FIGURES_MAX {
        let advice = format!(
            "have at most {FIGURES_MAX}: compare fewer variants, or simulate fewer intervals or groups"
        );
        return Err(Error::value("figures of all plans", figures, advice));
    }
    let calls = (plan.expected_calls() * plans.len() as f64).max(1.0);
    let study = Study { scopes, run, size: batch_size(calls) };
    let mut workers: Vec<Worker<'_>> = (0..run.threads).map(|_| Worker::new(plan, &plans)).collect();
    study.replicate(&mut workers, stop)
}

/// Refuses more variants of a plan than can be kept.
pub(crate) fn few_variants(path: &str, variants: usize, plan: &Scenario) -> Result<(), Error> {
    let people = plan.agents.len().saturating_mul(variants + 1);
    if variants > VARIANTS_MAX || people > PEOPLE_MAX {
        let advice =
            format!("compare at most {VARIANTS_MAX} variants, with at most {PEOPLE_MAX} people in all");
        return Err(Error::value(path, format!("a list of {variants}"), advice));
    }
    Ok(())
}

/// How many replications a batch has; at least two, or there would be nothing to compare.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and BATCH_CALLS")]
fn batch_size(calls: f64) -> u64 {
    ((BATCH_CALLS / calls) as u64).clamp(1, BATCH_MAX)
}

fn comparable(plan: &Scenario, name: &str, variant: &Scenario) -> Result<(), Error> {
    let refused = |what| Err(Error::Incomparable { variant: name.to_owned(), what });
    if plan.intervals != variant.intervals || plan.interval_s.to_bits() != variant.interval_s.to_bits() {
        return refused("intervals");
    }
    if plan.measured != variant.measured {
        return refused("measured intervals");
    }
    if plan.call_types.len() != variant.call_types.len() {
        return refused("call types");
    }
    if plan.groups.len() == variant.groups.len() { Ok(()) } else { refused("groups") }
}

/// A thread's memory: a day of each plan.
#[derive(Debug)]
struct Worker<'p> {
    days: Vec<Day<'p>>,
    summary: Summary,
}

impl<'p> Worker<'p> {
    fn new(scenario: &Scenario, plans: &'p [Plan]) -> Worker<'p> {
        Worker { days: plans.iter().map(Day::new).collect(), summary: Summary::new(scenario) }
    }
}

/// Statistics of some replications.
#[derive(Debug, Clone)]
struct Part {
    replications: u64,
    /// By plan.
    calls: Vec<u64>,
    events: Vec<u64>,
    /// By plan, then scope.
    moments: Vec<Vec<Moments>>,
    /// By variant, then scope.
    pairings: Vec<Vec<Pairing>>,
    stopped: bool,
}

impl Part {
    fn new(plans: usize, scopes: usize) -> Part {
        Part {
            replications: 0,
            calls: vec![0; plans],
            events: vec![0; plans],
            moments: vec![vec![Moments::default(); scopes]; plans],
            pairings: vec![vec![Pairing::default(); scopes]; plans.saturating_sub(1)],
            stopped: false,
        }
    }

    fn merge(&mut self, other: &Part) {
        if let (Some(base), Some(other_base)) = (self.moments.first(), other.moments.first()) {
            for (v, (pairings, theirs)) in self.pairings.iter_mut().zip(&other.pairings).enumerate() {
                for (s, (pairing, theirs)) in pairings.iter_mut().zip(theirs).enumerate() {
                    let ours = [&self.moments[v + 1][s], &base[s]];
                    pairing.merge(theirs, ours, [&other.moments[v + 1][s], &other_base[s]]);
                }
            }
        }
        for (ours, theirs) in self.moments.iter_mut().flatten().zip(other.moments.iter().flatten()) {
            ours.merge(theirs);
        }
        self.replications += other.replications;
        for (ours, theirs) in self.calls.iter_mut().zip(&other.calls) {
            *ours += theirs;
        }
        for (ours, theirs) in self.events.iter_mut().zip(&other.events) {
            *ours += theirs;
        }
        self.stopped |= other.stopped;
    }
}

/// One run over some plans.
struct Study<'r> {
    scopes: Arc<Scopes>,
    run: &'r Run,
    size: u64,
}

impl Study<'_> {
    fn replicate(
        &self,
        workers: &mut [Worker<'_>],
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Comparison, Error> {
        let plans = workers.first().map_or(0, |w| w.days.len());
        let mut all = Part::new(plans, self.scopes.list.len());
        let mut next = 0;
        // A wave is a batch for each thread. Its batches are judged one after the other, and those behind the one that
        // ends the run are thrown away: so the threads do not show in the result.
        let ended = 'run: loop {
            let parts = self.wave(workers, next, stop);
            for part in parts {
                next += self.size;
                all.merge(&part);
                if let Some(ended) = self.ended(&all) {
                    break 'run ended;
                }
            }
        };
        if all.replications < 2 {
            return Err(Error::Stopped);
        }
        Ok(self.comparison(&all, ended))
    }

    /// One batch for each worker, in the order of replications.
    fn wave(&self, workers: &mut [Worker<'_>], first: u64, stop: &(dyn Fn() -> bool + Sync)) -> Vec<Part> {
        let jobs = workers.iter_mut().zip((first..self.run.replications_max).step_by(self.step()));
        if self.run.threads == 1 {
            return jobs.map(|(worker, first)| self.batch(worker, first, stop)).collect();
        }
        thread::scope(|scope| {
            let handles: Vec<_> =
                jobs.map(|(worker, first)| scope.spawn(move || self.batch(worker, first, stop))).collect();
            handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| self.lost())).collect()
        })
    }

    /// In the place of a batch whose thread broke: what was through before it counts.
    fn lost(&self) -> Part {
        Part { stopped: true, ..Part::new(0, self.scopes.list.len()) }
    }

    fn step(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    fn batch(&self, worker: &mut Worker<'_>, first: u64, stop: &(dyn Fn() -> bool + Sync)) -> Part {
        let mut part = Part::new(worker.days.len(), self.scopes.list.len());
        let mut base = vec![moments::Row::default(); self.scopes.list.len()];
        for replication in first..(first + self.size).min(self.run.replications_max) {
            // All plans of a replication count, or none.
            for day in &mut worker.days {
                if stop() || !day.run(Seed::new(self.run.seed, replication), stop) {
                    part.stopped = true;
                    return part;
                }
            }
            part.replications += 1;
            for (p, day) in worker.days.iter().enumerate() {
                part.calls[p] += day.tally.calls;
                part.events[p] += day.tally.events;
                worker.summary.read(&day.tally);
                for (s, scope) in self.scopes.list.iter().enumerate() {
                    let row = worker.summary.row(scope);
                    part.moments[p][s].push(&row);
                    match p.checked_sub(1) {
                        None => base[s] = row,
                        Some(v) => {
                            let (plan, first) = (&part.moments[p][s], &part.moments[0][s]);
                            part.pairings[v][s].push(plan, first, &row, &base[s]);
                        }
                    }
                }
            }
        }
        part
    }

    /// Whether the run is over after these replications, and why.
    fn ended(&self, all: &Part) -> Option<Ended> {
        if all.stopped {
            return Some(Ended::Stopped);
        }
        if all.replications >= self.run.replications_min && self.precise(all) {
            return Some(Ended::Precise);
        }
        if all.replications >= self.run.replications_max {
            return Some(Ended::Replications);
        }
        let enough = all.replications >= 2 && all.calls.iter().sum::<u64>() >= self.run.calls_max;
        enough.then_some(Ended::Budget)
    }

    fn precise(&self, all: &Part) -> bool {
        if self.run.until.is_empty() {
            return false;
        }
        let quantile = Quantile::new(self.run.confidence, all.replications as f64);
        self.run.until.iter().all(|goal| {
            let Some(s) = self.scopes.place(&goal.scope) else { return true };
            // A scope without calls has nothing to be precise about.
            let narrow = |e: Option<moments::Estimate>| e.is_none_or(|e| e.half_width <= goal.half_width);
            if all.pairings.is_empty() {
                return narrow(all.moments[0][s].ratio(moments::Ratio::ServiceLevel, quantile));
            }
            all.pairings.iter().enumerate().all(|(v, pairings)| {
                let (plan, base) = (&all.moments[v + 1][s], &all.moments[0][s]);
                narrow(pairings[s].difference(plan, base, moments::Ratio::ServiceLevel, quantile))
            })
        })
    }

    fn comparison(&self, all: &Part, ended: Ended) -> Comparison {
        let quantile = Quantile::new(self.run.confidence, all.replications as f64);
        let report = |p: usize| Report {
            replications: all.replications,
            calls: all.calls[p],
            events: all.events[p],
            confidence: self.run.confidence,
            ended,
            scopes: Arc::clone(&self.scopes),
            figures: all.moments[p].iter().map(|m| Figures::new(m, quantile)).collect(),
        };
        let differences = all.pairings.iter().enumerate().map(|(v, pairings)| {
            let sides = all.moments[v + 1].iter().zip(&all.moments[0]);
            let one = |(pairing, (plan, base))| Difference::new(pairing, plan, base, quantile);
            pairings.iter().zip(sides).map(one).collect()
        });
        Comparison {
            plan: report(0),
            variants: (1..all.moments.len()).map(report).collect(),
            differences: differences.collect(),
        }
    }
}
