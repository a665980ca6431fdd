//! From the names in a file to the people, sites, queues and lines of business that they mean.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use audit::By;
use kernel::{BusinessDay, Day, PersonId, UnitId};
use people::api::{self as people_api, Lookup, People, PeopleError, TeamRole, UnitKind, WantedAgent};

use crate::ids::{LineOfBusinessId, QueueId};

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
