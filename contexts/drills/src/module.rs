//! What this context brings to the server.

use std::sync::Arc;

use ui::{Href, Icon, NavEntry, NavGroup};
use web::{Module, Routes};

use crate::{Drills, permission::DrillsPermission as May, practice, scenario, texts, today::Today, topic};

/// The pages, API operations, permissions and navigation of this context.
pub fn module(drills: &Drills) -> Module {
    let routes = Routes::new()
        .merge(topic::pages::routes())
        .merge(topic::form::routes())
        .merge(topic::rest::routes())
        .merge(scenario::pages::routes())
        .merge(scenario::editor::routes())
        .merge(practice::list::routes())
        .merge(practice::chat::routes())
        .merge(practice::rest::routes())
        .with_state(drills.clone());
    let entry = |text, href, icon, permission: May, order| NavEntry {
        group: NavGroup::Improve,
        text,
        href,
        icon,
        permission: Some(permission.into()),
        order,
    };
    Module {
        name: "drills",
        permissions: May::DEFS,
        routes,
        nav: vec![
            entry(texts::topics(), Href::new("/drills"), Icon::Drill, May::ViewTopics, 30),
            entry(texts::rehearsals(), Href::new("/rehearsals"), Icon::Conversations, May::SeeRehearsals, 40),
            entry(texts::scenarios(), Href::new("/scenarios"), Icon::Book, May::Rehearse, 50),
        ],
        today: vec![Arc::new(Today(drills.clone()))],
    }
}
