//! The administrator's pages.
#![expect(clippy::unwrap_used, reason = "a test stops here")]

mod common;

use common::{administrator, json, location, person, plain, server, unit, with_names};
use http::{Method, StatusCode, header};
use identity::{AccountFilter, Grant, NewAccount, Reach};
use jobs::{Job, JobError, JobRun};
use kernel::{AccountId, Role};
use messages::Text;
use store::{Ask, sql};
use web::testing::{TestApp, TestUser};

async fn named(app: &TestApp, name: &str) -> identity::Account {
    app.platform.identity().account_named(name).await.unwrap().unwrap()
}

async fn post(
    app: &TestApp,
    user: &TestUser,
    path: &str,
    fields: &[(&str, &str)],
) -> web::testing::TestAnswer {
    app.post(Some(user), path, fields).await
}

#[tokio::test]
async fn an_account_is_made_with_its_grants_and_can_sign_in() {
    let app = server(with_names()).await;
    let admin = administrator(&app).await;
    assert!(app.get(Some(&admin), "/admin/accounts/new").await.body.contains("宽带故障一组"));
    let (unit_1, unit_2, lin) = (unit(1).to_string(), unit(2).to_string(), person(1).to_string());
    let fields = [
        ("name", "lin"),
        ("person", lin.as_str()),
        ("password", "from understood to used"),
        ("role-0", "team_leader"),
        ("where-0", &unit_1),
        ("role-1", "team_leader"),
        ("where-1", &unit_2),
        ("role-3", "agent"),
        ("where-3", "own"),
    ];
    let made = post(&app, &admin, "/admin/accounts", &fields).await;
    let account = named(&app, "lin").await;
    assert_eq!(
        (made.status, location(&made)),
        (StatusCode::SEE_OTHER, format!("/admin/accounts/{}", account.id).as_str())
    );
    assert_eq!(account.person, Some(person(1)));
    let expected = [Grant::own(Role::Agent), Grant::units(Role::TeamLeader, [unit(1), unit(2)])];
    assert_eq!(account.grants, expected);
    let page = app.get(Some(&admin), location(&made)).await;
    assert!(page.body.contains("林晓燕") && page.body.contains("可登录"));
    let entered =
        app.post(None, "/sign-in", &[("name", "lin"), ("password", "from understood to used")]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);

    let list = app.get(Some(&admin), "/admin/accounts?q=li").await;
    assert!(list.body.contains(">lin<") && list.body.contains("客服代表、班组长"), "{}", list.body);
    let csv = app.get(Some(&admin), "/admin/accounts?q=lin&format=csv").await;
    assert!(csv.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("accounts-"));
    assert!(csv.body.contains("lin,林晓燕,客服代表、班组长"), "{}", csv.body);
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_everything_typed() {
    let app = plain().await;
    let admin = administrator(&app).await;
    let check = async |fields: &[(&str, &str)], status: StatusCode, words: &[&str]| {
        let answer = post(&app, &admin, "/admin/accounts", fields).await;
        assert_eq!(answer.status, status, "{fields:?}");
        for word in words {
            assert!(answer.body.contains(word), "{word} in {}", answer.body);
        }
        assert!(!answer.body.contains("short-pw"));
    };
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    check(&[("name", "")], invalid, &["账号名须为"]).await;
    check(
        &[("name", "wang"), ("person", "王志强")],
        invalid,
        &["value=\"wang\"", "没有工号或姓名为“王志强”的人员"],
    )
    .await;
    check(&[("name", "wang"), ("password", "short-pw")], invalid, &["value=\"wang\"", "密码有 8 个字符"])
        .await;
    check(&[("name", "wang"), ("role-0", "agent")], invalid, &["请选择范围"]).await;
    check(&[("name", "wang"), ("where-5", "own")], invalid, &["请选择角色"]).await;
    check(&[("name", "wang"), ("role-0", "agent"), ("where-0", "units")], invalid, &["没有范围“units”"])
        .await;
    check(
        &[("name", "wang"), ("role-0", "wizard"), ("where-0", "own")],
        invalid,
        &["没有名为“wizard”的角色"],
    )
    .await;
    let none = app
        .platform
        .identity()
        .accounts(&AccountFilter { query: "wang".to_owned(), ..AccountFilter::default() })
        .await
        .unwrap();
    assert!(none.is_empty(), "nothing was made on the way");
    post(&app, &admin, "/admin/accounts", &[("name", "wang")]).await;
    check(&[("name", "WANG")], StatusCode::CONFLICT, &["已存在"]).await;
}

#[tokio::test]
async fn two_administrators_who_change_the_same_grants_are_told() {
    let app = server(with_names()).await;
    let (first, second) = (administrator(&app).await, administrator(&app).await);
    post(&app, &first, "/admin/accounts", &[("name", "chen")]).await;
    let account = named(&app, "chen").await;
    let path = format!("/admin/accounts/{}/grants", account.id);
    let version = account.version.to_string();
    let saved =
        post(&app, &first, &path, &[("version", &version), ("role-0", "agent"), ("where-0", "own")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);

    let late = [("version", version.as_str()), ("role-0", "planner"), ("where-0", "everything")];
    let conflict = post(&app, &second, &path, &late).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let saver = app.platform.identity().account(first.account).await.unwrap().unwrap().name;
    assert!(conflict.body.contains(&format!("{saver} 于 ")), "who saved is told");
    assert!(
        conflict.body.contains("客服代表: 本人") && conflict.body.contains("排班与现场管理: 全部"),
        "{}",
        conflict.body
    );
    assert_eq!(named(&app, "chen").await.grants, [Grant::own(Role::Agent)], "nothing was lost");
    let newer = named(&app, "chen").await.version.to_string();
    assert!(conflict.body.contains(&format!("name=\"version\" value=\"{newer}\"")));
    let again =
        post(&app, &second, &path, &[("version", &newer), ("role-0", "planner"), ("where-0", "everything")])
            .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(named(&app, "chen").await.grants, [Grant::everything(Role::Planner)]);
}

#[tokio::test]
async fn an_account_is_shut_out_at_once_and_the_last_administrator_never() {
    let app = plain().await;
    let admin = administrator(&app).await;
    let agent = app.user(Role::Agent, Some(person(1)), Grant::own(Role::Agent)).await;
    let path = |verb: &str| format!("/admin/accounts/{}/{verb}", agent.account);
    assert_eq!(app.get(Some(&agent), "/").await.status, StatusCode::OK);
    post(&app, &admin, &path("disable"), &[]).await;
    assert!(location(&app.get(Some(&agent), "/").await).starts_with("/sign-in"));
    assert_eq!(app.api(&agent, Method::GET, "/api/v1/me", None).await.status, StatusCode::UNAUTHORIZED);
    post(&app, &admin, &path("enable"), &[]).await;
    assert_eq!(app.api(&agent, Method::GET, "/api/v1/me", None).await.status, StatusCode::OK);

    let short = post(&app, &admin, &path("password"), &[("password", "short-pw")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!short.body.contains("short-pw"));
    let set = post(
        &app,
        &admin,
        &path("password"),
        &[("password", "from understood to used"), ("must_change", "1")],
    )
    .await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    let account = app.platform.identity().account(agent.account).await.unwrap().unwrap();
    assert!(account.must_change_password && account.has_password);

    let own = format!("/admin/accounts/{}/disable", admin.account);
    let refused = post(&app, &admin, &own, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("最后一个可以管理整个系统的账号"));
    post(&app, &admin, &format!("/admin/accounts/{}/end-sessions", admin.account), &[]).await;
    assert_eq!(
        app.get(Some(&admin), "/admin/accounts").await.status,
        StatusCode::OK,
        "the session at work is kept"
    );
}

#[tokio::test]
async fn an_auditor_sees_accounts_and_roles_but_changes_nothing() {
    let app = plain().await;
    let auditor = app.user(Role::Auditor, None, Grant::everything(Role::Auditor)).await;
    let page = app.get(Some(&auditor), &format!("/admin/accounts/{}", auditor.account)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("审计员: 全部") && !page.body.contains("保存授权") && !page.body.contains("停用")
    );
    assert_eq!(app.get(Some(&auditor), "/admin/accounts/new").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(Some(&auditor), "/admin/roles/matrix").await.status, StatusCode::OK);
    let nav = app.get(Some(&auditor), "/").await.body;
    assert!(nav.contains("/admin/audit") && nav.contains("/admin/roles") && !nav.contains("/admin/jobs"));
}

#[tokio::test]
async fn a_role_of_the_installation_is_made_and_shipped_ones_are_left_alone() {
    let app = plain().await;
    let admin = administrator(&app).await;
    let bad =
        post(&app, &admin, "/admin/roles", &[("name", "Night"), ("title_zh", "夜班"), ("title_en", "Night")])
            .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("value=\"Night\"") && bad.body.contains("value=\"夜班\""));
    let made =
        post(&app, &admin, "/admin/roles", &[("name", "night"), ("title_zh", "夜班"), ("title_en", "Night")])
            .await;
    let page = location(&made).to_owned();
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let path = format!("{page}/permissions");
    let set = post(&app, &admin, &path, &[("version", "1"), ("may-platform.view_jobs", "everything")]).await;
    assert_eq!((set.status, location(&set)), (StatusCode::SEE_OTHER, page.as_str()));
    let roles = async || app.platform.identity().roles().await.unwrap();
    let night = roles().await.into_iter().find(|role| role.name == "night").unwrap();
    assert_eq!(
        night.permissions.into_iter().collect::<Vec<_>>(),
        [("platform.view_jobs".to_owned(), Reach::Everything)]
    );

    let wrong = post(&app, &admin, &path, &[("version", "2"), ("may-platform.view_jobs", "galaxy")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let late = post(&app, &admin, &path, &[("version", "1"), ("may-platform.view_audit", "own")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("查看审计日志") && late.body.contains("name=\"version\" value=\"2\""));

    let agent = roles().await.remove(0);
    let shipped =
        post(&app, &admin, &format!("/admin/roles/{}/permissions", agent.id), &[("version", "1")]).await;
    assert_eq!(shipped.status, StatusCode::CONFLICT);
    assert!(
        app.get(Some(&admin), &format!("/admin/roles/{}", agent.id))
            .await
            .body
            .contains("内置角色随版本更新")
    );
    let matrix = app.get(Some(&admin), "/admin/roles/matrix").await.body;
    assert!(matrix.contains("夜班") && matrix.contains("管理账号与授权"));
}

#[tokio::test]
async fn the_audit_log_is_filtered_verified_and_remembers_its_readers() {
    for app in common::servers(web::Settings::default(), |_| Vec::new()).await {
        let admin = administrator(&app).await;
        post(&app, &admin, "/admin/accounts", &[("name", "liu")]).await;
        let liu = named(&app, "liu").await;
        let name = app.platform.identity().account(admin.account).await.unwrap().unwrap().name;
        let rows = async |query: &str| {
            let csv = app.get(Some(&admin), &format!("/admin/audit?format=csv&{query}")).await;
            assert_eq!(csv.status, StatusCode::OK, "{query}: {}", csv.body);
            csv.body
                .lines()
                .skip(1)
                .filter(|line| !line.contains("platform.audit"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let made = rows(&format!("object={}", liu.id)).await;
        assert!(
            made.len() == 1 && made[0].contains("identity.account_created") && made[0].contains(&name),
            "{made:?}"
        );
        assert_eq!(rows(&format!("who={name}&action=account_created")).await.len(), 1);
        assert!(rows("who=somebody-else").await.is_empty());
        assert!(rows("action=%25").await.is_empty(), "a wildcard is a letter like any other");
        assert!(rows("from=2026-03-05").await.is_empty());
        assert!(!rows("from=2026-03-04&to=2026-03-04").await.is_empty());

        let reads = async || {
            app.platform
                .db()
                .count(sql!("SELECT COUNT(*) FROM audit_entry WHERE action LIKE 'platform.audit%'"))
                .await
                .unwrap()
        };
        let before = reads().await;
        assert!(app.get(Some(&admin), "/admin/audit").await.body.contains("platform.audit_exported"));
        app.api(&admin, Method::GET, "/api/v1/audit", None).await;
        assert_eq!(reads().await, before + 2, "reading leaves a trace");

        let whole = post(&app, &admin, "/admin/audit/verify", &[]).await;
        assert!(whole.status == StatusCode::OK && whole.body.contains("日志完好"));
        let tx = app.platform.db().bookkeeping().await.unwrap();
        tx.exec(sql!("UPDATE audit_entry SET objects = 'account:nobody' WHERE seq = 2")).await.unwrap();
        tx.commit().await.unwrap();
        let broken = post(&app, &admin, "/admin/audit/verify", &[]).await;
        assert!(broken.body.contains("日志已损坏") && broken.body.contains("第 2 条与封印不符"));
    }
}

#[tokio::test]
async fn the_api_pages_through_accounts_and_the_audit_log_without_gaps() {
    let app = plain().await;
    let admin = administrator(&app).await;
    for n in 0..7 {
        let new = NewAccount { name: format!("agent-{n}"), ..NewAccount::default() };
        app.platform.identity().create_account(&audit::By::SYSTEM, &new).await.unwrap();
    }
    let walk = async |path: &str, key: &str| {
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page =
                json(&app.api(&admin, Method::GET, &format!("{path}{separator}limit=3{cursor}"), None).await);
            all.extend(page["items"].as_array().unwrap().iter().map(|item| item[key].to_string()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    };
    assert_eq!(walk("/api/v1/accounts?q=agent-", "name").await.len(), 7);
    let seen = walk("/api/v1/audit?action=account_created", "seq").await;
    assert_eq!(seen.len(), 8, "seven agents and the administrator: {seen:?}");
    assert!(seen.iter().collect::<std::collections::BTreeSet<_>>().len() == seen.len());
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Count;

impl Job for Count {
    const KIND: &'static str = "test.count";
    type Context = ();

    async fn run(self, (): (), _: JobRun) -> Result<(), JobError> {
        Ok(())
    }
}

async fn enqueue(app: &TestApp, account: AccountId) -> jobs::JobId {
    let by = audit::By { account: Some(account), via: audit::Via::Page };
    let tx = app.platform.db().write(&by, "test.count_asked").await.unwrap();
    let id = jobs::enqueue(
        &tx,
        &Count,
        &Text::fixed("重新检测 61,408 通会话", "Inspect 61,408 conversations again"),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn jobs_are_seen_followed_and_cancelled() {
    let app = plain().await;
    let admin = administrator(&app).await;
    let agent = app.user(Role::Agent, Some(person(1)), Grant::own(Role::Agent)).await;
    let manager = app.user(Role::Manager, None, Grant::everything(Role::Manager)).await;
    let id = enqueue(&app, agent.account).await;
    let page = format!("/admin/jobs/{id}");
    assert!(app.get(Some(&admin), "/admin/jobs?state=queued").await.body.contains("重新检测 61,408 通会话"));
    assert!(!app.get(Some(&admin), "/admin/jobs?state=failed").await.body.contains("重新检测 61,408 通会话"));
    let card = app.get(Some(&admin), &format!("{page}/progress")).await;
    assert!(card.body.contains("hx-get") && card.body.contains("/cancel") && !card.body.contains("<html"));
    let seen = app.get(Some(&manager), &page).await;
    assert!(
        seen.status == StatusCode::OK && !seen.body.contains("/cancel"),
        "a manager sees it but does not stop it"
    );
    assert_eq!(app.get(Some(&agent), &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&app, &manager, &format!("{page}/cancel"), &[]).await.status, StatusCode::NOT_FOUND);

    let api = format!("/api/v1/jobs/{id}");
    assert_eq!(json(&app.api(&agent, Method::GET, &api, None).await)["state"], "queued", "one's own");
    let other = app.user(Role::Agent, Some(person(2)), Grant::own(Role::Agent)).await;
    assert_eq!(app.api(&other, Method::GET, &api, None).await.status, StatusCode::NOT_FOUND);

    assert_eq!(post(&app, &admin, &format!("{page}/cancel"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(json(&app.api(&manager, Method::GET, &api, None).await)["state"], "cancelled");
    assert_eq!(
        post(&app, &admin, &format!("{page}/cancel"), &[]).await.status,
        StatusCode::CONFLICT,
        "it is over"
    );
    let still = app.get(Some(&admin), &format!("{page}/progress")).await;
    assert!(!still.body.contains("hx-get"), "what is over is not asked for again");
}

#[tokio::test]
async fn a_failed_job_says_why_and_what_to_do() {
    let app = plain().await;
    let admin = administrator(&app).await;
    let id = enqueue(&app, admin.account).await;
    let tx = app.platform.db().bookkeeping().await.unwrap();
    let error = "line 7: <b>no</b> caller";
    tx.exec(sql!("UPDATE job SET state = 'failed', last_error = {}, finished_at = created_at", error))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = app.get(Some(&admin), &format!("/admin/jobs/{id}")).await;
    assert!(
        page.body.contains("line 7: &lt;b&gt;no&lt;/b&gt; caller") && page.body.contains("任务已停止重试")
    );
}
