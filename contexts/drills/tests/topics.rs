//! Topics, and who was drilled, through the service on both databases and through pages and the API.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod centre;

use audit::By;
use centre::{Centre, centre, everywhere};
use drills::api::{DrillError, How, Origin, TopicDraft, TopicFilter, TopicState};
use http::{Method, StatusCode};
use identity::Grant;
use kernel::{Role, Scope};
use serde_json::{Value, json};

impl Centre {
    /// 李明 and 王芳 of one team, on one behaviour, for two weeks from today.
    async fn draft(&self) -> TopicDraft {
        let today = self.drills.today().await.unwrap();
        TopicDraft {
            title: " 先致歉 ".to_owned(),
            behaviours: vec![self.behaviour("acknowledge_feeling").await],
            scenario: None,
            people: vec![self.person("1001").await, self.person("1002").await],
            from: today,
            to: today.plus(13),
            goal: "客户着急时先回应情绪".to_owned(),
            origin: Origin::new("improvement:7"),
        }
    }
}

#[tokio::test]
async fn a_topic_says_who_was_drilled_on_what_and_when() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let drills = &centre.drills;
        let draft = centre.draft().await;
        let (today, behaviour) = (draft.from, draft.behaviours[0]);
        let id = drills.open_topic(&By::SYSTEM, &draft).await.unwrap();
        let all = drills.topics_of(&Origin::new("improvement:7").unwrap()).await.unwrap();
        assert_eq!((all.len(), all[0].title.as_str(), all[0].state), (1, "先致歉", TopicState::Running));
        assert!(drills.topics_of(&Origin::new("improvement:8").unwrap()).await.unwrap().is_empty());
        assert!(drills.drilled(&[behaviour]).await.unwrap().is_empty());
        assert_eq!(drills.due(draft.people[0]).await.unwrap().len(), 1);

        let [li, wang] = [draft.people[0], draft.people[1]];
        assert_eq!(drills.mark_drilled(&By::SYSTEM, id, 1, li, today).await.unwrap(), 2);
        assert_eq!(drills.mark_drilled(&By::SYSTEM, id, 2, wang, today.plus(-3)).await.unwrap(), 3);
        let drilled = drills.drilled(&[behaviour]).await.unwrap();
        let told: Vec<_> = drilled.iter().map(|one| (one.person, one.day, one.topic)).collect();
        assert_eq!(told, [(wang, today.plus(-3), id), (li, today, id)], "the first day first");
        assert_eq!(drilled[0].origin, draft.origin);
        assert!(drills.due(li).await.unwrap().is_empty());
        let topic = drills.topic(&Scope::everything(), id).await.unwrap();
        assert_eq!(topic.drilled(), 2);
        assert_eq!(topic.trainee(li).unwrap().drilled, Some((today, How::Attended)));

        assert_eq!(drills.unmark_drilled(&By::SYSTEM, id, 3, wang).await.unwrap(), 4);
        assert_eq!(drills.drilled(&[behaviour]).await.unwrap().len(), 1);
        drills.cancel_topic(&By::SYSTEM, id, 4).await.unwrap();
        assert_eq!(
            drills.drilled(&[behaviour]).await.unwrap().len(),
            1,
            "who was drilled by then was drilled"
        );
        assert!(matches!(drills.finish_topic(&By::SYSTEM, id, 5).await, Err(DrillError::Over)));
    }
}

#[tokio::test]
async fn a_change_that_comes_second_or_makes_no_sense_is_refused() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let drills = &centre.drills;
        let mut draft = centre.draft().await;
        let id = drills.open_topic(&By::SYSTEM, &draft).await.unwrap();
        let [li, wang] = [draft.people[0], draft.people[1]];
        let stranger = centre.person("2001").await;
        let mark = |version, person, day| drills.mark_drilled(&By::SYSTEM, id, version, person, day);
        assert!(matches!(mark(9, li, draft.from).await, Err(DrillError::Conflict(_))));
        assert!(matches!(mark(1, stranger, draft.from).await, Err(DrillError::NotFound)));
        assert!(matches!(mark(1, li, draft.from.plus(1)).await, Err(DrillError::Invalid(_))));
        mark(1, li, draft.from).await.unwrap();

        draft.people = vec![stranger];
        draft.behaviours = vec![centre.behaviour("no_blame").await];
        assert!(matches!(drills.edit_topic(&By::SYSTEM, id, 1, &draft).await, Err(DrillError::Conflict(_))));
        drills.edit_topic(&By::SYSTEM, id, 2, &draft).await.unwrap();
        let topic = drills.topic(&Scope::everything(), id).await.unwrap();
        assert!(topic.trainee(li).is_some(), "who was drilled stays");
        assert!(topic.trainee(wang).is_none() && topic.trainee(stranger).is_some());
        assert_eq!(topic.behaviours, draft.behaviours);

        draft.title = String::new();
        draft.to = draft.from.plus(-1);
        let Err(DrillError::Invalid(wrong)) = drills.open_topic(&By::SYSTEM, &draft).await else { panic!() };
        assert_eq!(wrong.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["title", "to"]);
    }
}

#[tokio::test]
async fn each_sees_the_people_they_may_see() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        let mut draft = centre.draft().await;
        let other = centre.person("2001").await;
        draft.people.push(other);
        let id = centre.drills.open_topic(&By::SYSTEM, &draft).await.unwrap();
        let lookup = centre.people.lookup().await.unwrap();
        let team = lookup.team_of(draft.people[0], draft.from).unwrap();
        let seen = |scope: Scope| {
            let drills = centre.drills.clone();
            async move {
                let topics = drills.topics(&scope, &TopicFilter::default()).await.unwrap();
                topics.first().map(|topic| (topic.people.len(), topic.hidden))
            }
        };
        assert_eq!(seen(Scope::everything()).await, Some((3, 0)));
        assert_eq!(seen(Scope::units([team].into())).await, Some((2, 1)));
        assert_eq!(seen(Scope::own(other)).await, Some((1, 2)));
        assert_eq!(seen(Scope::own(centre.person("2002").await)).await, None);
        assert!(matches!(centre.drills.topic(&Scope::nothing(), id).await, Err(DrillError::NotFound)));
    }
}

#[tokio::test]
async fn a_leader_opens_marks_and_finishes_a_topic_of_their_team_alone() {
    let centre = centre().await;
    let app = centre.app().await;
    let lookup = centre.people.lookup().await.unwrap();
    let today = centre.drills.today().await.unwrap();
    let li = centre.person("1001").await;
    let team = lookup.team_of(li, today).unwrap();
    let leader = app.user(Role::TeamLeader, None, Grant::units(Role::TeamLeader, [team])).await;
    let form = |people: &'static str| {
        [
            ("title", "<b>先致歉</b>".to_owned()),
            ("people", people.to_owned()),
            ("behaviours", "acknowledge_feeling".to_owned()),
            ("from", today.to_string()),
            ("to", today.plus(6).to_string()),
        ]
    };
    let post = async |path: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.post(Some(&leader), path, &fields).await
    };
    let refused = post("/drills/new", &form("1001 2001 无此人")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("2001、无此人"), "whom one does not train is as unknown as nobody");
    assert!(refused.body.contains("&lt;b&gt;先致歉"), "nothing typed is lost, and none of it is markup");
    let opened = post("/drills/new", &form("1001、王芳")).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let path = opened.headers["location"].to_str().unwrap().to_owned();
    let page = app.get(Some(&leader), &path).await;
    for words in ["已练 0 / 2 人", "李明 1001", "王芳 1002", "&lt;b&gt;先致歉"] {
        assert!(page.body.contains(words), "{words}");
    }
    let version = |n: i64| ("version", n.to_string());
    let drilled = [version(1), ("person", li.to_string()), ("day", today.to_string())];
    assert_eq!(post(&format!("{path}/drilled"), &drilled).await.status, StatusCode::SEE_OTHER);
    assert_eq!(post(&format!("{path}/drilled"), &drilled).await.status, StatusCode::CONFLICT, "sent twice");
    let agent = app.user(Role::Agent, Some(li), Grant::own(Role::Agent)).await;
    let own = app.get(Some(&agent), &path).await;
    assert!(own.body.contains("李明 1001") && !own.body.contains("王芳"), "{}", own.body);
    let other = app.user(Role::Agent, Some(centre.person("2001").await), Grant::own(Role::Agent)).await;
    assert_eq!(app.get(Some(&other), &path).await.status, StatusCode::NOT_FOUND);
    assert!(!app.get(Some(&other), "/drills").await.body.contains("先致歉"));
    let wang = app.user(Role::Agent, Some(centre.person("1002").await), Grant::own(Role::Agent)).await;
    assert!(app.get(Some(&wang), "/").await.body.contains("要练：&lt;b&gt;先致歉"));
    assert_eq!(post(&format!("{path}/done"), &[version(2)]).await.status, StatusCode::SEE_OTHER);
    assert!(app.get(Some(&leader), "/drills?state=done").await.body.contains("已完成"));
}

#[tokio::test]
async fn machines_open_topics_and_ask_who_was_drilled() {
    let centre = centre().await;
    let app = centre.app().await;
    let today = centre.drills.today().await.unwrap();
    let (li, zhao) = (centre.person("1001").await, centre.person("2001").await);
    let team = centre.people.lookup().await.unwrap().team_of(li, today).unwrap();
    let leader = app.user(Role::TeamLeader, None, Grant::units(Role::TeamLeader, [team])).await;
    let new = |people: Vec<_>| {
        json!({ "title": "先致歉", "behaviours": ["acknowledge_feeling"], "people": people,
            "from": today, "to": today.plus(6) })
    };
    let refused = app.api(&leader, Method::POST, "/api/v1/drills", Some(&new(vec![li, zhao]))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let opened = app.api(&leader, Method::POST, "/api/v1/drills", Some(&new(vec![li]))).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let topic: Value = serde_json::from_str(&opened.body).unwrap();
    assert_eq!(topic["state"], "running");
    let id = topic["id"].as_str().unwrap().parse().unwrap();
    centre.drills.mark_drilled(&By::SYSTEM, id, 1, li, today).await.unwrap();
    let asked = "/api/v1/drilled?behaviour=acknowledge_feeling";
    let told: Value = serde_json::from_str(&app.api(&leader, Method::GET, asked, None).await.body).unwrap();
    assert_eq!(told["items"][0]["person"], json!(li));
    let other = app.user(Role::Agent, Some(zhao), Grant::own(Role::Agent)).await;
    assert_eq!(app.api(&other, Method::GET, asked, None).await.body, r#"{"items":[]}"#);
    let path = format!("/api/v1/drills/{id}");
    assert_eq!(app.api(&other, Method::GET, &path, None).await.status, StatusCode::NOT_FOUND);
    let listed = app.api(&leader, Method::GET, "/api/v1/drills?state=running", None).await;
    assert!(listed.body.contains("先致歉"), "{}", listed.body);
}
