//! The first page of everybody: what waits for me, filled by the contexts.

use axum::extract::State;
use maud::html;
use ui::{Href, Icon, NavEntry, NavGroup, Page};

use crate::{Answer, Platform, Policy, Reader, Routes, texts};

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

async fn today(State(platform): State<Platform>, reader: Reader) -> Answer {
    let mut items = Vec::new();
    let mut figures = Vec::new();
    for source in platform.today() {
        items.extend(source.items(&reader).await?);
        figures.extend(source.figures(&reader).await?);
    }
    let body = html! {
        (ui::section(&reader.cx, &texts::waiting(), None, &ui::today_list(&reader.cx, &items)))
        (ui::panels(&reader.cx, &figures))
    };
    Ok(reader.page(&Page::new(texts::today(), body)))
}
