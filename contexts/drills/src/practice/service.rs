//! Beginning a rehearsal, taking its turns, and reading it.

use std::sync::{Arc, PoisonError};

use audit::By;
use behaviours::api::RuleError;
use inspection::RuleSet;
use kernel::{PersonId, Scope};
use messages::Lang;
use rehearsal::{Input, Rehearsal, Scenario};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{MESSAGE_CHARS_MAX, OPEN_MAX, RehearsalId, RehearsalState, Rehearsed, store as rows};
use crate::{
    Drills,
    engine::{self, Outcome},
    problem::{DrillError, Result},
    scenario::{Head, VersionState, store as scenarios},
    texts,
    topic::{PERSON_DRILLED, PersonDrilled, TopicId, store as topics},
};

/// Bytes of a digest that are kept: enough that no two texts share one.
const DIGEST_BYTES: usize = 16;

/// A rehearsal that is played, and how many turns it has taken. Whoever takes a turn holds it.
pub(crate) struct Playing {
    pub(crate) rehearsal: Rehearsal,
    pub(crate) turns: i64,
}

/// How a rehearsal begins.
#[derive(Debug, Clone, Default)]
pub struct Begin {
    /// The name of the scenario.
    pub scenario: String,
    /// The language wanted; another one is played where it does not exist.
    pub lang: Lang,
    /// The topic it belongs to.
    pub topic: Option<TopicId>,
    /// The customer of an earlier rehearsal, word for word; a new one when absent.
    pub seed: Option<u64>,
}

/// A rehearsal with where its conversation stands.
pub struct Standing {
    /// The rehearsal.
    pub rehearsed: Rehearsed,
    /// Where it stands, while it is in progress.
    pub(crate) playing: Option<Arc<Mutex<Playing>>>,
    /// What came of it, once it ended.
    pub outcome: Option<Outcome>,
}

/// Tells a text from any other.
fn digest(text: &str) -> String {
    kernel::hex(Sha256::digest(text.as_bytes()).get(..DIGEST_BYTES).unwrap_or_default())
}

impl Drills {
    /// Begins a rehearsal of a live scenario.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] for a scenario that nobody can play or a topic the person takes no part in;
    /// [`DrillError::TooManyOpen`].
    pub async fn begin(&self, by: &By, person: PersonId, begin: &Begin) -> Result<RehearsalId> {
        if let Some(topic) = begin.topic {
            let topic = self.topic(&Scope::own(person), topic).await?;
            if !topic.state.is_open() {
                return Err(DrillError::Over);
            }
        }
        let (scenario, live) = self.playable(&begin.scenario, begin.lang).await?;
        let about = About {
            scenario: &scenario.name,
            title: &scenario.title,
            lang: scenario.language,
            version_n: live.n,
            script: &live.script,
        };
        self.begin_with(by, person, &about, begin.topic, begin.seed).await
    }

    /// Begins a rehearsal of a scenario's draft.
    ///
    /// # Errors
    /// [`DrillError::ScriptWrong`] while the draft cannot be played.
    pub(crate) async fn try_draft(
        &self,
        by: &By,
        person: PersonId,
        name: &str,
        lang: Lang,
    ) -> Result<RehearsalId> {
        let (found, _) = self.scenario_in(name, lang).await?;
        let draft = scenarios::version_in(self.db(), found.id, VersionState::Draft).await?;
        let draft = draft.ok_or(DrillError::NoDraft)?;
        let title = Head::read(&draft.script).map_or(found.title, |head| head.title);
        let about = About { scenario: name, title: &title, lang, version_n: 0, script: &draft.script };
        self.begin_with(by, person, &about, None, None).await
    }

    /// Begins the rehearsal of another one once more: with the same customer, or with another.
    ///
    /// # Errors
    /// As for [`Drills::begin`].
    pub async fn begin_again(
        &self,
        by: &By,
        person: PersonId,
        id: RehearsalId,
        same_customer: bool,
    ) -> Result<RehearsalId> {
        let before = self.own(person, id).await?;
        let still_open = match before.topic {
            Some(topic) => {
                self.topic(&Scope::own(person), topic).await.is_ok_and(|topic| topic.state.is_open())
            }
            None => false,
        };
        let seed = same_customer.then_some(before.seed);
        if before.version_n == 0 {
            return self.try_draft(by, person, &before.scenario, before.language).await;
        }
        let begin = Begin {
            scenario: before.scenario,
            lang: before.language,
            topic: before.topic.filter(|_| still_open),
            seed,
        };
        self.begin(by, person, &begin).await
    }

    async fn begin_with(
        &self,
        by: &By,
        person: PersonId,
        about: &About<'_>,
        topic: Option<TopicId>,
        seed: Option<u64>,
    ) -> Result<RehearsalId> {
        let rules = self.live_rules().await?;
        let script_digest = digest(about.script);
        let scenario = self.compiled(&script_digest, &rules.digest, about.script, &rules.sources).await?;
        let (lookup, today) = (self.people().lookup().await?, self.today().await?);
        let mut tx = self.db().write(by, "drills.rehearsal_begun").await?;
        if rows::open_count(&tx, person).await? >= OPEN_MAX {
            return Err(DrillError::TooManyOpen);
        }
        let id: RehearsalId = tx.env().id();
        let seed = seed.unwrap_or_else(|| {
            let mut bytes = [0; 8];
            tx.env().fill(&mut bytes);
            u64::from_le_bytes(bytes)
        });
        let now = tx.env().now();
        let rehearsed = Rehearsed {
            id,
            person,
            team: lookup.team_of(person, today),
            topic,
            scenario: about.scenario.to_owned(),
            language: about.lang,
            title: about.title.to_owned(),
            version_n: about.version_n,
            script: script_digest,
            rules: rules.digest,
            seed,
            state: RehearsalState::Open,
            turns: 0,
            started_at: now,
            changed_at: now,
            day: today,
            scores: None,
        };
        rows::keep_text(&tx, &rehearsed.script, about.script).await?;
        rows::keep_text(&tx, &rehearsed.rules, &rules.sources).await?;
        rows::insert(&tx, &rehearsed).await?;
        tx.object("rehearsal", id);
        tx.object("person", person);
        tx.commit().await?;
        let (scenario, rules) = &*scenario;
        let rehearsal = Rehearsal::open(scenario.clone(), rules.clone(), seed);
        self.hold(id, Playing { rehearsal, turns: 0 });
        Ok(id)
    }

    /// Takes a turn of a rehearsal that has had `turn` turns so far. Durable when it returns.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] for another person's, [`DrillError::TurnTaken`] when it has had another number of
    /// turns or is over: the same turn sent twice counts once; [`DrillError::Invalid`] for a message that is too long
    /// or a meaning that was not asked about.
    pub async fn take_turn(
        &self,
        by: &By,
        person: PersonId,
        id: RehearsalId,
        turn: i64,
        input: &Input,
    ) -> Result<Standing> {
        if let Input::Say { text } = input {
            let chars = text.chars().count();
            if chars > MESSAGE_CHARS_MAX {
                return Err(DrillError::field("text", texts::too_long(chars, MESSAGE_CHARS_MAX)));
            }
        }
        let rehearsed = self.own(person, id).await?;
        if rehearsed.state != RehearsalState::Open || rehearsed.turns != turn {
            return Err(DrillError::TurnTaken);
        }
        let playing = self.playing(&rehearsed).await?;
        let mut held = playing.lock().await;
        if held.turns != turn {
            return Err(DrillError::TurnTaken);
        }
        if held.rehearsal.take(input).is_err() {
            return Err(DrillError::field("text", texts::not_asked()));
        }
        // From here on memory is ahead of the database, until the turn is durable.
        match self.keep_turn(by, &rehearsed, input, &mut held.rehearsal).await {
            Ok(()) => held.turns = turn + 1,
            Err(error) => {
                held.turns = -1;
                self.forget(id);
                return Err(error);
            }
        }
        drop(held);
        self.rehearsal(&Scope::own(person), id).await
    }

    /// A turn is bookkeeping: what a person tries out in practice is theirs, and the audit log says that they began and
    /// that they ended.
    async fn keep_turn(
        &self,
        by: &By,
        before: &Rehearsed,
        input: &Input,
        after: &mut Rehearsal,
    ) -> Result<()> {
        if after.ended().is_none() {
            let tx = self.db().bookkeeping().await?;
            return if rows::add_turn(&tx, before.id, before.turns, input).await? {
                Ok(tx.commit().await?)
            } else {
                Err(DrillError::TurnTaken)
            };
        }
        let outcome = engine::outcome(after);
        let today = self.today().await?;
        let origin = match before.topic {
            Some(topic) => self.topic(&Scope::everything(), topic).await?.origin,
            None => None,
        };
        let mut tx = self.db().write(by, "drills.rehearsal_ended").await?;
        tx.object("rehearsal", before.id);
        if !rows::add_turn(&tx, before.id, before.turns, input).await? {
            return Err(DrillError::TurnTaken);
        }
        rows::end(&tx, before.id, &outcome).await?;
        if let Some(topic) = before.topic {
            tx.object("topic", topic);
            topics::rehearsed(&tx, topic, before.person, today).await?;
            let origin = origin.map(|origin| origin.as_str().to_owned());
            let news = PersonDrilled { topic, person: before.person, origin };
            jobs::emit(&tx, PERSON_DRILLED, &news).await?;
        }
        tx.commit().await?;
        self.forget(before.id);
        Ok(())
    }

    /// Stops a rehearsal before its end. It is not judged, and nobody is drilled by it.
    ///
    /// # Errors
    /// [`DrillError::NotFound`], [`DrillError::TurnTaken`] when it is over.
    pub async fn give_up(&self, by: &By, person: PersonId, id: RehearsalId) -> Result<()> {
        self.own(person, id).await?;
        let mut tx = self.db().write(by, "drills.rehearsal_given_up").await?;
        tx.object("rehearsal", id);
        if !rows::give_up(&tx, id).await? {
            return Err(DrillError::TurnTaken);
        }
        tx.commit().await?;
        self.forget(id);
        Ok(())
    }

    /// A rehearsal with where it stands.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] when there is none or the reader may not see it.
    pub async fn rehearsal(&self, scope: &Scope, id: RehearsalId) -> Result<Standing> {
        let rehearsed = rows::find(self.db(), scope, id).await?.ok_or(DrillError::NotFound)?;
        let playing = match rehearsed.state {
            RehearsalState::Open => Some(self.playing(&rehearsed).await?),
            _ => None,
        };
        let outcome = match rehearsed.state {
            RehearsalState::Ended => rows::outcome(self.db(), id).await?,
            _ => None,
        };
        Ok(Standing { rehearsed, playing, outcome })
    }

    /// Rehearsals that the reader may see, the last begun first.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn rehearsals(
        &self,
        scope: &Scope,
        filter: &rows::Filter,
        limit: usize,
    ) -> Result<Vec<Rehearsed>> {
        Ok(rows::list(self.db(), scope, filter, limit).await?)
    }

    /// What the script of a rehearsal says about itself.
    ///
    /// # Errors
    /// [`DrillError::Lost`], or the store's.
    pub(crate) async fn head_of(&self, one: &Rehearsed) -> Result<Head> {
        let script = rows::text(self.db(), &one.script).await?;
        script.as_deref().and_then(Head::read).ok_or(DrillError::Lost(one.id))
    }

    /// The person's own rehearsal of the same scenario that ended last before this one.
    ///
    /// # Errors
    /// The store's.
    pub async fn attempt_before(&self, one: &Rehearsed) -> Result<Option<Rehearsed>> {
        let filter = rows::Filter {
            person: Some(one.person),
            scenario: Some(one.scenario.clone()),
            state: Some(RehearsalState::Ended),
            before: Some(one.started_at),
            ..rows::Filter::default()
        };
        Ok(rows::list(self.db(), &Scope::own(one.person), &filter, 1).await?.pop())
    }

    /// A person's rehearsals in progress, the last begun first.
    ///
    /// # Errors
    /// The store's.
    pub async fn in_progress(&self, person: PersonId) -> Result<Vec<Rehearsed>> {
        let filter = rows::Filter {
            person: Some(person),
            state: Some(RehearsalState::Open),
            ..rows::Filter::default()
        };
        let limit = usize::try_from(OPEN_MAX).unwrap_or_default();
        Ok(rows::list(self.db(), &Scope::own(person), &filter, limit).await?)
    }

    /// The rules that live calls are judged by now, as they are kept with a rehearsal.
    pub(crate) async fn live_rules(&self) -> Result<Rules> {
        let sources = self.behaviours().live_sources().await?;
        let sources = serde_json::to_string(&sources).unwrap_or_default();
        Ok(Rules { digest: digest(&sources), sources })
    }

    async fn own(&self, person: PersonId, id: RehearsalId) -> Result<Rehearsed> {
        rows::find(self.db(), &Scope::own(person), id).await?.ok_or(DrillError::NotFound)
    }

    /// The rehearsal as it is played: held in memory, or built anew from what the person did.
    async fn playing(&self, rehearsed: &Rehearsed) -> Result<Arc<Mutex<Playing>>> {
        if let Some(held) = self.held(rehearsed.id) {
            let is_current = held.lock().await.turns == rehearsed.turns;
            if is_current {
                return Ok(held);
            }
        }
        let missing = || DrillError::Lost(rehearsed.id);
        let script = rows::text(self.db(), &rehearsed.script).await?.ok_or_else(missing)?;
        let rules = rows::text(self.db(), &rehearsed.rules).await?.ok_or_else(missing)?;
        let ground = self.compiled(&rehearsed.script, &rehearsed.rules, &script, &rules).await?;
        let inputs = rows::inputs(self.db(), rehearsed.id).await?;
        let turns = i64::try_from(inputs.len()).unwrap_or(i64::MAX);
        let (scenario, rules) = &*ground;
        let rehearsal = Rehearsal::replay(scenario.clone(), rules.clone(), rehearsed.seed, &inputs);
        Ok(self.hold(rehearsed.id, Playing { rehearsal, turns }))
    }

    /// A scenario with the rules it is judged by, compiled once for everybody.
    async fn compiled(
        &self,
        script_digest: &str,
        rules_digest: &str,
        script: &str,
        rules: &str,
    ) -> Result<Arc<Ground>> {
        let key = (script_digest.to_owned(), rules_digest.to_owned());
        let held = || self.grounds().lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(ground) = held() {
            return Ok(ground);
        }
        // One at a time: a group that begins together would compile the same many times over, and whoever is in the
        // middle of a rehearsal would wait for it.
        let _turn = self.compiling().lock().await;
        if let Some(ground) = held() {
            return Ok(ground);
        }
        let (script, rules) = (script.to_owned(), self.rule_set(rules_digest, rules).await?);
        let compile = tokio::task::spawn_blocking(move || {
            Scenario::compile("", &script, &rules).map(|scenario| (Arc::new(scenario), rules))
        });
        let compiled = compile.await.map_err(|_| DrillError::Below(messages::Problem::internal()))?;
        let ground = Arc::new(compiled.map_err(DrillError::ScriptWrong)?);
        self.grounds().lock().unwrap_or_else(PoisonError::into_inner).put(key, ground.clone());
        Ok(ground)
    }

    /// Rules that were kept, compiled once for all scenarios.
    pub(crate) async fn rule_set(&self, digest: &str, sources: &str) -> Result<Arc<RuleSet>> {
        if let Some(held) = self.rule_sets().lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
            return Ok(held.clone());
        }
        let sources = sources.to_owned();
        let compile = tokio::task::spawn_blocking(move || engine::compile_rules(&sources));
        let compiled = compile.await.map_err(|_| DrillError::Below(messages::Problem::internal()))?;
        let rules = Arc::new(compiled.map_err(RuleError::Wrong)?);
        let mut held = self.rule_sets().lock().unwrap_or_else(PoisonError::into_inner);
        held.put(digest.to_owned(), rules.clone());
        Ok(rules)
    }
}

/// A compiled scenario and the rules it is judged by.
pub(crate) type Ground = (Arc<Scenario>, Arc<RuleSet>);

/// Rules as they are kept: their texts as JSON, and what tells them from others.
pub(crate) struct Rules {
    pub digest: String,
    pub sources: String,
}

/// What a rehearsal is begun with.
struct About<'a> {
    scenario: &'a str,
    title: &'a str,
    lang: Lang,
    version_n: i64,
    script: &'a str,
}
