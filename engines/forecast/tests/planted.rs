//! Centres with known truth: what was planted is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod centre;

use centre::Centre;
use forecast::{
    Ask, Calendar, CalendarFile, Event, Forecast, ForecastError, History, Method, Note, Observation, forecast,
};
use jiff::ToSpan;
use jiff::civil::date;

fn run(centre: &Centre, rows: &[Observation], intervals: usize) -> Forecast {
    let history = History::read(rows, &centre.calendar).unwrap();
    forecast(&history, &Ask { intervals, calendar: &centre.calendar, events: &[], method: None }).unwrap()
}

fn china() -> Calendar {
    let text = include_str!("../../../content/holidays/cn.toml");
    toml::from_str::<CalendarFile>(text).unwrap().calendar().unwrap()
}

#[test]
fn an_ordinary_centre_is_forecast_within_its_noise() {
    let centre = Centre::default();
    let forecast = run(&centre, &centre.history(120), 24 * 14);
    let wape = centre.wape(&forecast.intervals);
    assert!(wape < 0.04, "{wape}");
    assert_eq!(forecast.intervals.len(), 24 * 14);
    assert_eq!(forecast.intervals[0].start, centre.start(120, 16));
    assert!(
        forecast.table.iter().any(|row| row.method == Method::LastFour),
        "the mandatory candidate was tried"
    );
    assert_eq!(forecast.table.iter().filter(|row| row.chosen).count(), 1);
}

#[test]
fn handling_times_are_forecast_by_hour() {
    let centre = Centre::default();
    let forecast = run(&centre, &centre.history(90), 24 * 7);
    for (position, one) in forecast.intervals.iter().enumerate() {
        let half_hour = 16 + u32::try_from(position % 24).unwrap();
        let (truth, seconds) = (centre.truth(90, half_hour).1, one.aht_s.unwrap());
        assert!(
            (seconds.mean / truth - 1.0).abs() < 0.06,
            "{} against {truth} at {}",
            seconds.mean,
            one.start
        );
        assert!(seconds.lo80 <= seconds.mean && seconds.mean <= seconds.hi80);
    }
}

#[test]
fn closed_weekends_and_opening_hours_are_inferred() {
    let centre = Centre { all_week: false, ..Centre::default() };
    let forecast = run(&centre, &centre.history(75), 24 * 10);
    let weekend = |date: jiff::civil::Date| date.weekday().to_monday_zero_offset() >= 5;
    assert!(forecast.intervals.iter().all(|one| !weekend(one.start.date())));
    assert!(forecast.intervals.iter().all(|one| (8..20).contains(&one.start.hour())));
    assert!(centre.wape(&forecast.intervals) < 0.05);
}

#[test]
fn a_level_shift_is_told_and_followed() {
    let centre = Centre { shift: Some((150, 1.3)), ..Centre::default() };
    let forecast = run(&centre, &centre.history(175), 24 * 14);
    let told = forecast.notes.iter().find_map(|note| match note {
        Note::LevelShift { date, change } => Some((*date, *change)),
        _ => None,
    });
    let wape = centre.wape(&forecast.intervals);
    assert!(wape < 0.05, "{wape}, {}", forecast.why);
    if forecast.method == Method::Regression {
        let (date, change) = told.expect("told");
        let off = centre.date(150).until(date).unwrap().get_days().abs();
        assert!(off <= 3 && (change - 0.3).abs() < 0.08, "{date} {change}");
    }
}

#[test]
fn an_outage_is_not_learned_from() {
    let centre = Centre::default();
    let mut rows = centre.history(100);
    for row in &mut rows {
        let is_out = row.start.date() == centre.date(95) && (9..13).contains(&row.start.hour());
        if is_out {
            row.calls = 0.0;
            row.aht_s = None;
        }
    }
    let forecast = run(&centre, &rows, 24 * 7);
    let told = forecast.notes.iter().filter(|note| matches!(note, Note::Outage { .. })).count();
    assert_eq!(told, 1, "{:?}", forecast.notes);
    assert!(forecast.notes.iter().any(|note| note.to_string().contains("09:00–13:00 looks like an outage")));
    assert!(centre.wape(&forecast.intervals) < 0.045);
}

#[test]
fn a_day_like_no_other_leaves_the_intervals_alone() {
    let centre = Centre::default();
    let mut rows = centre.history(140);
    let usual = run(&centre, &rows, 24 * 7);
    for row in rows.iter_mut().filter(|row| row.start.date() == centre.date(125)) {
        // A holiday that no calendar names.
        row.calls = (0.2 * row.calls).round();
    }
    let forecast = run(&centre, &rows, 24 * 7);
    let told = forecast.notes.contains(&Note::Unlike { dates: vec![centre.date(125)] });
    assert!(told, "{:?}", forecast.notes);
    for (one, usual) in forecast.intervals.iter().zip(&usual.intervals) {
        let (width, before) = (one.calls.hi95 - one.calls.lo95, usual.calls.hi95 - usual.calls.lo95);
        assert!(one.calls.lo95 > 0.0 && width < 1.5 * before, "{width} instead of {before} at {}", one.start);
    }
}

#[test]
fn a_day_unlike_its_neighbours_is_told_wherever_it_lies() {
    let centre = Centre { calls_a_day: 800.0, ..Centre::default() };
    let usual = centre.history(98);
    let forecast_of = |rows: &[Observation], method| {
        let history = History::read(rows, &centre.calendar).unwrap();
        let ask = Ask { intervals: 24 * 7, calendar: &centre.calendar, events: &[], method };
        forecast(&history, &ask).unwrap()
    };
    let told = |forecast: &Forecast| {
        forecast.notes.iter().find_map(|note| match note {
            Note::Unusual { days, .. } => Some(days.clone()),
            _ => None,
        })
    };
    for factor in [0.03, 2.6] {
        for day in [0, 9, 30, 60, 97] {
            let mut rows = usual.clone();
            for row in rows.iter_mut().filter(|row| row.start.date() == centre.date(day)) {
                row.calls = (factor * row.calls).round();
            }
            let forecast = forecast_of(&rows, None);
            let notes: Vec<String> = forecast.notes.iter().map(ToString::to_string).collect();
            let date = centre.date(day).to_string();
            let count = notes.iter().filter(|note| note.contains(&date)).count();
            assert!(count > 0, "{factor} on day {day}: {notes:?}");
            if let Some(days) = told(&forecast) {
                assert_eq!((count, days.len(), days[0].0), (1, 1, centre.date(day)), "told once: {notes:?}");
                assert!((days[0].1 - factor).abs() < 0.15 * factor, "{factor}: {days:?}");
            } else {
                let is_tested = day >= 49;
                assert!(is_tested || notes.iter().any(|note| note.contains("outage")), "{day}: {notes:?}");
            }
        }
    }
    assert_eq!(told(&forecast_of(&usual, None)), None);
    let mut rows = usual;
    rows.iter_mut().filter(|row| row.start.date() == centre.date(30)).for_each(|row| row.calls = 1.0);
    let said = |method| {
        let forecast = forecast_of(&rows, Some(method));
        let note = forecast.notes.iter().find(|note| matches!(note, Note::Unusual { .. })).unwrap();
        note.to_string()
    };
    assert!(said(Method::Regression).contains("counts less"), "{}", said(Method::Regression));
    assert!(said(Method::LastFour).contains("not every model"), "{}", said(Method::LastFour));
}

#[test]
fn what_is_named_small_or_stays_is_no_unusual_day() {
    let told = |rows: &[Observation], calendar: &Calendar, events: &[Event]| {
        let history = History::read(rows, calendar).unwrap();
        let ask = Ask { intervals: 24, calendar, events, method: Some(Method::MedianOfEight) };
        let forecast = forecast(&history, &ask).unwrap();
        forecast.notes.iter().any(|note| matches!(note, Note::Unusual { .. }))
    };
    let none = Calendar::none();
    let centre = Centre::default();
    let mut rows = centre.history(98);
    for row in rows.iter_mut().filter(|row| row.start.date() == centre.date(30)) {
        row.calls = (0.3 * row.calls).round();
    }
    assert!(told(&rows, &none, &[]));
    let day = centre.date(30);
    let event = Event { name: "storm".to_owned(), first: day, last: Some(day), factor: None };
    assert!(!told(&rows, &none, &[event]), "an event names it");
    for at in [5, 40, 95] {
        let centre = Centre { shift: Some((at, 2.6)), ..Centre::default() };
        assert!(!told(&centre.history(98), &none, &[]), "a new level from day {at} on");
    }
    for seed in 0..20 {
        let small = Centre { calls_a_day: 12.0, seed, ..Centre::default() };
        assert!(!told(&small.history(98), &none, &[]), "chance, seed {seed}");
    }
    let spring = Centre { first: date(2024, 1, 8), calendar: china(), ..Centre::default() };
    assert!(!told(&spring.history(98), &spring.calendar, &[]), "the calendar names them");
    assert!(told(&spring.history(98), &none, &[]), "nobody names them");
}

#[test]
fn a_history_that_ends_at_noon_moves_the_afternoon() {
    // Whole days are off by 15 %, so that a morning says much about its afternoon.
    let centre = Centre { day_noise: 0.15, ..Centre::default() };
    let mut rows = centre.history(120);
    rows.retain(|row| row.start.date() < centre.date(119) || row.start.hour() < 12);
    let plan = run(&centre, &rows[..rows.len() - 8], 24);
    let today = centre.date(119);
    let rest = |forecast: &Forecast| -> f64 {
        let afternoon =
            forecast.intervals.iter().filter(|one| one.start.date() == today && one.start.hour() >= 12);
        afternoon.map(|one| one.calls.mean).sum()
    };
    for factor in [0.6, 1.4] {
        let mut rows = rows.clone();
        for (row, planned) in rows.iter_mut().filter(|row| row.start.date() == today).zip(&plan.intervals) {
            assert_eq!(row.start, planned.start);
            row.calls = (factor * planned.calls.mean).round();
        }
        let forecast = run(&centre, &rows, 24);
        let first = forecast.intervals[0];
        assert_eq!(first.start, centre.start(119, 24), "the rest of the day comes first");
        let moved = rest(&forecast) / rest(&plan) - 1.0;
        let part = moved / (factor - 1.0);
        assert!((0.3..=1.0).contains(&part), "{part} of the deviation is carried on");
        let told = forecast.notes.iter().any(|note| match note {
            Note::Updated { until, came, .. } => *until == first.start && (came - factor).abs() < 0.02,
            _ => false,
        });
        assert!(told, "{:?}", forecast.notes);
        // Tomorrow is another day.
        let tomorrow = |forecast: &Forecast| {
            forecast
                .intervals
                .iter()
                .filter(|one| one.start.date() > today)
                .map(|one| one.calls.mean)
                .sum::<f64>()
        };
        assert!(tomorrow(&forecast) > 0.0);
    }
}

#[test]
fn holidays_by_the_moon_learn_from_earlier_years() {
    let calendar = china();
    let centre = Centre { first: date(2023, 1, 2), calendar: calendar.clone(), ..Centre::default() };
    // Up to the end of 2024; Spring Festival 2025 begins on 28 January, that of 2024 began on 10 February.
    let forecast = run(&centre, &centre.history(730), 24 * 45);
    let of = |from, to| -> Vec<_> {
        forecast.intervals.iter().filter(|one| (from..=to).contains(&one.start.date())).copied().collect()
    };
    let festival = centre.wape(&of(date(2025, 1, 28), date(2025, 2, 4)));
    assert!(festival < 0.12, "Spring Festival: {festival}, {}", forecast.why);
    // Sunday 26 January is a make-up workday: far busier than a Sunday.
    let make_up = centre.wape(&of(date(2025, 1, 26), date(2025, 1, 26)));
    assert!(make_up < 0.15, "make-up workday: {make_up}");
    // Who does not know the calendar takes it for a Sunday, and the festival for ordinary days.
    let unaware = Centre { calendar: Calendar::none(), ..centre.clone() };
    let blind = run(&unaware, &centre.history(730), 24 * 45);
    let blind: Vec<_> = blind
        .intervals
        .into_iter()
        .filter(|one| (date(2025, 1, 28)..=date(2025, 2, 4)).contains(&one.start.date()))
        .collect();
    assert!(centre.wape(&blind) > 3.0 * festival, "without the calendar: {}", centre.wape(&blind));
}

#[test]
fn a_year_that_was_not_published_is_told() {
    let centre = Centre { first: date(2026, 6, 1), calendar: china(), ..Centre::default() };
    let forecast = run(&centre, &centre.history(200), 24 * 30);
    let until = forecast.intervals.last().unwrap().start.date();
    assert!(forecast.notes.contains(&Note::CalendarEnds { year: 2026, until }));
}

#[test]
fn the_chinese_calendar_is_consistent() {
    let file: CalendarFile = toml::from_str(include_str!("../../../content/holidays/cn.toml")).unwrap();
    for year in &file.years {
        assert!(!year.source.is_empty());
        // Since 2025 the law names 13 days, before 11; with the weekends they bridge, 20 to 40 days off a year.
        let off: i32 =
            year.holidays.iter().map(|one| one.first.until(one.last).unwrap().get_days() + 1).sum();
        assert!((20..=40).contains(&off), "{}: {off} days", year.year);
        for day in year.holidays.iter().flat_map(|one| &one.make_up_workdays) {
            assert!(day.weekday().to_monday_zero_offset() >= 5, "{day} is no Saturday or Sunday");
        }
    }
}

#[test]
fn an_event_is_learned_from_its_earlier_time_or_told() {
    let mut centre = Centre::default();
    let mut rows = centre.history(130);
    for row in &mut rows {
        let day = centre.first.until(row.start.date()).unwrap().get_days();
        if (60..65).contains(&day) {
            row.calls = (row.calls * 1.5).round();
        }
    }
    let event = |name: &str, from: i32, factor| Event {
        name: name.to_owned(),
        first: centre.date(from),
        last: Some(centre.date(from + 4)),
        factor,
    };
    let history = History::read(&rows, &centre.calendar).unwrap();
    let on = |events: &[Event]| {
        let calendar = Calendar::none();
        let ask = Ask { intervals: 24 * 14, calendar: &calendar, events, method: Some(Method::Regression) };
        let forecast = forecast(&history, &ask).unwrap();
        let of = |day: i32| -> f64 {
            let date = centre.date(day);
            forecast.intervals.iter().filter(|one| one.start.date() == date).map(|one| one.calls.mean).sum()
        };
        of(133)
    };
    let plain = on(&[event("campaign", 60, None)]);
    let again = on(&[event("campaign", 60, None), event("campaign", 132, None)]);
    assert!((again / plain - 1.5).abs() < 0.1, "learned {}", again / plain);
    let told = on(&[event("campaign", 60, None), event("mailing", 132, Some(1.2))]);
    assert!((told / plain - 1.2).abs() < 0.05, "told {}", told / plain);
    centre.seed = 2;
}

#[test]
fn a_factor_moves_every_model_and_is_taken_out_of_what_was() {
    let centre = Centre::default();
    let event = |from: i32, last: Option<i32>, factor| Event {
        name: "sale".to_owned(),
        first: centre.date(from),
        last: last.map(|last| centre.date(last)),
        factor: Some(factor),
    };
    let mut rows = centre.history(98);
    for row in rows.iter_mut().filter(|row| row.start.date() >= centre.date(84)) {
        // The last two weeks were twice as busy, for a reason that the planner knows.
        row.calls *= 2.0;
    }
    let history = History::read(&rows, &centre.calendar).unwrap();
    let made = |events: &[Event], method| {
        let ask = Ask { intervals: 24 * 14, calendar: &centre.calendar, events, method: Some(method) };
        forecast(&history, &ask).unwrap()
    };
    for &method in Method::ALL {
        let sale = event(84, Some(97), 2.0);
        let usual = centre.wape(&made(std::slice::from_ref(&sale), method).intervals);
        assert!(usual < 0.1, "{}: {usual}", method.title());
        let again = made(&[sale, event(100, Some(100), 1.5)], method);
        let calls = |day: i32| -> f64 {
            let date = centre.date(day);
            again.intervals.iter().filter(|one| one.start.date() == date).map(|one| one.calls.mean).sum()
        };
        let truth: f64 = centre::OPEN.map(|half_hour| centre.truth(100, half_hour).0).sum();
        assert!((calls(100) / truth - 1.5).abs() < 0.15, "{}: {}", method.title(), calls(100) / truth);
        // What stays is in the last weeks and in the weeks to come.
        let stays = centre.wape(&made(&[event(84, None, 2.0)], method).intervals);
        assert!((stays - 1.0).abs() < 0.1, "{}: twice the truth, {stays}", method.title());
    }
}

#[test]
fn an_event_that_has_no_effect_is_told() {
    let centre = Centre::default();
    let history = History::read(&centre.history(98), &centre.calendar).unwrap();
    let event = |from: i32, factor| Event {
        name: "sale".to_owned(),
        first: centre.date(from),
        last: Some(centre.date(from + 2)),
        factor,
    };
    let notes = |events: &[Event], method| -> Vec<Note> {
        let ask = Ask { intervals: 24 * 7, calendar: &centre.calendar, events, method: Some(method) };
        let notes = forecast(&history, &ask).unwrap().notes;
        notes.into_iter().filter(|note| note.to_string().contains("sale")).collect()
    };
    let (name, date) = ("sale".to_owned(), centre.date(100));
    for method in [Method::Regression, Method::LastFour] {
        let told = notes(&[event(100, None)], method);
        assert_eq!(told, [Note::EventUnlearned { name: name.clone(), date }]);
        assert!(told[0].to_string().contains("give its factor"), "{}", told[0]);
    }
    let earlier_told = [event(50, Some(1.2)), event(100, None)];
    assert_eq!(notes(&earlier_told, Method::Regression).len(), 1, "a factor given before teaches nothing");
    for events in [&[event(100, Some(1.2))][..], &[event(50, None), event(100, None)], &[event(50, None)]] {
        assert_eq!(notes(events, Method::Regression), []);
    }
    // Only the regressions learn what events do; a factor is heeded by all.
    assert_eq!(notes(&[event(100, Some(1.2))], Method::LastFour), []);
    let told = notes(&[event(50, None), event(100, None)], Method::LastFour);
    assert_eq!(told, [Note::EventInPart { name: name.clone(), date, learning: 0, models: 1 }]);
    let stays = Event { last: None, ..event(50, None) };
    assert_eq!(notes(&[stays], Method::LastFour), [], "it is in the days that the mean is made of");
    assert_eq!(notes(&[event(120, None)], Method::Regression), [], "after the forecast");
}

#[test]
fn intervals_cover_what_comes() {
    let (mut inside80, mut inside95, mut n) = (0.0, 0.0, 0.0);
    for seed in 1..=8 {
        let centre = Centre { seed, day_noise: 0.06, calls_a_day: 900.0, ..Centre::default() };
        let all = centre.history(154);
        let (known, to_come) = all.split_at(all.len() - 24 * 14);
        for (one, came) in run(&centre, known, 24 * 14).intervals.iter().zip(to_come) {
            assert_eq!(one.start, came.start);
            inside80 += f64::from(u8::from(one.calls.lo80 <= came.calls && came.calls <= one.calls.hi80));
            inside95 += f64::from(u8::from(one.calls.lo95 <= came.calls && came.calls <= one.calls.hi95));
            n += 1.0;
        }
    }
    let (c80, c95) = (inside80 / n, inside95 / n);
    assert!((c80 - 0.8).abs() < 0.05 && (c95 - 0.95).abs() < 0.04, "{c80} {c95}");
}

#[test]
fn a_short_history_still_forecasts_and_says_how_little_it_knows() {
    let centre = Centre::default();
    let forecast = run(&centre, &centre.history(9), 24);
    assert!(forecast.notes.contains(&Note::NoBackTest { days: 9 }));
    assert!(forecast.table.is_empty());
    assert!(centre.wape(&forecast.intervals) < 0.25);
    let error = History::read(&centre.history(2), &centre.calendar).unwrap_err();
    assert_eq!(error, ForecastError::TooShort { open_days: 2, needed: 3 });
}

#[test]
fn a_history_that_ends_within_a_day_goes_on_with_the_next_interval() {
    let centre = Centre::default();
    let mut rows = centre.history(60);
    rows.truncate(rows.len() - 10);
    let forecast = run(&centre, &rows, 20);
    assert_eq!(forecast.intervals[0].start, rows.last().unwrap().start.saturating_add(30.minutes()));
    assert_eq!(forecast.intervals[10].start, centre.start(60, 16));
}
