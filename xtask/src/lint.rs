//! `cargo xtask lint`: what a change must satisfy before anybody reads it.

use crate::workspace::Workspace;
use crate::{licences, process, tidy};
use anyhow::{Context, Result};

/// Formatting, clippy, tidy and licences, the fastest first.
pub fn run(workspace: &Workspace) -> Result<()> {
    formatting(workspace)?;
    tidy::run(workspace)?;
    licences::run(workspace)?;
    clippy(workspace)
}

/// Fails when `cargo fmt` would change something.
pub fn formatting(workspace: &Workspace) -> Result<()> {
    process::check(workspace.cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")
}

/// Fails on any warning of the compiler or of clippy, in all targets.
pub fn clippy(workspace: &Workspace) -> Result<()> {
    process::check(workspace.cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}
