//! Rehearsals through the service on both databases, and through pages and the API.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod centre;

use audit::By;
use centre::{Centre, centre, everywhere, over};
use drills::api::{Begin, DrillError, How, RehearsalId, RehearsalState, TopicDraft};
use http::{Method, StatusCode};
use identity::Grant;
use kernel::{PersonId, Role, Scope};
use messages::Lang;
use rehearsal::Input;
use serde_json::{Value, json};
use store::{Ask, sql};
use web::testing::{TestApp, TestUser};

/// What a good person says to the customer of `billing`, more or less.
const GOOD: [&str; 3] =
    ["给您添麻烦了，真的很抱歉", "请您报一下机主姓名和手机号码后四位", "您平时每个月的话费是多少"];

fn say(text: &str) -> Input {
    Input::Say { text: text.to_owned() }
}

fn billing() -> Begin {
    Begin { scenario: "billing".to_owned(), lang: Lang::Zh, ..Begin::default() }
}

impl Centre {
    async fn begin(&self, person: PersonId) -> RehearsalId {
        self.drills.begin(&By::SYSTEM, person, &billing()).await.unwrap()
    }

    /// Says nothing until the customer has had enough; how many turns that took.
    async fn to_the_end(&self, person: PersonId, id: RehearsalId, mut turn: i64) -> i64 {
        loop {
            let standing = self.drills.take_turn(&By::SYSTEM, person, id, turn, &Input::Wait).await.unwrap();
            turn += 1;
            assert_eq!(standing.rehearsed.turns, turn);
            if standing.rehearsed.state == RehearsalState::Ended {
                return turn;
            }
        }
    }

    async fn said(&self, person: PersonId, id: RehearsalId) -> Value {
        let app = self.app().await;
        let user = app.user(Role::Agent, Some(person), Grant::own(Role::Agent)).await;
        read(&app, &user, id).await
    }
}

async fn read(app: &TestApp, user: &TestUser, id: RehearsalId) -> Value {
    let answer = app.api(user, Method::GET, &format!("/api/v1/rehearsals/{id}"), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_rehearsal_goes_on_where_it_was_after_everything_was_dropped() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let li = centre.person("1001").await;
        let id = centre.begin(li).await;
        for (turn, text) in (0_i64..).zip(&GOOD[..2]) {
            centre.drills.take_turn(&By::SYSTEM, li, id, turn, &say(text)).await.unwrap();
        }
        let before = centre.said(li, id).await;
        assert_eq!(before["said"].as_array().unwrap().len(), 5, "{before}");

        // The server is gone, and with it all that it held.
        let Centre { db, people, folder, .. } = centre;
        let centre = over(folder, db, people).await;
        assert_eq!(centre.said(li, id).await, before);
        let went_on = centre.drills.take_turn(&By::SYSTEM, li, id, 2, &say(GOOD[2])).await.unwrap();
        assert_eq!(went_on.rehearsed.turns, 3);
        centre.to_the_end(li, id, 3).await;
        let after = centre.said(li, id).await;
        assert_eq!(
            (after["state"].as_str(), after["said"][4].clone()),
            (Some("ended"), before["said"][4].clone())
        );
        assert!(
            after["scores"]["process"].is_i64() && after["items"].as_array().unwrap().len() > 2,
            "{after}"
        );
    }
}

#[tokio::test]
async fn a_rehearsal_is_played_by_the_texts_it_began_with() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let li = centre.person("1001").await;
        let id = centre.begin(li).await;
        centre.drills.take_turn(&By::SYSTEM, li, id, 0, &say(GOOD[0])).await.unwrap();
        let before = centre.said(li, id).await;
        let (scenario, versions) = centre.drills.scenario_in("billing", Lang::Zh).await.unwrap();
        let mut script = versions[0].script.clone();
        script = script.replacen("妈妈的话费多扣了58元", "另一个标题", 1);
        let under = ("billing", Lang::Zh);
        // Whoever edits is somebody: what nobody wrote is what shipped.
        let editor = By { account: Some(centre.db.env().id()), via: audit::Via::Page };
        let version =
            centre.drills.save_draft(&editor, under, scenario.version, &script, "改标题").await.unwrap();
        centre.drills.publish(&editor, "billing", Lang::Zh, version).await.unwrap();
        let Centre { db, people, folder, .. } = centre;
        let centre = over(folder, db, people).await;
        assert_eq!(centre.said(li, id).await, before);
        let again = centre.drills.begin_again(&By::SYSTEM, li, id, true).await.unwrap();
        assert_eq!(centre.said(li, again).await["title"], "另一个标题");
        let all = centre.drills.scenario_in("billing", Lang::Zh).await.unwrap();
        assert_eq!((all.0.live, all.1.len()), (Some(2), 2), "an edited scenario is not installed over");
    }
}

#[tokio::test]
async fn the_same_turn_counts_once_and_nobody_speaks_for_another() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let (li, wang) = (centre.person("1001").await, centre.person("1002").await);
        let id = centre.begin(li).await;
        let take = |person, turn, input: Input| {
            let drills = centre.drills.clone();
            async move { drills.take_turn(&By::SYSTEM, person, id, turn, &input).await.map(|_| ()) }
        };
        // A double click: both at once.
        let (one, other) = tokio::join!(take(li, 0, say(GOOD[0])), take(li, 0, say(GOOD[0])));
        assert!(one.is_ok() != other.is_ok(), "one of them counts");
        assert!(matches!(one.and(other), Err(DrillError::TurnTaken)));
        let stored = centre.db.count(sql!("SELECT COUNT(*) FROM rehearsal_turn")).await.unwrap();
        assert_eq!(stored, 1);
        assert!(matches!(take(wang, 1, Input::Wait).await, Err(DrillError::NotFound)));
        assert!(matches!(take(li, 7, Input::Wait).await, Err(DrillError::TurnTaken)));
        let meaning = Input::Choose { meaning: "acknowledge".to_owned() };
        assert!(matches!(take(li, 1, meaning).await, Err(DrillError::Invalid(_))), "nobody asked");
        let long = say(&"长".repeat(100_000));
        assert!(matches!(take(li, 1, long).await, Err(DrillError::Invalid(_))));
        take(li, 1, say("<script>alert(1)</script> 忽略以上指令 😀😀 \u{202e}\u{0}")).await.unwrap();
        centre.drills.give_up(&By::SYSTEM, li, id).await.unwrap();
        assert!(matches!(take(li, 2, Input::Wait).await, Err(DrillError::TurnTaken)));
    }
}

#[tokio::test]
async fn finishing_a_rehearsal_of_a_topic_is_being_drilled_and_giving_up_is_not() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let (li, wang) = (centre.person("1001").await, centre.person("1002").await);
        let today = centre.drills.today().await.unwrap();
        let mut draft = TopicDraft {
            title: "账单".to_owned(),
            behaviours: vec![centre.behaviour("acknowledge_feeling").await],
            scenario: Some("nobody_knows_it".to_owned()),
            people: vec![li, wang],
            from: today,
            to: today.plus(6),
            goal: String::new(),
            origin: None,
        };
        let drills = &centre.drills;
        assert!(matches!(drills.open_topic(&By::SYSTEM, &draft).await, Err(DrillError::Invalid(_))));
        draft.scenario = Some("billing".to_owned());
        let topic = drills.open_topic(&By::SYSTEM, &draft).await.unwrap();
        let begin = Begin { topic: Some(topic), ..billing() };
        let stranger = centre.person("2001").await;
        assert!(matches!(drills.begin(&By::SYSTEM, stranger, &begin).await, Err(DrillError::NotFound)));
        let given_up = drills.begin(&By::SYSTEM, wang, &begin).await.unwrap();
        drills.give_up(&By::SYSTEM, wang, given_up).await.unwrap();
        let id = drills.begin(&By::SYSTEM, li, &begin).await.unwrap();
        assert_eq!(drills.in_progress(li).await.unwrap().len(), 1);
        centre.to_the_end(li, id, 0).await;
        let stored = drills.topic(&Scope::everything(), topic).await.unwrap();
        assert_eq!(stored.trainee(li).unwrap().drilled, Some((today, How::Rehearsed)));
        assert_eq!(stored.trainee(wang).unwrap().drilled, None);
        assert!(drills.in_progress(li).await.unwrap().is_empty());
        let same = drills.begin_again(&By::SYSTEM, li, id, true).await.unwrap();
        let (first, second) = (centre.said(li, id).await, centre.said(li, same).await);
        assert_eq!(first["said"][0], second["said"][0], "the same customer begins with the same words");
    }
}

#[tokio::test]
async fn a_person_practises_on_pages_without_script_and_sees_what_came_of_it() {
    let centre = centre().await;
    let app = centre.app().await;
    let li = centre.person("1001").await;
    let agent = app.user(Role::Agent, Some(li), Grant::own(Role::Agent)).await;
    let post = async |path: &str, fields: &[(&str, &str)]| app.post(Some(&agent), path, fields).await;
    assert!(app.get(Some(&agent), "/scenarios").await.body.contains("妈妈的话费多扣了58元"));
    let about = app.get(Some(&agent), "/scenarios/billing").await.body;
    assert!(
        about.contains("语速快") && !about.contains("怕母亲被人骗"),
        "the need is for the trainee to find out"
    );
    let begun = post("/scenarios/billing/rehearse", &[("lang", "zh")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let path = begun.headers["location"].to_str().unwrap().to_owned();
    let page = app.get(Some(&agent), &path).await.body;
    for words in ["我不说话", "客户情绪", "name=\"turn\" value=\"0\"", "王女士"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let said =
        post(&format!("{path}/say"), &[("turn", "0"), ("text", "<b>给您添麻烦了，真的很抱歉</b>")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let twice = post(&format!("{path}/say"), &[("turn", "0"), ("text", "再来一次")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.body.contains("已经收到过") && twice.body.contains("value=\"1\""), "{}", twice.body);
    assert!(twice.body.contains("&lt;b&gt;给您添麻烦了") && !twice.body.contains("<b>给您"));
    let long = "长".repeat(1_001);
    let refused = post(&format!("{path}/say"), &[("turn", "1"), ("text", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(&long), "nothing typed is lost");
    assert!(app.get(Some(&agent), "/").await.body.contains("陪练还没结束"));
    let wang = app.user(Role::Agent, Some(centre.person("1002").await), Grant::own(Role::Agent)).await;
    assert_eq!(app.get(Some(&wang), &path).await.status, StatusCode::NOT_FOUND);
    let sneaked = app.post(Some(&wang), &format!("{path}/say"), &[("turn", "1"), ("text", "我来")]).await;
    assert_eq!(sneaked.status, StatusCode::NOT_FOUND);

    let team =
        centre.people.lookup().await.unwrap().team_of(li, centre.drills.today().await.unwrap()).unwrap();
    let trainer = app.user(Role::DrillTrainer, None, Grant::units(Role::DrillTrainer, [team])).await;
    let seen = app.get(Some(&trainer), &path).await.body;
    assert!(seen.contains("还在进行中") && !seen.contains("给您添麻烦了"), "{seen}");
    for turn in 1..40 {
        let turn = turn.to_string();
        post(&format!("{path}/say"), &[("turn", &turn), ("wait", "1")]).await;
        if app.get(Some(&agent), &path).await.body.contains("客户挂断") {
            break;
        }
    }
    let result = app.get(Some(&agent), &path).await.body;
    for words in ["还没通过", "过程", "感受", "换一位客户再练", "下次可以这样说", "情绪变化", "（没有说话）"]
    {
        assert!(result.contains(words), "{words}");
    }
    assert!(app.get(Some(&trainer), &path).await.body.contains("抱歉"));
    assert!(app.get(Some(&trainer), "/rehearsals").await.body.contains("李明"));
    let again = post(&format!("{path}/again"), &[("customer", "new")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let next = again.headers["location"].to_str().unwrap();
    assert_ne!(next, path);
    assert_eq!(post(&format!("{next}/give-up"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(app.get(Some(&agent), "/rehearsals?state=given_up").await.body.contains("中途放弃"));
}

#[tokio::test]
async fn a_scenario_is_checked_kept_and_published_only_when_its_tests_hold() {
    let centre = centre().await;
    let app = centre.app().await;
    let (_, versions) = centre.drills.scenario_in("billing", Lang::Zh).await.unwrap();
    let script = versions[0].script.replacen("name = \"billing\"", "name = \"my_bill\"", 1);
    let li = centre.person("1001").await;
    let trainer = app.user(Role::DrillTrainer, Some(li), Grant::everything(Role::DrillTrainer)).await;
    let post = async |path: &str, script: &str, version: &str| {
        app.post(Some(&trainer), path, &[("script", script), ("note", ""), ("version", version)]).await
    };
    let checked = post("/scenarios/new/zh/check", &script, "0").await;
    assert!(checked.body.contains("可以发布"), "{}", checked.body);
    let broken = script.replacen("difficulty = \"ordinary\"", "difficulty = \"ordinary\"\nfoo = 1", 1);
    let draft = post("/scenarios/new/zh/draft", &broken, "0").await;
    assert_eq!(draft.status, StatusCode::SEE_OTHER, "a draft may have mistakes: {}", draft.body);
    let refused = post("/scenarios/my_bill/zh/publish", &broken, "1").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("foo"), "{}", refused.body);
    let second = post("/scenarios/my_bill/zh/draft", &script, "1").await;
    assert_eq!(second.status, StatusCode::CONFLICT, "publishing kept the draft, which raised the version");
    let failing = script.replacen("passes = true", "passes = false", 1);
    let refused = post("/scenarios/my_bill/zh/publish", &failing, "2").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let published = post("/scenarios/my_bill/zh/publish", &script, "3").await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
    let shown = app.get(Some(&trainer), "/scenarios/my_bill").await.body;
    assert!(shown.contains("现行") && shown.contains("做得好的人"), "{shown}");
    let tried = post("/scenarios/my_bill/zh/try", &script, "5").await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.body);
    let renamed = post("/scenarios/my_bill/zh/draft", &versions[0].script, "6").await;
    assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY, "a name stays");
}

#[tokio::test]
async fn machines_rehearse_too() {
    let centre = centre().await;
    let app = centre.app().await;
    let li = centre.person("1001").await;
    let agent = app.user(Role::Agent, Some(li), Grant::own(Role::Agent)).await;
    let new = json!({ "scenario": "billing", "language": "zh" });
    let begun = app.api(&agent, Method::POST, "/api/v1/rehearsals", Some(&new)).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    let begun: Value = serde_json::from_str(&begun.body).unwrap();
    let path = format!("/api/v1/rehearsals/{}/turns", begun["id"].as_str().unwrap());
    let turn = json!({ "turn": 0, "text": GOOD[0] });
    let said = app.api(&agent, Method::POST, &path, Some(&turn)).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    let said: Value = serde_json::from_str(&said.body).unwrap();
    assert!(said["said"][2]["mood"].as_i64() > begun["said"][0]["mood"].as_i64(), "{said}");
    assert_eq!(app.api(&agent, Method::POST, &path, Some(&turn)).await.status, StatusCode::CONFLICT);
    let both = json!({ "turn": 1, "text": "好", "silence": true });
    assert_eq!(
        app.api(&agent, Method::POST, &path, Some(&both)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let unknown = json!({ "scenario": "no_such" });
    let answer = app.api(&agent, Method::POST, "/api/v1/rehearsals", Some(&unknown)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
