//! What this context brings to the server.

use std::sync::Arc;

use ui::{Href, Icon, NavEntry, NavGroup};
use web::{Module, Routes};

use crate::{
    Behaviours, behaviour, gap, permission::BehavioursPermission as May, review, slot::Slot, texts,
    today::Today, uptake,
};

/// The pages, API operations, permissions and navigation of this context. Also puts what was seen on the pages
/// of conversations, so it is to be called once for a service.
pub fn module(behaviours: &Behaviours) -> Module {
    behaviours.conversations().add_selection(Arc::new(uptake::selection::ByBehaviour(behaviours.clone())));
    behaviours.conversations().add_slot(Arc::new(Slot(behaviours.clone())));
    let routes = Routes::new()
        .merge(uptake::pages::routes())
        .merge(gap::pages::routes())
        .merge(uptake::rest::routes())
        .merge(behaviour::pages::routes())
        .merge(behaviour::editor::routes())
        .merge(behaviour::rest::routes())
        .merge(review::pages::routes())
        .with_state(behaviours.clone());
    let entry = |group, text, href, icon, permission: May, order| NavEntry {
        group,
        text,
        href,
        icon,
        permission: Some(permission.into()),
        order,
    };
    Module {
        name: "behaviours",
        permissions: May::DEFS,
        routes,
        nav: vec![
            entry(NavGroup::Listen, texts::uptake(), Href::new("/uptake"), Icon::Map, May::SeeUptake, 20),
            entry(NavGroup::Listen, texts::gaps(), Href::new("/gaps"), Icon::Gap, May::SeeUptake, 30),
            entry(
                NavGroup::Improve,
                texts::behaviours(),
                Href::new("/behaviours"),
                Icon::Rule,
                May::View,
                10,
            ),
        ],
        today: vec![Arc::new(Today(behaviours.clone()))],
    }
}
