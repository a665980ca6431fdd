//! Puts the product together: the one place that knows all contexts.

use anyhow::Context;
use axum::Router;
use behaviours::{
    Behaviours,
    api::{BehavioursPermission, InspectConversations, Reinspect},
};
use conversations::api::{
    CONVERSATIONS_IMPORTED, Conversations, ConversationsImported, ConversationsPermission,
};
use drills::api::{Drills, DrillsPermission, PERSON_DRILLED, PersonDrilled};
use identity::{Identity, IdentityOptions, PasswordCost, PermissionDef};
use improvements::api::{
    CheckImprovements, Improvements, ImprovementsPermission, ReadImprovement, ReadVerdicts, reading_of,
    reading_soon,
};
use jobs::{Runner, RunnerHandle};
use kernel::{Env, PersonId, UnitId};
use messages::Text;
use people::api::{People, PeoplePermission};
use store::{Db, Migrations};
use web::{DemoEntry, Module, Places, PlacesRef, Platform, Settings};

use crate::config::Config;

/// Every table of the product, in the order in which they are made.
pub const MIGRATIONS: &[Migrations] = &[
    store::MIGRATIONS,
    identity::MIGRATIONS,
    jobs::MIGRATIONS,
    web::MIGRATIONS,
    people::MIGRATIONS,
    conversations::MIGRATIONS,
    behaviours::MIGRATIONS,
    drills::MIGRATIONS,
    improvements::MIGRATIONS,
];

/// The services over one database, without a server.
pub struct Services {
    /// The database.
    pub db: Db,
    /// Accounts and roles.
    pub identity: Identity,
    /// People.
    pub people: People,
    /// Conversations.
    pub conversations: Conversations,
    /// Behaviours.
    pub behaviours: Behaviours,
    /// Drills.
    pub drills: Drills,
    /// Improvements.
    pub improvements: Improvements,
}

/// Whether this is the demo centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A centre of one's own.
    Own,
    /// The demo centre: one may enter without a password.
    Demo,
}

/// Everything that is served.
pub struct Product {
    /// The services.
    pub services: Services,
    /// The router.
    pub router: Router,
    /// The platform behind it.
    pub platform: Platform,
    /// The description of the API.
    pub openapi: utoipa::openapi::OpenApi,
}

impl Services {
    /// Opens the database, brings it up to date, and starts the services over it.
    ///
    /// # Errors
    /// Says which folder or database could not be used and why.
    pub async fn open(config: &Config, env: &Env, purpose: Purpose) -> anyhow::Result<Services> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("cannot make the data folder {}", config.data.display()))?;
        let address = config.database_address();
        let db = Db::open(&address, env).await.context("cannot open the database")?;
        db.migrate(MIGRATIONS).await?;
        Services::over(db, config, purpose).await
    }

    /// The services over a database that is up to date.
    ///
    /// # Errors
    /// The store's, or shipped content that cannot be used.
    pub async fn over(db: Db, config: &Config, purpose: Purpose) -> anyhow::Result<Services> {
        let people = People::open(&db).await?;
        // The accounts of the demo centre have no passwords worth protecting.
        let cost = if purpose == Purpose::Demo { PasswordCost::CHEAPEST } else { PasswordCost::default() };
        let options = IdentityOptions { demo: purpose == Purpose::Demo, cost };
        let identity =
            Identity::with(db.clone(), db.env().clone(), people.directory(), permissions(), options);
        identity.sync_shipped_roles().await?;
        let conversations = Conversations::new(db.clone(), people.clone(), &config.data);
        let behaviours = Behaviours::new(db.clone(), people.clone(), conversations.clone());
        behaviours.install().await?;
        let drills = Drills::new(db.clone(), people.clone(), behaviours.clone());
        drills.install().await?;
        let improvements = Improvements::new(db.clone(), people.clone(), behaviours.clone(), drills.clone());
        Ok(Services { db, identity, people, conversations, behaviours, drills, improvements })
    }

    /// What runs in the background: jobs, and what follows from news.
    pub fn runner(&self) -> Runner {
        conversations::with_jobs(Runner::new(self.db.clone()), &self.conversations)
            .register::<InspectConversations>(self.behaviours.clone())
            .register::<Reinspect>(self.behaviours.clone())
            .register::<ReadVerdicts>(self.improvements.clone())
            .register::<CheckImprovements>(self.improvements.clone())
            .register::<ReadImprovement>(self.improvements.clone())
            .subscribe_as("improvements", CONVERSATIONS_IMPORTED, |_, tx| Box::pin(reading_soon(tx)))
            .subscribe_as("improvements", PERSON_DRILLED, |event, tx| {
                Box::pin(async move {
                    let news: PersonDrilled = event.payload()?;
                    reading_of(tx, news.origin).await
                })
            })
            .subscribe_as("behaviours", CONVERSATIONS_IMPORTED, |event, tx| {
                Box::pin(async move {
                    let news: ConversationsImported = event.payload()?;
                    jobs::enqueue(
                        tx,
                        &InspectConversations { ids: news.ids },
                        &behaviours::api::inspecting_new(),
                    )
                    .await?;
                    Ok(())
                })
            })
    }

    /// How many jobs run, or wait and could run; not those that are scheduled for later.
    ///
    /// # Errors
    /// The store's.
    pub async fn jobs_held(&self) -> store::Result<i64> {
        jobs::count_due(&self.db, self.db.env().now()).await
    }

    /// The contexts' pages, operations and permissions.
    fn modules(&self) -> Vec<Module> {
        vec![
            people::module(&self.people, Vec::new()),
            conversations::module(&self.conversations),
            behaviours::module(&self.behaviours),
            drills::module(&self.drills),
            improvements::module(&self.improvements),
        ]
    }

    /// Puts a server around the services.
    ///
    /// # Errors
    /// When the public address cannot be used.
    pub fn serve(self, config: &Config, demo: Option<Vec<DemoEntry>>) -> anyhow::Result<Product> {
        let settings = Settings {
            public_address: config.public_address.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            demo: demo.is_some(),
            demo_entries: demo.unwrap_or_default(),
            places: PlacesRef::new(Names(self.people.clone())),
        };
        let (router, platform, openapi) =
            web::router(self.db.clone(), self.identity.clone(), settings, self.modules())
                .map_err(anyhow::Error::msg)?;
        Ok(Product { services: self, router, platform, openapi })
    }
}

/// Gives the administrator's pages the names of units and people.
struct Names(People);

impl Places for Names {
    fn units(&self) -> Vec<(UnitId, Text)> {
        let lookup = self.0.held();
        lookup.units().map(|unit| (unit.id, Text::verbatim(lookup.unit_label(unit.id)))).collect()
    }

    fn person_name(&self, person: PersonId) -> Option<String> {
        self.0.held().person(person).map(|person| person.name.clone())
    }

    fn person_called(&self, words: &str) -> Option<PersonId> {
        let lookup = self.0.held();
        let mut named = lookup.people().filter(|person| person.name == words);
        let by_number = lookup.people().find(|person| person.number == words);
        by_number.or_else(|| named.next().filter(|_| named.next().is_none())).map(|person| person.id)
    }
}

impl Product {
    /// Starts the background work.
    pub fn start_jobs(&self, workers: usize) -> RunnerHandle {
        self.services.runner().spawn(workers)
    }
}

/// Every permission of the product.
pub fn permissions() -> Vec<PermissionDef> {
    let contexts = [
        PeoplePermission::DEFS,
        ConversationsPermission::DEFS,
        BehavioursPermission::DEFS,
        DrillsPermission::DEFS,
        ImprovementsPermission::DEFS,
    ];
    [web::PERMISSIONS(), contexts.concat()].concat()
}
