//! Opening, agreeing, acting, talking.

use audit::By;
use behaviours::api::{BehaviourId, By as Per, GAP_WEEKS, Slice, Window};
use drills::api::{Origin, Topic, TopicDraft};
use evidence::{Confidence, Counts, Population};
use kernel::Scope;
use people::api::Invalid;
use serde::Serialize;
use store::Tx;
use uuid::Uuid;

use super::{
    Baseline, Closed, Ending, Entry, EntryKind, Improvement, ImprovementId, Measure, Member, State, Step,
    StepKind,
    draft::{
        ActDraft, Draft, WORDS_CHARS_MAX, check_act, check_due, check_measure, check_people_named,
        check_words, checked, required,
    },
    rules::{self, Act, Hand},
    store as rows,
};
use crate::{
    Improvements,
    problem::{ImprovementError, Result},
    verdict::{AGREEABLE, Kept, Outcome, WATCH},
};

/// Days within which a relapsed one must be settled: as long as the window that showed the relapse.
const RELAPSE_DAYS: i32 = 28;
/// News that an improvement's day has passed. Version 1.
pub const ESCALATED: &str = "improvements.escalated";
/// News that an improvement changed its state. Version 1.
pub const STATE_CHANGED: &str = "improvements.state_changed";

/// What the events tell.
#[derive(Debug, Clone, Serialize)]
pub struct News {
    /// Which.
    pub improvement: ImprovementId,
    /// Where it stands now.
    pub state: State,
}

/// Everything about one improvement.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The improvement.
    pub improvement: Improvement,
    /// What is done about it.
    pub steps: Vec<Step>,
    /// Its drills.
    pub topics: Vec<Topic>,
    /// What happened and was said, the latest first.
    pub entries: Vec<Entry>,
    /// All readings.
    pub readings: Vec<Kept>,
}

impl Card {
    /// The readings of this round, by look; the newest four weeks are not among them.
    pub fn looks(&self) -> impl Iterator<Item = &Kept> {
        let round = self.improvement.round;
        self.readings.iter().filter(move |kept| kept.round == round && kept.look != WATCH)
    }

    /// The reading at the agreed look.
    pub fn agreed(&self) -> Option<&Kept> {
        self.looks().find(|kept| kept.look == self.improvement.measure.after_weeks)
    }

    /// What the agreed look says, once its weeks are over.
    pub fn outcome(&self) -> Option<Outcome> {
        self.agreed().filter(|kept| kept.reading.complete).map(|kept| kept.reading.outcome)
    }

    /// Whether somebody may take an act now.
    pub fn allows(&self, act: Act, hand: Hand) -> bool {
        let held = &self.improvement;
        rules::next(held.state, act).is_some()
            && rules::may(act, held, hand)
            && rules::permits(act, self.outcome(), later_look(held.measure.after_weeks).is_none())
    }
}

/// The look after one.
pub(crate) fn later_look(weeks: u16) -> Option<u16> {
    AGREEABLE.into_iter().find(|look| *look > weeks)
}

/// The origin of what an improvement causes elsewhere.
pub(crate) fn origin(id: ImprovementId) -> Option<Origin> {
    Origin::new(format!("improvement:{id}"))
}

/// The improvement that an origin stands for.
pub(crate) fn of_origin(origin: &Origin) -> Option<ImprovementId> {
    origin.as_str().strip_prefix("improvement:")?.parse().ok()
}

impl Improvements {
    /// The improvements in scope, the open ones first, by their due days.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Improvement>> {
        Ok(rows::list(self.db(), scope).await?)
    }

    /// Everything about one.
    ///
    /// # Errors
    /// [`ImprovementError::NotFound`] also when the reader may not see it; the store's.
    pub async fn card(&self, scope: &Scope, id: ImprovementId) -> Result<Card> {
        let improvement = self.seen(scope, id).await?;
        let topics = match origin(id) {
            Some(origin) => self.drills().topics_of(&origin).await?,
            None => Vec::new(),
        };
        Ok(Card {
            improvement,
            steps: rows::steps(self.db(), &[id]).await?.remove(&id).unwrap_or_default(),
            topics,
            entries: rows::entries(self.db(), id).await?,
            readings: crate::verdict::store::of(self.db(), &[id]).await?.remove(&id).unwrap_or_default(),
        })
    }

    async fn seen(&self, scope: &Scope, id: ImprovementId) -> Result<Improvement> {
        let found = rows::find(self.db(), id).await?;
        found.filter(|one| one.is_seen_by(scope)).ok_or(ImprovementError::NotFound)
    }

    /// Opens an improvement: freezes the rule and the figures as they are today.
    ///
    /// # Errors
    /// The fields that are wrong; people beyond the scope are; the contexts' below.
    pub async fn open(&self, by: &By, scope: &Scope, draft: &Draft) -> Result<ImprovementId> {
        let (lookup, today) = (self.people().lookup().await?, self.today().await?);
        let members = checked(draft, &lookup, scope, today)?;
        let rule = self.behaviours().freeze(draft.behaviour).await?;
        let window = Window::trailing_weeks(today, GAP_WEEKS);
        let measure = Measure {
            baseline: self.baseline(draft.behaviour, &members, window).await?,
            rule,
            target: draft.target,
            worthwhile: draft.worthwhile,
            selection_from: window.from,
            selection_to: window.to,
            after_weeks: draft.after_weeks,
        };
        let mut tx = self.db().write(by, "improvements.improvement_opened").await?;
        let now = tx.env().now();
        let improvement = Improvement {
            id: tx.env().id(),
            title: draft.title.trim().to_owned(),
            problem: draft.problem.trim().to_owned(),
            solution: draft.solution.trim().to_owned(),
            result: draft.result.trim().to_owned(),
            cause: draft.cause,
            state: State::Draft,
            due: draft.due,
            owner: draft.owner,
            supervisor: draft.supervisor,
            partner: draft.partner,
            agreed_by: None,
            agreed_at: None,
            behaviour: draft.behaviour,
            measure,
            members,
            round: 1,
            round_from: today,
            opened_by: by.account,
            opened_at: now,
            state_since: now,
            escalation: 0,
            closed: None,
            watched_to: None,
            version: 1,
        };
        tx.object("improvement", improvement.id);
        tx.content(improvement.title.as_bytes());
        rows::insert(&tx, &improvement).await?;
        rows::remember(&tx, improvement.id, EntryKind::Opened, "").await?;
        tx.commit().await?;
        Ok(improvement.id)
    }

    /// The figures of some people in a window, and their estimate among everybody.
    pub(crate) async fn baseline(
        &self,
        behaviour: BehaviourId,
        members: &[Member],
        window: Window,
    ) -> Result<Baseline> {
        let slice = Slice { behaviour: Some(behaviour), ..Slice::new(Scope::everything(), window) };
        let sums = self.behaviours().weekly(&slice, Per::Person).await?;
        let mut people = std::collections::BTreeMap::<Uuid, (u64, u64)>::new();
        for sum in sums.iter().filter(|sum| !sum.subject.is_nil()) {
            let held = people.entry(sum.subject).or_default();
            held.0 += sum.shown;
            held.1 += sum.applicable;
        }
        let counts = |(shown, applicable): (u64, u64)| Counts::new(shown, applicable).ok();
        let all: Vec<Counts> = people.values().copied().filter_map(counts).collect();
        let population = Population::by_moments(&all);
        let own: Vec<Counts> = members
            .iter()
            .filter_map(|member| people.get(&member.person.0).copied().and_then(counts))
            .collect();
        let shown = own.iter().map(|counts| counts.shown()).sum();
        let applicable: u64 = own.iter().map(|counts| counts.applicable()).sum();
        let whole = Counts::new(shown, applicable)?;
        let interval = whole.wilson(Confidence::P95);
        let weighted: f64 =
            own.iter().map(|counts| population.estimate(*counts) * counts.applicable() as f64).sum();
        let estimate = if applicable > 0 { weighted / applicable as f64 } else { population.mean() };
        Ok(Baseline { shown, applicable, low: interval.low, high: interval.high, estimate })
    }

    /// Edits an improvement that was read at `version`. Its people and behaviour stay; target, effect and look too,
    /// once operations agreed. A new due day that is still to come ends an escalation.
    ///
    /// # Errors
    /// [`ImprovementError::Conflict`] with what is stored, the fields that are wrong, or the contexts' below.
    pub async fn edit(
        &self,
        by: &By,
        scope: &Scope,
        id: ImprovementId,
        version: i64,
        draft: &Draft,
    ) -> Result<()> {
        let (lookup, today) = (self.people().lookup().await?, self.today().await?);
        let mut held = self.seen(scope, id).await?;
        if !held.state.is_open() {
            return Err(ImprovementError::NotNow(Box::new(held)));
        }
        let mut wrong = Invalid::default();
        check_words(draft, &mut wrong);
        check_people_named(draft, &lookup, &mut wrong);
        if draft.due != held.due {
            check_due(draft.due, today, &mut wrong);
        }
        if held.state == State::Draft {
            check_measure(draft, &mut wrong);
        }
        wrong.or(())?;
        draft.title.trim().clone_into(&mut held.title);
        draft.problem.trim().clone_into(&mut held.problem);
        draft.solution.trim().clone_into(&mut held.solution);
        draft.result.trim().clone_into(&mut held.result);
        held.cause = draft.cause;
        held.owner = draft.owner;
        held.supervisor = draft.supervisor;
        held.partner = draft.partner;
        held.due = draft.due;
        held.escalation = held.escalation.min(rules::escalation(&held, today));
        if held.state == State::Draft {
            held.measure.target = draft.target;
            held.measure.worthwhile = draft.worthwhile;
            held.measure.after_weeks = draft.after_weeks;
        }
        let mut tx = self.db().write(by, "improvements.improvement_edited").await?;
        tx.object("improvement", id);
        tx.content(held.title.as_bytes());
        save(&tx, &held, version).await?;
        rows::remember(&tx, id, EntryKind::Edited, "").await?;
        Ok(tx.commit().await?)
    }

    /// Takes an act by hand on an improvement that was read at a version.
    ///
    /// # Errors
    /// [`ImprovementError::NotNow`] where it leads nowhere or the verdict does not permit it,
    /// [`ImprovementError::NotYours`], the fields that are wrong, [`ImprovementError::Conflict`], the contexts' below.
    pub async fn act(
        &self,
        by: &By,
        scope: &Scope,
        hand: Hand,
        (id, version): (ImprovementId, i64),
        act: Act,
        draft: &ActDraft,
    ) -> Result<()> {
        let card = self.card(scope, id).await?;
        let mut held = card.improvement.clone();
        if held.version != version {
            return Err(ImprovementError::Conflict(Box::new(held)));
        }
        let Some(next) = rules::next(held.state, act) else {
            return Err(ImprovementError::NotNow(Box::new(held)));
        };
        if !rules::may(act, &held, hand) {
            return Err(ImprovementError::NotYours);
        }
        if !card.allows(act, hand) {
            return Err(ImprovementError::NotNow(Box::new(held)));
        }
        check_act(act, draft)?;
        let step = match act {
            Act::Step => Some(self.begin(by, &held, draft).await?),
            _ => None,
        };
        self.turn(&mut held, act, hand, draft.words.trim()).await?;
        let mut tx = self.db().write(by, action(act)).await?;
        tx.object("improvement", id);
        settle(&mut held, next, tx.env().now());
        save(&tx, &held, version).await?;
        if let Some(step) = &step {
            rows::insert_step(&tx, id, step).await?;
        }
        let words = step.as_ref().map_or_else(|| draft.words.trim(), |step| step.kind.name());
        rows::remember(&tx, id, act.entry(), words).await?;
        jobs::emit(&tx, STATE_CHANGED, &News { improvement: id, state: held.state }).await?;
        tx.commit().await?;
        // Whatever was done may be measured at once; if it cannot, the next reading will.
        if let Err(error) = self.read_some(&[id]).await {
            tracing::warn!(%error, improvement = %id, "improvements.not_read_at_once");
        }
        Ok(())
    }

    /// What changes in an improvement beside its state.
    async fn turn(&self, held: &mut Improvement, act: Act, hand: Hand, words: &str) -> Result<()> {
        let closed = |how| Some(Closed { how, reason: words.to_owned() });
        match act {
            Act::Agree => {
                held.agreed_by = hand.account;
                held.agreed_at = Some(self.db().env().now());
            }
            Act::Accept => {
                held.closed = closed(Ending::Worked);
                held.watched_to = Some(self.last_full_week().await?);
            }
            Act::GiveUp => held.closed = closed(Ending::NotEffective),
            Act::Extend => {
                held.measure.after_weeks =
                    later_look(held.measure.after_weeks).unwrap_or(held.measure.after_weeks);
            }
            Act::Again | Act::Relapse => self.next_round(held).await?,
            Act::Reopen if held.state == State::Closed => self.next_round(held).await?,
            Act::Reopen | Act::Step | Act::Drilled | Act::Withdraw => {}
        }
        Ok(())
    }

    /// A new round is measured from the same clean weeks as the first: later ones hold what was done before, and what a
    /// second drill only brings back would count as nothing.
    pub(crate) async fn next_round(&self, held: &mut Improvement) -> Result<()> {
        let today = self.today().await?;
        held.round += 1;
        held.round_from = today;
        held.closed = None;
        held.watched_to = None;
        held.escalation = 0;
        held.due = held.due.max(today.plus(RELAPSE_DAYS));
        Ok(())
    }

    /// Begins a step: a drill gets its topic.
    async fn begin(&self, by: &By, held: &Improvement, draft: &ActDraft) -> Result<Step> {
        let kind = draft.kind.unwrap_or(StepKind::Drill);
        let topic = match (&draft.drill, kind) {
            (Some(drill), StepKind::Drill) => {
                let topic = TopicDraft {
                    title: held.title.clone(),
                    behaviours: vec![held.behaviour],
                    scenario: drill.scenario.clone(),
                    people: held.members.iter().map(|member| member.person).collect(),
                    from: drill.from,
                    to: drill.to,
                    goal: held.solution.chars().take(drills_goal_chars()).collect(),
                    origin: origin(held.id),
                };
                Some(self.drills().open_topic(by, &topic).await?.0)
            }
            _ => None,
        };
        Ok(Step {
            kind,
            note: draft.words.trim().to_owned(),
            topic,
            day: draft.day.filter(|_| kind != StepKind::Drill),
            by: by.account,
            at: self.db().env().now(),
        })
    }

    /// Says something to an improvement.
    ///
    /// # Errors
    /// [`ImprovementError::NotFound`], a comment that is empty or too long, the store's.
    pub async fn comment(&self, by: &By, scope: &Scope, id: ImprovementId, words: &str) -> Result<()> {
        self.seen(scope, id).await?;
        let mut wrong = Invalid::default();
        required(words, "comment", WORDS_CHARS_MAX, &mut wrong);
        wrong.or(())?;
        let mut tx = self.db().write(by, "improvements.comment_added").await?;
        tx.object("improvement", id);
        tx.content(words.trim().as_bytes());
        rows::remember(&tx, id, EntryKind::Comment, words.trim()).await?;
        Ok(tx.commit().await?)
    }
}

/// What the goal of a drill holds at most; a solution may be longer.
const fn drills_goal_chars() -> usize {
    2_000
}

/// Puts an improvement where an act led.
pub(crate) fn settle(held: &mut Improvement, next: State, now: kernel::Time) {
    if held.state != next {
        held.state = next;
        held.state_since = now;
    }
    if !next.is_open() {
        held.escalation = 0;
    }
}

/// Stores an improvement that was read at `version`.
pub(crate) async fn save(tx: &Tx, held: &Improvement, version: i64) -> Result<()> {
    if rows::update(tx, held, version).await? {
        return Ok(());
    }
    let stored = rows::find(tx, held.id).await?.ok_or(ImprovementError::NotFound)?;
    Err(ImprovementError::Conflict(Box::new(stored)))
}

const fn action(act: Act) -> &'static str {
    match act {
        Act::Agree => "improvements.improvement_agreed",
        Act::Step => "improvements.step_begun",
        Act::Drilled => "improvements.improvement_drilled",
        Act::Accept => "improvements.verdict_accepted",
        Act::Again => "improvements.verdict_sent_back",
        Act::GiveUp => "improvements.improvement_given_up",
        Act::Extend => "improvements.look_extended",
        Act::Withdraw => "improvements.improvement_withdrawn",
        Act::Relapse => "improvements.improvement_relapsed",
        Act::Reopen => "improvements.improvement_reopened",
    }
}
