//! `cargo xtask assets`: the browser's files, built from web/ by its own build script.

use crate::process;
use crate::setup::{self, Need};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::hash::{DefaultHasher, Hasher};
use std::process::Command;

/// Builds the assets, unless those that stand there were built from the same files.
pub fn run(workspace: &Workspace) -> Result<()> {
    if !present(workspace) {
        bail!("web/build.mjs is missing: this checkout has no browser's files to build");
    }
    let folder = workspace.assets();
    // Beside the folder, not in it: everything in it is embedded in the binary.
    let stamp = workspace.target.join("assets.stamp");
    let inputs = fingerprint(workspace)?;
    if folder.is_dir() && std::fs::read_to_string(&stamp).is_ok_and(|built_from| built_from == inputs) {
        println!("assets: up to date");
        return Ok(());
    }
    setup::ensure(workspace, &[Need::Node, Need::WebPackages])?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    process::check(Command::new("node").arg("web/build.mjs").arg(&folder).current_dir(&workspace.root))?;
    std::fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))?;
    println!("assets: built into {}", folder.display());
    Ok(())
}

/// Whether this checkout has browser's files to build.
pub fn present(workspace: &Workspace) -> bool {
    workspace.root.join("web/build.mjs").is_file()
}

/// A fingerprint of the names and contents of everything under web/ that is not ignored.
fn fingerprint(workspace: &Workspace) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in workspace.files()?.iter().filter(|path| path.starts_with("web/")) {
        let content =
            std::fs::read(workspace.root.join(path)).with_context(|| format!("cannot read {path}"))?;
        hasher.write(path.as_bytes());
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
