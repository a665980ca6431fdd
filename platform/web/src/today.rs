//! The first page of everybody: what waits for me, filled by the contexts.

use axum::extract::State;
use identity::{AccountFilter, IdentityPermission};
use jobs::{JobFilter, JobState};
use maud::html;
use ui::{Href, Icon, NavEntry, NavGroup, Page, TodayItem, Urgency};

use crate::{Answer, Fail, Platform, Policy, Reader, Routes, permission::PlatformPermission, texts};

/// The page.
pub(crate) fn routes() -> Routes<Platform> {
    Routes::new().get("/", Policy::SignedIn, today)
}

/// Its entry in the navigation.
pub(crate) fn nav() -> NavEntry {
    NavEntry {
        group: NavGroup::Today,
        text: texts::today(),
        href: Href::new("/"),
        icon: Icon::Today,
        permission: None,
        order: 0,
    }
}

/// What waits for whoever administers the installation: other people's accounts while there are none, and jobs
/// that failed.
async fn of_administration(platform: &Platform, reader: &Reader) -> Result<Vec<TodayItem>, Fail> {
    let mut items = Vec::new();
    let item = |text, detail, href| TodayItem {
        urgency: Urgency::Today,
        text,
        detail: Some(detail),
        deadline: None,
        href,
        action: texts::open(),
    };
    if reader.can(IdentityPermission::ManageAccounts) {
        let two = AccountFilter { limit: 2, ..AccountFilter::default() };
        if platform.identity().accounts(&two).await?.len() < 2 {
            items.push(item(
                texts::first_accounts(),
                texts::first_accounts_detail(),
                Href::new("/admin/accounts"),
            ));
        }
    }
    if reader.can(PlatformPermission::ViewJobs) {
        let failed = JobFilter { states: vec![JobState::Failed], limit: 1, ..JobFilter::default() };
        if !jobs::list(platform.db(), &failed).await?.is_empty() {
            let href = Href::new("/admin/jobs").with("state", "failed");
            items.push(item(texts::failed_jobs(), texts::failed_jobs_detail(), href));
        }
    }
    Ok(items)
}

async fn today(State(platform): State<Platform>, reader: Reader) -> Answer {
    let mut items = Vec::new();
    let mut figures = Vec::new();
    for source in platform.today() {
        items.extend(source.items(&reader).await?);
        figures.extend(source.figures(&reader).await?);
    }
    items.extend(of_administration(&platform, &reader).await?);
    let body = html! {
        (ui::section(&reader.cx, &texts::waiting(), None, &ui::today_list(&reader.cx, &items)))
        (ui::panels(&reader.cx, &figures))
    };
    Ok(reader.page(&Page::new(texts::today(), body)))
}
