//! The page of a rehearsal: the conversation while it lasts, and what is done there.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use kernel::PersonId;
use maud::{Markup, html};
use messages::{Lang, Text};
use rehearsal::{Input, Notice, script::Band};
use ui::{Cx, Href, Hx, Icon, Page, Swap, Toast, Tone, TurnRole, Weight};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{Begin, MESSAGE_CHARS_MAX, RehearsalId, RehearsalState, Standing, href, result};
use crate::{
    Drills,
    engine::{self, Now, Said},
    permission::DrillsPermission as May,
    problem::{DrillError, Result},
    scenario::Head,
    texts,
    topic::TopicId,
};

/// The part of the page that a turn replaces.
const PART: &str = "rehearsal";
const TEXT: &str = "text";

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .get("/rehearsals/{id}", May::SeeRehearsals, rehearsal_page)
        .post("/rehearsals/{id}/say", May::Rehearse, say)
        .post("/rehearsals/{id}/give-up", May::Rehearse, give_up)
        .post("/rehearsals/{id}/again", May::Rehearse, again)
        .post("/scenarios/{name}/rehearse", May::Rehearse, of_scenario)
        .post("/drills/{id}/rehearse", May::Rehearse, of_topic)
}

/// Whoever practises; an account without a person has nothing to practise.
fn own(reader: &Reader) -> Result<PersonId> {
    reader.actor().ok().and_then(|actor| actor.person).ok_or(DrillError::NotFound)
}

async fn of_scenario(
    State(service): State<Drills>,
    reader: Reader,
    Path(name): Path<String>,
    Form(values): Form,
) -> Answer {
    let lang = Lang::ALL.into_iter().find(|lang| lang.code() == values.get("lang")).unwrap_or(reader.lang());
    let begin = Begin { scenario: name, lang, ..Begin::default() };
    let id = service.begin(&reader.by(), own(&reader)?, &begin).await?;
    Ok(Reader::redirect(&href(id)))
}

async fn of_topic(State(service): State<Drills>, reader: Reader, Path(id): Path<TopicId>) -> Answer {
    let person = own(&reader)?;
    let topic = service.topic(&kernel::Scope::own(person), id).await?;
    let scenario = topic.scenario.ok_or(DrillError::NotFound)?;
    let begin = Begin { scenario, lang: reader.lang(), topic: Some(id), seed: None };
    let id = service.begin(&reader.by(), person, &begin).await?;
    Ok(Reader::redirect(&href(id)))
}

async fn again(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<RehearsalId>,
    Form(values): Form,
) -> Answer {
    let same = values.get("customer") == "same";
    let id = service.begin_again(&reader.by(), own(&reader)?, id, same).await?;
    Ok(Reader::redirect(&href(id)))
}

async fn give_up(State(service): State<Drills>, reader: Reader, Path(id): Path<RehearsalId>) -> Answer {
    service.give_up(&reader.by(), own(&reader)?, id).await?;
    Ok(reader.done(&Href::new("/rehearsals"), &texts::given_up_done()))
}

async fn rehearsal_page(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<RehearsalId>,
) -> Answer {
    let standing = service.rehearsal(&reader.scope, id).await?;
    Ok(reader.page(&page(&service, &reader, &standing, None).await?))
}

/// What was refused, with what was typed.
struct Refusal {
    text: Text,
    typed: String,
}

async fn page(
    service: &Drills,
    reader: &Reader,
    standing: &Standing,
    refusal: Option<&Refusal>,
) -> Result<Page, Fail> {
    let one = &standing.rehearsed;
    let is_own = own(reader).is_ok_and(|person| person == one.person);
    if one.state != RehearsalState::Open || !is_own {
        return result::page(service, reader, standing, is_own).await;
    }
    let cx = &reader.cx;
    let head = service.head_of(one).await?;
    let part = part(cx, standing, refusal).await;
    let side = html! { (ui::section(cx, &texts::situation(), None, &about(cx, &head))) };
    let give_up = ui::post_button(
        cx,
        Weight::Quiet,
        &texts::give_up(),
        &href(one.id).segment("give-up"),
        &[],
        Some(Icon::Close),
    );
    let body = ui::split(&part, &side);
    Ok(Page::new(Text::verbatim(&one.title), body)
        .crumb(texts::rehearsals(), Href::new("/rehearsals"))
        .actions(give_up))
}

/// What the trainee may know.
pub(super) fn about(cx: &Cx, head: &Head) -> Markup {
    let items = [
        (texts::customer(), html! { (head.portrait.who) }),
        (texts::manner(), html! { (head.portrait.manner) }),
    ];
    html! { p { (head.situation()) } (ui::facts(cx, &items)) }
}

/// The conversation, the mood, and the field to speak in.
async fn part(cx: &Cx, standing: &Standing, refusal: Option<&Refusal>) -> Markup {
    let one = &standing.rehearsed;
    let now = match &standing.playing {
        Some(playing) => Some(engine::now(&playing.lock().await.rehearsal)),
        None => standing.outcome.as_ref().map(|outcome| ended(&outcome.said)),
    };
    let Some(now) = now else { return html! { div id=(PART) {} } };
    let is_open = one.state == RehearsalState::Open;
    html! {
        div.stack id=(PART) {
            (ui::transcript(cx, &turns(cx, &now.said)))
            (mood(cx, &now))
            @if is_open {
                (speak(cx, standing, &now, refusal))
            } @else {
                (ui::notice(Tone::Info, &html! {
                    (cx.t(texts::over())) " "
                    a.btn.btn-primary href=(href(one.id)) data-focus { (cx.t(texts::see_result())) }
                }))
            }
        }
    }
}

/// Where a rehearsal stands that has just ended.
fn ended(said: &[Said]) -> Now {
    let mood = said.last().map_or(0, |last| last.mood);
    let band = match mood {
        60.. => Band::Calm,
        30..60 => Band::Tense,
        _ => Band::Angry,
    };
    Now {
        said: said.to_vec(),
        mood,
        band,
        meanings: Vec::new(),
        notice: None,
        understood: Vec::new(),
        cut: false,
    }
}

/// The turns as the transcript shows them.
pub(super) fn turns(cx: &Cx, said: &[Said]) -> Vec<ui::Turn> {
    let turn = |(index, one): (usize, &Said)| ui::Turn {
        index,
        role: if one.by_person { TurnRole::Agent } else { TurnRole::Customer },
        speaker: None,
        at_ms: None,
        text: if one.text.trim().is_empty() {
            cx.t(texts::said_nothing()).into_owned()
        } else {
            one.text.clone()
        },
        marks: Vec::new(),
    };
    said.iter().enumerate().map(turn).collect()
}

fn mood(cx: &Cx, now: &Now) -> Markup {
    let (tone, words) = match now.band {
        Band::Calm => (Tone::Good, texts::calm()),
        Band::Tense => (Tone::Warn, texts::tense()),
        Band::Angry => (Tone::Bad, texts::angry()),
    };
    let understood = html! {
        @for (title, harms) in &now.understood {
            (ui::badge(if *harms { Tone::Bad } else { Tone::Good }, title))
        }
    };
    ui::line(&[ui::meter(cx, &texts::mood(), now.mood, 100, tone, &words), understood])
}

fn notice_text(notice: Notice) -> Option<Text> {
    match notice {
        Notice::Unknown => Some(texts::notice_unknown()),
        Notice::AskedAgain => Some(texts::notice_asked_again()),
        Notice::Repeated => Some(texts::notice_repeated()),
        Notice::TooMuch => Some(texts::notice_too_much()),
        Notice::Withheld => Some(texts::notice_withheld()),
        Notice::Silence => None,
    }
}

fn speak(cx: &Cx, standing: &Standing, now: &Now, refusal: Option<&Refusal>) -> Markup {
    let one = &standing.rehearsed;
    let to = href(one.id).segment("say");
    let hx = Hx::get(to.clone()).into_id(PART).swap(Swap::Outer);
    let notice = now.notice.and_then(notice_text);
    html! {
        form.form #say method="post" action=(to) hx-post=[hx.href()] hx-target=[hx.target()] hx-swap=(hx.how()) hx-sync="this:drop" {
            input type="hidden" name="turn" value=(one.turns);
            @if let Some(refusal) = refusal {
                (ui::notice(Tone::Warn, &html! { span role="alert" { (cx.tr(&refusal.text)) } }))
            } @else if let Some(notice) = notice {
                (ui::notice(Tone::Info, &html! { (cx.t(notice)) }))
            }
            @if now.cut { (ui::notice(Tone::Info, &html! { (cx.t(texts::was_cut())) })) }
            @if !now.meanings.is_empty() {
                div.in-line role="group" aria-label=(cx.t(texts::you_mean())) {
                    span { (cx.t(texts::you_mean())) }
                    @for (name, title) in &now.meanings {
                        button.btn type="submit" name="meaning" value=(name) { (title) }
                    }
                }
            }
            div.field {
                label for="say-text" { (cx.t(texts::your_words())) }
                div.control {
                    textarea.form-control #say-text name=(TEXT) rows="2" maxlength=(MESSAGE_CHARS_MAX) data-send data-focus autocomplete="off" {
                        @if let Some(refusal) = refusal { (refusal.typed) }
                    }
                }
            }
            div.form-buttons {
                button.btn.btn-primary type="submit" { (cx.t(texts::send())) }
                button.btn type="submit" name="wait" value="1" { (cx.t(texts::say_nothing())) }
                small.note data-needs-script { (cx.t(texts::enter_sends())) }
            }
        }
    }
}

/// What the form asks for.
fn input(values: &ui::Values) -> Input {
    if let Some(meaning) = values.filled("meaning") {
        return Input::Choose { meaning: meaning.to_owned() };
    }
    let text = values.get(TEXT).replace("\r\n", "\n");
    if values.filled("wait").is_some() || text.trim().is_empty() { Input::Wait } else { Input::Say { text } }
}

async fn say(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<RehearsalId>,
    headers: HeaderMap,
    Form(values): Form,
) -> Answer {
    let person = own(&reader)?;
    let turn = values.get("turn").parse().unwrap_or(-1);
    let cx = &reader.cx;
    let wants_part = reader.wants_fragment(&headers);
    let (text, status) = match service.take_turn(&reader.by(), person, id, turn, &input(&values)).await {
        Ok(standing) if wants_part => return Ok(reader.fragment(part(cx, &standing, None).await)),
        Ok(_) => return Ok(Reader::redirect(&href(id).fragment("say"))),
        Err(DrillError::TurnTaken) => (texts::turn_taken(), StatusCode::CONFLICT),
        Err(DrillError::Invalid(wrong)) => {
            let text = wrong.into_iter().next().map_or_else(texts::invalid, |(_, text)| text);
            (text, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => return Err(other.into()),
    };
    let standing = service.rehearsal(&kernel::Scope::own(person), id).await?;
    // What was taken already is not to be sent again; what was refused is to be mended.
    let typed = if status == StatusCode::CONFLICT { String::new() } else { values.get(TEXT).to_owned() };
    if wants_part {
        // Only an answer that succeeded is put into the page.
        let told = Toast { tone: Tone::Warn, text: text.clone(), action: None };
        let refusal = Refusal { text, typed };
        let part = part(cx, &standing, Some(&refusal)).await;
        return Ok(reader.fragment(ui::with_toasts(cx, &part, &[told])));
    }
    let refusal = Refusal { text, typed };
    let page = page(&service, &reader, &standing, Some(&refusal)).await?;
    Ok(with_status(status, reader.page(&page)))
}

fn with_status(status: StatusCode, page: Response) -> Response {
    (status, page).into_response()
}
