//! What this context brings to the server.

use std::sync::Arc;

use futures::future::BoxFuture;
use jobs::Runner;
use ui::{Href, Icon, NavEntry, NavGroup, TodayItem, Urgency};
use web::{Fail, Module, Reader, Routes, TodaySource};

use crate::{
    ConversationsPermission, conversation, import,
    import::upload::ImportFile,
    search::indexing::{IndexConversations, RebuildSearch},
    service::{Conversations, ListRequest},
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
        today: vec![Arc::new(FirstImport(service.clone()))],
    }
}

/// The first thing to do in an empty installation, for those who may.
struct FirstImport(Conversations);

impl TodaySource for FirstImport {
    fn items<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<TodayItem>, Fail>> {
        Box::pin(async move {
            if !reader.can(ConversationsPermission::Import) {
                return Ok(Vec::new());
            }
            let one = ListRequest { limit: 1, ..ListRequest::default() };
            let is_empty = self.0.list(&kernel::Scope::everything(), &one).await?.rows.is_empty();
            let item = || TodayItem {
                urgency: Urgency::Today,
                text: texts::first_import(),
                detail: Some(texts::first_import_detail()),
                deadline: None,
                href: Href::new("/conversations/import"),
                action: texts::import_conversations(),
            };
            Ok(is_empty.then(item).into_iter().collect())
        })
    }
}

/// Adds the jobs of this context to a runner.
pub fn with_jobs(runner: Runner, service: &Conversations) -> Runner {
    runner
        .register::<ImportFile>(service.clone())
        .register::<IndexConversations>(service.clone())
        .register::<RebuildSearch>(service.clone())
}
