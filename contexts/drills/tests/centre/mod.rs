//! A small centre for tests: two teams, the shipped behaviours.
#![allow(dead_code, reason = "each test file uses its part")]

use audit::By;
use behaviours::{Behaviours, api::BehaviourId};
use conversations::api::Conversations;
use drills::api::Drills;
use kernel::PersonId;
use people::api::{People, Wanted, WantedAgent};
use store::{Db, testing};
use web::testing::{TestApp, env};

pub struct Centre {
    pub db: Db,
    pub people: People,
    pub conversations: Conversations,
    pub behaviours: Behaviours,
    pub drills: Drills,
    pub folder: tempfile::TempDir,
}

fn migrations() -> Vec<store::Migrations> {
    let own = [people::MIGRATIONS, conversations::MIGRATIONS, behaviours::MIGRATIONS, drills::MIGRATIONS];
    [web::testing::MIGRATIONS, &own].concat()
}

/// 李明 and 王芳 of one team, 赵强 and 孙丽 of another.
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
        agent("2002", "孙丽", "营销组"),
    ];
    people.ensure_now(&By::SYSTEM, &Wanted { agents, ..Wanted::default() }).await.unwrap();
    over(folder, db, people).await
}

/// The services over a database that has its people.
pub async fn over(folder: tempfile::TempDir, db: Db, people: People) -> Centre {
    let conversations = Conversations::new(db.clone(), people.clone(), folder.path());
    let behaviours = Behaviours::new(db.clone(), people.clone(), conversations.clone());
    behaviours.install().await.unwrap();
    let drills = Drills::new(db.clone(), people.clone(), behaviours.clone());
    drills.install().await.unwrap();
    Centre { db, people, conversations, behaviours, drills, folder }
}

pub async fn centre() -> Centre {
    let folder = tempfile::tempdir().unwrap();
    let db = testing::sqlite(folder.path(), &env(), &migrations()).await.unwrap();
    centre_on(folder, db).await
}

/// One centre on each database; the folder holds a database and must outlive them.
pub async fn everywhere() -> (tempfile::TempDir, Vec<Centre>) {
    let folder = tempfile::tempdir().unwrap();
    let mut centres = Vec::new();
    for db in testing::each(folder.path(), &env(), &migrations()).await.unwrap() {
        centres.push(centre_on(tempfile::tempdir().unwrap(), db).await);
    }
    (folder, centres)
}

impl Centre {
    pub async fn person(&self, number: &str) -> PersonId {
        self.people.lookup().await.unwrap().person_by_number(number).unwrap()
    }

    pub async fn behaviour(&self, name: &str) -> BehaviourId {
        let all = self.behaviours.list().await.unwrap();
        all.into_iter().find(|known| known.name == name).unwrap().id
    }

    pub async fn app(&self) -> TestApp {
        let modules = vec![
            people::module(&self.people, Vec::new()),
            conversations::module(&self.conversations),
            behaviours::module(&self.behaviours),
            drills::module(&self.drills),
        ];
        TestApp::new(self.db.clone(), self.people.directory(), web::Settings::default(), modules).await
    }
}
