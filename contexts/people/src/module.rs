//! What this context brings to the server.

use std::sync::Arc;

use ui::{Href, Icon, NavEntry, NavGroup};
use web::{Module, Routes};

use crate::api::{People, PersonSlot};
use crate::permission::PeoplePermission;
use crate::{import, person, queue, skill, structure, texts, unit};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Service {
    pub people: People,
    pub slots: Arc<Vec<Arc<dyn PersonSlot>>>,
}

/// The pages, API operations, permissions and navigation of this context. `slots` fill the page of a person.
pub fn module(people: &People, slots: Vec<Arc<dyn PersonSlot>>) -> Module {
    let service = Service { people: people.clone(), slots: Arc::new(slots) };
    let routes = Routes::new()
        .merge(person::pages::routes())
        .merge(person::rest::routes())
        .merge(import::pages::routes())
        .merge(unit::pages::routes())
        .merge(unit::rest::routes())
        .merge(structure::routes())
        .merge(queue::rest::routes())
        .merge(skill::rest::routes())
        .with_state(service);
    let entry = |text, href, icon, order| NavEntry {
        group: NavGroup::Manage,
        text,
        href,
        icon,
        permission: Some(PeoplePermission::View.into()),
        order,
    };
    Module {
        name: "people",
        permissions: PeoplePermission::DEFS,
        routes,
        nav: vec![
            entry(texts::people(), Href::new("/people"), Icon::People, 10),
            entry(texts::units(), Href::new("/units"), Icon::Units, 20),
            entry(texts::structure(), Href::new("/structure"), Icon::Queue, 30),
        ],
        today: Vec::new(),
    }
}
