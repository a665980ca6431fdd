//! The result of a rehearsal: what was shown at which sentence, what was missed and how one could have said it, three
//! figures and never only a sum.

use maud::{Markup, html};
use messages::Text;
use ui::{
    Check, Cx, Href, Icon, Kpi, Mark, MarkKind, Page, Tone, Value, Weight,
    chart::{LineChart, LinePoint, Unit},
};
use web::{Fail, Reader};

use super::{RehearsalState, Rehearsed, Scores, Standing, chat, href};
use crate::{
    Drills,
    engine::{Became, Judged, Outcome, Proves, Said, ending_text},
    texts,
    topic::{self, pages::name},
};

/// The page of a rehearsal that is over, or of another person's.
pub(super) async fn page(
    service: &Drills,
    reader: &Reader,
    standing: &Standing,
    is_own: bool,
) -> Result<Page, Fail> {
    let (cx, one) = (&reader.cx, &standing.rehearsed);
    let head = service.head_of(one).await?;
    let facts = facts(service, cx, one).await?;
    let before = service.attempt_before(one).await?.and_then(|before| before.scores);
    let main = match &standing.outcome {
        Some(outcome) => judged(cx, outcome, before),
        None => ui::notice(Tone::Muted, &html! { (cx.t(unfinished(one.state))) }),
    };
    let side = html! {
        (ui::section(cx, &texts::facts(), None, &facts))
        @if let Some(outcome) = &standing.outcome {
            (ui::section(cx, &texts::path(), None, &html! { ol { @for step in &outcome.path { li { (step) } } } }))
        }
        (ui::section(cx, &texts::situation(), None, &chat::about(cx, &head)))
    };
    let again = html! { @if is_own && one.state != RehearsalState::Open { (again(cx, one)) } };
    Ok(Page::new(Text::verbatim(&one.title), ui::split(&main, &side))
        .crumb(texts::rehearsals(), Href::new("/rehearsals"))
        .actions(again))
}

const fn unfinished(state: RehearsalState) -> Text {
    match state {
        RehearsalState::GivenUp => texts::was_given_up(),
        RehearsalState::Open | RehearsalState::Ended => texts::still_open(),
    }
}

fn again(cx: &Cx, one: &Rehearsed) -> Markup {
    let to = href(one.id).segment("again");
    let customer = |which: &str| [("customer", which.to_owned())];
    html! {
        (ui::post_button(cx, Weight::Plain, &texts::same_customer(), &to, &customer("same"), None))
        (ui::post_button(cx, Weight::Primary, &texts::another_customer(), &to, &customer("new"), Some(Icon::Drill)))
    }
}

async fn facts(service: &Drills, cx: &Cx, one: &Rehearsed) -> Result<Markup, Fail> {
    let lookup = service.people().lookup().await?;
    let mut items = vec![
        (
            texts::person(),
            html! { a href=(Href::new("/people").segment(one.person)) { (name(&lookup, one.person)) } },
        ),
        (texts::began(), html! { (cx.time(one.started_at)) }),
        (
            texts::scenario(),
            html! { a href=(Href::new("/scenarios").segment(&one.scenario)) { (one.title) } },
        ),
    ];
    if let Some(id) = one.topic {
        items.push((texts::topic(), html! { a href=(topic::href(id)) { (cx.t(texts::open_topic())) } }));
    }
    Ok(ui::facts(cx, &items))
}

fn judged(cx: &Cx, outcome: &Outcome, before: Option<Scores>) -> Markup {
    let (tone, passed) =
        if outcome.passed { (Tone::Good, texts::did_pass()) } else { (Tone::Warn, texts::did_not_pass()) };
    let ending = outcome.ending.as_deref().map(ending_text);
    let missed: Vec<&Judged> = outcome.items.iter().filter(|item| is_for_next_time(outcome, item)).collect();
    ui::stack(&[
        ui::notice(
            tone,
            &html! {
                strong { (cx.t(passed)) }
                @if let Some(ending) = ending { " " (cx.t(texts::it_ended(&ending.zh, &ending.en))) }
            },
        ),
        ui::grid(&figures(cx, outcome.scores(), before)),
        html! {
            @if !missed.is_empty() { (ui::section(cx, &texts::better_title(), None, &better(&missed))) }
        },
        ui::section(cx, &texts::judged(), None, &ui::checks(cx, &rows(&outcome.items))),
        ui::section(cx, &texts::conversation(), None, &ui::transcript(cx, &marked(cx, outcome))),
        ui::chart::line_chart(cx, &moods(&outcome.said)),
    ])
}

/// Whether phrases help with it: it was missed, or the conversation broke off before it could come.
fn is_for_next_time(outcome: &Outcome, item: &Judged) -> bool {
    item.became == Became::Missed || (item.became == Became::DidNotArise && !outcome.passed)
}

/// Three figures, each beside that of one's own last attempt.
fn figures(cx: &Cx, now: Scores, before: Option<Scores>) -> Vec<Markup> {
    let one = |label: Text, hint: Text, value: i64, before: Option<i64>| {
        let period = before.map_or_else(texts::first_attempt, texts::last_attempt);
        ui::kpi(cx, &Kpi::new(label, Value::Count(value), period, hint).unit(texts::of_hundred()))
    };
    vec![
        one(texts::process(), texts::process_hint(), now.process, before.map(|b| b.process)),
        one(texts::feeling(), texts::feeling_hint(), now.feeling, before.map(|b| b.feeling)),
        one(texts::outcome(), texts::outcome_hint(), now.outcome, before.map(|b| b.outcome)),
    ]
}

fn better(missed: &[&Judged]) -> Markup {
    html! {
        @for item in missed {
            h3 { (item.title) }
            ul { @for phrase in &item.better { li { q { (phrase) } } } }
        }
    }
}

pub(super) const fn became_text(became: Became) -> (Tone, Text) {
    match became {
        Became::Shown => (Tone::Good, texts::shown()),
        Became::Missed => (Tone::Bad, texts::missed()),
        Became::DidNotArise => (Tone::Muted, texts::did_not_arise()),
        Became::ToBeConfirmed => (Tone::Info, texts::to_be_confirmed()),
    }
}

fn rows(items: &[Judged]) -> Vec<Check> {
    let mut sorted: Vec<&Judged> = items.iter().collect();
    // What was missed is what one came for.
    sorted.sort_by_key(|item| item.became);
    let row = |(at, item): (usize, &Judged)| {
        let (tone, outcome) = became_text(item.became);
        let place = item.proofs.iter().find(|proof| proof.proves != Proves::Applies).or(item.proofs.first());
        Check {
            id: format!("item-{at}"),
            title: Text::verbatim(&item.title),
            href: place.map_or_else(
                || Href::default().fragment(&format!("item-{at}")),
                |proof| Href::default().fragment(&format!("turn-{}", proof.turn)),
            ),
            tone,
            outcome,
            note: Some(Text::verbatim(&item.reason)),
            is_asked_for: item.fatal && item.became == Became::Missed,
            answers: Vec::new(),
        }
    };
    sorted.into_iter().enumerate().map(row).collect()
}

/// The conversation with ✔ and ✘ at the very sentence.
fn marked(cx: &Cx, outcome: &Outcome) -> Vec<ui::Turn> {
    let mut turns = chat::turns(cx, &outcome.said);
    for item in &outcome.items {
        for proof in &item.proofs {
            let place = usize::try_from(proof.turn).ok().and_then(|turn| turns.get_mut(turn));
            let Some(turn) = place else { continue };
            turn.marks.push(Mark {
                start: usize::try_from(proof.start).unwrap_or_default(),
                end: usize::try_from(proof.end).unwrap_or_default(),
                kind: match proof.proves {
                    Proves::Applies => MarkKind::Applies,
                    Proves::Shown => MarkKind::Shown,
                    Proves::Breach => MarkKind::Breach,
                },
                label: item.title.clone(),
                reason: item.reason.clone(),
            });
        }
    }
    turns
}

/// The mood at the start and after each of the customer's turns.
fn moods(said: &[Said]) -> LineChart {
    let points = said.iter().enumerate().filter(|(_, one)| !one.by_person).map(|(at, one)| LinePoint {
        label: format!("#{}", at + 1),
        value: Some(one.mood as f64),
        band: None,
        n: None,
    });
    LineChart {
        title: texts::mood_over_turns(),
        note: Some(texts::mood_note()),
        unit: Unit::Count,
        points: points.collect(),
        target: None,
        marks: Vec::new(),
    }
}
