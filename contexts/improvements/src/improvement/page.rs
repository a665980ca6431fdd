//! The page of one improvement.

use axum::extract::State as Service;
use kernel::Scope;
use maud::{Markup, html};
use messages::Text;
use people::api::Lookup;
use ui::{Empty, Field, FieldErrors, Form as View, Href, Icon, Page, TimelineEntry, Tone, Values, Weight};
use web::{Answer, Fail, Reader, Routes, api::Path};

use super::{
    Entry, EntryKind, Improvement, ImprovementId, Step, StepKind,
    acts::hand,
    list::{lateness, outcome_badge},
    rules::{self, Act},
    service::{Card, later_look},
};
use crate::{
    Improvements,
    permission::ImprovementsPermission as May,
    texts,
    verdict::{Outcome, pages as proof},
    view::{
        account_names, href, look_text, missed, person_name, seen_name, signed, state_tone, title_of, titles,
    },
};

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new().get("/improvements/{id}", May::View, page)
}

async fn page(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
) -> Answer {
    let card = service.card(&reader.scope, id).await?;
    Ok(reader.page(&view(&service, &reader, &card, &Values::default(), &FieldErrors::new()).await?))
}

/// The page; `said` is what was typed as a comment.
pub(super) async fn view(
    service: &Improvements,
    reader: &Reader,
    card: &Card,
    said: &Values,
    errors: &FieldErrors,
) -> Result<Page, Fail> {
    let cx = &reader.cx;
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let titles = titles(service).await?;
    let held = &card.improvement;
    let accounts: Vec<_> = card.entries.iter().filter_map(|entry| entry.by).chain(held.agreed_by).collect();
    let names = account_names(reader, &accounts, &lookup).await?;
    let named = |account: Option<kernel::AccountId>| {
        account
            .and_then(|account| names.get(&account).cloned())
            .unwrap_or_else(|| cx.t(texts::the_system()).into_owned())
    };
    let state = html! {
        (ui::line(&[
            ui::badge(state_tone(held.state), cx.tr(&texts::state(held.state))),
            lateness(cx, held, held.is_overdue(today)),
            html! { @if let Some(closed) = &held.closed { (ui::badge(Tone::Info, cx.tr(&texts::ending(closed.how)))) } },
            html! { @if held.round > 1 { (ui::badge(Tone::Warn, &cx.t(texts::other_round(held.round)))) } },
        ]))
    };
    let agreed = match (held.agreed_by, held.agreed_at) {
        (Some(by), Some(at)) => format!("{} · {}", named(Some(by)), cx.time(at)),
        _ => cx.t(texts::not_agreed_yet()).into_owned(),
    };
    let facts = vec![
        (texts::state_label(), state),
        (texts::problem(), html! { (held.problem) }),
        (texts::cause(), html! { (cx.tr(&texts::cause_text(held.cause))) }),
        (texts::solution(), html! { (held.solution) }),
        (texts::result(), html! { (held.result) }),
        (texts::due(), html! { (cx.day(held.due)) }),
        (texts::owner(), html! { (person_name(&lookup, held.owner)) }),
        (texts::supervisor(), html! { (person_name(&lookup, held.supervisor)) }),
        (texts::partner(), html! { (person_name(&lookup, held.partner)) }),
        (texts::agreed_by(), html! { (agreed) }),
    ];
    let facts: Vec<(Text, Markup)> = facts.into_iter().filter(|(_, value)| !value.0.is_empty()).collect();
    let title = title_of(&titles, held);
    let main = ui::stack(&[
        ui::section(cx, &texts::proof(), None, &proof::panel(reader, card)),
        ui::section(cx, &texts::steps(), None, &steps(reader, card)),
        html! { div id="history" { (ui::section(cx, &texts::history(), None, &history(reader, card, said, errors, &named))) } },
    ]);
    let side = ui::stack(&[
        ui::section(cx, &texts::facts(), None, &ui::facts(cx, &facts)),
        ui::section(cx, &texts::measure(), None, &measure(reader, held, &title)),
        ui::section(cx, &texts::population(), None, &people(reader, &lookup, held, today)),
    ]);
    let body = html! { (next(reader, card, &lookup)) (ui::split(&main, &side)) };
    Ok(Page::new(Text::verbatim(&held.title), body)
        .lead(title)
        .crumb(texts::improvements(), Href::new("/improvements"))
        .actions(actions(reader, card)))
}

/// The acts that the reader may take now; the first is the obvious one.
fn acts(reader: &Reader, card: &Card) -> Vec<Act> {
    if !card.improvement.is_seen_by(&reader.scope_of(May::Edit)) || !reader.can(May::Edit) {
        return Vec::new();
    }
    let hand = hand(reader, &card.improvement);
    Act::BY_HAND.iter().map(|(_, act)| *act).filter(|act| card.allows(*act, hand)).collect()
}

fn actions(reader: &Reader, card: &Card) -> Markup {
    let cx = &reader.cx;
    let id = card.improvement.id;
    let acts = acts(reader, card);
    let may_edit = reader.can(May::Edit) && card.improvement.is_seen_by(&reader.scope_of(May::Edit));
    let waits = card.improvement.state == super::State::UnderVerification;
    let is_next = |act: Act| match act {
        Act::Withdraw | Act::Reopen => false,
        Act::Step => !waits,
        _ => true,
    };
    html! {
        @for (at, act) in acts.iter().enumerate() {
            @let weight = if at == 0 && is_next(*act) { Weight::Primary } else { Weight::Plain };
            (ui::link_button(cx, weight, &texts::act(*act), &href(id).segment("acts").segment(act.name()), None))
        }
        @if may_edit && card.improvement.state.is_open() {
            (ui::link_button(cx, Weight::Plain, &texts::edit(), &href(id).segment("edit"), Some(Icon::Edit)))
        }
    }
}

/// What it waits for, in one line.
fn next(reader: &Reader, card: &Card, lookup: &Lookup) -> Markup {
    use super::State;
    let cx = &reader.cx;
    let held = &card.improvement;
    let waits = |who: String, what: Text| {
        let zh = format!("{who}：{}", what.zh);
        let en = format!("{who}: {}", what.en);
        texts::waits_for(&zh, &en)
    };
    let (tone, text) = match held.state {
        State::Draft => (Tone::Info, waits(person_name(lookup, held.partner), texts::act(Act::Agree))),
        State::Agreed => (Tone::Info, waits(person_name(lookup, held.owner), texts::act(Act::Step))),
        State::UnderVerification => match card.outcome() {
            Some(Outcome::Worked) => {
                (Tone::Good, waits(person_name(lookup, held.supervisor), texts::act(Act::Accept)))
            }
            Some(outcome) => {
                let is_last = later_look(held.measure.after_weeks).is_none();
                let later = rules::permits(Act::Extend, Some(outcome), is_last);
                let act = if later { Act::Extend } else { Act::Again };
                (Tone::Warn, waits(person_name(lookup, held.supervisor), texts::act(act)))
            }
            None => return html! {},
        },
        State::Closed | State::Withdrawn => match &held.closed {
            Some(closed) if !closed.reason.is_empty() => (Tone::Info, Text::verbatim(&closed.reason)),
            _ => return html! {},
        },
        State::InAction => return html! {},
    };
    ui::notice(tone, &html! { (cx.tr(&text)) })
}

fn measure(reader: &Reader, held: &Improvement, title: &Text) -> Markup {
    let cx = &reader.cx;
    let measure = &held.measure;
    let base = &measure.baseline;
    let uptake = base.uptake().map_or_else(
        || cx.t(texts::not_yet()).into_owned(),
        |uptake| {
            format!(
                "{} ({}–{}, n={})",
                cx.percent(uptake, 1),
                cx.percent(base.low, 0),
                cx.percent(base.high, 0),
                cx.count(base.applicable)
            )
        },
    );
    let behaviour = Href::new("/behaviours").segment(&measure.rule.name);
    let facts = [
        (
            texts::behaviour(),
            html! {
                a href=(behaviour) { (cx.tr(title)) }
                " " small.note { (cx.t(texts::rule_version(measure.rule.version_n))) }
            },
        ),
        (texts::baseline(), html! { (uptake) }),
        (texts::estimate(), html! { (cx.percent(base.estimate, 1)) }),
        (
            texts::selection_weeks(),
            html! { (cx.day(measure.selection_from)) " – " (cx.day(measure.selection_to)) },
        ),
        (texts::target(), html! { (cx.percent(measure.target, 0)) }),
        (texts::worthwhile(), html! { (signed(cx, measure.worthwhile)) " " (cx.t(texts::points_unit())) }),
        (texts::after_weeks(), html! { (cx.t(look_text(measure.after_weeks))) }),
    ];
    ui::facts(cx, &facts)
}

/// Its people with their missed conversations; those out of the reader's sight as a number.
fn people(reader: &Reader, lookup: &Lookup, held: &Improvement, today: kernel::Day) -> Markup {
    let cx = &reader.cx;
    let sees: &Scope = &reader.scope;
    let seen = |member: &super::Member| {
        let then = sees.allows(Some(member.team), Some(member.person));
        let name = seen_name(lookup, sees, member.person, today);
        name.or_else(|| then.then(|| person_name(lookup, member.person))).map(|name| (name, member.person))
    };
    let names: Vec<_> = held.members.iter().filter_map(seen).collect();
    let hidden = held.members.len() - names.len();
    let measure = &held.measure;
    html! {
        ul.plain {
            @for (name, person) in &names {
                li {
                    (name) " "
                    small.note {
                        a href=(missed(held, *person, measure.selection_from, measure.selection_to)) { (cx.t(texts::conversations_before())) }
                        @if held.round_from < today {
                            " · " a href=(missed(held, *person, held.round_from, today)) { (cx.t(texts::conversations_after())) }
                        }
                    }
                }
            }
        }
        @if hidden > 0 { p.note { (cx.t(texts::other_people(hidden))) } }
    }
}

fn steps(reader: &Reader, card: &Card) -> Markup {
    let cx = &reader.cx;
    if card.steps.is_empty() && card.topics.is_empty() {
        let empty = Empty::new(Icon::Drill, texts::no_steps(), texts::no_steps_hint());
        return ui::empty_state(cx, &empty);
    }
    let others = card.steps.iter().filter(|step| step.kind != StepKind::Drill);
    html! {
        ul.plain {
            @for topic in &card.topics {
                li {
                    (ui::badge(Tone::Info, cx.tr(&texts::step_kind(StepKind::Drill)))) " "
                    a href=(drills::api::topic_href(topic.id)) { (topic.title) } " "
                    small.note {
                        (cx.day_short(topic.from)) "–" (cx.day_short(topic.to)) " · "
                        (cx.t(texts::drilled_of(topic.drilled(), topic.people.len() + topic.hidden)))
                    }
                }
            }
            @for step in others { li { (one_step(reader, step)) } }
        }
    }
}

fn one_step(reader: &Reader, step: &Step) -> Markup {
    let cx = &reader.cx;
    let when = step.day.map_or_else(texts::no_day_yet, |day| texts::takes_effect(&cx.day(day)));
    html! {
        (ui::badge(Tone::Info, cx.tr(&texts::step_kind(step.kind)))) " " (step.note) " "
        small.note { (cx.t(when)) }
    }
}

fn history(
    reader: &Reader,
    card: &Card,
    said: &Values,
    errors: &FieldErrors,
    named: &impl Fn(Option<kernel::AccountId>) -> String,
) -> Markup {
    let cx = &reader.cx;
    let entries: Vec<TimelineEntry> = card
        .entries
        .iter()
        .map(|entry| TimelineEntry {
            at: entry.at,
            tone: entry_tone(entry.kind),
            title: html! {
                @if entry.kind == EntryKind::Comment { (entry.words) } @else { (cx.tr(&texts::entry(entry.kind))) (detail(reader, entry)) }
            },
            detail: Some(html! { (named(entry.by)) }),
        })
        .collect();
    let action = href(card.improvement.id).segment("comments");
    let form = View::new(action, said, errors, texts::send());
    html! {
        (ui::form(cx, &form, &[Field::area("comment", texts::say_something(), 2)]))
        (ui::timeline(cx, &entries))
    }
}

fn entry_tone(kind: EntryKind) -> Tone {
    match kind {
        EntryKind::Agreed | EntryKind::Accepted => Tone::Good,
        EntryKind::Relapsed | EntryKind::Escalated => Tone::Bad,
        EntryKind::Again | EntryKind::GivenUp | EntryKind::Withdrawn => Tone::Warn,
        EntryKind::Comment => Tone::Plain,
        _ => Tone::Info,
    }
}

/// The words of an entry: a step's kind, an outcome, or what somebody typed.
fn detail(reader: &Reader, entry: &Entry) -> Markup {
    let cx = &reader.cx;
    let words = match entry.kind {
        EntryKind::Step => {
            StepKind::parse(&entry.words).map(|kind| cx.t(texts::step_kind(kind)).into_owned())
        }
        EntryKind::Verdict => {
            let outcomes = [Outcome::Worked, Outcome::NoChange, Outcome::Worse, Outcome::NotEnough];
            let found = outcomes.into_iter().find(|outcome| outcome.name() == entry.words);
            return html! { @if let Some(outcome) = found { " " (outcome_badge(cx, outcome, true)) } };
        }
        EntryKind::Escalated => None,
        _ => Some(entry.words.clone()),
    };
    html! { @if let Some(words) = words.filter(|words| !words.is_empty()) { " · " (words) } }
}
