//! Writes the administrator's pages over a small made-up installation into a folder, to look at them in a
//! browser: `cargo run -p web --example admin -- FOLDER`. Serve the folder, since pages ask for `/assets/…`.

use std::{collections::BTreeMap, error::Error, fs, path::Path, path::PathBuf, sync::Arc};

use identity::{Grant, NewAccount};
use jobs::{Job, JobError, JobRun};
use kernel::{AccountId, Flat, PersonId, Role, UnitId, macros::uuid::Uuid};
use messages::Text;
use store::{Ask, Db, sql};
use web::{
    Places, PlacesRef, Settings,
    testing::{MIGRATIONS, TestApp, TestUser, env},
};

struct Names(BTreeMap<UnitId, Text>);

impl Places for Names {
    fn units(&self) -> Vec<(UnitId, Text)> {
        self.0.iter().map(|(id, name)| (*id, name.clone())).collect()
    }

    fn person_name(&self, person: PersonId) -> Option<String> {
        let names = ["林晓燕", "王志强", "陈思雨", "刘洋", "欧阳文静"];
        names.get(usize::try_from(person.0.as_u128() % 5).unwrap_or_default()).map(|name| (*name).to_owned())
    }

    fn person_called(&self, _words: &str) -> Option<PersonId> {
        None
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Inspect;

impl Job for Inspect {
    const KIND: &'static str = "behaviours.inspect_again";
    type Context = ();

    async fn run(self, (): (), _: JobRun) -> Result<(), JobError> {
        Ok(())
    }
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn settings() -> Settings {
    let names =
        [("宽带故障一组", "Broadband faults 1"), ("账务二组", "Billing 2"), ("营销外呼组", "Outbound sales")];
    let units = names.into_iter().zip(1..).map(|((zh, en), n)| (unit(n), Text::fixed(zh, en)));
    Settings { places: PlacesRef::new(Names(units.collect())), ..Settings::default() }
}

async fn fill(app: &TestApp, admin: &TestUser) -> Result<AccountId, Box<dyn Error>> {
    let identity = app.platform.identity();
    let by = audit::By { account: Some(admin.account), via: audit::Via::Page };
    let mut last = admin.account;
    for (n, role) in (0..40u128).zip(Role::ALL.into_iter().cycle()) {
        let grants = match role {
            Role::TeamLeader => vec![Grant::own(Role::Agent), Grant::units(role, [unit(1), unit(2)])],
            Role::Agent => vec![Grant::own(role)],
            _ => vec![Grant::everything(role)],
        };
        let password = (n % 4 != 3).then(|| "from understood to used".to_owned());
        let new = NewAccount {
            name: format!("{}{n:02}", role.name()),
            person: Some(PersonId(Uuid::from_u128(n))),
            password,
            must_change_password: n % 5 == 0,
            grants,
            ..NewAccount::default()
        };
        let id = identity.create_account(&by, &new).await?;
        if n % 11 == 10 {
            identity.disable(&by, id).await?;
        }
        if n == 1 {
            last = id;
            identity.enter_as(id, "127.0.0.1", "an example").await?;
        }
    }
    Ok(last)
}

async fn enqueue(db: &Db, by: &audit::By) -> Result<Vec<jobs::JobId>, Box<dyn Error>> {
    let titles = [
        ("导入会话 2026-03-03.jsonl", "Import conversations 2026-03-03.jsonl"),
        ("重新检测 61,408 通会话", "Inspect 61,408 conversations again"),
        ("导入人员 people.csv", "Import people.csv"),
    ];
    let mut ids = Vec::new();
    for (zh, en) in titles {
        let tx = db.write(by, "behaviours.inspection_asked").await?;
        ids.push(jobs::enqueue(&tx, &Inspect, &Text::fixed(zh, en)).await?);
        tx.commit().await?;
    }
    let tx = db.bookkeeping().await?;
    let running = "UPDATE job SET state = 'running', started_at = created_at - 240000000, progress_done = 21300, progress_total = 61408, progress_note = '宽带故障' WHERE title_en LIKE 'Inspect%'";
    tx.exec(store::Sql::new(running)).await?;
    let failed = "UPDATE job SET state = 'failed', attempts = 1, finished_at = created_at, progress_done = 118, progress_total = 400, last_error = '第 119 行：“班组”列为空。请补上班组名称后重新导入。' WHERE title_en LIKE 'Import people%'";
    tx.exec(store::Sql::new(failed)).await?;
    tx.commit().await?;
    db.count(sql!("SELECT COUNT(*) FROM job")).await?;
    Ok(ids)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    fs::create_dir_all(out.join("assets"))?;
    for asset in ui::assets::all() {
        fs::write(out.join("assets").join(asset.name), asset.bytes)?;
    }
    let folder = tempfile::tempdir()?;
    let db = store::testing::sqlite(folder.path(), &env(), MIGRATIONS).await?;
    let app = TestApp::new(db.clone(), Arc::new(Flat), settings(), Vec::new()).await;
    let admin = app
        .user(Role::Administrator, Some(PersonId(Uuid::from_u128(7))), Grant::everything(Role::Administrator))
        .await;
    let account = fill(&app, &admin).await?;
    let by = audit::By { account: Some(admin.account), via: audit::Via::Page };
    let jobs = enqueue(&db, &by).await?;
    let mut role_of_own = app
        .post(
            Some(&admin),
            "/admin/roles",
            &[("name", "night_leader"), ("title_zh", "夜班长"), ("title_en", "Night leader")],
        )
        .await;
    let own = role_of_own
        .headers
        .remove(http::header::LOCATION)
        .ok_or("the role was not made")?
        .to_str()?
        .to_owned();
    let pages = [
        ("accounts", "/admin/accounts".to_owned()),
        ("account-new", "/admin/accounts/new".to_owned()),
        ("account", format!("/admin/accounts/{account}")),
        ("roles", "/admin/roles".to_owned()),
        ("role-own", own),
        ("matrix", "/admin/roles/matrix".to_owned()),
        ("audit", "/admin/audit".to_owned()),
        ("jobs", "/admin/jobs".to_owned()),
        ("job-running", format!("/admin/jobs/{}", jobs.get(1).ok_or("no job")?)),
        ("job-failed", format!("/admin/jobs/{}", jobs.get(2).ok_or("no job")?)),
        ("own-account", "/account".to_owned()),
    ];
    for lang in ["zh", "en"] {
        app.post(Some(&admin), "/preferences", &[("lang", lang)]).await;
        for (name, path) in &pages {
            write(&out, &format!("{name}-{lang}"), &app.get(Some(&admin), path).await.body)?;
        }
        let verified = app.post(Some(&admin), "/admin/audit/verify", &[]).await;
        write(&out, &format!("audit-verified-{lang}"), &verified.body)?;
        let stale = [("version", "0"), ("role-0", "planner"), ("where-0", "everything")];
        let conflict = app.post(Some(&admin), &format!("/admin/accounts/{account}/grants"), &stale).await;
        write(&out, &format!("account-conflict-{lang}"), &conflict.body)?;
    }
    Ok(())
}

fn write(out: &Path, name: &str, body: &str) -> std::io::Result<()> {
    fs::write(out.join(format!("{name}.html")), body)
}
