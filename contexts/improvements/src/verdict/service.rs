//! Reading the proof of many improvements at once, and what follows from it.

use std::{collections::BTreeMap, sync::Arc};

use audit::By;
use behaviours::api::{Frozen, RuleError, Window};
use drills::api::Drilled;
use kernel::{Day, Scope};

use super::{
    Kept, LOOKS, Note, Outcome, Reading, RowOf, WATCH,
    measure::{self, Drills, Material},
    rules, store as rows,
};
use crate::{
    Improvements,
    improvement::{
        Ending, EntryKind, Improvement, ImprovementId, State, Step,
        rules::{self as acts, Act},
        service::{ESCALATED, News, STATE_CHANGED, save, settle},
        store as improvements,
    },
    problem::{ImprovementError, Result},
};

/// News that the agreed look of an improvement came in. Version 1.
pub const VERDICT_REACHED: &str = "improvements.verdict_reached";

/// Threads that read at once; more would only wait for memory.
const THREADS_MAX: usize = 8;

/// Readings of one improvement, by look.
type Readings = Vec<(u16, Reading)>;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Improvements looked at.
    pub improvements: usize,
    /// Readings that changed.
    pub changed: usize,
    /// Improvements whose measure cannot be taken now; their readings stay as they were.
    pub waiting: usize,
}

/// What is needed to read one improvement.
struct Work {
    improvement: Improvement,
    steps: Vec<Step>,
    drilled: Arc<Vec<Drilled>>,
    material: Arc<Material>,
    /// Its people who belong to no unit any more.
    left: u64,
}

impl Improvements {
    /// The Monday of the last full week.
    ///
    /// # Errors
    /// The people context's.
    pub async fn last_full_week(&self) -> Result<Day> {
        Ok(self.today().await?.week().plus(-7))
    }

    /// Reads everything that is being acted on, under verification or watched.
    ///
    /// # Errors
    /// The contexts' below; the statistics'.
    pub async fn read_all(&self) -> Result<Done> {
        let all = self.list(&Scope::everything()).await?;
        self.read(all).await
    }

    /// Reads some.
    ///
    /// # Errors
    /// As [`Improvements::read_all`].
    pub async fn read_some(&self, ids: &[ImprovementId]) -> Result<Done> {
        let mut some = Vec::new();
        for id in ids {
            some.extend(improvements::find(self.db(), *id).await?);
        }
        self.read(some).await
    }

    async fn read(&self, mut some: Vec<Improvement>) -> Result<Done> {
        some.retain(is_read);
        let (now, today) = (self.last_full_week().await?, self.today().await?);
        let (work, waiting) = self.work(some, now).await?;
        let mut done = Done { improvements: work.len() + waiting, waiting, ..Done::default() };
        let ids: Vec<ImprovementId> = work.iter().map(|work| work.improvement.id).collect();
        let mut held = rows::of(self.db(), &ids).await?;
        let computed = all_computed(work, now, today).await?;
        let mut news = Vec::new();
        // Readings are derived, and nobody's change: one commit for all of them.
        let tx = self.db().bookkeeping().await?;
        for one in computed {
            let kept = held.remove(&one.improvement.id).unwrap_or_default();
            done.changed += keep(&tx, &one, &kept).await?;
            news.push((one, kept));
        }
        tx.commit().await?;
        for (one, kept) in news {
            self.follow(one, &kept, now).await?;
        }
        Ok(done)
    }

    /// What everybody did, once for each rule however many improvements ask, and who was drilled.
    async fn work(&self, some: Vec<Improvement>, now: Day) -> Result<(Vec<Work>, usize)> {
        let mut groups: BTreeMap<String, (Frozen, Window)> = BTreeMap::new();
        for one in &some {
            let window = measure::window(one, now);
            let group = groups
                .entry(one.measure.rule.digest.clone())
                .or_insert_with(|| (one.measure.rule.clone(), window));
            group.1.from = group.1.from.min(window.from);
        }
        let mut behaviours: Vec<_> = some.iter().map(|one| one.behaviour).collect();
        behaviours.sort_unstable();
        behaviours.dedup();
        let drilled = Arc::new(self.drills().drilled(&behaviours).await?);
        let mut materials: BTreeMap<String, Arc<Material>> = BTreeMap::new();
        for (digest, (rule, window)) in groups {
            match self.behaviours().counts_by_person_and_week(&rule, window).await {
                Ok(measured) => {
                    materials.insert(digest, Arc::new(Material::new(&measured)));
                }
                // Not measurable now: what was read before stays, and says when.
                Err(error @ (RuleError::Reinspecting | RuleError::TooMany(_) | RuleError::Wrong(_))) => {
                    tracing::warn!(%error, rule = rule.name, "improvements.not_measurable");
                }
                Err(error) => return Err(error.into()),
            }
        }
        let ids: Vec<ImprovementId> = some.iter().map(|one| one.id).collect();
        let mut steps = improvements::steps(self.db(), &ids).await?;
        let asked = some.len();
        let (lookup, today) = (self.people().lookup().await?, self.today().await?);
        let work: Vec<Work> = some
            .into_iter()
            .filter_map(|improvement| {
                let material = materials.get(&improvement.measure.rule.digest)?.clone();
                let steps = steps.remove(&improvement.id).unwrap_or_default();
                let members = improvement.members.iter();
                let left = members.filter(|one| lookup.team_of(one.person, today).is_none()).count() as u64;
                Some(Work { improvement, steps, drilled: drilled.clone(), material, left })
            })
            .collect();
        let waiting = asked - work.len();
        Ok((work, waiting))
    }

    /// What follows from the readings: under verification, a verdict to tell of, a relapse.
    async fn follow(&self, one: Computed, kept: &[Kept], now: Day) -> Result<()> {
        let mut held = one.improvement.clone();
        let by = By::JOB;
        if held.state == State::InAction && one.is_drilled {
            return self.by_itself(&by, held, Act::Drilled, "improvements.improvement_drilled").await;
        }
        if held.state == State::UnderVerification {
            let look = held.measure.after_weeks;
            let was = kept
                .iter()
                .any(|kept| (kept.round, kept.look) == (held.round, look) && kept.reading.complete);
            let is = one.readings.iter().find(|(at, reading)| *at == look && reading.complete);
            if let Some((_, reading)) = is.filter(|_| !was) {
                return self.tell_verdict(&by, held.id, held.state, reading.outcome).await;
            }
        }
        if let (State::Closed, Some(watched_to), Some(newest)) = (held.state, held.watched_to, &one.newest)
            && rules::is_due(watched_to, now)
        {
            let closing =
                kept.iter().find(|kept| (kept.round, kept.look) == (held.round, held.measure.after_weeks));
            if closing.is_some_and(|closing| rules::is_relapse(&closing.reading, newest)) {
                self.next_round(&mut held).await?;
                return self.by_itself(&by, held, Act::Relapse, "improvements.improvement_relapsed").await;
            }
            held.watched_to = Some(now);
            let tx = self.db().bookkeeping().await?;
            improvements::update(&tx, &held, held.version).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn tell_verdict(&self, by: &By, id: ImprovementId, state: State, outcome: Outcome) -> Result<()> {
        let mut tx = self.db().write(by, "improvements.verdict_reached").await?;
        tx.object("improvement", id);
        tx.content(outcome.name().as_bytes());
        improvements::remember(&tx, id, EntryKind::Verdict, outcome.name()).await?;
        jobs::emit(&tx, VERDICT_REACHED, &News { improvement: id, state }).await?;
        Ok(tx.commit().await?)
    }

    /// An act that time takes. Where somebody acted in between, they were first, and the next run looks again.
    async fn by_itself(&self, by: &By, mut held: Improvement, act: Act, action: &'static str) -> Result<()> {
        let Some(next) = acts::next(held.state, act) else { return Ok(()) };
        let version = held.version;
        let mut tx = self.db().write(by, action).await?;
        tx.object("improvement", held.id);
        settle(&mut held, next, tx.env().now());
        match save(&tx, &held, version).await {
            Err(ImprovementError::Conflict(_)) => return Ok(()),
            saved => saved?,
        }
        improvements::remember(&tx, held.id, act.entry(), "").await?;
        jobs::emit(&tx, STATE_CHANGED, &News { improvement: held.id, state: held.state }).await?;
        Ok(tx.commit().await?)
    }

    /// Tells upwards of those whose day has passed; how many were told of.
    ///
    /// # Errors
    /// The store's.
    pub async fn escalate(&self) -> Result<usize> {
        let today = self.today().await?;
        let mut told = 0;
        for mut held in self.list(&Scope::everything()).await? {
            let level = acts::escalation(&held, today);
            if level <= held.escalation {
                continue;
            }
            held.escalation = level;
            let mut tx = self.db().write(&By::JOB, "improvements.improvement_escalated").await?;
            tx.object("improvement", held.id);
            let version = held.version;
            match save(&tx, &held, version).await {
                Err(ImprovementError::Conflict(_)) => continue,
                saved => saved?,
            }
            improvements::remember(&tx, held.id, EntryKind::Escalated, &level.to_string()).await?;
            jobs::emit(&tx, ESCALATED, &News { improvement: held.id, state: held.state }).await?;
            tx.commit().await?;
            told += 1;
        }
        Ok(told)
    }

    /// Everybody behind a reading with their weight: as kept, else computed again.
    ///
    /// # Errors
    /// The contexts' below.
    pub async fn rows_behind(&self, improvement: &Improvement, kept: &Kept) -> Result<Vec<RowOf>> {
        if let Some(people) = rows::people(self.db(), improvement.id, kept.round, kept.look).await? {
            return Ok(people);
        }
        if kept.round != improvement.round {
            return Ok(Vec::new());
        }
        let (now, today) = (kept.reading.plan.now, self.today().await?);
        let (work, _) = self.work(vec![improvement.clone()], now).await?;
        let Some(work) = work.into_iter().next() else { return Ok(Vec::new()) };
        let drills = Drills::of(&work.improvement, &work.steps, &work.drilled, today);
        let traces = measure::traces(&work.improvement, &drills, &work.material, now);
        let reading = if kept.look == WATCH {
            measure::read_newest(&work.improvement, &drills, &work.material, now)?
        } else {
            measure::read(&work.improvement, &drills, &work.material, &traces, now, kept.look)?
        };
        Ok(reading.rows)
    }
}

/// Whether there is anything to read: something is done, or was done and is to hold.
fn is_read(improvement: &Improvement) -> bool {
    match improvement.state {
        State::InAction | State::UnderVerification => true,
        State::Closed => improvement.closed.as_ref().is_some_and(|closed| closed.how == Ending::Worked),
        State::Draft | State::Agreed | State::Withdrawn => false,
    }
}

/// The readings of one improvement.
struct Computed {
    improvement: Improvement,
    is_drilled: bool,
    readings: Readings,
    newest: Option<Reading>,
}

/// The readings of all, on as many threads as there are cores, away from those that answer requests.
async fn all_computed(work: Vec<Work>, now: Day, today: Day) -> Result<Vec<Computed>> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(THREADS_MAX);
    let share = work.len().div_ceil(threads).max(1);
    let mut rest = work;
    let mut tasks = Vec::new();
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(share));
        let part = std::mem::replace(&mut rest, tail);
        tasks.push(tokio::task::spawn_blocking(move || {
            part.into_iter()
                .map(|work| computed(work, now, today))
                .collect::<std::result::Result<Vec<_>, _>>()
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        // A panic in the engine is a bug of ours: these readings stay as they were.
        match task.await {
            Ok(part) => all.extend(part?),
            Err(error) => tracing::error!(%error, "improvements.reading_panicked"),
        }
    }
    Ok(all)
}

fn computed(work: Work, now: Day, today: Day) -> std::result::Result<Computed, evidence::EvidenceError> {
    let Work { improvement, steps, drilled, material, left } = work;
    let noted = |mut reading: Reading| {
        reading.notes.extend((left > 0).then_some(Note::Left { people: left }));
        reading
    };
    let drills = Drills::of(&improvement, &steps, &drilled, today);
    let mut readings = Vec::new();
    let mut newest = None;
    if let Some(first) = drills.first_week().filter(|first| *first < rules::week_number(now)) {
        let closed = improvement.state == State::Closed;
        let traces = measure::traces(&improvement, &drills, &material, now);
        for weeks in LOOKS {
            // What closed it stays as it was read then.
            if closed && weeks <= improvement.measure.after_weeks {
                continue;
            }
            let reading = measure::read(&improvement, &drills, &material, &traces, now, weeks)?;
            // Where nobody's weeks are over there is nothing to read yet.
            if reading.complete || reading.effect.is_some() {
                readings.push((weeks, noted(reading)));
            }
        }
        let watched = rules::week_number(now) - first >= i64::from(rules::WATCHED_WEEKS);
        if closed && watched {
            newest = Some(noted(measure::read_newest(&improvement, &drills, &material, now)?));
        }
    }
    let is_drilled = drills.first_week().is_some();
    Ok(Computed { improvement, is_drilled, readings, newest })
}

/// Keeps what changed; how much did.
async fn keep(tx: &store::Tx, one: &Computed, kept: &[Kept]) -> Result<usize> {
    let Computed { improvement, readings, newest, .. } = one;
    let all = readings.iter().map(|(look, reading)| (*look, reading));
    let mut changed = 0;
    for (look, reading) in all.chain(newest.iter().map(|reading| (WATCH, reading))) {
        let held = kept.iter().find(|kept| (kept.round, kept.look) == (improvement.round, look));
        // Compared as it would be read back: what is written as text is read with its last digit rounded.
        let told = rows::as_kept(reading)?;
        if held.is_none_or(|held| held.reading != told) {
            let with_people = look == improvement.measure.after_weeks && reading.complete;
            rows::keep(tx, improvement.id, improvement.round, look, reading, with_people).await?;
            changed += 1;
        }
    }
    Ok(changed)
}
