//! The directory in memory: everybody's name and number, all units, memberships, queues and skills.
//!
//! A centre has thousands of people, not millions: the copy is a few megabytes, and whoever has it asks
//! without waiting.

use std::collections::{BTreeSet, HashMap};

use kernel::{BusinessDay, Day, PersonId, UnitId};
use store::{Ask, Db, sql};

use crate::error::Result;
use crate::membership::{Membership, TeamRole, rules::unit_on, store as memberships};
use crate::person::store as people;
use crate::queue::{LineOfBusiness, LineOfBusinessId, Queue, QueueId, store as queues};
use crate::skill::{Skill, SkillId, store as skills};
use crate::unit::rules::{Tree, path, with_below};
use crate::unit::{Unit, UnitKind, store as units};

/// What others call a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// The id.
    pub id: PersonId,
    /// The employee number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// The directory as it was at one moment.
#[derive(Debug, Default)]
pub struct Lookup {
    revision: i64,
    units: Tree,
    organisation: Option<UnitId>,
    people: HashMap<PersonId, PersonName>,
    by_number: HashMap<String, PersonId>,
    memberships: HashMap<PersonId, Vec<Membership>>,
    queues: HashMap<QueueId, Queue>,
    lines: HashMap<LineOfBusinessId, LineOfBusiness>,
    skills: HashMap<SkillId, Skill>,
}

impl Lookup {
    pub(crate) async fn read(db: &Db) -> Result<Lookup> {
        // The revision first: a change in between makes the copy newer than it says, and it is read again.
        let revision = db.count(sql!("SELECT n FROM people_revision WHERE id = 1")).await?;
        let units: Tree = units::all(db).await?.into_iter().map(|unit| (unit.id, unit)).collect();
        let people: HashMap<_, _> = people::names(db)
            .await?
            .into_iter()
            .map(|(id, number, name)| (id, PersonName { id, number, name }))
            .collect();
        let mut dated: HashMap<PersonId, Vec<Membership>> = HashMap::new();
        for membership in memberships::all(db).await? {
            dated.entry(membership.person).or_default().push(membership);
        }
        Ok(Lookup {
            revision,
            organisation: units.values().find(|unit| unit.kind == UnitKind::Organisation).map(|unit| unit.id),
            units,
            by_number: people.values().map(|person| (person.number.clone(), person.id)).collect(),
            people,
            memberships: dated,
            queues: queues::queues(db).await?.into_iter().map(|queue| (queue.id, queue)).collect(),
            lines: queues::lines(db).await?.into_iter().map(|line| (line.id, line)).collect(),
            skills: skills::all(db).await?.into_iter().map(|skill| (skill.id, skill)).collect(),
        })
    }

    /// Raised by every change; two copies with the same number are the same.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The person with an employee number; blanks around it do not count.
    pub fn person_by_number(&self, number: &str) -> Option<PersonId> {
        self.by_number.get(number.trim()).copied()
    }

    /// A person's number and name.
    pub fn person(&self, id: PersonId) -> Option<&PersonName> {
        self.people.get(&id)
    }

    /// Everybody, in no order.
    pub fn people(&self) -> impl Iterator<Item = &PersonName> {
        self.people.values()
    }

    /// The unit (mostly a team) to which a person belonged on a day. What an agent did counts there, also
    /// after a transfer.
    pub fn team_of(&self, person: PersonId, day: Day) -> Option<UnitId> {
        unit_on(self.memberships_of(person), day)
    }

    /// All of a person's memberships, in the order of their first days.
    pub fn memberships_of(&self, person: PersonId) -> &[Membership] {
        self.memberships.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The people who belong to a unit itself, not to those below it, on a day; in no order.
    pub fn members(&self, unit: UnitId, day: Day) -> impl Iterator<Item = PersonId> + '_ {
        self.holding(unit, TeamRole::Member, day)
    }

    /// The people who lead a unit on a day; in no order.
    pub fn leaders(&self, unit: UnitId, day: Day) -> impl Iterator<Item = PersonId> + '_ {
        self.holding(unit, TeamRole::Leader, day)
    }

    fn holding(&self, unit: UnitId, role: TeamRole, day: Day) -> impl Iterator<Item = PersonId> + '_ {
        self.memberships
            .iter()
            .filter(move |(_, held)| held.iter().any(|m| m.unit == unit && m.role == role && m.holds(day)))
            .map(|(person, _)| *person)
    }

    /// A unit.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// All units, in no order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The units directly below one, by name.
    pub fn children(&self, id: UnitId) -> Vec<&Unit> {
        let mut children: Vec<&Unit> = self.units.values().filter(|unit| unit.parent == Some(id)).collect();
        children.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        children
    }

    /// A unit by its code; blanks around it do not count.
    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.units.values().find(|unit| unit.code == code.trim())
    }

    /// From the organisation down to a unit, itself included; empty for an unknown id.
    pub fn unit_path(&self, id: UnitId) -> Vec<&Unit> {
        path(&self.units, id)
    }

    /// The name of a unit with those above it, the organisation left out: `北京职场 / 投诉一组`.
    pub fn unit_label(&self, id: UnitId) -> String {
        let path = self.unit_path(id);
        let shown = if path.len() > 1 { path.get(1..).unwrap_or_default() } else { path.as_slice() };
        shown.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(" / ")
    }

    /// The site at or above a unit.
    pub fn site_of(&self, id: UnitId) -> Option<UnitId> {
        self.unit_path(id).into_iter().rev().find(|unit| unit.kind == UnitKind::Site).map(|unit| unit.id)
    }

    /// A unit and every unit below it.
    pub fn units_below(&self, id: UnitId) -> BTreeSet<UnitId> {
        self.with_below(&BTreeSet::from([id]))
    }

    /// These units and every unit below them.
    pub fn with_below(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
        with_below(&self.units, units)
    }

    /// The organisation.
    pub fn organisation(&self) -> Option<&Unit> {
        self.organisation.and_then(|id| self.units.get(&id))
    }

    /// The calendar of a unit: that of the nearest unit at or above it which names a time zone.
    pub fn business_day(&self, id: UnitId) -> BusinessDay {
        self.unit_path(id)
            .into_iter()
            .rev()
            .find_map(|unit| unit.zone.as_deref().and_then(BusinessDay::in_zone))
            .unwrap_or_default()
    }

    /// The calendar of the organisation: for what belongs to no unit.
    pub fn organisation_day(&self) -> BusinessDay {
        self.organisation.map(|id| self.business_day(id)).unwrap_or_default()
    }

    /// A queue.
    pub fn queue(&self, id: QueueId) -> Option<&Queue> {
        self.queues.get(&id)
    }

    /// A queue by its name; blanks around it do not count.
    pub fn queue_by_name(&self, name: &str) -> Option<&Queue> {
        self.queues.values().find(|queue| queue.name == name.trim())
    }

    /// All queues, by name.
    pub fn queues(&self) -> Vec<&Queue> {
        let mut all: Vec<&Queue> = self.queues.values().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// A line of business.
    pub fn line_of_business(&self, id: LineOfBusinessId) -> Option<&LineOfBusiness> {
        self.lines.get(&id)
    }

    /// A line of business by its name; blanks around it do not count.
    pub fn line_of_business_by_name(&self, name: &str) -> Option<&LineOfBusiness> {
        self.lines.values().find(|line| line.name == name.trim())
    }

    /// All lines of business, by name.
    pub fn lines_of_business(&self) -> Vec<&LineOfBusiness> {
        let mut all: Vec<&LineOfBusiness> = self.lines.values().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// A skill.
    pub fn skill(&self, id: SkillId) -> Option<&Skill> {
        self.skills.get(&id)
    }

    /// All skills, by name.
    pub fn skills(&self) -> Vec<&Skill> {
        let mut all: Vec<&Skill> = self.skills.values().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}
