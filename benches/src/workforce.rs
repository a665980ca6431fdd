//! What the benchmarks of the workforce engines share: their data, and peers written in Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// Names the folder of the sample data, the one that holds `wfm/`.
pub const SAMPLES: &str = "LIANBING_SAMPLES";

/// Names a Python that has the packages of `benches/peers/NAME/requirements.txt`; `cargo xtask bench` sets it.
pub const PEERS_PYTHON: &str = "LIANBING_PEERS_PYTHON";

/// The folder of the repository.
pub fn root() -> PathBuf {
    let root = std::env::var_os("LIANBING_ROOT").map(PathBuf::from);
    root.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
    })
}

/// A file of the workforce sample data, such as `bank_calls_5min.csv`; nothing where it is not.
pub fn sample(name: &str) -> Option<PathBuf> {
    let samples = std::env::var_os(SAMPLES).map_or_else(|| root().join("../shared/data"), PathBuf::from);
    Some(samples.join("wfm").join(name)).filter(|path| path.exists())
}

/// Runs `benches/peers/NAME/SCRIPT` and returns what it printed.
///
/// # Errors
/// When no Python with the peers is named, or the script failed; the benchmark says so and goes on without.
pub fn peer(name: &str, script: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let python = std::env::var_os(PEERS_PYTHON).with_context(|| {
        format!("{PEERS_PYTHON} names no Python; `cargo xtask bench` installs the peers and sets it")
    })?;
    let script = root().join("benches/peers").join(name).join(script);
    let output = Command::new(python)
        .arg(&script)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot start {}", script.display()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = told.lines().rev().take(5).collect();
    anyhow::ensure!(output.status.success(), "{} failed: {}", script.display(), last.join(" < "));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
