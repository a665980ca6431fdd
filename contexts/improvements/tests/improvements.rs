//! From a gap to a verdict and back: through the service on both databases, and through pages on a whole server.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use audit::By;
use axum::http::{Method, StatusCode};
use behaviours::api::{BehaviourId, Behaviours};
use conversations::api::Conversations;
use drills::api::Drills;
use identity::Grant;
use improvements::{
    Improvements,
    api::{
        Act, ActDraft, Cause, CheckImprovements, Draft, DrillDraft, Hand, ImprovementError, ImprovementId,
        Outcome, State, StepKind,
    },
    verdict::Note,
};
use jobs::Runner;
use kernel::{Day, PersonId, Role, Scope, Time};
use people::api::{People, Wanted, WantedAgent};
use serde_json::json;
use store::{Ask, Db, sql};
use web::testing::TestApp;

const RULE: &str = r#"list angry = "投诉"
list sorry = "抱歉"

behaviour apologises {
  title zh "先致歉" en "Apologises first"
  note zh "客户不满时致歉。" en "Apologises to an unhappy customer."
  must first
  applies when customer says any of angry
  shown when agent says any of sorry within 2 agent turns after it
}
"#;
const EXAMPLE: &str = r#"[[example]]
lang = "zh"
name = "致歉"
expect = "shown"
turns = [["customer", "我要投诉"], ["agent", "抱歉"]]
"#;

/// Conversations of one person in one week.
const A_WEEK: i64 = 20;
/// The people of the first team; the others are not drilled.
const FIRST: usize = 8;
const ALL: usize = 40;

struct Centre {
    _folder: tempfile::TempDir,
    db: Db,
    people: People,
    conversations: Conversations,
    behaviours: Behaviours,
    drills: Drills,
    improvements: Improvements,
    behaviour: BehaviourId,
}

fn migrations() -> Vec<store::Migrations> {
    let own = [
        people::MIGRATIONS,
        conversations::MIGRATIONS,
        behaviours::MIGRATIONS,
        drills::MIGRATIONS,
        improvements::MIGRATIONS,
    ];
    [web::testing::MIGRATIONS, &own].concat()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

async fn centre_on(folder: tempfile::TempDir, db: Db) -> Centre {
    let people = People::open(&db).await.unwrap();
    let agents = (0..ALL)
        .map(|n| WantedAgent {
            number: format!("{}", 1001 + n),
            name: Some(format!("人员{n}")),
            team: Some(if n < FIRST { "投诉一组" } else { "投诉二组" }.into()),
            site: Some("北京".into()),
            since: None,
        })
        .collect();
    people.ensure_now(&By::SYSTEM, &Wanted { agents, ..Wanted::default() }).await.unwrap();
    let conversations = Conversations::new(db.clone(), people.clone(), folder.path());
    let behaviours = Behaviours::new(db.clone(), people.clone(), conversations.clone());
    let drills = Drills::new(db.clone(), people.clone(), behaviours.clone());
    let improvements = Improvements::new(db.clone(), people.clone(), behaviours.clone(), drills.clone());
    let examples = behaviours::pack::parse_examples(EXAMPLE).unwrap();
    behaviours.save_draft(&By::SYSTEM, "apologises", 0, RULE, examples, "").await.unwrap();
    behaviours.publish(&By::SYSTEM, "apologises", 1).await.unwrap();
    let behaviour = behaviours.behaviour("apologises").await.unwrap().0.id;
    let centre =
        Centre { _folder: folder, db, people, conversations, behaviours, drills, improvements, behaviour };
    centre.work().await;
    centre
}

async fn centre() -> Centre {
    let folder = tempfile::tempdir().unwrap();
    let db = store::testing::sqlite(folder.path(), &web::testing::env(), &migrations()).await.unwrap();
    centre_on(folder, db).await
}

async fn everywhere() -> (tempfile::TempDir, Vec<Centre>) {
    let folder = tempfile::tempdir().unwrap();
    let mut centres = Vec::new();
    for db in store::testing::each(folder.path(), &web::testing::env(), &migrations()).await.unwrap() {
        centres.push(centre_on(tempfile::tempdir().unwrap(), db).await);
    }
    (folder, centres)
}

/// Whoever may do everything.
const MANAGER: Hand = Hand { account: None, person: None, supervises: true };

impl Centre {
    async fn work(&self) {
        let runner = Runner::new(self.db.clone())
            .register::<behaviours::api::Reinspect>(self.behaviours.clone())
            .register::<CheckImprovements>(self.improvements.clone());
        runner.run_to_empty().await.unwrap();
    }

    fn at(&self, text: &str) {
        self.db.env().set_time(Time::parse(&format!("{text}T12:00:00+08:00")).unwrap());
    }

    async fn person(&self, n: usize) -> PersonId {
        self.people.lookup().await.unwrap().person_by_number(&(1001 + n).to_string()).unwrap()
    }

    /// What everybody did in whole weeks, from a Monday to another: the first team as often
    /// as given, the others 14 times of 20.
    async fn weeks(&self, from: &str, to: &str, first_team: i64) {
        let lookup = self.people.lookup().await.unwrap();
        let tx = self.db.bookkeeping().await.unwrap();
        let mut week = day(from);
        while week <= day(to) {
            for n in 0..ALL {
                let person = lookup.person_by_number(&(1001 + n).to_string()).unwrap();
                // Who has left talks to nobody.
                let Some(team) = lookup.team_of(person, week) else { continue };
                let usual = if n < FIRST { first_team } else { 14 };
                // Everybody a little otherwise in each week.
                let noise = (n * 7 + usize::try_from(week.0).unwrap() * 3) % 5;
                let shown = usual + i64::try_from(noise).unwrap() - 2;
                tx.exec(sql!(
                    "INSERT INTO uptake_week (week, behaviour, team, person, queue, applicable, shown) VALUES ({}, {}, {}, {}, {}, {}, {})",
                    week, self.behaviour, team, person, uuid::Uuid::nil(), A_WEEK, shown.clamp(0, A_WEEK)
                ))
                .await
                .unwrap();
            }
            week = week.plus(7);
        }
        tx.exec(sql!("UPDATE figures SET changes = changes + 1 WHERE id = 1")).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A year of 70 %, and four bad weeks of the first team up to today, 4 March 2026.
    async fn bad_weeks(&self) {
        self.weeks("2025-11-03", "2026-01-26", 14).await;
        self.weeks("2026-02-02", "2026-02-23", 10).await;
    }

    async fn draft(&self) -> Draft {
        let mut people = Vec::new();
        for n in 0..FIRST {
            people.push(self.person(n).await);
        }
        Draft {
            title: "投诉一组先致歉".into(),
            problem: "客户不满时没有先致歉。".into(),
            solution: "练两周。".into(),
            result: String::new(),
            cause: Cause::Attitude,
            due: day("2026-04-30"),
            owner: self.person(20).await,
            supervisor: self.person(21).await,
            partner: self.person(22).await,
            behaviour: self.behaviour,
            people,
            target: 0.85,
            worthwhile: 0.05,
            after_weeks: 4,
        }
    }

    async fn open(&self) -> ImprovementId {
        let draft = self.draft().await;
        self.improvements.open(&By::SYSTEM, &Scope::everything(), &draft).await.unwrap()
    }

    async fn card(&self, id: ImprovementId) -> improvements::api::Card {
        self.improvements.card(&Scope::everything(), id).await.unwrap()
    }

    async fn act(&self, id: ImprovementId, act: Act, draft: ActDraft) -> Result<(), ImprovementError> {
        let version = self.card(id).await.improvement.version;
        self.improvements.act(&By::SYSTEM, &Scope::everything(), MANAGER, (id, version), act, &draft).await
    }

    async fn state(&self, id: ImprovementId) -> State {
        self.card(id).await.improvement.state
    }

    /// Agreed, with a topic in which all of the first team were drilled on 5 March.
    async fn drilled(&self, id: ImprovementId) {
        self.act(id, Act::Agree, ActDraft::default()).await.unwrap();
        assert_eq!(self.state(id).await, State::Agreed);
        self.drilled_from(id, "2026-03-04", 1).await;
    }

    /// A drill from a day on, the topic of this number: everybody on the day after.
    async fn drilled_from(&self, id: ImprovementId, from: &str, topics: usize) {
        let (from, to) = (day(from), day(from).plus(6));
        let drill = DrillDraft { from, to, scenario: None };
        let step = ActDraft { kind: Some(StepKind::Drill), drill: Some(drill), ..ActDraft::default() };
        self.act(id, Act::Step, step).await.unwrap();
        let card = self.card(id).await;
        assert_eq!((card.improvement.state, card.topics.len()), (State::InAction, topics));
        self.at(&from.plus(1).to_string());
        let topic = card.topics.iter().max_by_key(|topic| topic.from).unwrap();
        assert_eq!(topic.people.len(), FIRST);
        let mut version = topic.version;
        for trainee in &topic.people {
            version = self
                .drills
                .mark_drilled(&By::SYSTEM, topic.id, version, trainee.person, from.plus(1))
                .await
                .unwrap();
        }
    }

    async fn app(&self) -> TestApp {
        let modules = vec![
            people::module(&self.people, Vec::new()),
            conversations::module(&self.conversations),
            behaviours::module(&self.behaviours),
            drills::module(&self.drills),
            improvements::module(&self.improvements),
        ];
        TestApp::new(self.db.clone(), self.people.directory(), web::Settings::default(), modules).await
    }
}

fn reason(words: &str) -> ActDraft {
    ActDraft { words: words.into(), ..ActDraft::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_drilled_proved_closed_and_comes_back_when_the_effect_is_gone() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        // Both share a clock.
        centre.at("2026-03-04");
        centre.bad_weeks().await;
        let id = centre.open().await;
        let opened = centre.card(id).await.improvement;
        assert_eq!(opened.state, State::Draft);
        assert_eq!(opened.measure.rule.name, "apologises");
        assert_eq!(opened.measure.baseline.applicable, 4 * 8 * 20);
        assert!((opened.measure.baseline.uptake().unwrap() - 0.5).abs() < 0.05);
        assert!(opened.measure.baseline.estimate > opened.measure.baseline.uptake().unwrap());

        centre.drilled(id).await;
        centre.improvements.read_all().await.unwrap();
        assert_eq!(centre.state(id).await, State::UnderVerification, "somebody was drilled");
        // One full week after the drill's own: a reading, but not the agreed one.
        centre.weeks("2026-03-02", "2026-03-09", 17).await;
        centre.at("2026-03-18");
        centre.improvements.read_all().await.unwrap();
        let card = centre.card(id).await;
        assert!(card.looks().find(|kept| kept.look == 1).unwrap().reading.complete);
        assert_eq!(card.outcome(), None);
        let refused = centre.act(id, Act::Accept, ActDraft::default()).await;
        assert!(matches!(refused, Err(ImprovementError::NotNow(_))), "only the agreed look closes");

        centre.weeks("2026-03-16", "2026-03-30", 17).await;
        centre.at("2026-04-08");
        centre.improvements.read_all().await.unwrap();
        assert_eq!(
            centre.improvements.read_all().await.unwrap().changed,
            0,
            "the same again changes nothing"
        );
        let card = centre.card(id).await;
        assert_eq!(card.outcome(), Some(Outcome::Worked));
        let reading = &card.agreed().unwrap().reading;
        assert!((reading.effect.unwrap() - 0.16).abs() < 0.04, "{:?}", reading.effect);
        assert!(reading.plain.change.unwrap() > 0.30, "a plain before/after claims twice as much");
        let rows = centre.improvements.rows_behind(&card.improvement, card.agreed().unwrap()).await.unwrap();
        let sum: f64 =
            rows.iter().filter_map(|row| Some(row.weight * (row.after.rate()? - row.baseline))).sum();
        assert!((sum - reading.effect.unwrap()).abs() < 1e-9, "the rows add up to the effect");
        assert!(card.entries.iter().any(|entry| entry.kind.name() == "verdict"));

        centre.act(id, Act::Accept, ActDraft::default()).await.unwrap();
        assert_eq!(centre.state(id).await, State::Closed);
        // Four weeks in which it holds change nothing; four in which nothing is left open it again.
        centre.weeks("2026-04-06", "2026-04-27", 17).await;
        centre.at("2026-05-06");
        centre.improvements.read_all().await.unwrap();
        assert_eq!(centre.state(id).await, State::Closed);
        centre.weeks("2026-05-04", "2026-05-25", 14).await;
        centre.at("2026-06-03");
        centre.improvements.read_all().await.unwrap();
        let again = centre.card(id).await.improvement;
        assert_eq!((again.state, again.round), (State::InAction, 2));
        assert_eq!(again.measure.rule, opened.measure.rule, "the rule stays frozen");
        assert!(again.due > day("2026-06-03"));
        assert_eq!(
            centre.improvements.read_all().await.unwrap().changed,
            0,
            "the same again changes nothing"
        );
        assert_eq!(centre.state(id).await, State::InAction, "the drill of the first round does not count");

        // A second drill brings it back. Measured from the weeks before the relapse, it would have brought nothing.
        centre.drilled_from(id, "2026-06-03", 2).await;
        centre.weeks("2026-06-01", "2026-06-29", 17).await;
        centre.at("2026-07-08");
        centre.improvements.read_all().await.unwrap();
        centre.improvements.read_all().await.unwrap();
        let card = centre.card(id).await;
        assert_eq!(
            (card.improvement.state, card.outcome()),
            (State::UnderVerification, Some(Outcome::Worked))
        );
        let effect = card.agreed().unwrap().reading.effect.unwrap();
        assert!((effect - 0.16).abs() < 0.04, "{effect}");
    }
}

#[tokio::test]
async fn what_comes_back_by_itself_is_no_success() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let id = centre.open().await;
    centre.drilled(id).await;
    centre.weeks("2026-03-02", "2026-03-30", 14).await;
    centre.at("2026-04-08");
    centre.improvements.read_all().await.unwrap();
    let card = centre.card(id).await;
    let reading = &card.agreed().unwrap().reading;
    assert!(reading.plain.change.unwrap() > 0.15, "they rose from the weeks that selected them");
    assert_ne!(card.outcome(), Some(Outcome::Worked), "{reading:?}");
    assert!(reading.effect.unwrap().abs() < 0.04);
    assert!(matches!(
        centre.act(id, Act::Accept, ActDraft::default()).await,
        Err(ImprovementError::NotNow(_))
    ));
    assert!(matches!(centre.act(id, Act::GiveUp, reason(" ")).await, Err(ImprovementError::Invalid(_))));
    centre.act(id, Act::GiveUp, reason("换了业务")).await.unwrap();
    let closed = centre.card(id).await.improvement;
    assert_eq!(closed.closed.unwrap().how.name(), "not_effective");
}

#[tokio::test]
async fn a_changed_rule_people_who_left_and_missing_conversations_are_said() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let id = centre.open().await;
    centre.drilled(id).await;
    let gone = centre.person(0).await;
    let version = centre.people.card(&Scope::everything(), gone).await.unwrap().person.version;
    centre.people.leave(&By::SYSTEM, gone, version, day("2026-03-06"), None).await.unwrap();
    // Nothing after the drill: the queue was closed.
    centre.at("2026-04-08");
    centre.improvements.read_all().await.unwrap();
    let card = centre.card(id).await;
    let reading = &card.agreed().unwrap().reading;
    assert_eq!(reading.outcome, Outcome::NotEnough);
    assert!(reading.notes.contains(&Note::Left { people: 1 }), "{:?}", reading.notes);
    assert!(
        reading.notes.iter().any(|note| matches!(note, Note::NoConversations | Note::Gone { .. })),
        "{:?}",
        reading.notes
    );
    // Another rule goes live: what there is is read again by the frozen one. There are no words to read here.
    centre.weeks("2026-03-02", "2026-03-30", 19).await;
    let version = centre.behaviours.behaviour("apologises").await.unwrap().0.version;
    let other = RULE.replace("\"抱歉\"", "\"抱歉\", \"对不起\"");
    let examples = behaviours::pack::parse_examples(EXAMPLE).unwrap();
    let behaviours = &centre.behaviours;
    behaviours.save_draft(&By::SYSTEM, "apologises", version, &other, examples, "").await.unwrap();
    behaviours.publish(&By::SYSTEM, "apologises", version + 1).await.unwrap();
    centre.work().await;
    let done = centre.improvements.read_all().await.unwrap();
    assert_eq!(done.waiting, 0);
    let card = centre.card(id).await;
    let reading = &card.agreed().unwrap().reading;
    assert_eq!(reading.outcome, Outcome::NotEnough, "figures of another rule make no verdict");
    assert!(reading.notes.contains(&Note::RuleChanged { conversations: 0 }), "{:?}", reading.notes);
}

#[tokio::test]
async fn what_changes_everybodys_work_is_not_compared_with_others() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let id = centre.open().await;
    centre.act(id, Act::Agree, ActDraft::default()).await.unwrap();
    let step = ActDraft {
        words: "流程改了".into(),
        kind: Some(StepKind::Process),
        day: Some(day("2026-03-05")),
        ..ActDraft::default()
    };
    centre.act(id, Act::Step, step).await.unwrap();
    assert_eq!(centre.state(id).await, State::InAction, "its day is still to come");
    centre.weeks("2026-03-02", "2026-03-30", 18).await;
    centre.at("2026-04-08");
    centre.improvements.read_all().await.unwrap();
    let card = centre.card(id).await;
    let reading = &card.agreed().unwrap().reading;
    assert!(reading.compared.is_none());
    assert_eq!(centre.state(id).await, State::UnderVerification);
    assert!(reading.notes.contains(&Note::ForEverybody));
}

#[tokio::test]
async fn what_is_overdue_goes_up_and_a_new_day_brings_it_down() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let id = centre.open().await;
    let escalation = async || centre.card(id).await.improvement.escalation;
    assert_eq!(centre.improvements.escalate().await.unwrap(), 0);
    centre.at("2026-05-01");
    assert_eq!(centre.improvements.escalate().await.unwrap(), 1);
    assert_eq!(centre.improvements.escalate().await.unwrap(), 0, "once");
    assert_eq!(escalation().await, 1);
    centre.at("2026-05-20");
    centre.improvements.escalate().await.unwrap();
    assert_eq!(escalation().await, 2);
    let told = sql!("SELECT COUNT(*) FROM outbox_event WHERE kind = {}", "improvements.escalated");
    assert_eq!(centre.db.count(told).await.unwrap(), 2);
    let draft = Draft { due: day("2026-06-30"), ..centre.draft().await };
    let version = centre.card(id).await.improvement.version;
    let everything = Scope::everything();
    centre.improvements.edit(&By::SYSTEM, &everything, id, version, &draft).await.unwrap();
    assert_eq!(escalation().await, 0);
    let late = centre.improvements.edit(&By::SYSTEM, &everything, id, version, &draft).await;
    assert!(matches!(late, Err(ImprovementError::Conflict(_))));
}

#[tokio::test]
async fn the_days_check_asks_for_the_next_and_not_for_ever() {
    let centre = centre().await;
    centre.improvements.keep_watch().await.unwrap();
    centre.improvements.keep_watch().await.unwrap();
    let waiting = sql!("SELECT COUNT(*) FROM job WHERE kind = {} AND state = 'queued'", "improvements.check");
    assert_eq!(centre.db.count(waiting.clone()).await.unwrap(), 1);
    // All waiting jobs at once, before their time: it ends.
    centre.work().await;
    assert_eq!(centre.db.count(waiting).await.unwrap(), 0);
}

#[tokio::test]
async fn operations_agree_and_the_supervisor_decides() {
    let centre = centre().await;
    let id = centre.open().await;
    let person = async |n: usize| Some(centre.person(n).await);
    let owner = Hand { account: None, person: person(20).await, supervises: false };
    let partner = Hand { person: person(22).await, ..owner };
    let act = async |hand: Hand, act: Act| {
        let version = centre.card(id).await.improvement.version;
        let everything = Scope::everything();
        centre.improvements.act(&By::SYSTEM, &everything, hand, (id, version), act, &reason("不做了")).await
    };
    assert!(matches!(act(owner, Act::Agree).await, Err(ImprovementError::NotYours)));
    act(partner, Act::Agree).await.unwrap();
    assert!(matches!(act(partner, Act::Withdraw).await, Err(ImprovementError::NotYours)));
    assert!(matches!(act(partner, Act::Agree).await, Err(ImprovementError::NotNow(_))));
    act(Hand { person: person(21).await, ..owner }, Act::Withdraw).await.unwrap();
    assert_eq!(centre.state(id).await, State::Withdrawn);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_sees_their_own_part() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let id = centre.open().await;
    centre.drilled(id).await;
    centre.weeks("2026-03-02", "2026-03-30", 17).await;
    centre.at("2026-04-08");
    centre.improvements.read_all().await.unwrap();
    let app = centre.app().await;
    let lookup = centre.people.lookup().await.unwrap();
    let team = |code: &str| lookup.unit_by_code(code).unwrap().id;
    let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let member = app.user(Role::Agent, Some(centre.person(0).await), Grant::own(Role::Agent)).await;
    let stranger = app.user(Role::Agent, Some(centre.person(30).await), Grant::own(Role::Agent)).await;
    let grant = Grant::units(Role::TeamLeader, [team("投诉二组")]);
    let other = app.user(Role::TeamLeader, None, grant).await;
    let grant = Grant::units(Role::TeamLeader, [team("投诉一组")]);
    let leader = app.user(Role::TeamLeader, None, grant).await;
    let page = format!("/improvements/{id}");
    for path in [
        "/improvements".to_owned(),
        "/improvements?view=list".to_owned(),
        "/improvements?format=csv".to_owned(),
        "/improvements/new".to_owned(),
        "/drill-board".to_owned(),
        "/".to_owned(),
        "/gaps".to_owned(),
        page.clone(),
        format!("{page}/edit"),
        format!("{page}/acts/accept"),
        format!("{page}/verdicts/4/how"),
        format!("{page}/verdicts/4/csv"),
        format!("{page}/verdicts/1/csv"),
    ] {
        let answer = app.get(Some(&manager), &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        // The others' leader finds nothing of it anywhere.
        let answer = app.get(Some(&other), &path).await;
        let is_of_one = path.starts_with(&page);
        assert_eq!(answer.status == StatusCode::NOT_FOUND, is_of_one, "{path}: {}", answer.status);
        assert!(!answer.body.contains("投诉一组先致歉"), "{path}");
    }
    let seen = app.get(Some(&manager), &page).await.body;
    for words in ["有效", "接受结论并结案", "人员0 1001", "立项，基线冻结", "怎么算出来的？"]
    {
        assert!(seen.contains(words), "{words}");
    }
    let own = app.get(Some(&member), &page).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.body.contains("人员0 1001") && !own.body.contains("人员1 1002"), "own name alone");
    assert!(!own.body.contains("/acts/"), "an agent decides nothing");
    assert_eq!(app.get(Some(&stranger), &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(Some(&leader), &page).await.status, StatusCode::OK);
    let csv = app.get(Some(&leader), &format!("{page}/verdicts/4/csv")).await.body;
    assert!(csv.contains("人员3 1004") && !csv.contains("人员30"), "names of one's own team alone");
    let how = app.get(Some(&manager), &format!("{page}/verdicts/4/how")).await.body;
    assert!(how.contains("简单对比") && how.contains("Callaway"), "{how}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_come_back_with_everything_typed_and_acts_are_versioned() {
    let centre = centre().await;
    centre.bad_weeks().await;
    let app = centre.app().await;
    let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let team = centre.people.lookup().await.unwrap().unit_by_code("投诉一组").unwrap().id;
    let gap = format!("/improvements/new?gap={}&team={team}", centre.behaviour);
    let filled = app.get(Some(&manager), &gap).await.body;
    assert!(filled.contains("低于目标 85%"), "the form tells of the gap: {filled}");
    let (owner, other) = (centre.person(20).await.to_string(), centre.person(21).await.to_string());
    let fields = |title: &'static str| {
        vec![
            ("title", title.to_owned()),
            ("problem", "<b>没有致歉</b>".to_owned()),
            ("solution", "练".to_owned()),
            ("behaviour", "apologises".to_owned()),
            ("team", team.to_string()),
            ("people", "1020\n不存在".to_owned()),
            ("cause", "attitude".to_owned()),
            ("owner", owner.clone()),
            ("supervisor", other.clone()),
            ("partner", other.clone()),
            ("due", "2026-04-30".to_owned()),
            ("target", "85".to_owned()),
            ("worthwhile", "5".to_owned()),
            ("after_weeks", "4".to_owned()),
        ]
    };
    let send = async |fields: Vec<(&'static str, String)>| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        app.post(Some(&manager), "/improvements/new", &pairs).await
    };
    let refused = send(fields("先致歉")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("没有工号或姓名是“不存在”的人"), "{}", refused.body);
    assert!(refused.body.contains("&lt;b&gt;没有致歉&lt;/b&gt;"), "typed, and escaped");
    let mut right = fields("先致歉");
    right.iter_mut().filter(|(key, _)| *key == "people").for_each(|(_, value)| *value = "1020".to_owned());
    let opened = send(right).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let page = opened.headers.get("location").unwrap().to_str().unwrap().to_owned();
    assert!(app.get(Some(&manager), &page).await.body.contains("9 人") || page.starts_with("/improvements/"));

    let api = format!("/api/v1{page}");
    let read = app.api(&manager, Method::GET, &api, None).await;
    let held: serde_json::Value = serde_json::from_str(&read.body).unwrap();
    assert_eq!(held["people"].as_array().unwrap().len(), FIRST + 1);
    let act = json!({ "version": 99, "act": "agree" });
    let stale = app.api(&manager, Method::POST, &format!("{api}/acts"), Some(&act)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    let act = json!({ "version": held["version"], "act": "agree" });
    let agreed = app.api(&manager, Method::POST, &format!("{api}/acts"), Some(&act)).await;
    assert_eq!(agreed.status, StatusCode::OK, "{}", agreed.body);
    assert!(agreed.body.contains("\"state\":\"agreed\""));
    let empty = app.post(Some(&manager), &format!("{page}/comments"), &[("comment", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = app.post(Some(&manager), &format!("{page}/comments"), &[("comment", "下周开始")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(app.get(Some(&manager), &page).await.body.contains("下周开始"));
    let listed = app.api(&manager, Method::GET, "/api/v1/improvements?state=agreed", None).await;
    assert!(listed.body.contains("先致歉"), "{}", listed.body);
}
