//! Uptake and gaps over the JSON API.

use axum::extract::State;
use kernel::{Day, PersonId, UnitId};
use messages::{Problem, ProblemKind};
use people::api::QueueId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes as operations;
use uuid::Uuid;
use web::{
    Fail, Reader, Routes,
    api::{Json, Query},
};

use super::{By, MapCell, Slice, Subject, Window, request::{WEEKS_DEFAULT, offered}};
use crate::{
    Behaviours,
    gap::{self, Gap},
    permission::BehavioursPermission as May,
    rule_set::LiveSet,
    texts,
    view::subject_name,
};

/// Weeks of one answer at most: a year.
const WEEKS_MAX: u16 = 53;

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new().api(May::SeeUptake, operations!(read_uptake)).api(May::SeeUptake, operations!(list_gaps))
}

/// Which uptake.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UptakeQuery {
    /// `person` (when absent), `team`, `queue` or `centre`.
    by: Option<String>,
    /// Full weeks up to the last one, 1–53; 4 when absent.
    #[param(minimum = 1, maximum = 53)]
    weeks: Option<u16>,
    /// Only this behaviour, by name.
    behaviour: Option<String>,
    /// Only this team and those below it.
    #[param(value_type = Option<String>, format = "uuid")]
    team: Option<Uuid>,
    /// Only this queue.
    #[param(value_type = Option<String>, format = "uuid")]
    queue: Option<Uuid>,
    /// Only this person.
    #[param(value_type = Option<String>, format = "uuid")]
    person: Option<Uuid>,
}

/// Uptake in full weeks.
#[derive(Debug, Serialize, ToSchema)]
pub struct UptakeBody {
    /// The first day.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// The figures; a behaviour that never applied has none.
    pub items: Vec<UptakeItem>,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct UptakeItem {
    /// `person`, `team`, `queue` or `centre`.
    pub kind: &'static str,
    /// The person, team or queue; absent for the whole, and for what belongs to nobody known.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// The behaviour, by name.
    pub behaviour: String,
    /// Conversations where shown.
    pub shown: u64,
    /// Conversations where applicable.
    pub applicable: u64,
    /// Shown ÷ applicable.
    pub uptake: f64,
    /// 95 % interval (Wilson), lower end.
    pub low: f64,
    /// 95 % interval (Wilson), upper end.
    pub high: f64,
    /// Empirical-Bayes estimate among all rows.
    pub estimate: f64,
    /// Difference of the last two weeks; absent where either has too few conversations.
    pub change: Option<f64>,
    /// Too few conversations to compare.
    pub small: bool,
}

/// A gap: uptake below target, found at a false discovery rate of 5 %.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapItem {
    /// `person` or `team`.
    pub kind: &'static str,
    /// The person or team.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// The behaviour, by name.
    pub behaviour: String,
    /// Conversations where shown.
    pub shown: u64,
    /// Conversations where applicable.
    pub applicable: u64,
    /// Shown ÷ applicable.
    pub uptake: f64,
    /// 95 % interval (Wilson), lower end.
    pub low: f64,
    /// 95 % interval (Wilson), upper end.
    pub high: f64,
    /// Empirical-Bayes estimate.
    pub estimate: f64,
    /// The target.
    pub target: f64,
    /// The false discovery rate at which it would just be reported.
    pub q: f64,
    /// Conversations a week that would go better at the target.
    pub impact: f64,
}

/// All gaps in scope.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapsBody {
    /// The first day of the window.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day of the window.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// The largest impact first.
    pub items: Vec<GapItem>,
}

fn kind_and_id(subject: Subject) -> (&'static str, Option<Uuid>) {
    match subject {
        Subject::Person(PersonId(id)) => ("person", Some(id)),
        Subject::Team(UnitId(id)) => ("team", Some(id)),
        Subject::Queue(QueueId(id)) => ("queue", Some(id)),
        Subject::Centre => ("centre", None),
    }
}

/// Uptake by person, team, queue or as a whole, within the token's reach.
#[utoipa::path(get, path = "/api/v1/uptake", tag = "behaviours", params(UptakeQuery),
    responses((status = 200, description = "The figures.", body = UptakeBody)))]
async fn read_uptake(
    State(service): State<Behaviours>,
    reader: Reader,
    Query(query): Query<UptakeQuery>,
) -> Result<Json<UptakeBody>, Fail> {
    let invalid = |key: &str, value: &str| {
        let text = texts::bad_value(key, value);
        let problem = Problem::new(ProblemKind::Invalid, "behaviours.bad_query", text.clone());
        Fail::from(problem.with_fields(vec![(key.to_owned(), text)]))
    };
    let by = match &query.by {
        Some(name) => By::parse(name)
            .filter(|by| offered(&reader.scope).contains(by))
            .ok_or_else(|| invalid("by", name))?,
        None => By::Person,
    };
    let weeks = query.weeks.unwrap_or(WEEKS_DEFAULT);
    if !(1..=WEEKS_MAX).contains(&weeks) {
        return Err(invalid("weeks", &weeks.to_string()));
    }
    let (set, lookup) = (service.live().await?, service.people().lookup().await?);
    let mut slice = Slice::new(reader.scope.clone(), service.trailing(weeks).await?);
    if let Some(name) = &query.behaviour {
        let live = set.behaviours.values().find(|live| live.name == *name);
        slice.behaviour = Some(live.ok_or_else(|| invalid("behaviour", name))?.id);
    }
    slice.teams = query.team.map(|id| lookup.units_below(UnitId(id)));
    slice.queues = query.queue.map(|id| vec![QueueId(id)]);
    slice.person = query.person.map(PersonId);
    let map = service.uptake_map(&slice, by).await?;
    let mut items = Vec::new();
    for row in &map.rows {
        let name = reader.cx.tr(&subject_name(&lookup, row.subject)).to_owned();
        for (behaviour, cell) in map.behaviours.iter().zip(&row.cells) {
            let behaviour = set.behaviours.get(behaviour).map(|live| live.name.clone());
            items.extend(behaviour.zip(cell.as_ref()).map(|(behaviour, cell)| item(row.subject, &name, behaviour, cell)));
        }
    }
    Ok(Json(UptakeBody { from: slice.window.from, to: slice.window.to, items }))
}

fn item(subject: Subject, name: &str, behaviour: String, cell: &MapCell) -> UptakeItem {
    let (kind, id) = kind_and_id(subject);
    UptakeItem {
        kind,
        id,
        name: name.to_owned(),
        behaviour,
        shown: cell.shown,
        applicable: cell.applicable,
        uptake: cell.uptake,
        low: cell.low,
        high: cell.high,
        estimate: cell.estimate,
        change: cell.change,
        small: cell.small,
    }
}

/// Gaps within the token's reach over the last four full weeks.
#[utoipa::path(get, path = "/api/v1/gaps", tag = "behaviours",
    responses((status = 200, description = "The gaps.", body = GapsBody)))]
async fn list_gaps(State(service): State<Behaviours>, reader: Reader) -> Result<Json<GapsBody>, Fail> {
    let (set, lookup) = (service.live().await?, service.people().lookup().await?);
    let today = service.today().await?;
    let window = Window::trailing_weeks(today, gap::WEEKS);
    let gaps = service.gaps(&reader.scope, today).await?;
    let name = |gap: &Gap| reader.cx.tr(&subject_name(&lookup, gap.subject)).to_owned();
    let items = gaps.iter().filter_map(|gap| gap_item(&set, gap, name(gap))).collect();
    Ok(Json(GapsBody { from: window.from, to: window.to, items }))
}

fn gap_item(set: &LiveSet, gap: &Gap, name: String) -> Option<GapItem> {
    let (kind, id) = kind_and_id(gap.subject);
    Some(GapItem {
        kind,
        id,
        name,
        behaviour: set.behaviours.get(&gap.behaviour)?.name.clone(),
        shown: gap.shown,
        applicable: gap.applicable,
        uptake: gap.uptake,
        low: gap.low,
        high: gap.high,
        estimate: gap.estimate,
        target: gap.target,
        q: gap.q,
        impact: gap.impact,
    })
}
