//! Where things are, and how cargo is called.

use crate::process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of this checkout.
pub struct Workspace {
    /// The repository's top folder.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the developer has put it.
    pub target: PathBuf,
}

/// The product's package and binary.
pub const PRODUCT: &str = "lianbing";

/// How a binary is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As it is shipped.
    Release,
    /// As tests use it.
    Debug,
}

impl Workspace {
    /// Finds the workspace of the running `cargo xtask`.
    pub fn find() -> Result<Self> {
        // Taken when running, not when compiling: a target folder may outlive the checkout that filled it.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("CARGO_MANIFEST_DIR is not set: start this as `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("the xtask folder has no parent")?.to_path_buf();
        let metadata = metadata(&root, &["--no-deps"])?;
        let Some(target) = metadata.get("target_directory").and_then(Value::as_str) else {
            bail!("`cargo metadata` names no target_directory")
        };
        Ok(Self { target: PathBuf::from(target), root })
    }

    /// Where the browser's files are built into.
    pub fn assets(&self) -> PathBuf {
        self.target.join("assets")
    }

    /// Where tools are installed that only this repository uses.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A cargo command in this workspace. The assets folder is always named, built or not, so that cargo sees
    /// one and the same environment and does not rebuild from command to command; for the same reason nothing of
    /// what cargo told this process about its own package is passed on: build scripts (ring's) ask for it.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(cargo());
        command.current_dir(&self.root).env("LIANBING_ASSETS", self.assets());
        for (name, _) in std::env::vars_os() {
            let told = ["CARGO_MANIFEST_", "CARGO_PKG_"];
            if name.to_str().is_some_and(|name| told.iter().any(|start| name.starts_with(start))) {
                command.env_remove(name);
            }
        }
        command
    }

    /// Builds the product as it is shipped and returns its path.
    pub fn build_product(&self) -> Result<PathBuf> {
        self.build(PRODUCT, Profile::Release, &[])
    }

    /// Builds one binary and returns its path. The whole workspace is selected, since cargo unifies features
    /// over what is selected: another selection would build the dependencies once more. `features` are named with
    /// their crate, such as `roster/highs`.
    pub fn build(&self, binary: &str, profile: Profile, features: &[&str]) -> Result<PathBuf> {
        let mut command = self.cargo();
        command.args(["build", "--workspace", "--bin", binary]);
        if !features.is_empty() {
            command.args(["--features", &features.join(",")]);
        }
        let folder = match profile {
            Profile::Release => {
                command.arg("--release");
                "release"
            }
            Profile::Debug => "debug",
        };
        process::check(&mut command)?;
        Ok(self.target.join(folder).join(binary))
    }

    /// Everything cargo knows of this workspace and its dependencies on this platform.
    pub fn metadata(&self) -> Result<Value> {
        metadata(&self.root, &["--all-features", "--locked", "--filter-platform", &host()?])
    }

    /// The paths of all tracked files, and of new ones that are not ignored, relative to the root.
    pub fn files(&self) -> Result<Vec<String>> {
        let listing = process::capture(
            Command::new("git")
                .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
                .current_dir(&self.root),
        )?;
        let mut files: Vec<String> =
            listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        files.retain(|path| self.root.join(path).is_file());
        files.sort_unstable();
        files.dedup();
        Ok(files)
    }
}

/// The platform this compiler builds for by itself.
pub fn host() -> Result<String> {
    let about = process::capture(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<Value> {
    let json = process::capture(
        Command::new(cargo()).args(["metadata", "--format-version", "1"]).args(arguments).current_dir(root),
    )?;
    serde_json::from_str(&json).context("`cargo metadata` printed something that is not JSON")
}

/// The names, without ending, of the files in `folder` that end in `.extension`, sorted.
pub fn stems(folder: &Path, extension: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .filter_map(|path| path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned))
        .collect();
    names.sort_unstable();
    names
}
