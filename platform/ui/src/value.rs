//! The value of a table's cell: one thing that the screen formats and the export types.

use kernel::{Day, Time};
use maud::{Markup, html};
use messages::Text;

use crate::{Cx, Href, Tone, badge, texts};

/// What names of things below others begin with, once or more for each level.
const INDENT: char = '\u{3000}';

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing known. The screen shows a dash, the export an empty cell.
    Empty,
    /// Words that somebody typed: names, codes.
    Words(String),
    /// Words of the catalogue.
    Text(Text),
    /// A whole number.
    Count(i64),
    /// A number with so many decimals on screen; the export keeps it whole.
    Decimal(f64, usize),
    /// A probability, shown with four decimals, and as "< 0.0001" where those would say that it is none; the
    /// export keeps it whole.
    Probability(f64),
    /// A ratio, 0–1, shown in per cent with so many decimals; the export writes the ratio in per-cent format.
    Percent(f64, usize),
    /// A day.
    Day(Day),
    /// A moment, shown at the reader's site.
    Time(Time),
    /// A length of time in seconds, shown as a clock; the export writes seconds.
    Seconds(i64),
    /// Yes or no.
    Flag(bool),
}

impl Value {
    /// The value as the reader sees it, without markup.
    pub fn shown(&self, cx: &Cx) -> String {
        match self {
            Value::Empty => cx.t(texts::not_known()).into_owned(),
            Value::Words(words) => words.clone(),
            Value::Text(text) => cx.tr(text).to_owned(),
            Value::Count(n) => cx.count(*n),
            Value::Decimal(value, decimals) => cx.decimal(*value, *decimals),
            Value::Probability(p) if *p < 0.0001 => format!("< {}", cx.decimal(0.0001, 4)),
            Value::Probability(p) => cx.decimal(*p, 4),
            Value::Percent(ratio, decimals) => cx.percent(*ratio, *decimals),
            Value::Day(day) => cx.day(*day),
            Value::Time(at) => cx.time(*at),
            Value::Seconds(seconds) => cx.duration(*seconds),
            Value::Flag(flag) => cx.t(if *flag { texts::yes() } else { texts::no() }).into_owned(),
        }
    }
}

/// A cell: its value, and how the screen dresses it. The export sees the value alone.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Cell {
    value: Value,
    href: Option<Href>,
    tone: Option<Tone>,
    note: Option<String>,
    greyed: bool,
}

impl Cell {
    /// A cell that shows a value.
    pub fn new(value: Value) -> Cell {
        Cell { value, href: None, tone: None, note: None, greyed: false }
    }

    /// Nothing known.
    pub fn empty() -> Cell {
        Cell::new(Value::Empty)
    }

    /// Words that somebody typed.
    pub fn words(words: impl Into<String>) -> Cell {
        Cell::new(Value::Words(words.into()))
    }

    /// Words of the catalogue.
    pub fn text(text: Text) -> Cell {
        Cell::new(Value::Text(text))
    }

    /// A whole number; one beyond 2^63 is shown as the largest.
    pub fn count(n: impl TryInto<i64>) -> Cell {
        Cell::new(Value::Count(n.try_into().unwrap_or(i64::MAX)))
    }

    /// A ratio in per cent with one decimal.
    pub fn percent(ratio: f64) -> Cell {
        Cell::new(Value::Percent(ratio, 1))
    }

    /// A moment, or nothing known.
    pub fn time(at: Option<Time>) -> Cell {
        Cell::new(at.map_or(Value::Empty, Value::Time))
    }

    /// A day, or nothing known.
    pub fn day(day: Option<Day>) -> Cell {
        Cell::new(day.map_or(Value::Empty, Value::Day))
    }

    /// A length of time in seconds, or nothing known.
    pub fn seconds(seconds: Option<i64>) -> Cell {
        Cell::new(seconds.map_or(Value::Empty, Value::Seconds))
    }

    /// Leads somewhere.
    pub fn link(mut self, href: Href) -> Cell {
        self.href = Some(href);
        self
    }

    /// Shown as a badge of this tone.
    pub fn badge(mut self, tone: Tone) -> Cell {
        self.tone = Some(tone);
        self
    }

    /// A smaller word beside the value, on screen only: `n = 34`, an interval.
    pub fn note(mut self, note: impl Into<String>) -> Cell {
        self.note = Some(note.into());
        self
    }

    /// Greyed: too few observations to compare.
    pub fn greyed(mut self, greyed: bool) -> Cell {
        self.greyed = greyed;
        self
    }

    /// What it holds.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The ideographic blanks by which words stand further in. They stand before a link, not in it: a line under
    /// blanks looks like a mistake.
    pub(crate) fn indent(&self) -> &str {
        match &self.value {
            Value::Words(words) => {
                words.get(..words.len() - words.trim_start_matches(INDENT).len()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The cell's content as markup.
    pub fn markup(&self, cx: &Cx) -> Markup {
        html! { (self.indent()) (self.content(cx)) }
    }

    /// The same without its indent.
    pub(crate) fn content(&self, cx: &Cx) -> Markup {
        let shown = self.value.shown(cx);
        let shown = shown.trim_start_matches(INDENT);
        let inner = match (self.tone, &self.value) {
            (Some(tone), _) => badge(tone, shown),
            (None, Value::Time(at)) => html! { time datetime=(cx.machine_time(*at)) { (shown) } },
            (None, Value::Empty) => html! { span.unknown { (shown) } },
            (None, _) => html! { (shown) },
        };
        html! {
            @if let Some(href) = &self.href { a href=(href) { (inner) } }
            @else if self.greyed { span.greyed { (inner) } }
            @else { (inner) }
            @if let Some(note) = &self.note { " " small.note { (note) } }
        }
    }
}
