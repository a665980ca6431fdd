//! `lianbing openapi`.

use kernel::Env;

use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

/// The description of the HTTP interface as JSON, made over an empty database in a temporary folder.
///
/// # Errors
/// When the temporary folder or the database in it cannot be used.
pub async fn describe() -> anyhow::Result<String> {
    let folder = std::env::temp_dir().join(format!("lianbing-openapi-{}", std::process::id()));
    let config = Config { data: folder.clone(), ..Config::default() };
    let product = Services::open(&config, &Env::system(), Purpose::Own).await?.serve(&config, None)?;
    let mut description = product.openapi.to_pretty_json()?;
    description.push('\n');
    drop(product);
    std::fs::remove_dir_all(&folder)?;
    Ok(description)
}
