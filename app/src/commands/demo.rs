//! `lianbing demo`.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use clap::Args;
use kernel::Env;

use super::serve;
use crate::{
    config::Config,
    demo::{Plan, fill_centre},
    wiring::{Purpose, Services},
};

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to listen [default: 127.0.0.1:8750]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// What everything follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many conversations to make
    #[arg(long, default_value_t = crate::demo::CONVERSATIONS, value_name = "N")]
    conversations: u32,
    /// Make the centre and stop, without a server
    #[arg(long)]
    make_only: bool,
}

impl Demo {
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        self.listen.iter().map(|listen| ("listen", listen.clone())).collect()
    }
}

/// Marks a folder whose centre is complete.
const MARK: &str = "demo.json";

pub(crate) async fn run(mut config: Config, args: Demo) -> anyhow::Result<ExitCode> {
    serve::start_log_quiet(config.log);
    if config == (Config { listen: config.listen, ..Config::default() }) {
        // Never into the folder of a centre of one's own.
        config.data = "demo-data".into();
    }
    let mark = config.data.join(MARK);
    let wanted = format!("{{\"seed\":{},\"conversations\":{}}}\n", args.seed, args.conversations);
    let made = std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted);
    if !made && config.data.exists() {
        refuse_strangers(&config, &mark)?;
        std::fs::remove_dir_all(&config.data)
            .with_context(|| format!("cannot clear {}", config.data.display()))?;
    }
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make {}", config.data.display()))?;
    std::fs::write(config.data.join("demo.making"), &wanted)?;
    let env = Env::system();
    if !made {
        let end = jiff::civil::Date::from(
            env.now().timestamp().to_zoned(kernel::BusinessDay::default().zone().clone()),
        )
        .yesterday()?;
        let plan = Plan { conversations: args.conversations, ..Plan::new(args.seed, end) };
        fill_centre(&config, plan, |line| eprintln!("{line}")).await?;
        let mut file = std::fs::File::create(&mark)?;
        file.write_all(wanted.as_bytes())?;
        file.sync_all()?;
    }
    let services = Services::open(&config, &env, Purpose::Demo).await?;
    if args.make_only {
        services.db.checkpoint().await?;
        println!("{}", config.data.display());
        return Ok(ExitCode::SUCCESS);
    }
    let entries = crate::demo::entries(&services).await?;
    let product = services.serve(&config, Some(entries))?;
    eprintln!("demo centre: open the address below and choose whom to enter as");
    serve::serve(&config, product).await
}

/// A folder that holds anything but a demo centre is left alone.
fn refuse_strangers(config: &Config, mark: &std::path::Path) -> anyhow::Result<()> {
    let is_demo = mark.exists() || config.data.join("demo.making").exists();
    let is_empty = std::fs::read_dir(&config.data).is_ok_and(|mut entries| entries.next().is_none());
    anyhow::ensure!(
        is_demo || is_empty,
        "{} holds something that is no demo centre; name another folder with --data",
        config.data.display()
    );
    Ok(())
}
