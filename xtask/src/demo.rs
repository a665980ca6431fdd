//! `cargo xtask demo`: from a fresh checkout to the demo centre's address.

use crate::assets;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// What is passed on to `lianbing demo`.
#[derive(clap::Args)]
pub struct Options {
    /// Address to listen on, for example 127.0.0.1:8080
    #[arg(long)]
    listen: Option<String>,
    /// Folder for the demo centre's data
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seed from which the centre is made
    #[arg(long)]
    seed: Option<u64>,
}

/// Builds assets and product, and becomes `lianbing demo`, which prints its address when it is ready.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    assets::run(workspace)?;
    let product = workspace.build_product()?;
    let mut demo = Command::new(&product);
    demo.arg("demo");
    if let Some(listen) = &options.listen {
        demo.args(["--listen", listen]);
    }
    if let Some(data) = &options.data {
        demo.arg("--data").arg(data);
    }
    if let Some(seed) = options.seed {
        demo.args(["--seed", &seed.to_string()]);
    }
    // Replaces this process, so that signals and the terminal belong to the demo alone.
    Err(demo.exec()).with_context(|| format!("cannot start {}", product.display()))
}
