//! What the people of the demo centre did about what they saw: an improvement for each planted drill, from the gap to
//! its verdict, and a few that stand elsewhere. Everything goes through the contexts, on the day on which it happened.

use anyhow::Context;
use audit::{By, Via};
use behaviours::api::BehaviourId;
use drills::api::{Begin, RehearsalState, TopicId};
use identity::AccountFilter;
use improvements::api::{Act, ActDraft, Cause, Draft, DrillDraft, Hand, ImprovementId, StepKind};
use jiff::{ToSpan, civil::Date};
use kernel::{AccountId, Day, Env, PersonId, Role, Scope};
use messages::Lang;
use rehearsal::Input;
use std::collections::BTreeMap;

use super::{Behaviour, Centre, PlantedDrill, TEAM_SIZE, centre::at};
use crate::wiring::Services;

/// Weeks after the last drill by which an improvement is due: the agreed look, and one to talk about it.
const DUE_WEEKS: i32 = 6;
/// Seconds between two sentences of a rehearsal.
const SECONDS_A_TURN: i64 = 25;

/// What happened after the verdict, by the place of the drill among the planted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Afterwards {
    /// Whoever supervises accepts what worked, and gives up what did not.
    Settled,
    /// It waits to be settled.
    Waits,
}

/// One planted drill with its improvement.
struct Running<'c> {
    drill: &'c PlantedDrill,
    afterwards: Afterwards,
    improvement: Option<ImprovementId>,
    topic: Option<TopicId>,
    settled: bool,
}

/// Somebody who acts.
#[derive(Debug, Clone, Copy)]
struct Actor {
    person: PersonId,
    account: AccountId,
}

impl Actor {
    fn by(self) -> By {
        By { account: Some(self.account), via: Via::Page }
    }

    fn hand(self, supervises: bool) -> Hand {
        Hand { account: Some(self.account), person: Some(self.person), supervises }
    }
}

/// The history of one centre while it is made.
pub(super) struct History<'c> {
    services: &'c Services,
    centre: &'c Centre,
    clock: &'c Env,
    agents: Vec<Actor>,
    leaders: Vec<Actor>,
    specialists: Vec<Actor>,
    trainer: Actor,
    manager: Actor,
    behaviours: BTreeMap<&'static str, BehaviourId>,
    running: Vec<Running<'c>>,
}

impl<'c> History<'c> {
    /// Finds the people who act and the behaviours that are drilled.
    pub async fn new(services: &'c Services, centre: &'c Centre, clock: &'c Env) -> anyhow::Result<Self> {
        let lookup = services.people.lookup().await?;
        let accounts = services.identity.accounts(&AccountFilter::default()).await?;
        let accounts: BTreeMap<PersonId, AccountId> =
            accounts.iter().filter_map(|account| Some((account.person?, account.id))).collect();
        let person = |number: &str| lookup.person_by_number(number).context("everybody has been entered");
        let in_role = |role: Role| {
            let people = centre.people().iter().filter(move |person| person.role == role);
            people.map(|one| {
                let person = person(&one.employee_no)?;
                let account = *accounts.get(&person).context("everybody has an account")?;
                Ok(Actor { person, account })
            })
        };
        let all = |role| in_role(role).collect::<anyhow::Result<Vec<Actor>>>();
        let first = |role| in_role(role).next().context("every role has somebody")?;
        let live = services.behaviours.live().await?;
        let behaviours = Behaviour::ALL.into_iter().filter_map(|behaviour| {
            let found = live.behaviours.values().find(|live| live.name == behaviour.name())?;
            Some((behaviour.name(), found.id))
        });
        let running = centre.propensities().drills.iter().enumerate().map(|(place, drill)| Running {
            drill,
            afterwards: if place == 2 { Afterwards::Waits } else { Afterwards::Settled },
            improvement: None,
            topic: None,
            settled: false,
        });
        Ok(Self {
            services,
            centre,
            clock,
            agents: all(Role::Agent)?,
            leaders: all(Role::TeamLeader)?,
            specialists: all(Role::QualitySpecialist)?,
            trainer: first(Role::DrillTrainer)?,
            manager: first(Role::Manager)?,
            behaviours: behaviours.collect(),
            running: running.collect(),
        })
    }

    /// What people do in a week, before its figures come in.
    pub async fn week(&mut self, week: usize) -> anyhow::Result<()> {
        self.monday(week).await?;
        self.others(week).await?;
        self.drills(week).await
    }

    /// What happens on the Monday of a week, after the figures of the week before came in.
    async fn monday(&mut self, week: usize) -> anyhow::Result<()> {
        self.go_to(week, 0, 10)?;
        for place in 0..self.running.len() {
            self.settle(place).await?;
            self.finish_drill(place, week).await?;
            let drill = self.running[place].drill;
            if drill.selection.1 + 1 == week {
                self.running[place].improvement = Some(self.open(place).await?);
            }
            if drill.drilled.iter().map(|person| person.week).min() == Some(week) {
                self.running[place].topic = Some(self.begin_drill(place, week).await?);
            }
        }
        Ok(())
    }

    /// The drills of a week.
    async fn drills(&mut self, week: usize) -> anyhow::Result<()> {
        for place in 0..self.running.len() {
            let Running { drill, topic: Some(topic), .. } = self.running[place] else { continue };
            let scenario = scenario(drill.behaviour);
            for (nth, person) in drill.drilled.iter().filter(|person| person.week == week).enumerate() {
                self.go_to(week, person.day - week * 7, 16)?;
                let agent = self.agents[person.agent];
                // Most sit with the trainer; some practise with the simulated customer.
                if nth < 2 {
                    let kind = if nth == 0 { "good" } else { "average" };
                    self.rehearse(agent, Some(topic), scenario, &said(scenario, kind)).await?;
                }
                let held = self.services.drills.topic(&Scope::everything(), topic).await?;
                if held.trainee(agent.person).is_some_and(|trainee| trainee.drilled.is_none()) {
                    let today = self.services.drills.today().await?;
                    let by = self.trainer.by();
                    self.services.drills.mark_drilled(&by, topic, held.version, agent.person, today).await?;
                }
            }
        }
        Ok(())
    }

    /// Somebody of a team is in the middle of a rehearsal.
    pub async fn in_progress(&self, team: kernel::UnitId) -> anyhow::Result<()> {
        let lookup = self.services.people.lookup().await?;
        let today = self.services.drills.today().await?;
        let theirs = |actor: &&Actor| lookup.team_of(actor.person, today) == Some(team);
        let Some(agent) = self.agents.iter().find(theirs) else { return Ok(()) };
        let lines = said("complaint", "good");
        self.rehearse(*agent, None, "complaint", lines.get(..2).unwrap_or_default()).await
    }

    /// Plays a scenario with these sentences, as far as they go.
    async fn rehearse(
        &self,
        agent: Actor,
        topic: Option<TopicId>,
        scenario: &str,
        sentences: &[String],
    ) -> anyhow::Result<()> {
        let (drills, by) = (&self.services.drills, agent.by());
        let begin = Begin { scenario: scenario.to_owned(), lang: Lang::Zh, topic, seed: None };
        let id = drills.begin(&by, agent.person, &begin).await?;
        for (turn, text) in (0..).zip(sentences) {
            self.clock.set_time(self.clock.now().plus_seconds(SECONDS_A_TURN));
            let input = Input::Say { text: text.clone() };
            let standing = drills.take_turn(&by, agent.person, id, turn, &input).await?;
            if standing.rehearsed.state != RehearsalState::Open {
                break;
            }
        }
        Ok(())
    }

    /// What stands elsewhere at the end: one that nobody has agreed to yet, one that is overdue, one that was taken
    /// back, one that changes a process.
    async fn others(&mut self, week: usize) -> anyhow::Result<()> {
        if week + 6 == self.weeks()
            && let Some(people) = self.lacking(0).await?
        {
            let process = self.write(&people, Cause::Process, PROCESS, week, 9).await?;
            self.act(process, Act::Agree, ActDraft::default()).await?;
            let step = ActDraft {
                words: "客户等候时的提示语改由系统统一播报，座席不再自行说明。".to_owned(),
                kind: Some(StepKind::Process),
                drill: None,
                day: Some(self.services.drills.today().await?.plus(5)),
            };
            self.act(process, Act::Step, step).await?;
        }
        if week + 5 == self.weeks() {
            if let Some(people) = self.lacking(1).await? {
                let late = self.write(&people, Cause::Knowledge, LATE, week, 2).await?;
                self.act(late, Act::Agree, ActDraft::default()).await?;
            }
            if let Some(people) = self.lacking(2).await? {
                let mistaken = self.write(&people, Cause::System, MISTAKEN, week, 5).await?;
                let why = "核对后发现是转写把两个人的话合在了一起，不是短板。".to_owned();
                self.act(mistaken, Act::Withdraw, ActDraft { words: why, ..ActDraft::default() }).await?;
            }
        }
        if week + 1 == self.weeks()
            && let Some(people) = self.lacking(3).await?
        {
            self.write(&people, Cause::Attitude, FRESH, week, 5).await?;
        }
        Ok(())
    }

    fn weeks(&self) -> usize {
        self.centre.plan().weeks as usize
    }

    /// Moves the clock to an hour of a day of a week; never back.
    fn go_to(&self, week: usize, day: usize, hour: i8) -> anyhow::Result<()> {
        let days = i64::try_from(week * 7 + day)?;
        let to = at(self.centre.start().saturating_add(days.days()), hour)?;
        self.clock.set_time(self.clock.now().max(to));
        Ok(())
    }

    /// The improvement of a planted drill, agreed at once.
    async fn open(&self, place: usize) -> anyhow::Result<ImprovementId> {
        let drill = self.running[place].drill;
        let last = drill.drilled.iter().map(|person| person.week).max().unwrap_or(drill.selection.1);
        let due = self.day_of(last).plus(7 * DUE_WEEKS);
        let team = drill.members.first().map_or(0, |agent| agent / TEAM_SIZE);
        let owner = self.leaders[team % self.leaders.len()];
        let specialist = self.specialists[place % self.specialists.len()];
        let words = words(drill.behaviour);
        let draft = Draft {
            title: words.title.to_owned(),
            problem: words.problem.to_owned(),
            solution: words.solution.to_owned(),
            result: "第四周复核时，使用率高于没有练过的人，并达到目标。".to_owned(),
            cause: Cause::Attitude,
            due,
            owner: owner.person,
            supervisor: self.manager.person,
            partner: owner.person,
            behaviour: self.behaviour(drill.behaviour)?,
            people: drill.members.iter().map(|agent| self.agents[*agent].person).collect(),
            target: super::TARGET,
            worthwhile: 0.05,
            after_weeks: 4,
        };
        let improvements = &self.services.improvements;
        let id = improvements.open(&specialist.by(), &Scope::everything(), &draft).await?;
        let said = "名单和录音都发给班长了，这周先听两通，下周开练。";
        improvements.comment(&specialist.by(), &Scope::everything(), id, said).await?;
        self.act_as(self.manager, id, Act::Agree, ActDraft::default()).await?;
        Ok(id)
    }

    async fn begin_drill(&self, place: usize, week: usize) -> anyhow::Result<TopicId> {
        let Running { drill, improvement, .. } = &self.running[place];
        let improvement = improvement.context("it was opened weeks before its drill")?;
        let last = drill.drilled.iter().map(|person| person.day).max().unwrap_or(week * 7);
        let first_day = Day::of(self.centre.start().saturating_add(i64::try_from(week * 7)?.days()));
        let to = Day::of(self.centre.start().saturating_add(i64::try_from(last)?.days()));
        let draft = ActDraft {
            words: words(drill.behaviour).solution.to_owned(),
            kind: Some(StepKind::Drill),
            drill: Some(DrillDraft {
                from: first_day,
                to,
                scenario: Some(scenario(drill.behaviour).to_owned()),
            }),
            day: None,
        };
        self.act_as(self.manager, improvement, Act::Step, draft).await?;
        let card = self.services.improvements.card(&Scope::everything(), improvement).await?;
        card.topics.first().map(|topic| topic.id).context("a drill has its topic")
    }

    /// Ends a topic in the week after its last drill; the last of them is forgotten.
    async fn finish_drill(&self, place: usize, week: usize) -> anyhow::Result<()> {
        let Running { drill, topic: Some(topic), .. } = self.running[place] else { return Ok(()) };
        let last = drill.drilled.iter().map(|person| person.week).max();
        if last.map(|last| last + 1) != Some(week) || place + 1 == self.running.len() {
            return Ok(());
        }
        let version = self.services.drills.topic(&Scope::everything(), topic).await?.version;
        Ok(self.services.drills.finish_topic(&self.trainer.by(), topic, version).await?)
    }

    /// Closes, or tries again, what the agreed look has decided.
    async fn settle(&mut self, place: usize) -> anyhow::Result<()> {
        let Running { improvement: Some(id), settled: false, afterwards: Afterwards::Settled, .. } =
            self.running[place]
        else {
            return Ok(());
        };
        let card = self.services.improvements.card(&Scope::everything(), id).await?;
        let hand = self.manager.hand(true);
        let (act, why) = if card.allows(Act::Accept, hand) {
            (Act::Accept, "达到预期，谢谢各位班长，保持住。")
        } else if card.allows(Act::Again, hand) && place % 2 == 1 {
            (Act::Again, "没有看出变化，换一个场景再练一轮。")
        } else if card.allows(Act::GiveUp, hand) {
            (Act::GiveUp, "练了没有效果，问题不在会不会说，转由流程组处理。")
        } else {
            return Ok(());
        };
        self.running[place].settled = true;
        let draft = ActDraft { words: why.to_owned(), ..ActDraft::default() };
        self.act_as(self.manager, id, act, draft).await
    }

    async fn act(&self, id: ImprovementId, act: Act, draft: ActDraft) -> anyhow::Result<()> {
        self.act_as(self.manager, id, act, draft).await
    }

    async fn act_as(&self, actor: Actor, id: ImprovementId, act: Act, draft: ActDraft) -> anyhow::Result<()> {
        let improvements = &self.services.improvements;
        let (everything, hand) = (Scope::everything(), actor.hand(true));
        let version = improvements.card(&everything, id).await?.improvement.version;
        Ok(improvements.act(&actor.by(), &everything, hand, (id, version), act, &draft).await?)
    }

    /// An improvement beside the planted drills, on the people of a gap as it stands today.
    async fn write(
        &self,
        (behaviour, people): &(BehaviourId, Vec<PersonId>),
        cause: Cause,
        words: Words,
        week: usize,
        due_weeks: usize,
    ) -> anyhow::Result<ImprovementId> {
        let specialist = self.specialists[week % self.specialists.len()];
        let owner = self.leaders[week % self.leaders.len()];
        let draft = Draft {
            title: words.title.to_owned(),
            problem: words.problem.to_owned(),
            solution: words.solution.to_owned(),
            result: String::new(),
            cause,
            due: self.day_of(week + due_weeks),
            owner: owner.person,
            supervisor: self.manager.person,
            partner: owner.person,
            behaviour: *behaviour,
            people: people.clone(),
            target: super::TARGET,
            worthwhile: 0.05,
            after_weeks: 4,
        };
        Ok(self.services.improvements.open(&specialist.by(), &Scope::everything(), &draft).await?)
    }

    /// Who has the gap of some rank among those of single people; nobody in a centre too small to tell.
    async fn lacking(&self, rank: usize) -> anyhow::Result<Option<(BehaviourId, Vec<PersonId>)>> {
        let today = self.services.behaviours.today().await?;
        let gaps = self.services.behaviours.gaps(&Scope::everything(), today).await?;
        let taken: Vec<BehaviourId> =
            self.running.iter().filter_map(|running| self.behaviour(running.drill.behaviour).ok()).collect();
        let mut singles = gaps.iter().filter_map(|gap| match gap.subject {
            behaviours::api::Subject::Person(person) => Some((gap.behaviour, person)),
            _ => None,
        });
        // A behaviour that no drill is about where there is one, so that they do not mix.
        let free = singles.clone().filter(|(behaviour, _)| !taken.contains(behaviour)).nth(rank);
        Ok(free.or_else(|| singles.nth(rank)).map(|(behaviour, person)| (behaviour, vec![person])))
    }

    fn behaviour(&self, behaviour: Behaviour) -> anyhow::Result<BehaviourId> {
        self.behaviours.get(behaviour.name()).copied().context("the behaviours of the centre are live")
    }

    /// The Monday of a week.
    fn day_of(&self, week: usize) -> Day {
        let days = i64::try_from(week * 7).unwrap_or_default();
        let date: Date = self.centre.start().saturating_add(days.days());
        Day::of(date)
    }
}

/// What is said of an improvement.
#[derive(Clone, Copy)]
struct Words {
    title: &'static str,
    problem: &'static str,
    solution: &'static str,
}

const PROCESS: Words = Words {
    title: "等候提示改由系统播报",
    problem: "让客户等候前不说明原因和时长，客户以为断线，挂断后重复来电。",
    solution: "流程组调整等候键：按下后系统先播报预计等候时间。",
};
const LATE: Words = Words {
    title: "新套餐资费说不清",
    problem: "新套餐上线后，对资费的说明前后不一，客户回来追问。",
    solution: "知识库补一页对照表，班前会讲一遍，再安排一次小测。",
};
const MISTAKEN: Words = Words {
    title: "结束语漏问",
    problem: "抽听时发现结束前没有问客户还有没有别的需要。",
    solution: "先核对录音和转写，再决定练不练。",
};
const FRESH: Words = Words {
    title: "回电时间没有说定",
    problem: "答应回电但不说几点，客户守着电话等，等不到再打进来。",
    solution: "用“迟来的回电”这个场景，每人练两轮，练到能说出具体时间为止。",
};

fn words(behaviour: Behaviour) -> Words {
    let (title, problem, solution) = match behaviour {
        Behaviour::GreetingWithName => (
            "开口先报姓名",
            "接起来就问什么事，不报姓名，客户不知道在跟谁说话。",
            "班前会每人示范一遍，再用陪练练两轮。",
        ),
        Behaviour::AcknowledgeFeeling => (
            "先回应情绪再处理",
            "客户说着急、要投诉，我们直接念方案，客户的火气更大。",
            "用真实来电做案例，三人一组角色互换，练到先接住情绪再说事。",
        ),
        Behaviour::CheckUnderstanding => (
            "处理前先确认理解",
            "没有复述就动手，查错、办错，客户要说第二遍。",
            "练“用自己的话说一遍客户的问题”，每人三个场景。",
        ),
        Behaviour::ConfirmCallbackTime => (
            "回电要说定时间",
            "答应回电却不说几点，客户守着电话等。",
            "练说出具体日期、时间和由谁来回，并请客户确认。",
        ),
        Behaviour::VerifyIdentity => (
            "透露信息前先核实身份",
            "没有核实就报账户信息，有泄露风险。",
            "讲一次风险案例，再练自然的核实说法。",
        ),
        Behaviour::ClearNextStep => (
            "说清下一步",
            "挂断前没有说清接下来谁做什么、什么时候，客户只好再来问。",
            "练结尾三句话：谁、做什么、什么时候。",
        ),
        Behaviour::ClosingQuestion => (
            "结束前问还有没有别的需要",
            "事情办完就收线，客户还有第二件事没来得及说。",
            "练自然地问，不念稿。",
        ),
        Behaviour::ExplainHold => {
            ("请客户等候前说明原因和时长", "直接按等候，客户以为断线。", "练“为什么、多久、可以吗”三步。")
        }
        Behaviour::OfferAlternative => (
            "办不到时给出别的办法",
            "说完“办不了”就没有下文，客户只好投诉。",
            "每种常见的“办不了”准备两个替代方案，再练着说。",
        ),
        Behaviour::PriceBeforeConsent => (
            "先说清价格再征得同意",
            "推荐时只说好处，价格在最后一带而过，事后退订多。",
            "练先报价、再停顿、再确认。",
        ),
        Behaviour::NoForbiddenPhrases | Behaviour::NoBlame => {
            ("不说伤人的话", "着急时会说“这是您自己的问题”一类的话。", "听三通录音，找出可以换的说法，再练。")
        }
    };
    Words { title, problem, solution }
}

/// The scenario in which a behaviour is practised best.
fn scenario(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::AcknowledgeFeeling | Behaviour::NoBlame | Behaviour::NoForbiddenPhrases => "complaint",
        Behaviour::ConfirmCallbackTime => "late_callback",
        Behaviour::CheckUnderstanding => "elderly_care",
        Behaviour::PriceBeforeConsent | Behaviour::GreetingWithName => "marketing",
        Behaviour::VerifyIdentity | Behaviour::ClosingQuestion => "billing",
        Behaviour::ClearNextStep | Behaviour::ExplainHold | Behaviour::OfferAlternative => "fault",
    }
}

/// What somebody says in a conversation test of a scenario, the first of its kind.
fn said(scenario: &str, kind: &str) -> Vec<String> {
    let text = match scenario {
        "billing" => include_str!("../../../content/scenarios/billing.zh.toml"),
        "complaint" => include_str!("../../../content/scenarios/complaint.zh.toml"),
        "elderly_care" => include_str!("../../../content/scenarios/elderly_care.zh.toml"),
        "late_callback" => include_str!("../../../content/scenarios/late_callback.zh.toml"),
        "marketing" => include_str!("../../../content/scenarios/marketing.zh.toml"),
        _ => include_str!("../../../content/scenarios/fault.zh.toml"),
    };
    // The scenarios are read and checked when they are installed; one that cannot be read says nothing here.
    let Ok(read) = toml_edit::Document::parse(text) else { return Vec::new() };
    let tests = read.get("tests").and_then(toml_edit::Item::as_array_of_tables);
    let is_kind = |test: &&toml_edit::Table| test.get("kind").and_then(toml_edit::Item::as_str) == Some(kind);
    let says = tests.and_then(|tests| tests.iter().find(is_kind)?.get("says")?.as_array());
    let words = |value: &toml_edit::Value| value.as_str().map(str::to_owned);
    says.into_iter().flatten().filter_map(words).collect()
}
