//! `cargo xtask journey`: people's ways through the product, in a real browser, with a picture of every step.

use crate::assets;
use crate::process;
use crate::server::{Kind, Server};
use crate::setup::{self, Need};
use crate::tally::Tally;
use crate::workspace::{Workspace, stems};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where journeys stand, relative to the root.
pub const FOLDER: &str = "e2e/journeys";

/// Which journeys, and where.
#[derive(clap::Args)]
pub struct Options {
    /// Names of the journeys; without one they are listed
    names: Vec<String>,
    /// Use a product that runs already, for example http://127.0.0.1:8080
    #[arg(long)]
    url: Option<String>,
    /// Languages, separated by commas
    #[arg(long, default_value = "zh,en")]
    langs: String,
}

/// The needs of any journey.
pub const NEEDS: &[Need] = &[Need::Node, Need::Browser, Need::ChineseFont, Need::JourneyPackages];

/// What a journey says in its first line about the server it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    /// `// server: demo`, or nothing: the demo centre, shared with the other journeys of the run.
    Demo,
    /// `// server: empty`: an installation without data and without an administrator, for this journey alone.
    Empty,
    /// `// server: none`: it brings its own.
    Nothing,
}

/// Runs the named journeys, or lists them.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let known = names(workspace);
    if options.names.is_empty() {
        println!("{}", known.join("\n"));
        return Ok(());
    }
    if let Some(unknown) = options.names.iter().find(|name| !known.contains(name)) {
        bail!("there is no journey \"{unknown}\"; there are: {}", known.join(", "));
    }
    let tally = walk(workspace, &options.names, options.url.as_deref(), &options.langs)?;
    println!("{tally}");
    if tally.failed > 0 {
        bail!("{} steps of the journeys failed", tally.failed);
    }
    Ok(())
}

/// The names of all journeys.
pub fn names(workspace: &Workspace) -> Vec<String> {
    stems(&workspace.root.join(FOLDER), "mjs")
}

/// Walks journeys one after the other and counts their steps.
pub fn walk(workspace: &Workspace, names: &[String], url: Option<&str>, langs: &str) -> Result<Tally> {
    setup::ensure(workspace, NEEDS)?;
    let out = workspace.target.join("journeys");
    let mut demo: Option<Server> = None;
    let mut product: Option<PathBuf> = None;
    let mut tally = Tally::default();
    for name in names {
        let wants = wants(workspace, name)?;
        if wants != Wants::Nothing && url.is_none() && product.is_none() {
            assets::run(workspace)?;
            product = Some(workspace.build_product()?);
        }
        let empty = match (wants, &product, url) {
            (Wants::Demo, Some(binary), None) if demo.is_none() => {
                println!("journeys: making the demo centre");
                demo = Some(Server::start(binary, Kind::Demo, &out.join("demo-centre"))?);
                None
            }
            (Wants::Empty, Some(binary), None) => {
                Some(Server::start(binary, Kind::Empty, &out.join(format!("{name}-server")))?)
            }
            _ => None,
        };
        let server = empty.as_ref().or(demo.as_ref());
        let address = match wants {
            Wants::Nothing => "",
            _ => url.or(server.map(|server| server.url.as_str())).unwrap_or_default(),
        };
        let walked = walk_one(workspace, name, address, langs, &out.join(name))?;
        if let (true, Some(server)) = (walked.failed > 0, server) {
            println!("the end of the server's log:\n{}", server.log_tail());
        }
        tally += walked;
    }
    Ok(tally)
}

fn walk_one(workspace: &Workspace, name: &str, url: &str, langs: &str, out: &Path) -> Result<Tally> {
    if out.exists() {
        std::fs::remove_dir_all(out).with_context(|| format!("cannot clear {}", out.display()))?;
    }
    let browser = setup::browser().context("no Chromium: `cargo xtask setup`")?;
    let (status, output) = process::watch(
        Command::new("node")
            .arg(format!("{FOLDER}/{name}.mjs"))
            .current_dir(&workspace.root)
            .env("BASE_URL", url)
            .env("LANGS", langs)
            .env("OUT", out)
            .env("CHROMIUM", browser),
    )?;
    let mut tally = Tally::from_plain(&output);
    if !status.success() && tally.failed == 0 {
        eprintln!("journey {name} ended with {status}");
        tally.failed = 1;
    }
    if tally == Tally::default() {
        eprintln!("journey {name} took no step");
        tally.failed = 1;
    }
    Ok(tally)
}

fn wants(workspace: &Workspace, name: &str) -> Result<Wants> {
    let path = workspace.root.join(FOLDER).join(format!("{name}.mjs"));
    let source = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    read_wants(&source).with_context(|| format!("in the first line of {FOLDER}/{name}.mjs"))
}

fn read_wants(source: &str) -> Result<Wants> {
    match source.lines().next().unwrap_or_default().strip_prefix("// server:").map(str::trim) {
        None | Some("demo") => Ok(Wants::Demo),
        Some("empty") => Ok(Wants::Empty),
        Some("none") => Ok(Wants::Nothing),
        Some(other) => bail!("a journey's server is demo, empty or none, not \"{other}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::{Wants, read_wants};

    #[test]
    fn reads_the_wanted_server() {
        let check =
            |source: &str, expected: Wants| assert_eq!(read_wants(source).unwrap(), expected, "{source}");
        check("// server: empty\nimport x", Wants::Empty);
        check("// server: none", Wants::Nothing);
        check("// server: demo", Wants::Demo);
        check("import x", Wants::Demo);
        check("", Wants::Demo);
        assert!(read_wants("// server: big").is_err());
    }
}
