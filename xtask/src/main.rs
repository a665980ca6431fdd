//! `cargo xtask`: what is done to this repository, as against what the product does.
//!
//! One file per command. Nothing here is needed to build or run the product by hand; it only takes the steps
//! that README.md and CONTRIBUTING.md would otherwise have to spell out.

mod assets;
mod bench;
mod demo;
mod fuzz;
mod journey;
mod licences;
mod lint;
mod openapi;
mod postgres;
mod process;
mod schemathesis;
mod server;
mod setup;
mod spdx;
mod tally;
mod test;
mod tidy;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// Automation of the Lianbing repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install whatever the other commands need and this machine lacks
    Setup,
    /// Build the browser's files from web/ into the target folder
    Assets,
    /// Build and open the demo centre
    Demo(demo::Options),
    /// Run every check there is
    Test(test::Options),
    /// Formatting, clippy, tidy and licences
    Lint,
    /// The house rules that a compiler does not know
    Tidy,
    /// Check that every dependency is under a permissive licence
    Licences,
    /// Run a benchmark, or list them
    Bench(bench::Options),
    /// Run journeys through the running product in a browser, with screenshots
    Journey(journey::Options),
    /// Run the fuzz targets
    Fuzz(fuzz::Options),
    /// Write docs/openapi.json from the product
    Openapi,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Setup => setup::run(&workspace),
        Command::Assets => assets::run(&workspace),
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options),
        Command::Lint => lint::run(&workspace),
        Command::Tidy => tidy::run(&workspace),
        Command::Licences => licences::run(&workspace),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Journey(options) => journey::run(&workspace, &options),
        Command::Fuzz(options) => fuzz::run(&workspace, &options),
        Command::Openapi => openapi::run(&workspace),
    }
}
