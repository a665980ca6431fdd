//! `lianbing config check`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Says what the server would run with, or every mistake with its line
    Check,
}

pub(crate) fn run(config: &Config, command: &ConfigCommand) -> ExitCode {
    let ConfigCommand::Check = command;
    println!("data            {}", config.data.display());
    println!("database        {}", without_password(&config.database_address()));
    println!("listen          {}", config.listen);
    println!("public_address  {}", config.public_address.as_deref().unwrap_or("(none)"));
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    println!("trusted_proxies {}", if proxies.is_empty() { "(none)".to_owned() } else { proxies.join(", ") });
    println!("workers         {}", config.workers);
    println!("log             {:?}", config.log);
    ExitCode::SUCCESS
}

/// A database address as it may be shown.
fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &address[..scheme], &address[at..]),
        _ => address.to_owned(),
    }
}
