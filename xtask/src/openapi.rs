//! `cargo xtask openapi`: the committed description of the HTTP interface.

use crate::process;
use crate::workspace::{PRODUCT, Workspace};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// Where the description stands, relative to the root.
pub const FILE: &str = "docs/openapi.json";

/// Writes the description as the product gives it.
pub fn run(workspace: &Workspace) -> Result<()> {
    let description = describe(workspace)?;
    let path = path(workspace);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&path, description).with_context(|| format!("cannot write {FILE}"))?;
    println!("openapi: wrote {FILE}");
    Ok(())
}

/// Fails when the committed description is not the one the product gives now.
pub fn compare(workspace: &Workspace) -> Result<()> {
    let committed =
        std::fs::read_to_string(path(workspace)).with_context(|| format!("cannot read {FILE}"))?;
    if committed != describe(workspace)? {
        bail!("{FILE} is not what the product serves; run `cargo xtask openapi` and review the difference");
    }
    Ok(())
}

/// The committed description.
pub fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join(FILE)
}

fn describe(workspace: &Workspace) -> Result<String> {
    let text =
        process::capture(workspace.cargo().args(["run", "--quiet", "--package", PRODUCT, "--", "openapi"]))?;
    if text.trim().is_empty() {
        bail!("`{PRODUCT} openapi` printed nothing");
    }
    Ok(text)
}
