//! `lianbing openapi`.

use std::process::ExitCode;

use kernel::Env;

use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("lianbing-openapi-{}", std::process::id()));
    let config = Config { data: folder.clone(), ..Config::default() };
    let product = Services::open(&config, &Env::system(), Purpose::Own).await?.serve(&config, None)?;
    println!("{}", product.openapi.to_pretty_json()?);
    drop(product);
    std::fs::remove_dir_all(&folder)?;
    Ok(ExitCode::SUCCESS)
}
