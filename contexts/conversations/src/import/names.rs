//! From the names in a file to the people, sites, queues and lines of business that they mean.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use audit::By;
use kernel::{BusinessDay, Day, PersonId, UnitId};
use people::api::{self as people_api, Lookup, People, PeopleError, TeamRole, UnitKind, WantedAgent};

use super::{
    prepare::Prepared,
    reason::{Named, Reason, Rejection},
};
use crate::{
    conversation::{rules::moment, store::NewConversation},
    ids::{LineOfBusinessId, QueueId},
};

/// Names to be resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Agents: an employee number or a name, each with the site that the file names beside it.
    pub agents: BTreeMap<String, Option<String>>,
    /// Sites.
    pub sites: BTreeSet<String>,
    /// Queues, each with the line of business that the file names beside it.
    pub queues: BTreeSet<(String, Option<String>)>,
    /// Lines of business.
    pub lines: BTreeSet<String>,
}

impl Wanted {
    /// Whether there is nothing to resolve.
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty() && self.sites.is_empty() && self.queues.is_empty() && self.lines.is_empty()
    }
}

/// What names mean.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Agents by the name asked for.
    pub agents: HashMap<String, PersonId>,
    /// Sites, with the calendar that decides to which day a moment belongs.
    pub sites: HashMap<String, (UnitId, BusinessDay)>,
    /// Queues.
    pub queues: HashMap<String, QueueId>,
    /// Lines of business.
    pub lines: HashMap<String, LineOfBusinessId>,
    /// The directory as of the last look-up.
    directory: Arc<Lookup>,
    /// The calendar of what belongs to no site.
    calendar: BusinessDay,
}

impl Known {
    /// The team of a person on a day; without a day, the one they were in last.
    pub fn team(&self, person: PersonId, day: Option<Day>) -> Option<UnitId> {
        if let Some(day) = day {
            return self.directory.team_of(person, day);
        }
        let mut held = self.directory.memberships_of(person).iter();
        held.rfind(|held| held.role == TeamRole::Member).map(|held| held.unit)
    }

    /// The names in these conversations that were not asked for yet.
    pub fn unknown_in(&self, all: &[Prepared]) -> Wanted {
        let mut wanted = Wanted::default();
        for Prepared { facts, agents, .. } in all {
            for (_, agent) in agents {
                if !self.agents.contains_key(agent) && !wanted.agents.contains_key(agent) {
                    wanted.agents.insert(agent.clone(), facts.site.clone());
                }
            }
            if let Some(site) = unknown(&self.sites, facts.site.as_ref()) {
                wanted.sites.insert(site.clone());
            }
            if let Some(line) = unknown(&self.lines, facts.line_of_business.as_ref()) {
                wanted.lines.insert(line.clone());
            }
            if let Some(queue) = unknown(&self.queues, facts.queue.as_ref()) {
                wanted.queues.insert((queue.clone(), facts.line_of_business.clone()));
            }
        }
        wanted
    }

    /// A conversation with the names in it resolved; `day` is that of one which does not say when it began.
    ///
    /// # Errors
    /// All its lines, when one of the names means nobody.
    pub fn named(&self, good: Prepared, day: Option<Day>) -> Result<NewConversation, Vec<Rejection>> {
        let Prepared { unit, facts, agents: keys, turn_count, lang, checksum, body } = good;
        let nobody = |named, name: &str| unit.reject(Reason::Unknown(named, name.to_owned()));
        let site = meant(&self.sites, facts.site.as_ref()).map_err(|name| nobody(Named::Site, name))?;
        let queue = meant(&self.queues, facts.queue.as_ref()).map_err(|name| nobody(Named::Queue, name))?;
        let line_of_business = meant(&self.lines, facts.line_of_business.as_ref())
            .map_err(|name| nobody(Named::LineOfBusiness, name))?;
        let calendar = site.map_or(&self.calendar, |(_, calendar)| calendar);
        let started_at = facts.began.and_then(|began| moment(began, calendar));
        let day = started_at.map(|at| calendar.of(at)).or(day);
        let sort_at = started_at.or_else(|| day.map(|day| calendar.start(day))).unwrap_or_default();
        let mut agents = Vec::with_capacity(keys.len());
        for (key, name) in keys {
            let agent = *self.agents.get(&name).ok_or_else(|| nobody(Named::Agent, &name))?;
            agents.push((key, Some(agent), self.team(agent, day)));
        }
        Ok(NewConversation {
            source: facts.source,
            external_id: facts.external_id,
            started_at,
            sort_at,
            day,
            site: site.map(|(id, _)| *id),
            queue: queue.copied(),
            line_of_business: line_of_business.copied(),
            channel: facts.channel,
            direction: facts.direction,
            disposition: facts.disposition,
            duration_s: facts.duration_s,
            turn_count,
            agents,
            lang,
            checksum,
            body,
        })
    }

    /// Looks up names; with `create`, those that mean nobody are created first. A name that still means
    /// nobody stays unknown. How many people were created.
    ///
    /// # Errors
    /// The people context's.
    pub async fn learn(
        &mut self,
        people: &People,
        by: &By,
        wanted: &Wanted,
        create: bool,
    ) -> Result<u64, PeopleError> {
        if wanted.is_empty() {
            return Ok(0);
        }
        self.directory = people.lookup().await?;
        let missing = self.find(wanted);
        if !create || missing.is_empty() {
            return Ok(0);
        }
        let fits = |name: &str, max: usize| name.chars().count() <= max;
        let request = people_api::Wanted {
            agents: missing
                .agents
                .iter()
                .filter(|(number, _)| fits(number, people_api::CODE_CHARS_MAX))
                .map(|(number, site)| WantedAgent {
                    number: number.clone(),
                    site: site.clone(),
                    ..WantedAgent::default()
                })
                .collect(),
            sites: missing.sites.into_iter().collect(),
            lines_of_business: missing.lines.into_iter().collect(),
            queues: missing.queues.into_iter().collect(),
        };
        let before = self.directory.people().count();
        self.directory = people.ensure_now(by, &request).await?;
        self.find(wanted);
        Ok(self.directory.people().count().saturating_sub(before) as u64)
    }

    /// Takes over what the directory knows; the rest.
    fn find(&mut self, wanted: &Wanted) -> Wanted {
        let directory = self.directory.clone();
        let mut missing = Wanted::default();
        let by_name = unique_names(&directory, wanted);
        for (agent, site) in &wanted.agents {
            match directory.person_by_number(agent).or_else(|| by_name.get(agent.as_str()).copied().flatten())
            {
                Some(person) => _ = self.agents.insert(agent.clone(), person),
                None => _ = missing.agents.insert(agent.clone(), site.clone()),
            }
        }
        for site in &wanted.sites {
            let is_it = |unit: &&people_api::Unit| {
                unit.kind == UnitKind::Site && (unit.code == *site || unit.name == *site)
            };
            match directory.units().find(is_it).map(|unit| unit.id) {
                Some(id) => _ = self.sites.insert(site.clone(), (id, directory.business_day(id))),
                None => _ = missing.sites.insert(site.clone()),
            }
        }
        for (queue, line) in &wanted.queues {
            match directory.queue_by_name(queue).map(|queue| queue.id) {
                Some(id) => _ = self.queues.insert(queue.clone(), id),
                None => _ = missing.queues.insert((queue.clone(), line.clone())),
            }
        }
        for line in &wanted.lines {
            match directory.line_of_business_by_name(line).map(|line| line.id) {
                Some(id) => _ = self.lines.insert(line.clone(), id),
                None => _ = missing.lines.insert(line.clone()),
            }
        }
        missing
    }
}

/// A name that is not known yet. An empty one means nobody.
fn unknown<'n, V>(known: &HashMap<String, V>, name: Option<&'n String>) -> Option<&'n String> {
    name.filter(|name| !name.is_empty() && !known.contains_key(*name))
}

/// What a name means, if there is one.
///
/// # Errors
/// The name, when it means nothing.
fn meant<'k, 'n, V>(
    known: &'k HashMap<String, V>,
    name: Option<&'n String>,
) -> Result<Option<&'k V>, &'n String> {
    name.map(|name| known.get(name).ok_or(name)).transpose()
}

/// Agents whose name only one person has; a name that several have means nobody.
fn unique_names<'w>(directory: &Lookup, wanted: &'w Wanted) -> HashMap<&'w str, Option<PersonId>> {
    let mut found: HashMap<&str, Option<PersonId>> = HashMap::new();
    for person in directory.people() {
        if let Some((name, _)) = wanted.agents.get_key_value(&person.name) {
            found.entry(name).and_modify(|held| *held = None).or_insert(Some(person.id));
        }
    }
    found
}
