//! Rehearsals over the JSON API.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{PersonId, Scope};
use messages::Lang;
use rehearsal::Input;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Path},
};

use super::{Begin, RehearsalId, RehearsalState, Scores, Standing};
use crate::{
    Drills,
    engine::{self, Became},
    permission::DrillsPermission as May,
    problem::{DrillError, Result},
    texts,
    topic::TopicId,
};

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .api(May::Rehearse, operations!(begin_rehearsal))
        .api(May::Rehearse, operations!(take_turn))
        .api(May::SeeRehearsals, operations!(read_rehearsal))
}

/// A rehearsal to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRehearsal {
    /// The name of the scenario; that of the topic when absent.
    pub scenario: Option<String>,
    /// `zh` or `en`; another language is played where the scenario does not exist in this one.
    pub language: Option<String>,
    /// The topic that is drilled.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub topic: Option<TopicId>,
}

/// One turn: exactly one of `text`, `meaning` and `silence`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTurn {
    /// The `turn` of the rehearsal that was read: the same turn sent twice counts once.
    pub turn: i64,
    /// What is said.
    pub text: Option<String>,
    /// The name of one of the meanings that the customer asked about.
    pub meaning: Option<String>,
    /// Nothing is said.
    #[serde(default)]
    pub silence: bool,
}

/// A rehearsal.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: RehearsalId,
    /// Who practises.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// The name of the scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// `zh` or `en`.
    pub language: &'static str,
    /// The topic that is drilled.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub topic: Option<TopicId>,
    /// Where it stands.
    pub state: RehearsalState,
    /// Turns taken so far.
    pub turn: i64,
    /// What was said: all of it to whoever practises, to others once it ended.
    pub said: Vec<SaidBody>,
    /// What the customer asks about, when they did not understand.
    pub meanings: Vec<MeaningBody>,
    /// The three figures, once it ended.
    pub scores: Option<Scores>,
    /// What was judged, once it ended.
    pub items: Vec<ItemBody>,
}

/// One turn that was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaidBody {
    /// Whether the person said it; else the customer.
    pub by_person: bool,
    /// The words; empty for silence.
    pub text: String,
    /// The customer's mood afterwards, 0 to 100.
    pub mood: i64,
}

/// Something that may have been meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeaningBody {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// Something that was judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemBody {
    /// What people read.
    pub title: String,
    /// The behaviour that was judged, by name, when one was.
    pub behaviour: Option<String>,
    /// What became of it.
    pub became: Became,
    /// Why, in the language of the scenario.
    pub reason: String,
}

async fn body(standing: &Standing, is_own: bool) -> RehearsalBody {
    let one = &standing.rehearsed;
    let now = match &standing.playing {
        Some(playing) if is_own => Some(engine::now(&playing.lock().await.rehearsal)),
        _ => None,
    };
    let (said, meanings) = match (now, &standing.outcome) {
        (Some(now), _) => (now.said, now.meanings),
        (None, Some(outcome)) => (outcome.said.clone(), Vec::new()),
        (None, None) => (Vec::new(), Vec::new()),
    };
    let items = standing.outcome.iter().flat_map(|outcome| &outcome.items).map(|item| ItemBody {
        title: item.title.clone(),
        behaviour: item.behaviour.clone(),
        became: item.became,
        reason: item.reason.clone(),
    });
    RehearsalBody {
        id: one.id,
        person: one.person,
        scenario: one.scenario.clone(),
        title: one.title.clone(),
        language: one.language.code(),
        topic: one.topic,
        state: one.state,
        turn: one.turns,
        said: said
            .into_iter()
            .map(|one| SaidBody { by_person: one.by_person, text: one.text, mood: one.mood })
            .collect(),
        meanings: meanings.into_iter().map(|(name, title)| MeaningBody { name, title }).collect(),
        scores: one.scores,
        items: items.collect(),
    }
}

fn own(reader: &Reader) -> Result<PersonId> {
    reader.actor().ok().and_then(|actor| actor.person).ok_or(DrillError::NotFound)
}

/// Begins a rehearsal for the person of the token.
#[utoipa::path(post, path = "/api/v1/rehearsals", tag = "drills", request_body = NewRehearsal,
    responses(
        (status = 201, description = "The rehearsal, with the customer's first words.", body = RehearsalBody),
        (status = 409, description = "Too many rehearsals are in progress.")))]
async fn begin_rehearsal(
    State(service): State<Drills>,
    reader: Reader,
    Json(new): Json<NewRehearsal>,
) -> Result<Response, Fail> {
    let person = own(&reader)?;
    let scenario = match (new.scenario, new.topic) {
        (Some(scenario), _) => scenario,
        (None, Some(topic)) => {
            let topic = service.topic(&Scope::own(person), topic).await?;
            topic.scenario.ok_or(DrillError::NotFound)?
        }
        (None, None) => return Err(DrillError::field("scenario", texts::must_be_filled()).into()),
    };
    let lang = new.language.as_deref().and_then(Lang::parse).unwrap_or(reader.lang());
    let begin = Begin { scenario, lang, topic: new.topic, seed: None };
    let id = service.begin(&reader.by(), person, &begin).await?;
    let standing = service.rehearsal(&Scope::own(person), id).await?;
    Ok((StatusCode::CREATED, Json(body(&standing, true).await)).into_response())
}

/// Takes one turn. The turn is kept when it is answered.
#[utoipa::path(post, path = "/api/v1/rehearsals/{id}/turns", tag = "drills", params(("id" = String, Path, format = "uuid")),
    request_body = NewTurn,
    responses(
        (status = 200, description = "The rehearsal with the customer's answer.", body = RehearsalBody),
        (status = 409, description = "This turn was taken already, or the rehearsal is over.")))]
async fn take_turn(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<RehearsalId>,
    Json(new): Json<NewTurn>,
) -> Result<Json<RehearsalBody>, Fail> {
    let input = match (new.text, new.meaning, new.silence) {
        (Some(text), None, false) => Input::Say { text },
        (None, Some(meaning), false) => Input::Choose { meaning },
        (None, None, true) => Input::Wait,
        _ => return Err(DrillError::field("text", texts::one_of_three()).into()),
    };
    let standing = service.take_turn(&reader.by(), own(&reader)?, id, new.turn, &input).await?;
    Ok(Json(body(&standing, true).await))
}

/// A rehearsal that the token may see.
#[utoipa::path(get, path = "/api/v1/rehearsals/{id}", tag = "drills", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, description = "The rehearsal.", body = RehearsalBody)))]
async fn read_rehearsal(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<RehearsalId>,
) -> Result<Json<RehearsalBody>, Fail> {
    let standing = service.rehearsal(&reader.scope, id).await?;
    let is_own = own(&reader).is_ok_and(|person| person == standing.rehearsed.person);
    Ok(Json(body(&standing, is_own).await))
}
