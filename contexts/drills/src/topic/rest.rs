//! Topics over the JSON API.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use kernel::{Day, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Path, Query},
};

use super::{How, Topic, TopicDraft, TopicFilter, TopicId, TopicState, pages::titles};
use crate::{Drills, permission::DrillsPermission as May, problem::DrillError, texts};

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .api(May::ViewTopics, operations!(list_topics))
        .api(May::RunTopics, operations!(open_topic))
        .api(May::ViewTopics, operations!(read_topic))
        .api(May::ViewTopics, operations!(list_drilled))
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: TopicId,
    /// What it is called.
    pub title: String,
    /// What people should do afterwards.
    pub goal: String,
    /// The behaviours, by name.
    pub behaviours: Vec<String>,
    /// The name of the scenario that is rehearsed.
    pub scenario: Option<String>,
    /// The first day.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// Where it stands today.
    pub state: TopicState,
    /// Who takes part, as far as the token may see them.
    pub people: Vec<TraineeBody>,
    /// Raised by each edit.
    pub version: i64,
}

/// Somebody who takes part.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraineeBody {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// The day on which they were drilled.
    #[schema(value_type = Option<String>, format = "date")]
    pub drilled: Option<Day>,
    /// How that is known.
    pub how: Option<How>,
}

/// All topics that the token may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicsBody {
    /// Open ones first.
    pub items: Vec<TopicBody>,
}

/// Which topics.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TopicsAsked {
    /// In this state only.
    pub state: Option<TopicState>,
    /// About this behaviour only, by name.
    pub behaviour: Option<String>,
}

/// A topic to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopic {
    /// What it is called.
    #[schema(max_length = 100, min_length = 1)]
    pub title: String,
    /// What people should do afterwards.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub goal: String,
    /// The behaviours, by name, at least one.
    pub behaviours: Vec<String>,
    /// The name of the scenario to rehearse.
    pub scenario: Option<String>,
    /// Who takes part, at least one.
    #[schema(value_type = Vec<String>)]
    pub people: Vec<PersonId>,
    /// The first day.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
}

/// Who was drilled.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrilledBody {
    /// The first day first.
    pub items: Vec<DrilledItem>,
}

/// Somebody was drilled on a behaviour.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrilledItem {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// The behaviour, by name.
    pub behaviour: String,
    /// When.
    #[schema(value_type = String, format = "date")]
    pub day: Day,
    /// In which topic.
    #[schema(value_type = String, format = "uuid")]
    pub topic: TopicId,
}

/// Which behaviour.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DrilledAsked {
    /// The behaviour, by name; all of them when absent.
    pub behaviour: Option<String>,
}

fn body(topic: &Topic, titles: &super::pages::Titles) -> TopicBody {
    let trainee = |trainee: &super::Trainee| TraineeBody {
        person: trainee.person,
        drilled: trainee.drilled.map(|(day, _)| day),
        how: trainee.drilled.map(|(_, how)| how),
    };
    TopicBody {
        id: topic.id,
        title: topic.title.clone(),
        goal: topic.goal.clone(),
        behaviours: topic
            .behaviours
            .iter()
            .filter_map(|id| titles.get(id))
            .map(|known| known.0.clone())
            .collect(),
        scenario: topic.scenario.clone(),
        from: topic.from,
        to: topic.to,
        state: topic.state,
        people: topic.people.iter().map(trainee).collect(),
        version: topic.version,
    }
}

/// Topics that the token may see, with the people it may see.
#[utoipa::path(get, path = "/api/v1/drills", tag = "drills", params(TopicsAsked),
    responses((status = 200, description = "All of them.", body = TopicsBody)))]
async fn list_topics(
    State(service): State<Drills>,
    reader: Reader,
    Query(asked): Query<TopicsAsked>,
) -> Result<Json<TopicsBody>, Fail> {
    let titles = titles(&service).await?;
    let behaviour = match &asked.behaviour {
        Some(name) => Some(named(&titles, name)?),
        None => None,
    };
    let filter = TopicFilter { state: asked.state, behaviour, ..TopicFilter::default() };
    let all = service.topics(&reader.scope, &filter).await?;
    Ok(Json(TopicsBody { items: all.iter().map(|topic| body(topic, &titles)).collect() }))
}

fn named(titles: &super::pages::Titles, name: &str) -> Result<behaviours::api::BehaviourId, DrillError> {
    let found = titles.iter().find(|(_, (known, _))| known == name).map(|(id, _)| *id);
    found.ok_or_else(|| DrillError::field("behaviour", texts::unknown_behaviour(name)))
}

/// One topic.
#[utoipa::path(get, path = "/api/v1/drills/{id}", tag = "drills", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, description = "The topic.", body = TopicBody)))]
async fn read_topic(
    State(service): State<Drills>,
    reader: Reader,
    Path(id): Path<TopicId>,
) -> Result<Json<TopicBody>, Fail> {
    let topic = service.topic(&reader.scope, id).await?;
    Ok(Json(body(&topic, &titles(&service).await?)))
}

/// Opens a topic with people whom the token may drill.
#[utoipa::path(post, path = "/api/v1/drills", tag = "drills", request_body = NewTopic,
    responses((status = 201, description = "The topic.", body = TopicBody)))]
async fn open_topic(
    State(service): State<Drills>,
    reader: Reader,
    Json(new): Json<NewTopic>,
) -> Result<Response, Fail> {
    let titles = titles(&service).await?;
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let trains = |id: &&PersonId| reader.scope.allows(lookup.team_of(**id, today), Some(**id));
    let beyond = new.people.len() - new.people.iter().filter(trains).count();
    if beyond > 0 {
        return Err(DrillError::field("people", texts::unknown_people(beyond)).into());
    }
    let behaviours: Result<Vec<_>, _> = new.behaviours.iter().map(|name| named(&titles, name)).collect();
    let draft = TopicDraft {
        title: new.title,
        behaviours: behaviours?,
        scenario: new.scenario,
        people: new.people,
        from: new.from,
        to: new.to,
        goal: new.goal,
        origin: None,
    };
    let id = service.open_topic(&reader.by(), &draft).await?;
    let topic = service.topic(&reader.scope, id).await?;
    Ok((StatusCode::CREATED, Json(body(&topic, &titles))).into_response())
}

/// Who was drilled on what and when, among the people whom the token may see.
#[utoipa::path(get, path = "/api/v1/drilled", tag = "drills", params(DrilledAsked),
    responses((status = 200, description = "One entry for each person, behaviour and topic.", body = DrilledBody)))]
async fn list_drilled(
    State(service): State<Drills>,
    reader: Reader,
    Query(asked): Query<DrilledAsked>,
) -> Result<Json<DrilledBody>, Fail> {
    let titles = titles(&service).await?;
    let wanted = match &asked.behaviour {
        Some(name) => vec![named(&titles, name)?],
        None => titles.keys().copied().collect(),
    };
    let (lookup, all) = (service.people().lookup().await?, service.drilled(&wanted).await?);
    let seen = |person: PersonId, day: Day| reader.scope.allows(lookup.team_of(person, day), Some(person));
    let items = all.into_iter().filter(|drilled| seen(drilled.person, drilled.day)).filter_map(|drilled| {
        let behaviour = titles.get(&drilled.behaviour)?.0.clone();
        Some(DrilledItem { person: drilled.person, behaviour, day: drilled.day, topic: drilled.topic })
    });
    Ok(Json(DrilledBody { items: items.collect() }))
}
