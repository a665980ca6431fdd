//! The administrator's pages: accounts, roles, the audit log, background jobs, and the same for programs.

mod account;
mod accounts;
mod api;
mod audit_log;
mod audit_page;
mod grants;
mod jobs_page;
mod roles;
mod texts;

use std::collections::BTreeMap;

use identity::{IdentityPermission, Reach};
use messages::Text;
use ui::{Href, Icon, NavEntry, NavGroup, Tone};

use crate::{Platform, PlatformPermission, Routes};

/// All of them.
pub(crate) fn routes() -> Routes<Platform> {
    accounts::routes()
        .merge(account::routes())
        .merge(roles::routes())
        .merge(audit_page::routes())
        .merge(jobs_page::routes())
        .merge(api::routes())
}

/// Their entries in the navigation, after those of the contexts.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry = |order, text, href, icon, permission: kernel::Permission| NavEntry {
        group: NavGroup::Manage,
        text,
        href: Href::new(href),
        icon,
        permission: Some(permission),
        order,
    };
    vec![
        entry(80, texts::accounts(), "/admin/accounts", Icon::Key, IdentityPermission::ViewAccounts.into()),
        entry(81, texts::roles(), "/admin/roles", Icon::Shield, IdentityPermission::ViewAccounts.into()),
        entry(82, texts::jobs(), "/admin/jobs", Icon::System, PlatformPermission::ViewJobs.into()),
        entry(83, texts::audit(), "/admin/audit", Icon::Log, PlatformPermission::ViewAudit.into()),
    ]
}

/// The titles of all roles by their stable names.
async fn role_titles(platform: &Platform) -> store::Result<BTreeMap<String, Text>> {
    Ok(platform.identity().roles().await?.into_iter().map(|role| (role.name, role.title)).collect())
}

fn reach_text(reach: Reach) -> Text {
    match reach {
        Reach::Own => texts::reach_own(),
        Reach::Units => texts::reach_units(),
        Reach::Everything => texts::reach_everything(),
    }
}

const fn reach_tone(reach: Reach) -> Tone {
    match reach {
        Reach::Own => Tone::Plain,
        Reach::Units => Tone::Info,
        Reach::Everything => Tone::Good,
    }
}
