//! `cargo xtask setup`: what this machine lacks, installed; or, without the rights, named.
//!
//! Made for Debian and Ubuntu with a Rust toolchain. Every other command asks for just the needs it has, so
//! nobody installs a browser to run the linter.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something a command needs beside the Rust toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Node.js, 18 or newer, with npm.
    Node,
    /// A Chromium that can be driven.
    Browser,
    /// A font with Chinese characters, without which screenshots show boxes.
    ChineseFont,
    /// The PostgreSQL server's programs.
    Postgres,
    /// A C++ compiler, for libFuzzer.
    CppCompiler,
    /// What compiles HiGHS, for those who ask for it.
    SolverCompiler,
    /// Python with virtual environments.
    Python,
    /// The npm packages of web/.
    WebPackages,
    /// The npm packages of e2e/.
    JourneyPackages,
    /// The tool that tries the HTTP interface against its description.
    Schemathesis,
}

/// Oldest Node.js on which esbuild and the browser driver run.
const OLDEST_NODE: u32 = 18;

/// Everything, in the order in which one needs the other.
const EVERYTHING: &[Need] = &[
    Need::Node,
    Need::Browser,
    Need::ChineseFont,
    Need::Postgres,
    Need::CppCompiler,
    Need::Python,
    Need::WebPackages,
    Need::JourneyPackages,
    Need::Schemathesis,
];

/// Names under which Debian, Ubuntu and Google ship the browser.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Installs everything any command needs.
pub fn run(workspace: &Workspace) -> Result<()> {
    ensure(workspace, EVERYTHING)?;
    if process::find(&["cargo-nextest"]).is_none() {
        println!(
            "setup: cargo-nextest is absent, so tests run by `cargo test`, which is slower; to have it:"
        );
        println!("         cargo install cargo-nextest --locked");
    }
    println!("setup: everything is there");
    Ok(())
}

/// Installs what is missing of `needs`: first from the system's packages, in one go, then into the checkout.
pub fn ensure(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    let mut packages: Vec<&str> = Vec::new();
    for need in needs.iter().filter(|need| !on_system(**need)) {
        packages.extend(need.packages());
    }
    if !packages.is_empty() {
        install(&packages)?;
        for need in needs {
            if !on_system(*need) {
                bail!("{}", need.advice());
            }
        }
    }
    for need in needs {
        match need {
            Need::WebPackages => npm_packages(&workspace.root.join("web"))?,
            Need::JourneyPackages => npm_packages(&workspace.root.join("e2e"))?,
            Need::Schemathesis if requirements(workspace).is_file() => {
                schemathesis(workspace)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The browser that journeys drive: the one `CHROMIUM` names, or the first on the search path.
pub fn browser() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| process::find(BROWSERS))
}

/// The folder of PostgreSQL's server programs: Debian keeps them off the search path, by version.
pub fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let newest = versions
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max_by_key(|(version, _)| *version);
    newest.map(|(_, programs)| programs).or_else(|| {
        let initdb = process::find(&["initdb"])?;
        initdb.canonicalize().ok()?.parent().map(Path::to_path_buf)
    })
}

/// Whether this process has root's rights.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// Installs schemathesis in a virtual environment of its own and returns the program's path.
pub fn schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    Ok(environment(workspace, "schemathesis", &requirements(workspace))?.join("bin/schemathesis"))
}

/// Installs the Python packages that a benchmark measures itself beside and returns the path of their Python;
/// nothing for a benchmark without such peers.
pub fn peers(workspace: &Workspace, benchmark: &str) -> Result<Option<PathBuf>> {
    let requirements = workspace.root.join("benches/peers").join(benchmark).join("requirements.txt");
    if !requirements.is_file() {
        return Ok(None);
    }
    ensure(workspace, &[Need::Python])?;
    let folder = environment(workspace, &format!("peers-{benchmark}"), &requirements)?;
    Ok(Some(folder.join("bin/python")))
}

/// A virtual environment with what a file of requirements asks for. The folder's name carries a fingerprint of the
/// requirements, so that new requirements make a new environment.
fn environment(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let wanted =
        std::fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = workspace.tools().join(format!("{name}-{:016x}", fingerprint(&wanted)));
    let done = folder.join("complete");
    if !done.is_file() {
        println!("setup: installing {name} into {}", folder.display());
        process::check(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        process::check(
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(requirements),
        )?;
        std::fs::write(&done, "")?;
    }
    Ok(folder)
}

fn requirements(workspace: &Workspace) -> PathBuf {
    workspace.root.join("e2e/requirements.txt")
}

impl Need {
    /// The Debian packages that satisfy it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Node => &["nodejs", "npm"],
            Self::Browser => &["chromium"],
            Self::ChineseFont => &["fonts-noto-cjk"],
            Self::Postgres => &["postgresql"],
            Self::CppCompiler => &["g++"],
            Self::SolverCompiler => &["cmake", "g++", "clang", "libclang-dev"],
            Self::Python => &["python3", "python3-venv", "python3-pip"],
            Self::WebPackages | Self::JourneyPackages | Self::Schemathesis => &[],
        }
    }

    /// What to do when the packages were installed and it is still not there.
    fn advice(self) -> String {
        match self {
            Self::Node => format!(
                "Node.js {OLDEST_NODE} or newer with npm is needed, and this system's own is older: \
                 install a newer one and put it on the PATH"
            ),
            Self::Browser => {
                "a Chromium is needed: install chromium or google-chrome, or name one in the CHROMIUM variable"
                    .to_owned()
            }
            other => format!("{other:?} is still missing although {} was installed", other.packages().join(" ")),
        }
    }
}

/// Whether the system has it; what lives in the checkout counts as there.
fn on_system(need: Need) -> bool {
    match need {
        Need::Node => {
            process::find(&["npm"]).is_some() && node_major().is_some_and(|major| major >= OLDEST_NODE)
        }
        Need::Browser => browser().is_some_and(|path| path.is_file()),
        Need::ChineseFont => has_chinese_font(),
        Need::Postgres => postgres_programs().is_some(),
        Need::CppCompiler => process::find(&["c++", "g++", "clang++"]).is_some(),
        Need::SolverCompiler => {
            ["cmake", "clang"].iter().all(|program| process::find(&[program]).is_some())
                && process::find(&["c++", "g++", "clang++"]).is_some()
        }
        Need::Python => process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])),
        Need::WebPackages | Need::JourneyPackages | Need::Schemathesis => true,
    }
}

fn node_major() -> Option<u32> {
    process::find(&["node"])?;
    major(&process::capture(Command::new("node").arg("--version")).ok()?)
}

/// 20 of `v20.1.0`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn has_chinese_font() -> bool {
    let debian = Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file();
    debian
        || process::find(&["fc-list"]).is_some()
            && process::capture(Command::new("fc-list").args([":lang=zh-cn", "family"]))
                .is_ok_and(|families| !families.trim().is_empty())
}

/// Installs Debian packages as root or through sudo; without either, says what to run.
fn install(packages: &[&str]) -> Result<()> {
    let line = format!("apt-get install --yes --no-install-recommends {}", packages.join(" "));
    if process::find(&["apt-get"]).is_none() {
        bail!(
            "missing: {}; this is no Debian or Ubuntu, so please install them yourself",
            packages.join(" ")
        );
    }
    let sudo = match (is_root(), process::find(&["sudo"])) {
        (true, _) => None,
        // Without a terminal sudo could only wait for a password that never comes.
        (false, Some(sudo)) if std::io::stdin().is_terminal() || may_sudo() => Some(sudo),
        _ => bail!("some system packages are missing; install them with\n\n    sudo {line}\n"),
    };
    println!("setup: {line}");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(sudo.as_deref().unwrap_or(Path::new("env")));
        if sudo.is_some() {
            command.arg("env");
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command.args(arguments);
        command
    };
    process::check(&mut apt(&["update", "--quiet", "--quiet"]))?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    process::check(apt(&install).args(packages)).with_context(|| format!("install by hand: sudo {line}"))
}

fn may_sudo() -> bool {
    process::succeeds(Command::new("sudo").args(["--non-interactive", "true"]))
}

/// Installs the locked npm packages of a project, unless those of this very lock are there.
fn npm_packages(project: &Path) -> Result<()> {
    let lock = project.join("package-lock.json");
    if !lock.is_file() {
        return Ok(());
    }
    let stamp = project.join("node_modules/.installed");
    let wanted = format!("{:016x}", fingerprint(&std::fs::read(&lock)?));
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("setup: npm packages of {}", project.file_name().unwrap_or(OsStr::new(".")).display());
    // No package may run code of its own while it is installed.
    process::check(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(project),
    )?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

fn fingerprint(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{EVERYTHING, major};

    #[test]
    fn reads_node_versions() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("node"), None);
    }

    #[test]
    fn no_package_is_named_twice() {
        let mut packages: Vec<&str> = EVERYTHING.iter().flat_map(|need| need.packages()).copied().collect();
        packages.sort_unstable();
        let count = packages.len();
        packages.dedup();
        assert_eq!(packages.len(), count);
    }
}
