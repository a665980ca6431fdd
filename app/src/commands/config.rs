//! `lianbing config check`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Says what the server would run with, or every mistake with its line
    Check,
}

pub(crate) fn run(config: &Config, command: &ConfigCommand) -> anyhow::Result<ExitCode> {
    let ConfigCommand::Check = command;
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    let settings = [
        ("data", config.data.display().to_string()),
        ("database", without_password(&config.database_address())),
        ("listen", config.listen.to_string()),
        ("public_address", config.public_address.clone().unwrap_or_else(|| "(none)".to_owned())),
        ("trusted_proxies", if proxies.is_empty() { "(none)".to_owned() } else { proxies.join(", ") }),
        ("workers", config.workers.to_string()),
        ("log", config.log.name().to_owned()),
    ];
    let lines: Vec<String> = settings.iter().map(|(name, value)| format!("{name:<16}{value}\n")).collect();
    super::print(&lines.concat())?;
    Ok(ExitCode::SUCCESS)
}

/// A database address as it may be shown.
fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &address[..scheme], &address[at..]),
        _ => address.to_owned(),
    }
}
