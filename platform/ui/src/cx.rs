//! Who reads the page, in which language, and how figures look to them.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use kernel::{BusinessDay, Day, Time};
use messages::{Lang, Text, Theme};

use crate::{Href, NavEntry, Toast, texts};

/// The label of a theme.
pub const fn theme_text(theme: Theme) -> Text {
    match theme {
        Theme::Light => texts::theme_light(),
        Theme::Dark => texts::theme_dark(),
        Theme::Auto => texts::theme_auto(),
    }
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The display name.
    pub name: String,
    /// The labels of their roles, the first being the one they mostly work in.
    pub roles: Vec<Text>,
}

/// Everything a page needs to know about its reader and its request. Components take it first.
///
/// The navigation is in here because it is the same on every page: whoever makes the context has already
/// filtered the entries by what the reader may do.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The language.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// Who reads; nobody before log-in.
    pub actor: Option<Actor>,
    /// The address being shown, with its query: sort links and filters are made from it.
    pub here: Href,
    /// Whether this is the demo centre; the shell says so.
    pub is_demo: bool,
    /// The time zone of the reader's site.
    pub zone: TimeZone,
    /// The moment of the request, for “2 h left”.
    pub now: Time,
    /// What the navigation offers this reader.
    pub nav: Vec<NavEntry>,
    /// Messages carried over from the action before.
    pub toasts: Vec<Toast>,
}

impl Cx {
    /// A context for a page nobody has logged in for: no navigation, no messages, the default time zone.
    pub fn new(lang: Lang, here: Href, now: Time) -> Cx {
        Cx {
            lang,
            theme: Theme::Auto,
            actor: None,
            here,
            is_demo: false,
            zone: BusinessDay::default().zone().clone(),
            now,
            nav: Vec::new(),
            toasts: Vec::new(),
        }
    }

    /// A text in the reader's language. For a text one keeps, see [`Cx::tr`].
    pub fn t(&self, text: Text) -> Cow<'static, str> {
        match self.lang {
            Lang::Zh => text.zh,
            Lang::En => text.en,
        }
    }

    /// A borrowed text in the reader's language.
    pub fn tr<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// A whole number, grouped by three with commas, as offices write it in both languages: `1,234`.
    pub fn count(&self, n: impl Into<i128>) -> String {
        grouped(n.into())
    }

    /// A number of rows that was counted only up to a limit: above [`Cx::COUNTED_UP_TO`] it is `10,000+`.
    pub fn count_capped(&self, n: u64) -> String {
        if n > Self::COUNTED_UP_TO {
            format!("{}+", grouped(i128::from(Self::COUNTED_UP_TO)))
        } else {
            grouped(i128::from(n))
        }
    }

    /// Rows are counted up to here, because counting millions costs more than showing the first page.
    pub const COUNTED_UP_TO: u64 = 10_000;

    /// A number with so many decimals; “–” when it is not a number.
    pub fn decimal(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return self.t(texts::not_known()).into_owned();
        }
        let text = format!("{:.decimals$}", value.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let negative = value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
        let sign = if negative { "\u{2212}" } else { "" };
        let dot = if rest.is_empty() { "" } else { "." };
        format!("{sign}{}{dot}{rest}", grouped_digits(whole))
    }

    /// A ratio as a percentage, `0.834` → `83.4%` with one decimal.
    pub fn percent(&self, ratio: f64, decimals: usize) -> String {
        if ratio.is_finite() {
            format!("{}%", self.decimal(ratio * 100.0, decimals))
        } else {
            self.decimal(ratio, 0)
        }
    }

    /// A difference of two ratios in percentage points with its sign, `0.021` → `+2.1 个百分点`.
    pub fn points(&self, difference: f64) -> String {
        let value = self.decimal(difference * 100.0, 1);
        let plus =
            if difference > 0.0 && value.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "+" } else { "" };
        self.t(texts::points(&format!("{plus}{value}"))).into_owned()
    }

    /// A day: `2026-03-02` in Chinese, `2 Mar 2026` in English.
    pub fn day(&self, day: Day) -> String {
        match self.lang {
            Lang::Zh => day.to_string(),
            Lang::En => day.date().strftime("%-d %b %Y").to_string(),
        }
    }

    /// A day without its year: `03-02`, `2 Mar`.
    pub fn day_short(&self, day: Day) -> String {
        let pattern = match self.lang {
            Lang::Zh => "%m-%d",
            Lang::En => "%-d %b",
        };
        day.date().strftime(pattern).to_string()
    }

    /// A moment at the reader's site, to the minute: `2026-03-02 14:05`, `2 Mar 2026, 14:05`.
    pub fn time(&self, at: Time) -> String {
        let pattern = match self.lang {
            Lang::Zh => "%Y-%m-%d %H:%M",
            Lang::En => "%-d %b %Y, %H:%M",
        };
        at.timestamp().to_zoned(self.zone.clone()).strftime(pattern).to_string()
    }

    /// Hours and minutes of a moment at the reader's site: `14:05`.
    pub fn clock(&self, at: Time) -> String {
        at.timestamp().to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// The machine-readable form for `<time datetime=…>`.
    pub fn machine_time(&self, at: Time) -> String {
        at.to_string()
    }

    /// A length of time as a clock: `3:05`, `1:02:33`. Seconds, rounded down; negative lengths are shown as 0:00.
    pub fn duration(&self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            format!("{hours}:{minutes:02}:{seconds:02}")
        } else {
            format!("{minutes}:{seconds:02}")
        }
    }

    /// A length of time in words, in its largest unit: `3 小时`, `3 h`. Seconds.
    pub fn span(&self, seconds: i64) -> String {
        let text = match seconds.max(0) {
            0..60 => texts::less_than_a_minute(),
            minutes @ 60..3600 => texts::minutes(minutes / 60),
            hours @ 3600..86_400 => texts::hours(hours / 3600),
            days => texts::days(days / 86_400),
        };
        self.t(text).into_owned()
    }

    /// A deadline as seen from now: `剩 2 小时`, `逾期 1 天`.
    pub fn deadline(&self, at: Time) -> String {
        let left = at.seconds_since(self.now);
        let text =
            if left >= 0 { texts::due_in(&self.span(left)) } else { texts::overdue_by(&self.span(-left)) };
        self.t(text).into_owned()
    }
}

fn grouped(n: i128) -> String {
    let sign = if n < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", grouped_digits(&n.unsigned_abs().to_string()))
}

fn grouped_digits(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cx(lang: Lang) -> Cx {
        Cx::new(lang, Href::new("/"), Time::parse("2026-03-02T04:00:00Z").unwrap())
    }

    #[test]
    fn numbers() {
        let cx = cx(Lang::Zh);
        let check = |shown: String, expected: &str| assert_eq!(shown, expected);
        check(cx.count(0), "0");
        check(cx.count(999), "999");
        check(cx.count(1_000), "1,000");
        check(cx.count(-12_345), "−12,345");
        check(cx.count(1_234_567), "1,234,567");
        check(cx.count_capped(10_000), "10,000");
        check(cx.count_capped(10_001), "10,000+");
        check(cx.decimal(-0.04, 1), "0.0");
        check(cx.decimal(12_345.67, 1), "12,345.7");
        check(cx.decimal(f64::NAN, 1), "—");
        check(cx.percent(0.8345, 1), "83.5%");
        check(cx.percent(f64::NAN, 1), "—");
        check(cx.points(0.021), "+2.1 个百分点");
        check(cx.points(-0.021), "−2.1 个百分点");
        check(cx.points(0.0001), "0.0 个百分点");
    }

    #[test]
    fn times() {
        let at = Time::parse("2026-03-02T16:05:00Z").unwrap();
        assert_eq!(cx(Lang::Zh).time(at), "2026-03-03 00:05");
        assert_eq!(cx(Lang::En).time(at), "3 Mar 2026, 00:05");
        assert_eq!(cx(Lang::En).day(Day::parse("2026-03-02").unwrap()), "2 Mar 2026");
        assert_eq!(cx(Lang::Zh).duration(3753), "1:02:33");
        assert_eq!(cx(Lang::Zh).duration(-5), "0:00");
        assert_eq!(cx(Lang::Zh).deadline(at), "剩 12 小时");
        assert_eq!(cx(Lang::En).deadline(Time::parse("2026-02-27T03:00:00Z").unwrap()), "3 d overdue");
    }
}
