//! Weeks as the engine counts them, and when an effect counts as gone. Pure.

use kernel::Day;

use super::Reading;

/// Full weeks that are looked at for a relapse: as long as the window of a gap.
pub const WATCHED_WEEKS: u16 = 4;

/// The number of a day's week: grows by one a week.
pub fn week_number(day: Day) -> i64 {
    // 1970-01-01 was a Thursday; Mondays are days 4, 11, 18 …
    i64::from((day.week().0 + 3).div_euclid(7))
}

/// The Monday of a numbered week.
pub fn monday(week: i64) -> Day {
    Day(i32::try_from(week.saturating_mul(7).saturating_sub(3)).unwrap_or_default())
}

/// The effect that may be expected to hold, from the one on which an improvement was closed.
///
/// It was closed *because* the effect stood out, and what is picked for standing out is on average smaller than it
/// looked (the winner's curse). The positive-part shrinkage of James & Stein (1961), *Estimation with quadratic
/// loss*, takes from it what its own error explains: `effect × max(0, 1 − (standard error ÷ effect)²)`.
pub fn expected_to_hold(closing: &Reading) -> f64 {
    let Some(effect) = closing.effect.filter(|effect| *effect > 0.0) else { return 0.0 };
    effect * (1.0 - (closing.standard_error / effect).powi(2)).max(0.0)
}

/// Whether the effect is gone: the newest weeks are no longer surely above the clean baseline, and they surely fall
/// short of what was expected to hold. The closing weeks alone are no measure: a lucky window that regresses is no
/// relapse.
pub fn is_relapse(closing: &Reading, newest: &Reading) -> bool {
    newest.complete && newest.effect.is_some() && newest.low <= 0.0 && newest.high < expected_to_hold(closing)
}

/// Whether a closed improvement may be judged again: four further weeks are over since it last was. Weeks that were
/// judged once are not judged again, or looking every week would by itself find a relapse sooner or later.
pub fn is_due(watched_to: Day, last_full_week: Day) -> bool {
    week_number(last_full_week) - week_number(watched_to) >= i64::from(WATCHED_WEEKS)
}

#[cfg(test)]
mod tests {
    use kernel::Day;

    use super::{expected_to_hold, is_due, is_relapse, monday, week_number};
    use crate::verdict::{N, Outcome, Plain, PlanOf, Reading};

    fn reading(effect: f64, standard_error: f64) -> Reading {
        let none = N::default();
        let day = Day(4);
        Reading {
            outcome: Outcome::Worked,
            more: 0,
            effect: Some(effect),
            low: effect - 2.0 * standard_error,
            high: effect + 2.0 * standard_error,
            standard_error,
            degrees_of_freedom: 30.0,
            complete: true,
            drilled: None,
            compared: None,
            plain: Plain { before: none, after: none, change: None, low: -1.0, high: 1.0, regression: 0.0 },
            notes: Vec::new(),
            rows: Vec::new(),
            weeks: Vec::new(),
            plan: PlanOf {
                selection_from: day,
                selection_to: day,
                baseline_weeks: 4,
                after_weeks: 4,
                worthwhile: 0.05,
                now: day,
            },
        }
    }

    #[test]
    fn weeks_are_numbered_one_by_one() {
        let first = Day::parse("2026-03-02").unwrap();
        for day in 0..7 {
            assert_eq!(monday(week_number(first.plus(day))), first);
        }
        assert_eq!(week_number(first.plus(7)) - week_number(first), 1);
        assert_eq!(monday(week_number(Day::parse("1969-12-31").unwrap())).to_string(), "1969-12-29");
    }

    #[test]
    fn a_lucky_close_that_regresses_is_no_relapse() {
        let check = |closing: (f64, f64), newest: (f64, f64), expected: bool| {
            let found = is_relapse(&reading(closing.0, closing.1), &reading(newest.0, newest.1));
            assert_eq!(found, expected, "{closing:?} then {newest:?}");
        };
        // Closed on a sure large effect, nothing of it is left.
        check((0.20, 0.02), (0.00, 0.02), true);
        check((0.20, 0.02), (-0.05, 0.02), true);
        // Half of it is left, still surely there.
        check((0.20, 0.02), (0.10, 0.02), false);
        // Closed barely: the same small true effect read again lower is what was to be expected.
        check((0.09, 0.04), (0.03, 0.025), false);
        // Too unsure to say that it is gone.
        check((0.20, 0.02), (0.02, 0.12), false);
        assert!((expected_to_hold(&reading(0.10, 0.05)) - 0.075).abs() < 1e-12);
        assert!(expected_to_hold(&reading(-0.10, 0.05)).abs() < 1e-12);
        let mut waiting = reading(0.0, 0.02);
        waiting.complete = false;
        assert!(!is_relapse(&reading(0.20, 0.02), &waiting));
    }

    #[test]
    fn a_closed_one_is_judged_every_four_weeks() {
        let closed = Day::parse("2026-03-02").unwrap();
        assert!(!is_due(closed, closed.plus(21)));
        assert!(is_due(closed, closed.plus(28)));
    }
}
