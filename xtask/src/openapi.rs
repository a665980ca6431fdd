//! `cargo xtask openapi`: the committed description of the HTTP interface. A test of the product holds it to what
//! is served.

use crate::process;
use crate::workspace::{PRODUCT, Profile, Workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Where the description stands, relative to the root.
pub const FILE: &str = "docs/openapi.json";

/// Writes the description as the product gives it.
pub fn run(workspace: &Workspace) -> Result<()> {
    let product = workspace.build(PRODUCT, Profile::Debug, &[])?;
    let description = process::capture(Command::new(product).arg("openapi"))?;
    let path = path(workspace);
    std::fs::write(&path, description).with_context(|| format!("cannot write {FILE}"))?;
    println!("openapi: wrote {FILE}");
    Ok(())
}

/// The committed description.
pub fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join(FILE)
}
