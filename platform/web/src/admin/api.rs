//! The same for programs.

use axum::{extract::State, response::IntoResponse};
use identity::{AccountFilter, IdentityPermission};
use jobs::{JobId, JobStatus};
use kernel::{AccountId, Time};
use messages::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes as operations;

use super::audit_log::{self, Filter};
use crate::{
    Answer, Platform, PlatformPermission, Policy, Reader, Routes,
    api::{Json, Paged, Paging, Path, Query},
};

pub(super) fn routes() -> Routes<Platform> {
    Routes::new()
        .api(Policy::SignedIn, operations!(me))
        .api(IdentityPermission::ViewAccounts, operations!(accounts))
        // Whoever started a job may follow it; the handler asks for the permission for anybody else's.
        .api(Policy::SignedIn, operations!(job))
        .api(PlatformPermission::ViewAudit, operations!(audit))
}

/// Who the token belongs to.
#[derive(Serialize, ToSchema)]
struct Me {
    /// The account's id.
    account: String,
    /// The name it signs in with.
    name: String,
    /// The id of the person it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// The stable names of its roles.
    roles: Vec<String>,
    /// What it may do.
    permissions: Vec<Held>,
}

/// A permission and what it reaches.
#[derive(Serialize, ToSchema)]
struct Held {
    /// `context.verb`.
    permission: String,
    /// Whether it reaches everything.
    everything: bool,
    /// The ids of the units it reaches.
    units: Vec<String>,
    /// Whether it reaches what belongs to the account's own person.
    own: bool,
}

/// Who the token belongs to, and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Me)))]
async fn me(reader: Reader) -> Answer {
    let actor = reader.actor()?;
    let held = |(permission, scope): (kernel::Permission, &kernel::Scope)| Held {
        permission: permission.0.to_owned(),
        everything: scope.is_everything(),
        units: scope.unit_ids().iter().map(ToString::to_string).collect(),
        own: scope.person().is_some(),
    };
    let me = Me {
        account: actor.account.to_string(),
        name: actor.name.clone(),
        person: actor.person.map(|person| person.to_string()),
        roles: actor.roles.clone(),
        permissions: actor.permissions().map(held).collect(),
    };
    Ok(Json(me).into_response())
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountQuery {
    /// Part of the name.
    q: Option<String>,
    /// Items on a page, 1–500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// An account.
#[derive(Serialize, ToSchema)]
struct AccountItem {
    /// Its id.
    id: String,
    /// The name it signs in with.
    name: String,
    /// The id of the person it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// Whether it cannot sign in.
    disabled: bool,
    /// What it was granted.
    grants: Vec<GrantItem>,
    /// When it was made, RFC 3339.
    created_at: String,
}

/// A role given to an account.
#[derive(Serialize, ToSchema)]
struct GrantItem {
    /// The stable name of the role.
    role: String,
    /// `own`, `units` or `everything`.
    reach: &'static str,
    /// The ids of the units it names.
    units: Vec<String>,
}

impl From<identity::Account> for AccountItem {
    fn from(account: identity::Account) -> AccountItem {
        let grant = |grant: identity::Grant| GrantItem {
            role: grant.role,
            reach: grant.reach.name(),
            units: grant.units.iter().map(ToString::to_string).collect(),
        };
        AccountItem {
            id: account.id.to_string(),
            name: account.name,
            person: account.person.map(|person| person.to_string()),
            disabled: account.disabled,
            grants: account.grants.into_iter().map(grant).collect(),
            created_at: account.created_at.timestamp().to_string(),
        }
    }
}

/// Accounts by name.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(AccountQuery), responses((status = 200, body = Paged<AccountItem>)))]
async fn accounts(State(platform): State<Platform>, Query(query): Query<AccountQuery>) -> Answer {
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()? as usize;
    let after = paging.after(|cursor| Some(cursor.to_owned()))?;
    let filter = AccountFilter { query: query.q.unwrap_or_default(), after, limit };
    let found = platform.identity().accounts(&filter).await?;
    // A full page may have another after it; that one may turn out empty.
    let next = found.last().filter(|_| found.len() == limit).map(|last| last.name.clone());
    Ok(Json(Paged { items: found.into_iter().map(AccountItem::from).collect(), next }).into_response())
}

/// A background job.
#[derive(Serialize, ToSchema)]
struct JobItem {
    /// Its id.
    id: String,
    /// Its kind.
    kind: String,
    /// What it does, in the reader's language.
    title: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: &'static str,
    /// How much is done.
    done: i64,
    /// How much there is, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    /// What it is doing.
    note: String,
    /// The last error.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// When it was asked for, RFC 3339.
    created_at: String,
    /// When it was over, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<String>,
}

/// How far a background job is: one's own, or anybody's with `platform.view_jobs`.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path, description = "The job's id")), responses((status = 200, body = JobItem)))]
async fn job(State(platform): State<Platform>, reader: Reader, Path(id): Path<JobId>) -> Answer {
    let job = jobs::status(platform.db(), id).await?.ok_or_else(Problem::not_found)?;
    let own = job.account == Some(reader.actor()?.account);
    if !own && !reader.can(PlatformPermission::ViewJobs) {
        return Err(Problem::not_found().into());
    }
    Ok(Json(job_item(job, &reader)).into_response())
}

fn job_item(job: JobStatus, reader: &Reader) -> JobItem {
    JobItem {
        id: job.id.to_string(),
        kind: job.kind,
        title: job.title.get(reader.lang()).to_owned(),
        state: job.state.name(),
        done: job.done,
        total: job.total,
        note: job.note,
        error: job.last_error,
        created_at: job.created_at.timestamp().to_string(),
        finished_at: job.finished_at.map(|at| at.timestamp().to_string()),
    }
}

/// Which entries of the audit log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Part of the action's name.
    action: Option<String>,
    /// The id of the account that did it.
    account: Option<String>,
    /// Part of the objects, such as an id.
    object: Option<String>,
    /// From this moment on, RFC 3339.
    from: Option<String>,
    /// Before this moment, RFC 3339.
    before: Option<String>,
    /// Items on a page, 1–500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditItem {
    /// Its position in the chain.
    seq: i64,
    /// When, RFC 3339.
    at: String,
    /// The id of the account; absent for the system itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// Through which door: `page`, `api`, `command`, `job` or `system`.
    via: String,
    /// What was done.
    action: String,
    /// What it was done to: `kind:id`, separated by spaces.
    objects: String,
    /// SHA-256 of the content after the change, in hexadecimal; empty where there is none.
    digest: String,
}

/// The audit log, the newest entry first. Reading it leaves an entry.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery), responses((status = 200, body = Paged<AuditItem>)))]
async fn audit(State(platform): State<Platform>, reader: Reader, Query(query): Query<AuditQuery>) -> Answer {
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()? as usize;
    let filter = Filter {
        action: query.action,
        account: read("account", query.account, |id| id.parse::<AccountId>().ok())?,
        object: query.object,
        from: read("from", query.from, Time::parse)?,
        before: read("before", query.before, Time::parse)?,
        after: paging.after(|cursor| cursor.parse().ok())?,
    };
    audit_log::leave_trace(&platform, &reader, "platform.audit_read").await?;
    let mut found = audit_log::read(&platform, &filter, limit + 1).await?;
    let next = store::cut_page(&mut found, limit, |last| last.seq.to_string());
    let item = |entry: audit_log::Entry| AuditItem {
        seq: entry.seq,
        at: entry.at.timestamp().to_string(),
        account: entry.account.map(|account| account.to_string()),
        via: entry.via,
        action: entry.action,
        objects: entry.objects,
        digest: entry.digest,
    };
    Ok(Json(Paged { items: found.into_iter().map(item).collect(), next }).into_response())
}

/// A value of the query, read by `parse`; one that cannot be read is told, never passed over.
fn read<T>(
    name: &str,
    value: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let unreadable = || {
        Problem::new(
            messages::ProblemKind::Invalid,
            "web.query",
            crate::texts::bad_query(&format!("{name} = {value}")),
        )
    };
    parse(&value).map(Some).ok_or_else(unreadable)
}
