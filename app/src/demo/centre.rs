//! Fills an empty database with the demo centre: structure and people through the people context, conversations
//! through the ordinary import, everything inspected by the ordinary jobs.

use std::{
    collections::BTreeMap,
    io::Read,
    ops::{ControlFlow, Range},
    sync::mpsc,
};

use anyhow::Context;
use audit::By;
use behaviours::api::{Gap, Subject};
use conversations::api::{BatchKind, ImportOptions, ImportRequest};
use identity::{Account, Grant, NewAccount};
use jiff::{ToSpan, civil::Date};
use kernel::{Day, Env, PersonId, Role, Scope, Time, UnitId};
use people::api::{PersonDraft, SkillId, UnitDraft};
use web::DemoEntry;

use super::{Centre, Person, Plan, UnitKind, history::History};
use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

/// Chunks of the generated file that may wait for the import.
const CHUNKS_WAITING: usize = 8;
/// Bytes of one chunk.
const CHUNK_BYTES: usize = 1 << 20;

/// Makes the centre in an empty installation, week by week, by a clock that goes along: what happened in a week is
/// known on the Monday after it. `say` is told, in one line each, what is being done.
///
/// # Errors
/// What the contexts refuse, which would be a fault of the generator.
pub async fn fill_centre(config: &Config, plan: Plan, mut say: impl FnMut(&str)) -> anyhow::Result<()> {
    let started = std::time::Instant::now();
    let centre = Centre::new(plan);
    let clock = Env::fixed(morning(centre.start())?, plan.seed);
    let services = Services::open(config, &clock, Purpose::Demo).await?;
    say("demo centre: people and structure");
    structure(&services, &centre).await?;
    say(&format!("demo centre: {} conversations in {} weeks", plan.conversations, plan.weeks));
    let mut history = History::new(&services, &centre, &clock).await?;
    for week in 0..plan.weeks {
        history.week(week as usize).await?;
        let next_day = centre.start().saturating_add(i64::from(((week + 1) * 7).min(centre.days())).days());
        clock.set_time(morning(next_day)?);
        conversations_of(&services, plan, week).await?;
        services.runner().run_to_empty().await?;
    }
    if let Some(team) = team_without_help(&services, services.behaviours.today().await?).await? {
        history.in_progress(team).await?;
    }
    services.db.analyze().await?;
    services.db.checkpoint().await?;
    let truth = serde_json::to_vec(&centre.truth(centre.tally()))?;
    std::fs::write(config.data.join("demo-truth.json"), truth).context("cannot write the truth file")?;
    say(&format!("demo centre: ready after {:.0} s", started.elapsed().as_secs_f64()));
    Ok(())
}

fn morning(day: Date) -> anyhow::Result<Time> {
    at(day, 4)
}

/// An hour of a day at the centre's own clock.
pub(super) fn at(day: Date, hour: i8) -> anyhow::Result<Time> {
    Ok(day.at(hour, 0, 0, 0).to_zoned(kernel::BusinessDay::default().zone().clone())?.timestamp().into())
}

async fn conversations_of(services: &Services, plan: Plan, week: u32) -> anyhow::Result<()> {
    let request = ImportRequest {
        kind: BatchKind::Demo,
        name: format!("demo-{:02}.jsonl", week + 1),
        bytes_total: None,
        options: ImportOptions::default(),
        resume: None,
    };
    let days = week * 7..(week + 1) * 7;
    let batch = services
        .conversations
        .import_stream(&By::SYSTEM, generated(plan, days), request, |_| ControlFlow::Continue(()))
        .await?;
    let rejected = batch.counts.rejected;
    anyhow::ensure!(rejected == 0, "the import rejected {rejected} generated conversations");
    Ok(())
}

async fn structure(services: &Services, centre: &Centre) -> anyhow::Result<()> {
    let people = &services.people;
    let by = By::SYSTEM;
    let mut units: BTreeMap<String, UnitId> = BTreeMap::new();
    for unit in centre.units() {
        if unit.kind == UnitKind::Organisation {
            let lookup = people.lookup().await?;
            let organisation =
                lookup.organisation().context("the people context has made an organisation")?;
            let draft = UnitDraft {
                parent: None,
                kind: organisation.kind,
                code: unit.code.clone(),
                name: unit.name.clone(),
                zone: organisation.zone.clone(),
            };
            people.edit_unit(&by, organisation.id, organisation.version, &draft).await?;
            units.insert(unit.code, organisation.id);
            continue;
        }
        let kind = if unit.kind == UnitKind::Site {
            people::api::UnitKind::Site
        } else {
            people::api::UnitKind::Team
        };
        let parent = unit.parent.as_ref().and_then(|code| units.get(code)).copied();
        let id = people
            .add_unit(&by, &UnitDraft { parent, kind, code: unit.code.clone(), name: unit.name, zone: None })
            .await?;
        units.insert(unit.code, id);
    }
    for (line, queues) in centre.lines() {
        let line = people.add_line_of_business(&by, line.name()).await?;
        for queue in queues {
            people.add_queue(&by, queue.name, Some(line)).await?;
        }
    }
    let mut skills: BTreeMap<String, SkillId> = BTreeMap::new();
    for person in centre.people() {
        person_in(services, person, &units, &mut skills).await?;
    }
    Ok(())
}

async fn person_in(
    services: &Services,
    person: &Person,
    units: &BTreeMap<String, UnitId>,
    skills: &mut BTreeMap<String, SkillId>,
) -> anyhow::Result<()> {
    let people = &services.people;
    let by = By::SYSTEM;
    let unit = person.team.as_ref().or(person.site.as_ref()).and_then(|code| units.get(code)).copied();
    let hired = Day::of(person.hired);
    let draft = PersonDraft {
        number: person.employee_no.clone(),
        name: person.name.clone(),
        employed_from: Some(hired),
        employed_to: None,
        leaving_reason: None,
        unit: if person.role == Role::TeamLeader { None } else { unit },
        since: None,
    };
    let id = people.add_person(&by, &draft).await?;
    let mut version = 1;
    if let (Role::TeamLeader, Some(unit)) = (person.role, unit) {
        people.lead(&by, id, version, unit, hired).await?;
        version += 1;
    }
    for name in &person.skills {
        let skill = match skills.get(name) {
            Some(skill) => *skill,
            None => {
                let skill = people.add_skill(&by, name).await?;
                skills.insert(name.clone(), skill);
                skill
            }
        };
        let level = 2 + u8::try_from(person.employee_no.bytes().map(usize::from).sum::<usize>() % 4)
            .unwrap_or_default();
        people.set_skill(&by, id, version, skill, Some(level)).await?;
        version += 1;
    }
    account(services, person, id, unit).await
}

/// Everybody has an account; the first of each role is offered on the log-in page.
async fn account(
    services: &Services,
    person: &Person,
    id: PersonId,
    unit: Option<UnitId>,
) -> anyhow::Result<()> {
    let role = person.role;
    let grant = match (role, unit) {
        (Role::Agent, _) => Grant::own(role),
        (Role::TeamLeader | Role::DrillTrainer, Some(unit)) => Grant::units(role, [unit]),
        _ => Grant::everything(role),
    };
    let new = NewAccount {
        name: person.employee_no.clone(),
        person: Some(id),
        grants: vec![grant],
        ..NewAccount::default()
    };
    services.identity.create_account(&By::SYSTEM, &new).await?;
    Ok(())
}

/// Whom one may enter as: the first person of each role, and of the team that nobody helps yet where there is one, so
/// that who walks through the loop meets the same people again.
///
/// # Errors
/// The contexts'.
pub async fn entries(services: &Services) -> anyhow::Result<Vec<DemoEntry>> {
    let lookup = services.people.lookup().await?;
    let accounts = services.identity.accounts(&identity::AccountFilter::default()).await?;
    let today = services.behaviours.today().await?;
    let team = team_without_help(services, today).await?;
    let mut entries = Vec::new();
    for role in Role::ALL {
        let in_role =
            || accounts.iter().filter(|account| account.grants.iter().any(|grant| grant.role == role.name()));
        let is_theirs = |account: &&Account| {
            let Some((person, team)) = account.person.zip(team) else { return false };
            lookup.team_of(person, today) == Some(team)
                || lookup.leaders(team, today).any(|leader| leader == person)
        };
        let Some(account) = in_role().find(is_theirs).or_else(|| in_role().next()) else { continue };
        let name = account
            .person
            .and_then(|id| lookup.person(id))
            .map_or_else(|| account.name.clone(), |person| person.name.clone());
        entries.push(DemoEntry { account: account.id, title: identity::role_label(role), name });
    }
    Ok(entries)
}

/// The team with the largest gap about which there is no improvement yet.
async fn team_without_help(services: &Services, today: Day) -> anyhow::Result<Option<UnitId>> {
    let everything = Scope::everything();
    let improvements = services.improvements.list(&everything).await?;
    let is_helped = |gap: &Gap, team: UnitId| {
        let about = improvements.iter().filter(|one| one.state.is_open() && one.behaviour == gap.behaviour);
        about.flat_map(|one| &one.members).any(|member| member.team == team)
    };
    let gaps = services.behaviours.gaps(&everything, today).await?;
    Ok(gaps.iter().find_map(|gap| match gap.subject {
        Subject::Team(team) if !is_helped(gap, team) => Some(team),
        _ => None,
    }))
}

/// The import file of some days as it is generated, never held as a whole.
fn generated(plan: Plan, days: Range<u32>) -> impl Read + Send + 'static {
    let (send, receive) = mpsc::sync_channel::<Vec<u8>>(CHUNKS_WAITING);
    std::thread::spawn(move || {
        let centre = Centre::new(plan);
        let names = shown_names(&centre);
        let name = |code: &'static str| names.get(code).copied().unwrap_or(code);
        let mut chunk = Vec::with_capacity(CHUNK_BYTES + 4096);
        for day in days {
            for mut made in centre.day(day) {
                // The product shows what an import calls a queue; people read names, not codes.
                made.record.queue = name(made.record.queue);
                made.record.line_of_business = name(made.record.line_of_business);
                // A record of plain values always has a JSON form.
                if serde_json::to_writer(&mut chunk, &made.record).is_ok() {
                    chunk.push(b'\n');
                }
                if chunk.len() >= CHUNK_BYTES
                    && send
                        .send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK_BYTES + 4096)))
                        .is_err()
                {
                    return;
                }
            }
        }
        // Nobody reads any more when the import has stopped.
        let _ = send.send(chunk);
    });
    Chunks { receive, chunk: Vec::new(), at: 0 }
}

/// The names of queues and lines of business by their codes.
fn shown_names(centre: &Centre) -> BTreeMap<&'static str, &'static str> {
    let lines = centre.lines().into_iter();
    lines
        .flat_map(|(line, queues)| {
            queues.map(|queue| (queue.code, queue.name)).into_iter().chain([(line.code(), line.name())])
        })
        .collect()
}

struct Chunks {
    receive: mpsc::Receiver<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
}

impl Read for Chunks {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.chunk.len() {
            match self.receive.recv() {
                Ok(chunk) => (self.chunk, self.at) = (chunk, 0),
                Err(_) => return Ok(0),
            }
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let n = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}
