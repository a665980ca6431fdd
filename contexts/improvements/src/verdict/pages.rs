//! The proof on the page of an improvement: the agreed verdict, the looks, both sides by week.

use maud::{Markup, html};
use messages::Text;
use ui::{
    Cell, Column, Empty, Icon, Kpi, Table, Tone, Value, Weight,
    chart::{LineChart, LineMark, LinePoint, Unit, line_chart},
};
use web::Reader;

use super::{Kept, N, Outcome, Reading, WATCH, WeekOf};
use crate::{
    improvement::service::Card,
    texts,
    view::{effect_words, href, look_text, outcome_tone, signed},
};

/// Below so many applicable conversations a week's dot says little: it is left to the table behind the chart.
const DOT_MIN: u64 = 5;

/// The proof of an improvement.
pub(crate) fn panel(reader: &Reader, card: &Card) -> Markup {
    let cx = &reader.cx;
    let agreed = card.improvement.measure.after_weeks;
    let looks: Vec<&Kept> = card.looks().collect();
    // The agreed look once it is in; before it, the longest that says anything.
    let shown = card
        .agreed()
        .filter(|kept| kept.reading.complete)
        .or_else(|| looks.iter().rev().copied().find(|kept| kept.reading.effect.is_some()))
        .or_else(|| looks.first().copied());
    let Some(shown) = shown else {
        return ui::empty_state(cx, &Empty::new(Icon::Chart, texts::no_proof(), texts::no_proof_hint()));
    };
    let is_agreed = shown.look == agreed && shown.reading.complete;
    let id = card.improvement.id;
    let look = |segment| href(id).segment("verdicts").segment(shown.look).segment(segment);
    html! {
        (ui::grid(&figures(reader, &shown.reading, is_agreed, shown.look)))
        (notes(reader, &shown.reading))
        (ui::line(&[
            ui::link_button(cx, Weight::Plain, &texts::how_computed(), &look("how"), Some(Icon::Help)),
            ui::link_button(cx, Weight::Plain, &texts::csv_behind(), &look("csv"), Some(Icon::Export)),
        ]))
        (table(reader, card, agreed))
        (charts(reader, &shown.reading))
        p.note {
            (cx.t(texts::read_at(&cx.time(shown.at), &cx.day(shown.reading.plan.now))))
        }
    }
}

fn figures(reader: &Reader, reading: &Reading, is_agreed: bool, look: u16) -> Vec<Markup> {
    let cx = &reader.cx;
    let period = look_text(look);
    let label = if is_agreed { texts::agreed_look() } else { texts::so_far() };
    let tone = if is_agreed { outcome_tone(reading.outcome) } else { Tone::Plain };
    let words = match (reading.outcome, reading.more) {
        (Outcome::NotEnough, more) if more > 0 => {
            let outcome = texts::outcome(Outcome::NotEnough);
            let needed = texts::more_needed(&cx.count(more));
            Text::made(format!("{}，{}", outcome.zh, needed.zh), format!("{}: {}", outcome.en, needed.en))
        }
        (outcome, _) => texts::outcome(outcome),
    };
    let verdict =
        Kpi::new(label, Value::Text(words), period.clone(), texts::how_rule_body(&points(reader, reading)))
            .tone(tone);
    let mut cards = vec![ui::kpi(cx, &verdict)];
    if let Some(effect) = reading.effect {
        let n = reading.drilled.map_or(0, |side| side.after.applicable);
        let interval = texts::interval(&signed(cx, reading.low), &signed(cx, reading.high));
        let card =
            Kpi::new(texts::effect(), Value::Words(signed(cx, effect)), interval, texts::effect_hint())
                .unit(texts::points_unit())
                .n(n);
        cards.push(ui::kpi(cx, &card));
    }
    cards
}

fn points(reader: &Reader, reading: &Reading) -> String {
    reader.cx.points(reading.plan.worthwhile)
}

/// What a reading rests on, as a list.
pub(crate) fn notes(reader: &Reader, reading: &Reading) -> Markup {
    let cx = &reader.cx;
    let say = |note| texts::note(note, |day| cx.day(day), |share| cx.points(share));
    html! {
        @if !reading.notes.is_empty() {
            (ui::notice(Tone::Info, &html! { ul { @for note in &reading.notes { li { (cx.t(say(note))) } } } }))
        }
    }
}

fn table(reader: &Reader, card: &Card, agreed: u16) -> Markup {
    let rows: Vec<Kept> =
        card.readings.iter().filter(|kept| kept.round == card.improvement.round).cloned().collect();
    let rate = |cx: &ui::Cx, n: N| {
        n.rate().map_or_else(Cell::empty, |rate| {
            Cell::percent(rate).note(format!("n={}", cx.count(n.applicable)))
        })
    };
    let columns = vec![
        Column::new("look", texts::look(), move |cx, kept: &Kept| {
            let cell = Cell::text(look_text(kept.look));
            if kept.look == agreed { cell.note(cx.t(texts::agreed_look())) } else { cell }
        }),
        Column::new("verdict", texts::verdict(), move |cx, kept: &Kept| {
            let is_agreed = kept.look == agreed && kept.reading.complete;
            let cell = Cell::text(texts::outcome(kept.reading.outcome));
            if is_agreed || kept.look == WATCH {
                cell.badge(outcome_tone(kept.reading.outcome))
            } else {
                cell.note(cx.t(texts::so_far())).greyed(true)
            }
        }),
        Column::figures("effect", texts::effect_points(), |cx, kept: &Kept| {
            effect_words(cx, &kept.reading).map_or_else(Cell::empty, Cell::words)
        })
        .hint(texts::effect_hint()),
        Column::figures("before", texts::before(), move |cx, kept: &Kept| {
            kept.reading.drilled.map_or_else(Cell::empty, |side| rate(cx, side.before))
        }),
        Column::figures("after", texts::after(), move |cx, kept: &Kept| {
            kept.reading.drilled.map_or_else(Cell::empty, |side| rate(cx, side.after))
        }),
        Column::figures("compared", texts::compared_side(), |cx, kept: &Kept| {
            kept.reading.compared.map_or_else(Cell::empty, |side| {
                Cell::words(signed(cx, side.change))
                    .note(cx.t(texts::people_count(usize::try_from(side.people).unwrap_or(usize::MAX))))
            })
        }),
    ];
    ui::table(&reader.cx, &Table::new("looks", texts::proof(), columns, &rows))
}

fn charts(reader: &Reader, reading: &Reading) -> Markup {
    let cx = &reader.cx;
    let marks: Vec<LineMark> = reading
        .weeks
        .iter()
        .enumerate()
        .filter(|(_, week)| week.drills > 0)
        .map(|(at, week)| LineMark { at, text: texts::drill_mark(week.drills) })
        .collect();
    let chart = |title: Text, of: fn(&WeekOf) -> N| LineChart {
        title,
        note: Some(texts::chart_note()),
        unit: Unit::Percent,
        points: reading
            .weeks
            .iter()
            .map(|week| LinePoint {
                label: cx.day_short(week.week),
                value: Some(of(week)).filter(|n| n.applicable >= DOT_MIN).and_then(N::rate),
                band: None,
                n: Some(of(week).applicable),
            })
            .collect(),
        target: None,
        marks: marks.clone(),
    };
    let mut drawn = vec![line_chart(cx, &chart(texts::chart_drilled(), |week| week.drilled))];
    if reading.compared.is_some() {
        drawn.push(line_chart(cx, &chart(texts::chart_compared(), |week| week.compared)));
    }
    ui::wide_grid(&drawn)
}
