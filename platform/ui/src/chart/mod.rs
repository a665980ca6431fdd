//! Charts drawn on the server as SVG: they print, need no script, and have a table behind them. Colours come
//! from classes alone.

use maud::{Markup, html};
use messages::Text;

use crate::{Cx, Href, texts};

mod dots;
mod series;

pub use dots::{DotRow, DotWhisker, HeatMap, HeatRow, dot_whisker, heat_map};
pub use series::{
    Bar, Bars, ControlChart, ControlPoint, LineChart, LineMark, LinePoint, bars, control_chart, line_chart,
};

/// What the figures of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Ratios, shown in per cent.
    Percent,
    /// Whole numbers.
    Count,
    /// Numbers with so many decimals.
    Decimal(usize),
    /// Seconds, shown as a clock.
    Seconds,
}

impl Unit {
    /// A value as the reader sees it.
    pub fn shown(self, cx: &Cx, value: f64) -> String {
        match self {
            Unit::Percent => cx.percent(value, 1),
            Unit::Count => cx.decimal(value, 0),
            Unit::Decimal(decimals) => cx.decimal(value, decimals),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "float to integer casts saturate, and lengths of time are far below"
            )]
            Unit::Seconds => cx.duration(value.round() as i64),
        }
    }

    fn tick(self, cx: &Cx, value: f64) -> String {
        match self {
            Unit::Percent => cx.percent(value, 0),
            other => other.shown(cx, value),
        }
    }
}

/// A ratio with its 95 % interval, on a scale of 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What it should reach.
    pub target: Option<f64>,
}

/// A dot with whiskers on a scale of 0 to 1, and a tick at the target: how sure a figure is, at a glance.
pub fn interval_bar(cx: &Cx, view: &Interval) -> Markup {
    const WIDTH: f64 = 200.0;
    const PAD: f64 = 6.0;
    let x = |ratio: f64| px(PAD + ratio.clamp(0.0, 1.0) * (WIDTH - 2.0 * PAD));
    let says = cx.t(texts::interval_of(&cx.percent(view.low, 1), &cx.percent(view.high, 1)));
    let target = view.target.map(|target| cx.t(texts::target_of(&cx.percent(target, 0))).into_owned());
    let label = target.as_ref().map_or_else(|| says.to_string(), |target| format!("{says}, {target}"));
    html! {
        svg.interval-bar viewBox={ "0 0 " (WIDTH) " 18" } width=(WIDTH) height="18" role="img" aria-label=(label) {
            title { (label) }
            line.axis x1=(x(0.0)) x2=(x(1.0)) y1="9" y2="9" {}
            line.whisker x1=(x(view.low)) x2=(x(view.high)) y1="9" y2="9" {}
            line.whisker-end x1=(x(view.low)) x2=(x(view.low)) y1="5" y2="13" {}
            line.whisker-end x1=(x(view.high)) x2=(x(view.high)) y1="5" y2="13" {}
            @if let Some(target) = view.target { line.target x1=(x(target)) x2=(x(target)) y1="1" y2="17" {} }
            circle.dot cx=(x(view.value)) cy="9" r="4" {}
        }
    }
}

/// A line without axes: the shape of the recent past. A gap where there is nothing.
pub fn sparkline(label: &str, points: &[Option<f64>]) -> Markup {
    const WIDTH: f64 = 96.0;
    const HEIGHT: f64 = 28.0;
    const PAD: f64 = 3.0;
    let (low, high) = extent(points.iter().flatten().copied()).unwrap_or((0.0, 1.0));
    let spread = if high > low { high - low } else { 1.0 };
    let step = (WIDTH - 2.0 * PAD) / (points.len().saturating_sub(1).max(1)) as f64;
    let at = |index: usize, value: f64| {
        (PAD + index as f64 * step, HEIGHT - PAD - (value - low) / spread * (HEIGHT - 2.0 * PAD))
    };
    let last = points.iter().enumerate().rev().find_map(|(index, value)| value.map(|value| at(index, value)));
    html! {
        svg.sparkline viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label=(label) {
            path.line d=(path_of(points.iter().enumerate().map(|(index, value)| value.map(|value| at(index, value))))) {}
            @if let Some((x, y)) = last { circle.dot cx=(px(x)) cy=(px(y)) r="2.500" {} }
        }
    }
}

/// Coordinates to a tenth of a pixel: enough for the eye, short on the wire.
fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// An SVG path through points, with a gap where there is none.
fn path_of(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen_up = true;
    for point in points {
        if let Some((x, y)) = point {
            path.push(if pen_up { 'M' } else { 'L' });
            path.push_str(&px(x));
            path.push(' ');
            path.push_str(&px(y));
            pen_up = false;
        } else {
            pen_up = true;
        }
    }
    path
}

fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |held, value| match held {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    })
}

/// Four to six round numbers that cover a range.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let high = if high > low { high } else { low + 1.0 };
    let rough = (high - low) / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(power * 10.0);
    let first = (low / step).floor();
    // At least a quarter of the range a step: six ticks at most.
    (0..8).map(|n| (first + f64::from(n)) * step).take_while(|tick| *tick < high + step).collect()
}

/// A figure element: heading, drawing, and the table behind it.
fn figure(cx: &Cx, title: &Text, note: Option<&Text>, drawing: &Markup, behind: &Behind) -> Markup {
    html! {
        figure.chart {
            figcaption { strong { (cx.tr(title)) } @if let Some(note) = note { span.note { (cx.tr(note)) } } }
            div.chart-scroll { (drawing) }
            details.behind {
                summary { (cx.t(texts::show_table())) }
                div.table-scroll {
                    table.data {
                        caption.sr { (cx.tr(title)) }
                        thead { tr { @for header in &behind.headers { th scope="col" { (header) } } } }
                        tbody {
                            @for row in &behind.rows {
                                tr {
                                    @for (at, cell) in row.iter().enumerate() {
                                        @if at == 0 { th scope="row" { (cell) } } @else { td.end { (cell) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The table behind a chart.
struct Behind {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn optional(cx: &Cx, unit: Unit, value: Option<f64>) -> String {
    value.map_or_else(|| cx.t(texts::not_known()).into_owned(), |value| unit.shown(cx, value))
}

/// A drawing with links in it is a group, so that a reader can go into it; any other is one picture.
const fn role(has_links: bool) -> &'static str {
    if has_links { "group" } else { "img" }
}

/// Wraps a part of a drawing in a link, where it has one.
fn linked(href: Option<&Href>, inner: &Markup) -> Markup {
    html! { @if let Some(href) = href { a href=(href) { (inner) } } @else { (inner) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        let check = |low: f64, high: f64| {
            let ticks = ticks(low, high);
            assert!(ticks.first().is_some_and(|tick| *tick <= low + 1e-9), "{low} {high} {ticks:?}");
            assert!(ticks.last().is_some_and(|tick| *tick >= high - 1e-9), "{low} {high} {ticks:?}");
            assert!((3..=7).contains(&ticks.len()), "{low} {high} {ticks:?}");
        };
        check(0.0, 1.0);
        check(0.0, 0.0);
        check(0.61, 0.93);
        check(-3.0, 17.0);
        check(0.0, 123_456.0);
    }

    #[test]
    fn a_path_lifts_the_pen_over_a_gap() {
        let points = [Some((0.0, 1.0)), Some((1.0, 2.0)), None, Some((3.25, 4.0))];
        assert_eq!(path_of(points.into_iter()), "M0 1L1 2M3.2 4");
    }
}
