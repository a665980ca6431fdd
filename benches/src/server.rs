//! The product with the demo centre, served from this process.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use identity::{Account, AccountFilter};
use kernel::{AccountId, BusinessDay, Env};
use lianbing::config::Config;
use lianbing::demo::{Plan, entries, fill_centre};
use lianbing::wiring::{Purpose, Services};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::Client;

/// What the demo centre of benchmarks follows from.
pub const SEED: u64 = 1;

/// A running server over an existing centre.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Everybody's.
    pub accounts: Vec<Account>,
    stop: watch::Sender<bool>,
    served: JoinHandle<Result<()>>,
}

/// Makes the demo centre up to yesterday in the folder of the configuration.
///
/// # Errors
/// What the contexts refuse.
pub async fn make_centre(config: &Config) -> Result<()> {
    let today = Env::system().now().timestamp().to_zoned(BusinessDay::default().zone().clone());
    let plan = Plan::new(SEED, jiff::civil::Date::from(today).yesterday()?);
    fill_centre(config, plan, |line| eprintln!("{line}")).await
}

impl Server {
    /// Opens the centre and serves it on a port of its own.
    ///
    /// # Errors
    /// When the centre or the port cannot be opened.
    pub async fn start(config: &Config) -> Result<Server> {
        let services = Services::open(config, &Env::system(), Purpose::Demo).await?;
        let accounts = services.identity.accounts(&AccountFilter::default()).await?;
        let entries = entries(&services).await?;
        let product = services.serve(config, Some(entries))?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        product.services.conversations.rebuild_search_if_lost().await?;
        let (stop, stopped) = watch::channel(false);
        let workers = config.workers;
        let served = tokio::spawn(async move {
            let runner = product.start_jobs(workers);
            web::serve(listener, product.router.clone(), stopped).await?;
            runner.stop().await;
            Ok(())
        });
        Ok(Server { address, accounts, stop, served })
    }

    /// That it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<()> {
        let answer = Client::new(self.address).get("/readyz").await?;
        ensure!(answer.status == 200, "/readyz answers {}", answer.status);
        Ok(())
    }

    /// A browser in which somebody is signed in.
    ///
    /// # Errors
    /// When the account may not sign in.
    pub async fn enter(&self, account: AccountId) -> Result<Client> {
        let mut client = Client::new(self.address);
        let entered = client.post("/sign-in/demo", &format!("account={account}")).await?;
        client.cookie = entered.cookie.context("signing in gave no login session")?;
        Ok(client)
    }

    /// Ends it.
    ///
    /// # Errors
    /// What went wrong while it ran.
    pub async fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        self.served.await?
    }
}
