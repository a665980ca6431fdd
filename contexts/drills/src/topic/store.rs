//! Topics in the database.

use std::collections::BTreeMap;

use behaviours::api::BehaviourId;
use kernel::{Day, PersonId, Scope, UnitId};
use store::{Ask, Result, Row, Sql, StoreError, Tx, sql, visible};

use super::{Drilled, How, Origin, Topic, TopicId, TopicState, Trainee, rules};

/// Topics that one question answers: years of a large centre.
pub(crate) const TOPICS_MAX: usize = 2_000;

/// A row as it is stored, with the word of its state.
struct Stored {
    topic: Topic,
    state: String,
}

fn stored(row: &Row<'_>) -> Result<Stored> {
    let topic = Topic {
        id: row.id("id")?,
        title: row.get("title")?,
        goal: row.get("goal")?,
        behaviours: Vec::new(),
        scenario: row.get("scenario")?,
        from: row.day("from_day")?,
        to: row.day("to_day")?,
        // Until its people are known.
        state: TopicState::Running,
        origin: row.get::<Option<String>>("origin")?.and_then(Origin::new),
        people: Vec::new(),
        hidden: 0,
        opened_by: row.maybe_id("opened_by")?,
        version: row.get("version")?,
        at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        changed_by: row.maybe_id("changed_by")?,
    };
    Ok(Stored { topic, state: row.get("state")? })
}

/// The topics that have somebody whom the reader may see.
fn seen(scope: &Scope) -> Sql {
    if scope.is_everything() {
        return Sql::new("1 = 1");
    }
    sql!(
        "EXISTS (SELECT 1 FROM drill_trainee seen WHERE seen.topic = t.id AND {})",
        visible(scope, "seen.team", Some("seen.person"))
    )
}

/// Topics under a condition on `t`, the last opened first, with the people that the reader may see.
async fn read(ask: &impl Ask, scope: &Scope, condition: Sql, today: Day) -> Result<Vec<Topic>> {
    let query = sql!(
        "SELECT * FROM drill_topic t WHERE ({}) AND ({}) ORDER BY t.created_at DESC, t.id DESC LIMIT {}",
        condition,
        seen(scope),
        TOPICS_MAX
    );
    let mut all = ask.all(query, stored).await?;
    let ids: Vec<TopicId> = all.iter().map(|stored| stored.topic.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut behaviours = behaviours_of(ask, &ids).await?;
    let mut people = people_of(ask, &ids).await?;
    for Stored { topic, state } in &mut all {
        let everybody = people.remove(&topic.id).unwrap_or_default();
        let any_drilled = everybody.iter().any(|trainee| trainee.drilled.is_some());
        topic.state = rules::state(state, topic.from, any_drilled, today).ok_or_else(|| {
            StoreError::Corrupt { column: "state".to_owned(), found: state.chars().take(40).collect() }
        })?;
        let total = everybody.len();
        let allowed = |trainee: &Trainee| scope.allows(trainee.team, Some(trainee.person));
        topic.people = everybody.into_iter().filter(allowed).collect();
        topic.hidden = total - topic.people.len();
        topic.behaviours = behaviours.remove(&topic.id).unwrap_or_default();
    }
    Ok(all.into_iter().map(|stored| stored.topic).collect())
}

async fn behaviours_of(ask: &impl Ask, topics: &[TopicId]) -> Result<BTreeMap<TopicId, Vec<BehaviourId>>> {
    let query = sql!(
        "SELECT topic, behaviour FROM drill_topic_behaviour WHERE topic IN {} ORDER BY place",
        topics.to_vec()
    );
    let rows = ask.all(query, |row| Ok((row.id("topic")?, row.id("behaviour")?))).await?;
    let mut by_topic: BTreeMap<TopicId, Vec<BehaviourId>> = BTreeMap::new();
    for (topic, behaviour) in rows {
        by_topic.entry(topic).or_default().push(behaviour);
    }
    Ok(by_topic)
}

fn trainee(row: &Row<'_>) -> Result<Trainee> {
    let how = row.get::<Option<String>>("how")?.and_then(|how| How::parse(&how)).unwrap_or(How::Attended);
    Ok(Trainee {
        person: row.id("person")?,
        team: row.maybe_id("team")?,
        drilled: row.maybe_day("drilled_day")?.map(|day| (day, how)),
    })
}

async fn people_of(ask: &impl Ask, topics: &[TopicId]) -> Result<BTreeMap<TopicId, Vec<Trainee>>> {
    let query = sql!("SELECT * FROM drill_trainee WHERE topic IN {} ORDER BY topic, person", topics.to_vec());
    let rows = ask.all(query, |row| Ok((row.id("topic")?, trainee(row)?))).await?;
    let mut by_topic: BTreeMap<TopicId, Vec<Trainee>> = BTreeMap::new();
    for (topic, trainee) in rows {
        by_topic.entry(topic).or_default().push(trainee);
    }
    Ok(by_topic)
}

/// All topics that the reader may see, the last opened first.
pub(crate) async fn list(ask: &impl Ask, scope: &Scope, today: Day) -> Result<Vec<Topic>> {
    read(ask, scope, Sql::new("1 = 1"), today).await
}

/// The open topics of a person who was not drilled in them yet, those that end first at the front.
pub(crate) async fn due(ask: &impl Ask, person: PersonId, today: Day) -> Result<Vec<Topic>> {
    let condition = sql!(
        "t.state = 'open' AND t.from_day <= {} AND EXISTS (SELECT 1 FROM drill_trainee d WHERE d.topic = t.id AND d.person = {} AND d.drilled_day IS NULL)",
        today,
        person
    );
    let mut due = read(ask, &Scope::own(person), condition, today).await?;
    due.sort_by_key(|topic| (topic.to, topic.id));
    Ok(due)
}

/// One topic.
pub(crate) async fn find(ask: &impl Ask, scope: &Scope, id: TopicId, today: Day) -> Result<Option<Topic>> {
    Ok(read(ask, scope, sql!("t.id = {}", id), today).await?.pop())
}

/// The topics of an origin.
pub(crate) async fn of_origin(ask: &impl Ask, origin: &Origin, today: Day) -> Result<Vec<Topic>> {
    read(ask, &Scope::everything(), sql!("t.origin = {}", origin.as_str()), today).await
}

/// Inserts a topic without its people.
pub(crate) async fn insert(tx: &Tx, topic: &Topic) -> Result<()> {
    tx.exec(sql!(
        "INSERT INTO drill_topic (id, title, goal, scenario, from_day, to_day, state, origin, opened_by, version, created_at, changed_at, changed_by) VALUES ({}, {}, {}, {}, {}, {}, 'open', {}, {}, {}, {}, {}, {})",
        topic.id, &topic.title, &topic.goal, topic.scenario.as_deref(), topic.from, topic.to,
        topic.origin.as_ref().map(Origin::as_str), topic.opened_by, topic.version, topic.at, topic.changed_at, topic.changed_by
    ))
    .await?;
    insert_behaviours(tx, topic.id, &topic.behaviours).await
}

async fn insert_behaviours(tx: &Tx, topic: TopicId, behaviours: &[BehaviourId]) -> Result<()> {
    let rows =
        (0_i64..).zip(behaviours).map(|(place, behaviour)| sql!("({}, {}, {})", topic, *behaviour, place));
    tx.insert_all("INSERT INTO drill_topic_behaviour (topic, behaviour, place) VALUES ", rows, "").await?;
    Ok(())
}

/// Adds people with the teams they are in; those who take part already stay as they are.
pub(crate) async fn add_people(tx: &Tx, topic: TopicId, people: &[(PersonId, Option<UnitId>)]) -> Result<()> {
    let rows = people.iter().map(|(person, team)| sql!("({}, {}, {})", topic, *person, *team));
    tx.insert_all(
        "INSERT INTO drill_trainee (topic, person, team) VALUES ",
        rows,
        " ON CONFLICT (topic, person) DO NOTHING",
    )
    .await?;
    Ok(())
}

/// Takes out people who were not drilled; who was, stays.
pub(crate) async fn remove_people(tx: &Tx, topic: TopicId, people: &[PersonId]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    tx.exec(sql!(
        "DELETE FROM drill_trainee WHERE topic = {} AND person IN {} AND drilled_day IS NULL",
        topic,
        people.to_vec()
    ))
    .await?;
    Ok(())
}

/// Writes what an edit changes of a topic itself, if it is still at `version`; whether it was.
pub(crate) async fn update(tx: &Tx, topic: &Topic, version: i64) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE drill_topic SET title = {}, goal = {}, scenario = {}, from_day = {}, to_day = {}, version = version + 1, changed_at = {}, changed_by = {} WHERE id = {} AND version = {} AND state = 'open'",
            &topic.title, &topic.goal, topic.scenario.as_deref(), topic.from, topic.to, topic.changed_at, topic.changed_by, topic.id, version
        ))
        .await?;
    tx.exec(sql!("DELETE FROM drill_topic_behaviour WHERE topic = {}", topic.id)).await?;
    insert_behaviours(tx, topic.id, &topic.behaviours).await?;
    Ok(changed == 1)
}

/// Raises the version of a topic that is still at `version`; whether it was.
pub(crate) async fn bump(tx: &Tx, topic: TopicId, version: i64) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE drill_topic SET version = version + 1, changed_at = {}, changed_by = {} WHERE id = {} AND version = {}",
            tx.env().now(), tx.by().account, topic, version
        ))
        .await?;
    Ok(changed == 1)
}

/// Ends an open topic at `version`; whether it was one.
pub(crate) async fn end(tx: &Tx, topic: TopicId, version: i64, state: TopicState) -> Result<bool> {
    let changed = tx
        .exec(sql!(
            "UPDATE drill_topic SET state = {}, version = version + 1, changed_at = {}, changed_by = {} WHERE id = {} AND version = {} AND state = 'open'",
            state.name(), tx.env().now(), tx.by().account, topic, version
        ))
        .await?;
    Ok(changed == 1)
}

/// Sets or clears the day on which somebody was drilled.
pub(crate) async fn set_drilled(
    tx: &Tx,
    topic: TopicId,
    person: PersonId,
    drilled: Option<(Day, How)>,
) -> Result<()> {
    tx.exec(sql!(
        "UPDATE drill_trainee SET drilled_day = {}, how = {} WHERE topic = {} AND person = {}",
        drilled.map(|(day, _)| day),
        drilled.map(|(_, how)| how.name()),
        topic,
        person
    ))
    .await?;
    Ok(())
}

/// Who was drilled on these behaviours, the first day first.
pub(crate) async fn drilled(ask: &impl Ask, behaviours: &[BehaviourId]) -> Result<Vec<Drilled>> {
    if behaviours.is_empty() {
        return Ok(Vec::new());
    }
    let query = sql!(
        "SELECT p.person, b.behaviour, p.drilled_day, t.id, t.origin FROM drill_topic_behaviour b JOIN drill_topic t ON t.id = b.topic \
         JOIN drill_trainee p ON p.topic = t.id WHERE b.behaviour IN {} AND p.drilled_day IS NOT NULL \
         ORDER BY p.drilled_day, p.person, b.behaviour, t.id",
        behaviours.to_vec()
    );
    ask.all(query, |row| {
        Ok(Drilled {
            person: row.id("person")?,
            behaviour: row.id("behaviour")?,
            day: row.day("drilled_day")?,
            topic: row.id("id")?,
            origin: row.get::<Option<String>>("origin")?.and_then(Origin::new),
        })
    })
    .await
}

/// Says that somebody was drilled by finishing a rehearsal; whoever was drilled before stays so.
pub(crate) async fn rehearsed(tx: &Tx, topic: TopicId, person: PersonId, day: Day) -> Result<()> {
    tx.exec(sql!(
        "UPDATE drill_trainee SET drilled_day = {}, how = {} WHERE topic = {} AND person = {} AND drilled_day IS NULL",
        day,
        How::Rehearsed.name(),
        topic,
        person
    ))
    .await?;
    Ok(())
}
