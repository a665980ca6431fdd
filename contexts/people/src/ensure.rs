//! Making what an import names and nobody knows yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use audit::By;
use kernel::{Day, PersonId, UnitId};
use store::Tx;

use crate::error::{Invalid, Result};
use crate::lookup::Lookup;
use crate::membership::rules::{BEGINNING, move_to};
use crate::membership::store as memberships;
use crate::person::{Person, store as people};
use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId, store as queues};
use crate::service::{People, raise_revision};
use crate::unit::{Unit, UnitKind, store as units};
use crate::words;

/// An agent as an import names them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WantedAgent {
    /// The employee number, or whatever the other system calls the agent by.
    pub number: String,
    /// The name; without it the number stands for it until somebody edits it.
    pub name: Option<String>,
    /// The team, by code or name.
    pub team: Option<String>,
    /// The site, by code or name; a team that is made is made below it.
    pub site: Option<String>,
    /// The first day in that team; `None` for “as long as anybody knows”.
    pub since: Option<Day>,
}

/// What an import names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Agents. One that is known already keeps name and team, unless no team was ever known.
    pub agents: Vec<WantedAgent>,
    /// Sites, by code or name.
    pub sites: Vec<String>,
    /// Lines of business, by name.
    pub lines_of_business: Vec<String>,
    /// Queues by name, each with the name of its line of business if the import says.
    pub queues: Vec<(String, Option<String>)>,
}

/// The ids of what was named, by what was written without blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    /// Agents by number.
    pub agents: HashMap<String, PersonId>,
    /// Sites by the code or name that was written.
    pub sites: HashMap<String, UnitId>,
    /// Lines of business by name.
    pub lines_of_business: HashMap<String, LineOfBusinessId>,
    /// Queues by name.
    pub queues: HashMap<String, QueueId>,
    /// How many things were made.
    pub made: usize,
}

/// Numbers asked for in one statement.
const NUMBERS_AT_ONCE: usize = 1_000;

impl People {
    /// Makes what an import names but nobody knows, inside the import's own transaction; the rest is looked
    /// up. Doing it again makes nothing. Two imports that name the same thing at once both get the one that
    /// was made. [`People::lookup`] knows what was made once the transaction is committed.
    ///
    /// # Errors
    /// A name that is empty or too long (see [`crate::api::NAME_CHARS_MAX`]), or the store's.
    pub async fn ensure(&self, tx: &Tx, wanted: &Wanted) -> Result<Resolved> {
        let mut work = Work::new(tx).await?;
        work.lines(wanted).await?;
        work.queues(wanted).await?;
        for site in &wanted.sites {
            work.site(site).await?;
        }
        work.agents(wanted).await?;
        if work.resolved.made > 0 {
            raise_revision(tx).await?;
        }
        Ok(work.resolved)
    }

    /// [`People::ensure`] in a transaction of its own; what is known afterwards.
    ///
    /// # Errors
    /// As [`People::ensure`].
    pub async fn ensure_now(&self, by: &By, wanted: &Wanted) -> Result<Arc<Lookup>> {
        let tx = self.db().write(by, "people.named_by_import").await?;
        let resolved = self.ensure(&tx, wanted).await?;
        if resolved.made > 0 {
            tx.commit().await?;
        }
        self.lookup().await
    }
}

/// Names being turned into ids inside a transaction.
pub(crate) struct Work<'a> {
    tx: &'a Tx,
    units: Vec<Unit>,
    resolved: Resolved,
}

fn tidy_name(field: &str, typed: &str) -> Result<String> {
    Ok(words::name(typed).map_err(|text| Invalid::one(field, text))?)
}

impl<'a> Work<'a> {
    pub(crate) async fn new(tx: &'a Tx) -> Result<Work<'a>> {
        Ok(Work { tx, units: units::all(tx).await?, resolved: Resolved::default() })
    }

    /// All units, those made here included.
    pub(crate) fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The unit that a site and a team name together; made if nobody knows it. `None` when neither is named.
    pub(crate) async fn place_named(
        &mut self,
        site: Option<&str>,
        team: Option<&str>,
    ) -> Result<Option<UnitId>> {
        let site = match site {
            Some(site) => Some(self.site(site).await?),
            None => None,
        };
        match team {
            Some(team) => Ok(Some(self.team(team, site).await?)),
            None => Ok(site),
        }
    }

    async fn lines(&mut self, wanted: &Wanted) -> Result<()> {
        let named: BTreeSet<&str> = wanted
            .lines_of_business
            .iter()
            .map(String::as_str)
            .chain(wanted.queues.iter().filter_map(|(_, line)| line.as_deref()))
            .map(str::trim)
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let mut known: HashMap<String, LineOfBusinessId> =
            queues::lines(self.tx).await?.into_iter().map(|line| (line.name, line.id)).collect();
        let mut made = 0;
        for name in &named {
            if known.contains_key(*name) {
                continue;
            }
            let name = tidy_name("line_of_business", name)?;
            made += usize::from(
                queues::insert_line(self.tx, &LineOfBusiness { id: self.tx.env().id(), name, version: 1 })
                    .await?,
            );
        }
        if made > 0 {
            known = queues::lines(self.tx).await?.into_iter().map(|line| (line.name, line.id)).collect();
        }
        self.resolved.made += made;
        self.resolved.lines_of_business =
            named.into_iter().filter_map(|name| Some((name.to_owned(), *known.get(name)?))).collect();
        Ok(())
    }

    async fn queues(&mut self, wanted: &Wanted) -> Result<()> {
        let mut named: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (name, line) in &wanted.queues {
            let held = named.entry(name.trim()).or_default();
            *held = held.or(line.as_deref().map(str::trim));
        }
        if named.is_empty() {
            return Ok(());
        }
        let mut known: HashMap<String, QueueId> =
            queues::queues(self.tx).await?.into_iter().map(|queue| (queue.name, queue.id)).collect();
        let mut made = 0;
        for (name, line) in &named {
            if known.contains_key(*name) {
                continue;
            }
            let name = tidy_name("queue", name)?;
            let line_of_business = line.and_then(|line| self.resolved.lines_of_business.get(line)).copied();
            let queue = Queue { id: self.tx.env().id(), name, line_of_business, version: 1 };
            made += usize::from(queues::insert_queue(self.tx, &queue).await?);
        }
        if made > 0 {
            known = queues::queues(self.tx).await?.into_iter().map(|queue| (queue.name, queue.id)).collect();
        }
        self.resolved.made += made;
        self.resolved.queues =
            named.into_keys().filter_map(|name| Some((name.to_owned(), *known.get(name)?))).collect();
        Ok(())
    }

    async fn site(&mut self, written: &str) -> Result<UnitId> {
        let written = written.trim();
        if let Some(id) = self.resolved.sites.get(written) {
            return Ok(*id);
        }
        let organisation =
            self.units.iter().find(|unit| unit.kind == UnitKind::Organisation).map(|unit| unit.id);
        let found = self
            .units
            .iter()
            .find(|unit| unit.kind == UnitKind::Site && (unit.code == written || unit.name == written))
            .map(|unit| unit.id);
        let id = match found {
            Some(id) => id,
            None => self.make(UnitKind::Site, organisation, &tidy_name("site", written)?).await?,
        };
        self.resolved.sites.insert(written.to_owned(), id);
        Ok(id)
    }

    /// A team by code or name, below the site if one is named.
    async fn team(&mut self, written: &str, site: Option<UnitId>) -> Result<UnitId> {
        let written = written.trim();
        let organisation =
            self.units.iter().find(|unit| unit.kind == UnitKind::Organisation).map(|unit| unit.id);
        let found = self
            .units
            .iter()
            .filter(|unit| unit.kind == UnitKind::Team && (unit.code == written || unit.name == written))
            .find(|unit| site.is_none_or(|site| self.is_below(unit, site)))
            .map(|unit| unit.id);
        match found {
            Some(id) => Ok(id),
            None => self.make(UnitKind::Team, site.or(organisation), &tidy_name("team", written)?).await,
        }
    }

    fn is_below(&self, unit: &Unit, site: UnitId) -> bool {
        let above = |unit: &Unit| self.units.iter().find(|other| Some(other.id) == unit.parent).cloned();
        std::iter::successors(Some(unit.clone()), above)
            .take(crate::unit::rules::DEPTH_MAX)
            .any(|unit| unit.id == site)
    }

    /// Makes a unit whose code is its name, or, where that code is taken by another unit, its name with a number.
    async fn make(&mut self, kind: UnitKind, parent: Option<UnitId>, name: &str) -> Result<UnitId> {
        let base: String = name.chars().take(words::CODE_CHARS_MAX - 8).collect();
        for n in 1.. {
            let code = if n == 1 { base.clone() } else { format!("{base}-{n}") };
            if self.units.iter().any(|unit| unit.code == code) {
                continue;
            }
            let unit = Unit {
                id: self.tx.env().id(),
                parent,
                kind,
                code: code.clone(),
                name: name.to_owned(),
                zone: None,
                closed_from: None,
                version: 1,
            };
            if units::insert(self.tx, &unit).await? {
                self.resolved.made += 1;
                self.units.push(unit.clone());
                return Ok(unit.id);
            }
            // Another import was faster: what it made may be the very thing.
            self.units = units::all(self.tx).await?;
            let same = |unit: &&Unit| unit.code == code && unit.kind == kind && unit.parent == parent;
            if let Some(unit) = self.units.iter().find(same) {
                return Ok(unit.id);
            }
        }
        unreachable!("the numbers do not end")
    }

    async fn agents(&mut self, wanted: &Wanted) -> Result<()> {
        let mut named: BTreeMap<&str, WantedAgent> = BTreeMap::new();
        for agent in &wanted.agents {
            merge(named.entry(agent.number.trim()).or_default(), agent);
        }
        let numbers: Vec<String> = named.keys().map(|number| (*number).to_owned()).collect();
        let known = self.numbers(&numbers).await?;
        let mut new = Vec::new();
        for (number, agent) in named.iter().filter(|(number, _)| !known.contains_key(**number)) {
            let number = words::code(number).map_err(|text| Invalid::one("agent", text))?;
            let name = match agent.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
                Some(name) => tidy_name("agent", name)?,
                None => number.clone(),
            };
            new.push(Person {
                id: self.tx.env().id(),
                number,
                name,
                employed_from: None,
                employed_to: None,
                leaving_reason: None,
                version: 1,
            });
        }
        let made = people::insert_all(self.tx, &new).await?;
        self.resolved.made += usize::try_from(made).unwrap_or_default();
        self.resolved.agents = if new.is_empty() { known } else { self.numbers(&numbers).await? };
        for (number, agent) in named {
            if let Some(person) = self.resolved.agents.get(number).copied() {
                self.place(person, &agent).await?;
            }
        }
        Ok(())
    }

    /// Gives a person who never belonged anywhere the unit that the import names.
    async fn place(&mut self, person: PersonId, agent: &WantedAgent) -> Result<()> {
        if agent.team.is_none() && agent.site.is_none() {
            return Ok(());
        }
        if !memberships::of(self.tx, person).await?.is_empty() {
            return Ok(());
        }
        let unit = self.place_named(agent.site.as_deref(), agent.team.as_deref()).await?;
        if let Some(unit) = unit {
            let since = agent.since.unwrap_or(BEGINNING);
            memberships::apply(self.tx, person, &move_to(&[], unit, since)).await?;
            self.resolved.made += 1;
        }
        Ok(())
    }

    async fn numbers(&self, numbers: &[String]) -> Result<HashMap<String, PersonId>> {
        let mut found = HashMap::new();
        for some in numbers.chunks(NUMBERS_AT_ONCE) {
            let known = people::by_numbers(self.tx, some.to_vec()).await?;
            found.extend(known.into_iter().map(|person| (person.number, person.id)));
        }
        Ok(found)
    }
}

/// The same agent named twice: what one leaves out the other may say; the earliest day counts.
fn merge(held: &mut WantedAgent, agent: &WantedAgent) {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    agent.number.trim().clone_into(&mut held.number);
    held.name = held.name.take().or_else(|| said(&agent.name));
    held.team = held.team.take().or_else(|| said(&agent.team));
    held.site = held.site.take().or_else(|| said(&agent.site));
    held.since = match (held.since, agent.since) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}
