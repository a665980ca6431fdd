//! Charts of values in an order: bars, lines with a band, control charts.

use maud::{Markup, html};
use messages::Text;

use super::{Behind, Unit, extent, figure, linked, optional, path_of, px, role, ticks};
use crate::{Cx, Href, Tone, texts};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Its label.
    pub label: String,
    /// Its length; `None` where there is nothing.
    pub value: Option<f64>,
    /// The tone; [`Tone::Plain`] for most.
    pub tone: Tone,
    /// What lies behind it.
    pub href: Option<Href>,
}

/// Horizontal bars from zero, in the order given.
#[derive(Debug, Clone)]
pub struct Bars {
    /// The heading.
    pub title: Text,
    /// Unit, period.
    pub note: Option<Text>,
    /// What the figures are.
    pub unit: Unit,
    /// The bars.
    pub bars: Vec<Bar>,
    /// A line to compare with: a target, an average.
    pub reference: Option<(Text, f64)>,
}

/// Draws [`Bars`].
pub fn bars(cx: &Cx, view: &Bars) -> Markup {
    const ROW: f64 = 26.0;
    const LABEL: f64 = 150.0;
    const FIGURE: f64 = 64.0;
    let values = view.bars.iter().filter_map(|bar| bar.value).chain(view.reference.as_ref().map(|(_, v)| *v));
    let most = extent(values).map_or(1.0, |(_, high)| if high > 0.0 { high } else { 1.0 });
    let x = |value: f64| LABEL + (value / most).clamp(0.0, 1.0) * (WIDTH - LABEL - FIGURE);
    let height = ROW * view.bars.len() as f64 + if view.reference.is_some() { 20.0 } else { 4.0 };
    let drawing = html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (px(height)) } width=(WIDTH) height=(px(height)) role=(role(view.bars.iter().any(|bar| bar.href.is_some()))) aria-label=(cx.tr(&view.title)) {
            @for (at, bar) in view.bars.iter().enumerate() {
                @let y = at as f64 * ROW;
                (linked(bar.href.as_ref(), &html! {
                    text.bar-label x=(LABEL - 10.0) y=(px(y + 17.0)) text-anchor="end" { (shortened(&bar.label)) title { (bar.label) } }
                    @if let Some(value) = bar.value {
                        rect.bar.(bar.tone.class()) x=(LABEL) y=(px(y + 5.0)) width=(px((x(value) - LABEL).max(1.0))) height=(ROW - 10.0) rx="2" {}
                        text.bar-figure x=(px(x(value) + 6.0)) y=(px(y + 17.0)) { (view.unit.shown(cx, value)) }
                    } @else {
                        text.bar-figure.muted x=(LABEL + 6.0) y=(px(y + 17.0)) { (cx.t(texts::no_data())) }
                    }
                }))
            }
            @if let Some((text, value)) = &view.reference {
                line.target x1=(px(x(*value))) x2=(px(x(*value))) y1="0" y2=(px(height - 18.0)) {}
                text.axis-text x=(px(x(*value))) y=(px(height - 5.0)) text-anchor="middle" { (cx.tr(text)) " " (view.unit.shown(cx, *value)) }
            }
        }
    };
    let behind = Behind {
        headers: vec![cx.t(texts::row()).into_owned(), cx.t(texts::value()).into_owned()],
        rows: view
            .bars
            .iter()
            .map(|bar| vec![bar.label.clone(), optional(cx, view.unit, bar.value)])
            .collect(),
    };
    figure(cx, &view.title, view.note.as_ref(), &drawing, &behind)
}

/// A label that fits beside a bar: about ten Chinese characters or twenty Latin ones.
fn shortened(label: &str) -> String {
    const ROOM: usize = 20;
    let mut used = 0;
    let mut out = String::new();
    for c in label.chars() {
        used += if c.is_ascii() { 1 } else { 2 };
        if used > ROOM {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// One point of a line, with the band around it.
#[derive(Debug, Clone)]
pub struct LinePoint {
    /// The period.
    pub label: String,
    /// The value; `None` where there is nothing.
    pub value: Option<f64>,
    /// The band: lower and upper end.
    pub band: Option<(f64, f64)>,
    /// Over how many observations.
    pub n: Option<u64>,
}

/// Something that happened at a point: a drill, a new rule version.
#[derive(Debug, Clone)]
pub struct LineMark {
    /// The index of the point.
    pub at: usize,
    /// What happened.
    pub text: Text,
}

/// A line over periods.
#[derive(Debug, Clone)]
pub struct LineChart {
    /// The heading.
    pub title: Text,
    /// Unit, period.
    pub note: Option<Text>,
    /// What the figures are.
    pub unit: Unit,
    /// The points, oldest first.
    pub points: Vec<LinePoint>,
    /// What it should reach.
    pub target: Option<f64>,
    /// What happened on the way.
    pub marks: Vec<LineMark>,
}

struct Plane {
    ticks: Vec<f64>,
    low: f64,
    high: f64,
    points: usize,
}

impl Plane {
    fn over(values: impl Iterator<Item = f64>, unit: Unit, points: usize) -> Plane {
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let ticks = ticks(low, high);
        // A ratio never leaves 0 to 1, so neither does its axis.
        let ticks: Vec<f64> = ticks
            .into_iter()
            .filter(|tick| unit != Unit::Percent || (-1e-9..=1.0 + 1e-9).contains(tick))
            .collect();
        let (low, high) =
            extent(ticks.iter().copied()).map_or((low, high), |(a, b)| (a.min(low), b.max(high)));
        Plane { ticks, low, high: if high > low { high } else { low + 1.0 }, points }
    }

    fn x(&self, index: usize) -> f64 {
        let steps = self.points.saturating_sub(1);
        if steps == 0 {
            return f64::midpoint(LEFT, WIDTH - RIGHT);
        }
        LEFT + 8.0 + index as f64 / steps as f64 * (WIDTH - LEFT - RIGHT - 16.0)
    }

    fn y(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    /// Horizontal lines with their figures, and as many period labels as fit.
    fn axes<'l>(&self, cx: &Cx, unit: Unit, labels: impl Iterator<Item = &'l str>) -> Markup {
        const LABELS_MAX: usize = 8;
        let every = self.points.div_ceil(LABELS_MAX).max(1);
        html! {
            @for tick in &self.ticks {
                line.grid-line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(self.y(*tick))) y2=(px(self.y(*tick))) {}
                text.axis-text x=(LEFT - 8.0) y=(px(self.y(*tick) + 4.0)) text-anchor="end" { (unit.tick(cx, *tick)) }
            }
            @for (at, label) in labels.enumerate() {
                @if at % every == 0 {
                    text.axis-text x=(px(self.x(at))) y=(HEIGHT - 8.0) text-anchor="middle" { (label) }
                }
            }
        }
    }

    /// A line through the values, broken where there is none.
    fn line(&self, values: impl Iterator<Item = Option<f64>>) -> String {
        path_of(values.enumerate().map(|(at, value)| value.map(|value| (self.x(at), self.y(value)))))
    }

    /// A value of the line; the words appear under the pointer.
    fn dot(&self, at: usize, value: f64, words: &str) -> Markup {
        html! { circle.dot cx=(px(self.x(at))) cy=(px(self.y(value))) r="3" { title { (words) } } }
    }

    fn level(&self, class: &str, value: f64) -> Markup {
        html! { line.(class) x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(self.y(value))) y2=(px(self.y(value))) {} }
    }
}

/// A value with its period.
fn said(cx: &Cx, unit: Unit, period: &str, value: f64) -> String {
    format!("{period} {}", unit.shown(cx, value))
}

/// The headings of the figures behind a chart: the period, the value and its two ends, and one more.
fn headings(cx: &Cx, last: Text) -> Vec<String> {
    [texts::period(), texts::value(), texts::low(), texts::high(), last]
        .map(|text| cx.t(text).into_owned())
        .to_vec()
}

fn plot(label: &str, inner: &Markup) -> Markup {
    html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label=(label) { (inner) }
    }
}

/// Draws a [`LineChart`].
pub fn line_chart(cx: &Cx, view: &LineChart) -> Markup {
    let values = view.points.iter().flat_map(|point| {
        point.value.into_iter().chain(point.band.into_iter().flat_map(|(low, high)| [low, high]))
    });
    let plane = Plane::over(values.chain(view.target), view.unit, view.points.len());
    let line = plane.line(view.points.iter().map(|point| point.value));
    let inner = html! {
        (plane.axes(cx, view.unit, view.points.iter().map(|point| point.label.as_str())))
        @for band in bands(&plane, &view.points) { path.band d=(band) {} }
        @if let Some(target) = view.target { (plane.level("target", target)) }
        @for mark in &view.marks {
            line.mark-line x1=(px(plane.x(mark.at))) x2=(px(plane.x(mark.at))) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
            text.mark-text x=(px(plane.x(mark.at) + 4.0)) y=(TOP + 8.0) { (cx.tr(&mark.text)) }
        }
        path.line d=(line) {}
        @for (at, point) in view.points.iter().enumerate() {
            @if let Some(value) = point.value {
                (plane.dot(at, value, &said(cx, view.unit, &point.label, value)))
            }
        }
    };
    let known = |value: Option<f64>| optional(cx, view.unit, value);
    let behind = Behind {
        headers: headings(cx, texts::count()),
        rows: view
            .points
            .iter()
            .map(|point| {
                vec![
                    point.label.clone(),
                    known(point.value),
                    known(point.band.map(|band| band.0)),
                    known(point.band.map(|band| band.1)),
                    point.n.map_or_else(|| cx.t(texts::not_known()).into_owned(), |n| cx.count(n)),
                ]
            })
            .collect(),
    };
    figure(cx, &view.title, view.note.as_ref(), &plot(cx.tr(&view.title), &inner), &behind)
}

/// One closed path for each run of points that have a band.
fn bands(plane: &Plane, points: &[LinePoint]) -> Vec<String> {
    let banded: Vec<(usize, Option<(f64, f64)>)> =
        points.iter().map(|point| point.band).enumerate().collect();
    banded
        .split(|(_, band)| band.is_none())
        .filter(|run| !run.is_empty())
        .map(|run| {
            let edge = |(at, band): &(usize, Option<(f64, f64)>), upper: bool| {
                band.map(|(low, high)| (plane.x(*at), plane.y(if upper { high } else { low })))
            };
            let outline = run.iter().map(|p| edge(p, true)).chain(run.iter().rev().map(|p| edge(p, false)));
            format!("{}Z", path_of(outline))
        })
        .collect()
}

/// One point of a control chart. The limits may differ from point to point, because n does.
#[derive(Debug, Clone)]
pub struct ControlPoint {
    /// The period.
    pub label: String,
    /// The value; `None` where there is nothing.
    pub value: Option<f64>,
    /// Lower and upper control limit.
    pub limits: (f64, f64),
}

/// A control chart (Shewhart): what is outside the limits is news, the rest is noise.
#[derive(Debug, Clone)]
pub struct ControlChart {
    /// The heading.
    pub title: Text,
    /// Unit, period.
    pub note: Option<Text>,
    /// What the figures are.
    pub unit: Unit,
    /// The centre line.
    pub centre: f64,
    /// The points, oldest first.
    pub points: Vec<ControlPoint>,
}

/// Draws a [`ControlChart`].
pub fn control_chart(cx: &Cx, view: &ControlChart) -> Markup {
    let values =
        view.points.iter().flat_map(|point| point.value.into_iter().chain([point.limits.0, point.limits.1]));
    let plane = Plane::over(values.chain([view.centre]), view.unit, view.points.len());
    let edge = |upper: bool| {
        path_of(view.points.iter().enumerate().map(|(at, point)| {
            Some((plane.x(at), plane.y(if upper { point.limits.1 } else { point.limits.0 })))
        }))
    };
    let outside = |point: &ControlPoint| {
        point.value.is_some_and(|value| value < point.limits.0 || value > point.limits.1)
    };
    let line = plane.line(view.points.iter().map(|point| point.value));
    let inner = html! {
        (plane.axes(cx, view.unit, view.points.iter().map(|point| point.label.as_str())))
        (plane.level("centre", view.centre))
        path.limit d=(edge(true)) {}
        path.limit d=(edge(false)) {}
        path.line d=(line) {}
        @for (at, point) in view.points.iter().enumerate() {
            @if let Some(value) = point.value {
                @let words = said(cx, view.unit, &point.label, value);
                @if outside(point) {
                    path.outside d={ "M" (px(plane.x(at))) " " (px(plane.y(value) - 6.0)) "l6 6-6 6-6-6z" } { title { (words) " · " (cx.t(texts::outside_limits())) } }
                } @else {
                    (plane.dot(at, value, &words))
                }
            }
        }
    };
    let behind = Behind {
        headers: headings(cx, texts::outside_limits()),
        rows: view
            .points
            .iter()
            .map(|point| {
                vec![
                    point.label.clone(),
                    optional(cx, view.unit, point.value),
                    view.unit.shown(cx, point.limits.0),
                    view.unit.shown(cx, point.limits.1),
                    cx.t(if outside(point) { texts::yes() } else { texts::no() }).into_owned(),
                ]
            })
            .collect(),
    };
    figure(cx, &view.title, view.note.as_ref(), &plot(cx.tr(&view.title), &inner), &behind)
}
