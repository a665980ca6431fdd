//! `cargo xtask test`: every check there is, stage by stage, and one line of figures at the end.

use crate::postgres::{self, Postgres};
use crate::setup::{self, Need};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{assets, fuzz, journey, licences, lint, openapi, process, schemathesis, tidy};
use anyhow::{Result, bail};
use std::time::Instant;

/// Which stages, and how long.
#[derive(clap::Args)]
pub struct Options {
    /// More of everything that is random: kills, fuzzing, requests
    #[arg(long)]
    long: bool,
    /// Only these stages, separated by commas
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Not these stages, separated by commas
    #[arg(long, value_delimiter = ',')]
    skip: Vec<String>,
    /// List the stages
    #[arg(long)]
    list: bool,
}

/// The variable by which tests know that they may take long.
const LONG_VARIABLE: &str = "LIANBING_TEST_LONG";

/// One stage of the tests.
struct Stage {
    name: &'static str,
    about: &'static str,
    /// What the repository lacks for this stage to have anything to test; nothing, when it can run.
    lacks: fn(&Workspace) -> Option<&'static str>,
    run: fn(&Workspace, bool) -> Result<Tally>,
}

/// All stages in the order in which they run: what fails fastest comes first.
const STAGES: &[Stage] = &[
    Stage { name: "fmt", about: "formatting", lacks: nothing, run: |w, _| check(lint::formatting(w)) },
    Stage { name: "tidy", about: "the house rules", lacks: nothing, run: |w, _| check(tidy::run(w)) },
    Stage { name: "licences", about: "dependencies", lacks: nothing, run: |w, _| check(licences::run(w)) },
    Stage { name: "assets", about: "the browser's files", lacks: no_web, run: |w, _| check(assets::run(w)) },
    Stage { name: "clippy", about: "no warnings", lacks: nothing, run: |w, _| check(lint::clippy(w)) },
    Stage { name: "tests", about: "all crates, on SQLite and PostgreSQL", lacks: nothing, run: tests },
    Stage { name: "doctests", about: "the examples in the documentation", lacks: nothing, run: doctests },
    Stage { name: "journeys", about: "the product in a browser", lacks: no_journeys, run: journeys },
    Stage { name: "schemathesis", about: "the HTTP interface", lacks: no_openapi, run: schemathesis::run },
    Stage { name: "fuzz", about: "hostile input", lacks: no_fuzz, run: fuzzing },
];

/// Runs the stages until one fails; prints the figures last, alone on a line.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.list {
        for stage in STAGES {
            println!("{:<13} {}", stage.name, stage.about);
        }
        return Ok(());
    }
    let chosen = choose(options)?;
    let mut total = Tally::default();
    let mut failed = None;
    let start = Instant::now();
    for stage in chosen {
        if let Some(lacking) = (stage.lacks)(workspace) {
            if !options.only.is_empty() {
                bail!("the stage {} has nothing to test: {lacking}", stage.name);
            }
            println!("── {}: not in this repository yet: {lacking}", stage.name);
            continue;
        }
        println!("── {}: {}", stage.name, stage.about);
        let since = Instant::now();
        let tally = (stage.run)(workspace, options.long).unwrap_or_else(|error| {
            eprintln!("{error:#}");
            Tally { passed: 0, failed: 1 }
        });
        total += tally;
        let verdict = if tally.failed == 0 { "passed" } else { "FAILED" };
        println!("── {} {verdict} after {:.1} s", stage.name, since.elapsed().as_secs_f64());
        if tally.failed > 0 {
            failed = Some(stage.name);
            break;
        }
    }
    println!("{:.1} s in all", start.elapsed().as_secs_f64());
    if let Some(stage) = failed {
        println!("stopped at the stage {stage}; to repeat it: cargo xtask test --only {stage}");
    }
    println!("{total}");
    if total.failed > 0 || total.passed == 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// The stages that `--only` and `--skip` leave.
fn choose(options: &Options) -> Result<Vec<&'static Stage>> {
    let known = |name: &String| STAGES.iter().any(|stage| stage.name == name);
    if let Some(unknown) = options.only.iter().chain(&options.skip).find(|name| !known(name)) {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        bail!("there is no stage \"{unknown}\"; there are: {}", names.join(", "));
    }
    let named = |list: &[String], stage: &Stage| list.iter().any(|name| name == stage.name);
    Ok(STAGES
        .iter()
        .filter(|stage| options.only.is_empty() || named(&options.only, stage))
        .filter(|stage| !named(&options.skip, stage))
        .collect())
}

/// A check that either holds or not counts as one test.
fn check(outcome: Result<()>) -> Result<Tally> {
    outcome.map(|()| Tally::one(true))
}

fn tests(workspace: &Workspace, long: bool) -> Result<Tally> {
    setup::ensure(workspace, &[Need::Postgres])?;
    let postgres = Postgres::start()?;
    let nextest = process::find(&["cargo-nextest"]).is_some();
    let mut command = workspace.cargo();
    if nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"]);
        command.args(["--status-level=slow", "--final-status-level=fail", "--show-progress=none"]);
    } else {
        command.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    command.env(postgres::VARIABLE, &postgres.url);
    if long {
        command.env(LONG_VARIABLE, "1");
    }
    let (status, output) = process::watch(&mut command)?;
    let read = if nextest { Tally::from_nextest } else { Tally::from_libtest };
    Ok(count(status.success(), read(&output)))
}

fn doctests(workspace: &Workspace, _long: bool) -> Result<Tally> {
    let mut command = workspace.cargo();
    command.args(["test", "--workspace", "--doc", "--quiet"]);
    // One heading a crate, most of them over nothing: shown only when something failed.
    let (status, output) = process::listen(&mut command)?;
    if !status.success() {
        println!("{output}");
    }
    Ok(count(status.success(), Tally::from_libtest(&output)))
}

/// What a test runner counted; a failure that it does not count (a build error, say) counts as one.
fn count(success: bool, mut tally: Tally) -> Tally {
    if !success {
        tally.failed = tally.failed.max(1);
    }
    tally
}

fn journeys(workspace: &Workspace, _long: bool) -> Result<Tally> {
    journey::walk(workspace, &journey::names(workspace), None, "zh,en")
}

fn fuzzing(workspace: &Workspace, long: bool) -> Result<Tally> {
    let seconds = if long { fuzz::LONG_SECONDS } else { fuzz::SECONDS };
    fuzz::exercise(workspace, &fuzz::names(workspace), seconds)
}

fn nothing(_workspace: &Workspace) -> Option<&'static str> {
    None
}

fn no_web(workspace: &Workspace) -> Option<&'static str> {
    (!assets::present(workspace)).then_some("web/build.mjs")
}

fn no_openapi(workspace: &Workspace) -> Option<&'static str> {
    (!openapi::path(workspace).is_file()).then_some(openapi::FILE)
}

fn no_journeys(workspace: &Workspace) -> Option<&'static str> {
    journey::names(workspace).is_empty().then_some("e2e/journeys/*.mjs")
}

fn no_fuzz(workspace: &Workspace) -> Option<&'static str> {
    fuzz::names(workspace).is_empty().then_some("fuzz/fuzz_targets/*.rs")
}

#[cfg(test)]
mod tests {
    use super::{Options, choose};

    fn names(only: &[&str], skip: &[&str]) -> Vec<&'static str> {
        let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        let options = Options { long: false, only: owned(only), skip: owned(skip), list: false };
        choose(&options).map(|stages| stages.iter().map(|stage| stage.name).collect()).unwrap_or_default()
    }

    #[test]
    fn stages_are_chosen_in_their_own_order() {
        assert_eq!(names(&["tidy", "fmt"], &[]), ["fmt", "tidy"]);
        assert_eq!(names(&["tidy", "fmt"], &["fmt"]), ["tidy"]);
        assert!(!names(&[], &["tests"]).contains(&"tests"));
        assert!(names(&["tset"], &[]).is_empty());
    }
}
