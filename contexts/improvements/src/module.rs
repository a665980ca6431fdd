//! What this context brings to the server.

use std::sync::Arc;

use ui::{Href, Icon, NavEntry, NavGroup};
use web::{Module, Routes};

use crate::{
    Improvements, improvement, permission::ImprovementsPermission as May, texts, today::Today, verdict,
};

/// The pages, API operations, permissions and navigation of this context. Also offers to open an improvement for a
/// gap, so it is to be called once for a service.
pub fn module(improvements: &Improvements) -> Module {
    improvements.behaviours().add_gap_action(Arc::new(improvement::open::FromGap));
    let routes = Routes::new()
        .merge(improvement::list::routes())
        .merge(improvement::open::routes())
        .merge(verdict::board::routes())
        .merge(improvement::page::routes())
        .merge(improvement::acts::routes())
        .merge(verdict::how::routes())
        .merge(verdict::export::routes())
        .merge(improvement::rest::routes())
        .with_state(improvements.clone());
    let entry = |text, href, icon, order| NavEntry {
        group: NavGroup::Improve,
        text,
        href,
        icon,
        permission: Some(May::View.into()),
        order,
    };
    Module {
        name: "improvements",
        permissions: May::DEFS,
        routes,
        nav: vec![
            entry(texts::improvements(), Href::new("/improvements"), Icon::Target, 20),
            entry(texts::drill_board(), Href::new("/drill-board"), Icon::Chart, 40),
        ],
        today: vec![Arc::new(Today(improvements.clone()))],
    }
}
