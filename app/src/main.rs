//! The `lianbing` binary.

use clap::Parser;

fn main() -> std::process::ExitCode {
    lianbing::commands::run(lianbing::commands::Cli::parse())
}
