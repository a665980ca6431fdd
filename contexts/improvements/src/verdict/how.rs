//! “How was this computed?” in plain words, with the figures of the very improvement.

use axum::extract::State as Service;
use maud::html;
use messages::{Problem, Text};
use ui::{Href, Page};
use web::{Answer, Reader, Routes, api::Path};

use super::{Kept, N, Side, pages::notes};
use crate::{
    Improvements,
    improvement::{ImprovementId, service::Card},
    permission::ImprovementsPermission as May,
    texts,
    view::{href, look_text, outcome_tone, signed},
};

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new().get("/improvements/{id}/verdicts/{look}/how", May::View, page)
}

/// The kept reading of a look in the address.
pub(crate) fn kept_of(card: &Card, look: &str) -> Result<Kept, Problem> {
    let look: u16 = look.parse().map_err(|_| Problem::not_found())?;
    let round = card.improvement.round;
    let found = card.readings.iter().find(|kept| kept.round == round && kept.look == look);
    found.cloned().ok_or_else(Problem::not_found)
}

async fn page(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path((id, look)): Path<(ImprovementId, String)>,
) -> Answer {
    let card = service.card(&reader.scope, id).await?;
    let kept = kept_of(&card, &look)?;
    let cx = &reader.cx;
    let reading = &kept.reading;
    let plan = reading.plan;
    let rate = |n: N| {
        n.rate().map_or_else(
            || cx.t(texts::conversations_n("0")).into_owned(),
            |rate| format!("{} ({}/{})", cx.percent(rate, 1), cx.count(n.shown), cx.count(n.applicable)),
        )
    };
    let points = |share: f64| format!("{} {}", signed(cx, share), cx.t(texts::points_unit()));
    let side = |side: &Side| {
        texts::how_side(&cx.count(side.people), &rate(side.before), &rate(side.after), &points(side.change))
    };
    let plain = &reading.plain;
    let plain_words = texts::how_plain(
        &rate(plain.before),
        &rate(plain.after),
        &plain.change.map_or_else(|| cx.t(texts::not_yet()).into_owned(), points),
        &points(plain.regression),
    );
    let selection = format!("{} – {}", cx.day(plan.selection_from), cx.day(plan.selection_to.plus(6)));
    let weeks = texts::how_weeks_body(&selection, &plan.baseline_weeks.to_string(), plan.after_weeks);
    let effect = reading.effect.map(|effect| {
        texts::how_effect_body(
            &points(effect),
            &signed(cx, reading.low),
            &signed(cx, reading.high),
            &cx.decimal(reading.standard_error * 100.0, 2),
            &cx.decimal(reading.degrees_of_freedom, 1),
        )
    });
    let part = |title: Text, body: &maud::Markup| ui::section(cx, &title, None, body);
    let words = |text: Text| html! { p { (cx.t(text)) } };
    let outcome = ui::badge(outcome_tone(reading.outcome), cx.tr(&texts::outcome(reading.outcome)));
    let body = ui::stack(&[
        part(texts::how_why(), &html! { (words(texts::how_why_body())) (words(plain_words)) }),
        part(texts::how_weeks(), &words(weeks)),
        part(
            texts::how_drilled(),
            &reading
                .drilled
                .as_ref()
                .map_or_else(|| words(texts::how_no_effect()), |drilled| words(side(drilled))),
        ),
        part(
            texts::how_compared(),
            &html! {
                (words(texts::how_compared_body()))
                @match &reading.compared {
                    Some(compared) => { (words(side(compared))) }
                    None => { (words(texts::how_no_compared())) }
                }
            },
        ),
        part(texts::how_effect(), &effect.map_or_else(|| words(texts::how_no_effect()), words)),
        part(
            texts::how_rule(),
            &html! { (words(texts::how_rule_body(&cx.points(plan.worthwhile)))) p { (outcome) } },
        ),
        html! {
            @if !reading.notes.is_empty() { (part(texts::how_notes(), &notes(&reader, reading))) }
        },
        part(texts::how_looks(), &words(texts::how_looks_body())),
        part(texts::how_method(), &words(texts::how_method_body())),
    ]);
    let csv = href(id).segment("verdicts").segment(kept.look).segment("csv");
    let page = Page::new(texts::how_computed(), body)
        .lead(texts::how_lead())
        .crumb(texts::improvements(), Href::new("/improvements"))
        .crumb(Text::verbatim(&card.improvement.title), href(id))
        .crumb(look_text(kept.look), href(id))
        .actions(ui::link_button(cx, ui::Weight::Plain, &texts::csv_behind(), &csv, Some(ui::Icon::Export)));
    Ok(reader.page(&page))
}
