//! The uptake map: people (or teams) × behaviours, each cell with its figure, how sure it is, and its change.

use maud::{Markup, html};
use messages::Text;

use crate::{Cx, Empty, Href, chart::Interval, empty_state, texts};

/// One cell.
#[derive(Debug, Clone)]
pub struct UptakeCell {
    /// The uptake with its 95 % interval and its target; `None` where the behaviour never applied.
    pub interval: Option<Interval>,
    /// Conversations in which the behaviour applied.
    pub n: u64,
    /// The difference to the period before, in ratio points.
    pub change: Option<f64>,
    /// Too few to compare: greyed and without a colour.
    pub small: bool,
    /// The conversations behind it.
    pub href: Option<Href>,
}

/// One row.
#[derive(Debug, Clone)]
pub struct UptakeRow {
    /// The person or team.
    pub label: String,
    /// Their page.
    pub href: Option<Href>,
    /// A smaller word: the team of a person.
    pub note: Option<String>,
    /// A cell for each behaviour.
    pub cells: Vec<UptakeCell>,
}

/// One behaviour.
#[derive(Debug, Clone)]
pub struct UptakeColumn {
    /// Its name.
    pub label: Text,
    /// Its definition.
    pub definition: Option<Text>,
    /// Its page.
    pub href: Option<Href>,
    /// What it should reach.
    pub target: Option<f64>,
}

/// The map.
#[derive(Debug, Clone)]
pub struct UptakeMap {
    /// What it shows and for when.
    pub caption: Text,
    /// The behaviours.
    pub columns: Vec<UptakeColumn>,
    /// People or teams, in the order given.
    pub rows: Vec<UptakeRow>,
    /// Cells with fewer conversations than this are small.
    pub least_n: u64,
    /// What to show when there is nothing.
    pub empty: Empty,
}

/// How a cell stands to its target. Only what the interval decides is coloured strongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Met,
    Unsure,
    Below,
}

impl Standing {
    fn of(interval: &Interval) -> Option<Standing> {
        let target = interval.target?;
        Some(if interval.high < target {
            Standing::Below
        } else if interval.value >= target {
            Standing::Met
        } else {
            Standing::Unsure
        })
    }

    const fn class(self) -> &'static str {
        match self {
            Standing::Met => "met",
            Standing::Unsure => "unsure",
            Standing::Below => "below",
        }
    }

    const fn text(self) -> Text {
        match self {
            Standing::Met => texts::at_target(),
            Standing::Unsure => texts::uncertain(),
            Standing::Below => texts::below_target(),
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Standing::Met => "",
            Standing::Unsure => "~",
            Standing::Below => "▾",
        }
    }
}

/// The map as a table that screen readers can walk, with a sticky head and first column.
pub fn uptake_map(cx: &Cx, view: &UptakeMap) -> Markup {
    if view.rows.is_empty() || view.columns.is_empty() {
        return empty_state(cx, &view.empty);
    }
    html! {
        div.table-block {
            ul.legend {
                @for standing in [Standing::Met, Standing::Unsure, Standing::Below] {
                    li { span.map-key.(standing.class()) { span aria-hidden="true" { (standing.sign()) } } (cx.t(standing.text())) }
                }
                li { span.map-key.small {} (cx.t(texts::small_n(&cx.count(view.least_n)))) }
            }
            div.table-scroll tabindex="0" role="region" aria-label=(cx.tr(&view.caption)) {
                table.data.map {
                    caption.sr { (cx.tr(&view.caption)) }
                    thead {
                        tr {
                            th scope="col" { span.sr { (cx.t(texts::row())) } }
                            @for column in &view.columns {
                                th scope="col" title=[column.definition.as_ref().map(|text| cx.tr(text))] {
                                    @if let Some(href) = &column.href { a href=(href) { (cx.tr(&column.label)) } }
                                    @else { (cx.tr(&column.label)) }
                                    @if let Some(target) = column.target { small { (cx.t(texts::target_of(&cx.percent(target, 0)))) } }
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in &view.rows {
                            tr data-row[row.href.is_some()] {
                                th scope="row" {
                                    @if let Some(href) = &row.href { a data-row-link href=(href) { (row.label) } } @else { (row.label) }
                                    @if let Some(note) = &row.note { small.note { (note) } }
                                }
                                @for cell in &row.cells { (map_cell(cx, cell)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn map_cell(cx: &Cx, cell: &UptakeCell) -> Markup {
    let Some(interval) = &cell.interval else {
        return html! { td.map-cell.nothing { span.unknown { (cx.t(texts::not_known())) } } };
    };
    let standing = Standing::of(interval).filter(|_| !cell.small);
    let mut says = vec![
        cx.t(texts::interval_of(&cx.percent(interval.low, 0), &cx.percent(interval.high, 0))).into_owned(),
        cx.t(texts::sample_size(&cx.count(cell.n))).into_owned(),
    ];
    says.extend(interval.target.map(|target| cx.t(texts::target_of(&cx.percent(target, 0))).into_owned()));
    says.extend(standing.map(|standing| cx.t(standing.text()).into_owned()));
    says.extend(cell.change.map(|change| cx.points(change)));
    let inner = html! {
        span.map-figure {
            @if let Some(standing) = standing { span.map-sign aria-hidden="true" { (standing.sign()) } }
            (cx.percent(interval.value, 0))
            @if let Some(sign) = cell.change.and_then(arrow).filter(|_| !cell.small) { span.map-change aria-hidden="true" { (sign) } }
        }
        small { "n=" (cx.count(cell.n)) }
    };
    html! {
        td.map-cell.(standing.map_or("", Standing::class)).small[cell.small] title=(says.join(" · ")) {
            @if let Some(href) = &cell.href { a href=(href) { (inner) span.sr { (says.join(", ")) } } } @else { (inner) }
        }
    }
}

/// An arrow for a change one would notice: two points or more.
fn arrow(change: f64) -> Option<&'static str> {
    const NOTABLE: f64 = 0.02;
    if change >= NOTABLE {
        Some("↑")
    } else if change <= -NOTABLE {
        Some("↓")
    } else {
        None
    }
}
