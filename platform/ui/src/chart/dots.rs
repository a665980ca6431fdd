//! Charts of many subjects beside each other: dots with whiskers, heat maps.

use maud::{Markup, html};
use messages::Text;

use super::{Behind, Interval, Unit, figure, linked, optional, px, role};
use crate::{Cx, Href, texts};

/// One subject.
#[derive(Debug, Clone)]
pub struct DotRow {
    /// Its label.
    pub label: String,
    /// What lies behind it.
    pub href: Option<Href>,
    /// The ratio with its interval; `None` where there is nothing.
    pub interval: Option<Interval>,
    /// Over how many observations.
    pub n: u64,
    /// Too few to compare: greyed.
    pub small: bool,
}

/// Ratios of several subjects with their intervals, on one scale of 0 to 1.
#[derive(Debug, Clone)]
pub struct DotWhisker {
    /// The heading.
    pub title: Text,
    /// Unit, period.
    pub note: Option<Text>,
    /// The subjects, in the order given.
    pub rows: Vec<DotRow>,
    /// What they should reach.
    pub target: Option<f64>,
}

/// Draws a [`DotWhisker`].
pub fn dot_whisker(cx: &Cx, view: &DotWhisker) -> Markup {
    const WIDTH: f64 = 640.0;
    const LABEL: f64 = 130.0;
    const FIGURES: f64 = 120.0;
    const ROW: f64 = 24.0;
    const TOP: f64 = 20.0;
    let x = |ratio: f64| LABEL + ratio.clamp(0.0, 1.0) * (WIDTH - LABEL - FIGURES);
    let height = TOP + ROW * view.rows.len() as f64 + 6.0;
    let drawing = html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (px(height)) } width=(WIDTH) height=(px(height)) role=(role(view.rows.iter().any(|row| row.href.is_some()))) aria-label=(cx.tr(&view.title)) {
            @for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
                line.grid-line x1=(px(x(tick))) x2=(px(x(tick))) y1=(TOP) y2=(px(height)) {}
                text.axis-text x=(px(x(tick))) y="13" text-anchor="middle" { (cx.percent(tick, 0)) }
            }
            @if let Some(target) = view.target { line.target x1=(px(x(target))) x2=(px(x(target))) y1=(TOP - 4.0) y2=(px(height)) {} }
            @for (at, row) in view.rows.iter().enumerate() {
                @let y = TOP + ROW * at as f64 + ROW / 2.0;
                g.small-n[row.small] {
                    (linked(row.href.as_ref(), &html! {
                        text.bar-label x=(LABEL - 10.0) y=(px(y + 4.0)) text-anchor="end" { (row.label) }
                    }))
                    @if let Some(interval) = &row.interval {
                        line.whisker x1=(px(x(interval.low))) x2=(px(x(interval.high))) y1=(px(y)) y2=(px(y)) {}
                        circle.dot cx=(px(x(interval.value))) cy=(px(y)) r="4" {}
                        text.bar-figure x=(WIDTH - FIGURES + 14.0) y=(px(y + 4.0)) { (cx.percent(interval.value, 1)) }
                    }
                    text.axis-text x=(WIDTH - 2.0) y=(px(y + 4.0)) text-anchor="end" { "n=" (cx.count(row.n)) }
                }
            }
        }
    };
    let known = |value: Option<f64>| optional(cx, Unit::Percent, value);
    let behind = Behind {
        headers: [texts::row(), texts::value(), texts::low(), texts::high(), texts::count()]
            .map(|text| cx.t(text).into_owned())
            .to_vec(),
        rows: view
            .rows
            .iter()
            .map(|row| {
                vec![
                    row.label.clone(),
                    known(row.interval.map(|i| i.value)),
                    known(row.interval.map(|i| i.low)),
                    known(row.interval.map(|i| i.high)),
                    cx.count(row.n),
                ]
            })
            .collect(),
    };
    figure(cx, &view.title, view.note.as_ref(), &drawing, &behind)
}

/// One row of a heat map.
#[derive(Debug, Clone)]
pub struct HeatRow {
    /// Its label.
    pub label: String,
    /// A value for each column; `None` where there is nothing.
    pub values: Vec<Option<f64>>,
}

/// How much there is at each crossing: calls by weekday and hour.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// The heading.
    pub title: Text,
    /// Unit, period.
    pub note: Option<Text>,
    /// What the figures are.
    pub unit: Unit,
    /// The columns' labels.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<HeatRow>,
}

/// Steps of the colour scale; the style sheet has one class for each.
const STEPS: f64 = 6.0;

/// Draws a [`HeatMap`]. The scale begins at zero and ends at the largest value.
pub fn heat_map(cx: &Cx, view: &HeatMap) -> Markup {
    const LABEL: f64 = 64.0;
    const WIDTH: f64 = 640.0;
    const ROW: f64 = 24.0;
    const TOP: f64 = 20.0;
    let most = view.rows.iter().flat_map(|row| row.values.iter().flatten()).copied().fold(0.0, f64::max);
    let cell = (WIDTH - LABEL) / view.columns.len().max(1) as f64;
    let height = TOP + ROW * view.rows.len() as f64;
    let every = view.columns.len().div_ceil(16).max(1);
    let drawing = html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (px(height)) } width=(WIDTH) height=(px(height)) role="img" aria-label=(cx.tr(&view.title)) {
            @for (at, column) in view.columns.iter().enumerate() {
                @if at % every == 0 {
                    text.axis-text x=(px(LABEL + cell * (at as f64 + 0.5))) y="13" text-anchor="middle" { (column) }
                }
            }
            @for (at, row) in view.rows.iter().enumerate() {
                @let y = TOP + ROW * at as f64;
                text.bar-label x=(LABEL - 8.0) y=(px(y + 16.0)) text-anchor="end" { (row.label) }
                @for (column, value) in row.values.iter().enumerate() {
                    rect class=(step_class(*value, most)) x=(px(LABEL + cell * column as f64 + 1.0)) y=(px(y + 1.0))
                        width=(px(cell - 2.0)) height=(ROW - 2.0) rx="2" {
                        title { (row.label) " " @if let Some(name) = view.columns.get(column) { (name) " " } (optional(cx, view.unit, *value)) }
                    }
                }
            }
        }
    };
    let behind = Behind {
        headers: std::iter::once(cx.t(texts::row()).into_owned())
            .chain(view.columns.iter().cloned())
            .collect(),
        rows: view
            .rows
            .iter()
            .map(|row| {
                std::iter::once(row.label.clone())
                    .chain(row.values.iter().map(|value| optional(cx, view.unit, *value)))
                    .collect()
            })
            .collect(),
    };
    figure(cx, &view.title, view.note.as_ref(), &drawing, &behind)
}

/// `heat-0` (none) to `heat-6` (the most), `heat-none` where there is nothing.
fn step_class(value: Option<f64>, most: f64) -> String {
    match value {
        Some(value) if most > 0.0 => format!("heat-{:.0}", (value / most * STEPS).clamp(0.0, STEPS).ceil()),
        Some(_) => "heat-0".to_owned(),
        None => "heat-none".to_owned(),
    }
}
