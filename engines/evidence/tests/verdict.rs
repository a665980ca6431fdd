//! Verdicts on people whose truth is known.
#![expect(clippy::expect_used, reason = "a test that cannot build its input should fail")]

use evidence::{
    Conclusion, Counts, EvidenceError, Group, MINIMUM_PEOPLE, Note, Part, Trace, Verdict, VerdictPlan,
    verdict,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Weeks 0–3 are the baseline, 4–7 select, 8 is the first week of drill, 15 the last there is.
const SELECTION: std::ops::RangeInclusive<i64> = 4..=7;
const NOW: i64 = 15;

fn counts(shown: u64, applicable: u64) -> Counts {
    Counts::new(shown, applicable).expect("test counts are valid")
}

/// Somebody with `shown` of 20 in every week, and `later` of 20 after week 8.
fn steady(key: usize, group: Group, shown: u64, later: u64) -> Trace<usize> {
    let weeks = (0..=NOW).map(|week| (week, counts(if week > 8 { later } else { shown }, 20))).collect();
    Trace { key, group, weeks }
}

fn drilled(week: i64) -> Group {
    Group::Member { drilled: Some(week) }
}

const OTHER: Group = Group::Other { drilled: None };
const UNDRILLED: Group = Group::Member { drilled: None };

fn judge(traces: &[Trace<usize>]) -> Verdict<usize> {
    verdict(traces, &VerdictPlan::new(SELECTION, NOW)).expect("a plan within its limits")
}

/// Drilled people at 12 of 20 who rise to `later`, and others at 16 of 20 who stay, each differing a little.
fn small_centre(later: u64) -> Vec<Trace<usize>> {
    let drilled = (0..5).map(|key| steady(key, drilled(8), 12, later + key as u64 % 2));
    let others =
        (5..25).map(|key| steady(key, OTHER, 15 + key as u64 % 3, 14 + key as u64 % 3 + key as u64 / 3 % 3));
    drilled.chain(others).collect()
}

#[test]
fn the_effect_is_what_the_rows_add_up_to() {
    let verdict = judge(&small_centre(16));
    assert_eq!(verdict.conclusion, Conclusion::Worked);
    let effect = verdict.effect.expect("people to compare with");
    let sum: f64 = verdict
        .rows
        .iter()
        .map(|row| row.weight * (row.after.rate().expect("conversations after") - row.baseline))
        .sum();
    assert!((effect - sum).abs() < 1e-9);
    let total = |part| verdict.rows.iter().filter(|row| row.part == part).map(|row| row.weight).sum::<f64>();
    assert!((total(Part::Drilled) - 1.0).abs() < 1e-9 && (total(Part::Compared) + 1.0).abs() < 1e-9);
    assert!((effect - 0.22).abs() < 0.02, "{effect}: 12 of 20 became 16.4 of 20, the others stayed");
    let (drilled, compared) = (verdict.drilled.expect("drilled"), verdict.compared.expect("compared"));
    assert_eq!((drilled.people, compared.people), (5, 20));
    assert_eq!((drilled.before, drilled.after.applicable()), (counts(5 * 48, 5 * 80), 5 * 80));
    assert!((drilled.baseline - 0.6).abs() < 1e-9 && (drilled.change - 0.22).abs() < 0.01);
}

#[test]
fn conclusions_follow_the_interval() {
    assert_eq!(judge(&small_centre(7)).conclusion, Conclusion::Worse);
    let many = |later: fn(u64) -> u64| -> Vec<Trace<usize>> {
        let drilled = (0..30).map(|key| steady(key, drilled(8), 14, later(key as u64)));
        drilled.chain((30..80).map(|key| steady(key, OTHER, 14, 13 + key as u64 % 3))).collect()
    };
    assert_eq!(judge(&many(|key| 13 + key % 3)).conclusion, Conclusion::NoChange);
    let Conclusion::NotEnough { .. } = judge(&many(|key| 8 + 12 * (key % 2))).conclusion else {
        panic!("people who differ so much say nothing of 5 points")
    };
}

#[test]
fn a_verdict_from_few_people_is_none() {
    for people in 0..MINIMUM_PEOPLE {
        let drilled = (0..people).map(|key| steady(key, drilled(8), 8, 20));
        let traces: Vec<_> = drilled.chain((10..40).map(|key| steady(key, OTHER, 16, 16))).collect();
        let verdict = judge(&traces);
        assert_eq!(verdict.conclusion, Conclusion::NotEnough { more: 0 });
        let note = if people == 0 {
            Note::NobodyDrilled
        } else {
            Note::FewPeople { people, needed: MINIMUM_PEOPLE }
        };
        assert!(verdict.notes.contains(&note), "{:?}", verdict.notes);
    }
}

#[test]
fn what_is_not_over_or_gone_is_said_and_no_verdict() {
    let mut traces = small_centre(18);
    traces[0].group = drilled(13);
    let verdict = judge(&traces);
    assert_eq!(verdict.conclusion, Conclusion::NotEnough { more: 0 });
    assert!(verdict.notes.contains(&Note::Waiting { people: 1, until: 17 }), "{:?}", verdict.notes);
    assert!(verdict.effect.is_some_and(|effect| effect > 0.2), "those whose weeks are over are measured");
    let mut traces = small_centre(18);
    traces[0].weeks.retain(|(week, _)| *week <= 8);
    traces[1].weeks.retain(|(week, _)| *week > 8);
    let verdict = judge(&traces);
    assert!(verdict.notes.contains(&Note::Gone { people: 1 }), "{:?}", verdict.notes);
    assert!(verdict.notes.contains(&Note::NothingBefore { people: 1 }), "{:?}", verdict.notes);
    assert_eq!(verdict.drilled.map(|side| side.people), Some(3));
}

#[test]
fn only_those_not_drilled_by_the_end_are_compared() {
    let mut traces = small_centre(16);
    traces[5].group = Group::Other { drilled: Some(2) };
    traces[6].group = Group::Other { drilled: Some(12) };
    traces[7].group = Group::Other { drilled: Some(13) };
    traces[8].group = UNDRILLED;
    let verdict = judge(&traces);
    let compared: Vec<usize> =
        verdict.rows.iter().filter(|row| row.part == Part::Compared).map(|row| row.key).collect();
    assert!(!compared.contains(&5) && !compared.contains(&6));
    assert!(compared.contains(&7) && compared.contains(&8));
    assert!(verdict.notes.contains(&Note::OthersDrilled { people: 2 }), "{:?}", verdict.notes);
}

#[test]
fn with_nobody_to_compare_the_season_widens_the_interval() {
    let alone = |season: u64| -> Verdict<usize> {
        let traces: Vec<_> = (0..8)
            .map(|key| {
                let mut trace = steady(key, drilled(8), 9 + key as u64 % 2, 14);
                for (week, entry) in &mut trace.weeks {
                    if *week % 2 == 0 {
                        *entry = counts(entry.shown() + season, 20);
                    }
                }
                trace
            })
            .collect();
        judge(&traces)
    };
    let (calm, stormy) = (alone(0), alone(6));
    assert_eq!(calm.conclusion, Conclusion::Worked);
    assert!(
        stormy.interval.width() > 2.0 * calm.interval.width(),
        "{:?} {:?}",
        calm.interval,
        stormy.interval
    );
    assert!(matches!(stormy.conclusion, Conclusion::NotEnough { .. }), "{:?}", stormy.conclusion);
    assert!(stormy.notes.iter().any(|note| matches!(note, Note::NothingToCompare { swing: Some(_) })));
    // No history to see a season in: no verdict.
    let late: Vec<_> = (0..8)
        .map(|key| {
            let mut trace = steady(key, drilled(8), 10, 18);
            trace.weeks.retain(|(week, _)| *week >= 2);
            trace
        })
        .collect();
    let verdict = judge(&late);
    assert!(verdict.notes.contains(&Note::NothingToCompare { swing: None }), "{:?}", verdict.notes);
    assert_eq!((verdict.conclusion, verdict.effect), (Conclusion::NotEnough { more: 0 }, None));
    assert!(!verdict.notes.iter().any(|note| matches!(note, Note::FewPeople { .. })), "eight are not few");
}

#[test]
fn people_chosen_by_hand_are_not_measured_by_the_weeks_before_their_drill() {
    #[expect(
        clippy::reversed_empty_ranges,
        reason = "empty is how a plan says that nobody was selected by weeks"
    )]
    let plan = VerdictPlan::new(1..=0, NOW);
    let by_hand = verdict(&small_centre(16), &plan).expect("a plan");
    assert!(by_hand.notes.contains(&Note::ChosenByHand));
    assert_eq!(by_hand.effect, judge(&small_centre(16)).effect, "weeks 4 to 7 either way");
}

#[test]
fn a_short_history_is_said_and_modelled() {
    let mut traces = small_centre(16);
    for trace in &mut traces {
        trace.weeks.retain(|(week, _)| *week >= 4);
    }
    let verdict = judge(&traces);
    assert!(verdict.notes.contains(&Note::ShortBaseline { weeks: 0 }), "{:?}", verdict.notes);
    assert!(verdict.notes.contains(&Note::ModelledBaseline { people: 5 }), "{:?}", verdict.notes);
    assert!(verdict.rows.iter().all(|row| row.modelled && row.before == Counts::NONE));
}

#[test]
fn plans_outside_their_limits_are_refused() {
    let plan = VerdictPlan::new(SELECTION, NOW);
    let refused = |plan: VerdictPlan| verdict(&small_centre(16), &plan).expect_err("outside its limits");
    assert_eq!(refused(VerdictPlan { baseline_weeks: 0, ..plan.clone() }), EvidenceError::Weeks(0));
    assert_eq!(refused(VerdictPlan { after_weeks: 54, ..plan.clone() }), EvidenceError::Weeks(54));
    assert_eq!(refused(VerdictPlan { worthwhile: 0.0, ..plan.clone() }), EvidenceError::Worthwhile(0.0));
    assert!(matches!(
        refused(VerdictPlan { worthwhile: f64::NAN, ..plan.clone() }),
        EvidenceError::Worthwhile(_)
    ));
    let daily: Vec<_> = (8..38).zip(0..).map(|(week, key)| steady(key, drilled(week), 10, 10)).collect();
    assert_eq!(verdict(&daily, &plan), Err(EvidenceError::Stacks(30)));
}

/// A centre drawn from a seed: a season and better and worse weeks on the logit scale; the worst of the selection
/// weeks are drilled in three weeks, in turn.
struct Simulated {
    people: usize,
    drilled: usize,
    /// Applicable conversations a week, before the drills and from the first week of drill on.
    n: u64,
    after_n: u64,
    /// How much people differ, and the season, on the logit scale.
    differ: f64,
    season: f64,
    effect: f64,
}

impl Simulated {
    fn traces(&self, seed: u64) -> Vec<Trace<usize>> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let season: Vec<f64> = (0..=NOW).map(|_| self.season * normal(&mut dice)).collect();
        let mut people: Vec<(f64, Vec<Counts>)> = Vec::new();
        for _ in 0..self.people {
            let own = (0.85_f64 / 0.15).ln() + self.differ * normal(&mut dice);
            let before =
                season.iter().take(8).map(|season| week(&mut dice, self.n, share(own + season))).collect();
            people.push((own, before));
        }
        people.sort_by_key(|(_, weeks)| weeks.iter().skip(4).map(|week| week.shown()).sum::<u64>());
        let mut traces = Vec::new();
        for (key, (own, mut weeks)) in people.into_iter().enumerate() {
            let drill = (key < self.drilled).then(|| [8, 9, 10][key % 3]);
            for (number, season) in (8..=NOW).zip(season.iter().skip(8)) {
                let lift = if drill.is_some_and(|drill| number > drill) { self.effect } else { 0.0 };
                weeks.push(week(&mut dice, self.after_n, (share(own + season) + lift).min(1.0)));
            }
            traces.push(Trace {
                key,
                group: drill.map_or(OTHER, drilled),
                weeks: (0..).zip(weeks).collect(),
            });
        }
        traces
    }
}

fn week(dice: &mut ChaCha8Rng, n: u64, share: f64) -> Counts {
    counts((0..n).filter(|_| dice.random::<f64>() < share).count() as u64, n)
}

fn share(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

fn normal(dice: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - dice.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * dice.random::<f64>()).cos()
}

/// Ten worst of a hundred, on eight checks before and eight after, and no drill that changes anything.
#[test]
fn regression_to_the_mean_is_not_taken_for_a_drill() {
    let centre =
        Simulated { people: 100, drilled: 10, n: 2, after_n: 2, differ: 0.45, season: 0.0, effect: 0.0 };
    let (mut plain, mut regression, mut effect, mut worked) = (0.0, 0.0, 0.0, 0);
    let seeds = 1..=200_u64;
    for seed in seeds.clone() {
        let verdict = judge(&centre.traces(seed));
        plain += verdict.plain.change.expect("conversations before and after");
        regression += verdict.plain.regression;
        effect += verdict.effect.expect("ninety to compare with");
        worked += usize::from(verdict.conclusion == Conclusion::Worked);
    }
    let mean = |sum: f64| sum / seeds.clone().count() as f64;
    assert!((0.14..0.34).contains(&mean(plain)), "the plain gain is {}", mean(plain));
    assert!(
        (mean(regression) - mean(plain)).abs() < 0.06,
        "{} foretold of {}",
        mean(regression),
        mean(plain)
    );
    assert!(mean(effect).abs() < 0.025, "the verdict's gain is {}", mean(effect));
    assert!(worked <= 10, "worked in {worked} of 200");
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    for (effect, low) in [(0.0, 0), (0.1, 180)] {
        let centre =
            Simulated { people: 60, drilled: 9, n: 15, after_n: 15, differ: 0.5, season: 0.25, effect };
        let (mut covered, mut worked, mut plain) = (0, 0, 0);
        for seed in 1..=300 {
            let verdict = judge(&centre.traces(seed));
            covered += usize::from(verdict.interval.contains(effect));
            worked += usize::from(verdict.conclusion == Conclusion::Worked);
            plain += usize::from(verdict.plain.interval.contains(effect));
        }
        assert!((276..=297).contains(&covered), "{covered} of 300 with an effect of {effect}");
        assert!(worked >= low && (effect > 0.0 || worked <= 12), "worked in {worked} of 300");
        assert!(plain < 230, "the plain interval holds it in {plain} of 300");
    }
}

/// About as many conversations more as asked for do find a worthwhile effect in most cases.
#[test]
fn so_many_more_conversations_would_have_been_enough() {
    let centre = |after_n| Simulated {
        people: 200,
        drilled: 40,
        n: 8,
        after_n,
        differ: 0.4,
        season: 0.2,
        effect: 0.05,
    };
    let mut asked = Vec::new();
    for seed in 1..=100 {
        if let Conclusion::NotEnough { more } = judge(&centre(4).traces(seed)).conclusion {
            asked.push(more);
        }
    }
    // 0 where no number of conversations would do.
    asked.retain(|more| *more > 0);
    asked.sort_unstable();
    let middle = asked.get(asked.len() / 2).copied().expect("four conversations a week are not enough");
    assert!(asked.len() >= 10, "{asked:?}");
    let a_week = 4 + middle.div_ceil(40 * 4);
    let seeds = 101..=200_u64;
    let found =
        seeds.filter(|seed| judge(&centre(a_week).traces(*seed)).conclusion == Conclusion::Worked).count();
    assert!((60..=98).contains(&found), "with {middle} more it is found in {found} of 100");
}
