//! The index itself: derived from the store, and rebuilt from it when it is lost.

use std::{
    ops::Bound,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use kernel::Scope;
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term,
    query::{
        AllQuery, BooleanQuery, EmptyQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query, RangeQuery,
        RegexQuery, TermQuery,
    },
    schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
};
use uuid::Uuid;

use super::{
    first::{Order, first, in_order},
    tokens::{CUTTER, Clause, Cutter},
};
use crate::ids::ConversationId;

/// Memory for documents not yet written, bytes. Above it a segment is written.
const WRITER_BYTES: usize = 64 * 1024 * 1024;
/// The version of the index's shape; another one is built anew.
const VERSION: &str = "v1";

/// Why the index could not answer or be written.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The search engine failed.
    #[error(
        "the search index: {0}\nIt is derived: stop the server, remove the folder `search` of the data, and start again to make it anew"
    )]
    Index(#[from] tantivy::TantivyError),
    /// The folder could not be made.
    #[error("the folder of the search index: {0}")]
    Folder(#[from] std::io::Error),
}

/// What is indexed of a conversation.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: ConversationId,
    /// Its place in time.
    pub at: i64,
    /// Its length, s; −1 when unknown.
    pub duration_s: i64,
    /// What lists filter by, see [`tag`].
    pub tags: Vec<String>,
    /// Its turns, one a line.
    pub text: String,
}

/// A filter value as the index holds it: the name of the filter and the value.
pub fn tag(filter: &str, value: impl std::fmt::Display) -> String {
    format!("{filter}:{value}")
}

/// How found conversations are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// By time.
    #[default]
    Time,
    /// By length.
    Duration,
}

/// What to find.
#[derive(Debug, Clone)]
pub struct Find {
    /// What must be found in the words.
    pub clauses: Vec<Clause>,
    /// Or the id that the source gave.
    pub external_id: Option<String>,
    /// The reader's scope.
    pub scope: Scope,
    /// One of each list must be among the tags.
    pub tags: Vec<Vec<String>>,
    /// Only from this time on.
    pub from: Option<i64>,
    /// Only before this time.
    pub before: Option<i64>,
    /// At least so long, s.
    pub duration_min_s: Option<i64>,
    /// At most so long, s.
    pub duration_max_s: Option<i64>,
    /// The order.
    pub by: By,
    /// Smallest first instead of largest.
    pub ascending: bool,
    /// Only after this one in the order: its value and id.
    pub after: Option<(i64, ConversationId)>,
    /// At most so many.
    pub limit: usize,
    /// Counting may stop when there are so many.
    pub count_to: u64,
}

impl Find {
    /// The values of the order between which everything asked for stands, both inclusive.
    fn within(&self) -> (i64, i64) {
        let (low, high) = match self.by {
            By::Time => (self.from, self.before.map(|before| before.saturating_sub(1))),
            By::Duration => (self.duration_min_s, self.duration_max_s),
        };
        (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX))
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// In the order asked for: value of the order, id.
    pub ids: Vec<(i64, ConversationId)>,
    /// How many there are in all, those up to `after` too; where that is more than `count_to`, at least so many.
    pub total: u64,
}

#[derive(Clone, Copy)]
struct Fields {
    key: Field,
    tags: Field,
    text: Field,
    at: Field,
    duration: Field,
    id_high: Field,
    id_low: Field,
}

/// The index. Readers never wait for the writer.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    fields: Fields,
    folder: PathBuf,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(CUTTER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        tags: builder.add_text_field("tags", STRING),
        text: builder.add_text_field("text", TextOptions::default().set_indexing_options(words)),
        at: builder.add_i64_field("at", FAST | INDEXED),
        duration: builder.add_i64_field("duration", FAST | INDEXED),
        id_high: builder.add_u64_field("id_high", FAST),
        id_low: builder.add_u64_field("id_low", FAST),
    };
    (builder.build(), fields)
}

impl SearchIndex {
    /// Opens the index below a folder of data; a missing or unreadable one is begun anew, empty.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(data: &Path) -> Result<SearchIndex, SearchError> {
        let folder = data.join("search").join(VERSION);
        std::fs::create_dir_all(&folder)?;
        let (schema, fields) = schema();
        let index = match Index::open_in_dir(&folder) {
            Ok(index) if index.schema() == schema => index,
            _ => {
                std::fs::remove_dir_all(&folder)?;
                std::fs::create_dir_all(&folder)?;
                Index::builder().schema(schema).settings(IndexSettings::default()).create_in_dir(&folder)?
            }
        };
        index.tokenizers().register(CUTTER, Cutter);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(SearchIndex { index, reader, writer: Mutex::new(None), fields, folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many conversations it holds.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes these conversations findable as they are now; they are when it returns, also after a power cut.
    /// Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// The disk, or the index is damaged.
    pub fn put(&self, entries: impl IntoIterator<Item = Entry>) -> Result<(), SearchError> {
        self.change(|writer, fields| {
            for entry in entries {
                let key = entry.id.0.simple().to_string();
                writer.delete_term(Term::from_field_text(fields.key, &key));
                writer.add_document(document(fields, key, &entry))?;
            }
            Ok(())
        })
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// The disk, or the index is damaged.
    pub fn clear(&self) -> Result<(), SearchError> {
        self.change(|writer, _| {
            writer.delete_all_documents()?;
            Ok(())
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut IndexWriter, &Fields) -> Result<(), tantivy::TantivyError>,
    ) -> Result<(), SearchError> {
        let mut held = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => self.index.writer_with_num_threads(1, WRITER_BYTES)?,
        };
        // A writer that failed is not used again.
        change(&mut writer, &self.fields)?;
        writer.commit()?;
        *held = Some(writer);
        drop(held);
        self.reader.reload()?;
        Ok(())
    }

    /// Finds conversations.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn find(&self, find: &Find) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        // An id that nobody has would make every question one of two alternatives, which are slow to ask about single
        // conversations.
        let is_known = |id: &String| {
            let term = Term::from_field_text(self.fields.tags, &tag("id", id));
            searcher.doc_freq(&term).map(|n| n > 0)
        };
        let without_id;
        let find = match &find.external_id {
            Some(id) if !find.clauses.is_empty() && !is_known(id)? => {
                without_id = Find { external_id: None, ..find.clone() };
                &without_id
            }
            _ => find,
        };
        let sign = if find.ascending { -1 } else { 1 };
        let order = Order {
            column: match find.by {
                By::Time => "at",
                By::Duration => "duration",
            },
            sign,
            within: find.within(),
            after: find.after.map(|(value, id)| (value * sign, in_order(id.0.as_u128(), sign))),
            limit: find.limit,
        };
        let (keys, total) = first(&searcher, &self.query(find), &order, find.count_to)?;
        let ids = keys
            .into_iter()
            .map(|(value, id)| (value * sign, ConversationId(Uuid::from_u128(in_order(id, sign)))));
        Ok(Found { ids: ids.collect(), total })
    }

    fn query(&self, find: &Find) -> BooleanQuery {
        let mut must: Vec<Box<dyn Query>> = self.words_or_id(find).into_iter().collect();
        let mut tags = find.tags.clone();
        tags.extend(scope_tags(&find.scope));
        must.extend(tags.iter().map(|any| self.any_tag(any)));
        let term = |field, value| Term::from_field_i64(field, value);
        let range = |field, low: Option<i64>, high: Bound<i64>| {
            let low = low.map_or(Bound::Unbounded, |low| Bound::Included(term(field, low)));
            let high = match high {
                Bound::Included(high) => Bound::Included(term(field, high)),
                Bound::Excluded(high) => Bound::Excluded(term(field, high)),
                Bound::Unbounded => Bound::Unbounded,
            };
            Box::new(RangeQuery::new(low, high)) as Box<dyn Query>
        };
        if find.from.is_some() || find.before.is_some() {
            must.push(range(
                self.fields.at,
                find.from,
                find.before.map_or(Bound::Unbounded, Bound::Excluded),
            ));
        }
        if find.duration_min_s.is_some() || find.duration_max_s.is_some() {
            let high = find.duration_max_s.map_or(Bound::Unbounded, Bound::Included);
            must.push(range(self.fields.duration, find.duration_min_s.or(Some(0)), high));
        }
        if must.is_empty() {
            must.push(Box::new(AllQuery));
        }
        BooleanQuery::new(must.into_iter().map(|query| (Occur::Must, query)).collect())
    }

    fn words_or_id(&self, find: &Find) -> Option<Box<dyn Query>> {
        let words = find.clauses.iter().map(|clause| (Occur::Must, self.clause(clause))).collect();
        let words = (!find.clauses.is_empty()).then(|| Box::new(BooleanQuery::new(words)) as Box<dyn Query>);
        let Some(id) = &find.external_id else { return words };
        let by_id = self.any_tag(&[tag("id", id)]);
        Some(match words {
            Some(words) => Box::new(BooleanQuery::new(vec![(Occur::Should, words), (Occur::Should, by_id)])),
            None => by_id,
        })
    }

    fn clause(&self, clause: &Clause) -> Box<dyn Query> {
        let terms = |words: &[String]| -> Vec<Term> {
            words.iter().map(|word| Term::from_field_text(self.fields.text, word)).collect()
        };
        match clause {
            Clause::Tokens(words) => match terms(words).as_slice() {
                [] => Box::new(EmptyQuery),
                [one] => Box::new(TermQuery::new(one.clone(), IndexRecordOption::Basic)),
                many => Box::new(PhraseQuery::new(many.to_vec())),
            },
            Clause::Prefix(words) => match words.as_slice() {
                // One Han character: any pair that begins with it. A pattern of one letter and a wildcard is valid.
                [one] => match RegexQuery::from_pattern(&format!("{one}.*"), self.fields.text) {
                    Ok(query) => Box::new(query),
                    Err(_) => Box::new(EmptyQuery),
                },
                many => Box::new(PhrasePrefixQuery::new(terms(many))),
            },
        }
    }

    fn any_tag(&self, any: &[String]) -> Box<dyn Query> {
        let term = |tag: &String| {
            let term = Term::from_field_text(self.fields.tags, tag);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>
        };
        match any {
            [] => Box::new(EmptyQuery),
            [one] => term(one),
            many => Box::new(BooleanQuery::new(many.iter().map(|tag| (Occur::Should, term(tag))).collect())),
        }
    }
}

/// The scope as tags: a conversation is open when one of its agents or their teams is.
fn scope_tags(scope: &Scope) -> Option<Vec<String>> {
    if scope.is_everything() {
        return None;
    }
    let units = scope.unit_ids().iter().map(|unit| tag("team", unit));
    Some(units.chain(scope.person().map(|person| tag("agent", person))).collect())
}

fn document(fields: &Fields, key: String, entry: &Entry) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.key, key);
    for tag in &entry.tags {
        document.add_text(fields.tags, tag);
    }
    document.add_text(fields.text, &entry.text);
    document.add_i64(fields.at, entry.at);
    document.add_i64(fields.duration, entry.duration_s);
    let (high, low) = entry.id.0.as_u64_pair();
    document.add_u64(fields.id_high, high);
    document.add_u64(fields.id_low, low);
    document
}
