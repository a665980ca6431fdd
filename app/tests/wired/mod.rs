//! The product in a folder of its own, wired as it is served.

use lianbing::{
    config::Config,
    wiring::{MIGRATIONS, Product, Purpose, Services},
};
use store::Db;
use web::testing::{TestApp, env};

/// The services over an empty database, and the folder they live in.
pub struct Wired {
    pub services: Services,
    pub config: Config,
    pub folder: tempfile::TempDir,
}

/// Everything wired, nothing in it yet.
pub async fn wired() -> Wired {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data: folder.path().to_owned(), ..Config::default() };
    let db = Db::open(&config.database_address(), &env()).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    let services = Services::over(db, &config, Purpose::Demo).await.unwrap();
    Wired { services, config, folder }
}

impl Wired {
    /// What is served, and an application to ask it.
    pub fn serve(self) -> (TestApp, Product, tempfile::TempDir) {
        let product = self.services.serve(&self.config, Some(Vec::new())).unwrap();
        let app = TestApp::over(product.router.clone(), product.platform.clone(), product.openapi.clone());
        (app, product, self.folder)
    }
}
