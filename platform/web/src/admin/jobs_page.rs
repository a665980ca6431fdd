//! Background jobs: what runs, what failed, and stopping one.

use axum::extract::State;
use jobs::{JobFilter, JobId, JobState, JobStatus};
use maud::{Markup, html};
use messages::{Problem, ProblemKind, Text};
use ui::{Cell, Choice, Column, Cx, Empty, FilterBar, Href, Icon, Page, Progress, Table, TableState, Tone};

use super::texts;
use crate::{Answer, Fail, Platform, PlatformPermission, Reader, Routes, api::Path};

/// A page without script asks again after so many seconds while a job runs.
const RELOAD_SECONDS: u32 = 5;

pub(super) fn routes() -> Routes<Platform> {
    Routes::new()
        .get("/admin/jobs", PlatformPermission::ViewJobs, list)
        .get("/admin/jobs/{id}", PlatformPermission::ViewJobs, show)
        .get("/admin/jobs/{id}/progress", PlatformPermission::ViewJobs, progress)
        .post("/admin/jobs/{id}/cancel", PlatformPermission::ManageJobs, cancel)
}

fn page_of(id: JobId) -> Href {
    Href::new("/admin/jobs").segment(id)
}

fn state_words(state: JobState) -> (Text, Tone) {
    match state {
        JobState::Queued => (texts::job_queued(), Tone::Muted),
        JobState::Running => (texts::job_running(), Tone::Info),
        JobState::Done => (texts::job_done(), Tone::Good),
        JobState::Failed => (texts::job_failed(), Tone::Bad),
        JobState::Cancelled => (texts::job_cancelled(), Tone::Warn),
    }
}

/// A line of the list.
struct Line {
    job: JobStatus,
    who: Text,
}

fn amount(cx: &Cx, job: &JobStatus) -> String {
    job.total
        .map_or_else(|| cx.count(job.done), |total| format!("{} / {}", cx.count(job.done), cx.count(total)))
}

fn columns() -> Vec<Column<Line>> {
    vec![
        Column::new("title", texts::job_title(), |_, line: &Line| Cell::text(line.job.title.clone())).wraps(),
        Column::new("state", texts::state(), |_, line: &Line| {
            let (word, tone) = state_words(line.job.state);
            Cell::text(word).badge(tone)
        }),
        Column::figures("progress", texts::job_progress(), |cx: &Cx, line: &Line| {
            Cell::words(amount(cx, &line.job))
        }),
        Column::new("who", texts::job_by(), |_, line: &Line| Cell::text(line.who.clone())),
        Column::new("created", texts::job_created(), |_, line: &Line| Cell::time(Some(line.job.created_at))),
        Column::new("finished", texts::job_finished(), |_, line: &Line| Cell::time(line.job.finished_at)),
        Column::new("kind", texts::job_kind(), |_, line: &Line| Cell::words(line.job.kind.clone())).hidden(),
        Column::new("error", texts::job_error(), |_, line: &Line| {
            Cell::words(line.job.last_error.clone().unwrap_or_default())
        })
        .wraps()
        .hidden(),
    ]
}

async fn list(State(platform): State<Platform>, reader: Reader) -> Answer {
    let cx = &reader.cx;
    let state = TableState::read(&cx.here, &[]);
    let format = state.format;
    let states =
        cx.here.value("state").and_then(|name| JobState::ALL.into_iter().find(|state| state.name() == name));
    let filter = JobFilter {
        states: states.into_iter().collect(),
        kind: cx.here.value("kind").map(str::to_owned),
        ..JobFilter::default()
    };
    let found = jobs::list(platform.db(), &filter).await?;
    let names =
        platform.identity().account_names(&found.iter().filter_map(|job| job.account).collect()).await?;
    let who = |job: &JobStatus| match job.account {
        None => texts::audit_system(),
        Some(account) => Text::verbatim(names.get(&account).cloned().unwrap_or_else(|| account.to_string())),
    };
    let lines: Vec<Line> = found.into_iter().map(|job| Line { who: who(&job), job }).collect();
    let table = Table::new("jobs", texts::jobs(), columns(), &lines)
        .state(state)
        .row_href(|line| page_of(line.job.id))
        .empty(Empty::new(Icon::System, texts::jobs_empty(), texts::jobs_empty_hint()))
        .exports();
    if let Some(format) = format {
        return reader.export(&table, format);
    }
    let choices =
        JobState::ALL.into_iter().map(|state| Choice::new(state.name(), state_words(state).0)).collect();
    let body = ui::stack(&[
        ui::filter_bar(cx, &FilterBar::new().select("state", texts::state(), choices)),
        ui::table(cx, &table),
    ]);
    Ok(reader.page(&Page::new(texts::jobs(), body).lead(texts::jobs_lead())))
}

async fn job(platform: &Platform, id: JobId) -> Result<JobStatus, Fail> {
    Ok(jobs::status(platform.db(), id).await?.ok_or_else(Problem::not_found)?)
}

async fn show(State(platform): State<Platform>, reader: Reader, Path(id): Path<JobId>) -> Answer {
    let job = job(&platform, id).await?;
    let cx = &reader.cx;
    let who = match job.account {
        None => cx.t(texts::audit_system()).into_owned(),
        Some(account) => {
            let mut names = platform.identity().account_names(&[account].into()).await?;
            names.remove(&account).unwrap_or_else(|| account.to_string())
        }
    };
    let moment =
        |at: Option<kernel::Time>| html! { @match at { Some(at) => { (cx.time(at)) } None => { "—" } } };
    let facts = ui::facts(
        cx,
        &[
            (texts::job_by(), html! { (who) }),
            (texts::job_kind(), html! { code { (job.kind) } }),
            (texts::job_created(), moment(Some(job.created_at))),
            (texts::job_started(), moment(job.started_at)),
            (texts::job_finished(), moment(job.finished_at)),
            (texts::job_attempts(), html! { (cx.count(job.attempts)) }),
        ],
    );
    let body = html! {
        (progress_card(&reader, &job))
        @if let Some(error) = &job.last_error { (trouble(cx, job.state, error)) }
        (ui::section(cx, &texts::job_title(), None, &facts))
    };
    let mut page = Page::new(job.title.clone(), body).crumb(texts::jobs(), Href::new("/admin/jobs"));
    if !job.state.is_over() {
        page = page.reload_seconds(RELOAD_SECONDS);
    }
    Ok(reader.page(&page))
}

/// The last error. One that a later attempt mended no longer matters.
fn trouble(cx: &Cx, state: JobState, error: &str) -> Markup {
    let (tone, help) = match state {
        JobState::Failed => (Tone::Bad, texts::job_error_help()),
        JobState::Queued | JobState::Running => (Tone::Warn, texts::job_retry_help()),
        JobState::Done | JobState::Cancelled => return html! {},
    };
    ui::notice(tone, &html! { strong { (cx.t(texts::job_error())) } p { (error) } p { (cx.t(help)) } })
}

fn progress_card(reader: &Reader, job: &JobStatus) -> Markup {
    let state = match job.state {
        JobState::Queued => ui::JobState::Waiting,
        JobState::Running => ui::JobState::Running,
        JobState::Done => ui::JobState::Done,
        JobState::Failed => ui::JobState::Failed,
        JobState::Cancelled => ui::JobState::Cancelled,
    };
    let may_cancel =
        reader.can(PlatformPermission::ManageJobs) && !job.cancel_requested && !job.state.is_over();
    let note = Some(job.note.as_str()).filter(|note| !note.is_empty()).map(Text::verbatim);
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    let view = Progress {
        id: format!("job-{}", job.id),
        title: job.title.clone(),
        state,
        done: whole(job.done),
        total: job.total.map(whole),
        unit: None,
        left_seconds: left_seconds(job, reader.cx.now),
        detail: if job.cancel_requested && !job.state.is_over() {
            Some(texts::job_cancelling())
        } else {
            note
        },
        poll: page_of(job.id).segment("progress"),
        cancel: may_cancel.then(|| page_of(job.id).segment("cancel")),
    };
    ui::progress(&reader.cx, &view)
}

/// What is left if it goes on at the pace so far; unknown before anything is done.
fn left_seconds(job: &JobStatus, now: kernel::Time) -> Option<i64> {
    let (started, total) = (job.started_at?, job.total?);
    if job.done <= 0 || job.state != JobState::Running {
        return None;
    }
    let elapsed = (now.0 - started.0) / kernel::Time::SECOND;
    Some(elapsed.saturating_mul((total - job.done).max(0)) / job.done)
}

async fn progress(State(platform): State<Platform>, reader: Reader, Path(id): Path<JobId>) -> Answer {
    let job = job(&platform, id).await?;
    Ok(reader.fragment(progress_card(&reader, &job)))
}

async fn cancel(State(platform): State<Platform>, reader: Reader, Path(id): Path<JobId>) -> Answer {
    job(&platform, id).await?;
    let mut tx = platform.db().write(&reader.by(), "platform.job_cancel_asked").await?;
    tx.object("job", id);
    if !jobs::request_cancel(&tx, id).await? {
        return Err(Problem::new(ProblemKind::Conflict, "platform.job_over", texts::job_over()).into());
    }
    tx.commit().await?;
    Ok(reader.done(&page_of(id), &texts::job_cancel_asked()))
}
