//! Improvements and their proof over the JSON API.

use axum::{
    extract::State as Service,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Day, PersonId, Scope, Time};
use messages::{Problem, ProblemKind};
use people::api::Lookup;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes as operations;
use web::{
    Fail, Reader, Routes,
    api::{Json, Paged, Paging, Path, Query},
};

use super::{
    Cause, Improvement, ImprovementId, State, StepKind,
    acts::hand,
    draft::{ActDraft, Draft, DrillDraft},
    rules::Act,
    service::Card,
};
use crate::{
    Improvements,
    permission::ImprovementsPermission as May,
    texts,
    verdict::{Kept, Note, Outcome, Plain, Side},
    view::{seen_name, titles},
};

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new()
        .api(May::View, operations!(list_improvements))
        .api(May::View, operations!(read_improvement))
        .api(May::Edit, operations!(open_improvement))
        .api(May::Edit, operations!(act_on_improvement))
        .api(May::View, operations!(read_verdicts))
}

/// An improvement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImprovementBody {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ImprovementId,
    /// One line.
    pub title: String,
    /// What is wrong.
    pub problem: String,
    /// What will be done.
    pub solution: String,
    /// What came of it.
    pub result: String,
    /// Why it is so.
    pub cause: Cause,
    /// Where it stands.
    pub state: State,
    /// By when.
    #[schema(value_type = String, format = "date")]
    pub due: Day,
    /// Whether that day has passed.
    pub overdue: bool,
    /// 0 in time, 1 the supervisor was told, 2 whoever manages the unit was.
    pub escalation: u8,
    /// Who does it.
    #[schema(value_type = String, format = "uuid")]
    pub owner: PersonId,
    /// Who sees to it.
    #[schema(value_type = String, format = "uuid")]
    pub supervisor: PersonId,
    /// Who agrees for operations.
    #[schema(value_type = String, format = "uuid")]
    pub partner: PersonId,
    /// When operations agreed.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub agreed_at: Option<Time>,
    /// The behaviour, by name.
    pub behaviour: String,
    /// The version of its rule that is frozen.
    pub rule_version: i64,
    /// The uptake to reach, 0–1.
    pub target: f64,
    /// The smallest effect that matters, as a difference of uptake.
    pub worthwhile: f64,
    /// The agreed look, in weeks.
    pub after_weeks: u16,
    /// The figures on which it was opened.
    pub baseline: BaselineBody,
    /// Its people, as far as the token may see them.
    #[schema(value_type = Vec<String>)]
    pub people: Vec<PersonId>,
    /// How many more there are.
    pub people_hidden: usize,
    /// From 1; raised each time it is opened again.
    pub round: i64,
    /// Send it with an act: an act on an older version is refused.
    pub version: i64,
}

/// The figures on which an improvement was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineBody {
    /// The first day of the weeks that selected the people.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// Conversations where shown.
    pub shown: u64,
    /// Conversations where applicable.
    pub applicable: u64,
    /// 95 % interval (Wilson), lower end.
    pub low: f64,
    /// 95 % interval (Wilson), upper end.
    pub high: f64,
    /// Empirical-Bayes estimate.
    pub estimate: f64,
}

impl ImprovementBody {
    fn new(one: Improvement, lookup: &Lookup, scope: &Scope, today: Day) -> ImprovementBody {
        let is_seen = |person: PersonId| seen_name(lookup, scope, person, today).is_some();
        let people: Vec<PersonId> =
            one.members.iter().map(|member| member.person).filter(|person| is_seen(*person)).collect();
        let overdue = one.is_overdue(today);
        let measure = one.measure;
        let base = measure.baseline;
        ImprovementBody {
            id: one.id,
            title: one.title,
            problem: one.problem,
            solution: one.solution,
            result: one.result,
            cause: one.cause,
            state: one.state,
            due: one.due,
            overdue,
            escalation: one.escalation,
            owner: one.owner,
            supervisor: one.supervisor,
            partner: one.partner,
            agreed_at: one.agreed_at,
            behaviour: measure.rule.name,
            rule_version: measure.rule.version_n,
            target: measure.target,
            worthwhile: measure.worthwhile,
            after_weeks: measure.after_weeks,
            baseline: BaselineBody {
                from: measure.selection_from,
                to: measure.selection_to,
                shown: base.shown,
                applicable: base.applicable,
                low: base.low,
                high: base.high,
                estimate: base.estimate,
            },
            people_hidden: one.members.len() - people.len(),
            people,
            round: one.round,
            version: one.version,
        }
    }
}

/// A reading of the proof.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictBody {
    /// The round.
    pub round: i64,
    /// After how many weeks; 0 is the newest four weeks of a closed one.
    pub look: u16,
    /// Whether this is the look that was agreed on; only it closes.
    pub agreed: bool,
    /// Whether the weeks of everybody drilled are over.
    pub complete: bool,
    /// What can be said.
    pub outcome: Outcome,
    /// Conversations still needed; 0 where none would do.
    pub more_needed: u64,
    /// The effect, as a difference of uptake.
    pub effect: Option<f64>,
    /// 95 % interval, lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The drilled.
    pub drilled: Option<Side>,
    /// Those not yet drilled.
    pub compared: Option<Side>,
    /// The plain before/after, which is no verdict.
    pub plain: Plain,
    /// What it rests on, or lacks.
    pub notes: Vec<String>,
    /// When it was computed.
    #[schema(value_type = String, format = "date-time")]
    pub at: Time,
}

impl VerdictBody {
    fn new(kept: &Kept, agreed: u16, reader: &Reader) -> VerdictBody {
        let cx = &reader.cx;
        let reading = &kept.reading;
        let say = |note: &Note| {
            cx.t(texts::note(note, |day| day.to_string(), |share| cx.points(share))).into_owned()
        };
        VerdictBody {
            round: kept.round,
            look: kept.look,
            agreed: kept.look == agreed,
            complete: reading.complete,
            outcome: reading.outcome,
            more_needed: reading.more,
            effect: reading.effect,
            low: reading.low,
            high: reading.high,
            standard_error: reading.standard_error,
            drilled: reading.drilled,
            compared: reading.compared,
            plain: reading.plain,
            notes: reading.notes.iter().map(say).collect(),
            at: kept.at,
        }
    }
}

/// Which improvements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImprovementsQuery {
    /// Where it stands.
    state: Option<State>,
    /// Only those whose day has passed, or only the others.
    overdue: Option<bool>,
}

/// An improvement to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImprovement {
    /// One line.
    #[schema(min_length = 1, max_length = 120)]
    pub title: String,
    /// What is wrong.
    #[schema(min_length = 1, max_length = 4000)]
    pub problem: String,
    /// What will be done.
    #[schema(max_length = 4000)]
    #[serde(default)]
    pub solution: String,
    /// Why it is so.
    pub cause: Cause,
    /// By when.
    #[schema(value_type = String, format = "date")]
    pub due: Day,
    /// Who does it.
    #[schema(value_type = String, format = "uuid")]
    pub owner: PersonId,
    /// Who sees to it.
    #[schema(value_type = String, format = "uuid")]
    pub supervisor: PersonId,
    /// Who agrees for operations.
    #[schema(value_type = String, format = "uuid")]
    pub partner: PersonId,
    /// The behaviour, by name.
    #[schema(max_length = 200)]
    pub behaviour: String,
    /// Whom it is about.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 500)]
    pub people: Vec<PersonId>,
    /// The uptake to reach, 0–1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub target: f64,
    /// The smallest effect that matters, 0.01–0.5.
    #[schema(minimum = 0.01, maximum = 0.5)]
    pub worthwhile: f64,
    /// The agreed look: 2, 4 or 8 weeks.
    #[schema(minimum = 2, maximum = 8)]
    pub after_weeks: u16,
}

/// What is done to an improvement.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActName {
    /// Agree for operations.
    Agree,
    /// Begin a step.
    Step,
    /// Accept the verdict “worked” and close.
    Accept,
    /// Another round.
    Again,
    /// Close as not effective.
    GiveUp,
    /// Agree a later look.
    Extend,
    /// Withdraw.
    Withdraw,
    /// Open again.
    Reopen,
}

impl From<ActName> for Act {
    fn from(name: ActName) -> Act {
        match name {
            ActName::Agree => Act::Agree,
            ActName::Step => Act::Step,
            ActName::Accept => Act::Accept,
            ActName::Again => Act::Again,
            ActName::GiveUp => Act::GiveUp,
            ActName::Extend => Act::Extend,
            ActName::Withdraw => Act::Withdraw,
            ActName::Reopen => Act::Reopen,
        }
    }
}

/// An act.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    /// The version that was read.
    pub version: i64,
    /// What is done.
    pub act: ActName,
    /// Why, or what exactly.
    #[schema(max_length = 4000)]
    #[serde(default)]
    pub words: String,
    /// The kind of a step.
    pub kind: Option<StepKind>,
    /// The first day of a drill.
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<Day>,
    /// The last day of a drill.
    #[schema(value_type = Option<String>, format = "date")]
    pub to: Option<Day>,
    /// The scenario of a drill.
    #[schema(max_length = 200)]
    pub scenario: Option<String>,
    /// The day on which any other step takes effect.
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
}

/// The readings of one improvement.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictsBody {
    /// By round and look.
    pub items: Vec<VerdictBody>,
}

/// Improvements within the token's reach, the open ones first, by their due days.
#[utoipa::path(get, path = "/api/v1/improvements", tag = "improvements", params(Paging, ImprovementsQuery),
    responses((status = 200, description = "One page.", body = Paged<ImprovementBody>)))]
async fn list_improvements(
    Service(service): Service<Improvements>,
    reader: Reader,
    Query(paging): Query<Paging>,
    Query(query): Query<ImprovementsQuery>,
) -> Result<Json<Paged<ImprovementBody>>, Fail> {
    let limit = usize::try_from(paging.limit()?).unwrap_or(usize::MAX);
    let after = paging.after(|cursor| cursor.parse::<ImprovementId>().ok())?;
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let mut all = service.list(&reader.scope).await?;
    all.retain(|one| {
        query.state.is_none_or(|state| one.state == state)
            && query.overdue.is_none_or(|overdue| one.is_overdue(today) == overdue)
    });
    // The page before may end at one that is closed by now: then the list begins again.
    let begin = after.and_then(|after| all.iter().position(|one| one.id == after)).map_or(0, |at| at + 1);
    let rest = all.len().saturating_sub(begin);
    let items: Vec<ImprovementBody> = all
        .into_iter()
        .skip(begin)
        .take(limit)
        .map(|one| ImprovementBody::new(one, &lookup, &reader.scope, today))
        .collect();
    let next = (rest > limit).then(|| items.last().map(|one| one.id.to_string())).flatten();
    Ok(Json(Paged { items, next }))
}

/// One improvement.
#[utoipa::path(get, path = "/api/v1/improvements/{id}", tag = "improvements", params(("id" = String, Path, format = "uuid", description = "The improvement.")),
    responses((status = 200, description = "The improvement.", body = ImprovementBody)))]
async fn read_improvement(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
) -> Result<Json<ImprovementBody>, Fail> {
    body(&service, &reader, &reader.scope, id).await.map(Json)
}

async fn body(
    service: &Improvements,
    reader: &Reader,
    scope: &Scope,
    id: ImprovementId,
) -> Result<ImprovementBody, Fail> {
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let card: Card = service.card(scope, id).await?;
    Ok(ImprovementBody::new(card.improvement, &lookup, &reader.scope, today))
}

/// Opens an improvement: rule, people and baseline are frozen as they are now.
#[utoipa::path(post, path = "/api/v1/improvements", tag = "improvements", request_body = NewImprovement,
    responses((status = 201, description = "The improvement.", body = ImprovementBody)))]
async fn open_improvement(
    Service(service): Service<Improvements>,
    reader: Reader,
    Json(new): Json<NewImprovement>,
) -> Result<Response, Fail> {
    let titles = titles(&service).await?;
    let behaviour = titles.iter().find(|(_, (name, _))| *name == new.behaviour).map(|(id, _)| *id);
    let Some(behaviour) = behaviour else {
        let field = ("behaviour".to_owned(), texts::must_be_chosen());
        let problem = Problem::new(ProblemKind::Invalid, "improvements.invalid", texts::invalid());
        return Err(problem.with_fields(vec![field]).into());
    };
    let draft = Draft {
        title: new.title,
        problem: new.problem,
        solution: new.solution,
        result: String::new(),
        cause: new.cause,
        due: new.due,
        owner: new.owner,
        supervisor: new.supervisor,
        partner: new.partner,
        behaviour,
        people: new.people,
        target: new.target,
        worthwhile: new.worthwhile,
        after_weeks: new.after_weeks,
    };
    let id = service.open(&reader.by(), &reader.scope, &draft).await?;
    let body = body(&service, &reader, &Scope::everything(), id).await?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Does something to an improvement. A version that is no longer the stored one is refused.
#[utoipa::path(post, path = "/api/v1/improvements/{id}/acts", tag = "improvements", params(("id" = String, Path, format = "uuid", description = "The improvement.")),
    request_body = ActBody,
    responses((status = 200, description = "The improvement.", body = ImprovementBody), (status = 409, description = "Somebody else changed it in between, or it cannot be done now.")))]
async fn act_on_improvement(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
    Json(sent): Json<ActBody>,
) -> Result<Json<ImprovementBody>, Fail> {
    let held = service.card(&reader.scope, id).await?.improvement;
    let drill = sent.from.zip(sent.to).map(|(from, to)| DrillDraft { from, to, scenario: sent.scenario });
    let draft = ActDraft { words: sent.words, kind: sent.kind, drill, day: sent.day };
    let hand = hand(&reader, &held);
    let act = sent.act.into();
    service.act(&reader.by(), &reader.scope, hand, (id, sent.version), act, &draft).await?;
    body(&service, &reader, &Scope::everything(), id).await.map(Json)
}

/// The readings of an improvement's proof.
#[utoipa::path(get, path = "/api/v1/improvements/{id}/verdicts", tag = "improvements", params(("id" = String, Path, format = "uuid", description = "The improvement.")),
    responses((status = 200, description = "The readings.", body = VerdictsBody)))]
async fn read_verdicts(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path(id): Path<ImprovementId>,
) -> Result<Json<VerdictsBody>, Fail> {
    let card = service.card(&reader.scope, id).await?;
    let agreed = card.improvement.measure.after_weeks;
    let items = card.readings.iter().map(|kept| VerdictBody::new(kept, agreed, &reader)).collect();
    Ok(Json(VerdictsBody { items }))
}
