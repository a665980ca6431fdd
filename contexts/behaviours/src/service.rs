//! The service: what pages, the API, jobs, the command line and other contexts use.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use audit::By;
use conversations::api::{ConversationId, Conversations, StoredConversation};
use inspection::{Diagnostic, Inspection, Scratch};
use kernel::{Day, Scope};
use messages::Text;
use people::api::{Lookup, People};
use store::{Ask, Db, StoreError, Tx, sql};

use crate::{
    behaviour::{self, Behaviour, BehaviourId, Live, Version, VersionId, VersionState},
    fresh::Fresh,
    gap::{self, Gap},
    inspect::{
        inspect,
        jobs::{Reinspect, scope},
    },
    observation::{
        self,
        store::{Inspected, Stored},
    },
    pack::{self, Example, Shipped},
    rule_set::{self, Library, LiveSet, compile},
    uptake::{self, By as Subjects, Slice, Window},
};

/// Behaviours. Cheap to clone.
#[derive(Clone)]
pub struct Behaviours {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    people: People,
    conversations: Conversations,
    live: RwLock<Option<Arc<LiveSet>>>,
    maps: Fresh<uptake::UptakeMap>,
    gaps: Fresh<Vec<Gap>>,
    totals: Fresh<i64>,
    behind: Fresh<Vec<ConversationId>>,
    /// How many examples of each behaviour pass, by the rule set they were checked with.
    examples: RwLock<Option<(i64, Arc<ExamplesPassing>)>>,
}

/// Examples that pass, and all of them, by behaviour.
pub type ExamplesPassing = BTreeMap<BehaviourId, (usize, usize)>;

/// Why a rule was not kept or published.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The rule cannot be compiled.
    #[error("the rule has {} mistakes; the first: {}", .0.len(), .0.first().map_or("", |d| d.message.as_str()))]
    Wrong(Vec<Diagnostic>),
    /// Examples fail.
    #[error("{0} of the examples fail; a rule goes live when all pass")]
    ExamplesFail(usize),
    /// The text declares another behaviour than the one it is kept under.
    #[error("the rule text must declare the behaviour “{0}”; keep its name")]
    OtherName(String),
    /// Somebody else changed it in between.
    #[error("somebody else changed this behaviour in between")]
    Conflict(Box<Option<Version>>),
    /// There is no draft to publish.
    #[error("there is no draft to publish; save one first")]
    NoDraft,
    /// There is no such behaviour.
    #[error("there is no behaviour “{0}”")]
    Unknown(String),
    /// The shipped rules cannot be read: the program was built from broken content.
    #[error("the shipped behaviours cannot be read: {0}")]
    Shipped(String),
    /// The people context failed.
    #[error(transparent)]
    People(#[from] people::api::PeopleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A rule set that is tried out: the live one with one behaviour's text in the place of its live text.
pub struct Trial {
    /// The compiled rules.
    pub rules: inspection::RuleSet,
    /// The place of the behaviour that is tried.
    pub place: u32,
}

impl Behaviours {
    /// Over a database, the people and the conversations.
    pub fn new(db: Db, people: People, conversations: Conversations) -> Behaviours {
        let inner = Inner {
            db,
            people,
            conversations,
            live: RwLock::new(None),
            maps: Fresh::default(),
            gaps: Fresh::default(),
            totals: Fresh::default(),
            behind: Fresh::default(),
            examples: RwLock::new(None),
        };
        Behaviours { inner: Arc::new(inner) }
    }

    /// The database.
    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The people context.
    pub fn people(&self) -> &People {
        &self.inner.people
    }

    /// The conversations context.
    pub fn conversations(&self) -> &Conversations {
        &self.inner.conversations
    }

    /// Installs the shipped behaviours that are not there yet, brings those that nobody edited to the shipped
    /// text, and makes the rule set. Idempotent.
    ///
    /// # Errors
    /// The shipped rules do not compile, or the store's.
    pub async fn install(&self) -> Result<(), RuleError> {
        let shipped = pack::shipped_rules().map_err(RuleError::Shipped)?;
        let known = behaviour::store::list(self.db()).await?;
        let libraries = rule_set::store::libraries(self.db()).await?;
        let changed: Vec<&Shipped> =
            shipped.iter().filter(|file| !is_installed(file, &known, &libraries)).collect();
        if !changed.is_empty() {
            self.install_files(&shipped, &changed).await?;
        }
        self.renew().await
    }

    async fn install_files(&self, shipped: &[Shipped], changed: &[&Shipped]) -> Result<(), RuleError> {
        let titles = titles(shipped)?;
        let mut tx = self.db().write(&By::SYSTEM, "behaviours.shipped_installed").await?;
        for file in changed {
            tx.object("rules", &file.name);
            if file.library {
                install_library(&tx, file).await?;
            } else if let Some(title) =
                titles.iter().find(|(name, _)| *name == file.name).map(|(_, title)| title)
            {
                install_behaviour(&tx, file, title).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Makes a new rule set when the live texts differ from the newest one, and asks for everything to be
    /// inspected anew with it.
    async fn renew(&self) -> Result<(), RuleError> {
        let live = behaviour::store::live(self.db()).await?;
        let libraries = rule_set::store::libraries(self.db()).await?;
        let digest = rule_set::store::digest(&libraries, &live);
        let (rules, members) = compile(&libraries, &live).map_err(RuleError::Wrong)?;
        let newest = rule_set::store::newest(self.db()).await?;
        let n = match newest {
            Some((n, known)) if known == digest => n,
            _ => {
                let mut tx = self.db().write(&By::SYSTEM, "behaviours.rule_set_made").await?;
                let n = rule_set::store::insert(&tx, &digest, &members).await?;
                tx.object("rule_set", n);
                if n > 1 {
                    jobs::enqueue(
                        &tx,
                        &Reinspect { rule_set: n },
                        &Text::fixed(
                            "按新规则重新质检全部会话",
                            "Inspecting all conversations with the new rules",
                        ),
                    )
                    .await?;
                }
                tx.commit().await?;
                n
            }
        };
        let set =
            LiveSet { n, rules, members, behaviours: live.into_iter().map(|live| (live.id, live)).collect() };
        *self.inner.live.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(set));
        Ok(())
    }

    /// The live rule set; compiled anew when another process published one.
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn live(&self) -> Result<Arc<LiveSet>, RuleError> {
        let held = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).clone();
        let newest = rule_set::store::newest(self.db()).await?;
        match (held, newest) {
            (Some(set), Some((n, _))) if set.n == n => Ok(set),
            _ => {
                self.renew().await?;
                let made = self.inner.live.read().unwrap_or_else(PoisonError::into_inner).clone();
                made.ok_or_else(|| RuleError::Shipped("no rule set could be made".to_owned()))
            }
        }
    }

    /// Inspects conversations and keeps what was seen, in one transaction.
    ///
    /// # Errors
    /// The store's. A transcript that cannot be read is logged and left out.
    pub async fn inspect_batch(&self, by: &By, ids: &[ConversationId]) -> Result<(), RuleError> {
        let set = self.live().await?;
        let lookup = self.people().lookup().await?;
        let stored = self.conversations().read_stored(&scope(), ids).await?;
        let inspected = inspect_all(set.clone(), lookup, stored).await;
        let mut tx = self.db().write(by, "behaviours.conversations_inspected").await?;
        tx.object("rule_set", set.n);
        observation::store::replace(&tx, set.n, &set.members, &inspected).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn not_yet_inspected(
        &self,
        ids: &[ConversationId],
        rule_set: i64,
    ) -> store::Result<Vec<ConversationId>> {
        let done: Vec<ConversationId> = self
            .db()
            .all(
                sql!(
                    "SELECT conversation FROM observation WHERE conversation IN {} AND rule_set = {}",
                    ids.to_vec(),
                    rule_set
                ),
                |row| row.id("conversation"),
            )
            .await?;
        Ok(ids.iter().filter(|id| !done.contains(id)).copied().collect())
    }

    pub(crate) async fn conversations_total(&self) -> store::Result<i64> {
        self.db().count(sql!("SELECT COUNT(*) FROM conversation")).await
    }

    /// What is stored of conversations; those not inspected yet are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn observed(&self, ids: Vec<ConversationId>) -> store::Result<Vec<(ConversationId, Stored)>> {
        observation::store::read(self.db(), ids).await
    }

    /// All behaviours by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> store::Result<Vec<Behaviour>> {
        behaviour::store::list(self.db()).await
    }

    /// A behaviour by name, with its versions, the newest first.
    ///
    /// # Errors
    /// [`RuleError::Unknown`], or the store's.
    pub async fn behaviour(&self, name: &str) -> Result<(Behaviour, Vec<Version>), RuleError> {
        let found = behaviour::store::by_name(self.db(), name)
            .await?
            .ok_or_else(|| RuleError::Unknown(name.to_owned()))?;
        let versions = behaviour::store::versions(self.db(), found.id).await?;
        Ok((found, versions))
    }

    /// Compiles the live rules with one text in the place of a behaviour's own.
    ///
    /// # Errors
    /// [`RuleError::Wrong`] with what the checker says of the text, [`RuleError::OtherName`].
    pub async fn trial(&self, name: &str, rule_text: &str) -> Result<Trial, RuleError> {
        let libraries = rule_set::store::libraries(self.db()).await?;
        let mut live = behaviour::store::live(self.db()).await?;
        match live.iter_mut().find(|live| live.name == name) {
            Some(live) => rule_text.clone_into(&mut live.rule_text),
            None => live.push(Live {
                id: BehaviourId(uuid::Uuid::nil()),
                name: name.to_owned(),
                title: Text::verbatim(name),
                n: 0,
                rule_text: rule_text.to_owned(),
            }),
        }
        let (rules, _) = compile(&libraries, &live).map_err(|all| {
            let own: Vec<Diagnostic> =
                all.iter().filter(|diagnostic| diagnostic.source == name).cloned().collect();
            RuleError::Wrong(if own.is_empty() { all } else { own })
        })?;
        let place = rules.index_of(name).ok_or_else(|| RuleError::OtherName(name.to_owned()))?;
        Ok(Trial { rules, place })
    }

    /// Keeps a draft. The rule must compile; its examples may still fail.
    ///
    /// # Errors
    /// See [`RuleError`]; [`RuleError::Conflict`] when the behaviour is no longer at `version`.
    pub async fn save_draft(
        &self,
        by: &By,
        name: &str,
        version: i64,
        rule_text: &str,
        examples: Vec<Example>,
        note: &str,
    ) -> Result<i64, RuleError> {
        let trial = self.trial(name, rule_text).await?;
        let title = trial
            .rules
            .behaviours()
            .get(trial.place as usize)
            .map(|info| Text::made(info.title.zh.clone(), info.title.en.clone()));
        let mut tx = self.db().write(by, "behaviours.draft_saved").await?;
        let found = behaviour::store::by_name(&tx, name).await?;
        let (id, shown) = if let Some(found) = &found {
            (found.id, found.title.clone())
        } else {
            let id: BehaviourId = tx.env().id();
            behaviour::store::insert(
                &tx,
                id,
                name,
                &title.clone().unwrap_or_else(|| Text::verbatim(name)),
                None,
            )
            .await?;
            (id, Text::verbatim(name))
        };
        tx.object("behaviour", id);
        tx.content(rule_text.as_bytes());
        if found.is_some() && !behaviour::store::bump(&tx, id, version, &shown).await? {
            return Err(RuleError::Conflict(Box::new(
                behaviour::store::version_in(&tx, id, VersionState::Draft).await?,
            )));
        }
        let at = tx.env().now();
        let draft = behaviour::store::version_in(&tx, id, VersionState::Draft).await?;
        let newest = behaviour::store::versions(&tx, id).await?.first().map_or(0, |version| version.n);
        let (author, note, rule_text) = (by.account, note.to_owned(), rule_text.to_owned());
        let n = if let Some(draft) = draft {
            behaviour::store::update_draft(
                &tx,
                &Version { rule_text, examples, note, author, at, ..draft.clone() },
            )
            .await?;
            draft.n
        } else {
            let version = Version {
                id: tx.env().id::<VersionId>(),
                behaviour: id,
                n: newest + 1,
                state: VersionState::Draft,
                rule_text,
                examples,
                note,
                author,
                at,
                published_at: None,
            };
            behaviour::store::insert_version(&tx, &version).await?;
            version.n
        };
        tx.commit().await?;
        Ok(n)
    }

    /// Makes the draft live: refused while one of its examples fails. Everything is then inspected anew.
    ///
    /// # Errors
    /// See [`RuleError`].
    pub async fn publish(&self, by: &By, name: &str, version: i64) -> Result<(), RuleError> {
        let found = behaviour::store::by_name(self.db(), name)
            .await?
            .ok_or_else(|| RuleError::Unknown(name.to_owned()))?;
        let draft = behaviour::store::version_in(self.db(), found.id, VersionState::Draft)
            .await?
            .ok_or(RuleError::NoDraft)?;
        let trial = self.trial(name, &draft.rule_text).await?;
        let failing = pack::check_examples(&trial.rules, trial.place, &draft.examples)
            .iter()
            .filter(|checked| !checked.passes())
            .count();
        if failing > 0 {
            return Err(RuleError::ExamplesFail(failing));
        }
        let title = trial.rules.behaviours().get(trial.place as usize).map_or_else(
            || found.title.clone(),
            |info| Text::made(info.title.zh.clone(), info.title.en.clone()),
        );
        let mut tx = self.db().write(by, "behaviours.version_published").await?;
        tx.object("behaviour", found.id);
        tx.content(draft.rule_text.as_bytes());
        if !behaviour::store::bump(&tx, found.id, version, &title).await? {
            return Err(RuleError::Conflict(Box::new(Some(draft))));
        }
        behaviour::store::publish(&tx, found.id).await?;
        tx.commit().await?;
        self.renew().await
    }

    /// Weekly sums for a map or a trend.
    ///
    /// # Errors
    /// The store's.
    pub async fn weekly(&self, slice: &Slice, by: Subjects) -> store::Result<Vec<uptake::Sum>> {
        uptake::store::weekly(self.db(), slice, by).await
    }

    /// People, teams or queues × live behaviours. Kept while nothing changes, see [`Fresh`].
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn uptake_map(&self, slice: &Slice, by: Subjects) -> Result<Arc<uptake::UptakeMap>, RuleError> {
        let set = self.live().await?;
        let question = format!("{} {by:?} {slice:?}", set.n);
        let make = async {
            let sums = uptake::store::weekly(self.db(), slice, by).await?;
            let mut live: Vec<&Live> = set.behaviours.values().collect();
            live.sort_by(|a, b| a.name.cmp(&b.name));
            let live: Vec<BehaviourId> = live.into_iter().map(|live| live.id).collect();
            Ok(uptake::map(&live, by, &sums, slice.window))
        };
        self.inner.maps.get(self.db(), question, make).await
    }

    /// The gaps in scope, the largest impact first. Kept while nothing changes, see [`Fresh`].
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn gaps(&self, scope: &Scope, today: Day) -> Result<Arc<Vec<Gap>>, RuleError> {
        let set = self.live().await?;
        let make = async { Ok(gap::find(self.db(), scope, today, &set.members).await?) };
        self.inner.gaps.get(self.db(), format!("{} {today} {scope:?}", set.n), make).await
    }

    /// Keeps the conversations behind figures, see [`Fresh`].
    pub(crate) fn behind(&self) -> &Fresh<Vec<ConversationId>> {
        &self.inner.behind
    }

    /// How many conversations were inspected.
    ///
    /// # Errors
    /// The store's.
    pub async fn inspected_total(&self) -> store::Result<i64> {
        let make = async { self.db().count(sql!("SELECT COUNT(*) FROM observation")).await };
        self.inner.totals.get(self.db(), String::new(), make).await.map(|total| *total)
    }

    /// How many examples of each live behaviour pass. Checked once for each rule set.
    ///
    /// # Errors
    /// The store's, or live rules that no longer compile.
    pub async fn examples_passing(&self) -> Result<Arc<ExamplesPassing>, RuleError> {
        let set = self.live().await?;
        let held = self.inner.examples.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, passing)) = held.filter(|(n, _)| *n == set.n) {
            return Ok(passing);
        }
        let all = behaviour::store::live_examples(self.db()).await?;
        let n = set.n;
        let check = tokio::task::spawn_blocking(move || {
            let one = |(id, examples): (BehaviourId, Vec<Example>)| {
                let checked = pack::check_examples(&set.rules, set.place(id)?, &examples);
                Some((id, (checked.iter().filter(|checked| checked.passes()).count(), checked.len())))
            };
            all.into_iter().filter_map(one).collect::<ExamplesPassing>()
        });
        // A panic in the engine is a bug of ours; the list then shows no examples rather than no page.
        let passing = Arc::new(check.await.unwrap_or_default());
        *self.inner.examples.write().unwrap_or_else(PoisonError::into_inner) = Some((n, passing.clone()));
        Ok(passing)
    }

    /// The targets in effect on a day.
    ///
    /// # Errors
    /// The store's.
    pub async fn targets(&self, day: Day) -> store::Result<gap::Targets> {
        gap::targets(self.db(), day).await
    }

    /// Today at the organisation's own clock.
    ///
    /// # Errors
    /// The people context's.
    pub async fn today(&self) -> Result<Day, RuleError> {
        Ok(self.people().lookup().await?.organisation_day().of(self.db().env().now()))
    }

    /// The trailing weeks before today.
    ///
    /// # Errors
    /// The people context's.
    pub async fn trailing(&self, weeks: u16) -> Result<Window, RuleError> {
        Ok(Window::trailing_weeks(self.today().await?, weeks))
    }
}

fn is_installed(file: &Shipped, known: &[Behaviour], libraries: &[Library]) -> bool {
    if file.library {
        libraries.iter().any(|library| library.name == file.name && library.text == file.text)
    } else {
        known.iter().any(|behaviour| behaviour.name == file.name)
    }
}

/// The titles that the shipped files give their behaviours.
fn titles(shipped: &[Shipped]) -> Result<Vec<(String, Text)>, RuleError> {
    let sources: Vec<_> =
        shipped.iter().map(|file| inspection::Source { name: &file.name, text: &file.text }).collect();
    let rules = inspection::RuleSet::compile(&sources).map_err(RuleError::Wrong)?;
    Ok(rules
        .behaviours()
        .iter()
        .map(|info| (info.name.clone(), Text::made(info.title.zh.clone(), info.title.en.clone())))
        .collect())
}

async fn install_library(tx: &Tx, file: &Shipped) -> store::Result<()> {
    tx.exec(sql!(
        "INSERT INTO rule_library (name, text, shipped_digest, version, at) VALUES ({}, {}, {}, 1, {}) ON CONFLICT (name) DO UPDATE SET text = excluded.text, shipped_digest = excluded.shipped_digest, version = rule_library.version + 1, at = excluded.at",
        &file.name, &file.text, file.digest(), tx.env().now()
    ))
    .await?;
    Ok(())
}

async fn install_behaviour(tx: &Tx, file: &Shipped, title: &Text) -> store::Result<()> {
    let id: BehaviourId = tx.env().id();
    let at = tx.env().now();
    behaviour::store::insert(tx, id, &file.name, title, Some(&file.digest())).await?;
    let version = Version {
        id: tx.env().id(),
        behaviour: id,
        n: 1,
        state: VersionState::Live,
        rule_text: file.text.clone(),
        examples: file.examples.clone(),
        note: String::new(),
        author: None,
        at,
        published_at: Some(at),
    };
    behaviour::store::insert_version(tx, &version).await
}

/// Inspects a batch on as many threads as there are cores, away from those that answer requests.
async fn inspect_all(
    set: Arc<LiveSet>,
    lookup: Arc<Lookup>,
    stored: Vec<StoredConversation>,
) -> Vec<Inspected> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8);
    let share = stored.len().div_ceil(threads).max(1);
    let mut rest = stored;
    let mut tasks = Vec::new();
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(share));
        let part = std::mem::replace(&mut rest, tail);
        let (set, lookup) = (set.clone(), lookup.clone());
        tasks.push(tokio::task::spawn_blocking(move || {
            let (mut scratch, mut answer) = (Scratch::default(), Inspection::default());
            part.into_iter()
                .filter_map(|stored| inspect_one(&set, &lookup, stored, &mut scratch, &mut answer))
                .collect::<Vec<_>>()
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        // A panic in the engine is a bug of ours: these conversations stay uninspected and are told of.
        match task.await {
            Ok(part) => all.extend(part),
            Err(error) => tracing::error!(%error, "behaviours.inspection_panicked"),
        }
    }
    all
}

fn inspect_one(
    set: &LiveSet,
    lookup: &Lookup,
    stored: StoredConversation,
    scratch: &mut Scratch,
    answer: &mut Inspection,
) -> Option<Inspected> {
    let id = stored.row.id;
    match stored.decode() {
        Ok(conversation) => Some(inspect(&set.rules, &set.members, &conversation, lookup, scratch, answer)),
        Err(error) => {
            tracing::error!(%id, %error, "behaviours.transcript_unreadable");
            None
        }
    }
}
