//! `cargo xtask bench`: the benchmarks of benches/, release build.

use crate::process;
use crate::setup::{self, Need};
use crate::workspace::{Profile, Workspace, stems};
use anyhow::{Result, bail};
use std::process::Command;

/// Which benchmark, and what it is told.
#[derive(clap::Args)]
pub struct Options {
    /// Name of the benchmark; without it the benchmarks are listed
    name: Option<String>,
    /// With the optional solver HiGHS, which a C++ compiler, cmake and libclang build first
    #[arg(long)]
    highs: bool,
    /// Arguments of the benchmark
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs one benchmark, or lists them with the first line of their description.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = workspace.root.join("benches/src/bin");
    let names = stems(&folder, "rs");
    let Some(name) = &options.name else {
        for name in &names {
            let source = std::fs::read_to_string(folder.join(format!("{name}.rs")))?;
            println!("{name:<14} {}", headline(&source));
        }
        return Ok(());
    };
    if !names.contains(name) {
        bail!("there is no benchmark \"{name}\"; there are: {}", names.join(", "));
    }
    let features: &[&str] = if options.highs { &["roster/highs"] } else { &[] };
    if options.highs {
        setup::ensure(workspace, &[Need::SolverCompiler])?;
    }
    let binary = workspace.build(name, Profile::Release, features)?;
    let mut command = Command::new(binary);
    command.current_dir(&workspace.root).args(&options.arguments);
    match setup::peers(workspace, name) {
        Ok(Some(python)) => {
            command.env("LIANBING_PEERS_PYTHON", python);
        }
        Ok(None) => {}
        // A benchmark without its peers still measures the product, and says that they are missing.
        Err(reason) => println!("the peers cannot be installed: {reason:#}"),
    }
    process::check(&mut command)
}

/// The first line of a source file's own documentation.
fn headline(source: &str) -> &str {
    source.lines().find_map(|line| line.strip_prefix("//!")).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    #[test]
    fn headline_is_the_first_doc_line() {
        assert_eq!(super::headline("\n//! How fast.\n//! More.\nfn main() {}"), "How fast.");
        assert_eq!(super::headline("fn main() {}"), "");
    }
}
