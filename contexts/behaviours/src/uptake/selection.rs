//! The conversations behind a figure: `behaviour:NAME:person:ID:FROM:TO:missed` in the address of their list.

use std::collections::BTreeMap;

use conversations::api::{
    ConversationFilter, ConversationId, ConversationSelection, ListRequest, SELECTED_MAX, Selected,
};
use futures::future::BoxFuture;
use kernel::{Day, PersonId, Scope, UnitId};
use messages::Text;
use people::api::{Lookup, QueueId};
use uuid::Uuid;
use web::Fail;

use super::{Subject, Window};
use crate::{
    Behaviours,
    behaviour::{BehaviourId, Live},
    observation::{SeenOf, store::Stored},
    rule_set::{Members, store::KnownMembers},
    texts,
    view::{Which, subject_name},
};

/// Conversations looked through for one selection: a team's quarter. Beyond it only the newest are.
const LOOKED_THROUGH_MAX: usize = 60_000;
/// Conversations read at once.
const PAGE: usize = 2_000;

/// Answers for `behaviour:…`.
pub(crate) struct ByBehaviour(pub Behaviours);

struct Argument {
    name: String,
    subject: Subject,
    window: Window,
    which: Which,
}

fn parse(argument: &str) -> Option<Argument> {
    let parts: Vec<&str> = argument.split(':').collect();
    let [name, kind, id, from, to, which] = parts.as_slice() else { return None };
    let id = || id.parse::<Uuid>().ok();
    let subject = match *kind {
        "person" => Subject::Person(PersonId(id()?)),
        "team" => Subject::Team(UnitId(id()?)),
        "queue" => Subject::Queue(QueueId(id()?)),
        "centre" => Subject::Centre,
        _ => return None,
    };
    let window = Window { from: Day::parse(from)?, to: Day::parse(to)? };
    Some(Argument { name: (*name).to_owned(), subject, window, which: Which::parse(which)? })
}

impl ConversationSelection for ByBehaviour {
    fn name(&self) -> &'static str {
        "behaviour"
    }

    fn select<'a>(
        &'a self,
        scope: &'a Scope,
        argument: &'a str,
    ) -> BoxFuture<'a, Result<Option<Selected>, Fail>> {
        Box::pin(async move {
            let Some(asked) = parse(argument) else { return Ok(None) };
            let set = self.0.live().await?;
            let Some(live) = set.behaviours.values().find(|live| live.name == asked.name) else {
                return Ok(None);
            };
            let question = format!("{} {argument} {scope:?}", set.n);
            let make = self.0.picked(scope, live.id, &asked, SELECTED_MAX);
            let ids = self.0.behind().get(self.0.db(), question, make).await?;
            let lookup = self.0.people().lookup().await?;
            Ok(Some(Selected { title: Some(title(&lookup, live, &asked)), ids: ids.to_vec() }))
        })
    }
}

impl Behaviours {
    /// The newest conversations of the last full weeks to which a live behaviour applied, at most so many; none for
    /// one that is not live.
    pub(crate) async fn applied_lately(
        &self,
        scope: &Scope,
        name: &str,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Fail> {
        let set = self.live().await?;
        let Some(live) = set.behaviours.values().find(|live| live.name == name) else {
            return Ok(Vec::new());
        };
        let (subject, which) = (Subject::Centre, Which::Applicable);
        let window = self.trailing(crate::gap::WEEKS).await?;
        let argument = Argument { name: name.to_owned(), subject, window, which };
        self.picked(scope, live.id, &argument, limit).await
    }

    /// The conversations of the argument, the newest first, at most so many.
    async fn picked(
        &self,
        scope: &Scope,
        behaviour: BehaviourId,
        argument: &Argument,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Fail> {
        let mut sets = KnownMembers::default();
        let mut request = ListRequest { filter: around(argument), limit: PAGE, ..ListRequest::default() };
        let (mut ids, mut looked) = (Vec::new(), 0);
        loop {
            let places = self.conversations().places(scope, &request).await?;
            let found: Vec<ConversationId> = places.iter().map(|(_, id)| *id).collect();
            let mut kept = self.matching(&found, behaviour, argument, &mut sets).await?;
            looked += found.len();
            ids.append(&mut kept);
            request.after = places.last().copied();
            if found.len() < PAGE || ids.len() >= limit || looked >= LOOKED_THROUGH_MAX {
                ids.truncate(limit);
                return Ok(ids);
            }
        }
    }

    /// Those of the conversations to which the argument applies, in their order.
    async fn matching(
        &self,
        ids: &[ConversationId],
        behaviour: BehaviourId,
        argument: &Argument,
        sets: &mut KnownMembers,
    ) -> Result<Vec<ConversationId>, Fail> {
        let mut stored: BTreeMap<ConversationId, Stored> = BTreeMap::new();
        for some in ids.chunks(500) {
            stored.extend(self.observed(some.to_vec()).await?);
        }
        let mut kept = Vec::new();
        for id in ids {
            let Some(stored) = stored.get(id) else { continue };
            let members = sets.of(self.db(), stored.rule_set).await?;
            if is_behind(stored, &members, behaviour, argument) {
                kept.push(*id);
            }
        }
        Ok(kept)
    }
}

fn title(lookup: &Lookup, live: &Live, argument: &Argument) -> Text {
    let who = subject_name(lookup, argument.subject);
    let Text { zh, en } = &live.title;
    match argument.which {
        Which::Shown => texts::selected_shown(zh, en, &who.zh, &who.en),
        Which::Missed => texts::selected_missed(zh, en, &who.zh, &who.en),
        Which::Applicable => texts::selected_applicable(zh, en, &who.zh, &who.en),
    }
}

/// A wider net than the argument: the day of a site may differ from the centre's by one.
fn around(argument: &Argument) -> ConversationFilter {
    let mut filter = ConversationFilter {
        from: Some(argument.window.from.plus(-1)),
        to: Some(argument.window.to.plus(1)),
        ..ConversationFilter::default()
    };
    match argument.subject {
        Subject::Person(id) => filter.agents.push(id),
        Subject::Team(id) => filter.teams.push(id),
        Subject::Queue(id) => filter.queues.push(id),
        Subject::Centre => {}
    }
    filter
}

/// Whether a conversation is one of those counted in the figure.
fn is_behind(stored: &Stored, members: &Members, behaviour: BehaviourId, argument: &Argument) -> bool {
    let counted = stored.day.is_some_and(|day| argument.window.from <= day && day <= argument.window.to);
    let theirs = |of: &&SeenOf| {
        of.occasions > 0
            && match argument.subject {
                Subject::Person(id) => of.who.person == Some(id),
                Subject::Team(id) => of.who.team == Some(id),
                Subject::Queue(id) => stored.queue == Some(id),
                Subject::Centre => true,
            }
    };
    let place =
        members.iter().position(|member| *member == behaviour).and_then(|place| u32::try_from(place).ok());
    let seen = stored.seen.iter().find(|seen| Some(seen.member) == place);
    counted
        && seen.is_some_and(|seen| {
            seen.people.iter().filter(theirs).any(|of| match argument.which {
                Which::Shown => of.shown,
                Which::Missed => !of.shown,
                Which::Applicable => true,
            })
        })
}
