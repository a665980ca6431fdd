//! What this context brings to the server.

use jobs::Runner;
use ui::{Href, Icon, NavEntry, NavGroup};
use web::{Module, Routes};

use crate::{
    ConversationsPermission, conversation, import,
    import::upload::ImportFile,
    search::indexing::{IndexConversations, RebuildSearch},
    service::Conversations,
    texts,
};

/// The pages, API operations, permissions and navigation of this context.
pub fn module(service: &Conversations) -> Module {
    let routes = Routes::new()
        .merge(import::pages::routes())
        .merge(conversation::pages::routes())
        .merge(conversation::rest::routes())
        .merge(import::rest::routes())
        .with_state(service.clone());
    let list = NavEntry {
        group: NavGroup::Listen,
        text: texts::conversations(),
        href: Href::new("/conversations"),
        icon: Icon::Conversations,
        permission: Some(ConversationsPermission::View.into()),
        order: 10,
    };
    Module {
        name: "conversations",
        permissions: ConversationsPermission::DEFS,
        routes,
        nav: vec![list],
        today: Vec::new(),
    }
}

/// Adds the jobs of this context to a runner.
pub fn with_jobs(runner: Runner, service: &Conversations) -> Runner {
    runner
        .register::<ImportFile>(service.clone())
        .register::<IndexConversations>(service.clone())
        .register::<RebuildSearch>(service.clone())
}
