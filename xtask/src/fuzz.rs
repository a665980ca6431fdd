//! `cargo xtask fuzz`: the targets of fuzz/, built with LLVM's coverage counters and run for a while each.
//!
//! The stable compiler is enough: coverage comes from its `sancov-module` pass, and the loop from libFuzzer,
//! which the `libfuzzer-sys` crate compiles. No target runs under a sanitiser, since the workspace has no unsafe
//! code; what is looked for is a panic, a hang, or memory without bound.

use crate::process;
use crate::setup::{self, Need};
use crate::tally::Tally;
use crate::workspace::{Workspace, host, stems};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Which targets, and for how long.
#[derive(clap::Args)]
pub struct Options {
    /// Names of the targets; without one all are run
    names: Vec<String>,
    /// Seconds for each target
    #[arg(long, default_value_t = SECONDS)]
    seconds: u32,
}

/// Seconds for each target in an ordinary run of the tests.
pub const SECONDS: u32 = 20;

/// Seconds for each target in a long run.
pub const LONG_SECONDS: u32 = 600;

/// One input may take this many seconds; a parser that needs more is a finding.
const INPUT_SECONDS: u32 = 10;

/// One input may take this much memory, in MiB.
const MEMORY_MIB: u32 = 1024;

/// What rustc is told: count the edges of the control flow and record comparisons, as libFuzzer expects.
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Comparisons of strings stay calls, which libFuzzer intercepts; inlined they would tell it nothing.
    "-Cllvm-args=-max-loads-per-memcmp=0",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// Runs the named targets, or all.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let known = names(workspace);
    if let Some(unknown) = options.names.iter().find(|name| !known.contains(name)) {
        bail!("there is no fuzz target \"{unknown}\"; there are: {}", known.join(", "));
    }
    let names = if options.names.is_empty() { &known } else { &options.names };
    let tally = exercise(workspace, names, options.seconds)?;
    println!("{tally}");
    if tally.failed > 0 {
        bail!("{} fuzz targets found something", tally.failed);
    }
    Ok(())
}

/// The names of all targets.
pub fn names(workspace: &Workspace) -> Vec<String> {
    stems(&workspace.root.join("fuzz/fuzz_targets"), "rs")
}

/// Builds all targets and runs the named ones, each for so many seconds; one target is one test.
pub fn exercise(workspace: &Workspace, names: &[String], seconds: u32) -> Result<Tally> {
    setup::ensure(workspace, &[Need::CppCompiler])?;
    // Naming the platform keeps the flags away from build scripts, which are not linked with libFuzzer.
    let platform = host()?;
    let target = workspace.target.join("fuzz");
    process::check(
        workspace
            .cargo()
            .args(["build", "--release", "--locked", "--bins", "--manifest-path", "fuzz/Cargo.toml"])
            .args(["--target", &platform])
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}")),
    )?;
    let binaries = target.join(platform).join("release");
    let mut tally = Tally::default();
    for name in names {
        tally += Tally::one(run_one(workspace, &binaries, name, seconds)?);
    }
    Ok(tally)
}

/// Runs one target; whether it found nothing.
fn run_one(workspace: &Workspace, binaries: &Path, name: &str, seconds: u32) -> Result<bool> {
    let committed = workspace.root.join("fuzz/corpus").join(name);
    let found = workspace.target.join("fuzz/corpus").join(name);
    let failures = workspace.target.join("fuzz/failures").join(name);
    for folder in [&found, &failures] {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    println!("fuzz: {name} for {seconds} s");
    let mut command = Command::new(binaries.join(name));
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={INPUT_SECONDS}"))
        .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
        .arg(format!("-artifact_prefix={}/", failures.display()))
        .arg("-verbosity=0")
        .arg("-print_final_stats=1")
        .arg(&found);
    if committed.is_dir() {
        command.arg(&committed);
    }
    let dictionary = workspace.root.join("fuzz/dictionaries").join(format!("{name}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    // libFuzzer has much to say, and only a failure makes it worth reading.
    let (status, output) = process::listen(&mut command)?;
    let tried = executions(&output);
    if !status.success() || tried == 0 {
        eprintln!("{output}");
        eprintln!("fuzz: {name} ended with {status}; the input is in {}", failures.display());
        return Ok(false);
    }
    println!("fuzz: {name} survived {tried} inputs");
    Ok(true)
}

/// How many inputs were tried, from libFuzzer's closing figures.
fn executions(output: &str) -> u64 {
    output
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_libfuzzers_figures() {
        let output = "stat::number_of_executed_units: 123456\nstat::average_exec_per_sec:     6000\n";
        assert_eq!(super::executions(output), 123_456);
        assert_eq!(super::executions("no figures"), 0);
    }
}
