//! From conversations to uptake, gaps and pages, on both databases and on a whole server.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::ops::ControlFlow;

use audit::By;
use axum::http::{Method, StatusCode};
use behaviours::{
    Behaviours,
    api::{InspectConversations, Measured, MeasuredBy, Reinspect, RuleError, Subject, TARGET_DEFAULT},
    observation::store::recount,
    uptake::{self, Slice, UptakeRow, Window},
};
use conversations::api::{
    BatchKind, CONVERSATIONS_IMPORTED, Conversations, ConversationsImported, ImportOptions, ImportRequest,
};
use identity::Grant;
use jobs::Runner;
use kernel::{Day, Role, Scope};
use messages::Text;
use people::api::{People, Wanted, WantedAgent};
use serde_json::json;
use store::{Ask, Db, sql};
use web::testing::{TestAnswer, TestApp};

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

struct Centre {
    _folder: tempfile::TempDir,
    db: Db,
    people: People,
    conversations: Conversations,
    behaviours: Behaviours,
}

fn migrations() -> Vec<store::Migrations> {
    let own = [people::MIGRATIONS, conversations::MIGRATIONS, behaviours::MIGRATIONS];
    [web::testing::MIGRATIONS, &own].concat()
}

/// Three agents in two teams; one behaviour, live.
async fn centre_on(folder: tempfile::TempDir, db: Db) -> Centre {
    let people = People::open(&db).await.unwrap();
    let agent = |number: &str, name: &str, team: &str| WantedAgent {
        number: number.into(),
        name: Some(name.into()),
        team: Some(team.into()),
        site: Some("北京".into()),
        since: None,
    };
    let agents = vec![
        agent("1001", "李明", "投诉一组"),
        agent("1002", "王芳", "投诉一组"),
        agent("2001", "赵强", "营销组"),
    ];
    people.ensure_now(&By::SYSTEM, &Wanted { agents, ..Wanted::default() }).await.unwrap();
    let conversations = Conversations::new(db.clone(), people.clone(), folder.path());
    let behaviours = Behaviours::new(db.clone(), people.clone(), conversations.clone());
    let centre = Centre { _folder: folder, db, people, conversations, behaviours };
    centre.publish(RULE, 0).await;
    centre
}

async fn centre() -> Centre {
    let folder = tempfile::tempdir().unwrap();
    let db = store::testing::sqlite(folder.path(), &web::testing::env(), &migrations()).await.unwrap();
    centre_on(folder, db).await
}

/// A conversation of February 2026 in which the customer is unhappy, and the agent says these words.
fn line(n: usize, agent: &str, words: &str) -> String {
    format!(
        "{{\"id\":\"c{n}\",\"source\":\"test\",\"started_at\":\"2026-02-{:02}T09:00:00+08:00\",\"agent\":\"{agent}\",\"site\":\"北京\",\"queue\":\"宽带\",\"turns\":[{{\"role\":\"customer\",\"text\":\"我要投诉\"}},{{\"role\":\"agent\",\"text\":\"{words}\"}}]}}\n",
        n % 26 + 2
    )
}

/// 1001 shows it in 10 of 30, 1002 in 28 of 30, 2001 in 0 of 8 (and says “对不起” in 3 of them).
fn february() -> String {
    let words = |n: usize, shown: usize| if n < shown { "抱歉" } else { "请稍等" };
    let one = (0..30).map(|n| line(n, "1001", words(n, 10)));
    let two = (0..30).map(|n| line(100 + n, "1002", words(n, 28)));
    let three = (0..8).map(|n| line(200 + n, "2001", if n < 3 { "对不起" } else { "请稍等" }));
    one.chain(two).chain(three).collect()
}

impl Centre {
    async fn publish(&self, rule: &str, version: i64) {
        let examples = behaviours::pack::parse_examples(EXAMPLE).unwrap();
        self.behaviours.save_draft(&By::SYSTEM, "apologises", version, rule, examples, "").await.unwrap();
        self.behaviours.publish(&By::SYSTEM, "apologises", version + 1).await.unwrap();
    }

    async fn import(&self, file: &str) {
        let request = ImportRequest {
            kind: BatchKind::Command,
            name: format!("{}.jsonl", file.len()),
            bytes_total: None,
            options: ImportOptions::default(),
            resume: None,
        };
        let reader = std::io::Cursor::new(file.as_bytes().to_vec());
        let batch = self
            .conversations
            .import_stream(&By::COMMAND, reader, request, |_| ControlFlow::Continue(()))
            .await;
        assert_eq!(batch.unwrap().counts.rejected, 0);
        self.work().await;
    }

    async fn work(&self) {
        let runner = Runner::new(self.db.clone())
            .register::<InspectConversations>(self.behaviours.clone())
            .register::<Reinspect>(self.behaviours.clone())
            .subscribe_as("behaviours", CONVERSATIONS_IMPORTED, |event, tx| {
                Box::pin(async move {
                    let news: ConversationsImported = event.payload()?;
                    jobs::enqueue(tx, &InspectConversations { ids: news.ids }, &Text::verbatim("质检"))
                        .await?;
                    Ok(())
                })
            });
        runner.run_to_empty().await.unwrap();
    }

    /// Shown and applicable of one person over the trailing four weeks.
    async fn counts(&self, number: &str) -> (u64, u64) {
        let person = self.people.lookup().await.unwrap().person_by_number(number).unwrap();
        let mut slice = Slice::new(Scope::everything(), self.behaviours.trailing(4).await.unwrap());
        slice.person = Some(person);
        let sums = self.behaviours.weekly(&slice, uptake::By::Person).await.unwrap();
        sums.iter().fold((0, 0), |(shown, all), sum| (shown + sum.shown, all + sum.applicable))
    }

    async fn app(&self) -> TestApp {
        let modules = vec![
            people::module(&self.people, Vec::new()),
            conversations::module(&self.conversations),
            behaviours::module(&self.behaviours),
        ];
        TestApp::new(self.db.clone(), self.people.directory(), web::Settings::default(), modules).await
    }
}

/// One centre on each database; the folder holds a database and must outlive them.
async fn everywhere() -> (tempfile::TempDir, Vec<Centre>) {
    let folder = tempfile::tempdir().unwrap();
    let mut centres = Vec::new();
    for db in store::testing::each(folder.path(), &web::testing::env(), &migrations()).await.unwrap() {
        centres.push(centre_on(tempfile::tempdir().unwrap(), db).await);
    }
    (folder, centres)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roll_up_follows_imports_new_content_and_new_rules() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        centre.import(&february()).await;
        assert_eq!(centre.db.count(sql!("SELECT COUNT(*) FROM observation")).await.unwrap(), 68);
        assert_eq!(centre.counts("1001").await, (10, 30));
        assert_eq!(centre.counts("1002").await, (28, 30));
        assert_eq!(centre.counts("2001").await, (0, 8));
        assert!(recount(&centre.db).await.unwrap().is_empty());

        centre.import(&february()).await;
        assert_eq!(centre.counts("1001").await, (10, 30), "the same again");
        // The first conversation of 1001 comes again with other words.
        centre.import(&line(0, "1001", "请稍等")).await;
        assert_eq!(centre.counts("1001").await, (9, 30));
        assert!(recount(&centre.db).await.unwrap().is_empty());

        let version = centre.behaviours.behaviour("apologises").await.unwrap().0.version;
        centre.publish(&RULE.replace("\"抱歉\"", "\"抱歉\", \"对不起\""), version).await;
        centre.work().await;
        assert_eq!(centre.counts("2001").await, (3, 8));
        assert_eq!(centre.counts("1001").await, (9, 30));
        assert!(recount(&centre.db).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_measure_stays_what_it_was_when_the_rule_changes() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        centre.import(&february()).await;
        let service = &centre.behaviours;
        let (found, _) = service.behaviour("apologises").await.unwrap();
        let frozen = service.freeze(found.id).await.unwrap();
        let kept = serde_json::to_string(&frozen).unwrap();
        let window = service.trailing(4).await.unwrap();
        let before = service.counts_by_person_and_week(&frozen, window).await.unwrap();
        assert_eq!(before.by, MeasuredBy::LiveRule);
        let total = |measured: &Measured| {
            measured
                .counts
                .iter()
                .fold((0, 0), |(shown, all), of| (shown + of.counts.shown(), all + of.counts.applicable()))
        };
        assert_eq!(total(&before), (38, 68));

        let wider = RULE.replace("\"抱歉\"", "\"抱歉\", \"对不起\"");
        centre.publish(&wider, found.version).await;
        // The new rule set has not been over the conversations yet: its own measure waits for that.
        let newer = service.freeze(found.id).await.unwrap();
        let early = service.counts_by_person_and_week(&newer, window).await;
        assert!(matches!(early, Err(RuleError::Reinspecting)), "{early:?}");
        centre.work().await;
        assert_eq!(total(&service.counts_by_person_and_week(&newer, window).await.unwrap()), (41, 68));
        let after =
            service.counts_by_person_and_week(&serde_json::from_str(&kept).unwrap(), window).await.unwrap();
        assert_eq!(after.counts, before.counts, "as it was when it was frozen");
        assert_eq!(after.by, MeasuredBy::FrozenRule { conversations: 68 });

        // What is put back is live again, under a new number.
        let (found, _) = service.behaviour("apologises").await.unwrap();
        centre.publish(RULE, found.version).await;
        centre.work().await;
        let back = service.counts_by_person_and_week(&frozen, window).await.unwrap();
        assert_eq!(back, before);
        let unknown = behaviours::api::BehaviourId(centre.db.env().id());
        assert!(matches!(service.freeze(unknown).await, Err(RuleError::Unknown(_))));
    }
}

#[tokio::test]
async fn a_newer_shipped_text_replaces_an_older_one_that_nobody_edited() {
    let centre = centre().await;
    let service = &centre.behaviours;
    service.install().await.unwrap();
    let live = async |name: &str| {
        let (found, versions) = service.behaviour(name).await.unwrap();
        let live = versions.into_iter().find(|version| Some(version.n) == found.live).unwrap();
        (found.title, live.n, live.rule_text, live.author)
    };
    let (untouched, edited) = ("greeting_with_name", "closing_question");
    let (title, _, shipped, _) = live(untouched).await;
    let ours = format!("# ours\n{}", live(edited).await.2);
    let (found, _) = service.behaviour(edited).await.unwrap();
    let editor = By { account: Some(centre.db.env().id()), ..By::SYSTEM };
    service.save_draft(&editor, edited, found.version, &ours, Vec::new(), "ours").await.unwrap();
    service.publish(&editor, edited, found.version + 1).await.unwrap();
    // As an installation of an earlier release has it.
    let tx = centre.db.bookkeeping().await.unwrap();
    tx.exec(sql!("UPDATE behaviour_version SET rule_text = {} WHERE behaviour IN (SELECT id FROM behaviour WHERE name = {})", "# older", untouched)).await.unwrap();
    tx.exec(sql!("UPDATE behaviour SET title_zh = {} WHERE name = {}", "旧名", untouched)).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..2 {
        service.install().await.unwrap();
        assert_eq!(live(untouched).await, (title.clone(), 2, shipped.clone(), None));
        let (_, versions) = service.behaviour(untouched).await.unwrap();
        assert_eq!(versions[1].rule_text, "# older", "what was measured by stays readable");
        assert_eq!((live(edited).await.1, live(edited).await.2), (2, ours.clone()));
    }
}

#[tokio::test]
async fn counts_of_days_become_counts_of_weeks() {
    let folder = tempfile::tempdir().unwrap();
    let first = &behaviours::MIGRATIONS.steps[..1];
    let before = [store::MIGRATIONS, store::Migrations { steps: first, ..behaviours::MIGRATIONS }];
    for db in store::testing::each(folder.path(), &web::testing::env(), &before).await.unwrap() {
        let day = |text: &str| Day::parse(text).unwrap();
        let (behaviour, person): (uuid::Uuid, uuid::Uuid) = (db.env().id(), db.env().id());
        let tx = db.bookkeeping().await.unwrap();
        for (at, applicable, shown) in [("2026-02-22", 1, 1), ("2026-02-23", 2, 1), ("2026-03-01", 4, 0)] {
            tx.exec(sql!(
                "INSERT INTO uptake_day (behaviour, day, team, person, queue, applicable, shown) VALUES ({}, {}, {}, {}, {}, {}, {})",
                behaviour, day(at), uuid::Uuid::nil(), person, uuid::Uuid::nil(), applicable, shown
            ))
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(&[store::MIGRATIONS, behaviours::MIGRATIONS]).await.unwrap();
        let window = Window { from: day("2026-02-16"), to: day("2026-03-01") };
        let slice = Slice::new(Scope::everything(), window);
        let sums = uptake::store::weekly(&db, &slice, uptake::By::Person).await.unwrap();
        let found: Vec<_> =
            sums.iter().map(|sum| (sum.week, sum.subject, sum.shown, sum.applicable)).collect();
        assert_eq!(found, [(Some(day("2026-02-16")), person, 1, 1), (Some(day("2026-02-23")), person, 1, 6)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_and_the_gaps_are_what_one_counts_by_hand() {
    let (_folder, centres) = everywhere().await;
    for centre in centres {
        centre.import(&february()).await;
        let window = centre.behaviours.trailing(4).await.unwrap();
        assert_eq!(
            window,
            Window { from: Day::parse("2026-02-02").unwrap(), to: Day::parse("2026-03-01").unwrap() }
        );
        let lookup = centre.people.lookup().await.unwrap();
        let map = centre
            .behaviours
            .uptake_map(&Slice::new(Scope::everything(), window), uptake::By::Person)
            .await
            .unwrap();
        let cell = |number: &str| {
            let subject = Subject::Person(lookup.person_by_number(number).unwrap());
            let row: &UptakeRow = map.rows.iter().find(|row| row.subject == subject).unwrap();
            row.cells[0].unwrap()
        };
        assert!((cell("1001").uptake - 10.0 / 30.0).abs() < 1e-12);
        // Wilson (1927) for 10 of 30: 0.1923 to 0.5122.
        assert!((cell("1001").low - 0.1923).abs() < 5e-4 && (cell("1001").high - 0.5122).abs() < 5e-4);
        assert!(cell("2001").small && !cell("1002").small);
        assert_eq!((map.total[0].unwrap().shown, map.total[0].unwrap().applicable), (38, 68));

        let today = centre.behaviours.today().await.unwrap();
        let gaps = centre.behaviours.gaps(&Scope::everything(), today).await.unwrap();
        let found: Vec<(Subject, u64, u64)> =
            gaps.iter().map(|gap| (gap.subject, gap.shown, gap.applicable)).collect();
        let person = Subject::Person(lookup.person_by_number("1001").unwrap());
        let team = Subject::Team(lookup.unit_by_code("投诉一组").unwrap().id);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&(person, 10, 30)) && found.contains(&(team, 38, 60)), "{found:?}");
        for gap in gaps.iter() {
            assert!(
                (gap.impact - (TARGET_DEFAULT - gap.estimate) * gap.applicable as f64 / 4.0).abs() < 1e-9
            );
            assert!(gap.q <= 0.05);
        }
        // An agent has their own gap, not the team's; a leader of the other team has neither.
        let own = Scope::own(lookup.person_by_number("1001").unwrap());
        let seen = centre.behaviours.gaps(&own, today).await.unwrap();
        assert_eq!(seen.iter().map(|gap| gap.subject).collect::<Vec<_>>(), [person]);
        let other = Scope::units([lookup.unit_by_code("营销组").unwrap().id].into());
        assert!(centre.behaviours.gaps(&other, today).await.unwrap().is_empty());
    }
}

/// The address in the page that leads to conversations where a behaviour was missed.
fn missed_link(answer: &TestAnswer) -> String {
    let begin = answer.body.find("/conversations?").unwrap();
    let link = answer.body[begin..].split('"').next().unwrap();
    link.replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_sees_their_own_part() {
    let centre = centre().await;
    centre.import(&february()).await;
    let app = centre.app().await;
    let lookup = centre.people.lookup().await.unwrap();
    let (li, team) = (lookup.person_by_number("1001").unwrap(), lookup.unit_by_code("营销组").unwrap().id);
    let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let agent = app.user(Role::Agent, Some(li), Grant::own(Role::Agent)).await;
    let leader = app.user(Role::TeamLeader, None, Grant::units(Role::TeamLeader, [team])).await;

    let page = app.get(Some(&manager), "/uptake").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for word in ["李明", "王芳", "赵强", "先致歉", "33%", "n=30", "55.9%"] {
        assert!(page.body.contains(word), "{word}");
    }
    let page = app.get(Some(&agent), "/uptake").await;
    assert!(page.body.contains("李明") && !page.body.contains("王芳"));
    let page = app.get(Some(&leader), "/uptake?by=team").await;
    assert!(page.body.contains("营销组") && !page.body.contains("投诉一组"));
    assert!(app.get(Some(&leader), "/gaps").await.body.contains("没有能确定的短板"));

    let page = app.get(Some(&agent), "/gaps").await;
    assert!(page.body.contains("李明") && page.body.contains("33.3%"), "{}", page.body);
    let behind = app.get(Some(&agent), &missed_link(&page)).await;
    assert_eq!(behind.status, StatusCode::OK, "{}", behind.body);
    assert!(behind.body.contains("没做到“先致歉”的会话"), "{}", behind.body);
    // The 20 missed ones and no other.
    let rows = behind.body.matches("data-row-link").count();
    assert_eq!(rows, 20);
    let today = app.get(Some(&agent), "/").await;
    assert!(today.body.contains("我最值得练的：先致歉"), "{}", today.body);

    let csv = app.get(Some(&manager), "/uptake?format=csv").await;
    assert!(csv.body.contains("李明") && csv.body.contains("30"), "{}", csv.body);
    let sheet = app.get(Some(&manager), "/gaps?format=csv").await;
    assert!(sheet.body.contains("李明") && sheet.body.contains("投诉一组"), "{}", sheet.body);

    let api = app.api(&manager, Method::GET, "/api/v1/uptake?by=person", None).await;
    let body: serde_json::Value = serde_json::from_str(&api.body).unwrap();
    assert_eq!(body["items"].as_array().unwrap().len(), 3);
    let api = app.api(&agent, Method::GET, "/api/v1/gaps", None).await;
    let body: serde_json::Value = serde_json::from_str(&api.body).unwrap();
    assert_eq!(body["items"][0]["applicable"], json!(30));
    let api = app.api(&agent, Method::GET, "/api/v1/uptake?by=team", None).await;
    assert_eq!(api.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_goes_live_when_its_examples_pass_and_nothing_typed_is_lost() {
    let centre = centre().await;
    centre.import(&february()).await;
    let app = centre.app().await;
    let editor = app.user(Role::QualitySpecialist, None, Grant::everything(Role::QualitySpecialist)).await;
    let failing = EXAMPLE.replace("\"shown\"", "\"not_shown\"");
    let version = centre.behaviours.behaviour("apologises").await.unwrap().0.version.to_string();
    let fields = |rule: &'static str, version: &str, examples: &str| {
        [
            ("rule", rule.to_owned()),
            ("version", version.to_owned()),
            ("examples", examples.to_owned()),
            ("note", "改".to_owned()),
        ]
    };
    let post = async |verb: &str, fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.post(Some(&editor), &format!("/behaviours/apologises/{verb}"), &fields).await
    };

    let tried = post("try", fields(RULE, &version, EXAMPLE)).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
    assert!(tried.body.contains("试用的 60 个会话里有") && tried.body.contains("✔"), "{}", tried.body);
    let wrong = post("try", fields("behaviour apologises {\n  applies wen\n}", &version, EXAMPLE)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("applies wen") && wrong.body.contains("2:"), "{}", wrong.body);

    let refused = post("publish", fields(RULE, &version, &failing)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("不符合预期的样例"), "{}", refused.body);
    assert_eq!(centre.behaviours.live().await.unwrap().behaviours.len(), 1);

    // That attempt was kept as a draft, so a second editor who began before is told.
    let second = post("draft", fields(RULE, &version, EXAMPLE)).await;
    assert_eq!(second.status, StatusCode::CONFLICT, "{}", second.body);
    assert!(second.body.contains("我要投诉"));
    let newest = centre.behaviours.behaviour("apologises").await.unwrap().0.version.to_string();
    let published = post("publish", fields(RULE, &newest, EXAMPLE)).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_tell_the_key_facts_in_both_languages() {
    let centre = centre().await;
    centre.import(&february()).await;
    let app = centre.app().await;
    let user = app.user(Role::QualitySpecialist, None, Grant::everything(Role::QualitySpecialist)).await;
    let id = centre.conversations.ids_after(None, 1).await.unwrap()[0];
    let conversation = format!("/conversations/{id}");
    let detail = "/behaviours/apologises";
    let check = async |path: &str, words: &[&str]| {
        let page = app.get(Some(&user), path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        for word in words {
            assert!(page.body.contains(word), "{path} lacks {word}: {}", page.body);
        }
    };
    check("/behaviours", &["先致歉", "apologises", "55.9%", "1/1", "现行第 1 版"]).await;
    check(detail, &["先致歉", "applies when", "每周使用率", "85%"]).await;
    check("/behaviours/new", &["my_behaviour"]).await;
    check("/behaviours/apologises/edit", &["试用", "发布", "[[example]]"]).await;
    check(&conversation, &["先致歉", "判得对", "判错了"]).await;

    let marked = app
        .post(
            Some(&user),
            &format!("{detail}/reviews"),
            &[("conversation", &id.to_string()), ("verdict", "wrong")],
        )
        .await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.body);
    app.post(
        Some(&user),
        &format!("{detail}/reviews"),
        &[("conversation", &id.to_string()), ("verdict", "right")],
    )
    .await;
    check(detail, &["100%", "n=1"]).await;
    let admin = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let target = app
        .post(Some(&admin), &format!("{detail}/target"), &[("percent", "30"), ("from_day", "2026-02-02")])
        .await;
    assert_eq!(target.status, StatusCode::SEE_OTHER, "{}", target.body);
    let refused = app.post(Some(&admin), &format!("{detail}/target"), &[("percent", "三成")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("三成"));
    assert!(
        app.get(Some(&user), "/gaps").await.body.contains("没有能确定的短板"),
        "30 % is met by all who can be tested"
    );

    let api = app.api(&user, Method::GET, &format!("/api/v1{conversation}/observations"), None).await;
    assert!(api.body.contains("apologises"), "{}", api.body);
    let check_rule = json!({ "text": RULE.replace("shown when", "shown wen") });
    let api = app.api(&user, Method::POST, "/api/v1/behaviours/check", Some(&check_rule)).await;
    let body: serde_json::Value = serde_json::from_str(&api.body).unwrap();
    assert!(body["usable"] == json!(false) && body["diagnostics"][0]["line"].as_u64() > Some(0), "{body}");

    let english = axum::http::Request::builder()
        .uri("/uptake")
        .header("cookie", format!("{}; lang=en", user.cookie))
        .header("accept-language", "en")
        .body(axum::body::Body::empty());
    let page = app.answer(english.unwrap()).await;
    assert!(page.body.contains("Apologises first") && page.body.contains("Overall uptake"), "{}", page.body);
}
