//! Verdicts on planted drills held against what the drills really changed.
//!
//! Every behaviour of every centre has one drill cycle on the ten people with the lowest uptake in four weeks, some
//! of them drilled in one to three later weeks; true effects are 0, 5, 10 and 20 points, less where nobody gets
//! better. Season, drift and better and worse weeks are in every centre. The truth of a verdict is the average of
//! what changed in the propensities of the drilled people over the conversations of their after weeks, weighted as
//! the verdict weights them. The plain before/after compares the after weeks with the weeks that selected the people.

use std::collections::BTreeMap;

use anyhow::Result;
use evidence::{Conclusion, Counts, Group, Part, Trace, Verdict, VerdictPlan, verdict};
use lianbing::demo::{AGENTS, Centre, Drills, Plan, PlantedDrill, Propensities, Tally};

use crate::{ALL_WEEKS, END, Report, SEEDS, Share, counts};

/// Intervals without which the coverage says nothing.
const INTERVALS: u64 = 2_000;
/// Upper bounds of the classes of conversations after the drill, of all drilled people together.
const CLASSES: [u64; 4] = [250, 500, 1_000, u64::MAX];

/// What came of many verdicts.
#[derive(Default)]
struct Judged {
    covered: Share,
    covered_by_effect: BTreeMap<u32, Share>,
    worked_without: Share,
    worse: Share,
    undecided: Share,
    plain_covered: Share,
    plain_worked_without: Share,
    /// By points planted, then by class of conversations: how often *worked*.
    power: BTreeMap<u32, BTreeMap<u64, Share>>,
}

/// The drills of all seeds, as observations.
pub fn observe(report: &mut Report) -> Result<()> {
    let mut judged = Judged::default();
    for seed in SEEDS {
        let centre = Centre::new(Plan { drills: Drills::Every, ..Plan::new(seed, END) });
        let tally = centre.tally();
        for drill in &centre.propensities().drills {
            judged.add(drill, &judge(centre.propensities(), drill, &tally)?, &tally);
        }
    }
    judged.print(report);
    Ok(())
}

/// The verdict of the product on one planted drill.
fn judge(propensities: &Propensities, drill: &PlantedDrill, observed: &Tally) -> Result<Verdict<usize>> {
    let mut traces = Vec::with_capacity(AGENTS);
    for agent in 0..AGENTS {
        let mut weeks = Vec::with_capacity(ALL_WEEKS.end);
        for week in ALL_WEEKS {
            weeks.push((number(week), counts(observed.over(agent, drill.behaviour, week..week + 1))?));
        }
        traces.push(Trace { key: agent, group: group(propensities, drill, agent), weeks });
    }
    let selection = number(drill.selection.0)..=number(drill.selection.1);
    Ok(verdict(&traces, &VerdictPlan::new(selection, number(ALL_WEEKS.end) - 1))?)
}

/// Who an agent is to a drill; another drill on the same behaviour makes them no comparison.
fn group(propensities: &Propensities, drill: &PlantedDrill, agent: usize) -> Group {
    let week = |drill: &PlantedDrill| {
        drill.drilled.iter().find(|person| person.agent == agent).map(|person| number(person.week))
    };
    if drill.members.contains(&agent) {
        return Group::Member { drilled: week(drill) };
    }
    let same = propensities.drills.iter().filter(|other| other.behaviour == drill.behaviour);
    Group::Other { drilled: same.filter_map(week).min() }
}

fn number(week: usize) -> i64 {
    i64::try_from(week).unwrap_or(i64::MAX)
}

/// What the drill changed for the drilled people of a verdict, weighted as there.
fn truth(drill: &PlantedDrill, verdict: &Verdict<usize>, tally: &Tally) -> f64 {
    let drilled = verdict.rows.iter().filter(|row| row.part == Part::Drilled);
    drilled
        .map(|row| {
            let Some(person) = drill.drilled.iter().find(|person| person.agent == row.key) else {
                return 0.0;
            };
            let (mut changed, mut applicable) = (0.0, 0.0);
            for week in person.week + 1..=person.week + usize::from(evidence::AFTER_WEEKS) {
                let n = f64::from(tally.over(row.key, drill.behaviour, week..week + 1).applicable);
                changed += n * person.lift.get(week).copied().unwrap_or(0.0);
                applicable += n;
            }
            if applicable > 0.0 { row.weight * changed / applicable } else { 0.0 }
        })
        .sum()
}

impl Judged {
    fn add(&mut self, drill: &PlantedDrill, verdict: &Verdict<usize>, tally: &Tally) {
        let Some(side) = verdict.drilled else { return };
        let truth = truth(drill, verdict, tally);
        let worked = verdict.conclusion == Conclusion::Worked;
        let plain_worked = verdict.plain.interval.low > 0.0;
        let points = points(drill.effect);
        let covered = verdict.interval.contains(truth);
        self.covered.add(covered);
        self.covered_by_effect.entry(points).or_default().add(covered);
        self.plain_covered.add(verdict.plain.interval.contains(truth));
        self.worse.add(verdict.conclusion == Conclusion::Worse);
        self.undecided.add(matches!(verdict.conclusion, Conclusion::NotEnough { .. }));
        if points == 0 {
            self.worked_without.add(worked);
            self.plain_worked_without.add(plain_worked);
        }
        // Where nobody can get better the planted points are not what changed, and power by them would say nothing.
        if (truth - drill.effect).abs() < 0.01 {
            let class = class(side.after);
            self.power.entry(points).or_default().entry(class).or_default().add(worked);
        }
    }

    fn print(&self, report: &mut Report) {
        println!();
        println!("verdicts on planted drills, {} centres as observations", SEEDS.count());
        report.line("true effect inside the 95 % interval", self.covered, (0.93, 0.97));
        if self.covered.n < INTERVALS {
            report.miss(&format!("only {} intervals of {INTERVALS}", self.covered.n));
        }
        for (points, share) in &self.covered_by_effect {
            share.note(&format!("of those planted with {points} points"));
        }
        self.plain_covered.note("the plain before/after: inside its 95 % interval");
        report.line("worked, without any effect", self.worked_without, (0.0, 0.03));
        self.plain_worked_without.note("the plain before/after: worked, without any effect");
        self.worse.note("worse, where no drill makes anything worse");
        self.undecided.note("not enough calls");
        println!("worked, by planted effect and conversations of the drilled people after:");
        for (points, classes) in &self.power {
            for (class, share) in classes {
                let name = if *class == u64::MAX {
                    format!("{points} points, n ≥ {}", CLASSES[CLASSES.len() - 2])
                } else {
                    format!("{points} points, n < {class}")
                };
                share.note(&name);
            }
        }
    }
}

fn class(after: Counts) -> u64 {
    CLASSES.into_iter().find(|bound| after.applicable() < *bound).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn points(effect: f64) -> u32 {
    (effect * 100.0).round() as u32
}

/// Verdicts of the same drills from two counts: of what is true, and of what the rules found.
#[derive(Default)]
pub struct Same {
    covered: Share,
    agree: Share,
    conclusions: Share,
}

impl Same {
    /// Adds the drills of one centre.
    pub fn add(&mut self, propensities: &Propensities, true_counts: &Tally, observed: &Tally) -> Result<()> {
        for drill in &propensities.drills {
            let (by_truth, by_rules) =
                (judge(propensities, drill, true_counts)?, judge(propensities, drill, observed)?);
            let Some(effect) = by_rules.effect else { continue };
            self.covered.add(by_rules.interval.contains(truth(drill, &by_rules, true_counts)));
            self.agree.add(by_truth.interval.contains(effect));
            self.conclusions.add(kind(by_truth.conclusion) == kind(by_rules.conclusion));
        }
        Ok(())
    }

    /// Prints them.
    pub fn print(&self, report: &mut Report) {
        report.line("effects by the rules inside the intervals of the truth", self.agree, (0.97, 1.0));
        self.covered.note("true effect inside the 95 % interval by the rules");
        self.conclusions.note("the same conclusion");
    }
}

fn kind(conclusion: Conclusion) -> std::mem::Discriminant<Conclusion> {
    std::mem::discriminant(&conclusion)
}
