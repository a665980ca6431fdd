//! `lianbing token create`.

use std::process::ExitCode;

use anyhow::Context;
use audit::By;
use clap::{Args, Subcommand};
use identity::{Grant, NewAccount, TokenAccess};
use kernel::{Env, Role};

use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Makes a token for the API and prints it; works while the server runs
    Create(Create),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The account it acts for; without one, an account for programs is made with the role
    #[arg(long)]
    account: Option<String>,
    /// The role of the account that is made
    #[arg(long, default_value = "manager", value_parser = |text: &str| Role::parse(text).ok_or("it is no shipped role"))]
    role: Role,
    /// What it is for
    #[arg(long, default_value = "command line")]
    name: String,
    /// It may write too
    #[arg(long)]
    write: bool,
}

pub(crate) async fn run(config: Config, command: Token) -> anyhow::Result<ExitCode> {
    let Token::Create(args) = command;
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    let identity = &services.identity;
    let account = match &args.account {
        Some(name) => {
            identity.account_named(name).await?.with_context(|| format!("there is no account “{name}”"))?.id
        }
        None => {
            let name = format!("api-{}", args.role.name());
            match identity.account_named(&name).await? {
                Some(account) => account.id,
                None => {
                    identity
                        .create_account(
                            &By::COMMAND,
                            &NewAccount {
                                name,
                                grants: vec![Grant::everything(args.role)],
                                ..NewAccount::default()
                            },
                        )
                        .await?
                }
            }
        }
    };
    let access = if args.write { TokenAccess::Write } else { TokenAccess::Read };
    let token = identity.create_token(&By::COMMAND, account, &args.name, access, None).await?;
    println!("{}", token.secret);
    Ok(ExitCode::SUCCESS)
}
