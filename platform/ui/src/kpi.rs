//! A figure that is never naked: unit, period, comparison, n, definition, and the conversations behind it.

use maud::{Markup, html};
use messages::Text;

use crate::{
    Cx, Href, Icon, Tone, Value, chart::Interval, chart::interval_bar, chart::sparkline, help, icon, texts,
};

/// Which way is good, so that an arrow's colour means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Good {
    /// Higher is better.
    #[default]
    Up,
    /// Lower is better.
    Down,
}

/// One figure.
#[derive(Debug, Clone)]
#[must_use]
pub struct Kpi {
    label: Text,
    value: Value,
    unit: Option<Text>,
    period: Text,
    definition: Text,
    good: Good,
    change: Option<f64>,
    n: Option<u64>,
    interval: Option<Interval>,
    trend: Vec<Option<f64>>,
    href: Option<Href>,
    tone: Tone,
}

impl Kpi {
    /// A figure with its label, the period it covers, and its definition (formula) in words.
    pub fn new(label: Text, value: Value, period: Text, definition: Text) -> Kpi {
        Kpi {
            label,
            value,
            unit: None,
            period,
            definition,
            good: Good::default(),
            change: None,
            n: None,
            interval: None,
            trend: Vec::new(),
            href: None,
            tone: Tone::Plain,
        }
    }

    /// Its unit, where the value does not carry one.
    pub fn unit(mut self, unit: Text) -> Kpi {
        self.unit = Some(unit);
        self
    }

    /// The difference to the period before, in ratio points (0.021 is 2.1 percentage points).
    pub fn change(mut self, difference: f64, good: Good) -> Kpi {
        self.change = Some(difference);
        self.good = good;
        self
    }

    /// Over how many observations.
    pub fn n(mut self, n: u64) -> Kpi {
        self.n = Some(n);
        self
    }

    /// Its 95 % interval, and the target if there is one, on a scale of 0 to 1.
    pub fn interval(mut self, interval: Interval) -> Kpi {
        self.interval = Some(interval);
        self
    }

    /// The periods before, oldest first; `None` where there is nothing.
    pub fn trend(mut self, points: Vec<Option<f64>>) -> Kpi {
        self.trend = points;
        self
    }

    /// The conversations behind it.
    pub fn href(mut self, href: Href) -> Kpi {
        self.href = Some(href);
        self
    }

    /// Marks it: [`Tone::Bad`] means act.
    pub fn tone(mut self, tone: Tone) -> Kpi {
        self.tone = tone;
        self
    }
}

/// A card with the figure.
pub fn kpi(cx: &Cx, view: &Kpi) -> Markup {
    html! {
        article.kpi.(view.tone.class()) {
            header.kpi-head {
                h2 { @if view.tone != Tone::Plain { (view.tone.sign()) } (cx.tr(&view.label)) }
                (help(cx, &view.definition))
            }
            div.kpi-main {
                p.kpi-figure {
                    @let figure = html! { (view.value.shown(cx)) @if let Some(unit) = &view.unit { span.kpi-unit { (cx.tr(unit)) } } };
                    @if let Some(href) = &view.href {
                        a href=(href) title=(cx.t(texts::drill_down())) { (figure) }
                    } @else { (figure) }
                }
                @if view.trend.len() > 1 { (sparkline(&cx.t(texts::trend()), &view.trend)) }
            }
            @if let Some(interval) = &view.interval { (interval_bar(cx, interval)) }
            footer.kpi-foot {
                @if let Some(change) = view.change { (change_sign(cx, change, view.good)) }
                span { (cx.tr(&view.period)) }
                @if let Some(n) = view.n { span.figure { (cx.t(texts::sample_size(&cx.count(n)))) } }
            }
        }
    }
}

/// A change with arrow and words; its tone says whether it is good.
pub fn change_sign(cx: &Cx, difference: f64, good: Good) -> Markup {
    // Half of the last digit shown: anything smaller would read as 0.0.
    const STILL: f64 = 0.0005;
    let up = difference > 0.0;
    let (class, sign, text) = if difference.abs() < STILL || !difference.is_finite() {
        ("same", "→", texts::change_none())
    } else if up {
        (if good == Good::Up { "better" } else { "worse" }, "↑", texts::change_up(&cx.points(difference)))
    } else {
        (
            if good == Good::Down { "better" } else { "worse" },
            "↓",
            texts::change_down(&cx.points(difference.abs())),
        )
    };
    html! {
        span.change.(class) title=(cx.t(text.clone())) {
            span aria-hidden="true" { (sign) " " (cx.points(difference)) }
            span.sr { (cx.t(text)) }
        }
    }
}

/// A link to what lies behind a figure.
pub fn drill_link(cx: &Cx, href: &Href) -> Markup {
    html! { a.drill href=(href) { (cx.t(texts::drill_down())) (icon(Icon::Right)) } }
}
