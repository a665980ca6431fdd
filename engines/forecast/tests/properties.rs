//! What holds for every history.

mod centre;

use centre::Centre;
use forecast::{
    Ask, Calendar, Estimate, Forecast, History, Known, Method, Observation, by_analogy, forecast,
    forecast_until, reconcile,
};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn run(rows: &[Observation], intervals: usize) -> Option<Forecast> {
    let calendar = Calendar::none();
    let history = History::read(rows, &calendar).ok()?;
    forecast(&history, &Ask { intervals, calendar: &calendar, events: &[], method: None }).ok()
}

fn is_ordered(one: &Estimate) -> bool {
    let Estimate { mean, lo80, hi80, lo95, hi95 } = *one;
    0.0 <= lo95 && lo95 <= lo80 && lo80 <= mean && mean <= hi80 && hi80 <= hi95 && hi95.is_finite()
}

fn hold(forecast: &Forecast) -> Result<(), TestCaseError> {
    for one in &forecast.intervals {
        prop_assert!(is_ordered(&one.calls), "{:?} at {}", one.calls, one.start);
        prop_assert!(one.aht_s.as_ref().is_none_or(is_ordered), "{:?} at {}", one.aht_s, one.start);
    }
    let starts: Vec<_> = forecast.intervals.iter().map(|one| one.start).collect();
    prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
    Ok(())
}

const FIRST: Date = date(2025, 3, 3);

/// Any rows: some calls, sometimes huge, negative or not a number, some rows missing, repeated, out of order.
fn any_rows() -> impl Strategy<Value = Vec<Observation>> {
    let calls = prop_oneof![
        8 => (0_u32..200).prop_map(f64::from),
        4 => Just(0.0),
        1 => 0.0..1e9_f64,
    ];
    let aht = prop_oneof![4 => Just(None), 4 => (1.0..900.0_f64).prop_map(Some), 1 => Just(Some(0.0))];
    let row = (0_i32..60, 0_i32..8, calls, aht);
    (prop::collection::vec(row, 1..400), prop_oneof![Just(30), Just(60), Just(180)]).prop_map(
        |(rows, minutes)| {
            let row = |(day, slot, calls, aht_s): (i32, i32, f64, Option<f64>)| Observation {
                start: FIRST
                    .at(8, 0, 0, 0)
                    .saturating_add(day.days())
                    .saturating_add((slot * minutes).minutes()),
                calls,
                aht_s,
            };
            rows.into_iter().map(row).collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_history_makes_it_panic_or_say_nonsense(rows in any_rows(), intervals in 1_usize..300) {
        if let Some(forecast) = run(&rows, intervals) {
            prop_assert_eq!(forecast.intervals.len(), intervals);
            hold(&forecast)?;
            let first = forecast.intervals[0].start;
            prop_assert!(first > rows.iter().map(|row| row.start).max().unwrap());
            let updated = forecast.update(first.date(), &[(first, 1e6)]).unwrap();
            prop_assert!(updated.iter().all(|one| is_ordered(&one.calls)));
        }
    }

    #[test]
    fn impossible_values_are_refused(bad in prop_oneof![Just(f64::NAN), Just(-1.0), Just(f64::INFINITY), Just(1e300)]) {
        let mut rows = Centre::default().history(20);
        rows[7].calls = bad;
        let error = History::read(&rows, &Calendar::none()).unwrap_err().to_string();
        prop_assert!(error.contains("2024-01-08T11:30:00") && error.contains("calls"), "{}", error);
        rows[7].calls = 1.0;
        rows[7].aht_s = Some(bad);
        let error = History::read(&rows, &Calendar::none()).unwrap_err().to_string();
        prop_assert!(error.contains("handling time"), "{}", error);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0_u64..1_000) {
        let rows = Centre { seed, ..Centre::default() }.history(45);
        let mut turned = rows.clone();
        turned.reverse();
        let half = turned.len() / 2;
        turned.rotate_left(half);
        prop_assert_eq!(run(&rows, 48).unwrap().intervals, run(&turned, 48).unwrap().intervals);
    }

    #[test]
    fn the_same_weeks_later_make_the_same_means(weeks in 1_i64..200, seed in 0_u64..50) {
        // Means and medians know weekdays alone; a shift by whole weeks changes nothing.
        let rows = Centre { seed, ..Centre::default() }.history(40);
        let later: Vec<Observation> =
            rows.iter().map(|row| Observation { start: row.start.saturating_add((weeks * 7).days()), ..*row }).collect();
        let calendar = Calendar::none();
        let by = |rows: &[Observation]| {
            let ask = Ask { intervals: 48, calendar: &calendar, events: &[], method: Some(Method::LastFour) };
            forecast(&History::read(rows, &calendar).unwrap(), &ask).unwrap().intervals
        };
        for (one, other) in by(&rows).iter().zip(by(&later)) {
            prop_assert_eq!(one.calls, other.calls);
        }
    }

    #[test]
    fn ten_times_the_calls_make_ten_times_the_mean(seed in 0_u64..50) {
        let centre = Centre { seed, calls_a_day: 8_000.0, ..Centre::default() };
        let rows = centre.history(60);
        let more: Vec<Observation> = rows.iter().map(|row| Observation { calls: 10.0 * row.calls, ..*row }).collect();
        let (Some(one), Some(ten)) = (run(&rows, 96), run(&more, 96)) else { return Err(TestCaseError::fail("none")) };
        let sum = |forecast: &Forecast| forecast.intervals.iter().map(|one| one.calls.mean).sum::<f64>();
        // Not exact: with more calls, chance is smaller beside what moves whole days.
        prop_assert!((sum(&ten) / sum(&one) / 10.0 - 1.0).abs() < 0.03, "{} {}", sum(&one), sum(&ten));
    }

    #[test]
    fn queues_add_up_to_the_centre(share in 0.05..0.95_f64, scale in 0.5..2.0_f64, seed in 0_u64..50) {
        let rows = Centre { seed, ..Centre::default() }.history(50);
        let part = |share: f64| -> Vec<Observation> {
            rows.iter().map(|row| Observation { calls: (row.calls * share).round(), ..*row }).collect()
        };
        let mut queues = [run(&part(share), 72).unwrap(), run(&part(1.0 - share), 72).unwrap()];
        let mut centre = run(&part(scale), 72).unwrap();
        reconcile(&mut queues, &mut centre).unwrap();
        for (position, one) in centre.intervals.iter().enumerate() {
            let sum: f64 = queues.iter().map(|queue| queue.intervals[position].calls.mean).sum();
            prop_assert!((sum - one.calls.mean).abs() <= 1e-9 * sum.max(1.0), "{} {}", sum, one.calls.mean);
        }
        for forecast in queues.iter().chain([&centre]) {
            hold(forecast)?;
        }
    }

    #[test]
    fn an_update_stays_between_the_plan_and_the_plain_ratio(factor in 0.3..3.0_f64, seed in 0_u64..30) {
        let centre = Centre { seed, day_noise: 0.08, ..Centre::default() };
        let forecast = run(&centre.history(90), 48).unwrap();
        let today = forecast.intervals[0].start.date();
        let seen: Vec<_> =
            forecast.intervals[..6].iter().map(|one| (one.start, one.calls.mean * factor)).collect();
        let updated = forecast.update(today, &seen).unwrap();
        prop_assert_eq!(updated.len(), 18);
        for (one, plan) in updated.iter().zip(&forecast.intervals[6..]) {
            let (least, most) = (factor.min(1.0), factor.max(1.0));
            let ratio = one.calls.mean / plan.calls.mean;
            prop_assert!(ratio >= least - 1e-9 && ratio <= most + 1e-9, "{} for {}", ratio, factor);
        }
    }

    #[test]
    fn a_new_queue_has_the_shape_of_its_reference(share in 0.01..10.0_f64) {
        let reference = run(&Centre::default().history(40), 48).unwrap();
        let new = by_analogy(&reference, &Known { share: Some(share), seen: Vec::new() }).unwrap();
        hold(&new)?;
        for (one, other) in new.intervals.iter().zip(&reference.intervals) {
            prop_assert!((one.calls.mean - share * other.calls.mean).abs() < 1e-9 * one.calls.mean.max(1.0));
            let relative = |one: &Estimate| (one.hi80 - one.mean) / one.mean.max(1e-9);
            prop_assert!(relative(&one.calls) > relative(&other.calls), "a guess is less sure than a history");
        }
    }
}

#[test]
fn the_same_history_makes_the_same_forecast() {
    let centre = Centre { month_start: 1.2, ..Centre::default() };
    let rows = centre.history(130);
    let (one, other) = (run(&rows, 240).unwrap(), run(&rows, 240).unwrap());
    assert_eq!(one.intervals, other.intervals);
    assert_eq!(one.table, other.table);
    assert!(centre.wape(&one.intervals) < 0.06);
}

#[test]
fn stopping_early_leaves_the_mandatory_candidate() {
    let rows = Centre::default().history(120);
    let calendar = Calendar::none();
    let history = History::read(&rows, &calendar).unwrap();
    let ask = Ask { intervals: 48, calendar: &calendar, events: &[], method: None };
    let forecast = forecast_until(&history, &ask, &mut || true).unwrap();
    assert_eq!(forecast.method, Method::LastFour);
    assert!(forecast.notes.contains(&forecast::Note::Stopped));
}

#[test]
fn what_is_wrong_with_a_file_is_told_or_mended() {
    let centre = Centre::default();
    let rows = centre.history(40);
    let read = |rows: &[Observation]| History::read(rows, &Calendar::none());
    let note = |rows: &[Observation]| -> Vec<String> {
        read(rows).unwrap().notes().iter().map(ToString::to_string).collect()
    };
    assert_eq!(note(&rows), Vec::<String>::new());

    let mut repeated = rows.clone();
    repeated.extend_from_slice(&rows[100..103]);
    assert!(
        note(&repeated).iter().any(|note| note.contains("3 intervals repeated with the same values")),
        "{:?}",
        note(&repeated)
    );
    let ahead = |rows: &[Observation]| {
        let calendar = Calendar::none();
        let ask = Ask { intervals: 20, calendar: &calendar, events: &[], method: None };
        forecast(&read(rows).unwrap(), &ask).unwrap().intervals
    };
    let twice: Vec<Observation> = rows.iter().chain(&rows).copied().collect();
    assert_eq!(ahead(&twice), ahead(&rows), "a history exported twice is the same history");
    let mut split = rows.clone();
    split.push(Observation { calls: rows[100].calls + 1.0, ..rows[100] });
    assert!(
        note(&split).iter().any(|note| note.contains("1 intervals repeated with different values")),
        "{:?}",
        note(&split)
    );

    let mut gap = rows.clone();
    gap.drain(100..104);
    assert!(note(&gap).iter().any(|note| note.contains("4 open intervals missing")), "{:?}", note(&gap));

    let mut odd = rows.clone();
    odd[50].start = odd[50].start.saturating_add(7.minutes());
    assert!(read(&odd).unwrap_err().to_string().contains("one interval length"));

    let zeros: Vec<Observation> =
        rows.iter().map(|row| Observation { calls: 0.0, aht_s: None, ..*row }).collect();
    assert!(read(&zeros).unwrap_err().to_string().contains("0 calls"));
    assert!(read(&[]).unwrap_err().to_string().contains("no history"));
    assert!(read(&rows[..1]).unwrap_err().to_string().contains("interval length"));
}

#[test]
fn the_night_of_the_clock_change_is_no_gap_and_no_double() {
    // 24 hours a day, 60 calls an hour; on 30 March 02:00 is missing, on 26 October 2024 … 02:00 comes twice.
    let (first, double) = (date(2025, 9, 1), date(2025, 10, 26));
    let mut rows = Vec::new();
    for day in 0..70 {
        for hour in 0..24 {
            let start = first.at(hour, 0, 0, 0).saturating_add(i64::from(day).days());
            rows.push(Observation { start, calls: 60.0, aht_s: None });
            if start.date() == double && hour == 2 {
                rows.push(Observation { start, calls: 62.0, aht_s: None });
            }
        }
    }
    let history = History::read(&rows, &Calendar::none()).unwrap();
    assert_eq!(history.notes(), [forecast::Note::ClockSetBack { date: double }]);
    let forecast = run(&rows, 24 * 7).unwrap();
    assert!(forecast.intervals.iter().all(|one| (one.calls.mean - 60.0).abs() < 2.0));
}

#[test]
fn a_small_queue_whose_export_leaves_out_zeros_is_understood() {
    let rows: Vec<Observation> = (0..80_i64)
        .flat_map(|day| {
            (0..20_i64).filter(move |slot| (day * 7 + slot * 3) % 5 == 0).map(move |slot| Observation {
                start: date(2025, 1, 6)
                    .at(8, 0, 0, 0)
                    .saturating_add(day.days())
                    .saturating_add((slot * 30).minutes()),
                calls: 1.0,
                aht_s: None,
            })
        })
        .collect();
    let forecast = run(&rows, 20 * 7).unwrap();
    let mean = forecast.intervals.iter().map(|one| one.calls.mean).sum::<f64>() / 140.0;
    assert!((mean - 0.2).abs() < 0.05, "{mean}");
}
