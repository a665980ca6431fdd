//! `lianbing serve`.

use std::{io::IsTerminal, process::ExitCode};

use anyhow::Context;
use clap::Args;
use kernel::Env;
use tokio::sync::watch;

use crate::{
    config::{Config, LogFormat},
    wiring::{Product, Purpose, Services},
};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen [default: 127.0.0.1:8750]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The address people type, such as https://lianbing.example.com
    #[arg(long, value_name = "URL")]
    public_address: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, value_name = "IP,…")]
    trusted_proxies: Option<String>,
}

impl Serve {
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        [
            ("listen", &self.listen),
            ("public_address", &self.public_address),
            ("trusted_proxies", &self.trusted_proxies),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.clone().map(|value| (name, value)))
        .collect()
    }
}

pub(crate) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    start_log(config.log);
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    let product = services.serve(&config, None)?;
    serve(&config, product).await
}

/// Serves a product until it is told to stop.
pub(crate) async fn serve(config: &Config, product: Product) -> anyhow::Result<ExitCode> {
    let listener = tokio::net::TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; another program may use it: choose another with --listen",
            config.listen
        )
    })?;
    let address = listener.local_addr()?;
    // After a restore, or when its folder was deleted, the search index is made anew in the background.
    product.services.conversations.rebuild_search_if_lost().await?;
    product.services.conversations.forget_stray_uploads().await?;
    product.services.improvements.keep_watch().await?;
    let runner = product.start_jobs(config.workers);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        until_told().await;
        eprintln!("stopping: open requests may finish");
        let _ = stop.send(true);
    });
    println!("http://{address}");
    web::serve(listener, product.router.clone(), stopped).await?;
    runner.stop().await;
    product.services.db.checkpoint().await?;
    Ok(ExitCode::SUCCESS)
}

async fn until_told() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// The log goes to standard error. It holds routes, ids and durations; never what a customer said, and
/// never an address with what somebody searched for.
pub(crate) fn start_log(format: LogFormat) {
    start_log_at(format, "info,sqlx=warn,tantivy=warn");
}

fn start_log_at(format: LogFormat, level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LIANBING_LOG_LEVEL")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours are for a terminal; in a file their codes are noise.
        .with_ansi(std::io::stderr().is_terminal());
    // A second start in one process (tests) keeps the first log.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

/// The demo's log: warnings alone, so that the address stays in sight.
pub(crate) fn start_log_quiet(format: LogFormat) {
    start_log_at(format, "warn");
}
