//! The service: what pages, the API, jobs, the command line and other contexts use.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use kernel::{BusinessDay, Scope};
use messages::{Problem, ProblemKind, Text};
use people::api::{Lookup, People};
use store::Db;
use tokio::sync::OnceCell;
use web::Fail;

use crate::{
    conversation::{
        document::DocumentError,
        filter::{ConversationFilter, SELECTED_MAX},
        read::{self, Conversation, ConversationRow, ConversationSort, Listing, Place, StoredConversation},
    },
    ids::ConversationId,
    search::{
        index::{self, Find, Found, SearchError, SearchIndex},
        parse_query,
    },
    slots::{ConversationSelection, ConversationSlot},
    texts,
};

/// Conversations. Cheap to clone.
#[derive(Clone)]
pub struct Conversations {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    people: People,
    data: PathBuf,
    search: OnceCell<Arc<SearchIndex>>,
    slots: RwLock<Vec<Arc<dyn ConversationSlot>>>,
    selections: RwLock<Vec<Arc<dyn ConversationSelection>>>,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct ConversationPage {
    /// Its rows.
    pub rows: Vec<ConversationRow>,
    /// Where the next page begins.
    pub next: Option<Place>,
    /// How many there are, counted up to [`read::COUNTED_MAX`].
    pub total: u64,
    /// What a selection has in common.
    pub title: Option<Text>,
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct ListRequest {
    /// Which.
    pub filter: ConversationFilter,
    /// In which order.
    pub sort: ConversationSort,
    /// After which place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
    /// Whether to count them all.
    pub counts: bool,
}

impl Conversations {
    /// Over a database, the people who speak in them, and the folder of data in which uploads and the search
    /// index are kept.
    pub fn new(db: Db, people: People, data: &Path) -> Conversations {
        Conversations {
            inner: Arc::new(Inner {
                db,
                people,
                data: data.to_owned(),
                search: OnceCell::new(),
                slots: RwLock::default(),
                selections: RwLock::default(),
            }),
        }
    }

    /// Adds what another context puts on the page of a conversation.
    pub fn add_slot(&self, slot: Arc<dyn ConversationSlot>) {
        self.inner.slots.write().unwrap_or_else(PoisonError::into_inner).push(slot);
    }

    /// Adds a selection that another context answers for.
    pub fn add_selection(&self, selection: Arc<dyn ConversationSelection>) {
        self.inner.selections.write().unwrap_or_else(PoisonError::into_inner).push(selection);
    }

    pub(crate) fn slots(&self) -> Vec<Arc<dyn ConversationSlot>> {
        self.inner.slots.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn people(&self) -> &People {
        &self.inner.people
    }

    /// The folder of data.
    pub(crate) fn data(&self) -> &Path {
        &self.inner.data
    }

    pub(crate) async fn directory(&self) -> Result<Arc<Lookup>, Fail> {
        self.inner.people.lookup().await.map_err(|error| Fail(error.into()))
    }

    /// The search index, opened when it is first needed: the command line can do without it.
    pub(crate) async fn search_index(&self) -> Result<Arc<SearchIndex>, SearchError> {
        let open = || async {
            let data = self.inner.data.clone();
            let opened = tokio::task::spawn_blocking(move || SearchIndex::open(&data)).await;
            opened.map_err(|error| SearchError::Folder(std::io::Error::other(error)))?.map(Arc::new)
        };
        self.inner.search.get_or_try_init(open).await.cloned()
    }

    /// One page of a list, narrowed to the reader's scope.
    ///
    /// # Errors
    /// A selection that nobody answers for, or a failure of the store or the index.
    pub async fn list(&self, scope: &Scope, request: &ListRequest) -> Result<ConversationPage, Fail> {
        let directory = self.directory().await?;
        let calendar = directory.organisation_day();
        let selected = match &request.filter.selection {
            Some((name, argument)) => Some(self.selected(scope, name, argument).await?),
            None => None,
        };
        let title = selected.as_ref().and_then(|selected| selected.title.clone());
        let query = request.filter.query.as_ref().filter(|query| !query.trim().is_empty());
        let mut page = match (query, selected) {
            (Some(query), None) => self.searched(scope, request, query, &calendar).await?,
            (query, selected) => {
                let mut among = selected.map(|selected| selected.ids);
                if let (Some(query), Some(ids)) = (query, &mut among) {
                    let all = ListRequest { limit: SELECTED_MAX, after: None, ..request.clone() };
                    let found = self.find(scope, &all, query, &calendar).await?;
                    let found: HashSet<ConversationId> = found.ids.into_iter().map(|(_, id)| id).collect();
                    ids.retain(|id| found.contains(id));
                }
                self.stored_page(scope, request, among.as_deref(), &calendar).await?
            }
        };
        page.title = title;
        Ok(page)
    }

    async fn stored_page(
        &self,
        scope: &Scope,
        request: &ListRequest,
        among: Option<&[ConversationId]>,
        calendar: &BusinessDay,
    ) -> Result<ConversationPage, Fail> {
        let what = Listing { scope, filter: &request.filter, calendar, among, sort: request.sort };
        let mut rows = read::page(self.db(), &what, request.after, request.limit + 1).await?;
        let next = store::cut_page(&mut rows, request.limit, |row| (request.sort.value(row), row.id));
        let total = if request.counts { read::count(self.db(), &what).await? } else { 0 };
        Ok(ConversationPage { rows, next, total, title: None })
    }

    async fn searched(
        &self,
        scope: &Scope,
        request: &ListRequest,
        query: &str,
        calendar: &BusinessDay,
    ) -> Result<ConversationPage, Fail> {
        let found = self.find(scope, request, query, calendar).await?;
        let ids: Vec<ConversationId> = found.ids.iter().map(|(_, id)| *id).collect();
        let next = (found.ids.len() >= request.limit).then(|| found.ids.last().copied()).flatten();
        // The scope once more: the index may lag behind a change of teams.
        let rows = read::rows(self.db(), scope, &ids).await?;
        Ok(ConversationPage { rows, next, total: found.total.min(read::COUNTED_MAX), title: None })
    }

    async fn find(
        &self,
        scope: &Scope,
        request: &ListRequest,
        query: &str,
        calendar: &BusinessDay,
    ) -> Result<Found, Fail> {
        let filter = &request.filter;
        let find = Find {
            clauses: Vec::new(),
            external_id: Some(query.to_owned()),
            scope: scope.clone(),
            tags: filter.tags(),
            from: filter.from.map(|day| calendar.start(day).0),
            before: filter.to.map(|day| calendar.start(day.plus(1)).0),
            duration_min_s: filter.duration_min_s,
            duration_max_s: filter.duration_max_s,
            by: match request.sort {
                ConversationSort::Newest | ConversationSort::Oldest => index::By::Time,
                ConversationSort::Longest | ConversationSort::Shortest => index::By::Duration,
            },
            ascending: matches!(request.sort, ConversationSort::Oldest | ConversationSort::Shortest),
            after: request.after,
            limit: request.limit,
            count_to: if request.counts { read::COUNTED_MAX } else { 0 },
        };
        let search = self.search_index().await.map_err(|error| search_failed(&error))?;
        let query = query.to_owned();
        let found = tokio::task::spawn_blocking(move || {
            // Cutting Chinese into words loads a dictionary the first time.
            search.find(&Find { clauses: parse_query(&query), ..find })
        });
        Ok(found.await.map_err(|_| Problem::internal())?.map_err(|error| search_failed(&error))?)
    }

    async fn selected(
        &self,
        scope: &Scope,
        name: &str,
        argument: &str,
    ) -> Result<crate::slots::Selected, Fail> {
        let selections = self.inner.selections.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(selection) = selections.iter().find(|selection| selection.name() == name) else {
            return Err(unknown_selection(name).into());
        };
        let mut selected = selection.select(scope, argument).await?.ok_or_else(|| unknown_selection(name))?;
        selected.ids.truncate(SELECTED_MAX);
        Ok(selected)
    }

    /// One conversation within a scope; `None` when it does not exist there.
    ///
    /// # Errors
    /// The store's, or its document is damaged.
    pub async fn conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<Option<Conversation>, Fail> {
        let found = read::stored(self.db(), scope, &[id]).await?.pop();
        found.map(|stored| stored.decode().map_err(|error| damaged(id, &error))).transpose()
    }

    /// Conversations with their documents as stored, in the order of the ids; for going over many. Decode them
    /// where there is time, see [`StoredConversation::decode`].
    ///
    /// # Errors
    /// The store's.
    pub async fn read_stored(
        &self,
        scope: &Scope,
        ids: &[ConversationId],
    ) -> store::Result<Vec<StoredConversation>> {
        read::stored(self.db(), scope, ids).await
    }

    /// The rows of conversations, in the order of the ids.
    ///
    /// # Errors
    /// The store's.
    pub async fn read_rows(
        &self,
        scope: &Scope,
        ids: &[ConversationId],
    ) -> store::Result<Vec<ConversationRow>> {
        read::rows(self.db(), scope, ids).await
    }

    /// The places of one page of a list, without its rows and without what searches and selections answer: for going
    /// through many. The last is where the next page begins, when there are as many as asked for.
    ///
    /// # Errors
    /// The store's.
    pub async fn places(&self, scope: &Scope, request: &ListRequest) -> Result<Vec<Place>, Fail> {
        let directory = self.directory().await?;
        let calendar = directory.organisation_day();
        let what =
            Listing { scope, filter: &request.filter, calendar: &calendar, among: None, sort: request.sort };
        Ok(read::places(self.db(), &what, request.after, request.limit).await?)
    }

    /// How many conversations there are: for going over everything. Counts them: a second on millions.
    ///
    /// # Errors
    /// The store's.
    pub async fn total(&self) -> store::Result<i64> {
        read::total(self.db()).await
    }

    /// Ids in the order of arrival after one of them: for going over everything, a page at a time.
    ///
    /// # Errors
    /// The store's.
    pub async fn ids_after(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> store::Result<Vec<ConversationId>> {
        read::ids_after(self.db(), after, limit).await
    }

    /// The different channels, or dispositions, that conversations have.
    ///
    /// # Errors
    /// The store's.
    pub async fn coded_values(&self, column: read::Coded) -> store::Result<Vec<String>> {
        read::values(self.db(), column).await
    }
}

fn unknown_selection(name: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "conversations.unknown_selection", texts::unknown_selection(name))
}

fn search_failed(error: &SearchError) -> Problem {
    tracing::error!(%error, "conversations.search_failed");
    Problem::new(ProblemKind::Unavailable, "conversations.search_failed", texts::search_failed())
}

pub(crate) fn damaged(id: ConversationId, error: &DocumentError) -> Fail {
    tracing::error!(%id, %error, "conversations.unreadable");
    Problem::internal().into()
}
