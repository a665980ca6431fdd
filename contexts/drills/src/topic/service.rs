//! Opening a topic, editing it, saying who was drilled, ending it; who was drilled on what.

use std::collections::BTreeSet;

use audit::By;
use behaviours::api::BehaviourId;
use kernel::{Day, PersonId, Scope, UnitId};
use people::api::Lookup;
use store::Tx;

use super::{
    Drilled, How, Origin, PERSON_DRILLED, PersonDrilled, Topic, TopicDraft, TopicFilter, TopicId, TopicState,
    rules::{Known, check},
    store as rows,
};
use crate::{
    Drills,
    problem::{DrillError, Result},
    scenario::store as scenarios,
    texts,
};

impl Drills {
    /// Opens a topic.
    ///
    /// # Errors
    /// [`DrillError::Invalid`] with what is wrong, by the names of the draft's fields.
    pub async fn open_topic(&self, by: &By, draft: &TopicDraft) -> Result<TopicId> {
        let draft = self.checked(draft).await?;
        let lookup = self.people().lookup().await?;
        let today = self.today().await?;
        let mut tx = self.db().write(by, "drills.topic_opened").await?;
        let id: TopicId = tx.env().id();
        tx.object("topic", id);
        rows::insert(&tx, &topic_of(id, &draft, &tx)).await?;
        rows::add_people(&tx, id, &with_teams(&lookup, &draft.people, today)).await?;
        tx.content(draft.title.as_bytes());
        tx.commit().await?;
        Ok(id)
    }

    /// Changes an open topic. Its origin stays, and so does whoever was drilled in it already.
    ///
    /// # Errors
    /// [`DrillError::Invalid`], [`DrillError::Conflict`] when the topic is no longer at `version`,
    /// [`DrillError::Over`].
    pub async fn edit_topic(&self, by: &By, id: TopicId, version: i64, draft: &TopicDraft) -> Result<()> {
        let draft = self.checked(draft).await?;
        let lookup = self.people().lookup().await?;
        let mut tx = self.db().write(by, "drills.topic_edited").await?;
        tx.object("topic", id);
        let stored = self.at_version(&tx, id, version).await?;
        if !stored.state.is_open() {
            return Err(DrillError::Over);
        }
        if !rows::update(&tx, &topic_of(id, &draft, &tx), version).await? {
            return Err(DrillError::Conflict(Box::new(stored)));
        }
        let left: Vec<PersonId> = stored
            .people
            .iter()
            .map(|trainee| trainee.person)
            .filter(|person| !draft.people.contains(person))
            .collect();
        rows::remove_people(&tx, id, &left).await?;
        rows::add_people(&tx, id, &with_teams(&lookup, &draft.people, self.today().await?)).await?;
        tx.content(draft.title.as_bytes());
        Ok(tx.commit().await?)
    }

    /// The topics that a reader may see, with the people they may see: open ones first, those that end first at the
    /// front; then the others, the last opened first.
    ///
    /// # Errors
    /// The store's.
    pub async fn topics(&self, scope: &Scope, filter: &TopicFilter) -> Result<Vec<Topic>> {
        let today = self.today().await?;
        let mut all = rows::list(self.db(), scope, today).await?;
        all.retain(|topic| matches(topic, filter, today));
        all.sort_by_key(|topic| if topic.state.is_open() { (0, topic.to.0) } else { (1, 0) });
        Ok(all)
    }

    /// One topic.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] when there is none or the reader may not see it.
    pub async fn topic(&self, scope: &Scope, id: TopicId) -> Result<Topic> {
        rows::find(self.db(), scope, id, self.today().await?).await?.ok_or(DrillError::NotFound)
    }

    /// The topics of an origin, the last opened first. Whoever made the origin decides who may see what came of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn topics_of(&self, origin: &Origin) -> Result<Vec<Topic>> {
        Ok(rows::of_origin(self.db(), origin, self.today().await?).await?)
    }

    /// The running topics in which a person waits to be drilled, those that end first at the front.
    ///
    /// # Errors
    /// The store's.
    pub async fn due(&self, person: PersonId) -> Result<Vec<Topic>> {
        Ok(rows::due(self.db(), person, self.today().await?).await?)
    }

    /// Says that a person was drilled on a day: they took part. Gives the new version of the topic.
    ///
    /// # Errors
    /// [`DrillError::NotFound`] when they do not take part, [`DrillError::Conflict`], [`DrillError::Invalid`] for a
    /// day that is still to come.
    pub async fn mark_drilled(
        &self,
        by: &By,
        topic: TopicId,
        version: i64,
        person: PersonId,
        day: Day,
    ) -> Result<i64> {
        if day > self.today().await? {
            return Err(DrillError::field("day", texts::day_to_come()));
        }
        self.set_drilled(by, "drills.person_drilled", topic, version, person, Some((day, How::Attended)))
            .await
    }

    /// Takes back that a person was drilled.
    ///
    /// # Errors
    /// [`DrillError::NotFound`], [`DrillError::Conflict`].
    pub async fn unmark_drilled(
        &self,
        by: &By,
        topic: TopicId,
        version: i64,
        person: PersonId,
    ) -> Result<i64> {
        self.set_drilled(by, "drills.person_not_drilled", topic, version, person, None).await
    }

    async fn set_drilled(
        &self,
        by: &By,
        action: &'static str,
        topic: TopicId,
        version: i64,
        person: PersonId,
        drilled: Option<(Day, How)>,
    ) -> Result<i64> {
        let mut tx = self.db().write(by, action).await?;
        tx.object("topic", topic);
        tx.object("person", person);
        let stored = self.at_version(&tx, topic, version).await?;
        if stored.trainee(person).is_none() {
            return Err(DrillError::NotFound);
        }
        if !rows::bump(&tx, topic, version).await? {
            return Err(DrillError::Conflict(Box::new(stored)));
        }
        rows::set_drilled(&tx, topic, person, drilled).await?;
        let origin = stored.origin.map(|origin| origin.as_str().to_owned());
        jobs::emit(&tx, PERSON_DRILLED, &PersonDrilled { topic, person, origin }).await?;
        tx.commit().await?;
        Ok(version + 1)
    }

    /// Finishes a topic.
    ///
    /// # Errors
    /// [`DrillError::Conflict`], [`DrillError::Over`].
    pub async fn finish_topic(&self, by: &By, topic: TopicId, version: i64) -> Result<()> {
        self.end_topic(by, "drills.topic_done", topic, version, TopicState::Done).await
    }

    /// Calls a topic off.
    ///
    /// # Errors
    /// [`DrillError::Conflict`], [`DrillError::Over`].
    pub async fn cancel_topic(&self, by: &By, topic: TopicId, version: i64) -> Result<()> {
        self.end_topic(by, "drills.topic_cancelled", topic, version, TopicState::Cancelled).await
    }

    async fn end_topic(
        &self,
        by: &By,
        action: &'static str,
        topic: TopicId,
        version: i64,
        state: TopicState,
    ) -> Result<()> {
        let mut tx = self.db().write(by, action).await?;
        tx.object("topic", topic);
        let stored = self.at_version(&tx, topic, version).await?;
        if !stored.state.is_open() {
            return Err(DrillError::Over);
        }
        if !rows::end(&tx, topic, version, state).await? {
            return Err(DrillError::Conflict(Box::new(stored)));
        }
        Ok(tx.commit().await?)
    }

    /// Who was drilled on which of these behaviours and when, the first day first: one entry for each topic in which
    /// it happened.
    ///
    /// # Errors
    /// The store's.
    pub async fn drilled(&self, behaviours: &[BehaviourId]) -> Result<Vec<Drilled>> {
        Ok(rows::drilled(self.db(), behaviours).await?)
    }

    /// A topic for a change that was begun at `version`.
    async fn at_version(&self, tx: &Tx, id: TopicId, version: i64) -> Result<Topic> {
        let today = self.today().await?;
        let stored = rows::find(tx, &Scope::everything(), id, today).await?.ok_or(DrillError::NotFound)?;
        if stored.version == version { Ok(stored) } else { Err(DrillError::Conflict(Box::new(stored))) }
    }

    /// A draft with nothing twice and no blanks around it, if nothing is wrong with it.
    async fn checked(&self, draft: &TopicDraft) -> Result<TopicDraft> {
        let mut draft = draft.clone();
        draft.title = draft.title.trim().to_owned();
        draft.goal = draft.goal.trim().to_owned();
        let (mut behaviours, mut people) = (BTreeSet::new(), BTreeSet::new());
        draft.behaviours.retain(|id| behaviours.insert(*id));
        draft.people.retain(|id| people.insert(*id));
        let lookup = self.people().lookup().await?;
        let known = Known {
            behaviours: &self.behaviours().list().await?.into_iter().map(|known| known.id).collect(),
            people: &people.into_iter().filter(|id| lookup.person(*id).is_some()).collect(),
            has_scenario: match &draft.scenario {
                Some(name) => {
                    scenarios::named(self.db(), name).await?.iter().any(|known| known.live.is_some())
                }
                None => true,
            },
        };
        let wrong = check(&draft, &known);
        if wrong.is_empty() { Ok(draft) } else { Err(DrillError::Invalid(wrong)) }
    }
}

fn topic_of(id: TopicId, draft: &TopicDraft, tx: &Tx) -> Topic {
    Topic {
        id,
        title: draft.title.clone(),
        goal: draft.goal.clone(),
        behaviours: draft.behaviours.clone(),
        scenario: draft.scenario.clone(),
        from: draft.from,
        to: draft.to,
        state: TopicState::Planned,
        origin: draft.origin.clone(),
        people: Vec::new(),
        hidden: 0,
        opened_by: tx.by().account,
        version: 1,
        at: tx.env().now(),
        changed_at: tx.env().now(),
        changed_by: tx.by().account,
    }
}

fn with_teams(lookup: &Lookup, people: &[PersonId], today: Day) -> Vec<(PersonId, Option<UnitId>)> {
    people.iter().map(|person| (*person, lookup.team_of(*person, today))).collect()
}

fn matches(topic: &Topic, filter: &TopicFilter, today: Day) -> bool {
    let text = filter.text.trim().to_lowercase();
    let words = || format!("{} {}", topic.title, topic.goal).to_lowercase();
    (text.is_empty() || words().contains(&text))
        && filter.state.is_none_or(|state| state == topic.state)
        && filter.behaviour.is_none_or(|behaviour| topic.behaviours.contains(&behaviour))
        && filter.person.is_none_or(|person| topic.trainee(person).is_some())
        && (!filter.overdue || topic.is_overdue(today))
}
